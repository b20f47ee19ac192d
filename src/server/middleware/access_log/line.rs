//! A record as a line of text. Nothing in it but what is written here ends the line, or a part of it.
//!
//! ```text
//! common   = host " - " user " [" time "] " DQUOTE request DQUOTE " " status " " bytes
//! request  = method " " target " " version / "-"
//! combined = common " " DQUOTE referer DQUOTE " " DQUOTE user-agent DQUOTE
//! ```
//!
//! as Apache's [mod_log_config](https://httpd.apache.org/docs/2.4/mod/mod_log_config.html) has them, with the escapes of
//! [nginx](https://nginx.org/en/docs/http/ngx_http_log_module.html): `\xHH`, for quotes too, since there are readers that
//! know no other way to write a quote than one that ends the part.

use std::fmt::Write;

use super::AccessRecord;
use crate::field::HttpDate;

pub(super) fn common(record: &AccessRecord) -> String {
    let mut line = String::with_capacity(160);
    // Writing to a string does not fail.
    let _ = write_common(record, &mut line);
    line
}

pub(super) fn combined(record: &AccessRecord) -> String {
    let mut line = common(record);
    for value in [&record.referer, &record.user_agent] {
        line.push_str(" \"");
        push_value(value.as_deref(), b"", &mut line);
        line.push('"');
    }
    line
}

fn write_common(record: &AccessRecord, line: &mut String) -> std::fmt::Result {
    match record.client {
        Some(client) => write!(line, "{client} - ")?,
        None => line.push_str("- - "),
    }
    // A name without letters would be no part at all.
    let user = record.user.as_deref().filter(|name| !name.is_empty());
    push_value(user.map(str::as_bytes), b" []", line);
    push_time(HttpDate::from(record.time), line);
    match &record.line {
        Some((method, target, version)) => {
            // A token has nothing in it that could mislead.
            line.push_str(method.as_str());
            line.push(' ');
            push_escaped(target.as_bytes(), b" ", line);
            write!(line, " {version}\" ")?;
        }
        None => line.push_str("-\" "),
    }
    write!(line, "{:03} ", record.status.map_or(0, |status| status.as_u16()))?;
    match record.sent {
        0 => line.push('-'),
        sent => write!(line, "{sent}")?,
    }
    Ok(())
}

/// Pushes the time, between what is on either side of it: from `Sun, 06 Nov 1994 08:49:37 GMT` it becomes
/// `06/Nov/1994:08:49:37 +0000`.
fn push_time(date: HttpDate, line: &mut String) {
    let text = date.to_string();
    let mut words = text.split(' ').skip(1);
    line.push_str(" [");
    for (word, end) in words.by_ref().zip(["/", "/", ":", " +0000] \""]) {
        line.push_str(word);
        line.push_str(end);
    }
}

/// Pushes what may not be there, and then is `-`; what is one is escaped.
fn push_value(value: Option<&[u8]>, delimiters: &[u8], line: &mut String) {
    match value {
        None => line.push('-'),
        Some(b"-") => line.push_str("\\x2D"),
        Some(value) => push_escaped(value, delimiters, line),
    }
}

/// Pushes bytes: as they are what is printable ASCII and neither delimits the part nor escapes.
fn push_escaped(bytes: &[u8], delimiters: &[u8], line: &mut String) {
    for &byte in bytes {
        match byte {
            b'"' | b'\\' => push_hex(byte, line),
            b' '..=b'~' if !delimiters.contains(&byte) => line.push(char::from(byte)),
            _ => push_hex(byte, line),
        }
    }
}

fn push_hex(byte: u8, line: &mut String) {
    let _ = write!(line, "\\x{byte:02X}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Request;
    use crate::method::Method;
    use crate::status::StatusCode;
    use crate::version::Version;
    use proptest::prelude::*;
    use std::time::{Duration, SystemTime};

    fn record() -> AccessRecord {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let mut record = AccessRecord::of(&Request::default(), time);
        record.client = Some([192, 0, 2, 7].into());
        record.status = Some(StatusCode::OK);
        record
    }

    #[test]
    fn lines_are_as_log_readers_know_them() {
        let mut record = record();
        record.user = Some("ada".to_owned());
        record.line = Some((Method::GET, "/a?b".to_owned(), Version::HTTP_11));
        record.sent = 1024;
        let common = "192.0.2.7 - ada [06/Nov/1994:08:49:37 +0000] \"GET /a?b HTTP/1.1\" 200 1024";
        assert_eq!(self::common(&record), common);
        assert_eq!(combined(&record), format!("{common} \"-\" \"-\""));
        record.referer = Some(b"http://a.example/".to_vec());
        record.user_agent = Some(b"Mozilla/5.0 (X11)".to_vec());
        let expected = format!("{common} \"http://a.example/\" \"Mozilla/5.0 (X11)\"");
        assert_eq!(combined(&record), expected);
    }

    #[track_caller]
    fn agent_is_written(agent: &[u8], expected: &str) {
        let mut record = record();
        record.user_agent = Some(agent.to_vec());
        let line = combined(&record);
        assert_eq!(line.rsplit('"').nth(1), Some(expected), "{line}");
    }

    #[test]
    fn what_could_mislead_is_escaped() {
        agent_is_written(b"a\"b\\c", "a\\x22b\\x5Cc");
        agent_is_written(b"a\r\nb\0\x7f", "a\\x0D\\x0Ab\\x00\\x7F");
        agent_is_written(b"\x1b[2J", "\\x1B[2J");
        agent_is_written("\u{202e}é".as_bytes(), "\\xE2\\x80\\xAE\\xC3\\xA9");
        agent_is_written(b"-", "\\x2D");
        agent_is_written(b"--", "--");
        agent_is_written(b"", "");
    }

    #[test]
    fn a_part_that_is_not_quoted_ends_where_it_seems_to() {
        for (user, expected) in [
            ("a da", "a\\x20da"),
            ("a] \"b", "a\\x5D\\x20\\x22b"),
            ("a [06/Nov/1994", "a\\x20\\x5B06/Nov/1994"),
            ("-", "\\x2D"),
            ("", "-"),
        ] {
            let mut record = record();
            record.user = Some(user.to_owned());
            let expected = format!("192.0.2.7 - {expected} [06/Nov/1994:08:49:37 +0000] ");
            assert!(common(&record).starts_with(&expected), "{user}");
        }
    }

    /// A reader of the format that knows nothing of escapes: the parts of a line.
    fn parts(line: &str) -> Option<[&str; 9]> {
        let mut quoted = line.split('"');
        let [head, request, numbers, referer, space, user_agent, end] =
            [(); 7].map(|()| quoted.next());
        if quoted.next().is_some() || space? != " " || !end?.is_empty() {
            return None;
        }
        let (names, time) = head?.strip_suffix("] ")?.split_once(" [")?;
        let [peer, dash, user] = exactly(names.split(' '))?;
        let [method, target, version] = exactly(request?.split(' '))?;
        let [empty, status, sent, trailing] = exactly(numbers?.split(' '))?;
        let is_good = dash == "-" && empty.is_empty() && trailing.is_empty() && time.len() == 26;
        is_good.then_some([
            peer,
            user,
            method,
            target,
            version,
            status,
            sent,
            referer?,
            user_agent?,
        ])
    }

    fn exactly<'a, const N: usize>(
        mut words: impl Iterator<Item = &'a str>,
    ) -> Option<[&'a str; N]> {
        let taken: Vec<&str> = words.by_ref().take(N).collect();
        words.next().is_none().then(|| taken.try_into().ok()).flatten()
    }

    /// The bytes that a part stands for.
    fn unescaped(part: &str) -> Option<Vec<u8>> {
        let mut pieces = part.split("\\x");
        let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
        for piece in pieces {
            bytes.push(u8::from_str_radix(&piece[..2], 16).unwrap());
            bytes.extend_from_slice(&piece.as_bytes()[2..]);
        }
        (part != "-").then_some(bytes)
    }

    /// Bytes of all kinds, and texts that are made to be taken for more than one part.
    fn hostile() -> impl Strategy<Value = Vec<u8>> {
        let pieces = prop::sample::select(vec![
            "\n",
            "\r\n",
            "\"",
            "\\",
            "\\\"",
            "\\x22",
            " ",
            "-",
            "[",
            "] ",
            "\" 200 1 \"",
            "\0",
            "\u{2028}",
            "\u{85}",
            "%0a",
            "\t",
            "\n127.0.0.1 - - [06/Nov/1994:08:49:37 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"\n",
        ]);
        let pieces = pieces.prop_map(|piece| piece.as_bytes().to_vec());
        let any = prop::collection::vec(any::<u8>(), 0..12);
        prop::collection::vec(prop_oneof![pieces, any], 0..6).prop_map(|all| all.concat())
    }

    fn hostile_text() -> impl Strategy<Value = String> {
        hostile().prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    proptest! {
        #[test]
        fn no_line_can_be_forged_and_all_parts_can_be_had_back(
            user in prop::option::of(hostile_text()),
            target in hostile_text(),
            referer in prop::option::of(hostile()),
            user_agent in prop::option::of(hostile()),
            status in prop::option::of(100_u16..1000),
            sent in any::<u64>(),
        ) {
            let mut record = record();
            let method = Method::parse(b"!#$%&'*+-.^_`|~09Az").unwrap();
            record.user.clone_from(&user);
            record.line = Some((method, target.clone(), Version::HTTP_11));
            record.referer.clone_from(&referer);
            record.user_agent.clone_from(&user_agent);
            record.status = status.and_then(|status| StatusCode::from_u16(status).ok());
            record.sent = sent;

            let line = combined(&record);
            prop_assert!(line.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{line}");
            prop_assert!(line.starts_with(&common(&record)));
            let Some(parts) = parts(&line) else {
                return Err(TestCaseError::fail(line));
            };
            let user = user.filter(|user| !user.is_empty());
            let known = [user.map(String::into_bytes), referer, user_agent];
            let read = [parts[1], parts[7], parts[8]].map(unescaped);
            prop_assert_eq!(read, known);
            // A target of one dash is no target that is not there.
            let read = if parts[3] == "-" { Some(b"-".to_vec()) } else { unescaped(parts[3]) };
            prop_assert_eq!(read, Some(target.into_bytes()));
            prop_assert_eq!([parts[0], parts[2]], ["192.0.2.7", method.as_str()]);
            prop_assert_eq!(parts[4], "HTTP/1.1");
            prop_assert_eq!(parts[5], format!("{:03}", status.unwrap_or(0)));
            prop_assert_eq!(parts[6].parse().unwrap_or(0), sent);
        }
    }
}

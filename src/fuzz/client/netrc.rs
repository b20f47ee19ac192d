//! `.netrc` files.

use std::string::String;
use std::vec::Vec;

use crate::client::{Netrc, NetrcErrorKind, NetrcLogin};

/// A file.
pub(super) fn reads_as_the_model(data: &[u8]) {
    let (netrc, entries) = match (Netrc::parse(data), read(data)) {
        (Ok(netrc), Ok(entries)) => (netrc, entries),
        (Err(error), Err((kind, at))) => {
            let line = data[..at].iter().filter(|&&octet| octet == b'\n').count();
            let start =
                data[..at].iter().rposition(|&octet| octet == b'\n').map_or(0, |end| end + 1);
            assert_eq!((error.kind(), error.offset()), (kind, at - start));
            return assert_eq!(usize::try_from(error.line()), Ok(line + 1));
        }
        (found, expected) => panic!("{found:?}, not {expected:?}"),
    };
    let again = Netrc::parse(written(&entries, None)).expect("what is written");
    let mut hosts: Vec<String> =
        entries.iter().filter_map(|entry| entry.host.clone()).take(8).collect();
    hosts.push("no such host".to_owned());
    for host in &hosts {
        for spelled in [host.clone(), format!("[{host}]"), host.to_ascii_uppercase()] {
            let expected = find(&entries, &spelled, None);
            assert_eq!(netrc.find(&spelled).map(parts), expected, "{spelled:?}");
            assert_eq!(again.find(&spelled).map(parts), expected, "{spelled:?}");
            for user in entries.iter().map(|entry| entry.user.as_str()).take(8).chain(["eve"]) {
                let expected = find(&entries, &spelled, Some(user));
                assert_eq!(netrc.find_user(&spelled, user).map(parts), expected);
                assert_eq!(again.find_user(&spelled, user).map(parts), expected);
            }
        }
    }
    // Nothing that shows knows of the passwords.
    let other = Netrc::parse(written(&entries, Some("sesame"))).expect("what is written");
    let shown = format!("{netrc:?}");
    assert_eq!(shown, format!("{again:?}"));
    assert_eq!(shown, format!("{other:?}"));
}

fn parts(login: NetrcLogin<'_>) -> (&str, &str) {
    (login.user(), login.password())
}

#[derive(Debug, Default)]
struct Entry {
    /// None for `default`.
    host: Option<String>,
    user: String,
    password: String,
}

/// The login of a host, and of a user if that is known.
fn find<'a>(entries: &'a [Entry], host: &str, user: Option<&'a str>) -> Option<(&'a str, &'a str)> {
    let bare = |host: &str| {
        let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        inner.unwrap_or(host).to_ascii_lowercase()
    };
    let is_hosts =
        |entry: &&Entry| entry.host.as_deref().is_some_and(|name| bare(name) == bare(host));
    let mut own: Vec<&Entry> = entries.iter().filter(is_hosts).collect();
    if own.is_empty() {
        own = entries.iter().filter(|entry| entry.host.is_none()).collect();
    }
    let fits =
        |entry: &&&Entry| user.is_none_or(|user| entry.user.is_empty() || entry.user == user);
    let entry = own.iter().find(fits)?;
    let says_nothing = entry.user.is_empty() && entry.password.is_empty();
    (!says_nothing).then(|| (user.unwrap_or(&entry.user), entry.password.as_str()))
}

/// Writes every word in quotes, with one password for all if there is one.
fn written(entries: &[Entry], password: Option<&str>) -> String {
    let quoted = |word: &str| {
        let word = word.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        format!("\"{word}\"")
    };
    let mut text = String::new();
    for entry in entries {
        match &entry.host {
            Some(host) => text.extend(["machine ", &quoted(host)]),
            None => text.push_str("default"),
        }
        let password = password.unwrap_or(&entry.password);
        text.extend([" login ", &quoted(&entry.user), "\n password ", &quoted(password), "\n"]);
    }
    text
}

/// A word in a file, from its first byte on.
struct Word {
    start: usize,
    octets: Vec<u8>,
}

type Wrong = (NetrcErrorKind, usize);

/// Reads a file with a finger on the next byte; an error says what, and where in the file.
fn read(data: &[u8]) -> Result<Vec<Entry>, Wrong> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut at = 0;
    loop {
        at = behind_blanks(data, at);
        while data.get(at) == Some(&b'#') {
            at = behind_blanks(data, end_of_line(data, at));
        }
        if at == data.len() {
            return Ok(entries);
        }
        let keyword = word(data, &mut at)?;
        let wrong = (NetrcErrorKind::Keyword, keyword.start);
        match keyword.octets.to_ascii_lowercase().as_slice() {
            b"machine" => {
                let host = Some(value(data, &mut at)?);
                entries.push(Entry { host, ..Entry::default() });
            }
            b"default" => entries.push(Entry::default()),
            b"macdef" => {
                value(data, &mut at)?;
                at = behind_macro(data, at);
            }
            name @ (b"login" | b"password" | b"account") => {
                let entry = entries.last_mut().ok_or(wrong)?;
                let value = value(data, &mut at)?;
                match name {
                    b"login" => entry.user = value,
                    b"password" => entry.password = value,
                    _ => {}
                }
            }
            _ => return Err(wrong),
        }
    }
}

fn behind_blanks(data: &[u8], at: usize) -> usize {
    data[at..]
        .iter()
        .position(|octet| !octet.is_ascii_whitespace())
        .map_or(data.len(), |len| at + len)
}

fn end_of_line(data: &[u8], at: usize) -> usize {
    data[at..].iter().position(|&octet| octet == b'\n').map_or(data.len(), |len| at + len)
}

/// Behind the next line of nothing but blanks.
fn behind_macro(data: &[u8], at: usize) -> usize {
    let mut at = end_of_line(data, at);
    while at < data.len() {
        let line = at + 1;
        at = end_of_line(data, line);
        if data[line..at].iter().all(u8::is_ascii_whitespace) {
            break;
        }
    }
    at
}

fn value(data: &[u8], at: &mut usize) -> Result<String, Wrong> {
    let keyword_end = *at;
    *at = behind_blanks(data, *at);
    // Comments have lines of their own here.
    while data.get(*at) == Some(&b'#') {
        let before = &data[..*at];
        let start = before.iter().rposition(|&octet| octet == b'\n').map_or(0, |end| end + 1);
        if start <= keyword_end || !before[start..].iter().all(u8::is_ascii_whitespace) {
            break;
        }
        *at = behind_blanks(data, end_of_line(data, *at));
    }
    if *at == data.len() {
        return Err((NetrcErrorKind::Value, *at));
    }
    let word = word(data, at)?;
    String::from_utf8(word.octets).map_err(|_| (NetrcErrorKind::Utf8, word.start))
}

fn word(data: &[u8], at: &mut usize) -> Result<Word, Wrong> {
    let start = *at;
    let is_blank = |at: usize| data.get(at).is_none_or(u8::is_ascii_whitespace);
    let mut octets = Vec::new();
    if data[start] != b'"' {
        while !is_blank(*at) {
            octets.push(data[*at]);
            *at += 1;
        }
        return Ok(Word { start, octets });
    }
    let wrong = (NetrcErrorKind::Quote, start);
    loop {
        *at += 1;
        let is_escaped = data.get(*at) == Some(&b'\\');
        *at += usize::from(is_escaped);
        match data.get(*at) {
            None | Some(b'\n') => return Err(wrong),
            Some(b'n') if is_escaped => octets.push(b'\n'),
            Some(b'r') if is_escaped => octets.push(b'\r'),
            Some(b't') if is_escaped => octets.push(b'\t'),
            Some(b'"') if !is_escaped => break,
            Some(&octet) => octets.push(octet),
        }
    }
    *at += 1;
    if is_blank(*at) { Ok(Word { start, octets }) } else { Err(wrong) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn holds_for_what_looks_like_a_file(
            text in "(machine|default|login|password|account|macdef|Login|#|\"|\\\\|a|\"\\\\[nrtx]\"|\"a b\"|\\[a\\]|é| |\n|\r\n|\t){0,24}"
        ) {
            reads_as_the_model(text.as_bytes());
        }

        #[test]
        fn holds_for_entries(
            text in "((machine (a|b|\"a\"|\\[a\\])|default)([ \n]#[^\n]{0,3}\n|[ \n])\
                ((login|password|account)( |\n|\n#x\n)(a|b|\"\"|\"\\\\[nrtx]\"|#)[ \n]|macdef x\ny\n\n){0,3}){0,4}"
        ) {
            reads_as_the_model(text.as_bytes());
        }
    }
}

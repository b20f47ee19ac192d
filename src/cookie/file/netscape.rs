//! The `cookies.txt` of Netscape, which curl, wget, Python and the exports of browsers have.
//!
//! ```abnf
//! file    = *( line EOL )
//! line    = *WSP / "#" *OCTET / cookie
//! cookie  = [ "#HttpOnly_" ] domain HTAB flag HTAB path HTAB flag HTAB expires HTAB name [ HTAB value ]
//! domain  = [ "." ] host [ "." ]
//! flag    = "TRUE" / "FALSE"            ; for the hosts below as well; Secure
//! expires = [ [ "-" ] 1*DIGIT [ "." *DIGIT ] ]  ; seconds since 1970; none or 0 for the session
//! ```

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::line::{Draft, Line};
use super::{CookieFileError, CookieFileErrorKind as Kind};
use crate::cookie::jar::Attributes;
use crate::cookie::segments::Piece;
use crate::cookie::{Cookie, saturating};
use crate::field::HttpDate;
use crate::syntax::{Class, Digits};

/// The first line, without which Python does not read a file.
const MAGIC: &[u8] = b"# Netscape HTTP Cookie File\n";

/// What stands before a line of a cookie that is hidden from scripts, and makes it a comment to programs
/// that know nothing of that.
const HTTP_ONLY: &[u8] = b"#HttpOnly_";

/// Returns what a line holds, if it holds a cookie.
pub(super) fn parse<'a>(line: &Line<'a>) -> Result<Option<Draft<'a>>, CookieFileError> {
    let (text, is_http_only) = match line.text.strip_prefix(HTTP_ONLY) {
        Some(text) => (text, true),
        None if line.text.starts_with(b"#") || line.is_blank() => return Ok(None),
        None => (line.text, false),
    };
    line.check()?;
    let mut at = line.text.len() - text.len();
    let mut fields = text.splitn(7, |&octet| octet == b'\t').map(|text| {
        let piece = Piece { text, at };
        at += text.len() + 1;
        piece
    });
    let mut next = || fields.next().ok_or_else(|| line.error(Kind::Fields, line.text.len()));
    let (domain, is_for_below, path) = (next()?, next()?, next()?);
    let (is_secure, expires, name) = (next()?, next()?, next()?);
    let value = fields.next().unwrap_or(Piece { text: &[], at: line.text.len() });
    let flag = |it: Piece<'_>| flag(it.text).ok_or_else(|| line.error(Kind::Flag, it.at));
    let expires = seconds(expires.text).ok_or_else(|| line.error(Kind::Date, expires.at))?;
    Ok(Some(Draft {
        name: name.trimmed(),
        value: value.trimmed(),
        domain: without_dots(domain),
        path: Cow::Borrowed(path.text),
        path_at: path.at,
        attributes: Attributes {
            is_host_only: !flag(is_for_below)?,
            is_secure: flag(is_secure)?,
            is_http_only,
            ..Attributes::default()
        },
        created: None,
        accessed: None,
        expires: (expires != 0).then(|| HttpDate::from_unix(expires)),
    }))
}

fn flag(text: &[u8]) -> Option<bool> {
    match text {
        _ if text.eq_ignore_ascii_case(b"TRUE") => Some(true),
        _ if text.eq_ignore_ascii_case(b"FALSE") => Some(false),
        _ => None,
    }
}

/// Reads a date, rounded towards 1970; what does not fit is the nearest that does.
fn seconds(text: &[u8]) -> Option<i64> {
    let (is_negative, text) = match text {
        [] => return Some(0),
        [b'-', text @ ..] => (true, text),
        text => (false, text),
    };
    let (digits, rest) = text.split_at_checked(Class::DIGIT.prefix_len(text))?;
    if digits.is_empty() || !matches!(rest, [] | [b'.', ..]) {
        return None;
    }
    let fraction = rest.get(1..).unwrap_or_default();
    Class::DIGIT.matches(fraction).then(|| saturating(is_negative, digits))
}

fn without_dots(Piece { mut text, mut at }: Piece<'_>) -> Piece<'_> {
    if let [b'.', rest @ ..] = text {
        (text, at) = (rest, at + 1);
    }
    Piece { text: text.strip_suffix(b".").unwrap_or(text), at }
}

pub(super) fn begin(out: &mut Vec<u8>) {
    out.extend_from_slice(MAGIC);
}

/// Returns whether the format can hold a cookie.
///
/// A value with HTAB could be read again, but not by Python, which then reads none of the file.
pub(super) fn can_hold(cookie: &Cookie) -> bool {
    let texts = [cookie.name(), cookie.value(), cookie.path()];
    !texts.iter().any(|text| text.contains(&b'\t'))
}

/// Writes a line.
pub(super) fn write(cookie: &Cookie, out: &mut Vec<u8>) {
    if cookie.is_http_only() {
        out.extend_from_slice(HTTP_ONLY);
    }
    let flag = |is: bool| if is { &b"TRUE"[..] } else { b"FALSE" };
    // The dot is for Python, which takes no other line.
    if !cookie.is_host_only() {
        out.push(b'.');
    }
    // No 0: that is the session.
    let expires = cookie.expires().map_or(0, |date| u64::try_from(date.unix()).unwrap_or(1).max(1));
    for text in [
        bare(cookie.domain()).as_bytes(),
        flag(!cookie.is_host_only()),
        cookie.path(),
        flag(cookie.is_secure()),
        Digits::decimal(expires).as_bytes(),
        cookie.name(),
    ] {
        out.extend_from_slice(text);
        out.push(b'\t');
    }
    out.extend_from_slice(cookie.value());
    out.push(b'\n');
}

/// An address of IPv6 is there as curl has it, without brackets.
fn bare(domain: &str) -> &str {
    domain.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(domain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cookie::{CookieFileErrorKind, CookieJar, FileFormat, Prefix};
    use alloc::format;
    use alloc::string::String;

    const NOW: HttpDate = HttpDate::from_unix(1_780_000_000);

    #[track_caller]
    fn read(line: &[u8]) -> Cookie {
        let mut jar = CookieJar::new();
        assert_eq!(jar.read(line, NOW), Ok(1), "{}", line.escape_ascii());
        jar.iter().next().unwrap().clone()
    }

    #[track_caller]
    fn refuses(line: &[u8], kind: CookieFileErrorKind, offset: usize) {
        let mut jar = CookieJar::new();
        let error = jar.read(line, NOW).unwrap_err();
        let line = String::from_utf8_lossy(line);
        assert_eq!((error.kind(), error.offset(), error.line()), (kind, offset, 1), "{line}");
    }

    #[test]
    fn reads_seven_fields() {
        let cookie = read(b"#HttpOnly_.example.org\tTRUE\t/docs\tTRUE\t1780000060\tsid\t31d4\n");
        assert_eq!((cookie.name(), cookie.value()), (&b"sid"[..], &b"31d4"[..]));
        assert_eq!((cookie.domain(), cookie.path()), ("example.org", &b"/docs"[..]));
        assert_eq!(cookie.expires(), Some(HttpDate::from_unix(1_780_000_060)));
        assert_eq!((cookie.created(), cookie.last_access()), (NOW, NOW));
        assert!(!cookie.is_host_only() && cookie.is_secure() && cookie.is_http_only());
        assert!(!cookie.is_partitioned() && cookie.same_site().is_none());

        let cookie = read(b"example.org\tFALSE\t/\tFALSE\t0\tsid\t31d4");
        assert_eq!(cookie.expires(), None);
        assert!(cookie.is_host_only() && !cookie.is_secure() && !cookie.is_http_only());
    }

    #[test]
    fn reads_what_other_programs_write() {
        for (name, value, tail) in [
            ("a", "", "a\t"),
            ("a", "", "a"),
            ("a", "", "a\r\n"),
            ("", "a", "\ta"),
            ("", "a=b", "\ta=b\n"),
            ("a", "b\tc", "a\tb\tc\n"),
            ("a", "b\t\tc", "a\tb\t\tc\t\n"),
            ("a", "b=\"c\"", "a\tb=\"c\"\r\n"),
            ("a", "b c", " a \t b c \n"),
            ("#a", "é", "#a\té\n"),
        ] {
            let cookie = read(format!("a.example\ttrue\t/\tfalse\t0\t{tail}").as_bytes());
            assert_eq!((cookie.name(), cookie.value()), (name.as_bytes(), value.as_bytes()));
        }
    }

    #[test]
    fn passes_over_comments_and_blank_lines() {
        for text in [
            &b""[..],
            b"\n\r\n \t\n",
            b"# Netscape HTTP Cookie File\n# HTTP Cookie File\n",
            b"#\n#a.example\tTRUE\t/\tFALSE\t0\ta\tb\n",
            b"#\x00\xff\n",
            b"#httponly_a.example\tTRUE\t/\tFALSE\t0\ta\tb",
        ] {
            assert_eq!(CookieJar::new().read(text, NOW), Ok(0), "{}", text.escape_ascii());
        }
    }

    #[test]
    fn reads_domains_in_their_canonical_form() {
        for (domain, flag, expected, is_host_only) in [
            ("WWW.Example.ORG", "TRUE", "www.example.org", false),
            (".example.org", "TRUE", "example.org", false),
            (".example.org", "FALSE", "example.org", true),
            ("example.org.", "FALSE", "example.org", true),
            ("xn--bcher-kva.example", "TRUE", "xn--bcher-kva.example", false),
            ("_a.example", "TRUE", "_a.example", false),
            // Nothing is below an address, and nothing of ours below a public suffix.
            ("127.0.0.1", "TRUE", "127.0.0.1", true),
            ("::1", "FALSE", "[::1]", true),
            ("[0:0::1]", "TRUE", "[::1]", true),
            (".localhost", "TRUE", "localhost", true),
            (".co.uk", "TRUE", "co.uk", true),
        ] {
            let line = format!("{domain}\t{flag}\t/\tFALSE\t0\ta\tb");
            let cookie = read(line.as_bytes());
            assert_eq!((cookie.domain(), cookie.is_host_only()), (expected, is_host_only));
        }
    }

    #[test]
    fn refuses_what_is_no_domain() {
        for domain in
            [&b""[..], b".", b"..", b"a b", b"a/b", b"a:80", b"[a]", b"\xff", b"\xc3\xbc.de"]
        {
            let line = [domain, b"\tTRUE\t/\tFALSE\t0\ta\tb"].concat();
            refuses(&line, Kind::Domain, usize::from(domain.starts_with(b".")));
        }
        let line = [&[b'a'; 256][..], b"\tTRUE\t/\tFALSE\t0\ta\tb"].concat();
        refuses(&line, Kind::Domain, 0);
    }

    #[test]
    fn reads_dates_as_others_write_them() {
        let day = 86_400;
        let cap = NOW.unix() + 400 * day;
        for (text, expected) in [
            ("", None),
            ("0", None),
            ("0.0", None),
            ("-0", None),
            ("1780000001", Some(1_780_000_001)),
            ("1780000001.987654", Some(1_780_000_001)),
            ("1780000001.", Some(1_780_000_001)),
            ("0001780000001", Some(1_780_000_001)),
            // A year of many digits, or in microseconds since 1601: no longer than any other.
            ("4102444800", Some(cap)),
            ("13350000000000000", Some(cap)),
            ("99999999999999999999999999", Some(cap)),
        ] {
            let cookie = read(format!("a.example\tTRUE\t/\tFALSE\t{text}\ta\tb").as_bytes());
            assert_eq!(cookie.expires().map(HttpDate::unix), expected, "{text}");
        }
        for text in
            ["1", "1779999999", "1780000000", "1780000000.9", "-1", "-1.5", "-99999999999999999999"]
        {
            let line = format!("a.example\tTRUE\t/\tFALSE\t{text}\ta\tb");
            assert_eq!(CookieJar::new().read(line.as_bytes(), NOW), Ok(0), "{text}");
        }
        for text in ["x", "-", ".", ".5", "1e9", "0x10", "+1", " 1", "1 ", "1,5", "--1", "1.-"] {
            let line = format!("a.example\tTRUE\t/\tFALSE\t{text}\ta\tb");
            refuses(line.as_bytes(), Kind::Date, 23);
        }
    }

    #[test]
    fn refuses_what_is_wrong() {
        for (line, kind, offset) in [
            (&b"a.example"[..], Kind::Fields, 9),
            (b"a.example\tTRUE\t/\tFALSE\t0", Kind::Fields, 24),
            (b"a.example TRUE / FALSE 0 a b", Kind::Fields, 28),
            (b"a.example\tYES\t/\tFALSE\t0\ta\tb", Kind::Flag, 10),
            (b"a.example\tTRUE\t/\t\t0\ta\tb", Kind::Flag, 17),
            (b"a.example\tTRUE\tdocs\tFALSE\t0\ta\tb", Kind::Path, 15),
            (b"a.example\tTRUE\t\tFALSE\t0\ta\tb", Kind::Path, 15),
            (b"a.example\tTRUE\t/\tFALSE\t0\ta=\tb", Kind::Equals, 26),
            (b"a.example\tTRUE\t/\tFALSE\t0\ta;\tb", Kind::Semicolon, 26),
            (b"a.example\tTRUE\t/\tFALSE\t0\ta\tb; c=d", Kind::Semicolon, 28),
            (b"a.example\tTRUE\t/\tFALSE\t0\t\t", Kind::Empty, 25),
            (b"a.example\tTRUE\t/\tFALSE\t0\ta\tb\x7f", Kind::Control(0x7f), 28),
            (b"a.example\tTRUE\t/\tFALSE\t0\ta\tb\r\r\n", Kind::Control(b'\r'), 28),
            (b"#HttpOnly_a.example\tTRUE", Kind::Fields, 24),
        ] {
            refuses(line, kind, offset);
        }
        let line = [&b"a.example\tTRUE\t/\tFALSE\t0\ta\t"[..], &[b'b'; 4096]].concat();
        refuses(&line, Kind::TooLong, 27);
        assert_eq!(read(&line[..line.len() - 1]).value().len(), 4095);
        for (len, kind, offset) in
            [(65536, Kind::PathTooLong(1024), 15), (65537, Kind::LineTooLong, 65536)]
        {
            let path = "b".repeat(len - 28);
            let line = format!("a.example\tTRUE\t/{path}\tFALSE\t0\ta\tb");
            assert_eq!(line.len(), len);
            refuses(line.as_bytes(), kind, offset);
        }
    }

    #[test]
    fn a_prefix_is_kept_or_the_line_refused() {
        for (line, prefix) in [
            ("a.example\tTRUE\t/\tTRUE\t0\t__Host-a\tb", Prefix::Host),
            ("a.example\tFALSE\t/\tFALSE\t0\t__Host-a\tb", Prefix::Host),
            ("a.example\tFALSE\t/b\tTRUE\t0\t__host-a\tb", Prefix::Host),
            ("a.example\tFALSE\t/\tFALSE\t0\t__Secure-a\tb", Prefix::Secure),
            ("a.example\tFALSE\t/\tTRUE\t0\t__Http-a\tb", Prefix::Http),
            ("a.example\tFALSE\t/\tTRUE\t0\t\t__Host-a=b", Prefix::Host),
        ] {
            let at = line.len() - line.trim_start_matches(|it| it != '0').len() + 2;
            refuses(line.as_bytes(), Kind::Prefix(prefix), at);
        }
        for line in [
            "a.example\tFALSE\t/\tTRUE\t0\t__Host-a\tb",
            "a.example\tTRUE\t/b\tTRUE\t0\t__Secure-a\tb",
            "#HttpOnly_a.example\tTRUE\t/\tTRUE\t0\t__Http-a\tb",
            "#HttpOnly_a.example\tFALSE\t/\tTRUE\t0\t__Host-Http-a\tb",
        ] {
            read(line.as_bytes());
        }
    }

    #[test]
    fn writes_what_others_read() {
        for (read, written) in [
            ("a.example\tFALSE\t/\tFALSE\t\ta\tb", "a.example\tFALSE\t/\tFALSE\t0\ta\tb\n"),
            (
                "#HttpOnly_A.example\tTRUE\t/b\tTRUE\t1780000001.5\ta",
                "#HttpOnly_.a.example\tTRUE\t/b\tTRUE\t1780000001\ta\t\n",
            ),
            ("127.0.0.1\tTRUE\t/\tFALSE\t0\t\ta", "127.0.0.1\tFALSE\t/\tFALSE\t0\t\ta\n"),
            ("[::1]\tTRUE\t/\tFALSE\t0\ta\tb", "::1\tFALSE\t/\tFALSE\t0\ta\tb\n"),
            // Python would read nothing of the whole file.
            ("a.example\tFALSE\t/\tFALSE\t0\ta\tb\tc", ""),
        ] {
            let mut jar = CookieJar::new();
            jar.read(read.as_bytes(), NOW).unwrap();
            let text = jar.encode(FileFormat::Netscape, NOW);
            let text = String::from_utf8(text).unwrap();
            assert_eq!(text, format!("# Netscape HTTP Cookie File\n{written}"));
        }
    }

    #[test]
    fn leaves_out_what_would_be_read_as_another_cookie() {
        let mut text = b"# nethttp cookies, version 1\n".to_vec();
        text.extend_from_slice(b"a\tb=c; Domain=a.example; Path=/\n");
        text.extend_from_slice(b"a=b\tc; Domain=a.example; Path=/\n");
        text.extend_from_slice(b"a=b; Domain=a.example; Path=/b\tc\n");
        let mut jar = CookieJar::new();
        assert_eq!(jar.read(&text, NOW), Ok(3));
        assert_eq!(jar.encode(FileFormat::Netscape, NOW), MAGIC);
    }

    #[test]
    fn no_date_before_1970_becomes_that_of_the_session() {
        for seconds in [-1, 0, 1] {
            let (now, date) = (HttpDate::from_unix(-10), HttpDate::from_unix(seconds));
            let line = format!("a=b; Domain=a.example; Path=/; HostOnly; Expires={date}\n");
            let mut jar = CookieJar::new();
            jar.read(format!("# nethttp cookies, version 1\n{line}").as_bytes(), now).unwrap();
            let text = jar.encode(FileFormat::Netscape, now);
            assert!(text.ends_with(b"\na.example\tFALSE\t/\tFALSE\t1\ta\tb\n"), "{seconds}");
        }
    }
}

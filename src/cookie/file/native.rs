//! The format of this crate, which holds all that a jar does.
//!
//! A line is a cookie as a `Set-Cookie` field has it, with absolute dates, and some attributes more:
//!
//! ```abnf
//! file      = "# nethttp cookies, version 1" EOL *( [ cookie ] EOL )
//! cookie    = name "=" value *( ";" attribute )
//! attribute = "Domain=" host / "Path=" path / "Path*=" pct-encoded-path / "Expires=" date
//!           / "Secure" / "HttpOnly" / "HostOnly" / "Partitioned" / "SameSite=" site
//!           / "Created=" date / "Accessed=" date / other
//! ```
//!
//! `Domain` and a path are always there. `Path*` is for a path with `;`, or with whitespace at its end,
//! which come from requests. Other attributes are ignored, so that a later crate can add some; what it
//! cannot add that way has another version.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::line::{Draft, Line};
use super::{CookieFileError, CookieFileErrorKind as Kind};
use crate::cookie::jar::Attributes;
use crate::cookie::segments::{Piece, Segments};
use crate::cookie::{Cookie, set_cookie};
use crate::field::HttpDate;
use crate::syntax::{Class, percent_decode, percent_encode};

/// How the first line begins, whatever the version.
pub(super) const MAGIC: &[u8] = b"# nethttp cookies";

/// The first line. To others than this crate it is a comment.
const FIRST: &[u8] = b"# nethttp cookies, version 1";

/// Reads the first line.
pub(super) fn parse_first(line: &Line<'_>) -> Result<(), CookieFileError> {
    match line.text {
        _ if !line.is_whole => Err(line.error(Kind::Cut, line.text.len())),
        FIRST => Ok(()),
        _ => Err(line.error(Kind::Version, MAGIC.len())),
    }
}

/// Returns what a later line holds, if it holds a cookie.
pub(super) fn parse<'a>(line: &Line<'a>) -> Result<Option<Draft<'a>>, CookieFileError> {
    if line.is_blank() && line.is_whole {
        return Ok(None);
    }
    line.check()?;
    let text = line.text;
    if !line.is_whole {
        return Err(line.error(Kind::Cut, text.len()));
    }
    let mut segments = Segments::new(text);
    let (name, value) = match segments.next().map(|it| (it.name, it.value, it.end)) {
        Some((name, Some(value), _)) => (name, value),
        Some((_, None, end)) => return Err(line.error(Kind::Equals, end)),
        None => return Err(line.error(Kind::Equals, 0)),
    };
    let missing = Piece { text: &[], at: text.len() };
    let mut draft = Draft {
        name,
        value,
        domain: missing,
        path: Cow::Borrowed(missing.text),
        path_at: missing.at,
        attributes: Attributes::default(),
        created: None,
        accessed: None,
        expires: None,
    };
    for attribute in segments {
        let value = attribute.value.unwrap_or(missing);
        take(&mut draft, attribute.name.text, value).map_err(|kind| line.error(kind, value.at))?;
    }
    Ok(Some(draft))
}

/// Takes an attribute into account; of several of the same name the last counts.
fn take<'a>(draft: &mut Draft<'a>, name: &[u8], value: Piece<'a>) -> Result<(), Kind> {
    let date = || HttpDate::parse(value.text).map(Some).map_err(|_| Kind::Date);
    let attributes = &mut draft.attributes;
    let is = |it: &str| name.eq_ignore_ascii_case(it.as_bytes());
    match () {
        () if is("Domain") => draft.domain = value,
        () if is("Path") => (draft.path, draft.path_at) = (Cow::Borrowed(value.text), value.at),
        () if is("Path*") => {
            let path = percent_decode(value.text).map_err(|_| Kind::Path)?;
            if let Some((_, octet)) = crate::header::first_control(&path) {
                return Err(Kind::Control(octet));
            }
            (draft.path, draft.path_at) = (path, value.at);
        }
        () if is("Expires") => draft.expires = date()?,
        () if is("Secure") => attributes.is_secure = true,
        () if is("HttpOnly") => attributes.is_http_only = true,
        () if is("HostOnly") => attributes.is_host_only = true,
        () if is("Partitioned") => attributes.is_partitioned = true,
        () if is("SameSite") => attributes.same_site = set_cookie::same_site(value.text),
        () if is("Created") => draft.created = date()?,
        () if is("Accessed") => draft.accessed = date()?,
        () => {}
    }
    Ok(())
}

pub(super) fn begin(out: &mut Vec<u8>) {
    out.extend_from_slice(FIRST);
    out.push(b'\n');
}

/// Writes a line.
pub(super) fn write(cookie: &Cookie, out: &mut Vec<u8>) {
    for text in [cookie.name(), b"=", cookie.value(), b"; Domain=", cookie.domain().as_bytes()] {
        out.extend_from_slice(text);
    }
    let path = cookie.path();
    if path.contains(&b';') || path.ends_with(b" ") || path.ends_with(b"\t") {
        out.extend_from_slice(b"; Path*=");
        percent_encode(path, Class::UNRESERVED, out);
    } else {
        out.extend_from_slice(b"; Path=");
        out.extend_from_slice(path);
    }
    let mut date = |name: &[u8], date: Option<HttpDate>| {
        if let Some(date) = date {
            out.extend_from_slice(name);
            out.extend_from_slice(&date.encode());
        }
    };
    date(b"; Expires=", cookie.expires());
    date(b"; Created=", Some(cookie.created()));
    date(b"; Accessed=", Some(cookie.last_access()));
    // By name, so that none is forgotten.
    let Attributes { is_host_only, is_secure, is_http_only, is_partitioned, same_site } =
        cookie.attributes();
    for (flag, is) in [
        (&b"; HostOnly"[..], is_host_only),
        (b"; Secure", is_secure),
        (b"; HttpOnly", is_http_only),
        (b"; Partitioned", is_partitioned),
    ] {
        if is {
            out.extend_from_slice(flag);
        }
    }
    if let Some(same_site) = same_site {
        out.extend_from_slice(b"; SameSite=");
        out.extend_from_slice(same_site.as_str().as_bytes());
    }
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cookie::{CookieFileErrorKind, CookieJar, Prefix, SameSite};
    use alloc::format;
    use alloc::string::String;

    const NOW: HttpDate = HttpDate::from_unix(784_111_777);

    fn file(line: &[u8]) -> Vec<u8> {
        [FIRST, b"\n", line, b"\n"].concat()
    }

    #[track_caller]
    fn read(line: &[u8]) -> Cookie {
        let mut jar = CookieJar::new();
        assert_eq!(jar.read(&file(line), NOW), Ok(1), "{}", line.escape_ascii());
        jar.iter().next().unwrap().clone()
    }

    #[test]
    fn reads_every_attribute() {
        let cookie = read(
            b"sid=31d4; Domain=example.org; Path=/docs; Expires=Sun, 06 Nov 1994 08:50:37 GMT; \
              Created=Sun, 06 Nov 1994 08:49:35 GMT; Accessed=Sun, 06 Nov 1994 08:49:36 GMT; \
              HostOnly; Secure; HttpOnly; Partitioned; SameSite=None; Later=1",
        );
        assert_eq!((cookie.name(), cookie.value()), (&b"sid"[..], &b"31d4"[..]));
        assert_eq!((cookie.domain(), cookie.path()), ("example.org", &b"/docs"[..]));
        let dates = [cookie.expires().unwrap(), cookie.created(), cookie.last_access()];
        assert_eq!(dates.map(|date| date.unix() - NOW.unix()), [60, -2, -1]);
        assert_eq!(cookie.same_site(), Some(SameSite::None));
        assert!(cookie.is_host_only() && cookie.is_secure());
        assert!(cookie.is_http_only() && cookie.is_partitioned());
    }

    #[test]
    fn what_is_missing_is_not_set_and_now() {
        let cookie = read(b"sid=31d4; Domain=example.org; Path=/");
        assert_eq!((cookie.expires(), cookie.same_site()), (None, None));
        assert_eq!((cookie.created(), cookie.last_access()), (NOW, NOW));
        assert!(!cookie.is_host_only() && !cookie.is_secure());
        assert!(!cookie.is_http_only() && !cookie.is_partitioned());
    }

    #[test]
    fn reads_names_values_and_paths_with_odd_bytes() {
        for (line, name, value, path) in [
            (&b"=a=b; Domain=a.example; Path=/"[..], &b""[..], &b"a=b"[..], &b"/"[..]),
            (b"a=; Domain=a.example; Path=/", b"a", b"", b"/"),
            (b"#a=\"b\t\xff\"; Domain=a.example; Path=/", b"#a", b"\"b\t\xff\"", b"/"),
            (b"a=b; Domain=a.example; Path=/%41=", b"a", b"b", b"/%41="),
            (b"a=b; Domain=a.example; Path*=%2Fa%3Bb", b"a", b"b", b"/a;b"),
            (b"a=b; Domain=a.example; Path*=%2Fa%20", b"a", b"b", b"/a "),
            (b"a=b; Domain=a.example; Path*=%2Fa%09", b"a", b"b", b"/a\t"),
            (b"a=b;PATH=/x;path=/y;domain=A.Example", b"a", b"b", b"/y"),
        ] {
            let cookie = read(line);
            assert_eq!((cookie.name(), cookie.value(), cookie.path()), (name, value, path));
            assert_eq!(cookie.domain(), "a.example");
            let mut written = Vec::new();
            write(&cookie, &mut written);
            let again = read(written.trim_ascii_end());
            assert_eq!((again.name(), again.value(), again.path()), (name, value, path));
        }
    }

    #[test]
    fn holds_every_date() {
        for date in [HttpDate::MIN, HttpDate::from_unix(-1), HttpDate::MAX] {
            let line = format!("a=b; Domain=a.example; Path=/; Created={date}; Accessed={date}");
            let cookie = read(line.as_bytes());
            assert_eq!((cookie.created(), cookie.last_access()), (date, date));
            let mut out = Vec::new();
            write(&cookie, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), line + "\n");
        }
    }

    #[test]
    fn refuses_what_is_wrong() {
        use CookieFileErrorKind as Kind;
        for (line, kind, offset) in [
            (&b"sid; Domain=a.example; Path=/"[..], Kind::Equals, 3),
            (b"=; Domain=a.example; Path=/", Kind::Empty, 0),
            (b"a=b\0; Domain=a.example; Path=/", Kind::Control(0), 3),
            (b"a=b; Path=/", Kind::Domain, 11),
            (b"a=b; Domain=; Path=/", Kind::Domain, 12),
            (b"a=b; Domain=a/b; Path=/", Kind::Domain, 12),
            (b"a=b; Domain=a.example", Kind::Path, 21),
            (b"a=b; Domain=a.example; Path=docs", Kind::Path, 28),
            (b"a=b; Domain=a.example; Path*=/%2", Kind::Path, 29),
            (b"a=b; Domain=a.example; Path*=/%00", Kind::Control(0), 29),
            (b"a=b; Domain=a.example; Path=/; Expires=never", Kind::Date, 39),
            (b"a=b; Domain=a.example; Path=/; Created", Kind::Date, 38),
            (b"a=b; Domain=a.example; Path=/; Accessed=0", Kind::Date, 40),
            (b"a=b; Domain=a.example; Path=/; SameSite=None", Kind::SameSite, 0),
            (b"a=b; Domain=a.example; Path=/; Partitioned", Kind::Partitioned, 0),
            (b"__Host-a=b; Domain=a.example; Path=/; Secure", Kind::Prefix(Prefix::Host), 0),
        ] {
            let mut jar = CookieJar::new();
            let error = jar.read(&file(line), NOW).unwrap_err();
            let line = String::from_utf8_lossy(line);
            assert_eq!((error.kind(), error.offset(), error.line()), (kind, offset, 2), "{line}");
        }
    }

    #[test]
    fn refuses_other_versions_and_cut_lines() {
        let cookie = "a=b; Domain=a.example; Path=/\n";
        for (first, kind) in [
            ("# nethttp cookies, version 2\n", Kind::Version),
            ("# nethttp cookies, version 10\n", Kind::Version),
            ("# nethttp cookies\r\n", Kind::Version),
            ("# nethttp cookies, version 1", Kind::Cut),
        ] {
            let text = [first, cookie].concat();
            let text = if first.ends_with('\n') { &text } else { first };
            let report = CookieJar::new().read_lenient(text.as_bytes(), NOW);
            let kinds: Vec<Kind> = report.errors().iter().map(CookieFileError::kind).collect();
            assert_eq!((report.cookies(), kinds), (0, Vec::from([kind])), "{first}");
        }
        for (line, offset) in [(&b"a=b; Domain=a.example; Path=/"[..], 29), (b" ", 1)] {
            let text = file(line);
            let error = CookieJar::new().read(&text[..text.len() - 1], NOW).unwrap_err();
            assert_eq!((error.kind(), error.line(), error.offset()), (Kind::Cut, 2, offset));
        }
    }

    #[test]
    fn reads_crlf_and_blank_lines() {
        let text = b"# nethttp cookies, version 1\r\n\r\n \na=b; Domain=a.example; Path=/\r\n";
        assert_eq!(CookieJar::new().read(text, NOW), Ok(1));
    }
}

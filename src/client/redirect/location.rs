//! Where a redirect leads: the Location field, read as the Web writes it and trusted as little as it deserves,
//! [RFC 9110 §10.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.2).
//!
//! Spaces, bytes beyond ASCII and stray `%` are repaired by [`Uri::fix_up_ref`]; bytes are escaped as they came,
//! so that a path in UTF-8 and one in Latin-1 both come back to the server as it wrote them. What decides where the
//! URL leads is not repaired.

use crate::error::{Error, ErrorKind, RedirectErrorKind as Kind};
use crate::header::{self, HeaderMap};
use crate::uri::Uri;

/// The longest Location that is followed, in bytes. Servers take request-lines of 8000 bytes,
/// [RFC 9110 §4.1](https://www.rfc-editor.org/rfc/rfc9110#section-4.1), and some of them twice that.
pub(super) const MAX_LEN: usize = 16 << 10;

/// Returns the value of Location; `None` if there is none, or nothing in it. To refer to nothing is to refer to the
/// URL itself ([RFC 3986 §4.4](https://www.rfc-editor.org/rfc/rfc3986#section-4.4)), but no server that sends an empty
/// Location means that; curl, Go and Requests take it for none too.
///
/// ```abnf
/// Location = URI-reference
/// ```
///
/// # Errors
///
/// Several fields that are not the same: whoever looks at another one than this client sees another redirect.
pub(super) fn of(headers: &HeaderMap) -> Result<Option<&[u8]>, Error> {
    let mut lines = headers.get_all(header::LOCATION);
    let first = lines.next().unwrap_or_default();
    if lines.any(|line| line != first) {
        return Err(refused(Kind::Location, "expected one Location, found another that differs"));
    }
    Ok(Some(first).filter(|line| !line.is_empty()))
}

/// Returns the URL that a Location leads to from a request's URL, whose user information it does not inherit.
///
/// # Errors
///
/// What is too long or no reference; a scheme but `http` and `https`; no host; a port that is none; and user information:
/// [RFC 9110 §4.2.4](https://www.rfc-editor.org/rfc/rfc9110#section-4.2.4) has it treated as an error in what an untrusted
/// source sends. It is there to hide the host, or to have this client log in as somebody else.
pub(super) fn resolve(base: &Uri, location: &[u8]) -> Result<Uri, Error> {
    if location.len() > MAX_LEN {
        let len = location.len();
        return Err(refused(
            Kind::Location,
            format!("expected a Location of at most {MAX_LEN} bytes, found {len}"),
        ));
    }
    let base = base.without_userinfo();
    let (url, _) = base.fix_up_ref(location).map_err(|error| {
        refused(Kind::Location, "expected a Location that can be followed").with_source(error)
    })?;
    let scheme = url.scheme();
    if !is_scheme(&url, "http") && !is_scheme(&url, "https") {
        return Err(refused(
            Kind::Scheme,
            format!("expected a redirect to http or https, found {scheme}"),
        ));
    }
    // `fix_up_ref` has seen to it that there is a host.
    let Some(authority) = url.authority() else {
        return Err(refused(Kind::Location, "expected a host in the Location"));
    };
    if authority.userinfo().is_some() {
        return Err(refused(Kind::Location, "expected no user information in the Location"));
    }
    if matches!(authority.port_u16(), Ok(Some(0)) | Err(_)) {
        let port = authority.port().unwrap_or_default();
        return Err(refused(
            Kind::Location,
            format!("expected a port from 1 to 65535 in the Location, found {port}"),
        ));
    }
    Ok(url)
}

/// Returns the URL with the fragment of the one that has led to it, if it has none of its own,
/// [RFC 9110 §10.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.2).
pub(super) fn with_fragment_of(url: Uri, last: &Uri) -> Uri {
    match (url.fragment(), last.fragment()) {
        (None, Some(fragment)) => url.with_fragment(fragment).unwrap_or(url),
        _ => url,
    }
}

/// Returns whether a URL has a scheme.
pub(super) fn is_scheme(url: &Uri, scheme: &str) -> bool {
    url.scheme().eq_ignore_ascii_case(scheme)
}

/// Returns the error for a redirect that is not followed.
pub(super) fn refused(kind: Kind, text: impl Into<String>) -> Error {
    Error::new(ErrorKind::Redirect(kind)).with_text(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "http://a.example/b/c/d?q#f";

    #[track_caller]
    fn leads_from(base: &str, location: impl AsRef<[u8]>, expected: &str) {
        let base = Uri::parse(base).unwrap();
        let url = resolve(&base, location.as_ref()).unwrap();
        assert_eq!(with_fragment_of(url, &base), expected);
    }

    #[track_caller]
    fn leads(location: impl AsRef<[u8]>, expected: &str) {
        leads_from(BASE, location, expected);
    }

    #[track_caller]
    fn refuses(location: impl AsRef<[u8]>, text: &str) {
        let error = resolve(&Uri::parse(BASE).unwrap(), location.as_ref()).unwrap_err();
        let kind = if text.contains("http or https") { Kind::Scheme } else { Kind::Location };
        let kind = ErrorKind::Redirect(kind);
        assert_eq!((error.kind(), error.to_string().as_str()), (kind, text));
    }

    #[test]
    fn resolves_every_form_of_reference() {
        for (location, expected) in [
            ("https://b.example/x", "https://b.example/x#f"),
            ("HTTP://B.example/x", "HTTP://B.example/x#f"),
            ("http://b.example", "http://b.example#f"),
            ("http://b.example:8080/x", "http://b.example:8080/x#f"),
            ("http://b.example:/x", "http://b.example:/x#f"),
            ("http://127.0.0.1:1/", "http://127.0.0.1:1/#f"),
            ("http://[::1]:65535/", "http://[::1]:65535/#f"),
            ("//b.example/x", "http://b.example/x#f"),
            ("/x", "http://a.example/x#f"),
            ("x", "http://a.example/b/c/x#f"),
            ("./x", "http://a.example/b/c/x#f"),
            ("../x", "http://a.example/b/x#f"),
            ("../../../x", "http://a.example/x#f"),
            ("/x/../y/./z", "http://a.example/y/z#f"),
            (".", "http://a.example/b/c/#f"),
            ("..", "http://a.example/b/#f"),
            (";p", "http://a.example/b/c/;p#f"),
            ("?n", "http://a.example/b/c/d?n#f"),
            ("?", "http://a.example/b/c/d?#f"),
            ("#g", "http://a.example/b/c/d?q#g"),
            ("/x?u=http://c.example/", "http://a.example/x?u=http://c.example/#f"),
            ("/x//y", "http://a.example/x//y#f"),
            ("/?a=1&b=2", "http://a.example/?a=1&b=2#f"),
        ] {
            leads(location, expected);
        }
    }

    #[test]
    fn a_fragment_is_inherited_unless_there_is_one() {
        leads("/x#g", "http://a.example/x#g");
        leads("/x#", "http://a.example/x#");
        leads("//b.example/x", "http://b.example/x#f");
        leads_from("http://a.example/", "/x#g", "http://a.example/x#g");
        leads_from("http://a.example/#", "/x", "http://a.example/x#");
        leads_from("http://a.example/", "/x", "http://a.example/x");
    }

    #[test]
    fn repairs_what_does_not_decide_where_it_leads() {
        leads("/a b", "http://a.example/a%20b#f");
        leads(" /a ", "http://a.example/a#f");
        leads("/a\tb", "http://a.example/ab#f");
        leads("/a\u{1}b\u{7f}", "http://a.example/a%01b%7F#f");
        leads("/caf\u{e9}?\u{e9}#\u{e9}", "http://a.example/caf%C3%A9?%C3%A9#%C3%A9");
        leads(b"/caf\xe9", "http://a.example/caf%E9#f");
        leads(b"/\xff\xfe", "http://a.example/%FF%FE#f");
        leads("/50%", "http://a.example/50%25#f");
        leads("/%zz%41%2F", "http://a.example/%25zz%41%2F#f");
        leads("/<a>\"{b}|^`", "http://a.example/%3Ca%3E%22%7Bb%7D%7C%5E%60#f");
        leads("/[a]?[b]", "http://a.example/%5Ba%5D?%5Bb%5D#f");
        leads("/a\\b", "http://a.example/a/b#f");
        leads("a/b:c d", "http://a.example/b/c/a/b:c%20d#f");
        leads("a b:c", "http://a.example/b/c/a%20b:c#f");
        leads("http://b\u{fc}cher.example/", "http://xn--bcher-kva.example/#f");
    }

    #[test]
    fn does_not_inherit_user_information() {
        leads_from("http://user:secret@a.example/b", "/x", "http://a.example/x");
        leads_from("http://user:secret@a.example/b", "?x", "http://a.example/b?x");
        leads_from("http://user:secret@a.example/b", "#x", "http://a.example/b#x");
    }

    #[test]
    fn refuses_other_schemes_by_name() {
        for (location, scheme) in [
            ("ftp://b.example/x", "ftp"),
            ("file:///etc/passwd", "file"),
            ("FILE:/etc/passwd", "FILE"),
            ("javascript:alert(1)", "javascript"),
            ("data:text/plain,hello", "data"),
            ("mailto:user@b.example", "mailto"),
            ("about:blank", "about"),
            ("ws://b.example/", "ws"),
            ("gopher://b.example:70/_", "gopher"),
            ("dict://b.example:11211/stats", "dict"),
            ("b.example:80/x", "b.example"),
            ("localhost:8080", "localhost"),
        ] {
            refuses(location, &format!("expected a redirect to http or https, found {scheme}"));
        }
    }

    #[test]
    fn refuses_user_information() {
        for location in [
            "http://user:secret@b.example/",
            "http://user@b.example/",
            "http://@b.example/",
            "//a.example:80@b.example/",
            "http://user@a.example/",
        ] {
            refuses(location, "expected no user information in the Location");
        }
    }

    #[test]
    fn refuses_ports_that_are_none() {
        for (location, port) in [
            ("http://b.example:0/", "0"),
            ("http://b.example:00/", "00"),
            ("//b.example:65536", "65536"),
            ("https://b.example:99999999999/", "99999999999"),
        ] {
            let text = format!("expected a port from 1 to 65535 in the Location, found {port}");
            refuses(location, &text);
        }
    }

    #[test]
    fn refuses_what_it_would_have_to_guess() {
        let outer = "expected a Location that can be followed: ";
        for (location, text) in [
            ("http://", "expected a host, found the end at byte 7"),
            ("http:///x", "expected a host, found '/' at byte 7"),
            ("http:x", "expected a host, found 'x' at byte 5"),
            ("https:/x", "expected a host, found '/' at byte 6"),
            ("//", "expected a host, found the end at byte 2"),
            ("http://:80/", "expected a host, found ':' at byte 7"),
            ("\\\\b.example/", "expected '/' or the escape %5C, found '\\\\' at byte 0"),
            ("/\\b.example/", "expected '/' or the escape %5C, found '\\\\' at byte 1"),
            ("http:\\\\b.example/", "expected '/' or the escape %5C, found '\\\\' at byte 5"),
            (
                "http://a.example\\@b.example/",
                "expected '/' or the escape %5C, found '\\\\' at byte 16",
            ),
            ("http://a b/", "expected a host character, found ' ' at byte 8"),
            ("http://a\tb/", "expected a host character, found '\\t' at byte 8"),
            ("http://a.example:x/", "expected a port of digits, found 'x' at byte 17"),
            (
                "http://[::1/",
                "expected an IPv6 or IPvFuture address in brackets, found the end at byte 11",
            ),
        ] {
            refuses(location, &format!("{outer}{text}"));
        }
        let error = resolve(&Uri::parse(BASE).unwrap(), b"http://b\xfccher.example/").unwrap_err();
        let text = "expected bytes that decode to UTF-8, found '\\xfc' at byte 8";
        assert_eq!(error.to_string(), format!("{outer}{text}"));
    }

    #[test]
    fn a_location_has_a_limit() {
        leads(
            "/".to_owned() + &"x".repeat(MAX_LEN - 1),
            &format!("http://a.example/{}#f", "x".repeat(MAX_LEN - 1)),
        );
        let text = "expected a Location of at most 16384 bytes, found 16385";
        refuses("/".to_owned() + &"x".repeat(MAX_LEN), text);
    }

    #[test]
    fn several_fields_must_be_one() {
        for (lines, expected) in [
            (&[][..], Ok(None)),
            (&[""], Ok(None)),
            (&["", ""], Ok(None)),
            (&["/x"], Ok(Some("/x"))),
            (&["/x", "/x", "/x"], Ok(Some("/x"))),
            (&["/x", "/y"], Err("expected one Location, found another that differs")),
            (&["/x", "/x", "/y"], Err("expected one Location, found another that differs")),
            (&["/x", ""], Err("expected one Location, found another that differs")),
            (&["/x", "/X"], Err("expected one Location, found another that differs")),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("location", line).unwrap();
            }
            let found = of(&headers).map_err(|error| error.to_string());
            assert_eq!(found, expected.map(|o| o.map(str::as_bytes)).map_err(str::to_owned));
        }
    }
}

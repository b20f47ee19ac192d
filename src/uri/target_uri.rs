//! From the target of a request to the URI that it is about, [RFC 9110 §7.1] and [RFC 9112 §3.3].
//!
//! [RFC 9110 §7.1]: https://www.rfc-editor.org/rfc/rfc9110#section-7.1
//! [RFC 9112 §3.3]: https://www.rfc-editor.org/rfc/rfc9112#section-3.3

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use super::absolute::Uri;
use super::authority::check_host;
use super::draft::{Draft, DraftAuthority, check_scheme};
use super::error::{UriError, UriErrorKind};
use super::parts::ascii;
use super::target::{RequestTarget, TargetForm};
use crate::syntax::{Class, percent_encode};

impl RequestTarget {
    /// Returns the URI that a request with this target is about: its target URI, which was once called
    /// the effective request URI.
    ///
    /// An absolute form is the URI itself, whatever the arguments are. To the other forms `scheme` is that
    /// of the connection, and `host` the value of the `Host` field, or what the server is called where
    /// there is none; an authority form has its own. What a target may hold and a URI may not
    /// (see [`is_strict`](Self::is_strict)) is escaped.
    ///
    /// [RFC 9112 §3.3](https://www.rfc-editor.org/rfc/rfc9112#section-3.3)
    ///
    /// # Errors
    ///
    /// [`UriErrorKind::InvalidScheme`], what [`check_host`] says of the host, and
    /// [`UriErrorKind::MissingHost`] for an empty one. Offsets count in the argument.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::method::Method;
    /// use nethttp::uri::RequestTarget;
    ///
    /// let target = RequestTarget::parse(Method::GET, b"/search?q={a}")?;
    /// assert_eq!(target.to_uri("https", "example.org")?, "https://example.org/search?q=%7Ba%7D");
    /// let target = RequestTarget::parse(Method::OPTIONS, b"*")?;
    /// assert_eq!(target.to_uri("http", "example.org:8080")?, "http://example.org:8080");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn to_uri(&self, scheme: &str, host: &str) -> Result<Uri, UriError> {
        let scheme = self.scheme().unwrap_or(scheme);
        check_scheme(scheme)?;
        let authority = match self.authority() {
            Some(authority) => authority,
            None if host.is_empty() => {
                return Err(UriError::new(UriErrorKind::MissingHost, b"", 0));
            }
            None => check_host(host.as_bytes())?,
        };
        let (path, query) = match self.form() {
            TargetForm::Origin | TargetForm::Absolute => (self.raw_path(), self.query()),
            TargetForm::Authority | TargetForm::Asterisk => ("", None),
        };
        let (path, query) = if self.is_strict() {
            (Cow::Borrowed(path), query.map(Cow::Borrowed))
        } else {
            let query = query.map(|query| Cow::Owned(escaped(query, Class::QUERY)));
            (Cow::Owned(escaped(path, Class::PATH)), query)
        };
        let draft = Draft {
            scheme: Cow::Borrowed(scheme),
            authority: Some(DraftAuthority::from(authority)),
            path,
            query,
            fragment: None,
        };
        draft.compose()
    }
}

/// Escapes what the class lacks; the escapes that are there stay.
fn escaped(text: &str, class: Class) -> String {
    let mut out = Vec::with_capacity(text.len() + 16);
    let mut rest = text.as_bytes();
    loop {
        let after = class.skip(rest);
        let (kept, _) = rest.split_at_checked(rest.len() - after.len()).unwrap_or_default();
        out.extend_from_slice(kept);
        rest = match after {
            [] => break,
            [b'%', after @ ..] => {
                out.push(b'%');
                after
            }
            [octet, after @ ..] => {
                percent_encode(&[*octet], Class::UNRESERVED, &mut out);
                after
            }
        };
    }
    ascii(&out).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::method::Method;

    #[track_caller]
    fn is(method: Method, target: &[u8], scheme: &str, host: &str, expected: &str) {
        let mut parsed = RequestTarget::default();
        parsed.assign(method, target, true).unwrap();
        let uri = parsed.to_uri(scheme, host).unwrap();
        assert_eq!(uri, expected);
        assert_eq!(Uri::parse(expected).unwrap().parts, uri.parts, "offsets of {expected}");
    }

    #[test]
    fn every_form_has_its_uri() {
        is(Method::GET, b"/a?b", "http", "h", "http://h/a?b");
        is(Method::GET, b"/", "https", "h:8443", "https://h:8443/");
        is(Method::GET, b"//a/..", "http", "[::1]:80", "http://[::1]:80//a/..");
        is(Method::GET, b"/a?", "http", "h:", "http://h:/a?");
        is(Method::GET, b"http://x:1/a?b", "https", "h", "http://x:1/a?b");
        is(Method::GET, b"HTTP://x", "https", "", "HTTP://x");
        is(Method::GET, b"ftp://x?q", "https", "h", "ftp://x?q");
        is(Method::OPTIONS, b"*", "http", "h:80", "http://h:80");
        is(Method::CONNECT, b"x:443", "https", "h", "https://x:443");
    }

    #[test]
    fn what_a_uri_may_not_hold_is_escaped() {
        is(Method::GET, b"/{a}|%7C?[b]\\", "http", "h", "http://h/%7Ba%7D%7C%7C?%5Bb%5D%5C");
        is(Method::GET, "/\u{e9}?\u{e9}".as_bytes(), "http", "h", "http://h/%C3%A9?%C3%A9");
        is(Method::GET, b"http://x/\"", "http", "h", "http://x/%22");
    }

    #[test]
    fn refuses_what_cannot_be_put_together() {
        let target = RequestTarget::default();
        for (scheme, host, kind, offset) in [
            ("1", "h", UriErrorKind::InvalidScheme, 0),
            ("http:", "h", UriErrorKind::InvalidScheme, 4),
            ("http", "", UriErrorKind::MissingHost, 0),
            ("http", "u@h", UriErrorKind::ForbiddenUserinfo, 1),
            ("http", "h/a", UriErrorKind::InvalidHost, 1),
            ("http", "h, h", UriErrorKind::InvalidHost, 2),
        ] {
            let error = target.to_uri(scheme, host).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (kind, offset), "{scheme} {host}");
        }
    }
}

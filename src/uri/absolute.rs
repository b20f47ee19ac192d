//! A URI, [RFC 3986 §3], and what a client needs of it: a request-line, a `Host` field, a port.
//!
//! [RFC 3986 §3]: https://www.rfc-editor.org/rfc/rfc3986#section-3

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

use super::authority::Authority;
use super::error::UriError;
use super::parts::{Parts, Rule, Split, at, parse, slice};
use super::text::{Masked, text_type};

/// A URI with its scheme, and perhaps a fragment, exactly as it was written.
///
/// ```abnf
/// URI = scheme ":" hier-part [ "?" query ] [ "#" fragment ]   ; RFC 3986 §3
/// ```
///
/// Two URIs are equal when their bytes are. A URI is at most [`u32::MAX`] bytes long.
///
/// # Examples
///
/// ```
/// use nethttp::uri::Uri;
///
/// let uri = Uri::parse("https://example.org/search?q=%C3%BC#top")?;
/// assert_eq!(uri.scheme(), "https");
/// assert_eq!(uri.path(), "/search");
/// assert_eq!(uri.query(), Some("q=%C3%BC"));
/// assert_eq!(uri.fragment(), Some("top"));
/// # Ok::<(), nethttp::uri::UriError>(())
/// ```
#[derive(Clone)]
pub struct Uri {
    pub(super) text: Box<str>,
    pub(super) parts: Parts,
}

text_type!(Uri, Rule::Uri);

impl Uri {
    /// Returns the URI that the text is.
    ///
    /// `localhost:8080` is a URI too: its scheme is `localhost`, its path `8080`.
    ///
    /// # Errors
    ///
    /// Everything that [RFC 3986 §3](https://www.rfc-editor.org/rfc/rfc3986#section-3) does not
    /// allow; [`MissingScheme`](super::UriErrorKind::MissingScheme) for a relative reference.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Uri;
    ///
    /// assert!(Uri::parse("http://example.org/a%20b").is_ok());
    /// assert!(Uri::parse(b"http://example.org/a b").is_err());
    /// assert!(Uri::parse("/a").is_err());
    /// ```
    pub fn parse(text: impl AsRef<[u8]>) -> Result<Self, UriError> {
        let Split { text, parts } = Split::parse(text.as_ref(), Rule::Uri)?;
        Ok(Self { text: text.into(), parts })
    }

    /// Returns the whole URI.
    ///
    /// # Examples
    ///
    /// ```
    /// let uri = nethttp::uri::Uri::parse("HTTP://Example.org")?;
    /// assert_eq!(uri.as_str(), "HTTP://Example.org");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the scheme as it was written; schemes are case-insensitive, so compare with
    /// [`str::eq_ignore_ascii_case`].
    ///
    /// # Examples
    ///
    /// ```
    /// let uri = nethttp::uri::Uri::parse("HTTP://example.org")?;
    /// assert!(uri.scheme().eq_ignore_ascii_case("http"));
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn scheme(&self) -> &str {
        slice(&self.text, 0, self.parts.scheme_end)
    }

    /// Returns the authority, or `None` where no `//` follows the scheme.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Uri;
    ///
    /// let uri = Uri::parse("http://example.org:8080/")?;
    /// assert_eq!(uri.authority().and_then(|authority| authority.port()), Some("8080"));
    /// assert!(Uri::parse("mailto:a@example.org")?.authority().is_none());
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn authority(&self) -> Option<Authority<'_>> {
        self.split().authority()
    }

    /// Returns the path, escapes included, perhaps empty.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Uri;
    ///
    /// assert_eq!(Uri::parse("http://example.org/a%2Fb?c")?.path(), "/a%2Fb");
    /// assert_eq!(Uri::parse("http://example.org")?.path(), "");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn path(&self) -> &str {
        self.split().path()
    }

    /// Returns what stands between the `?` and the fragment, or `None` without a `?`.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Uri;
    ///
    /// assert_eq!(Uri::parse("http://a/?b=c")?.query(), Some("b=c"));
    /// assert_eq!(Uri::parse("http://a/?")?.query(), Some(""));
    /// assert_eq!(Uri::parse("http://a/")?.query(), None);
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.split().query()
    }

    /// Returns what stands after the `#`, or `None` without one.
    ///
    /// # Examples
    ///
    /// ```
    /// let uri = nethttp::uri::Uri::parse("http://a/#b")?;
    /// assert_eq!(uri.fragment(), Some("b"));
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn fragment(&self) -> Option<&str> {
        self.split().fragment()
    }

    /// Returns the path and the query with its `?`, as they were written.
    ///
    /// # Examples
    ///
    /// ```
    /// let uri = nethttp::uri::Uri::parse("http://a/b?c#d")?;
    /// assert_eq!(uri.path_and_query(), "/b?c");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn path_and_query(&self) -> &str {
        self.split().path_and_query()
    }

    /// Returns the port of the authority, or that of the scheme: 80 for `http`, 443 for `https`.
    ///
    /// `None` where there is neither, and for a port above 65535; [`Authority::port_u16`] tells the
    /// two apart.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Uri;
    ///
    /// assert_eq!(Uri::parse("http://a:8080/")?.port_or_default(), Some(8080));
    /// assert_eq!(Uri::parse("https://a/")?.port_or_default(), Some(443));
    /// assert_eq!(Uri::parse("gopher://a/")?.port_or_default(), None);
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn port_or_default(&self) -> Option<u16> {
        let port = self.authority().map_or(Ok(None), |authority| authority.port_u16()).ok()?;
        port.or_else(|| self.default_port())
    }

    fn default_port(&self) -> Option<u16> {
        let scheme = self.scheme();
        if scheme.eq_ignore_ascii_case("http") {
            Some(80)
        } else if scheme.eq_ignore_ascii_case("https") {
            Some(443)
        } else {
            None
        }
    }

    /// Returns a copy without the fragment.
    ///
    /// # Examples
    ///
    /// ```
    /// let uri = nethttp::uri::Uri::parse("http://a/b?c#d")?;
    /// assert_eq!(uri.without_fragment(), "http://a/b?c");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn without_fragment(&self) -> Self {
        Self { text: self.split().before_fragment().into(), parts: self.parts }
    }

    /// Returns what a client writes on the request-line to the origin server: the path and the query,
    /// with a `/` in front of a path that does not start with one.
    ///
    /// `origin-form = absolute-path [ "?" query ]`,
    /// [RFC 9112 §3.2.1](https://www.rfc-editor.org/rfc/rfc9112#section-3.2.1)
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Uri;
    ///
    /// assert_eq!(Uri::parse("http://a/b?c#d")?.origin_form(), "/b?c");
    /// assert_eq!(Uri::parse("http://a?c")?.origin_form(), "/?c");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn origin_form(&self) -> Cow<'_, str> {
        match self.path_and_query() {
            "" => Cow::Borrowed("/"),
            text if text.starts_with('/') => Cow::Borrowed(text),
            text => Cow::Owned(format!("/{text}")),
        }
    }

    /// Returns the value of the `Host` field in a request for this URI: the host and the port, without
    /// user information, without the zone of an IPv6 address, and without a port that is empty or the
    /// scheme's default. Empty where the URI has no authority.
    ///
    /// [RFC 9110 §7.2](https://www.rfc-editor.org/rfc/rfc9110#section-7.2),
    /// [RFC 6874 §1](https://www.rfc-editor.org/rfc/rfc6874#section-1)
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Uri;
    ///
    /// assert_eq!(Uri::parse("http://user@a:8080/")?.host_header(), "a:8080");
    /// assert_eq!(Uri::parse("http://a:80/")?.host_header(), "a");
    /// assert_eq!(Uri::parse("http://[fe80::1%25eth0]/")?.host_header(), "[fe80::1]");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn host_header(&self) -> Cow<'_, str> {
        let Some(authority) = self.authority() else {
            return Cow::Borrowed("");
        };
        let host = authority.host_str();
        let port = match (authority.port(), authority.port_u16()) {
            (None | Some(""), _) => "",
            (_, Ok(number)) if number == self.default_port() => "",
            // With the `:`.
            _ => slice(&self.text, self.parts.host_end, self.parts.path_start),
        };
        match host.split_once("%25").filter(|_| host.starts_with('[')) {
            Some((address, _)) => Cow::Owned(format!("{address}]{port}")),
            None => {
                let start = at(self.parts.host_start);
                let text = self.text.get(start..start + host.len() + port.len());
                Cow::Borrowed(text.unwrap_or_default())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn uri(text: &str) -> Uri {
        Uri::parse(text).unwrap()
    }

    #[test]
    fn host_header_leaves_out_what_the_wire_does_not_carry() {
        for (text, expected) in [
            ("http://a", "a"),
            ("http://u:p@a:8080/b", "a:8080"),
            ("http://a:80/", "a"),
            ("HTTP://a:0080/", "a"),
            ("https://a:443", "a"),
            ("https://a:80", "a:80"),
            ("http://a:443", "a:443"),
            ("http://a:/", "a"),
            ("ftp://a:21", "a:21"),
            ("http://a:99999/", "a:99999"),
            ("http://[::1]:80/", "[::1]"),
            ("http://u@[fe80::1%25e]:8080/", "[fe80::1]:8080"),
            ("http://[fe80::1%25e]:80/", "[fe80::1]"),
            ("http://a%25b/", "a%25b"),
            ("mailto:a", ""),
            ("file:///a", ""),
        ] {
            assert_eq!(uri(text).host_header(), expected, "{text}");
        }
    }

    #[test]
    fn origin_form_starts_with_a_slash() {
        for (text, expected) in [
            ("http://a", "/"),
            ("http://a#f", "/"),
            ("http://a?q#f", "/?q"),
            ("http://a?", "/?"),
            ("http://a/b/../c?d?e#f", "/b/../c?d?e"),
            ("http://a//b", "//b"),
            ("urn:a", "/a"),
        ] {
            assert_eq!(uri(text).origin_form(), expected, "{text}");
        }
    }

    #[test]
    fn port_comes_from_the_authority_or_the_scheme() {
        for (text, expected) in [
            ("http://a", Some(80)),
            ("HTTPS://a", Some(443)),
            ("https://a:", Some(443)),
            ("https://a:1", Some(1)),
            ("http://a:65536", None),
            ("ftp://a", None),
            ("ftp://a:21", Some(21)),
        ] {
            assert_eq!(uri(text).port_or_default(), expected, "{text}");
        }
    }

    #[test]
    fn without_fragment_keeps_the_rest() {
        for (text, expected) in
            [("http://a#b", "http://a"), ("http://a/?b#", "http://a/?b"), ("a:b", "a:b")]
        {
            let stripped = uri(text).without_fragment();
            assert_eq!(stripped, expected);
            assert_eq!(stripped.fragment(), None);
            assert_eq!(stripped.path_and_query(), uri(text).path_and_query());
        }
    }

    #[test]
    fn debug_hides_the_password_and_display_does_not() {
        let secret = uri("http://http:http@a/");
        assert_eq!(format!("{secret:?}"), "Uri(\"http://http:***@a/\")");
        assert_eq!(secret.to_string(), "http://http:http@a/");
        let reference = crate::uri::UriRef::parse("//u:p@a").unwrap();
        assert_eq!(format!("{reference:?}"), "UriRef(\"//u:***@a\")");
        assert_eq!(format!("{:?}", uri("http://a:1/u:p@")), "Uri(\"http://a:1/u:p@\")");
    }

    #[test]
    fn equality_is_that_of_bytes() {
        assert_eq!(uri("http://a/"), uri("http://a/"));
        assert_ne!(uri("http://a/"), uri("http://A/"));
        assert_ne!(uri("http://a/%7e"), uri("http://a/%7E"));
        assert!(uri("http://a/a") < uri("http://a/b"));
    }

    #[test]
    fn converts_from_and_into_texts() {
        let text = String::from("http://a/b?c");
        let parsed = Uri::try_from(text.clone()).unwrap();
        assert_eq!(Ok(&parsed), Uri::from_str(&text).as_ref());
        assert_eq!(Ok(&parsed), Uri::try_from(text.as_str()).as_ref());
        assert_eq!(Ok(&parsed), Uri::try_from(text.as_bytes()).as_ref());
        assert_eq!(String::from(parsed), text);
    }

    #[test]
    fn converts_from_and_into_references() {
        use crate::uri::{UriErrorKind, UriRef};
        let reference = UriRef::from(uri("http://a/b"));
        assert_eq!(Uri::try_from(reference), Ok(uri("http://a/b")));
        let relative = UriRef::parse("b").unwrap();
        let error = Uri::try_from(relative).unwrap_err();
        assert_eq!(error.kind(), UriErrorKind::MissingScheme);
    }
}

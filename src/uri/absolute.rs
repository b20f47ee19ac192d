//! A URI, [RFC 3986 §3], owned and borrowed.
//!
//! [RFC 3986 §3]: https://www.rfc-editor.org/rfc/rfc3986#section-3

use alloc::string::String;
use core::borrow::Borrow;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

use super::authority::Authority;
use super::components::components;
use super::error::UriError;
use super::host::Host;
use super::parts::{Parts, Rule, Split, parse, slice};
use super::pct_str::Segments;
use super::query::Pairs;
use super::text::{Masked, owned_type, text_type};

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
    pub(super) text: String,
    pub(super) parts: Parts,
}

/// A borrowed [`Uri`]: a text, checked and taken apart, without an allocation.
///
/// It is `Copy`, and can be made in a `const`. Two are equal when their bytes are.
///
/// # Examples
///
/// ```
/// use nethttp::uri::UriView;
///
/// const API: UriView<'_> = UriView::from_static("https://api.example.org/v1/");
/// assert_eq!(API.path(), "/v1/");
///
/// let uri = UriView::parse("http://example.org:8080/")?;
/// assert_eq!(uri.port_or_default(), Some(8080));
/// # Ok::<(), nethttp::uri::UriError>(())
/// ```
#[derive(Clone, Copy)]
pub struct UriView<'a>(pub(super) Split<'a>);

text_type!(Uri);
text_type!(UriView<'_>);
owned_type!(Uri, UriView, Rule::Uri);

impl Uri {
    /// Returns the URI that the text is.
    ///
    /// `localhost:8080` is a URI too: its scheme is `localhost`, its path `8080`. The text is copied; a
    /// `String` that can be given up is kept by `TryFrom`.
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
    /// assert!(Uri::parse("http://example.org/a b").is_err());
    /// assert!(Uri::parse("/a").is_err());
    /// ```
    pub fn parse(text: impl AsRef<str>) -> Result<Self, UriError> {
        Self::own(text.as_ref())
    }

    /// Inlined, so that what a caller does with the result costs no further copy of it.
    #[inline]
    fn own(text: &str) -> Result<Self, UriError> {
        let parts = Self::parts(text)?;
        Ok(Self { text: text.into(), parts })
    }

    fn parts(text: &str) -> Result<Parts, UriError> {
        parse(text.as_bytes(), Rule::Uri)
    }

    /// Returns the URI that the bytes are.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Uri;
    ///
    /// assert!(Uri::parse_bytes(b"http://example.org/").is_ok());
    /// assert!(Uri::parse_bytes(b"http://example.org/\xff").is_err());
    /// ```
    pub fn parse_bytes(text: impl AsRef<[u8]>) -> Result<Self, UriError> {
        UriView::parse_bytes(text.as_ref()).map(|view| view.to_uri())
    }

    /// Returns the URI as a borrowed one, which is `Copy`.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::{Uri, UriView};
    ///
    /// fn is_local(uri: UriView<'_>) -> bool {
    ///     uri.authority().is_some_and(|authority| authority.host_str() == "localhost")
    /// }
    ///
    /// let uri = Uri::parse("http://localhost:8080/")?;
    /// assert!(is_local(uri.view()));
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn view(&self) -> UriView<'_> {
        UriView(self.split())
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
        self.view().scheme()
    }

    components!(Uri, '_);
}

impl From<UriView<'_>> for Uri {
    fn from(view: UriView<'_>) -> Self {
        view.to_uri()
    }
}

impl<'a> UriView<'a> {
    /// Returns the URI that the text is.
    ///
    /// # Errors
    ///
    /// As [`Uri::parse`].
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::UriView;
    ///
    /// assert_eq!(UriView::parse("http://example.org/a")?.path(), "/a");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub const fn parse(text: &'a str) -> Result<Self, UriError> {
        match Split::parse(text, Rule::Uri) {
            Ok(split) => Ok(Self(split)),
            Err(error) => Err(error),
        }
    }

    /// Returns the URI that the bytes are.
    ///
    /// # Errors
    ///
    /// As [`Uri::parse`].
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::UriView;
    ///
    /// assert_eq!(UriView::parse_bytes(b"http://example.org/a")?.path(), "/a");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub const fn parse_bytes(text: &'a [u8]) -> Result<Self, UriError> {
        match Split::parse_bytes(text, Rule::Uri) {
            Ok(split) => Ok(Self(split)),
            Err(error) => Err(error),
        }
    }

    /// Returns the scheme as it was written; schemes are case-insensitive, so compare with
    /// [`str::eq_ignore_ascii_case`].
    ///
    /// # Examples
    ///
    /// ```
    /// let uri = nethttp::uri::UriView::parse("HTTP://example.org")?;
    /// assert!(uri.scheme().eq_ignore_ascii_case("http"));
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub const fn scheme(&self) -> &'a str {
        slice(self.0.text, 0, self.0.parts.scheme_end)
    }

    /// Returns the URI with a copy of the text; nothing is parsed again.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::{Uri, UriView};
    ///
    /// const HOME: UriView<'_> = UriView::from_static("http://example.org/");
    /// let home: Uri = HOME.to_uri();
    /// assert_eq!(home, "http://example.org/");
    /// ```
    #[must_use]
    pub fn to_uri(&self) -> Uri {
        Uri { text: self.0.text.into(), parts: self.0.parts }
    }

    components!(UriView, 'a, const);
}

impl UriView<'static> {
    /// Returns the URI that the text in the program is; one that is none is an error when the program is
    /// compiled.
    ///
    /// # Panics
    ///
    /// Where the text is no URI and this is not a `const`; [`parse`](Self::parse) is for such texts.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::UriView;
    ///
    /// const HOME: UriView<'_> = UriView::from_static("http://example.org/");
    /// assert_eq!(HOME.scheme(), "http");
    /// ```
    ///
    /// ```compile_fail
    /// use nethttp::uri::UriView;
    ///
    /// const HOME: UriView<'_> = UriView::from_static("http://example.org/a b");
    /// ```
    #[must_use]
    pub const fn from_static(text: &'static str) -> Self {
        let parsed = Self::parse(text);
        assert!(parsed.is_ok(), "expected a URI");
        match parsed {
            Ok(uri) => uri,
            Err(_) => Self(Split::EMPTY),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::ToString;

    fn uri(text: &str) -> Uri {
        Uri::parse(text).unwrap()
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

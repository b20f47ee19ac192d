//! A URI reference, [RFC 3986 §4.1], owned and borrowed: a URI, or what is relative to one.
//!
//! [RFC 3986 §4.1]: https://www.rfc-editor.org/rfc/rfc3986#section-4.1

use alloc::string::String;
use core::borrow::Borrow;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

use super::absolute::{Uri, UriView};
use super::authority::Authority;
use super::components::components;
use super::error::{UriError, UriErrorKind};
use super::host::Host;
use super::parts::{Parts, Rule, Split, parse};
use super::pct_str::Segments;
use super::query::Pairs;
use super::text::{Masked, owned_type, text_type};

/// A URI or a relative reference, exactly as it was written: what a `Location` field holds.
///
/// ```abnf
/// URI-reference = URI / relative-ref                          ; RFC 3986 §4.1
/// relative-ref  = relative-part [ "?" query ] [ "#" fragment ]
/// ```
///
/// [`Uri::resolve`] makes a URI of it. Two references are equal when their bytes are. A reference is
/// at most [`u32::MAX`] bytes long.
///
/// # Examples
///
/// ```
/// use nethttp::uri::UriRef;
///
/// let reference = UriRef::parse("../a?b#c")?;
/// assert_eq!(reference.scheme(), None);
/// assert_eq!(reference.path(), "../a");
/// assert_eq!(reference.query(), Some("b"));
/// assert_eq!(reference.fragment(), Some("c"));
/// # Ok::<(), nethttp::uri::UriError>(())
/// ```
#[derive(Clone)]
pub struct UriRef {
    pub(super) text: String,
    pub(super) parts: Parts,
}

/// A borrowed [`UriRef`]: a text, checked and taken apart, without an allocation.
///
/// It is `Copy`, and can be made in a `const`. Two are equal when their bytes are.
///
/// # Examples
///
/// ```
/// use nethttp::uri::UriRefView;
///
/// const LOGIN: UriRefView<'_> = UriRefView::from_static("/login?next=%2F");
/// assert_eq!(LOGIN.query(), Some("next=%2F"));
/// ```
#[derive(Clone, Copy)]
pub struct UriRefView<'a>(pub(super) Split<'a>);

text_type!(UriRef);
text_type!(UriRefView<'_>);
owned_type!(UriRef, UriRefView, Rule::Reference);

impl UriRef {
    /// Returns the reference that the text is; the empty text is one.
    ///
    /// # Errors
    ///
    /// Everything that [RFC 3986 §4.1](https://www.rfc-editor.org/rfc/rfc3986#section-4.1) does not
    /// allow.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::{UriErrorKind, UriRef};
    ///
    /// assert!(UriRef::parse("//example.org/a").is_ok());
    /// let error = UriRef::parse("1:2").unwrap_err();
    /// assert_eq!(error.kind(), UriErrorKind::ColonInFirstSegment);
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
        parse(text.as_bytes(), Rule::Reference)
    }

    /// Returns the reference that the bytes are.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::UriRef;
    ///
    /// assert!(UriRef::parse_bytes(b"http://example.org/").is_ok());
    /// assert!(UriRef::parse_bytes(b"http://example.org/\xff").is_err());
    /// ```
    pub fn parse_bytes(text: impl AsRef<[u8]>) -> Result<Self, UriError> {
        UriRefView::parse_bytes(text.as_ref()).map(|view| view.to_uri_ref())
    }

    /// Returns the reference as a borrowed one, which is `Copy`.
    ///
    /// # Examples
    ///
    /// ```
    /// let reference = nethttp::uri::UriRef::parse("../a")?;
    /// assert_eq!(reference.view().path(), "../a");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn view(&self) -> UriRefView<'_> {
        UriRefView(self.split())
    }

    /// Returns the scheme as it was written, or `None` for a relative reference.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::UriRef;
    ///
    /// assert_eq!(UriRef::parse("http://a")?.scheme(), Some("http"));
    /// assert_eq!(UriRef::parse("//a")?.scheme(), None);
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn scheme(&self) -> Option<&str> {
        self.split().scheme()
    }

    components!(UriRef, '_);
}

impl From<UriRefView<'_>> for UriRef {
    fn from(view: UriRefView<'_>) -> Self {
        view.to_uri_ref()
    }
}

impl<'a> UriRefView<'a> {
    /// Returns the reference that the text is.
    ///
    /// # Errors
    ///
    /// As [`UriRef::parse`].
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::UriRefView;
    ///
    /// assert_eq!(UriRefView::parse("?page=2")?.query(), Some("page=2"));
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub const fn parse(text: &'a str) -> Result<Self, UriError> {
        match Split::parse(text, Rule::Reference) {
            Ok(split) => Ok(Self(split)),
            Err(error) => Err(error),
        }
    }

    /// Returns the reference that the bytes are.
    ///
    /// # Errors
    ///
    /// As [`UriRef::parse`].
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::UriRefView;
    ///
    /// assert_eq!(UriRefView::parse_bytes(b"?page=2")?.query(), Some("page=2"));
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub const fn parse_bytes(text: &'a [u8]) -> Result<Self, UriError> {
        match Split::parse_bytes(text, Rule::Reference) {
            Ok(split) => Ok(Self(split)),
            Err(error) => Err(error),
        }
    }

    /// Returns the scheme as it was written, or `None` for a relative reference.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::UriRefView;
    ///
    /// assert_eq!(UriRefView::parse("http://a")?.scheme(), Some("http"));
    /// assert_eq!(UriRefView::parse("//a")?.scheme(), None);
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub const fn scheme(&self) -> Option<&'a str> {
        self.0.scheme()
    }

    /// Returns the reference with a copy of the text; nothing is parsed again.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::UriRefView;
    ///
    /// assert_eq!(UriRefView::parse("../a")?.to_uri_ref(), "../a");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn to_uri_ref(&self) -> UriRef {
        UriRef { text: self.0.text.into(), parts: self.0.parts }
    }

    components!(UriRefView, 'a, const);
}

impl UriRefView<'static> {
    /// Returns the reference that the text in the program is; one that is none is an error when the
    /// program is compiled.
    ///
    /// # Panics
    ///
    /// Where the text is no reference and this is not a `const`; [`parse`](Self::parse) is for such
    /// texts.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::UriRefView;
    ///
    /// const NEXT: UriRefView<'_> = UriRefView::from_static("?page=2");
    /// assert_eq!(NEXT, "?page=2");
    /// ```
    #[must_use]
    pub const fn from_static(text: &'static str) -> Self {
        let parsed = Self::parse(text);
        assert!(parsed.is_ok(), "expected a URI reference");
        match parsed {
            Ok(reference) => reference,
            Err(_) => Self(Split::EMPTY),
        }
    }
}

impl From<Uri> for UriRef {
    fn from(uri: Uri) -> Self {
        Self { text: uri.text, parts: uri.parts }
    }
}

/// Refuses a relative reference with [`UriErrorKind::MissingScheme`].
impl TryFrom<UriRef> for Uri {
    type Error = UriError;

    fn try_from(reference: UriRef) -> Result<Self, UriError> {
        if reference.parts.scheme_end == 0 {
            let text = reference.text.as_bytes();
            return Err(UriError::new(UriErrorKind::MissingScheme, text, 0));
        }
        Ok(Self { text: reference.text, parts: reference.parts })
    }
}

impl<'a> From<UriView<'a>> for UriRefView<'a> {
    fn from(uri: UriView<'a>) -> Self {
        Self(uri.0)
    }
}

impl<'a> From<&'a Uri> for UriRefView<'a> {
    fn from(uri: &'a Uri) -> Self {
        Self(uri.split())
    }
}

/// Refuses a relative reference with [`UriErrorKind::MissingScheme`].
impl<'a> TryFrom<UriRefView<'a>> for UriView<'a> {
    type Error = UriError;

    fn try_from(reference: UriRefView<'a>) -> Result<Self, UriError> {
        if reference.0.parts.scheme_end == 0 {
            let text = reference.as_str().as_bytes();
            return Err(UriError::new(UriErrorKind::MissingScheme, text, 0));
        }
        Ok(Self(reference.0))
    }
}

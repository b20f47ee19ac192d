//! A URI reference, [RFC 3986 §4.1]: a URI, or what is relative to one.
//!
//! [RFC 3986 §4.1]: https://www.rfc-editor.org/rfc/rfc3986#section-4.1

use alloc::boxed::Box;
use alloc::string::String;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

use super::absolute::Uri;
use super::authority::Authority;
use super::error::{UriError, UriErrorKind};
use super::parts::{Parts, Rule, Split, parse};
use super::text::{Masked, text_type};

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
    text: Box<str>,
    parts: Parts,
}

text_type!(UriRef, Rule::Reference);

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
    pub fn parse(text: impl AsRef<[u8]>) -> Result<Self, UriError> {
        let Split { text, parts } = Split::parse(text.as_ref(), Rule::Reference)?;
        Ok(Self { text: text.into(), parts })
    }

    /// Returns the whole reference.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(nethttp::uri::UriRef::parse("?q")?.as_str(), "?q");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
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

    /// Returns the authority, or `None` without a `//` in its place.
    ///
    /// # Examples
    ///
    /// ```
    /// let reference = nethttp::uri::UriRef::parse("//example.org/a")?;
    /// let host = reference.authority().map(|authority| authority.host_str());
    /// assert_eq!(host, Some("example.org"));
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
    /// assert_eq!(nethttp::uri::UriRef::parse("a/./b?c")?.path(), "a/./b");
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
    /// assert_eq!(nethttp::uri::UriRef::parse("?a=1#b")?.query(), Some("a=1"));
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
    /// assert_eq!(nethttp::uri::UriRef::parse("#top")?.fragment(), Some("top"));
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
    /// assert_eq!(nethttp::uri::UriRef::parse("a?b#c")?.path_and_query(), "a?b");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn path_and_query(&self) -> &str {
        self.split().path_and_query()
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

//! Text with escapes, and the segments of a path ([RFC 3986 §2.1], [RFC 3986 §3.3]).
//!
//! [RFC 3986 §2.1]: https://www.rfc-editor.org/rfc/rfc3986#section-2.1
//! [RFC 3986 §3.3]: https://www.rfc-editor.org/rfc/rfc3986#section-3.3

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;
use core::iter::FusedIterator;

use super::error::{UriError, UriErrorKind};
use crate::syntax::{decoded, percent_decode, percent_decode_lossy};

/// A component of a URI, or a part of one, with its escapes: `a%20b`.
///
/// Nothing is decoded until it is asked for, since what is decoded cannot be taken apart any more:
/// `a%2Fb` is one segment that holds a slash. Two are equal when their bytes are;
/// [`eq_decoded`](Self::eq_decoded) compares what they mean.
///
/// # Examples
///
/// ```
/// use nethttp::uri::{PctStr, Uri};
///
/// let uri = Uri::parse("http://example.org/caf%C3%A9#men%C3%BC")?;
/// assert_eq!(PctStr::new(uri.path()).decode()?, "/café");
/// assert_eq!(uri.fragment().map(|it| PctStr::new(it).decode_lossy()), Some("menü".into()));
/// # Ok::<(), nethttp::uri::UriError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PctStr<'a>(&'a str);

impl<'a> PctStr<'a> {
    /// Takes any text; that its escapes are well formed is asked when they are decoded.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::PctStr;
    ///
    /// assert_eq!(PctStr::new("100%25").decode_lossy(), "100%");
    /// ```
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// Returns the text with its escapes.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(nethttp::uri::PctStr::new("a%20b").as_str(), "a%20b");
    /// ```
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.0
    }

    /// Returns the text that is meant; borrowed where there is no escape.
    ///
    /// A `+` stays one: it is a space in forms only, for which there is [`Pairs`](super::Pairs).
    ///
    /// # Errors
    ///
    /// [`UriErrorKind::InvalidPercent`] at a `%` without two hexadecimal digits, which no component of a
    /// URI holds; [`UriErrorKind::NotUtf8`] at the first byte, escaped or not, that is not UTF-8.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::{PctStr, UriErrorKind};
    ///
    /// assert_eq!(PctStr::new("na%C3%AFve").decode()?, "naïve");
    /// let error = PctStr::new("a%20%FF").decode().unwrap_err();
    /// assert_eq!((error.kind(), error.offset()), (UriErrorKind::NotUtf8, 4));
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn decode(&self) -> Result<Cow<'a, str>, UriError> {
        let text = self.0.as_bytes();
        let decoded = percent_decode(text)
            .map_err(|error| UriError::new(UriErrorKind::InvalidPercent, text, error.offset()))?;
        match decoded {
            Cow::Borrowed(_) => Ok(Cow::Borrowed(self.0)),
            Cow::Owned(decoded) => String::from_utf8(decoded).map(Cow::Owned).map_err(|error| {
                let at = escaped_offset(text, error.utf8_error().valid_up_to());
                UriError::new(UriErrorKind::NotUtf8, text, at)
            }),
        }
    }

    /// Returns the text that is meant, with U+FFFD for what is not UTF-8 and every `%` kept that starts
    /// no escape.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::PctStr;
    ///
    /// assert_eq!(PctStr::new("a%FFb%").decode_lossy(), "a\u{fffd}b%");
    /// ```
    #[must_use]
    pub fn decode_lossy(&self) -> Cow<'a, str> {
        match self.decode_bytes() {
            Cow::Borrowed(_) => Cow::Borrowed(self.0),
            Cow::Owned(decoded) => match String::from_utf8_lossy(&decoded) {
                Cow::Owned(text) => Cow::Owned(text),
                // All of it is UTF-8.
                Cow::Borrowed(_) => Cow::Owned(String::from_utf8(decoded).unwrap_or_default()),
            },
        }
    }

    /// Returns the bytes that are meant, with every `%` kept that starts no escape.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::PctStr;
    ///
    /// assert_eq!(PctStr::new("%00%FF").decode_bytes().as_ref(), [0, 255]);
    /// ```
    #[must_use]
    pub fn decode_bytes(&self) -> Cow<'a, [u8]> {
        percent_decode_lossy(self.0.as_bytes())
    }

    /// Returns whether the bytes that are meant are those of `text`, without an allocation.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::PctStr;
    ///
    /// assert!(PctStr::new("%61/b").eq_decoded("a/b"));
    /// assert!(!PctStr::new("a%2Fb").eq_decoded("a%2Fb"));
    /// ```
    #[must_use]
    pub fn eq_decoded(&self, text: impl AsRef<[u8]>) -> bool {
        decoded(self.0.as_bytes(), b'+').map(|(octet, _)| octet).eq(text.as_ref().iter().copied())
    }

    /// Returns the segments of the text, which is a path.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::PctStr;
    ///
    /// let segments: Vec<_> = PctStr::new("/a//b%2F/").segments().map(|it| it.as_str()).collect();
    /// assert_eq!(segments, ["a", "", "b%2F", ""]);
    /// ```
    pub const fn segments(&self) -> Segments<'a> {
        Segments::new(self.0)
    }
}

/// Where what stands for a byte of the decoded text starts.
#[cold]
fn escaped_offset(text: &[u8], index: usize) -> usize {
    decoded(text, b'+').take(index).map(|(_, len)| len).sum()
}

/// Shows the text with its escapes.
impl fmt::Display for PctStr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

impl fmt::Debug for PctStr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PctStr").field(&self.0).finish()
    }
}

impl<'a> From<&'a str> for PctStr<'a> {
    fn from(text: &'a str) -> Self {
        Self::new(text)
    }
}

impl AsRef<str> for PctStr<'_> {
    fn as_ref(&self) -> &str {
        self.0
    }
}

impl PartialEq<str> for PctStr<'_> {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for PctStr<'_> {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

/// The segments of a path, in their order: what stands between its slashes.
///
/// Made by `segments()` of a URI, a reference, a request target or a [`PctStr`].
///
/// # Examples
///
/// ```
/// use nethttp::uri::Uri;
///
/// let uri = Uri::parse("http://example.org/users/j%C3%BCrgen/")?;
/// let segments: Result<Vec<_>, _> = uri.segments().map(|segment| segment.decode()).collect();
/// assert_eq!(segments?, ["users", "jürgen", ""]);
/// # Ok::<(), nethttp::uri::UriError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "iterators do nothing unless they are used"]
pub struct Segments<'a> {
    /// `None` when there are no more.
    rest: Option<&'a str>,
}

impl<'a> Segments<'a> {
    pub(super) const fn new(path: &'a str) -> Self {
        Self {
            rest: match path.as_bytes() {
                [] => None,
                [b'/', ..] => match path.split_at_checked(1) {
                    Some((_, rest)) => Some(rest),
                    None => None,
                },
                _ => Some(path),
            },
        }
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = PctStr<'a>;

    fn next(&mut self) -> Option<PctStr<'a>> {
        let rest = self.rest?;
        let segment = match rest.split_once('/') {
            Some((segment, rest)) => {
                self.rest = Some(rest);
                segment
            }
            None => {
                self.rest = None;
                rest
            }
        };
        Some(PctStr::new(segment))
    }
}

impl DoubleEndedIterator for Segments<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let rest = self.rest?;
        let segment = match rest.rsplit_once('/') {
            Some((rest, segment)) => {
                self.rest = Some(rest);
                segment
            }
            None => {
                self.rest = None;
                rest
            }
        };
        Some(PctStr::new(segment))
    }
}

impl FusedIterator for Segments<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::vec::Vec;

    #[test]
    fn an_error_points_to_what_stands_for_the_byte() {
        for (text, kind, at) in [
            ("%", UriErrorKind::InvalidPercent, 0),
            ("ab%4g", UriErrorKind::InvalidPercent, 2),
            ("%C3%A4%C3", UriErrorKind::NotUtf8, 6),
            ("a%C3b", UriErrorKind::NotUtf8, 1),
            ("%20%41%80", UriErrorKind::NotUtf8, 6),
        ] {
            let error = PctStr::new(text).decode().unwrap_err();
            assert_eq!((error.kind(), error.offset()), (kind, at), "{text}");
        }
    }

    #[test]
    fn decodes_in_three_ways() {
        for (text, lossy) in [
            ("", ""),
            ("a+b", "a+b"),
            ("%61%2F", "a/"),
            ("ä%C3%A4", "ää"),
            ("%2541", "%41"),
            ("%F0%9F%98%80", "\u{1f600}"),
        ] {
            let text = PctStr::new(text);
            assert_eq!(text.decode().as_deref(), Ok(lossy));
            assert_eq!(text.decode_lossy(), lossy);
            assert_eq!(text.decode_bytes().as_ref(), lossy.as_bytes());
            assert!(text.eq_decoded(lossy));
            assert!(!text.eq_decoded(format!("{lossy}x")));
        }
        assert!(matches!(PctStr::new("ab").decode(), Ok(Cow::Borrowed("ab"))));
        assert!(matches!(PctStr::new("ab").decode_lossy(), Cow::Borrowed("ab")));
        assert_eq!(PctStr::new("%FF%").decode_lossy(), "\u{fffd}%");
    }

    #[test]
    fn segments_stand_between_slashes() {
        for (path, expected) in [
            ("", &[][..]),
            ("/", &[""]),
            ("a", &["a"]),
            ("/a", &["a"]),
            ("/a/", &["a", ""]),
            ("a/b", &["a", "b"]),
            ("//a", &["", "a"]),
            ("/a//b", &["a", "", "b"]),
        ] {
            let forth: Vec<&str> = Segments::new(path).map(|it| it.as_str()).collect();
            assert_eq!(forth, expected, "{path}");
            let mut back: Vec<&str> = Segments::new(path).rev().map(|it| it.as_str()).collect();
            back.reverse();
            assert_eq!(back, expected, "{path}");
        }
    }

    #[test]
    fn shows_the_escapes() {
        let text = PctStr::from("a%20b");
        assert_eq!(format!("{text} {text:?}"), "a%20b PctStr(\"a%20b\")");
        assert_eq!(text, "a%20b");
    }
}

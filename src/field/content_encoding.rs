//! The Content-Encoding field, [RFC 9110 §8.4](https://www.rfc-editor.org/rfc/rfc9110#section-8.4): what
//! was done to the content, and in which order.
//!
//! Decoding is done elsewhere, and Transfer-Encoding is no field of the content.
//!
//! ```
//! use nethttp::field::{ContentCoding, ContentEncoding};
//!
//! let encoding = ContentEncoding::parse(b"X-GZip, br")?;
//! assert_eq!(encoding.to_string(), "gzip, br");
//! // What was applied last is removed first.
//! assert_eq!(encoding.codings().next_back(), Some(&ContentCoding::Br));
//! # Ok::<(), nethttp::field::FieldError>(())
//! ```

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;
use core::slice;

use super::{FieldError, FieldErrorKind};
use crate::header::{self, HeaderMap};
use crate::syntax::{Cursor, SyntaxErrorKind, write_list};

/// One content coding, [RFC 9110 §8.4.1](https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1).
///
/// Names are case-insensitive. `x-gzip` and `x-compress` are other names of `gzip` and `compress`.
///
/// # Examples
///
/// ```
/// use nethttp::field::ContentCoding;
///
/// let can_decode = |coding: &ContentCoding<'_>| match coding {
///     ContentCoding::Gzip | ContentCoding::Deflate => true,
///     other => other.as_str() == "pack200-gzip",
/// };
/// assert!(can_decode(&ContentCoding::parse(b"GZIP")?));
/// assert!(!can_decode(&ContentCoding::parse(b"br")?));
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContentCoding<'a> {
    /// `br`, [RFC 7932](https://www.rfc-editor.org/rfc/rfc7932).
    Br,
    /// `compress` or `x-compress`, [RFC 9110 §8.4.1.1](https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1.1).
    Compress,
    /// `deflate`, the format of zlib, [RFC 9110 §8.4.1.2](https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1.2).
    Deflate,
    /// `gzip` or `x-gzip`, [RFC 9110 §8.4.1.3](https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1.3).
    Gzip,
    /// `identity`, no coding; it has its place in Accept-Encoding,
    /// [RFC 9110 §12.5.3](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3).
    Identity,
    /// `zstd`, [RFC 8878](https://www.rfc-editor.org/rfc/rfc8878).
    Zstd,
    /// Another one.
    Other(OtherCoding<'a>),
}

/// The name of a coding that [`ContentCoding`] does not know.
///
/// # Examples
///
/// ```
/// use nethttp::field::ContentCoding;
///
/// assert_eq!(ContentCoding::parse(b"EXI")?, ContentCoding::parse(b"exi")?);
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Debug)]
pub struct OtherCoding<'a>(Cow<'a, str>);

impl PartialEq for OtherCoding<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for OtherCoding<'_> {}

/// The names that are read; the first for a coding is the one that is written.
const NAMES: [(&str, ContentCoding<'static>); 8] = [
    ("gzip", ContentCoding::Gzip),
    ("br", ContentCoding::Br),
    ("deflate", ContentCoding::Deflate),
    ("zstd", ContentCoding::Zstd),
    ("identity", ContentCoding::Identity),
    ("compress", ContentCoding::Compress),
    ("x-gzip", ContentCoding::Gzip),
    ("x-compress", ContentCoding::Compress),
];

impl<'a> ContentCoding<'a> {
    /// Parses a name that spans the whole input.
    ///
    /// ```abnf
    /// content-coding = token
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error at the first byte that is no `tchar`.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::ContentCoding;
    ///
    /// assert_eq!(ContentCoding::parse(b"x-gzip")?, ContentCoding::Gzip);
    /// assert!(ContentCoding::parse(b"gzip;q=1").is_err());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn parse(text: &'a [u8]) -> Result<Self, FieldError> {
        let mut cursor = Cursor::new(text);
        let coding = Self::of_token(cursor.token()?);
        if cursor.peek().is_some() {
            return Err(cursor.error(SyntaxErrorKind::ExpectedToken).into());
        }
        Ok(coding)
    }

    fn of_token(token: &'a [u8]) -> Self {
        // A token is ASCII.
        let name = core::str::from_utf8(token).unwrap_or_default();
        let known = NAMES.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        known.map_or(Self::Other(OtherCoding(Cow::Borrowed(name))), |(_, coding)| coding)
    }

    /// Returns the registered name of a coding that is known, and the name as it was written of another.
    ///
    /// ```
    /// use nethttp::field::ContentCoding;
    ///
    /// assert_eq!(ContentCoding::parse(b"X-GZIP")?.as_str(), "gzip");
    /// assert_eq!(ContentCoding::parse(b"EXI")?.as_str(), "EXI");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Br => "br",
            Self::Compress => "compress",
            Self::Deflate => "deflate",
            Self::Gzip => "gzip",
            Self::Identity => "identity",
            Self::Zstd => "zstd",
            Self::Other(OtherCoding(name)) => name,
        }
    }

    /// Returns the coding with a copy of what it borrows.
    ///
    /// ```
    /// use nethttp::field::ContentCoding;
    ///
    /// let kept: ContentCoding<'static> =
    ///     ContentCoding::parse(String::from("exi").as_bytes())?.into_owned();
    /// assert_eq!(kept.as_str(), "exi");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> ContentCoding<'static> {
        match self {
            Self::Br => ContentCoding::Br,
            Self::Compress => ContentCoding::Compress,
            Self::Deflate => ContentCoding::Deflate,
            Self::Gzip => ContentCoding::Gzip,
            Self::Identity => ContentCoding::Identity,
            Self::Zstd => ContentCoding::Zstd,
            Self::Other(OtherCoding(name)) => {
                ContentCoding::Other(OtherCoding(Cow::Owned(name.into_owned())))
            }
        }
    }
}

impl fmt::Display for ContentCoding<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The codings that have been applied to the content, in that order,
/// [RFC 9110 §8.4](https://www.rfc-editor.org/rfc/rfc9110#section-8.4).
///
/// `identity` is no coding and is left out.
///
/// # Examples
///
/// ```
/// use nethttp::field::{ContentCoding, ContentEncoding};
/// use nethttp::header::{self, HeaderMap};
///
/// let mut headers = HeaderMap::new();
/// headers.insert(header::CONTENT_ENCODING, ContentEncoding::from(ContentCoding::Gzip).to_string())?;
/// let encoding = ContentEncoding::from_headers(&headers)?;
/// assert!(encoding.codings().rev().eq([&ContentCoding::Gzip]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContentEncoding<'a> {
    codings: Vec<ContentCoding<'a>>,
}

impl<'a> ContentEncoding<'a> {
    /// The largest number of codings that are read, 5: each is a step of decoding, and a few bytes can
    /// name thousands.
    ///
    /// ```
    /// use nethttp::field::ContentEncoding;
    ///
    /// assert!(ContentEncoding::parse("gzip,".repeat(ContentEncoding::MAX_CODINGS).as_bytes()).is_ok());
    /// assert!(ContentEncoding::parse(b"gzip, gzip, gzip, gzip, gzip, gzip").is_err());
    /// ```
    pub const MAX_CODINGS: usize = 5;

    /// Parses one field value to the letter.
    ///
    /// ```abnf
    /// Content-Encoding = #content-coding
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error at the first byte that is not allowed, or when there are more than
    /// [`MAX_CODINGS`](Self::MAX_CODINGS).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::{ContentCoding, ContentEncoding};
    ///
    /// let encoding = ContentEncoding::parse(b"deflate, identity, gzip")?;
    /// assert!(encoding.codings().eq(&[ContentCoding::Deflate, ContentCoding::Gzip]));
    /// assert_eq!(ContentEncoding::parse(b"gzip;q=1").unwrap_err().offset(), 4);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn parse(value: &'a [u8]) -> Result<Self, FieldError> {
        let mut encoding = Self::default();
        encoding.read(value)?;
        Ok(encoding)
    }

    /// Reads all Content-Encoding fields of a message; without one there are no codings.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`parse`](Self::parse), with the offset in the line that is wrong. There is
    /// nothing to recover: whoever leaves out a member decodes something else than was encoded
    /// ([RFC 9110 §8.4](https://www.rfc-editor.org/rfc/rfc9110#section-8.4)).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::ContentEncoding;
    /// use nethttp::header::HeaderMap;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("Content-Encoding", "deflate")?;
    /// headers.append("Content-Encoding", "gzip")?;
    /// assert_eq!(ContentEncoding::from_headers(&headers)?.to_string(), "deflate, gzip");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_headers(headers: &'a HeaderMap) -> Result<Self, FieldError> {
        let mut encoding = Self::default();
        headers.get_all(header::CONTENT_ENCODING).try_for_each(|line| encoding.read(line))?;
        Ok(encoding)
    }

    fn read(&mut self, value: &'a [u8]) -> Result<(), FieldError> {
        let mut cursor = Cursor::new(value);
        while cursor.next_member() {
            let at = cursor.offset();
            let coding = ContentCoding::of_token(cursor.token()?);
            cursor.end_member()?;
            if coding == ContentCoding::Identity {
                continue;
            }
            if self.codings.len() >= Self::MAX_CODINGS {
                let kind = FieldErrorKind::TooManyMembers(Self::MAX_CODINGS);
                return Err(FieldError::new(kind, at));
            }
            self.codings.push(coding);
        }
        Ok(())
    }

    /// Returns the codings in the order in which they were applied; `rev()` gives that of decoding.
    ///
    /// ```
    /// use nethttp::field::ContentEncoding;
    ///
    /// let encoding = ContentEncoding::parse(b"br, gzip")?;
    /// let steps: Vec<_> = encoding.codings().rev().map(|coding| coding.as_str()).collect();
    /// assert_eq!(steps, ["gzip", "br"]);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn codings(&self) -> slice::Iter<'_, ContentCoding<'a>> {
        self.codings.iter()
    }

    /// Returns whether no coding was applied.
    ///
    /// ```
    /// use nethttp::field::ContentEncoding;
    ///
    /// assert!(ContentEncoding::parse(b"identity")?.is_identity());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn is_identity(&self) -> bool {
        self.codings.is_empty()
    }

    /// Returns the value with a copy of what it borrows.
    ///
    /// ```
    /// use nethttp::field::ContentEncoding;
    ///
    /// let kept: ContentEncoding<'static> =
    ///     ContentEncoding::parse(String::from("exi").as_bytes())?.into_owned();
    /// assert_eq!(kept.to_string(), "exi");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> ContentEncoding<'static> {
        self.codings.into_iter().map(ContentCoding::into_owned).collect()
    }
}

impl<'a> From<ContentCoding<'a>> for ContentEncoding<'a> {
    fn from(coding: ContentCoding<'a>) -> Self {
        Self::from_iter([coding])
    }
}

/// Takes the codings in the order in which they were applied; `identity` is left out. The program that
/// builds the value sets the number.
impl<'a> FromIterator<ContentCoding<'a>> for ContentEncoding<'a> {
    fn from_iter<I: IntoIterator<Item = ContentCoding<'a>>>(codings: I) -> Self {
        let applied = codings.into_iter().filter(|coding| *coding != ContentCoding::Identity);
        Self { codings: applied.collect() }
    }
}

/// Writes the names, separated by comma and space. Without codings the text is empty, and a message should
/// not have the field.
impl fmt::Display for ContentEncoding<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, &self.codings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[track_caller]
    fn parses(value: &str, written: &str) {
        let encoding = ContentEncoding::parse(value.as_bytes()).unwrap();
        assert_eq!(encoding.to_string(), written);
        assert_eq!(encoding.is_identity(), written.is_empty());
    }

    #[test]
    fn reads_codings_in_order() {
        parses("", "");
        parses("gzip", "gzip");
        parses("GZip", "gzip");
        parses("x-gzip, X-Compress", "gzip, compress");
        parses("br,gzip ,, br", "br, gzip, br");
        parses("identity", "");
        parses("Identity, deflate, identity", "deflate");
        parses("zstd, aes128gcm, EXI", "zstd, aes128gcm, EXI");
        // What `x-` stands for is not said of others.
        parses("x-deflate, x-br", "x-deflate, x-br");
    }

    #[test]
    fn known_names_are_written_as_registered() {
        for (name, coding) in NAMES {
            assert_eq!(ContentCoding::parse(name.as_bytes()), Ok(coding.clone()));
            assert_eq!(coding.as_str(), name.strip_prefix("x-").unwrap_or(name));
            assert_eq!(coding.clone().into_owned(), coding);
        }
    }

    #[track_caller]
    fn rejects(value: &str, kind: FieldErrorKind, offset: usize) {
        let error = ContentEncoding::parse(value.as_bytes()).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, offset));
        let mut headers = HeaderMap::new();
        headers.append("content-encoding", "br").unwrap();
        headers.append("Content-Encoding", value).unwrap();
        assert!(ContentEncoding::from_headers(&headers).is_err());
    }

    #[test]
    fn rejects_at_the_byte_that_is_wrong() {
        use FieldErrorKind::{Syntax, TooManyMembers};
        rejects("gzip br", Syntax(SyntaxErrorKind::ExpectedComma), 5);
        rejects("gzip;q=1", Syntax(SyntaxErrorKind::ExpectedComma), 4);
        rejects("gzip, \"br\"", Syntax(SyntaxErrorKind::ExpectedToken), 6);
        rejects("a,b,c,d,identity,e,f", TooManyMembers(ContentEncoding::MAX_CODINGS), 19);
        assert_eq!(ContentCoding::parse(b"gzip ").unwrap_err().offset(), 4);
        assert_eq!(ContentCoding::parse(b"").unwrap_err().offset(), 0);
    }

    #[test]
    fn lines_count_together_against_the_limit() {
        let mut headers = HeaderMap::new();
        for _ in 0..=ContentEncoding::MAX_CODINGS {
            headers.append("Content-Encoding", "gzip").unwrap();
        }
        let error = ContentEncoding::from_headers(&headers).unwrap_err();
        assert_eq!(error.kind(), FieldErrorKind::TooManyMembers(ContentEncoding::MAX_CODINGS));
    }
}

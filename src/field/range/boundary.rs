//! What stands between the parts of a multipart body.

use alloc::string::String;
use core::fmt;

use super::ascii;
use crate::field::{FieldError, FieldErrorKind};
use crate::syntax::Class;

/// The boundary of a multipart body,
/// [RFC 2046 §5.1.1](https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1).
///
/// It must not occur in the content. Who does not search the content for it takes one of enough
/// [random bits](Self::from_bits).
///
/// # Examples
///
/// ```
/// use nethttp::field::Boundary;
///
/// assert_eq!(Boundary::parse(b"THIS_STRING_SEPARATES")?.as_str(), "THIS_STRING_SEPARATES");
/// assert!(Boundary::parse(b"new\r\nline").is_err());
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Boundary(String);

impl Boundary {
    /// The most characters of a boundary, 70.
    ///
    /// ```
    /// use nethttp::field::Boundary;
    ///
    /// assert!(Boundary::parse(&[b'x'; Boundary::MAX_LEN]).is_ok());
    /// assert!(Boundary::parse(&[b'x'; Boundary::MAX_LEN + 1]).is_err());
    /// ```
    pub const MAX_LEN: usize = 70;

    /// Reads a boundary.
    ///
    /// ```abnf
    /// boundary      = 0*69<bchars> bcharsnospace
    /// bchars        = bcharsnospace / " "
    /// bcharsnospace = DIGIT / ALPHA / "'" / "(" / ")" / "+" / "_" /
    ///                 "," / "-" / "." / "/" / ":" / "=" / "?"
    /// ```
    ///
    /// # Errors
    ///
    /// [`Boundary`](FieldErrorKind::Boundary) at the first byte that does not fit.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::Boundary;
    ///
    /// assert!(Boundary::parse(b"gc0p4Jq0M2Yt08jU534c0p").is_ok());
    /// assert_eq!(Boundary::parse(b"two*").unwrap_err().offset(), 3);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn parse(text: &[u8]) -> Result<Self, FieldError> {
        let good = Class::BOUNDARY.prefix_len(text);
        let error = |offset| Err(FieldError::new(FieldErrorKind::Boundary, offset));
        match text {
            _ if good < text.len() => error(good),
            _ if good > Self::MAX_LEN => error(Self::MAX_LEN),
            [] => error(0),
            [.., b' '] => error(good - 1),
            _ => Ok(Self(String::from(ascii(text)))),
        }
    }

    /// Returns a boundary of 32 hexadecimal digits. The bits have to be random: content that somebody
    /// else chooses must not be able to hold it.
    ///
    /// ```
    /// use nethttp::field::Boundary;
    ///
    /// assert_eq!(Boundary::from_bits(0xbadcafe).as_str(), "0000000000000000000000000badcafe");
    /// ```
    #[must_use]
    pub fn from_bits(bits: u128) -> Self {
        Self(alloc::format!("{bits:032x}"))
    }

    /// Returns a boundary of 32 hexadecimal digits that nobody can tell beforehand.
    ///
    /// ```
    /// use nethttp::field::Boundary;
    ///
    /// assert_ne!(Boundary::random(), Boundary::random());
    /// ```
    #[cfg(feature = "std")]
    #[must_use]
    pub fn random() -> Self {
        Self::from_bits(crate::random::random_bits())
    }

    /// Returns the text.
    ///
    /// ```
    /// use nethttp::field::Boundary;
    ///
    /// assert_eq!(Boundary::from_bits(0).as_str().len(), 32);
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the parameter of a media type that announces the boundary, in quotes where a token may
    /// not hold it.
    ///
    /// ```
    /// use nethttp::field::Boundary;
    ///
    /// assert_eq!(Boundary::parse(b"a-b")?.parameter(), "boundary=a-b");
    /// assert_eq!(Boundary::parse(b"a:b")?.parameter(), "boundary=\"a:b\"");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn parameter(&self) -> String {
        let Self(text) = self;
        // No `bchars` needs an escape between quotes.
        let quote = if Class::TOKEN.matches(text.as_bytes()) { "" } else { "\"" };
        alloc::format!("boundary={quote}{text}{quote}")
    }
}

impl fmt::Display for Boundary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn reads_what_rfc_2046_allows() {
        let all = "0129ABYZabyz'()+_,-./:=? x";
        assert_eq!(Boundary::parse(all.as_bytes()).map(|b| b.to_string()), Ok(all.to_string()));
        assert_eq!(Boundary::from_bits(u128::MAX).as_str(), "f".repeat(32));
    }

    #[track_caller]
    fn refuses(text: &[u8], offset: usize) {
        let error = FieldError::new(FieldErrorKind::Boundary, offset);
        assert_eq!(Boundary::parse(text), Err(error));
    }

    #[test]
    fn refuses_other_bytes_and_lengths() {
        refuses(b"", 0);
        refuses(b" ", 0);
        refuses(b"a ", 1);
        refuses(b"a\r\nb", 1);
        refuses(b"a\"b", 1);
        refuses(b"a;b", 1);
        refuses(b"\xff", 0);
        refuses(&[b'a'; 71], 70);
    }
}

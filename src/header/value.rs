//! The value of a field, [RFC 9110 §5.5](https://www.rfc-editor.org/rfc/rfc9110#section-5.5).

use super::error::{HeaderError, HeaderErrorKind};
use super::lookup::each;
use crate::syntax::Class;
use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Write};
use core::str::{FromStr, Utf8Error};

/// The value of a field: bytes that can stand on a line,
/// [RFC 9110 §5.5](https://www.rfc-editor.org/rfc/rfc9110#section-5.5).
///
/// CR, LF, NUL and the other controls except HTAB are refused, so that no value can add a field or
/// a message. So is whitespace at either end: a recipient strips it, and nothing is stripped
/// silently here. Bytes from 0x80 up (`obs-text`) are allowed; most are UTF-8 today.
///
/// A [`HeaderMap`](super::HeaderMap) takes plain text as well; a `HeaderValue` is for a value that
/// is checked once and used often, and for numbers.
///
/// # Examples
///
/// ```
/// use nethttp::header::{self, HeaderMap, HeaderValue};
///
/// const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
///
/// let mut headers = HeaderMap::new();
/// headers.append(header::CACHE_CONTROL, NO_STORE)?;
/// headers.append(header::CONTENT_LENGTH, HeaderValue::from(348_u64))?;
/// assert_eq!(headers.text("content-length"), Some("348"));
/// # Ok::<(), nethttp::header::HeaderError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HeaderValue(Cow<'static, [u8]>);

impl HeaderValue {
    /// Returns the value that a text in the program gives.
    ///
    /// # Panics
    ///
    /// Panics when the text is no field value, which in a constant stops the compiler. For a text
    /// that is not written in the program use [`parse`](Self::parse).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::header::HeaderValue;
    ///
    /// const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
    /// assert_eq!(HTML, "text/html; charset=utf-8");
    /// ```
    ///
    /// ```compile_fail
    /// use nethttp::header::HeaderValue;
    ///
    /// const HTML: HeaderValue = HeaderValue::from_static("text/html\r\n");
    /// ```
    #[must_use]
    pub const fn from_static(text: &'static str) -> Self {
        assert!(check(text.as_bytes()).is_ok(), "expected a field value");
        Self(Cow::Borrowed(text.as_bytes()))
    }

    /// Reads a value that spans the whole input.
    ///
    /// ```abnf
    /// field-value   = *field-content
    /// field-content = field-vchar
    ///                 [ 1*( SP / HTAB / field-vchar ) field-vchar ]
    /// field-vchar   = VCHAR / obs-text
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error when the input holds a control other than HTAB, or begins or ends with
    /// whitespace.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::header::{HeaderErrorKind, HeaderValue};
    ///
    /// assert_eq!(HeaderValue::parse(b"gzip, br")?.as_bytes(), b"gzip, br");
    ///
    /// let error = HeaderValue::parse(b"gzip\r\n").unwrap_err();
    /// assert_eq!(error.kind(), HeaderErrorKind::InvalidValueByte(b'\r'));
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    pub fn parse(text: &[u8]) -> Result<Self, HeaderError> {
        check(text)?;
        Ok(Self(Cow::Owned(text.to_vec())))
    }

    /// Returns the bytes of the value.
    ///
    /// ```
    /// use nethttp::header::HeaderValue;
    ///
    /// assert_eq!(HeaderValue::from_static("close").as_bytes(), b"close");
    /// ```
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns the value as text.
    ///
    /// # Errors
    ///
    /// Returns an error when the value is not UTF-8.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::header::HeaderValue;
    ///
    /// assert_eq!(HeaderValue::from(12_u32).to_str()?, "12");
    /// # Ok::<(), core::str::Utf8Error>(())
    /// ```
    pub fn to_str(&self) -> Result<&str, Utf8Error> {
        core::str::from_utf8(&self.0)
    }
}

/// Returns whether the bytes are a value, and if not, why.
pub(super) const fn check(text: &[u8]) -> Result<(), HeaderError> {
    if let Some((offset, octet)) = first_control(text) {
        return Err(HeaderError::new(HeaderErrorKind::InvalidValueByte(octet), offset));
    }
    match text {
        [b' ' | b'\t', ..] => Err(HeaderError::new(HeaderErrorKind::WhitespaceAround, 0)),
        [.., b' ' | b'\t'] => {
            Err(HeaderError::new(HeaderErrorKind::WhitespaceAround, text.len() - 1))
        }
        _ => Ok(()),
    }
}

/// Returns the first control other than HTAB, and where it stands.
#[inline]
pub(crate) const fn first_control(text: &[u8]) -> Option<(usize, u8)> {
    if is_plain(text) {
        return None;
    }
    match Class::FIELD.skip(text) {
        [octet, after @ ..] => Some((text.len() - after.len() - 1, *octet)),
        [] => None,
    }
}

/// Returns whether none of at least eight bytes is a control, of which a value may have the tab. It
/// does not stop at one, so that several words are looked at together.
#[inline]
const fn is_plain(text: &[u8]) -> bool {
    let Some(last) = text.last_chunk() else {
        return false;
    };
    let mut found = controls(last);
    let (mut words, _) = text.as_chunks();
    while let [word, after @ ..] = words {
        found |= controls(word);
        words = after;
    }
    found & each(0x80) == 0
}

/// Brings up the top bit of a byte below 0x20, or of one that is 0x7f. What the subtractions borrow
/// from the bytes behind such a byte does not matter.
#[inline]
const fn controls(octets: &[u8; 8]) -> u64 {
    let word = u64::from_le_bytes(*octets);
    let delete = word ^ each(0x7f);
    (word.wrapping_sub(each(0x20)) & !word) | (delete.wrapping_sub(each(1)) & !delete)
}

/// Bytes as a quoted text, every byte that is not printable ASCII escaped.
pub(super) struct Quoted<'a>(pub(super) &'a [u8]);

impl fmt::Debug for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

/// Writes the value as text; bytes that are not UTF-8 appear as `\xNN`, and control characters
/// (HTAB, and U+0080 to U+009F in UTF-8) as Rust escapes, so that a terminal shows them harmlessly.
impl fmt::Display for HeaderValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.utf8_chunks() {
            for character in chunk.valid().chars() {
                if character.is_control() {
                    write!(f, "{}", character.escape_default())?;
                } else {
                    f.write_char(character)?;
                }
            }
            write!(f, "{}", chunk.invalid().escape_ascii())?;
        }
        Ok(())
    }
}

impl fmt::Debug for HeaderValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Quoted(&self.0).fmt(f)
    }
}

impl AsRef<[u8]> for HeaderValue {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl PartialEq<str> for HeaderValue {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other.as_bytes()
    }
}

impl PartialEq<&str> for HeaderValue {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == *other.as_bytes()
    }
}

impl PartialEq<[u8]> for HeaderValue {
    fn eq(&self, other: &[u8]) -> bool {
        *self.0 == *other
    }
}

impl FromStr for HeaderValue {
    type Err = HeaderError;

    fn from_str(text: &str) -> Result<Self, HeaderError> {
        Self::parse(text.as_bytes())
    }
}

impl TryFrom<&str> for HeaderValue {
    type Error = HeaderError;

    fn try_from(text: &str) -> Result<Self, HeaderError> {
        Self::parse(text.as_bytes())
    }
}

impl TryFrom<String> for HeaderValue {
    type Error = HeaderError;

    fn try_from(text: String) -> Result<Self, HeaderError> {
        Self::try_from(text.into_bytes())
    }
}

impl TryFrom<&[u8]> for HeaderValue {
    type Error = HeaderError;

    fn try_from(text: &[u8]) -> Result<Self, HeaderError> {
        Self::parse(text)
    }
}

impl TryFrom<Vec<u8>> for HeaderValue {
    type Error = HeaderError;

    fn try_from(text: Vec<u8>) -> Result<Self, HeaderError> {
        check(&text)?;
        Ok(Self(Cow::Owned(text)))
    }
}

macro_rules! from_number {
    ($($number:ty)+) => {
        $(
            impl From<$number> for HeaderValue {
                fn from(number: $number) -> Self {
                    Self(Cow::Owned(number.to_string().into_bytes()))
                }
            }
        )+
    };
}

from_number!(u16 u32 u64 usize);

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[track_caller]
    fn rejects(text: &[u8], kind: HeaderErrorKind, offset: usize) {
        let error = HeaderValue::parse(text).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, offset));
    }

    #[test]
    fn every_byte_is_allowed_inside_but_controls() {
        for octet in 0..=255 {
            let allowed = octet == b'\t' || (octet >= b' ' && octet != 0x7f);
            assert_eq!(HeaderValue::parse(&[b'a', octet, b'a']).is_ok(), allowed, "{octet}");
        }
    }

    #[test]
    fn an_empty_value_is_a_value() {
        assert_eq!(HeaderValue::parse(b"").unwrap(), "");
    }

    #[test]
    fn rejects_what_would_end_the_line() {
        use HeaderErrorKind::InvalidValueByte;
        rejects(b"a\rb", InvalidValueByte(b'\r'), 1);
        rejects(b"a\nb", InvalidValueByte(b'\n'), 1);
        rejects(b"a\0b", InvalidValueByte(0), 1);
        rejects(b"a\x7f", InvalidValueByte(0x7f), 1);
    }

    #[test]
    fn rejects_whitespace_around() {
        use HeaderErrorKind::WhitespaceAround;
        rejects(b" a", WhitespaceAround, 0);
        rejects(b"\ta", WhitespaceAround, 0);
        rejects(b"a ", WhitespaceAround, 1);
        rejects(b"a\t", WhitespaceAround, 1);
        rejects(b" ", WhitespaceAround, 0);
    }

    #[test]
    fn numbers_are_decimal() {
        assert_eq!(HeaderValue::from(0_u16), "0");
        assert_eq!(HeaderValue::from(u64::MAX), "18446744073709551615");
        assert_eq!(HeaderValue::from(7_usize), "7");
    }

    #[test]
    fn display_shows_text_and_escapes_the_rest() {
        let value = HeaderValue::parse("é\t\u{9b}\\\"".as_bytes()).unwrap();
        assert_eq!(value.to_string(), "é\\t\\u{9b}\\\"");
        assert_eq!(HeaderValue::parse(b"a\xffb").unwrap().to_string(), "a\\xffb");
        assert_eq!(format!("{:?}", HeaderValue::parse(b"a\xff\"").unwrap()), r#""a\xff\"""#);
    }

    #[test]
    fn eight_bytes_at_once_are_checked_as_one_at_a_time() {
        for octet in 0..=255 {
            for len in 1..=24_usize {
                for place in [0, 1, len / 2, len - 1] {
                    let mut text = alloc::vec![b'x'; len];
                    text[place.min(len - 1)] = octet;
                    let is_value = check(&text).is_ok();
                    let inside = 0 < place && place < len - 1;
                    let due =
                        Class::FIELD.contains(octet) && (inside || !Class::OWS.contains(octet));
                    assert_eq!(is_value, due, "{octet} at {place} of {len}");
                }
            }
        }
    }

    #[test]
    fn a_value_that_is_not_utf8_has_no_text() {
        assert!(HeaderValue::parse(b"\xe9").unwrap().to_str().is_err());
        assert_eq!(HeaderValue::try_from("é".to_string()).unwrap().to_str(), Ok("é"));
    }
}

//! What can be wrong with a field's name, its value, or a map that would hold it.

use core::fmt;

/// Why a name, a value or a field was refused, and where.
///
/// # Examples
///
/// ```
/// use nethttp::header::HeaderValue;
///
/// let error = HeaderValue::parse(b"a\r\nSet-Cookie: b").unwrap_err();
/// assert_eq!(error.to_string(), "expected a field value without controls, found '\\r' at byte 1");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderError {
    kind: HeaderErrorKind,
    offset: usize,
}

/// What is wrong with a name, a value or a field.
///
/// # Examples
///
/// ```
/// use nethttp::header::{HeaderErrorKind, HeaderName};
///
/// assert_eq!(HeaderName::parse(b"").unwrap_err().kind(), HeaderErrorKind::EmptyName);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderErrorKind {
    /// The name is empty, but a token has at least one byte,
    /// [RFC 9110 §5.1](https://www.rfc-editor.org/rfc/rfc9110#section-5.1).
    EmptyName,
    /// The name is longer than [`HeaderName::MAX_LEN`](super::HeaderName::MAX_LEN); the bound is
    /// this crate's, as [RFC 9110 §5.4](https://www.rfc-editor.org/rfc/rfc9110#section-5.4) allows.
    NameTooLong,
    /// A byte of the name is no `tchar`,
    /// [RFC 9110 §5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2).
    InvalidNameByte(u8),
    /// A byte of the value is a control other than HTAB,
    /// [RFC 9110 §5.5](https://www.rfc-editor.org/rfc/rfc9110#section-5.5).
    InvalidValueByte(u8),
    /// The value begins or ends with SP or HTAB, which a recipient strips,
    /// [RFC 9110 §5.5](https://www.rfc-editor.org/rfc/rfc9110#section-5.5).
    WhitespaceAround,
    /// The map holds as many fields as [`Limits::fields`](super::Limits::fields) allows, the number
    /// here, [RFC 9110 §5.4](https://www.rfc-editor.org/rfc/rfc9110#section-5.4).
    TooManyFields(usize),
    /// Names and values would take more bytes than [`Limits::bytes`](super::Limits::bytes) allows,
    /// the number here, [RFC 9110 §5.4](https://www.rfc-editor.org/rfc/rfc9110#section-5.4).
    TooManyBytes(usize),
}

impl HeaderError {
    #[cold]
    pub(crate) const fn new(kind: HeaderErrorKind, offset: usize) -> Self {
        Self { kind, offset }
    }

    /// Returns what is wrong.
    ///
    /// ```
    /// use nethttp::header::{HeaderErrorKind, HeaderName};
    ///
    /// let error = HeaderName::parse(b"Host:").unwrap_err();
    /// assert_eq!(error.kind(), HeaderErrorKind::InvalidNameByte(b':'));
    /// ```
    #[must_use]
    pub const fn kind(&self) -> HeaderErrorKind {
        self.kind
    }

    /// Returns the position of the first byte that is wrong, counted from 0 in the name or in the
    /// value, whichever the kind names; 0 when a limit is exceeded.
    ///
    /// ```
    /// use nethttp::header::HeaderName;
    ///
    /// assert_eq!(HeaderName::parse(b"Host:").unwrap_err().offset(), 4);
    /// ```
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            HeaderErrorKind::EmptyName => f.write_str("expected a field name, found nothing")?,
            HeaderErrorKind::NameTooLong => {
                let max = super::HeaderName::MAX_LEN;
                write!(f, "expected a field name of at most {max} bytes, found more")?;
            }
            HeaderErrorKind::InvalidNameByte(byte) => {
                write!(f, "expected a token as field name, found '{}'", byte.escape_ascii())?;
            }
            HeaderErrorKind::InvalidValueByte(byte) => {
                let byte = byte.escape_ascii();
                write!(f, "expected a field value without controls, found '{byte}'")?;
            }
            HeaderErrorKind::WhitespaceAround => {
                f.write_str("expected a field value without whitespace around it, found some")?;
            }
            HeaderErrorKind::TooManyFields(limit) => {
                return write!(f, "expected at most {limit} fields, found more");
            }
            HeaderErrorKind::TooManyBytes(limit) => {
                return write!(f, "expected at most {limit} bytes of fields, found more");
            }
        }
        write!(f, " at byte {}", self.offset)
    }
}

impl core::error::Error for HeaderError {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn every_text_is_pinned() {
        use HeaderErrorKind::{
            EmptyName, InvalidNameByte, InvalidValueByte, NameTooLong, TooManyBytes, TooManyFields,
            WhitespaceAround,
        };
        for (kind, text) in [
            (EmptyName, "expected a field name, found nothing at byte 7"),
            (NameTooLong, "expected a field name of at most 65535 bytes, found more at byte 7"),
            (InvalidNameByte(b' '), "expected a token as field name, found ' ' at byte 7"),
            (
                InvalidValueByte(0),
                "expected a field value without controls, found '\\x00' at byte 7",
            ),
            (
                WhitespaceAround,
                "expected a field value without whitespace around it, found some at byte 7",
            ),
            (TooManyFields(9), "expected at most 9 fields, found more"),
            (TooManyBytes(9), "expected at most 9 bytes of fields, found more"),
        ] {
            let error = HeaderError::new(kind, 7);
            assert_eq!(error.to_string(), text);
            assert_eq!((error.kind(), error.offset()), (kind, 7));
        }
    }
}

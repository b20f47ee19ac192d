//! What can be wrong with a brick of a field.

use core::fmt;

use super::Escaped;

/// Why an element of the common field grammar was refused, and where.
///
/// # Examples
///
/// ```
/// use nethttp::syntax::{Cursor, SyntaxErrorKind};
///
/// let error = Cursor::new(b"\"open").quoted_string().unwrap_err();
/// assert_eq!(error.kind(), SyntaxErrorKind::UnclosedQuote);
/// assert_eq!(error.to_string(), "expected closing '\"', found end of input at byte 5");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    kind: SyntaxErrorKind,
    offset: usize,
}

/// The kinds of [`SyntaxError`].
///
/// # Examples
///
/// ```
/// use nethttp::syntax::{SyntaxErrorKind, parse_decimal};
///
/// // A delay that is too large to count is still a delay.
/// let seconds = match parse_decimal(b"99999999999999999999") {
///     Err(error) if error.kind() == SyntaxErrorKind::NumberTooLarge => u64::MAX,
///     parsed => parsed?,
/// };
/// assert_eq!(seconds, u64::MAX);
/// # Ok::<(), nethttp::syntax::SyntaxError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SyntaxErrorKind {
    /// A token was expected, [RFC 9110 §5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2).
    ExpectedToken,
    /// A quoted string was expected,
    /// [RFC 9110 §5.6.4](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.4).
    ExpectedQuote,
    /// The input ended inside a quoted string.
    UnclosedQuote,
    /// A quoted string held a byte that it may not hold, even escaped.
    QuotedByte(u8),
    /// `=` was expected after a parameter's name,
    /// [RFC 9110 §5.6.6](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.6).
    ExpectedEquals,
    /// `;` or the end was expected after a parameter.
    ExpectedSemicolon,
    /// `,` or the end was expected after a member of a list,
    /// [RFC 9110 §5.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1).
    ExpectedComma,
    /// A digit was expected.
    ExpectedDigit,
    /// A number is larger than 2^64 - 1.
    NumberTooLarge,
    /// A weight is not `0` to `1` with at most three decimals,
    /// [RFC 9110 §12.4.2](https://www.rfc-editor.org/rfc/rfc9110#section-12.4.2).
    Weight,
    /// `%` was not followed by two hexadecimal digits,
    /// [RFC 3986 §2.1](https://www.rfc-editor.org/rfc/rfc3986#section-2.1).
    PercentEncoding,
}

impl SyntaxError {
    pub(crate) const fn new(kind: SyntaxErrorKind, offset: usize) -> Self {
        Self { kind, offset }
    }

    /// Returns what was wrong.
    ///
    /// ```
    /// use nethttp::syntax::{SyntaxErrorKind, parse_decimal};
    ///
    /// assert_eq!(parse_decimal(b"5Z").unwrap_err().kind(), SyntaxErrorKind::ExpectedDigit);
    /// ```
    #[must_use]
    pub const fn kind(&self) -> SyntaxErrorKind {
        self.kind
    }

    /// Returns the offset in bytes of the first byte that could not be accepted.
    ///
    /// ```
    /// assert_eq!(nethttp::syntax::parse_decimal(b"5Z").unwrap_err().offset(), 1);
    /// ```
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use SyntaxErrorKind as Kind;
        match self.kind {
            Kind::ExpectedToken => f.write_str("expected a token"),
            Kind::ExpectedQuote => f.write_str("expected '\"'"),
            Kind::UnclosedQuote => f.write_str("expected closing '\"', found end of input"),
            Kind::QuotedByte(byte) => {
                write!(f, "expected text in a quoted string, found {}", Escaped(byte))
            }
            Kind::ExpectedEquals => f.write_str("expected '=' after a parameter's name"),
            Kind::ExpectedSemicolon => f.write_str("expected ';' after a parameter"),
            Kind::ExpectedComma => f.write_str("expected ',' after a member of a list"),
            Kind::ExpectedDigit => f.write_str("expected a digit"),
            Kind::NumberTooLarge => f.write_str("expected a number below 2^64"),
            Kind::Weight => f.write_str("expected a weight from 0 to 1 with three decimals"),
            Kind::PercentEncoding => f.write_str("expected two hexadecimal digits after '%'"),
        }?;
        write!(f, " at byte {}", self.offset)
    }
}

impl core::error::Error for SyntaxError {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn texts_are_pinned() {
        use SyntaxErrorKind as Kind;
        for (kind, text) in [
            (Kind::ExpectedToken, "expected a token at byte 7"),
            (Kind::ExpectedQuote, "expected '\"' at byte 7"),
            (Kind::UnclosedQuote, "expected closing '\"', found end of input at byte 7"),
            (Kind::QuotedByte(0), "expected text in a quoted string, found '\\x00' at byte 7"),
            (Kind::ExpectedEquals, "expected '=' after a parameter's name at byte 7"),
            (Kind::ExpectedSemicolon, "expected ';' after a parameter at byte 7"),
            (Kind::ExpectedComma, "expected ',' after a member of a list at byte 7"),
            (Kind::ExpectedDigit, "expected a digit at byte 7"),
            (Kind::NumberTooLarge, "expected a number below 2^64 at byte 7"),
            (Kind::Weight, "expected a weight from 0 to 1 with three decimals at byte 7"),
            (Kind::PercentEncoding, "expected two hexadecimal digits after '%' at byte 7"),
        ] {
            assert_eq!(SyntaxError::new(kind, 7).to_string(), text);
        }
    }
}

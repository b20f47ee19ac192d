//! What can be wrong with a field's value.

use core::fmt;

use super::DateErrorKind;
use crate::syntax::{Escaped, SyntaxError, SyntaxErrorKind};

/// Why some bytes are not the value of a field, and where.
///
/// # Examples
///
/// ```
/// use nethttp::field::{FieldErrorKind, MediaType};
///
/// let error = MediaType::parse(b"text html").unwrap_err();
/// assert_eq!(error.kind(), FieldErrorKind::Slash);
/// assert_eq!(error.to_string(), "expected '/' between type and subtype at byte 4");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldError {
    kind: FieldErrorKind,
    offset: usize,
}

/// The kinds of [`FieldError`].
///
/// # Examples
///
/// ```
/// use nethttp::field::{FieldErrorKind, MediaType};
/// use nethttp::syntax::SyntaxErrorKind;
///
/// let error = MediaType::parse(b"text/html; charset").unwrap_err();
/// assert_eq!(error.kind(), FieldErrorKind::Syntax(SyntaxErrorKind::ExpectedEquals));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldErrorKind {
    /// A token, a quoted string, a parameter, a weight or a list is malformed,
    /// [RFC 9110 §5.6](https://www.rfc-editor.org/rfc/rfc9110#section-5.6).
    Syntax(SyntaxErrorKind),
    /// At least one member is due, [RFC 9110 §5.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1).
    Empty,
    /// The value has more members than this, which is the limit.
    TooManyMembers(usize),
    /// Something follows the value.
    End,
    /// `/` is due between type and subtype,
    /// [RFC 9110 §8.3.1](https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1).
    Slash,
    /// Text in UTF-8 is due where [RFC 9110 §5.5](https://www.rfc-editor.org/rfc/rfc9110#section-5.5)
    /// allows any bytes from 0x80 up, and [RFC 8187 §3.2](https://www.rfc-editor.org/rfc/rfc8187#section-3.2)
    /// other charsets.
    Utf8,
    /// A single value is due, and one that differs follows,
    /// [RFC 9110 §5.3](https://www.rfc-editor.org/rfc/rfc9110#section-5.3).
    Single,
    /// `*` is due as subtype where the type is `*`,
    /// [RFC 9110 §12.5.1](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1).
    Wildcard,
    /// A member is 4 GiB long or longer.
    TooLong,
    /// A date is due, and this is wrong with it,
    /// [RFC 9110 §5.6.7](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7).
    Date(DateErrorKind),
    /// The method is longer than [`Method::MAX_LEN`](crate::method::Method::MAX_LEN); the bound is this
    /// crate's, as [RFC 9110 §9.1](https://www.rfc-editor.org/rfc/rfc9110#section-9.1) has none.
    Method,
    /// A subtag cannot stand where it does in a language tag, or is missing,
    /// [RFC 5646 §2.1](https://www.rfc-editor.org/rfc/rfc5646#section-2.1).
    LanguageTag,
    /// A subtag cannot stand where it does in a language range,
    /// [RFC 4647 §2.1](https://www.rfc-editor.org/rfc/rfc4647#section-2.1).
    LanguageRange,
    /// Whitespace is due between products and comments,
    /// [RFC 9110 §10.1.5](https://www.rfc-editor.org/rfc/rfc9110#section-10.1.5).
    Whitespace,
    /// The input ended inside a comment,
    /// [RFC 9110 §5.6.5](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.5).
    UnclosedComment,
    /// A comment held a byte that it may not hold, even escaped.
    CommentByte(u8),
    /// Comments stand in one another deeper than this, which is the limit.
    CommentDepth(usize),
    /// An entity tag is due, `"tag"` or `W/"tag"`,
    /// [RFC 9110 §8.8.3](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3).
    EntityTag,
    /// A byte may not stand in an entity tag, [RFC 9110 §8.8.3](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3).
    EntityTagByte(u8),
    /// `=` is due between the unit and the ranges,
    /// [RFC 9110 §14.1.1](https://www.rfc-editor.org/rfc/rfc9110#section-14.1.1).
    RangeEquals,
    /// A range is due, [RFC 9110 §14.1.1](https://www.rfc-editor.org/rfc/rfc9110#section-14.1.1).
    RangeSpec,
    /// A range ends before it begins,
    /// [RFC 9110 §14.1.1](https://www.rfc-editor.org/rfc/rfc9110#section-14.1.1).
    LastPosition,
    /// One space is due behind the unit, [RFC 9110 §14.4](https://www.rfc-editor.org/rfc/rfc9110#section-14.4).
    RangeSpace,
    /// `first-last` or `*` is due, [RFC 9110 §14.4](https://www.rfc-editor.org/rfc/rfc9110#section-14.4).
    Positions,
    /// `/` and the complete length are due, or that length is not above the last position,
    /// [RFC 9110 §14.4](https://www.rfc-editor.org/rfc/rfc9110#section-14.4).
    CompleteLength,
    /// A boundary is empty, longer than 70 bytes, ends with a space or holds a byte that it may not,
    /// [RFC 2046 §5.1.1](https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1).
    Boundary,
    /// Content would be longer than 2^64 - 1 bytes,
    /// [RFC 9110 §8.6](https://www.rfc-editor.org/rfc/rfc9110#section-8.6).
    ContentLength,
    /// Whitespace is due behind the scheme of a challenge or of credentials,
    /// [RFC 9110 §11.3](https://www.rfc-editor.org/rfc/rfc9110#section-11.3).
    SchemeSpace,
    /// A token68 is due, [RFC 9110 §11.2](https://www.rfc-editor.org/rfc/rfc9110#section-11.2).
    Token68,
    /// A parameter of this name stands there a second time,
    /// [RFC 9110 §11.2](https://www.rfc-editor.org/rfc/rfc9110#section-11.2).
    DuplicateParameter,
    /// A value lacks this parameter.
    MissingParameter(&'static str),
    /// This parameter has a value that it cannot have.
    Parameter(&'static str),
    /// A value is not base64, [RFC 4648 §4](https://www.rfc-editor.org/rfc/rfc4648#section-4), or holds bits
    /// that mean nothing.
    Base64,
    /// What was received is no user name and password with a colon between them, or holds a control character,
    /// [RFC 7617 §2](https://www.rfc-editor.org/rfc/rfc7617#section-2).
    UserPass,
    /// A user name holds a colon, [RFC 7617 §2](https://www.rfc-editor.org/rfc/rfc7617#section-2).
    UserColon,
    /// A user name or a password holds a control character,
    /// [RFC 7617 §2](https://www.rfc-editor.org/rfc/rfc7617#section-2).
    UserPassControl,
    /// A scheme is known, and this is not it.
    Scheme(&'static str),
    /// A value is not `charset'language'text`, [RFC 8187 §3.2](https://www.rfc-editor.org/rfc/rfc8187#section-3.2).
    ExtValue,
    /// An address, `unknown`, or `_` and a name is due, perhaps with a port,
    /// [RFC 7239 §6](https://www.rfc-editor.org/rfc/rfc7239#section-6).
    Node,
    /// An address is due, or one with the length of a prefix behind which all bits are zero,
    /// [RFC 4632 §3.1](https://www.rfc-editor.org/rfc/rfc4632#section-3.1).
    Network,
}

impl FieldError {
    pub(crate) const fn new(kind: FieldErrorKind, offset: usize) -> Self {
        Self { kind, offset }
    }

    /// Wraps an error of the common grammar where `From` is not `const`.
    pub(crate) const fn of_syntax(error: SyntaxError) -> Self {
        Self::new(FieldErrorKind::Syntax(error.kind()), error.offset())
    }

    /// Returns what is wrong.
    ///
    /// ```
    /// use nethttp::field::{FieldErrorKind, MediaType};
    ///
    /// assert_eq!(MediaType::parse(b"text").unwrap_err().kind(), FieldErrorKind::Slash);
    /// ```
    #[must_use]
    pub const fn kind(&self) -> FieldErrorKind {
        self.kind
    }

    /// Returns the offset in bytes of the first byte that could not be accepted.
    ///
    /// ```
    /// use nethttp::field::MediaType;
    ///
    /// assert_eq!(MediaType::parse(b"text").unwrap_err().offset(), 4);
    /// ```
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

impl FieldError {
    fn named(self, f: &mut fmt::Formatter<'_>, what: &str, name: &str) -> fmt::Result {
        write!(f, "expected {what} {name} at byte {}", self.offset)
    }
}

impl From<SyntaxError> for FieldError {
    fn from(error: SyntaxError) -> Self {
        Self::of_syntax(error)
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use FieldErrorKind as Kind;
        let expected = match self.kind {
            Kind::Syntax(kind) => return SyntaxError::new(kind, self.offset).fmt(f),
            Kind::TooManyMembers(most) => {
                return write!(f, "expected at most {most} members at byte {}", self.offset);
            }
            Kind::Empty => "at least one member",
            Kind::End => "the end of the value",
            Kind::Slash => "'/' between type and subtype",
            Kind::Utf8 => "text in UTF-8",
            Kind::Single => "a single value",
            Kind::Wildcard => "'*' as the subtype of '*'",
            Kind::TooLong => "a member of less than 4 GiB",
            Kind::Date(_) => "a date",
            Kind::Method => "a method of at most 32 bytes",
            Kind::LanguageTag => "a subtag of a language tag",
            Kind::LanguageRange => "a subtag of a language range",
            Kind::Whitespace => "whitespace between products",
            Kind::UnclosedComment => "closing ')', found end of input",
            Kind::CommentByte(byte) => {
                let byte = Escaped(byte);
                return write!(
                    f,
                    "expected text in a comment, found {byte} at byte {}",
                    self.offset
                );
            }
            Kind::CommentDepth(most) => {
                return write!(f, "expected comments at most {most} deep at byte {}", self.offset);
            }
            Kind::EntityTag => "an entity tag",
            Kind::EntityTagByte(byte) => {
                let found = Escaped(byte);
                let at = self.offset;
                return write!(f, "expected text of an entity tag, found {found} at byte {at}");
            }
            Kind::RangeEquals => "'=' between unit and ranges",
            Kind::RangeSpec => "a range",
            Kind::LastPosition => "a last position that is not below the first",
            Kind::RangeSpace => "' ' after the unit",
            Kind::Positions => "'first-last' or '*'",
            Kind::CompleteLength => "'/' and a complete length above the last position",
            Kind::Boundary => "a boundary of 1 to 70 characters",
            Kind::ContentLength => "content of at most 2^64 - 1 bytes",
            Kind::SchemeSpace => "' ' after the scheme",
            Kind::Token68 => "a token of letters, digits and -._~+/",
            Kind::DuplicateParameter => "a parameter once",
            Kind::MissingParameter(name) => return self.named(f, "the parameter", name),
            Kind::Parameter(name) => return self.named(f, "a value of", name),
            Kind::Base64 => "base64",
            Kind::UserPass => "a user name and a password",
            Kind::UserColon => "a user name without ':'",
            Kind::UserPassControl => "a user name and a password without controls",
            Kind::Scheme(name) => return self.named(f, "the scheme", name),
            Kind::ExtValue => "charset'language'text",
            Kind::Node => "an address, 'unknown' or '_' and a name",
            Kind::Network => "an address, or a network such as 10.0.0.0/8",
        };
        write!(f, "expected {expected} at byte {}", self.offset)
    }
}

impl core::error::Error for FieldError {}

#[cfg(test)]
mod tests {
    use super::*;
    use FieldErrorKind as Kind;
    use alloc::string::ToString;

    #[test]
    fn texts_are_pinned() {
        for (kind, text) in [
            (Kind::Syntax(SyntaxErrorKind::ExpectedToken), "expected a token at byte 7"),
            (Kind::Empty, "expected at least one member at byte 7"),
            (Kind::TooManyMembers(16), "expected at most 16 members at byte 7"),
            (Kind::End, "expected the end of the value at byte 7"),
            (Kind::Slash, "expected '/' between type and subtype at byte 7"),
            (Kind::Utf8, "expected text in UTF-8 at byte 7"),
            (Kind::Single, "expected a single value at byte 7"),
            (Kind::Wildcard, "expected '*' as the subtype of '*' at byte 7"),
            (Kind::TooLong, "expected a member of less than 4 GiB at byte 7"),
            (Kind::Date(DateErrorKind::Zone), "expected a date at byte 7"),
            (Kind::Method, "expected a method of at most 32 bytes at byte 7"),
            (Kind::LanguageTag, "expected a subtag of a language tag at byte 7"),
            (Kind::LanguageRange, "expected a subtag of a language range at byte 7"),
            (Kind::Whitespace, "expected whitespace between products at byte 7"),
            (Kind::UnclosedComment, "expected closing ')', found end of input at byte 7"),
            (Kind::CommentByte(0), "expected text in a comment, found '\\x00' at byte 7"),
            (Kind::CommentDepth(16), "expected comments at most 16 deep at byte 7"),
            (Kind::EntityTag, "expected an entity tag at byte 7"),
            (Kind::EntityTagByte(b' '), "expected text of an entity tag, found ' ' at byte 7"),
            (Kind::RangeEquals, "expected '=' between unit and ranges at byte 7"),
            (Kind::RangeSpec, "expected a range at byte 7"),
            (Kind::LastPosition, "expected a last position that is not below the first at byte 7"),
            (Kind::RangeSpace, "expected ' ' after the unit at byte 7"),
            (Kind::Positions, "expected 'first-last' or '*' at byte 7"),
            (
                Kind::CompleteLength,
                "expected '/' and a complete length above the last position at byte 7",
            ),
            (Kind::Boundary, "expected a boundary of 1 to 70 characters at byte 7"),
            (Kind::ContentLength, "expected content of at most 2^64 - 1 bytes at byte 7"),
            (Kind::SchemeSpace, "expected ' ' after the scheme at byte 7"),
            (Kind::Token68, "expected a token of letters, digits and -._~+/ at byte 7"),
            (Kind::DuplicateParameter, "expected a parameter once at byte 7"),
            (Kind::MissingParameter("nonce"), "expected the parameter nonce at byte 7"),
            (Kind::Parameter("qop"), "expected a value of qop at byte 7"),
            (Kind::Base64, "expected base64 at byte 7"),
            (Kind::UserPass, "expected a user name and a password at byte 7"),
            (Kind::UserColon, "expected a user name without ':' at byte 7"),
            (
                Kind::UserPassControl,
                "expected a user name and a password without controls at byte 7",
            ),
            (Kind::Scheme("Digest"), "expected the scheme Digest at byte 7"),
            (Kind::ExtValue, "expected charset'language'text at byte 7"),
            (Kind::Node, "expected an address, 'unknown' or '_' and a name at byte 7"),
            (Kind::Network, "expected an address, or a network such as 10.0.0.0/8 at byte 7"),
        ] {
            assert_eq!(FieldError::new(kind, 7).to_string(), text);
        }
    }
}

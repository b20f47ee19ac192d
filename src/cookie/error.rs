//! What can be wrong with a cookie, as a field has it or as a program would have it.

use core::fmt;

use super::Prefix;
use crate::syntax::Escaped;

/// Why some bytes are not a cookie, and where.
///
/// # Examples
///
/// ```
/// use nethttp::cookie::{CookieErrorKind, SetCookie};
///
/// let error = SetCookie::parse(b"a=b\0").unwrap_err();
/// assert_eq!(error.kind(), CookieErrorKind::Control(b'\0'));
/// assert_eq!(error.to_string(), "expected a cookie without controls, found '\\x00' at byte 3");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CookieError {
    kind: CookieErrorKind,
    offset: usize,
}

/// The kinds of [`CookieError`].
///
/// # Examples
///
/// ```
/// use nethttp::cookie::{CookieErrorKind, SetCookie};
///
/// let error = SetCookie::parse(b" = ; Secure").unwrap_err();
/// assert_eq!(error.kind(), CookieErrorKind::Empty);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CookieErrorKind {
    /// A byte is a control other than HTAB,
    /// [6265bis §5.6](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.6)
    /// step 1. This holds for RFC 6265 too, since no field can hold one.
    Control(u8),
    /// Name and value are longer than this together, which is the limit,
    /// [6265bis §5.6](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.6)
    /// step 5.
    TooLong(usize),
    /// Both the name and the value are empty,
    /// [6265bis §5.7](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.7).
    Empty,
    /// `=` is due between name and value,
    /// [RFC 6265 §5.2](https://www.rfc-editor.org/rfc/rfc6265#section-5.2) step 2.
    Equals,
    /// The name is empty, [RFC 6265 §5.2](https://www.rfc-editor.org/rfc/rfc6265#section-5.2) step 5.
    Name,
    /// A name has a prefix, and the cookie not what that promises.
    Prefix(Prefix),
    /// A byte of a name is no `tchar`,
    /// [RFC 6265 §4.1.1](https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1).
    Token(u8),
    /// A byte of the value is no `cookie-octet`,
    /// [RFC 6265 §4.1.1](https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1).
    Value(u8),
    /// The domain is no host name,
    /// [RFC 6265 §4.1.1](https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1).
    Domain,
    /// The path does not begin with `/`, so that a user agent would take that of the request,
    /// [RFC 6265 §5.2.4](https://www.rfc-editor.org/rfc/rfc6265#section-5.2.4).
    Path,
    /// The date is one that no user agent reads,
    /// [RFC 6265 §5.1.1](https://www.rfc-editor.org/rfc/rfc6265#section-5.1.1) step 5.
    Year,
    /// A byte is none that the value of an attribute may have,
    /// [RFC 6265 §4.1.1](https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1), or it is a space at one
    /// of its ends, which a user agent takes away.
    Attribute(u8),
    /// A name or the value of an attribute is longer than this, which is the limit,
    /// [6265bis §5.6](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.6).
    AttributeTooLong(usize),
    /// The attribute has a method of its own, and is set by that.
    Extension,
    /// `Secure` is due with `SameSite=None`
    /// ([6265bis §5.7](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.7))
    /// and with `Partitioned`.
    Secure,
    /// There are as many changes as a jar takes, the number here.
    TooMany(usize),
}

impl CookieError {
    pub(super) const fn new(kind: CookieErrorKind, offset: usize) -> Self {
        Self { kind, offset }
    }

    /// Returns what is wrong.
    ///
    /// ```
    /// use nethttp::cookie::{CookieErrorKind, SetCookie};
    ///
    /// assert_eq!(SetCookie::parse(b"").unwrap_err().kind(), CookieErrorKind::Empty);
    /// ```
    #[must_use]
    pub const fn kind(&self) -> CookieErrorKind {
        self.kind
    }

    /// Returns the position of the first byte that is wrong, counted from 0 in the text that was given:
    /// the field, or what the method of a builder got. It is 0 if no single byte is wrong.
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    ///
    /// assert_eq!(SetCookie::parse(b"a=b; Path=/\n").unwrap_err().offset(), 11);
    /// ```
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for CookieError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            CookieErrorKind::Control(octet) => {
                write!(f, "expected a cookie without controls, found {}", Escaped(octet))
            }
            CookieErrorKind::TooLong(limit) => {
                write!(f, "expected a name and a value of at most {limit} bytes together")
            }
            CookieErrorKind::Empty => f.write_str("expected a name or a value"),
            CookieErrorKind::Equals => f.write_str("expected '=' between name and value"),
            CookieErrorKind::Name => f.write_str("expected a name"),
            CookieErrorKind::Prefix(prefix) => write!(f, "expected {}", prefix.promise()),
            CookieErrorKind::Token(octet) => {
                write!(f, "expected a token as name, found {}", Escaped(octet))
            }
            CookieErrorKind::Value(octet) => {
                let without = "quotes, commas, semicolons and backslashes";
                let found = Escaped(octet);
                write!(f, "expected a value of visible ASCII without {without}, found {found}")
            }
            CookieErrorKind::Domain => {
                f.write_str("expected a host name of letters, digits, inner hyphens and inner dots")
            }
            CookieErrorKind::Path => f.write_str("expected a path that begins with '/'"),
            CookieErrorKind::Year => f.write_str("expected a date of the year 1601 or later"),
            CookieErrorKind::Attribute(octet) => {
                let without = "without ';' and without space around it";
                let found = Escaped(octet);
                write!(f, "expected an attribute of printable ASCII {without}, found {found}")
            }
            CookieErrorKind::AttributeTooLong(limit) => {
                write!(f, "expected an attribute of at most {limit} bytes")
            }
            CookieErrorKind::Extension => {
                f.write_str("expected an attribute that has no method of its own")
            }
            CookieErrorKind::Secure => {
                f.write_str("expected Secure with SameSite=None or Partitioned")
            }
            CookieErrorKind::TooMany(limit) => {
                return write!(f, "expected at most {limit} changes, found more");
            }
        }?;
        write!(f, " at byte {}", self.offset)
    }
}

impl core::error::Error for CookieError {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn texts_are_pinned() {
        for (kind, text) in [
            (
                CookieErrorKind::Control(b'\n'),
                "expected a cookie without controls, found '\\n' at byte 7",
            ),
            (
                CookieErrorKind::TooLong(4096),
                "expected a name and a value of at most 4096 bytes together at byte 7",
            ),
            (CookieErrorKind::Empty, "expected a name or a value at byte 7"),
            (CookieErrorKind::Equals, "expected '=' between name and value at byte 7"),
            (CookieErrorKind::Name, "expected a name at byte 7"),
            (
                CookieErrorKind::Prefix(Prefix::Host),
                "expected Secure, Path=/ and no Domain with the prefix __Host- at byte 7",
            ),
            (CookieErrorKind::Token(b' '), "expected a token as name, found ' ' at byte 7"),
            (
                CookieErrorKind::Value(b';'),
                "expected a value of visible ASCII without quotes, commas, semicolons and \
                 backslashes, found ';' at byte 7",
            ),
            (
                CookieErrorKind::Domain,
                "expected a host name of letters, digits, inner hyphens and inner dots at byte 7",
            ),
            (CookieErrorKind::Path, "expected a path that begins with '/' at byte 7"),
            (CookieErrorKind::Year, "expected a date of the year 1601 or later at byte 7"),
            (
                CookieErrorKind::Attribute(b'\r'),
                "expected an attribute of printable ASCII without ';' and without space around it, \
                 found '\\r' at byte 7",
            ),
            (
                CookieErrorKind::AttributeTooLong(1024),
                "expected an attribute of at most 1024 bytes at byte 7",
            ),
            (
                CookieErrorKind::Extension,
                "expected an attribute that has no method of its own at byte 7",
            ),
            (
                CookieErrorKind::Secure,
                "expected Secure with SameSite=None or Partitioned at byte 7",
            ),
            (CookieErrorKind::TooMany(180), "expected at most 180 changes, found more"),
        ] {
            assert_eq!(CookieError::new(kind, 7).to_string(), text);
        }
    }
}

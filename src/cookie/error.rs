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

    /// Returns the position of the first byte that is wrong, counted from 0 in the text that was given,
    /// or 0 if no single byte is wrong.
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
        ] {
            assert_eq!(CookieError::new(kind, 7).to_string(), text);
        }
    }
}

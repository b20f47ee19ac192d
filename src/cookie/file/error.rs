//! What can be wrong with a line of a cookie file.

use core::fmt;

use super::MAX_LINE_LEN;
use crate::cookie::{MAX_PAIR_LEN, Prefix};
use crate::syntax::Escaped;

/// What is wrong with a line of a cookie file, and where.
///
/// Neither the value nor the name of a cookie is part of it, so that it can go to a log.
///
/// # Examples
///
/// ```
/// use nethttp::cookie::{CookieFileErrorKind, CookieJar};
/// use nethttp::field::HttpDate;
///
/// let text = b"# Netscape HTTP Cookie File\nexample.org\tMAYBE\t/\tFALSE\t0\tsid\t31d4\n";
/// let error = CookieJar::new().read(text, HttpDate::from_unix(0)).unwrap_err();
/// assert_eq!(error.kind(), CookieFileErrorKind::Flag);
/// assert_eq!(error.to_string(), "expected TRUE or FALSE in line 2 at byte 12");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CookieFileError {
    kind: CookieFileErrorKind,
    line: u32,
    offset: u32,
}

/// The kinds of [`CookieFileError`].
///
/// No RFC has these formats. Where a line breaks a rule that a `Set-Cookie` field would break too, it is
/// that of 6265bis.
///
/// # Examples
///
/// ```
/// use nethttp::cookie::{CookieFileErrorKind, CookieJar};
/// use nethttp::field::HttpDate;
///
/// let text = b"example.org\tTRUE\t/\tFALSE\n";
/// let error = CookieJar::new().read(text, HttpDate::from_unix(0)).unwrap_err();
/// assert_eq!(error.kind(), CookieFileErrorKind::Fields);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CookieFileErrorKind {
    /// A native file of a version that this crate does not know.
    Version,
    /// A line of a native file without the end of a line behind it: the file was cut.
    Cut,
    /// A line of more than [`MAX_LINE_LEN`] bytes.
    LineTooLong,
    /// A byte is a control other than HTAB,
    /// [6265bis §5.6](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.6)
    /// step 1.
    Control(u8),
    /// A line of a Netscape file with fewer than six fields.
    Fields,
    /// A field of a Netscape file that is neither `TRUE` nor `FALSE`.
    Flag,
    /// A domain that is no host: missing, too long, with bytes that host names in ASCII do not have.
    Domain,
    /// A path that does not begin with `/`, or has escapes that are none.
    Path,
    /// A path that is longer than this, which is what can be set.
    PathTooLong(usize),
    /// A date that cannot be read.
    Date,
    /// `=` in a name, or none between name and value.
    Equals,
    /// `;` in a name or a value.
    Semicolon,
    /// Both the name and the value are empty,
    /// [6265bis §5.7](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.7).
    Empty,
    /// The name is empty, and the jar follows RFC 6265,
    /// [RFC 6265 §5.2](https://www.rfc-editor.org/rfc/rfc6265#section-5.2) step 5.
    Name,
    /// Name and value are longer than [`MAX_PAIR_LEN`] together,
    /// [6265bis §5.6](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.6)
    /// step 5.
    TooLong,
    /// `SameSite` is `None`, and `Secure` is missing,
    /// [6265bis §5.7](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.7).
    SameSite,
    /// The cookie is `Partitioned`, and `Secure` is missing.
    Partitioned,
    /// The name has a prefix, and the cookie is not what it promises,
    /// [6265bis §5.7](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.7).
    Prefix(Prefix),
}

impl CookieFileError {
    pub(super) fn new(kind: CookieFileErrorKind, line: u32, offset: usize) -> Self {
        Self { kind, line, offset: u32::try_from(offset).unwrap_or(u32::MAX) }
    }

    /// Returns what is wrong.
    ///
    /// ```
    /// use nethttp::cookie::{CookieFileErrorKind, CookieJar};
    /// use nethttp::field::HttpDate;
    ///
    /// let text = b"example.org\tTRUE\tdocs\tFALSE\t0\tsid\t31d4\n";
    /// let error = CookieJar::new().read(text, HttpDate::from_unix(0)).unwrap_err();
    /// assert_eq!(error.kind(), CookieFileErrorKind::Path);
    /// ```
    #[must_use]
    pub const fn kind(&self) -> CookieFileErrorKind {
        self.kind
    }

    /// Returns the line, counted from 1.
    ///
    /// ```
    /// use nethttp::cookie::CookieJar;
    /// use nethttp::field::HttpDate;
    ///
    /// let error = CookieJar::new().read(b"# a comment\n\na\tb\n", HttpDate::from_unix(0)).unwrap_err();
    /// assert_eq!(error.line(), 3);
    /// ```
    #[must_use]
    pub const fn line(&self) -> u32 {
        self.line
    }

    /// Returns the position of what is wrong in its line, in bytes from 0; the length of the line if
    /// something is missing.
    ///
    /// ```
    /// use nethttp::cookie::CookieJar;
    /// use nethttp::field::HttpDate;
    ///
    /// let error = CookieJar::new().read(b"\na\tb\n", HttpDate::from_unix(0)).unwrap_err();
    /// assert_eq!(error.offset(), 3);
    /// ```
    #[must_use]
    pub fn offset(&self) -> usize {
        usize::try_from(self.offset).unwrap_or(usize::MAX)
    }
}

impl fmt::Display for CookieFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            CookieFileErrorKind::Version => f.write_str("expected a cookie file of version 1"),
            CookieFileErrorKind::Cut => f.write_str("expected the end of a line"),
            CookieFileErrorKind::LineTooLong => {
                write!(f, "expected at most {MAX_LINE_LEN} bytes")
            }
            CookieFileErrorKind::Control(octet) => {
                write!(f, "expected no controls, found {}", Escaped(octet))
            }
            CookieFileErrorKind::Fields => f.write_str("expected seven fields separated by HTAB"),
            CookieFileErrorKind::Flag => f.write_str("expected TRUE or FALSE"),
            CookieFileErrorKind::Domain => f.write_str("expected a host"),
            CookieFileErrorKind::Path => f.write_str("expected a path that begins with '/'"),
            CookieFileErrorKind::PathTooLong(limit) => {
                write!(f, "expected a path of at most {limit} bytes")
            }
            CookieFileErrorKind::Date => f.write_str("expected a date"),
            CookieFileErrorKind::Equals => f.write_str("expected '=' behind the name alone"),
            CookieFileErrorKind::Semicolon => f.write_str("expected no ';' in name and value"),
            CookieFileErrorKind::Empty => f.write_str("expected a name or a value"),
            CookieFileErrorKind::Name => f.write_str("expected a name"),
            CookieFileErrorKind::TooLong => {
                write!(f, "expected a name and a value of at most {MAX_PAIR_LEN} bytes together")
            }
            CookieFileErrorKind::SameSite => f.write_str("expected Secure with SameSite=None"),
            CookieFileErrorKind::Partitioned => f.write_str("expected Secure with Partitioned"),
            CookieFileErrorKind::Prefix(prefix) => write!(f, "expected {}", prefix.promise()),
        }?;
        write!(f, " in line {} at byte {}", self.line, self.offset)
    }
}

impl core::error::Error for CookieFileError {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::ToString;

    #[test]
    fn texts_are_pinned() {
        use CookieFileErrorKind as Kind;
        for (kind, text) in [
            (Kind::Version, "expected a cookie file of version 1"),
            (Kind::Cut, "expected the end of a line"),
            (Kind::LineTooLong, "expected at most 65536 bytes"),
            (Kind::Control(0), "expected no controls, found '\\x00'"),
            (Kind::Fields, "expected seven fields separated by HTAB"),
            (Kind::Flag, "expected TRUE or FALSE"),
            (Kind::Domain, "expected a host"),
            (Kind::Path, "expected a path that begins with '/'"),
            (Kind::PathTooLong(1024), "expected a path of at most 1024 bytes"),
            (Kind::Date, "expected a date"),
            (Kind::Equals, "expected '=' behind the name alone"),
            (Kind::Semicolon, "expected no ';' in name and value"),
            (Kind::Empty, "expected a name or a value"),
            (Kind::Name, "expected a name"),
            (Kind::TooLong, "expected a name and a value of at most 4096 bytes together"),
            (Kind::SameSite, "expected Secure with SameSite=None"),
            (Kind::Partitioned, "expected Secure with Partitioned"),
            (
                Kind::Prefix(Prefix::Host),
                "expected Secure, Path=/ and no Domain with the prefix __Host-",
            ),
        ] {
            let error = CookieFileError::new(kind, 3, 7);
            assert_eq!(error.to_string(), format!("{text} in line 3 at byte 7"));
        }
    }
}

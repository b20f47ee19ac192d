//! The protocol version that stands in a request-line or a status-line, [RFC 9112 §2.3].
//!
//! Only the text is read and written here. Which versions a peer accepts, and what it may rely on with
//! an older one ([RFC 9110 §2.5]), is for the connection to decide.
//!
//! ```
//! use nethttp::version::Version;
//!
//! let version = Version::parse(b"HTTP/1.0")?;
//! assert!(version < Version::HTTP_11);
//! # Ok::<(), nethttp::version::VersionError>(())
//! ```
//!
//! [RFC 9112 §2.3]: https://www.rfc-editor.org/rfc/rfc9112#section-2.3
//! [RFC 9110 §2.5]: https://www.rfc-editor.org/rfc/rfc9110#section-2.5

use core::fmt;
use core::str::FromStr;

/// A protocol version: two digits, [RFC 9112 §2.3](https://www.rfc-editor.org/rfc/rfc9112#section-2.3).
///
/// Versions order by major, then by minor number.
///
/// # Examples
///
/// ```
/// use nethttp::version::Version;
///
/// let version = Version::HTTP_11;
/// assert_eq!((version.major(), version.minor()), (1, 1));
/// assert_eq!(version.to_string(), "HTTP/1.1");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    major: u8,
    minor: u8,
}

impl Version {
    /// `HTTP/1.0`, [RFC 1945](https://www.rfc-editor.org/rfc/rfc1945).
    pub const HTTP_10: Self = Self { major: 1, minor: 0 };
    /// `HTTP/1.1`, [RFC 9112](https://www.rfc-editor.org/rfc/rfc9112).
    pub const HTTP_11: Self = Self { major: 1, minor: 1 };

    /// Returns the version of these two digits, or `None` when one is above 9.
    ///
    /// ```
    /// use nethttp::version::Version;
    ///
    /// assert_eq!(Version::new(1, 1), Some(Version::HTTP_11));
    /// assert_eq!(Version::new(1, 10), None);
    /// ```
    #[must_use]
    pub const fn new(major: u8, minor: u8) -> Option<Self> {
        if major > 9 || minor > 9 {
            return None;
        }
        Some(Self { major, minor })
    }

    /// Reads a version that spans the whole input; the name is case-sensitive.
    ///
    /// ```abnf
    /// HTTP-version = HTTP-name "/" DIGIT "." DIGIT
    /// HTTP-name    = %s"HTTP"
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error at the first byte that the rule does not allow, or at the end of an input
    /// that is too short.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::version::{Version, VersionErrorKind};
    ///
    /// assert_eq!(Version::parse(b"HTTP/1.1")?, Version::HTTP_11);
    ///
    /// let error = Version::parse(b"http/1.1").unwrap_err();
    /// assert_eq!(error.kind(), VersionErrorKind::InvalidByte(b'h'));
    /// # Ok::<(), nethttp::version::VersionError>(())
    /// ```
    pub fn parse(text: &[u8]) -> Result<Self, VersionError> {
        match text {
            [b'H', b'T', b'T', b'P', b'/', major @ b'0'..=b'9', b'.', minor @ b'0'..=b'9'] => {
                Ok(Self { major: major - b'0', minor: minor - b'0' })
            }
            _ => Err(VersionError::at_first_difference(text)),
        }
    }

    /// Returns the major number, 0 to 9.
    ///
    /// ```
    /// assert_eq!(nethttp::version::Version::HTTP_10.major(), 1);
    /// ```
    #[must_use]
    pub const fn major(&self) -> u8 {
        self.major
    }

    /// Returns the minor number, 0 to 9.
    ///
    /// ```
    /// assert_eq!(nethttp::version::Version::HTTP_10.minor(), 0);
    /// ```
    #[must_use]
    pub const fn minor(&self) -> u8 {
        self.minor
    }

    /// Returns the version as it stands on the wire.
    ///
    /// ```
    /// assert_eq!(&nethttp::version::Version::HTTP_11.encode(), b"HTTP/1.1");
    /// ```
    #[must_use]
    #[inline]
    pub const fn encode(&self) -> [u8; 8] {
        [b'H', b'T', b'T', b'P', b'/', b'0' + self.major, b'.', b'0' + self.minor]
    }
}

/// `HTTP/1.1`, which this crate speaks.
impl Default for Version {
    fn default() -> Self {
        Self::HTTP_11
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(core::str::from_utf8(&self.encode()).unwrap_or_default())
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        Self::parse(text.as_bytes())
    }
}

impl TryFrom<&str> for Version {
    type Error = VersionError;

    fn try_from(text: &str) -> Result<Self, VersionError> {
        Self::parse(text.as_bytes())
    }
}

impl TryFrom<&[u8]> for Version {
    type Error = VersionError;

    fn try_from(text: &[u8]) -> Result<Self, VersionError> {
        Self::parse(text)
    }
}

/// Why some bytes are not a [`Version`], and where.
///
/// # Examples
///
/// ```
/// use nethttp::version::Version;
///
/// let error = Version::parse(b"HTTP/2").unwrap_err();
/// assert_eq!(error.to_string(), "expected a version like HTTP/1.1, found the end at byte 6");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VersionError {
    kind: VersionErrorKind,
    offset: usize,
}

/// What is wrong with a version.
///
/// # Examples
///
/// ```
/// use nethttp::version::{Version, VersionErrorKind};
///
/// assert_eq!(Version::parse(b"HTTP/1").unwrap_err().kind(), VersionErrorKind::TooShort);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VersionErrorKind {
    /// The text ends before the second digit,
    /// [RFC 9112 §2.3](https://www.rfc-editor.org/rfc/rfc9112#section-2.3).
    TooShort,
    /// A byte is not the one that the rule has at this place, or stands after the second digit,
    /// [RFC 9112 §2.3](https://www.rfc-editor.org/rfc/rfc9112#section-2.3).
    InvalidByte(u8),
}

impl VersionError {
    fn at_first_difference(text: &[u8]) -> Self {
        let matching = text
            .iter()
            .zip(b"HTTP/0.0")
            .take_while(|(found, model)| match model {
                b'0' => found.is_ascii_digit(),
                _ => found == model,
            })
            .count();
        let kind = match text.get(matching) {
            Some(&byte) => VersionErrorKind::InvalidByte(byte),
            None => VersionErrorKind::TooShort,
        };
        Self { kind, offset: matching }
    }

    /// Returns what is wrong.
    ///
    /// ```
    /// use nethttp::version::{Version, VersionErrorKind};
    ///
    /// let error = Version::parse(b"HTTP/1.10").unwrap_err();
    /// assert_eq!(error.kind(), VersionErrorKind::InvalidByte(b'0'));
    /// ```
    #[must_use]
    pub const fn kind(&self) -> VersionErrorKind {
        self.kind
    }

    /// Returns the position of the first byte that is wrong, counted from 0.
    ///
    /// ```
    /// use nethttp::version::Version;
    ///
    /// assert_eq!(Version::parse(b"HTTP/1.10").unwrap_err().offset(), 8);
    /// ```
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for VersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a version like HTTP/1.1, found ")?;
        match self.kind {
            VersionErrorKind::TooShort => f.write_str("the end")?,
            VersionErrorKind::InvalidByte(byte) => write!(f, "'{}'", byte.escape_ascii())?,
        }
        write!(f, " at byte {}", self.offset)
    }
}

impl core::error::Error for VersionError {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[track_caller]
    fn rejects(text: &[u8], kind: VersionErrorKind, offset: usize) {
        let error = Version::parse(text).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, offset));
    }

    #[test]
    fn all_pairs_of_digits_come_back() {
        for major in 0..=9 {
            for minor in 0..=9 {
                let version = Version::new(major, minor).unwrap();
                assert_eq!(Version::parse(&version.encode()), Ok(version));
                assert_eq!(version.to_string().parse(), Ok(version));
                assert_eq!((version.major(), version.minor()), (major, minor));
            }
        }
    }

    #[test]
    fn numbers_above_nine_are_no_version() {
        assert_eq!(Version::new(10, 0), None);
        assert_eq!(Version::new(0, 10), None);
    }

    #[test]
    fn versions_order_by_number() {
        assert!(Version::HTTP_10 < Version::HTTP_11);
        assert!(Version::HTTP_11 < Version::new(2, 0).unwrap());
        assert!(Version::new(0, 9).unwrap() < Version::HTTP_10);
    }

    #[test]
    fn rejects_what_the_grammar_does_not_have() {
        use VersionErrorKind::{InvalidByte, TooShort};
        rejects(b"", TooShort, 0);
        rejects(b"HTTP/1.", TooShort, 7);
        rejects(b"Http/1.1", InvalidByte(b't'), 1);
        rejects(b" HTTP/1.1", InvalidByte(b' '), 0);
        rejects(b"HTTP/1.1 ", InvalidByte(b' '), 8);
        rejects(b"HTTP/11", InvalidByte(b'1'), 6);
        rejects(b"HTTP/1,1", InvalidByte(b','), 6);
        rejects(b"HTTP/1.x", InvalidByte(b'x'), 7);
        rejects(b"HTTP /1.1", InvalidByte(b' '), 4);
        rejects(b"HTTPS/1.1", InvalidByte(b'S'), 4);
    }

    #[test]
    fn errors_say_what_and_where() {
        let text = |input: &[u8]| Version::parse(input).unwrap_err().to_string();
        assert_eq!(text(b"HTTP"), "expected a version like HTTP/1.1, found the end at byte 4");
        assert_eq!(text(b"HTTP/1.1\r"), "expected a version like HTTP/1.1, found '\\r' at byte 8");
    }
}

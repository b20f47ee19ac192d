//! What can be wrong with compressed data.

use core::fmt;

/// Why compressed data was refused, and where.
///
/// # Examples
///
/// ```
/// use nethttp::coding::{CodingErrorKind, Format, Limits, decode};
///
/// let error = decode(Format::Gzip, b"<html>", &Limits::DEFAULT).unwrap_err();
/// assert_eq!(error.kind(), CodingErrorKind::GzipMagic);
/// assert_eq!(error.to_string(), "expected the first bytes of a gzip member (1f 8b) at byte 0");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodingError {
    kind: CodingErrorKind,
    offset: u64,
}

/// The kinds of [`CodingError`].
///
/// # Examples
///
/// ```
/// use nethttp::coding::{CodingErrorKind, Format, Limits, decode, encode, Level};
///
/// let zeros = encode(Format::Gzip, &[0; 100_000], Level::DEFAULT);
/// let error = decode(Format::Gzip, &zeros, &Limits::DEFAULT.output(4096)).unwrap_err();
/// assert_eq!(error.kind(), CodingErrorKind::OutputLimit(4096));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodingErrorKind {
    /// The input ended before the data did.
    Truncated,
    /// Something stands behind the end of the data.
    TrailingData,
    /// The data is longer than [`Limits::output`](super::Limits::output) permits.
    OutputLimit(u64),
    /// The data is larger, in relation to its compressed form, than
    /// [`Limits::ratio`](super::Limits::ratio) permits.
    RatioLimit(u64),
    /// A block has the reserved type 3, [RFC 1951 §3.2.3](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.3).
    BlockType,
    /// The two copies of a stored block's length differ,
    /// [RFC 1951 §3.2.4](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.4).
    StoredLength,
    /// A block announces more than 286 literal and length codes or more than 30 distance codes,
    /// [RFC 1951 §3.2.7](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.7).
    TooManyCodes,
    /// A repeated code length has none before it, or is repeated beyond the last code,
    /// [RFC 1951 §3.2.7](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.7).
    RepeatedLength,
    /// A block has no code for its own end,
    /// [RFC 1951 §3.2.5](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.5).
    NoEndOfBlock,
    /// The lengths of a code ask for more codes than there can be,
    /// [RFC 1951 §3.2.2](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.2).
    OverSubscribed,
    /// The lengths of a code leave bits without a meaning,
    /// [RFC 1951 §3.2.2](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.2). A code of one symbol, one bit long, may do so.
    Incomplete,
    /// Bits that are no code of the block, or the code of a symbol that must not occur,
    /// [RFC 1951 §3.2.5](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.5).
    UnknownCode,
    /// A distance leads to before the start of the data,
    /// [RFC 1951 §3.2.5](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.5).
    Distance,
    /// The data does not begin as gzip does,
    /// [RFC 1952 §2.3.1](https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1).
    GzipMagic,
    /// A gzip member's method is not deflate,
    /// [RFC 1952 §2.3.1](https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1).
    GzipMethod(u8),
    /// A gzip member has flags that are reserved,
    /// [RFC 1952 §2.3.1.2](https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1.2).
    GzipFlags(u8),
    /// The checksum of a gzip member's header is wrong,
    /// [RFC 1952 §2.3.1](https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1).
    GzipHeaderChecksum,
    /// The CRC-32 of the data is not that which follows it,
    /// [RFC 1952 §2.3.1](https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1).
    Crc32,
    /// The length of the data is not that which follows it,
    /// [RFC 1952 §2.3.1](https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1).
    GzipLength,
    /// The data does not begin as zlib does, or its window is too large,
    /// [RFC 1950 §2.2](https://www.rfc-editor.org/rfc/rfc1950#section-2.2).
    ZlibHeader,
    /// The data needs a dictionary, [RFC 1950 §2.2](https://www.rfc-editor.org/rfc/rfc1950#section-2.2), which
    /// HTTP has no way to agree on.
    ZlibDictionary,
    /// The Adler-32 of the data is not that which follows it,
    /// [RFC 1950 §2.2](https://www.rfc-editor.org/rfc/rfc1950#section-2.2).
    Adler32,
}

impl CodingError {
    pub(crate) const fn new(kind: CodingErrorKind, offset: u64) -> Self {
        Self { kind, offset }
    }

    /// Returns what was wrong.
    ///
    /// ```
    /// use nethttp::coding::{CodingErrorKind, Format, Limits, decode};
    ///
    /// let error = decode(Format::Raw, b"\x07", &Limits::DEFAULT).unwrap_err();
    /// assert_eq!(error.kind(), CodingErrorKind::BlockType);
    /// ```
    #[must_use]
    pub const fn kind(&self) -> CodingErrorKind {
        self.kind
    }

    /// Returns the byte of the compressed data at which it went wrong: where the first bit of what was
    /// refused is, where a checksum begins, or where the input ended. For a limit it is how far the
    /// compressed data had been read.
    ///
    /// ```
    /// use nethttp::coding::{Format, Limits, decode};
    ///
    /// let error = decode(Format::Gzip, b"\x1f\x8b\x07", &Limits::DEFAULT).unwrap_err();
    /// assert_eq!(error.offset(), 2);
    /// ```
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.offset
    }
}

impl fmt::Display for CodingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use CodingErrorKind as Kind;
        let expected = match self.kind {
            Kind::OutputLimit(most) => {
                return write!(
                    f,
                    "expected at most {most} bytes of data from byte {} on",
                    self.offset
                );
            }
            Kind::RatioLimit(most) => {
                let at = self.offset;
                return write!(
                    f,
                    "expected data at most {most} times its compressed size at byte {at}"
                );
            }
            Kind::GzipMethod(method) => {
                return write!(
                    f,
                    "expected method 8 (deflate), found {method} at byte {}",
                    self.offset
                );
            }
            Kind::GzipFlags(flags) => {
                let at = self.offset;
                return write!(f, "expected no reserved flags, found {flags:#04x} at byte {at}");
            }
            Kind::Truncated => "more compressed data, found end of input",
            Kind::TrailingData => "the end of input behind the data",
            Kind::BlockType => "a block of type 0 to 2, found 3",
            Kind::StoredLength => "the complement of a stored block's length",
            Kind::TooManyCodes => "at most 286 literal and length codes and 30 distance codes",
            Kind::RepeatedLength => "a code length that can be repeated so often",
            Kind::NoEndOfBlock => "a code for the end of the block",
            Kind::OverSubscribed => "code lengths that leave room for each other",
            Kind::Incomplete => "code lengths that leave no bits without a meaning",
            Kind::UnknownCode => "a code of the block",
            Kind::Distance => "a distance within the data",
            Kind::GzipMagic => "the first bytes of a gzip member (1f 8b)",
            Kind::GzipHeaderChecksum => "the checksum of the gzip header",
            Kind::Crc32 => "the CRC-32 of the data",
            Kind::GzipLength => "the length of the data",
            Kind::ZlibHeader => "the two bytes of a zlib header",
            Kind::ZlibDictionary => "zlib data that needs no dictionary",
            Kind::Adler32 => "the Adler-32 of the data",
        };
        write!(f, "expected {expected} at byte {}", self.offset)
    }
}

impl core::error::Error for CodingError {}

#[cfg(feature = "std")]
impl From<CodingError> for std::io::Error {
    /// Input that ended is [`UnexpectedEof`](std::io::ErrorKind::UnexpectedEof), too much data
    /// [`FileTooLarge`](std::io::ErrorKind::FileTooLarge), all else
    /// [`InvalidData`](std::io::ErrorKind::InvalidData).
    fn from(error: CodingError) -> Self {
        let kind = match error.kind {
            CodingErrorKind::Truncated => std::io::ErrorKind::UnexpectedEof,
            CodingErrorKind::OutputLimit(_) => std::io::ErrorKind::FileTooLarge,
            _ => std::io::ErrorKind::InvalidData,
        };
        Self::new(kind, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn error_texts_are_pinned() {
        use CodingErrorKind as Kind;
        for (kind, text) in [
            (Kind::Truncated, "expected more compressed data, found end of input at byte 7"),
            (Kind::TrailingData, "expected the end of input behind the data at byte 7"),
            (Kind::OutputLimit(10), "expected at most 10 bytes of data from byte 7 on"),
            (Kind::RatioLimit(9), "expected data at most 9 times its compressed size at byte 7"),
            (Kind::BlockType, "expected a block of type 0 to 2, found 3 at byte 7"),
            (Kind::StoredLength, "expected the complement of a stored block's length at byte 7"),
            (
                Kind::TooManyCodes,
                "expected at most 286 literal and length codes and 30 distance codes at byte 7",
            ),
            (
                Kind::RepeatedLength,
                "expected a code length that can be repeated so often at byte 7",
            ),
            (Kind::NoEndOfBlock, "expected a code for the end of the block at byte 7"),
            (
                Kind::OverSubscribed,
                "expected code lengths that leave room for each other at byte 7",
            ),
            (
                Kind::Incomplete,
                "expected code lengths that leave no bits without a meaning at byte 7",
            ),
            (Kind::UnknownCode, "expected a code of the block at byte 7"),
            (Kind::Distance, "expected a distance within the data at byte 7"),
            (Kind::GzipMagic, "expected the first bytes of a gzip member (1f 8b) at byte 7"),
            (Kind::GzipMethod(7), "expected method 8 (deflate), found 7 at byte 7"),
            (Kind::GzipFlags(0xe0), "expected no reserved flags, found 0xe0 at byte 7"),
            (Kind::GzipHeaderChecksum, "expected the checksum of the gzip header at byte 7"),
            (Kind::Crc32, "expected the CRC-32 of the data at byte 7"),
            (Kind::GzipLength, "expected the length of the data at byte 7"),
            (Kind::ZlibHeader, "expected the two bytes of a zlib header at byte 7"),
            (Kind::ZlibDictionary, "expected zlib data that needs no dictionary at byte 7"),
            (Kind::Adler32, "expected the Adler-32 of the data at byte 7"),
        ] {
            assert_eq!(CodingError::new(kind, 7).to_string(), text);
        }
    }

    #[cfg(feature = "std")]
    #[test]
    fn io_errors_have_kinds_of_their_own() {
        use CodingErrorKind as Kind;
        use std::io::ErrorKind;
        for (kind, expected) in [
            (Kind::Truncated, ErrorKind::UnexpectedEof),
            (Kind::OutputLimit(1), ErrorKind::FileTooLarge),
            (Kind::RatioLimit(1), ErrorKind::InvalidData),
            (Kind::Crc32, ErrorKind::InvalidData),
        ] {
            let error = CodingError::new(kind, 7);
            let io_error = std::io::Error::from(error);
            assert_eq!(io_error.kind(), expected, "{kind:?}");
            let inner = io_error.get_ref().and_then(|inner| inner.downcast_ref());
            assert_eq!(inner, Some(&error));
        }
    }
}

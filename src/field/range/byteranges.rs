//! Several parts in one response.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops;

use super::{Boundary, ContentRange, RangeParts};
use crate::field::MediaType;
use crate::field::{FieldError, FieldErrorKind};

/// The content of a 206 with several parts, `multipart/byteranges`,
/// [RFC 9110 §14.6](https://www.rfc-editor.org/rfc/rfc9110#section-14.6): what frames the parts, and how
/// long the whole is. The bytes of the parts stay where they are.
///
/// ```text
/// --THIS_STRING_SEPARATES
/// Content-Type: application/pdf
/// Content-Range: bytes 500-999/8000
///
/// ...the first range...
/// --THIS_STRING_SEPARATES
/// Content-Type: application/pdf
/// Content-Range: bytes 7000-7999/8000
///
/// ...the second range
/// --THIS_STRING_SEPARATES--
/// ```
///
/// # Examples
///
/// ```
/// use nethttp::field::{Boundary, ByteRanges, ByteRangesPiece, Range, RangeSelection};
///
/// let file = [b'x'; 8000];
/// let RangeSelection::Parts(parts) = Range::parse(b"bytes=500-999,7000-")?.resolve(8000) else {
///     panic!("no parts");
/// };
/// let ranges = ByteRanges::new(&parts, None, &Boundary::from_bits(0x5eed))?;
/// let mut content = Vec::new();
/// for piece in ranges.pieces() {
///     match piece {
///         ByteRangesPiece::Frame(text) => content.extend_from_slice(text),
///         ByteRangesPiece::Part(part) => {
///             content.extend_from_slice(&file[part.start as usize..part.end as usize]);
///         }
///     }
/// }
/// assert_eq!(content.len() as u64, ranges.content_length());
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByteRanges {
    content_type: String,
    pieces: Vec<ByteRangesPiece>,
    content_length: u64,
}

/// What comes next in the content of a [`ByteRanges`].
///
/// # Examples
///
/// ```
/// use nethttp::field::{Boundary, ByteRanges, ByteRangesPiece, Range, RangeSelection};
///
/// let RangeSelection::Parts(parts) = Range::parse(b"bytes=0-0,-1")?.resolve(1000) else {
///     panic!("no parts");
/// };
/// let ranges = ByteRanges::new(&parts, None, &Boundary::parse(b"x")?)?;
/// assert_eq!(
///     ranges.pieces(),
///     [
///         ByteRangesPiece::Frame(b"--x\r\nContent-Range: bytes 0-0/1000\r\n\r\n".to_vec()),
///         ByteRangesPiece::Part(0..1),
///         ByteRangesPiece::Frame(b"\r\n--x\r\nContent-Range: bytes 999-999/1000\r\n\r\n".to_vec()),
///         ByteRangesPiece::Part(999..1000),
///         ByteRangesPiece::Frame(b"\r\n--x--\r\n".to_vec()),
///     ]
/// );
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a writer must send every piece")]
pub enum ByteRangesPiece {
    /// Bytes that are sent as they are.
    Frame(Vec<u8>),
    /// These bytes of the representation.
    Part(ops::Range<u64>),
}

impl ByteRanges {
    /// Frames parts of a representation, whose `Content-Type` each of them repeats if it has one.
    ///
    /// It frames a single part too; a server is to send that without a frame, unless the client asked
    /// for several ([RFC 9110 §15.3.7.2](https://www.rfc-editor.org/rfc/rfc9110#section-15.3.7.2)).
    ///
    /// # Errors
    ///
    /// [`ContentLength`](FieldErrorKind::ContentLength) if parts and frames are together longer than
    /// 2^64 - 1 bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::MediaType;
    /// use nethttp::field::{Boundary, ByteRanges, Range, RangeSelection};
    ///
    /// let RangeSelection::Parts(parts) = Range::parse(b"bytes=0-99,-100")?.resolve(1000) else {
    ///     panic!("no parts");
    /// };
    /// let text = MediaType::TEXT_PLAIN;
    /// let ranges = ByteRanges::new(&parts, Some(&text), &Boundary::from_bits(0x5eed))?;
    /// assert_eq!(ranges.content_length(), 437);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn new(
        parts: &RangeParts,
        content_type: Option<&MediaType<'_>>,
        boundary: &Boundary,
    ) -> Result<Self, FieldError> {
        let mut pieces = Vec::with_capacity(2 * parts.as_slice().len() + 1);
        for (index, part) in parts.as_slice().iter().enumerate() {
            let mut head = Vec::new();
            if index > 0 {
                head.extend_from_slice(b"\r\n");
            }
            head.extend_from_slice(alloc::format!("--{boundary}\r\n").as_bytes());
            if let Some(content_type) = content_type {
                head.extend_from_slice(b"Content-Type: ");
                head.extend_from_slice(content_type.as_str().as_bytes());
                head.extend_from_slice(b"\r\n");
            }
            let content_range = ContentRange::of(part, parts.complete_len());
            let line = alloc::format!("Content-Range: {content_range}\r\n\r\n");
            head.extend_from_slice(line.as_bytes());
            pieces.push(ByteRangesPiece::Frame(head));
            pieces.push(ByteRangesPiece::Part(part.clone()));
        }
        pieces.push(ByteRangesPiece::Frame(alloc::format!("\r\n--{boundary}--\r\n").into_bytes()));
        let content_length = pieces
            .iter()
            .try_fold(0u64, |len, piece| len.checked_add(piece.len()?))
            .ok_or(FieldError::new(FieldErrorKind::ContentLength, 0))?;
        let content_type = alloc::format!("multipart/byteranges; {}", boundary.parameter());
        Ok(Self { content_type, pieces, content_length })
    }

    /// Returns the `Content-Type` of the response.
    ///
    /// ```
    /// use nethttp::field::{Boundary, ByteRanges, Range, RangeSelection};
    ///
    /// # let RangeSelection::Parts(parts) = Range::parse(b"bytes=0-0,-1")?.resolve(1000) else { panic!() };
    /// let ranges = ByteRanges::new(&parts, None, &Boundary::parse(b"SEPARATES")?)?;
    /// assert_eq!(ranges.content_type(), "multipart/byteranges; boundary=SEPARATES");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    /// Returns the length of the content in bytes, frames included.
    ///
    /// ```
    /// use nethttp::field::{Boundary, ByteRanges, Range, RangeSelection};
    ///
    /// # let RangeSelection::Parts(parts) = Range::parse(b"bytes=0-0,-1")?.resolve(1000) else { panic!() };
    /// let ranges = ByteRanges::new(&parts, None, &Boundary::parse(b"x")?)?;
    /// assert_eq!(ranges.content_length(), 93);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn content_length(&self) -> u64 {
        self.content_length
    }

    /// Returns what the content is made of, in order.
    ///
    /// ```
    /// use nethttp::field::{Boundary, ByteRanges, Range, RangeSelection};
    ///
    /// # let RangeSelection::Parts(parts) = Range::parse(b"bytes=0-0,-1")?.resolve(1000) else { panic!() };
    /// let ranges = ByteRanges::new(&parts, None, &Boundary::parse(b"x")?)?;
    /// assert_eq!(ranges.pieces().len(), 5);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn pieces(&self) -> &[ByteRangesPiece] {
        &self.pieces
    }

    /// Returns a reader of the content, which takes the parts from a file or whatever else can seek.
    ///
    /// ```
    /// use nethttp::Body;
    /// use nethttp::field::{Boundary, ByteRanges, Range, RangeSelection};
    /// use std::fs::File;
    ///
    /// let file = File::open("Cargo.toml")?;
    /// let len = file.metadata()?.len();
    /// let RangeSelection::Parts(parts) = Range::parse(b"bytes=0-9,-10")?.resolve(len) else {
    ///     panic!("no parts");
    /// };
    /// let ranges = ByteRanges::new(&parts, None, &Boundary::from_bits(0x5eed))?;
    /// let len = ranges.content_length();
    /// let body = Body::reader(ranges.into_reader(file), Some(len));
    /// assert_eq!(body.len(), Some(len));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "std")]
    #[must_use]
    pub fn into_reader<R: std::io::Read + std::io::Seek>(
        self,
        source: R,
    ) -> super::ByteRangesReader<R> {
        super::ByteRangesReader::new(self.pieces, source)
    }
}

impl ByteRangesPiece {
    fn len(&self) -> Option<u64> {
        match self {
            Self::Frame(text) => u64::try_from(text.len()).ok(),
            Self::Part(part) => part.end.checked_sub(part.start),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::{Range, RangeSelection};

    fn parts(value: &str, len: u64) -> RangeParts {
        match Range::parse(value.as_bytes()).expect("a range").resolve(len) {
            RangeSelection::Parts(parts) => parts,
            other => panic!("{value} of {len} is {other:?}"),
        }
    }

    /// The example of RFC 9110 section 14.6.
    #[test]
    fn frames_what_the_rfc_shows() {
        let boundary = Boundary::parse(b"THIS_STRING_SEPARATES").expect("a boundary");
        let content_type = MediaType::from_static("application/pdf");
        let parts = parts("bytes=500-999,7000-7999", 8000);
        let ranges = ByteRanges::new(&parts, Some(&content_type), &boundary).expect("frames");
        let content_type = "multipart/byteranges; boundary=THIS_STRING_SEPARATES";
        assert_eq!(ranges.content_type(), content_type);
        let frame = |text: &str| ByteRangesPiece::Frame(text.as_bytes().to_vec());
        let first = "--THIS_STRING_SEPARATES\r\nContent-Type: application/pdf\r\n\
            Content-Range: bytes 500-999/8000\r\n\r\n";
        let second = "\r\n--THIS_STRING_SEPARATES\r\nContent-Type: application/pdf\r\n\
            Content-Range: bytes 7000-7999/8000\r\n\r\n";
        let end = "\r\n--THIS_STRING_SEPARATES--\r\n";
        let expected = [
            frame(first),
            ByteRangesPiece::Part(500..1000),
            frame(second),
            ByteRangesPiece::Part(7000..8000),
            frame(end),
        ];
        assert_eq!(ranges.pieces(), expected);
        let len = u64::try_from(first.len() + second.len() + end.len()).expect("a length");
        assert_eq!(ranges.content_length(), len + 1500);
    }

    #[test]
    fn a_boundary_is_quoted_where_it_must_be() {
        let boundary = Boundary::parse(b"a b").expect("a boundary");
        let ranges = ByteRanges::new(&parts("bytes=0-0", 1), None, &boundary).expect("frames");
        assert_eq!(ranges.content_type(), "multipart/byteranges; boundary=\"a b\"");
        assert_eq!(ranges.pieces().len(), 3);
    }

    #[test]
    fn content_that_no_length_can_say_is_an_error() {
        let boundary = Boundary::from_bits(0);
        let most = parts("bytes=0-", u64::MAX);
        let error = FieldError::new(FieldErrorKind::ContentLength, 0);
        assert_eq!(ByteRanges::new(&most, None, &boundary), Err(error));
        let fits = parts("bytes=0-17446744073709551614,-9", u64::MAX);
        let ranges = ByteRanges::new(&fits, None, &boundary).expect("frames");
        assert!(ranges.content_length() > 17_446_744_073_709_551_615);
    }
}

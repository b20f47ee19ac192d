//! Range requests, [RFC 9110 §14](https://www.rfc-editor.org/rfc/rfc9110#section-14): parts of a
//! representation instead of the whole.
//!
//! A server reads [`Range`], [resolves](Range::resolve) it against the length of the representation and
//! answers a [`RangeSelection`]: the whole, one part with a [`ContentRange`], several framed by
//! [`ByteRanges`], or 416. A client writes [`Range`] and reads [`ContentRange`]. Whether `Range` is to be
//! honoured at all is up to [`conditional`](crate::field::conditional), where an example of the whole
//! stands.
//!
//! ```
//! use nethttp::field::{Range, RangeSelection};
//!
//! let range = Range::parse(b"bytes=0-499,-500")?;
//! let RangeSelection::Parts(parts) = range.resolve(10_000) else { panic!("no parts") };
//! assert_eq!(parts.as_slice(), [0..500, 9_500..10_000]);
//! # Ok::<(), nethttp::field::FieldError>(())
//! ```

mod accept_ranges;
mod boundary;
mod byteranges;
mod content_range;
#[cfg(feature = "std")]
mod reader;
mod resolve;

use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;

use crate::field::{FieldError, FieldErrorKind};
use crate::header::{self, HeaderMap};
use crate::method::Method;
use crate::syntax::{Class, Cursor, parse_decimal, trim_ows};

pub use accept_ranges::AcceptRanges;
pub use boundary::Boundary;
pub use byteranges::{ByteRanges, ByteRangesPiece};
pub use content_range::ContentRange;
#[cfg(feature = "std")]
pub use reader::ByteRangesReader;
pub use resolve::{RangeParts, RangeSelection};

/// A range of bytes as it is asked for, whether or not the representation has it,
/// [RFC 9110 §14.1.2](https://www.rfc-editor.org/rfc/rfc9110#section-14.1.2). Positions count from 0.
///
/// # Examples
///
/// ```
/// use nethttp::field::{ByteRange, Range};
///
/// let range = Range::parse(b"bytes=500-999,1500-,-500")?;
/// let expected = [ByteRange::Span(500, 999), ByteRange::From(1500), ByteRange::Suffix(500)];
/// assert_eq!(range.byte_ranges(), Some(&expected[..]));
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the grammar of byte ranges has these three")]
pub enum ByteRange {
    /// All from a position on: `500-`.
    From(u64),
    /// The bytes from a first to a last position, both included: `500-999`.
    Span(u64, u64),
    /// As many bytes as this at the end, or all if there are fewer: `-500`.
    Suffix(u64),
}

impl fmt::Display for ByteRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::From(first) => write!(f, "{first}-"),
            Self::Span(first, last) => write!(f, "{first}-{last}"),
            Self::Suffix(len) => write!(f, "-{len}"),
        }
    }
}

/// The value of `Range`: a unit and the ranges that are asked for,
/// [RFC 9110 §14.2](https://www.rfc-editor.org/rfc/rfc9110#section-14.2).
///
/// The only unit that is registered is `bytes`; of another the ranges are kept as text.
///
/// # Examples
///
/// ```
/// use nethttp::field::{ByteRange, Range};
///
/// // Continue a download of which 1000 bytes are there.
/// let range = Range::bytes([ByteRange::From(1000)])?;
/// assert_eq!(range.to_string(), "bytes=1000-");
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range<'a>(Ranges<'a>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Ranges<'a> {
    Bytes(Vec<ByteRange>),
    Other { unit: &'a str, ranges: &'a str },
}

impl<'a> Range<'a> {
    /// The most ranges that are read, 200, which is what Apache takes.
    ///
    /// ```
    /// use nethttp::field::Range;
    ///
    /// let ranges = vec!["0-0"; Range::MAX_MEMBERS + 1].join(",");
    /// assert!(Range::parse(format!("bytes={ranges}").as_bytes()).is_err());
    /// ```
    pub const MAX_MEMBERS: usize = 200;

    /// Returns the value that asks for ranges of bytes.
    ///
    /// # Errors
    ///
    /// [`Empty`](FieldErrorKind::Empty), [`TooManyMembers`](FieldErrorKind::TooManyMembers), and
    /// [`LastPosition`](FieldErrorKind::LastPosition) for a span that ends before it begins. The offset
    /// is that of the range in the value that would be written.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::{ByteRange, Range};
    ///
    /// let range = Range::bytes([ByteRange::Span(0, 499), ByteRange::Suffix(500)])?;
    /// assert_eq!(range.to_string(), "bytes=0-499,-500");
    /// assert!(Range::bytes([ByteRange::Span(499, 0)]).is_err());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn bytes(ranges: impl IntoIterator<Item = ByteRange>) -> Result<Self, FieldError> {
        let (mut list, mut offset) = (Vec::new(), BYTES.len() + 1);
        for range in ranges {
            if list.len() == Self::MAX_MEMBERS {
                return Err(FieldError::new(TOO_MANY, offset));
            }
            if matches!(range, ByteRange::Span(first, last) if last < first) {
                return Err(FieldError::new(FieldErrorKind::LastPosition, offset));
            }
            list.push(range);
            offset += range.to_string().len() + 1;
        }
        match list.is_empty() {
            true => Err(FieldError::new(FieldErrorKind::Empty, offset)),
            false => Ok(Self(Ranges::Bytes(list))),
        }
    }

    /// Reads one value, strictly.
    ///
    /// ```abnf
    /// Range            = ranges-specifier
    /// ranges-specifier = range-unit "=" range-set
    /// range-unit       = token
    /// range-set        = 1#range-spec
    /// range-spec       = int-range / suffix-range / other-range
    /// int-range        = first-pos "-" [ last-pos ]
    /// suffix-range     = "-" suffix-length
    /// other-range      = 1*( %x21-2B / %x2D-7E )
    /// ```
    ///
    /// The name of a unit is read in any case. A number above 2^64 - 1 is taken for that, which is
    /// larger than every representation.
    ///
    /// # Errors
    ///
    /// [`RangeEquals`](FieldErrorKind::RangeEquals), [`RangeSpec`](FieldErrorKind::RangeSpec) where a
    /// range is malformed, [`LastPosition`](FieldErrorKind::LastPosition),
    /// [`Empty`](FieldErrorKind::Empty), [`TooManyMembers`](FieldErrorKind::TooManyMembers) and those of
    /// tokens and lists.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::Range;
    ///
    /// assert_eq!(Range::parse(b"Bytes=0-4")?.to_string(), "bytes=0-4");
    /// assert_eq!(Range::parse(b"lines=1-5")?.unit(), "lines");
    /// assert_eq!(Range::parse(b"bytes=--2").unwrap_err().offset(), 7);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn parse(value: &'a [u8]) -> Result<Self, FieldError> {
        let mut cursor = Cursor::new(value);
        let unit = cursor.token()?;
        if !cursor.eat(b'=') {
            return Err(FieldError::new(FieldErrorKind::RangeEquals, cursor.offset()));
        }
        if matches!(cursor.peek(), Some(b' ' | b'\t')) {
            return Err(FieldError::new(FieldErrorKind::RangeSpec, cursor.offset()));
        }
        if unit.eq_ignore_ascii_case(BYTES.as_bytes()) {
            return Ok(Self(Ranges::Bytes(byte_ranges(cursor)?)));
        }
        let ranges = other_ranges(cursor)?;
        Ok(Self(Ranges::Other { unit: ascii(unit), ranges: ascii(ranges) }))
    }

    /// Reads what a server is to honour of the `Range` of a request, or `None` if that is nothing and
    /// the response is the whole.
    ///
    /// Only GET has ranges, and for other methods the field must be ignored
    /// ([RFC 9110 §14.2](https://www.rfc-editor.org/rfc/rfc9110#section-14.2)). So is a value that is
    /// malformed, has too many members or stands on two lines, which the same section permits: the
    /// whole is always right. Whether [`If-Range`](crate::field::conditional::evaluate) speaks against
    /// it is the caller's to ask first.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::Range;
    /// use nethttp::{HeaderMap, Method, header};
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append(header::RANGE, "bytes=0-4")?;
    /// assert!(Range::from_headers(Method::GET, &headers).is_some());
    /// assert!(Range::from_headers(Method::HEAD, &headers).is_none());
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    #[must_use]
    pub fn from_headers(method: Method, headers: &'a HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(header::RANGE);
        match (method, values.next(), values.next()) {
            (Method::GET, Some(value), None) => Self::parse(value).ok(),
            _ => None,
        }
    }

    /// Returns the unit, `bytes` in lower case and others as they were written.
    ///
    /// ```
    /// use nethttp::field::Range;
    ///
    /// assert_eq!(Range::parse(b"BYTES=0-")?.unit(), "bytes");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn unit(&self) -> &str {
        match &self.0 {
            Ranges::Bytes(_) => BYTES,
            Ranges::Other { unit, .. } => unit,
        }
    }

    /// Returns the ranges in their order, or `None` if the unit is not `bytes`.
    ///
    /// ```
    /// use nethttp::field::{ByteRange, Range};
    ///
    /// let range = Range::parse(b"bytes=-5")?;
    /// assert_eq!(range.byte_ranges(), Some(&[ByteRange::Suffix(5)][..]));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn byte_ranges(&self) -> Option<&[ByteRange]> {
        match &self.0 {
            Ranges::Bytes(ranges) => Some(ranges),
            Ranges::Other { .. } => None,
        }
    }

    /// Returns the text of the ranges, or `None` if the unit is `bytes`.
    ///
    /// ```
    /// use nethttp::field::Range;
    ///
    /// assert_eq!(Range::parse(b"lines=1-5,7")?.other_ranges(), Some("1-5,7"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn other_ranges(&self) -> Option<&str> {
        match &self.0 {
            Ranges::Bytes(_) => None,
            Ranges::Other { ranges, .. } => Some(ranges),
        }
    }
}

const BYTES: &str = "bytes";

const TOO_MANY: FieldErrorKind = FieldErrorKind::TooManyMembers(Range::MAX_MEMBERS);

/// Returns bytes as text that a class has shown to be ASCII.
fn ascii(bytes: &[u8]) -> &str {
    core::str::from_utf8(bytes).unwrap_or_default()
}

/// Reads a `range-set` of bytes.
fn byte_ranges(mut cursor: Cursor<'_>) -> Result<Vec<ByteRange>, FieldError> {
    let mut ranges = Vec::new();
    while cursor.next_member() {
        if ranges.len() == Range::MAX_MEMBERS {
            return Err(FieldError::new(TOO_MANY, cursor.offset()));
        }
        ranges.push(byte_range(&mut cursor)?);
        cursor.end_member()?;
    }
    match ranges.is_empty() {
        true => Err(FieldError::new(FieldErrorKind::Empty, cursor.offset())),
        false => Ok(ranges),
    }
}

/// Reads `int-range / suffix-range`.
fn byte_range(cursor: &mut Cursor<'_>) -> Result<ByteRange, FieldError> {
    let due = |cursor: &Cursor<'_>| FieldError::new(FieldErrorKind::RangeSpec, cursor.offset());
    let first = number(cursor);
    if !cursor.eat(b'-') {
        return Err(due(cursor));
    }
    let offset = cursor.offset();
    match (first, number(cursor)) {
        (Some(first), None) => Ok(ByteRange::From(first)),
        (Some(first), Some(last)) if last >= first => Ok(ByteRange::Span(first, last)),
        (Some(_), Some(_)) => Err(FieldError::new(FieldErrorKind::LastPosition, offset)),
        (None, Some(len)) => Ok(ByteRange::Suffix(len)),
        (None, None) => Err(due(cursor)),
    }
}

/// Reads digits, if any come next; a number above 2^64 - 1 is taken for that.
fn number(cursor: &mut Cursor<'_>) -> Option<u64> {
    match cursor.take(Class::DIGIT) {
        [] => None,
        digits => Some(parse_decimal(digits).unwrap_or(u64::MAX)),
    }
}

/// Reads a `range-set` of another unit: visible characters, with whitespace only around commas.
fn other_ranges<'a>(cursor: Cursor<'a>) -> Result<&'a [u8], FieldError> {
    let (mut offset, mut count) = (cursor.offset(), 0);
    for member in cursor.rest().split(|&octet| octet == b',') {
        let before = member.iter().take_while(|&&octet| Class::OWS.contains(octet)).count();
        let range = trim_ows(member);
        if let Some(bad) = range.iter().position(|octet| !matches!(octet, 0x21..=0x7e)) {
            return Err(FieldError::new(FieldErrorKind::RangeSpec, offset + before + bad));
        }
        count += usize::from(!range.is_empty());
        if count > Range::MAX_MEMBERS {
            return Err(FieldError::new(TOO_MANY, offset + before));
        }
        offset += member.len() + 1;
    }
    match count {
        0 => Err(FieldError::new(FieldErrorKind::Empty, offset - 1)),
        _ => Ok(cursor.rest()),
    }
}

impl fmt::Display for Range<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=", self.unit())?;
        match &self.0 {
            Ranges::Bytes(ranges) => comma_separated(f, ranges),
            Ranges::Other { ranges, .. } => f.write_str(ranges),
        }
    }
}

fn comma_separated(f: &mut fmt::Formatter<'_>, ranges: &[ByteRange]) -> fmt::Result {
    for (index, range) in ranges.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        write!(f, "{comma}{range}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::SyntaxErrorKind;
    use ByteRange::{From, Span, Suffix};
    use FieldErrorKind as Kind;

    #[track_caller]
    fn reads(value: &str, expected: &[ByteRange], canonical: &str) {
        let range = Range::parse(value.as_bytes()).expect("a range");
        assert_eq!((range.unit(), range.byte_ranges()), ("bytes", Some(expected)));
        assert_eq!(range.to_string(), canonical);
        assert_eq!(Range::parse(canonical.as_bytes()), Ok(range.clone()));
        assert_eq!(Range::bytes(expected.iter().copied()), Ok(range));
    }

    #[test]
    fn reads_what_section_14_1_2_shows() {
        for (value, expected) in [
            ("bytes=0-499", &[Span(0, 499)][..]),
            ("bytes=500-999", &[Span(500, 999)]),
            ("bytes=-500", &[Suffix(500)]),
            ("bytes=9500-", &[From(9500)]),
            ("bytes=0-0,-1", &[Span(0, 0), Suffix(1)]),
            ("bytes=500-600,601-999", &[Span(500, 600), Span(601, 999)]),
            ("bytes=500-700,601-999", &[Span(500, 700), Span(601, 999)]),
        ] {
            reads(value, expected, value);
        }
        reads(
            "bytes=0-999, 4500-5499, -1000",
            &[Span(0, 999), Span(4500, 5499), Suffix(1000)],
            "bytes=0-999,4500-5499,-1000",
        );
    }

    #[test]
    fn reads_other_spellings() {
        reads("BYTES=1-2", &[Span(1, 2)], "bytes=1-2");
        reads("bytes=,1-2 ,\t, 3-,", &[Span(1, 2), From(3)], "bytes=1-2,3-");
        reads("bytes=001-0002,-00", &[Span(1, 2), Suffix(0)], "bytes=1-2,-0");
    }

    #[test]
    fn numbers_without_end_are_larger_than_every_file() {
        let most = u64::MAX;
        reads("bytes=99999999999999999999-", &[From(most)], "bytes=18446744073709551615-");
        reads("bytes=5-99999999999999999999", &[Span(5, most)], "bytes=5-18446744073709551615");
        reads("bytes=-18446744073709551616", &[Suffix(most)], "bytes=-18446744073709551615");
    }

    #[track_caller]
    fn refuses(value: &str, kind: Kind, offset: usize) {
        assert_eq!(Range::parse(value.as_bytes()), Err(FieldError::new(kind, offset)));
    }

    #[test]
    fn refuses_what_is_no_range() {
        let comma = Kind::Syntax(SyntaxErrorKind::ExpectedComma);
        refuses("", Kind::Syntax(SyntaxErrorKind::ExpectedToken), 0);
        refuses("=0-4", Kind::Syntax(SyntaxErrorKind::ExpectedToken), 0);
        refuses("bytes", Kind::RangeEquals, 5);
        refuses("bytes 0-4", Kind::RangeEquals, 5);
        refuses("bytes =0-4", Kind::RangeEquals, 5);
        refuses("bytes= 0-4", Kind::RangeSpec, 6);
        refuses("bytes=", Kind::Empty, 6);
        refuses("bytes=,", Kind::Empty, 7);
        refuses("bytes=5", Kind::RangeSpec, 7);
        refuses("bytes=-", Kind::RangeSpec, 7);
        refuses("bytes=--2", Kind::RangeSpec, 7);
        refuses("bytes=+1-2", Kind::RangeSpec, 6);
        refuses("bytes=1--2", comma, 8);
        refuses("bytes=1-2-3", comma, 9);
        refuses("bytes=0 -4", Kind::RangeSpec, 7);
        refuses("bytes=0- 4", comma, 9);
        refuses("bytes=- 4", Kind::RangeSpec, 7);
        refuses("bytes=0-4;1-2", comma, 9);
        refuses("bytes=0-4,x", Kind::RangeSpec, 10);
        refuses("bytes=2-1", Kind::LastPosition, 8);
        refuses("bytes=0-4,18446744073709551615-0", Kind::LastPosition, 31);
        refuses("bytes=0-1\u{661}", comma, 9);
    }

    #[test]
    fn keeps_the_text_of_other_units() {
        for (value, unit, ranges) in
            [("lines=1-5, 7", "lines", "1-5, 7"), ("X-Y=\"a\" , b=c", "X-Y", "\"a\" , b=c")]
        {
            let range = Range::parse(value.as_bytes()).expect("a range");
            assert_eq!((range.unit(), range.other_ranges()), (unit, Some(ranges)));
            assert_eq!(range.byte_ranges(), None);
            assert_eq!(range.to_string(), value);
        }
        refuses("x=", Kind::Empty, 2);
        refuses("x=,,", Kind::Empty, 4);
        refuses("x= a", Kind::RangeSpec, 2);
        refuses("x=a, b c", Kind::RangeSpec, 6);
        refuses("x=a,\u{e9}", Kind::RangeSpec, 4);
        refuses("x=a\r\n", Kind::RangeSpec, 3);
    }

    #[test]
    fn members_are_capped() {
        for (unit, member) in [("bytes", "0-0"), ("x", "abc")] {
            let most = alloc::vec![member; Range::MAX_MEMBERS].join(",");
            let value = alloc::format!("{unit}={most}");
            assert!(Range::parse(value.as_bytes()).is_ok());
            let more = alloc::format!("{value}, 1-1");
            refuses(&more, Kind::TooManyMembers(200), value.len() + 2);
        }
        let ranges = core::iter::repeat(From(0));
        let error = Range::bytes(ranges).expect_err("too many");
        assert_eq!(error, FieldError::new(Kind::TooManyMembers(200), 6 + 200 * 3));
    }

    #[test]
    fn what_is_built_is_checked() {
        assert_eq!(Range::bytes([]), Err(FieldError::new(Kind::Empty, 6)));
        let error = FieldError::new(Kind::LastPosition, 11);
        assert_eq!(Range::bytes([Span(0, 10), Span(2, 1)]), Err(error));
    }

    #[track_caller]
    fn from_headers(method: Method, values: &[&str], expected: Option<&str>) {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::RANGE, value).expect("a field");
        }
        let range = Range::from_headers(method, &headers);
        assert_eq!(range.map(|range| range.to_string()).as_deref(), expected);
    }

    #[test]
    fn a_server_ignores_what_it_may() {
        from_headers(Method::GET, &[], None);
        from_headers(Method::GET, &["bytes=0-4"], Some("bytes=0-4"));
        from_headers(Method::GET, &["bytes=0-4", "bytes=5-6"], None);
        from_headers(Method::GET, &["bytes=4-0"], None);
        from_headers(Method::GET, &["lines=4"], Some("lines=4"));
        for method in [Method::HEAD, Method::POST, Method::PUT] {
            from_headers(method, &["bytes=0-4"], None);
        }
    }
}

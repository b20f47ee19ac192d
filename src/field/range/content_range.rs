//! What a response says of the part that it carries.

use core::fmt;
use core::ops;

use super::{BYTES, ascii};
use crate::field::{FieldError, FieldErrorKind};
use crate::header::{self, HeaderMap};
use crate::syntax::{Class, Cursor, SyntaxErrorKind, parse_decimal};

/// The value of `Content-Range`: which part of a representation a 206 or one of its parts carries, or in
/// a 416 how long the representation is,
/// [RFC 9110 §14.4](https://www.rfc-editor.org/rfc/rfc9110#section-14.4).
///
/// # Examples
///
/// ```
/// use nethttp::field::ContentRange;
///
/// let part = ContentRange::parse(b"bytes 42-1233/1234")?;
/// assert_eq!((part.range(), part.complete_len()), (Some(42..1234), Some(1234)));
///
/// let refusal = ContentRange::parse(b"bytes */1234")?;
/// assert_eq!((refusal.range(), refusal.complete_len()), (None, Some(1234)));
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContentRange<'a> {
    unit: &'a str,
    /// The first and the last position.
    positions: Option<(u64, u64)>,
    complete_len: Option<u64>,
}

impl<'a> ContentRange<'a> {
    /// Returns the value for a part of a representation; `complete_len` is `None` where the length of
    /// the whole is not known.
    ///
    /// # Errors
    ///
    /// [`LastPosition`](FieldErrorKind::LastPosition) if the part is empty, and
    /// [`CompleteLength`](FieldErrorKind::CompleteLength) if it is not within that length.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::ContentRange;
    ///
    /// assert_eq!(ContentRange::bytes(0..5, Some(10))?.to_string(), "bytes 0-4/10");
    /// assert_eq!(ContentRange::bytes(0..5, None)?.to_string(), "bytes 0-4/*");
    /// assert!(ContentRange::bytes(5..5, None).is_err());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub const fn bytes(
        part: ops::Range<u64>,
        complete_len: Option<u64>,
    ) -> Result<Self, FieldError> {
        if part.start >= part.end {
            return Err(FieldError::new(FieldErrorKind::LastPosition, 0));
        }
        if matches!(complete_len, Some(len) if len < part.end) {
            return Err(FieldError::new(FieldErrorKind::CompleteLength, 0));
        }
        let positions = Some((part.start, part.end - 1));
        Ok(Self { unit: BYTES, positions, complete_len })
    }

    /// Returns the value for a part that is not empty and lies within the representation.
    pub(super) const fn of(part: &ops::Range<u64>, complete_len: u64) -> Self {
        let positions = Some((part.start, part.end.saturating_sub(1)));
        Self { unit: BYTES, positions, complete_len: Some(complete_len) }
    }

    /// Returns the value for a 416, with the length of the representation in bytes.
    ///
    /// ```
    /// use nethttp::field::ContentRange;
    ///
    /// assert_eq!(ContentRange::unsatisfied(10).to_string(), "bytes */10");
    /// ```
    #[must_use]
    pub const fn unsatisfied(complete_len: u64) -> Self {
        Self { unit: BYTES, positions: None, complete_len: Some(complete_len) }
    }

    /// Reads one value.
    ///
    /// ```abnf
    /// Content-Range     = range-unit SP ( range-resp / unsatisfied-range )
    /// range-resp        = incl-range "/" ( complete-length / "*" )
    /// incl-range        = first-pos "-" last-pos
    /// unsatisfied-range = "*/" complete-length
    /// ```
    ///
    /// A value whose last position is below the first, or not below the complete length, is invalid and
    /// an error, and so is a number above 2^64 - 1, from which a client could not tell where the part
    /// belongs.
    ///
    /// # Errors
    ///
    /// [`RangeSpace`](FieldErrorKind::RangeSpace), [`Positions`](FieldErrorKind::Positions),
    /// [`LastPosition`](FieldErrorKind::LastPosition),
    /// [`CompleteLength`](FieldErrorKind::CompleteLength), [`End`](FieldErrorKind::End) and
    /// [`NumberTooLarge`](SyntaxErrorKind::NumberTooLarge).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::{ContentRange, FieldErrorKind};
    ///
    /// assert_eq!(ContentRange::parse(b"bytes 0-4/*")?.complete_len(), None);
    /// let error = ContentRange::parse(b"bytes 0-4/4").unwrap_err();
    /// assert_eq!((error.kind(), error.offset()), (FieldErrorKind::CompleteLength, 10));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn parse(value: &'a [u8]) -> Result<Self, FieldError> {
        let mut cursor = Cursor::new(value);
        let unit = match cursor.token()? {
            unit if unit.eq_ignore_ascii_case(BYTES.as_bytes()) => BYTES,
            unit => ascii(unit),
        };
        if !cursor.eat(b' ') {
            return Err(FieldError::new(FieldErrorKind::RangeSpace, cursor.offset()));
        }
        let positions = positions(&mut cursor)?;
        if !cursor.eat(b'/') {
            return Err(FieldError::new(FieldErrorKind::CompleteLength, cursor.offset()));
        }
        let at = cursor.offset();
        let complete_len = match positions {
            Some(_) if cursor.eat(b'*') => None,
            _ => Some(number(&mut cursor, FieldErrorKind::CompleteLength)?),
        };
        if matches!((positions, complete_len), (Some((_, last)), Some(len)) if len <= last) {
            return Err(FieldError::new(FieldErrorKind::CompleteLength, at));
        }
        match cursor.peek() {
            None => Ok(Self { unit, positions, complete_len }),
            Some(_) => Err(FieldError::new(FieldErrorKind::End, cursor.offset())),
        }
    }

    /// Reads the `Content-Range` of a message, if there is one.
    ///
    /// # Errors
    ///
    /// Those of [`parse`](Self::parse): a client must not put such a part together with others
    /// ([RFC 9110 §14.4](https://www.rfc-editor.org/rfc/rfc9110#section-14.4)). Two lines are an
    /// [`End`](FieldErrorKind::End) behind the first, where the comma would stand that combines them.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::ContentRange;
    /// use nethttp::{HeaderMap, header};
    ///
    /// let mut headers = HeaderMap::new();
    /// assert_eq!(ContentRange::from_headers(&headers)?, None);
    /// headers.append(header::CONTENT_RANGE, "bytes 0-4/10")?;
    /// let part = ContentRange::from_headers(&headers)?.ok_or("no field")?;
    /// assert_eq!(part.range(), Some(0..5));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_headers(headers: &'a HeaderMap) -> Result<Option<Self>, FieldError> {
        let mut values = headers.get_all(header::CONTENT_RANGE);
        let Some(value) = values.next() else {
            return Ok(None);
        };
        let range = Self::parse(value)?;
        match values.next() {
            None => Ok(Some(range)),
            Some(_) => Err(FieldError::new(FieldErrorKind::End, value.len())),
        }
    }

    /// Returns the unit, `bytes` in lower case and others as they were written. What the positions of
    /// another unit count is not known here.
    ///
    /// ```
    /// use nethttp::field::ContentRange;
    ///
    /// assert_eq!(ContentRange::parse(b"lines 1-5/7")?.unit(), "lines");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn unit(&self) -> &'a str {
        self.unit
    }

    /// Returns the part, or `None` for the value of a 416.
    ///
    /// ```
    /// use nethttp::field::ContentRange;
    ///
    /// assert_eq!(ContentRange::parse(b"bytes 0-4/10")?.range(), Some(0..5));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn range(&self) -> Option<ops::Range<u64>> {
        self.positions.map(|(first, last)| first..last.saturating_add(1))
    }

    /// Returns the length of the whole representation, or `None` where it is given as `*`.
    ///
    /// ```
    /// use nethttp::field::ContentRange;
    ///
    /// assert_eq!(ContentRange::parse(b"bytes */10")?.complete_len(), Some(10));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn complete_len(&self) -> Option<u64> {
        self.complete_len
    }
}

/// Reads `incl-range / "*"`.
fn positions(cursor: &mut Cursor<'_>) -> Result<Option<(u64, u64)>, FieldError> {
    if cursor.eat(b'*') {
        return Ok(None);
    }
    let first = number(cursor, FieldErrorKind::Positions)?;
    if !cursor.eat(b'-') {
        return Err(FieldError::new(FieldErrorKind::Positions, cursor.offset()));
    }
    let at = cursor.offset();
    match number(cursor, FieldErrorKind::Positions)? {
        last if last < first => Err(FieldError::new(FieldErrorKind::LastPosition, at)),
        // The length up to here would not be a number any more.
        u64::MAX => Err(FieldError::new(TOO_LARGE, at)),
        last => Ok(Some((first, last))),
    }
}

const TOO_LARGE: FieldErrorKind = FieldErrorKind::Syntax(SyntaxErrorKind::NumberTooLarge);

/// Reads a number; without digits the error is of the given kind.
fn number(cursor: &mut Cursor<'_>, due: FieldErrorKind) -> Result<u64, FieldError> {
    let at = cursor.offset();
    match cursor.take(Class::DIGIT) {
        [] => Err(FieldError::new(due, at)),
        digits => parse_decimal(digits).map_err(|_| FieldError::new(TOO_LARGE, at)),
    }
}

impl fmt::Display for ContentRange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.unit)?;
        match self.positions {
            Some((first, last)) => write!(f, "{first}-{last}/")?,
            None => f.write_str("*/")?,
        }
        match self.complete_len {
            Some(len) => write!(f, "{len}"),
            None => f.write_str("*"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use FieldErrorKind as Kind;
    use alloc::string::ToString;

    #[track_caller]
    fn reads(value: &str, range: Option<ops::Range<u64>>, complete_len: Option<u64>) {
        let found = ContentRange::parse(value.as_bytes()).expect("a content range");
        assert_eq!((found.range(), found.complete_len()), (range.clone(), complete_len));
        assert_eq!(found.to_string(), value);
        let built = match (range, complete_len) {
            (Some(range), len) => ContentRange::bytes(range, len).expect("a content range"),
            (None, len) => ContentRange::unsatisfied(len.expect("a length")),
        };
        assert_eq!(built, found);
    }

    #[test]
    fn reads_what_section_14_4_shows() {
        reads("bytes 42-1233/1234", Some(42..1234), Some(1234));
        reads("bytes 42-1233/*", Some(42..1234), None);
        reads("bytes */1234", None, Some(1234));
        reads("bytes 0-499/1234", Some(0..500), Some(1234));
        reads("bytes 734-1233/1234", Some(734..1234), Some(1234));
        reads("bytes 0-0/1", Some(0..1), Some(1));
        reads("bytes */0", None, Some(0));
    }

    #[test]
    fn units_are_read_in_any_case() {
        let found = ContentRange::parse(b"Bytes 0-4/10").expect("a content range");
        assert_eq!((found.unit(), found.to_string().as_str()), ("bytes", "bytes 0-4/10"));
        let found = ContentRange::parse(b"Lines 1-5/7").expect("a content range");
        assert_eq!((found.unit(), found.range()), ("Lines", Some(1..6)));
        assert_eq!(found.to_string(), "Lines 1-5/7");
    }

    #[track_caller]
    fn refuses(value: &str, kind: Kind, offset: usize) {
        let error = FieldError::new(kind, offset);
        assert_eq!(ContentRange::parse(value.as_bytes()), Err(error), "{value}");
    }

    #[test]
    fn refuses_what_is_no_content_range() {
        refuses("", Kind::Syntax(SyntaxErrorKind::ExpectedToken), 0);
        refuses("bytes", Kind::RangeSpace, 5);
        refuses("bytes=0-4/10", Kind::RangeSpace, 5);
        refuses("bytes\t0-4/10", Kind::RangeSpace, 5);
        refuses("bytes  0-4/10", Kind::Positions, 6);
        refuses("bytes ", Kind::Positions, 6);
        refuses("bytes -4/10", Kind::Positions, 6);
        refuses("bytes 0/10", Kind::Positions, 7);
        refuses("bytes 0-/10", Kind::Positions, 8);
        refuses("bytes 0-4", Kind::CompleteLength, 9);
        refuses("bytes 0-4 /10", Kind::CompleteLength, 9);
        refuses("bytes 0-4/", Kind::CompleteLength, 10);
        refuses("bytes 0-4/+5", Kind::CompleteLength, 10);
        refuses("bytes */*", Kind::CompleteLength, 8);
        refuses("bytes 0-4/10 ", Kind::End, 12);
        refuses("bytes 0-4/10, bytes 0-4/10", Kind::End, 12);
        refuses("bytes 5-4/10", Kind::LastPosition, 8);
        refuses("bytes 0-4/4", Kind::CompleteLength, 10);
        refuses("bytes 0-4/0", Kind::CompleteLength, 10);
    }

    #[test]
    fn numbers_have_64_bits() {
        let most = u64::MAX;
        reads("bytes 0-18446744073709551614/18446744073709551615", Some(0..most), Some(most));
        reads("bytes 0-18446744073709551614/*", Some(0..most), None);
        refuses("bytes 0-18446744073709551615/*", TOO_LARGE, 8);
        refuses("bytes 0-18446744073709551616/*", TOO_LARGE, 8);
        refuses("bytes 18446744073709551616-1/*", TOO_LARGE, 6);
        refuses("bytes */18446744073709551616", TOO_LARGE, 8);
    }

    #[test]
    fn what_is_built_is_checked() {
        for (start, end, len, kind) in [
            (5, 5, Some(10), Kind::LastPosition),
            (5, 4, None, Kind::LastPosition),
            (5, 11, Some(10), Kind::CompleteLength),
        ] {
            let error = Err(FieldError::new(kind, 0));
            assert_eq!(ContentRange::bytes(ops::Range { start, end }, len), error);
        }
    }

    #[test]
    fn two_lines_are_an_error() {
        let mut headers = HeaderMap::new();
        assert_eq!(ContentRange::from_headers(&headers), Ok(None));
        headers.append("Content-Range", "bytes 0-4/10").expect("a field");
        let part = ContentRange::bytes(0..5, Some(10)).expect("a content range");
        assert_eq!(ContentRange::from_headers(&headers), Ok(Some(part)));
        headers.append("Content-Range", "bytes 0-4/10").expect("a field");
        let error = Err(FieldError::new(Kind::End, 12));
        assert_eq!(ContentRange::from_headers(&headers), error);
    }
}

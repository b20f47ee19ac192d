//! From what is asked for to what is sent.

use alloc::vec::Vec;
use core::ops;

use super::{ByteRange, Range};

/// What a representation has of the ranges that are asked for.
///
/// # Examples
///
/// ```
/// use nethttp::field::{Range, RangeSelection};
///
/// let answer = |range: &'static str| Range::parse(range.as_bytes()).map(|r| r.resolve(10));
/// assert!(matches!(answer("bytes=7-99")?, RangeSelection::Parts(parts) if parts.as_slice() == [7..10]));
/// assert_eq!(answer("bytes=10-")?, RangeSelection::Unsatisfiable);
/// assert_eq!(answer("lines=1-5")?, RangeSelection::Whole);
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the answers are 200, 206 and 416")]
pub enum RangeSelection {
    /// The ranges are ignored: 200 with the whole representation.
    Whole,
    /// 206: one part with its [`ContentRange`](super::ContentRange), or several as [`ByteRanges`](super::ByteRanges).
    Parts(RangeParts),
    /// 416 with [`ContentRange::unsatisfied`](super::ContentRange::unsatisfied): the representation has none of the ranges.
    Unsatisfiable,
}

/// The parts of a representation that are sent: at least one, within its length, disjoint.
///
/// # Examples
///
/// ```
/// use nethttp::field::{Range, RangeSelection};
///
/// let RangeSelection::Parts(parts) = Range::parse(b"bytes=0-0,-1")?.resolve(1000) else {
///     panic!("no parts");
/// };
/// assert_eq!(parts.as_slice(), [0..1, 999..1000]);
/// assert_eq!(parts.complete_len(), 1000);
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RangeParts {
    parts: Vec<ops::Range<u64>>,
    complete_len: u64,
}

impl RangeParts {
    /// Returns the parts, with positions that count from 0.
    ///
    /// ```
    /// # use nethttp::field::{Range, RangeSelection};
    /// # let RangeSelection::Parts(parts) = Range::parse(b"bytes=2-")?.resolve(5) else { panic!() };
    /// match parts.as_slice() {
    ///     [part] => assert_eq!(*part, 2..5),
    ///     several => println!("{} parts", several.len()),
    /// }
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn as_slice(&self) -> &[ops::Range<u64>] {
        &self.parts
    }

    /// Returns the length of the whole representation in bytes.
    ///
    /// ```
    /// # use nethttp::field::{Range, RangeSelection};
    /// # let RangeSelection::Parts(parts) = Range::parse(b"bytes=2-")?.resolve(5) else { panic!() };
    /// assert_eq!(parts.complete_len(), 5);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn complete_len(&self) -> u64 {
        self.complete_len
    }
}

impl Range<'_> {
    /// The most parts of one response, 16.
    ///
    /// ```
    /// use nethttp::field::{Range, RangeSelection};
    ///
    /// // Every thousandth byte: more parts than that, and so the whole.
    /// let ranges: Vec<_> = (0..17).map(|n| format!("{0}-{0}", n * 1000)).collect();
    /// let value = format!("bytes={}", ranges.join(","));
    /// assert_eq!(Range::parse(value.as_bytes())?.resolve(100_000), RangeSelection::Whole);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub const MAX_PARTS: usize = 16;

    /// Ranges with fewer bytes between them than this, 80, are sent as one part, since the frame of a
    /// part takes about as many
    /// ([RFC 9110 §15.3.7.2](https://www.rfc-editor.org/rfc/rfc9110#section-15.3.7.2)).
    ///
    /// ```
    /// use nethttp::field::{Range, RangeSelection};
    ///
    /// let RangeSelection::Parts(parts) = Range::parse(b"bytes=0-9,89-99,180-199")?.resolve(200) else {
    ///     panic!("no parts");
    /// };
    /// assert_eq!(parts.as_slice(), [0..100, 180..200]);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub const PART_OVERHEAD: u64 = 80;

    /// Decides what is sent of a representation of `len` bytes.
    ///
    /// - Another unit than `bytes` is [`Whole`](RangeSelection::Whole): it must be ignored
    ///   ([RFC 9110 §14.2](https://www.rfc-editor.org/rfc/rfc9110#section-14.2)).
    /// - Ranges that begin behind the end, and suffixes of no bytes, are left out; if none is left, the
    ///   answer is [`Unsatisfiable`](RangeSelection::Unsatisfiable). Of an empty representation a suffix is
    ///   the whole ([§14.1.2](https://www.rfc-editor.org/rfc/rfc9110#section-14.1.2)), and
    ///   `Content-Range` cannot say so; hence it is [`Whole`](RangeSelection::Whole).
    /// - Ranges that overlap, touch, or have a gap below [`PART_OVERHEAD`](Self::PART_OVERHEAD) become
    ///   one part, in the place of the first of them; else the parts are in the order of the request
    ///   ([§15.3.7.2](https://www.rfc-editor.org/rfc/rfc9110#section-15.3.7.2)).
    /// - If more than [`MAX_PARTS`](Self::MAX_PARTS) are left, it is [`Whole`](RangeSelection::Whole): many
    ///   small ranges are rather an attack than a reader
    ///   ([§17.15](https://www.rfc-editor.org/rfc/rfc9110#section-17.15)).
    ///
    /// The parts are disjoint, and so are never more bytes than the whole, however often a byte is asked
    /// for.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::{Range, RangeSelection};
    ///
    /// let amplified = format!("bytes=0-{}", ",0-".repeat(Range::MAX_MEMBERS - 1));
    /// let RangeSelection::Parts(parts) = Range::parse(amplified.as_bytes())?.resolve(1000) else {
    ///     panic!("no parts");
    /// };
    /// assert_eq!(parts.as_slice(), [0..1000]);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn resolve(&self, len: u64) -> RangeSelection {
        let Some(ranges) = self.byte_ranges() else {
            return RangeSelection::Whole;
        };
        if len == 0 {
            let whole = ranges.iter().any(|range| matches!(range, ByteRange::Suffix(1..)));
            return if whole { RangeSelection::Whole } else { RangeSelection::Unsatisfiable };
        }
        let found = ranges.iter().filter_map(|range| range.within(len)).collect();
        let parts = coalesce(found);
        match parts.len() {
            0 => RangeSelection::Unsatisfiable,
            1..=Self::MAX_PARTS => RangeSelection::Parts(RangeParts { parts, complete_len: len }),
            _ => RangeSelection::Whole,
        }
    }
}

impl ByteRange {
    /// Returns the positions that a representation of `len` bytes has of the range, or `None` if it has
    /// none.
    ///
    /// ```
    /// use nethttp::field::ByteRange;
    ///
    /// assert_eq!(ByteRange::Span(5, 99).within(10), Some(5..10));
    /// assert_eq!(ByteRange::From(10).within(10), None);
    /// assert_eq!(ByteRange::Suffix(99).within(10), Some(0..10));
    /// ```
    #[must_use]
    pub fn within(self, len: u64) -> Option<ops::Range<u64>> {
        let part = match self {
            Self::From(first) => first..len,
            Self::Span(first, last) => first..last.saturating_add(1).min(len),
            Self::Suffix(count) => len.saturating_sub(count)..len,
        };
        (!part.is_empty()).then_some(part)
    }
}

/// Joins what overlaps or is close, and keeps the order in which the first bytes were asked for.
fn coalesce(ranges: Vec<ops::Range<u64>>) -> Vec<ops::Range<u64>> {
    let mut ranges: Vec<_> = ranges.into_iter().enumerate().collect();
    ranges.sort_unstable_by_key(|(_, range)| range.start);
    let mut joined: Vec<(usize, ops::Range<u64>)> = Vec::new();
    for (place, range) in ranges {
        match joined.last_mut() {
            Some((first, last)) if range.start.saturating_sub(last.end) < Range::PART_OVERHEAD => {
                last.end = last.end.max(range.end);
                *first = place.min(*first);
            }
            _ => joined.push((place, range)),
        }
    }
    joined.sort_unstable_by_key(|(place, _)| *place);
    joined.into_iter().map(|(_, range)| range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::String;

    fn resolve(value: &str, len: u64) -> RangeSelection {
        Range::parse(value.as_bytes()).expect("a range").resolve(len)
    }

    #[track_caller]
    fn parts(value: &str, len: u64, expected: &[(u64, u64)]) {
        match resolve(value, len) {
            RangeSelection::Parts(parts) => {
                let found: Vec<_> =
                    parts.as_slice().iter().map(|part| (part.start, part.end)).collect();
                assert_eq!((&found[..], parts.complete_len()), (expected, len), "{value}");
            }
            other => panic!("{value} of {len} is {other:?}"),
        }
    }

    /// RFC 9110 section 14.1.2, for a representation of 10000 bytes.
    #[test]
    fn resolves_what_the_rfc_shows() {
        parts("bytes=0-499", 10_000, &[(0, 500)]);
        parts("bytes=500-999", 10_000, &[(500, 1000)]);
        parts("bytes=-500", 10_000, &[(9500, 10_000)]);
        parts("bytes=9500-", 10_000, &[(9500, 10_000)]);
        parts("bytes=0-0,-1", 10_000, &[(0, 1), (9999, 10_000)]);
        parts("bytes=0-999, 4500-5499, -1000", 10_000, &[(0, 1000), (4500, 5500), (9000, 10_000)]);
        parts("bytes=500-600,601-999", 10_000, &[(500, 1000)]);
        parts("bytes=500-700,601-999", 10_000, &[(500, 1000)]);
    }

    /// The rows of `ServeFileRangeTests` of Go's net/http, for a file of 11 bytes; what Go sends as two
    /// parts is here one, since so little lies between.
    #[test]
    fn agrees_with_the_server_of_go() {
        parts("bytes=0-4", 11, &[(0, 5)]);
        parts("bytes=2-", 11, &[(2, 11)]);
        parts("bytes=-5", 11, &[(6, 11)]);
        parts("bytes=3-7", 11, &[(3, 8)]);
        parts("bytes=0-0,-2", 11, &[(0, 11)]);
        parts("bytes=0-1,5-8", 11, &[(0, 9)]);
        parts("bytes=0-1,5-", 11, &[(0, 11)]);
        parts("bytes=5-1000", 11, &[(5, 11)]);
        parts("bytes=0-,1-,2-,3-,4-", 11, &[(0, 11)]);
        parts("bytes=0-10", 11, &[(0, 11)]);
        parts("bytes=0-11", 11, &[(0, 11)]);
        parts("bytes=10-11", 11, &[(10, 11)]);
        parts("bytes=10-", 11, &[(10, 11)]);
        for value in ["bytes=11-", "bytes=11-12", "bytes=12-12", "bytes=11-100", "bytes=12-100"] {
            assert_eq!(resolve(value, 11), RangeSelection::Unsatisfiable);
        }
        assert_eq!(resolve("bytes=100-", 11), RangeSelection::Unsatisfiable);
        assert_eq!(resolve("bytes=100-1000", 11), RangeSelection::Unsatisfiable);
    }

    #[test]
    fn leaves_out_what_is_not_there() {
        parts("bytes=11-,0-1,-0", 11, &[(0, 2)]);
        assert_eq!(resolve("bytes=-0", 11), RangeSelection::Unsatisfiable);
    }

    #[test]
    fn an_empty_representation_has_no_parts() {
        assert_eq!(resolve("bytes=-5", 0), RangeSelection::Whole);
        assert_eq!(resolve("bytes=-1", 0), RangeSelection::Whole);
        assert_eq!(resolve("bytes=0-,-5", 0), RangeSelection::Whole);
        assert_eq!(resolve("bytes=-0", 0), RangeSelection::Unsatisfiable);
        assert_eq!(resolve("bytes=0-", 0), RangeSelection::Unsatisfiable);
        assert_eq!(resolve("bytes=0-0", 0), RangeSelection::Unsatisfiable);
        assert_eq!(resolve("x=0", 0), RangeSelection::Whole);
    }

    #[test]
    fn parts_are_in_the_order_of_the_request() {
        parts("bytes=800-899,0-99,400-499", 1000, &[(800, 900), (0, 100), (400, 500)]);
        parts("bytes=800-899,0-99,400-499,850-949", 1000, &[(800, 950), (0, 100), (400, 500)]);
        parts("bytes=400-499,0-99,100-399", 1000, &[(0, 500)]);
        parts("bytes=900-,0-9,300-310,5-20", 1000, &[(900, 1000), (0, 21), (300, 311)]);
    }

    #[test]
    fn a_gap_joins_below_the_overhead_of_a_part() {
        parts("bytes=0-9,89-99", 1000, &[(0, 100)]);
        parts("bytes=0-9,90-99", 1000, &[(0, 10), (90, 100)]);
        parts("bytes=90-99,0-9", 1000, &[(90, 100), (0, 10)]);
    }

    #[test]
    fn the_largest_numbers_are_numbers() {
        let most = u64::MAX;
        parts("bytes=0-18446744073709551615", most, &[(0, most)]);
        parts("bytes=-99999999999999999999", most, &[(0, most)]);
        parts("bytes=18446744073709551614-", most, &[(most - 1, most)]);
        assert_eq!(resolve("bytes=99999999999999999999-", most), RangeSelection::Unsatisfiable);
    }

    #[test]
    fn more_than_sixteen_parts_are_the_whole() {
        let spread = |count: u64| -> String {
            let ranges: Vec<_> =
                (0..count).map(|n| format!("{}-{}", n * 100, n * 100 + 9)).collect();
            format!("bytes={}", ranges.join(","))
        };
        let RangeSelection::Parts(most) = resolve(&spread(16), 10_000) else { panic!("no parts") };
        assert_eq!(most.as_slice().len(), Range::MAX_PARTS);
        assert_eq!(resolve(&spread(17), 10_000), RangeSelection::Whole);
        // Of the same ranges, a shorter file has fewer.
        assert!(matches!(resolve(&spread(17), 1600), RangeSelection::Parts(_)));
        // And so has one from which all but a gap is wanted.
        parts(&format!("{},0-5000", spread(17)), 10_000, &[(0, 5001)]);
    }
}

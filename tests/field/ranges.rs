//! Laws of ranges: what is sent is what was asked for, whoever looks.

use nethttp::field::{AcceptRanges, ByteRange, ContentRange, Range, RangeParts, RangeSelection};
use proptest::prelude::*;

fn byte_range(most: u64) -> impl Strategy<Value = ByteRange> {
    prop_oneof![
        (0..most).prop_map(ByteRange::From),
        (0..most, 0..most).prop_map(|(a, b)| ByteRange::Span(a.min(b), a.max(b))),
        (0..most, 0..20u64).prop_map(|(first, len)| ByteRange::Span(first, first + len)),
        (0..most).prop_map(ByteRange::Suffix),
        (0..10u64).prop_map(ByteRange::Suffix),
    ]
}

fn ranges(most: u64) -> impl Strategy<Value = Vec<ByteRange>> {
    prop_oneof![
        prop::collection::vec(byte_range(most), 1..6),
        prop::collection::vec(
            (0..most, 0..20u64).prop_map(|(first, len)| ByteRange::Span(first, first + len)),
            1..40
        ),
    ]
}

/// Whether a range asks for the byte at a position.
fn asks(range: ByteRange, at: u64, len: u64) -> bool {
    match range {
        ByteRange::From(first) => at >= first,
        ByteRange::Span(first, last) => at >= first && at <= last,
        ByteRange::Suffix(count) => at + count >= len,
    }
}

/// What is asked for of a file, byte by byte: the stretches whose gaps are too short for a part.
fn model(ranges: &[ByteRange], len: u64) -> Vec<(u64, u64)> {
    let asked = (0..len).filter(|&at| ranges.iter().any(|range| asks(*range, at, len)));
    let mut stretches: Vec<(u64, u64)> = Vec::new();
    for at in asked {
        match stretches.last_mut() {
            Some((_, end)) if at - *end < 80 => *end = at + 1,
            _ => stretches.push((at, at + 1)),
        }
    }
    // The order of the request: that of the first range that has a byte of the stretch.
    let place = |stretch: &(u64, u64)| {
        let has = |range: &ByteRange| (stretch.0..stretch.1).any(|at| asks(*range, at, len));
        ranges.iter().position(has)
    };
    stretches.sort_by_key(place);
    stretches
}

fn pairs(parts: &RangeParts) -> Vec<(u64, u64)> {
    parts.as_slice().iter().map(|part| (part.start, part.end)).collect()
}

proptest! {
    #[test]
    fn parts_are_what_is_asked_for(ranges in ranges(3000), len in 0..3000u64) {
        let selection = Range::bytes(ranges.iter().copied()).unwrap().resolve(len);
        let expected = model(&ranges, len);
        match &selection {
            RangeSelection::Parts(parts) => {
                prop_assert_eq!(pairs(parts), expected);
                let sent: u64 = parts.as_slice().iter().map(|part| part.end - part.start).sum();
                prop_assert!(sent <= len && sent > 0);
                prop_assert!(parts.as_slice().len() <= 16);
            }
            RangeSelection::Unsatisfiable => {
                prop_assert_eq!(expected, []);
                let of_nothing = |range: &ByteRange| matches!(range, ByteRange::Suffix(1..));
                prop_assert!(len > 0 || !ranges.iter().any(of_nothing));
            }
            RangeSelection::Whole if len > 0 => prop_assert!(expected.len() > 16),
            RangeSelection::Whole => {
                prop_assert!(ranges.iter().any(|range| matches!(range, ByteRange::Suffix(1..))));
            }
        }
    }

    #[test]
    fn a_range_comes_back(ranges in ranges(u64::MAX - 100)) {
        let range = Range::bytes(ranges).unwrap();
        let text = range.to_string();
        prop_assert_eq!(Range::parse(text.as_bytes()), Ok(range));
    }

    #[test]
    fn ranges_do_not_come_from_other_text(text in "(bytes|x)=?[-0-9, x]{0,12}") {
        if let Ok(range) = Range::parse(text.as_bytes()) {
            let again = range.to_string();
            prop_assert_eq!(Range::parse(again.as_bytes()), Ok(range));
        }
    }

    #[test]
    fn a_content_range_comes_back(
        start in 0..u64::MAX - 1,
        len in 1..u64::MAX,
        more in any::<u64>(),
        known in any::<bool>(),
    ) {
        let end = start.saturating_add(len);
        let complete_len = known.then_some(end.saturating_add(more));
        let range = ContentRange::bytes(start..end, complete_len).unwrap();
        let text = range.to_string();
        prop_assert_eq!(ContentRange::parse(text.as_bytes()), Ok(range));
        prop_assert_eq!((range.range(), range.complete_len()), (Some(start..end), complete_len));
        let refusal = ContentRange::unsatisfied(more);
        let text = refusal.to_string();
        prop_assert_eq!(ContentRange::parse(text.as_bytes()), Ok(refusal));
    }

    #[test]
    fn what_is_read_of_a_content_range_is_written(text in "bytes [*0-9]{1,2}[-/][0-9]{1,2}/[*0-9]{1,2}") {
        if let Ok(range) = ContentRange::parse(text.as_bytes()) {
            if let (Some(part), Some(len)) = (range.range(), range.complete_len()) {
                prop_assert!(part.start < part.end && part.end <= len);
            }
            let again = range.to_string();
            prop_assert_eq!(ContentRange::parse(again.as_bytes()), Ok(range));
        }
    }

    #[test]
    fn accepted_units_come_back(text in "[a-z, ]{0,20}") {
        if let Ok(units) = AcceptRanges::parse(text.as_bytes()) {
            let again = units.to_string();
            prop_assert_eq!(AcceptRanges::parse(again.as_bytes()), Ok(units));
        }
    }

    #[test]
    fn no_bytes_make_it_panic(
        prefix in prop_oneof![Just(""), Just("bytes="), Just("bytes "), Just("x=")],
        text in prop::collection::vec(any::<u8>(), 0..40),
        len in any::<u64>(),
    ) {
        let text = [prefix.as_bytes(), &text].concat();
        let _ = Range::parse(&text).map(|range| range.resolve(len));
        let _ = ContentRange::parse(&text);
        let _ = AcceptRanges::parse(&text);
    }
}

//! Ranges, and what is sent for them.

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::ops;

use super::{is_text, lines, message};
use crate::field::{
    AcceptRanges, Boundary, ByteRange, ByteRanges, ByteRangesPiece, ContentRange, MediaType, Range,
    RangeParts, RangeSelection,
};
use crate::method::Method;

/// The longest file that is put together, and that the models walk over byte by byte.
const SMALL: u64 = 1024;

/// `Range`, the length of the file, the boundary and `Content-Type`, on a line each.
pub(super) fn range(data: &[u8]) {
    let lines = lines(data);
    let mut rest = lines.iter().copied();
    let mut next = || rest.next().unwrap_or_default();
    let (value, len, boundary, media_type) = (next(), next(), next(), next());
    let strict = reads_back!(Range of value, read => read.to_string());
    if let Some(headers) = message("Range", &[value]) {
        assert_eq!(Range::from_headers(Method::GET, &headers), strict);
        assert_eq!(Range::from_headers(Method::HEAD, &headers), None);
    }
    if let Some(headers) = message("Range", &[value, value]) {
        assert_eq!(Range::from_headers(Method::GET, &headers), None);
    }
    let Some(range) = strict else {
        return;
    };
    let len = str::from_utf8(len).ok().and_then(|len| len.parse().ok()).unwrap_or(SMALL);
    let selection = range.resolve(len);
    let Some(asked) = range.byte_ranges() else {
        return assert_eq!(selection, RangeSelection::Whole);
    };
    assert!((1..=Range::MAX_MEMBERS).contains(&asked.len()));
    if len <= SMALL {
        is_what_was_asked(&selection, asked, len);
    }
    if let RangeSelection::Parts(parts) = selection {
        are_of(&parts, asked, len);
        are_framed(&parts, boundary, media_type);
    }
}

/// Whether a range asks for the byte at a position.
const fn asks(range: ByteRange, at: u64, len: u64) -> bool {
    match range {
        ByteRange::From(first) => at >= first,
        ByteRange::Span(first, last) => at >= first && at <= last,
        ByteRange::Suffix(count) => len - at <= count,
    }
}

/// What is sent is what is asked for byte by byte, but for gaps below the overhead of a part.
fn is_what_was_asked(selection: &RangeSelection, ranges: &[ByteRange], len: u64) {
    // The parts, each with the place in the request of the first range that has a byte of it.
    let mut parts: Vec<(usize, ops::Range<u64>)> = Vec::new();
    for at in 0..len {
        let Some(place) = ranges.iter().position(|range| asks(*range, at, len)) else {
            continue;
        };
        match parts.last_mut() {
            Some((first, part)) if at - part.end < Range::PART_OVERHEAD => {
                part.end = at + 1;
                *first = place.min(*first);
            }
            _ => parts.push((place, at..at + 1)),
        }
    }
    parts.sort_by_key(|(place, _)| *place);
    let is_suffix = |range: &ByteRange| matches!(range, ByteRange::Suffix(1..));
    let is_whole = parts.len() > Range::MAX_PARTS || len == 0 && ranges.iter().any(is_suffix);
    match selection {
        RangeSelection::Whole => assert!(is_whole),
        RangeSelection::Unsatisfiable => assert!(!is_whole && parts.is_empty()),
        RangeSelection::Parts(found) => {
            assert!(!is_whole && found.as_slice().iter().eq(parts.iter().map(|(_, part)| part)));
        }
    }
}

/// The parts lie within the file and apart, and begin, end and are where it was asked for.
fn are_of(parts: &RangeParts, asked: &[ByteRange], len: u64) {
    assert_eq!(parts.complete_len(), len);
    let parts = parts.as_slice();
    assert!((1..=Range::MAX_PARTS).contains(&parts.len()));
    assert!(parts.iter().all(|part| part.start < part.end && part.end <= len));
    let mut sorted: Vec<_> = parts.iter().collect();
    sorted.sort_by_key(|part| part.start);
    let is_far = |a: &&ops::Range<u64>, b: &&ops::Range<u64>| {
        b.start.checked_sub(a.end).is_some_and(|gap| gap >= Range::PART_OVERHEAD)
    };
    assert!(sorted.iter().zip(sorted.iter().skip(1)).all(|(a, b)| is_far(a, b)));
    assert!(parts.iter().map(|part| part.end - part.start).sum::<u64>() <= len);

    let within: Vec<_> = asked.iter().filter_map(|range| range.within(len)).collect();
    for range in &within {
        assert!(parts.iter().any(|part| part.start <= range.start && range.end <= part.end));
    }
    for part in parts {
        assert!(within.iter().any(|range| range.start == part.start));
        assert!(within.iter().any(|range| range.end == part.end));
        let one = ContentRange::bytes(part.clone(), Some(len));
        let text = one.map(|range| range.to_string()).unwrap_or_default();
        let again = ContentRange::parse(text.as_bytes());
        assert_eq!(
            again.map(|it| (it.range(), it.complete_len())),
            Ok((Some(part.clone()), Some(len)))
        );
    }
}

/// The content of a response with several parts is as long as announced, and reads as the parts.
fn are_framed(parts: &RangeParts, boundary: &[u8], media_type: &[u8]) {
    let boundary = match Boundary::parse(boundary) {
        Ok(read) => {
            assert!(!boundary.is_empty() && boundary.len() <= Boundary::MAX_LEN);
            assert_eq!(read.as_str().as_bytes(), boundary);
            read
        }
        Err(error) => {
            assert!(error.offset() <= boundary.len(), "{error}");
            Boundary::from_bits(0x5eed)
        }
    };
    let media_type = MediaType::parse(media_type).ok();
    let Ok(framed) = ByteRanges::new(parts, media_type.as_ref(), &boundary) else {
        return assert!(parts.complete_len() > u64::MAX - 100_000);
    };
    let content_type = MediaType::parse(framed.content_type().as_bytes());
    is_text(framed.content_type().as_bytes());
    assert!(content_type.as_ref().is_ok_and(|it| it.is("multipart/byteranges")));
    let announced = content_type.as_ref().ok().and_then(|it| it.parameter("boundary"));
    assert_eq!(announced.as_deref(), Some(boundary.as_str()));
    let len: u64 = framed.pieces().iter().map(piece_len).sum();
    assert_eq!(len, framed.content_length());
    if parts.complete_len() <= SMALL {
        // No boundary has a line break before it here.
        let file: Vec<u8> = (0..parts.complete_len()).map(digit).collect();
        let content = content(&framed, &file);
        reads_as(&content, parts, &file, boundary.as_str(), media_type.as_ref());
        #[cfg(feature = "std")]
        is_streamed(framed, &content, file);
    }
}

fn piece_len(piece: &ByteRangesPiece) -> u64 {
    match piece {
        ByteRangesPiece::Frame(text) => u64::try_from(text.len()).unwrap_or(u64::MAX),
        ByteRangesPiece::Part(part) => part.end - part.start,
    }
}

fn digit(at: u64) -> u8 {
    b'0' + u8::try_from(at * at % 10).unwrap_or_default()
}

/// The bytes of a part.
fn bytes<'a>(file: &'a [u8], part: &ops::Range<u64>) -> &'a [u8] {
    let at = |at| usize::try_from(at).unwrap_or(usize::MAX);
    file.get(at(part.start)..at(part.end)).unwrap_or_default()
}

fn content(framed: &ByteRanges, file: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    for piece in framed.pieces() {
        content.extend_from_slice(match piece {
            ByteRangesPiece::Frame(text) => text,
            ByteRangesPiece::Part(part) => bytes(file, part),
        });
    }
    content
}

/// Reads a multipart body as [RFC 2046 §5.1.1](https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1) has
/// it, line by line: no part of the file holds a line break.
fn reads_as(
    content: &[u8],
    parts: &RangeParts,
    file: &[u8],
    boundary: &str,
    media_type: Option<&MediaType<'_>>,
) {
    let text = str::from_utf8(content).unwrap_or_default();
    let mut lines = text.split("\r\n");
    for part in parts.as_slice() {
        assert_eq!(lines.next(), Some(&*format!("--{boundary}")));
        if let Some(media_type) = media_type {
            let value = lines.next().and_then(|line| line.strip_prefix("Content-Type: "));
            assert_eq!(value, Some(media_type.as_str()));
        }
        let value = lines.next().and_then(|line| line.strip_prefix("Content-Range: "));
        let range = ContentRange::parse(value.unwrap_or_default().as_bytes());
        let range = range.map(|range| (range.range(), range.complete_len()));
        assert_eq!(range, Ok((Some(part.clone()), Some(parts.complete_len()))));
        assert_eq!(lines.next(), Some(""));
        assert_eq!(lines.next().map(str::as_bytes), Some(bytes(file, part)));
    }
    assert_eq!(lines.next(), Some(&*format!("--{boundary}--")));
    assert!(lines.eq([""]));
}

/// A reader yields the same, in pieces of any size.
#[cfg(feature = "std")]
fn is_streamed(framed: ByteRanges, content: &[u8], file: Vec<u8>) {
    use std::io::{Cursor, Read};

    let mut buf = [0; 7];
    let buf = buf.get_mut(..1 + content.len() % 7).unwrap_or_default();
    let mut reader = framed.into_reader(Cursor::new(file));
    let mut read = Vec::new();
    while let Ok(count @ 1..) = reader.read(buf) {
        read.extend_from_slice(buf.get(..count).unwrap_or_default());
    }
    assert_eq!(read, content);
}

pub(super) fn content_range(data: &[u8]) {
    let strict = reads_back!(ContentRange of data, read => read.to_string());
    if let Some(range) = strict {
        if let Some(part) = range.range() {
            assert!(
                part.start < part.end && range.complete_len().is_none_or(|len| part.end <= len)
            );
            if range.unit() == "bytes" {
                assert_eq!(ContentRange::bytes(part, range.complete_len()), Ok(range));
            }
        } else {
            let len = range.complete_len().unwrap_or_default();
            assert!(range.unit() != "bytes" || range == ContentRange::unsatisfied(len));
        }
    }
    let lines = lines(data);
    let Some(headers) = message("Content-Range", &lines) else {
        return;
    };
    let found = ContentRange::from_headers(&headers);
    match lines.as_slice() {
        [line] => assert_eq!(found, ContentRange::parse(line).map(Some)),
        lines => {
            let is_inside = |offset| lines.first().is_some_and(|line| offset <= line.len());
            assert!(found.is_err_and(|error| is_inside(error.offset())));
        }
    }
}

pub(super) fn accept_ranges(data: &[u8]) {
    reads_back!(AcceptRanges of data, read => read.to_string());
    let lines = lines(data);
    let Some(headers) = message("Accept-Ranges", &lines) else {
        return;
    };
    let found = AcceptRanges::from_headers(&headers);
    let found = found.as_ref().map(AcceptRanges::units).unwrap_or_default();
    assert!(found.len() <= AcceptRanges::MAX_MEMBERS);
    let strict: Result<Vec<_>, _> = lines.iter().map(|line| AcceptRanges::parse(line)).collect();
    if let Ok(strict) = strict {
        let units = strict.iter().flat_map(AcceptRanges::units);
        assert!(found.iter().eq(units.take(AcceptRanges::MAX_MEMBERS)));
    }
    if let Ok(again) = AcceptRanges::parse(found.join(",").as_bytes()) {
        assert_eq!(again.units(), found);
        assert!(!(again.is_none() && again.has_bytes()));
    } else {
        assert!(found.is_empty());
    }
}

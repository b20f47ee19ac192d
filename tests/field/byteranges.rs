//! Laws of several parts in one response: what is framed is read back, here and by Python.

use std::io::Write;
use std::process::{Command, Stdio};

use nethttp::field::MediaType;
use nethttp::field::{
    Boundary, ByteRange, ByteRanges, ByteRangesPiece, ContentRange, Range, RangeParts,
    RangeSelection,
};
use proptest::prelude::*;

use crate::support::peers;

/// A range of a file of about 3000 bytes, with what such a file may not have.
fn byte_range() -> impl Strategy<Value = ByteRange> {
    prop_oneof![
        (0..3000u64, 0..200u64).prop_map(|(first, len)| ByteRange::Span(first, first + len)),
        (0..200u64).prop_map(ByteRange::Suffix),
        (2500..3500u64).prop_map(ByteRange::From),
    ]
}

fn parts(range: &Range<'_>, len: u64) -> Option<RangeParts> {
    match range.resolve(len) {
        RangeSelection::Parts(parts) => Some(parts),
        _ => None,
    }
}

/// The content of a response, put together from its pieces.
fn content(ranges: &ByteRanges, file: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    for piece in ranges.pieces() {
        match piece {
            ByteRangesPiece::Frame(text) => content.extend_from_slice(text),
            ByteRangesPiece::Part(part) => {
                content.extend_from_slice(&file[part.start as usize..part.end as usize]);
            }
        }
    }
    content
}

/// Splits at each occurrence of a separator.
fn split<'a>(mut text: &'a [u8], separator: &[u8]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    while let Some(at) = text.windows(separator.len()).position(|window| window == separator) {
        pieces.push(&text[..at]);
        text = &text[at + separator.len()..];
    }
    pieces.push(text);
    pieces
}

/// Reads a multipart body whose content does not hold the boundary: fields and content of each part.
fn multipart<'a>(body: &'a [u8], boundary: &str) -> Vec<(&'a str, &'a [u8])> {
    let body = body.strip_prefix(format!("--{boundary}").as_bytes()).unwrap();
    let mut pieces = split(body, format!("\r\n--{boundary}").as_bytes());
    assert_eq!(pieces.pop(), Some(&b"--\r\n"[..]), "the end");
    let part = |piece: &'a [u8]| {
        let piece = piece.strip_prefix(b"\r\n").unwrap();
        let end = piece.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        (std::str::from_utf8(&piece[..end]).unwrap(), &piece[end + 4..])
    };
    pieces.into_iter().map(part).collect()
}

proptest! {
    #[test]
    fn a_multipart_body_is_read_back(
        file in prop::collection::vec(any::<u8>(), 1..3000),
        ranges in prop::collection::vec(byte_range(), 1..8),
        bits in any::<u128>(),
        content_type in prop_oneof![Just(None), Just(Some("text/plain"))],
    ) {
        let len = file.len() as u64;
        let Some(parts) = parts(&Range::bytes(ranges).unwrap(), len) else {
            return Ok(());
        };
        let boundary = Boundary::from_bits(bits);
        let value = content_type.map(MediaType::from_static);
        let framed = ByteRanges::new(&parts, value.as_ref(), &boundary).unwrap();
        let body = content(&framed, &file);
        prop_assert_eq!(body.len() as u64, framed.content_length());

        let found = multipart(&body, boundary.as_str());
        prop_assert_eq!(found.len(), parts.as_slice().len());
        for ((fields, bytes), part) in found.into_iter().zip(parts.as_slice()) {
            let mut lines = fields.split("\r\n");
            if let Some(content_type) = content_type {
                prop_assert_eq!(lines.next(), Some(&*format!("Content-Type: {content_type}")));
            }
            let value = lines.next().and_then(|line| line.strip_prefix("Content-Range: ")).unwrap();
            let range = ContentRange::parse(value.as_bytes()).unwrap();
            prop_assert_eq!((range.range(), range.complete_len()), (Some(part.clone()), Some(len)));
            prop_assert_eq!(lines.next(), None);
            prop_assert_eq!(bytes, &file[part.start as usize..part.end as usize]);
        }
    }

    #[cfg(feature = "std")]
    #[test]
    fn a_reader_yields_the_pieces(
        file in prop::collection::vec(any::<u8>(), 1..3000),
        ranges in prop::collection::vec(byte_range(), 1..8),
        buf_len in 1..200usize,
    ) {
        let Some(parts) = parts(&Range::bytes(ranges).unwrap(), file.len() as u64) else {
            return Ok(());
        };
        let framed = ByteRanges::new(&parts, None, &Boundary::from_bits(0)).unwrap();
        let expected = content(&framed, &file);
        let mut read = Vec::new();
        let mut reader = framed.into_reader(std::io::Cursor::new(file));
        let mut buf = vec![0; buf_len];
        while let count @ 1.. = std::io::Read::read(&mut reader, &mut buf).unwrap() {
            read.extend_from_slice(&buf[..count]);
        }
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn a_boundary_is_its_text(text in prop::collection::vec(any::<u8>(), 0..4)) {
        if let Ok(boundary) = Boundary::parse(&text) {
            prop_assert_eq!(boundary.as_str().as_bytes(), &text);
        }
    }
}

#[test]
fn python_reads_the_parts() {
    let Some(python) = peers::find("python3") else {
        return;
    };
    let file: Vec<u8> = (b'a'..=b'z').cycle().take(1000).collect();
    let parts = parts(&Range::parse(b"bytes=-5,0-9,400-402").unwrap(), 1000).unwrap();
    let boundary = Boundary::parse(b"a boundary: 'quoted'").unwrap();
    let content_type = MediaType::from_static("text/plain; charset=us-ascii");
    let framed = ByteRanges::new(&parts, Some(&content_type), &boundary).unwrap();
    let message = format!("Content-Type: {}\r\n\r\n", framed.content_type());

    let script = "import email,sys
for part in email.message_from_bytes(sys.stdin.buffer.read()).get_payload():
    print(part.get_content_type(), part['Content-Range'], part.get_payload())";
    let mut child = Command::new(python)
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(message.as_bytes()).unwrap();
    stdin.write_all(&content(&framed, &file)).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        lines.lines().collect::<Vec<_>>(),
        [
            "text/plain bytes 995-999/1000 hijkl",
            "text/plain bytes 0-9/1000 abcdefghij",
            "text/plain bytes 400-402/1000 klm",
        ]
    );
}

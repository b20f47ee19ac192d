//! Gzip: members, their headers and their checksums, RFC 1952.

use super::checks::{check, gives, refuses};
use super::kit::{Bits, framed, literals};
use super::model::crc32;
use super::{CodingErrorKind as Kind, Format};

const FHCRC: u8 = 2;
const FEXTRA: u8 = 4;
const FNAME: u8 = 8;
const FCOMMENT: u8 = 16;

/// The header without what the flags announce.
fn fixed(flags: u8) -> Vec<u8> {
    // Bits that are reserved are in FLG only; MTIME, XFL and OS may be anything.
    [&[0x1f, 0x8b, 8, flags][..], b"\xff\xfe\xfd\xfc", &[flags ^ 0xff, 0x7f]].concat()
}

/// A header with what the flags announce.
fn header(flags: u8, extra: &[u8], name: &[u8], comment: &[u8]) -> Vec<u8> {
    let mut header = fixed(flags);
    if flags & FEXTRA != 0 {
        header.extend_from_slice(&u16::try_from(extra.len()).unwrap().to_le_bytes());
        header.extend_from_slice(extra);
    }
    if flags & FNAME != 0 {
        header.extend_from_slice(name);
        header.push(0);
    }
    if flags & FCOMMENT != 0 {
        header.extend_from_slice(comment);
        header.push(0);
    }
    if flags & FHCRC != 0 {
        header.extend_from_slice(&crc32(&header).to_le_bytes()[..2]);
    }
    header
}

/// What stands behind a header: two blocks of data, and what belongs behind them.
fn body() -> Vec<u8> {
    let bits = Bits::new().stored(b"some ", false).fixed(&literals(b"data"), true);
    framed(Format::Gzip, &bits.into_bytes(), b"some data").split_off(10)
}

fn member(data: &[u8]) -> Vec<u8> {
    framed(Format::Gzip, &Bits::new().stored(data, true).into_bytes(), data)
}

#[test]
fn headers_have_every_combination_of_fields() {
    for flags in 0..32 {
        for (extra, name, comment) in [
            (&b""[..], &b""[..], &b""[..]),
            (b"ab\x02\0xy", b"name.txt", b"a comment\nin two lines"),
            (b"\0\0\0\0", b"\xe9", b"\x1f\x8b\x08"),
        ] {
            let input = [header(flags, extra, name, comment), body()].concat();
            gives(Format::Gzip, &input, b"some data");
        }
    }
}

#[test]
fn fields_may_be_long() {
    let (extra, text) = (vec![0; 0xffff], vec![b'a'; 5000]);
    let input = [header(0x1f, &extra, &text, &text), body()].concat();
    gives(Format::Gzip, &input, b"some data");
}

#[test]
fn refuses_what_is_not_gzip() {
    refuses(Format::Gzip, b"<html>", b"", Kind::GzipMagic, 0);
    refuses(Format::Gzip, b"\0", b"", Kind::GzipMagic, 0);
    refuses(Format::Gzip, b"\x78\x9c\x03\0\0\0\0\x01", b"", Kind::GzipMagic, 0);
    refuses(Format::Gzip, b"\x1f\x8c\x08", b"", Kind::GzipMagic, 1);
    // compress(1) and pack(1) begin alike.
    refuses(Format::Gzip, b"\x1f\x9d\x90", b"", Kind::GzipMagic, 1);
    refuses(Format::Gzip, b"\x1f\x1e", b"", Kind::GzipMagic, 1);
}

#[test]
fn refuses_other_methods() {
    for method in (0..8).chain(9..=255) {
        let mut input = member(b"a");
        input[2] = method;
        refuses(Format::Gzip, &input, b"", Kind::GzipMethod(method), 2);
    }
}

#[test]
fn refuses_reserved_flags() {
    for flags in 32..=255 {
        let mut input = member(b"a");
        input[3] = flags;
        refuses(Format::Gzip, &input, b"", Kind::GzipFlags(flags & 0xe0), 3);
    }
}

#[test]
fn refuses_a_header_whose_checksum_is_wrong() {
    let good = header(FHCRC | FNAME, b"", b"name", b"");
    let at = good.len() - 2;
    for bit in 0..16 {
        let mut input = [good.clone(), body()].concat();
        input[at + bit / 8] ^= 1 << (bit % 8);
        refuses(Format::Gzip, &input, b"", Kind::GzipHeaderChecksum, at);
    }
    for byte in 4..at - 1 {
        let mut input = [good.clone(), body()].concat();
        input[byte] ^= 0x80;
        refuses(Format::Gzip, &input, b"", Kind::GzipHeaderChecksum, at);
    }
}

#[test]
fn refuses_data_whose_checksum_is_wrong() {
    let good = member(b"some data");
    let at = good.len() - 8;
    for bit in 0..32 {
        let mut input = good.clone();
        input[at + bit / 8] ^= 1 << (bit % 8);
        refuses(Format::Gzip, &input, b"some data", Kind::Crc32, at);
        let mut input = good.clone();
        input[at + 4 + bit / 8] ^= 1 << (bit % 8);
        refuses(Format::Gzip, &input, b"some data", Kind::GzipLength, at + 4);
    }
    // The bytes of the data, and all of both at once.
    for byte in 15..24 {
        let mut input = [good.clone(), good.clone()].concat();
        input[byte] ^= 1;
        let mut data = *b"some data";
        data[byte - 15] ^= 1;
        refuses(Format::Gzip, &input, &data, Kind::Crc32, at);
    }
    let nothing = [&good[..at], &[0; 8]].concat();
    refuses(Format::Gzip, &nothing, b"some data", Kind::Crc32, at);
}

#[test]
fn members_follow_one_another() {
    let three = [member(b"one "), member(b""), member(b"three")].concat();
    gives(Format::Gzip, &three, b"one three");
    gives(
        Format::Gzip,
        &[header(0x1f, b"a", b"b", b"c"), body(), three].concat(),
        b"some dataone three",
    );
    gives(Format::Gzip, &member(b"").repeat(50), b"");
    gives(Format::Gzip, &member(b"a").repeat(50), &[b'a'; 50]);
}

#[test]
fn a_member_does_not_reach_into_the_one_before() {
    let first = member(b"abc");
    let second = Bits::new().fixed(&[super::kit::Token::Match(3, 3)], true).into_bytes();
    let second = framed(Format::Gzip, &second, b"abc");
    let input = [&first[..], &second].concat();
    refuses(Format::Gzip, &input, b"abc", Kind::Distance, first.len() + 10 + 1);
}

#[test]
fn errors_count_bytes_from_the_first_member_on() {
    let first = [header(0x1f, b"extra", b"name", b"comment"), body()].concat();
    let second = member(b"a");
    for (at, bit, kind, data) in [
        (0, 1, Kind::TrailingData, &b"some data"[..]),
        (1, 1, Kind::TrailingData, b"some data"),
        (2, 1, Kind::GzipMethod(9), b"some data"),
        (3, 0x40, Kind::GzipFlags(0x40), b"some data"),
        (10, 6, Kind::BlockType, b"some data"),
        (13, 1, Kind::StoredLength, b"some data"),
        (16, 1, Kind::Crc32, b"some dataa"),
        (20, 1, Kind::GzipLength, b"some dataa"),
    ] {
        let mut second = second.clone();
        second[at] ^= bit;
        let input = [&first[..], &second].concat();
        // What is no member is so from its first byte on.
        let at = first.len() + if at == 1 { 0 } else { at };
        refuses(Format::Gzip, &input, data, kind, at);
    }
}

/// The fixed header of a member, or a part of it, is not yet a member.
#[test]
fn refuses_what_stands_behind_the_last_member() {
    let good = member(b"a");
    for behind in [&b"\0"[..], b"\0\0\0\0", b"\n", b"\x8b", b"PK", b"\x1f\x1f\x8b\x08", b"\x1f\0"] {
        let input = [&good, behind].concat();
        refuses(Format::Gzip, &input, b"a", Kind::TrailingData, good.len());
    }
    for len in 1..good.len() {
        let input = [&good, &good[..len]].concat();
        let data = if len > 15 { &b"aa"[..] } else { b"a" };
        refuses(Format::Gzip, &input, data, Kind::Truncated, input.len());
    }
}

#[test]
fn refuses_a_header_that_ends_early() {
    let whole = header(0x1f, b"extra", b"name", b"comment");
    for len in 0..=whole.len() {
        refuses(Format::Gzip, &whole[..len], b"", Kind::Truncated, len);
    }
    // A length of 2^16 - 1 that nothing follows, a name without an end.
    refuses(Format::Gzip, &[fixed(FEXTRA), vec![0xff; 9]].concat(), b"", Kind::Truncated, 19);
    refuses(Format::Gzip, &[fixed(FNAME), vec![b'a'; 90]].concat(), b"", Kind::Truncated, 100);
    refuses(Format::Gzip, &[fixed(FCOMMENT), vec![b'a'; 90]].concat(), b"", Kind::Truncated, 100);
}

/// What is compressed is still compressed when it has been decoded once.
#[test]
fn decodes_once() {
    let inner = member(b"data");
    check(Format::Gzip, &member(&inner), &(inner, Ok(())));
}

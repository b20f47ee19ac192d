//! Zlib, RFC 1950, and what HTTP calls `deflate`, RFC 9110 §8.4.1.2.

use super::checks::{gives, refuses};
use super::kit::{Bits, Token, framed, literals};
use super::model::{adler32, decode};
use super::{CodingErrorKind as Kind, Format};

/// `some data` in two blocks.
fn deflated() -> Vec<u8> {
    Bits::new().stored(b"some ", false).fixed(&literals(b"data"), true).into_bytes()
}

fn good() -> Vec<u8> {
    framed(Format::Zlib, &deflated(), b"some data")
}

#[test]
fn headers_of_every_window_and_level_are_read() {
    let mut count = 0;
    for cmf in (0x08..=0x78).step_by(16) {
        for level in 0..4 {
            // The five bits that make it a multiple of 31.
            let check = (0..32).find(|it| (256 * cmf + 64 * level + it) % 31 == 0).unwrap();
            let mut input = good();
            (input[0], input[1]) = (cmf as u8, (64 * level + check) as u8);
            for format in [Format::Zlib, Format::Deflate] {
                gives(format, &input, b"some data");
            }
            count += 1;
        }
    }
    assert_eq!(count, 32);
}

/// The window that a header promises is not held against the distances, as zlib does not.
#[test]
fn distances_may_be_longer_than_the_window() {
    let data = (0..600).map(|it| (it % 251) as u8).collect::<Vec<u8>>();
    let bits = Bits::new().stored(&data, false).fixed(&[Token::Match(10, 600)], true);
    let data = [&data[..], &data[..10]].concat();
    let mut input = framed(Format::Zlib, &bits.into_bytes(), &data);
    (input[0], input[1]) = (0x08, 0x1d);
    gives(Format::Zlib, &input, &data);
}

#[test]
fn refuses_every_other_header() {
    for header in 0..=u16::MAX {
        let [cmf, flags] = header.to_be_bytes();
        let is_good = cmf & 15 == 8 && cmf < 0x80 && header % 31 == 0;
        // Once in a while at all cuts.
        if is_good || header % 97 != 0 {
            continue;
        }
        let mut input = good();
        (input[0], input[1]) = (cmf, flags);
        refuses(Format::Zlib, &input, b"", Kind::ZlibHeader, 0);
    }
    refuses(Format::Zlib, b"\x1f\x8b\x08\0", b"", Kind::ZlibHeader, 0);
    refuses(Format::Zlib, b"\x88\x1c", b"", Kind::ZlibHeader, 0);
    refuses(Format::Zlib, b"\x79", b"", Kind::ZlibHeader, 0);
}

#[test]
fn refuses_a_dictionary() {
    for flags in [0x20, 0x3f, 0x7d, 0xbb, 0xf9] {
        let mut input = good();
        input[1] = flags;
        for format in [Format::Zlib, Format::Deflate] {
            refuses(format, &input, b"", Kind::ZlibDictionary, 1);
        }
    }
}

#[test]
fn refuses_data_whose_checksum_is_wrong() {
    let at = good().len() - 4;
    for bit in 0..32 {
        let mut input = good();
        input[at + bit / 8] ^= 1 << (bit % 8);
        refuses(Format::Zlib, &input, b"some data", Kind::Adler32, at);
        refuses(Format::Deflate, &input, b"some data", Kind::Adler32, at);
    }
    // As it would be the other way round.
    let mut input = good();
    input[at..].copy_from_slice(&adler32(b"some data").to_le_bytes());
    refuses(Format::Zlib, &input, b"some data", Kind::Adler32, at);
}

#[test]
fn refuses_what_stands_behind_the_checksum() {
    for behind in [&b"\0"[..], b"\x78", b"\x78\x9c\x03\0\0\0\0\x01"] {
        let input = [&good()[..], behind].concat();
        refuses(Format::Zlib, &input, b"some data", Kind::TrailingData, good().len());
        refuses(Format::Deflate, &input, b"some data", Kind::TrailingData, good().len());
    }
}

#[test]
fn refuses_an_end_before_the_end() {
    for len in 0..good().len() {
        let whole = decode(Format::Zlib, &good()[..len]);
        for format in [Format::Zlib, Format::Deflate] {
            refuses(format, &good()[..len], &whole.0, Kind::Truncated, len);
        }
    }
}

/// What does not begin as zlib does is read as it is.
#[test]
fn deflate_may_come_without_a_header() {
    gives(Format::Deflate, &deflated(), b"some data");
    gives(Format::Deflate, b"\x03\0", b"");
    refuses(
        Format::Deflate,
        &[&deflated()[..], b"\0"].concat(),
        b"some data",
        Kind::TrailingData,
        deflated().len(),
    );
    refuses(Format::Deflate, b"", b"", Kind::Truncated, 0);
    refuses(Format::Deflate, b"\x07", b"", Kind::BlockType, 0);
    refuses(Format::Deflate, b"\x1f\x8b\x08\0\0\0\0\0", b"", Kind::BlockType, 0);
}

/// A stored block may begin with the first byte of zlib, in which the bits behind the type mean nothing.
#[test]
fn deflate_without_a_header_may_begin_as_half_of_one() {
    for first in (0x08..=0x78).step_by(16) {
        for len in [2, 3, 300] {
            let data = vec![b'a'; len];
            let mut input =
                Bits::new().stored(&data, false).fixed(&literals(b"b"), true).into_bytes();
            input[0] = first;
            if u16::from_be_bytes([input[0], input[1]]).is_multiple_of(31) {
                continue;
            }
            gives(Format::Deflate, &input, &[&data[..], b"b"].concat());
            refuses(Format::Deflate, &input[..2], b"", Kind::Truncated, 2);
            input[3] ^= 1;
            refuses(Format::Deflate, &input, b"", Kind::StoredLength, 3);
        }
    }
}

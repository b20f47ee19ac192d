//! What the encoder makes of data.

use alloc::vec::Vec;

use super::{Format, Limits, MOST, decode, difference, model};
use crate::coding::{Decoder, Encoder, Level};

/// The most data that an input may ask for.
const LONGEST: usize = 128 << 10;
/// The most of it that the model, which is slow, decodes as well.
const LONGEST_MODELLED: usize = 8 << 10;

/// What is encoded is decoded to itself, by the decoder and by the letter, in whatever pieces it is given; and at a
/// flush all of it is there.
///
/// The first byte is the level and the format, the rest are steps, see [`step`].
pub fn deflate_roundtrip(data: &[u8]) {
    let Some((&choice, mut rest)) = data.get(..MOST).unwrap_or(data).split_first() else {
        return;
    };
    let format = match choice / 10 % 4 {
        0 => Format::Gzip,
        1 => Format::Zlib,
        2 => Format::Deflate,
        _ => Format::Raw,
    };
    let level = Level::new(choice % 10).unwrap_or_default();
    let mut encoder = Encoder::new(format, level);
    let mut decoder = Decoder::new(format).with_limits(Limits::unlimited());
    let (mut all, mut encoded, mut decoded) = (Vec::new(), Vec::new(), Vec::new());
    let (mut given, mut taken) = (0, 0);
    while let Some((end, behind)) = step(rest, &mut all) {
        rest = behind;
        if end == End::None && all.len() < LONGEST {
            continue;
        }
        encoder.encode(all.get(given..).unwrap_or_default(), &mut encoded);
        given = all.len();
        if end == End::Flush {
            encoder.flush(&mut encoded);
            go_on(&mut decoder, encoded.get(taken..).unwrap_or_default(), &mut decoded);
            taken = encoded.len();
            assert!(decoded == all, "{} bytes of {} at a flush", decoded.len(), all.len());
        }
        if all.len() >= LONGEST {
            break;
        }
    }
    encoder.encode(all.get(given..).unwrap_or_default(), &mut encoded);
    encoder.finish(&mut encoded);
    go_on(&mut decoder, encoded.get(taken..).unwrap_or_default(), &mut decoded);
    assert!(decoded == all && decoder.finish() == Ok(()));
    let all = (all, Ok(()));
    if all.0.len() <= LONGEST_MODELLED {
        let modelled = model::decode(format, &encoded);
        assert!(modelled == all, "the model: {}", difference(&modelled, &all));
    }
    let pieces = decode(format, Limits::unlimited(), &encoded, 1 + usize::from(choice));
    assert!(pieces == all, "in pieces: {}", difference(&pieces, &all));
}

/// Gives more input to a decoder.
fn go_on(decoder: &mut Decoder, input: &[u8], all: &mut Vec<u8>) {
    let mut rest = input;
    loop {
        let decoded = decoder.decode(rest);
        assert!(decoded.is_ok(), "{decoded:?}");
        let (used, data) = decoded.unwrap_or_default();
        if used == 0 && data.is_empty() {
            return;
        }
        all.extend_from_slice(data);
        rest = rest.get(used..).unwrap_or_default();
    }
}

/// What comes behind a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    None,
    /// The encoder gets the data so far.
    Piece,
    Flush,
}

/// Does what the next bytes say; returns what is behind them.
///
/// ```text
/// %x00-3F n*OCTET          the n = x + 1 bytes that follow
/// %x40-7F OCTET            one byte, 16 * n times
/// %x80-BF OCTET OCTET      25 * n bytes from as far back as two bytes say
/// %xC0-DF                  the end of a piece
/// %xE0-FF                  the end of a piece, and a flush
/// ```
fn step<'a>(steps: &'a [u8], data: &mut Vec<u8>) -> Option<(End, &'a [u8])> {
    let (&step, rest) = steps.split_first()?;
    let count = usize::from(step & 0x3f) + 1;
    match step {
        0x00..0x40 => {
            let (octets, behind) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            data.extend_from_slice(octets);
            Some((End::None, behind))
        }
        0x40..0x80 => {
            let (&octet, behind) = rest.split_first()?;
            data.extend(core::iter::repeat_n(octet, 16 * count));
            Some((End::None, behind))
        }
        0x80..0xc0 => {
            let (&[high, low], behind) = rest.split_first_chunk()?;
            let back = usize::from(u16::from_be_bytes([high, low])) + 1;
            for _ in 0..25 * count {
                let from = data.len().checked_sub(back);
                let octet = from.and_then(|from| data.get(from)).copied();
                data.push(octet.unwrap_or(low));
            }
            Some((End::None, behind))
        }
        0xc0..0xe0 => Some((End::Piece, rest)),
        0xe0.. => Some((End::Flush, rest)),
    }
}

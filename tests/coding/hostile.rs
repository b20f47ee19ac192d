//! Compressed data that came to harm, on the way or on purpose: decoder and model make the same of it, data
//! and error.

use super::Format;
use super::checks::{agree, agreed, is_decoded};
use super::kit::{Bits, Chance, Header, Token, balanced, expand, framed, literals, lopsided};
use super::model;

/// Small streams that have everything in them; each with its format and its data.
fn samples() -> Vec<(Format, Vec<u8>, Vec<u8>)> {
    let mut samples = vec![with_all_fields(), with_a_single_distance()];
    for round in 0..3 {
        let (deflated, data) = blocks(round);
        // The same blocks in all formats, once.
        let formats = [Format::Raw, Format::Zlib, Format::Gzip];
        for format in formats.into_iter().take(if round == 0 { 3 } else { 1 }) {
            samples.push((format, framed(format, &deflated, &data), data.clone()));
        }
    }
    samples
}

/// Blocks of every kind.
fn blocks(round: usize) -> (Vec<u8>, Vec<u8>) {
    let mut chance = Chance::new(11 + round as u64);
    let (mut bits, mut data) = (Bits::new(), Vec::new());
    for place in 0..4 {
        let tokens = match (place + round) % 4 {
            0 => literals(&chance.octets(9)),
            1 => [literals(b"ab"), vec![Token::Match(257, 1), Token::Match(5, 3)]].concat(),
            _ => chance.tokens(12, data.len()),
        };
        let before = data.len();
        expand(&tokens, &mut data);
        bits = match (place + round) % 4 {
            0 => bits.stored(&data[before..], place == 3),
            1 => bits.dynamic(&long_codes(&mut chance), &tokens, place == 3),
            2 => bits.dynamic(&Header::fitting(&tokens).packed(), &tokens, place == 3),
            _ => bits.fixed(&tokens, place == 3),
        };
    }
    (bits.into_bytes(), data)
}

/// Codes for little, some of them long.
fn long_codes(chance: &mut Chance) -> Header {
    let literals = [97, 98, 256, 259, 284, 285].into_iter().chain(99..120);
    let literals = lopsided(&literals.collect::<Vec<_>>(), 286, chance);
    Header::new(&literals, &balanced([0, 2, 29], 30)).packed()
}

/// A block whose code of distances leaves half of the bits without a meaning.
fn with_a_single_distance() -> (Format, Vec<u8>, Vec<u8>) {
    let tokens = [Token::Literal(b'a'), Token::Match(200, 1), Token::Match(4, 1)];
    let tokens = [&tokens[..], &literals(b"ab"), &tokens].concat();
    let deflated = Bits::new().dynamic(&Header::fitting(&tokens).packed(), &tokens, true);
    let mut data = Vec::new();
    expand(&tokens, &mut data);
    (Format::Raw, deflated.into_bytes(), data)
}

/// Two members, of which the first one has all that a header can have.
fn with_all_fields() -> (Format, Vec<u8>, Vec<u8>) {
    let header = b"\x1f\x8b\x08\x1f\0\0\0\0\x02\x03\x03\0abcname\0comment\0";
    let crc = &model::crc32(header).to_le_bytes()[..2];
    let tokens = [Token::Literal(b'a'), Token::Match(9, 1), Token::Literal(b'b')];
    let body = Bits::new().fixed(&tokens, true).into_bytes();
    let member = framed(Format::Gzip, &body, b"aaaaaaaaaab");
    let input = [&header[..], crc, &member[10..], &member].concat();
    (Format::Gzip, input, b"aaaaaaaaaabaaaaaaaaaab".to_vec())
}

#[test]
fn samples_are_decoded_at_every_cut() {
    for (format, input, data) in samples() {
        assert_eq!(model::decode(format, &input), (data.clone(), Ok(())));
        is_decoded(format, &input, &(data, Ok(())));
    }
}

#[test]
fn what_came_in_time_is_all_there() {
    for (format, input, data) in samples() {
        let mut before = 0;
        for len in 0..input.len() {
            let (some, end) = agreed(format, &input[..len]);
            assert!(end.is_err() || (format == Format::Gzip && len > 18));
            assert!(data.starts_with(&some) && some.len() >= before);
            before = some.len();
        }
    }
}

#[test]
fn every_bit_counts() {
    for (format, input, _) in samples() {
        for bit in 0..8 * input.len() {
            let mut flipped = input.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            agree(format, &flipped);
        }
    }
}

#[test]
fn what_went_wrong_is_the_same_for_all() {
    let samples = samples();
    let mut chance = Chance::new(12);
    let mut refused = 0;
    for round in 0..20_000 {
        let (format, input, _) = &samples[round % samples.len()];
        let other = &samples[chance.below(samples.len())].1;
        let input = mutated(input, other, &mut chance);
        refused += usize::from(agreed(*format, &input).1.is_err());
    }
    // A format without a checksum hides some of it.
    assert!(refused > 15_000, "{refused}");
}

/// Does one to four things to an input.
fn mutated(input: &[u8], other: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut input = input.to_vec();
    for _ in 0..=chance.below(4) {
        let at = chance.below(input.len());
        match chance.below(8) {
            0..=2 => input[at] ^= 1 << chance.below(8),
            3 => input[at] = chance.octet(),
            4 => input[at] = chance.one_of([0, 0xff, 0x7f, 0x80]),
            5 => input.insert(at, chance.octet()),
            6 if input.len() > 1 => {
                input.remove(at);
            }
            _ => {
                let from = chance.below(other.len());
                let len = chance.below(16).min(other.len() - from);
                let to = (at + len).min(input.len());
                input.splice(at..to, other[from..from + len].iter().copied());
            }
        }
    }
    input
}

/// Bytes that nobody has compressed.
#[test]
fn noise_is_refused_alike() {
    let mut chance = Chance::new(13);
    for round in 0..4000 {
        let len = chance.below(60);
        let mut noise = chance.octets(len);
        if let Some(first) = noise.first_mut() {
            // Blocks of every type, the dynamic ones with counts that there can be.
            *first = *first & 0xf8 | [2, 4, 5][round % 3];
        }
        agree(Format::Raw, &noise);
        agree(Format::Deflate, &noise);
    }
}

//! Laws: what encodes and decodes agrees with itself, in whatever pieces.

use nethttp::coding::{Decoder, Encoder, Level, Limits, decode, encode};
use proptest::prelude::*;

use super::kit::Chance;
use super::{CodingErrorKind as Kind, Format, model};

const FORMATS: [Format; 4] = [Format::Raw, Format::Zlib, Format::Gzip, Format::Deflate];

/// What data is made of.
#[derive(Clone, Debug)]
enum Part {
    Noise(Vec<u8>),
    Text(String),
    Run(u8, usize),
    /// So many bytes from so far back.
    Again(usize, usize),
}

fn part() -> impl Strategy<Value = Part> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40).prop_map(Part::Noise),
        "[a-d ]{0,60}".prop_map(Part::Text),
        (any::<u8>(), 0..700_usize).prop_map(|(octet, len)| Part::Run(octet, len)),
        (1..2000_usize, 0..600_usize).prop_map(|(back, len)| Part::Again(back, len)),
    ]
}

fn put(part: &Part, data: &mut Vec<u8>) {
    match part {
        Part::Noise(octets) => data.extend_from_slice(octets),
        Part::Text(text) => data.extend_from_slice(text.as_bytes()),
        Part::Run(octet, len) => data.extend(std::iter::repeat_n(*octet, *len)),
        Part::Again(back, len) => {
            for _ in 0..*len {
                let octet = data.len().checked_sub(*back).map_or(b'x', |at| data[at]);
                data.push(octet);
            }
        }
    }
}

fn level() -> impl Strategy<Value = Level> {
    (0..=9_u8).prop_map(|level| Level::new(level).unwrap())
}

/// Encodes data in pieces.
fn encoded(format: Format, level: Level, data: &[u8], size: usize) -> Vec<u8> {
    let (mut encoder, mut out) = (Encoder::new(format, level), Vec::new());
    for piece in data.chunks(size) {
        encoder.encode(piece, &mut out);
    }
    encoder.finish(&mut out);
    out
}

/// Appends what a decoder makes of more input.
fn go_on(decoder: &mut Decoder, input: &[u8], size: usize, all: &mut Vec<u8>) {
    for piece in input.chunks(size) {
        let mut rest = piece;
        loop {
            let (used, data) = decoder.decode(rest).unwrap();
            if used == 0 && data.is_empty() {
                break;
            }
            all.extend_from_slice(data);
            rest = &rest[used..];
        }
    }
}

/// Decodes data in pieces.
fn decoded(format: Format, input: &[u8], size: usize) -> Vec<u8> {
    let mut decoder = Decoder::new(format).with_limits(Limits::unlimited());
    let mut all = Vec::new();
    go_on(&mut decoder, input, size, &mut all);
    decoder.finish().unwrap();
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_is_encoded_is_decoded_to_itself(
        parts in prop::collection::vec(part(), 0..14),
        level in level(),
        format in prop::sample::select(&FORMATS[..]),
        sizes in (1..500_usize, 1..300_usize),
    ) {
        let mut data = Vec::new();
        parts.iter().for_each(|part| put(part, &mut data));
        let whole = encode(format, &data, level);
        prop_assert_eq!(&whole, &encode(format, &data, level), "the same every time");
        prop_assert!(whole.len() <= data.len() + data.len() / 1000 + 40);
        let limits = Limits::unlimited();
        prop_assert!(decode(format, &whole, &limits).unwrap() == data);
        prop_assert!(decoded(format, &whole, sizes.1) == data);
        let pieces = encoded(format, level, &data, sizes.0);
        prop_assert!(decode(format, &pieces, &limits).unwrap() == data);
        prop_assert!(model::decode(format, &pieces) == (data, Ok(())));
    }

    #[test]
    fn a_flush_lets_all_of_it_out(
        parts in prop::collection::vec((part(), 0..3_u8), 0..14),
        level in level(),
        format in prop::sample::select(&FORMATS[..]),
        size in 1..100_usize,
    ) {
        let (mut encoder, mut out) = (Encoder::new(format, level), Vec::new());
        let mut decoder = Decoder::new(format).with_limits(Limits::unlimited());
        let (mut data, mut all, mut taken) = (Vec::new(), Vec::new(), 0);
        for (part, flushes) in &parts {
            let before = data.len();
            put(part, &mut data);
            encoder.encode(&data[before..], &mut out);
            for _ in 0..*flushes {
                encoder.flush(&mut out);
                prop_assert!(out.ends_with(&[0, 0, 0xff, 0xff]));
                go_on(&mut decoder, &out[taken..], size, &mut all);
                taken = out.len();
                prop_assert!(all == data);
                prop_assert!(!decoder.is_done());
            }
        }
        let (some, end) = model::decode(format, &out);
        prop_assert!(data.starts_with(&some) && end == Err((Kind::Truncated, out.len() as u64)));
        encoder.finish(&mut out);
        go_on(&mut decoder, &out[taken..], size, &mut all);
        prop_assert!(decoder.finish().is_ok() && all == data);
    }
}

/// Data that is longer than the window, of every kind.
#[test]
fn every_level_goes_beyond_the_window() {
    let mut chance = Chance::new(31);
    let noise = chance.octets(36_000);
    let text: Vec<u8> =
        (0..50_000).map(|_| b'a' + chance.one_of([0, 0, 0, 1, 1, 2, 3, 7])).collect();
    let far = [&noise[..], &noise[..7000], &noise].concat();
    let zeros = vec![0; 80_000];
    for data in [&noise, &text, &far, &zeros] {
        for level in (0..=9).map(|level| Level::new(level).unwrap()) {
            let whole = encode(Format::Gzip, data, level);
            assert!(whole.len() <= data.len() + data.len() / 1000 + 40);
            assert!(decode(Format::Gzip, &whole, &Limits::unlimited()).unwrap() == *data);
            let pieces = encoded(Format::Gzip, level, data, 9973);
            assert!(decoded(Format::Gzip, &pieces, 1009) == *data, "{level:?}");
        }
    }
}

#[test]
fn every_short_sequence_comes_back() {
    let mut data = Vec::new();
    for len in 0..=6 {
        for number in 0..3_u32.pow(len) {
            data.clear();
            data.extend((0..len).map(|place| b'a' + (number / 3_u32.pow(place) % 3) as u8));
            for level in [Level::STORED, Level::FAST, Level::DEFAULT, Level::BEST] {
                let deflated = encode(Format::Raw, &data, level);
                assert!(model::decode(Format::Raw, &deflated) == (data.clone(), Ok(())));
            }
        }
    }
}

/// Behind a match that could go on if there were more data.
#[test]
fn what_is_matched_last_ends_with_the_data() {
    let levels = [1, 4, 6, 9].map(|level| Level::new(level).unwrap());
    for (period, len) in (1..=5).flat_map(|period| [40, 131, 200].map(|len| (period, len))) {
        for behind in 1..=9 {
            let mut data: Vec<u8> = (0..len).map(|at| u8::from(at % period == 0)).collect();
            data[0] = 0;
            data[len - behind..].fill(0);
            data[len - behind] = 2;
            for level in levels {
                let deflated = encode(Format::Raw, &data, level);
                assert!(decode(Format::Raw, &deflated, &Limits::DEFAULT).unwrap() == data);
            }
        }
    }
}

//! How much may come out.

use nethttp::coding::{CodingError, Decoder, Limits, decode};

use super::checks::run;
use super::kit::{Bits, Header, Token, framed, literals};
use super::{CodingErrorKind as Kind, Format};

/// Deflated zeros: two bits stand for 258 of them. Returns how many there are as well.
fn zeros(matches: usize) -> (Bits, usize) {
    zeros_behind(Bits::new(), matches, true)
}

fn zeros_behind(bits: Bits, matches: usize, is_last: bool) -> (Bits, usize) {
    let mut lengths = vec![0; 286];
    (lengths[0], lengths[256], lengths[285]) = (2, 2, 1);
    let header = Header::new(&lengths, &[1]);
    let bits = bits.block(2, is_last).header(&header);
    // The codes: `0` for 285 and for distance 1, `10` for the literal, `11` for the end.
    let bits = bits.number(0b01, 2).zeros(2 * matches).number(0b11, 2);
    (bits, 1 + 258 * matches)
}

/// Gives all at once, or in pieces; returns how much came out and how that ended.
fn decoded(limits: Limits, input: &[u8], size: usize) -> (usize, Result<(), CodingError>) {
    let mut decoder = Decoder::new(Format::Gzip).with_limits(limits);
    let (data, end) = run(&mut decoder, &input.chunks(size).collect::<Vec<_>>());
    assert!(data.iter().all(|octet| *octet == 0));
    (data.len(), end)
}

fn kind(end: Result<(), CodingError>) -> Result<(), Kind> {
    end.map_err(|error| error.kind())
}

#[test]
fn output_may_be_as_long_as_it_may_be() {
    let data: Vec<u8> = (0..40).collect();
    let tokens = [literals(&data), vec![Token::Match(20, 40)]].concat();
    let all = [&data[..], &data[..20]].concat();
    for input in [
        framed(Format::Gzip, &Bits::new().fixed(&tokens, true).into_bytes(), &all),
        framed(Format::Gzip, &Bits::new().stored(&all, true).into_bytes(), &all),
        // The limit is one for all members.
        framed(Format::Gzip, &Bits::new().stored(&all[..30], true).into_bytes(), &all[..30])
            .into_iter()
            .chain(framed(
                Format::Gzip,
                &Bits::new().stored(&all[30..], true).into_bytes(),
                &all[30..],
            ))
            .collect(),
    ] {
        for most in 0..70 {
            let limits = Limits::unlimited().output(most as u64);
            let expected =
                if most < all.len() { Err(Kind::OutputLimit(most as u64)) } else { Ok(()) };
            for size in [input.len(), 7, 1] {
                let mut decoder = Decoder::new(Format::Gzip).with_limits(limits);
                let (found, end) = run(&mut decoder, &input.chunks(size).collect::<Vec<_>>());
                assert_eq!((&found[..], kind(end)), (&all[..most.min(60)], expected));
            }
            let at_once = decode(Format::Gzip, &input, &limits);
            assert_eq!(at_once.map_err(|error| error.kind()), expected.map(|()| all.clone()));
        }
    }
}

#[test]
fn output_is_limited_by_default() {
    assert_eq!(Limits::default(), Limits::DEFAULT);
    let most = Limits::DEFAULT.ratio(u64::MAX).output(1 << 20);
    let (bits, _) = zeros(40_000);
    let input = framed(Format::Gzip, &bits.into_bytes(), b"");
    for size in [input.len(), 100] {
        let (len, end) = decoded(most, &input, size);
        assert_eq!((len, kind(end)), (1 << 20, Err(Kind::OutputLimit(1 << 20))));
    }
}

#[test]
fn the_ratio_counts_beyond_the_allowance() {
    let (bits, len) = zeros(1500);
    let input = framed(Format::Gzip, &bits.into_bytes(), &vec![0; len]);
    assert!(len > (300 << 10) && len / input.len() > 700);
    let limits = Limits::DEFAULT.allowance(1 << 18);
    for size in [input.len(), 100, 1] {
        let limited = |limits| decoded(limits, &input, size);
        for (limits, least) in [(limits, 1 << 18), (limits.allowance(0), 0)] {
            let (some, end) = limited(limits);
            assert_eq!(kind(end), Err(Kind::RatioLimit(200)));
            assert!((least..least + (100 << 10)).contains(&some), "{some}");
        }
        for enough in [limits.ratio(1032), limits.allowance(len as u64), Limits::DEFAULT] {
            assert_eq!(limited(enough), (len, Ok(())));
        }
    }
}

#[test]
fn four_mebibytes_are_allowed_by_default() {
    for (matches, expected) in [(16_256, Ok(())), (16_400, Err(Kind::RatioLimit(200)))] {
        let (bits, _) = zeros(matches);
        let end = decode(Format::Raw, &bits.into_bytes(), &Limits::DEFAULT);
        assert_eq!(end.map(drop).map_err(|error| error.kind()), expected);
    }
}

/// Data that was not worth compressing has a ratio below 1.
#[test]
fn the_ratio_of_stored_data_is_less_than_1() {
    let data = vec![0; 60_000];
    let input = framed(Format::Gzip, &Bits::new().stored(&data, true).into_bytes(), &data);
    let limits = Limits::DEFAULT.allowance(0).ratio(1);
    assert_eq!(decoded(limits, &input, input.len()), (data.len(), Ok(())));
    assert_eq!(decoded(limits, &input, 1), (data.len(), Ok(())));
}

/// Four kilobytes that mean four megabytes that mean four gigabytes.
fn bomb() -> Vec<u8> {
    let (inner, len) = zeros((1 << 32) / 258);
    assert!(len > 4_290_000_000);
    let inner = [b"\x1f\x8b\x08\0\0\0\0\0\0\xff", &inner.into_bytes()[..], &[0; 8]].concat();
    // Behind the header of the block all of it is zero.
    let first = 200;
    let matches = (inner.len() - 20 - first) / 258;
    let (bits, count) = zeros_behind(Bits::new().stored(&inner[..first], false), matches, false);
    assert!(inner[first..first + count].iter().all(|octet| *octet == 0));
    let bits = bits.stored(&inner[first + count..], true);
    let crc = nethttp::coding::crc32(&inner).to_le_bytes();
    let len = u32::try_from(inner.len()).unwrap().to_le_bytes();
    let outer = [b"\x1f\x8b\x08\0\0\0\0\0\0\xff", &bits.into_bytes()[..], &crc, &len].concat();
    assert!(outer.len() < 5000);
    assert!(decode(Format::Gzip, &outer, &Limits::DEFAULT) == Ok(inner));
    outer
}

#[test]
fn a_bomb_within_a_bomb_is_stopped() {
    let outer = bomb();
    for (limits, least, most, kind) in [
        (Limits::DEFAULT, 4 << 20, (4 << 20) + (96 << 10), Kind::RatioLimit(200)),
        (Limits::DEFAULT.output(1 << 20), 1 << 20, 1 << 20, Kind::OutputLimit(1 << 20)),
    ] {
        let (len, error) = through_both(&outer, limits);
        assert_eq!(error.kind(), kind);
        assert!((least - 258..=most).contains(&len), "{len}");
    }
}

/// Decodes what has been decoded; returns how much came out of both until the second one stopped.
fn through_both(input: &[u8], limits: Limits) -> (usize, CodingError) {
    let mut first = Decoder::new(Format::Gzip);
    let mut second = Decoder::new(Format::Gzip).with_limits(limits);
    let (mut rest, mut len) = (input, 0);
    loop {
        let (used, mut between) = first.decode(rest).unwrap();
        assert!(used > 0 || !between.is_empty());
        rest = &rest[used..];
        loop {
            match second.decode(between) {
                Ok((0, [])) => break,
                Ok((used, data)) => {
                    between = &between[used..];
                    assert!(data.len() <= 96 << 10);
                    len += data.len();
                }
                Err(error) => return (len, error),
            }
        }
    }
}

/// The limits of both codings are those of the data in the end.
#[cfg(feature = "std")]
#[test]
fn a_bomb_within_a_bomb_is_stopped_for_readers() {
    use std::io::Read;

    let outer = bomb();
    for (limits, most) in [
        (Limits::DEFAULT, (4 << 20) + (96 << 10)),
        (Limits::DEFAULT.output(1 << 20), 1 << 20),
        (Limits::DEFAULT.ratio(u64::MAX).output(1 << 22), 1 << 22),
    ] {
        let decoders = nethttp::coding::Decoders::new().with_limits(limits);
        let mut decoded = decoders.decode(&outer[..], ["gzip", "gzip"]).unwrap();
        let (mut len, mut buf) = (0, vec![0; 32 << 10]);
        let error = loop {
            match decoded.read(&mut buf) {
                Ok(count) => len += count,
                Err(error) => break error,
            }
        };
        assert!(error.get_ref().unwrap().is::<CodingError>(), "{error}");
        assert!(len <= most, "{len}");
    }
}

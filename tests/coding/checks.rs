//! Decoder and model, held against each other and against what is expected, however the input comes.

use nethttp::coding::{CodingError, Decoder, Limits};

use super::model;
use super::{CodingErrorKind as Kind, Format};

/// What came out, and how it ended.
pub(super) type Outcome = (Vec<u8>, Result<(), (Kind, u64)>);

/// Asserts that the model and the decoder both make this of an input, however it is cut.
#[track_caller]
pub(super) fn check(format: Format, input: &[u8], expected: &Outcome) {
    let modelled = model::decode(format, input);
    assert!(modelled == *expected, "the model: {}", difference(&modelled, expected));
    is_decoded(format, input, expected);
}

/// Asserts that the decoder makes this of an input as a whole, byte by byte, and cut in two: at every
/// point, if that is not too much.
#[track_caller]
pub(super) fn is_decoded(format: Format, input: &[u8], expected: &Outcome) {
    let decoded = |pieces: &[&[u8]], way: &dyn Fn() -> String| {
        let found = decode(format, pieces);
        assert!(found == *expected, "{}: {}", way(), difference(&found, expected));
    };
    decoded(&[input], &|| "whole".to_owned());
    decoded(&input.chunks(1).collect::<Vec<_>>(), &|| "byte by byte".to_owned());
    let most = 2_000_000 / (input.len() + expected.0.len() + 1);
    for cut in (0..=input.len()).step_by(input.len() / most + 1) {
        let (head, tail) = input.split_at(cut);
        decoded(&[head, tail], &|| format!("cut at {cut}"));
    }
}

/// Asserts that data comes out, and nothing is wrong.
#[track_caller]
pub(super) fn gives(format: Format, input: &[u8], data: &[u8]) {
    check(format, input, &(data.to_vec(), Ok(())));
}

/// Asserts that data comes out, and what is then wrong.
#[track_caller]
pub(super) fn refuses(format: Format, input: &[u8], data: &[u8], kind: Kind, offset: usize) {
    check(format, input, &(data.to_vec(), Err((kind, offset as u64))));
}

/// Says how outcomes differ, in less than all of their data.
pub(super) fn difference(found: &Outcome, expected: &Outcome) -> String {
    let same = found.0.iter().zip(&expected.0).take_while(|(a, b)| a == b).count();
    let of = |outcome: &Outcome| format!("{} bytes and {:?}", outcome.0.len(), outcome.1);
    format!("{}, not {}; the first {same} are the same", of(found), of(expected))
}

/// Decodes an input in pieces, without limits.
#[track_caller]
pub(super) fn decode(format: Format, pieces: &[&[u8]]) -> Outcome {
    let mut decoder = Decoder::new(format).with_limits(Limits::unlimited());
    let (data, end) = run(&mut decoder, pieces);
    (data, end.map_err(|error| (error.kind(), error.offset())))
}

/// Gives a decoder all there is. An error stays; what is not used is given again; data comes in pieces of
/// at most 96 KiB.
#[track_caller]
pub(super) fn run(decoder: &mut Decoder, pieces: &[&[u8]]) -> (Vec<u8>, Result<(), CodingError>) {
    let mut all = Vec::new();
    for piece in pieces {
        let mut rest = *piece;
        loop {
            match decoder.decode(rest) {
                Ok((0, [])) => break,
                Ok((used, data)) => {
                    assert!(data.len() <= 96 << 10);
                    all.extend_from_slice(data);
                    rest = &rest[used..];
                }
                Err(error) => {
                    assert!(!decoder.is_done());
                    for again in [rest, b"", b"\x03\0"] {
                        assert_eq!(decoder.decode(again), Err(error), "an error stays");
                    }
                    assert_eq!(decoder.finish(), Err(error), "an error stays");
                    return (all, Err(error));
                }
            }
        }
        assert!(rest.is_empty(), "input was left without an error");
    }
    let end = decoder.finish();
    assert_eq!(end.is_ok(), decoder.is_done());
    assert_eq!(decoder.finish(), end, "the end stays");
    (all, end)
}

/// Asserts that decoder and model agree on an input.
#[track_caller]
pub(super) fn agree(format: Format, input: &[u8]) {
    let _ = agreed(format, input);
}

/// Asserts that decoder and model agree on an input, as a whole, byte by byte or in pieces of some size;
/// returns what they make of it.
#[track_caller]
pub(super) fn agreed(format: Format, input: &[u8]) -> Outcome {
    let expected = model::decode(format, input);
    let some = [1, 2, 1, 3, 1, 5, 1, 13][input.len() % 8];
    for size in [input.len().max(1), some] {
        let found = decode(format, &input.chunks(size).collect::<Vec<_>>());
        let hex = || input.iter().map(|octet| format!("{octet:02x}")).collect::<String>();
        assert!(
            found == expected,
            "{format:?} {} in pieces of {size}: {}",
            hex(),
            difference(&found, &expected)
        );
    }
    expected
}

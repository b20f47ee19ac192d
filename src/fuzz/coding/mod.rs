//! Content codings: what compressed data means, in whatever pieces it comes.

mod formats;
mod inflate;
mod model;
mod roundtrip;

pub use formats::gzip;
pub use inflate::inflate;
pub use roundtrip::deflate_roundtrip;

use alloc::string::String;
use alloc::vec::Vec;

use super::piece_sizes;
use crate::coding::{CodingErrorKind, Decoder, Format, Limits};

/// The most bytes that are looked at: the model is slow, and a byte can stand for a thousand.
const MOST: usize = 4096;

/// What came out, and what was wrong then and where.
type Outcome = (Vec<u8>, Result<(), (CodingErrorKind, u64)>);

/// Decodes an input in pieces; an error stays, and nothing is left without one.
fn decode(format: Format, limits: Limits, input: &[u8], size: usize) -> Outcome {
    let mut decoder = Decoder::new(format).with_limits(limits);
    let mut all = Vec::new();
    for piece in input.chunks(size.max(1)) {
        let mut rest = piece;
        loop {
            match decoder.decode(rest) {
                Ok((0, [])) => break,
                Ok((used, data)) => {
                    all.extend_from_slice(data);
                    rest = rest.get(used..).unwrap_or_default();
                }
                Err(error) => {
                    assert_eq!(decoder.decode(rest), Err(error), "an error stays");
                    assert_eq!(decoder.finish(), Err(error), "an error stays");
                    return (all, Err((error.kind(), error.offset())));
                }
            }
        }
        assert!(rest.is_empty(), "input was left without an error");
    }
    let end = decoder.finish();
    assert_eq!(decoder.is_done(), end.is_ok());
    (all, end.map_err(|error| (error.kind(), error.offset())))
}

/// Asserts that the decoder makes this of an input in pieces of each size, and stops at a limit.
fn is_decoded(format: Format, input: &[u8], expected: &Outcome, more: usize) {
    for size in piece_sizes(input.len()).into_iter().chain([more]) {
        let found = decode(format, Limits::unlimited(), input, size);
        assert!(found == *expected, "in pieces of {size}: {}", difference(&found, expected));
    }
    let (data, _) = expected;
    let Some(most) = data.len().checked_sub(1 + more) else {
        return;
    };
    let output = u64::try_from(most).unwrap_or(u64::MAX);
    let limits = Limits::unlimited().output(output);
    for size in [input.len(), more] {
        let (found, end) = decode(format, limits, input, size);
        assert!(
            data.get(..most) == Some(&found),
            "in pieces of {size}: a limit gives less or more"
        );
        assert_eq!(end.map_err(|error| error.0), Err(CodingErrorKind::OutputLimit(output)));
    }
}

/// Says how outcomes differ, in less than all of their data.
fn difference(found: &Outcome, expected: &Outcome) -> String {
    let same = found.0.iter().zip(&expected.0).take_while(|(a, b)| a == b).count();
    alloc::format!(
        "{} bytes and {:?}, not {} and {:?}; the first {same} are the same",
        found.0.len(),
        found.1,
        expected.0.len(),
        expected.1,
    )
}

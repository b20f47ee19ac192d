//! Bodies.

use alloc::vec::Vec;

use super::{CONFIGS, piece_sizes};
use crate::h1::{BodyDecoder, BodyEvent, Config, Framing, ParseError, ResponseEncoder};
use crate::header::HeaderMap;
use crate::method::Method;
use crate::status::StatusCode;
use crate::version::Version;

/// A chunked body is the same however it is cut, is no longer than what was sent, and when it is
/// complete can be encoded and decoded to itself.
pub fn body_chunked(data: &[u8]) {
    for config in &CONFIGS {
        let whole = decode(data, data.len().max(1), config);
        for size in piece_sizes(data.len()) {
            assert_eq!(decode(data, size, config), whole, "in pieces of {size}");
        }
        assert!(whole.data.len() <= data.len());
        let Ok(Some(used)) = whole.end else {
            continue;
        };
        assert!(whole.data.len() < used && used <= data.len());
        if used > config.limits.trailers {
            // The space behind each colon could take the trailers beyond the limit.
            continue;
        }
        let wire = encode(&whole.data, &whole.trailers);
        let again = decode(&wire, wire.len(), config);
        assert_eq!(again.end, Ok(Some(wire.len())));
        assert_eq!((again.data, again.trailers), (whole.data, whole.trailers));
    }
}

#[derive(Debug, PartialEq)]
struct Decoded {
    data: Vec<u8>,
    trailers: HeaderMap,
    /// Where the body ended, if it did.
    end: Result<Option<usize>, ParseError>,
}

fn decode(input: &[u8], size: usize, config: &Config) -> Decoded {
    let mut decoder = BodyDecoder::new(Framing::Chunked, config);
    let mut decoded = Decoded { data: Vec::new(), trailers: HeaderMap::new(), end: Ok(None) };
    let mut taken = 0;
    for piece in input.chunks(size) {
        let mut rest = piece;
        loop {
            let (used, event) = match decoder.decode(rest) {
                Ok(found) => found,
                Err(error) => {
                    assert_eq!(decoder.decode(rest), Err(error), "an error stays");
                    decoded.end = Err(error);
                    return decoded;
                }
            };
            taken += used;
            rest = rest.get(used..).unwrap_or_default();
            match event {
                BodyEvent::Data(data) => {
                    assert!(!data.is_empty() && data.len() <= used);
                    decoded.data.extend_from_slice(data);
                }
                BodyEvent::NeedMore => {
                    assert!(rest.is_empty());
                    break;
                }
                BodyEvent::End => {
                    decoded.trailers = decoder.trailers().clone();
                    decoded.end = Ok(Some(taken));
                    return decoded;
                }
            }
        }
    }
    decoded
}

/// Encodes a body in chunks of 7 bytes.
fn encode(data: &[u8], trailers: &HeaderMap) -> Vec<u8> {
    let (mut head, mut wire) = (Vec::new(), Vec::new());
    let body = ResponseEncoder::new(Method::GET, Version::HTTP_11).encode(
        StatusCode::OK,
        None,
        &HeaderMap::new(),
        None,
        &mut head,
    );
    assert!(body.is_ok());
    if let Ok(mut body) = body {
        for piece in data.chunks(7) {
            assert_eq!(body.data(piece, &mut wire), Ok(()));
        }
        assert_eq!(body.finish(trailers, &mut wire), Ok(()));
    }
    wire
}

//! httparse, through both of its interfaces.
//!
//! Each returns how many bytes the head has and how many fields, or `None` for a partial head.

use httparse::{EMPTY_HEADER, ParserConfig, Request, Response, Status};
use std::mem::MaybeUninit;

use crate::SLOTS;

/// What a parser made of a head: its length and the number of its fields.
pub type Outcome = Option<(usize, usize)>;

/// `Request::parse` with slots that are filled with `EMPTY_HEADER` first.
#[inline]
pub fn request(head: &[u8]) -> Outcome {
    let mut slots = [EMPTY_HEADER; SLOTS];
    let mut request = Request::new(&mut slots);
    let status = request.parse(head).expect("a valid head");
    complete(status, request.headers.len())
}

/// `Request::parse_with_uninit_headers`.
#[inline]
pub fn request_uninit(head: &[u8]) -> Outcome {
    let mut slots = [const { MaybeUninit::uninit() }; SLOTS];
    let mut request = Request::new(&mut []);
    let status = request.parse_with_uninit_headers(head, &mut slots);
    complete(status.expect("a valid head"), request.headers.len())
}

/// `Response::parse` with slots that are filled with `EMPTY_HEADER` first.
#[inline]
pub fn response(head: &[u8]) -> Outcome {
    let mut slots = [EMPTY_HEADER; SLOTS];
    let mut response = Response::new(&mut slots);
    let status = response.parse(head).expect("a valid head");
    complete(status, response.headers.len())
}

/// `ParserConfig::parse_response_with_uninit_headers`.
#[inline]
pub fn response_uninit(head: &[u8]) -> Outcome {
    let mut slots = [const { MaybeUninit::uninit() }; SLOTS];
    let mut response = Response::new(&mut []);
    let status =
        ParserConfig::default().parse_response_with_uninit_headers(&mut response, head, &mut slots);
    complete(status.expect("a valid head"), response.headers.len())
}

#[inline]
fn complete(status: Status<usize>, fields: usize) -> Outcome {
    match status {
        Status::Complete(len) => Some((len, fields)),
        Status::Partial => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heads::{MIX_LEN, inputs};
    use std::collections::BTreeSet;

    #[test]
    fn every_head_is_complete_through_both_interfaces() {
        for input in inputs() {
            for head in &input.heads {
                let (slots, uninit) = if input.is_response {
                    (response(head), response_uninit(head))
                } else {
                    (request(head), request_uninit(head))
                };
                assert_eq!(slots.map(|(len, _)| len), Some(head.len()), "{}", input.name);
                assert_eq!(slots, uninit);
            }
        }
    }

    #[test]
    fn mixes_are_large_various_and_the_same_every_time() {
        let (first, second) = (inputs(), inputs());
        for (input, again) in first.iter().zip(&second) {
            assert_eq!(input.heads, again.heads);
            if !input.name.starts_with("mix_") {
                continue;
            }
            assert_eq!(input.heads.len(), MIX_LEN);
            let different: BTreeSet<&Vec<u8>> = input.heads.iter().collect();
            assert!(different.len() > MIX_LEN * 9 / 10, "{}", different.len());
            let counts: BTreeSet<usize> = input
                .heads
                .iter()
                .filter_map(|head| if input.is_response { response(head) } else { request(head) })
                .map(|(_, fields)| fields)
                .collect();
            let expected = match input.name {
                "mix_request" => 3..=14,
                "mix_api" => 3..=7,
                _ => 4..=11,
            };
            assert_eq!(counts, expected.collect());
        }
    }
}

//! This crate's half.
//!
//! The slots are the caller's and borrow nothing of a head, so that they are kept from one head to the
//! next, as a connection does.

use nethttp::h1::{Config, HeadScanner, Parse, parse_request, parse_response};
use nethttp::header::FieldSpan;

use crate::SLOTS;
use crate::theirs::Outcome;

/// The slots of one connection.
pub type Slots = [FieldSpan; SLOTS];

/// Returns slots to parse into.
pub fn slots() -> Slots {
    [FieldSpan::EMPTY; SLOTS]
}

/// Parses a request head.
#[inline]
pub fn request(head: &[u8], slots: &mut Slots) -> Outcome {
    match parse_request(head, slots, &Config::SERVER) {
        Ok(Parse::Complete(head)) => Some((head.len(), head.fields().len())),
        Ok(Parse::Partial) => None,
        Err(error) => panic!("a valid head: {error}"),
    }
}

/// Parses a response head.
#[inline]
pub fn response(head: &[u8], slots: &mut Slots) -> Outcome {
    match parse_response(head, slots, &Config::CLIENT) {
        Ok(Parse::Complete(head)) => Some((head.len(), head.fields().len())),
        Ok(Parse::Partial) => None,
        Err(error) => panic!("a valid head: {error}"),
    }
}

/// Receives a request head in pieces of `piece` bytes: scans each as it arrives, and parses the head
/// when it is whole.
#[inline]
pub fn request_in_pieces(head: &[u8], piece: usize, slots: &mut Slots) -> bool {
    let mut scanner = HeadScanner::request(&Config::SERVER);
    let mut received = 0;
    while received < head.len() {
        received = (received + piece).min(head.len());
        let so_far = &head[..received];
        if scanner.push(so_far).expect("a valid head").is_some() {
            return request(so_far, slots).is_some();
        }
    }
    false
}

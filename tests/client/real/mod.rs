//! The client against servers that others wrote, on the loopback: nginx, Python's own, and httpbin.
//!
//! Every server is started by the test, on a port that is free, and does not outlive it. One that is not installed
//! is skipped, or required: see `tests/support/peers.rs`.

mod cookies;
mod httpbin;
mod httpbin_logins;
mod nginx;
mod nginx_connections;
mod proxies;
mod python;
mod redirects;

use std::io::Read;

use nethttp::client::Timeouts;
use nethttp::{Body, Client, Response};

/// Bytes in which no piece is like another one, so that one in the wrong place is noticed.
fn noise(len: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let words = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    });
    let mut bytes: Vec<u8> = words.take(len.div_ceil(8)).flatten().collect();
    bytes.truncate(len);
    bytes
}

/// Reads a body piece by piece and compares it with what it should be, which is too long to be shown.
#[track_caller]
fn is_whole(mut body: Body, expected: &[u8]) {
    let mut piece = vec![0; 60_000];
    let mut at = 0;
    loop {
        let len = body.read(&mut piece).unwrap();
        if len == 0 {
            break;
        }
        assert!(
            expected[at..].starts_with(&piece[..len]),
            "other bytes than expected from {at} on"
        );
        at += len;
    }
    assert_eq!(at, expected.len());
}

/// Returns the value of a field that must be there.
#[track_caller]
fn field<'a>(response: &'a Response, name: &str) -> &'a str {
    response.header(name).unwrap_or_else(|| panic!("no {name} in {:?}", response.headers()))
}

/// Returns a client with other timeouts than those that nobody waits for.
fn patient_except(timeouts: Timeouts) -> Client {
    Client::builder().timeouts(timeouts).build().unwrap()
}

//! The nonces of a server: when they were made, which they are, and a proof of both.
//!
//! Nothing is kept of a nonce until somebody comes in with it, so that asking costs a server nothing.

use alloc::string::String;

use crate::hash::{self, hmac_sha256};
use crate::syntax::{base64_decode, base64_encode};

/// How many bytes of the proof are sent: as many as nobody guesses.
const PROOF: usize = 20;

/// What stands in a nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Nonce {
    /// Seconds since 1970.
    pub(super) time: i64,
    pub(super) serial: u64,
}

impl Nonce {
    /// Writes the nonce in base64, 48 characters.
    pub(super) fn encode(self, key: &[u8; 32], realm: &str) -> String {
        let [time, serial] = [self.time.to_be_bytes(), self.serial.to_be_bytes()];
        base64_encode(&[&time[..], &serial, &proof(key, realm, &time, &serial)].concat())
    }

    /// Reads a nonce, if it was made with this key for this realm.
    pub(super) fn parse(text: &[u8], key: &[u8; 32], realm: &str) -> Option<Self> {
        let octets = base64_decode(text).ok()?;
        let (time, rest) = octets.split_first_chunk()?;
        let (serial, shown) = rest.split_first_chunk()?;
        let is_own = hash::eq(shown, &proof(key, realm, time, serial));
        let (time, serial) = (i64::from_be_bytes(*time), u64::from_be_bytes(*serial));
        is_own.then_some(Self { time, serial })
    }
}

fn proof(key: &[u8; 32], realm: &str, time: &[u8; 8], serial: &[u8; 8]) -> [u8; PROOF] {
    let whole = hmac_sha256(key, &[time, serial, realm.as_bytes()]);
    whole.first_chunk().copied().unwrap_or([0; PROOF])
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    const KEY: [u8; 32] = [7; 32];

    #[test]
    fn reads_what_it_wrote() {
        for nonce in [(0, 0), (1_700_000_000, 1), (-1, u64::MAX), (i64::MAX, 1 << 63)] {
            let nonce = Nonce { time: nonce.0, serial: nonce.1 };
            let text = nonce.encode(&KEY, "a");
            assert_eq!(text.len(), 48);
            assert_eq!(Nonce::parse(text.as_bytes(), &KEY, "a"), Some(nonce));
        }
    }

    #[test]
    fn refuses_what_another_made() {
        let text = Nonce { time: 1, serial: 2 }.encode(&KEY, "a");
        assert_eq!(Nonce::parse(text.as_bytes(), &KEY, "b"), None);
        assert_eq!(Nonce::parse(text.as_bytes(), &[8; 32], "a"), None);
        for at in 0..text.len() {
            let mut other = text.clone().into_bytes();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(Nonce::parse(&other, &KEY, "a"), None, "at {at}");
            assert_eq!(Nonce::parse(&other[..at], &KEY, "a"), None, "to {at}");
        }
        assert_eq!(Nonce::parse(format!("{text}AAAA").as_bytes(), &KEY, "a"), None);
    }
}

//! Numbers that nobody can tell beforehand: boundaries, nonces, names of temporary files.
//!
//! `std` has one source of such numbers, the keys of its hashers. They come from the system once
//! a thread, and SipHash under keys that are not known is a pseudo-random function: what one caller is
//! given says nothing about what the next one gets.

use std::hash::{BuildHasher, RandomState};

/// Returns 128 bits that nobody can tell beforehand.
pub(crate) fn random_bits() -> u128 {
    let state = RandomState::new();
    u128::from(state.hash_one(0_u8)) << 64 | u128::from(state.hash_one(1_u8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn numbers_do_not_come_again() {
        let numbers: BTreeSet<u128> = (0..1000).map(|_| random_bits()).collect();
        assert_eq!(numbers.len(), 1000);
        let halves: BTreeSet<u64> =
            numbers.iter().flat_map(|bits| [*bits as u64, (bits >> 64) as u64]).collect();
        assert_eq!(halves.len(), 2000);
    }
}

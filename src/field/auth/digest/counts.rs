//! Which counts of which nonces were used, so that no request can be repeated by who overheard it.

use alloc::collections::BTreeMap;

use super::DigestRefusal;

/// The nonces that somebody came in with.
///
/// There are at most so many: the oldest gives way to another, and with it all that are older still, as what
/// is not in the table any more cannot be told from what never was.
#[derive(Debug)]
pub(super) struct Counts {
    nonces: BTreeMap<u64, Window>,
    /// The serial number below which no nonce is good that is not in the table.
    floor: u64,
    pub(super) most: usize,
}

/// The counts of one nonce: requests that are sent at the same time over several connections come in any
/// order, within [`Window::WIDTH`].
#[derive(Debug)]
struct Window {
    highest: u32,
    /// Bit `i` for the count `highest - i`.
    used: u128,
}

impl Window {
    const WIDTH: u32 = u128::BITS;

    /// Uses a count, and returns whether it was free.
    fn take(&mut self, count: u32) -> bool {
        if let Some(steps) = count.checked_sub(self.highest).filter(|steps| *steps > 0) {
            self.used = self.used.checked_shl(steps).unwrap_or_default() | 1;
            self.highest = count;
            return true;
        }
        let behind = self.highest - count;
        let bit = if behind < Self::WIDTH { 1 << behind } else { 0 };
        let is_free = bit != 0 && self.used & bit == 0;
        self.used |= bit;
        is_free
    }
}

impl Counts {
    pub(super) const fn new(most: usize) -> Self {
        Self { nonces: BTreeMap::new(), floor: 0, most }
    }

    /// Uses a count of a nonce, for a request whose digest is right.
    pub(super) fn take(&mut self, serial: u64, count: u32) -> Result<(), DigestRefusal> {
        if let Some(window) = self.nonces.get_mut(&serial) {
            return if window.take(count) { Ok(()) } else { Err(DigestRefusal::Replayed) };
        }
        if serial < self.floor {
            return Err(DigestRefusal::Stale);
        }
        self.nonces.insert(serial, Window { highest: count, used: 1 });
        while self.nonces.len() > self.most {
            if let Some((oldest, _)) = self.nonces.pop_first() {
                self.floor = self.floor.max(oldest.saturating_add(1));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DONE: Result<(), DigestRefusal> = Ok(());
    const REPLAYED: Result<(), DigestRefusal> = Err(DigestRefusal::Replayed);
    const STALE: Result<(), DigestRefusal> = Err(DigestRefusal::Stale);

    #[track_caller]
    fn takes(counts: &mut Counts, serial: u64, uses: &[(u32, Result<(), DigestRefusal>)]) {
        for (count, expected) in uses {
            assert_eq!(counts.take(serial, *count), *expected, "{count}");
        }
    }

    #[test]
    fn takes_each_count_once_in_any_order() {
        let mut counts = Counts::new(8);
        takes(&mut counts, 1, &[(3, DONE), (1, DONE), (2, DONE), (3, REPLAYED), (1, REPLAYED)]);
        takes(&mut counts, 2, &[(1, DONE), (129, DONE), (2, DONE), (1, REPLAYED), (2, REPLAYED)]);
        takes(&mut counts, 3, &[(1, DONE), (u32::MAX, DONE), (1, REPLAYED), (u32::MAX, REPLAYED)]);
        takes(&mut counts, 3, &[(u32::MAX - 127, DONE), (u32::MAX - 128, REPLAYED)]);
    }

    #[test]
    fn agrees_with_a_set_within_the_window() {
        let mut counts = Counts::new(1);
        let mut used = alloc::collections::BTreeSet::new();
        let (mut state, mut highest) = (1_u32, 0_u32);
        for _ in 0..20_000 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let count = (highest + 3).saturating_sub(state >> 24).max(1);
            let is_free = count + 127 >= highest && used.insert(count);
            highest = highest.max(count);
            assert_eq!(counts.take(0, count).is_ok(), is_free, "{count} of {highest}");
        }
    }

    #[test]
    fn the_oldest_gives_way_and_what_is_older_is_stale() {
        let mut counts = Counts::new(2);
        takes(&mut counts, 5, &[(1, DONE)]);
        takes(&mut counts, 3, &[(1, DONE)]);
        takes(&mut counts, 7, &[(1, DONE)]);
        takes(&mut counts, 3, &[(1, STALE), (2, STALE)]);
        takes(&mut counts, 1, &[(1, STALE)]);
        // Above the floor and below what is kept: in once.
        takes(&mut counts, 4, &[(1, DONE), (1, STALE)]);
        takes(&mut counts, 5, &[(1, REPLAYED), (2, DONE)]);
        takes(&mut counts, 7, &[(1, REPLAYED)]);
    }

    #[test]
    fn a_table_of_nothing_lets_nobody_in_twice() {
        let mut counts = Counts::new(0);
        takes(&mut counts, 5, &[(1, DONE), (1, STALE), (2, STALE)]);
        takes(&mut counts, 6, &[(1, DONE), (1, STALE)]);
    }
}

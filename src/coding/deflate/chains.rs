//! Places where the same bytes were seen, chained from the last to the first.

use alloc::boxed::Box;

use super::params::Chain;
use super::window::Window;
use super::wrap::{Wrap, zeros};
use crate::coding::symbols::{FARTHEST, SHORTEST};

/// Bytes that are the same as some in front of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) len: usize,
    pub(super) distance: usize,
}

/// A match of three bytes that is farther away than this costs more than the three bytes.
const NEAR: usize = 8192;

/// After how many misses one place more is passed over each time, and how many at most.
const PATIENCE: usize = 1024;
const FASTEST: usize = 32;

/// How many places in a row are many.
const MANY: usize = 16;

/// For each hash of four bytes the chain of their places, for each hash of three bytes the last place.
///
/// A table of `B` hashes leads to the last place, and a ring of `P` links from each place to the one before
/// it. Places that have been forgotten become 0, which is in front of all others and ends every chain.
#[derive(Debug)]
pub(super) struct Chains<const B: usize, const P: usize> {
    fours: Box<[u16; B]>,
    threes: Box<[u16; B]>,
    links: Box<[u16; P]>,
    /// How many searches in a row found nothing.
    misses: usize,
}

/// Mixes four bytes into as many bits as the places in a table take.
#[inline(always)]
pub(super) fn hash<const B: usize>(four: u32) -> usize {
    usize::try_from(four.wrapping_mul(0x9e37_79b1) >> (32 - B.trailing_zeros())).unwrap_or_default()
}

/// Returns a place as tables hold it.
#[inline(always)]
pub(super) fn short(place: usize) -> u16 {
    u16::try_from(place & 0xffff).unwrap_or_default()
}

/// Moves the places of a table by as much as the window slid.
pub(super) fn slide(places: &mut [u16], by: usize) {
    let by = u16::try_from(by).unwrap_or(u16::MAX);
    for place in places {
        *place = place.saturating_sub(by);
    }
}

impl<const B: usize, const P: usize> Chains<B, P> {
    pub(super) fn new() -> Self {
        Self { fours: zeros(), threes: zeros(), links: zeros(), misses: 0 }
    }

    pub(super) fn slide(&mut self, by: usize) {
        slide(self.fours.as_mut_slice(), by);
        slide(self.threes.as_mut_slice(), by);
        slide(self.links.as_mut_slice(), by);
    }

    /// Counts a search that found nothing, and returns how many places to pass over: the longer there is nothing,
    /// the more.
    #[inline(always)]
    pub(super) fn miss(&mut self) -> usize {
        self.misses += 1;
        (self.misses / PATIENCE).min(FASTEST)
    }

    /// Ends the misses, unless what was found is so short that it turns up anywhere.
    #[inline(always)]
    pub(super) fn hit(&mut self, found: Match) {
        if found.len > SHORTEST {
            self.misses = 0;
        }
    }

    /// Remembers some places in a row, which must be behind all that came before. If they are many, three bytes
    /// are not worth it.
    #[inline(always)]
    pub(super) fn insert<const N: usize>(&mut self, window: &Window<N>, from: usize, to: usize) {
        if to - from < MANY {
            for place in from..to {
                let (last, _) = self.enter(window.four(place, 0), place);
                self.links.put(place, last);
            }
        } else {
            for place in from..to {
                let chain = hash::<B>(window.four(place, 0));
                self.links.put(place, self.fours.at(chain));
                self.fours.put(chain, short(place));
            }
        }
    }

    /// Puts a place in front of a chain, and returns the last places of the same four and three bytes.
    #[inline(always)]
    fn enter(&mut self, four: u32, place: usize) -> (u16, u16) {
        let (chain, three) = (hash::<B>(four), hash::<B>(four << 8));
        let last = (self.fours.at(chain), self.threes.at(three));
        self.fours.put(chain, short(place));
        self.threes.put(three, short(place));
        last
    }

    /// Looks for a match longer than `best`, and remembers the place, which must be behind all that came
    /// before. What lies behind the end of the window does not match.
    #[inline(always)]
    pub(super) fn search<const N: usize>(
        &mut self,
        window: &Window<N>,
        place: usize,
        chain: Chain,
        mut best: Match,
    ) -> Match {
        let four = window.four(place, 0);
        let (last, three) = self.enter(four, place);
        let first = place.saturating_sub(FARTHEST).max(1);
        let most = window.end() - place;
        let nice = usize::from(chain.nice).min(most);
        let (mut other, mut tries) = (usize::from(last), chain.tries);
        let mut ahead = u8::try_from(best.len.saturating_sub(SHORTEST)).unwrap_or(u8::MAX);
        let mut tail = window.four(place, ahead);
        while other >= first && tries > 0 {
            if window.four(other, ahead) == tail {
                let len = window.common(other, place);
                if len > best.len {
                    best = Match { len, distance: place - other };
                    if len >= nice {
                        break;
                    }
                    ahead = u8::try_from(len.saturating_sub(SHORTEST)).unwrap_or(u8::MAX);
                    tail = window.four(place, ahead);
                }
            }
            other = self.links.at(other).into();
            tries -= 1;
        }
        // Only now, because the farthest place has its link here too.
        self.links.put(place, last);
        if best.len < SHORTEST && most >= SHORTEST {
            let three = usize::from(three);
            let distance = place.wrapping_sub(three);
            if three >= first && distance <= NEAR && (window.four(three, 0) ^ four) << 8 == 0 {
                return Match { len: SHORTEST, distance };
            }
        }
        best.len = best.len.min(most);
        if best.len < SHORTEST { Match::default() } else { best }
    }
}

//! Matches where the same four bytes were last seen, taken at once.
//!
//! The table is small enough to stay in the nearest cache, which is worth more here than what a larger one would
//! find. A place is looked up, and what stands there read, before it is known whether the place in front of it
//! matches: by the time that is wrongly predicted, the next answer is there.

use alloc::boxed::Box;

use super::block::Block;
use super::chains::{Match, hash, short, slide};
use super::window::Window;
use super::wrap::{Wrap, zeros};
use crate::coding::symbols::FARTHEST;

/// How many hashes there are.
const HASHES: usize = 1 << 13;
/// The shortest match that is found.
const LEAST: usize = 4;
/// How many places are looked at before literals go into the block.
const RUN: usize = 256;
/// After how many literals in a row one place more is passed over each time.
const PATIENCE: usize = 64;

/// The last place of each hash of four bytes.
#[derive(Debug)]
pub(super) struct Lasts(Box<[u16; HASHES]>);

/// A place, its bytes, the last place with their hash, and the bytes there.
#[derive(Clone, Copy)]
struct Probe {
    place: usize,
    here: u32,
    last: usize,
    there: u32,
}

impl Lasts {
    pub(super) fn new() -> Self {
        Self(zeros())
    }

    pub(super) fn slide(&mut self, by: usize) {
        slide(self.0.as_mut_slice(), by);
    }

    /// Looks a place up, and remembers it.
    #[inline(always)]
    fn probe<const N: usize>(&mut self, window: &Window<N>, place: usize) -> Probe {
        let here = window.four(place, 0);
        let hash = hash::<HASHES>(here);
        let last = usize::from(self.0.at(hash));
        self.0.put(hash, short(place));
        Probe { place, here, last, there: window.four(last, 0) }
    }

    /// Finds tokens from a place on until another, or until the block is full, and returns where it stopped.
    pub(super) fn parse<const N: usize>(
        &mut self,
        window: &Window<N>,
        block: &mut Block,
        mut place: usize,
        until: usize,
    ) -> usize {
        while place < until && !block.is_full() {
            let most = until.min(place + RUN);
            let (literals, found) = self.next(window, place, most);
            place += literals;
            block.literals(window.before(place, literals).unwrap_or_default());
            if found.len > 0 {
                block.matched(found);
                place += found.len;
                self.probe(window, place - 1);
            }
        }
        place
    }

    /// Returns the next match that begins in front of `most`, and how many literals stand in front of it.
    #[inline(always)]
    fn next<const N: usize>(
        &mut self,
        window: &Window<N>,
        start: usize,
        most: usize,
    ) -> (usize, Match) {
        let mut probe = self.probe(window, start);
        while probe.place < most {
            let Probe { place, here, last, there } = probe;
            probe = self.probe(window, place + 1 + (place - start) / PATIENCE);
            // The last place may be the same one, if it was looked at twice, or even lie behind it.
            let distance = place.wrapping_sub(last);
            if here == there && distance.wrapping_sub(1) < FARTHEST && last > 0 {
                let len = window.common(last, place).min(window.end() - place);
                if len >= LEAST {
                    return (place - start, Match { len, distance });
                }
            }
        }
        (most - start, Match::default())
    }
}

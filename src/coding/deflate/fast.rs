//! Matches where the same four bytes were last seen, taken at once.

use alloc::boxed::Box;

use super::block::Block;
use super::chains::{Match, hash, slide};
use super::symbols::FARTHEST;
use super::window::Window;
use super::wrap::{Wrap, zeros};

/// The last place of each hash of four bytes.
#[derive(Debug)]
pub(super) struct Lasts<const B: usize>(Box<[u16; B]>);

impl<const B: usize> Lasts<B> {
    pub(super) fn new() -> Self {
        Self(zeros())
    }

    pub(super) fn slide(&mut self, by: usize) {
        slide(self.0.as_mut_slice(), by);
    }

    #[inline(always)]
    fn replace(&mut self, four: u32, place: usize) -> usize {
        let hash = hash::<B>(four);
        let last = self.0.at(hash);
        self.0.put(hash, u16::try_from(place).unwrap_or_default());
        last.into()
    }

    /// Finds tokens from a place on until another, or until the block is full, and returns where it stopped.
    pub(super) fn parse<const N: usize>(
        &mut self,
        window: &Window<N>,
        block: &mut Block,
        mut place: usize,
        until: usize,
    ) -> usize {
        let mut misses = 0;
        while place < until && !block.is_full() {
            let four = window.four(place, 0);
            let last = self.replace(four, place);
            let first = place.saturating_sub(FARTHEST).max(1);
            if last >= first && window.four(last, 0) == four {
                let len = window.common(last, place).min(window.end() - place);
                if len >= 4 {
                    block.matched(Match { len, distance: place - last });
                    place += len;
                    self.replace(window.four(place - 1, 0), place - 1);
                    misses = 0;
                    continue;
                }
            }
            misses += 1;
            let next = until.min(place + 1 + misses / 128);
            for skipped in place..next {
                block.literal(window.byte(skipped));
            }
            place = next;
        }
        place
    }
}

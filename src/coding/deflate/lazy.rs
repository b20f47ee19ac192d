//! Matches along chains, taken unless a better one begins a little later.

use super::block::Block;
use super::chains::{Chains, Match};
use super::params::Chain;
use super::window::Window;
use crate::coding::symbols::SHORTEST;

/// A match this long is not worth a long search for a better one.
const GOOD: usize = 32;

/// Tells what a match is worth: bits that it saves, less bits that it takes.
fn worth(found: Match) -> usize {
    4 * found.len + 16 - usize::try_from(found.distance.max(1).ilog2()).unwrap_or_default()
}

/// Finds tokens from a place on until another, or until the block is full, and returns where it stopped.
pub(super) fn parse<const N: usize, const B: usize, const P: usize>(
    chains: &mut Chains<B, P>,
    window: &Window<N>,
    block: &mut Block,
    mut place: usize,
    until: usize,
    chain: Chain,
) -> usize {
    while place < until && !block.is_full() {
        let mut found = chains.search(window, place, chain, Match::default());
        if found.len < SHORTEST || !block.pays(found) {
            block.literal(window.byte(place));
            place += 1;
            let passed = chains.miss().min(until - place);
            if passed > 0 {
                place += passed;
                block.literals(window.before(place, passed).unwrap_or_default());
            }
            continue;
        }
        chains.hit(found);
        // The places up to here are in the chains.
        let mut known = place + 1;
        let nice = usize::from(chain.nice);
        let mut later = 1;
        while later <= usize::from(chain.patience) && found.len < nice && place + later < until {
            let shift = u32::from(found.len >= GOOD) + u32::try_from(later).unwrap_or_default();
            let tries = chain.tries >> shift;
            let least = Match { len: found.len - 1, distance: 0 };
            let next = chains.search(window, place + later, Chain { tries, ..chain }, least);
            known = place + later + 1;
            if next.distance > 0 && worth(next) > worth(found) + 2 * later {
                for passed in place..place + later {
                    block.literal(window.byte(passed));
                }
                place += later;
                found = next;
                later = 1;
            } else {
                later += 1;
            }
        }
        block.matched(found);
        place += found.len;
        chains.insert(window, known, place);
    }
    place
}

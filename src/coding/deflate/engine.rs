//! The window, what is remembered of it, and the block in the making.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::bits::Bits;
use super::block::{Block, ROOM, Sink};
use super::chains::Chains;
use super::fast::Lasts;
use super::lazy;
use super::params::{Chain, Search};
use super::window::{PAD, Window};
use super::write::store;
use crate::coding::symbols::LONGEST;

/// How many bytes are left in the window until more come, so that no match is cut off.
const LOOKAHEAD: usize = LONGEST + 16;

/// An engine for input of any length.
pub(super) type Large = Engine<{ 65536 + PAD }, 32768, 32768>;
/// An engine for input of less than [`SMALL`] bytes.
pub(super) type Small = Engine<{ SMALL + PAD }, 4096, SMALL>;

/// The bytes in the window of a [`Small`] engine.
pub(super) const SMALL: usize = 16384;

/// What is remembered of the window.
#[derive(Debug)]
enum Memory<const B: usize, const P: usize> {
    Lasts(Lasts),
    Chains(Chains<B, P>, Chain),
}

/// An encoder with a window of `N` bytes, a table of `B` hashes and chains of `P` places.
#[derive(Debug)]
pub(super) struct Engine<const N: usize, const B: usize, const P: usize> {
    window: Window<N>,
    memory: Memory<B, P>,
    block: Block,
    bits: Bits,
    /// The place up to which there are tokens, and the place from which on they are recent.
    place: usize,
    recent: usize,
}

impl<const N: usize, const B: usize, const P: usize> Engine<N, B, P> {
    pub(super) fn new(search: Search) -> Box<Self> {
        let memory = match search {
            Search::Last => Memory::Lasts(Lasts::new()),
            Search::Chain(chain) => Memory::Chains(Chains::new(), chain),
        };
        let block = Block::new(N.min(ROOM), search.step());
        let (window, bits) = (Window::new(), Bits::default());
        Box::new(Self { window, memory, block, bits, place: 1, recent: 1 })
    }

    /// Takes input. Nothing happens to it before the window is full and yet more comes: that is why it
    /// does not matter how the input is cut.
    pub(super) fn push(&mut self, mut input: &[u8], out: &mut Vec<u8>) {
        loop {
            input = self.window.fill(input);
            if input.is_empty() {
                break;
            }
            self.parse(self.window.end() - LOOKAHEAD, out);
            self.slide(out);
        }
    }

    /// Writes all that has been taken, and goes to the next byte.
    pub(super) fn flush(&mut self, out: &mut Vec<u8>) {
        self.parse(self.window.end(), out);
        self.settle(out);
        if !self.block.is_empty() {
            self.put(false, out);
        }
        store(&[], false, &mut self.bits, out);
    }

    /// Writes all that has been taken, and the end.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        self.parse(self.window.end(), out);
        self.settle(out);
        self.put(true, out);
        self.bits.align(out);
    }

    /// Finds tokens until a place.
    fn parse(&mut self, until: usize, out: &mut Vec<u8>) {
        while self.place < until {
            let Self { window, memory, block, place, .. } = self;
            *place = match memory {
                Memory::Lasts(lasts) => lasts.parse(window, block, *place, until),
                Memory::Chains(chains, chain) => {
                    lazy::parse(chains, window, block, *place, until, *chain)
                }
            };
            if block.is_full() {
                self.settle(out);
            }
        }
    }

    /// Makes the recent tokens part of the block.
    fn settle(&mut self, out: &mut Vec<u8>) {
        let (window, place) = (&self.window, self.place);
        let raw = |behind, len| window.before(place - behind, len);
        let mut sink = Sink { bits: &mut self.bits, out };
        self.block.settle(place - self.recent, raw, &mut sink);
        self.recent = place;
    }

    /// Writes the block.
    fn put(&mut self, is_last: bool, out: &mut Vec<u8>) {
        let raw = self.window.before(self.place, self.block.bytes());
        self.block.put(raw, is_last, &mut Sink { bits: &mut self.bits, out });
    }

    /// Makes room in the window. A block whose bytes might be shorter as they are is written while they are
    /// still there.
    fn slide(&mut self, out: &mut Vec<u8>) {
        self.settle(out);
        if !self.block.is_dense() {
            self.put(false, out);
        }
        let by = Window::<N>::HALF;
        self.window.slide();
        match &mut self.memory {
            Memory::Lasts(lasts) => lasts.slide(by),
            Memory::Chains(chains, _) => chains.slide(by),
        }
        self.place -= by;
        self.recent -= by;
    }
}

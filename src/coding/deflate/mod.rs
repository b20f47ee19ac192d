//! Deflate: bytes into the format of [RFC 1951](https://www.rfc-editor.org/rfc/rfc1951).
//!
//! Bytes gather in a [`window`] until it is full. A search, along [`chains`] of places or, at level 1, at the
//! [`fast`] last place alone, turns them into literals and matches, which gather in a [`block`]. That ends
//! where the data changes, and goes out as stored, fixed or dynamic, whichever is shortest to the bit.
//! [`params`] says what each level does.
//!
//! An encoder takes less than 450 KB: 66 for the window, 192 for the chains (16 at level 1), 166 for tokens and
//! 4 for counts. Input of less than 16 KB that is not flushed in between is held back and takes less than 170;
//! level 0 takes 64. Whatever the input, time is linear in its length, and it grows by no more than five bytes
//! for every 28,000.
//!
//! What it does not do: look for the best of all ways to divide data into matches, and use a dictionary.
//!
//! ```
//! use nethttp::coding::{Format, Level, encode};
//!
//! assert_eq!(encode(Format::Raw, b"aaaaaaaaaa", Level::DEFAULT), [0x4b, 0x84, 0x03, 0x00]);
//! ```

mod bits;
mod block;
mod chains;
mod engine;
mod entropy;
mod fast;
mod header;
#[cfg(test)]
mod helpers;
mod huffman;
mod lazy;
mod params;
#[cfg(test)]
mod tests;
mod window;
mod wrap;
mod write;

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::mem;

use crate::coding::Level;
use bits::Bits;
use engine::{Large, SMALL, Small};
use params::{Search, search};
use write::{MOST_STORED, store};

/// An encoder: takes bytes in pieces and appends what they become.
///
/// How the input is cut into pieces makes no difference to the output, unless it is flushed in between.
#[derive(Debug)]
pub(super) struct Deflate {
    state: State,
    /// Whether a flush would say anything new.
    is_dirty: bool,
}

#[derive(Debug)]
enum State {
    /// Level 0: bytes that may still be part of the last block.
    Storing(Vec<u8>),
    /// As long as there is little input and no need to write it, it is only held.
    Searching { search: Search, held: Vec<u8>, engine: Option<Box<Large>> },
}

impl Deflate {
    /// Creates an encoder. It allocates nothing before there is input.
    pub(super) fn new(level: Level) -> Self {
        let held = Vec::new();
        let state = match search(level) {
            None => State::Storing(held),
            Some(search) => State::Searching { search, held, engine: None },
        };
        Self { state, is_dirty: true }
    }

    /// Takes input, and appends what is ready.
    pub(super) fn push(&mut self, input: &[u8], out: &mut Vec<u8>) {
        self.is_dirty |= !input.is_empty();
        match &mut self.state {
            State::Storing(held) => push_stored(held, input, out),
            State::Searching { held, engine: None, .. } if held.len() + input.len() < SMALL => {
                held.extend_from_slice(input);
            }
            State::Searching { search, held, engine } => {
                running(*search, held, engine, out).push(input, out);
            }
        }
    }

    /// Appends all that there is of the input so far, and an empty block that ends on a byte. Does nothing if
    /// there was no input since the last time.
    pub(super) fn flush(&mut self, out: &mut Vec<u8>) {
        if !mem::take(&mut self.is_dirty) {
            return;
        }
        match &mut self.state {
            State::Storing(held) => {
                if !held.is_empty() {
                    store(held, false, &mut Bits::default(), out);
                    held.clear();
                }
                store(&[], false, &mut Bits::default(), out);
            }
            State::Searching { held, engine: None, .. } if held.is_empty() => {
                store(&[], false, &mut Bits::default(), out);
            }
            State::Searching { search, held, engine } => {
                running(*search, held, engine, out).flush(out);
            }
        }
    }

    /// Appends the rest. There must be no input behind it.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        match &mut self.state {
            State::Storing(held) => store(held, true, &mut Bits::default(), out),
            State::Searching { engine: Some(engine), .. } => engine.finish(out),
            State::Searching { search, held, .. } => {
                let mut engine = Small::new(*search);
                engine.push(held, out);
                engine.finish(out);
            }
        }
    }
}

/// Returns the engine for input of any length, which takes over what was held.
fn running<'a>(
    search: Search,
    held: &mut Vec<u8>,
    engine: &'a mut Option<Box<Large>>,
    out: &mut Vec<u8>,
) -> &'a mut Large {
    let engine = engine.get_or_insert_with(|| Large::new(search));
    engine.push(&mem::take(held), out);
    engine
}

/// Stores all blocks that are full and not the last.
fn push_stored(held: &mut Vec<u8>, mut input: &[u8], out: &mut Vec<u8>) {
    while held.len() + input.len() > MOST_STORED {
        let (now, later) = input.split_at_checked(MOST_STORED - held.len()).unwrap_or((input, &[]));
        held.extend_from_slice(now);
        store(held, false, &mut Bits::default(), out);
        held.clear();
        input = later;
    }
    held.extend_from_slice(input);
}

//! Raw deflate into data, [RFC 1951](https://www.rfc-editor.org/rfc/rfc1951): input in any pieces, data in
//! any pieces.
//!
//! ```text
//!           ┌────────────────────────────────────────────────┐
//!           ▼                                                │ not the last block
//!   Block ──┬─▶ StoredLength ─▶ Stored ──────────────────────┤
//!           ├─▶ Counts ─▶ CodeLengths ─▶ Lengths ─▶ Symbols ─┤
//!           └────────── fixed codes ─────────────▶ Symbols ──┴─▶ Done
//! ```
//!
//! A step needs at most 48 bits, and the buffer holds 56. So each step looks at what it needs, and removes
//! it when all of it is there: input may end anywhere without a state for it. While there is much input
//! and much room, [`fast`] decodes symbols and leaves the rest, the unusual included, to [`symbols`].

mod bits;
mod codes;
mod copy;
mod fast;
mod header;
mod symbols;
mod window;

use alloc::boxed::Box;

use super::CodingErrorKind;
use bits::{BitReader, Bits};
use codes::Codes;
use header::Header;
use window::Window;

/// What is wrong, and at which byte of the compressed data.
type Failure = (CodingErrorKind, u64);

/// The state of decoding.
#[derive(Debug)]
pub(super) struct Inflate {
    state: State,
    bits: Bits,
    last: bool,
    header: Header,
    codes: Box<Codes>,
    window: Window,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Before the three bits that begin a block.
    Block,
    StoredLength,
    /// In a stored block that has so many bytes left.
    Stored(u16),
    Counts,
    CodeLengths,
    Lengths,
    Symbols,
    Done,
}

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Next(State),
    /// The input ended before the step did.
    Starved,
    /// There is no room for more data.
    Full,
}

impl Inflate {
    pub(super) fn new() -> Self {
        Self {
            state: State::Block,
            bits: Bits::default(),
            last: false,
            header: Header::new(),
            codes: Codes::new(),
            window: Window::default(),
        }
    }

    /// Begins anew; data that was not taken stays.
    pub(super) fn restart(&mut self) {
        self.state = State::Block;
        self.bits = Bits::default();
        self.window.restart();
    }

    /// Returns whether the last block has ended.
    pub(super) fn is_done(&self) -> bool {
        self.state == State::Done
    }

    /// Returns the data that was not taken.
    pub(super) fn data(&self) -> &[u8] {
        self.window.data()
    }

    /// Takes data.
    pub(super) fn take(&mut self, len: usize) {
        self.window.take(len);
    }

    /// Forgets the last bytes of the data, of which no more may be decoded then.
    pub(super) fn forget_last(&mut self, len: usize) {
        self.window.forget_last(len);
    }

    /// Decodes until the input is used up, the window is full or the data ends. Returns how many bytes
    /// of the input were used. `base` is where the input stands in all of the compressed data.
    pub(super) fn decode(&mut self, input: &[u8], base: u64) -> Result<usize, Failure> {
        let mut reader = BitReader::new(self.bits, input, base);
        while self.state != State::Done {
            match self.step(&mut reader)? {
                Step::Next(state) => self.state = state,
                Step::Full => break,
                // The bytes of what is not complete stay.
                Step::Starved => {
                    self.bits = reader.bits();
                    return Ok(input.len());
                }
            }
        }
        reader.give_back();
        self.bits = reader.bits();
        Ok(reader.at)
    }

    fn step(&mut self, reader: &mut BitReader<'_>) -> Result<Step, Failure> {
        match self.state {
            State::Block => self.block(reader),
            State::StoredLength => stored_length(reader),
            State::Stored(left) => Ok(self.stored(reader, left)),
            State::Counts => self.header.counts(reader),
            State::CodeLengths => self.header.code_lengths(reader, &mut self.codes),
            State::Lengths => self.header.lengths(reader, &mut self.codes),
            State::Symbols => self.symbols(reader),
            State::Done => Ok(Step::Starved),
        }
    }

    /// The beginning of a block, [RFC 1951 §3.2.3](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.3).
    fn block(&mut self, reader: &mut BitReader<'_>) -> Result<Step, Failure> {
        if !reader.need(3) {
            return Ok(Step::Starved);
        }
        let state = match reader.peek(1, 2) {
            0 => State::StoredLength,
            1 => {
                self.codes.set_fixed();
                State::Symbols
            }
            2 => State::Counts,
            _ => return Err((CodingErrorKind::BlockType, reader.offset(1))),
        };
        self.last = reader.take(1) == 1;
        reader.consume(2);
        if state == State::StoredLength {
            reader.align();
        }
        Ok(Step::Next(state))
    }

    /// The content of a stored block, [RFC 1951 §3.2.4](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.4).
    fn stored(&mut self, reader: &mut BitReader<'_>, mut left: u16) -> Step {
        reader.give_back();
        while left > 0 {
            let input = reader.input.get(reader.at..).unwrap_or_default();
            if input.is_empty() {
                return Step::Starved;
            }
            if !self.window.make_room() {
                return Step::Full;
            }
            let piece = input.get(..usize::from(left)).unwrap_or(input);
            let len = self.window.push(piece);
            reader.at += len;
            left -= u16::try_from(len).unwrap_or_default();
            self.state = State::Stored(left);
        }
        Step::Next(self.after_block())
    }

    const fn after_block(&self) -> State {
        if self.last { State::Done } else { State::Block }
    }
}

/// The length of a stored block and its complement.
fn stored_length(reader: &mut BitReader<'_>) -> Result<Step, Failure> {
    if !reader.need(32) {
        return Ok(Step::Starved);
    }
    let offset = reader.offset(16);
    let (length, complement) = (reader.take(16), reader.take(16));
    if length ^ complement != 0xffff {
        return Err((CodingErrorKind::StoredLength, offset));
    }
    Ok(Step::Next(State::Stored(u16::try_from(length).unwrap_or_default())))
}

//! The header of a block with a code of its own.
//!
//! [RFC 1951 §3.2.7](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.7): the lengths of all words in a
//! row, repetitions told as such, in a code whose own lengths stand in front.

use alloc::vec::Vec;

use super::bits::Bits;
use super::huffman::{LENGTHS_LIMIT, WORD_LENGTH, lengths, words};
use super::wrap::Wrap;
use super::write::Lengths;
use crate::coding::symbols::{DISTANCES, LITLEN, ORDER};

/// Repeats the length before it 3 to 6 times.
const REPEAT: u8 = 16;
/// Stands for 3 to 10 zeros.
const ZEROS: u8 = 17;
/// Stands for 11 to 138 zeros.
const MANY_ZEROS: u8 = 18;

/// How many symbols there are: lengths from 0 to 15, and repetitions.
const SYMBOLS: usize = ORDER.len();

/// Returns how many extra bits a symbol has.
const fn extra(symbol: u8) -> u32 {
    match symbol {
        REPEAT => 2,
        ZEROS => 3,
        MANY_ZEROS => 7,
        _ => 0,
    }
}

/// A symbol with the value of its extra bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Run {
    symbol: u8,
    more: u8,
}

/// A header before it is written.
#[derive(Debug)]
pub(super) struct Header {
    runs: Vec<Run>,
    /// How many lengths there are for literals and lengths, and for distances.
    litlen: usize,
    distances: usize,
    /// How many lengths of words for lengths there are, and the lengths.
    words: usize,
    lengths: [u8; SYMBOLS],
    cost: u64,
}

impl Header {
    pub(super) fn new(code: &Lengths) -> Self {
        let (litlen, distances) = (used(&code.litlen, 257), used(&code.distances, 1));
        let mut all = [0; LITLEN + DISTANCES];
        let both = code.litlen.iter().take(litlen).chain(code.distances.iter().take(distances));
        all.iter_mut().zip(both).for_each(|(to, &from)| *to = from);
        let runs = runs(all.get(..litlen + distances).unwrap_or_default());
        let mut counts = [0; 32];
        for run in &runs {
            let symbol = usize::from(run.symbol);
            counts.put(symbol, counts.at(symbol) + 1);
        }
        let mut found = [0; SYMBOLS];
        lengths(counts.get(..SYMBOLS).unwrap_or_default(), LENGTHS_LIMIT, &mut found);
        let ordered =
            ORDER.map(|symbol| found.get(usize::from(symbol)).copied().unwrap_or_default());
        let words = used(&ordered, 4);
        let mut cost = 5 + 5 + 4 + 3 * u64::try_from(words).unwrap_or_default();
        for ((&count, &length), symbol) in counts.iter().zip(&found).zip(0..) {
            cost += u64::from(count) * u64::from(u32::from(length) + extra(symbol));
        }
        Self { runs, litlen, distances, words, lengths: found, cost }
    }

    /// Returns how many bits the header takes.
    pub(super) const fn cost(&self) -> u64 {
        self.cost
    }

    pub(super) fn put(&self, bits: &mut Bits, out: &mut Vec<u8>) {
        let mut number = |number: usize, least: usize, count| {
            bits.put(u32::try_from(number - least).unwrap_or_default(), count, out);
        };
        number(self.litlen, 257, 5);
        number(self.distances, 1, 5);
        number(self.words, 4, 4);
        for symbol in ORDER.into_iter().take(self.words) {
            number(self.lengths.get(usize::from(symbol)).copied().unwrap_or_default().into(), 0, 3);
        }
        let mut table = [0; 32];
        words(&self.lengths, &mut table);
        for run in &self.runs {
            let word = table.at(run.symbol.into());
            let length = word >> WORD_LENGTH;
            let more = u32::from(run.more) << length;
            bits.put((word & 0xffff) | more, length + extra(run.symbol), out);
        }
    }
}

/// Returns how many lengths there are up to the last that is not zero, at least `least`.
fn used(lengths: &[u8], least: usize) -> usize {
    lengths.iter().rposition(|&length| length != 0).map_or(0, |last| last + 1).max(least)
}

/// Tells repetitions in a row of lengths.
fn runs(lengths: &[u8]) -> Vec<Run> {
    let mut runs = Vec::with_capacity(lengths.len());
    for same in lengths.chunk_by(|a, b| a == b) {
        let (length, mut left) = (same.first().copied().unwrap_or_default(), same.len());
        let mut push = |symbol, more| {
            runs.push(Run { symbol, more: u8::try_from(more).unwrap_or_default() });
        };
        if length == 0 {
            while left >= 11 {
                let taken = left.min(138);
                push(MANY_ZEROS, taken - 11);
                left -= taken;
            }
            if left >= 3 {
                push(ZEROS, left - 3);
                left = 0;
            }
        } else {
            push(length, 0);
            left -= 1;
            while left >= 3 {
                let taken = left.min(6);
                push(REPEAT, taken - 3);
                left -= taken;
            }
        }
        (0..left).for_each(|_| push(length, 0));
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_told_as_repetitions() {
        for (lengths, expected) in [
            (&[][..], &[][..]),
            (&[0, 0], &[(0, 0), (0, 0)]),
            (&[0; 3], &[(17, 0)]),
            (&[0; 10], &[(17, 7)]),
            (&[0; 11], &[(18, 0)]),
            (&[0; 139], &[(18, 127), (0, 0)]),
            (&[0; 141], &[(18, 127), (17, 0)]),
            (&[5; 3], &[(5, 0), (5, 0), (5, 0)]),
            (&[5; 4], &[(5, 0), (16, 0)]),
            (&[5; 7], &[(5, 0), (16, 3)]),
            (&[5; 9], &[(5, 0), (16, 3), (5, 0), (5, 0)]),
            (&[5, 5, 6, 0], &[(5, 0), (5, 0), (6, 0), (0, 0)]),
        ] {
            let expected: Vec<Run> =
                expected.iter().map(|&(symbol, more)| Run { symbol, more }).collect();
            assert_eq!(runs(lengths), expected, "{lengths:?}");
        }
    }

    #[test]
    fn a_header_costs_what_it_takes() {
        for (literals, distances) in [(2, 1), (140, 5), (286, 30)] {
            let mut code = Lengths { litlen: [0; LITLEN], distances: [0; DISTANCES] };
            code.litlen
                .iter_mut()
                .take(literals)
                .zip((7..10).cycle())
                .for_each(|(to, from)| *to = from);
            code.distances.iter_mut().take(distances).for_each(|length| *length = 5);
            let (mut bits, mut out) = (Bits::default(), Vec::new());
            let header = Header::new(&code);
            header.put(&mut bits, &mut out);
            let missing = u64::from(bits.missing());
            bits.align(&mut out);
            assert_eq!(header.cost(), 8 * out.len() as u64 - missing);
        }
    }
}

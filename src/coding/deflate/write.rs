//! Blocks as bits, in whichever of the three forms is shortest.
//!
//! [RFC 1951 §3.2.3](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.3): the bytes as they are, tokens in
//! the fixed code, or tokens in a code of their own, whose header stands in front of them. What each takes is
//! counted to the bit.

use alloc::vec::Vec;

use super::bits::{Bits, Burst};
use super::block::{Counts, DISTANCE, DISTANCE_SYMBOL, Sink, Token};
use super::header::Header;
use super::huffman::{LIMIT, WORD_LENGTH, Word, lengths, words};
use super::wrap::Wrap;
use crate::coding::symbols::{DISTANCES, END, LITLEN, distance_extra, length_extra, length_symbol};

/// The most bytes of a stored block.
pub(super) const MOST_STORED: usize = 65535;

/// The lengths of the words for literals and lengths, and for distances.
#[derive(Debug)]
pub(super) struct Lengths {
    pub(super) litlen: [u8; LITLEN],
    pub(super) distances: [u8; DISTANCES],
}

/// The fixed code, [RFC 1951 §3.2.6](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.6), in which two
/// symbols more have words.
const FIXED: [u8; LITLEN + 2] = {
    let mut lengths = [8; LITLEN + 2];
    let mut symbol = 144;
    while symbol < 280 {
        lengths[symbol] = if symbol < 256 { 9 } else { 7 };
        symbol += 1;
    }
    lengths
};
const FIXED_DISTANCES: [u8; DISTANCES + 2] = [5; DISTANCES + 2];

/// Returns how many bits tokens take in a code, the extra bits of their symbols aside.
fn cost(counts: &Counts, litlen: &[u8], distances: &[u8]) -> u64 {
    let sum = |counts: &[u32], lengths: &[u8]| -> u64 {
        counts
            .iter()
            .zip(lengths)
            .map(|(&count, &length)| u64::from(count) * u64::from(length))
            .sum()
    };
    sum(&counts.litlen, litlen) + sum(&counts.distances, distances)
}

/// Returns how many extra bits tokens have.
fn extra(counts: &Counts) -> u64 {
    let lengths = counts.litlen.iter().skip(END + 1).zip(0..);
    let lengths =
        lengths.map(|(&count, symbol)| u64::from(count) * u64::from(length_extra(symbol)));
    let distances = counts.distances.iter().zip(0..);
    let distances =
        distances.map(|(&count, symbol)| u64::from(count) * u64::from(distance_extra(symbol)));
    lengths.chain(distances).sum()
}

/// Writes a block. The bytes that the tokens stand for are at hand, or are known to take more.
pub(super) fn write(
    tokens: &[Token],
    counts: &mut Counts,
    raw: Option<&[u8]>,
    is_last: bool,
    sink: &mut Sink<'_>,
) {
    if let Some(end) = counts.litlen.get_mut(END) {
        *end = 1;
    }
    let mut own = Lengths { litlen: [0; LITLEN], distances: [0; DISTANCES] };
    lengths(&counts.litlen, LIMIT, &mut own.litlen);
    lengths(&counts.distances, LIMIT, &mut own.distances);
    let header = Header::new(&own);
    let extra = 3 + extra(counts);
    let dynamic = extra + header.cost() + cost(counts, &own.litlen, &own.distances);
    let fixed = extra + cost(counts, &FIXED, &FIXED_DISTANCES);
    let stored = raw.map_or(u64::MAX, |raw| stored_cost(raw.len(), sink.bits));
    if let Some(raw) = raw.filter(|_| stored <= dynamic.min(fixed)) {
        store(raw, is_last, sink.bits, sink.out);
    } else if fixed <= dynamic {
        sink.bits.put(u32::from(is_last) | 1 << 1, 3, sink.out);
        code(tokens, &FIXED, &FIXED_DISTANCES, fixed, sink);
    } else {
        sink.bits.put(u32::from(is_last) | 2 << 1, 3, sink.out);
        header.put(sink.bits, sink.out);
        code(tokens, &own.litlen, &own.distances, dynamic, sink);
    }
}

/// Returns how many bits so many bytes take as they are.
fn stored_cost(len: usize, bits: &Bits) -> u64 {
    let more = len.saturating_sub(1) / MOST_STORED;
    let filling = (bits.missing() + 8 - 3) % 8;
    u64::from(3 + filling + 32)
        + 40 * u64::try_from(more).unwrap_or(u64::MAX)
        + 8 * u64::try_from(len).unwrap_or(u64::MAX)
}

/// Writes bytes as they are, [RFC 1951 §3.2.4](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.4).
pub(super) fn store(mut raw: &[u8], is_last: bool, bits: &mut Bits, out: &mut Vec<u8>) {
    loop {
        let (piece, rest) = raw.split_at_checked(MOST_STORED).unwrap_or((raw, &[]));
        bits.put(u32::from(is_last && rest.is_empty()), 3, out);
        bits.align(out);
        let len = u16::try_from(piece.len()).unwrap_or_default();
        out.extend_from_slice(&len.to_le_bytes());
        out.extend_from_slice(&(!len).to_le_bytes());
        out.extend_from_slice(piece);
        raw = rest;
        if raw.is_empty() {
            break;
        }
    }
}

/// Where the number of extra bits of a distance stands in its word.
const EXTRA: u32 = 16;

/// The words of tokens: those of lengths with their extra bits.
struct Words {
    /// By the lowest nine bits of a token.
    codes: [Word; 512],
    /// By the symbol of a distance, counted from 1. The first is empty.
    distances: [Word; 32],
    end: Word,
}

impl Words {
    fn new(litlen: &[u8], distances: &[u8]) -> Self {
        let mut symbols = [0; 512];
        words(litlen, &mut symbols);
        let mut found = Self { codes: symbols, distances: [0; 32], end: symbols.at(END) };
        for (length, code) in (0..=u8::MAX).zip(found.codes.iter_mut().skip(256)) {
            let symbol = length_symbol(length);
            let word = symbols.at(END + 1 + usize::from(symbol));
            let extra = length_extra(symbol);
            let low = u32::from(length) & ((1 << extra) - 1);
            *code = word + (low << (word >> WORD_LENGTH)) + (extra << WORD_LENGTH);
        }
        words(distances, found.distances.split_at_mut(1).1);
        for (word, symbol) in found.distances.iter_mut().skip(1).zip(0..30) {
            *word |= distance_extra(symbol) << EXTRA;
        }
        found
    }

    #[inline(always)]
    fn token(&self, token: Token, burst: &mut Burst<'_>) {
        let index = |bits: u32| usize::try_from(bits).unwrap_or_default();
        let word = self.codes.at(index(token));
        burst.put(u64::from(word & 0xff_ffff), word >> WORD_LENGTH);
        // No branch: a literal has a distance of no bits.
        let word = self.distances.at(index(token >> DISTANCE_SYMBOL));
        let (length, extra) = (word >> WORD_LENGTH, (word >> EXTRA) & 15);
        let low = (token >> DISTANCE) & ((1 << extra) - 1);
        burst.put(u64::from((word & 0xffff) | low << length), length + extra);
    }
}

/// Writes tokens in a code, and the end of the block. They take no more than `most` bits.
fn code(tokens: &[Token], litlen: &[u8], distances: &[u8], most: u64, sink: &mut Sink<'_>) {
    let words = Words::new(litlen, distances);
    sink.bits.many(most, sink.out, |burst| {
        for &token in tokens {
            words.token(token, burst);
            burst.spill();
        }
        burst.put(u64::from(words.end & 0xff_ffff), words.end >> WORD_LENGTH);
        burst.spill();
    });
}

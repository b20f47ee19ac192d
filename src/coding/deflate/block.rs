//! Literals and matches on their way into a block, and where one block should end and the next begin.
//!
//! Every few thousand tokens, or when the window slides, the recent ones are compared with those of the
//! block so far: if two codes, each with a header, would take less than one code for both, the block ends in
//! front of the recent tokens. What a code would take is told from the entropy of its symbols.

use alloc::vec::Vec;

use super::bits::Bits;
use super::chains::Match;
use super::entropy::entropy;
use super::wrap::Wrap;
use super::write::write;
use crate::coding::symbols::{DISTANCES, LITLEN, SHORTEST, distance_symbol, length_symbol};

/// A literal or a match.
///
/// | bits | literal | match |
/// |---|---|---|
/// | 0 to 7 | the byte | length - 3 |
/// | 8 | 0 | 1 |
/// | 9 to 23 | 0 | distance - 1 |
/// | 24 to 28 | 0 | symbol of the distance + 1 |
pub(super) type Token = u32;

pub(super) const IS_MATCH: Token = 1 << 8;
pub(super) const DISTANCE: u32 = 9;
pub(super) const DISTANCE_SYMBOL: u32 = 24;

/// How many tokens are compared with those before them, at most.
pub(super) const MOST_RECENT: usize = 8192;
/// How many tokens a block has at most, recent ones aside.
const MOST: usize = 32768;
/// How many tokens there may be: one search may add a few behind the last of the recent ones.
pub(super) const ROOM: usize = MOST + MOST_RECENT + 512;
/// What a header of a block takes, in bits, beside what each of its symbols takes.
const HEADER: u32 = 200;
const HEADER_SYMBOL: u32 = 3;

/// How often each symbol occurs.
#[derive(Clone, Debug)]
pub(super) struct Counts {
    pub(super) litlen: [u32; LITLEN],
    pub(super) distances: [u32; DISTANCES],
}

impl Counts {
    const ZERO: Self = Self { litlen: [0; LITLEN], distances: [0; DISTANCES] };

    fn add(&mut self, other: &Self) {
        self.litlen.iter_mut().zip(&other.litlen).for_each(|(sum, count)| *sum += count);
        self.distances.iter_mut().zip(&other.distances).for_each(|(sum, count)| *sum += count);
    }

    /// Returns what a literal and a match take on average, in sixteenths of a bit, the distance of the match
    /// aside.
    fn averages(&self) -> (u32, u32) {
        let (literals, matches) = self.litlen.split_at(256);
        let (few, many) = (literals.iter().sum::<u32>(), matches.iter().sum::<u32>());
        let log = |of: u32, among: u32| 16 * (of.max(1) / among.max(1)).max(1).ilog2();
        let literal = 16 * entropy(literals) / few.max(1) + log(few + many, few);
        (literal, 16 * entropy(matches) / many.max(1) + log(few + many, many) + 16 * 3)
    }

    /// Returns about how many bits the symbols take.
    fn cost(&self) -> u32 {
        entropy(&self.litlen) + entropy(&self.distances)
    }

    /// Returns about how many bits the header takes.
    fn header(&self) -> u32 {
        let used = self.litlen.iter().chain(&self.distances).filter(|&&count| count > 0).count();
        HEADER + HEADER_SYMBOL * u32::try_from(used).unwrap_or_default()
    }
}

/// How often the recent tokens occurred: their lowest nine bits, and the symbols of distances.
#[derive(Debug)]
struct Recent {
    codes: [u32; 512],
    distances: [u32; 32],
}

impl Recent {
    fn counts(&self) -> Counts {
        let mut counts = Counts::ZERO;
        let (literals, lengths) = self.codes.split_at(256);
        let (low, high) = counts.litlen.split_at_mut(257);
        low.iter_mut().zip(literals).for_each(|(to, &from)| *to = from);
        for (length, &count) in (0..=255).zip(lengths) {
            if let Some(sum) = high.get_mut(usize::from(length_symbol(length))) {
                *sum += count;
            }
        }
        counts.distances.iter_mut().zip(&self.distances).for_each(|(to, &from)| *to = from);
        counts
    }
}

/// Returns a small number as the counts are.
#[inline(always)]
fn small(number: usize) -> u32 {
    u32::try_from(number & 0xff).unwrap_or_default()
}

/// A block in the making.
#[derive(Debug)]
pub(super) struct Block {
    tokens: Vec<Token>,
    recent: Recent,
    /// How many tokens there are when the recent ones must be looked at.
    full: usize,
    /// How many tokens are looked at together.
    step: usize,
    /// The tokens in front of the recent ones, how often their symbols occur, what they take, and how many
    /// bytes they stand for.
    settled: usize,
    counts: Counts,
    cost: u32,
    bytes: usize,
    /// What a literal and a match took on average, in sixteenths of a bit, the distance of the match aside.
    literal: u32,
    matched: u32,
}

/// Where blocks go, and where the bytes stand that they are made of.
pub(super) struct Sink<'a> {
    pub(super) bits: &'a mut Bits,
    pub(super) out: &'a mut Vec<u8>,
}

impl Block {
    /// Creates a block that has room for some tokens, to begin with, and compares some with those before them.
    pub(super) fn new(room: usize, step: usize) -> Self {
        Self {
            tokens: Vec::with_capacity(room),
            recent: Recent { codes: [0; 512], distances: [0; 32] },
            full: step,
            step,
            settled: 0,
            counts: Counts::ZERO,
            cost: 0,
            bytes: 0,
            literal: 16 * 8,
            matched: 0,
        }
    }

    #[inline(always)]
    pub(super) fn literal(&mut self, byte: u8) {
        self.tokens.push(byte.into());
        let count = self.recent.codes.at(byte.into());
        self.recent.codes.put(byte.into(), count + 1);
    }

    /// Takes some literals in a row.
    #[inline(always)]
    pub(super) fn literals(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            let count = self.recent.codes.at(byte.into());
            self.recent.codes.put(byte.into(), count + 1);
        }
        self.tokens.extend(bytes.iter().map(|&byte| Token::from(byte)));
    }

    #[inline(always)]
    pub(super) fn matched(&mut self, found: Match) {
        let length = u32::try_from(found.len.saturating_sub(SHORTEST)).unwrap_or_default() & 0xff;
        let distance = u32::try_from(found.distance.saturating_sub(1)).unwrap_or_default() & 0x7fff;
        let symbol = distance_symbol(distance);
        self.tokens
            .push(length | IS_MATCH | distance << DISTANCE | (symbol + 1) << DISTANCE_SYMBOL);
        let code = usize::try_from(length | IS_MATCH).unwrap_or_default();
        self.recent.codes.put(code, self.recent.codes.at(code) + 1);
        let symbol = usize::try_from(symbol).unwrap_or_default();
        self.recent.distances.put(symbol, self.recent.distances.at(symbol) + 1);
    }

    /// Tells whether a match is likely to take less than its bytes would as literals. A long one always is.
    #[inline(always)]
    pub(super) fn pays(&self, found: Match) -> bool {
        found.len > 6
            || self.literal * small(found.len) > self.matched + 16 * found.distance.max(1).ilog2()
    }

    /// Tells whether it is time to [`settle`](Self::settle).
    #[inline(always)]
    pub(super) const fn is_full(&self) -> bool {
        self.tokens.len() >= self.full
    }

    /// Joins the recent tokens, which stand for as many bytes, with the block, or writes the block and begins
    /// another with them. `raw` gives that many bytes which end that many bytes before the last.
    pub(super) fn settle<'a>(
        &mut self,
        recent_bytes: usize,
        raw: impl Fn(usize, usize) -> Option<&'a [u8]>,
        sink: &mut Sink<'_>,
    ) {
        let recent = self.recent.counts();
        self.recent.codes.fill(0);
        self.recent.distances.fill(0);
        let cost = recent.cost();
        let mut joined = recent.clone();
        joined.add(&self.counts);
        let joined_cost = if self.settled == 0 { cost } else { joined.cost() };
        if joined_cost > self.cost + cost + recent.header() && self.settled > 0 {
            self.put(raw(recent_bytes, self.bytes), false, sink);
            (self.counts, self.cost, self.bytes) = (recent, cost, recent_bytes);
        } else {
            (self.counts, self.cost) = (joined, joined_cost);
            self.bytes += recent_bytes;
        }
        (self.literal, self.matched) = self.counts.averages();
        self.settled = self.tokens.len();
        if self.settled >= MOST {
            self.put(raw(0, self.bytes), false, sink);
        }
        self.full = self.settled + self.step;
    }

    /// Tells whether the block certainly takes less than its bytes do, even in the fixed code.
    pub(super) fn is_dense(&self) -> bool {
        let matches: u32 = self.counts.distances.iter().sum();
        let matches = usize::try_from(matches).unwrap_or(usize::MAX);
        9 * (self.settled - matches) + 31 * matches + 64 < 8 * self.bytes
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// Returns how many bytes the settled tokens stand for.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Writes what has been settled.
    pub(super) fn put(&mut self, raw: Option<&[u8]>, is_last: bool, sink: &mut Sink<'_>) {
        let tokens = self.tokens.get(..self.settled).unwrap_or_default();
        write(tokens, &mut self.counts, raw, is_last, sink);
        self.tokens.drain(..self.settled);
        (self.settled, self.counts, self.cost, self.bytes) = (0, Counts::ZERO, 0, 0);
        self.full = self.step;
    }
}

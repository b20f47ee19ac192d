//! Symbols many at a time, while there is much input and much room.
//!
//! One load of eight bytes is enough for three literals, or for a length and a distance; there is so much
//! of both input and room that nothing else needs to be checked in between. The entry of the next code is
//! looked up before a match is copied, so that the processor does both at once.

use super::Failure;
use super::bits::BitReader;
use super::codes::{Codes, DISTANCE_BITS, END, LITERAL, LITLEN_BITS, OTHER, leads_on};
use super::copy::copy_match;
use super::window::{LONGEST_MATCH, SLACK, Window};
use crate::coding::CodingErrorKind;

/// The input that one round looks at, at most: three loads.
const INPUT: usize = 32;
/// What one round writes, at most: literals and a match, and beyond them.
const ROOM: usize = 8 + LONGEST_MATCH + SLACK;

/// The reader, in the form that is fastest: of the count only the lowest six bits mean something, and the
/// buffer has bits above it, which are those that come next.
struct Hot<'a> {
    input: &'a [u8],
    at: usize,
    buffer: u64,
    count: u32,
}

impl Hot<'_> {
    /// Loads until there are at least 56 bits.
    #[inline(always)]
    fn fill(&mut self) {
        if let Some(chunk) = self.input.get(self.at..).and_then(<[u8]>::first_chunk) {
            let count = self.count & 63;
            self.buffer |= u64::from_le_bytes(*chunk) << count;
            self.at += index(u64::from((63 - count) >> 3));
            self.count = count | 56;
        }
    }

    /// Removes the bits of an entry, those of its code and of what is added to it.
    #[inline(always)]
    const fn consume(&mut self, entry: u32) {
        self.buffer >>= entry & 63;
        self.count = self.count.wrapping_sub(entry);
    }

    /// Returns the first entry for the next bits.
    #[inline(always)]
    fn look<const N: usize>(&self, table: &[u32; N], root: u32) -> u32 {
        entry(table, self.buffer & ((1 << root) - 1))
    }

    /// Follows an entry that leads to another table.
    #[inline(always)]
    fn follow<const N: usize>(&mut self, table: &[u32; N], root: u32, from: u32) -> u32 {
        self.buffer >>= root;
        self.count = self.count.wrapping_sub(root);
        let width = from >> 8 & 15;
        entry(table, u64::from(from >> 16) + (self.buffer & ((1 << width) - 1)))
    }

    /// Removes the bits of a length or distance, and returns it.
    #[inline(always)]
    fn value(&mut self, entry: u32) -> usize {
        let bits = self.buffer & ((1 << (entry & 63)) - 1);
        self.consume(entry);
        index(u64::from(entry >> 16) + (bits >> (entry >> 8 & 15)))
    }
}

#[inline(always)]
fn index(value: u64) -> usize {
    usize::try_from(value).unwrap_or_default()
}

/// Tables have a power of two of entries.
#[inline(always)]
fn entry<const N: usize>(table: &[u32; N], at: u64) -> u32 {
    table.get(index(at) & (N - 1)).copied().unwrap_or(OTHER)
}

/// Decodes while there is enough input and room; returns whether the block has ended.
pub(super) fn symbols(
    reader: &mut BitReader<'_>,
    codes: &Codes,
    window: &mut Window,
) -> Result<bool, Failure> {
    let input = reader.input;
    let most_at = input.len().saturating_sub(INPUT);
    let most_end = window.buf.len().saturating_sub(ROOM);
    if reader.at >= most_at || window.end >= most_end {
        return Ok(false);
    }
    let mut hot = Hot { input, at: reader.at, buffer: reader.buffer, count: reader.count };
    let (start, mut end) = (window.start, window.end);
    let outcome = run(&mut hot, codes, &mut window.buf, start, &mut end, (most_at, most_end));
    window.end = end;
    reader.at = hot.at;
    reader.count = hot.count & 63;
    reader.buffer = hot.buffer & ((1 << reader.count) - 1);
    let ended = outcome.map_err(|(kind, back)| (kind, reader.offset_before(back)))?;
    reader.give_back();
    Ok(ended)
}

/// An error comes with how many bits ago the code began that was refused.
#[inline(always)]
fn run(
    hot: &mut Hot<'_>,
    codes: &Codes,
    buf: &mut [u8],
    start: usize,
    end: &mut usize,
    (most_at, most_end): (usize, usize),
) -> Result<bool, (CodingErrorKind, u32)> {
    hot.fill();
    let mut symbol = hot.look(&codes.litlen, LITLEN_BITS);
    while hot.at < most_at && *end < most_end {
        if symbol & LITERAL != 0 {
            literal(hot, buf, end, symbol);
            symbol = hot.look(&codes.litlen, LITLEN_BITS);
            if symbol & LITERAL != 0 {
                literal(hot, buf, end, symbol);
                symbol = hot.look(&codes.litlen, LITLEN_BITS);
                if symbol & LITERAL != 0 {
                    literal(hot, buf, end, symbol);
                    hot.fill();
                    symbol = hot.look(&codes.litlen, LITLEN_BITS);
                    continue;
                }
            }
        }
        if symbol & OTHER != 0 {
            let first = symbol;
            if leads_on(symbol) {
                symbol = hot.follow(&codes.litlen, LITLEN_BITS, symbol);
                if symbol & LITERAL != 0 {
                    literal(hot, buf, end, symbol);
                    hot.fill();
                    symbol = hot.look(&codes.litlen, LITLEN_BITS);
                    continue;
                }
            }
            if symbol & OTHER != 0 {
                if symbol & END == 0 {
                    return Err((CodingErrorKind::UnknownCode, followed(first)));
                }
                hot.consume(symbol);
                return Ok(true);
            }
        }
        let len = hot.value(symbol);
        if hot.count & 63 < 28 {
            hot.fill();
        }
        let first = hot.look(&codes.distance, DISTANCE_BITS);
        let mut code = first;
        if code & OTHER != 0 {
            if leads_on(code) {
                code = hot.follow(&codes.distance, DISTANCE_BITS, code);
            }
            if code & OTHER != 0 {
                return Err((CodingErrorKind::UnknownCode, followed(first)));
            }
        }
        let distance = hot.value(code);
        if distance > *end - start {
            return Err((CodingErrorKind::Distance, followed(first) + (code & 63)));
        }
        hot.fill();
        symbol = hot.look(&codes.litlen, LITLEN_BITS);
        copy_match(buf, *end, distance, len);
        *end += len;
    }
    Ok(false)
}

/// Returns the bits that were removed to follow an entry.
const fn followed(first: u32) -> u32 {
    if leads_on(first) { first & 63 } else { 0 }
}

#[inline(always)]
fn literal(hot: &mut Hot<'_>, buf: &mut [u8], end: &mut usize, symbol: u32) {
    let [_, _, byte, _] = symbol.to_le_bytes();
    hot.consume(symbol);
    if let Some(slot) = buf.get_mut(*end) {
        *slot = byte;
    }
    *end += 1;
}

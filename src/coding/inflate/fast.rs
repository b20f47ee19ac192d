//! Symbols many at a time, while there is much input and much room.
//!
//! One load of eight bytes is enough for three literals, or for a length and a distance; there is so much
//! of both input and room that nothing else needs to be checked in between. The entry of the next code is
//! looked up before a match is copied, so that the processor does both at once.

use super::Failure;
use super::bits::BitReader;
use super::codes::{Codes, DISTANCE_BITS, END, LITERAL, LITLEN_BITS, OTHER, leads_on};
use super::copy::copy_match;
use super::window::{SLACK, Window};
use crate::coding::CodingErrorKind;
use crate::coding::symbols::LONGEST;

/// The input that one round looks at, at most: three loads.
const INPUT: usize = 32;
/// What one round writes, at most: literals and a match, and beyond them.
const ROOM: usize = 8 + LONGEST + SLACK;

/// The reader, in the form that is fastest: of the count only the lowest six bits mean something, and the
/// buffer has bits above it, which are those that come next.
struct Hot<'a> {
    /// The input that was not loaded.
    rest: &'a [u8],
    buffer: u64,
    count: u32,
}

impl Hot<'_> {
    /// Loads until there are at least 56 bits.
    #[inline(always)]
    fn fill(&mut self) -> Option<()> {
        let chunk = self.rest.first_chunk()?;
        let count = self.count & 63;
        self.buffer |= u64::from_le_bytes(*chunk) << count;
        self.rest = self.rest.get(index(u64::from((63 - count) >> 3))..)?;
        self.count = count | 56;
        Some(())
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
    if reader.at + INPUT > input.len() || window.end + ROOM > window.buf.len() {
        return Ok(false);
    }
    let rest = input.get(reader.at..).unwrap_or_default();
    let mut hot = Hot { rest, buffer: reader.buffer, count: reader.count };
    let (start, mut end) = (window.start, window.end);
    let outcome = run(&mut hot, codes, &mut window.buf, start, &mut end);
    window.end = end;
    reader.at = input.len() - hot.rest.len();
    reader.count = hot.count & 63;
    reader.buffer = hot.buffer & ((1 << reader.count) - 1);
    let ended =
        outcome.unwrap_or(Ok(false)).map_err(|(kind, back)| (kind, reader.offset_before(back)))?;
    reader.give_back();
    Ok(ended)
}

/// An error comes with how many bits ago the code began that was refused. Nothing is returned where there
/// is less input or room than there must be, which does not happen.
#[inline(always)]
fn run(
    hot: &mut Hot<'_>,
    codes: &Codes,
    buf: &mut [u8],
    start: usize,
    end: &mut usize,
) -> Option<Result<bool, (CodingErrorKind, u32)>> {
    hot.fill()?;
    let mut symbol = hot.look(&codes.litlen, LITLEN_BITS);
    while hot.rest.len() >= INPUT && *end + ROOM <= buf.len() {
        if symbol & LITERAL != 0 {
            literal(hot, buf, end, symbol)?;
            symbol = hot.look(&codes.litlen, LITLEN_BITS);
            if symbol & LITERAL != 0 {
                literal(hot, buf, end, symbol)?;
                symbol = hot.look(&codes.litlen, LITLEN_BITS);
                if symbol & LITERAL != 0 {
                    literal(hot, buf, end, symbol)?;
                    symbol = hot.look(&codes.litlen, LITLEN_BITS);
                    hot.fill()?;
                    continue;
                }
            }
            hot.fill()?;
        }
        if symbol & OTHER != 0 {
            let first = symbol;
            if leads_on(symbol) {
                symbol = hot.follow(&codes.litlen, LITLEN_BITS, symbol);
                if symbol & LITERAL != 0 {
                    literal(hot, buf, end, symbol)?;
                    symbol = hot.look(&codes.litlen, LITLEN_BITS);
                    hot.fill()?;
                    continue;
                }
            }
            if symbol & OTHER != 0 {
                if symbol & END == 0 {
                    return Some(Err((CodingErrorKind::UnknownCode, followed(first))));
                }
                hot.consume(symbol);
                return Some(Ok(true));
            }
        }
        let len = hot.value(symbol);
        let first = hot.look(&codes.distance, DISTANCE_BITS);
        let mut code = first;
        if code & OTHER != 0 {
            if leads_on(code) {
                code = hot.follow(&codes.distance, DISTANCE_BITS, code);
            }
            if code & OTHER != 0 {
                return Some(Err((CodingErrorKind::UnknownCode, followed(first))));
            }
        }
        let distance = hot.value(code);
        if distance > *end - start {
            let back = followed(first) + (code & 63);
            return Some(Err((CodingErrorKind::Distance, back)));
        }
        hot.fill()?;
        symbol = hot.look(&codes.litlen, LITLEN_BITS);
        copy_match(buf, *end, distance, len)?;
        *end += len;
    }
    Some(Ok(false))
}

/// Returns the bits that were removed to follow an entry.
const fn followed(first: u32) -> u32 {
    if leads_on(first) { first & 63 } else { 0 }
}

#[inline(always)]
fn literal(hot: &mut Hot<'_>, buf: &mut [u8], end: &mut usize, symbol: u32) -> Option<()> {
    let [_, _, byte, _] = symbol.to_le_bytes();
    hot.consume(symbol);
    *buf.get_mut(*end)? = byte;
    *end += 1;
    Some(())
}

//! Codes as tables that decode a symbol in one look, or in two,
//! [RFC 1951 §3.2.2](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.2).
//!
//! A table is indexed by the next bits of the input, and its entry says everything about the symbol whose
//! code they begin with. A code that is longer than the index has an entry that leads to a table of its
//! own, behind the first one.
//!
//! ```text
//! bits of an entry  31..16  a literal, the base of a length or distance, or where the next table begins
//!                   15..12  LITERAL, OTHER, NEXT, END
//!                   11..8   the bits of the code, or those that index the next table
//!                    5..0   the bits of the code and the extra bits behind it
//! ```

use alloc::boxed::Box;

use super::bits::BitReader;
use super::symbols::find;
use crate::coding::CodingErrorKind;
use crate::coding::symbols::{distance_base, distance_extra, length_base, length_extra};

/// A literal byte.
pub(super) const LITERAL: u32 = 1 << 15;
/// Neither a literal nor a length nor a distance.
pub(super) const OTHER: u32 = 1 << 14;
/// With [`OTHER`]: the code goes on in another table.
const NEXT: u32 = 1 << 13;
/// With [`OTHER`]: the end of the block.
pub(super) const END: u32 = 1 << 12;

/// Returns whether the code goes on in another table.
#[inline(always)]
pub(super) const fn leads_on(entry: u32) -> bool {
    entry & (OTHER | NEXT) == OTHER | NEXT
}

/// The bits that index the first table of literals and lengths.
pub(super) const LITLEN_BITS: u32 = 11;
/// The bits that index the first table of distances.
pub(super) const DISTANCE_BITS: u32 = 8;
/// The bits that index the table of code lengths, which are the longest of its codes.
const LENGTH_BITS: u32 = 7;
/// The longest code, [RFC 1951 §3.2.7](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.7).
pub(super) const LONGEST: u32 = 15;

/// The tables of a block. No complete code of 288 symbols needs more than 2,342 entries of the first, none
/// of 32 symbols more than 402 of the second; the next power of two makes every index a good one.
#[derive(Debug)]
pub(super) struct Codes {
    pub(super) litlen: [u32; 4096],
    pub(super) distance: [u32; 512],
    lengths: [u32; 128],
    /// The tables are those of a block with fixed codes.
    fixed: bool,
}

impl Codes {
    pub(super) fn new() -> Box<Self> {
        Box::new(Self { litlen: [0; 4096], distance: [0; 512], lengths: [0; 128], fixed: false })
    }

    /// Prepares the fixed codes, [RFC 1951 §3.2.6](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.6).
    pub(super) fn set_fixed(&mut self) {
        if self.fixed {
            return;
        }
        let mut litlen = [8; 288];
        for (length, symbol) in litlen.iter_mut().zip(0..) {
            *length = match symbol {
                144..256 => 9,
                256..280 => 7,
                _ => 8,
            };
        }
        self.fixed = self.set_dynamic(&litlen, &[5; 32]).is_ok();
    }

    /// Prepares the codes of a block.
    pub(super) fn set_dynamic(
        &mut self,
        litlen: &[u8],
        distance: &[u8],
    ) -> Result<(), CodingErrorKind> {
        self.fixed = false;
        build(&mut self.litlen, LITLEN_BITS, litlen, Gap::OneBit, litlen_entry)?;
        build(&mut self.distance, DISTANCE_BITS, distance, Gap::OneBit, distance_entry)
    }

    /// Returns the next code length, or how lengths are repeated, and the bits of its code, if the input has
    /// all of it.
    pub(super) fn length(&self, reader: &mut BitReader<'_>) -> Option<(u8, u32)> {
        reader.fill();
        let found = find(reader, &self.lengths, LENGTH_BITS, 0)?;
        let [_, _, symbol, _] = found.entry.to_le_bytes();
        Some((symbol, found.end))
    }

    /// Prepares the code of the code lengths.
    pub(super) fn set_lengths(&mut self, lengths: &[u8; 19]) -> Result<(), CodingErrorKind> {
        build(&mut self.lengths, LENGTH_BITS, lengths, Gap::None, |symbol| u32::from(symbol) << 16)
    }
}

/// The entry of a length or distance: its first value and how many bits are added to that.
const fn span(base: u32, extra: u32) -> u32 {
    base << 16 | extra
}

fn litlen_entry(symbol: u16) -> u32 {
    match symbol {
        0..256 => LITERAL | u32::from(symbol) << 16,
        256 => OTHER | END,
        257..286 => {
            let [length, _] = (symbol - 257).to_le_bytes();
            span(3 + length_base(length), length_extra(length))
        }
        _ => OTHER,
    }
}

fn distance_entry(symbol: u16) -> u32 {
    match u32::from(symbol) {
        symbol @ 0..30 => span(1 + distance_base(symbol), distance_extra(symbol)),
        _ => OTHER,
    }
}

/// What a code may leave without a meaning.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    None,
    /// The other bit of a code of one symbol, or everything if there is no symbol at all.
    OneBit,
}

/// How many codes of each length there are.
type Counts = [u16; 16];

/// Fills a table.
fn build(
    table: &mut [u32],
    root: u32,
    lengths: &[u8],
    gap: Gap,
    entry: impl Fn(u16) -> u32,
) -> Result<(), CodingErrorKind> {
    let mut counts: Counts = [0; 16];
    for &length in lengths {
        if let Some(count) = counts.get_mut(usize::from(length)) {
            *count += 1;
        }
    }
    let unused = core::mem::take(&mut counts[0]);
    check(&counts, lengths.len() - usize::from(unused), gap)?;
    let sorted = sort(lengths, &counts);
    let mut entries = sorted.into_iter().map(entry);
    let code = fill_first(table, root, &counts, &mut entries);
    fill_next(table, root, &counts, &mut entries, code);
    Ok(())
}

/// Refuses lengths that are not those of a code.
fn check(counts: &Counts, used: usize, gap: Gap) -> Result<(), CodingErrorKind> {
    let mut left = 1_i32;
    for &count in counts.iter().skip(1) {
        left = 2 * left - i32::from(count);
        if left < 0 {
            return Err(CodingErrorKind::OverSubscribed);
        }
    }
    let permitted = gap == Gap::OneBit && (used == 0 || used == 1 && counts[1] == 1);
    if left > 0 && !permitted { Err(CodingErrorKind::Incomplete) } else { Ok(()) }
}

/// Returns the symbols in the order of their codes; what is behind the last one means nothing.
fn sort(lengths: &[u8], counts: &Counts) -> [u16; 288] {
    let mut places = [0_u16; 16];
    let mut next = 0;
    for (place, &count) in places.iter_mut().zip(counts) {
        *place = next;
        next += count;
    }
    let mut sorted = [0; 288];
    for (&length, symbol) in lengths.iter().zip(0..) {
        if let Some(place) = places.get_mut(usize::from(length)).filter(|_| length != 0) {
            if let Some(slot) = sorted.get_mut(usize::from(*place)) {
                *slot = symbol;
            }
            *place += 1;
        }
    }
    sorted
}

/// Returns the code behind this one; both have their first bit lowest.
fn next_code(code: u32, length: u32) -> u32 {
    let zeros = !code & ((1 << length) - 1);
    match zeros.checked_ilog2() {
        Some(highest) => code & ((1 << highest) - 1) | 1 << highest,
        None => 0,
    }
}

/// Adds the bits of the code itself to an entry.
const fn with_code(entry: u32, length: u32) -> u32 {
    entry + (length << 8) + length
}

fn set(table: &mut [u32], index: u32, entry: u32) {
    if let Some(slot) = usize::try_from(index).ok().and_then(|index| table.get_mut(index)) {
        *slot = entry;
    }
}

/// Fills the table of the codes of up to `root` bits; returns the code behind them.
///
/// The table for codes of up to n + 1 bits is twice that for n, in which nothing begins with a longer code
/// yet.
fn fill_first(
    table: &mut [u32],
    root: u32,
    counts: &Counts,
    entries: &mut impl Iterator<Item = u32>,
) -> u32 {
    let mut code = 0;
    let mut size = 1;
    set(table, 0, OTHER);
    for (length, &count) in (1..=root).zip(counts.iter().skip(1)) {
        let (half, rest) = table.split_at_mut(size);
        if let Some(other) = rest.get_mut(..size) {
            other.copy_from_slice(half);
        }
        size *= 2;
        for entry in entries.by_ref().take(usize::from(count)) {
            set(table, code, with_code(entry, length));
            code = next_code(code, length);
        }
    }
    code
}

/// Fills the tables of longer codes behind the first: one for each way in which such codes begin.
fn fill_next(
    table: &mut [u32],
    root: u32,
    counts: &Counts,
    entries: &mut impl Iterator<Item = u32>,
    mut code: u32,
) {
    let mut end = 1 << root;
    let mut start = end;
    let mut beginning = None;
    for (length, &count) in (0..=LONGEST).zip(counts).skip_while(|(length, _)| *length <= root) {
        for (index, entry) in entries.by_ref().take(usize::from(count)).enumerate() {
            let first = code & ((1 << root) - 1);
            if beginning != Some(first) {
                beginning = Some(first);
                let left = usize::from(count) - index;
                let bits = index_bits(length, root, left, counts);
                start = end;
                end += 1 << bits;
                set(table, first, start << 16 | OTHER | NEXT | bits << 8 | root);
            }
            let entry = with_code(entry, length - root);
            let mut at = start + (code >> root);
            while at < end {
                set(table, at, entry);
                at += 1 << (length - root);
            }
            code = next_code(code, length);
        }
    }
}

/// Returns how many bits index a table whose first code has this length, and of which length there are so
/// many left: as many as it takes until all codes that fit are in it.
fn index_bits(length: u32, root: u32, left: usize, counts: &Counts) -> u32 {
    let mut bits = length - root;
    let mut room = 1_usize << bits;
    let mut filling = left;
    let longer = counts.iter().zip(0..).skip_while(|&(_, longer)| longer <= length);
    for (&count, _) in longer {
        if filling >= room {
            break;
        }
        room = 2 * (room - filling);
        bits += 1;
        filling = usize::from(count);
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coding::inflate::bits::Bits;
    use alloc::vec::Vec;

    /// Returns the codes of symbols, the first bit highest, by the algorithm of the RFC.
    fn naive(lengths: &[u8]) -> Vec<u32> {
        let count = |length| lengths.iter().filter(|&&own| own == length).count();
        let mut next = [0; 16];
        for length in 1..16 {
            let before = if length == 1 { 0 } else { count(u8::try_from(length).unwrap() - 1) };
            next[length] = (next[length - 1] + before) << 1;
        }
        let mut take = |&length: &u8| {
            next[usize::from(length)] += 1;
            u32::try_from(next[usize::from(length)] - 1).unwrap()
        };
        lengths.iter().map(&mut take).collect()
    }

    /// Every symbol is found by its code; returns how many entries are in use.
    #[track_caller]
    fn all_are_found(table: &mut [u32], root: u32, lengths: &[u8]) -> usize {
        table.fill(u32::MAX);
        let entry = |symbol| LITERAL | u32::from(symbol) << 16;
        build(table, root, lengths, Gap::None, entry).unwrap();
        for ((&length, code), symbol) in lengths.iter().zip(naive(lengths)).zip(0..) {
            let code = code.reverse_bits() >> (32 - u32::from(length));
            let bytes = code.to_le_bytes();
            let mut reader = BitReader::new(Bits::default(), &bytes, 0);
            let found = find(&mut reader, table, root, 0).unwrap();
            assert_eq!((found.entry >> 16, found.end), (symbol, length.into()), "of {lengths:?}");
        }
        table.iter().filter(|&&entry| entry != u32::MAX).count()
    }

    #[test]
    fn tables_have_room_for_codes_that_spread_them_out() {
        // Short codes for all but a few beginnings, and behind those one table after the other.
        let distances =
            [&[1, 2, 3, 4, 5, 6, 7][..], &[9, 10, 11, 11], &[11; 7], &[12, 13, 14, 15, 15]];
        let used = all_are_found(&mut [0; 512], DISTANCE_BITS, &distances.concat());
        assert_eq!(used, 256 + 8 + 128);
        let literals =
            [&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10][..], &[12, 13, 14, 14], &[14; 7], &[15, 15]];
        let used = all_are_found(&mut [0; 4096], LITLEN_BITS, &literals.concat());
        assert_eq!(used, 2048 + 8 + 16);
    }
}

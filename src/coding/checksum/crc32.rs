//! CRC-32: the remainder of the data, taken as a polynomial over two elements, by one of degree 32.
//!
//! Short data goes through tables, sixteen bytes at a time. Long data is first made short without a
//! table: a sparse multiple of the polynomial says that a byte may as well stand at four places further
//! on, at the distances [`LAGS`]. Moving bytes there is nothing but XOR, the same for every byte, so that
//! it is done with vectors; when the last [`REACH`] bytes are reached, they have the remainder of all.

/// The polynomial without its highest term, bits in the order of
/// [RFC 1952 §8](https://www.rfc-editor.org/rfc/rfc1952#section-8).
const POLYNOMIAL: u32 = 0xedb8_8320;

/// The remainder of a byte that has `4 * i + j` others behind it, at `[i][j]`.
static TABLES: [[[u32; 256]; 4]; 4] = tables();

/// How far behind a byte it may stand as well, all at once.
///
/// Of all sets of four that are at least 64, this one has the smallest maximum; `verify` is the proof that
/// it holds.
const LAGS: [usize; 4] = [300, 211, 183, 145];
const REACH: usize = LAGS[0];
/// How many bytes are moved in one go: not into each other, and so few that those behind them need not
/// wait for all of them.
const BLOCK: usize = 64;
/// How many bytes are kept of what was moved: whole blocks, so that all blocks are aligned.
const KEPT: usize = REACH.next_multiple_of(BLOCK);
/// How many blocks there is room for behind them.
const BLOCKS: usize = 32;
/// From how many bytes on the sparse way is the faster one.
const SPARSE: usize = 1536;
const _: () = verify();

/// Returns the Cyclic Redundancy Check of data.
///
/// # Examples
///
/// ```
/// use nethttp::coding::crc32;
///
/// assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
/// ```
#[must_use]
pub fn crc32(data: &[u8]) -> u32 {
    let mut crc = Crc32::new();
    crc.update(data);
    crc.value()
}

/// The CRC-32 of data that comes in pieces.
///
/// # Examples
///
/// ```
/// use nethttp::coding::{Crc32, crc32};
///
/// let mut crc = Crc32::new();
/// for piece in [&b"1234"[..], b"56789"] {
///     crc.update(piece);
/// }
/// assert_eq!(crc.value(), crc32(b"123456789"));
/// ```
#[derive(Clone, Debug)]
pub struct Crc32 {
    remainder: u32,
}

impl Crc32 {
    /// Creates the CRC-32 of no data.
    ///
    /// ```
    /// assert_eq!(nethttp::coding::Crc32::new().value(), 0);
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { remainder: !0 }
    }

    /// Takes more of the data. Pieces of some kilobytes are the fastest.
    ///
    /// ```
    /// use nethttp::coding::Crc32;
    ///
    /// let mut crc = Crc32::new();
    /// crc.update(b"a");
    /// assert_eq!(crc.value(), 0xe8b7_be43);
    /// ```
    pub fn update(&mut self, data: &[u8]) {
        let sparse = if data.len() < SPARSE { None } else { by_moving(self.remainder, data) };
        self.remainder = sparse.unwrap_or_else(|| by_tables(self.remainder, data));
    }

    /// Returns the CRC-32 of the data so far.
    ///
    /// ```
    /// use nethttp::coding::{Crc32, crc32};
    ///
    /// let mut crc = Crc32::new();
    /// crc.update(b"so far");
    /// assert_eq!(crc.value(), crc32(b"so far"));
    /// ```
    #[must_use]
    pub const fn value(&self) -> u32 {
        !self.remainder
    }
}

impl Default for Crc32 {
    fn default() -> Self {
        Self::new()
    }
}

/// Returns the remainder of data that follows what had the given remainder.
fn by_tables(mut remainder: u32, data: &[u8]) -> u32 {
    let [last, third, second, first] = &TABLES;
    let (rows, data) = data.as_chunks::<16>();
    for row in rows {
        let ([a, b, c, d], _) = row.as_chunks::<4>() else { continue };
        // Three of four words do not wait for the remainder.
        let free = look_up(second, *b) ^ look_up(third, *c) ^ look_up(last, *d);
        remainder = free ^ look_up(first, add(remainder, *a));
    }
    let (words, rest) = data.as_chunks::<4>();
    for &word in words {
        remainder = look_up(last, add(remainder, word));
    }
    let [byte_table, ..] = last;
    for &byte in rest {
        let [low, ..] = remainder.to_le_bytes();
        remainder = (remainder >> 8) ^ entry(byte_table, low ^ byte);
    }
    remainder
}

#[inline(always)]
fn add(remainder: u32, word: [u8; 4]) -> [u8; 4] {
    (remainder ^ u32::from_le_bytes(word)).to_le_bytes()
}

#[inline(always)]
fn look_up(tables: &[[u32; 256]; 4], [a, b, c, d]: [u8; 4]) -> u32 {
    let [last, third, second, first] = tables;
    (entry(first, a) ^ entry(second, b)) ^ (entry(third, c) ^ entry(last, d))
}

/// There is an entry for every byte, which the compiler knows too.
#[inline(always)]
fn entry(table: &[u32; 256], byte: u8) -> u32 {
    table.get(usize::from(byte)).copied().unwrap_or(0)
}

/// What was moved, behind that which was moved before; aligned, so that no block crosses a cache line.
#[repr(align(64))]
struct Past([u8; KEPT + BLOCKS * BLOCK]);

/// Does the same by moving bytes to the end; nothing if there are fewer than [`REACH`].
fn by_moving(remainder: u32, data: &[u8]) -> Option<u32> {
    let many = data.len().checked_sub(REACH)? / BLOCK * BLOCK;
    let (moved, data) = data.split_at_checked(many)?;
    let Past(past) = &mut Past([0; KEPT + BLOCKS * BLOCK]);
    // The remainder so far belongs to the first four bytes: the longest lag brings it there.
    *past.get_mut(KEPT - REACH..)?.first_chunk_mut()? = remainder.to_le_bytes();
    for blocks in moved.as_chunks::<BLOCK>().0.chunks(BLOCKS) {
        let mut end = KEPT;
        for block in blocks {
            let (past, ahead) = past.split_at_mut_checked(end)?;
            let mut sum = *block;
            add_moved(&mut sum, past.last_chunk()?);
            *ahead.first_chunk_mut()? = sum;
            end += BLOCK;
        }
        past.copy_within(end - KEPT..end, 0);
    }
    let (near, data) = data.split_first_chunk::<REACH>()?;
    let mut sum = *near;
    add_moved(&mut sum, past.first_chunk()?);
    Some(by_tables(by_tables(0, &sum), data))
}

/// Adds to bytes what was moved there from those just before them.
#[inline(always)]
fn add_moved(bytes: &mut [u8], past: &[u8; KEPT]) {
    for lag in LAGS {
        let from = past.get(KEPT - lag..).unwrap_or_default();
        bytes.iter_mut().zip(from).for_each(|(byte, moved)| *byte ^= moved);
    }
}

const fn tables() -> [[[u32; 256]; 4]; 4] {
    let mut tables = [[[0; 256]; 4]; 4];
    let (mut byte, mut remainder) = (0, 0);
    while byte < 256 {
        let mut behind = 0;
        let mut shifted = remainder;
        while behind < 16 {
            shifted = next_byte(shifted);
            tables[behind / 4][behind % 4][byte] = shifted;
            behind += 1;
        }
        byte += 1;
        remainder += 1;
    }
    tables
}

/// Returns the remainder with a byte of zeros behind it: times x^8.
const fn next_byte(mut remainder: u32) -> u32 {
    let mut bit = 0;
    while bit < 8 {
        let carry = if remainder & 1 == 1 { POLYNOMIAL } else { 0 };
        remainder = (remainder >> 1) ^ carry;
        bit += 1;
    }
    remainder
}

/// Proves [`LAGS`]: a one, with [`REACH`] bytes behind it, leaves the same remainder as the ones that
/// stand at the lags.
const fn verify() {
    let mut at = 0;
    let (mut one, mut ones) = (1 << 31, 0);
    while at < REACH {
        if at == REACH - LAGS[0]
            || at == REACH - LAGS[1]
            || at == REACH - LAGS[2]
            || at == REACH - LAGS[3]
        {
            ones ^= one;
        }
        one = next_byte(one);
        at += 1;
    }
    assert!(one == ones);
    assert!(LAGS[3] >= BLOCK);
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    /// The definition, bit by bit.
    fn naive(data: &[u8]) -> u32 {
        !data.iter().fold(!0, |remainder, &byte| next_byte(remainder ^ u32::from(byte)))
    }

    fn noise(length: usize) -> Vec<u8> {
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_le_bytes()[3]
        };
        (0..length).map(|_| next()).collect()
    }

    #[test]
    fn knows_what_others_know() {
        for (data, value) in [
            (&b""[..], 0),
            (b"a", 0xe8b7_be43),
            (b"abc", 0x3524_41c2),
            (b"123456789", 0xcbf4_3926),
            (b"The quick brown fox jumps over the lazy dog", 0x414f_a339),
            (&[0; 32], 0x190a_55ad),
            (&[0xff; 32], 0xff6c_ab0b),
        ] {
            assert_eq!(crc32(data), value, "{data:?}");
        }
    }

    #[test]
    fn tables_and_moves_agree_at_every_length() {
        let data = noise(5000);
        let mut expected = !0;
        for (length, &byte) in data.iter().enumerate() {
            let data = &data[..length];
            assert_eq!(by_tables(!0, data), expected, "{length} bytes");
            let moved = by_moving(!0, data);
            assert_eq!(moved, (length >= REACH).then_some(expected), "{length} bytes");
            expected = next_byte(expected ^ u32::from(byte));
        }
    }

    #[test]
    fn every_cut_gives_the_same() {
        let data = noise(2 * SPARSE);
        let expected = naive(&data);
        for at in 0..=data.len() {
            let mut crc = Crc32::new();
            crc.update(&data[..at]);
            crc.update(&data[at..]);
            assert_eq!(crc.value(), expected, "cut at {at}");
        }
    }

    #[test]
    fn every_bit_counts() {
        let mut data = noise(2 * SPARSE);
        let value = crc32(&data);
        for at in 0..data.len() {
            data[at] ^= 1 << (at % 8);
            assert_ne!(crc32(&data), value, "byte {at}");
            data[at] ^= 1 << (at % 8);
        }
    }

    proptest! {
        #[test]
        fn is_the_definition(pieces: Vec<Vec<u8>>, last in prop::collection::vec(any::<u8>(), 0..6000)) {
            let mut crc = Crc32::default();
            pieces.iter().for_each(|piece| crc.update(piece));
            crc.update(&last);
            prop_assert_eq!(crc.value(), naive(&[pieces.concat(), last].concat()));
        }
    }
}

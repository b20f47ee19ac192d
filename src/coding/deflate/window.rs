//! The bytes that matches are found in.

use alloc::boxed::Box;

use super::wrap::zeros;
use crate::coding::symbols::LONGEST;

/// How far behind a place a comparison may read.
pub(super) const PAD: usize = 512;

const WORD: usize = size_of::<u64>();

/// History and input in one array of `N` bytes, the last [`PAD`] of which stay empty.
///
/// The first byte is a blank, so that no place is 0 and tables of places may begin as zeros. When the array
/// is full, its second half becomes the first: all places fit in 16 bits.
#[derive(Debug)]
pub(super) struct Window<const N: usize> {
    bytes: Box<[u8; N]>,
    end: usize,
}

impl<const N: usize> Window<N> {
    /// How many places there are.
    pub(super) const CAPACITY: usize = N - PAD;
    const MASK: usize = {
        assert!(Self::CAPACITY.is_power_of_two());
        Self::CAPACITY - 1
    };
    /// By how much places change in [`slide`](Self::slide).
    pub(super) const HALF: usize = Self::CAPACITY / 2;

    pub(super) fn new() -> Self {
        Self { bytes: zeros(), end: 1 }
    }

    /// Returns the place behind the last byte.
    pub(super) const fn end(&self) -> usize {
        self.end
    }

    /// Takes what there is room for, and returns the rest.
    pub(super) fn fill<'a>(&mut self, input: &'a [u8]) -> &'a [u8] {
        let room = self.bytes.get_mut(self.end..Self::CAPACITY).unwrap_or_default();
        let (taken, rest) = input.split_at_checked(room.len()).unwrap_or((input, &[]));
        self.end += taken.len();
        room.iter_mut().zip(taken).for_each(|(to, &from)| *to = from);
        rest
    }

    /// Forgets the first half.
    pub(super) fn slide(&mut self) {
        self.bytes.copy_within(Self::HALF..Self::CAPACITY, 0);
        self.end = self.end.saturating_sub(Self::HALF);
    }

    /// Returns the bytes in front of a place.
    pub(super) fn before(&self, place: usize, len: usize) -> Option<&[u8]> {
        self.bytes.get(place.checked_sub(len)?..place)
    }

    #[inline(always)]
    pub(super) fn byte(&self, place: usize) -> u8 {
        self.bytes.get(place & Self::MASK).copied().unwrap_or_default()
    }

    /// Returns the four bytes that begin some bytes behind a place.
    #[inline(always)]
    pub(super) fn four(&self, place: usize, ahead: u8) -> u32 {
        let bytes = self.bytes.get((place & Self::MASK) + usize::from(ahead)..);
        bytes.and_then(|bytes| bytes.first_chunk()).map_or(0, |&bytes| u32::from_le_bytes(bytes))
    }

    /// Counts the bytes that are the same at two places, up to the longest match. They may lie behind the
    /// end.
    #[inline(always)]
    pub(super) fn common(&self, one: usize, other: usize) -> usize {
        let differ = self.eight(one, 0) ^ self.eight(other, 0);
        if differ == 0 { self.common_behind(one, other) } else { same(differ) }
    }

    /// Counts on behind the first eight bytes, which are the same.
    #[inline(never)]
    fn common_behind(&self, one: usize, other: usize) -> usize {
        let mut len = WORD;
        while len < LONGEST {
            let differ = self.eight(one, len) ^ self.eight(other, len);
            if differ != 0 {
                return LONGEST.min(len + same(differ));
            }
            len += WORD;
        }
        LONGEST
    }

    /// Returns the eight bytes that begin some bytes behind a place.
    #[inline(always)]
    fn eight(&self, place: usize, ahead: usize) -> u64 {
        let bytes = self.bytes.get((place & Self::MASK) + ahead..);
        bytes.and_then(|bytes| bytes.first_chunk()).map_or(0, |&bytes| u64::from_le_bytes(bytes))
    }
}

/// Counts the bytes that are the same in two words, in front of the first bit that differs.
#[inline(always)]
fn same(differ: u64) -> usize {
    usize::try_from(differ.trailing_zeros() / 8).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    type Small = Window<{ 1024 + PAD }>;

    #[test]
    fn fills_up_to_its_capacity_and_slides_by_half() {
        let mut window = Small::new();
        assert_eq!(window.fill(b"abc"), b"");
        assert_eq!((window.end(), window.byte(1), window.four(1, 1)), (4, b'a', 0x0000_6362));
        let rest = vec![b'x'; 2000];
        assert_eq!(window.fill(&rest).len(), 2000 - 1020);
        assert_eq!((window.end(), window.fill(b"y")), (1024, &b"y"[..]));
        window.slide();
        assert_eq!((window.end(), window.fill(b"y"), window.byte(512)), (512, &b""[..], b'y'));
        assert_eq!(window.before(513, 2), Some(&b"xy"[..]));
        assert_eq!(window.before(513, 514), None);
    }

    #[test]
    fn counts_common_bytes() {
        let mut window = Small::new();
        window.fill(&b"ab".repeat(400));
        window.fill(b"abababac..............");
        assert_eq!(window.common(1, 3), 258);
        assert_eq!(window.common(1, 2), 0);
        assert_eq!(window.common(801, 1), 7);
        assert_eq!(window.common(795, 1), 13);
        for len in 0..250 {
            assert_eq!(window.common(801 - len - len % 2, 1), 7 + len + len % 2);
        }
    }
}

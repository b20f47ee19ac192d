//! The data that was decoded last: what is still to be handed out, and what distances lead to.

use alloc::vec::Vec;

use super::copy::copy_match;
use crate::coding::symbols::{FARTHEST, LONGEST};

/// What is decoded before it must be taken.
const AHEAD: usize = 64 << 10;
/// How far a copy may write beyond its end, and more.
pub(super) const SLACK: usize = 96;
/// The first buffer: enough for most of what is small.
const SMALL: usize = 8 << 10;

/// A buffer that slides along the data.
#[derive(Debug, Default)]
pub(super) struct Window {
    /// Grows up to its full length with the data.
    pub(super) buf: Vec<u8>,
    /// Where the data begins that distances may lead to.
    pub(super) start: usize,
    /// Where the data begins that nobody has taken.
    taken: usize,
    /// Where the data ends.
    pub(super) end: usize,
}

impl Window {
    const SIZE: usize = FARTHEST + AHEAD + SLACK;

    /// Forgets the data so far, as far as distances are concerned.
    pub(super) const fn restart(&mut self) {
        self.start = self.end;
    }

    /// Returns the data that nobody has taken.
    pub(super) fn data(&self) -> &[u8] {
        self.buf.get(self.taken..self.end).unwrap_or_default()
    }

    /// Takes data.
    pub(super) fn take(&mut self, len: usize) {
        self.taken = self.taken.saturating_add(len).min(self.end);
    }

    /// Forgets the last bytes of the data that nobody has taken.
    pub(super) fn forget_last(&mut self, len: usize) {
        self.end = self.end.saturating_sub(len).max(self.taken);
    }

    /// Returns the bytes for which there is room.
    pub(super) fn room(&self) -> usize {
        (self.buf.len() - self.end).saturating_sub(SLACK)
    }

    /// Makes room for at least the longest match, if enough was taken; returns whether there is.
    pub(super) fn make_room(&mut self) -> bool {
        if self.room() >= LONGEST {
            return true;
        }
        if self.buf.len() < Self::SIZE {
            let len = (2 * self.buf.len()).clamp(SMALL, Self::SIZE);
            self.buf.reserve_exact(len - self.buf.len());
            self.buf.resize(len, 0);
            return true;
        }
        let unneeded = self.taken.min(self.end.saturating_sub(FARTHEST));
        // To move much for little room would be worse than to wait until more was taken.
        if unneeded >= AHEAD / 2 {
            self.buf.copy_within(unneeded..self.end, 0);
            self.start = self.start.saturating_sub(unneeded);
            self.taken -= unneeded;
            self.end -= unneeded;
        }
        self.room() >= LONGEST
    }

    /// Appends bytes as they are, as many as there is room for; returns how many.
    pub(super) fn push(&mut self, bytes: &[u8]) -> usize {
        let len = bytes.len().min(self.room());
        let target = self.buf.get_mut(self.end..self.end + len);
        if let (Some(target), Some(bytes)) = (target, bytes.get(..len)) {
            target.copy_from_slice(bytes);
            self.end += len;
        }
        len
    }

    pub(super) fn push_byte(&mut self, byte: u8) {
        if let Some(slot) = self.buf.get_mut(self.end) {
            *slot = byte;
            self.end += 1;
        }
    }

    /// Returns whether a distance leads to data.
    pub(super) const fn reaches(&self, distance: usize) -> bool {
        distance <= self.end - self.start
    }

    /// Appends a match, for which there must be room.
    pub(super) fn copy_match(&mut self, distance: usize, len: usize) {
        if copy_match(&mut self.buf, self.end, distance, len).is_some() {
            self.end += len;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_no_more_memory_than_it_fills() {
        let mut window = Window::default();
        while window.make_room() {
            window.push(&[0; LONGEST]);
        }
        assert_eq!(window.buf.len(), Window::SIZE);
        assert_eq!(window.buf.capacity(), Window::SIZE);
    }
}

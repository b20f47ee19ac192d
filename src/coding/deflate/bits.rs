//! Bits into bytes, lowest first.
//!
//! [RFC 1951 §3.1.1](https://www.rfc-editor.org/rfc/rfc1951#section-3.1.1): bits fill a byte from its lowest
//! bit on; numbers go in as they are, Huffman codes with their bits reversed.

use alloc::vec::Vec;

/// The bits that are not a whole byte yet: fewer than eight.
#[derive(Debug, Default)]
pub(super) struct Bits {
    /// The bits, the first of them lowest, zeros above.
    held: u64,
    count: u32,
}

impl Bits {
    /// Appends the lowest `count` bits, at most 32, of a number that has no others.
    pub(super) fn put(&mut self, value: u32, count: u32, out: &mut Vec<u8>) {
        self.held |= u64::from(value) << self.count;
        self.count += count;
        while self.count >= 8 {
            let [low, ..] = self.held.to_le_bytes();
            out.push(low);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    /// Returns how many bits are missing in the last byte.
    pub(super) const fn missing(&self) -> u32 {
        (8 - self.count) % 8
    }

    /// Fills the last byte up with zeros.
    pub(super) fn align(&mut self, out: &mut Vec<u8>) {
        self.put(0, self.missing(), out);
    }

    /// Appends many bits fast: makes room for `most` of them, which is no less than what `write` puts.
    pub(super) fn many(
        &mut self,
        most: u64,
        out: &mut Vec<u8>,
        write: impl FnOnce(&mut Burst<'_>),
    ) {
        let start = out.len();
        let room = usize::try_from(most / 8).unwrap_or(usize::MAX).saturating_add(WORD + 1);
        out.resize(start.saturating_add(room), 0);
        let mut burst = Burst {
            held: self.held,
            count: self.count,
            at: 0,
            room: out.get_mut(start..).unwrap_or_default(),
        };
        write(&mut burst);
        let Burst { held, count, at, .. } = burst;
        (self.held, self.count) = (held, count);
        out.truncate(start.saturating_add(at));
    }
}

const WORD: usize = size_of::<u64>();

/// Room for bits that is written a word at a time.
#[derive(Debug)]
pub(super) struct Burst<'a> {
    held: u64,
    count: u32,
    at: usize,
    room: &'a mut [u8],
}

impl Burst<'_> {
    /// Appends the lowest `count` bits of a number that has no others. Between two calls of
    /// [`spill`](Self::spill) there may be 56.
    #[inline(always)]
    pub(super) const fn put(&mut self, value: u64, count: u32) {
        self.held |= value << (self.count & 63);
        self.count += count;
    }

    /// Lets whole bytes go.
    #[inline(always)]
    pub(super) fn spill(&mut self) {
        let word = self.room.get_mut(self.at..).and_then(|room| room.first_chunk_mut::<WORD>());
        if let Some(word) = word {
            *word = self.held.to_le_bytes();
        }
        self.at += usize::try_from(self.count / 8).unwrap_or_default();
        self.held >>= self.count & 56;
        self.count &= 7;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_fill_bytes_from_the_lowest_on() {
        let (mut bits, mut out) = (Bits::default(), Vec::new());
        bits.put(1, 1, &mut out);
        bits.put(0b10, 2, &mut out);
        assert_eq!((out.as_slice(), bits.missing()), (&[][..], 5));
        bits.put(0xffff_ffff, 32, &mut out);
        assert_eq!((out.as_slice(), bits.missing()), (&[0xfd, 0xff, 0xff, 0xff][..], 5));
        bits.align(&mut out);
        assert_eq!((out.as_slice(), bits.missing()), (&[0xfd, 0xff, 0xff, 0xff, 0x07][..], 0));
        bits.align(&mut out);
        assert_eq!(out.len(), 5);
    }

    #[test]
    fn bits_written_in_a_burst_are_those_written_one_by_one() {
        for lead in 0..8 {
            let (mut slow, mut fast) = (Bits::default(), Bits::default());
            let (mut expected, mut out) = (Vec::new(), Vec::new());
            slow.put(0, lead, &mut expected);
            fast.put(0, lead, &mut out);
            let values = (0..1000_u32).map(|i| (i % (1 << (i % 14)), i % 14));
            values.clone().for_each(|(value, count)| slow.put(value, count, &mut expected));
            let total = values.clone().map(|(_, count)| u64::from(count)).sum();
            fast.many(total, &mut out, |burst| {
                for (value, count) in values {
                    burst.put(value.into(), count);
                    burst.spill();
                }
            });
            slow.align(&mut expected);
            fast.align(&mut out);
            assert_eq!(out, expected);
        }
    }
}

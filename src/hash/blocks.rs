//! What a hash function of the MD5 kind keeps of a message between two blocks.

/// The start of a block that is not full yet, and how long the message was so far.
#[derive(Clone)]
pub(super) struct Blocks<const SIZE: usize> {
    block: [u8; SIZE],
    filled: usize,
    len: u64,
}

impl<const SIZE: usize> Blocks<SIZE> {
    pub(super) const fn new() -> Self {
        Self { block: [0; SIZE], filled: 0, len: 0 }
    }

    /// Takes more of the message, and hands out the blocks that became full.
    pub(super) fn update(&mut self, data: &[u8], mut mix: impl FnMut(&[[u8; SIZE]])) {
        self.len = self.len.wrapping_add(u64::try_from(data.len()).unwrap_or(u64::MAX));
        let mut rest = data;
        if self.filled > 0 {
            let (_, room) = self.block.split_at_mut(self.filled);
            let (now, later) = data.split_at_checked(room.len()).unwrap_or((data, &[]));
            room.iter_mut().zip(now).for_each(|(octet, from)| *octet = *from);
            self.filled += now.len();
            rest = later;
            if self.filled < SIZE {
                return;
            }
            mix(&[self.block]);
        }
        let (blocks, start) = rest.as_chunks::<SIZE>();
        mix(blocks);
        self.block.iter_mut().zip(start).for_each(|(octet, from)| *octet = *from);
        self.filled = start.len();
    }

    /// Hands out the last block or the last two: the rest of the message, a bit of 1, bits of 0 and, as
    /// `in_bits` writes it, how many bits the message had.
    pub(super) fn finish<const WIDTH: usize>(
        mut self,
        in_bits: impl Fn(u64) -> [u8; WIDTH],
        mut mix: impl FnMut(&[[u8; SIZE]]),
    ) {
        let (_, room) = self.block.split_at_mut(self.filled);
        let has_room = room.len() > WIDTH;
        room.fill(0);
        if let Some(first) = room.first_mut() {
            *first = 0x80;
        }
        if !has_room {
            mix(&[self.block]);
            self.block = [0; SIZE];
        }
        if let Some(end) = self.block.last_chunk_mut() {
            *end = in_bits(self.len.wrapping_mul(8));
        }
        mix(&[self.block]);
    }
}

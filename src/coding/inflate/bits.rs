//! Bits out of bytes that come in pieces, [RFC 1951 §3.1.1](https://www.rfc-editor.org/rfc/rfc1951#section-3.1.1).

/// The bits of a byte that was begun, and of whole bytes in front of an item that is not complete: what
/// goes from one piece of input to the next.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bits {
    buffer: u64,
    count: u32,
}

/// Reads bits from a piece of input, the lowest of each byte first.
///
/// Bytes are loaded as they are needed, or many at once while there are many. Those that were not needed
/// go back ([`give_back`](Self::give_back)), so that what follows the compressed data is still in the
/// input.
#[derive(Debug)]
pub(super) struct BitReader<'a> {
    pub(super) input: &'a [u8],
    /// How many bytes of the input have been loaded.
    pub(super) at: usize,
    /// Where the input stands in all of the compressed data.
    base: u64,
    /// Bits that are loaded; those above `count` are zero.
    pub(super) buffer: u64,
    pub(super) count: u32,
}

impl<'a> BitReader<'a> {
    pub(super) const fn new(bits: Bits, input: &'a [u8], base: u64) -> Self {
        Self { input, at: 0, base, buffer: bits.buffer, count: bits.count }
    }

    /// Returns the bits that are left.
    pub(super) const fn bits(&self) -> Bits {
        Bits { buffer: self.buffer, count: self.count }
    }

    /// Returns whole bytes to the input.
    ///
    /// Bits of the piece before are never among them: they were only kept because an item was not
    /// complete, and are used up with it.
    pub(super) fn give_back(&mut self) {
        let whole = usize::try_from(self.count / 8).unwrap_or_default().min(self.at);
        self.at -= whole;
        self.count -= 8 * u32::try_from(whole).unwrap_or_default();
        self.buffer &= (1 << self.count) - 1;
    }

    /// Loads bits until there are `count`, at most 56; returns whether there are.
    pub(super) fn need(&mut self, count: u32) -> bool {
        self.fill();
        while self.count < count {
            if !self.load_byte() {
                return false;
            }
        }
        true
    }

    /// Loads as many bytes as fit, if the input has that many.
    pub(super) fn fill(&mut self) {
        if let Some(chunk) = self.input.get(self.at..).and_then(<[u8]>::first_chunk) {
            let bytes = (63 - self.count) / 8;
            let loaded = u64::from_le_bytes(*chunk) & ((1 << (8 * bytes)) - 1);
            self.buffer |= loaded << self.count;
            self.count += 8 * bytes;
            self.at += usize::try_from(bytes).unwrap_or_default();
        }
    }

    /// Loads one byte, for which there must be room; returns whether there was one.
    pub(super) fn load_byte(&mut self) -> bool {
        let Some(&byte) = self.input.get(self.at) else {
            return false;
        };
        self.buffer |= u64::from(byte) << self.count;
        self.count += 8;
        self.at += 1;
        true
    }

    /// Returns the next `count` bits, at most 32, without those that are skipped. They must have been loaded.
    pub(super) fn peek(&self, skipped: u32, count: u32) -> u32 {
        u32::try_from((self.buffer >> skipped) & ((1 << count) - 1)).unwrap_or_default()
    }

    /// Removes bits that have been loaded.
    pub(super) const fn consume(&mut self, count: u32) {
        self.buffer >>= count;
        self.count -= count;
    }

    /// Removes and returns the next bits, at most 32, which must have been loaded.
    pub(super) fn take(&mut self, count: u32) -> u32 {
        let bits = self.peek(0, count);
        self.consume(count);
        bits
    }

    /// Removes and returns the next bits, at most 32, as a number of things.
    pub(super) fn take_index(&mut self, count: u32) -> usize {
        usize::try_from(self.take(count)).unwrap_or_default()
    }

    /// Removes the bits up to the next byte.
    pub(super) const fn align(&mut self) {
        self.consume(self.count % 8);
    }

    /// Returns the byte of the compressed data that the next bit is in, behind those that are skipped.
    pub(super) fn offset(&self, skipped: u32) -> u64 {
        let loaded = self.base + u64::try_from(self.at).unwrap_or_default();
        (8 * loaded + u64::from(skipped) - u64::from(self.count)) / 8
    }

    /// Returns the byte of the compressed data that a bit so far back was in.
    pub(super) fn offset_before(&self, bits: u32) -> u64 {
        let loaded = self.base + u64::try_from(self.at).unwrap_or_default();
        (8 * loaded - u64::from(self.count) - u64::from(bits)) / 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_lowest_first_and_across_pieces() {
        let mut reader = BitReader::new(Bits::default(), &[0b1010_0101], 0);
        assert!(reader.need(3));
        assert_eq!((reader.take(3), reader.offset(0)), (0b101, 0));
        assert!(!reader.need(8));
        assert_eq!(reader.at, 1);
        let mut reader = BitReader::new(reader.bits(), &[0xff], 1);
        assert_eq!((reader.offset(0), reader.offset(5)), (0, 1));
        assert!(reader.need(8));
        assert_eq!(reader.take(8), 0b1111_0100);
    }

    #[test]
    fn whole_bytes_go_back() {
        let input = [0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 0xff];
        let mut reader = BitReader::new(Bits::default(), &input, 0);
        assert!(reader.need(12));
        assert_eq!(reader.count, 56);
        assert_eq!(reader.take(12), 0x412);
        reader.give_back();
        assert_eq!((reader.at, reader.buffer, reader.count), (2, 0x3, 4));
        let mut reader = BitReader::new(reader.bits(), input.get(2..).unwrap(), 2);
        reader.align();
        assert_eq!((reader.offset(0), reader.count), (2, 0));
    }
}

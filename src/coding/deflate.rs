//! The engine: stored blocks alone, until it compresses.

use alloc::vec::Vec;

use super::Level;

/// Deflates a stream of bytes.
#[derive(Debug)]
pub(super) struct Deflate {
    pending: Vec<u8>,
}

impl Deflate {
    pub(super) fn new(_: Level) -> Self {
        Self { pending: Vec::new() }
    }

    pub(super) fn push(&mut self, input: &[u8], out: &mut Vec<u8>) {
        self.pending.extend_from_slice(input);
        if self.pending.len() > 1 << 16 {
            self.blocks(out);
        }
    }

    pub(super) fn flush(&mut self, out: &mut Vec<u8>) {
        self.blocks(out);
        out.extend_from_slice(&[0, 0, 0, 0xff, 0xff]);
    }

    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        self.blocks(out);
        out.extend_from_slice(&[1, 0, 0, 0xff, 0xff]);
    }

    fn blocks(&mut self, out: &mut Vec<u8>) {
        for block in self.pending.chunks(0xffff) {
            let len = u16::try_from(block.len()).unwrap_or_default();
            out.push(0);
            out.extend_from_slice(&len.to_le_bytes());
            out.extend_from_slice(&(!len).to_le_bytes());
            out.extend_from_slice(block);
        }
        self.pending.clear();
    }
}

//! A proxy in memory, for tests.

use std::io::{self, ErrorKind, Read, Write};

/// Says what it was told to say, at most `piece` bytes a read, and keeps what is said to it.
#[derive(Debug)]
pub(super) struct Peer {
    says: Vec<u8>,
    piece: usize,
    /// Every second call is interrupted, as signals do.
    interrupted: bool,
    pub(super) heard: Vec<u8>,
}

impl Peer {
    pub(super) fn new(says: &[u8]) -> Self {
        Self { says: says.to_vec(), piece: usize::MAX, interrupted: false, heard: Vec::new() }
    }

    pub(super) fn in_pieces(says: &[u8], piece: usize) -> Self {
        Self { piece, ..Self::new(says) }
    }

    /// Returns what nobody has read.
    pub(super) fn rest(&self) -> &[u8] {
        &self.says
    }
}

impl Read for Peer {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.interrupted = !self.interrupted;
        if self.interrupted {
            return Err(ErrorKind::Interrupted.into());
        }
        let len = buf.len().min(self.piece).min(self.says.len());
        buf[..len].copy_from_slice(&self.says[..len]);
        self.says.drain(..len);
        Ok(len)
    }
}

impl Write for Peer {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let len = buf.len().min(self.piece);
        self.heard.extend_from_slice(&buf[..len]);
        Ok(len)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A stream on which nothing works, in the words of the error.
#[derive(Debug)]
pub(super) struct Broken<F>(pub(super) F);

impl<F: Fn() -> io::Error> Read for Broken<F> {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err((self.0)())
    }
}

impl<F: Fn() -> io::Error> Write for Broken<F> {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err((self.0)())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Bytes without order, the same each time.
pub(super) fn garbage(seed: u32, len: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    let next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[0]
    };
    std::iter::repeat_with(next).take(len).collect()
}

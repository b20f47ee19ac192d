//! What was read from a connection and not yet used.

/// Bytes between a stream and the protocol.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    /// All of it may be written to; `start..end` has been read.
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

impl Buffer {
    /// How much is read at once, and what an idle connection keeps. A head that is longer makes the
    /// buffer grow.
    pub(super) const SIZE: usize = 16 << 10;

    pub(super) fn filled(&self) -> &[u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.start >= self.end
    }

    pub(super) fn consume(&mut self, len: usize) {
        self.start = self.start.saturating_add(len).min(self.end);
        if self.is_empty() {
            (self.start, self.end) = (0, 0);
        }
    }

    /// Returns where to read more to: never nothing.
    pub(super) fn space(&mut self) -> &mut [u8] {
        if self.end == self.bytes.len() && self.start > 0 {
            self.bytes.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        if self.end == self.bytes.len() {
            self.bytes.resize((2 * self.end).max(Self::SIZE), 0);
        }
        self.bytes.get_mut(self.end..).unwrap_or_default()
    }

    /// Notes that so many bytes were read into the [`space`](Self::space).
    pub(super) fn filled_more(&mut self, len: usize) {
        self.end = self.end.saturating_add(len).min(self.bytes.len());
    }

    /// Puts in what was read elsewhere.
    pub(super) fn append(&mut self, bytes: &[u8]) {
        let end = self.end.saturating_add(bytes.len());
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        if let Some(space) = self.bytes.get_mut(self.end..end) {
            space.copy_from_slice(bytes);
        }
        self.end = end;
    }

    /// Gives back the memory that a long head took, once everything is used.
    pub(super) fn shrink(&mut self) {
        if self.is_empty() && self.bytes.len() > Self::SIZE {
            self.bytes.truncate(Self::SIZE);
            self.bytes.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(buf: &mut Buffer, bytes: &[u8]) {
        buf.space()[..bytes.len()].copy_from_slice(bytes);
        buf.filled_more(bytes.len());
    }

    #[test]
    fn what_was_read_elsewhere_comes_last_and_the_space_stays() {
        let mut buf = Buffer::default();
        fill(&mut buf, b"ab");
        buf.append(b"c");
        assert_eq!(buf.filled(), b"abc");
        assert_eq!(buf.space().len(), Buffer::SIZE - 3);
        buf.append(&[b'd'; Buffer::SIZE]);
        assert_eq!(buf.filled().len(), Buffer::SIZE + 3);
        buf.consume(Buffer::SIZE + 2);
        assert_eq!(buf.filled(), b"d");
    }

    #[test]
    fn keeps_what_is_not_used() {
        let mut buf = Buffer::default();
        assert!(buf.is_empty());
        fill(&mut buf, b"hello");
        buf.consume(2);
        fill(&mut buf, b"!");
        assert_eq!(buf.filled(), b"llo!");
        buf.consume(4);
        assert!(buf.is_empty());
        assert_eq!(buf.space().len(), Buffer::SIZE);
    }

    #[test]
    fn moves_before_it_grows_and_shrinks_when_empty() {
        let mut buf = Buffer::default();
        fill(&mut buf, &[b'a'; Buffer::SIZE]);
        buf.consume(Buffer::SIZE - 1);
        assert_eq!(buf.space().len(), Buffer::SIZE - 1);
        fill(&mut buf, &[b'b'; Buffer::SIZE - 1]);
        assert_eq!(buf.space().len(), Buffer::SIZE);
        assert_eq!(buf.filled()[..2], *b"ab");
        buf.shrink();
        assert_eq!(buf.filled().len(), Buffer::SIZE);
        buf.consume(Buffer::SIZE);
        buf.shrink();
        assert_eq!(buf.space().len(), Buffer::SIZE);
    }
}

//! The content of several parts, read from a file.

use std::io::{self, ErrorKind, Read, Seek, SeekFrom};

use alloc::vec::{self, Vec};
use core::ops;

use super::ByteRangesPiece;

/// A reader of what [`ByteRanges`](super::ByteRanges) frames, made by
/// [`into_reader`](super::ByteRanges::into_reader).
///
/// It yields exactly [`content_length`](super::ByteRanges::content_length) bytes. A source that ends
/// inside a part, such as a file that was cut since its length was asked for, is an error of the kind
/// [`UnexpectedEof`](ErrorKind::UnexpectedEof). An error of the source is passed on; a read after it
/// goes on where it happened.
///
/// # Examples
///
/// ```
/// use nethttp::field::{Boundary, ByteRanges, Range, RangeSelection};
/// use std::io::{Cursor, Read};
///
/// let source: Vec<u8> = (0..=255).collect();
/// let RangeSelection::Parts(parts) = Range::parse(b"bytes=65-67,192-")?.resolve(256) else {
///     panic!("no parts");
/// };
/// let ranges = ByteRanges::new(&parts, None, &Boundary::parse(b"x")?)?;
/// let mut content = Vec::new();
/// ranges.into_reader(Cursor::new(source)).read_to_end(&mut content)?;
/// assert!(content.starts_with(b"--x\r\nContent-Range: bytes 65-67/256\r\n\r\nABC\r\n--x\r\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct ByteRangesReader<R> {
    source: R,
    pieces: vec::IntoIter<ByteRangesPiece>,
    state: State,
}

/// What is being read.
#[derive(Debug)]
enum State {
    Frame(io::Cursor<Vec<u8>>),
    /// A part to whose start the source has yet to go.
    Seek(ops::Range<u64>),
    /// That many bytes of a part, from where the source stands.
    Part(u64),
    End,
}

impl<R> ByteRangesReader<R> {
    pub(super) fn new(pieces: Vec<ByteRangesPiece>, source: R) -> Self {
        let mut reader = Self { source, pieces: pieces.into_iter(), state: State::End };
        reader.advance();
        reader
    }

    fn advance(&mut self) {
        self.state = match self.pieces.next() {
            Some(ByteRangesPiece::Frame(text)) => State::Frame(io::Cursor::new(text)),
            Some(ByteRangesPiece::Part(part)) => State::Seek(part),
            None => State::End,
        };
    }

    /// Returns the source, wherever it stands.
    ///
    /// ```
    /// use nethttp::field::{Boundary, ByteRanges, Range, RangeSelection};
    /// use std::io::Cursor;
    ///
    /// # let RangeSelection::Parts(parts) = Range::parse(b"bytes=0-0,-1")?.resolve(256) else { panic!() };
    /// let ranges = ByteRanges::new(&parts, None, &Boundary::parse(b"x")?)?;
    /// let source = Cursor::new(vec![0; 256]);
    /// assert_eq!(ranges.into_reader(source.clone()).into_inner(), source);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn into_inner(self) -> R {
        self.source
    }
}

impl<R: Read + Seek> Read for ByteRangesReader<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        loop {
            match &mut self.state {
                State::Frame(text) => match text.read(buf)? {
                    0 => self.advance(),
                    count => return Ok(count),
                },
                State::Seek(part) => {
                    self.source.seek(SeekFrom::Start(part.start))?;
                    self.state = State::Part(part.end.saturating_sub(part.start));
                }
                State::Part(0) => self.advance(),
                State::Part(left) => {
                    let most = usize::try_from(*left).map_or(buf.len(), |left| left.min(buf.len()));
                    let count = self.source.read(buf.get_mut(..most).unwrap_or_default())?;
                    if count == 0 {
                        return Err(ErrorKind::UnexpectedEof.into());
                    }
                    *left = left.saturating_sub(u64::try_from(count).unwrap_or(u64::MAX));
                    return Ok(count);
                }
                State::End => return Ok(0),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::{Boundary, ByteRanges, Range, RangeSelection};

    const LEN: usize = 1000;

    fn file() -> Vec<u8> {
        (0u8..=250).cycle().take(LEN).collect()
    }

    fn ranges() -> ByteRanges {
        let range = Range::parse(b"bytes=400-419,0-9,-5").expect("a range");
        let RangeSelection::Parts(parts) = range.resolve(LEN.try_into().expect("a length")) else {
            panic!("no parts");
        };
        let boundary = Boundary::parse(b"SEPARATES").expect("a boundary");
        ByteRanges::new(&parts, None, &boundary).expect("frames")
    }

    /// What the pieces say, put together by hand.
    fn content() -> Vec<u8> {
        let mut content = Vec::new();
        for piece in ranges().pieces() {
            match piece {
                ByteRangesPiece::Frame(text) => content.extend_from_slice(text),
                ByteRangesPiece::Part(part) => {
                    let (start, end) = (part.start as usize, part.end as usize);
                    content.extend_from_slice(&file()[start..end]);
                }
            }
        }
        assert_eq!(content.len() as u64, ranges().content_length());
        content
    }

    /// A source that gives at most `most` bytes at once and fails at its nth call, once.
    struct Source {
        inner: io::Cursor<Vec<u8>>,
        most: usize,
        calls: usize,
        fail_at: usize,
    }

    impl Source {
        fn new(bytes: Vec<u8>, most: usize) -> Self {
            Self { inner: io::Cursor::new(bytes), most, calls: 0, fail_at: usize::MAX }
        }

        fn call(&mut self) -> io::Result<()> {
            self.calls += 1;
            if self.calls - 1 == self.fail_at { Err(ErrorKind::TimedOut.into()) } else { Ok(()) }
        }
    }

    impl Read for Source {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            self.call()?;
            let most = buf.len().min(self.most);
            self.inner.read(&mut buf[..most])
        }
    }

    impl Seek for Source {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.call()?;
            self.inner.seek(to)
        }
    }

    /// Reads to the end with a buffer of the given size, and says how it ended.
    fn drain(reader: &mut impl Read, size: usize, into: &mut Vec<u8>) -> io::Result<()> {
        let mut buf = alloc::vec![0; size];
        loop {
            match reader.read(&mut buf)? {
                0 => return Ok(()),
                count => into.extend_from_slice(&buf[..count]),
            }
        }
    }

    #[test]
    fn reads_the_same_through_every_buffer() {
        for size in [1, 2, 3, 7, 64, 4096] {
            for most in [1, 3, usize::MAX] {
                let mut reader = ranges().into_reader(Source::new(file(), most));
                let mut found = Vec::new();
                drain(&mut reader, size, &mut found).expect("the content");
                assert_eq!(found, content());
                assert_eq!(reader.read(&mut [0; 8]).expect("the end"), 0);
            }
        }
    }

    #[test]
    fn an_empty_buffer_reads_nothing() {
        let mut reader = ranges().into_reader(io::Cursor::new(file()));
        assert_eq!(reader.read(&mut []).expect("nothing"), 0);
        let mut found = Vec::new();
        drain(&mut reader, 5, &mut found).expect("the content");
        assert_eq!(found, content());
    }

    #[test]
    fn goes_on_behind_an_error_at_any_call() {
        let mut calls = 0;
        for fail_at in 0.. {
            let mut source = Source::new(file(), 4);
            source.fail_at = fail_at;
            let mut reader = ranges().into_reader(source);
            let mut found = Vec::new();
            let result = drain(&mut reader, 3, &mut found);
            match result {
                Ok(()) => {
                    assert_eq!(found, content());
                    calls = fail_at;
                    break;
                }
                Err(error) => assert_eq!(error.kind(), ErrorKind::TimedOut),
            }
            drain(&mut reader, 3, &mut found).expect("the rest");
            assert_eq!(found, content());
        }
        assert!(calls > 12, "{calls} calls are too few to have tried seeks and reads");
    }

    #[test]
    fn a_file_that_was_cut_is_an_error() {
        for len in 0..LEN {
            let mut bytes = file();
            bytes.truncate(len);
            let mut reader = ranges().into_reader(io::Cursor::new(bytes));
            let mut found = Vec::new();
            let error = drain(&mut reader, 64, &mut found).expect_err("a short file");
            assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
            assert!(content().starts_with(&found));
            let error = drain(&mut reader, 64, &mut found).expect_err("still short");
            assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
        }
    }
}

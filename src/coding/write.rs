//! Encoders that write: what goes in at [`Write`](std::io::Write) comes out encoded at another.
//!
//! `write` takes up to 64 KiB of data at a time and keeps what the encoder makes of it until there are
//! 32 KiB; `flush` passes on everything, so that the other side can decode all that was written; `finish` ends
//! the stream. Whatever the inner writer does, nothing is encoded twice and nothing is lost: what it has not
//! taken, because it failed or would block, waits for the next call.
//!
//! ```
//! use nethttp::coding::{GzEncoder, Level};
//! use std::io::Write;
//!
//! let mut log = GzEncoder::new(Vec::new(), Level::DEFAULT);
//! for n in 0..1000 {
//!     writeln!(log, "line {n}")?;
//! }
//! let compressed = log.finish()?;
//! assert!(compressed.starts_with(&[0x1f, 0x8b]));
//! # Ok::<(), std::io::Error>(())
//! ```

use core::fmt;
use std::io::{self, Write};
use std::vec::Vec;

use super::{Encoder, Format, Level};

/// The most data that one call of `write` takes.
const PIECE: usize = 64 << 10;
/// Encoded bytes that wait for more before they are written.
const ENOUGH: usize = 32 << 10;

/// What the three encoders have inside: one whose format is chosen when the program runs.
pub(crate) struct Encoding<W> {
    writer: W,
    /// None once the stream has ended.
    encoder: Option<Encoder>,
    /// What was encoded; the writer has taken the first `taken` bytes.
    pending: Vec<u8>,
    taken: usize,
    /// Whether there is data that no flush has followed.
    is_dirty: bool,
}

impl<W> Encoding<W> {
    pub(crate) fn new(writer: W, format: Format, level: Level) -> Self {
        let encoder = Some(Encoder::new(format, level));
        Self { writer, encoder, pending: Vec::new(), taken: 0, is_dirty: false }
    }

    pub(crate) const fn get_mut(&mut self) -> &mut W {
        &mut self.writer
    }
}

impl<W: fmt::Debug> fmt::Debug for Encoding<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoding")
            .field("writer", &self.writer)
            .field("encoder", &self.encoder)
            .finish_non_exhaustive()
    }
}

impl<W: Write> Encoding<W> {
    /// Writes what is pending. An error leaves what was not taken.
    fn send(&mut self) -> io::Result<()> {
        while let Some(rest @ [_, ..]) = self.pending.get(self.taken..) {
            match self.writer.write(rest) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(len) => self.taken = self.taken.saturating_add(len),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.pending.clear();
        self.taken = 0;
        Ok(())
    }

    pub(crate) fn finish(&mut self) -> io::Result<()> {
        if let Some(encoder) = self.encoder.take() {
            encoder.finish(&mut self.pending);
        }
        self.send()
    }
}

impl<W: Write> Write for Encoding<W> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        // Before any data is taken: who gets an error will write the same data again.
        if self.pending.len() >= ENOUGH {
            self.send()?;
        }
        let Some(encoder) = &mut self.encoder else {
            let text = "expected no data behind the end of the stream";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        };
        let piece = buf.get(..PIECE).unwrap_or(buf);
        encoder.encode(piece, &mut self.pending);
        self.is_dirty |= !piece.is_empty();
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if let Some(encoder) = &mut self.encoder
            && self.is_dirty
        {
            encoder.flush(&mut self.pending);
            self.is_dirty = false;
        }
        self.send()?;
        self.writer.flush()
    }
}

/// Defines one encoder that writes.
macro_rules! encoder {
    ($name:ident, $format:expr, $written:literal, $begins:literal) => {
        #[doc = concat!("Writes ", $written, ".")]
        ///
        /// Dropped without [`finish`](Self::finish) it leaves a stream that is cut off, and a decoder says so.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("use nethttp::coding::{", stringify!($name), ", Level};")]
        /// use std::io::Write;
        ///
        #[doc = concat!("let mut encoder = ", stringify!($name), "::new(Vec::new(), Level::FAST);")]
        /// encoder.write_all(b"hello")?;
        #[doc = concat!("assert!(encoder.finish()?.starts_with(&", $begins, "));")]
        /// # Ok::<(), std::io::Error>(())
        /// ```
        #[derive(Debug)]
        pub struct $name<W>(Encoding<W>);

        impl<W> $name<W> {
            /// Creates an encoder in front of a writer.
            ///
            /// ```
            #[doc = concat!("use nethttp::coding::{", stringify!($name), ", Level};")]
            ///
            #[doc = concat!("let encoder = ", stringify!($name), "::new(std::io::sink(), Level::DEFAULT);")]
            /// ```
            #[must_use]
            pub fn new(writer: W, level: Level) -> Self {
                Self(Encoding::new(writer, $format, level))
            }

            /// Returns the writer behind it.
            ///
            /// ```
            #[doc = concat!("use nethttp::coding::{", stringify!($name), ", Level};")]
            ///
            #[doc = concat!("let encoder = ", stringify!($name), "::new(vec![1], Level::DEFAULT);")]
            /// assert_eq!(encoder.get_ref(), &[1]);
            /// ```
            #[must_use]
            pub const fn get_ref(&self) -> &W {
                &self.0.writer
            }

            /// Returns the writer behind it, to which nothing should be written.
            ///
            /// ```
            #[doc = concat!("use nethttp::coding::{", stringify!($name), ", Level};")]
            ///
            #[doc = concat!("let mut encoder = ", stringify!($name), "::new(Vec::<u8>::new(), Level::DEFAULT);")]
            /// encoder.get_mut().reserve(4096);
            /// ```
            #[must_use]
            pub const fn get_mut(&mut self) -> &mut W {
                self.0.get_mut()
            }
        }

        impl<W: Write> $name<W> {
            /// Ends the stream, and returns the writer, which is not flushed.
            ///
            /// # Errors
            ///
            /// What the writer says. Both are gone then; with a writer that may block, call
            /// [`try_finish`](Self::try_finish) first.
            ///
            /// ```
            #[doc = concat!("use nethttp::coding::{", stringify!($name), ", Level};")]
            ///
            #[doc = concat!("let encoder = ", stringify!($name), "::new(Vec::new(), Level::DEFAULT);")]
            /// assert!(!encoder.finish()?.is_empty());
            /// # Ok::<(), std::io::Error>(())
            /// ```
            pub fn finish(mut self) -> io::Result<W> {
                self.0.finish()?;
                Ok(self.0.writer)
            }

            /// Ends the stream. After an error it may be called again and goes on where it was; after success
            /// nothing more can be written.
            ///
            /// # Errors
            ///
            /// What the writer says.
            ///
            /// ```
            #[doc = concat!("use nethttp::coding::{", stringify!($name), ", Level};")]
            /// use std::io::Write;
            ///
            #[doc = concat!("let mut encoder = ", stringify!($name), "::new(Vec::new(), Level::DEFAULT);")]
            /// encoder.try_finish()?;
            /// assert!(encoder.write(b"more").is_err());
            /// # Ok::<(), std::io::Error>(())
            /// ```
            pub fn try_finish(&mut self) -> io::Result<()> {
                self.0.finish()
            }
        }

        impl<W: Write> Write for $name<W> {
            fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
                self.0.write(buf)
            }

            fn flush(&mut self) -> io::Result<()> {
                self.0.flush()
            }
        }
    };
}

encoder!(
    GzEncoder,
    Format::Gzip,
    "gzip, [RFC 1952](https://www.rfc-editor.org/rfc/rfc1952)",
    "[0x1f, 0x8b, 8]"
);
encoder!(
    ZlibEncoder,
    Format::Zlib,
    "zlib, [RFC 1950](https://www.rfc-editor.org/rfc/rfc1950), which HTTP calls `deflate`",
    "[0x78]"
);
encoder!(
    DeflateEncoder,
    Format::Raw,
    "raw deflate, [RFC 1951](https://www.rfc-editor.org/rfc/rfc1951), which HTTP does not call `deflate`",
    "[]"
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coding::encode;
    use std::format;

    /// Does what its script says, one step a call, and takes all from then on.
    #[derive(Default)]
    struct Moody {
        script: Vec<io::Result<usize>>,
        taken: Vec<u8>,
        flushes: usize,
    }

    impl Moody {
        /// A turn of everything that a writer may do, over and over.
        fn new(turns: usize) -> Self {
            use io::ErrorKind as Kind;
            let turn = || {
                let errors = [Kind::Interrupted, Kind::WouldBlock, Kind::Other];
                errors.into_iter().flat_map(|kind| [Err(kind.into()), Ok(1), Ok(7)])
            };
            let mut script: Vec<_> = (0..turns).flat_map(|_| turn()).collect();
            script.reverse();
            Self { script, ..Self::default() }
        }
    }

    impl Write for Moody {
        fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
            let len = self.script.pop().unwrap_or(Ok(buf.len()))?.min(buf.len());
            self.taken.extend_from_slice(&buf[..len]);
            Ok(len)
        }

        fn flush(&mut self) -> io::Result<()> {
            self.flushes += 1;
            Ok(())
        }
    }

    /// Bytes that do not compress.
    fn noise(len: usize) -> Vec<u8> {
        let mut state = 1_u32;
        let step = |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        };
        (0..len).map(step).collect()
    }

    /// Writes all, as `write_all` does, and tries again whatever happens.
    fn persist(encoder: &mut GzEncoder<Moody>, mut data: &[u8]) {
        while !data.is_empty() {
            if let Ok(len) = encoder.write(data) {
                data = &data[len..];
            }
        }
    }

    #[test]
    fn nothing_is_lost_or_encoded_twice_whatever_the_writer_does() {
        let data = noise(300_000);
        let mut calm = GzEncoder::new(Vec::new(), Level::FAST);
        let mut moody = GzEncoder::new(Moody::new(200), Level::FAST);
        for piece in data.chunks(100_000) {
            calm.write_all(piece).unwrap();
            calm.flush().unwrap();
            persist(&mut moody, piece);
            while moody.flush().is_err() {}
        }
        while moody.try_finish().is_err() {}
        let moody = moody.finish().unwrap();
        assert!(moody.script.is_empty(), "it was never put to the test");
        assert_eq!(moody.taken, calm.finish().unwrap());
    }

    #[test]
    fn an_error_means_that_no_data_was_taken() {
        let mut encoder = GzEncoder::new(Moody::default(), Level::STORED);
        encoder.write_all(&noise(PIECE * 4)).unwrap();
        let before = encoder.get_ref().taken.len();
        encoder.get_mut().script = Moody::new(1).script;
        let results: Vec<_> = (0..3).map(|_| encoder.write(&[0; 10]).is_ok()).collect();
        assert_eq!(results, [false, false, true]);
        assert!(encoder.get_ref().taken.len() > before);
    }

    #[test]
    fn pending_memory_is_bounded() {
        let mut encoder = GzEncoder::new(Moody::default(), Level::FAST);
        let data = noise(1 << 20);
        for _ in 0..20 {
            assert!(encoder.write(&data).unwrap() <= PIECE);
            assert!(encoder.0.pending.len() <= ENOUGH + 4 * PIECE);
        }
    }

    #[test]
    fn a_flush_reaches_the_writer_and_is_not_repeated() {
        let mut encoder = ZlibEncoder::new(Moody::default(), Level::DEFAULT);
        encoder.flush().unwrap();
        assert_eq!(encoder.get_ref().flushes, 1);
        assert!(encoder.get_ref().taken.is_empty(), "there was nothing to say");
        encoder.write_all(b"hello").unwrap();
        assert!(encoder.get_ref().taken.is_empty());
        encoder.flush().unwrap();
        let once = encoder.get_ref().taken.clone();
        assert!(once.ends_with(&[0, 0, 0xff, 0xff]));
        encoder.flush().unwrap();
        assert_eq!((&encoder.get_ref().taken, encoder.get_ref().flushes), (&once, 3));
    }

    #[test]
    fn a_flush_is_due_whatever_was_written_last() {
        let mut encoder = GzEncoder::new(Moody::default(), Level::DEFAULT);
        encoder.write_all(b"hello").unwrap();
        assert_eq!(encoder.write(b"").unwrap(), 0);
        encoder.flush().unwrap();
        assert!(encoder.get_ref().taken.ends_with(&[0, 0, 0xff, 0xff]));
    }

    #[test]
    fn debug_shows_the_writer_and_no_data() {
        let mut encoder = GzEncoder::new(io::sink(), Level::STORED);
        encoder.write_all(&noise(1000)).unwrap();
        let text = format!("{encoder:?}");
        assert!(text.contains("Sink") && text.len() < 200, "{text}");
    }

    #[test]
    fn a_writer_that_takes_nothing_is_an_error() {
        let mut encoder = DeflateEncoder::new(Moody::default(), Level::DEFAULT);
        encoder.write_all(b"hello").unwrap();
        encoder.get_mut().script.push(Ok(0));
        assert_eq!(encoder.flush().unwrap_err().kind(), io::ErrorKind::WriteZero);
        encoder.flush().unwrap();
    }

    #[test]
    fn nothing_comes_behind_the_end() {
        let mut encoder = GzEncoder::new(Moody::default(), Level::DEFAULT);
        encoder.write_all(b"hello").unwrap();
        encoder.try_finish().unwrap();
        let error = encoder.write(b"more").unwrap_err();
        assert_eq!(error.to_string(), "expected no data behind the end of the stream");
        encoder.flush().unwrap();
        encoder.try_finish().unwrap();
        assert_eq!(encoder.get_ref().taken, encode(Format::Gzip, b"hello", Level::DEFAULT));
    }

    #[test]
    fn each_writes_its_format() {
        let expected = |format| encode(format, b"", Level::BEST);
        let gzip = GzEncoder::new(Vec::new(), Level::BEST).finish().unwrap();
        assert_eq!(gzip, expected(Format::Gzip));
        let zlib = ZlibEncoder::new(Vec::new(), Level::BEST).finish().unwrap();
        assert_eq!(zlib, expected(Format::Zlib));
        let raw = DeflateEncoder::new(Vec::new(), Level::BEST).finish().unwrap();
        assert_eq!(raw, expected(Format::Raw));
    }
}

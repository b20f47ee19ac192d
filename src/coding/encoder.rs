//! Deflated data with what stands around it: a header, a checksum, a length.
//!
//! The engine makes raw deflate, [RFC 1951](https://www.rfc-editor.org/rfc/rfc1951). Around it stand two bytes
//! and an Adler-32 in zlib, [RFC 1950 §2.2](https://www.rfc-editor.org/rfc/rfc1950#section-2.2), and ten bytes,
//! a CRC-32 and the length in gzip, [RFC 1952 §2.3](https://www.rfc-editor.org/rfc/rfc1952#section-2.3). A
//! gzip header says neither a name nor a time, so that the same data gives the same bytes.
//!
//! Not here: dictionaries, and several members in one gzip file, which are nothing but one behind the
//! other.
//!
//! ```
//! use nethttp::coding::{Encoder, Format, Level};
//!
//! let mut out = Vec::new();
//! let mut encoder = Encoder::new(Format::Gzip, Level::DEFAULT);
//! for line in ["first line\n", "second line\n"] {
//!     encoder.encode(line.as_bytes(), &mut out);
//! }
//! encoder.finish(&mut out);
//! assert_eq!(out[..3], [0x1f, 0x8b, 8]);
//! ```

use alloc::vec::Vec;
use core::fmt;

use super::check::Check;
use super::deflate::Deflate;
use super::{Format, Level, gzip};

/// Encodes data whole.
///
/// # Examples
///
/// ```
/// use nethttp::coding::{Format, Level, Limits, decode, encode};
///
/// let text = b"to be or not to be, or to be after all";
/// let encoded = encode(Format::Gzip, text, Level::BEST);
/// assert_eq!(decode(Format::Gzip, &encoded, &Limits::DEFAULT)?, text);
/// # Ok::<(), nethttp::coding::CodingError>(())
/// ```
#[must_use]
pub fn encode(format: Format, data: &[u8], level: Level) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len() / 4 + 64);
    let mut encoder = Encoder::new(format, level);
    encoder.encode(data, &mut out);
    encoder.finish(&mut out);
    out
}

/// Encodes data piece by piece, in memory that does not grow with it: 66 KB at level 0, 260 KB at level 1,
/// 440 KB above, beside the buffer of the caller's.
///
/// What comes out is appended to that buffer, as soon as there is enough for a block, or when
/// [`flush`](Self::flush) asks for it. An encoder that is dropped unfinished leaves a stream that ends too soon,
/// and a decoder says so.
///
/// # Examples
///
/// ```
/// use nethttp::coding::{Encoder, Format, Level};
///
/// let mut out = Vec::new();
/// Encoder::new(Format::Zlib, Level::DEFAULT).finish(&mut out);
/// assert_eq!(out.last_chunk(), Some(&[0, 0, 0, 1]), "the Adler-32 of nothing");
/// ```
pub struct Encoder {
    format: Format,
    level: Level,
    deflate: Deflate,
    check: Check,
    has_begun: bool,
}

impl Encoder {
    /// Creates an encoder. [`Format::Deflate`] is written as zlib, which is what it should be.
    ///
    /// ```
    /// use nethttp::coding::{Encoder, Format, Level};
    ///
    /// let encoder = Encoder::new(Format::Gzip, Level::FAST);
    /// ```
    #[must_use]
    pub fn new(format: Format, level: Level) -> Self {
        let check = Check::new(format);
        Self { format, level, deflate: Deflate::new(level), check, has_begun: false }
    }

    /// Takes data and appends what of its encoding is ready: nothing, as a rule, until a block is full.
    ///
    /// ```
    /// use nethttp::coding::{Encoder, Format, Level, encode};
    ///
    /// let mut out = Vec::new();
    /// let mut encoder = Encoder::new(Format::Gzip, Level::FAST);
    /// encoder.encode(b"hel", &mut out);
    /// encoder.encode(b"lo", &mut out);
    /// encoder.finish(&mut out);
    /// assert_eq!(out, encode(Format::Gzip, b"hello", Level::FAST));
    /// ```
    pub fn encode(&mut self, data: &[u8], out: &mut Vec<u8>) {
        self.begin(out);
        self.check.update(data);
        self.deflate.push(data, out);
    }

    /// Appends all that is missing for the data so far to be decoded: a block that ends early, and an
    /// empty one that ends on a byte. This costs a few bytes, and what the next block would have gained by being
    /// longer.
    ///
    /// ```
    /// use nethttp::coding::{Encoder, Format, Level};
    ///
    /// let mut out = Vec::new();
    /// let mut encoder = Encoder::new(Format::Raw, Level::DEFAULT);
    /// encoder.encode(b"data: 1\n\n", &mut out);
    /// encoder.flush(&mut out);
    /// assert!(out.ends_with(&[0, 0, 0xff, 0xff]));
    /// ```
    pub fn flush(&mut self, out: &mut Vec<u8>) {
        self.begin(out);
        self.deflate.flush(out);
    }

    /// Appends what is left, and the end of the stream. An encoder that was given nothing makes the encoding of
    /// nothing, which is not empty.
    ///
    /// ```
    /// use nethttp::coding::{Encoder, Format, Level};
    ///
    /// let mut out = Vec::new();
    /// Encoder::new(Format::Gzip, Level::DEFAULT).finish(&mut out);
    /// assert_eq!(out[..10], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
    /// ```
    pub fn finish(mut self, out: &mut Vec<u8>) {
        self.begin(out);
        self.deflate.finish(out);
        match self.check {
            Check::None => {}
            Check::Adler32(adler) => out.extend_from_slice(&adler.value().to_be_bytes()),
            Check::Crc32(crc, len) => {
                out.extend_from_slice(&crc.value().to_le_bytes());
                out.extend_from_slice(&len.to_le_bytes());
            }
        }
    }

    fn begin(&mut self, out: &mut Vec<u8>) {
        if self.has_begun {
            return;
        }
        self.has_begun = true;
        match self.format {
            Format::Raw => {}
            Format::Zlib | Format::Deflate => out.extend_from_slice(&zlib_header(self.level)),
            Format::Gzip => out.extend_from_slice(&gzip::header(self.level)),
        }
    }
}

impl fmt::Debug for Encoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoder")
            .field("format", &self.format)
            .field("level", &self.level)
            .finish_non_exhaustive()
    }
}

/// CMF says deflate with a window of 32 KiB. FLG says in its upper two bits how hard the encoder tried, and in its
/// lower five what makes both bytes a multiple of 31,
/// [RFC 1950 §2.2](https://www.rfc-editor.org/rfc/rfc1950#section-2.2).
const fn zlib_header(level: Level) -> [u8; 2] {
    match level.as_u8() {
        0 | 1 => [0x78, 0x01],
        2..=5 => [0x78, 0x5e],
        6 => [0x78, 0x9c],
        _ => [0x78, 0xda],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zlib_headers_are_multiples_of_31() {
        for (level, hardness) in [0, 0, 1, 1, 1, 1, 2, 3, 3, 3].into_iter().enumerate() {
            let level = Level::new(u8::try_from(level).unwrap()).unwrap();
            let header = zlib_header(level);
            assert_eq!(u16::from_be_bytes(header) % 31, 0, "{level:?}");
            assert_eq!(header[1] >> 6, hardness, "{level:?}");
            assert_eq!(header[1] & 0x20, 0, "{level:?} wants a dictionary");
        }
    }

    #[test]
    fn the_end_says_what_the_data_was() {
        for (data, crc, adler) in [
            (&b""[..], 0_u32, 1_u32),
            (b"a", 0xe8b7_be43, 0x0062_0062),
            (b"123456789", 0xcbf4_3926, 0x091e_01de),
        ] {
            let gzip = encode(Format::Gzip, data, Level::DEFAULT);
            let len = u32::try_from(data.len()).unwrap();
            let end = [crc.to_le_bytes(), len.to_le_bytes()].concat();
            assert!(gzip.ends_with(&end), "{data:?}: {gzip:02x?}");
            for format in [Format::Zlib, Format::Deflate] {
                let zlib = encode(format, data, Level::DEFAULT);
                assert!(zlib.ends_with(&adler.to_be_bytes()), "{data:?}: {zlib:02x?}");
                assert_eq!(zlib[..2], [0x78, 0x9c]);
            }
            let raw = encode(Format::Raw, data, Level::DEFAULT);
            assert_eq!(gzip[10..gzip.len() - 8], raw);
        }
    }

    #[test]
    fn all_formats_have_one_beginning_and_one_end() {
        for format in [Format::Raw, Format::Zlib, Format::Gzip, Format::Deflate] {
            for level in [Level::STORED, Level::FAST, Level::DEFAULT, Level::BEST] {
                let mut out = Vec::new();
                let mut encoder = Encoder::new(format, level);
                encoder.encode(b"", &mut out);
                encoder.encode(b"", &mut out);
                encoder.finish(&mut out);
                assert_eq!(out, encode(format, b"", level), "{format:?} {level:?}");
            }
        }
    }

    #[test]
    fn a_flush_says_all_there_is_to_say() {
        for format in [Format::Raw, Format::Zlib, Format::Gzip, Format::Deflate] {
            let mut out = Vec::new();
            let mut encoder = Encoder::new(format, Level::DEFAULT);
            encoder.flush(&mut out);
            assert!(out.ends_with(&[0, 0, 0xff, 0xff]), "{format:?}: {out:02x?}");
            encoder.encode(b"hello", &mut out);
            encoder.flush(&mut out);
            assert!(out.ends_with(&[0, 0, 0xff, 0xff]), "{format:?}: {out:02x?}");
        }
    }
}

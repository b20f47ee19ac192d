//! Decoding without I/O: compressed data in, data out, in pieces of any size.

use alloc::vec::Vec;
use core::fmt;

use super::check::Check;
use super::gzip::GzipHeader;
use super::inflate::Inflate;
use super::{CodingError, CodingErrorKind, Format, Limits};

/// Decodes all of it at once.
///
/// # Errors
///
/// Returns an error at the first byte that is wrong, if the input ends too early or goes on behind the end
/// of the data, and beyond a limit. The memory for the data grows with it, up to twice the limit.
///
/// # Examples
///
/// ```
/// use nethttp::coding::{Format, Level, Limits, decode, encode};
///
/// let encoded = encode(Format::Gzip, b"hello", Level::DEFAULT);
/// assert_eq!(decode(Format::Gzip, &encoded, &Limits::DEFAULT)?, b"hello");
/// # Ok::<(), nethttp::coding::CodingError>(())
/// ```
pub fn decode(format: Format, input: &[u8], limits: &Limits) -> Result<Vec<u8>, CodingError> {
    let mut decoder = Decoder::new(format).with_limits(*limits);
    let (mut rest, mut out) = (input, Vec::new());
    loop {
        let (used, data) = decoder.decode(rest)?;
        if used == 0 && data.is_empty() {
            decoder.finish()?;
            return Ok(out);
        }
        out.extend_from_slice(data);
        rest = rest.get(used..).unwrap_or_default();
    }
}

/// Decodes data that comes in pieces.
///
/// It holds 96 KiB of the data, those that were not taken yet and the last that were, and 19 KiB of tables;
/// less while there was less data.
///
/// # Examples
///
/// ```
/// use nethttp::coding::{Decoder, Format, Level, encode};
///
/// let encoded = encode(Format::Gzip, b"hello", Level::DEFAULT);
/// let mut decoder = Decoder::new(Format::Gzip);
/// let mut text = Vec::new();
/// for mut piece in encoded.chunks(3) {
///     loop {
///         let (used, data) = decoder.decode(piece)?;
///         if used == 0 && data.is_empty() {
///             break;
///         }
///         text.extend_from_slice(data);
///         piece = &piece[used..];
///     }
/// }
/// decoder.finish()?;
/// assert_eq!(text, b"hello");
/// # Ok::<(), nethttp::coding::CodingError>(())
/// ```
pub struct Decoder {
    format: Format,
    limits: Limits,
    stage: Stage,
    check: Check,
    inflate: Inflate,
    /// Bytes of compressed data that were used.
    read: u64,
    /// Bytes of data that came out.
    written: u64,
    failure: Option<CodingError>,
}

/// What comes next.
enum Stage {
    Gzip(GzipHeader),
    /// The header of zlib, of which this much has come.
    Zlib(Option<u8>),
    Body,
    /// What stands behind the data: its last word, and how many bytes of all have come.
    Trailer([u8; 4], usize),
    Done,
}

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Progress {
    used: usize,
    /// There may be more to do even without more input.
    moved: bool,
}

impl Decoder {
    /// Creates a decoder with [`Limits::DEFAULT`].
    ///
    /// ```
    /// use nethttp::coding::{Decoder, Format};
    ///
    /// let mut decoder = Decoder::new(Format::Raw);
    /// assert_eq!(decoder.decode(&[0x4b, 0x04, 0x00])?, (3, &b"a"[..]));
    /// assert!(decoder.is_done());
    /// # Ok::<(), nethttp::coding::CodingError>(())
    /// ```
    #[must_use]
    pub fn new(format: Format) -> Self {
        let stage = match format {
            Format::Raw => Stage::Body,
            Format::Zlib | Format::Deflate => Stage::Zlib(None),
            Format::Gzip => Stage::Gzip(GzipHeader::new(false)),
        };
        Self {
            format,
            limits: Limits::DEFAULT,
            stage,
            check: Check::new(format),
            inflate: Inflate::new(),
            read: 0,
            written: 0,
            failure: None,
        }
    }

    /// Sets the limits.
    ///
    /// ```
    /// use nethttp::coding::{Decoder, Format, Limits};
    ///
    /// let decoder = Decoder::new(Format::Gzip).with_limits(Limits::DEFAULT.output(1 << 20));
    /// ```
    #[must_use]
    pub const fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Takes compressed data; returns how many bytes of it were used, and the data that came out, at most 96 KiB at
    /// once.
    ///
    /// What was not used is given again. When nothing is used and nothing comes out, it is time for more
    /// input, or for [`finish`](Self::finish).
    ///
    /// # Errors
    ///
    /// Returns an error at the first byte that is wrong, at the first byte behind the end of the data, and
    /// beyond a limit; from then on it is the only answer. All data in front of it has come out before,
    /// however the input was cut.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::coding::{CodingErrorKind, Decoder, Format};
    ///
    /// let mut decoder = Decoder::new(Format::Raw);
    /// // A stored block with "ab", and a block of type 3.
    /// let input = b"\x00\x02\x00\xfd\xffab\x07";
    /// assert_eq!(decoder.decode(input)?.1, b"ab");
    /// let error = decoder.decode(b"").unwrap_err();
    /// assert_eq!((error.kind(), error.offset()), (CodingErrorKind::BlockType, 7));
    /// # Ok::<(), nethttp::coding::CodingError>(())
    /// ```
    pub fn decode(&mut self, input: &[u8]) -> Result<(usize, &[u8]), CodingError> {
        self.take(usize::MAX);
        let used = self.advance(input)?;
        Ok((used, self.data()))
    }

    /// Returns whether the data has ended. Compressed data may end here; gzip may also go on with another
    /// member, anything else with nothing.
    ///
    /// ```
    /// use nethttp::coding::{Decoder, Format, Level, encode};
    ///
    /// let encoded = encode(Format::Zlib, b"", Level::DEFAULT);
    /// let mut decoder = Decoder::new(Format::Zlib);
    /// assert!(!decoder.is_done());
    /// decoder.decode(&encoded)?;
    /// assert!(decoder.is_done());
    /// # Ok::<(), nethttp::coding::CodingError>(())
    /// ```
    #[must_use]
    pub fn is_done(&self) -> bool {
        match &self.stage {
            Stage::Gzip(header) => self.failure.is_none() && header.may_end(),
            Stage::Done => self.failure.is_none(),
            _ => false,
        }
    }

    /// Says that there is no more input.
    ///
    /// # Errors
    ///
    /// Returns an error if the data has not ended, or the error that there was before.
    ///
    /// ```
    /// use nethttp::coding::{CodingErrorKind, Decoder, Format};
    ///
    /// let mut decoder = Decoder::new(Format::Gzip);
    /// decoder.decode(b"\x1f\x8b")?;
    /// let error = decoder.finish().unwrap_err();
    /// assert_eq!((error.kind(), error.offset()), (CodingErrorKind::Truncated, 2));
    /// # Ok::<(), nethttp::coding::CodingError>(())
    /// ```
    pub fn finish(&mut self) -> Result<(), CodingError> {
        if self.is_done() {
            return Ok(());
        }
        let truncated = CodingError::new(CodingErrorKind::Truncated, self.read);
        Err(*self.failure.get_or_insert(truncated))
    }

    /// Returns whether there was no input yet.
    #[cfg(feature = "std")]
    pub(super) const fn is_untouched(&self) -> bool {
        self.read == 0 && self.failure.is_none()
    }

    /// Returns the data that was not taken.
    pub(super) fn data(&self) -> &[u8] {
        self.inflate.data()
    }

    /// Takes data.
    pub(super) fn take(&mut self, len: usize) {
        self.inflate.take(len);
    }

    /// Decodes until there is data, the input is used up or the data ends; returns how many bytes of the
    /// input were used. All data must have been taken before.
    pub(super) fn advance(&mut self, input: &[u8]) -> Result<usize, CodingError> {
        let mut rest = input;
        while self.failure.is_none() && self.data().is_empty() {
            match self.step(rest) {
                Ok(Progress { used: 0, moved: false }) => break,
                Ok(Progress { used, .. }) => rest = rest.get(used..).unwrap_or_default(),
                Err(error) => {
                    self.failure = Some(error);
                    // What follows is of no use.
                    rest = &[];
                }
            }
        }
        match self.failure {
            Some(error) if self.data().is_empty() => Err(error),
            _ => Ok(input.len() - rest.len()),
        }
    }

    /// Takes input in the stage that there is, and goes on to the next one where it ends.
    fn step(&mut self, input: &[u8]) -> Result<Progress, CodingError> {
        let progress = match &mut self.stage {
            Stage::Gzip(header) => {
                let used = header.read(input, self.read)?;
                let moved = header.is_complete();
                if moved {
                    self.stage = Stage::Body;
                }
                Progress { used, moved }
            }
            Stage::Zlib(first) => {
                let first = *first;
                self.zlib(first, input)?
            }
            Stage::Body => self.body(input)?,
            Stage::Trailer(bytes, len) => {
                let (bytes, len) = (*bytes, *len);
                self.trailer(bytes, len, input)?
            }
            Stage::Done if input.is_empty() => Progress { used: 0, moved: false },
            Stage::Done => return Err(self.error(CodingErrorKind::TrailingData)),
        };
        self.read += count(progress.used);
        Ok(progress)
    }

    /// The header of zlib, [RFC 1950 §2.2](https://www.rfc-editor.org/rfc/rfc1950#section-2.2), byte by byte.
    ///
    /// ```text
    /// CMF  bits 0..3 method 8, bits 4..7 the window up to 7 for 32 KiB
    /// FLG  bits 0..4 make both bytes a multiple of 31, bit 5 a dictionary, bits 6..7 a level
    /// ```
    fn zlib(&mut self, first: Option<u8>, input: &[u8]) -> Result<Progress, CodingError> {
        let Some(&byte) = input.first() else {
            return Ok(Progress { used: 0, moved: false });
        };
        let Some(first) = first else {
            if byte & 15 == 8 && byte >> 4 <= 7 {
                self.stage = Stage::Zlib(Some(byte));
                return Ok(Progress { used: 1, moved: true });
            }
            return self.without_header(&[]);
        };
        if u16::from_be_bytes([first, byte]) % 31 != 0 {
            return self.without_header(&[first]);
        }
        if byte & 1 << 5 != 0 {
            return Err(self.error(CodingErrorKind::ZlibDictionary));
        }
        self.stage = Stage::Body;
        Ok(Progress { used: 1, moved: true })
    }

    /// Goes on without a header that did not come, with what was taken for one.
    fn without_header(&mut self, taken: &[u8]) -> Result<Progress, CodingError> {
        if self.format != Format::Deflate {
            return Err(CodingError::new(CodingErrorKind::ZlibHeader, 0));
        }
        // A first byte that could be zlib's begins a stored block, and is used up by that.
        let decoded = self.inflate.decode(taken, 0);
        decoded.map_err(|(kind, offset)| CodingError::new(kind, offset))?;
        self.check = Check::None;
        self.stage = Stage::Body;
        Ok(Progress { used: 0, moved: true })
    }

    /// The deflated data.
    fn body(&mut self, input: &[u8]) -> Result<Progress, CodingError> {
        let decoded = self.inflate.decode(input, self.read);
        let used = match decoded {
            Ok(used) => count(used),
            // What was refused may have begun in the piece before.
            Err((_, offset)) => offset.saturating_sub(self.read),
        };
        self.account(used)?;
        let used = decoded.map_err(|(kind, offset)| CodingError::new(kind, offset))?;
        let moved = self.inflate.is_done();
        if moved {
            self.stage = match self.check {
                Check::None => Stage::Done,
                _ => Stage::Trailer([0; 4], 0),
            };
        }
        Ok(Progress { used, moved })
    }

    /// Counts what has come out, and holds it against the limits.
    fn account(&mut self, used: u64) -> Result<(), CodingError> {
        let data = self.inflate.data();
        self.written += count(data.len());
        self.check.update(data);
        let read = self.read + used;
        let held = self.limits.check(read, self.written);
        if let Err(CodingErrorKind::OutputLimit(most)) = held {
            let excess = usize::try_from(self.written - most).unwrap_or(usize::MAX);
            self.inflate.forget_last(excess);
        }
        held.map_err(|kind| CodingError::new(kind, read))
    }

    /// What stands behind the data, byte by byte: the checksum, the highest byte first in zlib, the lowest in
    /// gzip, which has the length besides.
    fn trailer(
        &mut self,
        mut bytes: [u8; 4],
        len: usize,
        input: &[u8],
    ) -> Result<Progress, CodingError> {
        let Some(&byte) = input.first() else {
            return Ok(Progress { used: 0, moved: false });
        };
        if let Some(slot) = bytes.get_mut(len % 4) {
            *slot = byte;
        }
        let mut next = Stage::Trailer(bytes, len + 1);
        let wrong = match (&self.check, len) {
            (Check::Adler32(adler), 3) => {
                next = Stage::Done;
                (adler.value() != u32::from_be_bytes(bytes)).then_some(CodingErrorKind::Adler32)
            }
            (Check::Crc32(crc, _), 3) => {
                (crc.value() != u32::from_le_bytes(bytes)).then_some(CodingErrorKind::Crc32)
            }
            (Check::Crc32(_, length), 7) => {
                next = Stage::Gzip(GzipHeader::new(true));
                (*length != u32::from_le_bytes(bytes)).then_some(CodingErrorKind::GzipLength)
            }
            _ => None,
        };
        if let Some(kind) = wrong {
            return Err(CodingError::new(kind, self.read.saturating_sub(3)));
        }
        if let Stage::Gzip(_) = next {
            self.check = Check::new(self.format);
            self.inflate.restart();
        }
        self.stage = next;
        Ok(Progress { used: 1, moved: true })
    }

    const fn error(&self, kind: CodingErrorKind) -> CodingError {
        CodingError::new(kind, self.read)
    }
}

/// Without the data, of which there may be much and secrets in it.
impl fmt::Debug for Decoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder")
            .field("format", &self.format)
            .field("limits", &self.limits)
            .field("read", &self.read)
            .field("written", &self.written)
            .field("failure", &self.failure)
            .finish_non_exhaustive()
    }
}

fn count(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn debug_shows_how_far_it_is_and_no_data() {
        let mut decoder = Decoder::new(Format::Raw);
        decoder.decode(b"\x00\x02\x00\xfd\xffab").unwrap();
        let limits = Limits::DEFAULT;
        assert_eq!(
            format!("{decoder:?}"),
            format!(
                "Decoder {{ format: Raw, limits: {limits:?}, read: 7, written: 2, failure: None, .. }}"
            )
        );
    }

    #[test]
    fn an_error_is_itself_whatever_came_out_before_it() {
        // 1,000 times the same byte, an empty stored block, and a block of type 3: 67 bytes for each.
        let input = b"\x4a\x4c\x1c\x05\xa3\x60\x14\x0c\x77\0\0\0\0\xff\xff\x07";
        let limits = Limits::DEFAULT.allowance(0).ratio(100);
        let error = decode(Format::Raw, input, &limits).unwrap_err();
        assert_eq!(error, CodingError::new(CodingErrorKind::BlockType, 15));
    }
}

//! Undoing a list of content codings, [RFC 9110 §8.4](https://www.rfc-editor.org/rfc/rfc9110#section-8.4).

use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};
use std::borrow::ToOwned;
use std::boxed::Box;
use std::io::{self, Read};
use std::mem;
use std::sync::Arc;
use std::vec::Vec;

use super::read::DecodeReader;
use super::{CodingError, CodingErrorKind, Format, Limits};

/// The codings that can be undone: `gzip`, `deflate`, and those that are plugged in.
///
/// # Examples
///
/// ```
/// use std::io::Read;
///
/// use nethttp::coding::{Decoders, Format, Level, encode};
///
/// // Content-Encoding: deflate, gzip
/// let once = encode(Format::Deflate, b"hello", Level::DEFAULT);
/// let twice = encode(Format::Gzip, &once, Level::DEFAULT);
/// let mut text = String::new();
/// Decoders::new().decode(&twice[..], ["deflate", "gzip"])?.read_to_string(&mut text)?;
/// assert_eq!(text, "hello");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Others are plugged in as functions from reader to reader, here one that a real one would have from
/// another crate:
///
/// ```
/// use std::io::Read;
///
/// use nethttp::coding::Decoders;
///
/// let decoders = Decoders::new().with("skip", |reader| Ok(Box::new(reader.take(3))));
/// let mut text = String::new();
/// decoders.decode(&b"hello"[..], ["skip"])?.read_to_string(&mut text)?;
/// assert_eq!(text, "hel");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct Decoders {
    plugged: Vec<(Box<str>, Arc<Plug>)>,
    limits: Limits,
}

type Source<'a> = Box<dyn Read + Send + 'a>;
type Plug = dyn for<'a> Fn(Source<'a>) -> io::Result<Source<'a>> + Send + Sync;

impl Decoders {
    /// The most codings that are undone, one after the other: 3. More are an attempt at something else.
    ///
    /// ```
    /// use nethttp::coding::Decoders;
    ///
    /// assert!(Decoders::new().decode(std::io::empty(), ["gzip"; Decoders::MAX_CODINGS]).is_ok());
    /// assert!(Decoders::new().decode(std::io::empty(), ["gzip"; 4]).is_err());
    /// ```
    pub const MAX_CODINGS: usize = 3;

    /// Returns what undoes `gzip` and `deflate`, with [`Limits::DEFAULT`].
    ///
    /// ```
    /// let decoders = nethttp::coding::Decoders::new();
    /// assert!(decoders.names().eq(["gzip", "deflate"]));
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Plugs in a coding. A name that is known already is undone in the new way.
    ///
    /// The function is called when the first byte of the data has come. It need not count anything: the limits
    /// hold for what it returns as well. If it reads and fails, for whatever reason, the data stays unread: the
    /// reader that it was given is gone.
    ///
    /// ```
    /// use nethttp::coding::Decoders;
    ///
    /// let decoders = Decoders::new().with("br", |_reader| {
    ///     // Ok(Box::new(brotli::Decompressor::new(reader, 4096)))
    ///     Err(std::io::ErrorKind::Unsupported.into())
    /// });
    /// assert!(decoders.names().eq(["gzip", "deflate", "br"]));
    /// ```
    #[must_use]
    pub fn with<F>(mut self, name: &str, plug: F) -> Self
    where
        F: for<'a> Fn(Box<dyn Read + Send + 'a>) -> io::Result<Box<dyn Read + Send + 'a>>
            + Send
            + Sync
            + 'static,
    {
        self.plugged.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.plugged.push((name.into(), Arc::new(plug)));
        self
    }

    /// Sets the limits, which hold for each coding and for all of them together.
    ///
    /// ```
    /// use nethttp::coding::{Decoders, Limits};
    ///
    /// let decoders = Decoders::new().with_limits(Limits::DEFAULT.output(1 << 20));
    /// ```
    #[must_use]
    pub const fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Returns the names of the codings, as a client lists them in Accept-Encoding.
    ///
    /// ```
    /// use nethttp::coding::Decoders;
    ///
    /// let decoders = Decoders::new().with("br", |reader| Ok(reader));
    /// let accept: Vec<&str> = decoders.names().collect();
    /// assert_eq!(accept.join(", "), "gzip, deflate, br");
    /// ```
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let own = ["gzip", "deflate"].into_iter().filter(|name| self.plug(name).is_none());
        own.chain(self.plugged.iter().map(|(name, _)| &**name))
    }

    fn plug(&self, name: &str) -> Option<&Arc<Plug>> {
        let mut plugged = self.plugged.iter();
        plugged.find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, plug)| plug)
    }

    /// Returns a reader that undoes the codings, which are named in the order in which they were applied. `identity` is
    /// passed over, and names are case-insensitive.
    ///
    /// Content without a single byte is taken for no content, whatever it is said to be coded with.
    ///
    /// # Errors
    ///
    /// Returns an error for a coding that is not known, and for more than
    /// [`MAX_CODINGS`](Self::MAX_CODINGS). Nothing is read before the first read of the data.
    ///
    /// ```
    /// use nethttp::coding::Decoders;
    ///
    /// let error = Decoders::new().decode(std::io::empty(), ["gzip", "exi"]).unwrap_err();
    /// assert_eq!(error.to_string(), "expected a content coding that can be undone, found \"exi\"");
    /// ```
    pub fn decode<'a, R, N>(
        &self,
        reader: R,
        codings: impl IntoIterator<Item = N>,
    ) -> Result<Decoded<'a>, UnsupportedCoding>
    where
        R: Read + Send + 'a,
        N: AsRef<str>,
    {
        let steps = self.steps(codings)?;
        let read = Arc::new(AtomicU64::new(0));
        let mut source: Source<'a> = Box::new(Counted { reader, read: Arc::clone(&read) });
        for step in steps.into_iter().rev() {
            source = match step {
                Step::Own(format) => {
                    let reader = DecodeReader::new(format, source).with_limits(self.limits);
                    Box::new(reader.permitting_nothing())
                }
                Step::Plugged(plug) => Box::new(Plugged::Waiting(source, plug)),
            };
        }
        Ok(Decoded { source, limits: self.limits, read, written: 0, failure: None })
    }

    /// Returns whether [`decode`](Self::decode) knows what to do.
    ///
    /// ```
    /// use nethttp::coding::Decoders;
    ///
    /// assert!(Decoders::new().supports(["gzip"]));
    /// assert!(!Decoders::new().supports(["gzip", "br"]));
    /// ```
    #[must_use]
    pub fn supports<N: AsRef<str>>(&self, codings: impl IntoIterator<Item = N>) -> bool {
        self.steps(codings).is_ok()
    }

    fn steps<N: AsRef<str>>(
        &self,
        codings: impl IntoIterator<Item = N>,
    ) -> Result<Vec<Step>, UnsupportedCoding> {
        let mut steps = Vec::new();
        for name in codings {
            let name = name.as_ref();
            if name.eq_ignore_ascii_case("identity") {
                continue;
            }
            if steps.len() == Self::MAX_CODINGS {
                return Err(UnsupportedCoding::TooMany);
            }
            let own = Format::of_coding(name).map(Step::Own);
            let plugged = self.plug(name).map(|plug| Step::Plugged(Arc::clone(plug)));
            let unknown = || UnsupportedCoding::Unknown(name.to_owned().into());
            steps.push(plugged.or(own).ok_or_else(unknown)?);
        }
        Ok(steps)
    }
}

impl fmt::Debug for Decoders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.names().collect();
        f.debug_struct("Decoders").field("names", &names).field("limits", &self.limits).finish()
    }
}

/// Content codings that cannot be undone.
///
/// # Examples
///
/// ```
/// use nethttp::coding::{Decoders, UnsupportedCoding};
///
/// let error = Decoders::new().decode(std::io::empty(), ["br"]).unwrap_err();
/// assert_eq!(error, UnsupportedCoding::Unknown("br".into()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnsupportedCoding {
    /// There are more than [`Decoders::MAX_CODINGS`].
    TooMany,
    /// One has this name.
    Unknown(Box<str>),
}

impl fmt::Display for UnsupportedCoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany => {
                write!(f, "expected at most {} content codings", Decoders::MAX_CODINGS)
            }
            Self::Unknown(name) => {
                write!(f, "expected a content coding that can be undone, found {name:?}")
            }
        }
    }
}

impl core::error::Error for UnsupportedCoding {}

impl From<UnsupportedCoding> for io::Error {
    /// The kind is [`Unsupported`](io::ErrorKind::Unsupported).
    fn from(error: UnsupportedCoding) -> Self {
        Self::new(io::ErrorKind::Unsupported, error)
    }
}

/// One coding to be undone.
enum Step {
    Own(Format),
    Plugged(Arc<Plug>),
}

/// Content, with its codings undone: see [`Decoders::decode`].
///
/// # Examples
///
/// ```
/// use std::io::Read;
///
/// use nethttp::coding::{Decoded, Decoders, Format, Level, Limits, encode};
///
/// let zeros = encode(Format::Gzip, &vec![0; 8 << 20], Level::DEFAULT);
/// let mut decoded: Decoded<'_> = Decoders::new().decode(&zeros[..], ["gzip"])?;
/// let error = decoded.read_to_end(&mut Vec::new()).unwrap_err();
/// assert!(error.to_string().starts_with("expected data at most 200 times its compressed size"));
/// # Ok::<(), nethttp::coding::UnsupportedCoding>(())
/// ```
pub struct Decoded<'a> {
    source: Source<'a>,
    limits: Limits,
    /// Bytes of what was coded.
    read: Arc<AtomicU64>,
    /// Bytes of what came out.
    written: u64,
    failure: Option<CodingError>,
}

impl Read for Decoded<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if let Some(error) = self.failure {
            return Err(error.into());
        }
        let len = self.source.read(buf)?;
        self.written = self.written.saturating_add(u64::try_from(len).unwrap_or(u64::MAX));
        let read = self.read.load(Ordering::Relaxed);
        let Err(kind) = self.limits.check(read, self.written) else {
            return Ok(len);
        };
        let error = CodingError::new(kind, read);
        self.failure = Some(error);
        // What is permitted comes out before the error.
        let excess = match kind {
            CodingErrorKind::OutputLimit(most) => self.written - most,
            _ => 0,
        };
        match len.saturating_sub(usize::try_from(excess).unwrap_or(usize::MAX)) {
            0 => Err(error.into()),
            permitted => Ok(permitted),
        }
    }
}

impl fmt::Debug for Decoded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoded")
            .field("limits", &self.limits)
            .field("written", &self.written)
            .finish_non_exhaustive()
    }
}

/// Counts what is read.
struct Counted<R> {
    reader: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let len = self.reader.read(buf)?;
        self.read.fetch_add(u64::try_from(len).unwrap_or_default(), Ordering::Relaxed);
        Ok(len)
    }
}

/// A coding that was plugged in.
enum Plugged<'a> {
    /// Before the first byte: where there is none, there is nothing to undo.
    Waiting(Source<'a>, Arc<Plug>),
    Reading(Source<'a>),
    /// The function has failed.
    Failed,
}

impl Read for Plugged<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if let Self::Waiting(source, _) = self {
            let mut first = [0];
            if buf.is_empty() || source.read(&mut first)? == 0 {
                return Ok(0);
            }
            if let Self::Waiting(source, plug) = mem::replace(self, Self::Failed) {
                *self = Self::Reading(plug(Box::new(io::Cursor::new(first).chain(source)))?);
            }
        }
        match self {
            Self::Reading(source) => source.read(buf),
            _ => Err(io::Error::other("expected no read after an error")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;

    /// Decoders for a coding that writes every byte so many times.
    fn times(count: usize, limits: Limits) -> Decoders {
        let decoders = Decoders::new().with_limits(limits);
        decoders.with("times", move |mut reader| {
            let mut data = Vec::new();
            reader.read_to_end(&mut data)?;
            if data.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let data = data.into_iter().flat_map(move |byte| vec![byte; count]);
            Ok(Box::new(io::Cursor::new(data.collect::<Vec<u8>>())))
        })
    }

    #[track_caller]
    fn kind(error: &io::Error) -> CodingErrorKind {
        let error = error.get_ref().and_then(|error| error.downcast_ref::<CodingError>());
        error.expect("a coding error").kind()
    }

    #[test]
    fn no_content_stays_none_however_often_it_is_read() {
        for coding in ["gzip", "deflate", "times"] {
            let decoders = times(2, Limits::DEFAULT);
            let mut decoded = decoders.decode(io::empty(), [coding, "gzip"]).unwrap();
            for _ in 0..3 {
                assert_eq!(decoded.read(&mut [0; 10]).unwrap(), 0, "{coding}");
            }
        }
    }

    #[test]
    fn all_that_a_limit_permits_comes_out_of_a_coding_that_was_plugged_in() {
        for (most, fails) in [(0, true), (1, true), (9, true), (10, false), (11, false)] {
            let decoders = times(2, Limits::DEFAULT.output(most));
            let mut decoded = decoders.decode(&b"abcde"[..], ["times"]).unwrap();
            let mut data = Vec::new();
            let outcome = decoded.read_to_end(&mut data);
            assert_eq!(data, &b"aabbccddee"[..usize::try_from(most).unwrap().min(10)]);
            assert_eq!(outcome.is_err(), fails, "{most}");
        }
    }

    #[test]
    fn an_error_stays_when_more_has_been_read() {
        // The first byte a hundred times, and the others as they are.
        let decoders = Decoders::new().with("first", |mut reader| {
            let mut first = [0];
            reader.read_exact(&mut first)?;
            Ok(Box::new(io::repeat(first[0]).take(100).chain(reader)))
        });
        let decoders = decoders.with_limits(Limits::DEFAULT.allowance(0).ratio(50));
        let mut decoded = decoders.decode(&[b'a'; 1000][..], ["first"]).unwrap();
        assert_eq!(decoded.read(&mut [0; 1000]).unwrap(), 100);
        for _ in 0..3 {
            let error = decoded.read(&mut [0; 1000]).unwrap_err();
            assert_eq!(kind(&error), CodingErrorKind::RatioLimit(50));
        }
    }
}

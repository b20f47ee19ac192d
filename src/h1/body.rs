//! The body of a message as it comes off the wire: delimited by length, by chunks, or by the end of
//! the connection.
//!
//! The decoder never copies data and never holds any: it hands out slices of the input. Only the
//! trailer section, which is bounded, is put together from its pieces.
//!
//! ```
//! use nethttp::h1::{BodyDecoder, BodyEvent, Config, Framing};
//!
//! let mut body = BodyDecoder::new(Framing::Chunked, &Config::SERVER);
//! let mut input = &b"5\r\nhello\r\n0\r\n\r\n"[..];
//! let mut text = Vec::new();
//! loop {
//!     let (used, event) = body.decode(input)?;
//!     match event {
//!         BodyEvent::Data(data) => text.extend_from_slice(data),
//!         BodyEvent::End => break,
//!         BodyEvent::NeedMore => unreachable!("the body is complete"),
//!     }
//!     input = &input[used..];
//! }
//! assert_eq!(text, b"hello");
//! # Ok::<(), nethttp::h1::ParseError>(())
//! ```

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use super::chunked::{Chunk, ChunkLine};
use super::error::{ParseError, ParseErrorKind as Kind};
use super::framing::Framing;
use super::head::{HeadScanner, Parse, parse_fields};
use super::limits::{Config, Limits};
use crate::header::{FieldSpan, HeaderMap};

/// Takes a body off the wire.
///
/// # Examples
///
/// ```
/// use nethttp::h1::{BodyDecoder, BodyEvent, Config, Framing};
///
/// let mut body = BodyDecoder::new(Framing::Length(5), &Config::SERVER);
/// assert_eq!(body.decode(b"hel")?, (3, BodyEvent::Data(b"hel")));
/// assert_eq!(body.remaining(), Some(2));
/// assert_eq!(body.decode(b"loGET /")?, (2, BodyEvent::Data(b"lo")));
/// assert_eq!(body.decode(b"GET /")?, (0, BodyEvent::End));
/// # Ok::<(), nethttp::h1::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct BodyDecoder {
    state: State,
    /// Bytes taken from the wire.
    offset: u64,
    config: Config,
    trailers: HeaderMap,
    /// How long the line of the last chunk was, with its end.
    line_len: usize,
}

#[derive(Clone, Debug)]
enum State {
    Length(u64),
    UntilClose,
    /// The first line of a chunk, and the framing bytes so far that honest chunking does not need.
    Line(ChunkLine, u64),
    Data(u64, u64),
    DataCr(u64),
    DataLf(u64),
    /// What has come of the trailer section, which few bodies have.
    Trailers(Box<(Vec<u8>, HeadScanner)>),
    Done,
    Failed(ParseError),
}

impl State {
    const fn new(framing: Framing) -> Self {
        match framing {
            Framing::None | Framing::Tunnel | Framing::Length(0) => Self::Done,
            Framing::Length(length) => Self::Length(length),
            Framing::Chunked => Self::Line(ChunkLine::new(), 0),
            Framing::UntilClose => Self::UntilClose,
        }
    }
}

/// What a [`BodyDecoder`] found.
///
/// # Examples
///
/// ```
/// use nethttp::h1::{BodyDecoder, BodyEvent, Config, Framing};
///
/// let mut body = BodyDecoder::new(Framing::Length(5), &Config::CLIENT);
/// let mut reads = [&b"hel"[..], b"lo"].into_iter(); // what a socket would yield
/// let (mut input, mut text) = (&b""[..], Vec::new());
/// loop {
///     let (used, event) = body.decode(input)?;
///     input = &input[used..];
///     match event {
///         BodyEvent::Data(data) => text.extend_from_slice(data),
///         BodyEvent::NeedMore => match reads.next() {
///             Some(bytes) => input = bytes,
///             None => body.end_of_input()?,
///         },
///         BodyEvent::End => break,
///     }
/// }
/// assert_eq!(text, b"hello");
/// # Ok::<(), nethttp::h1::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a body is data until it ends")]
pub enum BodyEvent<'b> {
    /// The next bytes of the body: never empty, always a part of the input.
    Data(&'b [u8]),
    /// The body is complete; its trailers, if any, are in [`BodyDecoder::trailers`].
    End,
    /// The input is used up and the body goes on.
    NeedMore,
}

impl BodyDecoder {
    /// Creates a decoder for a body that is delimited in the given way.
    ///
    /// [`Framing::Tunnel`] is no body: it counts as none.
    ///
    /// ```
    /// use nethttp::h1::{BodyDecoder, Config, Framing};
    ///
    /// assert!(BodyDecoder::new(Framing::None, &Config::SERVER).is_done());
    /// ```
    #[must_use]
    pub fn new(framing: Framing, config: &Config) -> Self {
        Self {
            state: State::new(framing),
            offset: 0,
            config: *config,
            trailers: HeaderMap::new(),
            line_len: 0,
        }
    }

    /// Begins with another body.
    pub(crate) fn restart(&mut self, framing: Framing) {
        (self.state, self.offset, self.line_len) = (State::new(framing), 0, 0);
        self.trailers.clear();
    }

    /// Takes from the input; returns how much of it was used, and what that was.
    ///
    /// The end is reported by a call of its own, which may be given an empty input.
    ///
    /// # Errors
    ///
    /// Malformed chunks or trailers, and those beyond the limits. The error stays: every later call
    /// returns it again.
    ///
    /// ```
    /// use nethttp::h1::{BodyDecoder, BodyEvent, Config, Framing};
    ///
    /// let mut body = BodyDecoder::new(Framing::Chunked, &Config::SERVER);
    /// assert_eq!(body.decode(b"3;x=y\r\nab")?, (9, BodyEvent::Data(b"ab")));
    /// assert_eq!(body.decode(b"")?, (0, BodyEvent::NeedMore));
    /// assert!(body.decode(b"cd").is_ok_and(|(used, _)| used == 1));
    /// assert!(body.decode(b"d").is_err());
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    pub fn decode<'b>(&mut self, input: &'b [u8]) -> Result<(usize, BodyEvent<'b>), ParseError> {
        let mut used = 0;
        while let Some(rest) = input.get(used..) {
            match self.step(rest) {
                Ok((step, event)) => {
                    used += step;
                    self.offset = self.behind(step);
                    if let Some(event) = event {
                        return Ok((used, event));
                    }
                }
                Err((kind, step)) => {
                    let error = match self.state {
                        State::Failed(error) => error,
                        _ => ParseError::new(kind, self.behind(step)),
                    };
                    self.state = State::Failed(error);
                    return Err(error);
                }
            }
        }
        Ok((used, BodyEvent::NeedMore))
    }

    /// Returns the offset behind so many bytes that come next.
    fn behind(&self, len: usize) -> u64 {
        self.offset.saturating_add(u64::try_from(len).unwrap_or(u64::MAX))
    }

    /// One element of the body: how much of the input it used, and the event that it makes, if any. An
    /// error comes with its offset in the input.
    fn step<'b>(
        &mut self,
        input: &'b [u8],
    ) -> Result<(usize, Option<BodyEvent<'b>>), (Kind, usize)> {
        match &mut self.state {
            State::Done => Ok((0, Some(BodyEvent::End))),
            State::Failed(error) => Err((error.kind(), 0)),
            _ if input.is_empty() => Ok((0, Some(BodyEvent::NeedMore))),
            State::UntilClose | State::Length(_) | State::Data(..) => {
                let len = self.take(input.len());
                Ok((len, Some(BodyEvent::Data(input.get(..len).unwrap_or(input)))))
            }
            State::Line(line, overhead) => {
                let overhead = *overhead;
                let (used, chunk) = line.push(input, &self.config)?;
                if let Some(chunk) = chunk {
                    self.begin_chunk(chunk, overhead).map_err(|kind| (kind, used))?;
                }
                Ok((used, None))
            }
            State::DataCr(overhead) => match input {
                [b'\r', b'\n', ..] => {
                    self.state = State::Line(ChunkLine::new(), *overhead);
                    Ok((2, None))
                }
                [b'\r', ..] => {
                    self.state = State::DataLf(*overhead);
                    Ok((1, None))
                }
                _ => Err((Kind::ChunkEnd(first(input)), 0)),
            },
            State::DataLf(overhead) => match input {
                [b'\n', ..] => {
                    self.state = State::Line(ChunkLine::new(), *overhead);
                    Ok((1, None))
                }
                _ => Err((Kind::ChunkEnd(first(input)), 0)),
            },
            State::Trailers(..) => self.trailer_step(input),
        }
    }

    /// What comes behind the first line of a chunk. Framing that honest chunking does not need must have an end.
    #[inline]
    fn begin_chunk(&mut self, chunk: Chunk, overhead: u64) -> Result<(), Kind> {
        let Chunk { size, line_len } = chunk;
        let line_len = line_len.saturating_add(2);
        let excess = overhead
            .saturating_add(u64::try_from(line_len).unwrap_or(u64::MAX))
            .saturating_sub(size.saturating_mul(2).saturating_add(16));
        if excess > self.config.limits.chunk_overhead {
            return Err(Kind::ChunkOverhead);
        }
        self.line_len = line_len;
        self.state = match size {
            0 => {
                let scanner = HeadScanner::fields(&self.trailer_config());
                State::Trailers(Box::new((Vec::new(), scanner)))
            }
            size => State::Data(size, excess),
        };
        Ok(())
    }

    /// As much as is data of so many bytes that come next.
    fn take(&mut self, len: usize) -> usize {
        let (left, behind) = match &mut self.state {
            State::UntilClose => return len,
            State::Length(left) => (left, State::Done),
            State::Data(left, overhead) => {
                let behind = State::DataCr(*overhead);
                (left, behind)
            }
            _ => return 0,
        };
        let len = len.min(usize::try_from(*left).unwrap_or(usize::MAX));
        *left = left.saturating_sub(u64::try_from(len).unwrap_or(u64::MAX));
        if *left == 0 {
            self.state = behind;
        }
        len
    }

    /// Takes note of so many bytes that were read to where they belong; returns how many of them are data, which nobody has
    /// to look at. What is behind that is to be decoded.
    #[cfg(feature = "client")]
    pub(crate) fn pass(&mut self, len: usize) -> usize {
        let len = self.take(len);
        self.offset = self.behind(len);
        len
    }

    /// Takes what stands between two chunks if it is that and nothing else, all of it, and without extensions: most is. Returns
    /// whether that was so; if not, it is to be decoded.
    #[cfg(feature = "client")]
    pub(crate) fn pass_framing(&mut self, framing: &[u8]) -> bool {
        let (&State::DataCr(overhead), [b'\r', b'\n', line @ ..]) = (&self.state, framing) else {
            return false;
        };
        let is_all = |chunk: &Chunk| chunk.line_len + 2 == line.len();
        let Some(chunk) = Chunk::plain(line, &self.config).filter(is_all) else {
            return false;
        };
        let is_begun = self.begin_chunk(chunk, overhead).is_ok();
        if is_begun {
            self.offset = self.behind(framing.len());
        }
        is_begun
    }

    /// `trailer-section = *( field-line CRLF )`, and the empty line behind it.
    fn trailer_step<'b>(
        &mut self,
        input: &'b [u8],
    ) -> Result<(usize, Option<BodyEvent<'b>>), (Kind, usize)> {
        let config = self.trailer_config();
        let State::Trailers(begun) = &mut self.state else {
            return Ok((0, None));
        };
        let (section, scanner) = &mut **begun;
        if section.is_empty() && input.starts_with(b"\r\n") {
            self.state = State::Done;
            return Ok((2, None));
        }
        let before = section.len();
        let room = config.limits.head.saturating_sub(before);
        section.extend_from_slice(input.get(..room).unwrap_or(input));
        let taken = section.len() - before;
        let at = |error: ParseError| {
            let offset = usize::try_from(error.offset()).unwrap_or(usize::MAX);
            let kind = match error.kind() {
                Kind::HeadTooLarge => Kind::TrailersTooLarge,
                Kind::TooManyFields => Kind::TooManyTrailers,
                kind => kind,
            };
            (kind, offset.saturating_sub(before))
        };
        let Some(len) = scanner.push(section).map_err(at)? else {
            return Ok((taken, None));
        };
        let mut slots = vec![FieldSpan::EMPTY; config.limits.fields.min(len)];
        if let Parse::Complete(fields) = parse_fields(section, &mut slots, &config).map_err(at)? {
            self.trailers.assign(fields.head(), fields.spans());
            self.trailers.unfold();
            self.trailers.retain(|name, _| is_trailer(name));
        }
        self.state = State::Done;
        Ok((len - before, None))
    }

    /// A trailer section is read like a head, but a bare LF never ends its lines. The empty line behind
    /// it is not part of it.
    const fn trailer_config(&self) -> Config {
        let Limits { trailers, trailer_fields, .. } = self.config.limits;
        let limits = self.config.limits.head(trailers.saturating_add(2)).fields(trailer_fields);
        self.config.limits(limits).leniency(self.config.leniency.bare_lf(false))
    }

    /// Tells the decoder that the connection has ended, after all that came was decoded.
    ///
    /// # Errors
    ///
    /// [`Truncated`](super::ParseErrorKind::Truncated) unless the body is complete or ends with the
    /// connection, [RFC 9112 §8](https://www.rfc-editor.org/rfc/rfc9112#section-8).
    ///
    /// ```
    /// use nethttp::h1::{BodyDecoder, Config, Framing};
    ///
    /// assert!(BodyDecoder::new(Framing::UntilClose, &Config::CLIENT).end_of_input().is_ok());
    /// assert!(BodyDecoder::new(Framing::Length(9), &Config::CLIENT).end_of_input().is_err());
    /// ```
    pub fn end_of_input(&mut self) -> Result<(), ParseError> {
        match self.state {
            State::Done => Ok(()),
            State::UntilClose => {
                self.state = State::Done;
                Ok(())
            }
            State::Failed(error) => Err(error),
            _ => {
                let error = ParseError::new(Kind::Truncated, self.offset);
                self.state = State::Failed(error);
                Err(error)
            }
        }
    }

    /// Returns whether the body is complete.
    ///
    /// ```
    /// use nethttp::h1::{BodyDecoder, Config, Framing};
    ///
    /// assert!(!BodyDecoder::new(Framing::Length(1), &Config::SERVER).is_done());
    /// ```
    #[must_use]
    pub const fn is_done(&self) -> bool {
        matches!(self.state, State::Done)
    }

    /// Returns how many bytes of the body are still to come, if that is known.
    ///
    /// ```
    /// use nethttp::h1::{BodyDecoder, Config, Framing};
    ///
    /// assert_eq!(BodyDecoder::new(Framing::Length(7), &Config::SERVER).remaining(), Some(7));
    /// assert_eq!(BodyDecoder::new(Framing::Chunked, &Config::SERVER).remaining(), None);
    /// ```
    #[must_use]
    pub const fn remaining(&self) -> Option<u64> {
        match self.state {
            State::Length(left) => Some(left),
            State::Done => Some(0),
            _ => None,
        }
    }

    /// Returns after how many bytes of data the next framing is due within a chunked body, and how long it is if it is as
    /// long as the last one: who reads so much elsewhere need not move what comes behind.
    #[cfg(feature = "client")]
    pub(crate) fn framing_ahead(&self) -> Option<(u64, usize)> {
        let line = self.line_len;
        match &self.state {
            State::Data(left, _) => Some((*left, line.saturating_add(2))),
            State::DataCr(_) => Some((0, line.saturating_add(2))),
            State::DataLf(_) => Some((0, line.saturating_add(1))),
            State::Line(begun, _) => Some((0, line.saturating_sub(begun.used()))),
            _ => None,
        }
    }

    /// Returns the trailers: fields that came behind a chunked body.
    ///
    /// They are kept apart from the head's fields. Those that may not come in trailers, because they
    /// concern framing, routing, authentication or how the content is to be read
    /// ([RFC 9110 §6.5.1](https://www.rfc-editor.org/rfc/rfc9110#section-6.5.1)), are dropped.
    ///
    /// ```
    /// use nethttp::h1::{BodyDecoder, BodyEvent, Config, Framing};
    ///
    /// let mut body = BodyDecoder::new(Framing::Chunked, &Config::SERVER);
    /// let (_, event) = body.decode(b"0\r\nDigest: x\r\nHost: evil\r\n\r\n")?;
    /// assert_eq!(event, BodyEvent::End);
    /// assert_eq!(body.trailers().get("digest"), Some(&b"x"[..]));
    /// assert!(!body.trailers().contains_key("host"));
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn trailers(&self) -> &HeaderMap {
        &self.trailers
    }
}

fn first(input: &[u8]) -> u8 {
    input.first().copied().unwrap_or_default()
}

/// Whether a field may come in a trailer section,
/// [RFC 9110 §6.5.1](https://www.rfc-editor.org/rfc/rfc9110#section-6.5.1).
pub(super) fn is_trailer(name: &str) -> bool {
    const REFUSED: [&str; 33] = [
        // Framing and the connection.
        "Connection",
        "Content-Length",
        "Keep-Alive",
        "Proxy-Connection",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
        // Routing and request modifiers.
        "Cache-Control",
        "Expect",
        "Host",
        "If-Match",
        "If-Modified-Since",
        "If-None-Match",
        "If-Range",
        "If-Unmodified-Since",
        "Max-Forwards",
        "Pragma",
        "Range",
        // Authentication and state.
        "Authorization",
        "Cookie",
        "Proxy-Authenticate",
        "Proxy-Authorization",
        "Set-Cookie",
        "WWW-Authenticate",
        // Response control and how to read the content.
        "Age",
        "Content-Encoding",
        "Content-Range",
        "Content-Type",
        "Date",
        "Location",
        "Retry-After",
        "Vary",
    ];
    !REFUSED.iter().any(|refused| refused.eq_ignore_ascii_case(name))
}

//! The framing of a body onto the wire.

use alloc::vec::Vec;

use super::error::{EncodeError, EncodeErrorKind as Kind};
use super::field;
use crate::h1::body::is_trailer;
use crate::header::HeaderMap;
use crate::syntax::Digits;

/// Frames the body of one message, as its head has promised.
///
/// It holds no data: [`data`](Self::data) copies a piece with its framing, and [`frame`](Self::frame)
/// gives the framing alone to those who write large pieces without a copy.
///
/// # Examples
///
/// ```
/// use nethttp::h1::ResponseEncoder;
/// use nethttp::{HeaderMap, Method, StatusCode, Version};
///
/// let mut head = Vec::new();
/// let mut body = ResponseEncoder::new(Method::GET, Version::HTTP_11)
///     .encode(StatusCode::OK, None, &HeaderMap::new(), None, &mut head)?;
/// let mut out = Vec::new();
/// body.data(b"hello", &mut out)?;
/// body.finish(&HeaderMap::new(), &mut out)?;
/// assert_eq!(out, b"5\r\nhello\r\n0\r\n\r\n");
/// # Ok::<(), nethttp::h1::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyEncoder {
    mode: Mode,
    keep_alive: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// So many bytes are still due.
    Length(u64),
    Chunked,
    UntilClose,
    /// The message may have no body: what comes is dropped.
    Discard,
    /// What comes is no longer HTTP.
    Tunnel,
    Finished,
}

/// What goes in front of and behind a piece of a body.
///
/// # Examples
///
/// ```
/// use nethttp::h1::encode_request;
/// use nethttp::{HeaderMap, Method};
///
/// let mut headers = HeaderMap::new();
/// headers.append("Host", "a").expect("a valid field");
/// let mut body = encode_request(Method::PUT, b"/", &headers, None, &mut Vec::new())?;
/// let frame = body.frame(4096)?;
/// assert_eq!((frame.prefix(), frame.suffix()), (&b"1000\r\n"[..], &b"\r\n"[..]));
/// # Ok::<(), nethttp::h1::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    prefix: [u8; 18],
    prefix_len: usize,
    suffix: &'static [u8],
    discards: bool,
}

impl Frame {
    const BARE: Self = Self { prefix: [0; 18], prefix_len: 0, suffix: b"", discards: false };

    fn chunk(len: u64) -> Self {
        let mut prefix = [0; 18];
        let digits = Digits::hexadecimal(len);
        let text = digits.as_bytes().iter().chain(b"\r\n");
        let prefix_len = prefix.iter_mut().zip(text).map(|(to, &from)| *to = from).count();
        Self { prefix, prefix_len, suffix: b"\r\n", discards: false }
    }

    /// Returns what to write in front of the piece.
    ///
    /// ```
    /// # use nethttp::h1::ResponseEncoder;
    /// # use nethttp::{HeaderMap, Method, StatusCode, Version};
    /// # let (headers, mut out) = (HeaderMap::new(), Vec::new());
    /// let encoder = ResponseEncoder::new(Method::GET, Version::HTTP_11);
    /// let mut body = encoder.encode(StatusCode::OK, None, &headers, None, &mut out)?;
    /// assert_eq!(body.frame(26)?.prefix(), b"1a\r\n"); // the size of the chunk
    /// # Ok::<(), nethttp::h1::EncodeError>(())
    /// ```
    #[must_use]
    pub fn prefix(&self) -> &[u8] {
        self.prefix.get(..self.prefix_len).unwrap_or_default()
    }

    /// Returns what to write behind the piece.
    ///
    /// ```
    /// # use nethttp::h1::ResponseEncoder;
    /// # use nethttp::{HeaderMap, Method, StatusCode, Version};
    /// # let (headers, mut out) = (HeaderMap::new(), Vec::new());
    /// let encoder = ResponseEncoder::new(Method::GET, Version::HTTP_11);
    /// let mut body = encoder.encode(StatusCode::OK, None, &headers, Some(26), &mut out)?;
    /// assert_eq!(body.frame(26)?.suffix(), b""); // no chunks: the length is known
    /// # Ok::<(), nethttp::h1::EncodeError>(())
    /// ```
    #[must_use]
    pub const fn suffix(&self) -> &'static [u8] {
        self.suffix
    }

    /// Returns whether the piece itself must not be written, because the message may have no body.
    ///
    /// ```
    /// # use nethttp::h1::ResponseEncoder;
    /// # use nethttp::{HeaderMap, Method, StatusCode, Version};
    /// # let (headers, mut out) = (HeaderMap::new(), Vec::new());
    /// let encoder = ResponseEncoder::new(Method::HEAD, Version::HTTP_11);
    /// let mut body = encoder.encode(StatusCode::OK, None, &headers, None, &mut out)?;
    /// assert!(body.frame(26)?.discards()); // the answer to HEAD
    /// # Ok::<(), nethttp::h1::EncodeError>(())
    /// ```
    #[must_use]
    pub const fn discards(&self) -> bool {
        self.discards
    }
}

impl BodyEncoder {
    const fn new(mode: Mode) -> Self {
        Self { mode, keep_alive: true }
    }

    pub(super) const fn length(length: u64) -> Self {
        Self::new(Mode::Length(length))
    }

    pub(super) const fn chunked() -> Self {
        Self::new(Mode::Chunked)
    }

    pub(super) const fn until_close() -> Self {
        Self::new(Mode::UntilClose)
    }

    pub(super) const fn discard() -> Self {
        Self::new(Mode::Discard)
    }

    pub(super) const fn tunnel() -> Self {
        Self::new(Mode::Tunnel)
    }

    pub(super) const fn with_keep_alive(mut self, keep_alive: bool) -> Self {
        self.keep_alive = keep_alive;
        self
    }

    /// Returns whether the connection stays open after the message.
    ///
    /// ```
    /// # use nethttp::h1::ResponseEncoder;
    /// # use nethttp::{HeaderMap, Method, StatusCode, Version};
    /// # let (headers, mut out) = (HeaderMap::new(), Vec::new());
    /// let old = ResponseEncoder::new(Method::GET, Version::HTTP_10);
    /// let body = old.encode(StatusCode::OK, None, &headers, None, &mut out)?;
    /// assert!(!body.keep_alive()); // only the end of the connection ends the body
    /// # Ok::<(), nethttp::h1::EncodeError>(())
    /// ```
    #[must_use]
    pub const fn keep_alive(&self) -> bool {
        self.keep_alive
    }

    /// Returns whether the message turns the connection over to another protocol.
    ///
    /// ```
    /// # use nethttp::h1::ResponseEncoder;
    /// # use nethttp::{HeaderMap, Method, StatusCode, Version};
    /// # let (headers, mut out) = (HeaderMap::new(), Vec::new());
    /// let encoder = ResponseEncoder::new(Method::CONNECT, Version::HTTP_11);
    /// let body = encoder.encode(StatusCode::OK, None, &headers, None, &mut out)?;
    /// assert!(body.is_tunnel()); // from here on, bytes go through as they are
    /// # Ok::<(), nethttp::h1::EncodeError>(())
    /// ```
    #[must_use]
    pub const fn is_tunnel(&self) -> bool {
        matches!(self.mode, Mode::Tunnel)
    }

    /// Returns whether no data goes onto the wire: the message may have none, or all of it is out.
    ///
    /// ```
    /// use nethttp::h1::ResponseEncoder;
    /// use nethttp::{HeaderMap, Method, StatusCode, Version};
    ///
    /// let to_head = ResponseEncoder::new(Method::HEAD, Version::HTTP_11);
    /// let body = to_head.encode(StatusCode::OK, None, &HeaderMap::new(), None, &mut Vec::new())?;
    /// assert!(body.is_empty());
    /// # Ok::<(), nethttp::h1::EncodeError>(())
    /// ```
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        matches!(self.mode, Mode::Length(0) | Mode::Discard | Mode::Finished)
    }

    /// Returns the framing of the next piece, which is that many bytes long.
    ///
    /// # Errors
    ///
    /// [`BodyTooLong`](super::EncodeErrorKind::BodyTooLong) if the body grows beyond its announced
    /// length; [`State`](super::EncodeErrorKind::State) if it was finished.
    ///
    /// ```
    /// # use nethttp::h1::ResponseEncoder;
    /// # use nethttp::{HeaderMap, Method, StatusCode, Version};
    /// # let (headers, mut out) = (HeaderMap::new(), Vec::new());
    /// let encoder = ResponseEncoder::new(Method::GET, Version::HTTP_11);
    /// let mut body = encoder.encode(StatusCode::OK, None, &headers, None, &mut out)?;
    /// out.clear(); // the head is on its way
    /// let piece = b"hello";
    /// let frame = body.frame(piece.len())?;
    /// for part in [frame.prefix(), piece, frame.suffix()] {
    ///     out.extend_from_slice(part); // or a vectored write
    /// }
    /// assert_eq!(out, b"5\r\nhello\r\n");
    /// # Ok::<(), nethttp::h1::EncodeError>(())
    /// ```
    pub fn frame(&mut self, len: usize) -> Result<Frame, EncodeError> {
        let len = u64::try_from(len).map_err(|_| EncodeError::new(Kind::BodyTooLong))?;
        match &mut self.mode {
            Mode::Finished => Err(EncodeError::new(Kind::State)),
            Mode::Length(left) => match left.checked_sub(len) {
                Some(rest) => {
                    *left = rest;
                    Ok(Frame::BARE)
                }
                None => Err(EncodeError::new(Kind::BodyTooLong)),
            },
            // An empty chunk would end the body.
            Mode::Chunked if len > 0 => Ok(Frame::chunk(len)),
            Mode::Chunked | Mode::UntilClose | Mode::Tunnel => Ok(Frame::BARE),
            Mode::Discard => Ok(Frame { discards: true, ..Frame::BARE }),
        }
    }

    /// Appends a piece of the body with its framing.
    ///
    /// # Errors
    ///
    /// As for [`frame`](Self::frame); nothing is appended then.
    ///
    /// ```
    /// # use nethttp::h1::ResponseEncoder;
    /// # use nethttp::{HeaderMap, Method, StatusCode, Version};
    /// # let (headers, mut out) = (HeaderMap::new(), Vec::new());
    /// let encoder = ResponseEncoder::new(Method::GET, Version::HTTP_11);
    /// let mut body = encoder.encode(StatusCode::OK, None, &headers, Some(5), &mut out)?;
    /// body.data(b"hel", &mut out)?;
    /// assert!(body.data(b"lo!", &mut out).is_err()); // five bytes were announced
    /// assert!(out.ends_with(b"\r\n\r\nhel"));
    /// # Ok::<(), nethttp::h1::EncodeError>(())
    /// ```
    pub fn data(&mut self, data: &[u8], out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let frame = self.frame(data.len())?;
        if !frame.discards {
            out.extend_from_slice(frame.prefix());
            out.extend_from_slice(data);
            out.extend_from_slice(frame.suffix);
        }
        Ok(())
    }

    /// Ends the body; appends what the framing needs for that, with the trailers of a chunked body.
    ///
    /// Trailers of a body that is not chunked are dropped: there is no place for them.
    ///
    /// # Errors
    ///
    /// [`BodyTooShort`](super::EncodeErrorKind::BodyTooShort) if less came than was announced;
    /// [`Trailer`](super::EncodeErrorKind::Trailer) for a field that may not come in trailers
    /// ([RFC 9110 §6.5.1](https://www.rfc-editor.org/rfc/rfc9110#section-6.5.1)).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::h1::{EncodeErrorKind, encode_request};
    /// use nethttp::{HeaderMap, Method};
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("Host", "a").expect("a valid field");
    /// let mut out = Vec::new();
    /// let mut body = encode_request(Method::PUT, b"/", &headers, Some(3), &mut out)?;
    /// body.data(b"ab", &mut out)?;
    /// let error = body.finish(&HeaderMap::new(), &mut out).unwrap_err();
    /// assert_eq!(error.kind(), EncodeErrorKind::BodyTooShort);
    /// # Ok::<(), nethttp::h1::EncodeError>(())
    /// ```
    pub fn finish(&mut self, trailers: &HeaderMap, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        match self.mode {
            Mode::Finished => return Err(EncodeError::new(Kind::State)),
            Mode::Length(1..) => return Err(EncodeError::new(Kind::BodyTooShort)),
            Mode::Chunked => {
                if trailers.iter().any(|(name, _)| !is_trailer(name)) {
                    return Err(EncodeError::new(Kind::Trailer));
                }
                out.extend_from_slice(b"0\r\n");
                trailers.lines().for_each(|(name, value)| field(name, value, out));
                out.extend_from_slice(b"\r\n");
            }
            Mode::Length(0) | Mode::UntilClose | Mode::Discard | Mode::Tunnel => {}
        }
        self.mode = Mode::Finished;
        Ok(())
    }
}

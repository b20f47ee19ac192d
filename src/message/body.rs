//! The content of a message, wherever it comes from.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::mem;
use core::ops::Range;

#[cfg(feature = "std")]
use std::{
    boxed::Box,
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    sync::{Arc, Mutex, OnceLock},
};

#[cfg(feature = "std")]
use crate::field::ByteRanges;
#[cfg(feature = "std")]
use crate::header::HeaderMap;

/// The content of a request or a response.
///
/// It is made from what is at hand (`&'static str`, `String`, `Vec<u8>`, or one of the constructors)
/// and read once: by `read_all`, `text`, or through `std::io::Read`.
///
/// # Examples
///
/// ```
/// use nethttp::Body;
///
/// let mut body = Body::from("hello");
/// assert_eq!(body.len(), Some(5));
/// assert_eq!(body.text()?, "hello");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Default)]
pub struct Body {
    content: Content,
    /// The most bytes that reading yields.
    limit: Option<u64>,
    read: u64,
    /// A client has received it.
    #[cfg(feature = "std")]
    is_of_response: bool,
    #[cfg(feature = "std")]
    trailers: Trailers,
}

/// The fields behind the content, which whoever reads that puts here at its end, if there are any.
#[cfg(feature = "std")]
pub(crate) type Trailers = Option<Arc<OnceLock<HeaderMap>>>;

/// What a body is made of.
#[derive(Default)]
#[cfg_attr(
    all(feature = "std", not(any(feature = "client", feature = "server"))),
    expect(dead_code, reason = "only client and server send bodies")
)]
pub(crate) enum Content {
    #[default]
    Empty,
    /// Bytes, of which that many have been read.
    Bytes(Cow<'static, [u8]>, usize),
    #[cfg(feature = "std")]
    File(File, Range<u64>),
    /// A reader and the number of bytes that it has left, if known. The lock is never taken: it makes
    /// a body, and with it an error that carries a response, `Sync`.
    #[cfg(feature = "std")]
    Reader(Mutex<Box<dyn Read + Send>>, Option<u64>),
    #[cfg(feature = "std")]
    Writer(Mutex<WriteBody>),
    #[cfg(feature = "std")]
    Upgrade(Mutex<Handover>),
}

#[cfg(feature = "std")]
type WriteBody = Box<dyn FnOnce(&mut dyn BodyWriter) -> io::Result<()> + Send>;
#[cfg(feature = "std")]
type Handover = Box<dyn FnOnce(&mut dyn Upgraded) -> io::Result<()> + Send>;

/// Where a [`Body::writer`] writes to: the connection, through the framing of the message.
///
/// What is written may wait in a buffer; [`flush`](std::io::Write::flush) sends it at once.
///
/// # Examples
///
/// ```
/// use nethttp::Body;
/// use nethttp::message::BodyWriter;
///
/// let events = Body::writer(|out: &mut dyn BodyWriter| {
///     for n in 0..3 {
///         write!(out, "data: {n}\n\n")?;
///         out.flush()?;
///     }
///     Ok(())
/// });
/// assert_eq!(events.len(), None);
/// ```
#[cfg(feature = "std")]
pub trait BodyWriter: Write {
    /// Returns the trailers, which are sent behind the body if its framing has a place for them.
    fn trailers(&mut self) -> &mut HeaderMap;
}

/// A connection that no longer speaks HTTP: after `101 Switching Protocols`, or through a tunnel.
///
/// # Examples
///
/// ```
/// use nethttp::message::Upgraded;
/// use nethttp::{Body, Response, StatusCode};
///
/// let echo = Body::upgrade(|stream: &mut dyn Upgraded| {
///     let mut line = [0; 64];
///     let len = stream.read(&mut line)?;
///     stream.write_all(&line[..len])
/// });
/// let response = Response::new(StatusCode::SWITCHING_PROTOCOLS)
///     .with_header("Upgrade", "echo")?
///     .with_body(echo);
/// # Ok::<(), nethttp::header::HeaderError>(())
/// ```
#[cfg(feature = "std")]
pub trait Upgraded: Read + Write + Send {}

#[cfg(feature = "std")]
impl<T: Read + Write + Send> Upgraded for T {}

/// A body is longer than its reader permits.
///
/// A server answers it with `413 Content Too Large`, unless it is about a response that a handler has asked others for.
///
/// # Examples
///
/// ```
/// use nethttp::Body;
/// use nethttp::message::BodyTooLarge;
///
/// let mut body = Body::from("0123456789");
/// body.set_limit(Some(4));
/// let error = body.text().unwrap_err();
/// assert!(error.get_ref().is_some_and(|e| e.is::<BodyTooLarge>()));
/// assert_eq!(error.to_string(), "expected a body of at most 4 bytes");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BodyTooLarge {
    /// The most bytes that were permitted.
    pub limit: u64,
    is_of_response: bool,
}

impl BodyTooLarge {
    /// Returns whether a client has received it: no server answers 413 to someone who has not sent it.
    #[cfg(feature = "std")]
    pub(crate) const fn is_of_response(&self) -> bool {
        self.is_of_response
    }
}

impl fmt::Display for BodyTooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected a body of at most {} bytes", self.limit)
    }
}

impl core::error::Error for BodyTooLarge {}

/// Content that was to be text is none.
#[cfg(feature = "std")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct NotText {
    /// The bytes before that are good.
    offset: usize,
    is_of_response: bool,
}

#[cfg(feature = "std")]
impl NotText {
    /// Returns whether a client has received it: whoever a server answers has not sent it.
    pub(crate) const fn is_of_response(&self) -> bool {
        self.is_of_response
    }
}

#[cfg(feature = "std")]
impl fmt::Display for NotText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected text in UTF-8 at byte {}", self.offset)
    }
}

#[cfg(feature = "std")]
impl core::error::Error for NotText {}

impl Body {
    /// What `read_all` and `text` collect at most when no limit is set: 64 MiB.
    ///
    /// ```
    /// use nethttp::Body;
    ///
    /// // What announces to be longer is refused before any of it is read.
    /// let mut long = Body::reader(std::io::empty(), Some(Body::COLLECT_LIMIT + 1));
    /// assert!(long.read_all().is_err());
    /// ```
    pub const COLLECT_LIMIT: u64 = 64 << 20;

    /// Creates a body without content.
    ///
    /// ```
    /// assert_eq!(nethttp::Body::empty().len(), Some(0));
    /// ```
    #[must_use]
    pub const fn empty() -> Self {
        Self::new(Content::Empty)
    }

    pub(crate) const fn new(content: Content) -> Self {
        Self {
            content,
            limit: None,
            read: 0,
            #[cfg(feature = "std")]
            is_of_response: false,
            #[cfg(feature = "std")]
            trailers: None,
        }
    }

    /// Creates a body from a part of a file, which is read while it is sent. The range is in bytes and
    /// must lie within the file.
    ///
    /// ```no_run
    /// let file = std::fs::File::open("index.html")?;
    /// let len = file.metadata()?.len();
    /// let body = nethttp::Body::file(file, 0..len);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[cfg(feature = "std")]
    #[must_use]
    pub const fn file(file: File, range: Range<u64>) -> Self {
        Self::new(Content::File(file, range))
    }

    /// Creates a body from a reader. `len` is the number of bytes that it yields, if known; it must be
    /// right, or the message is broken off.
    ///
    /// ```
    /// use nethttp::Body;
    ///
    /// let body = Body::reader(std::io::repeat(b'x'), None);
    /// assert_eq!(body.len(), None);
    /// ```
    #[cfg(feature = "std")]
    #[must_use]
    pub fn reader(reader: impl Read + Send + 'static, len: Option<u64>) -> Self {
        Self::new(Content::Reader(Mutex::new(Box::new(reader)), len))
    }

    /// Creates a body that writes itself, on the thread that sends it, once the head is out.
    ///
    /// ```
    /// let body = nethttp::Body::writer(|out| out.write_all(b"hello"));
    /// assert_eq!(body.len(), None);
    /// ```
    #[cfg(feature = "std")]
    #[must_use]
    pub fn writer(
        write: impl FnOnce(&mut dyn BodyWriter) -> io::Result<()> + Send + 'static,
    ) -> Self {
        Self::new(Content::Writer(Mutex::new(Box::new(write))))
    }

    /// Creates the body of a response that turns the connection over to another protocol: `101
    /// Switching Protocols`, or a success in answer to CONNECT. The function is called once the head is
    /// out, and the connection is closed when it returns. Reading from the stream waits for as long as the
    /// client likes, since that protocol's deadlines are its own; a client that does not read is waited for no longer
    /// than by any other response.
    ///
    /// ```
    /// let body = nethttp::Body::upgrade(|stream| stream.write_all(b"no longer HTTP"));
    /// assert_eq!(body.len(), Some(0));
    /// ```
    #[cfg(feature = "std")]
    #[must_use]
    pub fn upgrade(
        handover: impl FnOnce(&mut dyn Upgraded) -> io::Result<()> + Send + 'static,
    ) -> Self {
        Self::new(Content::Upgrade(Mutex::new(Box::new(handover))))
    }

    /// Says that it is what a client has received.
    #[cfg(feature = "client")]
    pub(crate) const fn of_response(mut self) -> Self {
        self.is_of_response = true;
        self
    }

    /// Returns how many bytes are left to read, if that is known.
    ///
    /// ```
    /// assert_eq!(nethttp::Body::from(vec![0; 10]).len(), Some(10));
    /// ```
    #[must_use]
    pub fn len(&self) -> Option<u64> {
        match &self.content {
            Content::Empty => Some(0),
            Content::Bytes(bytes, at) => u64::try_from(bytes.len().saturating_sub(*at)).ok(),
            #[cfg(feature = "std")]
            Content::File(_, range) => Some(range.end.saturating_sub(range.start)),
            #[cfg(feature = "std")]
            Content::Reader(_, len) => *len,
            #[cfg(feature = "std")]
            Content::Writer(_) => None,
            #[cfg(feature = "std")]
            Content::Upgrade(_) => Some(0),
        }
    }

    /// Returns whether it is known that nothing is left to read.
    ///
    /// ```
    /// assert!(nethttp::Body::from("").is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// Sets the most bytes that reading may yield, from now on; `None` is no limit.
    ///
    /// A server's request has the server's limit, 2 MiB by default, which a handler that expects more
    /// raises here before it reads.
    ///
    /// ```
    /// let mut body = nethttp::Body::from("hello");
    /// body.set_limit(Some(5));
    /// assert!(body.text().is_ok());
    /// ```
    pub const fn set_limit(&mut self, limit: Option<u64>) {
        self.limit = limit;
        self.read = 0;
    }

    /// Returns the limit.
    ///
    /// ```
    /// assert_eq!(nethttp::Body::empty().limit(), None);
    /// ```
    #[must_use]
    pub const fn limit(&self) -> Option<u64> {
        self.limit
    }

    /// Returns the trailers, the fields behind the content,
    /// [RFC 9110 §6.5](https://www.rfc-editor.org/rfc/rfc9110#section-6.5): once the content has been read to its
    /// end, if there are any. Those that say how a message is to be read, or who sends it, are not among them.
    ///
    /// ```
    /// use nethttp::{Request, StatusCode};
    ///
    /// fn upload(request: &mut Request) -> nethttp::Result<StatusCode> {
    ///     let bytes = request.body_mut().read_all()?;
    ///     let trailers = request.body().trailers();
    ///     let digest = trailers.and_then(|trailers| trailers.text("Content-Digest"));
    ///     println!("{} bytes, {digest:?}", bytes.len());
    ///     Ok(StatusCode::CREATED)
    /// }
    ///
    /// assert_eq!(upload(&mut Request::default())?, StatusCode::CREATED);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[cfg(feature = "std")]
    #[must_use]
    pub fn trailers(&self) -> Option<&HeaderMap> {
        self.trailers.as_ref()?.get()
    }

    /// Returns where its trailers are put, for a body that is made of this one.
    #[cfg(feature = "server")]
    pub(crate) fn trailers_to_come(&self) -> Trailers {
        self.trailers.clone()
    }

    /// Has the trailers that are put there.
    #[cfg(feature = "server")]
    pub(crate) fn with_trailers(mut self, trailers: Trailers) -> Self {
        self.trailers = trailers;
        self
    }

    /// Returns how many bytes reading may still yield.
    #[cfg(feature = "server")]
    pub(crate) fn limit_left(&self) -> Option<u64> {
        self.limit.map(|limit| limit.saturating_sub(self.read))
    }

    /// Takes the body out and leaves an empty one.
    ///
    /// ```
    /// let mut body = nethttp::Body::from("hello");
    /// assert!(!body.take().is_empty() && body.is_empty());
    /// ```
    #[must_use]
    pub fn take(&mut self) -> Self {
        mem::take(self)
    }

    /// Returns how many bytes are left, if any part of them can be had without the others.
    pub(super) fn divisible_len(&self) -> Option<u64> {
        match &self.content {
            Content::Empty | Content::Bytes(..) => self.len(),
            #[cfg(feature = "std")]
            Content::File(..) => self.len(),
            #[cfg(feature = "std")]
            Content::Reader(..) | Content::Writer(_) | Content::Upgrade(_) => None,
        }
    }

    /// Leaves a part of what is left to read. It must lie within that, and the body be divisible.
    pub(super) fn into_part(mut self, part: Range<u64>) -> Self {
        match &mut self.content {
            Content::Bytes(bytes, at) => {
                let position =
                    |of: u64| usize::try_from(of).unwrap_or(usize::MAX).saturating_add(*at);
                let (start, end) = (position(part.start), position(part.end));
                match bytes {
                    Cow::Borrowed(bytes) => *bytes = bytes.get(..end).unwrap_or(bytes),
                    Cow::Owned(bytes) => bytes.truncate(end),
                }
                *at = start.min(bytes.len());
            }
            #[cfg(feature = "std")]
            Content::File(_, range) => {
                let position = |of: u64| range.start.saturating_add(of).min(range.end);
                *range = position(part.start)..position(part.end);
            }
            _ => {}
        }
        self
    }

    /// Puts parts of what is left to read into frames. They must lie within that, and the body be
    /// divisible.
    #[cfg(feature = "std")]
    pub(super) fn into_framed(self, frames: ByteRanges) -> Self {
        let len = Some(frames.content_length());
        match self.content {
            Content::Bytes(bytes, at) => {
                let start = u64::try_from(at).unwrap_or(u64::MAX);
                Self::reader(frames.into_reader(Tail { whole: io::Cursor::new(bytes), start }), len)
            }
            Content::File(file, range) => {
                Self::reader(frames.into_reader(Tail { whole: file, start: range.start }), len)
            }
            content => Self::new(content),
        }
    }

    /// Returns what the body is made of.
    #[cfg(any(feature = "client", feature = "server"))]
    pub(crate) fn into_content(self) -> Content {
        self.content
    }

    /// Reads a file of at most so many bytes into memory; any other body stays what it is.
    #[cfg(feature = "server")]
    pub(crate) fn load_file(&mut self, most: u64) -> io::Result<()> {
        if matches!(self.content, Content::File(..)) && self.len().is_some_and(|len| len <= most) {
            *self = self.read_all()?.into();
        }
        Ok(())
    }

    /// Returns whether the body can be sent more than once.
    #[cfg(feature = "client")]
    pub(crate) const fn is_replayable(&self) -> bool {
        matches!(self.content, Content::Empty | Content::Bytes(..) | Content::File(..))
    }

    /// Returns the same body once more, if it is a file; the two do not disturb each other as long as one
    /// is read after the other.
    #[cfg(feature = "client")]
    pub(crate) fn second_file(&self) -> Option<Self> {
        let Content::File(file, range) = &self.content else { return None };
        let content = Content::File(file.try_clone().ok()?, range.clone());
        Some(Self { limit: self.limit, read: self.read, ..Self::new(content) })
    }

    /// Returns the bytes that are left, if the body is made of bytes.
    #[cfg(any(feature = "client", feature = "server"))]
    pub(crate) fn as_bytes(&self) -> Option<&[u8]> {
        match &self.content {
            Content::Empty => Some(b""),
            Content::Bytes(bytes, at) => bytes.get(*at..),
            #[cfg(feature = "std")]
            _ => None,
        }
    }
}

#[cfg(feature = "std")]
impl Body {
    /// Reads the rest of the body.
    ///
    /// # Errors
    ///
    /// [`BodyTooLarge`], inside of an [`io::Error`], beyond the limit or, if there is none, beyond
    /// [`COLLECT_LIMIT`](Self::COLLECT_LIMIT); and what the source reports. Nothing is allocated for
    /// bytes that have only been announced.
    ///
    /// ```
    /// assert_eq!(nethttp::Body::from("hello").read_all()?, b"hello");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn read_all(&mut self) -> io::Result<Vec<u8>> {
        if self.limit.is_none() {
            self.set_limit(Some(Self::COLLECT_LIMIT));
        }
        let mut bytes = Vec::new();
        self.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Reads the rest of the body as UTF-8.
    ///
    /// # Errors
    ///
    /// As for [`read_all`](Self::read_all), and [`InvalidData`](io::ErrorKind::InvalidData) if it is not
    /// UTF-8.
    ///
    /// ```
    /// assert_eq!(nethttp::Body::from("hello").text()?, "hello");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn text(&mut self) -> io::Result<String> {
        let is_of_response = self.is_of_response;
        String::from_utf8(self.read_all()?).map_err(|error| {
            let error = NotText { offset: error.utf8_error().valid_up_to(), is_of_response };
            io::Error::new(io::ErrorKind::InvalidData, error)
        })
    }

    fn check_limit(&self) -> io::Result<u64> {
        let Some(limit) = self.limit else {
            return Ok(u64::MAX);
        };
        let left = limit.checked_sub(self.read).ok_or_else(|| self.too_large(limit))?;
        // What is announced to be too much is not read at all.
        match self.len() {
            Some(len) if len > left => Err(self.too_large(limit)),
            _ => Ok(left),
        }
    }

    fn too_large(&self, limit: u64) -> io::Error {
        let error = BodyTooLarge { limit, is_of_response: self.is_of_response };
        io::Error::new(io::ErrorKind::FileTooLarge, error)
    }
}

/// Reading a body that writes itself, or hands the connection over, is an error: it has no content
/// before it is sent.
#[cfg(feature = "std")]
impl Read for Body {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        // One byte beyond the limit is asked for, to tell a body that ends at it from a longer one.
        let left = usize::try_from(self.check_limit()?.saturating_add(1)).unwrap_or(usize::MAX);
        let buf = match buf.split_at_mut_checked(left) {
            Some((buf, _)) => buf,
            None => buf,
        };
        let len = match &mut self.content {
            Content::Empty => 0,
            Content::Bytes(bytes, at) => {
                let len = bytes.get(*at..).unwrap_or_default().read(buf)?;
                *at += len;
                len
            }
            Content::File(file, range) => read_range(file, range, buf)?,
            Content::Reader(reader, left) => {
                let reader = reader.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner);
                let len = reader.read(buf)?;
                if let Some(left) = left {
                    *left = left.saturating_sub(u64::try_from(len).unwrap_or(u64::MAX));
                }
                len
            }
            Content::Writer(_) | Content::Upgrade(_) => {
                let text = "expected a body with content, found one that is written when sent";
                return Err(io::Error::new(io::ErrorKind::Unsupported, text));
            }
        };
        self.read = self.read.saturating_add(u64::try_from(len).unwrap_or(u64::MAX));
        match self.limit {
            Some(limit) if self.read > limit => Err(self.too_large(limit)),
            _ => Ok(len),
        }
    }
}

/// What can seek, from some position on.
#[cfg(feature = "std")]
struct Tail<R> {
    whole: R,
    start: u64,
}

#[cfg(feature = "std")]
impl<R: Read> Read for Tail<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.whole.read(buf)
    }
}

#[cfg(feature = "std")]
impl<R: Seek> Seek for Tail<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::Start(to) => SeekFrom::Start(to.saturating_add(self.start)),
            to => to,
        };
        self.whole.seek(to).map(|at| at.saturating_sub(self.start))
    }
}

/// Reads the next bytes of a range of a file. The file's own position is not relied upon.
#[cfg(feature = "std")]
fn read_range(file: &mut File, range: &mut Range<u64>, buf: &mut [u8]) -> io::Result<usize> {
    let left = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(usize::MAX);
    let buf = match buf.split_at_mut_checked(left) {
        Some((buf, _)) => buf,
        None => buf,
    };
    file.seek(SeekFrom::Start(range.start))?;
    let len = file.read(buf)?;
    if len == 0 && !buf.is_empty() {
        let text = "expected more of the file, found its end";
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, text));
    }
    range.start += u64::try_from(len).unwrap_or_default();
    Ok(len)
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.content {
            Content::Empty => "empty",
            Content::Bytes(..) => "bytes",
            #[cfg(feature = "std")]
            Content::File(..) => "file",
            #[cfg(feature = "std")]
            Content::Reader(..) => "reader",
            #[cfg(feature = "std")]
            Content::Writer(..) => "writer",
            #[cfg(feature = "std")]
            Content::Upgrade(..) => "upgrade",
        };
        write!(f, "Body({kind}, {:?})", self.len())
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(Content::Bytes(Cow::Owned(bytes), 0))
    }
}

impl From<&'static [u8]> for Body {
    fn from(bytes: &'static [u8]) -> Self {
        Self::new(Content::Bytes(Cow::Borrowed(bytes), 0))
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self::from(text.into_bytes())
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Self::from(text.as_bytes())
    }
}

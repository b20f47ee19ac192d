//! The content of a message, wherever it comes from.

mod content;
mod error;
mod part;
#[cfg(feature = "std")]
mod read;

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::mem;

#[cfg(feature = "std")]
use std::{
    boxed::Box,
    format,
    fs::File,
    io::{self, Read},
    ops::Range,
    path::Path,
    sync::{Arc, Mutex, OnceLock},
};

pub(crate) use self::content::Content;
#[cfg(feature = "std")]
pub use self::content::{BodyWriter, Upgraded};
pub use self::error::BodyTooLarge;
#[cfg(feature = "server")]
pub(crate) use self::read::read_at;
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
    /// Makes it once more.
    #[cfg(feature = "std")]
    again: Option<Arc<MakeBody>>,
    /// It is still to be made: by whoever needs it first.
    #[cfg(feature = "std")]
    is_due: bool,
}

#[cfg(feature = "std")]
type MakeBody = dyn Fn() -> io::Result<Body> + Send + Sync;

/// Where a body that has been sent can be had from once more.
#[cfg(feature = "client")]
pub(crate) enum Spare {
    None,
    Same(Body),
    Made(Arc<MakeBody>),
}

#[cfg(feature = "client")]
impl Spare {
    /// Returns the body, if it can be had.
    pub(crate) fn into_body(self) -> Option<Body> {
        match self {
            Self::None => None,
            Self::Same(body) => Some(body),
            Self::Made(again) => {
                Some(Body { again: Some(again), is_due: true, ..Body::new(Content::Empty) })
            }
        }
    }
}

/// The fields behind the content, which whoever reads that puts here at its end, if there are any.
#[cfg(feature = "std")]
pub(crate) type Trailers = Option<Arc<OnceLock<HeaderMap>>>;

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
            #[cfg(feature = "std")]
            again: None,
            #[cfg(feature = "std")]
            is_due: false,
        }
    }

    /// Creates a body from a file, which is opened now and read while it is sent.
    ///
    /// The length of a regular file is taken now. If the file is shorter by the time that it is sent, sending fails. Of
    /// anything else, such as a pipe, the length is not known, and a client cannot send it again.
    ///
    /// # Errors
    ///
    /// That of opening the file, and [`IsADirectory`](io::ErrorKind::IsADirectory). Both name the path.
    ///
    /// ```
    /// let body = nethttp::Body::open("Cargo.toml")?;
    /// assert!(body.len().is_some_and(|len| len > 0));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[cfg(feature = "std")]
    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let opened = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
        let named =
            |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        let (metadata, file) = opened.map_err(named)?;
        if metadata.is_dir() {
            let text = format!("{}: expected a file, found a directory", path.display());
            return Err(io::Error::new(io::ErrorKind::IsADirectory, text));
        }
        Ok(match metadata.is_file() {
            true => Self::file(file, 0..metadata.len()),
            false => Self::reader(file, None),
        })
    }

    /// Creates a body from a part of a file, which is read while it is sent. The range is in bytes and
    /// must lie within the file. For the whole of one there is [`open`](Self::open).
    ///
    /// ```no_run
    /// let file = std::fs::File::open("photos.zip")?;
    /// let body = nethttp::Body::file(file, 1024..4096);
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

    /// Creates a body that can be made as often as it has to be sent: a client sends it again after a redirect, to a server that
    /// asks who this is, or with a retry. Bodies of bytes and of files can be sent again anyhow.
    ///
    /// # Errors
    ///
    /// What the function reports when it is called the first time, which is at once.
    ///
    /// ```no_run
    /// use nethttp::Body;
    /// use std::fs::File;
    ///
    /// # fn encrypted(file: File) -> File { file }
    /// let body = Body::replayable(|| Ok(Body::reader(encrypted(File::open("report.pdf")?), None)))?;
    /// let response = nethttp::put("http://example.org/report").body(body).send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[cfg(feature = "std")]
    pub fn replayable(
        make: impl Fn() -> io::Result<Self> + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let mut body = make()?;
        body.again = Some(Arc::new(make));
        Ok(body)
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
    /// than by any other response, and writing to it fails with [`TimedOut`](io::ErrorKind::TimedOut).
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

    /// Returns whether it is what a client has received.
    #[cfg(feature = "std")]
    pub(super) const fn is_of_response(&self) -> bool {
        self.is_of_response
    }

    /// Returns how many bytes are left to read, if that is known.
    ///
    /// ```
    /// assert_eq!(nethttp::Body::from(vec![0; 10]).len(), Some(10));
    /// ```
    #[must_use]
    pub fn len(&self) -> Option<u64> {
        match &self.content {
            #[cfg(feature = "std")]
            _ if self.is_due => None,
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
    #[cfg(any(feature = "client", feature = "server"))]
    pub(crate) fn trailers_to_come(&self) -> Trailers {
        self.trailers.clone()
    }

    /// Has the trailers that are put there.
    #[cfg(any(feature = "client", feature = "server"))]
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

    /// Returns what the body is made of.
    #[cfg(any(feature = "client", feature = "server"))]
    pub(crate) fn into_content(mut self) -> Content {
        match self.make() {
            Ok(()) => self.content,
            Err(error) => Content::Reader(Mutex::new(Box::new(read::Failed(Some(error)))), None),
        }
    }

    /// Makes the content, if that is still to be done.
    #[cfg(feature = "std")]
    pub(crate) fn make(&mut self) -> io::Result<()> {
        if self.is_due {
            // A limit that was set meanwhile is of what is read.
            let limit = self.limit;
            *self = self.made()?;
            self.limit = limit.or(self.limit);
        }
        Ok(())
    }

    /// Returns the same body once more.
    #[cfg(feature = "std")]
    fn made(&self) -> io::Result<Self> {
        let Some(again) = &self.again else {
            let text = "expected a body that can be made once more";
            return Err(io::Error::new(io::ErrorKind::Unsupported, text));
        };
        Ok(Self { again: Some(Arc::clone(again)), ..again()? })
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
            || self.again.is_some()
    }

    /// Returns what is left of the body once more, unless it can be read only once.
    pub(crate) fn try_clone(&self) -> Option<Self> {
        let content = match &self.content {
            #[cfg(feature = "std")]
            Content::Empty if self.is_due => return self.made().ok(),
            Content::Empty => Content::Empty,
            Content::Bytes(bytes, at) => Content::Bytes(bytes.clone(), *at),
            #[cfg(feature = "std")]
            Content::File(file, range) if self.again.is_none() => {
                Content::File(file.try_clone().ok()?, range.clone())
            }
            #[cfg(feature = "std")]
            _ => return self.made().ok(),
        };
        Some(Self { limit: self.limit, read: self.read, ..Self::new(content) })
    }

    /// Returns what the same body can be had from once more, whatever becomes of this one.
    #[cfg(feature = "client")]
    pub(crate) fn original(&self) -> Spare {
        match &self.content {
            Content::Empty | Content::Bytes(..) if !self.is_due => {
                self.try_clone().map_or(Spare::None, Spare::Same)
            }
            _ => self.spare(),
        }
    }

    /// Returns what the same body can be had from once more, when it has been sent.
    #[cfg(feature = "client")]
    pub(crate) fn spare(&self) -> Spare {
        match (&self.content, &self.again) {
            (_, Some(again)) => Spare::Made(Arc::clone(again)),
            (Content::File(..), None) => self.try_clone().map_or(Spare::None, Spare::Same),
            _ => Spare::None,
        }
    }

    /// Returns the bytes that are left, if the body is made of bytes.
    #[cfg(any(feature = "client", feature = "server"))]
    pub(crate) fn as_bytes(&self) -> Option<&[u8]> {
        match &self.content {
            #[cfg(feature = "std")]
            _ if self.is_due => None,
            Content::Empty => Some(b""),
            Content::Bytes(bytes, at) => bytes.get(*at..),
            #[cfg(feature = "std")]
            _ => None,
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.content {
            #[cfg(feature = "std")]
            _ if self.is_due => "to be made",
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

#[cfg(all(test, feature = "std"))]
mod tests {
    use super::*;
    use std::string::ToString;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[test]
    fn a_file_is_opened_with_its_length() {
        let path = std::env::temp_dir().join(format!("nethttp-body-{}", std::process::id()));
        std::fs::write(&path, "hello").unwrap();
        let mut body = Body::open(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(format!("{body:?}"), "Body(file, Some(5))");
        assert_eq!(body.text().unwrap(), "hello");
    }

    #[test]
    fn what_can_be_read_again_is_there_twice() {
        let mut read = Body::from("hello");
        read.read_exact(&mut [0; 2]).unwrap();
        let file = File::open("Cargo.toml").unwrap();
        let made = || Ok(Body::reader(io::Cursor::new("hello"), None));
        for (body, expected) in [
            (Body::empty(), Some("")),
            (Body::from("hello"), Some("hello")),
            (Body::from(String::from("hello")), Some("hello")),
            (read, Some("llo")),
            (Body::file(file, 1..8), Some("package")),
            (Body::replayable(made).unwrap(), Some("hello")),
            (Body::reader(io::Cursor::new("hello"), Some(5)), None),
            (Body::writer(|out| out.write_all(b"hello")), None),
            (Body::upgrade(|_| Ok(())), None),
        ] {
            let mut body = body;
            let mut clones = [body.try_clone(), body.try_clone().and_then(|it| it.try_clone())];
            for clone in &mut clones {
                let text = clone.as_mut().map(|clone| clone.text().unwrap());
                assert_eq!(text.as_deref(), expected, "{body:?}");
            }
            if let Some(expected) = expected {
                assert_eq!(body.text().unwrap(), expected);
            }
        }
        let is_gone = AtomicBool::new(false);
        let once = move || match is_gone.swap(true, Ordering::Relaxed) {
            true => Err(io::Error::other("gone")),
            false => Ok(Body::reader(io::Cursor::new("hello"), None)),
        };
        assert!(Body::replayable(once).unwrap().try_clone().is_none());
    }

    #[cfg(feature = "client")]
    #[test]
    fn what_is_still_to_be_made_is_made_when_it_is_needed_and_keeps_its_limit() {
        let due = || {
            let made = || Ok(Body::reader(io::repeat(b'x'), None));
            Body::replayable(made).unwrap().spare().into_body().unwrap()
        };
        let mut body = due();
        assert_eq!((body.len(), body.is_empty(), body.as_bytes()), (None, false, None));
        assert_eq!(std::format!("{body:?}"), "Body(to be made, None)");
        body.set_limit(Some(3));
        let error = body.read_all().unwrap_err();
        assert_eq!(error.to_string(), "expected a body of at most 3 bytes");
        let mut piece = [0; 4];
        due().read_exact(&mut piece).unwrap();
        assert_eq!(piece, *b"xxxx");
        assert!(matches!(due().into_content(), Content::Reader(..)));
    }

    #[test]
    fn a_limit_goes_along() {
        let mut body = Body::from("hello");
        body.set_limit(Some(4));
        assert!(body.try_clone().unwrap().text().is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_is_shared_keeps_its_position() {
        use std::io::Seek;

        let mut file = File::open("Cargo.toml").unwrap();
        let shared = file.try_clone().unwrap();
        assert_eq!(Body::file(shared, 1..4).text().unwrap(), "pac");
        assert_eq!(file.stream_position().unwrap(), 0);
    }

    #[test]
    fn what_cannot_be_opened_is_named() {
        let error = Body::open("no/such file").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert!(error.to_string().starts_with("no/such file: "), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_regular_file_is_a_reader_or_an_error() {
        // Its length is 0 for the system, which says nothing.
        assert_eq!(Body::open("/dev/null").unwrap().len(), None);
        let error = Body::open("/dev").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::IsADirectory);
        assert_eq!(error.to_string(), "/dev: expected a file, found a directory");
    }
}

//! Downloads of a URL to a file: whole or not at all, gone on with where they broke off
//! ([RFC 9110 §13.1.5](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.5),
//! [RFC 9110 §14](https://www.rfc-editor.org/rfc/rfc9110#section-14)).
//!
//! ```no_run
//! let client = nethttp::Client::new();
//! let done = client.download("http://example.org/big.iso").to("big.iso").resume(true).send()?;
//! println!("{} bytes, {} of them from before", done.len, done.resumed_from);
//! # Ok::<(), nethttp::Error>(())
//! ```
//!
//! What to ask for and what an answer means is decided in `plan`, what is written down of a part in `note`, what that is
//! called in `name`, how far it is in `progress`; `store` has the files, and `run` the loop. Nothing here loads several parts at once, or one from several
//! servers.

pub(crate) mod name;
pub(crate) mod note;
pub(crate) mod plan;
mod progress;
mod run;
mod store;

use std::fmt;
use std::path::PathBuf;

pub use progress::Progress;
use run::Run;
use store::Way;

use super::config::Client;
use super::request::RequestBuilder;
use crate::error::{Error, ErrorKind};
use crate::message::Response;
use crate::syntax::Class;

/// A download that is being put together. It begins with [`send`](Self::send).
///
/// # Where it goes
///
/// To the file that [`to`](Self::to) names, in the place of one that is there; or into the folder that
/// [`into_dir`](Self::into_dir) names, which is the current one by default, under the name that the server or the URL gives
/// it, but not in the place of another file. [`overwrite`](Self::overwrite) says otherwise. Names from outside are made
/// [safe](crate::field::safe_file_name), and get a `_` at the end where they could be that of a part.
///
/// Links are followed, but from a name that the server chooses and with [`resume`](Self::resume) only within the folder. What
/// is neither a regular file nor nothing is an error.
///
/// Nobody sees half a file under its name: content goes to another one in the same folder, is brought to the disk when it is
/// complete, and then takes the name. On Unix it has the mode and the group of a file whose place it takes.
///
/// # What is gone on with
///
/// | | by default | [`resume`](Self::resume) | [`append`](Self::append) |
/// |---|---|---|---|
/// | content goes to | a file that is gone if it does not become complete | `NAME.partial.` and 32 digits | the file itself |
/// | beside it is | nothing | `NAME.partial` | the same, until it is complete |
/// | is gone on with | in the same call | by the next call, whatever has happened to this process | by the next call |
/// | only if the server | sends a strong tag, or a date that is as good | the same | the same, or the file was not begun here |
/// | otherwise, and if the file has changed | begins again | begins again | is an error, unless the file was begun here |
///
/// `NAME.partial` is a text for its owner's eyes: URL, validator, length. It is replaced as a whole, and believed only as a
/// whole, and on Unix only if it has the owner and the mode of one that is made now, `0600`, and if the part belongs to who
/// runs this and others cannot write to it. A file of that name that is
/// something else is left alone, and the download is an error. With the name that a server chooses, `NAME` is the one in
/// the URL. A part that is of no use, since there is no validator or the URL is another one, is removed by the next download
/// that begins.
///
/// Until the file is complete it is left to the system when content goes to the disk. After a crash of the system or a power
/// cut what is there may have holes, which nothing here sees but [`sha256`](Self::sha256): where that is not set, remove it.
///
/// The rest is asked for with `Range` and `If-Range`. It must be said to begin where the file ends, to be of a file as long
/// as before, and of the same version; if not, all of the file is asked for. A `416` that gives what is there as the
/// length of the whole completes it.
///
/// Two downloads to the same file at once do not disturb each other by default: the one that is complete last has the name.
/// With [`resume`](Self::resume) there is one part. Two of the same version of a URL go on with it, write the same bytes, and
/// one has the name. One that begins again, since the part is of another URL or has no validator or the file has changed,
/// removes it, and the download whose part that was may end with an error; never is content mixed. With
/// [`append`](Self::append) both write to the file itself, and nothing but its length is looked at in the end: that is for
/// the caller to avoid.
///
/// # What it asks for
///
/// `Accept-Encoding: identity`. Content that comes coded all the same is kept as it comes.
///
/// # Examples
///
/// ```no_run
/// use nethttp::Client;
///
/// let done = Client::new()
///     .download("http://example.org/big.iso")
///     .to("big.iso")
///     .resume(true)
///     .attempts(5)
///     .progress(|p| eprint!("\r{} of {:?}", p.received(), p.total()))
///     .send()?;
/// # Ok::<(), nethttp::Error>(())
/// ```
#[must_use = "nothing is downloaded before it is sent"]
pub struct Download<'a> {
    client: Client,
    url: String,
    path: Option<PathBuf>,
    folder: PathBuf,
    way: Way,
    overwrite: Option<bool>,
    attempts: u32,
    limit: Option<u64>,
    /// In lower case.
    sha256: Option<String>,
    set_up: Option<Box<SetUp<'a>>>,
    progress: Option<Box<Tell<'a>>>,
}

type SetUp<'a> = dyn Fn(RequestBuilder) -> RequestBuilder + 'a;
type Tell<'a> = dyn FnMut(&Progress) + 'a;

impl Client {
    /// Begins a download to a file.
    ///
    /// ```no_run
    /// let client = nethttp::Client::new();
    /// let done = client.download("http://example.org/big.iso").to("/tmp/big.iso").send()?;
    /// println!("{} has {} bytes", done.path.display(), done.len);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn download<'a>(&self, url: impl AsRef<str>) -> Download<'a> {
        Download {
            client: self.clone(),
            url: url.as_ref().to_owned(),
            path: None,
            folder: PathBuf::new(),
            way: Way::Once,
            overwrite: None,
            attempts: 1,
            limit: None,
            sha256: None,
            set_up: None,
            progress: None,
        }
    }
}

impl<'a> Download<'a> {
    /// Sets the file. One that is there is replaced, unless [`overwrite(false)`](Self::overwrite) is set.
    ///
    /// ```no_run
    /// # let client = nethttp::Client::new();
    /// client.download("http://example.org/list?page=1").to("lists/1.txt").send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn to(mut self, path: impl Into<PathBuf>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Sets the folder in which there will be a file of the name that the server gives it in Content-Disposition, or else
    /// the URL; or else `download`. One that is there is an error, unless [`overwrite(true)`](Self::overwrite) is set.
    ///
    /// ```no_run
    /// # let client = nethttp::Client::new();
    /// let done = client.download("http://example.org/export").into_dir("Downloads").send()?;
    /// println!("saved as {}", done.path.display());
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn into_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        (self.folder, self.path) = (folder.into(), None);
        self
    }

    /// Sets whether a file that is there is replaced: true for [`to`](Self::to) and false for
    /// [`into_dir`](Self::into_dir), unless this is called.
    ///
    /// ```no_run
    /// # let client = nethttp::Client::new();
    /// client.download("http://example.org/photo.jpg").to("photo.jpg").overwrite(false).send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn overwrite(mut self, overwrite: bool) -> Self {
        self.overwrite = Some(overwrite);
        self
    }

    /// Sets whether what there is of the file is kept when the download breaks off, by whatever, and the next one goes on
    /// with it: false by default.
    ///
    /// ```no_run
    /// # let client = nethttp::Client::new();
    /// // To be called again, also if this process is killed.
    /// client.download("http://example.org/big.iso").to("big.iso").resume(true).send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn resume(mut self, resume: bool) -> Self {
        self.way = if resume { Way::Kept } else { Way::Once };
        self
    }

    /// Sets whether the download continues the file itself, at its end, as `curl -C -` does: false by default. It stands in
    /// the place of [`resume`](Self::resume), and the file is seen while it grows.
    ///
    /// A file that was not begun like this is taken for the beginning of what is at the URL, as the caller says. If the
    /// server does not continue it, that is an error, and it stays as it is.
    ///
    /// ```no_run
    /// # let client = nethttp::Client::new();
    /// client.download("http://example.org/big.iso").to("big.iso").append(true).send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn append(mut self, append: bool) -> Self {
        self.way = if append { Way::InPlace } else { Way::Once };
        self
    }

    /// Sets how often in a row is tried what fails because of the connection, a time limit, or a server in trouble: 1 by
    /// default, which is not again. What has come further than ever before is the first in a row again.
    ///
    /// What is there is gone on with, where the server allows it. After which statuses, after how long, and how long in all is
    /// said by the [`Retry`](super::Retry) of the request or of the client, or else the default one. What that repeats of its
    /// own accord is one attempt here.
    ///
    /// ```no_run
    /// # let client = nethttp::Client::new();
    /// client.download("http://example.org/big.iso").to("big.iso").attempts(10).send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Sets how long the file may be, in bytes; there is no limit by default. One that is announced to be longer is not
    /// begun.
    ///
    /// ```no_run
    /// # let client = nethttp::Client::new();
    /// client.download("http://example.org/logo.png").to("logo.png").limit(1 << 20).send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn limit(mut self, len: u64) -> Self {
        self.limit = Some(len);
        self
    }

    /// Sets the SHA-256 that the file must have, in hexadecimal. One that has another is removed, or with
    /// [`append`](Self::append) left as it is, and the download is an error.
    ///
    /// ```no_run
    /// # let client = nethttp::Client::new();
    /// let digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    /// client.download("http://example.org/big.iso").to("big.iso").sha256(digest).send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn sha256(mut self, digest: impl AsRef<str>) -> Self {
        self.sha256 = Some(digest.as_ref().to_ascii_lowercase());
        self
    }

    /// Has a function called while content comes, at most ten times a second, and once at the end. A
    /// [`CancelToken`](super::CancelToken) stops the download from there.
    ///
    /// ```no_run
    /// use nethttp::client::CancelToken;
    ///
    /// # let client = nethttp::Client::new();
    /// let token = CancelToken::new();
    /// client
    ///     .download("http://example.org/big.iso")
    ///     .request(|request| request.cancel(&token))
    ///     .progress(|p| if p.elapsed().as_secs() > 60 { token.cancel() })
    ///     .send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn progress(mut self, tell: impl FnMut(&Progress) + 'a) -> Self {
        self.progress = Some(Box::new(tell));
        self
    }

    /// Has every request of the download set up by a function: with fields, credentials, timeouts. The total timeout is that of
    /// the download as a whole.
    ///
    /// What the function adds to the query is not written down with a part: it belongs to the URL.
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// # let client = nethttp::Client::new();
    /// client
    ///     .download("http://example.org/big.iso")
    ///     .request(|it| it.header("Authorization", "Bearer 7").timeout(Duration::from_secs(3600)))
    ///     .send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn request(mut self, set_up: impl Fn(RequestBuilder) -> RequestBuilder + 'a) -> Self {
        self.set_up = Some(Box::new(set_up));
        self
    }

    /// Downloads the file.
    ///
    /// # Errors
    ///
    /// - All that can happen to a request, [`RequestBuilder::send`], and to the body of its response;
    /// - [`ErrorKind::Status`] if there is no content, but another status;
    /// - [`ErrorKind::Protocol`] if a file that is there cannot be continued;
    /// - [`ErrorKind::Integrity`] if the file has not the digest that it should have;
    /// - [`ErrorKind::BodyTooLarge`] behind the [`limit`](Self::limit);
    /// - [`ErrorKind::Output`] if a file cannot be written or read; the text names it, and there is no URL.
    ///
    /// # Examples
    ///
    /// ```
    /// # let server = std::net::TcpListener::bind("127.0.0.1:0")?;
    /// # let url = format!("http://{}/", server.local_addr()?);
    /// # let server = std::thread::spawn(move || {
    /// #     use std::io::{Read, Write};
    /// #     let (mut stream, _) = server.accept().unwrap();
    /// #     assert!(stream.read(&mut [0; 4096]).unwrap() > 0);
    /// #     stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello").unwrap();
    /// # });
    /// let path = std::env::temp_dir().join(format!("nethttp-example-{}", std::process::id()));
    /// let done = nethttp::Client::new().download(url).to(&path).send()?;
    /// assert_eq!((done.len, std::fs::read_to_string(&path)?.as_str()), (5, "hello"));
    /// # std::fs::remove_file(path)?;
    /// # server.join().unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn send(mut self) -> Result<Downloaded, Error> {
        if let Some(digest) = &self.sha256
            && !(digest.len() == 64 && Class::HEXDIG.matches(digest.as_bytes()))
        {
            let text = "expected a SHA-256 of 64 hexadecimal digits";
            return Err(Error::new(ErrorKind::Encode).with_text(text));
        }
        Run::begin(&mut self)?.finish()
    }

    fn set_up(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.set_up {
            Some(set_up) => set_up(request),
            None => request,
        }
    }
}

impl fmt::Debug for Download<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A URL may have a secret in it.
        f.debug_struct("Download")
            .field("path", &self.path)
            .field("folder", &self.folder)
            .field("way", &self.way)
            .field("overwrite", &self.overwrite)
            .field("attempts", &self.attempts)
            .field("limit", &self.limit)
            .field("sha256", &self.sha256)
            .finish_non_exhaustive()
    }
}

/// What came of a [`Download`].
///
/// # Examples
///
/// ```no_run
/// let done = nethttp::Client::new().download("http://example.org/big.iso").send()?;
/// println!("{}: {} bytes, {:?}", done.path.display(), done.len, done.response.header("Content-Type"));
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Downloaded {
    /// The file.
    pub path: PathBuf,
    /// How long it is, in bytes.
    pub len: u64,
    /// How many of them were there before; 0 if the download began with the first byte.
    pub resumed_from: u64,
    /// The last response, whose content is in the file: it says of which URL and type that is. If the file was complete it
    /// is a `416`.
    pub response: Response,
}

//! A directory over HTTP, as a [`Handler`].
//!
//! What can be decided without a file is decided without one: names from paths
//! ([RFC 3986 §3.3](https://www.rfc-editor.org/rfc/rfc3986#section-3.3)), the choice between the forms in which a
//! file is there ([RFC 9110 §12](https://www.rfc-editor.org/rfc/rfc9110#section-12)), what caches are told
//! ([RFC 9111 §5.2.2](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2)). Conditions and ranges are those of
//! [`Response::answering`]; to compress a file while it is sent is the business of
//! [`Compression`](super::Compression).
//!
//! ```no_run
//! use nethttp::Server;
//! use nethttp::server::FileServer;
//!
//! Server::bind("127.0.0.1:8000")?.run(FileServer::open("public")?.listing(true))?;
//! # Ok::<(), nethttp::Error>(())
//! ```

mod caching;
mod denial;
mod entry;
mod known;
mod listing;
mod open;
pub(crate) mod path;
mod resolved;
mod root;
mod send;
mod turns;
mod types;
mod upload;
mod variants;

use std::ffi::OsString;
use std::path::Path;

use super::Handler;
use crate::error::Result;
use crate::field::{Allow, CacheControl, LanguageTag, MediaType, Vary};
use crate::header::{self, HeaderError};
use crate::message::{IntoResponse, Request, Response};
use crate::method::Method;
use crate::negotiate::Accept;
use crate::status::StatusCode;

use caching::CacheRules;
use denial::Denial;
use path::FilePath;
use root::{Found, OpenFile, Root};
use types::Types;

pub use upload::Uploads;

/// Which symbolic links a [`FileServer`] follows.
///
/// # Examples
///
/// ```
/// use nethttp::server::{FileServer, Links};
///
/// let files = FileServer::open("src")?.links(Links::Deny);
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Links {
    /// Those that lead to what could be asked for without them: below the root, and not hidden.
    #[default]
    Inside,
    /// All, wherever they lead. Whoever may make a link in the directory can show every file that this process
    /// may read.
    Follow,
    /// None.
    Deny,
}

/// A [`Handler`] that serves the files below a directory.
///
/// | setting | default | what it is |
/// |---|---|---|
/// | [`index`](Self::index) | `index.html` | the files that stand for their directory |
/// | [`listing`](Self::listing) | off | whether a directory without one is listed |
/// | [`links`](Self::links) | [`Links::Inside`] | which symbolic links are followed |
/// | [`hidden`](Self::hidden) | off | whether names that begin with a dot are served |
/// | [`cache`](Self::cache) | `no-cache` | how long a file may be kept without asking |
/// | [`precompressed`](Self::precompressed) | off | whether `a.js.br`, `a.js.zst` or `a.js.gz` is sent for `a.js` |
/// | [`languages`](Self::languages) | none | whether `page.sv.html` is sent for `page.html` |
/// | [`media_type`](Self::media_type) | [`MediaType::from_path`], text as UTF-8 | the content type by extension |
/// | [`fallback`](Self::fallback) | none | the page for addresses that the page itself understands |
/// | [`not_found`](Self::not_found) | a line of text | the page for what is not there |
/// | [`uploads`](Self::uploads) | off | whether clients may change what is there |
///
/// # What is served
///
/// Files and directories, and nothing else that a file system has. A path is cut at its slashes and decoded
/// then, once. It cannot name anything but an entry below the root: `..` is refused, an encoded slash is no
/// name, and neither is a backslash or, on Windows, a device or a stream of a file. What counts next is where
/// the names have led, links and all. On Linux a file or directory is opened first and asked where it stands;
/// elsewhere somebody who may write into the directory can race with the check.
///
/// What is hidden is not there (404), and neither is what a link leads to that may not be seen. `.well-known` is
/// not hidden ([RFC 8615](https://www.rfc-editor.org/rfc/rfc8615)). A directory is asked for with a slash at
/// the end; without it the answer is 301 to there, below the mount if there is one. A file with a slash is not
/// there.
///
/// The root is looked up anew for every request: a link on the way to it may be exchanged, to replace all files
/// at once.
///
/// # What a file is sent as
///
/// GET and HEAD are answered, with conditions and ranges ([`Response::answering`]). A file has an
/// [`ETag`](crate::field::ETag::from_metadata) from its length and the time of its change, and that as
/// Last-Modified. A form of a file, compressed or in another language, has a tag of its own and no date, since
/// both may have the same. `X-Content-Type-Options: nosniff` is said of everything: a browser that guesses what a
/// file is would take an uploaded text for a page. Every other method is told which there are.
///
/// # Examples
///
/// ```
/// use nethttp::field::CacheControl;
/// use nethttp::server::{FileServer, Handler};
/// use nethttp::{Method, Request};
/// use std::time::Duration;
///
/// let year = Duration::from_secs(365 * 86_400);
/// let files = FileServer::open("src")?
///     .cache("/server/**", &CacheControl::new().with_max_age(year).with_immutable());
///
/// let mut request = Request::new(Method::GET, "/server/mod.rs")?;
/// let response = files.handle(&mut request);
/// assert_eq!(response.header("Cache-Control"), Some("max-age=31536000, immutable"));
///
/// let mut request = Request::new(Method::GET, "/../Cargo.toml")?;
/// assert_eq!(files.handle(&mut request).status().as_u16(), 404);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct FileServer {
    root: Root,
    index: Vec<OsString>,
    listing: bool,
    caching: CacheRules,
    precompressed: bool,
    languages: Vec<LanguageTag<'static>>,
    types: Types,
    fallback: Option<FilePath>,
    not_found: Option<FilePath>,
    uploads: Option<Uploads>,
}

impl FileServer {
    /// Opens a directory.
    ///
    /// # Errors
    ///
    /// There is no such directory, or it cannot be read.
    ///
    /// ```
    /// use nethttp::server::FileServer;
    ///
    /// assert!(FileServer::open("src").is_ok());
    /// assert!(FileServer::open("no such directory").is_err());
    /// ```
    pub fn open(root: impl AsRef<Path>) -> Result<Self> {
        Ok(Self {
            root: Root::open(root.as_ref())?,
            index: vec!["index.html".into()],
            listing: false,
            caching: CacheRules::default(),
            precompressed: false,
            languages: Vec::new(),
            types: Types::default(),
            fallback: None,
            not_found: None,
            uploads: None,
        })
    }

    /// Sets the names of the files that stand for their directory: the first that is there does. Without names
    /// none does.
    ///
    /// ```
    /// use nethttp::server::FileServer;
    ///
    /// let files = FileServer::open("src")?.index(["index.html", "index.htm"]);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn index<N: Into<OsString>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.index = names.into_iter().map(Into::into).collect();
        self
    }

    /// Sets whether a directory without an index is listed. The listing shows what can be fetched, and nothing
    /// else.
    ///
    /// | accepted | sent |
    /// |---|---|
    /// | `text/html`, or nothing of this table | a page for people, without scripts |
    /// | `application/json` | an array of objects with `name`, `type` (`file` or `directory`), `mtime`, `size` and `url` |
    /// | `text/plain` | a name a line, those of directories with a slash |
    ///
    /// The query sorts (`sort=name`, `modified` or `size`, with `-` before it in the other direction), searches
    /// (`q=text`), and goes on behind the first 10,000 entries (`offset=10000`), to which a Link field leads.
    ///
    /// Every entry is looked at for every request, which for 100,000 takes a fifth of a second and 38 MB. So that
    /// clients who ask again and again do not take all threads and all memory, directories of more than 10,000 are
    /// listed one at a time: seven clients may wait for that, and the others are answered 503 with `Retry-After: 1`.
    ///
    /// ```
    /// use nethttp::server::{FileServer, Handler};
    /// use nethttp::{Method, Request};
    ///
    /// let files = FileServer::open("src")?;
    /// let mut request = Request::new(Method::GET, "/")?;
    /// assert_eq!(files.handle(&mut request).status().as_u16(), 404);
    /// assert_eq!(files.listing(true).handle(&mut request).status().as_u16(), 200);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn listing(mut self, listing: bool) -> Self {
        self.listing = listing;
        self
    }

    /// Sets which symbolic links are followed.
    ///
    /// ```
    /// use nethttp::server::{FileServer, Links};
    ///
    /// let files = FileServer::open("src")?.links(Links::Follow);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn links(mut self, links: Links) -> Self {
        self.root.set_links(links);
        self
    }

    /// Sets whether names that begin with a dot are served and listed. They are `.git`, `.env`, `.htpasswd` and
    /// what else is in a directory without being meant for others.
    ///
    /// ```
    /// use nethttp::server::{FileServer, Handler};
    /// use nethttp::{Method, Request};
    ///
    /// let files = FileServer::open(".")?;
    /// let mut request = Request::new(Method::GET, "/.gitignore")?;
    /// assert_eq!(files.handle(&mut request).status().as_u16(), 404);
    /// let files = files.hidden(true);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn hidden(mut self, hidden: bool) -> Self {
        self.root.shows_hidden = hidden;
        self
    }

    /// Says how long files may be kept whose path fits a pattern. Rules are tried in the order in which they are
    /// added, and the first that fits decides. A file that none fits has `no-cache`: it may be kept, and is asked
    /// for again every time. An empty value says nothing, and leaves it to caches to guess.
    ///
    /// | pattern | fits |
    /// |---|---|
    /// | `*.css` | names, in any directory: there is no slash in it |
    /// | `/assets/*` | paths from the root; `*` is anything without a slash |
    /// | `/assets/**` | `**` is anything |
    ///
    /// A file that is kept for long without asking (`immutable`) must get another name when it changes.
    ///
    /// ```
    /// use nethttp::field::CacheControl;
    /// use nethttp::server::FileServer;
    /// use std::time::Duration;
    ///
    /// let day = CacheControl::new().with_max_age(Duration::from_secs(86_400));
    /// let files = FileServer::open("src")?
    ///     .cache("/private/**", &CacheControl::new().with_no_store())
    ///     .cache("*.woff2", &day);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn cache(mut self, pattern: &str, control: &CacheControl<'_>) -> Self {
        self.caching.push(pattern, control);
        self
    }

    /// Sets whether a compressed file beside a file is sent in its place to clients that accept it: `a.js.br`,
    /// `a.js.zst` or `a.js.gz` for `a.js`, what the client wants most and in this order where it does not care.
    ///
    /// They are looked for beside files whose type is [`compressible`](MediaType::compressible). One that is older
    /// than the file is not sent: it holds what was there before. None is sent where clients may
    /// [upload](Self::uploads) files but not replace any: `a.js.br` would replace `a.js`.
    ///
    /// ```
    /// use nethttp::server::FileServer;
    ///
    /// let files = FileServer::open("src")?.precompressed(true);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn precompressed(mut self, precompressed: bool) -> Self {
        self.precompressed = precompressed;
        self
    }

    /// Sets the languages in which there may be pages. The first is that of `page.html` itself; the page in another
    /// one is `page.sv.html` beside it. Who accepts none of those that are there gets the page itself.
    ///
    /// ```
    /// use nethttp::field::LanguageTag;
    /// use nethttp::server::FileServer;
    ///
    /// let languages = [LanguageTag::parse(b"en")?, LanguageTag::parse(b"sv")?];
    /// let files = FileServer::open("src")?.languages(languages);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn languages<'a>(mut self, tags: impl IntoIterator<Item = LanguageTag<'a>>) -> Self {
        self.languages = tags.into_iter().map(LanguageTag::into_owned).collect();
        self
    }

    /// Sets the content type of the files with an extension, and with `""` of those without one.
    ///
    /// ```
    /// use nethttp::server::{FileServer, Handler};
    /// use nethttp::{MediaType, Method, Request};
    ///
    /// let files = FileServer::open("src")?.media_type("rs", MediaType::TEXT_PLAIN_UTF_8);
    /// let mut request = Request::new(Method::GET, "/lib.rs")?;
    /// let response = files.handle(&mut request);
    /// assert_eq!(response.header("Content-Type"), Some("text/plain; charset=utf-8"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn media_type(mut self, extension: &str, media_type: MediaType<'static>) -> Self {
        self.types.push(extension, media_type);
        self
    }

    /// Sets the page for every address at which there is nothing, and which the page makes sense of itself, as an
    /// application of one page does. It is sent to clients that accept HTML, unless the address has the extension
    /// of something else: a script that is not there is not a page.
    ///
    /// The path is one from the root, as in a URL. It is looked up for every request: while the file is not there,
    /// nothing else is either, and the answer is 404.
    ///
    /// # Errors
    ///
    /// The path is none of a file below the root: it ends with a slash, say, or goes up.
    ///
    /// ```
    /// use nethttp::server::{FileServer, Handler};
    /// use nethttp::{Method, Request};
    ///
    /// let app = FileServer::open("src")?.fallback("/lib.rs")?;
    /// let status = |target: &str| -> Result<u16, Box<dyn std::error::Error>> {
    ///     let mut request = Request::new(Method::GET, target)?;
    ///     Ok(app.handle(&mut request).status().as_u16())
    /// };
    /// assert_eq!((status("/users/7")?, status("/users.js")?), (200, 404));
    /// assert!(app.fallback("../Cargo.toml").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fallback(mut self, path: &str) -> Result<Self> {
        self.fallback = Some(FilePath::of_page(path)?);
        Ok(self)
    }

    /// Sets the page that says that there is nothing: it is sent with 404. The path is one from the root, as in a
    /// URL. It is looked up for every request: while the file is not there, a line of text is sent.
    ///
    /// # Errors
    ///
    /// As for [`fallback`](Self::fallback).
    ///
    /// ```
    /// use nethttp::server::{FileServer, Handler};
    /// use nethttp::{Method, Request};
    ///
    /// let files = FileServer::open("src")?.not_found("/lib.rs")?;
    /// let response = files.handle(&mut Request::new(Method::GET, "/nothing")?);
    /// assert_eq!(response.status().as_u16(), 404);
    /// assert!(response.text()?.starts_with("//! HTTP/1.1"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn not_found(mut self, path: &str) -> Result<Self> {
        self.not_found = Some(FilePath::of_page(path)?);
        Ok(self)
    }

    /// Lets clients change what is in the directory.
    ///
    /// ```
    /// use nethttp::server::{FileServer, Uploads};
    ///
    /// let files = FileServer::open("src")?.uploads(Uploads::DEFAULT);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn uploads(mut self, uploads: Uploads) -> Self {
        self.uploads = Some(uploads);
        self
    }
}

impl Handler for FileServer {
    fn handle(&self, request: &mut Request) -> Response {
        let mut response = self.answer(request);
        // There is room: a response here has a dozen fields at most.
        let _ = response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        response
    }
}

impl FileServer {
    fn answer(&self, request: &mut Request) -> Response {
        let path = self.root.path_of(request);
        match (request.method(), &self.uploads) {
            (Method::GET | Method::HEAD, _) => {
                match path.map_err(Denial::from).and_then(|path| self.show(request, &path)) {
                    Ok(response) => response,
                    Err(denial) if denial.is_not_found() => self.show_nothing(request),
                    Err(denial) => denial.into_response(),
                }
            }
            (method, Some(uploads)) if uploads.methods().contains(&method) => match path {
                Ok(path) => upload::respond(uploads, request, &self.root, &path),
                Err(status) => status.into_response(),
            },
            (Method::OPTIONS, _) => self.allowing(StatusCode::NO_CONTENT),
            _ => self.allowing(StatusCode::METHOD_NOT_ALLOWED),
        }
    }

    /// Answers with what is at a path.
    ///
    /// # Errors
    ///
    /// What is answered, if there is nothing to be shown.
    fn show(&self, request: &Request, path: &FilePath) -> Result<Response, Denial> {
        // The index of a directory is a file like all others: what it is in need not be looked at.
        if path.is_directory()
            && let Some((path, file)) = self.find_index(path)?
        {
            return Ok(self.send(request, &path, file));
        }
        match self.root.find(path)? {
            Found::File(file) if !path.is_directory() => Ok(self.send(request, path, file)),
            Found::Directory(_) if !path.is_directory() => {
                moved(request, path).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR.into())
            }
            Found::Directory(directory) if self.listing => {
                let entries = self.root.entries(&directory)?;
                Ok(listing::respond(request, path, entries.list, self.uploads.as_ref()))
            }
            Found::Directory(_) | Found::File(_) => Err(Denial::NOT_FOUND),
        }
    }

    /// Finds the file that stands for a directory. One that may not be read is not passed over.
    fn find_index(&self, path: &FilePath) -> Result<Option<(FilePath, OpenFile)>, Denial> {
        for name in &self.index {
            let path = path.child(name.clone());
            match self.root.find(&path) {
                Ok(Found::File(file)) => return Ok(Some((path, file))),
                Ok(Found::Directory(_)) => {}
                Err(denial) if denial.is_not_found() => {}
                Err(denial) => return Err(denial),
            }
        }
        Ok(None)
    }

    /// Answers where there is nothing.
    fn show_nothing(&self, request: &Request) -> Response {
        let Some(fallback) = self.fallback.as_ref().filter(|_| may_be_page(request)) else {
            return self.say_nothing(request);
        };
        let wants_page = Accept::from_headers(request.headers()).quality("text/html") > 0;
        let mut response = match wants_page.then(|| self.root.find(fallback)) {
            Some(Ok(Found::File(file))) => self.send(request, fallback, file),
            Some(Err(denial)) if !denial.is_not_found() => denial.into_response(),
            _ => self.say_nothing(request),
        };
        let _ = Vary::add(response.headers_mut(), header::ACCEPT);
        response
    }

    /// Says that there is nothing.
    fn say_nothing(&self, request: &Request) -> Response {
        match self.not_found.as_ref().map(|path| (path, self.root.find(path))) {
            Some((path, Ok(Found::File(file)))) => {
                self.send_as(request, path, file, StatusCode::NOT_FOUND)
            }
            _ => StatusCode::NOT_FOUND.into_response(),
        }
    }

    /// Says which methods there are.
    fn allowing(&self, status: StatusCode) -> Response {
        let uploads = self.uploads.as_ref().map(Uploads::methods).unwrap_or_default();
        let methods = [Method::GET, Method::HEAD, Method::OPTIONS].iter().chain(uploads).copied();
        let mut response = status.into_response();
        let allow = Allow::from_iter(methods).to_string();
        let _ = response.headers_mut().insert(header::ALLOW, allow);
        response
    }
}

/// Returns whether there could be a page at the address: it has no extension, or that of one.
fn may_be_page(request: &Request) -> bool {
    MediaType::from_path(request.subpath()).is_none_or(|media_type| variants::is_page(&media_type))
}

/// Sends the client to where the slash is: links in a directory's page count from it.
fn moved(request: &Request, path: &FilePath) -> Result<Response, HeaderError> {
    let mut url = path.directory_url(request.mount_path());
    if let Some(query) = request.query() {
        url.push('?');
        url.push_str(query);
    }
    Response::new(StatusCode::MOVED_PERMANENTLY).with_header(header::LOCATION, url)
}

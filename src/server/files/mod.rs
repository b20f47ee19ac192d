//! A directory over HTTP.

mod entry;
mod listing;
mod path;
mod resolved;
mod root;
mod upload;

use std::io;
use std::path::Path;

use super::Handler;
use crate::header::{self, HeaderError};
use crate::message::{Body, IntoResponse, Request, Response};
use crate::method::Method;
use crate::status::StatusCode;

use path::FilePath;
use root::{Found, Root};

pub use upload::Uploads;

/// Which symbolic links a [`FileServer`] follows.
///
/// # Examples
///
/// ```
/// use nethttp::server::{FileServer, Links};
///
/// let files = FileServer::open("src")?.links(Links::Deny);
/// # Ok::<(), std::io::Error>(())
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
/// # Examples
///
/// ```
/// use nethttp::Request;
/// use nethttp::server::{FileServer, Handler};
///
/// let files = FileServer::open("src")?;
/// let mut request = Request::new(nethttp::Method::GET, "/lib.rs")?;
/// assert_eq!(files.handle(&mut request).status(), nethttp::StatusCode::OK);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct FileServer {
    root: Root,
    listing: bool,
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
    pub fn open(root: impl AsRef<Path>) -> io::Result<Self> {
        Ok(Self { root: Root::open(root.as_ref())?, listing: false, uploads: None })
    }

    /// Sets which symbolic links are followed.
    ///
    /// ```
    /// use nethttp::server::{FileServer, Links};
    ///
    /// let files = FileServer::open("src")?.links(Links::Follow);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub const fn links(mut self, links: Links) -> Self {
        self.root.links = links;
        self
    }

    /// Sets whether a directory without an index is listed.
    ///
    /// ```
    /// use nethttp::server::FileServer;
    ///
    /// let files = FileServer::open("src")?.listing(true);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub const fn listing(mut self, listing: bool) -> Self {
        self.listing = listing;
        self
    }

    /// Lets clients change what is in the directory.
    ///
    /// ```
    /// use nethttp::server::{FileServer, Uploads};
    ///
    /// let files = FileServer::open("src")?.uploads(Uploads::DEFAULT);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn uploads(mut self, uploads: Uploads) -> Self {
        self.uploads = Some(uploads);
        self
    }

    fn answer(&self, request: &mut Request) -> Result<Response, StatusCode> {
        let path = self.root.parse(request.subpath())?;
        match (request.method(), &self.uploads) {
            (Method::GET | Method::HEAD, _) => self.show(request, &path),
            (method, Some(uploads)) if uploads.methods().contains(&method) => {
                Ok(upload::respond(uploads, request, &self.root, &path))
            }
            _ => Err(StatusCode::METHOD_NOT_ALLOWED),
        }
    }

    fn show(&self, request: &Request, path: &FilePath) -> Result<Response, StatusCode> {
        match self.root.find(path)? {
            Found::File(file, data) if !path.is_directory() => {
                Ok(Response::new(StatusCode::OK).with_body(Body::file(file, 0..data.len())))
            }
            Found::Directory(_) if !path.is_directory() => {
                moved(request, path).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
            }
            Found::Directory(directory) if self.listing => {
                Ok(listing::respond(request, path, self.root.entries(&directory)?))
            }
            Found::File(..) | Found::Directory(_) => Err(StatusCode::NOT_FOUND),
        }
    }
}

impl Handler for FileServer {
    fn handle(&self, request: &mut Request) -> Response {
        self.answer(request).unwrap_or_else(StatusCode::into_response)
    }
}

/// Relative links in a directory's page count from its slash.
fn moved(request: &Request, path: &FilePath) -> Result<Response, HeaderError> {
    let mut url = path.directory_url(request.mount_path());
    if let Some(query) = request.query() {
        url.push('?');
        url.push_str(query);
    }
    Response::new(StatusCode::MOVED_PERMANENTLY).with_header(header::LOCATION, url)
}

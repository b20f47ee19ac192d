//! What a request for a path below the root is answered with.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use nethttp::field::HttpDate;
use nethttp::header::HeaderError;
use nethttp::{Method, Request, Response, StatusCode};

use crate::file;
use crate::listing::Listing;
use crate::page;
use crate::target::{Target, is_public};

/// The file that stands for its directory.
const INDEX: &str = "index.html";

/// A directory that is served.
#[derive(Debug)]
pub(crate) struct Site {
    /// Canonical, so that every other canonical path can be held against it.
    root: PathBuf,
}

/// What a path leads to.
enum Found {
    File(File, Metadata),
    Folder(PathBuf),
}

impl Site {
    /// Opens a directory.
    ///
    /// # Errors
    ///
    /// There is no such directory, or it cannot be read.
    pub(crate) fn open(root: &Path) -> io::Result<Self> {
        let root = fs::canonicalize(root)?;
        fs::read_dir(&root)?;
        Ok(Self { root })
    }

    /// Answers a request.
    pub(crate) fn respond(&self, request: &Request) -> Response {
        let answer = self.answer(request);
        let mut response = answer.unwrap_or_else(page::error);
        // Browsers guess types, and guess wrong: what is said is what it is.
        let nosniff = response.headers_mut().insert("X-Content-Type-Options", "nosniff");
        debug_assert!(nosniff.is_ok(), "a literal field is well-formed");
        response
    }

    fn answer(&self, request: &Request) -> Result<Response, StatusCode> {
        if !matches!(request.method(), Method::GET | Method::HEAD) {
            return Err(StatusCode::METHOD_NOT_ALLOWED);
        }
        let target = Target::parse(request.path())?;
        let response = match self.find(&target.to_path())? {
            Found::File(..) if target.is_folder => return Err(StatusCode::NOT_FOUND),
            Found::File(file, data) => {
                let name = target.names().last().map_or(Path::new(""), Path::new);
                file::respond(request, file, &data, name, HttpDate::from(SystemTime::now()))
            }
            // Relative links in a directory's page count from its slash.
            Found::Folder(_) if !target.is_folder => moved(&target.folder_url(), request.query()),
            Found::Folder(path) => match self.find_index(&path) {
                Some((file, data)) => {
                    let now = HttpDate::from(SystemTime::now());
                    file::respond(request, file, &data, Path::new(INDEX), now)
                }
                None => {
                    let listing = Listing::read(&path, |path| self.is_inside(path));
                    listing.map_err(|error| status_of(&error))?.respond(&target, request.query())
                }
            },
        };
        // What can make it fail is a field, and all of them are made here.
        response.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Follows a relative path to where it ends, links and all, and opens it if it is a file.
    ///
    /// This is the second lock: what counts is where the path has led, and that has to be below the
    /// root and not hidden, whichever links lie on the way. Who may write into the directory while it is
    /// served can still race with the check; do not serve what an adversary on this machine writes.
    fn find(&self, path: &Path) -> Result<Found, StatusCode> {
        let denied = |error: io::Error| match error.kind() {
            ErrorKind::PermissionDenied => StatusCode::FORBIDDEN,
            _ => StatusCode::NOT_FOUND,
        };
        let path = fs::canonicalize(self.root.join(path)).map_err(denied)?;
        if !self.is_inside(&path) {
            return Err(StatusCode::NOT_FOUND);
        }
        let data = fs::symlink_metadata(&path).map_err(denied)?;
        if data.is_dir() {
            return Ok(Found::Folder(path));
        }
        // To open a FIFO is to wait for its other end, and a device does whatever it does.
        if !data.is_file() {
            return Err(StatusCode::NOT_FOUND);
        }
        let file = File::open(&path).map_err(|error| status_of(&error))?;
        let data = file.metadata().map_err(|error| status_of(&error))?;
        if !data.is_file() {
            return Err(StatusCode::NOT_FOUND);
        }
        Ok(Found::File(file, data))
    }

    fn find_index(&self, folder: &Path) -> Option<(File, Metadata)> {
        match self.find(&folder.join(INDEX)) {
            Ok(Found::File(file, data)) => Some((file, data)),
            _ => None,
        }
    }

    /// Returns whether a canonical path is the root or below it, and nothing on the way is hidden.
    fn is_inside(&self, path: &Path) -> bool {
        path.strip_prefix(&self.root).is_ok_and(|path| path.iter().all(is_public))
    }
}

/// What an error of the file system means to a client.
fn status_of(error: &io::Error) -> StatusCode {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => StatusCode::NOT_FOUND,
        ErrorKind::PermissionDenied => StatusCode::FORBIDDEN,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn moved(url: &str, query: Option<&str>) -> Result<Response, HeaderError> {
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    Response::new(StatusCode::MOVED_PERMANENTLY).with_header("Location", format!("{url}{query}"))
}

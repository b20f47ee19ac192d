//! What a request for a path below the root is answered with.

use std::error::Error;
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use nethttp::field::Vary;
use nethttp::header::HeaderError;
use nethttp::{Method, Request, Response, StatusCode};

use crate::file;
use crate::listing::Listing;
use crate::page;
use crate::target::{Target, encode_name, is_public};
use crate::variants::{self, Variants};

/// The file that stands for its directory.
const INDEX: &str = "index.html";

/// A directory that is served.
#[derive(Debug)]
pub(crate) struct Site {
    /// Canonical, so that every other canonical path can be held against it.
    root: PathBuf,
    variants: Variants,
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
        Ok(Self { root, variants: Variants::default() })
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
        let path = target.to_path();
        let response: Result<Response, Box<dyn Error>> = match self.find(&path)? {
            Found::File(..) if target.is_folder => return Err(StatusCode::NOT_FOUND),
            Found::File(file, data) => self.send(request, &path, file, data),
            // Relative links in a directory's page count from its slash.
            Found::Folder(_) if !target.is_folder => {
                moved(&target.folder_url(), request.query()).map_err(Into::into)
            }
            Found::Folder(folder) => match self.find(&path.join(INDEX)) {
                Ok(Found::File(file, data)) => self.send(request, &path.join(INDEX), file, data),
                _ => {
                    let listing = Listing::read(&folder, |path| self.is_inside(path));
                    let listing = listing.map_err(|error| status_of(&error))?;
                    listing.respond(&target, request.query()).map_err(Into::into)
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

    /// Answers with a file, or with the one beside it that is in the client's language.
    fn send(
        &self,
        request: &Request,
        path: &Path,
        file: File,
        data: Metadata,
    ) -> Result<Response, Box<dyn Error>> {
        let variants = self.variants.of(&self.root.join(path));
        let variant = variants::choose(request, &variants).and_then(|variant| {
            match self.find(&path.with_file_name(&variant.name)) {
                Ok(Found::File(file, data)) => Some((variant, file, data)),
                _ => None,
            }
        });
        let is_negotiated = !variants.is_empty();
        let mut response = match variant {
            None => {
                let found = file::Found { file, data, is_negotiated, language: None };
                file::respond(request, found, path)?
            }
            Some((variant, file, data)) => {
                let language = Some(variant.language.clone());
                let found = file::Found { file, data, is_negotiated, language };
                let mut response = file::respond(request, found, Path::new(&variant.name))?;
                // The page of an error is not what that address has.
                if !response.status().is_client_error() {
                    let name = encode_name(&variant.name);
                    response.headers_mut().insert("Content-Location", name)?;
                }
                response
            }
        };
        if is_negotiated {
            Vary::add(response.headers_mut(), "Accept-Language")?;
        }
        Ok(response)
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

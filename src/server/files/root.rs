//! A directory, and what below it may be seen.
//!
//! This is the second of two locks: what counts is where the names have led, and that has to be below the
//! root and not hidden, whichever links lie on the way.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::Links;
use super::entry::{Entry, EntryKind};
use super::path::{FilePath, is_served};
use super::resolved::resolved;
use crate::status::StatusCode;

/// A directory that is served, and the rules for what is below it.
#[derive(Clone, Debug)]
pub(crate) struct Root {
    /// Absolute. It is not canonical: a deployment that exchanges a link on the way to it is followed.
    path: PathBuf,
    pub(crate) links: Links,
    pub(crate) shows_hidden: bool,
}

/// What a path leads to.
#[derive(Debug)]
pub(crate) enum Found {
    File(File, Metadata),
    Directory(PathBuf),
}

impl Root {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        fs::read_dir(path)?;
        let path = std::path::absolute(path)?;
        Ok(Self { path, links: Links::Inside, shows_hidden: false })
    }

    /// Reads the path of a request by the rules of this root.
    pub(crate) fn parse(&self, path: &str) -> Result<FilePath, StatusCode> {
        FilePath::parse(path, self.shows_hidden)
    }

    /// Follows a path to where it ends, and opens it if it is a file.
    ///
    /// # Errors
    ///
    /// 404 for what is not there, is neither file nor directory, or may not be seen; 403 for what the process
    /// may not read; 500 for everything else.
    pub(crate) fn find(&self, path: &FilePath) -> Result<Found, StatusCode> {
        let path = self.path.join(path.to_relative());
        // To open a FIFO is to wait for its other end, and a device does whatever it does.
        let data = fs::metadata(&path).map_err(|error| status_of(&error))?;
        if data.is_dir() {
            let real = fs::canonicalize(&path).map_err(|error| status_of(&error))?;
            self.check(&path, &real)?;
            return Ok(Found::Directory(real));
        }
        if !data.is_file() {
            return Err(StatusCode::NOT_FOUND);
        }
        let file = File::open(&path).map_err(|error| status_of(&error))?;
        let data = file.metadata().map_err(|error| status_of(&error))?;
        self.check(&path, &resolved(&file, &path).map_err(|error| status_of(&error))?)?;
        if data.is_file() { Ok(Found::File(file, data)) } else { Err(StatusCode::NOT_FOUND) }
    }

    /// Returns where a file of this path stands or would stand: its directory is there and may be seen, links
    /// on the way to it followed. What the last name is, if it is there at all, is not looked at.
    ///
    /// # Errors
    ///
    /// As [`find`](Self::find) for the directory; 404 for the root itself.
    pub(crate) fn place(&self, path: &FilePath) -> Result<PathBuf, StatusCode> {
        let (name, above) = path.names().split_last().ok_or(StatusCode::NOT_FOUND)?;
        let above = self.path.join(above.iter().collect::<PathBuf>());
        let real = fs::canonicalize(&above).map_err(|error| status_of(&error))?;
        self.check(&above, &real)?;
        let data = fs::metadata(&real).map_err(|error| status_of(&error))?;
        if data.is_dir() { Ok(real.join(name)) } else { Err(StatusCode::NOT_FOUND) }
    }

    /// Reads a directory that was [found](Self::find). It lists exactly what can be fetched.
    ///
    /// # Errors
    ///
    /// The directory cannot be read. An entry that cannot, or that is gone by now, is left out.
    pub(crate) fn entries(&self, directory: &Path) -> Result<Vec<Entry>, StatusCode> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(directory).map_err(|error| status_of(&error))? {
            let entry = entry.map_err(|error| status_of(&error))?;
            let name = entry.file_name();
            if is_served(&name, self.shows_hidden)
                && let Some(data) = self.metadata(&entry)
            {
                let kind = if data.is_dir() { EntryKind::Directory } else { EntryKind::File };
                entries.push(Entry { name, kind, len: data.len(), modified: data.modified().ok() });
            }
        }
        Ok(entries)
    }

    /// Returns what a request for an entry would find.
    fn metadata(&self, entry: &fs::DirEntry) -> Option<Metadata> {
        let path = entry.path();
        if entry.file_type().ok()?.is_symlink() {
            self.check(&path, &fs::canonicalize(&path).ok()?).ok()?;
        }
        fs::metadata(&path).ok().filter(|data| data.is_dir() || data.is_file())
    }

    /// Refuses what the rules do not let be seen. `real` is where `path` has led.
    fn check(&self, path: &Path, real: &Path) -> Result<(), StatusCode> {
        if self.links == Links::Follow {
            return Ok(());
        }
        let root = fs::canonicalize(&self.path).map_err(|error| status_of(&error))?;
        let below = real.strip_prefix(&root).map_err(|_| StatusCode::NOT_FOUND)?;
        let is_seen = match self.links {
            Links::Deny => {
                path.strip_prefix(&self.path).or_else(|_| path.strip_prefix(&root)) == Ok(below)
            }
            _ => below.iter().all(|name| is_served(name, self.shows_hidden)),
        };
        if is_seen { Ok(()) } else { Err(StatusCode::NOT_FOUND) }
    }
}

/// What an error of the file system means to a client.
pub(crate) fn status_of(error: &io::Error) -> StatusCode {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidFilename => {
            StatusCode::NOT_FOUND
        }
        ErrorKind::PermissionDenied => StatusCode::FORBIDDEN,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

//! Where a path has led, links and all.
//!
//! Linux knows where something open stands, whatever has become of the path since. Elsewhere, and without a
//! `/proc`, the path is followed a second time, and somebody who may write into the directory can exchange a
//! part of it in between.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// A directory, for what is in it.
///
/// On Linux it is open, and is found however often its path is exchanged for another.
#[derive(Debug)]
pub(crate) struct Directory {
    path: PathBuf,
    _open: Option<File>,
}

impl Directory {
    /// Returns a path that leads to the directory for as long as this value is there.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the path of an entry, which need not be there.
    pub(super) fn at(&self, name: impl AsRef<OsStr>) -> PathBuf {
        self.path.join(name.as_ref())
    }
}

/// Returns where an open file stands, without a link on the way. `path` is the one that it was opened by.
pub(super) fn resolved(file: &File, path: &Path) -> io::Result<PathBuf> {
    match way_to(file) {
        Some(way) => fs::read_link(way).or_else(|_| fs::canonicalize(path)),
        None => fs::canonicalize(path),
    }
}

/// Opens a directory, and returns where it stands, too. One that may be entered but not read is not open.
pub(super) fn enter(path: &Path) -> io::Result<(Directory, PathBuf)> {
    if cfg!(target_os = "linux")
        && let Ok(open) = super::open::open(path)
        && let Some(way) = way_to(&open)
        && let Ok(real) = fs::read_link(&way)
    {
        return Ok((Directory { path: way, _open: Some(open) }, real));
    }
    let real = fs::canonicalize(path)?;
    Ok((Directory { path: real.clone(), _open: None }, real))
}

/// Returns a path that leads to what is open, and is a link to where that stands.
#[cfg(target_os = "linux")]
fn way_to(file: &File) -> Option<PathBuf> {
    use std::os::fd::AsRawFd;
    Some(format!("/proc/self/fd/{}", file.as_raw_fd()).into())
}

#[cfg(not(target_os = "linux"))]
fn way_to(_: &File) -> Option<PathBuf> {
    None
}

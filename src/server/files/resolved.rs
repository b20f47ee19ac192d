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
    match place_of(file) {
        Some((real, _)) => real,
        None => fs::canonicalize(path),
    }
}

/// Opens a directory, and returns where it stands, too.
pub(super) fn enter(path: &Path) -> io::Result<(Directory, PathBuf)> {
    let open = open_directory(path)?;
    if let Some(open) = open
        && let Some((real, way)) = place_of(&open)
    {
        return Ok((Directory { path: way, _open: Some(open) }, real?));
    }
    let real = fs::canonicalize(path)?;
    Ok((Directory { path: real.clone(), _open: None }, real))
}

/// Returns where what is open stands, and a path that leads there whatever becomes of the place; nothing if the
/// system does not know. If it knows, no other way is tried: whoever makes this one fail could make the other
/// one lie.
#[cfg(target_os = "linux")]
fn place_of(file: &File) -> Option<(io::Result<PathBuf>, PathBuf)> {
    use std::os::fd::AsRawFd;
    let way = PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()));
    match fs::read_link(&way) {
        // There is no /proc.
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        real => Some((real, way)),
    }
}

#[cfg(not(target_os = "linux"))]
fn place_of(_: &File) -> Option<(io::Result<PathBuf>, PathBuf)> {
    None
}

/// Opens a directory as a place (`O_PATH`): one that may be entered need not be one that may be read.
#[cfg(target_os = "linux")]
fn open_directory(path: &Path) -> io::Result<Option<File>> {
    use std::os::unix::fs::OpenOptionsExt;
    const PATH: i32 = if cfg!(any(target_arch = "sparc", target_arch = "sparc64")) {
        0x100_0000
    } else {
        0x20_0000
    };
    fs::OpenOptions::new().read(true).custom_flags(PATH).open(path).map(Some)
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "on Linux it can fail, and opens something")]
fn open_directory(_: &Path) -> io::Result<Option<File>> {
    Ok(None)
}

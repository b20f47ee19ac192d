//! Where a path has led, links and all.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Returns where an open file stands, without a link on the way. `path` is the one that it was opened by.
///
/// Linux knows where an open file is, whatever has become of the path since. Elsewhere the path is followed a
/// second time, and somebody who may write into the directory can exchange a part of it in between.
#[cfg(target_os = "linux")]
pub(super) fn resolved(file: &File, path: &Path) -> io::Result<PathBuf> {
    use std::os::fd::AsRawFd;
    // Without a /proc it is as it is elsewhere.
    fs::read_link(format!("/proc/self/fd/{}", file.as_raw_fd())).or_else(|_| fs::canonicalize(path))
}

#[cfg(not(target_os = "linux"))]
pub(super) fn resolved(_: &File, path: &Path) -> io::Result<PathBuf> {
    fs::canonicalize(path)
}

//! What stands in a directory, as plain data.

use std::ffi::OsString;
use std::time::SystemTime;

/// A file or directory that can be fetched, by its name in the directory above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) name: OsString,
    pub(crate) kind: EntryKind,
    /// Bytes; of no meaning for a directory.
    pub(crate) len: u64,
    /// The time of the last change, on a system that knows it.
    pub(crate) modified: Option<SystemTime>,
}

/// What an entry is. Links count as what they lead to, and anything else is not served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryKind {
    Directory,
    File,
}

//! Files on their way to a directory: nothing is under its name before all of it is there, and nothing
//! that is there already is overwritten.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many names are tried before a file is refused.
const MOST_NAMES: u32 = 1000;

/// How long a name may be, in most file systems.
const MOST_BYTES: usize = 255;

/// A file that is being written.
#[derive(Debug)]
pub(crate) struct Draft {
    file: File,
    written: Written,
}

/// A file that has not got its name yet, and is not open: a form can hold many. It is removed again if it never
/// gets one.
#[derive(Debug)]
pub(crate) struct Written {
    path: PathBuf,
    folder: PathBuf,
}

impl Draft {
    pub(crate) fn create(folder: &Path) -> io::Result<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        loop {
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            let path = folder.join(format!(".upload-{}-{count}", process::id()));
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => {
                    let written = Written { path, folder: folder.to_owned() };
                    return Ok(Self { file, written });
                }
                // Left by a process of the same number that was killed.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    pub(crate) fn write(&mut self, data: &[u8]) -> io::Result<()> {
        self.file.write_all(data)
    }

    pub(crate) fn close(self) -> Written {
        self.written
    }
}

impl Written {
    /// Gives the file its name, or that name with a number; returns which.
    ///
    /// The name is taken by an empty file first: of two that want it at the same time, one gets it.
    pub(crate) fn publish(self, name: &str) -> io::Result<String> {
        for number in 0..MOST_NAMES {
            let name = numbered(name, number);
            let path = self.folder.join(&name);
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(error),
            }
            return match fs::rename(&self.path, &path) {
                Ok(()) => Ok(name),
                Err(error) => {
                    let _ = fs::remove_file(&path);
                    Err(error)
                }
            };
        }
        Err(io::Error::new(ErrorKind::AlreadyExists, "expected a name that is free"))
    }
}

impl Drop for Written {
    /// Once it has its name there is nothing left to remove.
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// `beach.jpg`, `beach (1).jpg`, `beach (2).jpg`.
fn numbered(name: &str, number: u32) -> String {
    if number == 0 {
        return name.to_owned();
    }
    let path = Path::new(name);
    let stem = path.file_stem().and_then(OsStr::to_str).unwrap_or(name);
    let end = match path.extension().and_then(OsStr::to_str) {
        // One that is longer than that is none.
        Some(extension) if extension.len() < 200 => format!(" ({number}).{extension}"),
        _ => format!(" ({number})"),
    };
    let most = stem.len().min(MOST_BYTES - end.len());
    let room = (0..=most).rev().find(|&at| stem.is_char_boundary(at)).unwrap_or_default();
    format!("{}{end}", &stem[..room])
}

//! The folder of one run.

use std::fs;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command, Stdio};

use super::contract;
use crate::process::until_the_end;

/// The argument that makes this program a cleaner.
pub const CLEAN: &str = "--clean";

/// A folder with the files of the [contract], which goes when the run does: its end closes the standard
/// input of a process that waits for nothing else, and removes the folder if nobody has.
#[derive(Debug)]
pub struct Scratch {
    path: PathBuf,
    cleaner: Child,
}

impl Scratch {
    /// Makes the folder.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn new() -> io::Result<Self> {
        let path = std::env::temp_dir().join(format!("nethttp-servers-{}", process::id()));
        let cleaner = Command::new(std::env::current_exe()?)
            .arg(CLEAN)
            .arg(&path)
            .stdin(Stdio::piped())
            .process_group(0)
            .spawn()?;
        fs::create_dir(&path)?;
        let scratch = Self { path, cleaner };
        contract::write_files(&scratch.path)?;
        Ok(scratch)
    }

    /// Returns where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(self.cleaner.stdin.take());
        let _ = self.cleaner.wait();
    }
}

/// Waits for the end of the standard input, which is the end of the process that holds it, and removes a
/// folder.
pub fn clean(path: &Path) {
    until_the_end();
    let _ = fs::remove_dir_all(path);
}

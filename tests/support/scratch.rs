//! A directory for one test, gone when the test is over.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

/// Returns where temporary files go, if the path of a socket can be below it: those are short.
pub(crate) fn short_temp_dir() -> PathBuf {
    let folder = env::temp_dir();
    if cfg!(unix) && folder.as_os_str().len() > 50 { PathBuf::from("/tmp") } else { folder }
}

#[derive(Debug)]
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("examples-{}-{count}", process::id());
        Self::at(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name))
    }

    /// An empty directory of that name, which had better be nobody else's.
    pub(crate) fn at(path: PathBuf) -> Self {
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file, and the directories that it lies in.
    #[track_caller]
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

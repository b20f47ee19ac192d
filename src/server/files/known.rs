//! Files that need not be looked for again: a path has led to them lately, and no link was on the way that
//! counts.
//!
//! To ask what a path leads to, and where an open file stands, costs more than to open it. The answer holds as long
//! as it is the same file at the same path, unchanged and not renamed. The directories above it can be renamed
//! without a trace on the file, so an answer is forgotten after a second: what could be fetched can be fetched for
//! so much longer. Where all links are followed none counts.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use super::open::open;

/// How long an answer holds.
const LASTS: Duration = Duration::from_secs(1);

/// How many paths are remembered; then all are forgotten.
const MOST: usize = 1024;

/// Paths, by their bytes: to compare paths takes them apart.
#[derive(Debug, Default)]
pub(super) struct Known(Mutex<HashMap<OsString, (Identity, Instant)>>);

impl Known {
    /// Opens a file that is known, if it is that still.
    pub(super) fn open(&self, path: &Path) -> Option<(File, Metadata)> {
        let expected = self.recall(path.as_os_str(), Instant::now())?;
        let file = open(path).ok()?;
        let data = file.metadata().ok()?;
        (Identity::of(&data)? == expected).then_some((file, data))
    }

    /// Remembers a file to which a path has led without a link on the way that counts.
    pub(super) fn note(&self, path: &Path, data: &Metadata) {
        if let Some(identity) = Identity::of(data)
            && identity.is_settled(SystemTime::now())
        {
            let mut known = self.lock();
            if known.len() >= MOST {
                known.clear();
            }
            known.insert(path.as_os_str().to_owned(), (identity, Instant::now()));
        }
    }

    fn recall(&self, path: &OsStr, now: Instant) -> Option<Identity> {
        let (identity, noted) = *self.lock().get(path)?;
        (now.saturating_duration_since(noted) < LASTS).then_some(identity)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<OsString, (Identity, Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What tells a file in a certain state from all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
    /// Seconds and nanoseconds at the last change: of the content, of the name, or of who may read it.
    changed: (i64, i64),
}

impl Identity {
    #[cfg(unix)]
    #[expect(clippy::unnecessary_wraps, reason = "elsewhere files cannot be told apart")]
    fn of(data: &Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        let changed = (data.ctime(), data.ctime_nsec());
        Some(Self { device: data.dev(), inode: data.ino(), changed })
    }

    #[cfg(not(unix))]
    fn of(_: &Metadata) -> Option<Self> {
        None
    }

    /// Returns whether the last change is so long ago that another one would have another time: that of a file
    /// that is new, too, and has got the number of one that is gone.
    fn is_settled(self, now: SystemTime) -> bool {
        let now = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        i64::try_from(now).is_ok_and(|now| self.changed.0.saturating_add(1) < now)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::path::PathBuf;
    use std::{env, fs, process};

    fn scratch(name: &str) -> PathBuf {
        let path = env::temp_dir().join(format!("nethttp-known-{name}-{}", process::id()));
        fs::write(&path, name).unwrap();
        path
    }

    fn identity(path: &Path) -> Identity {
        Identity::of(&fs::metadata(path).unwrap()).unwrap()
    }

    /// Remembers a file as if it had been there for long.
    fn note(known: &Known, path: &Path, now: Instant) {
        known.lock().insert(path.into(), (identity(path), now));
    }

    #[test]
    fn a_file_is_known_until_it_is_another() {
        let (path, other) = (scratch("one"), scratch("other"));
        let known = Known::default();
        assert!(known.open(&path).is_none());
        // The test may take longer than a second.
        let later = Instant::now() + Duration::from_secs(600);
        note(&known, &path, later);
        assert!(known.open(&path).is_some_and(|(_, data)| data.len() == 3));
        assert!(known.open(&other).is_none());
        fs::rename(&other, &path).unwrap();
        assert!(known.open(&path).is_none());
        note(&known, &path, later);
        let before = identity(&path);
        fs::rename(&path, &other).unwrap();
        // The clock of a file system may stand still for some milliseconds, or for a second.
        for _ in 0..1000 {
            if identity(&other) != before {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
            fs::rename(&other, &path).unwrap();
            fs::rename(&path, &other).unwrap();
        }
        assert!(known.open(&path).is_none());
        std::os::unix::fs::symlink(&other, &path).unwrap();
        assert!(known.open(&path).is_none());
        fs::remove_file(&path).unwrap();
        fs::remove_file(&other).unwrap();
    }

    #[test]
    fn a_file_is_forgotten_after_a_second() {
        let path = scratch("forgotten");
        let known = Known::default();
        let now = Instant::now();
        note(&known, &path, now);
        assert!(known.recall(path.as_os_str(), now).is_some());
        assert!(known.recall(path.as_os_str(), now + LASTS).is_none());
        fs::remove_file(&path).unwrap();
    }

    #[test]
    fn a_file_that_has_just_changed_is_not_remembered() {
        let path = scratch("changed");
        // On a busy machine a second may go by in between, but not every time.
        assert!((0..20).any(|_| {
            fs::write(&path, "changed again").unwrap();
            let known = Known::default();
            known.note(&path, &fs::metadata(&path).unwrap());
            known.lock().is_empty()
        }));
        let at = |seconds, now| {
            let identity = Identity { device: 1, inode: 1, changed: (seconds, 0) };
            identity.is_settled(SystemTime::UNIX_EPOCH + Duration::from_secs(now))
        };
        assert!(at(8, 10) && !at(9, 10) && !at(11, 10) && !at(i64::MAX, 10) && at(i64::MIN, 10));
        fs::remove_file(&path).unwrap();
    }

    #[test]
    fn so_many_are_remembered() {
        let known = Known::default();
        let data = fs::metadata("/").unwrap();
        for n in 0..=MOST {
            known.note(Path::new(&n.to_string()), &data);
            assert!(known.lock().len() <= MOST);
        }
        assert_eq!(known.lock().len(), 1);
    }
}

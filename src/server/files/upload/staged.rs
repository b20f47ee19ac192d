//! A file on its way to its place.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::refusal::Refusal;
use crate::random::random_bits;
use crate::server::files::path::STAGED;

/// How much is read at once. The stack of a handler is small.
const BUFFER: usize = 64 << 10;

/// A file that is written beside the place where it will stand. It is gone when this is, unless it got there.
#[derive(Debug)]
pub(super) struct Staged {
    path: PathBuf,
    target: PathBuf,
}

impl Staged {
    /// Reads a file to its end.
    pub(super) fn receive(target: &Path, source: &mut impl Read) -> Result<Self, Refusal> {
        let (staged, mut file) = Self::create(target).map_err(|error| Refusal::storing(&error))?;
        let mut buffer = vec![0; BUFFER];
        loop {
            let len = match source.read(&mut buffer) {
                Ok(0) => break,
                Ok(len) => len,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(Refusal::reading(error)),
            };
            let bytes = buffer.get(..len).unwrap_or_default();
            file.write_all(bytes).map_err(|error| Refusal::storing(&error))?;
        }
        file.sync_all().map_err(|error| Refusal::storing(&error))?;
        Ok(staged)
    }

    /// Makes a file of a name that nobody has, and that is neither listed nor served.
    fn create(target: &Path) -> io::Result<(Self, File)> {
        let (start, end) = STAGED;
        let path = target.with_file_name(format!("{start}{:032x}{end}", random_bits()));
        let file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        Ok((Self { path, target: target.to_owned() }, file))
    }

    /// Waits until no other upload of this process is between a last look at a place and the change of what is
    /// there. It is given up by dropping what is returned.
    pub(super) fn turn() -> MutexGuard<'static, ()> {
        static TURN: Mutex<()> = Mutex::new(());
        TURN.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the file its name, if nothing has it by now.
    pub(super) fn place_new(self) -> io::Result<()> {
        match fs::hard_link(&self.path, &self.target) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(error),
            // Some file systems have no second names. To make a file is as safe; for a moment it is empty.
            Err(_) => {
                OpenOptions::new().write(true).create_new(true).open(&self.target)?;
                fs::rename(&self.path, &self.target).inspect_err(|_| {
                    let _ = fs::remove_file(&self.target);
                })
            }
        }
    }

    /// Gives the file its name, and takes it from whatever file has it.
    pub(super) fn replace(self) -> io::Result<()> {
        fs::rename(&self.path, &self.target)
    }

    pub(super) fn target(&self) -> &Path {
        &self.target
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // It is not there if it was given its name by renaming.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::StatusCode;
    use std::{env, process};

    /// A source that fails behind a number of bytes.
    struct Failing(usize);

    impl Read for Failing {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            let (true, Some(first)) = (self.0 > 0, buf.first_mut()) else {
                return Err(ErrorKind::ConnectionReset.into());
            };
            (*first, self.0) = (b'x', self.0 - 1);
            Ok(1)
        }
    }

    #[test]
    fn nothing_is_left_of_what_does_not_get_to_its_place() {
        let folder = env::temp_dir().join(format!("nethttp-staged-{}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        let names = || fs::read_dir(&folder).unwrap().count();
        let target = folder.join("a");
        for len in 0..20 {
            assert!(Staged::receive(&target, &mut Failing(len)).is_err());
            assert_eq!(names(), 0);
        }
        drop(Staged::receive(&target, &mut &b"x"[..]).unwrap());
        assert_eq!(names(), 0);
        Staged::receive(&target, &mut &b"new"[..]).unwrap().place_new().unwrap();
        let late = Staged::receive(&target, &mut &b"late"[..]).unwrap();
        assert_eq!(names(), 2);
        assert_eq!(late.place_new().unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!((fs::read(&target).unwrap(), names()), (b"new".to_vec(), 1));
        Staged::receive(&target, &mut &b"newer"[..]).unwrap().replace().unwrap();
        assert_eq!((fs::read(&target).unwrap(), names()), (b"newer".to_vec(), 1));
        let nowhere = Staged::receive(&folder.join("no/a"), &mut &b""[..]).unwrap_err();
        assert_eq!(nowhere, Refusal::from(StatusCode::NOT_FOUND));
        fs::remove_dir_all(&folder).unwrap();
    }
}

//! A file on its way to its place.

use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::refusal::Refusal;
use crate::server::files::path::STAGED;
use crate::staged::Staged;

/// How much is read at once. The stack of a handler is small.
const BUFFER: usize = 64 << 10;

/// Reads a file to its end.
pub(super) fn receive(target: &Path, source: &mut impl Read) -> Result<Staged, Refusal> {
    let created = Staged::create(target, STAGED, false);
    let (staged, mut file) = created.map_err(Refusal::storing)?;
    let mut buffer = vec![0; BUFFER];
    loop {
        let len = match source.read(&mut buffer) {
            Ok(0) => break,
            Ok(len) => len,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(Refusal::reading(error)),
        };
        let bytes = buffer.get(..len).unwrap_or_default();
        file.write_all(bytes).map_err(Refusal::storing)?;
    }
    staged.finish(&file).map_err(Refusal::storing)?;
    Ok(staged)
}

/// Waits until no other upload of this process is between a last look at a place and the change of what is there. It
/// is given up by dropping what is returned.
pub(super) fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::IntoResponse;
    use crate::status::StatusCode;
    use std::{env, fs, io, process};

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
        let folder = env::temp_dir().join(format!("nethttp-receive-{}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        let names = || fs::read_dir(&folder).unwrap().count();
        let target = folder.join("a");
        for len in 0..20 {
            assert!(receive(&target, &mut Failing(len)).is_err());
            assert_eq!(names(), 0);
        }
        drop(receive(&target, &mut &b"x"[..]).unwrap());
        assert_eq!(names(), 0);
        receive(&target, &mut &b"new"[..]).unwrap().place_new().unwrap();
        assert_eq!((fs::read(&target).unwrap(), names()), (b"new".to_vec(), 1));
        let nowhere = receive(&folder.join("no/a"), &mut &b""[..]).unwrap_err();
        assert_eq!(nowhere.into_response().status(), StatusCode::NOT_FOUND);
        fs::remove_dir_all(&folder).unwrap();
    }
}

//! Files themselves: reading one, and replacing one so that nobody ever sees half of it.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::vec::Vec;

use super::{CookieFileReport, FileFormat, MAX_FILE_LEN};
use crate::cookie::CookieJar;
use crate::field::HttpDate;
use crate::staged::{Affixes, Staged, place_of, sync_folder};

/// How the name of a file begins and ends that is not saved yet.
const AFFIXES: Affixes = (".cookies-", ".tmp");

impl CookieJar {
    /// Adds the cookies of a file as [`read`](Self::read) does, and returns how many these were.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::NotFound`] if there is no file, which is how most programs begin;
    /// - [`ErrorKind::InvalidData`] if a line is wrong; the source is the
    ///   [`CookieFileError`](super::CookieFileError), and nothing is added;
    /// - [`ErrorKind::FileTooLarge`] behind [`MAX_FILE_LEN`] bytes, whatever the file says its length is;
    /// - any other that reading has.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::CookieJar;
    /// use std::io::ErrorKind;
    /// use std::time::SystemTime;
    ///
    /// let mut jar = CookieJar::new();
    /// match jar.load("no such file", SystemTime::now()) {
    ///     Ok(count) => println!("{count} cookies"),
    ///     Err(error) if error.kind() == ErrorKind::NotFound => println!("no cookies yet"),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn load(&mut self, path: impl AsRef<Path>, now: impl Into<HttpDate>) -> io::Result<usize> {
        let text = contents(File::open(path)?, MAX_FILE_LEN)?;
        self.read(&text, now).map_err(|error| io::Error::new(ErrorKind::InvalidData, error))
    }

    /// Adds the cookies of a file as [`read_lenient`](Self::read_lenient) does: lines that are wrong are
    /// reported and passed over. They are lost if the jar is then saved there.
    ///
    /// # Errors
    ///
    /// The errors of [`load`](Self::load) but for [`ErrorKind::InvalidData`].
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use nethttp::cookie::CookieJar;
    /// use std::time::SystemTime;
    ///
    /// let report = CookieJar::new().load_lenient("cookies.txt", SystemTime::now())?;
    /// println!("{} cookies, {} lines are wrong", report.cookies(), report.error_count());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn load_lenient(
        &mut self,
        path: impl AsRef<Path>,
        now: impl Into<HttpDate>,
    ) -> io::Result<CookieFileReport> {
        let text = contents(File::open(path)?, MAX_FILE_LEN)?;
        Ok(self.read_lenient(&text, now))
    }

    /// Writes the cookies that have not expired to a file, in the form of [`encode`](Self::encode).
    ///
    /// The file is there as a whole or not at all: a new one is written beside it, brought to the disk and
    /// given its name. Until then the old one is as it was, whatever goes wrong. Cookies are secrets, so
    /// on Unix only its owner may read a new file (mode 0600); one that is there keeps its mode and
    /// its group (the group loses its rights if the program may not give it the file), and belongs to whoever
    /// saves. A symbolic link stays, and what it leads to is replaced.
    ///
    /// A program that is killed while it saves leaves a file `.cookies-*.tmp` behind. Of two programs that
    /// save at once the later wins; to have the cookies of both is to load before.
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::IsADirectory`] and [`ErrorKind::InvalidInput`] if there is something other than a
    ///   file, and [`ErrorKind::PermissionDenied`] if nobody may write the file; it stays;
    /// - any other that writing has: a new file has to fit into the directory, and the program be allowed
    ///   to make one there.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use nethttp::cookie::{CookieJar, FileFormat};
    /// use std::time::SystemTime;
    ///
    /// CookieJar::new().save("cookies.txt", FileFormat::Native, SystemTime::now())?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn save(
        &self,
        path: impl AsRef<Path>,
        format: FileFormat,
        now: impl Into<HttpDate>,
    ) -> io::Result<()> {
        let text = self.encode(format, now);
        replace(path.as_ref(), |file| file.write_all(&text))
    }
}

/// Reads to the end, which has to come in time.
fn contents(source: impl Read, limit: usize) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    let enough = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    source.take(enough).read_to_end(&mut text)?;
    if text.len() > limit {
        let reason = format!("expected a cookie file of at most {limit} bytes");
        return Err(io::Error::new(ErrorKind::FileTooLarge, reason));
    }
    Ok(text)
}

/// Replaces a file, or makes it, with what is written.
fn replace(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let target = place_of(path)?;
    let (staged, mut file) = Staged::create(&target, AFFIXES, true)?;
    write(&mut file)?;
    staged.finish(&file)?;
    drop(file);
    staged.replace()?;
    target.parent().into_iter().for_each(sync_folder);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cookie::CookieFileError;
    use std::fs;
    use std::path::PathBuf;
    use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
    use std::{env, process, thread};

    const NOW: HttpDate = HttpDate::from_unix(1_780_000_000);

    /// A folder for one test, gone when the test is over.
    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Self {
            static COUNT: AtomicU32 = AtomicU32::new(0);
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            let path = env::temp_dir().join(format!("nethttp-cookies-{}-{count}", process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn join(&self, name: &str) -> PathBuf {
            self.0.join(name)
        }

        fn names(&self) -> Vec<String> {
            let entries = fs::read_dir(&self.0).unwrap();
            entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn jar(count: usize) -> CookieJar {
        let mut jar = CookieJar::new();
        for number in 0..count {
            let line = format!("a.example\tTRUE\t/\tFALSE\t0\t{number}\tb\n");
            jar.read(line.as_bytes(), NOW).unwrap();
        }
        jar
    }

    #[test]
    fn what_is_saved_can_be_loaded() {
        let folder = Folder::new();
        let path = folder.join("cookies.txt");
        for format in [FileFormat::Netscape, FileFormat::Native] {
            jar(3).save(&path, format, NOW).unwrap();
            let mut other = CookieJar::new();
            assert_eq!(other.load(&path, NOW).unwrap(), 3);
            assert_eq!(fs::read(&path).unwrap(), other.encode(format, NOW));
            assert_eq!(folder.names(), ["cookies.txt"]);
        }
    }

    #[test]
    fn a_file_that_is_missing_or_wrong_is_an_error_of_its_kind() {
        let folder = Folder::new();
        let path = folder.join("cookies.txt");
        let mut jar = CookieJar::new();
        assert_eq!(jar.load(&path, NOW).unwrap_err().kind(), ErrorKind::NotFound);
        assert_eq!(jar.load_lenient(&path, NOW).unwrap_err().kind(), ErrorKind::NotFound);
        fs::write(&path, "a.example\tTRUE\t/\tFALSE\t0\ta\tb\n?\n").unwrap();
        let error = jar.load(&path, NOW).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData);
        assert_eq!(
            error.to_string(),
            "expected seven fields separated by HTAB in line 2 at byte 1"
        );
        assert!(error.get_ref().unwrap().is::<CookieFileError>());
        assert!(jar.is_empty());
        assert_eq!(jar.load_lenient(&path, NOW).unwrap().cookies(), 1);
        assert!(jar.load(&folder.0, NOW).is_err());
    }

    #[test]
    fn a_file_that_goes_on_is_not_read_to_its_end() {
        assert_eq!(contents(&b"12345"[..], 5).unwrap(), b"12345");
        let error = contents(io::repeat(b'#'), 5).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FileTooLarge);
        assert_eq!(error.to_string(), "expected a cookie file of at most 5 bytes");
    }

    #[test]
    fn an_error_at_any_byte_leaves_the_old_file() {
        let folder = Folder::new();
        let text = jar(2).encode(FileFormat::Netscape, NOW);
        for old in [None, Some("old")] {
            let path = folder.join(&format!("cookies-{}", old.is_some()));
            if let Some(old) = old {
                fs::write(&path, old).unwrap();
            }
            let names = folder.names();
            for at in 0..=text.len() {
                let written = replace(&path, |file| {
                    file.write_all(&text[..at])?;
                    Err(ErrorKind::StorageFull.into())
                });
                assert_eq!(written.unwrap_err().kind(), ErrorKind::StorageFull);
                assert_eq!(fs::read_to_string(&path).ok().as_deref(), old, "at byte {at}");
                assert_eq!(folder.names(), names);
            }
        }
    }

    #[test]
    fn a_panic_while_writing_leaves_the_old_file() {
        let folder = Folder::new();
        let path = folder.join("cookies.txt");
        let caught = std::panic::catch_unwind(|| replace(&path, |_| panic!("on purpose")));
        assert!(caught.is_err());
        assert!(folder.names().is_empty());
    }

    #[test]
    fn what_is_no_file_stays() {
        let folder = Folder::new();
        for path in [folder.join(""), folder.join("."), folder.join(".."), PathBuf::from("/")] {
            let error = jar(1).save(&path, FileFormat::Native, NOW).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::IsADirectory, "{}", path.display());
        }
        let nowhere = folder.join("a/b");
        let error = jar(1).save(nowhere, FileFormat::Native, NOW).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert!(jar(1).save("", FileFormat::Native, NOW).is_err());
        assert!(folder.names().is_empty());
    }

    #[test]
    fn a_file_that_nobody_may_write_stays() {
        let folder = Folder::new();
        let path = folder.join("cookies.txt");
        fs::write(&path, "old").unwrap();
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();
        let error = jar(1).save(&path, FileFormat::Native, NOW).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PermissionDenied);
        assert_eq!(fs::read(&path).unwrap(), b"old");
    }

    #[test]
    fn readers_see_the_whole_of_one_of_two_savers() {
        let folder = Folder::new();
        let path = folder.join("cookies.txt");
        let (few, many) = (jar(1), jar(180));
        few.save(&path, FileFormat::Native, NOW).unwrap();
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            let savers = [&few, &many].map(|jar| {
                let path = &path;
                scope.spawn(move || {
                    for _ in 0..30 {
                        jar.save(path, FileFormat::Native, NOW).unwrap();
                    }
                })
            });
            let reader = scope.spawn(|| {
                while !done.load(Ordering::Acquire) {
                    let count = CookieJar::new().load(&path, NOW).unwrap();
                    assert!(count == 1 || count == 180);
                }
            });
            let saved = savers.map(thread::ScopedJoinHandle::join);
            done.store(true, Ordering::Release);
            reader.join().unwrap();
            assert!(saved.iter().all(Result::is_ok));
        });
        assert_eq!(folder.names(), ["cookies.txt"]);
    }

    #[cfg(unix)]
    mod unix {
        use super::*;
        use std::fs::Permissions;
        use std::os::unix::fs::{PermissionsExt, symlink};

        fn mode(path: &Path) -> u32 {
            fs::metadata(path).unwrap().permissions().mode() & 0o7777
        }

        #[test]
        fn a_new_file_is_for_its_owner_and_an_old_one_keeps_its_mode() {
            let folder = Folder::new();
            let path = folder.join("cookies.txt");
            jar(1).save(&path, FileFormat::Native, NOW).unwrap();
            assert_eq!(mode(&path), 0o600);
            fs::set_permissions(&path, Permissions::from_mode(0o664)).unwrap();
            jar(2).save(&path, FileFormat::Native, NOW).unwrap();
            assert_eq!(mode(&path), 0o664);
        }

        #[test]
        fn a_link_stays_and_its_target_is_replaced() {
            let folder = Folder::new();
            fs::create_dir(folder.join("real")).unwrap();
            let target = folder.join("real/cookies.txt");
            symlink("real/cookies.txt", folder.join("near")).unwrap();
            symlink(folder.join("near"), folder.join("far")).unwrap();
            // The first time there is nothing at the end of the links.
            for count in 1..=2 {
                jar(count).save(folder.join("far"), FileFormat::Native, NOW).unwrap();
                assert_eq!(CookieJar::new().load(&target, NOW).unwrap(), count);
                assert!(folder.join("near").is_symlink() && folder.join("far").is_symlink());
            }
            symlink("circle", folder.join("circle")).unwrap();
            let error = jar(1).save(folder.join("circle"), FileFormat::Native, NOW).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert_eq!(error.to_string(), "expected symbolic links that lead to a file");
        }

        #[test]
        fn a_device_and_a_socket_stay() {
            let folder = Folder::new();
            let path = folder.join("socket");
            let _socket = std::os::unix::net::UnixListener::bind(&path).unwrap();
            for path in [path, PathBuf::from("/dev/null")] {
                let error = jar(1).save(path, FileFormat::Native, NOW).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::InvalidInput);
                assert_eq!(error.to_string(), "expected a regular file, or none");
            }
        }

        #[test]
        fn a_folder_that_may_not_be_written_keeps_its_file() {
            let folder = Folder::new();
            let path = folder.join("cookies.txt");
            fs::write(&path, "old").unwrap();
            fs::set_permissions(&folder.0, Permissions::from_mode(0o500)).unwrap();
            // To the superuser every folder may be written.
            if File::create(folder.join("probe")).is_err() {
                let error = jar(1).save(&path, FileFormat::Native, NOW).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::PermissionDenied);
                assert_eq!(fs::read(&path).unwrap(), b"old");
            }
            fs::set_permissions(&folder.0, Permissions::from_mode(0o700)).unwrap();
        }
    }
}

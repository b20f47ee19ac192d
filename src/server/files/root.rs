//! A directory, and what below it may be seen.
//!
//! This is the second of two locks: what counts is where the names have led, and that has to be below the
//! root and not hidden, whichever links lie on the way.

use std::ffi::OsStr;
use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Links;
use super::denial::Denial;
use super::entry::{Entry, EntryKind};
use super::known::Known;
use super::open::open;
use super::path::{FilePath, is_served};
use super::resolved::{Directory, enter, resolved};
use super::turns::{Turn, Turns};
use crate::error::{Error, ErrorKind, Result};
use crate::message::Request;
use crate::status::StatusCode;

/// The most entries of a directory that are read whoever else is reading one.
const LONG: usize = 10_000;

/// A directory that is served, and the rules for what is below it.
#[derive(Clone, Debug)]
pub(crate) struct Root {
    /// Absolute. It is not canonical: a deployment that exchanges a link on the way to it is followed.
    path: PathBuf,
    links: Links,
    pub(crate) shows_hidden: bool,
    known: Arc<Known>,
    turns: Arc<Turns>,
}

/// What is in a directory.
///
/// To look at 100,000 entries and to sort them takes a fifth of a second and 38 MB, for a request of a hundred bytes.
/// So long directories are listed one at a time. Some may wait for that; whoever comes then is told to come back, since
/// each who waits takes a thread.
#[derive(Debug)]
pub(crate) struct Entries<'r> {
    pub(crate) list: Vec<Entry>,
    /// It is held until the list is gone.
    _turn: Option<Turn<'r>>,
}

/// What a path leads to.
#[derive(Debug)]
pub(crate) enum Found {
    File(OpenFile),
    Directory(Directory),
}

/// A file that is open and may be seen.
#[derive(Debug)]
pub(crate) struct OpenFile {
    pub(crate) file: File,
    /// Of the file that is open, whatever stands at its path by now.
    pub(crate) data: Metadata,
}

impl Root {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let opened = fs::read_dir(path).and_then(|_| std::path::absolute(path));
        let path = opened.map_err(|error| {
            let text = format!("expected a directory to serve at {path:?}");
            Error::new(ErrorKind::Io).with_text(text).with_source(error)
        })?;
        let (known, turns) = (Arc::default(), Arc::default());
        Ok(Self { path, links: Links::Inside, shows_hidden: false, known, turns })
    }

    /// Sets which links are followed. What was found by other rules is forgotten: a clone may go by them still.
    pub(crate) fn set_links(&mut self, links: Links) {
        self.links = links;
        self.known = Arc::default();
    }

    /// Reads the path of a request by the rules of this root.
    ///
    /// # Errors
    ///
    /// As [`FilePath::parse`].
    pub(crate) fn path_of(&self, request: &Request) -> Result<FilePath, StatusCode> {
        FilePath::below(request.mount_path(), request.subpath(), self.shows_hidden)
    }

    /// Follows a path to where it ends, and opens it if it is a file.
    ///
    /// # Errors
    ///
    /// 404 for what is not there, is neither file nor directory, or may not be seen; 403 for what may be seen
    /// but the process may not read; 503 while another process has a lease on it; 500 if it cannot be opened for
    /// another reason.
    pub(crate) fn find(&self, path: &FilePath) -> Result<Found, Denial> {
        let path = self.path.join(path.to_relative());
        if let Some((file, data)) = self.known.open(&path) {
            return Ok(Found::File(OpenFile { file, data }));
        }
        // To open a FIFO is to let its other end go on, and a device does whatever it does. To look takes no
        // descriptor, so whatever is wrong is wrong with the path.
        let data = fs::metadata(&path).map_err(|_| Denial::NOT_FOUND)?;
        if data.is_dir() {
            return self.enter(&path).map(Found::Directory);
        }
        if !data.is_file() {
            return Err(Denial::NOT_FOUND);
        }
        let opened = open(&path).and_then(|file| Ok((file.metadata()?, file)));
        let (data, file) = opened.map_err(|error| self.refusal(&path, error))?;
        if !data.is_file() {
            return Err(Denial::NOT_FOUND);
        }
        if self.links == Links::Follow || self.is_straight(&file, &path)? {
            self.known.note(&path, &data);
        }
        Ok(Found::File(OpenFile { file, data }))
    }

    /// Returns whether no link below the root has led to a file that may be seen.
    fn is_straight(&self, file: &File, path: &Path) -> Result<bool, Denial> {
        let real = resolved(file, path)?;
        Ok(self.check(path, &real)? == Way::Straight)
    }

    /// Returns why what was a file a moment ago cannot be opened.
    fn refusal(&self, path: &Path, error: io::Error) -> Denial {
        // That is nobody's business if it may not be seen.
        if let Err(denial) = self.follow(path) {
            return denial;
        }
        match fs::metadata(path) {
            // To open a socket, or a device that is not there, is an error of its own.
            Ok(data) if !data.is_file() => Denial::NOT_FOUND,
            _ => error.into(),
        }
    }

    /// Returns where a path leads, links and all, if that may be seen.
    fn follow(&self, path: &Path) -> Result<PathBuf, Denial> {
        let real = fs::canonicalize(path).map_err(Denial::on_the_way)?;
        self.check(path, &real)?;
        Ok(real)
    }

    /// Opens a directory, links on the way to it followed, if that may be seen.
    fn enter(&self, path: &Path) -> Result<Directory, Denial> {
        let (directory, real) = enter(path).map_err(Denial::on_the_way)?;
        if self.links != Links::Follow {
            self.check(path, &real)?;
        }
        Ok(directory)
    }

    /// Returns the directory in which a file of this path stands or would stand, if that is there and may be
    /// seen, and the name. What of that name is there, if anything, is not looked at.
    ///
    /// # Errors
    ///
    /// As [`find`](Self::find) for the directory; 404 for the root itself.
    pub(crate) fn place<'p>(&self, path: &'p FilePath) -> Result<(Directory, &'p OsStr), Denial> {
        let (name, above) = path.names().split_last().ok_or(Denial::NOT_FOUND)?;
        let above = self.path.join(above.iter().collect::<PathBuf>());
        if !above.is_dir() {
            return Err(Denial::NOT_FOUND);
        }
        Ok((self.enter(&above)?, name))
    }

    /// Reads a directory that was [found](Self::find). It lists exactly what can be fetched.
    ///
    /// # Errors
    ///
    /// The directory cannot be read, or 503 if it is long and too many others are waiting for one. An entry that cannot
    /// be read, or that is gone by now, is left out.
    pub(crate) fn entries(&self, directory: &Directory) -> Result<Entries<'_>, Denial> {
        self.read(directory, LONG)
    }

    fn read(&self, directory: &Directory, long: usize) -> Result<Entries<'_>, Denial> {
        let (mut found, mut turn) = (Vec::new(), None);
        for entry in fs::read_dir(directory.path())? {
            let entry = entry?;
            if is_served(&entry.file_name(), self.shows_hidden) {
                if found.len() == long {
                    turn = Some(self.turns.take().ok_or(StatusCode::SERVICE_UNAVAILABLE)?);
                }
                found.push(entry);
            }
        }
        let list = found.into_iter().filter_map(|entry| self.entry(&entry)).collect();
        Ok(Entries { list, _turn: turn })
    }

    fn entry(&self, entry: &fs::DirEntry) -> Option<Entry> {
        let data = self.metadata(entry)?;
        let kind = if data.is_dir() { EntryKind::Directory } else { EntryKind::File };
        let (len, modified) = (data.len(), data.modified().ok());
        Some(Entry { name: entry.file_name(), kind, len, modified })
    }

    /// Returns what a request for an entry would find.
    fn metadata(&self, entry: &fs::DirEntry) -> Option<Metadata> {
        let data = if entry.file_type().ok()?.is_symlink() {
            fs::metadata(self.follow(&entry.path()).ok()?)
        } else {
            entry.metadata()
        };
        data.ok().filter(|data| data.is_dir() || data.is_file())
    }

    /// Refuses what the rules do not let be seen. `real` is where `path` has led.
    fn check(&self, path: &Path, real: &Path) -> Result<Way, Denial> {
        // Where no link has been on the way, the names have said it all.
        if real == path {
            return Ok(Way::Straight);
        }
        if self.links == Links::Follow {
            return Ok(Way::Linked);
        }
        let root = fs::canonicalize(&self.path).map_err(Denial::on_the_way)?;
        let below = real.strip_prefix(&root).map_err(|_| Denial::NOT_FOUND)?;
        let names = path.strip_prefix(&self.path).or_else(|_| path.strip_prefix(&root));
        if names == Ok(below) {
            return Ok(Way::Straight);
        }
        let is_served = |name| is_served(name, self.shows_hidden);
        match self.links {
            Links::Inside if below.iter().all(is_served) => Ok(Way::Linked),
            _ => Err(Denial::NOT_FOUND),
        }
    }
}

/// How a path has led to where it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Without a link below the root.
    Straight,
    Linked,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory for one test, gone when the test is over.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("nethttp-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(path.join("root/sub")).unwrap();
            for name in ["outside", "root/a", "root/.hidden", "root/sub/b"] {
                fs::write(path.join(name), name).unwrap();
            }
            #[cfg(unix)]
            for (name, to) in
                [("file", "a"), ("dir", "sub"), ("out", "../outside"), ("hid", ".hidden")]
            {
                std::os::unix::fs::symlink(to, path.join("root").join(name)).unwrap();
            }
            Self(path)
        }

        fn open(&self, links: Links) -> Root {
            Root { links, ..Root::open(&self.0.join("root")).unwrap() }
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn path(text: &str) -> FilePath {
        FilePath::parse(text, true).unwrap()
    }

    #[test]
    fn a_directory_lists_what_can_be_fetched() {
        let scratch = Scratch::new("entries");
        let links: [(_, &[&str]); 3] = [
            (Links::Inside, &["dir/", "file"]),
            (Links::Follow, &["dir/", "file", "hid", "out"]),
            (Links::Deny, &[]),
        ];
        for (links, linked) in links {
            let root = scratch.open(links);
            let Ok(Found::Directory(directory)) = root.find(&path("/")) else { panic!("no root") };
            let entries = root.entries(&directory).unwrap().list;
            let mut names: Vec<String> = entries.iter().map(shown).collect();
            names.sort();
            let mut expected = vec!["a", "sub/"];
            expected.extend(if cfg!(unix) { linked } else { &[] });
            expected.sort_unstable();
            assert_eq!(names, expected, "{links:?}");
            for entry in entries {
                let found = root.find(&path("/").child(entry.name.clone())).unwrap();
                assert_eq!(
                    matches!(found, Found::Directory(_)),
                    entry.kind == EntryKind::Directory
                );
            }
        }
    }

    #[test]
    fn long_directories_are_listed_one_at_a_time() {
        let scratch = Scratch::new("long");
        let root = scratch.open(Links::Deny);
        let clone = root.clone();
        let Ok(Found::Directory(directory)) = root.find(&path("/sub")) else { panic!("no sub") };
        // There is one file.
        let first = root.read(&directory, 0).unwrap();
        assert_eq!(first.list.len(), 1);
        assert_eq!(clone.read(&directory, 1).unwrap().list.len(), 1);
        std::thread::scope(|scope| {
            let second =
                scope.spawn(|| clone.read(&directory, 0).map(|entries| entries.list.len()));
            // It could be later, but not earlier than that.
            std::thread::sleep(std::time::Duration::from_millis(50));
            assert!(!second.is_finished());
            drop(first);
            assert_eq!(second.join().unwrap().unwrap(), 1);
        });
    }

    fn shown(entry: &Entry) -> String {
        assert!(entry.modified.is_some());
        let name = entry.name.to_str().unwrap();
        // Every file holds its path.
        let len = match name {
            "hid" => "root/.hidden".len(),
            "out" => "outside".len(),
            _ => "root/a".len(),
        };
        match entry.kind {
            EntryKind::Directory => format!("{name}/"),
            EntryKind::File => {
                assert_eq!(usize::try_from(entry.len), Ok(len), "{name}");
                name.to_owned()
            }
        }
    }

    #[test]
    fn a_place_is_in_a_directory_that_may_be_seen() {
        let scratch = Scratch::new("place");
        let root = scratch.open(Links::Inside);
        let real = fs::canonicalize(scratch.0.join("root")).unwrap();
        let at = |root: &Root, text: &str| match root.place(&path(text)) {
            Ok((directory, name)) => Ok(fs::canonicalize(directory.path()).unwrap().join(name)),
            Err(denial) => Err(denial.status.as_u16()),
        };
        assert_eq!(at(&root, "/new"), Ok(real.join("new")));
        assert_eq!(at(&root, "/sub/new"), Ok(real.join("sub/new")));
        assert_eq!(at(&root, "/a"), Ok(real.join("a")));
        assert_eq!(at(&root, "/"), Err(404));
        assert_eq!(at(&root, "/none/new"), Err(404));
        assert_eq!(at(&root, "/a/new"), Err(404));
        if cfg!(unix) {
            assert_eq!(at(&root, "/dir/new"), Ok(real.join("sub/new")));
            assert_eq!(at(&root, "/out/new"), Err(404));
            assert_eq!(at(&scratch.open(Links::Deny), "/dir/new"), Err(404));
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_directory_that_was_found_stays_the_one() {
        let scratch = Scratch::new("exchanged");
        let root = scratch.open(Links::Inside);
        let above = scratch.0.join("root");
        fs::create_dir(scratch.0.join("elsewhere")).unwrap();
        fs::write(scratch.0.join("elsewhere/secret"), "secret").unwrap();
        let Ok(Found::Directory(found)) = root.find(&path("/sub")) else { panic!("no directory") };
        let to = path("/sub/new");
        let (place, name) = root.place(&to).unwrap();

        fs::rename(above.join("sub"), above.join("moved")).unwrap();
        std::os::unix::fs::symlink("../elsewhere", above.join("sub")).unwrap();
        let names: Vec<_> =
            root.entries(&found).unwrap().list.into_iter().map(|it| it.name).collect();
        assert_eq!(names, ["b"]);
        fs::write(place.at(name), "new").unwrap();
        assert_eq!(fs::read(above.join("moved/new")).unwrap(), b"new");
        assert!(!scratch.0.join("elsewhere/new").exists());
        assert!(root.find(&path("/sub")).is_err());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_directory_that_cannot_be_read_is_held_as_well() {
        use std::os::unix::fs::PermissionsExt;
        let scratch = Scratch::new("unread");
        let above = scratch.0.join("root");
        fs::set_permissions(above.join("sub"), fs::Permissions::from_mode(0o300)).unwrap();
        let to = path("/sub/new");
        let root = scratch.open(Links::Inside);
        let (place, name) = root.place(&to).unwrap();
        fs::rename(above.join("sub"), above.join("moved")).unwrap();
        fs::write(place.at(name), "new").unwrap();
        assert_eq!(fs::read(above.join("moved/new")).unwrap(), b"new");
        fs::set_permissions(above.join("moved"), fs::Permissions::from_mode(0o700)).unwrap();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn who_writes_to_a_fifo_goes_on_waiting_for_a_reader() {
        let scratch = Scratch::new("fifo");
        let root = scratch.open(Links::Inside);
        let fifo = root.path.join("fifo");
        assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        let pause = || std::thread::sleep(std::time::Duration::from_millis(2));
        for _ in 0..20 {
            let path_of_writer = fifo.clone();
            let writer =
                std::thread::spawn(move || File::options().write(true).open(path_of_writer));
            pause();
            assert_eq!(root.find(&path("/fifo")).unwrap_err().status, StatusCode::NOT_FOUND);
            pause();
            assert!(!writer.is_finished());
            let _reader = open(&fifo).unwrap();
            assert!(writer.join().unwrap().is_ok());
        }
    }

    #[test]
    fn a_root_that_is_none_is_named() {
        let error = Root::open(Path::new("no such directory")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io);
        let text = error.to_string();
        assert!(
            text.starts_with("expected a directory to serve at \"no such directory\": "),
            "{text}"
        );
    }

    #[test]
    fn what_was_found_by_other_rules_is_not_known() {
        let scratch = Scratch::new("rules");
        let follows = scratch.open(Links::Follow);
        let mut denies = follows.clone();
        assert!(Arc::ptr_eq(&follows.known, &denies.known));
        denies.set_links(Links::Deny);
        assert!(!Arc::ptr_eq(&follows.known, &denies.known));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_by_now_is_not_there() {
        let scratch = Scratch::new("by-now");
        let root = scratch.open(Links::Inside);
        let _socket =
            std::os::unix::net::UnixListener::bind(scratch.0.join("root/socket")).unwrap();
        let refusal = |name: &str| {
            let path = root.path.join(name);
            let error = open(&path).err().unwrap_or_else(|| io::ErrorKind::WouldBlock.into());
            root.refusal(&path, error).status.as_u16()
        };
        let statuses = ["socket", "none", "out", "sub", "a"].map(refusal);
        assert_eq!(statuses, [404, 404, 404, 404, 503]);
    }
}

//! The file of a download: where its content goes until it is complete, and what is there already.
//!
//! Three ways lead to it. Content that is nobody's business before it is complete goes into a file that is gone if it does
//! not become so; content that shall be gone on with goes into one beside a [`Note`] that says what it is a part of; and a
//! file that the caller continues is written in its place. In the first two the name is taken at the end, by renaming.
//!
//! Each whole that begins has a file of its own, under a name that nobody can tell, but for one in its place. So two
//! downloads to the same place do not write different content into one file: at worst both go on with the same part, and
//! write the same bytes at the same places.

use std::fmt;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::name::{note_of, part_of};
use super::note::{MAX_LEN, Note};
use super::plan::{Held, Validator};
use crate::error::{Error, ErrorKind as Kind};
use crate::hash::{Sha256, hex};
use crate::random::random_bits;
use crate::staged::{Affixes, Staged, place_of, sync_folder};

/// How the name of a file begins and ends that is nobody's business yet.
const AFFIXES: Affixes = (".download-", ".tmp");

/// How content gets to its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// As a whole, or not at all.
    Once,
    /// As a whole, and what is there of it is kept until then.
    Kept,
    /// It is there.
    InPlace,
}

/// Where a file goes.
#[derive(Clone, Debug)]
pub(super) enum Destination {
    File(PathBuf),
    /// A folder, and the name that the URL suggests, under which a part is kept.
    Folder(PathBuf, String),
}

/// What a store is for.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) destination: Destination,
    pub(super) way: Way,
    /// Whether a file that is there may be replaced.
    pub(super) overwrite: bool,
    /// What the note is about, without user information.
    pub(super) url: String,
    pub(super) hashes: bool,
}

/// The file of a download.
#[derive(Debug)]
pub(super) struct Store {
    order: Order,
    note_path: PathBuf,
    /// Where the file will stand, once that is known.
    target: Option<PathBuf>,
    content: Content,
    pub(super) held: Held,
    /// The note that was there or was written, which is this download's to remove.
    note: Option<String>,
    /// What that note spoke of and is of no use.
    stale: Option<PathBuf>,
    digest: Option<Digest>,
}

#[derive(Debug)]
enum Content {
    None,
    Staged(Box<Staged>, File),
    InPlace(File),
}

/// The digest of the first bytes of the file, and how many these are.
struct Digest {
    hash: Sha256,
    len: u64,
}

impl Digest {
    fn new() -> Self {
        Self { hash: Sha256::new(), len: 0 }
    }

    fn update(&mut self, octets: &[u8]) {
        self.hash.update(octets);
        self.len = self.len.saturating_add(u64::try_from(octets.len()).unwrap_or(u64::MAX));
    }

    /// Reads a file up to there.
    fn read(&mut self, mut file: &File, end: u64) -> io::Result<()> {
        if self.len >= end {
            return Ok(());
        }
        file.seek(SeekFrom::Start(self.len))?;
        let mut rest = file.take(end.saturating_sub(self.len));
        let mut piece = vec![0; 64 << 10];
        while self.len < end {
            match rest.read(&mut piece) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(len) => self.update(piece.get(..len).unwrap_or_default()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Digest").field("len", &self.len).finish_non_exhaustive()
    }
}

impl Store {
    /// Looks at what is there.
    pub(super) fn open(order: Order) -> Result<Self, Error> {
        let (named, target) = match &order.destination {
            Destination::File(path) => {
                let target = place_of(path).map_err(cannot("write", path))?;
                (target.clone(), Some(target))
            }
            Destination::Folder(folder, name) => {
                let path = folder.join(name);
                let own = (order.way == Way::InPlace).then(|| path.clone());
                (path, own)
            }
        };
        let digest = order.hashes.then(Digest::new);
        let mut store = Self {
            order,
            note_path: note_of(&named),
            target,
            content: Content::None,
            held: Held::default(),
            note: None,
            stale: None,
            digest,
        };
        match store.order.way {
            Way::Once => {}
            Way::Kept => store.find_part()?,
            Way::InPlace => store.find_own()?,
        }
        if let (Way::Once | Way::Kept, Some(target)) = (store.order.way, &store.target) {
            store.check_vacant(target)?;
        }
        Ok(store)
    }

    /// Finds the part that a note speaks of, if it is of this URL and nobody else can have written it.
    fn find_part(&mut self) -> Result<(), Error> {
        let Some((note, mine)) = self.read_note() else {
            return Ok(());
        };
        let Some(path) = note.content.as_ref().map(|tag| part_of(&self.note_path, tag)) else {
            return Ok(());
        };
        self.stale = Some(path.clone());
        if note.url != self.order.url || note.validator.is_none() {
            return Ok(());
        }
        let target = match (&self.order.destination, &self.target, &note.name) {
            (_, Some(target), _) => target.clone(),
            (Destination::Folder(folder, _), None, Some(name)) => self.place_in(folder, name)?,
            _ => return Ok(()),
        };
        let Ok((staged, file)) = Staged::adopt(path, &target, &mine) else {
            return Ok(());
        };
        self.stale = None;
        self.held.len = file.metadata().map_err(cannot("read", &target))?.len();
        if self.held.len == 0 {
            // Nothing to go on with; somebody else may be about to begin.
            return Ok(());
        }
        (self.held.complete_len, self.held.validator) = (note.complete_len, note.validator);
        (self.content, self.target) = (Content::Staged(Box::new(staged), file), Some(target));
        Ok(())
    }

    /// Finds the file that the caller continues, and what a note says of it.
    fn find_own(&mut self) -> Result<(), Error> {
        let Some(path) = &self.target else {
            return Ok(());
        };
        let path = place_of(path).map_err(cannot("write", path))?;
        match OpenOptions::new().read(true).write(true).open(&path) {
            Ok(file) => {
                let len = file.metadata().map_err(cannot("read", &path))?.len();
                (self.held.len, self.held.found) = (len, len);
                self.content = Content::InPlace(file);
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(cannot("write", &path)(error)),
        }
        self.target = Some(path);
        let Some((note, _)) = self.read_note() else {
            return Ok(());
        };
        if let Some(tag) = &note.content {
            self.stale = Some(part_of(&self.note_path, tag));
        } else if note.url == self.order.url
            && note.validator.is_some()
            && note.found <= self.held.len
            && note.complete_len.is_none_or(|len| self.held.len <= len)
        {
            let Note { validator, complete_len, found, .. } = note;
            self.held = Held { len: self.held.len, found, complete_len, validator };
        }
        Ok(())
    }

    /// Reads what stands in the place of the note, if that is a regular file.
    fn read_octets(&self) -> io::Result<(Vec<u8>, Metadata)> {
        // Opening anything else might take for ever.
        if !fs::symlink_metadata(&self.note_path)?.is_file() {
            return Err(is_taken());
        }
        let (mut octets, file) = (Vec::new(), File::open(&self.note_path)?);
        let metadata = file.metadata()?;
        file.take(MAX_LEN).read_to_end(&mut octets)?;
        Ok((octets, metadata))
    }

    /// Reads the note, if nobody else can have written it. The file, which is gone, shows what is this process's own.
    fn read_note(&mut self) -> Option<(Note, File)> {
        let (octets, metadata) = self.read_octets().ok()?;
        let note = Note::parse(&octets)?;
        // Some file systems have one mode for all files, so that it is not known beforehand.
        let (_, mine) = Staged::create(&self.note_path, AFFIXES, true).ok()?;
        if !is_made_alike(&metadata, &mine.metadata().ok()?) {
            return None;
        }
        self.note = String::from_utf8(octets).ok();
        Some((note, mine))
    }

    /// Writes a note in the place of any other, and of nothing else.
    fn write_note(&mut self, note: &Note) -> Result<(), Error> {
        let text = note.encode();
        let write = || {
            if !u64::try_from(text.len()).is_ok_and(|len| len <= MAX_LEN) {
                let reason = "expected a URL that is short enough to be written down";
                return Err(io::Error::new(ErrorKind::InvalidInput, reason));
            }
            match self.read_octets() {
                Ok((octets, _)) if Note::is_rest_of_one(&octets) => {}
                Ok(_) => return Err(is_taken()),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
            let (staged, mut file) = Staged::create(&self.note_path, AFFIXES, true)?;
            file.write_all(text.as_bytes())?;
            // Not brought to the disk, which takes long while a file is written: a note that is torn is none.
            staged.replace()
        };
        write().map_err(cannot("write", &self.note_path))?;
        self.note = Some(text);
        Ok(())
    }

    /// Begins with the first byte of a whole; `name` is what the server calls it.
    pub(super) fn begin(
        &mut self,
        name: &str,
        complete_len: Option<u64>,
        validator: Option<Validator>,
    ) -> Result<(), Error> {
        self.forget()?;
        let target = match (&self.order.destination, &self.target) {
            (Destination::Folder(folder, _), _) if self.order.way != Way::InPlace => {
                self.place_in(folder, name)?
            }
            (_, Some(target)) => target.clone(),
            (Destination::Folder(folder, name), None) => folder.join(name),
            (Destination::File(path), None) => path.clone(),
        };
        self.target = Some(target.clone());
        self.held = Held { len: 0, found: 0, complete_len, validator };
        let failed = cannot("write", &target);
        self.content = match self.order.way {
            Way::Once => {
                let (staged, file) = Staged::create(&target, AFFIXES, false).map_err(failed)?;
                Content::Staged(Box::new(staged), file)
            }
            Way::Kept => {
                let tag = format!("{:032x}", random_bits());
                self.take_note(Some((tag.clone(), name)))?;
                let path = part_of(&self.note_path, &tag);
                let (mut staged, file) = Staged::create_at(path, &target, false).map_err(failed)?;
                staged.keep();
                Content::Staged(Box::new(staged), file)
            }
            Way::InPlace => {
                // Empty before there is a note of what it will be. A file that has come meanwhile is somebody else's.
                let mut options = OpenOptions::new();
                let file = match std::mem::replace(&mut self.content, Content::None) {
                    Content::InPlace(file) => file,
                    _ => options
                        .read(true)
                        .write(true)
                        .create_new(true)
                        .open(&target)
                        .map_err(failed)?,
                };
                self.take_note(None)?;
                Content::InPlace(file)
            }
        };
        Ok(())
    }

    /// Goes on behind what is there, of which the server may have told more.
    pub(super) fn go_on(
        &mut self,
        complete_len: Option<u64>,
        validator: Option<Validator>,
    ) -> Result<(), Error> {
        self.held.complete_len = complete_len;
        if self.order.way == Way::InPlace && self.held.validator.is_none() && validator.is_some() {
            self.held.validator = validator;
            self.take_note(None)?;
        }
        self.catch_up()?;
        let at = SeekFrom::Start(self.held.len);
        let moved = self.file().map(|mut file| file.seek(at)).transpose();
        moved.map(drop).map_err(|error| self.failed(error))
    }

    /// Writes down what is begun with: of a part what its name ends in, and what the server calls the file. Of a file in
    /// its place there is nothing to say that has no validator.
    fn take_note(&mut self, part: Option<(String, &str)>) -> Result<(), Error> {
        let validator = self.held.validator.clone();
        if validator.is_none() && part.is_none() {
            return Ok(());
        }
        let (content, name) = part.unzip();
        let is_chosen = matches!(self.order.destination, Destination::Folder(..));
        let name = name.filter(|_| is_chosen).map(str::to_owned);
        let (url, complete_len, found) =
            (self.order.url.clone(), self.held.complete_len, self.held.found);
        let note = Note { url, validator, complete_len, found, content, name };
        self.write_note(&note)
    }

    /// Writes behind what is there.
    pub(super) fn write(&mut self, octets: &[u8]) -> Result<(), Error> {
        let written = self.file().map_or(Ok(()), |mut file| file.write_all(octets));
        written.map_err(|error| self.failed(error))?;
        let len = u64::try_from(octets.len()).unwrap_or(u64::MAX);
        self.held.len = self.held.len.saturating_add(len);
        if let Some(digest) = &mut self.digest {
            digest.update(octets);
        }
        Ok(())
    }

    /// Gives up what is there: another whole will begin.
    pub(super) fn forget(&mut self) -> Result<(), Error> {
        match std::mem::replace(&mut self.content, Content::None) {
            Content::None => {}
            Content::Staged(staged, _) => staged.discard(),
            Content::InPlace(mut file) => {
                if self.held.len > 0 {
                    let emptied = file.set_len(0).and_then(|()| file.rewind());
                    emptied.map_err(|error| self.failed(error))?;
                }
                self.content = Content::InPlace(file);
            }
        }
        self.held = Held::default();
        if let Some(digest) = &mut self.digest {
            *digest = Digest::new();
        }
        self.remove_note();
        Ok(())
    }

    /// Returns the SHA-256 of what is there, in lower-case hexadecimal.
    pub(super) fn digest(&mut self) -> Result<Option<String>, Error> {
        self.catch_up()?;
        Ok(self.digest.as_ref().map(|digest| hex(&digest.hash.clone().finish())))
    }

    /// Reads what is there and was not hashed.
    fn catch_up(&mut self) -> Result<(), Error> {
        let Some(mut digest) = self.digest.take() else {
            return Ok(());
        };
        let outcome = self.file().map_or(Ok(()), |file| digest.read(file, self.held.len));
        self.digest = Some(digest);
        outcome.map_err(|error| self.failed(error))
    }

    /// Gives the file its name, and returns that.
    pub(super) fn finish(mut self) -> Result<PathBuf, Error> {
        let path = self.target.clone().unwrap_or_default();
        let outcome = match std::mem::replace(&mut self.content, Content::None) {
            Content::None => Ok(()),
            Content::InPlace(file) => self.check_len(&file).and_then(|()| file.sync_all()),
            Content::Staged(staged, file) => self.place(*staged, &file),
        };
        outcome.map_err(cannot("write", &path))?;
        path.parent().into_iter().for_each(sync_folder);
        self.remove_note();
        Ok(path)
    }

    fn check_len(&self, file: &File) -> io::Result<()> {
        if file.metadata()?.len() == self.held.len {
            return Ok(());
        }
        let reason = "expected nobody else to write to what was downloaded";
        Err(io::Error::new(ErrorKind::InvalidData, reason))
    }

    fn place(&self, staged: Staged, file: &File) -> io::Result<()> {
        self.check_len(file)?;
        staged.finish(file)?;
        match self.order.overwrite {
            true => staged.replace().or_else(|error| match &self.target {
                // Somebody else has gone on with the same part, and was faster.
                Some(path) if error.kind() == ErrorKind::NotFound && is_at(file, path) => Ok(()),
                _ => Err(error),
            }),
            false => staged.place_new(),
        }
    }

    /// Returns where a file stands that the server has named. A part is beside it in the folder, also if the name is a link.
    fn place_in(&self, folder: &Path, name: &str) -> Result<PathBuf, Error> {
        let path = folder.join(name);
        self.check_vacant(&path)?;
        let place = place_of(&path).map_err(cannot("write", &path))?;
        if self.order.way == Way::Kept && place.parent() != path.parent() {
            let reason = "expected no link to another folder";
            return Err(cannot("write", &path)(io::Error::new(ErrorKind::InvalidInput, reason)));
        }
        Ok(place)
    }

    fn check_vacant(&self, path: &Path) -> Result<(), Error> {
        if self.order.overwrite || fs::symlink_metadata(path).is_err() {
            return Ok(());
        }
        Err(cannot("write", path)(ErrorKind::AlreadyExists.into()))
    }

    /// Removes the note, unless it is another download's by now.
    fn remove_note(&mut self) {
        // Without its content it says nothing, and so it is no harm if it stays.
        if let Some(stale) = self.stale.take() {
            let _ = fs::remove_file(stale);
        }
        if let Some(note) = self.note.take()
            && self.read_octets().is_ok_and(|(octets, _)| octets == note.as_bytes())
        {
            let _ = fs::remove_file(&self.note_path);
        }
    }

    fn file(&self) -> Option<&File> {
        match &self.content {
            Content::None => None,
            Content::Staged(_, file) | Content::InPlace(file) => Some(file),
        }
    }

    fn failed(&self, error: io::Error) -> Error {
        cannot("write", self.target.as_deref().unwrap_or(&self.note_path))(error)
    }
}

impl Drop for Store {
    /// Leaves nothing behind that cannot be gone on with.
    fn drop(&mut self) {
        let is_of_no_use = self.held.len == 0 || self.held.validator.is_none();
        if is_of_no_use && matches!(self.content, Content::Staged(..)) {
            // There is nobody to tell.
            let _ = self.forget();
        }
    }
}

/// Returns whether a file stands at a path, as far as the system tells.
fn is_at(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let id = |it: Metadata| (it.dev(), it.ino());
        let here = file.metadata().map(id);
        matches!((here, fs::symlink_metadata(path).map(id)), (Ok(a), Ok(b)) if a == b)
    }
    #[cfg(not(unix))]
    {
        let _ = (file, path);
        false
    }
}

/// Returns whether two files have the same owner and mode, where there are any.
fn is_made_alike(one: &Metadata, other: &Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        (one.uid(), one.mode()) == (other.uid(), other.mode())
    }
    #[cfg(not(unix))]
    {
        let _ = (one, other);
        true
    }
}

fn is_taken() -> io::Error {
    let reason = "expected nobody else to have a file of that name";
    io::Error::new(ErrorKind::AlreadyExists, reason)
}

/// Says that something cannot be done to a file.
fn cannot(what: &str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    let text = format!("expected to {what} the file {path:?}");
    move |error| Error::new(Kind::Output).with_text(text).with_source(error)
}

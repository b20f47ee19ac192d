//! Files that come to their place as a whole, or not at all.
//!
//! A file is written beside its place under a name that nobody can tell, brought to the disk, and then given its own
//! name: whoever looks sees what was there before or all that is there now. What is not finished is removed, unless it is
//! kept for somebody who will go on with it.
//!
//! On Unix a file that takes the place of another keeps its mode and its group. Its owner is whoever writes it: only
//! the superuser could give it away.

use std::format;
use std::fs::{self, File, OpenOptions};
#[cfg(unix)]
use std::fs::{Metadata, Permissions};
use std::io;
#[cfg(unix)]
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

use crate::random::random_bits;

/// As many links may lead to a file; more are a circle.
const MAX_LINKS: u32 = 40;

/// What the name of a file begins and ends with until it has its own.
pub(crate) type Affixes = (&'static str, &'static str);

/// A file beside the place where it will stand. It is gone when this is, unless it got there or is to be kept.
#[derive(Debug)]
pub(crate) struct Staged {
    path: PathBuf,
    target: PathBuf,
    is_kept: bool,
    /// What was there when this was made, whose mode is for what takes its place, even if it is gone by then.
    #[cfg(unix)]
    old: Option<Metadata>,
}

impl Staged {
    /// Makes a file that is to be written, and then [finished](Self::finish). On Unix one that `is_secret`, or that will
    /// replace another, can be read by its owner alone until then.
    pub(crate) fn create(
        target: &Path,
        (start, end): Affixes,
        is_secret: bool,
    ) -> io::Result<(Self, File)> {
        let path = target.with_file_name(format!("{start}{:032x}{end}", random_bits()));
        Self::create_at(path, target, is_secret)
    }

    /// Makes a file of that name, which nothing may have, in the folder of its place.
    pub(crate) fn create_at(
        path: PathBuf,
        target: &Path,
        is_secret: bool,
    ) -> io::Result<(Self, File)> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        let old = fs::symlink_metadata(target).ok();
        #[cfg(unix)]
        if is_secret || old.is_some() {
            options.mode(0o600);
        }
        #[cfg(not(unix))]
        let _ = is_secret;
        let file = options.open(&path)?;
        let staged = Self {
            path,
            target: target.to_owned(),
            is_kept: false,
            #[cfg(unix)]
            old: old.filter(|_| !is_secret),
        };
        Ok((staged, file))
    }

    /// Goes on with a file that was [kept](Self::keep): open for reading and writing, and kept again. On Unix it must
    /// belong to the owner of another file, one that was made just now, and not be everybody's to write.
    #[cfg(feature = "client")]
    pub(crate) fn adopt(path: PathBuf, target: &Path, mine: &File) -> io::Result<(Self, File)> {
        if !fs::symlink_metadata(&path)?.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let file = OpenOptions::new().read(true).write(true).open(&path)?;
        #[cfg(unix)]
        {
            let (found, named) = (file.metadata()?, fs::symlink_metadata(&path)?);
            let is_same =
                named.is_file() && (found.dev(), found.ino()) == (named.dev(), named.ino());
            let is_mine = found.uid() == mine.metadata()?.uid() && found.mode() & 0o002 == 0;
            if !is_same || !is_mine {
                return Err(io::ErrorKind::PermissionDenied.into());
            }
        }
        #[cfg(not(unix))]
        let _ = mine;
        let staged = Self {
            path,
            target: target.to_owned(),
            is_kept: true,
            #[cfg(unix)]
            old: fs::symlink_metadata(target).ok(),
        };
        Ok((staged, file))
    }

    /// Leaves the file where it is, whatever becomes of it.
    #[cfg(feature = "client")]
    pub(crate) fn keep(&mut self) {
        self.is_kept = true;
    }

    /// Removes the file, although it was kept.
    #[cfg(feature = "client")]
    pub(crate) fn discard(mut self) {
        self.is_kept = false;
    }

    /// Makes the file readable for those who may read the one in its place, and brings it to the disk.
    pub(crate) fn finish(&self, file: &File) -> io::Result<()> {
        #[cfg(unix)]
        if let Some(old) = fs::symlink_metadata(&self.target).ok().as_ref().or(self.old.as_ref())
            && old.is_file()
        {
            take_after(file, old)?;
        }
        file.sync_all()
    }

    /// Gives the file its name, and takes it from whatever file has it.
    pub(crate) fn replace(self) -> io::Result<()> {
        fs::rename(&self.path, &self.target)
    }

    /// Gives the file its name, if nothing has it by now.
    #[cfg(any(feature = "client", feature = "server"))]
    pub(crate) fn place_new(mut self) -> io::Result<()> {
        match fs::hard_link(&self.path, &self.target) {
            Ok(()) => {
                // The other name is of no use any more.
                self.is_kept = false;
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
            // Some file systems have no second names. To make a file is as safe; for a moment it is empty.
            Err(_) => {
                OpenOptions::new().write(true).create_new(true).open(&self.target)?;
                fs::rename(&self.path, &self.target).inspect_err(|_| {
                    let _ = fs::remove_file(&self.target);
                })
            }
        }
    }

    #[cfg(feature = "server")]
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.is_kept {
            // It is not there if it was given its name by renaming. Whatever else is the matter was told.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Returns where a file is to be put that is asked for under a path: behind the links that this ends in, and where there
/// is a regular file that may be replaced, or nothing.
pub(crate) fn place_of(path: &Path) -> io::Result<PathBuf> {
    let target = follow(path)?;
    match fs::symlink_metadata(&target) {
        Ok(there) if there.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(there) if there.is_file() && there.permissions().readonly() => {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        Ok(there) if there.is_file() => {}
        Ok(_) => {
            let reason = "expected a regular file, or none";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    if target.file_name().is_none() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    Ok(target)
}

/// Follows the symbolic links that a path ends in, also to a file that is not there yet.
fn follow(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_path_buf();
    for _ in 0..MAX_LINKS {
        match fs::symlink_metadata(&path) {
            Ok(there) if there.is_symlink() => {
                // The system may forbid to follow a link of somebody else, which reading it does not ask.
                if let Err(error) = fs::metadata(&path)
                    && error.kind() == io::ErrorKind::PermissionDenied
                {
                    return Err(error);
                }
                let to = fs::read_link(&path)?;
                path = path.parent().map_or_else(|| to.clone(), |folder| folder.join(&to));
            }
            _ => return Ok(path),
        }
    }
    let reason = "expected symbolic links that lead to a file";
    Err(io::Error::new(io::ErrorKind::InvalidInput, reason))
}

/// Brings to the disk which names there are in a folder, where the system knows how. They have changed by now, so that
/// it is no error if it does not.
pub(crate) fn sync_folder(folder: &Path) {
    #[cfg(unix)]
    {
        let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let _ = File::open(here).and_then(|folder| folder.sync_all());
    }
    #[cfg(not(unix))]
    let _ = folder;
}

/// Gives a file the group and the mode of another.
#[cfg(unix)]
fn take_after(file: &File, old: &Metadata) -> io::Result<()> {
    let is_of_group =
        file.metadata()?.gid() == old.gid() || fchown(file, None, Some(old.gid())).is_ok();
    let rights = rights(old, is_of_group);
    // Not every file system can change them.
    if file.metadata()?.permissions().mode() & 0o7777 == rights.mode() {
        return Ok(());
    }
    file.set_permissions(rights)
}

/// Returns what may be done with a file. What its group may do is not for another one, and to run as somebody else is
/// not for other content.
#[cfg(unix)]
fn rights(old: &Metadata, is_of_group: bool) -> Permissions {
    let mask = if is_of_group { 0o777 } else { 0o707 };
    Permissions::from_mode(old.permissions().mode() & mask)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{ErrorKind, Write};
    use std::{env, process};

    const AFFIXES: Affixes = (".staged-", ".tmp");

    fn scratch(name: &str) -> PathBuf {
        let folder = env::temp_dir().join(format!("nethttp-staged-{name}-{}", process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn staged(target: &Path, content: &str) -> Staged {
        let (staged, mut file) = Staged::create(target, AFFIXES, false).unwrap();
        file.write_all(content.as_bytes()).unwrap();
        staged.finish(&file).unwrap();
        staged
    }

    #[test]
    fn a_file_is_there_as_a_whole_or_not_at_all() {
        let folder = scratch("whole");
        let names = || fs::read_dir(&folder).unwrap().count();
        let target = folder.join("a");
        drop(staged(&target, "x"));
        assert_eq!(names(), 0);
        staged(&target, "old").replace().unwrap();
        let newer = staged(&target, "newer");
        assert_eq!((fs::read(&target).unwrap(), names()), (b"old".to_vec(), 2));
        newer.replace().unwrap();
        sync_folder(&folder);
        sync_folder(&folder.join("none"));
        assert_eq!((fs::read(&target).unwrap(), names()), (b"newer".to_vec(), 1));
        let nowhere = Staged::create(&folder.join("no/a"), AFFIXES, false).unwrap_err();
        assert_eq!(nowhere.kind(), ErrorKind::NotFound);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[cfg(feature = "server")]
    #[test]
    fn a_new_file_takes_no_name_from_another() {
        let folder = scratch("new");
        let names = || fs::read_dir(&folder).unwrap().count();
        let target = folder.join("a");
        let late = staged(&target, "late");
        staged(&target, "new").place_new().unwrap();
        assert_eq!((late.target(), names()), (&*target, 2));
        assert_eq!(late.place_new().unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!((fs::read(&target).unwrap(), names()), (b"new".to_vec(), 1));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[cfg(feature = "client")]
    #[test]
    fn a_file_that_is_kept_can_be_gone_on_with() {
        let folder = scratch("kept");
        let (target, part) = (folder.join("a"), folder.join("a.1"));
        let (mut staged, mut file) = Staged::create_at(part.clone(), &target, false).unwrap();
        assert!(Staged::create_at(part.clone(), &target, false).is_err());
        staged.keep();
        file.write_all(b"ab").unwrap();
        drop(staged);
        let mine = File::create(folder.join("mine")).unwrap();
        drop(Staged::adopt(part.clone(), &target, &mine).unwrap());
        assert_eq!(fs::read(&part).unwrap(), b"ab");
        let (staged, _) = Staged::adopt(part.clone(), &target, &mine).unwrap();
        staged.place_new().unwrap();
        assert_eq!((fs::read(&target).unwrap(), part.exists()), (b"ab".to_vec(), false));
        assert!(Staged::adopt(folder.clone(), &target, &mine).is_err());
        fs::remove_dir_all(&folder).unwrap();
    }

    #[cfg(all(unix, feature = "client"))]
    #[test]
    fn a_file_of_others_is_not_gone_on_with() {
        let folder = scratch("others");
        let (target, part) = (folder.join("a"), folder.join("a.1"));
        fs::write(&part, "ab").unwrap();
        let mine = File::create(folder.join("mine")).unwrap();
        std::os::unix::fs::symlink(&part, folder.join("link")).unwrap();
        assert!(Staged::adopt(folder.join("link"), &target, &mine).is_err());
        fs::set_permissions(&part, Permissions::from_mode(0o666)).unwrap();
        assert!(Staged::adopt(part.clone(), &target, &mine).is_err());
        fs::set_permissions(&part, Permissions::from_mode(0o600)).unwrap();
        // Only the superuser may give a file to anybody.
        let owner = mine.metadata().unwrap().uid();
        if std::os::unix::fs::chown(&part, Some(owner + 1), None).is_ok() {
            assert!(Staged::adopt(part, &target, &mine).is_err());
        }
        fs::remove_dir_all(&folder).unwrap();
    }

    #[cfg(unix)]
    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[cfg(unix)]
    #[test]
    fn a_file_has_the_mode_of_the_one_before() {
        let folder = scratch("mode");
        let target = folder.join("a");
        staged(&target, "new").replace().unwrap();
        let usual = folder.join("usual");
        fs::write(&usual, "").unwrap();
        assert_eq!(mode(&target), mode(&usual));
        for (old, new) in [(0o600, 0o600), (0o664, 0o664), (0o755, 0o755), (0o4711, 0o711)] {
            fs::set_permissions(&target, Permissions::from_mode(old)).unwrap();
            let (next, file) = Staged::create(&target, AFFIXES, false).unwrap();
            assert_eq!(mode(&next.path), 0o600);
            next.finish(&file).unwrap();
            next.replace().unwrap();
            assert_eq!(mode(&target), new, "{old:o}");
        }
        let (secret, _) = Staged::create(&folder.join("b"), AFFIXES, true).unwrap();
        assert_eq!(mode(&secret.path), 0o600);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_file_has_the_mode_of_one_that_is_gone_meanwhile() {
        let folder = scratch("gone");
        let target = folder.join("a");
        for (old, is_secret, new) in
            [(0o644, false, 0o644), (0o600, false, 0o600), (0o644, true, 0o600)]
        {
            fs::write(&target, "old").unwrap();
            fs::set_permissions(&target, Permissions::from_mode(old)).unwrap();
            let (next, file) = Staged::create(&target, AFFIXES, is_secret).unwrap();
            fs::remove_file(&target).unwrap();
            next.finish(&file).unwrap();
            next.replace().unwrap();
            assert_eq!(mode(&target), new, "{old:o} {is_secret}");
        }
        fs::remove_dir_all(&folder).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_file_has_nothing_of_a_link_before() {
        let folder = scratch("link");
        let target = folder.join("a");
        // A link may seem to be for everybody.
        std::os::unix::fs::symlink("b", &target).unwrap();
        staged(&target, "new").replace().unwrap();
        assert_eq!(mode(&target), 0o600);
        assert!(!target.is_symlink() && !folder.join("b").exists());
        fs::remove_dir_all(&folder).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_of_the_group_of_the_one_before() {
        use std::os::unix::fs::chown;
        let folder = scratch("group");
        let target = folder.join("a");
        fs::write(&target, "old").unwrap();
        fs::set_permissions(&target, Permissions::from_mode(0o640)).unwrap();
        let old = fs::metadata(&target).unwrap();
        assert_eq!(rights(&old, true).mode(), 0o640);
        assert_eq!(rights(&old, false).mode(), 0o600);
        // Only the superuser may give a file to any group.
        let group = old.gid() + 1;
        if chown(&target, None, Some(group)).is_ok() {
            staged(&target, "new").replace().unwrap();
            assert_eq!((fs::metadata(&target).unwrap().gid(), mode(&target)), (group, 0o640));
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}

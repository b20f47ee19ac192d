//! How the files beside a download are called, and how those are not that strangers name.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::hash::{Sha256, hex};
use crate::syntax::Class;

/// What the name of a note ends in, behind that of its file.
const NOTE: &str = ".partial";

/// The most bytes of a name, as [`safe_file_name`](crate::field::safe_file_name) has it.
const MAX_LEN: usize = 255;

/// How many hexadecimal digits tell a part from others.
const TAG_LEN: usize = 32;

/// How much of a name stands before the hash where it is too long for what is put behind it.
const KEPT: usize = 190;

/// Returns the path of the note about a file. The part, whose name is longer, has room for its own, too.
pub(super) fn note_of(file: &Path) -> PathBuf {
    let name = file.file_name().unwrap_or_default();
    let mut base = OsString::from(name);
    if name.len() + NOTE.len() + 1 + TAG_LEN > MAX_LEN {
        let mut hash = Sha256::new();
        hash.update(name.as_encoded_bytes());
        let name = name.to_string_lossy();
        let front = name.char_indices().take_while(|(at, c)| at + c.len_utf8() <= KEPT);
        let mut short: String = front.map(|(_, c)| c).collect();
        short.push('~');
        short.extend(hex(&hash.finish()).chars().take(16));
        base = short.into();
    }
    base.push(NOTE);
    file.with_file_name(base)
}

/// Returns the path of a part whose note has this one.
pub(super) fn part_of(note: &Path, tag: &str) -> PathBuf {
    let mut path = OsString::from(note);
    path.push(".");
    path.push(tag);
    path.into()
}

/// Returns whether this is what tells a part from others.
pub(super) fn is_tag(text: &str) -> bool {
    Class::HEXDIG.matches(text.as_bytes()) && text.len() == TAG_LEN
}

/// Returns a safe name from outside in such a form that it is not that of a note or of a part: a server that could choose
/// one of these would say what another download goes on with.
pub(crate) fn of_stranger(mut name: String) -> String {
    if is_ours(&name) {
        if name.len() >= MAX_LEN {
            name.pop();
        }
        name.push('_');
    }
    name
}

/// Returns whether a name is that of a note or of a part, where case makes no difference.
pub(super) fn is_ours(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let front = match name.rsplit_once('.') {
        Some((front, tag)) if is_tag(tag) => front,
        _ => &name,
    };
    front.ends_with(NOTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_too_long_is_known_by_its_hash() {
        let len = |path: &Path| path.file_name().unwrap().len();
        for name in ["a".repeat(214), "a".repeat(215), "\u{20ac}".repeat(85)] {
            let file = Path::new("folder").join(&name);
            let note = note_of(&file);
            assert_eq!((note.parent(), note_of(&file)), (file.parent(), note.clone()));
            assert!(len(&part_of(&note, &"0".repeat(TAG_LEN))) <= MAX_LEN, "{note:?}");
            assert_eq!(note == Path::new(&format!("folder/{name}.partial")), name.len() == 214);
            // Only the end, which is cut off, tells them apart.
            let other = note_of(&file.with_file_name(name.replace("aaa", "aa") + "b"));
            assert!(other != note && is_ours(note.to_str().unwrap()));
        }
    }

    #[test]
    fn strangers_name_neither_notes_nor_parts() {
        let tag = "9a0364b9e99bb480dd25e1f0284c8555";
        let part = part_of(&note_of(Path::new("a")), tag).into_os_string().into_string().unwrap();
        assert_eq!(part, format!("a.partial.{tag}"));
        for name in ["a.partial", "a.iso.PARTIAL", ".partial", &part, &part.to_uppercase()] {
            assert_eq!(of_stranger(name.to_owned()), format!("{name}_"));
        }
        for name in ["a", "partial", "a.partial_", "a.partial.1", "a.partial.iso", &part[1..]] {
            let is_stranger = name == &part[1..];
            assert_eq!(is_ours(name), is_stranger, "{name}");
        }
        let longest = ["a".repeat(247), ".partial".to_owned()].concat();
        let changed = of_stranger(longest);
        assert!(changed.len() == 255 && changed.ends_with(".partia_"));
    }
}

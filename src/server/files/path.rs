//! From the path of a request to names below a directory, and back.
//!
//! This is the first of two locks on the directory: nothing that comes out of here can name anything but an
//! entry of a directory below the root. The second lock, in `root`, looks at where the names lead.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::status::StatusCode;
use crate::syntax::{Class, percent_decode, percent_encode};

/// The path of a request, decoded, as names from the root down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FilePath {
    names: Vec<OsString>,
    is_directory: bool,
}

impl FilePath {
    /// Reads a path, or what is left of it below a mount.
    ///
    /// ```abnf
    /// path-absolute = "/" [ segment-nz *( "/" segment ) ]
    /// ```
    ///
    /// It is split at its slashes first and decoded then, once: an encoded slash does not divide, and an
    /// encoded percent sign does not begin an escape. Empty and `.` segments are left out, as a file system
    /// would; `..` is refused like any other name that begins with a dot, or for itself.
    ///
    /// # Errors
    ///
    /// 400 for a control character, or an escape that is none; 404 for every name that is hidden, or that is
    /// more than a name.
    pub(crate) fn parse(path: &str, shows_hidden: bool) -> Result<Self, StatusCode> {
        let mut names = Vec::new();
        let mut is_directory = true;
        for segment in path.split('/') {
            let name = percent_decode(segment.as_bytes()).map_err(|_| StatusCode::BAD_REQUEST)?;
            if name.iter().any(u8::is_ascii_control) {
                return Err(StatusCode::BAD_REQUEST);
            }
            is_directory = matches!(&*name, b"" | b".");
            if is_directory {
                continue;
            }
            let name = os_string(name.into_owned()).filter(|name| is_served(name, shows_hidden));
            names.push(name.ok_or(StatusCode::NOT_FOUND)?);
        }
        Ok(Self { names, is_directory })
    }

    /// Returns the names from the root down; the root itself has none.
    pub(crate) fn names(&self) -> &[OsString] {
        &self.names
    }

    /// Returns whether the path ends with a slash, and so asks for a directory.
    pub(crate) const fn is_directory(&self) -> bool {
        self.is_directory
    }

    /// Returns the path relative to the root.
    pub(crate) fn to_relative(&self) -> PathBuf {
        self.names.iter().collect()
    }

    /// Returns the path of the directory of these names as it stands in a URL, below a mount. It begins with
    /// one slash, whatever the mount begins with: two, or one and a backslash, would make it a URL of another
    /// host.
    pub(crate) fn directory_url(&self, mount: &str) -> String {
        let mut url = "/".to_owned();
        url.push_str(mount.trim_matches(['/', '\\']));
        if !url.ends_with('/') {
            url.push('/');
        }
        for name in &self.names {
            url += &encode_name(name);
            url.push('/');
        }
        url
    }
}

/// Returns whether a name may be served and listed: it is one name on every system, has no control
/// characters, and is not hidden. `.well-known` never is
/// ([RFC 8615](https://www.rfc-editor.org/rfc/rfc8615)).
pub(crate) fn is_served(name: &OsStr, shows_hidden: bool) -> bool {
    let bytes = name.as_encoded_bytes();
    let is_hidden = bytes.starts_with(b".") && bytes != b".well-known";
    let divided = bytes.iter().any(|&byte| matches!(byte, b'/' | b'\\') || byte.is_ascii_control());
    let is_name = !(matches!(bytes, b"" | b"." | b"..") || divided);
    is_name && (shows_hidden || !is_hidden) && !(cfg!(windows) && is_special_on_windows(bytes))
}

/// Names that Windows takes for a device, a stream of a file, or another name.
fn is_special_on_windows(name: &[u8]) -> bool {
    let stem = name.split(|&byte| byte == b'.').next().unwrap_or_default().trim_ascii_end();
    let is_one_of = |names: &[&[u8]]| names.iter().any(|it| it.eq_ignore_ascii_case(stem));
    let is_device = is_one_of(&[b"con", b"prn", b"aux", b"nul", b"conin$", b"conout$"]);
    let is_port = stem.split_first_chunk::<3>().is_some_and(|(port, number)| {
        let is_port = port.eq_ignore_ascii_case(b"com") || port.eq_ignore_ascii_case(b"lpt");
        // The superscripts 1, 2 and 3 count as digits.
        is_port && matches!(number, [b'0'..=b'9'] | [0xc2, 0xb2 | 0xb3 | 0xb9])
    });
    let is_another =
        matches!(name, [.., b' ' | b'.']) || name.iter().any(|&byte| b"<>:\"|?*".contains(&byte));
    is_device || is_port || is_another
}

/// Returns a name as it stands in a URL, alone or after a slash.
pub(crate) fn encode_name(name: &OsStr) -> String {
    let mut encoded = Vec::new();
    percent_encode(name.as_encoded_bytes(), Class::UNRESERVED, &mut encoded);
    String::from_utf8(encoded).unwrap_or_default()
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere a name has to be Unicode")]
fn os_string(bytes: Vec<u8>) -> Option<OsString> {
    use std::os::unix::ffi::OsStringExt;
    Some(OsString::from_vec(bytes))
}

#[cfg(not(unix))]
fn os_string(bytes: Vec<u8>) -> Option<OsString> {
    String::from_utf8(bytes).ok().map(OsString::from)
}

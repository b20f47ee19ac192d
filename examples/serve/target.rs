//! From the path of a request to names below the root, and back.
//!
//! This is the first of two locks on the directory: nothing that comes out of here can name anything
//! but an entry of a directory below the root. The second lock, in [`site`](crate::site), looks at where
//! the names lead.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use nethttp::StatusCode;
use nethttp::syntax::{Class, percent_decode, percent_encode};

/// The path of a request, as names below the root.
#[derive(Clone, Debug, Default)]
pub(crate) struct Target {
    names: Vec<OsString>,
    /// Whether the path ends with a slash, and so asks for a directory.
    pub(crate) is_folder: bool,
}

impl Target {
    /// Reads a path.
    ///
    /// It is split at its slashes first and decoded then, once: an encoded slash does not divide, and
    /// an encoded percent sign does not begin an escape. Empty and `.` segments are left out, as a file
    /// system would.
    ///
    /// # Errors
    ///
    /// 400 for a NUL or another control character, or an escape that is none; 404 for every name that
    /// is hidden or that is more than a name.
    pub(crate) fn parse(path: &str) -> Result<Self, StatusCode> {
        let mut target = Self { names: Vec::new(), is_folder: path.is_empty() };
        for segment in path.split('/') {
            let name = percent_decode(segment.as_bytes()).map_err(|_| StatusCode::BAD_REQUEST)?;
            if name.iter().any(u8::is_ascii_control) {
                return Err(StatusCode::BAD_REQUEST);
            }
            target.is_folder = matches!(&*name, b"" | b".");
            if target.is_folder {
                continue;
            }
            let name = os_string(name.into_owned()).filter(|name| is_public(name));
            target.names.push(name.ok_or(StatusCode::NOT_FOUND)?);
        }
        Ok(target)
    }

    /// Returns the names from the root down.
    pub(crate) fn names(&self) -> &[OsString] {
        &self.names
    }

    /// Returns the path relative to the root.
    pub(crate) fn to_path(&self) -> PathBuf {
        self.names.iter().collect()
    }

    /// Returns the path of the directory of this name as it stands in a URL. It begins with one slash:
    /// two would make it a URL of another host.
    pub(crate) fn folder_url(&self) -> String {
        let mut url = "/".to_owned();
        for name in &self.names {
            url += &encode_name(name);
            url.push('/');
        }
        url
    }
}

/// Returns whether a name may be served and listed: it is one name on every system, visible, and
/// without control characters.
pub(crate) fn is_public(name: &OsStr) -> bool {
    let bytes = name.as_encoded_bytes();
    let hidden = bytes.starts_with(b".") && bytes != b".well-known";
    let divided = bytes.iter().any(|&byte| matches!(byte, b'/' | b'\\') || byte.is_ascii_control());
    !(bytes.is_empty() || hidden || divided || (cfg!(windows) && is_special_on_windows(bytes)))
}

/// Names that Windows takes for a device, a stream of a file, or another name.
fn is_special_on_windows(name: &[u8]) -> bool {
    let stem = name.split(|&byte| byte == b'.').next().unwrap_or_default().trim_ascii_end();
    let device = match stem {
        [a, b, c] => [&b"con"[..], b"prn", b"aux", b"nul"]
            .iter()
            .any(|device| device.eq_ignore_ascii_case(&[*a, *b, *c])),
        [port @ .., b'0'..=b'9'] => {
            port.eq_ignore_ascii_case(b"com") || port.eq_ignore_ascii_case(b"lpt")
        }
        _ => stem.eq_ignore_ascii_case(b"conin$") || stem.eq_ignore_ascii_case(b"conout$"),
    };
    let superscript = [&b"com"[..], b"lpt"].iter().any(|port| {
        let (start, rest) = stem.split_at_checked(3).unwrap_or((stem, b""));
        port.eq_ignore_ascii_case(start) && matches!(rest, [0xc2, 0xb2 | 0xb3 | 0xb9])
    });
    let another =
        matches!(name, [.., b' ' | b'.']) || name.iter().any(|byte| b"<>:\"|?*".contains(byte));
    device || superscript || another
}

/// Returns a name as it stands in a URL, alone or after a slash.
pub(crate) fn encode_name(name: &OsStr) -> String {
    let mut encoded = Vec::new();
    percent_encode(name.as_encoded_bytes(), Class::UNRESERVED, &mut encoded);
    String::from_utf8_lossy(&encoded).into_owned()
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

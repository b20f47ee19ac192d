//! From the path of a request to names below a directory, and back.
//!
//! This is the first of two locks on the directory: nothing that comes out of here can name anything but an
//! entry of a directory below the root. The second lock, in `root`, looks at where the names lead.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::error::{Error, ErrorKind, Result};
use crate::staged::Affixes;
use crate::status::StatusCode;
use crate::syntax::{Class, percent_decode, percent_encode};

/// The path of a request, decoded, as names from the root down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FilePath {
    names: Vec<OsString>,
    is_directory: bool,
}

impl FilePath {
    /// Reads what is left of a path below a mount. What ends where the mount does, and not with a slash, is no
    /// directory: links in its page would count from above the mount.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub(super) fn below(mount: &str, path: &str, shows_hidden: bool) -> Result<Self, StatusCode> {
        let mut below = Self::parse(path, shows_hidden)?;
        below.is_directory &= !path.is_empty() || mount.is_empty() || mount.ends_with('/');
        Ok(below)
    }

    /// Reads a path.
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

    /// Reads the path of a page that whoever sets up the server has named. Its names may be hidden ones.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Url`] for what names no file below the root, whatever is there.
    pub(super) fn of_page(path: &str) -> Result<Self> {
        let is_path = !path.contains(['?', '#']);
        let page = Self::parse(path, true).ok().filter(|page| is_path && !page.is_directory);
        page.ok_or_else(|| {
            let text = "expected the path of a file below the root, such as /index.html, found";
            Error::new(ErrorKind::Url).with_text(format!("{text} {path:?}"))
        })
    }

    /// Returns the names from the root down; the root itself has none.
    pub(crate) fn names(&self) -> &[OsString] {
        &self.names
    }

    /// Returns the last name; that of the root is empty.
    pub(crate) fn name(&self) -> &OsStr {
        self.names.last().map(OsString::as_os_str).unwrap_or_default()
    }

    /// Returns the path of a file in the directory of this path.
    pub(super) fn child(&self, name: OsString) -> Self {
        let mut names = self.names.clone();
        names.push(name);
        Self { names, is_directory: false }
    }

    /// Returns the path of a file beside the one of this path.
    pub(super) fn sibling(&self, name: OsString) -> Self {
        let above = self.names.split_last().map(|(_, above)| above.to_vec());
        Self { names: above.unwrap_or_default(), is_directory: true }.child(name)
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
        if url.len() > 1 {
            url.push('/');
        }
        for name in &self.names {
            url.push_str(&encode_name(name));
            url.push('/');
        }
        url
    }

    /// Returns the path of the file of these names as it stands in a URL.
    pub(crate) fn file_url(&self, mount: &str) -> String {
        let mut url = self.directory_url(mount);
        url.pop();
        url
    }
}

/// How the name of a file begins and ends that an upload is still writing.
pub(crate) const STAGED: Affixes = (".upload-", ".tmp");

/// Returns whether a name may be served and listed: it is one name on every system, has no control
/// characters, is not that of an upload on its way, and is not hidden. `.well-known` never is
/// ([RFC 8615](https://www.rfc-editor.org/rfc/rfc8615)).
pub(crate) fn is_served(name: &OsStr, shows_hidden: bool) -> bool {
    let bytes = name.as_encoded_bytes();
    let is_hidden = bytes.starts_with(b".") && bytes != b".well-known";
    let divided = bytes.iter().any(|&byte| matches!(byte, b'/' | b'\\') || byte.is_ascii_control());
    let is_name = !(matches!(bytes, b"" | b"." | b"..") || divided);
    let is_staged = bytes.starts_with(STAGED.0.as_bytes()) && bytes.ends_with(STAGED.1.as_bytes());
    is_name
        && !is_staged
        && (shows_hidden || !is_hidden)
        && !(cfg!(windows) && is_special_on_windows(bytes))
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn names(path: &str, expected: &[&str], is_directory: bool) {
        let expected = expected.iter().map(OsString::from).collect();
        assert_eq!(
            FilePath::parse(path, false),
            Ok(FilePath { names: expected, is_directory }),
            "{path:?}"
        );
    }

    #[track_caller]
    fn refuses(status: u16, path: &str) {
        let refused = FilePath::parse(path, false).map_err(|status| status.as_u16());
        assert_eq!(refused, Err(status), "{path:?}");
    }

    #[test]
    fn a_path_is_names_from_the_root_down() {
        names("/", &[], true);
        names("", &[], true);
        names("/a", &["a"], false);
        names("/a/", &["a"], true);
        names("a/b", &["a", "b"], false);
        names("/a%20b/%C3%A9", &["a b", "é"], false);
        names("/~user/;,@&=+$!'()", &["~user", ";,@&=+$!'()"], false);
        names("/a..b/c..", &["a..b", "c.."], false);
    }

    #[test]
    fn empty_and_dot_segments_are_left_out() {
        names("//", &[], true);
        names("//evil.example/%2e", &["evil.example"], true);
        names("/a//b", &["a", "b"], false);
        names("/./a/.", &["a"], true);
        names("/%2E/a", &["a"], false);
    }

    #[test]
    fn a_path_is_decoded_once() {
        names("/%2561", &["%61"], false);
        names("/%252e%252e", &["%2e%2e"], false);
        refuses(400, "/%");
        refuses(400, "/%4");
        refuses(400, "/%g0");
    }

    #[test]
    fn refuses_what_is_more_than_a_name() {
        for path in [
            "/..",
            "/../a",
            "/a/../b",
            "/%2e%2e/a",
            "/.%2E",
            "/a/..",
            "/a%2fb",
            "/%2F",
            "/..%2f",
            "/a%5Cb",
            "/..%5c..%5ca",
            "\\",
            "/a\\b",
        ] {
            refuses(404, path);
        }
    }

    #[test]
    fn refuses_control_characters() {
        for path in ["/%00", "/a%0a", "/%0D%0Ab", "/a%7f", "/a.html%00.png", "/a\tb"] {
            refuses(400, path);
        }
    }

    #[test]
    fn hidden_names_are_served_if_told_to() {
        for path in ["/.git/config", "/a/.env", "/.", "/...", "/%2ehtaccess", "/.well-known2"] {
            let shown = FilePath::parse(path, true);
            assert!(shown.is_ok(), "{path:?}");
            assert_eq!(FilePath::parse(path, false).is_ok(), path == "/.", "{path:?}");
        }
        names("/.well-known/security.txt", &[".well-known", "security.txt"], false);
        assert!(FilePath::parse("/..", true).is_err());
        assert!(FilePath::parse("/a/.upload-1.tmp", true).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_name_need_not_be_text() {
        let path = FilePath::parse("/%ff%fe", false).unwrap();
        assert_eq!(path.name().as_encoded_bytes(), b"\xff\xfe");
        assert_eq!(path.file_url(""), "/%FF%FE");
    }

    #[test]
    fn names_that_windows_takes_for_something_else() {
        for name in [
            "con",
            "CON",
            "Con.txt",
            "nul.tar.gz",
            "aux",
            "prn",
            "com1",
            "LPT9.x",
            "com0",
            "CONIN$",
            "conout$",
            "com¹",
            "lpt³.txt",
            "nul .txt",
            "a.",
            "a ",
            "a:b",
            "a::$DATA",
            "c:",
            "a?",
            "a*",
            "<",
            ">",
            "\"",
            "|",
        ] {
            assert!(is_special_on_windows(name.as_bytes()), "{name:?}");
        }
        for name in
            ["console", "com", "com10", "common", "lpta", "a.con", "nula", "conin", "é", "com¹¹"]
        {
            assert!(!is_special_on_windows(name.as_bytes()), "{name:?}");
        }
    }

    #[track_caller]
    fn is_at(path: &str, mount: &str, directory: &str, file: &str) {
        let path = FilePath::parse(path, false).unwrap();
        assert_eq!(path.directory_url(mount), directory);
        assert_eq!(path.file_url(mount), file);
    }

    #[test]
    fn a_url_stays_on_this_host() {
        is_at("/", "", "/", "");
        is_at("/a b/%41", "", "/a%20b/A/", "/a%20b/A");
        is_at("//evil.example", "", "/evil.example/", "/evil.example");
        is_at("/a", "/files", "/files/a/", "/files/a");
        is_at("/a", "/files/", "/files/a/", "/files/a");
        is_at("/", "/files", "/files/", "/files");
        is_at("/a", "//evil.example", "/evil.example/a/", "/evil.example/a");
        is_at("/a", "/\\evil.example", "/evil.example/a/", "/evil.example/a");
    }

    #[track_caller]
    fn under(mount: &str, path: &str, is_directory: bool) {
        let below = FilePath::below(mount, path, false).unwrap();
        assert_eq!(below.is_directory(), is_directory, "{mount:?} {path:?}");
    }

    #[test]
    fn what_ends_with_its_mount_is_no_directory() {
        under("", "", true);
        under("", "/", true);
        under("/files", "", false);
        under("/files", "/", true);
        under("/files/", "", true);
        under("/files", "/a", false);
        under("/files", "/a/%2e", true);
    }

    #[test]
    fn a_page_is_a_file_below_the_root() {
        for (path, names) in [
            ("/index.html", &["index.html"][..]),
            ("404.html", &["404.html"]),
            ("/pages//%34%30%34.html", &["pages", "404.html"]),
            ("/.pages/404.html", &[".pages", "404.html"]),
            ("/what%3F", if cfg!(windows) { &[] } else { &["what?"] }),
        ] {
            let page = FilePath::of_page(path).map(|page| page.names).unwrap_or_default();
            assert_eq!(page, names, "{path:?}");
        }
        for path in [
            "",
            "/",
            "/pages/",
            "/pages/.",
            "../404.html",
            "/pages/%2e%2e/404.html",
            "/pages%2f404.html",
            "C:\\404.html",
            "/404.html?lost",
            "/404.html#lost",
            "/100%.html",
            "/a\0",
            "/.upload-1.tmp",
        ] {
            let error = FilePath::of_page(path).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Url);
            let text = "expected the path of a file below the root, such as /index.html, found";
            assert_eq!(error.to_string(), format!("{text} {path:?}"));
        }
    }

    #[test]
    fn children_and_siblings_are_files() {
        let path = FilePath::parse("/a/b", false).unwrap();
        let (sibling, child) = (FilePath::parse("/a/c", false), FilePath::parse("/a/b/c", false));
        assert_eq!((Ok(path.sibling("c".into())), Ok(path.child("c".into()))), (sibling, child));
    }

    proptest! {
        #[test]
        fn a_path_is_read_again_as_it_was(path in "(/(\\PC|%[2-7][0-9a-f]|[.]){0,4}){0,4}") {
            if let Ok(path) = FilePath::parse(&path, false) {
                prop_assert_eq!(&FilePath::parse(&path.directory_url(""), false).unwrap().names, &path.names);
                let file = FilePath::parse(&path.file_url(""), false).unwrap();
                prop_assert_eq!(file.names, path.names);
            }
        }
    }
}

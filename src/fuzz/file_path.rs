//! Paths below a directory that is served.

use alloc::string::String;
use alloc::vec::Vec;
use std::path::{Component, Path, PathBuf};

use crate::server::files::path::FilePath;
use crate::status::StatusCode;

/// Whatever the path of a request, it names what a naive reading names, below the root and nowhere else, or
/// is refused.
pub fn file_path(data: &[u8]) {
    // What comes from a request is text.
    let path = String::from_utf8_lossy(data);
    for shows_hidden in [false, true] {
        let read = FilePath::parse(&path, shows_hidden);
        if let Ok(path) = &read {
            stays_below(path);
        }
        let names = read.as_ref().map(|path| {
            path.names().iter().map(|name| name.as_encoded_bytes().to_vec()).collect::<Vec<_>>()
        });
        match (names, naive(path.as_bytes(), shows_hidden)) {
            (Ok(names), Some(expected)) => assert_eq!(names, expected),
            (Ok(names), None) => panic!("{path:?} is read as {names:?}"),
            (Err(&StatusCode::BAD_REQUEST | &StatusCode::NOT_FOUND), None) => {}
            // Not every name can be had everywhere.
            (Err(_), Some(_)) if cfg!(windows) => {}
            (refused, expected) => panic!("{path:?} is {refused:?}, not {expected:?}"),
        }
    }
}

/// Walks as a file system does, and as a browser does with the URL.
fn stays_below(path: &FilePath) {
    let (root, relative) = (Path::new("/srv/root"), path.to_relative());
    let full = root.join(&relative);
    assert!(full.starts_with(root));
    let mut walked = PathBuf::new();
    for component in relative.components() {
        assert!(matches!(component, Component::Normal(_)), "{component:?}");
        walked.push(component);
    }
    assert_eq!(walked.components().count(), path.names().len());
    for mount in ["", "/", "/files", "//host", "/\\host"] {
        let url = path.directory_url(mount);
        assert!(url.starts_with('/') && url.ends_with('/') && !url.contains("//"));
        assert!(url.bytes().all(|octet| octet.is_ascii_graphic() && octet != b'\\'));
        let again = FilePath::parse(&url, true).expect("a path of names");
        assert!(again.is_directory() && again.names().ends_with(path.names()));
    }
}

/// Reads octet by octet: the names, unless one of them is refused.
fn naive(path: &[u8], shows_hidden: bool) -> Option<Vec<Vec<u8>>> {
    let mut names = Vec::new();
    let mut name = Vec::new();
    let mut octets = path.iter().copied().chain([b'/']);
    while let Some(octet) = octets.next() {
        if octet == b'/' {
            match name.as_slice() {
                b"" | b"." => {}
                b".." => return None,
                b".well-known" => names.push(name.clone()),
                [b'.', ..] if !shows_hidden => return None,
                [b'.', b'u', b'p', b'l', b'o', b'a', b'd', b'-', .., b'.', b't', b'm', b'p'] => {
                    return None;
                }
                _ => names.push(name.clone()),
            }
            name.clear();
            continue;
        }
        let mut digit = || char::from(octets.next()?).to_digit(16);
        let decoded = match octet {
            b'%' => u8::try_from(digit()? * 16 + digit()?).ok()?,
            octet => octet,
        };
        if decoded < 0x20 || decoded == 0x7f || decoded == b'/' || decoded == b'\\' {
            return None;
        }
        name.push(decoded);
    }
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn holds_for_what_looks_like_a_path(
            path in "(/|[.]{1,3}|%2[eEfF5]|%5[cC]|%0[0aA]|%[0-9a-f]{2}|%|[a-z]|\\\\|:|é|\\PC){0,12}"
        ) {
            file_path(path.as_bytes());
        }

        #[test]
        fn holds_for_any_bytes(data in proptest::collection::vec(any::<u8>(), 0..40)) {
            file_path(&data);
        }
    }
}

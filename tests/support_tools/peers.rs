//! Programs are found, skipped or required.

use crate::support::peers::{Missing, decide, search};
use std::ffi::OsStr;
use std::path::PathBuf;

#[test]
fn finds_a_program_in_the_search_path() {
    let cargo = PathBuf::from(env!("CARGO"));
    let folder = cargo.parent().unwrap();
    assert_eq!(search("cargo", folder.as_os_str()), Some(cargo.clone()));
}

#[test]
fn does_not_find_a_program_that_is_not_there() {
    let folder = env!("CARGO_MANIFEST_DIR");
    assert_eq!(search("no-such-program", OsStr::new(folder)), None);
    let not_executable = search("Cargo.toml", OsStr::new(folder));
    assert!(!cfg!(unix) || not_executable.is_none());
}

#[test]
fn a_missing_program_skips_or_fails() {
    let skip = Missing::Skip("skipped: nginx not found".to_owned());
    assert_eq!(decide("nginx", None, false), Err(skip));
    let fail = decide("nginx", None, true);
    assert!(matches!(fail, Err(Missing::Fail(text)) if text.starts_with("nginx not found")));
    let here = PathBuf::from("/usr/sbin/nginx");
    assert_eq!(decide("nginx", Some(here.clone()), true), Ok(here));
}

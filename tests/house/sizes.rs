//! A file is one subject: no more than 700 lines without its tests.
//!
//! Files that a program wrote say `@generated` in one of their first lines and are exempt. The length
//! of functions is clippy's business (`too-many-lines-threshold`).

use crate::source::{Source, assert_none, rust_files};

const MOST: usize = 700;

fn check(file: &Source) -> Option<String> {
    let lines = file.text[..file.tests_start()].lines().count();
    let too_long = lines > MOST && !file.is_generated();
    too_long.then(|| format!("{}: {lines} lines without tests", file.path))
}

#[test]
fn files_are_short() {
    let wrong: Vec<String> = rust_files("src").iter().filter_map(check).collect();
    assert_none("a file has at most 700 lines without its tests", &wrong);
}

#[test]
fn counts_lines_in_front_of_the_tests() {
    let lines = |count: usize| "x\n".repeat(count);
    let check_text = |text: String| check(&Source::new("src/uri.rs", &text));
    assert_eq!(check_text(lines(700)), None);
    let wrong = check_text(lines(701));
    assert_eq!(wrong.as_deref(), Some("src/uri.rs: 701 lines without tests"));
    let tests = "#[cfg(test)]\nmod tests {\n";
    assert_eq!(check_text(lines(700) + tests + &lines(900)), None);
    assert!(check_text(lines(701) + tests).is_some());
    assert_eq!(check_text("// @generated\n".to_owned() + &lines(900)), None);
    assert!(check_text(lines(20) + "// @generated\n" + &lines(900)).is_some());
}

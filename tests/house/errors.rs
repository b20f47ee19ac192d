//! Every text an error can print is pinned in a test.
//!
//! As text: each variant of an enum named `..Kind` or `..Error` is named in a test of its room or below
//! `tests/`, and a room with an error that can be displayed has a test that prints one.

use std::collections::BTreeMap;

use crate::source::{Source, assert_none, closing, has_word, rust_files, tokens};

/// Returns the variants that no test names, and the errors that no test prints.
fn check(sources: &[Source], tests: &[Source]) -> Vec<String> {
    let outside: String = tests.iter().map(|file| file.text.as_str()).collect();
    let mut inside: BTreeMap<&str, String> = BTreeMap::new();
    for file in sources {
        let room = inside.entry(file.room().unwrap_or("")).or_default();
        room.push_str(&file.text[file.tests_start()..]);
    }
    let mut wrong = Vec::new();
    for file in sources {
        let room = &inside[file.room().unwrap_or("")];
        let code = &file.code[..file.tests_start()];
        for (name, variant) in variants(code) {
            if !has_word(room, variant) && !has_word(&outside, variant) {
                wrong.push(format!("{}: no test names {name}::{variant}", file.path));
            }
        }
        for name in displayed(code) {
            let printed = |text: &str| text.contains("to_string()") || text.contains("format!(");
            let pinned = printed(room) || has_word(&outside, name) && printed(&outside);
            if !pinned {
                wrong.push(format!("{}: no test prints {name}", file.path));
            }
        }
    }
    wrong
}

/// Returns (enum, variant) for the enums that say what went wrong.
fn variants(code: &str) -> Vec<(&str, &str)> {
    let tokens = tokens(code);
    let mut found = Vec::new();
    for window in tokens.windows(3) {
        let [(_, "enum"), (_, name), (open, "{")] = window else {
            continue;
        };
        if !name.ends_with("Kind") && !name.ends_with("Error") {
            continue;
        }
        let body = &code[*open..closing(code, *open)];
        let mut depth = 0;
        let mut fresh = true;
        for (_, word) in self::tokens(body) {
            match word {
                "{" | "(" | "[" => depth += 1,
                "}" | ")" | "]" => depth -= 1,
                "," if depth == 1 => fresh = true,
                word if depth == 1 && fresh && word.starts_with(char::is_uppercase) => {
                    found.push((*name, word));
                    fresh = false;
                }
                _ => {}
            }
        }
    }
    found
}

/// Returns the types named `..Error` that have a `Display`.
fn displayed(code: &str) -> Vec<&str> {
    let tokens = tokens(code);
    let display = tokens.windows(3).filter_map(|window| match window {
        [(_, "Display"), (_, "for"), (_, name)] if name.ends_with("Error") => Some(*name),
        _ => None,
    });
    display.collect()
}

#[test]
fn every_error_text_is_pinned() {
    let tests: Vec<Source> = rust_files("tests")
        .into_iter()
        .filter(|file| !file.path.starts_with("tests/house/"))
        .collect();
    let wrong = check(&rust_files("src"), &tests);
    assert_none("every error text is pinned in a test", &wrong);
}

const ROOM: &str = "pub enum UriErrorKind {\n/// Doc, with Commas.\n#[deprecated(note = \"x\")]\n\
    Empty,\nTooLong { limit: Limit },\nBadPort(Port),\n}\nimpl fmt::Display for UriError {}\n";

#[track_caller]
fn finds(in_room: &str, in_tests: &str, expected: &[&str]) {
    let room = format!("{ROOM}#[cfg(test)]\nmod tests {{ {in_room} }}");
    let sources = [Source::new("src/uri/error.rs", &room)];
    let tests = [Source::new("tests/uri.rs", in_tests)];
    let expected: Vec<String> =
        expected.iter().map(|text| format!("src/uri/error.rs: no test {text}")).collect();
    assert_eq!(check(&sources, &tests), expected);
}

#[test]
fn accepts_variants_that_tests_name() {
    finds("Empty TooLong BadPort e.to_string()", "", &[]);
    finds("Kind::Empty format!(\"{e}\")", "TooLong BadPort", &[]);
}

#[test]
fn refuses_what_no_test_names() {
    let names = "names UriErrorKind::";
    finds("Empty BadPort to_string()", "", &[&format!("{names}TooLong")]);
    finds("Emptyish BadPort TooLong to_string()", "", &[&format!("{names}Empty")]);
    finds("Empty BadPort TooLong", "", &["prints UriError"]);
}

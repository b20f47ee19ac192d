//! Imports point downwards.
//!
//! Every module of the crate root has a place in [`ORDER`]. A `crate::` path names a strictly lower
//! place or its own room; `super::super` and imports from the crate root are not used. The crate root
//! itself, `lib.rs`, may name everything: it is the front door.

use crate::source::{Source, assert_none, closing, rust_files, tokens};

/// The rooms from the ground up; rooms of one line may not name each other.
const ORDER: [&[&str]; 15] = [
    // Rank 0: bricks.
    &["random", "setters"],
    &["syntax", "coding", "hash", "staged"],
    // Rank 1: the vocabulary of RFC 9110.
    &["method", "status", "version"],
    &["header"],
    &["uri"],
    &["field"],
    &["negotiate"],
    &["cookie"],
    &["form"],
    // Rank 2: messages and how they look on the wire.
    &["h1"],
    &["message"],
    // Rank 3: the one error of client and server.
    &["error"],
    // Rank 4: sockets.
    &["client", "server"],
    // In the place of sockets, for tests.
    &["mock"],
    // Above all: what fuzzers and the replay of their findings call.
    &["fuzz"],
];

fn place(room: &str) -> Option<usize> {
    ORDER.iter().position(|rooms| rooms.contains(&room))
}

/// Returns what a file does against the order.
fn check(file: &Source) -> Vec<String> {
    let Some(room) = file.room() else {
        return Vec::new();
    };
    let Some(own) = place(room) else {
        return vec![format!("{}: the module {room} has no rank", file.path)];
    };
    let tokens = tokens(&file.code);
    let modules = inline_modules(&file.code, &tokens);
    let mut wrong = Vec::new();
    for (index, &(at, word)) in tokens.iter().enumerate() {
        let mut report = |what: String| {
            wrong.push(format!("{}:{}: {what}", file.path, file.line_of(at)));
        };
        match word {
            "crate" => {
                for name in named(&tokens, index) {
                    match place(name) {
                        None => report(format!("crate::{name} names the crate root")),
                        Some(_) if name == room => {}
                        Some(other) if other < own => {}
                        Some(_) => report(format!("{room} names crate::{name}, not below it")),
                    }
                }
            }
            "super" => {
                let names = named(&tokens, index);
                if names.contains(&"super") {
                    report("super::super".to_owned());
                }
                let nested = modules.iter().any(|module| module.contains(&at));
                if file.is_room_root() && !nested && !is_visibility(&tokens, index) {
                    report("super:: names the crate root".to_owned());
                }
            }
            _ => {}
        }
    }
    wrong
}

/// Returns the first names behind a `crate` or `super`: one, or those of a `{}` tree. A keyword that
/// stands alone names itself, unless it only says how far an item is visible.
fn named<'a>(tokens: &[(usize, &'a str)], index: usize) -> Vec<&'a str> {
    let word = |offset: usize| tokens.get(index + offset).map_or("", |token| token.1);
    if word(1) != "::" {
        let alone = !is_visibility(tokens, index);
        return alone.then(|| tokens[index].1).into_iter().collect();
    }
    if word(2) != "{" {
        return vec![word(2)];
    }
    let (mut names, mut depth) = (Vec::new(), 0);
    for pair in tokens[index + 2..].windows(2) {
        match pair[0].1 {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth == 1 && matches!(pair[0].1, "{" | ",") && pair[1].1 != "}" {
            names.push(pair[1].1);
        }
    }
    names
}

/// `pub(crate)`, `pub(super)` and the `crate` of `pub(in crate::room)`.
fn is_visibility(tokens: &[(usize, &str)], index: usize) -> bool {
    let before = |offset| index.checked_sub(offset).map_or("", |at| tokens[at].1);
    before(2) == "pub" && before(1) == "("
}

/// Returns where the bodies of `mod name { .. }` are.
fn inline_modules(code: &str, tokens: &[(usize, &str)]) -> Vec<std::ops::Range<usize>> {
    tokens
        .windows(3)
        .filter(|window| window[0].1 == "mod" && window[2].1 == "{")
        .map(|window| window[2].0..closing(code, window[2].0))
        .collect()
}

#[test]
fn imports_point_downwards() {
    let wrong: Vec<String> = rust_files("src").iter().flat_map(check).collect();
    assert_none("imports point downwards", &wrong);
}

#[track_caller]
fn accepts(path: &str, text: &str) {
    assert_none(path, &check(&Source::new(path, text)));
}

#[track_caller]
fn refuses(path: &str, text: &str, expected: &str) {
    let wrong = check(&Source::new(path, text));
    assert!(
        wrong.len() == 1 && wrong[0].ends_with(expected),
        "expected {expected:?}, found {wrong:?}"
    );
}

#[test]
fn accepts_lower_places_and_the_own_room() {
    accepts("src/uri/parse.rs", "use crate::syntax::Class;");
    accepts("src/uri/parse.rs", "use crate::uri::{Uri, path::Path};");
    accepts("src/uri/parse.rs", "use crate::{header::HeaderName, syntax};");
    accepts("src/uri/parse.rs", "use super::Uri; pub(super) fn f() {}");
    accepts("src/uri.rs", "pub(crate) fn f() {} pub(in crate::uri) fn g() {}");
    accepts("src/lib.rs", "pub use crate::uri::Uri;");
    accepts("src/fuzz/mod.rs", "use crate::server::Server;");
}

#[test]
fn accepts_the_parent_of_a_nested_module() {
    accepts("src/method.rs", "mod tests { use super::*; }");
    refuses("src/method.rs", "mod tests { } use super::Uri;", "super:: names the crate root");
}

#[test]
fn ignores_comments_and_literals() {
    accepts("src/syntax/mod.rs", "//! crate::uri\n/// super::super\n");
    accepts("src/syntax/mod.rs", "/* crate::uri */ f(\"crate::client\")");
}

#[test]
fn refuses_the_same_and_higher_places() {
    let upwards = "syntax names crate::uri, not below it";
    refuses("src/syntax/list.rs", "use crate::uri::Uri;", upwards);
    refuses("src/syntax/list.rs", "use crate::{uri::Uri};", upwards);
    refuses("src/syntax/list.rs", "use crate::{syntax::{list}, uri};", upwards);
    refuses("src/syntax/list.rs", "use {core::fmt, crate::uri};", upwards);
    refuses("src/syntax/list.rs", "fn f(uri: &crate :: uri::Uri) {}", upwards);
    refuses("src/syntax/list.rs", "m!($crate::uri::Uri)", upwards);
    refuses(
        "src/client/mod.rs",
        "use crate::server::Server;",
        "client names crate::server, not below it",
    );
    refuses(
        "src/coding/mod.rs",
        "use crate::syntax::Class;",
        "coding names crate::syntax, not below it",
    );
    refuses(
        "src/h1/head.rs",
        "use crate::message::Request;",
        "h1 names crate::message, not below it",
    );
}

#[test]
fn refuses_the_crate_root() {
    let text = "use crate::{uri::Uri, Request};";
    refuses("src/form/mod.rs", text, "crate::Request names the crate root");
    refuses("src/form/mod.rs", "crate::get()", "crate::get names the crate root");
    refuses("src/form/mod.rs", "use crate::*;", "crate::* names the crate root");
    refuses("src/form/mod.rs", "use crate as http;", "crate::crate names the crate root");
}

#[test]
fn refuses_super_super() {
    refuses("src/uri/a/b.rs", "use super::super::Uri;", "super::super");
    refuses("src/uri/a/b.rs", "use super::{c, super::Uri};", "super::super");
}

#[test]
fn refuses_a_module_without_a_rank() {
    refuses("src/util.rs", "", "the module util has no rank");
    refuses("src/misc/mod.rs", "", "the module misc has no rank");
}

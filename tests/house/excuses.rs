//! Excuses from the panic lints are few, small and reasoned.
//!
//! `lib.rs` denies the lints of [`PANICS`] outside of tests. A hot loop that must index carries an
//! `#[expect(.., reason = "..")]` on a statement or on a function, never on a module or an
//! implementation; the crate has at most [`MOST`] of them.

use crate::source::{Source, assert_none, closing, has_word, rust_files, tokens};

const MOST: usize = 10;

const PANICS: [&str; 7] = [
    "unwrap_used",
    "expect_used",
    "panic",
    "indexing_slicing",
    "string_slice",
    "as_conversions",
    "cast_possible_truncation",
];

struct Excuse {
    place: String,
    wrong: Option<&'static str>,
}

/// Returns the excuses of a file, tests aside.
fn excuses(file: &Source) -> Vec<Excuse> {
    let end = file.tests_start();
    let code = &file.code[..end];
    let mut found = Vec::new();
    for (at, _) in code.match_indices('#') {
        let inner = code[at + 1..].starts_with('!');
        let open = at + 1 + usize::from(inner);
        if !code[open..].starts_with('[') {
            continue;
        }
        let close = closing(code, open);
        let text = &code[open..close];
        let excuses = has_word(text, "allow") || has_word(text, "expect");
        if !excuses || !PANICS.iter().any(|lint| has_word(text, lint)) {
            continue;
        }
        let wrong = if inner {
            Some("stands on a whole module")
        } else if !has_reason(&file.commentless[open..close]) {
            Some("has no reason")
        } else if matches!(item(code, close), "mod" | "impl" | "trait") {
            Some("stands on more than a function")
        } else {
            None
        };
        let place = format!("{}:{}", file.path, file.line_of(at));
        found.push(Excuse { place, wrong });
    }
    found
}

fn has_reason(attribute: &str) -> bool {
    let reason = attribute.split_once("reason").map_or("", |(_, tail)| tail);
    let text = reason.trim_start().strip_prefix('=').unwrap_or("");
    let mut quoted = text.split('"').skip(1);
    quoted.next().is_some_and(|text| text.trim().len() > 3)
}

/// Returns the keyword of the item behind an attribute.
fn item(code: &str, mut at: usize) -> &str {
    while code[at..].trim_start().starts_with('#') {
        let open = at + code[at..].find('[').unwrap_or(0);
        at = closing(code, open);
    }
    let line = code[at..].trim_start();
    let words = tokens(line.get(..line.len().min(200)).unwrap_or(line));
    let mut depth = 0;
    let outside = words.iter().map(|token| token.1).filter(|&word| {
        depth += i32::from(word == "(") - i32::from(word == ")");
        depth == 0 && word != ")"
    });
    let modifiers = ["pub", "unsafe", "async", "const", "extern"];
    let mut rest = outside.skip_while(|word| modifiers.contains(word));
    rest.next().unwrap_or("")
}

#[test]
fn excuses_are_few_and_reasoned() {
    let found: Vec<Excuse> = rust_files("src").iter().flat_map(excuses).collect();
    let wrong: Vec<String> = found
        .iter()
        .filter_map(|excuse| Some(format!("{}: {}", excuse.place, excuse.wrong?)))
        .collect();
    assert_none("an excuse has a reason and is small", &wrong);
    let places: Vec<&str> = found.iter().map(|excuse| excuse.place.as_str()).collect();
    assert!(places.len() <= MOST, "more than {MOST} excuses: {places:?}");
}

#[test]
fn the_crate_denies_what_panics() {
    let files = rust_files("src");
    let root = files.iter().find(|file| file.path == "src/lib.rs").unwrap();
    let deny = root.code.find("deny(").expect("a list of denied lints");
    let list = &root.code[deny..closing(&root.code, deny + "deny".len())];
    for lint in PANICS {
        assert!(has_word(list, lint), "lib.rs does not deny {lint}");
    }
}

#[track_caller]
fn finds(text: &str, expected: &[Option<&str>]) {
    let found = excuses(&Source::new("src/uri.rs", text));
    let wrong: Vec<Option<&str>> = found.iter().map(|excuse| excuse.wrong).collect();
    assert_eq!(wrong, expected);
}

#[test]
fn counts_excuses_outside_of_tests() {
    let good = "#[expect(clippy::indexing_slicing, reason = \"i < len\")]\n";
    finds(&format!("{good}fn f() {{}}"), &[None]);
    finds(&format!("{good}#[inline]\npub(crate) const fn f() {{}}"), &[None]);
    finds(&format!("#[cfg(test)]\nmod tests {{\n{good}}}"), &[]);
    finds(&format!("// {good}"), &[]);
    finds("#[expect(clippy::new_ret_no_self, reason = \"no\")]\nfn f() {}", &[]);
}

#[test]
fn refuses_excuses_without_reason_or_on_too_much() {
    let bare = "#[allow(clippy::panic)]\nfn f() {}";
    finds(bare, &[Some("has no reason")]);
    let empty = "#[allow(clippy::panic, reason = \"\")]\nfn f() {}";
    finds(empty, &[Some("has no reason")]);
    let whole = "#![allow(clippy::panic, reason = \"every loop\")]";
    finds(whole, &[Some("stands on a whole module")]);
    let on_more = Some("stands on more than a function");
    let reasoned = "#[expect(clippy::unwrap_used, reason = \"it is there\")]";
    finds(&format!("{reasoned}\npub(crate) mod a {{}}"), &[on_more]);
    finds(&format!("{reasoned}\n#[cfg(unix)]\nimpl A {{}}"), &[on_more]);
    let conditional = "#[cfg_attr(unix, expect(clippy::panic))]\nfn f() {}";
    finds(conditional, &[Some("has no reason")]);
}

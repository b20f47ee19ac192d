//! At least 90 % of the public items have an example in their documentation.
//!
//! Counted are `pub` functions, structs, enums, traits, constants and types. Not counted, because
//! their example stands on the type they belong to: variants, fields, methods of traits, and constants
//! of type `Self`, which are the variants of an open set. Items inside macros and in generated files
//! have their examples where the macro or the generator is.

use std::ops::Range;

use crate::source::{Source, closing, rust_files, tokens};

struct Item {
    place: String,
    has_example: bool,
}

/// Returns the public items of a file.
fn items(file: &Source) -> Vec<Item> {
    let end = file.tests_start();
    if file.is_generated() || file.room() == Some("fuzz") {
        return Vec::new();
    }
    let code = &file.code[..end];
    let macros = macros(code);
    let (mut found, mut docs, mut at) = (Vec::new(), Docs::default(), 0);
    let mut attribute_end = 0;
    for line in code.split_inclusive('\n') {
        let (start, original) = (at, &file.text[at..at + line.len()]);
        at += line.len();
        let trimmed = line.trim();
        if start < attribute_end || macros.iter().any(|range| range.contains(&start)) {
            continue;
        }
        if let Some(doc) = original.trim().strip_prefix("///") {
            docs.line(doc.trim());
        } else if trimmed.starts_with("#[") {
            let open = start + line.find('[').unwrap_or(0);
            attribute_end = closing(code, open);
            docs.hidden |= code[open..attribute_end].starts_with("[doc(hidden");
        } else if !trimmed.is_empty() {
            if let Some(name) = public_item(trimmed).filter(|_| !docs.hidden) {
                let place = format!("{}:{} {name}", file.path, file.line_of(start));
                let has_example = docs.has_example;
                found.push(Item { place, has_example });
            }
            docs = Docs::default();
        }
    }
    found
}

/// What was read of the documentation in front of an item.
#[derive(Default)]
struct Docs {
    in_fence: bool,
    has_example: bool,
    hidden: bool,
}

impl Docs {
    fn line(&mut self, line: &str) {
        let Some(info) = line.strip_prefix("```") else {
            return;
        };
        let runs = ["", "rust", "no_run", "should_panic", "compile_fail"];
        let mut words = info.split(',').map(str::trim);
        self.has_example |= !self.in_fence && words.all(|word| runs.contains(&word));
        self.in_fence = !self.in_fence;
    }
}

/// Returns the name of the public item that begins on a line, if it is one that counts.
fn public_item(line: &str) -> Option<String> {
    let declaration = line.strip_prefix("pub ")?;
    let words: Vec<&str> = tokens(declaration).into_iter().map(|t| t.1).collect();
    let kinds = ["fn", "struct", "enum", "trait", "type", "static"];
    let kind = words.iter().position(|word| kinds.contains(word));
    match (kind, words.first()) {
        (Some(at), _) => words.get(at + 1).map(|name| (*name).to_owned()),
        (None, Some(&"const")) => {
            let name = words.get(1)?;
            let of_self = words.get(2..4) == Some(&[":", "Self"]);
            (!of_self).then(|| (*name).to_owned())
        }
        _ => None,
    }
}

/// Returns where macros are defined and called.
fn macros(code: &str) -> Vec<Range<usize>> {
    let tokens = tokens(code);
    let defined = tokens.windows(4).filter_map(|window| match window {
        [(at, "macro_rules"), (_, "!"), _, (open, "{" | "(")] => Some(*at..closing(code, *open)),
        _ => None,
    });
    let called = tokens.windows(3).filter_map(|window| match window {
        [_, (at, "!"), (open, "{" | "(")] => Some(*at..closing(code, *open)),
        _ => None,
    });
    defined.chain(called).collect()
}

#[test]
fn public_items_have_examples() {
    let items: Vec<Item> = rust_files("src").iter().flat_map(items).collect();
    let missing: Vec<&str> =
        items.iter().filter(|item| !item.has_example).map(|item| item.place.as_str()).collect();
    let (all, with) = (items.len(), items.len() - missing.len());
    println!("{with} of {all} public items have an example");
    assert!(
        with * 10 >= all * 9,
        "{with} of {all} public items have an example; these lack one:\n  {}",
        missing.join("\n  ")
    );
}

#[track_caller]
fn counts(text: &str, with: usize, all: usize) {
    let items = items(&Source::new("src/uri.rs", text));
    let found = items.iter().filter(|item| item.has_example).count();
    assert_eq!((found, items.len()), (with, all));
}

#[test]
fn counts_items_with_and_without_example() {
    let example = "/// Returns.\n///\n/// ```\n/// f();\n/// ```\n";
    counts(&format!("{example}pub fn f() {{}}\npub fn g() {{}}"), 1, 2);
    counts(&format!("{example}#[must_use]\n#[expect(\n  a\n)]\n    pub const fn f()"), 1, 1);
    counts("pub struct A;\npub enum B {}\npub trait C {}\npub const D: u8 = 1;", 0, 4);
    counts("/// ```text\n/// a = b\n/// ```\npub fn f() {}", 0, 1);
    counts("/// ```text\n/// a\n/// ```\n/// ```no_run\n/// ```\npub fn f() {}", 1, 1);
}

#[test]
fn leaves_out_what_has_its_example_elsewhere() {
    counts("pub(crate) fn f() {}\nfn g() {}\npub use a::B;\npub mod c;", 0, 0);
    counts("impl A {\n    pub const B: Self = Self(1);\n}", 0, 0);
    counts("macro_rules! m {\n() => {\npub fn f() {}\n}\n}", 0, 0);
    counts("m! {\npub const A: u8 = 1;\n}\npub fn f() {}", 0, 1);
    counts("// @generated\npub fn f() {}", 0, 0);
    counts("#[cfg(test)]\nmod tests {\npub fn f() {}\n}", 0, 0);
    counts("/// a\n#[doc(hidden)]\npub fn f() {}", 0, 0);
}

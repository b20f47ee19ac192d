//! Source files, and the little reading of Rust that the rules need.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// One source file.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// The path from the root of the repository, with `/` between the names.
    pub(crate) path: String,
    /// The file as it is.
    pub(crate) text: String,
    /// The text with comments blanked, byte for byte.
    pub(crate) commentless: String,
    /// The text with comments and the contents of literals blanked, byte for byte.
    pub(crate) code: String,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let (path, text) = (path.to_owned(), text.replace("\r\n", "\n"));
        let (commentless, code) = (mask(&text, false), mask(&text, true));
        Self { path, text, commentless, code }
    }

    /// Returns the module of the crate root that the file belongs to; `None` for the root itself.
    pub(crate) fn room(&self) -> Option<&str> {
        let inside = self.path.strip_prefix("src/")?;
        let first = inside.split('/').next()?;
        (inside != "lib.rs").then(|| first.strip_suffix(".rs").unwrap_or(first))
    }

    /// Returns whether the file is the room's own module, not one inside it.
    pub(crate) fn is_room_root(&self) -> bool {
        let inside = self.path.strip_prefix("src/").unwrap_or(&self.path);
        !inside.contains('/')
            || inside.strip_suffix("/mod.rs").is_some_and(|room| !room.contains('/'))
    }

    /// Returns where the unit tests begin: the `#[cfg(test)]` of `mod tests`, or the end.
    pub(crate) fn tests_start(&self) -> usize {
        if self.path.ends_with("/tests.rs") || self.path.contains("/tests/") {
            return 0;
        }
        let (mut before, mut at) = (0, 0);
        for line in self.code.split_inclusive('\n') {
            if line.starts_with("mod tests") && self.code[before..at].starts_with("#[cfg(") {
                return before;
            }
            (before, at) = (at, at + line.len());
        }
        self.text.len()
    }

    /// Returns whether one of the first lines says that a program wrote the file.
    pub(crate) fn is_generated(&self) -> bool {
        self.text.lines().take(10).any(|line| line.contains("@generated"))
    }

    pub(crate) fn line_of(&self, at: usize) -> usize {
        self.text[..at].matches('\n').count() + 1
    }
}

/// Returns the root of the repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Reads a file of the repository.
#[track_caller]
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Returns the Rust files below a folder of the repository, in order of their paths.
#[track_caller]
pub(crate) fn rust_files(folder: &str) -> Vec<Source> {
    let mut files = Vec::new();
    collect(&root().join(folder), folder, &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

#[track_caller]
fn collect(folder: &Path, name: &str, files: &mut Vec<Source>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{name}: {error}"));
    for entry in entries.map(Result::unwrap) {
        let inner = format!("{name}/{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &inner, files);
        } else if inner.ends_with(".rs") {
            files.push(Source::new(&inner, &read(&inner)));
        }
    }
}

/// Fails with one line for each thing that is wrong.
#[track_caller]
pub(crate) fn assert_none(rule: &str, wrong: &[String]) {
    assert!(wrong.is_empty(), "{rule}:\n  {}", wrong.join("\n  "));
}

/// Blanks comments, and the contents of literals if asked to; all byte positions stay.
fn mask(text: &str, literals: bool) -> String {
    let mut masked = text.as_bytes().to_vec();
    let mut at = 0;
    while at < text.len() {
        let (len, blank) = lexeme(&text.as_bytes()[at..], at > 0 && is_word(masked[at - 1]));
        let inner = match blank {
            Blank::Nothing => 0..0,
            Blank::Comment => 0..len,
            Blank::Literal(inner) if literals => inner,
            Blank::Literal(_) => 0..0,
        };
        for byte in &mut masked[at + inner.start..at + inner.end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at += len;
    }
    String::from_utf8(masked).expect("whole comments and literals were blanked")
}

enum Blank {
    Nothing,
    Comment,
    Literal(Range<usize>),
}

/// Returns the length of the next piece of the text, and what of it is not code.
fn lexeme(rest: &[u8], in_word: bool) -> (usize, Blank) {
    match rest {
        [b'/', b'/', ..] => (find(rest, b"\n"), Blank::Comment),
        [b'/', b'*', ..] => (block_comment(rest), Blank::Comment),
        [b'"', ..] => quoted(rest, 0, b'"'),
        [b'b' | b'c', b'"', ..] if !in_word => quoted(rest, 1, b'"'),
        [b'b', b'\'', ..] if !in_word => quoted(rest, 1, b'\''),
        [b'r', b'"' | b'#', ..] if !in_word => raw(rest, 1),
        [b'b' | b'c', b'r', b'"' | b'#', ..] if !in_word => raw(rest, 2),
        [b'\'', b'\\', ..] => quoted(rest, 0, b'\''),
        [b'\'', ..] => character(rest),
        _ => (1, Blank::Nothing),
    }
}

fn find(rest: &[u8], what: &[u8]) -> usize {
    let found = rest.windows(what.len()).position(|window| window == what);
    found.unwrap_or(rest.len())
}

fn block_comment(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        match &rest[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn quoted(rest: &[u8], prefix: usize, quote: u8) -> (usize, Blank) {
    let mut at = prefix + 1;
    while at < rest.len() && rest[at] != quote {
        at += if rest[at] == b'\\' { 2 } else { 1 };
    }
    let end = at.min(rest.len());
    ((end + 1).min(rest.len()), Blank::Literal(prefix + 1..end))
}

/// `r"..."`, `r#"..."#` and so on; `r#name` is a name.
fn raw(rest: &[u8], prefix: usize) -> (usize, Blank) {
    let hashes = rest[prefix..].iter().take_while(|&&b| b == b'#').count();
    let open = prefix + hashes + 1;
    if rest.get(open - 1) != Some(&b'"') {
        return (prefix, Blank::Nothing);
    }
    let close = [b"\"".as_slice(), &b"#".repeat(hashes)].concat();
    let end = open + find(&rest[open..], &close);
    let len = (end + close.len()).min(rest.len());
    (len, Blank::Literal(open..end))
}

/// `'x'` is a character, `'x` a lifetime.
fn character(rest: &[u8]) -> (usize, Blank) {
    let width =
        1 + rest.get(2..).map_or(0, |tail| tail.iter().take_while(|&&b| b & 0xc0 == 0x80).count());
    match rest.get(1 + width) {
        Some(b'\'') => (width + 2, Blank::Literal(1..1 + width)),
        _ => (1, Blank::Nothing),
    }
}

pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Returns whether the text has this word.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    let (bytes, len) = (text.as_bytes(), word.len());
    text.match_indices(word).any(|(at, _)| {
        let before = at.checked_sub(1).is_some_and(|at| is_word(bytes[at]));
        let after = bytes.get(at + len).is_some_and(|&b| is_word(b));
        !before && !after
    })
}

/// Returns the words and signs of masked code with their positions; `::` is one sign.
pub(crate) fn tokens(code: &str) -> Vec<(usize, &str)> {
    let bytes = code.as_bytes();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let len = match &bytes[at..] {
            [b, ..] if is_word(*b) => bytes[at..].iter().take_while(|&&b| is_word(b)).count(),
            [b':', b':', ..] => 2,
            [b, tail @ ..] if *b >= 0x80 => 1 + tail.iter().take_while(|&&b| b >= 0x80).count(),
            _ => 1,
        };
        if !bytes[at].is_ascii_whitespace() {
            found.push((at, &code[at..at + len]));
        }
        at += len;
    }
    found
}

/// Returns the position behind the bracket that closes the one at `open`.
pub(crate) fn closing(code: &str, open: usize) -> usize {
    let mut depth = 0;
    for (at, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    code.len()
}

#[track_caller]
fn masks(text: &str, expected: &str) {
    assert_eq!(mask(text, true), expected);
    assert_eq!(text.len(), expected.len());
}

#[test]
fn masks_comments_and_nested_comments() {
    masks("a // b\nc", "a     \nc");
    masks("a /* b /* c */ d */ e", "a                   e");
}

#[test]
fn masks_literals_but_not_lifetimes_and_raw_names() {
    masks(r#"f("a\"b", b"c")"#, r#"f("    ", b" ")"#);
    masks(r##"r#"a"b"# br"\" x"##, r##"r#"   "# br" " x"##);
    masks(r"'a' '\'' b'\n' '{' 'a x<'b>", r"' ' '  ' b'  ' ' ' 'a x<'b>");
    masks("r#type r#\"x\"#", "r#type r#\" \"#");
    masks("'\u{e9}'", "'  '");
}

#[test]
fn keeps_literals_when_asked_for_comments_only() {
    assert_eq!(mask("\"//\" // x", false), "\"//\"     ");
}

#[test]
fn finds_the_tests_of_a_file() {
    let file = Source::new("src/uri.rs", "a\n#[cfg(test)]\nmod tests {}\n");
    assert_eq!(file.tests_start(), 2);
    assert_eq!(Source::new("src/uri.rs", "a\n").tests_start(), 2);
    assert_eq!(Source::new("src/uri/tests.rs", "a\n").tests_start(), 0);
}

#[test]
fn knows_the_room_of_a_file() {
    let room = |path: &str| Source::new(path, "").room().map(str::to_owned);
    assert_eq!(room("src/lib.rs"), None);
    assert_eq!(room("src/method.rs").as_deref(), Some("method"));
    assert_eq!(room("src/uri/path/mod.rs").as_deref(), Some("uri"));
    assert!(Source::new("src/uri/mod.rs", "").is_room_root());
    assert!(!Source::new("src/uri/path/mod.rs", "").is_room_root());
}

#[test]
fn splits_code_into_words_and_signs() {
    let words: Vec<&str> = tokens("use a::{b_1, c};").iter().map(|t| t.1).collect();
    assert_eq!(words, ["use", "a", "::", "{", "b_1", ",", "c", "}", ";"]);
}

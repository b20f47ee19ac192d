//! What is encoded and decoded: files that a machine with Rust has, never downloaded for this.
//!
//! - `text`: the Rust sources of this package's dependencies, whose versions the lock file fixes, so that
//!   it differs between machines only where they have other dependencies.
//! - `binary`: the machine code, tables and strings of the compiler, from all over its library.
//! - `html`: the documentation of the standard library; where it is not installed, the sources as a web
//!   page would show them.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::random::Random;

/// How long a corpus is.
pub const LEN: usize = 4 << 20;

/// The most that one file gives, so that no table fills a corpus.
const SHARE: usize = 256 << 10;

/// Data, and where it is from.
pub struct Corpus {
    pub name: &'static str,
    pub data: Vec<u8>,
    pub origin: String,
}

/// Returns the text, the binary and the HTML.
#[must_use]
pub fn all() -> [Corpus; 3] {
    let text = text();
    let html = html().unwrap_or_else(|| marked_up(&text));
    [text, binary(), html]
}

fn text() -> Corpus {
    let cargo = std::env::var_os("CARGO_HOME").map_or_else(
        || std::env::home_dir().expect("a home directory").join(".cargo"),
        PathBuf::from,
    );
    let registries = entries(&cargo.join("registry/src"));
    let mut corpus = Gathered::default();
    for package in packages() {
        for registry in &registries {
            corpus.add_tree(&registry.join(&package).join("src"), "rs");
        }
    }
    assert_eq!(corpus.data.len(), LEN, "too few sources in {}", cargo.display());
    let origin =
        format!("{} Rust sources of the dependencies in Cargo.lock, in its order", corpus.files);
    Corpus { name: "text", data: corpus.data, origin }
}

/// Returns the dependencies of this package as their directories are named, in the order of the lock file.
fn packages() -> Vec<String> {
    let lock = include_str!("../../Cargo.lock");
    let value = |line: &str, key: &str| {
        let quoted = line.strip_prefix(key)?.strip_prefix(" = \"")?;
        Some(quoted.strip_suffix('"')?.to_owned())
    };
    let lines = lock.lines().zip(lock.lines().skip(1));
    lines
        .filter_map(|(name, version)| {
            Some(format!("{}-{}", value(name, "name")?, value(version, "version")?))
        })
        .collect()
}

/// Takes sixteen pieces from all over the compiler.
fn binary() -> Corpus {
    let libraries = sysroot().map(|sysroot| entries(&sysroot.join("lib"))).unwrap_or_default();
    let named = |path: &&PathBuf| path.to_string_lossy().contains("rustc_driver");
    let own = || std::env::current_exe().expect("an executable");
    let path = libraries.iter().find(named).cloned().unwrap_or_else(own);
    let mut file = File::open(&path).expect("a readable file");
    let len = file.metadata().expect("a size").len();
    let mut data = vec![0; LEN];
    for (index, piece) in (0..).zip(data.chunks_mut(LEN / 16)) {
        file.seek(SeekFrom::Start(len / 16 * index)).expect("a file");
        file.read_exact(piece).expect("a file of at least 4 MiB");
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let origin = format!("16 pieces from all over {name}");
    Corpus { name: "binary", data, origin }
}

fn html() -> Option<Corpus> {
    let mut corpus = Gathered::default();
    corpus.add_tree(&sysroot()?.join("share/doc/rust/html/std"), "html");
    let origin = format!("{} pages of the documentation of std", corpus.files);
    (corpus.data.len() == LEN).then_some(Corpus { name: "html", data: corpus.data, origin })
}

/// Returns the text as a web page would show it, every word in an element of its own.
fn marked_up(text: &Corpus) -> Corpus {
    let ends_word = |octet: char| !(octet.is_alphanumeric() || octet == '_');
    let mut page = String::with_capacity(LEN + 1024);
    for (number, line) in (1..).zip(String::from_utf8_lossy(&text.data).lines()) {
        let _ = write!(page, "<tr id=\"L{number}\"><td class=\"line\">{number}</td><td>");
        for piece in line.split_inclusive(ends_word) {
            let word = piece.trim_end_matches(ends_word);
            match word.bytes().next() {
                Some(b'A'..=b'Z') => _ = write!(page, "<span class=\"type\">{word}</span>"),
                Some(b'0'..=b'9') => _ = write!(page, "<span class=\"number\">{word}</span>"),
                Some(_) => _ = write!(page, "<span class=\"word\">{word}</span>"),
                None => {}
            }
            match &piece[word.len()..] {
                "<" => page.push_str("&lt;"),
                ">" => page.push_str("&gt;"),
                "&" => page.push_str("&amp;"),
                other => page.push_str(other),
            }
        }
        page.push_str("</td></tr>\n");
        if page.len() >= LEN {
            break;
        }
    }
    let mut data = page.into_bytes();
    data.truncate(LEN);
    Corpus { name: "html", data, origin: "the text, every word in an element".to_owned() }
}

/// Returns objects in JSON, about `len` bytes of them, from a fixed seed.
#[must_use]
pub fn json(seed: u64, len: usize) -> Vec<u8> {
    const NAMES: [&str; 8] = ["Anna", "Bela", "Chen", "Dana", "Emil", "Farah", "Goran", "Hana"];
    const STATES: [&str; 4] = ["active", "invited", "suspended", "closed"];
    let mut random = Random::new(seed);
    let mut text = String::from("{\"items\":[");
    while text.len() < len {
        let (id, name, state) = (random.bits() >> 12, random.pick(&NAMES), random.pick(&STATES));
        let (day, cents) = (1 + random.below(28), random.below(100_000));
        let number = random.below(1000);
        let _ = write!(
            text,
            "{{\"id\":\"{id:013x}\",\"name\":\"{name} {number}\",\"email\":\"{name}{number}@example.org\",\
             \"state\":\"{state}\",\"since\":\"2024-05-{day:02}T08:49:37Z\",\"balance\":{cents},\"tags\":[]}},"
        );
    }
    text.pop();
    text.push_str("]}");
    text.into_bytes()
}

/// Files in the order of their names, until there are [`LEN`] bytes.
#[derive(Default)]
struct Gathered {
    data: Vec<u8>,
    files: usize,
}

impl Gathered {
    fn add_tree(&mut self, directory: &Path, extension: &str) {
        for path in entries(directory) {
            if self.data.len() == LEN {
                return;
            }
            if path.is_dir() {
                self.add_tree(&path, extension);
            } else if path.extension().is_some_and(|found| found == extension) {
                let file = fs::read(&path).expect("a readable file");
                let most = SHARE.min(LEN - self.data.len()).min(file.len());
                self.data.extend_from_slice(&file[..most]);
                self.files += 1;
            }
        }
    }
}

/// Returns what is in a directory, sorted; nothing if there is no such directory.
fn entries(directory: &Path) -> Vec<PathBuf> {
    let Ok(found) = fs::read_dir(directory) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = found.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}

fn sysroot() -> Option<PathBuf> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).args(["--print", "sysroot"]).output().ok()?;
    Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim_end()))
}

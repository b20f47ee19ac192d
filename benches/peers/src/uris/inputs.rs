//! The URIs, references, targets and queries that libraries are measured on.
//!
//! A benchmark that parses the same text again and again measures the branch predictor's memory, so
//! that every operation has a mix beside its single texts: several hundred different ones, from a
//! fixed seed.

use crate::random::Random;

/// How many texts a mix has.
pub const MIX_LEN: usize = 512;

const SEED: u64 = 0x6e65_7468_7474_7034;

/// One row of the table: texts that are worked on one after the other.
#[derive(Clone, Debug)]
pub struct Input {
    /// The name in the table.
    pub name: &'static str,
    /// The texts.
    pub texts: Vec<String>,
}

impl Input {
    fn one(name: &'static str, text: &str) -> Self {
        Self { name, texts: vec![text.to_owned()] }
    }

    fn mix(name: &'static str, seed: u64, text: fn(&mut Random) -> String) -> Self {
        let mut random = Random::new(SEED + seed);
        Self { name, texts: (0..MIX_LEN).map(|_| text(&mut random)).collect() }
    }

    /// Returns the mean length of a text in bytes.
    pub fn mean_len(&self) -> usize {
        self.texts.iter().map(String::len).sum::<usize>() / self.texts.len()
    }
}

/// Absolute URIs.
pub fn uris() -> Vec<Input> {
    vec![
        Input::one(
            "http, 64 B",
            "http://www.example.com/articles/2024/latest?id=12345&lang=en#top",
        ),
        Input::one("`http://a/`", "http://a/"),
        Input::one("long path", &format!("https://example.org{}", long_path())),
        Input::one("userinfo, port", "ftp://user:secret@files.example.net:2121/pub/readme.txt"),
        Input::one("IPv4", "http://192.168.100.200:8080/status?verbose=1"),
        Input::one("IPv6", "http://[2001:db8:85a3::8a2e:370:7334]:8443/index.html"),
        Input::one(
            "escapes in query",
            "https://example.com/s?q=%E6%97%A5%E6%9C%AC%E8%AA%9E%20%D1%80%D1%83&n=%7Bx%7D%5B1%5D",
        ),
        Input::one("URN", "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
        Input::one("mailto", "mailto:john.smith@example.com?subject=hello%20world"),
        Input::mix("mix", 0, uri),
    ]
}

/// References, most of them relative.
pub fn references() -> Vec<Input> {
    vec![
        Input::one("`../g`", "../g"),
        Input::one("`g?y#s`", "g?y#s"),
        Input::one("`/g`", "/g"),
        Input::one("`//h/p`", "//h/p"),
        Input::one("deep", "../../../../assets/../img/./icons/logo.svg"),
        Input::one("climbing", &format!("{}g", "../".repeat(32))),
        Input::mix("mix", 1, reference),
    ]
}

/// Origin-form request targets.
pub fn targets() -> Vec<Input> {
    vec![
        Input::one("`/`", "/"),
        Input::one("`/index.html`", "/index.html"),
        Input::one("API, 60 B", "/api/v1/users/1234567/posts?fields=id,title&sort=-created&n=20"),
        Input::one("long path", &long_path()),
        Input::mix("mix", 2, target),
    ]
}

/// URIs to normalise: one that is normal, one that is not in anything.
pub fn to_normalize() -> Vec<Input> {
    vec![
        Input::one("normal", "http://www.example.com/articles/2024/latest?id=12345&lang=en#top"),
        Input::one("needs work", "HTTP://Example.COM:80/a/./b/../%7Efoo/%e4"),
        Input::mix("mix", 3, abnormal),
    ]
}

/// Queries of pairs.
pub fn queries() -> Vec<Input> {
    vec![
        Input::one("plain", "id=12345&lang=en&sort=created&page=3"),
        Input::one("escapes", "q=%E6%97%A5%E6%9C%AC+%D1%80%D1%83&name=John+Smith&x=%7B1%7D"),
        Input::mix("mix", 4, query),
    ]
}

/// A path of 200 bytes.
fn long_path() -> String {
    let mut path = String::new();
    for segment in ["/projects", "/network-library", "/releases", "/download", "/version-1.2.3"]
        .into_iter()
        .cycle()
    {
        path.push_str(segment);
        if path.len() >= 200 {
            path.truncate(200);
            return path;
        }
    }
    path
}

const WORDS: &[&str] = &[
    "a",
    "id",
    "api",
    "user",
    "index",
    "search",
    "images",
    "2024",
    "products",
    "category",
    "download",
    "v1.2.3",
    "%E4%BD%A0",
    "some-long-segment-of-a-path",
    "~home",
    "caf%C3%A9",
];

/// What everybody links to: names with a path and often a query.
fn uri(random: &mut Random) -> String {
    let mut text = String::from(random.pick(&["http://", "https://", "https://", "ftp://"]));
    authority(random, &mut text);
    text.push_str(&target(random));
    if random.chance(15) {
        text.push('#');
        text.push_str(random.pick(WORDS));
    }
    text
}

fn authority(random: &mut Random, text: &mut String) {
    if random.chance(5) {
        text.push_str("user:pass@");
    }
    let numbers = [(); 3].map(|()| random.below(256));
    match random.below(20) {
        0 => text.push_str(&format!("10.{}.{}.{}", numbers[0], numbers[1], numbers[2])),
        1 => text.push_str(&format!("[2001:db8::{:x}:{:x}]", numbers[0], numbers[1])),
        _ => {
            text.push_str(random.pick(&["www.", "", "", "cdn.", "static-assets."]));
            text.push_str(random.pick(&["example", "a", "some-shop", "wikipedia", "internal"]));
            text.push_str(random.pick(&[".com", ".org", ".co.uk", ""]));
        }
    }
    if random.chance(15) {
        text.push_str(random.pick(&[":80", ":8080", ":443", ":3000"]));
    }
}

fn segments(random: &mut Random, text: &mut String, words: &[&str]) {
    for index in 0..random.below(7) {
        if index > 0 {
            text.push('/');
        }
        text.push_str(random.pick(words));
    }
}

fn target(random: &mut Random) -> String {
    let mut text = String::from("/");
    segments(random, &mut text, WORDS);
    if random.chance(40) {
        text.push('?');
        text.push_str(&query(random));
    }
    text
}

fn query(random: &mut Random) -> String {
    let mut text = String::new();
    for index in 0..=random.below(6) {
        if index > 0 {
            text.push('&');
        }
        text.push_str(random.pick(WORDS));
        text.push('=');
        text.push_str(random.pick(&["1", "true", "hello+world", "%7B%22a%22%3A1%7D", "12345", ""]));
    }
    text
}

fn reference(random: &mut Random) -> String {
    let mut text = String::new();
    match random.below(10) {
        0 => {
            text.push_str("//");
            authority(random, &mut text);
            text.push('/');
        }
        1..=3 => text.push('/'),
        _ => {}
    }
    let words = ["..", "..", ".", "a", "img", "index.html", "some-long-segment", "%7Efoo"];
    segments(random, &mut text, &words);
    if random.chance(30) {
        text.push('?');
        text.push_str(&query(random));
    }
    if random.chance(20) {
        text.push_str("#top");
    }
    text
}

/// URIs of which each needs some of the work.
fn abnormal(random: &mut Random) -> String {
    let mut text = String::from(random.pick(&["http://", "HTTP://", "https://", "HTTPS://"]));
    text.push_str(random.pick(&["Example.COM", "example.com", "WWW.example.org", "a"]));
    text.push_str(random.pick(&["", "", ":80", ":443", ":", ":8080"]));
    text.push('/');
    let words = ["a", "b", ".", "..", "%7Efoo", "%e4%f6", "%C3%A9", "index.html", "images"];
    segments(random, &mut text, &words);
    if random.chance(40) {
        text.push_str(random.pick(&["?q=%7e", "?id=1&n=2", "?x=%3d"]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use nethttp::method::Method;
    use nethttp::uri::{RequestTarget, Uri, UriRef};
    use std::collections::BTreeSet;

    #[test]
    fn every_text_is_what_its_table_says() {
        for input in uris().into_iter().chain(to_normalize()) {
            assert!(input.texts.iter().all(|text| Uri::parse(text).is_ok()), "{}", input.name);
        }
        for input in references() {
            assert!(input.texts.iter().all(|text| UriRef::parse(text).is_ok()), "{}", input.name);
        }
        for input in targets() {
            for text in &input.texts {
                let target = RequestTarget::parse(Method::GET, text.as_bytes()).unwrap();
                assert!(target.is_strict(), "{text}");
            }
        }
    }

    #[test]
    fn mixes_are_large_various_and_the_same_every_time() {
        for inputs in [uris, references, targets, to_normalize, queries] {
            let (first, again) = (inputs().pop().unwrap(), inputs().pop().unwrap());
            assert_eq!((first.name, &first.texts), ("mix", &again.texts));
            let different: BTreeSet<&String> = first.texts.iter().collect();
            assert!(different.len() > MIX_LEN / 2, "{}", different.len());
        }
    }

    #[test]
    fn the_named_lengths_are_right() {
        assert_eq!(uris()[0].mean_len(), 64);
        assert_eq!(long_path().len(), 200);
    }
}

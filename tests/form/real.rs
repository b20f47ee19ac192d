//! What was meant by the forms that programs send, and the forms as they sent them once, in
//! `tests/data/forms`: the media type on a line, an empty line, and the body.
//!
//! `NETHTTP_RECORD=1 cargo test --test form` has the programs send them anew.

use std::fs;
use std::path::{Path, PathBuf};

use nethttp::HeaderMap;
use nethttp::uri::{FormLimits, Pairs};

use super::drive::drive;
use super::model::Form;
use super::{FormErrorKind, MediaType, MultipartLimits, MultipartParser};
use crate::support::feed::feed_cuts;

/// A form as it travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) media_type: String,
    pub(super) body: Vec<u8>,
}

/// A part as it was meant: its name, the name of the file, its media type, its content.
pub(super) type Meant = (&'static str, Option<&'static str>, Option<&'static str>, &'static [u8]);

/// What somebody meant to send.
#[derive(Clone, Copy, Debug)]
pub(super) enum Meaning {
    Parts(&'static [Meant]),
    Pairs(&'static [(&'static str, &'static str)]),
}

const OCTETS: Option<&str> = Some("application/octet-stream");

/// The forms that every program sends, by the name of the file in which they are kept.
pub(super) const CHROMIUM: [(&str, Meaning); 5] = [
    ("chromium-script", Meaning::Parts(&SCRIPT)),
    ("chromium-empty", Meaning::Parts(&[])),
    ("chromium-pairs", Meaning::Pairs(&PAIRS)),
    ("chromium-form", Meaning::Parts(&ELEMENT)),
    ("chromium-form-pairs", Meaning::Pairs(&ELEMENT_PAIRS)),
];

pub(super) const CURL: [(&str, Meaning); 4] = [
    ("curl-form", Meaning::Parts(&CURL_FORM)),
    ("curl-escape", Meaning::Parts(&CURL_ESCAPE)),
    ("curl-pipe", Meaning::Parts(&[("up", Some("-"), None, b"from a pipe")])),
    ("curl-pairs", Meaning::Pairs(&PAIRS)),
];

/// What curl sends of several files under one name: one part, whose content is multipart/mixed.
pub(super) const CURL_MIXED: &str = "curl-mixed";

/// What curl sends of a file that it was told to encode.
pub(super) const CURL_BASE64: &str = "curl-base64";

pub(super) const REQUESTS: [(&str, Meaning); 2] =
    [("requests-form", Meaning::Parts(&REQUESTS_FORM)), ("requests-pairs", Meaning::Pairs(&PAIRS))];

pub(super) const NODE: [(&str, Meaning); 2] =
    [("node-script", Meaning::Parts(&SCRIPT)), ("node-empty", Meaning::Parts(&[]))];

const SCRIPT: [Meant; 10] = [
    ("text", None, None, b"plain"),
    ("empty", None, None, b""),
    // Line ends of a text become CRLF, those of a file stay.
    ("lines", None, None, b"one\r\ntwo\r\nthree\r\nfour"),
    ("quo\"te\r\nback\\slash", None, None, b"--"),
    ("größe", None, None, "多".as_bytes()),
    ("100%", None, None, b"%22"),
    ("file", Some("a\"b\r\n.txt"), Some("text/plain"), b"\0\r\n--"),
    ("file", Some("naïve 多.bin"), OCTETS, b"\r\n"),
    ("folder", Some("dir\\file; name=x.txt"), OCTETS, b"x"),
    ("blob", Some("blob"), Some("text/html;charset=utf-8"), b"<p>"),
];

const ELEMENT: [Meant; 9] = [
    ("text", None, None, b"plain"),
    ("lines", None, None, b"one\r\ntwo"),
    ("größe", None, None, "多".as_bytes()),
    ("on", None, None, b"on"),
    ("_charset_", None, None, b"UTF-8"),
    ("files", Some("a\"b.txt"), Some("text/plain"), b"first"),
    ("files", Some("..é"), OCTETS, b""),
    // Nobody chose a file.
    ("none", Some(""), OCTETS, b""),
    ("button", None, None, b"pressed"),
];

const ELEMENT_PAIRS: [(&str, &str); 3] = [("lines", "one\r\ntwo"), ("größe", "多"), ("none", "")];

const CURL_FORM: [Meant; 10] = [
    ("text", None, None, b"plain"),
    ("empty", None, None, b""),
    ("lines", None, None, b"one\r\ntwo"),
    ("größe", None, None, "多".as_bytes()),
    ("quo\"te\r\n", None, None, b"x"),
    ("json", None, Some("application/json"), b"{\"a\":1}"),
    ("raw", None, None, b"@a;type=b"),
    ("eight", None, None, b"bit"),
    ("file", Some("a\"b\\c.txt"), Some("text/plain"), b"first"),
    ("file", Some("naïve 多.bin"), OCTETS, b"\0\r\n--"),
];

/// As curl wrote names up to 7.80.
const CURL_ESCAPE: [Meant; 2] =
    [("quo\"te\\", None, None, b"x"), ("file", Some("a\"b\\c.txt"), Some("text/plain"), b"first")];

const REQUESTS_FORM: [Meant; 9] = [
    ("text", None, None, b"plain"),
    ("empty", None, None, b""),
    ("lines", None, None, b"one\r\ntwo"),
    ("quo\"te\r\nback\\slash", None, None, b"--"),
    ("größe", None, None, "多".as_bytes()),
    ("bytes", None, None, b"\0\r\n"),
    ("file", Some("a\"b\r\n.txt"), Some("text/plain"), b"\0\r\n--"),
    ("file", Some("naïve 多.bin"), None, b""),
    ("folder", Some("dir\\file; name=x.txt"), None, b"x"),
];

const PAIRS: [(&str, &str); 4] =
    [("text", "a b+c&d=e%"), ("lines", "one\r\ntwo"), ("größe", "多"), ("text", "")];

/// Returns where a form is kept.
pub(super) fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/forms/{name}.http"))
}

#[track_caller]
fn kept(name: &str) -> Sent {
    let kept = fs::read(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let end = kept.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = str::from_utf8(&kept[..end]).unwrap();
    let media_type = head.strip_prefix("Content-Type: ").unwrap().to_owned();
    Sent { media_type, body: kept[end + 4..].to_vec() }
}

/// Asserts that a form, cut anywhere, is understood as it was meant.
#[track_caller]
pub(super) fn means(name: &str, sent: &Sent, meaning: &Meaning) {
    match meaning {
        Meaning::Parts(parts) => {
            let form = parsed(sent);
            assert_eq!(form.end, Ok(()), "{name}");
            assert!(form.parts.iter().all(|part| part.is_complete), "{name}");
            let found = form.parts.iter().map(|part| {
                let media_type = part.media_type.as_deref();
                (&*part.name, part.file_name.as_deref(), media_type, &*part.content)
            });
            assert_eq!(found.collect::<Vec<_>>(), *parts, "{name}");
        }
        Meaning::Pairs(pairs) => {
            let media_type = MediaType::parse(sent.media_type.as_bytes()).unwrap();
            assert!(media_type.is("application/x-www-form-urlencoded"), "{name}");
            let found = Pairs::parse(&sent.body, &FormLimits::DEFAULT).unwrap();
            let found: Vec<_> = found.iter().collect();
            let found = found.iter().map(|(name, value)| (&**name, &**value));
            assert_eq!(found.collect::<Vec<_>>(), *pairs, "{name}");
        }
    }
}

/// Parses a form at every cut, with what its media type says.
#[track_caller]
fn parsed(sent: &Sent) -> Form {
    let mut headers = HeaderMap::new();
    headers.append("Content-Type", &sent.media_type).unwrap();
    feed_cuts(&sent.body, |pieces| {
        let limits = MultipartLimits::DEFAULT;
        let mut parser = MultipartParser::from_headers(&headers, limits).unwrap();
        drive(&mut parser, pieces.iter().copied())
    })
}

/// Several files under one name: a part of the form that is multipart itself, and no file.
#[track_caller]
pub(super) fn is_mixed(sent: &Sent) {
    let form = parsed(sent);
    assert_eq!(form.end, Ok(()));
    let [files, last] = form.parts.as_slice() else { panic!("{form:?}") };
    assert_eq!((&*files.name, &files.file_name, &*last.name), ("files", &None, "last"));
    let media_type = files.media_type.as_deref().unwrap();
    let media_type = MediaType::parse(media_type.as_bytes()).unwrap();
    assert!(media_type.is("multipart/mixed"));
    let delimiter = format!("--{}", media_type.parameter("boundary").unwrap());
    let content = String::from_utf8(files.content.clone()).unwrap();
    assert_eq!(content.matches(&*delimiter).count(), 3);
    assert!(content.contains("filename=\"b.bin\""));
}

/// What has a transfer encoding is refused, and what came before it is there.
#[track_caller]
pub(super) fn is_encoded(sent: &Sent) {
    let form = parsed(sent);
    assert_eq!(form.parts.len(), 1);
    let at = sent.body.windows(6).position(|six| six == b"base64").unwrap();
    assert_eq!(form.end, Err((FormErrorKind::TransferEncoding, at as u64)));
}

#[test]
fn forms_that_were_sent_once_are_understood() {
    for (name, meaning) in [&CHROMIUM[..], &CURL, &REQUESTS, &NODE].concat() {
        means(name, &kept(name), &meaning);
    }
    is_mixed(&kept(CURL_MIXED));
    is_encoded(&kept(CURL_BASE64));
}

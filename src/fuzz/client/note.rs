//! Notes of downloads.

use std::string::String;
use std::vec::Vec;

use crate::client::download::name::of_stranger;
use crate::client::download::note::Note;
use crate::client::download::plan::Validator;
use crate::field::safe_file_name;
use crate::hash::{Sha256, hex};
use crate::header::HeaderMap;
use crate::uri::Uri;

const FIRST: &[u8] = b"nethttp partial download 1\n";

/// The lines of a note between the first one and the last.
pub(super) fn is_believed_to_the_letter(data: &[u8]) {
    // With the sum that belongs to it, whatever it says.
    for text in [[FIRST, data].concat(), data.to_vec()] {
        let mut sealed = text.clone();
        let mut hash = Sha256::new();
        hash.update(&text);
        sealed.extend([b"check: ", hex(&hash.finish()).as_bytes(), b"\n"].concat());
        if let Some(note) = Note::parse(&sealed) {
            assert_eq!(note.encode().as_bytes(), sealed, "{note:?}");
            is_no_other(&sealed, data);
        }
    }
    if let Some(note) = Note::parse(data) {
        assert_eq!(note.encode().as_bytes(), data, "{note:?}");
    }
    may_be_replaced_if_nobody_wants_it(data);
    if let Some(note) = made_of(data) {
        let text = note.encode();
        assert_eq!(Note::parse(text.as_bytes()).as_ref(), Some(&note), "{text}");
        is_no_other(text.as_bytes(), data);
    }
}

/// A note as a download makes it, of what a server may say: a URL that was parsed, a validator from a response, a name
/// that is safe.
fn made_of(data: &[u8]) -> Option<Note> {
    let value = |label: &[u8]| {
        data.split(|&octet| octet == b'\n').find_map(|line| line.strip_prefix(label))
    };
    let text = |label: &[u8]| Some(String::from_utf8_lossy(value(label)?).into_owned());
    let url = String::from(Uri::parse_bytes(value(b"url: ")?).ok()?.without_fragment());
    let validator = value(b"validator: ").and_then(|validator| {
        let responses =
            [&[("ETag", validator)][..], &[("Last-Modified", validator), ("Date", LATE)]];
        responses.into_iter().find_map(|fields| {
            let mut headers = HeaderMap::new();
            for (name, value) in fields {
                headers.append(name, value).ok()?;
            }
            Validator::of(&headers)
        })
    });
    let content = text(b"content: ").map(|content| {
        let mut hash = Sha256::new();
        hash.update(content.as_bytes());
        hex(&hash.finish()[..16])
    });
    let name = text(b"name: ");
    let name = name.and_then(|name| Some(of_stranger(safe_file_name(&name)?.into_owned())));
    let complete_len = text(b"length: ").and_then(|len| len.parse().ok());
    let found = text(b"found: ").and_then(|found| found.parse().ok()).unwrap_or(0);
    Some(Note { url, validator, complete_len, found, content, name })
}

const LATE: &[u8] = b"Fri, 31 Dec 9999 23:59:59 GMT";

/// Cut, with something behind it, or with a byte of the input in the place of one of its own, it is no note.
fn is_no_other(text: &[u8], data: &[u8]) {
    let ways: Vec<u8> = data.iter().copied().chain([0, b'\n', b' ']).take(24).collect();
    for (nth, &octet) in ways.iter().enumerate() {
        let at = (nth * 31 + usize::from(octet)) % text.len();
        let (front, back) = text.split_at(at);
        assert_eq!(Note::parse(front), None);
        assert_eq!(Note::parse(&[front, &[octet], back].concat()), None);
        let changed = [front, &[octet], &back[1..]].concat();
        assert!(changed == text || Note::parse(&changed).is_none(), "{at} {octet}");
        may_be_replaced_if_nobody_wants_it(front);
    }
    assert_eq!(Note::parse(&[text, text].concat()), None);
}

/// Only what begins as a note, or has nothing in it, is not a stranger's file.
fn may_be_replaced_if_nobody_wants_it(data: &[u8]) {
    let is_blank = data.len() < 64 << 10 && data.iter().filter(|&&octet| octet != 0).count() == 0;
    let is_begun = data.get(..FIRST.len()) == Some(FIRST);
    assert_eq!(Note::is_rest_of_one(data), is_blank || is_begun);
}

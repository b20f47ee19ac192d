//! Entity tags and lists of them.

use alloc::vec::Vec;

use super::{is_text, lines, message};
use crate::field::{ETag, ETagList};

pub(super) fn etag(data: &[u8]) {
    let strict = reads_back!(ETag of data, read => read.as_bytes());
    assert_eq!(strict.is_some(), tag_len(data) == Some(data.len()));
    if let Some(tag) = &strict {
        compares(tag);
    }
    let is_good = data.iter().all(|&octet| is_etagc(octet));
    for (built, is_weak) in [(ETag::strong(data), false), (ETag::weak(data), true)] {
        assert_eq!(built.is_ok(), is_good);
        if let Ok(tag) = built {
            assert_eq!((tag.tag(), tag.is_weak()), (data, is_weak));
            assert_eq!(ETag::parse(tag.as_bytes()).as_ref(), Ok(&tag));
            compares(&tag);
        }
    }
    if let Some((words, _)) = data.split_first_chunk::<24>() {
        let mut words = words.as_chunks::<8>().0.iter().map(|word| i64::from_le_bytes(*word));
        let mut next = || words.next().unwrap_or_default();
        let len = next().unsigned_abs();
        let (modified, later) = (i128::from(next()), i128::from(next()));
        let tag = ETag::from_metadata(len, modified, modified + later);
        assert_eq!(tag.is_weak(), later < 2_000_000_000);
        assert_eq!(ETag::parse(tag.as_bytes()).as_ref(), Ok(&tag));
        compares(&tag);
    }
}

fn compares(tag: &ETag<'_>) {
    is_text(tag.as_bytes());
    let weak = tag.to_weak();
    assert!(weak.is_weak() && weak.weak_eq(tag) && tag.weak_eq(&weak));
    assert!(!weak.strong_eq(tag) && !tag.strong_eq(&weak));
    assert_eq!(tag.strong_eq(tag), !tag.is_weak());
    assert_eq!(weak == *tag, tag.is_weak());
}

pub(super) fn list(data: &[u8]) {
    let lines = lines(data);
    let Some(headers) = message("If-None-Match", &lines) else {
        reads_back!(ETagList of data, read => read.encode());
        return;
    };
    let strict: Vec<_> =
        lines.iter().map(|line| reads_back!(ETagList of line, read => read.encode())).collect();
    let Some(found) = ETagList::from_headers(&headers, "if-none-match") else {
        return assert!(lines.is_empty());
    };
    assert!(ETagList::from_headers(&headers, "If-Match").is_none());
    let model = Tags::of(lines.iter().copied());
    assert!(found.tags().iter().map(ETag::as_bytes).eq(model.tags.iter().copied()));
    assert_eq!((found.is_any(), found.is_partial()), (model.is_any, model.is_partial));
    if let [Some(strict)] = strict.as_slice() {
        assert_eq!(*strict, found);
    }
    let written = found.encode();
    is_text(&written);
    let again = ETagList::parse(&written);
    assert_eq!(again.as_ref().map(ETagList::tags), Ok(found.tags()));
    for tag in found.tags().iter().take(4) {
        assert_eq!(found.contains_strong(tag), !tag.is_weak());
        assert!(found.contains_weak(&tag.to_weak()));
    }
}

/// What the lines of `If-Match` or `If-None-Match` hold.
pub(super) struct Tags<'a> {
    pub(super) tags: Vec<&'a [u8]>,
    pub(super) is_any: bool,
    pub(super) is_partial: bool,
}

impl<'a> Tags<'a> {
    pub(super) fn of(lines: impl Iterator<Item = &'a [u8]> + Clone) -> Self {
        if lines.clone().eq([b"*"]) {
            return Self { tags: Vec::new(), is_any: true, is_partial: false };
        }
        let mut members = Vec::new();
        lines.for_each(|line| read(line, &mut members));
        let mut tags: Vec<_> = members.iter().flatten().copied().collect();
        let is_partial = tags.len() < members.len() || tags.len() > ETagList::MAX_MEMBERS;
        tags.truncate(ETagList::MAX_MEMBERS);
        Self { tags, is_any: false, is_partial }
    }
}

/// Reads a line; a member that is no tag is `None`, and ends at the next comma, be it in quotes or not.
fn read<'a>(mut line: &'a [u8], members: &mut Vec<Option<&'a [u8]>>) {
    loop {
        let start = line.iter().position(|octet| !b", \t".contains(octet));
        let Some(member) = start.and_then(|start| line.get(start..)) else {
            return;
        };
        let tag = tag_len(member).and_then(|len| member.split_at_checked(len));
        let tag = tag.filter(|(_, rest)| {
            let next = rest.iter().find(|octet| !b" \t".contains(octet));
            next.is_none_or(|&octet| octet == b',')
        });
        members.push(tag.map(|(tag, _)| tag));
        let rest = tag.map_or(member, |(_, rest)| rest);
        let comma = rest.iter().position(|&octet| octet == b',').unwrap_or(rest.len());
        line = rest.get(comma..).unwrap_or_default();
    }
}

/// The length of the tag that comes next, RFC 9110 §8.8.3.
fn tag_len(value: &[u8]) -> Option<usize> {
    let opaque = value.strip_prefix(b"W/").unwrap_or(value);
    let inside = opaque.strip_prefix(b"\"")?;
    let len = inside.iter().position(|&octet| !is_etagc(octet))?;
    (inside.get(len) == Some(&b'"')).then_some(value.len() - inside.len() + len + 1)
}

const fn is_etagc(octet: u8) -> bool {
    matches!(octet, 0x21 | 0x23..=0x7e | 0x80..)
}

//! Lists of codings, languages and methods.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::{is_text, lines, message};
use crate::field::{
    Allow, ContentCoding, ContentEncoding, ContentLanguage, LanguageRange, LanguageTag,
};

pub(super) fn content_encoding(data: &[u8]) {
    reads_back!(ContentCoding of data, read => read.to_string());
    reads_back!(ContentEncoding of data, read => read.to_string());
    let lines = lines(data);
    let Some(headers) = message("Content-Encoding", &lines) else {
        return;
    };
    let together = lines.join(&b","[..]);
    let strict = ContentEncoding::parse(&together).ok();
    match ContentEncoding::from_headers(&headers) {
        Ok(found) => {
            assert_eq!(strict.as_ref(), Some(&found));
            assert!(found.codings().len() <= ContentEncoding::MAX_CODINGS);
            assert!(!found.codings().any(|coding| *coding == ContentCoding::Identity));
            assert_eq!(found.is_identity(), found.to_string().is_empty());
            assert_eq!(found, found.clone().into_owned());
            for coding in found.codings() {
                assert_eq!(ContentCoding::parse(coding.as_str().as_bytes()).as_ref(), Ok(coding));
            }
        }
        Err(error) => {
            assert_eq!(strict, None);
            assert!(lines.iter().any(|line| error.offset() <= line.len()), "{error}");
        }
    }
}

pub(super) fn content_language(data: &[u8]) {
    tag(data);
    reads_back!(ContentLanguage of data, read => read.to_string());
    let lines = lines(data);
    let Some(headers) = message("Content-Language", &lines) else {
        return;
    };
    let found = ContentLanguage::from_headers(&headers);
    assert!(found.tags().len() <= ContentLanguage::MAX_TAGS);
    // A tag holds no quote, so that commas separate unless there is one.
    if !data.contains(&b'"') {
        let members = lines.iter().flat_map(|line| line.split(|&octet| octet == b','));
        let tags = members.filter_map(|member| LanguageTag::parse(member.trim_ascii()).ok());
        assert!(tags.take(ContentLanguage::MAX_TAGS).eq(found.tags().iter().cloned()));
    }
    let written = found.to_string();
    is_text(written.as_bytes());
    assert_eq!(ContentLanguage::parse(written.as_bytes()), Ok(found));
}

fn tag(data: &[u8]) {
    let range = reads_back!(LanguageRange of data, read => read.to_string());
    if let Some(range) = &range {
        let tries: Vec<&str> = range.fallbacks().collect();
        assert_eq!(tries.first().copied(), (!range.is_any()).then_some(range.as_str()));
        assert!(tries.is_sorted_by(|a, b| a.len() > b.len()));
        let ends_in_one = |range: &&str| range.rsplit('-').next().is_none_or(|it| it.len() == 1);
        assert!(!tries.iter().skip(1).any(ends_in_one));
        for shorter in tries {
            let shorter = LanguageRange::parse(shorter.as_bytes());
            assert!(shorter.is_ok_and(|shorter| shorter.matches(range.as_str())));
        }
    }
    let strict = reads_back!(LanguageTag of data, read => read.to_string());
    let lower = data.to_ascii_lowercase();
    // The tags of old that the grammar does not have.
    let is_irregular = lower.starts_with(b"i-")
        || [&b"en-gb-oed"[..], b"sgn-be-fr", b"sgn-be-nl", b"sgn-ch-de"].contains(&&*lower);
    assert!(is_irregular || strict.is_some() == is_langtag(&lower));
    let Some(tag) = strict else {
        return;
    };
    assert!(range.is_some_and(|range| range.matches(&tag)) && LanguageRange::ANY.matches(&tag));
    assert_eq!(tag.subtags().collect::<Vec<_>>().join("-"), tag.as_str());
    let mut named: Vec<&str> =
        [tag.language(), tag.script(), tag.region()].into_iter().flatten().collect();
    named.extend(tag.variants());
    let mut subtags = tag.subtags();
    assert!(named.iter().all(|part| subtags.any(|subtag| subtag == *part)), "{named:?} of {tag}");
}

/// [RFC 5646 §2.1](https://www.rfc-editor.org/rfc/rfc5646#section-2.1) from left to right, in lower case.
fn is_langtag(tag: &[u8]) -> bool {
    let letters = |it: &[u8]| it.iter().all(u8::is_ascii_lowercase);
    let digit_first = |it: &[u8]| it.first().is_some_and(u8::is_ascii_digit);
    let digits = |it: &[u8]| it.iter().all(u8::is_ascii_digit);
    let mut rest = tag.split(|&octet| octet == b'-').peekable();
    if tag.iter().any(|octet| !octet.is_ascii_alphanumeric() && *octet != b'-')
        || tag.split(|&octet| octet == b'-').any(|it| !(1..=8).contains(&it.len()))
    {
        return false;
    }
    if let Some(language) = rest.next_if(|it| letters(it) && it.len() > 1) {
        let extended = if language.len() < 4 { 3 } else { 0 };
        for _ in 0..extended {
            rest.next_if(|it| letters(it) && it.len() == 3);
        }
        rest.next_if(|it| letters(it) && it.len() == 4);
        rest.next_if(|it| letters(it) && it.len() == 2 || digits(it) && it.len() == 3);
        while rest.next_if(|it| it.len() > 4 || it.len() == 4 && digit_first(it)).is_some() {}
        while rest.next_if(|it| it.len() == 1 && *it != b"x").is_some() {
            if rest.next_if(|it| it.len() > 1).is_none() {
                return false;
            }
            while rest.next_if(|it| it.len() > 1).is_some() {}
        }
    }
    match rest.next() {
        None => true,
        Some(singleton) => singleton == b"x" && rest.next().is_some(),
    }
}

pub(super) fn allow(data: &[u8]) {
    reads_back!(Allow of data, read => read.to_string());
    let lines = lines(data);
    let Some(headers) = message("Allow", &lines) else {
        return;
    };
    let Some(found) = Allow::from_headers(&headers) else {
        return assert!(lines.is_empty());
    };
    assert!(found.methods().len() <= Allow::MAX_METHODS);
    for (index, method) in found.methods().iter().enumerate() {
        assert!(!found.methods().iter().skip(index + 1).any(|other| other == method));
    }
    let strict: Result<Vec<_>, _> = lines.iter().map(|line| Allow::parse(line)).collect();
    if let Ok(strict) = strict {
        let mut all = strict.iter().flat_map(Allow::methods);
        let is_full = found.methods().len() == Allow::MAX_METHODS;
        assert!(all.all(|method| found.contains(*method)) || is_full);
    }
    let written = found.to_string();
    is_text(written.as_bytes());
    assert_eq!(Allow::parse(written.as_bytes()), Ok(found));
}

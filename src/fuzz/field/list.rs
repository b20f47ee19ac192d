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
        for shorter in tries {
            let shorter = LanguageRange::parse(shorter.as_bytes());
            assert!(shorter.is_ok_and(|shorter| shorter.matches(range.as_str())));
        }
    }
    let Some(tag) = reads_back!(LanguageTag of data, read => read.to_string()) else {
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

//! Content-Disposition, extended values, and names of files that come from strangers.

use alloc::string::{String, ToString};
use core::str;

use super::{is_text, lines, message};
use crate::field::{ContentDisposition, ExtValue, FieldErrorKind, safe_file_name};
use crate::syntax::percent_decode_lossy;

pub(super) fn disposition(data: &[u8]) {
    let strict = reads_back!(ContentDisposition of data, read => read.as_str());
    if let Some(strict) = &strict {
        assert_eq!(Ok(strict.as_str()), str::from_utf8(data));
        has_parts(strict);
    }
    let lines = lines(data);
    let Some(headers) = message("Content-Disposition", &lines) else {
        return;
    };
    match ContentDisposition::from_headers(&headers) {
        Ok(found) => {
            let stays = |line: &&[u8]| {
                let strict = ContentDisposition::parse(line);
                strict.is_err() || strict.ok() == found
            };
            assert!(lines.iter().all(stays));
            if let Some(found) = found {
                is_text(found.as_str().as_bytes());
                has_parts(&found);
                // What was made of it is well-formed, and stays.
                let strict = ContentDisposition::parse(found.as_str().as_bytes());
                assert_eq!(strict.as_ref().map(ContentDisposition::as_str), Ok(found.as_str()));
            }
        }
        Err(error) => {
            assert_eq!((error.kind(), error.offset()), (FieldErrorKind::Single, 0));
            assert!(lines.len() > 1);
        }
    }
    written(&String::from_utf8_lossy(data));
}

fn has_parts(read: &ContentDisposition<'_>) {
    assert_eq!(read, &read.clone().into_owned());
    assert!(read.as_str().starts_with(read.type_()) && read.is(read.type_()));
    assert_ne!(read.is_inline(), read.is_attachment());
    assert!(read.parameters().count() <= ContentDisposition::MAX_PARAMETERS);
    for (name, value) in read.parameters() {
        assert_eq!(read.parameter(&name.to_ascii_uppercase()).as_ref(), Some(&value));
        assert!(!name.ends_with('*') || ExtValue::parse(value.as_bytes()).is_ok());
    }
    let extended = read
        .parameter("filename*")
        .map(|value| ExtValue::parse(value.as_bytes()).map(|value| value.into_text().into_owned()));
    let plain = || read.parameter("filename").map(|value| Ok(value.into_owned()));
    assert_eq!(read.file_name().map(|name| Ok(name.into_owned())), extended.or_else(plain));
    let safe = read.file_name().and_then(|name| Some(safe_file_name(&name)?.into_owned()));
    assert_eq!(read.safe_file_name().as_deref(), safe.as_deref());
    assert_eq!(read.with_file_name("a").file_name().as_deref(), Some("a"));
}

/// Any text is a name that is read back, and what stands in `filename` is read alike by all.
fn written(name: &str) {
    let written = ContentDisposition::attachment(name);
    assert_eq!(written.file_name().as_deref(), Some(name));
    assert_eq!(ContentDisposition::parse(written.as_str().as_bytes()).as_ref(), Ok(&written));
    assert!(written.as_str().bytes().all(|octet| matches!(octet, b' '..=b'~')));
    let fallback = written.parameter("filename").unwrap_or_default();
    assert!(!fallback.contains(['"', '\\']));
    assert_eq!(percent_decode_lossy(fallback.as_bytes()).as_ref(), fallback.as_bytes());
}

pub(super) fn ext_value(data: &[u8]) {
    if let Some(read) = reads_back!(ExtValue of data, read => read.to_string()) {
        assert_eq!(read, read.clone().into_owned());
        let language = read.language().cloned();
        let made = ExtValue::new(read.text());
        let made = match language {
            Some(language) => made.with_language(language),
            None => made,
        };
        assert_eq!(made, read);
        written(read.text());
    }
}

/// A name that is saved under is one on any system, and stays one.
pub(super) fn stranger(data: &[u8]) {
    let name = String::from_utf8_lossy(data);
    let Some(safe) = safe_file_name(&name) else {
        return;
    };
    assert!(!safe.is_empty() && safe.len() <= 255);
    let refused = |c: char| c.is_control() || "/\\<>:\"|?*\u{202e}\u{200b}".contains(c);
    assert!(!safe.contains(refused), "{safe:?}");
    assert!(!safe.starts_with(['.', '-', '~']) && !safe.starts_with(char::is_whitespace));
    assert!(!safe.ends_with('.') && !safe.ends_with(char::is_whitespace));
    let stem: String = safe.chars().take_while(|&c| c != '.').collect();
    assert!(!["con", "nul", "com1"].contains(&&*stem.trim().to_ascii_lowercase()), "{safe:?}");
    assert_eq!(safe_file_name(&safe).as_ref(), Some(&safe));
}

//! Media types, and those of files.

use alloc::string::String;
use alloc::vec::Vec;

use super::{is_text, lines, message};
use crate::field::{FieldErrorKind, MediaType};

pub(super) fn media_type(data: &[u8]) {
    let strict = reads_back!(MediaType of data, read => read.as_str());
    match MediaType::parse_lenient(data) {
        Ok(lenient) => {
            if let Some(strict) = &strict {
                assert_eq!(lenient.as_str(), strict.as_str());
            }
            has_parts(&lenient);
            takes_parameters(&lenient, &String::from_utf8_lossy(data));
        }
        Err(error) => assert!(strict.is_none() && error.offset() <= data.len(), "{error}"),
    }
    let lines = lines(data);
    let Some(headers) = message("Content-Type", &lines) else {
        return;
    };
    let found = MediaType::from_headers(&headers);
    if let Err(error) = found {
        assert!(lines.iter().any(|line| error.offset() <= line.len()), "{error}");
    }
    let strict: Result<Vec<_>, _> = lines.iter().map(|line| MediaType::parse(line)).collect();
    match strict.as_deref() {
        Ok([first, others @ ..]) if others.iter().all(|other| other == first) => {
            assert_eq!(found.as_ref(), Ok(&Some(first.clone())));
        }
        Ok(_) => assert_eq!(found.map_err(|error| error.kind()), Err(FieldErrorKind::Single)),
        Err(_) => {}
    }
}

fn has_parts(read: &MediaType<'_>) {
    is_text(read.as_str().as_bytes());
    let again = MediaType::parse(read.as_str().as_bytes());
    assert_eq!(again.as_ref().map(MediaType::as_str), Ok(read.as_str()));
    assert_eq!(read, &read.clone().into_owned());

    let slash = read.type_().len();
    assert_eq!(read.essence().split_at_checked(slash + 1).map(|it| it.1), Some(read.subtype()));
    assert!(read.as_str().starts_with(read.essence()));
    let other_case = read.essence().to_ascii_uppercase();
    assert!(read.is(&other_case) && read.suffix().is_none_or(|it| read.subtype().ends_with(it)));
    let bare = read.clone().without_parameters();
    assert_eq!((bare.as_str(), bare.parameters().count()), (read.essence(), 0));
    let kinds = |it: &MediaType<'_>| (it.is_json(), it.is_xml(), it.compressible());
    assert_eq!(kinds(&bare), kinds(read));

    let parameters: Vec<_> = read.parameters().collect();
    assert!(parameters.len() <= MediaType::MAX_PARAMETERS);
    let mut back = bare;
    for (name, value) in parameters.iter().rev() {
        let first = parameters.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        assert_eq!(read.parameter(name).as_ref(), first.map(|(_, value)| value));
        let with = back.with_parameter(name, value);
        assert!(with.is_ok(), "{with:?}");
        back = with.unwrap_or(back);
    }
    assert_eq!(&back, read);
}

fn takes_parameters(read: &MediaType<'_>, text: &str) {
    match read.with_parameter("a", text) {
        Ok(with) => {
            has_one_parameter(&with, text);
            assert_eq!(with.essence(), read.essence());
        }
        Err(error) => {
            let is_full = error.kind() == FieldErrorKind::TooManyMembers(MediaType::MAX_PARAMETERS);
            assert!(is_full || text.contains(|it: char| it.is_ascii_control()), "{error}");
        }
    }
    let with_utf8 = read.clone().with_utf8();
    assert_eq!(with_utf8.clone().with_utf8().as_str(), with_utf8.as_str());
    assert!(read.charset().is_none() || with_utf8.as_str() == read.as_str());
}

/// The parameter `a` is there once, with this value.
fn has_one_parameter(with: &MediaType<'_>, text: &str) {
    is_text(with.as_str().as_bytes());
    assert_eq!(with.parameter("A").as_deref(), Some(text));
    let count = with.parameters().filter(|(name, _)| name.eq_ignore_ascii_case("a")).count();
    assert_eq!(count, 1);
    assert_eq!(MediaType::parse(with.as_str().as_bytes()).as_ref(), Ok(with));
}

/// The type of a file is that of what stands behind the last dot of its name, if something stands before
/// that.
pub(super) fn file_name(data: &[u8]) {
    if let Some(found) = MediaType::from_extension(data) {
        let extension = data.to_ascii_lowercase();
        assert!(found.extensions().any(|known| known.as_bytes() == extension));
        has_parts(&found);
    }
    let path: Vec<u8> =
        data.iter().map(|&octet| if octet == b'\\' { b'/' } else { octet }).collect();
    let name = path.split(|&octet| octet == b'/').next_back().unwrap_or_default();
    let dot = name.iter().rposition(|&octet| octet == b'.').filter(|&dot| dot > 0);
    let extension = dot.and_then(|dot| name.get(dot + 1..));
    assert_eq!(MediaType::from_path(data), extension.and_then(MediaType::from_extension));
}

//! What the tests of forms share.

use nethttp::field::Boundary;

use super::drive::drive;
use super::model::{self, Form};
use super::{FormErrorKind, MultipartLimits, MultipartParser};
use crate::support::feed::feed_cuts;

/// No limit at all.
pub(super) const UNLIMITED: MultipartLimits = MultipartLimits::DEFAULT
    .total(u64::MAX)
    .parts(usize::MAX)
    .fields(usize::MAX)
    .header(usize::MAX)
    .text(u64::MAX)
    .file(u64::MAX)
    .preamble(u64::MAX)
    .epilogue(u64::MAX);

/// A part that comes before what is tried.
pub(super) const FIRST: &str = "--b\r\nContent-Disposition: form-data; name=\"first\"\r\n\r\n1\r\n";

#[track_caller]
pub(super) fn boundary(text: &str) -> Boundary {
    Boundary::parse(text.as_bytes()).unwrap()
}

/// Returns a form with parts of these names and contents.
pub(super) fn form(boundary: &str, parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut form = Vec::new();
    for (name, content) in parts {
        let head =
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        form.extend_from_slice(head.as_bytes());
        form.extend_from_slice(content);
        form.extend_from_slice(b"\r\n");
    }
    form.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    form
}

/// Returns what parser and model make of a form, however it is cut.
#[track_caller]
pub(super) fn agreed(delimiter: &str, form: &[u8], limits: &MultipartLimits) -> Form {
    let boundary = boundary(delimiter);
    let found = feed_cuts(form, |pieces| {
        let mut parser = MultipartParser::new(&boundary, *limits);
        drive(&mut parser, pieces.iter().copied())
    });
    assert_eq!(found, model::parse(form, delimiter, limits), "found, and modelled");
    found
}

/// Names and contents of the parts of a form that is fine.
#[track_caller]
pub(super) fn gives(boundary: &str, form: &[u8], parts: &[(&str, &[u8])]) {
    let form = agreed(boundary, form, &MultipartLimits::DEFAULT);
    assert_eq!(form.end, Ok(()));
    assert!(form.parts.iter().all(|part| part.is_complete));
    let found: Vec<_> = form.parts.iter().map(|part| (&*part.name, &*part.content)).collect();
    assert_eq!(found, parts);
}

/// Asserts that what stands behind a part is refused at the byte behind `¦`, and the part before it intact.
#[track_caller]
pub(super) fn refuses(marked: &str, kind: FormErrorKind) {
    let place = marked.find('¦').unwrap();
    let form = [FIRST, &marked.replace('¦', "")].concat();
    refuses_at(form.as_bytes(), kind, FIRST.len() + place);
}

#[track_caller]
pub(super) fn refuses_at(form: &[u8], kind: FormErrorKind, offset: usize) {
    let form = agreed("b", form, &MultipartLimits::DEFAULT);
    assert_eq!(form.end, Err((kind, offset as u64)));
    let [first, ..] = form.parts.as_slice() else { panic!("the first part is lost") };
    assert_eq!((&*first.name, &*first.content), ("first", &b"1"[..]));
}

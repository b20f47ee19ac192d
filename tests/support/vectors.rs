//! The request vectors of `tests/data/h1_requests.jsonl`: byte streams, and what the server side must
//! make of each by default.
//!
//! `expect` is `ok` (no request in the stream is refused), `partial` (valid so far, more is needed), a
//! status code (the head is refused with it) or `400-in-body` (the head is accepted, the framing of
//! the body is not). `413` comes from the server's default body limit: below the server such a stream
//! is `partial` or `ok`. `rfc_may` marks what the RFC leaves open and this crate decided.

use super::json::Json;

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Vector {
    pub(crate) id: String,
    pub(crate) expect: String,
    pub(crate) rfc_may: bool,
    pub(crate) input: Vec<u8>,
}

/// Returns all rows, in the order of the file.
pub(crate) fn h1_requests() -> Vec<Vector> {
    Json::lines(include_str!("../data/h1_requests.jsonl"))
        .map(|row| Vector {
            id: row.member("id").as_str().to_owned(),
            expect: row.member("expect").as_str().to_owned(),
            rfc_may: row.member("rfc_may").as_bool(),
            input: row.member("parts").as_array().iter().flat_map(part).collect(),
        })
        .collect()
}

/// A part is `[text, count]`; the code points of the text are bytes.
fn part(part: &Json) -> Vec<u8> {
    let [text, count] = part.as_array() else {
        panic!("expected [text, count], found {part:?}");
    };
    let byte = |c| u8::try_from(c).expect("a code point up to 255");
    let bytes: Vec<u8> = text.as_str().chars().map(byte).collect();
    bytes.repeat(usize::try_from(count.as_int()).expect("a count"))
}

//! Preconditions.

use alloc::vec::Vec;

use super::etag::Tags;
use super::{fields, lines};
use crate::field::conditional::{Outcome, Validators, evaluate, strip_not_modified};
use crate::field::{ETag, HttpDate};
use crate::header::HeaderMap;
use crate::method::Method;

/// Tue, 14 Nov 2023 22:13:20 GMT.
const NOW: HttpDate = HttpDate::from_unix(1_700_000_000);

/// The method, the validators of the current representation on a line each, and the fields of the
/// request. `-` for a tag is that there is no current representation.
pub(super) fn conditional(data: &[u8]) {
    let lines = lines(data);
    let [method, tag, date, rest @ ..] = lines.as_slice() else {
        return;
    };
    let Ok(method) = Method::parse(method) else {
        return;
    };
    let headers = fields(rest);
    let mut validators = Validators::new();
    let mut current = Current { tag: None, modified: None };
    if let Ok(etag) = ETag::parse(tag) {
        validators = validators.with_etag(etag);
        current.tag = Some(tag);
    }
    if let Ok(date) = HttpDate::parse_at(date, NOW) {
        validators = validators.with_last_modified(date, NOW);
        current.modified = Some(date.unix().min(NOW.unix()));
    }
    assert_eq!(validators.last_modified().map(HttpDate::unix), current.modified);
    are_written(&validators);

    let is_there = *tag != b"-";
    let outcome = evaluate(method, &headers, is_there.then_some(&validators));
    let model = Model { method, headers: &headers, current: is_there.then_some(current) };
    assert_eq!(outcome, model.outcome());
    let is_safe = matches!(method, Method::GET | Method::HEAD);
    assert!(is_safe || outcome != Outcome::NotModified);
    assert!(method == Method::GET || outcome != Outcome::IgnoreRange);
    strips(headers);
}

/// What a client is told of the current representation is what it can ask with.
fn are_written(validators: &Validators<'_>) {
    let mut headers = HeaderMap::new();
    assert_eq!(validators.write(&mut headers), Ok(()));
    assert_eq!(headers.get("ETag"), validators.etag().map(ETag::as_bytes));
    let date = headers.get("Last-Modified").map(HttpDate::parse);
    assert_eq!(date, validators.last_modified().map(Ok));
}

/// A 304 has the fields that it must have, in their order.
fn strips(mut headers: HeaderMap) {
    let before = headers.clone();
    strip_not_modified(&mut headers);
    let kept =
        ["Cache-Control", "Content-Location", "Date", "ETag", "Expires", "Vary", "Set-Cookie"];
    for name in kept {
        assert!(headers.get_all(name).eq(before.get_all(name)));
    }
    for name in ["Content-Type", "Content-Length", "Content-Encoding", "Content-Range"] {
        assert!(!headers.contains_key(name));
    }
    assert!(!(headers.contains_key("ETag") && headers.contains_key("Last-Modified")));
}

/// The current representation: the text of its tag, and its date.
#[derive(Clone, Copy)]
struct Current<'a> {
    tag: Option<&'a [u8]>,
    modified: Option<i64>,
}

/// [RFC 9110 §13.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2), step by step.
struct Model<'a> {
    method: Method,
    headers: &'a HeaderMap,
    current: Option<Current<'a>>,
}

impl<'a> Model<'a> {
    fn outcome(&self) -> Outcome {
        let reads = matches!(self.method.as_str(), "GET" | "HEAD");
        if matches!(self.method.as_str(), "CONNECT" | "OPTIONS" | "TRACE") {
            return Outcome::Proceed;
        }
        let step_1_or_2 = match self.tags("If-Match") {
            Some(tags) => self.if_match(&tags),
            None => self.is_no_newer("If-Unmodified-Since").unwrap_or(true),
        };
        if !step_1_or_2 {
            return Outcome::PreconditionFailed;
        }
        let step_3_or_4 = match self.tags("If-None-Match") {
            // What could not be read may name the current representation.
            Some(tags) if tags.is_partial && !reads => false,
            Some(tags) => self.if_none_match(&tags),
            None => !reads || self.is_no_newer("If-Modified-Since") != Some(true),
        };
        if !step_3_or_4 {
            return if reads { Outcome::NotModified } else { Outcome::PreconditionFailed };
        }
        let is_asked = self.headers.contains_key("If-Range") && self.headers.contains_key("Range");
        if self.method.as_str() == "GET" && is_asked && !self.if_range() {
            return Outcome::IgnoreRange;
        }
        Outcome::Proceed
    }

    fn tags(&self, name: &str) -> Option<Tags<'a>> {
        let headers = self.headers;
        headers.contains_key(name).then(|| {
            let lines: Vec<_> = headers.get_all(name).collect();
            Tags::of(lines.iter().copied())
        })
    }

    fn tag(&self) -> Option<&'a [u8]> {
        self.current.and_then(|current| current.tag)
    }

    /// §13.1.1: by the strong comparison.
    fn if_match(&self, tags: &Tags<'_>) -> bool {
        let is_current = |tag: &&[u8]| !tag.starts_with(b"W") && Some(*tag) == self.tag();
        tags.is_any && self.current.is_some() || tags.tags.iter().any(is_current)
    }

    /// §13.1.2: by the weak comparison.
    fn if_none_match(&self, tags: &Tags<'_>) -> bool {
        fn opaque(tag: &[u8]) -> &[u8] {
            tag.strip_prefix(b"W/").unwrap_or(tag)
        }
        let is_current = |tag: &&[u8]| Some(opaque(tag)) == self.tag().map(opaque);
        !(tags.is_any && self.current.is_some() || tags.tags.iter().any(is_current))
    }

    /// §13.1.3 and §13.1.4: whether the representation is as old as a date or older, if there are both.
    fn is_no_newer(&self, name: &str) -> Option<bool> {
        let date = HttpDate::parse_at(self.only(name)?, NOW).ok()?;
        Some(self.current?.modified? <= date.unix())
    }

    /// §13.1.5: the strong tag, or exactly the date when that is a second old.
    fn if_range(&self) -> bool {
        let Some(value) = self.only("If-Range") else {
            return false;
        };
        if value.ends_with(b"\"") {
            return value.starts_with(b"\"") && self.tag() == Some(value);
        }
        let modified = self.current.and_then(|current| current.modified);
        let date = HttpDate::parse_at(value, NOW).ok().map(HttpDate::unix);
        date.is_some() && date == modified && date < Some(NOW.unix())
    }

    /// The value of a field that stands on one line.
    fn only(&self, name: &str) -> Option<&'a [u8]> {
        let headers = self.headers;
        let mut values = headers.get_all(name);
        let value = values.next();
        value.filter(|_| values.next().is_none())
    }
}

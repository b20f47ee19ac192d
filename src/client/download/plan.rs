//! What to ask for, and what an answer means for what is there: decided without a file or a socket
//! ([RFC 9110 §13.1.5](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.5),
//! [RFC 9110 §14](https://www.rfc-editor.org/rfc/rfc9110#section-14),
//! [RFC 9110 §15.3.7](https://www.rfc-editor.org/rfc/rfc9110#section-15.3.7)).
//!
//! Parts are put together only if the server says that they are of the same representation, and that this one begins where
//! the other ends. Everything else is a beginning from the first byte, or an error; [`judge`] walks the list.

use crate::field::{ContentRange, ETag, HttpDate};
use crate::header::{self, HeaderMap, HeaderName};
use crate::status::StatusCode;

/// No validator is longer: the note that has it must be read again.
const MAX_LEN: usize = 4 << 10;

/// What tells one version of a representation from all others: a strong tag, or a date that is as good as one. The value of
/// `If-Range`, as the server wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Validator(String);

impl Validator {
    /// Returns the validator that a response names, if it is one for `If-Range`.
    ///
    /// A weak tag is none, and whoever has a tag may not use the date. A date is strong if the response was made in a later
    /// second ([RFC 9110 §8.8.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.2.2)). Servers that compress on the way
    /// leave the date as it is, so that it does not tell codings apart.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        if headers.contains_key(header::ETAG) {
            return Self::parse(single(headers, &header::ETAG)?).filter(Self::is_tag);
        }
        let text = single(headers, &header::LAST_MODIFIED)?;
        let modified = HttpDate::parse(text.as_bytes()).ok()?;
        let date = HttpDate::parse(single(headers, &header::DATE)?.as_bytes()).ok()?;
        let is_coded = headers.contains_key(header::CONTENT_ENCODING);
        if modified < date && !is_coded { Self::parse(text) } else { None }
    }

    /// Reads a validator as it was kept.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let is_tag = ETag::parse(text.as_bytes()).is_ok_and(|tag| !tag.is_weak());
        let is_date = || HttpDate::parse(text.as_bytes()).is_ok();
        (text.len() <= MAX_LEN && (is_tag || is_date())).then(|| Self(text.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    fn is_tag(&self) -> bool {
        self.0.starts_with('"')
    }

    /// Returns whether a part is said to be of another version. It need not say of which it is, as that was asked for.
    fn is_denied_by(&self, headers: &HeaderMap) -> bool {
        let name = if self.is_tag() { header::ETAG } else { header::LAST_MODIFIED };
        if !headers.contains_key(&name) {
            return false;
        }
        let Some(other) = single(headers, &name) else {
            return true;
        };
        match self.is_tag() {
            true => other != self.0,
            false => HttpDate::parse(other.as_bytes()) != HttpDate::parse(self.0.as_bytes()),
        }
    }
}

/// Returns the value of a field that is there once.
fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name);
    let value = std::str::from_utf8(values.next()?).ok()?;
    values.next().is_none().then_some(value)
}

/// What is there of a representation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) len: u64,
    /// So many of the first bytes are the caller's own: they were not downloaded, and are not given up.
    pub(super) found: u64,
    /// How long the whole is, as far as the server has said.
    pub(super) complete_len: Option<u64>,
    pub(super) validator: Option<Validator>,
}

impl Held {
    /// Returns whether to ask for the rest: of what can be told from another version, or the caller vouches for.
    pub(super) fn asks_for_rest(&self) -> bool {
        self.len > 0 && (self.validator.is_some() || !self.may_start_over())
    }

    /// Returns whether another whole may take the place of what is there.
    pub(super) fn may_start_over(&self) -> bool {
        self.found == 0
    }
}

/// The head of an answer, and how long its body is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer<'a> {
    pub(super) status: StatusCode,
    pub(super) headers: &'a HeaderMap,
    pub(super) len: Option<u64>,
}

/// What an answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The body is the whole.
    Whole { complete_len: Option<u64> },
    /// The body goes on where the file ends, up to there.
    Part { end: u64, complete_len: Option<u64> },
    /// There is no more.
    Complete,
    /// The body does not continue what is there. The whole may be asked for; the text is for who must not.
    Misfit(&'static str),
    /// The server has sent a part of its own accord.
    Unasked,
    /// There is no content.
    Refused,
}

/// Decides what an answer means; `asked` is what is there, if the rest of it was asked for.
pub(super) fn judge(asked: Option<&Held>, answer: &Answer<'_>) -> Verdict {
    match (answer.status, asked) {
        // The content of 203 is the whole one too, as a proxy sees it.
        (StatusCode::OK | StatusCode::NON_AUTHORITATIVE_INFORMATION, _) => {
            Verdict::Whole { complete_len: answer.len }
        }
        (StatusCode::PARTIAL_CONTENT, Some(held)) => part(held, answer),
        (StatusCode::PARTIAL_CONTENT, None) => Verdict::Unasked,
        (StatusCode::RANGE_NOT_SATISFIABLE, Some(held)) => no_part(held, answer),
        _ => Verdict::Refused,
    }
}

/// 206: the part must begin where the file ends, and be of the same whole. Several parts at once (`multipart/byteranges`)
/// were not asked for; they have no `Content-Range` of their own.
fn part(held: &Held, answer: &Answer<'_>) -> Verdict {
    let range = ContentRange::from_headers(answer.headers).ok().flatten();
    let Some((range, span)) = range.and_then(|range| Some((range, range.range()?))) else {
        return Verdict::Misfit("expected a Content-Range that says which part this is");
    };
    if range.unit() != "bytes" || span.start != held.len {
        return Verdict::Misfit("expected a part that begins where the file ends");
    }
    let complete_len = range.complete_len();
    if matches!((complete_len, held.complete_len), (Some(now), Some(then)) if now != then)
        || held.complete_len.is_some_and(|len| len < span.end)
    {
        return Verdict::Misfit("expected a part of a file that is as long as before");
    }
    if answer.len.is_some_and(|len| len != span.end.saturating_sub(span.start)) {
        return Verdict::Misfit("expected a part that is as long as its Content-Range says");
    }
    if held.validator.as_ref().is_some_and(|it| it.is_denied_by(answer.headers)) {
        return Verdict::Misfit("expected a part of the same version of the file");
    }
    Verdict::Part { end: span.end, complete_len: complete_len.or(held.complete_len) }
}

/// 416: nothing lies behind the end of the file, which may be that of the whole.
fn no_part(held: &Held, answer: &Answer<'_>) -> Verdict {
    let range = ContentRange::from_headers(answer.headers).ok().flatten();
    let len = match range {
        Some(range) if range.unit() == "bytes" && range.range().is_none() => range.complete_len(),
        _ => None,
    };
    let is_whole = len == Some(held.len) && held.complete_len.is_none_or(|len| len == held.len);
    match held.validator.as_ref() {
        Some(validator) if validator.is_denied_by(answer.headers) => {
            Verdict::Misfit("expected the same version of the file")
        }
        _ if is_whole => Verdict::Complete,
        _ => Verdict::Misfit("expected a file that is at least as long as what is there"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODIFIED: &str = "Tue, 14 Nov 2023 22:12:20 GMT";
    const LATER: &str = "Tue, 14 Nov 2023 22:12:21 GMT";

    fn headers(fields: &[(&str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(name, value).unwrap();
        }
        headers
    }

    #[test]
    fn only_what_is_strong_is_a_validator() {
        for (fields, expected) in [
            (&[("ETag", "\"a\"")][..], Some("\"a\"")),
            (&[("ETag", "W/\"a\"")], None),
            (&[("ETag", "a")], None),
            // Two tags are none.
            (&[("ETag", "\"a\""), ("ETag", "\"a\"")], None),
            (&[("Last-Modified", MODIFIED), ("Date", LATER)], Some(MODIFIED)),
            (&[("Last-Modified", MODIFIED), ("Date", MODIFIED)], None),
            (&[("Last-Modified", LATER), ("Date", MODIFIED)], None),
            (&[("Last-Modified", MODIFIED)], None),
            (&[("Last-Modified", "yesterday"), ("Date", LATER)], None),
            // Who has a tag, whichever, may not use the date.
            (&[("ETag", "W/\"a\""), ("Last-Modified", MODIFIED), ("Date", LATER)], None),
            (&[("ETag", MODIFIED), ("Last-Modified", MODIFIED), ("Date", LATER)], None),
            (&[("ETag", "\"a\""), ("Last-Modified", MODIFIED), ("Date", LATER)], Some("\"a\"")),
            (&[("Last-Modified", MODIFIED), ("Date", LATER), ("Content-Encoding", "gzip")], None),
        ] {
            let found = Validator::of(&headers(fields));
            assert_eq!(found.as_ref().map(Validator::as_str), expected, "{fields:?}");
        }
        assert!(Validator::parse("\"a\"").is_some() && Validator::parse(MODIFIED).is_some());
        for (len, is_some) in [(MAX_LEN, true), (MAX_LEN + 1, false)] {
            let tag = format!("\"{}\"", "a".repeat(len - 2));
            assert_eq!(Validator::of(&headers(&[("ETag", &tag)])).is_some(), is_some);
        }
        assert!(Validator::parse("W/\"a\"").is_none() && Validator::parse("a").is_none());
    }

    fn held(len: u64, complete_len: Option<u64>, validator: &str) -> Held {
        Held { len, found: 0, complete_len, validator: Validator::parse(validator) }
    }

    #[test]
    fn the_rest_is_asked_for_where_it_can_be_told_from_another_file() {
        for (len, validator, found, expected) in [
            (0, "\"a\"", 0, false),
            (2, "\"a\"", 0, true),
            (2, "", 0, false),
            (2, "", 1, true),
            (2, "\"a\"", 1, true),
        ] {
            let held = Held { found, ..held(len, None, validator) };
            assert_eq!(held.asks_for_rest(), expected, "{len} {validator} {found}");
            assert_eq!(held.may_start_over(), found == 0);
        }
    }

    #[track_caller]
    fn judges(asked: &Held, status: u16, fields: &[(&str, &str)], len: u64, expected: Verdict) {
        let status = StatusCode::from_u16(status).unwrap();
        let headers = headers(fields);
        let answer = Answer { status, headers: &headers, len: Some(len) };
        assert_eq!(judge(Some(asked), &answer), expected, "{fields:?}");
    }

    const BEGINS: Verdict = Verdict::Misfit("expected a part that begins where the file ends");
    const AS_LONG: Verdict = Verdict::Misfit("expected a part of a file that is as long as before");
    const RANGE: Verdict = Verdict::Misfit("expected a Content-Range that says which part this is");
    const LENGTH: Verdict =
        Verdict::Misfit("expected a part that is as long as its Content-Range says");
    const VERSION: Verdict = Verdict::Misfit("expected a part of the same version of the file");

    #[test]
    fn a_part_must_continue_what_is_there() {
        let four = held(4, Some(10), "\"a\"");
        let rest = Verdict::Part { end: 10, complete_len: Some(10) };
        for (range, len, expected) in [
            ("bytes 4-9/10", 6, rest),
            ("bytes 4-9/*", 6, rest),
            ("bytes 4-7/10", 4, Verdict::Part { end: 8, complete_len: Some(10) }),
            ("bytes 3-9/10", 7, BEGINS),
            ("bytes 5-9/10", 5, BEGINS),
            ("lines 4-9/10", 6, BEGINS),
            ("bytes 4-9/11", 6, AS_LONG),
            ("bytes 4-10/11", 7, AS_LONG),
            ("bytes 4-10/*", 7, AS_LONG),
            ("bytes 4-8/9", 5, AS_LONG),
            ("bytes 4-9/10", 5, LENGTH),
            ("bytes 4-9/10", 7, LENGTH),
            ("bytes 4-10/10", 7, RANGE),
            ("bytes */10", 6, RANGE),
            ("4-9", 6, RANGE),
        ] {
            judges(&four, 206, &[("Content-Range", range)], len, expected);
        }
        judges(&four, 206, &[], 6, RANGE);
        judges(&four, 206, &[("Content-Type", "multipart/byteranges; boundary=a")], 6, RANGE);
        let twice = [("Content-Range", "bytes 4-9/10"), ("Content-Range", "bytes 4-9/10")];
        judges(&four, 206, &twice, 6, RANGE);
        let unknown = held(4, None, "");
        judges(&unknown, 206, &[("Content-Range", "bytes 4-9/10")], 6, rest);
        let open = Verdict::Part { end: 10, complete_len: None };
        judges(&unknown, 206, &[("Content-Range", "bytes 4-9/*")], 6, open);
    }

    #[test]
    fn a_part_must_be_of_the_same_version() {
        let range = ("Content-Range", "bytes 4-9/10");
        let rest = Verdict::Part { end: 10, complete_len: Some(10) };
        for (validator, field, expected) in [
            ("\"a\"", ("ETag", "\"a\""), rest),
            ("\"a\"", ("ETag", "\"b\""), VERSION),
            ("\"a\"", ("ETag", "W/\"a\""), VERSION),
            ("\"a\"", ("Last-Modified", LATER), rest),
            (MODIFIED, ("Last-Modified", MODIFIED), rest),
            (MODIFIED, ("Last-Modified", LATER), VERSION),
            (MODIFIED, ("Last-Modified", "?"), VERSION),
            (MODIFIED, ("ETag", "\"a\""), rest),
            ("", ("ETag", "\"a\""), rest),
        ] {
            judges(&held(4, Some(10), validator), 206, &[range, field], 6, expected);
        }
    }

    #[test]
    fn what_cannot_be_satisfied_is_complete_or_does_not_fit() {
        let longer = Verdict::Misfit("expected a file that is at least as long as what is there");
        let other = Verdict::Misfit("expected the same version of the file");
        let all = held(10, Some(10), "\"a\"");
        judges(&all, 416, &[("Content-Range", "bytes */10")], 0, Verdict::Complete);
        let unknown = held(10, None, "");
        judges(&unknown, 416, &[("Content-Range", "bytes */10")], 0, Verdict::Complete);
        judges(&all, 416, &[("Content-Range", "bytes */9")], 0, longer);
        judges(&all, 416, &[("Content-Range", "bytes */11")], 0, longer);
        judges(&all, 416, &[("Content-Range", "lines */10")], 0, longer);
        judges(&all, 416, &[("Content-Range", "bytes 0-9/10")], 0, longer);
        judges(&all, 416, &[], 0, longer);
        judges(&held(10, Some(12), ""), 416, &[("Content-Range", "bytes */10")], 0, longer);
        judges(&all, 416, &[("Content-Range", "bytes */10"), ("ETag", "\"b\"")], 0, other);
    }

    #[test]
    fn other_statuses_are_the_whole_or_nothing() {
        let four = held(4, Some(10), "\"a\"");
        judges(&four, 200, &[], 7, Verdict::Whole { complete_len: Some(7) });
        judges(&four, 203, &[], 7, Verdict::Whole { complete_len: Some(7) });
        for status in [201, 204, 226, 301, 304, 404, 412, 500] {
            judges(&four, status, &[], 0, Verdict::Refused);
        }
        let headers = headers(&[("Content-Range", "bytes 0-9/10")]);
        let answer = |status| Answer { status, headers: &headers, len: Some(10) };
        assert_eq!(judge(None, &answer(StatusCode::PARTIAL_CONTENT)), Verdict::Unasked);
        assert_eq!(judge(None, &answer(StatusCode::RANGE_NOT_SATISFIABLE)), Verdict::Refused);
    }
}

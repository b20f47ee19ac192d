//! The law of preconditions: a model that reads like the RFC agrees.

use nethttp::field::conditional::{Outcome, Validators, evaluate};
use nethttp::field::{ETag, HttpDate};
use nethttp::header::{self, HeaderMap};
use nethttp::method::Method;
use proptest::prelude::*;

const NOW: i64 = 1_700_000_000;

/// A tag as a pair: weak or not, and its text.
type Tag = (bool, &'static str);

fn tag() -> impl Strategy<Value = Tag> {
    (any::<bool>(), prop_oneof![Just("a"), Just("b"), Just("a,b"), Just("\\")])
}

fn write((weak, text): Tag) -> String {
    format!("{}\"{text}\"", if weak { "W/" } else { "" })
}

/// The value of `If-Match` or `If-None-Match`.
#[derive(Clone, Debug)]
enum Tags {
    Any,
    /// Members, `None` for one that is malformed, on one line or on a line each.
    List(Vec<Option<Tag>>, bool),
}

fn tags() -> impl Strategy<Value = Option<Tags>> {
    let members = prop::collection::vec(prop::option::weighted(0.8, tag()), 0..4);
    let tags = prop_oneof![
        1 => Just(Tags::Any),
        4 => (members, any::<bool>()).prop_map(|(members, one)| Tags::List(members, one)),
    ];
    prop::option::of(tags)
}

/// The value of a field with a date, in seconds from now; `None` if it is none.
fn date() -> impl Strategy<Value = Option<Option<i64>>> {
    prop::option::of(prop::option::weighted(0.8, -3..3i64))
}

#[derive(Clone, Copy, Debug)]
enum IfRange {
    Tag(Tag),
    Date(Option<i64>),
}

fn if_range() -> impl Strategy<Value = Option<IfRange>> {
    let date = prop::option::weighted(0.8, -3..3i64).prop_map(IfRange::Date);
    prop::option::of(prop_oneof![tag().prop_map(IfRange::Tag), date])
}

#[derive(Clone, Debug)]
struct Request {
    method: Method,
    if_match: Option<Tags>,
    if_unmodified_since: Option<Option<i64>>,
    if_none_match: Option<Tags>,
    if_modified_since: Option<Option<i64>>,
    if_range: Option<IfRange>,
    range: bool,
}

fn request() -> impl Strategy<Value = Request> {
    let method = prop::sample::select(vec![
        Method::GET,
        Method::GET,
        Method::HEAD,
        Method::PUT,
        Method::POST,
        Method::DELETE,
        Method::OPTIONS,
    ]);
    (method, tags(), date(), tags(), date(), if_range(), any::<bool>()).prop_map(
        |(
            method,
            if_match,
            if_unmodified_since,
            if_none_match,
            if_modified_since,
            if_range,
            range,
        )| {
            Request {
                method,
                if_match,
                if_unmodified_since,
                if_none_match,
                if_modified_since,
                if_range,
                range,
            }
        },
    )
}

fn seconds(offset: Option<i64>) -> String {
    offset.map_or("soon".to_owned(), |offset| HttpDate::from_unix(NOW + offset).to_string())
}

fn append_tags(headers: &mut HeaderMap, name: &str, tags: &Tags) {
    match tags {
        Tags::Any => headers.append(name, "*").unwrap(),
        Tags::List(members, one_line) => {
            let texts: Vec<String> =
                members.iter().map(|member| member.map_or("x".to_owned(), write)).collect();
            if *one_line || texts.is_empty() {
                headers.append(name, texts.join(", ")).unwrap();
            } else {
                texts.iter().for_each(|text| headers.append(name, text).unwrap());
            }
        }
    }
}

impl Request {
    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Some(date) = self.if_modified_since {
            headers.append(header::IF_MODIFIED_SINCE, seconds(date)).unwrap();
        }
        if let Some(tags) = &self.if_none_match {
            append_tags(&mut headers, "If-None-Match", tags);
        }
        if let Some(date) = self.if_unmodified_since {
            headers.append(header::IF_UNMODIFIED_SINCE, seconds(date)).unwrap();
        }
        if let Some(tags) = &self.if_match {
            append_tags(&mut headers, "If-Match", tags);
        }
        match self.if_range {
            None => {}
            Some(IfRange::Tag(tag)) => headers.append(header::IF_RANGE, write(tag)).unwrap(),
            Some(IfRange::Date(date)) => headers.append(header::IF_RANGE, seconds(date)).unwrap(),
        }
        if self.range {
            headers.append(header::RANGE, "bytes=0-4").unwrap();
        }
        headers
    }
}

/// What the server has: a tag, and a date in seconds from now.
#[derive(Clone, Copy, Debug)]
struct Current {
    etag: Option<Tag>,
    modified: Option<i64>,
}

fn current() -> impl Strategy<Value = Option<Current>> {
    let current = (prop::option::weighted(0.8, tag()), prop::option::weighted(0.8, -3..3i64));
    prop::option::weighted(0.8, current.prop_map(|(etag, modified)| Current { etag, modified }))
}

impl Current {
    fn validators(self) -> Validators<'static> {
        let mut validators = Validators::new();
        if let Some((weak, text)) = self.etag {
            let tag =
                if weak { ETag::weak(text.as_bytes()) } else { ETag::strong(text.as_bytes()) };
            validators = validators.with_etag(tag.unwrap());
        }
        if let Some(offset) = self.modified {
            validators = validators
                .with_last_modified(HttpDate::from_unix(NOW + offset), HttpDate::from_unix(NOW));
        }
        validators
    }

    /// The date of the response: never in the future.
    fn last_modified(self) -> Option<i64> {
        self.modified.map(|offset| offset.min(0))
    }
}

/// RFC 9110 sections 13.1 and 13.2.2, as they are written.
fn model(request: &Request, current: Option<Current>) -> Outcome {
    // "A server MUST ignore the conditional request header fields [..] when received with a request
    // method that does not involve the selection or modification of a selected representation".
    if request.method == Method::OPTIONS {
        return Outcome::Proceed;
    }
    let reads = request.method == Method::GET || request.method == Method::HEAD;
    let etag = current.and_then(|current| current.etag);
    let last_modified = current.and_then(Current::last_modified);
    let malformed = |tags: &Tags| matches!(tags, Tags::List(members, _) if members.contains(&None));
    let lists = |tags: &Tags, same: fn(Tag, Tag) -> bool| match tags {
        Tags::Any => current.is_some(),
        Tags::List(members, _) => {
            let members = members.iter().flatten();
            members.into_iter().any(|member| etag.is_some_and(|etag| same(*member, etag)))
        }
    };
    let strong = |one: Tag, other: Tag| !one.0 && !other.0 && one.1 == other.1;
    let weak = |one: Tag, other: Tag| one.1 == other.1;

    let if_match = request.if_match.as_ref().map(|tags| lists(tags, strong));
    let if_none_match = request.if_none_match.as_ref().map(|tags| !lists(tags, weak));
    let if_unmodified_since = match (request.if_unmodified_since, last_modified) {
        (Some(Some(date)), Some(modified)) => Some(modified <= date),
        _ => None,
    };
    let if_modified_since = match (request.if_modified_since, last_modified) {
        (Some(Some(date)), Some(modified)) if reads => Some(modified > date),
        _ => None,
    };
    let if_range = request.if_range.map(|validator| match validator {
        IfRange::Tag(tag) => etag.is_some_and(|etag| strong(tag, etag)),
        IfRange::Date(date) => {
            let exact = date.is_some() && date == last_modified;
            // Strong: the second is over.
            exact && current.is_some_and(|current| current.modified < Some(0))
        }
    });

    // 1.
    if if_match == Some(false) {
        return Outcome::PreconditionFailed;
    }
    // 2.
    if if_match.is_none() && if_unmodified_since == Some(false) {
        return Outcome::PreconditionFailed;
    }
    // 3.
    if if_none_match == Some(false) {
        return if reads { Outcome::NotModified } else { Outcome::PreconditionFailed };
    }
    if !reads && request.if_none_match.as_ref().is_some_and(malformed) {
        return Outcome::PreconditionFailed;
    }
    // 4.
    if if_none_match.is_none() && if_modified_since == Some(false) {
        return Outcome::NotModified;
    }
    // 5.
    if request.method == Method::GET && request.range && if_range == Some(false) {
        return Outcome::IgnoreRange;
    }
    // 6.
    Outcome::Proceed
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn preconditions_are_what_the_rfc_says(request in request(), current in current()) {
        let validators = current.map(Current::validators);
        let found = evaluate(request.method, &request.headers(), validators.as_ref());
        prop_assert_eq!(found, model(&request, current));
    }
}

//! A file as a response: conditional requests and ranges.

use std::error::Error;
use std::fs::{File, Metadata};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::Path;
use std::time::SystemTime;

use nethttp::field::conditional::{self, Outcome, Validators};
use nethttp::field::{
    Boundary, ByteRanges, ContentRange, ETag, FieldError, MediaType, Range, RangeParts,
    RangeSelection,
};
use nethttp::{Body, Request, Response, StatusCode};

use crate::content_type::content_type;
use crate::page;

/// A file that answers a request.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) file: File,
    pub(crate) data: Metadata,
    /// Whether the page is there in several languages.
    pub(crate) is_negotiated: bool,
    /// The language that was chosen, if it is not the page itself.
    pub(crate) language: Option<String>,
}

/// Answers with a file, a part of it, or the news that it has not changed. The name is the one that was
/// asked for; a link may have led elsewhere.
pub(crate) fn respond(
    request: &Request,
    found: Found,
    name: &Path,
) -> Result<Response, Box<dyn Error>> {
    let current = validators(&found);
    let Found { file, data, language, .. } = found;
    let media_type = content_type(name);
    let mut response = Response::new(StatusCode::OK)
        .with_header("Content-Type", &media_type)?
        // Who edits a file and reloads wants to see the change; to ask is cheap.
        .with_header("Cache-Control", "no-cache")?
        .with_header("Accept-Ranges", "bytes")?;
    current.write(response.headers_mut())?;
    if let Some(language) = language {
        response.headers_mut().insert("Content-Language", language)?;
    }
    let range = match conditional::evaluate(request.method(), request.headers(), Some(&current)) {
        Outcome::NotModified => {
            conditional::strip_not_modified(response.headers_mut());
            return Ok(response.with_status(StatusCode::NOT_MODIFIED));
        }
        Outcome::PreconditionFailed => return Ok(page::error(StatusCode::PRECONDITION_FAILED)),
        Outcome::IgnoreRange => None,
        Outcome::Proceed => Range::from_headers(request.method(), request.headers()),
    };
    let len = data.len();
    match range.map_or(RangeSelection::Whole, |range| range.resolve(len)) {
        RangeSelection::Parts(parts) => send_parts(response, file, &parts, &media_type),
        RangeSelection::Unsatisfiable => {
            let whole = ContentRange::unsatisfied(len).to_string();
            Ok(page::error(StatusCode::RANGE_NOT_SATISFIABLE)
                .with_header("Content-Range", whole)?)
        }
        _ => Ok(response.with_body(Body::file(file, 0..len))),
    }
}

/// Sends what was asked for: one part as it is, several in frames.
fn send_parts(
    response: Response,
    file: File,
    parts: &RangeParts,
    media_type: &MediaType<'_>,
) -> Result<Response, Box<dyn Error>> {
    let mut response = response.with_status(StatusCode::PARTIAL_CONTENT);
    if let [part] = parts.as_slice() {
        let range = ContentRange::bytes(part.clone(), Some(parts.complete_len()))?.to_string();
        response.headers_mut().insert("Content-Range", range)?;
        return Ok(response.with_body(Body::file(file, part.clone())));
    }
    let parts = ByteRanges::new(parts, Some(media_type), &Boundary::from_bits(random()))?;
    response.headers_mut().insert("Content-Type", parts.content_type())?;
    let len = parts.content_length();
    Ok(response.with_body(Body::reader(parts.into_reader(file), Some(len))))
}

/// Returns what tells one state of the file from another. Pages of one address in several languages may
/// well have the same length and date: the tag tells them apart, and a date, which cannot, is not sent.
/// Who has the page in one language would be told that it has not changed in another, or would be sent
/// the rest of that one.
fn validators(found: &Found) -> Validators<'static> {
    let Ok(current) = Validators::from_metadata(&found.data, SystemTime::now()) else {
        return Validators::new();
    };
    let Some(etag) = current.etag().filter(|_| found.is_negotiated) else {
        return current;
    };
    let tagged = |language: &str| -> Result<ETag<'static>, FieldError> {
        let text = [etag.tag(), b"-", language.as_bytes()].concat();
        if etag.is_weak() { ETag::weak(&text) } else { ETag::strong(&text) }
    };
    match found.language.as_deref().map(tagged) {
        None => Validators::new().with_etag(etag.clone()),
        Some(Ok(etag)) => Validators::new().with_etag(etag),
        Some(Err(_)) => Validators::new(),
    }
}

/// Returns bits that nobody foresees: a new hasher of the standard library has random keys.
fn random() -> u128 {
    let half = || u128::from(RandomState::new().build_hasher().finish());
    (half() << 64) | half()
}

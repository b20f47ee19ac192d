//! A file as a response: conditional requests and ranges.

use std::fs::{File, Metadata};
use std::ops::Range;
use std::path::Path;

use nethttp::field::HttpDate;
use nethttp::header::HeaderError;
use nethttp::{Body, Method, Request, Response, StatusCode};

use crate::content_type::content_type;

/// Answers with a file, a part of it, or the news that it has not changed. The name is the one that was
/// asked for; a link may have led elsewhere.
pub(crate) fn respond(
    request: &Request,
    file: File,
    data: &Metadata,
    name: &Path,
    now: HttpDate,
) -> Result<Response, HeaderError> {
    let len = data.len();
    // A date to come is none, RFC 9110 §8.8.2.1.
    let modified = data.modified().ok().map(|time| HttpDate::from(time).min(now));
    let dated = |response: Response| match modified {
        Some(date) => response.with_header("Last-Modified", date.to_string()),
        None => Ok(response),
    };
    if let Some(modified) = modified
        && !is_modified_since(request, modified)
    {
        return dated(Response::new(StatusCode::NOT_MODIFIED));
    }
    let response = match requested_range(request, len, modified, now) {
        Selection::Whole => Response::new(StatusCode::OK).with_body(Body::file(file, 0..len)),
        Selection::Part(range) => Response::new(StatusCode::PARTIAL_CONTENT)
            .with_header(
                "Content-Range",
                format!("bytes {}-{}/{len}", range.start, range.end.saturating_sub(1)),
            )?
            .with_body(Body::file(file, range)),
        Selection::Unsatisfiable => {
            return Response::new(StatusCode::RANGE_NOT_SATISFIABLE)
                .with_header("Content-Range", format!("bytes */{len}"));
        }
    };
    dated(response)?
        .with_header("Content-Type", content_type(name))?
        // Who edits a file and reloads wants to see the change; to ask is cheap.
        .with_header("Cache-Control", "no-cache")?
        .with_header("Accept-Ranges", "bytes")
}

/// [RFC 9110 §13.1.3](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.3). There are no entity tags
/// here, so a request that compares tags finds a changed file.
fn is_modified_since(request: &Request, modified: HttpDate) -> bool {
    if request.headers().contains_key("If-None-Match") {
        return true;
    }
    let since = request.headers().get("If-Modified-Since").map(HttpDate::parse);
    !matches!(since, Some(Ok(since)) if modified <= since)
}

/// Which part of a file is asked for.
#[derive(Debug, PartialEq, Eq)]
enum Selection {
    Whole,
    Part(Range<u64>),
    Unsatisfiable,
}

/// [RFC 9110 §14.2](https://www.rfc-editor.org/rfc/rfc9110#section-14.2): a Range is for GET, and
/// one that is not understood, such as one of several parts, is as if it were not there.
fn requested_range(
    request: &Request,
    len: u64,
    modified: Option<HttpDate>,
    now: HttpDate,
) -> Selection {
    let mut ranges = request.headers().get_all("Range");
    let (Some(range), None) = (ranges.next(), ranges.next()) else {
        return Selection::Whole;
    };
    if request.method() != Method::GET || !is_same(request, modified, now) {
        return Selection::Whole;
    }
    str::from_utf8(range).ok().and_then(|range| select(range, len)).unwrap_or(Selection::Whole)
}

/// Whether If-Range, if there is one, has the very date of the file, and that date says enough: a file
/// of this second may change again within it,
/// [RFC 9110 §13.1.5](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.5).
fn is_same(request: &Request, modified: Option<HttpDate>, now: HttpDate) -> bool {
    let Some(condition) = request.headers().get("If-Range") else {
        return true;
    };
    let date = HttpDate::parse(condition).ok();
    date.is_some() && date == modified && date.is_some_and(|date| now.unix() - date.unix() > 1)
}

/// Reads `bytes=first-last`, `bytes=first-` or `bytes=-suffix`.
///
/// ```abnf
/// ranges-specifier = range-unit "=" range-set     ; RFC 9110 §14.1.1
/// int-range        = first-pos "-" [ last-pos ]
/// suffix-range     = "-" suffix-length
/// ```
fn select(range: &str, len: u64) -> Option<Selection> {
    let (unit, range) = range.split_once('=')?;
    let (first, last) = range.trim_matches([' ', '\t']).split_once('-')?;
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    Some(match (number(first), number(last)) {
        (Some(first), Some(last)) if first > last => return None,
        (Some(first), _) if first >= len && (last.is_empty() || number(last).is_some()) => {
            Selection::Unsatisfiable
        }
        (Some(first), Some(last)) => Selection::Part(first..len.min(last.saturating_add(1))),
        (Some(first), None) if last.is_empty() => Selection::Part(first..len),
        (None, Some(0)) if first.is_empty() => Selection::Unsatisfiable,
        // There is no way to write an empty part.
        (None, Some(_)) if first.is_empty() && len == 0 => Selection::Whole,
        (None, Some(suffix)) if first.is_empty() => {
            Selection::Part(len.saturating_sub(suffix)..len)
        }
        _ => return None,
    })
}

/// `1*DIGIT`; what is too large for a number is larger than every file.
fn number(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

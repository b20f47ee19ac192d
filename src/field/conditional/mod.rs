//! Conditional requests, [RFC 9110 §13](https://www.rfc-editor.org/rfc/rfc9110#section-13): whether a
//! request is to be performed, given what the client says it has and what the server has.
//!
//! [`evaluate`] takes the five fields of a request and the [`Validators`] of the current representation
//! and gives one [`Outcome`]. It neither performs the method nor makes the response. It must be asked
//! only where the response without the conditions would be 2xx or 412
//! ([§13.2.1](https://www.rfc-editor.org/rfc/rfc9110#section-13.2.1)): behind the checks for 401, 404
//! or 405, and in front of the action.
//!
//! A server of one text, with conditions and ranges:
//!
//! ```
//! use nethttp::field::conditional::{self, Outcome, Validators};
//! use nethttp::field::{
//!     Boundary, ByteRanges, ByteRangesPiece, ContentRange, ETag, Range, RangeSelection,
//! };
//! use nethttp::MediaType;
//! use nethttp::header::{self, HeaderMap};
//! use nethttp::method::Method;
//! use std::error::Error;
//!
//! const TEXT: &str = "hello, world\n";
//! const TYPE: MediaType<'_> = MediaType::TEXT_PLAIN;
//!
//! /// Returns the status and the content, and sets the fields of the response.
//! fn respond(
//!     method: Method,
//!     request: &HeaderMap,
//!     response: &mut HeaderMap,
//! ) -> Result<(u16, String), Box<dyn Error>> {
//!     let len = TEXT.len() as u64;
//!     let current = Validators::new().with_etag(ETag::strong(b"v1")?);
//!     current.write(response)?;
//!     response.insert(header::CONTENT_TYPE, TYPE)?;
//!     let range = match conditional::evaluate(method, request, Some(&current)) {
//!         Outcome::Proceed => Range::from_headers(method, request),
//!         Outcome::IgnoreRange => None,
//!         Outcome::NotModified => {
//!             conditional::strip_not_modified(response);
//!             return Ok((304, String::new()));
//!         }
//!         Outcome::PreconditionFailed => return Ok((412, String::new())),
//!     };
//!     let parts = match range.map_or(RangeSelection::Whole, |range| range.resolve(len)) {
//!         RangeSelection::Whole => return Ok((200, TEXT.to_owned())),
//!         RangeSelection::Unsatisfiable => {
//!             let value = ContentRange::unsatisfied(len).to_string();
//!             response.insert(header::CONTENT_RANGE, value)?;
//!             return Ok((416, String::new()));
//!         }
//!         RangeSelection::Parts(parts) => parts,
//!     };
//!     if let [part] = parts.as_slice() {
//!         let value = ContentRange::bytes(part.clone(), Some(len))?.to_string();
//!         response.insert(header::CONTENT_RANGE, value)?;
//!         return Ok((206, TEXT[part.start as usize..part.end as usize].to_owned()));
//!     }
//!     let random = 0x5eed; // From a source of random numbers.
//!     let parts = ByteRanges::new(&parts, Some(&TYPE), &Boundary::from_bits(random))?;
//!     response.insert(header::CONTENT_TYPE, parts.content_type())?;
//!     let content = parts.pieces().iter().map(|piece| match piece {
//!         ByteRangesPiece::Frame(frame) => String::from_utf8_lossy(frame),
//!         ByteRangesPiece::Part(part) => TEXT[part.start as usize..part.end as usize].into(),
//!     });
//!     Ok((206, content.collect()))
//! }
//!
//! let mut request = HeaderMap::new();
//! request.append(header::RANGE, "bytes=-6")?;
//! request.append(header::IF_RANGE, "\"v1\"")?;
//! let mut response = HeaderMap::new();
//! assert_eq!(respond(Method::GET, &request, &mut response)?, (206, "world\n".to_owned()));
//! assert_eq!(response.text(header::CONTENT_RANGE), Some("bytes 7-12/13"));
//!
//! request.append(header::IF_NONE_MATCH, "\"v1\"")?;
//! assert_eq!(respond(Method::GET, &request, &mut response)?.0, 304);
//! assert_eq!(respond(Method::PUT, &request, &mut response)?.0, 412);
//! # Ok::<(), Box<dyn Error>>(())
//! ```

mod validators;

use super::{ETag, ETagList, HttpDate};
use crate::header::{self, HeaderMap};
use crate::method::Method;
use crate::status::StatusCode;

pub use validators::Validators;

/// What the preconditions of a request come to,
/// [RFC 9110 §13.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2).
///
/// # Examples
///
/// ```
/// use nethttp::field::conditional::{Outcome, Validators, evaluate};
/// use nethttp::{HeaderMap, Method, header};
///
/// // Create, but do not overwrite.
/// let mut request = HeaderMap::new();
/// request.append(header::IF_NONE_MATCH, "*")?;
/// assert_eq!(evaluate(Method::PUT, &request, None), Outcome::Proceed);
/// let current = Validators::new();
/// assert_eq!(evaluate(Method::PUT, &request, Some(&current)), Outcome::PreconditionFailed);
/// # Ok::<(), nethttp::header::HeaderError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the RFC's list has no other end, and none may be missed"
)]
pub enum Outcome {
    /// Perform the method, and honour a `Range` field.
    Proceed,
    /// Perform the method as if there were no `Range` field: what the client has a part of is no
    /// longer what the server has.
    IgnoreRange,
    /// Answer `304 Not Modified`: the client's copy is good. Only for GET and HEAD.
    NotModified,
    /// Answer `412 Precondition Failed`, and change nothing.
    PreconditionFailed,
}

impl Outcome {
    /// Returns the status of the response if the method is not to be performed.
    ///
    /// ```
    /// use nethttp::StatusCode;
    /// use nethttp::field::conditional::Outcome;
    ///
    /// assert_eq!(Outcome::NotModified.status(), Some(StatusCode::NOT_MODIFIED));
    /// assert_eq!(Outcome::Proceed.status(), None);
    /// ```
    #[must_use]
    pub const fn status(self) -> Option<StatusCode> {
        match self {
            Self::Proceed | Self::IgnoreRange => None,
            Self::NotModified => Some(StatusCode::NOT_MODIFIED),
            Self::PreconditionFailed => Some(StatusCode::PRECONDITION_FAILED),
        }
    }
}

/// Evaluates the preconditions of a request in the order of
/// [RFC 9110 §13.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2). `current` has the
/// validators of the current representation, and is `None` where there is none, as for a PUT that
/// creates.
///
/// What the RFC leaves open, or to the reader:
///
/// - CONNECT, OPTIONS and TRACE have no preconditions
///   ([§13.2.1](https://www.rfc-editor.org/rfc/rfc9110#section-13.2.1)).
/// - Entity tags are read as [`ETagList::from_headers`] does. A list of which a member is malformed or
///   left out is met by the good ones: `If-Match` holds when one of them matches
///   ([§13.1.1](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1)). `If-None-Match` of such a list
///   cannot be known to hold ([§13.1.2](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2)): for
///   GET and HEAD the member just does not match, which costs a transfer; other methods fail, since
///   otherwise something is overwritten that the client meant to spare.
/// - A date that is not valid, stands on more than one line, or meets a representation without a date
///   is no condition ([§13.1.3](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.3),
///   [§13.1.4](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.4)).
/// - `If-Range` counts for GET with `Range`. It holds for the strong tag or for exactly the date of the
///   current representation, if that is strong; anything else, malformed or on two lines, gives
///   [`IgnoreRange`](Outcome::IgnoreRange), which is never wrong
///   ([§13.1.5](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.5)).
///
/// # Examples
///
/// ```
/// use nethttp::field::conditional::{Outcome, Validators, evaluate};
/// use nethttp::field::HttpDate;
/// use nethttp::{HeaderMap, Method, header};
///
/// let (modified, now) = (HttpDate::from_unix(1_699_999_940), HttpDate::from_unix(1_700_000_000));
/// let current = Validators::new().with_last_modified(modified, now);
/// let mut request = HeaderMap::new();
/// request.append(header::IF_MODIFIED_SINCE, "Tue, 14 Nov 2023 22:12:20 GMT")?;
/// assert_eq!(evaluate(Method::GET, &request, Some(&current)), Outcome::NotModified);
/// assert_eq!(evaluate(Method::DELETE, &request, Some(&current)), Outcome::Proceed);
/// # Ok::<(), nethttp::header::HeaderError>(())
/// ```
#[must_use]
pub fn evaluate(method: Method, headers: &HeaderMap, current: Option<&Validators<'_>>) -> Outcome {
    if matches!(method, Method::CONNECT | Method::OPTIONS | Method::TRACE) {
        return Outcome::Proceed;
    }
    let reads = matches!(method, Method::GET | Method::HEAD);

    if let Some(list) = ETagList::from_headers(headers, header::IF_MATCH) {
        // 1. If-Match is present: go on with step 3 if it holds, else 412.
        if !if_match(&list, current) {
            return Outcome::PreconditionFailed;
        }
    } else if let Some(unmodified) =
        unmodified_since(headers, &header::IF_UNMODIFIED_SINCE, current)
    {
        // 2. If-Match is not present and If-Unmodified-Since is: go on with step 3 if it holds, else 412.
        if !unmodified {
            return Outcome::PreconditionFailed;
        }
    }

    if let Some(list) = ETagList::from_headers(headers, header::IF_NONE_MATCH) {
        // 3. If-None-Match is present: go on with step 5 if it holds; else 304 for GET and HEAD, 412
        //    for other methods.
        let holds = if_none_match(&list, current) && (reads || !list.is_partial());
        if !holds {
            return if reads { Outcome::NotModified } else { Outcome::PreconditionFailed };
        }
    } else if reads && unmodified_since(headers, &header::IF_MODIFIED_SINCE, current) == Some(true)
    {
        // 4. GET or HEAD, If-None-Match is not present and If-Modified-Since is: go on with step 5 if it
        //    holds, else 304.
        return Outcome::NotModified;
    }

    // 5. GET, and both Range and If-Range are present: honour Range if If-Range holds, else ignore it.
    if method == Method::GET
        && headers.contains_key(header::RANGE)
        && headers.contains_key(header::IF_RANGE)
        && !if_range(headers, current)
    {
        return Outcome::IgnoreRange;
    }

    // 6. Perform the method.
    Outcome::Proceed
}

/// `If-Match`, [RFC 9110 §13.1.1](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1): `*` holds if
/// there is a current representation, a list if the tag of that is in it by the strong comparison.
fn if_match(list: &ETagList<'_>, current: Option<&Validators<'_>>) -> bool {
    let Some(current) = current else {
        return false;
    };
    list.is_any() || current.etag().is_some_and(|etag| list.contains_strong(etag))
}

/// `If-None-Match`, [RFC 9110 §13.1.2](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2): `*` holds
/// if there is no current representation, a list if the tag of that is not in it by the weak comparison.
fn if_none_match(list: &ETagList<'_>, current: Option<&Validators<'_>>) -> bool {
    let Some(current) = current else {
        return true;
    };
    !list.is_any() && !current.etag().is_some_and(|etag| list.contains_weak(etag))
}

/// Returns whether the current representation is no newer than the date of a field, or `None` if the
/// field is to be ignored. `If-Unmodified-Since` holds where this is so
/// ([RFC 9110 §13.1.4](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.4)), `If-Modified-Since` where
/// it is not ([§13.1.3](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.3)).
fn unmodified_since(
    headers: &HeaderMap,
    name: &header::HeaderName,
    current: Option<&Validators<'_>>,
) -> Option<bool> {
    let modified = current?.modified()?;
    let date = HttpDate::parse_at(single(headers, name)?, modified.now).ok()?;
    Some(modified.date <= date)
}

/// `If-Range = entity-tag / HTTP-date`,
/// [RFC 9110 §13.1.5](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.5).
fn if_range(headers: &HeaderMap, current: Option<&Validators<'_>>) -> bool {
    let (Some(value), Some(current)) = (single(headers, &header::IF_RANGE), current) else {
        return false;
    };
    if let Ok(tag) = ETag::parse(value) {
        return current.etag().is_some_and(|etag| etag.strong_eq(&tag));
    }
    current.modified().is_some_and(|modified| {
        modified.strong && HttpDate::parse_at(value, modified.now) == Ok(modified.date)
    })
}

/// Returns the value of a field that is there once.
fn single<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a [u8]> {
    let mut values = headers.get_all(name);
    let value = values.next()?;
    values.next().is_none().then_some(value)
}

/// Metadata of a representation that a 304 does not repeat.
const REPRESENTATION: [header::HeaderName; 8] = [
    header::CONTENT_DIGEST,
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_LENGTH,
    header::CONTENT_RANGE,
    header::CONTENT_TYPE,
    header::REPR_DIGEST,
    header::TRAILER,
];

/// Turns the fields of a 200 into those of a `304 Not Modified`,
/// [RFC 9110 §15.4.5](https://www.rfc-editor.org/rfc/rfc9110#section-15.4.5).
///
/// A 304 must carry what the 200 would have of `Cache-Control`, `Content-Location`, `Date`, `ETag`,
/// `Expires` and `Vary`, which stay, as does all that is not about the representation, such as
/// `Set-Cookie`. What describes content that does not come goes: its type, length, encoding, language,
/// digests. `Last-Modified` stays only where there is no `ETag`, since it says less.
///
/// # Examples
///
/// ```
/// use nethttp::HeaderMap;
/// use nethttp::field::conditional;
///
/// let mut headers = HeaderMap::new();
/// headers.append("Content-Type", "text/html")?;
/// headers.append("ETag", "\"v1\"")?;
/// headers.append("Last-Modified", "Tue, 14 Nov 2023 22:12:20 GMT")?;
/// headers.append("Vary", "Accept")?;
/// conditional::strip_not_modified(&mut headers);
/// assert_eq!(headers.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["ETag", "Vary"]);
/// # Ok::<(), nethttp::header::HeaderError>(())
/// ```
pub fn strip_not_modified(headers: &mut HeaderMap) {
    for name in REPRESENTATION {
        headers.remove(name);
    }
    if headers.contains_key(header::ETAG) {
        headers.remove(header::LAST_MODIFIED);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Outcome::{IgnoreRange, NotModified, PreconditionFailed, Proceed};
    use alloc::string::ToString;
    use alloc::vec::Vec;

    /// Tue, 14 Nov 2023 22:12:20 GMT, a minute ago.
    const DATE: &str = "Tue, 14 Nov 2023 22:12:20 GMT";
    const EARLIER: &str = "Tue, 14 Nov 2023 22:12:19 GMT";
    const LATER: &str = "Tue, 14 Nov 2023 22:12:21 GMT";
    const MODIFIED: i64 = 1_699_999_940;
    const NOW: HttpDate = HttpDate::from_unix(1_700_000_000);

    /// A representation with a tag and the date; an empty tag is none.
    fn dated(etag: &'static str) -> Option<Validators<'static>> {
        let date = HttpDate::from_unix(MODIFIED);
        assert_eq!(date.to_string(), DATE);
        tagged(etag).map(|current| current.with_last_modified(date, NOW))
    }

    fn tagged(etag: &'static str) -> Option<Validators<'static>> {
        let current = Validators::new();
        Some(match etag {
            "" => current,
            etag => current.with_etag(ETag::parse(etag.as_bytes()).expect("an entity tag")),
        })
    }

    #[track_caller]
    fn case(
        methods: &[Method],
        fields: &[(&str, &str)],
        current: &Option<Validators<'_>>,
        expected: Outcome,
    ) {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(name, value).expect("a field");
        }
        for method in methods {
            let found = evaluate(*method, &headers, current.as_ref());
            assert_eq!(found, expected, "{method} {fields:?} of {current:?}");
        }
    }

    const READS: &[Method] = &[Method::GET, Method::HEAD];
    const CHANGES: &[Method] = &[Method::PUT, Method::POST, Method::DELETE, Method::PATCH];
    const ALL: &[Method] =
        &[Method::GET, Method::HEAD, Method::PUT, Method::POST, Method::DELETE, Method::PATCH];

    const MATCH: &str = "If-Match";
    const NONE_MATCH: &str = "If-None-Match";
    const MODIFIED_SINCE: &str = "If-Modified-Since";
    const UNMODIFIED_SINCE: &str = "If-Unmodified-Since";
    const IF_RANGE: &str = "If-Range";
    const RANGE: (&str, &str) = ("Range", "bytes=0-4");

    #[test]
    fn without_conditions_all_proceeds() {
        for current in [None, tagged(""), tagged("\"a\""), dated(""), dated("\"a\"")] {
            case(ALL, &[], &current, Proceed);
            case(ALL, &[RANGE], &current, Proceed);
        }
    }

    #[test]
    fn methods_without_a_representation_have_no_conditions() {
        let methods = &[Method::CONNECT, Method::OPTIONS, Method::TRACE];
        for fields in [
            [(MATCH, "\"b\"")],
            [(NONE_MATCH, "*")],
            [(UNMODIFIED_SINCE, EARLIER)],
            [(MODIFIED_SINCE, LATER)],
        ] {
            case(methods, &fields, &dated("\"a\""), Proceed);
        }
    }

    /// RFC 9110 section 13.1.1.
    #[test]
    fn if_match_compares_strongly() {
        case(ALL, &[(MATCH, "*")], &None, PreconditionFailed);
        case(ALL, &[(MATCH, "\"a\"")], &None, PreconditionFailed);
        case(ALL, &[(MATCH, "*")], &tagged(""), Proceed);
        case(ALL, &[(MATCH, "\"a\"")], &tagged(""), PreconditionFailed);
        case(ALL, &[(MATCH, "\"a\"")], &tagged("\"a\""), Proceed);
        case(ALL, &[(MATCH, "\"z\", \"a\"")], &tagged("\"a\""), Proceed);
        case(ALL, &[(MATCH, "\"z\""), (MATCH, "\"a\"")], &tagged("\"a\""), Proceed);
        case(ALL, &[(MATCH, "\"b\"")], &tagged("\"a\""), PreconditionFailed);
        case(ALL, &[(MATCH, "W/\"a\"")], &tagged("\"a\""), PreconditionFailed);
        case(ALL, &[(MATCH, "W/\"a\"")], &tagged("W/\"a\""), PreconditionFailed);
        case(ALL, &[(MATCH, "")], &tagged("\"a\""), PreconditionFailed);
        case(ALL, &[(MATCH, "a")], &tagged("\"a\""), PreconditionFailed);
        case(ALL, &[(MATCH, "b, \"a\"")], &tagged("\"a\""), Proceed);
    }

    /// RFC 9110 section 13.1.4.
    #[test]
    fn if_unmodified_since_counts_without_if_match() {
        case(ALL, &[(UNMODIFIED_SINCE, EARLIER)], &dated(""), PreconditionFailed);
        case(ALL, &[(UNMODIFIED_SINCE, DATE)], &dated(""), Proceed);
        case(ALL, &[(UNMODIFIED_SINCE, LATER)], &dated(""), Proceed);
        case(ALL, &[(UNMODIFIED_SINCE, EARLIER)], &None, Proceed);
        case(ALL, &[(UNMODIFIED_SINCE, EARLIER)], &tagged("\"a\""), Proceed);
        case(ALL, &[(UNMODIFIED_SINCE, "yesterday")], &dated(""), Proceed);
        let both = [(UNMODIFIED_SINCE, EARLIER), (UNMODIFIED_SINCE, EARLIER)];
        case(ALL, &both, &dated(""), Proceed);
        let with_match = [(MATCH, "\"a\""), (UNMODIFIED_SINCE, EARLIER)];
        case(ALL, &with_match, &dated("\"a\""), Proceed);
    }

    /// RFC 9110 section 13.1.2.
    #[test]
    fn if_none_match_compares_weakly() {
        for current in [None, tagged("")] {
            case(ALL, &[(NONE_MATCH, "\"a\"")], &current, Proceed);
        }
        case(ALL, &[(NONE_MATCH, "*")], &None, Proceed);
        case(READS, &[(NONE_MATCH, "*")], &tagged(""), NotModified);
        case(CHANGES, &[(NONE_MATCH, "*")], &tagged(""), PreconditionFailed);
        for value in ["\"a\"", "W/\"a\"", "\"z\", W/\"a\"", "\"a\" , b", "b, \"a\""] {
            for current in [tagged("\"a\""), tagged("W/\"a\"")] {
                case(READS, &[(NONE_MATCH, value)], &current, NotModified);
                case(CHANGES, &[(NONE_MATCH, value)], &current, PreconditionFailed);
            }
        }
        for value in ["\"b\"", "\"A\"", ",", ""] {
            case(ALL, &[(NONE_MATCH, value)], &tagged("\"a\""), Proceed);
        }
    }

    #[test]
    fn a_malformed_member_spares_what_would_be_overwritten() {
        for value in ["a", "\"b\", a", "*, \"b\""] {
            case(READS, &[(NONE_MATCH, value)], &tagged("\"a\""), Proceed);
            for current in [None, tagged("\"a\"")] {
                case(CHANGES, &[(NONE_MATCH, value)], &current, PreconditionFailed);
            }
        }
    }

    /// RFC 9110 section 13.1.3.
    #[test]
    fn if_modified_since_counts_for_reading_without_if_none_match() {
        case(READS, &[(MODIFIED_SINCE, EARLIER)], &dated(""), Proceed);
        case(READS, &[(MODIFIED_SINCE, DATE)], &dated(""), NotModified);
        case(READS, &[(MODIFIED_SINCE, LATER)], &dated(""), NotModified);
        case(
            READS,
            &[(MODIFIED_SINCE, "Tuesday, 14-Nov-23 22:12:20 GMT")],
            &dated(""),
            NotModified,
        );
        case(READS, &[(MODIFIED_SINCE, "Tue Nov 14 22:12:20 2023")], &dated(""), NotModified);
        case(CHANGES, &[(MODIFIED_SINCE, DATE)], &dated(""), Proceed);
        case(READS, &[(MODIFIED_SINCE, DATE)], &tagged("\"a\""), Proceed);
        case(READS, &[(MODIFIED_SINCE, DATE)], &None, Proceed);
        case(READS, &[(MODIFIED_SINCE, "0")], &dated(""), Proceed);
        case(READS, &[(MODIFIED_SINCE, DATE), (MODIFIED_SINCE, DATE)], &dated(""), Proceed);
        let with_tag = [(NONE_MATCH, "\"b\""), (MODIFIED_SINCE, DATE)];
        case(READS, &with_tag, &dated("\"a\""), Proceed);
    }

    /// RFC 9110 section 13.1.5.
    #[test]
    fn if_range_counts_for_get_with_range() {
        let get = &[Method::GET];
        let ignored = |value| [RANGE, (IF_RANGE, value)];
        case(get, &ignored("\"a\""), &dated("\"a\""), Proceed);
        case(get, &ignored(DATE), &dated("\"a\""), Proceed);
        case(get, &ignored("Tuesday, 14-Nov-23 22:12:20 GMT"), &dated(""), Proceed);
        case(get, &ignored("W/\"a\""), &dated("\"a\""), IgnoreRange);
        case(get, &ignored("W/\"a\""), &dated("W/\"a\""), IgnoreRange);
        for value in ["\"b\"", "*", "\"a\", \"a\"", "a", "", EARLIER, LATER] {
            case(get, &ignored(value), &dated("\"a\""), IgnoreRange);
        }
        let twice = [RANGE, (IF_RANGE, "\"a\""), (IF_RANGE, "\"a\"")];
        case(get, &twice, &dated("\"a\""), IgnoreRange);
        case(get, &ignored(DATE), &tagged("\"a\""), IgnoreRange);
        case(get, &ignored("\"a\""), &tagged(""), IgnoreRange);
        case(get, &ignored("\"a\""), &None, IgnoreRange);
        case(get, &[(IF_RANGE, "\"b\"")], &dated("\"a\""), Proceed);
        let others = &[Method::HEAD, Method::PUT, Method::POST];
        case(others, &ignored("\"b\""), &dated("\"a\""), Proceed);
    }

    #[test]
    fn if_range_takes_no_date_of_this_second() {
        let date = HttpDate::from_unix(MODIFIED);
        let fields = [RANGE, (IF_RANGE, DATE)];
        for (age, expected) in [(0, IgnoreRange), (1, Proceed), (-1, IgnoreRange)] {
            let current =
                Validators::new().with_last_modified(date, HttpDate::from_unix(MODIFIED + age));
            case(&[Method::GET], &fields, &Some(current), expected);
        }
    }

    /// The steps of RFC 9110 section 13.2.2, each in front of the next.
    #[test]
    fn conditions_are_evaluated_in_their_order() {
        let current = dated("\"a\"");
        let fails = [(NONE_MATCH, "\"a\""), (MATCH, "\"b\"")];
        case(ALL, &fails, &current, PreconditionFailed);
        let fails = [(MODIFIED_SINCE, DATE), (UNMODIFIED_SINCE, EARLIER)];
        case(ALL, &fails, &current, PreconditionFailed);
        let holds = [(NONE_MATCH, "\"a\""), (MATCH, "\"a\""), RANGE, (IF_RANGE, "\"b\"")];
        case(READS, &holds, &current, NotModified);
        case(CHANGES, &holds, &current, PreconditionFailed);
        let ranged = [(NONE_MATCH, "\"b\""), (MATCH, "\"a\""), RANGE, (IF_RANGE, "\"b\"")];
        case(&[Method::GET], &ranged, &current, IgnoreRange);
        let stale = [(MODIFIED_SINCE, DATE), RANGE, (IF_RANGE, "\"b\"")];
        case(READS, &stale, &current, NotModified);
    }

    /// The conditional rows of `TestServeContent` of Go's net/http.
    #[test]
    fn agrees_with_serve_content_of_go() {
        let get = &[Method::GET];
        case(get, &[(MODIFIED_SINCE, DATE)], &dated(""), NotModified);
        case(get, &[(MODIFIED_SINCE, DATE)], &tagged(""), Proceed);
        case(get, &[(NONE_MATCH, "\"foo\"")], &tagged("\"foo\""), NotModified);
        case(get, &[(NONE_MATCH, "\"baz\", W/\"foo\"")], &tagged("W/\"foo\""), NotModified);
        case(get, &[(NONE_MATCH, "\"Foo\"")], &tagged("\"foo\""), Proceed);
        case(get, &[(NONE_MATCH, ",")], &tagged("\"foo\""), Proceed);
        case(get, &[RANGE], &tagged("\"A\""), Proceed);
        case(get, &[RANGE, (IF_RANGE, "\"A\"")], &tagged("\"A\""), Proceed);
        case(get, &[RANGE, (IF_RANGE, "W/\"A\"")], &tagged("W/\"A\""), IgnoreRange);
        case(get, &[RANGE, (IF_RANGE, "\"A\"")], &tagged("\"B\""), IgnoreRange);
        case(get, &[RANGE, (IF_RANGE, DATE)], &dated(""), Proceed);
        case(get, &[RANGE, (IF_RANGE, LATER)], &dated(""), IgnoreRange);
        case(get, &[(MATCH, "\"Z\", \"A\"")], &tagged("\"A\""), Proceed);
        case(get, &[(MATCH, "*")], &tagged("\"A\""), Proceed);
        case(get, &[(MATCH, "\"B\"")], &tagged("\"A\""), PreconditionFailed);
        case(get, &[(MATCH, "W/\"A\"")], &tagged("W/\"A\""), PreconditionFailed);
        case(get, &[(UNMODIFIED_SINCE, DATE)], &dated(""), Proceed);
        case(get, &[(UNMODIFIED_SINCE, EARLIER)], &dated(""), PreconditionFailed);
    }

    #[test]
    fn a_304_keeps_what_section_15_4_5_wants() {
        let mut headers = HeaderMap::new();
        let kept = ["Cache-Control", "Content-Location", "Date", "Expires", "Vary", "Set-Cookie"];
        let gone = [
            "Content-Type",
            "content-length",
            "Content-Encoding",
            "Content-Language",
            "Content-Range",
            "Content-Digest",
            "Repr-Digest",
            "Trailer",
        ];
        for name in kept.into_iter().chain(gone).chain(["Last-Modified"]) {
            headers.append(name, "x").expect("a field");
        }
        strip_not_modified(&mut headers);
        let names = |headers: &HeaderMap| -> Vec<_> {
            headers.iter().map(|(name, _)| name.to_string()).collect()
        };
        assert_eq!(names(&headers), [&kept[..], &["Last-Modified"]].concat());
        headers.append("ETag", "\"a\"").expect("a field");
        strip_not_modified(&mut headers);
        assert_eq!(names(&headers), [&kept[..], &["ETag"]].concat());
    }

    #[test]
    fn outcomes_have_their_status() {
        let statuses = [Proceed, IgnoreRange, NotModified, PreconditionFailed]
            .map(|outcome| outcome.status().map(|status| status.as_u16()));
        assert_eq!(statuses, [None, None, Some(304), Some(412)]);
    }
}

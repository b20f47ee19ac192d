//! Whether a response is compressed, and how: one function that walks the table of
//! [`Compression`](super::Compression) in its order.

use super::Compression;
use crate::coding::Format;
use crate::field::{CacheControl, ETag, ETagList, MediaType};
use crate::header::{self, HeaderMap};
use crate::message::{Request, Response};
use crate::method::Method;
use crate::negotiate::AcceptEncoding;
use crate::status::StatusCode;
use crate::syntax::parse_decimal;

/// What happens to a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// It is sent as it is, whatever the client accepts.
    Leave,
    /// It is sent as it is because of what the client accepts.
    Identity,
    /// It says that what the client has, and may have compressed, is still good. `weak` if the client knows it by a
    /// weak tag.
    NotModified { weak: bool },
    /// Its content is encoded.
    Encode(Plan),
}

/// How content is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) format: Format,
    /// Whether the client refuses the content as it is.
    pub(super) must_encode: bool,
    /// The length of the content, if known.
    pub(super) len: Option<u64>,
}

/// Decides what happens to a response.
pub(super) fn decide(compression: Compression, request: &Request, response: &Response) -> Decision {
    let (method, status, headers) = (request.method(), response.status(), response.headers());
    if has_no_content(method, status) || is_final(headers) {
        return Decision::Leave;
    }
    if status == StatusCode::NOT_MODIFIED {
        return not_modified(request.headers(), headers);
    }
    if status == StatusCode::PARTIAL_CONTENT {
        return part(headers);
    }
    if headers.contains_key(header::CONTENT_RANGE) {
        return Decision::Leave;
    }
    let Ok(len) = content_length(method, response) else {
        return Decision::Leave;
    };
    if len.is_some_and(|len| len < compression.min_len.max(1)) || !is_compressible(headers) {
        return Decision::Leave;
    }
    match acceptable(request.headers()) {
        None => Decision::Identity,
        Some((format, must_encode)) => Decision::Encode(Plan { format, must_encode, len }),
    }
}

fn has_no_content(method: Method, status: StatusCode) -> bool {
    method == Method::CONNECT
        || status.is_informational()
        || matches!(status, StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT)
}

/// Returns whether the content is encoded already, or must stay as it is.
fn is_final(headers: &HeaderMap) -> bool {
    headers.contains_key(header::CONTENT_ENCODING)
        || CacheControl::from_headers(headers).no_transform()
}

fn is_compressible(headers: &HeaderMap) -> bool {
    media_type(headers).is_some_and(|it| it.compressible())
}

fn media_type(headers: &HeaderMap) -> Option<MediaType<'_>> {
    MediaType::from_headers(headers).ok().flatten()
}

/// A 206 has the Vary that the 200 would have had
/// ([RFC 9110 §15.3.7](https://www.rfc-editor.org/rfc/rfc9110#section-15.3.7)). Of what type the whole is, several
/// parts do not say; to vary in vain does no harm.
fn part(headers: &HeaderMap) -> Decision {
    let may_vary =
        media_type(headers).is_some_and(|it| it.compressible() || it.is("multipart/byteranges"));
    if may_vary { Decision::Identity } else { Decision::Leave }
}

/// The length of the content as it is. An error is a Content-Length that cannot be sent, which is for
/// others to report.
fn content_length(method: Method, response: &Response) -> Result<Option<u64>, ()> {
    let len = response.body().len();
    let mut values = response.headers().get_all(header::CONTENT_LENGTH);
    let Some(first) = values.next() else {
        return Ok(len);
    };
    let declared = parse_decimal(first).map_err(drop)?;
    let is_empty_head = method == Method::HEAD && len == Some(0);
    if values.all(|value| value == first)
        && (is_empty_head || len.is_none_or(|len| len == declared))
    {
        Ok(Some(declared))
    } else {
        Err(())
    }
}

/// The format that the client wants more than none, and whether it refuses to have none. gzip comes first however
/// much deflate is wanted: there are clients that take the latter for the format without a header.
fn acceptable(headers: &HeaderMap) -> Option<(Format, bool)> {
    let accept = AcceptEncoding::from_headers(headers);
    let identity = accept.quality("identity");
    let (format, quality) = match (accept.quality("gzip"), accept.quality("deflate")) {
        (0, deflate) => (Format::Deflate, deflate),
        (gzip, _) => (Format::Gzip, gzip),
    };
    (quality > 0 && quality >= identity).then_some((format, identity == 0))
}

/// A 304 has the ETag and the Vary that the 200 would have had
/// ([RFC 9110 §15.4.5](https://www.rfc-editor.org/rfc/rfc9110#section-15.4.5)); by a strong tag a cache finds
/// nothing that it stored with a weak one
/// ([RFC 9111 §4.3.4](https://www.rfc-editor.org/rfc/rfc9111#section-4.3.4)). Whether the 200 would have been
/// compressed a 304 does not say; what the client has, was, if its tag is the weak form of the handler's.
fn not_modified(request: &HeaderMap, headers: &HeaderMap) -> Decision {
    let Some(etag) = headers.get(header::ETAG) else {
        return Decision::Leave;
    };
    let known = ETagList::from_headers(request, header::IF_NONE_MATCH);
    let weak = ETag::parse(etag).is_ok_and(|etag| {
        let weak = etag.to_weak();
        known.is_some_and(|known| known.tags().contains(&weak))
    });
    Decision::NotModified { weak }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Body;
    use std::io;

    /// A request with fields, a line each.
    fn request(method: Method, fields: &str) -> Request {
        let target = if method == Method::CONNECT { "a:80" } else { "/" };
        let mut request = Request::new(method, target).unwrap();
        for line in fields.lines() {
            let (name, value) = line.split_once(": ").unwrap();
            request.headers_mut().append(name, value).unwrap();
        }
        request
    }

    fn response(status: u16, fields: &str, body: Body) -> Response {
        let status = StatusCode::from_u16(status).unwrap();
        fields.lines().fold(Response::new(status).with_body(body), |response, line| {
            let (name, value) = line.split_once(": ").unwrap();
            response.with_header(name, value).unwrap()
        })
    }

    fn page() -> Response {
        response(200, "Content-Type: text/html", vec![b'x'; 2000].into())
    }

    const GZIP: &str = "Accept-Encoding: gzip";

    #[track_caller]
    fn decides(request: &Request, response: &Response) -> Decision {
        decide(Compression::DEFAULT, request, response)
    }

    #[track_caller]
    fn is_left(status: u16, fields: &str, body: impl Into<Body>) {
        let response = response(status, fields, body.into());
        let decision = decides(&request(Method::GET, GZIP), &response);
        assert_eq!(decision, Decision::Leave, "{status} {fields}");
    }

    #[track_caller]
    fn is_encoded(status: u16, fields: &str, body: impl Into<Body>, len: Option<u64>) {
        let response = response(status, fields, body.into());
        let decision = decides(&request(Method::GET, GZIP), &response);
        let plan = Plan { format: Format::Gzip, must_encode: false, len };
        assert_eq!(decision, Decision::Encode(plan), "{status} {fields}");
    }

    const HTML: &str = "Content-Type: text/html";

    #[test]
    fn content_of_any_status_is_encoded_if_it_is_whole() {
        for status in [200, 201, 203, 300, 404, 500, 599] {
            is_encoded(status, HTML, vec![0; 2000], Some(2000));
        }
        for status in [100, 101, 103, 204, 205] {
            is_left(status, HTML, vec![0; 2000]);
        }
        is_left(200, "Content-Type: text/html\nContent-Range: bytes 0-1999/9000", vec![0; 2000]);
        is_left(416, "Content-Type: text/html\nContent-Range: bytes */9", vec![0; 2000]);
        let tunnel = decides(&request(Method::CONNECT, GZIP), &page());
        assert_eq!(tunnel, Decision::Leave);
    }

    #[test]
    fn a_part_says_that_the_whole_depends_on_what_is_accepted() {
        for (media_type, expected) in [
            ("text/html", Decision::Identity),
            ("multipart/byteranges; boundary=x", Decision::Identity),
            ("video/mp4", Decision::Leave),
        ] {
            let fields = format!("Content-Type: {media_type}\nContent-Range: bytes 0-1/9000");
            for accepted in [GZIP, ""] {
                let part = response(206, &fields, vec![0; 2].into());
                let decision = decides(&request(Method::GET, accepted), &part);
                assert_eq!(decision, expected, "{media_type}");
            }
        }
        is_left(206, &format!("{HTML}\nCache-Control: no-transform"), vec![0; 2000]);
    }

    #[test]
    fn what_is_encoded_stays() {
        for coding in ["gzip", "br", "identity", ""] {
            is_left(200, &format!("{HTML}\nContent-Encoding: {coding}"), vec![0; 2000]);
        }
    }

    #[test]
    fn who_forbids_a_transformation_is_obeyed() {
        for value in ["no-transform", "max-age=5, No-Transform", "no-transform=1"] {
            is_left(200, &format!("{HTML}\nCache-Control: {value}"), vec![0; 2000]);
        }
        is_encoded(200, &format!("{HTML}\nCache-Control: no-store"), vec![0; 2000], Some(2000));
    }

    #[test]
    fn short_content_stays() {
        is_left(200, HTML, vec![0; 1023]);
        is_encoded(200, HTML, vec![0; 1024], Some(1024));
        is_left(200, HTML, Body::empty());
        is_left(200, HTML, Body::reader(io::empty(), Some(1023)));
        is_encoded(200, HTML, Body::reader(io::empty(), Some(1024)), Some(1024));
        is_left(200, HTML, Body::upgrade(|_| Ok(())));
        let eager = Compression::DEFAULT.min_len(0);
        let empty = response(200, HTML, Body::empty());
        assert_eq!(decide(eager, &request(Method::GET, GZIP), &empty), Decision::Leave);
    }

    #[test]
    fn content_of_unknown_length_is_encoded() {
        is_encoded(200, HTML, Body::reader(io::empty(), None), None);
        is_encoded(200, HTML, Body::writer(|_| Ok(())), None);
    }

    #[test]
    fn a_content_length_counts_unless_it_is_wrong() {
        let with = |len: &str| format!("{HTML}\nContent-Length: {len}");
        is_encoded(200, &with("2000"), vec![0; 2000], Some(2000));
        is_encoded(200, &with("2000"), Body::writer(|_| Ok(())), Some(2000));
        is_left(200, &with("10"), Body::writer(|_| Ok(())));
        is_left(200, &with("2001"), vec![0; 2000]);
        is_left(200, &with("x"), vec![0; 2000]);
        is_left(200, &format!("{}\nContent-Length: 3", with("2000")), Body::writer(|_| Ok(())));
    }

    #[test]
    fn only_types_that_are_worth_it_are_encoded() {
        for value in ["text/plain;charset=utf-8", "application/json", "image/svg+xml", "TEXT/CSS"] {
            is_encoded(200, &format!("Content-Type: {value}"), vec![0; 2000], Some(2000));
        }
        for value in ["image/png", "application/zip", "application/octet-stream", "nonsense", ""] {
            is_left(200, &format!("Content-Type: {value}"), vec![0; 2000]);
        }
        is_left(200, "Content-Type: text/event-stream", Body::writer(|_| Ok(())));
        is_left(200, "X: y", vec![0; 2000]);
        is_left(200, "Content-Type: text/html\nContent-Type: image/png", vec![0; 2000]);
    }

    #[track_caller]
    fn accepts(value: &str, expected: Option<(Format, bool)>) {
        let expected = expected.map_or(Decision::Identity, |(format, must_encode)| {
            Decision::Encode(Plan { format, must_encode, len: Some(2000) })
        });
        let fields = format!("Accept-Encoding: {value}");
        assert_eq!(decides(&request(Method::GET, &fields), &page()), expected, "{value:?}");
    }

    #[test]
    fn the_client_has_the_choice() {
        let (gzip, deflate) = (Some((Format::Gzip, false)), Some((Format::Deflate, false)));
        accepts("gzip", gzip);
        accepts("X-GZip", gzip);
        accepts("br, zstd, gzip;q=0.1, deflate", gzip);
        accepts("*", gzip);
        accepts("gzip;q=0.001, identity;q=0.001", gzip);
        accepts("gzip, identity", gzip);
        accepts("deflate", deflate);
        accepts("gzip;q=0, *", deflate);
        accepts("deflate, gzip;q=0", deflate);
        accepts("", None);
        accepts("br", None);
        accepts("identity", None);
        accepts("gzip;q=0", None);
        accepts("*;q=0", None);
        accepts("identity, gzip;q=0.5", None);
        accepts("identity;q=0.5, *;q=0.4", None);
        assert_eq!(decides(&request(Method::GET, ""), &page()), Decision::Identity);
    }

    #[test]
    fn a_client_may_refuse_identity() {
        accepts("gzip, identity;q=0", Some((Format::Gzip, true)));
        accepts("gzip, *;q=0", Some((Format::Gzip, true)));
        accepts("deflate, *;q=0", Some((Format::Deflate, true)));
        // What is left is what cannot be had, or nothing: the content as it is is better than none.
        accepts("identity;q=0", None);
        accepts("br, *;q=0", None);
    }

    #[test]
    fn head_is_decided_like_get() {
        let head = request(Method::HEAD, GZIP);
        let plan = Plan { format: Format::Gzip, must_encode: false, len: Some(2000) };
        assert_eq!(decides(&head, &page()), Decision::Encode(plan));
        // By its fields, if they are all there is.
        let fields = format!("{HTML}\nContent-Length: 2000");
        let bare = response(200, &fields, Body::empty());
        assert_eq!(decides(&head, &bare), Decision::Encode(plan));
        assert_eq!(decides(&head, &response(200, HTML, Body::empty())), Decision::Leave);
        assert_eq!(decides(&request(Method::GET, GZIP), &bare), Decision::Leave);
    }

    #[track_caller]
    fn is_not_modified(known: &str, fields: &str, expected: Decision) {
        let request = request(Method::GET, &format!("{GZIP}\nIf-None-Match: {known}"));
        assert_eq!(decides(&request, &response(304, fields, Body::empty())), expected);
    }

    #[test]
    fn a_304_repeats_the_tag_that_the_client_has() {
        let (weak, strong) =
            (Decision::NotModified { weak: true }, Decision::NotModified { weak: false });
        is_not_modified(r#"W/"a""#, r#"ETag: "a""#, weak);
        is_not_modified(r#""b", W/"a""#, r#"ETag: "a""#, weak);
        is_not_modified(r#"W/"a""#, r#"ETag: W/"a""#, weak);
        is_not_modified(r#""a""#, r#"ETag: "a""#, strong);
        is_not_modified(r#"W/"b""#, r#"ETag: "a""#, strong);
        is_not_modified("*", r#"ETag: "a""#, strong);
        is_not_modified(r#"W/"a""#, "Date: x", Decision::Leave);
        let whole = "ETag: \"a\"\nCache-Control: no-transform";
        is_not_modified(r#"W/"a""#, whole, Decision::Leave);
    }
}

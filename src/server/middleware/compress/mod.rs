//! Compression of responses: a value that says how, a decision, and what follows from it.
//!
//! All of it turns a response that is a value into another one. The streams that take the place of the body's own
//! compress when they are read from or written to, which is when the response is sent.

mod decide;
mod stream;

use std::io;

use crate::coding::{self, Format, Level};
use crate::field::{ETag, Vary};
use crate::header::{self, HeaderError, HeaderMap, HeaderName};
use crate::message::{Body, IntoResponse, Request, Response};
use crate::method::Method;
use crate::server::{Handler, Middleware};
use crate::setters::setters;
use crate::status::StatusCode;

use decide::{Decision, Plan};

/// Bytes and files of up to this many bytes are compressed before the head is sent, which then says how long the content is; at the
/// default level that takes less than a millisecond. What is longer is compressed while it is sent.
const AT_ONCE: u64 = 256 << 10;

/// Compresses responses with gzip or, for clients that accept nothing else, with deflate: a [`Middleware`].
///
/// | setting | default | what it is |
/// |---|---|---|
/// | [`level`](Self::level) | [`Level::FAST`] | how hard it tries, for every response anew: [`Level::DEFAULT`] takes two to four times as long for an eighth to a fifth less |
/// | [`min_len`](Self::min_len) | 1,024 | bytes of content below which it is not worth it: with its head that is one packet, and less than a packet cannot be sent |
///
/// # When to leave it off
///
/// The length of compressed content says something about the content, to everyone who sees the connection and
/// even if that is encrypted. A page that has a secret in it (a token against forged requests, say) and also text from
/// the request gets shorter when that text guesses the secret right, and a script elsewhere can try as often as it
/// likes. The attack is known as BREACH, and no server can tell such a page from others. So compression has to be
/// asked for; and a page of that kind says `Cache-Control: no-transform`, or `Content-Encoding: identity`, which
/// is not sent.
///
/// # What is compressed
///
/// The first row that fits decides.
///
/// | response | content | `Vary: Accept-Encoding` |
/// |---|---|---|
/// | 1xx, 204, 205, or to CONNECT | | |
/// | with Content-Encoding, or `Cache-Control: no-transform` | as it is | |
/// | 304 | | added if there is an ETag |
/// | 206 | as it is | added if the type is compressible, or `multipart/byteranges` |
/// | with Content-Range | as it is | |
/// | shorter than [`min_len`](Self::min_len) | as it is | |
/// | without Content-Type, or one that is not [`compressible`](crate::MediaType::compressible), `text/event-stream` among them | as it is | |
/// | to a client that does not want gzip or deflate, or wants `identity` more | as it is | added |
/// | bytes or a file, up to 256 KiB, that do not get smaller | as they are, unless the client refuses `identity` | added |
/// | bytes or a file, up to 256 KiB | compressed, with Content-Length | added |
/// | all else | compressed while it is sent, without Content-Length | added |
///
/// A client without Accept-Encoding wants nothing compressed
/// ([`AcceptEncoding`](crate::negotiate::AcceptEncoding)). HEAD gets the fields that GET gets.
///
/// # What becomes of the fields
///
/// What describes other bytes than those that are sent is taken away: Content-Length, Accept-Ranges, Content-MD5, and
/// the digests, from the trailers too, all of which are taken after the content coding
/// ([RFC 9530 §2](https://www.rfc-editor.org/rfc/rfc9530#section-2),
/// [§3](https://www.rfc-editor.org/rfc/rfc9530#section-3)). A strong ETag becomes
/// [weak](crate::field::ETag::to_weak), since two sequences of bytes share it now
/// ([RFC 9110 §8.8.1](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.1)). It still matches in If-None-Match, and the
/// 304 repeats it as the client knows it, without what describes other bytes; in If-Match and If-Range it does not
/// match, so a client that wants a tag for those asks for `identity`.
///
/// # How it is sent
///
/// What a reader yields is compressed piece by piece, 64 KiB at most, and each can be decoded as soon as it is
/// sent; a reader of many small pieces is compressed less well. What is written to a
/// [`BodyWriter`](crate::message::BodyWriter) can be decoded after its `flush`. If the body fails, or is not as
/// long as was said, the compressed stream has no end, and the response none either; a file that
/// is compressed before its head is sent becomes a 500 instead.
///
/// While it is sent, a compressed response takes less than 1 MB beside what the body itself takes, a third of that as
/// a rule. A client that reads slowly keeps it waiting: [`Limits::connections`](crate::server::Limits::connections) says how
/// many can do that.
///
/// # Examples
///
/// ```
/// use nethttp::Request;
/// use nethttp::coding::Level;
/// use nethttp::server::{Compression, Handler};
///
/// const SMALL: Compression = Compression::DEFAULT.level(Level::DEFAULT).min_len(256);
///
/// let app = (|_: &mut Request| "hello ".repeat(50)).wrap(SMALL);
///
/// let mut request = Request::default();
/// request.headers_mut().append("Accept-Encoding", "gzip")?;
/// assert_eq!(app.handle(&mut request).header("Content-Encoding"), Some("gzip"));
/// # Ok::<(), nethttp::header::HeaderError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Compression {
    /// How hard it tries.
    pub level: Level,
    /// Bytes of content below which it does not try.
    pub min_len: u64,
}

impl Compression {
    /// The defaults of the table above.
    pub const DEFAULT: Self = Self { level: Level::FAST, min_len: 1024 };

    setters! { "nethttp::server::Compression":
        /// Sets how hard it tries.
        level: Level = "nethttp::coding::Level::DEFAULT";
        /// Sets the bytes of content below which it does not try.
        min_len: u64 = "256";
    }
}

impl Default for Compression {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// What says something about the bytes of the content that is no longer true of the compressed ones.
const OUTDATED: [HeaderName; 4] =
    [header::ACCEPT_RANGES, header::CONTENT_DIGEST, header::CONTENT_LENGTH, header::REPR_DIGEST];
/// As above; they have no constant since nothing new should send them.
const OUTDATED_OLD: [&str; 2] = ["Content-MD5", "Digest"];

impl Middleware for Compression {
    fn handle(&self, request: &mut Request, next: &dyn Handler) -> Response {
        let mut response = next.handle(request);
        apply(*self, request, &mut response);
        response
    }
}

/// Makes of a handler's response what the client gets.
fn apply(compression: Compression, request: &Request, response: &mut Response) {
    let added = match decide::decide(compression, request, response) {
        Decision::Leave => {
            unsay_identity(response.headers_mut());
            Ok(())
        }
        Decision::Identity => Vary::add(response.headers_mut(), header::ACCEPT_ENCODING),
        Decision::NotModified { weak } => {
            if weak {
                weaken(response.headers_mut());
                drop_outdated(response.headers_mut());
            }
            Vary::add(response.headers_mut(), header::ACCEPT_ENCODING)
        }
        Decision::Encode(plan) => encode(compression.level, &plan, request.method(), response),
    };
    // If there is no room for a field more, the content is sent as it is.
    let _ = added;
}

/// Encodes the content and corrects the fields; an error leaves both as they were, or more careful.
fn encode(
    level: Level,
    plan: &Plan,
    method: Method,
    response: &mut Response,
) -> Result<(), HeaderError> {
    if let Err(error) = response.body_mut().load_file(AT_ONCE) {
        // Nothing has been sent yet that would have to be broken off.
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        *response = status.into_response().in_place_of(response).with_cause(error);
        return Ok(());
    }
    Vary::add(response.headers_mut(), header::ACCEPT_ENCODING)?;
    let is_short = response.body().len().is_some_and(|len| len <= AT_ONCE);
    let at_once = response.body().as_bytes().filter(|_| is_short);
    let at_once = match at_once {
        // All that is there of the answer to HEAD may be its fields.
        None | Some([]) => None,
        Some(bytes) => {
            let encoded = coding::encode(plan.format, bytes, level);
            if encoded.len() >= bytes.len() && !plan.must_encode {
                return Ok(());
            }
            Some(encoded)
        }
    };
    let headers = response.headers_mut();
    headers.append(header::CONTENT_ENCODING, name(plan.format))?;
    weaken(headers);
    drop_outdated(headers);
    let body = response.body_mut().take();
    *response.body_mut() = match at_once {
        Some(encoded) => encoded.into(),
        // It will not be read.
        None if method == Method::HEAD => Body::reader(io::empty(), None),
        None => stream::encoded(body, plan, level),
    };
    Ok(())
}

/// Takes away what is true of the content as it was, from the fields or the trailers.
fn drop_outdated(headers: &mut HeaderMap) {
    for name in OUTDATED {
        headers.remove(name);
    }
    for name in OUTDATED_OLD {
        headers.remove(name);
    }
}

/// The name of a content coding, [RFC 9110 §8.4.1](https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1).
const fn name(format: Format) -> &'static str {
    match format {
        Format::Gzip => "gzip",
        _ => "deflate",
    }
}

/// Makes a strong entity tag weak. One that is malformed stays: no condition matches it.
fn weaken(headers: &mut HeaderMap) {
    let weak = headers.get(header::ETAG).and_then(|tag| ETag::parse(tag).ok()).map(|tag| {
        let weak = tag.to_weak();
        weak.as_bytes().to_vec()
    });
    if let Some(weak) = weak
        && headers.insert(header::ETAG, weak).is_err()
    {
        headers.remove(header::ETAG);
    }
}

/// Takes away a Content-Encoding that says no more than that there is none, and should not be sent
/// ([RFC 9110 §8.4.1](https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1)).
fn unsay_identity(headers: &mut HeaderMap) {
    let says_something = |value: &[u8]| !value.eq_ignore_ascii_case(b"identity");
    if !headers.get_all(header::CONTENT_ENCODING).any(says_something) {
        headers.remove(header::CONTENT_ENCODING);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coding::{Limits, decode};
    use std::io::Read;

    fn applied(accept: &str, method: Method, mut response: Response) -> Response {
        let mut request = Request::new(method, "/").unwrap();
        request.headers_mut().append("Accept-Encoding", accept).unwrap();
        apply(Compression::DEFAULT, &request, &mut response);
        response
    }

    fn page(body: impl Into<Body>) -> Response {
        let response = Response::new(StatusCode::OK).with_body(body);
        response.with_header("Content-Type", "text/plain").unwrap()
    }

    /// Text that gets smaller, more than can be encoded at once if `repeats` is.
    fn text(repeats: usize) -> Vec<u8> {
        [&[b'a'; 1000][..], b"and more\n", &[b'b'; 1000]].concat().repeat(repeats)
    }

    /// Bytes that do not.
    fn noise(len: usize) -> Vec<u8> {
        let mut state = 7_u32;
        let step = |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        };
        (0..len).map(step).collect()
    }

    #[track_caller]
    fn decoded(format: Format, response: Response) -> Vec<u8> {
        decode(format, &response.bytes().unwrap(), &Limits::unlimited()).unwrap()
    }

    #[test]
    fn bytes_are_encoded_at_once_with_their_length() {
        for (accept, coding, format) in
            [("gzip", "gzip", Format::Gzip), ("deflate", "deflate", Format::Zlib)]
        {
            let response = applied(accept, Method::GET, page(text(10)));
            assert_eq!(response.header("Content-Encoding"), Some(coding));
            assert_eq!(response.header("Vary"), Some("Accept-Encoding"));
            assert!(response.body().len().unwrap() < 10_000);
            assert_eq!(decoded(format, response), text(10));
        }
    }

    #[test]
    fn bytes_that_do_not_get_smaller_stay() {
        let response = applied("gzip", Method::GET, page(noise(5000)));
        assert_eq!(response.header("Content-Encoding"), None);
        assert_eq!(response.header("Vary"), Some("Accept-Encoding"));
        assert_eq!(response.bytes().unwrap(), noise(5000));
        // Unless the client will not have them so.
        let response = applied("gzip, identity;q=0", Method::GET, page(noise(5000)));
        assert_eq!(response.header("Content-Encoding"), Some("gzip"));
        assert_eq!(decoded(Format::Gzip, response), noise(5000));
    }

    /// A body of a file with that content, of which so many bytes are announced. The file has no name any more.
    fn file(name: &str, content: &[u8], len: u64) -> Body {
        let path = std::env::temp_dir().join(format!("nethttp-{}-{name}", std::process::id()));
        std::fs::write(&path, content).unwrap();
        let file = std::fs::File::open(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        Body::file(file, 0..len)
    }

    #[test]
    fn a_short_file_is_like_bytes() {
        let response = applied("gzip", Method::GET, page(file("short", &text(10), 20_000)));
        assert!(response.body().len().unwrap() < 10_000);
        assert_eq!(decoded(Format::Gzip, response), text(10)[..20_000]);
        let response = applied("gzip", Method::GET, page(file("noise", &noise(5000), 5000)));
        assert_eq!(response.header("Content-Encoding"), None);
        assert_eq!(response.bytes().unwrap(), noise(5000));
    }

    #[test]
    fn a_file_that_is_shorter_than_was_said_is_the_servers_error() {
        let response = applied("gzip", Method::GET, page(file("shrunk", &text(1), 5000)));
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.header("Content-Encoding"), None);
        let cause = response.cause().map(ToString::to_string);
        assert_eq!(cause.as_deref(), Some("expected more of the file, found its end"));
    }

    #[test]
    fn who_waits_for_a_response_that_fails_waits_for_the_error() {
        let body = file("waited-for", &text(1), 5000);
        let mut response = applied("gzip", Method::GET, page(body).on_sent(|_| {}));
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(format!("{:?}", response.take_when_sent()), "WhenSent(1)");
    }

    #[test]
    fn all_else_is_encoded_while_it_is_read() {
        let many = usize::try_from(AT_ONCE).unwrap() / 2000 + 10;
        let len = u64::try_from(text(many).len()).unwrap();
        let reader = |len| Body::reader(io::Cursor::new(text(many)), len);
        for body in [text(many).into(), reader(Some(len)), reader(None)] {
            let response = applied("gzip", Method::GET, page(body));
            assert_eq!(response.body().len(), None);
            assert_eq!(decoded(Format::Gzip, response), text(many));
        }
    }

    #[test]
    fn what_was_read_of_the_bytes_is_not_sent() {
        let mut body = Body::from(text(3));
        body.read_exact(&mut [0; 100]).unwrap();
        let response = applied("gzip", Method::GET, page(body));
        assert_eq!(decoded(Format::Gzip, response), text(3)[100..]);
    }

    #[test]
    fn fields_that_are_no_longer_true_go() {
        let fields = [
            ("Accept-Ranges", "bytes"),
            ("Content-Digest", "sha-256=:AA==:"),
            ("Content-Length", "2009"),
            ("Content-MD5", "AA=="),
            ("digest", "md5=AA=="),
            ("ETag", "\"v1\""),
            ("Repr-Digest", "sha-256=:AA==:"),
            ("Last-Modified", "Tue, 14 Nov 2023 22:12:20 GMT"),
            ("Vary", "Accept"),
        ];
        let whole = || {
            fields
                .iter()
                .fold(page(text(1)), |page, (name, value)| page.with_header(name, value).unwrap())
        };
        let response = applied("gzip", Method::GET, whole());
        let rest: Vec<_> = response.headers().iter().collect();
        let expected = [
            ("Content-Type", &b"text/plain"[..]),
            ("ETag", b"W/\"v1\""),
            ("Last-Modified", b"Tue, 14 Nov 2023 22:12:20 GMT"),
            ("Vary", b"Accept, Accept-Encoding"),
            ("Content-Encoding", b"gzip"),
        ];
        assert_eq!(rest, expected);
        // They stay with the content that they describe.
        let response = applied("br", Method::GET, whole());
        assert_eq!(response.headers().len(), fields.len() + 1);
        assert_eq!(response.header("Vary"), Some("Accept, Accept-Encoding"));
        assert_eq!(response.header("ETag"), Some("\"v1\""));
    }

    #[test]
    fn a_304_says_what_is_true_of_what_the_client_has() {
        let fields = ["Accept-Ranges", "Content-Length", "Content-Digest", "Digest", "Date"];
        for (known, etag, kept) in
            [("W/\"a\"", "W/\"a\"", &fields[4..]), ("\"a\"", "\"a\"", &fields)]
        {
            let mut request = Request::new(Method::GET, "/").unwrap();
            request.headers_mut().append("If-None-Match", known).unwrap();
            let mut response = Response::new(StatusCode::NOT_MODIFIED);
            for name in fields {
                response.headers_mut().append(name, "1").unwrap();
            }
            response.headers_mut().append("ETag", "\"a\"").unwrap();
            apply(Compression::DEFAULT, &request, &mut response);
            let names: Vec<_> =
                response.headers().iter().map(|(name, _)| name.to_string()).collect();
            assert_eq!(names, [kept, &["ETag", "Vary"]].concat(), "{known}");
            assert_eq!(response.header("ETag"), Some(etag));
        }
    }

    #[test]
    fn vary_is_not_repeated_and_a_star_is_enough() {
        for value in ["*", "accept-encoding", "Origin, Accept-Encoding"] {
            for accept in ["gzip", "br"] {
                let page = page(text(1)).with_header("Vary", value).unwrap();
                let response = applied(accept, Method::GET, page);
                assert_eq!(response.header("Vary"), Some(value));
            }
        }
    }

    #[test]
    fn head_gets_the_fields_of_get() {
        let many = usize::try_from(AT_ONCE).unwrap() / 2000 + 10;
        for body in [text(1), text(many), noise(5000)] {
            let get = applied("gzip", Method::GET, page(body.clone()));
            let head = applied("gzip", Method::HEAD, page(body));
            assert!(get.headers().iter().eq(head.headers().iter()));
            assert_eq!(get.body().len(), head.body().len());
        }
        let bare = page(Body::empty()).with_header("Content-Length", "2000").unwrap();
        let head = applied("gzip", Method::HEAD, bare);
        assert_eq!(head.header("Content-Encoding"), Some("gzip"));
        assert_eq!((head.header("Content-Length"), head.body().len()), (None, None));
    }

    #[test]
    fn an_encoding_is_never_doubled_and_identity_not_said() {
        let with = |coding| page(text(1)).with_header("Content-Encoding", coding).unwrap();
        let response = applied("gzip", Method::GET, with("gzip"));
        assert_eq!(response.header("Content-Encoding"), Some("gzip"));
        assert_eq!(response.header("Vary"), None);
        assert_eq!(response.bytes().unwrap(), text(1));
        let response = applied("gzip", Method::GET, with("Identity"));
        assert_eq!(response.headers().len(), 1);
        assert_eq!(response.bytes().unwrap(), text(1));
    }

    #[test]
    fn a_map_without_room_leaves_the_content_alone() {
        use crate::header;
        for room in 0..3 {
            let limits = header::Limits::DEFAULT.fields(1 + room);
            let mut response = page(text(1));
            let mut headers = HeaderMap::with_limits(limits);
            headers.append_all(response.headers()).unwrap();
            *response.headers_mut() = headers;
            let response = applied("gzip", Method::GET, response);
            let is_encoded = response.header("Content-Encoding").is_some();
            assert_eq!(is_encoded, room == 2);
            assert_eq!(response.bytes().unwrap() == text(1), !is_encoded);
        }
    }
}

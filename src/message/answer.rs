//! From the whole of something to what a request wants of it.

use alloc::string::ToString;

use super::{Body, IntoResponse, Request, Response};
use crate::field::conditional::{self, Outcome, Validators};
use crate::field::{AcceptRanges, ContentRange, Range, RangeParts, RangeSelection};
#[cfg(feature = "std")]
use crate::field::{Boundary, ByteRanges, MediaType};
use crate::header::{self, HeaderName};
use crate::method::Method;
use crate::status::StatusCode;

/// What a refusal must not have of the 200 that it stands for, besides the description of the content: a
/// cache could take it for that, and a browser save it under its name.
const OF_THE_WHOLE: [HeaderName; 7] = [
    header::CACHE_CONTROL,
    header::CDN_CACHE_CONTROL,
    header::CONTENT_DISPOSITION,
    header::CONTENT_LOCATION,
    header::ETAG,
    header::EXPIRES,
    header::LAST_MODIFIED,
];

impl Response {
    /// Makes of a response that has the whole of something what a GET or HEAD wants of it: the news that
    /// its copy is still good, or the parts that it lacks.
    ///
    /// The response is given as it would be without conditions and ranges, and `current` says which state
    /// of the thing it shows. What becomes of it is decided by [`conditional::evaluate`] and
    /// [`Range::resolve`]:
    ///
    /// | status | content | fields |
    /// |---|---|---|
    /// | 200 | the whole | with `ETag` and `Last-Modified` from `current`, and `Accept-Ranges` |
    /// | 206 | one part, or several in frames | with `Content-Range`, or the type of the frames |
    /// | 304 | none | without those that describe content |
    /// | 412 | a line that says so | without those, and without what caches go by |
    /// | 416 | a line that says so | as for 412, with `Content-Range` |
    ///
    /// Parts can be had of bytes and files. A reader and a body that writes itself are sent whole, and so
    /// is a response that says `Accept-Ranges: none`. Several parts need the feature `std`, which has the
    /// random numbers for their boundary; without it the whole is sent, which is never wrong.
    ///
    /// A status other than 200 is left alone, since conditions count only where the answer would be a
    /// success ([RFC 9110 §13.2.1](https://www.rfc-editor.org/rfc/rfc9110#section-13.2.1)). So are other
    /// methods: what they do has been done by now. Ask [`conditional::evaluate`] before it is.
    ///
    /// A field for which the response has no room ([`Limits`](crate::header::Limits)) is left out, and a part
    /// that cannot be described is not cut.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::ETag;
    /// use nethttp::field::conditional::Validators;
    /// use nethttp::message::IntoResponse;
    /// use nethttp::{Method, Request, Response};
    ///
    /// fn greeting(request: &Request) -> Result<Response, Box<dyn std::error::Error>> {
    ///     let current = Validators::new().with_etag(ETag::strong(b"v1")?);
    ///     Ok("hello, world\n".into_response().answering(request, &current))
    /// }
    ///
    /// let mut request = Request::new(Method::GET, "/")?;
    /// request.headers_mut().append("Range", "bytes=-6")?;
    /// let response = greeting(&request)?;
    /// assert_eq!(response.status().as_u16(), 206);
    /// assert_eq!(response.header("Content-Range"), Some("bytes 7-12/13"));
    /// assert_eq!(response.text()?, "world\n");
    ///
    /// request.headers_mut().append("If-None-Match", "\"v1\"")?;
    /// assert_eq!(greeting(&request)?.status().as_u16(), 304);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// A file:
    ///
    /// ```
    /// use nethttp::field::conditional::Validators;
    /// use nethttp::{Body, Request, Response, StatusCode};
    /// use std::fs::File;
    /// use std::time::SystemTime;
    ///
    /// fn manifest(request: &Request) -> std::io::Result<Response> {
    ///     let file = File::open("Cargo.toml")?;
    ///     let metadata = file.metadata()?;
    ///     let current = Validators::from_metadata(&metadata, SystemTime::now())?;
    ///     let body = Body::file(file, 0..metadata.len());
    ///     Ok(Response::new(StatusCode::OK).with_body(body).answering(request, &current))
    /// }
    ///
    /// let response = manifest(&Request::default())?;
    /// assert!(response.header("ETag").is_some() && response.header("Last-Modified").is_some());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn answering(mut self, request: &Request, current: &Validators<'_>) -> Self {
        let (method, asked) = (request.method(), request.headers());
        if self.status() != StatusCode::OK || !matches!(method, Method::GET | Method::HEAD) {
            return self;
        }
        let _ = current.write(self.headers_mut());
        let divisible = self.announce_ranges();
        let range = match conditional::evaluate(method, asked, Some(current)) {
            Outcome::NotModified => return self.into_not_modified(),
            Outcome::PreconditionFailed => {
                return self.into_refusal(StatusCode::PRECONDITION_FAILED);
            }
            Outcome::IgnoreRange => None,
            Outcome::Proceed => Range::from_headers(method, asked),
        };
        let (Some(range), Some(len)) = (range, divisible) else {
            return self;
        };
        match range.resolve(len) {
            RangeSelection::Whole => self,
            RangeSelection::Parts(parts) => self.into_parts(&parts),
            RangeSelection::Unsatisfiable => {
                let mut refusal = self.into_refusal(StatusCode::RANGE_NOT_SATISFIABLE);
                let whole = ContentRange::unsatisfied(len).to_string();
                let _ = refusal.headers_mut().insert(header::CONTENT_RANGE, whole);
                refusal
            }
        }
    }

    /// Says that parts can be had, unless the response says otherwise, and returns the length of the whole
    /// if they can.
    fn announce_ranges(&mut self) -> Option<u64> {
        let len = self.body().divisible_len()?;
        if let Some(said) = AcceptRanges::from_headers(self.headers()) {
            return said.has_bytes().then_some(len);
        }
        let _ = self.headers_mut().insert(header::ACCEPT_RANGES, "bytes");
        Some(len)
    }

    fn into_not_modified(mut self) -> Self {
        conditional::strip_not_modified(self.headers_mut());
        self.with_body(Body::empty()).with_status(StatusCode::NOT_MODIFIED)
    }

    /// Keeps what is not about the content: cookies, say, or who else's scripts may read the response.
    fn into_refusal(mut self, status: StatusCode) -> Self {
        let headers = self.headers_mut();
        conditional::strip_not_modified(headers);
        for name in OF_THE_WHOLE {
            headers.remove(name);
        }
        let mut page = status.into_response();
        if let Some(content_type) = page.headers().get(header::CONTENT_TYPE) {
            let _ = headers.insert(header::CONTENT_TYPE, content_type);
        }
        self.with_body(page.body_mut().take()).with_status(status)
    }

    fn into_parts(self, parts: &RangeParts) -> Self {
        let [part] = parts.as_slice() else {
            return self.into_framed(parts);
        };
        let Ok(range) = ContentRange::bytes(part.clone(), Some(parts.complete_len())) else {
            return self;
        };
        let range = range.to_string();
        self.into_partial(&header::CONTENT_RANGE, &range, |body| body.into_part(part.clone()))
    }

    #[cfg(feature = "std")]
    fn into_framed(self, parts: &RangeParts) -> Self {
        let media_type = MediaType::from_headers(self.headers()).ok().flatten();
        let Ok(frames) = ByteRanges::new(parts, media_type.as_ref(), &Boundary::random()) else {
            return self;
        };
        let content_type = frames.content_type().to_string();
        self.into_partial(&header::CONTENT_TYPE, &content_type, |body| body.into_framed(frames))
    }

    #[cfg(not(feature = "std"))]
    fn into_framed(self, _: &RangeParts) -> Self {
        self
    }

    /// Cuts the body, provided that there is room for the field that says where the parts belong.
    fn into_partial(
        mut self,
        name: &HeaderName,
        value: &str,
        cut: impl FnOnce(Body) -> Body,
    ) -> Self {
        let headers = self.headers_mut();
        if headers.insert(name, value).is_err() {
            return self;
        }
        // Both are about what is sent, and that is no longer the whole.
        headers.remove(header::CONTENT_LENGTH);
        headers.remove(header::CONTENT_DIGEST);
        let body = cut(self.body_mut().take());
        self.with_body(body).with_status(StatusCode::PARTIAL_CONTENT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::{ETag, HttpDate};
    use crate::header::{HeaderMap, Limits};
    use alloc::vec::Vec;

    const TEXT: &str = "0123456789";

    fn request(method: Method, fields: &str) -> Request {
        let mut request = Request::new(method, "/").expect("a target");
        for (name, value) in fields.lines().filter_map(|line| line.split_once(": ")) {
            request.headers_mut().append(name, value).expect("a field");
        }
        request
    }

    fn current() -> Validators<'static> {
        let now = HttpDate::from_unix(1_700_000_000);
        Validators::new()
            .with_etag(ETag::strong(b"v1").expect("a tag"))
            .with_last_modified(HttpDate::from_unix(1_699_999_940), now)
    }

    const FIELDS: [(&str, &str); 10] = [
        ("Content-Type", "text/plain"),
        ("Content-Length", "10"),
        ("Content-Digest", "sha-256=:AAAA:"),
        ("Content-Disposition", "attachment"),
        ("Cache-Control", "max-age=60"),
        ("CDN-Cache-Control", "max-age=600"),
        ("Content-Location", "/text.en"),
        ("Expires", "Tue, 14 Nov 2023 22:14:20 GMT"),
        ("Set-Cookie", "a=b"),
        ("Vary", "Accept"),
    ];

    fn whole(body: impl Into<Body>) -> Response {
        FIELDS.iter().fold(Response::new(StatusCode::OK).with_body(body), |response, field| {
            response.with_header(field.0, field.1).expect("a field")
        })
    }

    fn names(headers: &HeaderMap) -> Vec<&str> {
        headers.iter().map(|(name, _)| name).collect()
    }

    /// Asks with some fields, and expects a status and what `Content-Range` says.
    #[track_caller]
    fn get(fields: &str, status: u16, range: Option<&str>, len: u64) -> Response {
        let response = whole(TEXT).answering(&request(Method::GET, fields), &current());
        assert_eq!(response.status().as_u16(), status, "{fields}");
        assert_eq!(response.header("Content-Range"), range, "{fields}");
        assert_eq!(response.body().len(), Some(len), "{fields}");
        response
    }

    #[test]
    fn conditions_and_ranges_choose_the_answer() {
        get("", 200, None, 10);
        get("Range: bytes=2-4", 206, Some("bytes 2-4/10"), 3);
        get("Range: bytes=-1", 206, Some("bytes 9-9/10"), 1);
        get("Range: bytes=0-", 206, Some("bytes 0-9/10"), 10);
        get("Range: bytes=10-", 416, Some("bytes */10"), 26);
        get("Range: lines=1-2", 200, None, 10);
        get("Range: bytes=x", 200, None, 10);
        get("Range: bytes=2-4\nIf-Range: \"v1\"", 206, Some("bytes 2-4/10"), 3);
        get("Range: bytes=2-4\nIf-Range: \"v0\"", 200, None, 10);
        get("Range: bytes=10-\nIf-Range: \"v0\"", 200, None, 10);
        get("If-None-Match: \"v1\"", 304, None, 0);
        get("If-None-Match: \"v1\"\nRange: bytes=2-4", 304, None, 0);
        get("If-None-Match: \"v0\"\nRange: bytes=2-4", 206, Some("bytes 2-4/10"), 3);
        get("If-Modified-Since: Tue, 14 Nov 2023 22:12:20 GMT", 304, None, 0);
        get("If-Match: \"v0\"", 412, None, 24);
        get("If-Match: \"v0\"\nRange: bytes=10-", 412, None, 24);
    }

    #[test]
    fn each_answer_has_the_fields_that_go_with_it() {
        let caching = ["Cache-Control", "CDN-Cache-Control", "Content-Location", "Expires"];
        let kept = || caching.into_iter().chain(["Set-Cookie", "Vary"]);
        let response = get("", 200, None, 10);
        assert_eq!(response.headers().len(), FIELDS.len() + 3);
        assert_eq!(response.header("ETag"), Some("\"v1\""));
        assert_eq!(response.header("Accept-Ranges"), Some("bytes"));

        let response = get("Range: bytes=2-4", 206, Some("bytes 2-4/10"), 3);
        let gone = ["Content-Length", "Content-Digest"];
        assert!(gone.iter().all(|name| !response.headers().contains_key(name)));
        assert!(kept().all(|name| response.headers().contains_key(name)));
        assert_eq!(response.header("Content-Type"), Some("text/plain"));
        assert_eq!(response.header("Last-Modified"), Some("Tue, 14 Nov 2023 22:12:20 GMT"));

        let response = get("If-None-Match: *", 304, None, 0);
        let disposition = ["Content-Disposition"].into_iter();
        let expected: Vec<_> = disposition.chain(kept()).chain(["ETag", "Accept-Ranges"]).collect();
        assert_eq!(names(response.headers()), expected);

        for (fields, range) in
            [("If-Match: \"v0\"", None), ("Range: bytes=10-", Some("Content-Range"))]
        {
            let response = whole(TEXT).answering(&request(Method::GET, fields), &current());
            let expected = ["Set-Cookie", "Vary", "Accept-Ranges", "Content-Type"].into_iter();
            assert_eq!(names(response.headers()), expected.chain(range).collect::<Vec<_>>());
            assert_eq!(response.header("Content-Type"), Some("text/plain; charset=utf-8"));
        }
    }

    #[test]
    fn a_refusal_has_no_date_of_what_it_stands_for() {
        let now = HttpDate::from_unix(1_700_000_000);
        let dated = Validators::new().with_last_modified(HttpDate::from_unix(1_699_999_940), now);
        let asked = "If-Unmodified-Since: Tue, 14 Nov 2023 22:12:19 GMT";
        let response = whole(TEXT).answering(&request(Method::GET, asked), &dated);
        assert_eq!(response.status(), StatusCode::PRECONDITION_FAILED);
        assert_eq!(response.header("Last-Modified"), None);
    }

    #[test]
    fn only_a_200_to_get_or_head_is_touched() {
        let asked = "If-Match: \"v0\"\nRange: bytes=2-4";
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
            let target = if method == Method::OPTIONS { "*" } else { "/" };
            let mut request = Request::new(method, target).expect("a target");
            request.headers_mut().append("If-Match", "\"v0\"").expect("a field");
            let response = whole(TEXT).answering(&request, &current());
            assert_eq!(
                (response.status().as_u16(), response.headers().len()),
                (200, FIELDS.len()),
                "{method}"
            );
        }
        for status in [StatusCode::CREATED, StatusCode::PARTIAL_CONTENT, StatusCode::NOT_FOUND] {
            let response = whole(TEXT).with_status(status);
            let response = response.answering(&request(Method::GET, asked), &current());
            assert_eq!((response.status(), response.headers().len()), (status, FIELDS.len()));
        }
        let head = whole(TEXT).answering(&request(Method::HEAD, "Range: bytes=2-4"), &current());
        assert_eq!((head.status().as_u16(), head.header("Accept-Ranges")), (200, Some("bytes")));
        let head = whole(TEXT).answering(&request(Method::HEAD, "If-None-Match: *"), &current());
        assert_eq!(head.status(), StatusCode::NOT_MODIFIED);
    }

    #[test]
    fn a_response_without_ranges_is_whole() {
        let asked = request(Method::GET, "Range: bytes=2-4");
        let none = whole(TEXT).with_header("Accept-Ranges", "none").expect("a field");
        let response = none.answering(&asked, &current());
        assert_eq!(
            (response.status().as_u16(), response.header("Accept-Ranges")),
            (200, Some("none"))
        );
        let empty = whole(Body::empty()).answering(&asked, &current());
        assert_eq!(empty.header("Content-Range"), Some("bytes */0"));
    }

    #[test]
    fn a_part_that_cannot_be_described_is_not_cut() {
        let mut response = Response::new(StatusCode::OK).with_body(TEXT);
        *response.headers_mut() = HeaderMap::with_limits(Limits::DEFAULT.fields(0));
        let response = response.answering(&request(Method::GET, "Range: bytes=2-4"), &current());
        assert_eq!((response.status().as_u16(), response.body().len()), (200, Some(10)));
        assert!(response.headers().is_empty());
    }

    #[cfg(feature = "std")]
    mod content {
        use super::*;
        use alloc::string::String;
        use std::fs::File;
        use std::io::Read;

        const RANGES: &str = "Range: bytes=1-2, 200-201, 999-";

        fn long() -> Vec<u8> {
            (0..1000).map(|n| b'a' + (n % 26) as u8).collect()
        }

        #[track_caller]
        fn gives(response: Response, expected: &[u8]) {
            assert_eq!(response.status(), StatusCode::PARTIAL_CONTENT);
            assert_eq!(response.bytes().expect("content"), expected);
        }

        #[track_caller]
        fn gives_frames(body: Body) {
            let response = whole(body).answering(&request(Method::GET, RANGES), &current());
            assert_eq!(response.header("Content-Range"), None);
            let content_type = response.header("Content-Type").expect("a type").to_string();
            let boundary =
                content_type.strip_prefix("multipart/byteranges; boundary=").expect("one");
            let frame = |range: &str| {
                alloc::format!(
                    "--{boundary}\r\nContent-Type: text/plain\r\nContent-Range: bytes {range}/1000\r\n\r\n"
                )
            };
            let expected = [
                frame("1-2") + "bc\r\n",
                frame("200-201") + "st\r\n",
                frame("999-999") + "l",
                alloc::format!("\r\n--{boundary}--\r\n"),
            ];
            let expected: String = expected.concat();
            assert_eq!(response.body().len(), u64::try_from(expected.len()).ok());
            assert_eq!(response.text().expect("content"), expected);
        }

        /// A file that holds `x` twice before the text and once behind it.
        fn file() -> Body {
            let name = alloc::format!("nethttp-answer-{:?}", std::thread::current().id());
            let path = std::env::temp_dir().join(name);
            std::fs::write(&path, [b"xx", &long()[..], b"x"].concat()).expect("a file");
            let file = File::open(&path).expect("a file");
            std::fs::remove_file(&path).expect("a file");
            Body::file(file, 2..1002)
        }

        /// Bytes of which two have been read.
        fn begun(bytes: impl Into<Body>) -> Body {
            let mut body = bytes.into();
            body.read_exact(&mut [0; 2]).expect("two bytes");
            body
        }

        #[test]
        fn parts_are_of_what_is_left_to_read() {
            let begun_vec = || begun([b"xx", &long()[..]].concat());
            let asked = request(Method::GET, "Range: bytes=1-2");
            gives(whole("abc").answering(&asked, &current()), b"bc");
            gives(whole(begun("xxabc")).answering(&asked, &current()), b"bc");
            gives(whole(begun_vec()).answering(&asked, &current()), b"bc");
            gives(whole(file()).answering(&asked, &current()), b"bc");
            gives_frames(Body::from(long()));
            gives_frames(begun_vec());
            gives_frames(file());
        }

        #[test]
        fn readers_and_writers_are_sent_whole() {
            let asked = request(Method::GET, "Range: bytes=2-4");
            let reader = Body::reader(TEXT.as_bytes(), Some(10));
            for body in [reader, Body::writer(|out| out.write_all(b"0123456789"))] {
                let response = whole(body).answering(&asked, &current());
                assert_eq!(response.status(), StatusCode::OK);
                assert_eq!(response.header("Accept-Ranges"), None);
                assert_eq!(response.header("ETag"), Some("\"v1\""));
            }
        }

        #[cfg(feature = "server")]
        #[test]
        fn who_waits_for_the_response_to_be_sent_still_does() {
            for fields in ["", "Range: bytes=2-4", "If-Match: \"v0\"", "If-None-Match: *"] {
                let response = whole(TEXT).on_sent(|_| {});
                let asked = request(Method::GET, fields);
                let mut response = response.answering(&asked, &current());
                assert_eq!(alloc::format!("{:?}", response.take_when_sent()), "WhenSent(1)");
            }
        }
    }
}

//! Messages onto the wire: framing by version, method, status and length; nothing injected; what is
//! encoded is parsed back as it was.

mod support;

use nethttp::h1::{
    BodyDecoder, BodyEncoder, BodyEvent, Config, EncodeError, EncodeErrorKind as Kind, Framing,
    Parse, ResponseEncoder, encode_interim, encode_request, parse_request, parse_response,
    request_framing, response_framing,
};
use nethttp::header::FieldSpan;
use nethttp::{HeaderMap, Method, StatusCode, Version};
use support::pair::headers;

const V10: Version = Version::HTTP_10;
const V11: Version = Version::HTTP_11;

/// Encodes a response with a body in pieces; returns all of it, and whether the connection stays open.
fn response(
    (method, version, keep_alive): (Method, Version, bool),
    status: u16,
    fields: &str,
    length: Option<u64>,
    pieces: &[&str],
) -> Result<(String, bool), EncodeError> {
    let (status, mut out) = (StatusCode::from_u16(status).unwrap(), Vec::new());
    let encoder = ResponseEncoder::new(method, version).keep_alive(keep_alive);
    let encoded = encoder.encode(status, Some(b"R"), &headers(fields), length, &mut out);
    assert!(encoded.is_ok() || out.is_empty(), "an error appends nothing");
    let mut body = encoded?;
    for piece in pieces {
        body.data(piece.as_bytes(), &mut out)?;
    }
    body.finish(&HeaderMap::new(), &mut out)?;
    Ok((String::from_utf8(out).unwrap(), body.keep_alive()))
}

/// What a GET of HTTP/1.1 is answered with.
const GET: (Method, Version, bool) = (Method::GET, V11, true);
const OLD: (Method, Version, bool) = (Method::GET, V10, true);
const LAST: (Method, Version, bool) = (Method::GET, V11, false);
const OLD_LAST: (Method, Version, bool) = (Method::GET, V10, false);
const HEAD: (Method, Version, bool) = (Method::HEAD, V11, true);
const OLD_HEAD: (Method, Version, bool) = (Method::HEAD, V10, true);
const CONNECT: (Method, Version, bool) = (Method::CONNECT, V11, true);

#[test]
fn responses_are_framed_by_version_method_status_and_length() {
    const CLOSE: &str = "Connection: close\r\n";
    const KEEP: &str = "Connection: keep-alive\r\n";
    const CHUNKED: &str = "Transfer-Encoding: chunked\r\n";
    const TWO: &str = "Content-Length: 2\r\n";
    const NIL: &str = "Content-Length: 0\r\n";
    // To whom, status, length; fields, body, goes on.
    for (to, status, length, fields, body, keep_alive) in [
        (GET, 200, Some(2), vec![TWO], "hi", true),
        (GET, 200, Some(0), vec![NIL], "", true),
        (GET, 200, None, vec![CHUNKED], "2\r\nhi\r\n0\r\n\r\n", true),
        (LAST, 200, Some(2), vec![TWO, CLOSE], "hi", false),
        (LAST, 200, None, vec![CHUNKED, CLOSE], "2\r\nhi\r\n0\r\n\r\n", false),
        (OLD, 200, Some(2), vec![TWO, KEEP], "hi", true),
        (OLD, 200, None, vec![CLOSE], "hi", false),
        (OLD_LAST, 200, Some(2), vec![TWO, CLOSE], "hi", false),
        (OLD_LAST, 200, None, vec![CLOSE], "hi", false),
        (HEAD, 200, Some(2), vec![TWO], "", true),
        (HEAD, 200, None, vec![CHUNKED], "", true),
        (OLD_HEAD, 200, None, vec![KEEP], "", true),
        (OLD_HEAD, 200, Some(2), vec![TWO, KEEP], "", true),
        (GET, 204, Some(2), vec![], "", true),
        (GET, 204, None, vec![], "", true),
        (LAST, 204, None, vec![CLOSE], "", false),
        (OLD, 204, None, vec![KEEP], "", true),
        (HEAD, 204, Some(2), vec![], "", true),
        (GET, 205, Some(2), vec![NIL], "", true),
        (GET, 205, None, vec![NIL], "", true),
        (GET, 304, Some(2), vec![TWO], "", true),
        (GET, 304, Some(0), vec![], "", true),
        (GET, 304, None, vec![], "", true),
        (OLD, 304, None, vec![KEEP], "", true),
        (CONNECT, 200, Some(2), vec![], "hi", true),
        (CONNECT, 299, None, vec![], "hi", true),
        (CONNECT, 404, Some(2), vec![TWO], "hi", true),
        (GET, 999, Some(2), vec![TWO], "hi", true),
    ] {
        // An announced length of nothing has nothing behind it.
        let pieces: &[&str] = if length == Some(0) { &[] } else { &["h", "", "i"] };
        let body = body.replace("2\r\nhi\r\n", "1\r\nh\r\n1\r\ni\r\n");
        let expected = format!("HTTP/1.1 {status} R\r\n{}\r\n{body}", fields.concat());
        let found = response(to, status, "", length, pieces);
        assert_eq!(found, Ok((expected, keep_alive)), "{to:?} {status} {length:?}");
    }
}

#[test]
fn the_callers_own_framing_fields_are_read_and_never_copied() {
    let two = "HTTP/1.1 200 R\r\nA: b\r\nContent-Length: 2\r\n\r\nhi";
    for (fields, length) in [
        ("A: b\r\nContent-Length: 2\r\n", None),
        ("content-length: 2\r\nA: b\r\n", Some(2)),
        ("Content-Length: 2\r\nContent-Length: 2\r\nA: b\r\n", None),
        ("TRANSFER-encoding: gzip\r\nA: b\r\n", Some(2)),
    ] {
        let found = response(GET, 200, fields, length, &["hi"]);
        assert_eq!(found, Ok((two.to_owned(), true)), "{fields:?}");
    }
    for (fields, length) in [
        ("Content-Length: 3\r\n", Some(2)),
        ("Content-Length: x\r\n", None),
        ("Content-Length: 2, 2\r\n", None),
        ("Content-Length: 2\r\nContent-Length: 3\r\n", None),
    ] {
        for to in [GET, OLD] {
            let error = response(to, 200, fields, length, &["hi"]).expect_err(fields);
            assert_eq!(error.kind(), Kind::LengthMismatch, "{fields:?}");
        }
    }
    // The answer to HEAD, and 304, may tell of a length that is not the one of its own, empty, body.
    for (to, status) in [(HEAD, 200), (GET, 304)] {
        let (text, _) = response(to, status, "Content-Length: 9\r\n", Some(0), &[]).unwrap();
        assert!(text.ends_with("R\r\nContent-Length: 9\r\n\r\n"), "{text}");
    }
    let (text, _) = response(CONNECT, 200, "Content-Length: 9\r\n", None, &[]).unwrap();
    assert_eq!(text, "HTTP/1.1 200 R\r\n\r\n");
}

#[test]
fn the_callers_connection_field_is_obeyed_and_written_once() {
    for (to, field, written, keep_alive) in [
        (GET, "close", "Connection: close\r\n", false),
        (GET, "x, CLOSE", "Connection: x, CLOSE\r\n", false),
        (OLD, "close", "Connection: close\r\n", false),
        (OLD, "Keep-Alive", "Connection: Keep-Alive\r\n", true),
        (OLD, "x", "Connection: x\r\nConnection: keep-alive\r\n", true),
        (LAST, "x", "Connection: x\r\nConnection: close\r\n", false),
    ] {
        let found = response(to, 204, &format!("Connection: {field}\r\n"), None, &[]);
        assert_eq!(found, Ok((format!("HTTP/1.1 204 R\r\n{written}\r\n"), keep_alive)), "{field}");
    }
}

#[test]
fn a_switch_of_protocols_names_itself() {
    for fields in ["Upgrade: echo\r\n", "Connection: Upgrade\r\nUpgrade: echo\r\n"] {
        let (text, _) = response(GET, 101, fields, Some(9), &["raw"]).unwrap();
        assert!(text.starts_with("HTTP/1.1 101 R\r\n") && text.ends_with("\r\n\r\nraw"), "{text}");
        assert_eq!(text.to_lowercase().matches("connection: upgrade").count(), 1, "{text}");
        assert!(!text.contains("Content-Length"), "{text}");
    }
    let error = response(GET, 101, "", None, &[]).unwrap_err();
    assert_eq!(error.kind(), Kind::UpgradeMissing);
    let error = response(OLD, 101, "Upgrade: echo\r\n", None, &[]).unwrap_err();
    assert_eq!(error.kind(), Kind::InterimVersion);
}

#[test]
fn interim_and_final_statuses_are_not_mixed_up() {
    for status in [100, 102, 103, 199] {
        let error = response(GET, status, "", None, &[]).unwrap_err();
        assert_eq!(error.kind(), Kind::InterimStatus, "{status}");
        let status = StatusCode::from_u16(status).unwrap();
        let mut out = Vec::new();
        let fields = headers("A: b\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n");
        encode_interim(status, &fields, &mut out).unwrap();
        assert!(out.ends_with(b"\r\nA: b\r\n\r\n"), "{}", out.escape_ascii());
    }
    for status in [101, 200, 999] {
        let (status, mut out) = (StatusCode::from_u16(status).unwrap(), Vec::new());
        let error = encode_interim(status, &HeaderMap::new(), &mut out).unwrap_err();
        assert_eq!((error.kind(), out.len()), (Kind::InterimStatus, 0), "{status}");
    }
}

#[test]
fn a_date_is_written_unless_there_is_one() {
    let date = b"Sun, 06 Nov 1994 08:49:37 GMT";
    let encoder = ResponseEncoder::new(Method::GET, V11).date(date);
    for (fields, dates) in
        [("", "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"), ("date: mine\r\n", "date: mine\r\n")]
    {
        let mut out = Vec::new();
        encoder.encode(StatusCode::NO_CONTENT, None, &headers(fields), None, &mut out).unwrap();
        let expected = format!("HTTP/1.1 204 No Content\r\n{dates}\r\n");
        assert_eq!(out.escape_ascii().to_string(), expected.escape_default().to_string());
    }
}

#[test]
fn reasons_are_written_only_if_they_can_be() {
    let encode = |status: u16, reason: Option<&[u8]>| {
        let (status, mut out) = (StatusCode::from_u16(status).unwrap(), Vec::new());
        let encoder = ResponseEncoder::new(Method::GET, V11);
        let encoded = encoder.encode(status, reason, &HeaderMap::new(), Some(0), &mut out);
        assert!(encoded.is_ok() || out.is_empty());
        encoded.map(|_| out[..out.iter().position(|&octet| octet == b'\n').unwrap() + 1].to_vec())
    };
    assert_eq!(encode(404, None).unwrap(), b"HTTP/1.1 404 Not Found\r\n");
    assert_eq!(encode(799, None).unwrap(), b"HTTP/1.1 799 \r\n");
    assert_eq!(encode(200, Some(b"")).unwrap(), b"HTTP/1.1 200 \r\n");
    assert_eq!(encode(200, Some(b"\tF\xfcr \x80")).unwrap(), b"HTTP/1.1 200 \tF\xfcr \x80\r\n");
    for octet in (0..=0x1f).chain([0x7f]).filter(|&octet| octet != b'\t') {
        let error = encode(200, Some(&[b'a', octet, b'b'])).unwrap_err();
        assert_eq!(error.kind(), Kind::Reason, "{octet}");
    }
}

#[test]
fn nothing_gets_into_a_head_that_ends_a_line() {
    let host = headers("Host: a\r\n");
    for octet in (0..=0x20).chain([b'#', 0x7f]).chain(0x80..=0xff) {
        let (target, mut out) = ([b'/', octet], Vec::new());
        let error = encode_request(Method::GET, &target, &host, Some(0), &mut out).unwrap_err();
        assert_eq!((error.kind(), out.len()), (Kind::Target, 0), "{octet}");
    }
    let error = encode_request(Method::GET, b"", &host, Some(0), &mut Vec::new()).unwrap_err();
    assert_eq!(error.kind(), Kind::Target);
    for value in ["a\r\nB: c", "a\nb", "a\rb", "a\0b"] {
        assert!(HeaderMap::new().append("A", value).is_err());
    }
    for name in ["A\r\nB", "A:", "A B", ""] {
        assert!(HeaderMap::new().append(name, "x").is_err());
    }
}

/// Encodes a request with a body in pieces.
fn target_for(method: Method) -> &'static str {
    if method == Method::CONNECT { "a:80" } else { "/" }
}

fn request(
    method: Method,
    fields: &str,
    length: Option<u64>,
    pieces: &[&str],
) -> Result<String, EncodeError> {
    let (fields, mut out) = (headers(&format!("Host: a\r\n{fields}")), Vec::new());
    let encoded = encode_request(method, target_for(method).as_bytes(), &fields, length, &mut out);
    assert!(encoded.is_ok() || out.is_empty(), "an error appends nothing");
    let mut body = encoded?;
    for piece in pieces {
        body.data(piece.as_bytes(), &mut out)?;
    }
    body.finish(&HeaderMap::new(), &mut out)?;
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn requests_are_framed_by_method_and_length() {
    for (method, length, pieces, rest) in [
        (Method::GET, Some(0), &[][..], "\r\n"),
        (Method::DELETE, Some(0), &[], "\r\n"),
        (Method::CONNECT, Some(0), &[], "\r\n"),
        (Method::POST, Some(0), &[], "Content-Length: 0\r\n\r\n"),
        (Method::PUT, Some(0), &[], "Content-Length: 0\r\n\r\n"),
        (Method::PATCH, Some(0), &[], "Content-Length: 0\r\n\r\n"),
        (Method::GET, Some(2), &["h", "i"], "Content-Length: 2\r\n\r\nhi"),
        (
            Method::PUT,
            None,
            &["hi", "", "!"],
            "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n1\r\n!\r\n0\r\n\r\n",
        ),
        (Method::GET, None, &[], "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ] {
        let target = target_for(method);
        let expected = format!("{method} {target} HTTP/1.1\r\nHost: a\r\n{rest}");
        assert_eq!(request(method, "", length, pieces), Ok(expected));
    }
    let declared =
        request(Method::PUT, "Content-Length: 2\r\nTransfer-Encoding: x\r\n", None, &["hi"]);
    assert_eq!(declared.unwrap(), "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
    for (fields, length) in [("Content-Length: 3\r\n", Some(2)), ("Content-Length: +2\r\n", None)] {
        let error = request(Method::PUT, fields, length, &[]).unwrap_err();
        assert_eq!(error.kind(), Kind::LengthMismatch);
    }
    for host in ["Host: a\r\nHost: a\r\n", "Host: a b\r\n", "Host: u@a\r\n"] {
        let error = encode_request(Method::GET, b"/", &headers(host), Some(0), &mut Vec::new());
        assert_eq!(error.unwrap_err().kind(), Kind::Host, "{host:?}");
    }
    for (method, target) in [(Method::GET, "*"), (Method::CONNECT, "/"), (Method::GET, "/%zz")] {
        let host = headers("Host: a\r\n");
        let error = encode_request(method, target.as_bytes(), &host, Some(0), &mut Vec::new());
        assert_eq!(error.unwrap_err().kind(), Kind::Target, "{method} {target}");
    }
    let error = encode_request(Method::GET, b"/", &HeaderMap::new(), Some(0), &mut Vec::new());
    assert_eq!(error.unwrap_err().kind(), Kind::HostMissing);
}

#[test]
fn only_content_waits_for_leave() {
    let asks = "Expect: 100-continue\r\n";
    for (method, fields, length, sent) in [
        (Method::GET, asks, Some(0), ""),
        (Method::PUT, asks, Some(0), "Content-Length: 0\r\n"),
        (Method::GET, "expect: 100-Continue\r\n", Some(0), ""),
        (Method::GET, "Expect: a,100-continue,b\r\nX: y\r\n", Some(0), "Expect: a, b\r\nX: y\r\n"),
        (Method::GET, "Expect: a\r\n", Some(0), "Expect: a\r\n"),
        (
            Method::PUT,
            "Expect: 100-continue\r\nContent-Length: 0\r\n",
            None,
            "Content-Length: 0\r\n",
        ),
        (Method::PUT, asks, Some(1), "Expect: 100-continue\r\nContent-Length: 1\r\n"),
        (Method::PUT, asks, None, "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n"),
    ] {
        let pieces = if length == Some(1) { &["x"][..] } else { &[] };
        let found = request(method, fields, length, pieces).unwrap();
        let expected = format!("{method} / HTTP/1.1\r\nHost: a\r\n{sent}\r\n");
        assert!(found.starts_with(&expected), "{found:?}");
    }
}

#[test]
fn what_concerns_the_connection_says_so() {
    for (fields, added) in [
        ("TE: trailers\r\n", "Connection: TE\r\n"),
        ("te: trailers\r\nConnection: close\r\n", "Connection: TE\r\n"),
        ("Connection: close, te\r\nTE: trailers\r\n", ""),
        ("Upgrade: a\r\n", "Connection: upgrade\r\n"),
        ("Upgrade: a\r\nConnection: Upgrade\r\n", ""),
        ("TE: trailers\r\nUpgrade: a\r\n", "Connection: TE\r\nConnection: upgrade\r\n"),
        ("Te-X: a\r\n", ""),
    ] {
        let expected = format!("GET / HTTP/1.1\r\nHost: a\r\n{fields}{added}\r\n");
        assert_eq!(request(Method::GET, fields, Some(0), &[]), Ok(expected));
    }
    let required = "Content-Length: 0\r\nConnection: upgrade\r\n\r\n";
    let (response, _) = response(GET, 426, "Upgrade: a\r\n", Some(0), &[]).unwrap();
    assert_eq!(response, format!("HTTP/1.1 426 R\r\nUpgrade: a\r\n{required}"));
}

fn body(length: Option<u64>) -> BodyEncoder {
    encode_request(Method::PUT, b"/", &headers("Host: a\r\n"), length, &mut Vec::new()).unwrap()
}

#[test]
fn a_body_is_as_long_as_announced() {
    let (none, mut out) = (HeaderMap::new(), Vec::new());
    let mut encoder = body(Some(3));
    assert_eq!(encoder.data(b"four", &mut out).unwrap_err().kind(), Kind::BodyTooLong);
    assert_eq!(encoder.frame(usize::MAX).unwrap_err().kind(), Kind::BodyTooLong);
    encoder.data(b"ab", &mut out).unwrap();
    assert_eq!(encoder.finish(&none, &mut out).unwrap_err().kind(), Kind::BodyTooShort);
    assert!(!encoder.is_empty());
    encoder.data(b"c", &mut out).unwrap();
    assert!(encoder.is_empty());
    encoder.data(b"", &mut out).unwrap();
    assert_eq!(encoder.data(b"d", &mut out).unwrap_err().kind(), Kind::BodyTooLong);
    encoder.finish(&none, &mut out).unwrap();
    assert_eq!(out, b"abc");
    for error in [encoder.finish(&none, &mut out), encoder.data(b"", &mut out)] {
        assert_eq!(error.unwrap_err().kind(), Kind::State);
    }
}

#[test]
fn frames_are_what_data_writes() {
    for length in [None, Some(0xfff)] {
        for len in [1, 9, 10, 15, 16, 255, 256, 0xfff] {
            let mut data = Vec::new();
            let piece = vec![b'x'; len];
            body(length).data(&piece, &mut data).unwrap();
            let frame = body(length).frame(len).unwrap();
            assert!(!frame.discards());
            let parts = [frame.prefix(), &piece, frame.suffix()].concat();
            assert_eq!(parts, data, "{length:?} {len}");
        }
    }
    let longest = body(None).frame(usize::MAX).unwrap();
    assert_eq!(longest.prefix(), format!("{:x}\r\n", usize::MAX).as_bytes());
    let empty = body(None).frame(0).unwrap();
    assert_eq!((empty.prefix(), empty.suffix()), (&b""[..], &b""[..]), "it would end the body");
    let to_head = ResponseEncoder::new(Method::HEAD, V11);
    let mut body = to_head.encode(StatusCode::OK, None, &HeaderMap::new(), None, &mut Vec::new());
    assert!(body.as_mut().unwrap().frame(9).unwrap().discards());
}

#[test]
fn trailers_are_written_if_they_may_be() {
    let mut out = Vec::new();
    body(None).finish(&headers("A: 1\r\nB: 2\r\n"), &mut out).unwrap();
    assert_eq!(out, b"0\r\nA: 1\r\nB: 2\r\n\r\n");
    for name in ["Content-Length", "host", "Transfer-Encoding", "Set-Cookie", "Trailer"] {
        let (mut encoder, mut out) = (body(None), Vec::new());
        let trailers = headers(&format!("A: 1\r\n{name}: 2\r\n"));
        let error = encoder.finish(&trailers, &mut out).unwrap_err();
        assert_eq!((error.kind(), out.len()), (Kind::Trailer, 0), "{name}");
    }
    // Where there is no place for them they are dropped.
    let mut out = Vec::new();
    body(Some(0)).finish(&headers("A: 1\r\n"), &mut out).unwrap();
    assert!(out.is_empty());
}

/// All data of a body.
fn decoded(framing: Framing, mut input: &[u8]) -> String {
    let (mut decoder, mut data) = (BodyDecoder::new(framing, &Config::SERVER), Vec::new());
    loop {
        let (used, event) = decoder.decode(input).unwrap();
        input = &input[used..];
        match event {
            BodyEvent::Data(piece) => data.extend_from_slice(piece),
            BodyEvent::End => break,
            BodyEvent::NeedMore => {
                decoder.end_of_input().unwrap();
                break;
            }
        }
    }
    assert!(input.is_empty(), "bytes are left behind the body");
    String::from_utf8(data).unwrap()
}

#[test]
fn what_is_encoded_is_parsed_back() {
    let fields = "Host: a\r\nX-Longer-Than-16-Octets: \u{e9} b\r\nEmpty: \r\nA: 1\r\na: 2\r\n";
    let sent: Vec<_> = fields.lines().map(|line| line.split_once(": ").unwrap()).collect();
    let received = |fields: nethttp::h1::Fields<'_, '_>| {
        let pair = |field: nethttp::h1::Field<'_>| {
            let utf8 = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            (utf8(field.name()), utf8(field.value()))
        };
        fields.iter().take(5).map(pair).collect::<Vec<_>>()
    };
    let same = |found: Vec<(String, String)>| {
        let found: Vec<_> = found.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(found, sent);
    };
    for length in [Some(5), Some(0), None] {
        let pieces: &[&str] = if length == Some(0) { &[] } else { &["hel", "lo"] };
        let mut slots = [FieldSpan::EMPTY; 16];
        let text = request(Method::PUT, &fields[9..], length, pieces).unwrap();
        let parsed = parse_request(text.as_bytes(), &mut slots, &Config::SERVER).unwrap();
        let Parse::Complete(head) = parsed else { panic!("{text} is not complete") };
        assert_eq!((head.method(), head.target()), (Method::PUT, &b"/"[..]));
        same(received(head.fields()));
        let framing = request_framing(&head, &Config::SERVER).unwrap().framing();
        assert_eq!(decoded(framing, &text.as_bytes()[head.len()..]), pieces.concat());

        for to in [GET, OLD, LAST, HEAD, OLD_HEAD] {
            let (text, keep_alive) = response(to, 203, fields, length, pieces).unwrap();
            let parsed = parse_response(text.as_bytes(), &mut slots, &Config::CLIENT).unwrap();
            let Parse::Complete(head) = parsed else { panic!("{text} is not complete") };
            assert_eq!((head.status().as_u16(), head.reason()), (203, &b"R"[..]));
            same(received(head.fields()));
            let framing = response_framing(to.0, &head, &Config::CLIENT).unwrap();
            assert_eq!(framing.keep_alive(), keep_alive, "{text}");
            let expected = if to.0 == Method::HEAD { String::new() } else { pieces.concat() };
            assert_eq!(decoded(framing.framing(), &text.as_bytes()[head.len()..]), expected);
        }
    }
}

//! The tables of what a client does with odd and hostile responses, row by row: what
//! [RFC 9112](https://www.rfc-editor.org/rfc/rfc9112) leaves open is decided here.

use std::io::Read;
use std::sync::{Arc, Mutex};

use nethttp::client::{Dial, Proxies, Proxy, Target};
use nethttp::error::ErrorKind;
use nethttp::h1::Limits;
use nethttp::mock::{Conversation, Script};
use nethttp::{Error, Method, Response, Version};

use crate::server::direct;

const URL: &str = "http://a.example/";

/// What became of a request that was answered with these bytes, the connection then being closed.
struct Outcome {
    result: Result<(Response, String), Error>,
    /// The client has kept the connection.
    is_kept: bool,
}

fn outcome(method: Method, reply: &[u8]) -> Outcome {
    let script = Script::new().reply(reply);
    let client = direct().connector(script.clone()).build().unwrap();
    let exchange = || {
        let mut response = client.request(method, URL).send()?;
        let text = response.body_mut().text()?;
        Ok((response, text))
    };
    Outcome { result: exchange(), is_kept: script.connections()[0].is_open() }
}

/// Returns the response and its content; the connection may be used again.
#[track_caller]
fn reads(reply: impl AsRef<[u8]>, content: &str) -> Response {
    let Outcome { result, is_kept } = outcome(Method::GET, reply.as_ref());
    let (response, text) = result.unwrap();
    assert_eq!((text.as_str(), is_kept), (content, true));
    response
}

/// Returns the response; the connection has to go.
#[track_caller]
fn reads_and_closes(reply: impl AsRef<[u8]>, content: &str) -> Response {
    let Outcome { result, is_kept } = outcome(Method::GET, reply.as_ref());
    let (response, text) = result.unwrap();
    assert_eq!((text.as_str(), is_kept), (content, false));
    response
}

#[track_caller]
fn refuses(reply: impl AsRef<[u8]>, text: &str) {
    let Outcome { result, is_kept } = outcome(Method::GET, reply.as_ref());
    let error = result.expect_err("a response");
    let found = error.to_string();
    assert!(found.contains(text), "{found}");
    let ends = found.contains("found the end of the connection");
    let kind = if ends { ErrorKind::Truncated } else { ErrorKind::Protocol };
    assert_eq!(error.kind(), kind, "{found}");
    assert!(!is_kept);
}

/// A response with these field lines, and the content `hi`.
fn with(lines: &str) -> String {
    format!("HTTP/1.1 200 OK\r\n{lines}Content-Length: 2\r\n\r\nhi")
}

fn chunked(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{body}")
}

// Lines and status-line, RFC 9112 §2.2 and §4.

#[test]
fn line_ends() {
    reads("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", "hi");
    reads("HTTP/1.1 200 OK\r\nA: b\nContent-Length: 2\r\n\nhi", "hi");
    for reply in [
        "HTTP/1.1 200 OK\rA: b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n\r\rX",
    ] {
        refuses(reply, "expected ");
    }
}

#[test]
fn empty_lines_before_the_status_line() {
    for count in [1, 8] {
        reads("\r\n".repeat(count) + &with(""), "hi");
    }
    refuses("\r\n".repeat(9) + &with(""), "expected a start-line, found empty lines");
}

#[test]
fn whitespace_before_the_first_field() {
    refuses(with(" A: b\r\n"), "expected a field name, found whitespace");
}

#[test]
fn versions() {
    for version in [
        "HTTP/2.0",
        "HTTP/2",
        "HTTP/3.0",
        "HTTP/0.9",
        "http/1.1",
        "HTTP/01.1",
        "HTTP/1",
        "HTTP/1.10",
        "HTTPS/1.1",
    ] {
        refuses(with("").replace("HTTP/1.1", version), "HTTP version");
    }
    let response = reads(with("").replace("HTTP/1.1", "HTTP/1.2"), "hi");
    assert!(response.version() >= Version::HTTP_11);
    refuses("ICY 200 OK\r\n\r\nhi", "expected an HTTP version");
    refuses("<html>", "expected an HTTP version");
}

#[test]
fn status_codes() {
    for code in ["20", "2000", "+20", "2x0", "", " 200"] {
        refuses(with("").replace("200", code), "expected a status code of three digits");
    }
    for code in ["000", "099"] {
        refuses(with("").replace("200", code), "expected a status code");
    }
    for code in ["299", "499", "599", "600", "999"] {
        let response = reads(with("").replace("200", code), "hi");
        assert_eq!(response.status().as_u16().to_string(), code);
        assert_eq!(response.status().is_server_error(), code >= "500");
    }
}

#[test]
fn reasons() {
    for (line, reason) in [
        ("HTTP/1.1 200", ""),
        ("HTTP/1.1 200 ", ""),
        ("HTTP/1.1 200 A B", "A B"),
        ("HTTP/1.1 200 Größe", "Größe"),
        ("HTTP/1.1 200 a\tb\x01", "a\tb\x01"),
    ] {
        let response = reads(with("").replace("HTTP/1.1 200 OK", line), "hi");
        assert_eq!(response.reason(), Some(reason.as_bytes()));
    }
    let bytes = [&b"HTTP/1.1 200 \xff\xfe\r\n"[..], b"Content-Length: 2\r\n\r\nhi"].concat();
    assert_eq!(reads(bytes, "hi").reason(), Some(&b"\xff\xfe"[..]));
    refuses(with("").replace("OK", "a\0b"), "expected a reason phrase");
    refuses(with("").replace("OK", "a\rb"), "expected the end of the line");
}

// Fields, RFC 9112 §5.

#[test]
fn field_lines() {
    for line in ["A : b", "A\t: b", ": b", "A", "A b: c", "A@: b", "[A]: b", "Ä: b", "A\0: b"] {
        refuses(with(&format!("{line}\r\n")), "expected ':' after field name");
    }
    for value in ["a\0b", "a\x01b", "a\x07b", "a\x7fb", "a\x0bb"] {
        refuses(with(&format!("A: {value}\r\n")), "expected a field value");
    }
    let response = reads(with("A:\r\nB: \t b \t\r\nC: ü\r\n"), "hi");
    assert_eq!(response.header("A"), Some(""));
    assert_eq!(response.header("B"), Some("b"));
    assert_eq!(response.header("C"), Some("ü"));
    let bytes =
        [&b"HTTP/1.1 200 OK\r\nA: \xe9\xff\r\n"[..], b"Content-Length: 2\r\n\r\nhi"].concat();
    assert_eq!(reads(bytes, "hi").headers().get("A"), Some(&b"\xe9\xff"[..]));
}

#[test]
fn folded_lines() {
    for (lines, value) in
        [("A: b\r\n c\r\n", "b c"), ("A: b\r\n\tc\r\n", "b c"), ("A: b\r\n \r\n", "b")]
    {
        let response = reads(with(lines), "hi");
        let found = response.header("A").unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(found, value, "{lines:?}");
        assert!(!response.header("A").unwrap().contains(['\r', '\n']));
    }
}

#[test]
fn how_much_of_a_head() {
    reads(with(&"A: b\r\n".repeat(99)), "hi");
    refuses(with(&"A: b\r\n".repeat(100)), "expected fewer fields");
    refuses(with(&format!("A: {}\r\n", "b".repeat(64 << 10))), "expected a shorter head");
    let name = "A".repeat(64 << 10);
    refuses(with(&format!("{name}: b\r\n")), "expected a shorter head");
}

// Content-Length, RFC 9112 §6.3.

#[test]
fn lengths() {
    let length = |value: &str| format!("HTTP/1.1 200 OK\r\nContent-Length: {value}\r\n\r\nhello");
    let text = "expected a Content-Length of one number below 2^64";
    for value in [
        "+5",
        "-5",
        "0x5",
        "5f",
        "5.0",
        "5e0",
        "0_5",
        "\"5\"",
        "5 5",
        "\u{a0}5",
        "5Z",
        "٥",
        "",
        "5,",
        ",5",
        "5, 6",
        "18446744073709551616",
        "18446744073709551621",
    ] {
        refuses(length(value), text);
    }
    for value in
        ["5", "005", "000000000000000000000000000005", "5, 5", "5,5", "5\r\nContent-Length: 5"]
    {
        reads(length(value), "hello");
    }
    refuses(length("5\r\nContent-Length: 6"), text);
    for value in ["9223372036854775807", "9223372036854775808", "18446744073709551615"] {
        let client = direct().connector(Script::new().reply(length(value))).build().unwrap();
        let mut response = client.get(URL).send().unwrap();
        assert_eq!(response.body().len().unwrap().to_string(), value);
        let mut content = Vec::new();
        let error = response.body_mut().read_to_end(&mut content).unwrap_err();
        assert_eq!(Error::from(error).kind(), ErrorKind::Truncated);
        assert_eq!(content, b"hello");
    }
}

#[test]
fn content_that_is_too_short_or_too_long() {
    refuses(
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
        "expected more bytes, found the end of the connection at byte 3",
    );
    reads_and_closes("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcde", "abc");
    refuses("", "expected more bytes, found the end of the connection at byte 0");
}

// Transfer-Encoding, RFC 9112 §6.1.

#[test]
fn transfer_codings() {
    let coded = |value: &str| {
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: {value}\r\n\r\n2\r\nhi\r\n0\r\n\r\n")
    };
    for value in ["chunked", "Chunked", "chunked \t"] {
        reads(coded(value), "hi");
    }
    for value in [
        "xchunked",
        "chunkedx",
        "gzip",
        "identity",
        "\"chunked\"",
        "chunk ed",
        "\u{a0}chunked",
        "gzip, chunked",
        "gzip\r\nTransfer-Encoding: chunked",
        "chunked, gzip",
        "chunked, identity",
        "chunked, chunked",
        "chunked\r\nTransfer-Encoding: chunked",
        ",chunked",
        "chunked,",
        "chunked;a=b",
        "",
    ] {
        refuses(coded(value), "expected ");
    }
}

#[test]
fn a_length_beside_a_transfer_coding() {
    for lines in [
        "Transfer-Encoding: chunked\r\nContent-Length: 1",
        "Content-Length: 100\r\nTransfer-Encoding: chunked",
        "Content-Length: x\r\nTransfer-Encoding: chunked",
    ] {
        let reply = format!("HTTP/1.1 200 OK\r\n{lines}\r\n\r\n2\r\nhi\r\n0\r\n\r\n");
        reads_and_closes(reply, "hi");
    }
}

#[test]
fn a_transfer_coding_in_1_0() {
    refuses(
        chunked("2\r\nhi\r\n0\r\n\r\n").replace("HTTP/1.1", "HTTP/1.0"),
        "expected no Transfer-Encoding in HTTP/1.0",
    );
}

// Chunks, RFC 9112 §7.1.

#[test]
fn chunk_sizes() {
    let sized = |size: &str| chunked(&format!("{size}\r\nhello\r\n0\r\n\r\n"));
    for size in [
        "5",
        "05",
        "0000000000000000000000000000000000000005",
        "5 ",
        "5\t",
        "5;a",
        "5;a=b",
        "5;a=\"b;c\"",
        "5 ; a = b",
    ] {
        reads(sized(size), "hello");
    }
    reads(chunked("A\r\n0123456789\r\n0\r\n\r\n"), "0123456789");
    reads(chunked("a\r\n0123456789\r\n00\r\n\r\n"), "0123456789");
    for size in ["0x5", "+5", "-5", "0_5", "5g", "", " 5", ";a", "\"5\""] {
        refuses(sized(size), "expected ");
    }
    refuses(sized("10000000000000000"), "expected a chunk size below 2^64");
    for size in
        ["5;a=\rb", "5;a=\nb", "5;a=\"b\nc\"", "5;a=\"b\r\nc\"", "5;a=\0", "5;@", "5;a=\x7f"]
    {
        refuses(sized(size), "expected ");
    }
}

#[test]
fn chunk_line_ends() {
    for body in [
        "5\nhello\r\n0\r\n\r\n",
        "5\r\nhello\n0\r\n\r\n",
        "5\r\nhello\r\n0\n\r\n",
        "5\rhello\r\n0\r\n\r\n",
        "5\r\nhello\r0\r\n\r\n",
        "5\r\nhello0\r\n\r\n",
        "4\r\nhello\r\n0\r\n\r\n",
        "0\r\n\n",
    ] {
        refuses(chunked(body), "expected ");
    }
}

#[test]
fn trailers() {
    let reply = chunked(
        "2\r\nhi\r\n0\r\nDigest: a\r\nContent-Length: 9\r\nTransfer-Encoding: gzip\r\n\
         Set-Cookie: a=b\r\nHost: b\r\n\r\n",
    );
    let response = reads(reply, "hi");
    let trailers = response.body().trailers().unwrap();
    let names: Vec<&str> = trailers.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["Digest"]);
    assert!(response.header("Digest").is_none());
    assert!(response.header("Content-Length").is_none());
    refuses(chunked("0\r\nA : b\r\n\r\n"), "expected ':' after field name");
    refuses(chunked(&format!("0\r\n{}\r\n", "A: b\r\n".repeat(65))), "expected fewer trailer");
}

#[test]
fn chunks_without_an_end() {
    for body in ["", "5", "5\r\nhel", "5\r\nhello", "5\r\nhello\r\n", "0\r\n", "0\r\nA: b\r\n"] {
        refuses(chunked(body), "expected more bytes, found the end of the connection");
    }
}

// What has content, RFC 9112 §6.3.

#[test]
fn responses_without_content() {
    for (method, reply) in [
        (Method::HEAD, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"),
        (Method::HEAD, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        (Method::HEAD, "HTTP/1.1 200 OK\r\n\r\n"),
        (Method::GET, "HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n"),
        (Method::GET, "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"),
        (Method::GET, "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n"),
        (Method::GET, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"),
    ] {
        let Outcome { result, is_kept } = outcome(method, reply.as_bytes());
        assert_eq!((result.unwrap().1.as_str(), is_kept), ("", true), "{reply:?}");
        // What comes behind it is none of a response.
        let Outcome { result, is_kept } = outcome(method, format!("{reply}hello").as_bytes());
        assert_eq!((result.unwrap().1.as_str(), is_kept), ("", false), "{reply:?}");
    }
}

#[test]
fn reset_content_with_content() {
    reads("HTTP/1.1 205 Reset Content\r\nContent-Length: 2\r\n\r\nhi", "hi");
}

#[test]
fn the_answer_to_connect_has_no_content() {
    for lines in ["", "Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n"] {
        let tunnel = Conversation::new()
            .head()
            .send(format!("HTTP/1.1 200 OK\r\n{lines}\r\n"))
            .request()
            .reply(with(""));
        let script = Script::new().connection(tunnel);
        let proxy = Proxy::parse("http://proxy.example:3128").unwrap();
        let client = direct()
            .connector(script.clone())
            .tls(|_: &Target<'_>, dial: Dial<'_>| dial.stream())
            .proxies(Proxies::all(proxy))
            .build()
            .unwrap();
        let response = client.get("https://a.example/").send().unwrap();
        assert_eq!(response.text().unwrap(), "hi");
        assert_eq!(script.connections()[0].host(), "proxy.example");
    }
}

#[test]
fn interim_responses() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let statuses = Arc::clone(&seen);
    let interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n\
                   HTTP/1.1 199 Odd\r\nContent-Length: 3\r\n\r\n";
    let script = Script::new().reply(format!("{interim}{}", with("")));
    let client = direct().connector(script).build().unwrap();
    let request = client.get(URL).on_interim(move |response| {
        statuses.lock().unwrap().push(response.status().as_u16());
    });
    assert_eq!(request.send().unwrap().text().unwrap(), "hi");
    assert_eq!(*seen.lock().unwrap(), [100, 103, 199]);

    let many = |count: usize| "HTTP/1.1 102 Processing\r\n\r\n".repeat(count) + &with("");
    reads(many(16), "hi");
    refuses(many(17), "expected a final response, found another interim one");
}

#[test]
fn a_switch_that_nobody_has_asked_for() {
    let reply = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
    refuses(reply, "expected no switch of protocols");
}

#[test]
fn content_until_the_connection_is_closed() {
    reads_and_closes("HTTP/1.1 200 OK\r\n\r\nhi", "hi");
    reads_and_closes("HTTP/1.0 200 OK\r\n\r\nhi", "hi");
    reads_and_closes("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n\r\nhi", "hi");
    reads_and_closes("HTTP/1.1 200 OK\r\n\r\n", "");
}

// Connections, RFC 9112 §9.3.

#[test]
fn whether_a_connection_persists() {
    reads(with(""), "hi");
    for lines in [
        "Connection: close\r\n",
        "Connection: keep-alive, CLOSE\r\n",
        "Connection: keep-alive\r\nConnection: close\r\n",
        "Connection: close\r\nConnection: keep-alive\r\n",
    ] {
        reads_and_closes(with(lines), "hi");
    }
    for lines in ["Connection: xclose\r\n", "Connection: keep-alive\r\n", "Connection: x, y\r\n"] {
        reads(with(lines), "hi");
    }
    let old = |lines: &str| with(lines).replace("HTTP/1.1", "HTTP/1.0");
    reads_and_closes(old(""), "hi");
    reads(old("Connection: keep-alive\r\n"), "hi");
    reads_and_closes(old("Connection: keep-alive, close\r\n"), "hi");
}

// What other clients of Rust were seen to get wrong.

#[test]
fn hostile_and_odd_replies() {
    reads("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", "hi");
    for interim in ["100 Continue", "103 Early Hints"] {
        reads(format!("HTTP/1.1 {interim}\r\n\r\n{}", with("")), "hi");
    }
    refuses("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", "expected more bytes");
    refuses(
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "expected a Content-Length of one number",
    );
    refuses("", "expected more bytes");
    reads_and_closes(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n\
         2\r\nhi\r\n0\r\n\r\n",
        "hi",
    );
}

/// Sends a POST with secrets that is redirected, and returns what goes to the second server.
fn redirected(start: &str, status: u16, location: &str) -> String {
    let script = Script::new().reply(moved(status, location)).reply(with(""));
    let client = direct()
        .connector(script.clone())
        .tls(|_: &Target<'_>, dial: Dial<'_>| dial.stream())
        .build()
        .unwrap();
    let request = client
        .post(start)
        .header("Authorization", "Bearer secret")
        .header("Proxy-Authorization", "Basic secret")
        .header("Cookie", "secret=1")
        .header("Content-Type", "text/plain")
        .body("content");
    assert_eq!(request.send().unwrap().text().unwrap(), "hi");
    String::from_utf8(script.connections()[1].written()).unwrap()
}

/// A redirect that costs its connection.
fn moved(status: u16, location: &str) -> String {
    format!(
        "HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\
         Connection: close\r\n\r\n"
    )
}

#[test]
fn a_redirect_elsewhere_takes_no_secrets_along() {
    for status in [301, 302, 303, 307, 308] {
        for (start, location) in [
            (URL, "http://b.example/"),
            (URL, "http://a.example:81/"),
            (URL, "http://a.example.b.example/"),
            (URL, "https://a.example:444/"),
            ("https://a.example/", "http://a.example/"),
            ("https://a.example/", "http://a.example:443/"),
            ("https://a.example/", "https://a.example:8443/"),
            ("http://a.example:8080/", "https://a.example/"),
        ] {
            let request = redirected(start, status, location);
            assert!(!request.contains("secret"), "{status} {start} {location}: {request}");
            let is_kept = status >= 307;
            let line = if is_kept { "POST / HTTP/1.1\r\n" } else { "GET / HTTP/1.1\r\n" };
            assert!(request.starts_with(line), "{status} {start} {location}: {request}");
            for part in ["Content-Type: text/plain\r\n", "Content-Length: 7\r\n", "\r\n\r\ncontent"]
            {
                assert_eq!(request.contains(part), is_kept, "{status} {part:?}: {request}");
            }
        }
    }
}

#[test]
fn a_redirect_elsewhere_through_a_proxy_takes_no_login_along() {
    let proxy = Proxy::parse("http://proxy.example:3128").unwrap();
    let field = "Proxy-Authorization: Basic secret\r\n";
    for status in [301, 302, 303, 307, 308] {
        for (location, is_kept) in [("http://b.example/", false), ("http://a.example/b", true)] {
            let moved = moved(status, location).replace("Connection: close\r\n", "");
            let forwarder = Conversation::new().reply(moved).reply(with(""));
            let script = Script::new().connection(forwarder);
            let proxies = Proxies::all(proxy.clone());
            let client = direct().connector(script.clone()).proxies(proxies).build().unwrap();
            let request = client.get(URL).header("Proxy-Authorization", "Basic secret");
            assert_eq!(request.send().unwrap().text().unwrap(), "hi");
            let written = String::from_utf8(script.connections()[0].written()).unwrap();
            let (first, second) = written.split_once("\r\n\r\n").unwrap();
            assert!(format!("{first}\r\n").contains(field), "{first}");
            assert!(second.starts_with(&format!("GET {location} HTTP/1.1\r\n")), "{second}");
            assert_eq!(second.contains(field), is_kept, "{status}: {second}");
        }
    }
}

#[test]
fn a_redirect_on_the_same_server_keeps_them() {
    for status in [301, 302, 303, 307, 308] {
        for location in ["/b", "http://A.example:80/", "https://a.example/"] {
            let request = redirected(URL, status, location);
            for secret in ["Authorization: Bearer secret\r\n", "Cookie: secret=1\r\n"] {
                assert!(request.contains(secret), "{status} {location}: {request}");
            }
            assert_eq!(request.contains("content"), status >= 307, "{request}");
        }
    }
}

#[test]
fn limits_are_the_callers() {
    let script = Script::new().otherwise(Conversation::new().reply(with("A: b\r\n")));
    let limits = Limits::DEFAULT.fields(1);
    let client = direct().connector(script).limits(limits).build().unwrap();
    assert_eq!(client.get(URL).send().unwrap_err().kind(), ErrorKind::Protocol);
}

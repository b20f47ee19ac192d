//! What the client makes of replies that are hostile, broken or only odd.

use nethttp::client::PoolLimits;
use nethttp::error::ErrorKind;
use nethttp::h1::Limits;
use nethttp::{Client, Error};

use crate::server::{Server, direct, forgetful, ok};

/// Sends a request for each reply, and collects the body.
fn get(reply: &[u8]) -> Result<String, Error> {
    let server = Server::closing(reply);
    Ok(forgetful().get(server.url("/")).send()?.text()?)
}

#[track_caller]
fn reads(reply: &str, content: &str) {
    assert_eq!(get(reply.as_bytes()).unwrap(), content, "{reply:?}");
}

#[track_caller]
fn refuses(reply: &str, text: &str) {
    let server = Server::closing(reply.as_bytes());
    let outcome = forgetful().get(server.url("/")).send().and_then(|r| Ok(r.text()?));
    let error = outcome.expect_err(reply);
    let ends = text.contains("found the end of the connection");
    let kind = if ends { ErrorKind::Truncated } else { ErrorKind::Protocol };
    assert_eq!(error.kind(), kind, "{reply:?}");
    let text = text.replace("{server}", server.address());
    assert_eq!(error.to_string(), text, "{reply:?}");
    assert_eq!(error.url().unwrap(), &server.url("/").as_str());
    assert_eq!(error.status().as_u16(), 500);
}

#[track_caller]
fn refuses_message(reply: &str, text: &str) {
    refuses(reply, &format!("expected a response of HTTP/1.1 from {{server}}: {text}"));
}

#[test]
fn lines_may_end_with_lf_alone() {
    reads("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", "hi");
}

#[test]
fn interim_responses_are_skipped_but_not_for_ever() {
    reads("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "hi");
    reads("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "hi");
    let many = "HTTP/1.1 102 Processing\r\n\r\n".repeat(17);
    let text = "expected a response behind at most 16 interim ones from {server}: \
                expected a final response, found another interim one at byte 0";
    refuses(&many, text);
}

#[test]
fn a_body_is_never_shorter_than_announced() {
    let cut = "expected more bytes, found the end of the connection at byte";
    let rest = format!("expected the rest of the response from {{server}}: {cut}");
    refuses("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", &format!("{rest} 3"));
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    refuses(&format!("{chunked}9\r\nabc"), &format!("{rest} 6"));
    refuses(&format!("{chunked}3\r\nabc\r\n"), &format!("{rest} 8"));
    refuses("", &format!("expected a response from {{server}}: {cut} 0"));
    refuses("HTTP/1.1 200 OK\r\n", &format!("{rest} 17"));
}

#[test]
fn two_lengths_are_an_error_unless_they_are_the_same() {
    let text = "expected a Content-Length of one number below 2^64 at byte 52";
    refuses_message("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", text);
    reads("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", "abc");
}

#[test]
fn chunked_overrides_a_length_and_ends_the_connection() {
    let reply = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n\
                  3\r\nabc\r\n0\r\n\r\n";
    let (server, client) = (Server::answering(&[reply]), Client::new());
    for round in 1..=2 {
        assert_eq!(client.get(server.url("/")).send().unwrap().text().unwrap(), "abc");
        assert_eq!(server.connections(), round);
    }
}

#[test]
fn a_body_in_a_coding_that_is_not_removed_is_an_error() {
    let text = "expected no transfer coding but chunked from {server}";
    refuses("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc", text);
    refuses("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", text);
    refuses("HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\nabc", text);
    let text = "expected no Transfer-Encoding in HTTP/1.0 from {server}";
    for coding in ["chunked", "gzip, chunked", "identity"] {
        let reply = format!("HTTP/1.0 200 OK\r\nTransfer-Encoding: {coding}\r\n\r\n0\r\n\r\n");
        refuses(&reply, text);
    }
}

#[test]
fn broken_chunks_are_errors() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    refuses_message(&format!("{chunked}x\r\n"), "expected a chunk size, found 'x' at byte 0");
    let text = "expected CRLF after chunk data, found 'x' at byte 4";
    refuses_message(&format!("{chunked}1\r\naxx"), text);
}

#[test]
fn what_is_no_http_is_an_error() {
    refuses_message("SSH-2.0-OpenSSH\r\n", "expected an HTTP version, found 'S' at byte 0");
    refuses_message("HTTP/2 200 OK\r\n\r\n", "expected an HTTP version, found ' ' at byte 6");
    refuses_message("HTTP/2.0 200 OK\r\n\r\n", "expected HTTP version 1 at byte 5");
    let text = "expected ':' after field name, found ' ' at byte 18";
    refuses_message("HTTP/1.1 200 OK\r\nA : b\r\n\r\n", text);
}

#[test]
fn a_switch_that_nobody_asked_for_is_an_error() {
    let reply = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
    refuses_message(reply, "expected no switch of protocols at byte 0");
    let server = Server::closing(reply.as_bytes());
    let asking = forgetful().get(server.url("/")).header("Connection", "upgrade");
    let error = asking.header("Upgrade", "x").send().unwrap_err();
    let text = format!("expected no switch of protocols from {}", server.address());
    assert_eq!((error.kind(), error.to_string()), (ErrorKind::Protocol, text));
}

#[test]
fn a_head_of_ten_megabytes_is_refused() {
    let mut reply = b"HTTP/1.1 200 OK\r\n".to_vec();
    while reply.len() < 10 << 20 {
        reply.extend_from_slice(
            b"X: 0123456789012345678901234567890123456789012345678901234567\r\n",
        );
    }
    let error = get(&reply).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    let one_field = [&b"HTTP/1.1 200 OK\r\nX: "[..], &[b'a'; 10 << 20]].concat();
    let error = get(&one_field).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert!(error.to_string().contains("expected a shorter head"), "{error}");
}

#[test]
fn what_is_beyond_a_limit_is_told_the_limit() {
    let limits = Limits::DEFAULT.head(100).fields(2).interim(1);
    let client = direct().limits(limits);
    let interim = "HTTP/1.1 102 Processing\r\n\r\n";
    for (reply, text) in [
        (
            format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "a".repeat(100)),
            "with a head of at most 100 bytes from a:80: expected a shorter head at byte 100",
        ),
        (
            format!("HTTP/1.1 200 OK\r\n{}\r\n", "X: a\r\n".repeat(3)),
            "with at most 2 fields from a:80: expected fewer fields at byte 29",
        ),
        (
            interim.repeat(2),
            "behind at most 1 interim ones from a:80: \
             expected a final response, found another interim one at byte 0",
        ),
    ] {
        let script = nethttp::mock::Script::new().reply(&reply);
        let client = client.clone().connector(script).build().unwrap();
        let error = client.get("http://a/").send().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol);
        assert_eq!(error.to_string(), format!("expected a response {text}"));
    }
}

#[test]
fn the_limits_are_the_callers() {
    let value = "a".repeat(200 << 10);
    let reply = format!("HTTP/1.1 200 OK\r\nX: {value}\r\nContent-Length: 2\r\n\r\nhi");
    let server = Server::answering(&[reply.as_bytes()]);
    let limits = Limits::DEFAULT.head(300 << 10);
    let client = Client::builder().limits(limits).pool(PoolLimits::DEFAULT).build().unwrap();
    for _ in 0..3 {
        let response = client.get(server.url("/")).send().unwrap();
        assert_eq!(response.header("X").unwrap().len(), 200 << 10);
        assert_eq!(response.text().unwrap(), "hi");
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_body_beyond_the_callers_limit_is_an_error() {
    let server = Server::answering(&[&ok("hello")]);
    let mut response = nethttp::get(server.url("/")).send().unwrap();
    response.body_mut().set_limit(Some(4));
    assert_eq!(Error::from(response.text().unwrap_err()).kind(), ErrorKind::BodyTooLarge);
}

#[test]
fn after_an_error_the_body_stays_broken() {
    use std::io::Read;
    let server = Server::closing(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
    let mut response = nethttp::get(server.url("/")).send().unwrap();
    let mut buf = [0; 16];
    assert_eq!(response.body_mut().read(&mut buf).unwrap(), 3);
    for text in ["expected the rest of the response", "expected no read after an error"] {
        let error = Error::from(response.body_mut().read(&mut buf).unwrap_err());
        assert_eq!(error.kind(), ErrorKind::Truncated);
        assert!(error.to_string().starts_with(text), "{error}");
    }
}

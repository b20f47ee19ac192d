//! What a client tolerates of a server, each leniency on and off.

use nethttp::error::ErrorKind;
use nethttp::h1::Leniency;
use nethttp::mock::Script;
use nethttp::{Response, Result};

use crate::server::direct;

/// Receives a response and all of its content.
fn get(reply: &str, leniency: Option<Leniency>) -> Result<(Response, String)> {
    let script = Script::new().reply(reply);
    let mut builder = direct().connector(script).cookies(true);
    if let Some(leniency) = leniency {
        builder = builder.leniency(leniency);
    }
    let mut response = builder.build()?.get("http://a.example/").send()?;
    let text = response.body_mut().text()?;
    Ok((response, text))
}

/// Reads the response with that leniency, and refuses it without.
#[track_caller]
fn matters(reply: &str, set: fn(Leniency, bool) -> Leniency, by_default: bool, text: &str) {
    for others in [Leniency::STRICT, Leniency::CLIENT] {
        let (_, content) = get(reply, Some(set(others, true))).unwrap();
        assert_eq!(content, "hi", "{reply:?}");
        let error = get(reply, Some(set(others, false))).expect_err(reply);
        let all = format!("expected a response of HTTP/1.1 from a.example:80: {text}");
        assert_eq!((error.kind(), error.to_string()), (ErrorKind::Protocol, all));
    }
    assert_eq!(get(reply, None).is_ok(), by_default, "{reply:?}");
}

/// Returns a response with a line in it.
fn with(line: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n{line}\r\n\r\nhi")
}

#[test]
fn lines_that_end_with_lf_alone() {
    let reply = "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi";
    matters(reply, Leniency::bare_lf, true, "expected CR before LF at byte 15");
}

#[test]
fn folded_lines() {
    let text = "expected a field name, found a folded line at byte 42";
    matters(&with("A: b\r\n c"), Leniency::obs_fold, true, text);
    let (response, _) = get(&with("A: b\r\n c"), None).unwrap();
    assert_eq!(response.header("A"), Some("b   c"));
}

#[test]
fn control_characters_in_cookies() {
    let reply = with("Set-Cookie: a=\x01b\x7f; Path=/");
    let text = "expected a field value, found '\\x01' at byte 50";
    matters(&reply, Leniency::ctl_in_value, false, text);
    let (response, _) = get(&reply, Some(Leniency::CLIENT.ctl_in_value(true))).unwrap();
    assert_eq!(response.header("Set-Cookie"), Some("a=\x01b\x7f; Path=/"));
    for never in ['\0', '\r'] {
        let reply = with(&format!("A: b{never}c"));
        assert!(get(&reply, Some(Leniency::CLIENT.ctl_in_value(true))).is_err(), "{reply:?}");
    }
}

#[test]
fn padded_chunk_sizes() {
    let reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2 \r\nhi\r\n0\r\n\r\n";
    matters(
        reply,
        Leniency::chunk_trailing_ws,
        true,
        r"expected a chunk size, found '\r' at byte 2",
    );
}

#[test]
fn a_length_that_is_said_twice() {
    let text = "expected one Content-Length, found another at byte 52";
    matters(&with("Content-Length: 2"), Leniency::duplicate_equal_length, true, text);
}

#[test]
fn fields_that_are_none() {
    let skip = Leniency::CLIENT.skip_invalid_fields(true);
    for (line, text) in [
        ("A : b", "expected ':' after field name, found ' ' at byte 37"),
        ("A", "expected ':' after field name, found '\\r' at byte 37"),
        ("A: \x07", "expected a field value, found '\\x07' at byte 39"),
    ] {
        matters(&with(line), Leniency::skip_invalid_fields, false, text);
        let (response, _) = get(&with(&format!("{line}\r\nC: d")), Some(skip)).unwrap();
        assert_eq!((response.header("A"), response.header("C")), (None, Some("d")));
    }
    for framing in ["Content-Length : 2", "Transfer-Encoding : chunked"] {
        let reply = format!("HTTP/1.1 200 OK\r\n{framing}\r\n\r\nhi");
        assert_eq!(get(&reply, Some(skip)).unwrap_err().kind(), ErrorKind::Protocol);
    }
}

#[test]
fn what_is_about_requests_changes_nothing() {
    let lenient = Leniency::CLIENT.request_spaces(true).raw_target_bytes(true);
    for reply in ["HTTP/1.1  200 OK\r\n\r\n", "\u{e9}\r\n\r\n"] {
        assert!(get(reply, Some(lenient)).is_err());
    }
}

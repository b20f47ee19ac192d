//! How secure connections end, [RFC 9112 §9.8](https://www.rfc-editor.org/rfc/rfc9112#section-9.8).

use std::io::{self, Write};
use std::net::Shutdown;
use std::sync::mpsc;

use nethttp::Request;

use super::identity::local;
use super::rustls_by_hand::{ByHand, VERSIONS, call, close, request, rest, say};
use super::{PATIENCE, Running, client, told};

/// What a client makes of an answer that the connection ends behind, with `close_notify` and without.
#[track_caller]
fn ends(answer: &'static str, closed: Option<&str>, cut: Option<&str>) {
    let (authority, identity) = local();
    for (closes, expected) in [(true, closed), (false, cut)] {
        let server = ByHand::start(&identity, &VERSIONS, move |_, peer| {
            request(peer);
            say(peer, b"HTTP/1.1 200 OK\r\n");
            say(peer, answer.as_bytes());
            if closes {
                close(peer);
            }
        });
        let answer = client(authority.roots()).get(server.url("a.test", "/")).send().unwrap();
        let body = answer.text();
        if let Err(error) = &body {
            assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "{error}");
        }
        assert_eq!(body.ok().as_deref(), expected, "{closes}");
    }
}

#[test]
fn a_body_that_the_connection_ends_needs_close_notify() {
    ends("\r\nhello", Some("hello"), None);
}

#[test]
fn a_body_that_ends_by_itself_does_not() {
    ends("Content-Length: 5\r\n\r\nhello", Some("hello"), Some("hello"));
    ends("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", Some("hello"), Some("hello"));
}

#[test]
fn a_body_that_is_too_short_is_cut_off_whatever_was_said() {
    ends("Content-Length: 6\r\n\r\nhello", None, None);
    ends("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", None, None);
}

/// Has an answer cut off behind every byte of what it is encrypted to: its content is whole or an error.
#[track_caller]
fn is_whole_or_an_error(framing: &'static str, body: &'static [&str], enough: Enough) {
    const WHOLE: &str = "hello, hello";
    let (authority, identity) = local();
    for version in VERSIONS {
        let (tell, lengths) = mpsc::channel();
        let server = ByHand::start(&identity, &[version], move |number, peer| {
            request(peer);
            // Tickets.
            peer.flush().unwrap();
            let mut sent = Vec::new();
            for record in [framing].iter().chain(body) {
                peer.conn.writer().write_all(record.as_bytes()).unwrap();
                while peer.conn.wants_write() {
                    peer.conn.write_tls(&mut sent).unwrap();
                }
            }
            let content = sent.len();
            peer.conn.send_close_notify();
            peer.conn.write_tls(&mut sent).unwrap();
            tell.send((content, sent.len())).unwrap();
            let _ = peer.sock.write_all(&sent[..number.min(sent.len())]);
        });
        let client = client(authority.roots());
        let url = server.url("a.test", "/");
        for at in 0.. {
            let outcome = client.get(&url).send().and_then(|answer| Ok(answer.text()?));
            let (content, all) = lengths.recv_timeout(PATIENCE).unwrap();
            let is_enough = at >= if enough == Enough::Content { content } else { all };
            match outcome {
                Ok(text) => assert!(is_enough && text == WHOLE, "{at} of {all}: {text}"),
                Err(error) => assert!(!is_enough, "{at} of {all}: {}", told(&error)),
            }
            if at == all {
                break;
            }
        }
    }
}

/// What of an answer has to come.
#[derive(Clone, Copy, PartialEq)]
enum Enough {
    Content,
    CloseNotify,
}

#[test]
fn an_answer_that_is_cut_off_anywhere_is_an_error() {
    let body = &["hello, ", "hello"];
    let chunks = &["7\r\nhello, \r\n", "5\r\nhello\r\n", "0\r\n\r\n"];
    is_whole_or_an_error("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n", body, Enough::Content);
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    is_whole_or_an_error(chunked, chunks, Enough::Content);
    is_whole_or_an_error("HTTP/1.1 200 OK\r\n\r\n", body, Enough::CloseNotify);
}

#[test]
fn a_client_says_that_it_closes() {
    let (authority, identity) = local();
    let (tell, told) = mpsc::channel();
    let server = ByHand::start(&identity, &VERSIONS, move |_, peer| {
        request(peer);
        say(peer, b"HTTP/1.1 204 No Content\r\n\r\n");
        tell.send(rest(peer).map_err(|error| error.kind())).unwrap();
    });
    let client = client(authority.roots());
    client.get(server.url("a.test", "/")).send().unwrap();
    drop(client);
    assert_eq!(told.recv_timeout(PATIENCE).unwrap(), Ok(String::new()));
}

#[test]
fn a_server_says_that_it_closes() {
    let (authority, identity) = local();
    let server = Running::start(&identity, |_: &mut Request| "hello");
    for last in ["GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"]
    {
        let mut caller = call(authority.roots(), server.port(), &[]);
        say(&mut caller, last.as_bytes());
        assert!(rest(&mut caller).unwrap().ends_with("\r\n\r\nhello"));
    }
}

#[test]
fn a_connection_that_was_closed_while_it_was_idle_is_not_used_again() {
    let (authority, identity) = local();
    let (tell, said) = mpsc::channel();
    let server = ByHand::start(&identity, &VERSIONS, move |number, peer| {
        request(peer);
        say(peer, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        // With `close_notify` and without.
        if number % 2 == 0 {
            close(peer);
        }
        peer.sock.shutdown(Shutdown::Both).unwrap();
        tell.send(()).unwrap();
    });
    let client = client(authority.roots());
    for count in 1..=4 {
        // A POST is never repeated.
        let answer = client.post(server.url("a.test", "/")).body("x").send().unwrap();
        assert_eq!(answer.text().unwrap(), "hello");
        said.recv_timeout(PATIENCE).unwrap();
        assert_eq!(server.connections(), count);
    }
}

#[test]
fn what_nobody_has_asked_for_does_not_pass_for_the_next_response() {
    const HELLO: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    const EVIL: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";
    let (authority, identity) = local();
    for at_once in [true, false] {
        let (tell, said) = mpsc::channel();
        let server = ByHand::start(&identity, &VERSIONS, move |_, peer| {
            while request(peer).is_some() {
                match at_once {
                    true => say(peer, &[HELLO, EVIL].concat()),
                    false => {
                        say(peer, HELLO);
                        say(peer, EVIL);
                    }
                }
                tell.send(()).unwrap();
            }
        });
        let client = client(authority.roots());
        for count in 1..=3 {
            let answer = client.get(server.url("a.test", "/")).send().unwrap();
            assert_eq!(answer.text().unwrap(), "hello", "{at_once}");
            said.recv_timeout(PATIENCE).unwrap();
            assert_eq!(server.connections(), count);
        }
    }
}

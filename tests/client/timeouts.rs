//! Servers that let the client wait.

use std::io;
use std::thread;
use std::time::{Duration, Instant};

use nethttp::client::Timeouts;
use nethttp::error::{ErrorKind, Phase};
use nethttp::{Body, Client, Error};

use crate::server::{Server, direct, forgetful, short};

#[track_caller]
fn times_out(phase: Phase, text: &str, exchange: impl FnOnce() -> Result<String, Error>) {
    let start = Instant::now();
    let error = exchange().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(phase), "{error}");
    assert!(error.is_timeout());
    assert_eq!(error.to_string(), text);
    assert!(start.elapsed() >= Duration::from_millis(60));
}

#[test]
fn a_stall_anywhere_in_a_response_is_named() {
    let replies = [
        "HTTP/1.1 2",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\n\r\nhello",
    ];
    for reply in replies {
        let server = Server::answering(&[reply.as_bytes()]);
        let text = format!("expected more of the response from {} within 60ms", server.address());
        times_out(Phase::Idle, &text, || {
            let request = forgetful().get(server.url("/")).timeouts(short(Timeouts::idle));
            Ok(request.send()?.text()?)
        });
        assert_eq!(server.connections(), 1);
    }
}

#[test]
fn a_server_that_says_nothing_is_named() {
    for reply in ["", "HTTP/1.1 103 Early Hints\r\n\r\n"] {
        let server = Server::answering(&[reply.as_bytes()]);
        let text = format!("expected a response from {} within 60ms", server.address());
        times_out(Phase::FirstByte, &text, || {
            let request = forgetful().get(server.url("/")).timeouts(short(Timeouts::first_byte));
            Ok(request.send()?.text()?)
        });
        assert_eq!(server.connections(), 1);
    }
}

#[test]
fn a_server_that_does_not_read_is_named() {
    let server = Server::start(|_| thread::sleep(Duration::from_secs(60)));
    let text = format!("expected {} to take more of the request within 60ms", server.address());
    for body in [
        || Body::from(vec![0; 64 << 20]),
        || Body::reader(io::repeat(0), None),
        || Body::writer(|out| io::copy(&mut io::repeat(0), out).map(drop)),
    ] {
        times_out(Phase::Send, &text, || {
            let request = forgetful().put(server.url("/")).timeouts(short(Timeouts::send));
            Ok(request.body(body()).send()?.text()?)
        });
    }
}

#[test]
fn a_server_that_trickles_is_bounded_by_the_total() {
    for head in ["HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\n\r\n"] {
        let server = Server::start(move |peer| {
            peer.request();
            peer.send(head.as_bytes());
            for _ in 0..1000 {
                peer.send(b"x");
                thread::sleep(Duration::from_millis(5));
            }
        });
        let text = format!("expected the exchange with {} to end within 60ms", server.address());
        times_out(Phase::Total, &text, || {
            let request = forgetful().get(server.url("/")).timeouts(short(Timeouts::total));
            Ok(request.send()?.text()?)
        });
    }
}

#[test]
fn the_total_is_that_of_all_redirects_together() {
    // No hop takes as long, and before there were too many the time would be over thrice.
    let total = Duration::from_millis(200);
    let moved = b"HTTP/1.1 302 Found\r\nLocation: b/\r\nContent-Length: 0\r\n\r\n";
    let server = Server::start(move |peer| {
        while peer.request().is_some() {
            thread::sleep(total * 2 / 5);
            peer.send(moved);
        }
    });
    let timeouts = Timeouts::DEFAULT.total(Some(total));
    let error = Client::new().get(server.url("/")).timeouts(timeouts).send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Phase::Total), "{error}");
}

#[test]
fn an_upload_without_end_is_bounded_by_the_total() {
    let server = Server::start(|peer| {
        peer.head();
        while !peer.exactly(64 << 10).is_empty() {}
    });
    let text = format!("expected the exchange with {} to end within 60ms", server.address());
    for body in [
        || Body::reader(io::repeat(0), Some(u64::MAX)),
        || Body::reader(io::repeat(0), None),
        || Body::writer(|out| io::copy(&mut io::repeat(0), out).map(drop)),
    ] {
        times_out(Phase::Total, &text, || {
            let request = forgetful().put(server.url("/")).timeouts(short(Timeouts::total));
            Ok(request.body(body()).send()?.text()?)
        });
    }
}

#[test]
fn a_name_that_does_not_resolve_is_told() {
    let unknown = |_: &str, _: u16| Err(io::Error::other("no such name"));
    let client = direct().resolver(unknown).build().unwrap();
    let error = client.get("http://no-such-host.invalid/").send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Resolve);
    let text = "expected the host no-such-host.invalid to be known: no such name";
    assert_eq!(error.to_string(), text);
}

#[test]
fn no_time_is_no_connection() {
    let server = Server::answering(&[b""]);
    let none = Timeouts::DEFAULT.connect(Some(Duration::ZERO));
    let error = Client::new().get(server.url("/")).timeouts(none).send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Phase::Connect));
    let text = format!("expected a connection to {} within 0ns", server.address());
    assert_eq!(error.to_string(), text);
}

#[test]
fn a_port_without_a_server_is_named() {
    let error = nethttp::get("http://127.0.0.1:1/").send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    let text = "expected a connection to 127.0.0.1:1: ";
    assert!(error.to_string().starts_with(text), "{error}");
}

#[test]
fn a_name_is_looked_up_and_every_address_tried() {
    // The server listens on IPv4 alone; the name may have an IPv6 address too.
    let server = Server::answering(&[&crate::server::ok("hello")]);
    let port = server.address().rsplit(':').next().unwrap();
    let response = Client::new().get(format!("http://LocalHost:{port}/")).send().unwrap();
    assert!(server.last_request().contains(&format!("\r\nHost: LocalHost:{port}\r\n")));
    assert_eq!(response.text().unwrap(), "hello");
}

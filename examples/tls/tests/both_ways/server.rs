//! The server against clients that do what a test tells them to.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use nethttp::server::{Threads, Timeouts};
use nethttp::{Request, Server};

use super::identity::local;
use super::rustls_by_hand::{Caller, call, request, rest, say};
use super::{PATIENCE, Running, client};

const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const LAST: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

/// Reads a response whose body is `hello`.
#[track_caller]
fn hello(caller: &mut Caller) {
    let (head, body) = request(caller).unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    assert_eq!(body, b"hello");
}

fn greet(_: &mut Request) -> &'static str {
    "hello"
}

/// Where threads are few, an idle connection is left to nobody, unless there is something in the transport.
fn few() -> Server {
    let few = Threads::DEFAULT.max(2).accepting(1);
    Server::bind("127.0.0.1:0").unwrap().threads(few)
}

#[track_caller]
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn requests_that_come_at_once_are_all_answered() {
    let (authority, identity) = local();
    let server = Running::with(few(), &identity, greet);
    // In one record, in records of one segment, and with one cut in two.
    for cut in [GET.len() * 2, GET.len(), GET.len() + 3] {
        let mut caller = call(authority.roots(), server.port(), &[]);
        caller.flush().unwrap();
        let all = [GET, GET].concat();
        let (first, second) = all.split_at(cut);
        for part in [first, second, LAST] {
            caller.conn.writer().write_all(part).unwrap();
        }
        caller.flush().unwrap();
        hello(&mut caller);
        hello(&mut caller);
        hello(&mut caller);
        assert_eq!(rest(&mut caller).unwrap(), "", "{cut}");
    }
}

#[test]
fn handlers_are_told_that_nobody_listens() {
    let (authority, identity) = local();
    let server = Running::start(&identity, |request: &mut Request| {
        assert!(request.is_secure());
        request.uri(request.scheme()).map(|uri| uri.to_string()).map_err(nethttp::Error::from)
    });
    let (client, url) = (client(authority.roots()), server.url("/a?b"));
    for _ in 0..2 {
        assert_eq!(client.get(&url).send().unwrap().text().unwrap(), url);
    }
}

#[test]
fn idle_connections_need_no_threads() {
    let (authority, identity) = local();
    let server = Running::with(few(), &identity, greet);
    let mut callers: Vec<Caller> =
        (0..8).map(|_| call(authority.roots(), server.port(), &[])).collect();
    for _ in 0..2 {
        for caller in &mut callers {
            say(caller, GET);
            hello(caller);
        }
        until("all are parked", || server.handle().metrics().parked == 8);
    }
}

#[test]
fn who_speaks_no_tls_is_told_so_in_tls_and_nothing_else() {
    let (authority, identity) = local();
    let server = Running::start(&identity, greet);
    let mut plain = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
    plain.set_read_timeout(Some(PATIENCE)).unwrap();
    plain.write_all(GET).unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(answer.is_empty() || answer.first() == Some(&21), "an alert: {answer:?}");
    let mut caller = call(authority.roots(), server.port(), &[]);
    say(&mut caller, LAST);
    assert!(rest(&mut caller).unwrap().ends_with("hello"));
}

#[test]
fn speaks_http_1_and_nothing_else() {
    let (authority, identity) = local();
    let server = Running::start(&identity, greet);
    for (offered, agreed) in [
        (&["http/1.1"][..], Some("http/1.1")),
        (&["h2", "http/1.0", "http/1.1"], Some("http/1.1")),
        (&["http/1.0"], Some("http/1.0")),
        (&[], None),
    ] {
        let mut caller = call(authority.roots(), server.port(), offered);
        say(&mut caller, LAST);
        assert!(rest(&mut caller).unwrap().ends_with("hello"));
        assert_eq!(caller.conn.alpn_protocol(), agreed.map(str::as_bytes));
    }
    let mut caller = call(authority.roots(), server.port(), &["h2"]);
    let error = caller.flush().unwrap_err().to_string();
    assert!(error.contains("NoApplicationProtocol"), "{error}");
}

#[test]
fn a_handshake_that_stalls_or_drips_is_given_up() {
    let (_, identity) = local();
    let timeouts = Timeouts::DEFAULT.head(Duration::from_millis(200));
    let timeouts = timeouts.drain(Duration::from_millis(100));
    let server = Server::bind("127.0.0.1:0").unwrap().timeouts(timeouts);
    let server = Running::with(server, &identity, greet);
    for drips in [false, true] {
        let mut stalling = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
        stalling.set_read_timeout(Some(PATIENCE)).unwrap();
        // The start of a record that never ends.
        stalling.write_all(&[22, 3, 1, 0x40, 0]).unwrap();
        let mut writer = stalling.try_clone().unwrap();
        let dripping = thread::spawn(move || {
            while drips && writer.write_all(&[1]).is_ok() {
                thread::sleep(Duration::from_millis(3));
            }
        });
        let began = Instant::now();
        // A reset is an end, too.
        let _ = stalling.read_to_end(&mut Vec::new());
        dripping.join().unwrap();
        assert!(began.elapsed() < PATIENCE, "{drips}");
    }
}

//! Connections that are used again, and those that are not.

use std::io::Read;
use std::net::Shutdown;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use nethttp::client::{PoolLimits, RequestBuilder};
use nethttp::error::ErrorKind;
use nethttp::{Body, Client, Method};

use crate::server::{PATIENCE, Peer, Server, ok};

#[test]
fn a_thousand_requests_take_one_connection() {
    let (server, client) = (Server::answering(&[&ok("hello")]), Client::new());
    for _ in 0..1000 {
        assert_eq!(client.get(server.url("/")).send().unwrap().text().unwrap(), "hello");
    }
    assert_eq!((server.connections(), server.log().requests.len()), (1, 1000));
}

#[test]
fn who_reads_as_many_bytes_as_there_are_has_read_to_the_end() {
    let (server, client) = (Server::answering(&[&ok("hello")]), Client::new());
    let mut kept = Vec::new();
    for _ in 0..3 {
        let mut response = client.get(server.url("/")).send().unwrap();
        let mut content = [0; 5];
        response.body_mut().read_exact(&mut content).unwrap();
        kept.push(response);
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_response_that_is_dropped_early_takes_its_connection_with_it_unless_all_has_come() {
    let long = ok(&"x".repeat(1 << 20));
    let (server, client) = (Server::answering(&[&long]), Client::new());
    for round in 1..=3 {
        let mut response = client.get(server.url("/")).send().unwrap();
        assert_eq!(response.body_mut().read(&mut [0; 10]).unwrap(), 10);
        drop(response);
        assert_eq!(server.connections(), round);
    }
    let (server, client) = (Server::answering(&[&ok("short")]), Client::new());
    for _ in 0..3 {
        drop(client.get(server.url("/")).send().unwrap());
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_host_keeps_eight_connections() {
    let (server, client) = (Server::answering(&[&ok("hello")]), Client::new());
    let ten_at_once = || {
        let all: Vec<_> =
            (0..10).map(|_| client.post(server.url("/")).body("x").send().unwrap()).collect();
        all
    };
    // None of them is read, so none is free, except that all of it has come.
    let first = ten_at_once();
    assert_eq!(server.connections(), 10);
    drop(first);
    let second = ten_at_once();
    assert_eq!(server.connections(), 12);
    drop(second);
}

#[test]
fn nobody_is_kept_where_the_pool_is_closed() {
    let server = Server::answering(&[&ok("hello")]);
    for limits in [
        PoolLimits::DEFAULT.total(0),
        PoolLimits::DEFAULT.per_host(0),
        PoolLimits::DEFAULT.idle(Duration::ZERO),
    ] {
        let before = server.connections();
        let client = Client::builder().pool(limits).build().unwrap();
        for _ in 0..2 {
            client.get(server.url("/")).send().unwrap().text().unwrap();
        }
        assert_eq!(server.connections(), before + 2);
    }
}

#[test]
fn a_time_beyond_all_clocks_is_no_limit() {
    let server = Server::answering(&[&ok("hello")]);
    let limits = PoolLimits::DEFAULT.idle(Duration::MAX);
    let client = Client::builder().pool(limits).build().unwrap();
    for is_reused in [false, true, true] {
        let response = client.get(server.url("/")).send().unwrap();
        assert_eq!(response.is_reused(), is_reused);
        assert_eq!(response.text().unwrap(), "hello");
    }
}

#[test]
fn the_servers_keep_alive_is_heeded() {
    for value in ["timeout=1", "max=9,\r\n timeout=1"] {
        let reply = format!("HTTP/1.1 200 OK\r\nKeep-Alive: {value}\r\nContent-Length: 0\r\n\r\n");
        let (server, client) = (Server::answering(&[reply.as_bytes()]), Client::new());
        for round in 1..=2 {
            client.get(server.url("/")).send().unwrap();
            assert_eq!(server.connections(), round);
        }
    }
}

#[test]
fn what_one_response_says_of_keep_alive_ends_with_the_next() {
    // A second less than this.
    let brief = b"HTTP/1.1 200 OK\r\nKeep-Alive: timeout=2\r\nContent-Length: 0\r\n\r\n";
    let limits = PoolLimits::DEFAULT.idle(Duration::from_secs(3600));
    for _ in 0..20 {
        let server = Server::answering(&[brief, &ok("")]);
        let client = Client::builder().pool(limits).build().unwrap();
        client.get(server.url("/")).send().unwrap();
        if !client.get(server.url("/")).send().unwrap().is_reused() {
            // Too late on a machine that is busy elsewhere: once more.
            continue;
        }
        thread::sleep(Duration::from_millis(1100));
        assert!(client.get(server.url("/")).send().unwrap().is_reused());
        return;
    }
    panic!("no connection was used again");
}

#[test]
fn what_comes_behind_a_response_is_no_response() {
    let evil = ok("evil");
    for first in [ok("good"), ok(""), b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()] {
        let both = [first, evil.clone()].concat();
        let (server, client) = (Server::answering(&[&both, &ok("second")]), Client::new());
        client.get(server.url("/")).send().unwrap().text().unwrap();
        pause();
        assert_eq!(client.get(server.url("/")).send().unwrap().text().unwrap(), "second");
        assert_eq!(server.connections(), 2);
    }
    // The same for a body that is read past the buffer.
    let both = [ok(&"x".repeat(100_000)), evil].concat();
    let (server, client) = (Server::answering(&[&both, &ok("second")]), Client::new());
    let mut response = client.get(server.url("/")).send().unwrap();
    let (mut buf, mut len) = (vec![0; 1 << 20], 0);
    while let Ok(more @ 1..) = response.body_mut().read(&mut buf) {
        len += more;
    }
    assert_eq!(len, 100_000);
    pause();
    assert_eq!(client.get(server.url("/")).send().unwrap().text().unwrap(), "second");
}

/// Waits until a connection is looked at before it is used again.
fn pause() {
    thread::sleep(Duration::from_millis(20));
}

/// Sends a request over the connection of an earlier one, on which something has happened since.
#[track_caller]
fn after(event: impl Fn(&mut Peer) + Send + Sync + 'static, method: Method) {
    let (happened, wait) = mpsc::channel();
    let server = Server::start(move |peer| {
        peer.request();
        peer.send(&ok(if peer.index == 0 { "first" } else { "second" }));
        if peer.index == 0 {
            event(peer);
            happened.send(()).unwrap();
        }
        while peer.request().is_some() {
            peer.send(&ok("unexpected"));
        }
    });
    let client = Client::new();
    assert_eq!(client.get(server.url("/")).send().unwrap().text().unwrap(), "first");
    wait.recv_timeout(PATIENCE).unwrap();
    pause();
    let response = client.request(method, server.url("/")).send().unwrap();
    assert_eq!((response.text().unwrap().as_str(), server.connections()), ("second", 2));
}

#[test]
fn what_comes_late_behind_a_response_is_no_response() {
    // Long after the client has read the first one to its end.
    let wait = || thread::sleep(Duration::from_millis(50));
    for method in [Method::GET, Method::POST] {
        after(move |peer| (wait(), peer.send(&ok("evil"))).1, method);
        after(move |peer| (wait(), peer.send(b"\r\n")).1, method);
    }
}

#[test]
fn a_connection_that_was_closed_while_idle_is_not_used_even_for_post() {
    for method in [Method::GET, Method::POST] {
        after(|peer| peer.stream.shutdown(Shutdown::Both).unwrap(), method);
    }
}

/// A server that answers one request on each connection, then waits for the next one and hangs up.
fn hanging_up() -> Server {
    Server::start(|peer| {
        peer.request();
        peer.send(&ok("hello"));
        if peer.index == 0 {
            peer.request();
        }
    })
}

fn second_try(method: Method, body: impl Into<Body>) -> (Result<String, ErrorKind>, usize) {
    second_try_with(method, |request| request.body(body))
}

fn second_try_with(
    method: Method,
    set: impl FnOnce(RequestBuilder) -> RequestBuilder,
) -> (Result<String, ErrorKind>, usize) {
    let (server, client) = (hanging_up(), Client::new());
    assert_eq!(client.get(server.url("/")).send().unwrap().text().unwrap(), "hello");
    let outcome = set(client.request(method, server.url("/"))).send();
    let content = outcome.map(|response| response.text().unwrap()).map_err(|error| error.kind());
    (content, server.connections())
}

#[test]
fn a_request_that_crosses_with_the_end_of_an_idle_connection_is_repeated_once() {
    let hello = || Ok("hello".to_owned());
    assert_eq!(second_try(Method::GET, ""), (hello(), 2));
    assert_eq!(second_try(Method::PUT, "again"), (hello(), 2));
    assert_eq!(second_try(Method::PUT, vec![b'x'; 100_000]), (hello(), 2));
    assert_eq!(second_try(Method::DELETE, ""), (hello(), 2));
}

#[test]
fn a_request_with_a_key_is_idempotent() {
    for name in ["Idempotency-Key", "X-Idempotency-Key"] {
        let keyed = |request: RequestBuilder| request.header(name, "7").body("a");
        for method in [Method::POST, Method::PATCH] {
            assert_eq!(second_try_with(method, keyed), (Ok("hello".to_owned()), 2));
        }
    }
}

#[test]
fn what_may_have_been_seen_or_cannot_be_repeated_is_not() {
    for (method, body) in [
        (Method::POST, Body::from("once")),
        (Method::POST, Body::empty()),
        (Method::PATCH, Body::from("once")),
        (Method::PUT, Body::reader(&b"once"[..], Some(4))),
        (Method::PUT, Body::writer(|out| out.write_all(b"once"))),
    ] {
        let (outcome, connections) = second_try(method, body);
        let lost = [ErrorKind::Truncated, ErrorKind::Receive, ErrorKind::Send];
        assert!(lost.contains(&outcome.unwrap_err()));
        assert_eq!(connections, 1);
    }
}

#[test]
fn a_response_that_has_begun_is_not_asked_for_again() {
    let server = Server::start(|peer| {
        peer.request();
        peer.send(&ok("hello"));
        peer.request();
        peer.send(b"H");
    });
    let client = Client::new();
    client.get(server.url("/")).send().unwrap().text().unwrap();
    let error = client.get(server.url("/")).send().unwrap_err();
    assert_eq!((error.kind(), server.connections()), (ErrorKind::Truncated, 1));
}

#[test]
fn a_408_on_an_idle_connection_is_its_end() {
    let late = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    let server = Server::answering(&[&ok("hello"), late, &ok("again"), late]);
    let client = Client::new();
    client.get(server.url("/")).send().unwrap().text().unwrap();
    assert_eq!(client.get(server.url("/")).send().unwrap().text().unwrap(), "again");
    assert_eq!(server.connections(), 2);
    // POST is not repeated, and nothing is on a new connection.
    let post = client.post(server.url("/")).send().unwrap();
    assert_eq!(post.status().as_u16(), 408);
    assert_eq!(client.get(server.url("/")).send().unwrap().status().as_u16(), 408);
}

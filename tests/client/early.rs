//! Servers that answer before they have seen the whole request.

use std::io::{Read, Write, repeat};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use nethttp::client::{Redirects, Timeouts};
use nethttp::{Body, Client};

use crate::server::{Peer, Server};

const REFUSAL: &[u8] = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 8\r\n\r\ntoo long";

/// Reads a head, and answers it.
fn refuse(peer: &mut Peer) {
    peer.head();
    peer.send(REFUSAL);
}

fn endless() -> [fn() -> Body; 2] {
    [
        || Body::reader(repeat(b'x'), None),
        || {
            Body::writer(|out| {
                loop {
                    out.write_all(&[b'x'; 8192])?;
                }
            })
        },
    ]
}

#[track_caller]
fn is_refused(server: &Server, body: Body) {
    let client = Client::new();
    let response = client.post(server.url("/")).body(body).send().unwrap();
    assert_eq!(response.status().as_u16(), 413);
    assert_eq!(response.text().unwrap(), "too long");
}

#[test]
fn an_answer_ends_an_upload_over_a_connection_that_stays_open() {
    for body in endless() {
        // The server reads on, and on.
        let server = Server::start(|peer| {
            refuse(peer);
            while !peer.exactly(64 << 10).is_empty() {}
        });
        is_refused(&server, body());
    }
}

#[test]
fn an_answer_is_heard_by_a_client_that_cannot_send_on() {
    for body in endless() {
        // The server does not read any more.
        let server = Server::start(|peer| {
            refuse(peer);
            std::thread::sleep(Duration::from_secs(5));
        });
        is_refused(&server, body());
    }
    let server = Server::start(|peer| {
        refuse(peer);
        std::thread::sleep(Duration::from_secs(5));
    });
    is_refused(&server, vec![b'x'; 64 << 20].into());
}

#[test]
fn an_upload_that_is_answered_kindly_goes_on() {
    let server = Server::start(|peer| {
        peer.head();
        peer.send(b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
        let all = peer.exactly(8 << 20);
        let text = if all.len() == 8 << 20 { b"all" } else { b"few" };
        peer.stream.write_all(text).unwrap();
    });
    let body = Body::reader(repeat(b'x').take(8 << 20), Some(8 << 20));
    let response = Client::new().put(server.url("/")).body(body).send().unwrap();
    assert_eq!(response.text().unwrap(), "all");
}

#[test]
fn a_kind_answer_counts_also_where_the_server_takes_no_more() {
    let server = Server::start(|peer| {
        peer.head();
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nenough");
        std::thread::sleep(Duration::from_secs(5));
    });
    let timeouts = Timeouts::DEFAULT.send(Some(Duration::from_millis(600)));
    let request = Client::new().put(server.url("/")).body(vec![b'x'; 64 << 20]);
    let response = request.timeouts(timeouts).send().unwrap();
    assert_eq!(response.text().unwrap(), "enough");
}

/// A source that counts what it gives.
struct Counted<R>(R, Arc<AtomicU64>);

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let len = self.0.read(buf)?;
        self.1.fetch_add(len as u64, Ordering::Relaxed);
        Ok(len)
    }
}

/// Sends more than fits between a client and a server that answers at once; returns the status, and whether all of it went.
fn upload(status: u16, redirects: Redirects) -> (u16, bool) {
    const LEN: u64 = 64 << 20;
    let server = Server::start(move |peer| {
        let head = peer.head();
        if head.starts_with("GET /b ") {
            return peer.send(b"HTTP/1.1 204 There\r\n\r\n");
        }
        let fields = "Location: /b\r\nContent-Length: 0";
        peer.send(format!("HTTP/1.1 {status} Early\r\n{fields}\r\n\r\n").as_bytes());
        while !peer.exactly(64 << 10).is_empty() {}
    });
    let sent = Arc::new(AtomicU64::new(0));
    let body = Body::reader(Counted(repeat(b'x').take(LEN), Arc::clone(&sent)), Some(LEN));
    let request = Client::new().post(server.url("/a")).redirects(redirects).body(body);
    let status = request.send().unwrap().status().as_u16();
    (status, sent.load(Ordering::Relaxed) == LEN)
}

#[test]
fn every_early_answer_but_a_kind_one_ends_an_upload() {
    for status in [300, 303, 304, 308, 399, 400, 499, 500, 503, 599, 999] {
        assert_eq!(upload(status, Redirects::none()), (status, false));
    }
    for status in [200, 299] {
        assert_eq!(upload(status, Redirects::none()), (status, true));
    }
}

#[test]
fn an_early_redirect_is_followed_without_the_rest() {
    for status in [301, 302, 303] {
        assert_eq!(upload(status, Redirects::default()), (204, false));
    }
}

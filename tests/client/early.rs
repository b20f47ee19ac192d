//! Servers that answer before they have seen the whole request.

use std::io::Write;
use std::time::Duration;

use nethttp::client::Timeouts;
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
        || Body::reader(std::io::repeat(b'x'), None),
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
    let body = Body::reader(std::io::Read::take(std::io::repeat(b'x'), 8 << 20), Some(8 << 20));
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

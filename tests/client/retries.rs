//! Requests that are sent again.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Seek, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use nethttp::client::{CancelToken, Retry};
use nethttp::error::ErrorKind;
use nethttp::{Body, Client};

use crate::server::{PATIENCE, Server, ok};

const BUSY: &[u8] = b"HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy";

fn soon(most: u32) -> Retry {
    Retry::idempotent(most).backoff(Duration::from_millis(1), Duration::from_millis(4))
}

#[test]
fn a_server_in_trouble_is_asked_again_over_the_same_connection() {
    let server = Server::answering(&[BUSY, BUSY, &ok("hello")]);
    let client = Client::builder().retry(soon(3)).build().unwrap();
    assert_eq!(client.get(server.url("/")).send().unwrap().text().unwrap(), "hello");
    assert_eq!((server.connections(), server.log().requests.len()), (1, 3));
}

#[test]
fn in_the_end_the_last_answer_counts() {
    let server = Server::answering(&[BUSY]);
    let response = Client::new().get(server.url("/")).retry(soon(2)).send().unwrap();
    assert_eq!(response.status().as_u16(), 503);
    assert_eq!(response.text().unwrap(), "busy");
    assert_eq!(server.log().requests.len(), 3);
}

#[test]
fn who_has_not_asked_for_it_gets_the_first_answer() {
    let server = Server::answering(&[BUSY, &ok("hello")]);
    assert_eq!(nethttp::get(server.url("/")).send().unwrap().status().as_u16(), 503);
    let post = nethttp::post(server.url("/")).body("a").retry(soon(3));
    let server = Server::answering(&[BUSY, &ok("hello")]);
    let response = post.send();
    drop(response);
    let post = nethttp::post(server.url("/")).body("a").retry(soon(3));
    assert_eq!(post.send().unwrap().status().as_u16(), 503);
}

#[test]
fn a_lost_connection_is_trouble_too() {
    for reply in ["", "HTTP/1.1 200 OK\r\nContent-Le"] {
        let reply = reply.as_bytes();
        let server = Server::start(move |peer| {
            peer.request();
            let whole = ok("hello");
            peer.send(if peer.index < 2 { reply } else { &whole });
        });
        let response = Client::new().get(server.url("/")).retry(soon(2)).send().unwrap();
        assert_eq!(response.text().unwrap(), "hello");
        let error = Client::new().post(server.url("/")).body("a").send();
        assert!(error.is_ok());
        assert_eq!(server.connections(), 4);
    }
}

#[test]
fn content_is_sent_again_where_it_is_still_there() {
    let mut file = tempfile();
    file.write_all(b"hello").unwrap();
    file.rewind().unwrap();
    for body in [Body::from("hello"), Body::file(file, 0..5)] {
        let server = Server::answering(&[BUSY, &ok("")]);
        let response = Client::new().put(server.url("/")).body(body).retry(soon(1)).send().unwrap();
        assert_eq!(response.status().as_u16(), 200);
        assert!(server.log().requests.iter().all(|request| request.ends_with(b"\r\n\r\nhello")));
    }
    let server = Server::answering(&[BUSY, &ok("")]);
    let body = Body::reader(&b"hello"[..], Some(5));
    let response = Client::new().put(server.url("/")).body(body).retry(soon(1)).send().unwrap();
    assert_eq!(response.status().as_u16(), 503);
}

/// A file without a name.
fn tempfile() -> File {
    let path = std::env::temp_dir().join(format!("nethttp-retries-{}", std::process::id()));
    let file = File::options().create(true).truncate(true).read(true).write(true).open(&path);
    std::fs::remove_file(path).unwrap();
    file.unwrap()
}

#[test]
fn a_wait_is_cut_by_cancelling_and_not_begun_where_the_time_would_not_do() {
    let busy = b"HTTP/1.1 503 Busy\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n";
    let server = Server::answering(&[busy]);
    let (token, start) = (CancelToken::new(), Instant::now());
    let other = token.clone();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        other.cancel();
    });
    let request = Client::new().get(server.url("/")).retry(soon(3)).cancel(&token);
    assert_eq!(request.send().unwrap_err().kind(), ErrorKind::Cancelled);
    let request = Client::new().get(server.url("/")).retry(soon(3)).timeout(PATIENCE);
    assert_eq!(request.send().unwrap().status().as_u16(), 503);
    assert!(start.elapsed() < PATIENCE);
}

#[test]
fn a_body_that_can_be_made_anew_is_sent_after_anything() {
    let redirect = b"HTTP/1.1 307 Moved\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n";
    let server = Server::answering(&[BUSY, redirect, &ok("done")]);
    let made = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = std::sync::Arc::clone(&made);
    let body = Body::replayable(move || {
        count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Ok(Body::reader(&b"hello"[..], None))
    });
    let request = Client::new().put(server.url("/a")).body(body.unwrap()).retry(soon(1));
    assert_eq!(request.send().unwrap().text().unwrap(), "done");
    assert_eq!(server.log().requests.len(), 3);
    let chunked = b"\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    assert!(server.log().requests.iter().all(|request| request.ends_with(chunked)));
    assert_eq!(made.load(std::sync::atomic::Ordering::Relaxed), 3);
}

#[test]
fn a_body_that_cannot_be_made_anew_is_an_error() {
    let server = Server::answering(&[BUSY]);
    let made = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let body =
        Body::replayable(move || match made.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
            0 => Ok(Body::reader(&b"hello"[..], None)),
            _ => Err(io::Error::other("gone")),
        });
    let request = Client::new().put(server.url("/")).body(body.unwrap()).retry(soon(5));
    let error = request.send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RequestBody);
    assert_eq!(error.to_string(), "expected the body of the request to come: gone");
    assert_eq!(server.log().requests.len(), 1);
}

#[test]
fn no_attempt_is_begun_after_the_time_for_all_of_them() {
    let late = Duration::from_millis(50);
    let moved = b"HTTP/1.1 302 Moved\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n";
    let asks = b"HTTP/1.1 503 Busy\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n";
    for (replies, max_elapsed, expected) in [
        (&[BUSY, BUSY, &ok("hello")][..], PATIENCE, (200, 3)),
        (&[BUSY, &ok("hello")], late, (503, 1)),
        // The time is that of the call, not of the last request.
        (&[moved, BUSY, &ok("hello")], 2 * late, (503, 2)),
        // A wait that would end behind it is not begun.
        (&[asks, &ok("hello")], PATIENCE, (503, 1)),
    ] {
        let replies: VecDeque<_> = replies.iter().map(|reply| reply.to_vec()).collect();
        let replies = Mutex::new(replies);
        let server = Server::start(move |peer| {
            while peer.request().is_some() {
                std::thread::sleep(late);
                peer.send(&replies.lock().unwrap().pop_front().unwrap());
            }
        });
        let retry = soon(9).max_elapsed(max_elapsed);
        let response = Client::new().get(server.url("/")).retry(retry).send().unwrap();
        let found = (response.status().as_u16(), server.log().requests.len());
        assert_eq!(found, expected, "{max_elapsed:?}");
    }
}

#[test]
fn a_delay_is_waited_for_each_time() {
    let delay = Duration::from_millis(40);
    let server = Server::answering(&[BUSY, BUSY, &ok("hello")]);
    let start = Instant::now();
    let request = Client::new().get(server.url("/")).retry(Retry::idempotent(2).delay(delay));
    assert_eq!(request.send().unwrap().text().unwrap(), "hello");
    assert!(start.elapsed() >= 2 * delay);
}

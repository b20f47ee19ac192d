//! Clients that mean harm, or do not know what they do.

use super::{Client, GET, Running, may_open, millis, statuses, until};
use crate::support::vectors::h1_requests;
use nethttp::server::{Limits, Timeouts};
use nethttp::{Request, StatusCode};
use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

#[test]
fn every_vector_has_its_status_on_the_wire() {
    let quick = Timeouts::DEFAULT.drain(millis(100));
    let server = Running::with(Limits::DEFAULT, quick, |request: &mut Request| {
        request.body_mut().read_all().map(|_| "ok").map_err(nethttp::Error::from)
    });
    for vector in h1_requests() {
        let stream = server.exchange(&vector.input);
        let last = statuses(&stream).last().copied();
        let fits = match vector.expect.as_str() {
            // CONNECT is refused by default, in proper form.
            "ok" => matches!(last, Some(200 | 204 | 501)),
            // A head that is cut short gets nothing carried out; a body that is gets 400.
            "partial" => matches!(last, None | Some(400)),
            "400-in-body" => last == Some(400),
            status => last == status.parse().ok(),
        };
        assert!(fits, "{}: expected {}, found {last:?}", vector.id, vector.expect);
    }
}

#[test]
fn a_thousand_half_heads_are_closed_by_the_deadline_and_nobody_waits_for_them() {
    const MANY: usize = 1000;
    if !may_open(2 * MANY) {
        return;
    }
    // Longer than it takes to send them all, on a busy machine, too.
    let timeouts = Timeouts::DEFAULT.head(millis(10_000)).drain(millis(100));
    let server = Running::with(Limits::DEFAULT, timeouts, |_: &mut Request| "ok");
    let mut slow = server.crowd(MANY);
    slow.iter_mut().for_each(|client| client.send(b"GET / HTTP/1.1\r\nHost: "));
    let mut client = server.connect();
    client.send(GET);
    assert!(client.response().ends_with("ok"));
    assert!(!slow.last().expect("a connection").has_answer(), "the deadline came first");
    for Client(mut stream) in slow {
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the server closes");
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    }
}

#[test]
fn a_head_that_drips_is_cut_off_at_its_deadline() {
    let deadline = millis(300);
    let timeouts = Timeouts::DEFAULT.head(deadline).drain(millis(50));
    let server = Running::with(Limits::DEFAULT, timeouts, |_: &mut Request| "ok");
    let mut client = server.prompt(b"GET / HTTP/1.1\r\nHost: a\r\nX: ", deadline);
    until("it is cut off", || {
        std::thread::sleep(millis(20));
        client.has_answer() || client.0.write_all(b"x").is_err()
    });
    assert!(client.rest().starts_with("HTTP/1.1 408 "));
}

#[test]
fn who_says_nothing_is_closed_without_a_word() {
    let deadline = millis(200);
    let timeouts = Timeouts::DEFAULT.head(deadline).idle(deadline);
    let server = Running::with(Limits::DEFAULT, timeouts, |_: &mut Request| "ok");
    assert!(server.connect().is_closed());
    // Nor is anything said on a connection that has been idle.
    let mut client = server.prompt(GET, deadline);
    client.response();
    assert!(client.is_closed());
}

#[test]
fn a_body_that_stalls_is_408() {
    let timeouts = Timeouts::DEFAULT.read(millis(200)).drain(millis(100));
    let server = Running::with(Limits::DEFAULT, timeouts, |request: &mut Request| {
        request.body_mut().read_all().map(|_| "ok").map_err(nethttp::Error::from)
    });
    let mut client = server.connect();
    client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
    let response = client.response();
    assert!(response.starts_with("HTTP/1.1 408 "), "{response}");
}

#[test]
fn a_request_cut_at_every_byte_is_never_carried_out() {
    let done = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&done);
    let server = Running::start(move |request: &mut Request| match request.body_mut().read_all() {
        Ok(_) => {
            count.fetch_add(1, Ordering::SeqCst);
            StatusCode::OK
        }
        Err(_) => StatusCode::BAD_REQUEST,
    });
    let whole = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
    for cut in 0..whole.len() {
        let stream = server.exchange(&whole[..cut]);
        assert!(!stream.contains(" 200 "), "cut at {cut}: {stream}");
    }
    assert_eq!(done.load(Ordering::SeqCst), 0);
    assert_eq!(statuses(&server.exchange(whole)), [200]);
}

#[test]
fn a_megabyte_of_garbage_is_one_refusal() {
    let timeouts = Timeouts::DEFAULT.drain(millis(200));
    let server = Running::with(Limits::DEFAULT, timeouts, |_: &mut Request| "ok");
    for garbage in [&b"\0"[..], b"\r\n", b"A", b"GET / HTTP/1.1\r\nHost: a\r\n", b"\xff\xfe"] {
        let mut client = server.connect();
        let flood = garbage.repeat((1 << 20) / garbage.len());
        // The server stops reading, so the end may not get through.
        let _ = client.0.write_all(&flood);
        client.finish();
        let stream = client.rest();
        assert!(statuses(&stream).len() <= 1, "{stream}");
    }
    assert_eq!(statuses(&server.exchange(GET)), [200]);
}

#[test]
fn who_comes_when_every_place_is_taken_is_told_so() {
    let server =
        Running::with(Limits::DEFAULT.connections(2), Timeouts::DEFAULT, |_: &mut Request| "ok");
    let mut first = server.connect();
    let mut second = server.connect();
    for client in [&mut first, &mut second] {
        client.send(GET);
        client.response();
    }
    let mut third = server.connect();
    let answer = third.rest();
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("Retry-After"), "{answer}");
    assert!(answer.contains("\r\nDate: ") && answer.ends_with(" GMT\r\n\r\n"), "{answer}");
    drop(first);
    until("its place is free", || server.handle().connections() == 1);
    assert_eq!(statuses(&server.exchange(GET)), [200]);
}

#[test]
fn a_client_that_does_not_read_is_given_up() {
    let timeouts = Timeouts::DEFAULT.write(millis(300)).drain(millis(50));
    let server = Running::with(Limits::DEFAULT, timeouts, |_: &mut Request| {
        nethttp::Body::reader(std::io::repeat(b'x'), None)
    });
    let mut client = server.connect();
    client.send(GET);
    until("it is let in", || server.handle().metrics().accepted == 1);
    until("it is given up", || server.handle().connections() == 0);
}

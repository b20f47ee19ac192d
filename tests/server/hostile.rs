//! Clients that mean harm, or do not know what they do.

use super::{Client, GET, Running, millis, statuses};
use crate::support::vectors::h1_requests;
use nethttp::server::{Limits, Timeouts};
use nethttp::{Request, StatusCode};
use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

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
    let timeouts = Timeouts::DEFAULT.head(millis(3000)).drain(millis(100));
    let server = Running::with(Limits::DEFAULT, timeouts, |_: &mut Request| "ok");
    let mut slow = server.crowd(MANY);
    slow.iter_mut().for_each(|client| client.send(b"GET / HTTP/1.1\r\nHost: "));
    let mut client = server.connect();
    client.send(GET);
    assert!(client.response().ends_with("ok"));
    let last = &slow.last().expect("a connection").0;
    last.set_nonblocking(true).expect("an option");
    let waiting = last.peek(&mut [0]).expect_err("the answer came first").kind();
    assert_eq!(waiting, std::io::ErrorKind::WouldBlock);
    last.set_nonblocking(false).expect("an option");
    for Client(mut stream) in slow {
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the server closes");
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    }
}

#[test]
fn a_head_that_drips_is_cut_off_at_its_deadline() {
    let timeouts = Timeouts::DEFAULT.head(millis(300)).drain(millis(50));
    let server = Running::with(Limits::DEFAULT, timeouts, |_: &mut Request| "ok");
    let mut client = server.connect();
    let begin = Instant::now();
    for byte in GET.iter().cycle().take(2000) {
        if client.0.write_all(&[*byte]).is_err() || begin.elapsed() > super::PATIENCE {
            break;
        }
        if byte == &b'G' {
            // Never let a head become complete.
            let _ = client.0.write_all(b"X");
        }
        std::thread::sleep(millis(20));
        if client.0.take_error().expect("a socket").is_some() {
            break;
        }
        client.0.set_nonblocking(true).expect("an option");
        let closed = client.0.peek(&mut [0]).is_ok();
        client.0.set_nonblocking(false).expect("an option");
        if closed {
            break;
        }
    }
    assert!(begin.elapsed() < super::PATIENCE);
    assert!(client.rest().starts_with("HTTP/1.1 408 "));
}

#[test]
fn who_says_nothing_is_closed_without_a_word() {
    let timeouts = Timeouts::DEFAULT.head(millis(200)).idle(millis(200));
    let server = Running::with(Limits::DEFAULT, timeouts, |_: &mut Request| "ok");
    assert!(server.connect().is_closed());
    // Nor is anything said on a connection that has been idle.
    let mut client = server.connect();
    client.send(GET);
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
    // The place is free as soon as the server has seen the end.
    let begin = Instant::now();
    while server.handle().connections() > 1 && begin.elapsed() < super::PATIENCE {
        std::thread::sleep(millis(1));
    }
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
    let begin = Instant::now();
    std::thread::sleep(millis(50));
    while server.handle().connections() > 0 && begin.elapsed() < super::PATIENCE {
        std::thread::sleep(millis(10));
    }
    assert_eq!(server.handle().connections(), 0);
}

//! Panics, shutdown, and the threads.

use super::{GET, PATIENCE, Running, may_open, millis, statuses, until, until_draining};
use nethttp::server::{Limits, Timeouts};
use nethttp::{Body, Request, Server};
use std::io::Read;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

#[test]
fn a_panic_is_500_and_the_server_goes_on() {
    let server = Running::start(|request: &mut Request| {
        assert_ne!(request.path(), "/panic", "on purpose");
        "ok"
    });
    for _ in 0..40 {
        let stream = server
            .exchange(b"GET /panic HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        assert_eq!(statuses(&stream), [500], "{stream}");
    }
    assert_eq!(statuses(&server.exchange(GET)), [200]);
}

#[test]
fn shutdown_wakes_a_blocked_accept_and_refuses_newcomers() {
    let handle = Server::bind("127.0.0.1:0").expect("a port").spawn(|_: &mut Request| "ok");
    let handle = handle.expect("a thread");
    let addr = handle.addr();
    let drained = handle.shutdown(Duration::from_secs(10));
    assert_eq!((drained.open, drained.aborted), (0, 0));
    assert!(TcpStream::connect(addr).is_err());
}

#[test]
fn a_server_that_ends_as_soon_as_it_begins_waits_for_no_thread() {
    // Some of its threads have yet to come to the listener, and find it gone.
    let mut late = 0;
    for _ in 0..100 {
        let server = Running::start(|_: &mut Request| "ok");
        let begin = Instant::now();
        drop(server);
        late += usize::from(begin.elapsed() > millis(900));
    }
    // So may a busy machine, but seldom.
    assert!(late < 20, "a second is lost {late} times");
}

#[test]
fn shutdown_closes_idle_connections_at_once() {
    let mut server = Running::start(|_: &mut Request| "ok");
    let mut fresh = server.connect();
    let mut used = server.connect();
    used.send(GET);
    used.response();
    // The fresh connection has to be accepted before it can be closed.
    until("both are let in", || server.handle().connections() == 2);
    let drained = server.0.take().expect("it runs").shutdown(Duration::from_secs(5));
    assert_eq!((drained.open, drained.aborted), (2, 0));
    assert!(fresh.is_closed() && used.is_closed());
}

#[test]
fn shutdown_lets_a_request_finish_and_says_close() {
    let began = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&began);
    let mut server = Running::start(move |request: &mut Request| {
        flag.store(true, Ordering::SeqCst);
        until_draining(request);
        std::thread::sleep(millis(300));
        "finished"
    });
    let mut client = server.connect();
    client.send(GET);
    until("it is being answered", || began.load(Ordering::SeqCst));
    let drained = server.0.take().expect("it runs").shutdown(PATIENCE);
    assert_eq!(drained.aborted, 0);
    let response = client.rest();
    assert!(response.ends_with("finished") && response.contains("Connection: close"), "{response}");
}

#[test]
fn shutdown_breaks_off_what_takes_too_long() {
    let mut server = Running::start(|request: &mut Request| {
        let _ = request.body_mut().read_all();
        "never"
    });
    let mut client = server.connect();
    client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
    let is_busy = || server.handle().connections() == 1 && server.handle().metrics().idle == 0;
    until("its handler waits for the body", is_busy);
    let drained = server.0.take().expect("it runs").shutdown(millis(100));
    assert_eq!(drained.aborted, 1);
}

#[test]
fn the_number_of_requests_on_a_connection_can_be_limited() {
    let limits = Limits::DEFAULT.requests(3);
    let server = Running::with(limits, Timeouts::DEFAULT, |_: &mut Request| "ok");
    let stream = server.exchange(&GET.repeat(5));
    assert_eq!(statuses(&stream), [200, 200, 200]);
    assert_eq!(stream.matches("Connection: close").count(), 1);
}

#[test]
fn idle_connections_do_not_keep_others_from_being_served() {
    if !may_open(600) {
        return;
    }
    let server = Running::start(|_: &mut Request| "ok");
    let idle: Vec<_> = (0..300)
        .map(|_| {
            let mut client = server.connect();
            client.send(GET);
            client.response();
            client
        })
        .collect();
    assert_eq!(server.handle().connections(), 300);
    assert_eq!(statuses(&server.exchange(GET)), [200]);
    drop(idle);
}

#[test]
fn waits_may_be_endless() {
    let timeouts = Timeouts::DEFAULT
        .head(Duration::MAX)
        .idle(Duration::MAX)
        .read(Duration::MAX)
        .write(Duration::MAX)
        .drain(Duration::MAX);
    let mut server = Running::with(Limits::DEFAULT, timeouts, |_: &mut Request| "ok");
    let two = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nokGET / HTTP/1.1\r\nHost: a\r\n\r\n";
    assert_eq!(statuses(&server.exchange(two)), [200, 200]);
    let drained = server.0.take().expect("it runs").shutdown(Duration::MAX);
    assert_eq!(drained.aborted, 0);
}

#[test]
fn a_panic_while_answering_closes_the_connection_whoever_holds_the_body() {
    let (kept, keep) = std::sync::mpsc::channel::<Body>();
    let server = Running::start(move |request: &mut Request| {
        let _ = kept.send(request.body_mut().take());
        Body::writer(|_| panic!("on purpose"))
    });
    let mut client = server.connect();
    client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
    client.rest();
    assert!(matches!(client.0.read(&mut [0]), Ok(0)), "the connection hangs");
    drop(keep);
}

#[test]
fn shutdown_does_not_wait_for_half_a_head() {
    let mut server = Running::start(|_: &mut Request| "ok");
    let mut client = server.connect();
    client.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HT");
    client.response();
    until("it waits for the rest", || server.handle().metrics().idle == 1);
    let drained = server.0.take().expect("it runs").shutdown(Duration::from_secs(5));
    assert_eq!(drained.aborted, 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_listener_that_others_have_shut_down_ends_the_server() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let view = std::os::fd::OwnedFd::from(listener.try_clone().expect("a descriptor"));
    let (ended, wait) = std::sync::mpsc::channel();
    let serving = std::thread::spawn(move || {
        let _ = ended.send(Server::from_listener(listener).run(|_: &mut Request| "ok").is_err());
    });
    std::thread::sleep(millis(100));
    TcpStream::from(view).shutdown(std::net::Shutdown::Both).expect("a listener");
    assert_eq!(wait.recv_timeout(PATIENCE), Ok(true), "it waits for nobody");
    serving.join().expect("no panic");
}

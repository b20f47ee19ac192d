//! Slow clients, and what a handler can ask of its connection.

use super::{GET, PATIENCE, Running, millis, statuses, until};
use nethttp::message::{BodyWriter, IntoResponse, Sent};
use nethttp::server::{Connection, Health, Limits, Timeouts};
use nethttp::{Body, HeaderMap, Request, Response, StatusCode};
use std::io::Read;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

const POST: &[u8] = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n";

/// How long the servers of these tests wait for a client that says nothing.
const GRACE: Duration = millis(300);

/// A server that bears 1,000 bytes per second after its grace.
fn brisk(handler: impl nethttp::server::Handler + 'static) -> Running {
    let timeouts = Timeouts::DEFAULT.min_rate(1000).grace(GRACE).drain(millis(100));
    Running::with(Limits::DEFAULT, timeouts, handler)
}

fn read_all(request: &mut Request) -> nethttp::Result<&'static str> {
    request.body_mut().read_all()?;
    Ok("read")
}

#[test]
fn a_body_that_drips_is_given_up_long_before_the_stall_timeout() {
    let server = brisk(read_all);
    let mut client = server.connect();
    client.send(POST);
    let began = Instant::now();
    let mut writer = client.0.try_clone().expect("a descriptor");
    let dripping = thread::spawn(move || {
        use std::io::Write;
        while writer.write_all(b"x").is_ok() && began.elapsed() < PATIENCE {
            thread::sleep(millis(20));
        }
    });
    let answer = client.rest();
    assert_eq!(statuses(&answer), [408], "{answer}");
    assert_eq!(server.handle().metrics().timeouts, 1);
    drop(client);
    dripping.join().expect("no panic");
}

#[test]
fn a_body_that_earns_its_time_is_read_and_so_is_one_with_a_pause() {
    // Whatever else this machine does, the client is as fast as that.
    let timeouts = Timeouts::DEFAULT.min_rate(50).grace(GRACE);
    let server = Running::with(Limits::DEFAULT, timeouts, read_all);
    let mut client = server.connect();
    client.send(&[POST, &[b'x'; 100]].concat());
    for _ in 1..10 {
        thread::sleep(millis(50));
        client.send(&[b'x'; 100]);
    }
    assert!(client.response().ends_with("read"));
    client.send(&[POST, &[b'x'; 999]].concat());
    thread::sleep(GRACE * 2);
    client.send(b"x");
    assert!(client.response().ends_with("read"));
}

#[test]
fn a_chunked_body_that_drips_is_given_up_too() {
    let server = brisk(read_all);
    let mut client = server.connect();
    client.send(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    let began = Instant::now();
    let mut writer = client.0.try_clone().expect("a descriptor");
    let dripping = thread::spawn(move || {
        use std::io::Write;
        while writer.write_all(b"1\r\nx\r\n").is_ok() && began.elapsed() < PATIENCE {
            thread::sleep(millis(50));
        }
    });
    assert_eq!(statuses(&client.rest()), [408]);
    drop(client);
    dripping.join().expect("no panic");
}

#[test]
fn a_response_that_is_read_too_slowly_is_broken_off() {
    let (report, sent) = mpsc::channel();
    let timeouts = Timeouts::DEFAULT.min_rate(u64::MAX).grace(millis(300)).write(millis(300));
    let server = Running::with(Limits::DEFAULT, timeouts, move |_: &mut Request| {
        let report = report.clone();
        let body = Body::reader(std::io::repeat(b'x'), None);
        body.into_response().on_sent(move |sent: &Sent| {
            let _ = report.send(*sent);
        })
    });
    let mut client = server.connect();
    client.send(GET);
    let mut piece = [0; 1000];
    let began = Instant::now();
    let outcome = loop {
        // Much less than could be sent.
        let _ = client.0.read(&mut piece);
        match sent.try_recv() {
            Ok(outcome) => break outcome,
            Err(_) => assert!(began.elapsed() < PATIENCE, "it is sent for ever"),
        }
        thread::sleep(millis(10));
    };
    assert!(!outcome.is_complete && outcome.body > 0, "{outcome:?}");
    assert_eq!(server.handle().metrics().timeouts, 1);
}

#[test]
fn every_response_may_be_read_late_once() {
    // No byte earns any time.
    let (grace, late) = (millis(3000), millis(2000));
    let timeouts = Timeouts::DEFAULT.min_rate(u64::MAX).grace(grace).write(grace);
    let server = Running::with(Limits::DEFAULT, timeouts, |_: &mut Request| vec![b'x'; 8 << 20]);
    let began = Instant::now();
    loop {
        let mut client = server.connect();
        let round = |_| {
            let asked = Instant::now();
            client.send(GET);
            thread::sleep(late);
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                client.byte(&mut head);
            }
            let read = client.0.read_exact(&mut vec![0; 8 << 20]);
            // A machine that is busy with something else may make the client later than it is meant to be.
            let is_too_late = asked.elapsed() > grace;
            assert!(read.is_ok() || is_too_late, "a response is broken off");
            read.is_ok()
        };
        if (0..2).all(round) {
            return;
        }
        assert!(began.elapsed() < PATIENCE * 3, "the client is never in time");
    }
}

#[test]
fn a_handler_changes_nothing_but_what_holds_for_its_exchange() {
    let timeouts = Timeouts::DEFAULT.drain(millis(100));
    let server = Running::with(Limits::DEFAULT, timeouts, |request: &mut Request| {
        let connection = Connection::of(request).expect("it came over one");
        connection.set_timeouts(Timeouts::DEFAULT.drain(PATIENCE * 2).grace(PATIENCE * 2))
    });
    let mut client = server.connect();
    // What is left of the body is not waited for beyond what the server was told.
    client.send(POST);
    assert_eq!(statuses(&client.response()), [204]);
    assert!(client.is_closed());
}

#[test]
fn a_body_can_be_read_while_others_look_at_its_connection() {
    let server = Running::start(|request: &mut Request| -> nethttp::Result<String> {
        let connection = Connection::of(request).expect("it came over one");
        let (stop, stopped) = mpsc::channel::<()>();
        let (look, looking) = mpsc::channel();
        let watching = thread::spawn(move || {
            while stopped.try_recv() == Err(mpsc::TryRecvError::Empty) {
                let _ = connection.is_closed();
                let _ = connection.metrics();
                let _ = look.send(());
            }
        });
        looking.recv_timeout(PATIENCE).expect("a look");
        request.body_mut().set_limit(None);
        let read = request.body_mut().read_all();
        drop(stop);
        watching.join().expect("no panic");
        Ok(read?.len().to_string())
    });
    let mut client = server.connect();
    let head = format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n", 4 << 20);
    client.send(head.as_bytes());
    client.send(&vec![b'x'; 4 << 20]);
    let answer = client.response();
    assert!(answer.ends_with("\r\n\r\n4194304"), "{answer}");
}

#[test]
fn a_handler_gives_its_own_request_more_time_and_the_next_has_none_of_it() {
    let timeouts = Timeouts::DEFAULT.read(millis(200)).drain(millis(100));
    let server = Running::with(Limits::DEFAULT, timeouts, |request: &mut Request| {
        if request.query() == Some("patient") {
            let connection = Connection::of(request).expect("it came over one");
            connection.set_timeouts(Timeouts::DEFAULT.read(PATIENCE))?;
        }
        read_all(request)
    });
    let head =
        |query: &str| format!("POST /?{query} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nx");
    let mut client = server.connect();
    client.send(head("patient").as_bytes());
    thread::sleep(millis(400));
    client.send(b"y");
    assert!(client.response().ends_with("read"));
    client.send(head("hasty").as_bytes());
    assert_eq!(statuses(&client.rest()), [408]);
}

#[test]
fn early_hints_go_out_before_the_answer_and_not_to_http_1_0() {
    let (go, wait) = mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let server = Running::start(move |request: &mut Request| -> nethttp::Result<&'static str> {
        let connection = Connection::of(request).expect("it came over one");
        let mut hints = HeaderMap::new();
        hints.append("Link", "</a.css>; rel=preload")?;
        connection.send_interim(StatusCode::EARLY_HINTS, &hints)?;
        let _ = wait.lock().map(|wait| wait.recv_timeout(PATIENCE));
        assert!(connection.send_interim(StatusCode::OK, &hints).is_err());
        Ok("page")
    });
    let mut client = server.connect();
    client.send(GET);
    let hints = client.response();
    assert!(hints.starts_with("HTTP/1.1 103 ") && hints.contains("Link: </a.css>"), "{hints}");
    go.send(()).expect("the handler waits");
    assert!(client.response().ends_with("page"));
    go.send(()).expect("the handler will wait");
    let old = server.exchange(b"GET / HTTP/1.0\r\n\r\n");
    assert_eq!(statuses(&old), [200], "{old}");
}

#[test]
fn a_connection_outlives_its_exchange_as_an_error() {
    let (give, kept) = mpsc::channel();
    let server = Running::start(move |request: &mut Request| {
        let _ = give.send(Connection::of(request));
        Body::writer(|out: &mut dyn BodyWriter| out.write_all(b"x"))
    });
    assert_eq!(statuses(&server.exchange(GET)), [200]);
    let connection = kept.recv().expect("it was kept").expect("it came over one");
    assert!(connection.set_timeouts(Timeouts::DEFAULT).is_err());
    assert!(!connection.is_closed());
}

#[test]
fn a_handler_sees_that_its_client_has_gone() {
    let (report, is_closed) = mpsc::channel();
    let server = Running::start(move |request: &mut Request| {
        let connection = Connection::of(request).expect("it came over one");
        let _ = report.send(connection.is_closed());
        until("the client is gone", || connection.is_closed());
        let _ = report.send(connection.is_closed());
    });
    let mut client = server.connect();
    client.send(GET);
    assert_eq!(is_closed.recv_timeout(PATIENCE), Ok(false));
    drop(client);
    assert_eq!(is_closed.recv_timeout(PATIENCE * 2), Ok(true));
}

#[test]
fn a_draining_server_says_close_and_still_lets_in() {
    let server = Running::start(|_: &mut Request| "ok");
    let mut before = server.connect();
    before.send(GET);
    assert!(!before.response().contains("Connection: close"));
    server.handle().drain();
    before.send(GET);
    assert!(before.rest().contains("Connection: close"));
    assert!(server.exchange(GET).contains("Connection: close"));
}

#[test]
fn load_balancers_learn_that_a_server_is_about_to_go() {
    let server = Running::start(Health);
    let answer = server.exchange(GET);
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("ok\n"), "{answer}");
    server.handle().drain();
    let answer = server.exchange(GET);
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.ends_with("draining\n"), "{answer}");
}

#[test]
fn a_body_without_end_ends_when_its_server_is_about_to_go() {
    let server = Running::start(|request: &mut Request| {
        let connection = Connection::of(request).expect("it came over one");
        Body::writer(move |out: &mut dyn BodyWriter| {
            while !connection.is_draining() {
                out.write_all(b"tick\n")?;
                out.flush()?;
                thread::sleep(millis(5));
            }
            Ok(())
        })
    });
    let mut client = server.connect();
    client.send(GET);
    client.response();
    server.handle().drain();
    client.finish();
    assert!(client.rest().ends_with("0\r\n\r\n"));
}

#[test]
fn a_handler_can_tell_what_the_server_has_done() {
    let server = Running::start(|request: &mut Request| -> nethttp::Result<String> {
        let metrics = Connection::of(request).expect("it came over one").metrics()?;
        Ok(format!("{} {}", metrics.accepted, metrics.connections))
    });
    assert!(server.exchange(GET).ends_with("1 1"));
    until("its connection has ended", || server.handle().connections() == 0);
    let held = server.connect();
    until("it is let in", || server.handle().metrics().accepted == 2);
    assert!(server.exchange(GET).ends_with("3 2"));
    drop(held);
}

#[test]
fn refused_requests_are_reported() {
    let (report, refusals) = mpsc::channel();
    let report = std::sync::Mutex::new(report);
    let server = Running::bind().on_refused(move |refusal| {
        let _ = report.lock().map(|report| report.send(*refusal));
        panic!("on purpose");
    });
    let server = Running::spawn(server, |_: &mut Request| Response::new(StatusCode::OK));
    assert_eq!(statuses(&server.exchange(b"GET / HTTP/1.1\r\n\r\n")), [400]);
    let refusal = refusals.recv_timeout(PATIENCE).expect("a report");
    assert_eq!(refusal.status, StatusCode::BAD_REQUEST);
    assert!(refusal.peer.is_some() && refusal.error.is_some());
    let metrics = server.handle().metrics();
    assert_eq!((metrics.refused, metrics.panics), (1, 1));
}

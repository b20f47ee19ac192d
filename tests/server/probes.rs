//! What other servers were found to do wrong when they were probed: each probe is a row, and a test of this server.
//!
//! Tests without a module are in this file.
//!
//! | row | test |
//! |---|---|
//! | hundreds of idle connections, then a request | `lifecycle::idle_connections_do_not_keep_others_from_being_served`, [`two_thousand_idle_connections_need_few_threads_and_are_all_released`] |
//! | half a head | `hostile::a_thousand_half_heads_are_closed_by_the_deadline_and_nobody_waits_for_them`, `threads::slow_heads_do_not_keep_a_good_client_waiting` |
//! | a head that drips | `hostile::a_head_that_drips_is_cut_off_at_its_deadline` |
//! | nothing at all | `hostile::who_says_nothing_is_closed_without_a_word`, `threads::parked_connections_end_with_their_client_and_with_their_time` |
//! | keep-alive | `wire::answers_one_request_after_the_other_on_one_connection`, `wire::http_1_0_closes_unless_asked_to_stay` |
//! | pipelining | `wire::answers_pipelined_requests_in_their_order`, [`a_batch_of_answers_goes_out_in_one_write_and_a_body_with_its_head`] |
//! | one of a batch fails | `bodies::a_body_that_fails_takes_no_earlier_answer_with_it`, `wire::a_refusal_never_overtakes_an_answer`, [`a_file_that_changes_before_it_is_sent`] |
//! | a header of 200 KB, a target of 70 KB, a thousand fields, no Host | [`what_is_too_much_or_amiss_is_refused_in_a_way_that_can_be_read`]; each limit to the byte: `defaults` |
//! | a body that is too large | `bodies::a_body_over_the_limit_is_413_and_readable_while_the_client_sends` |
//! | a refusal while the client sends | [`an_answer_is_read_to_its_end_by_a_client_that_still_sends`], `wire::what_a_tunnel_says_last_arrives_though_not_all_was_read` |
//! | a body in chunks | `bodies::request_bodies_arrive_whole_by_length_and_in_chunks`, `bodies::malformed_chunks_are_400_whatever_the_handler_says` |
//! | HEAD | `wire::head_has_the_fields_of_get_and_no_content`, [`head_is_get_without_the_content_whoever_answers`] |
//! | Expect | `wire::a_handler_that_reads_is_what_sends_100_continue`, [`who_waits_to_be_invited_and_is_not_gets_the_answer_instead`] |
//! | an unread body, then desync | `wire::what_is_left_of_a_body_is_never_taken_for_a_request`, `bodies::what_the_handler_leaves_is_drained_or_the_connection_closed`, [`what_a_router_or_a_file_server_leaves_unread_is_no_request`] |
//! | panics | `lifecycle::a_panic_is_500_and_the_server_goes_on`, [`forty_panics_on_four_threads_leave_four_threads`] |
//! | resets | [`a_reset_in_any_state_ends_one_connection_and_nothing_else`] |
//! | half-closed peers | `hostile::a_request_cut_at_every_byte_is_never_carried_out`, `bodies::every_kind_of_body_arrives_whole_at_every_size`, `threads::pipelined_requests_survive_parking` |
//! | a body that stalls or drips | `hostile::a_body_that_stalls_is_408`, `pace::a_body_that_drips_is_given_up_long_before_the_stall_timeout` |
//! | a slow reader | `hostile::a_client_that_does_not_read_is_given_up`, [`who_reads_too_slowly_is_given_up_whatever_is_sent`] |
//! | deadlines of one request | `pace::a_handler_gives_its_own_request_more_time_and_the_next_has_none_of_it` |
//! | a handler that hangs | [`a_shutdown_leaves_behind_what_hangs_and_says_so`], [`handlers_that_hang_on_every_thread_do_not_hold_up_a_shutdown`] |
//! | disk errors | `bodies::a_reader_that_fails_breaks_the_response_off`, [`a_file_that_changes_before_it_is_sent`], [`a_file_that_changes_while_it_is_sent`], [`a_file_that_cannot_be_read_breaks_the_response_off`] |
//! | Date | `wire::every_response_has_a_date_and_one_only` |
//! | a response in chunks, with trailers | `wire::a_body_that_writes_itself_arrives_while_it_is_written` |
//! | faults at every byte | `faults` |

use super::support::fault::Script;
use super::support::scratch::Scratch;
use super::{
    Client, GET, PATIENCE, Running, UNHURRIED, may_open, millis, statuses, until, until_draining,
};
use nethttp::message::{IntoResponse, Sent};
use nethttp::server::{Accepted, FileServer, Handler, Limits, Threads, Timeouts, Transport};
use nethttp::{Body, Request, Response, Router, Server, StatusCode};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

fn ok(_: &mut Request) -> &'static str {
    "ok"
}

fn get(target: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n").into_bytes()
}

/// A server that reads to the end what it has refused, however slow the client is at that.
fn patient(handler: impl Handler + 'static) -> Running {
    Running::with(Limits::DEFAULT, Timeouts::DEFAULT.drain(PATIENCE), handler)
}

/// The same page from a function, a router and a file server.
fn everyone(files: &Scratch) -> [(&'static str, Running); 3] {
    files.write("index.html", "ok");
    let router = Router::builder().get("/{$}", ok).build().expect("one route");
    let files = FileServer::open(files.path()).expect("a directory");
    [("function", patient(ok)), ("router", patient(router)), ("files", patient(files))]
}

#[test]
fn two_thousand_idle_connections_need_few_threads_and_are_all_released() {
    const MANY: usize = 2000;
    if !may_open(2 * MANY) {
        return;
    }
    let everything = Arc::new(());
    let watch = Arc::downgrade(&everything);
    let few = Running::bind().threads(Threads::DEFAULT.max(32)).timeouts(UNHURRIED);
    let mut server = Running::spawn(few, move |_: &mut Request| {
        let _held = &everything;
        "ok"
    });
    let mut clients = server.crowd(MANY);
    clients.iter_mut().for_each(|client| client.send(GET));
    assert!(clients.iter_mut().all(|client| client.response().ends_with("ok")));

    assert_eq!(statuses(&server.exchange(GET)), [200]);
    until("the others are parked", || server.handle().metrics().parked >= MANY - 32);
    assert_eq!(statuses(&server.exchange(GET)), [200]);
    until("they alone are left", || server.handle().connections() == MANY);
    // One more looks after those that are parked. Threads and answers are counted a moment later.
    until("few threads are left", || server.handle().metrics().threads <= 33);
    until("all are answered", || server.handle().metrics().requests == MANY as u64 + 2);
    assert_eq!(server.handle().metrics().accepted, MANY as u64 + 2);

    clients.truncate(MANY / 2);
    until("their places are free", || server.handle().connections() == MANY / 2);
    let drained = server.0.take().expect("it runs").shutdown(PATIENCE);
    assert_eq!((drained.open, drained.idle), (MANY / 2, MANY / 2));
    assert_eq!((drained.finished, drained.aborted), (0, 0));
    assert!(clients.iter_mut().all(Client::is_closed));
    until("nothing of the server is left", || watch.upgrade().is_none());
}

#[test]
fn what_is_too_much_or_amiss_is_refused_in_a_way_that_can_be_read() {
    let rows = [
        ("a header of 200 KB", 431, format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "x".repeat(200_000))),
        ("a target of 70 KB", 414, format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "x".repeat(70_000))),
        ("a thousand fields", 431, format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "X: y\r\n".repeat(1000))),
        ("no Host", 400, "GET / HTTP/1.1\r\n\r\n".to_owned()),
        ("no Host beside an absolute target", 400, "GET http://a/ HTTP/1.1\r\n\r\n".to_owned()),
        ("two of them", 400, "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n".to_owned()),
        ("one that is none", 400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n".to_owned()),
        ("none in HTTP/1.0", 200, "GET / HTTP/1.0\r\n\r\n".to_owned()),
        ("an unknown expectation", 417, "GET / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n".to_owned()),
        ("an unknown version", 505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n".to_owned()),
        ("two lengths", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".to_owned()),
    ];
    let files = Scratch::new();
    for (who, server) in everyone(&files) {
        for (what, status, request) in &rows {
            // The client sends all of it, and more, before it reads.
            let stream = server.exchange(&[request.as_bytes(), GET].concat());
            assert_eq!(statuses(&stream), [*status], "{what}, {who}");
            assert!(stream.contains("Connection: close\r\n"), "{what}, {who}: {stream}");
        }
        assert_eq!(statuses(&server.exchange(GET)), [200]);
    }
}

#[test]
fn head_is_get_without_the_content_whoever_answers() {
    let files = Scratch::new();
    for (who, server) in everyone(&files) {
        let stream = server.exchange(&[b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", GET].concat());
        assert_eq!(statuses(&stream), [200, 200], "{who}");
        assert_eq!(stream.matches("Content-Length: 2\r\n").count(), 2, "{who}: {stream}");
        assert_eq!(stream.matches("\r\n\r\nok").count(), 1, "{who}: {stream}");
        assert!(stream.ends_with("\r\n\r\nok"), "{who}: {stream}");
    }
}

#[test]
fn who_waits_to_be_invited_and_is_not_gets_the_answer_instead() {
    let files = Scratch::new();
    for (who, server) in everyone(&files) {
        for (method, expected) in [("GET", 200), ("POST", 405)] {
            let mut client = server.connect();
            let fields = "Host: a\r\nExpect: 100-continue\r\nContent-Length: 5";
            client.send(format!("{method} / HTTP/1.1\r\n{fields}\r\n\r\n").as_bytes());
            let answer = client.rest();
            let expected = if who == "function" { 200 } else { expected };
            // Whether the body still comes nobody knows, so nothing may follow.
            assert_eq!(statuses(&answer), [expected], "{method}, {who}");
            assert!(answer.contains("Connection: close\r\n"), "{method}, {who}: {answer}");
        }
    }
}

#[test]
fn what_a_router_or_a_file_server_leaves_unread_is_no_request() {
    let hidden = get("/");
    let len = hidden.len();
    let mut chunked = b"Transfer-Encoding: chunked\r\n\r\n".to_vec();
    chunked.extend(format!("{len:x}\r\n").bytes().chain(hidden.clone()).chain(*b"\r\n0\r\n\r\n"));
    let sized = [format!("Content-Length: {len}\r\n\r\n").as_bytes(), &hidden].concat();
    let files = Scratch::new();
    for (who, server) in everyone(&files).into_iter().skip(1) {
        for body in [&sized, &chunked] {
            for (line, status) in [("POST /", 405), ("GET /none", 404), ("GET /%00", 400)] {
                // A router has no opinion on bytes in a path.
                let status = if (who, status) == ("router", 400) { 404 } else { status };
                let head = format!("{line} HTTP/1.1\r\nHost: a\r\n").into_bytes();
                let stream = server.exchange(&[&head, body, GET].concat());
                assert_eq!(statuses(&stream), [status, 200], "{line}, {who}: {stream}");
            }
        }
    }
}

#[test]
fn an_answer_is_read_to_its_end_by_a_client_that_still_sends() {
    const LEN: usize = 300_000;
    let server = patient(|_: &mut Request| vec![b'x'; LEN]);
    // Nobody reads it, and there is more than is thrown away: the connection ends.
    let mut client = server.connect();
    client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n");
    client.send(&[b'y'; 100_000]);
    thread::sleep(millis(100));
    let head = client.head();
    assert!(head.contains("Connection: close\r\n"), "{head}");
    client.send(&[b'y'; 100_000]);
    // Had it been closed at once, what has come meanwhile would have reset it, and the rest would be lost.
    assert_eq!(client.rest_len(), LEN as u64);
}

#[test]
fn forty_panics_on_four_threads_leave_four_threads() {
    let router = Router::builder()
        .get("/{$}", ok)
        .get("/handler", |_: &mut Request| -> StatusCode { panic!("on purpose") })
        .get("/writer", |_: &mut Request| Body::writer(|_| panic!("on purpose")))
        .get("/reader", |_: &mut Request| Body::reader(Panicking, Some(5)));
    let router = router.build().expect("routes that go together");
    let server = Running::spawn(Running::bind().threads(Threads::DEFAULT.max(4)), router);
    for _ in 0..40 {
        assert_eq!(statuses(&server.exchange(&get("/handler"))), [500]);
        for path in ["/writer", "/reader"] {
            let stream = server.exchange(&[GET, &get(path), GET].concat());
            assert_eq!(statuses(&stream), [200, 200], "{stream}");
        }
    }
    // More than there are threads, at once.
    let mut clients: Vec<Client> = (0..12).map(|_| server.connect()).collect();
    clients.iter_mut().for_each(|client| client.send(GET));
    assert!(clients.iter_mut().all(|client| client.response().ends_with("ok")));
    assert_eq!(server.handle().metrics().panics, 120);
}

struct Panicking;

impl Read for Panicking {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        panic!("on purpose")
    }
}

#[test]
fn a_reset_in_any_state_ends_one_connection_and_nothing_else() {
    const POST: &str = "POST /read HTTP/1.1\r\nHost: a\r\n";
    let files = Scratch::new();
    let file = files.write("file", vec![b'f'; 8 << 20]);
    let handler = move |request: &mut Request| endless(request, &file);
    let states = [
        ("before a head", String::new()),
        ("in a head", "GET / HTTP/1.1\r\nHos".to_owned()),
        ("between head and body", format!("{POST}Content-Length: 5\r\n\r\n")),
        (
            "before an invitation",
            format!("{POST}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n"),
        ),
        ("in a body", format!("{POST}Content-Length: 5\r\n\r\nhe")),
        ("in a chunk", format!("{POST}Transfer-Encoding: chunked\r\n\r\n5\r\nhe")),
        ("in the trailers", format!("{POST}Transfer-Encoding: chunked\r\n\r\n0\r\nA: ")),
        (
            "in a body that nobody reads",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe".to_owned(),
        ),
        ("while it is answered", "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n".to_owned()),
        ("while a reader is sent", "GET /reader HTTP/1.1\r\nHost: a\r\n\r\n".to_owned()),
        ("while a writer is sent", "GET /writer HTTP/1.1\r\nHost: a\r\n\r\n".to_owned()),
        ("while bytes are sent", "GET /bytes HTTP/1.1\r\nHost: a\r\n\r\n".to_owned()),
        ("while a file is sent", "GET /file HTTP/1.1\r\nHost: a\r\n\r\n".to_owned()),
        (
            "after the last answer",
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".to_owned(),
        ),
        ("after a refusal", "GET / HTTP/1.1\r\n\r\n".to_owned()),
        (
            "in a tunnel",
            "GET /tunnel HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"
                .to_owned(),
        ),
    ];
    for threads in [Threads::DEFAULT, Threads::DEFAULT.max(4)] {
        let server = Running::bind().threads(threads).timeouts(UNHURRIED);
        let mut server = Running::spawn(server, handler.clone());
        for (what, bytes) in &states {
            let clients: Vec<Client> = (0..5).map(|_| server.connect()).collect();
            for mut client in clients {
                client.send(GET);
                client.send(bytes.as_bytes());
                // An answer that has come and is not read makes a reset of what would be an end.
                assert_eq!(client.0.peek(&mut [0]).expect("an answer"), 1, "{what}");
                drop(client);
            }
            assert_eq!(statuses(&server.exchange(GET)), [200], "{what}");
            until(what, || server.handle().connections() == 0);
        }
        assert_eq!(server.handle().metrics().panics, 0);
        let drained = server.0.take().expect("it runs").shutdown(PATIENCE);
        assert_eq!((drained.open, drained.aborted), (0, 0));
    }
}

/// Answers in every way in which an answer can take long.
fn endless(request: &mut Request, file: &Path) -> nethttp::Result<Response> {
    let ok = Response::new(StatusCode::OK);
    Ok(match request.path() {
        "/read" => ok.with_body(request.body_mut().read_all()?),
        "/slow" => {
            thread::sleep(millis(20));
            ok.with_body("slow")
        }
        "/bytes" => ok.with_body(vec![b'b'; 64 << 20]),
        "/reader" => ok.with_body(Body::reader(io::repeat(b'r'), None)),
        "/writer" => ok.with_body(Body::writer(|out| {
            loop {
                out.write_all(&[b'w'; 10_000])?;
            }
        })),
        "/file" => {
            let file = File::open(file)?;
            let len = file.metadata()?.len();
            ok.with_body(Body::file(file, 0..len))
        }
        "/tunnel" => Response::new(StatusCode::SWITCHING_PROTOCOLS)
            .with_header("Upgrade", "x")?
            .with_body(Body::upgrade(|stream| {
                io::copy(&mut stream.take(u64::MAX), &mut io::sink()).map(drop)
            })),
        _ => ok.with_body("ok"),
    })
}

#[test]
fn who_reads_too_slowly_is_given_up_whatever_is_sent() {
    let files = Scratch::new();
    let file = files.path().join("file");
    sparse(&file, 64 << 20);
    let (report, outcomes) = mpsc::channel();
    let quick = Timeouts::DEFAULT.min_rate(u64::MAX).grace(millis(200)).write(millis(200));
    let handler = move |request: &mut Request| {
        let report = report.clone();
        endless(request, &file).into_response().on_sent(move |sent: &Sent| {
            let _ = report.send(*sent);
        })
    };
    let server = Running::with(Limits::DEFAULT, quick.drain(millis(50)), handler);
    for (count, path) in ["/bytes", "/reader", "/writer", "/file"].iter().enumerate() {
        let mut client = server.connect();
        client.send(&get(path));
        let sent = loop {
            let _ = client.0.read(&mut [0; 1000]);
            match outcomes.recv_timeout(millis(10)) {
                Ok(sent) => break sent,
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(error) => panic!("{error}"),
            }
        };
        assert!(!sent.is_complete && sent.body > 0, "{path}: {sent:?}");
        until("it is closed", || server.handle().connections() == 0);
        assert_eq!(server.handle().metrics().timeouts, count as u64 + 1, "{path}");
    }
    assert_eq!(statuses(&server.exchange(GET)), [200]);
}

/// Makes a file of zeros that takes no place.
fn sparse(path: &Path, len: u64) {
    File::create(path).expect("a file").set_len(len).expect("a length");
}

/// A handler that hangs at `/hang` until the sender is dropped, and at `/slow` until its server is told to end, and counts
/// what is under way.
fn hanging(under_way: &Arc<AtomicUsize>) -> (mpsc::Sender<()>, impl Handler + 'static) {
    let (hold, held) = mpsc::channel();
    let (held, under_way) = (Mutex::new(held), Arc::clone(under_way));
    let handler = move |request: &mut Request| match request.path() {
        "/hang" => {
            under_way.fetch_add(1, Ordering::SeqCst);
            let _ = held.lock().unwrap_or_else(PoisonError::into_inner).recv();
            "let go"
        }
        "/slow" => {
            under_way.fetch_add(1, Ordering::SeqCst);
            until_draining(request);
            thread::sleep(millis(200));
            "slow"
        }
        _ => "ok",
    };
    (hold, handler)
}

#[test]
fn a_shutdown_leaves_behind_what_hangs_and_says_so() {
    let under_way = Arc::default();
    let (hold, handler) = hanging(&under_way);
    let mut server = Running::start(handler);
    let mut idle = server.connect();
    idle.send(GET);
    idle.response();
    let (mut slow, mut hang) = (server.connect(), server.connect());
    slow.send(&get("/slow"));
    hang.send(&get("/hang"));
    until("both are at work", || under_way.load(Ordering::SeqCst) == 2);
    until("the other one waits", || server.handle().metrics().idle == 1);
    let drained = server.0.take().expect("it runs").shutdown(Duration::from_secs(3));
    assert_eq!((drained.open, drained.idle, drained.finished, drained.aborted), (3, 1, 1, 1));
    assert!(slow.rest().ends_with("slow"));
    assert_eq!(hang.rest(), "");
    assert!(idle.is_closed());
    drop(hold);
}

#[test]
fn handlers_that_hang_on_every_thread_do_not_hold_up_a_shutdown() {
    let under_way = Arc::default();
    let (hold, handler) = hanging(&under_way);
    let mut server = Running::spawn(Running::bind().threads(Threads::DEFAULT.max(4)), handler);
    let mut clients: Vec<Client> = (0..10).map(|_| server.connect()).collect();
    clients.iter_mut().for_each(|client| client.send(&get("/hang")));
    // One stays at the door.
    until("no thread is left", || under_way.load(Ordering::SeqCst) == 3);
    until("the others are let in", || server.handle().connections() == 10);
    let drained = server.0.take().expect("it runs").shutdown(millis(200));
    assert_eq!((drained.open, drained.finished), (10, 0));
    // Those that wait for a thread would be answered if one came.
    assert_eq!(drained.idle + drained.aborted, 10);
    assert!(drained.aborted >= 3, "{drained:?}");
    assert!(clients.iter_mut().all(|client| client.rest().is_empty()));
    drop(hold);
}

#[test]
fn every_connection_is_in_one_part_of_the_report() {
    let stash = Arc::new(Mutex::new(Vec::new()));
    let stashed = Arc::clone(&stash);
    // The first connection stays in a queue for ever.
    let executor = move |connection: Accepted| {
        let mut stash = stashed.lock().expect("no panic");
        match stash.is_empty() {
            true => stash.push(connection),
            false => drop(thread::spawn(|| connection.serve())),
        }
    };
    let under_way = Arc::default();
    let (_hold, handler) = hanging(&under_way);
    let mut server = Running::spawn(Running::bind().executor(executor), handler);
    let mut queued = server.connect();
    until("it is in the queue", || !stash.lock().expect("no panic").is_empty());
    let mut slow = server.connect();
    slow.send(&get("/slow"));
    until("it is at work", || under_way.load(Ordering::SeqCst) == 1);
    let drained = server.0.take().expect("it runs").shutdown(Duration::from_secs(3));
    assert_eq!((drained.open, drained.idle, drained.finished, drained.aborted), (2, 0, 1, 1));
    assert!(slow.rest().ends_with("slow"));
    assert!(queued.is_closed());
}

type Change = fn(&Path);

/// What may happen to a file, and whether all that was announced is still there.
const CHANGES: [(&str, Change, bool); 4] = [
    ("shrinks", |path| truncate(path, 10), false),
    ("shrinks to nothing", |path| truncate(path, 0), false),
    ("grows", |path| truncate(path, 256 << 20), true),
    ("is removed", |path| fs::remove_file(path).expect("a file"), true),
];

fn truncate(path: &Path, len: u64) {
    File::options().write(true).open(path).expect("the file").set_len(len).expect("a length");
}

#[test]
fn a_file_that_changes_before_it_is_sent() {
    let files = Scratch::new();
    let path = files.path().join("file");
    // Files are sent in three ways, by their size.
    for len in [1000, 64 << 10, (64 << 10) + 1, 300_000, 1 << 20, 3_000_001] {
        for (what, change, is_whole) in CHANGES {
            sparse(&path, len);
            let of_handler = path.clone();
            let server = Running::start(move |request: &mut Request| -> nethttp::Result<Body> {
                if request.path() == "/" {
                    return Ok(Body::from("whole"));
                }
                let file = File::open(&of_handler)?;
                change(&of_handler);
                Ok(Body::file(file, 0..len))
            });
            let stream = server.exchange(&[GET, &get("/file"), GET].concat());
            let found = stream.matches('\0').count() as u64;
            if is_whole {
                assert_eq!((statuses(&stream), found), (vec![200; 3], len), "{len} {what}");
            } else {
                // What was answered before is answered, and the client can tell that this is not all.
                assert_eq!(stream.matches("whole").count(), 1, "{len} {what}");
                assert_eq!(statuses(&stream), [200, 200], "{len} {what}");
                assert!(found <= 10, "{len} {what}: {found}");
            }
        }
    }
}

#[test]
fn a_file_that_changes_while_it_is_sent() {
    /// More than all buffers on the way take.
    const LEN: u64 = 32 << 20;
    let files = Scratch::new();
    let (path, root) = (files.path().join("file"), PathBuf::from(files.path()));
    let of_handler = path.clone();
    let by_hand = Running::start(move |_: &mut Request| -> nethttp::Result<Body> {
        Ok(Body::file(File::open(&of_handler)?, 0..LEN))
    });
    let by_server = Running::start(FileServer::open(root).expect("a directory"));
    for (who, server) in [("by hand", &by_hand), ("by the file server", &by_server)] {
        for (what, change, is_whole) in CHANGES {
            sparse(&path, LEN);
            let mut client = server.connect();
            client.send(&get("/file"));
            let head = client.head();
            assert!(head.contains(&format!("Content-Length: {LEN}\r\n")), "{head}");
            change(&path);
            client.finish();
            let found = client.rest_len();
            assert_eq!(found == LEN, is_whole, "{who}, {what}: {found}");
            assert!(found <= LEN, "{who}, {what}: {found}");
        }
    }
}

impl Client {
    fn head(&mut self) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            self.byte(&mut head);
        }
        String::from_utf8(head).expect("a head in ASCII")
    }

    /// How much there is up to the end of the connection.
    fn rest_len(&mut self) -> u64 {
        let mut piece = vec![0; 64 << 10];
        let mut sum = 0;
        while let Ok(len @ 1..) = self.0.read(&mut piece) {
            sum += len as u64;
        }
        sum
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_breaks_the_response_off() {
    let directory = Scratch::new();
    let path = PathBuf::from(directory.path());
    for len in [10, 100_000, 1 << 20] {
        let path = path.clone();
        let server = Running::start(move |request: &mut Request| -> nethttp::Result<Body> {
            Ok(match request.path() {
                "/" => Body::from("whole"),
                // It can be opened, and that is all.
                _ => Body::file(File::open(&path)?, 0..len),
            })
        });
        let stream = server.exchange(&[GET, &get("/file"), GET].concat());
        assert_eq!(stream.matches("whole").count(), 1, "{len}: {stream}");
        assert_eq!(statuses(&stream), [200, 200], "{len}: {stream}");
        assert!(stream.ends_with("\r\n\r\n"), "{len}: {stream}");
        assert_eq!(statuses(&server.exchange(GET)), [200]);
    }
}

/// A connection in memory that counts its writes.
struct Counting(Script, Arc<AtomicUsize>);

impl Read for Counting {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0.read(buf)
    }
}

impl Write for Counting {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.write_vectored(&[io::IoSlice::new(buf)])
    }

    fn write_vectored(&mut self, bufs: &[io::IoSlice<'_>]) -> io::Result<usize> {
        self.1.fetch_add(1, Ordering::SeqCst);
        bufs.iter().map(|buf| self.0.write(buf)).sum()
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Transport for Counting {}

#[test]
fn a_batch_of_answers_goes_out_in_one_write_and_a_body_with_its_head() {
    let server = Running::spawn(Server::new(), |request: &mut Request| match request.path() {
        "/" => Body::from("ok"),
        _ => Body::from(vec![b'x'; 100_000]),
    });
    for (requests, answers) in [(GET.repeat(50), 50), (get("/large"), 1)] {
        let (script, writes) = (Script::new().give(&requests), Arc::default());
        let counting = Counting(script.clone(), Arc::clone(&writes));
        server.handle().serve(counting).expect("a place");
        let written = String::from_utf8(script.written()).expect("text");
        assert_eq!(statuses(&written), vec![200; answers]);
        assert_eq!(writes.load(Ordering::SeqCst), 1, "for {answers}");
    }
}

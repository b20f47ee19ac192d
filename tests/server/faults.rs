//! Connections in memory that fail, stall or end at every byte, in both directions.

use super::support::fault::{Fault, Faulty, Script};
use super::support::scratch::Scratch;
use super::{GET, Running, statuses};
use nethttp::message::BodyWriter;
use nethttp::server::{Connection, Limits, Timeouts, Transport};
use nethttp::{Body, Request, Response, Server, ServerHandle, StatusCode};
use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A script or a faulty script, as a server serves it.
struct Memory<S>(S);

impl<S: Read> Read for Memory<S> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(buf)
    }
}

impl<S: Write> Write for Memory<S> {
    fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
        self.0.write(buf)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

impl<S: Read + Write + Send> Transport for Memory<S> {}

/// A server without a socket.
struct Offline {
    handle: ServerHandle,
    _files: Scratch,
}

impl Offline {
    fn new() -> Self {
        let scratch = Scratch::new();
        let file = scratch.write("file", [b'f'; 3000]);
        let server = Server::new().limits(Limits::DEFAULT.body(500)).timeouts(Timeouts::DEFAULT);
        let handler = move |request: &mut Request| respond(request, &file);
        Self { handle: server.spawn(handler).expect("no thread is needed"), _files: scratch }
    }

    fn serve(&self, stream: impl Read + Write + Send + 'static) {
        self.handle.serve(Memory(stream)).expect("a place");
        assert_eq!(self.handle.connections(), 0, "a place is not given up");
    }

    fn answer(&self, bytes: &[u8]) -> Vec<u8> {
        let script = Script::new().give(bytes);
        self.serve(script.clone());
        without_dates(&script.written())
    }
}

fn respond(request: &mut Request, file: &PathBuf) -> nethttp::Result<Response> {
    let ok = Response::new(StatusCode::OK);
    Ok(match request.path() {
        "/echo" => ok.with_body(request.body_mut().read_all()?),
        "/unread" => ok.with_body("unread"),
        "/file" => ok.with_body(Body::file(File::open(file)?, 10..2900)),
        "/reader" => ok.with_body(Body::reader(std::io::repeat(b'r').take(700), None)),
        "/sized" => ok.with_body(Body::reader(std::io::repeat(b's').take(700), Some(700))),
        "/writer" => ok.with_body(Body::writer(|out: &mut dyn BodyWriter| {
            out.write_all(b"written")?;
            out.flush()?;
            out.write_all(&[b'w'; 300])?;
            out.trailers().append("Sum", "1").map_err(std::io::Error::other)
        })),
        "/stubborn" => ok.with_body(Body::writer(|out: &mut dyn BodyWriter| {
            // It does not look at what it was told.
            for piece in [&b"one"[..], b"two", b"three"] {
                let _ = out.write_all(piece).and_then(|()| out.flush());
            }
            Ok(())
        })),
        "/switch" => Response::new(StatusCode::SWITCHING_PROTOCOLS)
            .with_header("Upgrade", "echo")?
            .with_body(Body::upgrade(|stream| {
                let mut said = Vec::new();
                stream.read_to_end(&mut said)?;
                stream.write_all(&said)
            })),
        _ => ok.with_body("hello"),
    })
}

/// Requests one behind the other, each of which ends in another way.
const DIALOGUES: &[&[u8]] = &[
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /file HTTP/1.1\r\nHost: a\r\n\r\nHEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET /reader HTTP/1.1\r\nHost: a\r\n\r\n",
    b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n\r\nGET /sized HTTP/1.1\r\nHost: a\r\n\r\n",
    b"POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhelloGET /writer HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n",
    b"POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: 600\r\n\r\n",
    b"GET /switch HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\nnot HTTP",
    b"GET /stubborn HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.0\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
];

/// Dates differ from run to run.
fn without_dates(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let mut kept = Vec::new();
    for line in text.split_inclusive('\n').filter(|line| !line.starts_with("Date: ")) {
        kept.extend_from_slice(line.as_bytes());
    }
    kept
}

/// Whether the client is invited to go on depends on what has come.
fn final_answers(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(without_dates(bytes)).expect("text");
    text.replace("HTTP/1.1 100 Continue\r\n\r\n", "").into_bytes()
}

/// What was answered is what would have been answered, up to some point, and perhaps a refusal.
#[track_caller]
fn is_beginning(answer: &[u8], whole: &[u8], what: &str) {
    let (answer, whole) = (String::from_utf8_lossy(answer), String::from_utf8_lossy(whole));
    let same = answer.bytes().zip(whole.bytes()).take_while(|(a, b)| a == b).count();
    let rest = &answer[same..];
    let rest_is_refusal = || {
        // The first bytes of a refusal are those of any other answer.
        let start = answer[..same].rfind("HTTP/1.1 ").unwrap_or_default();
        let refusal = &answer[start..];
        matches!(statuses(refusal)[..], [400 | 408]) && refusal.contains("Connection: close")
    };
    assert!(
        rest.is_empty() || rest_is_refusal(),
        "{what}: {rest:?} instead of {:?}",
        &whole[same..]
    );
}

#[test]
fn input_that_ends_fails_or_stalls_at_any_byte_gives_the_beginning_of_the_answer() {
    let server = Offline::new();
    let faults = [Fault::End, Fault::Fail(ErrorKind::ConnectionReset), Fault::Stall];
    for dialogue in DIALOGUES {
        let whole = server.answer(dialogue);
        assert!(!whole.is_empty());
        for (at, fault) in (0..dialogue.len()).flat_map(|at| faults.map(|fault| (at, fault))) {
            let script = Script::new().give(dialogue);
            server.serve(Faulty::reading(script.clone(), at, fault));
            let answer = final_answers(&script.written());
            is_beginning(&answer, &whole, &format!("{fault:?} at {at}"));
        }
    }
    assert_eq!(server.handle.metrics().panics, 0);
}

#[test]
fn input_in_two_pieces_cut_anywhere_is_answered_alike() {
    let server = Offline::new();
    for dialogue in DIALOGUES {
        let whole = server.answer(dialogue);
        for at in 0..dialogue.len() {
            let (first, second) = dialogue.split_at(at);
            let script = Script::new().give(first).give(second);
            server.serve(script.clone());
            assert_eq!(final_answers(&script.written()), whole, "cut at {at}");
        }
    }
}

#[test]
fn output_that_fails_or_stalls_at_any_byte_is_the_beginning_of_the_answer() {
    let server = Offline::new();
    let once = Fault::FailOnce(ErrorKind::TimedOut);
    let faults = [Fault::Fail(ErrorKind::BrokenPipe), Fault::Stall, Fault::End, once];
    for dialogue in DIALOGUES {
        let script = Script::new().give(dialogue);
        server.serve(script.clone());
        let len = script.written().len();
        for (at, fault) in (0..len).flat_map(|at| faults.map(|fault| (at, fault))) {
            let script = Script::new().give(dialogue);
            server.serve(Faulty::writing(script.clone(), at, fault));
            // Nothing follows a write that failed.
            assert_eq!(script.written().len(), at, "{fault:?} at {at}");
        }
    }
    assert_eq!(server.handle.metrics().panics, 0);
}

#[test]
fn interruptions_are_no_faults() {
    let server = Offline::new();
    let interrupted = Fault::FailOnce(ErrorKind::Interrupted);
    for dialogue in DIALOGUES {
        let whole = server.answer(dialogue);
        for at in 0..dialogue.len() {
            let script = Script::new().give(dialogue);
            server.serve(Faulty::reading(script.clone(), at, interrupted));
            assert_eq!(final_answers(&script.written()), whole, "read at {at}");
        }
        for at in 0..whole.len() {
            let script = Script::new().give(dialogue);
            server.serve(Faulty::writing(script.clone(), at, interrupted));
            assert_eq!(without_dates(&script.written()), whole, "written at {at}");
        }
    }
}

#[test]
fn after_all_that_the_next_good_request_is_answered_at_once() {
    let server = Running::start(|_: &mut Request| "ok");
    for at in 0..GET.len() {
        let mut client = server.connect();
        client.send(&GET[..at]);
        // Unread input makes the system say so with a reset.
        drop(client);
    }
    let mut client = server.connect();
    client.send(GET);
    assert!(client.response().ends_with("ok"));
}

#[test]
fn a_connection_without_a_place_is_told_so_on_both_sides() {
    let server = Server::new().limits(Limits::DEFAULT.connections(0));
    let handle = server.spawn(|_: &mut Request| "ok").expect("no thread is needed");
    let script = Script::new().give(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    let error = handle.serve(Memory(script.clone())).expect_err("no place");
    assert_eq!(error.to_string(), "expected a server with room for another connection");
    let written = String::from_utf8(script.written()).expect("text");
    assert!(written.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), "{written}");
    assert_eq!(handle.metrics().turned_away, 1);
}

#[test]
fn a_server_that_has_ended_serves_no_connection_without_a_socket() {
    let server = Server::new().shutdown_at_end_of(std::io::empty(), Duration::ZERO);
    let handle = server.spawn(|_: &mut Request| "ok").expect("a thread");
    let mut error = None;
    super::until("it ends", || {
        error = handle.serve(Memory(Script::new().give(GET))).err();
        error.is_some()
    });
    let text = error.map(|error| error.to_string());
    assert_eq!(text.as_deref(), Some("expected a server that has not been shut down"));
}

/// Notes what it is told of time.
struct Told<S>(S, Arc<Mutex<Vec<[Option<Duration>; 2]>>>);

impl<S: Read> Read for Told<S> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(buf)
    }
}

impl<S: Write> Write for Told<S> {
    fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
        self.0.write(buf)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

impl<S: Read + Write + Send> Transport for Told<S> {
    fn set_timeouts(
        &mut self,
        read: Option<Duration>,
        write: Option<Duration>,
    ) -> std::io::Result<()> {
        self.1.lock().expect("no panic").push([read, write]);
        Ok(())
    }
}

#[test]
fn a_transport_without_a_socket_is_told_both_times_together() {
    const WRITE: Duration = Duration::from_secs(7);
    const OWN: Duration = Duration::from_secs(11);
    let server = Server::new().timeouts(Timeouts::DEFAULT.write(WRITE));
    let handler = |request: &mut Request| {
        let connection = Connection::of(request).expect("it came over one");
        connection.set_timeouts(Timeouts::DEFAULT.write(OWN))
    };
    let handle = server.spawn(handler).expect("no thread is needed");
    let told = Arc::default();
    let script = Script::new().give(GET).give(GET);
    handle.serve(Told(script, Arc::clone(&told))).expect("a place");
    let told = told.lock().expect("no panic");
    assert!(told.iter().all(|times| times.iter().all(Option::is_some)), "{told:?}");
    let writes: Vec<_> = told.iter().filter_map(|times| times[1]).collect();
    assert_eq!((writes.first(), writes.last()), (Some(&WRITE), Some(&WRITE)));
    assert!(writes.contains(&OWN), "{told:?}");
}

/// Sleeps before a read that brings something, and brings it all the same.
struct Late<S>(S);

impl<S: Read> Read for Late<S> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        std::thread::sleep(Duration::from_millis(30));
        self.0.read(buf)
    }
}

impl<S: Write> Write for Late<S> {
    fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
        self.0.write(buf)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

impl<S: Read + Write + Send> Transport for Late<S> {}

#[test]
fn a_body_that_was_given_up_is_not_to_be_had_by_asking_again() {
    let few = Timeouts::DEFAULT.grace(Duration::from_millis(10));
    let server = Server::new().timeouts(few);
    let read = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&read);
    let handler = move |request: &mut Request| {
        let results = (0..4).map(|_| request.body_mut().read(&mut [0; 64]).ok());
        seen.lock().expect("no panic").extend(results);
    };
    let handle = server.spawn(handler).expect("no thread is needed");
    for framing in ["Content-Length: 6\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n6\r\n"] {
        let head = format!("POST / HTTP/1.1\r\nHost: a\r\n{framing}");
        let script = Script::new().give(head.as_bytes()).give(b"ab").give(b"cd").give(b"ef");
        handle.serve(Late(script)).expect("a place");
        assert_eq!(std::mem::take(&mut *read.lock().expect("no panic")), [None; 4]);
    }
    assert_eq!(handle.metrics().timeouts, 2);
}

//! Transports that are not as quick as a socket: nobody waits longer for that, and no other client is kept waiting.

use super::{Client, GET, PATIENCE, Running, millis, statuses, until};
use nethttp::message::IntoResponse;
use nethttp::server::{Socket, Threads, Timeouts, Transport};
use nethttp::{Body, Method, Request};
use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

fn ok(request: &mut Request) -> nethttp::Result<&'static str> {
    request.body_mut().read_all()?;
    Ok("ok")
}

/// Takes nothing in but whole records, of a size that no test sends, and so reads the socket again and again.
struct Records(Socket, Vec<u8>);

impl Read for Records {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.1.len() < 1 << 20 {
            let mut piece = [0; 1024];
            match self.0.read(&mut piece)? {
                0 => return Ok(0),
                len => self.1.extend_from_slice(&piece[..len]),
            }
        }
        self.1.as_slice().read(buf)
    }
}

impl Write for Records {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Transport for Records {
    fn has_buffered(&self) -> bool {
        false
    }
}

/// Whether a client that sends a byte now and then is cut off before the test's patience is at its end.
fn cuts_off_who_drips(server: &Running) -> bool {
    let mut client = server.connect();
    let began = Instant::now();
    let mut writer = client.0.try_clone().expect("a descriptor");
    let dripping = thread::spawn(move || {
        while writer.write_all(b"x").is_ok() {
            if began.elapsed() > PATIENCE {
                return false;
            }
            thread::sleep(millis(3));
        }
        true
    });
    client.rest();
    dripping.join().expect("no panic")
}

#[test]
fn a_record_that_drips_is_given_up_when_the_head_is_late() {
    let timeouts = Timeouts::DEFAULT.head(millis(300)).drain(millis(100));
    let records = || Running::bind().timeouts(timeouts).transport(|it| Ok(Records(it, Vec::new())));
    assert!(cuts_off_who_drips(&Running::spawn(records(), ok)), "with a thread of its own");
    let few = Threads::DEFAULT.max(2).accepting(1);
    assert!(cuts_off_who_drips(&Running::spawn(records().threads(few), ok)), "with few threads");
}

/// The least that a transport has to say for itself.
struct Plain(Socket);

impl Read for Plain {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0.read(buf)
    }
}

impl Write for Plain {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Transport for Plain {}

#[test]
fn idle_connections_that_cannot_be_parked_take_turns() {
    let few = Threads::DEFAULT.max(4).accepting(1);
    let server = Running::spawn(Running::bind().threads(few).transport(|it| Ok(Plain(it))), ok);
    let mut clients: Vec<Client> = (0..20).map(|_| server.connect()).collect();
    for round in 0..3 {
        for client in &mut clients {
            client.send(GET);
        }
        for client in &mut clients {
            assert!(client.response().ends_with("ok"), "round {round}");
        }
        assert_eq!(statuses(&server.exchange(GET)), [200], "round {round}");
    }
    assert_eq!(server.handle().metrics().parked, 0);
    assert!(server.handle().metrics().threads <= 4);
}

/// Says what fails, and reads on once when the time is over, as a transport may that has half a record.
struct Telling(Socket, Sender<ErrorKind>);

impl Telling {
    fn told(&self, outcome: io::Result<usize>) -> io::Result<usize> {
        if let Err(error) = &outcome {
            let _ = self.1.send(error.kind());
        }
        outcome
    }
}

impl Read for Telling {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buf);
        self.told(read).or_else(|_| {
            let again = self.0.read(buf);
            self.told(again)
        })
    }
}

impl Write for Telling {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let written = self.0.write(buf);
        self.told(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Transport for Telling {}

/// What a transport is told while it reads half a head, or writes to a client that does not read.
fn told(threads: Threads, request: &[u8]) -> Receiver<ErrorKind> {
    const TIME: Duration = millis(200);
    let timeouts = Timeouts::DEFAULT.head(TIME).write(TIME);
    let (tell, told) = mpsc::channel();
    let server = Running::bind().timeouts(timeouts).threads(threads);
    let server = server.transport(move |socket| Ok(Telling(socket, tell.clone())));
    let server = Running::spawn(server, |_: &mut Request| Body::reader(io::repeat(b'x'), None));
    let _client = server.prompt(request, TIME);
    let first = told.recv_timeout(PATIENCE).expect("an end of the time");
    assert_eq!(first, ErrorKind::TimedOut);
    until("it is given up", || server.handle().metrics().timeouts > 0);
    told
}

#[test]
fn a_transport_is_told_that_the_time_is_over_and_not_to_try_again() {
    for threads in [Threads::DEFAULT, Threads::DEFAULT.max(2).accepting(1)] {
        for request in [&GET[..10], GET] {
            let told: Vec<ErrorKind> = told(threads, request).try_iter().collect();
            assert!(!told.contains(&ErrorKind::WouldBlock), "{told:?}");
        }
    }
}

#[test]
fn so_is_what_comes_after_http() {
    let (tell, told) = mpsc::channel();
    let tunnel = move |_: &mut Request| {
        let tell = tell.clone();
        let body = Body::upgrade(move |stream| {
            let piece = [b'x'; 64 << 10];
            let error = loop {
                if let Err(error) = stream.write(&piece) {
                    break error;
                }
            };
            tell.send(error.kind()).map_err(io::Error::other)
        });
        body.into_response()
    };
    let timeouts = Timeouts::DEFAULT.write(millis(100));
    let server = Running::bind().timeouts(timeouts).allow_method(Method::CONNECT);
    let server = Running::spawn(server, tunnel);
    let mut client = server.connect();
    client.send(b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n");
    assert_eq!(told.recv_timeout(PATIENCE), Ok(ErrorKind::TimedOut));
}

#[test]
fn several_slices_go_out_at_once() {
    let (tell, told) = mpsc::channel();
    let server = Running::bind().transport(move |mut socket: Socket| {
        let len = socket.write_vectored(&[IoSlice::new(b"ab"), IoSlice::new(b"cd")])?;
        tell.send(len).map_err(io::Error::other)?;
        Ok(socket)
    });
    let server = Running::spawn(server, ok);
    assert!(server.exchange(GET).starts_with("abcdHTTP/1.1 200 OK"));
    assert_eq!(told.recv_timeout(PATIENCE), Ok(4));
}

/// Takes what is secure and what is not on one port, as the first byte says: a handshake of one byte, made when it is read.
struct Either(Socket, Option<bool>);

impl Read for Either {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.1.is_none() {
            let mut first = [0];
            self.0.read_exact(&mut first)?;
            self.1 = Some(first == *b"+");
        }
        self.0.read(buf)
    }
}

impl Write for Either {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Transport for Either {
    fn has_buffered(&self) -> bool {
        false
    }

    fn is_secure(&self) -> bool {
        self.1.expect("it is asked when a request has come")
    }
}

/// Says what a link to the page looks like that the request was for.
fn link(request: &mut Request) -> nethttp::Result<String> {
    assert_eq!(request.is_secure(), request.scheme() == "https");
    Ok(format!("{} {}", request.scheme(), request.uri(request.scheme())?))
}

#[test]
fn handlers_are_told_whether_a_request_came_over_a_secure_transport() {
    for threads in [Threads::DEFAULT, Threads::DEFAULT.max(2).accepting(1)] {
        let server = Running::bind().threads(threads);
        let server = server.transport(|socket| Ok(Either(socket, None)));
        let server = Running::spawn(server, link);
        let mut clients = [(b"+", "https"), (b"-", "http")].map(|(first, scheme)| {
            let mut client = server.connect();
            client.send(first);
            (client, scheme)
        });
        for _ in 0..3 {
            for (client, scheme) in &mut clients {
                client.send(GET);
                let response = client.response();
                assert!(
                    response.ends_with(&format!("\r\n\r\n{scheme} {scheme}://a/")),
                    "{response}"
                );
            }
        }
    }
}

#[test]
fn what_a_client_writes_makes_no_connection_secure() {
    for transport in [false, true] {
        let server = Running::bind();
        let server = if transport { server.transport(|it| Ok(Plain(it))) } else { server };
        let server = Running::spawn(server, link);
        for head in [
            "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-Proto: https\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nForwarded: for=_a;proto=https\r\n",
            "GET / HTTP/1.1\r\nHost: a:443\r\nUpgrade-Insecure-Requests: 1\r\n",
            "GET https://a/ HTTP/1.1\r\nHost: a\r\n",
        ] {
            let response = server.exchange(format!("{head}\r\n").as_bytes());
            assert!(response.contains("\r\n\r\nhttp "), "{head}{response}");
        }
    }
}

//! The server over loopback sockets, from the outside: every test speaks raw HTTP to it.
#![cfg(feature = "server")]

#[path = "../support/mod.rs"]
mod support;

mod accidents;
mod auth;
mod balancer;
mod bodies;
mod clients;
mod compress;
mod defaults;
mod faults;
mod files;
mod hostile;
mod lifecycle;
mod middleware;
mod pace;
mod probes;
mod router;
mod threads;
mod transports;
mod upload;
mod wire;

use nethttp::server::{Connection, Handler, Limits, Timeouts};
use nethttp::{Request, Server, ServerHandle};
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

/// No test waits longer for anything.
const PATIENCE: Duration = Duration::from_secs(20);

/// For clients that say nothing until many others have come.
const UNHURRIED: Timeouts = Timeouts::DEFAULT.head(Duration::from_secs(100));

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Waits until something has come to pass.
#[track_caller]
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        thread::sleep(millis(1));
    }
}

/// Lets a handler wait until its server is told to end.
#[track_caller]
fn until_draining(request: &Request) {
    let connection = Connection::of(request).expect("it came over one");
    until("the server is told to end", || connection.is_draining());
}

/// Whether the process may have that many files open, beside those of other tests.
fn may_open(files: usize) -> bool {
    let limit = std::process::Command::new("sh").args(["-c", "ulimit -n"]).output();
    let limit = limit.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let needed = files + files.max(500);
    match limit.unwrap_or_default().as_str() {
        "unlimited" => true,
        limit if limit.parse().is_ok_and(|limit: usize| limit >= needed) => true,
        limit => {
            println!("skipped: {needed} open files needed, {limit:?} allowed");
            false
        }
    }
}

/// A server that ends with the test.
struct Running(Option<ServerHandle>);

impl Running {
    fn start(handler: impl Handler + 'static) -> Self {
        Self::with(Limits::DEFAULT, Timeouts::DEFAULT, handler)
    }

    fn with(limits: Limits, timeouts: Timeouts, handler: impl Handler + 'static) -> Self {
        Self::spawn(Self::bind().limits(limits).timeouts(timeouts), handler)
    }

    fn bind() -> Server {
        Server::bind("127.0.0.1:0").expect("a port of loopback")
    }

    fn spawn(server: Server, handler: impl Handler + 'static) -> Self {
        Self(Some(server.spawn(handler).expect("a thread")))
    }

    fn handle(&self) -> &ServerHandle {
        self.0.as_ref().expect("the server runs")
    }

    fn addr(&self) -> SocketAddr {
        self.handle().addr()
    }

    fn connect(&self) -> Client {
        let stream = TcpStream::connect(self.addr()).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_nodelay(true).expect("an option");
        Client(stream)
    }

    /// So many connections that have all been let in. They come no faster than that: the system's queue is short, and
    /// whoever finds it full waits for a second.
    fn crowd(&self, size: usize) -> Vec<Client> {
        let before = self.handle().metrics().accepted;
        let mut clients = Vec::new();
        while clients.len() < size {
            clients
                .extend((0..size.min(clients.len() + 64) - clients.len()).map(|_| self.connect()));
            let accepted = before + clients.len() as u64;
            until("they are let in", || self.handle().metrics().accepted >= accepted);
        }
        clients
    }

    /// A connection that has said something long before a deadline that began when it was let in. On a busy machine it
    /// takes more than one.
    fn prompt(&self, bytes: &[u8], deadline: Duration) -> Client {
        let began = Instant::now();
        loop {
            let now = Instant::now();
            let mut client = self.connect();
            if client.0.write_all(bytes).is_ok() && now.elapsed() < deadline / 2 {
                return client;
            }
            assert!(began.elapsed() < PATIENCE, "it takes {:?} to say something", now.elapsed());
        }
    }

    /// Sends bytes on a connection of their own, closes the sending side, and returns all that comes.
    fn exchange(&self, request: &[u8]) -> String {
        let mut client = self.connect();
        client.send(request);
        client.finish();
        client.rest()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(handle) = self.0.take() {
            handle.shutdown(Duration::from_secs(2));
        }
    }
}

/// A client that knows nothing of HTTP but where a head ends.
struct Client(TcpStream);

impl Client {
    #[track_caller]
    fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).expect("the server reads");
    }

    fn finish(&self) {
        let _ = self.0.shutdown(Shutdown::Write);
    }

    /// Everything up to the end of the connection; a reset counts as one.
    fn rest(&mut self) -> String {
        String::from_utf8_lossy(&self.rest_bytes()).into_owned()
    }

    fn rest_bytes(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut piece = [0; 4096];
        while let Ok(len @ 1..) = self.0.read(&mut piece) {
            bytes.extend_from_slice(&piece[..len]);
        }
        bytes
    }

    /// One head, and as much as its Content-Length says.
    #[track_caller]
    fn response(&mut self) -> String {
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"\r\n\r\n") {
            self.byte(&mut bytes);
        }
        let head = String::from_utf8(bytes.clone()).expect("a head in ASCII");
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
        for _ in 0..length.map_or(0, |length| length.parse().expect("a number")) {
            self.byte(&mut bytes);
        }
        String::from_utf8(bytes).expect("text")
    }

    #[track_caller]
    fn byte(&mut self, bytes: &mut Vec<u8>) {
        let mut byte = [0];
        let read = self.0.read(&mut byte).expect("an answer in time");
        assert_eq!(read, 1, "the connection ended after {:?}", String::from_utf8_lossy(bytes));
        bytes.push(byte[0]);
    }

    /// Whether something has come that was not read.
    fn has_answer(&self) -> bool {
        self.0.set_nonblocking(true).expect("an option");
        let peeked = self.0.peek(&mut [0]);
        self.0.set_nonblocking(false).expect("an option");
        !matches!(peeked, Err(error) if error.kind() == io::ErrorKind::WouldBlock)
    }

    /// Whether the server closes without another word.
    #[track_caller]
    fn is_closed(&mut self) -> bool {
        matches!(self.0.read(&mut [0; 64]), Ok(0))
    }
}

/// A reader that fails after so many reads.
struct Failing(u32);

impl Read for Failing {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(1).ok_or(io::Error::other("gone"))?;
        buf.fill(b'x');
        Ok(buf.len())
    }
}

/// The status codes of all responses in a stream, interim ones included.
fn statuses(stream: &str) -> Vec<u16> {
    let after = stream.split("HTTP/1.1 ").skip(1);
    after.map(|line| line[..3].parse().expect("a status")).collect()
}

const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";

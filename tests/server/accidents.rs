//! What others' code does amiss, and what is told at the worst moment: nothing is lost by it.

use super::{GET, Running, millis, statuses};
use nethttp::server::{Accepted, Socket, Threads, Timeouts, Transport};
use nethttp::{Request, Server};
use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

fn ok(_: &mut Request) -> &'static str {
    "ok"
}

/// Fails in every function in turn, as long as it is told to.
struct Bomb(Socket, &'static str, Arc<AtomicBool>);

impl Bomb {
    fn at(&self, place: &str) {
        assert!(self.1 != place || !self.2.load(Ordering::SeqCst), "on purpose, in {place}");
    }
}

impl Read for Bomb {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.at("read");
        self.0.read(buf)
    }
}

impl Write for Bomb {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.at("write");
        self.0.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.at("flush");
        Ok(())
    }
}

impl Transport for Bomb {
    fn finish(&mut self) -> io::Result<()> {
        self.at("finish");
        Ok(())
    }

    fn has_buffered(&self) -> bool {
        self.at("has_buffered");
        false
    }
}

impl Drop for Bomb {
    fn drop(&mut self) {
        if !thread::panicking() {
            self.at("drop");
        }
    }
}

/// A server survives more accidents than it has threads, and serves then.
#[track_caller]
fn survives(what: &str, armed: &Arc<AtomicBool>, server: Server) {
    let server =
        server.threads(Threads::DEFAULT.max(4)).timeouts(Timeouts::DEFAULT.head(millis(5000)));
    let server = Running::spawn(server, ok);
    for _ in 0..20 {
        let mut client = server.connect();
        client.0.set_read_timeout(Some(millis(2000))).expect("a timeout");
        let _ = client.0.write_all(GET);
        client.finish();
        client.rest();
    }
    armed.store(false, Ordering::SeqCst);
    for _ in 0..10 {
        let began = Instant::now();
        assert_eq!(statuses(&server.exchange(GET)), [200], "after panics in {what}");
        assert!(began.elapsed() < millis(3000), "after panics in {what}");
    }
    let began = Instant::now();
    while server.handle().connections() > 0 {
        assert!(began.elapsed() < Duration::from_secs(5), "places are lost by panics in {what}");
        thread::sleep(millis(1));
    }
}

#[test]
fn panics_in_a_transport_cost_no_thread() {
    for place in ["make", "read", "write", "flush", "finish", "has_buffered", "drop"] {
        let armed = Arc::new(AtomicBool::new(true));
        let flag = Arc::clone(&armed);
        let server = Running::bind().transport(move |socket| {
            let bomb = Bomb(socket, place, Arc::clone(&flag));
            bomb.at("make");
            Ok(bomb)
        });
        survives(place, &armed, server);
    }
}

#[test]
fn panics_in_a_filter_cost_no_thread() {
    let armed = Arc::new(AtomicBool::new(true));
    let flag = Arc::clone(&armed);
    let server = Running::bind().filter(move |_| {
        assert!(!flag.load(Ordering::SeqCst), "on purpose");
        true
    });
    survives("a filter", &armed, server);
}

#[test]
fn panics_in_an_executor_cost_no_thread() {
    let armed = Arc::new(AtomicBool::new(true));
    let flag = Arc::clone(&armed);
    let server = Running::bind().executor(move |connection: Accepted| {
        assert!(!flag.load(Ordering::SeqCst), "on purpose");
        connection.serve();
    });
    survives("an executor", &armed, server);
}

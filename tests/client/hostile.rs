//! Servers and streams that make it hard.

use std::io::{self, IoSlice, Read, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use nethttp::client::{Control, Dial, Stream, Target, Timeouts};
use nethttp::{Body, Client};

use crate::server::{PATIENCE, Server, direct, ok};

#[test]
fn a_redirect_whose_framing_drips_costs_its_connection_and_no_time() {
    const HEAD: &str = "HTTP/1.1 302 Found\r\nLocation: /b\r\nTransfer-Encoding: chunked\r\n\r\n";
    for framing in ["5;", "0\r\nX: "] {
        let server = Server::start(move |peer| {
            let request = peer.request().unwrap();
            if request.starts_with(b"GET /b ") {
                return peer.send(&ok("done"));
            }
            peer.send(HEAD.as_bytes());
            peer.send(framing.as_bytes());
            // No byte of it is content, and none is late.
            while peer.stream.write_all(b"x").is_ok() {
                thread::sleep(Duration::from_millis(20));
            }
        });
        let response = Client::new().get(server.url("/a")).timeout(PATIENCE).send().unwrap();
        assert_eq!(response.text().unwrap(), "done");
    }
}

/// A server that takes so many bytes, then answers, and takes no more.
#[derive(Default)]
struct Stuffed {
    room: usize,
    answer: &'static [u8],
    until: Option<Instant>,
}

struct Side(Arc<Mutex<Stuffed>>);

impl Side {
    fn wait(&self) -> io::Error {
        thread::sleep(Duration::from_millis(5));
        match self.0.lock().unwrap().until {
            Some(until) if until <= Instant::now() => io::ErrorKind::TimedOut.into(),
            _ => io::ErrorKind::WouldBlock.into(),
        }
    }
}

impl Read for Side {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let len = self.0.lock().unwrap().answer.read(buf)?;
        if len == 0 { Err(self.wait()) } else { Ok(len) }
    }
}

impl Write for Side {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let mut state = self.0.lock().unwrap();
        let len = buf.len().min(state.room);
        state.room -= len;
        drop(state);
        if len == 0 { Err(self.wait()) } else { Ok(len) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Control for Side {
    fn set_deadline(&self, until: Option<Instant>) {
        self.0.lock().unwrap().until = until;
    }

    fn close(&self) {}

    fn is_quiet(&self) -> bool {
        let state = self.0.lock().unwrap();
        state.room > 0 || state.answer.is_empty()
    }
}

#[test]
fn an_answer_is_heard_by_a_client_that_cannot_send_the_last_piece() {
    const REFUSAL: &[u8] = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 8\r\n\r\ntoo long";
    let connector = |_: &Target<'_>, _: Dial<'_>| {
        let side = || Stuffed { room: 19_300, answer: REFUSAL, until: None };
        let shared = Arc::new(Mutex::new(side()));
        Ok(Stream::new(Side(Arc::clone(&shared))).with_control(Arc::new(Side(shared))))
    };
    let client = direct().connector(connector).build().unwrap();
    let bodies: [fn() -> Body; 3] = [
        || Body::writer(|out| (0..40).try_for_each(|_| out.write_all(&[b'x'; 500]))),
        || Body::reader(io::repeat(b'x').take(20_000), None),
        || vec![b'x'; 16 << 10].into(),
    ];
    for body in bodies {
        let request = client.post("http://a/").header("X-Long", vec![b'x'; 3000]).body(body());
        let request = request.timeouts(Timeouts::DEFAULT.send(Some(Duration::from_secs(3))));
        let response = request.send().unwrap();
        assert_eq!(response.status().as_u16(), 413);
        assert_eq!(response.text().unwrap(), "too long");
    }
}

/// A server that answers so many requests, and takes no byte of the next one.
struct Leaving {
    requests: usize,
    answer: &'static [u8],
}

impl Read for Leaving {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.answer.read(buf)
    }
}

impl Write for Leaving {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.requests = self.requests.checked_sub(1).ok_or(io::ErrorKind::BrokenPipe)?;
        self.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        Ok(buf.len())
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let all: Vec<u8> = slices.iter().flat_map(|slice| slice.iter().copied()).collect();
        self.write(&all)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_post_of_which_nothing_was_sent_is_sent_again() {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let connector = move |_: &Target<'_>, _: Dial<'_>| {
        counter.fetch_add(1, Ordering::Relaxed);
        Ok(Stream::new(Leaving { requests: 2, answer: b"" }))
    };
    let client = direct().connector(connector).build().unwrap();
    for connections in [1, 1, 2, 2, 3] {
        let response = client.post("http://a/").body("hello").send().unwrap();
        assert_eq!(response.text().unwrap(), "ok");
        assert_eq!(count.load(Ordering::Relaxed), connections);
    }
}

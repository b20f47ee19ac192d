//! Servers and streams that make it hard.

use std::io::{self, Read, Write};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use nethttp::client::{Control, Dial, Stream, Target, Timeouts};
use nethttp::{Body, Client};

use crate::server::{PATIENCE, Server, ok};

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
        let side = || Stuffed { room: 18 << 10, answer: REFUSAL, until: None };
        let shared = Arc::new(Mutex::new(side()));
        Ok(Stream::new(Side(Arc::clone(&shared))).with_control(Arc::new(Side(shared))))
    };
    let client = Client::builder().connector(connector).build().unwrap();
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

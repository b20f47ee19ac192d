//! Streams that lie over the client's own.

use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use nethttp::client::{CancelToken, Control, Dial, Overlay, Stream, Target, Timeouts};
use nethttp::error::ErrorKind;
use nethttp::{Body, Client};

use crate::server::{PATIENCE, Server, ok, until};

/// Hands everything on.
struct Through(Stream);

impl Read for Through {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0.read(buf)
    }
}

impl Write for Through {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// What a session of TLS does with the tickets that come behind a response: takes them in between two exchanges.
struct Tickets(Stream);

impl Read for Tickets {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0.read(buf)
    }
}

impl Write for Tickets {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Overlay for Tickets {
    fn is_quiet(&mut self) -> bool {
        let mut ticket = [0];
        while !self.0.is_quiet() {
            if !matches!(self.0.read(&mut ticket), Ok(1) if ticket == *b"T") {
                return false;
            }
        }
        true
    }
}

/// A control that counts what it is told.
#[derive(Default)]
struct Counting {
    deadlines: AtomicUsize,
    closes: AtomicUsize,
}

impl Control for Counting {
    fn set_deadline(&self, _: Option<Instant>) {
        self.deadlines.fetch_add(1, Ordering::Relaxed);
    }

    fn close(&self) {
        self.closes.fetch_add(1, Ordering::Relaxed);
    }
}

/// A reader whose only piece is long in coming.
struct Slow(Option<Duration>);

impl Read for Slow {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let Some(wait) = self.0.take() else { return Ok(0) };
        thread::sleep(wait);
        buf[..5].copy_from_slice(b"hello");
        Ok(5)
    }
}

fn over(_: &Target<'_>, dial: Dial<'_>) -> io::Result<Stream> {
    Ok(Stream::new(Through(dial.stream()?)))
}

/// A client over streams that have a control of their own.
fn governed(control: &Arc<Counting>, timeouts: Timeouts) -> Client {
    let own = Arc::clone(control);
    let connector = move |target: &Target<'_>, dial: Dial<'_>| {
        Ok(over(target, dial)?.with_control(Arc::<Counting>::clone(&own)))
    };
    Client::builder().connector(connector).timeouts(timeouts).build().unwrap()
}

#[test]
fn a_body_that_is_long_in_coming_takes_no_time_of_sending() {
    let server = Server::answering(&[&ok("done")]);
    let brief = Some(Duration::from_millis(300));
    let timeouts = Timeouts::DEFAULT.send(brief);
    let client = Client::builder().connector(over).timeouts(timeouts).build().unwrap();
    // On a new connection, and on one that is used again.
    for _ in 0..2 {
        let late = brief.map(|brief| brief * 2);
        let writer = move |out: &mut dyn nethttp::message::BodyWriter| {
            io::copy(&mut Slow(late), out).map(drop)
        };
        for body in [Body::reader(Slow(late), None), Body::writer(writer)] {
            let response = client.put(server.url("/")).body(body).send().unwrap();
            assert_eq!(response.text().unwrap(), "done");
        }
    }
}

#[test]
fn what_comes_for_an_overlay_is_taken_in_after_the_time_of_the_exchange() {
    let (brief, moment) = (Duration::from_millis(50), Duration::from_secs(2));
    let (sent, ticket) = mpsc::channel();
    let server = Server::start(move |peer| {
        while peer.request().is_some() {
            peer.send(&ok("hello"));
            thread::sleep(brief);
            peer.send(b"T");
            let _ = sent.send(());
        }
    });
    let connector = |_: &Target<'_>, dial: Dial<'_>| Ok(Stream::overlay(Tickets(dial.stream()?)));
    let client = Client::builder().connector(connector).build().unwrap();
    let exchange = || {
        let response = client.get(server.url("/")).timeout(moment).send().unwrap();
        let is_reused = response.is_reused();
        assert_eq!(response.text().unwrap(), "hello");
        is_reused
    };
    assert!(!exchange());
    // The time of the first exchange is over when the second one begins.
    ticket.recv_timeout(PATIENCE).unwrap();
    thread::sleep(moment + brief);
    assert!(exchange());
}

#[test]
fn a_control_of_ones_own_takes_nothing_from_that_of_the_stream_below() {
    let late = Duration::from_millis(600);
    let server = Server::start(move |peer| {
        while peer.request().is_some() {
            thread::sleep(late);
            peer.send(&ok("late"));
        }
    });
    let control = Arc::new(Counting::default());
    // The time for connecting is over when the answer comes.
    let client = governed(&control, Timeouts::DEFAULT.connect(Some(late / 2)));
    let response = client.get(server.url("/")).send().unwrap();
    assert_eq!(response.text().unwrap(), "late");
    assert!(control.deadlines.load(Ordering::Relaxed) > 0);

    let client = governed(&control, Timeouts::DEFAULT.first_byte(Some(late / 4)));
    let error = client.get(server.url("/")).send().unwrap_err();
    assert!(error.is_timeout(), "{error}");
}

#[test]
fn a_cancelled_exchange_closes_all_streams_that_it_goes_over() {
    let server = Server::start(|peer| while peer.request().is_some() {});
    let control = Arc::new(Counting::default());
    let client = governed(&control, Timeouts::DEFAULT.first_byte(Some(PATIENCE)));
    let token = CancelToken::new();
    let (waiting, cancelled) = (server.url("/"), token.clone());
    let waiter = thread::spawn(move || client.get(waiting).cancel(&cancelled).send());
    until("a request", || !server.log().requests.is_empty());
    token.cancel();
    let error = waiter.join().unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled, "{error}");
    assert!(control.closes.load(Ordering::Relaxed) > 0);
}

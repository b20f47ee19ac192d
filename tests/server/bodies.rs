//! Bodies in both directions: sizes, limits, and what is left unread.

use super::{Failing, GET, PATIENCE, Running, millis, statuses};
use nethttp::server::{Limits, Timeouts};
use nethttp::{Body, Request, Response, StatusCode};
use std::fs::File;
use std::io::{self, Read, Write};
use std::mem;
use std::path::PathBuf;
use std::sync::{Mutex, mpsc};
use std::time::Instant;

/// A file that goes with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, content: &[u8]) -> Self {
        let name = format!("nethttp-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, content).expect("a place for temporary files");
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn pattern(len: usize) -> Vec<u8> {
    (0..len).map(|n| b'a' + u8::try_from(n % 23).expect("small")).collect()
}

fn content(stream: &str) -> &str {
    stream.split_once("\r\n\r\n").expect("a head").1
}

#[test]
fn every_kind_of_body_arrives_whole_at_every_size() {
    const SIZES: [usize; 8] = [0, 1, 16_383, 16_384, 16_385, 65_536, 65_537, 1_000_000];
    for size in SIZES {
        let data = pattern(size);
        let file = Scratch::new(&format!("size-{size}"), &data);
        let (path, of_handler) = (file.0.clone(), data.clone());
        let handler = move |request: &mut Request| -> io::Result<Response> {
            let len = u64::try_from(size).expect("small");
            let reader = || io::Cursor::new(of_handler.clone());
            let bytes = of_handler.clone();
            let body = match request.path() {
                "/bytes" => Body::from(of_handler.clone()),
                "/file" => Body::file(File::open(&path)?, 0..len),
                "/reader" => Body::reader(reader(), Some(len)),
                "/unknown" => Body::reader(reader(), None),
                _ => Body::writer(move |out| bytes.chunks(777).try_for_each(|c| out.write_all(c))),
            };
            Ok(Response::new(StatusCode::OK).with_body(body))
        };
        let server = Running::start(handler.wrap());
        for path in ["/bytes", "/file", "/reader", "/unknown", "/writer"] {
            let stream = server.exchange(format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes());
            assert_eq!(content(&stream).len(), size, "{path} of {size}");
            assert_eq!(content(&stream).as_bytes(), data);
        }
    }
}

/// Lets a handler fail with an I/O error, which has no response of its own.
trait Wrap {
    fn wrap(self) -> impl nethttp::server::Handler + 'static;
}

impl<F> Wrap for F
where
    F: Fn(&mut Request) -> io::Result<Response> + Send + Sync + 'static,
{
    fn wrap(self) -> impl nethttp::server::Handler + 'static {
        move |request: &mut Request| self(request).map_err(nethttp::Error::from)
    }
}

#[test]
fn a_range_of_a_file_is_a_body() {
    let file = Scratch::new("range", b"0123456789");
    let path = file.0.clone();
    let handler = move |_: &mut Request| {
        Ok(Response::new(StatusCode::OK).with_body(Body::file(File::open(&path)?, 3..7)))
    };
    let server = Running::start(handler.wrap());
    assert_eq!(content(&server.exchange(b"GET / HTTP/1.0\r\n\r\n")), "3456");
}

#[test]
fn a_body_that_is_not_what_it_was_announced_to_be_is_broken_off() {
    for (announced, real) in [(10, 5), (5, 10), (100_000, 70_000)] {
        let server = Running::start(move |_: &mut Request| {
            Body::reader(io::repeat(b'x').take(real), Some(announced))
        });
        let stream =
            server.exchange(b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        assert!(statuses(&stream).len() <= 1, "nothing may follow: {stream:.200}");
        if !stream.is_empty() {
            assert!(content(&stream).len() < usize::try_from(announced).expect("small"));
        }
    }
}

#[test]
fn a_reader_that_fails_breaks_the_response_off() {
    let server = Running::start(|_: &mut Request| Body::reader(Failing(3), None));
    let stream = server.exchange(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert!(!stream.ends_with("0\r\n\r\n"), "a client must be able to tell");
}

fn echo(request: &mut Request) -> nethttp::Result<Vec<u8>> {
    Ok(request.body_mut().read_all()?)
}

#[test]
fn request_bodies_arrive_whole_by_length_and_in_chunks() {
    let server = Running::start(echo);
    for size in [0, 1, 5000, 1_000_000] {
        let data = pattern(size);
        let mut request = format!(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n"
        )
        .into_bytes();
        request.extend_from_slice(&data);
        assert_eq!(content(&server.exchange(&request)).as_bytes(), data);

        let mut request = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n".to_vec();
        for chunk in data.chunks(1234) {
            write!(request, "{:x};x=y\r\n", chunk.len()).expect("memory");
            request.extend_from_slice(chunk);
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"0\r\nTrailer-Field: 1\r\n\r\n");
        assert_eq!(content(&server.exchange(&request)).as_bytes(), data);
    }
}

#[test]
fn trailers_can_be_read_behind_the_content() {
    fn trailers(request: &mut Request) -> nethttp::Result<String> {
        let early = request.body().trailers().is_some();
        let content = request.body_mut().text()?;
        let trailers = request.body().trailers();
        let all = trailers.map(|fields| fields.iter().collect::<Vec<_>>());
        Ok(format!("{early} {content} {all:?}"))
    }
    let timeout = nethttp::server::Timeout::new(PATIENCE);
    let timed = nethttp::server::Handler::wrap(trailers, timeout);
    for server in [Running::start(trailers), Running::start(timed)] {
        let mut client = server.connect();
        for (sent, received) in [
            ("", "None"),
            ("Sum: 1\r\nsum: 2\r\n", r#"Some([("Sum", [49]), ("sum", [50])])"#),
            // What says how a message is to be read, or who sends it, is not taken from here.
            ("Content-Length: 9\r\nHost: b\r\nAuthorization: Basic YTpi\r\n", "None"),
        ] {
            let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
            client.send(format!("{head}2\r\nhi\r\n0\r\n{sent}\r\n").as_bytes());
            let response = client.response();
            assert_eq!(content(&response), format!("false hi {received}"));
        }
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
        assert_eq!(content(&client.response()), "false hi None");
    }
}

#[test]
fn who_is_to_blame_for_what_could_not_be_read_is_told() {
    // What the handler reads itself fails in the same ways, and then the client can do nothing about it.
    fn handler(request: &mut Request) -> nethttp::Result<Vec<u8>> {
        let own = |kind: io::ErrorKind| Err(io::Error::from(kind).into());
        match request.path() {
            "/late" => own(io::ErrorKind::TimedOut),
            "/stalled" => own(io::ErrorKind::WouldBlock),
            "/cut" => own(io::ErrorKind::UnexpectedEof),
            "/reset" => own(io::ErrorKind::ConnectionReset),
            _ => echo(request),
        }
    }
    let timeouts = Timeouts::DEFAULT.read(millis(50));
    let server = Running::with(Limits::DEFAULT.body(1), timeouts, handler);
    for path in ["/late", "/stalled", "/cut", "/reset"] {
        let stream = server.exchange(format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes());
        assert_eq!(statuses(&stream), [500], "{path}: {stream}");
    }
    for (fields, status) in [
        ("Content-Length: 1\r\n\r\n", 408),
        ("Content-Length: 2\r\n\r\nhi", 413),
        ("Transfer-Encoding: chunked\r\n\r\nno", 400),
    ] {
        let mut client = server.connect();
        client.send(format!("POST / HTTP/1.1\r\nHost: a\r\n{fields}").as_bytes());
        assert_eq!(statuses(&client.response()), [status], "{fields}");
    }
    // A client that has said that it sends no more is heard out.
    let cut = server.exchange(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n");
    assert_eq!(statuses(&cut), [400]);
}

#[cfg(feature = "client")]
#[test]
fn who_is_to_blame_for_what_could_not_be_passed_on_is_told() {
    let behind = Running::with(Limits::DEFAULT.body(1 << 30), Timeouts::DEFAULT, echo);
    let url = format!("http://{}/", behind.addr());
    let relay = move |request: &mut Request| -> nethttp::Result<Vec<u8>> {
        let body = match request.path() {
            "/own" => Body::reader(io::Cursor::new("short"), Some(9)),
            _ => request.body_mut().take(),
        };
        Ok(nethttp::post(&url).body(body).send()?.bytes()?)
    };
    let timeouts = Timeouts::DEFAULT.read(millis(50)).drain(millis(50));
    let server = Running::with(Limits::DEFAULT.body(4), timeouts, relay);
    for (path, rest, status) in [
        ("/", "Content-Length: 4\r\n\r\ngood", 200),
        ("/", "Content-Length: 4\r\n\r\nlat", 408),
        ("/", "Transfer-Encoding: chunked\r\n\r\nno", 400),
        ("/", "Transfer-Encoding: chunked\r\n\r\n5\r\nlarge\r\n0\r\n\r\n", 413),
        ("/own", "\r\n", 500),
    ] {
        let mut client = server.connect();
        client.send(format!("POST {path} HTTP/1.1\r\nHost: a\r\n{rest}").as_bytes());
        assert_eq!(statuses(&client.response()), [status], "{rest:?}");
    }
}

#[cfg(feature = "client")]
#[test]
fn who_reads_a_broken_response_twice_blames_nobody_else() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let behind = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno");
    });
    let server = Running::start(move |_: &mut Request| -> nethttp::Result<Vec<u8>> {
        let mut response = nethttp::get(&url).send()?;
        assert!(response.body_mut().read_all().is_err(), "it is malformed");
        Ok(response.body_mut().read_all()?)
    });
    assert_eq!(statuses(&server.exchange(GET)), [500]);
    behind.join().expect("no panic");
}

#[test]
fn a_body_over_the_limit_is_413_and_readable_while_the_client_sends() {
    let limits = Limits::DEFAULT.body(1000);
    let server = Running::with(limits, Timeouts::DEFAULT.drain(PATIENCE), echo);
    // Announced: refused before a byte is read.
    let mut client = server.connect();
    client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n");
    assert!(client.response().starts_with("HTTP/1.1 413 "));
    // Not announced, and more of it on the way.
    let mut client = server.connect();
    client.send(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for _ in 0..20 {
        client.send(format!("1000\r\n{}\r\n", "x".repeat(0x1000)).as_bytes());
    }
    let response = client.response();
    assert!(response.starts_with("HTTP/1.1 413 "), "{response}");
    // What ends at the limit is not over it.
    let mut exact = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n".to_vec();
    exact.resize(exact.len() + 1000, b'x');
    assert_eq!(statuses(&server.exchange(&exact)), [200]);
}

#[test]
fn a_handler_may_raise_the_limit() {
    let limits = Limits::DEFAULT.body(10);
    let server = Running::with(limits, Timeouts::DEFAULT, |request: &mut Request| {
        request.body_mut().set_limit(Some(100));
        echo(request)
    });
    let request = format!("POST / HTTP/1.0\r\nContent-Length: 50\r\n\r\n{}", "x".repeat(50));
    assert_eq!(content(&server.exchange(request.as_bytes())).len(), 50);
}

#[test]
fn what_the_handler_leaves_is_drained_or_the_connection_closed() {
    let limits = Limits::DEFAULT.drain(1000);
    let server = Running::with(limits, Timeouts::DEFAULT.drain(PATIENCE), |_: &mut Request| "ok");
    // Little: thrown away, and the next request is seen.
    let mut client = server.connect();
    for _ in 0..3 {
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n");
        client.send(&[b'x'; 900]);
        assert!(!client.response().contains("Connection: close"));
    }
    // Announced to be much: the client is told so in the answer.
    let mut client = server.connect();
    client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n");
    assert!(client.response().contains("Connection: close"));
    assert!(client.is_closed());
    // Chunked without end: closed, and never taken for a request.
    let mut stream = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    stream.extend_from_slice(b"800\r\n");
    stream.resize(stream.len() + 0x800, b'x');
    stream.extend_from_slice(b"\r\n800\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(statuses(&server.exchange(&stream)), [200]);
}

#[test]
fn malformed_chunks_are_400_whatever_the_handler_says() {
    let server = Running::start(|request: &mut Request| {
        let _ = request.body_mut().read_all();
        "I did not notice"
    });
    let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    for body in ["0x5\r\nhello", "5\r\nhelloX\r\n", "5\nhello\r\n0\r\n\r\n", "0\r\n\n"] {
        let stream =
            server.exchange(format!("{head}{body}GET / HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes());
        assert_eq!(statuses(&stream), [400], "{body:?}: {stream}");
    }
}

#[test]
fn a_body_that_outlives_its_exchange_is_cut_off() {
    let (kept, keep) = mpsc::channel::<Body>();
    let server = Running::start(move |request: &mut Request| {
        let _ = kept.send(request.body_mut().take());
        "answered"
    });
    let stream = server.exchange(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    assert_eq!(statuses(&stream), [200], "{stream}");
    let error = keep.recv().expect("the body").read_all().expect_err("its time is over");
    assert_eq!(error.to_string(), "expected to read the body before the request was answered");
}

#[test]
fn what_is_left_of_a_body_is_not_waited_for_beyond_the_time_to_drain() {
    let chunked = "Transfer-Encoding: chunked\r\n\r\n1;x=";
    for rest in ["Content-Length: 5\r\n\r\nhel", chunked] {
        let timeouts = Timeouts::DEFAULT.drain(millis(200));
        let server = Running::with(Limits::DEFAULT, timeouts, |_: &mut Request| "ok");
        let mut client = server.connect();
        client.send(format!("POST / HTTP/1.1\r\nHost: a\r\n{rest}").as_bytes());
        assert!(client.response().ends_with("ok"));
        let begin = Instant::now();
        // A client that drips makes no difference.
        while server.handle().connections() > 0 && begin.elapsed() < PATIENCE {
            if rest == chunked {
                let _ = client.0.write_all(b"x");
            }
            std::thread::sleep(millis(50));
        }
        // The wait for a body that is wanted is longer than this test's patience.
        assert_eq!(server.handle().connections(), 0);
    }
}

#[test]
fn a_requests_body_as_the_response_is_broken_off_rather_than_waited_for() {
    let server =
        Running::start(|request: &mut Request| Body::reader(request.body_mut().take(), None));
    let mut client = server.connect();
    client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    let stream = client.rest();
    assert!(!stream.ends_with("0\r\n\r\n"), "{stream}");
    assert!(matches!(client.0.read(&mut [0]), Ok(0)), "the connection hangs");
}

#[test]
fn nothing_follows_a_write_that_failed() {
    let (failed, wait) = mpsc::channel();
    let timeouts = Timeouts::DEFAULT.write(millis(300)).drain(millis(50));
    let server = Running::with(Limits::DEFAULT, timeouts, move |_: &mut Request| {
        let failed = failed.clone();
        Body::writer(move |out| {
            while out.write_all(&[b'x'; 100_000]).is_ok() {}
            let _ = failed.send(());
            std::thread::sleep(millis(300));
            // It does not look at what it was told.
            let _ = out.write_all(&[b'y'; 20_000]);
            Ok(())
        })
    });
    let mut client = server.connect();
    client.send(GET);
    wait.recv_timeout(PATIENCE).expect("the client does not read");
    let stream = client.rest();
    assert!(stream.contains("xxx") && !stream.contains("yyy"));
    assert!(!stream.ends_with("0\r\n\r\n"));
}

#[test]
fn a_body_that_fails_takes_no_earlier_answer_with_it() {
    let server = Running::start(|request: &mut Request| match request.path() {
        "/" => Body::from("whole"),
        "/fails" => Body::reader(Failing(0), Some(5)),
        _ => Body::writer(|_| panic!("on purpose")),
    });
    for path in ["/fails", "/panics"] {
        let second = format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n");
        let stream = server.exchange(&[GET, second.as_bytes(), GET].concat());
        assert_eq!(content(&stream).get(..5), Some("whole"), "{path}: {stream}");
        assert_eq!(statuses(&stream), [200, 200], "{path}: {stream}");
        assert!(!stream.ends_with("0\r\n\r\n"), "{path}: {stream}");
    }
}

#[test]
fn the_position_of_a_file_does_not_matter() {
    let file = Scratch::new("position", b"0123456789");
    let path = file.0.clone();
    let handler = move |_: &mut Request| {
        let mut file = File::open(&path)?;
        file.read_exact(&mut [0; 4])?;
        Ok(Response::new(StatusCode::OK).with_body(Body::file(file, 0..10)))
    };
    let server = Running::start(handler.wrap());
    assert_eq!(content(&server.exchange(b"GET / HTTP/1.0\r\n\r\n")), "0123456789");
}

#[test]
fn what_a_reader_yields_is_not_held_back() {
    /// Yields a tick, and its end when it is told.
    struct Ticking(bool, mpsc::Receiver<()>);
    impl Read for Ticking {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            if mem::replace(&mut self.0, true) {
                let _ = self.1.recv_timeout(PATIENCE);
                return Ok(0);
            }
            buf[..4].copy_from_slice(b"tick");
            Ok(4)
        }
    }
    let (go_on, told) = mpsc::channel();
    let told = Mutex::new(Some(told));
    let server = Running::start(move |_: &mut Request| {
        let told = told.lock().expect("no panic").take().expect("one request");
        Body::reader(Ticking(false, told), None)
    });
    let mut client = server.connect();
    client.send(GET);
    client.response();
    let mut piece = Vec::new();
    (0..9).for_each(|_| client.byte(&mut piece));
    assert_eq!(piece, b"4\r\ntick\r\n");
    go_on.send(()).expect("the reader waits");
    piece.clear();
    (0..5).for_each(|_| client.byte(&mut piece));
    assert_eq!(piece, b"0\r\n\r\n");
}

//! Compression as clients see it: what arrives, when, and in which frames.

use super::{Failing, PATIENCE, Running};
use nethttp::coding::{Format, Limits, decode};
use nethttp::server::{Compression, Handler};
use nethttp::{Body, Request, Response, StatusCode};
use std::io::{self, Read};
use std::sync::{Mutex, mpsc};

fn compressing(handler: impl Handler + 'static) -> Running {
    Running::start(handler.wrap(Compression::DEFAULT))
}

/// Text that gets smaller.
fn text(len: usize) -> Vec<u8> {
    let line = [&[b'-'; 600][..], b"one line of many\n"].concat();
    line.into_iter().cycle().take(len).collect()
}

fn typed(content_type: &str, body: impl Into<Body>) -> Response {
    let response = Response::new(StatusCode::OK).with_body(body);
    response.with_header("Content-Type", content_type).expect("a good field")
}

fn plain(body: impl Into<Body>) -> Response {
    typed("text/plain", body)
}

fn unzipped(bytes: &[u8]) -> Vec<u8> {
    decode(Format::Gzip, bytes, &Limits::unlimited()).expect("a whole gzip member")
}

/// One response, its framing removed.
struct Reply {
    head: String,
    content: Vec<u8>,
    trailers: String,
    /// Whether the framing says that this was all.
    is_whole: bool,
}

impl Reply {
    fn has(&self, line: &str) -> bool {
        self.head.lines().any(|own| own == line)
    }

    fn names(&self, name: &str) -> bool {
        self.head.lines().any(|own| own.split(':').next() == Some(name))
    }
}

/// Takes responses off the front of a stream.
struct Replies(Vec<u8>);

impl Replies {
    fn line(&mut self) -> String {
        let end =
            self.0.windows(2).position(|two| two == b"\r\n").map_or(self.0.len(), |at| at + 2);
        let line = self.0.drain(..end).collect();
        String::from_utf8(line).expect("a line of text").trim_end().to_owned()
    }

    fn lines(&mut self) -> String {
        let lines = std::iter::from_fn(|| Some(self.line()).filter(|line| !line.is_empty()));
        lines.fold(String::new(), |lines, line| lines + &line + "\n")
    }

    fn next(&mut self, has_content: bool) -> Reply {
        let mut reply = Reply {
            head: self.lines(),
            content: Vec::new(),
            trailers: String::new(),
            is_whole: true,
        };
        let len = reply.head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
        if !has_content {
        } else if let Some(len) = len {
            let len: usize = len.parse().expect("a number");
            reply.is_whole = self.0.len() >= len;
            reply.content = self.0.drain(..len.min(self.0.len())).collect();
        } else if reply.has("Transfer-Encoding: chunked") {
            loop {
                let size = self.line();
                let size = usize::from_str_radix(&size, 16).unwrap_or(usize::MAX);
                if size == 0 {
                    reply.trailers = self.lines();
                    break;
                }
                reply.is_whole = size <= self.0.len();
                reply.content.extend(self.0.drain(..size.min(self.0.len())));
                if !reply.is_whole {
                    break;
                }
                self.line();
            }
        } else {
            reply.content = std::mem::take(&mut self.0);
        }
        reply
    }
}

fn exchange(server: &Running, method: &str, fields: &str) -> Reply {
    let mut client = server.connect();
    let request = format!("{method} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{fields}\r\n");
    client.send(request.as_bytes());
    Replies(client.rest_bytes()).next(method != "HEAD")
}

const GZIP: &str = "Accept-Encoding: gzip\r\n";

#[test]
fn nothing_is_compressed_unless_the_server_is_told_to() {
    let server = Running::start(|_: &mut Request| plain(text(5000)));
    let reply = exchange(&server, "GET", GZIP);
    assert_eq!(reply.content, text(5000));
    assert!(!reply.names("Vary") && !reply.names("Content-Encoding"));
}

/// Every kind of body, by the path.
fn bodies(len: usize) -> impl Handler + 'static {
    move |request: &mut Request| {
        let announced = u64::try_from(len).ok();
        plain(match request.path() {
            "/bytes" => Body::from(text(len)),
            "/reader" => Body::reader(io::Cursor::new(text(len)), announced),
            "/unknown" => Body::reader(io::Cursor::new(text(len)), None),
            _ => Body::writer(move |out| text(len).chunks(777).try_for_each(|c| out.write_all(c))),
        })
    }
}

#[test]
fn every_kind_of_body_arrives_whole_at_every_size() {
    for len in [1024, 5000, 262_144, 262_145, 1_000_000] {
        let server = compressing(bodies(len));
        let mut client = server.connect();
        let paths = ["/bytes", "/reader", "/unknown", "/writer"];
        // One connection takes them all: no framing is off by a byte.
        for path in paths {
            client.send(format!("GET {path} HTTP/1.1\r\nHost: a\r\n{GZIP}\r\n").as_bytes());
        }
        client.finish();
        let mut replies = Replies(client.rest_bytes());
        for path in paths {
            let reply = replies.next(true);
            assert!(reply.has("Content-Encoding: gzip"), "{path} of {len}");
            assert!(reply.has("Vary: Accept-Encoding"), "{path} of {len}");
            let at_once = path == "/bytes" && len <= 262_144;
            assert_eq!(reply.names("Content-Length"), at_once, "{path} of {len}");
            assert!(reply.is_whole && reply.content.len() < len / 2, "{path} of {len}");
            assert!(unzipped(&reply.content) == text(len), "{path} of {len}");
        }
        assert!(replies.0.is_empty());
    }
}

#[test]
fn a_file_is_compressed_while_it_is_sent() {
    let name = format!("nethttp-{}-compressed", std::process::id());
    let path = std::env::temp_dir().join(name);
    std::fs::write(&path, text(300_000)).expect("a place for temporary files");
    let of_handler = path.clone();
    let server = compressing(move |request: &mut Request| {
        // A file that has shrunk is not as long as was said.
        let end = if request.path() == "/" { 300_000 } else { 300_001 };
        let file = std::fs::File::open(&of_handler).map_err(nethttp::Error::from)?;
        Ok::<_, nethttp::Error>(plain(Body::file(file, 10..end)))
    });
    let reply = exchange(&server, "GET", GZIP);
    assert!(unzipped(&reply.content) == text(300_000)[10..]);
    let mut client = server.connect();
    client.send(format!("GET /shrunk HTTP/1.1\r\nHost: a\r\n{GZIP}\r\n").as_bytes());
    let reply = Replies(client.rest_bytes()).next(true);
    assert!(!reply.is_whole && decode(Format::Gzip, &reply.content, &Limits::DEFAULT).is_err());
    std::fs::remove_file(path).expect("the file is there");
}

#[test]
fn a_client_of_http_1_0_reads_to_the_end_of_the_connection() {
    let server = compressing(bodies(5000));
    for (path, is_long) in [("/bytes", false), ("/writer", true)] {
        let mut client = server.connect();
        client.send(format!("GET {path} HTTP/1.0\r\n{GZIP}\r\n").as_bytes());
        let reply = Replies(client.rest_bytes()).next(true);
        assert!(!reply.names("Transfer-Encoding") && reply.has("Content-Encoding: gzip"));
        assert_eq!(reply.names("Content-Length"), !is_long);
        assert_eq!(unzipped(&reply.content), text(5000));
    }
}

#[test]
fn who_does_not_want_it_gets_the_content_and_is_told_that_there_is_a_choice() {
    let server = compressing(bodies(5000));
    for accept in ["", "Accept-Encoding: br\r\n", "Accept-Encoding: gzip;q=0, identity\r\n"] {
        let reply = exchange(&server, "GET", accept);
        assert!(reply.has("Vary: Accept-Encoding") && !reply.names("Content-Encoding"));
        assert_eq!(reply.content, text(5000));
    }
    let reply = exchange(&server, "GET", "Accept-Encoding: deflate\r\n");
    assert!(reply.has("Content-Encoding: deflate"));
    let decoded = decode(Format::Zlib, &reply.content, &Limits::DEFAULT);
    assert_eq!(decoded, Ok(text(5000)));
}

#[test]
fn head_gets_the_fields_of_get() {
    for len in [5000, 500_000] {
        let server = compressing(move |_: &mut Request| plain(text(len)));
        let fields = |reply: &Reply| {
            let lines = reply.head.lines().filter(|line| !line.starts_with("Date: "));
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        let (get, head) = (exchange(&server, "GET", GZIP), exchange(&server, "HEAD", GZIP));
        assert!(head.has("Content-Encoding: gzip") && head.content.is_empty());
        assert_eq!(fields(&get), fields(&head));
    }
}

#[test]
fn what_the_server_itself_says_is_left_alone() {
    let server = compressing(|_: &mut Request| -> Response { panic!("on purpose") });
    let reply = exchange(&server, "GET", GZIP);
    assert!(reply.head.starts_with("HTTP/1.1 500 ") && !reply.names("Vary"));
}

#[test]
fn an_event_stream_is_untouched() {
    let server = compressing(|_: &mut Request| {
        typed(
            "text/event-stream",
            Body::writer(|out| {
                out.write_all(b"data: 1\n\n")?;
                out.flush()?;
                out.write_all(&b"data: 2\n\n".repeat(500))
            }),
        )
    });
    let reply = exchange(&server, "GET", GZIP);
    assert!(reply.content.starts_with(b"data: 1\n\ndata: 2\n\n"));
    assert!(!reply.names("Vary") && !reply.names("Content-Encoding"));
}

#[test]
fn an_encoding_of_the_handlers_is_not_doubled() {
    let server = compressing(|_: &mut Request| {
        plain(text(5000)).with_header("Content-Encoding", "br").expect("a good field")
    });
    let reply = exchange(&server, "GET", GZIP);
    assert!(reply.has("Content-Encoding: br") && !reply.names("Vary"));
    assert_eq!(reply.content, text(5000));
}

/// Decodes what ends with a flush, which leaves whole bytes without an end.
fn unzipped_so_far(bytes: &[u8]) -> Vec<u8> {
    let ended = [&bytes[10..], &[1, 0, 0, 0xff, 0xff]].concat();
    decode(Format::Raw, &ended, &Limits::DEFAULT).expect("whole blocks")
}

/// Reads chunks until what they hold ends as a flush does.
#[track_caller]
fn flushed_chunks(client: &mut super::Client) -> Vec<u8> {
    let mut content = Vec::new();
    while !content.ends_with(&[0, 0, 0xff, 0xff]) {
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            client.byte(&mut line);
        }
        let size = String::from_utf8(line).expect("a size");
        let size = usize::from_str_radix(size.trim_end(), 16).expect("a size");
        (0..size).for_each(|_| client.byte(&mut content));
        let mut end = Vec::new();
        (0..2).for_each(|_| client.byte(&mut end));
    }
    content
}

#[test]
fn what_is_flushed_arrives_before_the_rest_is_there() {
    /// Yields a tick, and its end when it is told.
    struct Ticking(bool, mpsc::Receiver<()>);
    impl Read for Ticking {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            if std::mem::replace(&mut self.0, true) {
                let _ = self.1.recv_timeout(PATIENCE);
                return Ok(0);
            }
            buf[..4].copy_from_slice(b"tick");
            Ok(4)
        }
    }
    for kind in ["reader", "writer"] {
        let (go_on, told) = mpsc::channel();
        let told = Mutex::new(Some(told));
        let server = compressing(move |_: &mut Request| {
            let told = told.lock().expect("no panic").take().expect("one request");
            plain(match kind {
                "reader" => Body::reader(Ticking(false, told), None),
                _ => Body::writer(move |out| {
                    out.write_all(b"tick")?;
                    out.flush()?;
                    let _ = told.recv_timeout(PATIENCE);
                    Ok(())
                }),
            })
        });
        let mut client = server.connect();
        client.send(
            format!("GET / HTTP/1.1\r\nHost: a\r\n{GZIP}Connection: close\r\n\r\n").as_bytes(),
        );
        assert!(client.response().contains("Content-Encoding: gzip\r\n"));
        let mut content = flushed_chunks(&mut client);
        assert_eq!(unzipped_so_far(&content), b"tick");
        go_on.send(()).expect("the handler waits");
        let chunked = b"Transfer-Encoding: chunked\r\n\r\n".to_vec();
        let rest = Replies([chunked, client.rest_bytes()].concat()).next(true);
        content.extend(rest.content);
        assert!(rest.is_whole);
        assert_eq!(unzipped(&content), b"tick");
    }
}

#[test]
fn trailers_come_behind_compressed_content() {
    let server = compressing(|_: &mut Request| {
        plain(Body::writer(|out| {
            out.write_all(&text(5000))?;
            out.trailers().append("Sum", "42").map_err(io::Error::other)
        }))
    });
    let reply = exchange(&server, "GET", GZIP);
    assert_eq!(reply.trailers, "Sum: 42\n");
    assert_eq!(unzipped(&reply.content), text(5000));
}

#[test]
fn a_body_that_fails_is_not_complete_in_either_way() {
    let server = compressing(|request: &mut Request| {
        plain(match request.path() {
            "/reader" => Body::reader(Failing(3), None),
            "/short" => Body::reader(io::repeat(b'x').take(5000), Some(5001)),
            "/long" => Body::reader(io::repeat(b'x').take(5000), Some(4999)),
            "/panics" => Body::writer(|out| {
                out.write_all(&text(50_000))?;
                out.flush()?;
                panic!("on purpose")
            }),
            _ => Body::writer(|out| {
                out.write_all(&text(50_000))?;
                Err(io::Error::other("gone"))
            }),
        })
    });
    for path in ["/reader", "/short", "/long", "/panics", "/writer"] {
        for version in ["1.1", "1.0"] {
            let mut client = server.connect();
            client.send(format!("GET {path} HTTP/{version}\r\nHost: a\r\n{GZIP}\r\n").as_bytes());
            let reply = Replies(client.rest_bytes()).next(true);
            assert!(reply.head.is_empty() || reply.has("Content-Encoding: gzip"));
            assert!(decode(Format::Gzip, &reply.content, &Limits::DEFAULT).is_err(), "{path}");
            assert!(version == "1.0" || !reply.is_whole, "{path}");
        }
    }
}

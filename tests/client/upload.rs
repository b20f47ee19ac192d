//! Requests with content.

use std::fs::File;
use std::io::{self, Read};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use nethttp::client::Timeouts;
use nethttp::error::ErrorKind;
use nethttp::{Body, Client};

use crate::server::{PATIENCE, Server, forgetful, ok, short};
use crate::support::scratch::Scratch;

/// Sends a body, and looks at what stands behind `Accept` in the request.
#[track_caller]
fn sends(body: impl Into<Body>, expected: &[u8]) {
    let (server, client) = (Server::answering(&[&ok("done")]), Client::new());
    let response = client.put(server.url("/")).decode(false).body(body).send().unwrap();
    assert_eq!(response.text().unwrap(), "done");
    let request = server.log().requests[0].clone();
    let at = request.windows(13).position(|window| window == b"Accept: */*\r\n").unwrap() + 13;
    assert!(request[at..] == *expected, "{}", request[at..].escape_ascii());
    // The exchange is over on both sides.
    client.get(server.url("/")).send().unwrap();
    assert_eq!(server.connections(), 1);
}

fn with_length(content: &[u8]) -> Vec<u8> {
    let head = format!("Content-Length: {}\r\n\r\n", content.len());
    [head.as_bytes(), content].concat()
}

fn chunked(chunks: &[&[u8]]) -> Vec<u8> {
    let mut out = b"Transfer-Encoding: chunked\r\n\r\n".to_vec();
    for chunk in chunks {
        out.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        out.extend_from_slice(chunk);
        out.extend_from_slice(b"\r\n");
    }
    [&out[..], b"0\r\n\r\n"].concat()
}

#[test]
fn bytes_go_out_with_their_length() {
    for len in [0, 1, 16 << 10, (16 << 10) + 1, 3 << 20] {
        let content = vec![b'x'; len];
        sends(content.clone(), &with_length(&content));
    }
}

#[test]
fn readers_and_files_go_out_with_their_length_if_it_is_known() {
    let content = vec![b'y'; 200_000];
    sends(Body::reader(io::Cursor::new(content.clone()), Some(200_000)), &with_length(&content));
    // No more is read than was announced.
    sends(Body::reader(io::repeat(b'y'), Some(200_000)), &with_length(&content));
    let folder = Scratch::new();
    let path = folder.write("content", "0123456789");
    sends(Body::file(File::open(&path).unwrap(), 3..7), &with_length(b"3456"));
}

#[test]
fn readers_of_unknown_length_go_out_in_chunks() {
    sends(Body::reader(&b"hello"[..], None), &chunked(&[b"hello"]));
    sends(Body::reader(io::empty(), None), &chunked(&[]));
    let content = vec![b'z'; 100_000];
    let (first, second) = content.split_at(64 << 10);
    sends(Body::reader(io::Cursor::new(content.clone()), None), &chunked(&[first, second]));
}

#[test]
fn writers_are_gathered_until_they_flush() {
    sends(Body::writer(|_| Ok(())), &chunked(&[]));
    let few = Body::writer(|out| {
        out.write_all(b"a")?;
        out.flush()?;
        out.flush()?;
        out.write_all(b"b")?;
        out.write_all(b"c")
    });
    sends(few, &chunked(&[b"a", b"bc"]));
    let large = Body::writer(|out| {
        out.write_all(b"small")?;
        out.write_all(&[b'x'; 20_000])?;
        out.write_all(b"end")
    });
    sends(large, &chunked(&[b"small", &[b'x'; 20_000], b"end"]));
}

#[test]
fn a_writer_may_have_trailers() {
    let body = Body::writer(|out| {
        out.write_all(b"abc")?;
        out.trailers().append("Digest", "x").map_err(io::Error::other)
    });
    let expected = b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nDigest: x\r\n\r\n";
    sends(body, expected);
}

#[test]
fn a_length_of_the_callers_own_is_kept_to() {
    let server = Server::answering(&[&ok("")]);
    let put = || forgetful().put(server.url("/")).header("Content-Length", "3");
    put().body(Body::reader(&b"abc"[..], None)).send().unwrap();
    assert!(server.last_request().ends_with("\r\nContent-Length: 3\r\n\r\nabc"));
    for body in [
        Body::from("abcd"),
        Body::reader(&b"ab"[..], None),
        Body::reader(&b"abcd"[..], None),
        Body::writer(|out| out.write_all(b"ab")),
    ] {
        let error = put().body(body).send().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Encode, "{error}");
    }
}

/// Sends a body that breaks, and returns the error and what the server got of the body.
fn breaks(body: Body) -> (ErrorKind, String, String) {
    let (sender, receiver) = mpsc::channel();
    let server = Server::start(move |peer| {
        peer.head();
        sender.send(peer.rest()).unwrap();
    });
    let error = Client::new().put(server.url("/")).body(body).send().unwrap_err();
    let got = receiver.recv_timeout(PATIENCE).unwrap();
    (error.kind(), error.to_string(), String::from_utf8_lossy(&got).into_owned())
}

#[test]
fn a_body_that_breaks_does_not_look_whole_to_the_server() {
    struct Broken(bool);
    impl Read for Broken {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            if self.0 {
                return Err(io::Error::other("disk on fire"));
            }
            self.0 = true;
            (&b"abc"[..]).read(buf)
        }
    }
    let text = "expected the body of the request to come: disk on fire";
    let (kind, error, got) = breaks(Body::reader(Broken(false), None));
    assert_eq!(
        (kind, error.as_str(), got.as_str()),
        (ErrorKind::RequestBody, text, "3\r\nabc\r\n")
    );
    let (kind, error, got) = breaks(Body::writer(|out| {
        out.write_all(b"abc")?;
        out.flush()?;
        Err(io::Error::other("disk on fire"))
    }));
    assert_eq!(
        (kind, error.as_str(), got.as_str()),
        (ErrorKind::RequestBody, text, "3\r\nabc\r\n")
    );
    let (kind, error, got) = breaks(Body::reader(&b"abc"[..], Some(5)));
    let text = "expected a message that can be sent: \
                expected a longer body, as its length was announced";
    assert_eq!((kind, error.as_str(), got.as_str()), (ErrorKind::Encode, text, "abc"));
}

#[test]
fn an_upgrade_is_no_body_of_a_request() {
    let server = Server::start(|peer| drop(peer.rest()));
    let error = Client::new().get(server.url("/")).body(Body::upgrade(|_| Ok(()))).send();
    let text = "expected the body of the request to come: \
                expected a body that can be sent in a request, found an upgrade";
    assert_eq!(error.unwrap_err().to_string(), text);
}

#[test]
fn a_limit_on_a_body_that_is_passed_on_holds() {
    let server = Server::start(|peer| drop(peer.rest()));
    let mut body = Body::reader(io::repeat(b'x'), None);
    body.set_limit(Some(1 << 20));
    let error = Client::new().put(server.url("/")).body(body).send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BodyTooLarge);
    assert_eq!(error.status().as_u16(), 413);
}

#[test]
fn a_response_is_passed_on_as_a_request() {
    let from = Server::answering(&[&ok(&"x".repeat(100_000))]);
    let to = Server::answering(&[&ok("done")]);
    let body = nethttp::get(from.url("/")).send().unwrap().into_body();
    assert_eq!(body.len(), Some(100_000));
    nethttp::put(to.url("/")).body(body).send().unwrap();
    assert!(to.last_request().contains("\r\nContent-Length: 100000\r\n"));
}

#[test]
fn a_server_that_has_seen_enough_is_heard() {
    let refusal = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig";
    for body in [
        || Body::from(vec![0; 32 << 20]),
        || Body::reader(io::repeat(0), Some(1 << 40)),
        || Body::reader(io::repeat(0), None),
        || Body::writer(|out| io::copy(&mut io::repeat(0), out).map(drop)),
    ] {
        let server = Server::start(|peer| {
            peer.head();
            peer.send(refusal);
            peer.close_sending();
        });
        let client = Client::new();
        for round in 1..=2 {
            let response = client.post(server.url("/")).body(body()).send().unwrap();
            assert_eq!(response.status().as_u16(), 413);
            assert_eq!(response.text().unwrap(), "big");
            assert_eq!(server.connections(), round);
        }
    }
}

const DONE: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone";
const PATIENT: Timeouts = Timeouts::DEFAULT.expect_continue(Some(PATIENCE));

/// A server that reads the head, waits a little, says something, and reads on.
fn asked_first(answer: &'static [u8]) -> (Server, mpsc::Receiver<Vec<u8>>) {
    let (sender, receiver) = mpsc::channel();
    let server = Server::start(move |peer| {
        peer.head();
        peer.stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        let early = peer.rest();
        sender.send(early).unwrap();
        peer.send(answer);
        peer.stream.set_read_timeout(None).unwrap();
        let body = peer.exactly(5);
        peer.send(if body.is_empty() { b"" } else { DONE });
        sender.send(body).unwrap();
    });
    (server, receiver)
}

fn ask(server: &Server, timeouts: Timeouts) -> String {
    let put = forgetful().put(server.url("/")).header("Expect", "100-continue").body("hello");
    put.timeouts(timeouts).send().unwrap().text().unwrap()
}

#[test]
fn a_server_that_is_asked_first_gets_the_body_when_it_wants_it() {
    for answer in [
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\n\r\n\
                     HTTP/1.1 100 Continue\r\n\r\n",
    ] {
        let (server, seen) = asked_first(answer.as_bytes());
        assert_eq!(ask(&server, PATIENT), "done");
        assert_eq!([(); 2].map(|()| seen.recv_timeout(PATIENCE).unwrap()), [&b""[..], b"hello"]);
    }
}

#[test]
fn a_server_that_says_no_does_not_get_the_body() {
    let no = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno";
    let (server, seen) = asked_first(no);
    assert_eq!(ask(&server, PATIENT), "no");
    assert_eq!([(); 2].map(|()| seen.recv_timeout(PATIENCE).unwrap()), [b"", b""]);
    // The connection is of no further use: nobody knows whether the body was to come.
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_server_that_knows_no_expectations_is_asked_without_one() {
    let server = Server::start(|peer| {
        let head = peer.head();
        if head.contains("Expect: 100-continue") {
            peer.send(b"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno");
        } else {
            assert_eq!(peer.exactly(5), b"hello");
            peer.send(&ok("done"));
        }
    });
    for body in [Body::from("hello"), Body::reader(&b"hello"[..], Some(5))] {
        let put = forgetful().put(server.url("/")).header("Expect", "100-continue").body(body);
        assert_eq!(put.timeouts(PATIENT).send().unwrap().text().unwrap(), "done");
    }
    // Whoever says so to what expects nothing is heard.
    let server =
        Server::answering(&[b"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n"]);
    assert_eq!(forgetful().put(server.url("/")).send().unwrap().status().as_u16(), 417);
}

#[test]
fn a_server_that_says_nothing_gets_the_body_after_a_while() {
    let server = Server::answering(&[DONE]);
    assert_eq!(ask(&server, short(Timeouts::expect_continue)), "done");
    assert!(server.last_request().ends_with("\r\n\r\nhello"));
}

#[test]
fn a_server_that_says_little_by_little_gets_the_body_after_a_while() {
    let server = Server::start(|peer| {
        peer.head();
        peer.stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        peer.send(b"HTTP/1.1 103 Early Hints\r\nLink: <");
        // More than a client listens to that waits for the end of it.
        let is_early = (0..1000).any(|_| {
            peer.send(b"a");
            !peer.exactly(5).is_empty()
        });
        if is_early {
            peer.send(b">; rel=preload\r\n\r\n");
            peer.send(DONE);
        }
    });
    let patience = Timeouts::DEFAULT.expect_continue(Some(Duration::from_millis(100)));
    assert_eq!(ask(&server, patience), "done");
}

#[test]
fn what_a_writer_flushes_is_on_its_way() {
    let (sender, receiver) = mpsc::channel();
    let server = Server::start(move |peer| {
        peer.head();
        sender.send(peer.exactly(6)).unwrap();
        peer.rest();
    });
    let body = Body::writer(move |out| {
        out.write_all(b"a")?;
        out.flush()?;
        let first = receiver.recv_timeout(PATIENCE).map_err(io::Error::other)?;
        assert_eq!(first, b"1\r\na\r\n");
        Err(io::Error::other("enough"))
    });
    let sending = thread::spawn(move || Client::new().put(server.url("/")).body(body).send());
    assert!(sending.join().unwrap().unwrap_err().to_string().ends_with("enough"));
}

#[test]
fn trailers_go_no_further_than_the_content() {
    let other = b"HTTP/1.1 303 See Other\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n";
    let server = Server::answering(&[other, &ok("done")]);
    let request = Client::new().post(server.url("/a")).body("hello").trailer("Expires", "0");
    assert_eq!(request.send().unwrap().text().unwrap(), "done");
    let last = server.last_request();
    assert!(last.starts_with("GET /b ") && !last.contains("Trailer: "), "{last}");
    assert!(!last.contains("Transfer-Encoding: ") && last.ends_with("\r\n\r\n"), "{last}");
}

//! Content codings: what the client asks for, and what it makes of the answer.

use std::error::Error as _;
use std::io::{self, Read, Write};
use std::sync::{Mutex, mpsc};
use std::time::Duration;
use std::{mem, thread};

use nethttp::client::RequestBuilder;
use nethttp::coding::{
    CodingError, CodingErrorKind, Decoders, Format, GzEncoder, Level, Limits, encode,
};
use nethttp::error::ErrorKind;
use nethttp::{Body, Client, Error, Method, Response};

use crate::server::{Server, forgetful, ok};

const TEXT: &str = "to be coded or not to be coded, not to be decoded";

fn coded(format: Format, content: impl AsRef<[u8]>) -> Vec<u8> {
    encode(format, content.as_ref(), Level::DEFAULT)
}

fn gzip(content: impl AsRef<[u8]>) -> Vec<u8> {
    coded(Format::Gzip, content)
}

/// Returns a response with these field lines, and content of known length.
fn reply(lines: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{lines}\r\n", content.len());
    [head.as_bytes(), content].concat()
}

fn gzip_reply(content: &[u8]) -> Vec<u8> {
    reply("Content-Encoding: gzip\r\n", content)
}

/// Returns the pieces of a response whose content comes in chunks.
fn chunked(content: &[u8], size: usize) -> Vec<Vec<u8>> {
    let head =
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n".into();
    let chunk =
        |chunk: &[u8]| [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat();
    let chunks = content.chunks(size).map(chunk);
    [head].into_iter().chain(chunks).chain([b"0\r\n\r\n".to_vec()]).collect()
}

fn get(server: &Server) -> Response {
    Client::new().get(server.url("/")).send().unwrap()
}

/// Plugs in a coding that does nothing.
fn some(decoders: Decoders, name: &str) -> Decoders {
    decoders.with(name, |reader| Ok(Box::new(reader)))
}

/// What reading the content ends with.
fn failure(response: Response) -> Error {
    Error::from(response.bytes().expect_err("no content"))
}

/// The decoder's own words in an error.
fn cause(error: &Error) -> Option<CodingErrorKind> {
    error.source()?.downcast_ref().map(CodingError::kind)
}

#[test]
fn asks_where_an_answer_would_be_decoded() {
    let server = Server::answering(&[&ok("")]);
    let plain = Client::new();
    let raw = Client::builder().decode(false).build().unwrap();
    let plugged = some(some(Decoders::new(), "br"), "gzip");
    let plugged = Client::builder().decoders(plugged).build().unwrap();
    let get = |client: &Client| client.get(server.url("/"));
    let with = |method| plain.request(method, server.url("/"));
    let default = Some("gzip, deflate");
    let cases: [(RequestBuilder, Option<&str>); 15] = [
        (get(&plain), default),
        (with(Method::POST).body("x"), default),
        (with(Method::DELETE), default),
        (with("REPORT".parse().unwrap()), default),
        (with(Method::HEAD), None),
        (get(&plain).header("range", "bytes=0-"), None),
        (get(&plain).header("accept-encoding", "gzip"), Some("gzip")),
        (get(&plain).header("Accept-Encoding", ""), Some("")),
        (get(&plain).decode(false), None),
        (get(&plain).decode(false).decode(true), default),
        (get(&raw), None),
        (get(&raw).decode(true), default),
        (get(&raw).decode(true).header("Range", "bytes=0-"), None),
        (get(&plugged), Some("deflate, br, gzip")),
        (get(&plugged).decode(false), None),
    ];
    for (row, (request, expected)) in cases.into_iter().enumerate() {
        request.send().unwrap();
        let head = server.last_request().to_lowercase();
        let asked: Vec<_> =
            head.lines().filter_map(|line| line.strip_prefix("accept-encoding: ")).collect();
        let expected = Vec::from_iter(expected);
        assert_eq!(asked, expected, "row {row}: {head}");
    }
}

/// A response whose codings are undone: nothing of them is left.
#[track_caller]
fn decodes(lines: &str, content: &[u8]) {
    let server = Server::answering(&[&reply(lines, content)]);
    let response = get(&server);
    for name in ["Content-Encoding", "Content-Length"] {
        assert!(!response.headers().contains_key(name), "{lines}");
    }
    assert_eq!(response.header("X"), Some("y"));
    assert_eq!(response.body().len(), None);
    assert_eq!(response.text().unwrap(), TEXT, "{lines}");
}

#[test]
fn decodes_what_it_has_asked_for() {
    let gz = gzip(TEXT);
    decodes("X: y\r\nContent-Encoding: gzip\r\n", &gz);
    decodes("content-encoding: X-GZip\r\nX: y\r\n", &gz);
    decodes("Content-Encoding: gzip, identity\r\nX: y\r\n", &gz);
    decodes("Content-Encoding: deflate\r\nX: y\r\n", &coded(Format::Zlib, TEXT));
    decodes("Content-Encoding: deflate\r\nX: y\r\n", &coded(Format::Raw, TEXT));
    let twice = coded(Format::Zlib, &gz);
    decodes("Content-Encoding: gzip, deflate\r\nX: y\r\n", &twice);
    decodes("Content-Encoding: gzip\r\nX: y\r\nContent-Encoding: deflate\r\n", &twice);
    decodes("Content-Encoding: gzip, deflate, gzip\r\nX: y\r\n", &gzip(&twice));
    let members = [gzip(&TEXT[..10]), gzip(&TEXT[10..])].concat();
    decodes("Content-Encoding: gzip\r\nX: y\r\n", &members);
}

/// A response that is handed on as it is.
#[track_caller]
fn leaves(request: RequestBuilder, server: &Server, fields: &[&str], content: &[u8]) {
    let response = request.send().unwrap();
    let found: Vec<_> = response.headers().get_all("Content-Encoding").collect();
    let expected: Vec<_> = fields.iter().map(|field| field.as_bytes()).collect();
    let head = server.last_request();
    assert_eq!(found, expected, "{head}");
    assert!(response.headers().contains_key("Content-Length"), "{head}");
    if !head.starts_with("HEAD ") {
        assert_eq!(response.body().len(), Some(content.len() as u64), "{head}");
    }
    assert_eq!(response.bytes().unwrap(), content, "{head}");
}

#[test]
fn leaves_what_it_cannot_undo() {
    let gz = gzip(TEXT);
    for fields in [
        &[][..],
        &["identity"],
        &["br"],
        &["gzip, br"],
        &["br", "gzip"],
        &["gzip, gzip, gzip, gzip"],
        &["gzip", "gzip, gzip", "gzip"],
        &["gzip gzip"],
    ] {
        let lines: String =
            fields.iter().map(|field| format!("Content-Encoding: {field}\r\n")).collect();
        let server = Server::answering(&[&reply(&lines, &gz)]);
        leaves(Client::new().get(server.url("/")), &server, fields, &gz);
    }
}

#[test]
fn leaves_what_it_has_not_asked_for() {
    let gz = gzip(TEXT);
    let server = Server::answering(&[&gzip_reply(&gz)]);
    let (client, url) = (Client::new(), server.url("/"));
    let raw = Client::builder().decode(false).build().unwrap();
    for request in [
        client.get(&url).header("Accept-Encoding", "gzip"),
        client.get(&url).header("Range", "bytes=0-"),
        client.get(&url).decode(false),
        raw.get(&url),
    ] {
        leaves(request, &server, &["gzip"], &gz);
    }
    assert_eq!(raw.get(&url).decode(true).send().unwrap().text().unwrap(), TEXT);
}

#[test]
fn leaves_a_part_of_something() {
    let part = "HTTP/1.1 206 Partial Content\r\nContent-Encoding: gzip\r\n\
                Content-Range: bytes 0-1/9\r\nContent-Length: 2\r\n\r\nab";
    let server = Server::answering(&[part.as_bytes()]);
    leaves(Client::new().get(server.url("/")), &server, &["gzip"], b"ab");
}

#[test]
fn no_content_is_no_error_whatever_it_is_said_to_be() {
    let fields = "Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\n";
    let head = format!("HTTP/1.1 200 OK\r\n{fields}");
    let not_modified = format!("HTTP/1.1 304 Not Modified\r\n{fields}");
    let client = Client::new();
    let server = Server::answering(&[head.as_bytes()]);
    leaves(client.head(server.url("/")), &server, &["gzip"], b"");
    for reply in [not_modified.into_bytes(), gzip_reply(b"")] {
        let server = Server::answering(&[&reply]);
        leaves(client.get(server.url("/")), &server, &["gzip"], b"");
        leaves(client.get(server.url("/")), &server, &["gzip"], b"");
        assert_eq!(server.connections(), 1);
    }
    let server = Server::answering(&[b"HTTP/1.1 204 No Content\r\nContent-Encoding: gzip\r\n\r\n"]);
    let response = get(&server);
    assert_eq!(response.header("Content-Encoding"), Some("gzip"));
    assert!(response.bytes().unwrap().is_empty());
    // Where it turns out late, too.
    for reply in [
        chunked(b"", 1).concat(),
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, deflate\r\n\r\n".to_vec(),
    ] {
        assert_eq!(get(&Server::closing(&reply)).bytes().unwrap(), b"");
    }
}

#[test]
fn data_that_is_cut_off_is_an_error_however_the_body_ends() {
    let gz = gzip(TEXT);
    let whole = gz.clone();
    let server = Server::start(move |peer| {
        let mut cut = 1;
        while peer.request().is_some() && cut <= gz.len() {
            peer.send(&gzip_reply(&gz[..cut]));
            peer.request();
            peer.send(&chunked(&gz[..cut], 5).concat());
            cut += 1;
        }
    });
    let client = Client::new();
    for cut in 1..=whole.len() {
        for _ in 0..2 {
            let response = client.get(server.url("/")).send().unwrap();
            if cut == whole.len() {
                assert_eq!(response.text().unwrap(), TEXT);
                continue;
            }
            let error = response.bytes().unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
            let error = Error::from(error);
            assert_eq!(error.kind(), ErrorKind::Coding);
            assert_eq!(error.url().unwrap(), &server.url("/").as_str());
            let text = format!(
                "expected content in gzip from {}: \
                 expected more compressed data, found end of input at byte {cut}",
                server.address()
            );
            assert_eq!(error.to_string(), text);
            let cause: &CodingError = error.source().unwrap().downcast_ref().unwrap();
            assert_eq!(cause.kind(), CodingErrorKind::Truncated);
            assert_eq!(cause.offset(), cut as u64);
        }
    }
    // The framing was right, so the connection was too.
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_body_that_is_cut_off_is_the_connections_error() {
    let gz = gzip(TEXT);
    for (reply, head) in [
        (gzip_reply(&gz), gzip_reply(&gz).len() - gz.len()),
        (chunked(&gz, 7).concat(), chunked(&gz, 7)[0].len()),
    ] {
        let end = reply.len();
        let server = Server::start(move |peer| {
            peer.request();
            peer.send(&reply[..head + peer.index]);
        });
        for _ in head..end {
            let error = failure(forgetful().get(server.url("/")).send().unwrap());
            assert_eq!(error.kind(), ErrorKind::Truncated, "{error}");
        }
    }
    // Nobody but the data itself knows where this one ends.
    let head = b"HTTP/1.0 200 OK\r\nContent-Encoding: gzip\r\n\r\n";
    let cut = [head, &gz[..gz.len() - 1]].concat();
    assert_eq!(cause(&failure(get(&Server::closing(&cut)))), Some(CodingErrorKind::Truncated));
}

#[test]
fn what_stands_behind_the_data_is_an_error() {
    let trailing = [gzip(TEXT), b"\0".to_vec()].concat();
    for reply in [gzip_reply(&trailing), chunked(&trailing, 10).concat()] {
        let server = Server::answering(&[&reply]);
        let mut response = get(&server);
        let mut content = [0; TEXT.len()];
        response.body_mut().read_exact(&mut content).unwrap();
        assert_eq!(content, TEXT.as_bytes());
        let error = failure(response);
        assert_eq!((error.kind(), error.status().as_u16()), (ErrorKind::Coding, 500));
        assert!(cause(&error).is_some(), "{error}");
    }
}

#[test]
fn an_error_comes_again() {
    let server = Server::answering(&[&gzip_reply(b"<html>")]);
    let mut response = get(&server);
    for _ in 0..3 {
        let error = Error::from(response.body_mut().read(&mut [0; 10]).unwrap_err());
        assert_eq!(cause(&error), Some(CodingErrorKind::GzipMagic));
    }
}

#[test]
fn a_connection_is_free_once_the_content_is_read() {
    let noise = (0..40_000_u32).map(|n| n.wrapping_mul(n).wrapping_mul(2_654_435_761));
    let content: String = noise.map(|n| format!("{n:08x}")).collect();
    let gz = gzip(&content);
    for pieces in [vec![gzip_reply(&gz)], chunked(&gz, 1 << 20), chunked(&gz, 1000)] {
        let server = Server::start(move |peer| {
            while peer.request().is_some() {
                let (last, first) = pieces.split_last().unwrap();
                first.iter().for_each(|piece| peer.send(piece));
                // The end comes late.
                thread::sleep(Duration::from_millis(5));
                peer.send(last);
            }
        });
        let client = Client::new();
        for size in [1000, 100_000, 1 << 20] {
            let mut response = client.get(server.url("/")).send().unwrap();
            let (mut buf, mut read) = (vec![0; size], Vec::new());
            while let len @ 1.. = response.body_mut().read(&mut buf).unwrap() {
                read.extend_from_slice(&buf[..len]);
            }
            assert!(read == content.as_bytes());
            // It is still held, but of no more use.
            let text = client.get(server.url("/")).send().unwrap().text().unwrap();
            assert!(text == content);
            drop(response);
        }
        assert_eq!(server.connections(), 1);
    }
}

#[test]
fn a_response_that_is_dropped_takes_its_connection_with_it_unless_all_has_come() {
    let gz = gzip(TEXT);
    for (reply, connections) in [
        (gzip_reply(&gz), 1),
        (chunked(&gz, 1000).concat(), 1),
        (chunked(&gz, 1000)[..2].concat(), 3),
    ] {
        let (server, client) = (Server::answering(&[&reply]), Client::new());
        for _ in 0..3 {
            let mut response = client.get(server.url("/")).send().unwrap();
            assert_eq!(response.body_mut().read(&mut [0; 10]).unwrap(), 10);
        }
        assert_eq!(server.connections(), connections);
    }
}

/// The start of a gzip member in whose only block every byte 0 stands for 1032 zeros: two bits are a copy of
/// 258 bytes.
const BOMB: [u8; 24] = [
    0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 0xed, 0xc0, 0x81, 0, 0, 0, 0, 0x80, 0xa0, 0xfd, 0xa9,
    0x17, 0xa9, 0,
];

#[test]
fn little_that_becomes_very_much_is_stopped() {
    let bomb = gzip_reply(&[&BOMB[..], &[0; 1 << 20]].concat());
    let twice = coded(Format::Zlib, &bomb[bomb.len() - (1 << 20) - BOMB.len()..]);
    let twice = reply("Content-Encoding: gzip, deflate\r\n", &twice);
    let server = Server::answering(&[&bomb, &bomb, &twice, &bomb]);
    let client = Client::new();
    for _ in 0..3 {
        let mut response = client.get(server.url("/")).send().unwrap();
        let read = io::copy(response.body_mut(), &mut io::sink());
        let error = Error::from(read.unwrap_err());
        assert_eq!(cause(&error), Some(CodingErrorKind::RatioLimit(200)));
    }
    // Whoever wants that has to say so.
    let trusting = Decoders::new().with_limits(Limits::unlimited());
    let client = Client::builder().decoders(trusting).build().unwrap();
    let response = client.get(server.url("/")).send().unwrap();
    let read = io::copy(&mut Read::take(response.into_body(), 6 << 20), &mut io::sink()).unwrap();
    assert_eq!(read, 6 << 20);
}

#[test]
fn limits_count_what_comes_out() {
    let server = Server::answering(&[&gzip_reply(&[&BOMB[..], &[0; 2000]].concat())]);
    let mut response = get(&server);
    response.body_mut().set_limit(Some(1 << 20));
    assert_eq!(failure(response).kind(), ErrorKind::BodyTooLarge);
    let decoders = Decoders::new().with_limits(Limits::DEFAULT.output(1 << 10));
    let client = Client::builder().decoders(decoders).build().unwrap();
    let error = failure(client.get(server.url("/")).send().unwrap());
    assert_eq!(cause(&error), Some(CodingErrorKind::OutputLimit(1 << 10)));
}

#[test]
fn a_coding_is_plugged_in() {
    /// Turns every letter into the one 13 places on.
    struct Rot13<'a>(Box<dyn Read + Send + 'a>);
    impl Read for Rot13<'_> {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            let len = self.0.read(buf)?;
            for byte in &mut buf[..len] {
                match byte {
                    b'a'..=b'z' => *byte = (*byte - b'a' + 13) % 26 + b'a',
                    b'!' => return Err(io::Error::new(io::ErrorKind::InvalidData, "too loud")),
                    _ => {}
                }
            }
            Ok(len)
        }
    }
    let decoders = Decoders::new().with("rot13", |reader| Ok(Box::new(Rot13(reader))));
    let client = Client::builder().decoders(decoders).build().unwrap();
    let rot = "gb or be abg gb or";
    let get = |reply: Vec<u8>| client.get(Server::closing(&reply).url("/")).send().unwrap();
    let once = reply("Content-Encoding: ROT13\r\n", rot.as_bytes());
    assert_eq!(get(once.clone()).text().unwrap(), "to be or not to be");
    let twice = reply("Content-Encoding: rot13, gzip\r\n", &gzip(rot));
    assert_eq!(get(twice).text().unwrap(), "to be or not to be");
    // Its errors are those of the content, and the connection's stay what they are.
    let error = failure(get(reply("Content-Encoding: rot13\r\n", b"uv!")));
    assert_eq!(error.kind(), ErrorKind::Coding);
    let text = error.to_string();
    assert!(text.starts_with("expected content in rot13 from 127.0.0.1:"), "{text}");
    assert!(text.ends_with(": too loud"), "{text}");
    let error = failure(get(once[..once.len() - 1].to_vec()));
    assert_eq!(error.kind(), ErrorKind::Truncated);
}

#[test]
fn a_coding_whose_name_breaks_out_of_the_line_is_refused() {
    let decoders = some(Decoders::new(), "br\r\nEvil: 1");
    let error = Client::builder().decoders(decoders).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Header);
}

#[test]
fn content_that_is_passed_on_is_decoded() {
    let from = Server::answering(&[&gzip_reply(&gzip(TEXT))]);
    let to = Server::answering(&[&ok("done")]);
    let body: Body = get(&from).into_body();
    nethttp::put(to.url("/")).body(body).send().unwrap();
    let request = to.last_request();
    assert!(request.contains("\r\nTransfer-Encoding: chunked\r\n"), "{request}");
    assert!(request.contains(TEXT), "{request}");
}

#[test]
fn what_a_server_flushes_is_seen_at_once() {
    let (seen, wait) = mpsc::channel();
    let wait = Mutex::new(wait);
    let server = Server::start(move |peer| {
        peer.request();
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n");
        let mut encoder = GzEncoder::new(Vec::new(), Level::DEFAULT);
        for n in 0..10 {
            write!(encoder, "data: {n}\n\n").unwrap();
            encoder.flush().unwrap();
            peer.send(&mem::take(encoder.get_mut()));
            wait.lock().unwrap().recv_timeout(Duration::from_secs(20)).unwrap();
        }
        peer.send(&encoder.finish().unwrap());
    });
    let (mut response, mut buf) = (get(&server), [0; 1000]);
    for n in 0..10 {
        let len = response.body_mut().read(&mut buf).unwrap();
        assert_eq!(buf[..len], *format!("data: {n}\n\n").as_bytes());
        seen.send(()).unwrap();
    }
    assert_eq!(response.body_mut().read(&mut buf).unwrap(), 0);
}

#[test]
fn content_that_comes_byte_by_byte_is_the_same() {
    let reply = gzip_reply(&gzip(TEXT));
    let server = Server::start(move |peer| {
        peer.request();
        for byte in &reply {
            peer.send(&[*byte]);
            thread::yield_now();
        }
    });
    for size in [1, 7, 1000] {
        let (mut response, mut read, mut buf) = (get(&server), Vec::new(), vec![0; size]);
        while let len @ 1.. = response.body_mut().read(&mut buf).unwrap() {
            read.extend_from_slice(&buf[..len]);
        }
        assert_eq!(read, TEXT.as_bytes());
        assert_eq!(response.body_mut().read(&mut buf).unwrap(), 0);
    }
}

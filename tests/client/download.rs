//! Downloads to files: broken off, gone on with, and never half there under their name.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use nethttp::client::{CancelToken, Download, Downloaded, RequestBuilder, Retry};
use nethttp::error::ErrorKind;
use nethttp::{Client, Error, StatusCode};

use crate::server::{PATIENCE, Peer, Server, forgetful, ok, until};
use crate::support::program::Guard;
use crate::support::scratch::{Scratch, short_temp_dir};

const CONTENT: &str = "0123456789abcdefghijklmnopqrstuv";

/// A file as a server has it, and how the server behaves.
#[derive(Clone)]
struct Origin {
    content: &'static str,
    fields: &'static str,
    /// After so many bytes of a body the connection is lost.
    cut: usize,
    ranges: bool,
    chunked: bool,
}

const ORIGIN: Origin = Origin {
    content: CONTENT,
    fields: "ETag: \"v1\"\r\n",
    cut: usize::MAX,
    ranges: true,
    chunked: false,
};

impl Origin {
    /// Answers one request as RFC 9110 has it, and returns whether the connection is still of use.
    fn answer(&self, peer: &mut Peer, request: &[u8]) -> bool {
        let request = String::from_utf8_lossy(request).into_owned();
        let field = |name: &str| {
            let mut lines = request.lines().filter_map(|line| line.split_once(": "));
            lines.find(|line| line.0.eq_ignore_ascii_case(name)).map(|line| line.1.to_owned())
        };
        let len = self.content.len();
        let applies = field("If-Range").is_none_or(|it| self.fields.contains(&it));
        let from = field("Range").filter(|_| self.ranges && applies);
        let from = from.map(|it| it["bytes=".len()..it.len() - 1].parse::<usize>().unwrap());
        let (status, range) = match from {
            None => ("200 OK", String::new()),
            Some(from) if from < len => {
                let range = format!("Content-Range: bytes {from}-{}/{len}\r\n", len - 1);
                ("206 Partial Content", range)
            }
            Some(_) => {
                let text = "HTTP/1.1 416 No\r\nContent-Length: 0\r\nContent-Range: bytes */";
                peer.send(format!("{text}{len}\r\n\r\n").as_bytes());
                return true;
            }
        };
        let body = &self.content[from.unwrap_or(0)..];
        let framing = match self.chunked {
            true => "Transfer-Encoding: chunked\r\n".to_owned(),
            false => format!("Content-Length: {}\r\n", body.len()),
        };
        let fields = self.fields;
        peer.send(format!("HTTP/1.1 {status}\r\n{fields}{range}{framing}\r\n").as_bytes());
        let sent = &body[..body.len().min(self.cut)];
        if self.chunked && !sent.is_empty() {
            peer.send(format!("{:x}\r\n{sent}\r\n", sent.len()).as_bytes());
        } else {
            peer.send(sent.as_bytes());
        }
        let is_cut = self.cut < body.len() || self.chunked && self.cut == body.len();
        if self.chunked && !is_cut {
            peer.send(b"0\r\n\r\n");
        }
        !is_cut
    }

    fn start(self) -> Server {
        Self::start_all(vec![self])
    }

    /// Starts a server that behaves another way with each request, and in the end as the last one says.
    fn start_all(origins: Vec<Self>) -> Server {
        let next = AtomicUsize::new(0);
        Server::start(move |peer| {
            while let Some(request) = peer.request() {
                let at = next.fetch_add(1, Ordering::SeqCst).min(origins.len() - 1);
                if !origins[at].answer(peer, &request) {
                    return;
                }
            }
        })
    }

    fn cut(mut self, cut: usize) -> Self {
        self.cut = cut;
        self
    }
}

/// Returns the names in a folder, in order.
fn names(folder: &Scratch) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<_> =
        entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[track_caller]
fn is_there(folder: &Scratch, content: &str) {
    assert_eq!(names(folder), ["a"]);
    assert_eq!(fs::read_to_string(folder.path().join("a")).unwrap(), content);
}

fn download(server: &Server, folder: &Scratch) -> Download<'static> {
    forgetful().download(server.url("/a")).to(folder.path().join("a"))
}

fn kept(server: &Server, folder: &Scratch) -> Result<Downloaded, Error> {
    download(server, folder).resume(true).send()
}

#[track_caller]
fn fails(outcome: Result<Downloaded, Error>, kind: ErrorKind, text: &str) {
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.to_string().contains(text), "{error}");
}

/// Downloads in as many calls as it takes.
#[track_caller]
fn in_calls(server: &Server, start: impl Fn() -> Download<'static>) -> (usize, Downloaded) {
    for calls in 1..100 {
        match start().send() {
            Ok(done) => return (calls, done),
            Err(error) => assert_eq!(error.kind(), ErrorKind::Truncated, "{error}"),
        }
    }
    panic!("no end after {} requests", server.log().requests.len());
}

#[test]
fn a_file_is_there_as_a_whole() {
    let folder = Scratch::new();
    let server = ORIGIN.start();
    let done = download(&server, &folder).send().unwrap();
    assert_eq!((done.len, done.resumed_from, done.path), (32, 0, folder.path().join("a")));
    assert_eq!(done.response.header("ETag"), Some("\"v1\""));
    is_there(&folder, CONTENT);
    let request = server.last_request();
    assert!(request.contains("Accept-Encoding: identity\r\n") && !request.contains("Range:"));
}

#[test]
fn what_breaks_off_is_gone_on_with_at_every_byte() {
    for cut in 1..=CONTENT.len() {
        let folder = Scratch::new();
        let server = ORIGIN.cut(cut).start();
        let (calls, done) = in_calls(&server, || download(&server, &folder).resume(true));
        assert_eq!((calls, done.len), (CONTENT.len().div_ceil(cut), 32), "{cut}");
        assert_eq!(done.resumed_from, ((calls - 1) * cut) as u64);
        is_there(&folder, CONTENT);
        if calls > 1 {
            let fields = format!("Range: bytes={}-\r\nIf-Range: \"v1\"\r\n", (calls - 1) * cut);
            assert!(server.last_request().contains(&fields));
        }
    }
}

#[test]
fn a_call_goes_on_by_itself_if_it_may() {
    for (cut, fields) in [(7, "ETag: \"v1\"\r\n"), (31, "ETag: \"v1\"\r\n"), (31, "")] {
        let folder = Scratch::new();
        let whole = Origin { fields, ..ORIGIN };
        let server = Origin::start_all(vec![whole.clone().cut(cut), whole.cut(usize::MAX)]);
        let done = download(&server, &folder).attempts(2).send().unwrap();
        assert_eq!((done.len, done.resumed_from), (32, 0));
        is_there(&folder, CONTENT);
        assert_eq!(server.last_request().contains("\r\nRange: "), !fields.is_empty());
    }
}

#[test]
fn attempts_are_counted_since_the_last_progress() {
    let folder = Scratch::new();
    let server = ORIGIN.cut(8).start();
    download(&server, &folder).attempts(2).send().unwrap();
    is_there(&folder, CONTENT);
    let folder = Scratch::new();
    let server = Origin { fields: "", ..ORIGIN }.cut(8).start();
    fails(download(&server, &folder).attempts(3).send(), ErrorKind::Truncated, "");
    // Only the first one came further than any before.
    assert_eq!((server.log().requests.len(), names(&folder).len()), (3, 0));
}

#[test]
fn a_file_is_continued_in_its_place() {
    for cut in 1..=CONTENT.len() {
        for fields in ["ETag: \"v1\"\r\n", ""] {
            let folder = Scratch::new();
            let server = Origin { fields, ..ORIGIN }.cut(cut).start();
            let (calls, _) = in_calls(&server, || download(&server, &folder).append(true));
            assert_eq!(calls, CONTENT.len().div_ceil(cut), "{cut}");
            is_there(&folder, CONTENT);
            let guarded = server.last_request().contains("If-Range");
            assert_eq!(guarded, calls > 1 && !fields.is_empty());
        }
    }
}

#[test]
fn a_file_of_the_callers_is_continued_or_left_alone() {
    let folder = Scratch::new();
    let path = folder.write("a", &CONTENT[..5]);
    let append = |server: &Server| download(server, &folder).append(true).send();
    let no_ranges = Origin { ranges: false, ..ORIGIN }.start();
    fails(append(&no_ranges), ErrorKind::Protocol, "expected a server that can continue a file");
    is_there(&folder, &CONTENT[..5]);
    assert_eq!(append(&ORIGIN.start()).unwrap().resumed_from, 5);
    is_there(&folder, CONTENT);
    // All is there.
    let done = append(&ORIGIN.start()).unwrap();
    assert_eq!((done.resumed_from, done.response.status().as_u16()), (32, 416));
    // More is there.
    fs::write(&path, [CONTENT, "!"].concat()).unwrap();
    fails(append(&ORIGIN.start()), ErrorKind::Protocol, "at least as long as what is there");
    assert_eq!(fs::read(&path).unwrap().len(), 33);
}

/// What a server says that does not go on with 25 bytes, and what a caller is told whose own file that is.
const MISFITS: [(&str, &str); 4] = [
    (
        "200 OK\r\nETag: \"v2\"\r\nContent-Length: 4\r\n\r\nelse",
        "expected a server that can continue a file",
    ),
    (
        "206 P\r\nContent-Range: bytes 24-31/32\r\nContent-Length: 8\r\n\r\nopqrstuv",
        "expected a part that begins where the file ends",
    ),
    (
        "206 P\r\nETag: \"v2\"\r\nContent-Range: bytes 25-31/32\r\nContent-Length: 7\r\n\r\nsomethi",
        "expected a part of the same version of the file",
    ),
    ("416 No\r\nContent-Length: 0\r\n\r\n", "expected a file that is at least as long"),
];

#[test]
fn a_file_of_the_callers_is_never_begun_again() {
    for fields in [ORIGIN.fields, ""] {
        for ((answer, text), attempts) in MISFITS.into_iter().flat_map(|it| [(it, 1), (it, 3)]) {
            if fields.is_empty() && answer.starts_with("206 P\r\nETag") {
                // Nothing is known of the version.
                continue;
            }
            let folder = Scratch::new();
            let path = folder.write("a", &CONTENT[..5]);
            let server = confused(Origin { fields, ..ORIGIN }, &format!("HTTP/1.1 {answer}"));
            let append = || download(&server, &folder).append(true).attempts(attempts).send();
            // The validator is learnt from the part, and known to the same call or to the next one.
            if attempts == 1 {
                fails(append(), ErrorKind::Truncated, "");
            }
            fails(append(), ErrorKind::Protocol, text);
            assert_eq!(fs::read_to_string(&path).unwrap(), CONTENT[..25], "{answer}");
            assert_eq!(append().unwrap().resumed_from, 25);
            is_there(&folder, CONTENT);
        }
    }
}

#[test]
fn a_file_begun_in_its_place_may_begin_again() {
    for (fields, ranges) in [(ORIGIN.fields, false), ("", true), ("", false)] {
        let folder = Scratch::new();
        let whole = Origin { fields, ranges, ..ORIGIN };
        let server = Origin::start_all(vec![whole.clone().cut(20), whole]);
        let done = download(&server, &folder).append(true).attempts(2).send().unwrap();
        assert_eq!((done.len, done.resumed_from), (32, 0));
        is_there(&folder, CONTENT);
    }
}

#[test]
fn a_file_that_others_write_to_is_no_success() {
    let folder = Scratch::new();
    let path = folder.write("a", &CONTENT[..5]);
    let its = path.clone();
    let server = Server::start(move |peer| {
        peer.request();
        fs::write(&its, [b'x'; 99]).unwrap();
        let head = "HTTP/1.1 206 P\r\nContent-Range: bytes 5-31/32\r\nContent-Length: 27\r\n\r\n";
        peer.send(&[head.as_bytes(), &CONTENT.as_bytes()[5..]].concat());
    });
    let outcome = download(&server, &folder).append(true).send();
    fails(outcome, ErrorKind::Output, "expected nobody else to write to what was downloaded");
    assert_eq!(fs::read(path).unwrap().len(), 99);
}

#[test]
fn a_file_that_comes_meanwhile_is_not_written_to() {
    let folder = Scratch::new();
    let path = folder.path().join("a");
    let server = Server::start(move |peer| {
        peer.request();
        fs::write(&path, "mine").unwrap();
        peer.send(&ok("hello"));
    });
    fails(download(&server, &folder).append(true).send(), ErrorKind::Output, "/a\"");
    is_there(&folder, "mine");
}

#[test]
fn a_file_that_has_changed_is_loaded_as_a_whole() {
    for append in [false, true] {
        let folder = Scratch::new();
        let newer = Origin { content: "something else", fields: "ETag: \"v2\"\r\n", ..ORIGIN };
        let server = Origin::start_all(vec![ORIGIN.cut(20), newer]);
        let start = || match append {
            true => download(&server, &folder).append(true),
            false => download(&server, &folder).resume(true),
        };
        start().send().unwrap_err();
        assert_eq!(names(&folder).len(), 2);
        let done = start().send().unwrap();
        assert_eq!((done.len, done.resumed_from), (14, 0));
        is_there(&folder, "something else");
    }
}

#[test]
fn a_date_is_a_validator_if_it_is_old_enough() {
    for (fields, guarded) in [
        (
            "Date: Tue, 14 Nov 2023 22:12:21 GMT\r\nLast-Modified: Tue, 14 Nov 2023 22:12:20 GMT\r\n",
            true,
        ),
        (
            "Date: Tue, 14 Nov 2023 22:12:20 GMT\r\nLast-Modified: Tue, 14 Nov 2023 22:12:20 GMT\r\n",
            false,
        ),
    ] {
        let folder = Scratch::new();
        let whole = Origin { fields, ..ORIGIN };
        let server = Origin::start_all(vec![whole.clone().cut(20), whole]);
        kept(&server, &folder).unwrap_err();
        // What cannot be gone on with is not kept.
        assert_eq!(names(&folder).len(), if guarded { 2 } else { 0 });
        kept(&server, &folder).unwrap();
        is_there(&folder, CONTENT);
        assert_eq!(server.last_request().contains("If-Range: Tue, 14 Nov"), guarded);
    }
}

/// Starts a server that breaks off after 20 bytes, then says what is given, and then does as it should.
fn confused(origin: Origin, answer: &str) -> Server {
    let (answer, count) = (answer.to_owned(), AtomicUsize::new(0));
    Server::start(move |peer| {
        while let Some(request) = peer.request() {
            match count.fetch_add(1, Ordering::SeqCst) {
                0 => {
                    origin.clone().cut(20).answer(peer, &request);
                    return;
                }
                1 => peer.send(answer.as_bytes()),
                _ => assert!(origin.answer(peer, &request)),
            }
        }
    })
}

/// The second download makes the file whole, after so many requests in all.
#[track_caller]
fn recovers(answer: &str, requests: usize) {
    let (folder, server) = (Scratch::new(), confused(ORIGIN, answer));
    kept(&server, &folder).unwrap_err();
    kept(&server, &folder).unwrap();
    is_there(&folder, CONTENT);
    assert_eq!(server.log().requests.len(), requests, "{answer}");
}

#[test]
fn a_part_that_does_not_fit_is_not_taken() {
    let part = |range: &str, body: &str, more: &str| {
        let len = body.len();
        format!(
            "HTTP/1.1 206 Partial Content\r\nContent-Range: {range}\r\n{more}\
             Content-Length: {len}\r\n\r\n{body}"
        )
    };
    recovers(&part("bytes 20-31/32", &CONTENT[20..], ""), 2);
    recovers(&part("bytes 20-31/*", &CONTENT[20..], ""), 2);
    // More of it is asked for.
    recovers(&part("bytes 20-25/32", &CONTENT[20..26], ""), 3);
    for (range, body) in [
        ("bytes 19-31/32", &CONTENT[19..]),
        ("bytes 21-31/32", &CONTENT[21..]),
        ("bytes 19-30/32", &CONTENT[20..]),
        ("bytes 20-31/33", &CONTENT[20..]),
        ("bytes 20-31/31", &CONTENT[20..]),
        ("bytes 20-30/32", &CONTENT[20..]),
        ("bytes 20-30/31", &CONTENT[20..31]),
        ("bytes 20-31/32", &CONTENT[21..]),
        ("bytes */32", &CONTENT[20..]),
        ("lines 20-31/32", &CONTENT[20..]),
    ] {
        recovers(&part(range, body, ""), 3);
    }
    recovers(&part("bytes 20-31/32", "somethingels", "ETag: \"v2\"\r\n"), 3);
    let many = "HTTP/1.1 206 Partial Content\r\nContent-Type: multipart/byteranges; boundary=a\r\n\
                Content-Length: 4\r\n\r\n--a-";
    recovers(many, 3);
}

#[test]
fn what_cannot_be_satisfied_is_asked_for_as_a_whole() {
    for range in ["Content-Range: bytes */19\r\n", "Content-Range: bytes */20\r\n", ""] {
        recovers(&format!("HTTP/1.1 416 No\r\n{range}Content-Length: 0\r\n\r\n"), 3);
    }
}

#[test]
fn a_chunked_part_must_have_the_length_that_it_announces() {
    let part = |chunk: &str| {
        let len = chunk.len();
        format!(
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 20-31/32\r\n\
             Transfer-Encoding: chunked\r\n\r\n{len:x}\r\n{chunk}\r\n0\r\n\r\n"
        )
    };
    recovers(&part(&CONTENT[20..]), 2);
    for (chunk, kind) in
        [("klmnopqrst", ErrorKind::Truncated), ("klmnopqrstuvw", ErrorKind::Protocol)]
    {
        let (folder, server) = (Scratch::new(), confused(ORIGIN, &part(chunk)));
        kept(&server, &folder).unwrap_err();
        fails(kept(&server, &folder), kind, "of a file");
        kept(&server, &folder).unwrap();
        is_there(&folder, CONTENT);
    }
}

#[test]
fn a_part_that_is_all_is_completed() {
    let folder = Scratch::new();
    let chunked = Origin { chunked: true, ..ORIGIN };
    let server = Origin::start_all(vec![chunked.cut(CONTENT.len()), ORIGIN]);
    kept(&server, &folder).unwrap_err();
    let done = kept(&server, &folder).unwrap();
    assert_eq!((done.len, done.resumed_from, done.response.status().as_u16()), (32, 32, 416));
    is_there(&folder, CONTENT);
}

#[test]
fn a_server_without_ranges_sends_all() {
    let folder = Scratch::new();
    let whole = Origin { ranges: false, ..ORIGIN };
    let server = Origin::start_all(vec![whole.clone().cut(20), whole]);
    kept(&server, &folder).unwrap_err();
    assert_eq!(kept(&server, &folder).unwrap().resumed_from, 0);
    is_there(&folder, CONTENT);
}

#[test]
fn what_is_no_content_is_an_error() {
    for (answer, status) in [
        ("204 No Content\r\n", 204),
        ("304 Not Modified\r\n", 304),
        ("404 Not Found\r\nContent-Length: 0\r\n", 404),
        ("416 No\r\nContent-Length: 0\r\n", 416),
    ] {
        let folder = Scratch::new();
        folder.write("a", "old");
        let server = Server::closing(format!("HTTP/1.1 {answer}\r\n").as_bytes());
        let error = download(&server, &folder).send().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Status(it) if it.as_u16() == status));
        assert_eq!(error.url().unwrap().as_str(), server.url("/a"));
        is_there(&folder, "old");
    }
    let folder = Scratch::new();
    let part = b"HTTP/1.1 206 P\r\nContent-Range: bytes 0-1/2\r\nContent-Length: 2\r\n\r\nab";
    let server = Server::closing(part);
    fails(kept(&server, &folder), ErrorKind::Protocol, "expected all of a file, found a part");
}

#[test]
fn a_server_in_trouble_is_asked_again() {
    let folder = Scratch::new();
    let trouble = b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n";
    let server = Server::answering(&[trouble, &ok("hello")]);
    assert!(download(&server, &folder).send().is_err());
    let server = Server::answering(&[trouble, &ok("hello")]);
    download(&server, &folder).attempts(2).send().unwrap();
    is_there(&folder, "hello");
}

#[test]
fn attempts_are_made_as_the_request_says() {
    let missing = b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n";
    let retry = Retry::none().statuses([StatusCode::NOT_FOUND]).delay(Duration::from_millis(1));
    for (retry, requests) in [(retry.clone(), 2), (retry.max_elapsed(Duration::ZERO), 1)] {
        let folder = Scratch::new();
        let server = Server::answering(&[missing, &ok("hello")]);
        let set = |it: RequestBuilder| it.retry(retry.clone());
        let done = download(&server, &folder).attempts(2).request(set).send();
        assert_eq!((done.is_ok(), server.log().requests.len()), (requests == 2, requests));
    }
}

#[test]
fn a_part_of_another_url_is_not_gone_on_with() {
    let folder = Scratch::new();
    let server = Origin::start_all(vec![ORIGIN.cut(20), ORIGIN]);
    kept(&server, &folder).unwrap_err();
    let other = forgetful().download(server.url("/b")).to(folder.path().join("a"));
    assert_eq!(other.resume(true).send().unwrap().resumed_from, 0);
    assert!(!server.last_request().contains("Range"));
    is_there(&folder, CONTENT);
}

#[test]
fn a_long_name_is_gone_on_with() {
    for name in ["a".repeat(214), "a".repeat(215), "a".repeat(250), "\u{e9}".repeat(127)] {
        let folder = Scratch::new();
        let server = Origin::start_all(vec![ORIGIN.cut(20), ORIGIN]);
        let start = || forgetful().download(server.url("/a")).to(folder.path().join(&name));
        start().resume(true).send().unwrap_err();
        assert_eq!(names(&folder).len(), 2);
        assert_eq!(start().resume(true).send().unwrap().resumed_from, 20);
        assert_eq!(names(&folder), [name]);
    }
}

#[test]
fn a_note_is_no_longer_than_what_is_read_of_it() {
    let folder = Scratch::new();
    let tag = format!("ETag: \"{}\"\r\n", "v".repeat(64_000));
    let (server, next) = (Origin { fields: tag.leak(), ..ORIGIN }.cut(20).start(), ORIGIN.start());
    for _ in 0..2 {
        fails(kept(&server, &folder), ErrorKind::Truncated, "");
        assert_eq!(names(&folder).len(), 0);
    }
    let url = next.url(&format!("/a?{}", "b".repeat(66_000)));
    let long = forgetful().download(url).to(folder.path().join("a")).resume(true);
    fails(long.send(), ErrorKind::Output, "short enough to be written down");
    assert_eq!(names(&folder).len(), 0);
}

#[test]
fn what_others_have_is_left_alone() {
    let folder = Scratch::new();
    let server = ORIGIN.start();
    folder.write("a.partial", "not a note");
    fails(
        kept(&server, &folder),
        ErrorKind::Output,
        "expected nobody else to have a file of that name",
    );
    assert_eq!(names(&folder), ["a.partial"]);
    // What the matter is.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let note = folder.path().join("a.partial");
        fs::set_permissions(&note, fs::Permissions::from_mode(0o000)).unwrap();
        // The superuser may read anything.
        if let Err(error) = fs::read(&note) {
            fails(kept(&server, &folder), ErrorKind::Output, &error.to_string());
        }
        fs::remove_file(&note).unwrap();
    }
    // Torn, and lost in a power cut.
    for rest in ["nethttp partial download 1\nurl: htt", &"\0".repeat(200)] {
        folder.write("a.partial", rest);
        kept(&server, &folder).unwrap();
        is_there(&folder, CONTENT);
    }
}

#[cfg(unix)]
#[test]
fn links_and_rights_of_parts_are_looked_at() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let part = |folder: &Scratch| {
        let name = names(folder).into_iter().find(|name| name.len() > 32).unwrap();
        folder.path().join(name)
    };
    for lie in ["link", "mode"] {
        let folder = Scratch::new();
        let server = Origin::start_all(vec![ORIGIN.cut(20), ORIGIN]);
        kept(&server, &folder).unwrap_err();
        let note = fs::metadata(folder.path().join("a.partial")).unwrap();
        assert_eq!(note.permissions().mode() & 0o777, 0o600);
        let (part, secret) = (part(&folder), folder.write("secret", "secret"));
        if lie == "link" {
            fs::remove_file(&part).unwrap();
            symlink(&secret, &part).unwrap();
        } else {
            fs::set_permissions(&part, fs::Permissions::from_mode(0o666)).unwrap();
        }
        assert_eq!(kept(&server, &folder).unwrap().resumed_from, 0);
        assert_eq!(fs::read_to_string(&secret).unwrap(), "secret");
        assert_eq!(names(&folder), ["a", "secret"]);
    }
    // A note that others could read is not one that a download has written.
    let folder = Scratch::new();
    let server = Origin::start_all(vec![ORIGIN.cut(20), ORIGIN]);
    kept(&server, &folder).unwrap_err();
    let note = folder.path().join("a.partial");
    fs::set_permissions(&note, fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(kept(&server, &folder).unwrap().resumed_from, 0);
    assert!(!note.exists());
    // A link is followed, and stays.
    let folder = Scratch::new();
    let target = folder.write("target", "old");
    symlink("target", folder.path().join("a")).unwrap();
    kept(&ORIGIN.start(), &folder).unwrap();
    assert_eq!(fs::read_to_string(target).unwrap(), CONTENT);
    assert!(folder.path().join("a").is_symlink());
}

#[cfg(unix)]
#[test]
fn a_link_of_the_name_that_a_server_chooses_is_followed_in_its_folder() {
    use std::os::unix::fs::symlink;
    let named = "ETag: \"v1\"\r\nContent-Disposition: attachment; filename=b\r\n";
    for other in [".c", "other/c"] {
        let folder = Scratch::new();
        let target = folder.write(other, "old");
        symlink(other, folder.path().join("b")).unwrap();
        let whole = Origin { fields: named, ..ORIGIN };
        let server = Origin::start_all(vec![whole.clone().cut(20), whole]);
        let start = || {
            let start = forgetful().download(server.url("/a")).into_dir(folder.path());
            start.overwrite(true).resume(true).send()
        };
        if other == ".c" {
            fails(start(), ErrorKind::Truncated, "");
            let done = start().unwrap();
            assert_eq!((done.resumed_from, &done.path), (20, &target));
            assert_eq!(fs::read_to_string(target).unwrap(), CONTENT);
            assert_eq!(names(&folder), [".c", "b"]);
        } else {
            fails(start(), ErrorKind::Output, "expected no link to another folder");
            assert_eq!(fs::read_to_string(target).unwrap(), "old");
            assert_eq!(names(&folder), ["b", "other"]);
        }
        assert!(folder.path().join("b").is_symlink());
    }
}

#[test]
fn what_cannot_be_written_is_an_error_of_the_file() {
    let folder = Scratch::new();
    let server = ORIGIN.start();
    fs::create_dir(folder.path().join("a")).unwrap();
    for start in [Download::resume, Download::append, Download::overwrite] {
        fails(start(download(&server, &folder), true).send(), ErrorKind::Output, "/a\"");
    }
    assert_eq!(server.log().requests.len(), 0);
    let nowhere = forgetful().download(server.url("/a")).to(folder.path().join("no/a")).send();
    let error = nowhere.unwrap_err();
    assert_eq!((error.kind(), error.url()), (ErrorKind::Output, None));
    assert!(error.to_string().contains("no/a\": "), "{error}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let locked = folder.path().join("locked");
        fs::create_dir(&locked).unwrap();
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o500)).unwrap();
        let client = forgetful();
        let outcome = client.download(server.url("/a")).to(locked.join("a")).resume(true).send();
        // The superuser may write anywhere.
        if !locked.join("a").exists() {
            fails(outcome, ErrorKind::Output, "locked/a");
        }
        // The path of a socket is short.
        let name = format!("nethttp-download-{}", std::process::id());
        let folder = Scratch::at(short_temp_dir().join(name));
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        for outcome in [
            client.download(server.url("/a")).to(&socket).send(),
            client.download(server.url("/a")).to(&socket).overwrite(true).send(),
        ] {
            fails(outcome, ErrorKind::Output, "/socket\"");
            assert_eq!(names(&folder), ["socket"]);
        }
    }
}

#[test]
fn a_folder_gets_the_name_that_the_server_gives() {
    let named = "ETag: \"v1\"\r\nContent-Disposition: attachment; filename=\"../b.txt\"\r\n";
    let named = Origin { fields: named, ..ORIGIN };
    let server = Origin::start_all(vec![named.clone().cut(20), ORIGIN]);
    let folder = Scratch::new();
    let start = || forgetful().download(server.url("/x/a?b=c")).into_dir(folder.path());
    start().resume(true).send().unwrap_err();
    // The part need not say its name again.
    let done = start().resume(true).send().unwrap();
    assert_eq!((done.resumed_from, &done.path), (20, &folder.path().join("b.txt")));
    assert_eq!(names(&folder), ["b.txt"]);
    assert_eq!(start().send().unwrap().path, folder.path().join("a"));
    fails(start().send(), ErrorKind::Output, "/a\"");
    assert_eq!(start().overwrite(true).send().unwrap().len, 32);
    fails(download(&server, &folder).overwrite(false).send(), ErrorKind::Output, "/a\"");
    let root = forgetful().download(server.url("/")).into_dir(folder.path()).send().unwrap();
    assert_eq!(root.path, folder.path().join("download"));
}

#[test]
fn a_server_names_no_part_of_another_download() {
    let folder = Scratch::new();
    let hostile = "Content-Disposition: attachment; filename=\"victim.iso.Partial\"\r\n";
    let server = Origin { fields: hostile, ..ORIGIN }.start();
    let into_dir = |server: &Server| {
        let url = server.url("/b.partial.0123456789abcdef0123456789ABCDEF");
        forgetful().download(url).into_dir(folder.path()).resume(true).send().unwrap()
    };
    assert_eq!(into_dir(&server).path, folder.path().join("victim.iso.Partial_"));
    into_dir(&ORIGIN.start());
    let part = "b.partial.0123456789abcdef0123456789ABCDEF_";
    assert_eq!(names(&folder), [part, "victim.iso.Partial_"]);
}

#[test]
fn a_file_that_is_too_long_is_not_begun() {
    let folder = Scratch::new();
    fails(download(&ORIGIN.start(), &folder).limit(31).send(), ErrorKind::BodyTooLarge, "31 bytes");
    let chunked = Origin { chunked: true, ..ORIGIN }.start();
    fails(download(&chunked, &folder).limit(31).send(), ErrorKind::BodyTooLarge, "31 bytes");
    for server in [&ORIGIN.start(), &chunked] {
        let limited = download(server, &folder).request(|it| it.body_limit(Some(31)));
        fails(limited.send(), ErrorKind::BodyTooLarge, "31 bytes");
    }
    assert_eq!(names(&folder).len(), 0);
    download(&chunked, &folder).limit(32).send().unwrap();
    is_there(&folder, CONTENT);
}

#[test]
fn a_file_has_the_digest_that_it_should_have() {
    // As Python's hashlib has it.
    let digest = "73337f479fe170d73e53e247f3052e4243cc9c2a0ffa621853d9385c619efb77";
    let folder = Scratch::new();
    let wrong = digest.replace('0', "1");
    let outcome = download(&ORIGIN.start(), &folder).resume(true).sha256(&wrong).send();
    let text = format!("expected a file whose SHA-256 is {wrong}, found {digest}");
    let error = outcome.unwrap_err();
    assert_eq!((error.kind(), error.to_string()), (ErrorKind::Integrity, text));
    assert_eq!(names(&folder).len(), 0);
    for append in [false, true] {
        let folder = Scratch::new();
        let server = Origin::start_all(vec![ORIGIN.cut(20), ORIGIN]);
        let start = || match append {
            true => download(&server, &folder).append(true),
            false => download(&server, &folder).resume(true),
        };
        start().send().unwrap_err();
        assert_eq!(start().sha256(digest.to_uppercase()).send().unwrap().resumed_from, 20);
        is_there(&folder, CONTENT);
    }
    let folder = Scratch::new();
    fails(download(&ORIGIN.start(), &folder).sha256("12").send(), ErrorKind::Encode, "SHA-256");
}

#[test]
fn it_is_told_how_far_it_is_and_can_be_stopped() {
    let folder = Scratch::new();
    let server = Origin::start_all(vec![ORIGIN.cut(20), ORIGIN]);
    kept(&server, &folder).unwrap_err();
    let told = Mutex::new(Vec::new());
    let path = folder.path().join("a");
    let tell = |p: &nethttp::client::Progress| {
        told.lock().unwrap().push((p.received(), p.total(), p.resumed_from()));
    };
    let client = forgetful();
    client.download(server.url("/a")).to(&path).resume(true).progress(tell).send().unwrap();
    assert_eq!(told.lock().unwrap().last(), Some(&(32, Some(32), 20)));

    // A server that sends a little now and then, for ever.
    let server = Server::start(|peer| {
        peer.request();
        peer.send(b"HTTP/1.1 200 OK\r\n\r\n");
        while peer.stream.write_all(b"more").is_ok() {
            thread::sleep(Duration::from_millis(20));
        }
    });
    let token = CancelToken::new();
    let endless = client.download(server.url("/b")).to(folder.path().join("b"));
    let endless = endless.request(|it| it.cancel(&token)).attempts(5);
    fails(endless.progress(|_| token.cancel()).send(), ErrorKind::Cancelled, "");
    is_there(&folder, CONTENT);
}

#[test]
fn a_request_may_have_anything_but_a_range() {
    let folder = Scratch::new();
    let server = ORIGIN.start();
    download(&server, &folder).request(|it| it.header("X", "1")).send().unwrap();
    assert!(server.last_request().contains("X: 1\r\n"));
    let ranged = download(&server, &folder).request(|it| it.header("range", "bytes=0-1"));
    fails(ranged.send(), ErrorKind::Encode, "expected no Range in the request of a download");
}

#[test]
fn two_downloads_of_a_file_do_not_disturb_each_other() {
    // The first one waits in the middle until the second one has come to its end.
    let newer = Origin { content: "something else", fields: "ETag: \"v2\"\r\n", ..ORIGIN };
    for (second, then, len, is_ok) in [
        // On Unix it is known that the file under the name is that of the first one too.
        (ORIGIN, 20, 20, cfg!(unix)),
        (newer, 20, 0, false),
        (ORIGIN, 0, 0, true),
    ] {
        let content = second.content;
        let folder = Arc::new(Scratch::new());
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let (wait, count) = (Mutex::new(wait), AtomicUsize::new(0));
        let server = Arc::new(Server::start(move |peer| {
            while let Some(request) = peer.request() {
                if count.fetch_add(1, Ordering::SeqCst) > 0 {
                    second.answer(peer, &request);
                    continue;
                }
                let head = "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 32\r\n\r\n";
                peer.send(format!("{head}{}", &CONTENT[..then]).as_bytes());
                let _ = wait.lock().unwrap().recv_timeout(PATIENCE);
                peer.send(&CONTENT.as_bytes()[then..]);
            }
        }));
        let (its, at) = (Arc::clone(&server), Arc::clone(&folder));
        let first = thread::spawn(move || kept(&its, &at));
        wait_for_part(folder.path(), then as u64);
        let done = kept(&server, &folder).unwrap();
        assert_eq!(done.resumed_from, len);
        go.send(()).unwrap();
        let first = first.join().unwrap();
        assert_eq!(first.is_ok(), is_ok, "{first:?}");
        is_there(&folder, content);
    }
}

/// Waits until there is a file of that length.
fn wait_for_part(folder: &Path, len: u64) {
    let is_part = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().unwrap();
        let is_note = name.ends_with(".partial") || name.ends_with(".tmp");
        !is_note && entry.metadata().is_ok_and(|it| it.len() >= len)
    };
    until("a part", || fs::read_dir(folder).unwrap().any(|it| is_part(it.unwrap())));
}

const CHILD: &str = "NETHTTP_TEST_DOWNLOAD";

/// Not a test of its own: what a process does that is killed.
#[test]
fn another_process_downloads() {
    let Ok(order) = std::env::var(CHILD) else {
        return;
    };
    let [way, url, path] = order.splitn(3, ' ').collect::<Vec<_>>().try_into().unwrap();
    let download = Client::new().download(url).to(path);
    let _ = if way == "append" { download.append(true) } else { download.resume(true) }.send();
}

#[test]
fn a_process_that_is_killed_leaves_what_is_gone_on_with() {
    for (way, fields) in
        [("resume", ORIGIN.fields), ("append", ORIGIN.fields), ("append", ""), ("resume", "")]
    {
        let folder = Scratch::new();
        let count = AtomicUsize::new(0);
        let origin = Origin { fields, ..ORIGIN };
        // What cannot be gone on with is cleared away.
        let gain = if way == "resume" && fields.is_empty() { 0 } else { 6 };
        let server = Server::start(move |peer| {
            while let Some(request) = peer.request() {
                let before = count.fetch_add(1, Ordering::SeqCst);
                if before < 3 {
                    let cut = if gain == 0 { 6 * before + 6 } else { 6 };
                    origin.clone().cut(cut).answer(peer, &request);
                    // No end: it is for the client to die.
                    peer.rest();
                    return;
                }
                origin.answer(peer, &request);
            }
        });
        let path = folder.path().join("a");
        for kill in 1..=3 {
            let order = format!("{way} {} {}", server.url("/a"), path.display());
            let mut command = Command::new(std::env::current_exe().unwrap());
            command.args(["--exact", "download::another_process_downloads"]).env(CHILD, order);
            let child = Guard(command.stdout(Stdio::null()).spawn().unwrap());
            wait_for_part(folder.path(), kill * 6);
            drop(child);
        }
        let start = download(&server, &folder);
        let start = if way == "append" { start.append(true) } else { start.resume(true) };
        assert_eq!(start.send().unwrap().resumed_from, 3 * gain);
        is_there(&folder, CONTENT);
    }
}

//! Arguments that are no text.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::ffi::OsStringExt;
use std::thread;

use crate::support::program::{Outcome, example, run};
use crate::support::scratch::Scratch;

fn arguments(arguments: &[&[u8]]) -> Vec<OsString> {
    arguments.iter().map(|it| OsString::from_vec(it.to_vec())).collect()
}

/// Runs `fetch` with a URL behind the arguments; returns what is sent there, which ends with `end`.
fn sent(given: &[&[u8]], end: &'static [u8]) -> Vec<u8> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut request, mut buf) = (Vec::new(), [0; 4096]);
        while !request.ends_with(end) {
            let len = stream.read(&mut buf).unwrap();
            assert_ne!(len, 0, "{}", request.escape_ascii());
            request.extend_from_slice(&buf[..len]);
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
        request
    });
    let outcome = run(&example("fetch"), arguments(&[given, &[url.as_bytes()]].concat()), b"");
    assert_eq!((outcome.status, outcome.err()), (Some(0), String::new()));
    server.join().unwrap()
}

fn has(request: &[u8], part: &[u8]) -> bool {
    request.windows(part.len()).any(|it| it == part)
}

#[test]
fn data_fields_and_logins_are_sent_as_they_are() {
    for (option, end) in [
        (&[&b"-d"[..], b"a\xff\xfe"][..], &b"\r\n\r\na\xff\xfe"[..]),
        (&[b"-da\xff\xfe"], b"\r\n\r\na\xff\xfe"),
        (&[b"--data-raw", b"@\xff"], b"\r\n\r\n@\xff"),
        (&[b"--data-raw=@\xff"], b"\r\n\r\n@\xff"),
        (&[b"--data-urlencode", b"a=\xff\xc3\xa9"], b"\r\n\r\na=%FF%C3%A9"),
    ] {
        let request = sent(option, end);
        assert!(request.starts_with(b"POST / HTTP/1.1\r\n"), "{}", request.escape_ascii());
    }
    for (option, part) in [
        (&[&b"-H"[..], b"X-Old: caf\xe9"][..], &b"\r\nX-Old: caf\xe9\r\n"[..]),
        (&[b"-HX-Old:\xe9;"], b"\r\nX-Old: \xe9;\r\n"),
        (&[b"-u", b"a\xe9:b"], b"\r\nAuthorization: Basic Yek6Yg==\r\n"),
        (&[b"-G", b"-d", b"q=\xe9\xc3\xa9"], b"GET /?q=%E9%C3%A9 HTTP/1.1\r\n"),
    ] {
        let request = sent(option, b"\r\n\r\n");
        assert!(has(&request, part), "{}", request.escape_ascii());
    }
    // So are the lines of a file.
    let scratch = Scratch::new();
    let fields = scratch.write("fields", b"X-Old: caf\xe9\r\n\r\nX-New: b\n");
    let request = sent(&[format!("-H@{}", fields.display()).as_bytes()], b"\r\n\r\n");
    assert!(has(&request, b"\r\nX-Old: caf\xe9\r\nX-New: b\r\n"), "{}", request.escape_ascii());
}

#[test]
fn names_of_files_are_those_that_were_given() {
    let scratch = Scratch::new();
    let file = scratch.path().join(OsString::from_vec(b"name\xff".to_vec()));
    std::fs::write(&file, "content").unwrap();
    let mut option = b"-d@".to_vec();
    option.extend(file.into_os_string().into_vec());
    sent(&[&option], b"\r\n\r\ncontent");
}

#[test]
fn what_has_to_be_text_is_refused_otherwise() {
    for wrong in [
        &[&b"http://127.0.0.1:1/\xff"[..]][..],
        &[b"--url", b"http://127.0.0.1:1/\xff"],
        &[b"--\xff", b"http://127.0.0.1:1/"],
        &[b"-\xff", b"http://127.0.0.1:1/"],
        &[b"-m", b"\xff", b"http://127.0.0.1:1/"],
        &[b"-A", b"\xff", b"http://127.0.0.1:1/"],
        &[b"-b", b"a=secret\xff", b"http://127.0.0.1:1/"],
        &[b"-F", b"a=\xff", b"http://127.0.0.1:1/"],
        &[b"-H", b"\xff: a", b"http://127.0.0.1:1/"],
        &[b"-X", b"\xff", b"http://127.0.0.1:1/"],
        &[b"-x", b"\xff", b"http://127.0.0.1:1/"],
        &[b"--digest", b"-u", b"a:secret\xff", b"http://127.0.0.1:1/"],
    ] {
        let outcome: Outcome = run(&example("fetch"), arguments(wrong), b"");
        let told = outcome.err();
        assert_eq!(outcome.status, Some(2), "{told}");
        assert!(told.starts_with("fetch: ") && told.lines().count() == 1, "{told}");
        assert!(!told.contains("secret") && !told.contains('\u{fffd}'), "{told}");
    }
}

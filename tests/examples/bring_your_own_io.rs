//! `bring_your_own_io`.

use std::process::Command;

use crate::support::peers;
use crate::support::program::{Running, body, example, field, run, status};

fn start() -> Running {
    let mut command = Command::new(example("bring_your_own_io"));
    command.arg("0");
    Running::start(command, None)
}

#[test]
fn requests_in_one_piece_are_answered_in_order() {
    let server = start();
    let answers = server.send(
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nonePOST / HTTP/1.1\r\nHost: a\r\n\
          Transfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n\
          GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /never HTTP/1.1\r\n",
    );
    let answers: Vec<_> = answers.split_inclusive("\r\n\r\n").collect();
    assert_eq!(answers.len(), 3, "{answers:?}");
    assert!(answers[1].starts_with("oneHTTP/1.1 200 OK\r\n"));
    assert!(answers[2].starts_with("twoHTTP/1.1 200 OK\r\n"));
    assert!(answers[2].contains("Connection: close"));
}

#[test]
fn what_is_malformed_is_told_and_the_connection_closed() {
    let server = start();
    for (request, expected, text) in [
        (&b"GET / HTTP/1.1\r\n\r\n"[..], 400, "expected a Host field at byte 18"),
        (b"GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505, "expected HTTP version 1 at byte 11"),
        (
            b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx",
            400,
            "expected a chunk size, found 'x' at byte 0",
        ),
    ] {
        let answer = server.send(request);
        assert_eq!((status(&answer), body(&answer)), (expected, text));
        assert_eq!(field(&answer, "Connection"), Some("close"));
    }
    let long = format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "x".repeat(200_000));
    assert_eq!(status(&server.send(long.as_bytes())), 431);
}

#[test]
fn curl_waits_for_100_continue_and_gets_it() {
    let Some(curl) = peers::find("curl") else { return };
    let server = start();
    let data = vec![b'x'; 500_000];
    let arguments = ["-sS", "-H", "Expect: 100-continue", "--expect100-timeout", "30"];
    let outcome =
        run(&curl, arguments.iter().copied().chain(["--data-binary", "@-", &server.url]), &data);
    assert_eq!(outcome.status, Some(0), "{}", outcome.err());
    assert!(outcome.stdout == data);
    let large = vec![b'x'; 3_000_000];
    let arguments =
        ["-sS", "-o", "/dev/null", "-w", "%{http_code}", "--data-binary", "@-", &server.url];
    assert_eq!(run(&curl, arguments, &large).out(), "413");
}

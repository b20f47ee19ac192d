//! `inspect`.

use crate::program::{example, run};

#[track_caller]
fn inspects(arguments: &[&str], input: &[u8], status: i32, expected: &str) {
    let outcome = run(&example("inspect"), arguments, input);
    assert_eq!(outcome.out(), expected);
    assert_eq!((outcome.status, outcome.err()), (Some(status), String::new()));
}

#[test]
fn shows_a_request() {
    inspects(
        &["request"],
        b"GET /a%20b?c=d HTTP/1.1\r\nHost: example.org:80\r\nX:\t\xc3\xa9 \\ \r\nConnection: close\r\n\r\n",
        0,
        "method: GET\ntarget: /a%20b?c=d\nform: origin\npath: /a%20b\nquery: c=d\n\
         version: HTTP/1.1\nfields: 3\n  Host: example.org:80\n  X: \\xc3\\xa9 \\\\\n  \
         Connection: close\nframing: no body\nkeep-alive: no\nexpects 100-continue: no\n",
    );
}

#[test]
fn shows_chunks_trailers_and_what_follows() {
    inspects(
        &["request"],
        b"POST http://a/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\
          Expect: 100-continue\r\n\r\n6;x=y\r\nhello\n\r\n3\r\nyou\r\n0\r\nSum: 1\r\n\r\n\
          GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        0,
        "method: POST\ntarget: http://a/\nform: absolute\nauthority: a\npath: /\n\
         version: HTTP/1.1\nfields: 3\n  Host: a\n  Transfer-Encoding: chunked\n  \
         Expect: 100-continue\nframing: chunked\nkeep-alive: yes\nexpects 100-continue: yes\n\
         body: 9 bytes\n  hello\\n\n  you\ntrailers: 1\n  Sum: 1\n\
         behind it: 27 bytes, which begin like a request\n",
    );
}

#[test]
fn shows_a_response() {
    inspects(
        &["response"],
        b"HTTP/1.0 200 Fine\r\nContent-Type: text/plain\r\n\r\nhi\n",
        0,
        "version: HTTP/1.0\nstatus: 200\nreason: Fine\nfields: 1\n  Content-Type: text/plain\n\
         framing: until the connection closes\nkeep-alive: no\nbody: 3 bytes\n  hi\\n\n",
    );
}

#[test]
fn the_method_decides_about_the_body_of_a_response() {
    inspects(
        &["response", "HEAD"],
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        0,
        "version: HTTP/1.1\nstatus: 200\nreason: OK\nfields: 1\n  Content-Length: 5\n\
         framing: no body\nkeep-alive: yes\n",
    );
}

#[test]
fn points_at_the_byte_that_was_refused() {
    inspects(
        &["request"],
        b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        1,
        "error: expected ':' after field name, found ' ' at byte 20\n  |\n\
         2 | Host : a\\r\\n\n  |     ^\nkind: FieldName(32)\noffset: 20\nstatus: 400 Bad Request\n",
    );
}

#[test]
fn the_caret_stands_right_behind_escapes() {
    inspects(
        &["request"],
        b"GET / HTTP/1.1\r\nHost: \xc3\xa9\t\x01a\r\n\r\n",
        1,
        "error: expected a field value, found '\\x01' at byte 25\n  |\n\
         2 | Host: \\xc3\\xa9\\t\\x01a\\r\\n\n  |                 ^\n\
         kind: FieldValue(1)\noffset: 25\nstatus: 400 Bad Request\n",
    );
}

#[test]
fn a_long_line_is_shown_around_the_byte() {
    let input =
        format!("GET /{}\0{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(100), "b".repeat(100));
    let line = format!("...{}\\x00{}...", "a".repeat(48), "b".repeat(47));
    inspects(
        &["request"],
        input.as_bytes(),
        1,
        &format!(
            "error: expected a request target, found '\\x00' at byte 105\n  |\n1 | {line}\n  | {:51}^\n\
             kind: TargetByte(0)\noffset: 105\nstatus: 400 Bad Request\n",
            ""
        ),
    );
}

#[test]
fn an_error_in_the_body_comes_behind_what_was_read() {
    inspects(
        &["response"],
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\nx\r\n",
        1,
        "version: HTTP/1.1\nstatus: 200\nreason: OK\nfields: 1\n  Transfer-Encoding: chunked\n\
         framing: chunked\nkeep-alive: yes\nbody: 2 bytes\n  hi\n\
         error: expected a chunk size, found 'x' at byte 7\n  |\n6 | x\\r\\n\n  | ^\n\
         kind: ChunkSize(120)\noffset: 7, counted from the start of the body\n",
    );
}

#[test]
fn an_input_that_ends_too_early_is_an_error() {
    inspects(
        &["request"],
        b"GET / HTTP/1.1\r\nHost",
        1,
        "error: expected more of the head, found the end of the input\n  |\n2 | Host\n  |     ^\n\
         kind: Truncated\noffset: 20\nstatus: 400 Bad Request\n",
    );
}

#[test]
fn what_the_server_checks_is_checked() {
    inspects(
        &["request"],
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        1,
        "method: GET\ntarget: /\nform: origin\npath: /\nversion: HTTP/1.1\nfields: 2\n  Host: a\n  \
         Host: b\nerror: expected one Host field, found another at byte 31\n  |\n\
         3 | Host: b\\r\\n\n  |       ^\nkind: HostRepeated\noffset: 31\nstatus: 400 Bad Request\n",
    );
}

#[test]
fn bad_arguments_are_one_line_and_status_2() {
    for (arguments, expected) in [
        (&[][..], "inspect: expected a mode: request or response\n"),
        (&["url"], "inspect: expected a mode: request or response, found \"url\"\n"),
        (&["request", "GET"], "inspect: unexpected argument \"GET\"\n"),
        (
            &["response", "a b"],
            "inspect: not a method: expected a token as method, found ' ' at byte 1\n",
        ),
    ] {
        let outcome = run(&example("inspect"), arguments, b"");
        assert_eq!((outcome.status, outcome.err().as_str()), (Some(2), expected));
    }
}

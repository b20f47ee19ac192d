//! `echo`.

use crate::support::peers;
use crate::support::program::{Running, body, example, field, run, status};

fn start() -> Running {
    Running::example("echo", [] as [&str; 0], None)
}

#[track_caller]
fn answers(server: &Running, request: (&str, &str, &str), expected: (u16, &str)) -> String {
    let (method, target, fields) = request;
    let response = server.ask(method, target, fields);
    assert_eq!((status(&response), body(&response)), expected, "{method} {target}");
    response
}

#[test]
fn says_its_url_and_nothing_else() {
    let server = start();
    assert_eq!(server.line, format!("http://127.0.0.1:{}/\n", server.port));
}

#[test]
fn the_root_is_ok_and_sends_bodies_back() {
    let server = start();
    answers(&server, ("GET", "/", ""), (200, "OK"));
    answers(&server, ("GET", "/?a", ""), (200, "OK"));
    let head = answers(&server, ("HEAD", "/", ""), (200, ""));
    assert_eq!(field(&head, "Content-Length"), Some("2"));
    answers(&server, ("POST", "/", "Content-Length: 5\r\n\r\nhello"), (200, "hello"));
    answers(&server, ("POST", "/", "Content-Length: 0\r\n"), (200, ""));
    let chunked = "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n";
    answers(&server, ("POST", "/", chunked), (200, "abcde"));
    let refused = server.ask("PUT", "/", "");
    assert_eq!(
        (status(&refused), field(&refused, "Allow")),
        (405, Some("GET, HEAD, OPTIONS, POST"))
    );
}

#[test]
fn a_body_beyond_the_limit_is_too_large() {
    let server = start();
    let response = server.ask("POST", "/", "Content-Length: 99999999\r\n");
    assert_eq!(status(&response), 413);
    assert_eq!(field(&response, "Connection"), Some("close"));
}

#[test]
fn field_lines_come_back_as_they_were() {
    let server = start();
    for method in ["GET", "POST", "PUT", "DELETE"] {
        let expected = "Host: a\nConnection: close\nX-One: 1\nx-one: 2\n";
        answers(&server, (method, "/echo", "X-One: 1\r\nx-one:   2\r\n"), (200, expected));
    }
}

#[test]
fn cookies_come_back_one_a_line() {
    let server = start();
    let fields = "Cookie: a=b; c=\"d e\";  f=\r\nCookie: g=h\r\n";
    answers(&server, ("GET", "/cookie", fields), (200, "a=b\nc=\"d e\"\nf=\ng=h\n"));
    answers(&server, ("GET", "/cookie", ""), (200, ""));
    let refused = server.ask("DELETE", "/cookie", "");
    assert_eq!(
        (status(&refused), field(&refused, "Allow")),
        (405, Some("GET, HEAD, OPTIONS, POST"))
    );
}

#[test]
fn other_paths_are_not_found() {
    let server = start();
    answers(&server, ("GET", "/nothing", ""), (404, "404 Not Found\n"));
}

#[test]
fn curl_uploads_and_gets_it_back() {
    let Some(curl) = peers::find("curl") else { return };
    let server = start();
    let data: Vec<u8> =
        (0..1_500_000_u32).map(|n| n.to_le_bytes()[0] ^ n.to_le_bytes()[1]).collect();
    for how in ["Transfer-Encoding: chunked", "Expect: 100-continue"] {
        let arguments = ["-sS", "-H", how, "--data-binary", "@-", &server.url];
        let outcome = run(&curl, arguments, &data);
        assert_eq!(outcome.status, Some(0), "{}", outcome.err());
        assert!(outcome.stdout == data, "{how}");
    }
}

#[test]
fn python_posts_and_gets_it_back() {
    let Some(python) = peers::find("python3") else { return };
    let server = start();
    let script = "import sys, urllib.request as u\n\
        r = u.urlopen(u.Request(sys.argv[1], data=b'hello', headers={'Content-Type': 'text/plain'}))\n\
        print(r.status, r.read().decode())\n\
        r = u.urlopen(u.Request(sys.argv[1] + 'cookie', headers={'Cookie': 'a=b; c=d'}))\n\
        print(r.read().decode().split())";
    let outcome = run(&python, ["-c", script, &server.url], b"");
    assert_eq!(outcome.out(), "200 hello\n['a=b', 'c=d']\n", "{}", outcome.err());
}

#[test]
fn bad_arguments_are_one_line_and_status_2() {
    for (arguments, expected) in [
        (&["--port", "x"][..], "echo: expected a port from 0 to 65535 after --port; try --help\n"),
        (&["--port"], "echo: expected a value after --port; try --help\n"),
        (&["--bind"], "echo: expected a value after --bind; try --help\n"),
        (&["here"], "echo: unknown argument \"here\"; try --help\n"),
    ] {
        let outcome = run(&example("echo"), arguments, b"");
        assert_eq!((outcome.status, outcome.err().as_str()), (Some(2), expected));
    }
}

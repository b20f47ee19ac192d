//! What is put around a handler, as clients see it.

use super::{GET, Running, millis, statuses, until};
use crate::support::scratch::Scratch;
use nethttp::message::IntoResponse;
use nethttp::server::{
    AccessLog, BodyLimit, Compression, Cors, CrossOriginProtection, ErrorPages, Guard, Handler,
    Limits, RequestIds, SecurityHeaders, Timeout, Users,
};
use nethttp::{Body, Request, Response, Server, StatusCode};
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// What a log has written.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(buf);
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Written {
    /// The lines without their time. Each server is stopped first, so that all are there.
    fn lines(&self, server: Running) -> Vec<String> {
        drop(server);
        let text = self.0.lock().expect("no writer panics").clone();
        let text = String::from_utf8(text).expect("ASCII");
        let lines = text.lines().map(|line| {
            let (names, rest) = line.split_once(" [").expect("a time");
            let (_, rest) = rest.split_once("] ").expect("its end");
            format!("{names} {rest}")
        });
        lines.collect()
    }
}

fn logging(handler: impl Handler + 'static) -> (Running, Written) {
    let written = Written::default();
    let log = AccessLog::combined(written.clone());
    let server = Running::bind().on_refused(log.refusals());
    (Running::spawn(server, handler.wrap(log)), written)
}

/// More than systems keep for a client that does not read.
const LARGE: usize = 64 << 20;

fn answer(request: &mut Request) -> Response {
    match request.path() {
        "/panic" => panic!("on purpose"),
        "/read" => match request.body_mut().read_all() {
            Ok(bytes) => format!("{} bytes", bytes.len()).into_response(),
            Err(error) => nethttp::Error::from(error).into_response(),
        },
        "/ignored" => "ignored".into_response(),
        "/tried" => {
            let _ = request.body_mut().read_all();
            "tried".into_response()
        }
        "/none" => StatusCode::NOT_FOUND.into_response(),
        "/streamed" => Body::writer(|out| out.write_all(&[b'x'; 3000])).into_response(),
        "/large" => vec![b'x'; LARGE].into_response(),
        "/endless" => Body::reader(io::repeat(b'x'), None).into_response(),
        "/cached" => StatusCode::NOT_MODIFIED.into_response(),
        "/switch" => Response::new(StatusCode::SWITCHING_PROTOCOLS)
            .with_header("Upgrade", "echo")
            .expect("a good field")
            .with_body(Body::upgrade(|stream| stream.write_all(b"hello"))),
        "/panic_late" => Body::writer(|_| panic!("on purpose")).into_response(),
        "/broken" => Body::writer(|out| {
            out.write_all(b"half")?;
            out.flush()?;
            Err(io::Error::other("on purpose"))
        })
        .into_response(),
        "/panic_later" => Body::writer(|out| {
            out.write_all(b"half")?;
            out.flush()?;
            panic!("on purpose")
        })
        .into_response(),
        "/unsendable" => {
            "hello".into_response().with_header("Content-Length", "7").expect("a good field")
        }
        "/report_panics" => "hello".into_response().on_sent(|_| panic!("on purpose")),
        _ => "hello".into_response(),
    }
}

#[track_caller]
fn is_logged(request: &str, expected: &[&str]) {
    let (server, written) = logging(answer);
    let reply = server.exchange(request.as_bytes());
    let lines = written.lines(server);
    assert_eq!(lines, expected, "{reply}");
}

#[test]
fn what_no_handler_sees_has_a_line() {
    for (request, status) in [
        ("GET / HTTP/1.1\r\n\r\n", "400 16"),
        ("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", "501 20"),
        ("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", "501 20"),
    ] {
        is_logged(request, &[&format!("127.0.0.1 - - \"-\" {status} \"-\" \"-\"")]);
    }
    let written = Written::default();
    let log = AccessLog::combined(written.clone());
    let server = Running::bind().limits(Limits::DEFAULT.connections(0)).on_refused(log.refusals());
    let server = Running::spawn(server, answer);
    assert!(server.connect().rest().starts_with("HTTP/1.1 503 "));
    assert_eq!(written.lines(server), ["127.0.0.1 - - \"-\" 503 - \"-\" \"-\""]);
}

#[test]
fn every_request_has_a_line() {
    let one = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: a\r\nUser-Agent: me\r\n\r\n");
    let line =
        |path: &str, rest| format!("127.0.0.1 - - \"GET {path} HTTP/1.1\" {rest} \"-\" \"me\"");
    for (path, rest) in [
        ("/", "200 5"),
        ("/none", "404 14"),
        ("/streamed", "200 3000"),
        ("/broken", "200 4"),
        ("/panic", "500 -"),
        ("/panic_late", "200 -"),
        ("/panic_later", "200 4"),
        ("/unsendable", "500 26"),
        ("/report_panics", "200 5"),
    ] {
        is_logged(&one(path), &[&line(path, rest)]);
    }
    let pipelined = [one("/"), one("/none?a=%0a"), one("/")].concat();
    let lines = [line("/", "200 5"), line("/none?a=%0a", "404 14"), line("/", "200 5")];
    is_logged(&pipelined, &lines.each_ref().map(String::as_str));
}

#[test]
fn what_no_handler_sees_has_a_line_too() {
    let long = format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(100_000));
    for (request, rest) in [
        ("GET / HTTP/1.1\r\n\r\n", "400 16"),
        ("GET /\u{e9} HTTP/1.1\r\nHost: a\r\n\r\n", "400 16"),
        ("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", "400 16"),
        ("\" 200 \"\n\n", "400 16"),
        (&*long, "414 17"),
    ] {
        is_logged(request, &[&format!("127.0.0.1 - - \"-\" {rest} \"-\" \"-\"")]);
    }
    let second = "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET\r\n\r\n";
    let line = "127.0.0.1 - - \"GET / HTTP/1.1\" 200 5 \"-\" \"-\"";
    is_logged(second, &[line, "127.0.0.1 - - \"-\" 400 16 \"-\" \"-\""]);
}

#[test]
fn what_has_no_content_sends_no_bytes() {
    let head = "HEAD / HTTP/1.0\r\nReferer: http://b/\r\n\r\n";
    is_logged(head, &["127.0.0.1 - - \"HEAD / HTTP/1.0\" 200 - \"http://b/\" \"-\""]);
    let head = "HEAD /large HTTP/1.1\r\nHost: a\r\n\r\n";
    is_logged(head, &["127.0.0.1 - - \"HEAD /large HTTP/1.1\" 200 - \"-\" \"-\""]);
    let cached = "GET /cached HTTP/1.1\r\nHost: a\r\n\r\n";
    is_logged(cached, &["127.0.0.1 - - \"GET /cached HTTP/1.1\" 304 - \"-\" \"-\""]);
    // What comes behind the switch is of another protocol.
    let switch = "GET /switch HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";
    is_logged(switch, &["127.0.0.1 - - \"GET /switch HTTP/1.1\" 101 - \"-\" \"-\""]);
}

#[test]
fn a_response_that_the_client_does_not_take_has_the_bytes_that_went_out() {
    for path in ["/large", "/endless"] {
        let (server, written) = logging(answer);
        let mut client = server.connect();
        client.send(format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes());
        let mut some = [0; 100_000];
        client.0.read_exact(&mut some).expect("a part");
        drop(client);
        until("it is given up", || server.handle().connections() == 0);
        let [line] = &written.lines(server)[..] else { panic!("one line") };
        let line = line.strip_prefix(&format!("127.0.0.1 - - \"GET {path} HTTP/1.1\" 200 "));
        let sent = line.and_then(|line| line.strip_suffix(" \"-\" \"-\"")).expect("a line");
        let sent: usize = sent.parse().expect("a number");
        assert!((50_000..LARGE).contains(&sent), "{sent}");
    }
}

#[test]
fn a_line_cannot_be_forged_over_the_wire() {
    let target = "GET /\"%22\\ HTTP/1.1\r\nHost: a\r\n\r\n";
    is_logged(target, &["127.0.0.1 - - \"GET /\\x22%22\\x5C HTTP/1.1\" 200 5 \"-\" \"-\""]);
    let agent =
        "GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: \" 200 5 \\\t\u{85}\r\nReferer: -\r\n\r\n";
    let line =
        "127.0.0.1 - - \"GET / HTTP/1.1\" 200 5 \"\\x2D\" \"\\x22 200 5 \\x5C\\x09\\xC2\\x85\"";
    is_logged(agent, &[line]);
}

#[test]
fn a_value_of_any_length_is_on_one_line() {
    let (server, written) = logging(answer);
    let agent = "\u{e9}".repeat(10_000);
    let request = format!("GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: {agent}\r\n\r\n");
    assert_eq!(statuses(&server.exchange(request.as_bytes())), [200]);
    let agent = "\\xC3\\xA9".repeat(10_000);
    let line = format!("127.0.0.1 - - \"GET / HTTP/1.1\" 200 5 \"-\" \"{agent}\"");
    assert!(written.lines(server) == [line], "a line of its own length");
}

#[test]
fn clients_have_addresses_of_ipv6_or_none() {
    let Ok(server) = Server::bind("[::1]:0") else { return };
    let written = Written::default();
    let log = AccessLog::common(written.clone());
    let server = Running::spawn(server, answer.wrap(log));
    assert!(server.exchange(GET).ends_with("hello"));
    assert_eq!(written.lines(server), ["::1 - - \"GET / HTTP/1.1\" 200 5"]);
}

#[cfg(unix)]
#[test]
fn clients_of_unix_sockets_have_no_address() {
    use std::os::unix::net::{UnixListener, UnixStream};
    let name = format!("nethttp-log-{}", std::process::id());
    let scratch = Scratch::at(std::env::temp_dir().join(name));
    let path = scratch.path().join("socket");
    let server = Server::from_listener(UnixListener::bind(&path).expect("a socket"));
    let written = Written::default();
    let log = AccessLog::common(written.clone());
    let server = server.on_refused(log.refusals());
    let server = Running::spawn(server, answer.wrap(log));
    for request in [GET, b"\r\n?\r\n\r\n"] {
        let mut client = UnixStream::connect(&path).expect("a connection");
        client.write_all(request).expect("the server reads");
        client.shutdown(Shutdown::Write).expect("an end");
        io::copy(&mut client, &mut io::sink()).expect("an answer");
    }
    let lines = ["- - - \"GET / HTTP/1.1\" 200 5", "- - - \"-\" 400 16"];
    assert_eq!(written.lines(server), lines);
}

#[test]
fn a_body_that_is_cut_off_or_malformed_has_one_line() {
    for (path, body, end) in [
        ("/read", "5\r\nhel", ""),
        ("/read", "x\r\n", "400 "),
        ("/ignored", "x\r\n", "200 7 \"-\" \"-\""),
        ("/tried", "x\r\n", "400 16 \"-\" \"-\""),
    ] {
        let (server, written) = logging(answer);
        let head = format!("POST {path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        let _ = server.exchange(format!("{head}{body}").as_bytes());
        let lines = written.lines(server);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains(&format!("\"POST {path} HTTP/1.1\" {end}")), "{lines:?}");
    }
}

#[test]
fn a_body_beyond_its_limit_is_refused_before_it_is_sent() {
    let server = Running::start(answer.wrap(BodyLimit::new(4)));
    let head = "POST /read HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: ";
    let reply = server.exchange(format!("{head}5\r\n\r\n").as_bytes());
    assert_eq!(statuses(&reply), [413], "{reply}");
    let mut client = server.connect();
    client.send(format!("{head}4\r\n\r\n").as_bytes());
    assert_eq!(statuses(&client.response()), [100]);
    client.send(b"four");
    assert!(client.response().ends_with("4 bytes"));
    let chunked = "POST /read HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    let reply = server.exchange(format!("{chunked}5\r\nhello\r\n0\r\n\r\n").as_bytes());
    assert_eq!(statuses(&reply), [413], "{reply}");
}

#[test]
fn a_body_that_drips_in_is_given_up() {
    let server = Running::start(answer.wrap(Timeout::new(millis(150))));
    let mut client = server.connect();
    client.send(b"POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
    let mut sink = client.0.try_clone().expect("a second handle");
    // The server is gone before all of it is sent, and then that fails.
    let drip = thread::spawn(move || {
        while sink.write_all(b"x").is_ok() {
            thread::sleep(millis(20));
        }
    });
    let reply = client.rest();
    assert_eq!(statuses(&reply), [408], "{reply}");
    drop(client);
    drop(server);
    drip.join().expect("it only writes");
}

/// Everything that there is, in the order that the documentation gives.
fn everything() -> (Running, Written) {
    let written = Written::default();
    let guard = Guard::basic("staff", Users::new().add("ada", "secret")).expect("a realm");
    let app = answer
        .wrap(Timeout::new(Duration::from_secs(20)))
        .wrap(BodyLimit::new(1 << 20))
        .wrap(guard)
        .wrap(CrossOriginProtection::new())
        .wrap(ErrorPages::new())
        .wrap(Cors::origins(["https://app.example"]).expect("an origin"))
        .wrap(SecurityHeaders::new())
        .wrap(Compression::DEFAULT)
        .wrap(RequestIds::DEFAULT)
        .wrap(AccessLog::common(written.clone()));
    (Running::start(app), written)
}

/// What comes of a request to all of it, from that page, with that password and a body.
fn ask(path: &str, origin: &str, password: &str) -> (String, Vec<String>) {
    let (server, written) = everything();
    let credentials = nethttp::field::auth::Basic::new("ada", password).expect("a name").encode();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: a\r\nOrigin: {origin}\r\nAuthorization: {credentials}\r\n\
        Accept: text/html\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
    );
    let reply = server.exchange(request.as_bytes());
    (reply, written.lines(server))
}

#[test]
fn all_of_them_go_together() {
    let (reply, lines) = ask("/read", "http://a", "secret");
    assert!(reply.ends_with("5 bytes"), "{reply}");
    assert_eq!(lines, ["127.0.0.1 - ada \"POST /read HTTP/1.1\" 200 7"]);

    // Whatever goes wrong, people are shown a page of it, and programs of an allowed origin are let read it.
    for (path, origin, password, status, user) in [
        ("/none", "http://a", "secret", 404, "ada"),
        ("/panic", "http://a", "secret", 500, "ada"),
        ("/read", "http://a", "guess", 401, "-"),
        ("/read", "https://app.example", "secret", 403, "-"),
    ] {
        let (reply, lines) = ask(path, origin, password);
        assert_eq!(statuses(&reply), [status], "{reply}");
        assert!(reply.contains(&format!("<h1>{status} ")), "{reply}");
        assert!(reply.contains("\r\nX-Content-Type-Options: nosniff\r\n"), "{reply}");
        assert!(reply.contains("\r\nX-Request-Id: "), "{reply}");
        let may_read = reply.contains("Allow-Origin: https://app.example");
        assert_eq!(may_read, origin == "https://app.example", "{reply}");
        let line = format!("127.0.0.1 - {user} \"POST {path} HTTP/1.1\" {status} ");
        assert!(lines.len() == 1 && lines[0].starts_with(&line), "{lines:?}");
    }
}

#[test]
fn a_preflight_needs_no_password() {
    let (server, written) = everything();
    let preflight = "OPTIONS /read HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example\r\n\
        Access-Control-Request-Method: POST\r\n\r\n";
    let reply = server.exchange(preflight.as_bytes());
    assert_eq!(statuses(&reply), [204], "{reply}");
    assert!(reply.contains("Access-Control-Allow-Methods: GET, HEAD, POST\r\n"), "{reply}");
    assert_eq!(statuses(&server.exchange(GET)), [401]);
    assert_eq!(written.lines(server).len(), 2);
}

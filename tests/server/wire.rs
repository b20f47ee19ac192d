//! What the peer sees on the wire: order, persistence, interim responses, fields.

use super::{GET, PATIENCE, Running, millis, statuses};
use nethttp::message::IntoResponse;
use nethttp::server::Timeouts;
use nethttp::{Body, HeaderMap, Method, Request, Response, Server, StatusCode};

fn path(request: &mut Request) -> String {
    request.path().to_owned()
}

#[test]
fn answers_one_request_after_the_other_on_one_connection() {
    let server = Running::start(path);
    let mut client = server.connect();
    for n in 0..100 {
        client.send(format!("GET /{n} HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes());
        assert!(client.response().ends_with(&format!("\r\n\r\n/{n}")));
    }
    assert_eq!(server.handle().connections(), 1);
}

#[test]
fn answers_pipelined_requests_in_their_order() {
    let server = Running::start(path);
    let mut client = server.connect();
    let requests: String =
        (0..50).map(|n| format!("GET /{n} HTTP/1.1\r\nHost: a\r\n\r\n")).collect();
    client.send(requests.as_bytes());
    for n in 0..50 {
        assert!(client.response().ends_with(&format!("\r\n\r\n/{n}")));
    }
}

#[test]
fn a_refusal_never_overtakes_an_answer() {
    let slow = |request: &mut Request| {
        std::thread::sleep(millis(50));
        path(request)
    };
    let stream = Running::start(slow).exchange(
        b"GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\n",
    );
    assert_eq!(statuses(&stream), [200, 400], "{stream}");
}

#[test]
fn nothing_is_carried_out_after_close() {
    for close in ["close", "keep-alive, CLOSE", "Close\r\nConnection: keep-alive"] {
        let server = Running::start(path);
        let stream = server.exchange(
            format!("GET /1 HTTP/1.1\r\nHost: a\r\nConnection: {close}\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n")
                .as_bytes(),
        );
        assert_eq!(statuses(&stream), [200], "{stream}");
        assert!(stream.contains("Connection: close\r\n"), "{stream}");
    }
}

#[test]
fn http_1_0_closes_unless_asked_to_stay() {
    let server = Running::start(path);
    let stream = server.exchange(b"GET /1 HTTP/1.0\r\n\r\nGET /2 HTTP/1.0\r\n\r\n");
    assert_eq!(statuses(&stream), [200], "{stream}");

    let mut client = server.connect();
    client.send(b"GET /1 HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
    assert!(client.response().contains("Connection: keep-alive\r\n"));
    client.send(b"GET /2 HTTP/1.0\r\n\r\n");
    assert!(client.response().ends_with("/2"));
    assert!(client.is_closed());
}

#[test]
fn a_client_that_has_finished_sending_still_gets_its_answer() {
    let slow = |_: &mut Request| {
        std::thread::sleep(millis(50));
        "late"
    };
    assert!(Running::start(slow).exchange(GET).ends_with("late"));
}

#[test]
fn head_has_the_fields_of_get_and_no_content() {
    let server = Running::start(path);
    let get = server.exchange(b"GET /abc HTTP/1.0\r\n\r\n");
    let head = server.exchange(b"HEAD /abc HTTP/1.0\r\n\r\n");
    let without_date = |text: &str| -> Vec<String> {
        text.lines().filter(|line| !line.starts_with("Date")).map(str::to_owned).collect()
    };
    assert_eq!(without_date(&head), without_date(get.strip_suffix("/abc").expect("the body")));
}

#[test]
fn every_response_has_a_date_and_one_only() {
    let server = Running::start(|request: &mut Request| -> nethttp::Result<Response> {
        let response = Response::new(StatusCode::OK);
        Ok(match request.path() {
            "/own" => response.with_header("Date", "Thu, 01 Jan 1970 00:00:00 GMT")?,
            _ => response,
        })
    });
    for target in ["/", "/own", "bad"] {
        let stream = server.exchange(format!("GET {target} HTTP/1.0\r\n\r\n").as_bytes());
        assert_eq!(stream.matches("\r\nDate: ").count(), 1, "{stream}");
    }
}

#[test]
fn a_handler_that_reads_is_what_sends_100_continue() {
    let server = Running::start(|request: &mut Request| match request.path() {
        "/read" => request.body_mut().text().map_err(nethttp::Error::from),
        _ => Ok("no, thanks".to_owned()),
    });
    let ask = |path: &str, version: &str| {
        let mut client = server.connect();
        client.send(
            format!(
                "POST {path} HTTP/{version}\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 5\r\n\r\n"
            )
            .as_bytes(),
        );
        client
    };
    let mut client = ask("/read", "1.1");
    assert_eq!(client.response(), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send(b"hello");
    assert!(client.response().ends_with("hello"));
    // An answer without the body leaves in doubt whether it comes, so it is the last one.
    let mut client = ask("/", "1.1");
    let response = client.response();
    assert!(response.contains("200 OK") && response.contains("Connection: close"), "{response}");
    // In HTTP/1.0 there are no interim responses.
    let mut client = ask("/read", "1.0");
    client.send(b"hello");
    assert!(client.response().starts_with("HTTP/1.1 200"));
}

#[test]
fn a_body_that_has_begun_to_come_needs_no_invitation() {
    let server = Running::start(|request: &mut Request| {
        request.body_mut().text().map_err(nethttp::Error::from)
    });
    let stream = server.exchange(
        b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
    );
    assert_eq!(statuses(&stream), [200], "{stream}");
}

#[test]
fn an_absolute_target_is_served_like_the_path_in_it_for_the_host_in_it() {
    let server = Running::start(|request: &mut Request| {
        format!("{} {}", request.host().unwrap_or("nobody"), request.path())
    });
    for (head, answer) in [
        ("GET http://b.example:81/x?y HTTP/1.1\r\nHost: a\r\n", "b.example:81 /x"),
        ("GET http://b.example HTTP/1.1\r\nHost: a\r\n", "b.example /"),
        ("GET /x HTTP/1.1\r\nHost: a:82\r\n", "a:82 /x"),
        ("GET /x HTTP/1.0\r\n", "nobody /x"),
    ] {
        let stream = server.exchange(format!("{head}\r\n").as_bytes());
        assert!(stream.ends_with(&format!("\r\n\r\n{answer}")), "{stream}");
    }
}

#[test]
fn methods_that_are_dangerous_have_to_be_allowed() {
    let server = Running::start(path);
    let connect = b"CONNECT b.example:443 HTTP/1.1\r\nHost: b.example:443\r\n\r\n";
    let trace = b"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n";
    assert_eq!(statuses(&server.exchange(connect)), [501]);
    assert_eq!(statuses(&server.exchange(trace)), [501]);
    assert_eq!(server.handle().metrics().refused, 2);
    assert_eq!(statuses(&server.exchange(b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")), [204]);

    let allowing = Server::bind("127.0.0.1:0").expect("a port").allow_method(Method::TRACE);
    let server = Running(Some(allowing.spawn(path).expect("a thread")));
    assert_eq!(statuses(&server.exchange(trace)), [200]);
}

#[test]
fn a_tunnel_gets_what_came_early_and_what_comes_later() {
    let echo = |_: &mut Request| {
        Body::upgrade(|stream| {
            let mut byte = [0];
            while let 1 = stream.read(&mut byte)? {
                stream.write_all(&[byte[0].to_ascii_uppercase()])?;
            }
            Ok(())
        })
        .into_response()
    };
    let server = Server::bind("127.0.0.1:0").expect("a port").allow_method(Method::CONNECT);
    let server = Running(Some(server.spawn(echo).expect("a thread")));
    let mut client = server.connect();
    client.send(b"CONNECT b.example:1 HTTP/1.1\r\nHost: b.example:1\r\n\r\nearly ");
    client.send(b"late");
    client.finish();
    let stream = client.rest();
    assert!(stream.ends_with("\r\n\r\nEARLY LATE"), "{stream}");
    assert!(!stream.contains("Content-Length") && !stream.contains("Transfer-Encoding"));
}

#[test]
fn a_switch_of_protocols_has_to_be_asked_for() {
    let server = Running::start(|_: &mut Request| -> nethttp::Result<Response> {
        let body = Body::upgrade(|stream| stream.write_all(b"HEY"));
        let response = Response::new(StatusCode::SWITCHING_PROTOCOLS);
        Ok(response.with_header("Upgrade", "shout")?.with_body(body))
    });
    let asked = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: shout\r\n\r\n";
    let stream = server.exchange(asked);
    assert!(stream.starts_with("HTTP/1.1 101 ") && stream.ends_with("\r\n\r\nHEY"), "{stream}");
    assert!(stream.contains("Connection: upgrade\r\n"));
    // Without having been asked, what the handler has made cannot be sent.
    assert_eq!(statuses(&server.exchange(GET)), [500]);
}

#[test]
fn a_body_that_writes_itself_arrives_while_it_is_written() {
    let server = Running::start(|_: &mut Request| {
        Body::writer(|out| {
            out.write_all(b"one")?;
            out.flush()?;
            std::thread::sleep(millis(20));
            out.write_all(&[b'2'; 40_000])?;
            out.trailers().append("Digest", "x").map_err(std::io::Error::other)?;
            Ok(())
        })
    });
    let mut client = server.connect();
    client.send(GET);
    let head = client.response();
    assert!(head.contains("Transfer-Encoding: chunked\r\n"), "{head}");
    let mut first = Vec::new();
    (0..8).for_each(|_| client.byte(&mut first));
    assert_eq!(first, b"3\r\none\r\n");
    client.finish();
    let rest = client.rest();
    assert_eq!(rest.matches('2').count(), 40_000);
    assert!(rest.ends_with("\r\n0\r\nDigest: x\r\n\r\n"));
    // A client of HTTP/1.0 gets it until the end of the connection.
    let old = server.exchange(b"GET / HTTP/1.0\r\n\r\n");
    assert!(old.contains("\r\n\r\none222") && !old.contains("Transfer-Encoding"));
}

#[test]
fn an_answer_cannot_be_injected_into() {
    let server = Running::start(|_: &mut Request| {
        let mut headers = HeaderMap::new();
        headers.append("X", "a\r\nEvil: 1").is_err().then_some("refused")
    });
    assert!(server.exchange(GET).ends_with("refused"));
}

#[test]
fn what_a_tunnel_says_last_arrives_though_not_all_was_read() {
    let server = Server::bind("127.0.0.1:0").expect("a port").allow_method(Method::CONNECT);
    // The client is given time to read.
    let server = server.timeouts(Timeouts::DEFAULT.drain(PATIENCE));
    let handler = |_: &mut Request| {
        Body::upgrade(|stream| {
            std::thread::sleep(millis(100));
            stream.write_all(&[b'x'; 300_000])
        })
        .into_response()
    };
    let server = Running(Some(server.spawn(handler).expect("a thread")));
    let mut client = server.connect();
    client.send(b"CONNECT b.example:1 HTTP/1.1\r\nHost: b.example:1\r\n\r\n");
    client.response();
    client.send(&[b'y'; 10_000]);
    std::thread::sleep(millis(300));
    assert_eq!(client.rest().len(), 300_000);
}

#[test]
fn what_is_left_of_a_body_is_never_taken_for_a_request() {
    const SMUGGLED: &str = "GET /evil HTTP/1.1\r\nHost: a\r\n\r\n";
    let bodies = [
        format!("Content-Length: {}\r\n\r\n{SMUGGLED}", SMUGGLED.len()),
        format!(
            "Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{SMUGGLED}\r\n0\r\n\r\n",
            SMUGGLED.len()
        ),
    ];
    for limit in [0, 1, 20, 1000] {
        for read in [0, 1, 2, 20, SMUGGLED.len(), 1000] {
            let server = Running::with(
                nethttp::server::Limits::DEFAULT.body(limit),
                Timeouts::DEFAULT.drain(millis(100)),
                move |request: &mut Request| {
                    let mut piece = vec![0; read];
                    let _ = std::io::Read::read(request.body_mut(), &mut piece);
                    assert!(read != 2, "on purpose");
                    path(request)
                },
            );
            for body in &bodies {
                let stream = server
                    .exchange(format!("POST /first HTTP/1.1\r\nHost: a\r\n{body}GET /last HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes());
                assert!(!stream.contains("/evil"), "{limit} {read}: {stream}");
                assert!(read == 2 || stream.ends_with("/last"), "{limit} {read}: {stream}");
            }
        }
    }
}

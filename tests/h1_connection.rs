//! Dialogues of a client and a server, and what each side does when the other one misbehaves.

mod support;

use nethttp::h1::{
    ClientConnection, Config, EncodeErrorKind, Limits, ParseErrorKind, ServerConnection,
    ServerEvent, ServerNext,
};
use nethttp::{HeaderMap, Method, StatusCode};
use support::pair::{Pair, headers};

/// A server to which this was said, and what it heard.
#[track_caller]
fn server_after(input: &[u8]) -> (Pair, Vec<String>) {
    let mut pair = Pair::new(usize::MAX);
    pair.to_server.extend_from_slice(input);
    let heard = pair.server_hears();
    (pair, heard)
}

/// A client that has asked for `/` and to which this was said, and what it heard.
#[track_caller]
fn client_after(method: Method, fields: &str, input: &[u8]) -> (Pair, Vec<String>) {
    let mut pair = Pair::new(usize::MAX);
    let target = if method == Method::CONNECT { "a:1" } else { "/" };
    pair.ask(method, target, fields, b"");
    pair.to_client.extend_from_slice(input);
    let heard = pair.client_hears();
    (pair, heard)
}

fn text(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";

#[test]
fn an_exchange_and_another_one() {
    Pair::each(|pair| {
        pair.ask(Method::GET, "/one", "", b"");
        assert_eq!(pair.server_hears(), ["GET /one", "End", "Paused"]);
        pair.answer(200, "", b"first");
        assert_eq!(pair.client_hears(), ["200", "\"first\"", "End"]);
        assert_eq!(pair.server.next(), ServerNext::Request);
        assert!(pair.client.next());

        pair.ask(Method::POST, "/two", "", b"body");
        assert_eq!(pair.server_hears(), ["POST /two", "\"body\"", "End", "Paused"]);
        pair.answer(404, "", b"");
        assert_eq!(pair.client_hears(), ["404", "End"]);
        assert_eq!(pair.server.next(), ServerNext::Request);
        assert!(pair.client.next());
        assert!(pair.server.is_idle());
    });
}

#[test]
fn bodies_of_unknown_length_with_trailers() {
    Pair::each(|pair| {
        pair.ask_head(Method::PUT, "/", "", None);
        let out = &mut pair.to_server;
        for piece in [&b"some"[..], b"", b" data"] {
            pair.client.send_data(piece, out).unwrap();
        }
        pair.client.finish(&headers("Digest: 1\r\n"), out).unwrap();
        assert_eq!(pair.server_hears(), ["PUT /", "\"some data\"", "End", "Paused"]);
        assert_eq!(pair.server.trailers().get("digest"), Some(&b"1"[..]));

        pair.answer_head(200, "", None);
        pair.server.send_data(b"answer", &mut pair.to_client).unwrap();
        pair.server.finish(&headers("Sum: 2\r\n"), &mut pair.to_client).unwrap();
        assert_eq!(pair.client_hears(), ["200", "\"answer\"", "End"]);
        assert_eq!(pair.client.trailers().get("sum"), Some(&b"2"[..]));
        assert!(pair.client.next());
        assert_eq!(pair.server.next(), ServerNext::Request);

        // They are gone with the next messages, whose bodies are counted anew.
        pair.ask(Method::GET, "/", "", b"");
        assert_eq!(pair.server_hears(), ["GET /", "End", "Paused"]);
        assert!(pair.server.trailers().is_empty());
        pair.answer(200, "", b"again");
        assert_eq!(pair.client_hears(), ["200", "\"again\"", "End"]);
        assert!(pair.client.trailers().is_empty());
    });
}

#[test]
fn a_head_request_gets_fields_and_no_body() {
    Pair::each(|pair| {
        pair.ask(Method::HEAD, "/", "", b"");
        pair.server_hears();
        pair.answer(200, "", b"not sent");
        assert!(text(&pair.to_client).contains("Content-Length: 8"));
        assert_eq!(pair.client_hears(), ["200", "End"]);
        assert!(pair.client.next());
        assert_eq!(pair.server.next(), ServerNext::Request);
    });
}

#[test]
fn pipelined_requests_wait_for_their_turn() {
    Pair::each(|pair| {
        for target in ["/1", "/2", "/3"] {
            let request = format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n");
            pair.to_server.extend_from_slice(request.as_bytes());
        }
        for target in ["/1", "/2", "/3"] {
            let get = format!("GET {target}");
            assert_eq!(pair.server_hears(), [&get, "End", "Paused"]);
            assert_eq!(pair.server_hears(), ["Paused"], "nothing is read before the answer");
            assert_eq!(pair.server.next(), ServerNext::Unfinished);
            pair.answer(200, "", target.as_bytes());
            assert_eq!(pair.server.next(), ServerNext::Request);
        }
        assert!(pair.server_hears().is_empty());
    });
}

#[test]
fn a_refusal_never_overtakes_an_answer() {
    let (mut pair, heard) = server_after(&[GET, b"bad\r\n\r\n", GET].concat());
    assert_eq!(heard, ["GET /", "End", "Paused"]);
    pair.answer(200, "", b"");
    assert_eq!(pair.server.next(), ServerNext::Request);
    let refusal = "error: expected a method and a space, found '\\r' at byte 3";
    assert_eq!(pair.server_hears(), [refusal]);
    pair.answer(400, "", b"");
    assert!(
        text(&pair.to_client)
            .ends_with("400 Bad Request\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n")
    );
    assert_eq!(pair.server.next(), ServerNext::Close);
    pair.to_server = GET.to_vec();
    assert_eq!(pair.server_hears(), [refusal], "nothing is read after a refusal");
}

#[test]
fn nothing_is_read_behind_close() {
    for fields in
        ["Connection: close", "Connection: keep-alive, CLOSE", "Connection: x\r\nConnection: close"]
    {
        let request = format!("GET / HTTP/1.1\r\nHost: a\r\n{fields}\r\n\r\n");
        let (mut pair, heard) = server_after(&[request.as_bytes(), GET].concat());
        assert_eq!(heard, ["GET /", "End", "Paused"]);
        assert!(pair.to_server.is_empty(), "what follows is thrown away");
        pair.answer(200, "", b"");
        assert!(text(&pair.to_client).contains("\\r\\nConnection: close\\r\\n"), "{fields}");
        assert_eq!(pair.server.next(), ServerNext::Close);
        pair.to_server = GET.to_vec();
        assert_eq!(pair.server_hears(), ["Paused"]);
    }
}

#[test]
fn http_1_0_closes_unless_it_asks_not_to() {
    let (mut pair, _) = server_after(b"GET / HTTP/1.0\r\n\r\n");
    pair.answer(200, "", b"");
    assert!(text(&pair.to_client).contains("Connection: close"));
    assert_eq!(pair.server.next(), ServerNext::Close);

    let keep = b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
    let (mut pair, _) = server_after(keep);
    pair.answer(200, "", b"");
    assert!(text(&pair.to_client).contains("Connection: keep-alive"));
    assert_eq!(pair.server.next(), ServerNext::Request);

    // Without a length the answer ends with the connection, whatever was asked.
    let (mut pair, _) = server_after(keep);
    pair.answer_head(200, "", None);
    pair.server.send_data(b"until the end", &mut pair.to_client).unwrap();
    pair.server.finish(&HeaderMap::new(), &mut pair.to_client).unwrap();
    assert!(text(&pair.to_client).ends_with("Connection: close\\r\\n\\r\\nuntil the end"));
    assert_eq!(pair.server.next(), ServerNext::Close);
}

#[test]
fn either_side_may_close() {
    Pair::each(|pair| {
        pair.ask(Method::GET, "/", "Connection: close\r\n", b"");
        pair.server_hears();
        pair.answer(200, "", b"a");
        assert_eq!(pair.client_hears(), ["200", "\"a\"", "End"]);
        assert!(!pair.client.next());
        assert_eq!(pair.server.next(), ServerNext::Close);
        assert_eq!(pair.client_hears_the_end(), "Closed");
        assert_eq!(pair.server_hears_the_end(), "Paused");
    });
    Pair::each(|pair| {
        pair.ask(Method::GET, "/", "", b"");
        pair.server_hears();
        pair.server.close_after();
        assert!(!pair.server.keep_alive());
        pair.answer(200, "", b"a");
        assert!(text(&pair.to_client).contains("Connection: close"));
        assert_eq!(pair.client_hears(), ["200", "\"a\"", "End"]);
        assert!(!pair.client.next());
        assert_eq!(pair.server.next(), ServerNext::Close);
    });
    Pair::each(|pair| {
        pair.ask(Method::GET, "/", "", b"");
        pair.server_hears();
        pair.answer(200, "Connection: close\r\n", b"a");
        assert_eq!(text(&pair.to_client).matches("onnection").count(), 1);
        assert_eq!(pair.client_hears(), ["200", "\"a\"", "End"]);
        assert!(!pair.client.next());
        assert_eq!(pair.server.next(), ServerNext::Close);
    });
}

#[test]
fn a_body_that_was_not_read_is_drained_before_the_next_request() {
    let put = b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n";
    let (mut pair, heard) = server_after(put);
    assert_eq!(heard, ["PUT /"]);
    pair.answer(200, "", b"");
    assert_eq!(pair.server.next(), ServerNext::Drain);
    assert_eq!(pair.server.body_remaining(), Some(4));
    pair.to_server = [b"body", GET].concat();
    assert_eq!(pair.server_hears(), ["\"body\"", "End", "Paused"]);
    assert_eq!(pair.server.next(), ServerNext::Request);
    assert_eq!(pair.server_hears(), ["GET /", "End", "Paused"]);
}

#[test]
fn a_body_that_breaks_while_it_is_drained_ends_the_connection() {
    let put = b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    let (mut pair, _) = server_after(put);
    pair.answer(200, "", b"");
    assert_eq!(pair.server.next(), ServerNext::Drain);
    pair.to_server = b"x".to_vec();
    assert_eq!(pair.server_hears(), ["error: expected a chunk size, found 'x' at byte 0"]);
    assert_eq!(pair.server.next(), ServerNext::Close);
}

#[test]
fn an_unread_body_behind_close_is_not_drained() {
    let put = b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nConnection: close\r\n\r\n";
    let (mut pair, _) = server_after(put);
    pair.answer(200, "", b"");
    assert_eq!(pair.server.next(), ServerNext::Close);
}

const EXPECTING: &str = "Expect: 100-continue\r\n";

#[test]
fn a_client_that_waits_is_told_to_go_on() {
    Pair::each(|pair| {
        pair.ask_head(Method::PUT, "/", EXPECTING, Some(4));
        assert_eq!(pair.server_hears(), ["PUT /"]);
        assert!(pair.server.expects_continue());
        let none = HeaderMap::new();
        pair.server.send_interim(StatusCode::CONTINUE, &none, &mut pair.to_client).unwrap();
        assert!(!pair.server.expects_continue());
        assert_eq!(pair.client_hears(), ["100"]);
        pair.client.send_data(b"body", &mut pair.to_server).unwrap();
        pair.client.finish(&none, &mut pair.to_server).unwrap();
        assert_eq!(pair.server_hears(), ["\"body\"", "End", "Paused"]);
        pair.answer(200, "", b"");
        assert_eq!(pair.client_hears(), ["200", "End"]);
        assert!(pair.client.next());
        assert_eq!(pair.server.next(), ServerNext::Request);
    });
}

#[test]
fn a_client_that_does_not_wait_is_not_told() {
    let put = b"PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nb";
    let (mut pair, heard) = server_after(put);
    assert_eq!(heard, ["PUT /", "\"b\""]);
    assert!(!pair.server.expects_continue());
    let sent = pair.server.send_interim(StatusCode::CONTINUE, &HeaderMap::new(), &mut Vec::new());
    assert_eq!(sent.unwrap_err().kind(), EncodeErrorKind::State);
    pair.answer(200, "", b"");
    assert!(!text(&pair.to_client).contains("close"), "the body is coming");
    assert_eq!(pair.server.next(), ServerNext::Drain);
}

#[test]
fn a_client_that_waits_and_is_refused_is_not_waited_for() {
    Pair::each(|pair| {
        pair.ask_head(Method::PUT, "/", EXPECTING, Some(4));
        pair.server_hears();
        pair.answer(413, "", b"");
        assert!(text(&pair.to_client).contains("Connection: close"));
        assert_eq!(pair.server.next(), ServerNext::Close);
        assert_eq!(pair.client_hears(), ["413", "End"]);
        assert!(!pair.client.next());
    });
}

#[test]
fn nobody_is_told_to_go_on_unasked() {
    let none = HeaderMap::new();
    for request in [GET, b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n"] {
        let (mut pair, _) = server_after(request);
        let sent = pair.server.send_interim(StatusCode::CONTINUE, &none, &mut pair.to_client);
        assert_eq!(sent.unwrap_err().kind(), EncodeErrorKind::State);
        assert!(pair.to_client.is_empty());
        pair.server.send_interim(StatusCode::PROCESSING, &none, &mut pair.to_client).unwrap();
    }
    let old = b"PUT / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";
    let (mut pair, _) = server_after(old);
    for status in [StatusCode::CONTINUE, StatusCode::PROCESSING] {
        let sent = pair.server.send_interim(status, &none, &mut pair.to_client);
        assert_eq!(sent.unwrap_err().kind(), EncodeErrorKind::InterimVersion);
    }
}

#[test]
fn interim_responses_come_before_the_final_one() {
    Pair::each(|pair| {
        pair.ask(Method::GET, "/", "", b"");
        pair.server_hears();
        let link = headers("Link: </a.css>\r\n");
        for _ in 0..2 {
            let out = &mut pair.to_client;
            pair.server.send_interim(StatusCode::EARLY_HINTS, &link, out).unwrap();
        }
        pair.answer(200, "", b"x");
        assert_eq!(pair.client_hears(), ["103", "103", "200", "\"x\"", "End"]);
    });
    let (mut pair, _) = server_after(GET);
    pair.answer(200, "", b"");
    let late =
        pair.server.send_interim(StatusCode::EARLY_HINTS, &HeaderMap::new(), &mut Vec::new());
    assert_eq!(late.unwrap_err().kind(), EncodeErrorKind::State);
}

#[test]
fn interim_responses_are_counted() {
    let interim = b"HTTP/1.1 103 Early Hints\r\n\r\n";
    let last = b"HTTP/1.1 204 No Content\r\n\r\n";
    let (_, heard) = client_after(Method::GET, "", &[&interim.repeat(16)[..], last].concat());
    assert_eq!(heard.len(), 18);
    let (mut pair, heard) = client_after(Method::GET, "", &interim.repeat(17));
    assert_eq!(heard[16], "error: expected a final response, found another interim one at byte 0");
    assert!(!pair.client.next());
    // Each request has its own count.
    let (mut pair, _) = client_after(Method::GET, "", &[&interim.repeat(16)[..], last].concat());
    assert!(pair.client.next());
    pair.ask(Method::GET, "/", "", b"");
    pair.to_client = [&interim.repeat(16)[..], last].concat();
    assert_eq!(pair.client_hears().len(), 18);
}

const UPGRADE: &str = "Connection: upgrade\r\nUpgrade: echo\r\n";

#[test]
fn both_sides_switch_protocols() {
    Pair::each(|pair| {
        pair.ask(Method::GET, "/", UPGRADE, b"");
        pair.to_server.extend_from_slice(b"early");
        assert_eq!(pair.server_hears(), ["GET /", "End", "Paused"]);
        assert!(pair.server.proposes_upgrade());
        pair.answer_head(101, "Upgrade: echo\r\n", None);
        assert!(!text(&pair.to_client).contains("ontent"));
        assert_eq!(pair.server.next(), ServerNext::Switched);
        assert_eq!(pair.server_hears(), ["Paused"]);
        assert_eq!(pair.to_server, b"early", "what follows belongs to the other protocol");
        pair.to_client.extend_from_slice(b"\0other");
        assert_eq!(pair.client_hears(), ["101", "Switched"]);
        assert_eq!(pair.to_client, b"\0other");
        let sent = pair.server.send_data(b"x", &mut Vec::new());
        assert_eq!(sent.unwrap_err().kind(), EncodeErrorKind::State);
        assert!(!pair.client.next());
    });
}

#[test]
fn a_server_may_decline_to_switch() {
    Pair::each(|pair| {
        pair.ask(Method::GET, "/", UPGRADE, b"");
        pair.server_hears();
        pair.answer(200, "", b"no");
        assert_eq!(pair.client_hears(), ["200", "\"no\"", "End"]);
        assert_eq!(pair.server.next(), ServerNext::Request);
        assert!(pair.client.next());
    });
}

#[test]
fn nobody_switches_unasked() {
    for request in [
        GET,
        b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: echo\r\n\r\n",
        b"GET / HTTP/1.0\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n",
    ] {
        let (mut pair, _) = server_after(request);
        let headers = headers("Upgrade: echo\r\n");
        let status = StatusCode::SWITCHING_PROTOCOLS;
        let sent =
            pair.server.send_response(status, None, &headers, None, None, &mut pair.to_client);
        assert_eq!(sent.unwrap_err().kind(), EncodeErrorKind::UpgradeMissing);
        assert!(pair.to_client.is_empty());
        pair.answer(200, "", b"");
    }
    let switch =
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n";
    let (_, heard) = client_after(Method::GET, "", switch);
    assert_eq!(heard, ["error: expected no switch of protocols at byte 0"]);
    let (_, heard) = client_after(Method::GET, UPGRADE, b"HTTP/1.1 101 Ok\r\n\r\n");
    assert_eq!(heard, ["error: expected no switch of protocols at byte 0"]);
}

#[test]
fn nobody_switches_in_the_middle_of_a_request() {
    let post = format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n{UPGRADE}\r\n");
    let (mut pair, _) = server_after(post.as_bytes());
    let upgrade = headers("Upgrade: echo\r\n");
    let switch = |pair: &mut Pair| {
        let (status, out) = (StatusCode::SWITCHING_PROTOCOLS, &mut pair.to_client);
        pair.server.send_response(status, None, &upgrade, None, None, out)
    };
    assert_eq!(switch(&mut pair).unwrap_err().kind(), EncodeErrorKind::State);
    assert!(pair.to_client.is_empty());
    pair.to_server = b"body".to_vec();
    assert_eq!(pair.server_hears(), ["\"body\"", "End", "Paused"]);
    assert_eq!(switch(&mut pair), Ok(()));

    let mut pair = Pair::new(1);
    pair.ask_head(Method::POST, "/", UPGRADE, Some(4));
    pair.to_client = format!("HTTP/1.1 101 Ok\r\n{UPGRADE}\r\n").into_bytes();
    assert_eq!(pair.client_hears(), ["error: expected no switch of protocols at byte 0"]);

    let connect = b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n";
    let (mut pair, _) = server_after(connect);
    let (none, out) = (HeaderMap::new(), &mut Vec::new());
    let sent = pair.server.send_response(StatusCode::OK, None, &none, None, None, out);
    assert_eq!(sent.unwrap_err().kind(), EncodeErrorKind::State);
}

#[test]
fn connect_makes_a_tunnel() {
    Pair::each(|pair| {
        pair.ask(Method::CONNECT, "b:443", "", b"");
        assert_eq!(pair.server_hears(), ["CONNECT b:443", "End", "Paused"]);
        pair.answer_head(200, "", Some(5));
        assert_eq!(pair.to_client, b"HTTP/1.1 200 OK\r\n\r\n");
        assert_eq!(pair.server.next(), ServerNext::Switched);
        pair.to_client.extend_from_slice(b"tunnel");
        assert_eq!(pair.client_hears(), ["200", "Switched"]);
        assert_eq!(pair.to_client, b"tunnel");
    });
    Pair::each(|pair| {
        pair.ask(Method::CONNECT, "b:443", "", b"");
        pair.server_hears();
        pair.answer(403, "", b"no");
        assert_eq!(pair.client_hears(), ["403", "\"no\"", "End"]);
        assert_eq!(pair.server.next(), ServerNext::Request);
        assert!(pair.client.next());
    });
}

#[test]
fn an_error_is_for_ever_and_answered_once() {
    let (mut pair, heard) = server_after(b"GET / HTTP/3.0\r\n\r\n");
    assert_eq!(heard, ["error: expected HTTP version 1 at byte 11"]);
    pair.to_server = GET.to_vec();
    assert_eq!(pair.server_hears(), heard);
    assert_eq!(pair.server_hears_the_end(), "expected HTTP version 1 at byte 11");
    assert!(!pair.server.keep_alive() && !pair.server.is_idle());
    assert_eq!(pair.server.next(), ServerNext::Close);
    pair.answer(505, "", b"why");
    assert!(text(&pair.to_client).contains("Connection: close"));
    assert_eq!(pair.server.next(), ServerNext::Close);
    let (status, none) = (StatusCode::BAD_REQUEST, HeaderMap::new());
    let again = pair.server.send_response(status, None, &none, Some(0), None, &mut Vec::new());
    assert_eq!(again.unwrap_err().kind(), EncodeErrorKind::State);
}

#[test]
fn an_error_in_a_body_is_answered_if_nothing_was() {
    let put = b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel";
    let (mut pair, heard) = server_after(put);
    assert_eq!(heard, ["PUT /", "\"hel\""]);
    pair.to_server = b"lox\r\n".to_vec();
    let refusal = ["\"lo\"", "error: expected CRLF after chunk data, found 'x' at byte 8"];
    assert_eq!(pair.server_hears(), refusal);
    let (status, none) = (StatusCode::PROCESSING, HeaderMap::new());
    let interim = pair.server.send_interim(status, &none, &mut pair.to_client);
    assert_eq!(interim.unwrap_err().kind(), EncodeErrorKind::State);
    pair.answer(400, "", b"");
    assert!(text(&pair.to_client).contains("Connection: close"));
    assert_eq!(pair.server.next(), ServerNext::Close);
}

#[test]
fn a_server_may_give_up_on_a_silent_client() {
    let (mut pair, heard) = server_after(b"GET / HT");
    assert!(heard.is_empty());
    pair.answer(408, "", b"");
    assert!(text(&pair.to_client).contains("Connection: close"));
    pair.to_server = GET.to_vec();
    assert_eq!(pair.server_hears(), ["Paused"], "the request came too late");
    assert_eq!(pair.server.next(), ServerNext::Close);
}

#[test]
fn the_client_may_close_in_every_state() {
    // Between requests.
    for start in ["", "\r", "\r\n", "\r\n\r\n"] {
        let (mut pair, _) = server_after(start.as_bytes());
        assert!(pair.server.is_idle(), "{start:?}");
        assert_eq!(pair.server_hears_the_end(), "Closed", "{start:?}");
        assert_eq!(pair.server.next(), ServerNext::Close);
        assert_eq!(pair.server_hears_the_end(), "Closed");
    }
    // In a head.
    for len in 1..GET.len() {
        let (mut pair, _) = server_after(&GET[..len]);
        let truncated =
            format!("expected more bytes, found the end of the connection at byte {len}");
        assert_eq!(pair.server_hears_the_end(), truncated);
        assert_eq!(pair.server_hears(), [format!("error: {truncated}")]);
        assert_eq!(pair.server.next(), ServerNext::Close);
    }
    // In a body.
    let put = "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    let body = "3\r\nabc\r\n0\r\nA: b\r\n\r\n";
    for len in 0..body.len() {
        let (mut pair, _) = server_after(format!("{put}{}", &body[..len]).as_bytes());
        let truncated =
            format!("expected more bytes, found the end of the connection at byte {len}");
        assert_eq!(pair.server_hears_the_end(), truncated);
        assert_eq!(pair.server.next(), ServerNext::Close);
    }
    // Behind a request, which gets its answer.
    for request in [GET, &[put.as_bytes(), body.as_bytes()].concat()] {
        let (mut pair, _) = server_after(request);
        assert_eq!(pair.server_hears_the_end(), "Paused");
        pair.answer(200, "", b"answer");
        assert!(text(&pair.to_client).ends_with("Connection: close\\r\\n\\r\\nanswer"));
        assert_eq!(pair.server.next(), ServerNext::Close);
        assert_eq!(pair.server_hears_the_end(), "Paused");
    }
    // In the middle of the answer, whose head has already promised more.
    let (mut pair, _) = server_after(GET);
    pair.answer_head(200, "", Some(2));
    assert_eq!(pair.server_hears_the_end(), "Paused");
    pair.server.send_data(b"ok", &mut pair.to_client).unwrap();
    pair.server.finish(&HeaderMap::new(), &mut pair.to_client).unwrap();
    assert_eq!(pair.server.next(), ServerNext::Close);
    // Behind a request whose End nobody has asked for.
    let mut server = ServerConnection::new(&Config::SERVER);
    assert!(matches!(server.receive(GET), Ok((_, ServerEvent::Request(_)))));
    assert!(matches!(server.end_of_input(), Ok(ServerEvent::Paused)));
}

#[test]
fn the_server_may_close_in_every_state() {
    let truncated =
        |len: usize| format!("expected more bytes, found the end of the connection at byte {len}");
    let mut pair = Pair::new(1);
    assert_eq!(pair.client_hears_the_end(), "Closed");
    assert!(!pair.client.next());
    let (host, out) = (headers("Host: a\r\n"), &mut Vec::new());
    let sent = pair.client.send_request(Method::GET, b"/", &host, Some(0), out);
    assert_eq!(sent.unwrap_err().kind(), EncodeErrorKind::State);
    assert!(out.is_empty());

    let head = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n";
    let (pair, _) = client_after(Method::GET, "", b"\0");
    assert!(!pair.client.is_unanswered(), "nonsense is an answer, too");
    for len in 0..head.len() {
        let (mut pair, heard) = client_after(Method::GET, "", &head.as_bytes()[..len]);
        assert!(heard.is_empty());
        assert_eq!(pair.client.is_unanswered(), len == 0);
        assert_eq!(pair.client_hears_the_end(), truncated(len));
        assert!(!pair.client.next());
    }
    for len in 0..3 {
        let (mut pair, _) =
            client_after(Method::GET, "", format!("{head}{}", &"abc"[..len]).as_bytes());
        assert_eq!(pair.client_hears_the_end(), truncated(len));
        assert!(!pair.client.next());
    }
    let interim = b"HTTP/1.1 100 Continue\r\n\r\n";
    let (mut pair, _) = client_after(Method::GET, "", interim);
    assert!(!pair.client.is_unanswered());
    assert_eq!(pair.client_hears_the_end(), truncated(0));
    // A body that ends with the connection.
    let (mut pair, heard) = client_after(Method::GET, "", b"HTTP/1.1 200 OK\r\n\r\nall of it");
    assert_eq!(heard, ["200", "\"all of it\""]);
    assert_eq!(pair.client_hears_the_end(), "End");
    assert_eq!(pair.client_hears_the_end(), "Closed");
    assert!(!pair.client.next());
    // A chunked body does not.
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";
    let (mut pair, heard) = client_after(Method::GET, "", chunked);
    assert_eq!(heard, ["200", "\"hello\""]);
    assert_eq!(pair.client_hears_the_end(), truncated(10));
}

#[test]
fn an_answer_may_come_before_the_request_is_complete() {
    Pair::each(|pair| {
        pair.ask_head(Method::POST, "/", "", Some(9));
        assert_eq!(pair.server_hears(), ["POST /"]);
        pair.answer(413, "Connection: close\r\n", b"no");
        assert_eq!(pair.client_hears(), ["413", "\"no\"", "End"]);
        assert!(!pair.client.next());
        assert_eq!(pair.server.next(), ServerNext::Close);
    });
    // The rest may come all the same, and then the connection goes on.
    Pair::each(|pair| {
        pair.ask_head(Method::POST, "/", "", Some(4));
        pair.server_hears();
        pair.answer(200, "", b"");
        assert_eq!(pair.client_hears(), ["200", "End"]);
        assert!(!pair.client.next(), "the request is not complete");
        pair.client.send_data(b"rest", &mut pair.to_server).unwrap();
        pair.client.finish(&HeaderMap::new(), &mut pair.to_server).unwrap();
        assert_eq!(pair.server.next(), ServerNext::Drain);
        assert_eq!(pair.server_hears(), ["\"rest\"", "End", "Paused"]);
        assert_eq!(pair.server.next(), ServerNext::Request);
        assert!(pair.client.next());
    });
}

#[test]
fn bytes_that_nobody_asked_for_are_no_response() {
    let unexpected = "error: expected nothing before the next request at byte 0";
    let mut pair = Pair::new(usize::MAX);
    pair.to_client = b"HTTP/1.1 408 Request Timeout\r\n\r\n".to_vec();
    assert_eq!(pair.client_hears(), [unexpected]);
    assert!(!pair.client.next());
    for response in [
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcde",
        "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabcde",
    ] {
        let (mut pair, heard) = client_after(Method::GET, "", response.as_bytes());
        assert_eq!(heard.last().unwrap(), unexpected, "{response:?}");
        assert_eq!(heard[heard.len() - 2], "End", "{response:?}");
        assert!(!pair.client.next());
    }
}

#[test]
fn each_side_speaks_only_in_its_turn() {
    let (none, mut out) = (HeaderMap::new(), Vec::new());
    let state = EncodeErrorKind::State;
    let mut client = ClientConnection::new(&Config::CLIENT);
    assert_eq!(client.send_data(b"x", &mut out).unwrap_err().kind(), state);
    assert_eq!(client.frame(1).unwrap_err().kind(), state);
    assert_eq!(client.finish(&none, &mut out).unwrap_err().kind(), state);
    let host = headers("Host: a\r\n");
    client.send_request(Method::GET, b"/", &host, Some(0), &mut out).unwrap();
    let twice = client.send_request(Method::GET, b"/", &host, Some(0), &mut Vec::new());
    assert_eq!(twice.unwrap_err().kind(), state);
    client.finish(&none, &mut out).unwrap();
    assert_eq!(client.finish(&none, &mut out).unwrap_err().kind(), state);
    assert_eq!(client.send_data(b"", &mut out).unwrap_err().kind(), state);

    let mut server = ServerConnection::new(&Config::SERVER);
    assert_eq!(server.send_data(b"x", &mut out).unwrap_err().kind(), state);
    assert_eq!(server.frame(1).unwrap_err().kind(), state);
    assert_eq!(server.finish(&none, &mut out).unwrap_err().kind(), state);
    let interim = server.send_interim(StatusCode::PROCESSING, &none, &mut out);
    assert_eq!(interim.unwrap_err().kind(), state);
    let (mut pair, _) = server_after(GET);
    pair.answer(200, "", b"");
    assert_eq!(pair.server.send_data(b"x", &mut out).unwrap_err().kind(), state);
    assert_eq!(pair.server.finish(&none, &mut out).unwrap_err().kind(), state);
}

#[test]
fn a_body_keeps_its_announced_length() {
    let (mut pair, _) = server_after(GET);
    pair.answer_head(200, "", Some(3));
    let before = pair.to_client.len();
    let long = pair.server.send_data(b"four", &mut pair.to_client);
    assert_eq!(long.unwrap_err().kind(), EncodeErrorKind::BodyTooLong);
    assert_eq!(pair.to_client.len(), before);
    pair.server.send_data(b"ab", &mut pair.to_client).unwrap();
    let short = pair.server.finish(&HeaderMap::new(), &mut pair.to_client);
    assert_eq!(short.unwrap_err().kind(), EncodeErrorKind::BodyTooShort);
    assert_eq!(pair.server.next(), ServerNext::Unfinished);
}

#[test]
fn no_limit_on_fields_allocates_nothing_in_advance() {
    let limits = Limits::DEFAULT.fields(usize::MAX).head(usize::MAX);
    let head = |start: &str| format!("{start}\r\nHost: a\r\n{}\r\n", "A: b\r\n".repeat(300));
    let mut server = ServerConnection::new(&Config::SERVER.limits(limits));
    let request = head("GET / HTTP/1.1");
    let (used, event) = server.receive(request.as_bytes()).unwrap();
    assert_eq!(used, request.len());
    assert!(matches!(event, ServerEvent::Request(head) if head.fields().len() == 301));
    let mut client = ClientConnection::new(&Config::CLIENT.limits(limits));
    client
        .send_request(Method::GET, b"/", &headers("Host: a\r\n"), Some(0), &mut Vec::new())
        .unwrap();
    let response = head("HTTP/1.1 200 OK");
    assert_eq!(client.receive(response.as_bytes()).unwrap().0, response.len());
}

#[test]
fn errors_name_their_kind() {
    let mut client = ClientConnection::new(&Config::CLIENT);
    let error = client.receive(b"x").unwrap_err();
    assert_eq!(error.kind(), ParseErrorKind::UnexpectedResponse);
    assert_eq!(client.receive(b"").unwrap_err(), error);
    assert_eq!(client.end_of_input().unwrap_err(), error);
}

#[test]
fn a_refused_head_gets_no_body() {
    let mut connection = ServerConnection::new(&Config::SERVER);
    let error = connection.receive(b"HEAD / HTTP/1.1\r\n\r\n").unwrap_err();
    let (mut out, none) = (Vec::new(), HeaderMap::new());
    connection.send_response(error.status(), None, &none, Some(3), None, &mut out).unwrap();
    connection.send_data(b"why", &mut out).unwrap();
    connection.finish(&none, &mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    assert_eq!(out, "HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\nConnection: close\r\n\r\n");
}

//! What the client makes of replies that are as they should be.

use std::thread;
use std::time::Duration;

use nethttp::client::Redirects;
use nethttp::error::ErrorKind;
use nethttp::{Client, Method, StatusCode, Version};

use crate::server::{Server, forgetful, ok};

#[test]
fn a_request_and_its_response() {
    let reply = b"HTTP/1.0 418 I'm a teapot\r\nX: 1\r\nx: 2\r\n\r\nshort and stout";
    let server = Server::closing(reply);
    let response = forgetful().get(server.url("/a%20b?c=d#e")).send().unwrap();
    let expected = format!(
        "GET /a%20b?c=d HTTP/1.1\r\nHost: {}\r\nUser-Agent: nethttp/{}\r\nAccept: */*\r\n\
         Accept-Encoding: gzip, deflate\r\n\r\n",
        server.address(),
        env!("CARGO_PKG_VERSION"),
    );
    assert_eq!(server.last_request(), expected);
    assert_eq!(response.status().as_u16(), 418);
    assert_eq!(response.reason(), Some(&b"I'm a teapot"[..]));
    assert_eq!(response.version(), Version::HTTP_10);
    assert_eq!(response.headers().get_all("X").count(), 2);
    assert_eq!(response.url().unwrap(), &server.url("/a%20b?c=d#e").as_str());
    assert_eq!(response.text().unwrap(), "short and stout");
}

#[test]
fn the_functions_of_the_crate_root_send_their_methods() {
    let server = Server::answering(&[&ok("")]);
    for (builder, method) in [
        (nethttp::get(server.url("/")), "GET"),
        (nethttp::head(server.url("/")), "HEAD"),
        (nethttp::post(server.url("/")), "POST"),
        (nethttp::put(server.url("/")), "PUT"),
        (nethttp::patch(server.url("/")), "PATCH"),
        (nethttp::delete(server.url("/")), "DELETE"),
        (nethttp::options(server.url("/")), "OPTIONS"),
        (nethttp::request("REPORT".parse().unwrap(), server.url("/")), "REPORT"),
    ] {
        builder.send().unwrap();
        assert!(server.last_request().starts_with(&format!("{method} / HTTP/1.1\r\n")));
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_query_goes_out_escaped() {
    let server = Server::answering(&[&ok("")]);
    Client::new().get(server.url("?a")).query("q", "b c&d").send().unwrap();
    assert!(server.last_request().starts_with("GET /?a&q=b%20c%26d HTTP/1.1\r\n"));
}

/// Replies, the content that they have, and whether the connection stays.
fn samples() -> Vec<(Vec<u8>, &'static str, bool)> {
    let head = "HTTP/1.1 200 OK\r\n";
    let chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n");
    vec![
        (ok("hello"), "hello", true),
        (ok(""), "", true),
        (format!("{head}Connection: close\r\nContent-Length: 2\r\n\r\nhi").into(), "hi", false),
        (format!("{chunked}5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\n").into(), "hello!", true),
        (format!("{chunked}0\r\nDigest: x\r\n\r\n").into(), "", true),
        (b"HTTP/1.1 204 No Content\r\n\r\n".into(), "", true),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n".into(), "", true),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi".into(), "hi", false),
        (
            b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi".into(),
            "hi",
            true,
        ),
        (
            [
                &b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"[..],
                &ok("x"),
            ]
            .concat(),
            "x",
            true,
        ),
    ]
}

#[test]
fn content_is_read_however_it_is_delimited_and_the_connection_kept_where_it_can_be() {
    for (reply, content, kept) in samples() {
        let (server, client) = (Server::answering(&[&reply]), Client::new());
        for round in 1..=3 {
            let response = client.get(server.url("/")).send().unwrap();
            assert_eq!(response.text().unwrap(), content, "{}", reply.escape_ascii());
            let expected = if kept { 1 } else { round };
            assert_eq!(server.connections(), expected, "{}", reply.escape_ascii());
        }
    }
}

#[test]
fn content_until_the_end_of_the_connection() {
    let server = Server::closing(b"HTTP/1.1 200 OK\r\n\r\nto the end");
    let client = Client::new();
    for round in 1..=3 {
        let mut response = client.get(server.url("/")).send().unwrap();
        assert_eq!(response.body().len(), None);
        assert_eq!(response.body_mut().text().unwrap(), "to the end");
        assert_eq!(server.connections(), round);
    }
}

#[test]
fn a_response_to_head_has_no_content_whatever_it_says() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
    let (server, client) = (Server::answering(&[head]), Client::new());
    for _ in 0..3 {
        let response = client.head(server.url("/")).send().unwrap();
        assert_eq!(response.header("Content-Length"), Some("1000"));
        assert!(response.bytes().unwrap().is_empty());
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn every_reply_cut_at_every_byte_is_an_error() {
    for (reply, ..) in samples() {
        let whole = reply.clone();
        let server = Server::start(move |peer| {
            peer.request();
            let cut = peer.index;
            peer.send(&reply[..cut.min(reply.len())]);
        });
        let client = forgetful();
        for cut in 0..=whole.len() {
            let outcome = client.get(server.url("/")).send().map_err(|error| error.to_string());
            let outcome =
                outcome.and_then(|response| response.bytes().map_err(|error| error.to_string()));
            let shown = whole[..cut].escape_ascii();
            assert_eq!(outcome.is_ok(), cut == whole.len(), "{outcome:?} {shown}");
        }
        // No new connection gets a second try.
        assert_eq!(server.connections(), whole.len() + 1);
    }
}

#[test]
fn replies_that_come_byte_by_byte_are_the_same() {
    let server = Server::start(|peer| {
        for (reply, ..) in samples().into_iter().filter(|(_, _, kept)| *kept) {
            peer.request();
            for byte in reply {
                peer.send(&[byte]);
                thread::yield_now();
            }
        }
    });
    let client = Client::new();
    for (_, content, _) in samples().into_iter().filter(|(_, _, kept)| *kept) {
        assert_eq!(client.get(server.url("/")).send().unwrap().text().unwrap(), content);
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn an_error_for_a_status_has_all_of_the_response() {
    let content = "gone".repeat(100_000);
    let found = b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n";
    let length = format!("HTTP/1.1 410 Gone\r\nContent-Length: {}\r\n", content.len());
    let chunks = "HTTP/1.1 410 Gone\r\nTransfer-Encoding: chunked\r\n";
    let chunked = format!("{:x}\r\n{content}\r\n0\r\n\r\n", content.len());
    for (head, body) in [(length.as_str(), &content), (chunks, &chunked)] {
        let gone = format!("{head}Retry-After: 9\r\n\r\n{body}").into_bytes();
        for replies in [&[&gone[..], &ok("there")][..], &[found, &gone, &ok("there")]] {
            let server = Server::answering(replies);
            let client = Client::builder().error_for_status(true).build().unwrap();
            let mut error = client.get(server.url("/a")).send().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Status(StatusCode::GONE), "{error}");
            let hops = replies.len() - 2;
            let url = server.url(if hops == 0 { "/a" } else { "/b" });
            let response = error.response().unwrap();
            assert_eq!(response.status().as_u16(), 410);
            assert_eq!(response.header("Retry-After"), Some("9"));
            assert_eq!(response.url().unwrap().to_string(), url);
            assert_eq!(response.history().len(), hops);
            assert!(error.response_mut().unwrap().body_mut().text().unwrap() == content);
            // Once it is read, the connection serves on.
            let client = client.get(server.url("/c")).error_for_status(true);
            assert_eq!(client.send().unwrap().text().unwrap(), "there");
            assert_eq!(server.connections(), 1);
        }
    }
}

#[test]
fn a_redirect_that_is_not_followed_is_a_response() {
    for status in [301, 302, 303, 307, 308] {
        let other = Server::answering(&[&ok("")]);
        let location = other.url("/");
        let reply =
            format!("HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");
        let server = Server::answering(&[reply.as_bytes()]);
        let response = Client::new()
            .post(server.url("/"))
            .header("Authorization", "secret")
            .header("Cookie", "secret")
            .body("secret")
            .redirects(Redirects::none())
            .send()
            .unwrap();
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(response.header("Location"), Some(location.as_str()));
        assert_eq!((server.log().requests.len(), other.connections()), (1, 0));
    }
}

#[test]
fn a_client_serves_many_threads() {
    let server = Server::start(|peer| {
        while let Some(request) = peer.request() {
            // Take a little longer for some than for others.
            thread::sleep(Duration::from_micros(request.len() as u64 % 7 * 50));
            let path = String::from_utf8(request).unwrap();
            peer.send(&ok(path.split(' ').nth(1).unwrap()));
        }
    });
    let client = Client::new();
    thread::scope(|scope| {
        for thread in 0..8 {
            let (client, server) = (client.clone(), &server);
            scope.spawn(move || {
                for n in 0..50 {
                    let path = format!("/{thread}/{n}");
                    let response = client.request(Method::GET, server.url(&path)).send().unwrap();
                    assert_eq!(response.text().unwrap(), path);
                }
            });
        }
    });
    assert!(server.connections() <= 8);
}

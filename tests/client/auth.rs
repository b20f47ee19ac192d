//! Logging in with Digest.

use std::collections::VecDeque;
use std::io::{Cursor, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use nethttp::client::{ClientBuilder, Next, Proxies, Proxy, RequestBuilder, Retry, Timeouts};
use nethttp::error::{ErrorKind, Phase};
use nethttp::message::PreviousResponse;
use nethttp::{Body, Client, Request, Response};

use crate::server::{PATIENCE, Peer, Server, forgetful, ok, short};
use crate::support::scratch::Scratch;

const CHALLENGE: &str = "Digest realm=\"staff\", nonce=\"n1\", qop=\"auth\", algorithm=SHA-256";
const STALE: &str =
    "Digest realm=\"staff\", nonce=\"n2\", qop=\"auth\", algorithm=SHA-256, stale=true";

/// A refusal with so many bytes of content.
fn refusal(challenge: &str, len: usize) -> Vec<u8> {
    let content = "x".repeat(len);
    format!(
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: {challenge}\r\nContent-Length: {len}\r\n\r\n{content}"
    )
    .into_bytes()
}

fn get(client: &Client, server: &Server) -> Response {
    client.get(server.url("/a?b")).digest_auth("ada", "secret").send().unwrap()
}

/// The value of Authorization in each of the requests.
fn credentials(server: &Server) -> Vec<Option<String>> {
    let log = server.log();
    let value = |request: &Vec<u8>| {
        let text = String::from_utf8_lossy(request).into_owned();
        let (_, rest) = text.split_once("\r\nAuthorization: ")?;
        rest.split_once("\r\n").map(|(value, _)| value.to_owned())
    };
    log.requests.iter().map(value).collect()
}

#[test]
fn the_answer_goes_over_the_connection_of_the_question() {
    let server = Server::answering(&[&refusal(CHALLENGE, 5000), &ok("hello")]);
    assert_eq!(get(&Client::new(), &server).text().unwrap(), "hello");
    assert_eq!(server.connections(), 1);
    let found = credentials(&server);
    let [None, Some(answer)] = &found[..] else { panic!("{found:?}") };
    for part in [
        "Digest ",
        "username=\"ada\"",
        "realm=\"staff\"",
        "nonce=\"n1\"",
        "uri=\"/a?b\"",
        "nc=00000001",
        "qop=auth",
        "algorithm=SHA-256",
    ] {
        assert!(answer.contains(part), "{part}: {answer}");
    }
    assert!(!answer.contains("secret"));
}

#[test]
fn the_history_has_the_questions_that_were_answered() {
    let moved = b"HTTP/1.1 302 Found\r\nLocation: /c\r\nContent-Length: 0\r\n\r\n";
    let replies = [&refusal(CHALLENGE, 5)[..], &refusal(STALE, 5), moved, &ok("hello")];
    let server = Server::answering(&replies);
    let response = get(&Client::new(), &server);
    let told = |one: &PreviousResponse| (one.status().as_u16(), one.url().to_string());
    let found: Vec<_> = response.history().iter().map(told).collect();
    let asked = server.url("/a?b");
    assert_eq!(found, [401, 401, 302].map(|status| (status, asked.clone())));
    let question = response.history()[0].headers().text("WWW-Authenticate");
    assert_eq!(question, Some(CHALLENGE));
    assert_eq!(response.text().unwrap(), "hello");
    // What is refused for good is the response, and not a part of its history.
    let server = Server::answering(&[&refusal(CHALLENGE, 5)]);
    let response = get(&Client::new(), &server);
    assert_eq!((response.status().as_u16(), response.history().len()), (401, 1));
}

#[test]
fn nothing_is_said_to_who_does_not_ask() {
    let server = Server::answering(&[&ok("hello")]);
    assert_eq!(get(&Client::new(), &server).text().unwrap(), "hello");
    assert_eq!(credentials(&server), [None]);
}

#[test]
fn what_is_refused_twice_is_returned() {
    let server = Server::answering(&[&refusal(CHALLENGE, 5)]);
    let response = get(&Client::new(), &server);
    assert_eq!(response.status().as_u16(), 401);
    assert_eq!(response.text().unwrap(), "xxxxx");
    assert_eq!(server.log().requests.len(), 2);
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_stale_answer_is_given_again_once() {
    let replies = [&refusal(CHALLENGE, 5)[..], &refusal(STALE, 5), &ok("hello")];
    let server = Server::answering(&replies);
    assert_eq!(get(&Client::new(), &server).text().unwrap(), "hello");
    let found = credentials(&server);
    assert!(found[1].as_ref().unwrap().contains("nonce=\"n1\""));
    assert!(found[2].as_ref().unwrap().contains("nonce=\"n2\""));
    // For ever stale is once too often.
    let server = Server::answering(&[&refusal(STALE, 5)]);
    assert_eq!(get(&Client::new(), &server).status().as_u16(), 401);
    assert_eq!(server.log().requests.len(), 3);
}

#[test]
fn a_question_that_is_not_understood_is_returned() {
    for challenge in [
        "Basic realm=\"staff\"",
        "Digest",
        "Digest realm=\"staff\"",
        "Digest realm=\"staff\", nonce=\"n, qop=\"auth\"",
        "Digest realm=\"a\", realm=\"b\", nonce=\"n\"",
        "Digest realm=\"staff\", nonce=\"n\", algorithm=ROT-13",
        "Digest realm=\"staff\", nonce=\"n\", qop=\"auth-rot13\"",
        "",
    ] {
        let server = Server::answering(&[&refusal(challenge, 5)]);
        let response = get(&Client::new(), &server);
        assert_eq!(response.status().as_u16(), 401, "{challenge}");
        assert_eq!(response.text().unwrap(), "xxxxx");
        assert_eq!(server.log().requests.len(), 1, "{challenge}");
    }
    // Nor is anything but 401.
    let refusal = refusal(CHALLENGE, 5);
    let forbidden = [b"HTTP/1.1 403", refusal.strip_prefix(b"HTTP/1.1 401").unwrap()].concat();
    let server = Server::answering(&[&forbidden]);
    assert_eq!(get(&Client::new(), &server).status().as_u16(), 403);
    assert_eq!(server.log().requests.len(), 1);
}

#[test]
fn a_challenge_among_others_is_found() {
    let all = format!("Bearer, {CHALLENGE}\r\nWWW-Authenticate: Basic realm=\"staff\"");
    let server = Server::answering(&[&refusal(&all, 5), &ok("hello")]);
    assert_eq!(get(&Client::new(), &server).text().unwrap(), "hello");
}

#[test]
fn a_connection_that_ends_with_the_question_is_replaced() {
    let refusal = refusal(CHALLENGE, 5);
    let rest = refusal.strip_prefix(b"HTTP/1.1").unwrap();
    let closing = [&b"HTTP/1.1 401 a\r\nConnection: close"[..], &rest[" 401 Unauthorized".len()..]];
    let old = [b"HTTP/1.0", rest];
    let endless = format!("HTTP/1.0 401 a\r\nWWW-Authenticate: {CHALLENGE}\r\n\r\nuntil the end");
    let cut = &refusal[..refusal.len() - 2];
    for first in [closing.concat(), old.concat(), endless.into_bytes(), cut.to_vec()] {
        let server = Server::start(move |peer: &mut Peer| {
            peer.request();
            if peer.index == 0 {
                peer.send(&first);
                peer.close_sending();
            } else {
                peer.send(&ok("hello"));
            }
        });
        assert_eq!(get(&Client::new(), &server).text().unwrap(), "hello");
        assert_eq!(server.connections(), 2);
    }
}

#[test]
fn a_long_refusal_costs_the_connection_and_not_the_answer() {
    let server = Server::answering(&[&refusal(CHALLENGE, 1 << 20), &ok("hello")]);
    assert_eq!(get(&Client::new(), &server).text().unwrap(), "hello");
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_slow_refusal_costs_the_connection_and_little_time() {
    let head = refusal(CHALLENGE, 0);
    let head = String::from_utf8(head).unwrap().replace("Length: 0", "Length: 1000");
    for drips in [false, true] {
        let head = head.clone();
        let server = Server::start(move |peer: &mut Peer| {
            peer.request();
            if peer.index > 0 {
                return peer.send(&ok("hello"));
            }
            peer.send(head.as_bytes());
            while drips && peer.stream.write_all(b"x").is_ok() {
                std::thread::sleep(Duration::from_millis(20));
            }
            peer.rest();
        });
        let start = Instant::now();
        assert_eq!(get(&Client::new(), &server).text().unwrap(), "hello");
        assert!(start.elapsed() < Duration::from_secs(15), "{drips}");
        assert_eq!(server.connections(), 2);
    }
}

#[test]
fn a_refusal_is_not_decoded() {
    let refusal = String::from_utf8(refusal(CHALLENGE, 5)).unwrap();
    let coded = refusal.replace("\r\n\r\n", "\r\nContent-Encoding: gzip\r\n\r\n");
    let server = Server::answering(&[coded.as_bytes(), &ok("hello")]);
    assert_eq!(get(&Client::new(), &server).text().unwrap(), "hello");
    assert_eq!(server.connections(), 1);
}

#[test]
fn content_that_can_be_sent_again_is() {
    let folder = Scratch::new();
    let path = folder.write("content", "0123456789");
    let file = || Body::file(std::fs::File::open(&path).unwrap(), 2..7);
    for (body, content) in [(Body::from("hello"), "hello"), (file(), "23456"), (Body::empty(), "")]
    {
        let replies = [&refusal(CHALLENGE, 5)[..], &refusal(STALE, 5), &ok("done")];
        let server = Server::answering(&replies);
        let request = Client::new().put(server.url("/")).digest_auth("ada", "secret").body(body);
        assert_eq!(request.send().unwrap().text().unwrap(), "done");
        let log = server.log();
        assert_eq!(log.requests.len(), 3);
        for request in &log.requests {
            let text = String::from_utf8_lossy(request);
            assert!(text.ends_with(&format!("\r\n\r\n{content}")), "{text}");
            assert!(!text.contains("Expect"), "{text}");
        }
    }
}

fn reader() -> Body {
    Body::reader(Cursor::new("hello"), Some(5))
}

#[test]
fn content_that_can_be_sent_once_waits_for_leave() {
    let server = Server::start(|peer: &mut Peer| {
        let head = peer.head();
        assert!(head.contains("\r\nExpect: 100-continue\r\n"), "{head}");
        if head.contains("\r\nAuthorization: Digest ") {
            peer.send(b"HTTP/1.1 100 Continue\r\n\r\n");
            assert_eq!(peer.exactly(5), b"hello");
            peer.send(&ok("done"));
        } else {
            peer.send(&refusal(CHALLENGE, 5));
        }
    });
    let request = Client::new().post(server.url("/")).digest_auth("ada", "secret").body(reader());
    let patient = Timeouts::DEFAULT.expect_continue(Some(PATIENCE));
    assert_eq!(request.timeouts(patient).send().unwrap().text().unwrap(), "done");
    assert_eq!(server.connections(), 2);
}

#[test]
fn content_that_is_gone_is_not_sent_again() {
    for knows_expect in [true, false] {
        let server = Server::start(move |peer: &mut Peer| {
            peer.head();
            if knows_expect {
                peer.send(b"HTTP/1.1 100 Continue\r\n\r\n");
            }
            assert_eq!(peer.exactly(5), b"hello");
            peer.send(&refusal(CHALLENGE, 5));
            peer.rest();
        });
        let timeouts = short(Timeouts::expect_continue);
        let request = Client::new().post(server.url("/")).digest_auth("ada", "secret");
        let response = request.timeouts(timeouts).body(reader()).send().unwrap();
        assert_eq!(response.status().as_u16(), 401);
        assert_eq!(response.text().unwrap(), "xxxxx");
        assert_eq!(server.connections(), 1);
    }
}

#[test]
fn own_words_stand_until_the_server_asks() {
    let server = Server::answering(&[&refusal(CHALLENGE, 5), &ok("hello")]);
    let request = Client::new().get(server.url("/")).header("Authorization", "Bearer a");
    request.digest_auth("ada", "secret").send().unwrap();
    let found = credentials(&server);
    assert_eq!(found[0].as_deref(), Some("Bearer a"));
    assert!(found[1].as_ref().unwrap().starts_with("Digest "));
    let second = server.last_request();
    assert_eq!(second.matches("Authorization: ").count(), 1, "{second}");
}

#[test]
fn the_time_for_the_whole_is_that_of_all_requests() {
    let server = Server::start(|peer: &mut Peer| {
        peer.request();
        std::thread::sleep(Duration::from_millis(80));
        peer.send(&refusal(STALE, 5));
        peer.request();
        peer.rest();
    });
    let timeouts = Timeouts::DEFAULT.total(Some(Duration::from_millis(200)));
    let request = forgetful().get(server.url("/")).timeouts(timeouts);
    let error = request.digest_auth("ada", "secret").send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Phase::Total));
}

#[test]
fn a_password_is_not_shown() {
    let request = Client::new().get("http://a/").digest_auth("ada", "secret");
    let shown = format!("{request:?}");
    assert!(!shown.contains("secret") && !shown.contains("ada"), "{shown}");
}

#[test]
fn a_client_that_logs_in_remembers_the_question() {
    let next = b"HTTP/1.1 200 OK\r\nAuthentication-Info: nextnonce=\"n9\"\r\n\
                 Content-Length: 0\r\n\r\n";
    let server = Server::answering(&[&refusal(CHALLENGE, 5), &ok("one"), next, &ok("three")]);
    let builder = Client::builder().digest_auth("ada", "secret");
    let client = builder.clone().base_url(server.url("/")).build().unwrap();
    for _ in 0..3 {
        client.get("").send().unwrap();
    }
    let found = credentials(&server);
    assert_eq!(found[0], None);
    let count =
        |nth: usize| found[nth].as_ref().unwrap().split("nc=").nth(1).unwrap()[..8].to_owned();
    assert_eq!((count(1), count(2)), ("00000001".to_owned(), "00000002".to_owned()));
    assert_eq!(count(3), "00000001");
    assert!(found[3].as_ref().unwrap().contains("nonce=\"n9\""));
    // Another server gets no answer.
    let other = Server::answering(&[&refusal(CHALLENGE, 5)]);
    assert_eq!(client.get(other.url("/")).send().unwrap().status().as_u16(), 401);
    assert_eq!(credentials(&other), [None]);
    let anywhere = builder.build().unwrap();
    let other = Server::answering(&[&refusal(CHALLENGE, 5), &ok("")]);
    assert_eq!(anywhere.get(other.url("/")).send().unwrap().status().as_u16(), 200);
}

#[test]
fn every_url_that_a_redirect_leads_to_may_ask_anew() {
    let moved = |path: &str| {
        format!("HTTP/1.1 302 Found\r\nLocation: {path}\r\nContent-Length: 0\r\n\r\n").into_bytes()
    };
    let asks = refusal(CHALLENGE, 3);
    let replies = [&asks, &moved("/2"), &asks, &moved("/3"), &asks, &moved("/4"), &asks, &ok("in")];
    let server = Server::answering(&replies.map(|reply| &reply[..]));
    let client = Client::new();
    assert_eq!(get(&client, &server).text().unwrap(), "in");
}

/// A server that asks who is there and hangs up or answers, in turn, what then comes; in the end with `hello`.
fn in_trouble(asks: Vec<u8>, troubles: &[Option<&[u8]>]) -> Server {
    let troubles = troubles.iter().map(|reply| reply.map(<[u8]>::to_vec));
    let troubles = Mutex::new(troubles.collect::<VecDeque<_>>());
    Server::start(move |peer| {
        while let Some(request) = peer.request() {
            let is_known = String::from_utf8_lossy(&request).contains("\r\nAuthorization: ");
            let next = || troubles.lock().unwrap().pop_front().unwrap_or_else(|| Some(ok("hello")));
            match if is_known { next() } else { Some(asks.clone()) } {
                Some(reply) => peer.send(&reply),
                None => return,
            }
        }
    })
}

fn parameter<'a>(value: &'a str, name: &str) -> &'a str {
    let (_, rest) = value.split_once(&format!(" {name}=")).unwrap();
    rest.split(',').next().unwrap()
}

/// Every answer counts, from 1 on, and has a nonce of its own.
#[track_caller]
fn counts_to(most: usize, values: &[String]) {
    let counts: Vec<_> = values.iter().map(|value| parameter(value, "nc").to_owned()).collect();
    let expected: Vec<_> = (1..=most).map(|count| format!("{count:08x}")).collect();
    assert_eq!(counts, expected);
    let mut nonces: Vec<_> = values.iter().map(|value| parameter(value, "cnonce")).collect();
    nonces.sort_unstable();
    nonces.dedup();
    assert_eq!(nonces.len(), most);
}

fn patient(client: ClientBuilder) -> ClientBuilder {
    client.retry(Retry::idempotent(3).delay(Duration::from_millis(1)))
}

/// Asks again what a server in trouble has refused.
fn stubborn(request: &mut Request, next: Next<'_>) -> nethttp::Result<Response> {
    let response = next.exchange(request)?;
    if response.status().is_server_error() { next.exchange(request) } else { Ok(response) }
}

const BUSY: &[u8] = b"HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy";

#[test]
fn an_answer_that_is_given_again_is_counted_again() {
    let many = b"HTTP/1.1 429 Many\r\nContent-Length: 0\r\n\r\n";
    let late = b"HTTP/1.1 408 Late\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    let unexpected = b"HTTP/1.1 417 What\r\nContent-Length: 0\r\n\r\n";
    let closing = refusal(&format!("{CHALLENGE}\r\nConnection: close"), 5);
    let plain = |request: RequestBuilder| request;
    let asking = |request: RequestBuilder| {
        let timeouts = short(Timeouts::expect_continue);
        request.header("Expect", "100-continue").body("content").timeouts(timeouts)
    };
    let as_it_is = |client: ClientBuilder| client;
    type Set<T> = fn(T) -> T;
    type Way<'a> =
        (&'a str, Set<ClientBuilder>, Set<RequestBuilder>, Vec<u8>, &'a [Option<&'a [u8]>]);
    let ways: [Way<'_>; 8] = [
        ("503", patient, plain, refusal(CHALLENGE, 5), &[Some(BUSY), Some(BUSY)]),
        ("429", patient, plain, refusal(CHALLENGE, 5), &[Some(many)]),
        ("417", as_it_is, asking, refusal(CHALLENGE, 5), &[Some(unexpected)]),
        ("stale", as_it_is, plain, refusal(CHALLENGE, 5), &[None]),
        ("408", as_it_is, plain, refusal(CHALLENGE, 5), &[Some(late)]),
        ("lost", patient, plain, closing, &[None, None]),
        ("layer", |it| it.layer(stubborn), plain, refusal(CHALLENGE, 5), &[Some(BUSY)]),
        ("all", patient, asking, refusal(CHALLENGE, 5), &[None, Some(unexpected), Some(BUSY)]),
    ];
    for (way, client, request, asks, troubles) in ways {
        let server = in_trouble(asks, troubles);
        let client = client(Client::builder()).build().unwrap();
        let put = client.put(server.url("/a?b")).digest_auth("ada", "secret");
        assert_eq!(request(put).send().unwrap().text().unwrap(), "hello", "{way}");
        let found: Vec<_> = credentials(&server).into_iter().flatten().collect();
        counts_to(troubles.len() + 1, &found);
    }
}

#[test]
fn an_answer_is_counted_through_a_proxy_as_well() {
    let server = in_trouble(refusal(CHALLENGE, 5), &[Some(BUSY), Some(BUSY), None, Some(BUSY)]);
    let proxies = Proxies::all(Proxy::parse(server.url("")).unwrap());
    let client = patient(Client::builder()).layer(stubborn).proxies(proxies).build().unwrap();
    let request = client.get("http://example.test/a").digest_auth("ada", "secret");
    assert_eq!(request.send().unwrap().text().unwrap(), "hello");
    let found: Vec<_> = credentials(&server).into_iter().flatten().collect();
    counts_to(5, &found);
}

#[test]
fn layers_see_the_answer_that_goes_out() {
    let server = in_trouble(refusal(CHALLENGE, 5), &[Some(BUSY), Some(BUSY)]);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let layer = move |request: &mut Request, next: Next<'_>| {
        log.lock().unwrap().push(request.headers().text("Authorization").map(str::to_owned));
        next.exchange(request)
    };
    let client = patient(Client::builder()).layer(layer).build().unwrap();
    assert_eq!(get(&client, &server).text().unwrap(), "hello");
    assert_eq!(*seen.lock().unwrap(), credentials(&server));
}

#[test]
fn what_did_not_go_out_is_not_counted() {
    let server = in_trouble(refusal(CHALLENGE, 5), &[]);
    let busy = Arc::new(Mutex::new(2));
    let layer = move |request: &mut Request, next: Next<'_>| {
        let mut left = busy.lock().unwrap();
        if request.headers().contains_key("Authorization") && *left > 0 {
            *left -= 1;
            return Ok(Response::new(nethttp::StatusCode::SERVICE_UNAVAILABLE));
        }
        next.exchange(request)
    };
    let client = patient(Client::builder()).layer(layer).build().unwrap();
    assert_eq!(get(&client, &server).text().unwrap(), "hello");
    let found: Vec<_> = credentials(&server).into_iter().flatten().collect();
    counts_to(1, &found);
}

#[test]
fn a_client_that_logs_in_counts_on() {
    let troubles = [Some(&ok("one")[..]), Some(BUSY), None, Some(&ok("two")), Some(BUSY)];
    let server = in_trouble(refusal(CHALLENGE, 5), &troubles);
    let client = patient(Client::builder()).base_url(server.url("/")).digest_auth("ada", "secret");
    let client = client.build().unwrap();
    for expected in ["one", "two", "hello", "hello"] {
        assert_eq!(client.get("").send().unwrap().text().unwrap(), expected);
    }
    let found: Vec<_> = credentials(&server).into_iter().flatten().collect();
    counts_to(7, &found);
}

#[test]
fn a_wrong_password_is_not_tried_anew_because_it_was_sent_twice() {
    let wrong = refusal(CHALLENGE, 5);
    let server = in_trouble(wrong.clone(), &[Some(BUSY), Some(&wrong), Some(&wrong)]);
    let client = patient(Client::builder()).build().unwrap();
    assert_eq!(get(&client, &server).status().as_u16(), 401);
    assert_eq!(server.log().requests.len(), 3);
}

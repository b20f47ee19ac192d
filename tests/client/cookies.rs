//! A jar between requests.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use nethttp::client::{Dial, Retry, Target};
use nethttp::mock::Script;
use nethttp::{Client, CookieJar};

use crate::server::{Server, direct, ok};

const SET: &[u8] = b"HTTP/1.1 302 Found\r\nLocation: /home\r\nSet-Cookie: sid=1; Path=/\r\n\
                     Set-Cookie: theme=dark; Path=/settings\r\nContent-Length: 0\r\n\r\n";

fn cookies_of(request: &str) -> Vec<&str> {
    request.split("\r\n").filter_map(|line| line.strip_prefix("Cookie: ")).collect()
}

#[test]
fn what_a_redirect_sets_goes_with_the_next_request_and_those_after() {
    let server = Server::answering(&[SET, &ok("home"), &ok("again")]);
    let client = Client::builder().cookies(true).build().unwrap();
    assert_eq!(client.get(server.url("/login")).send().unwrap().text().unwrap(), "home");
    assert_eq!(cookies_of(&server.last_request()), ["sid=1"]);
    client.get(server.url("/settings")).send().unwrap();
    assert_eq!(cookies_of(&server.last_request()), ["theme=dark; sid=1"]);
    client.get(server.url("/")).cookies(false).send().unwrap();
    assert_eq!(cookies_of(&server.last_request()), [""; 0]);
    assert_eq!(client.cookie_jar().unwrap().lock().unwrap().len(), 2);
}

#[test]
fn without_a_jar_nothing_is_kept() {
    let server = Server::answering(&[SET, &ok("home")]);
    let client = Client::new();
    client.get(server.url("/login")).send().unwrap();
    assert_eq!(cookies_of(&server.last_request()), [""; 0]);
    assert!(client.cookie_jar().is_none());
}

#[test]
fn a_jar_is_shared_and_stays_behind() {
    let server = Server::answering(&[SET, &ok("home")]);
    let jar = Arc::new(Mutex::new(CookieJar::new()));
    let first = Client::builder().cookie_jar(Arc::clone(&jar)).build().unwrap();
    first.get(server.url("/login")).send().unwrap();
    drop(first);
    let second = Client::builder().cookie_jar(jar).build().unwrap();
    second.get(server.url("/")).send().unwrap();
    assert_eq!(cookies_of(&server.last_request()), ["sid=1"]);
}

#[test]
fn cookies_by_hand_stand_before_those_of_the_jar() {
    let server = Server::answering(&[SET, &ok("home")]);
    let client = Client::builder().cookies(true).build().unwrap();
    client.get(server.url("/login")).header("Cookie", "own=2").send().unwrap();
    assert_eq!(cookies_of(&server.last_request()), ["own=2; sid=1"]);
    let other = Server::answering(&[&ok("")]);
    client.get(other.url("/")).send().unwrap();
    // Ports do not tell cookies apart, RFC 6265 §8.5.
    assert_eq!(cookies_of(&other.last_request()), ["sid=1"]);
}

#[test]
fn a_cookie_by_hand_gives_way_to_one_that_is_set() {
    let server = Server::answering(&[SET, &ok("home")]);
    let login = |client: Client| {
        let request = client.get(server.url("/login")).header("Cookie", "sid=old; own=2");
        request.send().unwrap();
        server.last_request()
    };
    let client = Client::builder().cookies(true).build().unwrap();
    assert_eq!(cookies_of(&login(client)), ["own=2; sid=1"]);
    // Without a jar nobody else says it.
    assert_eq!(cookies_of(&login(Client::new())), ["sid=old; own=2"]);
}

#[test]
fn cookies_go_where_they_belong_and_no_further() {
    let other = Server::answering(&[&ok("there")]);
    let elsewhere = other.url("/").replace("127.0.0.1", "localhost");
    let reply = format!(
        "HTTP/1.1 302 Found\r\nLocation: {elsewhere}\r\nSet-Cookie: sid=1\r\n\
         Content-Length: 0\r\n\r\n"
    );
    let server = Server::answering(&[reply.as_bytes()]);
    let client = Client::builder()
        .cookies(true)
        .resolver(|_: &str, port: u16| Ok(vec![([127, 0, 0, 1], port).into()]))
        .build()
        .unwrap();
    let request = client.get(server.url("/")).header("Cookie", "own=2");
    assert_eq!(request.send().unwrap().text().unwrap(), "there");
    assert_eq!(cookies_of(&other.last_request()), [""; 0]);
}

#[test]
fn a_secure_cookie_stays_away_from_a_hop_without_tls() {
    let moved = |location: &str, set: &str| {
        format!(
            "HTTP/1.1 302 Found\r\nLocation: {location}\r\n{set}Connection: close\r\n\
             Content-Length: 0\r\n\r\n"
        )
    };
    let set = "Set-Cookie: sid=1; Path=/; Secure\r\nSet-Cookie: theme=dark; Path=/\r\n";
    let script = Script::new()
        .reply(moved("http://a.example/b", set))
        .reply(moved("https://a.example/c", ""))
        .reply(ok("home"));
    let client = direct()
        .cookies(true)
        .connector(script.clone())
        .tls(|_: &Target<'_>, dial: Dial<'_>| dial.stream())
        .build()
        .unwrap();
    let response = client.get("https://a.example/a").send().unwrap();
    assert_eq!(response.text().unwrap(), "home");
    let hops: Vec<String> = script
        .connections()
        .iter()
        .map(|hop| cookies_of(&String::from_utf8_lossy(&hop.written())).join("; "))
        .collect();
    assert_eq!(hops, ["", "theme=dark", "sid=1; theme=dark"]);
}

#[test]
fn what_a_server_sets_when_it_asks_or_is_in_trouble_goes_with_the_next_attempt() {
    const ASKS: &[u8] =
        b"HTTP/1.1 401 Unauthorized\r\nSet-Cookie: nonce=1\r\nContent-Length: 0\r\n\
                          WWW-Authenticate: Digest realm=\"a\", nonce=\"n\", qop=\"auth\"\r\n\r\n";
    const BUSY: &[u8] =
        b"HTTP/1.1 503 Busy\r\nSet-Cookie: node=2; Path=/\r\nContent-Length: 0\r\n\r\n";
    let server = Server::answering(&[ASKS, BUSY, &ok("in")]);
    let client = Client::builder().cookies(true).build().unwrap();
    let retry = Retry::idempotent(1).backoff(Duration::ZERO, Duration::ZERO);
    let request = client.get(server.url("/")).digest_auth("ada", "secret").retry(retry);
    assert_eq!(request.send().unwrap().text().unwrap(), "in");
    let log = server.log();
    let cookies = |request: &Vec<u8>| cookies_of(&String::from_utf8_lossy(request)).join("");
    let found: Vec<String> = log.requests.iter().map(cookies).collect();
    assert_eq!(found, ["", "nonce=1", "nonce=1; node=2"]);
}

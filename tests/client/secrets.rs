//! What is meant for one server or one proxy, and nobody else: in all the ways in which a call can be led elsewhere.

use nethttp::{Client, Method, Request};

use crate::server::{Server, ok};

const CHALLENGE: &[u8] = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\
    WWW-Authenticate: Digest realm=\"staff\", nonce=\"n1\", qop=\"auth\", algorithm=SHA-256\r\n\r\n";

fn values(request: &str, name: &str) -> Vec<String> {
    let lines = request.split("\r\n").filter_map(|line| line.split_once(": "));
    lines.filter(|line| line.0.eq_ignore_ascii_case(name)).map(|line| line.1.to_owned()).collect()
}

#[test]
fn a_password_in_a_base_url_is_not_shown() {
    let builder = Client::builder().base_url("http://ada:sesame@a.example/");
    let shown = format!("{builder:?}");
    assert!(!shown.contains("sesame"), "{shown}");
    let client = builder.build().unwrap();
    let request = client.get("b").header("Cookie", "sid=sesame").basic_auth("ada", "sesame");
    let shown = format!("{client:?} {request:?}");
    assert!(!shown.contains("sesame"), "{shown}");
    let shown = format!("{:?}", request.build().unwrap());
    assert!(!shown.contains("sesame"), "{shown}");
}

#[test]
fn a_request_by_hand_gets_no_login_of_the_client_away_from_its_base() {
    let (home, other) = (Server::answering(&[CHALLENGE]), Server::answering(&[CHALLENGE]));
    let builder = Client::builder().digest_auth("ada", "sesame").base_url(home.url("/"));
    let client = builder.build().unwrap();
    let logs_in = |server: &Server| {
        let request = Request::new(Method::GET, server.url("/")).unwrap();
        client.send(request).unwrap();
        server.last_request().contains("\r\nAuthorization: Digest ")
    };
    assert!(logs_in(&home));
    assert!(!logs_in(&other));
}

#[test]
fn what_no_redirect_takes_along_stays_with_the_base_too() {
    let (home, other) = (Server::answering(&[&ok("")]), Server::answering(&[&ok("")]));
    let mut builder = Client::builder().base_url(home.url("/")).header("X-Trace", "1");
    let names = ["Authorization", "Cookie", "Proxy-Authorization", "DPoP", "Cookie2", "Host"];
    for name in names {
        builder = builder.header(name, "secret");
    }
    let client = builder.build().unwrap();
    client.get("").send().unwrap();
    client.get(other.url("/")).send().unwrap();
    for name in names {
        assert_eq!(values(&home.last_request(), name), ["secret"], "{name}");
    }
    assert!(!other.last_request().contains("secret"), "{}", other.last_request());
    assert_eq!(values(&other.last_request(), "X-Trace"), ["1"]);
}

//! What a client does with all of its requests.

use nethttp::Client;
use nethttp::error::ErrorKind;

use crate::server::{Server, ok};

#[test]
fn urls_are_relative_to_the_base() {
    let server = Server::answering(&[&ok("")]);
    for (base, url, expected) in [
        ("/api", "users", "/api/users"),
        ("/api/", "users?page=2", "/api/users?page=2"),
        ("/api/", "", "/api/"),
        ("/api/", "?q", "/api/?q"),
        ("/api/", "/users", "/users"),
        ("/api/v2/", "../v1/users", "/api/v1/users"),
        ("", "users", "/users"),
    ] {
        let client = Client::builder().base_url(server.url(base)).build().unwrap();
        client.get(url).send().unwrap();
        let line = format!("GET {expected} HTTP/1.1\r\n");
        assert!(
            server.last_request().starts_with(&line),
            "{base} {url}: {}",
            server.last_request()
        );
    }
    let client = Client::builder().base_url("http://nowhere.invalid/").build().unwrap();
    client.get(server.url("/absolute")).send().unwrap();
    assert!(server.last_request().starts_with("GET /absolute "));
    for base in ["", "example.org", "//a/b", "http://"] {
        let built = Client::builder().base_url(base).build();
        let sent = built.and_then(|client| client.get("a").send());
        assert_eq!(sent.unwrap_err().kind(), ErrorKind::Url, "{base}");
    }
}

#[test]
fn secrets_of_the_client_go_to_the_server_of_the_base_url_alone() {
    let (home, other) = (Server::answering(&[&ok("")]), Server::answering(&[&ok("")]));
    let builder = Client::builder().header("Authorization", "secret").header("X-Trace", "1");
    let everywhere = builder.clone().build().unwrap();
    everywhere.get(other.url("/")).send().unwrap();
    assert!(other.last_request().contains("\r\nAuthorization: secret\r\n"));
    let at_home = builder.base_url(home.url("/")).build().unwrap();
    at_home.get("a").send().unwrap();
    assert!(home.last_request().contains("\r\nAuthorization: secret\r\n"));
    at_home.get(other.url("/")).send().unwrap();
    assert!(!other.last_request().contains("secret"));
    assert!(other.last_request().contains("\r\nX-Trace: 1\r\n"));
}

#[test]
fn a_redirect_takes_no_secret_of_the_client_elsewhere() {
    let other = Server::answering(&[&ok("")]);
    let location = other.url("/");
    let reply = format!("HTTP/1.1 307 Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");
    let server = Server::answering(&[reply.as_bytes()]);
    let client = Client::builder().header("Authorization", "secret").build().unwrap();
    client.get(server.url("/")).send().unwrap();
    assert!(server.last_request().contains("secret"));
    assert!(!other.last_request().contains("secret"));
}

#[test]
fn json_is_sent_as_such() {
    let server = Server::answering(&[&ok("")]);
    nethttp::post(server.url("/")).json(r#"{"a":1}"#).send().unwrap();
    let request = server.last_request();
    assert!(request.contains("\r\nContent-Type: application/json\r\n"), "{request}");
    assert!(request.ends_with("\r\n\r\n{\"a\":1}"), "{request}");
    let patch = "application/json-patch+json";
    let request = nethttp::patch(server.url("/")).json("[]").header("Content-Type", patch);
    request.send().unwrap();
    assert!(server.last_request().contains("\r\nContent-Type: application/json-patch+json\r\n"));
}

#[test]
fn interim_responses_are_told_of() {
    let reply = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n\
                  HTTP/1.1 102 Processing\r\n\r\n\
                  HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    let server = Server::answering(&[reply]);
    let (tell, told) = std::sync::mpsc::channel();
    let response = nethttp::get(server.url("/"))
        .on_interim(move |interim| {
            let link = interim.header("Link").map(str::to_owned);
            tell.send((interim.status().as_u16(), link)).unwrap();
        })
        .send()
        .unwrap();
    assert_eq!(response.status().as_u16(), 200);
    let told: Vec<_> = told.try_iter().collect();
    assert_eq!(told, [(103, Some("</a.css>".to_owned())), (102, None)]);
}

#[test]
fn trailers_are_there_at_the_end_of_the_content() {
    let reply = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
                  5\r\nhello\r\n0\r\nDigest: x\r\n\r\n";
    for len in [2, 64 << 10] {
        let server = Server::answering(&[reply]);
        let mut response = nethttp::get(server.url("/")).send().unwrap();
        assert!(response.body().trailers().is_none());
        let mut buf = vec![0; len];
        while std::io::Read::read(response.body_mut(), &mut buf).unwrap() > 0 {}
        assert_eq!(response.body().trailers().unwrap().text("Digest"), Some("x"));
    }
}

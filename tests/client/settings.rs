//! What a client does with all of its requests.

use std::error::Error as _;

use nethttp::coding::Decoders;
use nethttp::error::ErrorKind;
use nethttp::field::FieldError;
use nethttp::{Body, Client, Method, Request, Version};

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
fn credentials_of_the_client_go_to_the_server_of_the_base_url_alone() {
    let (home, other) = (Server::answering(&[&ok("")]), Server::answering(&[&ok("")]));
    let aladdin = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
    let builder = || Client::builder().header("Authorization", "old");
    for (builder, expected) in [
        (builder().basic_auth("Aladdin", "open sesame"), aladdin),
        (builder().bearer_auth("mF_9.B5f-4.1JqM"), "Bearer mF_9.B5f-4.1JqM"),
        (builder().basic_auth("a", "b").bearer_auth("c"), "Bearer c"),
    ] {
        let field = format!("\r\nAuthorization: {expected}\r\n");
        let everywhere = builder.clone().build().unwrap();
        everywhere.get(other.url("/")).send().unwrap();
        assert!(other.last_request().contains(&field), "{}", other.last_request());
        let at_home = builder.base_url(home.url("/")).build().unwrap();
        at_home.get("a").send().unwrap();
        assert!(home.last_request().contains(&field), "{}", home.last_request());
        at_home.get(other.url("/")).send().unwrap();
        assert!(!other.last_request().contains("Authorization"), "{}", other.last_request());
        // What a request says of itself comes first.
        at_home.get("a").bearer_auth("own").send().unwrap();
        assert!(home.last_request().contains("\r\nAuthorization: Bearer own\r\n"));
        assert!(!home.last_request().contains(expected));
        at_home.get(home.url("/").replace("//", "//u:p@")).send().unwrap();
        assert!(home.last_request().contains("\r\nAuthorization: Basic dTpw\r\n"));
        assert!(!home.last_request().contains(expected));
    }
}

#[test]
fn credentials_of_the_client_that_cannot_be_sent_are_said_when_it_is_built() {
    let builder = Client::builder;
    for wrong in [
        builder().basic_auth("secret:", ""),
        builder().basic_auth("", "secret\n"),
        builder().bearer_auth("secret token"),
        builder().bearer_auth("secret token").header("two words", ""),
    ] {
        let error = wrong.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Encode, "{error}");
        assert!(error.source().and_then(|source| source.downcast_ref::<FieldError>()).is_some());
        assert!(!format!("{error} {error:?}").contains("secret"));
    }
}

#[test]
fn json_is_sent_as_such() {
    let server = Server::answering(&[&ok("")]);
    let text = r#"{"a":1}"#;
    let post = || nethttp::post(server.url("/"));
    let bytes = text.as_bytes();
    for request in [post().json(text), post().json(text.to_owned()), post().json(bytes.to_vec())] {
        request.send().unwrap();
        let request = server.last_request();
        assert!(request.contains("\r\nContent-Type: application/json\r\n"), "{request}");
        assert!(request.ends_with("\r\n\r\n{\"a\":1}"), "{request}");
    }
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

#[test]
fn a_request_is_built_now_and_sent_later() {
    let server = Server::answering(&[&ok("")]);
    let client = Client::builder().header("X", "1").build().unwrap();
    let url = server.url("/a b?c");
    let request = client.post(url).query("d", "e").json("{}").version(Version::HTTP_10);
    let request = request.build().unwrap();
    assert_eq!(request.target().as_str(), server.url("/a%20b?c&d=e"));
    assert_eq!(request.header("Content-Type"), Some("application/json"));
    client.send(request).unwrap();
    let sent = server.last_request();
    assert!(sent.starts_with("POST /a%20b?c&d=e HTTP/1.0\r\nHost: 127.0.0.1:"), "{sent}");
    assert!(sent.contains("\r\nX: 1\r\n") && sent.ends_with("\r\nContent-Length: 2\r\n\r\n{}"));
    let by_hand = Request::new(Method::DELETE, server.url("/x")).unwrap();
    client.send(by_hand).unwrap();
    assert!(server.last_request().starts_with("DELETE /x HTTP/1.1\r\n"));
    let relative = Request::new(Method::GET, "/x").unwrap();
    let error = client.send(relative).unwrap_err();
    assert_eq!(error.to_string(), "expected an absolute URL, found /x");
}

#[test]
fn a_request_is_sent_twice() {
    let server = Server::answering(&[&ok("")]);
    let client = Client::builder().header("X", "1").build().unwrap();
    let twice = |first: Request, second: Request| {
        let sent = [first, second].map(|request| {
            client.send(request).unwrap();
            server.last_request()
        });
        assert_eq!(sent[0], sent[1]);
        sent[0].clone()
    };
    let begun = client.post(server.url("/a")).query("b", 1).json("{}").version(Version::HTTP_10);
    let begun = begun.without_header("Accept");
    let also = begun.try_clone().unwrap();
    let request = begun.build().unwrap();
    let sent = twice(request.try_clone().unwrap(), also.build().unwrap());
    assert!(sent.starts_with("POST /a?b=1 HTTP/1.0\r\n") && sent.ends_with("\r\n{}"), "{sent}");
    assert!(sent.contains("\r\nContent-Type: application/json\r\n") && !sent.contains("Accept:"));
    assert_eq!(twice(request.try_clone().unwrap(), request), sent);

    let file = client.put(server.url("/")).body(Body::open("LICENSE-MIT").unwrap());
    let file = file.build().unwrap();
    assert!(twice(file.try_clone().unwrap(), file).contains("\r\n\r\nMIT License"));

    let reader = client.put(server.url("/")).body(Body::reader(std::io::empty(), None));
    assert!(reader.try_clone().is_none());
    assert!(reader.build().unwrap().try_clone().is_none());
    assert!(client.get("http://").try_clone().is_none());
}

#[test]
fn a_request_of_http_1_0_has_no_chunks_and_costs_its_connection() {
    let server = Server::answering(&[&ok("")]);
    let client = Client::new();
    for connections in 1..3 {
        client.get(server.url("/")).version(Version::HTTP_10).send().unwrap();
        assert_eq!(server.connections(), connections);
    }
    let unknown = Body::reader(&b"hello"[..], None);
    let request = client.put(server.url("/")).version(Version::HTTP_10).body(unknown);
    let error = request.send().unwrap_err();
    let text = "expected a message that can be sent: \
                expected a body of known length in a request of HTTP/1.0";
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Encode, text));
}

#[test]
fn trailers_go_out_behind_the_content() {
    let server = Server::answering(&[&ok("")]);
    let bodies = [
        Body::from("hello"),
        Body::reader(&b"hello"[..], Some(5)),
        Body::writer(|out| out.write_all(b"hello")),
    ];
    for body in bodies {
        let request = nethttp::put(server.url("/")).body(body).trailer("X-Sum", "1");
        request.trailer("X-Other", "2").send().unwrap();
        let sent = server.last_request();
        assert!(sent.contains("\r\nTrailer: X-Sum\r\nTrailer: X-Other\r\n"), "{sent}");
        assert!(sent.ends_with("\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\nX-Other: 2\r\n\r\n"), "{sent}");
    }
    let forbidden = nethttp::put(server.url("/")).body("a").trailer("Content-Length", "1");
    assert_eq!(forbidden.send().unwrap_err().kind(), ErrorKind::Encode);
}

#[test]
fn what_only_content_waits_for_is_not_sent_without() {
    let server = Server::answering(&[&ok("")]);
    let asking =
        |method| Client::new().request(method, server.url("/")).header("Expect", "100-continue");
    for empty in [asking(Method::GET), asking(Method::PUT), asking(Method::PUT).body("")] {
        empty.send().unwrap();
        assert!(!server.last_request().contains("Expect"), "{}", server.last_request());
    }
    let none = Body::reader(std::io::empty(), Some(0));
    asking(Method::PUT).body(none).send().unwrap();
    assert!(!server.last_request().contains("Expect"), "{}", server.last_request());
}

#[test]
fn what_concerns_the_connection_is_said_to_do_so() {
    let server = Server::answering(&[&ok("")]);
    nethttp::get(server.url("/")).header("TE", "trailers").send().unwrap();
    let sent = server.last_request();
    assert!(sent.contains("\r\nTE: trailers\r\nConnection: TE\r\n"), "{sent}");
    let own = nethttp::get(server.url("/")).header("Connection", "te, close");
    own.header("TE", "trailers").send().unwrap();
    assert_eq!(server.last_request().matches("Connection").count(), 1);
}

#[test]
fn a_field_that_cannot_be_sent_is_named_and_its_value_is_not() {
    let request = || nethttp::get("http://a.example/");
    let builder = Client::builder;
    let get = |client: Client| client.get("http://a.example/").send();
    let controls = "expected a field value without controls, found '\\n' at byte 6";
    let around = "expected a field value without whitespace around it, found some at byte 0";
    let decoders = Decoders::new().with("a\nb", |reader| Ok(Box::new(reader)));
    for (error, name, text) in [
        (request().header("X-Key", "secret\n").send(), "X-Key", controls),
        (request().header("x-key", " secret").send(), "x-key", around),
        (request().trailer("X-Sum", "secret\n").send(), "X-Sum", controls),
        (builder().header("X-Key", "secret\n").build().and_then(get), "X-Key", controls),
        (builder().user_agent("secret\n").build().and_then(get), "User-Agent", controls),
        (builder().decoders(decoders).build().and_then(get), "Accept-Encoding", "at byte 16"),
    ] {
        let error = error.unwrap_err();
        let start = format!("expected a value of {name} that can be sent: expected a field value ");
        let found = error.to_string();
        assert!(found.starts_with(&start) && found.ends_with(text), "{found}");
        assert_eq!(error.kind(), ErrorKind::Header);
        assert!(!format!("{error:?}").contains("secret"));
    }
    let name = request().header("X Key", "secret\n").send().unwrap_err();
    let text =
        "expected a field that can be sent: expected a token as field name, found ' ' at byte 1";
    assert_eq!(name.to_string(), text);
    // The first thing that is wrong is what comes out.
    let two = builder().header("X-Key", "\n").user_agent("\n").build().unwrap_err();
    assert!(two.to_string().starts_with("expected a value of X-Key "), "{two}");
}

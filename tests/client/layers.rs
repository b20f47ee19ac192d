//! What stands above the layers, with a mock in the place of servers.

use std::error::Error as _;
use std::io::{self, Cursor};
use std::mem;
use std::time::Duration;

use nethttp::client::{ClientBuilder, Netrc, Next, Redirects, Retry};
use nethttp::coding::{Format, Level, encode};
use nethttp::error::{ErrorKind, Phase, RedirectErrorKind};
use nethttp::message::IntoResponse;
use nethttp::mock::{Failure, Mock, Recorded};
use nethttp::{Body, Client, Error, Method, Request, Response, StatusCode};

use crate::server::{Server, ok};

fn builder(mock: &Mock) -> ClientBuilder {
    Client::builder().layer(mock.clone())
}

fn client(mock: &Mock) -> Client {
    builder(mock).build().unwrap()
}

fn redirect(status: u16, to: &str) -> Response {
    let status = StatusCode::from_u16(status).unwrap();
    Response::new(status).with_header("Location", to).unwrap()
}

/// The requests as method, URL and content.
fn log(mock: &Mock) -> Vec<String> {
    let line = |it: &Recorded| {
        format!("{} {} {}", it.method(), it.url(), it.text().unwrap()).trim_end().to_owned()
    };
    mock.requests().iter().map(line).collect()
}

#[test]
fn a_request_that_nobody_expects_is_named_and_what_is_known() {
    let mock = Mock::new();
    let error = client(&mock).get("http://a/b?c#d").send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Blocked);
    assert_eq!(error.to_string(), "expected no request, found GET http://a/b?c");
    assert_eq!(error.url().unwrap(), &"http://a/b?c");

    let mock = mock
        .on(Method::GET, "http://a/", |_| "")
        .once(Method::PUT, "http://a/b?c", |_| "")
        .once(Method::PATCH, "http://a/b?c", |_| "")
        .under("http://b/c", |_| "");
    client(&mock).patch("http://a/b?c").send().unwrap();
    let error = client(&mock).patch("http://a/b?c").send().unwrap_err();
    let text = "expected GET http://a/, or PUT http://a/b?c once, or PATCH http://a/b?c once, \
                which has been, or anything under http://b/c; found PATCH http://a/b?c";
    assert_eq!(error.to_string(), text);
    assert_eq!(mock.missing(), ["GET http://a/", "PUT http://a/b?c", "anything under http://b/c"]);
    let expected: Vec<bool> = mock.requests().iter().map(Recorded::is_expected).collect();
    assert_eq!(expected, [false, true, false]);
}

#[test]
fn a_malformed_expectation_is_the_error_of_every_request() {
    let mock = Mock::answering(|_| "").on(Method::GET, "http://a b/", |_| "");
    for url in ["http://a/", "http://b/"] {
        assert_eq!(client(&mock).get(url).send().unwrap_err().kind(), ErrorKind::Url);
    }
}

#[test]
fn what_was_added_first_answers_first() {
    let mock = Mock::new()
        .once(Method::GET, "http://a/x", |_| "1")
        .once(Method::GET, "http://a/x", |_| "2")
        .under("http://a/", |_| "3")
        .on(Method::GET, "http://a/x", |_| "never")
        .otherwise(|_| "4");
    let get = |url| client(&mock).get(url).send().unwrap().text().unwrap();
    let found: Vec<String> =
        ["http://a/x", "http://b/x", "http://a/y", "http://a/x", "http://a/x"].map(get).into();
    assert_eq!(found, ["1", "4", "3", "2", "3"]);
}

#[test]
fn an_exchange_fails_as_it_is_told_to() {
    for kind in [
        ErrorKind::Connect,
        ErrorKind::Resolve,
        ErrorKind::Tls,
        ErrorKind::Send,
        ErrorKind::Receive,
        ErrorKind::Timeout(Phase::Connect),
    ] {
        let mock = Mock::answering(move |_| Failure::new(kind));
        let error = client(&mock).get("http://user:secret@a/b").send().unwrap_err();
        assert_eq!((error.kind(), error.url().unwrap().as_str()), (kind, "http://a/b"));
    }
    let mock = Mock::answering(|request| match request.path() {
        "/" => Ok("hello"),
        _ => Err(Failure::new(ErrorKind::Receive)),
    });
    assert_eq!(client(&mock).get("http://a/").send().unwrap().text().unwrap(), "hello");
    assert!(client(&mock).get("http://a/x").send().is_err());
}

#[test]
fn a_layer_and_a_mock_fail_with_what_they_like() {
    let spent = || io::Error::new(io::ErrorKind::QuotaExceeded, "the budget is used up");
    let layer = Client::builder()
        .layer(move |_: &mut Request, _: Next<'_>| -> nethttp::Result<Response> {
            Err(Error::other(spent()))
        })
        .retry(Retry::idempotent(3))
        .build()
        .unwrap();
    let mock = Mock::answering(move |_| Failure::from(Error::other(spent())));
    for client in [layer, client(&mock)] {
        let error = client.get("http://user:secret@a/b").send().unwrap_err();
        assert_eq!((error.kind(), error.url().unwrap().as_str()), (ErrorKind::Other, "http://a/b"));
        assert_eq!(
            (error.to_string().as_str(), error.status().as_u16()),
            ("the budget is used up", 500)
        );
        let cause = error.source().unwrap().downcast_ref::<io::Error>().unwrap();
        assert_eq!(cause.kind(), io::ErrorKind::QuotaExceeded);
    }
    assert_eq!(mock.requests().len(), 1);
}

#[test]
fn content_is_read_whatever_it_is_made_of() {
    let mock = Mock::answering(|request| request.body_mut().text().unwrap());
    for body in [
        Body::from("hello"),
        Body::reader(Cursor::new("hello"), Some(5)),
        Body::reader(Cursor::new("hello"), None),
        Body::writer(|out| out.write_all(b"hello")),
    ] {
        let echo = client(&mock).post("http://a/").body(body).send().unwrap();
        assert_eq!(echo.text().unwrap(), "hello");
    }
    assert!(mock.requests().iter().all(|it| it.text() == Some("hello")));
}

#[test]
fn content_that_fails_is_told_as_on_a_wire() {
    let torn = || Body::writer(|_| Err(io::Error::other("torn")));
    let mut large = Body::reader(io::repeat(b'x'), None);
    large.set_limit(Some(3));
    let server = Server::answering(&[&ok("")]);
    let mock = Mock::answering(|_| ());
    for (mut bodies, kind) in [
        ([torn(), torn()], ErrorKind::RequestBody),
        ([Body::reader(Torn, None), Body::reader(Torn, None)], ErrorKind::RequestBody),
    ] {
        let [here, there] = bodies.each_mut().map(mem::take);
        let error = client(&mock).post("http://a/").body(here).send().unwrap_err();
        let on_wire = Client::new().post(server.url("/")).body(there).send().unwrap_err();
        assert_eq!((error.kind(), on_wire.kind()), (kind, kind));
        assert_eq!(error.to_string(), on_wire.to_string());
    }
    let error = client(&mock).post("http://a/").body(large).send().unwrap_err();
    assert_eq!((error.kind(), error.status().as_u16()), (ErrorKind::BodyTooLarge, 413));
}

/// A reader that fails.
struct Torn;

impl io::Read for Torn {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("torn"))
    }
}

#[test]
fn a_response_may_write_itself() {
    let mock = Mock::answering(|request| {
        let is_whole = request.path() == "/whole";
        Body::writer(move |out| {
            out.write_all(b"hel")?;
            out.trailers().insert("Sum", "1").map_err(io::Error::other)?;
            if is_whole { out.write_all(b"lo") } else { Err(io::Error::other("torn")) }
        })
    });
    let client = client(&mock);
    let mut response = client.get("http://a/whole").send().unwrap();
    assert_eq!(response.body_mut().read_all().unwrap(), b"hello");
    assert_eq!(response.trailers().unwrap().text("Sum"), Some("1"));
    let error = client.get("http://a/part").send().unwrap().text().unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    assert_eq!(Error::from(error).kind(), ErrorKind::Truncated);
}

#[test]
fn a_response_without_content_has_none() {
    let mock = Mock::answering(|request| match request.path() {
        "/204" => (StatusCode::NO_CONTENT, "hello"),
        "/304" => (StatusCode::NOT_MODIFIED, "hello"),
        _ => (StatusCode::OK, "hello"),
    });
    let client = client(&mock);
    assert_eq!(client.head("http://a/").send().unwrap().text().unwrap(), "");
    for (path, text) in [("204", ""), ("304", ""), ("200", "hello")] {
        assert_eq!(client.get(format!("http://a/{path}")).send().unwrap().text().unwrap(), text);
    }
}

#[test]
fn the_limit_of_a_response_is_the_callers() {
    let mock = Mock::answering(|_| "hello");
    let mut response = client(&mock).get("http://a/").send().unwrap();
    response.body_mut().set_limit(Some(4));
    let error = Error::from(response.text().unwrap_err());
    assert_eq!((error.kind(), error.status().as_u16()), (ErrorKind::BodyTooLarge, 500));
}

#[test]
fn redirects_are_followed_with_the_content_that_a_handler_has_read() {
    for (status, then) in [
        (302, "GET http://b/"),
        (303, "GET http://b/"),
        (307, "POST http://b/ hello"),
        (308, "POST http://b/ hello"),
    ] {
        let mock = Mock::new()
            .on(Method::POST, "http://a/", move |request| {
                assert_eq!(request.body_mut().text().unwrap(), "hello");
                redirect(status, "http://b/")
            })
            .under("http://b/", |_| "there");
        let response = client(&mock).post("http://a/").body("hello").send().unwrap();
        assert_eq!(response.text().unwrap(), "there");
        assert_eq!(log(&mock), ["POST http://a/ hello", then], "{status}");
    }
}

#[test]
fn content_that_can_be_read_once_is_spent_as_on_a_wire() {
    let mock = Mock::answering(|_| redirect(307, "http://b/"));
    let body = Body::reader(Cursor::new("hello"), Some(5));
    let outcome = client(&mock).post("http://a/").body(body).send();
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Redirect(RedirectErrorKind::SpentBody));
    assert_eq!(log(&mock), ["POST http://a/ hello"]);
}

#[test]
fn content_that_can_be_had_again_is_sent_again() {
    let file = std::fs::File::open("LICENSE-MIT").unwrap();
    for body in [
        Body::file(file, 0..11),
        Body::replayable(|| Ok(Body::reader(Cursor::new("MIT License"), None))).unwrap(),
    ] {
        let mock = Mock::new()
            .on(Method::PUT, "http://a/", |_| redirect(307, "http://b/"))
            .on(Method::PUT, "http://b/", |_| redirect(307, "http://c/"))
            .on(Method::PUT, "http://c/", |request| request.body_mut().text().unwrap());
        let response = client(&mock).put("http://a/").body(body).send().unwrap();
        assert_eq!(response.text().unwrap(), "MIT License");
        let expected = ["a", "b", "c"].map(|host| format!("PUT http://{host}/ MIT License"));
        assert_eq!(log(&mock), expected);
    }
}

#[test]
fn requests_are_sent_again_while_the_server_is_in_trouble() {
    let troubled = || {
        Mock::new()
            .once(Method::PUT, "http://a/", |_| Failure::new(ErrorKind::Connect))
            .once(Method::PUT, "http://a/", |_| Failure::new(ErrorKind::Receive))
            .once(Method::PUT, "http://a/", |_| StatusCode::SERVICE_UNAVAILABLE)
            .on(Method::PUT, "http://a/", |request| request.body_mut().text().unwrap())
    };
    for (times, status) in [(2, 503), (3, 200)] {
        let mock = troubled();
        let retry = Retry::idempotent(times).backoff(Duration::ZERO, Duration::ZERO);
        let client = builder(&mock).retry(retry).build().unwrap();
        let response = client.put("http://a/").body("hello").send().unwrap();
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(log(&mock), vec!["PUT http://a/ hello"; mock.requests().len()]);
    }
    let mock = troubled();
    let error = client(&mock).put("http://a/").send().unwrap_err();
    assert_eq!((error.kind(), mock.requests().len()), (ErrorKind::Connect, 1));
}

#[test]
fn a_response_says_where_it_is_from() {
    let mock = Mock::new().on(Method::GET, "http://a/", |_| redirect(302, "http://b/c")).on(
        Method::GET,
        "http://b/c",
        |_| "there",
    );
    let response = client(&mock).get("http://a/").send().unwrap();
    assert_eq!(response.url().unwrap(), &"http://b/c");
    assert_eq!(response.history().len(), 1);
}

#[test]
fn an_https_url_is_secure_to_whoever_answers() {
    let mock = Mock::answering(|request| match request.is_secure() {
        true => request.scheme().into_response(),
        false => redirect(308, "https://a/"),
    });
    for (url, hops) in [("http://a/", 1), ("https://a/", 0), ("HTTPS://a/", 0)] {
        let response = client(&mock).get(url).send().unwrap();
        assert_eq!(response.history().len(), hops, "{url}");
        assert_eq!(response.text().unwrap(), "https");
    }
}

#[test]
fn redirects_end() {
    let mock = Mock::answering(|request| redirect(302, &format!("{}x", request.path())));
    let error = client(&mock).get("http://a/").send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect(RedirectErrorKind::TooMany));
    assert_eq!(mock.requests().len(), 11);
    let none = builder(&mock).redirects(Redirects::none()).build().unwrap();
    assert_eq!(none.get("http://a/").send().unwrap().status(), StatusCode::FOUND);
}

#[test]
fn cookies_are_kept() {
    let mock = Mock::new()
        .on(Method::POST, "http://a/login", |_| {
            redirect(303, "/").with_header("Set-Cookie", "sid=1; Path=/").unwrap()
        })
        .on(Method::GET, "http://a/", |request| request.cookie("sid").unwrap_or("none").to_owned());
    let client = builder(&mock).cookies(true).build().unwrap();
    assert_eq!(client.get("http://a/").send().unwrap().text().unwrap(), "none");
    assert_eq!(client.post("http://a/login").send().unwrap().text().unwrap(), "1");
}

#[test]
fn a_digest_is_answered() {
    let challenge = "Digest realm=\"a\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256";
    let mock = Mock::answering(move |request| match request.header("Authorization") {
        Some(answer) if answer.starts_with("Digest username=\"ada\"") => "in".into_response(),
        _ => StatusCode::UNAUTHORIZED
            .into_response()
            .with_header("WWW-Authenticate", challenge)
            .unwrap(),
    });
    let request = client(&mock).put("http://a/").body("hello").digest_auth("ada", "secret");
    assert_eq!(request.send().unwrap().text().unwrap(), "in");
    assert_eq!(log(&mock), ["PUT http://a/ hello", "PUT http://a/ hello"]);
}

#[test]
fn content_codings_are_undone() {
    let mock = Mock::answering(|request| {
        assert_eq!(request.header("Accept-Encoding"), Some("gzip, deflate"));
        let gzip = encode(Format::Gzip, b"hello", Level::DEFAULT);
        Response::new(StatusCode::OK)
            .with_header("Content-Encoding", "gzip")
            .unwrap()
            .with_body(gzip)
    });
    assert_eq!(client(&mock).get("http://a/").send().unwrap().text().unwrap(), "hello");
}

#[test]
fn layers_above_see_what_a_mock_sees_and_says() {
    let mock = Mock::answering(|request| request.header("X-Layer").unwrap_or("none").to_owned());
    let client = Client::builder()
        .layer(|request: &mut Request, next: Next<'_>| {
            request.headers_mut().insert("X-Layer", "above")?;
            Ok(next.exchange(request)?.with_header("X-Seen", "yes")?)
        })
        .layer(mock.clone())
        .layer(|_: &mut Request, _: Next<'_>| -> nethttp::Result<Response> { unreachable!() })
        .build()
        .unwrap();
    let response = client.get("http://a/").send().unwrap();
    assert_eq!(response.header("X-Seen"), Some("yes"));
    assert_eq!(response.text().unwrap(), "above");
}

#[test]
fn errors_can_be_asked_for() {
    let mock = Mock::answering(|_| StatusCode::GONE);
    let client = builder(&mock).error_for_status(true).build().unwrap();
    let error = client.get("http://a/").send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Status(StatusCode::GONE));
}

#[test]
fn a_layer_that_changes_content_changes_what_the_caller_has_given_each_time() {
    let redirect = b"HTTP/1.1 307 Moved\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n";
    let quotes = |request: &mut Request, next: Next<'_>| {
        let content = mem::take(request.body_mut()).text()?;
        *request.body_mut() = format!("<{content}>").into();
        next.exchange(request)
    };
    let made = || Ok(Body::reader(&b"hello"[..], None));
    for body in [Body::from("hello"), Body::replayable(made).unwrap()] {
        let server = Server::answering(&[redirect, &ok("done")]);
        let client = Client::builder().layer(quotes).build().unwrap();
        let response = client.put(server.url("/a")).body(body).send().unwrap();
        assert_eq!(response.text().unwrap(), "done");
        assert_eq!(server.log().requests.len(), 2);
        for request in &server.log().requests {
            assert!(request.ends_with(b"\r\n\r\n<hello>"), "{}", String::from_utf8_lossy(request));
        }
    }
}

#[test]
fn what_a_layer_sends_elsewhere_is_of_the_server_of_the_call() {
    let mock = Mock::answering(|request| match request.path() {
        "/a" => redirect(302, "b").with_header("Set-Cookie", "sid=1").unwrap(),
        _ => Response::new(StatusCode::OK),
    });
    let client = Client::builder()
        .cookies(true)
        .layer(|request: &mut Request, next: Next<'_>| {
            let url = format!("http://mirror.example{}", request.path());
            let mut elsewhere = Request::new(request.method(), url)?;
            *elsewhere.headers_mut() = request.headers().clone();
            next.exchange(&mut elsewhere)
        })
        .layer(mock.clone())
        .build()
        .unwrap();
    let response = client.get("http://a.example/a").bearer_auth("secret").send().unwrap();
    assert_eq!(*response.url().unwrap(), "http://a.example/b");
    let requests = mock.requests();
    assert_eq!(requests.len(), 2);
    for request in &requests {
        assert_eq!(request.url().authority().unwrap().as_str(), "mirror.example");
        assert_eq!(request.header("Authorization"), Some("Bearer secret"));
    }
    assert_eq!(requests[1].header("Cookie"), Some("sid=1"));
}

/// Answers with the names of the request's fields, and with a cookie.
fn names() -> Mock {
    Mock::answering(|request| {
        let names: String = request.headers().iter().map(|(name, _)| format!("{name};")).collect();
        let response = Response::new(StatusCode::OK).with_body(names);
        response.with_header("Set-Cookie", "c=1").unwrap()
    })
}

#[test]
fn what_is_left_out_is_not_added_by_anybody() {
    let netrc = Netrc::parse("default login a password b").unwrap();
    let client = builder(&names()).cookies(true).netrc(netrc).header("X", "0").build().unwrap();
    let sent = |url: &str, name: &str| {
        let request = client.post(url).json("{}").header("Y", "1").without_header(name);
        // What it goes without is known to the value, too.
        client.send(request.build().unwrap()).unwrap().text().unwrap()
    };
    let url = "http://a/";
    sent(url, "Z");
    let all = "Host;User-Agent;Accept;Accept-Encoding;Y;Content-Type;X;Authorization;Cookie;";
    assert_eq!(sent(url, "Z"), all);
    for name in all.trim_end_matches(';').split(';').skip(1) {
        let expected = all.replace(&format!("{name};"), "");
        assert_eq!(sent(url, name), expected);
        assert_eq!(sent(url, &name.to_ascii_lowercase()), expected);
    }
    assert!(!sent("http://c:d@a/", "Authorization").contains("Authorization"));
    let later = client.get(url).without_header("accept").header("Accept", "a/b");
    assert!(later.send().unwrap().text().unwrap().contains(";Accept;"));
}

#[test]
fn credentials_and_expectations_can_be_left_out() {
    let client = builder(&names()).basic_auth("a", "b").build().unwrap();
    let silent = client.get("http://a/").without_header("Authorization").send().unwrap();
    assert!(!silent.text().unwrap().contains("Authorization"));
    let reader = || Body::reader(Cursor::new("hello"), Some(5));
    let put = || client.put("http://a/").digest_auth("a", "b").body(reader());
    assert!(put().send().unwrap().text().unwrap().contains("Expect"));
    let unasked = put().without_header("Expect").send().unwrap();
    assert!(!unasked.text().unwrap().contains("Expect"));

    let asks = || {
        Mock::answering(|_| {
            let response = Response::new(StatusCode::UNAUTHORIZED);
            response
                .with_header("WWW-Authenticate", "Digest realm=\"a\", nonce=\"b\", qop=\"auth\"")
        })
    };
    for (name, requests) in [("X", 2), ("Authorization", 1)] {
        let mock = asks();
        let client = builder(&mock).digest_auth("a", "b").build().unwrap();
        client.get("http://a/").without_header(name).send().unwrap();
        assert_eq!(mock.requests().len(), requests, "{name}");
    }
}

#[test]
fn what_was_not_asked_for_is_not_decoded() {
    let content = encode(Format::Gzip, b"hello", Level::DEFAULT);
    let coded = content.clone();
    let mock = Mock::answering(move |_| {
        let response = Response::new(StatusCode::OK).with_body(coded.clone());
        response.with_header("Content-Encoding", "gzip").unwrap()
    });
    let get = || client(&mock).get("http://a/");
    assert_eq!(get().send().unwrap().bytes().unwrap(), b"hello");
    assert_eq!(get().without_header("Accept-Encoding").send().unwrap().bytes().unwrap(), content);
}

#[test]
fn a_body_is_as_long_as_it_may_be() {
    let coded = encode(Format::Gzip, &[b'x'; 1000], Level::DEFAULT);
    let mock = Mock::new()
        .on(Method::GET, "http://a/plain", |_| vec![b'x'; 1000])
        .on(Method::GET, "http://a/unknown", |_| {
            let body = Body::reader(Cursor::new(vec![b'x'; 1000]), None);
            Response::new(StatusCode::OK).with_body(body)
        })
        .on(Method::GET, "http://a/coded", move |_| {
            let response = Response::new(StatusCode::OK).with_body(coded.clone());
            response.with_header("Content-Encoding", "gzip").unwrap()
        });
    for path in ["plain", "unknown", "coded"] {
        let url = format!("http://a/{path}");
        for (limit, fits) in [(Some(999), false), (Some(1000), true), (None, true)] {
            let limited = builder(&mock).body_limit(limit).build().unwrap();
            for request in [limited.get(&url), client(&mock).get(&url).body_limit(limit)] {
                let again = request.try_clone().unwrap();
                let collected = request.send().unwrap().bytes();
                let copied = again.send().unwrap().copy_to(&mut Vec::new());
                match fits {
                    true => assert_eq!((collected.unwrap().len(), copied.unwrap()), (1000, 1000)),
                    false => {
                        for error in [collected.unwrap_err(), copied.unwrap_err()] {
                            assert_eq!(error.to_string(), "expected a body of at most 999 bytes");
                            assert_eq!(Error::from(error).kind(), ErrorKind::BodyTooLarge);
                        }
                    }
                }
            }
        }
        let own = builder(&mock).body_limit(Some(1)).build().unwrap().get(&url).body_limit(None);
        assert_eq!(own.send().unwrap().bytes().unwrap().len(), 1000);
    }
}

#[test]
fn a_body_without_a_limit_is_collected_beyond_that_of_all_others() {
    let most = Body::COLLECT_LIMIT;
    let mock = Mock::answering(move |_| {
        Response::new(StatusCode::OK).with_body(Body::reader(io::empty(), Some(most + 1)))
    });
    let get = || client(&mock).get("http://a/");
    assert!(get().send().unwrap().bytes().is_err());
    assert!(get().body_limit(None).send().unwrap().bytes().is_ok());
    assert!(get().body_limit(Some(most + 1)).send().unwrap().bytes().is_ok());
}

//! Requests with forms, and with credentials.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::io;

use nethttp::Client;
use nethttp::client::RequestBuilder;
use nethttp::error::ErrorKind;
use nethttp::field::{Boundary, FieldError};
use nethttp::form::{Form, FormError, FormPart, MultipartForm};

use crate::server::{Server, ok};
use crate::support::scratch::Scratch;

/// Posts, and returns the request from behind `Accept` on.
#[track_caller]
fn posts(build: impl FnOnce(RequestBuilder) -> RequestBuilder) -> String {
    let server = Server::answering(&[&ok("")]);
    build(Client::new().post(server.url("/")).decode(false)).send().unwrap();
    let request = server.last_request();
    request.split_once("Accept: */*\r\n").unwrap().1.to_owned()
}

#[test]
fn a_form_goes_out_with_its_type_and_length() {
    let expected = "Content-Type: application/x-www-form-urlencoded\r\n\
        Content-Length: 19\r\n\r\nq=na%C3%AFve+%26&b=";
    assert_eq!(posts(|request| request.form([("q", "naïve &"), ("b", "")])), expected);
    let form = Form::new().append("q", "naïve &").append("b", "");
    assert_eq!(posts(|request| request.form(&form)), expected);
    let owned = vec![("q".to_owned(), "naïve &".to_owned()), ("b".to_owned(), String::new())];
    assert_eq!(posts(|request| request.form(&owned)), expected);
    assert_eq!(posts(|request| request.form(owned)), expected);
    let map = BTreeMap::from([("b", 2.5), ("a", 1.0)]);
    for sent in [posts(|request| request.form(&map)), posts(|request| request.form(map.clone()))] {
        assert!(sent.ends_with("\r\n\r\na=1&b=2.5"), "{sent}");
    }
    let none = posts(|request| request.form(&Form::new()));
    let head = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(none, head);
}

#[test]
fn a_content_type_of_the_callers_own_stays() {
    let expected = "content-type: a/b\r\nContent-Length: 3\r\n\r\na=1";
    let fields = [("a", "1")];
    assert_eq!(posts(|request| request.form(fields).header("content-type", "a/b")), expected);
    assert_eq!(posts(|request| request.header("content-type", "a/b").form(fields)), expected);
    // A body that takes the place of a form takes its type away.
    let replaced = posts(|request| request.form(fields).body("hello"));
    assert_eq!(replaced, "Content-Length: 5\r\n\r\nhello");
}

fn multipart() -> MultipartForm {
    MultipartForm::with_boundary(&Boundary::parse(b"a:b").unwrap())
}

#[test]
fn a_multipart_form_goes_out_with_its_length_if_it_is_known() {
    let head = "Content-Type: multipart/form-data; boundary=\"a:b\"\r\n";
    let content = "--a:b\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\nhello\r\n\
        --a:b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f.txt\"\r\n\
        Content-Type: text/plain\r\n\r\n";
    let whole = format!("{content}xyz\r\n--a:b--\r\n");
    let expected = format!("{head}Content-Length: {}\r\n\r\n{whole}", whole.len());
    let with = |part: FormPart| multipart().text("t", "hello").part(part.file_name("f.txt"));
    for part in [FormPart::bytes("f", "xyz"), FormPart::reader("f", &b"xyz"[..], Some(3))] {
        assert_eq!(posts(|request| request.multipart(with(part))), expected);
    }
    let chunk = format!("{:x}\r\n{content}\r\n", content.len());
    let expected = format!(
        "{head}Transfer-Encoding: chunked\r\n\r\n{chunk}3\r\nxyz\r\n\
         b\r\n\r\n--a:b--\r\n\r\n0\r\n\r\n"
    );
    let unknown = FormPart::reader("f", &b"xyz"[..], None);
    assert_eq!(posts(|request| request.multipart(with(unknown))), expected);
}

#[test]
fn a_file_that_changes_breaks_the_request_off() {
    let folder = Scratch::new();
    let path = folder.path().join("nethttp-form-upload");
    for (content, text) in [
        ("12", "expected more of the file, found its end"),
        ("1234", "expected the end of the file, found more"),
    ] {
        std::fs::write(&path, "123").unwrap();
        let form = multipart().file("f", &path).unwrap();
        std::fs::write(&path, content).unwrap();
        let server = Server::start(|peer| drop(peer.rest()));
        let error = Client::new().post(server.url("/")).multipart(form).send().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RequestBody);
        assert!(error.to_string().ends_with(text), "{error}");
    }
}

#[test]
fn a_source_that_fails_breaks_the_request_off() {
    struct Broken;
    impl io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("disk on fire"))
        }
    }
    let server = Server::start(|peer| drop(peer.rest()));
    let form = multipart().part(FormPart::reader("f", Broken, Some(1)));
    let error = Client::new().post(server.url("/")).multipart(form).send().unwrap_err();
    let text = "expected the body of the request to come: disk on fire";
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::RequestBody, text));
}

#[test]
fn what_cannot_be_sent_is_said_before_anything_is() {
    let request = || nethttp::post("http://127.0.0.1:1/");
    let error = request().multipart(multipart().text("a\0", "")).send().unwrap_err();
    let text = "expected a message that can be sent: \
                expected a field value without controls, found '\\x00' at byte 1";
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Encode, text));
    assert!(error.source().and_then(|source| source.downcast_ref::<FormError>()).is_some());
    for wrong in [
        request().basic_auth("secret:", ""),
        request().basic_auth("", "secret\n"),
        request().bearer_auth("secret token"),
    ] {
        let error = wrong.send().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Encode, "{error}");
        assert!(error.source().and_then(|source| source.downcast_ref::<FieldError>()).is_some());
        assert!(!format!("{error} {error:?}").contains("secret"));
    }
}

#[test]
fn credentials_that_are_none_are_told_from_each_other() {
    let request = || nethttp::get("http://a.example/");
    for (request, text) in [
        (request().basic_auth("a:b", "c"), "expected a user name without ':' at byte 1"),
        (
            request().basic_auth("a", "b\n"),
            "expected a user name and a password without controls at byte 1",
        ),
        (
            request().bearer_auth("to ken"),
            "expected a token of letters, digits and -._~+/ at byte 2",
        ),
        (request().bearer_auth(""), "expected a token of letters, digits and -._~+/ at byte 0"),
        (nethttp::get("http://a%3Ab:c@a.example/"), "expected a user name without ':' at byte 1"),
    ] {
        let error = request.send().unwrap_err().to_string();
        assert!(error.ends_with(&format!(": {text}")), "{error}");
    }
}

#[test]
fn a_file_that_cannot_be_sent_is_named() {
    fn post(path: &std::path::Path) -> nethttp::Result<nethttp::Response> {
        let form = MultipartForm::new().file("photo", path)?;
        nethttp::post("http://a.example/").multipart(form).send()
    }
    let folder = Scratch::new();
    let folder = folder.path();
    let found = post(folder).unwrap_err().to_string();
    let text =
        format!("expected reading and writing to succeed: {}: expected a file, ", folder.display());
    assert!(found.starts_with(&text), "{found}");
    // Nobody makes such a file.
    let missing = folder.join("nethttp").join("no").join("sea.jpg");
    let error = post(&missing).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    let text = format!("expected reading and writing to succeed: {}: ", missing.display());
    assert!(error.to_string().starts_with(&text), "{error}");
    let netrc = nethttp::client::Netrc::load_from(&missing).unwrap_err();
    for error in [MultipartForm::new().file("photo", &missing).unwrap_err(), netrc] {
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert!(error.to_string().starts_with(&format!("{}: ", missing.display())), "{error}");
    }
}

#[test]
fn credentials_go_out_once() {
    let aladdin = posts(|request| request.basic_auth("Aladdin", "open sesame"));
    let expected = "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n";
    assert_eq!(aladdin, format!("{expected}Content-Length: 0\r\n\r\n"));
    let twice = posts(|request| request.basic_auth("a", "b").bearer_auth("mF_9.B5f-4.1JqM"));
    assert_eq!(twice, "Authorization: Bearer mF_9.B5f-4.1JqM\r\nContent-Length: 0\r\n\r\n");
}

#[test]
fn credentials_are_not_shown() {
    let request = nethttp::get("http://a/").bearer_auth("secret");
    assert!(!format!("{request:?}").contains("secret"));
    let form = nethttp::get("http://a/").form([("password", "secret")]);
    assert!(!format!("{form:?}").contains("secret"));
}

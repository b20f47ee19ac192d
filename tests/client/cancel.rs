//! Exchanges that another thread ends.

use std::io::Read;
use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use nethttp::client::CancelToken;
use nethttp::error::ErrorKind;
use nethttp::{Body, Client, Error};

use crate::server::{PATIENCE, Server, direct, ok};

/// Has the token used a little later.
fn soon(token: &CancelToken) {
    let token = token.clone();
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(50));
        token.cancel();
    });
}

#[track_caller]
fn is_cancelled(exchange: impl FnOnce(&CancelToken) -> Result<(), Error>) {
    let (token, start) = (CancelToken::new(), Instant::now());
    soon(&token);
    let error = exchange(&token).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled, "{error}");
    assert!(error.to_string().starts_with("expected nobody to cancel the exchange with "));
    assert!(start.elapsed() < PATIENCE);
}

#[test]
fn waiting_for_a_response_ends() {
    for reply in ["", "HTTP/1.1 103 Early Hints\r\n\r\n", "HTTP/1.1 200 O"] {
        let server = Server::answering(&[reply.as_bytes()]);
        is_cancelled(|token| Client::new().get(server.url("/")).cancel(token).send().map(drop));
    }
}

#[test]
fn waiting_for_a_body_ends() {
    // A body that ends with its connection does not end when the client has closed that.
    for framing in ["Content-Length: 5\r\n", ""] {
        for size in [1, 64 << 10] {
            let reply = format!("HTTP/1.1 200 OK\r\n{framing}\r\nhel");
            let server = Server::answering(&[reply.as_bytes()]);
            is_cancelled(|token| {
                let mut response = Client::new().get(server.url("/")).cancel(token).send()?;
                let mut piece = vec![0; size];
                while response.body_mut().read(&mut piece)? > 0 {}
                Ok(())
            });
        }
    }
}

#[test]
fn sending_ends() {
    let server = Server::start(|_| thread::sleep(PATIENCE));
    is_cancelled(|token| {
        let body = Body::reader(std::io::repeat(0), None);
        Client::new().put(server.url("/")).body(body).cancel(token).send().map(drop)
    });
}

#[test]
fn looking_up_ends() {
    let (release, wait) = mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let resolver = move |_: &str, _: u16| {
        let _ = wait.lock().unwrap().recv_timeout(PATIENCE);
        Err(std::io::ErrorKind::NotFound.into())
    };
    let client = direct().resolver(resolver).build().unwrap();
    is_cancelled(|token| client.get("http://a.example/").cancel(token).send().map(drop));
    drop(release);
}

#[test]
fn a_used_token_lets_nothing_begin_and_others_go_on() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let token = CancelToken::new();
    token.cancel();
    let error = nethttp::get(&url).cancel(&token).send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert_eq!(listener.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);

    let server = Server::answering(&[&ok("one"), &ok("two")]);
    let client = Client::new();
    let (first, second) = (CancelToken::new(), CancelToken::new());
    assert_eq!(client.get(server.url("/")).cancel(&first).send().unwrap().text().unwrap(), "one");
    // What is over cannot be cancelled, nor can it spoil the connection for the next one.
    first.cancel();
    assert_eq!(client.get(server.url("/")).cancel(&second).send().unwrap().text().unwrap(), "two");
    assert_eq!(server.connections(), 1);
}

//! nginx: which connections are used again, and which are not.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use nethttp::Client;
use nethttp::error::ErrorKind;

use super::field;
use super::nginx::{Nginx, connection};

/// Reads that path so many times, and returns how many connections that took.
#[track_caller]
fn connections_for(nginx: &Nginx, path: &str, count: usize) -> usize {
    let client = Client::new();
    let of = |_| {
        let response = nginx.get(&client, path);
        let serial = connection(&response);
        assert_eq!(response.text().unwrap(), "0123456789", "{path}");
        serial
    };
    (0..count).map(of).collect::<BTreeSet<u64>>().len()
}

#[test]
fn a_connection_is_used_as_often_as_the_server_lets_it() {
    let Some(nginx) = Nginx::start() else { return };
    for (path, connections) in [
        ("/digits", 1),
        ("/ssi/digits", 1),
        ("/gzip/digits", 1),
        ("/through/digits", 1),
        // What the server announces is a promise, of which the last second is not relied on.
        ("/says-30/digits", 1),
        ("/says-1/digits", 7),
        ("/twice/digits", 4),
        ("/once/digits", 7),
    ] {
        assert_eq!(connections_for(&nginx, path, 7), connections, "{path}");
    }
    let announced = nginx.get(&Client::new(), "/says-30/digits");
    assert_eq!(field(&announced, "Keep-Alive"), "timeout=30");
}

#[test]
fn responses_without_content_leave_the_connection_as_it_was() {
    let Some(nginx) = Nginx::start() else { return };
    let client = Client::new();
    let url = |path: &str| nginx.url(path);
    let etag = field(&nginx.get(&client, "/digits"), "ETag").to_owned();
    let serials = [
        client.head(url("/digits")),
        client.head(url("/gzip/digits")).header("Accept-Encoding", "gzip"),
        client.get(url("/nothing")),
        client.get(url("/digits")).header("If-None-Match", etag),
        client.post(url("/nothing")).body("hello"),
    ]
    .map(|request| connection(&request.send().unwrap()));
    // The first response was dropped before its content was read.
    assert_eq!(BTreeSet::from(serials).len(), 1);
}

#[test]
fn a_connection_that_the_server_has_closed_meanwhile_is_not_used() {
    let Some(nginx) = Nginx::start() else { return };
    let client = Client::new();
    for _ in 0..3 {
        let before = nginx.get(&client, "/brief/digits");
        let old = connection(&before);
        before.text().unwrap();
        thread::sleep(Duration::from_millis(400));
        // What must not be sent twice would fail if it met the closed connection.
        let response = client.post(nginx.url("/echo")).body("hello").send().unwrap();
        assert_eq!((response.status().as_u16(), field(&response, "X-Request")), (200, "1"));
        assert_ne!(connection(&response), old);
        response.text().unwrap();
    }
}

#[test]
fn a_server_that_hangs_up_is_an_error_that_says_so() {
    let Some(nginx) = Nginx::start() else { return };
    let client = Client::new();
    for _ in 0..2 {
        let error = client.get(nginx.url("/hangs-up")).send().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Truncated, "{error}");
        // On a connection that was good until now, too.
        nginx.get(&client, "/digits").text().unwrap();
    }
}

#[test]
fn many_threads_share_a_client_and_each_gets_its_own() {
    let Some(nginx) = Nginx::start() else { return };
    let client = Client::new();
    let (client, nginx) = (&client, &nginx);
    thread::scope(|scope| {
        for thread in 0..8 {
            scope.spawn(move || {
                for round in 0..25 {
                    let target = format!("/echo?{thread}-{round}");
                    let text = nginx.get(client, &target).text().unwrap();
                    assert!(text.starts_with(&format!("GET {target} ")), "{text}");
                }
            });
        }
    });
}

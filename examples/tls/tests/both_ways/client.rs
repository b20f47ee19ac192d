//! The client against servers that do what a test tells them to.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use nethttp::client::{CancelToken, Dial, Stream, Target, Timeouts};
use nethttp::error::{ErrorKind, Phase};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};

use super::identity::{Authority, local};
use super::rustls_by_hand::{ByHand, Peer, VERSIONS, request, say};
use super::{PATIENCE, builder, client, told};

/// Answers every request with what it was sent.
fn echo(_: usize, peer: &mut Peer) {
    while let Some((_, body)) = request(peer) {
        say(peer, format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len()).as_bytes());
        say(peer, &body);
    }
}

#[test]
fn one_connection_serves_all_requests_in_both_versions() {
    let (authority, identity) = local();
    for version in VERSIONS {
        let (saw, seen) = mpsc::channel();
        let server = ByHand::start(&identity, &[version], move |number, peer| {
            // With TLS 1.3, tickets are on their way to the client from here on.
            peer.flush().unwrap();
            let protocol = peer.conn.alpn_protocol().map(<[u8]>::to_vec);
            let name = peer.conn.server_name().map(str::to_owned);
            saw.send((peer.conn.protocol_version(), name, protocol)).unwrap();
            echo(number, peer);
        });
        let client = client(authority.roots());
        let url = server.url("a.test", "/");
        assert_eq!(client.get(&url).send().unwrap().text().unwrap(), "");
        assert_eq!(client.post(&url).body("hello").send().unwrap().text().unwrap(), "hello");
        // Longer than what TLS and the system hold between them.
        let large: Vec<u8> = (0..8_u32 << 20).map(|at| (at % 251) as u8).collect();
        let answer = client.post(&url).body(large.clone()).send().unwrap();
        let mut answer = answer.into_body();
        answer.set_limit(None);
        assert!(answer.read_all().unwrap() == large);
        assert_eq!(client.get(&url).send().unwrap().text().unwrap(), "");
        assert_eq!(server.connections(), 1);
        let (name, protocol) = (Some("a.test".to_owned()), Some(b"http/1.1".to_vec()));
        assert_eq!(seen.recv().unwrap(), (Some(version.version), name, protocol));
    }
}

#[test]
fn what_tls_says_while_nobody_asks_costs_no_connection() {
    let (authority, identity) = local();
    let (tell, said) = mpsc::channel();
    let server = ByHand::start(&identity, &[&rustls::version::TLS13], move |_, peer| {
        while request(peer).is_some() {
            say(peer, b"HTTP/1.1 204 No Content\r\n\r\n");
            // A record that is none of a response's, as late tickets are.
            peer.conn.refresh_traffic_keys().unwrap();
            peer.flush().unwrap();
            tell.send(()).unwrap();
        }
    });
    let client = client(authority.roots());
    for _ in 0..3 {
        client.get(server.url("a.test", "/")).send().unwrap();
        said.recv_timeout(PATIENCE).unwrap();
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn an_address_is_vouched_for_as_a_name_is() {
    let (authority, identity) = local();
    let server = ByHand::start(&identity, &VERSIONS, echo);
    let client = client(authority.roots());
    let answer = client.post(server.url("127.0.0.1", "/")).body("hello").send().unwrap();
    assert_eq!(answer.text().unwrap(), "hello");
}

#[track_caller]
fn is_refused(roots: &Authority, server: &ByHand, host: &str, text: &str) {
    let error = client(roots.roots()).get(server.url(host, "/")).send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls, "{}", told(&error));
    let whole = told(&error);
    assert!(whole.starts_with(&format!("expected a secure connection to {host}:")), "{whole}");
    assert!(whole.contains(text), "{whole}");
}

#[test]
fn who_is_not_whom_the_url_names_is_refused() {
    let (authority, identity) = local();
    let server = ByHand::start(&identity, &VERSIONS, echo);
    is_refused(&authority, &server, "b.test", "not valid for name \"b.test\"");
    is_refused(&Authority::new("another one"), &server, "a.test", "UnknownIssuer");
    let expired = authority.sign_expired(&["a.test"]);
    let server = ByHand::start(&expired, &VERSIONS, echo);
    is_refused(&authority, &server, "a.test", "expired");
}

#[test]
fn a_server_that_speaks_no_tls_is_refused() {
    let (authority, _) = local();
    let plain = ByHand::plain(|_, mut socket| {
        let _ = socket.read(&mut [0; 1024]);
        let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    });
    is_refused(&authority, &plain, "a.test", "corrupt message");
    let silent = ByHand::plain(|_, socket| drop(socket));
    is_refused(&authority, &silent, "a.test", "");
}

/// A server that takes what comes and never finishes a handshake.
fn stalling(drips: bool) -> (ByHand, mpsc::Receiver<()>) {
    let (begin, begun) = mpsc::channel();
    let server = ByHand::plain(move |_, mut socket: TcpStream| {
        assert!(socket.read(&mut [0; 1024]).unwrap() > 0);
        begin.send(()).unwrap();
        // The start of a record that never ends.
        socket.write_all(&[22, 3, 3, 0x40, 0]).unwrap();
        while drips && socket.write_all(&[2]).is_ok() {
            thread::sleep(Duration::from_millis(5));
        }
        let _ = socket.read(&mut [0; 1024]);
    });
    (server, begun)
}

#[test]
fn a_handshake_that_stalls_or_drips_ends_with_the_time_for_connecting() {
    let (authority, _) = local();
    for drips in [false, true] {
        let (server, _begun) = stalling(drips);
        let timeouts = Timeouts::DEFAULT.connect(Some(Duration::from_millis(200)));
        let timeouts = timeouts.total(Some(PATIENCE));
        let client = builder(authority.roots()).timeouts(timeouts).build().unwrap();
        let error = client.get(server.url("a.test", "/")).send().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout(Phase::Connect), "{}", told(&error));
    }
}

#[test]
fn a_handshake_can_be_cancelled() {
    let (authority, _) = local();
    let (server, begun) = stalling(false);
    let token = CancelToken::new();
    let request = client(authority.roots()).get(server.url("a.test", "/")).cancel(&token);
    let waiting = thread::spawn(move || request.send());
    begun.recv_timeout(PATIENCE).unwrap();
    token.cancel();
    let error = waiting.join().unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled, "{}", told(&error));
}

#[test]
fn without_a_connector_https_is_an_error() {
    let client = nethttp::Client::builder().build().unwrap();
    let error = client.get("https://127.0.0.1:1/").send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls);
}

/// As it stands in the README.
#[test]
fn the_least_that_works_does() {
    let (authority, identity) = local();
    let server = ByHand::start(&identity, &VERSIONS, echo);
    let roots = authority.roots();
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let config = Arc::new(config);
    let tls = move |target: &Target<'_>, dial: Dial<'_>| {
        let name = ServerName::try_from(target.host().to_owned()).map_err(io::Error::other)?;
        let session = ClientConnection::new(Arc::clone(&config), name).map_err(io::Error::other)?;
        let mut stream = StreamOwned::new(session, dial.stream()?);
        stream.flush()?; // the handshake
        Ok(Stream::new(stream))
    };
    let client = builder(authority.roots()).tls(tls).build().unwrap();
    let answer = client.post(server.url("a.test", "/")).body("hello").send().unwrap();
    assert_eq!(answer.text().unwrap(), "hello");
    let error = client.get(server.url("b.test", "/")).send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls, "{}", told(&error));
}

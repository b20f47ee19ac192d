//! TLS through the tunnel of a proxy.

use std::io::{self, BufReader, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc;
use std::thread;

use nethttp::Request;
use nethttp::client::{Proxies, Proxy};
use nethttp::error::ErrorKind;

use super::identity::local;
use super::rustls_by_hand::{ByHand, request};
use super::{Running, builder, told};

/// A proxy that opens tunnels to a port of this machine, whatever it is asked for.
fn tunnelling(to: u16) -> (Proxy, mpsc::Receiver<String>) {
    let (tell, told) = mpsc::channel();
    let server = ByHand::plain(move |_, mut client| {
        let (head, _) = request(&mut BufReader::with_capacity(1, &client)).unwrap();
        tell.send(head.lines().next().unwrap().to_owned()).unwrap();
        let mut server = TcpStream::connect(("127.0.0.1", to)).unwrap();
        client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").unwrap();
        let (mut from, mut into) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        thread::spawn(move || {
            let _ = io::copy(&mut from, &mut into);
            let _ = into.shutdown(Shutdown::Write);
        });
        let _ = io::copy(&mut server, &mut client);
        let _ = client.shutdown(Shutdown::Write);
    });
    (Proxy::parse(format!("http://127.0.0.1:{}", server.port)).unwrap(), told)
}

#[test]
fn the_handshake_is_with_the_server_behind_the_tunnel() {
    let (authority, identity) = local();
    let server = Running::start(&identity, |request: &mut Request| request.path().to_owned());
    let (proxy, asked) = tunnelling(server.port());
    let client = builder(authority.roots()).proxies(Proxies::all(proxy)).build().unwrap();
    for path in ["/one", "/two"] {
        let answer = client.get(format!("https://a.test:4433{path}")).send().unwrap();
        assert_eq!(answer.text().unwrap(), path);
    }
    let error = client.get("https://b.test/").send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls, "{}", told(&error));
    assert!(told(&error).contains("not valid for name"), "{}", told(&error));
    drop(server);
    let asked: Vec<String> = asked.try_iter().collect();
    assert_eq!(asked, ["CONNECT a.test:4433 HTTP/1.1", "CONNECT b.test:443 HTTP/1.1"]);
}

#[test]
fn a_proxy_that_opens_no_tunnel_is_to_blame() {
    let (authority, _) = local();
    let server = ByHand::plain(|_, mut client| {
        request(&mut BufReader::new(&client)).unwrap();
        client.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n").unwrap();
    });
    let proxy = Proxy::parse(format!("http://127.0.0.1:{}", server.port)).unwrap();
    let client = builder(authority.roots()).proxies(Proxies::all(proxy)).build().unwrap();
    let error = client.get("https://a.test/").send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Proxy, "{}", told(&error));
}

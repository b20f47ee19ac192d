//! What proxies say.

use std::io::{self, Read, Write};
use std::net::IpAddr;
use std::string::{String, ToString};
use std::vec::Vec;

use super::first_line;
use crate::client::Proxy;
use crate::client::proxy::{Destination, socks5, tunnel};
use crate::error::{Error, ErrorKind};
use crate::fuzz::piece_sizes;
use crate::h1::{ClientConnection, ClientEvent, Config, ServerConnection, ServerEvent};
use crate::header::HeaderMap;
use crate::method::Method;
use crate::status::StatusCode;

/// Says `says`, some bytes a read, and keeps what is said to it.
struct Wire<'a> {
    says: &'a [u8],
    size: usize,
    heard: Vec<u8>,
}

impl Read for Wire<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let len = buf.len().min(self.size).min(self.says.len());
        let (said, rest) = self.says.split_at(len);
        buf[..len].copy_from_slice(said);
        self.says = rest;
        Ok(len)
    }
}

impl Write for Wire<'_> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.heard.extend_from_slice(buf);
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The host to connect to, and what a proxy with and without a login says. It is asked to connect to that host, and the
/// stream is one to it as soon as the proxy has said so.
pub(super) fn socks(data: &[u8]) {
    let (host, answer) = first_line(data);
    let host = String::from_utf8_lossy(host);
    let Ok(to) = Destination::new(&host, 443) else { return };
    for (address, login) in [("socks5://p", &b""[..]), ("socks5h://ada:pw@p", b"\x01\x03ada\x02pw")]
    {
        let Ok(proxy) = Proxy::parse(address) else { return };
        let (end, messages) = socks_by_letter(answer, login, &host);
        let mut said = (piece_sizes(answer.len()).into_iter()).map(|size| {
            let mut wire = Wire { says: answer, size, heard: Vec::new() };
            let outcome = socks5(&mut wire, &proxy, &to);
            assert_eq!(wire.heard, messages);
            is_at_the_end(&outcome, end, answer, &wire);
            outcome.map_err(|error| error.to_string())
        });
        let whole = said.next();
        said.for_each(|other| assert_eq!(Some(other), whole));
        for cut in 0..end.unwrap_or(0) {
            let mut wire = Wire { says: &answer[..cut], size: usize::MAX, heard: Vec::new() };
            assert!(socks5(&mut wire, &proxy, &to).is_err());
        }
    }
}

/// Where the proxy has opened the way, nothing behind that is read.
fn is_at_the_end(outcome: &Result<(), Error>, end: Option<usize>, answer: &[u8], wire: &Wire<'_>) {
    match (outcome, end) {
        (Ok(()), Some(end)) => assert_eq!(wire.says, &answer[end..]),
        (Err(error), None) => assert_eq!(error.kind(), ErrorKind::Proxy),
        (outcome, end) => panic!("{outcome:?}, not {end:?}"),
    }
}

/// Where the conversation ends if it ends well, and what is said in it; RFC 1928 §3, §4, §6 and RFC 1929 §2.
fn socks_by_letter(answer: &[u8], login: &[u8], host: &str) -> (Option<usize>, Vec<u8>) {
    let mut said = if login.is_empty() { vec![5, 1, 0] } else { vec![5, 2, 0, 2] };
    let mut rest = answer;
    match rest {
        [5, 0, after @ ..] => rest = after,
        [5, 2, after @ ..] if !login.is_empty() => {
            said.extend(login);
            match after {
                [1, 0, after @ ..] => rest = after,
                _ => return (None, said),
            }
        }
        _ => return (None, said),
    }
    said.extend([5, 1, 0]);
    match host.parse() {
        Ok(IpAddr::V4(address)) => said.extend([&[1][..], &address.octets()].concat()),
        Ok(IpAddr::V6(address)) => said.extend([&[4][..], &address.octets()].concat()),
        Err(_) => {
            said.extend([3, u8::try_from(host.len()).expect("a host that was taken")]);
            said.extend(host.bytes());
        }
    }
    said.extend([1, 187]);
    let len = match rest {
        [5, 0, 0, 1, ..] => 4 + 4 + 2,
        [5, 0, 0, 4, ..] => 4 + 16 + 2,
        [5, 0, 0, 3, len, ..] => 4 + 1 + usize::from(*len) + 2,
        _ => return (None, said),
    };
    let end = answer.len() - rest.len() + len;
    (Some(end).filter(|&end| end <= answer.len()), said)
}

/// The host to connect to, and what a proxy says: asked for that host and nothing else, it has opened the way where a
/// reader of the whole answer finds the end of a successful head.
pub(super) fn connect(data: &[u8]) {
    let (host, answer) = first_line(data);
    let host = String::from_utf8_lossy(host);
    let Ok(to) = Destination::new(&host, 443) else { return };
    let found = connect_at_once(answer);
    let end = found.filter(|(status, _)| status.is_success()).map(|(_, end)| end);
    for address in ["p", "http://ada:pw@p"] {
        let Ok(proxy) = Proxy::parse(address) else { return };
        for size in piece_sizes(answer.len()) {
            let mut wire = Wire { says: answer, size, heard: Vec::new() };
            let outcome = tunnel(&mut wire, &proxy, &to, &HeaderMap::new(), &Config::CLIENT);
            asks_for(&to.to_string(), address.contains('@'), &wire.heard);
            is_at_the_end(&outcome, end, answer, &wire);
            if let (Err(error), Some((status, end))) = (outcome, found) {
                let text =
                    format!("expected the proxy {proxy} to open a tunnel to {to}, found {status}");
                assert!(error.to_string().starts_with(&text), "{error}");
                assert_eq!(wire.says, &answer[end..]);
            }
        }
        for cut in (0..end.unwrap_or(0)).rev().take(64) {
            let mut wire = Wire { says: &answer[..cut], size: usize::MAX, heard: Vec::new() };
            assert!(tunnel(&mut wire, &proxy, &to, &HeaderMap::new(), &Config::CLIENT).is_err());
        }
    }
}

/// One request, with one host in it.
fn asks_for(target: &str, has_login: bool, heard: &[u8]) {
    let mut server = ServerConnection::new(&Config::SERVER);
    let Ok((used, ServerEvent::Request(head))) = server.receive(heard) else {
        panic!("{}", heard.escape_ascii());
    };
    assert_eq!((head.method(), head.target()), (Method::CONNECT, target.as_bytes()));
    assert_eq!(used, heard.len());
    let fields = head.fields();
    let names: Vec<&[u8]> = fields.iter().map(|field| field.name()).collect();
    let expected: &[&[u8]] =
        if has_login { &[b"Host", b"Proxy-Authorization"] } else { &[b"Host"] };
    assert_eq!(names, expected);
    assert!(fields.iter().next().is_some_and(|field| field.value() == target.as_bytes()));
}

/// The final head, and where it ends.
fn connect_at_once(answer: &[u8]) -> Option<(StatusCode, usize)> {
    let mut client = ClientConnection::new(&Config::CLIENT);
    let (mut headers, mut out) = (HeaderMap::new(), Vec::new());
    headers.append("Host", "a:1").ok()?;
    client.send_request(Method::CONNECT, b"a:1", &headers, Some(0), &mut out).ok()?;
    client.finish(&HeaderMap::new(), &mut out).ok()?;
    let mut at = 0;
    loop {
        let (used, event) = client.receive(&answer[at..]).ok()?;
        at += used;
        match event {
            ClientEvent::Response(head) => return Some((head.status(), at)),
            ClientEvent::Interim(_) => {}
            _ => return None,
        }
    }
}

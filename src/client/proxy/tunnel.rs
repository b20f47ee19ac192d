//! CONNECT: a tunnel through a proxy that speaks HTTP,
//! [RFC 9110 §9.3.6](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6).

use std::io::{ErrorKind as IoErrorKind, Read, Write};

use super::{Destination, Proxy, failed, lost};
use crate::error::Error;
use crate::h1::{ClientConnection, ClientEvent, Config, ParseError};
use crate::header::{self, HeaderMap};
use crate::method::Method;
use crate::status::StatusCode;

/// Asks the proxy for a tunnel; behind it, the stream is one to the destination.
///
/// `fields` goes with the request: User-Agent, and what else the caller wants. Host is the destination whatever
/// it says; Proxy-Authorization is the proxy's, unless it has one. A success opens the tunnel at the end of
/// its head, Content-Length and Transfer-Encoding notwithstanding.
///
/// # Errors
///
/// `Proxy`: another answer, none, or one that is not HTTP; `Encode`: fields that cannot be sent, a body's
/// among them; and what the stream has wrapped into an [`io::Error`](std::io::Error).
pub(crate) fn tunnel(
    stream: &mut (impl Read + Write),
    proxy: &Proxy,
    to: &Destination<'_>,
    fields: &HeaderMap,
    config: &Config,
) -> Result<(), Error> {
    let mut connection = ClientConnection::new(config);
    let (target, mut out) = (to.to_string(), Vec::new());
    let fields = complete(fields, proxy, &target)?;
    connection.send_request(Method::CONNECT, target.as_bytes(), &fields, Some(0), &mut out)?;
    connection.finish(&HeaderMap::new(), &mut out)?;
    let sent = stream.write_all(&out).and_then(|()| stream.flush());
    sent.map_err(|error| lost(proxy, error))?;
    let status = receive(stream, proxy, &mut connection)?;
    if status.is_success() {
        return Ok(());
    }
    let reason = status.canonical_reason().map(|reason| format!(" {reason}")).unwrap_or_default();
    let hint = match status {
        StatusCode::PROXY_AUTHENTICATION_REQUIRED if proxy.authorization().is_some() => {
            " (it does not accept the user name and the password)"
        }
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => " (it wants a user name and a password)",
        _ => "",
    };
    let text = format!("expected the proxy {proxy} to open a tunnel to {to}, found {status}");
    Err(failed(format!("{text}{reason}{hint}")))
}

fn complete(fields: &HeaderMap, proxy: &Proxy, target: &str) -> Result<HeaderMap, Error> {
    let mut complete = HeaderMap::new();
    complete.append(header::HOST, target)?;
    match proxy.authorization() {
        Some(value) if !fields.contains_key(header::PROXY_AUTHORIZATION) => {
            complete.append(header::PROXY_AUTHORIZATION, value)?;
        }
        _ => {}
    }
    let mut others = fields.clone();
    others.remove(header::HOST);
    complete.append_all(&others)?;
    Ok(complete)
}

/// Waits for the final head. It is read byte by byte: the one behind it is no longer the proxy's, and there is no
/// way to put it back.
fn receive(
    stream: &mut impl Read,
    proxy: &Proxy,
    connection: &mut ClientConnection,
) -> Result<StatusCode, Error> {
    let no_http = |error: ParseError| {
        failed(format!("expected the proxy {proxy} to answer in HTTP/1.1")).with_source(error)
    };
    let (mut head, mut octet) = (Vec::new(), [0]);
    loop {
        match stream.read(&mut octet) {
            Ok(0) => {
                connection.end_of_input().map_err(no_http)?;
            }
            Ok(_) => head.extend_from_slice(&octet),
            Err(error) if error.kind() == IoErrorKind::Interrupted => continue,
            Err(error) => return Err(lost(proxy, error)),
        }
        let (used, event) = connection.receive(&head).map_err(no_http)?;
        match event {
            ClientEvent::Response(head) => return Ok(head.status()),
            ClientEvent::Interim(_) => head.drain(..used),
            _ => continue,
        };
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::client::proxy::peer::{Broken, Peer, garbage};
    use crate::error::{ErrorKind, Phase};
    use crate::h1::Limits;

    fn open(stream: &mut (impl Read + Write), proxy: &str) -> Result<(), Error> {
        let mut fields = HeaderMap::new();
        fields.append("User-Agent", "test/1").unwrap();
        let proxy = Proxy::parse(proxy).unwrap();
        let to = Destination::new("example.org", 443).unwrap();
        tunnel(stream, &proxy, &to, &fields, &Config::CLIENT)
    }

    #[track_caller]
    fn says(proxy: &str, host: &str, fields: &[(&str, &str)], expected: &str) {
        let mut map = HeaderMap::new();
        for (name, value) in fields {
            map.append(name, value).unwrap();
        }
        let to = Destination::new(host, 443).unwrap();
        for piece in [1, 7, usize::MAX] {
            let mut peer = Peer::in_pieces(b"HTTP/1.1 200 OK\r\n\r\n", piece);
            let proxy = Proxy::parse(proxy).unwrap();
            tunnel(&mut peer, &proxy, &to, &map, &Config::CLIENT).unwrap();
            assert_eq!(String::from_utf8_lossy(&peer.heard), expected);
        }
    }

    #[test]
    fn asks_for_the_destination() {
        says(
            "p",
            "example.org",
            &[],
            "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n",
        );
        says(
            "http://Aladdin:open%20sesame@p",
            "2001:db8::1",
            &[("User-Agent", "test/1"), ("Host", "evil"), ("X-Tag", "a"), ("X-Tag", "b")],
            "CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n\
             Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\
             User-Agent: test/1\r\nX-Tag: a\r\nX-Tag: b\r\n\r\n",
        );
        says(
            "https://u:p@p",
            "192.0.2.1",
            &[("proxy-authorization", "Negotiate x")],
            "CONNECT 192.0.2.1:443 HTTP/1.1\r\nHost: 192.0.2.1:443\r\n\
             proxy-authorization: Negotiate x\r\n\r\n",
        );
    }

    const OPENED: [&[u8]; 5] = [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.0 200 Connection established\r\nProxy-Agent: x\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    ];

    #[test]
    fn a_success_opens_the_tunnel_and_what_follows_stays_unread() {
        for answer in OPENED {
            for surplus in [&b""[..], b"\x16\x03\x01", b"HTTP/1.1 200 OK\r\n\r\n", b"\r\n"] {
                for piece in [1, 2, 1000] {
                    let mut peer = Peer::in_pieces(&[answer, surplus].concat(), piece);
                    open(&mut peer, "p").unwrap();
                    assert_eq!(peer.rest(), surplus);
                }
            }
        }
    }

    #[test]
    fn an_answer_that_is_cut_is_an_error_at_every_byte() {
        for answer in OPENED {
            for len in 0..answer.len() {
                let error = open(&mut Peer::new(&answer[..len]), "p").unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Proxy, "{len}");
                let text = "expected the proxy http://p:80 to answer in HTTP/1.1: expected ";
                assert!(error.to_string().starts_with(text), "{error}");
            }
        }
    }

    #[track_caller]
    fn refuses(proxy: &str, answer: &str, text: &str) {
        let error = open(&mut Peer::new(answer.as_bytes()), proxy).unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Proxy, text));
    }

    #[test]
    fn another_status_is_told() {
        let found = "expected the proxy http://p:80 to open a tunnel to example.org:443, found";
        let answer = "HTTP/1.1 502 \x1b[31mEvil\r\n\r\n";
        refuses("p", "HTTP/1.1 502 Bad\r\n\r\n", &format!("{found} 502 Bad Gateway"));
        refuses("p", &answer.replace('\x1b', "~"), &format!("{found} 502 Bad Gateway"));
        refuses("p", "HTTP/1.1 599\r\n\r\n", &format!("{found} 599"));
        refuses("p", "HTTP/1.1 302 Found\r\nLocation: a\r\n\r\n", &format!("{found} 302 Found"));
        let unknown = "HTTP/1.1 407 x\r\nProxy-Authenticate: Basic realm=\"a\"\r\n\r\n";
        let found = format!("{found} 407 Proxy Authentication Required");
        refuses("p", unknown, &format!("{found} (it wants a user name and a password)"));
        let text = format!("{found} (it does not accept the user name and the password)");
        refuses("http://u:sesame@p", unknown, &text);
    }

    #[test]
    fn what_is_not_http_is_told() {
        let text = "expected the proxy http://p:80 to answer in HTTP/1.1: \
                    expected more bytes, found the end of the connection at byte 0";
        refuses("p", "", text);
        for seed in 0..200 {
            let error = open(&mut Peer::new(&garbage(seed, 300)), "p").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Proxy);
        }
        let switch =
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: a\r\nConnection: upgrade\r\n\r\n";
        assert_eq!(open(&mut Peer::new(switch), "p").unwrap_err().kind(), ErrorKind::Proxy);
    }

    #[test]
    fn heads_and_interim_answers_have_limits() {
        let to = Destination::new("a", 1).unwrap();
        let config = Config::CLIENT.limits(Limits::DEFAULT.head(200));
        let mut peer = Peer::new(&[&b"HTTP/1.1 200 "[..], &[b'a'; 10_000]].concat());
        let opened =
            tunnel(&mut peer, &Proxy::parse("p").unwrap(), &to, &HeaderMap::new(), &config);
        assert_eq!(opened.unwrap_err().kind(), ErrorKind::Proxy);
        assert!(peer.rest().len() > 9000);
        let mut peer = Peer::new(&b"HTTP/1.1 100 Continue\r\n\r\n".repeat(1000));
        assert_eq!(open(&mut peer, "p").unwrap_err().kind(), ErrorKind::Proxy);
        assert!(peer.rest().len() > 20_000);
    }

    #[test]
    fn a_tunnel_has_no_body() {
        let (proxy, to) = (Proxy::parse("p").unwrap(), Destination::new("a", 1).unwrap());
        let mut fields = HeaderMap::new();
        fields.append("Content-Length", "5").unwrap();
        let mut peer = Peer::new(b"");
        let error = tunnel(&mut peer, &proxy, &to, &fields, &Config::CLIENT).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Encode);
        assert_eq!(peer.heard, b"");
    }

    #[test]
    fn a_stream_that_fails_says_so_itself_if_it_can() {
        let error = open(&mut Broken(|| io::Error::other("gone")), "p").unwrap_err();
        let text = "expected the connection to the proxy http://p:80 to hold: gone";
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Proxy, text));
        let kind = ErrorKind::Timeout(Phase::Connect);
        let timed_out = || io::Error::other(Error::new(kind).with_text("late"));
        let error = open(&mut Broken(timed_out), "p").unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (kind, "late"));
    }
}

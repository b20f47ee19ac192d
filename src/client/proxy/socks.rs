//! SOCKS 5, [RFC 1928](https://www.rfc-editor.org/rfc/rfc1928), with the login of
//! [RFC 1929](https://www.rfc-editor.org/rfc/rfc1929).

use std::io::{ErrorKind as IoErrorKind, Read, Write};
use std::net::IpAddr;

use super::destination::Named;
use super::{Destination, Proxy, failed, lost};
use crate::error::Error;
use crate::field::auth::Basic;

const VERSION: u8 = 5;
const LOGIN_VERSION: u8 = 1;
const CONNECT: u8 = 1;

const NO_LOGIN: u8 = 0;
const USER_AND_PASSWORD: u8 = 2;
const NO_METHOD: u8 = 0xff;

const IPV4: u8 = 1;
const NAME: u8 = 3;
const IPV6: u8 = 4;

/// Asks the proxy to connect; behind it, the stream is one to the destination.
///
/// # Errors
///
/// `Proxy`: the proxy refuses, in its words, or breaks the protocol; and what the stream has wrapped into an
/// [`io::Error`](std::io::Error).
pub(crate) fn socks5(
    stream: &mut (impl Read + Write),
    proxy: &Proxy,
    to: &Destination<'_>,
) -> Result<(), Error> {
    let mut talk = Talk { stream, proxy };
    let method = talk.agree()?;
    if let Some(login) = proxy.login().filter(|_| method == USER_AND_PASSWORD) {
        talk.log_in(login)?;
    }
    talk.connect(to)
}

/// A conversation with a proxy.
struct Talk<'a, S> {
    stream: &'a mut S,
    proxy: &'a Proxy,
}

impl<S: Read + Write> Talk<'_, S> {
    /// Agrees on how to log in, RFC 1928 §3. Without a user name there is one way, with it there are two.
    fn agree(&mut self) -> Result<u8, Error> {
        let offered: &[u8] = match self.proxy.login() {
            Some(_) => &[NO_LOGIN, USER_AND_PASSWORD],
            None => &[NO_LOGIN],
        };
        self.send(&[&[VERSION, len(offered)], offered].concat())?;
        let [version, method] = self.receive()?;
        self.check_version(version)?;
        if offered.contains(&method) {
            return Ok(method);
        }
        Err(match (method, self.proxy.login()) {
            (NO_METHOD, None) => {
                self.refused("to let us in without a user name and a password", "a refusal")
            }
            (NO_METHOD, Some(_)) => {
                self.refused("to take a user name and a password, or none", "a refusal")
            }
            _ => self.refused("to choose a login that it was offered", &format!("number {method}")),
        })
    }

    /// Says who asks, RFC 1929 §2.
    fn log_in(&mut self, login: &Basic) -> Result<(), Error> {
        let (user, password) = (login.user_bytes(), login.password_bytes());
        let user_len = [LOGIN_VERSION, len(user)];
        self.send(&[&user_len[..], user, &[len(password)], password].concat())?;
        let [version, status] = self.receive()?;
        if version != LOGIN_VERSION {
            let found = format!("version {version}");
            return Err(self.refused("to log in with version 1", &found));
        }
        if status != 0 {
            return Err(self.refused("to accept the user name and the password", "a refusal"));
        }
        Ok(())
    }

    /// Names the destination, RFC 1928 §4, and reads the reply, §6.
    fn connect(&mut self, to: &Destination<'_>) -> Result<(), Error> {
        let mut request = vec![VERSION, CONNECT, 0];
        match to.host() {
            Named::Name(name) => {
                request.extend([NAME, len(name.as_bytes())]);
                request.extend(name.as_bytes());
            }
            Named::Address(IpAddr::V4(address)) => {
                request.push(IPV4);
                request.extend(address.octets());
            }
            Named::Address(IpAddr::V6(address)) => {
                request.push(IPV6);
                request.extend(address.octets());
            }
        }
        request.extend(to.port().to_be_bytes());
        self.send(&request)?;
        // A proxy that refuses may hang up behind these two.
        let [version, reply] = self.receive()?;
        self.check_version(version)?;
        if reply != 0 {
            let found = format!("reply {reply}{}", in_words(reply));
            return Err(self.refused(&format!("to connect to {to}"), &found));
        }
        let [reserved, kind] = self.receive()?;
        if reserved != 0 {
            let found = format!("{reserved}");
            return Err(self.refused("to say 0 where nothing is said", &found));
        }
        self.skip_address(kind)
    }

    /// The address from which the proxy has connected is nobody's business here.
    fn skip_address(&mut self, kind: u8) -> Result<(), Error> {
        let len = match kind {
            IPV4 => 4,
            IPV6 => 16,
            NAME => {
                let [len] = self.receive()?;
                usize::from(len)
            }
            _ => {
                let found = format!("type {kind}");
                return Err(self.refused("to know its own address", &found));
            }
        };
        // The port is behind it.
        let mut longest = [0; 255 + 2];
        self.fill(longest.get_mut(..len + 2).unwrap_or_default())
    }

    fn check_version(&self, version: u8) -> Result<(), Error> {
        match version {
            VERSION => Ok(()),
            _ => Err(self.refused("to speak SOCKS 5", &format!("version {version}"))),
        }
    }

    fn send(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let sent = self.stream.write_all(bytes).and_then(|()| self.stream.flush());
        sent.map_err(|error| lost(self.proxy, error))
    }

    /// Reads so many bytes, and none behind them.
    fn receive<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.stream.read_exact(bytes).map_err(|error| match error.kind() {
            IoErrorKind::UnexpectedEof => self.refused("to go on", "the end"),
            _ => lost(self.proxy, error),
        })
    }

    fn refused(&self, expected: &str, found: &str) -> Error {
        failed(format!("expected the proxy {} {expected}, found {found}", self.proxy))
    }
}

/// What is longer than a byte can say was refused when it was set.
fn len(bytes: &[u8]) -> u8 {
    u8::try_from(bytes.len()).unwrap_or(u8::MAX)
}

/// RFC 1928 §6.
const fn in_words(reply: u8) -> &'static str {
    match reply {
        1 => " (general failure)",
        2 => " (not allowed by its rules)",
        3 => " (network unreachable)",
        4 => " (host unreachable)",
        5 => " (connection refused)",
        6 => " (time to live expired)",
        7 => " (command not supported)",
        8 => " (type of address not supported)",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::net::SocketAddr;

    use super::*;
    use crate::client::proxy::peer::{Broken, Peer, garbage};
    use crate::error::ErrorKind;

    const WITHOUT: &str = "socks5h://p";
    const WITH: &str = "socks5h://ada:pw@p";

    fn ask(stream: &mut (impl Read + Write), proxy: &str) -> Result<(), Error> {
        let to = Destination::new("example.org", 443).unwrap();
        socks5(stream, &Proxy::parse(proxy).unwrap(), &to)
    }

    #[track_caller]
    fn says(proxy: &str, host: &str, answer: &[u8], expected: &[u8]) {
        for piece in [1, 3, usize::MAX] {
            let mut peer = Peer::in_pieces(answer, piece);
            let to = Destination::new(host, 0x1bb).unwrap();
            socks5(&mut peer, &Proxy::parse(proxy).unwrap(), &to).unwrap();
            assert_eq!(peer.heard, expected);
            assert_eq!(peer.rest(), b"");
        }
    }

    #[test]
    fn names_and_addresses_are_said() {
        let answer = b"\x05\0\x05\0\0\x01\0\0\0\0\0\0";
        says(WITHOUT, "a.b", answer, b"\x05\x01\0\x05\x01\0\x03\x03a.b\x01\xbb");
        says(WITHOUT, "192.0.2.1", answer, b"\x05\x01\0\x05\x01\0\x01\xc0\0\x02\x01\x01\xbb");
        let expected =
            b"\x05\x01\0\x05\x01\0\x04\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01\x01\xbb";
        says(WITHOUT, "2001:db8::1", answer, expected);
        let mut peer = Peer::new(answer);
        let to = Destination::from(SocketAddr::from(([192, 0, 2, 1], 80)));
        socks5(&mut peer, &Proxy::parse("socks5://p").unwrap(), &to).unwrap();
        assert_eq!(peer.heard, b"\x05\x01\0\x05\x01\0\x01\xc0\0\x02\x01\0\x50");
    }

    #[test]
    fn the_proxy_decides_whether_there_is_a_login() {
        let request = b"\x05\x01\0\x03\x03a.b\x01\xbb";
        let done = b"\x05\0\0\x01\0\0\0\0\0\0";
        let expected = [&b"\x05\x02\0\x02\x01\x03ada\x02pw"[..], request].concat();
        says(WITH, "a.b", &[&b"\x05\x02\x01\0"[..], done].concat(), &expected);
        let expected = [&b"\x05\x02\0\x02"[..], request].concat();
        says(WITH, "a.b", &[&b"\x05\0"[..], done].concat(), &expected);
        let long = "x".repeat(255);
        let expected =
            [&b"\x05\x02\0\x02\x01\xff"[..], long.as_bytes(), b"\0", &request[..]].concat();
        let proxy = format!("socks5h://{long}@p");
        says(&proxy, "a.b", &[&b"\x05\x02\x01\0"[..], done].concat(), &expected);
    }

    /// Whole answers, and who hears them.
    fn answers() -> Vec<(&'static str, Vec<u8>)> {
        let v6 = [&b"\x05\x02\x01\0\x05\0\0\x04"[..], &[9; 18]].concat();
        let long_name = [&b"\x05\0\x05\0\0\x03\xff"[..], &[b'a'; 257]].concat();
        vec![
            (WITHOUT, b"\x05\0\x05\0\0\x01\x7f\0\0\x01\x12\x34".to_vec()),
            (WITHOUT, b"\x05\0\x05\0\0\x03\0\x12\x34".to_vec()),
            (WITHOUT, long_name),
            (WITH, v6),
        ]
    }

    #[test]
    fn what_follows_stays_unread() {
        for (proxy, answer) in answers() {
            for piece in [1, 1000] {
                let mut peer = Peer::in_pieces(&[&answer[..], b"\x16\x03"].concat(), piece);
                ask(&mut peer, proxy).unwrap();
                assert_eq!(peer.rest(), b"\x16\x03");
            }
        }
    }

    #[test]
    fn an_answer_that_is_cut_is_an_error_at_every_byte() {
        for (proxy, answer) in answers() {
            for len in 0..answer.len() {
                let error = ask(&mut Peer::new(&answer[..len]), proxy).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Proxy);
                let text = "expected the proxy socks5h://p:1080 to go on, found the end";
                assert_eq!(error.to_string(), text, "{len}");
            }
        }
    }

    #[track_caller]
    fn refuses(proxy: &str, answer: &[u8], text: &str) {
        let error = ask(&mut Peer::new(answer), proxy).unwrap_err();
        let expected = format!("expected the proxy socks5h://p:1080 {text}");
        assert_eq!((error.kind(), error.to_string()), (ErrorKind::Proxy, expected));
    }

    #[test]
    fn every_reply_has_words() {
        for (reply, words) in [
            (1, " (general failure)"),
            (2, " (not allowed by its rules)"),
            (3, " (network unreachable)"),
            (4, " (host unreachable)"),
            (5, " (connection refused)"),
            (6, " (time to live expired)"),
            (7, " (command not supported)"),
            (8, " (type of address not supported)"),
            (9, ""),
            (255, ""),
        ] {
            let text = format!("to connect to example.org:443, found reply {reply}{words}");
            refuses(WITHOUT, &[5, 0, 5, reply], &text);
            refuses(WITHOUT, &[5, 0, 5, reply, 0, 1, 0, 0, 0, 0, 0, 0], &text);
        }
    }

    #[test]
    fn what_breaks_the_protocol_is_told() {
        refuses(WITHOUT, b"HTTP/1.1 400", "to speak SOCKS 5, found version 72");
        refuses(WITHOUT, b"\x04\0", "to speak SOCKS 5, found version 4");
        refuses(WITHOUT, b"\x05\0\x04\0", "to speak SOCKS 5, found version 4");
        let text = "to let us in without a user name and a password, found a refusal";
        refuses(WITHOUT, b"\x05\xff", text);
        let text = "to take a user name and a password, or none, found a refusal";
        refuses(WITH, b"\x05\xff", text);
        let text = "to choose a login that it was offered, found number";
        refuses(WITHOUT, b"\x05\x02", &format!("{text} 2"));
        refuses(WITH, b"\x05\x01", &format!("{text} 1"));
        refuses(WITH, b"\x05\x02\x05\0", "to log in with version 1, found version 5");
        let text = "to accept the user name and the password, found a refusal";
        refuses(WITH, b"\x05\x02\x01\x01", text);
        let text = "to say 0 where nothing is said, found 1";
        refuses(WITHOUT, b"\x05\0\x05\0\x01\x01", text);
        refuses(WITHOUT, b"\x05\0\x05\0\0\x02", "to know its own address, found type 2");
        for seed in 0..200 {
            let garbage = [&b"\x05\0\x05"[..], &garbage(seed, 300)].concat();
            // Whatever comes, it ends.
            let _ = ask(&mut Peer::new(&garbage), WITHOUT);
            let _ = ask(&mut Peer::new(&garbage[1..]), WITH);
        }
    }

    #[test]
    fn a_stream_that_fails_says_so() {
        let error = ask(&mut Broken(|| io::Error::other("gone")), WITHOUT).unwrap_err();
        let text = "expected the connection to the proxy socks5h://p:1080 to hold: gone";
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Proxy, text));
        let inner = || io::Error::other(Error::new(ErrorKind::Cancelled));
        assert_eq!(ask(&mut Broken(inner), WITH).unwrap_err().kind(), ErrorKind::Cancelled);
    }
}

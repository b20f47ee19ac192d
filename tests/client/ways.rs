//! What goes wrong on the way to an answer: tunnels, connections that are used again, leave to send content.

use std::io::{self, Cursor, ErrorKind as IoKind};
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use nethttp::client::{CancelToken, Connect, Dial, Proxies, Proxy, Retry, Target, Timeouts};
use nethttp::error::{ErrorKind, Phase};
use nethttp::mock::{Conversation, Script};
use nethttp::{Body, Client, Error, Method};

use crate::server::{PATIENCE, Peer, Server, direct, short, until};

const URL: &str = "http://a.example/b";
const HELLO: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const MOMENT: Option<Duration> = Some(Duration::from_millis(1));

fn client(script: &Script) -> Client {
    direct().connector(script.clone()).build().unwrap()
}

/// A way through a proxy: what it is called, and what it says until the way is open, each time when so many bytes have
/// come, or the head of a request.
struct Way {
    proxy: &'static str,
    says: Vec<(Option<usize>, &'static [u8])>,
}

fn ways() -> Vec<Way> {
    let connected: &[u8] = b"HTTP/1.1 200 Connection established\r\nVia: p\r\n\r\n";
    // One method; the name of the server and its port; an address of no interest.
    let bound: &[u8] = b"\x05\x00\x00\x01\0\0\0\0\0\0";
    vec![
        Way { proxy: "http://p.example", says: vec![(None, connected)] },
        Way { proxy: "https://p.example", says: vec![(None, connected)] },
        Way {
            proxy: "socks5h://p.example",
            says: vec![(Some(3), b"\x05\x00"), (Some(7 + "a.example".len()), bound)],
        },
    ]
}

impl Way {
    fn len(&self) -> usize {
        self.says.iter().map(|(_, bytes)| bytes.len()).sum()
    }

    /// The conversation with the proxy, of whose bytes only the first are sent.
    fn conversation(&self, len: usize) -> Conversation {
        let mut left = len;
        let mut conversation = Conversation::new();
        for (wait, bytes) in &self.says {
            conversation = match wait {
                Some(wait) => conversation.bytes(*wait),
                None => conversation.request(),
            };
            let taken = bytes.len().min(left);
            conversation = conversation.send(&bytes[..taken]);
            left -= taken;
            if taken < bytes.len() {
                break;
            }
        }
        conversation
    }

    fn exchange(&self, conversation: Conversation, timeouts: Timeouts) -> Result<String, Error> {
        let script = Script::new().connection(conversation);
        Ok(self.client(&script, timeouts).get("https://a.example/").send()?.text()?)
    }

    fn client(&self, script: &Script, timeouts: Timeouts) -> Client {
        direct()
            .connector(script.clone())
            .tls(|_: &Target<'_>, dial: Dial<'_>| dial.stream())
            .proxies(Proxies::all(Proxy::parse(self.proxy).unwrap()))
            .timeouts(timeouts)
            .build()
            .unwrap()
    }
}

#[test]
fn a_proxy_may_talk_in_pieces() {
    for way in ways() {
        for piece in 1..way.len() {
            let conversation = way.conversation(way.len()).reply(HELLO).in_pieces(piece);
            assert_eq!(way.exchange(conversation, Timeouts::DEFAULT).unwrap(), "hello");
        }
    }
}

#[test]
fn a_login_by_hand_opens_no_tunnel_and_goes_through_none() {
    for way in ways() {
        let conversation = way.conversation(way.len()).reply(HELLO);
        let script = Script::new().connection(conversation);
        let request = way.client(&script, Timeouts::DEFAULT).get("https://a.example/");
        request.header("Proxy-Authorization", "Basic secret").send().unwrap().text().unwrap();
        let written = script.connections()[0].written();
        let written = String::from_utf8_lossy(&written);
        assert!(written.contains("GET / HTTP/1.1\r\nHost: a.example\r\n"), "{written}");
        assert!(!written.contains("secret"), "{written}");
    }
}

#[test]
fn a_name_that_is_looked_up_for_a_proxy_takes_no_time_of_connecting() {
    let limit = Duration::from_secs(20);
    let resolved = Arc::new(OnceLock::new());
    let asked = Arc::clone(&resolved);
    let resolver = move |host: &str, port: u16| {
        assert_eq!((host, port), ("a.example", 80));
        asked.set(Instant::now()).unwrap();
        Ok(vec![([192, 0, 2, 7], port).into()])
    };
    let conversation = Conversation::new().bytes(3).send(b"\x05\x00");
    let conversation = conversation.bytes(10).send(b"\x05\x00\x00\x01\0\0\0\0\0\0").reply(HELLO);
    let script = Script::new().connection(conversation);
    let below = script.clone();
    let connector = move |target: &Target<'_>, dial: Dial<'_>| {
        let resolved = *resolved.get().expect("the name was looked up before");
        assert!(dial.deadline().unwrap() >= resolved + limit);
        below.connect(target, dial)
    };
    let client = Client::builder()
        .resolver(resolver)
        .connector(connector)
        .proxies(Proxies::all(Proxy::parse("socks5://p.example").unwrap()))
        .timeouts(Timeouts::DEFAULT.connect(Some(limit)))
        .build()
        .unwrap();
    let response = client.get(URL).send().unwrap();
    assert!(response.timings().resolve.is_some());
    assert_eq!(response.text().unwrap(), "hello");
    let written = script.connections()[0].written();
    assert_eq!(written[3..13], *b"\x05\x01\x00\x01\xc0\x00\x02\x07\x00\x50");
}

#[test]
fn a_proxy_that_is_not_reached_is_named_as_one() {
    let closed = "127.0.0.1:1";
    let refused = format!("expected a connection to {closed} (the proxy): ");
    // Names have no labels of so many bytes, so that no server is asked.
    let host = "a".repeat(64);
    let unknown = format!("expected the host {host} to be known (the proxy): ");
    let no_tls = "expected a connector for https; plug one in with ClientBuilder::tls (the proxy)";
    for (proxy, kind, text) in [
        (format!("http://{closed}"), ErrorKind::Connect, refused.as_str()),
        (format!("socks5h://{closed}"), ErrorKind::Connect, &refused),
        (format!("http://{host}"), ErrorKind::Resolve, &unknown),
        (format!("https://{closed}"), ErrorKind::Tls, no_tls),
    ] {
        let proxies = Proxies::all(Proxy::parse(&proxy).unwrap());
        let unresolved = |_: &str, _: u16| Err(io::Error::other("no such name"));
        let client = Client::builder().resolver(unresolved).build().unwrap();
        let error = client.get("http://a.example/").proxies(proxies).send().unwrap_err();
        assert_eq!(error.kind(), kind, "{proxy}");
        assert!(error.to_string().starts_with(text), "{error}");
    }
}

#[test]
fn a_proxy_that_hangs_up_is_an_error_of_the_proxy() {
    for way in ways() {
        for at in 0..way.len() {
            for kind in [None, Some(IoKind::ConnectionReset)] {
                let cut = way.conversation(at);
                let cut = kind.into_iter().fold(cut, Conversation::fail);
                let error = way.exchange(cut, Timeouts::DEFAULT).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Proxy, "{} {at}: {error}", way.proxy);
            }
        }
    }
}

#[test]
fn a_proxy_that_does_not_take_what_it_is_sent_is_an_error_of_the_proxy() {
    for way in ways() {
        for at in 0..10 {
            let closed = Conversation::new().write_fails(at, IoKind::BrokenPipe);
            let error = way.exchange(closed, Timeouts::DEFAULT).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Proxy, "{} {at}: {error}", way.proxy);
        }
    }
}

#[test]
fn a_proxy_that_stalls_is_an_error_that_names_the_phase() {
    for way in ways() {
        for at in 0..way.len() {
            for (timeouts, phase) in [
                (Timeouts::DEFAULT.connect(MOMENT), Phase::Connect),
                (Timeouts::DEFAULT.total(MOMENT), Phase::Total),
            ] {
                let error = way.exchange(way.conversation(at).stall(), timeouts).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Timeout(phase), "{} {at}", way.proxy);
            }
        }
        let stuck = Conversation::new().stall().write_stalls(1);
        let error = way.exchange(stuck, Timeouts::DEFAULT.connect(MOMENT)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout(Phase::Connect), "{}", way.proxy);
    }
}

/// Says the first bytes of what opens a way, then something without an end, byte by byte.
fn drips(peer: &mut Peer, start: &[u8]) {
    peer.send(start);
    for _ in 0..300 {
        thread::sleep(Duration::from_millis(10));
        peer.send(b"x");
    }
}

#[test]
fn a_proxy_that_drips_is_bounded_by_the_time_of_connecting() {
    let tunnel = Server::start(|peer| {
        peer.head();
        drips(peer, b"HTTP/1.1 200 Connection established\r\nVia: ");
    });
    let socks = Server::start(|peer| {
        peer.exactly(3);
        peer.send(b"\x05\x00");
        peer.exactly(7 + "a.example".len());
        // An address that is a name of 255 bytes.
        drips(peer, b"\x05\x00\x00\x03\xff");
    });
    for proxy in [tunnel.url(""), socks.url("").replace("http", "socks5h")] {
        for (timeouts, phase) in
            [(short(Timeouts::connect), Phase::Connect), (short(Timeouts::total), Phase::Total)]
        {
            let client = Client::builder()
                .tls(|_: &Target<'_>, dial: Dial<'_>| dial.stream())
                .proxies(Proxies::all(Proxy::parse(&proxy).unwrap()))
                .timeouts(timeouts)
                .build()
                .unwrap();
            let error = client.get("https://a.example/").send().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Timeout(phase), "{proxy}: {error}");
        }
    }
}

#[test]
fn a_name_that_takes_long_is_an_error_that_names_the_phase() {
    let (release, wait) = mpsc::channel::<()>();
    let wait = Arc::new(Mutex::new(wait));
    for (proxy, name) in [
        ("http://p.example", "p.example"),
        ("socks5h://p.example", "p.example"),
        ("socks5://p.example", "a.example"),
        ("socks5://127.0.0.1", "a.example"),
    ] {
        for (timeouts, phase) in
            [(short(Timeouts::resolve), Phase::Resolve), (short(Timeouts::total), Phase::Total)]
        {
            let wait = Arc::clone(&wait);
            let resolver = move |host: &str, _: u16| {
                assert_eq!(host, name);
                let _ = wait.lock().unwrap().recv_timeout(PATIENCE);
                Err(io::ErrorKind::NotFound.into())
            };
            let proxies = Proxies::all(Proxy::parse(proxy).unwrap());
            let builder = Client::builder().resolver(resolver).proxies(proxies);
            let client = builder.timeouts(timeouts).build().unwrap();
            let error = client.get(URL).send().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Timeout(phase), "{proxy}: {error}");
        }
    }
    drop(release);
}

#[test]
fn what_a_proxy_says_may_be_garbage() {
    for way in ways() {
        for at in 0..way.len() {
            for garbage in [0, b'\n', b' ', b'9', b'x', 0xff] {
                let mut seen = 0;
                let mut conversation = Conversation::new();
                for (wait, bytes) in &way.says {
                    let mut bytes = bytes.to_vec();
                    if let Some(octet) = at.checked_sub(seen).and_then(|at| bytes.get_mut(at)) {
                        *octet = garbage;
                    }
                    seen += bytes.len();
                    conversation = match wait {
                        Some(wait) => conversation.bytes(*wait).send(bytes),
                        None => conversation.request().send(bytes),
                    };
                }
                if let Err(error) = way.exchange(conversation.send(HELLO), Timeouts::DEFAULT) {
                    assert!(!error.is_timeout(), "{} {at} {garbage}: {error}", way.proxy);
                }
            }
        }
    }
}

#[test]
fn whoever_waits_for_a_proxy_can_be_cancelled() {
    for way in ways() {
        for at in [0, way.len() / 2] {
            let script = Script::new().connection(way.conversation(at).stall());
            let client = way.client(&script, Timeouts::DEFAULT);
            let token = CancelToken::new();
            let request = client.get("https://a.example/").cancel(&token);
            let waiting = thread::spawn(move || request.send());
            until("a connection", || !script.connections().is_empty());
            token.cancel();
            let error = waiting.join().unwrap().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Cancelled, "{}", way.proxy);
        }
    }
}

/// Answers one request; then so many bytes more are taken and nothing is said.
fn lost_after(first: usize, len: usize) -> Conversation {
    let lost = Conversation::new().reply(HELLO).bytes(len);
    lost.write_fails(first + len, IoKind::BrokenPipe)
}

#[test]
fn a_request_on_a_connection_that_is_lost_is_sent_again_if_that_does_no_harm() {
    let (probe, body) = (Script::new().reply(HELLO), "content");
    client(&probe).put(URL).body(body).send().unwrap().text().unwrap();
    let first = probe.connections()[0].written().len();
    for (method, again) in [(Method::PUT, true), (Method::PATCH, false)] {
        for len in 1..first {
            let script = Script::new().connection(lost_after(first, len)).reply(HELLO);
            let client = client(&script);
            client.put(URL).body(body).send().unwrap().text().unwrap();
            let outcome = client.request(method, URL).body(body).send();
            if again {
                assert_eq!(outcome.unwrap().text().unwrap(), "hello");
            } else {
                assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Send);
            }
            assert_eq!(script.connections().len(), 1 + usize::from(again), "{method} {len}");
        }
    }
}

#[test]
fn a_connection_on_which_something_has_happened_is_not_used_again() {
    for conversation in [
        Conversation::new().reply(HELLO),
        Conversation::new().reply(HELLO).fail(IoKind::ConnectionReset),
        // Nobody has asked for this, and it must not pass for an answer.
        Conversation::new().reply(HELLO).send(HELLO).in_pieces(HELLO.len()).stall(),
    ] {
        let script = Script::new().connection(conversation).reply(HELLO);
        let client = client(&script);
        for _ in 0..2 {
            assert_eq!(client.post(URL).body("a").send().unwrap().text().unwrap(), "hello");
        }
        let [first, second] = &script.connections()[..] else { panic!() };
        assert_eq!(first.written(), second.written());
        assert!(!first.is_open() && second.is_open());
    }
}

#[test]
fn a_connection_stays_while_the_server_says_nothing() {
    let conversation = (0..5).fold(Conversation::new(), |it, _| it.reply(HELLO)).stall();
    let script = Script::new().connection(conversation);
    let client = client(&script);
    for _ in 0..5 {
        assert_eq!(client.post(URL).body("a").send().unwrap().text().unwrap(), "hello");
    }
    assert_eq!(script.connections().len(), 1);
}

/// Asks for leave to send its content.
fn put(script: &Script, timeouts: Timeouts, body: Body) -> Result<String, Error> {
    let request = client(script).put(URL).header("Expect", "100-continue").timeouts(timeouts);
    Ok(request.body(body).send()?.text()?)
}

fn bodies() -> [Body; 4] {
    [
        Body::from("content"),
        Body::reader(Cursor::new("content"), Some(7)),
        Body::reader(Cursor::new("content"), None),
        Body::writer(|out| out.write_all(b"content")),
    ]
}

const CONTINUE: &str = "HTTP/1.1 100 Continue\r\n\r\n";

#[test]
fn leave_to_send_may_come_in_pieces_or_be_cut_off() {
    for at in 0..=CONTINUE.len() {
        for body in bodies() {
            let (start, end) = CONTINUE.split_at(at);
            let whole = Conversation::new().head().send(start).send(end).reply(HELLO);
            let script = Script::new().connection(whole);
            assert_eq!(put(&script, Timeouts::DEFAULT, body).unwrap(), "hello");
            let written = String::from_utf8(script.connections()[0].written()).unwrap();
            assert!(
                written.contains("\r\n\r\ncontent") || written.contains("\r\n\r\n7\r\ncontent")
            );
        }
        for body in bodies().into_iter().filter(|_| at < CONTINUE.len()) {
            let script = Script::new().connection(Conversation::new().head().send(&CONTINUE[..at]));
            let error = put(&script, Timeouts::DEFAULT, body).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Truncated, "{at}: {error}");
            let written = script.connections()[0].written();
            assert!(written.ends_with(b"\r\n\r\n"), "nothing was sent without leave");
        }
    }
}

#[test]
fn content_is_sent_where_leave_does_not_come() {
    for at in 0..CONTINUE.len() {
        for body in bodies() {
            let (start, end) = CONTINUE.split_at(at);
            let late = Conversation::new().head().send(start).request().send(end).send(HELLO);
            let script = Script::new().connection(late);
            let timeouts = Timeouts::DEFAULT.expect_continue(MOMENT);
            assert_eq!(put(&script, timeouts, body).unwrap(), "hello", "{at}");
        }
    }
}

#[test]
fn content_is_not_sent_where_it_is_refused() {
    let refusal = "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno";
    for piece in [1, 10, 1000] {
        for body in bodies() {
            let refusing = Conversation::new().head().send(refusal).stall().in_pieces(piece);
            let script = Script::new().connection(refusing);
            assert_eq!(put(&script, Timeouts::DEFAULT, body).unwrap(), "no");
            let made = &script.connections()[0];
            assert!(made.written().ends_with(b"\r\n\r\n"));
            assert!(!made.is_open(), "half a request is on this connection");
        }
    }
}

#[test]
fn an_answer_counts_more_than_content_that_could_not_be_sent() {
    let refusal = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n";
    let long = || io_body(300 << 10);
    for make in [long, || io_body(10), || Body::writer(|out| out.write_all(&[0; 100_000]))] {
        for at in (0..300).chain([70_000, 90_000]) {
            let rude = Conversation::new().send(refusal).write_fails(at, IoKind::ConnectionReset);
            let script = Script::new().connection(rude);
            let response = client(&script).post(URL).body(make()).send();
            assert_eq!(response.unwrap().status().as_u16(), 413, "{at}");
        }
    }
}

fn io_body(len: usize) -> Body {
    Body::reader(Cursor::new(vec![0; len]), None)
}

#[test]
fn whatever_loses_the_first_connection_the_second_has_the_answer() {
    let retry = Retry::idempotent(1).backoff(Duration::ZERO, Duration::ZERO);
    for conversation in [
        Conversation::new(),
        Conversation::new().request(),
        Conversation::new().reply("HTTP/1.1 2"),
        Conversation::new().request().fail(IoKind::ConnectionReset),
        Conversation::new().write_fails(10, IoKind::BrokenPipe),
        Conversation::new().reply("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"),
    ] {
        let script = Script::new().connection(conversation).reply(HELLO);
        let request = client(&script).get(URL).retry(retry.clone());
        assert_eq!(request.send().unwrap().text().unwrap(), "hello");
    }
    let script = Script::new().refuse(IoKind::ConnectionRefused).reply(HELLO);
    let request = client(&script).get(URL).retry(retry);
    assert_eq!(request.send().unwrap().text().unwrap(), "hello");
}

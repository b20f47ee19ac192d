//! Connections that go wrong, byte by byte: either the whole answer or an error that says why, never a shorter one.

use std::io::{ErrorKind as IoKind, Read};
use std::time::Duration;

use nethttp::client::{RequestBuilder, Timeouts};
use nethttp::coding::{Format, Level, encode};
use nethttp::error::{ErrorKind, Phase, RedirectErrorKind};
use nethttp::mock::{Connected, Conversation, Script};
use nethttp::{Client, Error};

use crate::server::{Server, direct, until};

const URL: &str = "http://a.example/b";
/// What every sample is an answer with.
const WHOLE: &str = "hello, hello, hello";

/// An answer, and what the client has to have seen of it.
struct Sample {
    name: &'static str,
    /// What was answered before on the same connection.
    before: Option<Vec<u8>>,
    reply: Vec<u8>,
    /// So many bytes are enough: the rest is for a connection that will not be used again.
    enough: usize,
    /// The end of the connection is that of the content.
    is_until_close: bool,
}

impl Sample {
    fn new(name: &'static str, reply: impl Into<Vec<u8>>) -> Self {
        let reply = reply.into();
        Self { name, before: None, enough: reply.len(), reply, is_until_close: false }
    }

    /// An answer to the head of which the client acts.
    fn acted_upon(name: &'static str, reply: String) -> Self {
        let enough = head_len(reply.as_bytes());
        Self { enough, ..Self::new(name, reply) }
    }

    /// The conversation up to the answer, of which only the first bytes are sent.
    fn conversation(&self, len: usize) -> Conversation {
        let before = self.before.iter().fold(Conversation::new(), Conversation::reply);
        before.reply(&self.reply[..len])
    }

    fn head_len(&self) -> usize {
        head_len(&self.reply)
    }
}

fn head_len(reply: &[u8]) -> usize {
    reply.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4
}

fn plain() -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{WHOLE}", WHOLE.len())
}

fn challenge() -> String {
    "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\
     WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n\r\nno"
        .to_owned()
}

fn samples() -> Vec<Sample> {
    let gzip = encode(Format::Gzip, WHOLE.as_bytes(), Level::DEFAULT);
    let gzip_head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n";
    let length = format!("{gzip_head}Content-Length: {}\r\n\r\n", gzip.len());
    let chunks = format!("{gzip_head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n", gzip.len());
    let until_close = format!("HTTP/1.1 200 OK\r\nServer: a\r\n\r\n{WHOLE}");
    vec![
        Sample::new("length", plain()),
        Sample::new(
            "chunked, with trailers",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
             7\r\nhello, \r\nc;a=\"b\"\r\nhello, hello\r\n0\r\nDigest: x\r\n\r\n",
        ),
        Sample { is_until_close: true, ..Sample::new("until close", until_close) },
        Sample::new("gzip, length", [length.as_bytes(), &gzip].concat()),
        Sample::new("gzip, chunked", [chunks.as_bytes(), &gzip, b"\r\n0\r\n\r\n"].concat()),
        Sample::new(
            "interim",
            format!(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n{}",
                plain()
            ),
        ),
        Sample::acted_upon(
            "redirect",
            "HTTP/1.1 302 Found\r\nLocation: /c\r\nContent-Length: 2\r\n\r\nno".to_owned(),
        ),
        Sample::acted_upon("challenge", challenge()),
        Sample {
            before: Some(challenge().into_bytes()),
            ..Sample::new("answered challenge", plain())
        },
    ]
}

/// The shortest time that a test can wait.
const MOMENT: Option<Duration> = Some(Duration::from_millis(1));

fn ask(client: &Client) -> RequestBuilder {
    client.get(URL).digest_auth("ada", "secret")
}

/// Sends a request, and collects the answer.
fn exchange(script: &Script, timeouts: Timeouts) -> Result<String, Error> {
    let direct = direct().connector(script.clone());
    let client = direct.timeouts(timeouts).build().unwrap();
    Ok(ask(&client).send()?.text()?)
}

/// What becomes of an answer that is cut off. Behind it there is another connection, for requests that follow.
fn cut(conversation: Conversation, timeouts: Timeouts) -> Result<String, Error> {
    exchange(&Script::new().connection(conversation).reply(plain()), timeouts)
}

#[track_caller]
fn is_whole_or(sample: &Sample, at: usize, outcome: Result<String, Error>, kind: ErrorKind) {
    match outcome {
        Ok(text) => {
            assert!(at >= sample.enough, "{}, {at} bytes: {text:?}", sample.name);
            assert_eq!(text, WHOLE, "{}, {at} bytes", sample.name);
        }
        Err(error) => {
            assert!(at < sample.enough, "{}, {at} bytes: {error}", sample.name);
            assert_eq!(error.kind(), kind, "{}, {at} bytes: {error}", sample.name);
            assert!(error.to_string().contains("a.example"), "{error}");
        }
    }
}

#[test]
fn an_answer_that_ends_too_early_is_an_error() {
    for sample in samples() {
        for at in 0..=sample.reply.len() {
            let outcome = cut(sample.conversation(at), Timeouts::DEFAULT);
            if at == 0 && sample.before.is_some() {
                // The server had closed the connection before it saw the request: it is sent once more.
                assert_eq!(outcome.unwrap(), WHOLE);
            } else if sample.is_until_close && at >= sample.head_len() {
                // Nobody can tell.
                assert_eq!(outcome.unwrap(), WHOLE[..at - sample.head_len()]);
            } else {
                is_whole_or(&sample, at, outcome, ErrorKind::Truncated);
            }
        }
    }
}

#[test]
fn an_answer_that_is_broken_off_is_an_error() {
    for sample in samples() {
        for at in 0..=sample.reply.len() {
            let conversation = sample.conversation(at).fail(IoKind::ConnectionReset);
            let outcome = cut(conversation, Timeouts::DEFAULT);
            if at == 0 && sample.before.is_some() {
                assert_eq!(outcome.unwrap(), WHOLE);
            } else if sample.is_until_close {
                assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Receive);
            } else {
                is_whole_or(&sample, at, outcome, ErrorKind::Receive);
            }
        }
    }
}

/// Where a stall is one before the first byte of a message.
fn is_before_message(sample: &Sample, at: usize) -> bool {
    let seen = &sample.reply[..at];
    let is_interim = sample.name == "interim" && at + plain().len() <= sample.reply.len();
    seen.is_empty() || is_interim && seen.ends_with(b"\r\n\r\n")
}

#[test]
fn an_answer_that_stalls_is_an_error_that_names_the_phase() {
    let own = Timeouts::DEFAULT.first_byte(MOMENT).idle(MOMENT);
    let total = Timeouts::DEFAULT.first_byte(None).idle(None).total(MOMENT);
    for sample in samples() {
        let last = sample.reply.len() - usize::from(!sample.is_until_close);
        for at in 0..=last {
            let conversation = sample.conversation(at).stall();
            let phase = if is_before_message(&sample, at) { Phase::FirstByte } else { Phase::Idle };
            let outcome = cut(conversation.clone(), own);
            if sample.is_until_close {
                assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Timeout(phase));
            } else {
                is_whole_or(&sample, at, outcome, ErrorKind::Timeout(phase));
            }
            // Who acts upon a head that came in time may be too late with what follows.
            let outcome = cut(conversation, total);
            let kind = ErrorKind::Timeout(Phase::Total);
            if at < sample.enough || sample.is_until_close {
                assert_eq!(outcome.unwrap_err().kind(), kind, "{}, {at}", sample.name);
            } else {
                assert!(outcome.map_or_else(|it| it.kind() == kind, |text| text == WHOLE));
            }
        }
    }
}

#[test]
fn an_answer_may_come_in_pieces_of_any_length() {
    for sample in samples() {
        for len in 1..=sample.reply.len() {
            let conversation = sample.conversation(sample.reply.len()).in_pieces(len);
            assert_eq!(cut(conversation, Timeouts::DEFAULT).unwrap(), WHOLE, "{}", sample.name);
        }
    }
}

/// Reads an answer into a buffer of this length, over and over, up to the error or the end.
fn read_into(len: usize, conversation: Conversation) -> (Vec<u8>, Option<Error>) {
    let script = Script::new().connection(conversation).reply(plain());
    let client = direct().connector(script).build().unwrap();
    let mut response = match ask(&client).send() {
        Ok(response) => response,
        Err(error) => return (Vec::new(), Some(error)),
    };
    let (mut content, mut buf) = (Vec::new(), vec![0; len]);
    loop {
        match response.body_mut().read(&mut buf) {
            Ok(0) => return (content, None),
            Ok(len) => content.extend_from_slice(&buf[..len]),
            Err(error) => return (content, Some(Error::from(error))),
        }
    }
}

#[test]
fn an_answer_may_be_read_into_a_buffer_of_any_length() {
    for sample in samples() {
        for (len, piece) in [(1, 1000), (3, 7), (64 << 10, 1), (64 << 10, 7), (64 << 10, 1000)] {
            let whole = sample.conversation(sample.reply.len()).in_pieces(piece);
            let (content, error) = read_into(len, whole);
            assert_eq!((content.as_slice(), error.is_none()), (WHOLE.as_bytes(), true));
            for at in (1..sample.enough).filter(|_| !sample.is_until_close) {
                let (content, error) = read_into(len, sample.conversation(at).in_pieces(piece));
                assert_eq!(error.unwrap().kind(), ErrorKind::Truncated);
                // What came is given before the error is.
                assert!(WHOLE.as_bytes().starts_with(&content));
            }
        }
    }
}

#[test]
fn garbage_is_an_error_or_another_response() {
    for sample in samples() {
        for at in 0..sample.reply.len() {
            for garbage in [0, b'\n', b'\r', b' ', b'0', b'9', b':', b'x', 0x7f, 0xff] {
                let mut reply = sample.reply.clone();
                reply[at] = garbage;
                let sample = Sample { reply, before: sample.before.clone(), ..sample };
                let script = Script::new()
                    .connection(sample.conversation(sample.reply.len()))
                    .otherwise(Conversation::new().reply(plain()));
                if let Err(error) = exchange(&script, Timeouts::DEFAULT) {
                    assert!(!error.is_timeout(), "{} {at} {garbage}: {error}", sample.name);
                }
                // A redirect to elsewhere, a challenge, and what a connection that is lost costs.
                assert!(script.connections().len() <= 3);
            }
        }
    }
}

#[test]
fn a_length_that_is_too_long_is_an_error() {
    for length in [WHOLE.len() + 1, 1 << 20] {
        let reply = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{WHOLE}");
        let outcome = exchange(&Script::new().reply(reply), Timeouts::DEFAULT);
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Truncated);
    }
}

#[test]
fn what_comes_behind_a_response_costs_the_connection() {
    for surplus in ["x", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong"] {
        for piece in [1, 7, 1000] {
            let conversation =
                Conversation::new().reply(format!("{}{surplus}", plain())).in_pieces(piece);
            let script = Script::new().connection(conversation.stall()).reply(plain());
            let client = direct().connector(script.clone()).build().unwrap();
            for _ in 0..2 {
                assert_eq!(ask(&client).send().unwrap().text().unwrap(), WHOLE);
            }
            let open: Vec<bool> = script.connections().iter().map(Connected::is_open).collect();
            assert_eq!(open, [false, true], "{surplus:?} {piece}");
        }
    }
}

/// Has the client read what has no end, and does not read it to the end.
#[track_caller]
fn is_bounded(start: &str, again: &str, text: &str) {
    let reply = format!("{start}{}", again.repeat((4 << 20) / again.len()));
    let error = exchange(&Script::new().reply(reply), Timeouts::DEFAULT).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    let found = error.to_string();
    let (whole, below) = found.split_once(" from a.example:80: ").unwrap();
    assert!(whole.starts_with("expected a response ") && below.starts_with(text), "{found}");
}

#[test]
fn what_has_no_end_is_refused() {
    let head = "HTTP/1.1 200 OK\r\n";
    let chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n");
    is_bounded("", "\r\n", "expected a start-line, found empty lines at byte");
    is_bounded("HTTP/1.1 200 ", "O", "expected a shorter head at byte");
    is_bounded(head, "A: b\r\n", "expected fewer fields at byte");
    is_bounded(head, "A", "expected a shorter head at byte");
    is_bounded(&format!("{head}A:"), " ", "expected a shorter head at byte");
    is_bounded(&format!("{head}A: b"), "\r\n c", "expected a shorter head at byte");
    let interim = "expected a final response, found another interim one at byte";
    is_bounded("", "HTTP/1.1 103 Early Hints\r\n\r\n", interim);
    is_bounded(&chunked, "0", "expected a shorter chunk extension at byte");
    is_bounded(&format!("{chunked}1"), ";a=b", "expected a shorter chunk extension at byte");
    let overhead = "expected larger chunks or fewer extensions at byte";
    is_bounded(&chunked, "1;a=bcdefghijklmnopqrstuvwxyz\r\na\r\n", overhead);
    let trailers = format!("{chunked}0\r\n");
    is_bounded(&trailers, "A: b\r\n", "expected fewer trailer fields at byte");
    is_bounded(&trailers, "A", "expected a shorter trailer section at byte");
}

#[test]
fn redirects_without_end_are_an_error() {
    // Their content is not worth reading either.
    let content = "x".repeat(1 << 20);
    let reply = format!(
        "HTTP/1.1 302 Found\r\nLocation: b/\r\nContent-Length: {}\r\n\r\n{content}",
        content.len()
    );
    let script = Script::new().otherwise(Conversation::new().reply(reply));
    let error = exchange(&script, Timeouts::DEFAULT).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect(RedirectErrorKind::TooMany));
    assert_eq!(script.connections().len(), 11);
    assert!(script.connections().iter().all(|it| !it.is_open()));
}

#[test]
fn challenges_without_end_are_returned() {
    let script = Script::new().otherwise(Conversation::new().reply(challenge()));
    assert_eq!(exchange(&script, Timeouts::DEFAULT).unwrap(), "no");
    assert!(script.connections().len() <= 3);
}

fn upload(script: &Script, timeouts: Timeouts, len: usize) -> Result<u16, Error> {
    let client = direct().connector(script.clone()).timeouts(timeouts).build().unwrap();
    Ok(client.post(URL).body(vec![b'x'; len]).send()?.status().as_u16())
}

/// Where sending may break off: everywhere in what is short, and here and there in what is long.
fn breaks(len: usize) -> Vec<usize> {
    let script = Script::new().otherwise(Conversation::new().reply(plain()));
    upload(&script, Timeouts::DEFAULT, len).unwrap();
    let all = script.connections()[0].written().len();
    (0..all).filter(|at| all < 1000 || at % 9973 == 0 || all - *at < 3).collect()
}

const REFUSAL: &str = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n";

#[test]
fn an_answer_counts_more_than_a_request_that_could_not_be_sent() {
    for len in [0, 20, 300 << 10] {
        for at in breaks(len) {
            for kind in [IoKind::BrokenPipe, IoKind::ConnectionReset] {
                let refusing = Conversation::new().send(REFUSAL).write_fails(at, kind);
                let script = Script::new().connection(refusing.clone());
                assert_eq!(upload(&script, Timeouts::DEFAULT, len).unwrap(), 413, "{at}");
                assert!(!script.connections()[0].is_open());
                let pieces = Script::new().connection(refusing.in_pieces(100));
                assert_eq!(upload(&pieces, Timeouts::DEFAULT, len).unwrap(), 413, "{at}");
            }
        }
    }
}

#[test]
fn an_answer_that_only_the_end_of_a_lost_connection_ends_is_none() {
    const HALF: &str = "HTTP/1.1 200 OK\r\n\r\nhalf";
    let whole = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhalf";
    for (len, answer) in [(0, HALF), (20, HALF), (300 << 10, HALF), (300 << 10, whole)] {
        for at in breaks(len) {
            let rude = Conversation::new().send(answer).write_fails(at, IoKind::BrokenPipe);
            let script = Script::new().connection(rude);
            let client = direct().connector(script).build().unwrap();
            let response = client.post(URL).body(vec![b'x'; len]).send().unwrap();
            match response.text() {
                Ok(text) => assert_eq!((answer, text.as_str()), (whole, "half"), "{at}"),
                Err(error) => {
                    assert_eq!(answer, HALF, "{at}: {error}");
                    assert_eq!(Error::from(error).kind(), ErrorKind::Receive, "{at}");
                }
            }
        }
    }
}

#[test]
fn a_reset_in_the_middle_of_an_upload_cuts_the_answer_off() {
    for framing in ["", "Content-Length: 28\r\n", "Transfer-Encoding: chunked\r\n"] {
        let server = Server::start(move |peer| {
            peer.head();
            let start = if framing.contains("chunked") { "1c\r\n" } else { "" };
            peer.send(format!("HTTP/1.1 200 OK\r\n{framing}\r\n{start}the first half").as_bytes());
            // What is not read makes the end of this connection a reset.
        });
        for len in [300 << 10, 16 << 20] {
            let sent = Client::new().post(server.url("/")).body(vec![b'x'; len]).send();
            let error = sent.and_then(|response| Ok(response.text()?)).unwrap_err();
            assert!(error.is_connection_lost(), "{framing} {len}: {error}");
        }
    }
}

#[test]
fn a_request_that_cannot_be_sent_is_an_error() {
    for len in [0, 20, 300 << 10] {
        for at in breaks(len) {
            for reading in [Conversation::new(), Conversation::new().fail(IoKind::ConnectionReset)]
            {
                let script = Script::new().connection(reading.write_fails(at, IoKind::BrokenPipe));
                let error = upload(&script, Timeouts::DEFAULT, len).unwrap_err();
                // Although in the middle of a long body the server is listened to, and has hung up.
                assert_eq!(error.kind(), ErrorKind::Send, "{at}: {error}");
                assert_eq!(script.connections().len(), 1);
            }
        }
    }
}

#[test]
fn a_request_that_is_not_taken_is_an_error_that_names_the_phase() {
    for len in [0, 20, 300 << 10] {
        for at in breaks(len) {
            for (timeouts, phase) in [
                (Timeouts::DEFAULT.send(MOMENT), Phase::Send),
                (Timeouts::DEFAULT.send(None).total(MOMENT), Phase::Total),
            ] {
                let script = Script::new().connection(Conversation::new().stall().write_stalls(at));
                let error = upload(&script, timeouts, len).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Timeout(phase), "{at}: {error}");
            }
        }
    }
}

#[test]
fn an_answer_is_heard_by_who_cannot_go_on_sending() {
    let refusing = Conversation::new().head().send(REFUSAL).write_stalls(100 << 10);
    let script = Script::new().connection(refusing);
    assert_eq!(upload(&script, Timeouts::DEFAULT, 300 << 10).unwrap(), 413);
}

#[test]
fn what_is_no_answer_ends_an_upload() {
    let len = 300 << 10;
    let interim = "HTTP/1.1 102 Processing\r\n\r\n".repeat(17);
    let endless = format!("HTTP/1.1 200 OK\r\nA: {}", "x".repeat(4 << 20));
    let switch = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
    for (said, text) in [
        ("garbage\r\n\r\n", "expected an HTTP version"),
        ("\0", "expected an HTTP version"),
        (&interim, "expected a final response, found another interim one"),
        (&endless, "expected a shorter head"),
        (switch, "expected no switch of protocols"),
    ] {
        let rude = Conversation::new().head().send(said).stall();
        for conversation in [rude.clone(), rude.clone().write_stalls(100 << 10)] {
            for piece in [1000, 64 << 10] {
                let script = Script::new().connection(conversation.clone().in_pieces(piece));
                let error = upload(&script, Timeouts::DEFAULT, len).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
                assert!(error.to_string().contains(text), "{error}");
                let made = &script.connections()[0];
                assert!(!made.is_open() && made.written().len() < len);
            }
        }
    }
}

#[test]
fn a_wait_can_be_cancelled() {
    use nethttp::client::CancelToken;
    for conversation in [
        Conversation::new().stall(),
        Conversation::new().reply(&plain()[..50]).stall(),
        Conversation::new().write_stalls(0),
    ] {
        let script = Script::new().connection(conversation);
        let client = direct().connector(script.clone()).build().unwrap();
        let token = CancelToken::new();
        let request = ask(&client).cancel(&token);
        let waiting = std::thread::spawn(move || Ok::<_, Error>(request.send()?.text()?));
        until("a connection", || !script.connections().is_empty());
        token.cancel();
        let error = waiting.join().unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
        assert!(!script.connections()[0].is_open());
    }
}

#[test]
fn a_connection_that_cannot_be_made_is_an_error() {
    let script = Script::new().refuse(IoKind::HostUnreachable);
    for text in ["host unreachable", "expected no connection that the script does not have"] {
        let error = exchange(&script, Timeouts::DEFAULT).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect);
        let whole = format!("expected a connection to a.example:80: {text}");
        assert_eq!(error.to_string(), whole);
    }
}

//! Who is let in, and who is asked.

use super::{Running, statuses};
use nethttp::field::auth::{
    AuthenticationInfo, Basic, Challenges, DigestAlgorithm, DigestChallenge, DigestClient,
    DigestQop, DigestSecret,
};
use nethttp::message::IntoResponse;
use nethttp::server::{Guard, Limits, Timeouts, User, Users};
use nethttp::{HeaderMap, Method, Request, Response};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

fn users() -> Users {
    Users::new().add("ada", "secret").add("gr\u{e4}ce", "h\u{f6}pper").add("empty", "")
}

fn hello(user: &User, request: &mut Request) -> nethttp::Result<String> {
    Ok(format!("hello {}{}", user.name(), request.body_mut().text()?))
}

/// A server whose every page is behind a guard.
fn start(guard: &Guard) -> Running {
    Running::start(guard.protect(hello))
}

fn basic() -> Guard {
    Guard::basic("staff", users()).unwrap()
}

fn digest() -> Guard {
    Guard::digest("staff", users()).unwrap()
}

/// Sends a request with these fields and this content, and returns the whole answer.
fn ask(server: &Running, method: &str, target: &str, fields: &str, content: &str) -> String {
    let len = content.len();
    let request = format!(
        "{method} {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {len}\r\n\
         {fields}\r\n{content}"
    );
    server.exchange(request.as_bytes())
}

fn get(server: &Running, fields: &str) -> String {
    ask(server, "GET", "/", fields, "")
}

/// The fields of an answer.
fn headers(answer: &str) -> HeaderMap {
    let head = answer.split("\r\n\r\n").next().unwrap();
    let mut headers = HeaderMap::new();
    for line in head.lines().skip(1) {
        let (name, value) = line.split_once(": ").unwrap();
        headers.append(name, value).unwrap();
    }
    headers
}

#[track_caller]
fn is_refused(answer: &str) {
    assert_eq!(statuses(answer), [401], "{answer}");
    assert!(answer.contains("\r\nWWW-Authenticate: "), "{answer}");
    assert!(!answer.contains("hello"), "{answer}");
}

#[test]
fn basic_lets_in_who_knows_a_password() {
    let server = start(&basic());
    for (name, password) in [("ada", "secret"), ("gr\u{e4}ce", "h\u{f6}pper"), ("empty", "")] {
        let fields = format!("Authorization: {}\r\n", Basic::new(name, password).unwrap().encode());
        let answer = get(&server, &fields);
        assert!(answer.ends_with(&format!("hello {name}")), "{answer}");
        assert!(!answer.contains("Authenticat"), "{answer}");
    }
}

#[test]
fn basic_asks_everybody_else() {
    let server = start(&basic());
    let encoded = |name: &str, password: &str| Basic::new(name, password).unwrap().encode();
    for credentials in [
        encoded("ada", "Secret"),
        encoded("ada", ""),
        encoded("ada", "secret "),
        encoded("Ada", "secret"),
        encoded("nobody", "secret"),
        encoded("nobody", ""),
        encoded("", ""),
        encoded("ada", "h\u{f6}pper"),
        Basic::new(b"gr\xe4ce", b"h\xf6pper").unwrap().encode(),
        "Basic".to_owned(),
        "Basic YWRhOnNlY3JldA".to_owned(),
        "Basic =".to_owned(),
        "Basic YWRh".to_owned(),
        "Bearer YWRhOnNlY3JldA==".to_owned(),
        "Digest username=\"ada\"".to_owned(),
        String::new(),
    ] {
        let answer = get(&server, &format!("Authorization: {credentials}\r\n"));
        is_refused(&answer);
        let challenge = headers(&answer).text("WWW-Authenticate").map(str::to_owned);
        assert_eq!(challenge.unwrap(), "Basic realm=\"staff\", charset=\"UTF-8\"", "{credentials}");
    }
    is_refused(&get(&server, ""));
    // Two that are right are one too many.
    let right = format!("Authorization: {}\r\n", encoded("ada", "secret"));
    is_refused(&get(&server, &format!("{right}{right}")));
}

#[test]
fn every_method_is_guarded() {
    for guard in [basic(), digest()] {
        let server = start(&guard);
        for method in ["GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "BREW"] {
            is_refused(&ask(&server, method, "/", "", ""));
        }
    }
}

#[test]
fn a_function_may_say_who_is_right() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let guard = Guard::basic_with("staff", move |basic| {
        count.fetch_add(1, Ordering::Relaxed);
        basic.matches("ada", "secret")
    });
    let server = start(&guard.unwrap());
    let right = Basic::new("ada", "secret").unwrap().encode();
    assert!(get(&server, &format!("Authorization: {right}\r\n")).ends_with("hello ada"));
    is_refused(&get(&server, "Authorization: Basic ?\r\n"));
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}

#[test]
fn a_handler_may_check_and_go_its_own_way() {
    let guard = basic();
    let server = Running::start(move |request: &mut Request| -> nethttp::Result<Response> {
        if request.path() == "/open" {
            return Ok("open".into_response());
        }
        let user = guard.check(request)?;
        Ok(format!("hello {}", user.name()).into_response())
    });
    assert!(ask(&server, "GET", "/open", "", "").ends_with("open"));
    is_refused(&get(&server, ""));
}

#[test]
fn a_realm_that_cannot_be_sent_is_an_error() {
    for realm in ["a\r\nb", "a\0b"] {
        assert!(Guard::basic(realm, users()).is_err());
        assert!(Guard::digest(realm, users()).is_err());
    }
    let server = start(&Guard::digest("a \"b\" \\ c", users()).unwrap());
    assert!(Digest::start(&server, "ada", "secret").get(&server).ends_with("hello ada"));
}

#[test]
fn nothing_of_users_is_shown() {
    let shown = format!("{:?} {:?} {:?}", users(), basic(), digest());
    assert_eq!(shown, "Users(3) Guard(\"Basic\") Guard(\"Digest\")");
}

/// A client that has heard a challenge.
struct Digest {
    client: DigestClient,
    count: u128,
}

impl Digest {
    fn start(server: &Running, user: &str, password: &str) -> Self {
        let answer = get(server, "");
        is_refused(&answer);
        let mut client = DigestClient::new(user, password);
        assert!(client.challenge(challenge(&answer)));
        Self { client, count: 0 }
    }

    /// The fields of the next request.
    fn fields(&mut self, method: Method, target: &str, content: Option<&str>) -> String {
        self.count += 1;
        let content = content.map(str::as_bytes);
        let value = self.client.authorize(method, target, content, self.count).unwrap();
        format!("Authorization: {}\r\n", String::from_utf8(value).unwrap())
    }

    fn get(&mut self, server: &Running) -> String {
        let fields = self.fields(Method::GET, "/", Some(""));
        get(server, &fields)
    }
}

/// The first challenge of an answer.
fn challenge(answer: &str) -> DigestChallenge {
    DigestChallenge::choose(&Challenges::from_headers(&headers(answer))).unwrap()
}

#[test]
fn digest_lets_in_who_knows_a_password() {
    let server = start(&digest());
    for (name, password) in [("ada", "secret"), ("gr\u{e4}ce", "h\u{f6}pper"), ("empty", "")] {
        let mut digest = Digest::start(&server, name, password);
        for _ in 0..3 {
            let answer = digest.get(&server);
            assert!(answer.ends_with(&format!("hello {name}")), "{answer}");
            let info = AuthenticationInfo::from_headers(&headers(&answer)).unwrap().unwrap();
            assert_eq!(digest.client.is_proof(&info, None), Some(true));
        }
    }
}

#[test]
fn digest_offers_the_best_first_and_takes_all() {
    let answer = get(&start(&digest()), "");
    let headers = headers(&answer);
    let all: Vec<_> = Challenges::from_headers(&headers)
        .iter()
        .map(|challenge| DigestChallenge::from_challenge(challenge).unwrap().algorithm())
        .collect();
    assert_eq!(all, [DigestAlgorithm::Sha256, DigestAlgorithm::Md5]);
    for algorithm in
        [DigestAlgorithm::Md5, DigestAlgorithm::Sha256Sess, DigestAlgorithm::Sha512_256]
    {
        let settings = Guard::digest_server("staff").unwrap().algorithms([algorithm]);
        let guard = Guard::digest_with(settings, |user| {
            user.is("ada").then(|| DigestSecret::password("secret").with_name("ada"))
        });
        let server = start(&guard);
        let mut digest = Digest::start(&server, "ada", "secret");
        assert!(digest.get(&server).ends_with("hello ada"), "{algorithm:?}");
    }
}

#[test]
fn digest_asks_everybody_else() {
    let server = start(&digest());
    for (name, password) in [("ada", "Secret"), ("ada", ""), ("nobody", "secret"), ("nobody", "")] {
        let answer = Digest::start(&server, name, password).get(&server);
        is_refused(&answer);
        assert!(!challenge(&answer).is_stale(), "{name}:{password}");
    }
    let fields = Digest::start(&server, "ada", "secret").fields(Method::GET, "/", Some(""));
    for method in ["HEAD", "POST", "get"] {
        is_refused(&ask(&server, method, "/", &fields, ""));
    }
    for target in ["/other", "/?", "http://a/"] {
        assert_eq!(statuses(&ask(&server, "GET", target, &fields, "")), [400]);
    }
    for (from, to) in [
        ("realm=\"staff\"", "realm=\"other\""),
        ("username=\"ada\"", "username=\"empty\""),
        ("nc=00000001", "nc=00000002"),
        ("nc=00000001", "nc=1"),
        ("nc=00000001, ", ""),
        ("qop=auth", "qop=auth-int"),
        ("qop=auth", "qop=other"),
        ("response=\"", "response=\"0"),
        ("nonce=\"", "nonce=\"0"),
        ("Digest ", "Digest realm=\"staff\", "),
        ("Digest ", "Digest"),
        ("Digest ", "Basic "),
    ] {
        assert!(fields.contains(from), "{from}: {fields}");
        is_refused(&get(&server, &fields.replacen(from, to, 1)));
    }
    is_refused(&get(&server, &format!("{fields}{fields}")));
    // None of these has used it up.
    assert!(get(&server, &fields).ends_with("hello ada"));
}

#[test]
fn a_request_is_let_in_once() {
    let server = start(&digest());
    let mut digest = Digest::start(&server, "ada", "secret");
    let fields = digest.fields(Method::GET, "/", Some(""));
    assert!(get(&server, &fields).ends_with("hello ada"));
    let answer = get(&server, &fields);
    is_refused(&answer);
    // A client that has sent it twice by mistake need not ask for the password again.
    assert!(challenge(&answer).is_stale());
    assert!(digest.client.challenge(challenge(&answer)));
    assert!(digest.get(&server).ends_with("hello ada"));
}

#[test]
fn a_hundred_connections_may_use_one_nonce_in_any_order() {
    let server = Arc::new(start(&digest()));
    let mut digest = Digest::start(&server, "ada", "secret");
    let mut all: Vec<_> = (0..100).map(|_| digest.fields(Method::GET, "/", Some(""))).collect();
    // Nearby ones change places, and the first comes last but for a few.
    for chunk in all.chunks_mut(7) {
        chunk.reverse();
    }
    let next = Arc::new(Mutex::new(all.clone().into_iter()));
    let threads: Vec<_> = (0..20)
        .map(|_| {
            let (server, next) = (Arc::clone(&server), Arc::clone(&next));
            thread::spawn(move || {
                let take = || next.lock().unwrap().next();
                std::iter::from_fn(take).map(|fields| get(&server, &fields)).collect::<Vec<_>>()
            })
        })
        .collect();
    let answers: Vec<_> = threads.into_iter().flat_map(|it| it.join().unwrap()).collect();
    assert_eq!(answers.len(), 100);
    let refused = answers.iter().filter(|answer| !answer.ends_with("hello ada")).count();
    assert_eq!(refused, 0);
    for fields in all {
        is_refused(&get(&server, &fields));
    }
}

#[test]
fn a_nonce_of_another_life_is_stale_and_not_wrong() {
    let old = start(&digest());
    let mut digest_client = Digest::start(&old, "ada", "secret");
    assert!(digest_client.get(&old).ends_with("hello ada"));
    drop(old);
    let new = start(&digest());
    let answer = digest_client.get(&new);
    is_refused(&answer);
    assert!(challenge(&answer).is_stale());
    assert!(digest_client.client.challenge(challenge(&answer)));
    assert!(digest_client.get(&new).ends_with("hello ada"));
}

#[test]
fn content_that_is_hashed_is_read_within_its_limit_and_put_back() {
    let settings = Guard::digest_server("staff").unwrap().qops([DigestQop::AuthInt]);
    let users = users();
    let guard = Guard::digest_with(settings, move |user| users.secret(user));
    let limits = Limits::DEFAULT.body(10);
    let server = Running::with(limits, Timeouts::DEFAULT, guard.protect(hello));
    let mut digest = Digest::start(&server, "ada", "secret");
    let fields = digest.fields(Method::POST, "/", Some(", again"));
    is_refused(&ask(&server, "POST", "/", &fields, ", other"));
    assert!(ask(&server, "POST", "/", &fields, ", again").ends_with("hello ada, again"));
    let long = "0123456789a";
    let fields = digest.fields(Method::POST, "/", Some(long));
    assert_eq!(statuses(&ask(&server, "POST", "/", &fields, long)), [413]);
    assert!(digest.get(&server).ends_with("hello ada"));
}

#[test]
fn a_name_may_be_hashed() {
    let settings = Guard::digest_server("staff").unwrap().user_hash(true);
    let users = users();
    let server = start(&Guard::digest_with(settings, move |user| users.secret(user)));
    let mut digest = Digest::start(&server, "gr\u{e4}ce", "h\u{f6}pper");
    let fields = digest.fields(Method::GET, "/", Some(""));
    assert!(fields.contains("userhash=true") && !fields.contains("gr\u{e4}ce"), "{fields}");
    assert!(get(&server, &fields).ends_with("hello gr\u{e4}ce"));
    is_refused(&Digest::start(&server, "nobody", "secret").get(&server));
}

#[cfg(feature = "client")]
#[test]
fn the_client_logs_in_and_uploads() {
    use nethttp::{Body, Client};
    let server = start(&digest());
    let url = format!("http://{}/a?b=c", server.addr());
    let client = Client::new();
    for _ in 0..3 {
        let answer = client.get(&url).digest_auth("ada", "secret").send().unwrap();
        assert_eq!(answer.text().unwrap(), "hello ada");
    }
    assert_eq!(server.handle().connections(), 1);
    let answer = client.get(&url).digest_auth("ada", "wrong").send().unwrap();
    assert_eq!(answer.status().as_u16(), 401);
    for body in [Body::from(" again"), Body::reader(&b" again"[..], Some(6))] {
        let answer = client.post(&url).digest_auth("ada", "secret").body(body).send().unwrap();
        assert_eq!(answer.text().unwrap(), "hello ada again");
    }
}

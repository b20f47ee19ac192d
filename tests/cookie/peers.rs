//! `cookies.txt` between this crate, curl and Python: what they write we read, what we write they read,
//! and all send the same cookies.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, SystemTime};

use nethttp::cookie::{Config, Context, Cookie, CookieJar, FileFormat, SetCookie};
use nethttp::field::HttpDate;
use nethttp::header;
use nethttp::{Request, Response, Server, ServerHandle, StatusCode, Uri};

use crate::support::peers;
use crate::support::program::run;
use crate::support::scratch::Scratch;

/// What the server sets, for whom; it is reached under this name, which no name server knows.
const HOST: &str = "www.example.test";

/// The fields that a response has, all of them for the host or the domain above it.
fn fields() -> Vec<String> {
    // The same in every call.
    static DATE: OnceLock<HttpDate> = OnceLock::new();
    let date =
        DATE.get_or_init(|| HttpDate::from_unix(HttpDate::from(SystemTime::now()).unix() + 86_400));
    [
        "session=1; Path=/",
        "below=2; Path=/; Domain=example.test",
        "dotted=3; Path=/; Domain=.Example.TEST",
        "hidden=4; Path=/; HttpOnly",
        "deep=5; Path=/docs",
        "elsewhere=6; Path=/other",
        "both=7; Path=/docs; Domain=example.test; HttpOnly",
        "empty=; Path=/",
        "quoted=\"a b\"; Path=/",
        "equals=a=b==; Path=/",
        "odd=!#$%&'()*+-./:<>?@[]^_`{|}~; Path=/",
        "wrong=1; Path=/; Domain=other.test",
        "wrong=2; Path=/; Max-Age=0",
    ]
    .into_iter()
    .map(str::to_owned)
    .chain([
        format!("dated=8; Path=/; Expires={date}"),
        format!("dated-below=9; Path=/docs; Domain=example.test; HttpOnly; Expires={date}"),
    ])
    .collect()
}

/// What this crate makes of the same response.
fn ours(uri: &str) -> CookieJar {
    let (uri, context) = (Uri::parse(uri).unwrap(), Context::at(SystemTime::now()));
    let mut jar = CookieJar::new();
    for field in fields() {
        let _ = jar.store(&uri, &SetCookie::parse(field.as_bytes()).unwrap(), &context);
    }
    jar
}

fn load(path: &Path) -> CookieJar {
    let mut jar = CookieJar::with_config(Config::DEFAULT.trust_loopback(true));
    jar.load(path, SystemTime::now()).unwrap();
    jar
}

type Line = (String, String, String, String, [bool; 3], Option<HttpDate>);

/// All that the format has of a cookie.
fn line(cookie: &Cookie) -> Line {
    let text = |text: &[u8]| String::from_utf8(text.to_vec()).unwrap();
    let flags = [cookie.is_host_only(), cookie.is_secure(), cookie.is_http_only()];
    let (name, value, path) = (text(cookie.name()), text(cookie.value()), text(cookie.path()));
    (name, value, cookie.domain().to_owned(), path, flags, cookie.expires())
}

/// The cookies, sorted, since programs write them in orders of their own.
fn lines(jar: &CookieJar) -> Vec<Line> {
    let mut lines: Vec<Line> = jar.iter().map(line).collect();
    lines.sort();
    lines
}

fn pairs(field: &str) -> BTreeSet<&str> {
    field.split("; ").filter(|pair| !pair.is_empty()).collect()
}

#[track_caller]
fn sends(jar: &CookieJar, uri: &str, field: &str) {
    let value = jar.peek_header(&Uri::parse(uri).unwrap(), &Context::at(SystemTime::now()));
    let value = value.map(|value| String::from_utf8(value.as_bytes().to_vec()).unwrap());
    assert_eq!(pairs(field), pairs(value.as_deref().unwrap_or_default()));
}

/// A server that sets cookies under `/set` and everywhere takes down the field that came.
struct Peer {
    handle: Option<ServerHandle>,
    field: Arc<Mutex<String>>,
}

impl Peer {
    fn start(address: &str) -> Option<Self> {
        let field = Arc::new(Mutex::new(String::new()));
        let (seen, fields) = (Arc::clone(&field), fields());
        let server = Server::bind(address).ok()?;
        let handler = move |request: &mut Request| {
            *seen.lock().unwrap() = request.header("cookie").unwrap_or_default().to_owned();
            let mut response = Response::new(StatusCode::OK);
            for field in fields.iter().filter(|_| request.path().starts_with("/set")) {
                response.headers_mut().append(header::SET_COOKIE, field).unwrap();
            }
            response
        };
        Some(Self { handle: Some(server.spawn(handler).unwrap()), field })
    }

    /// Has curl make a request under a name of its own; returns the field that came.
    fn curl(&self, curl: &Path, host: &str, path: &str, options: &[&str]) -> String {
        let address = self.handle.as_ref().unwrap().addr();
        let (to, url) = (format!("::{address}"), format!("http://{host}:{}{path}", address.port()));
        let fixed = ["-q", "-sS", "--max-time", "20", "--connect-to", &to, &url];
        let outcome = run(curl, fixed.iter().chain(options), b"");
        assert_eq!((outcome.status, outcome.err()), (Some(0), String::new()));
        self.field.lock().unwrap().clone()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        if let Some(handle) = self.handle.take() {
            handle.shutdown(Duration::from_secs(2));
        }
    }
}

#[test]
fn curl_and_this_crate_share_a_file() {
    let Some(curl) = peers::find("curl") else {
        return;
    };
    let (peer, scratch) = (Peer::start("127.0.0.1:0").unwrap(), Scratch::new());
    let [theirs, saved, again] = ["theirs", "saved", "again"].map(|name| scratch.path().join(name));
    let [theirs_at, saved_at, again_at] =
        [&theirs, &saved, &again].map(|path| path.to_str().unwrap());

    peer.curl(&curl, HOST, "/set", &["-c", theirs_at]);
    let jar = load(&theirs);
    assert_eq!(lines(&jar), lines(&ours(&format!("http://{HOST}/set"))));

    jar.save(&saved, FileFormat::Netscape, SystemTime::now()).unwrap();
    for path in ["/docs/page", "/", "/other"] {
        let field = peer.curl(&curl, HOST, path, &["-b", saved_at, "-c", again_at]);
        sends(&jar, &format!("http://{HOST}{path}"), &field);
        assert_eq!(lines(&load(&again)), lines(&jar));
    }
    let field = peer.curl(&curl, "a.www.example.test", "/", &["-b", saved_at]);
    sends(&jar, "http://a.www.example.test/", &field);
    assert_eq!(pairs(&field), BTreeSet::from(["below=2", "dotted=3"]));
}

#[test]
fn curl_sends_what_is_secure_to_loopback_as_a_jar_that_trusts_it() {
    let Some(curl) = peers::find("curl") else {
        return;
    };
    let (peer, scratch) = (Peer::start("127.0.0.1:0").unwrap(), Scratch::new());
    let text = "localhost\tFALSE\t/\tTRUE\t0\t__Host-sid\t31d4\n\
        #HttpOnly_.localhost\tTRUE\t/\tTRUE\t0\tlang\ten\nexample.test\tTRUE\t/\tFALSE\t0\tno\t1\n";
    let jar = load(&scratch.write("by-hand", text));
    let saved = scratch.path().join("saved");
    jar.save(&saved, FileFormat::Netscape, SystemTime::now()).unwrap();
    let field = peer.curl(&curl, "localhost", "/", &["-b", saved.to_str().unwrap()]);
    assert_eq!(pairs(&field), BTreeSet::from(["__Host-sid=31d4", "lang=en"]));
    sends(&jar, "http://localhost/", &field);
}

#[test]
fn curl_has_addresses_of_ipv6_without_brackets() {
    let (Some(curl), Some(peer)) = (peers::find("curl"), Peer::start("[::1]:0")) else {
        return;
    };
    let scratch = Scratch::new();
    let [theirs, saved] = ["theirs", "saved"].map(|name| scratch.path().join(name));
    peer.curl(&curl, "[::1]", "/set", &["-c", theirs.to_str().unwrap()]);
    let jar = load(&theirs);
    assert_eq!(lines(&jar), lines(&ours("http://[::1]/set")));
    jar.save(&saved, FileFormat::Netscape, SystemTime::now()).unwrap();
    let field = peer.curl(&curl, "[::1]", "/docs/page", &["-b", saved.to_str().unwrap()]);
    assert!(field.contains("deep=5"));
    sends(&jar, "http://[::1]/docs/page", &field);
}

#[test]
fn a_cookie_without_a_name_does_no_harm_to_curl() {
    let Some(curl) = peers::find("curl") else {
        return;
    };
    let (peer, scratch) = (Peer::start("127.0.0.1:0").unwrap(), Scratch::new());
    let text = "www.example.test\tFALSE\t/\tFALSE\t0\t\ttoken\n\
        www.example.test\tFALSE\t/\tFALSE\t0\ta\t1\n";
    let path = scratch.write("by-hand", text);
    load(&path).save(&path, FileFormat::Netscape, SystemTime::now()).unwrap();
    let field = peer.curl(&curl, HOST, "/", &["-b", path.to_str().unwrap()]);
    // It skips empty fields, or does not, depending on its version.
    let mut pairs = pairs(&field);
    assert!(pairs.remove("a=1"));
    assert!(pairs.iter().all(|pair| ["token", "token=", "=token"].contains(pair)), "{field}");
}

/// Runs the script; returns what it prints.
fn python(python: &Path, arguments: &[&str]) -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cookie/mozilla.py");
    let outcome = run(python, ["-X", "utf8", script].iter().chain(arguments), b"");
    assert_eq!((outcome.status, outcome.err()), (Some(0), String::new()));
    outcome.out().trim_end().to_owned()
}

#[test]
fn python_and_this_crate_share_a_file() {
    let Some(program) = peers::find("python3") else {
        return;
    };
    let scratch = Scratch::new();
    let [theirs, saved, again] = ["theirs", "saved", "again"].map(|name| scratch.path().join(name));
    let [theirs_at, saved_at, again_at] =
        [&theirs, &saved, &again].map(|path| path.to_str().unwrap());
    let url = format!("http://{HOST}/set");
    let fields = fields();
    let mut arguments = vec!["receive", &url, theirs_at];
    arguments.extend(fields.iter().map(String::as_str));
    python(&program, &arguments);
    let jar = load(&theirs);
    assert_eq!(without_http_only(lines(&jar)), without_http_only(lines(&ours(&url))));

    let jar = ours(&url);
    jar.save(&saved, FileFormat::Netscape, SystemTime::now()).unwrap();
    for path in ["/docs/page", "/", "/other"] {
        let url = format!("http://{HOST}{path}");
        sends(&jar, &url, &python(&program, &["copy", &url, saved_at, again_at]));
        assert_eq!(lines(&load(&again)), lines(&jar));
    }
}

/// Of a response Python forgets `HttpOnly`; of a file it does not.
fn without_http_only(mut lines: Vec<Line>) -> Vec<Line> {
    for (.., [_, _, is_http_only], _) in &mut lines {
        *is_http_only = false;
    }
    lines
}

#[test]
fn python_reads_cookies_of_a_session_only_if_it_is_told_to() {
    let Some(program) = peers::find("python3") else {
        return;
    };
    let scratch = Scratch::new();
    let saved = scratch.path().join("saved");
    let jar = ours(&format!("http://{HOST}/set"));
    jar.save(&saved, FileFormat::Netscape, SystemTime::now()).unwrap();
    let count = jar.iter().filter(|cookie| cookie.expires().is_some()).count();
    assert_eq!(python(&program, &["count", saved.to_str().unwrap()]), count.to_string());
}

#[test]
fn python_takes_a_cookie_without_a_name() {
    let Some(program) = peers::find("python3") else {
        return;
    };
    let scratch = Scratch::new();
    let text = "www.example.test\tFALSE\t/\tFALSE\t0\t\ttoken\n";
    let (path, again) = (scratch.write("by-hand", text), scratch.path().join("again"));
    let jar = load(&path);
    jar.save(&path, FileFormat::Netscape, SystemTime::now()).unwrap();
    let url = format!("http://{HOST}/");
    let arguments = ["copy", &url, path.to_str().unwrap(), again.to_str().unwrap()];
    assert_eq!(python(&program, &arguments), "token");
    assert_eq!(lines(&load(&again)), lines(&jar));
}

//! httpbin: what a request looks like to others, and responses of every kind.

use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use nethttp::client::Timeouts;
use nethttp::error::{ErrorKind, Phase};
use nethttp::form::{FormPart, MultipartForm};
use nethttp::{Body, Client, Method, Response};

use super::{field, is_whole, noise, patient_except};
use crate::server::PATIENCE;
use crate::support::json::Json;
use crate::support::peers::find_httpbin;
use crate::support::program::Running;

/// One process with threads, so that none is left when it is killed.
const SCRIPT: &str = "
import httpbin, waitress
server = waitress.create_server(httpbin.app, listen='127.0.0.1:0', threads=24)
print(f'http://127.0.0.1:{server.effective_port}', flush=True)
server.run()
";

/// Starts httpbin, unless another test has one that runs. The last one to need it ends it.
#[track_caller]
pub(super) fn start() -> Option<Arc<Running>> {
    static SHARED: Mutex<Weak<Running>> = Mutex::new(Weak::new());
    let python = find_httpbin()?;
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    let running = shared.upgrade().unwrap_or_else(|| {
        let mut command = Command::new(python);
        command.args(["-c", SCRIPT]);
        Arc::new(Running::start(command, None))
    });
    *shared = Arc::downgrade(&running);
    Some(running)
}

/// Reads a response in JSON.
#[track_caller]
pub(super) fn json(response: Response) -> Json {
    assert_eq!(response.status().as_u16(), 200);
    Json::parse(&response.text().unwrap())
}

/// Reads a member of a response in JSON that is a string; names are separated by dots.
#[track_caller]
pub(super) fn member(value: &Json, path: &str) -> String {
    path.split('.').fold(value, |value, name| value.member(name)).as_str().to_owned()
}

#[test]
fn every_method_arrives_with_its_content() {
    let Some(server) = start() else { return };
    let client = Client::new();
    for (name, method) in [
        ("post", Method::POST),
        ("put", Method::PUT),
        ("patch", Method::PATCH),
        ("delete", Method::DELETE),
    ] {
        let url = format!("{}/{name}?a=1&a=2&b=%26", server.url);
        let bodies = [
            Body::from("h\u{e9}llo"),
            Body::reader("h\u{e9}llo".as_bytes(), Some(6)),
            Body::reader("h\u{e9}llo".as_bytes(), None),
            Body::writer(|out| out.write_all("h\u{e9}llo".as_bytes())),
        ];
        for body in bodies {
            let request = client.request(method, &url).header("Content-Type", "text/plain");
            let seen = json(request.body(body).send().unwrap());
            assert_eq!(member(&seen, "data"), "h\u{e9}llo", "{name}");
            assert_eq!(member(&seen, "headers.Content-Length"), "6", "{name}");
            assert_eq!(member(&seen, "args.b"), "&", "{name}");
            assert_eq!(seen.member("args").member("a").as_array().len(), 2, "{name}");
        }
        let wrong = client.get(&url).send().unwrap();
        assert_eq!(wrong.status().as_u16(), 405, "{name}");
        assert!(field(&wrong, "Allow").contains(&name.to_uppercase()), "{name}");
    }
    let seen =
        json(client.request(Method::TRACE, format!("{}/anything/x", server.url)).send().unwrap());
    assert_eq!(member(&seen, "method"), "TRACE");
    let options = client.options(format!("{}/get", server.url)).send().unwrap();
    assert!(field(&options, "Allow").contains("GET"));
}

#[test]
fn fields_arrive_as_they_were_set() {
    let Some(server) = start() else { return };
    let url = format!("{}/headers", server.url);
    let client = Client::new();
    let seen = json(client.get(&url).header("X-Odd", "a").header("x-odd", "b, c").send().unwrap());
    let host = server.url.strip_prefix("http://").unwrap();
    let own = format!("nethttp/{}", env!("CARGO_PKG_VERSION"));
    for (name, value) in [
        ("Host", host),
        ("User-Agent", &own),
        ("Accept", "*/*"),
        ("Accept-Encoding", "gzip, deflate"),
        ("X-Odd", "a, b, c"),
    ] {
        assert_eq!(member(&seen, &format!("headers.{name}")), value);
    }
    let tester = Client::builder().user_agent("tester/1").build().unwrap();
    let seen = json(tester.get(format!("{}/user-agent", server.url)).send().unwrap());
    assert_eq!(member(&seen, "user-agent"), "tester/1");
    let cookies = client.get(format!("{}/cookies", server.url)).header("Cookie", "a=1; b=\"2\"");
    let seen = json(cookies.send().unwrap());
    assert_eq!(member(&seen, "cookies.a"), "1");
    let url = format!("{}/anything/na\u{ef}ve path", server.url);
    let seen = json(client.get(url).query("q", "\u{2603} &").send().unwrap());
    assert_eq!(member(&seen, "args.q"), "\u{2603} &");
    // Some of the escapes are undone here.
    assert!(member(&seen, "url").ends_with("/anything/na\u{ef}ve%20path?q=\u{2603}%20%26"));
}

#[test]
fn forms_are_read_as_they_were_written() {
    let Some(server) = start() else { return };
    let url = format!("{}/anything", server.url);
    let client = Client::new();
    let fields = [("name", "na\u{ef}ve & small"), ("empty", ""), ("a", "1"), ("a", "2")];
    let seen = json(client.post(&url).form(fields).send().unwrap());
    assert_eq!(member(&seen, "form.name"), "na\u{ef}ve & small");
    assert_eq!(member(&seen, "form.empty"), "");
    assert_eq!(seen.member("form").member("a").as_array().len(), 2);
    assert_eq!(member(&seen, "data"), "");

    for len in [Some(5), None] {
        let form = MultipartForm::new()
            .text("title", "A day \u{2603}\r\nat \"sea\"")
            .part(FormPart::bytes("raw", &b"\x00\xff"[..]).file_name("raw.bin"))
            .part(FormPart::reader("note", &b"hello"[..], len).file_name("na\u{ef}ve \"1\".txt"));
        let seen = json(client.put(&url).multipart(form).send().unwrap());
        assert_eq!(member(&seen, "form.title"), "A day \u{2603}\r\nat \"sea\"");
        assert_eq!(member(&seen, "files.note"), "hello");
        assert_eq!(member(&seen, "files.raw"), "data:application/octet-stream;base64,AP8=");
    }
    let form = MultipartForm::new().part(FormPart::bytes("f", noise(2 << 20)).file_name("f"));
    let seen = json(client.post(&url).multipart(form).send().unwrap());
    // In Base64.
    assert!(member(&seen, "files.f").len() > 2_700_000);

    let post = client.post(&url).header("Content-Type", "application/json");
    let seen = json(post.body("{\"a\": [1, null]}").send().unwrap());
    assert_eq!(*seen.member("json").member("a"), Json::Array(vec![Json::Int(1), Json::Null]));
}

#[test]
fn every_status_is_a_response_with_its_reason() {
    let Some(server) = start() else { return };
    let client = Client::new();
    for (code, reason) in [
        (200, "OK"),
        (201, "CREATED"),
        (202, "ACCEPTED"),
        (204, "NO CONTENT"),
        (205, "RESET CONTENT"),
        (300, "MULTIPLE CHOICES"),
        (304, "NOT MODIFIED"),
        (400, "BAD REQUEST"),
        (402, "PAYMENT REQUIRED"),
        (404, "NOT FOUND"),
        (406, "NOT ACCEPTABLE"),
        (418, "I'M A TEAPOT"),
        (429, "TOO MANY REQUESTS"),
        (451, "UNAVAILABLE FOR LEGAL REASONS"),
        (500, "INTERNAL SERVER ERROR"),
        (503, "SERVICE UNAVAILABLE"),
        (599, "UNKNOWN"),
        (799, "UNKNOWN"),
    ] {
        for method in [Method::GET, Method::POST] {
            let url = format!("{}/status/{code}", server.url);
            let response = client.request(method, url).send().unwrap();
            assert_eq!(response.status().as_u16(), code);
            assert_eq!(response.reason(), Some(reason.as_bytes()), "{code}");
            let text = response.text().unwrap();
            assert_eq!(text.contains("[ teapot ]"), code == 418);
        }
    }
    // A server that agrees to what nobody has asked for, and one that has nothing else to say.
    for (code, kind) in [(100, ErrorKind::Truncated), (101, ErrorKind::Protocol)] {
        let error = Client::new().get(format!("{}/status/{code}", server.url)).send().unwrap_err();
        assert_eq!(error.kind(), kind, "{code}: {error}");
    }
}

#[test]
fn fields_of_a_response_are_those_that_were_sent() {
    let Some(server) = start() else { return };
    let request = nethttp::get(format!("{}/response-headers?X-A=1&X-B=a%20%20b&X-A=2", server.url));
    // In Latin-1, as far as the server is concerned.
    let response = request.query("X-C", "na\u{ef}ve").send().unwrap();
    let all: Vec<&[u8]> = response.headers().get_all("X-A").map(AsRef::as_ref).collect();
    assert_eq!(all, [b"1", b"2"]);
    assert_eq!(field(&response, "X-B"), "a  b");
    assert_eq!(response.header("X-C"), None);
    assert!(response.headers().get("X-C").is_some_and(|value| *value == *b"na\xefve"));
}

#[test]
fn content_codings_are_undone_if_they_were_asked_for() {
    let Some(server) = start() else { return };
    let client = Client::new();
    let get = |path: &str| client.get(format!("{}/{path}", server.url));
    for (path, member) in [("gzip", "gzipped"), ("deflate", "deflated")] {
        let response = get(path).send().unwrap();
        assert_eq!(response.header("Content-Encoding"), None, "{path}");
        assert!(json(response).member(member).as_bool(), "{path}");
        let coded = get(path).decode(false).send().unwrap();
        assert_eq!(field(&coded, "Content-Encoding"), path);
        let start: &[u8] = if path == "gzip" { b"\x1f\x8b" } else { b"\x78" };
        assert!(coded.bytes().unwrap().starts_with(start), "{path}");
        let head = client.head(format!("{}/{path}", server.url)).send().unwrap();
        assert_eq!(head.text().unwrap(), "", "{path}");
    }
    let brotli = get("brotli").send().unwrap();
    assert_eq!(field(&brotli, "Content-Encoding"), "br");
    let len = brotli.body().len();
    let bytes = brotli.bytes().unwrap();
    assert_eq!(Some(bytes.len() as u64), len);
    assert!(std::str::from_utf8(&bytes).is_err());
}

#[test]
fn content_arrives_whole_however_it_comes() {
    let Some(server) = start() else { return };
    let client = Client::new();
    let get = |path: &str| client.get(format!("{}/{path}", server.url)).send().unwrap();
    for count in [1, 5, 100] {
        let response = get(&format!("stream/{count}"));
        assert_eq!(field(&response, "Transfer-Encoding"), "chunked");
        let text = response.text().unwrap();
        let ids = Json::lines(&text).map(|line| line.member("id").as_int());
        assert!(ids.eq(0..count), "{text}");
    }
    let whole = get("bytes/30000?seed=7").bytes().unwrap();
    assert_eq!(whole.len(), 30_000);
    for size in [1, 7, 4096, 100_000] {
        let chunked = get(&format!("stream-bytes/30000?seed=7&chunk_size={size}"));
        assert_eq!(chunked.body().len(), None);
        is_whole(chunked.into_body(), &whole);
    }
    let text = get("encoding/utf8").text().unwrap();
    assert_eq!(text.len(), 14_239);
    assert!(text.contains("\u{222e} E\u{22c5}da = Q"));
    assert!(get("image/png").bytes().unwrap().starts_with(b"\x89PNG\r\n"));
    assert!(get("html").text().unwrap().contains("Herman Melville"));
    assert_eq!(get("drip?numbytes=4&duration=0.4").text().unwrap(), "****");
}

#[test]
fn parts_and_conditions_are_answered() {
    let Some(server) = start() else { return };
    let client = Client::new();
    for (range, status, content_range, content) in [
        ("bytes=3-6", 206, "bytes 3-6/26", "defg"),
        ("bytes=-2", 206, "bytes 24-25/26", "yz"),
        ("bytes=23-", 206, "bytes 23-25/26", "xyz"),
        // A range that is all of it is 200 here, with Content-Range all the same.
        ("bytes=0-25", 200, "bytes 0-25/26", "abcdefghijklmnopqrstuvwxyz"),
        ("bytes=26-", 416, "bytes */26", ""),
        // The second of two ranges is not seen.
        ("bytes=20-30", 416, "bytes */26", ""),
    ] {
        let url = format!("{}/range/26?chunk_size=2", server.url);
        let response = client.get(url).header("Range", range).send().unwrap();
        assert_eq!(response.status().as_u16(), status, "{range}");
        assert_eq!(field(&response, "Content-Range"), content_range, "{range}");
        assert_eq!(response.text().unwrap(), content, "{range}");
    }
    for (path, name, value, status) in [
        ("etag/a", "If-None-Match", "\"a\"", 304),
        ("etag/a", "If-None-Match", "W/\"b\", \"a\"", 304),
        ("etag/a", "If-None-Match", "\"b\"", 200),
        ("etag/a", "If-Match", "\"b\"", 412),
        ("etag/a", "If-Match", "*", 200),
        ("cache", "If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 GMT", 304),
        ("cache", "X-Other", "a", 200),
    ] {
        let request = client.get(format!("{}/{path}", server.url)).header(name, value);
        let response = request.send().unwrap();
        assert_eq!(response.status().as_u16(), status, "{path} {name}: {value}");
        assert_eq!(response.text().unwrap().is_empty(), status != 200, "{path} {name}: {value}");
    }
    let cached = client.get(format!("{}/cache/60", server.url)).send().unwrap();
    assert_eq!(field(&cached, "Cache-Control"), "public, max-age=60");
}

#[test]
fn a_server_that_lets_wait_is_waited_for_as_long_as_was_said() {
    let Some(server) = start() else { return };
    const SHORT: Option<Duration> = Some(Duration::from_millis(250));
    for (path, timeouts, phase) in [
        ("delay/3", Timeouts::DEFAULT.first_byte(SHORT), Phase::FirstByte),
        ("delay/3", Timeouts::DEFAULT.total(SHORT), Phase::Total),
        ("drip?numbytes=3&duration=6", Timeouts::DEFAULT.idle(SHORT), Phase::Idle),
        ("drip?numbytes=30&duration=3", Timeouts::DEFAULT.total(SHORT), Phase::Total),
    ] {
        let request = patient_except(timeouts).get(format!("{}/{path}", server.url));
        let outcome = request.send().and_then(|response| Ok(response.text()?));
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Timeout(phase), "{path}");
    }
    let url = format!("{}/delay/0.3", server.url);
    let patient = Timeouts::DEFAULT.first_byte(Some(PATIENCE)).total(Some(PATIENCE));
    assert_eq!(patient_except(patient).get(url).send().unwrap().status().as_u16(), 200);
}

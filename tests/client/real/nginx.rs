//! nginx: files, ranges, codings, uploads and logins.

use std::io::{self, Read};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use nethttp::client::Timeouts;
use nethttp::error::{ErrorKind, Phase};
use nethttp::{Body, Client, Response};

use super::{field, is_whole, noise, patient_except};
use crate::server::PATIENCE;
use crate::support::peers::{Peer, find, start_on_free_port};
use crate::support::scratch::Scratch;

/// What is fixed of the configuration. The number of the connection stands in every response, and that of the
/// request on it.
const SERVER: &str = r#"
    default_type text/plain; client_max_body_size 100k; lingering_timeout 1s;
    add_header X-Connection $connection always; add_header X-Request $connection_requests always;
    location = /echo { return 200 "$request_method $request_uri $http_host $http_user_agent"; }
    location = /secrets {
        return 200 "$http_authorization, $http_cookie, $http_x_api_key, $http_proxy_authorization";
    }
    location = /nothing { return 204; }
    location = /moved/301 { return 301 /echo; }
    location = /moved/302 { absolute_redirect off; return 302 /echo; }
    location = /moved/303 { return 303 /echo; }
    location = /moved/307 { return 307 /echo; }
    location = /moved/308 { return 308 /echo; }
    location = /for-ever { return 302 /for-ever; }
    location = /hangs-up { return 444; }
    location /gzip/ { alias site/; gzip on; gzip_types text/plain; }
    location /ssi/ { alias site/; ssi on; ssi_types text/plain; }
    location /slow/ { alias site/; limit_rate 200k; }
    location /twice/ { alias site/; keepalive_requests 2; }
    location /once/ { alias site/; keepalive_timeout 0; }
    location /brief/ { alias site/; keepalive_timeout 100ms; }
    location /says-1/ { alias site/; keepalive_timeout 60s 1s; }
    location /says-30/ { alias site/; keepalive_timeout 60s 30s; }
    location /private/ { alias site/; auth_basic staff; auth_basic_user_file users; }
    location /lingers/ { dav_methods PUT; }
    location /closes/ { dav_methods PUT; lingering_close off; }
    location /dav/ { dav_methods PUT DELETE MKCOL COPY MOVE; client_max_body_size 20m; }
"#;

/// nginx, with a directory of its own.
pub(super) struct Nginx {
    peer: Peer,
    scratch: Scratch,
}

impl Nginx {
    /// Starts one. A single process does everything, so that none is left when it is killed.
    #[track_caller]
    pub(super) fn start() -> Option<Self> {
        let program = find("nginx")?;
        let scratch = Scratch::new();
        scratch.write("site/digits", "0123456789");
        std::fs::create_dir(scratch.path().join("site/dav")).unwrap();
        scratch.write("users", "ada:{PLAIN}open sesame\n");
        let peer = start_on_free_port("nginx", |port| command(&program, &scratch, port));
        Some(Self { peer, scratch })
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.peer.port)
    }

    #[track_caller]
    pub(super) fn get(&self, client: &Client, path: &str) -> Response {
        client.get(self.url(path)).send().unwrap()
    }
}

fn command(program: &Path, scratch: &Scratch, port: u16) -> Command {
    let folder = scratch.path().display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {folder}/{name}; "))
        .concat();
    // Below a location, paths are relative to where nginx was installed.
    let server = SERVER
        .replace("alias site", &format!("alias {folder}/site"))
        .replace("auth_basic_user_file users", &format!("auth_basic_user_file {folder}/users"));
    let config = format!(
        "daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;\n\
         events {{ worker_connections 256; }}\n\
         http {{ access_log off; {temporary}\n\
         server {{ listen 127.0.0.1:{port}; root {folder}/site; {server}\n\
         location /through/ {{ proxy_pass http://127.0.0.1:{port}/; \
         proxy_hide_header X-Connection; proxy_hide_header X-Request; }} }} }}\n"
    );
    let mut command = Command::new(program);
    command.arg("-p").arg(scratch.path()).arg("-c").arg(scratch.write("nginx.conf", config));
    command.arg("-e").arg(scratch.path().join("start.log"));
    command
}

/// Returns which connection a response came over.
#[track_caller]
pub(super) fn connection(response: &Response) -> u64 {
    field(response, "X-Connection").parse().unwrap()
}

#[test]
fn files_come_whole_and_heads_without_them() {
    let Some(nginx) = Nginx::start() else { return };
    let client = Client::new();
    for path in ["/digits", "/ssi/digits", "/gzip/digits", "/through/digits", "/through/ssi/digits"]
    {
        let head = client.head(nginx.url(path)).send().unwrap();
        assert_eq!((head.status().as_u16(), head.reason()), (200, Some(&b"OK"[..])), "{path}");
        assert_eq!(head.text().unwrap(), "", "{path}");
        assert_eq!(nginx.get(&client, path).text().unwrap(), "0123456789", "{path}");
    }
    assert_eq!(nginx.get(&client, "/digits").body().len(), Some(10));
    assert_eq!(field(&nginx.get(&client, "/ssi/digits"), "Transfer-Encoding"), "chunked");
    let missing = nginx.get(&client, "/missing");
    assert_eq!(missing.status().as_u16(), 404);
    assert!(missing.text().unwrap().contains("404 Not Found"));
    let nothing = nginx.get(&client, "/nothing");
    assert_eq!((nothing.status().as_u16(), nothing.text().unwrap().as_str()), (204, ""));
}

#[test]
fn a_request_arrives_as_it_was_meant() {
    let Some(nginx) = Nginx::start() else { return };
    let client = Client::builder().user_agent("tester/1").build().unwrap();
    let authority = format!("127.0.0.1:{}", nginx.peer.port);
    for (path, target) in [
        ("/echo", "/echo"),
        ("/echo?a=b&c#fragment", "/echo?a=b&c"),
        // Nothing is done to a path that the server can do as well.
        ("/a/../echo?q=na\u{ef}ve", "/a/../echo?q=na%C3%AFve"),
    ] {
        let text = nginx.get(&client, path).text().unwrap();
        assert_eq!(text, format!("GET {target} {authority} tester/1"));
    }
    let request = client.request("REPORT".parse().unwrap(), nginx.url("/echo"));
    let text = request.query("x", "1 & 2").header("Host", "other").send().unwrap().text().unwrap();
    assert_eq!(text, "REPORT /echo?x=1%20%26%202 other tester/1");
}

#[test]
fn ranges_and_conditions_are_answered_on_one_connection() {
    let Some(nginx) = Nginx::start() else { return };
    let client = Client::new();
    let whole = nginx.get(&client, "/digits");
    let (etag, date) =
        (field(&whole, "ETag").to_owned(), field(&whole, "Last-Modified").to_owned());
    let first = connection(&whole);
    whole.text().unwrap();
    let range = ("Range", "bytes=0-4");
    for (fields, status, content_range, content) in [
        (&[range][..], 206, Some("bytes 0-4/10"), "01234"),
        (&[("Range", "bytes=-3")], 206, Some("bytes 7-9/10"), "789"),
        (&[("Range", "bytes=7-")], 206, Some("bytes 7-9/10"), "789"),
        (&[("Range", "bytes=9-9")], 206, Some("bytes 9-9/10"), "9"),
        (&[("Range", "bytes=8-99")], 206, Some("bytes 8-9/10"), "89"),
        (&[("Range", "lines=1-2")], 200, None, "0123456789"),
        (&[("Range", "bytes=10-")], 416, Some("bytes */10"), ""),
        (&[range, ("If-Range", &etag)], 206, Some("bytes 0-4/10"), "01234"),
        (&[range, ("If-Range", &date)], 206, Some("bytes 0-4/10"), "01234"),
        (&[range, ("If-Range", "\"other\"")], 200, None, "0123456789"),
        (&[("If-None-Match", &etag)], 304, None, ""),
        (&[("If-None-Match", "\"other\"")], 200, None, "0123456789"),
        (&[("If-Modified-Since", &date)], 304, None, ""),
        (&[("If-Match", "\"other\"")], 412, None, ""),
    ] {
        let request = client.get(nginx.url("/digits"));
        let request = fields.iter().fold(request, |it, (name, value)| it.header(name, value));
        let response = request.send().unwrap();
        assert_eq!(response.status().as_u16(), status, "{fields:?}");
        assert_eq!(response.header("Content-Range"), content_range, "{fields:?}");
        assert_eq!(connection(&response), first, "{fields:?}");
        let text = response.text().unwrap();
        // What an error says in words is the server's own.
        assert!(text == content || [412, 416].contains(&status), "{fields:?}: {text}");
    }
    let several = client.get(nginx.url("/digits")).header("Range", "bytes=0-1,8-9").send().unwrap();
    assert_eq!(several.status().as_u16(), 206);
    assert!(field(&several, "Content-Type").starts_with("multipart/byteranges; boundary="));
    let text = several.text().unwrap();
    assert!(text.contains("bytes 0-1/10\r\n\r\n01\r\n--"), "{text}");
    assert!(text.contains("bytes 8-9/10\r\n\r\n89\r\n--"), "{text}");
}

#[test]
fn content_that_is_compressed_on_the_way_is_what_it_was() {
    let Some(nginx) = Nginx::start() else { return };
    let lines: String = (0..200_000).map(|n| format!("line {n}\n")).collect();
    nginx.scratch.write("site/lines", &lines);
    let client = Client::new();
    let response = nginx.get(&client, "/gzip/lines");
    assert_eq!(response.header("Content-Encoding"), None);
    assert_eq!(response.header("Content-Length"), None);
    is_whole(response.into_body(), lines.as_bytes());

    let url = nginx.url("/gzip/lines");
    let head = client.head(&url).header("Accept-Encoding", "gzip").send().unwrap();
    assert_eq!(field(&head, "Content-Encoding"), "gzip");
    assert_eq!(head.text().unwrap(), "");
    let coded = client.get(&url).header("Accept-Encoding", "gzip").send().unwrap();
    assert_eq!(field(&coded, "Content-Encoding"), "gzip");
    let coded = coded.bytes().unwrap();
    assert!(coded.starts_with(b"\x1f\x8b") && coded.len() < lines.len() / 2);
    let plain = client.get(&url).decode(false).send().unwrap();
    assert_eq!(plain.body().len(), Some(lines.len() as u64));
    is_whole(plain.into_body(), lines.as_bytes());
}

#[test]
fn a_long_download_is_whole_however_it_is_framed() {
    let Some(nginx) = Nginx::start() else { return };
    let content = noise(8 << 20);
    nginx.scratch.write("site/large", &content);
    let client = Client::new();
    for path in ["/large", "/ssi/large", "/through/large", "/gzip/large"] {
        is_whole(nginx.get(&client, path).into_body(), &content);
    }
    let (start, end) = ((3 << 20) + 1, (6 << 20) + 3);
    let range = format!("bytes={start}-{}", end - 1);
    let part = client.get(nginx.url("/large")).header("Range", range).send().unwrap();
    is_whole(part.into_body(), &content[start..end]);
}

#[test]
fn a_slow_download_is_whole_and_bounded_by_the_total_alone() {
    let Some(nginx) = Nginx::start() else { return };
    let content = noise(300_000);
    nginx.scratch.write("site/some", &content);
    let steps = patient_except(Timeouts::DEFAULT.idle(Some(PATIENCE)));
    is_whole(nginx.get(&steps, "/slow/some").into_body(), &content);
    let short = Timeouts::DEFAULT.total(Some(Duration::from_millis(300)));
    // On a machine that is busy, not even the head comes in time.
    let outcome = patient_except(short).get(nginx.url("/slow/some")).send();
    let outcome = outcome.and_then(|response| Ok(response.bytes()?));
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Timeout(Phase::Total));
}

#[test]
fn who_may_not_read_is_told() {
    let Some(nginx) = Nginx::start() else { return };
    let client = Client::new();
    let url = nginx.url("/private/digits");
    let refused = client.get(&url).send().unwrap();
    assert_eq!(refused.status().as_u16(), 401);
    assert_eq!(field(&refused, "WWW-Authenticate"), "Basic realm=\"staff\"");
    let wrong = client.get(&url).basic_auth("ada", "open").send().unwrap();
    assert_eq!(wrong.status().as_u16(), 401);
    let right = client.get(&url).basic_auth("ada", "open sesame").send().unwrap();
    assert_eq!(right.text().unwrap(), "0123456789");
}

#[test]
fn what_is_put_there_is_there_until_it_is_deleted() {
    let Some(nginx) = Nginx::start() else { return };
    let (client, content) = (Client::new(), Arc::new(noise(10 << 20)));
    let path = nginx.scratch.write("content", &*content);
    let file = || std::fs::File::open(&path).unwrap();
    let (url, len) = (nginx.url("/dav/a"), content.len() as u64);
    let written = Arc::clone(&content);
    let bodies = [
        Body::from(content.to_vec()),
        Body::file(file(), 0..len),
        Body::reader(file(), Some(len)),
        Body::reader(file(), None),
        Body::writer(move |out| out.write_all(&written)),
    ];
    for (round, body) in bodies.into_iter().enumerate() {
        let put = client.put(&url).body(body).send().unwrap();
        assert_eq!(put.status().as_u16(), if round == 0 { 201 } else { 204 }, "{round}");
        is_whole(nginx.get(&client, "/dav/a").into_body(), &content);
    }
    let asked = client.put(&url).header("Expect", "100-continue").body("short").send().unwrap();
    assert_eq!(asked.status().as_u16(), 204);
    let copy = client.request("COPY".parse().unwrap(), &url).header("Destination", "/dav/b");
    assert_eq!(copy.send().unwrap().status().as_u16(), 204);
    assert_eq!(client.delete(&url).send().unwrap().status().as_u16(), 204);
    assert_eq!(nginx.get(&client, "/dav/a").status().as_u16(), 404);
    assert_eq!(nginx.get(&client, "/dav/b").text().unwrap(), "short");
}

#[test]
fn a_server_that_will_not_take_an_upload_is_heard() {
    let Some(nginx) = Nginx::start() else { return };
    let client = Client::new();
    let len = 8 << 20;
    // The one reads what it does not want for a while, the other one closes at once.
    for path in ["/lingers/a", "/closes/a"] {
        for body in [
            Body::from(vec![b'x'; len]),
            Body::reader(io::repeat(b'x'), Some(len as u64)),
            Body::reader(io::repeat(b'x').take(len as u64), None),
        ] {
            let shown = format!("{path}, {body:?}");
            let response = client.put(nginx.url(path)).body(body).send();
            let response = response.unwrap_or_else(|error| panic!("{shown}: {error}"));
            assert_eq!(response.status().as_u16(), 413, "{shown}");
            assert!(response.text().unwrap().contains("413 Request Entity Too Large"), "{shown}");
        }
    }
    assert_eq!(nginx.get(&client, "/digits").text().unwrap(), "0123456789");
}

#[test]
fn a_server_that_is_asked_first_does_not_get_what_it_refuses() {
    struct Counted(Arc<AtomicU64>);
    impl Read for Counted {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            self.0.fetch_add(buf.len() as u64, Ordering::Relaxed);
            buf.fill(b'x');
            Ok(buf.len())
        }
    }
    let Some(nginx) = Nginx::start() else { return };
    let read = Arc::new(AtomicU64::new(0));
    let body = Body::reader(Counted(Arc::clone(&read)), Some(8 << 20));
    let patient = Timeouts::DEFAULT.expect_continue(Some(PATIENCE));
    let request = Client::new().put(nginx.url("/closes/a")).header("Expect", "100-continue");
    let response = request.timeouts(patient).body(body).send().unwrap();
    assert_eq!(response.status().as_u16(), 413);
    assert_eq!(read.load(Ordering::Relaxed), 0);
}

#[test]
fn a_head_that_is_too_long_for_the_server_is_answered() {
    let Some(nginx) = Nginx::start() else { return };
    let (client, long) = (Client::new(), "x".repeat(60_000));
    let response = client.get(nginx.url("/digits")).header("X", &long).send().unwrap();
    assert_eq!(response.status().as_u16(), 400);
    assert!(response.text().unwrap().contains("Request Header Or Cookie Too Large"));
    let response = client.get(nginx.url(&format!("/{long}"))).send().unwrap();
    assert_eq!(response.status().as_u16(), 414);
}

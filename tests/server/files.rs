//! A directory over HTTP: what is served, as what, and what is not. Most of it needs no socket.

use crate::Running;
use crate::support::scratch::Scratch;
use nethttp::field::{CacheControl, LanguageTag};
use nethttp::server::{FileServer, Handler, Links};
use nethttp::{MediaType, Method, Request, Response};
use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// The time of every file that a test makes: long enough ago for strong tags.
const THEN: Duration = Duration::from_secs(1_700_000_000);
const TAG: &str = "\"6553f100-5\"";
const DATE: &str = "Tue, 14 Nov 2023 22:13:20 GMT";

fn set_time(path: &Path, after: i64) {
    let then = SystemTime::UNIX_EPOCH + THEN;
    let distance = Duration::from_secs(after.unsigned_abs());
    let time = if after < 0 { then - distance } else { then + distance };
    File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

/// A directory with files of these names, each of which holds its name.
fn site(names: &[&str]) -> Scratch {
    let scratch = Scratch::new();
    for name in names {
        set_time(&scratch.write(name, name), 0);
    }
    scratch
}

fn serve(scratch: &Scratch) -> FileServer {
    FileServer::open(scratch.path()).unwrap()
}

/// Asks for something with fields, one a line.
#[track_caller]
fn ask(files: &FileServer, method: Method, target: &str, fields: &str) -> Response {
    let mut request = Request::new(method, target).expect("a target");
    for line in fields.lines() {
        let (name, value) = line.split_once(": ").expect("a field");
        request.headers_mut().append(name, value).expect("a field");
    }
    let response = files.handle(&mut request);
    assert_eq!(response.header("X-Content-Type-Options"), Some("nosniff"), "{target}");
    response
}

#[track_caller]
fn get(files: &FileServer, target: &str) -> Response {
    ask(files, Method::GET, target, "")
}

#[track_caller]
fn status(files: &FileServer, target: &str, expected: u16) {
    assert_eq!(get(files, target).status().as_u16(), expected, "{target}");
}

/// Expects the file of that name.
#[track_caller]
fn gives(files: &FileServer, target: &str, expected: &str) {
    let response = get(files, target);
    assert_eq!(response.status().as_u16(), 200, "{target}");
    assert_eq!(response.text().unwrap(), expected, "{target}");
}

/// Expects fields; `-` is none of that name.
#[track_caller]
fn has(response: &Response, fields: &[(&str, &str)]) {
    for (name, expected) in fields {
        assert_eq!(response.header(name).unwrap_or("-"), *expected, "{name}");
    }
}

#[test]
fn a_file_is_sent_with_what_is_known_of_it() {
    let site = site(&["a.css", "sub/b c.png", "sub/é", "empty"]);
    fs::write(site.path().join("empty"), "").unwrap();
    let files = serve(&site);
    let response = get(&files, "/a.css");
    has(
        &response,
        &[
            ("Content-Type", "text/css; charset=utf-8"),
            ("Cache-Control", "no-cache"),
            ("ETag", TAG),
            ("Last-Modified", DATE),
            ("Accept-Ranges", "bytes"),
            ("Vary", "-"),
            ("Content-Encoding", "-"),
            ("Content-Language", "-"),
        ],
    );
    assert_eq!((response.body().len(), response.headers().len()), (Some(5), 6));
    has(&get(&files, "/sub/b%20c.png"), &[("Content-Type", "image/png")]);
    has(&get(&files, "/sub/%C3%A9"), &[("Content-Type", "application/octet-stream")]);
    gives(&files, "/empty", "");
    gives(&files, "/a.css?query", "a.css");
    gives(&files, "//sub//./b%20c%2epng", "sub/b c.png");
    status(&files, "/a.css/", 404);
    status(&files, "/a.css/b", 404);
    status(&files, "/b.css", 404);
    status(&files, "/%00", 400);
}

#[test]
fn conditions_and_ranges_count() {
    let site = site(&["a.css"]);
    let files = serve(&site);
    for (fields, status, content) in [
        ("If-None-Match: \"6553f100-5\"", 304, ""),
        ("If-None-Match: \"other\"", 200, "a.css"),
        ("If-Modified-Since: Tue, 14 Nov 2023 22:13:20 GMT", 304, ""),
        ("If-Match: \"other\"", 412, "412 Precondition Failed\n"),
        ("Range: bytes=2-", 206, "css"),
        ("Range: bytes=2-\nIf-Range: \"6553f100-5\"", 206, "css"),
        ("Range: bytes=2-\nIf-Range: \"other\"", 200, "a.css"),
        ("Range: bytes=5-", 416, "416 Range Not Satisfiable\n"),
    ] {
        let response = ask(&files, Method::GET, "/a.css", fields);
        assert_eq!(response.status().as_u16(), status, "{fields}");
        assert_eq!(response.text().unwrap(), content, "{fields}");
    }
    let head = ask(&files, Method::HEAD, "/a.css", "");
    assert_eq!((head.status().as_u16(), head.header("ETag")), (200, Some(TAG)));
}

#[test]
fn a_directory_has_a_slash_and_an_index() {
    let site = site(&["index.html", "a/index.html", "b/index.htm", "c/x", "d/index.html/x"]);
    let files = serve(&site);
    gives(&files, "/", "index.html");
    gives(&files, "/a/", "a/index.html");
    has(&get(&files, "/a/"), &[("Content-Type", "text/html; charset=utf-8")]);
    status(&files, "/b/", 404);
    status(&files, "/c/", 404);
    status(&files, "/d/", 404);
    let files = files.index(["index.htm", "index.html"]);
    gives(&files, "/a/", "a/index.html");
    gives(&files, "/b/", "b/index.htm");
    status(&files.index([""; 0]), "/a/", 404);
}

#[test]
fn a_directory_without_a_slash_moves_to_this_host() {
    let site = site(&["a b/c/x", "evil.example/x"]);
    let files = serve(&site);
    for (target, location) in [
        ("/a%20b", "/a%20b/"),
        ("/a%20%62/%63?d=e&f", "/a%20b/c/?d=e&f"),
        ("//evil.example", "/evil.example/"),
        ("///evil.example", "/evil.example/"),
        ("/.//evil.example", "/evil.example/"),
    ] {
        let response = get(&files, target);
        assert_eq!(response.status().as_u16(), 301, "{target}");
        assert_eq!(response.header("Location"), Some(location), "{target}");
    }
    status(&files, "/\\evil.example", 404);
    status(&files, "/%5Cevil.example", 404);
}

#[test]
fn a_listing_has_what_can_be_fetched() {
    let site = site(&["a.txt", "sub/b", ".hidden", "back\\slash"]);
    let files = serve(&site).listing(true);
    let response = get(&files, "/");
    assert_eq!(response.status().as_u16(), 200);
    status(&serve(&site), "/", 404);
    status(&files, "/.hidden", 404);
    status(&files, "/sub/", 200);
}

#[test]
fn hidden_names_are_not_there() {
    let site = site(&[".env", ".git/config", "a/.b", ".well-known/security.txt"]);
    let files = serve(&site);
    for target in ["/.env", "/%2eenv", "/.git/config", "/.git", "/a/.b", "/.none"] {
        status(&files, target, 404);
    }
    gives(&files, "/.well-known/security.txt", ".well-known/security.txt");
    gives(&files.hidden(true), "/.git/config", ".git/config");
}

#[test]
fn nothing_above_the_root_is_served() {
    let site = site(&["secret", "root/a", "root2/b"]);
    let files = FileServer::open(site.path().join("root")).unwrap().hidden(true).listing(true);
    for target in [
        "/../secret",
        "/a/../../secret",
        "/%2e%2e/secret",
        "/..%2fsecret",
        "/..%5csecret",
        "/.%2e/secret",
        "/../root2/b",
        "/..",
        "/../",
    ] {
        status(&files, target, 404);
    }
    gives(&files, "/a", "root/a");
}

#[cfg(unix)]
mod links {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::os::unix::net::UnixListener;

    /// A root with links: to a file and a directory within, to a hidden file, to the outside, to nothing and to
    /// itself.
    fn linked() -> Scratch {
        let site = site(&["secret/s", "root/a", "root/sub/b", "root/.env", "root/.git/c"]);
        let link = |to: &str, name: &str| symlink(to, site.path().join("root").join(name)).unwrap();
        link("a", "file");
        link("sub", "dir");
        link(".env", "env");
        link(".git", "git");
        link("../secret", "out");
        link("../secret/s", "outfile");
        link("none", "dangling");
        link("loop", "loop");
        link(".", "here");
        site
    }

    fn open(site: &Scratch, links: Links) -> FileServer {
        FileServer::open(site.path().join("root")).unwrap().links(links).listing(true)
    }

    #[track_caller]
    fn all(files: &FileServer, expected: &[(&str, u16)]) {
        for (target, expected) in expected {
            status(files, target, *expected);
        }
    }

    #[test]
    fn links_within_are_followed() {
        let site = linked();
        let files = open(&site, Links::Inside);
        all(
            &files,
            &[("/a", 200), ("/file", 200), ("/dir/", 200), ("/dir/b", 200), ("/here/a", 200)],
        );
        all(
            &files,
            &[("/env", 404), ("/git/", 404), ("/git/c", 404), ("/dangling", 404), ("/loop", 404)],
        );
        all(
            &files,
            &[
                ("/out", 404),
                ("/out/", 404),
                ("/out/s", 404),
                ("/outfile", 404),
                ("/out/none", 404),
            ],
        );
        all(&files, &[("/here/out/s", 404), ("/here/here/file", 200)]);
        all(&files.hidden(true), &[("/env", 200), ("/git/c", 200), ("/outfile", 404)]);
    }

    #[test]
    fn links_anywhere_are_followed_if_told_to() {
        let site = linked();
        let files = open(&site, Links::Follow);
        all(
            &files,
            &[("/file", 200), ("/out/s", 200), ("/outfile", 200), ("/env", 200), ("/git/c", 200)],
        );
        all(
            &files,
            &[
                ("/.env", 404),
                ("/out", 301),
                ("/out/", 200),
                ("/loop", 404),
                ("/out/../secret/s", 404),
            ],
        );
    }

    #[test]
    fn links_are_not_followed_if_told_so() {
        let site = linked();
        let files = open(&site, Links::Deny);
        all(&files, &[("/a", 200), ("/sub/b", 200), ("/sub/", 200), ("/", 200)]);
        all(
            &files,
            &[("/file", 404), ("/dir/b", 404), ("/dir/", 404), ("/here/a", 404), ("/outfile", 404)],
        );
    }

    #[test]
    fn a_root_may_be_a_link_that_changes() {
        let site = site(&["1/a", "2/a"]);
        let current = site.path().join("current");
        for links in [Links::Inside, Links::Deny] {
            symlink("1", &current).unwrap();
            let files = FileServer::open(&current).unwrap().links(links);
            gives(&files, "/a", "1/a");
            symlink("2", site.path().join("next")).unwrap();
            fs::rename(site.path().join("next"), &current).unwrap();
            gives(&files, "/a", "2/a");
            fs::remove_file(&current).unwrap();
            status(&files, "/a", 404);
        }
    }

    #[test]
    fn what_is_neither_file_nor_directory_is_not_there() {
        let site = site(&["a"]);
        // Where the path is too long for one, there is nothing by that name.
        let _socket = UnixListener::bind(site.path().join("socket"));
        symlink("/dev/zero", site.path().join("zero")).unwrap();
        let fifo = site.path().join("fifo");
        assert!(std::process::Command::new("mkfifo").arg(fifo).status().unwrap().success());
        let files = serve(&site).links(Links::Follow);
        all(&files, &[("/socket", 404), ("/zero", 404), ("/fifo", 404), ("/a", 200)]);
    }

    #[test]
    fn what_may_not_be_read_is_forbidden_if_it_may_be_seen() {
        let site = linked();
        let lock = |name: &str| {
            let path = site.path().join(name);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
            // Root reads everything.
            File::open(path).is_err()
        };
        if lock("root/a") && lock("secret/s") && lock("root/.env") {
            let files = open(&site, Links::Inside);
            all(&files, &[("/a", 403), ("/file", 403), ("/outfile", 404), ("/env", 404)]);
        }
    }

    #[test]
    fn a_name_need_not_be_text() {
        use std::os::unix::ffi::OsStrExt;
        let site = site(&["a"]);
        let name = std::ffi::OsStr::from_bytes(b"\xff\xfe");
        if fs::write(site.path().join(name), "bytes").is_ok() {
            gives(&serve(&site), "/%FF%FE", "bytes");
        }
    }
}

#[test]
fn rules_say_how_long_a_file_is_kept() {
    let site = site(&["index.html", "assets/a.js", "a.js", "silent"]);
    let hour = CacheControl::new().with_max_age(Duration::from_secs(3600));
    let files = serve(&site)
        .cache("/assets/**", &hour.clone().with_immutable())
        .cache("*.js", &hour)
        .cache("silent", &CacheControl::new());
    has(&get(&files, "/assets/a.js"), &[("Cache-Control", "max-age=3600, immutable")]);
    has(&get(&files, "/a.js"), &[("Cache-Control", "max-age=3600")]);
    has(&get(&files, "/"), &[("Cache-Control", "no-cache")]);
    has(&get(&files, "/silent"), &[("Cache-Control", "-")]);
    let unchanged = ask(&files, Method::GET, "/a.js", "If-None-Match: *");
    has(&unchanged, &[("Cache-Control", "max-age=3600"), ("Content-Type", "-")]);
    has(&get(&files, "/none.js"), &[("Cache-Control", "-")]);
}

#[test]
fn a_compressed_file_is_sent_to_who_accepts_it() {
    let site = site(&["a.js", "a.js.gz", "a.js.br", "b.js", "b.js.gz", "c.png", "c.png.gz"]);
    set_time(&site.path().join("b.js.gz"), -1);
    let accept = "Accept-Encoding: gzip, br;q=0.5";
    has(
        &ask(&serve(&site), Method::GET, "/a.js", accept),
        &[("Vary", "-"), ("ETag", "\"6553f100-4\"")],
    );

    let files = serve(&site).precompressed(true);
    let response = ask(&files, Method::GET, "/a.js", accept);
    has(
        &response,
        &[
            ("Content-Type", "text/javascript; charset=utf-8"),
            ("Content-Encoding", "gzip"),
            ("Vary", "Accept-Encoding"),
            ("ETag", "\"6553f100-7-gzip\""),
            ("Last-Modified", "-"),
            ("Accept-Ranges", "bytes"),
        ],
    );
    assert_eq!(response.text().unwrap(), "a.js.gz");
    let response = ask(&files, Method::GET, "/a.js", "Accept-Encoding: gzip, br, zstd");
    has(&response, &[("Content-Encoding", "br"), ("ETag", "\"6553f100-7-br\"")]);
    let response = get(&files, "/a.js");
    has(
        &response,
        &[("Content-Encoding", "-"), ("Vary", "Accept-Encoding"), ("Last-Modified", DATE)],
    );

    let part = ask(&files, Method::GET, "/a.js", &format!("{accept}\nRange: bytes=5-"));
    has(&part, &[("Content-Encoding", "gzip"), ("Content-Range", "bytes 5-6/7")]);
    let mixed = format!("{accept}\nRange: bytes=2-\nIf-Range: \"6553f100-4\"");
    assert_eq!(ask(&files, Method::GET, "/a.js", &mixed).status().as_u16(), 200);
    let mixed = format!("{accept}\nRange: bytes=2-\nIf-Range: {DATE}");
    assert_eq!(ask(&files, Method::GET, "/a.js", &mixed).status().as_u16(), 200);
    let known =
        ask(&files, Method::GET, "/a.js", &format!("{accept}\nIf-None-Match: \"6553f100-7-gzip\""));
    has(&known, &[("ETag", "\"6553f100-7-gzip\""), ("Vary", "Accept-Encoding")]);
    assert_eq!(known.status().as_u16(), 304);

    // Older than the file, and for a type that is compressed as it is.
    has(
        &ask(&files, Method::GET, "/b.js", accept),
        &[("Content-Encoding", "-"), ("Vary", "Accept-Encoding")],
    );
    has(&ask(&files, Method::GET, "/c.png", accept), &[("Content-Encoding", "-"), ("Vary", "-")]);
    // Asked for by its name it is what it is.
    let response = ask(&files, Method::GET, "/a.js.gz", accept);
    has(&response, &[("Content-Type", "application/gzip"), ("Content-Encoding", "-")]);
}

fn tags(tags: &[&'static str]) -> Vec<LanguageTag<'static>> {
    tags.iter().map(|tag| LanguageTag::parse(tag.as_bytes()).unwrap()).collect()
}

#[test]
fn a_page_is_sent_in_the_language_of_who_asks() {
    let site =
        site(&["index.html", "index.sv.html", "index.sv.html.gz", "sub/a.css", "sub/a.sv.css"]);
    let files = serve(&site).languages(tags(&["en", "sv", "fi"])).precompressed(true);
    let swedish = "Accept-Language: fi, sv;q=0.9, en;q=0.1";
    let response = ask(&files, Method::GET, "/", swedish);
    has(
        &response,
        &[
            ("Content-Language", "sv"),
            ("Content-Location", "/index.sv.html"),
            ("Vary", "Accept-Language, Accept-Encoding"),
            ("ETag", "\"6553f100-d-sv\""),
            ("Last-Modified", "-"),
        ],
    );
    assert_eq!(response.text().unwrap(), "index.sv.html");
    let response = ask(&files, Method::GET, "/", &format!("{swedish}\nAccept-Encoding: gzip"));
    has(&response, &[("ETag", "\"6553f100-10-sv-gzip\""), ("Content-Language", "sv")]);
    for fields in
        ["", "Accept-Language: en, sv;q=0.5", "Accept-Language: de", "Accept-Language: fi"]
    {
        let response = ask(&files, Method::GET, "/", fields);
        has(
            &response,
            &[
                ("Content-Language", "en"),
                ("Content-Location", "-"),
                ("Vary", "Accept-Language, Accept-Encoding"),
                ("ETag", "\"6553f100-a\""),
                ("Last-Modified", DATE),
            ],
        );
    }
    let response = ask(&files, Method::GET, "/index.sv.html", "Accept-Language: en");
    has(&response, &[("Content-Language", "sv"), ("Vary", "Accept-Encoding")]);
    let response = ask(&files, Method::GET, "/sub/a.css", swedish);
    has(&response, &[("Content-Language", "-"), ("Vary", "Accept-Encoding")]);
}

#[test]
fn content_types_can_be_set() {
    let site = site(&["a.rs", "Makefile"]);
    let files = serve(&site)
        .media_type("rs", MediaType::TEXT_PLAIN_UTF_8)
        .media_type("", MediaType::TEXT_PLAIN);
    has(&get(&files, "/a.rs"), &[("Content-Type", "text/plain; charset=utf-8")]);
    has(&get(&files, "/Makefile"), &[("Content-Type", "text/plain")]);
}

#[test]
fn an_application_of_one_page_gets_every_address_of_a_page() {
    let site = site(&["app.html", "a.js", "404.html"]);
    let files = serve(&site).fallback("/app.html").unwrap().not_found("/404.html").unwrap();
    for target in ["/", "/users/7", "/users/jo.smith", "/old.html", "/.hidden", "/users/"] {
        let response = get(&files, target);
        has(&response, &[("Content-Type", "text/html; charset=utf-8"), ("ETag", "\"6553f100-8\"")]);
        assert_eq!(
            (response.status().as_u16(), response.text().unwrap().as_str()),
            (200, "app.html")
        );
    }
    gives(&files, "/a.js", "a.js");
    for (target, fields) in
        [("/b.js", ""), ("/b.png", "Accept: text/html"), ("/users", "Accept: application/json")]
    {
        let response = ask(&files, Method::GET, target, fields);
        assert_eq!(response.status().as_u16(), 404, "{target}");
        // Another client would be sent the page.
        let varies = if target == "/users" { "Accept" } else { "-" };
        has(&response, &[("Vary", varies)]);
        assert_eq!(response.text().unwrap(), "404.html", "{target}");
    }
    has(&get(&files, "/users"), &[("Vary", "Accept")]);
    has(&get(&files, "/a.js"), &[("Vary", "-")]);
    let unchanged = ask(&files, Method::GET, "/users/7", "If-None-Match: \"6553f100-8\"");
    assert_eq!(unchanged.status().as_u16(), 304);
}

#[test]
fn what_is_not_there_may_have_a_page() {
    let site = site(&["a", "404.html"]);
    let files = serve(&site).not_found("404.html").unwrap();
    for (target, fields) in
        [("/b", ""), ("/.git", ""), ("/a/", "If-None-Match: *\nRange: bytes=0-0")]
    {
        let response = ask(&files, Method::GET, target, fields);
        assert_eq!(response.status().as_u16(), 404, "{target}");
        has(&response, &[("Content-Type", "text/html; charset=utf-8"), ("ETag", "-")]);
        assert_eq!(response.text().unwrap(), "404.html");
    }
    status(&files, "/%00", 400);
    // The page may be kept; that there is nothing may change.
    let year = CacheControl::new().with_max_age(Duration::from_secs(365 * 86_400));
    let files = files.cache("*", &year.with_immutable());
    has(&get(&files, "/b"), &[("Cache-Control", "no-cache")]);
    // It need not be there yet.
    let files = serve(&site).not_found("/none.html").unwrap().fallback("/none.html").unwrap();
    let plain = get(&files, "/b");
    assert_eq!((plain.status().as_u16(), plain.text().unwrap().as_str()), (404, "404 Not Found\n"));
    site.write("none.html", "by now");
    gives(&files, "/b", "by now");
}

/// The limit is one of a process, so this is one.
#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_opened_for_want_of_descriptors_is_not_missing() {
    use std::process::Command;
    const NAME: &str = "files::what_cannot_be_opened_for_want_of_descriptors_is_not_missing";
    const MARK: &str = "NETHTTP_TEST_WITHOUT_DESCRIPTORS";
    if std::env::var_os(MARK).is_none() {
        let mut child = Command::new("sh");
        child.arg("-c").arg("ulimit -n 64 && exec \"$0\" --exact \"$1\"").env(MARK, "1");
        let output = child.arg(std::env::current_exe().unwrap()).arg(NAME).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains("1 passed"), "{text}");
        return;
    }
    let site = site(&["a", "sub/b", "app.html"]);
    std::os::unix::fs::symlink("a", site.path().join("link.js")).unwrap();
    for links in [Links::Inside, Links::Follow, Links::Deny] {
        let files = serve(&site).listing(true).links(links).fallback("/app.html").unwrap();
        let files = files.not_found("/sub/b").unwrap();
        let all: Vec<File> = std::iter::from_fn(|| File::open("/dev/null").ok()).collect();
        assert!(!all.is_empty());
        for target in ["/", "/a", "/sub", "/sub/", "/sub/b", "/users"] {
            status(&files, target, 500);
        }
        status(&files, "/none.js", 404);
        status(&files, "/link.js", if links == Links::Deny { 404 } else { 500 });
        drop(all);
        gives(&files, "/a", "a");
    }
}

#[test]
fn other_methods_are_told_which_there_are() {
    let site = site(&["a"]);
    let files = serve(&site);
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
        let response = ask(&files, method, "/a", "");
        assert_eq!(response.status().as_u16(), 405);
        has(&response, &[("Allow", "GET, HEAD, OPTIONS")]);
    }
    let response = ask(&files, Method::OPTIONS, "/a", "");
    assert_eq!(
        (response.status().as_u16(), response.header("Allow")),
        (204, Some("GET, HEAD, OPTIONS"))
    );
}

#[test]
fn a_root_must_be_a_directory() {
    let site = site(&["a"]);
    assert!(FileServer::open(site.path().join("a")).is_err());
    assert!(FileServer::open(site.path().join("none")).is_err());
}

#[test]
fn files_go_over_the_wire() {
    let site = site(&["a.txt", "index.html"]);
    let server = Running::start(serve(&site));
    let mut client = server.connect();
    client.send(b"GET /a.txt HTTP/1.1\r\nHost: a\r\nRange: bytes=2-\r\n\r\n");
    let response = client.response();
    assert!(response.starts_with("HTTP/1.1 206 Partial Content\r\n"), "{response}");
    assert!(
        response.contains("Content-Range: bytes 2-4/5\r\n") && response.ends_with("\r\n\r\ntxt")
    );
    client.send(b"GET http://a HTTP/1.1\r\nHost: a\r\n\r\n");
    assert!(client.response().ends_with("\r\n\r\nindex.html"));
    client.send(b"GET /../a.txt HTTP/1.1\r\nHost: a\r\n\r\n");
    assert!(client.response().starts_with("HTTP/1.1 404 Not Found\r\n"));
    client.send(b"HEAD /a.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    let head = client.rest();
    assert!(head.contains("Content-Length: 5\r\n") && head.ends_with("\r\n\r\n"), "{head}");
}

//! `serve`.

mod options;

use std::ffi::OsStr;
use std::fs;
use std::process::Command;

use crate::support::peers;
use crate::support::program::{Running, body, browse, field, run, status};
use crate::support::scratch::Scratch;

/// What may not be seen; it stands in every file that may not be served.
const SECRET: &str = "the secret";

/// A directory `site` to serve, beside things that may not be served.
fn site() -> Scratch {
    let scratch = Scratch::new();
    for (name, content) in [
        ("site/hello.txt", "hello\n"),
        ("site/docs/index.html", "<h1>Docs</h1>\n"),
        ("site/list/a.png", "png"),
        ("site/list/B.RS", "rs"),
        ("site/list/Grüße & <b>\"küsse\".txt", "x"),
        ("site/list/javascript:alert(1)", ""),
        ("site/list/folder/deep/file", ""),
        ("site/list/.hidden", SECRET),
        ("site/.well-known/security.txt", "well known"),
        ("site/.git/config", SECRET),
        ("outside.txt", SECRET),
        ("outside/file.txt", SECRET),
    ] {
        scratch.write(name, content);
    }
    scratch
}

#[cfg(unix)]
fn add_links(scratch: &Scratch) {
    use std::os::unix::fs::symlink;
    let site = scratch.path().join("site");
    for (target, link) in [
        ("hello.txt", "inside.html"),
        ("../outside.txt", "outside-file"),
        ("../outside", "outside-folder"),
        ("../..", "list/up-and-out"),
        ("../.git", "list/to-hidden"),
        ("loop", "loop"),
        ("nowhere", "dangling"),
    ] {
        symlink(target, site.join(link)).unwrap();
    }
    let made = Command::new("mkfifo").arg(site.join("list/fifo")).status().unwrap();
    assert!(made.success());
}

fn serve(scratch: &Scratch) -> Running {
    serve_with(scratch, &[])
}

fn serve_with(scratch: &Scratch, options: &[&str]) -> Running {
    let site = scratch.path().join("site");
    let arguments = options.iter().map(OsStr::new).chain([site.as_os_str()]);
    Running::example("serve", arguments, Some(&scratch.path().join("log")))
}

#[track_caller]
fn gives(server: &Running, target: &str, expected: u16) -> String {
    let response = server.ask("GET", target, "");
    assert_eq!(status(&response), expected, "{target}: {response}");
    assert!(!response.contains(SECRET), "{target} gives the secret");
    response
}

#[test]
fn says_what_it_serves_and_where() {
    let scratch = site();
    let server = serve(&scratch);
    let shown = scratch.path().join("site");
    let expected = format!("Serving {} on http://127.0.0.1:{}/\n", shown.display(), server.port);
    assert_eq!(server.line, expected);
}

#[test]
fn serves_files_with_their_type_and_date() {
    let scratch = site();
    let server = serve(&scratch);
    let response = gives(&server, "/hello.txt", 200);
    assert_eq!(body(&response), "hello\n");
    assert_eq!(field(&response, "Content-Type"), Some("text/plain; charset=utf-8"));
    assert_eq!(field(&response, "Content-Length"), Some("6"));
    assert_eq!(field(&response, "X-Content-Type-Options"), Some("nosniff"));
    assert_eq!(field(&response, "Accept-Ranges"), Some("bytes"));
    assert_eq!(field(&response, "Cache-Control"), Some("no-cache"));
    assert!(field(&response, "Last-Modified").is_some_and(|date| date.ends_with(" GMT")));
    for (target, content_type) in [
        ("/docs/", "text/html; charset=utf-8"),
        ("/docs/index.html", "text/html; charset=utf-8"),
        ("/list/a.png", "image/png"),
        ("/list/B.RS", "text/plain; charset=utf-8"),
        ("/list/folder/deep/file", "application/octet-stream"),
        ("/.well-known/security.txt", "text/plain; charset=utf-8"),
    ] {
        let response = gives(&server, target, 200);
        assert_eq!(field(&response, "Content-Type"), Some(content_type), "{target}");
    }
    let head = server.ask("HEAD", "/hello.txt", "");
    assert_eq!((status(&head), field(&head, "Content-Length")), (200, Some("6")));
    assert_eq!(body(&head), "");
}

#[test]
fn there_is_no_way_out() {
    let scratch = site();
    let server = serve(&scratch);
    for target in [
        "/../outside.txt",
        "/docs/../../outside.txt",
        "/%2e%2e/outside.txt",
        "/.%2E/outside.txt",
        "/..%2foutside.txt",
        "/..%2Foutside.txt",
        "/%2e%2e%2foutside.txt",
        "/..%5coutside.txt",
        "/..\\outside.txt",
        "/%252e%252e/outside.txt",
        "/docs/..",
        "/docs/../hello.txt",
        "/...",
        "/.git/config",
        "/.git",
        "/%2egit/config",
        "/list/.hidden",
        "/list/%2Ehidden",
        "/%2fetc/passwd",
        "//etc/passwd",
        "/hello.txt/",
        "/hello.txt/x",
        "/nothing",
        "/%ff",
        "http://a/../outside.txt",
    ] {
        gives(&server, target, 404);
    }
    for target in
        ["/a%00b", "/%00", "/hello.txt%00.html", "/a%0d%0ab", "/%7f", "/%1f", "/%2", "/%zz"]
    {
        gives(&server, target, 400);
    }
}

#[cfg(unix)]
#[test]
fn links_lead_nowhere_but_inside() {
    let scratch = site();
    add_links(&scratch);
    let server = serve(&scratch);
    let inside = gives(&server, "/inside.html", 200);
    assert_eq!(body(&inside), "hello\n");
    assert_eq!(field(&inside, "Content-Type"), Some("text/html; charset=utf-8"));
    for target in [
        "/outside-file",
        "/outside-folder/",
        "/outside-folder/file.txt",
        "/list/up-and-out/",
        "/list/up-and-out/outside.txt",
        "/list/to-hidden/config",
        "/loop",
        "/dangling",
        "/list/fifo",
    ] {
        gives(&server, target, 404);
    }
    let listing = gives(&server, "/list/", 200);
    for name in ["up-and-out", "to-hidden", "fifo", ".hidden"] {
        assert!(!listing.contains(name), "{name} is listed");
    }
    let root = gives(&server, "/", 200);
    assert!(root.contains("inside.html") && root.contains(".well-known"));
    for name in ["outside-file", "outside-folder", "loop", "dangling", ".git"] {
        assert!(!root.contains(name), "{name} is listed");
    }
}

#[test]
fn a_directory_gets_its_slash_on_this_host() {
    let scratch = site();
    let server = serve(&scratch);
    for (target, location) in [
        ("/docs", "/docs/"),
        ("/docs?a=b&c", "/docs/?a=b&c"),
        ("//docs", "/docs/"),
        ("///docs", "/docs/"),
        ("/.//docs", "/docs/"),
        ("/list//folder", "/list/folder/"),
        ("/%64ocs", "/docs/"),
        ("http://other.example/docs", "/docs/"),
    ] {
        let response = gives(&server, target, 301);
        assert_eq!(field(&response, "Location"), Some(location), "{target}");
    }
    for target in ["//example.org", "//example.org/%2e%2e", "/\\example.org", "/%5cexample.org/.."]
    {
        gives(&server, target, 404);
    }
}

#[test]
fn other_methods_are_not_allowed() {
    let scratch = site();
    let server = serve(&scratch);
    for (method, expected) in
        [("POST", 405), ("PUT", 405), ("DELETE", 405), ("PATCH", 405), ("OPTIONS", 204)]
    {
        let response = server.ask(method, "/hello.txt", "");
        assert_eq!(status(&response), expected, "{method}");
        assert_eq!(field(&response, "Allow"), Some("GET, HEAD, OPTIONS"));
    }
}

#[test]
fn lists_directories_first_and_escapes_names() {
    let scratch = site();
    let server = serve(&scratch);
    let response = gives(&server, "/list/", 200);
    assert_eq!(field(&response, "Content-Type"), Some("text/html; charset=utf-8"));
    assert!(field(&response, "Content-Security-Policy").is_some_and(|it| it.contains("'none'")));
    let page = body(&response);
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("no {text} in {page}"));
    let order = [
        "<a href=\"../\">",
        "<a href=\"./folder/\">",
        "<a href=\"./a.png\">",
        "<a href=\"./B.RS\">",
        "<a href=\"./Gr%C3%BC%C3%9Fe%20%26%20%3Cb%3E%22k%C3%BCsse%22.txt\">",
        "<a href=\"./javascript%3Aalert%281%29\">",
    ];
    assert!(order.map(at).is_sorted(), "{page}");
    at("<bdi>Grüße &amp; &lt;b&gt;&quot;küsse&quot;.txt</bdi>");
    at("1 folder, 4 files of 6 B in total");
    let deep = gives(&server, "/list/folder/deep/", 200);
    assert!(deep.contains("<a href=\"../../../\">Home</a>"));
    assert!(deep.contains("<a href=\"../../\"><bdi>list</bdi></a>"));
    assert!(deep.contains("<span class=\"slash\">/</span><bdi>deep</bdi></h1>"));
}

#[test]
fn listings_are_sorted_as_asked() {
    let scratch = site();
    let server = serve(&scratch);
    for (query, order) in [
        ("?sort=size", ["javascript", "Gr%C3", "B.RS", "a.png"]),
        ("?sort=-size", ["a.png", "B.RS", "Gr%C3", "javascript"]),
        ("?sort=-name", ["javascript", "Gr%C3", "B.RS", "a.png"]),
        ("?sort=nonsense", ["a.png", "B.RS", "Gr%C3", "javascript"]),
    ] {
        let page = gives(&server, &format!("/list/{query}"), 200);
        let order = order.map(|name| page.find(&format!("href=\"./{name}")).unwrap());
        let folder = page.find("href=\"./folder/").unwrap();
        assert!(order.is_sorted() && folder < order[0], "{query}");
    }
}

#[test]
fn a_file_that_has_not_changed_is_not_sent_again() {
    let scratch = site();
    let server = serve(&scratch);
    let file = fs::File::options().write(true).open(scratch.path().join("site/hello.txt")).unwrap();
    file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(784_111_777)).unwrap();
    let response = gives(&server, "/hello.txt", 200);
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    assert_eq!(field(&response, "Last-Modified"), Some(date));
    assert_eq!(field(&response, "ETag"), Some("\"2ebc98a1-6\""));
    for (fields, expected) in [
        ("If-None-Match: \"2ebc98a1-6\"\r\n".to_owned(), 304),
        ("If-None-Match: \"x\", W/\"2ebc98a1-6\"\r\n".to_owned(), 304),
        ("If-None-Match: *\r\n".to_owned(), 304),
        ("If-Match: \"2ebc98a1-6\"\r\n".to_owned(), 200),
        ("If-Match: \"x\"\r\n".to_owned(), 412),
        (format!("If-Unmodified-Since: {date}\r\n"), 200),
        ("If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT\r\n".to_owned(), 412),
        (format!("If-Modified-Since: {date}\r\n"), 304),
        ("If-Modified-Since: Fri, 31 Dec 9999 23:59:59 GMT\r\n".to_owned(), 304),
        ("If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT\r\n".to_owned(), 200),
        ("If-Modified-Since: yesterday\r\n".to_owned(), 200),
        (format!("If-None-Match: \"x\"\r\nIf-Modified-Since: {date}\r\n"), 200),
    ] {
        for method in ["GET", "HEAD"] {
            let response = server.ask(method, "/hello.txt", &fields);
            assert_eq!(status(&response), expected, "{fields}");
            // Who knows it by a weak tag has it compressed.
            let known = if fields.contains("W/") { "W/\"2ebc98a1-6\"" } else { "\"2ebc98a1-6\"" };
            let etag = (expected != 412).then_some(known);
            assert_eq!(field(&response, "ETag"), etag, "{fields}");
            assert_eq!(field(&response, "Content-Type").is_none(), expected == 304, "{fields}");
        }
    }
}

#[test]
fn one_range_is_served() {
    let scratch = site();
    let server = serve(&scratch);
    scratch.write("site/empty", "");
    for (range, status_code, content_range, content) in [
        ("bytes=0-0", 206, "bytes 0-0/6", "h"),
        ("bytes=1-3", 206, "bytes 1-3/6", "ell"),
        ("bytes=3-", 206, "bytes 3-5/6", "lo\n"),
        ("bytes=3-99999999999999999999999", 206, "bytes 3-5/6", "lo\n"),
        ("bytes=-2", 206, "bytes 4-5/6", "o\n"),
        ("BYTES=-99 ", 206, "bytes 0-5/6", "hello\n"),
        ("bytes=4-,0-1", 206, "bytes 0-5/6", "hello\n"),
        ("bytes=9-,0-1", 206, "bytes 0-1/6", "he"),
        ("bytes=3-1", 200, "", "hello\n"),
        ("bytes=--2", 200, "", "hello\n"),
        ("bytes= 0-1", 200, "", "hello\n"),
        ("bytes=-", 200, "", "hello\n"),
        ("bytes=a-", 200, "", "hello\n"),
        ("bytes=+1-2", 200, "", "hello\n"),
        ("lines=0-1", 200, "", "hello\n"),
        ("0-1", 200, "", "hello\n"),
    ] {
        let response = server.ask("GET", "/hello.txt", &format!("Range: {range}\r\n"));
        assert_eq!((status(&response), body(&response)), (status_code, content), "{range}");
        assert_eq!(field(&response, "Content-Range").unwrap_or_default(), content_range, "{range}");
    }
    for range in ["bytes=6-", "bytes=99999999999999999999999-", "bytes=-0", "bytes=7-9,-0"] {
        let response = server.ask("GET", "/hello.txt", &format!("Range: {range}\r\n"));
        assert_eq!(status(&response), 416, "{range}");
        assert_eq!(field(&response, "Content-Range"), Some("bytes */6"), "{range}");
    }
    let head = server.ask("HEAD", "/hello.txt", "Range: bytes=0-1\r\n");
    assert_eq!((status(&head), field(&head, "Content-Length")), (200, Some("6")));
    assert_eq!(status(&server.ask("GET", "/empty", "Range: bytes=-5\r\n")), 200);
    assert_eq!(status(&server.ask("GET", "/empty", "Range: bytes=0-\r\n")), 416);
}

#[test]
fn several_ranges_are_framed() {
    let scratch = site();
    let server = serve(&scratch);
    scratch.write("site/long.txt", "0123456789".repeat(100));
    let response = server.ask("GET", "/long.txt", "Range: bytes=0-4, 500-509, -3\r\n");
    assert_eq!(status(&response), 206);
    assert_eq!(field(&response, "Content-Range"), None);
    let content_type = field(&response, "Content-Type").unwrap();
    let boundary = content_type.strip_prefix("multipart/byteranges; boundary=").unwrap();
    let part = |range: &str, text: &str| {
        format!(
            "--{boundary}\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Range: bytes {range}/1000\r\n\r\n{text}\r\n"
        )
    };
    let parts = [part("0-4", "01234"), part("500-509", "0123456789"), part("997-999", "789")];
    let expected = parts.concat() + "--" + boundary + "--\r\n";
    assert_eq!(body(&response), expected);
    assert_eq!(field(&response, "Content-Length"), Some(&*expected.len().to_string()));
    // Bytes that lie close together are one part; too many parts are no reason to send any.
    scratch.write("site/longer.txt", "0123456789".repeat(1000));
    for (distance, expected, content_range) in
        [(5, 206, Some("bytes 0-80/10000")), (500, 200, None)]
    {
        let ranges: Vec<String> = (0..17).map(|at| format!("{0}-{0}", at * distance)).collect();
        let fields = format!("Range: bytes={}\r\n", ranges.join(","));
        let response = server.ask("GET", "/longer.txt", &fields);
        assert_eq!(status(&response), expected);
        assert_eq!(field(&response, "Content-Range"), content_range);
    }
}

#[test]
fn pages_come_in_the_language_that_is_asked_for() {
    let scratch = site();
    for (name, text) in [
        ("page.html", "Hello"),
        ("page.sv.html", "Hejsan"),
        ("page.pt-BR.html", "Oi"),
        ("page.de.html", "not a language that is served"),
        ("alone.html", "alone"),
    ] {
        scratch.write(&format!("site/{name}"), text);
    }
    let server = serve_with(&scratch, &["--languages", "en,sv,pt-BR,fr"]);
    for (accept, language, text) in [
        (None, "en", "Hello"),
        (Some("sv"), "sv", "Hejsan"),
        (Some("sv-SE,sv;q=0.9,en;q=0.8"), "sv", "Hejsan"),
        (Some("en-GB, sv;q=0.5"), "en", "Hello"),
        (Some("de, en;q=0.5, *;q=0.1"), "en", "Hello"),
        (Some("pt"), "pt-BR", "Oi"),
        (Some("fr, sv;q=0.5"), "sv", "Hejsan"),
        (Some("de"), "en", "Hello"),
        (Some("*"), "en", "Hello"),
        (Some("de, sv;q=0"), "en", "Hello"),
        (Some(";;;, sv"), "sv", "Hejsan"),
    ] {
        let fields = accept.map(|it| format!("Accept-Language: {it}\r\n")).unwrap_or_default();
        let response = server.ask("GET", "/page.html", &fields);
        assert_eq!((status(&response), body(&response)), (200, text), "{accept:?}");
        assert_eq!(field(&response, "Content-Language"), Some(language), "{accept:?}");
        assert!(field(&response, "Vary").is_some_and(|it| it.contains("Accept-Language")));
        let location = (language != "en").then(|| format!("/page.{language}.html"));
        assert_eq!(field(&response, "Content-Location"), location.as_deref());
        let condition = format!("{fields}If-None-Match: {}\r\n", field(&response, "ETag").unwrap());
        let again = server.ask("GET", "/page.html", &condition);
        assert_eq!(status(&again), 304);
        assert_eq!(field(&again, "Content-Location"), location.as_deref());
    }
    let alone = server.ask("GET", "/alone.html", "Accept-Language: sv\r\n");
    assert_eq!((status(&alone), field(&alone, "Content-Language")), (200, Some("en")));
}

#[test]
fn a_range_of_another_version_is_the_whole_file() {
    let scratch = site();
    let server = serve(&scratch);
    let file = fs::File::options().write(true).open(scratch.path().join("site/hello.txt")).unwrap();
    file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(784_111_777)).unwrap();
    for (condition, expected) in [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 206),
        ("Sun, 06 Nov 1994 08:49:38 GMT", 200),
        ("\"2ebc98a1-6\"", 206),
        ("W/\"2ebc98a1-6\"", 200),
        ("\"tag\"", 200),
        ("", 200),
    ] {
        let fields = format!("Range: bytes=0-1\r\nIf-Range: {condition}\r\n");
        assert_eq!(status(&server.ask("GET", "/hello.txt", &fields)), expected, "{condition}");
    }
}

#[test]
fn the_log_is_common_and_cannot_be_forged() {
    let scratch = site();
    let server = serve(&scratch);
    gives(&server, "/hello.txt", 200);
    gives(&server, "/a\"b\\c%0a", 400);
    server.ask("HEAD", "/", "");
    assert_eq!(status(&server.ask("GET", " /", "")), 400);
    let log = fs::read_to_string(scratch.path().join("log")).unwrap();
    let lines: Vec<_> = log.lines().collect();
    let [first, second, third, fourth] = lines[..] else { panic!("{log}") };
    assert!(first.starts_with("127.0.0.1 - - [") && first.contains(" +0000] "), "{first}");
    assert!(first.ends_with("\"GET /hello.txt HTTP/1.1\" 200 6"), "{first}");
    assert!(second.contains("\"GET /a\\x22b\\x5Cc%0a HTTP/1.1\" 400 "), "{second}");
    assert!(third.ends_with("\"HEAD / HTTP/1.1\" 200 -"), "{third}");
    assert!(fourth.ends_with("\"-\" 400 16"), "{fourth}");
}

/// Lines that get smaller, and more of them than are sent in one piece.
fn many_lines() -> String {
    (0..20_000).map(|n| format!("line {n:6} of many{}\n", " ".repeat(300))).collect()
}

#[test]
fn text_is_compressed_for_who_wants_it() {
    let scratch = site();
    scratch.write("site/long.txt", many_lines());
    scratch.write("site/long.png", many_lines());
    let server = serve(&scratch);
    let gzip = "Accept-Encoding: gzip\r\n";
    for (target, fields, coding, vary) in [
        ("/long.txt", gzip, Some("gzip"), Some("Accept-Encoding")),
        ("/long.txt", "Accept-Encoding: br, deflate\r\n", Some("deflate"), Some("Accept-Encoding")),
        ("/long.txt", "Accept-Encoding: gzip;q=0\r\n", None, Some("Accept-Encoding")),
        ("/long.txt", "", None, Some("Accept-Encoding")),
        ("/", gzip, Some("gzip"), Some("Accept, Accept-Encoding")),
        ("/hello.txt", gzip, None, Some("Accept-Encoding")),
        ("/long.png", gzip, None, None),
    ] {
        for method in ["GET", "HEAD"] {
            let response = server.ask(method, target, fields);
            assert_eq!(status(&response), 200, "{target}");
            assert_eq!(field(&response, "Content-Encoding"), coding, "{target} {fields}");
            assert_eq!(field(&response, "Vary"), vary, "{target} {fields}");
            assert_eq!(field(&response, "Accept-Ranges").is_some(), coding.is_none(), "{target}");
        }
    }
}

#[test]
fn a_compressed_file_that_has_not_changed_is_not_sent_again() {
    let scratch = site();
    scratch.write("site/long.txt", many_lines());
    let server = serve(&scratch);
    let gzip = "Accept-Encoding: gzip\r\n";
    let file = fs::File::options().write(true).open(scratch.path().join("site/long.txt")).unwrap();
    file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(784_111_777)).unwrap();
    let response = server.ask("GET", "/long.txt", gzip);
    let weak = field(&response, "ETag").unwrap().to_owned();
    let strong = weak.strip_prefix("W/").unwrap();
    let plain = server.ask("GET", "/long.txt", "");
    assert_eq!(field(&plain, "ETag"), Some(strong));
    for (known, tag) in [(&*weak, &*weak), (strong, strong)] {
        let fields = format!("{gzip}If-None-Match: {known}\r\n");
        let response = server.ask("GET", "/long.txt", &fields);
        assert_eq!((status(&response), field(&response, "ETag")), (304, Some(tag)));
        assert_eq!(field(&response, "Vary"), Some("Accept-Encoding"));
    }
    // A range is one of the file as it is, and not for who has it compressed.
    for (condition, code) in [(strong, 206), (&*weak, 200)] {
        let fields = format!("{gzip}Range: bytes=0-9\r\nIf-Range: {condition}\r\n");
        let response = server.ask("GET", "/long.txt", &fields);
        assert_eq!(status(&response), code);
        assert_eq!(field(&response, "Content-Encoding").is_none(), code == 206);
    }
}

#[test]
fn curl_gets_the_same_bytes_compressed_or_not() {
    let Some(curl) = peers::find("curl") else { return };
    let scratch = site();
    let data = scratch.write("site/long.txt", many_lines());
    let tags = scratch.path().join("tags");
    let server = serve(&scratch);
    for target in ["long.txt", ""] {
        let url = format!("{}{target}", server.url);
        let plain = run(&curl, ["-sS", &url], b"");
        let compressed =
            run(&curl, ["-sS", "--compressed", "-w", "%{stderr}%{size_download}", &url], b"");
        assert_eq!((plain.status, compressed.status), (Some(0), Some(0)), "{}", compressed.err());
        assert!(plain.stdout == compressed.stdout, "{target:?}");
        let transferred: usize = compressed.err().parse().unwrap();
        assert!(transferred < plain.stdout.len(), "{target:?}: {transferred}");
    }
    // It knows the file by its tag, and is told that it has not changed.
    let tags = tags.to_str().unwrap();
    let url = format!("{}long.txt", server.url);
    let get = ["-sS", "--compressed", "-w", "%{stderr}%{http_code}", "--etag-save", tags];
    let first = run(&curl, get.into_iter().chain([&*url]), b"");
    assert!(first.err() == "200" && first.stdout == fs::read(data).unwrap(), "{}", first.err());
    assert!(fs::read_to_string(tags).unwrap().starts_with("W/"));
    let again = run(&curl, get.into_iter().chain(["--etag-compare", tags, &*url]), b"");
    assert_eq!((&*again.err(), again.stdout.len()), ("304", 0));
}

#[test]
fn curl_fetches_a_large_file_and_resumes_it() {
    let Some(curl) = peers::find("curl") else { return };
    let scratch = site();
    let server = serve(&scratch);
    let data: Vec<u8> = (0..3_000_000_u32).flat_map(u32::to_le_bytes).collect();
    scratch.write("site/large.bin", &data);
    let partial = scratch.write("partial", &data[..5_000_000]);
    let url = format!("{}large.bin", server.url);
    let outcome = run(&curl, ["-sS", &url], b"");
    assert!(outcome.status == Some(0) && outcome.stdout == data, "{}", outcome.err());
    let partial_name = partial.to_str().unwrap();
    let outcome = run(&curl, ["-sS", "-C", "-", "-o", partial_name, &url], b"");
    assert_eq!(outcome.status, Some(0), "{}", outcome.err());
    assert!(fs::read(&partial).unwrap() == data);
}

#[test]
fn python_reads_a_directory_and_a_file() {
    let Some(python) = peers::find("python3") else { return };
    let scratch = site();
    let server = serve(&scratch);
    let script = "import sys, urllib.request as u, urllib.error as e\n\
        print(u.urlopen(sys.argv[1] + 'docs').geturl().endswith('/docs/'))\n\
        print(u.urlopen(sys.argv[1] + 'hello.txt').read())\n\
        try: u.urlopen(sys.argv[1] + 'nothing')\n\
        except e.HTTPError as error: print(error.code)";
    let outcome = run(&python, ["-c", script, &server.url], b"");
    assert_eq!(outcome.out(), "True\nb'hello\\n'\n404\n", "{}", outcome.err());
}

#[test]
fn a_browser_shows_the_listing() {
    let Some(chromium) = peers::find("chromium") else { return };
    let scratch = site();
    let server = serve(&scratch);
    let page =
        browse(&chromium, &scratch.path().join("profile"), &format!("{}list", server.url)).out();
    assert!(page.contains("<bdi>Grüße &amp; &lt;b&gt;\"küsse\".txt</bdi>"), "{page}");
    assert!(page.contains("<bdi>folder</bdi>/"), "{page}");
    let log = fs::read_to_string(scratch.path().join("log")).unwrap();
    assert!(log.contains("\"GET /list HTTP/1.1\" 301 -"), "{log}");
    assert!(log.contains("\"GET /list/ HTTP/1.1\" 200 "), "{log}");
}

#[test]
fn uploads_are_taken_when_that_is_asked_for() {
    let scratch = site();
    let put = |server: &Running, target: &str| {
        status(&server.ask("PUT", target, "Content-Length: 0\r\n"))
    };
    let server = serve(&scratch);
    assert!(!gives(&server, "/list/", 200).contains("<form method=\"post\""));
    assert_eq!(put(&server, "/new"), 405);
    let server = serve_with(&scratch, &["-u"]);
    assert!(gives(&server, "/list/", 200).contains("<form method=\"post\""));
    let statuses = ["/new", "/new"].map(|target| put(&server, target));
    assert_eq!(statuses, [201, 409]);
    assert_eq!(status(&server.ask("DELETE", "/new", "")), 405);
    let server = serve_with(&scratch, &["--upload", "--max-upload=1"]);
    assert_eq!(status(&server.ask("PUT", "/large", "Content-Length: 1048577\r\n")), 413);
    let server = serve_with(&scratch, &["--upload", "--overwrite", "--delete"]);
    assert_eq!(put(&server, "/new"), 204);
    assert_eq!(status(&server.ask("DELETE", "/new", "")), 204);
}

#[test]
fn curl_uploads_a_file_and_a_form() {
    let Some(curl) = peers::find("curl") else { return };
    let scratch = site();
    let server = serve_with(&scratch, &["--upload"]);
    let data: Vec<u8> = (0..1_000_000_u32).flat_map(u32::to_le_bytes).collect();
    let file = scratch.write("large.bin", &data);
    let stored = |name: &str| fs::read(scratch.path().join("site").join(name)).ok();
    let code = ["-sS", "-o", "-", "-w", "%{stderr}%{http_code}"];
    let put = [&*server.url, "put.bin"].concat();
    let outcome = run(&curl, code.into_iter().chain(["-T", file.to_str().unwrap(), &put]), b"");
    assert_eq!(outcome.err(), "201");
    assert!(stored("put.bin").unwrap() == data);
    let form = format!("file=@{}", file.display());
    let list = [&*server.url, "list/"].concat();
    let posted = code.into_iter().chain(["-F", &form, "-F", "folder=new", &list]);
    let outcome = run(&curl, posted, b"");
    assert_eq!((outcome.err().as_str(), outcome.out().as_str()), ("303", "new\nlarge.bin\n"));
    assert!(stored("list/large.bin").unwrap() == data);
    assert!(scratch.path().join("site/list/new").is_dir());
}

#[test]
fn a_browser_uploads_here_and_not_for_pages_of_others() {
    let Some(chromium) = peers::find("chromium") else { return };
    let (own, other) = (site(), site());
    let servers = [&own, &other].map(|site| serve_with(site, &["--upload"]));
    let script = "<body><script>
        for (const url of ['/list/', OTHER]) {
            const form = new FormData();
            form.append('file', new File(['from a browser'], 'new.txt'));
            const request = new XMLHttpRequest();
            request.open('POST', url, false);
            try { request.send(form); } catch {}
            document.body.append(`${request.status} `);
        }
        </script>";
    own.write("site/page.html", script.replace("OTHER", &format!("{:?}", servers[1].url)));
    let page = [&*servers[0].url, "page.html"].concat();
    let dom = browse(&chromium, &own.path().join("profile"), &page).out();
    // A script follows to the listing that a person would be shown.
    assert!(dom.contains("200 0 "), "{dom}");
    assert_eq!(fs::read(own.path().join("site/list/new.txt")).unwrap(), b"from a browser");
    let log = |scratch: &Scratch| fs::read_to_string(scratch.path().join("log")).unwrap();
    assert!(log(&own).contains("\"POST /list/ HTTP/1.1\" 303 "), "{}", log(&own));
    assert!(log(&other).contains("\"POST / HTTP/1.1\" 403 "), "{}", log(&other));
    assert!(!other.path().join("site/new.txt").exists());
}

#[test]
fn errors_are_pages_for_browsers_and_lines_for_others() {
    let scratch = site();
    let server = serve(&scratch);
    let response = server.ask("GET", "/nothing", "Accept: text/html,*/*;q=0.8\r\n");
    assert_eq!(status(&response), 404);
    assert_eq!(field(&response, "Content-Type"), Some("text/html; charset=utf-8"));
    assert!(body(&response).contains("There is nothing here by that name."), "{response}");
    for accept in ["", "Accept: */*\r\n"] {
        let response = server.ask("GET", "/nothing", accept);
        assert_eq!(body(&response), "404 Not Found\n");
    }
}

//! `fetch`.

/// A host that nobody knows: names have no labels of 64 bytes, so that no server is asked for it.
macro_rules! unknown_host {
    () => {
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    };
}

mod against_curl;
mod attempts;
#[cfg(unix)]
mod bytes;
mod numbers;
mod options;
mod resume;
#[cfg(unix)]
mod special;
mod terminal;

use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};

use nethttp::coding::{Format, Limits};

use crate::peer_servers::{
    Scripted, apache, nginx, public_scratch, python, python_chunks, python_forms, response,
};
use crate::support::peers;
use crate::support::program::{Guard, Outcome, Running, example, run, run_command};
use crate::support::scratch::Scratch;

fn fetch(arguments: &[&str]) -> Outcome {
    run(&example("fetch"), arguments, b"")
}

#[track_caller]
fn prints(arguments: &[&str], expected: &str) {
    let outcome = fetch(arguments);
    assert_eq!(outcome.status, Some(0), "{arguments:?}: {}", outcome.err());
    assert_eq!((outcome.out().as_str(), outcome.err().as_str()), (expected, ""), "{arguments:?}");
}

#[track_caller]
fn fails(arguments: &[&str], status: i32, start: &str) -> Outcome {
    let outcome = fetch(arguments);
    let text = outcome.err();
    assert_eq!(outcome.status, Some(status), "{arguments:?}: {text}");
    assert!(text.starts_with(&format!("fetch: {start}")), "{arguments:?}: {text}");
    assert_eq!(text.lines().count(), 1, "{text}");
    outcome
}

fn echo() -> Running {
    Running::example("echo", [] as [&str; 0], None)
}

#[test]
fn prints_the_body() {
    let server = echo();
    prints(&[&server.url], "OK");
    prints(&[server.url.strip_prefix("http://").unwrap()], "OK");
    prints(&["--", &server.url], "OK");
    prints(&["-m0", &server.url], "OK");
    prints(&[&format!("{}nothing", server.url)], "404 Not Found\n");
}

#[test]
fn sends_what_it_is_told_to() {
    let server = echo();
    let echo = format!("{}echo", server.url);
    let host = server.url.trim_start_matches("http://").trim_end_matches('/');
    let form = "Content-Type: application/x-www-form-urlencoded\n";
    let agent = concat!("User-Agent: fetch/", env!("CARGO_PKG_VERSION"), "\nAccept: */*\n");
    prints(&[&echo], &format!("Host: {host}\n{agent}"));
    let agent_alone = agent.replace("Accept: */*\n", "");
    let own = format!("Host: {host}\n{agent_alone}A: b\naccept: c\nD: \n");
    prints(&["-HA: b", "-H", "accept:c", "-HD;", &echo], &own);
    let renamed = format!("Host: {host}\nUser-Agent: me/1\nAccept: */*\n");
    prints(&["-A", "me/1", &echo], &renamed);
    prints(&["-A", "", &echo], &renamed.replace("User-Agent: me/1\n", ""));
    prints(&["-da", &echo], &format!("Host: {host}\n{agent}{form}Content-Length: 1\n"));
    prints(
        &["-d", "a", "-H", "Content-Type:", &echo],
        &format!("Host: {host}\n{agent}Content-Length: 1\n"),
    );
    prints(&["-d", "a=b", "--data", "c", &server.url], "a=b&c");
    prints(&["-XPOST", &server.url], "");
    prints(&["-X", "PUT", &server.url], "405 Method Not Allowed\n");
    let scratch = Scratch::new();
    let file = format!("@{}", scratch.write("data", "a=b\r\nc\n").display());
    prints(&["-d", &file, "-d", "d", &server.url], "a=bc&d");
    let stdin = run(&example("fetch"), ["-d@-", &server.url], b"from\nhere");
    assert_eq!(stdin.out(), "fromhere");
}

#[test]
fn prints_heads() {
    let answer = "HTTP/1.1 200 Fine, thanks\r\nX-One:  1\r\nx-one: 2\r\nContent-Length: 2\r\n\r\n";
    let server =
        Scripted::start([("/", format!("{answer}hi")), ("/old", "HTTP/1.0 200\r\n\r\nhi".into())]);
    let head = answer.replace("  1", " 1");
    prints(&["-i", &server.url], &format!("{head}hi"));
    prints(&["-sI", &server.url], &head);
    prints(&["-i", &format!("{}/old", server.url)], "HTTP/1.0 200\r\n\r\nhi");
    let methods: Vec<_> =
        server.requests().iter().map(|it| it.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(methods, ["GET", "HEAD", "GET"]);
}

#[test]
fn verbose_is_both_heads_on_the_standard_error() {
    let server = Scripted::start([("/a?b", response("200 OK", "X: \t\u{9b}1m\r\n", "hi"))]);
    let host = server.url.trim_start_matches("http://");
    let outcome = fetch(&["-v", "-d", "xy", &format!("{}/a?b#c", server.url)]);
    let version = env!("CARGO_PKG_VERSION");
    let sent = format!(
        "POST /a?b HTTP/1.1\r\nHost: {host}\r\nUser-Agent: fetch/{version}\r\nAccept: */*\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 2\r\n\r\n"
    );
    assert_eq!(server.requests(), [format!("{sent}xy")]);
    let shown: String =
        sent.lines().map(|line| format!("> {line}\n").replace("> \n", ">\n")).collect();
    let received = "< HTTP/1.1 200 OK\n< Content-Length: 2\n< Connection: close\n\
                    < X: \\u{9b}1m\n<\n";
    let told: Vec<_> = outcome.err().lines().map(str::to_owned).collect();
    let (connection, heads): (Vec<_>, Vec<_>) = told.iter().partition(|it| it.starts_with('*'));
    let expected = shown + received;
    assert_eq!(outcome.out(), "hi");
    assert_eq!(heads, expected.lines().collect::<Vec<_>>());
    assert_eq!(connection.len(), 1, "{connection:?}");
    assert!(connection[0].starts_with(&format!("* connected to {host}, ")), "{connection:?}");
}

#[test]
fn verbose_shows_what_is_sent_where_nothing_is_asked_for() {
    let server = Scripted::start([("/", response("200 OK", "", ""))]);
    for arguments in [
        &["-v"][..],
        &["-vI"],
        &["-v", "-HRange: bytes=0-"],
        &["-v", "-Haccept-encoding: br"],
        &["-v", "-dx", "-HContent-Type: a/b"],
        &["-v", "-XPOST"],
        &["-v", "--compressed"],
        &["-v0"],
        &["-v0", "-dx"],
    ] {
        let outcome = fetch(&[arguments, &[&format!("{}/", server.url)]].concat());
        let shown: String = (outcome.err().lines())
            .filter_map(|line| line.strip_prefix("> ").or_else(|| line.strip_prefix('>')))
            .map(|line| format!("{line}\r\n"))
            .collect();
        let sent = server.requests().pop().unwrap();
        assert!(sent.starts_with(&shown) && !shown.is_empty(), "{shown}{sent}");
        let asks = sent.contains("Accept-Encoding: gzip, deflate\r\n");
        assert_eq!(asks, arguments.contains(&"--compressed"), "{sent}");
    }
}

#[test]
fn writes_to_a_file() {
    let server = echo();
    let scratch = Scratch::new();
    let path = scratch.path().join("out");
    prints(&["-o", path.to_str().unwrap(), &server.url], "");
    assert_eq!(fs::read(&path).unwrap(), b"OK");
    prints(&[&format!("-so{}", path.display()), "-XPOST", &server.url], "");
    assert_eq!(fs::read(&path).unwrap(), b"");
    prints(&["-o-", &server.url], "OK");
    let nowhere = scratch.path().join("no/where");
    fails(&["-o", nowhere.to_str().unwrap(), &server.url], 23, "cannot write ");
}

#[test]
fn redirects_are_followed_when_asked_to() {
    let moved = |to: &str| response("302 Found", &format!("Location: {to}\r\n"), "moved");
    let server = Scripted::start([
        ("/a/b", moved("../c d?\u{e9}#f")),
        ("/c%20d?%C3%A9", moved("/end")),
        ("/end", response("200 OK", "", "end")),
        ("/loop", moved("/loop")),
        ("/tls", moved("https://127.0.0.1/")),
        ("/bad", moved("http://[/")),
        ("/no-location", response("302 Found", "", "stays")),
    ]);
    let url = |path: &str| format!("{}{path}", server.url);
    prints(&[&url("/a/b")], "moved");
    prints(&["-L", &url("/a/b")], "end");
    prints(&["-L", &url("/no-location")], "stays");
    let outcome = fetch(&["-iL", &url("/a/b")]);
    assert_eq!(outcome.out().matches("HTTP/1.1 ").count(), 3);
    assert!(outcome.out().ends_with("\r\n\r\nend") && !outcome.out().contains("moved"));
    server.requests();
    fails(&["-L", &url("/loop")], 47, "expected at most 50 redirects, found one more to ");
    assert_eq!(server.requests().len(), 51);
    fails(&["-L", &url("/tls")], 1, "expected a connector for https");
    fails(&["-L", &url("/bad")], 3, "expected a Location that can be followed: ");
}

#[test]
fn methods_over_redirects_are_those_of_curl() {
    let statuses = [
        ("/301", "301 a"),
        ("/302", "302 a"),
        ("/303", "303 a"),
        ("/307", "307 a"),
        ("/308", "308 a"),
    ];
    let server = Scripted::start(
        statuses
            .map(|(path, status)| (path, response(status, "Location: /end\r\n", "")))
            .into_iter()
            .chain([("/end", response("200 OK", "", ""))]),
    );
    let programs = [Some(example("fetch")), peers::find("curl")];
    for program in programs.iter().flatten() {
        for (path, _) in statuses {
            let keeps = matches!(path, "/307" | "/308");
            for (arguments, method, data) in [
                (&[][..], "GET", ""),
                (&["-I"], "HEAD", ""),
                (&["-dxy"], if keeps { "POST" } else { "GET" }, if keeps { "xy" } else { "" }),
                (&["-dxy", "-XPUT"], "PUT", if keeps { "xy" } else { "" }),
                (&["-XDELETE"], "DELETE", ""),
            ] {
                let url = format!("{}{path}", server.url);
                let outcome = run(program, [&["-sSL"][..], arguments, &[&url]].concat(), b"");
                assert_eq!(outcome.status, Some(0), "{}", outcome.err());
                let last = server.requests().pop().unwrap();
                assert!(
                    last.starts_with(&format!("{method} /end ")),
                    "{path} {arguments:?}: {last}"
                );
                assert!(last.ends_with(&format!("\r\n\r\n{data}")), "{path} {arguments:?}: {last}");
                assert_eq!(last.contains("Content-Type"), !data.is_empty(), "{last}");
            }
        }
    }
}

#[test]
fn secrets_do_not_go_to_another_host() {
    let other = Scripted::start([("/", response("200 OK", "", ""))]);
    let to = |to: &str| response("302 a", &format!("Location: {to}\r\n"), "");
    let server = Scripted::start([
        ("/away", to(&other.url)),
        ("/here", to("/")),
        ("/", response("200 a", "", "")),
    ]);
    let secrets = ["-L", "-HAuthorization: a", "-Hcookie: b", "-HHost: c", "-HX: d"];
    for (path, is_told) in [("/away", false), ("/here", true)] {
        prints(&[&secrets[..], &[&format!("{}{path}", server.url)]].concat(), "");
        let first = server.requests();
        let last = if is_told { first.last().cloned() } else { other.requests().pop() };
        let last = last.unwrap();
        for secret in ["\r\nAuthorization: a\r\n", "\r\ncookie: b\r\n", "\r\nHost: c\r\n"] {
            assert!(first[0].contains(secret), "{}", first[0]);
            assert_eq!(last.contains(secret), is_told, "{last}");
        }
        assert!(last.contains("\r\nX: d\r\n") && last.contains("\r\nHost: "), "{last}");
    }
}

#[test]
fn logs_in_as_curl_does() {
    let other = Scripted::start([("/", response("200 OK", "", ""))]);
    let away = response("302 a", &format!("Location: {}/\r\n", other.url), "");
    let server = Scripted::start([("/", response("200 OK", "", "")), ("/away", away)]);
    let url = format!("{}/", server.url);
    let sent = |outcome: Outcome| {
        assert_eq!(outcome.status, Some(0), "{}", outcome.err());
        let request = server.requests().pop().unwrap();
        let (_, rest) = request.split_once("\r\nAuthorization: ")?;
        rest.split_once("\r\n").map(|(value, _)| value.to_owned())
    };
    let programs = [Some(example("fetch")), peers::find("curl")];
    for program in programs.iter().flatten() {
        for (arguments, expected) in [
            (&["-u", "ada:se:cret"][..], Some("Basic YWRhOnNlOmNyZXQ=")),
            (&["-uada:", "--basic"], Some("Basic YWRhOg==")),
            (&["--user", "\u{e9}:\u{e9}"], Some("Basic w6k6w6k=")),
            (&["--oauth2-bearer", "t0k/en=="], Some("Bearer t0k/en==")),
            (&["-uada:b", "-HAuthorization: mine"], Some("mine")),
            (&["--digest", "-uada:b"], None),
            (&[], None),
        ] {
            let outcome = run(program, [&["-sS"][..], arguments, &[&url]].concat(), b"");
            assert_eq!(sent(outcome).as_deref(), expected, "{arguments:?}");
        }
    }
    for arguments in
        [&["-uada:secret"][..], &["--digest", "-uada:secret"], &["--oauth2-bearer", "t"]]
    {
        prints(&[&["-L"], arguments, &[&format!("{}/away", server.url)]].concat(), "");
        assert!(!other.requests().pop().unwrap().contains("Authorization"));
    }
    let text = "expected NAME:PASSWORD after --user, as no password is asked for; try --help\n";
    fails(&["-u", "ada", &url], 2, text);
    fails(&["-u", "a\u{7}:b", &url], 2, "expected ");
}

#[test]
fn digest_lets_fetch_in() {
    let server = Running::example("api", ["-u", "ada:secret"], None);
    let url = format!("{}private", server.url);
    let page = fetch(&["--digest", "-u", "ada:secret", &url]).out();
    assert!(page.contains("Hello, ada"), "{page}");
    let in_url = url.replace("//", "//ada:secret@");
    assert_eq!(fetch(&["--digest", &in_url]).out(), page);
    let scratch = Scratch::new();
    let netrc = scratch.write("netrc", "machine 127.0.0.1 login ada password secret");
    let netrc = netrc.to_str().unwrap();
    assert_eq!(fetch(&["--digest", "--netrc-file", netrc, &url]).out(), page);
    fails(&["-f", "--digest", "-u", "ada:wrong", &url], 22, "the server answers 401");
    fails(&["-f", "-u", "ada:secret", &url], 22, "the server answers 401");
}

#[test]
fn apache_lets_fetch_in() {
    let Some(program) = peers::find("apache2") else { return };
    let scratch = public_scratch();
    scratch.write("site/hello.txt", "hello\n");
    // echo -n ada:staff:secret | md5sum
    scratch.write("users", "ada:staff:05b6a87cc87501e7376eefe1edcffb80\n");
    let server = apache(&program, &scratch);
    let url = format!("{}hello.txt", server.url);
    prints(&["--digest", "-u", "ada:secret", &url], "hello\n");
    prints(&["-sI", "-o/dev/null", "--digest", "-u", "ada:secret", &url], "");
    for wrong in ["ada:wrong", "grace:secret"] {
        fails(&["-f", "--digest", "-u", wrong, &url], 22, "the server answers 401");
    }
}

#[test]
fn forms_arrive_as_they_were_given() {
    let scratch = Scratch::new();
    let content: Vec<u8> = (0..100_000_u32).map(|n| n.wrapping_mul(n).to_le_bytes()[1]).collect();
    let photo = scratch.write("photo.jpg", &content).display().to_string();
    let note = scratch.write("note", "a note\r\n").display().to_string();
    let arguments = [
        "-Ftext=plain & simple".to_owned(),
        "-F quoted=\"a;type=b\";type=text/x".to_owned(),
        "--form-string=literal=@not-a-file".to_owned(),
        format!("-Fphoto=@{photo}"),
        format!("-Fphoto=@\"{photo}\";type=image/x;filename=other.png"),
        format!("-Fphoto=@{photo};filename=renamed"),
        "-Fhtml=b;type=text/html; charset=utf-8;filename=x.html".to_owned(),
        format!("-Fnote=<{note}"),
        "-Fstdin=@-;type=text/y".to_owned(),
    ];
    let arguments: Vec<&str> = arguments
        .iter()
        .flat_map(|argument| match argument.strip_prefix("--form-string=") {
            Some(value) => vec!["--form-string", value],
            None => vec!["-F", argument[2..].trim_start()],
        })
        .collect();
    let run_with = |program: &std::path::Path, url: &str| {
        let outcome = run(program, [&["-sS"][..], &arguments, &[url]].concat(), b"standard input");
        assert_eq!(outcome.status, Some(0), "{}", outcome.err());
        outcome.out()
    };
    let api = Running::example("api", [] as [&str; 0], None);
    let page = run_with(&example("fetch"), &format!("{}upload", api.url));
    let crc = format!("{:08x}", nethttp::coding::crc32(&content));
    assert_eq!(page.matches(&crc).count(), 3, "{page}");
    for part in ["<dd>plain &amp; simple</dd>", "<dd>a;type=b</dd>", "<dd>@not-a-file</dd>"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(page.contains("other.png") && page.contains("photo.jpg"), "{page}");
    // curl cuts a text at its first semicolon, and says nothing.
    let text = fetch(&["-F", "a=b; c", &format!("{}upload", api.url)]).out();
    assert!(text.contains("<dd>b; c</dd>"), "{text}");
    if let Some(python) = peers::find("python3") {
        let server = python_forms(&python);
        let ours = run_with(&example("fetch"), &server.url);
        assert!(ours.contains(&format!("photo photo.jpg image/jpeg 100000 {crc}\n")), "{ours}");
        if let Some(curl) = peers::find("curl") {
            assert_eq!(ours, run_with(&curl, &server.url));
        }
    }
    fails(&["-F", "a=@/no/such/file", "http://127.0.0.1:1/"], 26, "cannot read /no/such/file: ");
}

#[test]
fn files_are_uploaded() {
    let scratch = Scratch::new();
    let content: Vec<u8> = (0..300_000_u32).map(|n| n.wrapping_mul(n).to_le_bytes()[1]).collect();
    let file = scratch.write("a phöto & 1%.jpg", &content).display().to_string();
    fs::create_dir(scratch.path().join("site")).unwrap();
    let site = scratch.path().join("site");
    let server = Running::example("serve", [OsStr::new("--upload"), site.as_os_str()], None);
    let url = |name: &str| format!("{}{name}", server.url);
    let report = ["-sS", "-o", "/dev/null", "-w", "%{http_code} %{size_upload} %{method}"];
    let prints_report = |arguments: &[&str], input: &[u8], name: &str| {
        let outcome = run(&example("fetch"), [&report[..], arguments].concat(), input);
        assert_eq!(outcome.out(), "201 300000 PUT", "{arguments:?}: {}", outcome.err());
        assert!(fs::read(site.join(name)).unwrap() == content, "{arguments:?}");
    };
    prints_report(&["-T", &file, &url("")], b"", "a phöto & 1%.jpg");
    prints_report(&["-T", &file, "--limit-rate", "10M", &url("slow")], b"", "slow");
    prints_report(&["-T", "-", &url("piped")], &content, "piped");
    prints_report(&["-T-", "--limit-rate=10M", &url("drop")], &content, "drop");
}

#[test]
fn exit_statuses_are_those_of_curl() {
    let server = Scripted::start([
        ("/short", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi".to_owned()),
        ("/cut", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhi".to_owned()),
        ("/chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhixx".to_owned()),
        ("/coded", response("200 OK", "Content-Encoding: gzip\r\n", "hi")),
        ("/empty", String::new()),
        ("/junk", "HTTP/1.1 99 junk\r\n\r\n".to_owned()),
        ("/gone", response("410 Gone", "", "gone")),
        ("/fine", response("200 OK", "", "fine")),
    ]);
    let url = |path: &str| format!("{}{path}", server.url);
    assert_eq!(fails(&[&url("/short")], 18, "expected ").out(), "hi");
    assert_eq!(fails(&[&url("/cut")], 18, "expected ").out(), "hi");
    assert_eq!(fails(&[&url("/chunk")], 56, "expected ").out(), "hi");
    assert_eq!(
        fails(&["--compressed", &url("/coded")], 61, "expected content in gzip from ").out(),
        ""
    );
    prints(&[&url("/coded")], "hi");
    fails(&[&url("/empty")], 52, "expected ");
    fails(&[&url("/junk")], 8, "expected ");
    assert_eq!(fails(&["-f", &url("/gone")], 22, "the server answers 410\n").out(), "");
    prints(&["-f", &url("/fine")], "fine");
    fails(&["http://127.0.0.1:1/"], 7, "expected a connection to 127.0.0.1:1");
    let unknown = concat!("expected the host ", unknown_host!(), " to be known");
    fails(&[concat!("http://", unknown_host!(), "/")], 6, unknown);
    fails(&["gopher://a/"], 1, "expected the scheme http, found gopher\n");
    fails(&["https://a/"], 1, "expected the scheme http, found https\n");
    fails(&["http://a b/"], 3, "the URL is malformed: expected ");
    let secret = fails(&["http://ada:secret@a:x/"], 3, "the URL is malformed: expected ");
    assert!(!secret.err().contains("secret"), "{}", secret.err());
    fails(&["http://a:99999/"], 3, "expected ");
    fails(&["-d", "@/no/such/file", "http://a/"], 26, "cannot read /no/such/file: ");
}

#[cfg(unix)]
#[test]
fn an_exit_status_says_who_has_failed() {
    let kept = "HTTP/1.1 307 Temporary Redirect\r\nLocation: /\r\nContent-Length: 0\r\n\r\n";
    let server = Scripted::start([("/kept", kept.to_owned())]);
    let (scratch, url) = (Scratch::new(), format!("{}/kept", server.url));
    let spent = run(&example("fetch"), ["-L", "-T-", "-HExpect:", &url], b"hello");
    assert_eq!(spent.status, Some(65), "{}", spent.err());

    // Bytes that nobody reads make the end of a connection one that breaks it.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let resets = std::thread::spawn(move || {
        for _ in 0..2 {
            let (stream, _) = listener.accept().unwrap();
            stream.peek(&mut [0]).unwrap();
        }
    });
    let folder = scratch.path().to_str().unwrap();
    fails(&["-T", folder, &url], 26, &format!("cannot read {folder}: expected a file"));
    let long = scratch.path().join("long");
    fs::File::create(&long).unwrap().set_len(64 << 20).unwrap();
    fails(&["-HExpect:", "-T", long.to_str().unwrap(), &url], 55, "expected the connection to ");
    fails(&[&url], 56, "expected the connection to ");
    resets.join().unwrap();
}

#[test]
fn command_lines_without_sense_are_refused() {
    for arguments in [
        &[][..],
        &["-Q", "http://a/"],
        &["-LQ", "http://a/"],
        &["--no-data", "http://a/"],
        &["--silent=1", "http://a/"],
        &["-C", "-", "-r", "1-", "http://a/"],
        &["-OJi", "http://a/"],
        &["-iC-", "http://a/"],
        &["--resolve", "a:80", "http://a/"],
        &["--limit-rate", "-1", "http://a/"],
        &["--nonsense", "http://a/"],
        &["-I", "-d", "x", "http://a/"],
        &["-F", "a=b", "-d", "x", "http://a/"],
        &["-F", "nonsense", "http://a/"],
        &["-F", "a=@b;size=1", "http://a/"],
        &["-F", "a=@b;type=a/b;filename=c;size=1", "http://a/"],
        &["-F", "a=b;type=nonsense", "http://a/"],
        &["-u", "nonsense", "http://a/"],
        &["-X", "a b", "http://a/"],
        &["-H", "nonsense", "http://a/"],
        &["-H", "Host:", "http://a/"],
        &["-H", "content-length:", "http://a/"],
        &["-m", "soon", "http://a/"],
        &["-m", "-1", "http://a/"],
        &["http://a/", "-o"],
    ] {
        let outcome = fails(arguments, 2, "");
        assert!(outcome.err().ends_with("; try --help\n"), "{}", outcome.err());
    }
}

#[test]
fn silence_is_kept_unless_errors_are_asked_for() {
    let silent = fetch(&["-s", "http://127.0.0.1:1/"]);
    assert_eq!((silent.status, silent.err().as_str()), (Some(7), ""));
    fails(&["-sS", "http://127.0.0.1:1/"], 7, "expected a connection");
}

#[test]
fn a_server_that_says_nothing_is_given_up() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    fails(&["-m", "0.2", &url], 28, "expected ");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_news() {
    let scratch = Scratch::new();
    scratch.write("large", vec![b'x'; 4 << 20]);
    let server = Running::example("serve", [scratch.path()], None);
    let mut command = Command::new(example("fetch"));
    command.arg(format!("{}large", server.url)).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut guard = Guard(command.spawn().unwrap());
    let mut out = guard.0.stdout.take().unwrap();
    out.read_exact(&mut [0; 10]).unwrap();
    drop(out);
    let mut text = String::new();
    guard.0.stderr.take().unwrap().read_to_string(&mut text).unwrap();
    assert_eq!((guard.0.wait().unwrap().code(), text.as_str()), (Some(23), ""));
}

/// A file, a file that is not there, a page without a length, and a head, from `site` of a scratch
/// directory; curl, if it is there, sees the same.
#[track_caller]
fn agrees_with_curl(url: &str, paths: &[&str]) {
    let Some(curl) = peers::find("curl") else { return };
    for path in paths {
        for flags in ["-s", "-sI", "-sf", "-sL"] {
            let arguments = [flags, &format!("{url}{path}")];
            let (ours, theirs) = (fetch(&arguments), run(&curl, arguments, b""));
            assert_eq!(ours.status, theirs.status, "{arguments:?}");
            let undated = |outcome: &Outcome| -> Vec<String> {
                let text = outcome.out();
                let lines = text.split_inclusive('\n').filter(|it| !it.starts_with("Date: "));
                lines.map(str::to_owned).collect()
            };
            assert_eq!(undated(&ours), undated(&theirs), "{arguments:?}");
        }
    }
}

fn site() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("site/hello.txt", "hello\n");
    scratch.write("site/large.txt", "0123456789abcdef\n".repeat(100_000));
    scratch.write("site/ssi/page.html", "<p>server side</p>\n".repeat(1000));
    scratch
}

#[test]
fn fetches_from_nginx() {
    let Some(program) = peers::find("nginx") else { return };
    let scratch = site();
    let server = nginx(&program, &scratch);
    prints(&[&format!("{}hello.txt", server.url)], "hello\n");
    prints(&["-L", &format!("{}moved", server.url)], "hello\n");
    let page = "<p>server side</p>\n".repeat(1000);
    prints(&[&format!("{}ssi/page.html", server.url)], &page);
    let whole = fetch(&["-i", &format!("{}ssi/page.html", server.url)]).out();
    assert!(whole.contains("Transfer-Encoding: chunked\r\n"), "{whole}");
    agrees_with_curl(&server.url, &["hello.txt", "large.txt", "nothing", "ssi/page.html", "moved"]);
}

#[test]
fn compressed_content_from_nginx_is_what_is_in_the_file() {
    let Some(program) = peers::find("nginx") else { return };
    let scratch = site();
    // Many blocks, and enough that does not compress.
    let noise = (0..300_000_u32).map(|n| n.wrapping_mul(n).wrapping_mul(2_654_435_761));
    let lines: String = noise.map(|n| format!("{{\"value\": {n}}}\n")).collect();
    scratch.write("site/gzip/lines.txt", &lines);
    scratch.write("site/gzip/empty.txt", "");
    let server = nginx(&program, &scratch);
    let url = format!("{}gzip/lines.txt", server.url);
    prints(&[&format!("{}gzip/empty.txt", server.url)], "");
    let file = scratch.path().join("out");
    prints(&["--compressed", "-o", file.to_str().unwrap(), &url], "");
    assert!(fs::read(&file).unwrap() == lines.as_bytes());
    // It was compressed on the way, and is so for those who do not want it decoded.
    let raw = fetch(&["-H", "Accept-Encoding: gzip", &url]);
    assert!(raw.stdout.starts_with(b"\x1f\x8b") && raw.stdout.len() < lines.len() / 2);
    let decoded = nethttp::coding::decode(Format::Gzip, &raw.stdout, &Limits::DEFAULT).unwrap();
    assert!(decoded == lines.as_bytes());
    let head = |arguments: &[&str]| {
        let out = fetch(&[arguments, &["-i", &url]].concat()).stdout;
        let end = out.windows(4).position(|it| it == b"\r\n\r\n").unwrap();
        String::from_utf8(out[..end].to_vec()).unwrap()
    };
    assert!(head(&["-HAccept-Encoding: gzip"]).contains("\r\nContent-Encoding: gzip"));
    // What is shown is what came.
    assert!(head(&["--compressed"]).contains("\r\nContent-Encoding: gzip"));
    assert!(head(&[]).contains(&format!("\r\nContent-Length: {}", lines.len())));
    if let Some(curl) = peers::find("curl") {
        assert!(run(&curl, ["-s", "--compressed", &url], b"").stdout == lines.as_bytes());
        assert!(run(&curl, ["-s", "-H", "Accept-Encoding: gzip", &url], b"").stdout == raw.stdout);
    }
}

#[test]
fn fetches_from_python() {
    let Some(program) = peers::find("python3") else { return };
    let scratch = site();
    let server = python(&program, &scratch.path().join("site"));
    prints(&[&format!("{}hello.txt", server.url)], "hello\n");
    agrees_with_curl(&server.url, &["hello.txt", "large.txt", "nothing", "ssi"]);
    let chunks = python_chunks(&program);
    let expected: Vec<u8> = (1..200).flat_map(|n| vec![n; usize::from(n)]).collect();
    assert_eq!(fetch(&[&chunks.url]).stdout, expected);
}

#[test]
fn help_is_no_error() {
    prints(&["-V"], concat!("fetch ", env!("CARGO_PKG_VERSION"), "\n"));
    let outcome = run_command(
        {
            let mut command = Command::new(example("fetch"));
            command.arg("--help");
            command
        },
        b"",
    );
    assert!(outcome.out().starts_with("usage: fetch [OPTION]... URL...\n"));
    assert_eq!((outcome.status, outcome.err()), (Some(0), String::new()));
}

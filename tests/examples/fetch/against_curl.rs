//! The same command line given to `fetch` and to curl: what the server sees, and how it ends.

use std::fs;
use std::path::Path;

use super::fetch;
use crate::peer_servers::{Scripted, response};
use crate::support::peers;
use crate::support::program::{Outcome, example, run};
use crate::support::scratch::Scratch;

/// Returns the request line, the fields in order of their names, and the content.
fn comparable(request: &str) -> (String, Vec<String>, String) {
    let (head, content) = request.split_once("\r\n\r\n").unwrap_or((request, ""));
    let mut lines = head.lines().map(|line| line.trim_end().to_owned());
    let start = lines.next().unwrap_or_default();
    // This curl asks before each PUT, newer ones do not; it does not say that there is no content, and tells proxies
    // what no standard has.
    let differs = |line: &String| {
        let starts = ["User-Agent: ", "Expect: ", "Content-Length: 0", "Proxy-Connection: "];
        starts.iter().any(|start| line.starts_with(start))
    };
    let mut fields: Vec<String> = lines.filter(|line| !differs(line)).collect();
    fields.sort();
    (start, fields, content.to_owned())
}

fn server() -> Scripted {
    let moved = |status: &str, to: &str| {
        response(status, &format!("Location: {to}\r\nSet-Cookie: hop=1\r\n"), "moved")
    };
    Scripted::start([
        ("/", response("200 OK", "Content-Type: text/plain\r\nX-A: b\r\n", "hello")),
        ("/file.txt", response("200 OK", "", "a file")),
        ("/dir/up", response("200 OK", "", "")),
        ("/?q=http://a/", response("200 OK", "", "")),
        ("/?q", response("200 OK", "", "")),
        ("/?q&a=b&c=+d%26", response("200 OK", "", "")),
        ("/?x&a=b", response("200 OK", "", "")),
        ("/moved", moved("302 Found", "/")),
        ("/see", moved("303 See Other", "/")),
        ("/kept", moved("307 Temporary Redirect", "/")),
        ("/loop", moved("302 Found", "/loop")),
        ("/gone", response("404 Not Found", "", "gone")),
        ("/short", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi".to_owned()),
        ("/empty", String::new()),
        ("/cut", "HTTP/1.1 2".to_owned()),
        ("/tls", moved("302 Found", "https://127.0.0.1:1/")),
        ("/nobody", moved("302 Found", "http://127.0.0.1:1/")),
        ("/bad", moved("302 Found", "http://a:x/")),
    ])
}

/// Command lines, with the URL of the server as `@@`, its host and port as `HOST`, and a directory as `DIR`.
const COMMANDS: &[&[&str]] = &[
    &["@@/"],
    &["HOST/?q=http://a/", "HOST"],
    &["-I", "@@/"],
    &["-d", "a=b", "-d", "c", "@@/"],
    &["-d", "@DIR/up", "--data-binary", "@DIR/up", "--data-raw", "@x", "@@/"],
    &[
        "--data-urlencode",
        "a b&c",
        "--data-urlencode",
        "=d e",
        "--data-urlencode",
        "f@DIR/up",
        "@@/",
    ],
    &["-G", "-d", "a=b", "--data-urlencode", "c= d&", "@@/?q"],
    &["--url-query", "a=b", "@@/?x"],
    &["--json", "{\"a\": 1}", "@@/"],
    &["--json", "{", "--json", "}", "-H", "Accept: text/x", "@@/"],
    &["-T", "DIR/up", "@@/dir/"],
    &["-T", "DIR/up", "-X", "POST", "@@/dir/"],
    &["-T", "DIR/up", "-T", "DIR/fields", "@@/dir/up", "@@/file.txt", "@@/"],
    &["@@/", "-T", "", "@@/dir/", "-T", "DIR/up", "-o", "DIR/sent", "@@/file.txt"],
    &["-H", "A;", "-H", "B: c", "-H", "Accept:", "-A", "", "@@/"],
    &["-u", "a:b", "-H", "Authorization:", "@@/"],
    &["-b", "a=b", "-H", "Cookie:", "-d", "c", "-H", "Content-Type:", "@@/"],
    &["-L", "-e", "http://r/;auto", "-H", "Referer:", "@@/moved"],
    &["-H", "@DIR/fields", "@@/"],
    &["-r", "0-3", "@@/"],
    &["-r", "5", "@@/"],
    &["--max-filesize", "0", "@@/"],
    &["-H", "Transfer-Encoding: chunked", "-d", "a=b", "@@/"],
    &["-H", "Transfer-Encoding: chunked", "--limit-rate", "10M", "-d", "@DIR/up", "-L", "@@/kept"],
    &["-L", "--limit-rate", "10M", "-T", "DIR/up", "@@/kept"],
    &["-L", "--limit-rate", "10M", "--data-binary", "@DIR/up", "@@/kept"],
    &["-e", "http://r/", "@@/"],
    &["-L", "-e", "http://r/;auto", "@@/moved"],
    &["-L", "-b", "a=b", "@@/moved"],
    &["-L", "-b", "", "@@/moved"],
    &["-L", "-d", "x", "@@/moved"],
    &["-L", "-d", "x", "--post302", "@@/moved"],
    &["-L", "-d", "x", "--post302", "--no-post301", "@@/moved"],
    &["-L", "-d", "x", "--post302", "--no-post302", "@@/moved"],
    &["-L", "-d", "x", "-X", "PUT", "@@/moved"],
    &["-L", "-d", "x", "-X", "PUT", "@@/kept"],
    &["-L", "-T", "DIR/up", "@@/moved"],
    &["-L", "-T", "DIR/up", "@@/see"],
    &["-L", "-T", "DIR/up", "@@/kept"],
    &["-L", "--no-location", "@@/moved"],
    &["-u", "ada:secret", "@@/"],
    &["-n", "--netrc-file", "DIR/netrc", "@@/"],
    &["-b", "DIR/jar", "@@/"],
    &["-b", "DIR/jar", "-j", "@@/"],
    &["--resolve", "a.test:80:127.0.0.1", "-x", "@@", "http://a.test/"],
    &["-x", "@@", "-U", "p:q", "http://a.test/?q"],
    &["-x", "http://r:s@HOST", "-U", "p:q", "http://a.test/?q"],
    &["-x", "127.0.0.1:1", "--noproxy", "*", "@@/"],
    &["-u", "ada:secret", "-n", "--netrc-file", "DIR/netrc", "@@/"],
    &["@@/", "@@/file.txt"],
    &["-sSfL", "--http1.1", "-m5", "@@/"],
    &["--http1.0", "@@/"],
    &["-0", "-d", "a=b", "@@/"],
    &["-f", "--retry", "1", "--retry-delay", "1", "--retry-all-errors", "@@/gone"],
    &["--retry", "1", "--retry-delay", "1", "--retry-all-errors", "@@/gone"],
    &["--retry", "1", "--retry-delay", "1", "--retry-all-errors", "-o", "DIR/out", "@@/short"],
    &["--retry", "1", "--retry-delay", "1", "--retry-all-errors", "@@/short"],
    &["-f", "--retry", "1", "--retry-max-time", "60", "--retry-all-errors", "@@/gone"],
    &["-f", "--retry", "1", "@@/gone"],
    &["--retry", "1", "--retry-delay", "1", "-d", "a", "@@/empty"],
    &["--retry", "1", "--retry-delay", "1", "@@/cut"],
    &["--retry", "1", "--retry-delay", "1", "-L", "@@/nobody"],
    &["--retry", "1", "--retry-delay", "1", "-L", "--retry-connrefused", "@@/nobody"],
    &["--retry", "1", "--retry-delay", "1", "--retry-connrefused", "@@/empty"],
    &["--retry", "1", "--retry-delay", "1", "--retry-all-errors", "-d", "a", "@@/empty"],
];

/// Runs a command line in a directory of its own, the URL of the server in the place of `@@`.
fn run_in(program: &Path, arguments: &[&str], url: &str, scratch: &Scratch) -> Outcome {
    let folder = scratch.path().display().to_string();
    let host = url.trim_start_matches("http://");
    let arguments = arguments
        .iter()
        .map(|it| it.replace("@@", url).replace("DIR", &folder).replace("HOST", host));
    run(program, arguments, b"from stdin")
}

#[test]
fn a_server_sees_the_same_requests() {
    let Some(curl) = peers::find("curl") else { return };
    let server = server();
    let scratch = Scratch::new();
    scratch.write("up", "line\r\nother\n");
    scratch.write("fields", "X-One: 1\nX-Two: 2\n");
    scratch.write("netrc", "machine 127.0.0.1 login ada password n");
    scratch.write(
        "jar",
        "# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\t1\n\
         127.0.0.1\tFALSE\t/\tFALSE\t4102444800\tlong\t2\n",
    );
    for command in COMMANDS {
        let arguments = [&["-sS"][..], command].concat();
        let ours = run_in(&example("fetch"), &arguments, &server.url, &scratch);
        let seen_of_ours = server.requests();
        let theirs = run_in(&curl, &arguments, &server.url, &scratch);
        let seen_of_theirs = server.requests();
        if theirs.err().contains("is unknown") {
            // An older one.
            continue;
        }
        assert_eq!(ours.status, theirs.status, "{command:?}: {} {}", ours.err(), theirs.err());
        let compared =
            |requests: &[String]| requests.iter().map(|it| comparable(it)).collect::<Vec<_>>();
        assert_eq!(compared(&seen_of_ours), compared(&seen_of_theirs), "{command:?}");
        assert_eq!(ours.out(), theirs.out(), "{command:?}");
    }
}

#[test]
fn failures_have_the_same_exit_status() {
    let Some(curl) = peers::find("curl") else { return };
    let server = server();
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("http://{}/", silent.local_addr().unwrap());
    let scratch = Scratch::new();
    scratch.write("part", "abc");
    scratch.write("taken", "");
    let commands: &[(&[&str], i32)] = &[
        (&["gopher+x://a/"], 1),
        (&["-L", "@@/bad"], 3),
        (&["--nonsense", "@@/"], 2),
        (&["-o"], 2),
        (&["http://a:99999/"], 3),
        (&["-x", concat!(unknown_host!(), ":1"), "@@/"], 5),
        (&[concat!("http://", unknown_host!(), "/")], 6),
        (&["http://127.0.0.1:1/"], 7),
        (&["-x", "127.0.0.1:1", "@@/"], 7),
        (&["--unix-socket", "DIR/none", "@@/"], 7),
        (&["@@/short"], 18),
        (&["-f", "@@/gone"], 22),
        (&["--fail-with-body", "@@/gone"], 22),
        (&["--fail-with-body", "-C", "-", "-o", "DIR/part", "@@/gone"], 33),
        (&["-o", "DIR/no/where", "@@/"], 23),
        (&["-O", "@@/"], 23),
        (&["-T", "DIR/none", "@@/"], 26),
        (&["-F", "a=@DIR/none", "@@/"], 26),
        (&["-m", "0.3", &silent], 28),
        (&["-C", "-", "-o", "DIR/part", "@@/"], 33),
        (&["--interface", "192.0.2.1", "@@/"], 45),
        (&["-L", "--max-redirs", "2", "@@/loop"], 47),
        (&["-L", "--max-redirs", "0", "@@/moved"], 47),
        (&["@@/empty"], 52),
        (&["@@/cut"], 52),
        (&["--max-filesize", "3", "@@/"], 63),
        (&["@@/gone"], 0),
        (&["http://127.0.0.1:1/", "@@/"], 0),
        (&["--fail-early", "http://127.0.0.1:1/", "@@/"], 7),
        (&["@@/", "http://127.0.0.1:1/"], 7),
    ];
    for (command, expected) in commands {
        let arguments = [&["-sS"][..], command].concat();
        let ours = run_in(&example("fetch"), &arguments, &server.url, &scratch);
        let theirs = run_in(&curl, &arguments, &server.url, &scratch);
        assert_eq!(ours.status, Some(*expected), "{command:?}: {}", ours.err());
        assert_eq!(theirs.status, Some(*expected), "{command:?}: {}", theirs.err());
        assert_eq!(ours.out(), theirs.out(), "{command:?}");
    }
    drop(silent);
}

#[test]
fn reports_are_those_of_curl() {
    let Some(curl) = peers::find("curl") else { return };
    let server = server();
    let format = "%{http_code} %{response_code} %{size_download} %{size_upload} %{url_effective} \
                  %{num_redirects} %{content_type} %{remote_ip} %{remote_port} %{redirect_url} \
                  %{method} %{filename_effective} %{http_version} %{num_connects} \
                  %header{x-a} %{exitcode} %{urlnum} %%\\t\\n";
    let scratch = Scratch::new();
    for command in [
        &["@@/"][..],
        &["-L", "@@/moved"],
        &["@@/moved"],
        &["-d", "four", "@@/"],
        &["-o", "DIR/out", "@@/file.txt"],
        &["-f", "@@/gone"],
        &["@@/", "@@/file.txt"],
        &["http://127.0.0.1:1/"],
    ] {
        let arguments = [&["-s", "-w", format][..], command].concat();
        let ours = run_in(&example("fetch"), &arguments, &server.url, &scratch);
        let theirs = run_in(&curl, &arguments, &server.url, &scratch);
        assert_eq!((ours.out(), ours.status), (theirs.out(), theirs.status), "{command:?}");
    }
    let url = format!("{}/", server.url);
    let outcome = fetch(&["-w", "%{time_total} %{nonsense}|%{stderr}told", &url]);
    let (time, rest) = outcome.out()["hello".len()..]
        .split_once(' ')
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    assert!(time.parse::<f64>().is_ok() && time.len() >= 8, "{time}");
    assert_eq!(rest, "|");
    assert_eq!(outcome.err(), "fetch: unknown --write-out variable: 'nonsense'\ntold");
}

#[test]
fn files_are_those_of_curl() {
    let Some(curl) = peers::find("curl") else { return };
    let server = server();
    for (command, files) in [
        (&["-o", "DIR/a", "-o", "DIR/b", "@@/", "@@/file.txt"][..], &["a", "b"][..]),
        (
            &["-O", "--output-dir", "DIR/new/er", "--create-dirs", "@@/file.txt"],
            &["new/er/file.txt"],
        ),
        (&["-iL", "-o", "DIR/c", "@@/moved"], &["c"]),
        (&["-D", "DIR/heads", "-o", "DIR/d", "-L", "@@/moved"], &["heads", "d"]),
        (&["-C", "-", "-o", "DIR/e", "@@/"], &["e"]),
        (&["--fail-with-body", "-o", "DIR/f", "@@/gone"], &["f"]),
    ] {
        let (ours, theirs) = (Scratch::new(), Scratch::new());
        let done = run_in(&example("fetch"), &[&["-sS"][..], command].concat(), &server.url, &ours);
        let expected = run_in(&curl, &[&["-sS"][..], command].concat(), &server.url, &theirs);
        assert_eq!(done.status, expected.status, "{command:?}: {}", done.err());
        for file in files {
            let read = |scratch: &Scratch| fs::read_to_string(scratch.path().join(file)).unwrap();
            assert_eq!(read(&ours), read(&theirs), "{command:?}");
        }
    }
}

#[test]
fn proxies_of_the_environment_are_logged_in_to() {
    let server = server();
    let scratch = Scratch::new();
    let programs = [Some(example("fetch")), peers::find("curl")];
    for (variable, login) in [
        ("http_proxy=@@", "cDpxIA=="),
        ("http_proxy=HOST", "cDpxIA=="),
        ("all_proxy=http://HOST/", "cDpxIA=="),
        ("http_proxy=http://r:s@HOST", "cjpz"),
    ] {
        for program in programs.iter().flatten() {
            let set = "export \"$1\"; shift; exec \"$@\"";
            let program = program.to_str().unwrap();
            let command = ["-c", set, "sh", variable, program];
            let arguments = ["-sS", "-U", "p:q ", "http://a.test/?q"];
            let arguments = [&command[..], &arguments].concat();
            let outcome = run_in("sh".as_ref(), &arguments, &server.url, &scratch);
            assert_eq!(outcome.status, Some(0), "{program}: {}", outcome.err());
            let sent = server.requests().pop().unwrap();
            let field = format!("\r\nProxy-Authorization: Basic {login}\r\n");
            assert!(sent.contains(&field), "{program} {variable}: {sent}");
        }
    }
}

#[test]
fn jars_are_read_by_each_other() {
    let Some(curl) = peers::find("curl") else { return };
    let server = server();
    let (fetch, scratch) = (example("fetch"), Scratch::new());
    for (writer, reader) in [(&fetch, &curl), (&curl, &fetch)] {
        run_in(writer, &["-sS", "-c", "DIR/jar", "@@/moved"], &server.url, &scratch);
        server.requests();
        run_in(reader, &["-sS", "-b", "DIR/jar", "@@/"], &server.url, &scratch);
        let asked = server.requests();
        assert!(asked[0].contains("\r\nCookie: hop=1\r\n"), "{asked:?}");
    }
}

//! `api`.

use std::fs;
use std::path::Path;

use nethttp::coding::crc32;

use crate::support::peers;
use crate::support::program::{Running, body, example, field, run, status};
use crate::support::scratch::Scratch;

fn start(arguments: &[&str]) -> Running {
    Running::example("api", arguments, None)
}

/// A form with these parts, each a head and a content.
fn form(parts: &[(&str, &str)]) -> String {
    let part = |(head, content): &(&str, &str)| {
        format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n")
    };
    parts.iter().map(part).chain(["--b--\r\n".to_owned()]).collect()
}

#[track_caller]
fn upload(server: &Running, content: &str) -> String {
    let fields = format!(
        "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {}\r\n",
        content.len()
    );
    post(server, "/upload", &fields, content)
}

#[track_caller]
fn post(server: &Running, target: &str, fields: &str, content: &str) -> String {
    let request =
        format!("POST {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{fields}\r\n{content}");
    server.send(request.as_bytes())
}

/// The names in a directory, in their order.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_page_has_both_forms_and_needs_nothing_else() {
    let server = start(&[]);
    let page = server.ask("GET", "/", "");
    assert_eq!(status(&page), 200);
    assert_eq!(field(&page, "Content-Type"), Some("text/html; charset=utf-8"));
    assert!(field(&page, "Content-Security-Policy").unwrap().starts_with("default-src 'none'"));
    for part in ["action=\"/upload\"", "enctype=\"multipart/form-data\"", "action=\"/form\""] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("<script") && !page.contains("href=\"/private\""));
    assert!(start(&["-u", "a:b"]).ask("GET", "/", "").contains("href=\"/private\""));
    let head = server.ask("HEAD", "/", "");
    assert_eq!((status(&head), body(&head)), (200, ""));
}

#[test]
fn what_arrives_is_counted_and_shown_as_text() {
    let server = start(&[]);
    let page = upload(
        &server,
        &form(&[
            ("name=\"<b>\"", "a & b\r\n\"c\""),
            ("name=f; filename=\"<i>.txt\"", "hello"),
            ("name=none; filename=\"\"", ""),
        ]),
    );
    assert_eq!(status(&page), 200, "{page}");
    for part in [
        "One file has arrived",
        "<dt>&lt;b&gt;</dt><dd>a &amp; b\r\n&quot;c&quot;</dd>",
        "<td>f</td><td class=\"number len\">5</td>",
        &format!("<code>{:08x}</code>", crc32(b"hello")),
        "Counted and thrown away",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("<i>") && !page.contains(">none<"), "{page}");
}

#[test]
fn files_are_kept_and_nothing_is_overwritten() {
    let scratch = Scratch::new();
    let folder = scratch.path();
    let server = start(&["--directory", folder.to_str().unwrap()]);
    for (name, content) in [("a.txt", "one"), ("a.txt", "two"), (".b", "three"), ("", "four")] {
        let file = format!("name=f; filename=\"{name}\"");
        let page = upload(&server, &form(&[(&file, content)]));
        assert_eq!(status(&page), 200, "{page}");
        assert!(page.contains("Kept under these names"), "{page}");
    }
    assert_eq!(fs::read(folder.join("a.txt")).unwrap(), b"one");
    assert_eq!(fs::read(folder.join("a (1).txt")).unwrap(), b"two");
    let names = names(folder);
    assert_eq!(names.len(), 4, "{names:?}");
    assert!(!names.iter().any(|name| name.starts_with('.')), "{names:?}");
}

#[test]
fn a_form_that_is_refused_leaves_nothing() {
    let scratch = Scratch::new();
    let folder = scratch.path().to_str().unwrap();
    let server =
        start(&["-d", folder, "--max-file", "1K", "--max-total", "4K", "--max-parts", "2"]);
    let good = ("name=f; filename=a", "good");
    let large = "x".repeat(1025);
    let whole = form(&[good]);
    for (content, expected) in [
        (whole[..whole.len() - 6].to_owned(), 400),
        (form(&[good, ("name=f; filename=b", &large)]), 413),
        (form(&[good, good, good]), 413),
        (form(&[good, ("filename=b", "no name")]), 400),
        (form(&[("name=f; filename=a", &"x".repeat(5000))]), 413),
    ] {
        let page = upload(&server, &content);
        assert_eq!(status(&page), expected, "{page}");
        assert_eq!(field(&page, "Content-Type"), Some("text/html; charset=utf-8"), "{page}");
        assert!(page.contains("<p class=\"code\">"), "{page}");
    }
    assert_eq!(names(scratch.path()), [] as [&str; 0]);
    for fields in ["Content-Type: text/plain\r\n", "Content-Type: multipart/form-data\r\n", ""] {
        let page = post(&server, "/upload", &format!("{fields}Content-Length: 5\r\n"), "hello");
        let expected = if fields.contains("multipart") { 400 } else { 415 };
        assert_eq!(status(&page), expected, "{page}");
    }
}

#[test]
fn a_name_does_not_lead_out_of_the_directory() {
    let scratch = Scratch::new();
    let folder = scratch.path().join("in");
    fs::create_dir(&folder).unwrap();
    let server = start(&["-d", folder.to_str().unwrap()]);
    for name in ["../x", "/etc/x", "..", "a/../../x", "..\\\\x", "C:\\\\x", "CON", "x\u{202e}y"] {
        let page = upload(&server, &form(&[(&format!("name=f; filename=\"{name}\""), "evil")]));
        assert!(matches!(status(&page), 200 | 400), "{page}");
    }
    assert_eq!(names(scratch.path()), ["in"]);
    assert!(names(&folder).iter().all(|name| !name.starts_with('.')));
}

#[cfg(unix)]
#[test]
fn a_form_of_many_files_takes_few_open_ones() {
    let scratch = Scratch::new();
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "ulimit -n 64; exec \"$@\"", "sh"]).arg(example("api"));
    command.args(["--port", "0", "--directory"]).arg(scratch.path());
    let server = Running::start(command, None);
    let answer = upload(&server, &form(&[("name=f; filename=x", "x"); 99]));
    assert_eq!(status(&answer), 200, "{answer}");
    assert_eq!(names(scratch.path()).len(), 99);
}

#[test]
fn pages_of_others_send_nothing() {
    let server = start(&[]);
    for (from, expected) in [
        ("Sec-Fetch-Site: cross-site", 403),
        ("Sec-Fetch-Site: same-site", 403),
        ("Sec-Fetch-Site: same-origin", 200),
        // As browsers do where the server is on another machine.
        ("Origin: http://b", 403),
        ("Origin: http://a:81", 403),
        ("Origin: null", 403),
        ("Origin: http://a", 200),
        ("Origin: https://a", 200),
    ] {
        let fields = format!(
            "{from}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: 3\r\n"
        );
        assert_eq!(status(&post(&server, "/form", &fields, "a=b")), expected);
    }
}

#[test]
fn pairs_come_back_as_json() {
    let server = start(&[]);
    let content = "a=1&b=x+y%22%5C%0A%01&a=%C3%A9";
    let fields = format!(
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
        content.len()
    );
    let answer = post(&server, "/form", &fields, content);
    assert_eq!(field(&answer, "Content-Type"), Some("application/json"));
    let pairs = r#"["a", "1"], ["b", "x y\"\\\n\u0001"], ["a", "é"]"#;
    let expected = format!("[\n  {}\n]\n", pairs.replace("], [", "],\n  ["));
    assert_eq!((status(&answer), body(&answer)), (200, expected.as_str()));
    let answer = post(&server, "/form", "Content-Type: text/plain\r\nContent-Length: 1\r\n", "a");
    assert_eq!(status(&answer), 415);
}

#[test]
fn other_paths_and_methods_are_refused() {
    let server = start(&[]);
    for (method, target, expected, allow) in [
        ("GET", "/nothing", 404, None),
        ("GET", "/hello/", 404, None),
        ("GET", "/hello/%FF", 404, None),
        ("PUT", "/", 405, Some("GET, HEAD, OPTIONS")),
        ("GET", "/upload", 405, Some("OPTIONS, POST")),
        ("GET", "/form", 405, Some("OPTIONS, POST")),
        ("DELETE", "/private", 405, Some("GET, HEAD, OPTIONS")),
        ("GET", "/private", 401, None),
    ] {
        let page = server.ask(method, target, "");
        assert_eq!((status(&page), field(&page, "Allow")), (expected, allow), "{method} {target}");
        assert!(page.contains(&format!("<p class=\"code\">{expected}</p>")), "{page}");
    }
}

#[test]
fn a_name_in_the_path_is_greeted() {
    let server = start(&[]);
    let page = server.ask("GET", "/hello/%3CAda%3E%20%C3%A9", "");
    assert!(status(&page) == 200 && page.contains("<h1>Hello, &lt;Ada&gt; é</h1>"), "{page}");
    let moved = server.ask("GET", "//hello/./Ada?x", "");
    assert_eq!((status(&moved), field(&moved, "Location")), (307, Some("/hello/Ada?x")));
}

#[test]
fn misuse_is_explained() {
    for arguments in [
        &["-p", "x"][..],
        &["-u", "ada"],
        &["-a", "rot13"],
        &["--max-file", "1T"],
        &["--max-total", "99999999999G"],
        &["-d", "/no/such/directory"],
        &["-d"],
        &["x"],
    ] {
        let outcome = run(&example("api"), arguments, b"");
        assert_eq!(outcome.status, Some(2), "{arguments:?}");
        assert!(outcome.err().ends_with("; try --help\n"), "{}", outcome.err());
    }
    let help = run(&example("api"), ["--help"], b"");
    assert!(help.out().starts_with("usage: api [OPTION]...\n") && help.status == Some(0));
}

#[test]
fn curl_uploads_and_logs_in() {
    let Some(curl) = peers::find("curl") else { return };
    let scratch = Scratch::new();
    let (file, kept) = (scratch.path().join("photo.jpg"), scratch.path().join("kept"));
    let content: Vec<u8> = (0..300_000_u32).map(|n| n.wrapping_mul(n).to_le_bytes()[1]).collect();
    fs::write(&file, &content).unwrap();
    fs::create_dir(&kept).unwrap();
    let server = start(&["-d", kept.to_str().unwrap(), "-u", "ada:s:é", "-u", "b:c"]);
    let curl = |arguments: &[&str], path: &str| {
        let url = format!("{}{path}", server.url);
        run(&curl, [&["-sS"][..], arguments, &[&url]].concat(), b"").out()
    };
    let photo = format!("photo=@{}", file.display());
    let page = curl(&["-F", "title=Holidays", "-F", &photo], "upload");
    assert!(page.contains("<dd>Holidays</dd>") && page.contains("300,000"), "{page}");
    assert!(page.contains(&format!("{:08x}", crc32(&content))), "{page}");
    assert!(fs::read(kept.join("photo.jpg")).unwrap() == content);
    assert_eq!(
        curl(&["-d", "a=b", "--data-urlencode", "c=&"], "form"),
        "[\n  [\"a\", \"b\"],\n  [\"c\", \"&\"]\n]\n"
    );
    for (option, path) in [("--basic", "basic"), ("--digest", "private"), ("--anyauth", "private")]
    {
        assert!(curl(&[option, "-u", "ada:s:é"], path).contains("Hello, ada"), "{option} {path}");
        assert!(curl(&["-I", option, "-u", "b:c"], path).contains("HTTP/1.1 200 "), "{option}");
        for wrong in ["ada:s", "b:s:é", "nobody:c", ":"] {
            let page = curl(&["-i", option, "-u", wrong], path);
            assert!(!page.contains("Hello") && page.contains("HTTP/1.1 401 "), "{option} {wrong}");
        }
    }
    let heads = curl(&["-v", "-I", "--digest", "-u", "b:c"], "private");
    assert!(heads.contains("Authentication-Info: "), "{heads}");
}

#[test]
fn both_algorithms_let_curl_in() {
    let Some(curl) = peers::find("curl") else { return };
    for (algorithm, name) in [("md5", "MD5"), ("sha-256", "SHA-256")] {
        let server = start(&["-u", "ada:secret", "--algorithm", algorithm]);
        let url = format!("{}private", server.url);
        let outcome = run(&curl, ["-sSv", "--digest", "-u", "ada:secret", &url], b"");
        assert!(outcome.out().contains("Hello, ada"), "{algorithm}: {}", outcome.err());
        assert!(outcome.err().contains(&format!("algorithm={name}")), "{}", outcome.err());
    }
}

#[test]
fn requests_logs_in() {
    let Some(python) = peers::find_python_with("requests") else { return };
    let script = "\
import sys, requests
from requests.auth import HTTPDigestAuth, HTTPBasicAuth
url = sys.argv[1]
session = requests.Session()
session.trust_env = False
session.auth = HTTPDigestAuth('ada', 'secret')
for n in range(3):
    answer = session.get(url + 'private')
    assert answer.status_code == 200 and 'Hello, ada' in answer.text, (n, answer.text)
    assert len(answer.history) == (1 if n == 0 else 0), (n, answer.history)
    assert 'rspauth' in answer.headers['Authentication-Info']
session.auth = HTTPDigestAuth('ada', 'wrong')
assert session.get(url + 'private').status_code == 401
session.auth = HTTPBasicAuth('ada', 'secret')
assert session.get(url + 'basic').status_code == 200
answer = session.post(url + 'upload', data={'title': 'x'}, files={'f': ('\u{e9}.txt', b'hello')})
assert answer.status_code == 200 and '3610a686' in answer.text, answer.text
print('fine')
";
    for algorithms in [&[][..], &["--algorithm", "md5"], &["--algorithm", "sha-256"]] {
        let server = start(&[&["-u", "ada:secret"], algorithms].concat());
        let outcome = run(&python, ["-c", script, &server.url], b"");
        assert_eq!(outcome.out(), "fine\n", "{}", outcome.err());
    }
}

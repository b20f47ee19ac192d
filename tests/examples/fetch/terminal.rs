//! What `fetch` says to whoever sits before it.

use std::process::Command;

use super::{fails, fetch, prints};
use crate::peer_servers::{Scripted, response};
use crate::support::peers;
use crate::support::program::{Running, example, run_command};
use crate::support::scratch::Scratch;

#[test]
fn verbose_keeps_secrets() {
    let set = "set-cookie: sid=secret; Path=/\r\n";
    let server = Scripted::start([("/", response("200 OK", set, ""))]);
    let url = format!("{}/", server.url);
    let secrets = ["-v", "-b", "sid=secret", "-H", "Proxy-Authorization: Basic secret"];
    for login in [
        &["-u", "ada:secret"][..],
        &["--oauth2-bearer", "secret"],
        &["-H", "Authorization: secret"],
    ] {
        let outcome = fetch(&[&secrets[..], login, &[&url]].concat());
        let sent = server.requests().pop().unwrap();
        assert!(sent.contains("sid=secret") && sent.contains("\r\nAuthorization: "), "{sent}");
        let told = outcome.err();
        assert!(!told.contains("secret") && !told.contains("YWRhOnNlY3JldA"), "{told}");
        assert_eq!(told.matches("[hidden]\n").count(), 3, "{told}");
        assert!(told.contains("\n< set-cookie: sid=[hidden]; Path=/\n"), "{told}");
    }
}

#[test]
fn verbose_keeps_what_is_in_urls_and_trailers() {
    let chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\
                  Location: http://ada:secret@a.test/@ada?next=//b:secret@b.test\r\n\
                  Content-Location: //secret@a.test\r\n\r\n\
                  2\r\nhi\r\n0\r\nContent-Location: //secret@t.test\r\n\r\n";
    let server = Scripted::start([("/", chunks.to_owned())]);
    let url = format!("{}/", server.url);
    let outcome = fetch(&["-v", "-e", "http://ada:secret@r.test/", &url]);
    let told = outcome.err();
    for shown in [
        "> Referer: http://[hidden]@r.test/\n",
        "< Location: http://[hidden]@a.test/@ada?next=//[hidden]@b.test\n",
        "< Content-Location: //[hidden]@a.test\n",
        "< Content-Location: //[hidden]@t.test\n",
    ] {
        assert!(told.contains(shown), "{shown}{told}");
    }
    assert!(!told.contains("secret"), "{told}");
    assert_eq!(outcome.out(), "hi");
}

#[test]
fn verbose_shows_every_hop() {
    let moved = response("302 Found", "Location: /end\r\n", "");
    let early = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    let chunks =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nSum: 7\r\n\r\n";
    let server = Scripted::start([("/", moved), ("/end", format!("{early}{chunks}"))]);
    let outcome = fetch(&["-vL", &server.url]);
    let told = outcome.err();
    let lines: Vec<_> = told.lines().filter(|line| line.starts_with(['*', '<', '>'])).collect();
    let at = |start: &str| {
        let found = lines.iter().position(|line| line.starts_with(start));
        found.unwrap_or_else(|| panic!("no {start} in {told}"))
    };
    let order = [
        "> GET / HTTP/1.1",
        "* connected to ",
        "< HTTP/1.1 302 Found",
        "* redirect 1: GET http://127.0.0.1:",
        "> GET /end HTTP/1.1",
        "< HTTP/1.1 103 Early Hints",
        "< HTTP/1.1 200 OK",
        "< Sum: 7",
    ];
    assert!(order.map(at).is_sorted(), "{told}");
    assert_eq!((outcome.out().as_str(), outcome.status), ("hi", Some(0)));
}

#[test]
fn the_name_that_a_server_proposes_is_a_file_here() {
    let field = |name: &str| format!("Content-Disposition: attachment; filename=\"{name}\"\r\n");
    let server = Scripted::start([
        ("/a?b", response("200 OK", &field("../plan.txt"), "plan")),
        ("/none", response("200 OK", "", "none")),
    ]);
    let scratch = Scratch::new();
    let folder = scratch.path().to_str().unwrap();
    let proposed = ["-OJ", "--output-dir", folder, &format!("{}/a?b", server.url)];
    prints(&proposed, "");
    assert_eq!(std::fs::read(scratch.path().join("plan.txt")).unwrap(), b"plan");
    // What is there stays.
    fails(&proposed, 23, "cannot write ");
    prints(&["-OJ", "--output-dir", folder, &format!("{}/none", server.url)], "");
    assert_eq!(std::fs::read(scratch.path().join("none")).unwrap(), b"none");
}

#[test]
fn what_is_not_there_is_said() {
    let server = Scripted::start([("/", response("200 OK", "", "hi"))]);
    let url = format!("{}/", server.url);
    let outcome = fetch(&["-k", &url]);
    assert_eq!(outcome.err(), "fetch: -k does nothing: there is no TLS here\n");
    assert_eq!((outcome.out().as_str(), outcome.status), ("hi", Some(0)));
    prints(&["-sk", &url], "hi");
    prints(&["-0", "--http1.1", &url], "hi");
}

#[test]
fn a_terminal_shows_how_far_it_has_come() {
    let Some(python) = peers::find("python3") else { return };
    let scratch = Scratch::new();
    scratch.write("site/large", vec![b'x'; 300_000]);
    let server = Running::example("serve", [scratch.path().join("site")], None);
    let url = format!("{}large", server.url);
    let watch = |options: &[&str]| {
        let mut command = Command::new(&python);
        let script = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)";
        command.args(["-c", script]).arg(example("fetch")).args(options);
        command.args(["--limit-rate", "1M", "-o"]).arg(scratch.path().join("out")).arg(&url);
        command.env("COLUMNS", "60");
        let outcome = run_command(command, b"");
        assert_eq!(outcome.status, Some(0), "{}", outcome.out());
        outcome.out()
    };
    let told = watch(&[]);
    let lines: Vec<_> = told.trim_end().split('\r').filter(|line| !line.is_empty()).collect();
    assert!(lines.iter().all(|line| line.len() == 59), "{lines:?}");
    assert!(lines.last().unwrap().contains("100%  293 KiB of 293 KiB  "), "{lines:?}");
    assert!(lines[0].contains("% ") && lines[0].contains("iB/s  "), "{lines:?}");
    assert_eq!(watch(&["-s"]), "");
    assert_eq!(watch(&["--no-progress-meter"]), "");
}

//! What single options do.

use std::fs;
use std::time::{Duration, UNIX_EPOCH};

use super::{echo, fails, fetch, prints};
use crate::peer_servers::{Scripted, response};
use crate::support::peers;
use crate::support::program::{example, run};
use crate::support::scratch::Scratch;

#[test]
fn an_absolute_name_is_one_in_the_directory_for_files() {
    let (server, scratch) = (echo(), Scratch::new());
    let (directory, path) = (scratch.path().join("new"), scratch.path().join("abs"));
    let into = ["--create-dirs", "--output-dir", directory.to_str().unwrap()];
    prints(&[&into[..], &["-o", path.to_str().unwrap(), &server.url]].concat(), "");
    let inner = path.strip_prefix("/").unwrap_or(&path);
    assert_eq!(fs::read(directory.join(inner)).unwrap(), b"OK");
    assert!(!path.exists());
}

#[test]
fn whatever_is_sent_is_sent_at_a_rate() {
    let server = Scripted::start([("/", response("200 OK", "", "fine"))]);
    let url = format!("{}/", server.url);
    // A tenth of what a second takes at once.
    let slow = ["--limit-rate", "80", "-HTransfer-Encoding: chunked"];
    for (data, part) in [
        (["--data-binary", "0123456789abcdef"], "\r\n\r\n8\r\n01234567\r\n8\r\n89abcdef\r\n0"),
        (["-F", "a=b"], "\r\n8\r\n"),
    ] {
        let format = ["-w", " %{size_upload}"];
        let outcome = fetch(&[&slow[..], &data, &format, &[&url]].concat());
        let sent = server.requests().pop().unwrap();
        assert!(sent.contains(part) && sent.ends_with("\r\n0\r\n\r\n"), "{sent}");
        assert!(!sent.contains("Content-Length"), "{sent}");
        assert_eq!(sent.matches("ransfer-Encoding").count(), 1, "{sent}");
        assert!(outcome.out().starts_with("fine 1"), "{}", outcome.out());
    }
    fails(&["-HTransfer-Encoding: gzip", "-d", "a", &url], 2, "expected chunked after ");
    // Nothing goes in no chunks.
    prints(&["-HTransfer-Encoding: chunked", &url], "fine");
    let sent = server.requests().pop().unwrap();
    assert!(!sent.contains("Transfer-Encoding"), "{sent}");
}

#[test]
fn files_are_as_old_as_what_they_were_made_from_when_asked_to() {
    let dated = |date: &str| response("200 OK", &format!("Last-Modified: {date}\r\n"), "hi");
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    let server = Scripted::start([("/", dated(date)), ("/junk", dated("long ago"))]);
    let (scratch, time) = (Scratch::new(), UNIX_EPOCH + Duration::from_secs(784_111_777));
    let program = [Some(example("fetch")), peers::find("curl")];
    for (number, program) in program.iter().flatten().enumerate() {
        for (option, path, is_old) in
            [("-R", "/", true), ("-s", "/", false), ("-R", "/junk", false)]
        {
            let file = scratch.path().join(format!("{number}{option}{}", path.len()));
            let url = format!("{}{path}", server.url);
            let outcome = run(program, ["-sS", option, "-o", file.to_str().unwrap(), &url], b"");
            assert_eq!(outcome.status, Some(0), "{}", outcome.err());
            assert_eq!(fs::read(&file).unwrap(), b"hi");
            let modified = fs::metadata(&file).unwrap().modified().unwrap();
            assert_eq!(modified == time, is_old, "{option} {path}");
        }
    }
    prints(&["-R", &format!("{}/", server.url)], "hi");
}

#[test]
fn addresses_of_a_host_are_of_the_family_that_is_asked_for() {
    let server = Scripted::start([("/", response("200 OK", "", "four"))]);
    let url = server.url.replace("127.0.0.1", "localhost") + "/";
    prints(&["-64", &url], "four");
    // Whether or not there are others: nobody answers there.
    let outcome = fetch(&["-s46", &url]);
    assert!(matches!(outcome.status, Some(6 | 7)), "{outcome:?}");
    assert!(server.requests().len() == 1);
}

#[test]
fn how_long_a_server_may_think_about_content_is_up_to_the_user() {
    // It says nothing before it has all of the content.
    let server = Scripted::start([("/", response("200 OK", "", "fine"))]);
    let expect = ["-HExpect: 100-continue", "-d", "x", "--expect100-timeout"];
    for wait in ["0", "0.01"] {
        prints(&[&expect[..], &[wait, "-m", "60", &format!("{}/", server.url)]].concat(), "fine");
        assert!(server.requests()[0].ends_with("\r\n\r\nx"));
    }
    fails(&["--expect100-timeout", "soon", "http://a/"], 2, "expected seconds after --expect100-");
}

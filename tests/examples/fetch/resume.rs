//! Downloads that break off and go on.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::{fails, fetch, prints};
use crate::peer_servers::{Scripted, response};
use crate::support::program::{Guard, Running, example};
use crate::support::scratch::Scratch;

fn noise(len: u32) -> Vec<u8> {
    (0..len).map(|n| n.wrapping_mul(n).wrapping_mul(2_654_435_761).to_le_bytes()[2]).collect()
}

/// Waits until a file has so many bytes.
#[track_caller]
fn await_len(path: &Path, len: u64) {
    let start = Instant::now();
    while fs::metadata(path).map_or(0, |it| it.len()) < len {
        assert!(start.elapsed() < Duration::from_secs(60), "{len} bytes do not come");
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_download_that_is_killed_ten_times_is_whole_in_the_end() {
    let scratch = Scratch::new();
    let content = noise(8_000_000);
    scratch.write("site/large", &content);
    let server = Running::example("serve", [scratch.path().join("site")], None);
    let (url, file) = (format!("{}large", server.url), scratch.path().join("out"));
    let mut random = u64::from(std::process::id());
    // Far less comes within ten runs than there is, however late each of them is killed.
    for _ in 0..10 {
        let there = fs::metadata(&file).map_or(0, |it| it.len());
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut command = Command::new(example("fetch"));
        command.args(["-sS", "--limit-rate", "400k", "-C", "-", "-o"]).arg(&file).arg(&url);
        let mut guard = Guard(command.stdin(Stdio::null()).spawn().unwrap());
        await_len(&file, there + 1 + (random >> 33) % 80_000);
        guard.0.kill().unwrap();
        guard.0.wait().unwrap();
    }
    let there = fs::read(&file).unwrap();
    assert!(there.len() < content.len() && content.starts_with(&there), "{}", there.len());
    let again = ["-sS", "-C", "-", "-o", file.to_str().unwrap(), &url];
    prints(&again, "");
    assert!(fs::read(&file).unwrap() == content);
    // There is no more.
    prints(&again, "");
    assert!(fs::read(&file).unwrap() == content);
}

#[test]
fn what_breaks_off_goes_on_in_the_same_run() {
    let part = |fields: &str, body: &str| {
        format!("HTTP/1.1 206 Partial Content\r\nConnection: close\r\n{fields}\r\n{body}")
    };
    let scratch = Scratch::new();
    let file = scratch.path().join("out");
    let broken = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nETag: \"a\"\r\n\r\nabc".to_owned();
    let rest = part("Content-Range: bytes 3-5/6\r\nContent-Length: 3\r\n", "def");
    for (second, expected) in [(rest, "abcdef"), (response("200 OK", "", "new"), "new")] {
        let _ = fs::remove_file(&file);
        let server = Scripted::start_in_turn([broken.clone(), second]);
        let url = format!("{}/", server.url);
        prints(&["--retry", "1", "-C", "-", "-o", file.to_str().unwrap(), &url], "");
        assert_eq!(fs::read_to_string(&file).unwrap(), expected);
        let asked = server.requests();
        assert!(!asked[0].contains("Range"), "{}", asked[0]);
        assert!(asked[1].contains("\r\nRange: bytes=3-\r\nIf-Range: \"a\"\r\n"), "{}", asked[1]);
    }
    let nothing = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n".to_owned();
    let server = Scripted::start_in_turn([nothing, response("200 OK", "", "abcdef")]);
    let url = format!("{}/", server.url);
    fs::remove_file(&file).unwrap();
    prints(&["--retry", "1", "-C", "-", "-o", file.to_str().unwrap(), &url], "");
    assert_eq!(fs::read_to_string(&file).unwrap(), "abcdef");
    assert!(!server.requests()[1].contains("Range"));
}

#[test]
fn a_server_that_cannot_go_on_leaves_the_file_alone() {
    let scratch = Scratch::new();
    let file = scratch.write("out", "abc");
    let file = file.to_str().unwrap();
    let wrong = "HTTP/1.1 206 a\r\nContent-Range: bytes 0-1/6\r\nContent-Length: 2\r\n\r\nab";
    let server = Scripted::start([
        ("/all", response("200 OK", "", "abcdef")),
        ("/same", response("200 OK", "", "abc")),
        ("/wrong", wrong.to_owned()),
        ("/less", response("416 a", "Content-Range: bytes */2\r\n", "no")),
        ("/equal", response("416 a", "Content-Range: bytes */3\r\n", "no")),
        ("/gone", response("404 a", "", "no")),
    ]);
    let url = |path: &str| format!("{}{path}", server.url);
    for path in ["/all", "/wrong", "/less", "/gone"] {
        fails(&["-C-", "-o", file, &url(path)], 33, "");
    }
    for path in ["/same", "/equal"] {
        prints(&["-C-", "-o", file, &url(path)], "");
    }
    fails(&["-f", "-C-", "-o", file, &url("/gone")], 22, "the server answers 404\n");
    assert_eq!(fs::read_to_string(file).unwrap(), "abc");
    assert_eq!(fetch(&["-C", "3", &url("/all")]).status, Some(33));
}

#[test]
fn a_length_that_no_file_has_is_no_end() {
    let all = "Content-Range: bytes 3-18446744073709551614/18446744073709551615\r\n";
    let length = "Content-Length: 18446744073709551615\r\n";
    let part = format!("HTTP/1.1 206 Partial Content\r\n{all}{length}\r\ndef");
    let (scratch, server) = (Scratch::new(), Scripted::start([("/", part)]));
    let file = scratch.write("out", "abc");
    fails(&["-C-", "-o", file.to_str().unwrap(), &format!("{}/", server.url)], 18, "expected ");
    assert_eq!(fs::read_to_string(file).unwrap(), "abcdef");
}

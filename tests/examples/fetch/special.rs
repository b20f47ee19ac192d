//! What is no plain file: it is written to, and stays what it is.

use std::fs;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::path::PathBuf;
use std::process::Command;
use std::thread;

use super::prints;
use crate::peer_servers::{Scripted, response};
use crate::support::program::{example, run_command};
use crate::support::scratch::Scratch;

fn server() -> (Scripted, String) {
    let server = Scripted::start([("/", response("200 OK", "Set-Cookie: a=b\r\n", "hi"))]);
    let url = format!("{}/", server.url);
    (server, url)
}

fn fifo(scratch: &Scratch) -> PathBuf {
    let path = scratch.path().join("fifo");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    path
}

#[test]
fn heads_and_cookies_go_to_what_is_no_file() {
    let (_server, url) = server();
    for (option, expected) in [("-D", "HTTP/1.1 200 OK\r\n"), ("-c", "# Netscape HTTP")] {
        let scratch = Scratch::new();
        let path = fifo(&scratch);
        let reader = thread::spawn({
            let path = path.clone();
            move || fs::read_to_string(path).unwrap()
        });
        prints(&[option, path.to_str().unwrap(), &url], "hi");
        // Otherwise the reader would wait for good.
        assert!(fs::symlink_metadata(&path).unwrap().file_type().is_fifo(), "{option}");
        let read = reader.join().unwrap();
        assert!(read.starts_with(expected), "{option}: {read}");
    }
}

#[test]
fn links_are_followed() {
    let (_server, url) = server();
    let scratch = Scratch::new();
    let file = scratch.write("file", "old");
    for (option, expected) in [("-D", "HTTP/1.1 200 OK\r\n"), ("-c", "# Netscape HTTP")] {
        for (name, target) in [("link", file.as_path()), ("null", "/dev/null".as_ref())] {
            let link = scratch.path().join(format!("{name}{option}"));
            symlink(target, &link).unwrap();
            prints(&[option, link.to_str().unwrap(), &url], "hi");
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink(), "{option}");
        }
        let written = fs::read_to_string(&file).unwrap();
        assert!(written.starts_with(expected), "{option}: {written}");
    }
}

#[test]
fn heads_of_all_transfers_are_in_one_file_that_begins_empty() {
    let (_server, url) = server();
    let scratch = Scratch::new();
    let file = scratch.write("heads", "old".repeat(1000));
    prints(&["-D", file.to_str().unwrap(), &url, &url], "hihi");
    let heads = fs::read_to_string(file).unwrap();
    assert!(heads.starts_with("HTTP/1.1") && heads.ends_with("\r\n\r\n"), "{heads}");
    assert_eq!(heads.matches("HTTP/1.1 200 OK\r\n").count(), 2, "{heads}");
}

#[test]
fn nobody_has_to_take_what_is_said() {
    if !std::path::Path::new("/dev/full").exists() {
        return;
    }
    let (_server, url) = server();
    let full = "exec \"$0\" \"$@\" >/dev/full 2>/dev/full";
    for (arguments, status) in [
        (&["--help"][..], 0),
        (&["-V"], 0),
        (&["--nonsense"], 2),
        (&["http://127.0.0.1:1/"], 7),
        (&["-kv", "-o", "/dev/null", "-w", "%{nonsense}", &url], 0),
        (&[&url], 23),
    ] {
        let mut command = Command::new("sh");
        command.args(["-c", full]).arg(example("fetch")).args(arguments);
        let outcome = run_command(command, b"");
        assert_eq!(outcome.status, Some(status), "{arguments:?}");
    }
}

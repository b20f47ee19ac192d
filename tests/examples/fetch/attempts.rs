//! Attempts after attempts that have failed.

use std::fs;
use std::io::Write;
use std::net::TcpListener;

use super::{fails, fetch, prints};
use crate::peer_servers::{Scripted, response};
use crate::support::program::{example, run};
use crate::support::scratch::Scratch;

/// Two more attempts, soon.
const SOON: [&str; 4] = ["--retry", "2", "--retry-delay", "0.01"];

fn gone() -> String {
    response("404 Gone", "", "gone")
}

fn fine() -> String {
    response("200 OK", "", "fine")
}

/// Content that breaks off.
fn broken() -> String {
    "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nbro".to_owned()
}

fn busy(fields: &str) -> String {
    response("503 Busy", fields, "busy")
}

/// Starts a server that answers in turn, and returns its URL, too.
fn answering(answers: &[String]) -> (Scripted, String) {
    let server = Scripted::start_in_turn(answers.to_vec());
    let url = format!("{}/", server.url);
    (server, url)
}

#[test]
fn a_server_in_trouble_is_asked_again() {
    let busy = || response("503 Busy", "Retry-After: 0\r\n", "busy");
    let answers = [busy(), busy(), response("200 OK", "", "fine")];
    let server = Scripted::start_in_turn(answers.clone());
    let url = format!("{}/", server.url);
    prints(&["--retry", "2", "--retry-delay", "0.01", "-d", "x", &url], "fine");
    assert_eq!(server.requests().len(), 3);
    let server = Scripted::start_in_turn(answers);
    let url = format!("{}/", server.url);
    prints(&["--retry", "1", "--retry-delay", "0.01", &url], "busy");
}

#[test]
fn every_failure_is_a_reason_where_that_is_said() {
    let scratch = Scratch::new();
    let file = scratch.path().join("out").display().to_string();
    for (first, status) in [(broken(), 18), (gone(), 22), ("?\r\n\r\n".to_owned(), 8)] {
        let (server, url) = answering(&[first.clone(), first.clone(), fine()]);
        let all = ["-f", "--retry-all-errors", "-o", &file, &url];
        prints(&[&SOON[..], &all].concat(), "");
        assert_eq!(fs::read_to_string(&file).unwrap(), "fine");
        assert_eq!(server.requests().len(), 3);
        for not in [&[][..], &["--retry-all-errors", "--no-retry-all-errors"]] {
            let (server, url) = answering(&[first.clone(), fine()]);
            let outcome = fetch(&[&SOON[..], not, &["-f", "-o", &file, &url]].concat());
            assert_eq!((outcome.status, server.requests().len()), (Some(status), 1));
        }
    }
    // What is no failure is none.
    let (server, url) = answering(&[gone(), fine()]);
    prints(&[&SOON[..], &["--retry-all-errors", &url]].concat(), "gone");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn attempts_are_counted_together() {
    for (answers, most) in [
        (vec![gone(), busy(""), gone(), fine()], 2),
        (vec![busy(""), broken(), String::new(), fine()], 2),
        (vec![gone(), fine()], 0),
    ] {
        let (server, url) = answering(&answers);
        let most = most.to_string();
        let all = ["--retry", &most, "--retry-delay", "0.01", "--retry-all-errors", "-f"];
        let outcome = fetch(&[&all[..], &["-o", "/dev/null", &url]].concat());
        assert_ne!(outcome.status, Some(0));
        assert_eq!(server.requests().len(), answers.len() - 1);
    }
    // So are those that go on with what has come.
    let part = |range: &str| {
        let fields = format!("Content-Range: bytes {range}/6\r\n");
        response("206 Part", &fields, "abc").replace("Length: 3", "Length: 9")
    };
    let scratch = Scratch::new();
    let file = scratch.path().join("out").display().to_string();
    let (server, url) = answering(&[broken(), busy(""), part("3-5"), fine()]);
    let outcome = fetch(&[&SOON[..], &["-C", "-", "-o", &file, &url]].concat());
    assert_eq!((outcome.status, server.requests().len()), (Some(18), 3));
}

#[test]
fn what_an_attempt_has_written_is_taken_back_from_files_alone() {
    let all = [&SOON[..], &["--retry-all-errors"]].concat();
    let scratch = Scratch::new();
    let folder = scratch.path().to_str().unwrap();
    let file = scratch.path().join("out");
    // A file that was there, and one whose name the server has chosen.
    fs::write(&file, "longer than any of the answers").unwrap();
    let (_server, url) = answering(&[broken(), fine()]);
    prints(&[&all[..], &["-o", file.to_str().unwrap(), &url]].concat(), "");
    assert_eq!(fs::read_to_string(&file).unwrap(), "fine");
    let named = "Content-Disposition: attachment; filename=plan\r\nContent-Length: ";
    let named = |answer: String| answer.replace("Content-Length: ", named);
    let (_server, url) = answering(&[named(broken()), named(fine())]);
    let command = [&all[..], &["-OJ", "--output-dir", folder, &url]].concat();
    prints(&command, "");
    assert_eq!(fs::read_to_string(scratch.path().join("plan")).unwrap(), "fine");
    // The last attempt counts, even if nothing comes of it.
    let file = file.to_str().unwrap();
    let (_server, url) = answering(&[broken(), gone()]);
    let outcome = fetch(&[&all[..], &["--retry", "1", "-f", "-o", file, &url]].concat());
    assert_eq!((outcome.status, fs::read_to_string(file).unwrap().as_str()), (Some(22), ""));
    // Who reads the standard output has read it.
    let (_server, url) = answering(&[broken(), fine()]);
    prints(&[&all[..], &[&url]].concat(), "brofine");
}

#[test]
fn what_was_there_before_stays() {
    let scratch = Scratch::new();
    let file = scratch.write("out", "abc");
    let file = file.to_str().unwrap();
    let all = [&SOON[..], &["-fi", "--retry-all-errors", "-C", "3", "-o", file]].concat();
    let part = |body: &str| {
        let fields = "Content-Range: bytes 3-5/6\r\n";
        response("206 Part", fields, "def").replace("def", body)
    };
    let (server, url) = answering(&[gone(), busy(""), part("def")]);
    prints(&[&all[..], &[&url]].concat(), "");
    assert!(server.requests().iter().all(|it| it.contains("\r\nRange: bytes=3-\r\n")));
    let there = fs::read_to_string(file).unwrap();
    assert!(there.starts_with("abcHTTP/1.1 206") && there.ends_with("\r\n\r\ndef"), "{there}");
    // Heads that were put behind it stay, too.
    let (_server, url) = answering(&[busy(""), part("def")]);
    prints(&[&all[..4], &["-i", "-C", "3", "-o", file, &url]].concat(), "");
    assert!(fs::read_to_string(file).unwrap().starts_with(&format!("{there}HTTP/1.1 503")));
    // A second part behind a first one would be no part.
    let (server, url) = answering(&[part("d"), part("def")]);
    assert_eq!(fetch(&[&all[..], &[&url]].concat()).status, Some(18));
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn attempts_have_their_time() {
    let answers = [busy(""), busy(""), fine()];
    for (time, expected) in [("0.000001", ("busy", 1)), ("3600", ("fine", 3)), ("0", ("fine", 3))] {
        let (server, url) = answering(&answers);
        let outcome = fetch(&[&SOON[..], &["--retry-max-time", time, &url]].concat());
        assert_eq!((outcome.out().as_str(), server.requests().len()), expected, "{time}");
    }
    // Nor is a wait begun that is too long.
    for (asked, time) in [(30, "20"), (601, "0")] {
        let (server, url) = answering(&[busy(&format!("Retry-After: {asked}\r\n")), fine()]);
        prints(&[&SOON[..], &["--retry-max-time", time, &url]].concat(), "busy");
        assert_eq!(server.requests().len(), 1);
    }
    // What goes on goes on within it.
    let scratch = Scratch::new();
    let file = scratch.path().join("out").display().to_string();
    let (server, url) = answering(&[broken(), fine()]);
    let command = ["--retry-max-time", "0.000001", "-C", "-", "-o", &file, &url];
    fails(&[&SOON[..], &command].concat(), 18, "");
    assert_eq!(server.requests().len(), 1);
    fails(&["--retry-max-time", "soon", &url], 2, "expected seconds after --retry-max-time");
}

#[test]
fn the_time_of_one_attempt_is_not_that_of_all() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    fails(&[&SOON[..], &["-m", "0.2", &url]].concat(), 28, "");
    // Nobody has let them in so far.
    silent.set_nonblocking(true).unwrap();
    assert_eq!(std::iter::from_fn(|| silent.accept().ok()).count(), 3);
}

#[test]
fn what_comes_from_the_standard_input_comes_once() {
    let all = [&SOON[..], &["--retry-all-errors", "-s", "-T", "-"]].concat();
    for answers in [[busy(""), fine()], [gone(), fine()], [String::new(), fine()]] {
        let (server, url) = answering(&answers);
        run(&example("fetch"), [&all[..], &["-f", "-H", "Expect:", &url]].concat(), b"input");
        assert_eq!(server.requests().len(), 1, "{answers:?}");
    }
    // Nobody has wanted to have it yet.
    let (server, url) = answering(&[busy(""), fine()]);
    let outcome = run(&example("fetch"), [&all[..], &[&url]].concat(), b"input");
    assert_eq!((outcome.out().as_str(), server.requests().len()), ("fine", 2));
}

#[test]
fn a_server_that_is_not_there_is_waited_for_where_that_is_said() {
    // Each attempt begins at a server that is there.
    let away = response("302 Found", "Location: http://127.0.0.1:1/\r\n", "");
    for (said, attempts) in
        [(&[][..], 1), (&["--retry-connrefused"], 3), (&["--retry-all-errors"], 3)]
    {
        let (server, url) = answering(&[away.clone(), away.clone(), away.clone()]);
        fails(&[&SOON[..], said, &["-L", &url]].concat(), 7, "expected a connection");
        assert_eq!(server.requests().len(), attempts, "{said:?}");
    }
}

#[test]
fn an_answer_that_is_lost_is_not_asked_for_again() {
    for lost in ["", "HTTP/1.1 2"] {
        let answers = [lost.to_owned(), fine()];
        let (server, url) = answering(&answers);
        fails(&[&SOON[..], &["-d", "x", &url]].concat(), 52, "expected ");
        assert_eq!(server.requests().len(), 1);
        let (server, url) = answering(&answers);
        prints(&[&SOON[..], &["--retry-all-errors", "-d", "x", &url]].concat(), "fine");
        assert_eq!(server.requests().len(), 2);
    }
}

#[test]
fn content_that_takes_too_long_is_asked_for_again() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    // What has come is not read, but stays where it is for as long as anybody waits.
    let server = std::thread::spawn(move || {
        let begin = || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.write_all(broken().as_bytes()).unwrap();
            stream
        };
        [begin(), begin(), begin()]
    });
    let outcome = fetch(&[&SOON[..], &["-m", "0.2", &url]].concat());
    assert_eq!((outcome.status, outcome.out().as_str()), (Some(28), "brobrobro"));
    server.join().unwrap();
}

#[test]
fn a_form_is_sent_again_as_it_was() {
    for (form, part) in [("f=@-", "filename=\"-\""), ("f=<-", "\r\n\r\ninput\r\n")] {
        let (server, url) = answering(&[busy(""), fine()]);
        let outcome = run(&example("fetch"), [&SOON[..], &["-F", form, &url]].concat(), b"input");
        assert_eq!((outcome.out().as_str(), outcome.status), ("fine", Some(0)), "{form}");
        let requests = server.requests();
        assert_eq!(requests.len(), 2, "{form}");
        for request in requests {
            assert!(request.contains(part) && request.contains("\r\ninput\r\n"), "{request}");
        }
    }
}

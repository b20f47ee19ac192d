//! Servers that may open no more files: `ulimit -n`.

use crate::support::program::{Running, example, status};
use crate::support::scratch::Scratch;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const HEAD: &[u8] = b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n";
/// What a server has open itself is about ten.
const LIMIT: usize = 40;
/// The system's queue for those who have not been accepted has more places than this leaves.
const CLIENTS: usize = 100;

/// Starts an example that may have so many files open.
fn start(name: &str, arguments: &[&str]) -> Running {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("ulimit -n {LIMIT} && exec \"$0\" --port 0 \"$@\""));
    command.arg(example(name)).args(arguments);
    Running::start(command, None)
}

fn connect(server: &Running) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", server.port)).expect("a place in the queue");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
    stream
}

fn flood(server: &Running) -> Vec<TcpStream> {
    (0..CLIENTS).map(|_| connect(server)).collect()
}

/// Returns what is answered with 200 at last. Those who have gone are let in and found gone before the next one, and while
/// they are, there may be no place for a connection or a file.
#[track_caller]
fn at_last<T>(mut ask: impl FnMut() -> (T, String)) -> (T, String) {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let (it, answer) = ask();
        if status(&answer) == 200 {
            return (it, answer);
        }
        assert!([500, 503].contains(&status(&answer)), "{answer}");
        assert!(Instant::now() < deadline, "{answer}");
    }
}

/// Sends a request, and returns the head of the answer.
#[track_caller]
fn ask(client: &mut TcpStream, request: &[u8]) -> String {
    client.write_all(request).expect("the server reads");
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        assert_eq!(client.read(&mut byte).expect("an answer"), 1, "it is closed");
        head.push(byte[0]);
    }
    String::from_utf8(head).expect("text")
}

#[test]
fn a_full_table_keeps_nobody_from_being_served_before_and_after() {
    let server = start("echo", &[]);
    let enter = || {
        let mut client = connect(&server);
        let answer = ask(&mut client, HEAD);
        (client, answer)
    };
    for _ in 0..3 {
        let mut clients: Vec<TcpStream> = (0..10).map(|_| at_last(enter).0).collect();
        let mut waiting = flood(&server);
        // Those that have a place are answered, and make room for the others when they go.
        for client in &mut clients {
            assert_eq!(status(&ask(client, HEAD)), 200);
        }
        drop(clients);
        while !waiting.is_empty() {
            let rest = waiting.split_off(waiting.len().min(10));
            for mut client in waiting {
                let answer = ask(&mut client, HEAD);
                assert!([200, 503].contains(&status(&answer)), "{answer}");
            }
            waiting = rest;
        }
        drop(flood(&server));
        at_last(|| ((), server.ask("GET", "/", "")));
    }
}

#[test]
fn a_file_that_cannot_be_opened_for_now_is_not_said_to_be_missing() {
    let files = Scratch::new();
    files.write("index.html", "here");
    let server = start("serve", &[files.path().to_str().expect("a path")]);
    let mut clients = flood(&server);
    // The server takes in as many as it can meanwhile.
    thread::sleep(Duration::from_millis(300));
    let answer = ask(clients.first_mut().expect("there are some"), GET);
    // A place may come free at just this moment.
    assert!([200, 500, 503].contains(&status(&answer)), "{answer}");
    drop(clients);
    let ((), answer) = at_last(|| ((), server.ask("GET", "/", "")));
    assert!(answer.ends_with("here"), "{answer}");
}

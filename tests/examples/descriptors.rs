//! Servers that may open no more files: `ulimit -n`.

use crate::support::program::{Running, example, status};
use crate::support::scratch::Scratch;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
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

fn flood(server: &Running) -> Vec<TcpStream> {
    let connect = |_| {
        let stream = TcpStream::connect(("127.0.0.1", server.port)).expect("a place in the queue");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        stream
    };
    (0..CLIENTS).map(connect).collect()
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
    for _ in 0..3 {
        let mut clients = flood(&server);
        // Those that have a place are answered, and make room for the others when they go.
        let mut waiting = clients.split_off(10);
        for client in &mut clients {
            assert_eq!(status(&ask(client, b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")), 200);
        }
        drop(clients);
        while !waiting.is_empty() {
            let rest = waiting.split_off(waiting.len().min(10));
            for mut client in waiting {
                let answer = ask(&mut client, b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
                assert!([200, 503].contains(&status(&answer)), "{answer}");
            }
            waiting = rest;
        }
        drop(flood(&server));
        assert_eq!(status(&server.ask("GET", "/", "")), 200);
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
    // Those who have gone are let in and found gone before the next one, and while they are, there may be no place
    // for a file.
    let deadline = Instant::now() + Duration::from_secs(10);
    let answer = loop {
        let answer = server.ask("GET", "/", "");
        if status(&answer) == 200 || Instant::now() > deadline {
            break answer;
        }
        assert!([500, 503].contains(&status(&answer)), "{answer}");
    };
    assert!(answer.ends_with("here"), "{answer}");
}

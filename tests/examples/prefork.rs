//! `prefork`.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::program::{Guard, example, run, run_command};
use crate::support::scratch::Scratch;

const PATIENCE: Duration = Duration::from_secs(30);

/// The first process, and what it and its workers say.
struct Running {
    guard: Guard,
    commands: Option<ChildStdin>,
    out: Receiver<String>,
    /// It ends when the last of the processes has ended, since all have it.
    err: Receiver<String>,
    port: u16,
}

fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (send, lines) = channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let _ = send.send(line);
        }
    });
    lines
}

impl Running {
    #[track_caller]
    fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(example("prefork"));
        command.args(["--port", "0"]).args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut guard = Guard(command.spawn().unwrap());
        let commands = guard.0.stdin.take();
        let out = lines(guard.0.stdout.take().unwrap());
        let err = lines(guard.0.stderr.take().unwrap());
        let url = out.recv_timeout(PATIENCE).expect("a URL");
        let port = url.trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap();
        Self { guard, commands, out, err, port }
    }

    /// Waits for a line that begins and ends so, and returns what is between.
    #[track_caller]
    fn wait_for(&self, start: &str, end: &str) -> String {
        let mut seen = Vec::new();
        loop {
            let Ok(line) = self.err.recv_timeout(PATIENCE) else {
                panic!("no line {start:?}..{end:?} in {seen:#?}");
            };
            let rest = line.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
            if let Some(found) = rest {
                return found.to_owned();
            }
            seen.push(line);
        }
    }

    /// Waits until so many workers serve, and returns their numbers.
    #[track_caller]
    fn ready(&self, workers: usize) -> BTreeSet<u32> {
        (0..workers).map(|_| self.wait_for("worker ", " serves").parse().unwrap()).collect()
    }

    #[track_caller]
    fn command(&mut self, command: &str) {
        self.commands.as_mut().unwrap().write_all(command.as_bytes()).unwrap();
    }

    fn connect(&self) -> std::io::Result<TcpStream> {
        let stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(stream)
    }

    /// Waits until no process is left that has the standard error.
    #[track_caller]
    fn wait_for_all(&self) {
        loop {
            match self.err.recv_timeout(PATIENCE) {
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => panic!("some process does not end"),
            }
        }
    }
}

fn request(stream: &mut TcpStream, path: &str) {
    let request = format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
}

/// Returns who answered, and what, if it is all there.
fn answer(stream: &mut TcpStream) -> Option<(u32, String)> {
    let mut response = String::new();
    stream.read_to_string(&mut response).ok()?;
    let (head, body) = response.split_once("\r\n\r\n")?;
    let len = head.lines().find_map(|line| line.strip_prefix("Content-Length: "))?;
    let complete = head.starts_with("HTTP/1.1 200 ") && len.parse() == Ok(body.len());
    let (pid, text) = body.split_once(": ")?;
    complete.then_some((pid.parse().ok()?, text.to_owned()))
}

fn ask(server: &Running, path: &str) -> Option<(u32, String)> {
    let mut stream = server.connect().ok()?;
    request(&mut stream, path);
    answer(&mut stream)
}

/// Asks for `/slow`, and returns when a worker has begun to answer.
#[track_caller]
fn begin_slow(server: &Running) -> TcpStream {
    let mut slow = server.connect().unwrap();
    request(&mut slow, "/slow");
    wait_for_slow(server);
    slow
}

/// Waits until a worker has begun to answer `/slow`, which it says.
#[track_caller]
fn wait_for_slow(server: &Running) {
    while !server.out.recv_timeout(PATIENCE).expect("a line").ends_with(" /slow") {}
}

fn kill(pid: u32) {
    let killed = Command::new("sh").args(["-c", &format!("kill -9 {pid}")]).status().unwrap();
    assert!(killed.success());
}

#[test]
fn all_workers_serve_and_print_through_the_first_process() {
    let server = Running::start(&["--workers", "3"]);
    let workers = server.ready(3);
    let mut seen = BTreeSet::new();
    let mut answers = 0;
    while seen.len() < 3 {
        let (pid, text) = ask(&server, "/hello").expect("an answer");
        assert!(workers.contains(&pid) && text == "hello\n");
        let printed = server.out.recv_timeout(PATIENCE).expect("a line");
        assert_eq!(printed, format!("{pid} /hello"));
        seen.insert(pid);
        answers += 1;
        assert!(answers < 2000, "only {seen:?} of {workers:?} answer");
    }
    assert!(!workers.contains(&server.guard.0.id()));
}

#[test]
fn workers_that_are_killed_are_replaced() {
    let server = Running::start(&["--workers", "2"]);
    let mut workers = server.ready(2);
    for _ in 0..3 {
        let victim = *workers.first().unwrap();
        kill(victim);
        server.wait_for(&format!("worker {victim} ended, signal: 9"), " (SIGKILL)");
        workers.remove(&victim);
        workers.extend(server.ready(1));
        assert!(workers.len() == 2 && !workers.contains(&victim));
        let (pid, _) = ask(&server, "/").expect("an answer");
        assert!(workers.contains(&pid));
    }
}

#[test]
fn the_end_of_its_input_lets_workers_finish() {
    let mut server = Running::start(&["--workers", "2"]);
    let workers = server.ready(2);
    let mut idle = server.connect().unwrap();
    idle.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    assert_ne!(idle.read(&mut [0; 1000]).unwrap(), 0);
    let printed = server.out.recv_timeout(PATIENCE).expect("a line");
    assert!(printed.ends_with(" /"), "{printed}");
    let mut slow = begin_slow(&server);
    drop(server.commands.take());
    let (pid, _) = answer(&mut slow).expect("the whole answer");
    assert!(workers.contains(&pid));
    assert_eq!(idle.read(&mut [0; 1000]).unwrap(), 0, "a connection at rest is closed");
    for _ in 0..2 {
        server.wait_for("worker ", " ended, exit status: 0");
    }
    server.wait_for_all();
    assert!(server.guard.0.wait().unwrap().success());
    assert!(server.connect().is_err());
}

#[test]
fn workers_whose_parent_is_killed_finish_and_end() {
    let mut server = Running::start(&["--workers", "2"]);
    server.ready(2);
    let mut slow = server.connect().unwrap();
    request(&mut slow, "/slow");
    wait_for_slow(&server);
    server.guard.0.kill().unwrap();
    server.guard.0.wait().unwrap();
    answer(&mut slow).expect("the whole answer");
    server.wait_for_all();
    TcpListener::bind(("127.0.0.1", server.port)).expect("the port is free");
}

/// Says that it is over when it goes out of scope, however that comes.
struct Stopping<'a>(&'a AtomicBool);

impl Drop for Stopping<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[test]
fn a_restart_loses_no_connection() {
    let scratch = Scratch::new();
    let file = scratch.write("text", "one");
    let mut server = Running::start(&["--workers", "2", file.to_str().unwrap()]);
    let old = server.ready(2);
    let (stop, lost) = (AtomicBool::new(false), AtomicUsize::new(0));
    let port = server.port;
    let (told, answers) = channel();
    thread::scope(|scope| {
        // The clients stop, however this ends.
        let stopping = Stopping(&stop);
        for _ in 0..4 {
            let (told, stop, lost) = (told.clone(), &stop, &lost);
            scope.spawn(move || {
                while !stop.load(Ordering::SeqCst) {
                    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
                    stream.set_read_timeout(Some(PATIENCE)).unwrap();
                    request(&mut stream, "/");
                    match answer(&mut stream) {
                        Some(answer) => told.send(answer).unwrap(),
                        None => drop(lost.fetch_add(1, Ordering::SeqCst)),
                    }
                }
            });
        }
        scratch.write("text", "two");
        let mut seen = BTreeSet::new();
        for _ in 0..3 {
            server.command("restart\n");
            server.wait_for("restarted", "");
            // Somebody new answers, and knows what is in the file now.
            let mut is_new = |(pid, text): &(u32, String)| {
                assert_eq!(text == "one", old.contains(pid), "{pid} {text}");
                !old.contains(pid) && seen.insert(*pid)
            };
            let deadline = Instant::now() + PATIENCE;
            let found = std::iter::repeat_with(|| answers.recv_timeout(PATIENCE).unwrap())
                .take_while(|_| Instant::now() < deadline)
                .any(|answer| is_new(&answer));
            assert!(found, "only {old:?} answer");
        }
        drop(stopping);
    });
    assert_eq!(lost.load(Ordering::SeqCst), 0);
    let (pid, text) = ask(&server, "/").expect("an answer");
    assert!(!old.contains(&pid) && text == "two");
}

#[test]
fn a_restart_that_fails_leaves_the_old_workers() {
    let scratch = Scratch::new();
    let file = scratch.write("text", "one");
    let mut server = Running::start(&["--workers", "2", file.to_str().unwrap()]);
    let old = server.ready(2);
    std::fs::remove_file(&file).unwrap();
    server.command("restart\n");
    let why = server.wait_for("not restarted, ", "");
    assert_eq!(why, "expected a worker that serves, found one that ended, exit status: 1");
    let (pid, text) = ask(&server, "/").expect("an answer");
    assert!(old.contains(&pid) && text == "one");
    // Nor does it stop anybody from trying again.
    scratch.write("text", "two");
    server.command("restart\n");
    server.wait_for("restarted", "");
    assert_eq!(ask(&server, "/").expect("an answer").1, "two");
}

#[test]
fn gives_up_if_the_first_workers_do_not_serve() {
    let mut server = Running::start(&["no such file"]);
    let why = server.wait_for("prefork: expected a worker that serves, found one that ended", "");
    assert_eq!(why, ", exit status: 1");
    assert_eq!(server.guard.0.wait().unwrap().code(), Some(1));
    server.wait_for_all();
}

#[test]
fn is_nobodys_worker_by_accident() {
    let mut command = Command::new(example("prefork"));
    command.args(["--port", "0"]).env("NETHTTP_PREFORK_PARENT", "1000000000");
    let outcome = run_command(command, b"");
    assert_eq!(outcome.status, Some(1));
    let why =
        "prefork: expected process 1000000000 as parent, as NETHTTP_PREFORK_PARENT says, found ";
    assert!(outcome.err().starts_with(why), "{}", outcome.err());
}

#[test]
fn bad_arguments_are_one_line_and_status_2() {
    for (arguments, expected) in [
        (&["--port", "x"][..], "expected a port from 0 to 65535 after --port"),
        (&["--bind"], "expected a value after --bind"),
        (&["--workers", "0"], "expected a number from 1 to 1000 after --workers"),
        (&["a", "b"], "unknown argument \"b\""),
        (&["--what"], "unknown argument \"--what\""),
    ] {
        let outcome = run(&example("prefork"), arguments, b"");
        assert_eq!(outcome.err(), format!("prefork: {expected}; try --help\n"));
        assert_eq!(outcome.status, Some(2));
    }
}

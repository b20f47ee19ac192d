//! What others' code does amiss, and what is told at the worst moment: nothing is lost by it.

use super::{Client, GET, PATIENCE, Running, UNHURRIED, millis, statuses, until, until_draining};
use nethttp::server::{Accepted, Handler, Listener, Socket, Threads, Timeouts, Transport};
use nethttp::{Request, Server};
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

fn ok(_: &mut Request) -> &'static str {
    "ok"
}

/// Fails in every function in turn, as long as it is told to.
struct Bomb(Socket, &'static str, Arc<AtomicBool>);

impl Bomb {
    fn at(&self, place: &str) {
        assert!(self.1 != place || !self.2.load(Ordering::SeqCst), "on purpose, in {place}");
    }
}

impl Read for Bomb {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.at("read");
        self.0.read(buf)
    }
}

impl Write for Bomb {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.at("write");
        self.0.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.at("flush");
        Ok(())
    }
}

impl Transport for Bomb {
    fn finish(&mut self) -> io::Result<()> {
        self.at("finish");
        Ok(())
    }

    fn has_buffered(&self) -> bool {
        self.at("has_buffered");
        false
    }
}

impl Drop for Bomb {
    fn drop(&mut self) {
        if !thread::panicking() {
            self.at("drop");
        }
    }
}

/// A server survives more accidents than it has threads, and serves then.
#[track_caller]
fn survives(what: &str, armed: &Arc<AtomicBool>, server: Server) {
    // Nothing comes right by itself while the test waits.
    let server = Running::spawn(server.threads(Threads::DEFAULT.max(4)).timeouts(UNHURRIED), ok);
    for _ in 0..20 {
        let mut client = server.connect();
        let _ = client.0.write_all(GET);
        client.finish();
        client.rest();
    }
    armed.store(false, Ordering::SeqCst);
    for _ in 0..10 {
        assert_eq!(statuses(&server.exchange(GET)), [200], "after panics in {what}");
    }
    let lost = format!("places are lost by panics in {what}");
    until(&lost, || server.handle().connections() == 0);
}

#[test]
fn panics_in_a_transport_cost_no_thread() {
    for place in ["make", "read", "write", "flush", "finish", "has_buffered", "drop"] {
        let armed = Arc::new(AtomicBool::new(true));
        let flag = Arc::clone(&armed);
        let server = Running::bind().transport(move |socket| {
            let bomb = Bomb(socket, place, Arc::clone(&flag));
            bomb.at("make");
            Ok(bomb)
        });
        survives(place, &armed, server);
    }
}

#[test]
fn panics_in_a_filter_cost_no_thread() {
    let armed = Arc::new(AtomicBool::new(true));
    let flag = Arc::clone(&armed);
    let server = Running::bind().filter(move |_| {
        assert!(!flag.load(Ordering::SeqCst), "on purpose");
        true
    });
    survives("a filter", &armed, server);
}

#[test]
fn panics_in_an_executor_cost_no_thread() {
    let armed = Arc::new(AtomicBool::new(true));
    let flag = Arc::clone(&armed);
    let server = Running::bind().executor(move |connection: Accepted| {
        assert!(!flag.load(Ordering::SeqCst), "on purpose");
        connection.serve();
    });
    survives("an executor", &armed, server);
}

/// Ends a server on which nothing happens.
fn end(mut server: Running) {
    let drained = server.0.take().expect("it runs").shutdown(Duration::from_secs(10));
    assert_eq!(drained.aborted, 0);
}

#[test]
fn threads_that_wait_for_something_to_do_end_with_the_server() {
    let crowded = Threads::DEFAULT.max(3).accepting(1).linger(Duration::from_secs(600));
    let handler = Arc::new(());
    let here = Arc::downgrade(&handler);
    let server = Running::spawn(Running::bind().threads(crowded), move |_: &mut Request| {
        let _ = &handler;
    });
    let mut clients: Vec<Client> = (0..8).map(|_| server.connect()).collect();
    for client in &mut clients {
        client.send(GET);
        client.response();
    }
    // One of them has a thread.
    until("the others are parked", || server.handle().metrics().parked == 7);
    end(server);
    until("no thread is left that has the handler", || here.upgrade().is_none());
}

#[test]
fn two_listeners_and_three_threads_starve_nobody() {
    let second = TcpListener::bind("127.0.0.1:0").expect("a port");
    let few = Threads::DEFAULT.max(3).accepting(1);
    let server = Running::spawn(Running::bind().listen(second).threads(few), ok);
    for _ in 0..20 {
        for addr in server.handle().addrs() {
            let mut client = Client(TcpStream::connect(addr).expect("a connection"));
            client.0.set_read_timeout(Some(PATIENCE)).expect("a timeout");
            client.send(GET);
            assert!(client.response().ends_with("ok"));
        }
    }
}

/// Shuts a listener down, as another process could that has it, too.
#[cfg(target_os = "linux")]
fn kill(listener: &TcpListener) {
    let view = std::os::fd::OwnedFd::from(listener.try_clone().expect("a descriptor"));
    TcpStream::from(view).shutdown(std::net::Shutdown::Both).expect("a listener");
}

#[cfg(target_os = "linux")]
#[test]
fn a_listener_that_is_dead_costs_the_others_no_thread() {
    let dead = TcpListener::bind("127.0.0.1:0").expect("a port");
    let also = TcpListener::bind("127.0.0.1:0").expect("a port");
    kill(&dead);
    let seen = Arc::new(Mutex::new(std::collections::HashSet::new()));
    let note = Arc::clone(&seen);
    let server = Server::from_listener(dead).listen(also);
    let server = Running::spawn(server, move |_: &mut Request| {
        note.lock().expect("no panic").insert(thread::current().id());
    });
    let alive = server.handle().addrs()[1];
    for _ in 0..100 {
        let mut client = Client(TcpStream::connect(alive).expect("a connection"));
        client.send(GET);
        client.finish();
        assert_eq!(statuses(&client.rest()), [204]);
        until("it is gone", || server.handle().connections() == 0);
    }
    let seen = seen.lock().expect("no panic").len();
    assert!(seen < 50, "{seen} threads have served 100 connections, one after the other");
}

#[cfg(target_os = "linux")]
#[test]
fn a_server_ends_with_its_listener_though_connections_have_been_parked() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let addr = listener.local_addr().expect("an address");
    let same = listener.try_clone().expect("a descriptor");
    let few = Threads::DEFAULT.max(3).accepting(1).linger(millis(50));
    let handle = Server::from_listener(listener).threads(few).spawn(ok).expect("a thread");
    let connect = |_| {
        let mut client = Client(TcpStream::connect(addr).expect("a connection"));
        client.send(GET);
        client.response();
        client
    };
    let clients: Vec<Client> = (0..8).map(connect).collect();
    until("most are parked", || handle.metrics().parked > 5);
    drop(clients);
    until("all are gone", || handle.connections() == 0);
    kill(&same);
    let (ended, wait) = mpsc::channel();
    thread::spawn(move || {
        handle.wait();
        let _ = ended.send(());
    });
    wait.recv_timeout(PATIENCE).expect("it waits for nobody");
}

/// Runs a test of this program once more, in a process that may have so much memory; returns whether this is the first process.
#[cfg(target_os = "linux")]
#[track_caller]
fn again_within(kilobytes: u32, name: &str) -> bool {
    const AGAIN: &str = "NETHTTP_TEST_AGAIN";
    if std::env::var_os(AGAIN).is_some() {
        return false;
    }
    let mut command = std::process::Command::new("sh");
    command.arg("-c").arg(format!("ulimit -v {kilobytes} && exec \"$0\" \"$@\""));
    command.arg(std::env::current_exe().expect("a path")).args(["--exact", name]);
    let output = command.env(AGAIN, "").output().expect("a process");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    true
}

#[cfg(target_os = "linux")]
#[test]
fn a_server_serves_with_the_threads_that_the_system_lets_it_have() {
    const NAME: &str = "accidents::a_server_serves_with_the_threads_that_the_system_lets_it_have";
    if again_within(8 << 20, NAME) {
        return;
    }
    let threads = Threads::DEFAULT.stack(1 << 30);
    let server = Running::spawn(Running::bind().threads(threads), ok);
    let mut clients: Vec<Client> = Vec::new();
    for round in 0..3 {
        clients.extend((0..8).map(|_| server.connect()));
        for (at, client) in clients.iter_mut().enumerate() {
            client.send(GET);
            assert!(client.response().ends_with("ok"), "{at} in round {round}");
        }
    }
    let metrics = server.handle().metrics();
    assert!(metrics.threads < 9, "it may have as many as it likes: {metrics:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn who_asks_without_a_pause_leaves_threads_to_others_when_there_are_no_more() {
    const NAME: &str =
        "accidents::who_asks_without_a_pause_leaves_threads_to_others_when_there_are_no_more";
    if again_within(8 << 20, NAME) {
        return;
    }
    let threads = Threads::DEFAULT.stack(1 << 30);
    let server = Running::spawn(Running::bind().threads(threads), ok);
    let mut greedy: Vec<Client> = (0..16).map(|_| server.connect()).collect();
    let is_over = &AtomicBool::new(false);
    thread::scope(|scope| {
        for client in &mut greedy {
            // No place is left for the stacks of more.
            let ask = move || {
                while !is_over.load(Ordering::SeqCst) {
                    client.send(GET);
                    client.response();
                }
            };
            let small = thread::Builder::new().stack_size(128 << 10);
            small.spawn_scoped(scope, ask).expect("a small thread");
        }
        until("all are asking", || server.handle().metrics().requests > 1000);
        let mut other = server.connect();
        other.0.set_read_timeout(Some(PATIENCE / 2)).expect("a timeout");
        other.send(GET);
        let read = other.0.read(&mut [0; 64]);
        is_over.store(true, Ordering::SeqCst);
        assert!(read.is_ok_and(|len| len > 0), "{:?}", server.handle().metrics());
    });
}

#[cfg(target_os = "linux")]
#[test]
fn a_server_with_one_thread_serves_and_lets_in_by_turns() {
    const NAME: &str = "accidents::a_server_with_one_thread_serves_and_lets_in_by_turns";
    if again_within(7 << 18, NAME) {
        return;
    }
    let threads = Threads::DEFAULT.stack(1 << 30);
    let server = Running::spawn(Running::bind().threads(threads), ok);
    let mut clients: Vec<Client> = Vec::new();
    let began = Instant::now();
    for round in 0..3 {
        clients.extend((0..3).map(|_| server.connect()));
        for (at, client) in clients.iter_mut().enumerate() {
            client.send(GET);
            assert!(client.response().ends_with("ok"), "{at} in round {round}");
        }
    }
    assert_eq!(server.handle().metrics().threads, 1);
    // One wait of a thread at a listener is as long as half of that.
    assert!(began.elapsed() < PATIENCE, "{:?}", began.elapsed());
}

/// Runs a server with what ends it, and returns whether it has ended in time, as `run` sees it.
fn runs_out(
    server: Server,
    timeout: Duration,
    handler: impl Handler + 'static,
    meanwhile: impl FnOnce(),
) -> bool {
    let (stopped, stop) = io::pipe().expect("a pipe");
    let server = server.shutdown_at_end_of(stopped, timeout);
    let (ended, wait) = mpsc::channel();
    thread::spawn(move || ended.send(server.run(handler).is_ok()));
    meanwhile();
    drop(stop);
    wait.recv_timeout(PATIENCE).is_ok_and(|it| it)
}

#[test]
fn whichever_reader_ends_first_ends_the_server() {
    for ends_first in [true, false] {
        let (never, _still_open) = io::pipe().expect("a pipe");
        let (now, _) = io::pipe().expect("a pipe");
        let (first, second) = if ends_first { (now, never) } else { (never, now) };
        let server = Running::bind().shutdown_at_end_of(first, millis(500));
        let server = server.shutdown_at_end_of(second, millis(500));
        let (ended, wait) = mpsc::channel();
        thread::spawn(move || ended.send(server.run(ok).is_ok()));
        assert_eq!(wait.recv_timeout(PATIENCE), Ok(true), "the first one: {ends_first}");
    }
}

/// Panics when it is read, or else when it is dropped.
struct Panics(bool);

impl Read for Panics {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        assert!(!self.0, "on purpose");
        Ok(0)
    }
}

impl Drop for Panics {
    fn drop(&mut self) {
        assert!(self.0, "on purpose");
    }
}

#[test]
fn a_reader_that_panics_ends_the_server_like_one_that_fails() {
    for at_once in [true, false] {
        let server = Running::bind().shutdown_at_end_of(Panics(at_once), millis(500));
        let (ended, wait) = mpsc::channel();
        thread::spawn(move || ended.send(server.run(ok).is_ok()));
        assert_eq!(wait.recv_timeout(PATIENCE), Ok(true), "nobody can end it any more");
    }
}

#[test]
fn a_reader_that_never_ends_keeps_nothing_of_a_server_that_has() {
    let (never, _still_open) = io::pipe().expect("a pipe");
    let handler = Arc::new(());
    let here = Arc::downgrade(&handler);
    let server = Running::bind().shutdown_at_end_of(never, PATIENCE);
    end(Running::spawn(server, move |_: &mut Request| {
        let _ = &handler;
    }));
    until("nothing is left that has the handler", || here.upgrade().is_none());
}

#[test]
fn a_handler_that_hangs_does_not_keep_run_from_returning() {
    let server = Running::bind();
    let addr = server.local_addr().expect("an address");
    let (is_here, arrived) = mpsc::channel();
    let (_hold, held) = mpsc::channel::<()>();
    let (is_here, held) = (Mutex::new(is_here), Mutex::new(held));
    let hang = move |_: &mut Request| {
        let _ = is_here.lock().expect("no panic").send(());
        let _ = held.lock().expect("no panic").recv();
    };
    let ask = || {
        let mut client = Client(TcpStream::connect(addr).expect("a connection"));
        client.send(GET);
        arrived.recv_timeout(PATIENCE).expect("a request");
    };
    assert!(runs_out(server, millis(500), hang, ask), "run does not return");
}

#[test]
fn run_does_not_return_before_what_an_executor_serves_has_ended() {
    let executor = |connection: Accepted| drop(thread::spawn(|| connection.serve()));
    let server = Running::bind().executor(executor);
    let addr = server.local_addr().expect("an address");
    let (is_here, arrived) = mpsc::channel();
    let is_here = Mutex::new(is_here);
    let has_ended = Arc::new(AtomicBool::new(false));
    let ended = Arc::clone(&has_ended);
    let slow = move |request: &mut Request| {
        let _ = is_here.lock().expect("no panic").send(());
        until_draining(request);
        // Whoever does not wait for it is through by then.
        thread::sleep(millis(200));
        ended.store(true, Ordering::SeqCst);
    };
    let ask = || {
        let mut client = Client(TcpStream::connect(addr).expect("a connection"));
        client.send(GET);
        arrived.recv_timeout(PATIENCE).expect("a request");
        thread::spawn(move || client.rest());
    };
    assert!(runs_out(server, PATIENCE, slow, ask), "run does not return");
    assert!(has_ended.load(Ordering::SeqCst), "run has returned before the answer");
}

#[test]
fn a_server_that_cannot_have_a_thread_is_none() {
    for server in [Running::bind(), Running::bind().executor(Accepted::serve)] {
        let addr = server.local_addr().expect("an address");
        let server = server.threads(Threads::DEFAULT.stack(usize::MAX / 4));
        assert!(server.spawn(ok).is_err());
        assert!(TcpStream::connect(addr).is_err(), "somebody listens");
    }
}

#[test]
fn whoever_was_let_in_at_a_shared_listener_is_answered_parked_or_not() {
    for requests_come_first in [true, false] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let few = Threads::DEFAULT.max(3).accepting(1);
        let server = Server::from_listener(Listener::from(listener).shared()).threads(few);
        let server = Running::spawn(server, |_: &mut Request| {
            thread::sleep(millis(30));
            "ok"
        });
        let mut clients: Vec<Client> = (0..20).map(|_| server.connect()).collect();
        if requests_come_first {
            clients.iter_mut().for_each(|client| client.send(GET));
        }
        until("all are let in", || server.handle().connections() == 20);
        until("most are parked or wait for a thread", || server.handle().metrics().parked > 10);
        let ending = thread::spawn(|| end(server));
        thread::sleep(millis(50));
        if !requests_come_first {
            clients.iter_mut().for_each(|client| client.send(GET));
        }
        for client in &mut clients {
            assert_eq!(statuses(&client.rest()), [200], "{requests_come_first}");
        }
        ending.join().expect("no panic");
    }
}

/// Starts a server that says which request is here, and answers none before it is told to go on, by an end.
fn holding(server: Server) -> (Running, mpsc::Receiver<()>, mpsc::Sender<()>) {
    let (is_here, arrived) = mpsc::channel();
    let (go_on, held) = mpsc::channel::<()>();
    let (is_here, held) = (Mutex::new(is_here), Mutex::new(held));
    let server = Running::spawn(server, move |_: &mut Request| {
        let _ = is_here.lock().expect("no panic").send(());
        let _ = held.lock().expect("no panic").recv();
        "ok"
    });
    (server, arrived, go_on)
}

#[test]
fn a_request_that_waits_for_a_thread_is_answered_by_a_server_that_ends() {
    let few = Threads::DEFAULT.max(2).accepting(1);
    let (server, arrived, go_on) = holding(Running::bind().threads(few));
    let mut first = server.connect();
    first.send(GET);
    arrived.recv_timeout(PATIENCE).expect("a request");
    let mut second = server.connect();
    second.send(GET);
    until("somebody looks after it", || server.handle().metrics().threads == 3);
    until("it waits for a thread", || server.handle().metrics().parked == 0);
    let ending = thread::spawn(|| end(server));
    thread::sleep(millis(50));
    drop(go_on);
    assert_eq!(statuses(&first.rest()), [200]);
    assert_eq!(statuses(&second.rest()), [200]);
    ending.join().expect("no panic");
}

#[test]
fn a_head_that_came_in_time_is_not_late_because_no_thread_was_free() {
    let few = Threads::DEFAULT.max(2).accepting(1);
    let deadline = millis(300);
    let server = Running::bind().threads(few).timeouts(Timeouts::DEFAULT.head(deadline));
    let (server, arrived, go_on) = holding(server);
    let mut first = server.prompt(GET, deadline);
    arrived.recv_timeout(PATIENCE).expect("a request");
    let head = format!("GET / HTTP/1.1\r\nHost: a\r\nA: {}\r\n\r\n", "a".repeat(2000));
    let mut second = server.prompt(head.as_bytes(), deadline);
    thread::sleep(deadline * 2);
    drop(go_on);
    assert!(first.response().ends_with("ok"));
    assert_eq!(statuses(&second.response()), [200]);
}

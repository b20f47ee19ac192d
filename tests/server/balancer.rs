//! Two replicas behind HAProxy, which are restarted one after the other under load.

use super::support::peers::find;
use super::support::program::{Guard, free_port, run};
use super::support::scratch::Scratch;
use super::{Client, GET, PATIENCE, millis, statuses, until};
use nethttp::server::Health;
use nethttp::{Request, Response, Server, ServerHandle, StatusCode};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Twice as long as the balancer needs to see a change.
const NOTICE: Duration = millis(500);

fn replica(port: u16) -> ServerHandle {
    use nethttp::server::Handler;
    let server = Server::bind(("127.0.0.1", port)).expect("the port");
    let app = |request: &mut Request| match request.path() {
        "/healthz" => Health.handle(request),
        _ => Response::new(StatusCode::OK).with_body("hello"),
    };
    server.spawn(app).expect("a thread")
}

/// As an operator would: first the balancer is told, then what is under way finishes, then comes the next one.
#[track_caller]
fn restart(replica_of: ServerHandle) -> ServerHandle {
    let port = replica_of.addr().port();
    replica_of.drain();
    thread::sleep(NOTICE);
    let drained = replica_of.shutdown(PATIENCE);
    assert_eq!(drained.aborted, 0);
    let next = replica(port);
    // The balancer asks when it comes to it; what it asks itself is a few requests only.
    until("the balancer sees it", || next.metrics().requests > 100);
    next
}

#[test]
fn replicas_are_restarted_under_load_without_a_failed_request() {
    let (Some(haproxy), Some(wrk)) = (find("haproxy"), find("wrk")) else { return };
    let (first, second) = (replica(0), replica(0));
    let port = free_port();
    let scratch = Scratch::new();
    let config = format!(
        "defaults\n mode http\n timeout connect 5s\n timeout client 30s\n timeout server 30s\n \
         retries 3\n option redispatch\n retry-on conn-failure empty-response\n\
         frontend f\n bind 127.0.0.1:{port}\n default_backend b\n\
         backend b\n balance roundrobin\n option httpchk GET /healthz\n \
         default-server check inter 100ms fall 1 rise 1\n server a {}\n server b {}\n",
        first.addr(),
        second.addr()
    );
    let path = scratch.write("haproxy.cfg", config);
    let mut command = Command::new(haproxy);
    command.arg("-db").arg("-f").arg(path).stdout(Stdio::null()).stderr(Stdio::null());
    let _haproxy = Guard(command.spawn().expect("haproxy"));
    let began = Instant::now();
    while !serves(port) {
        assert!(began.elapsed() < PATIENCE, "haproxy does not serve");
        thread::sleep(millis(20));
    }
    thread::sleep(NOTICE);

    let url = format!("http://127.0.0.1:{port}/");
    let load =
        thread::spawn(move || run(&wrk, ["-t1", "-c16", "-d4s", "--timeout", "10s", &url], b""));
    thread::sleep(millis(300));
    let first = restart(first);
    let second = restart(second);
    let report = load.join().expect("no panic").out();
    assert!(report.contains("requests in"), "{report}");
    assert!(!report.contains("Non-2xx") && !report.contains("Socket errors"), "{report}");
    // Each of them has had its part, after its restart too.
    for replica in [first, second] {
        assert!(replica.metrics().requests > 100, "{:?}", replica.metrics());
        replica.shutdown(PATIENCE);
    }
}

/// Whether a request comes through.
fn serves(port: u16) -> bool {
    let Ok(stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    let mut client = Client(stream);
    client.send(GET);
    client.finish();
    statuses(&client.rest()) == [200]
}

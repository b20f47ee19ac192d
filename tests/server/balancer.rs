//! Two replicas behind HAProxy, which are restarted one after the other under load.

use super::support::peers::find;
use super::support::program::{Guard, free_port};
use super::support::scratch::Scratch;
use super::{Client, PATIENCE, statuses, until};
use nethttp::server::{Handler, Health};
use nethttp::{Request, Response, Server, ServerHandle, StatusCode};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};

fn app(request: &mut Request) -> Response {
    match request.path() {
        "/healthz" => Health.handle(request),
        _ => Response::new(StatusCode::OK).with_body("hello"),
    }
}

fn replica(port: u16) -> ServerHandle {
    let server = Server::bind(("127.0.0.1", port)).expect("the port");
    server.spawn(app).expect("a thread")
}

/// The load balancer, as its clients and its operator see it.
struct Balancer {
    guard: Guard,
    port: u16,
}

impl Balancer {
    /// Starts one for two replicas. The port that was free may be taken meanwhile; then another one is tried.
    #[track_caller]
    fn start(haproxy: &Path, scratch: &Scratch, replicas: [SocketAddr; 2]) -> Self {
        let [a, b] = replicas;
        for _ in 0..5 {
            let port = free_port();
            let config = format!(
                "defaults\n mode http\n timeout connect 5s\n timeout client 30s\n timeout server 30s\n \
                 timeout check 10s\n retries 3\n option redispatch\n \
                 retry-on conn-failure empty-response\n\
                 frontend f\n bind 127.0.0.1:{port}\n stats enable\n stats uri /report\n \
                 default_backend b\n\
                 backend b\n balance roundrobin\n option httpchk GET /healthz\n \
                 default-server check inter 300ms fall 2 rise 1\n server a {a}\n server b {b}\n"
            );
            let path = scratch.write("haproxy.cfg", config);
            let mut command = Command::new(haproxy);
            command.arg("-db").arg("-f").arg(path).stdout(Stdio::null()).stderr(Stdio::null());
            let mut balancer = Self { guard: Guard(command.spawn().expect("haproxy")), port };
            let mut serves = false;
            until("haproxy serves or has ended", || {
                serves = statuses(&balancer.ask("/").unwrap_or_default()) == [200];
                serves || balancer.guard.0.try_wait().expect("a child").is_some()
            });
            if serves {
                return balancer;
            }
        }
        panic!("haproxy does not start");
    }

    fn ask(&self, target: &str) -> Option<String> {
        let mut client = Client(TcpStream::connect(("127.0.0.1", self.port)).ok()?);
        client.0.set_read_timeout(Some(PATIENCE)).ok()?;
        let request = format!("GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        client.0.write_all(request.as_bytes()).ok()?;
        Some(client.rest())
    }

    /// Whether it sends requests to that replica.
    fn uses(&self, replica: &str) -> bool {
        let report = self.ask("/report;csv").expect("a report");
        let line = report.lines().find(|line| line.starts_with(&format!("b,{replica},")));
        line.and_then(|line| line.split(',').nth(17)).expect("a state").starts_with("UP")
    }

    /// As an operator would: first the balancer is told, then what is under way finishes, then comes the next one.
    #[track_caller]
    fn restart(&self, name: &str, replica_of: ServerHandle) -> ServerHandle {
        let port = replica_of.addr().port();
        replica_of.drain();
        until("the balancer sees that it goes", || !self.uses(name));
        let drained = replica_of.shutdown(PATIENCE);
        assert_eq!(drained.aborted, 0);
        let next = replica(port);
        until("the balancer sees that it is there", || self.uses(name));
        has_its_part(&next);
        next
    }
}

/// Waits until a replica has had more requests than those of the balancer itself.
#[track_caller]
fn has_its_part(replica: &ServerHandle) {
    until("it has its part of the load", || replica.metrics().requests > 200);
}

#[test]
fn replicas_are_restarted_under_load_without_a_failed_request() {
    let (Some(haproxy), Some(wrk)) = (find("haproxy"), find("wrk")) else { return };
    let (first, second) = (replica(0), replica(0));
    let scratch = Scratch::new();
    let balancer = Balancer::start(&haproxy, &scratch, [first.addr(), second.addr()]);

    let url = format!("http://127.0.0.1:{}/", balancer.port);
    let mut command = Command::new(wrk);
    command.args(["-t1", "-c16", "-d600s", "--timeout", "60s", &url]);
    let mut load = Guard(command.stdout(Stdio::piped()).spawn().expect("wrk"));
    has_its_part(&first);
    let first = balancer.restart("a", first);
    let second = balancer.restart("b", second);
    // It is asked to end by itself, and reports then.
    let interrupt = format!("kill -INT {}", load.0.id());
    assert!(Command::new("sh").args(["-c", &interrupt]).status().expect("a shell").success());
    let mut report = String::new();
    let mut out = load.0.stdout.take().expect("a pipe");
    out.read_to_string(&mut report).expect("a report");
    assert!(report.contains("requests in"), "{report}");
    assert!(!report.contains("Non-2xx") && !report.contains("Socket errors"), "{report}");
    for replica in [first, second] {
        replica.shutdown(PATIENCE);
    }
}

//! Threads, parking, and who is let in.

use super::{
    Client, GET, PATIENCE, Running, UNHURRIED, may_open, millis, statuses, until, until_draining,
};
use nethttp::server::{Accepted, Connection, Limits, Metrics, Overload, Threads, Timeouts};
use nethttp::{Request, Server};
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// A server with so few threads that nearly everything has to be parked.
fn crowded(server: Server) -> Server {
    server.threads(Threads::DEFAULT.max(4).accepting(1))
}

fn ok(_: &mut Request) -> &'static str {
    "ok"
}

#[test]
fn many_idle_connections_need_few_threads() {
    if !may_open(400) {
        return;
    }
    let server = Running::spawn(crowded(Running::bind()).timeouts(UNHURRIED), ok);
    let mut clients = server.crowd(200);
    for round in 0..3 {
        for client in &mut clients {
            client.send(GET);
        }
        for client in &mut clients {
            assert!(client.response().ends_with("ok"), "round {round}");
        }
    }
    assert_eq!(server.handle().connections(), 200);
    until("they are parked", || server.handle().metrics().parked >= 190);
    // One more looks after those that are parked. Threads and answers are counted a moment later.
    until("few threads are left", || server.handle().metrics().threads <= 5);
    until("all are answered", || server.handle().metrics().requests == 600);
    assert_eq!(statuses(&server.exchange(GET)), [200]);
}

#[test]
fn threads_that_are_free_again_wait_with_their_connections() {
    let server = Running::spawn(crowded(Running::bind()), ok);
    for _ in 0..20 {
        assert_eq!(statuses(&server.exchange(GET)), [200]);
    }
    // That a thread is free again cannot be seen, and is so a moment after its connection has ended.
    until("a thread waits with its connection", || {
        until("all are gone", || server.handle().connections() == 0);
        let mut client = server.connect();
        client.send(GET);
        client.response();
        // Longer than a thread waits that may not.
        thread::sleep(millis(300));
        server.handle().metrics().parked == 0
    });
}

#[test]
fn parked_connections_end_with_their_client_and_with_their_time() {
    let timeouts = Timeouts::DEFAULT.idle(millis(600));
    let server = Running::spawn(crowded(Running::bind()).timeouts(timeouts), ok);
    let mut clients: Vec<Client> = (0..20).map(|_| server.connect()).collect();
    for client in &mut clients {
        client.send(GET);
        client.response();
    }
    clients.truncate(10);
    until("the others are gone", || server.handle().connections() <= 10);
    assert!(clients.iter_mut().all(Client::is_closed));
    until("all are gone", || server.handle().connections() == 0);
    until("none is parked", || server.handle().metrics().parked == 0);
}

#[test]
fn slow_heads_do_not_keep_a_good_client_waiting() {
    if !may_open(264) {
        return;
    }
    // Longer than all that comes before it takes, on a busy machine, too.
    let timeouts = Timeouts::DEFAULT.head(millis(6000));
    let server = Running::spawn(crowded(Running::bind()).timeouts(timeouts), ok);
    // 33 for each thread.
    let mut attackers = server.crowd(132);
    for attacker in &mut attackers {
        attacker.send(b"GET / HTTP/1.1\r\n");
    }
    for _ in 0..5 {
        for attacker in &mut attackers {
            attacker.send(b"A");
        }
        assert_eq!(statuses(&server.exchange(GET)), [200]);
        thread::sleep(millis(50));
    }
    assert!(!attackers.iter().any(Client::has_answer), "the deadline came first");
    // Each of them is told in the end.
    for attacker in &mut attackers {
        assert_eq!(statuses(&attacker.rest()), [408]);
    }
    until("all are gone", || server.handle().connections() == 0);
    assert_eq!(server.handle().metrics().timeouts, 132);
}

#[test]
fn half_a_head_is_kept_while_its_connection_is_parked() {
    let server = Running::spawn(crowded(Running::bind()), ok);
    let others: Vec<Client> = (0..8).map(|_| server.connect()).collect();
    let mut client = server.connect();
    for byte in GET.chunks(1) {
        client.send(byte);
        thread::sleep(millis(12));
    }
    assert!(client.response().ends_with("ok"));
    drop(others);
}

#[test]
fn pipelined_requests_survive_parking() {
    let server = Running::spawn(crowded(Running::bind()), ok);
    let _others: Vec<Client> = (0..8).map(|_| server.connect()).collect();
    let mut client = server.connect();
    thread::sleep(millis(50));
    client.send(&GET.repeat(5));
    client.finish();
    assert_eq!(statuses(&client.rest()), [200; 5]);
}

#[test]
fn who_pipelines_without_a_pause_gives_way_to_those_who_wait() {
    const REQUESTS: usize = 120;
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let few = Threads::DEFAULT.max(2).accepting(1);
    let server = Running::spawn(Running::bind().threads(few), move |request: &mut Request| {
        if request.path() == "/" {
            count.fetch_add(1, Ordering::SeqCst);
            thread::sleep(millis(10));
        }
    });
    let mut greedy = server.connect();
    greedy.send(&GET.repeat(REQUESTS));
    until("it is being served", || asked.load(Ordering::SeqCst) > 0);
    let mut other = server.connect();
    other.send(b"GET /other HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(statuses(&other.response()), [204]);
    assert!(asked.load(Ordering::SeqCst) < REQUESTS, "it has waited for all of them");
    // None of them is lost, nor answered twice.
    greedy.finish();
    assert_eq!(statuses(&greedy.rest()), vec![204; REQUESTS]);
    assert_eq!(asked.load(Ordering::SeqCst), REQUESTS);
}

#[test]
fn shutdown_closes_parked_connections_and_reports_all() {
    let mut server = Running::spawn(crowded(Running::bind()), |request: &mut Request| {
        if request.path() == "/slow" {
            until_draining(request);
            thread::sleep(millis(300));
        }
    });
    let mut clients: Vec<Client> = (0..10).map(|_| server.connect()).collect();
    for client in &mut clients {
        client.send(GET);
        client.response();
    }
    until("they are parked", || server.handle().metrics().parked >= 8);
    let mut slow = server.connect();
    slow.send(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    let answers = |metrics: Metrics| (metrics.connections, metrics.idle) == (11, 10);
    until("it is being answered", || answers(server.handle().metrics()));
    let drained = server.0.take().expect("it runs").shutdown(PATIENCE);
    assert_eq!((drained.open, drained.idle, drained.finished, drained.aborted), (11, 10, 1, 0));
    assert!(clients.iter_mut().all(Client::is_closed));
    assert!(slow.rest().starts_with("HTTP/1.1 204"));
}

#[test]
fn too_many_connections_are_told_so_or_wait() {
    let few = Limits::DEFAULT.connections(2);
    let server = Running::with(few, Timeouts::DEFAULT, ok);
    let held = [server.connect(), server.connect()];
    until("they are in", || server.handle().connections() == 2);
    assert_eq!(statuses(&server.connect().rest()), [503]);
    drop(held);
    until("they are out", || server.handle().connections() == 0);
    assert_eq!(statuses(&server.exchange(GET)), [200]);
    assert_eq!(server.handle().metrics().turned_away, 1);

    let server = Running::bind().limits(few).overload(Overload::StopAccepting);
    let server = Running::spawn(server, ok);
    let mut first = server.connect();
    let second = server.connect();
    until("they are in", || server.handle().connections() == 2);
    let mut waiting = server.connect();
    waiting.send(GET);
    // Up to four threads were in `accept` already when the last place was taken.
    drop(second);
    first.finish();
    first.rest();
    assert!(waiting.response().ends_with("ok"));
}

#[test]
fn only_those_who_pass_the_filter_are_let_in() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let filter = move |peer: std::net::SocketAddr| {
        assert!(peer.ip().is_loopback());
        // Every second one.
        count.fetch_add(1, Ordering::SeqCst).is_multiple_of(2)
    };
    let server = Running::spawn(Running::bind().filter(filter), ok);
    assert_eq!(statuses(&server.exchange(GET)), [200]);
    assert_eq!(server.connect().0.read(&mut [0]).unwrap_or(0), 0);
    assert_eq!(statuses(&server.exchange(GET)), [200]);
    assert_eq!(server.handle().metrics().filtered, 1);
}

#[test]
fn executors_serve_inline_or_on_threads_of_their_own() {
    let inline = Running::spawn(Running::bind().executor(Accepted::serve), ok);
    for _ in 0..3 {
        assert_eq!(statuses(&inline.exchange(GET)), [200]);
    }
    assert_eq!(inline.handle().metrics().threads, 1);

    let served = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&served);
    let executor = move |connection: Accepted| {
        assert!(connection.peer().is_some());
        let count = Arc::clone(&count);
        thread::spawn(move || {
            connection.serve();
            count.fetch_add(1, Ordering::SeqCst);
        });
    };
    let threads = Running::spawn(Running::bind().executor(executor), ok);
    let held = threads.connect();
    assert_eq!(statuses(&threads.exchange(GET)), [200]);
    drop(held);
    until("both have ended", || served.load(Ordering::SeqCst) == 2);
}

#[test]
fn an_executor_that_drops_a_connection_closes_it() {
    let server = Running::spawn(Running::bind().executor(drop::<Accepted>), ok);
    assert_eq!(server.connect().rest(), "");
    until("its place is free", || server.handle().connections() == 0);
}

#[test]
fn threads_that_have_nothing_to_do_end() {
    // A thread that waits for newcomers looks up as often. The clients come in less time.
    let timeouts = Timeouts::DEFAULT.head(millis(3000));
    let server = Running::spawn(Running::bind().timeouts(timeouts), ok);
    let clients = server.crowd(40);
    until("all have a thread", || server.handle().metrics().threads >= 40);
    drop(clients);
    until("few are left", || server.handle().metrics().threads <= 8);
    assert_eq!(statuses(&server.exchange(GET)), [200]);
}

#[test]
fn a_server_may_listen_at_several_places() {
    let second = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let server = Running::spawn(Running::bind().listen(second), ok);
    let addrs = server.handle().addrs().to_vec();
    assert_eq!(addrs.len(), 2);
    for addr in addrs {
        let mut client = Client(std::net::TcpStream::connect(addr).expect("a connection"));
        client.send(GET);
        assert!(client.response().ends_with("ok"));
    }
}

#[test]
fn ipv4_reaches_a_server_on_every_address_and_looks_like_it() {
    let Ok(server) = Server::bind("[::]:0") else { return };
    let server = Running::spawn(server, |request: &mut Request| {
        request.peer().map(|peer| peer.ip().to_string())
    });
    let mut client = Client(
        std::net::TcpStream::connect(("127.0.0.1", server.addr().port())).expect("a connection"),
    );
    client.send(GET);
    assert!(client.response().ends_with("127.0.0.1"));
}

#[cfg(unix)]
mod unix {
    use super::*;
    use crate::support::scratch::{Scratch, short_temp_dir};
    use std::io::Write;
    use std::os::unix::net::{UnixListener, UnixStream};

    /// A directory of a test's own.
    fn place_for_socket(test: &str) -> Scratch {
        Scratch::at(short_temp_dir().join(format!("nethttp-{test}-{}", std::process::id())))
    }

    #[test]
    fn a_handler_learns_that_its_client_has_gone() {
        let scratch = place_for_socket("gone");
        let path = scratch.path().join("socket");
        let listener = UnixListener::bind(&path).expect("a socket");
        let (tell, told) = std::sync::mpsc::channel();
        let tell = std::sync::Mutex::new(tell);
        let server = Server::from_listener(listener);
        let _server = Running::spawn(server, move |request: &mut Request| {
            let connection = Connection::of(request).expect("a connection");
            let _ = tell.lock().expect("no panic").send(connection.is_closed());
            until("the client is gone", || connection.is_closed());
            let _ = tell.lock().expect("no panic").send(connection.is_closed());
        });
        let mut client = UnixStream::connect(&path).expect("a connection");
        client.write_all(GET).expect("the server reads");
        assert_eq!(told.recv_timeout(PATIENCE), Ok(false));
        drop(client);
        assert_eq!(told.recv_timeout(PATIENCE), Ok(true));
    }

    #[test]
    fn unix_sockets_are_served_like_others_and_parked_like_others() {
        let scratch = place_for_socket("parked");
        let path = scratch.path().join("socket");
        let listener = UnixListener::bind(&path).expect("a socket");
        let server = crowded(Server::from_listener(listener));
        let server = Running::spawn(server, |request: &mut Request| {
            assert_eq!(request.peer(), None);
            "ok"
        });
        let mut clients: Vec<UnixStream> =
            (0..20).map(|_| UnixStream::connect(&path).expect("a connection")).collect();
        for _ in 0..3 {
            for client in &mut clients {
                client.write_all(GET).expect("the server reads");
            }
            for client in &mut clients {
                client.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
                let (mut answer, mut piece) = (Vec::new(), [0; 512]);
                while !answer.ends_with(b"ok") {
                    let len = client.read(&mut piece).expect("an answer");
                    assert_ne!(len, 0, "it ends after {:?}", answer.escape_ascii().to_string());
                    answer.extend_from_slice(&piece[..len]);
                }
            }
        }
        until("they are parked", || server.handle().metrics().parked >= 16);
        drop(clients);
        until("they are gone", || server.handle().connections() == 0);
    }
}

//! The load: connections, what is sent on them, and what came of it.
//!
//! A few threads have the connections among them. Every connection has a request under way at any moment,
//! and gets the next one when the answer is there: a thread goes around its connections and waits for each
//! in turn, which costs the machine one read and one write for a request, and no waiting for events. What
//! the load takes is not in the figures, but it takes it from the same cores.

mod connection;
pub mod idle;
pub mod mix;

use std::io;
use std::net::SocketAddr;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::child::Running;
use super::contract::FILLING;

pub use connection::{Connection, Content, Expected};

/// Threads that make the load; a single connection has one.
const THREADS: usize = 2;
/// How long closed connections have to be noticed before the next server has its turn.
const SETTLE: Duration = Duration::from_millis(20);

/// What is asked for, and how.
#[derive(Clone, Debug)]
pub struct Load<'a> {
    /// What is sent, without the body.
    pub request: Vec<u8>,
    /// How many bytes of [`FILLING`] follow.
    pub upload: u64,
    pub expected: Expected<'a>,
    pub connections: usize,
    /// How many requests are sent at once.
    pub depth: usize,
    /// Whether every request has a connection to itself; then the request says so.
    pub fresh: bool,
    /// What a connection receives at once at most.
    pub buffer: usize,
}

/// What a server's turn came to.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// The server's time for one request, in microseconds.
    pub cpu: f64,
    /// Requests in a second.
    pub rate: f64,
}

/// Gives a server its turn. Since its time is known to 10 ms only, a turn goes on until the server has
/// computed for half of it, though not longer than two turns.
///
/// # Errors
///
/// An answer was wrong, or did not come.
pub fn run(server: &Running, load: &Load<'_>, turn: Duration) -> io::Result<Sample> {
    let threads = load.connections.min(THREADS);
    let (ready, go) = (Barrier::new(threads + 1), Barrier::new(threads + 1));
    let over = AtomicBool::new(false);
    let sample = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|worker| {
                let share =
                    load.connections / threads + usize::from(worker < load.connections % threads);
                let (ready, go, over) = (&ready, &go, &over);
                scope.spawn(move || {
                    let opened = open(server.addr, load, share);
                    ready.wait();
                    go.wait();
                    let mut connections = opened?;
                    let count = if load.fresh {
                        one_by_one(server.addr, load, over)?
                    } else {
                        around(&mut connections, load, over)?
                    };
                    Ok::<_, io::Error>((count, connections))
                })
            })
            .collect();
        ready.wait();
        let (before, start) = (server.cpu(), Instant::now());
        go.wait();
        let waited = before.and_then(|before| wait(server, before, turn).map(|()| before));
        over.store(true, Ordering::Relaxed);
        let ends: Vec<_> = workers.into_iter().map(|worker| worker.join()).collect();
        let (elapsed, after) = (start.elapsed(), server.cpu());
        let mut requests = 0_u32;
        // The connections are closed now that the clocks have been read.
        for end in ends {
            requests += end.expect("a thread without a panic")?.0;
        }
        let (requests, cpu) = (f64::from(requests), after?.saturating_sub(waited?));
        Ok(Sample {
            cpu: cpu.as_secs_f64() * 1e6 / requests,
            rate: requests / elapsed.as_secs_f64(),
        })
    });
    thread::sleep(SETTLE);
    sample
}

/// Waits until a turn is over.
fn wait(server: &Running, before: Duration, turn: Duration) -> io::Result<()> {
    let start = Instant::now();
    thread::sleep(turn);
    while server.cpu()?.saturating_sub(before) < turn / 2 && start.elapsed() < turn * 2 {
        thread::sleep(turn / 20);
    }
    Ok(())
}

/// Opens a thread's connections, and asks once on each.
fn open(addr: SocketAddr, load: &Load<'_>, share: usize) -> io::Result<Vec<Connection>> {
    if load.fresh {
        return Ok(Vec::new());
    }
    (0..share)
        .map(|_| {
            let mut connection = Connection::open(addr, load.buffer)?;
            send(&mut connection, &load.request, load.upload)?;
            connection.receive(&load.expected)?;
            Ok(connection)
        })
        .collect()
}

fn send(connection: &mut Connection, request: &[u8], upload: u64) -> io::Result<()> {
    connection.send(request)?;
    let mut left = upload;
    while left > 0 {
        let len = usize::try_from(left).map_or(FILLING.len(), |left| left.min(FILLING.len()));
        connection.send(&FILLING[..len])?;
        left -= len as u64;
    }
    Ok(())
}

/// Keeps every connection busy until the time is over, and returns how many answers came.
fn around(connections: &mut [Connection], load: &Load<'_>, over: &AtomicBool) -> io::Result<u32> {
    let batch = load.request.repeat(load.depth);
    for connection in connections.iter_mut() {
        send(connection, &batch, load.upload)?;
    }
    let (mut answers, mut busy) = (0, connections.len());
    loop {
        for connection in connections.iter_mut() {
            for _ in 0..load.depth {
                connection.receive(&load.expected)?;
                answers += 1;
            }
            // From here on none is asked again, so that one more time around finds the last answers.
            if !over.load(Ordering::Relaxed) {
                send(connection, &batch, load.upload)?;
            } else {
                busy -= 1;
                if busy == 0 {
                    return Ok(answers);
                }
            }
        }
    }
}

/// Opens a connection for every request until the time is over, and returns how many answers came.
fn one_by_one(addr: SocketAddr, load: &Load<'_>, over: &AtomicBool) -> io::Result<u32> {
    let mut answers = 0;
    while !over.load(Ordering::Relaxed) {
        let mut connection = Connection::open(addr, load.buffer)?;
        send(&mut connection, &load.request, load.upload)?;
        connection.receive(&load.expected)?;
        connection.receive_end()?;
        answers += 1;
    }
    Ok(answers)
}

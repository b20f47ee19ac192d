//! Connections on which nothing happens: what each takes, what all take while nothing happens, and what
//! they do to those on which something does.

use std::io;
use std::thread;
use std::time::{Duration, Instant};

use super::{Connection, Content, Expected};
use crate::servers::child::Running;
use crate::servers::contract::HELLO;
use crate::servers::rows::request;

/// Connections that are busy beside the idle ones.
const BUSY: usize = 8;
/// How long a server has to come to rest.
const MOMENT: Duration = Duration::from_millis(200);
/// What an idle connection needs for its one answer.
const BUFFER: usize = 1 << 10;
const EXPECTED: Expected<'_> = Expected { status: 200, body: Content::Bytes(HELLO.as_bytes()) };

/// How much to wait for.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How many connections there are, in growing order.
    pub steps: &'static [usize],
    /// How long nothing happens.
    pub still: Duration,
    /// How long before that nothing has happened.
    pub settle: Duration,
    /// How long the busy ones are.
    pub busy: Duration,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Idle {
    /// The bytes of a connection, by the step, as far as the server came.
    pub memory: Vec<f64>,
    /// What was measured with all of them.
    pub all: Result<Full, String>,
}

/// What was measured with all connections.
#[derive(Clone, Debug)]
pub struct Full {
    /// The part of one core's time while nothing happens.
    pub cpu: f64,
    /// The latencies of the busy connections, in growing order.
    pub latencies: Vec<Duration>,
    /// The bytes of a connection that the server has kept a second after all were closed.
    pub kept: f64,
}

/// Measures a server that has done nothing yet.
///
/// # Errors
///
/// It does not answer at all.
pub fn run(server: &Running, plan: &Plan) -> io::Result<Idle> {
    let request = request("GET", "/", "");
    // What the first request and the first threads take is no connection's.
    drop((0..BUSY).map(|_| ask(server, &request)).collect::<io::Result<Vec<_>>>()?);
    thread::sleep(MOMENT);
    let before = server.memory()?;
    let mut memory = Vec::new();
    let all = full(server, plan, &request, |count| {
        memory.push(grown(server, before, count)?);
        Ok(())
    });
    let all = all.and_then(|(cpu, latencies)| {
        thread::sleep(Duration::from_secs(1));
        let kept = grown(server, before, *plan.steps.last().unwrap_or(&1))?;
        // It still answers.
        ask(server, &request).map(|_| Full { cpu, latencies, kept })
    });
    Ok(Idle { memory, all: all.map_err(|error| error.to_string()) })
}

/// Opens the connections step by step, and returns what all of them take while nothing happens, and what
/// they do to others.
fn full(
    server: &Running,
    plan: &Plan,
    request: &[u8],
    mut at_step: impl FnMut(usize) -> io::Result<()>,
) -> io::Result<(f64, Vec<Duration>)> {
    let mut connections = Vec::new();
    for &step in plan.steps {
        while connections.len() < step {
            connections.push(ask(server, request)?);
        }
        thread::sleep(MOMENT);
        at_step(step)?;
    }
    thread::sleep(plan.settle);
    let (cpu, start) = (server.cpu()?, Instant::now());
    thread::sleep(plan.still);
    let cpu = (server.cpu()? - cpu).as_secs_f64() / start.elapsed().as_secs_f64();
    Ok((cpu, busy(server, request, plan.busy)?))
}

/// Returns how much memory each of these connections has cost.
fn grown(server: &Running, before: u64, connections: usize) -> io::Result<f64> {
    let bytes = u32::try_from(server.memory()?.saturating_sub(before)).expect("less than 4 GiB");
    Ok(f64::from(bytes) / f64::from(u32::try_from(connections).expect("a few thousand")))
}

fn ask(server: &Running, request: &[u8]) -> io::Result<Connection> {
    let mut connection = Connection::open(server.addr, BUFFER)?;
    connection.send(request)?;
    connection.receive(&EXPECTED)?;
    Ok(connection)
}

fn busy(server: &Running, request: &[u8], turn: Duration) -> io::Result<Vec<Duration>> {
    let until = Instant::now() + turn;
    let mut latencies = thread::scope(|scope| {
        let clients: Vec<_> = (0..BUSY)
            .map(|_| {
                scope.spawn(|| {
                    let mut connection = ask(server, request)?;
                    let mut times = Vec::new();
                    while Instant::now() < until {
                        let start = Instant::now();
                        connection.send(request)?;
                        connection.receive(&EXPECTED)?;
                        times.push(start.elapsed());
                    }
                    Ok::<_, io::Error>(times)
                })
            })
            .collect();
        let mut all = Vec::new();
        for client in clients {
            all.extend(client.join().expect("a thread without a panic")?);
        }
        Ok::<_, io::Error>(all)
    })?;
    latencies.sort_unstable();
    Ok(latencies)
}

//! Servers beside each other, as tables in Markdown: their time for a request, requests in a second, the
//! slowest answer, and what idle connections take.
//!
//! ```sh
//! cargo run --release --manifest-path benches/peers/Cargo.toml --bin servers
//! ```
//!
//! measures for the record in less than ten minutes, `-- --quick` for a first look. Servers take turns, round
//! after round, and the median counts. The time is what Linux counts for the server's processes alone (user and
//! system, in steps of 10 ms) divided by the requests; it is the figure to believe, since requests in a second
//! depend on who else wants the cores, the load first of all. nginx and Go take part where they are installed.
//!
//! | option | |
//! |---|---|
//! | `--rows NAME,..` | only these rows |
//! | `--servers NAME,..` | only these servers; the ratios are to the first |
//! | `--rounds N` | turns of each server |
//! | `--quick` | fewer and shorter turns |

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use nethttp_peers::process;
use nethttp_peers::servers::child::{self, Running, SERVE};
use nethttp_peers::servers::load::{self, idle, mix};
use nethttp_peers::servers::rows::{Ask, Kind, ROWS, Row};
use nethttp_peers::servers::scratch::{self, CLEAN, Scratch};
use nethttp_peers::servers::served::{self, SERVERS, Server};
use nethttp_peers::servers::table;
use nethttp_peers::turns::{Outcomes, chosen, in_turn};

/// What to do, and how long.
struct Plan {
    rows: Vec<&'static Row>,
    servers: Vec<&'static Server>,
    rounds: usize,
    turn: Duration,
    mix: Duration,
    idle: idle::Plan,
}

impl Plan {
    fn full() -> Self {
        Self {
            rows: ROWS.iter().collect(),
            servers: SERVERS.iter().collect(),
            rounds: 5,
            turn: Duration::from_millis(400),
            mix: Duration::from_millis(500),
            idle: idle::Plan {
                steps: &[1000, 10_000],
                settle: Duration::from_secs(3),
                still: Duration::from_secs(10),
                busy: Duration::from_secs(2),
            },
        }
    }

    fn quick(self) -> Self {
        let (turn, busy) = (Duration::from_millis(250), Duration::from_secs(1));
        let still = Duration::from_secs(2);
        let idle = idle::Plan { steps: &[1000], settle: still, still, busy };
        Self { rounds: 3, turn, mix: turn, idle, ..self }
    }

    fn from_arguments(arguments: &[String]) -> Result<Self, String> {
        let mut plan = Self::full();
        if arguments.iter().any(|argument| argument == "--quick") {
            plan = plan.quick();
        }
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            if argument == "--quick" {
                continue;
            }
            let value = arguments.next().ok_or_else(|| format!("{argument} needs a value"))?;
            match argument.as_str() {
                "--rows" => {
                    let find = |name: &str| ROWS.iter().find(|row| row.name == name);
                    plan.rows = chosen(value, find, ROWS.iter().map(|row| row.name))?;
                }
                "--servers" => {
                    let names = SERVERS.iter().map(|server| server.name);
                    plan.servers = chosen(value, served::find, names)?;
                }
                "--rounds" => {
                    let rounds = value.parse().ok().filter(|rounds| *rounds > 0);
                    plan.rounds = rounds.ok_or("--rounds needs a number above 0")?;
                }
                _ => return Err(format!("no such option: {argument}")),
            }
        }
        Ok(plan)
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words[..] {
        [CLEAN, path] => {
            scratch::clean(Path::new(path));
            Ok(())
        }
        [SERVE, name, port, root] => match port.parse() {
            Ok(port) => {
                child::serve(name, port, Path::new(root)).map_err(|error| error.to_string())
            }
            Err(_) => Err("no port".to_owned()),
        },
        _ => Plan::from_arguments(&arguments).and_then(compare),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("servers: {error}");
            ExitCode::FAILURE
        }
    }
}

fn compare(mut plan: Plan) -> Result<(), String> {
    if !process::is_counted() {
        return Err("expected Linux, which counts the time of other processes in /proc".into());
    }
    plan.servers.retain(|server| match server.kind {
        served::Kind::Program { needs, .. } if !is_installed(needs) => {
            println!("skipped: {needs} not found\n");
            false
        }
        _ => true,
    });
    if plan.servers.is_empty() {
        return Err("no server to measure".into());
    }
    let scratch = Scratch::new().map_err(|error| format!("the scratch folder: {error}"))?;
    let (rounds, turn) = (plan.rounds, plan.turn);
    println!("Servers: median of {rounds} interleaved turns of {turn:?}.");
    loads(&plan, &scratch);
    for row in &plan.rows {
        if matches!(row.kind, Kind::Idle) {
            let outcomes = each(&plan, |server| {
                let running = Running::start(server, &scratch)?;
                idle::run(&running, &plan.idle).map_err(|error| error.to_string())
            });
            table::idle(row.title, &plan.idle, outcomes);
        }
    }
    Ok(())
}

fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Does something with each server.
fn each<T>(plan: &Plan, mut work: impl FnMut(&'static Server) -> Result<T, String>) -> Outcomes<T> {
    plan.servers.iter().map(|server| (server.name, work(server))).collect()
}

/// The rows for which the same processes serve from the first to the last.
fn loads(plan: &Plan, scratch: &Scratch) {
    if plan.rows.iter().all(|row| matches!(row.kind, Kind::Idle)) {
        return;
    }
    let running = each(plan, |server| Running::start(server, scratch));
    for row in &plan.rows {
        match row.kind {
            Kind::Load(ask) => table::load(row.title, ask.bulk(), &load_row(plan, &running, ask)),
            Kind::Slowest => table::slowest(row.title, &mix_row(plan, &running)),
            Kind::Idle => {}
        }
    }
}

fn load_row(plan: &Plan, running: &Outcomes<Running>, ask: Ask) -> Outcomes<Vec<load::Sample>> {
    ask.with_load(|load| {
        let turn = |server: &Running, turn| {
            load::run(server, load, turn).map_err(|error| error.to_string())
        };
        in_turn(
            plan.rounds,
            running,
            |index, running| {
                let server = plan.servers[index];
                if ask.needs_stream() && !server.streams {
                    return Err("makes no body of unknown length".to_owned());
                }
                // The first turn warms up.
                turn(running, plan.turn / 5).map(|_| Vec::new())
            },
            |samples, running| {
                samples.push(turn(running, plan.turn)?);
                Ok(())
            },
        )
    })
}

fn mix_row(plan: &Plan, running: &Outcomes<Running>) -> Outcomes<mix::Times> {
    in_turn(
        plan.rounds,
        running,
        |index, _| {
            let cases = mix::cases(plan.servers[index].streams);
            Ok(mix::Times { cases, all: Vec::new() })
        },
        |times, running| times.add(running, plan.mix).map_err(|error| error.to_string()),
    )
}

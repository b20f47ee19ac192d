//! Clients beside each other, as tables in Markdown: their processor time for a request, and how fast they are.
//!
//! ```sh
//! cargo run --release --manifest-path benches/peers/Cargo.toml --bin clients
//! ```
//!
//! measures for the record in about five minutes, `-- --quick` for a first look. Each client is a process of its own,
//! and the server, which is the same for all and sends bytes that are there, is another. Clients take turns, round
//! after round, and the median counts; a turn is as many requests as take the client about 400 ms of the processor. The
//! time is what Linux counts for the whole process of the client, with all its threads, user and system. Before they are measured, all must have got the whole answer, byte by byte, over as many connections as are
//! their due. Each row says on which cores client and server run, which `taskset` sees to: without it the figures of
//! small answers depend on where the system happens to put them.
//!
//! | option | |
//! |---|---|
//! | `--rows NAME,..` | only these rows |
//! | `--clients NAME,..` | only these clients |
//! | `--rounds N` | turns of each client |
//! | `--quick` | fewer and shorter turns |

use std::process::ExitCode;
use std::time::Duration;

use nethttp_peers::clients::child::{self, CLIENT, Running, SERVE, Server};
use nethttp_peers::clients::client::{self, CLIENTS, Client};
use nethttp_peers::clients::rows::{ROWS, Row};
use nethttp_peers::clients::table;
use nethttp_peers::process;
use nethttp_peers::turns::{Outcomes, chosen, in_turn};

/// What to do, and how long.
struct Plan {
    rows: Vec<&'static Row>,
    clients: Vec<&'static Client>,
    rounds: usize,
    turn: Duration,
}

impl Plan {
    fn from_arguments(arguments: &[String]) -> Result<Self, String> {
        let is_quick = arguments.iter().any(|argument| argument == "--quick");
        let (rounds, turn) = if is_quick { (3, 150) } else { (9, 400) };
        let mut plan = Self {
            rows: ROWS.iter().collect(),
            clients: CLIENTS.iter().collect(),
            rounds,
            turn: Duration::from_millis(turn),
        };
        let mut arguments = arguments.iter().filter(|argument| *argument != "--quick");
        while let Some(argument) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("{argument} needs a value"))?;
            match argument.as_str() {
                "--rows" => {
                    let find = |name: &str| ROWS.iter().find(|row| row.name == name);
                    plan.rows = chosen(value, find, ROWS.iter().map(|row| row.name))?;
                }
                "--clients" => {
                    let names = CLIENTS.iter().map(|client| client.name);
                    plan.clients = chosen(value, client::find, names)?;
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
        [SERVE] => child::serve().map_err(|error| error.to_string()),
        [CLIENT, name, addr] => child::run(name, addr).map_err(|error| error.to_string()),
        _ => Plan::from_arguments(&arguments).and_then(|plan| compare(&plan)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("clients: {error}");
            ExitCode::FAILURE
        }
    }
}

fn compare(plan: &Plan) -> Result<(), String> {
    if !process::is_counted() {
        return Err("expected Linux, which counts the time of other processes in /proc".into());
    }
    let server = Server::start().map_err(|error| format!("the server: {error}"))?;
    let (rounds, turn) = (plan.rounds, plan.turn);
    println!("Clients: median of {rounds} interleaved turns of about {turn:?} of the processor.");
    let running: Outcomes<Running> =
        plan.clients.iter().map(|client| (client.name, Running::start(client, &server))).collect();
    for row in &plan.rows {
        let started = running.iter().filter_map(|(_, running)| running.as_ref().ok());
        let elsewhere = started.filter(|running| !running.place(row.cores, &server)).count();
        if elsewhere > 0 {
            println!(
                "\n{}: on any core, since taskset is not found or there is one core.",
                row.name
            );
        }
        let outcomes = in_turn(
            rounds,
            &running,
            |index, running| {
                row.admits(plan.clients[index])?;
                Ok((running.prepare(row.target, &server, turn)?, Vec::new()))
            },
            |(count, samples), running| {
                samples.push(running.turn(row.target, *count, &server)?);
                Ok(())
            },
        );
        let samples = |(_, samples)| samples;
        let outcomes = outcomes.into_iter().map(|(name, outcome)| (name, outcome.map(samples)));
        table::row(row, &outcomes.collect());
    }
    Ok(())
}

//! The differential test of URIs: ten million generated texts, three libraries, no difference that is
//! not explained.
//!
//! ```sh
//! cargo run --release --manifest-path benches/peers/Cargo.toml --bin uri_differential
//! ```
//!
//! `-- --count N --seed S` take other numbers of texts and other texts. The result is a summary in
//! Markdown; a difference between nethttp, fluent-uri and iri-string that is none of the known
//! exceptions is printed, and the exit code is 1. Request targets and `Host` values are compared too,
//! as the pieces of URIs that they are.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use nethttp_peers::differential::compare::{self, Base, Tally};
use nethttp_peers::differential::exceptions::EXCEPTIONS;
use nethttp_peers::differential::generate::Generator;
use nethttp_peers::differential::targets;
use nethttp_peers::run::{arguments, end};

/// How many threads compare.
const THREADS: usize = 2;

/// How many texts come from one seed; threads take turns by chunks, so that the texts are the same
/// however many threads there are.
const CHUNK: u64 = 10_000;

/// How many unexplained differences a chunk reports.
const REPORTS: usize = 4;

fn main() -> ExitCode {
    let Some([count, seed]) = arguments(10_000_000) else {
        eprintln!("usage: uri_differential [--count N] [--seed S]");
        return ExitCode::from(2);
    };
    let start = Instant::now();
    let bases = Base::all(seed);
    let chunks = &AtomicU64::new(0);
    let run = || work(&bases, chunks, count, seed);
    let results = std::thread::scope(|scope| {
        let threads = [(); THREADS].map(|()| scope.spawn(run));
        threads.map(|thread| thread.join().expect("panics are caught"))
    });
    let mut tally = Tally::default();
    let mut reports = Vec::new();
    for (counted, found) in results {
        tally.add(counted);
        reports.extend(found);
    }
    summary(&tally, seed);
    end(start, &reports)
}

/// Compares the chunks that no other thread has taken, until there are none or something was found.
fn work(bases: &[Base], chunks: &AtomicU64, count: u64, seed: u64) -> (Tally, Vec<String>) {
    let mut tally = Tally::default();
    let mut reports = Vec::new();
    let (mut text, mut host) = (Vec::new(), Vec::new());
    while reports.is_empty() {
        let chunk = chunks.fetch_add(1, Ordering::Relaxed);
        let first = chunk * CHUNK;
        let mut generator = Generator::new(seed ^ (chunk << 32));
        for _ in first..(first + CHUNK).min(count) {
            generator.reference(&mut text);
            generator.host(&mut host);
            let base = &bases[generator.below(bases.len())];
            let compared = catch_unwind(AssertUnwindSafe(|| {
                compare::examine(&text, base, &mut tally)?;
                match (str::from_utf8(&text), str::from_utf8(&host)) {
                    (Ok(text), Ok(host)) => targets::examine(text, host),
                    _ => Ok(()),
                }
            }));
            match compared {
                Ok(Ok(())) => {}
                Ok(Err(unexplained)) => reports.push(unexplained.to_string()),
                Err(_) => reports.push(format!("\"{}\" panics", text.escape_ascii())),
            }
            if reports.len() == REPORTS {
                break;
            }
        }
        if first + CHUNK >= count {
            break;
        }
    }
    (tally, reports)
}

fn summary(tally: &Tally, seed: u64) {
    let seen = &tally.seen;
    let [ipv4, ipv6, future, names] = seen.hosts;
    println!(
        "{} texts of seed {seed}: {} URIs, {} relative references,",
        seen.texts, seen.uris, seen.relative
    );
    println!("{} refused by all, {} not UTF-8.", seen.refused, seen.not_utf8);
    println!("Hosts: {names} names, {ipv4} IPv4, {ipv6} IPv6, {future} IPvFuture.\n");
    println!("| known difference | with | decided by | times | shortest example | what |");
    println!("|---|---|---|--:|---|---|");
    for (exception, (count, example)) in EXCEPTIONS.iter().zip(&tally.met) {
        let example = example.replace('|', "\\|");
        println!(
            "| {} | {} | {} | {count} | `{example}` | {} |",
            exception.name, exception.who, exception.decided_by, exception.what
        );
    }
}

//! The differential test of negotiation: a million generated fields with offers, two libraries, no
//! difference that is not explained.
//!
//! ```sh
//! cargo run --release --manifest-path benches/peers/Cargo.toml --bin negotiate_differential
//! ```
//!
//! `-- --count N --seed S` take other numbers of fields and other fields. All of them are well-formed. The
//! order in which negotiator prefers the offers, and the weight of each offer to the thousandth, must be
//! those of nethttp. The result is a summary in Markdown; a difference that is none of the known exceptions is
//! printed with the smallest field that shows it, and the exit code is 1.

use std::process::ExitCode;
use std::time::Instant;

use nethttp_peers::negotiation::case::Case;
use nethttp_peers::negotiation::compare::{examine, shrunk};
use nethttp_peers::negotiation::exceptions::EXCEPTIONS;
use nethttp_peers::random::Random;
use nethttp_peers::run::{arguments, end};

/// How many unexplained differences are reported.
const REPORTS: usize = 4;

fn main() -> ExitCode {
    let Some([count, seed]) = arguments(1_000_000) else {
        eprintln!("usage: negotiate_differential [--count N] [--seed S]");
        return ExitCode::from(2);
    };
    let start = Instant::now();
    let mut random = Random::new(seed);
    let mut met = vec![(0_u64, None::<String>); EXCEPTIONS.len()];
    let (mut same, mut reports) = (0_u64, Vec::new());
    for _ in 0..count {
        let case = Case::random(&mut random);
        match examine(&case) {
            Ok(known) => {
                same += u64::from(known.is_empty());
                for exception in known {
                    let (times, shortest) = &mut met[exception];
                    *times += 1;
                    let text = format!("`{}` of `{}`", case.offered().join("`, `"), case.value());
                    if shortest.as_ref().is_none_or(|shortest| text.len() < shortest.len()) {
                        *shortest = Some(text);
                    }
                }
            }
            Err(_) => reports.extend(examine(&shrunk(case)).err()),
        }
        if reports.len() == REPORTS {
            break;
        }
    }
    println!("{count} fields of seed {seed}, {same} without any difference.\n");
    println!("| known difference | decided by | times | shortest example | what |");
    println!("|---|---|--:|---|---|");
    for (exception, (times, example)) in EXCEPTIONS.iter().zip(&met) {
        let example = example.as_deref().unwrap_or("-").replace('\t', " ");
        println!(
            "| {} | {} | {times} | {example} | {} |",
            exception.name, exception.decided_by, exception.what
        );
    }
    end(start, &reports)
}

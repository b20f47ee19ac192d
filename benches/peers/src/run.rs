//! What the differential tests have in common: their arguments, and how they end.

use std::process::ExitCode;
use std::time::Instant;

/// Returns the number of cases and the seed, from `--count N` and `--seed S`; `count` and 1 if they are not
/// given, nothing if the arguments are others.
#[must_use]
pub fn arguments(count: u64) -> Option<[u64; 2]> {
    let mut values = [count, 1];
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let index = ["--count", "--seed"].iter().position(|known| *known == name)?;
        values[index] = arguments.next()?.parse().ok()?;
    }
    Some(values)
}

/// Prints how long it took and what has no explanation, which makes it a failure.
#[must_use]
pub fn end(start: Instant, unexplained: &[String]) -> ExitCode {
    eprintln!("{:.0} s", start.elapsed().as_secs_f64());
    if unexplained.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("\nUnexplained:\n");
    for report in unexplained {
        println!("{report}\n");
    }
    ExitCode::FAILURE
}

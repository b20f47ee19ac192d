//! The tables, in Markdown.

use super::answers::Answer;
use super::child::Sample;
use super::rows::{Aim, Row};
use crate::turns::{Outcomes, failures, median};

/// Prints a row. The ratios are to the client that is aimed at, or to the first that has figures.
pub fn row(row: &Row, outcomes: &Outcomes<Vec<Sample>>) {
    println!("\n### {}\n", row.title);
    let bytes = row
        .bulk
        .then(|| f64::from(u32::try_from(Answer::of(row.target).len()).unwrap_or(u32::MAX)));
    let figures: Vec<_> = outcomes
        .iter()
        .filter_map(|(name, outcome)| Some((*name, Figures::of(outcome.as_ref().ok()?, bytes))))
        .collect();
    let aimed = row.aim.map(Aim::other);
    let base = figures.iter().find(|(name, _)| Some(*name) == aimed).or(figures.first());
    if let Some(&(other, base)) = base {
        let (unit, rate) = if row.bulk { ("ms", "MB/s") } else { ("µs", "requests/s") };
        println!(
            "| client | {unit} CPU | to {other} | {rate} | to {other} | {unit} CPU of the server |"
        );
        println!("|---|--:|--:|--:|--:|--:|");
        for (name, Figures { cpu, rate, server }) in &figures {
            let [to_cpu, to_rate] = [cpu / base.cpu, rate / base.rate];
            println!(
                "| {name} | {cpu:.2} | {to_cpu:.2} | {rate:.0} | {to_rate:.2} | {server:.2} |"
            );
        }
    }
    failures(outcomes);
    aim(row, &figures);
}

/// The medians of a client's turns.
#[derive(Clone, Copy)]
struct Figures {
    /// Milliseconds where bytes count, else microseconds; so is the server's.
    cpu: f64,
    /// Megabytes where bytes count, else requests, in a second.
    rate: f64,
    server: f64,
}

impl Figures {
    fn of(samples: &[Sample], bytes: Option<f64>) -> Self {
        let of = |value: fn(&Sample) -> f64| median(samples.iter().map(value));
        let (cpu, server) = (of(|sample| sample.cpu), of(|sample| sample.server));
        let time = of(|sample| sample.time);
        match bytes {
            Some(bytes) => Self { cpu: cpu / 1e3, rate: bytes / time, server: server / 1e3 },
            None => Self { cpu, rate: 1e6 / time, server },
        }
    }
}

/// Says whether nethttp has reached what it is to reach.
fn aim(row: &Row, figures: &[(&str, Figures)]) {
    let of = |wanted: &str| figures.iter().find(|(name, _)| *name == wanted).map(|(_, its)| its);
    let Some((aim, ours, theirs)) =
        row.aim.and_then(|aim| Some((aim, of("nethttp")?, of(aim.other())?)))
    else {
        return;
    };
    let (text, ratio, is_reached) = match aim {
        Aim::Cpu(most, other) => {
            let ratio = ours.cpu / theirs.cpu;
            (format!("at most {most} times the CPU of {other}"), ratio, ratio <= most)
        }
        Aim::Work(least, other) => {
            let ratio = theirs.cpu / ours.cpu;
            (
                format!("at least {least} times the MB of {other} for the same CPU"),
                ratio,
                ratio >= least,
            )
        }
    };
    let reached = if is_reached { "reached" } else { "missed" };
    println!("\nTarget: {text}. nethttp: {ratio:.3}, {reached}.");
}

//! The tables, in Markdown.

use std::time::Duration;

use super::load::Sample;
use super::load::idle::{Idle, Plan};
use super::load::mix::Times;
use crate::turns::{Outcomes, failures, median};

/// Prints the row of a load; `bulk` is the bytes of a body if these count, and not the requests. The ratios are
/// to the first server.
pub fn load(title: &str, bulk: Option<f64>, outcomes: &Outcomes<Vec<Sample>>) {
    println!("\n### {title}\n");
    let unit = if bulk.is_some() { "GB/s" } else { "requests/s" };
    println!("| server | µs CPU | to {} | {unit} | to {0} |", outcomes[0].0);
    println!("|---|--:|--:|--:|--:|");
    let mut first = None;
    for (name, outcome) in outcomes {
        let Ok(samples) = outcome else { continue };
        let cpu = median(samples.iter().map(|sample| sample.cpu));
        let rate = median(samples.iter().map(|sample| sample.rate));
        let (first_cpu, first_rate) = *first.get_or_insert((cpu, rate));
        let shown = match bulk {
            Some(bytes) => format!("{:.2}", rate * bytes / 1e9),
            None => format!("{rate:.0}"),
        };
        let (cpu_ratio, rate_ratio) = (cpu / first_cpu, rate / first_rate);
        println!("| {name} | {cpu:.2} | {cpu_ratio:.2} | {shown} | {rate_ratio:.2} |");
    }
    failures(outcomes);
}

/// Prints the row of a mix: latencies in microseconds.
pub fn slowest(title: &str, outcomes: &Outcomes<Times>) {
    println!("\n### {title}\n");
    println!("| server | answers | µs p50 | p99 | max | over 5 ms | slowest kind | its mean |");
    println!("|---|--:|--:|--:|--:|--:|---|--:|");
    for (name, outcome) in outcomes {
        let Ok(times) = outcome else { continue };
        let all = sorted(times.all.iter().map(|(_, time)| *time));
        let kinds = times.cases.iter().enumerate().map(|(index, case)| {
            let its: Vec<_> =
                times.all.iter().filter(|(of, _)| *of == index).map(|(_, time)| *time).collect();
            let count = u32::try_from(its.len()).unwrap_or(u32::MAX).max(1);
            (case.name, its.iter().sum::<Duration>() / count)
        });
        let (kind, its) = kinds.max_by_key(|(_, mean)| *mean).unwrap_or_default();
        let late = all.iter().filter(|time| time.as_millis() >= 5).count();
        let [p50, p99, max] = [50, 99, 100].map(|percent| quantile(&all, percent).as_micros());
        let (count, its) = (all.len(), its.as_micros());
        println!("| {name} | {count} | {p50} | {p99} | {max} | {late} | {kind} | {its} |");
    }
    failures(outcomes);
}

/// Prints the row of idle connections.
pub fn idle(title: &str, plan: &Plan, outcomes: Outcomes<Idle>) {
    println!("\n### {title}\n");
    print!("| server |");
    plan.steps.iter().for_each(|step| print!(" KB each of {step} |"));
    println!(" % CPU | busy: µs p50 | p99 | max | KB each, kept |");
    println!("|---|{}--:|--:|--:|--:|--:|", "--:|".repeat(plan.steps.len()));
    let mut ends = Vec::new();
    for (name, outcome) in outcomes {
        let ended = outcome.and_then(|Idle { memory, all }| {
            print!("| {name} |");
            memory.iter().for_each(|bytes| print!(" {:.1} |", bytes / 1e3));
            let missing = plan.steps.len() - memory.len();
            let Ok(full) = &all else {
                println!("{}", " - |".repeat(missing + 5));
                return all;
            };
            let of = |percent| quantile(&full.latencies, percent).as_micros();
            let ([p50, p99, max], cpu, kept) =
                ([50, 99, 100].map(of), full.cpu * 1e2, full.kept / 1e3);
            println!(" {cpu:.1} | {p50} | {p99} | {max} | {kept:.1} |");
            all
        });
        ends.push((name, ended));
    }
    failures(&ends);
}

fn sorted(times: impl Iterator<Item = Duration>) -> Vec<Duration> {
    let mut times: Vec<_> = times.collect();
    times.sort_unstable();
    times
}

/// Returns the time that so many in a hundred do not exceed.
fn quantile(sorted: &[Duration], percent: usize) -> Duration {
    let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(place).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_one_of_the_times() {
        let times: Vec<_> = (1..=200).map(Duration::from_micros).collect();
        let of = |percent| quantile(&times, percent).as_micros();
        assert_eq!([of(50), of(99), of(100)], [100, 198, 200]);
        assert_eq!(quantile(&[], 50), Duration::ZERO);
    }
}

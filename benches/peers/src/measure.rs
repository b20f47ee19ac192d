//! The clock: subjects take turns, round after round, and the median counts.
//!
//! A machine that slows down for a while slows all subjects down alike, so that the ratio of two
//! medians of one run means something where the times themselves do not.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// What is measured: does the work for the whole input as many times as it is told.
pub type Subject<'a> = Box<dyn FnMut(u32) + 'a>;

/// Makes a subject of work that is done once a call; the loop around it is compiled with it.
pub fn subject<'a>(mut work: impl FnMut() + 'a) -> Subject<'a> {
    Box::new(move |calls| (0..calls).for_each(|_| work()))
}

/// Makes a subject of work for every item; what the work returns is dropped within the measurement.
pub fn each<'a, I: 'a, T>(items: Vec<I>, mut work: impl FnMut(&I) -> T + 'a) -> Subject<'a> {
    subject(move || {
        for item in &items {
            black_box(work(black_box(item)));
        }
    })
}

/// How long and how often to measure.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How often every subject gets its turn.
    pub rounds: usize,
    /// How long a turn takes at least.
    pub turn: Duration,
}

impl Plan {
    /// The plan of a table that is meant to be published.
    pub const FULL: Self = Self { rounds: 101, turn: Duration::from_millis(2) };
    /// The plan of a first look.
    pub const QUICK: Self = Self { rounds: 15, turn: Duration::from_millis(1) };
}

/// Returns the median time in nanoseconds in which each subject does its work once.
pub fn interleaved(plan: Plan, subjects: &mut [Subject<'_>]) -> Vec<f64> {
    let calls: Vec<u32> = subjects.iter_mut().map(|subject| calibrate(plan, subject)).collect();
    let mut times = vec![Vec::with_capacity(plan.rounds); subjects.len()];
    for _ in 0..plan.rounds {
        for ((subject, &calls), times) in subjects.iter_mut().zip(&calls).zip(&mut times) {
            times.push(turn(subject, calls).as_secs_f64() * 1e9 / f64::from(calls));
        }
    }
    times.into_iter().map(median).collect()
}

/// Finds how many calls fill a turn; warms the caches on the way.
fn calibrate(plan: Plan, subject: &mut Subject<'_>) -> u32 {
    let mut calls = 1;
    while turn(subject, calls) < plan.turn && calls < 1 << 24 {
        calls *= 2;
    }
    calls
}

fn turn(subject: &mut Subject<'_>, calls: u32) -> Duration {
    let start = Instant::now();
    subject(calls);
    start.elapsed()
}

/// Returns the middle of the values, of which there is at least one.
pub fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    let middle = times.len() / 2;
    if times.len() % 2 == 1 {
        times[middle]
    } else {
        f64::midpoint(times[middle - 1], times[middle])
    }
}

/// Returns the geometric mean.
pub fn geometric_mean(ratios: &[f64]) -> f64 {
    let count = f64::from(u32::try_from(ratios.len()).expect("a table"));
    (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / count).exp()
}

/// Returns the lowest of the ratios.
pub fn lowest(ratios: &[f64]) -> f64 {
    ratios.iter().copied().fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
    }

    #[test]
    fn the_geometric_mean_of_a_ratio_and_its_inverse_is_one() {
        assert!((geometric_mean(&[4.0, 0.25]) - 1.0).abs() < 1e-12);
        assert!((geometric_mean(&[2.0, 8.0]) - 4.0).abs() < 1e-12);
    }

    #[test]
    fn subjects_take_turns() {
        let order = &std::cell::RefCell::new(Vec::new());
        let plan = Plan { rounds: 2, turn: Duration::ZERO };
        let named = |name| subject(move || order.borrow_mut().push(name));
        let times = interleaved(plan, &mut [named('a'), named('b')]);
        assert_eq!(times.len(), 2);
        assert_eq!(*order.borrow(), ['a', 'b', 'a', 'b', 'a', 'b']);
    }
}

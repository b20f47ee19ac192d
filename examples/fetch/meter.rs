//! The line on a terminal that says how far a transfer has come.

use std::collections::VecDeque;
use std::env;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::human::{State, line};
use crate::options::Options;

/// How often the line is drawn at most.
const PERIOD: Duration = Duration::from_millis(100);
/// The rate is that of the last so many periods.
const SAMPLES: usize = 50;
/// As wide as a terminal is that does not say it.
const WIDTH: usize = 80;

/// A transfer as it is seen.
#[derive(Debug)]
pub(crate) struct Meter {
    is_drawn: bool,
    start: Instant,
    samples: VecDeque<(Instant, u64)>,
    done: u64,
    total: Option<u64>,
}

impl Meter {
    /// Begins behind what there is already.
    pub(crate) fn new(options: &Options, to_file: bool, from: u64, total: Option<u64>) -> Self {
        let wanted = !options.silent && !options.no_progress_meter;
        // What is written to a terminal must not be drawn over.
        let is_free = to_file || !io::stdout().is_terminal();
        let is_drawn = wanted && is_free && io::stderr().is_terminal();
        let start = Instant::now();
        Self { is_drawn, start, samples: VecDeque::from([(start, from)]), done: from, total }
    }

    pub(crate) fn advance(&mut self, bytes: usize) {
        self.done = self.done.saturating_add(bytes as u64);
        let now = Instant::now();
        let last = self.samples.back().map_or(self.start, |(drawn, _)| *drawn);
        if self.is_drawn && now.saturating_duration_since(last) >= PERIOD {
            self.draw(now);
        }
    }

    /// Leaves the line as it is at the end.
    pub(crate) fn finish(&mut self) {
        if self.is_drawn {
            self.draw(Instant::now());
            let _ = writeln!(io::stderr());
        }
        self.is_drawn = false;
    }

    fn draw(&mut self, now: Instant) {
        self.samples.push_back((now, self.done));
        let first = match self.samples.len() > SAMPLES {
            true => self.samples.pop_front(),
            false => self.samples.front().copied(),
        };
        let (since, from) = first.unwrap_or((self.start, 0));
        let seconds = now.saturating_duration_since(since).as_secs_f64().max(0.001);
        let state = State {
            done: self.done,
            total: self.total,
            rate: self.done.saturating_sub(from) as f64 / seconds,
            elapsed: now.saturating_duration_since(self.start),
        };
        let columns = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        // A line that fills its last column would wrap.
        let width = columns.unwrap_or(WIDTH).saturating_sub(1);
        let _ = write!(io::stderr(), "\r{:width$}", line(&state, width));
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.finish();
    }
}

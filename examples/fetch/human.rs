//! Numbers as people read them: sizes, rates and times. Nothing here asks a clock or a terminal.

use std::time::Duration;

const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];

/// Returns a number of bytes with three digits that say something: `999 B`, `1.2 MiB`, `120 MiB`.
pub(crate) fn bytes(count: u64) -> String {
    if count < 1000 {
        return format!("{count} B");
    }
    let mut scaled = count as f64 / 1024.0;
    let mut units = UNITS.iter();
    let mut unit = units.next();
    // What would be rounded to four digits is the next unit's.
    while scaled >= 999.5 {
        let Some(next) = units.next() else { break };
        (scaled, unit) = (scaled / 1024.0, Some(next));
    }
    let unit = unit.unwrap_or(&"B");
    match scaled {
        _ if scaled < 9.95 => format!("{scaled:.1} {unit}"),
        _ => format!("{scaled:.0} {unit}"),
    }
}

/// Returns a rate.
pub(crate) fn rate(bytes_per_second: f64) -> String {
    format!("{}/s", bytes(bytes_per_second.max(0.0) as u64))
}

/// Returns a time in the two largest units that it has: `5s`, `3m 05s`, `2h 07m`, `1d 03h`.
pub(crate) fn time(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m {:02}s", seconds / 60, seconds % 60),
        3600..86_400 => format!("{}h {:02}m", seconds / 3600, seconds / 60 % 60),
        _ => format!("{}d {:02}h", seconds / 86_400, seconds / 3600 % 24),
    }
}

/// A transfer, as far as it has come.
#[derive(Clone, Copy, Debug)]
pub(crate) struct State {
    /// Bytes that there are, those of an earlier run included.
    pub(crate) done: u64,
    /// Bytes that there will be, if that is known.
    pub(crate) total: Option<u64>,
    /// Bytes per second.
    pub(crate) rate: f64,
    pub(crate) elapsed: Duration,
}

impl State {
    fn part(&self) -> Option<f64> {
        let total = self.total.filter(|total| *total > 0)?;
        Some((self.done as f64 / total as f64).min(1.0))
    }

    fn remaining(&self) -> Option<Duration> {
        let left = self.total?.saturating_sub(self.done) as f64;
        Duration::try_from_secs_f64(left / self.rate).ok().filter(|_| self.rate >= 1.0)
    }
}

/// Returns a line about a transfer that is no longer than so many columns: what there is, how fast it comes
/// and how long that takes, and a bar in the room that is left.
pub(crate) fn line(state: &State, width: usize) -> String {
    let done = match state.total {
        Some(total) => format!("{} of {}", bytes(state.done), bytes(total)),
        None => bytes(state.done),
    };
    let time = match (state.remaining(), state.total) {
        (_, Some(total)) if total <= state.done => format!("in {}", time(state.elapsed)),
        (Some(left), _) => format!("{} left", time(left)),
        (None, Some(_)) => "stalled".to_owned(),
        (None, None) => time(state.elapsed),
    };
    let percent = state.part().map(|part| format!("{:3.0}%  ", (part * 100.0).floor()));
    let text = format!("{}{done}  {}  {time}", percent.unwrap_or_default(), rate(state.rate));
    match state.part() {
        Some(part) if width >= text.len() + 12 => {
            let room = (width - text.len() - 4).min(40);
            let full = (part * room as f64) as usize;
            format!("[{}{}]  {text}", "#".repeat(full), " ".repeat(room - full))
        }
        _ => text.chars().take(width).collect(),
    }
}

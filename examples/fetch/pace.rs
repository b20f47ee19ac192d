//! How fast bytes may go: a bucket that fills with time. The time is an argument, and nobody sleeps here.

use std::time::{Duration, Instant};

/// How long a bucket that nobody has emptied goes on filling: what may go at once.
const BURST: f64 = 0.1;

/// A rate, and what of it was used.
#[derive(Debug)]
pub(crate) struct Pace {
    bytes_per_second: f64,
    /// Bytes that may go; below nothing if more have gone than might.
    tokens: f64,
    filled: Instant,
}

impl Pace {
    /// Sets a rate; it is never nothing.
    pub(crate) fn new(bytes_per_second: u64, now: Instant) -> Self {
        Self { bytes_per_second: bytes_per_second.max(1) as f64, tokens: 0.0, filled: now }
    }

    /// Returns how many bytes make a step that is worth taking.
    pub(crate) fn step(&self) -> usize {
        ((self.bytes_per_second * BURST) as usize).clamp(1, 64 << 10)
    }

    /// Counts bytes that have gone; returns how long to wait before more may.
    pub(crate) fn spend(&mut self, bytes: usize, now: Instant) -> Duration {
        let passed = now.saturating_duration_since(self.filled).as_secs_f64();
        let most = self.bytes_per_second * BURST;
        self.tokens = (self.tokens + passed * self.bytes_per_second).min(most) - bytes as f64;
        self.filled = now;
        Duration::try_from_secs_f64(-self.tokens / self.bytes_per_second).unwrap_or_default()
    }
}

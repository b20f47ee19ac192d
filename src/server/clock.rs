//! The Date of responses, formatted once a second, and deadlines.

use std::time::{Duration, Instant, SystemTime};

use crate::field::HttpDate;

/// Longer than any connection lasts, and near enough for every clock.
const ENDLESS: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

/// Returns the end of a wait that begins now; a wait may be as long as [`Duration::MAX`].
pub(super) fn deadline(wait: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(wait.min(ENDLESS)).unwrap_or(now)
}

/// A date and its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct DateCache {
    second: i64,
    text: [u8; 29],
}

impl DateCache {
    pub(super) fn new() -> Self {
        let epoch = HttpDate::from_unix(0);
        Self { second: epoch.unix(), text: epoch.encode() }
    }

    /// Returns the text of the current second.
    pub(super) fn now(&mut self) -> &[u8; 29] {
        let now = HttpDate::from(SystemTime::now());
        if now.unix() != self.second {
            *self = Self { second: now.unix(), text: now.encode() };
        }
        &self.text
    }
}

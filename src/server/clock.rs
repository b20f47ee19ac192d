//! When waiting ends.

use std::time::{Duration, Instant};

/// Longer than any connection lasts, and near enough for every clock.
const ENDLESS: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

/// Returns the end of a wait that begins now; a wait may be as long as [`Duration::MAX`].
pub(super) fn deadline(wait: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(wait.min(ENDLESS)).unwrap_or(now)
}

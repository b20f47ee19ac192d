//! How far a download is, and how fast: arithmetic, with the time as an argument.

use std::collections::VecDeque;
use std::time::Duration;

/// How often it is told how far a download is.
const INTERVAL: Duration = Duration::from_millis(100);

/// Over how long the rate is taken.
const WINDOW: Duration = Duration::from_secs(5);

/// How far a download is.
///
/// # Examples
///
/// ```no_run
/// let client = nethttp::Client::new();
/// client
///     .download("http://example.org/big.iso")
///     .progress(|p| eprint!("\r{} of {:?} bytes, {:?} left", p.received(), p.total(), p.remaining()))
///     .send()?;
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    received: u64,
    total: Option<u64>,
    resumed_from: u64,
    elapsed: Duration,
    rate: Option<u64>,
}

impl Progress {
    /// Returns how many bytes of the file are there, those of earlier downloads included.
    ///
    /// ```no_run
    /// # let client = nethttp::Client::new();
    /// client.download("http://example.org/a").progress(|p| eprint!("\r{}", p.received())).send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn received(&self) -> u64 {
        self.received
    }

    /// Returns how long the file will be, in bytes, if the server has said so.
    ///
    /// ```no_run
    /// # let client = nethttp::Client::new();
    /// let percent = |p: &nethttp::client::Progress| Some(p.received() * 100 / p.total()?.max(1));
    /// client.download("http://example.org/a").progress(|p| eprint!("\r{:?}", percent(p))).send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn total(&self) -> Option<u64> {
        self.total
    }

    /// Returns how many bytes of the file were there before; 0 if nothing was, or nothing that could be used.
    ///
    /// ```no_run
    /// # let client = nethttp::Client::new();
    /// let of_now = |p: &nethttp::client::Progress| p.received() - p.resumed_from();
    /// client.download("http://example.org/a").progress(|p| eprint!("\r{}", of_now(p))).send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn resumed_from(&self) -> u64 {
        self.resumed_from
    }

    /// Returns how long the download has taken.
    ///
    /// ```no_run
    /// # let client = nethttp::Client::new();
    /// client.download("http://example.org/a").progress(|p| eprint!("\r{:?}", p.elapsed())).send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// Returns how many bytes a second have come during the last five seconds; `None` before there is anything to tell.
    ///
    /// ```no_run
    /// # let client = nethttp::Client::new();
    /// client.download("http://example.org/a").progress(|p| eprint!("\r{:?} B/s", p.rate())).send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn rate(&self) -> Option<u64> {
        self.rate
    }

    /// Returns how much longer the download takes at this [rate](Self::rate), in whole seconds; `None` if that cannot be
    /// told.
    ///
    /// ```no_run
    /// # let client = nethttp::Client::new();
    /// client.download("http://example.org/a").progress(|p| eprint!("\r{:?}", p.remaining())).send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        let rate = self.rate.filter(|rate| *rate > 0)?;
        let left = self.total?.saturating_sub(self.received);
        Some(Duration::from_secs(left.div_ceil(rate)))
    }
}

/// Follows a download. All times are since its beginning.
#[derive(Debug)]
pub(super) struct Meter {
    resumed_from: u64,
    received: u64,
    total: Option<u64>,
    /// What was received when, an interval apart: as far back as the window, and one beyond it.
    samples: VecDeque<(Duration, u64)>,
}

impl Meter {
    pub(super) const fn new() -> Self {
        Self { resumed_from: 0, received: 0, total: None, samples: VecDeque::new() }
    }

    /// Begins with what is there.
    pub(super) fn begin(&mut self, resumed_from: u64, total: Option<u64>, now: Duration) {
        self.resumed_from = resumed_from;
        self.go_on(resumed_from, total, now);
    }

    /// Goes on after a break, which does not count for the rate.
    pub(super) fn go_on(&mut self, received: u64, total: Option<u64>, now: Duration) {
        (self.received, self.total) = (received, total);
        self.samples.clear();
        self.samples.push_back((now, received));
    }

    /// Takes down how much is there, and returns whether it is time to tell.
    pub(super) fn receive(&mut self, received: u64, now: Duration) -> bool {
        self.received = received;
        let last = self.samples.back().map_or(Duration::ZERO, |last| last.0);
        if now.saturating_sub(last) < INTERVAL {
            return false;
        }
        self.samples.push_back((now, received));
        while self.samples.get(1).is_some_and(|next| now.saturating_sub(next.0) >= WINDOW) {
            self.samples.pop_front();
        }
        true
    }

    pub(super) fn progress(&self, now: Duration) -> Progress {
        let Self { resumed_from, received, total, .. } = *self;
        Progress { received, total, resumed_from, elapsed: now, rate: self.rate(now) }
    }

    fn rate(&self, now: Duration) -> Option<u64> {
        let (since, before) = *self.samples.front()?;
        let nanos = now.checked_sub(since)?.as_nanos();
        let bytes = u128::from(self.received.checked_sub(before)?);
        // The product has less than 64 + 30 bits.
        u64::try_from((bytes * 1_000_000_000).checked_div(nanos)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn it_is_told_ten_times_a_second() {
        let mut meter = Meter::new();
        meter.begin(0, None, ms(0));
        let told = (1..=1000).filter(|at| meter.receive(*at, ms(*at))).count();
        assert_eq!(told, 10);
        assert!(!meter.receive(1001, ms(1001)) && meter.receive(1002, ms(1100)));
    }

    #[test]
    fn the_rate_is_that_of_the_last_seconds() {
        let mut meter = Meter::new();
        meter.begin(500, Some(100_500), ms(1000));
        assert_eq!(
            (meter.progress(ms(1000)).rate(), meter.progress(ms(1000)).remaining()),
            (None, None)
        );
        // Ten seconds of 1000 bytes, and ten of 100.
        for tenth in 1..=100 {
            meter.receive(500 + tenth * 100, ms(1000 + tenth * 100));
        }
        let progress = meter.progress(ms(11_000));
        assert_eq!((progress.received(), progress.resumed_from()), (10_500, 500));
        assert_eq!((progress.rate(), progress.remaining()), (Some(1000), Some(ms(90_000))));
        for tenth in 1..=100 {
            meter.receive(10_500 + tenth * 10, ms(11_000 + tenth * 100));
        }
        let progress = meter.progress(ms(21_000));
        assert_eq!((progress.elapsed(), progress.total()), (ms(21_000), Some(100_500)));
        assert_eq!((progress.rate(), progress.remaining()), (Some(100), Some(ms(890_000))));
        // Nothing comes any more.
        assert_eq!(meter.progress(ms(26_000)).rate(), Some(50));
        assert!(meter.samples.len() <= 52);
    }

    #[test]
    fn a_break_does_not_count() {
        let mut meter = Meter::new();
        meter.begin(0, Some(1000), ms(0));
        meter.receive(100, ms(1000));
        meter.go_on(50, Some(1000), ms(60_000));
        meter.receive(150, ms(61_000));
        let progress = meter.progress(ms(61_000));
        assert_eq!((progress.rate(), progress.resumed_from()), (Some(100), 0));
    }

    #[test]
    fn what_cannot_be_told_is_not() {
        let mut meter = Meter::new();
        assert_eq!(meter.progress(ms(5)).rate(), None);
        meter.begin(0, Some(u64::MAX), ms(0));
        meter.receive(u64::MAX, ms(100));
        let progress = meter.progress(ms(100));
        assert_eq!((progress.rate(), progress.remaining()), (None, None));
        meter.begin(0, Some(10), ms(0));
        assert_eq!(meter.progress(ms(100)).remaining(), None);
        assert_eq!(meter.progress(ms(100)).rate(), Some(0));
        // More than was announced.
        meter.receive(20, ms(1000));
        assert_eq!(meter.progress(ms(1000)).remaining(), Some(ms(0)));
    }
}

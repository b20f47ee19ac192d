//! How long a slow client is waited for: a budget of waiting that every byte adds to.

use std::time::Duration;

/// Time that may still be spent on waiting for a client.
///
/// It begins with a grace, every wait takes from it, and every byte that comes (or goes) adds what it may take at the
/// lowest rate that is borne, up to a most. So a client may pause, but not for ever, and one that sends a byte now
/// and then to keep the connection open runs out of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    left: Duration,
    most: Duration,
    grace: Duration,
    /// What a byte adds; without a lowest rate waiting takes nothing.
    per_byte: Option<Duration>,
}

impl Patience {
    /// Begins with the grace. A rate is in bytes per second, and none is borne if it is zero.
    pub(super) fn new(rate: u64, grace: Duration, stall: Duration) -> Self {
        let second = Duration::from_secs(1);
        let per_byte = match u32::try_from(rate) {
            Ok(rate) => second.checked_div(rate),
            Err(_) => Some(Duration::ZERO),
        };
        Self { left: grace, most: stall.max(grace), grace, per_byte }
    }

    /// Begins anew for the next message, keeping what has been earned.
    pub(super) fn renew(&mut self) {
        self.left = self.left.max(self.grace);
    }

    /// Returns how long the next wait may last.
    pub(super) fn next_wait(&self, stall: Duration) -> Duration {
        if self.per_byte.is_some() { stall.min(self.left) } else { stall }
    }

    /// Counts a wait and what it brought; returns whether there is any patience left.
    pub(super) fn spend(&mut self, waited: Duration, bytes: usize) -> bool {
        let Some(per_byte) = self.per_byte else { return true };
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let earned = per_byte.saturating_mul(bytes);
        self.left = self.left.saturating_add(earned).saturating_sub(waited).min(self.most);
        !self.left.is_zero()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn patience() -> Patience {
        Patience::new(256, 10 * SECOND, 30 * SECOND)
    }

    #[test]
    fn nothing_for_the_grace_is_too_slow() {
        let mut patience = patience();
        assert!(patience.spend(9 * SECOND, 0));
        assert_eq!(patience.next_wait(30 * SECOND), SECOND);
        assert!(!patience.spend(SECOND, 0));
    }

    #[test]
    fn the_lowest_rate_is_borne_for_ever_and_less_is_not() {
        let mut steady = patience();
        assert!((0..100_000).all(|_| steady.spend(SECOND, 256)));
        let mut slower = patience();
        let seconds = (0..).take_while(|_| slower.spend(SECOND, 230)).count();
        assert!((90..110).contains(&seconds), "{seconds}");
        let mut drip = patience();
        assert_eq!((0..).take_while(|_| drip.spend(SECOND, 1)).count(), 10);
    }

    #[test]
    fn a_gigabyte_earns_no_more_than_one_stall() {
        let mut patience = patience();
        assert!(patience.spend(SECOND, 1 << 30));
        assert_eq!(patience.next_wait(100 * SECOND), 30 * SECOND);
    }

    #[test]
    fn a_new_message_has_its_grace_again() {
        let mut patience = patience();
        patience.spend(9 * SECOND, 0);
        patience.renew();
        assert_eq!(patience.next_wait(30 * SECOND), 10 * SECOND);
    }

    #[test]
    fn without_a_rate_only_the_stall_counts() {
        let mut patience = Patience::new(0, 10 * SECOND, 30 * SECOND);
        assert!(patience.spend(1000 * SECOND, 0));
        assert_eq!(patience.next_wait(30 * SECOND), 30 * SECOND);
    }

    #[test]
    fn extremes_do_not_overflow() {
        let mut patience = Patience::new(u64::MAX, Duration::MAX, Duration::MAX);
        assert!(patience.spend(SECOND, usize::MAX));
        let mut patience = Patience::new(1, Duration::ZERO, Duration::MAX);
        assert!(patience.spend(SECOND, usize::MAX));
        assert!(!patience.spend(Duration::MAX, 0));
    }
}

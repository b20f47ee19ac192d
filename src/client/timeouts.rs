//! How long an exchange may take, and the arithmetic of it.

use std::time::{Duration, Instant};

use super::failure::Failure;
use crate::error::Phase;
use crate::setters::setters;

/// How long each step of an exchange may take; `None` is no limit.
///
/// | limit | default | [`Phase`] |
/// |---|---|---|
/// | [`resolve`](Self::resolve): looking up a name; a proxy's and the server's have this time each | 10 s | `Resolve` |
/// | [`connect`](Self::connect): connecting, all addresses, a proxy's tunnel and TLS together | 10 s | `Connect` |
/// | [`send`](Self::send): until the server takes some more of the request | 30 s | `Send` |
/// | [`expect_continue`](Self::expect_continue): for `100 Continue`, after which the body is sent anyhow | 1 s | none |
/// | [`first_byte`](Self::first_byte): from the end of the request until something of the response comes | 60 s | `FirstByte` |
/// | [`idle`](Self::idle): until some more of the response comes | 30 s | `Idle` |
/// | [`total`](Self::total): from the call of `send` to the end of the response's body | none | `Total` |
///
/// A server that sends one byte now and then keeps within `idle`; only `total` bounds it. The time that
/// the caller's own body or the caller between two reads of a response takes counts towards `total`
/// alone, and is noticed at the next step. `None` is no limit; one of zero is over as soon as
/// something has to be waited for.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use nethttp::client::Timeouts;
///
/// const PATIENT: Timeouts = Timeouts::DEFAULT.first_byte(None).total(Some(Duration::from_secs(3600)));
/// assert_eq!(PATIENT.connect, Some(Duration::from_secs(10)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// For looking up a name.
    pub resolve: Option<Duration>,
    /// For connecting, and for what is needed before a request can be sent.
    pub connect: Option<Duration>,
    /// For each step of sending.
    pub send: Option<Duration>,
    /// For `100 Continue`.
    pub expect_continue: Option<Duration>,
    /// For the first byte of the response.
    pub first_byte: Option<Duration>,
    /// For each step of receiving.
    pub idle: Option<Duration>,
    /// For the whole exchange, the response's body included.
    pub total: Option<Duration>,
}

impl Timeouts {
    /// The defaults of the table above.
    pub const DEFAULT: Self = Self {
        resolve: Some(Duration::from_secs(10)),
        connect: Some(Duration::from_secs(10)),
        send: Some(Duration::from_secs(30)),
        expect_continue: Some(Duration::from_secs(1)),
        first_byte: Some(Duration::from_secs(60)),
        idle: Some(Duration::from_secs(30)),
        total: None,
    };

    setters! { "nethttp::client::Timeouts":
        /// Sets the time for looking up a name.
        resolve: Option<Duration> = "Some(std::time::Duration::from_secs(5))";
        /// Sets the time for connecting.
        connect: Option<Duration> = "Some(std::time::Duration::from_secs(5))";
        /// Sets the time for each step of sending.
        send: Option<Duration> = "Some(std::time::Duration::from_secs(5))";
        /// Sets the time for `100 Continue`.
        expect_continue: Option<Duration> = "Some(std::time::Duration::from_secs(5))";
        /// Sets the time for the first byte of the response.
        first_byte: Option<Duration> = "Some(std::time::Duration::from_secs(5))";
        /// Sets the time for each step of receiving.
        idle: Option<Duration> = "Some(std::time::Duration::from_secs(5))";
        /// Sets the time for the whole exchange.
        total: Option<Duration> = "Some(std::time::Duration::from_secs(5))";
    }

    /// Returns the limit of a phase.
    pub(super) const fn of(&self, phase: Phase) -> Option<Duration> {
        match phase {
            Phase::Resolve => self.resolve,
            Phase::Connect => self.connect,
            Phase::Send => self.send,
            Phase::FirstByte => self.first_byte,
            Phase::Idle => self.idle,
            Phase::Total => self.total,
        }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// How long a response that nobody will see may stall: it is waited for to save a connection, which takes less.
const DRAIN_TIME: Duration = Duration::from_millis(250);

/// The limits of one exchange that has begun.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    timeouts: Timeouts,
    /// When the whole exchange must be over.
    total: Option<Instant>,
    /// Until when `100 Continue` is waited for, however much else comes.
    awaited: Option<Instant>,
}

impl Deadline {
    pub(super) fn start(timeouts: Timeouts, now: Instant) -> Self {
        let total = timeouts.total.and_then(|total| now.checked_add(total));
        Self { timeouts, total, awaited: None }
    }

    pub(super) const fn timeouts(&self) -> &Timeouts {
        &self.timeouts
    }

    /// Returns how much time is left for the whole exchange, if that is limited.
    pub(super) fn left(&self, now: Instant) -> Option<Duration> {
        self.total.map(|until| until.saturating_duration_since(now))
    }

    /// Returns the same deadline, but with the time for `100 Continue` in the place of that for reading.
    pub(super) fn for_continue(mut self, now: Instant) -> Self {
        self.awaited = self.timeouts.expect_continue.and_then(|limit| now.checked_add(limit));
        (self.timeouts.first_byte, self.timeouts.idle) = (None, None);
        self
    }

    /// Returns the same deadline for a response that nobody will see: more of it must come soon, however much framing comes
    /// before.
    pub(super) fn for_draining(mut self, now: Instant) -> Self {
        let soon = now.checked_add(DRAIN_TIME);
        self.total = [self.total, soon].into_iter().flatten().min();
        self
    }

    /// Returns how long the next bytes of a body may take, if nothing else limits them: `Some(None)` is for ever.
    #[expect(clippy::option_option, reason = "none is no limit here, as everywhere")]
    pub(super) const fn pause(&self) -> Option<Option<Duration>> {
        match (self.total, self.awaited, self.timeouts.idle) {
            // No time at all is not to be waited for.
            (None, None, Some(Duration::ZERO)) => None,
            (None, None, idle) => Some(idle),
            _ => None,
        }
    }

    /// Begins a step of a phase.
    pub(super) fn step(&self, phase: Phase, now: Instant) -> Step {
        let awaited = self.awaited.filter(|_| matches!(phase, Phase::FirstByte | Phase::Idle));
        let own = self.timeouts.of(phase).and_then(|limit| now.checked_add(limit));
        let own = awaited.or(own).map(|until| (until, phase));
        let total = self.total.map(|until| (until, Phase::Total));
        let end = match (own, total) {
            (Some(own), Some(total)) if own.0 < total.0 => Some(own),
            (own, None) => own,
            (_, total) => total,
        };
        Step { end }
    }
}

/// A step of an exchange that has begun.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// When it must be over, and which phase's time it uses up.
    end: Option<(Instant, Phase)>,
}

impl Step {
    /// Returns when it must be over; `None` is never.
    pub(super) fn until(&self) -> Option<Instant> {
        self.end.map(|(until, _)| until)
    }

    /// Returns how long the step may still take, which is never nothing; `None` is for ever.
    ///
    /// # Errors
    ///
    /// The time is over.
    pub(super) fn left(&self, now: Instant) -> Result<Option<Duration>, Failure> {
        let Some((until, phase)) = self.end else {
            return Ok(None);
        };
        match until.checked_duration_since(now) {
            Some(left) if !left.is_zero() => Ok(Some(left)),
            _ => Err(Failure::Timeout(phase)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn left(step: Step, now: Instant) -> Result<Option<Duration>, Phase> {
        step.left(now).map_err(|failure| match failure {
            Failure::Timeout(phase) => phase,
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn the_shorter_of_step_and_total_counts_and_is_named() {
        let now = Instant::now();
        let timeouts = Timeouts::DEFAULT.idle(Some(3 * SECOND)).total(Some(5 * SECOND));
        let deadline = Deadline::start(timeouts, now);
        let first = deadline.step(Phase::Idle, now);
        assert_eq!(left(first, now), Ok(Some(3 * SECOND)));
        assert_eq!(left(first, now + SECOND), Ok(Some(2 * SECOND)));
        assert_eq!(left(first, now + 3 * SECOND), Err(Phase::Idle));
        let second = deadline.step(Phase::Idle, now + 3 * SECOND);
        assert_eq!(left(second, now + 3 * SECOND), Ok(Some(2 * SECOND)));
        assert_eq!(left(second, now + 5 * SECOND), Err(Phase::Total));
        assert_eq!(left(second, now + 9 * SECOND), Err(Phase::Total));
    }

    #[test]
    fn none_is_no_limit() {
        let now = Instant::now();
        let deadline = Deadline::start(Timeouts::DEFAULT.idle(None), now);
        assert_eq!(left(deadline.step(Phase::Idle, now), now + 1000 * SECOND), Ok(None));
        let endless = Deadline::start(Timeouts::DEFAULT.idle(Some(Duration::MAX)), now);
        assert_eq!(left(endless.step(Phase::Idle, now), now), Ok(None));
        let total = Deadline::start(Timeouts::DEFAULT.idle(None).total(Some(SECOND)), now);
        assert_eq!(left(total.step(Phase::Idle, now), now), Ok(Some(SECOND)));
    }

    #[test]
    fn draining_has_little_time_and_never_more_than_the_exchange() {
        let now = Instant::now();
        for (total, expected) in
            [(None, DRAIN_TIME), (Some(SECOND), DRAIN_TIME), (Some(SECOND / 9), SECOND / 9)]
        {
            let timeouts = Timeouts::DEFAULT.idle(None).total(total);
            let draining = Deadline::start(timeouts, now).for_draining(now);
            assert_eq!(left(draining.step(Phase::Idle, now), now), Ok(Some(expected)));
            // What comes in between makes no difference.
            let later = now + SECOND / 10;
            let step = draining.step(Phase::Idle, later);
            assert_eq!(left(step, later), Ok(Some(expected - SECOND / 10)));
        }
    }

    #[test]
    fn every_phase_has_its_limit() {
        let timeouts = Timeouts::default()
            .connect(Some(SECOND))
            .resolve(Some(6 * SECOND))
            .send(Some(2 * SECOND))
            .expect_continue(Some(3 * SECOND))
            .first_byte(Some(7 * SECOND))
            .idle(Some(4 * SECOND))
            .total(Some(5 * SECOND));
        assert_eq!(timeouts.of(Phase::Connect), Some(SECOND));
        assert_eq!(timeouts.of(Phase::Send), Some(2 * SECOND));
        assert_eq!(timeouts.of(Phase::Resolve), Some(6 * SECOND));
        assert_eq!(timeouts.of(Phase::FirstByte), Some(7 * SECOND));
        assert_eq!(timeouts.of(Phase::Idle), Some(4 * SECOND));
        assert_eq!(timeouts.of(Phase::Total), Some(5 * SECOND));
        let now = Instant::now();
        let awaiting = Deadline::start(timeouts, now).for_continue(now);
        assert_eq!(left(awaiting.step(Phase::FirstByte, now), now), Ok(Some(3 * SECOND)));
        let later = now + 2 * SECOND;
        assert_eq!(left(awaiting.step(Phase::FirstByte, later), later), Ok(Some(SECOND)));
        assert_eq!(left(awaiting.step(Phase::Send, later), later), Ok(Some(2 * SECOND)));
    }
}

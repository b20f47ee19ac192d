//! Sending a request again: when, and after how long
//! ([RFC 9110 §9.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2),
//! [RFC 9110 §10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3),
//! [RFC 9112 §9.3.1](https://www.rfc-editor.org/rfc/rfc9112#section-9.3.1)).
//!
//! There are two reasons to. One is an idle connection that turns out to be closed: [`Attempt`] decides on it, always, and
//! without a wait. The other one is a server in trouble: [`retry_decision`] decides on it as the caller's
//! [`Retry`] says, which by default is never. Both are functions of what is known; nothing here sleeps, looks at a clock or
//! draws a random number. A body that is cut off after its head was handed to the caller is beyond both.
//!
//! ```
//! use std::time::Duration;
//!
//! use nethttp::client::Retry;
//!
//! let retry = Retry::idempotent(3).backoff(Duration::from_millis(200), Duration::from_secs(5));
//! ```

use std::borrow::Cow;
use std::time::Duration;

use crate::error::{ErrorKind, Phase};
use crate::field::{HttpDate, RetryAfter};
use crate::header::{self, HeaderMap};
use crate::method::Method;
use crate::status::StatusCode;

/// The statuses of a server that may do better soon.
const STATUSES: [StatusCode; 5] = [
    StatusCode::REQUEST_TIMEOUT,
    StatusCode::TOO_MANY_REQUESTS,
    StatusCode::BAD_GATEWAY,
    StatusCode::SERVICE_UNAVAILABLE,
    StatusCode::GATEWAY_TIMEOUT,
];

/// Whether requests that have failed are sent again, and after how long.
///
/// The default is [`none`](Self::none).
///
/// # Which requests
///
/// Those whose method is idempotent, GET, HEAD, PUT, DELETE, OPTIONS and TRACE: to do them twice is to do them once. So is
/// any that has an `Idempotency-Key` or `X-Idempotency-Key` field, by which the server knows it again. And any at all while
/// nothing of it was sent, since there was no connection. Content must be made of bytes or be a file, unless none of it
/// was read.
///
/// # After what
///
/// | what happened | sent again |
/// |---|---|
/// | the name was not found or not looked up in time, [`Resolve`](ErrorKind::Resolve): the standard library does not tell a name that does not exist from a server that does not answer | yes |
/// | no connection, or not in time, [`Connect`](ErrorKind::Connect) | yes |
/// | no answer in time, or the connection was [lost](crate::Error::is_connection_lost) before the head of one was complete | yes |
/// | one of the [`statuses`](Self::statuses) | yes |
/// | any other status, and a body that is cut off | no |
/// | any other error: of TLS, of a proxy, of the protocol, in the URL or the request; a blocked address; a cancelled exchange; [`total`](super::Timeouts::total) has run out | no |
///
/// What then is left, the last response or the last error, is what the caller gets.
///
/// # After how long
///
/// A random time up to `base`, then up to twice, four times and so on, never beyond `max`, so that many clients do not come
/// back at once: 200 ms and 5 s, or [`backoff`](Self::backoff). Or the same time in front of each attempt:
/// [`delay`](Self::delay). If the response says `Retry-After` and asks for more, that is waited for; more than 60 s, or
/// [another limit](Self::respect_retry_after), is not. A wait that would end behind the total timeout, or behind
/// [`max_elapsed`](Self::max_elapsed), is not begun.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use nethttp::StatusCode;
/// use nethttp::client::Retry;
///
/// let retry = Retry::idempotent(5)
///     .backoff(Duration::from_millis(100), Duration::from_secs(2))
///     .respect_retry_after(Duration::from_secs(120))
///     .statuses([StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    /// How often a request is sent again at most.
    most: u32,
    pause: Pause,
    max_elapsed: Option<Duration>,
    retry_after: Duration,
    statuses: Cow<'static, [StatusCode]>,
    non_idempotent: bool,
}

/// How long to wait where the server does not ask for more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pause {
    /// A random time up to `base`, which doubles, and up to `max`.
    Random {
        base: Duration,
        max: Duration,
    },
    Fixed(Duration),
}

impl Retry {
    /// Sends no request again.
    ///
    /// ```
    /// use nethttp::client::Retry;
    ///
    /// assert_eq!(Retry::none(), Retry::default());
    /// ```
    #[must_use]
    pub const fn none() -> Self {
        Self::idempotent(0)
    }

    /// Sends idempotent requests again, so many times at most.
    ///
    /// ```
    /// use nethttp::client::Retry;
    ///
    /// // Four attempts in all.
    /// let retry = Retry::idempotent(3);
    /// ```
    #[must_use]
    pub const fn idempotent(most: u32) -> Self {
        Self {
            most,
            pause: Pause::Random { base: Duration::from_millis(200), max: Duration::from_secs(5) },
            max_elapsed: None,
            retry_after: Duration::from_secs(60),
            statuses: Cow::Borrowed(&STATUSES),
            non_idempotent: false,
        }
    }

    /// Sets the longest wait before the second attempt, which doubles with each one that follows, and the longest of all.
    /// How much of it is waited is random, so that `backoff(d, d)` waits anything up to `d`; [`delay`](Self::delay) waits
    /// just that.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use nethttp::client::Retry;
    ///
    /// // Up to 1, 2, 4, 8, 10, 10 seconds.
    /// let retry = Retry::idempotent(6).backoff(Duration::from_secs(1), Duration::from_secs(10));
    /// ```
    #[must_use]
    pub const fn backoff(mut self, base: Duration, max: Duration) -> Self {
        self.pause = Pause::Random { base, max };
        self
    }

    /// Sets one wait for all attempts, in the place of [`backoff`](Self::backoff). Nothing of it is random: clients that have
    /// failed together come back together.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use nethttp::client::Retry;
    ///
    /// // Asks every ten seconds, for up to five minutes.
    /// let retry = Retry::idempotent(30).delay(Duration::from_secs(10));
    /// ```
    #[must_use]
    pub const fn delay(mut self, delay: Duration) -> Self {
        self.pause = Pause::Fixed(delay);
        self
    }

    /// Sets how long after the call of `send` another attempt may still begin; without, the number of attempts alone is
    /// limited. Redirects and logins count. An attempt that has begun may take longer:
    /// [`total`](super::Timeouts::total) limits that too.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use nethttp::client::Retry;
    ///
    /// // As often as it takes, but for half a minute at most.
    /// let retry = Retry::idempotent(u32::MAX).max_elapsed(Duration::from_secs(30));
    /// ```
    #[must_use]
    pub const fn max_elapsed(mut self, max: Duration) -> Self {
        self.max_elapsed = Some(max);
        self
    }

    /// Sets the longest wait that a server can ask for with `Retry-After`. One that asks for more is not asked again; its
    /// response is returned.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use nethttp::client::Retry;
    ///
    /// let patient = Retry::idempotent(3).respect_retry_after(Duration::from_secs(3600));
    /// ```
    #[must_use]
    pub const fn respect_retry_after(mut self, max: Duration) -> Self {
        self.retry_after = max;
        self
    }

    /// Sets the statuses after which a request is sent again: 408, 429, 502, 503 and 504 by default.
    ///
    /// ```
    /// use nethttp::StatusCode;
    /// use nethttp::client::Retry;
    ///
    /// let retry = Retry::idempotent(3).statuses([StatusCode::SERVICE_UNAVAILABLE]);
    /// let connections_only = Retry::idempotent(3).statuses([]);
    /// ```
    #[must_use]
    pub fn statuses(mut self, statuses: impl IntoIterator<Item = StatusCode>) -> Self {
        self.statuses = statuses.into_iter().collect();
        self
    }

    /// Sends requests of every method again, if true, although nobody knows whether the server has acted on them: for
    /// servers that can take the same POST twice.
    ///
    /// ```
    /// use nethttp::client::Retry;
    ///
    /// let retry = Retry::idempotent(3).non_idempotent(true);
    /// ```
    #[must_use]
    pub const fn non_idempotent(mut self, all: bool) -> Self {
        self.non_idempotent = all;
        self
    }

    /// Returns the same for another number of times.
    pub(super) fn times(self, most: u32) -> Self {
        Self { most, ..self }
    }

    /// Returns whether nothing is sent again.
    pub(super) const fn is_none(&self) -> bool {
        self.most == 0
    }
}

impl Pause {
    /// Returns how long to wait before another attempt, after so many that have failed.
    fn after(self, retries: u32, random: u32) -> Duration {
        match self {
            Self::Random { base, max } => part_of(ceiling(base, max, retries), random),
            Self::Fixed(delay) => delay,
        }
    }
}

/// The longest wait before another attempt, after so many that have failed.
fn ceiling(base: Duration, max: Duration, retries: u32) -> Duration {
    let doubled = base.saturating_mul(1_u32.checked_shl(retries).unwrap_or(u32::MAX));
    doubled.min(max)
}

impl Default for Retry {
    fn default() -> Self {
        Self::none()
    }
}

/// A request that has failed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tried<'a> {
    pub(super) method: Method,
    pub(super) headers: &'a HeaderMap,
    /// There is no content, or it can be sent again, or nothing of it was read.
    pub(super) replayable: bool,
    /// How often the request was sent again.
    pub(super) retries: u32,
}

/// What has come of it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Outcome<'a> {
    /// The head of a response.
    Answered { status: StatusCode, headers: &'a HeaderMap },
    /// A failure before the head of a response was complete. A part of a head makes no difference: an idempotent request
    /// may be repeated whatever the server has done with it, and others must not be.
    Failed(ErrorKind),
}

/// What else the decision depends on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) now: HttpDate,
    /// What is left until the total timeout.
    pub(super) left: Option<Duration>,
    /// What has gone by since the call.
    pub(super) elapsed: Duration,
    /// Bits that nobody can tell beforehand.
    pub(super) random: u32,
}

/// Returns how long to wait before the request is sent again; `None` to give up.
pub(super) fn retry_decision(
    retry: &Retry,
    tried: &Tried<'_>,
    outcome: &Outcome<'_>,
    moment: &Moment,
) -> Option<Duration> {
    if tried.retries >= retry.most || !tried.replayable || !retry.may_repeat(tried, outcome) {
        return None;
    }
    let own = retry.pause.after(tried.retries, moment.random);
    let wait = match asked_for(outcome, moment.now) {
        Some(asked) if asked > retry.retry_after => return None,
        Some(asked) => asked.max(own),
        None => own,
    };
    // To wait until the time is over is to fail later.
    let until_max = retry.max_elapsed.map(|max| max.saturating_sub(moment.elapsed));
    let left = [moment.left, until_max].into_iter().flatten().min();
    left.is_none_or(|left| wait < left).then_some(wait)
}

impl Retry {
    /// Whether this request may be sent again after that.
    fn may_repeat(&self, tried: &Tried<'_>, outcome: &Outcome<'_>) -> bool {
        let harmless = self.non_idempotent || is_idempotent(tried.method, tried.headers);
        match outcome {
            Outcome::Answered { status, .. } => harmless && self.statuses.contains(status),
            Outcome::Failed(kind) => match kind {
                // Nothing was sent.
                ErrorKind::Resolve
                | ErrorKind::Connect
                | ErrorKind::Timeout(Phase::Resolve | Phase::Connect) => true,
                ErrorKind::Timeout(Phase::FirstByte | Phase::Idle)
                | ErrorKind::Send
                | ErrorKind::Receive
                | ErrorKind::Truncated => harmless,
                _ => false,
            },
        }
    }
}

/// Returns the wait that a response asks for.
///
/// A date is compared with the one that the server gives itself, so that it need not agree with this clock on what
/// time it is.
fn asked_for(outcome: &Outcome<'_>, now: HttpDate) -> Option<Duration> {
    let Outcome::Answered { headers, .. } = outcome else {
        return None;
    };
    let date = headers.get(header::DATE).and_then(|date| HttpDate::parse(date).ok());
    RetryAfter::from_headers(headers).map(|after| after.delay(date.unwrap_or(now)))
}

/// Returns a part of a time: all of its lengths are equally likely.
fn part_of(most: Duration, random: u32) -> Duration {
    // The seconds of a `Duration` have 64 bits, a billion has 30, and there is room for 32 more.
    let nanos = (most.as_nanos() * u128::from(random)) >> u32::BITS;
    let (seconds, nanos) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
    match (u64::try_from(seconds), u32::try_from(nanos)) {
        (Ok(seconds), Ok(nanos)) => Duration::new(seconds, nanos),
        _ => most,
    }
}

/// Whether to send a request twice is to send it once,
/// [RFC 9110 §9.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2), or the server is told that it is the same.
pub(super) fn is_idempotent(method: Method, headers: &HeaderMap) -> bool {
    method.is_idempotent()
        || headers.contains_key("Idempotency-Key")
        || headers.contains_key("X-Idempotency-Key")
}

/// An attempt that came to nothing because its connection was lost.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attempt {
    /// [`is_idempotent`].
    pub(super) idempotent: bool,
    /// The connection had served another request before.
    pub(super) reused: bool,
    /// There is no content, or it can be sent again, or nothing of it was read.
    pub(super) replayable: bool,
}

/// How far an attempt had come when its connection was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loss {
    /// Nothing was sent.
    Unsent,
    /// Nothing of a response was read.
    Unanswered,
    /// Some of a response was read.
    Answered,
}

impl Attempt {
    /// Returns whether to try once more, at once and on a new connection, after the connection was lost.
    ///
    /// A server may close an idle connection at any time, so that a request on a connection that is used again can
    /// cross with the end of it. It is repeated if no byte of a response was read, and if it is idempotent, since nobody
    /// knows what the server has seen of it,
    /// [RFC 9112 §9.3.1](https://www.rfc-editor.org/rfc/rfc9112#section-9.3.1); or if nothing of it was sent.
    pub(super) const fn retries_loss(&self, loss: Loss) -> bool {
        let harmless = match loss {
            Loss::Unsent => true,
            Loss::Unanswered => self.idempotent,
            Loss::Answered => false,
        };
        harmless && self.reused && self.replayable
    }

    /// Returns whether to try once more, at once and on a new connection, after this status.
    ///
    /// `408 Request Timeout` on a connection that is used again is what some servers say to an idle connection before
    /// they close it, [RFC 9110 §15.5.9](https://www.rfc-editor.org/rfc/rfc9110#section-15.5.9): it was not meant for
    /// this request.
    pub(super) fn retries_status(&self, status: StatusCode) -> bool {
        status == StatusCode::REQUEST_TIMEOUT && self.retries_loss(Loss::Unanswered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::RedirectErrorKind;
    use proptest::prelude::*;

    const SECOND: Duration = Duration::from_secs(1);
    const NOW: i64 = 784_111_777;
    /// As long a wait as there can be.
    const LONGEST: Moment = Moment {
        now: HttpDate::from_unix(NOW),
        left: None,
        elapsed: Duration::ZERO,
        random: u32::MAX,
    };
    const GET: Tried<'static> =
        Tried { method: Method::GET, headers: &HeaderMap::new(), replayable: true, retries: 0 };

    fn of(lines: &[(&str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name, value).unwrap();
        }
        headers
    }

    fn repeats(retry: &Retry, tried: &Tried<'_>, outcome: &Outcome<'_>) -> bool {
        retry_decision(retry, tried, outcome, &LONGEST).is_some()
    }

    fn answered(status: u16) -> Outcome<'static> {
        const NONE: &HeaderMap = &HeaderMap::new();
        Outcome::Answered { status: StatusCode::from_u16(status).unwrap(), headers: NONE }
    }

    const LOST: Outcome<'static> = Outcome::Failed(ErrorKind::Receive);
    const TROUBLE: [Outcome<'static>; 5] = [
        LOST,
        Outcome::Failed(ErrorKind::Send),
        Outcome::Failed(ErrorKind::Truncated),
        Outcome::Failed(ErrorKind::Timeout(Phase::FirstByte)),
        Outcome::Failed(ErrorKind::Timeout(Phase::Idle)),
    ];
    const UNSENT: [Outcome<'static>; 4] = [
        Outcome::Failed(ErrorKind::Resolve),
        Outcome::Failed(ErrorKind::Connect),
        Outcome::Failed(ErrorKind::Timeout(Phase::Resolve)),
        Outcome::Failed(ErrorKind::Timeout(Phase::Connect)),
    ];

    #[test]
    fn the_method_or_a_key_decides() {
        let retry = Retry::idempotent(3);
        for (method, fields, expected) in [
            ("GET", &[][..], true),
            ("HEAD", &[], true),
            ("PUT", &[], true),
            ("DELETE", &[], true),
            ("OPTIONS", &[], true),
            ("TRACE", &[], true),
            ("POST", &[], false),
            ("PATCH", &[], false),
            ("PROPFIND", &[], false),
            ("get", &[], false),
            ("POST", &[("Idempotency-Key", "\"8e03978e\"")], true),
            ("POST", &[("idempotency-key", "")], true),
            ("PATCH", &[("X-Idempotency-Key", "1")], true),
            ("POST", &[("X-Request-Id", "1")], false),
        ] {
            let headers = of(fields);
            let tried = Tried { method: method.parse().unwrap(), headers: &headers, ..GET };
            for outcome in TROUBLE.iter().chain([&answered(503)]) {
                assert_eq!(repeats(&retry, &tried, outcome), expected, "{tried:?} {outcome:?}");
                let all = retry.clone().non_idempotent(true);
                assert!(repeats(&all, &tried, outcome));
            }
            // What was not sent can be sent.
            assert!(UNSENT.iter().all(|outcome| repeats(&retry, &tried, outcome)));
        }
    }

    #[test]
    fn content_that_is_gone_is_not_sent_again() {
        let spent = Tried { replayable: false, ..GET };
        let all = Retry::idempotent(3).non_idempotent(true);
        for outcome in TROUBLE.iter().chain(&UNSENT).chain([&answered(503)]) {
            assert!(repeats(&all, &GET, outcome));
            assert!(!repeats(&all, &spent, outcome));
        }
    }

    #[test]
    fn errors_that_a_second_attempt_will_not_mend_are_final() {
        let all = Retry::idempotent(3).non_idempotent(true);
        for kind in [
            ErrorKind::Url,
            ErrorKind::Proxy,
            ErrorKind::Tls,
            ErrorKind::Timeout(Phase::Send),
            ErrorKind::Timeout(Phase::Total),
            ErrorKind::Cancelled,
            ErrorKind::Blocked,
            ErrorKind::Redirect(RedirectErrorKind::TooMany),
            ErrorKind::Status(StatusCode::SERVICE_UNAVAILABLE),
            ErrorKind::Protocol,
            ErrorKind::Encode,
            ErrorKind::Header,
            ErrorKind::Field,
            ErrorKind::BodyTooLarge,
            ErrorKind::Coding,
            ErrorKind::Form,
            ErrorKind::Unauthorized,
            ErrorKind::RequestBody,
            ErrorKind::Output,
            ErrorKind::Integrity,
            ErrorKind::Io,
            ErrorKind::Other,
        ] {
            assert!(!repeats(&all, &GET, &Outcome::Failed(kind)), "{kind:?}");
        }
    }

    #[test]
    fn five_statuses_are_tried_again_unless_others_are_named() {
        let default = Retry::idempotent(3);
        let own = Retry::idempotent(3).statuses([StatusCode::INTERNAL_SERVER_ERROR]);
        let none = Retry::idempotent(3).statuses([]);
        for status in 100..=999 {
            let outcome = answered(status);
            let expected = [408, 429, 502, 503, 504].contains(&status);
            assert_eq!(repeats(&default, &GET, &outcome), expected, "{status}");
            assert_eq!(repeats(&own, &GET, &outcome), status == 500, "{status}");
            assert!(!repeats(&none, &GET, &outcome), "{status}");
        }
    }

    #[test]
    fn there_are_so_many_attempts_and_no_more() {
        for most in [0, 1, 3, 100] {
            let retry = Retry::idempotent(most);
            for retries in 0..200 {
                let tried = Tried { retries, ..GET };
                assert_eq!(repeats(&retry, &tried, &LOST), retries < most);
            }
        }
        assert!(!repeats(&Retry::default(), &GET, &LOST));
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        for (retries, seconds) in
            [(0, 1), (1, 2), (2, 4), (3, 8), (4, 10), (31, 10), (32, 10), (u32::MAX, 10)]
        {
            assert_eq!(ceiling(SECOND, 10 * SECOND, retries), seconds * SECOND);
        }
        assert_eq!(ceiling(Duration::MAX, Duration::MAX, 40), Duration::MAX);
    }

    #[test]
    fn a_delay_is_the_same_each_time() {
        let retry = Retry::idempotent(u32::MAX).delay(4 * SECOND);
        let after = |seconds: &str| of(&[("Retry-After", seconds)]);
        for (retries, random, headers, expected) in [
            (0, 0, HeaderMap::new(), 4),
            (0, u32::MAX, HeaderMap::new(), 4),
            (1, 1 << 30, HeaderMap::new(), 4),
            (u32::MAX - 1, 7, HeaderMap::new(), 4),
            (3, 0, after("3"), 4),
            (3, 0, after("5"), 5),
        ] {
            let (tried, moment) = (Tried { retries, ..GET }, Moment { random, ..LONGEST });
            let status = StatusCode::SERVICE_UNAVAILABLE;
            let outcome = Outcome::Answered { status, headers: &headers };
            let wait = retry_decision(&retry, &tried, &outcome, &moment);
            assert_eq!(wait, Some(expected * SECOND), "{retries} {headers:?}");
        }
        // What was said last counts.
        let random = retry.clone().backoff(SECOND, SECOND);
        assert_eq!(random, Retry::idempotent(u32::MAX).backoff(SECOND, SECOND));
        assert_eq!(random.delay(4 * SECOND), retry);
    }

    #[test]
    fn a_wait_is_a_random_part_of_that() {
        for (random, millis) in [(0, 0), (1 << 30, 1000), (1 << 31, 2000), (3 << 30, 3000)] {
            let retry = Retry::idempotent(1).backoff(4 * SECOND, 4 * SECOND);
            let moment = Moment { random, ..LONGEST };
            let wait = retry_decision(&retry, &GET, &LOST, &moment);
            assert_eq!(wait, Some(Duration::from_millis(millis)));
        }
        assert!(part_of(4 * SECOND, u32::MAX) < 4 * SECOND);
        assert!(part_of(Duration::MAX, u32::MAX) < Duration::MAX);
    }

    #[test]
    fn the_server_can_ask_for_more_but_not_for_too_much() {
        let date = ("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
        let minute_behind = ("Date", "Sun, 06 Nov 1994 08:48:37 GMT");
        let in_a_minute = ("Retry-After", "Sun, 06 Nov 1994 08:50:37 GMT");
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        for (fields, expected) in [
            (&[("Retry-After", "60")][..], seconds(60)),
            (&[("Retry-After", "61")], None),
            (&[("Retry-After", "99999999999999999999")], None),
            (&[("Retry-After", "5")], seconds(5)),
            (&[in_a_minute], seconds(60)),
            (&[in_a_minute, date], seconds(60)),
            (&[in_a_minute, minute_behind], None),
            (&[in_a_minute, ("Date", "yesterday")], seconds(60)),
            (&[("Retry-After", "Sun, 06 Nov 1994 08:50:38 GMT")], None),
            (&[("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT")], None),
        ] {
            let headers = of(fields);
            let status = StatusCode::SERVICE_UNAVAILABLE;
            let outcome = Outcome::Answered { status, headers: &headers };
            let wait = retry_decision(&Retry::idempotent(1), &GET, &outcome, &LONGEST);
            assert_eq!(wait, expected, "{fields:?}");
        }
        // No less than without being asked.
        for asked in ["0", "Sun, 06 Nov 1994 08:49:36 GMT", "soon"] {
            let headers = of(&[("Retry-After", asked)]);
            let status = StatusCode::TOO_MANY_REQUESTS;
            let outcome = Outcome::Answered { status, headers: &headers };
            let moment = Moment { random: 1 << 31, ..LONGEST };
            let wait = retry_decision(&Retry::idempotent(1), &GET, &outcome, &moment);
            assert_eq!(wait, Some(Duration::from_millis(100)), "{asked}");
        }
    }

    #[test]
    fn a_wait_that_the_deadline_would_end_is_not_begun() {
        let headers = of(&[("Retry-After", "10")]);
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let outcome = Outcome::Answered { status, headers: &headers };
        let retry = Retry::idempotent(1);
        for (left, expected) in [
            (None, Some(10 * SECOND)),
            (Some(11 * SECOND), Some(10 * SECOND)),
            (Some(10 * SECOND), None),
            (Some(SECOND), None),
            (Some(Duration::ZERO), None),
        ] {
            let moment = Moment { left, ..LONGEST };
            assert_eq!(retry_decision(&retry, &GET, &outcome, &moment), expected, "{left:?}");
        }
        let over = Moment { left: Some(Duration::ZERO), random: 0, ..LONGEST };
        assert_eq!(retry_decision(&retry, &GET, &LOST, &over), None);
    }

    #[test]
    fn no_attempt_begins_after_the_time_for_all_of_them() {
        let retry = Retry::idempotent(u32::MAX).delay(2 * SECOND);
        let most = |seconds| retry.clone().max_elapsed(seconds * SECOND);
        for (retry, elapsed, left, repeated) in [
            (most(9), Duration::ZERO, None, true),
            (most(9), 7 * SECOND - Duration::from_nanos(1), None, true),
            (most(9), 7 * SECOND, None, false),
            (most(9), 8 * SECOND, None, false),
            (most(9), Duration::MAX, None, false),
            (most(2), Duration::ZERO, None, false),
            (most(0), Duration::ZERO, None, false),
            // Whichever is over first.
            (most(9), Duration::ZERO, Some(2 * SECOND), false),
            (most(9), Duration::ZERO, Some(3 * SECOND), true),
            (most(9), 7 * SECOND, Some(3 * SECOND), false),
            (retry.clone().max_elapsed(Duration::MAX), 1000 * SECOND, None, true),
            (retry.clone(), Duration::MAX, None, true),
        ] {
            let moment = Moment { elapsed, left, ..LONGEST };
            let found = retry_decision(&retry, &GET, &LOST, &moment);
            let expected = repeated.then_some(2 * SECOND);
            assert_eq!(found, expected, "{:?} {elapsed:?} {left:?}", retry.max_elapsed);
        }
        // What the server asks for counts too.
        let headers = of(&[("Retry-After", "10")]);
        let outcome =
            Outcome::Answered { status: StatusCode::SERVICE_UNAVAILABLE, headers: &headers };
        assert_eq!(retry_decision(&most(10), &GET, &outcome, &LONGEST), None);
        let wait = retry_decision(&most(11), &GET, &outcome, &LONGEST);
        assert_eq!(wait, Some(10 * SECOND));
    }

    #[test]
    fn repeats_only_what_is_reused_unanswered_idempotent_and_replayable() {
        use Loss::{Answered, Unanswered, Unsent};
        let key = of(&[("Idempotency-Key", "1")]);
        let none = HeaderMap::new();
        for (method, headers, reused, replayable, loss, expected) in [
            (Method::GET, &none, true, true, Unanswered, true),
            (Method::HEAD, &none, true, true, Unanswered, true),
            (Method::PUT, &none, true, true, Unanswered, true),
            (Method::DELETE, &none, true, true, Unanswered, true),
            (Method::POST, &none, true, true, Unanswered, false),
            (Method::PATCH, &none, true, true, Unanswered, false),
            (Method::POST, &key, true, true, Unanswered, true),
            (Method::POST, &key, true, false, Unanswered, false),
            (Method::POST, &key, false, true, Unanswered, false),
            (Method::POST, &none, true, true, Unsent, true),
            (Method::POST, &none, true, false, Unsent, false),
            (Method::POST, &none, false, true, Unsent, false),
            (Method::GET, &none, false, true, Unanswered, false),
            (Method::GET, &none, true, false, Unanswered, false),
            (Method::GET, &none, true, true, Answered, false),
            (Method::POST, &key, true, true, Answered, false),
        ] {
            let attempt =
                Attempt { idempotent: is_idempotent(method, headers), reused, replayable };
            assert_eq!(attempt.retries_loss(loss), expected, "{attempt:?} {loss:?}");
        }
    }

    #[test]
    fn repeats_after_408_on_a_reused_connection_only() {
        let attempt = Attempt { idempotent: true, reused: true, replayable: true };
        assert!(attempt.retries_status(StatusCode::REQUEST_TIMEOUT));
        assert!(!attempt.retries_status(StatusCode::SERVICE_UNAVAILABLE));
        let fresh = Attempt { reused: false, ..attempt };
        assert!(!fresh.retries_status(StatusCode::REQUEST_TIMEOUT));
        let post = Attempt { idempotent: false, ..attempt };
        assert!(!post.retries_status(StatusCode::REQUEST_TIMEOUT));
    }

    fn durations() -> impl Strategy<Value = Duration> {
        let any = (any::<u64>(), 0..1_000_000_000_u32);
        prop_oneof![
            any.prop_map(|(seconds, nanos)| Duration::new(seconds, nanos)),
            (0..100_000_u64).prop_map(Duration::from_millis),
        ]
    }

    proptest! {
        #[test]
        fn a_wait_is_within_what_was_allowed_and_what_is_left(
            (base, max, after) in (durations(), durations(), durations()),
            (left, most) in (proptest::option::of(durations()), proptest::option::of(durations())),
            elapsed in durations(),
            retries in prop_oneof![0..8_u32, any::<u32>()],
            random in any::<u32>(),
            field in prop_oneof![
                Just(None),
                any::<u32>().prop_map(|n| Some(n.to_string())),
                (0..120_u8).prop_map(|n| Some(n.to_string())),
            ],
            now in any::<i64>(),
        ) {
            let retry = Retry::idempotent(u32::MAX).backoff(base, max).respect_retry_after(after);
            let retry = Retry { max_elapsed: most, ..retry };
            let mut headers = HeaderMap::new();
            if let Some(value) = &field {
                headers.append("Retry-After", value).unwrap();
            }
            let status = StatusCode::SERVICE_UNAVAILABLE;
            let outcome = Outcome::Answered { status, headers: &headers };
            let moment = Moment { now: HttpDate::from_unix(now), left, elapsed, random };
            let tried = Tried { retries, ..GET };
            if let Some(wait) = retry_decision(&retry, &tried, &outcome, &moment) {
                prop_assert!(wait <= max.max(after));
                prop_assert!(left.is_none_or(|left| wait < left));
                prop_assert!(most.is_none_or(|most| elapsed + wait < most));
                if field.is_none() {
                    prop_assert!(wait <= max && wait <= ceiling(base, max, retries));
                }
            }
        }

        #[test]
        fn more_random_bits_are_no_shorter_a_wait(
            most in durations(), a in any::<u32>(), b in any::<u32>(),
        ) {
            prop_assert!(part_of(most, a.min(b)) <= part_of(most, a.max(b)));
            prop_assert!(part_of(most, a) <= most);
        }
    }
}

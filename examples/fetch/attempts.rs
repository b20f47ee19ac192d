//! Trying again: `--retry` and its sisters.
//!
//! The client could do most of it by itself, with `client::Retry`, but for what curl counts together with that: statuses
//! that `-f` makes errors of, content that breaks off, and a time for each attempt (`-m`).

use std::time::{Duration, Instant, SystemTime};

use nethttp::field::{HttpDate, RetryAfter};
use nethttp::{Response, StatusCode};

use crate::failure::{Failure, Status};
use crate::options::Options;

/// What curl takes for a server that will soon be better.
const TRANSIENT: [StatusCode; 6] = [
    StatusCode::REQUEST_TIMEOUT,
    StatusCode::TOO_MANY_REQUESTS,
    StatusCode::INTERNAL_SERVER_ERROR,
    StatusCode::BAD_GATEWAY,
    StatusCode::SERVICE_UNAVAILABLE,
    StatusCode::GATEWAY_TIMEOUT,
];

/// The wait before the second attempt, which doubles with each one that follows.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// The longest wait between two attempts, and the longest that a server can ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// The attempts at one URL.
#[derive(Debug)]
pub(crate) struct Attempts {
    start: Instant,
    /// How many more there may be.
    left: u32,
    /// How long after the first one others may begin.
    most: Option<Duration>,
    /// A wait that does not grow.
    delay: Option<Duration>,
    wait: Duration,
    all_errors: bool,
    /// A server that is not there is waited for.
    refusals: bool,
}

impl Attempts {
    pub(crate) fn begin(options: &Options) -> Self {
        Self {
            start: Instant::now(),
            left: options.retry,
            most: options.retry_max_time,
            delay: options.retry_delay,
            wait: options.retry_delay.unwrap_or(FIRST_WAIT),
            all_errors: options.retry_all_errors,
            refusals: options.retry_connrefused,
        }
    }

    /// Returns how long to wait before another attempt, if this response is a reason for one.
    pub(crate) fn after_response(&mut self, response: &Response) -> Option<Duration> {
        if !TRANSIENT.contains(&response.status()) {
            return None;
        }
        let Some(asked) = RetryAfter::from_headers(response.headers()) else {
            return self.next(self.wait);
        };
        let date = response.headers().get("Date").and_then(|date| HttpDate::parse(date).ok());
        let now = date.unwrap_or_else(|| SystemTime::now().into());
        let wait = self.wait.max(asked.delay(now));
        // Only a wait that the server has chosen is measured by the time that is left, as curl has it.
        let is_in_time =
            self.most.is_none_or(|most| self.start.elapsed().saturating_add(wait) <= most);
        if wait <= LONGEST_WAIT.max(self.wait) && is_in_time { self.next(wait) } else { None }
    }

    /// Returns how long to wait before another attempt, after one that has failed.
    pub(crate) fn after_failure(&mut self, failure: &Failure) -> Option<Duration> {
        match failure.status() {
            Status::Resolve | Status::ResolveProxy | Status::Timeout => self.next(self.wait),
            _ if self.refusals && failure.is_refusal() => self.next(self.wait),
            // What is wrong on this side stays so.
            Status::Init | Status::Read | Status::Write => None,
            _ if self.all_errors => self.next(self.wait),
            // What a server has done with a request whose answer was lost, nobody knows.
            _ => None,
        }
    }

    /// Returns whether content that has broken off is gone on with, at once.
    pub(crate) fn goes_on(&mut self) -> bool {
        let goes_on = self.may_begin();
        self.left -= u32::from(goes_on);
        goes_on
    }

    fn may_begin(&self) -> bool {
        self.left > 0 && self.most.is_none_or(|most| self.start.elapsed() < most)
    }

    fn next(&mut self, wait: Duration) -> Option<Duration> {
        if !self.may_begin() {
            return None;
        }
        self.left -= 1;
        self.wait = self.delay.unwrap_or(self.wait.saturating_mul(2).min(LONGEST_WAIT));
        Some(wait)
    }
}

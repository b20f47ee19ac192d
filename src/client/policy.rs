//! The decisions of the client that need no socket: when to repeat a request, and how long a
//! connection may wait for the next one.

use std::time::Duration;

use crate::method::Method;
use crate::status::StatusCode;
use crate::syntax::{members, parse_decimal};

/// What is known of an attempt that came to nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attempt {
    pub(super) method: Method,
    /// The connection had served another request before.
    pub(super) reused: bool,
    /// The body is there to be sent again.
    pub(super) replayable: bool,
}

impl Attempt {
    /// Returns whether to try once more, on a new connection, after the connection was lost.
    ///
    /// A server may close an idle connection at any time, so a request on a connection that is used
    /// again can cross with the end of it. It is repeated if no byte of a response was read, and if
    /// the method is idempotent, since nobody knows what the server has seen of it,
    /// [RFC 9112 §9.3.1](https://www.rfc-editor.org/rfc/rfc9112#section-9.3.1).
    pub(super) const fn retries_loss(&self, answered: bool) -> bool {
        self.reused && !answered && self.method.is_idempotent() && self.replayable
    }

    /// Returns whether to try once more after this status.
    ///
    /// `408 Request Timeout` on a connection that is used again is what some servers say to an idle
    /// connection before they close it,
    /// [RFC 9110 §15.5.9](https://www.rfc-editor.org/rfc/rfc9110#section-15.5.9): it was not meant for
    /// this request.
    pub(super) fn retries_status(&self, status: StatusCode) -> bool {
        status == StatusCode::REQUEST_TIMEOUT && self.retries_loss(false)
    }
}

/// Returns how long a connection may be idle: what the client permits, or one second less than the
/// server says that it waits.
///
/// ```abnf
/// Keep-Alive           = 1#keepalive-param             ; RFC 2068 §19.7.1.1
/// keepalive-param      = param-name "=" value
/// ```
pub(super) fn idle_time(keep_alive: Option<&[u8]>, most: Duration) -> Duration {
    let announced = keep_alive.and_then(|value| {
        members(value).find_map(|member| {
            let (name, rest) = member.split_at_checked("timeout".len())?;
            let value = rest.strip_prefix(b"=")?;
            name.eq_ignore_ascii_case(b"timeout").then(|| parse_decimal(value).ok())?
        })
    });
    let announced = announced.map(|seconds| Duration::from_secs(seconds.saturating_sub(1)));
    announced.map_or(most, |announced| announced.min(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_only_what_is_reused_unanswered_idempotent_and_replayable() {
        for (method, reused, replayable, answered, expected) in [
            (Method::GET, true, true, false, true),
            (Method::HEAD, true, true, false, true),
            (Method::PUT, true, true, false, true),
            (Method::DELETE, true, true, false, true),
            (Method::POST, true, true, false, false),
            (Method::PATCH, true, true, false, false),
            (Method::GET, false, true, false, false),
            (Method::GET, true, false, false, false),
            (Method::GET, true, true, true, false),
        ] {
            let attempt = Attempt { method, reused, replayable };
            assert_eq!(attempt.retries_loss(answered), expected, "{attempt:?} {answered}");
        }
    }

    #[test]
    fn repeats_after_408_on_a_reused_connection_only() {
        let attempt = Attempt { method: Method::GET, reused: true, replayable: true };
        assert!(attempt.retries_status(StatusCode::REQUEST_TIMEOUT));
        assert!(!attempt.retries_status(StatusCode::SERVICE_UNAVAILABLE));
        let fresh = Attempt { reused: false, ..attempt };
        assert!(!fresh.retries_status(StatusCode::REQUEST_TIMEOUT));
        let post = Attempt { method: Method::POST, ..attempt };
        assert!(!post.retries_status(StatusCode::REQUEST_TIMEOUT));
    }

    #[test]
    fn a_connection_waits_a_second_less_than_the_server() {
        for (value, expected) in [
            (None, 15),
            (Some("timeout=5"), 4),
            (Some("timeout=5, max=100"), 4),
            (Some("max=100,Timeout=5"), 4),
            (Some("timeout=1"), 0),
            (Some("timeout=0"), 0),
            (Some("timeout=100"), 15),
            (Some("timeout=99999999999999999999"), 15),
            (Some("timeout = 5"), 15),
            (Some("timeout=x"), 15),
            (Some("timeout"), 15),
            (Some("max=1"), 15),
            (Some(""), 15),
        ] {
            let found = idle_time(value.map(str::as_bytes), Duration::from_secs(15));
            assert_eq!(found.as_secs(), expected, "{value:?}");
        }
    }
}

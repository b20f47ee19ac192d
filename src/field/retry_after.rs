//! The Retry-After field, [RFC 9110 §10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3):
//! how long a client is asked to wait.
//!
//! Whether to try again, and how often, is the client's decision.
//!
//! ```
//! use core::time::Duration;
//! use nethttp::field::{HttpDate, RetryAfter};
//! use nethttp::header::HeaderMap;
//!
//! let mut headers = HeaderMap::new();
//! headers.append("Retry-After", "120")?;
//! let now = HttpDate::from_unix(784_111_777);
//! let wait = RetryAfter::from_headers(&headers).map(|after| after.delay(now));
//! assert_eq!(wait, Some(Duration::from_secs(120)));
//! # Ok::<(), nethttp::header::HeaderError>(())
//! ```

use core::fmt;
use core::time::Duration;

use super::{FieldError, FieldErrorKind, HttpDate, delta};
use crate::header::{self, HeaderMap};

/// A delay or a date, [RFC 9110 §10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3).
///
/// # Examples
///
/// ```
/// use core::time::Duration;
/// use nethttp::field::{HttpDate, RetryAfter};
///
/// let soon = RetryAfter::Delay(Duration::from_secs(120));
/// assert_eq!(soon.to_string(), "120");
/// let then = RetryAfter::parse(b"Fri, 31 Dec 1999 23:59:59 GMT")?;
/// assert_eq!(then, RetryAfter::Date(HttpDate::from_unix(946_684_799)));
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the field has these two forms")]
pub enum RetryAfter {
    /// As long as this after the response was received.
    Delay(Duration),
    /// Not before this date.
    Date(HttpDate),
}

impl RetryAfter {
    /// The longest delay, 2^31 seconds, about 68 years. A longer one counts as this, so that it can be
    /// added to any clock.
    ///
    /// ```
    /// use nethttp::field::RetryAfter;
    ///
    /// let long = RetryAfter::parse(b"99999999999999999999")?;
    /// assert_eq!(long, RetryAfter::Delay(RetryAfter::MAX_DELAY));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub const MAX_DELAY: Duration = Duration::from_secs(delta::MOST);

    /// Parses one field value to the letter.
    ///
    /// ```abnf
    /// Retry-After   = HTTP-date / delay-seconds
    /// delay-seconds = 1*DIGIT
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error at the first byte that is neither of a number nor of a date.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::time::Duration;
    /// use nethttp::field::RetryAfter;
    ///
    /// let delay = RetryAfter::parse(b"3600")?;
    /// assert_eq!(delay, RetryAfter::Delay(Duration::from_secs(3600)));
    /// assert_eq!(RetryAfter::parse(b"3.5").unwrap_err().offset(), 1);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn parse(value: &[u8]) -> Result<Self, FieldError> {
        if value.first().is_none_or(u8::is_ascii_digit) {
            return Ok(Self::Delay(delta::parse(value)?));
        }
        match HttpDate::parse(value) {
            Ok(date) => Ok(Self::Date(date)),
            Err(error) => Err(FieldError::new(FieldErrorKind::Date(error.kind()), error.offset())),
        }
    }

    /// Reads the Retry-After field of a response. A field that cannot be read is no reason to fail: the
    /// client waits as it would without one. If there are several, against
    /// [RFC 9110 §5.3](https://www.rfc-editor.org/rfc/rfc9110#section-5.3), the first one counts that can
    /// be read.
    ///
    /// ```
    /// use core::time::Duration;
    /// use nethttp::field::RetryAfter;
    /// use nethttp::header::HeaderMap;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("Retry-After", "soon")?;
    /// assert_eq!(RetryAfter::from_headers(&headers), None);
    /// headers.append("Retry-After", "5")?;
    /// let five = RetryAfter::Delay(Duration::from_secs(5));
    /// assert_eq!(RetryAfter::from_headers(&headers), Some(five));
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Option<Self> {
        headers.get_all(header::RETRY_AFTER).find_map(|line| Self::parse(line).ok())
    }

    /// Returns how long to wait from now, [`MAX_DELAY`](Self::MAX_DELAY) at most; nothing if the date is
    /// past.
    ///
    /// ```
    /// use core::time::Duration;
    /// use nethttp::field::{HttpDate, RetryAfter};
    ///
    /// let after = RetryAfter::Date(HttpDate::from_unix(1_000));
    /// assert_eq!(after.delay(HttpDate::from_unix(940)), Duration::from_secs(60));
    /// assert_eq!(after.delay(HttpDate::from_unix(2_000)), Duration::ZERO);
    /// ```
    #[must_use]
    pub fn delay(self, now: HttpDate) -> Duration {
        let delay = match self {
            Self::Delay(delay) => delay,
            Self::Date(date) => {
                let seconds = date.unix().saturating_sub(now.unix());
                Duration::from_secs(u64::try_from(seconds).unwrap_or_default())
            }
        };
        delay.min(Self::MAX_DELAY)
    }
}

/// Writes the date, or the delay in seconds: rounded up, as a client that comes too early has to come
/// again.
impl fmt::Display for RetryAfter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => date.fmt(f),
            Self::Delay(delay) => {
                let delay = Self::MAX_DELAY.min(*delay);
                write!(f, "{}", delay.as_secs() + u64::from(delay.subsec_nanos() > 0))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::DateErrorKind;
    use crate::syntax::SyntaxErrorKind;
    use alloc::string::ToString;

    #[track_caller]
    fn reads(value: &str, expected: RetryAfter) {
        assert_eq!(RetryAfter::parse(value.as_bytes()), Ok(expected));
    }

    #[test]
    fn reads_delays_and_dates() {
        let delay = |seconds| RetryAfter::Delay(Duration::from_secs(seconds));
        reads("0", delay(0));
        reads("120", delay(120));
        reads("0030", delay(30));
        reads("2147483648", RetryAfter::Delay(RetryAfter::MAX_DELAY));
        reads("2147483649", RetryAfter::Delay(RetryAfter::MAX_DELAY));
        reads(&"9".repeat(99), RetryAfter::Delay(RetryAfter::MAX_DELAY));
        let date = RetryAfter::Date(HttpDate::from_unix(784_111_777));
        reads("Sun, 06 Nov 1994 08:49:37 GMT", date);
        reads("Sunday, 06-Nov-94 08:49:37 GMT", date);
        reads("Sun Nov  6 08:49:37 1994", date);
    }

    #[test]
    fn rejects_at_the_byte_that_is_wrong() {
        let digit = FieldErrorKind::Syntax(SyntaxErrorKind::ExpectedDigit);
        for (value, kind, offset) in [
            ("", digit, 0),
            ("120 ", digit, 3),
            ("120.5", digit, 3),
            ("120s", digit, 3),
            ("1, 2", digit, 1),
            ("-1", FieldErrorKind::Date(DateErrorKind::DayName), 0),
            (" 1", FieldErrorKind::Date(DateErrorKind::DayName), 0),
            ("soon", FieldErrorKind::Date(DateErrorKind::DayName), 0),
            ("Sun, 06 Nov 1994 08:49:37 CET", FieldErrorKind::Date(DateErrorKind::Zone), 26),
        ] {
            let error = RetryAfter::parse(value.as_bytes()).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (kind, offset), "{value}");
        }
    }

    #[test]
    fn delays_are_written_in_whole_seconds_rounded_up() {
        for (delay, written) in [
            (Duration::ZERO, "0"),
            (Duration::from_nanos(1), "1"),
            (Duration::from_millis(1500), "2"),
            (Duration::from_secs(3600), "3600"),
            (Duration::MAX, "2147483648"),
        ] {
            assert_eq!(RetryAfter::Delay(delay).to_string(), written);
        }
    }

    #[test]
    fn a_wait_is_never_too_long_to_add() {
        let far = RetryAfter::Date(HttpDate::MAX);
        assert_eq!(far.delay(HttpDate::MIN), RetryAfter::MAX_DELAY);
        assert_eq!(RetryAfter::Date(HttpDate::MIN).delay(HttpDate::MAX), Duration::ZERO);
        assert_eq!(RetryAfter::Delay(Duration::MAX).delay(HttpDate::MIN), RetryAfter::MAX_DELAY);
    }
}

//! Laws of Retry-After: what is written is read back, and waiting ends at the date.

use core::time::Duration;
use nethttp::field::{HttpDate, RetryAfter};
use proptest::prelude::*;

proptest! {
    #[test]
    fn what_is_written_is_read_back(seconds in 0..=RetryAfter::MAX_DELAY.as_secs(), unix in any::<i32>()) {
        let date = HttpDate::from_unix(unix.into());
        for after in [RetryAfter::Delay(Duration::from_secs(seconds)), RetryAfter::Date(date)] {
            prop_assert_eq!(RetryAfter::parse(after.to_string().as_bytes()), Ok(after));
        }
    }

    #[test]
    fn a_delay_is_never_written_shorter(delay in any::<u64>(), nanos in 0..1_000_000_000_u32) {
        let delay = Duration::new(delay, nanos);
        let written = RetryAfter::parse(RetryAfter::Delay(delay).to_string().as_bytes());
        let Ok(RetryAfter::Delay(written)) = written else {
            return Err(TestCaseError::fail("no delay"));
        };
        prop_assert!(written >= delay.min(RetryAfter::MAX_DELAY));
        prop_assert!(written < delay.saturating_add(Duration::from_secs(1)));
    }

    #[test]
    fn a_wait_ends_at_the_date(now in any::<i32>(), unix in any::<i32>()) {
        let wait = RetryAfter::Date(HttpDate::from_unix(unix.into())).delay(HttpDate::from_unix(now.into()));
        let end = i64::from(now) + i64::try_from(wait.as_secs()).unwrap();
        let due = i64::from(unix).max(now.into());
        let most = i64::try_from(RetryAfter::MAX_DELAY.as_secs()).unwrap();
        prop_assert_eq!(end, due.min(i64::from(now) + most));
    }
}

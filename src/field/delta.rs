//! Times as the fields of caching write them: seconds, and never too many.

use core::time::Duration;

use crate::syntax::{Class, SyntaxError, SyntaxErrorKind, parse_decimal};

/// The largest number of seconds, 2^31: no sum of a few of them overflows.
pub(crate) const MOST: u64 = 1 << 31;

/// Parses a number of seconds; one above [`MOST`] counts as that,
/// [RFC 9111 §1.2.2](https://www.rfc-editor.org/rfc/rfc9111#section-1.2.2).
///
/// `delta-seconds = 1*DIGIT`
pub(crate) fn parse(text: &[u8]) -> Result<Duration, SyntaxError> {
    let seconds = match parse_decimal(text) {
        Err(error) if error.kind() == SyntaxErrorKind::NumberTooLarge => {
            let digits = Class::DIGIT.prefix_len(text);
            if digits < text.len() {
                return Err(SyntaxError::new(SyntaxErrorKind::ExpectedDigit, digits));
            }
            MOST
        }
        seconds => seconds?,
    };
    Ok(clamp(Duration::from_secs(seconds)))
}

/// Drops the fraction of a second and what is above [`MOST`].
pub(crate) const fn clamp(time: Duration) -> Duration {
    let seconds = time.as_secs();
    Duration::from_secs(if seconds > MOST { MOST } else { seconds })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &[u8], expected: Result<u64, usize>) {
        assert_eq!(parse(text).map(|time| time.as_secs()).map_err(|e| e.offset()), expected);
    }

    #[test]
    fn large_numbers_count_as_the_largest() {
        reads(b"0", Ok(0));
        reads(b"003600", Ok(3600));
        reads(b"2147483647", Ok(MOST - 1));
        reads(b"2147483648", Ok(MOST));
        reads(b"2147483649", Ok(MOST));
        reads(b"18446744073709551615", Ok(MOST));
        reads(b"99999999999999999999999999", Ok(MOST));
    }

    #[test]
    fn rejects_what_is_not_digits_to_the_end() {
        reads(b"", Err(0));
        reads(b"-1", Err(0));
        reads(b"3600.0", Err(4));
        reads(b"3600a", Err(4));
        reads(b"9999999999999999999999999 ", Err(25));
    }

    #[test]
    fn fractions_of_a_second_are_dropped() {
        assert_eq!(clamp(Duration::from_millis(1999)), Duration::from_secs(1));
        assert_eq!(clamp(Duration::MAX), Duration::from_secs(MOST));
    }
}

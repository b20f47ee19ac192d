//! Dates of header fields, [RFC 9110 §5.6.7](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7).
//!
//! One format is written, three are read. The dates of cookies follow other rules; `cookie` reads
//! them, with the calendar and the fast reader that are here.

mod cache;
mod calendar;
mod error;
mod fixdate;
mod parse;

use self::calendar::Civil;
use self::fixdate::{imf_fixdate, spaced_or_dashed};
use self::parse::{Century, parse};
use core::fmt;
use core::str::FromStr;

pub use cache::DateCache;
pub use error::{DateError, DateErrorKind};

/// A second of the Gregorian calendar in UTC, from year 0 to year 9999,
/// [RFC 9110 §5.6.7](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7).
///
/// It is kept as seconds since 1970-01-01T00:00:00Z without leap seconds, and the calendar is
/// extended to years before its introduction.
///
/// # Examples
///
/// ```
/// use nethttp::field::HttpDate;
///
/// let modified = HttpDate::parse(b"Sun, 06 Nov 1994 08:49:37 GMT")?;
/// let since = HttpDate::parse(b"Sunday, 06-Nov-94 08:49:37 GMT")?;
/// assert!(modified <= since);
/// assert_eq!(modified.to_string(), "Sun, 06 Nov 1994 08:49:37 GMT");
/// # Ok::<(), nethttp::field::DateError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HttpDate(i64);

/// The first second of year 0.
const FIRST: i64 = -62_167_219_200;
/// The last second of year 9999.
const LAST: i64 = 253_402_300_799;
/// The seconds of a day.
const DAY: i64 = 86_400;

impl HttpDate {
    /// The first second of year 0.
    ///
    /// ```
    /// use nethttp::field::HttpDate;
    ///
    /// assert_eq!(&HttpDate::MIN.encode(), b"Sat, 01 Jan 0000 00:00:00 GMT");
    /// ```
    pub const MIN: Self = Self(FIRST);
    /// The last second of year 9999.
    ///
    /// ```
    /// use nethttp::field::HttpDate;
    ///
    /// assert_eq!(&HttpDate::MAX.encode(), b"Fri, 31 Dec 9999 23:59:59 GMT");
    /// ```
    pub const MAX: Self = Self(LAST);

    /// Returns the date of a number of seconds since 1970-01-01T00:00:00Z. A number before year 0
    /// gives [`MIN`](Self::MIN), one after year 9999 [`MAX`](Self::MAX): the format has four digits
    /// for the year.
    ///
    /// ```
    /// use nethttp::field::HttpDate;
    ///
    /// assert_eq!(HttpDate::from_unix(0).to_string(), "Thu, 01 Jan 1970 00:00:00 GMT");
    /// assert_eq!(HttpDate::from_unix(i64::MAX), HttpDate::MAX);
    /// ```
    #[must_use]
    pub const fn from_unix(seconds: i64) -> Self {
        match seconds {
            ..FIRST => Self::MIN,
            FIRST..=LAST => Self(seconds),
            _ => Self::MAX,
        }
    }

    /// Returns the number of seconds since 1970-01-01T00:00:00Z.
    ///
    /// ```
    /// use nethttp::field::HttpDate;
    ///
    /// assert_eq!(HttpDate::from_unix(784_111_777).unix(), 784_111_777);
    /// ```
    #[must_use]
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// Writes the date in the one format that is generated.
    ///
    /// ```abnf
    /// IMF-fixdate = day-name "," SP date1 SP time-of-day SP GMT
    /// date1       = day SP month SP year
    /// ```
    ///
    /// ```
    /// use nethttp::field::HttpDate;
    ///
    /// let date = HttpDate::from_unix(784_111_777);
    /// assert_eq!(&date.encode(), b"Sun, 06 Nov 1994 08:49:37 GMT");
    /// ```
    #[must_use]
    #[inline]
    pub fn encode(self) -> [u8; 29] {
        let civil = Civil::of(self);
        let day_name = DAY_WORDS.get(usize::from(civil.weekday)).copied().unwrap_or_default();
        let month = MONTH_WORDS.get(usize::from(civil.month)).copied().unwrap_or_default();
        // The day comes out in the two low bytes, the year in the four high ones.
        let [day, century, year] = [civil.day, civil.century, civil.year].map(u64::from);
        let date = digits(day | century << 32 | year << 48, 0x000f_000f_0000_000f);
        let [hour, minute, second] = [civil.hour, civil.minute, civil.second].map(u64::from);
        let time = digits(hour | minute << 24 | second << 48, 0x000f_0000_0f00_000f)
            + u64::from_le_bytes(*b"00:00:00");
        let words = [
            day_name + ((date & 0xffff) << 40),
            month + (date >> 32 << 32),
            u64::from(b' ') | time << 8,
        ];
        let mut text = *b"Mon, 00 Jan 0000 00:00:00 GMT";
        let (chunks, tail) = text.as_chunks_mut();
        for (chunk, word) in chunks.iter_mut().zip(words) {
            *chunk = word.to_le_bytes();
        }
        if let ([last, ..], [.., units]) = (tail, time.to_le_bytes()) {
            *last = units;
        }
        text
    }

    /// Reads a date in any of the three formats.
    ///
    /// ```abnf
    /// HTTP-date    = IMF-fixdate / obs-date
    /// obs-date     = rfc850-date / asctime-date
    /// rfc850-date  = day-name-l "," SP date2 SP time-of-day SP GMT
    /// date2        = day "-" month "-" 2DIGIT
    /// asctime-date = day-name SP date3 SP time-of-day SP year
    /// date3        = month SP ( 2DIGIT / ( SP 1DIGIT ))
    /// time-of-day  = hour ":" minute ":" second
    /// ```
    ///
    /// The grammar is held to the letter, and the day has to exist in its month. The name of the
    /// day has to be one, but need not be that of the date: it tells nothing that the date does
    /// not, and RFC 9110 encourages recipients to be robust here. The leap second 23:59:60 is the
    /// second after 23:59:59, as it is in POSIX time.
    ///
    /// A year of two digits, which `rfc850-date` has, is in 1969 to 2068, as in POSIX's `strptime`;
    /// RFC 9110 wants the clock asked, which is what [`parse_at`](Self::parse_at) is for.
    ///
    /// # Errors
    ///
    /// Returns an error at the first byte that the grammar does not allow, or at the first number
    /// that is out of range; the day is checked last, since it takes the month and the year.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::{DateErrorKind, HttpDate};
    ///
    /// let date = HttpDate::from_unix(784_111_777);
    /// assert_eq!(HttpDate::parse(b"Sun, 06 Nov 1994 08:49:37 GMT")?, date);
    /// assert_eq!(HttpDate::parse(b"Sunday, 06-Nov-94 08:49:37 GMT")?, date);
    /// assert_eq!(HttpDate::parse(b"Sun Nov  6 08:49:37 1994")?, date);
    ///
    /// let error = HttpDate::parse(b"Sun, 31 Nov 1994 08:49:37 GMT").unwrap_err();
    /// assert_eq!((error.kind(), error.offset()), (DateErrorKind::Day, 5));
    /// # Ok::<(), nethttp::field::DateError>(())
    /// ```
    #[inline]
    pub fn parse(text: &[u8]) -> Result<Self, DateError> {
        match imf_fixdate(text) {
            Some(date) => Ok(date),
            None => parse(text, Century::Posix),
        }
    }

    /// Reads a date as [`parse`](Self::parse) does, with a two-digit year near the present: the
    /// latest such year that makes the date no more than 50 years later than now, as RFC 9110 has
    /// it.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`parse`](Self::parse).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::HttpDate;
    ///
    /// let in_2026 = HttpDate::from_unix(1_780_000_000);
    /// let date = HttpDate::parse_at(b"Sunday, 01-Jan-70 00:00:00 GMT", in_2026)?;
    /// assert_eq!(date.to_string(), "Wed, 01 Jan 2070 00:00:00 GMT");
    /// # Ok::<(), nethttp::field::DateError>(())
    /// ```
    #[inline]
    pub fn parse_at(text: &[u8], now: Self) -> Result<Self, DateError> {
        match imf_fixdate(text) {
            Some(date) => Ok(date),
            None => parse(text, Century::Near(now)),
        }
    }

    /// Reads an IMF-fixdate, or the same with a dash on both sides of the month, as Netscape wrote it,
    /// quickly or not at all: `None` may be a right one that is rare, such as 29 February.
    #[inline]
    pub(crate) fn parse_quickly(text: &[u8]) -> Option<Self> {
        spaced_or_dashed(text)
    }

    /// Returns the date as a system time, or `None` when the platform's clock does not reach it.
    ///
    /// ```
    /// use nethttp::field::HttpDate;
    /// use std::time::SystemTime;
    ///
    /// assert_eq!(HttpDate::from_unix(0).to_system_time(), Some(SystemTime::UNIX_EPOCH));
    /// ```
    #[cfg(feature = "std")]
    #[must_use]
    pub fn to_system_time(self) -> Option<std::time::SystemTime> {
        let distance = core::time::Duration::from_secs(self.0.unsigned_abs());
        if self.0 < 0 {
            std::time::SystemTime::UNIX_EPOCH.checked_sub(distance)
        } else {
            std::time::SystemTime::UNIX_EPOCH.checked_add(distance)
        }
    }
}

/// The first eight bytes of a date, less the day.
const DAY_WORDS: [u64; 7] = [
    u64::from_le_bytes(*b"Mon, 00 "),
    u64::from_le_bytes(*b"Tue, 00 "),
    u64::from_le_bytes(*b"Wed, 00 "),
    u64::from_le_bytes(*b"Thu, 00 "),
    u64::from_le_bytes(*b"Fri, 00 "),
    u64::from_le_bytes(*b"Sat, 00 "),
    u64::from_le_bytes(*b"Sun, 00 "),
];

/// The next eight bytes, less the year; months count from 1.
const MONTH_WORDS: [u64; 13] = [
    0,
    u64::from_le_bytes(*b"Jan 0000"),
    u64::from_le_bytes(*b"Feb 0000"),
    u64::from_le_bytes(*b"Mar 0000"),
    u64::from_le_bytes(*b"Apr 0000"),
    u64::from_le_bytes(*b"May 0000"),
    u64::from_le_bytes(*b"Jun 0000"),
    u64::from_le_bytes(*b"Jul 0000"),
    u64::from_le_bytes(*b"Aug 0000"),
    u64::from_le_bytes(*b"Sep 0000"),
    u64::from_le_bytes(*b"Oct 0000"),
    u64::from_le_bytes(*b"Nov 0000"),
    u64::from_le_bytes(*b"Dec 0000"),
];

/// Makes two digits of each number below 100: the tens in its byte, the units in the next, which has
/// to be free. The mask has 0x0f where there is a number.
#[inline]
const fn digits(numbers: u64, mask: u64) -> u64 {
    // A tenth is 103 / 1024, below 100.
    let tens = ((numbers * 103) >> 10) & mask;
    tens + ((numbers - tens * 10) << 8)
}

/// Rounds down to a second; a time out of range gives [`HttpDate::MIN`] or [`HttpDate::MAX`].
#[cfg(feature = "std")]
impl From<std::time::SystemTime> for HttpDate {
    fn from(time: std::time::SystemTime) -> Self {
        let seconds =
            |distance: core::time::Duration| i64::try_from(distance.as_secs()).unwrap_or(i64::MAX);
        Self::from_unix(match time.duration_since(std::time::SystemTime::UNIX_EPOCH) {
            Ok(after) => seconds(after),
            Err(error) => {
                let before = error.duration();
                -seconds(before) - i64::from(before.subsec_nanos() > 0)
            }
        })
    }
}

impl fmt::Display for HttpDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(core::str::from_utf8(&self.encode()).unwrap_or_default())
    }
}

impl fmt::Debug for HttpDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for HttpDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        Self::parse(text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_out_of_range_saturate() {
        assert_eq!(HttpDate::from_unix(i64::MIN), HttpDate::MIN);
        assert_eq!(HttpDate::from_unix(FIRST - 1), HttpDate::MIN);
        assert_eq!(HttpDate::from_unix(LAST + 1), HttpDate::MAX);
    }

    #[cfg(feature = "std")]
    #[test]
    fn system_times_round_down() {
        use std::time::{Duration, SystemTime};
        let date = |time: SystemTime| HttpDate::from(time).unix();
        assert_eq!(date(SystemTime::UNIX_EPOCH + Duration::from_millis(1999)), 1);
        assert_eq!(date(SystemTime::UNIX_EPOCH - Duration::from_millis(1001)), -2);
        assert_eq!(date(SystemTime::UNIX_EPOCH - Duration::from_secs(1)), -1);
        let before = HttpDate::from_unix(-7);
        assert_eq!(before.to_system_time().map(HttpDate::from), Some(before));
    }
}

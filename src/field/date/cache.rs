//! The text of a date, kept while the second lasts.

use super::HttpDate;

/// Keeps the text of the last date that was asked for, for a `Date` field that many messages of one
/// second share, [RFC 9110 §6.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1).
///
/// A second is formatted once; asking again costs a comparison. It is a plain value: give each
/// thread or each connection its own.
///
/// # Examples
///
/// ```
/// use nethttp::field::{DateCache, HttpDate};
///
/// let mut dates = DateCache::new();
/// let date = HttpDate::from_unix(784_111_777);
/// assert_eq!(dates.at(date), b"Sun, 06 Nov 1994 08:49:37 GMT");
/// assert_eq!(dates.at(date), b"Sun, 06 Nov 1994 08:49:37 GMT");
/// ```
#[derive(Clone, Debug)]
pub struct DateCache {
    date: HttpDate,
    /// What `date` encodes to.
    text: [u8; 29],
}

impl DateCache {
    /// Returns a cache that holds the date 0, so that it holds a true one.
    ///
    /// ```
    /// use nethttp::field::{DateCache, HttpDate};
    ///
    /// let mut dates = DateCache::new();
    /// assert_eq!(dates.at(HttpDate::from_unix(0)), b"Thu, 01 Jan 1970 00:00:00 GMT");
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { date: HttpDate(0), text: *b"Thu, 01 Jan 1970 00:00:00 GMT" }
    }

    /// Returns the text of a date, as [`HttpDate::encode`] writes it.
    ///
    /// ```
    /// use nethttp::field::{DateCache, HttpDate};
    ///
    /// let mut dates = DateCache::new();
    /// let mut head = b"HTTP/1.1 204 No Content\r\nDate: ".to_vec();
    /// head.extend_from_slice(dates.at(HttpDate::from_unix(784_111_777)));
    /// assert!(head.ends_with(b"Sun, 06 Nov 1994 08:49:37 GMT"));
    /// ```
    #[inline]
    pub fn at(&mut self, date: HttpDate) -> &[u8; 29] {
        if date != self.date {
            self.renew(date);
        }
        &self.text
    }

    /// Returns the text of the current second, by the clock of the system. Reading that clock takes
    /// many times as long as all the rest; a program that has the time already calls
    /// [`at`](Self::at).
    ///
    /// ```
    /// use nethttp::field::{DateCache, HttpDate};
    ///
    /// let mut dates = DateCache::new();
    /// assert!(HttpDate::parse(dates.now()).is_ok());
    /// ```
    #[cfg(feature = "std")]
    pub fn now(&mut self) -> &[u8; 29] {
        self.at(HttpDate::from(std::time::SystemTime::now()))
    }

    #[cold]
    fn renew(&mut self, date: HttpDate) {
        *self = Self { date, text: date.encode() };
    }
}

impl Default for DateCache {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_date_gets_its_own_text() {
        let mut dates = DateCache::new();
        for seconds in [0, 0, 1, 1, 0, -1, i64::MAX, i64::MAX, i64::MIN, 784_111_777, 0] {
            let date = HttpDate::from_unix(seconds);
            assert_eq!(*dates.at(date), date.encode());
        }
    }

    #[cfg(feature = "std")]
    #[test]
    fn now_is_between_before_and_after() {
        use std::time::SystemTime;
        let before = HttpDate::from(SystemTime::now());
        let now = HttpDate::parse(DateCache::default().now()).unwrap();
        assert!(before <= now && now <= HttpDate::from(SystemTime::now()));
    }
}

//! What can be wrong with a date.

use core::fmt;

/// Why some bytes are not an [`HttpDate`](super::HttpDate), and where.
///
/// # Examples
///
/// ```
/// use nethttp::field::HttpDate;
///
/// let error = HttpDate::parse(b"Sun, 6 Nov 1994 08:49:37 GMT").unwrap_err();
/// assert_eq!(error.to_string(), "expected a digit, found ' ' at byte 6");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateError {
    pub(super) kind: DateErrorKind,
    pub(super) offset: usize,
    /// The byte that stands there, if any, unless a number is out of range.
    pub(super) found: Option<u8>,
}

/// What is wrong with a date; all of it is in
/// [RFC 9110 §5.6.7](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7).
///
/// # Examples
///
/// ```
/// use nethttp::field::{DateErrorKind, HttpDate};
///
/// let error = HttpDate::parse(b"Sun, 06 Nov 1994 08:49:37 UTC").unwrap_err();
/// assert_eq!(error.kind(), DateErrorKind::Zone);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DateErrorKind {
    /// No name of a day begins here (`day-name`, `day-name-l`); its case matters.
    DayName,
    /// No name of a month begins here (`month`); its case matters.
    Month,
    /// This byte is due: comma, space, colon or hyphen.
    Separator(u8),
    /// A digit is due.
    Digit,
    /// The month does not have this day.
    Day,
    /// The hour is above 23.
    Hour,
    /// The minute is above 59.
    Minute,
    /// The second is above 59, and it is not the leap second 23:59:60.
    Second,
    /// `GMT` is due; the other names of UTC are not allowed.
    Zone,
    /// Something follows the date.
    End,
}

impl DateError {
    /// Returns what is wrong.
    ///
    /// ```
    /// use nethttp::field::{DateErrorKind, HttpDate};
    ///
    /// let error = HttpDate::parse(b"0").unwrap_err();
    /// assert_eq!(error.kind(), DateErrorKind::DayName);
    /// ```
    #[must_use]
    pub const fn kind(&self) -> DateErrorKind {
        self.kind
    }

    /// Returns the position of the first byte that is wrong, counted from 0.
    ///
    /// ```
    /// use nethttp::field::HttpDate;
    ///
    /// assert_eq!(HttpDate::parse(b"Sun Nov  6").unwrap_err().offset(), 10);
    /// ```
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = match self.kind {
            DateErrorKind::DayName => "the name of a day",
            DateErrorKind::Month => "the name of a month",
            DateErrorKind::Separator(due) => {
                write!(f, "expected '{}'", due.escape_ascii())?;
                return self.found(f, "the end");
            }
            DateErrorKind::Digit => "a digit",
            DateErrorKind::Day => "a day that the month has",
            DateErrorKind::Hour => "an hour from 00 to 23",
            DateErrorKind::Minute => "a minute from 00 to 59",
            DateErrorKind::Second => "a second from 00 to 59",
            DateErrorKind::Zone => "GMT",
            DateErrorKind::End => "the end of the date",
        };
        write!(f, "expected {expected}")?;
        match self.kind {
            DateErrorKind::Day
            | DateErrorKind::Hour
            | DateErrorKind::Minute
            | DateErrorKind::Second => self.found(f, "another"),
            _ => self.found(f, "the end"),
        }
    }
}

impl DateError {
    fn found(&self, f: &mut fmt::Formatter<'_>, instead: &str) -> fmt::Result {
        match self.found {
            Some(byte) => write!(f, ", found '{}'", byte.escape_ascii())?,
            None => write!(f, ", found {instead}")?,
        }
        write!(f, " at byte {}", self.offset)
    }
}

impl core::error::Error for DateError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::HttpDate;
    use alloc::string::ToString;

    #[test]
    fn texts_are_pinned() {
        use DateErrorKind as Kind;
        for (kind, found, text) in [
            (Kind::DayName, Some(b's'), "expected the name of a day, found 's' at byte 7"),
            (Kind::DayName, None, "expected the name of a day, found the end at byte 7"),
            (Kind::Month, Some(b'n'), "expected the name of a month, found 'n' at byte 7"),
            (Kind::Separator(b','), Some(b' '), "expected ',', found ' ' at byte 7"),
            (Kind::Separator(b' '), None, "expected ' ', found the end at byte 7"),
            (Kind::Digit, Some(0), "expected a digit, found '\\x00' at byte 7"),
            (Kind::Day, None, "expected a day that the month has, found another at byte 7"),
            (Kind::Hour, None, "expected an hour from 00 to 23, found another at byte 7"),
            (Kind::Minute, None, "expected a minute from 00 to 59, found another at byte 7"),
            (Kind::Second, None, "expected a second from 00 to 59, found another at byte 7"),
            (Kind::Zone, Some(b'U'), "expected GMT, found 'U' at byte 7"),
            (Kind::End, Some(b' '), "expected the end of the date, found ' ' at byte 7"),
        ] {
            assert_eq!(DateError { kind, offset: 7, found }.to_string(), text);
        }
    }

    #[test]
    fn every_kind_has_the_offset_of_what_is_wrong() {
        use DateErrorKind as Kind;
        for (text, kind, offset) in [
            ("sun, 06 Nov 1994 08:49:37 GMT", Kind::DayName, 0),
            ("Sun, 06 nov 1994 08:49:37 GMT", Kind::Month, 8),
            ("Sun; 06 Nov 1994 08:49:37 GMT", Kind::Separator(b','), 3),
            ("Sun,06 Nov 1994 08:49:37 GMT", Kind::Separator(b' '), 4),
            ("Sunday, 06 Nov 94 08:49:37 GMT", Kind::Separator(b'-'), 10),
            ("Sun, 06 Nov 1994 08.49:37 GMT", Kind::Separator(b':'), 19),
            ("Sun, 6 Nov 1994 08:49:37 GMT", Kind::Digit, 6),
            ("Sun, 31 Nov 1994 08:49:37 GMT", Kind::Day, 5),
            ("Sun, 06 Nov 1994 24:49:37 GMT", Kind::Hour, 17),
            ("Sun, 06 Nov 1994 08:60:37 GMT", Kind::Minute, 20),
            ("Sun, 06 Nov 1994 08:49:60 GMT", Kind::Second, 23),
            ("Sun, 06 Nov 1994 08:49:37 UTC", Kind::Zone, 26),
            ("Sun, 06 Nov 1994 08:49:37 GMT+1", Kind::End, 29),
        ] {
            let error = HttpDate::parse(text.as_bytes()).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (kind, offset), "{text}");
        }
    }
}

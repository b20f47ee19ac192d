//! Reads the three formats.

use super::calendar::{Civil, days_from_civil, seconds_from_civil};
use super::error::{DateError, DateErrorKind};
use super::{DAY, HttpDate};

/// How a year of two digits is understood.
#[derive(Clone, Copy)]
pub(super) enum Century {
    /// As POSIX's `strptime` does.
    Posix,
    /// Not later than 50 years after this second.
    Near(HttpDate),
}

pub(super) fn parse(text: &[u8], century: Century) -> Result<HttpDate, DateError> {
    let mut reader = Reader { text, rest: text };
    let long_name = reader.day_name()?;
    let (fields, year) = match reader.rest.first() {
        Some(b',') => reader.imf_fixdate()?,
        Some(b' ') => reader.asctime_date()?,
        _ => {
            reader.tag(long_name, DateErrorKind::Separator(b','))?;
            let (fields, year) = reader.rfc850_date()?;
            let year = fields.full_year(year, century);
            (fields, year)
        }
    };
    if !reader.rest.is_empty() {
        return Err(reader.expected(DateErrorKind::End));
    }
    fields.date(year)
}

/// A day and a time, and where the day stood, for the error that it may still be.
struct Fields {
    day: u8,
    day_offset: usize,
    month: u8,
    hour: u8,
    minute: u8,
    second: u8,
}

impl Fields {
    /// Returns the year that ends in these two digits.
    fn full_year(&self, year: u8, century: Century) -> i32 {
        let year = i32::from(year);
        let now = match century {
            Century::Posix => return year + if year < 69 { 2000 } else { 1900 },
            Century::Near(now) => now,
        };
        let civil = Civil::of(now);
        let last = i32::from(civil.century) * 100 + i32::from(civil.year) + 50;
        let limit = days_from_civil(last, civil.month, civil.day) * DAY + now.0.rem_euclid(DAY);
        let candidate = last - (last - year).rem_euclid(100);
        if candidate > 9999 || self.seconds(candidate) > limit {
            candidate - 100
        } else if candidate < 0 {
            candidate + 100
        } else {
            candidate
        }
    }

    fn date(&self, year: i32) -> Result<HttpDate, DateError> {
        let no_such_day =
            DateError { kind: DateErrorKind::Day, offset: self.day_offset, found: None };
        HttpDate::from_civil(year, self.month, self.day, self.clock()).ok_or(no_such_day)
    }

    /// Returns the seconds since the epoch, given the year.
    fn seconds(&self, year: i32) -> i64 {
        seconds_from_civil(year, self.month, self.day, self.clock())
    }

    fn clock(&self) -> [u8; 3] {
        [self.hour, self.minute, self.second]
    }
}

/// What has been read of a date, and what has not.
struct Reader<'t> {
    text: &'t [u8],
    rest: &'t [u8],
}

impl Reader<'_> {
    /// `"," SP day SP month SP year SP time-of-day SP GMT`
    #[inline]
    fn imf_fixdate(&mut self) -> Result<(Fields, i32), DateError> {
        self.byte(b',')?;
        self.byte(b' ')?;
        let (day_offset, day) = (self.offset(), self.two_digits()?);
        self.byte(b' ')?;
        let month = self.month()?;
        self.byte(b' ')?;
        let year = self.four_digits()?;
        self.byte(b' ')?;
        let (hour, minute, second) = self.time_of_day()?;
        self.zone()?;
        Ok((Fields { day, day_offset, month, hour, minute, second }, year))
    }

    /// `"," SP day "-" month "-" 2DIGIT SP time-of-day SP GMT`
    fn rfc850_date(&mut self) -> Result<(Fields, u8), DateError> {
        self.byte(b',')?;
        self.byte(b' ')?;
        let (day_offset, day) = (self.offset(), self.two_digits()?);
        self.byte(b'-')?;
        let month = self.month()?;
        self.byte(b'-')?;
        let year = self.two_digits()?;
        self.byte(b' ')?;
        let (hour, minute, second) = self.time_of_day()?;
        self.zone()?;
        Ok((Fields { day, day_offset, month, hour, minute, second }, year))
    }

    /// `SP month SP ( 2DIGIT / ( SP 1DIGIT )) SP time-of-day SP year`
    fn asctime_date(&mut self) -> Result<(Fields, i32), DateError> {
        self.byte(b' ')?;
        let month = self.month()?;
        self.byte(b' ')?;
        let day_offset = self.offset();
        let day = match self.rest.first() {
            Some(b' ') => {
                self.byte(b' ')?;
                self.digit()?
            }
            _ => self.two_digits()?,
        };
        self.byte(b' ')?;
        let (hour, minute, second) = self.time_of_day()?;
        self.byte(b' ')?;
        let year = self.four_digits()?;
        Ok((Fields { day, day_offset, month, hour, minute, second }, year))
    }

    /// `hour ":" minute ":" second`, from 00:00:00 to 23:59:60.
    #[inline]
    fn time_of_day(&mut self) -> Result<(u8, u8, u8), DateError> {
        let hour = self.below(24, DateErrorKind::Hour)?;
        self.byte(b':')?;
        let minute = self.below(60, DateErrorKind::Minute)?;
        self.byte(b':')?;
        let seconds = if hour == 23 && minute == 59 { 61 } else { 60 };
        let second = self.below(seconds, DateErrorKind::Second)?;
        Ok((hour, minute, second))
    }

    /// Reads the first three letters of a day's name and returns the ones that follow in a long
    /// name.
    #[inline]
    fn day_name(&mut self) -> Result<&'static [u8], DateError> {
        let Some((name, rest)) = self.rest.split_first_chunk() else {
            return Err(self.expected(DateErrorKind::DayName));
        };
        let long: &[u8] = match name {
            b"Mon" | b"Fri" | b"Sun" => b"day",
            b"Tue" => b"sday",
            b"Wed" => b"nesday",
            b"Thu" => b"rsday",
            b"Sat" => b"urday",
            _ => return Err(self.expected(DateErrorKind::DayName)),
        };
        self.rest = rest;
        Ok(long)
    }

    #[inline]
    fn month(&mut self) -> Result<u8, DateError> {
        let Some((name, rest)) = self.rest.split_first_chunk() else {
            return Err(self.expected(DateErrorKind::Month));
        };
        let month = match name {
            b"Jan" => 1,
            b"Feb" => 2,
            b"Mar" => 3,
            b"Apr" => 4,
            b"May" => 5,
            b"Jun" => 6,
            b"Jul" => 7,
            b"Aug" => 8,
            b"Sep" => 9,
            b"Oct" => 10,
            b"Nov" => 11,
            b"Dec" => 12,
            _ => return Err(self.expected(DateErrorKind::Month)),
        };
        self.rest = rest;
        Ok(month)
    }

    #[inline]
    fn zone(&mut self) -> Result<(), DateError> {
        self.byte(b' ')?;
        self.tag(b"GMT", DateErrorKind::Zone)
    }

    #[inline]
    fn tag(&mut self, due: &[u8], kind: DateErrorKind) -> Result<(), DateError> {
        match self.rest.strip_prefix(due) {
            Some(rest) => self.rest = rest,
            None => return Err(self.expected(kind)),
        }
        Ok(())
    }

    #[inline]
    fn byte(&mut self, due: u8) -> Result<(), DateError> {
        match self.rest {
            [found, rest @ ..] if *found == due => self.rest = rest,
            _ => return Err(self.expected(DateErrorKind::Separator(due))),
        }
        Ok(())
    }

    #[inline]
    fn digit(&mut self) -> Result<u8, DateError> {
        match self.rest {
            [digit @ b'0'..=b'9', rest @ ..] => {
                self.rest = rest;
                Ok(digit - b'0')
            }
            _ => Err(self.expected(DateErrorKind::Digit)),
        }
    }

    #[inline]
    fn two_digits(&mut self) -> Result<u8, DateError> {
        Ok(self.digit()? * 10 + self.digit()?)
    }

    #[inline]
    fn four_digits(&mut self) -> Result<i32, DateError> {
        Ok(i32::from(self.two_digits()?) * 100 + i32::from(self.two_digits()?))
    }

    /// Reads two digits that make a number below a bound.
    #[inline]
    fn below(&mut self, bound: u8, kind: DateErrorKind) -> Result<u8, DateError> {
        let offset = self.offset();
        let number = self.two_digits()?;
        if number >= bound {
            return Err(DateError { kind, offset, found: None });
        }
        Ok(number)
    }

    #[inline]
    fn offset(&self) -> usize {
        self.text.len() - self.rest.len()
    }

    #[cold]
    fn expected(&self, kind: DateErrorKind) -> DateError {
        DateError { kind, offset: self.offset(), found: self.rest.first().copied() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[track_caller]
    fn reads(text: &str, unix: i64) {
        assert_eq!(HttpDate::parse(text.as_bytes()).map(HttpDate::unix), Ok(unix), "{text}");
    }

    #[track_caller]
    fn reads_near(text: &str, now: &str, year: &str) {
        let now = HttpDate::parse(now.as_bytes()).unwrap();
        let date = HttpDate::parse_at(text.as_bytes(), now).unwrap().to_string();
        assert_eq!(&date[12..16], year, "{text}");
    }

    #[track_caller]
    fn rejects(text: &str, message: &str) {
        let error = HttpDate::parse(text.as_bytes()).unwrap_err();
        assert_eq!(error.to_string().strip_prefix("expected "), Some(message), "{text}");
    }

    #[test]
    fn reads_the_three_formats() {
        reads("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777);
        reads("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777);
        reads("Sun Nov  6 08:49:37 1994", 784_111_777);
        reads("Wed Nov 16 08:49:37 1994", 784_975_777);
        reads("Thu, 01 Jan 1970 00:00:00 GMT", 0);
        reads("Tue, 29 Feb 2000 23:59:59 GMT", 951_868_799);
        reads("Wednesday, 31-Dec-69 00:00:00 GMT", -86_400);
        reads("Tue, 19 Jan 2038 03:14:08 GMT", 1 << 31);
        reads("Sat, 01 Jan 0000 00:00:00 GMT", HttpDate::MIN.unix());
        reads("Fri, 31 Dec 9999 23:59:59 GMT", HttpDate::MAX.unix());
    }

    #[test]
    fn the_day_name_need_not_be_that_of_the_date() {
        reads("Mon, 06 Nov 1994 08:49:37 GMT", 784_111_777);
        for name in ["Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun"] {
            reads(&alloc::format!("{name}day, 06-Nov-94 08:49:37 GMT"), 784_111_777);
        }
    }

    #[test]
    fn the_leap_second_is_the_first_second_of_the_next_day() {
        reads("Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_800);
        reads("Fri, 31 Dec 9999 23:59:60 GMT", HttpDate::MAX.unix());
    }

    #[test]
    fn two_digits_are_a_year_of_1969_to_2068_without_a_clock() {
        reads("Thursday, 01-Jan-70 00:00:00 GMT", 0);
        reads("Wednesday, 01-Jan-69 00:00:00 GMT", -31_536_000);
        reads("Sunday, 01-Jan-68 00:00:00 GMT", 3_092_601_600);
    }

    #[test]
    fn two_digits_are_at_most_fifty_years_ahead_of_the_clock() {
        let now = "Sun, 15 Mar 2026 12:00:00 GMT";
        reads_near("Sunday, 15-Mar-76 12:00:00 GMT", now, "2076");
        reads_near("Sunday, 15-Mar-76 12:00:01 GMT", now, "1976");
        reads_near("Sunday, 01-Jan-77 00:00:00 GMT", now, "1977");
        reads_near("Sunday, 31-Dec-75 00:00:00 GMT", now, "2075");
        reads_near("Sunday, 06-Nov-94 08:49:37 GMT", now, "1994");
        reads_near("Sunday, 29-Feb-00 00:00:00 GMT", now, "2000");
        reads_near("Sunday, 01-Jan-05 00:00:00 GMT", "Mon, 01 Jan 2090 00:00:00 GMT", "2105");
        reads_near("Sunday, 01-Jan-10 00:00:00 GMT", "Mon, 01 Jan 9990 00:00:00 GMT", "9910");
        reads_near("Sunday, 01-Jan-99 00:00:00 GMT", "Mon, 01 Jan 0001 00:00:00 GMT", "0099");
        reads_near("Sun, 06 Nov 1994 08:49:37 GMT", now, "1994");
    }

    #[test]
    fn rejects_what_does_not_begin_as_a_date() {
        rejects("", "the name of a day, found the end at byte 0");
        rejects("784111777", "the name of a day, found '7' at byte 0");
        rejects("sun, 06 Nov 1994 08:49:37 GMT", "the name of a day, found 's' at byte 0");
        rejects(" Sun, 06 Nov 1994 08:49:37 GMT", "the name of a day, found ' ' at byte 0");
        rejects("Sunda, 06-Nov-94 08:49:37 GMT", "',', found 'd' at byte 3");
        rejects("Sun", "',', found the end at byte 3");
    }

    #[test]
    fn rejects_what_imf_fixdate_does_not_have() {
        rejects("Sun,06 Nov 1994 08:49:37 GMT", "' ', found '0' at byte 4");
        rejects("Sun, 6 Nov 1994 08:49:37 GMT", "a digit, found ' ' at byte 6");
        rejects("Sun, 06-Nov-1994 08:49:37 GMT", "' ', found '-' at byte 7");
        rejects("Sun, 06 nov 1994 08:49:37 GMT", "the name of a month, found 'n' at byte 8");
        rejects("Sun, 06 No", "the name of a month, found 'N' at byte 8");
        rejects("Sun, 06 Nov 94 08:49:37 GMT", "a digit, found ' ' at byte 14");
        rejects("Sun, 06 Nov 1994 8:49:37 GMT", "a digit, found ':' at byte 18");
        rejects("Sun, 06 Nov 1994 08.49:37 GMT", "':', found '.' at byte 19");
        rejects("Sun, 06 Nov 1994 08:49 GMT", "':', found ' ' at byte 22");
        rejects("Sun, 06 Nov 1994 08:49:37", "' ', found the end at byte 25");
        rejects("Sun, 06 Nov 1994 08:49:37 UTC", "GMT, found 'U' at byte 26");
        rejects("Sun, 06 Nov 1994 08:49:37 GMT ", "the end of the date, found ' ' at byte 29");
    }

    #[test]
    fn rejects_what_the_old_formats_do_not_have() {
        rejects("Sunday, 06-Nov-1994 08:49:37 GMT", "' ', found '9' at byte 17");
        rejects("Sunday, 06 Nov 94 08:49:37 GMT", "'-', found ' ' at byte 10");
        rejects("Sun Nov 6 08:49:37 1994", "a digit, found ' ' at byte 9");
        rejects("Sun Nov  6 08:49:37 94", "a digit, found the end at byte 22");
        rejects("Sun Nov  6 08:49:37 1994 GMT", "the end of the date, found ' ' at byte 24");
    }

    #[test]
    fn rejects_days_that_the_month_does_not_have() {
        let message =
            |offset| alloc::format!("a day that the month has, found another at byte {offset}");
        rejects("Sun, 00 Nov 1994 08:49:37 GMT", &message(5));
        rejects("Sun, 31 Nov 1994 08:49:37 GMT", &message(5));
        rejects("Sun, 32 Dec 1994 08:49:37 GMT", &message(5));
        rejects("Sun, 29 Feb 1900 08:49:37 GMT", &message(5));
        rejects("Sunday, 29-Feb-95 08:49:37 GMT", &message(8));
        rejects("Sun Nov 31 08:49:37 1994", &message(8));
    }

    #[test]
    fn rejects_times_out_of_range() {
        let hour = "an hour from 00 to 23, found another at byte 17";
        rejects("Sun, 06 Nov 1994 24:00:00 GMT", hour);
        let minute = "a minute from 00 to 59, found another at byte 20";
        rejects("Sun, 06 Nov 1994 08:60:37 GMT", minute);
        let second = "a second from 00 to 59, found another at byte 23";
        rejects("Sun, 06 Nov 1994 08:49:60 GMT", second);
        rejects("Sat, 31 Dec 2016 23:58:60 GMT", second);
        rejects("Sat, 31 Dec 2016 23:59:61 GMT", second);
    }
}

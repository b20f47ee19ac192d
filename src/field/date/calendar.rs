//! Days to dates and back, in the proleptic Gregorian calendar.

use super::{FIRST, HttpDate};

/// A date as calendar and clock show it.
pub(super) struct Civil {
    pub(super) century: u8,
    pub(super) year: u8,
    pub(super) month: u8,
    pub(super) day: u8,
    /// From 0, Monday, to 6.
    pub(super) weekday: u8,
    pub(super) hour: u8,
    pub(super) minute: u8,
    pub(super) second: u8,
}

impl Civil {
    /// The calendar part is by Neri and Schneider, "Euclidean affine functions and their
    /// application to calendar algorithms" (2022): years begin in March, so that the leap day is
    /// the last one, and divisions become multiplications.
    #[inline]
    pub(super) fn of(date: HttpDate) -> Self {
        let since_year_0 = date.0.saturating_sub(FIRST).cast_unsigned();
        let seconds = narrow(since_year_0 % 86_400);
        let days = narrow(since_year_0 / 86_400);

        // Days since 1 March of the year -400, a multiple of 400 years before year 0.
        let day = days + DAYS_IN_400_YEARS - 60;
        let century = (4 * day + 3) / DAYS_IN_400_YEARS;
        let day_of_century = (4 * day + 3) % DAYS_IN_400_YEARS / 4;
        let product = 2_939_745 * u64::from(4 * day_of_century + 3);
        let year_of_century = narrow(product >> 32);
        let day_of_year = narrow(product & 0xffff_ffff) / 2_939_745 / 4;
        let month = 2141 * day_of_year + 197_913;
        let is_next_year = day_of_year >= 306;

        let year = 100 * century + year_of_century + u32::from(is_next_year) - 400;
        Self {
            century: low(year / 100),
            year: low(year % 100),
            month: low((month >> 16) - if is_next_year { 12 } else { 0 }),
            day: low((month & 0xffff) / 2141 + 1),
            weekday: low((days + 5) % 7),
            hour: low(seconds / 3600),
            minute: low(seconds / 60 % 60),
            second: low(seconds % 60),
        }
    }
}

impl HttpDate {
    /// Returns the date of a calendar and a clock, hours first, or `None` when the month does not have
    /// the day. The year is in 0 to 9999, the month in 1 to 12; the last second of 9999 is the last.
    #[inline]
    pub(crate) fn from_civil(year: i32, month: u8, day: u8, clock: [u8; 3]) -> Option<Self> {
        if day == 0 || day > days_in_month(year, month) {
            return None;
        }
        Some(Self::from_unix(seconds_from_civil(year, month, day, clock)))
    }
}

const DAYS_IN_400_YEARS: u32 = 146_097;

/// Returns the number of seconds from the epoch to a second of a year from -50 to 10,099.
#[inline]
pub(super) fn seconds_from_civil(year: i32, month: u8, day: u8, clock: [u8; 3]) -> i64 {
    let [hour, minute, second] = clock;
    let hours = days_from_civil(year, month, day) * 24 + i64::from(hour);
    (hours * 60 + i64::from(minute)) * 60 + i64::from(second)
}

/// Returns the number of days from 1970-01-01 to a day of a year from -50 to 10,099.
pub(super) fn days_from_civil(year: i32, month: u8, day: u8) -> i64 {
    // As above: a year begins in March, and 400 more years keep it positive.
    let january_or_february = month <= 2;
    let year = (year + 400 - i32::from(january_or_february)).cast_unsigned();
    let month = u32::from(month) + if january_or_february { 12 } else { 0 };
    let day_of_year = (979 * month - 2919) / 32 + u32::from(day) - 1;
    days_to_march(year) + i64::from(day_of_year)
}

/// Returns the number of days from 1970-01-01 to 1 March of 400 years before a year.
#[inline]
pub(super) fn days_to_march(year: u32) -> i64 {
    let century = year / 100;
    let days = 1461 * year / 4 - century + century / 4;
    i64::from(days) - 719_468 - i64::from(DAYS_IN_400_YEARS)
}

const fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Takes a number that is known to be small.
#[inline]
fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or_default()
}

/// Takes a number that is known to be below 256.
#[inline]
const fn low(number: u32) -> u8 {
    let [low, ..] = number.to_le_bytes();
    low
}

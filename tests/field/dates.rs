//! Laws of dates: what is written is read back, and a slow model agrees.

use nethttp::field::HttpDate;
use proptest::prelude::*;

const SECONDS: std::ops::RangeInclusive<i64> = HttpDate::MIN.unix()..=HttpDate::MAX.unix();

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Counts days year by year and month by month from 1 January of year 0, a Saturday.
fn model(date: HttpDate) -> String {
    let mut days = (date.unix() - HttpDate::MIN.unix()) / 86_400;
    let second = (date.unix() - HttpDate::MIN.unix()) % 86_400;
    let weekday = ["Sat", "Sun", "Mon", "Tue", "Wed", "Thu", "Fri"][(days % 7) as usize];
    let mut year = 0;
    while days >= 365 + i64::from(is_leap(year)) {
        days -= 365 + i64::from(is_leap(year));
        year += 1;
    }
    let lengths = [31, 28 + i64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let names =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut month = 0;
    while days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    format!(
        "{weekday}, {:02} {} {year:04} {:02}:{:02}:{:02} GMT",
        days + 1,
        names[month],
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

/// Rewrites an IMF-fixdate as asctime-date.
fn as_asctime(imf: &str) -> String {
    let day: u8 = imf[5..7].parse().unwrap();
    format!("{} {} {day:2} {} {}", &imf[..3], &imf[8..11], &imf[17..25], &imf[12..16])
}

/// Rewrites an IMF-fixdate as rfc850-date, with one day name for all.
fn as_rfc850(imf: &str) -> String {
    format!("Monday, {}-{}-{} {}", &imf[5..7], &imf[8..11], &imf[14..16], &imf[17..])
}

proptest! {
    #[test]
    fn a_date_comes_back(seconds in SECONDS) {
        let date = HttpDate::from_unix(seconds);
        prop_assert_eq!(date.unix(), seconds);
        prop_assert_eq!(HttpDate::parse(&date.encode()), Ok(date));
        prop_assert_eq!(date.to_string().parse(), Ok(date));
        prop_assert_eq!(HttpDate::parse(as_asctime(&date.to_string()).as_bytes()), Ok(date));
    }

    #[test]
    fn a_date_agrees_with_counting(seconds in SECONDS) {
        let date = HttpDate::from_unix(seconds);
        prop_assert_eq!(date.to_string(), model(date));
    }

    /// Within 49 years of the clock, two digits say as much as four.
    #[test]
    fn a_two_digit_year_is_near_the_clock(
        now in -50_000_000_000..200_000_000_000_i64,
        away in -1_540_000_000..1_540_000_000_i64,
    ) {
        let (date, now) = (HttpDate::from_unix(now + away), HttpDate::from_unix(now));
        let text = as_rfc850(&date.to_string());
        prop_assert_eq!(HttpDate::parse_at(text.as_bytes(), now), Ok(date));
    }

    #[test]
    fn no_bytes_make_it_panic(text in prop::collection::vec(any::<u8>(), 0..40)) {
        let _ = HttpDate::parse(&text);
    }

    #[test]
    fn a_changed_separator_is_an_error(seconds in SECONDS, octet in any::<u8>()) {
        for place in [3, 4, 7, 11, 16, 19, 22, 25, 26, 27, 28] {
            let mut text = HttpDate::from_unix(seconds).encode();
            if text[place] != octet {
                text[place] = octet;
                prop_assert!(HttpDate::parse(&text).is_err(), "{}", text.escape_ascii());
            }
        }
    }
}

#[test]
fn every_first_second_of_a_day_agrees_with_counting() {
    // Four centuries hold every kind of year; a step of a week keeps the test short.
    for day in (0..146_097).step_by(7) {
        let date = HttpDate::from_unix(HttpDate::MIN.unix() + day * 86_400);
        assert_eq!(date.to_string(), model(date));
        assert_eq!(HttpDate::parse(&date.encode()), Ok(date));
    }
}

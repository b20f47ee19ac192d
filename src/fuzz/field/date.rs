//! Dates.

use crate::field::HttpDate;

/// The seconds of a day.
const DAY: i64 = 86_400;

/// A date that is read is written as one that a slow calendar takes for the same second, and the present
/// changes nothing but the century of two digits.
pub(super) fn date(data: &[u8]) {
    let read = reads_back!(HttpDate of data, read => read.encode());
    let Some(date) = read else {
        for now in [HttpDate::MIN, HttpDate::from_unix(0), HttpDate::MAX] {
            assert_eq!(HttpDate::parse_at(data, now), HttpDate::parse(data));
        }
        return;
    };
    assert!((HttpDate::MIN..=HttpDate::MAX).contains(&date));
    assert_eq!(HttpDate::from_unix(date.unix()), date);
    assert_eq!(seconds(&date.encode()), Some(date.unix()));
    let has_two_digits = data.iter().position(|&octet| octet == b',').is_some_and(|at| at > 3);
    for now in [HttpDate::MIN.unix(), 0, 1_700_000_000, HttpDate::MAX.unix()] {
        let near = HttpDate::parse_at(data, HttpDate::from_unix(now));
        if !has_two_digits {
            assert_eq!(near, Ok(date));
        } else if (0..=1_700_000_000).contains(&now) {
            // The day may not exist in that year.
            let distance = near.map_or(0, |near| near.unix() - now);
            assert!(distance.abs() <= 51 * 366 * DAY, "{near:?}");
        }
    }
    #[cfg(feature = "std")]
    assert!(date.to_system_time().is_none_or(|time| HttpDate::from(time) == date));
}

/// The seconds since 1970 of an `IMF-fixdate`, year by year and month by month; `None` where the name of
/// the day is not that of the date.
fn seconds(text: &[u8; 29]) -> Option<i64> {
    let number = |at: usize, len: usize| {
        let digits = text.get(at..at + len)?;
        Some(digits.iter().fold(0, |number, digit| 10 * number + i64::from(digit - b'0')))
    };
    let year = number(12, 4)?;
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let mut days = number(5, 2)? - 1;
    let lens = [31, if is_leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let months = b"JanFebMarAprMayJunJulAugSepOctNovDec".as_chunks::<3>().0;
    let month = months.iter().position(|month| text.get(8..11) == Some(month))?;
    days += lens.iter().take(month).sum::<i64>();
    for before in 0..year {
        days += if is_leap(before) { 366 } else { 365 };
    }
    // The first day of year 0 was a Saturday.
    let names = b"SatSunMonTueWedThuFri".as_chunks::<3>().0;
    let name = names.get(usize::try_from(days % 7).ok()?)?;
    let time = 3600 * number(17, 2)? + 60 * number(20, 2)? + number(23, 2)?;
    (text.get(..3) == Some(name)).then_some((days - 719_528) * DAY + time)
}

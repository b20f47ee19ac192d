//! The dates of cookies, by a model that cuts the text into strings.

use alloc::string::String;
use alloc::vec;
use core::ops::RangeInclusive;

const DELIMITERS: &str = "\t !\"#$%&'()*+,-./;<=>?@[\\]^_`{|}~";
const MONTHS: &str = "jan feb mar apr may jun jul aug sep oct nov dec";
/// The first second of 1601.
const FIRST: i64 = -11_644_473_600;

/// Returns the number that a text begins with, if that has so many digits.
fn number(text: &str, lengths: RangeInclusive<usize>) -> Option<i64> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|_| lengths.contains(&digits.len()))
}

fn time(token: &str) -> Option<[i64; 3]> {
    let (hour, rest) = token.split_once(':')?;
    let (minute, second) = rest.split_once(':')?;
    let field = |text: &str| {
        number(text, 1..=2).filter(|_| text.bytes().all(|octet| octet.is_ascii_digit()))
    };
    Some([field(hour)?, field(minute)?, number(second, 1..=2)?])
}

/// Returns the month, counted from 0.
fn month(token: &str) -> Option<usize> {
    MONTHS.split(' ').position(|name| token.to_ascii_lowercase().starts_with(name))
}

fn days_of_month(year: i64, month: usize) -> i64 {
    let is_leap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0;
    [31, 28 + i64::from(is_leap), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        .into_iter()
        .nth(month)
        .unwrap_or(0)
}

/// The algorithm of the RFC, each flag a list that has a member or not, and days counted year by
/// year.
pub(super) fn model(text: &[u8]) -> Option<i64> {
    // One character a byte: those above 127 are all alike.
    let text: String = text.iter().map(|octet| char::from(*octet)).collect();
    let (mut times, mut days, mut months, mut years) = (vec![], vec![], vec![], vec![]);
    for token in text.split(|c| DELIMITERS.contains(c)).filter(|token| !token.is_empty()) {
        match (time(token), number(token, 1..=2), month(token), number(token, 2..=4)) {
            (Some(time), ..) if times.is_empty() => times.push(time),
            (_, Some(day), ..) if days.is_empty() => days.push(day),
            (_, _, Some(month), _) if months.is_empty() => months.push(month),
            (.., Some(year)) if years.is_empty() => years.push(year),
            _ => {}
        }
    }
    let ([hour, minute, second], day) = (times.pop()?, days.pop()?);
    let (month, mut year) = (months.pop()?, years.pop()?);
    if (70..=99).contains(&year) {
        year += 1900;
    }
    if (0..=69).contains(&year) {
        year += 2000;
    }
    if !(1..=31).contains(&day) || year < 1601 || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    if day > days_of_month(year, month) {
        return None;
    }
    let years: i64 = (1601..year).map(|year| 337 + days_of_month(year, 1)).sum();
    let months: i64 = (0..month).map(|month| days_of_month(year, month)).sum();
    Some(FIRST + (years + months + day - 1) * 86_400 + hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cookie::parse_date;
    use crate::field::HttpDate;
    use alloc::format;
    use alloc::string::ToString;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    fn agrees(text: &[u8]) -> Result<(), TestCaseError> {
        let date = parse_date(text).map(HttpDate::unix);
        prop_assert_eq!(date, model(text), "{}", text.escape_ascii());
        Ok(())
    }

    /// What stands between two tokens, nearly always.
    fn gap() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            8 => prop::sample::select(DELIMITERS.as_bytes()).prop_map(|octet| vec![octet]),
            2 => "[ ,/-]{2,3}".prop_map(String::into_bytes),
            1 => prop::collection::vec(any::<u8>(), 0..2),
        ]
    }

    /// A token of each kind that is right, and a few that nearly are.
    fn token() -> impl Strategy<Value = String> {
        prop_oneof![
            "[0-2]?[0-9]:[0-5]?[0-9]:[0-5]?[0-9]",
            "[0-9]{1,3}:[0-9]{0,3}:?[0-9]{0,3}[:x]?[0-9]?",
            "[0-3]?[0-9]",
            "[0-9]{1,6}[a-z:]{0,2}[0-9]?",
            "(1[5-9]|20)[0-9]{2}",
            "(?i)(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,3}",
            "[A-Za-z]{1,4}",
            prop::sample::select(vec!["GMT", "Sun", "Monday", ":", "\0", "é", "29", "31", "Feb"])
                .prop_map(String::from),
        ]
    }

    fn join(pieces: Vec<(String, Vec<u8>)>) -> Vec<u8> {
        pieces.into_iter().flat_map(|(token, gap)| [token.into_bytes(), gap].concat()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn any_soup_of_tokens_agrees_with_the_model(
            pieces in prop::collection::vec((token(), gap()), 0..9),
        ) {
            agrees(&join(pieces))?;
        }

        /// One of each kind in any order, so that most of them are dates.
        #[test]
        fn any_four_parts_agree_with_the_model(
            parts in (
                "[0-2]?[0-9]:[0-5]?[0-9]:[0-5]?[0-9]([.Z:x][0-9]{0,3})?",
                "[0-3]?[0-9](th|st|:)?",
                "(?i)(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z:]{0,3}",
                "([0-9]{2,3}|[0-9]{4}|(1[5-9]|20)[0-9]{2})",
            ).prop_map(|(time, day, month, year)| vec![time, day, month, year]).prop_shuffle(),
            gaps in prop::collection::vec(gap(), 4),
        ) {
            agrees(&join(parts.into_iter().zip(gaps).collect()))?;
        }

        #[test]
        fn any_bytes_agree_with_the_model(text in prop::collection::vec(any::<u8>(), 0..64)) {
            agrees(&text)?;
        }

        #[test]
        fn a_date_of_http_is_the_same_date_from_1601_on(seconds in FIRST..=HttpDate::MAX.unix()) {
            let date = HttpDate::from_unix(seconds);
            let spaced = date.to_string();
            prop_assert_eq!(HttpDate::parse(spaced.as_bytes()), Ok(date));
            prop_assert_eq!(parse_date(spaced.as_bytes()), Some(date));
            let dashed = format!("{}-{}-{}", &spaced[..7], &spaced[8..11], &spaced[12..]);
            prop_assert_eq!(parse_date(dashed.as_bytes()), Some(date));
            prop_assert_eq!(model(dashed.as_bytes()), Some(seconds));
        }
    }
}

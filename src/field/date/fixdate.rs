//! Reads a plain IMF-fixdate, in which everything has its place, eight bytes at a time, and its elder
//! with dashes, which cookies still have.
//!
//! It says yes or nothing: whatever is wrong or rare (the leap second, 29 February) is left to the
//! reader of all formats, which knows what is wrong and where. The tests hold the two together.

use super::calendar::days_to_march;
use super::{DAY, HttpDate};

/// ```abnf
/// IMF-fixdate = day-name "," SP day SP month SP year SP time-of-day SP GMT
/// ```
pub(super) fn imf_fixdate(text: &[u8]) -> Option<HttpDate> {
    separated_by(b' ', text)
}

/// ```abnf
/// spaced-or-dashed = IMF-fixdate / dashed-date
/// dashed-date      = day-name "," SP day "-" month "-" year SP time-of-day SP GMT
/// ```
pub(super) fn spaced_or_dashed(text: &[u8]) -> Option<HttpDate> {
    separated_by(if text.get(7) == Some(&b'-') { b'-' } else { b' ' }, text)
}

/// Reads a date with this byte on both sides of the month.
#[inline(always)]
fn separated_by(separator: u8, text: &[u8]) -> Option<HttpDate> {
    let text: &[u8; 29] = text.try_into().ok()?;
    let (date, rest) = text.split_first_chunk::<8>()?;
    let (year, rest) = rest.split_first_chunk::<8>()?;
    let (space, rest) = rest.split_first()?;
    let (time, zone) = rest.split_first_chunk::<8>()?;

    // What differs from the pattern: 0 at a separator, 0 to 9 at a digit.
    let (date, year) = (u64::from_le_bytes(*date), u64::from_le_bytes(*year));
    let day = (date >> 24) ^ pattern([b',', b' ', b'0', b'0', separator, 0, 0, 0]);
    let year_digits = (year >> 24) ^ pattern([separator, b'0', b'0', b'0', b'0', 0, 0, 0]);
    let time = u64::from_le_bytes(*time) ^ pattern(*b"00:00:00");
    let wrong = above(day, *b"\x00\x00\x09\x09\x00\x7f\x7f\x7f")
        | above(year_digits, *b"\x00\x09\x09\x09\x09\x7f\x7f\x7f")
        | above(time, *b"\x09\x09\x00\x09\x09\x00\x09\x09");

    // The numbers: hour, minute and second in the bytes 0, 3 and 6.
    let (day, years, time) = (pairs(day), pairs(year_digits), pairs(time));
    let wrong = wrong | above(time & 0x00ff_0000_ff00_00ff, *b"\x17\x7f\x7f\x3b\x7f\x7f\x3b\x7f");
    let [_, _, day, ..] = day.to_le_bytes();
    let [_, century, _, year_of_century, ..] = years.to_le_bytes();
    let [hour, _, _, minute, _, _, second, _] = time.to_le_bytes();

    let month = Month::named(letters(year))?;
    let is_right = (wrong & EACH_TOP == 0)
        & (*space == b' ')
        & (zone == b" GMT")
        & is_day_name(letters(date))
        & (day.wrapping_sub(1) < month.days);
    if !is_right {
        return None;
    }
    let year = 400 + u32::from(century) * 100 + u32::from(year_of_century);
    let days = days_to_march(year - u32::from(month.is_next_year)) + i64::from(month.start);
    let seconds = u32::from(hour) * 3600 + u32::from(minute) * 60 + u32::from(second);
    Some(HttpDate((days + i64::from(day) - 1) * DAY + i64::from(seconds)))
}

const fn pattern(text: [u8; 8]) -> u64 {
    u64::from_le_bytes(text)
}

/// The bits that [`above`] sets.
const EACH_TOP: u64 = 0x8080_8080_8080_8080;

/// Sets the top bit of the bytes that are above a bound of less than 128. What it does to the bytes
/// behind such a byte does not matter.
#[inline]
const fn above(word: u64, bounds: [u8; 8]) -> u64 {
    word.wrapping_add(0x7f7f_7f7f_7f7f_7f7f - u64::from_le_bytes(bounds)) | word
}

/// Makes the number of two digits where the first of them stands.
#[inline]
const fn pairs(digits: u64) -> u64 {
    digits.wrapping_mul(10).wrapping_add(digits >> 8)
}

/// Returns the first three bytes.
#[inline]
const fn letters(word: u64) -> u32 {
    let [a, b, c, ..] = word.to_le_bytes();
    u32::from_le_bytes([a, b, c, 0])
}

const fn letters_of(name: [u8; 3]) -> u32 {
    let [a, b, c] = name;
    u32::from_le_bytes([a, b, c, 0])
}

/// The names of the days where [`is_day_name`] looks for them.
const DAY_NAMES: [u32; 8] = [
    letters_of(*b"Fri"),
    letters_of(*b"Mon"),
    letters_of(*b"Sun"),
    letters_of(*b"Sat"),
    letters_of(*b"Thu"),
    0,
    letters_of(*b"Wed"),
    letters_of(*b"Tue"),
];

#[inline]
fn is_day_name(letters: u32) -> bool {
    // The factor was found by trying: it gives each name a place of its own.
    let [.., place] = letters.wrapping_mul(2522).to_le_bytes();
    letters != 0 && DAY_NAMES.get(usize::from(place >> 5)) == Some(&letters)
}

/// What the days of a month are reckoned with.
#[derive(Clone, Copy)]
struct Month {
    letters: u32,
    /// The days from 1 March to the first of the month.
    start: u16,
    /// The days that it always has.
    days: u8,
    /// Whether it belongs to the year that began in March before.
    is_next_year: bool,
}

impl Month {
    const fn new(name: [u8; 3], start: u16, days: u8) -> Self {
        Self { letters: letters_of(name), start, days, is_next_year: start >= 306 }
    }

    /// What no letters are equal to.
    const NONE: Self = Self { letters: u32::MAX, start: 0, days: 0, is_next_year: false };

    /// The months where [`named`](Self::named) looks for them.
    const ALL: [Self; 16] = [
        Self::new(*b"Jul", 122, 31),
        Self::new(*b"Nov", 245, 30),
        Self::NONE,
        Self::new(*b"Oct", 214, 31),
        Self::new(*b"May", 61, 31),
        Self::new(*b"Dec", 275, 31),
        Self::new(*b"Mar", 0, 31),
        Self::new(*b"Apr", 31, 30),
        Self::NONE,
        Self::new(*b"Sep", 184, 30),
        Self::NONE,
        Self::NONE,
        Self::new(*b"Jan", 306, 31),
        Self::new(*b"Jun", 92, 30),
        Self::new(*b"Feb", 337, 28),
        Self::new(*b"Aug", 153, 31),
    ];

    #[inline]
    fn named(letters: u32) -> Option<&'static Self> {
        // As above.
        let [.., place] = letters.wrapping_mul(26_596).to_le_bytes();
        Self::ALL.get(usize::from(place >> 4)).filter(|month| month.letters == letters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::date::parse::{Century, parse};
    use proptest::prelude::*;

    /// What is left to the reader of all formats although it is right.
    fn is_rare(text: &[u8]) -> bool {
        text[23..25] == *b"60" || text[5..11] == *b"29 Feb"
    }

    #[track_caller]
    fn agrees(text: &[u8]) {
        let slow = parse(text, Century::Posix).ok();
        let shown = text.escape_ascii();
        match imf_fixdate(text) {
            Some(date) => assert_eq!(Some(date), slow, "{shown}"),
            None if text.len() == 29 => assert!(slow.is_none() || is_rare(text), "{shown}"),
            None => {}
        }
        dashes_make_no_difference(text);
    }

    #[track_caller]
    fn dashes_make_no_difference(text: &[u8]) {
        let shown = text.escape_ascii();
        let spaced = imf_fixdate(text);
        let dashed = |places: &[usize]| {
            let mut text: [u8; 29] = text.try_into().unwrap();
            places.iter().for_each(|place| text[*place] = b'-');
            spaced_or_dashed(&text)
        };
        assert_eq!(dashed(&[]).filter(|_| text[7] == b' '), spaced, "{shown}");
        if text[7] == b' ' && text[11] == b' ' {
            assert_eq!(dashed(&[7, 11]), spaced, "{shown}");
        }
        assert_eq!(dashed(&[7]).filter(|_| text[11] != b'-'), None, "{shown}");
        assert_eq!(dashed(&[11]).filter(|_| text[7] != b'-'), None, "{shown}");
    }

    proptest! {
        #[test]
        fn every_date_with_any_one_byte_changed_is_read_alike(
            seconds in HttpDate::MIN.unix()..=HttpDate::MAX.unix(),
        ) {
            let date = HttpDate::from_unix(seconds).encode();
            agrees(&date);
            for place in 0..date.len() {
                for octet in 0..=255 {
                    let mut text = date;
                    text[place] = octet;
                    agrees(&text);
                }
            }
        }

        #[test]
        fn every_number_is_read_alike(digits in "[0-9]{2}", place in 0..6_usize) {
            let mut text = *b"Sun, 06 Nov 1994 08:49:37 GMT";
            let place = [5, 12, 14, 17, 20, 23][place];
            text[place..place + 2].copy_from_slice(digits.as_bytes());
            agrees(&text);
        }
    }

    #[test]
    fn every_day_of_a_leap_year_and_of_another_is_read_alike() {
        for year in ["1999", "2000", "1900", "0000", "9999"] {
            for month in "JanFebMarAprMayJunJulAugSepOctNovDec".as_bytes().chunks(3) {
                for day in 0..=32 {
                    let day = alloc::format!("{day:02}");
                    let mut text = *b"Mon, 00 Jan 0000 23:59:59 GMT";
                    text[5..7].copy_from_slice(day.as_bytes());
                    text[8..11].copy_from_slice(month);
                    text[12..16].copy_from_slice(year.as_bytes());
                    agrees(&text);
                }
            }
        }
    }

    #[test]
    fn every_three_letters_that_share_a_place_are_told_apart() {
        for name in [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"] {
            let mut text = *b"Sun, 06 Nov 1994 08:49:37 GMT";
            text[..3].copy_from_slice(name);
            assert_eq!(imf_fixdate(&text).map(HttpDate::unix), Some(784_111_777));
        }
        for name in [[0; 3], *b"\0\0\x01", *b"Foo", *b"\xff\xff\xff"] {
            let mut text = *b"Sun, 06 Nov 1994 08:49:37 GMT";
            text[..3].copy_from_slice(&name);
            assert_eq!(imf_fixdate(&text), None);
            text[..3].copy_from_slice(b"Sun");
            text[8..11].copy_from_slice(&name);
            assert_eq!(imf_fixdate(&text), None);
        }
    }
}

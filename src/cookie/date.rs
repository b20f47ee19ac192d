//! The dates of cookies, [6265bis §5.1.1] and, the same, [RFC 6265 §5.1.1].
//!
//! Servers have written `Expires` in every form there is. The RFC does not list them: it looks for a
//! time, a day, a month and a year among the words of a text, in whatever order, and passes over the
//! rest. A date of HTTP, [RFC 9110 §5.6.7](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7), is
//! [`HttpDate::parse`]'s; this here does not say what is wrong with a text, because nobody is told.
//!
//! The two forms that nearly all servers send have a quick reader; what it does not take goes the long
//! way, and the tests hold one against the other.
//!
//! ```
//! use nethttp::cookie::parse_date;
//!
//! assert!(parse_date(b"Mon Dec 10 16:32:30 2007 GMT").is_some());
//! ```
//!
//! [6265bis §5.1.1]: https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.1.1
//! [RFC 6265 §5.1.1]: https://www.rfc-editor.org/rfc/rfc6265#section-5.1.1

use crate::field::HttpDate;
use crate::syntax::Class;

/// Reads the date of an `Expires` attribute,
/// [6265bis §5.1.1](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.1.1).
///
/// It is in UTC, whatever zone the text names, and in the years 1601 to 9999; the years 70 to 99 are
/// of the 20th century, 0 to 69 of the 21st. `None` means that the attribute is to be ignored, which
/// is not the same as a date that has passed.
///
/// # Examples
///
/// ```
/// use nethttp::cookie::parse_date;
/// use nethttp::field::HttpDate;
///
/// let date = Some(HttpDate::from_unix(784_111_777));
/// assert_eq!(parse_date(b"Sun, 06 Nov 1994 08:49:37 GMT"), date);
/// assert_eq!(parse_date(b"Sunday, 6-Nov-94 8:49:37"), date);
/// assert_eq!(parse_date(b"1994 november 06 08:49:37.250 (UTC)"), date);
/// assert_eq!(parse_date(b"Wed, 31 Nov 1994 08:49:37 GMT"), None);
/// ```
#[must_use]
#[inline]
pub fn parse_date(text: &[u8]) -> Option<HttpDate> {
    match HttpDate::parse_quickly(text) {
        Some(date) if date >= FIRST => Some(date),
        // The quick reader takes 0094 by its word, and the RFC for 1994.
        _ => parse_tokens(text),
    }
}

/// The first second of 1601.
const FIRST: HttpDate = HttpDate::from_unix(-11_644_473_600);

/// ```abnf
/// cookie-date     = *delimiter date-token-list *delimiter
/// date-token-list = date-token *( 1*delimiter date-token )
/// date-token      = 1*non-delimiter
/// delimiter       = %x09 / %x20-2F / %x3B-40 / %x5B-60 / %x7B-7E
/// non-delimiter   = %x00-08 / %x0A-1F / DIGIT / ":" / ALPHA / %x7F-FF
/// ```
fn parse_tokens(text: &[u8]) -> Option<HttpDate> {
    let mut found = Found::default();
    // Between two delimiters is an empty piece, which is nothing that is looked for.
    for token in text.split(|octet| Class::DATE_DELIMITER.contains(*octet)) {
        found.take(token);
        if let Found { time: Some(time), day: Some(day), month: Some(month), year: Some(year) } =
            found
        {
            return date(time, day, month, year);
        }
    }
    None
}

/// What the tokens so far have said; the first that says it counts.
#[derive(Default)]
struct Found {
    /// The hour, the minute and the second.
    time: Option<[u8; 3]>,
    day: Option<u8>,
    month: Option<u8>,
    year: Option<u16>,
}

impl Found {
    /// Step 2: a token is the first thing of this list that it can be and that is not there yet.
    fn take(&mut self, token: &[u8]) {
        if self.time.is_none()
            && let Some(time) = time(token)
        {
            self.time = Some(time);
        } else if self.day.is_none()
            && let Some(day) = day_of_month(token)
        {
            self.day = Some(day);
        } else if self.month.is_none()
            && let Some(month) = month(token)
        {
            self.month = Some(month);
        } else if self.year.is_none() {
            self.year = year(token);
        }
    }
}

/// Steps 3 to 7: completes the year and refuses what is no date. The day is compared with the days that
/// the month has, which are never above 31.
fn date(time: [u8; 3], day: u8, month: u8, year: u16) -> Option<HttpDate> {
    let year = match year {
        70..=99 => year + 1900,
        0..=69 => year + 2000,
        _ => year,
    };
    let [hour, minute, second] = time;
    if year < 1601 || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    HttpDate::from_civil(i32::from(year), month, day, time)
}

/// ```abnf
/// time       = hms-time [ non-digit *OCTET ]
/// hms-time   = time-field ":" time-field ":" time-field
/// time-field = 1*2DIGIT
/// non-digit  = %x00-2F / %x3A-FF
/// ```
fn time(token: &[u8]) -> Option<[u8; 3]> {
    let (hour, rest) = one_or_two_digits(token)?;
    let (minute, rest) = one_or_two_digits(rest.strip_prefix(b":")?)?;
    let (second, _) = one_or_two_digits(rest.strip_prefix(b":")?)?;
    Some([hour, minute, second])
}

/// ```abnf
/// day-of-month = 1*2DIGIT [ non-digit *OCTET ]
/// ```
fn day_of_month(token: &[u8]) -> Option<u8> {
    one_or_two_digits(token).map(|(day, _)| day)
}

/// In any case, as quoted strings of ABNF are.
///
/// ```abnf
/// month = ( "jan" / "feb" / "mar" / "apr" /
///           "may" / "jun" / "jul" / "aug" /
///           "sep" / "oct" / "nov" / "dec" ) *OCTET
/// ```
fn month(token: &[u8]) -> Option<u8> {
    match &token.first_chunk()?.map(|octet: u8| octet.to_ascii_lowercase()) {
        b"jan" => Some(1),
        b"feb" => Some(2),
        b"mar" => Some(3),
        b"apr" => Some(4),
        b"may" => Some(5),
        b"jun" => Some(6),
        b"jul" => Some(7),
        b"aug" => Some(8),
        b"sep" => Some(9),
        b"oct" => Some(10),
        b"nov" => Some(11),
        b"dec" => Some(12),
        _ => None,
    }
}

/// ```abnf
/// year = 2*4DIGIT [ non-digit *OCTET ]
/// ```
fn year(token: &[u8]) -> Option<u16> {
    let (digits, _) = token.split_at_checked(Class::DIGIT.prefix_len(token))?;
    matches!(digits.len(), 2..=4)
        .then(|| digits.iter().fold(0, |year, digit| year * 10 + u16::from(digit - b'0')))
}

/// Reads `1*2DIGIT` that no other digit follows, and returns what does.
fn one_or_two_digits(text: &[u8]) -> Option<(u8, &[u8])> {
    let (number, rest) = match text {
        [tens @ b'0'..=b'9', units @ b'0'..=b'9', rest @ ..] => {
            ((tens - b'0') * 10 + (units - b'0'), rest)
        }
        [units @ b'0'..=b'9', rest @ ..] => (units - b'0', rest),
        _ => return None,
    };
    (!matches!(rest, [b'0'..=b'9', ..])).then_some((number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn reads(text: impl AsRef<[u8]>, seconds: i64) {
        let text = text.as_ref();
        let shown = text.escape_ascii();
        assert_eq!(parse_date(text).map(HttpDate::unix), Some(seconds), "{shown}");
        assert_eq!(parse_tokens(text).map(HttpDate::unix), Some(seconds), "{shown}");
    }

    #[track_caller]
    fn ignores(text: impl AsRef<[u8]>) {
        let text = text.as_ref();
        let shown = text.escape_ascii();
        assert_eq!(parse_date(text), None, "{shown}");
        assert_eq!(parse_tokens(text), None, "{shown}");
    }

    #[test]
    fn reads_what_servers_send() {
        reads("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777);
        reads("Sun, 06-Nov-1994 08:49:37 GMT", 784_111_777);
        reads("Sun, 06-Nov-94 08:49:37 GMT", 784_111_777);
        reads("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777);
        reads("Sunday, 06-Nov-1994 08:49:37 GMT", 784_111_777);
        reads("Sun Nov  6 08:49:37 1994", 784_111_777);
        reads("Sun Nov 06 08:49:37 GMT 1994", 784_111_777);
        reads("Sun Nov 06 1994 08:49:37 GMT+0000 (Coordinated Universal Time)", 784_111_777);
        reads("Sun, 6 Nov 1994 08:49:37 UTC", 784_111_777);
        reads("Sun,06 Nov 1994 08:49:37 GMT", 784_111_777);
        reads("Sun, 06 Nov 1994 08:49:37 GMT; path=/", 784_111_777);
        reads("Sun,+06+Nov+1994+08:49:37+GMT", 784_111_777);
        reads("\"Sun, 06 Nov 1994 08:49:37 GMT\"", 784_111_777);
        reads("1994-Nov-06 08:49:37", 784_111_777);
        reads("Thu, 01 Jan 1970 00:00:00 GMT", 0);
        reads("Thu, 01-Jan-1970 00:00:01 GMT", 1);
        reads("Thu, 01-Jan-70 00:00:00 GMT", 0);
        reads("Wed, 31 Dec 1969 23:59:59 GMT", -1);
        reads("Tue, 19 Jan 2038 03:14:08 GMT", 2_147_483_648);
        reads("Fri, 31-Dec-9999 23:59:59 GMT", 253_402_300_799);
    }

    #[test]
    fn ignores_what_has_no_date() {
        ignores("");
        ignores(" ");
        ignores("\t,;-/(){}~");
        ignores("0");
        ignores("-1");
        ignores("784111777");
        ignores("Session");
        ignores("never, not even in Nov");
        ignores("Sun, 06 Nov 1994");
        ignores("06 Nov 08:49:37");
        ignores("Nov 1994 08:49:37");
        ignores("06 1994 08:49:37");
        ignores("1994-11-06T08:49:37Z");
        ignores("1994-11-06 08:49:37");
        ignores("11/6/1994, 8:49:37 AM");
        ignores("Sun%2C%2006%20Nov%201994%2008%3A49%3A37%20GMT");
    }

    #[test]
    fn the_parts_may_come_in_any_order() {
        reads("08:49:37 06 Nov 1994", 784_111_777);
        reads("08:49:37 Nov 1994 6", 784_111_777);
        reads("1994 Nov 06 08:49:37", 784_111_777);
        reads("Nov 1994 08:49:37 06", 784_111_777);
        reads("6 1994 Nov 08:49:37", 784_111_777);
        reads("06 94 08:49:37 Nov", 784_111_777);
        reads("06-Sun, Nov 08:49:37 GMT 94", 784_111_777);
    }

    #[test]
    fn a_name_of_a_month_is_its_first_three_letters() {
        reads("06 nov 1994 08:49:37", 784_111_777);
        reads("06 NOV 1994 08:49:37", 784_111_777);
        reads("06 nOvEmBeR 1994 08:49:37", 784_111_777);
        reads("06 Nov. 1994 08:49:37", 784_111_777);
        reads("6 novembre 1994 08:49:37", 784_111_777);
        reads("06 Novice:7 1994 08:49:37", 784_111_777);
        reads("1 Januar 2003 00:00:00", 1_041_379_200);
        reads("1 Sept 2003 00:00:00", 1_062_374_400);
        reads("Mayday, 06 Nov 1994 08:49:37", 768_214_177);
        ignores("06 No 1994 08:49:37");
        ignores("06 No v 1994 08:49:37");
        ignores("06 N.ov 1994 08:49:37");
        ignores(b"6 ao\xc3\xbbt 1994 08:49:37");
        ignores("06Nov1994 08:49:37");
    }

    #[test]
    fn zones_and_other_words_are_passed_over() {
        reads("Sun, 06 Nov 1994 08:49:37", 784_111_777);
        reads("Sun, 06 Nov 1994 08:49:37 +0100", 784_111_777);
        reads("Sun, 06 Nov 1994 08:49:37 GMT-0500 (EST)", 784_111_777);
        reads("Sun, 06 Nov 1994 08:49:37Z", 784_111_777);
        reads("Nov 6, 1994 8:49:37 PM", 784_111_777);
        reads("the 6th of November in 1994, 8:49:37pm sharp", 784_111_777);
        reads("Blursday ?? 06 :: Nov ... 1994 -- 08:49:37", 784_111_777);
    }

    #[test]
    fn numbers_have_one_digit_or_two() {
        reads("6 Nov 1994 8:49:37", 784_111_777);
        reads("1 Nov 1994 0:0:0", 783_648_000);
        reads("01 Nov 1994 1:02:3", 783_651_723);
        ignores("006 Nov 1994 08:49:37");
        ignores("06 Nov 1994 008:49:37");
        ignores("06 Nov 1994 08:049:37");
        ignores("06 Nov 1994 08:49:037");
        ignores("06 Nov 1994 08:49");
        ignores("06 Nov 1994 08:49:");
        ignores("06 Nov 1994 08::37");
        ignores("06 Nov 1994 :08:49:37");
        ignores("06 Nov 1994 08: 49:37");
        ignores("06 Nov 1994 08.49.37");
        reads("06 Nov 1994 -8:49:37", 784_111_777);
        ignores("99999999999999999999-Nov-1994 08:49:37");
        ignores("06 Nov 1994 08:49:99999999999999999999");
    }

    #[test]
    fn what_follows_a_number_is_no_digit() {
        reads("06x7 Nov 1994 08:49:37", 784_111_777);
        reads("06: Nov 1994: 08:49:37:", 784_111_777);
        reads("06 Nov 1994AD7 08:49:37x8", 784_111_777);
        reads("06 Nov 1994 08:49:37:99", 784_111_777);
        reads("06 Nov 1994 08:49:37.250", 784_111_777);
        // Parts of a second are a year where none has been found.
        ignores("Nov 06 08:49:37.250 1994");
        reads("08:49:37.2500000 06 Nov 1994", 784_111_777);
    }

    #[test]
    fn years_have_two_digits_to_four() {
        ignores("06 Nov 4 08:49:37");
        reads("06 Nov 00 08:49:37", 973_500_577);
        reads("06 Nov 69 08:49:37", 3_150_953_377);
        reads("06 Nov 70 08:49:37", 26_729_377);
        reads("06 Nov 99 08:49:37", 941_878_177);
        // It is the number that counts, not its digits.
        reads("06 Nov 094 08:49:37", 784_111_777);
        reads("06 Nov 069 08:49:37", 3_150_953_377);
        reads("Sun, 06 Nov 0094 08:49:37 GMT", 784_111_777);
        reads("Sun, 06-Nov-0069 08:49:37 GMT", 3_150_953_377);
        reads("Sun, 06 Nov 0000 08:49:37 GMT", 973_500_577);
        ignores("06 Nov 100 08:49:37");
        ignores("06 Nov 999 08:49:37");
        ignores("06 Nov 01994 08:49:37");
        ignores("06 Nov 31841 08:49:37");
        reads("06 Nov 31841 1994 08:49:37", 784_111_777);
    }

    #[test]
    fn years_begin_with_1601() {
        reads("Mon, 01 Jan 1601 00:00:00 GMT", -11_644_473_600);
        reads("Mon, 01-Jan-1601 00:00:00 GMT", -11_644_473_600);
        reads("1 Jan 1601 0:0:0", -11_644_473_600);
        ignores("Sun, 31 Dec 1600 23:59:59 GMT");
        ignores("Sun, 31-Dec-1600 23:59:59 GMT");
        ignores("31 Dec 1600 23:59:59");
        ignores("Sat, 01 Jan 0100 00:00:00 GMT");
        reads("9999 Dec 31 23:59:59", 253_402_300_799);
    }

    #[test]
    fn the_first_of_two_counts() {
        reads("06 Nov 1994 08:49:37 11:22:33", 784_111_777);
        ignores("06 Nov 1994 91:22:33 08:49:37");
        reads("06 Nov 1994 2007 08:49:37", 784_111_777);
        ignores("06 Nov 1600 1994 08:49:37");
        reads("06 Nov Dec 1994 08:49:37", 784_111_777);
        ignores("32 Nov 1994 06 08:49:37");
        // The second day is a year, so that the year is nothing.
        reads("06 07 Nov 1994 08:49:37", 1_194_338_977);
        ignores("98 Nov 17 08:49:37");
        // What is not taken for a time may still be a day or a year.
        reads("08:49:37 11:22:33 Nov 1994", 784_543_777);
        reads("06 Nov 08:49:37 11:22:33 1994", 1_320_569_377);
        reads("8:49 06 Nov 1994 01:02:03", 1_162_947_723);
        reads("08:49:375 Nov 1994 08:49:37", 784_284_577);
        reads("008:49:37 06 Nov 1994 08:49:37", 1_225_961_377);
        reads("08:49:37.12 06 Nov 1994", 1_163_321_377);
    }

    #[test]
    fn delimiters_are_punctuation_without_the_colon_and_controls() {
        reads("06!Nov\"1994#08:49:37", 784_111_777);
        reads("06$Nov%1994&08:49:37", 784_111_777);
        reads("06'Nov(1994)08:49:37", 784_111_777);
        reads("06*Nov+1994,08:49:37", 784_111_777);
        reads("06.Nov/1994;08:49:37", 784_111_777);
        reads("06<Nov=1994>08:49:37", 784_111_777);
        reads("06?Nov@1994[08:49:37", 784_111_777);
        reads("06\\Nov]1994^08:49:37", 784_111_777);
        reads("06_Nov`1994{08:49:37", 784_111_777);
        reads("06|Nov}1994~08:49:37", 784_111_777);
        reads("\t06\tNov\t1994\t08:49:37\t", 784_111_777);
        ignores("06:Nov 1994 08:49:37");
        ignores("06\nNov 1994 08:49:37");
        ignores(b"06\xa0Nov 1994 08:49:37");
        ignores(b"06 \x7fNov 1994 08:49:37");
        reads(b"\0 06\0 Nov\xff 1994\x80 08:49:37\r\n", 784_111_777);
        reads(b"Sun, 06 Nov 1994 08:49:37 GMT\0", 784_111_777);
        ignores(b"\0\0\0");
        ignores(b"\xff\xfe");
    }

    #[test]
    fn the_day_has_to_exist() {
        reads("Thu, 31 Jan 2002 00:00:00 GMT", 1_012_435_200);
        reads("Thu, 28-Feb-2002 00:00:00 GMT", 1_014_854_400);
        ignores("Fri, 29 Feb 2002 00:00:00 GMT");
        ignores("Sun, 31-Feb-2002 00:00:00 GMT");
        ignores("30 Feb 2004 00:00:00");
        reads("Sun, 29 Feb 2004 12:00:00 GMT", 1_078_056_000);
        reads("Sun, 29-Feb-2004 12:00:00 GMT", 1_078_056_000);
        reads("29 Feb 2000 12:00:00", 951_825_600);
        reads("29 Feb 00 12:00:00", 951_825_600);
        ignores("29 Feb 1900 12:00:00");
        ignores("Mon, 29-Feb-2100 12:00:00 GMT");
        ignores("31 Apr 2002 00:00:00");
        ignores("Sat, 31 Jun 2002 00:00:00 GMT");
        ignores("31-Sep-02 00:00:00");
        ignores("Thu, 31-Nov-2002 00:00:00 GMT");
        ignores("Wed, 00 Nov 1994 08:49:37 GMT");
        ignores("0 Nov 1994 08:49:37");
        ignores("Wed, 32 Dec 1994 08:49:37 GMT");
        ignores("99 Dec 1994 08:49:37");
    }

    #[test]
    fn the_time_has_to_exist() {
        reads("06 Nov 1994 23:59:59", 784_166_399);
        ignores("Sun, 06 Nov 1994 24:00:00 GMT");
        ignores("06 Nov 1994 24:00:00");
        ignores("Sun, 06-Nov-1994 08:60:37 GMT");
        ignores("06 Nov 1994 8:60:37");
        ignores("Sun, 06 Nov 1994 08:49:60 GMT");
        ignores("06 Nov 1994 8:49:60");
        ignores("Sat, 31 Dec 2016 23:59:60 GMT");
        ignores("31-Dec-16 23:59:60");
        ignores("06 Nov 1994 99:99:99");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn the_quick_reader_agrees_on_every_date_with_any_one_byte_changed(
            seconds in HttpDate::MIN.unix()..=HttpDate::MAX.unix(),
        ) {
            let spaced = HttpDate::from_unix(seconds).encode();
            let mut dashed = spaced;
            [dashed[7], dashed[11]] = *b"--";
            for date in [spaced, dashed] {
                for place in 0..date.len() {
                    for octet in 0..=255 {
                        let mut text = date;
                        text[place] = octet;
                        prop_assert_eq!(parse_date(&text), parse_tokens(&text), "{}", text.escape_ascii());
                    }
                }
            }
        }
    }

    #[test]
    fn the_quick_reader_takes_what_it_is_for() {
        for text in [b"Sun, 06 Nov 1994 08:49:37 GMT", b"Sun, 06-Nov-1994 08:49:37 GMT"] {
            assert_eq!(HttpDate::parse_quickly(text).map(HttpDate::unix), Some(784_111_777));
        }
    }
}

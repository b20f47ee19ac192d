//! The dates and the fields that libraries are measured on.

use nethttp::field::HttpDate;

use crate::random::Random;

/// How many dates a mix has, so that the branch predictor cannot learn them.
pub const MIX_LEN: usize = 512;

/// How often in a row the same second is asked for, where a cache is measured.
pub const IN_A_SECOND: usize = 256;

const SEED: u64 = 0x6e65_7468_7474_7035;

/// Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110.
const EXAMPLE: u64 = 784_111_777;

/// The end of the year 2068, to which two digits tell a year.
const END: usize = 3_124_223_999;

/// Returns the date of RFC 9110's example, as seconds since the epoch.
pub fn one_date() -> Vec<u64> {
    vec![EXAMPLE]
}

/// Returns dates from 1970 to 2068, as seconds since the epoch.
pub fn dates() -> Vec<u64> {
    let mut random = Random::new(SEED);
    (0..MIX_LEN).map(|_| u64::try_from(random.below(END)).expect("64 bits")).collect()
}

/// Returns seconds that follow one another, each as often as a busy server asks for it.
pub fn running_dates() -> Vec<u64> {
    (EXAMPLE..EXAMPLE + 16).flat_map(|second| [second; IN_A_SECOND]).collect()
}

fn text(second: u64) -> String {
    HttpDate::from_unix(i64::try_from(second).expect("a date of this century")).to_string()
}

/// Returns the dates as IMF-fixdate.
pub fn imf_fixdates(seconds: &[u64]) -> Vec<String> {
    seconds.iter().map(|&second| text(second)).collect()
}

/// Returns the dates as rfc850-date.
pub fn rfc850_dates(seconds: &[u64]) -> Vec<String> {
    let rewrite = |imf: String| {
        let day = match &imf[..3] {
            "Tue" => "Tuesday",
            "Wed" => "Wednesday",
            "Thu" => "Thursday",
            "Sat" => "Saturday",
            short => &format!("{short}day"),
        };
        format!("{day}, {}-{}-{} {}", &imf[5..7], &imf[8..11], &imf[14..16], &imf[17..])
    };
    seconds.iter().map(|&second| rewrite(text(second))).collect()
}

/// Returns the dates as asctime-date.
pub fn asctime_dates(seconds: &[u64]) -> Vec<String> {
    let rewrite = |imf: String| {
        let day: u8 = imf[5..7].parse().expect("two digits");
        format!("{} {} {day:2} {} {}", &imf[..3], &imf[8..11], &imf[17..25], &imf[12..16])
    };
    seconds.iter().map(|&second| rewrite(text(second))).collect()
}

/// A request head with twelve fields, as a proxy passes it on.
pub const HEAD: &[u8] = b"GET /articles/2024/latest?id=12345&lang=en HTTP/1.1\r\n\
    Host: www.example.com\r\n\
    User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n\
    Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n\
    Accept-Language: en-GB,en;q=0.7,de;q=0.3\r\n\
    Accept-Encoding: gzip, deflate, br\r\n\
    Referer: https://www.example.com/articles/\r\n\
    Connection: keep-alive\r\n\
    Cookie: session=5f2b9c1e7a4d; theme=dark\r\n\
    Upgrade-Insecure-Requests: 1\r\n\
    If-None-Match: \"686897696a7c876b7e\"\r\n\
    X-Request-Id: 7f3c2a9e-41d5-4b8a-9c6f-2e8d1b7a5c30\r\n\
    X-Forwarded-For: 203.0.113.7\r\n\
    \r\n";

/// Returns the fields of [`HEAD`].
pub fn fields() -> Vec<(&'static str, &'static str)> {
    let head = str::from_utf8(HEAD).expect("ASCII");
    head.lines().skip(1).filter_map(|line| line.split_once(": ")).collect()
}

/// What Chrome accepts for an image: six ranges.
pub const ACCEPT_IMAGE: &str = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8";

/// What Chrome accepts for a page: eight ranges.
pub const ACCEPT_PAGE: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,\
    image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7";

/// What a client of an API accepts: two ranges.
pub const ACCEPT_API: &str = "application/json, text/plain;q=0.5";

/// Six languages, as a browser sends them.
pub const LANGUAGES: &str = "en-GB,en;q=0.9,de;q=0.8,fr;q=0.7,es;q=0.6,*;q=0.5";

/// Languages that a site has.
pub const TAGS: [&str; 4] = ["de", "fr", "en", "es"];

/// The codings of a browser.
pub const CODINGS: &str = "gzip, deflate, br, zstd";

/// Codings that a server has.
pub const CODED: [&str; 3] = ["br", "gzip", "identity"];

/// Representations of an image.
pub const IMAGES: [&str; 4] = ["image/png", "image/jpeg", "image/webp", "image/avif"];

/// Representations of data.
pub const DATA: [&str; 2] = ["text/plain", "application/json"];

/// Representations of a page.
pub const TYPES: [&str; 4] = ["text/html", "application/json", "text/plain", "image/webp"];

/// How many values of Accept a mix has.
pub const ACCEPT_LEN: usize = 256;

/// Returns values of Accept with two to eight ranges, all of which want something of [`TYPES`].
pub fn accepts() -> Vec<String> {
    let ranges = [
        "text/html",
        "application/xhtml+xml",
        "application/xml",
        "application/json",
        "application/problem+json",
        "text/plain",
        "text/html;level=1",
        "text/*",
        "image/avif",
        "image/webp",
        "image/*",
        "*/*",
    ];
    let weights = ["", "", ";q=0.9", ";q=0.8", ";q=0.5", "; q=0.25", ";q=0.001"];
    let mut random = Random::new(SEED);
    let mut accept = || {
        let mut value = String::new();
        for _ in 0..1 + random.below(7) {
            value += random.pick(&ranges);
            value += random.pick(&weights);
            value += random.pick(&[",", ", "]);
        }
        value + random.pick(&TYPES) + random.pick(&weights)
    };
    (0..ACCEPT_LEN).map(|_| accept()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_has_twelve_fields() {
        assert_eq!(fields().len(), 12);
    }

    #[test]
    fn the_three_formats_are_those_of_the_rfc() {
        let example = one_date();
        assert_eq!(imf_fixdates(&example), ["Sun, 06 Nov 1994 08:49:37 GMT"]);
        assert_eq!(rfc850_dates(&example), ["Sunday, 06-Nov-94 08:49:37 GMT"]);
        assert_eq!(asctime_dates(&example), ["Sun Nov  6 08:49:37 1994"]);
    }

    #[test]
    fn the_end_is_in_the_year_2068() {
        assert_eq!(imf_fixdates(&[END as u64]), ["Mon, 31 Dec 2068 23:59:59 GMT"]);
    }
}

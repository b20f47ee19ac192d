//! What holds for every field and every value.

use nethttp::HeaderMap;
use nethttp::negotiate::{Accept, AcceptCharset, AcceptEncoding, AcceptLanguage, MAX_RANGES};
use proptest::prelude::*;

/// Texts that are nearly fields.
fn value() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "text", "/", "*", "html", ",", ";", "q=", "0.5", "1", "0", ".", "\"", "\\", "=", " ", "en",
        "-", "US", "gzip", "x-", "identity", "*/*", ";q=0.25", "level=1", "é", "00",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn headers<'a>(name: &str, lines: impl IntoIterator<Item = &'a str>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(name, line.trim_matches([' ', '\t'])).unwrap();
    }
    headers
}

macro_rules! laws {
    ($($law:ident: $type:ident, $field:literal, $offers:expr;)*) => {
        proptest! {$(
            #[test]
            fn $law(value in value(), good in prop::sample::select(vec![0usize, 1, 2])) {
                let offers = $offers;
                let headers_of_value = headers($field, [&*value]);
                let recovered = $type::from_headers(&headers_of_value);
                match $type::parse(value.as_bytes()) {
                    Ok(strict) => {
                        prop_assert_eq!(strict, recovered);
                        let written = strict.to_string();
                        prop_assert_eq!($type::parse(written.as_bytes()), Ok(strict));
                        for offer in offers {
                            prop_assert_eq!(
                                $type::parse(written.as_bytes()).unwrap().quality(offer),
                                strict.quality(offer)
                            );
                        }
                    }
                    Err(error) => prop_assert!(error.offset() <= value.len()),
                }
                // What was recovered can be written, and is then strict.
                let written = recovered.to_string();
                prop_assert_eq!($type::parse(written.as_bytes()), Ok(recovered));
                // Ranked is the same ranges, by falling weight.
                let ranked: Vec<u16> = recovered.ranked().map(|range| range.weight()).collect();
                prop_assert!(ranked.is_sorted_by(|a, b| a >= b));
                prop_assert_eq!(ranked.len(), recovered.ranges().count());
                // No choice is refused.
                match recovered.best(&offers) {
                    Ok(choice) => prop_assert!(
                        recovered.quality(choice.offer()) == choice.quality() && choice.quality() > 0
                    ),
                    Err(_) => prop_assert!(offers.iter().all(|it| recovered.quality(it) == 0)),
                }
                // A line of its own is safe from what stands on another.
                let line = format!("{};q=0.125", offers[good]);
                let both = headers($field, [&*value, &*line]);
                let both = $type::from_headers(&both);
                if recovered.ranges().count() < MAX_RANGES {
                    prop_assert!(both.ranges().any(|range| range.to_string() == line));
                    prop_assert_eq!(both.ranges().count(), recovered.ranges().count() + 1);
                }
            }
        )*}
    };
}

laws! {
    accept_holds: Accept, "Accept", ["text/html", "text/plain", "image/png"];
    accept_encoding_holds: AcceptEncoding, "Accept-Encoding", ["br", "gzip", "identity"];
    accept_language_holds: AcceptLanguage, "Accept-Language", ["en", "en-US", "sv"];
    accept_charset_holds: AcceptCharset, "Accept-Charset", ["utf-8", "koi8-r", "en"];
}

#[test]
fn a_member_that_is_malformed_leaves_its_neighbours() {
    for bad in
        ["", " ", ";", "=", "a b", "a/b/c", "q=0.5", "\"x,y\"", "x;q", "x;q=7", "\u{e9}", "/"]
    {
        let headers = headers("Accept", [&*format!("a/b;q=0.5,{bad},c/d")]);
        assert_eq!(Accept::from_headers(&headers).to_string(), "a/b;q=0.5, c/d", "{bad}");
    }
}

#[test]
fn a_megabyte_is_read_in_one_pass() {
    for piece in [",", " ", "a", "a,", "\"", "\\", ";", "a;", "\",", "a/b;q=0.1,", "-", "a-", "*"] {
        let value = piece.repeat((1 << 20) / piece.len());
        let _ = Accept::parse(value.as_bytes());
        let _ = AcceptLanguage::parse(value.as_bytes());
        let _ = AcceptEncoding::parse(value.as_bytes());
        let mut lines = HeaderMap::with_limits(nethttp::header::Limits::DEFAULT.bytes(8 << 20));
        for name in ["Accept", "Accept-Language", "Accept-Encoding"] {
            lines.append(name, value.trim()).unwrap();
        }
        let accept = Accept::from_headers(&lines);
        assert!(accept.ranges().count() <= MAX_RANGES);
        let _ = accept.best(&["a/b", "c/d"]);
        let language = AcceptLanguage::from_headers(&lines);
        let _ = (language.lookup(&["en", "a"]), language.best(&["en", "a"]));
        let _ = AcceptEncoding::from_headers(&lines).best(&["a"]);
    }
}

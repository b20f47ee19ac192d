//! Content negotiation.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::header::{HeaderMap, Limits};
use crate::negotiate::{Accept, AcceptCharset, AcceptEncoding, AcceptLanguage, MAX_RANGES};

/// A field and a list of offers, the first line and the others: no choice is refused or wanted less than
/// another offer, what is recovered can be written and read strictly, and what is strict is recovered whole.
pub fn negotiate(data: &[u8]) {
    let mut lines = data.splitn(2, |&octet| octet == b'\n');
    let value = lines.next().unwrap_or_default();
    let offers = String::from_utf8_lossy(lines.next().unwrap_or_default());
    let offers: Vec<&str> = offers.lines().take(8).collect();
    accept(value, &offers);
    accept_charset(value, &offers);
    accept_encoding(value, &offers);
    accept_language(value, &offers);
    languages(value, &offers);
}

macro_rules! holds {
    ($($function:ident: $type:ident, $name:literal;)*) => {$(
        fn $function(value: &[u8], offers: &[&str]) {
            let mut headers = HeaderMap::with_limits(Limits::DEFAULT.bytes(usize::MAX));
            if headers.append($name, value).is_err() {
                return;
            }
            let field = $type::from_headers(&headers);
            assert!(field.ranges().count() <= MAX_RANGES);
            assert!(field.ranked().is_sorted_by(|a, b| a.weight() >= b.weight()));
            let written = field.to_string();
            assert_eq!($type::parse(written.as_bytes()), Ok(field));
            match $type::parse(value) {
                Ok(strict) => assert_eq!(strict, field),
                Err(error) => assert!(error.offset() <= value.len()),
            }
            let most = offers.iter().map(|offer| field.quality(offer)).max().unwrap_or(0);
            for offer in offers {
                let deciding = field.deciding(offer).map(|range| range.weight());
                assert!(deciding.is_none_or(|weight| weight == field.quality(offer)));
            }
            for choice in [field.best(offers), field.best_in_client_order(offers)] {
                let quality = choice.map_or(0, |choice| {
                    assert_eq!(offers.get(choice.index()), Some(&choice.offer()));
                    assert!(choice.quality() > 0);
                    choice.quality()
                });
                assert_eq!(quality, most);
            }
        }
    )*};
}

holds! {
    accept: Accept, "Accept";
    accept_charset: AcceptCharset, "Accept-Charset";
    accept_encoding: AcceptEncoding, "Accept-Encoding";
    accept_language: AcceptLanguage, "Accept-Language";
}

/// What lookup and filtering find is not refused.
fn languages(value: &[u8], offers: &[&str]) {
    let Ok(accept) = AcceptLanguage::parse(value) else {
        return;
    };
    let found = accept.lookup(offers).into_iter().chain(accept.filter(offers));
    for tag in found {
        assert!(offers.contains(&tag) && accept.quality(tag) > 0);
    }
}

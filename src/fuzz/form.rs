//! Queries and forms.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use crate::syntax::percent_decode;
use crate::uri::{FormLimits, Pairs, QueryBuilder};

/// Any text has pairs that read the same when they are written anew, setting or removing one name
/// leaves the bytes of all other pairs, and what is accepted strictly is within its limits and decodes
/// without a loss.
pub fn form(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let pairs = Pairs::new(&text);
    let again = QueryBuilder::from_iter(pairs);
    assert!(again.pairs().iter().eq(pairs));
    let strict = Pairs::parse(again.as_str().as_bytes(), &ALL);
    assert_eq!(strict, Ok(again.pairs()));
    // Few, as each is a pass over the text.
    for (name, _) in pairs.iter().take(4) {
        editing_leaves_others(pairs, &name);
    }
    editing_leaves_others(pairs, "a");
    for limits in [ALL, FormLimits::DEFAULT, FormLimits::DEFAULT.bytes(64).pairs(4)] {
        match Pairs::parse(data, &limits) {
            Ok(pairs) => {
                assert!(data.len() <= limits.bytes && pairs.raw().count() <= limits.pairs);
                assert_eq!(pairs.as_str().as_bytes(), data);
                is_lossless(pairs);
            }
            Err(error) => assert!(error.offset() < data.len()),
        }
    }
}

const ALL: FormLimits = FormLimits::DEFAULT.bytes(usize::MAX).pairs(usize::MAX);

fn editing_leaves_others(pairs: Pairs<'_>, name: &str) {
    let values: Vec<Cow<'_, str>> =
        pairs.iter().filter(|pair| pair.0 == name).map(|pair| pair.1).collect();
    assert!(pairs.get_all(name).eq(values.iter().cloned()));
    assert_eq!(pairs.get(name).as_ref(), values.first());
    let others = others(pairs, name);
    let set = QueryBuilder::from(pairs).set(name, "é &=");
    assert!(set.pairs().get_all(name).eq(["é &="]));
    if values.is_empty() {
        // Appended, to the empty piece at the end if there is one.
        assert!(set.as_str().starts_with(pairs.as_str()));
    } else {
        assert_eq!(self::others(set.pairs(), name), others);
    }
    let removed = QueryBuilder::from(pairs).remove(name);
    assert_eq!(removed.as_str(), others.join("&"));
}

/// The pieces that are no pair of this name, empty ones included.
fn others<'a>(pairs: Pairs<'a>, name: &str) -> Vec<&'a str> {
    let is_other = |piece: &&str| Pairs::new(piece).iter().all(|pair| pair.0 != name);
    pairs.as_str().split('&').filter(is_other).collect()
}

fn is_lossless(pairs: Pairs<'_>) {
    for ((name, value), (raw_name, raw_value)) in pairs.iter().zip(pairs.raw()) {
        for (decoded, raw) in [(name, raw_name), (value, raw_value.unwrap_or_default())] {
            let spaced = raw.replace('+', " ");
            let octets = percent_decode(spaced.as_bytes());
            assert!(octets.is_ok_and(|octets| octets.as_ref() == decoded.as_bytes()));
        }
    }
}

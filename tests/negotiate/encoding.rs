//! Accept-Encoding against the rules of RFC 9110 §12.5.3, one after the other.

use nethttp::negotiate::AcceptEncoding;
use proptest::prelude::*;

fn model(listed: &[(&str, u16)], coding: &str) -> u16 {
    let weights = |name: &str| listed.iter().filter(|it| it.0 == name).map(|it| it.1).max();
    let least = listed.iter().map(|it| it.1).filter(|weight| *weight > 0).min();
    match (weights(coding), weights("*")) {
        (Some(weight), _) | (None, Some(weight)) => weight,
        (None, None) if coding == "identity" => least.unwrap_or(1000),
        (None, None) => 0,
    }
}

proptest! {
    #[test]
    fn codings_follow_the_rules(
        listed in prop::collection::vec(
            (prop::sample::select(vec!["gzip", "br", "identity", "*"]), 0u16..=1000),
            0..6,
        ),
    ) {
        let mut accept = AcceptEncoding::new();
        for (coding, weight) in &listed {
            accept = accept.with(coding, *weight).unwrap();
        }
        for coding in ["gzip", "br", "zstd", "identity"] {
            prop_assert_eq!(accept.quality(coding), model(&listed, coding), "{}", coding);
        }
        let offers = ["zstd", "gzip", "br", "identity"];
        let most = offers.iter().map(|coding| model(&listed, coding)).max().unwrap();
        match accept.best(&offers) {
            Ok(choice) => prop_assert_eq!(model(&listed, choice.offer()), most),
            Err(_) => prop_assert_eq!(most, 0),
        }
        let refuses = listed.iter().any(|it| (it.0 == "identity" || it.0 == "*") && it.1 == 0);
        prop_assert!(refuses || accept.quality("identity") > 0);
    }
}

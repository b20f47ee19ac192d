//! Accept against a model: every range is tried on every offer, and the narrowest that matches decides.

use nethttp::negotiate::Accept;
use proptest::prelude::*;

/// A media type or range: type, subtype, parameters.
type Type = (&'static str, &'static str, Vec<(&'static str, &'static str)>);

fn parameters() -> impl Strategy<Value = Vec<(&'static str, &'static str)>> {
    let value = prop::sample::select(vec!["1", "2", "x y", ""]);
    let one = |name: &'static str| prop::option::of(value.clone().prop_map(move |it| (name, it)));
    (one("a"), one("b")).prop_map(|(a, b)| a.into_iter().chain(b).collect())
}

fn range() -> impl Strategy<Value = Type> {
    let names = prop::sample::select(vec![
        ("*", "*"),
        ("text", "*"),
        ("text", "html"),
        ("text", "css"),
        ("image", "*"),
        ("image", "png"),
    ]);
    (names, parameters()).prop_map(|((type_, subtype), parameters)| (type_, subtype, parameters))
}

fn offer() -> impl Strategy<Value = Type> {
    range().prop_filter("an offer has no wildcard", |offer| offer.1 != "*")
}

fn text((type_, subtype, parameters): &Type) -> String {
    let parameters = parameters.iter().map(|(name, value)| format!(";{name}=\"{value}\""));
    format!("{type_}/{subtype}{}", parameters.collect::<String>())
}

/// RFC 9110 §12.5.1: what a range says of an offer, wider ranges first.
fn model(ranges: &[(Type, u16)], offer: &Type) -> u16 {
    if ranges.is_empty() {
        return 1000;
    }
    let matches = |range: &&(Type, u16)| {
        let (type_, subtype, parameters) = &range.0;
        (*type_ == "*" || *type_ == offer.0)
            && (*subtype == "*" || *subtype == offer.1)
            && parameters.iter().all(|parameter| offer.2.contains(parameter))
    };
    let narrowness = |(range, _): &&(Type, u16)| (range.0 != "*", range.1 != "*", range.2.len());
    let matching: Vec<_> = ranges.iter().filter(matches).collect();
    let narrowest = matching.iter().map(narrowness).max();
    matching
        .iter()
        .filter(|range| Some(narrowness(range)) == narrowest)
        .map(|(_, weight)| *weight)
        .max()
        .unwrap_or(0)
}

fn weight() -> impl Strategy<Value = u16> {
    prop_oneof![Just(0), Just(1000), 0u16..=1000]
}

proptest! {
    #[test]
    fn the_narrowest_range_decides(
        ranges in prop::collection::vec((range(), weight()), 0..8),
        offers in prop::collection::vec(offer(), 1..6),
    ) {
        let texts: Vec<String> = ranges.iter().map(|(range, _)| text(range)).collect();
        let mut accept = Accept::new();
        for (text, (_, weight)) in texts.iter().zip(&ranges) {
            accept = accept.with(text, *weight).unwrap();
        }
        for offer in &offers {
            prop_assert_eq!(accept.quality(&text(offer)), model(&ranges, offer));
        }
        let most = offers.iter().map(|offer| model(&ranges, offer)).max().unwrap();
        let names: Vec<String> = offers.iter().map(text).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for best in [accept.best(&names), accept.best_in_client_order(&names)] {
            match best {
                Ok(choice) => {
                    prop_assert_eq!(choice.quality(), most);
                    prop_assert_eq!(accept.quality(choice.offer()), most);
                    prop_assert_eq!(names[choice.index()], choice.offer());
                    prop_assert!(most > 0);
                }
                Err(refused) => {
                    prop_assert_eq!(most, 0);
                    prop_assert!(refused.offers().eq(names.iter().copied()));
                }
            }
        }
    }

    #[test]
    fn a_wider_range_changes_nothing(
        ranges in prop::collection::vec((range(), weight()), 1..6),
        offer in offer(),
        weight in weight(),
    ) {
        let texts: Vec<String> = ranges.iter().map(|(range, _)| text(range)).collect();
        let mut accept = Accept::new();
        for (text, (_, weight)) in texts.iter().zip(&ranges) {
            accept = accept.with(text, *weight).unwrap();
        }
        let offer_text = text(&offer);
        let Some(deciding) = accept.deciding(&offer_text) else {
            prop_assert_eq!(accept.quality(&offer_text), 0);
            return Ok(());
        };
        prop_assert_eq!(deciding.weight(), accept.quality(&offer_text));
        if deciding.type_() != "*" {
            let more = accept.with("*/*", weight).unwrap();
            prop_assert_eq!(more.quality(&offer_text), deciding.weight());
        }
        if deciding.subtype() != "*" && deciding.parameters().count() < offer.2.len() {
            let more = accept.with(&offer_text, weight).unwrap();
            prop_assert_eq!(more.quality(&offer_text), weight, "a narrower one decides");
        }
    }
}

#[test]
fn a_choice_outlives_the_list_of_offers() {
    fn best(accept: &str) -> Option<&'static str> {
        let offers: Vec<&'static str> = vec!["application/json", "text/csv"];
        let accept = Accept::parse(accept.as_bytes()).unwrap();
        let (by_server, by_client) = (accept.best(&offers), accept.best_in_client_order(&offers));
        assert_eq!(by_server, by_client);
        by_server.ok().map(|choice| choice.offer())
    }
    assert_eq!(best("text/*"), Some("text/csv"));
}

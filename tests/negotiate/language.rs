//! Accept-Language against RFC 4647 as it is written.

use nethttp::negotiate::AcceptLanguage;
use proptest::prelude::*;

fn tag() -> impl Strategy<Value = String> {
    let subtag = prop::sample::select(vec!["US", "Latn", "x", "1996", "a"]);
    (prop::sample::select(vec!["en", "de", "i"]), prop::collection::vec(subtag, 0..4))
        .prop_map(|(language, rest)| [&[language][..], &rest].concat().join("-"))
}

fn range() -> impl Strategy<Value = String> {
    prop_oneof![5 => tag(), 1 => Just("*".to_owned())]
}

/// RFC 4647 §3.3.1.
fn filters(range: &str, tag: &str) -> bool {
    let (range, tag) = (range.to_lowercase(), tag.to_lowercase());
    range == "*" || tag == range || tag.starts_with(&format!("{range}-"))
}

/// RFC 4647 §3.4: the range, and what is left of it each time.
fn cuts(range: &str) -> Vec<String> {
    let mut subtags: Vec<&str> = range.split('-').collect();
    let mut cuts = vec![];
    while !subtags.is_empty() {
        cuts.push(subtags.join("-"));
        subtags.pop();
        while subtags.last().is_some_and(|subtag| subtag.len() == 1) {
            subtags.pop();
        }
    }
    cuts
}

fn model(ranges: &[(String, u16)], tag: &str) -> u16 {
    if ranges.is_empty() {
        return 1000;
    }
    let is_tag = |text: &str| text.eq_ignore_ascii_case(tag);
    let width = |range: &str, weight: u16| match range {
        "*" => Some(0),
        range if is_tag(range) => Some(1000),
        range if filters(range, tag) => Some(2 + range.len()),
        range if weight > 0 && cuts(range).iter().any(|cut| is_tag(cut)) => Some(1),
        _ => None,
    };
    let matching =
        ranges.iter().filter_map(|(range, weight)| Some((width(range, *weight)?, *weight)));
    matching.max().map_or(0, |(_, weight)| weight)
}

proptest! {
    #[test]
    fn the_closest_range_decides(
        ranges in prop::collection::vec((range(), prop_oneof![Just(0), 0u16..=1000]), 0..6),
        tags in prop::collection::vec(tag(), 1..6),
    ) {
        let mut accept = AcceptLanguage::new();
        for (range, weight) in &ranges {
            accept = accept.with(range, *weight).unwrap();
        }
        let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
        for tag in &tags {
            prop_assert_eq!(accept.quality(tag), model(&ranges, tag), "{}", tag);
        }
        let most = tags.iter().map(|tag| model(&ranges, tag)).max().unwrap();
        match accept.best(&tags) {
            Ok(choice) => prop_assert_eq!(model(&ranges, choice.offer()), most),
            Err(_) => prop_assert_eq!(most, 0),
        }
    }

    #[test]
    fn lookup_takes_the_first_cut_that_is_there(
        mut ranges in prop::collection::vec((range(), 1u16..=1000), 1..6),
        tags in prop::collection::vec(tag(), 1..6),
    ) {
        let mut accept = AcceptLanguage::new();
        for (range, weight) in &ranges {
            accept = accept.with(range, *weight).unwrap();
        }
        let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
        let found = accept.lookup(&tags);
        let filtered = accept.filter(&tags);
        // The sort is stable: of ranges that are wanted as much the first comes first.
        ranges.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
        let wanted = ranges.iter().filter(|(range, _)| range != "*");
        let expected = wanted.flat_map(|(range, _)| cuts(range)).find_map(|cut| {
            tags.iter().find(|tag| tag.eq_ignore_ascii_case(&cut)).copied()
        });
        prop_assert_eq!(found, expected);
        let expected: Vec<&str> = tags
            .iter()
            .filter(|tag| ranges.iter().any(|(range, _)| filters(range, tag)))
            .copied()
            .collect();
        let (mut sorted, mut expected) = (filtered, expected);
        sorted.sort_unstable();
        expected.sort_unstable();
        prop_assert_eq!(sorted, expected);
    }
}

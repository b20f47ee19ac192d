//! Laws of the pairs of a query or a form.

use nethttp::syntax::{Class, percent_decode, percent_encode};
use nethttp::uri::{FormLimits, Pairs, QueryBuilder, UriErrorKind, UriRef, encode};
use proptest::prelude::*;

use super::linear::is_quick;

const ALL: FormLimits = FormLimits::DEFAULT.bytes(usize::MAX).pairs(usize::MAX);

/// Text that is often a form: few names, every delimiter, escapes whole and broken.
fn form_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[ab]",
        4 => "[&=]",
        2 => prop::sample::select(vec![
            "%61", "%C3%A9", "%26", "%3d", "%2B", "+", "%20", ";", "é", "%FF", "%C3", "%A9", "%EF%BF%BD",
            "\u{fffd}", "%", "%6", "%zz", "?", "#",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
}

/// A name that may occur in such a text.
fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[abé &=%+\u{fffd}]{0,2}", any::<String>()]
}

/// The URL standard's parser, step by step.
fn model(text: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let octets = text.replace('+', " ").into_bytes();
        let mut decoded = Vec::new();
        let mut at = 0;
        while at < octets.len() {
            let digits = octets.get(at + 1..at + 3).and_then(|digits| str::from_utf8(digits).ok());
            let is_escape = |digits: &&str| digits.bytes().all(|octet| octet.is_ascii_hexdigit());
            match digits.filter(is_escape) {
                Some(digits) if octets[at] == b'%' => {
                    decoded.push(u8::from_str_radix(digits, 16).unwrap());
                    at += 3;
                }
                _ => {
                    decoded.push(octets[at]);
                    at += 1;
                }
            }
        }
        String::from_utf8_lossy(&decoded).into_owned()
    };
    let pieces = text.split('&').filter(|piece| !piece.is_empty());
    let pairs = pieces.map(|piece| piece.split_once('=').unwrap_or((piece, "")));
    pairs.map(|(name, value)| (decode(name), decode(value))).collect()
}

fn owned(pairs: Pairs<'_>) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// The pieces that are no pair of this name.
fn others<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let is_other = |piece: &&str| Pairs::new(piece).iter().all(|pair| pair.0 != name);
    text.split('&').filter(is_other).collect()
}

#[track_caller]
fn is_query(text: &str) {
    let reference = UriRef::parse(format!("?{text}")).unwrap();
    assert_eq!(reference.query(), Some(text));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn reading_what_was_written_is_identity(
        pairs in prop::collection::vec((any::<String>(), any::<String>()), 0..8),
    ) {
        let builder = QueryBuilder::from_iter(pairs.clone());
        let strict = Pairs::parse(builder.as_str().as_bytes(), &ALL);
        prop_assert_eq!(strict, Ok(builder.pairs()));
        is_query(builder.as_str());
        prop_assert_eq!(owned(builder.pairs()), pairs);
    }

    #[test]
    fn reads_as_the_model_does(text in form_text()) {
        prop_assert_eq!(owned(Pairs::new(&text)), model(&text));
    }

    #[test]
    fn gets_as_the_model_does(text in form_text(), name in name()) {
        let expected = model(&text).into_iter().filter(|pair| pair.0 == name);
        let expected: Vec<String> = expected.map(|pair| pair.1).collect();
        let values: Vec<_> = Pairs::new(&text).get_all(&name).collect();
        prop_assert_eq!(Pairs::new(&text).get(&name), values.first().cloned());
        prop_assert_eq!(values, expected);
    }

    #[test]
    fn raw_pairs_and_their_separators_are_the_text(text in form_text()) {
        let raw = Pairs::new(&text).raw().map(|(name, value)| match value {
            Some(value) => format!("{name}={value}"),
            None => name.to_owned(),
        });
        let pieces = text.split('&').filter(|piece| !piece.is_empty());
        prop_assert!(raw.eq(pieces));
    }

    #[test]
    fn setting_a_name_leaves_the_bytes_of_others(
        text in form_text(),
        name in name(),
        value in any::<String>(),
    ) {
        let set = QueryBuilder::from(text.as_str()).set(&name, &value);
        prop_assert!(set.pairs().get_all(&name).eq([value.as_str()]));
        let (before, after) = (others(&text, &name), others(set.as_str(), &name));
        if text.is_empty() || text.ends_with('&') && set.as_str().starts_with(&text) {
            // The empty piece at the end is where the new pair went, if it was appended.
            prop_assert!(after == before || after == before[..before.len() - 1]);
        } else {
            prop_assert_eq!(after, before);
        }
    }

    #[test]
    fn setting_keeps_the_place(text in form_text(), name in name(), value in any::<String>()) {
        let pairs = model(&text);
        let first = pairs.iter().position(|pair| pair.0 == name).unwrap_or(pairs.len());
        let set = QueryBuilder::from(text).set(&name, &value);
        prop_assert_eq!(owned(set.pairs()).get(first).cloned(), Some((name, value)));
    }

    #[test]
    fn removing_a_name_leaves_the_bytes_of_others(text in form_text(), name in name()) {
        let removed = QueryBuilder::from(text.as_str()).remove(&name);
        prop_assert_eq!(removed.as_str(), others(&text, &name).join("&"));
        prop_assert_eq!(removed.pairs().get(&name), None);
    }

    #[test]
    fn appending_leaves_what_is_there(text in form_text(), name in name(), value in any::<String>()) {
        let builder = QueryBuilder::from(text.as_str()).append(&name, &value);
        prop_assert!(builder.as_str().starts_with(&text));
        let mut expected = model(&text);
        expected.push((name, value));
        prop_assert_eq!(owned(builder.pairs()), expected);
    }

    #[test]
    fn editing_a_query_gives_a_query(text in form_text(), name in name(), value in any::<String>()) {
        if UriRef::parse(format!("?{text}")).is_ok_and(|parsed| parsed.fragment().is_none()) {
            let builder = QueryBuilder::from(text).append(&name, &value).append_name(&name);
            is_query(builder.as_str());
            is_query(builder.clone().set(&name, &value).as_str());
            is_query(builder.remove(&name).as_str());
        }
    }

    #[test]
    fn what_is_accepted_strictly_loses_nothing(text in form_text()) {
        match Pairs::parse(text.as_bytes(), &ALL) {
            Ok(pairs) => {
                prop_assert_eq!(pairs, Pairs::new(&text));
                for (name, value) in pairs.raw() {
                    for raw in [name, value.unwrap_or_default()] {
                        let decoded = percent_decode(raw.as_bytes()).unwrap();
                        prop_assert!(str::from_utf8(&decoded).is_ok());
                    }
                }
            }
            Err(error) => {
                // What is refused holds a mistake, and none before it.
                let mistake = |raw: &str| !percent_decode(raw.as_bytes())
                    .is_ok_and(|decoded| str::from_utf8(&decoded).is_ok());
                let raw = Pairs::new(&text).raw();
                prop_assert!(raw.flat_map(|(n, v)| [n, v.unwrap_or_default()]).any(mistake));
                let before = &text.as_bytes()[..error.offset()];
                prop_assert!(Pairs::parse(before, &ALL).is_ok());
                prop_assert_eq!(text.as_bytes()[error.offset()], b'%');
            }
        }
    }

    #[test]
    fn no_bytes_make_the_strict_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        if let Err(error) = Pairs::parse(&bytes, &ALL) {
            prop_assert!(error.offset() < bytes.len());
        }
    }

    #[test]
    fn decoding_what_is_shown_encoded_is_identity(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        for keep in [Class::PCHAR, Class::QUERY, Class::FORM, Class::TOKEN, Class::FIELD] {
            let shown = encode(&bytes, keep).to_string();
            let decoded = percent_decode(shown.as_bytes()).unwrap();
            prop_assert_eq!(decoded.as_ref(), &bytes);
            let mut appended = Vec::new();
            percent_encode(&bytes, keep, &mut appended);
            prop_assert_eq!(appended, shown.into_bytes());
        }
    }
}

#[test]
fn many_pairs_are_read_and_edited_in_linear_time() {
    for (piece, count) in [("a=1&", 1 << 20), ("%61&", 1 << 20), ("=&", 1 << 20), ("&", 0)] {
        let text = piece.repeat(1 << 20);
        let strict = is_quick(|| Pairs::parse(text.as_bytes(), &ALL)).unwrap();
        assert_eq!(is_quick(|| strict.iter().count()), count);
        assert_eq!(is_quick(|| strict.get("b")), None);
        let mut builder = QueryBuilder::from(piece.repeat(1 << 17));
        builder = is_quick(|| builder.set("a", "2"));
        builder = is_quick(|| builder.remove(""));
        builder = is_quick(|| builder.remove("a"));
        assert!(builder.pairs().iter().next().is_none());
    }
}

#[test]
fn a_megabyte_of_escapes_is_read_and_written_in_linear_time() {
    for escape in ["%41", "%C3%A9", "%FF", "%", "%4", "+"] {
        let text = escape.repeat((1 << 20) / escape.len());
        let is_lossless = is_quick(|| Pairs::parse(text.as_bytes(), &FormLimits::DEFAULT)).is_ok();
        assert_eq!(is_lossless, matches!(escape, "%41" | "%C3%A9" | "+"));
        let (name, value) = is_quick(|| Pairs::new(&text).iter().next()).unwrap();
        let builder = is_quick(|| QueryBuilder::new().append(&name, &value));
        assert_eq!(is_quick(|| builder.pairs().get(&name)).as_deref(), Some(""));
        assert_eq!(is_quick(|| Pairs::new(&text).get("x")), None);
    }
}

#[test]
fn the_defaults_bound_the_pairs_of_a_stranger() {
    let text = "a&".repeat(1 << 19);
    let error = Pairs::parse(text.as_bytes(), &FormLimits::DEFAULT).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (UriErrorKind::TooManyPairs, 2_000));
}

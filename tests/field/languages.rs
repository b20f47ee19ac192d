//! Laws of language tags, ranges and Content-Language.

use nethttp::field::{ContentLanguage, LanguageRange, LanguageTag};
use nethttp::header::HeaderMap;
use proptest::prelude::*;

/// A tag put together from the grammar.
fn tag() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "([a-zA-Z]{2,3}(-[a-zA-Z]{3}){0,3}|[a-zA-Z]{4,8})(-[a-zA-Z]{4})?(-([a-zA-Z]{2}|[0-9]{3}))?\
              (-([a-zA-Z0-9]{5,8}|[0-9][a-zA-Z0-9]{3})){0,2}(-[0-9a-wyz](-[a-zA-Z0-9]{2,8}){1,2}){0,2}\
              (-[xX](-[a-zA-Z0-9]{1,8}){1,2})?",
        1 => "[xX](-[a-zA-Z0-9]{1,8}){1,3}",
        1 => "i-klingon|en-GB-oed|sgn-BE-FR",
    ]
}

proptest! {
    #[test]
    fn a_tag_of_the_grammar_is_read(tag in tag()) {
        let parsed = LanguageTag::parse(tag.as_bytes()).unwrap();
        prop_assert_eq!(parsed.to_string(), &*tag);
        let upper = tag.to_ascii_uppercase();
        prop_assert_eq!(&parsed, &LanguageTag::parse(upper.as_bytes()).unwrap());
        prop_assert_eq!(parsed.subtags().collect::<Vec<_>>().join("-"), &*tag);
        // Every tag is a range as well, and the range finds it.
        if let Ok(range) = LanguageRange::parse(tag.as_bytes()) {
            prop_assert!(range.matches(&parsed));
        }
    }

    /// The parts stand in the tag in their order, and nowhere behind a singleton.
    #[test]
    fn parts_stand_in_order(tag in tag()) {
        let parsed = LanguageTag::parse(tag.as_bytes()).unwrap();
        let mut subtags = parsed.subtags().take_while(|subtag| subtag.len() > 1);
        let parts = parsed.language().into_iter().chain(parsed.script()).chain(parsed.region());
        for part in parts.chain(parsed.variants()) {
            prop_assert!(subtags.any(|subtag| subtag == part), "{} in {}", part, tag);
        }
    }

    #[test]
    fn what_is_no_tag_is_refused_inside_of_it(text in "[a-zA-Z0-9*_-]{0,14}") {
        match LanguageTag::parse(text.as_bytes()) {
            Ok(tag) => {
                prop_assert!(tag.subtags().all(|subtag| (1..=8).contains(&subtag.len())));
                prop_assert!(!text.contains(['*', '_']));
            }
            Err(error) => prop_assert!(error.offset() <= text.len()),
        }
    }

    #[test]
    fn each_fallback_is_a_shorter_range_that_matches_the_one_before(range in tag()) {
        let Ok(range) = LanguageRange::parse(range.as_bytes()) else {
            return Ok(());
        };
        let tried: Vec<&str> = range.fallbacks().collect();
        prop_assert_eq!(tried.first(), Some(&range.as_str()));
        for pair in tried.windows(2) {
            let shorter = LanguageRange::parse(pair[1].as_bytes()).unwrap();
            prop_assert!(pair[1].len() < pair[0].len() && shorter.matches(pair[0]));
            prop_assert!(pair[1].rsplit('-').next().unwrap().len() > 1);
        }
    }

    #[test]
    fn a_list_of_tags_comes_back(tags in prop::collection::vec(tag(), 0..5), junk in "[a_* ]{0,6}") {
        let languages: ContentLanguage =
            tags.iter().map(|tag| LanguageTag::parse(tag.as_bytes()).unwrap()).collect();
        let written = languages.to_string();
        prop_assert_eq!(&ContentLanguage::parse(written.as_bytes()).unwrap(), &languages);

        let mut headers = HeaderMap::new();
        headers.append("Content-Language", format!("{written},{junk}_").trim()).unwrap();
        prop_assert_eq!(&ContentLanguage::from_headers(&headers), &languages);
    }
}

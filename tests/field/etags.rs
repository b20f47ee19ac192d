//! Laws of entity tags and of their lists.

use nethttp::field::{ETag, ETagList};
use nethttp::header::{self, HeaderMap};
use proptest::prelude::*;

fn etagc() -> impl Strategy<Value = Vec<u8>> {
    let octet = prop_oneof![Just(0x21u8), 0x23..=0x7eu8, 0x80..=0xffu8, Just(b','), Just(b'\\')];
    prop::collection::vec(octet, 0..8)
}

proptest! {
    #[test]
    fn a_tag_comes_back(text in etagc(), other in etagc()) {
        let (strong, weak) = (ETag::strong(&text).unwrap(), ETag::weak(&text).unwrap());
        for tag in [&strong, &weak] {
            prop_assert_eq!(&ETag::parse(tag.as_bytes()).unwrap(), tag);
            prop_assert_eq!(tag.tag(), &text);
            prop_assert_eq!(&tag.to_weak(), &weak);
        }
        prop_assert!(strong.weak_eq(&weak) && !strong.strong_eq(&weak) && strong.strong_eq(&strong));
        let other_tag = ETag::strong(&other).unwrap();
        prop_assert_eq!(strong.strong_eq(&other_tag), text == other);
        prop_assert_eq!(weak.weak_eq(&other_tag), text == other);
    }

    #[test]
    fn a_list_comes_back(texts in prop::collection::vec((any::<bool>(), etagc()), 0..6)) {
        let tags: Vec<_> = texts
            .iter()
            .map(|(weak, text)| if *weak { ETag::weak(text) } else { ETag::strong(text) }.unwrap())
            .collect();
        let list = ETagList::new(tags.clone()).unwrap();
        let value = list.encode();
        prop_assert_eq!(ETagList::parse(&value).unwrap(), list.clone());
        let mut headers = HeaderMap::new();
        for tag in &tags {
            headers.append(header::IF_MATCH, tag).unwrap();
        }
        let lines = ETagList::from_headers(&headers, header::IF_MATCH);
        prop_assert_eq!(lines, (!tags.is_empty()).then_some(list));
    }

    /// What is strictly a list is recovered as the same; what is not, is not whole.
    #[test]
    fn recovery_agrees_with_the_strict_reader(value in "[\"W/a, *]{0,16}") {
        let mut headers = HeaderMap::new();
        headers.append(header::IF_MATCH, value.trim()).unwrap();
        let recovered = ETagList::from_headers(&headers, header::IF_MATCH).unwrap();
        match ETagList::parse(value.trim().as_bytes()) {
            Ok(list) => prop_assert_eq!(list, recovered),
            Err(_) => prop_assert!(recovered.is_partial()),
        }
    }

    #[test]
    fn no_bytes_make_it_panic(text in prop::collection::vec(any::<u8>(), 0..40)) {
        let _ = ETag::parse(&text);
        let _ = ETagList::parse(&text);
        prop_assert_eq!(ETag::strong(&text).is_ok(), ETag::weak(&text).is_ok());
    }

    #[test]
    fn a_file_that_changed_has_another_tag(
        len in any::<u64>(),
        modified in -4_000_000_000_000_000_000..4_000_000_000_000_000_000i128,
        longer in 0..3u64,
        later in 0..3i128,
        age in 0..4_000_000_000i128,
    ) {
        let tag = ETag::from_metadata(len, modified, modified + age);
        prop_assert_eq!(&ETag::parse(tag.as_bytes()).unwrap(), &tag);
        prop_assert_eq!(tag.is_weak(), age < 2_000_000_000);
        let len_now = len.wrapping_add(longer);
        let other = ETag::from_metadata(len_now, modified + later, modified + age);
        prop_assert_eq!(tag.weak_eq(&other), longer == 0 && later == 0);
    }
}

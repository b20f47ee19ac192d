//! Laws over random members of the grammar's rules.

use nethttp::uri::UriRef;
use proptest::prelude::*;

use super::oracle::{GRAMMAR, agrees};

/// Every rule, and what makes a URI reference of its members.
const RULES: [(&str, &str, &str); 38] = [
    ("ALPHA", "", ":"),
    ("DIGIT", "//h:", ""),
    ("HEXDIG", "//[::", "]"),
    ("IP-literal", "//", ""),
    ("IPv4address", "//", ""),
    ("IPv6address", "//[", "]"),
    ("IPv6addrz", "//u@[", "]:1"),
    ("IPvFuture", "//[", "]"),
    ("URI", "", ""),
    ("URI-reference", "", ""),
    ("ZoneID", "//[::%25", "]"),
    ("absolute-URI", "", ""),
    ("authority", "//", ""),
    ("dec-octet", "//[::1.2.3.", "]"),
    ("fragment", "#", ""),
    ("h16", "//[::", "]"),
    ("hier-part", "s:", ""),
    ("host", "//", ""),
    ("ls32", "//[1:2:3:4:5:6:", "]"),
    ("path-abempty", "//h", ""),
    ("path-absolute", "", ""),
    ("path-empty", "", ""),
    ("path-noscheme", "", ""),
    ("path-rootless", "s:", ""),
    ("pchar", "/", ""),
    ("pct-encoded", "//", "@"),
    ("port", "//h:", ""),
    ("query", "?", ""),
    ("reg-name", "//", ""),
    ("relative-part", "", ""),
    ("relative-ref", "", ""),
    ("scheme", "", ":"),
    ("segment", "s:/", "/"),
    ("segment-nz", "/", ""),
    ("segment-nz-nc", "", ""),
    ("sub-delims", "//", ""),
    ("unreserved", "//", ""),
    ("userinfo", "//", "@"),
];

/// The rules that no other rule names.
const UNUSED: [&str; 3] = ["gen-delims", "path", "reserved"];

#[test]
fn every_rule_of_the_grammar_has_members_here() {
    let names: Vec<&str> = GRAMMAR.names().filter(|name| !UNUSED.contains(name)).collect();
    assert_eq!(names, RULES.map(|(name, _, _)| name));
}

/// A URI reference around a member of some rule, short enough for the oracle with a byte more.
fn member() -> impl Strategy<Value = Vec<u8>> {
    let choices = prop::collection::vec(any::<u8>(), 0..40);
    let member = |((rule, before, after), choices): ((&str, &str, &str), Vec<u8>)| {
        let mut text = before.as_bytes().to_vec();
        GRAMMAR.rule(rule).member(&mut choices.into_iter(), &mut text);
        text.extend_from_slice(after.as_bytes());
        text
    };
    let members = (prop::sample::select(RULES.to_vec()), choices).prop_map(member);
    members.prop_filter("too long", |text| text.len() < 127)
}

/// A byte, most often one that means something.
fn octet() -> impl Strategy<Value = u8> {
    prop_oneof![prop::sample::select(b"a1:/?#[]@%.v \\".to_vec()), any::<u8>()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn a_member_is_accepted(text in member()) {
        prop_assert!(UriRef::parse_bytes(&text).is_ok(), "{}", text.escape_ascii());
        agrees(&text);
    }

    #[test]
    fn a_member_with_another_byte_is_judged(
        text in member(),
        place in any::<prop::sample::Index>(),
        octet in octet(),
        edit in 0..3,
    ) {
        let mut text = text;
        let place = place.index(text.len() + 1);
        match edit {
            0 => text.insert(place, octet),
            1 if place < text.len() => text[place] = octet,
            _ if place < text.len() => drop(text.remove(place)),
            _ => drop(text.pop()),
        }
        agrees(&text);
    }
}

proptest! {
    /// A law of the oracle itself: no place is wrong in front of the first wrong byte.
    #[test]
    fn the_start_of_a_member_lacks_only_what_follows(text in member()) {
        let rule = GRAMMAR.rule("URI-reference");
        for len in 0..=text.len() {
            let read = rule.read(&text[..len]);
            prop_assert!(read.is_ok() || read == Err(len), "{} {}", text.escape_ascii(), len);
        }
    }
}

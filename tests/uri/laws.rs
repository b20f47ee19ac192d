//! Laws of URIs and references.

use nethttp::method::Method;
use nethttp::uri::{RequestTarget, Uri, UriRef, check_host};
use proptest::prelude::*;

/// Text that is often a reference: every delimiter, escapes, dots and some bytes that are refused.
pub(crate) fn reference_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => "[a-z0-9]{1,3}",
        4 => "[/?#:@.]",
        2 => prop::sample::select(vec![
            "http://", "//", "../", "./", "/..", "/.", "%41", "%2f", "[::1]", "[fe80::1%25e]", "[v1.a]",
            ":80", "1.2.3.4", "u:p@",
        ])
        .prop_map(str::to_owned),
        1 => prop::sample::select(vec!["%", "%4", " ", "\\", "|", "é", "[", "]", "{", "\""])
            .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

pub(crate) fn reference() -> impl Strategy<Value = UriRef> {
    reference_text().prop_filter_map("not a reference", |text| UriRef::parse(text).ok())
}

pub(crate) fn uri() -> impl Strategy<Value = Uri> {
    reference_text().prop_filter_map("not a URI", |text| {
        let text =
            if UriRef::parse(&text).ok()?.scheme().is_some() { text } else { format!("s:{text}") };
        Uri::parse(text).ok()
    })
}

/// Puts a reference together again, RFC 3986 §5.3.
fn rebuild(reference: &UriRef) -> String {
    let mut text = String::new();
    if let Some(scheme) = reference.scheme() {
        text.extend([scheme, ":"]);
    }
    if let Some(authority) = reference.authority() {
        text.push_str("//");
        if let Some(userinfo) = authority.userinfo() {
            text.extend([userinfo, "@"]);
        }
        text.push_str(authority.host_str());
        if let Some(port) = authority.port() {
            text.extend([":", port]);
        }
    }
    text.push_str(reference.path());
    if let Some(query) = reference.query() {
        text.extend(["?", query]);
    }
    if let Some(fragment) = reference.fragment() {
        text.extend(["#", fragment]);
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_components_make_the_text_again(text in reference_text()) {
        if let Ok(reference) = UriRef::parse(&text) {
            prop_assert_eq!(reference.as_str(), &text);
            prop_assert_eq!(rebuild(&reference), text);
        }
    }

    #[test]
    fn a_uri_is_a_reference_with_a_scheme(text in reference_text()) {
        let reference = UriRef::parse(&text).ok().filter(|reference| reference.scheme().is_some());
        prop_assert_eq!(Uri::parse(&text).ok().map(UriRef::from), reference);
    }

    #[test]
    fn no_bytes_make_the_parsers_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = Uri::parse_bytes(&bytes);
        let _ = UriRef::parse_bytes(&bytes);
        let _ = check_host(&bytes);
        for raw_bytes in [false, true] {
            for method in [Method::GET, Method::CONNECT, Method::OPTIONS] {
                let mut target = RequestTarget::default();
                let assigned = target.assign(method, &bytes, raw_bytes).map(|()| target.form());
                prop_assert_eq!(assigned, RequestTarget::check(method, &bytes, raw_bytes));
            }
        }
    }

    #[test]
    fn an_error_lies_within_the_text(text in reference_text()) {
        if let Err(error) = UriRef::parse(&text) {
            prop_assert!(error.offset() <= text.len());
        }
    }

    #[test]
    fn resolving_yields_a_uri(base in uri(), reference in reference()) {
        let resolved = base.resolve(&reference).unwrap();
        let parsed = Uri::parse(resolved.as_str());
        prop_assert_eq!(parsed.as_ref(), Ok(&resolved));
        let again = parsed.unwrap();
        prop_assert_eq!(again.path(), resolved.path());
        prop_assert_eq!(again.query(), resolved.query());
        prop_assert_eq!(again.authority(), resolved.authority());
        prop_assert_eq!(resolved.fragment(), reference.fragment());
    }

    #[test]
    fn resolving_a_uri_forgets_the_base(base in uri(), other in uri(), target in uri()) {
        let target = UriRef::from(target);
        prop_assert_eq!(base.resolve(&target), other.resolve(&target));
    }

    #[test]
    fn resolving_twice_is_resolving_once(base in uri(), reference in reference()) {
        let once = base.resolve(&reference).unwrap();
        if !reference.path().is_empty() {
            prop_assert_eq!(base.resolve(&UriRef::from(once.clone())).unwrap(), once);
        }
    }
}

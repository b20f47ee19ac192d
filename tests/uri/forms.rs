//! Laws of what is made of URIs: normal forms, relative references, changed and repaired ones.

use nethttp::syntax::Class;
use nethttp::uri::{
    Fixes, PctStr, Uri, UriBuilder, UriError, UriErrorKind, UriRef, UriRefView, UriView, encode,
};
use proptest::prelude::*;

use super::laws::{reference, reference_text, uri};

/// The dot segments of a path, written in any way.
fn has_dot_segments(path: &str) -> bool {
    path.split('/').any(|segment| {
        let segment = segment.replace("%2e", ".").replace("%2E", ".");
        segment == "." || segment == ".."
    })
}

/// Whether a reference has a `..` that finds nothing to remove; the base, which has an authority, is not
/// judged.
fn climbs(base: &Uri, reference: &UriRef) -> bool {
    let path = reference.path();
    let own_root = reference.scheme().is_some() || reference.authority().is_some();
    let mut depth = 0;
    if !own_root && !path.starts_with('/') {
        if path.is_empty() {
            return false;
        }
        let directory = base.path().rsplit_once('/').map_or("", |(directory, _)| directory);
        if !directory.is_empty() {
            step(directory.strip_prefix('/').unwrap_or(directory), &mut depth);
        }
    }
    step(path.strip_prefix('/').unwrap_or(path), &mut depth)
}

/// Goes along the segments of a path; returns whether it was above the start once.
fn step(path: &str, depth: &mut usize) -> bool {
    let mut climbed = false;
    for segment in path.split('/') {
        match segment.replace("%2e", ".").replace("%2E", ".").as_str() {
            "." => {}
            ".." if *depth == 0 => climbed = true,
            ".." => *depth -= 1,
            _ => *depth += 1,
        }
    }
    climbed
}

/// A URI near another one, so that the two often have a directory in common.
fn near() -> impl Strategy<Value = (Uri, Uri)> {
    let path = || "(/[ab:]{0,2}){0,4}(\\?[a-c]?)?(#d)?";
    let start = prop::sample::select(vec!["http://h", "http://g", "s:", "s://"]);
    (start.clone(), path(), start, path()).prop_filter_map("not a URI", |(s, a, t, b)| {
        Some((Uri::parse(format!("{s}{a}")).ok()?, Uri::parse(format!("{t}{b}")).ok()?))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_view_sees_what_the_owner_has(text in reference_text()) {
        let owned = UriRef::parse(&text);
        let view = UriRefView::parse(&text);
        prop_assert_eq!(UriRefView::parse_bytes(text.as_bytes()), view);
        prop_assert_eq!(view.map(UriRef::from), owned.clone());
        prop_assert_eq!(UriView::parse(&text).map(Uri::from), Uri::parse(&text));
        if let (Ok(owned), Ok(view)) = (owned, view) {
            prop_assert_eq!(owned.view(), view);
            prop_assert_eq!(owned.authority(), view.authority());
            prop_assert_eq!((owned.scheme(), owned.path()), (view.scheme(), view.path()));
            prop_assert_eq!((owned.query(), owned.fragment()), (view.query(), view.fragment()));
        }
    }

    #[test]
    fn normalising_twice_is_normalising_once(uri in uri(), reference in reference()) {
        let normal = uri.normalize();
        prop_assert!(Uri::parse(normal.as_str()).as_ref() == Ok(&normal));
        prop_assert_eq!(&normal.normalize(), &normal);
        prop_assert!(uri.equivalent(&normal));
        let normal = reference.normalize();
        prop_assert!(UriRef::parse(normal.as_str()).as_ref() == Ok(&normal));
        prop_assert_eq!(&normal.normalize(), &normal);
    }

    #[test]
    fn a_normal_form_has_no_choice_left(uri in uri()) {
        let normal = uri.normalize();
        prop_assert!(!normal.scheme().bytes().any(|octet| octet.is_ascii_uppercase()));
        prop_assert!(!normal.path().starts_with('/') || !has_dot_segments(normal.path())
            || normal.path().starts_with("/.//"));
        let is_needed = |escape: &str| {
            let octet = u8::from_str_radix(escape, 16).unwrap();
            escape == format!("{octet:02X}") && !Class::UNRESERVED.contains(octet)
        };
        let mut escapes = normal.as_str().split('%').skip(1);
        prop_assert!(escapes.all(|tail| is_needed(&tail[..2])));
    }

    #[test]
    fn normal_forms_of_references_mean_the_same(base in uri(), reference in reference()) {
        let plain = base.resolve(&reference).unwrap();
        let normal = base.resolve(&reference.normalize()).unwrap();
        prop_assert!(plain.equivalent(&normal), "{} {}", plain, normal);
    }

    #[test]
    fn a_relative_reference_resolves_back(pair in near(), other in uri()) {
        let (base, target) = pair;
        for (base, target) in [(&base, &target), (&other, &target), (&base, &other)] {
            let reference = target.relative_to(base);
            prop_assert!(UriRef::parse(reference.as_str()).as_ref() == Ok(&reference));
            prop_assert!(reference.as_str().len() <= target.as_str().len(), "{}", reference);
            let resolved = base.resolve(&reference).unwrap();
            if resolved != *target {
                prop_assert!(has_dot_segments(target.path()), "{} {}", base, reference);
                prop_assert_eq!(resolved, base.resolve(target).unwrap());
            }
        }
    }

    #[test]
    fn a_resolution_that_is_checked_is_the_same_or_climbs(base in uri(), reference in reference()) {
        // A path without a slash at its start has no depth to count.
        let base = base.with_host("h").unwrap_or(Uri::parse("s://h/a/b").unwrap());
        let checked = base.resolve_checked(&reference);
        if climbs(&base, &reference) {
            prop_assert_eq!(checked.map_err(|error| error.kind()), Err(UriErrorKind::PathUnderflow));
        } else {
            prop_assert_eq!(checked, base.resolve(&reference));
        }
    }

    #[test]
    fn a_hint_at_a_repair_is_true(text in reference_text(), lead in "(http|file|x|)") {
        let base = Uri::parse("http://h/a").unwrap();
        for text in [format!("{lead}:{text}"), text] {
            let hints = |error: UriError| error.hint() == Some("fix_up repairs it");
            if UriRef::parse(&text).err().is_some_and(hints) {
                prop_assert!(base.fix_up_ref(&text).is_ok(), "{}", text);
            }
            if Uri::parse(&text).err().is_some_and(hints) {
                prop_assert!(Uri::fix_up(&text).is_ok(), "{}", text);
            }
        }
    }

    #[test]
    fn a_repair_is_needed_once_and_leaves_the_authority(text in reference_text()) {
        for text in [format!("http://h{text}"), format!("x:{text}"), text] {
            let Ok((uri, fixes)) = Uri::fix_up(&text) else {
                continue;
            };
            prop_assert_eq!(Uri::fix_up(uri.as_str()).unwrap(), (uri.clone(), Fixes::NONE));
            prop_assert_eq!(fixes.is_empty(), uri == text.as_str());
            if let (Some(authority), false) = (uri.authority(), fixes.contains(Fixes::HOST)) {
                prop_assert!(text.contains(&format!("//{authority}")), "{} {}", text, uri);
            }
        }
    }

    #[test]
    fn changing_a_component_to_itself_changes_nothing(uri in uri()) {
        prop_assert!(uri.with_scheme(uri.scheme()).as_ref() == Ok(&uri));
        prop_assert!(uri.with_path(uri.path()).as_ref() == Ok(&uri));
        if let Some(query) = uri.query() {
            prop_assert!(uri.with_query(query).as_ref() == Ok(&uri));
        }
        if let Some(fragment) = uri.fragment() {
            prop_assert!(uri.with_fragment(fragment).as_ref() == Ok(&uri));
        }
        if let Some(authority) = uri.authority() {
            prop_assert!(uri.with_host(authority.host_str()).as_ref() == Ok(&uri));
            if let Some(userinfo) = authority.userinfo() {
                prop_assert!(uri.with_userinfo(userinfo).as_ref() == Ok(&uri));
            }
        }
        for without in [uri.without_fragment(), uri.without_query(), uri.without_port()] {
            prop_assert_eq!(Uri::parse(without.as_str()), Ok(without));
        }
    }

    #[test]
    fn changing_a_component_leaves_the_others(uri in uri()) {
        let parts = |uri: &Uri| {
            let authority = uri.authority();
            [
                Some(uri.scheme().to_owned()),
                authority.and_then(|it| it.userinfo()).map(str::to_owned),
                authority.map(|it| it.host_str().to_owned()),
                authority.and_then(|it| it.port()).map(str::to_owned),
                Some(uri.path().to_owned()),
                uri.query().map(str::to_owned),
                uri.fragment().map(str::to_owned),
            ]
        };
        let changed = [
            uri.with_scheme("n"),
            uri.with_userinfo("n"),
            uri.with_host("n"),
            uri.with_port(7),
            uri.with_path("/n"),
            uri.with_query("n"),
            uri.with_fragment("n"),
        ];
        let new = ["n", "n", "n", "7", "/n", "n", "n"];
        for (index, changed) in changed.iter().enumerate() {
            let Ok(changed) = changed else {
                prop_assert!((1..=3).contains(&index));
                continue;
            };
            let mut expected = parts(&uri);
            expected[index] = Some(new[index].to_owned());
            prop_assert_eq!(parts(changed), expected);
        }
        for (index, without) in
            [(1, uri.without_userinfo()), (3, uri.without_port()), (5, uri.without_query())]
        {
            let mut expected = parts(&uri);
            expected[index] = None;
            prop_assert_eq!(parts(&without), expected);
        }
    }

    #[test]
    fn what_is_appended_is_below(uri in uri(), path in "/?[ab/:.]{0,6}") {
        let mut longer = uri.clone();
        match longer.append_path(&path) {
            Err(error) => {
                prop_assert_eq!(error.kind(), UriErrorKind::DotSegment);
                prop_assert!(has_dot_segments(&path));
            }
            Ok(_) => {
                let before = uri.path().strip_suffix('/').unwrap_or(uri.path());
                let added = path.strip_prefix('/').unwrap_or(&path);
                let guard = if uri.authority().is_none() && before.is_empty() && added.starts_with('/') {
                    "/."
                } else {
                    ""
                };
                prop_assert_eq!(longer.path(), format!("{guard}{before}/{added}"));
                prop_assert_eq!((longer.query(), longer.fragment()), (uri.query(), uri.fragment()));
                prop_assert!(Uri::parse(longer.as_str()).as_ref() == Ok(&longer));
            }
        }
    }

    #[test]
    fn what_is_pushed_is_one_segment(uri in uri(), segment in ".{0,8}") {
        let mut longer = uri.clone();
        match longer.push_segment(&segment) {
            Err(_) => prop_assert!(matches!(segment.as_str(), "." | "..")),
            Ok(_) => {
                prop_assert!(Uri::parse(longer.as_str()).as_ref() == Ok(&longer));
                let last = longer.segments().next_back().unwrap();
                prop_assert_eq!(last.decode().unwrap(), segment);
                prop_assert_eq!(longer.query(), uri.query());
                prop_assert_eq!(longer.authority(), uri.authority());
            }
        }
    }

    #[test]
    fn what_is_encoded_decodes_to_itself(bytes in prop::collection::vec(any::<u8>(), 0..24)) {
        for keep in [Class::UNRESERVED, Class::PCHAR, Class::PATH, Class::QUERY, Class::USERINFO] {
            let encoded = encode(&bytes, keep).to_string();
            let encoded = PctStr::new(&encoded);
            prop_assert!(encoded.decode_bytes().as_ref() == &bytes[..]);
            prop_assert!(encoded.eq_decoded(&bytes));
            let lossy = encoded.decode_lossy();
            prop_assert_eq!(encoded.decode().ok(), String::from_utf8(bytes.clone()).ok().map(Into::into));
            prop_assert_eq!(&lossy, &String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn no_text_breaks_out_of_its_component(
        host in "[a-z/?#@:\\[%]{0,4}",
        path in "[a-z/?# %]{0,6}",
        segment in ".{0,4}",
        name in ".{0,4}",
        fragment in "[a-z#% ]{0,4}",
    ) {
        let builder = UriBuilder::new("s").host(&host).path(&path).segment(&segment);
        if let Ok(uri) = builder.pair(&name, &name).fragment(&fragment).build() {
            prop_assert!(Uri::parse(uri.as_str()).as_ref() == Ok(&uri));
            prop_assert_eq!(uri.authority().map(|authority| authority.host_str()), Some(host.as_str()));
            prop_assert!(uri.path().starts_with(&path));
            prop_assert!(uri.query_pairs().get(&name).as_deref() == Some(name.as_str()));
            prop_assert_eq!(uri.fragment(), Some(fragment.as_str()));
        }
    }
}

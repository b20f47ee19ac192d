//! Resolving references, and the way back.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{components, has_dot_segments, is_here, is_up, unguarded_path, whole};
use crate::uri::{Uri, UriErrorKind, UriRefView, UriView};

/// A reference resolves to the path that RFC 3986 finds step by step, the way to a URI leads there, and
/// normal forms resolve to the same normal form.
///
/// The input is the base, a line feed and the reference.
pub fn uri_resolve(data: &[u8]) {
    let mut lines = data.splitn(2, |&octet| octet == b'\n');
    let base = lines.next().map(UriView::parse_bytes);
    let reference = lines.next().map(UriRefView::parse_bytes);
    let (Some(Ok(base)), Some(Ok(reference))) = (base, reference) else {
        return;
    };
    let Some(resolved) = whole(base.resolve(reference)) else {
        return;
    };
    assert_eq!(resolved.fragment(), reference.fragment());
    let takes_over_path = reference.path().is_empty() && !has_own_authority(reference);
    if takes_over_path {
        assert_eq!(resolved.path(), base.path());
    } else {
        assert_eq!(unguarded_path(&resolved), path_as_the_rfc_says(base, reference));
        assert!(!has_dot_segments(unguarded_path(&resolved)));
    }
    climbs(base, reference, &resolved);
    leads_back(base, resolved.view());
    leads_back(resolved.view(), base);
    if let Ok(uri) = UriView::try_from(reference) {
        leads_back(base, uri);
    }
    normalizes_before_and_after(base, reference, &resolved);
}

/// Whether the authority of the base does not count.
fn has_own_authority(reference: UriRefView<'_>) -> bool {
    reference.scheme().is_some() || reference.authority().is_some()
}

/// [RFC 3986 §5.2.3](https://www.rfc-editor.org/rfc/rfc3986#section-5.2.3), for a reference that does
/// not take over the path.
fn path_as_the_rfc_says(base: UriView<'_>, reference: UriRefView<'_>) -> String {
    let path = reference.path();
    if has_own_authority(reference) || path.starts_with('/') {
        return without_dots(path);
    }
    if base.authority().is_some() && base.path().is_empty() {
        return without_dots(&format!("/{path}"));
    }
    let directory = base.path().rsplit_once('/').map_or(String::new(), |(it, _)| format!("{it}/"));
    without_dots(&(directory + path))
}

/// [RFC 3986 §5.2.4](https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4) step by step, after `%2e` is
/// a dot in the segments where that matters.
fn without_dots(path: &str) -> String {
    let plain = path.split('/').map(|segment| match segment {
        _ if is_here(segment) => ".",
        _ if is_up(segment) => "..",
        _ => segment,
    });
    let mut input = plain.collect::<Vec<_>>().join("/");
    let mut output = String::new();
    while !input.is_empty() {
        // A
        if let Some(rest) = input.strip_prefix("../").or(input.strip_prefix("./")) {
            input = String::from(rest);
        // B
        } else if let Some(rest) = input.strip_prefix("/./") {
            input = format!("/{rest}");
        } else if input == "/." {
            input = String::from("/");
        // C
        } else if let Some(rest) = input.strip_prefix("/../") {
            output.truncate(output.rfind('/').unwrap_or(0));
            input = format!("/{rest}");
        } else if input == "/.." {
            output.truncate(output.rfind('/').unwrap_or(0));
            input = String::from("/");
        // D
        } else if input == "." || input == ".." {
            input.clear();
        // E
        } else {
            let slash = usize::from(input.starts_with('/'));
            let next = input.bytes().skip(slash).position(|octet| octet == b'/');
            let rest = input.split_off(next.map_or(input.len(), |next| slash + next));
            output.push_str(&input);
            input = rest;
        }
    }
    output
}

/// Checked resolution is resolution, or points at a `..`, or at the path where the base holds it.
fn climbs(base: UriView<'_>, reference: UriRefView<'_>, resolved: &Uri) {
    let error = match base.resolve_checked(reference) {
        Ok(checked) => return assert_eq!(checked, *resolved),
        Err(error) => error,
    };
    assert_eq!(error.kind(), UriErrorKind::PathUnderflow);
    let rest = reference.as_str().get(error.offset()..).unwrap_or_default();
    let segment = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let in_base = base.path().split('/').any(is_up) && rest.starts_with(reference.path());
    assert!(is_up(segment) || in_base, "{error}");
}

/// The way from the base to the URI leads there; resolution takes away dot segments.
fn leads_back(base: UriView<'_>, uri: UriView<'_>) {
    let way = uri.relative_to(base);
    assert_eq!(UriRefView::parse(way.as_str()).map(components), Ok(components(&way)));
    let reached = whole(base.resolve(&way));
    let with_dots = || has_dot_segments(uri.path()).then(|| base.resolve(uri).ok()).flatten();
    assert!(reached.as_ref().is_some_and(|it| *it == uri.as_str()) || reached == with_dots());
}

/// Normal forms resolve to the normal form. A `..` at the end of an absolute base path is the exception:
/// normalising goes up there, and resolution replaces the segment.
fn normalizes_before_and_after(base: UriView<'_>, reference: UriRefView<'_>, resolved: &Uri) {
    let normal = reference.to_uri_ref().normalize();
    let after = resolved.normalize();
    assert_eq!(base.resolve(&normal).map(|uri| uri.normalize()).as_ref(), Ok(&after));
    let ends_in_up = base.path().starts_with('/')
        && base.segments().next_back().is_some_and(|last| is_up(last.as_str()));
    if !ends_in_up {
        let before = base.normalize().resolve(&normal);
        assert_eq!(before.map(|uri| uri.normalize()), Ok(after));
    }
}

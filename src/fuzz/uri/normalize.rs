//! Normal forms.

use super::{components, has_dot_segments, unguarded_path, whole};
use crate::syntax::Class;
use crate::uri::{Host, Normalizer, PctStr, UriRef, UriRefView, UriView};

/// A normal form is the form of nothing else than itself, means what was written, and has none of what
/// normalising takes away.
pub fn uri_normalize(data: &[u8]) {
    let Ok(reference) = UriRef::parse_bytes(data) else {
        return;
    };
    let normal = reference.normalize();
    let parsed = UriRefView::parse(normal.as_str());
    assert_eq!(parsed.map(components), Ok(components(&normal)));
    assert_eq!(normal.normalize(), normal);
    is_normal(normal.view());
    means_the_same(reference.view(), normal.view());
    let Ok(uri) = UriView::try_from(reference.view()) else {
        return;
    };
    assert_eq!(uri.normalize().as_str(), normal.as_str());
    assert!(uri.equivalent(&uri.normalize()));
    has_the_same_port(uri, uri.normalize().view());
    let by_syntax = Normalizer::DEFAULT.scheme_based(false);
    let Some(by_syntax_once) = whole(Ok(by_syntax.normalize(uri))) else {
        return;
    };
    assert_eq!(by_syntax.normalize(&by_syntax_once), by_syntax_once);
    assert_eq!(by_syntax_once.normalize(), uri.normalize());
}

/// The port is the same, and is not said where the scheme says it.
fn has_the_same_port(uri: UriView<'_>, normal: UriView<'_>) {
    assert_eq!(normal.port_or_default(), uri.port_or_default());
    if let Some(Ok(Some(port))) = normal.authority().map(|authority| authority.port_u16()) {
        assert_ne!(normal.without_port().port_or_default(), Some(port), "{normal}");
    }
}

/// No escape that could be something else, nothing in upper case that means the same in lower case, no
/// port that goes without saying, no dots.
fn is_normal(normal: UriRefView<'_>) {
    let mut rest = normal.as_str().as_bytes();
    while let Some((&octet, after)) = rest.split_first() {
        rest = after;
        if octet == b'%' {
            let escape = after.get(..2).unwrap_or_default();
            assert!(!escape.iter().any(u8::is_ascii_lowercase), "{normal}");
            let meant = str::from_utf8(escape).map(|digits| u8::from_str_radix(digits, 16));
            assert!(!matches!(meant, Ok(Ok(octet)) if Class::UNRESERVED.contains(octet)));
        }
    }
    assert!(normal.scheme().is_none_or(is_lower_case), "{normal}");
    if let Some(authority) = normal.authority() {
        let host = authority.host_str();
        // A zone is not a name of the network, and keeps its case.
        let (address, _) =
            host.split_once('%').filter(|_| host.starts_with('[')).unwrap_or((host, ""));
        assert!(is_lower_case(address), "{normal}");
        let port = authority.port();
        assert!(port.is_none_or(|port| port == "0" || !port.is_empty() && !port.starts_with('0')));
        assert!(!normal.path().is_empty());
    }
    let path = unguarded_path(normal);
    assert!(!path.starts_with('/') || !has_dot_segments(path), "{normal}");
}

/// Whether nothing is in upper case but the escapes.
fn is_lower_case(text: &str) -> bool {
    let mut octets = text.bytes();
    while let Some(octet) = octets.next() {
        match octet {
            b'%' => drop(octets.nth(1)),
            octet if octet.is_ascii_uppercase() => return false,
            _ => {}
        }
    }
    true
}

/// The components of a normal form decode to what those of the reference decode to.
fn means_the_same(reference: UriRefView<'_>, normal: UriRefView<'_>) {
    let same = |a: Option<&str>, b: Option<&str>| {
        let [a, b] = [a, b].map(|text| text.map(|text| PctStr::new(text).decode_bytes()));
        assert_eq!(a, b, "{reference} and {normal}");
    };
    same(reference.query(), normal.query());
    same(reference.fragment(), normal.fragment());
    if !has_dot_segments(reference.path()) {
        let is_empty = reference.authority().is_some() && reference.path().is_empty();
        same(Some(if is_empty { "/" } else { reference.path() }), Some(normal.path()));
    }
    assert_eq!(reference.authority().is_some(), normal.authority().is_some());
    let Some((from, to)) = reference.authority().zip(normal.authority()) else {
        return;
    };
    same(from.userinfo(), to.userinfo());
    match (from.host(), to.host()) {
        (Host::Ipv6(from, from_zone), Host::Ipv6(to, to_zone)) => {
            assert_eq!(from, to);
            same(from_zone, to_zone);
        }
        _ => {
            let [from, to] = [from, to].map(|it| PctStr::new(it.host_str()).decode_bytes());
            assert!(from.eq_ignore_ascii_case(&to), "{reference} and {normal}");
        }
    }
    assert_eq!(from.port_u16().is_err(), to.port_u16().is_err(), "{reference} and {normal}");
}

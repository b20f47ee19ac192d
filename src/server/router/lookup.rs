//! What there is for a request: a route, a better path, or nothing.
//!
//! A path that has no route is given another chance, as in Go: with a slash at its end, and without empty segments and
//! dots. The client is sent there, so that a handler sees each path in one form.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::pattern::{End, Pattern};
use super::table::{Path, Route, Site};
use crate::method::Method;
use crate::syntax::{Class, PercentEncoded};
use crate::uri::{first_dot_segment, remove_dot_segments};

/// What there is for a request.
pub(super) enum Found<'a, T> {
    Route(&'a Route<T>),
    /// A route that takes another path for what is meant.
    Elsewhere(String),
    /// Routes for these methods; those that are answered without a route of their own are among them. None means that
    /// there is no route.
    Nothing(BTreeSet<Method>),
}

/// Looks up a path.
pub(super) fn find<'a, T>(site: &Site<'a, T>, method: Method, path: &str) -> Found<'a, T> {
    let found = Path::new(path).and_then(|path| site.find(method, path));
    // No route is found for a path with dots.
    let is_clean =
        !has_empty_segment(path) && (found.is_some() || first_dot_segment(path).is_none());
    match found {
        // It looks after its own paths.
        Some(route) if route.is_mount() => return Found::Route(route),
        Some(route) if is_clean && (route.pattern.end == End::Here || path.ends_with('/')) => {
            return Found::Route(route);
        }
        _ => {}
    }
    let clean = if is_clean { Cow::Borrowed(path) } else { Cow::Owned(clean(path)) };
    // The targets of `OPTIONS *` and CONNECT are no paths.
    let Some(shape) = Path::new(&clean) else {
        return Found::Nothing(BTreeSet::new());
    };
    let there = if is_clean { found } else { site.find(method, shape) };
    let may_have_slash = !clean.ends_with('/');
    if may_have_slash && there.is_none_or(|route| matches!(route.pattern.end, End::Rest(_))) {
        let with_slash = site.find(method, shape.with_slash());
        if with_slash.is_some_and(|route| ends_with_slash_of(&route.pattern, &clean)) {
            return Found::Elsewhere(clean.into_owned() + "/");
        }
    }
    let Some(route) = there else {
        return Found::Nothing(methods(site, shape));
    };
    match clean {
        Cow::Borrowed(_) => Found::Route(route),
        Cow::Owned(clean) => Found::Elsewhere(clean),
    }
}

/// Returns the methods of all routes for a path, with and without a slash at its end.
fn methods<T>(site: &Site<'_, T>, path: Path<'_>) -> BTreeSet<Method> {
    let mut methods = BTreeSet::new();
    site.methods(path, &mut methods);
    site.methods(path.with_slash(), &mut methods);
    if methods.contains(&Method::GET) {
        methods.insert(Method::HEAD);
    }
    if !methods.is_empty() {
        methods.insert(Method::OPTIONS);
    }
    methods
}

/// Returns whether a pattern that matches a path with a slash behind it has that slash at its end. A mount has
/// the path without one, too.
fn ends_with_slash_of(pattern: &Pattern, path: &str) -> bool {
    match pattern.end {
        End::Here => true,
        End::Rest(_) => pattern.segments.len() == path.matches('/').count(),
        End::Below => false,
    }
}

fn has_empty_segment(path: &str) -> bool {
    let octets = path.as_bytes();
    // All bytes are looked at, which takes less time than to stop early.
    let pairs = octets.iter().zip(octets.iter().skip(1));
    pairs.fold(false, |found, (&one, &other)| found | ((one == b'/') & (other == b'/')))
}

/// Returns a path without dot segments, and without empty ones but the last.
fn clean(path: &str) -> String {
    let path = remove_dot_segments(path);
    let mut clean = String::with_capacity(path.len());
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        clean.push('/');
        clean.push_str(segment);
    }
    if path.ends_with('/') {
        clean.push('/');
    }
    clean
}

/// Returns a path below a mount, and a query, as a relative reference. What a URI may not have is escaped: browsers take
/// a backslash for a slash, and two slashes at the start for another host.
pub(super) fn location(mount: &str, path: &str, query: Option<&str>) -> String {
    let mut location = String::with_capacity(mount.len() + path.len());
    for text in [mount, path] {
        for (index, piece) in text.split('%').enumerate() {
            if index > 0 {
                location.push('%');
            }
            // Writing to a string does not fail.
            let _ = write!(location, "{}", PercentEncoded::new(piece, Class::PATH));
        }
    }
    if let Some(query) = query {
        location.push('?');
        location.push_str(query);
    }
    location
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clean_path_has_no_dots_and_no_empty_segments() {
        for (path, expected) in [
            ("//", "/"),
            ("//a", "/a"),
            ("/a//b///", "/a/b/"),
            ("/./a/.", "/a/"),
            ("/a/../b", "/b"),
            ("/a/..", "/"),
            ("/../..//a", "/a"),
            ("/a//../b", "/a/b"),
            ("/a/%2e%2E/b/%2e", "/b/"),
            ("/a%2F%2fb//..%2f", "/a%2F%2fb/..%2f"),
            ("/.//evil.example", "/evil.example"),
            ("/..//../\\evil", "/\\evil"),
        ] {
            assert_eq!(clean(path), expected, "{path}");
            assert_eq!(clean(expected), expected);
            assert!(has_empty_segment(path) || first_dot_segment(path).is_some());
            assert!(!has_empty_segment(expected) && first_dot_segment(expected).is_none());
        }
    }

    #[test]
    fn a_location_is_a_path_of_this_host() {
        for (mount, path, query, expected) in [
            ("", "/a/", None, "/a/"),
            ("/m", "/a%2fb", Some("c=//d&%zz"), "/m/a%2fb?c=//d&%zz"),
            ("", "/\\evil.example/", Some(""), "/%5Cevil.example/?"),
            ("/\\evil.example", "/a/", None, "/%5Cevil.example/a/"),
            ("", "/%5cevil.example/%", None, "/%5cevil.example/%"),
            ("", "/\t/{a}|\"b\"", None, "/%09/%7Ba%7D%7C%22b%22"),
            ("", "/a:b@c", None, "/a:b@c"),
        ] {
            assert_eq!(location(mount, path, query), expected);
        }
    }
}

//! Which of two patterns is more specific.
//!
//! A literal is more specific than a parameter, a segment more than a rest: then all paths of the one are paths
//! of the other. Where two patterns have a path in common and each of them is more specific somewhere, there is
//! no answer, and the path is the proof.
//!
//! A mount takes everything below its prefix, so that only the prefix is compared. What else begins with the same
//! prefix is more specific.

use std::fmt::Write as _;

use super::pattern::{End, Pattern, Segment};
use crate::syntax::{Class, PercentEncoded};

/// How two patterns relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// They have no path in common.
    Disjoint,
    /// They have the same paths.
    Same,
    /// One is more specific than the other one.
    Nested,
    /// Each is more specific somewhere.
    Crossing,
}

/// Compares two patterns.
pub(super) fn compare(a: &Pattern, b: &Pattern) -> Order {
    let (mut a_is_narrower, mut b_is_narrower) = (false, false);
    // Equal so far, but one is a mount.
    let mut is_tied = false;
    let (mut left, mut right) = (a.segments.iter(), b.segments.iter());
    loop {
        match (left.next(), right.next()) {
            (Some(Segment::Literal(one)), Some(Segment::Literal(other))) if one == other => {}
            (Some(Segment::Literal(_)), Some(Segment::Literal(_))) => return Order::Disjoint,
            (Some(Segment::Parameter(_)), Some(Segment::Parameter(_))) => {}
            (Some(Segment::Literal(literal)), Some(Segment::Parameter(_))) => {
                if literal.is_empty() {
                    return Order::Disjoint;
                }
                a_is_narrower = true;
            }
            (Some(Segment::Parameter(_)), Some(Segment::Literal(literal))) => {
                if literal.is_empty() {
                    return Order::Disjoint;
                }
                b_is_narrower = true;
            }
            (Some(_), None) => match b.end {
                End::Here => return Order::Disjoint,
                End::Rest(_) => break a_is_narrower = true,
                End::Below => break is_tied = true,
            },
            (None, Some(_)) => match a.end {
                End::Here => return Order::Disjoint,
                End::Rest(_) => break b_is_narrower = true,
                End::Below => break is_tied = true,
            },
            (None, None) => match (&a.end, &b.end) {
                (End::Here, End::Rest(_)) | (End::Rest(_), End::Here) => return Order::Disjoint,
                (one, other) => break is_tied = (one == &End::Below) != (other == &End::Below),
            },
        }
    }
    match (a_is_narrower, b_is_narrower) {
        (false, false) if !is_tied => Order::Same,
        (true, true) => Order::Crossing,
        _ => Order::Nested,
    }
}

/// Returns a path of both patterns, which have one in common.
pub(super) fn common_path(a: &Pattern, b: &Pattern) -> String {
    let (shorter, longer) = if a.segments.len() < b.segments.len() { (a, b) } else { (b, a) };
    let others = shorter.segments.iter().map(Some).chain(std::iter::repeat(None));
    let mut path = String::new();
    for (segment, other) in longer.segments.iter().zip(others) {
        path.push('/');
        // Writing to a string does not fail.
        let _ = match (segment, other) {
            (Segment::Literal(text), _) | (_, Some(Segment::Literal(text))) => {
                write!(path, "{}", PercentEncoded::new(text, Class::PCHAR))
            }
            (Segment::Parameter(name), _) => {
                write!(path, "{}", PercentEncoded::new(name.as_bytes(), Class::PCHAR))
            }
        };
    }
    let has_rest_there = |pattern: &Pattern| {
        matches!(pattern.end, End::Rest(_)) && pattern.segments.len() == longer.segments.len()
    };
    if path.is_empty() || has_rest_there(a) || has_rest_there(b) {
        path.push('/');
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::router::parse;

    fn pattern(text: &str) -> Pattern {
        match text.strip_suffix("**") {
            Some(prefix) => parse::prefix(prefix).unwrap(),
            None => Pattern::parse(text).unwrap(),
        }
    }

    #[track_caller]
    fn compares(a: &str, b: &str, expected: Order) {
        let (a, b) = (pattern(a), pattern(b));
        assert_eq!((compare(&a, &b), compare(&b, &a)), (expected, expected));
        if expected != Order::Disjoint {
            for path in [common_path(&a, &b), common_path(&b, &a)] {
                assert!(a.matches(&path) && b.matches(&path), "{path}");
            }
        }
    }

    #[test]
    fn a_literal_is_more_specific_than_a_parameter() {
        compares("/a", "/a", Order::Same);
        compares("/a", "/%61", Order::Same);
        compares("/a", "/A", Order::Disjoint);
        compares("/a", "/{x}", Order::Nested);
        compares("/{y}", "/{x}", Order::Same);
        compares("/a/b", "/{x}/b", Order::Nested);
        compares("/a/{x}", "/a", Order::Disjoint);
        compares("/a/{$}", "/a", Order::Disjoint);
        compares("/a/{$}", "/a/{x}", Order::Disjoint);
    }

    #[test]
    fn a_segment_is_more_specific_than_a_rest() {
        compares("/{x...}", "/{y...}", Order::Same);
        compares("/a", "/{x...}", Order::Nested);
        compares("/{$}", "/{x...}", Order::Nested);
        compares("/a/{$}", "/a/{x...}", Order::Nested);
        compares("/{x...}", "/", Order::Same);
        compares("/a/{x...}", "/a/", Order::Same);
        compares("/{$}", "/", Order::Nested);
        compares("/a/{$}", "/{x}/", Order::Nested);
        compares("/a/", "/a", Order::Disjoint);
        compares("/a", "/a/{x...}", Order::Disjoint);
        compares("/a/{x}", "/a/{y...}", Order::Nested);
        compares("/a/{x}/{y...}", "/a/{y...}", Order::Nested);
    }

    #[test]
    fn a_mount_is_as_specific_as_its_prefix() {
        compares("/a**", "/a**", Order::Same);
        compares("/**", "/**", Order::Same);
        compares("/a", "/a**", Order::Nested);
        compares("/a/", "/a**", Order::Nested);
        compares("/a/{$}", "/a**", Order::Nested);
        compares("/a/{x...}", "/a**", Order::Nested);
        compares("/a/b**", "/a**", Order::Nested);
        compares("/**", "/", Order::Nested);
        compares("/**", "/{x...}", Order::Nested);
        compares("/a**", "/{y}", Order::Nested);
        compares("/a**", "/{y}/b", Order::Nested);
        compares("/a**", "/{y}/b/{z...}", Order::Nested);
        compares("/a**", "/{y}/b**", Order::Nested);
        compares("/ab", "/a**", Order::Disjoint);
        compares("/{$}", "/a**", Order::Disjoint);
        compares("/", "/a**", Order::Nested);
    }

    #[test]
    fn crossing_patterns_have_a_path_in_common() {
        for (a, b, path) in [
            ("/a/{x}", "/{y}/b", "/a/b"),
            ("/a/{x...}", "/{y}/b", "/a/b"),
            ("/a/", "/{y}/b/", "/a/b/"),
            ("/a/", "/{y}/{$}", "/a/"),
            ("/{x}/b/{é}", "/a/{z}/{w}", "/a/b/%C3%A9"),
            ("/a/{x...}", "/{y}/b/{z...}", "/a/b/"),
            ("/a/{x}**", "/{y}/b", "/a/b"),
            ("/a/{x}**", "/{y}/b**", "/a/b"),
            ("/{x}/%2F", "/a%20/{y}", "/a%20/%2F"),
            ("/{x}/b/{y}", "/a/{z}/{w}", "/a/b/y"),
        ] {
            compares(a, b, Order::Crossing);
            assert_eq!(common_path(&pattern(a), &pattern(b)), path);
        }
    }
}

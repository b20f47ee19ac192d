//! Dot segments, [RFC 3986 §5.2.4], in one pass and one buffer.
//!
//! `%2e` is a dot: an escaped unreserved character means what the character means, anywhere and at any
//! time ([RFC 3986 §2.3], [RFC 3986 §2.4]).
//!
//! [RFC 3986 §2.3]: https://www.rfc-editor.org/rfc/rfc3986#section-2.3
//! [RFC 3986 §2.4]: https://www.rfc-editor.org/rfc/rfc3986#section-2.4
//! [RFC 3986 §5.2.4]: https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4

use alloc::string::String;

/// What a segment means for the path that it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dots {
    /// `.`: nothing.
    Here,
    /// `..`: without the segment before it.
    Up,
}

impl Dots {
    /// Tells a dot segment from any other.
    #[inline]
    pub(super) fn of(segment: &str) -> Option<Self> {
        match without_dot(segment.as_bytes())? {
            [] => Some(Self::Here),
            rest => without_dot(rest)?.is_empty().then_some(Self::Up),
        }
    }
}

/// Returns what follows the dot that the text starts with.
#[inline]
fn without_dot(text: &[u8]) -> Option<&[u8]> {
    match text {
        [b'.', rest @ ..] | [b'%', b'2', b'e' | b'E', rest @ ..] => Some(rest),
        _ => None,
    }
}

/// Returns whether a path has dot segments.
#[inline]
pub(super) fn has_dot_segments(path: &str) -> bool {
    path.split('/').any(|segment| Dots::of(segment).is_some())
}

/// Writes the path that the segments make, without its dot segments. Each of the others is written by
/// `write`, which adds no slash.
///
/// `segments` is the path split at its slashes, so that an absolute path starts with an empty one.
/// Every segment is written once and taken back at most once: the time is linear.
///
/// Returns the index of the first `..` that had no segment before it to take back.
pub(super) fn remove_dot_segments<'a>(
    segments: impl Iterator<Item = &'a str>,
    path: &mut String,
    write: impl Fn(&str, &mut String),
) -> Option<usize> {
    let start = path.len();
    let mut underflow = None;
    let mut segments = segments.enumerate().peekable();
    // Steps A and D: dots in front of a relative path mean nothing. The first segment that is not dots
    // has no slash before it (step E); where it is empty, the path is absolute.
    for (index, segment) in segments.by_ref() {
        match Dots::of(segment) {
            Some(Dots::Here) => {}
            Some(Dots::Up) => underflow = underflow.or(Some(index)),
            None => {
                write(segment, path);
                break;
            }
        }
    }
    while let Some((index, segment)) = segments.next() {
        match Dots::of(segment) {
            // Step B.
            Some(Dots::Here) => {}
            // Step C.
            Some(Dots::Up) => {
                let written = path.get(start..).unwrap_or_default();
                if written.is_empty() {
                    underflow = underflow.or(Some(index));
                }
                path.truncate(start + written.rfind('/').unwrap_or(0));
            }
            // Step E.
            None => {
                path.push('/');
                write(segment, path);
                continue;
            }
        }
        if segments.peek().is_none() {
            path.push('/');
        }
    }
    underflow
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escaped_dot_is_a_dot() {
        for (segment, expected) in [
            (".", Some(Dots::Here)),
            ("%2e", Some(Dots::Here)),
            ("%2E", Some(Dots::Here)),
            ("..", Some(Dots::Up)),
            (".%2e", Some(Dots::Up)),
            ("%2E.", Some(Dots::Up)),
            ("%2e%2E", Some(Dots::Up)),
            ("", None),
            ("...", None),
            (".%2e.", None),
            ("a.", None),
            (".a", None),
            ("%2f", None),
            ("%2e%2", None),
        ] {
            assert_eq!(Dots::of(segment), expected, "{segment}");
        }
    }

    #[test]
    fn removes_them_and_says_where_there_was_nothing_to_remove() {
        for (path, expected, underflow) in [
            ("", "", None),
            ("/", "/", None),
            ("/a/b/c/./../../g", "/a/g", None),
            ("mid/content=5/../6", "mid/6", None),
            ("/..", "/", Some(1)),
            ("/a/../..", "/", Some(3)),
            ("/a/../../b", "/b", Some(3)),
            ("../a", "a", Some(0)),
            ("./a", "a", None),
            ("a/..", "/", None),
            ("a/../b", "/b", None),
            ("/a//..", "/a/", None),
            ("/a//../..", "/", None),
            ("/.", "/", None),
            (".", "", None),
            ("..", "", Some(0)),
        ] {
            let mut written = String::new();
            let copy = |segment: &str, path: &mut String| path.push_str(segment);
            let found = remove_dot_segments(path.split('/'), &mut written, copy);
            assert_eq!((written.as_str(), found), (expected, underflow), "{path}");
        }
    }
}

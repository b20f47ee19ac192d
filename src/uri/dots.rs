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
    /// Tells a dot segment at the start of a path from any other, and returns what follows it: nothing,
    /// or a slash and more.
    #[inline]
    const fn at(path: &[u8]) -> Option<(Self, &[u8])> {
        let Some(rest) = without_dot(path) else {
            return None;
        };
        if let [] | [b'/', ..] = rest {
            return Some((Self::Here, rest));
        }
        match without_dot(rest) {
            Some(rest @ ([] | [b'/', ..])) => Some((Self::Up, rest)),
            _ => None,
        }
    }
}

/// Returns what follows the dot that the text starts with.
#[inline]
const fn without_dot(text: &[u8]) -> Option<&[u8]> {
    match text {
        [b'.', rest @ ..] | [b'%', b'2', b'e' | b'E', rest @ ..] => Some(rest),
        _ => None,
    }
}

/// A path, cut at its first dot segment.
struct Cut<'a> {
    /// With the slash behind it; perhaps empty.
    before: &'a str,
    dots: Dots,
    /// What follows the slash behind the dots; `None` where they are the end.
    after: Option<&'a str>,
}

impl<'a> Cut<'a> {
    /// `None` for a path without dot segments.
    #[inline]
    fn new(path: &'a str) -> Option<Self> {
        let octets = path.as_bytes();
        let mut rest = octets;
        loop {
            if let Some((dots, after)) = Dots::at(rest) {
                let (before, _) = path.split_at_checked(octets.len() - rest.len())?;
                let after = octets.len() - after.len();
                let after = path.get(after..)?.strip_prefix('/');
                return Some(Self { before, dots, after });
            }
            let slash = rest.iter().position(|&octet| octet == b'/')?;
            rest = rest.get(slash + 1..)?;
        }
    }
}

/// Returns where the first dot segment of a path starts.
#[inline]
pub(crate) fn first_dot_segment(path: &str) -> Option<usize> {
    Cut::new(path).map(|cut| cut.before.len())
}

/// Returns a path without its dot segments.
#[cfg(feature = "server")]
pub(crate) fn remove_dot_segments(path: &str) -> String {
    let mut clean = String::with_capacity(path.len());
    Cleaner::new(&mut clean).push(path, true, |run, path| path.push_str(run));
    clean
}

/// A path that is written without the dot segments of what it is made of.
///
/// Every segment is written once and taken back at most once: the time is linear.
pub(super) struct Cleaner<'o> {
    out: &'o mut String,
    /// Where the path starts.
    start: usize,
    /// Whether nothing but dots has been read: the first segment has no slash before it. Where it is
    /// empty, the path is absolute.
    is_first: bool,
}

impl<'o> Cleaner<'o> {
    /// Writes a path to the end of a text.
    pub(super) const fn new(out: &'o mut String) -> Self {
        let start = out.len();
        Self { out, start, is_first: true }
    }

    /// Writes the segments of a path, and a slash before them but for the first. `write` writes runs of
    /// segments and the slashes between them.
    ///
    /// `is_end` says that nothing will follow, so that dots at the end leave their slash.
    ///
    /// Returns the index of the first `..` that had no segment before it to take back.
    pub(super) fn push(
        &mut self,
        path: &str,
        is_end: bool,
        write: impl Fn(&str, &mut String),
    ) -> Option<usize> {
        let mut underflow = None;
        let mut rest = path;
        while let Some(Cut { before, dots, after }) = Cut::new(rest) {
            if let Some(run) = before.strip_suffix('/') {
                self.push_run(run, &write);
            }
            if dots == Dots::Up && !self.pop() {
                underflow = underflow.or(Some(path.len() - rest.len() + before.len()));
            }
            match after {
                Some(after) => rest = after,
                None => {
                    if is_end && !self.is_first {
                        self.out.push('/');
                    }
                    return underflow;
                }
            }
        }
        self.push_run(rest, &write);
        underflow
    }

    #[inline]
    fn push_run(&mut self, run: &str, write: &impl Fn(&str, &mut String)) {
        if !self.is_first {
            self.out.push('/');
        }
        self.is_first = false;
        write(run, self.out);
    }

    /// Takes the last segment back; returns whether there was one.
    fn pop(&mut self) -> bool {
        let written = self.out.get(self.start..).unwrap_or_default();
        let last = written.bytes().rposition(|octet| octet == b'/');
        let is_empty = written.is_empty();
        self.out.truncate(self.start + last.unwrap_or(0));
        !is_empty
    }
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
            assert_eq!(Dots::at(segment.as_bytes()).map(|(dots, _)| dots), expected, "{segment}");
            let inside = Cut::new(&alloc::format!("/a./{segment}/.b/.."))
                .map(|cut| (cut.before.len(), cut.dots, cut.after.map(str::len)));
            let dots = expected.map(|dots| (4, dots, Some(5)));
            let last = Some((8 + segment.len(), Dots::Up, None));
            assert_eq!(inside, dots.or(last), "{segment}");
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
            ("/a/../..", "/", Some(6)),
            ("/a/../../b", "/b", Some(6)),
            ("../a", "a", Some(0)),
            ("./a", "a", None),
            ("a/..", "/", None),
            ("a/../b", "/b", None),
            ("/a//..", "/a/", None),
            ("/a//../..", "/", None),
            ("/.", "/", None),
            (".", "", None),
            ("..", "", Some(0)),
            (".//a", "/a", None),
        ] {
            let mut written = String::from("x");
            let copy = |run: &str, path: &mut String| path.push_str(run);
            let found = Cleaner::new(&mut written).push(path, true, copy);
            assert_eq!((&written[1..], found), (expected, underflow), "{path}");
        }
    }

    #[test]
    fn goes_on_with_another_path() {
        for (directory, path, expected) in [
            ("", "a", "/a"),
            ("/b", "a", "/b/a"),
            ("/b/..", "a", "/a"),
            ("/b/..", "..", "/"),
            ("b", "..", "/"),
            ("..", "a", "a"),
            ("/b", "./", "/b/"),
            ("/b", "", "/b/"),
        ] {
            let mut written = String::new();
            let mut cleaner = Cleaner::new(&mut written);
            let copy = |run: &str, path: &mut String| path.push_str(run);
            cleaner.push(directory, false, copy);
            cleaner.push(path, true, copy);
            assert_eq!(written, expected, "{directory} {path}");
        }
    }
}

//! Resolution of a reference against a base, [RFC 3986 §5.2].
//!
//! [RFC 3986 §5.2]: https://www.rfc-editor.org/rfc/rfc3986#section-5.2

use alloc::string::String;

use super::absolute::Uri;
use super::error::{UriError, UriErrorKind};
use super::parts::{Parts, Split, at, offset, slice};
use super::reference::UriRef;

impl Uri {
    /// Returns the URI that a reference means where this URI is the base.
    ///
    /// This is the strict algorithm of
    /// [RFC 3986 §5.2](https://www.rfc-editor.org/rfc/rfc3986#section-5.2). Dot segments are removed
    /// from the path of the reference, escapes are left alone (`%2e` is no dot), and the fragment is
    /// the reference's.
    ///
    /// # Deviations
    ///
    /// Where the result has no authority and its path would start with `//`, which would read as an
    /// authority, `/.` stands before the path, as
    /// [RFC 3986 §4.2](https://www.rfc-editor.org/rfc/rfc3986#section-4.2) advises for a like case.
    ///
    /// # Errors
    ///
    /// [`UriErrorKind::TooLong`] where the result is longer than [`u32::MAX`] bytes; nothing else.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::{Uri, UriRef};
    ///
    /// let base = Uri::parse("http://a/b/c/d;p?q")?;
    /// assert_eq!(base.resolve(&UriRef::parse("../g")?)?, "http://a/b/g");
    /// assert_eq!(base.resolve(&UriRef::parse("?y")?)?, "http://a/b/c/d;p?y");
    /// assert_eq!(base.resolve(&UriRef::parse("//g")?)?, "http://g");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn resolve(&self, reference: &UriRef) -> Result<Self, UriError> {
        Target::new(self.split(), reference.split()).write()
    }
}

/// From which of the two each component comes: the `T` of RFC 3986 §5.2.2.
struct Target<'a> {
    scheme: &'a str,
    /// What the authority is taken from.
    authority: Split<'a>,
    path: Path<'a>,
    /// With its `?`.
    query: &'a str,
    /// With its `#`.
    fragment: &'a str,
}

enum Path<'a> {
    /// As it is.
    Kept(&'a str),
    /// Without its dot segments.
    Cleaned(&'a str),
    /// The second after the directory of the first, `merge` of RFC 3986 §5.2.3, without dot segments.
    /// The directory has no slash at its end.
    Merged(&'a str, &'a str),
}

impl<'a> Target<'a> {
    /// RFC 3986 §5.2.2, line by line.
    fn new(base: Split<'a>, reference: Split<'a>) -> Self {
        let scheme = reference.scheme().or(base.scheme()).unwrap_or_default();
        let own_authority = reference.parts.scheme_end > 0 || reference.parts.authority_start > 0;
        let path = match reference.path() {
            path if own_authority || path.starts_with('/') => Path::Cleaned(path),
            "" => Path::Kept(base.path()),
            path => match base.path().rsplit_once('/') {
                Some((directory, _)) => Path::Merged(directory, path),
                None if base.parts.authority_start > 0 => Path::Merged("", path),
                None => Path::Cleaned(path),
            },
        };
        let keeps_query = matches!(path, Path::Kept(_)) && reference.query().is_none();
        let query = if keeps_query { base } else { reference };
        Self {
            scheme,
            authority: if own_authority { reference } else { base },
            path,
            query: slice(query.text, query.parts.path_end, query.parts.query_end),
            fragment: reference.text.get(at(reference.parts.query_end)..).unwrap_or_default(),
        }
    }

    /// RFC 3986 §5.3, with the offsets counted on the way.
    fn write(&self) -> Result<Uri, UriError> {
        let mut text = String::with_capacity(self.capacity());
        text.push_str(self.scheme);
        let mut parts = Parts { scheme_end: offset(text.len()), ..Parts::default() };
        text.push(':');
        if let Some(authority) = self.authority.authority() {
            text.push_str("//");
            let from = self.authority.parts;
            let start = offset(text.len());
            parts.authority_start = start;
            parts.host_start = start.saturating_add(from.host_start - from.authority_start);
            parts.host_end = start.saturating_add(from.host_end - from.authority_start);
            text.push_str(authority.as_str());
        }
        let path_start = text.len();
        parts.path_start = offset(path_start);
        match self.path {
            Path::Kept(path) => text.push_str(path),
            Path::Cleaned(path) => remove_dot_segments(path.split('/'), &mut text),
            Path::Merged(directory, path) => {
                remove_dot_segments(directory.split('/').chain(path.split('/')), &mut text);
            }
        }
        let path = text.get(path_start..).unwrap_or_default();
        if parts.authority_start == 0 && path.starts_with("//") {
            text.insert_str(path_start, "/.");
        }
        parts.path_end = offset(text.len());
        text.push_str(self.query);
        parts.query_end = offset(text.len());
        text.push_str(self.fragment);
        if u32::try_from(text.len()).is_err() {
            return Err(UriError::new(UriErrorKind::TooLong, text.as_bytes(), at(u32::MAX)));
        }
        Ok(Uri { text: text.into_boxed_str(), parts })
    }

    /// The most bytes that the result can have.
    fn capacity(&self) -> usize {
        let authority = self.authority.authority().map_or(0, |it| it.as_str().len() + 2);
        let path = match self.path {
            Path::Kept(path) | Path::Cleaned(path) => path.len(),
            Path::Merged(directory, path) => directory.len() + 1 + path.len(),
        };
        // The colon, and `/.`.
        let fixed = 3;
        self.scheme.len() + authority + path + self.query.len() + self.fragment.len() + fixed
    }
}

/// Writes the path that the segments make, without its dot segments, RFC 3986 §5.2.4.
///
/// `segments` is the path split at its slashes, so that an absolute path starts with an empty one.
/// Every segment is written once and taken back at most once: the time is linear.
fn remove_dot_segments<'a>(segments: impl Iterator<Item = &'a str>, path: &mut String) {
    let start = path.len();
    let mut segments = segments.peekable();
    // Steps A and D: dots in front of a relative path mean nothing. The first segment that is not dots
    // has no slash before it (step E); where it is empty, the path is absolute.
    let first = segments.by_ref().find(|segment| !matches!(*segment, "." | ".."));
    path.push_str(first.unwrap_or_default());
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            // Step B.
            "." => {}
            // Step C.
            ".." => {
                let written = path.get(start..).unwrap_or_default();
                path.truncate(start + written.rfind('/').unwrap_or(0));
            }
            // Step E.
            _ => {
                path.push('/');
                path.push_str(segment);
                continue;
            }
        }
        if last {
            path.push('/');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uri::parts::{Rule, parse};

    const BASE: &str = "http://a/b/c/d;p?q";

    #[track_caller]
    fn resolves(base: &str, reference: &str, expected: &str) {
        let base = Uri::parse(base).unwrap();
        let resolved = base.resolve(&UriRef::parse(reference).unwrap()).unwrap();
        assert_eq!(resolved, expected, "{reference} against {base}");
        assert_eq!(parse(expected.as_bytes(), Rule::Uri), Ok(resolved.parts), "offsets");
    }

    /// RFC 3986 §5.4.1.
    #[test]
    fn resolves_the_normal_examples() {
        for (reference, expected) in [
            ("g:h", "g:h"),
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g"),
            ("?y", "http://a/b/c/d;p?y"),
            ("g?y", "http://a/b/c/g?y"),
            ("#s", "http://a/b/c/d;p?q#s"),
            ("g#s", "http://a/b/c/g#s"),
            ("g?y#s", "http://a/b/c/g?y#s"),
            (";x", "http://a/b/c/;x"),
            ("g;x", "http://a/b/c/g;x"),
            ("g;x?y#s", "http://a/b/c/g;x?y#s"),
            ("", "http://a/b/c/d;p?q"),
            (".", "http://a/b/c/"),
            ("./", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../", "http://a/b/"),
            ("../g", "http://a/b/g"),
            ("../..", "http://a/"),
            ("../../", "http://a/"),
            ("../../g", "http://a/g"),
        ] {
            resolves(BASE, reference, expected);
        }
    }

    /// RFC 3986 §5.4.2.
    #[test]
    fn resolves_the_abnormal_examples() {
        for (reference, expected) in [
            ("../../../g", "http://a/g"),
            ("../../../../g", "http://a/g"),
            ("/./g", "http://a/g"),
            ("/../g", "http://a/g"),
            ("g.", "http://a/b/c/g."),
            (".g", "http://a/b/c/.g"),
            ("g..", "http://a/b/c/g.."),
            ("..g", "http://a/b/c/..g"),
            ("./../g", "http://a/b/g"),
            ("./g/.", "http://a/b/c/g/"),
            ("g/./h", "http://a/b/c/g/h"),
            ("g/../h", "http://a/b/c/h"),
            ("g;x=1/./y", "http://a/b/c/g;x=1/y"),
            ("g;x=1/../y", "http://a/b/c/y"),
            ("g?y/./x", "http://a/b/c/g?y/./x"),
            ("g?y/../x", "http://a/b/c/g?y/../x"),
            ("g#s/./x", "http://a/b/c/g#s/./x"),
            ("g#s/../x", "http://a/b/c/g#s/../x"),
            ("http:g", "http:g"),
        ] {
            resolves(BASE, reference, expected);
        }
    }

    #[test]
    fn merges_with_an_empty_path_and_with_none() {
        resolves("http://a", "g", "http://a/g");
        resolves("http://a?q", "g", "http://a/g");
        resolves("http://a", "../g", "http://a/g");
        resolves("http://a?q#f", "", "http://a?q");
        resolves("foo:a", "b", "foo:b");
        resolves("foo:a", "../b", "foo:b");
        resolves("foo:a/b", "../c", "foo:/c");
        resolves("foo:./a", "../c", "foo:c");
        resolves("foo:", ".", "foo:");
        resolves("urn:a:b", "#f", "urn:a:b#f");
        resolves("file:///a/b", "c", "file:///a/c");
    }

    #[test]
    fn keeps_user_information_port_and_case() {
        resolves("HTTP://u:p@[::1]:80/a/b", "c", "HTTP://u:p@[::1]:80/a/c");
        resolves("http://a/b", "//u@c:1/d/../e", "http://u@c:1/e");
        resolves("http://a/b", "ftp://u@c:1?", "ftp://u@c:1?");
    }

    #[test]
    fn leaves_escapes_and_empty_segments_alone() {
        resolves(BASE, "%2e%2E/g", "http://a/b/c/%2e%2E/g");
        resolves(BASE, "a%2F..", "http://a/b/c/a%2F..");
        resolves(BASE, "/a//../b", "http://a/a/b");
        resolves(BASE, "/..//b", "http://a//b");
        resolves("http://a//b//c", "d", "http://a//b//d");
        resolves("http://a//b//c", "../d", "http://a//b/d");
    }

    #[test]
    fn a_path_never_turns_into_an_authority() {
        resolves("foo:/a", "/.//b", "foo:/.//b");
        resolves("foo:/a", ".//b", "foo:/.//b");
        resolves("foo:/a/b", "..//c", "foo:/.//c");
        resolves("foo:a", "foo:b/..//c", "foo:/.//c");
        resolves("foo:/.//a", "", "foo:/.//a");
        resolves("http://h/a", "/.//b", "http://h//b");
    }
}

//! Resolution of a reference against a base, [RFC 3986 §5.2].
//!
//! [RFC 3986 §5.2]: https://www.rfc-editor.org/rfc/rfc3986#section-5.2

use alloc::string::String;

use super::absolute::{Uri, UriView};
use super::authority::Authority;
use super::components::for_uris;
use super::compose::Composer;
use super::dots::Cleaner;
use super::error::{UriError, UriErrorKind};
use super::parts::{self, Split};
use super::reference::UriRefView;

for_uris! {
    /// Returns the URI that a reference means where this URI is the base.
    ///
    /// This is the strict algorithm of
    /// [RFC 3986 §5.2](https://www.rfc-editor.org/rfc/rfc3986#section-5.2). A `..` that has no segment
    /// to remove is ignored, as the RFC says; [`resolve_checked`](Self::resolve_checked) refuses it.
    /// Escapes stay as they are.
    ///
    /// To add to a path, do not resolve: [`Uri::push_segment`] and [`Uri::append_path`] keep its last
    /// segment.
    ///
    /// # Deviations
    ///
    /// `%2e` is a dot, since an escaped unreserved character is the same as the character
    /// ([RFC 3986 §2.3](https://www.rfc-editor.org/rfc/rfc3986#section-2.3)): `..` written as `%2e%2e`
    /// would else come out of one resolution and go up a level in the next program. Browsers and curl
    /// do the same.
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
    pub fn resolve<'r>(&self, reference: impl Into<UriRefView<'r>>) -> Result<Uri, UriError> {
        Target::new(self.split(), reference.into().split()).write().map(|(uri, _)| uri)
    }

    /// Returns the URI that a reference means, as [`resolve`](Self::resolve) does, and refuses one that
    /// climbs above the root of the path. What the base itself holds is not judged.
    ///
    /// # Errors
    ///
    /// [`UriErrorKind::PathUnderflow`] at the first `..` of the reference that has no segment to remove;
    /// [`UriErrorKind::TooLong`].
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::{Uri, UriErrorKind, UriRef};
    ///
    /// let base = Uri::parse("http://a/b/c")?;
    /// assert_eq!(base.resolve_checked(&UriRef::parse("../d")?)?, "http://a/d");
    /// let error = base.resolve_checked(&UriRef::parse("../../d")?).unwrap_err();
    /// assert_eq!((error.kind(), error.offset()), (UriErrorKind::PathUnderflow, 3));
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn resolve_checked<'r>(
        &self,
        reference: impl Into<UriRefView<'r>>,
    ) -> Result<Uri, UriError> {
        let reference = reference.into().split();
        let target = Target::new(self.split(), reference);
        match target.write()? {
            (uri, None) => Ok(uri),
            (_, Some(at)) => {
                let start = parts::at(reference.parts.path_start);
                let text = reference.text.as_bytes();
                Err(UriError::new(UriErrorKind::PathUnderflow, text, start + at))
            }
        }
    }
}

/// From which of the two each component comes: the `T` of RFC 3986 §5.2.2.
struct Target<'a> {
    scheme: &'a str,
    authority: Option<Authority<'a>>,
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
            authority: if own_authority { reference.authority() } else { base.authority() },
            path,
            query: query.query_with_mark(),
            fragment: reference.fragment_with_mark(),
        }
    }

    /// RFC 3986 §5.3. Says where the path of the reference had nothing left to remove.
    fn write(&self) -> Result<(Uri, Option<usize>), UriError> {
        let mut composer = Composer::with_capacity(self.capacity());
        composer.text.push_str(self.scheme);
        composer.end_scheme();
        if let Some(authority) = self.authority {
            composer.authority(authority);
        }
        composer.start_path();
        let underflow = self.path.write(&mut composer.text);
        composer.end_path();
        composer.text.push_str(self.query);
        composer.end_query();
        composer.text.push_str(self.fragment);
        let (text, parts) = composer.finish()?;
        Ok((Uri { text, parts }, underflow))
    }

    /// The most bytes that the result can have.
    fn capacity(&self) -> usize {
        let authority = self.authority.map_or(0, |authority| authority.as_str().len() + 2);
        let path = match self.path {
            Path::Kept(path) | Path::Cleaned(path) => path.len(),
            Path::Merged(directory, path) => directory.len() + 1 + path.len(),
        };
        self.scheme.len() + 1 + authority + path + self.query.len() + self.fragment.len()
    }
}

impl Path<'_> {
    /// Writes the path. Returns where in that of the reference a `..` had nothing to remove.
    fn write(&self, text: &mut String) -> Option<usize> {
        let copy = |run: &str, text: &mut String| text.push_str(run);
        match self {
            Path::Kept(path) => {
                text.push_str(path);
                None
            }
            Path::Cleaned(path) => Cleaner::new(text).push(path, true, copy),
            Path::Merged(directory, path) => {
                let mut cleaner = Cleaner::new(text);
                cleaner.push(directory, false, copy);
                cleaner.push(path, true, copy)
            }
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
        let resolved = base.resolve(UriRefView::parse(reference).unwrap()).unwrap();
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
    fn an_escaped_dot_is_a_dot() {
        resolves(BASE, "%2e%2E/g", "http://a/b/g");
        resolves(BASE, "%2e/g", "http://a/b/c/g");
        resolves(BASE, ".%2e%2e/g", "http://a/b/c/.%2e%2e/g");
        resolves("http://a/b/%2e/c", "d", "http://a/b/d");
    }

    #[test]
    fn leaves_escapes_and_empty_segments_alone() {
        resolves(BASE, "%7Eg", "http://a/b/c/%7Eg");
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

    #[test]
    fn climbing_above_the_root_is_refused_on_demand() {
        for (base, reference, offset) in [
            ("http://a/b/c", "../d", None),
            ("http://a/b/c", "./d/..", None),
            ("http://a/b/c", "../../d", Some(3)),
            ("http://a/b/c", "d/../../..", Some(8)),
            ("http://a/b/c", "/..", Some(1)),
            ("http://a/b/c", "//h/d/../..?q", Some(9)),
            ("http://a/b/c", "ftp://h/%2e%2e", Some(8)),
            ("http://a", "..", Some(0)),
            ("http://a/b/../../c", "d", None),
            ("http://a/b/../../c", "../d", Some(0)),
            ("http://a/b/../../c", "/d", None),
            ("http://a/b/../../c", "?q", None),
            ("foo:a/b", "../c", None),
            ("foo:a/b", "../../c", Some(3)),
        ] {
            let reference = UriRefView::parse(reference).unwrap();
            let error = Uri::parse(base).unwrap().resolve_checked(reference).err();
            let expected = offset.map(|offset| (UriErrorKind::PathUnderflow, offset));
            assert_eq!(error.map(|it| (it.kind(), it.offset())), expected, "{base} {reference}");
        }
    }
}

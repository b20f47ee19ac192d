//! URIs that differ from another in one component, and paths that grow.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};

use super::absolute::{Uri, UriView};
use super::components::for_uris;
use super::dots::first_dot_segment;
use super::draft::{Draft, check, check_host_alone, check_scheme, push_segment};
use super::error::{UriError, UriErrorKind};
use super::query::QueryBuilder;
use crate::syntax::Class;

for_uris! {
    /// Returns the URI with another scheme.
    ///
    /// # Errors
    ///
    /// [`UriErrorKind::InvalidScheme`] at its offset in the argument; [`UriErrorKind::TooLong`].
    ///
    /// # Examples
    ///
    /// ```
    /// let uri = nethttp::uri::Uri::parse("http://example.org/a")?;
    /// assert_eq!(uri.with_scheme("https")?, "https://example.org/a");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn with_scheme(&self, scheme: impl AsRef<str>) -> Result<Uri, UriError> {
        let scheme = scheme.as_ref();
        check_scheme(scheme)?;
        Draft { scheme: Cow::Borrowed(scheme), ..Draft::of(self.split()) }.compose()
    }

    /// Returns the URI with other user information, escapes included.
    ///
    /// # Errors
    ///
    /// [`UriErrorKind::MissingHost`] for a URI without an authority, [`UriErrorKind::InvalidUserinfo`] and
    /// its like for what user information may not hold, [`UriErrorKind::TooLong`].
    ///
    /// # Examples
    ///
    /// ```
    /// let uri = nethttp::uri::Uri::parse("ftp://example.org/a")?;
    /// assert_eq!(uri.with_userinfo("anonymous")?, "ftp://anonymous@example.org/a");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn with_userinfo(&self, userinfo: impl AsRef<str>) -> Result<Uri, UriError> {
        let userinfo = userinfo.as_ref();
        check(userinfo, Class::USERINFO, UriErrorKind::InvalidUserinfo)?;
        let mut draft = Draft::of(self.split());
        let authority = draft.authority.as_mut();
        authority.ok_or_else(|| no_host(userinfo))?.userinfo = Some(Cow::Borrowed(userinfo));
        draft.compose()
    }

    /// Returns the URI without user information.
    ///
    /// # Examples
    ///
    /// ```
    /// let uri = nethttp::uri::Uri::parse("http://user:secret@example.org/a")?;
    /// assert_eq!(uri.without_userinfo(), "http://example.org/a");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn without_userinfo(&self) -> Uri {
        let mut draft = Draft::of(self.split());
        if let Some(authority) = &mut draft.authority {
            authority.userinfo = None;
        }
        draft.compose().unwrap_or_else(|_| UriView(self.split()).to_uri())
    }

    /// Returns the URI with another host: a name, an IPv4 address, or an IP literal in its brackets.
    ///
    /// One without an authority gets one.
    ///
    /// # Errors
    ///
    /// What a host may not be; [`UriErrorKind::RelativePath`] where the URI has no authority, and a path
    /// that cannot follow one; [`UriErrorKind::TooLong`].
    ///
    /// # Examples
    ///
    /// ```
    /// let uri = nethttp::uri::Uri::parse("http://example.org:8080/a")?;
    /// assert_eq!(uri.with_host("[::1]")?, "http://[::1]:8080/a");
    /// assert!(uri.with_host("a:80").is_err());
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn with_host(&self, host: impl AsRef<str>) -> Result<Uri, UriError> {
        let host = host.as_ref();
        check_host_alone(host)?;
        let mut draft = Draft::of(self.split());
        draft.authority.get_or_insert_default().host = Cow::Borrowed(host);
        draft.compose()
    }

    /// Returns the URI with another port.
    ///
    /// # Errors
    ///
    /// [`UriErrorKind::MissingHost`] for a URI without an authority, [`UriErrorKind::TooLong`].
    ///
    /// # Examples
    ///
    /// ```
    /// let uri = nethttp::uri::Uri::parse("http://example.org/a")?;
    /// assert_eq!(uri.with_port(8080)?, "http://example.org:8080/a");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn with_port(&self, port: u16) -> Result<Uri, UriError> {
        let mut draft = Draft::of(self.split());
        let authority = draft.authority.as_mut();
        let authority = authority.ok_or_else(|| no_host(""))?;
        authority.port = Some(Cow::Owned(port.to_string()));
        draft.compose()
    }

    /// Returns the URI without a port.
    ///
    /// # Examples
    ///
    /// ```
    /// let uri = nethttp::uri::Uri::parse("http://example.org:8080/a")?;
    /// assert_eq!(uri.without_port(), "http://example.org/a");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn without_port(&self) -> Uri {
        let mut draft = Draft::of(self.split());
        if let Some(authority) = &mut draft.authority {
            authority.port = None;
        }
        draft.compose().unwrap_or_else(|_| UriView(self.split()).to_uri())
    }

    /// Returns the URI with another path, escapes included. Where the URI has no authority, a path that
    /// starts with `//` gets `/.` in front.
    ///
    /// # Errors
    ///
    /// [`UriErrorKind::InvalidPath`] and its like for what a path may not hold,
    /// [`UriErrorKind::RelativePath`] for one that cannot follow an authority, [`UriErrorKind::TooLong`].
    ///
    /// # Examples
    ///
    /// ```
    /// let uri = nethttp::uri::Uri::parse("http://example.org/a?b")?;
    /// assert_eq!(uri.with_path("/c%20d")?, "http://example.org/c%20d?b");
    /// assert!(uri.with_path("/c?d").is_err());
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn with_path(&self, path: impl AsRef<str>) -> Result<Uri, UriError> {
        let path = path.as_ref();
        check(path, Class::PATH, UriErrorKind::InvalidPath)?;
        Draft { path: Cow::Borrowed(path), ..Draft::of(self.split()) }.compose()
    }

    /// Returns the URI with another query, escapes included; [`QueryBuilder`](super::QueryBuilder) makes
    /// one of names and values.
    ///
    /// # Errors
    ///
    /// [`UriErrorKind::InvalidQuery`] and its like for what a query may not hold,
    /// [`UriErrorKind::TooLong`].
    ///
    /// # Examples
    ///
    /// ```
    /// let uri = nethttp::uri::Uri::parse("http://example.org/a?b#c")?;
    /// assert_eq!(uri.with_query("page=2")?, "http://example.org/a?page=2#c");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn with_query(&self, query: impl AsRef<str>) -> Result<Uri, UriError> {
        let query = query.as_ref();
        check(query, Class::QUERY, UriErrorKind::InvalidQuery)?;
        Draft { query: Some(Cow::Borrowed(query)), ..Draft::of(self.split()) }.compose()
    }

    /// Returns the URI with its query edited, and without one where no pair is left.
    ///
    /// # Errors
    ///
    /// [`UriErrorKind::TooLong`], and what [`with_query`](Self::with_query) refuses where the builder that
    /// comes back was made of other text.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Uri;
    ///
    /// let uri = Uri::parse("http://example.org/?q=a%2bb&page=1&utm=x")?;
    /// let next = uri.edit_query(|query| query.set("page", "2").remove("utm"))?;
    /// assert_eq!(next, "http://example.org/?q=a%2bb&page=2");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn edit_query(
        &self,
        edit: impl FnOnce(QueryBuilder) -> QueryBuilder,
    ) -> Result<Uri, UriError> {
        let query = edit(QueryBuilder::from(self.split().query().unwrap_or_default()));
        if query.as_str().is_empty() { Ok(self.without_query()) } else { self.with_query(query) }
    }

    /// Returns the URI without a query.
    ///
    /// # Examples
    ///
    /// ```
    /// let uri = nethttp::uri::Uri::parse("http://example.org/a?b#c")?;
    /// assert_eq!(uri.without_query(), "http://example.org/a#c");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn without_query(&self) -> Uri {
        let draft = Draft { query: None, ..Draft::of(self.split()) };
        draft.compose().unwrap_or_else(|_| UriView(self.split()).to_uri())
    }

    /// Returns the URI with another fragment, escapes included.
    ///
    /// # Errors
    ///
    /// [`UriErrorKind::InvalidFragment`] and its like for what a fragment may not hold,
    /// [`UriErrorKind::TooLong`].
    ///
    /// # Examples
    ///
    /// ```
    /// let uri = nethttp::uri::Uri::parse("http://example.org/a#b")?;
    /// assert_eq!(uri.with_fragment("c")?, "http://example.org/a#c");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn with_fragment(&self, fragment: impl AsRef<str>) -> Result<Uri, UriError> {
        let fragment = fragment.as_ref();
        check(fragment, Class::FRAGMENT, UriErrorKind::InvalidFragment)?;
        Draft { fragment: Some(Cow::Borrowed(fragment)), ..Draft::of(self.split()) }.compose()
    }

    /// Returns the URI without a fragment.
    ///
    /// # Examples
    ///
    /// ```
    /// let uri = nethttp::uri::Uri::parse("http://a/b?c#d")?;
    /// assert_eq!(uri.without_fragment(), "http://a/b?c");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn without_fragment(&self) -> Uri {
        let split = self.split();
        Uri { text: split.before_fragment().into(), parts: split.parts }
    }
}

/// The error for a change of an authority that is not there.
#[cold]
fn no_host(argument: &str) -> UriError {
    UriError::new(UriErrorKind::MissingHost, argument.as_bytes(), 0)
}

impl Uri {
    /// Adds a segment to the path, with everything escaped that a segment cannot hold: slashes too.
    ///
    /// It replaces the empty segment behind a slash at the end, so that `/a` and `/a/` both become
    /// `/a/b`. The query and the fragment stay. An empty segment puts a slash at the end where there is
    /// none ([`ensure_trailing_slash`](Self::ensure_trailing_slash) says it better).
    ///
    /// # Errors
    ///
    /// [`UriErrorKind::DotSegment`] for `.` and `..`, which no escape can make a name;
    /// [`UriErrorKind::TooLong`]. The URI then stays what it was.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Uri;
    ///
    /// let mut uri = Uri::parse("http://example.org/api?key=1")?;
    /// uri.push_segment("users")?.push_segment("a/b c")?;
    /// assert_eq!(uri, "http://example.org/api/users/a%2Fb%20c?key=1");
    /// assert!(uri.push_segment("..").is_err());
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn push_segment(&mut self, segment: impl AsRef<str>) -> Result<&mut Self, UriError> {
        self.extend_segments([segment])
    }

    /// Adds segments to the path, as [`push_segment`](Self::push_segment) adds each of them: an empty one
    /// matters at the end only. For many segments this is the way, since each call copies the URI.
    ///
    /// # Errors
    ///
    /// As [`push_segment`](Self::push_segment); none of them is then added.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Uri;
    ///
    /// let mut uri = Uri::parse("http://example.org")?;
    /// uri.extend_segments(["caf\u{e9}", "50%"])?;
    /// assert_eq!(uri, "http://example.org/caf%C3%A9/50%25");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn extend_segments<S: AsRef<str>>(
        &mut self,
        segments: impl IntoIterator<Item = S>,
    ) -> Result<&mut Self, UriError> {
        let mut path = String::from(self.path());
        for segment in segments {
            push_segment(segment.as_ref(), &mut path)?;
        }
        self.set_path(&path)
    }

    /// Adds a relative path, escapes included, below the path: what joining is on file names.
    ///
    /// A slash at the end of the path or at the start of what is added is the one between the two, and is
    /// put there where both lack it; so an empty path adds a slash at the end. The query and the fragment
    /// stay. The result is always below the path that was there; [`resolve`](Self::resolve) is the
    /// operation that goes up and sideways.
    ///
    /// # Errors
    ///
    /// [`UriErrorKind::DotSegment`] for a path with dot segments, [`UriErrorKind::InvalidPath`] and its like
    /// for what a path may not hold, [`UriErrorKind::TooLong`]. The URI then stays what it was.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Uri;
    ///
    /// let mut uri = Uri::parse("https://example.org/api/v1")?;
    /// uri.append_path("users/7%2F8")?;
    /// assert_eq!(uri, "https://example.org/api/v1/users/7%2F8");
    /// assert!(uri.append_path("../admin").is_err());
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn append_path(&mut self, path: impl AsRef<str>) -> Result<&mut Self, UriError> {
        let added = path.as_ref();
        check(added, Class::PATH, UriErrorKind::InvalidPath)?;
        if let Some(start) = first_dot_segment(added) {
            return Err(UriError::new(UriErrorKind::DotSegment, added.as_bytes(), start));
        }
        let mut path = String::from(self.path());
        if !path.ends_with('/') {
            path.push('/');
        }
        path.push_str(added.strip_prefix('/').unwrap_or(added));
        self.set_path(&path)
    }

    /// Puts a slash at the end of the path, unless there is one: what is resolved against the URI then
    /// lies below it.
    ///
    /// # Errors
    ///
    /// [`UriErrorKind::TooLong`].
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::{Uri, UriRef};
    ///
    /// let mut base = Uri::parse("https://example.org/api/v1")?;
    /// base.ensure_trailing_slash()?;
    /// assert_eq!(base.resolve(&UriRef::parse("users")?)?, "https://example.org/api/v1/users");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn ensure_trailing_slash(&mut self) -> Result<&mut Self, UriError> {
        self.push_segment("")
    }

    fn set_path(&mut self, path: &str) -> Result<&mut Self, UriError> {
        *self = Draft { path: Cow::Borrowed(path), ..Draft::of(self.split()) }.compose()?;
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uri::parts::{Rule, parse};

    fn uri(text: &str) -> Uri {
        Uri::parse(text).unwrap()
    }

    #[track_caller]
    fn is(changed: &Uri, expected: &str) {
        assert_eq!(*changed, expected);
        assert_eq!(
            parse(expected.as_bytes(), Rule::Uri),
            Ok(changed.parts),
            "offsets of {expected}"
        );
    }

    #[test]
    fn one_component_changes_and_the_others_stay() {
        let full = uri("http://u:p@h:80/a%2fb?c#d");
        is(&full.with_scheme("X").unwrap(), "X://u:p@h:80/a%2fb?c#d");
        is(&full.with_userinfo("").unwrap(), "http://@h:80/a%2fb?c#d");
        is(&full.without_userinfo(), "http://h:80/a%2fb?c#d");
        is(&full.with_host("").unwrap(), "http://u:p@:80/a%2fb?c#d");
        is(&full.with_host("[v1.a]").unwrap(), "http://u:p@[v1.a]:80/a%2fb?c#d");
        is(&full.with_port(65535).unwrap(), "http://u:p@h:65535/a%2fb?c#d");
        is(&full.without_port(), "http://u:p@h/a%2fb?c#d");
        is(&full.with_path("").unwrap(), "http://u:p@h:80?c#d");
        is(&full.with_path("//").unwrap(), "http://u:p@h:80//?c#d");
        is(&full.with_query("").unwrap(), "http://u:p@h:80/a%2fb?#d");
        is(&full.without_query(), "http://u:p@h:80/a%2fb#d");
        is(&full.with_fragment("?").unwrap(), "http://u:p@h:80/a%2fb?c#?");
        is(&full.without_fragment(), "http://u:p@h:80/a%2fb?c");
    }

    #[test]
    fn a_query_is_edited_in_its_place() {
        for (text, expected) in [
            ("http://h/?a=%7e&b=1#f", "http://h/?a=%7e&b=2#f"),
            ("http://h/#f", "http://h/?b=2#f"),
            ("http://h?", "http://h?b=2"),
        ] {
            is(&uri(text).edit_query(|query| query.set("b", "2")).unwrap(), expected);
        }
        let without = uri("http://h/?b#f").edit_query(|query| query.remove("b")).unwrap();
        is(&without, "http://h/#f");
        let other = uri("http://h/").edit_query(|_| QueryBuilder::from("a b"));
        assert_eq!(other.unwrap_err().kind(), UriErrorKind::InvalidQuery);
    }

    #[test]
    fn what_is_not_there_can_be_added_and_left_out() {
        let bare = uri("x:");
        is(&bare.with_host("h").unwrap(), "x://h");
        is(&bare.with_path("a").unwrap(), "x:a");
        is(&bare.with_path("//a").unwrap(), "x:/.//a");
        is(&bare.with_query("q").unwrap(), "x:?q");
        is(&bare.with_fragment("f").unwrap(), "x:#f");
        is(&bare.without_userinfo(), "x:");
        is(&bare.without_port(), "x:");
        is(&bare.without_query(), "x:");
        is(&bare.without_fragment(), "x:");
        let kind = |result: Result<Uri, UriError>| result.unwrap_err().kind();
        assert_eq!(kind(bare.with_port(1)), UriErrorKind::MissingHost);
        assert_eq!(kind(bare.with_userinfo("u")), UriErrorKind::MissingHost);
        assert_eq!(kind(uri("mailto:a").with_host("h")), UriErrorKind::RelativePath);
        assert_eq!(kind(uri("http://h").with_path("a")), UriErrorKind::RelativePath);
    }

    #[track_caller]
    fn pushes(text: &str, segment: &str, expected: &str) {
        let mut uri = uri(text);
        uri.push_segment(segment).unwrap();
        is(&uri, expected);
    }

    #[test]
    fn a_segment_goes_to_the_end_of_the_path() {
        pushes("http://h", "a", "http://h/a");
        pushes("http://h/", "a", "http://h/a");
        pushes("http://h/a", "b", "http://h/a/b");
        pushes("http://h/a/", "b", "http://h/a/b");
        pushes("http://h/a//", "b", "http://h/a//b");
        pushes("http://h/a?q#f", "b", "http://h/a/b?q#f");
        pushes("http://h/a", "", "http://h/a/");
        pushes("http://h/a/", "", "http://h/a/");
        pushes("http://h", "", "http://h/");
        pushes("urn:a", "b", "urn:a/b");
        pushes("x:", "b", "x:/b");
        pushes("x:/", "", "x:/");
    }

    #[test]
    fn a_segment_stays_one_segment() {
        pushes("http://h", "a/b?c#d%2F", "http://h/a%2Fb%3Fc%23d%252F");
        pushes("http://h", "\\ \u{e9}\0", "http://h/%5C%20%C3%A9%00");
        pushes("http://h", "%2e%2e", "http://h/%252e%252e");
        pushes("http://h", "...", "http://h/...");
        pushes("http://h", "a:@!$&'()*+,;=-._~", "http://h/a:@!$&'()*+,;=-._~");
        for dots in [".", ".."] {
            let mut uri = uri("http://h/a");
            let error = uri.push_segment(dots).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (UriErrorKind::DotSegment, 0));
            assert!(uri.extend_segments(["b", dots]).is_err());
            assert_eq!(uri, "http://h/a", "nothing has changed");
        }
    }

    #[track_caller]
    fn appends(text: &str, path: &str, expected: &str) {
        let mut uri = uri(text);
        uri.append_path(path).unwrap();
        is(&uri, expected);
    }

    #[test]
    fn a_path_goes_below_a_path() {
        appends("http://h", "a/b", "http://h/a/b");
        appends("http://h/", "/a/b/", "http://h/a/b/");
        appends("http://h/v1", "a", "http://h/v1/a");
        appends("http://h/v1/", "/a%2fb", "http://h/v1/a%2fb");
        appends("http://h/v1?q", "a", "http://h/v1/a?q");
        appends("http://h/v1", "", "http://h/v1/");
        appends("http://h/v1", "//a", "http://h/v1//a");
        appends("x:", "//a", "x:/.//a");
        let mut uri = uri("http://h/v1");
        for (path, kind, offset) in [
            ("../a", UriErrorKind::DotSegment, 0),
            ("a/..", UriErrorKind::DotSegment, 2),
            ("/a/%2E/b", UriErrorKind::DotSegment, 3),
            ("a?b", UriErrorKind::InvalidPath, 1),
            ("a b", UriErrorKind::InvalidPath, 1),
        ] {
            let error = uri.append_path(path).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (kind, offset), "{path}");
        }
        assert_eq!(uri, "http://h/v1", "nothing has changed");
    }
}

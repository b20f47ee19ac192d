//! A URI from its components, escaped or to be escaped.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use core::net::SocketAddr;

use super::absolute::Uri;
use super::draft::{Draft, check, check_host_alone, check_scheme, push_segment};
use super::error::{UriError, UriErrorKind};
use super::host::Host;
use super::query::QueryBuilder;
use crate::syntax::Class;

/// Puts a URI together: text that is a component already is checked, names and values are escaped.
///
/// `userinfo`, `host`, `path`, `query` and `fragment` take what stands in a URI, escapes included;
/// `segment` and `pair` take any text and escape it. What is wrong is said by
/// [`build`](Self::build).
///
/// # Examples
///
/// ```
/// use nethttp::uri::UriBuilder;
///
/// let uri = UriBuilder::new("https")
///     .host("example.org")
///     .port(8443)
///     .path("/api/v1")
///     .segment("a/b")
///     .pair("q", "naïve & small")
///     .build()?;
/// assert_eq!(uri, "https://example.org:8443/api/v1/a%2Fb?q=na%C3%AFve+%26+small");
/// # Ok::<(), nethttp::uri::UriError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until it builds"]
pub struct UriBuilder<'a> {
    draft: Draft<'a>,
    /// Whether a host was set; there is an authority as soon as one of its parts was.
    has_host: bool,
    /// The first one.
    error: Option<UriError>,
}

impl<'a> UriBuilder<'a> {
    /// Starts with a scheme and nothing else.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::UriBuilder;
    ///
    /// assert_eq!(UriBuilder::new("mailto").path("a@example.org").build()?, "mailto:a@example.org");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn new(scheme: impl Into<Cow<'a, str>>) -> Self {
        let scheme = scheme.into();
        let error = check_scheme(&scheme).err();
        let path = Cow::Borrowed("");
        let draft = Draft { scheme, authority: None, path, query: None, fragment: None };
        Self { draft, has_host: false, error }
    }

    fn note(&mut self, outcome: Result<(), UriError>) {
        self.error = self.error.or(outcome.err());
    }

    /// Sets the host: a name, an IPv4 address, or an IP literal in its brackets.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::UriBuilder;
    ///
    /// assert_eq!(UriBuilder::new("http").host("[::1]").build()?, "http://[::1]");
    /// assert!(UriBuilder::new("http").host("a/b").build().is_err());
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn host(mut self, host: impl Into<Cow<'a, str>>) -> Self {
        let host = host.into();
        self.note(check_host_alone(&host));
        self.draft.authority.get_or_insert_default().host = host;
        self.has_host = true;
        self
    }

    /// Sets the port, of which a host is needed too.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::UriBuilder;
    ///
    /// assert_eq!(UriBuilder::new("http").host("a").port(8080).build()?, "http://a:8080");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn port(mut self, port: u16) -> Self {
        let port = Cow::Owned(port.to_string());
        self.draft.authority.get_or_insert_default().port = Some(port);
        self
    }

    /// Sets the host and the port to those of a socket; the scope of an IPv6 address becomes its zone.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::UriBuilder;
    ///
    /// let address = "[::1]:8080".parse()?;
    /// assert_eq!(UriBuilder::new("http").address(address).path("/").build()?, "http://[::1]:8080/");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn address(self, address: SocketAddr) -> Self {
        let host = match address {
            SocketAddr::V4(address) => Host::Ipv4(*address.ip()).to_string(),
            SocketAddr::V6(address) => {
                let zone = address.scope_id().to_string();
                let zone = Some(zone.as_str()).filter(|_| address.scope_id() != 0);
                Host::Ipv6(*address.ip(), zone).to_string()
            }
        };
        self.host(host).port(address.port())
    }

    /// Sets the user information, escapes included, of which a host is needed too.
    ///
    /// HTTP does not send it ([RFC 9110 §4.2.4](https://www.rfc-editor.org/rfc/rfc9110#section-4.2.4)).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::UriBuilder;
    ///
    /// assert_eq!(UriBuilder::new("ftp").host("a").userinfo("me").build()?, "ftp://me@a");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn userinfo(mut self, userinfo: impl Into<Cow<'a, str>>) -> Self {
        let userinfo = userinfo.into();
        self.note(check(&userinfo, Class::USERINFO, UriErrorKind::InvalidUserinfo));
        self.draft.authority.get_or_insert_default().userinfo = Some(userinfo);
        self
    }

    /// Sets the path, escapes included. Behind a host it is empty or starts with a slash.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::UriBuilder;
    ///
    /// assert_eq!(UriBuilder::new("http").host("a").path("/b%20c").build()?, "http://a/b%20c");
    /// assert!(UriBuilder::new("http").host("a").path("/b c").build().is_err());
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn path(mut self, path: impl Into<Cow<'a, str>>) -> Self {
        let path = path.into();
        self.note(check(&path, Class::PATH, UriErrorKind::InvalidPath));
        self.draft.path = path;
        self
    }

    /// Adds a segment to the path and escapes it, as [`Uri::push_segment`] does.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::UriBuilder;
    ///
    /// let uri = UriBuilder::new("http").host("a").segment("b c").segment("d/e").build()?;
    /// assert_eq!(uri, "http://a/b%20c/d%2Fe");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn segment(mut self, segment: impl AsRef<str>) -> Self {
        let outcome = push_segment(segment.as_ref(), self.draft.path.to_mut());
        self.note(outcome);
        self
    }

    /// Sets the query, escapes included.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::UriBuilder;
    ///
    /// assert_eq!(UriBuilder::new("http").host("a").query("b=c%20d").build()?, "http://a?b=c%20d");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn query(mut self, query: impl Into<Cow<'a, str>>) -> Self {
        let query = query.into();
        self.note(check(&query, Class::QUERY, UriErrorKind::InvalidQuery));
        self.draft.query = Some(query);
        self
    }

    /// Adds `name=value` to the query and escapes both, as [`QueryBuilder`] does.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::UriBuilder;
    ///
    /// let uri = UriBuilder::new("http").host("a").pair("b", "c d").pair("e", "&").build()?;
    /// assert_eq!(uri, "http://a?b=c+d&e=%26");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn pair(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let query = self.draft.query.take().unwrap_or_default().into_owned();
        let query = QueryBuilder::from(query).append(name, value);
        self.draft.query = Some(Cow::Owned(String::from(query)));
        self
    }

    /// Sets the fragment, escapes included.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::UriBuilder;
    ///
    /// assert_eq!(UriBuilder::new("http").host("a").fragment("b").build()?, "http://a#b");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn fragment(mut self, fragment: impl Into<Cow<'a, str>>) -> Self {
        let fragment = fragment.into();
        self.note(check(&fragment, Class::FRAGMENT, UriErrorKind::InvalidFragment));
        self.draft.fragment = Some(fragment);
        self
    }

    /// Returns the URI.
    ///
    /// A path without a host that starts with `//` gets `/.` in front, or it would be a host.
    ///
    /// # Errors
    ///
    /// The first thing that was wrong: a component with a byte that it may not hold, at its offset in what
    /// was given; [`UriErrorKind::MissingHost`] for a port or user information without a host;
    /// [`UriErrorKind::DotSegment`]; [`UriErrorKind::RelativePath`] for a path behind a host that does not
    /// start with a slash; [`UriErrorKind::TooLong`].
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::{UriBuilder, UriErrorKind};
    ///
    /// let error = UriBuilder::new("http").host("a").path("b").build().unwrap_err();
    /// assert_eq!(error.kind(), UriErrorKind::RelativePath);
    /// ```
    pub fn build(self) -> Result<Uri, UriError> {
        match self.error {
            Some(error) => Err(error),
            None if self.draft.authority.is_some() && !self.has_host => {
                Err(UriError::new(UriErrorKind::MissingHost, b"", 0))
            }
            None => self.draft.compose(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uri::parts::{Rule, parse};

    fn http() -> UriBuilder<'static> {
        UriBuilder::new("http").host("a")
    }

    #[track_caller]
    fn builds(builder: UriBuilder<'_>, expected: &str) {
        let uri = builder.build().unwrap();
        assert_eq!(uri, expected);
        assert_eq!(parse(expected.as_bytes(), Rule::Uri), Ok(uri.parts), "offsets of {expected}");
    }

    #[track_caller]
    fn refuses(builder: UriBuilder<'_>, kind: UriErrorKind, offset: usize) {
        let error = builder.build().unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, offset));
    }

    #[test]
    fn builds_every_kind_of_uri() {
        builds(UriBuilder::new("x"), "x:");
        builds(UriBuilder::new("x").path("a/b"), "x:a/b");
        builds(UriBuilder::new("x").path("//b"), "x:/.//b");
        builds(UriBuilder::new("x").segment("a"), "x:/a");
        builds(UriBuilder::new("file").host("").path("/a"), "file:///a");
        builds(
            http().userinfo("u:p").port(0).path("//b").query("").fragment(""),
            "http://u:p@a:0//b?#",
        );
        builds(http().address("1.2.3.4:5".parse().unwrap()), "http://1.2.3.4:5");
        builds(http().address("[fe80::1%3]:5".parse().unwrap()), "http://[fe80::1%253]:5");
        builds(UriBuilder::new("x").port(1).userinfo("u").host("h"), "x://u@h:1");
        builds(http().query("a").pair("b", "c"), "http://a?a&b=c");
        builds(http().path("/b/").segment("c").segment("").segment("d"), "http://a/b/c/d");
    }

    #[test]
    fn no_component_spills_into_another() {
        use UriErrorKind::*;
        refuses(UriBuilder::new("1x"), InvalidScheme, 0);
        refuses(UriBuilder::new(""), InvalidScheme, 0);
        refuses(UriBuilder::new("x:y"), InvalidScheme, 1);
        refuses(http().host("b:80"), InvalidHost, 1);
        refuses(http().host("u@b"), ForbiddenUserinfo, 1);
        refuses(http().host("b/c"), InvalidHost, 1);
        refuses(http().host("::1"), InvalidPort, 1);
        refuses(http().userinfo("u@b"), InvalidUserinfo, 1);
        refuses(http().userinfo("u/"), InvalidUserinfo, 1);
        refuses(http().path("/b?c"), InvalidPath, 2);
        refuses(http().path("/b#c"), InvalidPath, 2);
        refuses(http().query("b#c"), InvalidQuery, 1);
        refuses(http().fragment("b#c"), InvalidFragment, 1);
        refuses(http().fragment("50%"), InvalidPercent, 2);
        refuses(http().path("b"), RelativePath, 0);
        refuses(http().segment(".."), DotSegment, 0);
        refuses(UriBuilder::new("x").port(80), MissingHost, 0);
        refuses(UriBuilder::new("x").userinfo("u"), MissingHost, 0);
    }

    #[test]
    fn debug_hides_the_password() {
        let shown = alloc::format!("{:?}", http().userinfo("me:secret"));
        assert!(shown.contains("me:***") && !shown.contains("secret"), "{shown}");
    }

    #[test]
    fn the_first_error_is_told() {
        refuses(UriBuilder::new("1").host("/").path("?"), UriErrorKind::InvalidScheme, 0);
    }
}

//! A request as a value.

#[cfg(any(feature = "client", feature = "server"))]
use core::any::Any;
use core::fmt;
#[cfg(feature = "std")]
use std::net::SocketAddr;
#[cfg(any(feature = "client", feature = "server"))]
use std::sync::Arc;

use super::params::Params;
use super::{Body, Extensions};
use crate::cookie::{CookiePair, CookiePairs};
use crate::header::HeaderMap;
use crate::method::Method;
use crate::uri::{Pairs, RequestTarget, Uri, UriError};
use crate::version::Version;

/// A request: what a server's handler is given, and what a client sends.
///
/// # Examples
///
/// ```
/// use nethttp::{Method, Request};
///
/// let mut request = Request::new(Method::POST, "/items?dry_run=1")?;
/// request.headers_mut().append("Content-Type", "text/plain")?;
/// *request.body_mut() = "hello".into();
/// assert_eq!((request.path(), request.query()), ("/items", Some("dry_run=1")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
pub struct Request {
    method: Method,
    target: RequestTarget,
    version: Version,
    headers: HeaderMap,
    body: Body,
    /// What a router has made of the path.
    pub(super) params: Params,
    extensions: Extensions,
    #[cfg(feature = "std")]
    peer: Option<SocketAddr>,
    #[cfg(feature = "std")]
    is_secure: bool,
    #[cfg(feature = "server")]
    connection: Option<Arc<dyn Any + Send + Sync>>,
    /// How a client sends it.
    #[cfg(feature = "client")]
    settings: Option<Arc<dyn Any + Send + Sync>>,
}

impl Request {
    /// Creates a request in HTTP/1.1 without fields or content.
    ///
    /// # Errors
    ///
    /// A target that is none of the four forms of
    /// [RFC 9112 §3.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2), or not one that goes with the
    /// method.
    ///
    /// ```
    /// use nethttp::{Method, Request};
    ///
    /// assert!(Request::new(Method::GET, "/a b").is_err());
    /// ```
    pub fn new(method: Method, target: impl AsRef<[u8]>) -> Result<Self, UriError> {
        let target = RequestTarget::parse(method, target.as_ref())?;
        Ok(Self { method, target, ..Self::default() })
    }

    /// Creates a request for what a URI names, in absolute form.
    #[cfg(feature = "client")]
    pub(crate) fn absolute(method: Method, uri: &Uri) -> Result<Self, UriError> {
        let target = RequestTarget::absolute(method, uri)?;
        let is_secure = uri.scheme().eq_ignore_ascii_case("https");
        Ok(Self { method, target, is_secure, ..Self::default() })
    }

    /// Returns the method.
    ///
    /// ```
    /// assert_eq!(nethttp::Request::default().method(), nethttp::Method::GET);
    /// ```
    #[must_use]
    pub const fn method(&self) -> Method {
        self.method
    }

    /// Returns the target, as it stood on the request-line: mostly a path with a query, but a client may send a whole
    /// URI. To make a link or a redirect of it there is [`uri`](Self::uri).
    ///
    /// ```
    /// assert_eq!(nethttp::Request::default().target().as_str(), "/");
    /// ```
    #[must_use]
    pub const fn target(&self) -> &RequestTarget {
        &self.target
    }

    /// Returns the target's path as it was sent: nothing is decoded, and no dot segment is removed.
    ///
    /// ```
    /// use nethttp::{Method, Request};
    ///
    /// assert_eq!(Request::new(Method::GET, "/a%20b?c")?.path(), "/a%20b");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.path()
    }

    /// Returns the part of the path that a router has used up on the way to the handler, nothing where
    /// the handler stands at the root. Together with [`subpath`](Self::subpath) it is the path.
    ///
    /// ```
    /// assert_eq!(nethttp::Request::default().mount_path(), "");
    /// ```
    #[must_use]
    pub fn mount_path(&self) -> &str {
        self.path().get(..self.params.mount()).unwrap_or_default()
    }

    /// Returns the part of the path that is the handler's own business: what is left of it behind the
    /// prefix under which the handler was mounted, and else the whole. As sent; nothing is decoded.
    ///
    /// ```
    /// assert_eq!(nethttp::Request::default().subpath(), "/");
    /// ```
    #[must_use]
    pub fn subpath(&self) -> &str {
        self.path().get(self.params.mount()..).unwrap_or_default()
    }

    /// Returns the path that is the handler's own business, and what a router makes of it.
    #[cfg(feature = "server")]
    pub(crate) fn subpath_and_params_mut(&mut self) -> (&str, &mut Params) {
        let subpath = self.target.path().get(self.params.mount()..).unwrap_or_default();
        (subpath, &mut self.params)
    }

    /// Returns the values that travel with the request.
    ///
    /// ```
    /// assert!(nethttp::Request::default().extensions().get::<String>().is_none());
    /// ```
    #[must_use]
    pub const fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// Returns the values that travel with the request, to add some.
    ///
    /// ```
    /// let mut request = nethttp::Request::default();
    /// request.extensions_mut().insert(7_u64);
    /// ```
    #[must_use]
    pub const fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.extensions
    }

    /// Returns the target's query as it was sent, without the question mark.
    ///
    /// ```
    /// use nethttp::{Method, Request};
    ///
    /// assert_eq!(Request::new(Method::GET, "/?q=1")?.query(), Some("q=1"));
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.target.query()
    }

    /// Returns the target's query as pairs of names and values, none without a query.
    ///
    /// ```
    /// use nethttp::{Method, Request};
    ///
    /// let request = Request::new(Method::GET, "/search?q=a+b&page=2")?;
    /// assert_eq!(request.query_pairs().get("q"), Some("a b".into()));
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn query_pairs(&self) -> Pairs<'_> {
        self.target.query_pairs()
    }

    /// Returns the URI that the request is about, if its connection has this scheme: its [own](Self::scheme), or that of the
    /// [caller](crate::field::forwarded::Caller::proto) behind a proxy. See [`RequestTarget::to_uri`].
    ///
    /// # Errors
    ///
    /// A target without a host, and no Host field that has one.
    ///
    /// ```
    /// use nethttp::{Method, Request};
    ///
    /// let mut request = Request::new(Method::GET, "/a?b")?;
    /// request.headers_mut().append("Host", "example.org")?;
    /// assert_eq!(request.uri("http")?, "http://example.org/a?b");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Where it is under another scheme or at another host:
    ///
    /// ```
    /// use nethttp::message::Redirect;
    /// use nethttp::{Request, Result};
    ///
    /// fn without_www(request: &mut Request) -> Result<Option<Redirect>> {
    ///     let uri = request.uri(request.scheme())?;
    ///     let Some(host) = uri.authority().and_then(|it| it.host_str().strip_prefix("www.")) else {
    ///         return Ok(None);
    ///     };
    ///     Ok(Some(Redirect::permanent(uri.with_scheme("https")?.with_host(host)?)?))
    /// }
    ///
    /// let mut request = Request::new(nethttp::Method::GET, "http://www.example.org/a?b")?;
    /// let redirect = without_www(&mut request)?.ok_or("no redirect")?;
    /// assert_eq!(redirect.location(), "https://example.org/a?b");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn uri(&self, scheme: &str) -> Result<Uri, UriError> {
        self.target.to_uri(scheme, self.host().unwrap_or_default())
    }

    /// Sets the version in which a client sends the request.
    #[cfg(feature = "client")]
    pub(crate) const fn set_version(&mut self, version: Version) {
        self.version = version;
    }

    /// Returns the version.
    ///
    /// ```
    /// assert_eq!(nethttp::Request::default().version(), nethttp::Version::HTTP_11);
    /// ```
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// Returns the fields.
    ///
    /// ```
    /// assert!(nethttp::Request::default().headers().is_empty());
    /// ```
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the fields for changes.
    ///
    /// ```
    /// let mut request = nethttp::Request::default();
    /// request.headers_mut().append("Accept", "text/html")?;
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    #[must_use]
    pub const fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    /// Returns the first value of a field as text, if it is there and UTF-8.
    ///
    /// ```
    /// assert_eq!(nethttp::Request::default().header("Accept"), None);
    /// ```
    #[must_use]
    pub fn header(&self, name: impl AsRef<[u8]>) -> Option<&str> {
        self.headers.text(name)
    }

    /// Returns the cookies, in the order of the `Cookie` field. To change some of them as well, see
    /// [`DeltaJar`](crate::cookie::DeltaJar).
    ///
    /// ```
    /// let mut request = nethttp::Request::default();
    /// request.headers_mut().append("Cookie", "sid=31d4; lang=en")?;
    /// let names: Vec<_> = request.cookies().map(|cookie| cookie.name()).collect();
    /// assert_eq!(names, [b"sid", &b"lang"[..]]);
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    pub fn cookies(&self) -> impl Iterator<Item = CookiePair<'_>> {
        CookiePairs::from_headers(&self.headers)
    }

    /// Returns the value of the first cookie of a name as text, quotes included, if it is there and UTF-8.
    /// The case of the name matters.
    ///
    /// ```
    /// let mut request = nethttp::Request::default();
    /// request.headers_mut().append("Cookie", "sid=31d4; lang=en")?;
    /// assert_eq!(request.cookie("lang"), Some("en"));
    /// assert_eq!(request.cookie("Lang"), None);
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    #[must_use]
    pub fn cookie(&self, name: impl AsRef<[u8]>) -> Option<&str> {
        let name = name.as_ref();
        self.cookies().find(|cookie| cookie.name() == name)?.text()
    }

    /// Returns the host that the request is for, with its port if one was given: from the target, if that
    /// names one, and else from Host. A target overrides Host,
    /// [RFC 9112 §3.2.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2).
    ///
    /// ```
    /// use nethttp::{Method, Request};
    ///
    /// let mut request = Request::new(Method::GET, "http://b.example:8080/")?;
    /// request.headers_mut().append("Host", "a.example")?;
    /// assert_eq!(request.host(), Some("b.example:8080"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        let authority = self.target.authority().map(|authority| authority.as_str());
        authority.or_else(|| self.header("Host"))
    }

    /// Returns the content.
    ///
    /// ```
    /// assert!(nethttp::Request::default().body().is_empty());
    /// ```
    #[must_use]
    pub const fn body(&self) -> &Body {
        &self.body
    }

    /// Returns the content, to read or to replace it.
    ///
    /// ```
    /// let mut request = nethttp::Request::default();
    /// *request.body_mut() = "hello".into();
    /// assert_eq!(request.body_mut().text()?, "hello");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub const fn body_mut(&mut self) -> &mut Body {
        &mut self.body
    }

    /// Returns the fields, and the content to read: whoever reads a form needs both.
    #[cfg(feature = "std")]
    pub(super) const fn headers_and_body_mut(&mut self) -> (&HeaderMap, &mut Body) {
        (&self.headers, &mut self.body)
    }

    /// Returns the address that the request came from, if a server received it over TCP.
    ///
    /// ```
    /// assert_eq!(nethttp::Request::default().peer(), None);
    /// ```
    #[cfg(feature = "std")]
    #[must_use]
    pub const fn peer(&self) -> Option<SocketAddr> {
        self.peer
    }

    /// Returns whether nobody on the way could read or change the request: a server received it over TLS, or whatever else its
    /// [`Transport`](crate::server::Transport) [vouches for](crate::server::Transport::is_secure), or a client sends it to an
    /// `https` URL. One that [`new`](Self::new) has made is not.
    ///
    /// Nothing that is written in a request can change this. So it says nothing of the way from the client to a proxy
    /// before the server either: behind one that ends TLS, ask
    /// [`Caller::is_secure`](crate::field::forwarded::Caller::is_secure).
    ///
    /// ```
    /// use nethttp::message::{IntoResponse, Redirect};
    /// use nethttp::server::Handler;
    /// use nethttp::{Request, Response, Result};
    ///
    /// /// A middleware that sends whoever comes without TLS to where there is some.
    /// fn https_only(request: &mut Request, next: &dyn Handler) -> Result<Response> {
    ///     if request.is_secure() {
    ///         return Ok(next.handle(request));
    ///     }
    ///     let secure = request.uri("http")?.with_scheme("https")?;
    ///     Ok(Redirect::permanent(secure)?.into_response())
    /// }
    ///
    /// let app = (|_: &mut Request| "hello").wrap(https_only);
    /// let mut request = Request::new(nethttp::Method::GET, "/a?b")?;
    /// request.headers_mut().append("Host", "example.org")?;
    /// let response = app.handle(&mut request);
    /// assert_eq!(response.header("Location"), Some("https://example.org/a?b"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "std")]
    #[must_use]
    pub const fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// Returns the scheme of the connection, for [`uri`](Self::uri): `https` if it [is secure](Self::is_secure), and else
    /// `http`.
    ///
    /// ```
    /// use nethttp::{Method, Request};
    ///
    /// /// The address of a page, for a mail.
    /// fn link(request: &Request) -> nethttp::Result<String> {
    ///     Ok(request.uri(request.scheme())?.to_string())
    /// }
    ///
    /// let mut request = Request::new(Method::GET, "/items/7")?;
    /// request.headers_mut().append("Host", "example.org")?;
    /// assert_eq!(link(&request)?, "http://example.org/items/7");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "std")]
    #[must_use]
    pub const fn scheme(&self) -> &'static str {
        if self.is_secure { "https" } else { "http" }
    }

    /// Says whether the connection over which the request comes is secure.
    #[cfg(feature = "server")]
    pub(crate) const fn set_secure(&mut self, is_secure: bool) {
        self.is_secure = is_secure;
    }

    /// Says over which connection the request comes: a value that the server knows again.
    #[cfg(feature = "server")]
    pub(crate) fn set_connection(
        &mut self,
        connection: Arc<dyn Any + Send + Sync>,
        peer: Option<SocketAddr>,
    ) {
        self.connection = Some(connection);
        self.peer = peer;
    }

    /// Returns the connection over which the request comes.
    #[cfg(feature = "server")]
    pub(crate) const fn connection(&self) -> Option<&Arc<dyn Any + Send + Sync>> {
        self.connection.as_ref()
    }

    /// Returns the same request once more, to send it again or to change one of the two. What was set for it when a client's
    /// builder made it goes along, [extensions](Self::extensions) do not.
    ///
    /// `None` if its content can be read only once: if it is not made of bytes, not a [file](Body::open), and not
    /// [replayable](Body::replayable).
    ///
    /// ```
    /// use nethttp::{Body, Method, Request};
    ///
    /// let mut request = Request::new(Method::POST, "/items")?;
    /// *request.body_mut() = "hello".into();
    /// let mut again = request.try_clone().ok_or("a request that can be sent again")?;
    /// assert_eq!(again.body_mut().text()?, "hello");
    /// *request.body_mut() = Body::reader(std::io::stdin(), None);
    /// assert!(request.try_clone().is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn try_clone(&self) -> Option<Self> {
        Some(Self {
            method: self.method,
            target: self.target.clone(),
            version: self.version,
            headers: self.headers.clone(),
            body: self.body.try_clone()?,
            params: self.params.clone(),
            extensions: Extensions::new(),
            #[cfg(feature = "std")]
            peer: self.peer,
            #[cfg(feature = "std")]
            is_secure: self.is_secure,
            #[cfg(feature = "server")]
            connection: self.connection.clone(),
            #[cfg(feature = "client")]
            settings: self.settings.clone(),
        })
    }

    /// Says how a client sends the request: a value that the client knows again.
    #[cfg(feature = "client")]
    pub(crate) fn set_settings(&mut self, settings: Arc<dyn Any + Send + Sync>) {
        self.settings = Some(settings);
    }

    /// Takes out how a client sends the request.
    #[cfg(feature = "client")]
    pub(crate) fn take_settings(&mut self) -> Option<Arc<dyn Any + Send + Sync>> {
        self.settings.take()
    }

    /// Takes over a head that was received. The memory of the last request is used again.
    #[cfg(feature = "server")]
    pub(crate) fn assign(&mut self, head: &crate::h1::RequestHead<'_, '_>) -> Result<(), UriError> {
        head.copy_target_into(&mut self.target)?;
        self.method = head.method();
        self.version = head.version();
        head.fields().copy_into(&mut self.headers);
        self.body = Body::empty();
        self.params.clear();
        self.extensions.clear();
        Ok(())
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("target", &self.target)
            .field("version", &self.version)
            .field("headers", &self.headers)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

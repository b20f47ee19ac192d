//! What a client adds to a response: where it comes from, and how it came.

use alloc::borrow::{Cow, ToOwned};
#[cfg(feature = "client")]
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::net::SocketAddr;
use core::time::Duration;

use super::Response;
use crate::field::{ContentDisposition, safe_file_name};
use crate::header::HeaderMap;
use crate::method::Method;
use crate::status::StatusCode;
use crate::uri::{PctStr, Uri};

/// What a client knows of a response that it has received. Whoever learns of something puts it here.
#[derive(Debug)]
pub(crate) struct Received {
    /// The URL that was asked last.
    pub(crate) url: Uri,
    /// The responses before this one.
    pub(crate) history: Vec<PreviousResponse>,
    pub(crate) timings: Timings,
    /// Who is at the other end of the connection.
    pub(crate) peer: Option<SocketAddr>,
    /// The client undoes the content codings.
    pub(crate) is_decoded: bool,
    /// The connection had been used before.
    pub(crate) is_reused: bool,
}

#[cfg(feature = "client")]
impl Received {
    pub(crate) const fn new(url: Uri) -> Self {
        Self {
            url,
            history: Vec::new(),
            timings: Timings::NONE,
            peer: None,
            is_decoded: false,
            is_reused: false,
        }
    }
}

/// An earlier response on the way to the one that was received: a redirect that was followed, or a request for credentials that
/// was answered. What was tried again for another reason is not told of. See [`Response::history`].
///
/// # Examples
///
/// ```no_run
/// let response = nethttp::get("http://example.org/old").send()?;
/// for previous in response.history() {
///     println!("{} {} {:?}", previous.status(), previous.url(), previous.headers().text("Location"));
/// }
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct PreviousResponse {
    method: Method,
    url: Uri,
    status: StatusCode,
    headers: HeaderMap,
}

impl PreviousResponse {
    /// Keeps what is told of a response that is given up for another.
    #[cfg(feature = "client")]
    pub(crate) const fn new(
        method: Method,
        url: Uri,
        status: StatusCode,
        headers: HeaderMap,
    ) -> Self {
        Self { method, url, status, headers }
    }

    /// Returns the method of the request.
    ///
    /// ```no_run
    /// let response = nethttp::post("http://example.org/form").send()?;
    /// assert!(response.history().iter().all(|previous| previous.method() == nethttp::Method::POST));
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn method(&self) -> Method {
        self.method
    }

    /// Returns the URL of the request.
    ///
    /// ```no_run
    /// let response = nethttp::get("http://example.org/").send()?;
    /// let first = response.history().first().map(|previous| previous.url());
    /// assert!(first.is_none_or(|url| *url == "http://example.org/"));
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn url(&self) -> &Uri {
        &self.url
    }

    /// Returns the status of the response.
    ///
    /// ```no_run
    /// let response = nethttp::get("http://example.org/").send()?;
    /// assert!(response.history().iter().all(|previous| previous.status().is_redirection()));
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the fields of the response, `Location` and `Set-Cookie` among them.
    ///
    /// ```no_run
    /// let response = nethttp::get("http://example.org/").send()?;
    /// let places = response.history().iter().filter_map(|previous| previous.headers().text("Location"));
    /// println!("{:?}", places.collect::<Vec<_>>());
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }
}

/// How long the steps of an exchange took: those of the request that was answered last, but for the
/// [total](Self::total). A step that there was not is `None`.
///
/// # Examples
///
/// ```
/// use nethttp::{Response, StatusCode};
///
/// let timings = Response::new(StatusCode::OK).timings();
/// assert_eq!(timings.first_byte, None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timings {
    /// Looking up the name of the host, or of its proxy, or both; `None` for an address, and on a connection that is used
    /// again.
    pub resolve: Option<Duration>,
    /// Connecting, to what a proxy needs included, without TLS; `None` on a connection that is used again.
    pub connect: Option<Duration>,
    /// Making the connection secure; `None` without TLS, and on a connection that is used again.
    pub tls: Option<Duration>,
    /// Sending the request, its body included.
    pub send: Option<Duration>,
    /// From the end of the request to the first byte of the response, be it an interim one.
    pub first_byte: Option<Duration>,
    /// From the call of `send` to the end of the response's head, earlier hops and attempts included. The body comes
    /// after that, as fast as it is read.
    pub total: Option<Duration>,
}

impl Timings {
    /// Nothing was measured.
    ///
    /// ```
    /// use nethttp::message::Timings;
    ///
    /// assert_eq!(Timings::NONE, Timings::default());
    /// ```
    pub const NONE: Self =
        Self { resolve: None, connect: None, tls: None, send: None, first_byte: None, total: None };
}

impl Response {
    /// Creates the response that a client received.
    #[cfg(feature = "client")]
    pub(crate) fn received(head: &crate::h1::ResponseHead<'_, '_>, url: Uri) -> Self {
        let mut response = Self::new(head.status());
        response.version = head.version();
        response.reason = Some(head.reason().into());
        head.fields().copy_into(&mut response.headers);
        response.received = Some(Box::new(Received::new(url)));
        response
    }

    /// Returns what a client knows of the response, for changes. One that was not received, but made by whoever stands
    /// in for a server, is taken to come from that URL.
    #[cfg(feature = "client")]
    pub(crate) fn received_from(&mut self, url: &Uri) -> &mut Received {
        self.received.get_or_insert_with(|| Box::new(Received::new(url.clone())))
    }

    /// Returns the URL that a client has this response from: the last one, if there were redirects.
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// assert!(Response::new(StatusCode::OK).url().is_none());
    /// ```
    #[must_use]
    pub fn url(&self) -> Option<&Uri> {
        self.received.as_deref().map(|received| &received.url)
    }

    /// Returns the responses that a client has had on the way to this one, the first one first.
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// assert!(Response::new(StatusCode::OK).history().is_empty());
    /// ```
    #[must_use]
    pub fn history(&self) -> &[PreviousResponse] {
        self.received.as_deref().map_or(&[], |received| &received.history)
    }

    /// Returns how long the steps of the exchange took.
    ///
    /// ```no_run
    /// let response = nethttp::get("http://example.org/").send()?;
    /// println!("answered within {:?}", response.timings().first_byte);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn timings(&self) -> Timings {
        self.received.as_deref().map_or(Timings::NONE, |received| received.timings)
    }

    /// Returns the address that a client has this response from: that of the server, or of a proxy. `None` if
    /// none has received it, or not over TCP.
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// assert_eq!(Response::new(StatusCode::OK).peer(), None);
    /// ```
    #[must_use]
    pub fn peer(&self) -> Option<SocketAddr> {
        self.received.as_deref()?.peer
    }

    /// Returns whether a client undoes content codings of the response, so that its body is not what comes over the
    /// connection. `Content-Encoding` and `Content-Length`, which say nothing of the body then, are gone.
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// assert!(!Response::new(StatusCode::OK).is_decoded());
    /// ```
    #[must_use]
    pub fn is_decoded(&self) -> bool {
        self.received.as_deref().is_some_and(|received| received.is_decoded)
    }

    /// Returns whether a client has received it over a connection that had been used before.
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// assert!(!Response::new(StatusCode::OK).is_reused());
    /// ```
    #[must_use]
    pub fn is_reused(&self) -> bool {
        self.received.as_deref().is_some_and(|received| received.is_reused)
    }

    /// Returns the name under which the content can be kept: the one that Content-Disposition proposes,
    /// [RFC 6266 §4.3](https://www.rfc-editor.org/rfc/rfc6266#section-4.3), or else the last segment of the
    /// [URL](Self::url)'s path. `None` where neither leaves a name, as with `http://example.org/`.
    ///
    /// Either comes from a stranger; what becomes of it says [`safe_file_name`](safe_file_name()).
    /// Whether a file of that name is there already is not looked at.
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// let response = Response::new(StatusCode::OK)
    ///     .with_header("Content-Disposition", "attachment; filename=\"../../.bashrc\"")?;
    /// assert_eq!(response.safe_file_name().as_deref(), Some("_bashrc"));
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    #[must_use]
    pub fn safe_file_name(&self) -> Option<String> {
        // Where several are proposed, none is taken.
        let proposed = ContentDisposition::from_headers(&self.headers).ok().flatten();
        let named = proposed.as_ref().and_then(ContentDisposition::safe_file_name);
        named.map(Cow::into_owned).or_else(|| file_name_in(self.url()?))
    }
}

/// Returns what the last segment of a path says that a file is called, if that is safe.
pub(crate) fn file_name_in(url: &Uri) -> Option<String> {
    let (_, last) = url.path().rsplit_once('/')?;
    safe_file_name(&PctStr::new(last).decode_lossy()).map(|name| name.as_ref().to_owned())
}

#[cfg(all(test, feature = "client"))]
mod tests {
    use super::*;
    use crate::h1::{ClientConnection, ClientEvent, Config};

    fn uri(text: &str) -> Uri {
        Uri::parse(text).unwrap()
    }

    #[test]
    fn what_a_client_has_learnt_can_be_asked_for() {
        let mut response = Response::new(StatusCode::OK);
        assert_eq!((response.url(), response.timings()), (None, Timings::NONE));
        let received = response.received_from(&uri("http://a/last"));
        let headers = HeaderMap::new();
        let previous = PreviousResponse::new(
            Method::POST,
            uri("http://a/first"),
            StatusCode::SEE_OTHER,
            headers,
        );
        received.history.push(previous);
        received.timings.tls = Some(Duration::from_millis(7));
        received.peer = Some(([127, 0, 0, 1], 80).into());
        (received.is_decoded, received.is_reused) = (true, true);
        // It comes from where it came from, whoever asks.
        response.received_from(&uri("http://b/"));
        assert_eq!(response.url(), Some(&uri("http://a/last")));
        let [previous] = response.history() else { panic!("{:?}", response.history()) };
        assert_eq!((previous.method(), previous.status()), (Method::POST, StatusCode::SEE_OTHER));
        assert_eq!((previous.url(), previous.headers().len()), (&uri("http://a/first"), 0));
        assert_eq!(response.timings().tls, Some(Duration::from_millis(7)));
        assert_eq!(response.peer().unwrap().port(), 80);
        assert!(response.is_decoded() && response.is_reused());
    }

    #[test]
    fn a_url_names_a_file() {
        for (url, expected) in [
            ("http://a/b/c.iso?d/e#f", Some("c.iso")),
            ("http://a/na%C3%AFve%20b.txt", Some("na\u{ef}ve b.txt")),
            ("http://a/b%2F..%2Fc", Some("c")),
            ("http://a/.bashrc", Some("_bashrc")),
            ("http://a/b/", None),
            ("http://a", None),
            ("http://a/%2E%2E", None),
        ] {
            assert_eq!(file_name_in(&uri(url)).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn a_response_is_made_of_the_head_that_came() {
        let mut connection = ClientConnection::new(&Config::CLIENT);
        let (mut headers, mut out) = (HeaderMap::new(), Vec::new());
        headers.append("Host", "a").unwrap();
        connection.send_request(Method::GET, b"/", &headers, None, &mut out).unwrap();
        let (_, event) = connection.receive(b"HTTP/1.0 200 Fine\r\nA: b\r\n\r\n").unwrap();
        let ClientEvent::Response(head) = event else { panic!("{event:?}") };
        let response = Response::received(&head, uri("http://a/"));
        assert_eq!(response.reason(), Some(&b"Fine"[..]));
        assert_eq!((response.header("a"), response.url()), (Some("b"), Some(&uri("http://a/"))));
    }

    #[track_caller]
    fn is_kept_as(disposition: Option<&str>, url: &str, expected: Option<&str>) {
        let mut response = Response::new(StatusCode::OK);
        response.received_from(&uri(url));
        if let Some(value) = disposition {
            response.headers_mut().append("Content-Disposition", value).unwrap();
        }
        assert_eq!(response.safe_file_name().as_deref(), expected, "{disposition:?} {url}");
    }

    #[test]
    fn a_download_has_a_safe_name() {
        let from_url = |url, expected| is_kept_as(None, url, expected);
        from_url("http://a/b/report.pdf?c=/d#/e", Some("report.pdf"));
        from_url("http://a/na%C3%AFve%20plan.txt", Some("naïve plan.txt"));
        from_url("http://a/%2e%2e%2fetc%2fpasswd", Some("passwd"));
        from_url("http://a/b%5Cc.txt", Some("c.txt"));
        from_url("http://a/b+c.txt", Some("b+c.txt"));
        from_url("http://a/%FF.txt", Some("\u{fffd}.txt"));
        from_url("http://a/.htaccess", Some("_htaccess"));
        from_url("http://a/nul", Some("_nul"));
        from_url("http://a/b/", None);
        from_url("http://a", None);
        from_url("http://a/b/..", None);
        let url = "http://a/b.txt";
        is_kept_as(Some("attachment; filename=c.txt"), url, Some("c.txt"));
        is_kept_as(Some("inline; filename*=UTF-8''%e2%82%ac.txt"), url, Some("€.txt"));
        is_kept_as(Some("attachment; filename=\"a/../c.txt\""), url, Some("c.txt"));
        is_kept_as(Some("attachment; filename=\"..\""), url, Some("b.txt"));
        is_kept_as(Some("attachment"), url, Some("b.txt"));
    }

    #[test]
    fn without_a_url_only_a_proposed_name_counts() {
        let mut response = Response::new(StatusCode::OK);
        assert_eq!(response.safe_file_name(), None);
        response.headers_mut().append("Content-Disposition", "attachment; filename=a").unwrap();
        assert_eq!(response.safe_file_name().as_deref(), Some("a"));
        response.headers_mut().append("Content-Disposition", "attachment; filename=b").unwrap();
        assert_eq!(response.safe_file_name(), None, "two names are none");
    }
}

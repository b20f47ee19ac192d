//! What a caller's function sees of a redirect, and can do about it.

use std::error::Error as StdError;
use std::fmt;

use super::{Answer, Follow, Sent, fields, location};
use crate::error::{Error, RedirectErrorKind};
use crate::header::HeaderMap;
use crate::method::Method;
use crate::status::StatusCode;
use crate::uri::Uri;

/// A redirect that is about to be followed: what
/// [`Redirects::on_hop`](super::Redirects::on_hop) is given.
///
/// There are three parts to it: the request that was sent, the response that redirects, and the request that comes next.
/// The next request has what the rules of [`Redirects`](super::Redirects) leave of the first one, and can be
/// changed. Nothing else need be done for it to be sent.
///
/// # Examples
///
/// Stay with one host, and have the redirect in hand where it leads elsewhere:
///
/// ```
/// use nethttp::client::Redirects;
///
/// let redirects = Redirects::limit(10).on_hop(|hop| {
///     if hop.is_to_another_server() {
///         hop.stop();
///     }
/// });
/// ```
pub struct Hop<'a> {
    sent: &'a Sent<'a>,
    answer: &'a Answer<'a>,
    count: u32,
    next: Follow,
    verdict: Verdict,
}

/// What the caller's function has decided.
#[derive(Debug)]
pub(super) enum Verdict {
    Follow,
    Stop,
    Fail(Error),
}

impl<'a> Hop<'a> {
    pub(super) fn new(
        sent: &'a Sent<'a>,
        answer: &'a Answer<'a>,
        count: u32,
        next: Follow,
    ) -> Self {
        Self { sent, answer, count, next, verdict: Verdict::Follow }
    }

    pub(super) fn decide(self) -> (Verdict, Follow) {
        (self.verdict, self.next)
    }

    /// Returns how many redirects there are with this one; the first is 1.
    ///
    /// ```
    /// use nethttp::client::Redirects;
    ///
    /// let redirects = Redirects::limit(10).on_hop(|hop| println!("{}: {}", hop.count(), hop.url()));
    /// ```
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// Returns the status of the response that redirects.
    ///
    /// ```
    /// use nethttp::client::Redirects;
    ///
    /// let redirects = Redirects::limit(10).on_hop(|hop| {
    ///     if [301, 308].contains(&hop.status().as_u16()) {
    ///         println!("update the link to {}", hop.previous_url());
    ///     }
    /// });
    /// ```
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.answer.status
    }

    /// Returns the fields of the response that redirects.
    ///
    /// ```
    /// use nethttp::client::Redirects;
    ///
    /// let redirects = Redirects::limit(10)
    ///     .on_hop(|hop| println!("{:?}", hop.response_headers().text("Location")));
    /// ```
    #[must_use]
    pub const fn response_headers(&self) -> &HeaderMap {
        self.answer.headers
    }

    /// Returns the method of the request that was redirected.
    ///
    /// ```
    /// use nethttp::client::Redirects;
    ///
    /// let redirects = Redirects::limit(10)
    ///     .on_hop(|hop| println!("{} becomes {}", hop.previous_method(), hop.method()));
    /// ```
    #[must_use]
    pub const fn previous_method(&self) -> Method {
        self.sent.method
    }

    /// Returns the URL that was redirected.
    ///
    /// ```
    /// use nethttp::client::Redirects;
    ///
    /// let redirects = Redirects::limit(10)
    ///     .on_hop(|hop| println!("{} leads to {}", hop.previous_url(), hop.url()));
    /// ```
    #[must_use]
    pub const fn previous_url(&self) -> &Uri {
        self.sent.url
    }

    /// Returns the fields of the request that was redirected.
    ///
    /// ```
    /// use nethttp::client::Redirects;
    ///
    /// let redirects = Redirects::limit(10)
    ///     .on_hop(|hop| println!("{} of {}", hop.headers().len(), hop.previous_headers().len()));
    /// ```
    #[must_use]
    pub const fn previous_headers(&self) -> &HeaderMap {
        self.sent.headers
    }

    /// Returns the method of the next request.
    ///
    /// ```
    /// use nethttp::Method;
    /// use nethttp::client::Redirects;
    ///
    /// let redirects = Redirects::limit(10).on_hop(|hop| {
    ///     if hop.method() != Method::GET {
    ///         hop.stop();
    ///     }
    /// });
    /// ```
    #[must_use]
    pub const fn method(&self) -> Method {
        self.next.method
    }

    /// Sets the method of the next request. Whether it has content is another question,
    /// [`drop_content`](Self::drop_content).
    ///
    /// ```
    /// use nethttp::client::Redirects;
    ///
    /// let redirects = Redirects::limit(10).on_hop(|hop| hop.set_method(hop.previous_method()));
    /// ```
    pub const fn set_method(&mut self, method: Method) {
        self.next.method = method;
    }

    /// Returns the URL of the next request.
    ///
    /// ```
    /// use nethttp::client::Redirects;
    ///
    /// let redirects = Redirects::limit(10).on_hop(|hop| println!("{}", hop.url()));
    /// ```
    #[must_use]
    pub const fn url(&self) -> &Uri {
        &self.next.url
    }

    /// Sets the URL of the next request, which may be relative to the one it has. What may not go to where it leads is
    /// taken out of the fields, as for any redirect; fields that are set afterwards stay. A URL that cannot be followed
    /// [fails](Self::fail).
    ///
    /// ```
    /// use nethttp::client::Redirects;
    ///
    /// // A server behind a proxy that does not know of its TLS.
    /// let redirects = Redirects::limit(10).on_hop(|hop| {
    ///     if let Ok(url) = hop.url().with_scheme("https") {
    ///         hop.set_url(url);
    ///     }
    /// });
    /// ```
    pub fn set_url(&mut self, url: impl AsRef<str>) {
        match location::resolve(&self.next.url, url.as_ref().as_bytes()) {
            Ok(url) => {
                fields::for_another_url(&mut self.next.headers, self.sent.url, &url);
                self.next.url = url;
            }
            Err(error) => self.end(Verdict::Fail(error)),
        }
    }

    /// Returns whether the next request goes to another server than the one that redirects: to another scheme, host or
    /// port, but for https at port 443 after http at port 80 of the same host.
    ///
    /// ```
    /// use nethttp::client::Redirects;
    ///
    /// let redirects = Redirects::limit(10).on_hop(|hop| {
    ///     if hop.is_to_another_server() {
    ///         hop.strip("X-Api-Key");
    ///     }
    /// });
    /// ```
    #[must_use]
    pub fn is_to_another_server(&self) -> bool {
        !fields::is_same_server(self.sent.url, &self.next.url)
    }

    /// Returns the fields of the next request, those of the client's own (Host, Cookie out of the jar) not among
    /// them.
    ///
    /// ```
    /// use nethttp::client::Redirects;
    ///
    /// let redirects = Redirects::limit(10).on_hop(|hop| println!("{:?}", hop.headers()));
    /// ```
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.next.headers
    }

    /// Returns the fields of the next request to be changed.
    ///
    /// ```
    /// use nethttp::client::Redirects;
    ///
    /// // Where the user comes from is nobody else's business.
    /// let redirects = Redirects::limit(10).on_hop(|hop| {
    ///     if !hop.is_to_another_server() {
    ///         let referer = hop.previous_url().without_fragment();
    ///         let _ = hop.headers_mut().insert("Referer", referer);
    ///     }
    /// });
    /// ```
    #[must_use]
    pub const fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.next.headers
    }

    /// Removes every field of a name from the next request, and so from all that come after it.
    ///
    /// ```
    /// use nethttp::client::Redirects;
    ///
    /// let redirects = Redirects::limit(10).on_hop(|hop| hop.strip("X-Api-Key"));
    /// ```
    pub fn strip(&mut self, name: impl AsRef<[u8]>) {
        self.next.headers.remove(name);
    }

    /// Returns whether the next request has the content of this one.
    ///
    /// ```
    /// use nethttp::client::Redirects;
    ///
    /// let redirects = Redirects::limit(10).on_hop(|hop| {
    ///     if hop.has_content() && hop.is_to_another_server() {
    ///         hop.stop();
    ///     }
    /// });
    /// ```
    #[must_use]
    pub const fn has_content(&self) -> bool {
        self.next.content
    }

    /// Sends the next request without content, and without the fields that describe it.
    ///
    /// ```
    /// use nethttp::Method;
    /// use nethttp::client::Redirects;
    ///
    /// let redirects = Redirects::limit(10).on_hop(|hop| {
    ///     hop.set_method(Method::GET);
    ///     hop.drop_content();
    /// });
    /// ```
    pub fn drop_content(&mut self) {
        self.next.content = false;
        fields::without_content(&mut self.next.headers);
    }

    /// Stops here: the response that redirects is what the caller gets.
    ///
    /// ```
    /// use nethttp::client::Redirects;
    ///
    /// let redirects = Redirects::limit(10).on_hop(|hop| {
    ///     if hop.url().path() == "/login" {
    ///         hop.stop();
    ///     }
    /// });
    /// ```
    pub fn stop(&mut self) {
        self.end(Verdict::Stop);
    }

    /// Fails: the caller gets an error of the kind [`Refused`](RedirectErrorKind::Refused), with this one as its
    /// [`source`](std::error::Error::source). What is said first holds.
    ///
    /// ```
    /// use nethttp::client::Redirects;
    ///
    /// let redirects = Redirects::limit(10).on_hop(|hop| {
    ///     if !hop.url().as_str().starts_with("https://example.org/") {
    ///         hop.fail("expected to stay with example.org");
    ///     }
    /// });
    /// ```
    pub fn fail(&mut self, error: impl Into<Box<dyn StdError + Send + Sync>>) {
        let url = self.next.url.as_str();
        let text = format!("expected the redirect to {url} to be allowed");
        let refused = location::refused(RedirectErrorKind::Refused, text);
        self.end(Verdict::Fail(refused.with_source(error)));
    }

    fn end(&mut self, verdict: Verdict) {
        if matches!(self.verdict, Verdict::Follow) {
            self.verdict = verdict;
        }
    }
}

/// Shows the two URLs; fields may hold secrets.
impl fmt::Debug for Hop<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hop")
            .field("count", &self.count)
            .field("status", &self.answer.status)
            .field("previous_method", &self.sent.method)
            .field("previous_url", &self.sent.url.without_userinfo())
            .field("method", &self.next.method)
            .field("url", &self.next.url)
            .field("verdict", &self.verdict)
            .finish_non_exhaustive()
    }
}

//! A name for every request, by which what several programs have written about it can be found.

use crate::header::HeaderName;
use crate::message::{Request, Response};
use crate::random::random_bits;
use crate::server::{Handler, Middleware};

/// The field by which most programs pass it on.
const X_REQUEST_ID: HeaderName = HeaderName::from_static("X-Request-Id");
/// A client does not decide how long the lines of the log are.
const MAX_LEN: usize = 128;

/// Gives every request a [`RequestId`]: a [`Middleware`].
///
/// It is left with the request's [extensions](Request::extensions), where handlers and the
/// [log](super::AccessRecord::request_id) find it, and sent with the response as `X-Request-Id`, in place of one that the
/// handler has set.
///
/// # Examples
///
/// ```
/// use nethttp::Request;
/// use nethttp::server::{Handler, RequestId, RequestIds};
///
/// let handler = |request: &mut Request| {
///     request.extensions().get::<RequestId>().map(|id| format!("this is {id}"))
/// };
/// let response = handler.wrap(RequestIds::DEFAULT).handle(&mut Request::default());
/// assert_eq!(response.header("X-Request-Id").map(str::len), Some(32));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestIds {
    /// Whether the client may choose.
    pub trust: bool,
}

impl RequestIds {
    /// Every request gets one that was never there before.
    pub const DEFAULT: Self = Self { trust: false };

    /// Sets whether a request that has an `X-Request-Id` keeps it. That is for servers behind a proxy that sets it
    /// itself: others could give all of their requests one name, or the name of somebody else's.
    ///
    /// It is kept if it is one value of 1 to 128 letters, digits and `- . _ ~ + / = : ; @`.
    ///
    /// ```
    /// use nethttp::Request;
    /// use nethttp::server::{Handler, RequestIds};
    ///
    /// let app = (|_: &mut Request| "hello").wrap(RequestIds::DEFAULT.trust(true));
    /// let mut request = Request::default();
    /// request.headers_mut().append("X-Request-Id", "from-the-proxy")?;
    /// assert_eq!(app.handle(&mut request).header("X-Request-Id"), Some("from-the-proxy"));
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    #[must_use]
    pub const fn trust(mut self, trust: bool) -> Self {
        self.trust = trust;
        self
    }

    fn id(self, request: &Request) -> RequestId {
        let sent = if self.trust { sent(request) } else { None };
        RequestId(sent.map_or_else(|| format!("{:032x}", random_bits()), str::to_owned))
    }
}

impl Default for RequestIds {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Middleware for RequestIds {
    fn handle(&self, request: &mut Request, next: &dyn Handler) -> Response {
        let id = self.id(request);
        request.extensions_mut().insert(id.clone());
        let mut response = next.handle(request);
        // A map without room goes without.
        let _ = response.headers_mut().insert(X_REQUEST_ID, id.as_str());
        response
    }
}

/// Returns what the client, or the proxy before it, has chosen.
fn sent(request: &Request) -> Option<&str> {
    let mut values = request.headers().get_all(X_REQUEST_ID);
    let (first, None) = (values.next()?, values.next()) else {
        return None;
    };
    let is_good = |&byte: &u8| byte.is_ascii_alphanumeric() || b"-._~+/=:;@".contains(&byte);
    let all_good = (1..=MAX_LEN).contains(&first.len()) && first.iter().all(is_good);
    all_good.then(|| str::from_utf8(first).ok()).flatten()
}

/// The name of one request: see [`RequestIds`].
///
/// # Examples
///
/// ```
/// use nethttp::Request;
/// use nethttp::server::RequestId;
///
/// fn handler(request: &mut Request) -> String {
///     match request.extensions().get::<RequestId>() {
///         Some(id) => format!("If this is wrong, write to us about {id}."),
///         None => "Something is wrong.".to_owned(),
///     }
/// }
/// # let _ = handler(&mut Request::default());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// Returns the name: one that was made here has 32 hexadecimal digits.
    ///
    /// ```
    /// use nethttp::Request;
    /// use nethttp::server::RequestId;
    ///
    /// let id = |request: &Request| Some(request.extensions().get::<RequestId>()?.as_str().to_owned());
    /// assert_eq!(id(&Request::default()), None);
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for RequestId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The name of a request with these, which is the one that is sent.
    fn named(ids: RequestIds, sent: &[&str]) -> String {
        let mut request = Request::default();
        for id in sent {
            request.headers_mut().append("x-request-id", id).unwrap();
        }
        let handler = |request: &mut Request| {
            let id = request.extensions().get::<RequestId>().map(ToString::to_string);
            crate::message::IntoResponse::into_response(id)
                .with_header("X-Request-Id", "mine")
                .unwrap()
        };
        let response = handler.wrap(ids).handle(&mut request);
        let values: Vec<_> = response.headers().get_all("X-Request-Id").collect();
        let id = String::from_utf8(values.concat()).unwrap();
        assert_eq!((values.len(), response.text().unwrap()), (1, id.clone()));
        id
    }

    #[test]
    fn every_request_has_one_of_its_own() {
        let ids = [0; 50].map(|_| named(RequestIds::DEFAULT, &["known"]));
        for (at, id) in ids.iter().enumerate() {
            assert!(id.len() == 32 && id.bytes().all(|it| it.is_ascii_hexdigit()), "{id}");
            assert!(!ids[..at].contains(id));
        }
    }

    #[test]
    fn one_that_is_sent_is_kept_if_it_is_trusted_and_good() {
        let trusting = RequestIds::default().trust(true);
        let long = "a".repeat(128);
        for good in ["a", "Root=1-67891233-abcdef012345678912345678", "9b/c+d==", &long] {
            assert_eq!(named(trusting, &[good]), good);
        }
        let long = "a".repeat(129);
        for bad in [&["", "a"][..], &["a", "a"], &["a b"], &["a\"b"], &["é"], &["<b>"], &[&long]] {
            assert_eq!(named(trusting, bad).len(), 32, "{bad:?}");
        }
        assert_eq!(named(trusting, &[]).len(), 32);
    }
}

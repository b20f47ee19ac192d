//! What stands around an exchange: logs, caches, signatures, and what takes its place in a test.

use std::fmt;
use std::sync::Arc;

use super::exchange::Leg;
use crate::error::Error;
use crate::message::{Request, Response};

/// Makes one response of one request: a layer around the connection, or something in its place.
///
/// Layers are set up with [`ClientBuilder::layer`](super::ClientBuilder::layer). Each sees every request that the client sends,
/// those of redirects, logins and retries too, as it goes out: with an absolute target and all its fields. It
/// may change the request, hand it to the [`next`](Next) layer as often as it likes or not at all, and change the response. What the client
/// does with the response stands above all layers: cookies, redirects, content codings.
///
/// Functions of this shape are layers.
///
/// # A request that is sent elsewhere
///
/// A request for another URL goes there, by the way that leads there, with the Host of that URL in the place of that of the
/// call. All its other fields go along, with the credentials and the cookies that are meant for the server of the call: the
/// client does not know whether the other one may have them. A layer that does not trust it with them takes out what
/// [no redirect takes along](super::Redirects#what-goes-along). The response counts as one of the server of the call: so do the
/// cookies that it sets, and a relative Location leads on from the URL of the call.
///
/// # Examples
///
/// A log:
///
/// ```
/// use nethttp::client::Next;
/// use nethttp::{Client, Request};
///
/// let client = Client::builder()
///     .layer(|request: &mut Request, next: Next<'_>| {
///         let line = format!("{} {}", request.method(), request.target());
///         let response = next.exchange(request)?;
///         eprintln!("{line} {}", response.status());
///         Ok(response)
///     })
///     .build()?;
/// # Ok::<(), nethttp::Error>(())
/// ```
///
/// A server that is none:
///
/// ```
/// use nethttp::client::Next;
/// use nethttp::message::IntoResponse;
/// use nethttp::{Client, Request};
///
/// let client = Client::builder()
///     .layer(|request: &mut Request, _: Next<'_>| Ok(request.path().to_owned().into_response()))
///     .build()?;
/// assert_eq!(client.get("http://example.org/hello").send()?.text()?, "/hello");
/// # Ok::<(), nethttp::Error>(())
/// ```
///
/// A mirror that is told no secrets:
///
/// ```
/// use nethttp::client::Next;
/// use nethttp::{Client, Request, Response};
///
/// fn mirrored(request: &mut Request, next: Next<'_>) -> nethttp::Result<Response> {
///     let url = format!("http://mirror.example.net{}", request.path());
///     let mut elsewhere = Request::new(request.method(), url)?;
///     *elsewhere.headers_mut() = request.headers().clone();
///     for secret in ["Authorization", "Cookie"] {
///         elsewhere.headers_mut().remove(secret);
///     }
///     let mut response = next.exchange(&mut elsewhere)?;
///     response.headers_mut().remove("Set-Cookie");
///     Ok(response)
/// }
/// # use nethttp::message::IntoResponse;
/// # let mirror = |request: &mut Request, _: Next<'_>| {
/// #     assert_eq!(request.target().as_str(), "http://mirror.example.net/a");
/// #     assert!(!request.headers().contains_key("Authorization"));
/// #     Ok("hello".into_response())
/// # };
///
/// let client = Client::builder().layer(mirrored);
/// # let client = client.layer(mirror).build()?;
/// # let response = client.get("http://example.org/a").basic_auth("ada", "sesame").send()?;
/// # assert_eq!(response.text()?, "hello");
/// # Ok::<(), nethttp::Error>(())
/// ```
///
/// A budget of requests, with [an error](Error::other) when it is used up:
///
/// ```
/// use std::sync::atomic::{AtomicU32, Ordering};
///
/// use nethttp::client::{Exchange, Next};
/// use nethttp::{Error, Request, Response};
///
/// struct Budget {
///     left: AtomicU32,
/// }
///
/// impl Exchange for Budget {
///     fn exchange(&self, request: &mut Request, next: Next<'_>) -> nethttp::Result<Response> {
///         let take = |left: u32| left.checked_sub(1);
///         match self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take) {
///             Ok(_) => next.exchange(request),
///             Err(_) => Err(Error::other("the budget is used up")),
///         }
///     }
/// }
///
/// let client = nethttp::Client::builder().layer(Budget { left: AtomicU32::new(0) }).build()?;
/// let error = client.get("http://example.org/").send().unwrap_err();
/// assert_eq!(error.to_string(), "the budget is used up");
/// # Ok::<(), Error>(())
/// ```
pub trait Exchange: Send + Sync {
    /// Makes the response.
    ///
    /// # Errors
    ///
    /// Whatever stands in the way of one: what the [`next`](Next) layer reports, or [another error](Error::other). Any status
    /// is a response.
    fn exchange(&self, request: &mut Request, next: Next<'_>) -> Result<Response, Error>;
}

impl<F> Exchange for F
where
    F: Fn(&mut Request, Next<'_>) -> Result<Response, Error> + Send + Sync,
{
    fn exchange(&self, request: &mut Request, next: Next<'_>) -> Result<Response, Error> {
        self(request, next)
    }
}

/// The layers below one, and the connection below these.
///
/// # Examples
///
/// ```
/// use nethttp::client::Next;
/// use nethttp::{Request, Response};
///
/// fn twice(request: &mut Request, next: Next<'_>) -> nethttp::Result<Response> {
///     let response = next.exchange(request)?;
///     if response.status().is_server_error() { next.exchange(request) } else { Ok(response) }
/// }
///
/// let client = nethttp::Client::builder().layer(twice).build()?;
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Next<'a> {
    layers: &'a [Arc<dyn Exchange>],
    leg: &'a Leg<'a>,
}

impl<'a> Next<'a> {
    pub(super) const fn new(layers: &'a [Arc<dyn Exchange>], leg: &'a Leg<'a>) -> Self {
        Self { layers, leg }
    }

    /// Sends the request on its way and waits for the head of the response.
    ///
    /// A body that can be read only once is used up then.
    ///
    /// # Errors
    ///
    /// As for [`send`](super::RequestBuilder::send).
    ///
    /// ```
    /// # use nethttp::client::Next;
    /// # use nethttp::{Request, Response};
    /// fn signed(request: &mut Request, next: Next<'_>) -> nethttp::Result<Response> {
    ///     request.headers_mut().insert("X-Signature", "42")?;
    ///     next.exchange(request)
    /// }
    /// # let _ = nethttp::Client::builder().layer(signed);
    /// ```
    pub fn exchange(self, request: &mut Request) -> Result<Response, Error> {
        match self.layers.split_first() {
            Some((layer, layers)) => layer.exchange(request, Self { layers, ..self }),
            None => self.leg.perform(request),
        }
    }
}

impl fmt::Debug for Next<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Next").field("layers", &self.layers.len()).finish_non_exhaustive()
    }
}

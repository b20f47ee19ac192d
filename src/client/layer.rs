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
pub trait Exchange: Send + Sync {
    /// Makes the response.
    ///
    /// # Errors
    ///
    /// Whatever stands in the way of one. Any status is a response.
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

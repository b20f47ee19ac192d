//! What the handlers of a mock return.

use crate::error::{Error, ErrorKind};
use crate::message::{IntoResponse, Response};

/// An exchange that fails, in the place of a response: with an error of some kind, or with any [`Error`], which `?` makes one.
///
/// # Examples
///
/// A host that cannot be reached at first:
///
/// ```
/// use nethttp::error::ErrorKind;
/// use nethttp::mock::{Failure, Mock};
/// use nethttp::{Client, Method};
///
/// let mock = Mock::new()
///     .once(Method::GET, "http://a.example/", |_| Failure::new(ErrorKind::Connect))
///     .on(Method::GET, "http://a.example/", |_| "hello");
/// let client = Client::builder().layer(mock).build()?;
/// let error = client.get("http://a.example/").send().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Connect);
/// assert_eq!(client.get("http://a.example/").send()?.text()?, "hello");
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Debug)]
pub struct Failure {
    error: Error,
}

impl Failure {
    /// Creates a failure that the client reports as an [`Error`] of this kind. [`Receive`](ErrorKind::Receive) is a
    /// connection that is lost before the head of a response is complete.
    ///
    /// ```
    /// use nethttp::error::{ErrorKind, Phase};
    /// use nethttp::mock::{Failure, Mock};
    ///
    /// let mock = Mock::answering(|_| Failure::new(ErrorKind::Timeout(Phase::FirstByte)));
    /// let client = nethttp::Client::builder().layer(mock).build()?;
    /// assert!(client.get("http://a.example/").send().unwrap_err().is_timeout());
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn new(kind: ErrorKind) -> Self {
        Self { error: Error::new(kind) }
    }

    pub(super) fn into_error(self) -> Error {
        self.error
    }
}

/// What a layer fails with:
///
/// ```
/// use nethttp::Error;
/// use nethttp::mock::{Failure, Mock};
///
/// let mock = Mock::answering(|_| Failure::from(Error::other("the budget is used up")));
/// let client = nethttp::Client::builder().layer(mock).build()?;
/// let error = client.get("http://a.example/").send().unwrap_err();
/// assert_eq!(error.to_string(), "the budget is used up");
/// # Ok::<(), nethttp::Error>(())
/// ```
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error }
    }
}

/// What a handler of a [`Mock`](super::Mock) may return: anything that a server's handler may
/// ([`IntoResponse`]), a [`Failure`], or either of them.
///
/// # Examples
///
/// ```
/// use nethttp::error::ErrorKind;
/// use nethttp::mock::{Failure, IntoReply, Mock};
/// use nethttp::Request;
///
/// fn moody(request: &mut Request) -> impl IntoReply + use<> {
///     match request.path() {
///         "/down" => Err(Failure::new(ErrorKind::Connect)),
///         _ => Ok("hello"),
///     }
/// }
///
/// let client = nethttp::Client::builder().layer(Mock::answering(moody)).build()?;
/// assert_eq!(client.get("http://a.example/").send()?.text()?, "hello");
/// assert!(client.get("http://a.example/down").send().is_err());
/// # Ok::<(), nethttp::Error>(())
/// ```
pub trait IntoReply {
    /// Makes the response, or says how the exchange fails.
    ///
    /// # Errors
    ///
    /// The exchange is to fail.
    fn into_reply(self) -> Result<Response, Failure>;
}

impl<T: IntoResponse> IntoReply for T {
    fn into_reply(self) -> Result<Response, Failure> {
        Ok(self.into_response())
    }
}

impl IntoReply for Failure {
    fn into_reply(self) -> Result<Response, Failure> {
        Err(self)
    }
}

impl<T: IntoResponse> IntoReply for Result<T, Failure> {
    fn into_reply(self) -> Result<Response, Failure> {
        self.map(IntoResponse::into_response)
    }
}

//! A response as a value.

#[cfg(feature = "std")]
mod lines;
#[cfg(feature = "std")]
mod read;
mod received;

use alloc::boxed::Box;
use core::error::Error;
use core::fmt;

#[cfg(feature = "std")]
pub use self::lines::Lines;
#[cfg(feature = "std")]
pub use self::read::WriteError;
use self::received::Received;
#[cfg(feature = "client")]
pub(crate) use self::received::file_name_in;
pub use self::received::{PreviousResponse, Timings};
#[cfg(feature = "std")]
use super::sent::{Sent, WhenSent};
use super::{Body, Charset, UnknownCharset};
use crate::field::MediaType;
use crate::header::{HeaderError, HeaderMap};
use crate::status::StatusCode;
use crate::version::Version;

/// A response: what a server's handler returns, and what a client receives.
///
/// # Examples
///
/// ```
/// use nethttp::{Response, StatusCode};
///
/// let response = Response::new(StatusCode::CREATED)
///     .with_header("Location", "/items/7")?
///     .with_body("created\n");
/// assert_eq!(response.header("location"), Some("/items/7"));
/// # Ok::<(), nethttp::header::HeaderError>(())
/// ```
pub struct Response {
    version: Version,
    status: StatusCode,
    reason: Option<Box<[u8]>>,
    headers: HeaderMap,
    body: Body,
    /// What a client adds.
    received: Option<Box<Received>>,
    cause: Option<Box<dyn Error + Send + Sync>>,
    #[cfg(feature = "std")]
    when_sent: WhenSent,
}

impl Response {
    /// Creates a response without fields or content.
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// assert!(Response::new(StatusCode::NO_CONTENT).body().is_empty());
    /// ```
    #[must_use]
    pub const fn new(status: StatusCode) -> Self {
        Self {
            version: Version::HTTP_11,
            status,
            reason: None,
            headers: HeaderMap::new(),
            body: Body::empty(),
            received: None,
            cause: None,
            #[cfg(feature = "std")]
            when_sent: WhenSent::new(),
        }
    }

    /// Adds a field.
    ///
    /// # Errors
    ///
    /// A name that is no token, or a value that cannot stand on a field line.
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// assert!(Response::new(StatusCode::OK).with_header("X", "a\r\nb").is_err());
    /// ```
    pub fn with_header(
        mut self,
        name: impl AsRef<[u8]>,
        value: impl AsRef<[u8]>,
    ) -> Result<Self, HeaderError> {
        self.headers.append(name, value)?;
        Ok(self)
    }

    /// Sets the content.
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// assert_eq!(Response::new(StatusCode::OK).with_body("hello").body().len(), Some(5));
    /// ```
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// Sets the status.
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// let response = Response::new(StatusCode::OK).with_status(StatusCode::ACCEPTED);
    /// assert_eq!(response.status().as_u16(), 202);
    /// ```
    #[must_use]
    pub const fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Returns the status.
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// assert!(Response::new(StatusCode::OK).status().is_success());
    /// ```
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// Says why this is the answer: for a log, and not for the client, who is told nothing of it.
    ///
    /// ```
    /// use nethttp::StatusCode;
    /// use nethttp::message::IntoResponse;
    ///
    /// let response = StatusCode::BAD_GATEWAY.into_response().with_cause("the shop is closed");
    /// assert_eq!(response.cause().map(|cause| cause.to_string()), Some("the shop is closed".into()));
    /// ```
    #[must_use]
    pub fn with_cause(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Returns why this is the answer, if somebody has said so. An `Error` that a handler returns does.
    ///
    /// ```
    /// use nethttp::message::IntoResponse;
    ///
    /// let error = nethttp::Error::from(std::io::Error::other("disk on fire"));
    /// let mut response = error.into_response();
    /// let cause = response.cause().ok_or("a cause")?.to_string();
    /// assert!(cause.contains("disk on fire") && !response.body_mut().text()?.contains("fire"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn cause(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
        self.cause.as_deref()
    }

    /// Returns the reason phrase that was received, which means nothing.
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// assert_eq!(Response::new(StatusCode::OK).reason(), None);
    /// ```
    #[must_use]
    pub fn reason(&self) -> Option<&[u8]> {
        self.reason.as_deref()
    }

    /// Returns the version.
    ///
    /// ```
    /// use nethttp::{Response, StatusCode, Version};
    ///
    /// assert_eq!(Response::new(StatusCode::OK).version(), Version::HTTP_11);
    /// ```
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// Returns the fields.
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// assert!(Response::new(StatusCode::OK).headers().is_empty());
    /// ```
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the fields for changes.
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// let mut response = Response::new(StatusCode::OK);
    /// response.headers_mut().insert("Cache-Control", "no-store")?;
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    #[must_use]
    pub const fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    /// Returns the first value of a field as text, if it is there and UTF-8.
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// assert_eq!(Response::new(StatusCode::OK).header("ETag"), None);
    /// ```
    #[must_use]
    pub fn header(&self, name: impl AsRef<[u8]>) -> Option<&str> {
        self.headers.text(name)
    }

    /// Returns the content.
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// assert!(Response::new(StatusCode::OK).body().is_empty());
    /// ```
    #[must_use]
    pub const fn body(&self) -> &Body {
        &self.body
    }

    /// Returns the content, to read or to replace it.
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// let mut response = Response::new(StatusCode::OK).with_body("hello");
    /// assert_eq!(response.body_mut().text()?, "hello");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub const fn body_mut(&mut self) -> &mut Body {
        &mut self.body
    }

    /// Returns the content alone.
    ///
    /// ```
    /// use nethttp::{Response, StatusCode};
    ///
    /// let body = Response::new(StatusCode::OK).with_body("hello").into_body();
    /// assert_eq!(body.len(), Some(5));
    /// ```
    #[must_use]
    pub fn into_body(self) -> Body {
        self.body
    }

    /// Returns the charset of the content: that of the parameter of Content-Type,
    /// [RFC 9110 §8.3.2](https://www.rfc-editor.org/rfc/rfc9110#section-8.3.2), and UTF-8 if none is said, or
    /// contradictory ones are.
    ///
    /// # Errors
    ///
    /// One that cannot be decoded.
    ///
    /// ```
    /// use nethttp::message::Charset;
    /// use nethttp::{Response, StatusCode};
    ///
    /// let response = Response::new(StatusCode::OK);
    /// assert_eq!(response.charset(), Ok(Charset::Utf8));
    /// let response = response.with_header("Content-Type", "text/plain; charset=latin1")?;
    /// assert_eq!(response.charset(), Ok(Charset::Windows1252));
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    pub fn charset(&self) -> Result<Charset, UnknownCharset> {
        let content_type = MediaType::from_headers(&self.headers).ok().flatten();
        match content_type.as_ref().and_then(MediaType::charset) {
            Some(label) => Charset::from_label(&label).ok_or_else(|| UnknownCharset::new(&label)),
            None => Ok(Charset::Utf8),
        }
    }
}

#[cfg(feature = "std")]
impl Response {
    /// Has a function called when a server has sent the response, or has failed to: for a line in a log, say. More
    /// than one may be set; all of them are called, in that order, on the thread that sends.
    ///
    /// ```
    /// use nethttp::message::IntoResponse;
    ///
    /// let response = "hello".into_response().on_sent(|sent| println!("{} bytes", sent.body));
    /// ```
    #[must_use]
    pub fn on_sent(mut self, report: impl FnOnce(&Sent) + Send + 'static) -> Self {
        self.when_sent.push(report);
        self
    }

    /// Takes the place of another response: whoever waits for that one to be sent, waits for this one.
    #[cfg(feature = "server")]
    pub(crate) fn in_place_of(mut self, other: &mut Self) -> Self {
        self.when_sent = other.take_when_sent();
        self
    }

    #[cfg(feature = "server")]
    pub(crate) fn take_when_sent(&mut self) -> WhenSent {
        core::mem::take(&mut self.when_sent)
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("version", &self.version)
            .field("headers", &self.headers)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

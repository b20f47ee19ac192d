//! The head of a message: start-line and fields, borrowed from the buffer that they stand in.
//!
//! Parsing is one pass that neither copies nor allocates. The caller lends slots, which receive the
//! offsets of the fields; they hold no reference and can be reused for ever.
//!
//! ```
//! use nethttp::h1::{Config, Parse, parse_request};
//! use nethttp::header::FieldSpan;
//!
//! let mut slots = [FieldSpan::EMPTY; 64];
//! let buf = b"GET /a HTTP/1.1\r\nHost: example.org\r\n\r\n";
//! match parse_request(buf, &mut slots, &Config::SERVER)? {
//!     Parse::Complete(head) => {
//!         assert_eq!(head.target(), b"/a");
//!         assert_eq!(head.field("host"), Some(&b"example.org"[..]));
//!     }
//!     Parse::Partial => { /* read more, then try again, or use a HeadScanner */ }
//! }
//! # Ok::<(), nethttp::h1::ParseError>(())
//! ```

mod fast;
mod fields;
mod scanner;
mod split;

use alloc::vec::Vec;
use core::fmt;

use super::error::ParseError;
use super::limits::{Config, Limits};
use crate::header::FieldSpan;
use crate::method::Method;
use crate::status::StatusCode;
use crate::uri::{RequestTarget, TargetLayout, UriError};
use crate::version::Version;

pub use fields::{Field, Fields};
pub use scanner::HeadScanner;

/// What a parser made of a buffer.
///
/// # Examples
///
/// ```
/// use nethttp::h1::{Config, Parse, parse_request};
///
/// assert!(matches!(parse_request(b"GET /", &mut [], &Config::SERVER)?, Parse::Partial));
/// # Ok::<(), nethttp::h1::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third outcome beside an error")]
pub enum Parse<T> {
    /// The element is there.
    Complete(T),
    /// The buffer is good so far, and ends before the element does.
    Partial,
}

/// A start-line and fields by their offsets, before they are bound to a buffer.
pub(super) struct RawRequest {
    method: Method,
    target: (usize, usize),
    version: Version,
    pub(super) len: usize,
    fields: usize,
    /// A value may go on over the end of a line.
    may_fold: bool,
}

pub(super) struct RawResponse {
    version: Version,
    status: StatusCode,
    reason: (usize, usize),
    pub(super) len: usize,
    fields: usize,
    /// A value may go on over the end of a line.
    may_fold: bool,
}

/// The head of a request, [RFC 9112 §3](https://www.rfc-editor.org/rfc/rfc9112#section-3).
///
/// Its form has been checked; [`check_request`](super::check_request) checks what the fields say, and
/// [`request_framing`](super::request_framing) how a body follows.
///
/// # Examples
///
/// ```
/// use nethttp::h1::{Config, Parse, parse_request};
/// use nethttp::header::FieldSpan;
/// use nethttp::Method;
///
/// let mut slots = [FieldSpan::EMPTY; 8];
/// let buf = b"OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n";
/// let Parse::Complete(head) = parse_request(buf, &mut slots, &Config::SERVER)? else {
///     unreachable!("the head is complete")
/// };
/// assert_eq!(head.method(), Method::OPTIONS);
/// # Ok::<(), nethttp::h1::ParseError>(())
/// ```
#[derive(Clone, Copy)]
pub struct RequestHead<'b, 's> {
    method: Method,
    target: &'b [u8],
    target_offset: usize,
    /// Where the parts of the target lie, if it was checked.
    layout: Option<TargetLayout>,
    version: Version,
    fields: Fields<'b, 's>,
}

impl<'b, 's> RequestHead<'b, 's> {
    pub(super) fn bind(buf: &'b [u8], slots: &'s [FieldSpan], raw: &RawRequest) -> Self {
        Self {
            method: raw.method,
            target: buf.get(raw.target.0..raw.target.1).unwrap_or_default(),
            target_offset: raw.target.0,
            layout: None,
            version: raw.version,
            fields: Fields::bind(buf, slots, raw.len, raw.fields, raw.may_fold),
        }
    }

    /// Returns the method.
    ///
    /// ```
    /// # use nethttp::h1::{Config, Parse, parse_request};
    /// let parsed = parse_request(b"PURGE /a HTTP/1.0\r\n\r\n", &mut [], &Config::SERVER)?;
    /// assert!(matches!(parsed, Parse::Complete(head) if head.method().as_str() == "PURGE"));
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn method(&self) -> Method {
        self.method
    }

    /// Returns the request target as it was sent.
    ///
    /// ```
    /// # use nethttp::h1::{Config, Parse, parse_request};
    /// let parsed = parse_request(b"GET /%7Ea HTTP/1.0\r\n\r\n", &mut [], &Config::SERVER)?;
    /// assert!(matches!(parsed, Parse::Complete(head) if head.target() == b"/%7Ea"));
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn target(&self) -> &'b [u8] {
        self.target
    }

    /// Makes a value of the target, in the memory of another one. That of a request that a
    /// [`ServerConnection`](super::ServerConnection) has shown is not checked once more.
    ///
    /// # Errors
    ///
    /// A target that is none, or not one that goes with the method; the value then stays what it was.
    ///
    /// ```
    /// use nethttp::h1::{Config, ServerConnection, ServerEvent};
    /// use nethttp::uri::RequestTarget;
    ///
    /// let mut target = RequestTarget::default();
    /// let mut connection = ServerConnection::new(&Config::SERVER);
    /// let input = b"GET /search?q=a HTTP/1.1\r\nHost: a\r\n\r\n";
    /// if let (_, ServerEvent::Request(head)) = connection.receive(input)? {
    ///     head.copy_target_into(&mut target)?;
    /// }
    /// assert_eq!((target.path(), target.query()), ("/search", Some("q=a")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn copy_target_into(&self, target: &mut RequestTarget) -> Result<(), UriError> {
        match self.layout {
            Some(layout) => target.assign_checked(self.target, layout),
            None => target.assign(self.method, self.target, false),
        }
    }

    /// Says that the target was checked.
    pub(super) const fn with_layout(mut self, layout: TargetLayout) -> Self {
        self.layout = Some(layout);
        self
    }

    /// Where the target stands in the head.
    pub(super) const fn target_offset(&self) -> usize {
        self.target_offset
    }

    /// Returns the version as it was sent; a later minor version than 1 is to be read as 1.1.
    ///
    /// ```
    /// # use nethttp::h1::{Config, Parse, parse_request};
    /// # use nethttp::Version;
    /// let parsed = parse_request(b"GET / HTTP/1.7\r\n\r\n", &mut [], &Config::SERVER)?;
    /// assert!(matches!(parsed, Parse::Complete(head) if head.version() >= Version::HTTP_11));
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// Returns the fields, in order.
    ///
    /// ```
    /// # use nethttp::h1::{Config, Parse, parse_request};
    /// # let slots = &mut [nethttp::header::FieldSpan::EMPTY; 4];
    /// let parsed = parse_request(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", slots, &Config::SERVER)?;
    /// assert!(matches!(parsed, Parse::Complete(head) if head.fields().len() == 1));
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn fields(&self) -> Fields<'b, 's> {
        self.fields
    }

    /// Returns the value of the first field of that name.
    ///
    /// ```
    /// # use nethttp::h1::{Config, Parse, parse_request};
    /// # use nethttp::header::FieldSpan;
    /// # let mut slots = [FieldSpan::EMPTY; 8];
    /// let buf = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n";
    /// if let Parse::Complete(head) = parse_request(buf, &mut slots, &Config::SERVER)? {
    ///     assert_eq!(head.field("Host"), Some(&b"a"[..]));
    /// }
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'b [u8]> {
        self.fields.get(name)
    }

    /// Returns the length of the head in the buffer, empty lines before and after included.
    ///
    /// ```
    /// # use nethttp::h1::{Config, Parse, parse_request};
    /// let buf = b"GET / HTTP/1.0\r\n\r\nrest";
    /// if let Parse::Complete(head) = parse_request(buf, &mut [], &Config::SERVER)? {
    ///     assert_eq!(head.len(), 18);
    /// }
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a head is never empty")]
    pub const fn len(&self) -> usize {
        self.fields.head().len()
    }
}

impl fmt::Debug for RequestHead<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestHead")
            .field("method", &self.method)
            .field("target", &format_args!("{}", self.target.escape_ascii()))
            .field("version", &self.version)
            .field("fields", &self.fields)
            .finish()
    }
}

/// The head of a response, [RFC 9112 §4](https://www.rfc-editor.org/rfc/rfc9112#section-4).
///
/// # Examples
///
/// ```
/// use nethttp::h1::{Config, Parse, parse_response};
/// use nethttp::header::FieldSpan;
///
/// let mut slots = [FieldSpan::EMPTY; 8];
/// let buf = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
/// if let Parse::Complete(head) = parse_response(buf, &mut slots, &Config::CLIENT)? {
///     assert_eq!(head.status().as_u16(), 404);
///     assert_eq!(head.reason(), b"Not Found");
/// }
/// # Ok::<(), nethttp::h1::ParseError>(())
/// ```
#[derive(Clone, Copy)]
pub struct ResponseHead<'b, 's> {
    version: Version,
    status: StatusCode,
    reason: &'b [u8],
    fields: Fields<'b, 's>,
}

impl<'b, 's> ResponseHead<'b, 's> {
    pub(super) fn bind(buf: &'b [u8], slots: &'s [FieldSpan], raw: &RawResponse) -> Self {
        Self {
            version: raw.version,
            status: raw.status,
            reason: buf.get(raw.reason.0..raw.reason.1).unwrap_or_default(),
            fields: Fields::bind(buf, slots, raw.len, raw.fields, raw.may_fold),
        }
    }

    /// Returns the version as it was sent.
    ///
    /// ```
    /// # use nethttp::h1::{Config, Parse, parse_response};
    /// # use nethttp::Version;
    /// let parsed = parse_response(b"HTTP/1.0 200 OK\r\n\r\n", &mut [], &Config::CLIENT)?;
    /// assert!(matches!(parsed, Parse::Complete(head) if head.version() == Version::HTTP_10));
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// Returns the status code.
    ///
    /// ```
    /// # use nethttp::h1::{Config, Parse, parse_response};
    /// let parsed = parse_response(b"HTTP/1.1 503 Sorry\r\n\r\n", &mut [], &Config::CLIENT)?;
    /// assert!(matches!(parsed, Parse::Complete(head) if head.status().is_server_error()));
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the reason phrase as it was sent, possibly empty; it means nothing.
    ///
    /// ```
    /// # use nethttp::h1::{Config, Parse, parse_response};
    /// let parsed = parse_response(b"HTTP/1.1 503 Sorry\r\n\r\n", &mut [], &Config::CLIENT)?;
    /// assert!(matches!(parsed, Parse::Complete(head) if head.reason() == b"Sorry"));
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn reason(&self) -> &'b [u8] {
        self.reason
    }

    /// Returns the fields, in order.
    ///
    /// ```
    /// # use nethttp::h1::{Config, Parse, parse_response};
    /// # let slots = &mut [nethttp::header::FieldSpan::EMPTY; 4];
    /// let parsed = parse_response(b"HTTP/1.1 200 OK\r\nAge: 1\r\n\r\n", slots, &Config::CLIENT)?;
    /// assert!(matches!(parsed, Parse::Complete(head) if head.fields().len() == 1));
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn fields(&self) -> Fields<'b, 's> {
        self.fields
    }

    /// Returns the value of the first field of that name.
    ///
    /// ```
    /// # use nethttp::h1::{Config, Parse, parse_response};
    /// # use nethttp::header::FieldSpan;
    /// # let mut slots = [FieldSpan::EMPTY; 8];
    /// let buf = b"HTTP/1.1 200 OK\r\nETag: \"1\"\r\n\r\n";
    /// if let Parse::Complete(head) = parse_response(buf, &mut slots, &Config::CLIENT)? {
    ///     assert_eq!(head.field("etag"), Some(&b"\"1\""[..]));
    /// }
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'b [u8]> {
        self.fields.get(name)
    }

    /// Returns the length of the head in the buffer.
    ///
    /// ```
    /// # use nethttp::h1::{Config, Parse, parse_response};
    /// let buf = b"HTTP/1.1 200 OK\r\n\r\nrest";
    /// if let Parse::Complete(head) = parse_response(buf, &mut [], &Config::CLIENT)? {
    ///     assert_eq!(head.len(), 19);
    /// }
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a head is never empty")]
    pub const fn len(&self) -> usize {
        self.fields.head().len()
    }
}

impl fmt::Debug for ResponseHead<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseHead")
            .field("version", &self.version)
            .field("status", &self.status)
            .field("reason", &format_args!("{}", self.reason.escape_ascii()))
            .field("fields", &self.fields)
            .finish()
    }
}

/// Parses the head of a request from the start of a buffer.
///
/// ```text
/// request-line = method SP request-target SP HTTP-version
/// field-line   = field-name ":" OWS field-value OWS
/// ```
///
/// A `Partial` head is parsed anew by the next call; where heads may come in small pieces, let a
/// [`HeadScanner`] find the end first.
///
/// # Errors
///
/// Whatever is wrong with the form of the head, with [`status`](ParseError::status) and offset;
/// [`TooManyFields`](super::ParseErrorKind::TooManyFields) if there are more fields than slots.
///
/// # Examples
///
/// ```
/// use nethttp::h1::{Config, Parse, parse_request};
/// use nethttp::header::FieldSpan;
///
/// let mut slots = [FieldSpan::EMPTY; 64];
/// let buf = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
/// assert!(matches!(parse_request(buf, &mut slots, &Config::SERVER)?, Parse::Complete(_)));
/// # Ok::<(), nethttp::h1::ParseError>(())
/// ```
pub fn parse_request<'b, 's>(
    buf: &'b [u8],
    slots: &'s mut [FieldSpan],
    config: &Config,
) -> Result<Parse<RequestHead<'b, 's>>, ParseError> {
    if let Some(raw) = fast::request(buf, slots, config) {
        return Ok(Parse::Complete(RequestHead::bind(buf, slots, &raw)));
    }
    let Some(len) = HeadScanner::request(config).push(buf)? else {
        return Ok(Parse::Partial);
    };
    let raw = split::request(buf.get(..len).unwrap_or_default(), slots, &config.leniency)?;
    Ok(Parse::Complete(RequestHead::bind(buf, slots, &raw)))
}

/// Parses the head of a response from the start of a buffer.
///
/// ```text
/// status-line = HTTP-version SP status-code SP [ reason-phrase ]
/// ```
///
/// # Errors
///
/// As for [`parse_request`].
///
/// # Examples
///
/// ```
/// use nethttp::h1::{Config, Parse, parse_response};
///
/// let parsed = parse_response(b"HTTP/1.1 200\r\n\r\n", &mut [], &Config::CLIENT)?;
/// assert!(matches!(parsed, Parse::Complete(head) if head.reason().is_empty()));
/// # Ok::<(), nethttp::h1::ParseError>(())
/// ```
pub fn parse_response<'b, 's>(
    buf: &'b [u8],
    slots: &'s mut [FieldSpan],
    config: &Config,
) -> Result<Parse<ResponseHead<'b, 's>>, ParseError> {
    if let Some(raw) = fast::response(buf, slots, config) {
        return Ok(Parse::Complete(ResponseHead::bind(buf, slots, &raw)));
    }
    let Some(len) = HeadScanner::response(config).push(buf)? else {
        return Ok(Parse::Partial);
    };
    let raw = split::response(buf.get(..len).unwrap_or_default(), slots, &config.leniency)?;
    Ok(Parse::Complete(ResponseHead::bind(buf, slots, &raw)))
}

/// Parses field lines and the empty line behind them: trailers, or the head of a MIME part.
///
/// # Errors
///
/// As for [`parse_request`].
///
/// # Examples
///
/// ```
/// use nethttp::h1::{Config, Parse, parse_fields};
///
/// assert!(matches!(parse_fields(b"\r\n", &mut [], &Config::SERVER)?, Parse::Complete(_)));
/// # Ok::<(), nethttp::h1::ParseError>(())
/// ```
pub fn parse_fields<'b, 's>(
    buf: &'b [u8],
    slots: &'s mut [FieldSpan],
    config: &Config,
) -> Result<Parse<Fields<'b, 's>>, ParseError> {
    let Some(len) = HeadScanner::fields(config).push(buf)? else {
        return Ok(Parse::Partial);
    };
    let count = split::fields(buf.get(..len).unwrap_or_default(), 0, slots, &config.leniency)?;
    Ok(Parse::Complete(Fields::bind(buf, slots, len, count, config.leniency.obs_fold)))
}

/// Finds the request head at the start of a buffer that a scanner may have seen part of. Resets the
/// scanner when it is found.
pub(super) fn locate_request(
    buf: &[u8],
    scanner: &mut HeadScanner,
    slots: &mut Vec<FieldSpan>,
    config: &Config,
) -> Result<Option<RawRequest>, ParseError> {
    provide_slots(slots, config);
    // Fresh bytes are nearly always a whole head. What the fast path declined once is scanned.
    if scanner.offset() == 0
        && let Some(raw) = fast::request(buf, slots, config)
    {
        return Ok(Some(raw));
    }
    let Some(len) = scanner.push(buf)? else {
        return Ok(None);
    };
    if slots.len() < scanner.field_count() {
        slots.resize(scanner.field_count(), FieldSpan::EMPTY);
    }
    scanner.reset();
    split::request(buf.get(..len).unwrap_or_default(), slots, &config.leniency).map(Some)
}

/// As [`locate_request`], for a response.
pub(super) fn locate_response(
    buf: &[u8],
    scanner: &mut HeadScanner,
    slots: &mut Vec<FieldSpan>,
    config: &Config,
) -> Result<Option<RawResponse>, ParseError> {
    provide_slots(slots, config);
    if scanner.offset() == 0
        && let Some(raw) = fast::response(buf, slots, config)
    {
        return Ok(Some(raw));
    }
    let Some(len) = scanner.push(buf)? else {
        return Ok(None);
    };
    if slots.len() < scanner.field_count() {
        slots.resize(scanner.field_count(), FieldSpan::EMPTY);
    }
    scanner.reset();
    split::response(buf.get(..len).unwrap_or_default(), slots, &config.leniency).map(Some)
}

/// Makes slots for as many fields as heads have by default. A head that has more, where the limit lets
/// it, gets them when they have been counted: a limit is no reason to allocate.
fn provide_slots(slots: &mut Vec<FieldSpan>, config: &Config) {
    if slots.is_empty() {
        let most = config.limits.fields.min(Limits::DEFAULT.fields);
        slots.resize(most, FieldSpan::EMPTY);
    }
}

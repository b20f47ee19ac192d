//! The one error that client and server return.
//!
//! It says what failed ([`Error::kind`]), for which URL, and what lies below ([`source`]); a
//! server can turn it into a response ([`Error::status`]).
//!
//! [`source`]: std::error::Error::source
//!
//! ```
//! use nethttp::error::ErrorKind;
//!
//! let error = nethttp::get("htp://example.org/").send().unwrap_err();
//! assert_eq!(error.kind(), ErrorKind::Url);
//! assert_eq!(error.to_string(), "expected the scheme http or https, found htp");
//! ```

mod kind;
mod received;

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::result;

pub use kind::{ErrorKind, Phase, RedirectErrorKind};

use crate::coding::CodingError;
use crate::field::FieldError;
use crate::form::FormError;
use crate::h1::{EncodeError, ParseError, ParseErrorKind};
use crate::header::HeaderError;
use crate::message::{
    BodyTooLarge, IntoResponse, ParameterError, Response, TextError, UnknownCharset, WriteError,
};
use crate::status::StatusCode;
use crate::uri::{Uri, UriError};

/// The result of a client's or server's operation.
///
/// ```no_run
/// fn length(url: &str) -> nethttp::Result<usize> {
///     Ok(nethttp::get(url).send()?.bytes()?.len())
/// }
/// ```
pub type Result<T, E = Error> = result::Result<T, E>;

/// Why an exchange failed.
///
/// # Examples
///
/// ```
/// use nethttp::Error;
/// use nethttp::message::IntoResponse;
///
/// // In a handler, `?` turns what went wrong with the request into the answer that it deserves.
/// fn handler(request: &mut nethttp::Request) -> nethttp::Result<String> {
///     request.body_mut().set_limit(Some(4));
///     Ok(request.body_mut().text()?.to_uppercase())
/// }
///
/// let mut request = nethttp::Request::default();
/// *request.body_mut() = "too long".into();
/// assert_eq!(handler(&mut request).into_response().status().as_u16(), 413);
/// ```
pub struct Error {
    inner: Box<Inner>,
}

struct Inner {
    kind: ErrorKind,
    text: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
    url: Option<Uri>,
    /// What a server answers, where that is known better than by the kind.
    status: Option<StatusCode>,
    /// The whole answer, where a status is not enough of one.
    answer: Option<Response>,
    /// What a client has received, where that is the error.
    received: Option<Response>,
}

impl Error {
    #[cold]
    pub(crate) fn new(kind: ErrorKind) -> Self {
        let inner = Inner {
            kind,
            text: None,
            source: None,
            url: None,
            status: None,
            answer: None,
            received: None,
        };
        Self { inner: Box::new(inner) }
    }

    #[cold]
    pub(crate) fn with_text(mut self, text: impl Into<String>) -> Self {
        self.inner.text = Some(text.into());
        self
    }

    #[cold]
    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        self.inner.source = Some(source.into());
        self
    }

    /// Says with which status a server answers: whose fault it is.
    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.inner.status = Some(status);
        self
    }

    /// Says that the body of a request could not be had where it was to be sent.
    #[cfg(feature = "client")]
    pub(crate) fn of_request_body(error: io::Error) -> Self {
        let inner = error.get_ref();
        let too_large = inner.is_some_and(<dyn StdError + Send + Sync>::is::<BodyTooLarge>);
        let kind = if too_large { ErrorKind::BodyTooLarge } else { ErrorKind::RequestBody };
        let status = Self::status_of_sender(&error);
        let text = "expected the body of the request to come";
        let outer = Self::new(kind).with_text(text).with_source(error);
        // It may be what somebody else sends to a server in which this client is.
        match status {
            Some(status) => outer.with_status(status),
            None => outer,
        }
    }

    /// Returns the status that a server owes to who has sent what could not be read, if the error says that it is the sender's
    /// fault.
    #[cfg(feature = "client")]
    fn status_of_sender(error: &io::Error) -> Option<StatusCode> {
        let inner = error.get_ref()?;
        let status = match (inner.downcast_ref::<Self>(), inner.downcast_ref::<BodyTooLarge>()) {
            (Some(error), _) => error.status(),
            (_, Some(too_large)) if too_large.is_of_response() => return None,
            (_, Some(_)) => StatusCode::PAYLOAD_TOO_LARGE,
            _ => inner.downcast_ref::<ParseError>()?.status(),
        };
        status.is_client_error().then_some(status)
    }

    /// Says how a server answers, with all that belongs to it.
    #[cfg(feature = "server")]
    pub(crate) fn with_answer(mut self, answer: Response) -> Self {
        self.inner.answer = Some(answer);
        self
    }

    /// Names the URL, unless one is named already.
    #[cfg(feature = "client")]
    #[cold]
    pub(crate) fn with_url_if_none(self, url: &Uri) -> Self {
        if self.inner.url.is_some() { self } else { self.with_url(url) }
    }

    /// Says that the host which is named is that of a proxy, and not the one that was asked for.
    #[cfg(feature = "client")]
    pub(crate) fn of_the_proxy(mut self) -> Self {
        if let Some(text) = &mut self.inner.text {
            text.push_str(" (the proxy)");
        }
        self
    }

    /// Names the URL, user information left out.
    #[cold]
    pub(crate) fn with_url(mut self, url: &Uri) -> Self {
        let userinfo = url.authority().and_then(|authority| authority.userinfo());
        self.inner.url = match userinfo {
            Some(secret) => {
                let without = url.as_str().replacen(&format!("//{secret}@"), "//", 1);
                Uri::parse(without).ok()
            }
            None => Some(url.clone()),
        };
        self
    }

    /// Returns the URL of the exchange that failed, without user information; `None` if there was none: the URL is malformed, the
    /// request could not be put together, it is content that had come already which is no text or too long, or no client was
    /// involved.
    ///
    /// ```
    /// let error = nethttp::get("ftp://user:secret@example.org/").send().unwrap_err();
    /// assert_eq!(error.url().ok_or("a URL")?, &"ftp://example.org/");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn url(&self) -> Option<&Uri> {
        self.inner.url.as_ref()
    }

    /// Makes an error of what has gone wrong elsewhere, which is its [`source`](StdError::source) and its text: in a
    /// [layer](crate::client::Exchange) or a handler, for instance. Its kind is [`ErrorKind::Other`]; a server answers it with
    /// 500.
    ///
    /// An [`io::Error`] needs no more than `?`.
    ///
    /// ```
    /// use nethttp::Error;
    /// use nethttp::error::ErrorKind;
    ///
    /// let error = Error::other("expected more of the budget, found nothing");
    /// assert_eq!(error.kind(), ErrorKind::Other);
    /// assert_eq!(error.to_string(), "expected more of the budget, found nothing");
    ///
    /// fn port(setting: &str) -> nethttp::Result<u16> {
    ///     setting.parse().map_err(Error::other)
    /// }
    /// assert_eq!(port("http").unwrap_err().to_string(), "invalid digit found in string");
    /// ```
    pub fn other(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(ErrorKind::Other).with_source(source)
    }

    /// Returns what failed.
    ///
    /// ```
    /// use nethttp::error::ErrorKind;
    ///
    /// let error = nethttp::get("http://a b/").send().unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Url);
    /// ```
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// Returns whether time ran out.
    ///
    /// ```
    /// assert!(!nethttp::get("http://").send().unwrap_err().is_timeout());
    /// ```
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.inner.kind, ErrorKind::Timeout(_))
    }

    /// Returns whether the connection broke before everything was sent or received: [`ErrorKind::Send`],
    /// [`ErrorKind::Receive`] or [`ErrorKind::Truncated`]. Another attempt may succeed; but what the server has done with the
    /// first one nobody knows.
    ///
    /// ```
    /// use nethttp::mock::{Conversation, Script};
    ///
    /// let script = Script::new().connection(Conversation::new().reply("HTTP/1.1 200 O"));
    /// let client = nethttp::Client::builder().connector(script).build()?;
    /// let error = client.get("http://a.example/").send().unwrap_err();
    /// assert!(error.is_connection_lost());
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn is_connection_lost(&self) -> bool {
        self.inner.kind.is_loss()
    }

    /// Returns the status that a server answers with when this comes out of a handler: that of a
    /// malformed request, 413 for a body or a form that is too large, 415 for what should be a form and is
    /// not, 400 for a form or a field that is malformed and for content that should be text, 401 for credentials, 404 for a parameter of the path that is
    /// malformed, 408 for a body that did not come, and 500 for everything that is not the client's fault: a file
    /// or a database that fails, or takes too long, and whatever goes wrong between the server and others whom it asks
    /// itself.
    ///
    /// ```
    /// use nethttp::Error;
    /// use std::io;
    ///
    /// // While the request's body was read, this would be 408.
    /// let error = Error::from(io::Error::new(io::ErrorKind::TimedOut, "the database is slow"));
    /// assert_eq!(error.status().as_u16(), 500);
    /// ```
    #[must_use]
    pub fn status(&self) -> StatusCode {
        if let Some(answer) = &self.inner.answer {
            return answer.status();
        }
        if let Some(status) = self.inner.status {
            return status;
        }
        // Where a URL is named, this side is the client, and the other one is to blame.
        if self.inner.url.is_some() {
            return StatusCode::INTERNAL_SERVER_ERROR;
        }
        match self.inner.kind {
            ErrorKind::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            ErrorKind::Unauthorized => StatusCode::UNAUTHORIZED,
            ErrorKind::Protocol | ErrorKind::Truncated => {
                let parse = self.inner.source.as_ref().and_then(|s| s.downcast_ref::<ParseError>());
                parse.map_or(StatusCode::BAD_REQUEST, ParseError::status)
            }
            ErrorKind::Field => StatusCode::BAD_REQUEST,
            ErrorKind::Form => {
                let form = self.inner.source.as_ref().and_then(|s| s.downcast_ref::<FormError>());
                match form {
                    Some(form) if form.is_limit() => StatusCode::PAYLOAD_TOO_LARGE,
                    Some(form) if form.is_unsupported() => StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    _ => StatusCode::BAD_REQUEST,
                }
            }
            ErrorKind::Parameter => {
                let below = self.inner.source.as_ref();
                let parameter = below.and_then(|source| source.downcast_ref::<ParameterError>());
                parameter.map_or(StatusCode::NOT_FOUND, ParameterError::status)
            }
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match (&self.inner.text, self.inner.kind) {
            (Some(text), _) => text,
            // What somebody else says needs no words around it.
            (None, ErrorKind::Other) if self.inner.source.is_some() => "",
            (None, kind) => kind.text(),
        };
        f.write_str(text)?;
        match &self.inner.source {
            Some(source) if text.is_empty() => write!(f, "{source}"),
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.inner.kind)
            .field("text", &self.inner.text)
            .field("source", &self.inner.source)
            .field("url", &self.inner.url)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = self.inner.source.as_deref()?;
        Some(source)
    }
}

impl From<ParseError> for Error {
    fn from(error: ParseError) -> Self {
        let kind = match error.kind() {
            ParseErrorKind::Truncated => ErrorKind::Truncated,
            _ => ErrorKind::Protocol,
        };
        Self::new(kind).with_source(error)
    }
}

impl From<EncodeError> for Error {
    fn from(error: EncodeError) -> Self {
        Self::new(ErrorKind::Encode).with_source(error)
    }
}

impl From<HeaderError> for Error {
    fn from(error: HeaderError) -> Self {
        Self::new(ErrorKind::Header).with_source(error)
    }
}

impl From<FieldError> for Error {
    fn from(error: FieldError) -> Self {
        Self::new(ErrorKind::Field).with_source(error)
    }
}

impl From<CodingError> for Error {
    fn from(error: CodingError) -> Self {
        Self::new(ErrorKind::Coding).with_source(error)
    }
}

impl From<FormError> for Error {
    fn from(error: FormError) -> Self {
        Self::new(ErrorKind::Form).with_source(error)
    }
}

impl From<ParameterError> for Error {
    fn from(error: ParameterError) -> Self {
        Self::new(ErrorKind::Parameter).with_source(error)
    }
}

impl From<UriError> for Error {
    fn from(error: UriError) -> Self {
        Self::new(ErrorKind::Url).with_source(error)
    }
}

impl From<TextError> for Error {
    fn from(error: TextError) -> Self {
        let outer = Self::new(ErrorKind::Coding).with_source(error);
        match error.is_of_response() {
            true => outer,
            false => outer.with_status(StatusCode::BAD_REQUEST),
        }
    }
}

impl From<UnknownCharset> for Error {
    fn from(error: UnknownCharset) -> Self {
        Self::new(ErrorKind::Coding).with_source(error)
    }
}

impl From<WriteError> for Error {
    fn from(error: WriteError) -> Self {
        Self::new(ErrorKind::Output).with_source(error.into_inner())
    }
}

/// An error that client or server put into an [`io::Error`], as the reader of a body must, comes out
/// again.
impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        error
            .downcast::<Self>()
            .or_else(|error| error.downcast::<ParseError>().map(Self::from))
            .or_else(|error| error.downcast::<CodingError>().map(Self::from))
            .or_else(|error| error.downcast::<FormError>().map(Self::from))
            .or_else(|error| error.downcast::<TextError>().map(Self::from))
            .or_else(|error| error.downcast::<UnknownCharset>().map(Self::from))
            .or_else(|error| error.downcast::<WriteError>().map(Self::from))
            .unwrap_or_else(|error| {
                let too_large = error.get_ref().and_then(|inner| inner.downcast_ref());
                let kind = match (too_large, error.kind()) {
                    (Some(BodyTooLarge { .. }), _) => ErrorKind::BodyTooLarge,
                    (None, io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock) => {
                        ErrorKind::Timeout(Phase::Idle)
                    }
                    (None, _) => ErrorKind::Io,
                };
                let of_response = too_large.is_some_and(BodyTooLarge::is_of_response);
                let outer = Self::new(kind).with_source(error);
                if of_response {
                    outer.with_status(StatusCode::INTERNAL_SERVER_ERROR)
                } else {
                    outer
                }
            })
    }
}

/// The status and one line of text, and with 401 what is asked for. What went wrong inside of the server is not
/// told. The error is the response's [cause](Response::cause), for a log.
impl IntoResponse for Error {
    fn into_response(mut self) -> Response {
        let status = self.status();
        let response = match self.inner.answer.take() {
            Some(answer) => answer,
            None if status.is_server_error() => status.into_response(),
            None => (status, format!("{self}\n")).into_response(),
        };
        response.with_cause(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coding::CodingErrorKind;
    use crate::message::Body;

    const fn is_shareable<T: Send + Sync + 'static>() {}

    #[test]
    fn the_error_can_cross_threads() {
        is_shareable::<Error>();
        is_shareable::<Response>();
    }

    #[test]
    fn the_text_ends_with_that_of_the_source() {
        let below = Error::new(ErrorKind::Io).with_source(io::Error::other("gone"));
        assert_eq!(below.to_string(), "expected reading and writing to succeed: gone");
        assert_eq!(Error::new(ErrorKind::Url).with_text("no").to_string(), "no");
    }

    #[test]
    fn an_error_of_somebody_else_is_kept_as_it_is() {
        #[derive(Debug, PartialEq)]
        struct Spent;
        impl fmt::Display for Spent {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the budget is used up")
            }
        }
        impl StdError for Spent {}
        let error = Error::other(Spent);
        assert_eq!((error.kind(), error.status().as_u16()), (ErrorKind::Other, 500));
        assert_eq!(error.to_string(), "the budget is used up");
        assert_eq!(error.source().unwrap().downcast_ref(), Some(&Spent));
        assert_eq!(Error::other("the budget is used up").to_string(), error.to_string());
        let response = error.into_response();
        assert!(response.cause().is_some());
        assert_eq!(response.text().unwrap(), "500 Internal Server Error\n");
    }

    #[test]
    fn an_end_in_the_middle_is_no_breach_of_the_protocol() {
        let cut = ParseError::new(ParseErrorKind::Truncated, 7);
        for error in [Error::from(cut), Error::from(io::Error::other(cut))] {
            assert_eq!((error.kind(), error.status().as_u16()), (ErrorKind::Truncated, 400));
            let text = "expected a message that is complete: \
                        expected more bytes, found the end of the connection at byte 7";
            assert_eq!(error.to_string(), text);
        }
    }

    #[test]
    fn a_form_or_a_field_that_is_malformed_is_the_clients_fault() {
        use crate::field::MediaType;
        use crate::form::FormErrorKind as Kind;
        for (kind, status) in [
            (Kind::Truncated, 400),
            (Kind::MediaType, 415),
            (Kind::ContentCoding, 415),
            (Kind::TooManyParts(1), 413),
            (Kind::Urlencoded(crate::uri::UriErrorKind::TooManyPairs), 413),
        ] {
            let error = Error::from(io::Error::from(FormError::new(kind, 0)));
            assert_eq!(
                (error.kind(), error.status().as_u16()),
                (ErrorKind::Form, status),
                "{kind:?}"
            );
        }
        let error = Error::from(MediaType::parse(b"text").unwrap_err());
        assert_eq!((error.kind(), error.status().as_u16()), (ErrorKind::Field, 400));
    }

    #[test]
    fn an_error_inside_of_an_io_error_comes_out() {
        let inner = Error::new(ErrorKind::Timeout(Phase::Total));
        let outer = Error::from(io::Error::new(io::ErrorKind::TimedOut, inner));
        assert_eq!(outer.kind(), ErrorKind::Timeout(Phase::Total));
        let coding = CodingError::new(CodingErrorKind::BlockType, 7);
        let error = Error::from(io::Error::from(coding));
        assert_eq!(error.kind(), ErrorKind::Coding);
        let source = error.source().and_then(|source| source.downcast_ref());
        assert_eq!(source, Some(&coding));
    }

    #[cfg(feature = "client")]
    #[test]
    fn what_a_client_met_is_not_blamed_on_who_asked_the_server() {
        let url = Uri::parse("http://user:secret@a/b@c").unwrap();
        for kind in [ErrorKind::Protocol, ErrorKind::BodyTooLarge, ErrorKind::Field] {
            let error = Error::new(kind);
            assert!(error.status().is_client_error());
            let error = error.with_url(&url);
            assert_eq!(error.status(), StatusCode::INTERNAL_SERVER_ERROR);
            assert_eq!(error.url().unwrap(), &"http://a/b@c");
        }
    }

    #[test]
    fn a_body_that_is_too_long_is_the_fault_of_who_sent_it() {
        let too_long = |mut body: Body| {
            body.set_limit(Some(1));
            Error::from(body.text().unwrap_err())
        };
        let error = too_long(Body::from("four"));
        assert_eq!((error.kind(), error.status().as_u16()), (ErrorKind::BodyTooLarge, 413));
        #[cfg(feature = "client")]
        {
            let error = too_long(Body::from("four").of_response());
            assert_eq!((error.kind(), error.status().as_u16()), (ErrorKind::BodyTooLarge, 500));
        }
    }

    #[test]
    fn content_that_is_no_text_is_the_fault_of_who_sent_it() {
        let no_text = |body: Body| Error::from({ body }.text().unwrap_err());
        let error = no_text(Body::from(&b"caf\xe9"[..]));
        assert_eq!((error.kind(), error.status().as_u16()), (ErrorKind::Coding, 400));
        let text = "expected content that can be decoded: expected text in UTF-8 at byte 3";
        assert_eq!(error.to_string(), text);
        #[cfg(feature = "client")]
        assert_eq!(no_text(Body::from(&b"\xe9"[..]).of_response()).status().as_u16(), 500);
    }

    #[test]
    fn what_takes_a_server_too_long_is_its_own_fault() {
        for kind in [io::ErrorKind::TimedOut, io::ErrorKind::WouldBlock] {
            let error = Error::from(io::Error::from(kind));
            assert!(error.is_timeout());
            assert_eq!(error.status(), StatusCode::INTERNAL_SERVER_ERROR);
        }
    }

    #[test]
    fn the_inside_of_the_server_is_not_told() {
        let response = Error::from(io::Error::other("/etc/secret")).into_response();
        assert_eq!(response.text().unwrap(), "500 Internal Server Error\n");
    }
}

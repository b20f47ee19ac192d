//! What can fail, in kinds that a program can tell apart.

use crate::status::StatusCode;

/// The kinds of [`Error`](super::Error).
///
/// What breaks while bytes are moved has a kind for each place where that can be:
///
/// | kind | what broke |
/// |---|---|
/// | [`Send`](Self::Send) | the connection, while the request was sent |
/// | [`Receive`](Self::Receive) | the connection, while the response came |
/// | [`Truncated`](Self::Truncated) | nothing: the peer has ended the connection in the middle of a message, or before it |
/// | [`RequestBody`](Self::RequestBody) | the caller's reader or file that was being sent |
/// | [`Output`](Self::Output) | the caller's writer or file that was being written |
/// | [`Io`](Self::Io) | anything else that is read or written |
///
/// ```
/// use nethttp::error::ErrorKind;
///
/// let request = nethttp::get("http://example.org/").header("two words", "");
/// assert_eq!(request.send().unwrap_err().kind(), ErrorKind::Header);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A URL is malformed, or of a scheme that is not spoken.
    Url,
    /// The host's name could not be resolved.
    Resolve,
    /// No connection could be made.
    Connect,
    /// A proxy did not do what it is for.
    Proxy,
    /// A secure connection could not be made.
    Tls,
    /// The time for a phase ran out.
    Timeout(Phase),
    /// Somebody has cancelled the exchange.
    Cancelled,
    /// A host has an address that must not be connected to.
    Blocked,
    /// A redirect cannot or must not be followed.
    Redirect(RedirectErrorKind),
    /// A response is an error, and errors were asked for: [`Response::error_for_status`]. It is in the
    /// [error](super::Error::response).
    ///
    /// [`Response::error_for_status`]: crate::message::Response::error_for_status
    Status(StatusCode),
    /// The connection broke while the request was sent.
    Send,
    /// The connection broke while a message was received.
    Receive,
    /// The peer has ended the connection before a message was complete.
    Truncated,
    /// The peer broke the protocol.
    Protocol,
    /// A message that was to be sent is not one.
    Encode,
    /// The name or the value of a field that was to be sent is malformed.
    Header,
    /// What was read as the value of a field is none, [`FieldError`](crate::field::FieldError).
    Field,
    /// The body of a request could not be read from where the caller has it, and so not be sent.
    RequestBody,
    /// A body is longer than was permitted.
    BodyTooLarge,
    /// Content could not be written to where the caller wants it: the file of a download, or the writer of a copy.
    Output,
    /// Content is not what it was to be: it has another digest.
    Integrity,
    /// Content is not in the coding that it is said to be in, or decodes to too much; or it is to be text and is not in the
    /// charset that it is said to be in, or in one that is not known; or it is to be JSON and is not.
    Coding,
    /// A form is malformed, or more than was permitted.
    Form,
    /// Credentials are missing, malformed or wrong.
    Unauthorized,
    /// A parameter of the path is not what the handler wants, [`ParameterError`](crate::message::ParameterError).
    Parameter,
    /// Routes do not make a `Router`: a `RouteError`.
    Routes,
    /// Reading or writing failed somewhere else: a file of a handler, or a socket to listen on.
    Io,
    /// Something else went wrong, which is the [`source`](std::error::Error::source): [`Error::other`](super::Error::other).
    Other,
}

/// The phases of an exchange, each of which has a time limit.
///
/// ```
/// use std::time::Duration;
///
/// use nethttp::client::Timeouts;
/// use nethttp::error::{ErrorKind, Phase};
///
/// let no_time = Timeouts::DEFAULT.total(Some(Duration::ZERO));
/// let error = nethttp::get("http://127.0.0.1/").timeouts(no_time).send().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Timeout(Phase::Total));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Phase {
    /// Looking up a name.
    Resolve,
    /// Connecting, to what a proxy and TLS need included.
    Connect,
    /// Sending the request.
    Send,
    /// Waiting for the first byte of the response.
    FirstByte,
    /// Waiting for more of a message.
    Idle,
    /// The exchange as a whole.
    Total,
}

/// Why a redirect is not followed ([RFC 9110 §15.4](https://www.rfc-editor.org/rfc/rfc9110#section-15.4)).
///
/// # Examples
///
/// A login that ends at an app:
///
/// ```
/// use nethttp::error::{ErrorKind, RedirectErrorKind};
/// use nethttp::message::Redirect;
/// use nethttp::mock::Mock;
///
/// let app = Redirect::see_other("app:/callback?code=7")?;
/// let mock = Mock::answering(move |_| app.clone());
/// let client = nethttp::Client::builder().layer(mock).build()?;
/// let error = client.get("http://a.example/login").send().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Redirect(RedirectErrorKind::Scheme));
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RedirectErrorKind {
    /// There are more than are followed.
    TooMany,
    /// It leads to a request that was made twice before.
    Loop,
    /// The Location is no URL that can be followed,
    /// [RFC 9110 §10.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.2).
    Location,
    /// It leads to another scheme than `http` and `https`.
    Scheme,
    /// It leads from https to http, which is denied.
    Downgrade,
    /// It wants content again that can be read only once.
    SpentBody,
    /// The caller's own function has refused it.
    Refused,
}

impl ErrorKind {
    /// Returns whether the connection was lost.
    pub(super) const fn is_loss(self) -> bool {
        matches!(self, Self::Send | Self::Receive | Self::Truncated)
    }

    /// What is said where nothing better is known.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::Url => "expected a URL",
            Self::Resolve => "expected a host that is known",
            Self::Connect => "expected a connection",
            Self::Proxy => "expected a proxy that works",
            Self::Tls => "expected a secure connection",
            Self::Timeout(phase) => phase.text(),
            Self::Cancelled => "expected nobody to cancel the exchange",
            Self::Blocked => "expected an address that may be connected to",
            Self::Redirect(kind) => kind.text(),
            Self::Status(_) => "expected a success",
            Self::Send => "expected the connection to hold while the request is sent",
            Self::Receive => "expected the connection to hold while the message comes",
            Self::Truncated => "expected a message that is complete",
            Self::Protocol => "expected a message of HTTP/1.1",
            Self::Encode => "expected a message that can be sent",
            Self::Header => "expected a field that can be sent",
            Self::Field => "expected the value of a field",
            Self::RequestBody => "expected the body of the request to come",
            Self::BodyTooLarge => "expected a shorter body",
            Self::Output => "expected the copy to be written",
            Self::Integrity => "expected content with another digest",
            Self::Coding => "expected content that can be decoded",
            Self::Form => "expected a form",
            Self::Unauthorized => "expected credentials",
            Self::Parameter => "expected another path",
            Self::Routes => "expected routes that go together",
            Self::Io => "expected reading and writing to succeed",
            Self::Other => "expected nothing else to go wrong",
        }
    }
}

impl Phase {
    const fn text(self) -> &'static str {
        match self {
            Self::Resolve => "expected the host to be looked up in time",
            Self::Connect => "expected a connection in time",
            Self::Send => "expected to send the message in time",
            Self::FirstByte => "expected an answer in time",
            Self::Idle => "expected the message in time",
            Self::Total => "expected the exchange to end in time",
        }
    }
}

impl RedirectErrorKind {
    const fn text(self) -> &'static str {
        match self {
            Self::TooMany => "expected fewer redirects",
            Self::Loop => "expected redirects to end",
            Self::Location => "expected a Location that can be followed",
            Self::Scheme => "expected a redirect to http or https",
            Self::Downgrade => "expected a redirect that keeps to https",
            Self::SpentBody => "expected content that can be sent again",
            Self::Refused => "expected the redirect to be allowed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    #[test]
    fn texts_are_pinned() {
        use RedirectErrorKind as Redirect;
        for (kind, text) in [
            (ErrorKind::Url, "expected a URL"),
            (ErrorKind::Resolve, "expected a host that is known"),
            (ErrorKind::Connect, "expected a connection"),
            (ErrorKind::Proxy, "expected a proxy that works"),
            (ErrorKind::Tls, "expected a secure connection"),
            (ErrorKind::Timeout(Phase::Resolve), "expected the host to be looked up in time"),
            (ErrorKind::Timeout(Phase::Connect), "expected a connection in time"),
            (ErrorKind::Timeout(Phase::Send), "expected to send the message in time"),
            (ErrorKind::Timeout(Phase::FirstByte), "expected an answer in time"),
            (ErrorKind::Timeout(Phase::Idle), "expected the message in time"),
            (ErrorKind::Timeout(Phase::Total), "expected the exchange to end in time"),
            (ErrorKind::Cancelled, "expected nobody to cancel the exchange"),
            (ErrorKind::Blocked, "expected an address that may be connected to"),
            (ErrorKind::Redirect(Redirect::TooMany), "expected fewer redirects"),
            (ErrorKind::Redirect(Redirect::Loop), "expected redirects to end"),
            (ErrorKind::Redirect(Redirect::Location), "expected a Location that can be followed"),
            (ErrorKind::Redirect(Redirect::Scheme), "expected a redirect to http or https"),
            (ErrorKind::Redirect(Redirect::Downgrade), "expected a redirect that keeps to https"),
            (ErrorKind::Redirect(Redirect::SpentBody), "expected content that can be sent again"),
            (ErrorKind::Redirect(Redirect::Refused), "expected the redirect to be allowed"),
            (ErrorKind::Status(StatusCode::GONE), "expected a success"),
            (ErrorKind::Send, "expected the connection to hold while the request is sent"),
            (ErrorKind::Receive, "expected the connection to hold while the message comes"),
            (ErrorKind::Truncated, "expected a message that is complete"),
            (ErrorKind::Protocol, "expected a message of HTTP/1.1"),
            (ErrorKind::Encode, "expected a message that can be sent"),
            (ErrorKind::Header, "expected a field that can be sent"),
            (ErrorKind::Field, "expected the value of a field"),
            (ErrorKind::RequestBody, "expected the body of the request to come"),
            (ErrorKind::BodyTooLarge, "expected a shorter body"),
            (ErrorKind::Output, "expected the copy to be written"),
            (ErrorKind::Integrity, "expected content with another digest"),
            (ErrorKind::Coding, "expected content that can be decoded"),
            (ErrorKind::Form, "expected a form"),
            (ErrorKind::Unauthorized, "expected credentials"),
            (ErrorKind::Parameter, "expected another path"),
            (ErrorKind::Routes, "expected routes that go together"),
            (ErrorKind::Io, "expected reading and writing to succeed"),
            (ErrorKind::Other, "expected nothing else to go wrong"),
        ] {
            assert_eq!(Error::new(kind).to_string(), text);
        }
    }

    #[test]
    fn three_kinds_are_of_a_connection_that_is_lost() {
        for kind in [ErrorKind::Send, ErrorKind::Receive, ErrorKind::Truncated] {
            assert!(Error::new(kind).is_connection_lost());
        }
        for kind in [ErrorKind::Connect, ErrorKind::RequestBody, ErrorKind::Output, ErrorKind::Io] {
            assert!(!Error::new(kind).is_connection_lost());
        }
    }
}

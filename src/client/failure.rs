//! What can go wrong between a client and a server, before it is told to the caller.

use std::io;
use std::time::Duration;

use super::origin::Origin;
use super::timeouts::Timeouts;
use crate::error::{Error, ErrorKind, Phase};
use crate::h1::{EncodeError, ParseError, ParseErrorKind};

/// Why an attempt at an exchange failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// The time of a phase ran out.
    Timeout(Phase),
    /// Somebody has given up the exchange.
    Cancelled,
    /// The server has answered before it had seen the request; its answer is known.
    Refused,
    /// The connection failed while the request was sent.
    Send(io::Error),
    /// The connection failed while the response came.
    Receive(io::Error),
    /// The server closed the connection before it had said anything.
    Unanswered(ParseError),
    /// The server broke the protocol, or closed the connection.
    Parse(ParseError),
    /// The response is one that this client cannot take.
    Response(&'static str),
    /// The request is none.
    Encode(EncodeError),
    /// The caller's body failed while it was sent.
    Body(io::Error),
}

impl Failure {
    /// Returns whether the connection was lost, as happens when the server has closed it meanwhile.
    pub(super) fn is_loss(&self) -> bool {
        match self {
            Self::Send(_) | Self::Receive(_) | Self::Unanswered(_) => true,
            Self::Parse(error) => error.kind() == ParseErrorKind::Truncated,
            Self::Timeout(_)
            | Self::Cancelled
            | Self::Refused
            | Self::Response(_)
            | Self::Encode(_)
            | Self::Body(_) => false,
        }
    }

    /// Takes a loss that a read has noticed for one of sending, where that is under way: which of the two meets it first is
    /// chance.
    pub(super) fn while_sending(self) -> Self {
        match self {
            Self::Receive(error) => Self::Send(error),
            Self::Unanswered(error) => {
                Self::Send(io::Error::new(io::ErrorKind::UnexpectedEof, error))
            }
            Self::Parse(error) if error.kind() == ParseErrorKind::Truncated => {
                Self::Send(io::Error::new(io::ErrorKind::UnexpectedEof, error))
            }
            failure => failure,
        }
    }

    /// Tells the caller, in words that name the server.
    #[cold]
    pub(super) fn into_error(self, origin: &Origin, timeouts: &Timeouts) -> Error {
        match self {
            Self::Timeout(phase) => {
                let text = too_late(phase, origin, timeouts.of(phase).unwrap_or_default());
                Error::new(ErrorKind::Timeout(phase)).with_text(text)
            }
            Self::Cancelled => Error::new(ErrorKind::Cancelled)
                .with_text(format!("expected nobody to cancel the exchange with {origin}")),
            Self::Refused => Error::new(ErrorKind::Protocol)
                .with_text(format!("expected {origin} to take the whole request")),
            Self::Send(error) => Error::new(ErrorKind::Send)
                .with_text(format!(
                    "expected the connection to {origin} to hold while the request is sent"
                ))
                .with_source(error),
            Self::Receive(error) => Error::new(ErrorKind::Receive)
                .with_text(format!(
                    "expected the connection to {origin} to hold while the response comes"
                ))
                .with_source(error),
            Self::Unanswered(error) => {
                Error::from(error).with_text(format!("expected a response from {origin}"))
            }
            Self::Parse(error) => {
                let what = match error.kind() {
                    ParseErrorKind::Truncated => "the rest of the response",
                    _ => "a response of HTTP/1.1",
                };
                Error::from(error).with_text(format!("expected {what} from {origin}"))
            }
            Self::Response(text) => {
                Error::new(ErrorKind::Protocol).with_text(format!("{text} from {origin}"))
            }
            Self::Encode(error) => error.into(),
            Self::Body(error) => Error::of_request_body(error),
        }
    }
}

/// What was expected within that time.
fn too_late(phase: Phase, origin: &Origin, within: Duration) -> String {
    match phase {
        Phase::Resolve => {
            format!("expected the host {} to be looked up within {within:?}", origin.host())
        }
        Phase::Connect => format!("expected a connection to {origin} within {within:?}"),
        Phase::Send => format!("expected {origin} to take more of the request within {within:?}"),
        Phase::FirstByte => format!("expected a response from {origin} within {within:?}"),
        Phase::Idle => format!("expected more of the response from {origin} within {within:?}"),
        Phase::Total => format!("expected the exchange with {origin} to end within {within:?}"),
    }
}

impl From<ParseError> for Failure {
    fn from(error: ParseError) -> Self {
        Self::Parse(error)
    }
}

impl From<EncodeError> for Failure {
    fn from(error: EncodeError) -> Self {
        Self::Encode(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::h1::{ClientConnection, Config};
    use crate::message::Body;
    use crate::uri::Uri;

    #[track_caller]
    fn tells(failure: Failure, kind: ErrorKind, text: &str) {
        let origin = Origin::of(&Uri::parse("http://a/").unwrap()).unwrap();
        let error = failure
            .into_error(&origin, &Timeouts::DEFAULT.total(Some(Duration::from_millis(1500))));
        assert_eq!((error.kind(), error.to_string().as_str()), (kind, text));
    }

    #[test]
    fn texts_are_pinned() {
        for (phase, text) in [
            (Phase::Resolve, "expected the host a to be looked up within 10s"),
            (Phase::Connect, "expected a connection to a:80 within 10s"),
            (Phase::Send, "expected a:80 to take more of the request within 30s"),
            (Phase::FirstByte, "expected a response from a:80 within 60s"),
            (Phase::Idle, "expected more of the response from a:80 within 30s"),
            (Phase::Total, "expected the exchange with a:80 to end within 1.5s"),
        ] {
            tells(Failure::Timeout(phase), ErrorKind::Timeout(phase), text);
        }
        let text = "expected nobody to cancel the exchange with a:80";
        tells(Failure::Cancelled, ErrorKind::Cancelled, text);
        let text = "expected a:80 to take the whole request";
        tells(Failure::Refused, ErrorKind::Protocol, text);
        let gone = || io::Error::other("gone");
        let text = "expected the connection to a:80 to hold while the request is sent: gone";
        tells(Failure::Send(gone()), ErrorKind::Send, text);
        let text = "expected the connection to a:80 to hold while the response comes: gone";
        tells(Failure::Receive(gone()), ErrorKind::Receive, text);
        let text = "expected the body of the request to come: gone";
        tells(Failure::Body(gone()), ErrorKind::RequestBody, text);
        let mut long = Body::from("four");
        long.set_limit(Some(3));
        let large = long.text().unwrap_err();
        let text = "expected the body of the request to come: expected a body of at most 3 bytes";
        tells(Failure::Body(large), ErrorKind::BodyTooLarge, text);
        let parse = ClientConnection::new(&Config::CLIENT).receive(b"x").unwrap_err();
        let text = "expected a response of HTTP/1.1 from a:80: \
                    expected nothing before the next request at byte 0";
        tells(Failure::Parse(parse), ErrorKind::Protocol, text);
        let cut = ParseError::new(ParseErrorKind::Truncated, 0);
        let ended = "expected more bytes, found the end of the connection at byte 0";
        for (failure, what) in [
            (Failure::Unanswered(cut), "a response"),
            (Failure::Parse(cut), "the rest of the response"),
        ] {
            tells(failure, ErrorKind::Truncated, &format!("expected {what} from a:80: {ended}"));
        }
        let text = "expected no switch of protocols from a:80";
        tells(Failure::Response("expected no switch of protocols"), ErrorKind::Protocol, text);
    }
}

//! What can go wrong before there is a connection.

use std::io;
use std::net::IpAddr;

use crate::client::failure::Failure;
use crate::client::origin::Origin;
use crate::client::timeouts::Timeouts;
use crate::error::{Error, ErrorKind};

/// Why no connection came about.
#[derive(Debug)]
pub(in crate::client) enum DialFailure {
    /// The host could not be looked up.
    Resolve(io::Error),
    /// The host has no address that is public, but this one.
    Blocked(IpAddr),
    /// None of so many addresses took a connection; the error is that of the first.
    Connect { tried: usize, error: io::Error },
    /// Time ran out, or somebody has cancelled the exchange.
    Given(Failure),
}

impl DialFailure {
    /// Tells the caller, in words that name whom the connection was to lead to.
    pub(in crate::client) fn into_error(self, origin: &Origin, timeouts: &Timeouts) -> Error {
        match self {
            Self::Resolve(error) => Error::new(ErrorKind::Resolve)
                .with_text(format!("expected the host {} to be known", origin.host()))
                .with_source(error),
            Self::Blocked(address) => {
                let host = origin.host();
                let text =
                    format!("expected the host {host} to have a public address, found {address}");
                Error::new(ErrorKind::Blocked).with_text(text)
            }
            Self::Connect { tried, error } => {
                let text = match tried {
                    0 | 1 => format!("expected a connection to {origin}"),
                    _ => format!("expected a connection to {origin} at one of {tried} addresses"),
                };
                Error::new(ErrorKind::Connect).with_text(text).with_source(error)
            }
            Self::Given(failure) => failure.into_error(origin, timeouts),
        }
    }
}

impl From<Failure> for DialFailure {
    fn from(failure: Failure) -> Self {
        Self::Given(failure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Phase;
    use crate::uri::Uri;

    #[track_caller]
    fn tells(failure: impl Into<DialFailure>, kind: ErrorKind, text: &str) {
        let origin = Origin::of(&Uri::parse("http://a/").unwrap()).unwrap();
        let error = failure.into().into_error(&origin, &Timeouts::DEFAULT);
        assert_eq!((error.kind(), error.to_string().as_str()), (kind, text));
    }

    #[test]
    fn texts_are_pinned() {
        let gone = || io::Error::other("gone");
        let text = "expected the host a to be known: gone";
        tells(DialFailure::Resolve(gone()), ErrorKind::Resolve, text);
        let text = "expected the host a to have a public address, found 127.0.0.1";
        tells(DialFailure::Blocked([127, 0, 0, 1].into()), ErrorKind::Blocked, text);
        for (tried, text) in [
            (0, "expected a connection to a:80: gone"),
            (1, "expected a connection to a:80: gone"),
            (2, "expected a connection to a:80 at one of 2 addresses: gone"),
        ] {
            let failure = DialFailure::Connect { tried, error: gone() };
            tells(failure, ErrorKind::Connect, text);
        }
        let text = "expected nobody to cancel the exchange with a:80";
        tells(Failure::Cancelled, ErrorKind::Cancelled, text);
        let text = "expected the host a to be looked up within 10s";
        let kind = ErrorKind::Timeout(Phase::Resolve);
        tells(Failure::Timeout(Phase::Resolve), kind, text);
    }
}

//! Why a message cannot be sent.

use core::fmt;

/// Why a message, or a part of it, was not encoded. It has no offset: it is about what the caller
/// asked for, not about bytes.
///
/// # Examples
///
/// ```
/// use nethttp::h1::{EncodeErrorKind, encode_request};
/// use nethttp::{HeaderMap, Method};
///
/// let error = encode_request(Method::GET, b"/a b", &HeaderMap::new(), Some(0), &mut Vec::new())
///     .unwrap_err();
/// assert_eq!(error.kind(), EncodeErrorKind::Target);
/// assert_eq!(error.to_string(), "expected a request target that goes with the method");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncodeError {
    kind: EncodeErrorKind,
}

/// The kinds of [`EncodeError`].
///
/// # Examples
///
/// ```
/// use nethttp::h1::{EncodeErrorKind, ResponseEncoder};
/// use nethttp::{HeaderMap, Method, StatusCode, Version};
///
/// let encoder = ResponseEncoder::new(Method::GET, Version::HTTP_11);
/// let reason = Some(&b"OK\r\nSet-Cookie: evil"[..]);
/// let error = encoder
///     .encode(StatusCode::OK, reason, &HeaderMap::new(), None, &mut Vec::new())
///     .unwrap_err();
/// assert_eq!(error.kind(), EncodeErrorKind::Reason);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodeErrorKind {
    /// A request target has none of the four forms, or not one that goes with the method,
    /// [RFC 9112 §3.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2).
    Target,
    /// A request has no Host, [RFC 9112 §3.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2).
    HostMissing,
    /// A request has more than one Host, or one that is no host with an optional port,
    /// [RFC 9112 §3.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2).
    Host,
    /// A reason phrase cannot stand on a status-line,
    /// [RFC 9112 §4](https://www.rfc-editor.org/rfc/rfc9112#section-4).
    Reason,
    /// A Content-Length field contradicts the body or is no number,
    /// [RFC 9110 §8.6](https://www.rfc-editor.org/rfc/rfc9110#section-8.6).
    LengthMismatch,
    /// A body of unknown length in a request of HTTP/1.0, which has no chunks,
    /// [RFC 9112 §6.1](https://www.rfc-editor.org/rfc/rfc9112#section-6.1).
    LengthMissing,
    /// More data came than was announced.
    BodyTooLong,
    /// Less data came than was announced.
    BodyTooShort,
    /// A field may not come in trailers,
    /// [RFC 9110 §6.5.1](https://www.rfc-editor.org/rfc/rfc9110#section-6.5.1).
    Trailer,
    /// A final status was asked for as an interim one, or the reverse,
    /// [RFC 9110 §15.2](https://www.rfc-editor.org/rfc/rfc9110#section-15.2).
    InterimStatus,
    /// An interim response to a client of HTTP/1.0,
    /// [RFC 9110 §15.2](https://www.rfc-editor.org/rfc/rfc9110#section-15.2).
    InterimVersion,
    /// `101 Switching Protocols` without Upgrade, or without having been asked,
    /// [RFC 9110 §7.8](https://www.rfc-editor.org/rfc/rfc9110#section-7.8).
    UpgradeMissing,
    /// It is not this side's turn to send that.
    State,
}

impl EncodeError {
    #[cold]
    pub(in crate::h1) const fn new(kind: EncodeErrorKind) -> Self {
        Self { kind }
    }

    /// Returns what was wrong.
    ///
    /// ```
    /// use nethttp::h1::{EncodeErrorKind, encode_interim};
    /// use nethttp::{HeaderMap, StatusCode};
    ///
    /// let sent = encode_interim(StatusCode::OK, &HeaderMap::new(), &mut Vec::new());
    /// assert_eq!(sent.unwrap_err().kind(), EncodeErrorKind::InterimStatus);
    /// ```
    #[must_use]
    pub const fn kind(&self) -> EncodeErrorKind {
        self.kind
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use EncodeErrorKind as Kind;
        f.write_str(match self.kind {
            Kind::LengthMissing => "expected a body of known length in a request of HTTP/1.0",
            Kind::Target => "expected a request target that goes with the method",
            Kind::HostMissing => "expected a Host field",
            Kind::Host => "expected one Host field, a host with an optional port",
            Kind::Reason => "expected a reason phrase without control characters",
            Kind::LengthMismatch => "expected a Content-Length that agrees with the body",
            Kind::BodyTooLong => "expected a shorter body, as its length was announced",
            Kind::BodyTooShort => "expected a longer body, as its length was announced",
            Kind::Trailer => "expected only fields that may come in trailers",
            Kind::InterimStatus => "expected another class of status code",
            Kind::InterimVersion => "expected no interim response to HTTP/1.0",
            Kind::UpgradeMissing => "expected a request for the switch of protocols, and Upgrade",
            Kind::State => "expected another part of the message now",
        })
    }
}

impl core::error::Error for EncodeError {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn texts_are_pinned() {
        use EncodeErrorKind as Kind;
        for (kind, text) in [
            (Kind::Target, "expected a request target that goes with the method"),
            (Kind::HostMissing, "expected a Host field"),
            (Kind::Host, "expected one Host field, a host with an optional port"),
            (Kind::Reason, "expected a reason phrase without control characters"),
            (Kind::LengthMismatch, "expected a Content-Length that agrees with the body"),
            (Kind::LengthMissing, "expected a body of known length in a request of HTTP/1.0"),
            (Kind::BodyTooLong, "expected a shorter body, as its length was announced"),
            (Kind::BodyTooShort, "expected a longer body, as its length was announced"),
            (Kind::Trailer, "expected only fields that may come in trailers"),
            (Kind::InterimStatus, "expected another class of status code"),
            (Kind::InterimVersion, "expected no interim response to HTTP/1.0"),
            (Kind::UpgradeMissing, "expected a request for the switch of protocols, and Upgrade"),
            (Kind::State, "expected another part of the message now"),
        ] {
            assert_eq!(EncodeError::new(kind).to_string(), text);
        }
    }
}

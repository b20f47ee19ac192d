//! Why a server does not let somebody in.

use core::fmt;

use crate::status::StatusCode;

/// Why a [`DigestServer`](super::DigestServer) refuses credentials.
///
/// # Examples
///
/// ```
/// use nethttp::StatusCode;
/// use nethttp::field::auth::DigestRefusal;
///
/// assert_eq!(DigestRefusal::Stale.status(), StatusCode::UNAUTHORIZED);
/// assert_eq!(DigestRefusal::Wrong.to_string(), "expected the user's name and password");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DigestRefusal {
    /// The digest is right, and the nonce too old or not this server's,
    /// [RFC 7616 §3.3](https://www.rfc-editor.org/rfc/rfc7616#section-3.3).
    Stale,
    /// The digest is right, and the count of the nonce was used before,
    /// [RFC 7616 §3.4](https://www.rfc-editor.org/rfc/rfc7616#section-3.4).
    Replayed,
    /// The user is not known, or the digest is not right.
    Wrong,
    /// `uri` is not the target of the request,
    /// [RFC 7616 §3.4.6](https://www.rfc-editor.org/rfc/rfc7616#section-3.4.6).
    Target,
    /// The realm is another one.
    Realm,
    /// `opaque` is not what was sent.
    Opaque,
    /// The algorithm was not offered.
    Algorithm,
    /// There is no quality of protection, or it was not offered.
    Qop,
    /// The body is hashed, and is not known.
    Body,
}

impl DigestRefusal {
    /// Returns whether the next challenge should say that the nonce was stale: name and password are right,
    /// and nobody has to be asked again.
    ///
    /// ```
    /// use nethttp::field::auth::DigestRefusal;
    ///
    /// assert!(DigestRefusal::Replayed.is_stale());
    /// assert!(!DigestRefusal::Wrong.is_stale());
    /// ```
    #[must_use]
    pub const fn is_stale(self) -> bool {
        matches!(self, Self::Stale | Self::Replayed)
    }

    /// Returns the status of the response: 400 where `uri` is not the target, else 401.
    ///
    /// ```
    /// use nethttp::StatusCode;
    /// use nethttp::field::auth::DigestRefusal;
    ///
    /// assert_eq!(DigestRefusal::Target.status(), StatusCode::BAD_REQUEST);
    /// ```
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Target => StatusCode::BAD_REQUEST,
            _ => StatusCode::UNAUTHORIZED,
        }
    }
}

impl fmt::Display for DigestRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Stale => "expected a nonce that is not stale",
            Self::Replayed => "expected a count that was not used before",
            Self::Wrong => "expected the user's name and password",
            Self::Target => "expected the target of the request as uri",
            Self::Realm => "expected the realm of the challenge",
            Self::Opaque => "expected opaque as it was sent",
            Self::Algorithm => "expected an algorithm that was offered",
            Self::Qop => "expected a qop that was offered",
            Self::Body => "expected a body that is known",
        })
    }
}

impl core::error::Error for DigestRefusal {}

#[cfg(test)]
mod tests {
    use super::*;
    use DigestRefusal as Refusal;
    use alloc::string::ToString;

    #[test]
    fn texts_are_pinned() {
        for (refusal, text) in [
            (Refusal::Stale, "expected a nonce that is not stale"),
            (Refusal::Replayed, "expected a count that was not used before"),
            (Refusal::Wrong, "expected the user's name and password"),
            (Refusal::Target, "expected the target of the request as uri"),
            (Refusal::Realm, "expected the realm of the challenge"),
            (Refusal::Opaque, "expected opaque as it was sent"),
            (Refusal::Algorithm, "expected an algorithm that was offered"),
            (Refusal::Qop, "expected a qop that was offered"),
            (Refusal::Body, "expected a body that is known"),
        ] {
            assert_eq!(refusal.to_string(), text);
            assert_eq!(refusal.status() == StatusCode::BAD_REQUEST, refusal == Refusal::Target);
        }
    }
}

//! What is wrong with a body.

use core::fmt;

/// A body is longer than its reader permits.
///
/// A server answers it with `413 Content Too Large`, unless it is about a response that a handler has asked others for.
///
/// # Examples
///
/// ```
/// use nethttp::Body;
/// use nethttp::message::BodyTooLarge;
///
/// let mut body = Body::from("0123456789");
/// body.set_limit(Some(4));
/// let error = body.text().unwrap_err();
/// assert!(error.get_ref().is_some_and(|e| e.is::<BodyTooLarge>()));
/// assert_eq!(error.to_string(), "expected a body of at most 4 bytes");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BodyTooLarge {
    /// The most bytes that were permitted.
    pub limit: u64,
    pub(super) is_of_response: bool,
}

impl BodyTooLarge {
    /// Returns whether a client has received it: no server answers 413 to someone who has not sent it.
    #[cfg(feature = "std")]
    pub(crate) const fn is_of_response(&self) -> bool {
        self.is_of_response
    }
}

impl fmt::Display for BodyTooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected a body of at most {} bytes", self.limit)
    }
}

impl core::error::Error for BodyTooLarge {}

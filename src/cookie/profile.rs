//! Which of the two texts is followed.

/// Which text a user agent follows.
///
/// # Examples
///
/// ```
/// use nethttp::cookie::{Profile, SetCookie};
///
/// assert!(SetCookie::parse_as(b"=nameless", Profile::Rfc6265bis).is_ok());
/// assert!(SetCookie::parse_as(b"=nameless", Profile::Rfc6265).is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Profile {
    /// [RFC 6265](https://www.rfc-editor.org/rfc/rfc6265) of 2011: no cookie without a name, none for the
    /// host alone beside one for its domain, and nothing about prefixes, `SameSite`, or cookies that an
    /// insecure connection would overwrite.
    Rfc6265,
    /// [6265bis](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22), which browsers
    /// implement.
    #[default]
    Rfc6265bis,
}

impl Profile {
    /// An attribute whose value is longer than this does not count. RFC 6265 has no such limit; this one
    /// is what it wants a user agent to be able to store (§6.1).
    pub(super) const fn max_attribute_len(self) -> usize {
        match self {
            Self::Rfc6265 => 4096,
            Self::Rfc6265bis => 1024,
        }
    }
}

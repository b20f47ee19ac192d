//! What became of a cookie, and why.

use core::fmt;

use crate::cookie::{CookieError, Prefix};

/// What became of a cookie that was accepted.
///
/// # Examples
///
/// ```
/// use nethttp::Uri;
/// use nethttp::cookie::{Context, CookieJar, SetCookie, Stored};
/// use nethttp::field::HttpDate;
///
/// let (uri, now) = (Uri::parse("http://example.org/")?, Context::at(HttpDate::from_unix(0)));
/// let mut jar = CookieJar::new();
/// assert_eq!(jar.store(&uri, &SetCookie::parse(b"a=1")?, &now), Ok(Stored::Added));
/// assert_eq!(jar.store(&uri, &SetCookie::parse(b"a=2")?, &now), Ok(Stored::Replaced));
/// assert_eq!(jar.store(&uri, &SetCookie::parse(b"a=; Max-Age=0")?, &now), Ok(Stored::Removed));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stored {
    /// It is new.
    Added,
    /// It took the place of one with the same name, domain and path.
    Replaced,
    /// It had expired, and took one with the same name, domain and path with it.
    Removed,
    /// It had expired, and there was none like it.
    Expired,
}

/// Why a cookie was not accepted.
///
/// The steps are those of
/// [6265bis §5.7](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.7);
/// the first that fails is the reason. By [`Profile::Rfc6265`](super::super::Profile) only the first six,
/// `HttpOnly` and the last two exist.
///
/// # Examples
///
/// ```
/// use nethttp::Uri;
/// use nethttp::cookie::{Context, CookieJar, Rejected, SetCookie};
/// use nethttp::field::HttpDate;
///
/// let (uri, now) = (Uri::parse("http://example.org/")?, Context::at(HttpDate::from_unix(0)));
/// let cookie = SetCookie::parse(b"a=1; Domain=example.com")?;
/// let rejected = CookieJar::new().store(&uri, &cookie, &now).unwrap_err();
/// assert_eq!(rejected, Rejected::DomainMismatch);
/// assert_eq!(rejected.to_string(), "expected a Domain that the host is in");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rejected {
    /// The field is not a cookie.
    Malformed(CookieError),
    /// The URI has no host that a cookie could belong to.
    Host,
    /// `Domain` is not in ASCII.
    Domain,
    /// `Domain` is a public suffix, such as `com` or `co.uk`, and not the host itself.
    PublicSuffix,
    /// `Domain` is neither the host nor a domain above it.
    DomainMismatch,
    /// The path is made of that of the URI, which is longer than one that could be set.
    Path,
    /// `Secure` is set over a connection that is not secure.
    Insecure,
    /// `HttpOnly` is set by something other than HTTP.
    HttpOnly,
    /// A cookie without `Secure`, from a connection that is not secure, would hide one of the same name
    /// that has it.
    SecureOverwrite,
    /// Another site caused the request, and `SameSite` is not `None`.
    CrossSite,
    /// `SameSite` is `None`, and `Secure` is missing.
    SameSiteNone,
    /// The cookie is `Partitioned`, and `Secure` is missing.
    Partitioned,
    /// The name has a prefix, or the value of a cookie without a name, and the cookie is not what it
    /// promises.
    Prefix(Prefix),
    /// A cookie with `HttpOnly` would be overwritten by something other than HTTP.
    HttpOnlyOverwrite,
    /// There are as many cookies as there may be, and all of them are worth more than this one.
    Full,
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed(error) => return error.fmt(f),
            Self::Prefix(prefix) => return write!(f, "expected {}", prefix.promise()),
            Self::Host => "expected a URI with a host",
            Self::Domain => "expected a Domain in ASCII",
            Self::PublicSuffix => "expected a Domain below a public suffix",
            Self::DomainMismatch => "expected a Domain that the host is in",
            Self::HttpOnly => "expected a cookie with HttpOnly over HTTP",
            Self::Insecure => "expected a cookie with Secure over a secure connection",
            Self::SecureOverwrite => "expected a secure connection, to hide a cookie with Secure",
            Self::CrossSite => "expected SameSite=None from another site",
            Self::Path => "expected a Path, or a shorter one in the URI",
            Self::Partitioned => "expected Secure with Partitioned",
            Self::SameSiteNone => "expected Secure with SameSite=None",
            Self::HttpOnlyOverwrite => "expected HTTP, to overwrite a cookie with HttpOnly",
            Self::Full => "expected a cookie worth more than those of a full jar",
        })
    }
}

impl core::error::Error for Rejected {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cookie::SetCookie;
    use alloc::string::ToString;

    #[test]
    fn texts_are_pinned() {
        let malformed = SetCookie::parse(b"").unwrap_err();
        for (rejected, text) in [
            (Rejected::Malformed(malformed), "expected a name or a value at byte 0"),
            (Rejected::Host, "expected a URI with a host"),
            (Rejected::Domain, "expected a Domain in ASCII"),
            (Rejected::PublicSuffix, "expected a Domain below a public suffix"),
            (Rejected::DomainMismatch, "expected a Domain that the host is in"),
            (Rejected::HttpOnly, "expected a cookie with HttpOnly over HTTP"),
            (Rejected::Insecure, "expected a cookie with Secure over a secure connection"),
            (
                Rejected::SecureOverwrite,
                "expected a secure connection, to hide a cookie with Secure",
            ),
            (Rejected::CrossSite, "expected SameSite=None from another site"),
            (Rejected::Path, "expected a Path, or a shorter one in the URI"),
            (Rejected::Partitioned, "expected Secure with Partitioned"),
            (Rejected::SameSiteNone, "expected Secure with SameSite=None"),
            (
                Rejected::Prefix(Prefix::Http),
                "expected Secure and HttpOnly with the prefix __Http-",
            ),
            (Rejected::HttpOnlyOverwrite, "expected HTTP, to overwrite a cookie with HttpOnly"),
            (Rejected::Full, "expected a cookie worth more than those of a full jar"),
        ] {
            assert_eq!(rejected.to_string(), text);
        }
    }
}

//! Names that promise how a cookie was set,
//! [6265bis §4.1.3](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-4.1.3).

use core::fmt;

use super::jar::Attributes;

/// The prefix of a cookie's name, by which a server knows that the cookie was set as it has to be.
///
/// A server sees names and values only, and anyone who controls a sibling domain or an insecure
/// connection can set a cookie of any name: but not one with a prefix, if the user agent holds to it.
/// Case does not matter, since there are servers to which it does not matter either.
///
/// The last two come from the [layered-cookies draft], and browsers have them.
///
/// [layered-cookies draft]: https://datatracker.ietf.org/doc/draft-ietf-httpbis-layered-cookies/
///
/// # Examples
///
/// ```
/// use nethttp::cookie::Prefix;
///
/// assert_eq!(Prefix::of(b"__Host-sid"), Some(Prefix::Host));
/// assert_eq!(Prefix::of(b"__SECURE-sid"), Some(Prefix::Secure));
/// assert_eq!(Prefix::of(b"sid"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Prefix {
    /// `__Secure-`: the cookie has `Secure`.
    Secure,
    /// `__Host-`: the cookie has `Secure`, `Path=/` and no `Domain`.
    Host,
    /// `__Http-`: the cookie has `Secure` and `HttpOnly`.
    Http,
    /// `__Host-Http-`: the cookie has all of these.
    HostHttp,
}

impl Prefix {
    /// Returns the prefix that a name has.
    ///
    /// ```
    /// use nethttp::cookie::Prefix;
    ///
    /// assert_eq!(Prefix::of(b"__Host-Http-sid"), Some(Prefix::HostHttp));
    /// ```
    #[must_use]
    pub fn of(name: &[u8]) -> Option<Self> {
        if !name.starts_with(b"__") {
            return None;
        }
        let has = |prefix: &Self| {
            let prefix = prefix.as_str().as_bytes();
            name.get(..prefix.len()).is_some_and(|it| it.eq_ignore_ascii_case(prefix))
        };
        // The longer one first.
        [Self::HostHttp, Self::Host, Self::Secure, Self::Http].into_iter().find(has)
    }

    /// Returns the prefix of a name, or of the value where there is no name.
    pub(super) fn of_pair(name: &[u8], value: &[u8]) -> Option<Self> {
        Self::of(if name.is_empty() { value } else { name })
    }

    /// Returns the prefix itself.
    ///
    /// ```
    /// use nethttp::cookie::Prefix;
    ///
    /// assert_eq!(Prefix::Host.as_str(), "__Host-");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Secure => "__Secure-",
            Self::Host => "__Host-",
            Self::Http => "__Http-",
            Self::HostHttp => "__Host-Http-",
        }
    }

    /// Returns whether a cookie is what the prefix promises; its path is `/` if it was set and is that.
    pub(super) const fn allows(self, cookie: Attributes, has_root_path: bool) -> bool {
        let is_of_host = cookie.is_host_only && has_root_path;
        cookie.is_secure
            && match self {
                Self::Secure => true,
                Self::Host => is_of_host,
                Self::Http => cookie.is_http_only,
                Self::HostHttp => is_of_host && cookie.is_http_only,
            }
    }

    /// Returns the promise, for error texts.
    pub(super) const fn promise(self) -> &'static str {
        match self {
            Self::Secure => "Secure with the prefix __Secure-",
            Self::Host => "Secure, Path=/ and no Domain with the prefix __Host-",
            Self::Http => "Secure and HttpOnly with the prefix __Http-",
            Self::HostHttp => "Secure, HttpOnly, Path=/ and no Domain with the prefix __Host-Http-",
        }
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_matter_and_the_longest_prefix_counts() {
        for (name, prefix) in [
            (&b"__Secure-"[..], Some(Prefix::Secure)),
            (b"__secure-a", Some(Prefix::Secure)),
            (b"__HOST-a", Some(Prefix::Host)),
            (b"__Host-Http", Some(Prefix::Host)),
            (b"__hOsT-hTtP-a", Some(Prefix::HostHttp)),
            (b"__HTTP-a", Some(Prefix::Http)),
            (b"__Host", None),
            (b"_Host-a", None),
            (b" __Host-a", None),
            (b"", None),
        ] {
            assert_eq!(Prefix::of(name), prefix, "{}", name.escape_ascii());
        }
    }

    #[test]
    fn each_prefix_wants_all_that_it_promises() {
        for bits in 0..16u8 {
            let bit = |index: u8| bits >> index & 1 == 1;
            let cookie = Attributes {
                is_secure: bit(0),
                is_http_only: bit(1),
                is_host_only: bit(2),
                ..Attributes::default()
            };
            for (prefix, needs) in [
                (Prefix::Secure, 0b0001),
                (Prefix::Http, 0b0011),
                (Prefix::Host, 0b1101),
                (Prefix::HostHttp, 0b1111),
            ] {
                assert_eq!(
                    prefix.allows(cookie, bit(3)),
                    bits & needs == needs,
                    "{prefix} {bits:b}"
                );
            }
        }
    }
}

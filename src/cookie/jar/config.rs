//! How a jar behaves, and what it may hold.

use core::time::Duration;

use crate::cookie::Profile;
use crate::field::HttpDate;
use crate::setters::setters;

/// How a jar behaves, and what it may hold.
///
/// | field | default | meaning |
/// |---|---|---|
/// | `profile` | [`Profile::Rfc6265bis`] | which text is followed |
/// | `max_cookies` | 3,000 | cookies in all |
/// | `max_cookies_per_domain` | 180 | cookies with the same domain |
/// | `max_age` | 400 days | how long a cookie lives that wants to live longer |
/// | `max_header_len` | 8,190 | bytes of one `Cookie` field |
/// | `trust_loopback` | `false` | whether `localhost` and loopback addresses count as secure |
///
/// The limits are no less than [6265bis §6.1] asks for (50 of a domain, 3,000 in all). The age is what it
/// recommends (§5.5), and applies to both profiles; [`Duration::MAX`] is none.
///
/// [6265bis §6.1]: https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-6.1
///
/// # Examples
///
/// ```
/// use nethttp::cookie::{Config, CookieJar};
///
/// let jar = CookieJar::with_config(Config::DEFAULT.max_cookies(100_000).trust_loopback(true));
/// assert_eq!(jar.config().max_cookies_per_domain, 180);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Config {
    /// Which text is followed.
    pub profile: Profile,
    /// Cookies in all.
    pub max_cookies: usize,
    /// Cookies with the same domain.
    pub max_cookies_per_domain: usize,
    /// How long a cookie lives that wants to live longer.
    pub max_age: Duration,
    /// Bytes of one `Cookie` field.
    pub max_header_len: usize,
    /// Whether `localhost` and loopback addresses count as secure.
    pub trust_loopback: bool,
}

impl Config {
    /// The defaults.
    ///
    /// ```
    /// use nethttp::cookie::Config;
    ///
    /// assert_eq!(Config::DEFAULT.max_cookies, 3000);
    /// ```
    pub const DEFAULT: Self = Self {
        profile: Profile::Rfc6265bis,
        max_cookies: 3000,
        max_cookies_per_domain: 180,
        max_age: Duration::from_secs(400 * 24 * 60 * 60),
        max_header_len: 8190,
        trust_loopback: false,
    };

    setters! { "nethttp::cookie::Config":
        /// Sets which text is followed.
        profile: Profile = "nethttp::cookie::Profile::Rfc6265";
        /// Sets how many cookies there may be in all.
        max_cookies: usize = "100_000";
        /// Sets how many cookies may have the same domain.
        max_cookies_per_domain: usize = "50";
        /// Sets how long a cookie lives that wants to live longer.
        max_age: Duration = "std::time::Duration::from_secs(3600)";
        /// Sets how many bytes one `Cookie` field may have. Above it cookies are left out, those without
        /// `Secure` first.
        max_header_len: usize = "4096";
        /// Sets whether `localhost`, names below it and loopback addresses count as secure over `http`
        /// too, as they do in browsers: for servers under development.
        trust_loopback: bool = "true";
    }
}

impl Config {
    /// Returns when a cookie expires at the latest that is set now.
    pub(in crate::cookie) fn latest_expiry(&self, now: HttpDate) -> HttpDate {
        let longest = i64::try_from(self.max_age.as_secs()).unwrap_or(i64::MAX);
        HttpDate::from_unix(now.unix().saturating_add(longest))
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::DEFAULT
    }
}

//! The jar: what a user agent stores and sends back.

mod config;
mod cookie;
mod domain_key;
mod evict;
mod retrieve;
mod store;
mod verdict;

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use self::domain_key::DomainKey;
use self::evict::Victims;
use super::{DefaultSuffixes, PublicSuffix};
use crate::field::HttpDate;

pub use config::Config;
pub use cookie::Cookie;
pub(super) use cookie::{Attributes, Parts, Times};
pub use verdict::{Rejected, Stored};

/// The cookies of a user agent,
/// [6265bis §5.7](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.7)
/// and [§5.8](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.8).
///
/// It takes what responses set ([`store_all`](Self::store_all)) and gives what requests send
/// ([`cookie_header`](Self::cookie_header)). It does no I/O and reads no clock: the time comes with the
/// [`Context`](super::Context).
///
/// Cookies are kept by domain, so that a request looks at those of its host and of the domains above,
/// however many there are of others. A full jar lets go of expired cookies first, then, in a domain that
/// has more than its share, of those that are not `Secure`, then of the ones that were not used for
/// longest ([`Config`] has the limits).
///
/// # Examples
///
/// ```
/// use nethttp::Uri;
/// use nethttp::cookie::{Context, CookieJar};
/// use nethttp::field::HttpDate;
/// use nethttp::header::{self, HeaderMap};
///
/// let mut jar = CookieJar::new();
/// let context = Context::at(HttpDate::from_unix(1_780_000_000));
///
/// let mut response = HeaderMap::new();
/// response.append(header::SET_COOKIE, "sid=31d4; Secure; HttpOnly; Path=/")?;
/// response.append(header::SET_COOKIE, "lang=en; Domain=example.org; Path=/docs")?;
/// response.append(header::SET_COOKIE, "evil=1; Domain=example.com")?;
/// let rejected = jar.store_all(&Uri::parse("https://www.example.org/docs/")?, &response, &context);
/// assert_eq!(rejected.len(), 1);
///
/// let uri = Uri::parse("https://www.example.org/docs/page")?;
/// assert_eq!(jar.cookie_header(&uri, &context).unwrap(), "lang=en; sid=31d4");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct CookieJar {
    /// By [`DomainKey`]; in each domain in the order in which they were first set, and none is empty.
    domains: BTreeMap<Box<[u8]>, Vec<Cookie>>,
    len: usize,
    victims: Victims,
    config: Config,
    suffixes: Arc<dyn PublicSuffix + Send + Sync>,
    next_order: u64,
}

impl CookieJar {
    /// Returns an empty jar with the default configuration and [`DefaultSuffixes`].
    ///
    /// ```
    /// use nethttp::cookie::CookieJar;
    ///
    /// assert!(CookieJar::new().is_empty());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::with_config(Config::DEFAULT)
    }

    /// Returns an empty jar with a configuration.
    ///
    /// ```
    /// use nethttp::cookie::{Config, CookieJar};
    ///
    /// let jar = CookieJar::with_config(Config::DEFAULT.max_cookies(100_000));
    /// assert_eq!(jar.config().max_cookies, 100_000);
    /// ```
    #[must_use]
    pub fn with_config(config: Config) -> Self {
        Self {
            domains: BTreeMap::new(),
            len: 0,
            victims: Victims::NONE,
            config,
            suffixes: Arc::new(DefaultSuffixes),
            next_order: 0,
        }
    }

    /// Sets which domains are public suffixes, for which no cookie is taken. Of what is in the jar already
    /// the cookies go that were set for one of them and the hosts below it.
    ///
    /// ```
    /// use nethttp::cookie::{CookieJar, SuffixList};
    ///
    /// let list = SuffixList::parse("com\nco.uk\n*.ck\n!www.ck\n")?;
    /// let jar = CookieJar::new().with_suffixes(list);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_suffixes(mut self, suffixes: impl PublicSuffix + Send + Sync + 'static) -> Self {
        self.retain(|cookie| cookie.is_host_only() || !suffixes.is_public_suffix(cookie.domain()));
        self.suffixes = Arc::new(suffixes);
        self
    }

    pub(in crate::cookie) fn suffixes(&self) -> Arc<dyn PublicSuffix + Send + Sync> {
        Arc::clone(&self.suffixes)
    }

    /// Returns the configuration.
    ///
    /// ```
    /// use nethttp::cookie::{Config, CookieJar};
    ///
    /// assert_eq!(CookieJar::new().config(), &Config::DEFAULT);
    /// ```
    #[must_use]
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// Returns the number of cookies, expired ones that are still there included.
    ///
    /// ```
    /// use nethttp::cookie::CookieJar;
    ///
    /// assert_eq!(CookieJar::new().len(), 0);
    /// ```
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Returns whether there is no cookie.
    ///
    /// ```
    /// use nethttp::cookie::CookieJar;
    ///
    /// assert!(CookieJar::new().is_empty());
    /// ```
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns all cookies, expired ones that are still there included: by domain, those of a site side by
    /// side, and in each domain in the order in which they were first set.
    ///
    /// ```
    /// use nethttp::Uri;
    /// use nethttp::cookie::{Context, CookieJar, SetCookie};
    /// use nethttp::field::HttpDate;
    ///
    /// let mut jar = CookieJar::new();
    /// let context = Context::at(HttpDate::from_unix(0));
    /// for host in ["http://b.example/", "http://a.example/"] {
    ///     jar.store(&Uri::parse(host)?, &SetCookie::parse(b"a=1")?, &context)?;
    /// }
    /// let domains: Vec<&str> = jar.iter().map(|cookie| cookie.domain()).collect();
    /// assert_eq!(domains, ["a.example", "b.example"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = &Cookie> {
        self.domains.values().flatten()
    }

    /// Keeps the cookies that a condition holds for and removes the others.
    ///
    /// ```
    /// use nethttp::Uri;
    /// use nethttp::cookie::{Context, CookieJar, SetCookie};
    /// use nethttp::field::HttpDate;
    ///
    /// let mut jar = CookieJar::new();
    /// let (uri, context) = (Uri::parse("http://a.example/")?, Context::at(HttpDate::from_unix(0)));
    /// jar.store(&uri, &SetCookie::parse(b"sid=1")?, &context)?;
    /// jar.store(&uri, &SetCookie::parse(b"lang=en")?, &context)?;
    ///
    /// jar.retain(|cookie| cookie.name() != b"sid");
    /// assert_eq!(jar.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn retain(&mut self, mut condition: impl FnMut(&Cookie) -> bool) {
        // Counted down, so that after a panic of the condition there are never more than were counted.
        self.domains.retain(|_, cookies| {
            let before = cookies.len();
            cookies.retain(&mut condition);
            self.len -= before - cookies.len();
            !cookies.is_empty()
        });
    }

    /// Removes the cookie of a domain, a path and a name, and returns how many there were: two, if one
    /// was for the host alone and the other for the hosts below it too. The domain is as
    /// [`Cookie::domain`] has it.
    ///
    /// ```
    /// use nethttp::Uri;
    /// use nethttp::cookie::{Context, CookieJar, SetCookie};
    /// use nethttp::field::HttpDate;
    ///
    /// let mut jar = CookieJar::new();
    /// let (uri, context) = (Uri::parse("http://a.example/")?, Context::at(HttpDate::from_unix(0)));
    /// jar.store(&uri, &SetCookie::parse(b"sid=1")?, &context)?;
    /// assert_eq!(jar.remove("a.example", "/", "sid"), 1);
    /// assert!(jar.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn remove(
        &mut self,
        domain: &str,
        path: impl AsRef<[u8]>,
        name: impl AsRef<[u8]>,
    ) -> usize {
        let (path, name) = (path.as_ref(), name.as_ref());
        let Some(key) = DomainKey::new(domain) else {
            return 0;
        };
        let Some(cookies) = self.domains.get_mut(key.as_bytes()) else {
            return 0;
        };
        let before = cookies.len();
        cookies.retain(|cookie| cookie.name() != name || cookie.path() != path);
        let removed = before - cookies.len();
        if cookies.is_empty() {
            self.domains.remove(key.as_bytes());
        }
        self.len -= removed;
        removed
    }

    /// Removes all cookies.
    ///
    /// ```
    /// use nethttp::cookie::CookieJar;
    ///
    /// let mut jar = CookieJar::new();
    /// jar.clear();
    /// assert!(jar.is_empty());
    /// ```
    pub fn clear(&mut self) {
        self.domains.clear();
        self.len = 0;
    }

    /// Removes the cookies that live as long as the session, which now ends, and returns how many these
    /// were.
    ///
    /// ```
    /// use nethttp::Uri;
    /// use nethttp::cookie::{Context, CookieJar, SetCookie};
    /// use nethttp::field::HttpDate;
    ///
    /// let mut jar = CookieJar::new();
    /// let (uri, context) = (Uri::parse("http://a.example/")?, Context::at(HttpDate::from_unix(0)));
    /// jar.store(&uri, &SetCookie::parse(b"sid=1")?, &context)?;
    /// jar.store(&uri, &SetCookie::parse(b"lang=en; Max-Age=3600")?, &context)?;
    /// assert_eq!((jar.clear_session(), jar.len()), (1, 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn clear_session(&mut self) -> usize {
        let before = self.len;
        self.retain(|cookie| cookie.expires().is_some());
        before - self.len
    }

    /// Removes the cookies that have expired, and returns how many these were. They are never sent, and
    /// go by themselves when the jar is full.
    ///
    /// ```
    /// use nethttp::Uri;
    /// use nethttp::cookie::{Context, CookieJar, SetCookie};
    /// use nethttp::field::HttpDate;
    ///
    /// let mut jar = CookieJar::new();
    /// let (uri, context) = (Uri::parse("http://a.example/")?, Context::at(HttpDate::from_unix(0)));
    /// jar.store(&uri, &SetCookie::parse(b"lang=en; Max-Age=3600")?, &context)?;
    /// assert_eq!(jar.remove_expired(HttpDate::from_unix(3600)), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn remove_expired(&mut self, now: impl Into<HttpDate>) -> usize {
        let now = now.into();
        let before = self.len;
        self.retain(|cookie| !cookie.is_expired(now));
        self.victims.after_expiry(self.domains.values().flatten());
        before - self.len
    }
}

impl Default for CookieJar {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows the cookies without their values.
impl fmt::Debug for CookieJar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    #[cfg(feature = "std")]
    #[test]
    fn a_condition_that_panics_leaves_a_jar_that_works() {
        use super::*;
        use crate::cookie::{Context, SetCookie};
        use crate::uri::Uri;
        use std::panic::{AssertUnwindSafe, catch_unwind};

        let mut jar = CookieJar::new();
        for host in ["a", "b", "c"] {
            let uri = Uri::parse(["http://", host, ".example/"].concat()).unwrap();
            let context = Context::at(HttpDate::from_unix(0));
            jar.store(&uri, &SetCookie::parse(b"a=1").unwrap(), &context).unwrap();
        }
        let panics = |cookie: &Cookie| {
            assert_ne!(cookie.domain(), "b.example");
            false
        };
        assert!(catch_unwind(AssertUnwindSafe(|| jar.retain(panics))).is_err());
        assert_eq!(jar.len(), 2);
        assert_eq!(jar.remove("b.example", "/", "a"), 1);
        assert_eq!(jar.remove("c.example", "/", "a"), 1);
        assert!(jar.is_empty());
    }
}

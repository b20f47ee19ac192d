//! A cookie as a jar keeps it.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cmp::Reverse;
use core::fmt;

use crate::cookie::{Profile, SameSite, name_as_read, unquoted};
use crate::field::HttpDate;

/// Makes the example of a getter: a cookie, and what it gives.
macro_rules! example {
    ($line:literal) => {
        concat!(
            "# use nethttp::{Uri, cookie::{Context, CookieJar, SetCookie}, field::HttpDate};\n",
            "# let uri = Uri::parse(\"https://www.example.org/docs/index.html\")?;\n",
            "# let context = Context::at(HttpDate::from_unix(7));\n",
            "# let mut jar = CookieJar::new();\n",
            "# let field = SetCookie::parse(b\"sid=\\\"31d4\\\"; Secure; Max-Age=60\")?;\n",
            "# jar.store(&uri, &field, &context)?;\n",
            "# let cookie = jar.iter().next().unwrap();\n",
            $line,
            "\n# Ok::<(), Box<dyn std::error::Error>>(())",
        )
    };
}

/// A cookie as a jar keeps it,
/// [6265bis §5.7](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.7).
///
/// What it shows as `Debug` leaves the value out, since that is often a secret.
///
/// # Examples
///
/// ```
/// use nethttp::Uri;
/// use nethttp::cookie::{Context, CookieJar, SetCookie};
/// use nethttp::field::HttpDate;
///
/// let mut jar = CookieJar::new();
/// let uri = Uri::parse("https://www.example.org/docs/index.html")?;
/// let context = Context::at(HttpDate::from_unix(1_780_000_000));
/// jar.store(&uri, &SetCookie::parse(b"sid=31d4; Domain=example.org; Secure")?, &context)?;
///
/// let cookie = jar.iter().next().unwrap();
/// assert_eq!((cookie.name(), cookie.value()), (&b"sid"[..], &b"31d4"[..]));
/// assert_eq!((cookie.domain(), cookie.path()), ("example.org", &b"/docs"[..]));
/// assert!(cookie.is_secure() && !cookie.is_http_only() && !cookie.is_host_only());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Cookie {
    /// Name, value, path and domain, one behind the other.
    parts: Box<[u8]>,
    value_at: usize,
    path_at: usize,
    domain_at: usize,
    attributes: Attributes,
    times: Times,
    /// Tells cookies of the same second apart: the later the greater.
    order: u64,
}

/// What a cookie is made of, before it has its place in a jar.
#[derive(Clone, Copy, Debug)]
pub(in crate::cookie) struct Parts<'a> {
    pub(in crate::cookie) name: &'a [u8],
    pub(in crate::cookie) value: &'a [u8],
    pub(in crate::cookie) domain: &'a str,
    pub(in crate::cookie) path: &'a [u8],
    pub(in crate::cookie) attributes: Attributes,
    pub(in crate::cookie) times: Times,
}

/// What a cookie is or is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::cookie) struct Attributes {
    pub(in crate::cookie) is_host_only: bool,
    pub(in crate::cookie) is_secure: bool,
    pub(in crate::cookie) is_http_only: bool,
    pub(in crate::cookie) is_partitioned: bool,
    pub(in crate::cookie) same_site: Option<SameSite>,
}

/// The dates of a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cookie) struct Times {
    pub(in crate::cookie) created: HttpDate,
    pub(in crate::cookie) accessed: HttpDate,
    /// `None` for a session cookie.
    pub(in crate::cookie) expires: Option<HttpDate>,
}

impl Cookie {
    pub(super) fn new(parts: &Parts<'_>, order: u64) -> Self {
        let Parts { name, value, domain, path, attributes, times } = *parts;
        let len = name.len() + value.len() + domain.len() + path.len();
        let mut text = Vec::with_capacity(len);
        for part in [name, value, path, domain.as_bytes()] {
            text.extend_from_slice(part);
        }
        let value_at = name.len();
        let path_at = value_at + value.len();
        let domain_at = path_at + path.len();
        let parts = text.into_boxed_slice();
        Self { parts, value_at, path_at, domain_at, attributes, times, order }
    }

    /// Returns the name, which may be empty.
    ///
    /// ```
    #[doc = example!("assert_eq!(cookie.name(), b\"sid\");")]
    /// ```
    #[must_use]
    pub fn name(&self) -> &[u8] {
        self.parts.get(..self.value_at).unwrap_or_default()
    }

    /// Returns the value as it came, quotes included.
    ///
    /// ```
    #[doc = example!("assert_eq!(cookie.value(), b\"\\\"31d4\\\"\");")]
    /// ```
    #[must_use]
    pub fn value(&self) -> &[u8] {
        self.parts.get(self.value_at..self.path_at).unwrap_or_default()
    }

    /// Returns the value without the quotes around it, if there are any.
    ///
    /// ```
    #[doc = example!("assert_eq!(cookie.unquoted(), b\"31d4\");")]
    /// ```
    #[must_use]
    pub fn unquoted(&self) -> &[u8] {
        unquoted(self.value())
    }

    /// Returns the value as text, quotes included; `None` if it is not UTF-8.
    ///
    /// ```
    #[doc = example!("assert_eq!(cookie.text(), Some(\"\\\"31d4\\\"\"));")]
    /// ```
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        core::str::from_utf8(self.value()).ok()
    }

    /// Returns the host that set the cookie, or the domain that it was set for: in small letters and ASCII,
    /// without a dot at either end.
    ///
    /// ```
    #[doc = example!("assert_eq!(cookie.domain(), \"www.example.org\");")]
    /// ```
    #[must_use]
    pub fn domain(&self) -> &str {
        let domain = self.parts.get(self.domain_at..).unwrap_or_default();
        core::str::from_utf8(domain).unwrap_or_default()
    }

    /// Returns the path within which the cookie is sent; it begins with `/`.
    ///
    /// ```
    #[doc = example!("assert_eq!(cookie.path(), b\"/docs\");")]
    /// ```
    #[must_use]
    pub fn path(&self) -> &[u8] {
        self.parts.get(self.path_at..self.domain_at).unwrap_or_default()
    }

    /// Returns whether the cookie is sent to the host of [`domain`](Self::domain) alone, and not to those below
    /// it.
    ///
    /// ```
    #[doc = example!("assert!(cookie.is_host_only());")]
    /// ```
    #[must_use]
    pub const fn is_host_only(&self) -> bool {
        self.attributes.is_host_only
    }

    /// Returns whether the cookie is sent over secure connections only.
    ///
    /// ```
    #[doc = example!("assert!(cookie.is_secure());")]
    /// ```
    #[must_use]
    pub const fn is_secure(&self) -> bool {
        self.attributes.is_secure
    }

    /// Returns whether the cookie is hidden from scripts.
    ///
    /// ```
    #[doc = example!("assert!(!cookie.is_http_only());")]
    /// ```
    #[must_use]
    pub const fn is_http_only(&self) -> bool {
        self.attributes.is_http_only
    }

    /// Returns whether the cookie was set with `Partitioned`. The jar has no partitions: to keep the cookies of
    /// top-level sites apart is to have a jar for each.
    ///
    /// ```
    #[doc = example!("assert!(!cookie.is_partitioned());")]
    /// ```
    #[must_use]
    pub const fn is_partitioned(&self) -> bool {
        self.attributes.is_partitioned
    }

    /// Returns in which requests from other sites the cookie is sent; `None` where it did not say, which is
    /// treated as [`SameSite::Lax`].
    ///
    /// ```
    #[doc = example!("assert_eq!(cookie.same_site(), None);")]
    /// ```
    #[must_use]
    pub const fn same_site(&self) -> Option<SameSite> {
        self.attributes.same_site
    }

    /// Returns when the cookie expires; `None` if it lives as long as the session.
    ///
    /// ```
    #[doc = example!("assert_eq!(cookie.expires().map(|date| date.unix()), Some(67));")]
    /// ```
    #[must_use]
    pub const fn expires(&self) -> Option<HttpDate> {
        self.times.expires
    }

    /// Returns when a cookie of this name, domain and path was first set.
    ///
    /// ```
    #[doc = example!("assert_eq!(cookie.created().unix(), 7);")]
    /// ```
    #[must_use]
    pub const fn created(&self) -> HttpDate {
        self.times.created
    }

    /// Returns when the cookie was last sent, or else set.
    ///
    /// ```
    #[doc = example!("assert_eq!(cookie.last_access().unix(), 7);")]
    /// ```
    #[must_use]
    pub const fn last_access(&self) -> HttpDate {
        self.times.accessed
    }

    /// Returns whether the cookie has expired at a time.
    ///
    /// ```
    #[doc = example!("assert!(cookie.is_expired(HttpDate::from_unix(67)));")]
    /// ```
    #[must_use]
    pub fn is_expired(&self, now: impl Into<HttpDate>) -> bool {
        let now = now.into();
        self.times.expires.is_some_and(|expires| expires <= now)
    }

    pub(in crate::cookie) const fn attributes(&self) -> Attributes {
        self.attributes
    }

    /// Whether this is the cookie that another of the same domain replaces.
    pub(super) fn has_identity(&self, parts: &Parts<'_>, profile: Profile) -> bool {
        self.name() == parts.name && self.has_place(parts, profile)
    }

    /// Whether a server would take this and another of the same domain for the same cookie: one of them may
    /// have no name.
    pub(super) fn looks_like(&self, parts: &Parts<'_>, profile: Profile) -> bool {
        self.has_name_as_read(parts) && self.has_place(parts, profile)
    }

    /// Whether a server reads the name of another here.
    pub(super) fn has_name_as_read(&self, parts: &Parts<'_>) -> bool {
        name_as_read(self.name(), self.value()) == name_as_read(parts.name, parts.value)
    }

    /// By RFC 6265 it does not matter whether either is for the host alone.
    fn has_place(&self, parts: &Parts<'_>, profile: Profile) -> bool {
        self.path() == parts.path
            && (profile == Profile::Rfc6265 || self.is_host_only() == parts.attributes.is_host_only)
    }

    /// By which cookies of the same domain are told apart.
    pub(super) fn identity(&self) -> (&[u8], &[u8], bool) {
        (self.name(), self.path(), self.is_host_only())
    }

    /// Takes over when it was first set, which says where it stands among others.
    pub(super) const fn follow(&mut self, older: &Self) {
        self.times.created = older.times.created;
        self.order = older.order;
    }

    /// Takes the place of a cookie of the same identity: it is as old as the older of the two.
    pub(super) fn unite(&mut self, other: &Self) {
        self.times.created = self.times.created.min(other.times.created);
        self.order = self.order.min(other.order);
    }

    pub(super) const fn touch(&mut self, now: HttpDate) {
        self.times.accessed = now;
    }

    pub(in crate::cookie) const fn order(&self) -> u64 {
        self.order
    }

    /// The place among the cookies of a request: those of longer paths go first, and then those that were
    /// set first.
    pub(super) fn precedence(&self) -> (Reverse<usize>, HttpDate, u64) {
        (Reverse(self.path().len()), self.times.created, self.order)
    }
}

impl fmt::Debug for Cookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cookie")
            .field("name", &format_args!("{}", self.name().escape_ascii()))
            .field("domain", &self.domain())
            .field("path", &format_args!("{}", self.path().escape_ascii()))
            .field("attributes", &self.attributes)
            .field("times", &self.times)
            .finish_non_exhaustive()
    }
}

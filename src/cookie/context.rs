//! What a jar has to know about a request besides its URI.

use crate::field::HttpDate;

/// When a request is made, and by whom.
///
/// A program that makes requests of its own accord, as most do, says no more than the time. The rest is
/// for what acts like a browser: something that runs scripts ([`non_http`](Self::non_http)), or makes
/// requests because a page of another site says so ([`cross_site`](Self::cross_site)).
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "std")] {
/// use nethttp::cookie::Context;
/// use nethttp::field::HttpDate;
/// use std::time::SystemTime;
///
/// let context = Context::at(SystemTime::now());
/// assert!(context.now() > HttpDate::from_unix(0));
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    now: HttpDate,
    is_http: bool,
    site: Site,
}

/// Whether a request comes from the site that it goes to,
/// [6265bis §5.2](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Site {
    Same,
    /// A link was followed.
    Link,
    Cross,
}

impl Context {
    /// Returns the context of a request over HTTP that no other site caused.
    ///
    /// ```
    /// use nethttp::cookie::Context;
    /// use nethttp::field::HttpDate;
    ///
    /// let now = HttpDate::from_unix(1_780_000_000);
    /// assert_eq!(Context::at(now).now(), now);
    /// ```
    #[must_use]
    pub fn at(now: impl Into<HttpDate>) -> Self {
        Self { now: now.into(), is_http: true, site: Site::Same }
    }

    /// Returns the context of a script that reads or sets cookies itself, as `document.cookie` does:
    /// cookies that are `HttpOnly` are out of its reach.
    ///
    /// ```
    /// use nethttp::Uri;
    /// use nethttp::cookie::{Context, CookieJar, Rejected, SetCookie};
    /// use nethttp::field::HttpDate;
    ///
    /// let context = Context::at(HttpDate::from_unix(1_780_000_000)).non_http();
    /// let (uri, cookie) = (Uri::parse("http://example.org/")?, SetCookie::parse(b"a=b; HttpOnly")?);
    /// assert_eq!(CookieJar::new().store(&uri, &cookie, &context), Err(Rejected::HttpOnly));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn non_http(mut self) -> Self {
        self.is_http = false;
        self
    }

    /// Returns the context of a request that another site caused, such as that of an image in one of its
    /// pages: only cookies with `SameSite=None` are sent and taken.
    ///
    /// ```
    /// use nethttp::Uri;
    /// use nethttp::cookie::{Context, CookieJar, Rejected, SetCookie};
    /// use nethttp::field::HttpDate;
    ///
    /// let context = Context::at(HttpDate::from_unix(1_780_000_000)).cross_site();
    /// let (uri, cookie) = (Uri::parse("http://example.org/")?, SetCookie::parse(b"a=b")?);
    /// assert_eq!(CookieJar::new().store(&uri, &cookie, &context), Err(Rejected::CrossSite));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn cross_site(mut self) -> Self {
        self.site = Site::Cross;
        self
    }

    /// Returns the context of a link of another site that is followed, that is of a top-level navigation
    /// by a safe method: all cookies are sent but for those with `SameSite=Strict`.
    ///
    /// ```
    /// use nethttp::Uri;
    /// use nethttp::cookie::{Context, CookieJar, SetCookie};
    /// use nethttp::field::HttpDate;
    ///
    /// let (now, uri) = (HttpDate::from_unix(1_780_000_000), Uri::parse("http://example.org/")?);
    /// let mut jar = CookieJar::new();
    /// jar.store(&uri, &SetCookie::parse(b"a=1; SameSite=Strict")?, &Context::at(now))?;
    /// jar.store(&uri, &SetCookie::parse(b"b=2; SameSite=Lax")?, &Context::at(now))?;
    ///
    /// let followed = Context::at(now).cross_site_navigation();
    /// assert_eq!(jar.cookie_header(&uri, &followed).unwrap(), "b=2");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn cross_site_navigation(mut self) -> Self {
        self.site = Site::Link;
        self
    }

    /// Returns the time.
    ///
    /// ```
    /// use nethttp::cookie::Context;
    /// use nethttp::field::HttpDate;
    ///
    /// assert_eq!(Context::at(HttpDate::from_unix(7)).now().unix(), 7);
    /// ```
    #[must_use]
    pub const fn now(&self) -> HttpDate {
        self.now
    }

    pub(super) const fn is_http(&self) -> bool {
        self.is_http
    }

    /// Nobody follows a link by means of a script: only requests over HTTP do.
    pub(super) const fn site(&self) -> Site {
        match self.site {
            Site::Link if !self.is_http => Site::Cross,
            site => site,
        }
    }
}

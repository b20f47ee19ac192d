//! Storing, [6265bis §5.7] and [RFC 6265 §5.3], a step of the text a step of the code.
//!
//! [6265bis §5.7]: https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.7
//! [RFC 6265 §5.3]: https://www.rfc-editor.org/rfc/rfc6265#section-5.3

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::domain_key::DomainKey;
use super::{Attributes, Cookie, CookieJar, Parts, Rejected, Stored, Times};
use crate::cookie::context::Site;
use crate::cookie::error::{CookieError, CookieErrorKind};
use crate::cookie::promise::Promise;
use crate::cookie::request_uri::{
    RequestUri, default_path, domain_matches, is_domain, path_matches,
};
use crate::cookie::{Context, Profile, SameSite, SetCookie};
use crate::field::HttpDate;
use crate::header::{self, HeaderMap};
use crate::uri::Uri;

impl CookieJar {
    /// Takes the `Set-Cookie` fields of a response to a request for a URI, and returns those that were
    /// not accepted, with the reasons.
    ///
    /// ```
    /// use nethttp::Uri;
    /// use nethttp::cookie::{Context, CookieJar, Rejected};
    /// use nethttp::field::HttpDate;
    /// use nethttp::header::{self, HeaderMap};
    ///
    /// let mut response = HeaderMap::new();
    /// response.append(header::SET_COOKIE, "a=1")?;
    /// response.append(header::SET_COOKIE, "b=2; Secure")?;
    ///
    /// let (uri, context) = (Uri::parse("http://example.org/")?, Context::at(HttpDate::from_unix(0)));
    /// let rejected = CookieJar::new().store_all(&uri, &response, &context);
    /// assert_eq!(rejected, [(&b"b=2; Secure"[..], Rejected::Insecure)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn store_all<'h>(
        &mut self,
        uri: &Uri,
        headers: &'h HeaderMap,
        context: &Context,
    ) -> Vec<(&'h [u8], Rejected)> {
        let mut rejected = Vec::new();
        for field in headers.get_all(header::SET_COOKIE) {
            let cookie = SetCookie::parse_as(field, self.config.profile);
            let stored = cookie
                .map_err(Rejected::Malformed)
                .and_then(|cookie| self.store(uri, &cookie, context));
            if let Err(reason) = stored {
                rejected.push((field, reason));
            }
        }
        rejected
    }

    /// Takes a cookie that a response to a request for a URI has set.
    ///
    /// # Errors
    ///
    /// Returns the reason why a user agent does not accept it.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::Uri;
    /// use nethttp::cookie::{Context, CookieJar, Rejected, SetCookie, Stored};
    /// use nethttp::field::HttpDate;
    ///
    /// let mut jar = CookieJar::new();
    /// let uri = Uri::parse("https://www.example.org/")?;
    /// let context = Context::at(HttpDate::from_unix(1_780_000_000));
    /// let cookie = SetCookie::parse(b"sid=31d4; Domain=example.org; Secure")?;
    /// assert_eq!(jar.store(&uri, &cookie, &context), Ok(Stored::Added));
    ///
    /// let cookie = SetCookie::parse(b"sid=31d4; Domain=org")?;
    /// assert_eq!(jar.store(&uri, &cookie, &context), Err(Rejected::PublicSuffix));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn store(
        &mut self,
        uri: &Uri,
        cookie: &SetCookie<'_>,
        context: &Context,
    ) -> Result<Stored, Rejected> {
        let request = RequestUri::new(uri).ok_or(Rejected::Host)?;
        if cookie.name().is_empty() && self.config.profile == Profile::Rfc6265 {
            return Err(Rejected::Malformed(CookieError::new(CookieErrorKind::Name, 0)));
        }
        let domain = self.domain_of(cookie, &request)?;
        let path = cookie.path().unwrap_or_else(|| default_path(request.path()));
        if path.len() > self.config.profile.max_attribute_len() {
            return Err(Rejected::Path);
        }
        let parts = Parts {
            name: cookie.name(),
            value: cookie.value(),
            domain: domain.as_deref().unwrap_or(request.host()),
            path,
            attributes: Attributes {
                is_host_only: domain.is_none(),
                is_secure: cookie.is_secure(),
                is_http_only: cookie.is_http_only(),
                is_partitioned: cookie.is_partitioned(),
                same_site: cookie.same_site(),
            },
            times: Times {
                created: context.now(),
                accessed: context.now(),
                expires: self.expiry_of(cookie, context.now()),
            },
        };
        let is_bis = self.config.profile == Profile::Rfc6265bis;
        let is_secure = request.is_secure(self.config.trust_loopback);
        if is_bis && cookie.is_secure() && !is_secure {
            return Err(Rejected::Insecure);
        }
        if cookie.is_http_only() && !context.is_http() {
            return Err(Rejected::HttpOnly);
        }
        if is_bis {
            if !is_secure && self.hides_secure(&parts, request.is_name()) {
                return Err(Rejected::SecureOverwrite);
            }
            check_site(&parts, context)?;
            check_promises(&parts, cookie.path() == Some(b"/"))?;
        }
        self.put(&parts, context)
    }

    /// Returns the domain that the cookie is for; `None` if it is for the host alone.
    fn domain_of<'c>(
        &self,
        cookie: &'c SetCookie<'_>,
        request: &RequestUri<'_>,
    ) -> Result<Option<Cow<'c, str>>, Rejected> {
        let Some(domain) = cookie.domain() else {
            return Ok(None);
        };
        let domain = match core::str::from_utf8(domain) {
            Ok(domain) if domain.is_ascii() => domain,
            _ => return Err(Rejected::Domain),
        };
        let domain = if domain.bytes().any(|octet| octet.is_ascii_uppercase()) {
            Cow::Owned(domain.to_ascii_lowercase())
        } else {
            Cow::Borrowed(domain)
        };
        let is_host = domain == request.host();
        if is_host && !request.is_name() {
            return Ok(None);
        }
        // Public suffixes are asked about domains only, not about all that a server can write.
        if !is_host && !is_domain(&domain) {
            return Err(Rejected::DomainMismatch);
        }
        if self.suffixes.is_public_suffix(&domain) {
            return if is_host { Ok(None) } else { Err(Rejected::PublicSuffix) };
        }
        if !domain_matches(request.host(), request.is_name(), &domain) {
            return Err(Rejected::DomainMismatch);
        }
        Ok(Some(domain))
    }

    /// Returns when the cookie expires; `None` if it lives as long as the session. `Max-Age` goes before
    /// `Expires`.
    fn expiry_of(&self, cookie: &SetCookie<'_>, now: HttpDate) -> Option<HttpDate> {
        let wanted = match cookie.max_age() {
            Some(..=0) => Some(HttpDate::MIN),
            Some(seconds) => Some(HttpDate::from_unix(now.unix().saturating_add(seconds))),
            None => cookie.expires(),
        };
        wanted.map(|date| date.min(self.config.latest_expiry(now)))
    }

    /// Whether a cookie from a connection that is not secure would stand before one with `Secure`.
    fn hides_secure(&self, cookie: &Parts<'_>, is_name: bool) -> bool {
        self.related(cookie.domain, is_name).any(|other| {
            other.is_secure()
                && other.has_name_as_read(cookie)
                && !other.is_expired(cookie.times.created)
                && path_matches(cookie.path, other.path())
        })
    }

    /// The cookies of a domain, of those above it and of those below it.
    fn related(&self, domain: &str, is_name: bool) -> impl Iterator<Item = &Cookie> {
        let key = DomainKey::new(domain);
        let more = if is_name { usize::MAX } else { 1 };
        let above = key.iter().flat_map(|key| key.and_above().take(more));
        let above: Vec<_> = above.filter_map(|key| self.domains.get(key)).collect();
        let (from, to) = key.filter(|_| is_name).map(|key| key.below()).unwrap_or_default();
        let below = self.domains.range(from..to).map(|(_, cookies)| cookies);
        above.into_iter().chain(below).flatten()
    }

    /// Adds the cookie, or has it take the place of the one that it replaces.
    fn put(&mut self, parts: &Parts<'_>, context: &Context) -> Result<Stored, Rejected> {
        let Some(key) = DomainKey::new(parts.domain) else {
            return Err(Rejected::Host);
        };
        let key = key.as_bytes();
        let (order, profile) = (self.next_order, self.config.profile);
        let mut cookie = Cookie::new(parts, order);
        let is_expired = cookie.is_expired(context.now());
        let is_out_of_reach = |it: &Cookie| {
            it.is_http_only() && !it.is_expired(context.now()) && it.looks_like(parts, profile)
        };
        let mut others = self.domains.get(key).into_iter().flatten();
        if !context.is_http() && others.any(is_out_of_reach) {
            return Err(Rejected::HttpOnlyOverwrite);
        }
        if let Some(cookies) = self.domains.get_mut(key)
            && let Some(index) = cookies.iter().position(|it| it.has_identity(parts, profile))
            && let Some(older) = cookies.get_mut(index)
        {
            // One that has expired is as good as gone.
            let was_there = !older.is_expired(context.now());
            if was_there && !is_expired {
                cookie.follow(older);
                self.victims.note(&cookie);
                *older = cookie;
                return Ok(Stored::Replaced);
            }
            cookies.remove(index);
            if cookies.is_empty() {
                self.domains.remove(key);
            }
            self.len -= 1;
            if was_there {
                return Ok(Stored::Removed);
            }
        }
        if is_expired {
            return Ok(Stored::Expired);
        }
        self.next_order += 1;
        self.insert(key, cookie);
        if self.make_room(key, order, context.now()) {
            Ok(Stored::Added)
        } else {
            Err(Rejected::Full)
        }
    }

    /// Puts a cookie of a file into the jar. [`settle`](Self::settle) ends a series of these; until then
    /// there may be several of the same identity.
    pub(in crate::cookie) fn restore(&mut self, parts: &Parts<'_>) {
        let Some(key) = DomainKey::new(parts.domain) else {
            return;
        };
        let cookie = Cookie::new(parts, self.next_order);
        self.next_order += 1;
        self.insert(key.as_bytes(), cookie);
    }

    /// Adds a cookie behind the others of its domain.
    fn insert(&mut self, key: &[u8], cookie: Cookie) {
        self.len += 1;
        self.victims.note(&cookie);
        match self.domains.get_mut(key) {
            Some(cookies) => cookies.push(cookie),
            None => {
                self.domains.insert(key.into(), Vec::from([cookie]));
            }
        }
    }
}

/// What says nothing of other sites is for its own alone.
fn check_site(cookie: &Parts<'_>, context: &Context) -> Result<(), Rejected> {
    let is_for_all = cookie.attributes.same_site == Some(SameSite::None);
    if !is_for_all && context.site() == Site::Cross { Err(Rejected::CrossSite) } else { Ok(()) }
}

fn check_promises(cookie: &Parts<'_>, has_root_path: bool) -> Result<(), Rejected> {
    let Parts { name, value, attributes, .. } = *cookie;
    match Promise::broken((name, value), attributes, has_root_path) {
        Some(Promise::SameSite) => Err(Rejected::SameSiteNone),
        Some(Promise::Partitioned) => Err(Rejected::Partitioned),
        Some(Promise::Prefix(prefix)) => Err(Rejected::Prefix(prefix)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cookie::Config;

    const PLAIN: &str = "http://example.org/";
    const TLS: &str = "https://example.org/";

    #[track_caller]
    fn stores(
        jar: &mut CookieJar,
        (uri, field): (&str, &str),
        context: Context,
        expected: Result<Stored, Rejected>,
    ) {
        let cookie = SetCookie::parse_as(field.as_bytes(), jar.config.profile).unwrap();
        assert_eq!(jar.store(&Uri::parse(uri).unwrap(), &cookie, &context), expected, "{field}");
        assert_eq!(jar.len(), jar.iter().count());
        assert!(jar.domains.values().all(|cookies| !cookies.is_empty()), "{field}");
    }

    fn at(seconds: i64) -> Context {
        Context::at(HttpDate::from_unix(seconds))
    }

    #[test]
    fn a_cookie_that_has_expired_protects_and_bequeaths_nothing() {
        let mut jar = CookieJar::new();
        stores(&mut jar, (TLS, "a=1; Secure; Max-Age=10"), at(0), Ok(Stored::Added));
        stores(&mut jar, (PLAIN, "a=2"), at(9), Err(Rejected::SecureOverwrite));
        stores(&mut jar, (PLAIN, "a=2"), at(10), Ok(Stored::Added));

        stores(&mut jar, (PLAIN, "b=1; HttpOnly; Max-Age=10"), at(0), Ok(Stored::Added));
        let overwrites = Err(Rejected::HttpOnlyOverwrite);
        stores(&mut jar, (PLAIN, "b=2"), at(9).non_http(), overwrites);
        stores(&mut jar, (PLAIN, "b=2"), at(10).non_http(), Ok(Stored::Added));

        stores(&mut jar, (PLAIN, "c=1; Max-Age=10"), at(0), Ok(Stored::Added));
        stores(&mut jar, (PLAIN, "c=2; Max-Age=10"), at(10), Ok(Stored::Added));
        let created: Vec<_> = jar.iter().map(|cookie| cookie.created().unix()).collect();
        assert_eq!(created, [10, 10, 10]);
        stores(&mut jar, (PLAIN, "c=; Max-Age=0"), at(20), Ok(Stored::Expired));
        assert_eq!(jar.len(), 2);
        stores(&mut jar, ("http://b.example/", "d=1"), at(0), Ok(Stored::Added));
        stores(&mut jar, ("http://b.example/", "d=; Max-Age=0"), at(0), Ok(Stored::Removed));
        assert_eq!(jar.len(), 2);
    }

    #[test]
    fn the_reason_is_the_first_of_6265bis_section_5_7() {
        let mut jar = CookieJar::new();
        stores(&mut jar, (TLS, "a=1; Secure"), at(0), Ok(Stored::Added));
        let script = at(0).non_http().cross_site();
        for (field, reason) in [
            ("a=2; Domain=example.com; Secure; HttpOnly", Rejected::DomainMismatch),
            ("a=2; Secure; HttpOnly", Rejected::Insecure),
            ("a=2; HttpOnly", Rejected::HttpOnly),
            ("a=2", Rejected::SecureOverwrite),
            ("b=2", Rejected::CrossSite),
            ("__Host-b=2; SameSite=None", Rejected::SameSiteNone),
        ] {
            stores(&mut jar, (PLAIN, field), script, Err(reason));
        }
    }

    #[test]
    fn a_cookie_of_the_host_alone_is_another_but_by_rfc_6265() {
        for (profile, outcome, len) in
            [(Profile::Rfc6265bis, Stored::Added, 2), (Profile::Rfc6265, Stored::Replaced, 1)]
        {
            let mut jar = CookieJar::with_config(Config::DEFAULT.profile(profile));
            stores(&mut jar, (PLAIN, "a=1; Domain=example.org"), at(0), Ok(Stored::Added));
            stores(&mut jar, (PLAIN, "a=2"), at(0), Ok(outcome));
            assert_eq!(jar.len(), len);
            assert!(jar.iter().any(|cookie| cookie.is_host_only() && cookie.value() == b"2"));
        }
    }

    #[test]
    fn public_suffixes_are_asked_about_domains_only() {
        let suffixes = |domain: &str| {
            assert!(["org", "example.org", "not-this.example"].contains(&domain), "{domain:?}");
            domain == "org"
        };
        let mut jar = CookieJar::new().with_suffixes(suffixes);
        for domain in [
            "example.org.",
            "..example.org",
            "example..org",
            "example.org:80",
            "*.example.org",
            ". example.org",
            "http://example.org",
            "not-this.example",
            &"a".repeat(256),
        ] {
            let field = ["a=1; Domain=", domain].concat();
            stores(&mut jar, (PLAIN, &field), at(0), Err(Rejected::DomainMismatch));
        }
        stores(&mut jar, (PLAIN, "a=1; Domain=ORG"), at(0), Err(Rejected::PublicSuffix));
        stores(&mut jar, (PLAIN, "a=1; Domain=Example.ORG"), at(0), Ok(Stored::Added));
    }
}

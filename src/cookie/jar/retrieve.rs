//! Retrieval, [6265bis §5.8.3].
//!
//! [6265bis §5.8.3]: https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.8.3

use alloc::vec::Vec;

use super::domain_key::DomainKey;
use super::{Config, Cookie, CookieJar};
use crate::cookie::context::Site;
use crate::cookie::request_uri::{RequestUri, path_matches};
use crate::cookie::{Context, Profile, SameSite};
use crate::header::HeaderValue;
use crate::uri::Uri;

impl CookieJar {
    /// Returns the cookies that a request for a URI sends, in the order in which it sends them: those of
    /// longer paths first, then those that were set first.
    ///
    /// ```
    /// use nethttp::Uri;
    /// use nethttp::cookie::{Context, CookieJar, SetCookie};
    /// use nethttp::field::HttpDate;
    ///
    /// let mut jar = CookieJar::new();
    /// let (uri, context) = (Uri::parse("http://example.org/a/b")?, Context::at(HttpDate::from_unix(0)));
    /// jar.store(&uri, &SetCookie::parse(b"root=1; Path=/")?, &context)?;
    /// jar.store(&uri, &SetCookie::parse(b"folder=2")?, &context)?;
    ///
    /// let names: Vec<_> = jar.matches(&uri, &context).map(|cookie| cookie.name()).collect();
    /// assert_eq!(names, [b"folder".as_slice(), b"root"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn matches(&self, uri: &Uri, context: &Context) -> impl Iterator<Item = &Cookie> {
        let retrieval = Retrieval::new(uri, context, &self.config);
        retrieval.map(|it| self.matching(&it)).unwrap_or_default().into_iter()
    }

    /// Returns the value of the `Cookie` field of a request for a URI, if it has one, and takes down that
    /// its cookies were used.
    ///
    /// Cookies that would make it longer than [`Config::max_header_len`] are left out: first those that are
    /// not `Secure`, from the end.
    ///
    /// ```
    /// use nethttp::Uri;
    /// use nethttp::cookie::{Context, CookieJar, SetCookie};
    /// use nethttp::field::HttpDate;
    /// use nethttp::header::{self, HeaderMap};
    ///
    /// let mut jar = CookieJar::new();
    /// let (uri, context) = (Uri::parse("http://example.org/")?, Context::at(HttpDate::from_unix(0)));
    /// jar.store(&uri, &SetCookie::parse(b"sid=31d4")?, &context)?;
    ///
    /// let mut request = HeaderMap::new();
    /// if let Some(cookies) = jar.cookie_header(&uri, &context) {
    ///     request.insert(header::COOKIE, cookies)?;
    /// }
    /// assert_eq!(request.text("cookie"), Some("sid=31d4"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn cookie_header(&mut self, uri: &Uri, context: &Context) -> Option<HeaderValue> {
        let retrieval = Retrieval::new(uri, context, &self.config)?;
        let cookies = self.matching(&retrieval);
        let is_news = cookies.iter().any(|cookie| cookie.last_access() != context.now());
        let value = serialize(cookies, self.config.max_header_len);
        if is_news {
            self.touch(&retrieval);
        }
        value
    }

    /// Returns what [`cookie_header`](Self::cookie_header) does, and leaves the jar as it is.
    ///
    /// ```
    /// use nethttp::Uri;
    /// use nethttp::cookie::{Context, CookieJar};
    /// use nethttp::field::HttpDate;
    ///
    /// let context = Context::at(HttpDate::from_unix(0));
    /// assert_eq!(CookieJar::new().peek_header(&Uri::parse("http://example.org/")?, &context), None);
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn peek_header(&self, uri: &Uri, context: &Context) -> Option<HeaderValue> {
        let retrieval = Retrieval::new(uri, context, &self.config)?;
        serialize(self.matching(&retrieval), self.config.max_header_len)
    }

    /// The cookies of a request, in order.
    fn matching(&self, retrieval: &Retrieval<'_>) -> Vec<&Cookie> {
        let mut matching = Vec::with_capacity(8);
        for (levels, key) in retrieval.keys() {
            for cookie in self.domains.get(key).into_iter().flatten() {
                if retrieval.sends(cookie, levels) {
                    matching.push(cookie);
                }
            }
        }
        matching.sort_unstable_by_key(|cookie| cookie.precedence());
        matching
    }

    /// Takes down that the cookies of a request were used.
    fn touch(&mut self, retrieval: &Retrieval<'_>) {
        for (levels, key) in retrieval.keys() {
            for cookie in self.domains.get_mut(key).into_iter().flatten() {
                if retrieval.sends(cookie, levels) {
                    cookie.touch(retrieval.context.now());
                    self.victims.note(cookie);
                }
            }
        }
    }
}

/// What a request asks of a cookie.
struct Retrieval<'r> {
    request: RequestUri<'r>,
    key: DomainKey,
    is_secure: bool,
    context: &'r Context,
    profile: Profile,
}

impl<'r> Retrieval<'r> {
    fn new(uri: &'r Uri, context: &'r Context, config: &Config) -> Option<Self> {
        let request = RequestUri::new(uri)?;
        let key = DomainKey::new(request.host())?;
        let is_secure = request.is_secure(config.trust_loopback);
        Some(Self { request, key, is_secure, context, profile: config.profile })
    }

    /// The keys under which its cookies are, and how many levels above the host.
    fn keys(&self) -> impl Iterator<Item = (usize, &[u8])> {
        // An address is in no domain.
        let count = if self.request.is_name() { usize::MAX } else { 1 };
        self.key.and_above().take(count).enumerate()
    }

    fn sends(&self, cookie: &Cookie, levels: usize) -> bool {
        (levels == 0 || !cookie.is_host_only())
            && path_matches(self.request.path(), cookie.path())
            && (self.is_secure || !cookie.is_secure())
            && (self.context.is_http() || !cookie.is_http_only())
            && !cookie.is_expired(self.context.now())
            && is_sent_from(cookie, self.context.site(), self.profile)
    }
}

/// Whether a cookie is sent when another site caused the request.
fn is_sent_from(cookie: &Cookie, site: Site, profile: Profile) -> bool {
    profile == Profile::Rfc6265
        || match cookie.same_site() {
            Some(SameSite::None) => true,
            Some(SameSite::Lax) | None => site != Site::Cross,
            Some(SameSite::Strict) => site == Site::Same,
        }
}

/// Writes as many cookies as fit.
fn serialize(mut cookies: Vec<&Cookie>, max_len: usize) -> Option<HeaderValue> {
    // Each with a separator, of which there is one less.
    let len_of = |cookie: &Cookie| {
        let equals = usize::from(!cookie.name().is_empty());
        cookie.name().len() + equals + cookie.value().len() + SEPARATOR.len()
    };
    let max_len = max_len.saturating_add(SEPARATOR.len());
    let len: usize = cookies.iter().copied().map(len_of).sum();
    if len > max_len {
        // Nobody who sets cookies over an insecure connection shall be able to crowd out one that is
        // `Secure`: of these as many as fit, and then of the others.
        cookies.sort_by_key(|cookie| !cookie.is_secure());
        let ends = cookies.iter().scan(0, |end, cookie| {
            *end += len_of(cookie);
            Some(*end)
        });
        cookies.truncate(ends.take_while(|&end| end <= max_len).count());
        cookies.sort_unstable_by_key(|cookie| cookie.precedence());
    }
    let mut text = Vec::with_capacity(len.min(max_len));
    for cookie in cookies {
        if !text.is_empty() {
            text.extend_from_slice(SEPARATOR);
        }
        if !cookie.name().is_empty() {
            text.extend_from_slice(cookie.name());
            text.push(b'=');
        }
        text.extend_from_slice(cookie.value());
    }
    HeaderValue::try_from(text).ok().filter(|value| !value.as_bytes().is_empty())
}

const SEPARATOR: &[u8] = b"; ";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cookie::SetCookie;
    use crate::field::HttpDate;
    use alloc::vec;

    #[test]
    fn a_field_has_as_many_bytes_as_it_may_have_and_no_more() {
        let uri = Uri::parse("http://example.org/").unwrap();
        let context = Context::at(HttpDate::from_unix(0));
        let mut whole = 0;
        for fields in [vec!["a=b"], vec!["=ab"], vec!["a=b", "=cd", "e="]] {
            let sent: Vec<_> = (0..20)
                .map(|limit| {
                    let config = Config::DEFAULT.max_header_len(limit);
                    let mut jar = CookieJar::with_config(config);
                    for field in &fields {
                        let cookie = SetCookie::parse(field.as_bytes()).unwrap();
                        jar.store(&uri, &cookie, &context).unwrap();
                    }
                    let value = jar.cookie_header(&uri, &context);
                    assert!(value.as_ref().is_none_or(|value| !value.as_bytes().is_empty()));
                    value.map_or(0, |value| value.as_bytes().len())
                })
                .collect();
            // A field grows by whole cookies, and each is there as soon as there is room.
            for (limit, &len) in sent.iter().enumerate() {
                assert!(len <= limit, "{len} of {limit}");
                assert!(len == limit || limit == 0 || len == sent[limit - 1], "{len} of {limit}");
            }
            whole += sent[19];
        }
        assert_eq!(whole, "a=b".len() + "ab".len() + "a=b; cd; e=".len());
    }
}

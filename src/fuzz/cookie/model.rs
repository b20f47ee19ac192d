//! The jar once more, by the letter of 6265bis §5.7 and §5.8: a list of cookies that everything is looked
//! up in from end to end. Domains are compared label by label and paths segment by segment.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::field::Field;
use super::{at_equals, split};
use crate::cookie::{Config, Context, Cookie, Prefix, Profile, Rejected, SameSite, Stored};
use crate::field::HttpDate;

/// A request: scheme, host and path, as the URI has them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request {
    pub(super) scheme: &'static str,
    pub(super) host: Host,
    pub(super) path: &'static str,
}

/// What a URI has between `//` and the path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Host {
    pub(super) spelled: &'static str,
    /// §5.1.2; `None` for a host that no cookie can belong to.
    pub(super) canonical: Option<&'static str>,
    /// Whether it is this machine.
    pub(super) is_local: bool,
}

/// What a [`Context`] says, which it does not tell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Circumstances {
    pub(super) now: i64,
    pub(super) is_http: bool,
    pub(super) site: Site,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Site {
    Same,
    Link,
    Cross,
}

impl Circumstances {
    /// A script follows no links.
    fn site(self) -> Site {
        if self.site == Site::Link && !self.is_http { Site::Cross } else { self.site }
    }

    pub(super) fn context(self) -> Context {
        let context = Context::at(HttpDate::from_unix(self.now));
        let context = if self.is_http { context } else { context.non_http() };
        match self.site {
            Site::Same => context,
            Site::Link => context.cross_site_navigation(),
            Site::Cross => context.cross_site(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: Vec<u8>,
    pub(super) value: Vec<u8>,
    pub(super) domain: String,
    pub(super) path: Vec<u8>,
    pub(super) is_host_only: bool,
    pub(super) is_secure: bool,
    pub(super) is_http_only: bool,
    pub(super) is_partitioned: bool,
    pub(super) same_site: Option<SameSite>,
    pub(super) created: i64,
    pub(super) accessed: i64,
    pub(super) expires: Option<i64>,
    serial: usize,
}

impl Entry {
    fn is_expired(&self, now: i64) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    /// What no two cookies of a jar have in common.
    pub(super) fn identity(&self, profile: Profile) -> (String, Vec<u8>, Vec<u8>, bool) {
        let is_host_only = self.is_host_only && profile == Profile::Rfc6265bis;
        (self.domain.clone(), self.name.clone(), self.path.clone(), is_host_only)
    }

    /// As a server reads it from what is sent.
    fn as_read(&self) -> Self {
        let sent = [&self.name[..], if self.name.is_empty() { b"" } else { b"=" }, &self.value];
        let (name, value) = match at_equals(&sent.concat()) {
            (name, Some(value)) => (name.to_vec(), value.to_vec()),
            (value, None) => (Vec::new(), value.to_vec()),
        };
        Self { name, value, ..self.clone() }
    }

    /// What there is to see of a cookie of the jar.
    pub(super) fn of(cookie: &Cookie) -> Self {
        Self {
            name: cookie.name().to_vec(),
            value: cookie.value().to_vec(),
            domain: cookie.domain().to_owned(),
            path: cookie.path().to_vec(),
            is_host_only: cookie.is_host_only(),
            is_secure: cookie.is_secure(),
            is_http_only: cookie.is_http_only(),
            is_partitioned: cookie.is_partitioned(),
            same_site: cookie.same_site(),
            created: cookie.created().unix(),
            accessed: cookie.last_access().unix(),
            expires: cookie.expires().map(HttpDate::unix),
            serial: 0,
        }
    }

    /// What there is to see of a cookie of the model.
    pub(super) fn seen(&self) -> Self {
        Self { serial: 0, ..self.clone() }
    }
}

#[derive(Debug)]
pub(super) struct Model {
    pub(super) entries: Vec<Entry>,
    config: Config,
    next: usize,
}

/// What the model's jar takes for public suffixes.
pub(super) const SUFFIXES: [&str; 3] = ["org", "uk", "co.uk"];

impl Model {
    pub(super) fn new(config: Config) -> Self {
        Self { entries: Vec::new(), config, next: 0 }
    }

    /// §5.7, step by step. What is no cookie has no reason here.
    pub(super) fn store(
        &mut self,
        request: Request,
        line: &[u8],
        here: Circumstances,
    ) -> Result<Stored, Option<Rejected>> {
        let field = Field::parse(line, self.config.profile).ok_or(None)?;
        let cookie = self.cookie_of(request, &field, here).map_err(Some)?;
        if self.config.profile == Profile::Rfc6265bis {
            self.check(request, &field, &cookie, here).map_err(Some)?;
        }
        self.insert(cookie, here).map_err(Some)
    }

    /// Steps 5 to 15.
    fn cookie_of(
        &self,
        request: Request,
        field: &Field,
        here: Circumstances,
    ) -> Result<Entry, Rejected> {
        let host = request.host.canonical.ok_or(Rejected::Host)?;
        let domain = domain(field, host)?;
        let cookie = Entry {
            is_host_only: domain.is_none(),
            domain: domain.unwrap_or_else(|| host.to_owned()),
            path: field
                .path()
                .map_or_else(|| default_path(request.path.as_bytes()), <[u8]>::to_vec),
            is_secure: field.last("secure").is_some(),
            is_http_only: field.last("httponly").is_some(),
            is_partitioned: field.last("partitioned").is_some(),
            same_site: field.same_site(),
            created: here.now,
            accessed: here.now,
            expires: expiry(field, here.now, self.config.max_age.as_secs()),
            serial: self.next,
            name: field.name.clone(),
            value: field.value.clone(),
        };
        let is_strict = self.config.profile == Profile::Rfc6265bis;
        if cookie.path.len() > if is_strict { 1024 } else { 4096 } {
            return Err(Rejected::Path);
        }
        let is_hidden = cookie.is_http_only && !here.is_http;
        if is_strict && cookie.is_secure && !self.trusts(request) {
            return Err(Rejected::Insecure);
        }
        if is_hidden { Err(Rejected::HttpOnly) } else { Ok(cookie) }
    }

    /// Steps 16 to 22.
    fn check(
        &self,
        request: Request,
        field: &Field,
        cookie: &Entry,
        here: Circumstances,
    ) -> Result<(), Rejected> {
        let hides = |old: &Entry| {
            old.as_read().name == cookie.as_read().name
                && old.is_secure
                && !old.is_expired(here.now)
                && (domain_matches(&old.domain, &cookie.domain)
                    || domain_matches(&cookie.domain, &old.domain))
                && path_matches(&cookie.path, &old.path)
        };
        let is_secure = cookie.is_secure || self.trusts(request);
        if !is_secure && self.entries.iter().any(hides) {
            return Err(Rejected::SecureOverwrite);
        }
        let is_none = cookie.same_site == Some(SameSite::None);
        if !is_none && here.site() == Site::Cross {
            return Err(Rejected::CrossSite);
        }
        if is_none && !cookie.is_secure {
            return Err(Rejected::SameSiteNone);
        }
        if cookie.is_partitioned && !cookie.is_secure {
            return Err(Rejected::Partitioned);
        }
        broken_prefix(field, cookie).map_or(Ok(()), |prefix| Err(Rejected::Prefix(prefix)))
    }

    /// Steps 23 and 24, and what follows them.
    fn insert(&mut self, mut cookie: Entry, here: Circumstances) -> Result<Stored, Rejected> {
        let (is_expired, profile) = (cookie.is_expired(here.now), self.config.profile);
        let seen = cookie.as_read().identity(profile);
        let is_alike = |old: &Entry| old.is_http_only && old.as_read().identity(profile) == seen;
        let is_in_reach = |old: &Entry| here.is_http || old.is_expired(here.now) || !is_alike(old);
        if !self.entries.iter().all(is_in_reach) {
            return Err(Rejected::HttpOnlyOverwrite);
        }
        // One that has expired is not there any more.
        let identity = cookie.identity(profile);
        self.entries.retain(|old| old.identity(profile) != identity || !old.is_expired(here.now));
        let is_same = |old: &&mut Entry| old.identity(profile) == identity;
        let Some(old) = self.entries.iter_mut().find(is_same) else {
            if is_expired {
                return Ok(Stored::Expired);
            }
            self.next += 1;
            self.entries.push(cookie.clone());
            self.remove_excess(&cookie.domain, here.now);
            let is_there = self.entries.contains(&cookie);
            return if is_there { Ok(Stored::Added) } else { Err(Rejected::Full) };
        };
        (cookie.created, cookie.serial) = (old.created, old.serial);
        if is_expired {
            self.retain(|old| old.serial != cookie.serial);
            return Ok(Stored::Removed);
        }
        *old = cookie;
        Ok(Stored::Replaced)
    }

    fn remove_excess(&mut self, domain: &str, now: i64) {
        let of_domain = |it: &Entry| it.domain == domain;
        let count = |it: &Self| it.entries.iter().filter(|it| of_domain(it)).count();
        if count(self) > self.config.max_cookies_per_domain {
            self.entries.retain(|it| !of_domain(it) || !it.is_expired(now));
        }
        while count(self) > self.config.max_cookies_per_domain {
            let victims = self.entries.iter().filter(|it| of_domain(it));
            let victim = victims.min_by_key(|it| (it.is_secure, it.accessed, it.serial)).cloned();
            self.entries.retain(|it| Some(it) != victim.as_ref());
        }
        if self.entries.len() > self.config.max_cookies {
            self.remove_expired(now);
        }
        while self.entries.len() > self.config.max_cookies {
            let victim = self.entries.iter().min_by_key(|it| (it.accessed, it.serial)).cloned();
            self.entries.retain(|it| Some(it) != victim.as_ref());
        }
    }

    /// §5.8.3, steps 1 and 2.
    pub(super) fn matches(&self, request: Request, here: Circumstances) -> Vec<&Entry> {
        let Some(host) = request.host.canonical else {
            return Vec::new();
        };
        let path = if request.path.is_empty() { "/" } else { request.path };
        let is_secure = self.trusts(request);
        let is_sent = |cookie: &&Entry| {
            let of_host = if cookie.is_host_only {
                cookie.domain == host
            } else {
                domain_matches(host, &cookie.domain)
            };
            let of_site = match cookie.same_site {
                _ if self.config.profile == Profile::Rfc6265 => true,
                Some(SameSite::None) => true,
                Some(SameSite::Strict) => here.site() == Site::Same,
                _ => here.site() != Site::Cross,
            };
            of_host
                && of_site
                && path_matches(path.as_bytes(), &cookie.path)
                && (is_secure || !cookie.is_secure)
                && (here.is_http || !cookie.is_http_only)
                && !cookie.is_expired(here.now)
        };
        let mut sent: Vec<&Entry> = self.entries.iter().filter(is_sent).collect();
        sent.sort_by_key(|it| (Reverse(it.path.len()), it.created, it.serial));
        sent
    }

    /// Steps 3 and 4.
    pub(super) fn cookie_header(
        &mut self,
        request: Request,
        here: Circumstances,
    ) -> Option<Vec<u8>> {
        let sent: Vec<Entry> = self.matches(request, here).into_iter().cloned().collect();
        // What fits, what is `Secure` first, and then in the order of the list.
        let mut places: Vec<usize> = (0..sent.len()).collect();
        if written(&sent, &places).len() > self.config.max_header_len {
            places.sort_by_key(|&place| !sent[place].is_secure);
        }
        let fits = |places: &[usize]| written(&sent, places).len() <= self.config.max_header_len;
        while !fits(&places) {
            places.pop();
        }
        places.sort_unstable();
        let text = written(&sent, &places);
        for cookie in &mut self.entries {
            if sent.iter().any(|it| it.serial == cookie.serial) {
                cookie.accessed = here.now;
            }
        }
        (!text.is_empty()).then_some(text)
    }

    pub(super) fn remove(&mut self, domain: &str, path: &str, name: &str) -> usize {
        let is_meant = |it: &Entry| {
            it.domain == domain && it.path == path.as_bytes() && it.name == name.as_bytes()
        };
        self.retain(|it| !is_meant(it))
    }

    pub(super) fn remove_expired(&mut self, now: i64) -> usize {
        self.retain(|it| !it.is_expired(now))
    }

    pub(super) fn clear_session(&mut self) -> usize {
        self.retain(|it| it.expires.is_some())
    }

    fn retain(&mut self, condition: impl FnMut(&Entry) -> bool) -> usize {
        let before = self.entries.len();
        self.entries.retain(condition);
        before - self.entries.len()
    }

    /// Whether nobody else hears what is said.
    fn trusts(&self, request: Request) -> bool {
        ["https", "wss"].contains(&request.scheme.to_ascii_lowercase().as_str())
            || self.config.trust_loopback && request.host.is_local
    }
}

/// Step 4 for some cookies of a list.
fn written(cookies: &[Entry], places: &[usize]) -> Vec<u8> {
    let mut text = Vec::new();
    for &place in places {
        let cookie = &cookies[place];
        if !text.is_empty() {
            text.extend_from_slice(b"; ");
        }
        if !cookie.name.is_empty() {
            text.extend_from_slice(&cookie.name);
            text.push(b'=');
        }
        text.extend_from_slice(&cookie.value);
    }
    text
}

/// Steps 7 to 10; `None` if the cookie is for the host alone.
fn domain(field: &Field, host: &str) -> Result<Option<String>, Rejected> {
    let Some(domain) = field.domain() else {
        return Ok(None);
    };
    if !domain.is_ascii() {
        return Err(Rejected::Domain);
    }
    let domain: String =
        domain.iter().map(|octet| char::from(octet.to_ascii_lowercase())).collect();
    // An address is not in a domain, not even in itself.
    if domain == host && !is_name(host) {
        return Ok(None);
    }
    if SUFFIXES.contains(&domain.as_str()) {
        return if domain == host { Ok(None) } else { Err(Rejected::PublicSuffix) };
    }
    if domain_matches(host, &domain) { Ok(Some(domain)) } else { Err(Rejected::DomainMismatch) }
}

/// §5.6.1 and §5.6.2, and steps 5 and 6.
fn expiry(field: &Field, now: i64, longest: u64) -> Option<i64> {
    let longest = i64::try_from(longest).unwrap_or(i64::MAX);
    if let Some(age) = field.max_age() {
        return Some(if age <= 0 { HttpDate::MIN.unix() } else { now + age.min(longest) });
    }
    Some(field.expires()?.unix().min(now + longest))
}

/// The prefix that the cookie has no right to.
fn broken_prefix(field: &Field, cookie: &Entry) -> Option<Prefix> {
    let of_host = cookie.is_host_only && field.path() == Some(b"/");
    let is_kept = match field.prefix()? {
        Prefix::HostHttp => cookie.is_secure && of_host && cookie.is_http_only,
        Prefix::Host => cookie.is_secure && of_host,
        Prefix::Http => cookie.is_secure && cookie.is_http_only,
        Prefix::Secure => cookie.is_secure,
    };
    field.prefix().filter(|_| field.name.is_empty() || !is_kept)
}

/// Not an address, and nothing that a resolver takes for one.
fn is_name(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_decimal = !last.is_empty() && last.chars().all(|it| it.is_ascii_digit());
    let digits = last.strip_prefix("0x");
    let is_hex = digits.is_some_and(|it| it.chars().all(|it| it.is_ascii_hexdigit()));
    !host.contains(':') && !is_decimal && !is_hex
}

/// §5.1.3, label by label from the last.
pub(super) fn domain_matches(host: &str, domain: &str) -> bool {
    let labels = |text: &str| text.rsplit('.').map(str::to_owned).collect::<Vec<_>>();
    host == domain || is_name(host) && labels(host).starts_with(&labels(domain))
}

/// §5.1.4
fn default_path(path: &[u8]) -> Vec<u8> {
    let segments: Vec<_> = split(path, b'/').collect();
    match segments.as_slice() {
        [b"", folders @ .., _] if !folders.is_empty() => {
            [b"/", folders.join(&b'/').as_slice()].concat()
        }
        _ => b"/".to_vec(),
    }
}

/// §5.1.4, segment by segment. A cookie's path that ends with a slash is for what is below it.
pub(super) fn path_matches(path: &[u8], of_cookie: &[u8]) -> bool {
    let segments: Vec<_> = split(path, b'/').collect();
    let mut of_cookie: Vec<_> = split(of_cookie, b'/').collect();
    let is_folder = of_cookie.last() == Some(&&b""[..]);
    if is_folder {
        of_cookie.pop();
    }
    segments.starts_with(&of_cookie) && (!is_folder || segments.len() > of_cookie.len())
}

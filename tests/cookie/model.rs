//! The jar once more, by the letter of 6265bis §5.6 to §5.8: a list of cookies that everything is looked
//! up in from end to end. Domains are compared label by label and paths segment by segment.

use core::cmp::Reverse;
use nethttp::cookie::{Config, Context, Prefix, Profile, Rejected, SameSite, Stored};
use nethttp::field::HttpDate;

/// A request: scheme, host and path, as the URI has them.
pub(super) type Request = (&'static str, &'static str, &'static str);

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
    pub(super) name: String,
    pub(super) value: String,
    pub(super) domain: String,
    pub(super) path: String,
    pub(super) is_host_only: bool,
    pub(super) is_secure: bool,
    pub(super) is_http_only: bool,
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

    fn is_same_as(&self, other: &Self) -> bool {
        (&self.name, &self.domain, &self.path, self.is_host_only)
            == (&other.name, &other.domain, &other.path, other.is_host_only)
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
        line: &str,
        here: Circumstances,
    ) -> Result<Stored, Option<Rejected>> {
        let field = Field::parse(line, self.config.profile).ok_or(None)?;
        let cookie = self.cookie_of(request, &field, here).map_err(Some)?;
        self.entries.retain(|old| !IS_LITERAL || !old.is_expired(here.now));
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
        let host = canonical(request.1);
        let domain = field.domain(&host)?;
        let path = field.last("path").filter(|path| path.starts_with('/'));
        let cookie = Entry {
            is_host_only: domain.is_empty(),
            domain: if domain.is_empty() { host } else { domain },
            path: path.map_or_else(|| default_path(request.2), str::to_owned),
            is_secure: field.last("secure").is_some(),
            is_http_only: field.last("httponly").is_some(),
            same_site: field.same_site(),
            created: here.now,
            accessed: here.now,
            expires: field.expiry(here.now, self.config.max_age.as_secs()),
            serial: self.next,
            name: field.name.clone(),
            value: field.value.clone(),
        };
        let is_strict = self.config.profile == Profile::Rfc6265bis;
        let is_hidden = cookie.is_http_only && !here.is_http;
        if !IS_LITERAL && is_hidden {
            return Err(Rejected::HttpOnly);
        }
        if is_strict && cookie.is_secure && !self.is_secure(request) {
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
            old.name == cookie.name
                && old.is_secure
                && (domain_matches(&old.domain, &cookie.domain)
                    || domain_matches(&cookie.domain, &old.domain))
                && path_matches(&cookie.path, &old.path)
        };
        let is_secure = cookie.is_secure || self.is_secure(request);
        if !is_secure && self.entries.iter().any(hides) {
            return Err(Rejected::SecureOverwrite);
        }
        let is_none = cookie.same_site == Some(SameSite::None);
        if !is_none && here.site == Site::Cross {
            return Err(Rejected::CrossSite);
        }
        if is_none && !cookie.is_secure {
            return Err(Rejected::SameSiteNone);
        }
        field.broken_prefix(cookie).map_or(Ok(()), |prefix| Err(Rejected::Prefix(prefix)))
    }

    /// Steps 23 and 24, and what follows them.
    fn insert(&mut self, mut cookie: Entry, here: Circumstances) -> Result<Stored, Rejected> {
        let is_expired = cookie.is_expired(here.now);
        let Some(index) = self.entries.iter().position(|old| old.is_same_as(&cookie)) else {
            if is_expired {
                return Ok(Stored::Expired);
            }
            self.next += 1;
            self.entries.push(cookie.clone());
            self.remove_excess(&cookie.domain, here.now);
            let is_there = self.entries.contains(&cookie);
            return if is_there { Ok(Stored::Added) } else { Err(Rejected::Full) };
        };
        let old = &mut self.entries[index];
        if old.is_http_only && !here.is_http {
            return Err(Rejected::HttpOnlyOverwrite);
        }
        if is_expired {
            self.entries.remove(index);
            return Ok(Stored::Removed);
        }
        (cookie.created, cookie.serial) = (old.created, old.serial);
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

    /// §5.8.3, steps 1 and 2: the places of the cookies in the list.
    pub(super) fn matches(&self, request: Request, here: Circumstances) -> Vec<usize> {
        let host = canonical(request.1);
        let path = if request.2.is_empty() { "/" } else { request.2 };
        let is_secure = self.is_secure(request);
        let is_sent = |cookie: &Entry| {
            let of_host = if cookie.is_host_only {
                cookie.domain == host
            } else {
                domain_matches(&host, &cookie.domain)
            };
            let of_site = match cookie.same_site {
                _ if self.config.profile == Profile::Rfc6265 => true,
                Some(SameSite::None) => true,
                Some(SameSite::Strict) => here.site == Site::Same,
                _ => here.site != Site::Cross,
            };
            of_host
                && of_site
                && path_matches(path, &cookie.path)
                && (is_secure || !cookie.is_secure)
                && (here.is_http || !cookie.is_http_only)
                && !cookie.is_expired(here.now)
        };
        let mut sent: Vec<_> =
            (0..self.entries.len()).filter(|&index| is_sent(&self.entries[index])).collect();
        sent.sort_by_key(|&index| {
            let cookie = &self.entries[index];
            (Reverse(cookie.path.len()), cookie.created, cookie.serial)
        });
        sent
    }

    /// Steps 3 and 4.
    pub(super) fn cookie_header(
        &mut self,
        request: Request,
        here: Circumstances,
    ) -> Option<String> {
        let mut text = String::new();
        let mut is_full = false;
        for index in self.matches(request, here) {
            let cookie = &mut self.entries[index];
            cookie.accessed = here.now;
            let mut longer = text.clone();
            if !text.is_empty() {
                longer += "; ";
            }
            if !cookie.name.is_empty() {
                longer += &cookie.name;
                longer += "=";
            }
            longer += &cookie.value;
            let counted = text.len() + cookie.name.len() + cookie.value.len() + 3;
            let len = if IS_LITERAL { longer.len() } else { counted };
            is_full |= len > self.config.max_header_len;
            if !is_full {
                text = longer;
            }
        }
        (!text.is_empty()).then_some(text)
    }

    pub(super) fn remove(&mut self, domain: &str, path: &str, name: &str) -> usize {
        let is_meant = |it: &Entry| it.domain == domain && it.path == path && it.name == name;
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

    fn is_secure(&self, (scheme, host, _): Request) -> bool {
        let is_local = ["localhost", "127.0.0.1"].contains(&canonical(host).as_str());
        ["https", "wss"].contains(&scheme.to_ascii_lowercase().as_str())
            || self.config.trust_loopback && is_local
    }
}

/// A line, §5.6.
struct Field {
    name: String,
    value: String,
    attributes: Vec<(String, String)>,
}

impl Field {
    fn parse(line: &str, profile: Profile) -> Option<Self> {
        let is_control = |it: char| it != '\t' && (it < ' ' || it == '\x7f');
        if line.contains(is_control) {
            return None;
        }
        let trim = |text: &str| text.trim_matches([' ', '\t']).to_owned();
        let is_old = profile == Profile::Rfc6265;
        let mut parts = line.split(';');
        let (name, value) = match parts.next()?.split_once('=') {
            Some((name, value)) => (trim(name), trim(value)),
            None if is_old => return None,
            None => (String::new(), trim(line.split(';').next()?)),
        };
        let len = name.len() + value.len();
        if len > 4096 || len == 0 || is_old && name.is_empty() {
            return None;
        }
        let attributes = parts.map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (trim(name).to_ascii_lowercase(), trim(value))
        });
        let longest = if is_old { 4096 } else { 1024 };
        let counts = |(name, value): &(String, String)| {
            value.len() <= longest
                && match name.as_str() {
                    "max-age" => {
                        let digits = value.strip_prefix('-').unwrap_or(value);
                        !digits.is_empty() && digits.chars().all(|it| it.is_ascii_digit())
                    }
                    "expires" => HttpDate::parse(value.as_bytes()).is_ok(),
                    "domain" => !is_old || !value.is_empty(),
                    _ => true,
                }
        };
        Some(Self { name, value, attributes: attributes.filter(counts).collect() })
    }

    fn last(&self, name: &str) -> Option<&str> {
        let mut found = self.attributes.iter().rev().filter(|(it, _)| it == name);
        found.next().map(|(_, value)| value.as_str())
    }

    /// Steps 7 to 10: the domain, which is empty if the cookie is for the host alone.
    fn domain(&self, host: &str) -> Result<String, Rejected> {
        let mut domain = self.last("domain").unwrap_or_default().to_ascii_lowercase();
        if let Some(rest) = domain.strip_prefix('.') {
            domain = rest.into();
        }
        if !domain.is_ascii() {
            return Err(Rejected::Domain);
        }
        // An address is not in a domain, not even in itself.
        if domain == host && !is_name(host) {
            domain.clear();
        }
        if SUFFIXES.contains(&domain.as_str()) {
            if domain != host {
                return Err(Rejected::PublicSuffix);
            }
            domain.clear();
        }
        if !domain.is_empty() && !domain_matches(host, &domain) {
            return Err(Rejected::DomainMismatch);
        }
        Ok(domain)
    }

    fn same_site(&self) -> Option<SameSite> {
        match self.last("samesite")?.to_ascii_lowercase().as_str() {
            "strict" => Some(SameSite::Strict),
            "lax" => Some(SameSite::Lax),
            "none" => Some(SameSite::None),
            _ => None,
        }
    }

    fn expiry(&self, now: i64, longest: u64) -> Option<i64> {
        let longest = i64::try_from(longest).unwrap();
        if let Some(age) = self.last("max-age") {
            let saturated = if age.starts_with('-') { 0 } else { longest };
            let age = age.parse::<i64>().unwrap_or(saturated);
            return Some(if age <= 0 { HttpDate::MIN.unix() } else { now + age.min(longest) });
        }
        let date = HttpDate::parse(self.last("expires")?.as_bytes()).unwrap();
        Some(date.unix().min(now + longest))
    }

    /// The prefix that the cookie has no right to.
    fn broken_prefix(&self, cookie: &Entry) -> Option<Prefix> {
        let is_nameless = self.name.is_empty();
        let name = if is_nameless { &self.value } else { &self.name }.to_ascii_lowercase();
        let of_host = cookie.is_host_only && self.last("path").is_some() && cookie.path == "/";
        let (prefix, is_kept) = if name.starts_with("__host-http-") {
            (Prefix::HostHttp, cookie.is_secure && of_host && cookie.is_http_only)
        } else if name.starts_with("__host-") {
            (Prefix::Host, cookie.is_secure && of_host)
        } else if name.starts_with("__http-") {
            (Prefix::Http, cookie.is_secure && cookie.is_http_only)
        } else if name.starts_with("__secure-") {
            (Prefix::Secure, cookie.is_secure)
        } else {
            return None;
        };
        (is_nameless || !is_kept).then_some(prefix)
    }
}

/// §5.1.2
fn canonical(host: &str) -> String {
    let host = host.to_ascii_lowercase();
    host.strip_suffix('.').map(str::to_owned).unwrap_or(host)
}

fn is_name(host: &str) -> bool {
    !host.contains(':') && host.rsplit('.').next().is_some_and(|it| it.parse::<u32>().is_err())
}

/// §5.1.3, label by label from the last.
pub(super) fn domain_matches(host: &str, domain: &str) -> bool {
    let labels = |text: &str| text.rsplit('.').map(str::to_owned).collect::<Vec<_>>();
    host == domain || is_name(host) && labels(host).starts_with(&labels(domain))
}

/// §5.1.4
fn default_path(path: &str) -> String {
    let segments: Vec<_> = path.split('/').collect();
    match segments.as_slice() {
        ["", folders @ .., _] if !folders.is_empty() => "/".to_owned() + &folders.join("/"),
        _ => "/".into(),
    }
}

/// §5.1.4, segment by segment. A cookie's path that ends with a slash is for what is below it.
pub(super) fn path_matches(path: &str, of_cookie: &str) -> bool {
    let segments: Vec<_> = path.split('/').collect();
    let mut of_cookie: Vec<_> = of_cookie.split('/').collect();
    let is_folder = of_cookie.last() == Some(&"");
    if is_folder {
        of_cookie.pop();
    }
    segments.starts_with(&of_cookie) && (!is_folder || segments.len() > of_cookie.len())
}

/// Whether the model follows the text where the jar does not yet: in the order of steps 13 and 15, in
/// cookies that have expired but are still there when others are stored, and in the length of a field.
const IS_LITERAL: bool = false;

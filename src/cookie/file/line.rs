//! The lines of a cookie file, and what both formats ask of the cookie in one.

use alloc::borrow::Cow;
use alloc::format;
use alloc::sync::Arc;
use core::net::Ipv6Addr;

use super::{CookieFileError, CookieFileErrorKind as Kind, MAX_LINE_LEN};
use crate::cookie::jar::{Attributes, Parts, Times};
use crate::cookie::promise::Promise;
use crate::cookie::request_uri::is_domain;
use crate::cookie::segments::Piece;
use crate::cookie::{CookieJar, MAX_PAIR_LEN, Profile, PublicSuffix};
use crate::field::HttpDate;
use crate::header::first_control;
use crate::uri::Host;

/// The lines of a text, without what ends them: LF or CR LF.
#[derive(Clone, Debug)]
pub(super) struct Lines<'a> {
    rest: &'a [u8],
    number: u32,
}

/// A line of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    pub(super) text: &'a [u8],
    /// Counted from 1.
    pub(super) number: u32,
    /// Whether the end of the line is there.
    pub(super) is_whole: bool,
}

/// A cookie as a line has it.
#[derive(Clone, Debug)]
pub(super) struct Draft<'a> {
    pub(super) name: Piece<'a>,
    pub(super) value: Piece<'a>,
    pub(super) domain: Piece<'a>,
    pub(super) path: Cow<'a, [u8]>,
    pub(super) path_at: usize,
    pub(super) attributes: Attributes,
    /// `None` for now.
    pub(super) created: Option<HttpDate>,
    /// `None` for now.
    pub(super) accessed: Option<HttpDate>,
    pub(super) expires: Option<HttpDate>,
}

/// A cookie that a jar can take.
#[derive(Clone, Debug)]
pub(super) struct Entry<'a> {
    name: &'a [u8],
    value: &'a [u8],
    domain: Cow<'a, str>,
    path: Cow<'a, [u8]>,
    attributes: Attributes,
    times: Times,
}

/// What a jar asks of a cookie.
pub(super) struct Rules {
    profile: Profile,
    suffixes: Arc<dyn PublicSuffix + Send + Sync>,
    now: HttpDate,
    /// When the last cookie expires that is set now.
    latest: HttpDate,
}

impl<'a> Lines<'a> {
    pub(super) const fn new(text: &'a [u8]) -> Self {
        Self { rest: text, number: 0 }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.iter().position(|&octet| octet == b'\n');
        let (text, rest) = match end.and_then(|end| self.rest.split_at_checked(end)) {
            Some((text, [_, rest @ ..])) => (text, rest),
            _ => (self.rest, &[][..]),
        };
        self.rest = rest;
        self.number = self.number.saturating_add(1);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        Some(Line { text, number: self.number, is_whole: end.is_some() })
    }
}

impl Line<'_> {
    pub(super) fn error(&self, kind: Kind, offset: usize) -> CookieFileError {
        CookieFileError::new(kind, self.number, offset)
    }

    /// Returns whether there is nothing but whitespace.
    pub(super) fn is_blank(&self) -> bool {
        self.text.iter().all(|octet| matches!(octet, b' ' | b'\t'))
    }

    /// What no line of either format may have.
    pub(super) fn check(&self) -> Result<(), CookieFileError> {
        if self.text.len() > MAX_LINE_LEN {
            return Err(self.error(Kind::LineTooLong, MAX_LINE_LEN));
        }
        match first_control(self.text) {
            Some((offset, octet)) => Err(self.error(Kind::Control(octet), offset)),
            None => Ok(()),
        }
    }
}

impl Entry<'_> {
    pub(super) fn parts(&self) -> Parts<'_> {
        Parts {
            name: self.name,
            value: self.value,
            domain: &self.domain,
            path: &self.path,
            attributes: self.attributes,
            times: self.times,
        }
    }
}

impl Rules {
    pub(super) fn new(jar: &CookieJar, now: HttpDate) -> Self {
        let config = jar.config();
        let latest = config.latest_expiry(now);
        Self { profile: config.profile, suffixes: jar.suffixes(), now, latest }
    }

    pub(super) const fn now(&self) -> HttpDate {
        self.now
    }

    /// Makes of a line what a jar can take; `None` if the cookie has expired.
    pub(super) fn admit<'a>(
        &self,
        draft: Draft<'a>,
        line: &Line<'_>,
    ) -> Result<Option<Entry<'a>>, CookieFileError> {
        let Draft { name, value, mut attributes, .. } = draft;
        self.check_pair(name, value).map_err(|(kind, at)| line.error(kind, at))?;
        let Some((domain, is_name)) = canonical(draft.domain.text) else {
            return Err(line.error(Kind::Domain, draft.domain.at));
        };
        if !draft.path.starts_with(b"/") {
            return Err(line.error(Kind::Path, draft.path_at));
        }
        let longest = self.profile.max_attribute_len();
        if draft.path.len() > longest {
            return Err(line.error(Kind::PathTooLong(longest), draft.path_at));
        }
        // Nothing is below an address, and what is below a public suffix belongs to others.
        attributes.is_host_only |= !is_name || self.suffixes.is_public_suffix(&domain);
        if self.profile == Profile::Rfc6265bis {
            let pair = (name.text, value.text);
            let broken = match Promise::broken(pair, attributes, draft.path.as_ref() == b"/") {
                Some(Promise::SameSite) => Some(Kind::SameSite),
                Some(Promise::Partitioned) => Some(Kind::Partitioned),
                Some(Promise::Prefix(prefix)) => Some(Kind::Prefix(prefix)),
                None => None,
            };
            broken.map_or(Ok(()), |kind| Err(line.error(kind, name.at)))?;
        }
        let times = Times {
            created: draft.created.unwrap_or(self.now),
            accessed: draft.accessed.unwrap_or(self.now),
            expires: draft.expires.map(|date| date.min(self.latest)),
        };
        if times.expires.is_some_and(|date| date <= self.now) {
            return Ok(None);
        }
        let (name, value) = (name.text, value.text);
        Ok(Some(Entry { name, value, domain, path: draft.path, attributes, times }))
    }

    fn check_pair(&self, name: Piece<'_>, value: Piece<'_>) -> Result<(), (Kind, usize)> {
        if let Some(at) = name.find(b'=') {
            return Err((Kind::Equals, at));
        }
        if let Some(at) = name.find(b';').or_else(|| value.find(b';')) {
            return Err((Kind::Semicolon, at));
        }
        if name.text.is_empty() && value.text.is_empty() {
            return Err((Kind::Empty, name.at));
        }
        if name.text.is_empty() && self.profile == Profile::Rfc6265 {
            return Err((Kind::Name, name.at));
        }
        if name.text.len() + value.text.len() > MAX_PAIR_LEN {
            return Err((Kind::TooLong, value.at));
        }
        Ok(())
    }
}

/// Returns a host as a jar has it, and whether it is a name.
fn canonical(domain: &[u8]) -> Option<(Cow<'_, str>, bool)> {
    let domain = core::str::from_utf8(domain).ok()?;
    if domain.contains(':') {
        let inside = domain.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
        let address: Ipv6Addr = inside.unwrap_or(domain).parse().ok()?;
        return Some((Cow::Owned(format!("[{address}]")), false));
    }
    if !is_domain(domain) {
        return None;
    }
    let is_name = !Host::Name(domain).ends_in_number();
    let domain = if domain.bytes().any(|octet| octet.is_ascii_uppercase()) {
        Cow::Owned(domain.to_ascii_lowercase())
    } else {
        Cow::Borrowed(domain)
    };
    Some((domain, is_name))
}

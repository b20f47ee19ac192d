//! The value of a `Set-Cookie` field once more, by the letter of 6265bis §5.6 and RFC 6265 §5.2: a list
//! of attributes that everything is looked up in from end to end.

use alloc::vec::Vec;

use super::{at_equals, split};
use crate::cookie::{Prefix, Profile, SameSite, SetCookie, parse_date};
use crate::field::HttpDate;

/// A line that is a cookie.
pub(super) struct Field {
    pub(super) name: Vec<u8>,
    pub(super) value: Vec<u8>,
    /// All that have a name or a value.
    pub(super) attributes: Vec<(Vec<u8>, Vec<u8>)>,
    profile: Profile,
}

impl Field {
    pub(super) fn parse(line: &[u8], profile: Profile) -> Option<Self> {
        let is_control = |octet: &u8| *octet != b'\t' && (*octet < b' ' || *octet == 0x7f);
        if line.iter().any(is_control) {
            return None;
        }
        let is_old = profile == Profile::Rfc6265;
        let mut parts = split(line, b';').map(at_equals);
        let (name, value) = match parts.next()? {
            (name, Some(value)) => (name, value),
            (_, None) if is_old => return None,
            (value, None) => (&b""[..], value),
        };
        let len = name.len() + value.len();
        if len > 4096 || len == 0 || is_old && name.is_empty() {
            return None;
        }
        let attributes = parts.map(|(name, value)| (name.into(), value.unwrap_or_default().into()));
        let attributes = attributes.filter(|it| *it != (Vec::new(), Vec::new())).collect();
        Some(Self { name: name.into(), value: value.into(), attributes, profile })
    }

    /// The value of the last attribute of a name, in small letters here, that a user agent understands.
    pub(super) fn last(&self, name: &str) -> Option<&[u8]> {
        let is_old = self.profile == Profile::Rfc6265;
        let longest = if is_old { 4096 } else { 1024 };
        let counts = |value: &[u8]| {
            value.len() <= longest
                && match name {
                    "max-age" => {
                        let digits = value.strip_prefix(b"-").unwrap_or(value);
                        !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
                    }
                    "expires" => parse_date(value).is_some(),
                    "domain" => !is_old || !value.is_empty(),
                    _ => true,
                }
        };
        let of_name = |it: &[u8]| it.to_ascii_lowercase() == name.as_bytes();
        let found = self.attributes.iter().rfind(|(it, value)| of_name(it) && counts(value));
        found.map(|(_, value)| value.as_slice())
    }

    /// Without the dot in front; `None` where there is none or nothing behind it.
    pub(super) fn domain(&self) -> Option<&[u8]> {
        let domain = self.last("domain")?;
        Some(domain.strip_prefix(b".").unwrap_or(domain)).filter(|it| !it.is_empty())
    }

    pub(super) fn path(&self) -> Option<&[u8]> {
        self.last("path").filter(|path| path.starts_with(b"/"))
    }

    pub(super) fn max_age(&self) -> Option<i64> {
        let age = str::from_utf8(self.last("max-age")?).ok()?;
        let nearest = if age.starts_with('-') { i64::MIN } else { i64::MAX };
        Some(age.parse().unwrap_or(nearest))
    }

    pub(super) fn expires(&self) -> Option<HttpDate> {
        parse_date(self.last("expires")?)
    }

    pub(super) fn same_site(&self) -> Option<SameSite> {
        match self.last("samesite")?.to_ascii_lowercase().as_slice() {
            b"strict" => Some(SameSite::Strict),
            b"lax" => Some(SameSite::Lax),
            b"none" => Some(SameSite::None),
            _ => None,
        }
    }

    /// That of the value where there is no name.
    pub(super) fn prefix(&self) -> Option<Prefix> {
        let name = if self.name.is_empty() { &self.value } else { &self.name };
        let name = name.to_ascii_lowercase();
        if name.starts_with(b"__host-http-") {
            Some(Prefix::HostHttp)
        } else if name.starts_with(b"__host-") {
            Some(Prefix::Host)
        } else if name.starts_with(b"__http-") {
            Some(Prefix::Http)
        } else if name.starts_with(b"__secure-") {
            Some(Prefix::Secure)
        } else {
            None
        }
    }

    pub(super) fn facts(&self) -> Facts {
        Facts {
            name: self.name.clone(),
            value: self.value.clone(),
            prefix: self.prefix(),
            domain: self.domain().map(<[u8]>::to_vec),
            path: self.path().map(<[u8]>::to_vec),
            expires: self.expires(),
            max_age: self.max_age(),
            same_site: self.same_site(),
            is_secure: self.last("secure").is_some(),
            is_http_only: self.last("httponly").is_some(),
            is_partitioned: self.last("partitioned").is_some(),
            attributes: self.attributes.clone(),
        }
    }
}

/// What a `Set-Cookie` field says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) name: Vec<u8>,
    pub(super) value: Vec<u8>,
    pub(super) prefix: Option<Prefix>,
    pub(super) domain: Option<Vec<u8>>,
    pub(super) path: Option<Vec<u8>>,
    pub(super) expires: Option<HttpDate>,
    pub(super) max_age: Option<i64>,
    pub(super) same_site: Option<SameSite>,
    pub(super) is_secure: bool,
    pub(super) is_http_only: bool,
    pub(super) is_partitioned: bool,
    pub(super) attributes: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Facts {
    pub(super) fn of(cookie: &SetCookie<'_>) -> Self {
        Self {
            name: cookie.name().to_vec(),
            value: cookie.value().to_vec(),
            prefix: cookie.prefix(),
            domain: cookie.domain().map(<[u8]>::to_vec),
            path: cookie.path().map(<[u8]>::to_vec),
            expires: cookie.expires(),
            max_age: cookie.max_age(),
            same_site: cookie.same_site(),
            is_secure: cookie.is_secure(),
            is_http_only: cookie.is_http_only(),
            is_partitioned: cookie.is_partitioned(),
            attributes: cookie.attributes().map(|(name, it)| (name.into(), it.into())).collect(),
        }
    }
}

//! The rules once more, over texts and lists: what is said of them in the documentation, by the letter.

use std::net::Ipv6Addr;
use std::string::String;
use std::vec::Vec;

use crate::error::RedirectErrorKind;
use crate::header::HeaderMap;
use crate::uri::{Uri, UriRef};

/// The most bytes of a Location.
const MAX_LOCATION: usize = 16_384;

/// The most redirects that are followed here.
pub(super) const LIMIT: usize = 4;

const OF_CONTENT: &str = "|content-type|content-encoding|content-language|content-location|content-length|\
    content-range|content-disposition|content-digest|repr-digest|digest|content-md5|last-modified|\
    transfer-encoding|trailer|expect|";

const OF_SERVER: &str = "|authorization|proxy-authorization|cookie|cookie2|dpop|www-authenticate|\
    proxy-authenticate|host|";

/// Names in lower case and values, in order.
pub(super) type Fields = Vec<(String, Vec<u8>)>;

pub(super) fn fields(headers: &HeaderMap) -> Fields {
    headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.to_vec())).collect()
}

/// A request.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Asked {
    pub(super) method: String,
    /// With its fragment.
    pub(super) url: String,
    pub(super) fields: Fields,
    pub(super) has_content: bool,
}

/// What a caller has set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wishes {
    pub(super) keeps_post: bool,
    pub(super) denies_downgrade: bool,
    pub(super) content_is_spent: bool,
}

/// Where a Location leads.
#[derive(Debug, PartialEq)]
pub(super) enum Lead {
    /// It is none, or no redirect.
    Nowhere,
    Refused,
    /// It is a reference to the letter, which leads there.
    To(Uri),
    /// It has to be repaired, if it can be.
    Unclear,
}

pub(super) fn lead(base: &Uri, status: u16, answer: &Fields) -> (Lead, Vec<u8>) {
    let locations: Vec<&Vec<u8>> =
        answer.iter().filter(|field| field.0 == "location").map(|field| &field.1).collect();
    let (true, Some(&location)) = ([301, 302, 303, 307, 308].contains(&status), locations.first())
    else {
        return (Lead::Nowhere, Vec::new());
    };
    let lead = if locations.iter().any(|other| *other != location) {
        Lead::Refused
    } else if location.is_empty() {
        Lead::Nowhere
    } else if location.len() > MAX_LOCATION {
        Lead::Refused
    } else {
        match UriRef::parse_bytes(location) {
            Ok(reference) => resolved(base, &reference),
            Err(_) => Lead::Unclear,
        }
    };
    (lead, location.clone())
}

fn resolved(base: &Uri, reference: &UriRef) -> Lead {
    match base.without_userinfo().resolve(reference) {
        Ok(url) if can_be_followed(&url) => {
            let inherited = base.fragment().filter(|_| url.fragment().is_none());
            match inherited.map(|fragment| url.with_fragment(fragment)) {
                Some(Ok(url)) => Lead::To(url),
                _ => Lead::To(url),
            }
        }
        _ => Lead::Refused,
    }
}

/// `http` or `https`, a host, no user information, and a port from 1 to 65535 if there is one.
pub(super) fn can_be_followed(url: &Uri) -> bool {
    let text = url.as_str();
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = host_and_port(authority);
    ["http", "https"].contains(&scheme.to_ascii_lowercase().as_str())
        && !authority.contains('@')
        && !host.is_empty()
        && (port.is_empty() || port.parse::<u16>().is_ok_and(|port| port > 0))
}

fn host_and_port(authority: &str) -> (&str, &str) {
    let end = authority.find(']').map_or(0, |end| end + 1);
    let colon = authority[end..].find(':').map_or(authority.len(), |colon| end + colon);
    (&authority[..colon], authority[colon..].trim_start_matches(':'))
}

/// Scheme, host and port, in forms that are equal if they mean the same.
fn origin(url: &Uri) -> Option<(String, String, u16)> {
    let (scheme, rest) = url.as_str().split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let authority = rest.split(['/', '?', '#']).next()?;
    let (host, port) = host_and_port(authority.rsplit('@').next()?);
    let port = match (port, scheme.as_str()) {
        ("", "http" | "ws") => 80,
        ("", "https" | "wss") => 443,
        ("", _) => return None,
        (port, _) => port.parse().ok()?,
    };
    let host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(literal) => {
            let (address, zone) = literal.split_once("%25").unwrap_or((literal, ""));
            match address.parse::<Ipv6Addr>() {
                Ok(address) => format!("[{address}%{zone}]"),
                Err(_) => format!("[{literal}]"),
            }
        }
        None => host.to_ascii_lowercase(),
    };
    Some((scheme, host, port))
}

pub(super) fn is_same_server(from: &Uri, to: &Uri) -> bool {
    let (Some(from), Some(to)) = (origin(from), origin(to)) else {
        return false;
    };
    let is_upgrade = (from.0.as_str(), from.2, to.0.as_str(), to.2) == ("http", 80, "https", 443);
    from == to || is_upgrade && from.1 == to.1
}

fn is_downgrade(from: &Uri, to: &Uri) -> bool {
    let schemes = [from, to].map(|url| url.scheme().to_ascii_lowercase());
    schemes == ["https", "http"]
}

/// The request that follows, or why it may not be made: the first of the reasons. `history` has those that were made since a
/// cookie was set.
pub(super) fn next(
    asked: &Asked,
    history: &[Asked],
    status: u16,
    wishes: Wishes,
    (from, to): (&Uri, &Uri),
) -> Result<Asked, RedirectErrorKind> {
    let (method, keeps_content) = match (asked.method.as_str(), status) {
        ("POST", 301) if !wishes.keeps_post => ("GET", false),
        ("POST", 302) => ("GET", false),
        ("HEAD", 303) => ("HEAD", false),
        (_, 303) => ("GET", false),
        (method, _) => (method, true),
    };
    let is_same = is_same_server(from, to);
    let is_own = |value: &[u8]| {
        Uri::parse_bytes(value).is_ok_and(|value| {
            let (value, from) = (origin(&value), origin(from));
            value.is_some() && value == from
        })
    };
    let of = |list: &str, name: &str| list.contains(&format!("|{name}|"));
    let mut fields: Fields = Vec::new();
    let is_tainted =
        !is_same && asked.fields.iter().any(|(name, value)| name == "origin" && !is_own(value));
    for (name, value) in &asked.fields {
        if !keeps_content && of(OF_CONTENT, name)
            || !is_same && of(OF_SERVER, name)
            || is_downgrade(from, to) && name == "referer"
        {
            continue;
        }
        match name == "origin" && is_tainted {
            true if fields.iter().any(|field| field.0 == "origin") => {}
            true => fields.push((name.clone(), b"null".to_vec())),
            false => fields.push((name.clone(), value.clone())),
        }
    }
    let has_content = keeps_content && asked.has_content;
    let next = Asked { method: method.into(), url: to.as_str().into(), fields, has_content };
    let without_fragment = |asked: &Asked| Asked {
        url: asked.url.split('#').next().unwrap_or_default().into(),
        ..asked.clone()
    };
    let is_same = |before: &&Asked| without_fragment(before) == without_fragment(&next);
    let is_loop = history.iter().filter(is_same).count() > 1;
    if is_loop {
        Err(RedirectErrorKind::Loop)
    } else if wishes.denies_downgrade && is_downgrade(from, to) {
        Err(RedirectErrorKind::Downgrade)
    } else if wishes.content_is_spent && has_content {
        Err(RedirectErrorKind::SpentBody)
    } else {
        Ok(next)
    }
}

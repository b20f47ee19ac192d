//! Cookies: what a field says, and what a jar makes of it.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::SystemTime;

use nethttp::Uri;
use nethttp::cookie::{
    Context, Cookie, CookieJar, CookiePair, CookiePairs, Prefix, Rejected, SetCookie, Stored,
    parse_date,
};

use crate::Report;
use crate::show::{Refusal, escaped};

/// Inspects a Cookie field, and whether a jar can have sent it to a URL.
pub(crate) fn cookie(input: &[u8], url: Option<&str>) -> Result<Report, String> {
    let uri = url.map(Uri::parse).transpose().map_err(|error| format!("not a URL: {error}"))?;
    let (_, value) = without_name(input, b"cookie:");
    let pairs: Vec<CookiePair<'_>> = CookiePairs::new(value).collect();
    let mut text = format!("pairs: {}\n", pairs.len());
    let mut refusal = None;
    let mut names = BTreeSet::new();
    for pair in &pairs {
        let _ = writeln!(text, "  {}", shown(pair.name(), pair.value()));
        if pair.unquoted() != pair.value() {
            let _ = writeln!(text, "    without quotes: {}", escaped(pair.unquoted()));
        }
        if !names.insert(pair.name()) {
            let _ = writeln!(text, "    not the first of its name, which is the one that counts");
        }
        if let Some(Err(reason)) = uri.as_ref().map(|uri| can_be_sent(pair, uri)) {
            let _ = writeln!(text, "    no jar sends it there: {reason}");
            let part = if pair.name().is_empty() { pair.value() } else { pair.name() };
            refusal.get_or_insert_with(|| refused(reason, find(input, part)));
        }
    }
    Ok((text, refusal))
}

/// Whether a jar can have a cookie for a URL: one that was set from there, with all that a prefix asks.
fn can_be_sent(pair: &CookiePair<'_>, uri: &Uri) -> Result<Stored, Rejected> {
    let attributes: &[u8] = match Prefix::of(pair.name()) {
        None => b"; Path=/",
        Some(_) => b"; Path=/; Secure; HttpOnly",
    };
    let field = [pair.name(), b"=", pair.value(), attributes].concat();
    let cookie = SetCookie::parse(&field).map_err(Rejected::Malformed)?;
    CookieJar::new().store(uri, &cookie, &Context::at(SystemTime::now()))
}

/// Inspects Set-Cookie fields, a line each, and what a jar does when they come from a URL.
pub(crate) fn set_cookie(input: &[u8], url: Option<&str>) -> Result<Report, String> {
    let uri = url.map(Uri::parse).transpose().map_err(|error| format!("not a URL: {error}"))?;
    let context = Context::at(SystemTime::now());
    let mut jar = CookieJar::new();
    let (mut text, mut refusal, mut line_at) = (String::new(), None, 0);
    for line in input.split_inclusive(|&octet| octet == b'\n') {
        let start = line_at;
        line_at += line.len();
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let (skipped, field) = without_name(line, b"set-cookie:");
        let stored = match SetCookie::parse(field) {
            Err(error) => {
                let _ = writeln!(text, "{}", escaped(field));
                Some(Err(Rejected::Malformed(error)))
            }
            Ok(cookie) => {
                describe(&cookie, &mut text);
                uri.as_ref().map(|uri| {
                    let stored = jar.store(uri, &cookie, &context)?;
                    let _ = writeln!(text, "  {}", fate(stored, &cookie, &jar));
                    Ok(())
                })
            }
        };
        if let Some(Err(reason)) = stored {
            let _ = writeln!(text, "  rejected: {reason}");
            let at = start + skipped + place(reason, field);
            refusal.get_or_insert_with(|| refused(reason, at));
        }
    }
    if let Some(uri) = &uri {
        let sent = jar.peek_header(uri, &context);
        let sent = sent.map_or_else(|| "nothing".into(), |value| escaped(value.as_bytes()));
        let _ = writeln!(text, "sent back to {uri}: {sent}");
    }
    Ok((text, refusal))
}

fn describe(cookie: &SetCookie<'_>, text: &mut String) {
    let _ = writeln!(text, "{}", shown(cookie.name(), cookie.value()));
    for (name, value) in cookie.attributes() {
        let note = match name.to_ascii_lowercase().as_slice() {
            b"expires" => match parse_date(value) {
                Some(date) => format!(", which is {date}"),
                None => ", which is no date and does not count".into(),
            },
            b"max-age" if cookie.max_age().is_none() => {
                ", which is no number and does not count".into()
            }
            b"path" if !value.starts_with(b"/") => {
                ", which is no path: that of the URL counts".into()
            }
            b"samesite" if cookie.same_site().is_none() => ", which is treated as Lax".into(),
            b"domain" | b"path" | b"max-age" | b"secure" | b"httponly" | b"samesite"
            | b"partitioned" => String::new(),
            _ => ", which means nothing here".into(),
        };
        let equals = if value.is_empty() { "" } else { "=" };
        let _ = writeln!(text, "  {}{equals}{}{note}", escaped(name), escaped(value));
    }
}

/// Says what became of a cookie, in words.
fn fate(stored: Stored, cookie: &SetCookie<'_>, jar: &CookieJar) -> String {
    let is_it = |it: &&Cookie| it.name() == cookie.name() && it.value() == cookie.value();
    let Some(it) = jar.iter().filter(is_it).last() else {
        return match stored {
            Stored::Removed => "removes the one that was there".into(),
            _ => "has expired, and there was none like it".into(),
        };
    };
    let hosts = if it.is_host_only() { "alone" } else { "and the hosts below it" };
    let until = it.expires().map_or_else(|| "the session ends".into(), |date| date.to_string());
    let secure = if it.is_secure() { ", over secure connections" } else { "" };
    let verb = if stored == Stored::Replaced { "replaces the one" } else { "kept" };
    let (domain, path) = (it.domain(), escaped(it.path()));
    format!("{verb} for {domain} {hosts}, within {path}{secure}, until {until}")
}

fn refused(reason: Rejected, at: usize) -> Refusal {
    let kind = match reason {
        Rejected::Malformed(error) => format!("{:?}", error.kind()),
        reason => format!("{reason:?}"),
    };
    Refusal { text: reason.to_string(), kind, at, offset: at.to_string(), follows: None }
}

/// Returns where in a field a reason is: at the byte, at the attribute, or else at the name.
fn place(reason: Rejected, field: &[u8]) -> usize {
    let attribute = match reason {
        Rejected::Malformed(error) => return error.offset(),
        Rejected::Domain | Rejected::PublicSuffix | Rejected::DomainMismatch => "domain",
        Rejected::Insecure => "secure",
        Rejected::SameSiteNone => "samesite",
        _ => return 0,
    };
    let is_it = |part: &&[u8]| {
        let name = part.split(|&octet| octet == b'=').next().unwrap_or_default();
        name.trim_ascii().eq_ignore_ascii_case(attribute.as_bytes())
    };
    let part = field.split(|&octet| octet == b';').skip(1).filter(is_it).last();
    part.map_or(0, |part| find(field, part.trim_ascii()))
}

/// Returns where a part of a text begins.
fn find(text: &[u8], part: &[u8]) -> usize {
    text.windows(part.len().max(1)).rposition(|window| window == part).unwrap_or(0)
}

fn shown(name: &[u8], value: &[u8]) -> String {
    if name.is_empty() {
        format!("{}, without a name", escaped(value))
    } else {
        format!("{}={}", escaped(name), escaped(value))
    }
}

/// Takes the name of the field away, if the input has it, and returns how many bytes that were.
fn without_name<'i>(input: &'i [u8], name: &[u8]) -> (usize, &'i [u8]) {
    match input.split_at_checked(name.len()) {
        Some((start, value)) if start.eq_ignore_ascii_case(name) => (name.len(), value),
        _ => (0, input),
    }
}

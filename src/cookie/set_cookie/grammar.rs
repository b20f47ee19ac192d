//! What a server may write: the grammar of [RFC 6265 §4.1.1] and the limits of [6265bis §5.6].
//!
//! [RFC 6265 §4.1.1]: https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1
//! [6265bis §5.6]: https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.6

use crate::cookie::error::{CookieError, CookieErrorKind};
use crate::cookie::{Profile, unquoted};
use crate::syntax::Class;

/// The attributes that have methods of their own.
pub(super) const KNOWN: [&str; 8] =
    ["Domain", "Path", "Expires", "Max-Age", "Secure", "HttpOnly", "SameSite", "Partitioned"];

const MAX_DOMAIN_LEN: usize = 253;
const MAX_LABEL_LEN: usize = 63;

/// ```abnf
/// cookie-name = token
/// ```
pub(super) fn check_name(name: &[u8]) -> Result<(), CookieError> {
    let offset = Class::TOKEN.prefix_len(name);
    match name.get(offset) {
        Some(octet) => refuse(CookieErrorKind::Token(*octet), offset),
        None if name.is_empty() => refuse(CookieErrorKind::Name, 0),
        None => Ok(()),
    }
}

/// ```abnf
/// cookie-value = *cookie-octet / ( DQUOTE *cookie-octet DQUOTE )
/// cookie-octet = %x21 / %x23-2B / %x2D-3A / %x3C-5B / %x5D-7E
/// ```
pub(super) fn check_value(value: &[u8]) -> Result<(), CookieError> {
    let inner = unquoted(value);
    let offset = Class::COOKIE.prefix_len(inner);
    let quote = (value.len() - inner.len()) / 2;
    match inner.get(offset) {
        Some(octet) => refuse(CookieErrorKind::Value(*octet), quote + offset),
        None => Ok(()),
    }
}

/// ```abnf
/// domain-value = label *( "." label )                     ; RFC 1034 §3.5, RFC 1123 §2.1
/// label        = let-dig [ *( let-dig / "-" ) let-dig ]
/// let-dig      = ALPHA / DIGIT
/// ```
pub(super) fn check_domain(domain: &[u8]) -> Result<(), CookieError> {
    let mut start = 0;
    for label in domain.split(|&octet| octet == b'.') {
        let wrong = match label {
            [] | [b'-', ..] => Some(0),
            // Letters, digits and hyphens, whatever the class is named for.
            _ if !Class::LANGUAGE.matches(label) => Some(Class::LANGUAGE.prefix_len(label)),
            _ if label.len() > MAX_LABEL_LEN => Some(MAX_LABEL_LEN),
            [.., b'-'] => Some(label.len() - 1),
            _ => None,
        };
        if let Some(at) = wrong {
            return refuse(CookieErrorKind::Domain, start + at);
        }
        start += label.len() + 1;
    }
    if domain.len() > MAX_DOMAIN_LEN {
        return refuse(CookieErrorKind::Domain, MAX_DOMAIN_LEN);
    }
    Ok(())
}

/// ```abnf
/// extension-av = token [ "=" av-value ]
/// ```
///
/// RFC 6265 has any text there; a token is what all others are.
pub(super) fn check_extension(name: &[u8]) -> Result<(), CookieError> {
    check_name(name)?;
    check_len(name)?;
    if KNOWN.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes())) {
        return refuse(CookieErrorKind::Extension, 0);
    }
    Ok(())
}

/// ```abnf
/// path-value = *av-octet
/// ```
///
/// One that does not begin with `/` is none to a user agent.
pub(super) fn check_path(path: &[u8]) -> Result<(), CookieError> {
    match path {
        [b'/', ..] => check_attribute(path),
        _ => refuse(CookieErrorKind::Path, 0),
    }
}

/// ```abnf
/// av-value = *av-octet
/// av-octet = %x20-3A / %x3C-7E                            ; any CHAR except CTLs or ";"
/// ```
///
/// A space at an end would not be read back.
pub(super) fn check_attribute(value: &[u8]) -> Result<(), CookieError> {
    check_len(value)?;
    let offset = Class::COOKIE_ATTRIBUTE.prefix_len(value);
    match (value, value.get(offset)) {
        (_, Some(octet)) => refuse(CookieErrorKind::Attribute(*octet), offset),
        ([b' ', ..], None) => refuse(CookieErrorKind::Attribute(b' '), 0),
        ([.., b' '], None) => refuse(CookieErrorKind::Attribute(b' '), value.len() - 1),
        _ => Ok(()),
    }
}

fn check_len(text: &[u8]) -> Result<(), CookieError> {
    let most = Profile::Rfc6265bis.max_attribute_len();
    if text.len() > most {
        return refuse(CookieErrorKind::AttributeTooLong(most), most);
    }
    Ok(())
}

pub(super) const fn refuse(kind: CookieErrorKind, offset: usize) -> Result<(), CookieError> {
    Err(CookieError::new(kind, offset))
}

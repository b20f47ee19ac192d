//! The algorithms of [6265bis §5.6] and [RFC 6265 §5.2].
//!
//! [6265bis §5.6]: https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.6
//! [RFC 6265 §5.2]: https://www.rfc-editor.org/rfc/rfc6265#section-5.2

use alloc::borrow::Cow;

use super::{Flags, SameSite, SetCookie};
use crate::cookie::error::{CookieError, CookieErrorKind};
use crate::cookie::segments::{Segments, Span};
use crate::cookie::{MAX_PAIR_LEN, Profile, parse_date};
use crate::header::first_control;
use crate::syntax::Class;

/// ```abnf
/// set-cookie-string = cookie-pair *( ";" cookie-av )      ; as a user agent reads it: any bytes,
/// cookie-pair       = [ name "=" ] value                  ; whitespace around each of the parts
/// cookie-av         = name [ "=" value ]                  ; taken away
/// ```
pub(super) fn parse(text: &[u8], profile: Profile) -> Result<SetCookie<'_>, CookieError> {
    if let Some((offset, octet)) = first_control(text) {
        return Err(CookieError::new(CookieErrorKind::Control(octet), offset));
    }
    let mut segments = Segments::new(text);
    let pair = segments.next();
    let (name, value) = match pair.map(|it| (it.name, it.value)) {
        Some((name, Some(value))) => (name, value),
        Some((value, None)) if profile == Profile::Rfc6265bis => (Span::default(), value),
        _ => {
            let end = pair.map_or(0, |it| it.end);
            return Err(CookieError::new(CookieErrorKind::Equals, end));
        }
    };
    if name.len() + value.len() > MAX_PAIR_LEN {
        let kind = CookieErrorKind::TooLong(MAX_PAIR_LEN);
        return Err(CookieError::new(kind, value.start()));
    }
    if name.len() == 0 && profile == Profile::Rfc6265 {
        return Err(CookieError::new(CookieErrorKind::Name, 0));
    }
    if name.len() == 0 && value.len() == 0 {
        return Err(CookieError::new(CookieErrorKind::Empty, 0));
    }
    let mut cookie = SetCookie {
        text: Cow::Borrowed(text),
        name,
        value,
        domain: None,
        path: None,
        expires: None,
        max_age: None,
        same_site: None,
        flags: Flags::default(),
    };
    for attribute in segments {
        let value = attribute.value.unwrap_or_default();
        if value.len() <= profile.max_attribute_len() {
            cookie.take(text, attribute.name.of(text), value, profile);
        }
    }
    Ok(cookie)
}

impl SetCookie<'_> {
    /// Takes an attribute into account, if it is one that means something; what came before under the
    /// same name goes.
    #[inline]
    fn take(&mut self, text: &[u8], name: &[u8], value: Span, profile: Profile) {
        // The length first: it nearly always decides, and comparing without case costs more.
        let is = |attribute: &[u8]| name.eq_ignore_ascii_case(attribute);
        match name.len() {
            4 if is(b"Path") => {
                self.flags.has_path = true;
                self.path = value.of(text).starts_with(b"/").then_some(value);
            }
            6 if is(b"Domain") => self.take_domain(text, value, profile),
            6 if is(b"Secure") => self.flags.is_secure = true,
            7 if is(b"Max-Age") => self.max_age = max_age(value.of(text)).or(self.max_age),
            7 if is(b"Expires") => {
                self.expires = parse_date(value.of(text)).or(self.expires);
            }
            8 if is(b"HttpOnly") => self.flags.is_http_only = true,
            8 if is(b"SameSite") => self.same_site = same_site(value.of(text)),
            11 if is(b"Partitioned") => self.flags.is_partitioned = true,
            _ => {}
        }
    }

    /// [6265bis §5.6.3](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.6.3)
    #[inline]
    fn take_domain(&mut self, text: &[u8], value: Span, profile: Profile) {
        let domain = match value.of(text) {
            // By RFC 6265 it is as if it were not there; by its successor it takes back an earlier one.
            [] if profile == Profile::Rfc6265 => return,
            [b'.', ..] => value.after_first(),
            _ => value,
        };
        self.domain = (domain.len() > 0).then_some(domain);
    }
}

/// ```abnf
/// max-age = [ "-" ] 1*DIGIT
/// ```
fn max_age(value: &[u8]) -> Option<i64> {
    let (sign, digits) = match value {
        [b'-', digits @ ..] => (-1, digits),
        digits => (1, digits),
    };
    if digits.is_empty() || !Class::DIGIT.matches(digits) {
        return None;
    }
    let add = |number: i64, octet: &u8| {
        number.saturating_mul(10).saturating_add(sign * i64::from(octet - b'0'))
    };
    Some(digits.iter().fold(0, add))
}

/// Returns what a value of `SameSite` means, whatever its case.
pub(in crate::cookie) fn same_site(value: &[u8]) -> Option<SameSite> {
    [SameSite::Strict, SameSite::Lax, SameSite::None]
        .into_iter()
        .find(|it| value.eq_ignore_ascii_case(it.as_str().as_bytes()))
}

//! The algorithms of [6265bis §5.6] and [RFC 6265 §5.2].
//!
//! [6265bis §5.6]: https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.6
//! [RFC 6265 §5.2]: https://www.rfc-editor.org/rfc/rfc6265#section-5.2

use alloc::borrow::Cow;

use super::{Flags, SameSite, SetCookie};
use crate::cookie::error::{CookieError, CookieErrorKind};
use crate::cookie::segments::{Piece, Segments};
use crate::cookie::{MAX_PAIR_LEN, Profile, parse_date, saturating};
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
        Some((value, None)) if profile == Profile::Rfc6265bis => (Piece::default(), value),
        _ => {
            let end = pair.map_or(0, |it| it.end);
            return Err(CookieError::new(CookieErrorKind::Equals, end));
        }
    };
    if name.text.len() + value.text.len() > MAX_PAIR_LEN {
        let kind = CookieErrorKind::TooLong(MAX_PAIR_LEN);
        return Err(CookieError::new(kind, value.at));
    }
    if name.text.is_empty() && profile == Profile::Rfc6265 {
        return Err(CookieError::new(CookieErrorKind::Name, 0));
    }
    if name.text.is_empty() && value.text.is_empty() {
        return Err(CookieError::new(CookieErrorKind::Empty, 0));
    }
    let mut cookie = SetCookie {
        text: Cow::Borrowed(text),
        name: name.into(),
        value: value.into(),
        domain: None,
        path: None,
        expires: None,
        max_age: None,
        same_site: None,
        flags: Flags::default(),
    };
    for attribute in segments {
        let value = attribute.value.unwrap_or_default();
        if value.text.len() <= profile.max_attribute_len() {
            cookie.take(attribute.name.text, value, profile);
        }
    }
    Ok(cookie)
}

impl SetCookie<'_> {
    /// Takes an attribute into account, if it is one that means something; what came before under the
    /// same name goes.
    #[inline]
    fn take(&mut self, name: &[u8], value: Piece<'_>, profile: Profile) {
        match word(name) {
            PATH => self.path = value.text.starts_with(b"/").then(|| value.into()),
            DOMAIN => self.take_domain(value, profile),
            SECURE => self.flags.is_secure = true,
            MAX_AGE => self.max_age = max_age(value.text).or(self.max_age),
            EXPIRES => self.expires = parse_date(value.text).or(self.expires),
            HTTP_ONLY => self.flags.is_http_only = true,
            SAME_SITE => self.same_site = same_site(value.text),
            NOT_A_WORD if name.eq_ignore_ascii_case(b"Partitioned") => {
                self.flags.is_partitioned = true;
            }
            _ => {}
        }
    }

    /// [6265bis §5.6.3](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.6.3)
    #[inline]
    fn take_domain(&mut self, value: Piece<'_>, profile: Profile) {
        let domain = match value.text {
            // By RFC 6265 it is as if it were not there; by its successor it takes back an earlier one.
            [] if profile == Profile::Rfc6265 => return,
            [b'.', text @ ..] => Piece { text, at: value.at + 1 },
            _ => value,
        };
        self.domain = (!domain.text.is_empty()).then(|| domain.into());
    }
}

/// ```abnf
/// max-age = [ "-" ] 1*DIGIT
/// ```
fn max_age(value: &[u8]) -> Option<i64> {
    let (is_negative, digits) = match value {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    let is_number = !digits.is_empty() && Class::DIGIT.matches(digits);
    is_number.then(|| saturating(is_negative, digits))
}

/// Returns what a value of `SameSite` means, whatever its case.
pub(in crate::cookie) fn same_site(value: &[u8]) -> Option<SameSite> {
    [SameSite::Strict, SameSite::Lax, SameSite::None]
        .into_iter()
        .find(|it| value.eq_ignore_ascii_case(it.as_str().as_bytes()))
}

const NOT_A_WORD: u64 = 0;
const PATH: u64 = word(b"Path");
const DOMAIN: u64 = word(b"Domain");
const SECURE: u64 = word(b"Secure");
const MAX_AGE: u64 = word(b"Max-Age");
const EXPIRES: u64 = word(b"Expires");
const HTTP_ONLY: u64 = word(b"HttpOnly");
const SAME_SITE: u64 = word(b"SameSite");

/// A name of four to eight bytes as a number, the same in capital and in small letters: of the names here
/// only that, since a text has no controls, and a name no space at its end.
#[inline]
const fn word(name: &[u8]) -> u64 {
    let (Some(first), Some(last), 4..=8) = (name.first_chunk(), name.last_chunk(), name.len())
    else {
        return NOT_A_WORD;
    };
    let shift = 8 * (name.len() - 4);
    u64::from_le_bytes([b' '; 8]) | low_half(*first) | low_half(*last) << shift
}

#[inline]
const fn low_half([a, b, c, d]: [u8; 4]) -> u64 {
    u64::from_le_bytes([a, b, c, d, 0, 0, 0, 0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_that_of_a_name_only_if_the_name_is_the_same_but_for_case() {
        let names: [&[u8]; 7] =
            [b"Path", b"Domain", b"Secure", b"Max-Age", b"Expires", b"HttpOnly", b"SameSite"];
        for name in names {
            for at in 0..name.len() {
                // What a name can hold: no controls, and no space at its ends.
                for octet in (b'!'..=b'~').chain(0x80..=0xff) {
                    let mut other = name.to_vec();
                    other[at] = octet;
                    let is_same = other.eq_ignore_ascii_case(name);
                    assert_eq!(word(&other) == word(name), is_same, "{}", other.escape_ascii());
                    assert_ne!(word(&other), NOT_A_WORD);
                    other.push(octet);
                    assert_ne!(word(&other), word(name), "{}", other.escape_ascii());
                    assert_ne!(word(&other[1..]), word(name), "{}", other.escape_ascii());
                }
            }
        }
        for len in [0, 1, 2, 3, 9, 11] {
            assert_eq!(word(&b"Partitioned"[..len]), NOT_A_WORD);
        }
    }
}

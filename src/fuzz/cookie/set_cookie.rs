//! `Set-Cookie`: what a user agent reads, and what a server writes.

use alloc::vec::Vec;
use core::time::Duration;

use super::field::{Facts, Field};
use super::{date, split, trimmed};
use crate::cookie::{
    Config, Context, CookieJar, Profile, SameSite, SetCookie, SetCookieBuilder, Stored, parse_date,
};
use crate::field::HttpDate;
use crate::header::HeaderValue;
use crate::syntax::percent_decode_lossy;
use crate::uri::Uri;

const PROFILES: [Profile; 2] = [Profile::Rfc6265bis, Profile::Rfc6265];

/// A line is read as a reader does that looks up everything from end to end, the removal of what was read
/// is read as the same cookie and makes a jar forget it, and what a builder does not refuse is read back
/// as what it was given.
///
/// The builder is given the lines of the input: name, value, domain, path, the name and the value of
/// another attribute, and options: letters as in [`options`] and the digits of a number.
pub fn set_cookie(data: &[u8]) {
    for profile in PROFILES {
        let field = Field::parse(data, profile);
        match SetCookie::parse_as(data, profile) {
            Ok(cookie) => {
                is_read_right(data, &cookie, field.as_ref());
                is_removed(&cookie, profile);
            }
            Err(error) => {
                assert!(field.is_none(), "{error}");
                assert!(error.offset() <= data.len());
            }
        }
    }
    let lines: Vec<&[u8]> = split(data, b'\n').collect();
    if let [name, value, more @ ..] = lines.as_slice() {
        is_built(name, value, more);
    }
}

fn is_read_right(data: &[u8], cookie: &SetCookie<'_>, field: Option<&Field>) {
    let facts = Facts::of(cookie);
    assert_eq!(Some(&facts), field.map(Field::facts).as_ref());
    assert_eq!(cookie.as_bytes(), trimmed(data));
    assert_eq!(Facts::of(&cookie.clone().into_owned()), facts);
    for (name, value) in &facts.attributes {
        assert_eq!(parse_date(value).map(HttpDate::unix), date::model(value));
        let of_name = |it: &&(Vec<u8>, Vec<u8>)| it.0.eq_ignore_ascii_case(name);
        let last = facts.attributes.iter().rfind(of_name).map(|it| it.1.as_slice());
        if let Ok(name) = str::from_utf8(name) {
            assert_eq!(cookie.attribute(name), last);
        }
    }
    let inner = facts.value.strip_prefix(b"\"").and_then(|it| it.strip_suffix(b"\""));
    assert_eq!(cookie.unquoted(), inner.unwrap_or(&facts.value));
}

/// The removal of a cookie is one line that is read as the same cookie, expired, and a jar that took the
/// cookie takes the removal.
fn is_removed(cookie: &SetCookie<'_>, profile: Profile) {
    let removal = cookie.removal();
    assert!(HeaderValue::parse(removal.as_bytes()).is_ok(), "{removal:?}");
    let read = SetCookie::parse_as(removal.as_bytes(), profile);
    assert_eq!(read.as_ref().map(Facts::of), Ok(Facts::of(&removal)));
    let (facts, before) = (Facts::of(&removal), Facts::of(cookie));
    let expected = Facts {
        value: if before.name.is_empty() { before.value.clone() } else { Vec::new() },
        expires: Some(HttpDate::from_unix(0)),
        max_age: Some(0),
        attributes: facts.attributes.clone(),
        ..before
    };
    assert_eq!(facts, expected);
    let here = Context::at(HttpDate::from_unix(1_780_000_000));
    for uri in ["https://a.example.org/", "https://a.example.org/a/b"].map(Uri::parse) {
        let mut jar = CookieJar::with_config(Config::DEFAULT.profile(profile));
        if let Ok(uri) = uri
            && jar.store(&uri, cookie, &here) == Ok(Stored::Added)
            && let Ok(removal) = &read
        {
            assert_eq!(jar.store(&uri, removal, &here), Ok(Stored::Removed), "{removal:?}");
            assert!(jar.is_empty());
        }
    }
}

/// What is built is what was asked for, by both texts.
fn is_built(name: &[u8], value: &[u8], more: &[&[u8]]) {
    let piece = |index: usize| more.get(index).copied().unwrap_or_default();
    let (domain, path, options) = (piece(0), piece(1), piece(4));
    let mut builder = SetCookie::builder(name, value);
    if !domain.is_empty() {
        builder = builder.domain(domain);
    }
    if !path.is_empty() {
        builder = builder.path(path);
    }
    if !piece(2).is_empty() {
        builder = builder.attribute(piece(2), piece(3));
    }
    let built = match self::options(builder, value, options).build() {
        Ok(built) => built,
        Err(error) => {
            let longest = more.iter().chain(&[name, value]).map(|it| it.len()).max();
            return assert!(error.offset() <= longest.unwrap_or(0), "{error}");
        }
    };
    assert!(HeaderValue::parse(built.as_bytes()).is_ok());
    let facts = Facts::of(&built);
    for profile in PROFILES {
        let read = SetCookie::parse_as(built.as_bytes(), profile);
        assert_eq!(read.as_ref().map(Facts::of), Ok(facts.clone()));
    }
    let has = |letter: u8| options.contains(&letter);
    assert_eq!(facts.name, name);
    if has(b'v') {
        assert_eq!(percent_decode_lossy(&facts.value), value);
    } else {
        assert_eq!(facts.value, value);
    }
    assert_eq!(facts.domain.as_deref(), Some(domain).filter(|it| !it.is_empty()));
    assert_eq!(facts.path.as_deref(), Some(path).filter(|it| !it.is_empty()));
    assert_eq!((facts.is_secure, facts.is_http_only), (has(b's'), has(b'h')));
    assert_eq!(facts.is_partitioned, has(b'p'));
    assert_eq!(facts.max_age, has(b'm').then(|| number(options)));
    let date = has(b'e').then(|| HttpDate::from_unix(number(options)));
    assert_eq!(facts.expires, date);
    assert_eq!(facts.expires.is_some(), facts.attributes.iter().any(|it| it.0 == b"Expires"));
    let other = |it: &(Vec<u8>, Vec<u8>)| it.0 == piece(2) && it.1 == piece(3);
    assert!(piece(2).is_empty() || facts.attributes.iter().any(other));
}

/// `e`xpires and `m`ax-age with the number, `s`ecure, `h`ttp-only, `p`artitioned, SameSite `S`, `L` or
/// `N`, and `v` for a value that is encoded.
fn options(builder: SetCookieBuilder, value: &[u8], options: &[u8]) -> SetCookieBuilder {
    let number = number(options);
    let apply = |builder: SetCookieBuilder, letter: &u8| match letter {
        b'e' => builder.expires(HttpDate::from_unix(number)),
        b'm' => builder.max_age(Duration::from_secs(number.unsigned_abs())),
        b's' => builder.secure(),
        b'h' => builder.http_only(),
        b'p' => builder.partitioned(),
        b'S' => builder.same_site(SameSite::Strict),
        b'L' => builder.same_site(SameSite::Lax),
        b'N' => builder.same_site(SameSite::None),
        b'v' => builder.value_encoded(value),
        _ => builder,
    };
    options.iter().fold(builder, apply)
}

/// What the digits say.
fn number(options: &[u8]) -> i64 {
    let digits = options.iter().filter(|octet| octet.is_ascii_digit());
    digits.fold(0, |number: i64, digit| {
        number.saturating_mul(10).saturating_add(i64::from(digit - b'0'))
    })
}

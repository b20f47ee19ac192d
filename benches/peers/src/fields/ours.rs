//! This crate's half: one function for each operation of the table.

use std::fmt::Write;

use nethttp::field::{DateError, HttpDate};
use nethttp::h1::{Config, Fields, Parse, parse_request};
use nethttp::header::{HeaderMap, HeaderName, HeaderValue};
use nethttp::negotiate::{Accept, AcceptEncoding, AcceptLanguage};

use crate::ours::Slots;

/// Returns the date of a second since the epoch.
#[inline]
pub fn date(second: u64) -> HttpDate {
    HttpDate::from_unix(i64::try_from(second).unwrap_or(i64::MAX))
}

/// Writes a date into bytes.
#[inline]
pub fn encode(date: HttpDate) -> [u8; 29] {
    date.encode()
}

/// Writes a date through `Display`, into memory that is there.
#[inline]
pub fn display(date: HttpDate, buf: &mut String) {
    buf.clear();
    write!(buf, "{date}").expect("a String takes everything");
}

/// Reads a date in any of the three formats.
#[inline]
pub fn parse(text: &str) -> Result<HttpDate, DateError> {
    HttpDate::parse(text.as_bytes())
}

/// A name and a value that have been checked.
pub type Prepared = (HeaderName, HeaderValue);

/// Returns the fields of the input, checked.
pub fn prepared(fields: &[(&str, &str)]) -> Vec<Prepared> {
    let prepare = |&(name, value): &(&str, &str)| {
        (
            HeaderName::try_from(name).expect("a name"),
            HeaderValue::try_from(value).expect("a value"),
        )
    };
    fields.iter().map(prepare).collect()
}

/// Makes a map with `insert`.
#[inline]
pub fn insert_all(fields: &[Prepared]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in fields {
        map.insert(name, value).expect("a dozen fields");
    }
    map
}

/// Makes a map with `append`.
#[inline]
pub fn append_all(fields: &[Prepared]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in fields {
        map.append(name, value).expect("a dozen fields");
    }
    map
}

/// Makes a map of texts, which are checked.
#[inline]
pub fn append_texts(fields: &[(&str, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in fields {
        map.append(name, value).expect("a dozen fields");
    }
    map
}

/// Makes a map of the fields of a parsed head.
#[inline]
pub fn map_of(fields: &Fields<'_, '_>) -> HeaderMap {
    let mut map = HeaderMap::new();
    fields.copy_into(&mut map);
    map
}

/// Parses a request head and makes a map of its fields.
#[inline]
pub fn parse_head(head: &[u8], slots: &mut Slots) -> HeaderMap {
    let mut map = HeaderMap::new();
    reparse_head(head, slots, &mut map);
    map
}

/// Parses a request head into a map that is there, as a connection does.
#[inline]
pub fn reparse_head(head: &[u8], slots: &mut Slots, map: &mut HeaderMap) {
    match parse_request(head, slots, &Config::SERVER) {
        Ok(Parse::Complete(head)) => head.fields().copy_into(map),
        other => panic!("a valid head: {other:?}"),
    }
}

/// Chooses a representation by the value of Accept.
#[inline]
pub fn accept<'o>(value: &[u8], offers: &'o [&'o str]) -> Option<&'o str> {
    Some(Accept::parse(value).ok()?.best(offers).ok()?.offer())
}

/// Chooses a language by the value of Accept-Language.
#[inline]
pub fn accept_language<'o>(value: &[u8], offers: &'o [&'o str]) -> Option<&'o str> {
    Some(AcceptLanguage::parse(value).ok()?.best(offers).ok()?.offer())
}

/// Chooses a coding by the value of Accept-Encoding.
#[inline]
pub fn accept_encoding<'o>(value: &[u8], offers: &'o [&'o str]) -> Option<&'o str> {
    Some(AcceptEncoding::parse(value).ok()?.best(offers).ok()?.offer())
}

/// Chooses a representation by the fields of a request.
#[inline]
pub fn accept_of<'o>(map: &HeaderMap, offers: &'o [&'o str]) -> Option<&'o str> {
    Some(Accept::from_headers(map).best(offers).ok()?.offer())
}

/// Chooses a language by the fields of a request.
#[inline]
pub fn accept_language_of<'o>(map: &HeaderMap, offers: &'o [&'o str]) -> Option<&'o str> {
    Some(AcceptLanguage::from_headers(map).best(offers).ok()?.offer())
}

/// Chooses a coding by the fields of a request.
#[inline]
pub fn accept_encoding_of<'o>(map: &HeaderMap, offers: &'o [&'o str]) -> Option<&'o str> {
    Some(AcceptEncoding::from_headers(map).best(offers).ok()?.offer())
}

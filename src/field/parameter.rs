//! What the fields with a type and parameters have in common: [`MediaType`](super::MediaType) and
//! [`ContentDisposition`](super::ContentDisposition), as text and as others write it.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use crate::syntax::Class;

/// The most times that a field is said whose lines must agree, which is the price of comparing them. Proxies that
/// add theirs again do so once or twice.
pub(super) const MAX_COPIES: usize = 8;

/// Returns bytes from a text as text again. They are cut at ASCII bytes only, so they are UTF-8.
pub(super) fn text(value: Cow<'_, [u8]>) -> Cow<'_, str> {
    match value {
        Cow::Borrowed(value) => Cow::Borrowed(core::str::from_utf8(value).unwrap_or_default()),
        Cow::Owned(value) => Cow::Owned(String::from_utf8(value).unwrap_or_default()),
    }
}

/// Reads the value of a parameter, if it is one, and what follows from the next semicolon on.
pub(super) fn parameter_value(rest: &[u8]) -> (Option<Vec<u8>>, &[u8]) {
    let (value, rest) = if let [b'"', inside @ ..] = rest {
        let (value, rest) = quoted_string(inside);
        (Some(value), until(rest, |octet| octet == b';').1)
    } else {
        let (value, rest) = until(rest, |octet| octet == b';');
        let value = trim_end(value);
        ((!value.is_empty()).then(|| value.to_vec()), rest)
    };
    (value.filter(|value| Class::FIELD.matches(value)), rest)
}

/// Reads what follows the opening quote, up to the closing one or the end.
fn quoted_string(mut rest: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut value = Vec::new();
    loop {
        let (plain, stop) = until(rest, |octet| matches!(octet, b'"' | b'\\'));
        value.extend_from_slice(plain);
        rest = match stop {
            [] => return (value, stop),
            [b'\\', octet, after @ ..] => {
                value.push(*octet);
                after
            }
            [b'\\'] => {
                value.push(b'\\');
                &[]
            }
            [_quote, after @ ..] => return (value, after),
        };
    }
}

/// Splits before the first byte that is asked for, or at the end.
pub(super) fn until(value: &[u8], stop: impl Fn(u8) -> bool) -> (&[u8], &[u8]) {
    value.split_at(value.iter().position(|&octet| stop(octet)).unwrap_or(value.len()))
}

/// Removes the "HTTP whitespace" of the standard from the start.
pub(super) const fn skip_whitespace(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t' | b'\r' | b'\n', rest @ ..] = value {
        value = rest;
    }
    value
}

/// Removes the "HTTP whitespace" of the standard from the end.
pub(super) const fn trim_end(mut value: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | b'\t' | b'\r' | b'\n'] = value {
        value = rest;
    }
    value
}

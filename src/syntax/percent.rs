//! Percent-encoding, [RFC 3986 §2.1](https://www.rfc-editor.org/rfc/rfc3986#section-2.1).

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::error::{SyntaxError, SyntaxErrorKind};
use super::{Class, hex_digit};

/// Decodes every `%XX`; a `%` without two hexadecimal digits is an error.
///
/// Borrows when there is nothing to decode.
///
/// # Errors
///
/// [`SyntaxErrorKind::PercentEncoding`] at the `%`.
///
/// # Examples
///
/// ```
/// use nethttp::syntax::percent_decode;
///
/// assert_eq!(percent_decode(b"a%20b")?.as_ref(), b"a b");
/// assert_eq!(percent_decode(b"100%").unwrap_err().offset(), 3);
/// # Ok::<(), nethttp::syntax::SyntaxError>(())
/// ```
pub fn percent_decode(text: &[u8]) -> Result<Cow<'_, [u8]>, SyntaxError> {
    let Some(first) = text.iter().position(|&octet| octet == b'%') else {
        return Ok(Cow::Borrowed(text));
    };
    let (head, mut rest) = text.split_at(first);
    let mut decoded = Vec::with_capacity(text.len());
    decoded.extend_from_slice(head);
    while let Some((&octet, after)) = rest.split_first() {
        rest = match escape(rest) {
            Some((value, after)) => {
                decoded.push(value);
                after
            }
            None if octet == b'%' => {
                let offset = text.len() - rest.len();
                return Err(SyntaxError::new(SyntaxErrorKind::PercentEncoding, offset));
            }
            None => {
                decoded.push(octet);
                after
            }
        };
    }
    Ok(Cow::Owned(decoded))
}

/// Decodes every `%XX` and keeps every `%` that has no two hexadecimal digits behind it.
///
/// # Examples
///
/// ```
/// assert_eq!(nethttp::syntax::percent_decode_lossy(b"100%%21").as_ref(), b"100%!");
/// ```
#[must_use]
pub fn percent_decode_lossy(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.contains(&b'%') {
        return Cow::Borrowed(text);
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&octet, after)) = rest.split_first() {
        let (value, after) = escape(rest).unwrap_or((octet, after));
        decoded.push(value);
        rest = after;
    }
    Cow::Owned(decoded)
}

/// The value of the escape that the text starts with, and what follows it.
fn escape(text: &[u8]) -> Option<(u8, &[u8])> {
    match text {
        [b'%', high, low, after @ ..] => Some((hex_digit(*high)? << 4 | hex_digit(*low)?, after)),
        _ => None,
    }
}

/// Appends the text with every byte outside of `keep` as `%XX`, in upper case.
///
/// `%` itself is escaped unless `keep` holds it, so that decoding gives the text back.
///
/// # Examples
///
/// ```
/// use nethttp::syntax::{Class, percent_encode};
///
/// let mut out = Vec::new();
/// percent_encode("naïve 100%".as_bytes(), Class::UNRESERVED, &mut out);
/// assert_eq!(out, b"na%C3%AFve%20100%25");
/// ```
pub fn percent_encode(text: &[u8], keep: Class, out: &mut Vec<u8>) {
    const UPPER: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |nibble: u8| UPPER.get(usize::from(nibble)).copied().unwrap_or_default();
    for &octet in text {
        if keep.contains(octet) {
            out.push(octet);
        } else {
            out.extend_from_slice(&[b'%', digit(octet >> 4), digit(octet & 15)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn decodes(text: &[u8], strict: Result<&[u8], usize>, lossy: &[u8]) {
        let found = percent_decode(text).map_err(|e| e.offset());
        assert_eq!(found.as_deref(), strict.as_ref().map(|bytes| *bytes));
        assert_eq!(percent_decode_lossy(text).as_ref(), lossy);
    }

    #[test]
    fn decodes_escapes() {
        decodes(b"", Ok(b""), b"");
        decodes(b"abc", Ok(b"abc"), b"abc");
        decodes(b"%41%2f%2F", Ok(b"A//"), b"A//");
        decodes(b"%00%ff", Ok(b"\0\xff"), b"\0\xff");
        decodes(b"%2541", Ok(b"%41"), b"%41");
        decodes(b"a%", Err(1), b"a%");
        decodes(b"a%4", Err(1), b"a%4");
        decodes(b"%zz", Err(0), b"%zz");
        decodes(b"%41%4g", Err(3), b"A%4g");
        decodes(b"+", Ok(b"+"), b"+");
    }

    #[test]
    fn decoding_what_was_encoded_is_identity() {
        let all: Vec<u8> = (0..=255).collect();
        for keep in [Class::UNRESERVED, Class::PCHAR, Class::QUERY, Class::DIGIT] {
            let mut out = Vec::new();
            percent_encode(&all, keep, &mut out);
            assert_eq!(percent_decode(&out).unwrap().as_ref(), &all[..]);
        }
    }
}

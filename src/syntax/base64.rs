//! Base64, [RFC 4648 §4](https://www.rfc-editor.org/rfc/rfc4648#section-4): three bytes as four characters.
//!
//! What is read has one way to be written: padding where it is due, nothing between the characters, and
//! zeros in the bits that no byte takes.

use alloc::string::String;
use alloc::vec::Vec;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Returns data in base64, padded.
pub(crate) fn base64_encode(data: &[u8]) -> String {
    let mut text = String::with_capacity(data.len().div_ceil(3) * 4);
    let (triples, rest) = data.as_chunks();
    for &[a, b, c] in triples {
        text.extend(quadruple(a, b, c));
    }
    match *rest {
        [a] => text.extend(quadruple(a, 0, 0).into_iter().take(2).chain(['=', '='])),
        [a, b] => text.extend(quadruple(a, b, 0).into_iter().take(3).chain(['='])),
        _ => {}
    }
    text
}

fn quadruple(a: u8, b: u8, c: u8) -> [char; 4] {
    [a >> 2, a << 4 | b >> 4, b << 2 | c >> 6, c].map(|bits| {
        ALPHABET.get(usize::from(bits & 63)).map_or('=', |character| char::from(*character))
    })
}

/// Returns the data that stands in base64.
///
/// # Errors
///
/// The offset of the first character that cannot stand where it does.
pub(crate) fn base64_decode(text: &[u8]) -> Result<Vec<u8>, usize> {
    let (quadruples, rest) = text.as_chunks::<4>();
    let mut data = Vec::with_capacity(quadruples.len() * 3);
    for (quadruple, offset) in quadruples.iter().zip((0..).step_by(4)) {
        let is_last = offset + 4 == text.len();
        match quadruple.map(value) {
            [Some(a), Some(b), Some(c), Some(d)] => {
                data.extend([a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
            }
            [Some(a), Some(b), Some(c), None] if is_last && quadruple.ends_with(b"=") => {
                data.extend([a << 2 | b >> 4, b << 4 | c >> 2]);
                zero(c << 6, offset + 2)?;
            }
            [Some(a), Some(b), None, None] if is_last && quadruple.ends_with(b"==") => {
                data.push(a << 2 | b >> 4);
                zero(b << 4, offset + 1)?;
            }
            values => return Err(offset + values.iter().take_while(|v| v.is_some()).count()),
        }
    }
    match rest.iter().position(|character| value(*character).is_none()) {
        Some(bad) => Err(text.len() - rest.len() + bad),
        None if rest.is_empty() => Ok(data),
        None => Err(text.len()),
    }
}

/// Wants the bits that no byte takes to be zeros.
fn zero(bits: u8, offset: usize) -> Result<(), usize> {
    if bits == 0 { Ok(()) } else { Err(offset) }
}

fn value(character: u8) -> Option<u8> {
    match character {
        b'A'..=b'Z' => Some(character - b'A'),
        b'a'..=b'z' => Some(character - b'a' + 26),
        b'0'..=b'9' => Some(character - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn both_ways(data: &[u8], text: &str) {
        assert_eq!(base64_encode(data), text);
        assert_eq!(base64_decode(text.as_bytes()).as_deref(), Ok(data));
    }

    #[test]
    fn knows_the_vectors() {
        both_ways(b"", "");
        both_ways(b"f", "Zg==");
        both_ways(b"fo", "Zm8=");
        both_ways(b"foo", "Zm9v");
        both_ways(b"foob", "Zm9vYg==");
        both_ways(b"fooba", "Zm9vYmE=");
        both_ways(b"foobar", "Zm9vYmFy");
        both_ways(b"Aladdin:open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        both_ways(&[0xfb, 0xff, 0xbf], "+/+/");
        both_ways(&[0, 0, 0], "AAAA");
    }

    #[track_caller]
    fn refuses(text: &str, offset: usize) {
        assert_eq!(base64_decode(text.as_bytes()), Err(offset));
    }

    #[test]
    fn refuses_what_lacks_padding_or_has_too_much() {
        refuses("Zg", 2);
        refuses("Zg=", 2);
        refuses("Zm8", 3);
        refuses("Zg===", 2);
        refuses("Zg==Zg==", 2);
        refuses("Zm9v====", 4);
        refuses("Zm9v=", 4);
        refuses("Z===", 1);
        refuses("=", 0);
        refuses("Zm=v", 2);
    }

    #[test]
    fn refuses_bits_that_mean_nothing() {
        refuses("Zh==", 1);
        refuses("Zm9vZm9=", 6);
    }

    #[test]
    fn refuses_other_characters() {
        refuses("Zm9v Zm9v", 4);
        refuses("Zm9v\r\n", 4);
        refuses("-_==", 0);
        refuses("Zm9\u{e9}", 3);
        refuses("Zm9v\0", 4);
    }

    #[test]
    fn every_byte_comes_back_in_every_place() {
        let all: Vec<u8> = (0..=255).collect();
        for len in 0..=all.len() {
            assert_eq!(
                base64_decode(base64_encode(&all[..len]).as_bytes()).as_deref(),
                Ok(&all[..len])
            );
        }
    }
}

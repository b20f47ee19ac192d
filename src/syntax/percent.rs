//! Percent-encoding, [RFC 3986 §2.1](https://www.rfc-editor.org/rfc/rfc3986#section-2.1).

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

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
    match text.iter().position(|&octet| octet == b'%') {
        Some(first) => Cow::Owned(decode(text, first, b'+')),
        None => Cow::Borrowed(text),
    }
}

/// Decodes a name or a value of a form: `+` is a space, a `%` without digits stays, and what is not
/// UTF-8 becomes U+FFFD.
pub(crate) fn form_decode(text: &str) -> Cow<'_, str> {
    let Some(first) = text.bytes().position(|octet| matches!(octet, b'%' | b'+')) else {
        return Cow::Borrowed(text);
    };
    let decoded = String::from_utf8(decode(text.as_bytes(), first, b' '));
    Cow::Owned(decoded.unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned()))
}

/// Decodes the text from its `first` escape or `+` on; `plus` is what a `+` stands for.
fn decode(text: &[u8], first: usize, plus: u8) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let (mut run, mut rest) = text.split_at_checked(first).unwrap_or((text, &[]));
    loop {
        decoded.extend_from_slice(run);
        let Some((&octet, mut after)) = rest.split_first() else {
            return decoded;
        };
        let mut value = if octet == b'+' { plus } else { octet };
        if let Some(escape) = escape(rest) {
            (value, after) = escape;
        }
        decoded.push(value);
        let special = after.iter().position(|octet| matches!(octet, b'%' | b'+'));
        (run, rest) = after.split_at_checked(special.unwrap_or(after.len())).unwrap_or_default();
    }
}

/// The bytes that a text means, each with the number of bytes that stand for it. A `%` without digits
/// is itself; `plus` is what a `+` stands for.
pub(crate) fn decoded(text: &[u8], plus: u8) -> impl Iterator<Item = (u8, usize)> {
    let mut rest = text;
    core::iter::from_fn(move || {
        let (&octet, after) = rest.split_first()?;
        let literal = (if octet == b'+' { plus } else { octet }, after);
        let (value, after) = escape(rest).unwrap_or(literal);
        let len = rest.len() - after.len();
        rest = after;
        Some((value, len))
    })
}

/// The value of the escape that the text starts with, and what follows it.
#[inline]
pub(crate) fn escape(text: &[u8]) -> Option<(u8, &[u8])> {
    match text {
        [b'%', high, low, after @ ..] => Some((hex_digit(*high)? << 4 | hex_digit(*low)?, after)),
        _ => None,
    }
}

/// Text that shows percent-encoded: every byte outside of the class that is kept as `%XX`, in upper
/// case.
///
/// `%` and every byte of 0x80 or above are escaped whatever the class holds, so that decoding gives the
/// text back, and what is shown is ASCII.
///
/// # Examples
///
/// ```
/// use nethttp::syntax::{Class, PercentEncoded};
///
/// let name = PercentEncoded::new("naïve 100%", Class::UNRESERVED);
/// assert_eq!(format!("/search/{name}"), "/search/na%C3%AFve%20100%25");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PercentEncoded<'a> {
    text: &'a [u8],
    keep: Class,
}

impl<'a> PercentEncoded<'a> {
    /// Returns the text, to be shown with nothing but the bytes in `keep` unescaped.
    ///
    /// ```
    /// use nethttp::syntax::{Class, PercentEncoded};
    ///
    /// assert_eq!(PercentEncoded::new(b"\xff/", Class::PATH).to_string(), "%FF/");
    /// ```
    #[must_use]
    pub fn new(text: &'a (impl AsRef<[u8]> + ?Sized), keep: Class) -> Self {
        Self { text: text.as_ref(), keep }
    }
}

impl fmt::Display for PercentEncoded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        encode_octets(self.text, self.keep, f)
    }
}

/// Appends the text with every byte outside of `keep` as `%XX`, in upper case, as [`PercentEncoded`]
/// shows it.
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
    // Writing to a vector does not fail.
    let _ = encode_octets(text, keep, &mut Octets(out));
}

/// Appends a name or a value of a form: what is not in [`Class::FORM`] is escaped, a space is `+`.
pub(crate) fn form_encode(text: &str, out: &mut String) {
    // Writing to a string does not fail.
    let _ = encode(text, Class::FORM, true, out);
}

struct Octets<'a>(&'a mut Vec<u8>);

impl fmt::Write for Octets<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

/// Encodes text that need not be UTF-8.
fn encode_octets(text: &[u8], keep: Class, out: &mut impl fmt::Write) -> fmt::Result {
    for chunk in text.utf8_chunks() {
        encode(chunk.valid(), keep, false, out)?;
        chunk.invalid().iter().try_for_each(|&octet| escape_into(octet, out))?;
    }
    Ok(())
}

/// The one encoder: writes what is kept in runs, and a space as `+` where the text is of a form.
#[inline]
fn encode(text: &str, keep: Class, is_form: bool, out: &mut impl fmt::Write) -> fmt::Result {
    let stays = |octet: u8| keep.contains(octet) && octet != b'%' && octet.is_ascii();
    let mut run = 0;
    for (at, octet) in text.bytes().enumerate().filter(|&(_, octet)| !stays(octet)) {
        // The run is ASCII, so that it begins and ends between characters.
        if run < at {
            out.write_str(text.get(run..at).unwrap_or_default())?;
        }
        run = at + 1;
        if is_form && octet == b' ' {
            out.write_char('+')?;
        } else {
            escape_into(octet, out)?;
        }
    }
    out.write_str(text.get(run..).unwrap_or_default())
}

/// Writes the escape of a byte.
#[inline]
fn escape_into(octet: u8, out: &mut impl fmt::Write) -> fmt::Result {
    let start = 3 * usize::from(octet);
    ESCAPES.get(start..start + 3).map_or(Ok(()), |escape| out.write_str(escape))
}

/// `%00%01%02` and so on to `%FF`.
static ESCAPES: &str = match str::from_utf8(&ESCAPE_TABLE) {
    Ok(text) => text,
    Err(_) => "",
};

const ESCAPE_TABLE: [u8; 768] = {
    let digits = b"0123456789ABCDEF";
    let mut table = [b'%'; 768];
    let mut octet = 0;
    while octet < 256 {
        table[3 * octet + 1] = digits[octet >> 4];
        table[3 * octet + 2] = digits[octet & 15];
        octet += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

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

    #[track_caller]
    fn form_decodes(text: &str, expected: &str) {
        assert_eq!(form_decode(text), expected);
        let untouched = !text.contains(['%', '+']);
        assert_eq!(matches!(form_decode(text), Cow::Borrowed(_)), untouched);
    }

    #[test]
    fn decodes_forms() {
        form_decodes("", "");
        form_decodes("aé", "aé");
        form_decodes("+", " ");
        form_decodes("a+b%2Bc+", "a b+c ");
        form_decodes("%", "%");
        form_decodes("%+%4", "% %4");
        form_decodes("%%41+é", "%A é");
        form_decodes("%C3%A9", "é");
        form_decodes("a%C3%28%FF", "a\u{fffd}(\u{fffd}");
        form_decodes("%00", "\0");
    }

    #[track_caller]
    fn encodes(text: &[u8], keep: Class, expected: &str) {
        let mut out = b"=".to_vec();
        percent_encode(text, keep, &mut out);
        assert_eq!(out.strip_prefix(b"="), Some(expected.as_bytes()));
        assert_eq!(PercentEncoded::new(text, keep).to_string(), expected);
    }

    #[test]
    fn encodes_what_is_not_kept() {
        encodes(b"", Class::PCHAR, "");
        encodes(b"a b", Class::PCHAR, "a%20b");
        encodes(b"/a?b=c@d", Class::PCHAR, "%2Fa%3Fb=c@d");
        encodes(b"/a?b=c@d", Class::QUERY, "/a?b=c@d");
        encodes(b"\0\xff", Class::PCHAR, "%00%FF");
        encodes("é".as_bytes(), Class::PCHAR, "%C3%A9");
    }

    #[test]
    fn escapes_percent_and_bytes_beyond_ascii_whatever_is_kept() {
        encodes(b"!%", Class::TOKEN, "!%25");
        encodes(b"a \xff", Class::FIELD, "a %FF");
    }

    #[test]
    fn encodes_forms() {
        let mut out = String::from("?");
        form_encode("a b+c&d=é~*", &mut out);
        assert_eq!(out, "?a+b%2Bc%26d%3D%C3%A9%7E*");
        assert_eq!(form_decode(&out), "?a b+c&d=é~*");
    }

    #[test]
    fn decoding_what_was_encoded_is_identity() {
        let all: Vec<u8> = (0..=255).collect();
        let classes = [Class::UNRESERVED, Class::PCHAR, Class::QUERY, Class::DIGIT];
        for keep in classes.into_iter().chain([Class::TOKEN, Class::FIELD, Class::TARGET]) {
            let mut out = Vec::new();
            percent_encode(&all, keep, &mut out);
            assert_eq!(percent_decode(&out).unwrap().as_ref(), &all[..]);
        }
    }
}

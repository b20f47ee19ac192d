//! Reading the form of a stranger: within limits, and only where nothing is lost.

use super::Pairs;
use crate::setters::setters;
use crate::syntax::escape;
use crate::uri::{UriError, UriErrorKind};

/// How much a form may hold before it is refused.
///
/// | limit | default |
/// |---|---|
/// | [`bytes`](Self::bytes): bytes of the form | 1 MiB |
/// | [`pairs`](Self::pairs): names, with or without a value | 1,000 |
///
/// A thousand is what PHP and Django allow. [`usize::MAX`] is no limit.
///
/// # Examples
///
/// ```
/// use nethttp::uri::FormLimits;
///
/// const SMALL: FormLimits = FormLimits::DEFAULT.bytes(4096).pairs(16);
/// assert_eq!(SMALL.pairs, 16);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FormLimits {
    /// Bytes of the form, as it was sent.
    pub bytes: usize,
    /// Pairs in the form.
    pub pairs: usize,
}

impl FormLimits {
    /// The defaults of the table above.
    pub const DEFAULT: Self = Self { bytes: 1 << 20, pairs: 1_000 };

    setters! { "nethttp::uri::FormLimits":
        /// Sets the bytes of a form.
        bytes: usize = "4096";
        /// Sets the number of pairs in a form.
        pairs: usize = "16";
    }
}

impl Default for FormLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl<'a> Pairs<'a> {
    /// Returns the pairs of a form that keeps the limits and can be read without a loss: every `%` is
    /// an escape, and every name and value is UTF-8. Nothing is allocated.
    ///
    /// # Errors
    ///
    /// [`FormTooLong`](UriErrorKind::FormTooLong) at the limit; otherwise the first of
    /// [`TooManyPairs`](UriErrorKind::TooManyPairs) at the pair that is one too many,
    /// [`InvalidPercent`](UriErrorKind::InvalidPercent) at the `%`, and
    /// [`NotUtf8`](UriErrorKind::NotUtf8) where the character begins that is none. The halves of a
    /// character may not be one escaped and the other not.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::{FormLimits, Pairs, UriErrorKind};
    ///
    /// let form = Pairs::parse(b"name=Ada+Lovelace&born=1815", &FormLimits::DEFAULT)?;
    /// assert_eq!(form.get("name").as_deref(), Some("Ada Lovelace"));
    ///
    /// let error = Pairs::parse(b"discount=100%", &FormLimits::DEFAULT).unwrap_err();
    /// assert_eq!((error.kind(), error.offset()), (UriErrorKind::InvalidPercent, 12));
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    pub fn parse(body: &'a [u8], limits: &FormLimits) -> Result<Self, UriError> {
        if body.len() > limits.bytes {
            return Err(UriError::new(UriErrorKind::FormTooLong, body, limits.bytes));
        }
        let text = str::from_utf8(body);
        // What is before the first byte that is not UTF-8 may hold an earlier mistake.
        let valid = text.map_or_else(|e| e.valid_up_to(), str::len);
        let mistake = body.get(..valid).and_then(|body| mistake(body, limits.pairs));
        match (mistake, text) {
            (Some((kind, offset)), _) => Err(UriError::new(kind, body, offset)),
            (None, Ok(text)) => Ok(Self::new(text)),
            (None, Err(_)) => Err(UriError::new(UriErrorKind::NotUtf8, body, valid)),
        }
    }
}

/// Returns the first mistake in a form that is UTF-8 as it stands, and where it is.
fn mistake(body: &[u8], limit: usize) -> Option<(UriErrorKind, usize)> {
    let (mut offset, mut pairs) = (0, 0);
    for piece in body.split(|&octet| octet == b'&') {
        if !piece.is_empty() {
            if pairs == limit {
                return Some((UriErrorKind::TooManyPairs, offset));
            }
            pairs += 1;
            if let Err((kind, at)) = check_escapes(piece) {
                return Some((kind, offset + at));
            }
        }
        offset += piece.len() + 1;
    }
    None
}

/// Checks that every `%` is an escape and that escapes make characters. The rest of the text is UTF-8,
/// so a run of escapes between two other characters is UTF-8 by itself or not at all.
fn check_escapes(text: &[u8]) -> Result<(), (UriErrorKind, usize)> {
    let mut rest = text;
    while let Some(at) = rest.iter().position(|&octet| octet == b'%') {
        let (_, tail) = rest.split_at_checked(at).unwrap_or_default();
        rest = escaped_character(tail).map_err(|kind| (kind, text.len() - tail.len()))?;
    }
    Ok(())
}

/// Returns what follows the character that the text starts with, all of it escaped.
fn escaped_character(text: &[u8]) -> Result<&[u8], UriErrorKind> {
    let (first, mut rest) = escape(text).ok_or(UriErrorKind::InvalidPercent)?;
    let width = match first {
        ..0x80 => return Ok(rest),
        0x80..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0.. => 4,
    };
    let mut octets = [first, 0, 0, 0];
    for octet in octets.iter_mut().take(width).skip(1) {
        (*octet, rest) = escape(rest).ok_or(UriErrorKind::NotUtf8)?;
    }
    match str::from_utf8(octets.get(..width).unwrap_or_default()) {
        Ok(_) => Ok(rest),
        Err(_) => Err(UriErrorKind::NotUtf8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: FormLimits = FormLimits::DEFAULT.bytes(usize::MAX).pairs(usize::MAX);

    #[track_caller]
    fn accepts(body: &[u8]) {
        let pairs = Pairs::parse(body, &ALL).map(|pairs| pairs.as_str().as_bytes());
        assert_eq!(pairs, Ok(body), "{}", body.escape_ascii());
    }

    #[track_caller]
    fn refuses(body: &[u8], limits: &FormLimits, kind: UriErrorKind, offset: usize) {
        let error = Pairs::parse(body, limits).map_err(|e| (e.kind(), e.offset()));
        assert_eq!(error, Err((kind, offset)), "{}", body.escape_ascii());
    }

    #[test]
    fn accepts_what_can_be_read_without_a_loss() {
        for body in ["", "&&", "=", "a", "a=b&a=c;d", "a=%00%7F", "%2541=%25", "é=†"] {
            accepts(body.as_bytes());
        }
        // The first and the last character of each width.
        for escapes in
            ["%C2%80", "%df%bf", "%E0%A0%80", "%EF%BF%BF", "%F0%90%80%80", "%F4%8F%BF%BF"]
        {
            accepts(escapes.as_bytes());
        }
        accepts("é%C3%A9é=%E2%82%AC%24".as_bytes());
    }

    #[test]
    fn refuses_a_percent_sign_that_is_no_escape() {
        for (body, offset) in
            [("%", 0), ("a=%4", 2), ("a=%41%4g", 5), ("a&b=%&c", 4), ("a=%2&0", 2)]
        {
            refuses(body.as_bytes(), &ALL, UriErrorKind::InvalidPercent, offset);
        }
    }

    #[test]
    fn refuses_escapes_that_are_not_utf8() {
        for (body, offset) in [
            ("a=%80", 2),
            ("%FF", 0),
            ("a&b%C3", 3),
            ("%C3x%A9", 0),
            ("%C3%28", 0),
            ("%C3+%A9", 0),
            ("%C3=%A9", 0),
            ("%C3&%A9", 0),
            ("%C3%zz", 0),
            ("%41%C1%81", 3),
            ("%ED%A0%80", 0),
            ("%E2%82", 0),
            ("%F4%90%80%80", 0),
            ("%F5%80%80%80", 0),
            ("%C3%A9%A9", 6),
        ] {
            refuses(body.as_bytes(), &ALL, UriErrorKind::NotUtf8, offset);
        }
    }

    #[test]
    fn refuses_bytes_that_are_not_utf8() {
        refuses(b"a=\xff", &ALL, UriErrorKind::NotUtf8, 2);
        refuses(b"a=%41\xc3", &ALL, UriErrorKind::NotUtf8, 5);
        refuses(b"%C3\xa9", &ALL, UriErrorKind::NotUtf8, 0);
        refuses(b"\xc3%A9", &ALL, UriErrorKind::NotUtf8, 0);
    }

    #[test]
    fn reports_the_first_mistake() {
        refuses(b"%&\xff", &ALL, UriErrorKind::InvalidPercent, 0);
        refuses(b"a&b&%", &ALL.pairs(1), UriErrorKind::TooManyPairs, 2);
        refuses(b"a&%&b", &ALL.pairs(1), UriErrorKind::TooManyPairs, 2);
        refuses(b"%&b", &ALL.pairs(1), UriErrorKind::InvalidPercent, 0);
        refuses(b"a=%\xff", &ALL, UriErrorKind::InvalidPercent, 2);
    }

    #[test]
    fn counts_bytes() {
        assert!(Pairs::parse(b"a=%41", &ALL.bytes(5)).is_ok());
        refuses(b"a=%41", &ALL.bytes(4), UriErrorKind::FormTooLong, 4);
        refuses(b"a", &ALL.bytes(0), UriErrorKind::FormTooLong, 0);
        assert!(Pairs::parse(b"", &ALL.bytes(0)).is_ok());
    }

    #[test]
    fn counts_pairs_and_no_empty_pieces() {
        assert!(Pairs::parse(b"&&a&&=b&", &ALL.pairs(2)).is_ok());
        refuses(b"&&a&&=b&", &ALL.pairs(1), UriErrorKind::TooManyPairs, 5);
        refuses(b"&a", &ALL.pairs(0), UriErrorKind::TooManyPairs, 1);
        assert!(Pairs::parse(b"&&", &ALL.pairs(0)).is_ok());
    }

    #[test]
    fn limits_have_their_defaults() {
        assert_eq!(FormLimits::default(), FormLimits::DEFAULT);
        let body = "a&".repeat(1_001);
        refuses(body.as_bytes(), &FormLimits::DEFAULT, UriErrorKind::TooManyPairs, 2_000);
        let body = "a".repeat((1 << 20) + 1);
        refuses(body.as_bytes(), &FormLimits::DEFAULT, UriErrorKind::FormTooLong, 1 << 20);
    }
}

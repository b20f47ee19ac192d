//! Extended values, [RFC 8187 §3.2](https://www.rfc-editor.org/rfc/rfc8187#section-3.2): text beyond ASCII
//! as the value of a parameter whose name ends with `*`.
//!
//! What such a parameter means, and that it goes before the one without `*`, is the business of the
//! field that has it.
//!
//! ```
//! use nethttp::field::ExtValue;
//!
//! let rates = ExtValue::parse(b"UTF-8'en'%e2%82%ac%20rates")?;
//! assert_eq!(rates.text(), "€ rates");
//! assert_eq!(rates.to_string(), "UTF-8'en'%E2%82%AC%20rates");
//! # Ok::<(), nethttp::field::FieldError>(())
//! ```

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;

use super::{FieldError, FieldErrorKind, LanguageTag};
use crate::syntax::{Class, PercentEncoded, SyntaxErrorKind, decoded, percent_decode};

/// A text with the language it is in, as the value of a parameter,
/// [RFC 8187 §3.2](https://www.rfc-editor.org/rfc/rfc8187#section-3.2).
///
/// The text is what the escapes mean, so that it can hold anything: NUL, line breaks, slashes.
///
/// # Deviations
///
/// RFC 8187 leaves UTF-8 as the only charset that has to be read. ISO-8859-1 is read too, as RFC 5987 had
/// it before, because servers that were written then still send it; it is never written. Its control
/// characters, 0x80 to 0x9F, are refused: who sends them means another charset.
///
/// # Examples
///
/// ```
/// use nethttp::field::{ExtValue, LanguageTag};
///
/// let title = ExtValue::new("Übersicht").with_language(LanguageTag::parse(b"de")?);
/// assert_eq!(title.to_string(), "UTF-8'de'%C3%9Cbersicht");
/// assert_eq!(ExtValue::parse(b"iso-8859-1'de'%DCbersicht")?, title);
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtValue<'a> {
    language: Option<LanguageTag<'a>>,
    text: Cow<'a, str>,
}

impl<'a> ExtValue<'a> {
    /// Returns the value of a text in no language.
    ///
    /// ```
    /// use nethttp::field::ExtValue;
    ///
    /// assert_eq!(ExtValue::new("a'b").to_string(), "UTF-8''a%27b");
    /// ```
    #[must_use]
    pub fn new(text: impl Into<Cow<'a, str>>) -> Self {
        Self { language: None, text: text.into() }
    }

    /// Returns the value with the language that the text is in.
    ///
    /// ```
    /// use nethttp::field::{ExtValue, LanguageTag};
    ///
    /// let value = ExtValue::new("naïve").with_language(LanguageTag::parse(b"en-GB")?);
    /// assert_eq!(value.to_string(), "UTF-8'en-GB'na%C3%AFve");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn with_language(self, language: LanguageTag<'a>) -> Self {
        Self { language: Some(language), ..self }
    }

    /// Parses a value that spans the whole input.
    ///
    /// ```abnf
    /// ext-value   = charset "'" [ language ] "'" value-chars
    /// charset     = "UTF-8" / "ISO-8859-1"          ; in any case
    /// language    = <Language-Tag, RFC 5646 §2.1>
    /// value-chars = *( pct-encoded / attr-char )
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error at the first byte that does not fit: of kind [`ExtValue`](FieldErrorKind::ExtValue),
    /// or [`LanguageTag`](FieldErrorKind::LanguageTag), or [`Syntax`](FieldErrorKind::Syntax) for an escape
    /// without two digits; and [`Utf8`](FieldErrorKind::Utf8) at the charset where it is another one, or at
    /// the escape where the text is not in its charset.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::{ExtValue, FieldErrorKind};
    ///
    /// assert_eq!(ExtValue::parse(b"utf-8''100%25")?.text(), "100%");
    /// let error = ExtValue::parse(b"utf-8''a b").unwrap_err();
    /// assert_eq!((error.kind(), error.offset()), (FieldErrorKind::ExtValue, 8));
    /// let error = ExtValue::parse(b"windows-1252''a").unwrap_err();
    /// assert_eq!((error.kind(), error.offset()), (FieldErrorKind::Utf8, 0));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn parse(value: &'a [u8]) -> Result<Self, FieldError> {
        read(value, |octet| octet == b'%' || Class::ATTR_CHAR.contains(octet))
    }

    /// Reads a value whose text may hold any ASCII unescaped: what programs leave that have taken the
    /// `encodeURIComponent` of a browser, which escapes neither quotes nor parentheses, for the encoding of
    /// the RFC.
    pub(super) fn parse_lenient(value: &'a [u8]) -> Result<Self, FieldError> {
        read(value, |octet| octet.is_ascii())
    }

    /// Returns the text that is meant.
    ///
    /// ```
    /// use nethttp::field::ExtValue;
    ///
    /// assert_eq!(ExtValue::parse(b"UTF-8''%E2%82%AC")?.text(), "€");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the text that is meant, without a copy where none is due.
    ///
    /// ```
    /// use nethttp::field::{ExtValue, FieldError};
    ///
    /// fn title(value: &[u8]) -> Result<String, FieldError> {
    ///     Ok(ExtValue::parse(value)?.into_text().into_owned())
    /// }
    /// assert_eq!(title(b"UTF-8''%E2%82%AC")?, "€");
    /// # Ok::<(), FieldError>(())
    /// ```
    #[must_use]
    pub fn into_text(self) -> Cow<'a, str> {
        self.text
    }

    /// Returns the language that the text is in, if the value says it.
    ///
    /// ```
    /// use nethttp::field::ExtValue;
    ///
    /// let value = ExtValue::parse(b"UTF-8'en-GB'colour")?;
    /// assert_eq!(value.language().and_then(|tag| tag.region()), Some("GB"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn language(&self) -> Option<&LanguageTag<'a>> {
        self.language.as_ref()
    }

    /// Returns the value with a copy of what it borrows.
    ///
    /// ```
    /// use nethttp::field::ExtValue;
    ///
    /// let kept: ExtValue<'static> =
    ///     ExtValue::parse(String::from("UTF-8''a").as_bytes())?.into_owned();
    /// assert_eq!(kept.text(), "a");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> ExtValue<'static> {
        ExtValue {
            language: self.language.map(LanguageTag::into_owned),
            text: Cow::Owned(self.text.into_owned()),
        }
    }
}

/// Reads a value; `may_stand` says which bytes the text may hold before escapes are decoded.
fn read(value: &[u8], may_stand: impl Fn(u8) -> bool) -> Result<ExtValue<'_>, FieldError> {
    let error = |kind, offset| Err(FieldError::new(kind, offset));
    let is_quote = |octet: &u8| *octet == b'\'';
    let mut parts = value.splitn(3, is_quote);
    let [charset, language, text] = [parts.next(), parts.next(), parts.next()];
    let charset = charset.unwrap_or_default();
    let (Some(language), Some(text)) = (language, text) else {
        return error(FieldErrorKind::ExtValue, value.len());
    };
    let is_utf8 = charset.eq_ignore_ascii_case(b"UTF-8");
    if !is_utf8 && !charset.eq_ignore_ascii_case(b"ISO-8859-1") {
        let is_missing = charset.is_empty();
        return error(if is_missing { FieldErrorKind::ExtValue } else { FieldErrorKind::Utf8 }, 0);
    }
    let at = charset.len() + 1;
    let language = match language {
        [] => None,
        tag => {
            Some(LanguageTag::parse(tag).map_err(|e| FieldError::new(e.kind(), at + e.offset()))?)
        }
    };
    let at = value.len() - text.len();
    let stray = text.iter().position(|&octet| !may_stand(octet));
    let meant = percent_decode(text);
    // Whichever comes first.
    match (stray, &meant) {
        (Some(stray), Err(escape)) if escape.offset() < stray => {}
        (Some(stray), _) => return error(FieldErrorKind::ExtValue, at + stray),
        (None, _) => {}
    }
    let meant = meant.map_err(|escape| {
        let kind = FieldErrorKind::Syntax(SyntaxErrorKind::PercentEncoding);
        FieldError::new(kind, at + escape.offset())
    })?;
    let text = if is_utf8 { utf8(meant) } else { latin1(meant) }
        .map_err(|index| FieldError::new(FieldErrorKind::Utf8, at + source(text, index)))?;
    Ok(ExtValue { language, text })
}

/// Returns the bytes as text, or where they stop to be.
fn utf8(octets: Cow<'_, [u8]>) -> Result<Cow<'_, str>, usize> {
    match octets {
        Cow::Borrowed(octets) => match core::str::from_utf8(octets) {
            Ok(text) => Ok(Cow::Borrowed(text)),
            Err(error) => Err(error.valid_up_to()),
        },
        Cow::Owned(octets) => match String::from_utf8(octets) {
            Ok(text) => Ok(Cow::Owned(text)),
            Err(error) => Err(error.utf8_error().valid_up_to()),
        },
    }
}

/// Returns the bytes of ISO-8859-1 as text, or where they are no characters.
fn latin1(octets: Cow<'_, [u8]>) -> Result<Cow<'_, str>, usize> {
    if octets.is_ascii() {
        return utf8(octets);
    }
    match octets.iter().position(|octet| matches!(octet, 0x80..=0x9f)) {
        Some(control) => Err(control),
        None => Ok(Cow::Owned(octets.iter().copied().map(char::from).collect())),
    }
}

/// Returns where in a text the byte stands that becomes the one at `index` when it is decoded.
fn source(text: &[u8], index: usize) -> usize {
    decoded(text, b'+').take(index).map(|(_, len)| len).sum()
}

/// Writes the value in UTF-8, whatever charset it was read from.
impl fmt::Display for ExtValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let language = self.language.as_ref().map_or("", LanguageTag::as_str);
        let text = PercentEncoded::new(self.text(), Class::ATTR_CHAR);
        write!(f, "UTF-8'{language}'{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[track_caller]
    fn reads(value: &str, language: Option<&str>, text: &str) {
        let found = ExtValue::parse(value.as_bytes()).unwrap();
        assert_eq!(found.language().map(LanguageTag::as_str), language);
        assert_eq!(found.text(), text);
        assert_eq!(ExtValue::parse_lenient(value.as_bytes()).as_ref(), Ok(&found));
        assert_eq!(ExtValue::parse(found.to_string().as_bytes()).as_ref(), Ok(&found));
        assert_eq!(found.clone().into_owned(), found);
    }

    /// The examples of RFC 8187 §3.2.3, and the one that RFC 5987 had.
    #[test]
    fn reads_the_examples() {
        reads("UTF-8''%c2%a3%20and%20%e2%82%ac%20rates", None, "£ and € rates");
        reads("UTF-8'en'%C2%A3%20rates", Some("en"), "£ rates");
        reads("iso-8859-1'en'%A3%20rates", Some("en"), "£ rates");
    }

    #[test]
    fn reads_text() {
        reads("utf-8''", None, "");
        reads("Utf-8'de-CH-1996'a", Some("de-CH-1996"), "a");
        reads("UTF-8''!#$&+-.^_`|~", None, "!#$&+-.^_`|~");
        reads("UTF-8''%00%0A%7f%2F%2541", None, "\0\n\x7f/%41");
        reads("UTF-8''%F0%9F%98%80", None, "\u{1f600}");
        reads("iso-8859-1''abc", None, "abc");
        reads("ISO-8859-1''%FF%a0", None, "\u{ff}\u{a0}");
    }

    #[track_caller]
    fn refuses(value: &[u8], kind: FieldErrorKind, offset: usize) {
        assert_eq!(ExtValue::parse(value), Err(FieldError::new(kind, offset)));
    }

    #[test]
    fn refuses_what_has_no_two_quotes() {
        refuses(b"", FieldErrorKind::ExtValue, 0);
        refuses(b"foo%20bar.html", FieldErrorKind::ExtValue, 14);
        refuses(b"UTF-8'foo", FieldErrorKind::ExtValue, 9);
    }

    #[test]
    fn refuses_charset_and_language_that_are_none() {
        refuses(b"''foo", FieldErrorKind::ExtValue, 0);
        refuses(b"utf8''foo", FieldErrorKind::Utf8, 0);
        refuses(b"EUC-JP''%B7", FieldErrorKind::Utf8, 0);
        refuses(b" UTF-8''foo", FieldErrorKind::Utf8, 0);
        refuses(b"UTF-8'en_US'foo", FieldErrorKind::LanguageTag, 6);
        refuses(b"UTF-8'en-\xff'foo", FieldErrorKind::LanguageTag, 9);
    }

    #[test]
    fn refuses_text_by_the_letter() {
        let escape = FieldErrorKind::Syntax(SyntaxErrorKind::PercentEncoding);
        refuses(b"UTF-8''a b", FieldErrorKind::ExtValue, 8);
        refuses(b"UTF-8''a'b", FieldErrorKind::ExtValue, 8);
        refuses(b"UTF-8''(", FieldErrorKind::ExtValue, 7);
        refuses(b"UTF-8''\xc3\xa4", FieldErrorKind::ExtValue, 7);
        refuses(b"UTF-8''foo%", escape, 10);
        refuses(b"UTF-8''f%oo (", escape, 8);
        refuses(b"UTF-8''f (%oo", FieldErrorKind::ExtValue, 8);
    }

    #[test]
    fn refuses_text_that_is_not_in_its_charset() {
        refuses(b"UTF-8''foo-%E4.html", FieldErrorKind::Utf8, 11);
        refuses(b"UTF-8''%41%C3%A4%C3", FieldErrorKind::Utf8, 16);
        refuses(b"UTF-8''%ED%A0%80", FieldErrorKind::Utf8, 7);
        refuses(b"iso-8859-1''foo-%c3%a4-%e2%82%ac.html", FieldErrorKind::Utf8, 26);
    }

    #[test]
    fn is_lenient_with_what_is_not_escaped() {
        let lenient = |value| ExtValue::parse_lenient(value).map(ExtValue::into_text);
        assert_eq!(lenient(b"UTF-8''a b (1)'*.txt").as_deref(), Ok("a b (1)'*.txt"));
        assert!(lenient(b"UTF-8''\xc3\xa4").is_err());
        assert!(lenient(b"UTF-8''50%").is_err());
    }
}

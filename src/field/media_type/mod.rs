//! Media types, [RFC 9110 §8.3.1]: the value of Content-Type.
//!
//! A [`MediaType`] is a text with a type, a subtype and parameters, kept as it was written and
//! compared by what it means. What a file is by its name is known here too; what its bytes look like
//! is not, and neither are media ranges, which stand in Accept.
//!
//! ```
//! use nethttp::field::MediaType;
//!
//! let media_type = MediaType::parse(b"text/html; charset=utf-8")?;
//! assert!(media_type.is("text/html"));
//! assert_eq!(media_type.charset().as_deref(), Some("utf-8"));
//! # Ok::<(), nethttp::field::FieldError>(())
//! ```
//!
//! [RFC 9110 §8.3.1]: https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1

mod build;
mod constants;
mod equality;
mod extension;
mod grammar;
mod kind;
mod lenient;
mod table;

use alloc::borrow::Cow;
use core::fmt;
use core::str::FromStr;

use self::grammar::{Layout, layout};
use super::parameter::text;
use super::{FieldError, FieldErrorKind};
use crate::syntax::{Cursor, Parameter, Parameters};

/// A media type with its parameters,
/// [RFC 9110 §8.3.1](https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1).
///
/// The text is kept as it was written, borrowed where it can be. Two are equal when they mean the
/// same: types, subtypes, names of parameters and charsets are compared without regard to case, other
/// values exactly, parameters in any order. Of parameters with the same name the first counts.
///
/// `*/*` and `text/*` are media types by the grammar, since `*` may stand in a token; only in Accept
/// do they have a meaning.
///
/// # Deviations
///
/// RFC 9110 allows bytes from 0x80 up in a quoted string, without an encoding. They have to be UTF-8
/// here, so that a media type is a text; nothing else is sent today.
///
/// # Examples
///
/// ```
/// use nethttp::field::MediaType;
///
/// let media_type = MediaType::parse(b"Application/Problem+JSON; Charset=\"UTF-8\"")?;
/// assert_eq!(media_type.suffix(), Some("JSON"));
/// assert_eq!(media_type, MediaType::parse(b"application/problem+json;charset=utf-8")?);
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone)]
pub struct MediaType<'a> {
    text: Cow<'a, str>,
    slash: usize,
    essence_end: usize,
}

impl MediaType<'_> {
    /// The most parameters that a media type has: 64. Types in use have three at most.
    ///
    /// ```
    /// use nethttp::field::{FieldErrorKind, MediaType};
    ///
    /// let value = format!("text/plain{}", "; a=b".repeat(MediaType::MAX_PARAMETERS + 1));
    /// let error = MediaType::parse(value.as_bytes()).unwrap_err();
    /// assert_eq!(error.kind(), FieldErrorKind::TooManyMembers(MediaType::MAX_PARAMETERS));
    /// ```
    pub const MAX_PARAMETERS: usize = 64;
}

impl<'a> MediaType<'a> {
    /// Reads a media type that spans the whole value, without an allocation.
    ///
    /// ```abnf
    /// media-type = type "/" subtype parameters
    /// type       = token
    /// subtype    = token
    /// parameters = *( OWS ";" OWS [ parameter ] )
    /// parameter  = token "=" ( token / quoted-string )
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error at the first byte that the grammar does not allow, with the kinds
    /// [`Syntax`](FieldErrorKind::Syntax) and [`Slash`](FieldErrorKind::Slash);
    /// [`TooManyMembers`](FieldErrorKind::TooManyMembers) in front of the first parameter above
    /// [`MAX_PARAMETERS`](Self::MAX_PARAMETERS); then [`Utf8`](FieldErrorKind::Utf8).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::MediaType;
    /// use nethttp::header::{self, HeaderMap};
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append(header::CONTENT_TYPE, "text/plain; format=flowed")?;
    /// let media_type = headers.get(header::CONTENT_TYPE).map(MediaType::parse).transpose()?;
    /// assert_eq!(media_type.unwrap().subtype(), "plain");
    ///
    /// let error = MediaType::parse(b"text/plain; format = flowed").unwrap_err();
    /// assert_eq!(error.to_string(), "expected '=' after a parameter's name at byte 18");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn parse(value: &'a [u8]) -> Result<Self, FieldError> {
        match read(value) {
            Ok((text, layout)) => Ok(Self::of(Cow::Borrowed(text), layout)),
            Err(error) => Err(error),
        }
    }

    const fn of(text: Cow<'a, str>, Layout { slash, essence_end, .. }: Layout) -> Self {
        Self { text, slash, essence_end }
    }

    /// Returns the media type that owns its text.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::{FieldError, MediaType};
    ///
    /// fn keep(line: String) -> Result<MediaType<'static>, FieldError> {
    ///     MediaType::parse(line.as_bytes()).map(MediaType::into_owned)
    /// }
    /// assert_eq!(keep("image/png".to_owned())?.as_str(), "image/png");
    /// # Ok::<(), FieldError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> MediaType<'static> {
        let Self { text, slash, essence_end } = self;
        MediaType { text: Cow::Owned(text.into_owned()), slash, essence_end }
    }

    /// Returns the whole text, as it was written.
    ///
    /// ```
    /// # use nethttp::field::MediaType;
    /// assert_eq!(MediaType::parse(b"Text/HTML;q=1;")?.as_str(), "Text/HTML;q=1;");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn as_str(&self) -> &str {
        match &self.text {
            Cow::Borrowed(text) => text,
            Cow::Owned(text) => text.as_str(),
        }
    }

    /// Returns type and subtype as they were written, `text/html`.
    ///
    /// ```
    /// # use nethttp::field::MediaType;
    /// assert_eq!(MediaType::parse(b"text/html;charset=utf-8")?.essence(), "text/html");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn essence(&self) -> &str {
        self.split().0
    }

    /// Returns the type, the `text` of `text/html`, as it was written.
    ///
    /// ```
    /// # use nethttp::field::MediaType;
    /// assert_eq!(MediaType::parse(b"text/html")?.type_(), "text");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn type_(&self) -> &str {
        match self.as_str().split_at_checked(self.slash) {
            Some((type_, _)) => type_,
            None => "",
        }
    }

    /// Returns the subtype, the `html` of `text/html`, as it was written.
    ///
    /// ```
    /// # use nethttp::field::MediaType;
    /// assert_eq!(MediaType::parse(b"image/svg+xml")?.subtype(), "svg+xml");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn subtype(&self) -> &str {
        match self.essence().split_at_checked(self.slash + 1) {
            Some((_, subtype)) => subtype,
            None => "",
        }
    }

    /// Returns the structured syntax suffix, what follows the last `+` of the subtype,
    /// [RFC 6838 §4.2.8](https://www.rfc-editor.org/rfc/rfc6838#section-4.2.8).
    ///
    /// ```
    /// # use nethttp::field::MediaType;
    /// assert_eq!(MediaType::parse(b"image/svg+xml")?.suffix(), Some("xml"));
    /// assert_eq!(MediaType::parse(b"application/xml")?.suffix(), None);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn suffix(&self) -> Option<&str> {
        let (_, suffix) = self.subtype().rsplit_once('+')?;
        (!suffix.is_empty()).then_some(suffix)
    }

    /// Returns whether type and subtype are these, in any case, with any parameters.
    ///
    /// ```
    /// # use nethttp::field::MediaType;
    /// let media_type = MediaType::parse(b"Application/JSON; charset=utf-8")?;
    /// assert!(media_type.is("application/json"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn is(&self, essence: &str) -> bool {
        self.essence().eq_ignore_ascii_case(essence)
    }

    /// Returns the parameters in the order in which they stand: names as they were written, values
    /// without the quotes.
    ///
    /// ```
    /// # use nethttp::field::MediaType;
    /// let media_type = MediaType::parse(b"text/plain; Format=flowed; delsp=\"yes\"")?;
    /// let parameters: Vec<_> = media_type.parameters().collect();
    /// assert_eq!(parameters, [("Format", "flowed".into()), ("delsp", "yes".into())]);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn parameters(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        self.raw_parameters().map(|parameter| {
            let name = core::str::from_utf8(parameter.name()).unwrap_or_default();
            (name, text(parameter.value()))
        })
    }

    /// Returns the value of the first parameter of this name, in any case.
    ///
    /// ```
    /// # use nethttp::field::MediaType;
    /// let media_type = MediaType::parse(b"multipart/form-data; Boundary=\"a b\"")?;
    /// assert_eq!(media_type.parameter("boundary").as_deref(), Some("a b"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<Cow<'_, str>> {
        let found = self.raw_parameters().find(|parameter| parameter.is_named(name));
        found.map(|parameter| text(parameter.value()))
    }

    /// Returns the value of the parameter `charset` as it was written; names of charsets are
    /// case-insensitive, [RFC 9110 §8.3.2](https://www.rfc-editor.org/rfc/rfc9110#section-8.3.2).
    ///
    /// ```
    /// # use nethttp::field::MediaType;
    /// let media_type = MediaType::parse(b"text/html; charset=UTF-8")?;
    /// assert!(media_type.charset().is_some_and(|name| name.eq_ignore_ascii_case("utf-8")));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn charset(&self) -> Option<Cow<'_, str>> {
        self.parameter("charset")
    }

    /// Returns the essence and what follows it.
    const fn split(&self) -> (&str, &str) {
        match self.as_str().split_at_checked(self.essence_end) {
            Some(parts) => parts,
            None => (self.as_str(), ""),
        }
    }

    fn raw_parameters(&self) -> impl Iterator<Item = Parameter<'_>> {
        Parameters::new(Cursor::new(self.split().1.as_bytes())).flatten()
    }
}

impl MediaType<'static> {
    /// Returns the media type that the text in the program is; one that is none is an error when the
    /// program is compiled.
    ///
    /// # Panics
    ///
    /// Where the text is no media type and this is not a `const`; [`parse`](Self::parse) is for such
    /// texts.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::MediaType;
    ///
    /// const PROBLEM: MediaType<'_> = MediaType::from_static("application/problem+json");
    /// assert_eq!(PROBLEM.suffix(), Some("json"));
    /// ```
    ///
    /// ```compile_fail
    /// use nethttp::field::MediaType;
    ///
    /// const PROBLEM: MediaType<'_> = MediaType::from_static("application problem+json");
    /// ```
    #[must_use]
    pub const fn from_static(text: &'static str) -> Self {
        let parsed = read(text.as_bytes());
        assert!(parsed.is_ok(), "expected a media type");
        match parsed {
            Ok((text, layout)) => Self::of(Cow::Borrowed(text), layout),
            Err(_) => Self { text: Cow::Borrowed(text), slash: 0, essence_end: 0 },
        }
    }
}

/// Returns the text without whitespace behind it, and where its parts lie.
const fn read(value: &[u8]) -> Result<(&str, Layout), FieldError> {
    let layout = match layout(value) {
        Ok(layout) => layout,
        Err(error) => return Err(error),
    };
    let value = match value.split_at_checked(layout.end) {
        Some((value, _)) => value,
        None => value,
    };
    match core::str::from_utf8(value) {
        Ok(text) => Ok((text, layout)),
        Err(error) => Err(FieldError::new(FieldErrorKind::Utf8, error.valid_up_to())),
    }
}

impl fmt::Display for MediaType<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for MediaType<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MediaType").field(&self.as_str()).finish()
    }
}

impl AsRef<str> for MediaType<'_> {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

/// So that a [`HeaderMap`](crate::header::HeaderMap) takes it.
impl AsRef<[u8]> for MediaType<'_> {
    fn as_ref(&self) -> &[u8] {
        self.as_str().as_bytes()
    }
}

impl FromStr for MediaType<'static> {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        MediaType::parse(text.as_bytes()).map(MediaType::into_owned)
    }
}

impl<'a> TryFrom<&'a str> for MediaType<'a> {
    type Error = FieldError;

    fn try_from(text: &'a str) -> Result<Self, FieldError> {
        Self::parse(text.as_bytes())
    }
}

impl<'a> TryFrom<&'a [u8]> for MediaType<'a> {
    type Error = FieldError;

    fn try_from(value: &'a [u8]) -> Result<Self, FieldError> {
        Self::parse(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::ToString;
    use alloc::vec::Vec;

    fn media_type(text: &str) -> MediaType<'_> {
        MediaType::parse(text.as_bytes()).unwrap()
    }

    #[track_caller]
    fn reads(value: &str, type_: &str, subtype: &str, parameters: &[(&str, &str)]) {
        let found = media_type(value);
        assert_eq!((found.type_(), found.subtype()), (type_, subtype));
        assert_eq!(found.essence(), format!("{type_}/{subtype}"));
        let pairs: Vec<_> = found.parameters().collect();
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (*name, &**value)).collect();
        assert_eq!(pairs, parameters);
        assert_eq!(found.clone().into_owned(), found);
    }

    #[test]
    fn reads_types_and_parameters() {
        reads("text/html", "text", "html", &[]);
        reads("Text/HTML;Charset=\"utf-8\"", "Text", "HTML", &[("Charset", "utf-8")]);
        reads("a/b ;; c=d; e=\"\";", "a", "b", &[("c", "d"), ("e", "")]);
        reads("a/b; c=\"d;\\\"e\\\\\"", "a", "b", &[("c", "d;\"e\\")]);
        reads("a/b; c=\"\\é\u{20ac}\"", "a", "b", &[("c", "é€")]);
        reads("*/*; q=0.8", "*", "*", &[("q", "0.8")]);
    }

    #[test]
    fn the_text_stays_as_it_was_written() {
        for text in ["Text/HTML;Q=1;", "a/b ; c=\"\\d\" ;; e=f"] {
            let parsed = media_type(text);
            assert!(matches!(parsed.text, Cow::Borrowed(_)));
            assert_eq!(parsed.to_string(), text);
            assert_eq!(format!("{parsed:?}"), format!("MediaType({text:?})"));
        }
        assert_eq!(media_type("a/b;\t").as_str(), "a/b;", "no field value ends with whitespace");
    }

    #[test]
    fn quoted_text_is_utf_8() {
        let error = MediaType::parse(b"a/b; c=\"\xe4\"").unwrap_err();
        assert_eq!((error.kind(), error.offset()), (FieldErrorKind::Utf8, 8));
        assert_eq!(error.to_string(), "expected text in UTF-8 at byte 8");
    }

    #[track_caller]
    fn has_suffix(value: &str, suffix: Option<&str>) {
        assert_eq!(media_type(value).suffix(), suffix);
    }

    #[test]
    fn a_suffix_follows_the_last_plus() {
        has_suffix("image/svg+xml", Some("xml"));
        has_suffix("application/a+b+json;c=d+e", Some("json"));
        has_suffix("application/json;a=b+c", None);
        has_suffix("application/c++", None);
        has_suffix("a+b/c", None);
    }

    #[test]
    fn the_first_parameter_of_a_name_counts() {
        let twice = media_type("text/plain; charset=utf-8; Charset=latin1");
        assert_eq!(twice.charset().as_deref(), Some("utf-8"));
        assert_eq!(twice, media_type("text/plain; charset=utf-8"));
    }
}

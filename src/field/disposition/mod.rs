//! Content-Disposition, [RFC 6266](https://www.rfc-editor.org/rfc/rfc6266): whether content is shown or
//! saved, and under which name.
//!
//! A [`ContentDisposition`] is a text with a type and parameters, kept as it was written. The name of a
//! file that it proposes comes from a stranger; [`safe_file_name`] makes of it a name that can be saved
//! under. Encoded words of mail ([RFC 2047](https://www.rfc-editor.org/rfc/rfc2047)) and parameters in
//! pieces ([RFC 2231](https://www.rfc-editor.org/rfc/rfc2231)) have no meaning in HTTP and none here.
//! The parts of `multipart/form-data` have the same field with other rules,
//! [RFC 7578 §4.2](https://www.rfc-editor.org/rfc/rfc7578#section-4.2); those are not here.
//!
//! ```
//! use nethttp::field::ContentDisposition;
//!
//! let value = b"attachment; filename=\"EURO rates\"; filename*=utf-8''%e2%82%ac%20rates";
//! let disposition = ContentDisposition::parse(value)?;
//! assert!(disposition.is_attachment());
//! assert_eq!(disposition.file_name().as_deref(), Some("€ rates"));
//! # Ok::<(), nethttp::field::FieldError>(())
//! ```

mod build;
mod file_name;
mod grammar;
mod lenient;

use alloc::borrow::Cow;
use core::fmt;
use core::str::FromStr;

pub use self::file_name::safe_file_name;
use super::{ExtValue, FieldError, FieldErrorKind};

/// Whether content is shown or saved, and under which name,
/// [RFC 6266 §4](https://www.rfc-editor.org/rfc/rfc6266#section-4).
///
/// The text is kept as it was written, borrowed where it can be, and two are equal when they mean the
/// same: type and names of parameters are compared without regard to case, extended values by what they
/// decode to, other values exactly, parameters in any order.
///
/// # Deviations
///
/// RFC 6266 takes bytes from 0x80 up in a quoted string for ISO-8859-1. They have to be UTF-8 for
/// [`parse`](Self::parse), which is what servers send and browsers read; [`from_headers`](Self::from_headers)
/// takes them for ISO-8859-1 where they are not.
///
/// # Examples
///
/// ```
/// use nethttp::field::ContentDisposition;
///
/// let disposition = ContentDisposition::attachment("naïve plan.pdf");
/// assert_eq!(
///     disposition.as_str(),
///     "attachment; filename=\"na_ve plan.pdf\"; filename*=UTF-8''na%C3%AFve%20plan.pdf"
/// );
/// ```
#[derive(Clone)]
pub struct ContentDisposition<'a> {
    text: Cow<'a, str>,
    type_len: usize,
}

impl ContentDisposition<'_> {
    /// The most parameters that a disposition has: 64. Those in use have two.
    ///
    /// ```
    /// use nethttp::field::{ContentDisposition, FieldErrorKind};
    ///
    /// let parameters: String = (0..65).map(|n| format!("; p{n}=q")).collect();
    /// let value = format!("inline{parameters}");
    /// let error = ContentDisposition::parse(value.as_bytes()).unwrap_err();
    /// let most = ContentDisposition::MAX_PARAMETERS;
    /// assert_eq!(error.kind(), FieldErrorKind::TooManyMembers(most));
    /// ```
    pub const MAX_PARAMETERS: usize = 64;
}

impl<'a> ContentDisposition<'a> {
    /// Reads a disposition that spans the whole value.
    ///
    /// ```abnf
    /// content-disposition = disposition-type *( OWS ";" OWS disposition-parm )
    /// disposition-type    = token
    /// disposition-parm    = token OWS "=" OWS ( token / quoted-string )
    ///                     / ext-token OWS "=" OWS ext-value
    /// ext-token           = <a token that ends with "*">
    /// ```
    ///
    /// Whitespace may stand around `=`, other than in newer fields: the grammar of RFC 6266 is that of RFC
    /// 2616, which has it between any two words.
    ///
    /// # Errors
    ///
    /// Returns an error at the first byte that the grammar does not allow, with the kind
    /// [`Syntax`](FieldErrorKind::Syntax) or those of [`ExtValue::parse`];
    /// [`DuplicateParameter`](FieldErrorKind::DuplicateParameter) at a name that is there, in any case;
    /// [`TooManyMembers`](FieldErrorKind::TooManyMembers) at the first parameter above
    /// [`MAX_PARAMETERS`](Self::MAX_PARAMETERS); then [`Utf8`](FieldErrorKind::Utf8).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::{ContentDisposition, FieldErrorKind};
    ///
    /// let disposition = ContentDisposition::parse(b"Attachment; filename=a.pdf")?;
    /// assert_eq!(disposition.as_str(), "Attachment; filename=a.pdf");
    ///
    /// let error = ContentDisposition::parse(b"attachment; filename=a b.pdf").unwrap_err();
    /// assert_eq!(error.to_string(), "expected ';' after a parameter at byte 23");
    /// let error = ContentDisposition::parse(b"attachment; filename*=a.pdf").unwrap_err();
    /// assert_eq!(error.kind(), FieldErrorKind::ExtValue);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn parse(value: &'a [u8]) -> Result<Self, FieldError> {
        let type_len = grammar::check(value)?;
        let text = core::str::from_utf8(value)
            .map_err(|error| FieldError::new(FieldErrorKind::Utf8, error.valid_up_to()))?;
        Ok(Self { text: Cow::Borrowed(text), type_len })
    }

    /// Returns the disposition that owns its text.
    ///
    /// ```
    /// use nethttp::field::{ContentDisposition, FieldError};
    ///
    /// fn keep(line: String) -> Result<ContentDisposition<'static>, FieldError> {
    ///     ContentDisposition::parse(line.as_bytes()).map(ContentDisposition::into_owned)
    /// }
    /// assert_eq!(keep("inline".to_owned())?.as_str(), "inline");
    /// # Ok::<(), FieldError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> ContentDisposition<'static> {
        let Self { text, type_len } = self;
        ContentDisposition { text: Cow::Owned(text.into_owned()), type_len }
    }

    /// Returns the whole text, as it was written.
    ///
    /// ```
    /// # use nethttp::field::ContentDisposition;
    /// assert_eq!(ContentDisposition::parse(b"INLINE;a=\"b\"")?.as_str(), "INLINE;a=\"b\"");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the type as it was written.
    ///
    /// ```
    /// # use nethttp::field::ContentDisposition;
    /// assert_eq!(ContentDisposition::parse(b"Inline; filename=a")?.type_(), "Inline");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn type_(&self) -> &str {
        self.split().0
    }

    /// Returns whether the type is this one, in any case.
    ///
    /// ```
    /// # use nethttp::field::ContentDisposition;
    /// assert!(ContentDisposition::parse(b"Form-Data; name=a")?.is("form-data"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn is(&self, type_: &str) -> bool {
        self.type_().eq_ignore_ascii_case(type_)
    }

    /// Returns whether the content is to be shown, as it is without the field,
    /// [RFC 6266 §4.2](https://www.rfc-editor.org/rfc/rfc6266#section-4.2).
    ///
    /// ```
    /// # use nethttp::field::ContentDisposition;
    /// assert!(ContentDisposition::parse(b"inline")?.is_inline());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn is_inline(&self) -> bool {
        self.is("inline")
    }

    /// Returns whether the content is to be saved: for the type `attachment`, and for types that are not
    /// known, [RFC 6266 §4.2](https://www.rfc-editor.org/rfc/rfc6266#section-4.2).
    ///
    /// ```
    /// # use nethttp::field::ContentDisposition;
    /// assert!(ContentDisposition::parse(b"attachment")?.is_attachment());
    /// assert!(ContentDisposition::parse(b"hologram")?.is_attachment());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn is_attachment(&self) -> bool {
        !self.is_inline()
    }

    /// Returns the parameters in the order in which they stand: names as they were written, values without
    /// the quotes. Extended values, of names that end with `*`, are not decoded.
    ///
    /// ```
    /// # use nethttp::field::ContentDisposition;
    /// let disposition = ContentDisposition::parse(b"inline; Size=7; filename*=UTF-8''a%20b")?;
    /// let parameters: Vec<_> = disposition.parameters().collect();
    /// assert_eq!(parameters, [("Size", "7".into()), ("filename*", "UTF-8''a%20b".into())]);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn parameters(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        grammar::parameters(self.split().1).map(|it| (it.name, it.value))
    }

    /// Returns the value of the parameter of this name, in any case; an extended value is not decoded.
    ///
    /// ```
    /// # use nethttp::field::ContentDisposition;
    /// let disposition = ContentDisposition::parse(b"inline; Size=\"7\"")?;
    /// assert_eq!(disposition.parameter("size").as_deref(), Some("7"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<Cow<'_, str>> {
        let found = self.parameters().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    }

    /// Returns the proposed name of the file as the sender means it: `filename*` where it is there, else
    /// `filename`, [RFC 6266 §4.3](https://www.rfc-editor.org/rfc/rfc6266#section-4.3).
    ///
    /// # Security
    ///
    /// This can be any text: `../../etc/passwd`, `.bashrc`, `CON`, nothing at all. To save a file take
    /// [`safe_file_name`](Self::safe_file_name).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::ContentDisposition;
    ///
    /// let value = b"attachment; filename=\"na_ve.txt\"; filename*=UTF-8''na%C3%AFve.txt";
    /// let disposition = ContentDisposition::parse(value)?;
    /// assert_eq!(disposition.file_name().as_deref(), Some("naïve.txt"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn file_name(&self) -> Option<Cow<'_, str>> {
        let Some(extended) = self.parameter("filename*") else {
            return self.parameter("filename");
        };
        let decoded = ExtValue::parse(extended.as_bytes()).ok()?;
        Some(Cow::Owned(decoded.into_text().into_owned()))
    }

    /// Returns what a file can be saved as that has the proposed name, or `None` where no name is left; the
    /// rules are those of [`safe_file_name`](safe_file_name()).
    ///
    /// ```
    /// # use nethttp::field::ContentDisposition;
    /// let disposition = ContentDisposition::parse(b"attachment; filename=\"../../etc/passwd\"")?;
    /// assert_eq!(disposition.safe_file_name().as_deref(), Some("passwd"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn safe_file_name(&self) -> Option<Cow<'_, str>> {
        match self.file_name()? {
            Cow::Borrowed(name) => safe_file_name(name),
            Cow::Owned(name) => Some(Cow::Owned(safe_file_name(&name)?.into_owned())),
        }
    }

    /// Returns the type and what follows it.
    fn split(&self) -> (&str, &str) {
        self.text.split_at_checked(self.type_len).unwrap_or((&self.text, ""))
    }
}

impl PartialEq<ContentDisposition<'_>> for ContentDisposition<'_> {
    fn eq(&self, other: &ContentDisposition<'_>) -> bool {
        let has = |(name, value): (&str, Cow<'_, str>)| {
            other.parameter(name).is_some_and(|found| {
                // An extended value of this type is well-formed.
                let decoded = |value| ExtValue::parse(value).ok();
                found == value
                    || (name.ends_with('*')
                        && decoded(found.as_bytes()) == decoded(value.as_bytes()))
            })
        };
        self.is(other.type_())
            && self.parameters().count() == other.parameters().count()
            && self.parameters().all(has)
    }
}

impl Eq for ContentDisposition<'_> {}

impl fmt::Display for ContentDisposition<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for ContentDisposition<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ContentDisposition").field(&self.as_str()).finish()
    }
}

impl AsRef<str> for ContentDisposition<'_> {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

/// So that a [`HeaderMap`](crate::header::HeaderMap) takes it.
impl AsRef<[u8]> for ContentDisposition<'_> {
    fn as_ref(&self) -> &[u8] {
        self.as_str().as_bytes()
    }
}

impl FromStr for ContentDisposition<'static> {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        ContentDisposition::parse(text.as_bytes()).map(ContentDisposition::into_owned)
    }
}

//! The fields of a form without files, and the format that they travel in,
//! [`application/x-www-form-urlencoded`](https://url.spec.whatwg.org/#application/x-www-form-urlencoded).
//!
//! [`Form`] owns what it holds, and is what a handler asks for and a client sends. How pairs are written
//! and read is [`Pairs`]' and [`QueryBuilder`]'s business, which also read a query without a copy, edit
//! one in its place, and take texts that this refuses. Files travel in a
//! [`MultipartForm`](super::MultipartForm).
//!
//! ```
//! use nethttp::form::Form;
//! use nethttp::uri::FormLimits;
//!
//! let form = Form::parse(b"name=Ada+Lovelace&topic=maths&topic=poetry", &FormLimits::DEFAULT)?;
//! assert_eq!(form.get("name"), Some("Ada Lovelace"));
//! assert!(form.get_all("topic").eq(["maths", "poetry"]));
//! # Ok::<(), nethttp::form::FormError>(())
//! ```

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::iter::FusedIterator;
use core::slice;

use super::{FormError, FormErrorKind};
use crate::field::MediaType;
use crate::uri::{FormLimits, Pairs, QueryBuilder};

/// The names and values of a form, in their order.
///
/// A name may stand many times; which of its values holds is the application's to decide, and so is
/// what `a[]` means. `Debug` shows the names and hides the values, since passwords travel in forms.
///
/// # Examples
///
/// A form to send:
///
/// ```
/// use nethttp::form::Form;
///
/// let form = Form::new().append("user", "ada").append("password", "a=b");
/// assert_eq!(form.encode(), "user=ada&password=a%3Db");
/// assert_eq!(format!("{form:?}"), r#"Form(["user", "password"])"#);
/// ```
///
/// A form that came:
///
/// ```
/// # use nethttp::form::Form;
/// use nethttp::uri::FormLimits;
///
/// let form = Form::parse(b"user=ada&newsletter=on", &FormLimits::DEFAULT)?;
/// assert_eq!(form.get("user"), Some("ada"));
/// assert_eq!(form.get("newsletter").is_some(), true);
/// # Ok::<(), nethttp::form::FormError>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
#[must_use = "the methods of a form return it"]
pub struct Form {
    pairs: Vec<(String, String)>,
}

impl Form {
    /// The media type of the text that [`encode`](Self::encode) writes.
    ///
    /// ```
    /// use nethttp::form::Form;
    ///
    /// assert_eq!(Form::MEDIA_TYPE.as_str(), "application/x-www-form-urlencoded");
    /// ```
    pub const MEDIA_TYPE: MediaType<'static> = MediaType::APPLICATION_WWW_FORM_URLENCODED;

    /// Returns a form without fields.
    ///
    /// ```
    /// assert!(nethttp::form::Form::new().is_empty());
    /// ```
    pub const fn new() -> Self {
        Self { pairs: Vec::new() }
    }

    /// Reads a form that a stranger sent: within limits, and without a loss.
    ///
    /// A value that is missing is empty. [`Pairs::new`] reads any text.
    ///
    /// # Errors
    ///
    /// [`Urlencoded`](FormErrorKind::Urlencoded), which says what [`Pairs::parse`] does.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::form::Form;
    /// use nethttp::uri::FormLimits;
    ///
    /// let form = Form::parse(b"q=caf%C3%A9+au+lait&debug", &FormLimits::DEFAULT)?;
    /// assert_eq!((form.get("q"), form.get("debug")), (Some("café au lait"), Some("")));
    ///
    /// let error = Form::parse(b"q=caf%E9", &FormLimits::DEFAULT).unwrap_err();
    /// assert_eq!(error.to_string(), "expected bytes that decode to UTF-8 at byte 5");
    /// # Ok::<(), nethttp::form::FormError>(())
    /// ```
    pub fn parse(text: &[u8], limits: &FormLimits) -> Result<Self, FormError> {
        match Pairs::parse(text, limits) {
            Ok(pairs) => Ok(pairs.into()),
            Err(error) => {
                Err(FormError::at(FormErrorKind::Urlencoded(error.kind()), error.offset()))
            }
        }
    }

    /// Appends a field, whether or not there is one of this name.
    ///
    /// ```
    /// use nethttp::form::Form;
    ///
    /// let form = Form::new().append("id", 1.to_string()).append("id", "2");
    /// assert!(form.get_all("id").eq(["1", "2"]));
    /// ```
    pub fn append(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.pairs.push((name.into(), value.into()));
        self
    }

    /// Returns the value of the first field of this name.
    ///
    /// Names are compared byte for byte.
    ///
    /// ```
    /// use nethttp::form::Form;
    ///
    /// let form = Form::new().append("page", "2");
    /// assert_eq!((form.get("page"), form.get("Page")), (Some("2"), None));
    /// ```
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.get_all(name).next()
    }

    /// Returns the values of all fields of this name, in their order.
    ///
    /// ```
    /// use nethttp::form::Form;
    ///
    /// let form = Form::new().append("id", "1").append("sort", "up").append("id", "2");
    /// assert!(form.get_all("id").eq(["1", "2"]));
    /// ```
    #[must_use]
    pub fn get_all(&self, name: &str) -> impl FusedIterator<Item = &str> {
        self.iter().filter(move |pair| pair.0 == name).map(|pair| pair.1)
    }

    /// Returns the names and values in their order.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use nethttp::form::Form;
    ///
    /// let form = Form::new().append("a", "1").append("b", "2");
    /// let map: BTreeMap<_, _> = form.iter().collect();
    /// assert_eq!(map["b"], "2");
    /// ```
    pub fn iter(&self) -> FormIter<'_> {
        FormIter { pairs: self.pairs.iter() }
    }

    /// Returns the number of fields; a name that stands twice counts twice.
    ///
    /// ```
    /// assert_eq!(nethttp::form::Form::new().append("a", "1").append("a", "1").len(), 2);
    /// ```
    #[must_use]
    pub const fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Returns whether there is no field.
    ///
    /// ```
    /// assert!(!nethttp::form::Form::new().append("", "").is_empty());
    /// ```
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Returns the form as browsers write it: the content of a request, or a query.
    ///
    /// ```
    /// use nethttp::form::Form;
    ///
    /// let form = Form::new().append("q", "naïve & small").append("page", "1");
    /// assert_eq!(form.encode(), "q=na%C3%AFve+%26+small&page=1");
    /// ```
    #[must_use]
    pub fn encode(&self) -> String {
        QueryBuilder::from_iter(self).into()
    }
}

/// Hides the values.
impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.iter().map(|pair| pair.0).collect();
        f.debug_tuple("Form").field(&names).finish()
    }
}

/// Decodes the pairs, as [`Pairs::iter`] does.
impl From<Pairs<'_>> for Form {
    fn from(pairs: Pairs<'_>) -> Self {
        pairs.iter().collect()
    }
}

/// Appends the fields in their order.
impl<N: Into<String>, V: Into<String>> Extend<(N, V)> for Form {
    fn extend<I: IntoIterator<Item = (N, V)>>(&mut self, pairs: I) {
        self.pairs.extend(pairs.into_iter().map(|(name, value)| (name.into(), value.into())));
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Form {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut form = Self::new();
        form.extend(pairs);
        form
    }
}

impl<'a> IntoIterator for &'a Form {
    type Item = (&'a str, &'a str);
    type IntoIter = FormIter<'a>;

    fn into_iter(self) -> FormIter<'a> {
        self.iter()
    }
}

/// The names and values of a [`Form`].
///
/// # Examples
///
/// ```
/// use nethttp::form::Form;
///
/// let form = Form::from_iter([("a", "1"), ("b", "2")]);
/// for (name, value) in &form {
///     println!("{name}: {value}");
/// }
/// assert_eq!(form.iter().next_back(), Some(("b", "2")));
/// ```
#[derive(Clone)]
#[must_use = "iterators do nothing unless they are used"]
pub struct FormIter<'a> {
    pairs: slice::Iter<'a, (String, String)>,
}

fn borrowed((name, value): &(String, String)) -> (&str, &str) {
    (name, value)
}

impl<'a> Iterator for FormIter<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        self.pairs.next().map(borrowed)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.pairs.size_hint()
    }
}

impl DoubleEndedIterator for FormIter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.pairs.next_back().map(borrowed)
    }
}

impl ExactSizeIterator for FormIter<'_> {}

impl FusedIterator for FormIter<'_> {}

/// Says how many are left, and hides the values.
impl fmt::Debug for FormIter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormIter").field("len", &self.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uri::UriErrorKind;
    use alloc::format;

    const NONE: [(&str, &str); 0] = [];

    #[track_caller]
    fn reads(text: &str, expected: &[(&str, &str)]) {
        let form = Form::parse(text.as_bytes(), &FormLimits::DEFAULT).unwrap();
        assert!(form.iter().eq(expected.iter().copied()), "{text}");
    }

    #[test]
    fn reads_fields_in_their_order() {
        reads("", &NONE);
        reads("&&", &NONE);
        reads("a", &[("a", "")]);
        reads("b=1&a=2&b=3", &[("b", "1"), ("a", "2"), ("b", "3")]);
        reads("a+b=c%2Bd&%C3%A9=%F0%9F%98%80", &[("a b", "c+d"), ("é", "😀")]);
        reads("a=1;b=2", &[("a", "1;b=2")]);
    }

    #[track_caller]
    fn refuses(text: &str, limits: FormLimits, kind: UriErrorKind, offset: u64) {
        let error = Form::parse(text.as_bytes(), &limits);
        assert_eq!(error, Err(FormError::new(FormErrorKind::Urlencoded(kind), offset)), "{text}");
    }

    #[test]
    fn refuses_what_is_malformed_or_too_much() {
        let limits = FormLimits::DEFAULT;
        refuses("a=%zz", limits, UriErrorKind::InvalidPercent, 2);
        refuses("a=%FF", limits, UriErrorKind::NotUtf8, 2);
        refuses("a&b&c", limits.pairs(2), UriErrorKind::TooManyPairs, 4);
        refuses("a=bc", limits.bytes(3), UriErrorKind::FormTooLong, 3);
    }

    #[track_caller]
    fn writes(pairs: &[(&str, &str)], expected: &str) {
        let form = Form::from_iter(pairs.iter().copied());
        assert_eq!(form.encode(), expected);
        assert_eq!(Form::parse(expected.as_bytes(), &FormLimits::DEFAULT), Ok(form));
    }

    #[test]
    fn what_is_written_reads_the_same() {
        writes(&NONE, "");
        writes(&[("", "")], "=");
        writes(&[("a", ""), ("a", "&=+ %")], "a=&a=%26%3D%2B+%25");
        writes(&[("é\r\n", "\0")], "%C3%A9%0D%0A=%00");
    }

    #[test]
    fn collects_and_extends() {
        let mut form = Form::from_iter([("a", "1")]).append("b", String::from("2"));
        form.extend(Pairs::new("c=%7e&d"));
        assert_eq!(form.encode(), "a=1&b=2&c=%7E&d=");
        assert_eq!(form.iter().len(), 4);
        assert!(form.iter().rev().map(|pair| pair.0).eq(["d", "c", "b", "a"]));
    }

    #[test]
    fn values_are_not_shown() {
        let form = Form::new().append("password", "hunter2");
        assert_eq!(format!("{form:?}"), "Form([\"password\"])");
        assert_eq!(format!("{:?}", form.iter()), "FormIter { len: 1, .. }");
    }
}

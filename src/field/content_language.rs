//! The Content-Language field, [RFC 9110 §8.5](https://www.rfc-editor.org/rfc/rfc9110#section-8.5): whom
//! the content is meant for, by language.
//!
//! ```
//! use nethttp::field::ContentLanguage;
//!
//! let languages = ContentLanguage::parse(b"mi, en-NZ")?;
//! assert_eq!(languages.tags()[1].region(), Some("NZ"));
//! assert_eq!(languages.to_string(), "mi, en-NZ");
//! # Ok::<(), nethttp::field::FieldError>(())
//! ```

use alloc::vec::Vec;
use core::fmt;

use super::{FieldError, FieldErrorKind, LanguageTag};
use crate::header::{self, HeaderMap};
use crate::syntax::{Class, Cursor, write_list};

/// The languages of the audience that the content is meant for,
/// [RFC 9110 §8.5](https://www.rfc-editor.org/rfc/rfc9110#section-8.5).
///
/// # Examples
///
/// ```
/// use nethttp::field::{ContentLanguage, LanguageTag};
///
/// let languages = ContentLanguage::from_iter([LanguageTag::parse(b"da")?]);
/// assert_eq!(languages.to_string(), "da");
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContentLanguage<'a> {
    tags: Vec<LanguageTag<'a>>,
}

impl<'a> ContentLanguage<'a> {
    /// The largest number of tags that are read, 64.
    ///
    /// ```
    /// use nethttp::field::ContentLanguage;
    ///
    /// assert!(ContentLanguage::parse("en,".repeat(ContentLanguage::MAX_TAGS).as_bytes()).is_ok());
    /// assert!(ContentLanguage::parse("en,".repeat(ContentLanguage::MAX_TAGS + 1).as_bytes()).is_err());
    /// ```
    pub const MAX_TAGS: usize = 64;

    /// Parses one field value to the letter.
    ///
    /// ```abnf
    /// Content-Language = #language-tag
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error at the first byte or subtag that is not allowed, or when there are more than
    /// [`MAX_TAGS`](Self::MAX_TAGS) tags.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::ContentLanguage;
    ///
    /// assert_eq!(ContentLanguage::parse(b"de, en")?.tags().len(), 2);
    /// assert_eq!(ContentLanguage::parse(b"de, en_US").unwrap_err().offset(), 6);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn parse(value: &'a [u8]) -> Result<Self, FieldError> {
        let (mut tags, mut cursor) = (Vec::new(), Cursor::new(value));
        while cursor.next_member() {
            let at = cursor.offset();
            let tag = read(&mut cursor)?;
            if tags.len() >= Self::MAX_TAGS {
                return Err(FieldError::new(FieldErrorKind::TooManyMembers(Self::MAX_TAGS), at));
            }
            tags.push(tag);
        }
        Ok(Self { tags })
    }

    /// Reads all Content-Language fields of a message. Without a tag the content is meant for all, as the
    /// RFC has it; members that are no tag are left out, and so is what exceeds
    /// [`MAX_TAGS`](Self::MAX_TAGS).
    ///
    /// ```
    /// use nethttp::field::ContentLanguage;
    /// use nethttp::header::HeaderMap;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("Content-Language", "en_US, de")?;
    /// headers.append("Content-Language", "fr")?;
    /// assert_eq!(ContentLanguage::from_headers(&headers).to_string(), "de, fr");
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    #[must_use]
    pub fn from_headers(headers: &'a HeaderMap) -> Self {
        let mut tags = Vec::new();
        for line in headers.get_all(header::CONTENT_LANGUAGE) {
            let mut cursor = Cursor::new(line);
            while tags.len() < Self::MAX_TAGS && cursor.next_member() {
                let mut member = cursor;
                cursor.skip_member();
                tags.extend(read(&mut member));
            }
        }
        Self { tags }
    }

    /// Returns the tags in order.
    ///
    /// ```
    /// use nethttp::field::ContentLanguage;
    ///
    /// assert_eq!(ContentLanguage::parse(b"en")?.tags()[0].as_str(), "en");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn tags(&self) -> &[LanguageTag<'a>] {
        &self.tags
    }

    /// Returns the value with a copy of what it borrows.
    ///
    /// ```
    /// use nethttp::field::ContentLanguage;
    ///
    /// let kept: ContentLanguage<'static> =
    ///     ContentLanguage::parse(String::from("en").as_bytes())?.into_owned();
    /// assert_eq!(kept.to_string(), "en");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> ContentLanguage<'static> {
        self.tags.into_iter().map(LanguageTag::into_owned).collect()
    }
}

/// Reads a tag and the end of its member.
fn read<'a>(cursor: &mut Cursor<'a>) -> Result<LanguageTag<'a>, FieldError> {
    let at = cursor.offset();
    let tag = LanguageTag::parse(cursor.take(Class::LANGUAGE))
        .map_err(|error| FieldError::new(error.kind(), at + error.offset()))?;
    cursor.end_member()?;
    Ok(tag)
}

/// The program that builds the value sets the number of tags.
impl<'a> FromIterator<LanguageTag<'a>> for ContentLanguage<'a> {
    fn from_iter<I: IntoIterator<Item = LanguageTag<'a>>>(tags: I) -> Self {
        Self { tags: tags.into_iter().collect() }
    }
}

/// Writes the tags as they were written, separated by comma and space.
impl fmt::Display for ContentLanguage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, &self.tags)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::SyntaxErrorKind;
    use alloc::string::{String, ToString};

    fn recovered(lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("content-language", line).unwrap();
        }
        ContentLanguage::from_headers(&headers).to_string()
    }

    #[track_caller]
    fn parses(value: &str, written: &str) {
        let languages = ContentLanguage::parse(value.as_bytes()).unwrap();
        assert_eq!(languages.to_string(), written);
        assert_eq!(recovered(&[value]), written);
    }

    #[test]
    fn reads_tags_in_order() {
        parses("", "");
        parses("da", "da");
        parses("mi, en", "mi, en");
        parses(",mi ,\ten,, i-klingon", "mi, en, i-klingon");
        assert_eq!(recovered(&["de", "en, fr"]), "de, en, fr");
        assert_eq!(recovered(&[]), "");
    }

    #[test]
    fn a_malformed_member_does_not_take_the_others() {
        assert_eq!(recovered(&["de, en_US, *, \"fr,it\", es es, a, pt"]), "de, pt");
        let many = "de,".repeat(ContentLanguage::MAX_TAGS + 1);
        let kept = recovered(&[&many, "en"]);
        assert_eq!(kept.split(", ").count(), ContentLanguage::MAX_TAGS);
    }

    #[test]
    fn rejects_at_the_byte_that_is_wrong() {
        let comma = FieldErrorKind::Syntax(SyntaxErrorKind::ExpectedComma);
        for (value, kind, offset) in [
            ("de en", comma, 3),
            ("de, en_US", comma, 6),
            ("de, *", FieldErrorKind::LanguageTag, 4),
            ("de, en-12", FieldErrorKind::LanguageTag, 7),
            ("de, x", FieldErrorKind::LanguageTag, 5),
        ] {
            let error = ContentLanguage::parse(value.as_bytes()).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (kind, offset), "{value}");
        }
        let many = "de,".repeat(ContentLanguage::MAX_TAGS + 1);
        let error = ContentLanguage::parse(many.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), FieldErrorKind::TooManyMembers(ContentLanguage::MAX_TAGS));
        assert_eq!(error.offset(), 192);
    }
}

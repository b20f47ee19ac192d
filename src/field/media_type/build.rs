//! Media types that a program makes.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use super::{MediaType, read};
use crate::field::{FieldError, FieldErrorKind};
use crate::syntax::{self, Class, Cursor, SyntaxError, SyntaxErrorKind};

impl MediaType<'static> {
    /// Returns the media type of a type and a subtype.
    ///
    /// # Errors
    ///
    /// Returns an error where one of them is no token; the offset is that in the text of both with the
    /// slash.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::MediaType;
    ///
    /// let media_type = MediaType::new("application", "vnd.api+json")?;
    /// assert_eq!(media_type.as_str(), "application/vnd.api+json");
    /// assert!(MediaType::new("text", "html; charset=utf-8").is_err());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn new(type_: &str, subtype: &str) -> Result<Self, FieldError> {
        check_token(type_, 0)?;
        check_token(subtype, type_.len() + 1)?;
        own([type_.as_bytes(), b"/", subtype.as_bytes()].concat())
    }
}

impl<'a> MediaType<'a> {
    /// Returns the media type with this parameter, at the end, in the place of those of the same name.
    ///
    /// The value is written in quotes where it has to be. The rest stays as it was written.
    ///
    /// # Errors
    ///
    /// Returns an error where the name is no token, where the value holds a control byte other than
    /// HTAB, both with the offset in the argument, and for a parameter above
    /// [`MAX_PARAMETERS`](Self::MAX_PARAMETERS).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::MediaType;
    ///
    /// let media_type = MediaType::MULTIPART_FORM_DATA.with_parameter("boundary", "a b")?;
    /// assert_eq!(media_type.as_str(), "multipart/form-data; boundary=\"a b\"");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn with_parameter(
        &self,
        name: &str,
        value: &str,
    ) -> Result<MediaType<'static>, FieldError> {
        check_token(name, 0)?;
        let (essence, parameters) = self.split();
        let mut text = essence.as_bytes().to_vec();
        let mut cursor = Cursor::new(parameters.as_bytes());
        loop {
            let before = cursor.rest();
            let Some(parameter) = cursor.parameter()? else {
                break;
            };
            if !parameter.is_named(name) {
                let len = before.len() - cursor.rest().len();
                text.extend_from_slice(before.get(..len).unwrap_or_default());
            }
        }
        push_parameter(&mut text, name.as_bytes(), value.as_bytes())?;
        own(text)
    }

    /// Returns the media type with `charset=utf-8` where a file of that type is text whose encoding
    /// nothing else tells; otherwise the same.
    ///
    /// That is `text/*`, but not XML, and scripts. XML says its encoding inside, and a charset outside
    /// would overrule it ([RFC 7303 §3](https://www.rfc-editor.org/rfc/rfc7303#section-3)); JSON is UTF-8
    /// and has no such parameter ([RFC 8259 §11](https://www.rfc-editor.org/rfc/rfc8259#section-11)); RTF
    /// is ASCII with escapes. A charset that is there stays. It is for the one who knows that the text is
    /// UTF-8: nothing in this crate adds a charset unasked.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::MediaType;
    ///
    /// assert_eq!(MediaType::TEXT_HTML.with_utf8(), MediaType::TEXT_HTML_UTF_8);
    /// assert_eq!(MediaType::APPLICATION_JSON.with_utf8(), MediaType::APPLICATION_JSON);
    /// assert_eq!(MediaType::IMAGE_SVG.with_utf8(), MediaType::IMAGE_SVG);
    /// ```
    #[must_use]
    pub fn with_utf8(self) -> Self {
        let is_script = SCRIPTS.iter().any(|essence| self.is(essence));
        let is_text = self.type_().eq_ignore_ascii_case("text")
            && !self.is_xml()
            && !self.is_json()
            && !self.is("text/rtf");
        if !(is_script || is_text) || self.charset().is_some() {
            return self;
        }
        if self.essence_end < self.as_str().len() {
            return self.with_parameter("charset", "utf-8").unwrap_or(self);
        }
        let text = [self.as_str(), "; charset=utf-8"].concat();
        Self { text: Cow::Owned(text), ..self }
    }

    /// Returns the media type without its parameters, `text/html`.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::MediaType;
    ///
    /// let media_type = MediaType::parse(b"text/html; charset=utf-8")?.without_parameters();
    /// assert_eq!(media_type.as_str(), "text/html");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn without_parameters(self) -> Self {
        let Self { text, slash, essence_end } = self;
        let text = match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.get(..essence_end).unwrap_or(text)),
            Cow::Owned(mut text) => {
                text.truncate(essence_end);
                Cow::Owned(text)
            }
        };
        Self { text, slash, essence_end }
    }
}

/// The types of scripts outside `text`: names that [RFC 9239] makes aliases of `text/javascript`.
///
/// [RFC 9239]: https://www.rfc-editor.org/rfc/rfc9239#section-6
pub(super) const SCRIPTS: [&str; 4] = [
    "application/ecmascript",
    "application/javascript",
    "application/x-ecmascript",
    "application/x-javascript",
];

/// Returns the media type that the bytes are.
pub(super) fn own(value: Vec<u8>) -> Result<MediaType<'static>, FieldError> {
    let (_, layout) = read(&value)?;
    let text = String::from_utf8(value).unwrap_or_default();
    Ok(MediaType::of(Cow::Owned(text), layout))
}

/// Appends `; name=value`. The name has to be a token.
pub(super) fn push_parameter(
    text: &mut Vec<u8>,
    name: &[u8],
    value: &[u8],
) -> Result<(), SyntaxError> {
    text.extend_from_slice(b"; ");
    syntax::push_parameter(name, value, text)
}

fn check_token(text: &str, offset: usize) -> Result<(), FieldError> {
    let good = Class::TOKEN.prefix_len(text.as_bytes());
    if good == 0 || good < text.len() {
        let kind = FieldErrorKind::Syntax(SyntaxErrorKind::ExpectedToken);
        return Err(FieldError::new(kind, offset + good));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::ToString;

    fn media_type(text: &str) -> MediaType<'_> {
        MediaType::parse(text.as_bytes()).unwrap()
    }

    #[track_caller]
    fn gives(found: Result<MediaType<'static>, FieldError>, expected: &str) {
        assert_eq!(found.map(|found| found.to_string()), Ok(expected.to_string()));
    }

    #[track_caller]
    fn refuses(found: Result<MediaType<'static>, FieldError>, kind: FieldErrorKind, offset: usize) {
        assert_eq!(found.unwrap_err(), FieldError::new(kind, offset));
    }

    const TOKEN: FieldErrorKind = FieldErrorKind::Syntax(SyntaxErrorKind::ExpectedToken);

    #[test]
    fn a_type_and_a_subtype_are_tokens() {
        gives(MediaType::new("Text", "x.y+z"), "Text/x.y+z");
        refuses(MediaType::new("", "html"), TOKEN, 0);
        refuses(MediaType::new("text", ""), TOKEN, 5);
        refuses(MediaType::new("te/xt", "html"), TOKEN, 2);
        refuses(MediaType::new("text", "html;a=b"), TOKEN, 9);
        refuses(MediaType::new("text", "html\r\nA: b"), TOKEN, 9);
    }

    #[test]
    fn a_value_is_quoted_where_it_has_to_be() {
        let with = |value| media_type("a/b").with_parameter("c", value);
        gives(with("d"), "a/b; c=d");
        gives(with(""), "a/b; c=\"\"");
        gives(with("d e"), "a/b; c=\"d e\"");
        gives(with("\"d\\\t"), "a/b; c=\"\\\"d\\\\\t\"");
        gives(with("\u{e9}"), "a/b; c=\"\u{e9}\"");
        let quoted = |octet| FieldErrorKind::Syntax(SyntaxErrorKind::QuotedByte(octet));
        refuses(with("d\r\nE: f"), quoted(b'\r'), 1);
        refuses(with("\0"), quoted(0), 0);
        refuses(media_type("a/b").with_parameter("c d", "e"), TOKEN, 1);
        refuses(media_type("a/b").with_parameter("", "e"), TOKEN, 0);
    }

    #[test]
    fn a_parameter_replaces_its_namesakes_and_nothing_else() {
        let with = |text| media_type(text).with_parameter("c", "new");
        gives(with("A/B;d=\"e\" ;F=g;"), "A/B;d=\"e\" ;F=g; c=new");
        gives(with("a/b;c=d"), "a/b; c=new");
        gives(with("a/b;c=1 ;d=2;C=\"3\";e=4;;"), "a/b ;d=2;e=4; c=new");
        gives(with("a/b; ;"), "a/b; c=new");
    }

    #[test]
    fn parameters_are_counted() {
        let mut full = media_type("a/b").into_owned();
        for number in 0..MediaType::MAX_PARAMETERS {
            full = full.with_parameter(&format!("p{number}"), "q").unwrap();
        }
        let error = full.with_parameter("r", "s").unwrap_err();
        assert_eq!(error.kind(), FieldErrorKind::TooManyMembers(MediaType::MAX_PARAMETERS));
        assert!(full.with_parameter("P0", "s").is_ok());
    }

    #[test]
    fn parameters_go_whether_the_text_is_owned_or_not() {
        for text in ["a/b;c=d", "a/b"] {
            assert_eq!(media_type(text).without_parameters().as_str(), "a/b");
            assert_eq!(media_type(text).into_owned().without_parameters().as_str(), "a/b");
        }
    }

    #[track_caller]
    fn utf_8(text: &str, is_added: bool) {
        let expected = format!("{text}{}", if is_added { "; charset=utf-8" } else { "" });
        assert_eq!(media_type(text).with_utf8().as_str(), expected);
    }

    #[test]
    fn utf_8_is_for_text_that_does_not_tell() {
        utf_8("text/html", true);
        utf_8("Text/X-Rust;a=b", true);
        utf_8("text/javascript", true);
        utf_8("application/javascript", true);
        utf_8("text/html;charset=latin1", false);
        utf_8("text/xml", false);
        utf_8("text/vnd.a+xml", false);
        utf_8("text/json", false);
        utf_8("text/rtf", false);
        utf_8("application/xhtml+xml", false);
        utf_8("application/octet-stream", false);
        utf_8("image/svg+xml", false);
    }
}

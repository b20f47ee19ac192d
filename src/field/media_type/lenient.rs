//! What a recipient makes of media types that others write.
//!
//! The rules for one text are those of browsers, "parse a MIME type" of the [MIME Sniffing
//! standard][standard]; those for the lines of a message are of [RFC 9110 §8.3].
//!
//! [standard]: https://mimesniff.spec.whatwg.org/#parsing-a-mime-type
//! [RFC 9110 §8.3]: https://www.rfc-editor.org/rfc/rfc9110#section-8.3

use alloc::vec::Vec;

use super::MediaType;
use super::build::{own, push_parameter};
use super::grammar::layout;
use crate::field::parameter::{MAX_COPIES, parameter_value, skip_whitespace, trim_end, until};
use crate::field::{FieldError, FieldErrorKind};
use crate::header::{self, HeaderMap};
use crate::syntax::{Class, Cursor, members};

impl<'a> MediaType<'a> {
    /// Reads a media type as browsers do: a parameter that is malformed never loses the type.
    ///
    /// What [`parse`](Self::parse) accepts is the same here, as it was written. Otherwise
    ///
    /// - whitespace around the value, before the first semicolon and behind a value is dropped, CR and
    ///   LF included;
    /// - a parameter without a name, without `=`, with a space before `=` or with an empty value is
    ///   dropped;
    /// - a value without quotes goes on to the semicolon, spaces and all, and is written in quotes;
    /// - a quoted string that is not closed ends with the text, and what stands between the closing
    ///   quote and the semicolon is dropped;
    /// - of parameters with the same name only the first that is well-formed is kept.
    ///
    /// It differs from the [MIME Sniffing standard][standard] in three ways: the case of names is kept
    /// (it does not matter to comparisons); a parameter whose value is not UTF-8 is dropped, and with it
    /// those of the same name, where the standard takes bytes from 0x80 up for Latin-1; and parameters
    /// above [`MAX_PARAMETERS`](Self::MAX_PARAMETERS) are dropped.
    ///
    /// # Errors
    ///
    /// The errors of [`parse`](Self::parse) in type and subtype: those have to be two tokens around a
    /// slash.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::MediaType;
    ///
    /// let media_type = MediaType::parse_lenient(b"text/html; charset = x; charset=\"utf-8")?;
    /// assert_eq!(media_type.as_str(), "text/html; charset=utf-8");
    ///
    /// assert!(MediaType::parse_lenient(b"html; charset=utf-8").is_err());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    ///
    /// [standard]: https://mimesniff.spec.whatwg.org/#parsing-a-mime-type
    pub fn parse_lenient(value: &'a [u8]) -> Result<Self, FieldError> {
        let trimmed = skip_whitespace(value);
        let leading = value.len() - trimmed.len();
        let trimmed = trim_end(trimmed);
        Self::parse(trimmed)
            .or_else(|_| recover(trimmed))
            .map_err(|error| FieldError::new(error.kind(), leading + error.offset()))
    }

    /// Returns the media type that the field Content-Type of a message says, or `None` without the
    /// field.
    ///
    /// The value is read by [`parse_lenient`](Self::parse_lenient). The field has one value; where
    /// several lines, or several members of what looks like a list, say the same, that is it. Where they
    /// differ, recipients disagree about which one counts, which is how a filter is made to see
    /// something else than what it protects: [RFC 9110 §8.3] warns of picking the last one, and none is
    /// picked here.
    ///
    /// # Errors
    ///
    /// [`Single`](FieldErrorKind::Single) where values differ or there are more than eight, and the errors of
    /// [`parse_lenient`](Self::parse_lenient), for a field without a value too. The offset counts from
    /// the start of the line that is wrong.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::{FieldErrorKind, MediaType};
    /// use nethttp::header::{self, HeaderMap};
    ///
    /// let mut headers = HeaderMap::new();
    /// assert_eq!(MediaType::from_headers(&headers), Ok(None));
    ///
    /// headers.append(header::CONTENT_TYPE, "application/json; charset=utf-8;")?;
    /// let media_type = MediaType::from_headers(&headers)?;
    /// assert!(media_type.is_some_and(|media_type| media_type.is("application/json")));
    ///
    /// headers.append(header::CONTENT_TYPE, "text/html")?;
    /// let error = MediaType::from_headers(&headers).unwrap_err();
    /// assert_eq!(error.kind(), FieldErrorKind::Single);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// [RFC 9110 §8.3]: https://www.rfc-editor.org/rfc/rfc9110#section-8.3
    pub fn from_headers(headers: &'a HeaderMap) -> Result<Option<Self>, FieldError> {
        let mut first: Option<Self> = None;
        let mut count = 0;
        for line in headers.get_all(header::CONTENT_TYPE) {
            let mut cursor = Cursor::new(line);
            if !cursor.next_member() {
                return Self::parse_lenient(line).map(Some);
            }
            while cursor.next_member() {
                let offset = cursor.offset();
                count += 1;
                if count > MAX_COPIES {
                    return Err(FieldError::new(FieldErrorKind::Single, offset));
                }
                let member = members(cursor.rest()).next().unwrap_or_default();
                cursor.skip_member();
                let found = Self::parse_lenient(member)
                    .map_err(|error| FieldError::new(error.kind(), offset + error.offset()))?;
                if first.as_ref().is_some_and(|first| *first != found) {
                    return Err(FieldError::new(FieldErrorKind::Single, offset));
                }
                first = first.or(Some(found));
            }
        }
        Ok(first)
    }
}

/// Reads a media type that the grammar does not allow, without whitespace around it.
fn recover(value: &[u8]) -> Result<MediaType<'static>, FieldError> {
    let (essence, mut rest) = until(value, |octet| octet == b';');
    let essence = trim_end(essence);
    layout(essence)?;
    let mut text = essence.to_vec();
    let mut names: Vec<&[u8]> = Vec::new();
    while let [b';', tail @ ..] = rest {
        let (name, tail) = until(skip_whitespace(tail), |octet| matches!(octet, b';' | b'='));
        let [b'=', tail @ ..] = tail else {
            rest = tail;
            continue;
        };
        let value;
        (value, rest) = parameter_value(tail);
        if let Some(value) = value
            && !name.is_empty()
            && Class::TOKEN.matches(name)
            && names.len() < MediaType::MAX_PARAMETERS
            && !names.iter().any(|known| known.eq_ignore_ascii_case(name))
        {
            names.push(name);
            // To a browser this is a value, so that none of the same name counts behind it.
            if core::str::from_utf8(&value).is_ok() {
                push_parameter(&mut text, name, &value)?;
            }
        }
    }
    own(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::SyntaxErrorKind;
    use alloc::format;

    #[track_caller]
    fn gives(value: impl AsRef<[u8]>, expected: &str) {
        let found = MediaType::parse_lenient(value.as_ref()).map(MediaType::into_owned);
        assert_eq!(found.as_ref().map(MediaType::as_str), Ok(expected));
    }

    #[test]
    fn whitespace_around_is_dropped() {
        gives("\t text/html\r\n ", "text/html");
        gives("text/html ;charset=gbk", "text/html ;charset=gbk");
        gives("text/html\n;charset=gbk", "text/html; charset=gbk");
        gives("text/html; \n charset=gbk \t", "text/html; charset=gbk");
        gives("text/html;charset=gbk\r\n;a=b ", "text/html; charset=gbk; a=b");
    }

    #[test]
    fn semicolons_and_names_without_value_are_dropped() {
        gives("text/html;;;;charset=gbk", "text/html;;;;charset=gbk");
        gives("text/html;charset", "text/html");
        gives("text/html;charset;charset=gbk", "text/html; charset=gbk");
        gives("text/html;charset=", "text/html");
        gives("text/html;charset=; charset=gbk", "text/html; charset=gbk");
        gives("text/html;charset= ; charset=gbk", "text/html; charset=gbk");
        gives("text/html;=gbk;a=b", "text/html; a=b");
    }

    #[test]
    fn names_are_tokens() {
        gives("text/html;charset =gbk", "text/html");
        gives("text/html;char\0set=x; charset=gbk", "text/html; charset=gbk");
        gives("text/html;\"charset\"=x;charset=gbk", "text/html; charset=gbk");
        gives("text/html;(a)=b", "text/html");
        gives("text/html;\u{e4}=b", "text/html");
    }

    #[test]
    fn values_without_quotes_end_with_the_semicolon() {
        gives("text/html;charset= gbk", "text/html; charset=\" gbk\"");
        gives("text/html;charset= \"gbk\"", "text/html; charset=\" \\\"gbk\\\"\"");
        gives("text/html;charset=g b k ;a=b", "text/html; charset=\"g b k\"; a=b");
        gives("text/html;charset='gbk'", "text/html;charset='gbk'");
        gives("text/html;charset=g\"bk\"", "text/html; charset=\"g\\\"bk\\\"\"");
        gives("text/html;charset=gbk,a", "text/html; charset=\"gbk,a\"");
        gives("text/html;a=b=c", "text/html; a=\"b=c\"");
    }

    #[test]
    fn quoted_values_end_with_the_quote_or_the_text() {
        gives("text/html;charset=\"gbk", "text/html; charset=gbk");
        gives("text/html;charset=\"gbk\\", "text/html; charset=\"gbk\\\\\"");
        gives("text/html;charset=\"gbk\"x", "text/html; charset=gbk");
        gives("text/html;charset=\"gbk\" =x;a=b", "text/html; charset=gbk; a=b");
        gives("text/html;charset=\"", "text/html; charset=\"\"");
        gives("text/html;charset=\"a;b", "text/html; charset=\"a;b\"");
        gives("text/html;charset=\"\\g\\b\\k\" x", "text/html; charset=gbk");
    }

    #[test]
    fn the_first_good_parameter_of_a_name_is_kept() {
        gives("text/html;charset=gbk;charset=x;;a", "text/html; charset=gbk");
        gives("text/html;charset=\n;Charset=gbk;charset=x", "text/html; Charset=gbk");
        gives("text/html;charset=\"\";charset=gbk; =", "text/html; charset=\"\"");
    }

    #[test]
    fn values_are_text() {
        gives("text/html;charset=\u{80}", "text/html; charset=\"\u{80}\"");
        gives(b"text/html;a=\xe4;b=c", "text/html; b=c");
        gives(b"text/html;a=\"\xe4\";b=c", "text/html; b=c");
        gives(b"text/html;charset=\xff;b=c;Charset=utf-7", "text/html; b=c");
        gives("text/html;a=\x7f;b=c;a=d", "text/html; b=c; a=d");
        gives("text/html;a=\"\0\";b=c", "text/html; b=c");
        gives("text/html;a=\"b\tc\"d", "text/html; a=\"b\tc\"");
    }

    #[test]
    fn parameters_above_the_most_are_dropped() {
        let many: Vec<u8> = (0..100).flat_map(|n| format!("; p{n}=q").into_bytes()).collect();
        let value = [b"a/b", &many[..]].concat();
        let found = MediaType::parse_lenient(&value).unwrap();
        assert_eq!(found.parameters().count(), MediaType::MAX_PARAMETERS);
        assert!(found.parameter("p63").is_some() && found.parameter("p64").is_none());
    }

    #[track_caller]
    fn refuses(value: impl AsRef<[u8]>, kind: FieldErrorKind, offset: usize) {
        let found = MediaType::parse_lenient(value.as_ref());
        assert_eq!(found, Err(FieldError::new(kind, offset)));
    }

    #[test]
    fn type_and_subtype_have_to_be_tokens() {
        let token = FieldErrorKind::Syntax(SyntaxErrorKind::ExpectedToken);
        let semicolon = FieldErrorKind::Syntax(SyntaxErrorKind::ExpectedSemicolon);
        refuses("", token, 0);
        refuses(" \t", token, 2);
        refuses("/", token, 0);
        refuses(" text/", token, 6);
        refuses("text/;a=b", token, 5);
        refuses("text/ html", token, 5);
        refuses("bogus", FieldErrorKind::Slash, 5);
        refuses("bogus;a=b/c", FieldErrorKind::Slash, 5);
        refuses("  te xt/html", FieldErrorKind::Slash, 4);
        refuses("text/html a", semicolon, 10);
        refuses("text/html/a;b=c", semicolon, 9);
        refuses("text/html, text/plain", semicolon, 9);
        refuses("text/html(;doc=ument", semicolon, 9);
        refuses(b"text/h\xe4", semicolon, 6);
    }

    /// The road around the strict parser leads to the same place.
    #[test]
    fn recovering_what_is_well_formed_changes_nothing() {
        for value in [
            "a/b",
            "Text/HTML; Charset=\"UTF-8\"",
            "a/b;",
            "a/b ;; c=d; e=\"\";",
            "a/b; c=\"d;\\\"e\\\\\"; f=\"\\g\"",
            "a/b; c=\"\\\u{e9}\u{20ac}\"",
            "a/b;c=1;C=2;c=\"3\"",
        ] {
            let strict = MediaType::parse(value.as_bytes()).unwrap();
            assert_eq!(recover(value.as_bytes()), Ok(strict), "{value}");
        }
    }

    #[track_caller]
    fn says(lines: &[&str], expected: Result<Option<&str>, (FieldErrorKind, usize)>) {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::CONTENT_TYPE, line).unwrap();
        }
        let found = MediaType::from_headers(&headers);
        let found = found.as_ref().map(|found| found.as_ref().map(MediaType::as_str));
        assert_eq!(found.map_err(|error| (error.kind(), error.offset())), expected);
    }

    #[test]
    fn a_message_has_one_content_type() {
        says(&[], Ok(None));
        says(&["text/html;charset=utf-8;"], Ok(Some("text/html;charset=utf-8;")));
        says(&["text/html;charset=\"utf-8"], Ok(Some("text/html; charset=utf-8")));
        says(&["a/b; c=\"d, e\""], Ok(Some("a/b; c=\"d, e\"")));
    }

    #[test]
    fn values_that_say_the_same_are_one() {
        says(&["text/html", "Text/HTML"], Ok(Some("text/html")));
        says(&["text/html, text/html ;"], Ok(Some("text/html")));
        says(&["text/html,"], Ok(Some("text/html")));
        says(&["a/b;c=d;e=f", "a/b;e=\"f\";c=d"], Ok(Some("a/b;c=d;e=f")));
    }

    #[test]
    fn values_that_differ_are_an_error() {
        let single = |offset| Err((FieldErrorKind::Single, offset));
        says(&["text/html", "text/plain"], single(0));
        says(&["text/html, text/plain"], single(11));
        says(&["text/html; charset=utf-8", "text/html"], single(0));
        says(&["text/html;charset=utf-8,text/html"], single(24));
    }

    #[test]
    fn a_type_that_is_said_many_times_is_refused() {
        let mut headers = HeaderMap::new();
        headers.append(header::CONTENT_TYPE, ["text/html"; 8].join(",")).unwrap();
        assert!(MediaType::from_headers(&headers).is_ok_and(|found| found.is_some()));
        headers.append(header::CONTENT_TYPE, "text/html").unwrap();
        let error = MediaType::from_headers(&headers).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (FieldErrorKind::Single, 0));
    }

    #[test]
    fn a_value_that_is_none_is_an_error() {
        let token = FieldErrorKind::Syntax(SyntaxErrorKind::ExpectedToken);
        says(&[""], Err((token, 0)));
        says(&["text/html", ""], Err((token, 0)));
        says(&[", ,"], Err((token, 0)));
        says(&["text/html, text"], Err((FieldErrorKind::Slash, 15)));
        says(&["html", "text/html"], Err((FieldErrorKind::Slash, 4)));
    }
}

//! The grammar of a disposition, [RFC 6266 §4.1](https://www.rfc-editor.org/rfc/rfc6266#section-4.1).

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::ContentDisposition;
use crate::field::parameter::text;
use crate::field::{ExtValue, FieldError, FieldErrorKind};
use crate::syntax::{Class, Cursor, SyntaxErrorKind, unescape};

/// Checks a disposition that spans the whole value; returns how long its type is.
///
/// ```abnf
/// content-disposition = disposition-type *( OWS ";" OWS disposition-parm )
/// disposition-type    = token
/// ```
pub(super) fn check(value: &[u8]) -> Result<usize, FieldError> {
    let mut cursor = Cursor::new(value);
    let type_len = cursor.token()?.len();
    let mut names: Vec<&[u8]> = Vec::new();
    loop {
        cursor.skip_ows();
        if !cursor.eat(b';') {
            break;
        }
        cursor.skip_ows();
        let at = cursor.offset();
        let (name, _) = parameter(&mut cursor)?;
        let kind = if names.len() == ContentDisposition::MAX_PARAMETERS {
            FieldErrorKind::TooManyMembers(ContentDisposition::MAX_PARAMETERS)
        } else if names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            FieldErrorKind::DuplicateParameter
        } else {
            names.push(name);
            continue;
        };
        return Err(FieldError::new(kind, at));
    }
    // Whitespace belongs to the semicolon that follows, and the value of a field does not end with it.
    match value.last() {
        Some(last) if cursor.rest().is_empty() && !Class::OWS.contains(*last) => Ok(type_len),
        _ => Err(cursor.error(SyntaxErrorKind::ExpectedSemicolon).into()),
    }
}

/// Reads a name and the value that is meant, extended values undecoded.
///
/// ```abnf
/// disposition-parm = token OWS "=" OWS ( token / quoted-string )
///                  / ext-token OWS "=" OWS ext-value
/// ```
fn parameter<'a>(cursor: &mut Cursor<'a>) -> Result<(&'a [u8], Cow<'a, [u8]>), FieldError> {
    let name = cursor.token()?;
    cursor.skip_ows();
    if !cursor.eat(b'=') {
        return Err(cursor.error(SyntaxErrorKind::ExpectedEquals).into());
    }
    cursor.skip_ows();
    if name.ends_with(b"*") {
        let at = cursor.offset();
        // All that an extended value holds can stand in a token.
        let value = cursor.take(Class::TOKEN);
        ExtValue::parse(value)
            .map_err(|error| FieldError::new(error.kind(), at + error.offset()))?;
        return Ok((name, Cow::Borrowed(value)));
    }
    let value = match cursor.peek() {
        Some(b'"') => unescape(cursor.quoted_string()?),
        _ => Cow::Borrowed(cursor.token()?),
    };
    Ok((name, value))
}

/// A parameter of a text that is well-formed.
pub(super) struct Parameter<'a> {
    pub(super) name: &'a str,
    /// What is meant; extended values are not decoded.
    pub(super) value: Cow<'a, str>,
    /// All that stands there for it, from the semicolon on.
    pub(super) written: &'a str,
}

/// The parameters of a text that is well-formed, behind its type.
pub(super) fn parameters(behind: &str) -> impl Iterator<Item = Parameter<'_>> {
    let mut cursor = Cursor::new(behind.as_bytes());
    core::iter::from_fn(move || {
        cursor.skip_ows();
        let start = cursor.offset();
        cursor.eat(b';');
        cursor.skip_ows();
        let (name, value) = parameter(&mut cursor).ok()?;
        let name = core::str::from_utf8(name).ok()?;
        Some(Parameter { name, value: text(value), written: behind.get(start..cursor.offset())? })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::String;

    #[track_caller]
    fn reads(value: &str, type_: &str, parameters: &[(&str, &str)]) {
        let found = ContentDisposition::parse(value.as_bytes()).unwrap();
        assert_eq!((found.type_(), found.as_str()), (type_, value));
        let pairs: Vec<_> = found.parameters().collect();
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (*name, &**value)).collect();
        assert_eq!(pairs, parameters);
    }

    #[test]
    fn reads_types_and_parameters() {
        reads("inline", "inline", &[]);
        reads("FooBar;a=b", "FooBar", &[("a", "b")]);
        reads("a ;\tb = \"c\\\"\\\\;\" ;D= ''", "a", &[("b", "c\"\\;"), ("D", "''")]);
        reads("a;b=\"\";c=\"\\ä\"", "a", &[("b", ""), ("c", "ä")]);
        reads("a; b*=UTF-8'en'%20", "a", &[("b*", "UTF-8'en'%20")]);
        reads("a; b* = utf-8''; b*0=c", "a", &[("b*", "utf-8''"), ("b*0", "c")]);
    }

    #[track_caller]
    fn refuses(value: impl AsRef<[u8]>, kind: FieldErrorKind, offset: usize) {
        let found = ContentDisposition::parse(value.as_ref());
        assert_eq!(found, Err(FieldError::new(kind, offset)));
    }

    const TOKEN: FieldErrorKind = FieldErrorKind::Syntax(SyntaxErrorKind::ExpectedToken);
    const EQUALS: FieldErrorKind = FieldErrorKind::Syntax(SyntaxErrorKind::ExpectedEquals);
    const SEMICOLON: FieldErrorKind = FieldErrorKind::Syntax(SyntaxErrorKind::ExpectedSemicolon);

    #[test]
    fn the_type_is_a_token() {
        refuses("", TOKEN, 0);
        refuses(" a", TOKEN, 0);
        refuses("\"inline\"", TOKEN, 0);
        refuses("; a=b", TOKEN, 0);
        refuses("a b", SEMICOLON, 2);
        refuses("a=b", SEMICOLON, 1);
        refuses("a,b", SEMICOLON, 1);
        refuses("a ", SEMICOLON, 2);
    }

    #[test]
    fn a_parameter_has_a_name_and_a_value() {
        refuses("a;", TOKEN, 2);
        refuses("a; ;b=c", TOKEN, 3);
        refuses("a; \"b\"=c", TOKEN, 3);
        refuses("a; b", EQUALS, 4);
        refuses("a; b c=d", EQUALS, 5);
        refuses("a; b=", TOKEN, 5);
        refuses("a; b= ;c=d", TOKEN, 6);
        refuses("a; b=c d", SEMICOLON, 7);
        refuses("a; b=c ", SEMICOLON, 7);
        refuses("a; b=\"c\"d", SEMICOLON, 8);
        refuses("a; b=c;", TOKEN, 7);
        refuses("a; b=[c]", TOKEN, 5);
        let syntax = FieldErrorKind::Syntax;
        refuses("a; b=\"c", syntax(SyntaxErrorKind::UnclosedQuote), 7);
        refuses("a; b=\"\0\"", syntax(SyntaxErrorKind::QuotedByte(0)), 6);
    }

    #[test]
    fn an_extended_value_is_one() {
        refuses("a; b*=", FieldErrorKind::ExtValue, 6);
        refuses("a; b*=c", FieldErrorKind::ExtValue, 7);
        refuses("a; b*=\"UTF-8''c\"", FieldErrorKind::ExtValue, 6);
        refuses("a; b*=UTF-8''c d", SEMICOLON, 15);
        refuses("a; b*=UTF-8''(", SEMICOLON, 13);
        refuses("a; b*=UTF-8''%E4", FieldErrorKind::Utf8, 13);
        refuses("a; *=c", FieldErrorKind::ExtValue, 6);
    }

    #[test]
    fn a_name_stands_once() {
        refuses("a; b=c; d=e; B=f", FieldErrorKind::DuplicateParameter, 13);
        reads("a; b=c; b*=UTF-8''d", "a", &[("b", "c"), ("b*", "UTF-8''d")]);
    }

    #[test]
    fn values_are_text() {
        refuses(b"a; b=\"\xe4\"", FieldErrorKind::Utf8, 6);
        refuses(b"a; b=\xe4", TOKEN, 5);
    }

    #[test]
    fn parameters_are_counted() {
        let most = ContentDisposition::MAX_PARAMETERS;
        let parameters: String = (0..most).map(|n| format!("; p{n}=q")).collect();
        let good = format!("a{parameters}");
        assert_eq!(ContentDisposition::parse(good.as_bytes()).unwrap().parameters().count(), most);
        let bad = format!("{good}; more=q");
        refuses(bad, FieldErrorKind::TooManyMembers(most), good.len() + 2);
    }

    #[track_caller]
    fn equal(a: &str, b: &str, expected: bool) {
        let parse = |text: &str| text.parse::<ContentDisposition<'static>>().unwrap();
        assert_eq!(parse(a) == parse(b), expected);
        assert_eq!(parse(b) == parse(a), expected);
    }

    #[test]
    fn equality_is_by_meaning() {
        equal("inline", "INLINE", true);
        equal("inline", "attachment", false);
        equal("a; b=c; d=e", "A ;D=\"e\"; B = \"\\c\"", true);
        equal("a; b=c", "a; b=C", false);
        equal("a; b=c", "a; b=c; d=e", false);
        equal("a; b*=UTF-8''c", "a; b*=utf-8''%63", true);
        equal("a; b*=UTF-8''%E4%B8%80", "a; b*=iso-8859-1''%E4", false);
        equal("a; b*=UTF-8'en'c", "a; b*=UTF-8''c", false);
    }
}

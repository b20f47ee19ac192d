//! The grammar of a media type, [RFC 9110 §8.3.1], as one `const` function from bytes to offsets.
//!
//! [RFC 9110 §8.3.1]: https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1

use super::MediaType;
use crate::field::{FieldError, FieldErrorKind};
use crate::syntax::{Class, SyntaxErrorKind};

const MAX_PARAMETERS: usize = MediaType::MAX_PARAMETERS;

/// Where the parts of a media type lie.
///
/// ```text
/// text/html ; charset=utf-8;
///     |    |                |
///     |    |                end
///     |    essence_end
///     slash
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) slash: usize,
    pub(super) essence_end: usize,
    /// Behind the last parameter or semicolon. Only whitespace follows, which a field's value does
    /// not end with.
    pub(super) end: usize,
}

/// A kind of error, and what is left at the byte that caused it.
type Refusal<'a> = (FieldErrorKind, &'a [u8]);

/// Reads a media type that spans the whole value.
///
/// ```abnf
/// media-type = type "/" subtype parameters
/// type       = token
/// subtype    = token
/// ```
pub(super) const fn layout(value: &[u8]) -> Result<Layout, FieldError> {
    match whole(value) {
        Ok(layout) => Ok(layout),
        Err((kind, rest)) => Err(FieldError::new(kind, value.len() - rest.len())),
    }
}

const fn whole(value: &[u8]) -> Result<Layout, Refusal<'_>> {
    let rest = match token(value) {
        Ok(rest) => rest,
        Err(refusal) => return Err(refusal),
    };
    let slash = value.len() - rest.len();
    let [b'/', subtype @ ..] = rest else {
        return Err((FieldErrorKind::Slash, rest));
    };
    let rest = match token(subtype) {
        Ok(rest) => rest,
        Err(refusal) => return Err(refusal),
    };
    let essence_end = value.len() - rest.len();
    match parameters(rest) {
        Ok(rest) => Ok(Layout { slash, essence_end, end: value.len() - rest.len() }),
        Err(refusal) => Err(refusal),
    }
}

/// Reads parameters to the end, and returns the whitespace behind the last semicolon.
///
/// ```abnf
/// parameters = *( OWS ";" OWS [ parameter ] )   ; RFC 9110 §5.6.6
/// ```
const fn parameters(mut rest: &[u8]) -> Result<&[u8], Refusal<'_>> {
    let mut count = 0;
    while !rest.is_empty() {
        let [b';', tail @ ..] = Class::OWS.skip(rest) else {
            let kind = FieldErrorKind::Syntax(SyntaxErrorKind::ExpectedSemicolon);
            return Err((kind, Class::OWS.skip(rest)));
        };
        rest = Class::OWS.skip(tail);
        match rest {
            [] => return Ok(tail),
            [b';', ..] => continue,
            _ if count == MAX_PARAMETERS => {
                return Err((FieldErrorKind::TooManyMembers(MAX_PARAMETERS), rest));
            }
            _ => count += 1,
        }
        rest = match parameter(rest) {
            Ok(rest) => rest,
            Err(refusal) => return Err(refusal),
        };
    }
    Ok(rest)
}

/// ```abnf
/// parameter       = parameter-name "=" parameter-value
/// parameter-name  = token
/// parameter-value = ( token / quoted-string )
/// ```
const fn parameter(rest: &[u8]) -> Result<&[u8], Refusal<'_>> {
    match token(rest) {
        Ok([b'=', b'"', inside @ ..]) => quoted_string(inside),
        Ok([b'=', value @ ..]) => token(value),
        Ok(rest) => Err((FieldErrorKind::Syntax(SyntaxErrorKind::ExpectedEquals), rest)),
        Err(refusal) => Err(refusal),
    }
}

/// ```abnf
/// token = 1*tchar   ; RFC 9110 §5.6.2
/// ```
const fn token(rest: &[u8]) -> Result<&[u8], Refusal<'_>> {
    match Class::TOKEN.skip(rest) {
        after if after.len() < rest.len() => Ok(after),
        after => Err((FieldErrorKind::Syntax(SyntaxErrorKind::ExpectedToken), after)),
    }
}

/// Reads what follows the opening quote.
///
/// ```abnf
/// quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE   ; RFC 9110 §5.6.4
/// quoted-pair   = "\" ( HTAB / SP / VCHAR / obs-text )
/// ```
const fn quoted_string(mut rest: &[u8]) -> Result<&[u8], Refusal<'_>> {
    loop {
        rest = match Class::QDTEXT.skip(rest) {
            [b'"', after @ ..] => return Ok(after),
            [b'\\', escaped @ ..] => escaped,
            stop => stop,
        };
        rest = match rest {
            [] => return Err((FieldErrorKind::Syntax(SyntaxErrorKind::UnclosedQuote), rest)),
            [octet, after @ ..] if Class::FIELD.contains(*octet) => after,
            [octet, ..] => {
                let kind = SyntaxErrorKind::QuotedByte(*octet);
                return Err((FieldErrorKind::Syntax(kind), rest));
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::{Cursor, Parameters};

    #[track_caller]
    fn lies(value: &[u8], slash: usize, essence_end: usize, end: usize) {
        assert_eq!(layout(value), Ok(Layout { slash, essence_end, end }));
    }

    #[test]
    fn finds_the_parts() {
        lies(b"a/b", 1, 3, 3);
        lies(b"text/html;charset=utf-8", 4, 9, 23);
        lies(b"text/html\t; \tcharset=\"utf-8\"", 4, 9, 28);
        lies(b"application/vnd.a+b;c=\"\\\"; \\\\\"", 11, 19, 30);
        lies(b"!#$%&'*+-.^_`|~/0;a=\"\"", 15, 17, 22);
    }

    #[test]
    fn semicolons_may_stand_alone() {
        lies(b"a/b;", 1, 3, 4);
        lies(b"a/b; \t", 1, 3, 4);
        lies(b"a/b ; ;;c=d;; ", 1, 3, 13);
    }

    #[track_caller]
    fn refused(value: &[u8], kind: FieldErrorKind, offset: usize) {
        assert_eq!(layout(value), Err(FieldError::new(kind, offset)));
    }

    #[test]
    fn refuses_what_has_no_two_names() {
        let token = FieldErrorKind::Syntax(SyntaxErrorKind::ExpectedToken);
        refused(b"", token, 0);
        refused(b" text/html", token, 0);
        refused(b"/html", token, 0);
        refused(b"text/", token, 5);
        refused(b"text/;charset=utf-8", token, 5);
        refused(b"text//html", token, 5);
        refused(b"text", FieldErrorKind::Slash, 4);
        refused(b"text html", FieldErrorKind::Slash, 4);
        refused(b"text /html", FieldErrorKind::Slash, 4);
        refused("täxt/html".as_bytes(), FieldErrorKind::Slash, 1);
    }

    #[test]
    fn refuses_parameters_by_the_letter() {
        let syntax = FieldErrorKind::Syntax;
        refused(b"a/b ", syntax(SyntaxErrorKind::ExpectedSemicolon), 4);
        refused(b"a/b/c", syntax(SyntaxErrorKind::ExpectedSemicolon), 3);
        refused(b"a/b, c/d", syntax(SyntaxErrorKind::ExpectedSemicolon), 3);
        refused(b"a/b; c=d e", syntax(SyntaxErrorKind::ExpectedSemicolon), 9);
        refused(b"a/b; c=\"d\"e", syntax(SyntaxErrorKind::ExpectedSemicolon), 10);
        refused(b"a/b; c=d ", syntax(SyntaxErrorKind::ExpectedSemicolon), 9);
        refused(b"a/b; c", syntax(SyntaxErrorKind::ExpectedEquals), 6);
        refused(b"a/b; c =d", syntax(SyntaxErrorKind::ExpectedEquals), 6);
        refused(b"a/b; =d", syntax(SyntaxErrorKind::ExpectedToken), 5);
        refused(b"a/b; c=", syntax(SyntaxErrorKind::ExpectedToken), 7);
        refused(b"a/b; c= d", syntax(SyntaxErrorKind::ExpectedToken), 7);
        refused(b"a/b; c=;", syntax(SyntaxErrorKind::ExpectedToken), 7);
        refused(b"a/b; c=\"d", syntax(SyntaxErrorKind::UnclosedQuote), 9);
        refused(b"a/b; c=\"d\\", syntax(SyntaxErrorKind::UnclosedQuote), 10);
        refused(b"a/b; c=\"\r\"", syntax(SyntaxErrorKind::QuotedByte(b'\r')), 8);
        refused(b"a/b; c=\"\\\0\"", syntax(SyntaxErrorKind::QuotedByte(0)), 9);
    }

    #[test]
    fn parameters_are_counted() {
        let good = [b"a/b".to_vec(), b";;c=d".repeat(MAX_PARAMETERS)].concat();
        assert!(layout(&good).is_ok());
        let bad = [&good[..], b"; e=f"].concat();
        refused(&bad, FieldErrorKind::TooManyMembers(MAX_PARAMETERS), good.len() + 2);
    }

    /// The accessors read parameters with the lexer of `syntax`, which cannot run in a `const`. To it a
    /// comma ends the member of a list, so there is none here.
    #[test]
    fn the_lexer_of_syntax_agrees() {
        const OCTETS: [u8; 8] = *b"a=\";\\ \n\xff";
        for number in 0..8_usize.pow(6) {
            let tail: [u8; 6] =
                core::array::from_fn(|i| OCTETS[number / 8_usize.pow(i as u32) % 8]);
            let tail = [&b";"[..], &tail].concat();
            let here = parameters(&tail).map(<[u8]>::len);
            let there = Parameters::new(Cursor::new(&tail)).find_map(Result::err);
            match (here, there) {
                (Ok(_), None) => {}
                (Err((FieldErrorKind::Syntax(kind), rest)), Some(error)) => {
                    assert_eq!(kind, error.kind(), "{}", tail.escape_ascii());
                    assert_eq!(tail.len() - rest.len(), error.offset(), "{}", tail.escape_ascii());
                }
                // The lexer takes whitespace behind the last parameter for that of the line.
                (Err((_, [])), None) if tail.ends_with(b" ") => {}
                other => panic!("{}: {other:?}", tail.escape_ascii()),
            }
        }
    }
}

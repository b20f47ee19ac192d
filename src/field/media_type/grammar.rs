//! The grammar of a media type, [RFC 9110 §8.3.1], as one `const` function from bytes to offsets.
//!
//! [RFC 9110 §8.3.1]: https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1

use super::MediaType;
use crate::field::{FieldError, FieldErrorKind};
use crate::syntax::{Cursor, SyntaxErrorKind, trim_ows};

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

/// Reads a media type that spans the whole value.
///
/// ```abnf
/// media-type = type "/" subtype parameters
/// type       = token
/// subtype    = token
/// parameters = *( OWS ";" OWS [ parameter ] )   ; RFC 9110 §5.6.6
/// ```
pub(super) const fn layout(value: &[u8]) -> Result<Layout, FieldError> {
    let mut cursor = Cursor::new(value);
    if let Err(error) = cursor.token() {
        return Err(FieldError::of_syntax(error));
    }
    let slash = cursor.offset();
    if !cursor.eat(b'/') {
        return Err(FieldError::new(FieldErrorKind::Slash, slash));
    }
    if let Err(error) = cursor.token() {
        return Err(FieldError::of_syntax(error));
    }
    let essence_end = cursor.offset();
    match parameters(cursor) {
        Ok(()) => Ok(Layout { slash, essence_end, end: trim_ows(value).len() }),
        Err(error) => Err(error),
    }
}

/// Reads parameters to the end.
const fn parameters(mut cursor: Cursor<'_>) -> Result<(), FieldError> {
    let mut count = 0;
    loop {
        let before = cursor.offset();
        match cursor.parameter() {
            Ok(Some(_)) if count == MediaType::MAX_PARAMETERS => {
                let kind = FieldErrorKind::TooManyMembers(MediaType::MAX_PARAMETERS);
                return Err(FieldError::new(kind, before));
            }
            Ok(Some(_)) => count += 1,
            Ok(None) if cursor.rest().is_empty() => return Ok(()),
            Ok(None) => {
                cursor.skip_ows();
                return Err(FieldError::of_syntax(
                    cursor.error(SyntaxErrorKind::ExpectedSemicolon),
                ));
            }
            Err(error) => return Err(FieldError::of_syntax(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let good = [b"a/b".to_vec(), b";;c=d".repeat(MediaType::MAX_PARAMETERS)].concat();
        assert!(layout(&good).is_ok());
        let bad = [&good[..], b"; e=f"].concat();
        refused(&bad, FieldErrorKind::TooManyMembers(MediaType::MAX_PARAMETERS), good.len());
    }
}

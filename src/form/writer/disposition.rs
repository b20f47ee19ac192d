//! Content-Disposition as a form has it.

use alloc::vec::Vec;

use crate::form::{FormError, FormErrorKind};
use crate::header::HeaderErrorKind;
use crate::syntax::Class;

/// Writes the value of the field.
pub(super) fn write(
    name: &str,
    file_name: Option<&str>,
    out: &mut Vec<u8>,
) -> Result<(), FormError> {
    out.extend_from_slice(b"form-data; name=");
    write_quoted(name, out)?;
    if let Some(file_name) = file_name {
        out.extend_from_slice(b"; filename=");
        write_quoted(file_name, out)?;
    }
    Ok(())
}

/// Writes a name as [browsers do](https://html.spec.whatwg.org/#multipart-form-data): in UTF-8 between
/// quotes, with an escape for each of the three bytes that would end the name or the line. No other
/// byte has one, `%` included.
///
/// Browsers leave a backslash as it is. Some recipients read it so, and to others it makes a quote or a
/// backslash behind it part of the name. Before the quote that ends the name, and beside another one, it
/// is therefore doubled: a name that ends in a backslash must not swallow what follows.
fn write_quoted(text: &str, out: &mut Vec<u8>) -> Result<(), FormError> {
    out.push(b'"');
    let next = text.bytes().skip(1).map(Some).chain([None]);
    let mut last = 0;
    for (offset, (octet, next)) in (0..).zip(text.bytes().zip(next)) {
        match octet {
            b'"' => out.extend_from_slice(b"%22"),
            b'\r' => out.extend_from_slice(b"%0D"),
            b'\n' => out.extend_from_slice(b"%0A"),
            b'\\' if last == b'\\' || next.is_none_or(|next| next == b'\\') => {
                out.extend_from_slice(b"\\\\");
            }
            _ if Class::FIELD.contains(octet) => out.push(octet),
            _ => {
                let kind = FormErrorKind::Header(HeaderErrorKind::InvalidValueByte(octet));
                return Err(FormError::new(kind, offset));
            }
        }
        last = octet;
    }
    out.push(b'"');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;

    #[track_caller]
    fn writes(name: &str, expected: &str) {
        let mut out = Vec::new();
        write(name, None, &mut out).unwrap();
        write(name, Some(name), &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        let one = alloc::format!("form-data; name=\"{expected}\"");
        assert_eq!(out, alloc::format!("{one}{one}; filename=\"{expected}\""));
    }

    #[test]
    fn escapes_what_browsers_escape() {
        writes("", "");
        writes(" a\tb ", " a\tb ");
        writes("a\"b\rc\nd\r\n", "a%22b%0Dc%0Ad%0D%0A");
        writes("100%22 \\\"; filename=x", "100%22 \\%22; filename=x");
        writes("naïve 😀 '`", "naïve 😀 '`");
    }

    #[test]
    fn a_backslash_swallows_nothing() {
        writes("C:\\dir\\file", "C:\\dir\\file");
        writes("\\a", "\\a");
        writes("a\\", "a\\\\");
        writes("\\\\host\\a", "\\\\\\\\host\\a");
        writes("\\\\\\", "\\\\\\\\\\\\");
        writes("\\\"; name=\"", "\\%22; name=%22");
    }

    #[test]
    fn refuses_other_controls() {
        for (name, octet, offset) in [("\0", 0, 0), ("é\u{1b}", 0x1b, 2), ("a\nb\u{7f}", 0x7f, 3)]
        {
            let kind = FormErrorKind::Header(HeaderErrorKind::InvalidValueByte(octet));
            let error = Err(FormError::new(kind, offset));
            assert_eq!(write(name, None, &mut Vec::new()), error);
            assert_eq!(write("a", Some(name), &mut Vec::new()), error);
        }
    }
}

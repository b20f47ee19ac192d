//! What a recipient makes of dispositions that others write.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::ContentDisposition;
use crate::field::parameter::{MAX_COPIES, parameter_value};
use crate::field::{ExtValue, FieldError, FieldErrorKind};
use crate::header::{self, HeaderMap};
use crate::syntax::{Class, push_parameter};

impl<'a> ContentDisposition<'a> {
    /// Returns what the field Content-Disposition of a message says, or `None` where it says nothing.
    ///
    /// What [`parse`](Self::parse) accepts is the same here, as it was written. Otherwise
    ///
    /// - a value without quotes goes on to the semicolon, spaces and all;
    /// - a quoted string that is not closed ends with the value, and what stands between the closing quote
    ///   and the semicolon is dropped;
    /// - bytes from 0x80 up are UTF-8, or else ISO-8859-1;
    /// - an extended value may stand in quotes, and what should be escaped in it may stand as it is if it is
    ///   ASCII; one that is malformed all the same is dropped, so that `filename` counts;
    /// - of parameters with the same name the first that is well-formed is kept; those without a name,
    ///   without a value or above [`MAX_PARAMETERS`](Self::MAX_PARAMETERS) are dropped;
    /// - where the type is missing or is no token, one that stands at another place counts; without any, a
    ///   proposed file name makes an attachment of it, and without a name the field is ignored.
    ///
    /// Neither `%41` in `filename` nor the encoded words of mail are decoded: what decodes them reads
    /// other names than its neighbour.
    ///
    /// # Errors
    ///
    /// [`Single`](FieldErrorKind::Single) at offset 0 where the field stands there more than once and says
    /// different things, or more than eight times. That is what a message looks like into which someone
    /// has smuggled a field.
    ///
    /// # Deviations
    ///
    /// RFC 6266 leaves it open what becomes of a malformed field, and test suites want it ignored. Tools
    /// that save files need the name all the same; browsers and curl take it too.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::ContentDisposition;
    /// use nethttp::header::{self, HeaderMap};
    ///
    /// let mut headers = HeaderMap::new();
    /// assert_eq!(ContentDisposition::from_headers(&headers), Ok(None));
    ///
    /// headers.append(header::CONTENT_DISPOSITION, "attachment; filename=annual report.pdf;")?;
    /// let disposition = ContentDisposition::from_headers(&headers)?.ok_or("no disposition")?;
    /// assert_eq!(disposition.file_name().as_deref(), Some("annual report.pdf"));
    /// assert_eq!(disposition.as_str(), "attachment; filename=\"annual report.pdf\"");
    ///
    /// headers.append(header::CONTENT_DISPOSITION, "inline")?;
    /// assert!(ContentDisposition::from_headers(&headers).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_headers(headers: &'a HeaderMap) -> Result<Option<Self>, FieldError> {
        let mut first: Option<Self> = None;
        for (index, line) in headers.get_all(header::CONTENT_DISPOSITION).enumerate() {
            let found = Self::parse(line).ok().or_else(|| recover(line));
            if index >= MAX_COPIES || (index > 0 && found != first) {
                return Err(FieldError::new(FieldErrorKind::Single, 0));
            }
            first = first.or(found);
        }
        Ok(first)
    }
}

/// Reads a disposition that the grammar does not allow, and writes it as one that it does.
fn recover(value: &[u8]) -> Option<ContentDisposition<'static>> {
    let mut type_: Option<&[u8]> = None;
    let mut parameters = Recovered::default();
    let mut rest = value;
    loop {
        while let [b';' | b' ' | b'\t', after @ ..] = rest {
            rest = after;
        }
        if rest.is_empty() {
            break;
        }
        let (name, after) = rest.split_at(Class::TOKEN.prefix_len(rest));
        let spaces = Class::OWS.prefix_len(after);
        let after = Class::OWS.skip(after);
        rest = match after {
            [b'=', tail @ ..] => {
                let (value, tail) = parameter_value(Class::OWS.skip(tail));
                parameters.push(name, value);
                tail
            }
            [] | [b';', ..] => {
                type_ = type_.or((!name.is_empty()).then_some(name));
                after
            }
            // The semicolon is forgotten.
            _ if spaces > 0 && !name.is_empty() && type_.is_none() => {
                type_ = Some(name);
                after
            }
            _ => parameter_value(rest).1,
        };
    }
    let implied = parameters.has_file_name.then_some(&b"attachment"[..]);
    let mut written = type_.or(implied)?.to_vec();
    let type_len = written.len();
    written.extend_from_slice(&parameters.written);
    let text = Cow::Owned(String::from_utf8(written).ok()?);
    Some(ContentDisposition { text, type_len })
}

/// The parameters that are kept, as the grammar has them.
#[derive(Default)]
struct Recovered<'v> {
    names: Vec<&'v [u8]>,
    written: Vec<u8>,
    has_file_name: bool,
}

impl<'v> Recovered<'v> {
    /// Keeps a parameter if it is well-formed and the first of its name.
    fn push(&mut self, name: &'v [u8], value: Option<Vec<u8>>) {
        let is_known = |names: &[&[u8]]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        let Some(value) = value else {
            return;
        };
        if name.is_empty()
            || self.names.len() >= ContentDisposition::MAX_PARAMETERS
            || is_known(&self.names)
        {
            return;
        }
        let len = self.written.len();
        if self.write(name, &value).is_none() {
            self.written.truncate(len);
            return;
        }
        self.names.push(name);
        self.has_file_name |=
            name.eq_ignore_ascii_case(b"filename") || name.eq_ignore_ascii_case(b"filename*");
    }

    fn write(&mut self, name: &[u8], value: &[u8]) -> Option<()> {
        self.written.extend_from_slice(b"; ");
        if name.ends_with(b"*") {
            let value = ExtValue::parse_lenient(value).ok()?;
            // An extended value can stand in a token.
            return push_parameter(name, value.to_string().as_bytes(), &mut self.written).ok();
        }
        let value: Cow<'_, str> = match core::str::from_utf8(value) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => value.iter().copied().map(char::from).collect(),
        };
        push_parameter(name, value.as_bytes(), &mut self.written).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&[u8]]) -> Result<Option<ContentDisposition<'static>>, FieldError> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::CONTENT_DISPOSITION, line).unwrap();
        }
        Ok(ContentDisposition::from_headers(&headers)?.map(ContentDisposition::into_owned))
    }

    #[track_caller]
    fn gives(value: impl AsRef<[u8]>, expected: &str) {
        let found = read(&[value.as_ref()]).unwrap().unwrap();
        assert_eq!(found.as_str(), expected);
        let again = ContentDisposition::parse(expected.as_bytes()).unwrap();
        assert_eq!(again, found);
        assert_eq!(again.type_(), found.type_());
    }

    #[test]
    fn what_is_well_formed_stays() {
        gives("Attachment ;filename = a.b", "Attachment ;filename = a.b");
        gives("x; y=\"\\z\"; filename*=utf-8''%41", "x; y=\"\\z\"; filename*=utf-8''%41");
    }

    #[test]
    fn values_without_quotes_end_with_the_semicolon() {
        gives("inline;a= b c ;d=e", "inline; a=\"b c\"; d=e");
        gives("a;b=c,d", "a; b=\"c,d\"");
        gives("a;b=C:\\d\"e", "a; b=\"C:\\\\d\\\"e\"");
        gives("a;b=;b= ;b=c", "a; b=c");
    }

    #[test]
    fn quoted_values_end_with_the_quote_or_the_value() {
        gives("a; b=\"c;d", "a; b=\"c;d\"");
        gives("a; b=\"c\" d; e=f", "a; b=c; e=f");
        gives("a; b=\"\";", "a; b=\"\"");
    }

    #[test]
    fn bytes_are_utf8_or_latin1() {
        gives("a; b=ä c", "a; b=\"ä c\"");
        gives(b"a; b=\"\xe4\xff\"", "a; b=\"äÿ\"");
        gives(b"a; b=\xe4\xc3\xa4", "a; b=\"äÃ¤\"");
    }

    #[test]
    fn extended_values_are_read_or_dropped() {
        gives("a; b*=\"UTF-8''c%20d\"", "a; b*=UTF-8''c%20d");
        gives("a; b*=UTF-8'en'c (d)*'", "a; b*=UTF-8'en'c%20%28d%29%2A%27");
        gives("a; b*=iso-8859-1''%E4;", "a; b*=UTF-8''%C3%A4");
        gives("a; b*=c; b*=UTF-8''d; b=e", "a; b*=UTF-8''d; b=e");
        gives("a; b*=''c; d=e", "a; d=e");
        gives("a; b*=UTF-8''%; b=c", "a; b=c");
        gives(b"a; b*=UTF-8''\xc3\xa4; b=c", "a; b=c");
    }

    #[test]
    fn the_first_good_parameter_of_a_name_is_kept() {
        gives("a; b=c; B=d; e", "a; b=c");
        gives("a; =b; ; \"c\"=d; (e)=f; g", "a");
    }

    #[test]
    fn the_type_may_stand_anywhere_or_be_forgotten() {
        gives("a=b; inline", "inline; a=b");
        gives("attachment a=b", "attachment; a=b");
        gives("attachment a b; c=d", "attachment; c=d");
        gives(";; x ; y ;", "x");
        gives("filename=a", "attachment; filename=a");
        gives("\"x;y=z\"; filename*=UTF-8''a", "attachment; filename*=UTF-8''a");
    }

    #[test]
    fn what_says_nothing_is_ignored() {
        for value in ["", ";", "\"inline\"", "a=b", "=", "(", "filename=", "filename*=a"] {
            assert_eq!(read(&[value.as_bytes()]), Ok(None), "{value}");
        }
    }

    #[test]
    fn lines_have_to_say_the_same() {
        let single = Err(FieldError::new(FieldErrorKind::Single, 0));
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(
            read(&[b"a; b=c", b"A;b=\"c\"", b"a; b=c;"]).unwrap().unwrap().as_str(),
            "a; b=c"
        );
        assert_eq!(read(&[b"inline", b"attachment"]), single);
        assert_eq!(read(&[b"inline", b""]), single);
        assert_eq!(read(&[b"", b"inline"]), single);
        assert_eq!(read(&[&b"a"[..]; 9]), single);
        assert!(read(&[&b"a"[..]; 8]).is_ok());
    }

    /// The road around the strict parser leads to the same place.
    #[test]
    fn recovering_what_is_well_formed_changes_nothing() {
        for value in [
            "inline",
            "Attachment ;\tfilename = \"a\\\"b\"; X=y",
            "a;b=\"\";c=\"\\ä\";d*=utf-8'en'%41",
        ] {
            let strict = ContentDisposition::parse(value.as_bytes()).unwrap();
            assert_eq!(recover(value.as_bytes()), Some(strict), "{value}");
        }
    }
}

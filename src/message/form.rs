//! Forms in messages: [`form`](crate::form) has what they are made of.
//!
//! ```
//! use nethttp::Request;
//!
//! fn sign_up(request: &mut Request) -> nethttp::Result<String> {
//!     let form = request.form()?;
//!     Ok(format!("welcome, {}\n", form.get("name").unwrap_or("stranger")))
//! }
//!
//! let mut request = Request::default();
//! request.headers_mut().append("Content-Type", "application/x-www-form-urlencoded")?;
//! *request.body_mut() = "name=Ada+Lovelace".into();
//! assert_eq!(sign_up(&mut request)?, "welcome, Ada Lovelace\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::io;

use super::{Body, Request};
use crate::field::{ContentEncoding, MediaType};
use crate::form::{
    Form, FormError, FormErrorKind, MultipartForm, MultipartLimits, MultipartParser,
    MultipartReader,
};
use crate::header::HeaderMap;
use crate::uri::FormLimits;

impl Request {
    /// Reads the content as a form without files: urlencoded, or multipart.
    ///
    /// It may hold as much as [`FormLimits::DEFAULT`] says, all that stands between the fields
    /// included, and the body's own limit permits. For other limits there are [`Form::parse`] and
    /// [`multipart`](Self::multipart).
    ///
    /// # Errors
    ///
    /// A [`FormError`], inside of an [`io::Error`]: [`MediaType`](FormErrorKind::MediaType) if the content
    /// is no form, and [`ContentCoding`](FormErrorKind::ContentCoding) if it has yet to be decoded, to which a
    /// server answers 415; [`UnexpectedFile`](FormErrorKind::UnexpectedFile) for a
    /// part that is a file; and all that is wrong with the form. What the body says: see
    /// [`Body::read_all`].
    ///
    /// # Examples
    ///
    /// ```
    /// let mut request = nethttp::Request::default();
    /// request.headers_mut().append("Content-Type", "application/x-www-form-urlencoded")?;
    /// *request.body_mut() = "id=1&id=2".into();
    ///
    /// let form = request.form()?;
    /// assert!(form.get_all("id").eq(["1", "2"]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// In a handler, `?` turns what is wrong into the answer:
    ///
    /// ```
    /// use nethttp::{Error, Request};
    ///
    /// let error = Error::from(Request::default().form().unwrap_err());
    /// assert_eq!(error.status().as_u16(), 415);
    /// ```
    pub fn form(&mut self) -> io::Result<Form> {
        check_coding(self.headers())?;
        match MediaType::from_headers(self.headers()) {
            Ok(Some(media_type)) if media_type.is(Form::MEDIA_TYPE.essence()) => {
                let text = self.body_mut().read_all()?;
                Ok(Form::parse(&text, &FormLimits::DEFAULT)?)
            }
            Ok(Some(media_type)) if media_type.is("multipart/form-data") => self.multipart_text(),
            Ok(_) => Err(FormError::new(FormErrorKind::MediaType, 0).into()),
            Err(error) => {
                Err(FormError::at(FormErrorKind::ContentType(error.kind()), error.offset()).into())
            }
        }
    }

    /// Reads a multipart form without files.
    fn multipart_text(&mut self) -> io::Result<Form> {
        let FormLimits { bytes, pairs, .. } = FormLimits::DEFAULT;
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let limits = MultipartLimits::DEFAULT.total(bytes).text(bytes).parts(pairs);
        let (headers, body) = self.headers_and_body_mut();
        let mut reader = MultipartReader::from_headers(body, headers, limits)?;
        let mut form = Form::new();
        while let Some(mut part) = reader.next_part()? {
            if part.head().is_file() {
                return Err(FormError::new(FormErrorKind::UnexpectedFile, part.offset()).into());
            }
            form = form.append(part.name(), part.text()?);
        }
        Ok(form)
    }

    /// Reads the content as a multipart form, part by part, while it arrives. The body's own limit becomes
    /// [`MultipartLimits::total`].
    ///
    /// # Errors
    ///
    /// [`MediaType`](FormErrorKind::MediaType) if the content is not `multipart/form-data`,
    /// [`ContentCoding`](FormErrorKind::ContentCoding) if it has yet to be decoded, and
    /// [`ContentType`](FormErrorKind::ContentType) if the type says no boundary.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::Read;
    ///
    /// use nethttp::Request;
    /// use nethttp::form::{FormPart, MultipartForm, MultipartLimits};
    ///
    /// fn upload(request: &mut Request) -> nethttp::Result<String> {
    ///     let mut form = request.multipart(MultipartLimits::DEFAULT.total(1 << 30).file(1 << 30))?;
    ///     let mut report = String::new();
    ///     while let Some(mut part) = form.next_part()? {
    ///         // A server would write it to a file.
    ///         let len = std::io::copy(&mut part, &mut std::io::sink())?;
    ///         report += &format!("{}: {len} bytes\n", part.name());
    ///     }
    ///     Ok(report)
    /// }
    ///
    /// let photo = FormPart::bytes("photo", vec![0; 5000]).file_name("me.jpg");
    /// let form = MultipartForm::new().text("title", "hello").part(photo);
    /// let mut request = Request::default();
    /// request.headers_mut().append("Content-Type", form.content_type())?;
    /// *request.body_mut() = form.into();
    /// assert_eq!(upload(&mut request)?, "title: 5 bytes\nphoto: 5000 bytes\n");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn multipart(
        &mut self,
        limits: MultipartLimits,
    ) -> Result<MultipartReader<&mut Body>, FormError> {
        let (headers, body) = self.headers_and_body_mut();
        check_coding(headers)?;
        let parser = MultipartParser::from_headers(headers, limits)?;
        body.set_limit(Some(limits.total));
        Ok(MultipartReader::with_parser(body, parser))
    }
}

/// Refuses content that is not there as it stands. Whoever decodes it takes the field away.
fn check_coding(headers: &HeaderMap) -> Result<(), FormError> {
    match ContentEncoding::from_headers(headers) {
        Ok(encoding) if encoding.is_identity() => Ok(()),
        _ => Err(FormError::new(FormErrorKind::ContentCoding, 0)),
    }
}

/// The body has the length of the form, if that is known. The message needs the form's
/// [`content_type`](MultipartForm::content_type) too. A form that is short and in memory becomes bytes; any
/// other is read while it is sent.
impl From<MultipartForm> for Body {
    fn from(form: MultipartForm) -> Self {
        let len = form.len();
        match form.into_bytes() {
            Ok(bytes) => bytes.into(),
            Err(form) => Self::reader(form.into_reader(), len),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::FormPart;
    use crate::message::BodyTooLarge;
    use crate::uri::UriErrorKind;
    use alloc::string::{String, ToString};
    use alloc::vec;
    use std::io::Read;

    const URLENCODED: &str = "application/x-www-form-urlencoded";

    fn request(content_type: &str, body: impl Into<Body>) -> Request {
        let mut request = Request::default();
        request.headers_mut().append("Content-Type", content_type).unwrap();
        *request.body_mut() = body.into();
        request
    }

    fn of(form: MultipartForm) -> Request {
        request(&form.content_type(), form)
    }

    #[track_caller]
    fn reads(mut request: Request, expected: &str) {
        assert_eq!(request.form().unwrap().encode(), expected);
    }

    #[test]
    fn content_that_is_coded_is_no_form_yet() {
        for (coding, is_form) in [("identity", true), ("gzip", false), ("a b", false)] {
            let coded = || {
                let mut request = of(MultipartForm::new().text("a", "1"));
                request.headers_mut().append("Content-Encoding", coding).unwrap();
                request
            };
            let kind = |error: FormError| (error.kind(), error.is_unsupported());
            let form = coded().form().err().map(|error| kind(error.downcast().unwrap()));
            let limits = MultipartLimits::DEFAULT;
            assert_eq!(
                form,
                (!is_form).then_some((FormErrorKind::ContentCoding, true)),
                "{coding}"
            );
            assert_eq!(coded().multipart(limits).err().map(kind), form, "{coding}");
        }
    }

    #[test]
    fn a_form_is_read_from_either_format() {
        reads(request(URLENCODED, "a=1&b=%C3%A9&a=2"), "a=1&b=%C3%A9&a=2");
        reads(request("Application/X-WWW-Form-URLEncoded; charset=UTF-8", "a"), "a=");
        reads(request(URLENCODED, ""), "");
        reads(of(MultipartForm::new()), "");
        let form = MultipartForm::new().text("a", "1").text("b", "é").text("a", "2");
        reads(of(form), "a=1&b=%C3%A9&a=2");
    }

    #[track_caller]
    fn refuses(mut request: Request, kind: FormErrorKind, offset: u64) {
        let error = request.form().unwrap_err().downcast::<FormError>().unwrap();
        assert_eq!((error.kind(), error.offset()), (kind, offset));
    }

    #[test]
    fn refuses_what_is_no_form_without_files() {
        refuses(Request::default(), FormErrorKind::MediaType, 0);
        refuses(request("application/json", "{}"), FormErrorKind::MediaType, 0);
        let malformed = request("multipart", "").form().unwrap_err();
        let malformed = malformed.downcast::<FormError>().unwrap();
        assert!(matches!(malformed.kind(), FormErrorKind::ContentType(_)));
        let percent = FormErrorKind::Urlencoded(UriErrorKind::InvalidPercent);
        refuses(request(URLENCODED, "a=%"), percent, 2);
        let body = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n\
            --b\r\nContent-Disposition: form-data; name=\"b\"; filename=\"\"\r\n\r\n\r\n--b--\r\n";
        let file = request("multipart/form-data; boundary=b", body);
        refuses(file, FormErrorKind::UnexpectedFile, 113);
        let latin1 = MultipartForm::with_boundary(&crate::field::Boundary::from_bits(1));
        let latin1 = latin1.part(FormPart::bytes("a", b"caf\xe9"));
        refuses(of(latin1), FormErrorKind::Utf8, 83);
    }

    #[test]
    fn a_form_has_limits_in_either_format() {
        let long = "x".repeat(FormLimits::DEFAULT.bytes);
        let kind = FormErrorKind::Urlencoded(UriErrorKind::FormTooLong);
        refuses(request(URLENCODED, long.clone() + "y"), kind, 1 << 20);
        refuses(of(MultipartForm::new().text("a", long)), FormErrorKind::TooLong(1 << 20), 1 << 20);
        let many = FormLimits::DEFAULT.pairs + 1;
        let kind = FormErrorKind::Urlencoded(UriErrorKind::TooManyPairs);
        refuses(request(URLENCODED, "a&".repeat(many)), kind, 2000);
        let all = (0..many).fold(MultipartForm::new(), |form, _| form.text("", ""));
        let error = of(all).form().unwrap_err().downcast::<FormError>().unwrap();
        assert_eq!(error.kind(), FormErrorKind::TooManyParts(1000));
        for mut limited in [request(URLENCODED, "a=123"), of(MultipartForm::new().text("a", "1"))] {
            limited.body_mut().set_limit(Some(4));
            assert!(limited.form().unwrap_err().downcast::<BodyTooLarge>().is_ok());
        }
    }

    #[test]
    fn parts_are_read_under_a_limit_of_their_own() {
        let form = MultipartForm::new().part(FormPart::bytes("f", vec![b'x'; 100]).file_name("f"));
        let mut request = of(form);
        request.body_mut().set_limit(Some(4));
        let mut reader = request.multipart(MultipartLimits::DEFAULT).unwrap();
        let mut text = String::new();
        reader.next_part().unwrap().unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text.len(), 100);
        assert_eq!(request.body().limit(), Some(MultipartLimits::DEFAULT.total));
        let error = request.multipart(MultipartLimits::DEFAULT.total(4)).map(drop);
        assert_eq!(error, Ok(()));
        let mut other = self::request(URLENCODED, "a=1");
        let error = other.multipart(MultipartLimits::DEFAULT).unwrap_err();
        assert_eq!(error.kind(), FormErrorKind::MediaType);
        // What was refused has kept its limit.
        assert_eq!(other.body().limit(), None);
    }

    #[test]
    fn a_form_becomes_a_body_of_its_length() {
        let form = || MultipartForm::new().text("a", "1");
        for (form, kind) in [
            (form(), "bytes"),
            (form().part(FormPart::bytes("b", vec![b'x'; 1 << 20])), "reader"),
            (form().part(FormPart::reader("b", io::repeat(b'x'), Some(9))), "reader"),
            (form().text("b\0", ""), "reader"),
        ] {
            let (len, fails) = (form.len(), form.check().is_err());
            let mut body = Body::from(form);
            assert_eq!(format!("{body:?}"), format!("Body({kind}, {len:?})"));
            match body.read_all() {
                Ok(bytes) => assert_eq!(u64::try_from(bytes.len()).ok(), len),
                Err(error) => assert!(fails, "{}", error.to_string()),
            }
        }
    }
}

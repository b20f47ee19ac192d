//! What can be wrong with a form.

use core::fmt;

use crate::field::{FieldError, FieldErrorKind};
use crate::header::{HeaderError, HeaderErrorKind};
use crate::syntax::Escaped;
use crate::uri::UriErrorKind;

/// Why a form was refused, and where.
///
/// # Examples
///
/// ```
/// use nethttp::field::Boundary;
/// use nethttp::form::{FormErrorKind, MultipartLimits, MultipartParser};
///
/// let mut parser = MultipartParser::new(&Boundary::parse(b"b")?, MultipartLimits::DEFAULT);
/// let error = parser.receive(b"--b\nA: b").unwrap_err();
/// assert_eq!(error.kind(), FormErrorKind::DelimiterEnd(b'\n'));
/// assert_eq!(error.to_string(), "expected CRLF behind the boundary, found '\\n' at byte 3");
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormError {
    kind: FormErrorKind,
    offset: u64,
}

/// The kinds of [`FormError`].
///
/// # Examples
///
/// ```
/// use nethttp::form::{Form, FormErrorKind};
/// use nethttp::uri::{FormLimits, UriErrorKind};
///
/// let error = Form::parse(b"discount=100%", &FormLimits::DEFAULT).unwrap_err();
/// assert_eq!(error.kind(), FormErrorKind::Urlencoded(UriErrorKind::InvalidPercent));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormErrorKind {
    /// The content is not of a type that holds a form: neither `application/x-www-form-urlencoded` nor
    /// `multipart/form-data` with a boundary, or not the one that was asked for.
    MediaType,
    /// The content is in a content coding, which has to be undone first,
    /// [RFC 9110 §8.4](https://www.rfc-editor.org/rfc/rfc9110#section-8.4).
    ContentCoding,
    /// Content-Type is malformed, or has a boundary that cannot be one.
    ContentType(FieldErrorKind),
    /// A name or a value of an urlencoded form is malformed, or there are too many.
    Urlencoded(UriErrorKind),
    /// The form ended before the first boundary,
    /// [RFC 2046 §5.1.1](https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1).
    MissingBoundary,
    /// The form ended before the boundary that ends it,
    /// [RFC 2046 §5.1.1](https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1).
    Truncated,
    /// What follows a boundary is neither the end of the line nor `--`,
    /// [RFC 2046 §5.1.1](https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1). A boundary that begins with
    /// another one gives this.
    DelimiterEnd(u8),
    /// The name of a part's header field is missing, or holds a byte that it may not,
    /// [RFC 9110 §5.1](https://www.rfc-editor.org/rfc/rfc9110#section-5.1).
    FieldName(u8),
    /// The value of a part's header field holds a byte that it may not, or a line ends without CR,
    /// [RFC 9110 §5.5](https://www.rfc-editor.org/rfc/rfc9110#section-5.5).
    FieldValue(u8),
    /// A part lacks the field Content-Disposition, or has it twice,
    /// [RFC 7578 §4.2](https://www.rfc-editor.org/rfc/rfc7578#section-4.2).
    Disposition,
    /// Content-Disposition is not `form-data`,
    /// [RFC 7578 §4.2](https://www.rfc-editor.org/rfc/rfc7578#section-4.2).
    DispositionType,
    /// Content-Disposition is malformed, or has no name,
    /// [RFC 7578 §4.2](https://www.rfc-editor.org/rfc/rfc7578#section-4.2).
    DispositionSyntax(FieldErrorKind),
    /// The Content-Type of a part is malformed, or there are two,
    /// [RFC 7578 §4.4](https://www.rfc-editor.org/rfc/rfc7578#section-4.4).
    PartContentType(FieldErrorKind),
    /// A part has a Content-Transfer-Encoding that changes the content,
    /// [RFC 7578 §4.7](https://www.rfc-editor.org/rfc/rfc7578#section-4.7).
    TransferEncoding,
    /// A file name leads out of its folder.
    FileName,
    /// A part is a file where only text is expected.
    UnexpectedFile,
    /// A text or a name is not in UTF-8.
    Utf8,
    /// The form is longer than [`MultipartLimits::total`](super::MultipartLimits::total).
    TooLong(u64),
    /// The form has more parts than [`MultipartLimits::parts`](super::MultipartLimits::parts).
    TooManyParts(usize),
    /// A part has more fields than [`MultipartLimits::fields`](super::MultipartLimits::fields).
    TooManyFields(usize),
    /// The header of a part is longer than [`MultipartLimits::header`](super::MultipartLimits::header).
    HeaderTooLong(usize),
    /// A part that is no file is longer than [`MultipartLimits::text`](super::MultipartLimits::text).
    TextTooLong(u64),
    /// A file is longer than [`MultipartLimits::file`](super::MultipartLimits::file).
    FileTooLong(u64),
    /// What comes before the first boundary is longer than
    /// [`MultipartLimits::preamble`](super::MultipartLimits::preamble).
    PreambleTooLong(u64),
    /// What comes behind the last boundary is longer than
    /// [`MultipartLimits::epilogue`](super::MultipartLimits::epilogue).
    EpilogueTooLong(u64),
    /// The name, the file name or a field of a part that was to be sent is none,
    /// [RFC 9110 §5](https://www.rfc-editor.org/rfc/rfc9110#section-5).
    Header(HeaderErrorKind),
    /// A line of content that was to be sent begins with the boundary that was given,
    /// [RFC 2046 §5.1.1](https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1).
    BoundaryInContent,
    /// A part that was to be written at once is a file or a reader.
    NotInMemory,
}

impl FormError {
    pub(crate) const fn new(kind: FormErrorKind, offset: u64) -> Self {
        Self { kind, offset }
    }

    /// The error at an index of something that is in memory.
    pub(crate) fn at(kind: FormErrorKind, index: usize) -> Self {
        Self::new(kind, u64::try_from(index).unwrap_or(u64::MAX))
    }

    /// Returns what was wrong.
    ///
    /// ```
    /// use nethttp::form::{FormErrorKind, MultipartLimits, MultipartParser};
    /// use nethttp::header::HeaderMap;
    ///
    /// let headers = HeaderMap::new();
    /// let error = MultipartParser::from_headers(&headers, MultipartLimits::DEFAULT).unwrap_err();
    /// assert_eq!(error.kind(), FormErrorKind::MediaType);
    /// ```
    #[must_use]
    pub const fn kind(&self) -> FormErrorKind {
        self.kind
    }

    /// Returns the byte of the form at which it went wrong; if it is its type that is wrong, the byte of
    /// Content-Type; and if it is a part that was to be sent, the byte of what was given.
    ///
    /// ```
    /// use nethttp::form::Form;
    /// use nethttp::uri::FormLimits;
    ///
    /// let error = Form::parse(b"a=%zz", &FormLimits::DEFAULT).unwrap_err();
    /// assert_eq!(error.offset(), 2);
    /// ```
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    /// Returns whether the form is not wrong but more than was permitted: a server answers `413`.
    ///
    /// ```
    /// use nethttp::form::Form;
    /// use nethttp::uri::FormLimits;
    ///
    /// let error = Form::parse(b"a&b&c", &FormLimits::DEFAULT.pairs(2)).unwrap_err();
    /// assert!(error.is_limit());
    /// ```
    #[must_use]
    pub const fn is_limit(&self) -> bool {
        use FormErrorKind as Kind;
        matches!(
            self.kind,
            Kind::TooLong(_)
                | Kind::TooManyParts(_)
                | Kind::TooManyFields(_)
                | Kind::HeaderTooLong(_)
                | Kind::TextTooLong(_)
                | Kind::FileTooLong(_)
                | Kind::PreambleTooLong(_)
                | Kind::EpilogueTooLong(_)
                | Kind::Urlencoded(UriErrorKind::FormTooLong | UriErrorKind::TooManyPairs)
        )
    }

    /// Returns whether the content is no form, or not as it stands: a server answers `415`.
    ///
    /// ```
    /// let error = nethttp::Request::default().form().unwrap_err();
    /// let error = error.downcast::<nethttp::form::FormError>()?;
    /// assert!(error.is_unsupported());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub const fn is_unsupported(&self) -> bool {
        matches!(self.kind, FormErrorKind::MediaType | FormErrorKind::ContentCoding)
    }
}

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use FormErrorKind as Kind;
        let at = self.offset;
        let (most, what) = match self.kind {
            Kind::ContentType(kind) => {
                return write!(f, "{} of Content-Type", field_error(kind, at));
            }
            Kind::DispositionSyntax(kind) | Kind::PartContentType(kind) => {
                return field_error(kind, at).fmt(f);
            }
            Kind::Urlencoded(kind) => return write!(f, "{} at byte {at}", kind.expectation()),
            Kind::DelimiterEnd(byte) => return found(f, "CRLF behind the boundary", byte, at),
            Kind::FieldName(byte) => return found(f, "the name of a field and ':'", byte, at),
            Kind::FieldValue(byte) => return found(f, "the value of a field and CRLF", byte, at),
            Kind::Header(kind) => {
                return HeaderError::new(kind, usize::try_from(at).unwrap_or(usize::MAX)).fmt(f);
            }
            Kind::MediaType => (None, "the media type of a form"),
            Kind::ContentCoding => (None, "content without a content coding"),
            Kind::MissingBoundary => (None, "the boundary, found end of input"),
            Kind::Truncated => (None, "the last boundary, found end of input"),
            Kind::Disposition => (None, "one Content-Disposition in a part"),
            Kind::DispositionType => (None, "the disposition form-data"),
            Kind::TransferEncoding => (None, "content without a transfer encoding"),
            Kind::FileName => (None, "a file name that stays in its folder"),
            Kind::UnexpectedFile => (None, "a form without files"),
            Kind::Utf8 => (None, "text in UTF-8"),
            Kind::BoundaryInContent => {
                (None, "content without a line that begins with the boundary")
            }
            Kind::NotInMemory => (None, "content that is in memory"),
            Kind::TooLong(most) => (Some(most), "bytes of form"),
            Kind::TooManyParts(most) => (u64::try_from(most).ok(), "parts"),
            Kind::TooManyFields(most) => (u64::try_from(most).ok(), "fields in a part"),
            Kind::HeaderTooLong(most) => (u64::try_from(most).ok(), "bytes of a part's header"),
            Kind::TextTooLong(most) => (Some(most), "bytes of text"),
            Kind::FileTooLong(most) => (Some(most), "bytes of a file"),
            Kind::PreambleTooLong(most) => (Some(most), "bytes before the first boundary"),
            Kind::EpilogueTooLong(most) => (Some(most), "bytes behind the last boundary"),
        };
        match most {
            Some(most) => write!(f, "expected at most {most} {what} at byte {at}"),
            None => write!(f, "expected {what} at byte {at}"),
        }
    }
}

/// The error of a field, which says what was expected.
fn field_error(kind: FieldErrorKind, at: u64) -> FieldError {
    FieldError::new(kind, usize::try_from(at).unwrap_or(usize::MAX))
}

fn found(f: &mut fmt::Formatter<'_>, expected: &str, byte: u8, at: u64) -> fmt::Result {
    write!(f, "expected {expected}, found {} at byte {at}", Escaped(byte))
}

impl core::error::Error for FormError {}

/// As [`InvalidData`](std::io::ErrorKind::InvalidData).
#[cfg(feature = "std")]
impl From<FormError> for std::io::Error {
    fn from(error: FormError) -> Self {
        Self::new(std::io::ErrorKind::InvalidData, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use FormErrorKind as Kind;
    use alloc::string::ToString;

    #[test]
    fn texts_are_pinned() {
        for (kind, text) in [
            (Kind::MediaType, "expected the media type of a form at byte 7"),
            (Kind::ContentCoding, "expected content without a content coding at byte 7"),
            (
                Kind::ContentType(FieldErrorKind::Boundary),
                "expected a boundary of 1 to 70 characters at byte 7 of Content-Type",
            ),
            (
                Kind::Urlencoded(UriErrorKind::InvalidPercent),
                "expected two hexadecimal digits after '%' at byte 7",
            ),
            (Kind::MissingBoundary, "expected the boundary, found end of input at byte 7"),
            (Kind::Truncated, "expected the last boundary, found end of input at byte 7"),
            (Kind::DelimiterEnd(b'\n'), "expected CRLF behind the boundary, found '\\n' at byte 7"),
            (Kind::FieldName(b' '), "expected the name of a field and ':', found ' ' at byte 7"),
            (
                Kind::FieldValue(0),
                "expected the value of a field and CRLF, found '\\x00' at byte 7",
            ),
            (Kind::Disposition, "expected one Content-Disposition in a part at byte 7"),
            (Kind::DispositionType, "expected the disposition form-data at byte 7"),
            (
                Kind::DispositionSyntax(FieldErrorKind::MissingParameter("name")),
                "expected the parameter name at byte 7",
            ),
            (
                Kind::PartContentType(FieldErrorKind::Slash),
                "expected '/' between type and subtype at byte 7",
            ),
            (Kind::TransferEncoding, "expected content without a transfer encoding at byte 7"),
            (Kind::FileName, "expected a file name that stays in its folder at byte 7"),
            (Kind::UnexpectedFile, "expected a form without files at byte 7"),
            (Kind::Utf8, "expected text in UTF-8 at byte 7"),
            (Kind::TooLong(9), "expected at most 9 bytes of form at byte 7"),
            (Kind::TooManyParts(9), "expected at most 9 parts at byte 7"),
            (Kind::TooManyFields(9), "expected at most 9 fields in a part at byte 7"),
            (Kind::HeaderTooLong(9), "expected at most 9 bytes of a part's header at byte 7"),
            (Kind::TextTooLong(9), "expected at most 9 bytes of text at byte 7"),
            (Kind::FileTooLong(9), "expected at most 9 bytes of a file at byte 7"),
            (
                Kind::PreambleTooLong(9),
                "expected at most 9 bytes before the first boundary at byte 7",
            ),
            (
                Kind::EpilogueTooLong(9),
                "expected at most 9 bytes behind the last boundary at byte 7",
            ),
            (
                Kind::Header(HeaderErrorKind::InvalidValueByte(0)),
                "expected a field value without controls, found '\\x00' at byte 7",
            ),
            (
                Kind::BoundaryInContent,
                "expected content without a line that begins with the boundary at byte 7",
            ),
            (Kind::NotInMemory, "expected content that is in memory at byte 7"),
        ] {
            assert_eq!(FormError::new(kind, 7).to_string(), text);
        }
    }
}

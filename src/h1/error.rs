//! Why a message was refused, where, and what a server owes its sender.

use core::fmt;

use crate::status::StatusCode;
use crate::syntax::Escaped;

/// Why a head or a body was refused.
///
/// A server answers [`status`](Self::status), says `Connection: close`, and closes; nothing on the
/// connection can be trusted after an error.
///
/// # Examples
///
/// ```
/// use nethttp::h1::{Config, ParseErrorKind, parse_request};
/// use nethttp::header::FieldSpan;
///
/// let mut slots = [FieldSpan::EMPTY; 16];
/// let error =
///     parse_request(b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", &mut slots, &Config::SERVER).unwrap_err();
/// assert_eq!(error.kind(), ParseErrorKind::FieldName(b' '));
/// assert_eq!(error.offset(), 20);
/// assert_eq!(error.status().as_u16(), 400);
/// assert_eq!(error.to_string(), "expected ':' after field name, found ' ' at byte 20");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseError {
    kind: ParseErrorKind,
    offset: u64,
}

/// The kinds of [`ParseError`].
///
/// # Examples
///
/// ```
/// use nethttp::h1::{BodyDecoder, Config, Framing, ParseErrorKind};
///
/// let mut body = BodyDecoder::new(Framing::Length(5), &Config::CLIENT);
/// body.decode(b"hel")?;
/// let error = body.end_of_input().unwrap_err();
/// // What was cut off can be asked for with a range that begins at the offset.
/// assert_eq!((error.kind(), error.offset()), (ParseErrorKind::Truncated, 3));
/// # Ok::<(), nethttp::h1::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseErrorKind {
    /// The method is not a token followed by a space: 400,
    /// [RFC 9112 §3](https://www.rfc-editor.org/rfc/rfc9112#section-3).
    Method(u8),
    /// The method is longer than 32 bytes: 501,
    /// [RFC 9112 §3](https://www.rfc-editor.org/rfc/rfc9112#section-3).
    MethodTooLong,
    /// A byte cannot stand in a request target: 400,
    /// [RFC 9112 §3.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2).
    TargetByte(u8),
    /// The target has none of the four forms, or not one that goes with the method: 400,
    /// [RFC 9112 §3.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2).
    Target,
    /// The target is longer than the limit: 414,
    /// [RFC 9112 §3](https://www.rfc-editor.org/rfc/rfc9112#section-3).
    TargetTooLong,
    /// The version is not written `HTTP/` DIGIT `.` DIGIT: 400,
    /// [RFC 9112 §2.3](https://www.rfc-editor.org/rfc/rfc9112#section-2.3).
    Version(u8),
    /// The major version is not 1: 505,
    /// [RFC 9110 §15.6.6](https://www.rfc-editor.org/rfc/rfc9110#section-15.6.6).
    VersionUnsupported,
    /// The peer speaks HTTP/2 with prior knowledge: 505,
    /// [RFC 9113 §3.4](https://www.rfc-editor.org/rfc/rfc9113#section-3.4).
    Http2Preface,
    /// The status code is not three digits from 100 on, or is not followed by a space or the line's
    /// end, [RFC 9112 §4](https://www.rfc-editor.org/rfc/rfc9112#section-4).
    Status(u8),
    /// A reason phrase holds CR, LF or NUL,
    /// [RFC 9112 §4](https://www.rfc-editor.org/rfc/rfc9112#section-4).
    Reason(u8),
    /// A CR is not followed by LF, or a line does not end where it should: 400,
    /// [RFC 9112 §2.2](https://www.rfc-editor.org/rfc/rfc9112#section-2.2).
    LineEnd(u8),
    /// A line ends with LF alone: 400,
    /// [RFC 9112 §2.2](https://www.rfc-editor.org/rfc/rfc9112#section-2.2).
    BareLf,
    /// More empty lines than the limit stand before the start-line: 400,
    /// [RFC 9112 §2.2](https://www.rfc-editor.org/rfc/rfc9112#section-2.2).
    TooManyEmptyLines,
    /// Whitespace stands before the first field: 400,
    /// [RFC 9112 §2.2](https://www.rfc-editor.org/rfc/rfc9112#section-2.2).
    LeadingWhitespace,
    /// A field line does not start with a token and `:`: 400,
    /// [RFC 9112 §5.1](https://www.rfc-editor.org/rfc/rfc9112#section-5.1).
    FieldName(u8),
    /// A field line continues on the next one: 400,
    /// [RFC 9112 §5.2](https://www.rfc-editor.org/rfc/rfc9112#section-5.2).
    ObsFold,
    /// A field value holds a control byte: 400,
    /// [RFC 9110 §5.5](https://www.rfc-editor.org/rfc/rfc9110#section-5.5).
    FieldValue(u8),
    /// The head is longer than the limit: 431,
    /// [RFC 6585 §5](https://www.rfc-editor.org/rfc/rfc6585#section-5).
    HeadTooLarge,
    /// The head has more fields than the limit, or than there are slots: 431,
    /// [RFC 6585 §5](https://www.rfc-editor.org/rfc/rfc6585#section-5).
    TooManyFields,
    /// An HTTP/1.1 request has no Host: 400,
    /// [RFC 9112 §3.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2).
    HostMissing,
    /// A request has more than one Host: 400,
    /// [RFC 9112 §3.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2).
    HostRepeated,
    /// The Host is not a host with an optional port: 400,
    /// [RFC 9110 §7.2](https://www.rfc-editor.org/rfc/rfc9110#section-7.2).
    Host,
    /// An expectation other than `100-continue`: 417,
    /// [RFC 9110 §10.1.1](https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1).
    Expectation,
    /// Content-Length is not one number below 2^64: 400,
    /// [RFC 9112 §6.3](https://www.rfc-editor.org/rfc/rfc9112#section-6.3).
    ContentLength,
    /// Content-Length stands twice: 400,
    /// [RFC 9112 §6.3](https://www.rfc-editor.org/rfc/rfc9112#section-6.3).
    ContentLengthRepeated,
    /// Content-Length and Transfer-Encoding stand in one request: 400,
    /// [RFC 9112 §6.1](https://www.rfc-editor.org/rfc/rfc9112#section-6.1).
    LengthAndCoding,
    /// Transfer-Encoding does not end with one `chunked`: 400,
    /// [RFC 9112 §6.3](https://www.rfc-editor.org/rfc/rfc9112#section-6.3).
    TransferEncoding,
    /// A transfer coding other than `chunked`: 501,
    /// [RFC 9112 §6.1](https://www.rfc-editor.org/rfc/rfc9112#section-6.1).
    TransferCodingUnknown,
    /// Transfer-Encoding in a message of HTTP/1.0: 400,
    /// [RFC 9112 §6.1](https://www.rfc-editor.org/rfc/rfc9112#section-6.1).
    TransferEncodingVersion,
    /// A chunk does not start with its size in hexadecimal: 400,
    /// [RFC 9112 §7.1](https://www.rfc-editor.org/rfc/rfc9112#section-7.1).
    ChunkSize(u8),
    /// A chunk size is 2^64 or more: 400,
    /// [RFC 9112 §7.1](https://www.rfc-editor.org/rfc/rfc9112#section-7.1).
    ChunkSizeOverflow,
    /// A chunk extension is malformed: 400,
    /// [RFC 9112 §7.1.1](https://www.rfc-editor.org/rfc/rfc9112#section-7.1.1).
    ChunkExtension(u8),
    /// The first line of a chunk is longer than the limit: 400,
    /// [RFC 9112 §7.1.1](https://www.rfc-editor.org/rfc/rfc9112#section-7.1.1).
    ChunkLineTooLong,
    /// A body's chunk framing outweighs its data by more than the limit: 400,
    /// [RFC 9112 §7.1.1](https://www.rfc-editor.org/rfc/rfc9112#section-7.1.1).
    ChunkOverhead,
    /// A chunk's data is not followed by CRLF: 400,
    /// [RFC 9112 §7.1](https://www.rfc-editor.org/rfc/rfc9112#section-7.1).
    ChunkEnd(u8),
    /// A trailer section is longer than the limit: 400,
    /// [RFC 9112 §7.1.2](https://www.rfc-editor.org/rfc/rfc9112#section-7.1.2).
    TrailersTooLarge,
    /// A trailer section has more fields than the limit: 400,
    /// [RFC 9112 §7.1.2](https://www.rfc-editor.org/rfc/rfc9112#section-7.1.2).
    TooManyTrailers,
    /// The connection ended inside a message: 400,
    /// [RFC 9112 §8](https://www.rfc-editor.org/rfc/rfc9112#section-8).
    Truncated,
    /// A response switches protocols though the request did not ask for it,
    /// [RFC 9110 §7.8](https://www.rfc-editor.org/rfc/rfc9110#section-7.8).
    UnexpectedSwitch,
    /// More interim responses than the limit came before a final one,
    /// [RFC 9110 §15.2](https://www.rfc-editor.org/rfc/rfc9110#section-15.2).
    TooManyInterim,
    /// A server sent something that no request asked for,
    /// [RFC 9112 §6.3](https://www.rfc-editor.org/rfc/rfc9112#section-6.3).
    UnexpectedResponse,
}

impl ParseError {
    #[cold]
    pub(crate) const fn new(kind: ParseErrorKind, offset: u64) -> Self {
        Self { kind, offset }
    }

    /// Creates an error at an offset into a buffer.
    #[cold]
    pub(crate) fn at(kind: ParseErrorKind, offset: usize) -> Self {
        Self { kind, offset: u64::try_from(offset).unwrap_or(u64::MAX) }
    }

    /// Returns what was wrong.
    ///
    /// ```
    /// use nethttp::h1::{BodyDecoder, Config, Framing, ParseErrorKind};
    ///
    /// let mut body = BodyDecoder::new(Framing::Chunked, &Config::SERVER);
    /// assert_eq!(body.decode(b"0x5\r\n").unwrap_err().kind(), ParseErrorKind::ChunkSize(b'x'));
    /// ```
    #[must_use]
    pub const fn kind(&self) -> ParseErrorKind {
        self.kind
    }

    /// Returns where, in bytes from the start of the head, or of the body as it was sent.
    ///
    /// ```
    /// use nethttp::h1::{BodyDecoder, Config, Framing};
    ///
    /// let mut body = BodyDecoder::new(Framing::Chunked, &Config::SERVER);
    /// assert_eq!(body.decode(b"0x5\r\n").unwrap_err().offset(), 1);
    /// ```
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    /// Returns the status that a server answers with: 400, 414, 417, 431, 501 or 505.
    ///
    /// ```
    /// use nethttp::h1::{Config, HeadScanner};
    ///
    /// let error = HeadScanner::request(&Config::SERVER).push(b"GET / HTTP/2.0\r\n").unwrap_err();
    /// assert_eq!(error.status().as_u16(), 505);
    /// ```
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        use ParseErrorKind as Kind;
        match self.kind {
            Kind::TargetTooLong => StatusCode::URI_TOO_LONG,
            Kind::Expectation => StatusCode::EXPECTATION_FAILED,
            Kind::HeadTooLarge | Kind::TooManyFields => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Kind::MethodTooLong | Kind::TransferCodingUnknown => StatusCode::NOT_IMPLEMENTED,
            Kind::VersionUnsupported | Kind::Http2Preface => StatusCode::HTTP_VERSION_NOT_SUPPORTED,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

impl ParseErrorKind {
    /// What was expected, and the byte that was found instead.
    const fn text(self) -> (&'static str, Option<u8>) {
        match self {
            Self::Method(octet) => ("expected a method and a space", Some(octet)),
            Self::MethodTooLong => ("expected a method of at most 32 bytes", None),
            Self::TargetByte(octet) => ("expected a request target", Some(octet)),
            Self::Target => ("expected a request target that goes with the method", None),
            Self::TargetTooLong => ("expected a shorter request target", None),
            Self::Version(octet) => ("expected an HTTP version", Some(octet)),
            Self::VersionUnsupported => ("expected HTTP version 1", None),
            Self::Http2Preface => ("expected HTTP/1.1, found the preface of HTTP/2", None),
            Self::Status(octet) => ("expected a status code of three digits", Some(octet)),
            Self::Reason(octet) => ("expected a reason phrase", Some(octet)),
            Self::LineEnd(octet) => ("expected the end of the line", Some(octet)),
            Self::BareLf => ("expected CR before LF", None),
            Self::TooManyEmptyLines => ("expected a start-line, found empty lines", None),
            Self::LeadingWhitespace => ("expected a field name, found whitespace", None),
            Self::FieldName(octet) => ("expected ':' after field name", Some(octet)),
            Self::ObsFold => ("expected a field name, found a folded line", None),
            Self::FieldValue(octet) => ("expected a field value", Some(octet)),
            Self::HeadTooLarge => ("expected a shorter head", None),
            Self::TooManyFields => ("expected fewer fields", None),
            Self::HostMissing => ("expected a Host field", None),
            Self::HostRepeated => ("expected one Host field, found another", None),
            Self::Host => ("expected a host with an optional port", None),
            Self::Expectation => ("expected no expectation but 100-continue", None),
            Self::ContentLength => ("expected a Content-Length of one number below 2^64", None),
            Self::ContentLengthRepeated => ("expected one Content-Length, found another", None),
            Self::LengthAndCoding => ("expected no Content-Length beside Transfer-Encoding", None),
            Self::TransferEncoding => ("expected a Transfer-Encoding that ends in chunked", None),
            Self::TransferCodingUnknown => ("expected no transfer coding but chunked", None),
            Self::TransferEncodingVersion => ("expected no Transfer-Encoding in HTTP/1.0", None),
            Self::ChunkSize(octet) => ("expected a chunk size", Some(octet)),
            Self::ChunkSizeOverflow => ("expected a chunk size below 2^64", None),
            Self::ChunkExtension(octet) => ("expected a chunk extension", Some(octet)),
            Self::ChunkLineTooLong => ("expected a shorter chunk extension", None),
            Self::ChunkOverhead => ("expected larger chunks or fewer extensions", None),
            Self::ChunkEnd(octet) => ("expected CRLF after chunk data", Some(octet)),
            Self::TrailersTooLarge => ("expected a shorter trailer section", None),
            Self::TooManyTrailers => ("expected fewer trailer fields", None),
            Self::Truncated => ("expected more bytes, found the end of the connection", None),
            Self::UnexpectedSwitch => ("expected no switch of protocols", None),
            Self::TooManyInterim => ("expected a final response, found another interim one", None),
            Self::UnexpectedResponse => ("expected nothing before the next request", None),
        }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (expected, found) = self.kind.text();
        f.write_str(expected)?;
        if let Some(octet) = found {
            write!(f, ", found {}", Escaped(octet))?;
        }
        write!(f, " at byte {}", self.offset)
    }
}

impl core::error::Error for ParseError {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    /// Every kind, its status and its text at byte 7.
    const ALL: [(ParseErrorKind, u16, &str); 42] = {
        use ParseErrorKind as Kind;
        [
            (Kind::Method(b'@'), 400, "expected a method and a space, found '@'"),
            (Kind::MethodTooLong, 501, "expected a method of at most 32 bytes"),
            (Kind::TargetByte(0), 400, "expected a request target, found '\\x00'"),
            (Kind::Target, 400, "expected a request target that goes with the method"),
            (Kind::TargetTooLong, 414, "expected a shorter request target"),
            (Kind::Version(b'h'), 400, "expected an HTTP version, found 'h'"),
            (Kind::VersionUnsupported, 505, "expected HTTP version 1"),
            (Kind::Http2Preface, 505, "expected HTTP/1.1, found the preface of HTTP/2"),
            (Kind::Status(b'x'), 400, "expected a status code of three digits, found 'x'"),
            (Kind::Reason(0), 400, "expected a reason phrase, found '\\x00'"),
            (Kind::LineEnd(b'\t'), 400, "expected the end of the line, found '\\t'"),
            (Kind::BareLf, 400, "expected CR before LF"),
            (Kind::TooManyEmptyLines, 400, "expected a start-line, found empty lines"),
            (Kind::LeadingWhitespace, 400, "expected a field name, found whitespace"),
            (Kind::FieldName(b' '), 400, "expected ':' after field name, found ' '"),
            (Kind::ObsFold, 400, "expected a field name, found a folded line"),
            (Kind::FieldValue(0x7f), 400, "expected a field value, found '\\x7f'"),
            (Kind::HeadTooLarge, 431, "expected a shorter head"),
            (Kind::TooManyFields, 431, "expected fewer fields"),
            (Kind::HostMissing, 400, "expected a Host field"),
            (Kind::HostRepeated, 400, "expected one Host field, found another"),
            (Kind::Host, 400, "expected a host with an optional port"),
            (Kind::Expectation, 417, "expected no expectation but 100-continue"),
            (Kind::ContentLength, 400, "expected a Content-Length of one number below 2^64"),
            (Kind::ContentLengthRepeated, 400, "expected one Content-Length, found another"),
            (Kind::LengthAndCoding, 400, "expected no Content-Length beside Transfer-Encoding"),
            (Kind::TransferEncoding, 400, "expected a Transfer-Encoding that ends in chunked"),
            (Kind::TransferCodingUnknown, 501, "expected no transfer coding but chunked"),
            (Kind::TransferEncodingVersion, 400, "expected no Transfer-Encoding in HTTP/1.0"),
            (Kind::ChunkSize(b'x'), 400, "expected a chunk size, found 'x'"),
            (Kind::ChunkSizeOverflow, 400, "expected a chunk size below 2^64"),
            (Kind::ChunkExtension(b'@'), 400, "expected a chunk extension, found '@'"),
            (Kind::ChunkLineTooLong, 400, "expected a shorter chunk extension"),
            (Kind::ChunkOverhead, 400, "expected larger chunks or fewer extensions"),
            (Kind::ChunkEnd(0xff), 400, "expected CRLF after chunk data, found '\\xff'"),
            (Kind::TrailersTooLarge, 400, "expected a shorter trailer section"),
            (Kind::TooManyTrailers, 400, "expected fewer trailer fields"),
            (Kind::Truncated, 400, "expected more bytes, found the end of the connection"),
            (Kind::UnexpectedSwitch, 400, "expected no switch of protocols"),
            (Kind::TooManyInterim, 400, "expected a final response, found another interim one"),
            (Kind::UnexpectedResponse, 400, "expected nothing before the next request"),
            (Kind::LineEnd(b'\n'), 400, "expected the end of the line, found '\\n'"),
        ]
    };

    #[test]
    fn texts_and_statuses_are_pinned() {
        for (kind, status, text) in ALL {
            let error = ParseError::new(kind, 7);
            assert_eq!(error.to_string(), alloc::format!("{text} at byte 7"));
            assert_eq!(error.status().as_u16(), status, "{kind:?}");
        }
    }

    #[test]
    fn offsets_keep_64_bits() {
        let error = ParseError::new(ParseErrorKind::Truncated, u64::MAX);
        let text =
            "expected more bytes, found the end of the connection at byte 18446744073709551615";
        assert_eq!(error.to_string(), text);
        assert_eq!(ParseError::at(ParseErrorKind::Truncated, usize::MAX).offset(), u64::MAX);
    }
}

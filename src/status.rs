//! The status code of a response, [RFC 9110 §15], and every code that IANA has registered.
//!
//! A [`StatusCode`] is three digits from 100 to 999. The first digit is the class of the response
//! ([`StatusCode::class`]); a client that does not know a code treats it as the first of its class.
//! What a status obliges either side to do is decided where messages are.
//!
//! The constants are named as in hyperium/http; their reason phrases are the ones in the
//! [registry](https://www.iana.org/assignments/http-status-codes), and that of [RFC 2324] for 418,
//! which is reserved. Code 306, reserved too, and 104, registered for a time only, have no constant.
//!
//! ```
//! use nethttp::status::StatusCode;
//!
//! let status = StatusCode::parse(b"404")?;
//! assert_eq!(status, StatusCode::NOT_FOUND);
//! assert_eq!(status.canonical_reason(), Some("Not Found"));
//! assert!(status.is_client_error());
//! # Ok::<(), nethttp::status::InvalidStatusCode>(())
//! ```
//!
//! [RFC 2324]: https://www.rfc-editor.org/rfc/rfc2324#section-2.3.2
//! [RFC 9110 §15]: https://www.rfc-editor.org/rfc/rfc9110#section-15

use core::fmt;
use core::num::NonZeroU16;
use core::str::FromStr;

/// A status code from 100 to 999, [RFC 9110 §15](https://www.rfc-editor.org/rfc/rfc9110#section-15).
///
/// The registered codes are constants, which may be used as patterns. `Option<StatusCode>` is no
/// larger than `StatusCode`.
///
/// # Deviations
///
/// Codes from 600 to 999 are outside of RFC 9110's range but in use; they are accepted, and treated
/// as server errors, as the RFC advises for invalid codes.
///
/// # Examples
///
/// ```
/// use nethttp::status::StatusCode;
///
/// let status = StatusCode::from_u16(503)?;
/// assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
/// assert_eq!(status.to_string(), "503");
/// assert_eq!(status, 503);
/// # Ok::<(), nethttp::status::InvalidStatusCode>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatusCode(NonZeroU16);

impl StatusCode {
    /// Returns the status code of a number from 100 to 999.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidStatusCodeKind::OutOfRange`] for any other number.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::status::StatusCode;
    ///
    /// assert_eq!(StatusCode::from_u16(200)?, StatusCode::OK);
    /// assert!(StatusCode::from_u16(99).is_err());
    /// # Ok::<(), nethttp::status::InvalidStatusCode>(())
    /// ```
    #[inline]
    pub const fn from_u16(number: u16) -> Result<Self, InvalidStatusCode> {
        match NonZeroU16::new(number) {
            Some(code) if number >= 100 && number <= 999 => Ok(Self(code)),
            _ => Err(InvalidStatusCode { kind: InvalidStatusCodeKind::OutOfRange, offset: 0 }),
        }
    }

    /// Reads a status code that spans the whole input.
    ///
    /// ```abnf
    /// status-code = 3DIGIT
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error when the input is not exactly three digits, or when the first is 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::status::{InvalidStatusCodeKind, StatusCode};
    ///
    /// assert_eq!(StatusCode::parse(b"304")?, StatusCode::NOT_MODIFIED);
    ///
    /// let error = StatusCode::parse(b"20x").unwrap_err();
    /// assert_eq!(error.kind(), InvalidStatusCodeKind::InvalidByte(b'x'));
    /// # Ok::<(), nethttp::status::InvalidStatusCode>(())
    /// ```
    #[inline]
    pub fn parse(text: &[u8]) -> Result<Self, InvalidStatusCode> {
        match text {
            &[a @ b'0'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9'] => {
                let digit = |octet: u8| u16::from(octet - b'0');
                Self::from_u16(digit(a) * 100 + digit(b) * 10 + digit(c))
            }
            _ => Err(InvalidStatusCode::at_first_difference(text)),
        }
    }

    /// Returns the number, 100 to 999.
    ///
    /// ```
    /// assert_eq!(nethttp::status::StatusCode::IM_A_TEAPOT.as_u16(), 418);
    /// ```
    #[must_use]
    pub const fn as_u16(&self) -> u16 {
        self.0.get()
    }

    /// Returns the three digits as they stand in a status-line.
    ///
    /// ```
    /// assert_eq!(&nethttp::status::StatusCode::OK.as_digits(), b"200");
    /// ```
    #[must_use]
    #[inline]
    pub const fn as_digits(&self) -> [u8; 3] {
        let number = self.0.get();
        [digit(number / 100), digit(number / 10 % 10), digit(number % 10)]
    }

    /// Returns the class, which the first digit tells.
    ///
    /// ```
    /// use nethttp::status::{StatusClass, StatusCode};
    ///
    /// assert_eq!(StatusCode::SEE_OTHER.class(), StatusClass::Redirection);
    /// assert_eq!(StatusCode::from_u16(799)?.class(), StatusClass::ServerError);
    /// # Ok::<(), nethttp::status::InvalidStatusCode>(())
    /// ```
    #[must_use]
    pub const fn class(&self) -> StatusClass {
        match self.0.get() {
            ..200 => StatusClass::Informational,
            200..300 => StatusClass::Successful,
            300..400 => StatusClass::Redirection,
            400..500 => StatusClass::ClientError,
            500.. => StatusClass::ServerError,
        }
    }

    /// Returns whether another response to the same request follows (1xx),
    /// [RFC 9110 §15.2](https://www.rfc-editor.org/rfc/rfc9110#section-15.2).
    ///
    /// ```
    /// assert!(nethttp::status::StatusCode::EARLY_HINTS.is_informational());
    /// ```
    #[must_use]
    pub const fn is_informational(&self) -> bool {
        matches!(self.class(), StatusClass::Informational)
    }

    /// Returns whether the request was accepted (2xx),
    /// [RFC 9110 §15.3](https://www.rfc-editor.org/rfc/rfc9110#section-15.3).
    ///
    /// ```
    /// assert!(nethttp::status::StatusCode::CREATED.is_success());
    /// ```
    #[must_use]
    pub const fn is_success(&self) -> bool {
        matches!(self.class(), StatusClass::Successful)
    }

    /// Returns whether the client has more to do (3xx); 304 is among these,
    /// [RFC 9110 §15.4](https://www.rfc-editor.org/rfc/rfc9110#section-15.4).
    ///
    /// ```
    /// assert!(nethttp::status::StatusCode::FOUND.is_redirection());
    /// ```
    #[must_use]
    pub const fn is_redirection(&self) -> bool {
        matches!(self.class(), StatusClass::Redirection)
    }

    /// Returns whether the client seems to have erred (4xx),
    /// [RFC 9110 §15.5](https://www.rfc-editor.org/rfc/rfc9110#section-15.5).
    ///
    /// ```
    /// assert!(nethttp::status::StatusCode::GONE.is_client_error());
    /// ```
    #[must_use]
    pub const fn is_client_error(&self) -> bool {
        matches!(self.class(), StatusClass::ClientError)
    }

    /// Returns whether the server failed (5xx, and 600 to 999),
    /// [RFC 9110 §15.6](https://www.rfc-editor.org/rfc/rfc9110#section-15.6).
    ///
    /// ```
    /// assert!(nethttp::status::StatusCode::BAD_GATEWAY.is_server_error());
    /// ```
    #[must_use]
    pub const fn is_server_error(&self) -> bool {
        matches!(self.class(), StatusClass::ServerError)
    }
}

const fn digit(value: u16) -> u8 {
    let [low, _] = value.to_le_bytes();
    b'0' + low
}

/// Number, constant, reason phrase, RFC and section that define it.
macro_rules! registered {
    ($($number:literal $name:ident $reason:literal $rfc:literal $section:literal;)+) => {
        impl StatusCode {
            $(
                #[doc = concat!(
                    stringify!($number), " ", $reason, ", [RFC ", $rfc, " §", $section,
                    "](https://www.rfc-editor.org/rfc/rfc", $rfc, "#section-", $section, ")."
                )]
                pub const $name: Self = Self(NonZeroU16::MIN.saturating_add($number - 1));
            )+

            /// Returns the reason phrase that the registry has for the code, or `None` for a code
            /// without constant.
            ///
            /// A reason phrase is decoration: clients ignore it,
            /// [RFC 9112 §4](https://www.rfc-editor.org/rfc/rfc9112#section-4).
            ///
            /// ```
            /// use nethttp::status::StatusCode;
            ///
            /// assert_eq!(StatusCode::CONTINUE.canonical_reason(), Some("Continue"));
            /// assert_eq!(StatusCode::from_u16(299)?.canonical_reason(), None);
            /// # Ok::<(), nethttp::status::InvalidStatusCode>(())
            /// ```
            #[must_use]
            pub const fn canonical_reason(&self) -> Option<&'static str> {
                match self.0.get() {
                    $($number => Some($reason),)+
                    _ => None,
                }
            }
        }

        #[cfg(test)]
        const REGISTERED: &[(u16, StatusCode)] = &[$(($number, StatusCode::$name)),+];
    };
}

registered! {
    100 CONTINUE "Continue" 9110 "15.2.1";
    101 SWITCHING_PROTOCOLS "Switching Protocols" 9110 "15.2.2";
    102 PROCESSING "Processing" 2518 "10.1";
    103 EARLY_HINTS "Early Hints" 8297 "2";

    200 OK "OK" 9110 "15.3.1";
    201 CREATED "Created" 9110 "15.3.2";
    202 ACCEPTED "Accepted" 9110 "15.3.3";
    203 NON_AUTHORITATIVE_INFORMATION "Non-Authoritative Information" 9110 "15.3.4";
    204 NO_CONTENT "No Content" 9110 "15.3.5";
    205 RESET_CONTENT "Reset Content" 9110 "15.3.6";
    206 PARTIAL_CONTENT "Partial Content" 9110 "15.3.7";
    207 MULTI_STATUS "Multi-Status" 4918 "11.1";
    208 ALREADY_REPORTED "Already Reported" 5842 "7.1";
    226 IM_USED "IM Used" 3229 "10.4.1";

    300 MULTIPLE_CHOICES "Multiple Choices" 9110 "15.4.1";
    301 MOVED_PERMANENTLY "Moved Permanently" 9110 "15.4.2";
    302 FOUND "Found" 9110 "15.4.3";
    303 SEE_OTHER "See Other" 9110 "15.4.4";
    304 NOT_MODIFIED "Not Modified" 9110 "15.4.5";
    305 USE_PROXY "Use Proxy" 9110 "15.4.6";
    307 TEMPORARY_REDIRECT "Temporary Redirect" 9110 "15.4.8";
    308 PERMANENT_REDIRECT "Permanent Redirect" 9110 "15.4.9";

    400 BAD_REQUEST "Bad Request" 9110 "15.5.1";
    401 UNAUTHORIZED "Unauthorized" 9110 "15.5.2";
    402 PAYMENT_REQUIRED "Payment Required" 9110 "15.5.3";
    403 FORBIDDEN "Forbidden" 9110 "15.5.4";
    404 NOT_FOUND "Not Found" 9110 "15.5.5";
    405 METHOD_NOT_ALLOWED "Method Not Allowed" 9110 "15.5.6";
    406 NOT_ACCEPTABLE "Not Acceptable" 9110 "15.5.7";
    407 PROXY_AUTHENTICATION_REQUIRED "Proxy Authentication Required" 9110 "15.5.8";
    408 REQUEST_TIMEOUT "Request Timeout" 9110 "15.5.9";
    409 CONFLICT "Conflict" 9110 "15.5.10";
    410 GONE "Gone" 9110 "15.5.11";
    411 LENGTH_REQUIRED "Length Required" 9110 "15.5.12";
    412 PRECONDITION_FAILED "Precondition Failed" 9110 "15.5.13";
    413 PAYLOAD_TOO_LARGE "Content Too Large" 9110 "15.5.14";
    414 URI_TOO_LONG "URI Too Long" 9110 "15.5.15";
    415 UNSUPPORTED_MEDIA_TYPE "Unsupported Media Type" 9110 "15.5.16";
    416 RANGE_NOT_SATISFIABLE "Range Not Satisfiable" 9110 "15.5.17";
    417 EXPECTATION_FAILED "Expectation Failed" 9110 "15.5.18";
    418 IM_A_TEAPOT "I'm a teapot" 9110 "15.5.19";
    421 MISDIRECTED_REQUEST "Misdirected Request" 9110 "15.5.20";
    422 UNPROCESSABLE_ENTITY "Unprocessable Content" 9110 "15.5.21";
    423 LOCKED "Locked" 4918 "11.3";
    424 FAILED_DEPENDENCY "Failed Dependency" 4918 "11.4";
    425 TOO_EARLY "Too Early" 8470 "5.2";
    426 UPGRADE_REQUIRED "Upgrade Required" 9110 "15.5.22";
    428 PRECONDITION_REQUIRED "Precondition Required" 6585 "3";
    429 TOO_MANY_REQUESTS "Too Many Requests" 6585 "4";
    431 REQUEST_HEADER_FIELDS_TOO_LARGE "Request Header Fields Too Large" 6585 "5";
    451 UNAVAILABLE_FOR_LEGAL_REASONS "Unavailable For Legal Reasons" 7725 "3";

    500 INTERNAL_SERVER_ERROR "Internal Server Error" 9110 "15.6.1";
    501 NOT_IMPLEMENTED "Not Implemented" 9110 "15.6.2";
    502 BAD_GATEWAY "Bad Gateway" 9110 "15.6.3";
    503 SERVICE_UNAVAILABLE "Service Unavailable" 9110 "15.6.4";
    504 GATEWAY_TIMEOUT "Gateway Timeout" 9110 "15.6.5";
    505 HTTP_VERSION_NOT_SUPPORTED "HTTP Version Not Supported" 9110 "15.6.6";
    506 VARIANT_ALSO_NEGOTIATES "Variant Also Negotiates" 2295 "8.1";
    507 INSUFFICIENT_STORAGE "Insufficient Storage" 4918 "11.5";
    508 LOOP_DETECTED "Loop Detected" 5842 "7.2";
    510 NOT_EXTENDED "Not Extended" 2774 "7";
    511 NETWORK_AUTHENTICATION_REQUIRED "Network Authentication Required" 6585 "6";
}

/// The five classes of responses, [RFC 9110 §15](https://www.rfc-editor.org/rfc/rfc9110#section-15).
///
/// # Examples
///
/// ```
/// use nethttp::status::{StatusClass, StatusCode};
///
/// let logged_as = match StatusCode::NOT_FOUND.class() {
///     StatusClass::ServerError => "error",
///     StatusClass::ClientError => "warning",
///     _ => "notice",
/// };
/// assert_eq!(logged_as, "warning");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the RFC closes the set and has clients rely on it")]
pub enum StatusClass {
    /// 1xx, [RFC 9110 §15.2](https://www.rfc-editor.org/rfc/rfc9110#section-15.2).
    Informational,
    /// 2xx, [RFC 9110 §15.3](https://www.rfc-editor.org/rfc/rfc9110#section-15.3).
    Successful,
    /// 3xx, [RFC 9110 §15.4](https://www.rfc-editor.org/rfc/rfc9110#section-15.4).
    Redirection,
    /// 4xx, [RFC 9110 §15.5](https://www.rfc-editor.org/rfc/rfc9110#section-15.5).
    ClientError,
    /// 5xx and, as invalid codes, 600 to 999,
    /// [RFC 9110 §15.6](https://www.rfc-editor.org/rfc/rfc9110#section-15.6).
    ServerError,
}

impl fmt::Display for StatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(core::str::from_utf8(&self.as_digits()).unwrap_or_default())
    }
}

impl fmt::Debug for StatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq<u16> for StatusCode {
    fn eq(&self, other: &u16) -> bool {
        self.as_u16() == *other
    }
}

impl PartialEq<StatusCode> for u16 {
    fn eq(&self, other: &StatusCode) -> bool {
        *self == other.as_u16()
    }
}

impl From<StatusCode> for u16 {
    fn from(status: StatusCode) -> Self {
        status.as_u16()
    }
}

impl TryFrom<u16> for StatusCode {
    type Error = InvalidStatusCode;

    fn try_from(number: u16) -> Result<Self, InvalidStatusCode> {
        Self::from_u16(number)
    }
}

impl TryFrom<&[u8]> for StatusCode {
    type Error = InvalidStatusCode;

    fn try_from(text: &[u8]) -> Result<Self, InvalidStatusCode> {
        Self::parse(text)
    }
}

impl FromStr for StatusCode {
    type Err = InvalidStatusCode;

    fn from_str(text: &str) -> Result<Self, InvalidStatusCode> {
        Self::parse(text.as_bytes())
    }
}

/// Why a number or some bytes are not a [`StatusCode`], and where.
///
/// # Examples
///
/// ```
/// use nethttp::status::StatusCode;
///
/// let error = StatusCode::parse(b"2000").unwrap_err();
/// assert_eq!(error.to_string(), "expected three digits as status code, found '0' at byte 3");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidStatusCode {
    kind: InvalidStatusCodeKind,
    offset: usize,
}

/// What is wrong with a status code.
///
/// # Examples
///
/// ```
/// use nethttp::status::{InvalidStatusCodeKind, StatusCode};
///
/// let error = StatusCode::from_u16(1000).unwrap_err();
/// assert_eq!(error.kind(), InvalidStatusCodeKind::OutOfRange);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidStatusCodeKind {
    /// The number is below 100 or above 999,
    /// [RFC 9110 §15](https://www.rfc-editor.org/rfc/rfc9110#section-15).
    OutOfRange,
    /// The text ends before the third digit,
    /// [RFC 9112 §4](https://www.rfc-editor.org/rfc/rfc9112#section-4).
    TooShort,
    /// A byte is no digit, or stands after the third,
    /// [RFC 9112 §4](https://www.rfc-editor.org/rfc/rfc9112#section-4).
    InvalidByte(u8),
}

impl InvalidStatusCode {
    fn at_first_difference(text: &[u8]) -> Self {
        let offset = text.iter().take(3).take_while(|octet| octet.is_ascii_digit()).count();
        let kind = match text.get(offset) {
            Some(&byte) => InvalidStatusCodeKind::InvalidByte(byte),
            None => InvalidStatusCodeKind::TooShort,
        };
        Self { kind, offset }
    }

    /// Returns what is wrong.
    ///
    /// ```
    /// use nethttp::status::{InvalidStatusCodeKind, StatusCode};
    ///
    /// let error = StatusCode::parse(b"20").unwrap_err();
    /// assert_eq!(error.kind(), InvalidStatusCodeKind::TooShort);
    /// ```
    #[must_use]
    pub const fn kind(&self) -> InvalidStatusCodeKind {
        self.kind
    }

    /// Returns the position of the first byte that is wrong, counted from 0; 0 for a number.
    ///
    /// ```
    /// use nethttp::status::StatusCode;
    ///
    /// assert_eq!(StatusCode::parse(b"20").unwrap_err().offset(), 2);
    /// ```
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for InvalidStatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            InvalidStatusCodeKind::OutOfRange => {
                f.write_str("expected a status code from 100 to 999, found another number")?;
            }
            InvalidStatusCodeKind::TooShort => {
                f.write_str("expected three digits as status code, found the end")?;
            }
            InvalidStatusCodeKind::InvalidByte(byte) => {
                let byte = byte.escape_ascii();
                write!(f, "expected three digits as status code, found '{byte}'")?;
            }
        }
        write!(f, " at byte {}", self.offset)
    }
}

impl core::error::Error for InvalidStatusCode {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::ToString;

    #[track_caller]
    fn rejects(text: &[u8], kind: InvalidStatusCodeKind, offset: usize, message: &str) {
        let error = StatusCode::parse(text).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, offset));
        assert_eq!(error.to_string(), message);
    }

    #[test]
    fn every_number_is_a_code_when_it_has_three_digits() {
        for number in 0..=u16::MAX {
            assert_eq!(StatusCode::from_u16(number).is_ok(), (100..=999).contains(&number));
        }
        for number in 100..=999 {
            let status = StatusCode::from_u16(number).unwrap();
            assert_eq!(status.as_u16(), number);
            assert_eq!(StatusCode::parse(&status.as_digits()), Ok(status));
            assert_eq!(status.to_string(), number.to_string());
            assert_eq!(format!("{status:?}"), number.to_string());
        }
    }

    #[test]
    fn every_registered_code_has_its_number_and_a_reason() {
        for (number, status) in REGISTERED {
            assert_eq!(status, number);
            assert!(status.canonical_reason().is_some_and(|reason| !reason.is_empty()));
        }
        assert!(REGISTERED.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(REGISTERED.len(), 62);
    }

    #[test]
    fn the_first_digit_is_the_class() {
        let classes = [
            (100..200, StatusClass::Informational),
            (200..300, StatusClass::Successful),
            (300..400, StatusClass::Redirection),
            (400..500, StatusClass::ClientError),
            (500..1000, StatusClass::ServerError),
        ];
        for (numbers, class) in classes {
            for number in numbers {
                let status = StatusCode::from_u16(number).unwrap();
                assert_eq!(status.class(), class);
                assert_eq!(status.is_informational(), class == StatusClass::Informational);
                assert_eq!(status.is_success(), class == StatusClass::Successful);
                assert_eq!(status.is_redirection(), class == StatusClass::Redirection);
                assert_eq!(status.is_client_error(), class == StatusClass::ClientError);
                assert_eq!(status.is_server_error(), class == StatusClass::ServerError);
            }
        }
    }

    #[test]
    fn an_option_of_a_code_takes_two_bytes() {
        assert_eq!(size_of::<Option<StatusCode>>(), 2);
    }

    #[test]
    fn errors_say_what_and_where() {
        use InvalidStatusCodeKind::{InvalidByte, OutOfRange, TooShort};
        let digits = "expected three digits as status code, found";
        rejects(b"", TooShort, 0, &format!("{digits} the end at byte 0"));
        rejects(b"20", TooShort, 2, &format!("{digits} the end at byte 2"));
        rejects(b"2 0", InvalidByte(b' '), 1, &format!("{digits} ' ' at byte 1"));
        rejects(b"+20", InvalidByte(b'+'), 0, &format!("{digits} '+' at byte 0"));
        rejects(b"2000", InvalidByte(b'0'), 3, &format!("{digits} '0' at byte 3"));
        rejects(b"200\r", InvalidByte(b'\r'), 3, &format!("{digits} '\\r' at byte 3"));
        rejects(
            b"099",
            OutOfRange,
            0,
            "expected a status code from 100 to 999, found another number at byte 0",
        );
    }
}

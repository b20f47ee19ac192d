//! Messages onto the wire: heads, and the framing of bodies.
//!
//! The encoder decides the framing from the version, the method and the status
//! ([RFC 9112 §6](https://www.rfc-editor.org/rfc/rfc9112#section-6)), so that no caller can send a
//! message that ends elsewhere than its fields say: it writes Content-Length and Transfer-Encoding
//! itself, leaves them out where they are forbidden, and drops the content that a response may not
//! have. A request without content expects no `100-continue` ([RFC 9110 §10.1.1]), and Connection names TE
//! ([RFC 9110 §10.1.4]) and Upgrade ([RFC 9110 §7.8]) where they are. A [`HeaderMap`] holds no line breaks, and reason
//! phrases and targets are checked here, so nothing can be injected.
//!
//! [RFC 9110 §10.1.1]: https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1
//! [RFC 9110 §10.1.4]: https://www.rfc-editor.org/rfc/rfc9110#section-10.1.4
//! [RFC 9110 §7.8]: https://www.rfc-editor.org/rfc/rfc9110#section-7.8

mod body;
mod error;

use alloc::vec::Vec;

use super::control::ConnectionOptions;
use crate::header::HeaderMap;
use crate::method::Method;
use crate::status::StatusCode;
use crate::syntax::{Class, Digits, members, parse_decimal};
use crate::uri::{RequestTarget, check_host};
use crate::version::Version;

pub use body::{BodyEncoder, Frame};
pub use error::{EncodeError, EncodeErrorKind};

/// Writes the heads of responses to one request.
///
/// # Examples
///
/// ```
/// use nethttp::h1::ResponseEncoder;
/// use nethttp::{HeaderMap, Method, StatusCode, Version};
///
/// let mut out = Vec::new();
/// let mut headers = HeaderMap::new();
/// headers.append("Content-Type", "text/plain").expect("a valid field");
/// let to_get = ResponseEncoder::new(Method::GET, Version::HTTP_11);
/// let mut body = to_get.encode(StatusCode::OK, None, &headers, Some(2), &mut out)?;
/// body.data(b"hi", &mut out)?;
/// body.finish(&HeaderMap::new(), &mut out)?;
/// assert_eq!(
///     out,
///     b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi"
/// );
/// # Ok::<(), nethttp::h1::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ResponseEncoder<'a> {
    method: Method,
    version: Version,
    keep_alive: bool,
    date: Option<&'a [u8; 29]>,
}

impl<'a> ResponseEncoder<'a> {
    /// Creates an encoder for the answers to a request of that method and version.
    ///
    /// ```
    /// use nethttp::h1::ResponseEncoder;
    /// use nethttp::{HeaderMap, Method, StatusCode, Version};
    ///
    /// let mut out = Vec::new();
    /// let to_old_client = ResponseEncoder::new(Method::GET, Version::HTTP_10);
    /// to_old_client.encode(StatusCode::OK, None, &HeaderMap::new(), None, &mut out)?;
    /// assert_eq!(out, b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"); // not chunked
    /// # Ok::<(), nethttp::h1::EncodeError>(())
    /// ```
    #[must_use]
    pub const fn new(method: Method, version: Version) -> Self {
        Self { method, version, keep_alive: true, date: None }
    }

    /// Sets whether the connection is to stay open after the response.
    ///
    /// ```
    /// use nethttp::h1::ResponseEncoder;
    /// use nethttp::{HeaderMap, Method, StatusCode, Version};
    ///
    /// let mut out = Vec::new();
    /// ResponseEncoder::new(Method::GET, Version::HTTP_11)
    ///     .keep_alive(false)
    ///     .encode(StatusCode::NO_CONTENT, None, &HeaderMap::new(), Some(0), &mut out)?;
    /// assert_eq!(out, b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    /// # Ok::<(), nethttp::h1::EncodeError>(())
    /// ```
    #[must_use]
    pub const fn keep_alive(mut self, keep_alive: bool) -> Self {
        self.keep_alive = keep_alive;
        self
    }

    /// Sets the Date that is written unless the fields have one,
    /// [RFC 9110 §6.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1).
    ///
    /// ```
    /// use nethttp::field::HttpDate;
    /// use nethttp::h1::ResponseEncoder;
    /// use nethttp::{HeaderMap, Method, StatusCode, Version};
    ///
    /// let mut out = Vec::new();
    /// let now = HttpDate::from_unix(784_111_777).encode();
    /// ResponseEncoder::new(Method::GET, Version::HTTP_11)
    ///     .date(&now)
    ///     .encode(StatusCode::NO_CONTENT, None, &HeaderMap::new(), None, &mut out)?;
    /// assert_eq!(out, b"HTTP/1.1 204 No Content\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n");
    /// # Ok::<(), nethttp::h1::EncodeError>(())
    /// ```
    #[must_use]
    pub const fn date(mut self, date: &'a [u8; 29]) -> Self {
        self.date = Some(date);
        self
    }

    /// Appends the head of a final response, or of `101 Switching Protocols`, and returns the encoder
    /// of its body. `reason` stands in for the registered phrase; `length` is the body's, if known.
    ///
    /// A body of unknown length is chunked, or, for a client of HTTP/1.0, ends with the connection.
    ///
    /// # Errors
    ///
    /// A reason phrase that cannot stand on a line, a Content-Length field that contradicts `length`,
    /// an interim status, 101 without Upgrade or to HTTP/1.0. Nothing is appended then.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::h1::ResponseEncoder;
    /// use nethttp::{HeaderMap, Method, StatusCode, Version};
    ///
    /// let mut out = Vec::new();
    /// let to_head = ResponseEncoder::new(Method::HEAD, Version::HTTP_11);
    /// let mut body = to_head.encode(StatusCode::OK, None, &HeaderMap::new(), Some(5), &mut out)?;
    /// body.data(b"hello", &mut out)?; // goes nowhere
    /// assert_eq!(out, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    /// # Ok::<(), nethttp::h1::EncodeError>(())
    /// ```
    pub fn encode(
        &self,
        status: StatusCode,
        reason: Option<&[u8]>,
        headers: &HeaderMap,
        length: Option<u64>,
        out: &mut Vec<u8>,
    ) -> Result<BodyEncoder, EncodeError> {
        let switching = status == StatusCode::SWITCHING_PROTOCOLS;
        if status.is_informational() && !switching {
            return Err(EncodeError::new(EncodeErrorKind::InterimStatus));
        }
        if switching && self.version < Version::HTTP_11 {
            return Err(EncodeError::new(EncodeErrorKind::InterimVersion));
        }
        if switching && !headers.contains_key("Upgrade") {
            return Err(EncodeError::new(EncodeErrorKind::UpgradeMissing));
        }
        let start = out.len();
        status_line(status, reason, out)?;
        let own = fields(headers, true, out);
        let plan = own.length().and_then(|declared| self.plan(status, declared, length));
        let plan = plan.inspect_err(|_| out.truncate(start))?;
        let keep_alive = self.keep_alive && !own.connection.close && plan.body != Plan::UNTIL_CLOSE;
        let old = self.version < Version::HTTP_11;
        if let Some(date) = self.date.filter(|_| !own.has_date) {
            line(b"Date: ", date, out);
        }
        match plan.field {
            LengthField::None => {}
            LengthField::Length(length) => {
                line(b"Content-Length: ", Digits::decimal(length).as_bytes(), out);
            }
            LengthField::Chunked => line(b"Transfer-Encoding: chunked", b"", out),
        }
        if own.has_upgrade && !own.connection.upgrade {
            line(b"Connection: upgrade", b"", out);
        }
        if !keep_alive && !own.connection.close && plan.body != BodyEncoder::tunnel() {
            line(b"Connection: close", b"", out);
        } else if keep_alive && old && !own.connection.keep_alive {
            line(b"Connection: keep-alive", b"", out);
        }
        out.extend_from_slice(b"\r\n");
        Ok(plan.body.with_keep_alive(keep_alive))
    }

    /// How the body goes onto the wire, and which field says so.
    fn plan(
        &self,
        status: StatusCode,
        declared: Option<u64>,
        length: Option<u64>,
    ) -> Result<Plan, EncodeError> {
        let discard = BodyEncoder::discard();
        let tunnel = self.method == Method::CONNECT && status.is_success();
        if status == StatusCode::SWITCHING_PROTOCOLS || tunnel {
            return Ok(Plan { body: BodyEncoder::tunnel(), field: LengthField::None });
        }
        match status {
            StatusCode::NO_CONTENT => {
                return Ok(Plan { body: discard, field: LengthField::None });
            }
            StatusCode::RESET_CONTENT => {
                return Ok(Plan { body: discard, field: LengthField::Length(0) });
            }
            // The length that a 200 would have had, if the caller knows it.
            StatusCode::NOT_MODIFIED => {
                let field = declared.or(length.filter(|&length| length > 0));
                let field = field.map_or(LengthField::None, LengthField::Length);
                return Ok(Plan { body: discard, field });
            }
            _ => {}
        }
        if self.method == Method::HEAD {
            let field = match declared.or(length) {
                Some(length) => LengthField::Length(length),
                None if self.version < Version::HTTP_11 => LengthField::None,
                None => LengthField::Chunked,
            };
            return Ok(Plan { body: discard, field });
        }
        Ok(match agree(declared, length)? {
            Some(length) => {
                Plan { body: BodyEncoder::length(length), field: LengthField::Length(length) }
            }
            None if self.version < Version::HTTP_11 => {
                Plan { body: Plan::UNTIL_CLOSE, field: LengthField::None }
            }
            None => Plan { body: BodyEncoder::chunked(), field: LengthField::Chunked },
        })
    }
}

#[derive(Clone, Copy)]
struct Plan {
    body: BodyEncoder,
    field: LengthField,
}

impl Plan {
    const UNTIL_CLOSE: BodyEncoder = BodyEncoder::until_close();
}

#[derive(Clone, Copy)]
enum LengthField {
    None,
    Length(u64),
    Chunked,
}

/// Appends an interim response: a status from 100 to 199 other than 101,
/// [RFC 9110 §15.2](https://www.rfc-editor.org/rfc/rfc9110#section-15.2).
///
/// # Errors
///
/// [`InterimStatus`](EncodeErrorKind::InterimStatus) for any other status.
///
/// # Examples
///
/// ```
/// use nethttp::h1::encode_interim;
/// use nethttp::{HeaderMap, StatusCode};
///
/// let mut out = Vec::new();
/// encode_interim(StatusCode::CONTINUE, &HeaderMap::new(), &mut out)?;
/// assert_eq!(out, b"HTTP/1.1 100 Continue\r\n\r\n");
/// # Ok::<(), nethttp::h1::EncodeError>(())
/// ```
pub fn encode_interim(
    status: StatusCode,
    headers: &HeaderMap,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    if !status.is_informational() || status == StatusCode::SWITCHING_PROTOCOLS {
        return Err(EncodeError::new(EncodeErrorKind::InterimStatus));
    }
    status_line(status, None, out)?;
    fields(headers, true, out);
    out.extend_from_slice(b"\r\n");
    Ok(())
}

/// Appends the head of a request in HTTP/1.1, and returns the encoder of its body.
///
/// `length` is the body's, if known; a body of unknown length is chunked. A request without a body has
/// no Content-Length, except where its method means to enclose one (POST, PUT, PATCH), and no expectation of `100-continue`.
///
/// # Errors
///
/// A target that does not go with the method, a Host that is missing, malformed or not alone, a
/// Content-Length field that
/// contradicts `length`. Nothing is appended then.
///
/// # Examples
///
/// ```
/// use nethttp::h1::encode_request;
/// use nethttp::{HeaderMap, Method};
///
/// let mut headers = HeaderMap::new();
/// headers.append("Host", "example.org").expect("a valid field");
/// let mut out = Vec::new();
/// encode_request(Method::GET, b"/", &headers, Some(0), &mut out)?;
/// assert_eq!(out, b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n");
/// # Ok::<(), nethttp::h1::EncodeError>(())
/// ```
pub fn encode_request(
    method: Method,
    target: &[u8],
    headers: &HeaderMap,
    length: Option<u64>,
    out: &mut Vec<u8>,
) -> Result<BodyEncoder, EncodeError> {
    encode_request_in(Version::HTTP_11, method, target, headers, length, out)
}

/// Does so in HTTP/1.1 or 1.0.
pub(super) fn encode_request_in(
    version: Version,
    method: Method,
    target: &[u8],
    headers: &HeaderMap,
    length: Option<u64>,
    out: &mut Vec<u8>,
) -> Result<BodyEncoder, EncodeError> {
    if RequestTarget::check(method, target, false).is_err() {
        return Err(EncodeError::new(EncodeErrorKind::Target));
    }
    let mut hosts = headers.get_all("Host");
    match (hosts.next(), hosts.next()) {
        (None, _) => return Err(EncodeError::new(EncodeErrorKind::HostMissing)),
        (Some(host), None) if check_host(host).is_ok() => {}
        _ => return Err(EncodeError::new(EncodeErrorKind::Host)),
    }
    let start = out.len();
    out.extend_from_slice(method.as_str().as_bytes());
    out.push(b' ');
    out.extend_from_slice(target);
    let is_old = version == Version::HTTP_10;
    out.extend_from_slice(if is_old { b" HTTP/1.0\r\n" } else { b" HTTP/1.1\r\n" });
    let own = fields(headers, has_content(headers, length), out);
    let declared = own.length().and_then(|declared| match agree(declared, length)? {
        None if is_old => Err(EncodeError::new(EncodeErrorKind::LengthMissing)),
        declared => Ok(declared),
    });
    let declared = declared.inspect_err(|_| out.truncate(start))?;
    let encloses = matches!(method, Method::POST | Method::PUT | Method::PATCH);
    let body = match declared {
        Some(0) if !encloses => BodyEncoder::length(0),
        Some(length) => {
            line(b"Content-Length: ", Digits::decimal(length).as_bytes(), out);
            BodyEncoder::length(length)
        }
        None => {
            line(b"Transfer-Encoding: chunked", b"", out);
            BodyEncoder::chunked()
        }
    };
    if own.has_te && !own.connection.te {
        line(b"Connection: TE", b"", out);
    }
    if own.has_upgrade && !own.connection.upgrade {
        line(b"Connection: upgrade", b"", out);
    }
    out.extend_from_slice(b"\r\n");
    let keep_alive = if is_old { own.connection.keep_alive } else { true };
    Ok(body.with_keep_alive(keep_alive && !own.connection.close))
}

/// `status-line = HTTP-version SP status-code SP [ reason-phrase ]`
fn status_line(
    status: StatusCode,
    reason: Option<&[u8]>,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let reason = match reason {
        None if status == StatusCode::OK => {
            out.extend_from_slice(b"HTTP/1.1 200 OK\r\n");
            return Ok(());
        }
        None => status.canonical_reason().unwrap_or_default().as_bytes(),
        Some(reason) if Class::FIELD.matches(reason) => reason,
        Some(_) => return Err(EncodeError::new(EncodeErrorKind::Reason)),
    };
    out.extend_from_slice(b"HTTP/1.1 ");
    out.extend_from_slice(&status.as_digits());
    out.push(b' ');
    out.extend_from_slice(reason);
    out.extend_from_slice(b"\r\n");
    Ok(())
}

/// Returns whether a request may have content.
fn has_content(headers: &HeaderMap, length: Option<u64>) -> bool {
    let declared = || parse_decimal(headers.get("Content-Length")?).ok();
    length.or_else(declared) != Some(0)
}

/// Appends all fields but the two that only the encoder writes and, without content, the expectation of leave to send it. Returns
/// what they say of what the encoder writes itself.
fn fields<'h>(headers: &'h HeaderMap, has_content: bool, out: &mut Vec<u8>) -> Own<'h> {
    let mut own = Own::default();
    for (name, value) in headers.lines() {
        match name.len() {
            2 => own.has_te |= name.eq_ignore_ascii_case(b"TE"),
            4 => own.has_date |= name.eq_ignore_ascii_case(b"Date"),
            6 if !has_content && name.eq_ignore_ascii_case(b"Expect") => {
                let is_other = |it: &&[u8]| !it.eq_ignore_ascii_case(b"100-continue");
                let others: Vec<&[u8]> = members(value).filter(is_other).collect();
                if !others.is_empty() {
                    field(name, &others.join(&b", "[..]), out);
                }
                continue;
            }
            7 => own.has_upgrade |= name.eq_ignore_ascii_case(b"Upgrade"),
            10 if name.eq_ignore_ascii_case(b"Connection") => own.connection.read(value),
            14 if name.eq_ignore_ascii_case(b"Content-Length") => {
                own.contradicts_itself |= own.length.is_some_and(|length| length != value);
                own.length = Some(value);
                continue;
            }
            17 if name.eq_ignore_ascii_case(b"Transfer-Encoding") => continue,
            _ => {}
        }
        field(name, value, out);
    }
    own
}

/// Returns the length that both say, or that is the only one.
fn agree(declared: Option<u64>, length: Option<u64>) -> Result<Option<u64>, EncodeError> {
    match (declared, length) {
        (Some(declared), Some(length)) if declared != length => {
            Err(EncodeError::new(EncodeErrorKind::LengthMismatch))
        }
        _ => Ok(length.or(declared)),
    }
}

/// What the caller's own fields say of what the encoder writes itself.
#[derive(Default)]
struct Own<'h> {
    connection: ConnectionOptions,
    has_date: bool,
    has_te: bool,
    has_upgrade: bool,
    length: Option<&'h [u8]>,
    contradicts_itself: bool,
}

impl Own<'_> {
    /// Returns the length, which must be one number.
    fn length(&self) -> Result<Option<u64>, EncodeError> {
        let Some(value) = self.length else {
            return Ok(None);
        };
        let length = parse_decimal(value).ok().filter(|_| !self.contradicts_itself);
        length.map(Some).ok_or(EncodeError::new(EncodeErrorKind::LengthMismatch))
    }
}

/// `field-line = field-name ":" OWS field-value OWS`
pub(super) fn field(name: &[u8], value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(name);
    out.extend_from_slice(b": ");
    out.extend_from_slice(value);
    out.extend_from_slice(b"\r\n");
}

fn line(start: &[u8], rest: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(start);
    out.extend_from_slice(rest);
    out.extend_from_slice(b"\r\n");
}

//! The request method: what a client asks a server to do with a resource.
//!
//! The methods of [RFC 9110 §9] and [RFC 5789] are constants; any other token of up to
//! [`Method::MAX_LEN`] bytes is an extension method and compares as the text that it is. A method is
//! `Copy` and never allocates. Methods are case-sensitive: `get` is an extension method, not `GET`.
//!
//! Which methods a resource supports, and what a method means for it, is not decided here.
//!
//! ```
//! use nethttp::method::Method;
//!
//! let method = Method::parse(b"GET")?;
//! assert_eq!(method, Method::GET);
//! assert!(method.is_safe());
//! # Ok::<(), nethttp::method::MethodError>(())
//! ```
//!
//! [RFC 9110 §9]: https://www.rfc-editor.org/rfc/rfc9110#section-9
//! [RFC 5789]: https://www.rfc-editor.org/rfc/rfc5789

use crate::syntax::Class;
use core::cmp::Ordering;
use core::fmt;
use core::str::FromStr;

/// A request method, [RFC 9110 §9.1](https://www.rfc-editor.org/rfc/rfc9110#section-9.1).
///
/// Methods order as their texts do. The constants may be used as patterns.
///
/// # Examples
///
/// ```
/// use nethttp::method::Method;
///
/// let takes_body = |method| matches!(method, Method::POST | Method::PUT | Method::PATCH);
/// assert!(takes_body("PUT".parse()?));
/// assert_eq!("PROPFIND".parse::<Method>()?.as_str(), "PROPFIND");
/// # Ok::<(), nethttp::method::MethodError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Method(Repr);

/// `Other` never holds the text of a standard method, so that equality can be derived.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Repr {
    Get,
    Head,
    Post,
    Put,
    Delete,
    Connect,
    Options,
    Trace,
    Patch,
    Other(Inline),
}

/// A short token; the bytes after it are zero, so that equality can be derived.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Inline {
    len: u8,
    bytes: [u8; Method::MAX_LEN],
}

impl Inline {
    /// Copies at most [`Method::MAX_LEN`] bytes.
    fn new(text: &[u8]) -> Self {
        let mut inline = Self { len: 0, bytes: [0; Method::MAX_LEN] };
        for (to, from) in inline.bytes.iter_mut().zip(text) {
            *to = *from;
            inline.len += 1;
        }
        inline
    }

    fn as_str(&self) -> &str {
        let text = self.bytes.get(..usize::from(self.len)).unwrap_or_default();
        core::str::from_utf8(text).unwrap_or_default()
    }
}

impl Method {
    /// `GET`: transfer a representation of the resource,
    /// [RFC 9110 §9.3.1](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.1).
    pub const GET: Self = Self(Repr::Get);
    /// `HEAD`: the same as `GET`, without the content,
    /// [RFC 9110 §9.3.2](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.2).
    pub const HEAD: Self = Self(Repr::Head);
    /// `POST`: let the resource process the content,
    /// [RFC 9110 §9.3.3](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.3).
    pub const POST: Self = Self(Repr::Post);
    /// `PUT`: replace the resource by the content,
    /// [RFC 9110 §9.3.4](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.4).
    pub const PUT: Self = Self(Repr::Put);
    /// `DELETE`: remove the resource,
    /// [RFC 9110 §9.3.5](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.5).
    pub const DELETE: Self = Self(Repr::Delete);
    /// `CONNECT`: open a tunnel to the target,
    /// [RFC 9110 §9.3.6](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6).
    pub const CONNECT: Self = Self(Repr::Connect);
    /// `OPTIONS`: describe how to communicate with the resource,
    /// [RFC 9110 §9.3.7](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.7).
    pub const OPTIONS: Self = Self(Repr::Options);
    /// `TRACE`: send the request back as it was received,
    /// [RFC 9110 §9.3.8](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.8).
    pub const TRACE: Self = Self(Repr::Trace);
    /// `PATCH`: change the resource as the content says,
    /// [RFC 5789 §2](https://www.rfc-editor.org/rfc/rfc5789#section-2).
    pub const PATCH: Self = Self(Repr::Patch);

    /// The length in bytes of the longest method, 32. The longest one that is registered,
    /// `UPDATEREDIRECTREF`, has 17.
    ///
    /// ```
    /// use nethttp::method::Method;
    ///
    /// assert!(Method::parse(&[b'M'; Method::MAX_LEN]).is_ok());
    /// assert!(Method::parse(&[b'M'; Method::MAX_LEN + 1]).is_err());
    /// ```
    pub const MAX_LEN: usize = 32;

    /// Reads a method that spans the whole input.
    ///
    /// ```abnf
    /// method = token
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error when the input is empty, holds a byte that is no
    /// [`tchar`](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2), or is longer than
    /// [`MAX_LEN`](Self::MAX_LEN).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::method::{Method, MethodErrorKind};
    ///
    /// assert_eq!(Method::parse(b"DELETE")?, Method::DELETE);
    ///
    /// let error = Method::parse(b"GET ").unwrap_err();
    /// assert_eq!(error.kind(), MethodErrorKind::InvalidByte(b' '));
    /// assert_eq!(error.offset(), 3);
    /// # Ok::<(), nethttp::method::MethodError>(())
    /// ```
    pub fn parse(text: &[u8]) -> Result<Self, MethodError> {
        Ok(Self(match text {
            b"GET" => Repr::Get,
            b"HEAD" => Repr::Head,
            b"POST" => Repr::Post,
            b"PUT" => Repr::Put,
            b"DELETE" => Repr::Delete,
            b"CONNECT" => Repr::Connect,
            b"OPTIONS" => Repr::Options,
            b"TRACE" => Repr::Trace,
            b"PATCH" => Repr::Patch,
            other => Repr::Other(extension(other)?),
        }))
    }

    /// Returns the method as it stands in a request-line.
    ///
    /// ```
    /// use nethttp::method::Method;
    ///
    /// assert_eq!(Method::OPTIONS.as_str(), "OPTIONS");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Get => "GET",
            Repr::Head => "HEAD",
            Repr::Post => "POST",
            Repr::Put => "PUT",
            Repr::Delete => "DELETE",
            Repr::Connect => "CONNECT",
            Repr::Options => "OPTIONS",
            Repr::Trace => "TRACE",
            Repr::Patch => "PATCH",
            Repr::Other(inline) => inline.as_str(),
        }
    }

    /// Returns whether the method is known to be safe: the client asks for no change of state,
    /// [RFC 9110 §9.2.1](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1).
    ///
    /// That is so for `GET`, `HEAD`, `OPTIONS` and `TRACE`. Of an extension method nothing is known,
    /// hence `false`.
    ///
    /// ```
    /// use nethttp::method::Method;
    ///
    /// assert!(Method::HEAD.is_safe());
    /// assert!(!Method::POST.is_safe());
    /// ```
    #[must_use]
    pub const fn is_safe(&self) -> bool {
        matches!(self.0, Repr::Get | Repr::Head | Repr::Options | Repr::Trace)
    }

    /// Returns whether the method is known to be idempotent: many equal requests have the effect of
    /// one, so that a client may repeat it,
    /// [RFC 9110 §9.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2).
    ///
    /// That is so for the safe methods, `PUT` and `DELETE`. Of an extension method nothing is known,
    /// hence `false`.
    ///
    /// ```
    /// use nethttp::method::Method;
    ///
    /// assert!(Method::PUT.is_idempotent());
    /// assert!(!Method::PATCH.is_idempotent());
    /// ```
    #[must_use]
    pub const fn is_idempotent(&self) -> bool {
        self.is_safe() || matches!(self.0, Repr::Put | Repr::Delete)
    }
}

fn extension(text: &[u8]) -> Result<Inline, MethodError> {
    let valid = Class::TOKEN.prefix_len(text);
    let (kind, offset) = match text.get(valid) {
        _ if text.is_empty() => (MethodErrorKind::Empty, 0),
        _ if valid > Method::MAX_LEN => (MethodErrorKind::TooLong, Method::MAX_LEN),
        Some(&byte) => (MethodErrorKind::InvalidByte(byte), valid),
        None => return Ok(Inline::new(text)),
    };
    Err(MethodError { kind, offset })
}

impl AsRef<str> for Method {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

/// `GET`, as in a request that says nothing else.
impl Default for Method {
    fn default() -> Self {
        Self::GET
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Ord for Method {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl PartialOrd for Method {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq<str> for Method {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Method {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl FromStr for Method {
    type Err = MethodError;

    fn from_str(text: &str) -> Result<Self, MethodError> {
        Self::parse(text.as_bytes())
    }
}

impl TryFrom<&str> for Method {
    type Error = MethodError;

    fn try_from(text: &str) -> Result<Self, MethodError> {
        Self::parse(text.as_bytes())
    }
}

impl TryFrom<&[u8]> for Method {
    type Error = MethodError;

    fn try_from(text: &[u8]) -> Result<Self, MethodError> {
        Self::parse(text)
    }
}

/// Why some bytes are not a [`Method`], and where.
///
/// # Examples
///
/// ```
/// use nethttp::method::Method;
///
/// let error = Method::parse(b"M SEARCH").unwrap_err();
/// assert_eq!(error.to_string(), "expected a token as method, found ' ' at byte 1");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MethodError {
    kind: MethodErrorKind,
    offset: usize,
}

/// What is wrong with a method.
///
/// # Examples
///
/// ```
/// use nethttp::method::{Method, MethodErrorKind};
///
/// assert_eq!(Method::parse(b"").unwrap_err().kind(), MethodErrorKind::Empty);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MethodErrorKind {
    /// There is no byte, but a token has at least one,
    /// [RFC 9110 §5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2).
    Empty,
    /// A byte is no `tchar`,
    /// [RFC 9110 §5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2).
    InvalidByte(u8),
    /// There are more than [`Method::MAX_LEN`] bytes; a server answers 501 to a method that is
    /// longer than any it implements,
    /// [RFC 9112 §3](https://www.rfc-editor.org/rfc/rfc9112#section-3).
    TooLong,
}

impl MethodError {
    /// Returns what is wrong.
    ///
    /// ```
    /// use nethttp::method::{Method, MethodErrorKind};
    ///
    /// let error = Method::parse(b"GE\0T").unwrap_err();
    /// assert_eq!(error.kind(), MethodErrorKind::InvalidByte(0));
    /// ```
    #[must_use]
    pub const fn kind(&self) -> MethodErrorKind {
        self.kind
    }

    /// Returns the position of the first byte that is wrong, counted from 0.
    ///
    /// ```
    /// use nethttp::method::Method;
    ///
    /// assert_eq!(Method::parse(b"GE\0T").unwrap_err().offset(), 2);
    /// ```
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for MethodError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            MethodErrorKind::Empty => f.write_str("expected a method, found nothing")?,
            MethodErrorKind::InvalidByte(byte) => {
                write!(f, "expected a token as method, found '{}'", byte.escape_ascii())?;
            }
            MethodErrorKind::TooLong => {
                write!(f, "expected a method of at most {} bytes, found more", Method::MAX_LEN)?;
            }
        }
        write!(f, " at byte {}", self.offset)
    }
}

impl core::error::Error for MethodError {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec::Vec;

    /// Text, constant, safe, idempotent: the registry at
    /// <https://www.iana.org/assignments/http-methods>.
    const STANDARD: [(&str, Method, bool, bool); 9] = [
        ("GET", Method::GET, true, true),
        ("HEAD", Method::HEAD, true, true),
        ("POST", Method::POST, false, false),
        ("PUT", Method::PUT, false, true),
        ("DELETE", Method::DELETE, false, true),
        ("CONNECT", Method::CONNECT, false, false),
        ("OPTIONS", Method::OPTIONS, true, true),
        ("TRACE", Method::TRACE, true, true),
        ("PATCH", Method::PATCH, false, false),
    ];

    #[track_caller]
    fn rejects(text: &[u8], kind: MethodErrorKind, offset: usize, message: &str) {
        let error = Method::parse(text).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, offset));
        assert_eq!(error.to_string(), message);
    }

    #[test]
    fn standard_methods_are_constants() {
        for (text, method, safe, idempotent) in STANDARD {
            assert_eq!(Method::parse(text.as_bytes()), Ok(method));
            assert_eq!(Method::try_from(text), Ok(method));
            assert_eq!(method.as_str(), text);
            assert_eq!(method.to_string(), text);
            assert_eq!(method, text);
            assert_eq!((method.is_safe(), method.is_idempotent()), (safe, idempotent), "{text}");
        }
    }

    #[test]
    fn extension_methods_keep_their_text() {
        for text in ["PROPFIND", "get", "GETS", "GE", "M-SEARCH", "*", "a!#$%&'*+-.^_`|~9"] {
            let method: Method = text.parse().unwrap();
            assert_eq!(method.as_str(), text);
            assert_eq!(Method::parse(text.as_bytes()), Ok(method));
            assert!(!method.is_safe() && !method.is_idempotent());
            assert!(STANDARD.iter().all(|row| row.1 != method));
        }
    }

    #[test]
    fn every_single_byte_is_a_method_when_it_is_a_tchar() {
        for byte in 0..=255 {
            assert_eq!(Method::parse(&[byte]).is_ok(), Class::TOKEN.contains(byte));
        }
    }

    #[test]
    fn methods_order_as_their_texts() {
        let mut methods: Vec<Method> = STANDARD.iter().map(|row| row.1).collect();
        methods.push(Method::parse(b"MOVE").unwrap());
        methods.sort_unstable();
        let texts: Vec<&str> = methods.iter().map(Method::as_str).collect();
        let mut sorted = texts.clone();
        sorted.sort_unstable();
        assert_eq!(texts, sorted);
    }

    #[test]
    fn errors_say_what_and_where() {
        use MethodErrorKind::{Empty, InvalidByte, TooLong};
        rejects(b"", Empty, 0, "expected a method, found nothing at byte 0");
        rejects(b"G(T", InvalidByte(b'('), 1, "expected a token as method, found '(' at byte 1");
        rejects(
            b"GET\r\n",
            InvalidByte(b'\r'),
            3,
            "expected a token as method, found '\\r' at byte 3",
        );
        rejects(
            &[b'A'; 33],
            TooLong,
            32,
            "expected a method of at most 32 bytes, found more at byte 32",
        );
    }

    #[test]
    fn a_bad_byte_past_the_limit_is_too_long_or_invalid() {
        let mut text = [b'A'; 40];
        text[32] = b' ';
        assert_eq!(Method::parse(&text).unwrap_err().kind(), MethodErrorKind::InvalidByte(b' '));
        text[32] = b'A';
        text[33] = b' ';
        assert_eq!(Method::parse(&text).unwrap_err().kind(), MethodErrorKind::TooLong);
    }

    #[test]
    fn a_method_is_small() {
        assert!(size_of::<Method>() <= 34);
    }
}

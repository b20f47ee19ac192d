//! Why a URI, a host or a request target was refused, and where.

use core::error::Error;
use core::fmt;

use super::parts::{self, tail};

/// The reason why a URI, a reference, a `Host` value, a request target, a host name or a form was
/// refused.
///
/// # Examples
///
/// ```
/// use nethttp::uri::{Uri, UriErrorKind};
///
/// let error = Uri::parse("http://example.org/a b").unwrap_err();
/// assert_eq!(error.kind(), UriErrorKind::InvalidPath);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UriErrorKind {
    /// A URI starts with a scheme, and there is none: the text is a relative reference, or a host and
    /// a port ([RFC 3986 §3](https://www.rfc-editor.org/rfc/rfc3986#section-3)).
    MissingScheme,
    /// A scheme is a letter followed by letters, digits, `+`, `-` and `.`
    /// ([RFC 3986 §3.1](https://www.rfc-editor.org/rfc/rfc3986#section-3.1)).
    InvalidScheme,
    /// A byte that user information may not hold
    /// ([RFC 3986 §3.2.1](https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1)).
    InvalidUserinfo,
    /// A byte that a registered name may not hold
    /// ([RFC 3986 §3.2.2](https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2)).
    InvalidHost,
    /// What stands in brackets is not an IPv6 or IPvFuture address
    /// ([RFC 3986 §3.2.2](https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2),
    /// [RFC 6874 §2](https://www.rfc-editor.org/rfc/rfc6874#section-2)).
    InvalidIpLiteral,
    /// A port holds something else than digits, or is missing where one is required
    /// ([RFC 3986 §3.2.3](https://www.rfc-editor.org/rfc/rfc3986#section-3.2.3)).
    InvalidPort,
    /// A port is above 65535, or 0 where it is to be connected to
    /// ([RFC 9110 §9.3.6](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6)).
    PortOutOfRange,
    /// A byte that a path may not hold
    /// ([RFC 3986 §3.3](https://www.rfc-editor.org/rfc/rfc3986#section-3.3)).
    InvalidPath,
    /// A byte that a query may not hold
    /// ([RFC 3986 §3.4](https://www.rfc-editor.org/rfc/rfc3986#section-3.4)).
    InvalidQuery,
    /// A byte that a fragment may not hold
    /// ([RFC 3986 §3.5](https://www.rfc-editor.org/rfc/rfc3986#section-3.5)).
    InvalidFragment,
    /// A `%` that two hexadecimal digits do not follow
    /// ([RFC 3986 §2.1](https://www.rfc-editor.org/rfc/rfc3986#section-2.1)).
    InvalidPercent,
    /// The first segment of a relative path holds a `:`, which would make it a scheme
    /// ([RFC 3986 §4.2](https://www.rfc-editor.org/rfc/rfc3986#section-4.2)).
    ColonInFirstSegment,
    /// A `\`, which browsers read as `/` and RFC 3986 forbids
    /// ([RFC 3986 §2](https://www.rfc-editor.org/rfc/rfc3986#section-2)).
    Backslash,
    /// A byte of 0x80 or above: a URI is ASCII
    /// ([RFC 3986 §2](https://www.rfc-editor.org/rfc/rfc3986#section-2)). In a request target that may
    /// hold such bytes, a sequence that is not UTF-8.
    NonAscii,
    /// The text is longer than [`u32::MAX`] bytes. No RFC sets a limit; this crate counts in 32 bits.
    TooLong,
    /// A byte that no request target may hold: a control, a space or DEL
    /// ([RFC 9112 §3.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2)).
    InvalidTarget,
    /// A request target that is none of the four forms
    /// ([RFC 9112 §3.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2)).
    UnknownForm,
    /// A request target with a fragment
    /// ([RFC 9110 §7.1](https://www.rfc-editor.org/rfc/rfc9110#section-7.1)).
    FragmentInTarget,
    /// The target `*` with a method other than `OPTIONS`
    /// ([RFC 9112 §3.2.4](https://www.rfc-editor.org/rfc/rfc9112#section-3.2.4)).
    AsteriskWithoutOptions,
    /// A `CONNECT` request whose target is not `host:port`
    /// ([RFC 9112 §3.2.3](https://www.rfc-editor.org/rfc/rfc9112#section-3.2.3)).
    ConnectTarget,
    /// User information where it is forbidden: in a request target or a `Host` field
    /// ([RFC 9110 §4.2.4](https://www.rfc-editor.org/rfc/rfc9110#section-4.2.4)).
    ForbiddenUserinfo,
    /// A path behind an authority that does not start with a slash
    /// ([RFC 3986 §3.3](https://www.rfc-editor.org/rfc/rfc3986#section-3.3)).
    RelativePath,
    /// A `.` or `..` where a name is meant: no escape makes one of it
    /// ([RFC 3986 §3.3](https://www.rfc-editor.org/rfc/rfc3986#section-3.3)).
    DotSegment,
    /// A `..` that has no segment to remove
    /// ([RFC 3986 §5.2.4](https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4)).
    PathUnderflow,
    /// An empty host, or none, where one is required
    /// ([RFC 9110 §4.2.1](https://www.rfc-editor.org/rfc/rfc9110#section-4.2.1)).
    MissingHost,
    /// A form is longer than [`FormLimits::bytes`](super::FormLimits::bytes). No standard sets a limit.
    FormTooLong,
    /// A form holds more pairs than [`FormLimits::pairs`](super::FormLimits::pairs). No standard sets
    /// a limit.
    TooManyPairs,
    /// What the escapes stand for is not UTF-8. A URI may hold such escapes
    /// ([RFC 3986 §2.5](https://www.rfc-editor.org/rfc/rfc3986#section-2.5)); text cannot be made of
    /// them.
    NotUtf8,
    /// A host name with a character that this crate cannot map without the tables of
    /// [UTS 46](https://www.unicode.org/reports/tr46/).
    UnsupportedIdn,
    /// An internationalised host name that IDNA forbids: a label that is empty, too long, holds a byte or
    /// a hyphen where none may be, mixes directions of writing, or is `xn--` without Punycode
    /// ([RFC 5891 §4](https://www.rfc-editor.org/rfc/rfc5891#section-4),
    /// [RFC 5893 §2](https://www.rfc-editor.org/rfc/rfc5893#section-2)).
    InvalidIdn,
}

impl UriErrorKind {
    /// What stood to be found, as the start of the message.
    pub(crate) const fn expectation(self) -> &'static str {
        match self {
            Self::MissingScheme => "expected a scheme such as http:",
            Self::InvalidScheme => {
                "expected a scheme of letters, digits, '+', '-' and '.' after a letter"
            }
            Self::InvalidUserinfo => "expected a user information character",
            Self::InvalidHost => "expected a host character",
            Self::InvalidIpLiteral => "expected an IPv6 or IPvFuture address in brackets",
            Self::InvalidPort => "expected a port of digits",
            Self::PortOutOfRange => "expected a port from 1 to 65535",
            Self::InvalidPath => "expected a path character",
            Self::InvalidQuery => "expected a query character",
            Self::InvalidFragment => "expected a fragment character",
            Self::InvalidPercent => "expected two hexadecimal digits after '%'",
            Self::ColonInFirstSegment => "expected no ':' in the first segment of a relative path",
            Self::Backslash => "expected '/' or the escape %5C",
            Self::NonAscii => "expected ASCII or an escape such as %C3%A9",
            Self::TooLong => "expected at most 4294967295 bytes",
            Self::InvalidTarget => "expected a request target character",
            Self::UnknownForm => {
                "expected '/', '*' or scheme:// at the start of the request target"
            }
            Self::FragmentInTarget => "expected a request target without a fragment",
            Self::AsteriskWithoutOptions => "expected '*' only with OPTIONS",
            Self::ConnectTarget => "expected host:port as the target of CONNECT",
            Self::ForbiddenUserinfo => "expected no user information before the host",
            Self::RelativePath => "expected '/' at the start of a path behind an authority",
            Self::DotSegment => "expected a segment other than '.' and '..'",
            Self::PathUnderflow => "expected no '..' above the root of the path",
            Self::MissingHost => "expected a host",
            Self::FormTooLong => "expected a form within its limit of bytes",
            Self::TooManyPairs => "expected a form within its limit of pairs",
            Self::NotUtf8 => "expected bytes that decode to UTF-8",
            Self::UnsupportedIdn => "expected a letter that needs no table, or the xn-- form",
            Self::InvalidIdn => "expected a host name that IDNA allows",
        }
    }
}

/// A refused URI, reference, `Host` value, request target, host name or form, or escapes that stand for
/// no text.
///
/// # Examples
///
/// ```
/// use nethttp::uri::{Uri, UriErrorKind};
///
/// let error = Uri::parse("192.168.2.2:6688").unwrap_err();
/// assert_eq!(error.kind(), UriErrorKind::MissingScheme);
/// assert_eq!(
///     error.to_string(),
///     "expected a scheme such as http: (looks like host:port; add http://), found '1' at byte 0",
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UriError {
    kind: UriErrorKind,
    hint: Hint,
    /// `None` at the end of the text.
    found: Option<u8>,
    offset: u32,
}

/// What the author of the text may have had in mind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Hint {
    None,
    HostPort,
    FixUp,
    HostName,
}

impl UriError {
    /// An error at `offset`, which may be the end of `text`.
    #[cold]
    pub(super) const fn new(kind: UriErrorKind, text: &[u8], offset: usize) -> Self {
        let found = match tail(text, offset) {
            [octet, ..] => Some(*octet),
            [] => None,
        };
        let most = parts::MAX_LEN;
        let offset = parts::offset(if offset < most { offset } else { most });
        Self { kind, hint: Hint::None, found, offset }
    }

    /// The error for a byte that `kind`'s component may not hold; a byte with a story of its own
    /// gets the kind that tells it.
    #[cold]
    pub(super) const fn unexpected(kind: UriErrorKind, text: &[u8], offset: usize) -> Self {
        let kind = match tail(text, offset) {
            [b'%', ..] => UriErrorKind::InvalidPercent,
            [b'\\', ..] => UriErrorKind::Backslash,
            [0x80..=0xff, ..] => UriErrorKind::NonAscii,
            _ => kind,
        };
        Self::new(kind, text, offset)
    }

    /// Adds the hint that the text looks like a host and a port, if it does.
    pub(super) const fn hint_host_port(mut self, looks_like_host_port: bool) -> Self {
        if looks_like_host_port {
            self.hint = Hint::HostPort;
        }
        self
    }

    /// Adds the hint that [`Uri::fix_up`](super::Uri::fix_up) repairs the text, if it does.
    pub(super) const fn hint_fix_up(mut self, is_repairable: bool) -> Self {
        if is_repairable {
            self.hint = Hint::FixUp;
        }
        self
    }

    /// Adds the hint that there are host names beyond ASCII, for an error in a host.
    pub(super) const fn hint_host_name(mut self) -> Self {
        if matches!(self.kind, UriErrorKind::NonAscii) {
            self.hint = Hint::HostName;
        }
        self
    }

    /// The same error in a text that starts so many bytes earlier.
    pub(super) const fn moved(mut self, by: usize) -> Self {
        self.offset = self.offset.saturating_add(parts::offset(by));
        self
    }

    /// Returns the reason.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::{UriErrorKind, UriRef};
    ///
    /// let error = UriRef::parse("/50%").unwrap_err();
    /// assert_eq!(error.kind(), UriErrorKind::InvalidPercent);
    /// ```
    #[must_use]
    pub const fn kind(&self) -> UriErrorKind {
        self.kind
    }

    /// Returns what the author of the text may have had in mind, or how it can be repaired: a few words,
    /// which are part of what the error shows.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Uri;
    ///
    /// let error = Uri::parse("10.0.0.1:8080").unwrap_err();
    /// assert_eq!(error.hint(), Some("looks like host:port; add http://"));
    /// let error = Uri::parse("http://example.org/a b").unwrap_err();
    /// assert_eq!(error.hint(), Some("fix_up repairs it"));
    /// assert_eq!(Uri::parse("http://a b/").unwrap_err().hint(), None);
    /// ```
    #[must_use]
    pub const fn hint(&self) -> Option<&'static str> {
        match self.hint {
            Hint::None => None,
            Hint::HostPort => Some("looks like host:port; add http://"),
            Hint::FixUp => Some("fix_up repairs it"),
            Hint::HostName => Some("fix_up and domain_to_ascii map host names"),
        }
    }

    /// Returns the index of the refused byte, or the length of the text where its end was refused.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::UriRef;
    ///
    /// assert_eq!(UriRef::parse("/a b").unwrap_err().offset(), 2);
    /// ```
    #[must_use]
    pub const fn offset(&self) -> usize {
        parts::at(self.offset)
    }
}

impl fmt::Display for UriError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.expectation())?;
        if let Some(hint) = self.hint() {
            write!(f, " ({hint})")?;
        }
        match self.found {
            Some(octet) => write!(f, ", found '{}'", octet.escape_ascii())?,
            None => f.write_str(", found the end")?,
        }
        write!(f, " at byte {}", self.offset)
    }
}

impl Error for UriError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::method::Method;
    use crate::uri::{
        FormLimits, Pairs, PctStr, RequestTarget, Uri, UriRef, check_host, domain_to_ascii,
    };
    use alloc::string::ToString;

    #[track_caller]
    fn reads<T>(result: Result<T, UriError>, kind: UriErrorKind, text: &str) {
        let error = result.err().unwrap();
        assert_eq!((error.kind(), error.to_string().as_str()), (kind, text));
    }

    #[test]
    fn texts_of_schemes() {
        use UriErrorKind::*;
        for (uri, kind, text) in [
            ("", MissingScheme, "expected a scheme such as http:, found the end at byte 0"),
            ("a/b", MissingScheme, "expected a scheme such as http:, found 'a' at byte 0"),
            (
                "10.0.0.1:80/a",
                MissingScheme,
                "expected a scheme such as http: (looks like host:port; add http://), found '1' at byte 0",
            ),
            (
                "ht_tp://a",
                InvalidScheme,
                "expected a scheme of letters, digits, '+', '-' and '.' after a letter, found '_' at byte 2",
            ),
        ] {
            reads(Uri::parse(uri), kind, text);
        }
    }

    #[test]
    fn texts_of_components() {
        use UriErrorKind::*;
        for (uri, kind, text) in [
            (
                "http://a[@b",
                InvalidUserinfo,
                "expected a user information character, found '[' at byte 8",
            ),
            ("http://a b/", InvalidHost, "expected a host character, found ' ' at byte 8"),
            (
                "http://[::g]/",
                InvalidIpLiteral,
                "expected an IPv6 or IPvFuture address in brackets, found 'g' at byte 10",
            ),
            (
                "http://\u{fc}/",
                NonAscii,
                "expected ASCII or an escape such as %C3%A9 (fix_up and domain_to_ascii map host names), found '\\xc3' at byte 7",
            ),
            ("http://a:8x/", InvalidPort, "expected a port of digits, found 'x' at byte 10"),
            (
                "http://a/\"",
                InvalidPath,
                "expected a path character (fix_up repairs it), found '\\\"' at byte 9",
            ),
            (
                "http://a/?\n",
                InvalidQuery,
                "expected a query character (fix_up repairs it), found '\\n' at byte 10",
            ),
            (
                "http://a/##",
                InvalidFragment,
                "expected a fragment character (fix_up repairs it), found '#' at byte 10",
            ),
            (
                "http://a/%4",
                InvalidPercent,
                "expected two hexadecimal digits after '%' (fix_up repairs it), found '%' at byte 9",
            ),
            ("http://a\\b", Backslash, "expected '/' or the escape %5C, found '\\\\' at byte 8"),
            (
                "http://a/é",
                NonAscii,
                "expected ASCII or an escape such as %C3%A9 (fix_up repairs it), found '\\xc3' at byte 9",
            ),
        ] {
            reads(Uri::parse(uri), kind, text);
        }
    }

    #[test]
    fn texts_of_references() {
        let kind = UriErrorKind::ColonInFirstSegment;
        let text = "expected no ':' in the first segment of a relative path";
        reads(UriRef::parse("1a:b"), kind, &alloc::format!("{text}, found ':' at byte 2"));
        let hint = " (looks like host:port; add http://)";
        reads(UriRef::parse("1.2:80"), kind, &alloc::format!("{text}{hint}, found ':' at byte 3"));
    }

    #[test]
    fn texts_of_hosts_and_ports() {
        use UriErrorKind::*;
        let text = "expected no user information before the host, found '@' at byte 1";
        reads(check_host(b"u@a"), ForbiddenUserinfo, text);
        reads(check_host(b":80"), MissingHost, "expected a host, found ':' at byte 0");
        let port = check_host(b"a:65536").unwrap().port_u16();
        reads(port, PortOutOfRange, "expected a port from 1 to 65535, found '6' at byte 2");
    }

    #[test]
    fn texts_of_targets() {
        use UriErrorKind::*;
        for (method, target, kind, text) in [
            (
                Method::GET,
                "/a b",
                InvalidTarget,
                "expected a request target character, found ' ' at byte 2",
            ),
            (
                Method::GET,
                "foo",
                UnknownForm,
                "expected '/', '*' or scheme:// at the start of the request target, found 'f' at byte 0",
            ),
            (
                Method::GET,
                "/a#b",
                FragmentInTarget,
                "expected a request target without a fragment, found '#' at byte 2",
            ),
            (
                Method::GET,
                "*",
                AsteriskWithoutOptions,
                "expected '*' only with OPTIONS, found '*' at byte 0",
            ),
            (
                Method::CONNECT,
                "/",
                ConnectTarget,
                "expected host:port as the target of CONNECT, found '/' at byte 0",
            ),
        ] {
            reads(RequestTarget::parse(method, target.as_bytes()), kind, text);
        }
    }

    #[test]
    fn texts_of_what_is_asked_later() {
        let base = Uri::parse("http://a").unwrap();
        let climbing = base.resolve_checked(&UriRef::parse("..").unwrap());
        let text = "expected no '..' above the root of the path, found '.' at byte 0";
        reads(climbing, UriErrorKind::PathUnderflow, text);
        let text = "expected '/' at the start of a path behind an authority, found 'b' at byte 0";
        reads(base.with_path("b"), UriErrorKind::RelativePath, text);
        let text = "expected a segment other than '.' and '..', found '.' at byte 2";
        reads(base.clone().append_path("a/.."), UriErrorKind::DotSegment, text);
        let text = "expected bytes that decode to UTF-8, found '%' at byte 1";
        reads(PctStr::new("a%FF").decode(), UriErrorKind::NotUtf8, text);
    }

    #[test]
    fn texts_of_internationalised_names() {
        use UriErrorKind::*;
        let text =
            "expected a letter that needs no table, or the xn-- form, found '\\xef' at byte 1";
        reads(domain_to_ascii("aｂ"), UnsupportedIdn, text);
        let text = "expected a host name that IDNA allows, found '-' at byte 2";
        reads(domain_to_ascii("a.-ü"), InvalidIdn, text);
    }

    #[test]
    fn text_of_the_limit() {
        let error = UriError::new(UriErrorKind::TooLong, b"", 4_294_967_295);
        assert_eq!(
            error.to_string(),
            "expected at most 4294967295 bytes, found the end at byte 4294967295",
        );
    }

    #[test]
    fn texts_of_forms() {
        use UriErrorKind::*;
        let limits = FormLimits::DEFAULT.bytes(9).pairs(2);
        for (body, kind, text) in [
            (
                "a=1&b=%32x",
                FormTooLong,
                "expected a form within its limit of bytes, found 'x' at byte 9",
            ),
            (
                "a&b&c",
                TooManyPairs,
                "expected a form within its limit of pairs, found 'c' at byte 4",
            ),
            ("a=%C3", NotUtf8, "expected bytes that decode to UTF-8, found '%' at byte 2"),
            (
                "a=%c",
                InvalidPercent,
                "expected two hexadecimal digits after '%', found '%' at byte 2",
            ),
        ] {
            reads(Pairs::parse(body.as_bytes(), &limits), kind, text);
        }
    }

    #[test]
    fn an_error_is_small() {
        assert!(size_of::<UriError>() <= 12);
    }
}

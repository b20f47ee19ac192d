//! Where a message ends: [RFC 9112 §6.3](https://www.rfc-editor.org/rfc/rfc9112#section-6.3), one
//! function for each role, and nowhere else.
//!
//! Request smuggling is two readers who disagree about this page. So a request that leaves room for
//! doubt is refused, and a response that does is read in the one way that cannot be confused with
//! another response, after which the connection is closed.

use alloc::vec::Vec;

use super::control::{Coding, Control, Expect, Host};
use super::error::{ParseError, ParseErrorKind as Kind};
use super::head::{RequestHead, ResponseHead};
use super::limits::Config;
use crate::method::Method;
use crate::status::StatusCode;
use crate::uri::{TargetLayout, UriError, check_host};
use crate::version::Version;

/// How the body of a message is delimited.
///
/// # Examples
///
/// ```
/// use nethttp::h1::{Config, Framing, Parse, parse_request, request_framing};
/// use nethttp::header::FieldSpan;
///
/// let mut slots = [FieldSpan::EMPTY; 8];
/// let buf = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
/// if let Parse::Complete(head) = parse_request(buf, &mut slots, &Config::SERVER)? {
///     assert_eq!(request_framing(&head, &Config::SERVER)?.framing(), Framing::Length(5));
/// }
/// # Ok::<(), nethttp::h1::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Framing {
    /// There is no body.
    None,
    /// The body is that many bytes.
    Length(u64),
    /// The body is chunked, [RFC 9112 §7.1](https://www.rfc-editor.org/rfc/rfc9112#section-7.1).
    Chunked,
    /// The body ends with the connection.
    UntilClose,
    /// What follows is no longer HTTP: a tunnel, or another protocol.
    Tunnel,
}

/// What the head of a message means for its body and for the connection.
///
/// # Examples
///
/// ```
/// use nethttp::h1::{Config, Parse, parse_request, request_framing};
/// use nethttp::header::FieldSpan;
///
/// let mut slots = [FieldSpan::EMPTY; 8];
/// let buf = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
/// if let Parse::Complete(head) = parse_request(buf, &mut slots, &Config::SERVER)? {
///     assert!(!request_framing(&head, &Config::SERVER)?.keep_alive());
/// }
/// # Ok::<(), nethttp::h1::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageFraming {
    framing: Framing,
    keep_alive: bool,
    undecodable: bool,
    upgrade: bool,
}

impl MessageFraming {
    /// Returns how the body is delimited.
    ///
    /// ```
    /// # use nethttp::Method;
    /// # use nethttp::h1::{Config, Framing, Parse, parse_response, response_framing};
    /// # use nethttp::header::FieldSpan;
    /// # let mut slots = [FieldSpan::EMPTY; 8];
    /// let buf = b"HTTP/1.0 200 OK\r\n\r\n";
    /// if let Parse::Complete(head) = parse_response(buf, &mut slots, &Config::CLIENT)? {
    ///     let framing = response_framing(Method::GET, &head, &Config::CLIENT)?;
    ///     assert_eq!(framing.framing(), Framing::UntilClose);
    /// }
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn framing(&self) -> Framing {
        self.framing
    }

    /// Returns whether the sender wants the connection to stay open after this message,
    /// [RFC 9112 §9.3](https://www.rfc-editor.org/rfc/rfc9112#section-9.3).
    ///
    /// ```
    /// # use nethttp::Method;
    /// # use nethttp::h1::{Config, Parse, parse_response, response_framing};
    /// # use nethttp::header::FieldSpan;
    /// # let mut slots = [FieldSpan::EMPTY; 8];
    /// let buf = b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\n";
    /// if let Parse::Complete(head) = parse_response(buf, &mut slots, &Config::CLIENT)? {
    ///     let framing = response_framing(Method::GET, &head, &Config::CLIENT)?;
    ///     assert!(framing.keep_alive());
    /// }
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn keep_alive(&self) -> bool {
        self.keep_alive
    }

    /// Returns whether a response's body has a transfer coding that stays on it, which is then not
    /// what the server meant to send.
    ///
    /// ```
    /// # use nethttp::Method;
    /// # use nethttp::h1::{Config, Parse, parse_response, response_framing};
    /// # use nethttp::header::FieldSpan;
    /// # let mut slots = [FieldSpan::EMPTY; 8];
    /// let buf = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n";
    /// if let Parse::Complete(head) = parse_response(buf, &mut slots, &Config::CLIENT)? {
    ///     let framing = response_framing(Method::GET, &head, &Config::CLIENT)?;
    ///     assert!(framing.is_undecodable()); // the chunks can be read; gzip stays
    /// }
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn is_undecodable(&self) -> bool {
        self.undecodable
    }

    /// Returns whether the sender proposes or makes a change of protocol: `Upgrade`, named in
    /// `Connection`, in HTTP/1.1
    /// ([RFC 9110 §7.8](https://www.rfc-editor.org/rfc/rfc9110#section-7.8)).
    ///
    /// ```
    /// # use nethttp::h1::{Config, Parse, parse_request, request_framing};
    /// # use nethttp::header::FieldSpan;
    /// # let mut slots = [FieldSpan::EMPTY; 8];
    /// let buf = b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n";
    /// if let Parse::Complete(head) = parse_request(buf, &mut slots, &Config::SERVER)? {
    ///     // Without `Connection: upgrade`, the proposal was meant for another hop.
    ///     assert!(!request_framing(&head, &Config::SERVER)?.has_upgrade());
    /// }
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn has_upgrade(&self) -> bool {
        self.upgrade
    }

    fn new(version: Version, control: &Control<'_>, framing: Framing) -> Self {
        let persistent = version >= Version::HTTP_11 || control.connection.keep_alive;
        Self {
            framing,
            keep_alive: persistent && !control.connection.close && framing != Framing::UntilClose,
            undecodable: false,
            upgrade: control.upgrade && control.connection.upgrade && version >= Version::HTTP_11,
        }
    }

    const fn and_close(mut self) -> Self {
        self.keep_alive = false;
        self
    }

    const fn undecodable(mut self) -> Self {
        self.undecodable = true;
        self
    }
}

/// Decides how the body of a request is delimited.
///
/// A request never ends with the connection: without Transfer-Encoding and Content-Length it has no
/// body.
///
/// # Errors
///
/// Everything that [RFC 9112 §6.3](https://www.rfc-editor.org/rfc/rfc9112#section-6.3) calls
/// unrecoverable, and what it leaves to the recipient: Content-Length beside Transfer-Encoding, in any
/// order; Transfer-Encoding in HTTP/1.0; a Content-Length that is repeated. A transfer coding other
/// than `chunked` gives 501.
///
/// # Examples
///
/// ```
/// use nethttp::h1::{Config, Parse, ParseErrorKind, parse_request, request_framing};
/// use nethttp::header::FieldSpan;
///
/// let mut slots = [FieldSpan::EMPTY; 8];
/// let buf = b"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n";
/// if let Parse::Complete(head) = parse_request(buf, &mut slots, &Config::SERVER)? {
///     let error = request_framing(&head, &Config::SERVER).unwrap_err();
///     assert_eq!(error.kind(), ParseErrorKind::LengthAndCoding);
/// }
/// # Ok::<(), nethttp::h1::ParseError>(())
/// ```
pub fn request_framing(
    head: &RequestHead<'_, '_>,
    config: &Config,
) -> Result<MessageFraming, ParseError> {
    framing_of_request(head.version(), &Control::read(&head.fields()), config)
}

fn framing_of_request(
    version: Version,
    control: &Control<'_>,
    config: &Config,
) -> Result<MessageFraming, ParseError> {
    let refuse = |kind, offset| Err(ParseError::at(kind, offset));
    // 3: Transfer-Encoding overrides Content-Length; together they are an attack or a mistake.
    if let (Coding::Chunked(offset) | Coding::OthersThenChunked(offset), true) =
        (control.coding, version < Version::HTTP_11)
    {
        return refuse(Kind::TransferEncodingVersion, offset);
    }
    let length = control.length.check(config.leniency.duplicate_equal_length);
    let framing = match (control.coding, length) {
        // 4: chunked must be final.
        (Coding::Invalid(offset) | Coding::Others(offset), _) => {
            return refuse(Kind::TransferEncoding, offset);
        }
        (Coding::Chunked(offset) | Coding::OthersThenChunked(offset), Ok(Some(_)) | Err(_)) => {
            return refuse(Kind::LengthAndCoding, offset);
        }
        (Coding::OthersThenChunked(offset), _) => {
            return refuse(Kind::TransferCodingUnknown, offset);
        }
        (Coding::Chunked(_), _) => Framing::Chunked,
        // 5 and 6: Content-Length.
        (Coding::Missing, length) => match length? {
            Some(0) | None => Framing::None,
            Some(length) => Framing::Length(length),
        },
    };
    Ok(MessageFraming::new(version, control, framing))
}

/// Decides how the body of a response is delimited, given the method of its request.
///
/// # Errors
///
/// A Content-Length that is no number, or that contradicts itself, where nothing overrides it.
///
/// # Examples
///
/// ```
/// use nethttp::h1::{Config, Framing, Parse, parse_response, response_framing};
/// use nethttp::header::FieldSpan;
/// use nethttp::Method;
///
/// let mut slots = [FieldSpan::EMPTY; 8];
/// let buf = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
/// if let Parse::Complete(head) = parse_response(buf, &mut slots, &Config::CLIENT)? {
///     let to_get = response_framing(Method::GET, &head, &Config::CLIENT)?;
///     assert_eq!(to_get.framing(), Framing::Length(5));
///     let to_head = response_framing(Method::HEAD, &head, &Config::CLIENT)?;
///     assert_eq!(to_head.framing(), Framing::None);
/// }
/// # Ok::<(), nethttp::h1::ParseError>(())
/// ```
pub fn response_framing(
    method: Method,
    head: &ResponseHead<'_, '_>,
    config: &Config,
) -> Result<MessageFraming, ParseError> {
    let control = Control::read(&head.fields());
    let (version, status) = (head.version(), head.status());
    let with = |framing| MessageFraming::new(version, &control, framing);
    // 1 and 2: some responses have no body whatever the fields say; some end HTTP.
    if status == StatusCode::SWITCHING_PROTOCOLS
        || (method == Method::CONNECT && status.is_success())
    {
        return Ok(with(Framing::Tunnel).and_close());
    }
    if method == Method::HEAD
        || status.is_informational()
        || status == StatusCode::NO_CONTENT
        || status == StatusCode::NOT_MODIFIED
    {
        return Ok(with(Framing::None));
    }
    match control.coding {
        // 3: Transfer-Encoding overrides Content-Length; in HTTP/1.0 nobody can have meant it.
        Coding::Chunked(_) if version >= Version::HTTP_11 => {
            let framing = with(Framing::Chunked);
            let alone = control.length == super::control::Length::Missing;
            return Ok(if alone { framing } else { framing.and_close() });
        }
        Coding::OthersThenChunked(_) if version >= Version::HTTP_11 => {
            return Ok(with(Framing::Chunked).and_close().undecodable());
        }
        // 4: a response whose last coding is not chunked ends with the connection.
        Coding::Missing => {}
        _ => return Ok(with(Framing::UntilClose).undecodable()),
    }
    // 5, 6 and 8: Content-Length, or the end of the connection.
    Ok(match control.length.check(config.leniency.duplicate_equal_length)? {
        Some(0) => with(Framing::None),
        Some(length) => with(Framing::Length(length)),
        None => with(Framing::UntilClose),
    })
}

/// What a server has to know of a request before it acts on it.
///
/// # Examples
///
/// ```
/// use nethttp::h1::{Config, Parse, check_request, parse_request};
/// use nethttp::header::FieldSpan;
///
/// let mut slots = [FieldSpan::EMPTY; 8];
/// let buf = b"PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n";
/// if let Parse::Complete(head) = parse_request(buf, &mut slots, &Config::SERVER)? {
///     assert!(check_request(&head, &Config::SERVER)?.expects_continue());
/// }
/// # Ok::<(), nethttp::h1::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckedRequest {
    framing: MessageFraming,
    expects_continue: bool,
    target: TargetLayout,
}

impl CheckedRequest {
    /// Where the parts of the target lie.
    pub(super) const fn target(&self) -> TargetLayout {
        self.target
    }

    /// Returns how the body is delimited, and what becomes of the connection.
    ///
    /// ```
    /// # use nethttp::h1::{Config, Framing, Parse, check_request, parse_request};
    /// # use nethttp::header::FieldSpan;
    /// # let mut slots = [FieldSpan::EMPTY; 8];
    /// let buf = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
    /// if let Parse::Complete(head) = parse_request(buf, &mut slots, &Config::SERVER)? {
    ///     let framing = check_request(&head, &Config::SERVER)?.framing();
    ///     assert_eq!(framing.framing(), Framing::Length(5));
    /// }
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn framing(&self) -> MessageFraming {
        self.framing
    }

    /// Returns whether the client waits for `100 Continue` before it sends the body,
    /// [RFC 9110 §10.1.1](https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1).
    ///
    /// ```
    /// # use nethttp::h1::{Config, Parse, check_request, parse_request};
    /// # use nethttp::header::FieldSpan;
    /// # let mut slots = [FieldSpan::EMPTY; 8];
    /// let buf = b"GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n";
    /// if let Parse::Complete(head) = parse_request(buf, &mut slots, &Config::SERVER)? {
    ///     // There is no body to wait for.
    ///     assert!(!check_request(&head, &Config::SERVER)?.expects_continue());
    /// }
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn expects_continue(&self) -> bool {
        self.expects_continue
    }
}

/// Checks what a server must check before it acts on a request: Host, the form of the target, the
/// expectation, and the framing.
///
/// # Errors
///
/// 400 for a Host that is missing (in HTTP/1.1), repeated or malformed
/// ([RFC 9112 §3.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2)), and for a target that has none
/// of the four forms or not one that goes with the method; 417 for an expectation other than
/// `100-continue`; and all errors of [`request_framing`].
///
/// # Examples
///
/// ```
/// use nethttp::h1::{Config, Parse, ParseErrorKind, check_request, parse_request};
///
/// if let Parse::Complete(head) = parse_request(b"GET / HTTP/1.1\r\n\r\n", &mut [], &Config::SERVER)? {
///     let error = check_request(&head, &Config::SERVER).unwrap_err();
///     assert_eq!(error.kind(), ParseErrorKind::HostMissing);
/// }
/// # Ok::<(), nethttp::h1::ParseError>(())
/// ```
pub fn check_request(
    head: &RequestHead<'_, '_>,
    config: &Config,
) -> Result<CheckedRequest, ParseError> {
    check_request_after(head, config, &mut KnownHost::default())
}

/// The host of the last request on a connection, which the next one is likely to name again.
#[derive(Clone, Debug, Default)]
pub(super) struct KnownHost(Vec<u8>);

impl KnownHost {
    /// What is longer is looked at again every time.
    const LONGEST: usize = 255;

    fn check(&mut self, host: &[u8]) -> Result<(), UriError> {
        if self.0 != host {
            check_host(host)?;
            self.0.clear();
            if host.len() <= Self::LONGEST {
                self.0.extend_from_slice(host);
            }
        }
        Ok(())
    }
}

/// Checks a request on a connection that may have had others.
pub(super) fn check_request_after(
    head: &RequestHead<'_, '_>,
    config: &Config,
    known_host: &mut KnownHost,
) -> Result<CheckedRequest, ParseError> {
    let refuse = |kind, offset| Err(ParseError::at(kind, offset));
    let control = Control::read(&head.fields());
    let modern = head.version() >= Version::HTTP_11;
    let raw = config.leniency.raw_target_bytes;
    let target = match TargetLayout::of(head.method(), head.target(), raw) {
        Ok(target) => target,
        Err(error) => return refuse(Kind::Target, head.target_offset() + error.offset()),
    };
    match control.host {
        Host::Missing if modern => return refuse(Kind::HostMissing, head.len()),
        Host::Repeated(offset) => return refuse(Kind::HostRepeated, offset),
        Host::One(host, offset) => {
            if let Err(error) = known_host.check(host) {
                return refuse(Kind::Host, offset + error.offset());
            }
        }
        Host::Missing => {}
    }
    let framing = framing_of_request(head.version(), &control, config)?;
    let expects_continue = match control.expect {
        // An expectation in HTTP/1.0 is to be ignored.
        _ if !modern => false,
        Expect::Unknown(offset) => return refuse(Kind::Expectation, offset),
        Expect::Continue => framing.framing != Framing::None,
        Expect::Nothing => false,
    };
    Ok(CheckedRequest { framing, expects_continue, target })
}

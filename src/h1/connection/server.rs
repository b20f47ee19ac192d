//! The server's side of a connection.

use alloc::vec::Vec;

use super::state::{Automaton, Event, OutOfTurn, Side, State};
use crate::h1::body::{BodyDecoder, BodyEvent};
use crate::h1::encode::{
    BodyEncoder, EncodeError, EncodeErrorKind, Frame, ResponseEncoder, encode_interim,
};
use crate::h1::error::{ParseError, ParseErrorKind};
use crate::h1::framing::{CheckedRequest, Framing, KnownHost, check_request_after};
use crate::h1::head::{HeadScanner, RequestHead, locate_request};
use crate::h1::limits::Config;
use crate::header::{FieldSpan, HeaderMap};
use crate::method::Method;
use crate::status::StatusCode;
use crate::version::Version;

/// The server's side of a connection, without I/O.
///
/// It sees to this:
///
/// - A request is not shown before its framing, its Host and its target are found valid.
/// - The next request is not read before the last one is answered ([`ServerEvent::Paused`]).
/// - Whoever said `close` is taken at their word; after an error nothing more is read, and nothing
///   sent but the refusal.
/// - `100 Continue` can be sent only while it makes sense, and an answer without it, to a client that
///   waits for it, closes the connection, since nobody knows whether the body will come.
///
/// # Examples
///
/// ```
/// use nethttp::h1::{Config, ServerConnection, ServerEvent, ServerNext};
/// use nethttp::{HeaderMap, StatusCode};
///
/// let mut connection = ServerConnection::new(&Config::SERVER);
/// let input = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
/// let (used, event) = connection.receive(input)?;
/// assert!(matches!(event, ServerEvent::Request(head) if head.target() == b"/"));
/// let (_, event) = connection.receive(&input[used..])?;
/// assert!(matches!(event, ServerEvent::End));
///
/// let mut out = Vec::new();
/// connection.send_response(StatusCode::OK, None, &HeaderMap::new(), Some(2), None, &mut out)?;
/// connection.send_data(b"ok", &mut out)?;
/// connection.finish(&HeaderMap::new(), &mut out)?;
/// assert_eq!(connection.next(), ServerNext::Request);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ServerConnection {
    config: Config,
    automaton: Automaton,
    scanner: HeadScanner,
    slots: Vec<FieldSpan>,
    known_host: KnownHost,
    request: Current,
    body: BodyDecoder,
    encoder: Option<BodyEncoder>,
    failed: Option<ParseError>,
}

/// What is known of the request that is being answered.
#[derive(Clone, Copy, Debug)]
struct Current {
    method: Method,
    version: Version,
    /// Neither side has said that the connection ends with this exchange.
    keep_alive: bool,
    /// The client waits for `100 Continue`.
    expects_continue: bool,
    upgrade: bool,
}

impl Current {
    const NONE: Self = Self {
        method: Method::GET,
        version: Version::HTTP_11,
        keep_alive: true,
        expects_continue: false,
        upgrade: false,
    };
}

/// What a [`ServerConnection`] received.
///
/// # Examples
///
/// ```
/// use nethttp::h1::{Config, ServerConnection, ServerEvent};
///
/// let mut connection = ServerConnection::new(&Config::SERVER);
/// assert!(matches!(connection.receive(b"GET /")?, (0, ServerEvent::NeedMore)));
/// # Ok::<(), nethttp::h1::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum ServerEvent<'a> {
    /// The head of a request, checked.
    Request(RequestHead<'a, 'a>),
    /// The next bytes of its body.
    Data(&'a [u8]),
    /// The request is complete.
    End,
    /// The input is used up as far as it can be; more has to be read.
    NeedMore,
    /// The request is complete and has to be answered before more is received.
    Paused,
    /// The client has closed the connection between requests.
    Closed,
}

/// What comes after an exchange.
///
/// # Examples
///
/// ```
/// use nethttp::h1::{Config, ServerConnection, ServerNext};
///
/// let mut connection = ServerConnection::new(&Config::SERVER);
/// assert_eq!(connection.next(), ServerNext::Request);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ServerNext {
    /// The next request.
    Request,
    /// The rest of the request's body, which has to be received before the next request; or else the
    /// connection has to be closed.
    Drain,
    /// Nothing: the connection has to be closed, with care for a client that is still sending
    /// ([RFC 9112 §9.6](https://www.rfc-editor.org/rfc/rfc9112#section-9.6)).
    Close,
    /// Another protocol.
    Switched,
    /// The exchange is not over: the response is not complete.
    Unfinished,
}

impl ServerConnection {
    /// Creates a connection on which nothing has happened.
    ///
    /// ```
    /// use nethttp::h1::{Config, ServerConnection};
    ///
    /// let connection = ServerConnection::new(&Config::SERVER);
    /// assert!(connection.is_idle());
    /// ```
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            config: *config,
            automaton: Automaton::new(),
            scanner: HeadScanner::request(config),
            slots: Vec::new(),
            known_host: KnownHost::default(),
            request: Current::NONE,
            body: BodyDecoder::new(Framing::None, config),
            encoder: None,
            failed: None,
        }
    }

    /// Takes from the input; returns how much of it was used, and what that was.
    ///
    /// Call it with what was not used before, and more. A head is used only when it is complete, so
    /// the caller's buffer must have room for [`Limits::head`](crate::h1::Limits::head) bytes.
    ///
    /// # Errors
    ///
    /// A malformed head or body. The error stays. Unless part of a response is out already, the server
    /// should answer with [`ParseError::status`] through [`send_response`](Self::send_response), and in
    /// any case close.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::h1::{Config, ServerConnection, ServerEvent};
    ///
    /// let mut connection = ServerConnection::new(&Config::SERVER);
    /// let error = connection.receive(b"GET / HTTP/1.1\r\n\r\n").unwrap_err();
    /// assert_eq!(error.to_string(), "expected a Host field at byte 18");
    /// ```
    pub fn receive<'a>(
        &'a mut self,
        input: &'a [u8],
    ) -> Result<(usize, ServerEvent<'a>), ParseError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        match self.automaton.client {
            // What follows a last request, or a refusal that came before any, is not looked at.
            State::MustClose | State::Closed => Ok((input.len(), ServerEvent::Paused)),
            State::Idle if self.has_responded() => Ok((input.len(), ServerEvent::Paused)),
            State::Idle if input.is_empty() => Ok((0, ServerEvent::NeedMore)),
            State::Idle => self.receive_head(input),
            State::Body => self.receive_body(input),
            State::Done | State::Waiting | State::Switched => Ok((0, ServerEvent::Paused)),
        }
    }

    fn receive_head<'a>(
        &'a mut self,
        input: &'a [u8],
    ) -> Result<(usize, ServerEvent<'a>), ParseError> {
        let found = locate_request(input, &mut self.scanner, &mut self.slots, &self.config);
        let Some(raw) = found.inspect_err(|&error| self.failed = Some(error))? else {
            return Ok((0, ServerEvent::NeedMore));
        };
        let head = RequestHead::bind(input, &self.slots, &raw);
        // A refusal is an answer to that method and that version, too.
        (self.request.method, self.request.version) = (head.method(), head.version());
        let checked = check_request_after(&head, &self.config, &mut self.known_host);
        let checked = checked.inspect_err(|&error| self.failed = Some(error))?;
        self.request = Current::new(&head, &checked);
        self.body.restart(checked.framing().framing());
        // The client is idle, so the table has this.
        let _ = self.automaton.request();
        Ok((raw.len, ServerEvent::Request(head.with_layout(checked.target()))))
    }

    fn receive_body<'a>(
        &'a mut self,
        input: &'a [u8],
    ) -> Result<(usize, ServerEvent<'a>), ParseError> {
        // A body that comes unasked needs no invitation.
        self.request.expects_continue &= input.is_empty();
        let decoded = self.body.decode(input);
        let (used, event) = decoded.inspect_err(|&error| self.failed = Some(error))?;
        Ok((
            used,
            match event {
                BodyEvent::Data(data) => ServerEvent::Data(data),
                BodyEvent::NeedMore => ServerEvent::NeedMore,
                BodyEvent::End => {
                    let end = if self.request.keep_alive { Event::End } else { Event::LastEnd };
                    let _ = self.automaton.apply(Side::Client, end);
                    ServerEvent::End
                }
            },
        ))
    }

    /// Tells the connection that the client has closed its side, after all that came was received.
    ///
    /// A request that is complete is to be answered all the same.
    ///
    /// # Errors
    ///
    /// [`Truncated`](crate::h1::ParseErrorKind::Truncated) in the middle of a request, of which nothing
    /// may then be carried out, [RFC 9112 §8](https://www.rfc-editor.org/rfc/rfc9112#section-8).
    ///
    /// ```
    /// use nethttp::h1::{Config, ServerConnection};
    ///
    /// let mut connection = ServerConnection::new(&Config::SERVER);
    /// connection.receive(b"GET / HT")?;
    /// assert!(connection.end_of_input().is_err());
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    pub fn end_of_input(&mut self) -> Result<ServerEvent<'static>, ParseError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let outcome = match self.automaton.client {
            State::Body => self.body.end_of_input(),
            State::Idle if self.scanner.has_started() => {
                Err(ParseError::at(ParseErrorKind::Truncated, self.scanner.offset()))
            }
            _ => Ok(()),
        };
        outcome.inspect_err(|&error| self.failed = Some(error))?;
        self.request.keep_alive = false;
        let idle = matches!(self.automaton.client, State::Idle | State::Closed)
            && self.automaton.server == State::Idle;
        let _ = self.automaton.apply(Side::Client, Event::Close);
        Ok(if idle { ServerEvent::Closed } else { ServerEvent::Paused })
    }

    /// Returns whether no request is being received or answered, not even a part of a head.
    ///
    /// ```
    /// use nethttp::h1::{Config, ServerConnection};
    ///
    /// let mut connection = ServerConnection::new(&Config::SERVER);
    /// connection.receive(b"G")?;
    /// assert!(!connection.is_idle());
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.automaton.client == State::Idle && !self.scanner.has_started() && self.failed.is_none()
    }

    /// Returns whether the request is complete.
    ///
    /// ```
    /// # use nethttp::h1::{Config, ServerConnection};
    /// let mut connection = ServerConnection::new(&Config::SERVER);
    /// connection.receive(b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n")?;
    /// assert!(!connection.is_request_complete()); // the body has not come
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn is_request_complete(&self) -> bool {
        !matches!(self.automaton.client, State::Idle | State::Body)
    }

    /// Returns whether a head has been sent that the current request, or error, is answered with.
    ///
    /// ```
    /// # use nethttp::h1::{Config, ServerConnection};
    /// let mut connection = ServerConnection::new(&Config::SERVER);
    /// connection.receive(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")?;
    /// assert!(!connection.has_responded()); // there is still time for a 500
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn has_responded(&self) -> bool {
        !matches!(self.automaton.server, State::Idle | State::Waiting)
    }

    /// Returns why the connection can only be closed, if the client has sent something malformed.
    ///
    /// ```
    /// # use nethttp::h1::{Config, ServerConnection};
    /// let mut connection = ServerConnection::new(&Config::SERVER);
    /// assert!(connection.receive(b"nonsense\r\n").is_err());
    /// assert!(connection.failure().is_some_and(|error| error.status().as_u16() == 400));
    /// ```
    #[must_use]
    pub const fn failure(&self) -> Option<ParseError> {
        self.failed
    }

    /// Returns whether the connection has been given over to another protocol.
    ///
    /// ```
    /// # use nethttp::h1::{Config, ServerConnection};
    /// # use nethttp::{HeaderMap, StatusCode};
    /// let mut connection = ServerConnection::new(&Config::SERVER);
    /// connection.receive(b"CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n")?;
    /// let (empty, mut out) = (HeaderMap::new(), Vec::new());
    /// connection.send_response(StatusCode::OK, None, &empty, None, None, &mut out)?;
    /// assert!(connection.is_switched()); // to whatever the tunnel carries
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn is_switched(&self) -> bool {
        matches!(self.automaton.server, State::Switched)
    }

    /// Returns whether the client waits for `100 Continue` before it sends the body.
    ///
    /// ```
    /// use nethttp::h1::{Config, ServerConnection};
    ///
    /// let mut connection = ServerConnection::new(&Config::SERVER);
    /// let head = b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n";
    /// connection.receive(head)?;
    /// assert!(connection.expects_continue());
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn expects_continue(&self) -> bool {
        self.request.expects_continue
    }

    /// Returns whether the request proposes a change of protocol.
    ///
    /// ```
    /// # use nethttp::h1::{Config, ServerConnection};
    /// let mut connection = ServerConnection::new(&Config::SERVER);
    /// let head = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n";
    /// connection.receive(head)?;
    /// assert!(connection.proposes_upgrade());
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn proposes_upgrade(&self) -> bool {
        self.request.upgrade
    }

    /// Returns how many bytes of the request's body are still to come, if that is known.
    ///
    /// ```
    /// # use nethttp::h1::{Config, ServerConnection};
    /// let mut connection = ServerConnection::new(&Config::SERVER);
    /// connection.receive(b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n")?;
    /// connection.receive(b"hel")?;
    /// assert_eq!(connection.body_remaining(), Some(2));
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn body_remaining(&self) -> Option<u64> {
        self.body.remaining()
    }

    /// Returns the trailers of the request.
    ///
    /// ```
    /// # use nethttp::h1::{Config, ServerConnection};
    /// let mut connection = ServerConnection::new(&Config::SERVER);
    /// connection.receive(b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")?;
    /// connection.receive(b"0\r\nDigest: x\r\n\r\n")?;
    /// assert_eq!(connection.trailers().get("digest"), Some(&b"x"[..]));
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn trailers(&self) -> &HeaderMap {
        self.body.trailers()
    }

    /// Makes this exchange the last one: its response will say `Connection: close`.
    ///
    /// Without effect on a response whose head has been sent, except that nothing comes after it.
    ///
    /// ```
    /// # use nethttp::h1::{Config, ServerConnection};
    /// # use nethttp::{HeaderMap, StatusCode};
    /// let mut connection = ServerConnection::new(&Config::SERVER);
    /// connection.receive(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")?;
    /// connection.close_after(); // the server is shutting down
    /// let (empty, mut out) = (HeaderMap::new(), Vec::new());
    /// connection.send_response(StatusCode::OK, None, &empty, Some(0), None, &mut out)?;
    /// assert!(out.ends_with(b"Connection: close\r\n\r\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn close_after(&mut self) {
        self.request.keep_alive = false;
    }

    /// Appends an interim response.
    ///
    /// # Errors
    ///
    /// [`InterimVersion`](EncodeErrorKind::InterimVersion) if the client speaks HTTP/1.0; `State` if
    /// there is no request to answer, or for `100 Continue` if the client does not, or no longer, wait
    /// for it; and the errors of [`encode_interim`].
    ///
    /// ```
    /// use nethttp::h1::{Config, ServerConnection};
    /// use nethttp::{HeaderMap, StatusCode};
    ///
    /// let mut connection = ServerConnection::new(&Config::SERVER);
    /// connection.receive(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")?;
    /// let mut out = Vec::new();
    /// connection.send_interim(StatusCode::PROCESSING, &HeaderMap::new(), &mut out)?;
    /// assert_eq!(out, b"HTTP/1.1 102 Processing\r\n\r\n");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn send_interim(
        &mut self,
        status: StatusCode,
        headers: &HeaderMap,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        if self.request.version < Version::HTTP_11 {
            return Err(EncodeError::new(EncodeErrorKind::InterimVersion));
        }
        let go_on = status == StatusCode::CONTINUE;
        if self.failed.is_some() || (go_on && !self.request.expects_continue) {
            return Err(EncodeError::new(EncodeErrorKind::State));
        }
        self.automaton.apply(Side::Server, Event::Interim)?;
        encode_interim(status, headers, out)?;
        self.request.expects_continue &= !go_on;
        Ok(())
    }

    /// Appends the head of the final response, or of `101 Switching Protocols`.
    ///
    /// `length` is the body's, if known; `date` is written unless the fields have one.
    ///
    /// # Errors
    ///
    /// `State` if there is nothing to answer, or if a response would switch protocols before the
    /// request is complete; [`UpgradeMissing`](EncodeErrorKind::UpgradeMissing) for 101 without having
    /// been asked; and the errors of [`ResponseEncoder::encode`].
    ///
    /// ```
    /// use nethttp::h1::{Config, ServerConnection};
    /// use nethttp::{HeaderMap, StatusCode};
    ///
    /// let mut connection = ServerConnection::new(&Config::SERVER);
    /// let mut out = Vec::new();
    /// let error = connection.receive(b"nonsense\r\n").unwrap_err();
    /// connection.send_response(error.status(), None, &HeaderMap::new(), Some(0), None, &mut out)?;
    /// assert!(out.starts_with(b"HTTP/1.1 400 Bad Request\r\n"));
    /// # Ok::<(), nethttp::h1::EncodeError>(())
    /// ```
    pub fn send_response(
        &mut self,
        status: StatusCode,
        reason: Option<&[u8]>,
        headers: &HeaderMap,
        length: Option<u64>,
        date: Option<&[u8; 29]>,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        if status == StatusCode::SWITCHING_PROTOCOLS && !self.request.upgrade {
            return Err(EncodeError::new(EncodeErrorKind::UpgradeMissing));
        }
        let switching = status == StatusCode::SWITCHING_PROTOCOLS
            || (self.request.method == Method::CONNECT && status.is_success());
        if switching && !self.body.is_done() {
            // The rest of the body would be read as the other protocol.
            return Err(EncodeError::new(EncodeErrorKind::State));
        }
        // A client that was told to wait, and was not told to go on, may or may not send the body. One
        // that has sent no request, or a bad one, cannot go on at all.
        let in_doubt = self.request.expects_continue
            || self.failed.is_some()
            || self.automaton.client == State::Idle;
        let mut encoder = ResponseEncoder::new(self.request.method, self.request.version)
            .keep_alive(self.request.keep_alive && !in_doubt);
        if let Some(date) = date {
            encoder = encoder.date(date);
        }
        let mut after = self.automaton;
        after.apply(Side::Server, Event::Head)?;
        let body = encoder.encode(status, reason, headers, length, out)?;
        self.request.keep_alive &= body.keep_alive();
        self.encoder = Some(body);
        if body.is_tunnel() {
            self.automaton.switch()?;
        } else {
            self.automaton = after;
        }
        Ok(())
    }

    /// Returns the framing of the next piece of the response's body, which is that many bytes long, for
    /// callers that write the piece themselves.
    ///
    /// # Errors
    ///
    /// `State` if no response is being sent, and the errors of [`BodyEncoder::frame`].
    ///
    /// ```
    /// # use nethttp::h1::{Config, ServerConnection};
    /// # use nethttp::{HeaderMap, StatusCode};
    /// let mut connection = ServerConnection::new(&Config::SERVER);
    /// connection.receive(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")?;
    /// let (empty, mut out) = (HeaderMap::new(), Vec::new());
    /// connection.send_response(StatusCode::OK, None, &empty, None, None, &mut out)?;
    /// assert_eq!(connection.frame(26)?.prefix(), b"1a\r\n"); // goes out before the 26 bytes
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn frame(&mut self, len: usize) -> Result<Frame, EncodeError> {
        if self.automaton.server != State::Body {
            return Err(EncodeError::new(EncodeErrorKind::State));
        }
        self.encoder.as_mut().ok_or(EncodeError::new(EncodeErrorKind::State))?.frame(len)
    }

    /// Appends a piece of the response's body with its framing.
    ///
    /// # Errors
    ///
    /// As for [`frame`](Self::frame).
    ///
    /// ```
    /// # use nethttp::h1::{Config, ServerConnection};
    /// # use nethttp::{HeaderMap, StatusCode};
    /// let mut connection = ServerConnection::new(&Config::SERVER);
    /// connection.receive(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")?;
    /// let (empty, mut out) = (HeaderMap::new(), Vec::new());
    /// connection.send_response(StatusCode::OK, None, &empty, None, None, &mut out)?;
    /// connection.send_data(b"hello", &mut out)?;
    /// assert!(out.ends_with(b"\r\n5\r\nhello\r\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn send_data(&mut self, data: &[u8], out: &mut Vec<u8>) -> Result<(), EncodeError> {
        if self.automaton.server != State::Body {
            return Err(EncodeError::new(EncodeErrorKind::State));
        }
        self.encoder.as_mut().ok_or(EncodeError::new(EncodeErrorKind::State))?.data(data, out)
    }

    /// Ends the response; appends what its framing needs for that.
    ///
    /// # Errors
    ///
    /// `State` if no response is being sent, and the errors of [`BodyEncoder::finish`], after which the
    /// connection can only be closed: the client will know the response to be incomplete.
    ///
    /// ```
    /// # use nethttp::h1::{Config, ServerConnection};
    /// # use nethttp::{HeaderMap, StatusCode};
    /// let mut connection = ServerConnection::new(&Config::SERVER);
    /// connection.receive(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")?;
    /// let (empty, mut out) = (HeaderMap::new(), Vec::new());
    /// connection.send_response(StatusCode::OK, None, &empty, Some(5), None, &mut out)?;
    /// assert!(connection.finish(&empty, &mut out).is_err()); // the five bytes are missing
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn finish(&mut self, trailers: &HeaderMap, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let end = if self.request.keep_alive { Event::End } else { Event::LastEnd };
        let mut after = self.automaton;
        after.apply(Side::Server, end)?;
        let encoder = self.encoder.as_mut().ok_or(EncodeError::new(EncodeErrorKind::State))?;
        encoder.finish(trailers, out)?;
        self.automaton = after;
        Ok(())
    }

    /// Returns whether the response's body goes nowhere: there is none, or all of it is out.
    ///
    /// ```
    /// # use nethttp::h1::{Config, ServerConnection};
    /// # use nethttp::{HeaderMap, StatusCode};
    /// let mut connection = ServerConnection::new(&Config::SERVER);
    /// connection.receive(b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")?;
    /// let (empty, mut out) = (HeaderMap::new(), Vec::new());
    /// connection.send_response(StatusCode::OK, None, &empty, Some(5), None, &mut out)?;
    /// assert!(connection.is_body_empty()); // no need to produce it
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn is_body_empty(&self) -> bool {
        self.encoder.is_none_or(|encoder| encoder.is_empty())
    }

    /// Returns whether the connection goes on after this exchange, as far as is known.
    ///
    /// ```
    /// # use nethttp::h1::{Config, ServerConnection};
    /// let mut connection = ServerConnection::new(&Config::SERVER);
    /// connection.receive(b"GET / HTTP/1.0\r\n\r\n")?;
    /// assert!(!connection.keep_alive());
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn keep_alive(&self) -> bool {
        self.request.keep_alive && self.failed.is_none()
    }

    /// Goes on to the next request if that is possible, and says what is to be done.
    ///
    /// ```
    /// use nethttp::h1::{Config, ServerConnection, ServerNext};
    /// use nethttp::{HeaderMap, StatusCode};
    ///
    /// let mut connection = ServerConnection::new(&Config::SERVER);
    /// connection.receive(b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n")?;
    /// let mut out = Vec::new();
    /// connection.send_response(StatusCode::OK, None, &HeaderMap::new(), Some(0), None, &mut out)?;
    /// connection.finish(&HeaderMap::new(), &mut out)?;
    /// assert_eq!(connection.next(), ServerNext::Drain); // the body has not come
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[expect(clippy::should_implement_trait, reason = "a connection is no iterator")]
    pub fn next(&mut self) -> ServerNext {
        match (self.automaton.client, self.automaton.server) {
            (_, State::Switched) => ServerNext::Switched,
            _ if self.failed.is_some() => ServerNext::Close,
            (State::Idle, State::Idle) => ServerNext::Request,
            (State::Closed, State::Idle) => ServerNext::Close,
            (_, State::Idle | State::Waiting | State::Body) => ServerNext::Unfinished,
            (State::Body, State::Done) if self.request.keep_alive => ServerNext::Drain,
            (State::Done, State::Done) if self.request.keep_alive => {
                self.request = Current::NONE;
                self.encoder = None;
                match self.automaton.next() {
                    Ok(()) => ServerNext::Request,
                    Err(OutOfTurn) => ServerNext::Close,
                }
            }
            _ => ServerNext::Close,
        }
    }
}

impl Current {
    fn new(head: &RequestHead<'_, '_>, checked: &CheckedRequest) -> Self {
        let framing = checked.framing();
        Self {
            method: head.method(),
            version: head.version(),
            keep_alive: framing.keep_alive(),
            expects_continue: checked.expects_continue(),
            upgrade: framing.has_upgrade(),
        }
    }
}

impl From<OutOfTurn> for EncodeError {
    fn from(_: OutOfTurn) -> Self {
        Self::new(EncodeErrorKind::State)
    }
}

//! The client's side of a connection.

use alloc::vec::Vec;

use super::state::{Automaton, Event, Side, State};
use crate::h1::body::{BodyDecoder, BodyEvent};
use crate::h1::encode::{BodyEncoder, EncodeError, EncodeErrorKind, Frame, encode_request_in};
use crate::h1::error::{ParseError, ParseErrorKind as Kind};
use crate::h1::framing::{Framing, MessageFraming, response_framing};
use crate::h1::head::{HeadScanner, ResponseHead, locate_response};
use crate::h1::limits::Config;
use crate::header::{FieldSpan, HeaderMap};
use crate::method::Method;
use crate::status::StatusCode;
use crate::version::Version;

/// The client's side of a connection, without I/O.
///
/// # Examples
///
/// ```
/// use nethttp::h1::{ClientConnection, ClientEvent, Config};
/// use nethttp::{HeaderMap, Method};
///
/// let mut connection = ClientConnection::new(&Config::CLIENT);
/// let mut headers = HeaderMap::new();
/// headers.append("Host", "example.org")?;
/// let mut out = Vec::new();
/// connection.send_request(Method::GET, b"/", &headers, Some(0), &mut out)?;
/// connection.finish(&HeaderMap::new(), &mut out)?;
/// assert_eq!(out, b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n");
///
/// let input = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
/// let (used, event) = connection.receive(input)?;
/// assert!(matches!(event, ClientEvent::Response(head) if head.status().as_u16() == 200));
/// let (more, event) = connection.receive(&input[used..])?;
/// assert!(matches!(event, ClientEvent::Data(b"hi")));
/// let (_, event) = connection.receive(&input[used + more..])?;
/// assert!(matches!(event, ClientEvent::End));
/// assert!(connection.next());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ClientConnection {
    config: Config,
    automaton: Automaton,
    scanner: HeadScanner,
    slots: Vec<FieldSpan>,
    /// Of the requests to come.
    version: Version,
    method: Method,
    keep_alive: bool,
    upgrade: bool,
    interim: u32,
    /// A byte of a response to the current request has come.
    answered: bool,
    body: BodyDecoder,
    encoder: Option<BodyEncoder>,
    framing: Option<MessageFraming>,
    failed: Option<ParseError>,
}

/// What a [`ClientConnection`] received.
///
/// # Examples
///
/// ```
/// use nethttp::h1::{ClientConnection, ClientEvent, Config};
///
/// let mut connection = ClientConnection::new(&Config::CLIENT);
/// assert!(matches!(connection.receive(b"")?, (0, ClientEvent::NeedMore)));
/// # Ok::<(), nethttp::h1::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum ClientEvent<'a> {
    /// The head of an interim (1xx) response; the final one is still to come.
    Interim(ResponseHead<'a, 'a>),
    /// The head of the final response, or of `101 Switching Protocols`.
    Response(ResponseHead<'a, 'a>),
    /// The next bytes of its body.
    Data(&'a [u8]),
    /// The response is complete.
    End,
    /// What follows is no longer HTTP.
    Switched,
    /// The input is used up as far as it can be; more has to be read.
    NeedMore,
    /// The server has closed the connection between responses.
    Closed,
}

impl ClientConnection {
    /// Creates a connection on which nothing has happened.
    ///
    /// ```
    /// use nethttp::h1::{ClientConnection, Config, Limits};
    ///
    /// let small = Config::CLIENT.limits(Limits::DEFAULT.head(4096));
    /// let mut connection = ClientConnection::new(&small);
    /// assert!(connection.next()); // a request can be sent
    /// ```
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            config: *config,
            automaton: Automaton::new(),
            scanner: HeadScanner::response(config),
            slots: Vec::new(),
            version: Version::HTTP_11,
            method: Method::GET,
            keep_alive: true,
            upgrade: false,
            interim: 0,
            answered: false,
            body: BodyDecoder::new(Framing::None, config),
            encoder: None,
            framing: None,
            failed: None,
        }
    }

    /// Sets the version of the requests to come: 1.1, unless a server understands only 1.0. Such a request has no chunks, and
    /// the connection ends with the response unless both sides say `keep-alive`.
    ///
    /// ```
    /// use nethttp::h1::{ClientConnection, Config};
    /// use nethttp::{HeaderMap, Method, Version};
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("Host", "example.org")?;
    /// let (mut connection, mut out) = (ClientConnection::new(&Config::CLIENT), Vec::new());
    /// connection.set_version(Version::HTTP_10);
    /// connection.send_request(Method::GET, b"/", &headers, Some(0), &mut out)?;
    /// assert!(out.starts_with(b"GET / HTTP/1.0\r\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn set_version(&mut self, version: Version) {
        self.version = version;
    }

    /// Appends the head of a request.
    ///
    /// # Errors
    ///
    /// `State` if the last exchange is not over, and the errors of [`encode_request`](crate::h1::encode_request).
    ///
    /// ```
    /// use nethttp::h1::{ClientConnection, Config};
    /// use nethttp::{HeaderMap, Method};
    ///
    /// let mut connection = ClientConnection::new(&Config::CLIENT);
    /// let sent = connection.send_request(Method::GET, b"/", &HeaderMap::new(), None, &mut Vec::new());
    /// assert!(sent.is_err()); // there is no Host
    /// ```
    pub fn send_request(
        &mut self,
        method: Method,
        target: &[u8],
        headers: &HeaderMap,
        length: Option<u64>,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        let mut after = self.automaton;
        after.request()?;
        let body = encode_request_in(self.version, method, target, headers, length, out)?;
        self.automaton = after;
        self.method = method;
        self.keep_alive = body.keep_alive();
        self.upgrade = headers.contains_key("Upgrade");
        self.interim = 0;
        self.answered = false;
        self.encoder = Some(body);
        self.framing = None;
        Ok(())
    }

    /// Returns the framing of the next piece of the request's body, for callers that write the piece
    /// themselves.
    ///
    /// # Errors
    ///
    /// `State` if no request is being sent, and the errors of [`BodyEncoder::frame`].
    ///
    /// ```
    /// # use nethttp::h1::{ClientConnection, Config};
    /// # use nethttp::{HeaderMap, Method};
    /// # let mut headers = HeaderMap::new();
    /// # headers.append("Host", "example.org")?;
    /// # let mut out = Vec::new();
    /// let mut connection = ClientConnection::new(&Config::CLIENT);
    /// connection.send_request(Method::PUT, b"/log", &headers, None, &mut out)?;
    /// let frame = connection.frame(4096)?;
    /// // The prefix, 4,096 bytes of a file and the suffix can go out in one vectored write.
    /// assert_eq!((frame.prefix(), frame.suffix()), (&b"1000\r\n"[..], &b"\r\n"[..]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn frame(&mut self, len: usize) -> Result<Frame, EncodeError> {
        self.encoder()?.frame(len)
    }

    /// Appends a piece of the request's body with its framing.
    ///
    /// # Errors
    ///
    /// As for [`frame`](Self::frame).
    ///
    /// ```
    /// # use nethttp::h1::{ClientConnection, Config};
    /// # use nethttp::{HeaderMap, Method};
    /// # let mut headers = HeaderMap::new();
    /// # headers.append("Host", "example.org")?;
    /// # let mut out = Vec::new();
    /// let mut connection = ClientConnection::new(&Config::CLIENT);
    /// connection.send_request(Method::PUT, b"/log", &headers, Some(2), &mut out)?;
    /// connection.send_data(b"hi", &mut out)?;
    /// assert!(out.ends_with(b"Content-Length: 2\r\n\r\nhi"));
    /// assert!(connection.send_data(b"!", &mut out).is_err()); // two bytes were announced
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn send_data(&mut self, data: &[u8], out: &mut Vec<u8>) -> Result<(), EncodeError> {
        self.encoder()?.data(data, out)
    }

    /// Ends the request; appends what its framing needs for that.
    ///
    /// # Errors
    ///
    /// `State` if no request is being sent, and the errors of [`BodyEncoder::finish`].
    ///
    /// ```
    /// # use nethttp::h1::{ClientConnection, Config};
    /// # use nethttp::{HeaderMap, Method};
    /// # let mut headers = HeaderMap::new();
    /// # headers.append("Host", "example.org")?;
    /// # let mut out = Vec::new();
    /// let mut connection = ClientConnection::new(&Config::CLIENT);
    /// connection.send_request(Method::PUT, b"/log", &headers, None, &mut out)?;
    /// connection.send_data(b"hi", &mut out)?;
    /// let mut trailers = HeaderMap::new();
    /// trailers.append("Digest", "x")?;
    /// connection.finish(&trailers, &mut out)?;
    /// assert!(out.ends_with(b"2\r\nhi\r\n0\r\nDigest: x\r\n\r\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn finish(&mut self, trailers: &HeaderMap, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        self.encoder()?.finish(trailers, out)?;
        let end = if self.keep_alive { Event::End } else { Event::LastEnd };
        Ok(self.automaton.apply(Side::Client, end)?)
    }

    fn encoder(&mut self) -> Result<&mut BodyEncoder, EncodeError> {
        let sending = self.automaton.client == State::Body;
        let encoder = self.encoder.as_mut().filter(|_| sending);
        encoder.ok_or(EncodeError::new(EncodeErrorKind::State))
    }

    /// Takes from the input; returns how much of it was used, and what that was.
    ///
    /// A response may come before the request is complete: the server has then lost interest in the
    /// rest.
    ///
    /// # Errors
    ///
    /// A malformed response, more interim responses than the limit, a switch of protocols that was not
    /// asked for, or anything at all when no request is outstanding. The error stays.
    ///
    /// ```
    /// use nethttp::h1::{ClientConnection, Config, ParseErrorKind};
    ///
    /// let mut connection = ClientConnection::new(&Config::CLIENT);
    /// let error = connection.receive(b"HTTP/1.1 408 Request Timeout\r\n\r\n").unwrap_err();
    /// assert_eq!(error.kind(), ParseErrorKind::UnexpectedResponse);
    /// ```
    pub fn receive<'a>(
        &'a mut self,
        input: &'a [u8],
    ) -> Result<(usize, ClientEvent<'a>), ParseError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        match self.automaton.server {
            State::Switched => Ok((0, ClientEvent::Switched)),
            _ if input.is_empty() && self.automaton.server != State::Body => {
                Ok((0, ClientEvent::NeedMore))
            }
            State::Waiting => self.receive_head(input),
            State::Body => self.receive_body(input),
            State::Idle | State::Done | State::MustClose | State::Closed => {
                self.fail(ParseError::new(Kind::UnexpectedResponse, 0))
            }
        }
    }

    fn fail<T>(&mut self, error: ParseError) -> Result<T, ParseError> {
        self.failed = Some(error);
        Err(error)
    }

    fn receive_head<'a>(
        &'a mut self,
        input: &'a [u8],
    ) -> Result<(usize, ClientEvent<'a>), ParseError> {
        self.answered = true;
        let found = locate_response(input, &mut self.scanner, &mut self.slots, &self.config);
        let Some(raw) = found.inspect_err(|&error| self.failed = Some(error))? else {
            return Ok((0, ClientEvent::NeedMore));
        };
        let head = ResponseHead::bind(input, &self.slots, &raw);
        let switching = head.status() == StatusCode::SWITCHING_PROTOCOLS;
        if head.status().is_informational() && !switching {
            self.interim += 1;
            if self.interim > self.config.limits.interim {
                let error = ParseError::new(Kind::TooManyInterim, 0);
                self.failed = Some(error);
                return Err(error);
            }
            return Ok((raw.len, ClientEvent::Interim(head)));
        }
        let framing = response_framing(self.method, &head, &self.config);
        let framing = framing.inspect_err(|&error| self.failed = Some(error))?;
        // A switch in the middle of a request would make the rest of it part of the other protocol.
        let sending = self.automaton.client == State::Body
            && self.encoder.is_some_and(|encoder| !encoder.is_empty());
        let asked = !switching || (self.upgrade && framing.has_upgrade());
        if !asked || (sending && framing.framing() == Framing::Tunnel) {
            let error = ParseError::new(Kind::UnexpectedSwitch, 0);
            self.failed = Some(error);
            return Err(error);
        }
        self.framing = Some(framing);
        self.keep_alive &= framing.keep_alive();
        // The server is waited for, so the table has these.
        if framing.framing() == Framing::Tunnel {
            let _ = self.automaton.switch();
        } else {
            self.body.restart(framing.framing());
            let _ = self.automaton.apply(Side::Server, Event::Head);
        }
        Ok((raw.len, ClientEvent::Response(head)))
    }

    fn receive_body<'a>(
        &mut self,
        input: &'a [u8],
    ) -> Result<(usize, ClientEvent<'a>), ParseError> {
        let decoded = self.body.decode(input);
        let (used, event) = decoded.inspect_err(|&error| self.failed = Some(error))?;
        Ok((
            used,
            match event {
                BodyEvent::Data(data) => ClientEvent::Data(data),
                BodyEvent::NeedMore => ClientEvent::NeedMore,
                BodyEvent::End => {
                    self.end_response();
                    ClientEvent::End
                }
            },
        ))
    }

    fn end_response(&mut self) {
        let end = if self.keep_alive { Event::End } else { Event::LastEnd };
        let _ = self.automaton.apply(Side::Server, end);
    }

    /// Tells the connection that the server has closed its side, after all that came was received.
    ///
    /// Returns [`ClientEvent::End`] if that ends a body, [`ClientEvent::Closed`] between exchanges.
    ///
    /// # Errors
    ///
    /// [`Truncated`](crate::h1::ParseErrorKind::Truncated) before or in the middle of a response:
    /// nothing of a short body passes for a whole one,
    /// [RFC 9112 §8](https://www.rfc-editor.org/rfc/rfc9112#section-8).
    ///
    /// ```
    /// # use nethttp::h1::{ClientConnection, ClientEvent, Config};
    /// # use nethttp::{HeaderMap, Method};
    /// # let mut headers = HeaderMap::new();
    /// # headers.append("Host", "example.org")?;
    /// # let mut out = Vec::new();
    /// let mut connection = ClientConnection::new(&Config::CLIENT);
    /// connection.send_request(Method::GET, b"/", &headers, Some(0), &mut out)?;
    /// connection.finish(&HeaderMap::new(), &mut out)?;
    /// let input = b"HTTP/1.0 200 OK\r\n\r\nall of it";
    /// let (used, _) = connection.receive(input)?;
    /// connection.receive(&input[used..])?;
    /// assert!(matches!(connection.end_of_input()?, ClientEvent::End));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn end_of_input(&mut self) -> Result<ClientEvent<'static>, ParseError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        self.keep_alive = false;
        match self.automaton.server {
            State::Body => {
                let outcome = self.body.end_of_input();
                outcome.inspect_err(|&error| self.failed = Some(error))?;
                self.end_response();
                Ok(ClientEvent::End)
            }
            State::Waiting => {
                let offset = self.scanner.offset();
                self.fail(ParseError::at(Kind::Truncated, offset))
            }
            _ => {
                let _ = self.automaton.apply(Side::Server, Event::Close);
                Ok(ClientEvent::Closed)
            }
        }
    }

    /// Returns what the head of the response means for its body, once it has come.
    ///
    /// ```
    /// # use nethttp::h1::{ClientConnection, Config, Framing};
    /// # use nethttp::{HeaderMap, Method};
    /// # let mut headers = HeaderMap::new();
    /// # headers.append("Host", "example.org")?;
    /// # let mut out = Vec::new();
    /// let mut connection = ClientConnection::new(&Config::CLIENT);
    /// connection.send_request(Method::GET, b"/", &headers, Some(0), &mut out)?;
    /// connection.finish(&HeaderMap::new(), &mut out)?;
    /// connection.receive(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
    /// let framing = connection.framing().ok_or("no response yet")?;
    /// assert_eq!(framing.framing(), Framing::Chunked);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn framing(&self) -> Option<MessageFraming> {
        self.framing
    }

    /// Returns whether a response to the current request is waited for and no byte of it has come, be it
    /// good or bad.
    ///
    /// ```
    /// # use nethttp::h1::{ClientConnection, Config};
    /// # use nethttp::{HeaderMap, Method};
    /// # let mut headers = HeaderMap::new();
    /// # headers.append("Host", "example.org")?;
    /// # let mut out = Vec::new();
    /// let mut connection = ClientConnection::new(&Config::CLIENT);
    /// connection.send_request(Method::GET, b"/", &headers, Some(0), &mut out)?;
    /// connection.finish(&HeaderMap::new(), &mut out)?;
    /// assert!(connection.end_of_input().is_err());
    /// // The server closed an idle connection: a GET can be sent again on another one.
    /// assert!(connection.is_unanswered());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn is_unanswered(&self) -> bool {
        self.automaton.server == State::Waiting && !self.answered
    }

    /// Returns how many bytes of the response's body are still to come, if that is known.
    ///
    /// ```
    /// # use nethttp::h1::{ClientConnection, Config};
    /// # use nethttp::{HeaderMap, Method};
    /// # let mut headers = HeaderMap::new();
    /// # headers.append("Host", "example.org")?;
    /// # let mut out = Vec::new();
    /// let mut connection = ClientConnection::new(&Config::CLIENT);
    /// connection.send_request(Method::GET, b"/", &headers, Some(0), &mut out)?;
    /// connection.finish(&HeaderMap::new(), &mut out)?;
    /// let input = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel";
    /// let (used, _) = connection.receive(input)?;
    /// connection.receive(&input[used..])?;
    /// assert_eq!(connection.body_remaining(), Some(2));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn body_remaining(&self) -> Option<u64> {
        self.body.remaining()
    }

    /// Returns whether more of the body is due than has come.
    #[cfg(feature = "client")]
    pub(crate) fn awaits_body(&self) -> bool {
        self.failed.is_none() && self.automaton.server == State::Body && !self.body.is_done()
    }

    /// As [`BodyDecoder::pass`].
    #[cfg(feature = "client")]
    pub(crate) fn pass(&mut self, len: usize) -> usize {
        if self.awaits_body() { self.body.pass(len) } else { 0 }
    }

    /// As [`BodyDecoder::pass_framing`].
    #[cfg(feature = "client")]
    pub(crate) fn pass_framing(&mut self, framing: &[u8]) -> bool {
        self.awaits_body() && self.body.pass_framing(framing)
    }

    /// As [`BodyDecoder::framing_ahead`].
    #[cfg(feature = "client")]
    pub(crate) fn framing_ahead(&self) -> Option<(u64, usize)> {
        self.body.framing_ahead()
    }

    /// Returns the trailers of the response.
    ///
    /// ```
    /// # use nethttp::h1::{ClientConnection, Config};
    /// # use nethttp::{HeaderMap, Method};
    /// # let mut headers = HeaderMap::new();
    /// # headers.append("Host", "example.org")?;
    /// # let mut out = Vec::new();
    /// let mut connection = ClientConnection::new(&Config::CLIENT);
    /// connection.send_request(Method::GET, b"/", &headers, Some(0), &mut out)?;
    /// connection.finish(&HeaderMap::new(), &mut out)?;
    /// connection.receive(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
    /// connection.receive(b"0\r\nDigest: x\r\n\r\n")?;
    /// assert_eq!(connection.trailers().get("digest"), Some(&b"x"[..]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn trailers(&self) -> &HeaderMap {
        self.body.trailers()
    }

    /// Goes on to the next request if both messages are complete and neither side wants to close;
    /// returns whether it did. If not, the connection is of no further use.
    ///
    /// Nor is it if the buffer still holds bytes: no request has asked for them, and the next one must
    /// not take them for its response,
    /// [RFC 9112 §6.3](https://www.rfc-editor.org/rfc/rfc9112#section-6.3).
    ///
    /// ```
    /// use nethttp::h1::{ClientConnection, Config};
    ///
    /// assert!(ClientConnection::new(&Config::CLIENT).next());
    /// ```
    #[expect(clippy::should_implement_trait, reason = "a connection is no iterator")]
    pub fn next(&mut self) -> bool {
        if self.failed.is_some() || !self.keep_alive {
            return false;
        }
        let fresh = (self.automaton.client, self.automaton.server) == (State::Idle, State::Idle);
        fresh || self.automaton.next().is_ok()
    }
}

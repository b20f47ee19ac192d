//! One connection: its bytes, and what the protocol makes of them.

use std::io::{self, IoSliceMut};
use std::net::SocketAddr;
use std::slice;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::buffer::Buffer;
use super::cancel::{CancelToken, Guard};
use super::failure::Failure;
use super::idle::idle_time;
use super::timeouts::Deadline;
use super::wire::Wire;
use crate::error::Phase;
use crate::h1::{ClientConnection, ClientEvent, Config, Framing, ParseError};
use crate::message::{Request, Response, Timings};
use crate::status::StatusCode;
use crate::uri::Uri;
use crate::version::Version;

/// A connection to a server.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) wire: Wire,
    pub(super) h1: ClientConnection,
    /// What is about to be written: a head, framing, small bodies.
    pub(super) out: Vec<u8>,
    buf: Buffer,
    /// How many bytes at the start of the buffer are the body's next ones.
    ready: usize,
    /// Whether the server has sent more than its response, or the client less than its request.
    spoilt: bool,
    /// Sending has failed: the system tells of a loss once, and has done so.
    is_lost: bool,
    /// How long the connection may be idle after this exchange, by what the client permits or the server says.
    pub(super) idle: Duration,
    /// Closes the connection when the exchange is cancelled.
    guard: Option<Guard>,
    /// Where it leads, if that is an address.
    pub(super) peer: Option<SocketAddr>,
    /// How long it took to make, until an exchange has told of that.
    pub(super) timings: Timings,
}

/// The longest that a connection is idle.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Who is told of interim responses.
pub(super) type Interim = dyn Fn(&Response) + Send + Sync;

/// A final head, and what it means for the body.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) response: Response,
    pub(super) framing: Framing,
}

/// What has come of a response.
#[expect(clippy::large_enum_variant, reason = "it is taken apart where it is returned")]
enum Head {
    Final(Received),
    Interim(StatusCode),
    Partial,
}

/// What a read of the body gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) len: usize,
    /// The body is complete; there may be bytes all the same.
    pub(super) ended: bool,
}

/// What comes next in a body.
enum Ahead {
    Data,
    End,
    NeedMore,
}

impl Connection {
    pub(super) fn new(
        wire: Wire,
        config: &Config,
        peer: Option<SocketAddr>,
        timings: Timings,
    ) -> Self {
        Self {
            wire,
            h1: ClientConnection::new(config),
            out: Vec::new(),
            buf: Buffer::default(),
            ready: 0,
            spoilt: false,
            is_lost: false,
            idle: Duration::ZERO,
            guard: None,
            peer,
            timings,
        }
    }

    /// Begins an exchange, which ends when the token is used.
    pub(super) fn begin(&mut self, now: Instant, token: Option<&CancelToken>) {
        self.wire.begin_request(now);
        let control = self.wire.stream().control();
        self.guard = token.zip(control).map(|(token, control)| {
            let control = Arc::clone(control);
            token.on_cancel(move || control.close())
        });
    }

    /// Returns whether the exchange was cancelled.
    pub(super) fn is_cancelled(&self) -> bool {
        self.guard.as_ref().is_some_and(Guard::is_cancelled)
    }

    /// Puts the head into `out`, and nothing else.
    pub(super) fn encode_head(
        &mut self,
        target: &str,
        request: &Request,
        has_trailers: bool,
    ) -> Result<(), Failure> {
        self.out.clear();
        self.h1.set_version(request.version());
        // Only chunks have a place for trailers.
        let len = request.body().len().filter(|_| !has_trailers);
        let target = target.as_bytes();
        let (method, headers) = (request.method(), request.headers());
        Ok(self.h1.send_request(method, target, headers, len, &mut self.out)?)
    }

    /// Waits for the final head of the response; interim ones are told of.
    pub(super) fn receive_head(
        &mut self,
        uri: &Uri,
        interim: Option<&Interim>,
        deadline: &Deadline,
    ) -> Result<Received, Failure> {
        loop {
            if let Some(received) = self.next_head(uri, interim, false, deadline)? {
                return Ok(received);
            }
        }
    }

    /// Waits for `100 Continue`, or for a final head; returns none if the body is to be sent now.
    pub(super) fn await_continue(
        &mut self,
        uri: &Uri,
        interim: Option<&Interim>,
        deadline: &Deadline,
    ) -> Result<Option<Received>, Failure> {
        match self.next_head(uri, interim, true, &deadline.for_continue(Instant::now())) {
            Err(Failure::Timeout(Phase::FirstByte | Phase::Idle)) => Ok(None),
            outcome => outcome,
        }
    }

    /// Returns none at `100 Continue`, if that is what is waited for.
    fn next_head(
        &mut self,
        uri: &Uri,
        interim: Option<&Interim>,
        awaiting: bool,
        deadline: &Deadline,
    ) -> Result<Option<Received>, Failure> {
        loop {
            match self.buffered_head(uri, interim)? {
                Head::Final(received) => return Ok(Some(received)),
                Head::Interim(StatusCode::CONTINUE) if awaiting => return Ok(None),
                Head::Interim(_) => {}
                // A stream that ends here is cut off, which is an error.
                Head::Partial => {
                    let begun = !self.buf.is_empty();
                    let phase = if begun { Phase::Idle } else { Phase::FirstByte };
                    self.fill(phase, deadline)?;
                }
            }
        }
    }

    /// Takes the next head, if it has come.
    fn buffered_head(&mut self, uri: &Uri, interim: Option<&Interim>) -> Result<Head, Failure> {
        let (used, event) = self.h1.receive(self.buf.filled())?;
        match event {
            ClientEvent::Interim(head) => {
                let status = head.status();
                if let Some(tell) = interim {
                    tell(&Response::received(&head, uri.clone()));
                }
                self.buf.consume(used);
                Ok(Head::Interim(status))
            }
            ClientEvent::Response(head) => {
                let response = Response::received(&head, uri.clone());
                self.idle = idle_time(response.headers().get("Keep-Alive"), self.idle);
                self.buf.consume(used);
                self.check(response).map(Head::Final)
            }
            _ => Ok(Head::Partial),
        }
    }

    /// Looks, without waiting, whether the server has answered a request that is still being sent.
    pub(super) fn early_head(
        &mut self,
        uri: &Uri,
        interim: Option<&Interim>,
        deadline: &Deadline,
    ) -> Result<Option<Received>, Failure> {
        while !self.wire.is_quiet() {
            self.fill(Phase::Idle, deadline)?;
            loop {
                match self.buffered_head(uri, interim)? {
                    Head::Final(received) => return Ok(Some(received)),
                    Head::Interim(_) => {}
                    Head::Partial => break,
                }
            }
        }
        Ok(None)
    }

    /// Refuses responses that cannot be read.
    fn check(&self, response: Response) -> Result<Received, Failure> {
        let framing = self.h1.framing();
        match framing {
            Some(framing) if framing.framing() == Framing::Tunnel => {
                Err(Failure::Response("expected no switch of protocols"))
            }
            Some(framing) if framing.is_undecodable() && response.version() < Version::HTTP_11 => {
                Err(Failure::Response("expected no Transfer-Encoding in HTTP/1.0"))
            }
            Some(framing) if framing.is_undecodable() => {
                Err(Failure::Response("expected no transfer coding but chunked"))
            }
            framing => {
                let framing = framing.map_or(Framing::None, |framing| framing.framing());
                Ok(Received { response, framing })
            }
        }
    }

    /// Reads more into the buffer; returns whether the stream has ended where the message may end.
    fn fill(&mut self, phase: Phase, deadline: &Deadline) -> Result<bool, Failure> {
        let len = self.wire.read(self.buf.space(), phase, deadline)?;
        self.buf.filled_more(len);
        if len == 0 {
            self.end_of_input()?;
        }
        Ok(len == 0)
    }

    /// Takes note of the end of the stream. One that the client has made itself ends no message, nor does one that an error of
    /// the connection has made, [RFC 9112 §8](https://www.rfc-editor.org/rfc/rfc9112#section-8).
    fn end_of_input(&mut self) -> Result<(), Failure> {
        if self.is_cancelled() {
            return Err(Failure::Cancelled);
        }
        let framing = self.h1.framing().map(|framing| framing.framing());
        if self.is_lost && framing == Some(Framing::UntilClose) {
            return Err(Failure::Receive(io::ErrorKind::ConnectionReset.into()));
        }
        let unanswered = self.h1.is_unanswered();
        let ended = self.h1.end_of_input();
        ended.map(drop).map_err(|error| match unanswered {
            true => Failure::Unanswered(error),
            false => Failure::Parse(error),
        })
    }

    /// Reads the next bytes of the body. A buffer at least as large as the connection's own is read
    /// into straight from the socket.
    ///
    /// After the end of the body, or an error, the connection must not be read again.
    // A processor comes back from a system call knowing none of its callers, and each return costs more than what it returns to:
    // from here down to the socket it is to be one function.
    #[inline]
    pub(super) fn read_body(
        &mut self,
        out: &mut [u8],
        deadline: &Deadline,
    ) -> Result<Taken, Failure> {
        loop {
            match self.advance()? {
                Ahead::Data => return Ok(self.take_ready(out)),
                Ahead::End => return Ok(Taken { len: 0, ended: true }),
                Ahead::NeedMore if out.len() < Buffer::SIZE => {
                    if self.fill(Phase::Idle, deadline)? {
                        return Ok(Taken { len: 0, ended: true });
                    }
                }
                Ahead::NeedMore => {
                    let taken = self.read_straight(out, deadline)?;
                    if taken.len > 0 || taken.ended {
                        return Ok(taken);
                    }
                }
            }
        }
    }

    /// Decodes what is in the buffer up to the next piece of data.
    fn advance(&mut self) -> Result<Ahead, ParseError> {
        if self.ready > 0 {
            return Ok(Ahead::Data);
        }
        if self.buf.is_empty() && self.h1.awaits_body() {
            return Ok(Ahead::NeedMore);
        }
        let (used, event) = self.h1.receive(self.buf.filled())?;
        let ahead = match event {
            ClientEvent::Data(data) => {
                self.ready = data.len();
                Ahead::Data
            }
            ClientEvent::End => Ahead::End,
            _ => Ahead::NeedMore,
        };
        self.buf.consume(used.saturating_sub(self.ready));
        Ok(ahead)
    }

    /// Copies data that is ready, and looks whether the body ends behind it: who reads as many bytes as
    /// there are shall not have to read again for the connection to be free.
    fn take_ready(&mut self, out: &mut [u8]) -> Taken {
        let data = self.buf.filled().get(..self.ready).unwrap_or_default();
        let len = data.iter().zip(out.iter_mut()).len();
        if let (Some(to), Some(from)) = (out.get_mut(..len), data.get(..len)) {
            to.copy_from_slice(from);
        }
        self.ready = self.ready.saturating_sub(len);
        self.buf.consume(len);
        // An error comes again with the next read, behind the data.
        Taken { len, ended: self.ready == 0 && matches!(self.advance(), Ok(Ahead::End)) }
    }

    /// Reads into the caller's buffer. Where framing is due between chunks, as much as the last one had goes elsewhere, so that the
    /// data is read to where it belongs.
    #[inline]
    fn read_straight(&mut self, out: &mut [u8], deadline: &Deadline) -> Result<Taken, Failure> {
        let (left, framing) = self.framing_within(out.len()).unwrap_or((out.len(), 0));
        let mut between = [0; Self::FRAMING];
        let (between, _) = between.split_at_mut(framing);
        let (chunk, behind) = out.split_at_mut(left);
        let mut slices = [chunk, between, behind].map(IoSliceMut::new);
        let [first, ..] = &mut slices;
        let slices = if framing == 0 { slice::from_mut(first) } else { &mut slices };
        let got = match self.wire.read_body(slices, deadline)? {
            0 => return self.ended(),
            got => got,
        };
        let len = self.h1.pass(got.min(left));
        if framing == 0 {
            return self.decode_within(out, len, got);
        }
        let between = between.get(..got - len).unwrap_or(between);
        let got = got - between.len();
        if self.h1.pass_framing(between) {
            return self.decode_within(out, len, got);
        }
        match self.h1.receive(between) {
            Ok((used, ClientEvent::Data(data))) => {
                // The framing is shorter than the last one: what came behind belongs behind what came with it.
                self.ready = data.len();
                self.buf.append(between.get(used - self.ready..).unwrap_or_default());
                self.buf.append(out.get(len..got).unwrap_or_default());
                Ok(Taken { len, ended: false })
            }
            Ok((used, ClientEvent::End)) => {
                self.spoilt |= used < between.len() || len < got;
                Ok(Taken { len, ended: true })
            }
            Ok(_) => self.decode_within(out, len, got),
            // Comes again with the next read, behind the data.
            Err(_) if len > 0 => Ok(Taken { len, ended: false }),
            Err(error) => Err(error.into()),
        }
    }

    /// The most of framing that is read elsewhere. What is longer has extensions, which need not come again.
    const FRAMING: usize = 64;

    /// Returns behind how much of what is read next framing is due, and how much, if that is less than so many bytes.
    fn framing_within(&self, len: usize) -> Option<(usize, usize)> {
        let (left, framing) = self.h1.framing_ahead()?;
        let left = usize::try_from(left).ok().filter(|left| *left < len)?;
        Some((left, framing)).filter(|_| (1..=Self::FRAMING).contains(&framing))
    }

    /// Takes the end of the stream for that of the body, if it may be.
    fn ended(&mut self) -> Result<Taken, Failure> {
        self.end_of_input()?;
        Ok(Taken { len: 0, ended: true })
    }

    /// Decodes what was read, behind the data that is there: it moves only where framing stands in
    /// front of it. What comes behind the response is dropped, and the connection with it.
    fn decode_within(
        &mut self,
        out: &mut [u8],
        mut len: usize,
        got: usize,
    ) -> Result<Taken, Failure> {
        len += self.h1.pass(got - len);
        let mut at = len;
        while at < got || !self.h1.awaits_body() {
            let input = out.get(at..got).unwrap_or_default();
            match self.h1.receive(input) {
                Ok((used, ClientEvent::Data(data))) => {
                    let data = at + used - data.len()..at + used;
                    at = data.end;
                    let moved = data.len();
                    if data.start != len {
                        out.copy_within(data, len);
                    }
                    len += moved;
                }
                Ok((used, ClientEvent::End)) => {
                    self.spoilt |= at + used < got;
                    return Ok(Taken { len, ended: true });
                }
                Ok(_) => return Ok(Taken { len, ended: false }),
                // Comes again with the next read, behind the data.
                Err(_) if len > 0 => return Ok(Taken { len, ended: false }),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Taken { len, ended: false })
    }

    /// Takes the rest of the body, if all of it was read already; returns whether that was so.
    pub(super) fn skip_buffered(&mut self) -> bool {
        loop {
            self.buf.consume(self.ready);
            self.ready = 0;
            match self.advance() {
                Ok(Ahead::Data) => {}
                Ok(Ahead::End) => return true,
                Ok(Ahead::NeedMore) | Err(_) => return false,
            }
        }
    }

    /// Has the connection end with this exchange: not all of the request has gone.
    pub(super) const fn spoil(&mut self, failure: &Failure) {
        self.spoilt = true;
        self.is_lost |= matches!(failure, Failure::Send(_));
    }

    /// Makes the connection ready for the next request, after the last one was answered completely.
    /// Returns until when it may be idle, or none if it cannot be used again.
    ///
    /// Bytes behind the response, which nobody has asked for, spoil it: they could pass for the next
    /// response.
    pub(super) fn next(&mut self) -> Option<Instant> {
        let cancelled = self.guard.take().is_some_and(Guard::end);
        if cancelled || self.spoilt || !self.buf.is_empty() || !self.h1.next() {
            return None;
        }
        self.buf.shrink();
        let last = self.wire.last_read();
        // More than the clock can tell is no limit, as everywhere.
        last.checked_add(self.idle).or_else(|| last.checked_add(LONGEST))
    }
}

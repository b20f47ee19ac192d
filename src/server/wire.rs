//! One connection's socket, buffers and state: everything that moves bytes.

use std::io::{self, IoSlice, Read, Write};
use std::mem;
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::clock::deadline;
use super::config::Config;
use super::listener::at_least_a_moment;
use super::registry::{Entry, Place};
use crate::field::DateCache;
use crate::h1::{ParseError, ParseErrorKind, ServerConnection, ServerEvent};
use crate::header::HeaderMap;
use crate::message::Request;
use crate::status::StatusCode;

/// What a fresh input buffer holds: nearly every head.
const INPUT: usize = 4 << 10;
/// A larger input buffer is given back while the connection waits.
const LARGEST_KEPT: usize = 16 << 10;
/// Answers wait for each other up to this many bytes.
const BATCH: usize = 32 << 10;

/// A connection's moving parts.
pub(super) struct Wire {
    entry: Arc<Entry>,
    pub(super) state: ServerConnection,
    pub(super) config: Config,
    pub(super) dates: DateCache,
    /// What was received, of which `start..end` has not been used.
    input: Vec<u8>,
    start: usize,
    end: usize,
    /// What is to be sent.
    pub(super) out: Vec<u8>,
    /// The read timeout that the socket has.
    timeout: Duration,
    /// When the head that has begun, or the first one, must be complete.
    head_deadline: Option<Instant>,
    /// When what is left of a body is no longer waited for.
    drain_deadline: Option<Instant>,
    /// The number of the exchange, by which a body knows that its time is over.
    pub(super) exchange: u64,
    /// The bytes of the response's body that were sent or put behind its head.
    pub(super) body_sent: u64,
}

/// What the wait for a request ended with.
pub(super) enum Arrival {
    Request,
    /// The client has gone, or has nothing to say.
    Closed,
    /// The head is malformed or came too slowly.
    Refused(StatusCode),
}

impl Wire {
    pub(super) fn new(place: &Place<'_>, config: Config) -> Self {
        Self {
            entry: Arc::clone(&place.entry),
            state: ServerConnection::new(&config.h1()),
            config,
            dates: DateCache::new(),
            input: Vec::new(),
            start: 0,
            end: 0,
            out: Vec::new(),
            timeout: at_least_a_moment(config.timeouts.head),
            head_deadline: Some(deadline(config.timeouts.head)),
            drain_deadline: None,
            exchange: 0,
            body_sent: 0,
        }
    }

    pub(super) fn stream(&self) -> &TcpStream {
        &self.entry.stream
    }

    /// Waits for the next head and puts it into the request. Answers that are still to be sent go out
    /// before it blocks.
    pub(super) fn next_request(
        &mut self,
        request: &mut Request,
        place: &Place<'_>,
    ) -> io::Result<Arrival> {
        loop {
            if self.start < self.end {
                let input = self.input.get(self.start..self.end).unwrap_or_default();
                match self.state.receive(input) {
                    Ok((used, ServerEvent::Request(head))) => {
                        let assigned = request.assign(&head, false);
                        self.start += used;
                        self.head_deadline = None;
                        place.set_idle(false);
                        if self.state.body_remaining() == Some(0) {
                            // The end of a request without a body needs no further bytes.
                            let _ = self.state.receive(b"");
                        }
                        return Ok(match assigned {
                            Ok(()) => Arrival::Request,
                            Err(_) => Arrival::Refused(StatusCode::BAD_REQUEST),
                        });
                    }
                    Ok(_) => {}
                    Err(error) => return Ok(Arrival::Refused(error.status())),
                }
            }
            self.flush()?;
            match self.fill_for_head(place)? {
                Filled::Some => {}
                Filled::End => return Ok(Arrival::Closed),
                Filled::Late if self.start == self.end => return Ok(Arrival::Closed),
                Filled::Late => return Ok(Arrival::Refused(StatusCode::REQUEST_TIMEOUT)),
            }
        }
    }

    /// Reads more of a head, or its first bytes, in the time that there is.
    fn fill_for_head(&mut self, place: &Place<'_>) -> io::Result<Filled> {
        let waiting = self.start == self.end;
        if waiting && self.input.len() > LARGEST_KEPT {
            self.input = Vec::new();
            (self.start, self.end) = (0, 0);
        }
        // Half a head is no request yet.
        if !place.set_idle(true) {
            return Ok(Filled::End);
        }
        let wait = match self.head_deadline {
            Some(deadline) => deadline.saturating_duration_since(Instant::now()),
            None if waiting => self.config.timeouts.idle,
            None => {
                self.head_deadline = Some(deadline(self.config.timeouts.head));
                self.config.timeouts.head
            }
        };
        if wait.is_zero() {
            return Ok(Filled::Late);
        }
        // A fresh socket has the timeout of the first head already.
        if !(waiting && self.exchange == 0) {
            self.set_timeout(wait)?;
        }
        self.fill()
    }

    fn set_timeout(&mut self, timeout: Duration) -> io::Result<()> {
        let timeout = at_least_a_moment(timeout);
        if timeout != self.timeout {
            self.stream().set_read_timeout(Some(timeout))?;
            self.timeout = timeout;
        }
        Ok(())
    }

    /// Lets reads wait for as long as it takes.
    pub(super) fn lift_timeout(&mut self) -> io::Result<()> {
        self.stream().set_read_timeout(None)?;
        // No timeout that could be set later is zero.
        self.timeout = Duration::ZERO;
        Ok(())
    }

    /// Reads once into the free end of the input buffer.
    fn fill(&mut self) -> io::Result<Filled> {
        self.make_room();
        let room = self.input.get_mut(self.end..).unwrap_or_default();
        match read(&self.entry.stream, room)? {
            Got::Bytes(0) => Ok(Filled::End),
            Got::Bytes(len) => {
                self.end += len;
                Ok(Filled::Some)
            }
            Got::Late => Ok(Filled::Late),
        }
    }

    /// Moves what is unused to the front, and grows the buffer only when it is full of one head.
    fn make_room(&mut self) {
        if self.start > 0 {
            self.input.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.input.len() {
            self.input.resize((self.input.len() * 2).max(INPUT), 0);
        }
    }

    /// Takes what the client has sent beyond the last request.
    pub(super) fn take_input(&mut self) -> Vec<u8> {
        let mut input = mem::take(&mut self.input);
        input.truncate(self.end);
        input.drain(..self.start);
        (self.start, self.end) = (0, 0);
        input
    }

    /// Sends what is waiting.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        if !self.out.is_empty() {
            let written = (&self.entry.stream).write_all(&self.out);
            self.written(written)?;
            self.out.shrink_to(BATCH * 2);
        }
        Ok(())
    }

    /// Forgets what was sent. If that failed, the client may have a part of it, and nothing may follow,
    /// whoever still tries.
    fn written(&mut self, written: io::Result<()>) -> io::Result<()> {
        self.out.clear();
        written.inspect_err(|_| {
            let _ = self.stream().shutdown(Shutdown::Both);
        })
    }

    /// Sends what is waiting if it has become much.
    pub(super) fn flush_batch(&mut self) -> io::Result<()> {
        if self.out.len() >= BATCH { self.flush() } else { Ok(()) }
    }

    /// Sends what is waiting, and the data behind it, without a copy.
    pub(super) fn send(&mut self, data: &[u8]) -> io::Result<()> {
        let written = write_both(&self.entry.stream, &self.out, data);
        self.written(written)
    }

    /// Reads from the request's body into the caller's buffer; zero is its end.
    pub(super) fn read_body(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            // No more is decoded than fits, so nothing of it has to be kept.
            let end = self.end.min(self.start.saturating_add(buf.len()));
            let input = self.input.get(self.start..end).unwrap_or_default();
            match self.state.receive(input).map_err(into_io)? {
                (used, ServerEvent::Data(data)) => {
                    buf.iter_mut().zip(data).for_each(|(to, &from)| *to = from);
                    let len = data.len();
                    self.start += used;
                    return Ok(len);
                }
                (used, ServerEvent::NeedMore) => self.start += used,
                (used, _) => {
                    self.start += used;
                    return Ok(0);
                }
            }
            if self.start < self.end {
                continue;
            }
            self.before_body_read()?;
            // Data of known length goes straight into the caller's buffer.
            if let Some(left) = self.state.body_remaining() {
                return self.read_body_directly(buf, left);
            }
            let filled = self.fill()?;
            self.body_arrived(&filled)?;
        }
    }

    fn read_body_directly(&mut self, buf: &mut [u8], left: u64) -> io::Result<usize> {
        let left = usize::try_from(left).unwrap_or(usize::MAX);
        let room = match buf.split_at_mut_checked(left) {
            Some((room, _)) => room,
            None => buf,
        };
        let filled = match read(&self.entry.stream, room)? {
            Got::Bytes(0) => Filled::End,
            Got::Bytes(len) => {
                self.state.receive(room.get(..len).unwrap_or_default()).map_err(into_io)?;
                return Ok(len);
            }
            Got::Late => Filled::Late,
        };
        self.body_arrived(&filled)?;
        Ok(0)
    }

    /// Whoever waits for the client's next bytes has told it before that they are wanted.
    fn before_body_read(&mut self) -> io::Result<()> {
        if self.state.expects_continue() {
            let none = HeaderMap::new();
            // The client speaks HTTP/1.1 and has no answer yet, so this cannot fail.
            let _ = self.state.send_interim(StatusCode::CONTINUE, &none, &mut self.out);
        }
        self.flush()?;
        let mut wait = self.config.timeouts.read;
        if let Some(deadline) = self.drain_deadline {
            wait = wait.min(deadline.saturating_duration_since(Instant::now()));
            if wait.is_zero() {
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
        self.set_timeout(wait)
    }

    fn body_arrived(&mut self, filled: &Filled) -> io::Result<()> {
        match filled {
            Filled::Some => Ok(()),
            Filled::Late => Err(io::ErrorKind::TimedOut.into()),
            Filled::End => self.state.end_of_input().map(drop).map_err(into_io),
        }
    }

    /// Throws away what the handler has left of the body, so that the connection can be used again;
    /// returns whether all of it has come in time.
    pub(super) fn drain_body(&mut self) -> bool {
        self.drain_deadline = Some(deadline(self.config.timeouts.drain));
        let drained = self.read_to_end();
        self.drain_deadline = None;
        drained
    }

    fn read_to_end(&mut self) -> bool {
        let mut left = self.config.limits.drain;
        let mut scratch = [0; 4 << 10];
        loop {
            match self.read_body(&mut scratch) {
                Ok(0) => return self.state.is_request_complete(),
                Ok(len) => match left.checked_sub(u64::try_from(len).unwrap_or(u64::MAX)) {
                    Some(rest) => left = rest,
                    None => return false,
                },
                Err(_) => return false,
            }
        }
    }

    /// Half-closes, and throws away what still comes for a moment, so that the client can read what
    /// was sent: unread input would reset the connection under it.
    pub(super) fn linger(&mut self) {
        if self.stream().shutdown(Shutdown::Write).is_err() {
            return;
        }
        let deadline = deadline(self.config.timeouts.drain);
        let mut scratch = [0; 4 << 10];
        let mut left = self.config.limits.drain;
        while left > 0 {
            let wait = deadline.saturating_duration_since(Instant::now());
            if wait.is_zero() || self.set_timeout(wait).is_err() {
                return;
            }
            match read(&self.entry.stream, &mut scratch) {
                Ok(Got::Bytes(len)) if len > 0 => {
                    left = left.saturating_sub(u64::try_from(len).unwrap_or(u64::MAX));
                }
                _ => return,
            }
        }
    }
}

/// What reading into the buffer came to.
enum Filled {
    Some,
    /// The client has closed its side.
    End,
    /// The time is over.
    Late,
}

enum Got {
    Bytes(usize),
    Late,
}

/// Reads once; a timeout is no error.
fn read(mut stream: &TcpStream, buf: &mut [u8]) -> io::Result<Got> {
    loop {
        match stream.read(buf) {
            Ok(len) => return Ok(Got::Bytes(len)),
            Err(error) => match error.kind() {
                io::ErrorKind::Interrupted => {}
                io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => return Ok(Got::Late),
                _ => return Err(error),
            },
        }
    }
}

/// Writes two slices one behind the other, together as far as the system takes them.
fn write_both(mut stream: &TcpStream, first: &[u8], second: &[u8]) -> io::Result<()> {
    let mut slices = [IoSlice::new(first), IoSlice::new(second)];
    let mut slices = &mut slices[..];
    IoSlice::advance_slices(&mut slices, 0);
    while !slices.is_empty() {
        match stream.write_vectored(slices) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(len) => IoSlice::advance_slices(&mut slices, len),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// An error of the protocol, as a reader has to report it.
fn into_io(error: ParseError) -> io::Error {
    let kind = match error.kind() {
        ParseErrorKind::Truncated => io::ErrorKind::UnexpectedEof,
        _ => io::ErrorKind::InvalidData,
    };
    io::Error::new(kind, error)
}

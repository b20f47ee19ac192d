//! One connection's socket, buffers and state: everything that moves bytes.

mod body;
mod linger;
mod send;

use std::io::{self, Read};
use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::clock::deadline;
use super::config::{Config, Limits, Timeouts};
use super::listener::at_least_a_moment;
use super::metrics::Counters;
use super::patience::Patience;
use super::registry::{Place, Registry};
use super::transport::{Link, Polled};
use crate::error::Result;
use crate::field::DateCache;
use crate::h1::{EncodeErrorKind, ParseError, ServerConnection, ServerEvent};
use crate::header::HeaderMap;
use crate::message::Request;
use crate::status::StatusCode;

/// What a fresh input buffer holds: nearly every head.
const INPUT: usize = 4 << 10;
/// How long a thread waits at least with a connection that cannot be parked.
const TURN: Duration = Duration::from_millis(10);
/// A larger input buffer is given back while the connection waits.
const LARGEST_KEPT: usize = 16 << 10;

/// A connection's moving parts.
pub(super) struct Wire {
    pub(super) link: Link,
    pub(super) state: ServerConnection,
    pub(super) limits: Limits,
    pub(super) timeouts: Timeouts,
    pub(super) dates: DateCache,
    pub(super) counters: Arc<Counters>,
    pub(super) registry: Arc<Registry>,
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
    /// When a request must have begun.
    idle_deadline: Option<Instant>,
    /// That time is over, and what has come by then was looked at.
    is_late: bool,
    /// When what is left of a body is no longer waited for.
    drain_deadline: Option<Instant>,
    /// Bytes that may still come while the connection lingers.
    linger_left: u64,
    reading: Patience,
    writing: Patience,
    /// The number of the exchange, by which a body knows that its time is over.
    pub(super) exchange: u64,
    /// The bytes of the response's body that were sent or put behind its head.
    pub(super) body_sent: u64,
    /// The handler has set the deadlines.
    has_own_timeouts: bool,
    /// The registry has been told that no request is under way.
    is_idle: bool,
    /// The request's body came too slowly, and what has come of it meanwhile may be lost.
    has_given_up: bool,
    /// A write has failed, and the client may have a part of what was written: nothing may follow.
    is_cut: bool,
    /// The connection has failed while a body was read, and nobody is left to answer.
    pub(super) is_broken: bool,
    /// Nothing more comes from this client, so it need not be waited for at the end.
    pub(super) client_closes: bool,
}

/// What the wait for a request ended with.
pub(super) enum Arrival {
    Request,
    /// The client has gone, or has nothing to say.
    Closed,
    /// The head is malformed or came too slowly.
    Refused(StatusCode, Option<ParseError>),
    /// Nothing has come in the time that the thread has.
    Waiting,
}

impl Wire {
    pub(super) fn new(
        mut link: Link,
        config: &Config,
        counters: &Arc<Counters>,
        registry: &Arc<Registry>,
    ) -> Self {
        let Config { limits, timeouts, .. } = *config;
        // What lies over a socket has to be told, too.
        let timeout =
            if link.is_bare() { at_least_a_moment(timeouts.head) } else { Duration::ZERO };
        link.begin_with_write_timeout(at_least_a_moment(timeouts.write));
        Self {
            link,
            state: ServerConnection::new(&config.h1()),
            limits,
            timeouts,
            dates: DateCache::new(),
            counters: Arc::clone(counters),
            registry: Arc::clone(registry),
            input: Vec::new(),
            start: 0,
            end: 0,
            out: Vec::new(),
            timeout,
            head_deadline: Some(deadline(timeouts.head)),
            idle_deadline: None,
            is_late: false,
            drain_deadline: None,
            linger_left: 0,
            reading: Patience::new(timeouts.min_rate, timeouts.grace, timeouts.read),
            writing: Patience::new(timeouts.min_rate, timeouts.grace, timeouts.write),
            exchange: 0,
            body_sent: 0,
            has_own_timeouts: false,
            is_idle: true,
            has_given_up: false,
            is_cut: false,
            is_broken: false,
            client_closes: false,
        }
    }

    /// Waits for the next head and puts it into the request. Answers that are still to be sent go out
    /// before it blocks, which it does no longer than the slice says, if there is one.
    pub(super) fn next_request(
        &mut self,
        request: &mut Request,
        place: &Place,
        slice: &mut dyn FnMut() -> Option<Duration>,
    ) -> io::Result<Arrival> {
        loop {
            if self.start < self.end {
                let input = self.input.get(self.start..self.end).unwrap_or_default();
                match self.state.receive(input) {
                    Ok((used, ServerEvent::Request(head))) => {
                        let assigned = request.assign(&head);
                        request.set_secure(self.link.is_secure());
                        self.start += used;
                        (self.head_deadline, self.idle_deadline) = (None, None);
                        self.is_late = false;
                        if mem::take(&mut self.is_idle) {
                            place.set_idle(false);
                        }
                        self.client_closes = !self.state.keep_alive();
                        self.writing.renew();
                        if self.state.body_remaining() == Some(0) {
                            // The end of a request without a body needs no further bytes.
                            let _ = self.state.receive(b"");
                        } else {
                            self.reading.renew();
                        }
                        return Ok(match assigned {
                            Ok(()) => Arrival::Request,
                            Err(_) => Arrival::Refused(StatusCode::BAD_REQUEST, None),
                        });
                    }
                    Ok(_) => {}
                    Err(error) => return Ok(Arrival::Refused(error.status(), Some(error))),
                }
            }
            self.flush()?;
            match self.fill_for_head(place, slice())? {
                Filled::Some => {}
                Filled::End => return Ok(Arrival::Closed),
                Filled::Slice => return Ok(Arrival::Waiting),
                Filled::Late if self.start == self.end => return Ok(Arrival::Closed),
                Filled::Late => {
                    self.counters.timeouts.add(1);
                    return Ok(Arrival::Refused(StatusCode::REQUEST_TIMEOUT, None));
                }
            }
        }
    }

    /// Reads more of a head, or its first bytes, in the time that there is.
    fn fill_for_head(&mut self, place: &Place, slice: Option<Duration>) -> io::Result<Filled> {
        let waiting = self.start == self.end;
        if waiting && self.input.len() > LARGEST_KEPT {
            self.give_back_input();
        }
        // Half a head is no request yet.
        let may_wait = if self.exchange == 0 { place.set_fresh() } else { place.set_idle(true) };
        self.is_idle = true;
        if !may_wait {
            return Ok(Filled::End);
        }
        let wait = self.wait_for_head(waiting);
        if wait.is_zero() {
            // What has come while there was no thread to read it is not late.
            if mem::replace(&mut self.is_late, true) {
                return Ok(Filled::Late);
            }
            self.set_timeout(wait)?;
            return self.fill();
        }
        match slice {
            Some(slice) if slice < wait => {
                // Only what can be parked is known to have nothing that is not in the socket.
                let must_read = slice.is_zero() && !self.link.can_park();
                let slice = if must_read { TURN.min(wait) } else { slice };
                if slice.is_zero() {
                    return Ok(Filled::Slice);
                }
                self.set_timeout(slice)?;
                Ok(match self.fill()? {
                    Filled::Late => Filled::Slice,
                    filled => filled,
                })
            }
            _ => {
                // A fresh socket has the timeout of the first head already.
                let is_fresh = waiting && self.exchange == 0 && self.link.is_bare();
                if !(is_fresh && self.timeout > wait) {
                    self.set_timeout(wait)?;
                }
                self.fill()
            }
        }
    }

    /// Returns how long a head may still be in coming.
    fn wait_for_head(&mut self, waiting: bool) -> Duration {
        let (until, wait) = match (self.head_deadline, waiting) {
            (Some(until), _) => return until.saturating_duration_since(Instant::now()),
            (None, true) => (&mut self.idle_deadline, self.timeouts.idle),
            (None, false) => (&mut self.head_deadline, self.timeouts.head),
        };
        match *until {
            Some(until) => until.saturating_duration_since(Instant::now()),
            None => {
                // The whole wait is asked for, so that the socket need not be told anew every time.
                *until = Some(deadline(wait));
                self.is_late = false;
                wait
            }
        }
    }

    /// Returns when the wait for a head ends.
    pub(super) fn waits_until(&self) -> Option<Instant> {
        self.head_deadline.or(self.idle_deadline)
    }

    /// Prepares for a long wait without a thread. From now on the socket does not block.
    pub(super) fn park(&mut self) -> io::Result<()> {
        if self.start == self.end {
            self.give_back_input();
        }
        self.out = Vec::new();
        self.link.entry.handle.set_nonblocking(true)
    }

    /// Ends that: the socket blocks again.
    pub(super) fn unpark(&self) -> io::Result<()> {
        self.link.entry.handle.set_nonblocking(false)
    }

    /// Returns what has become of the wait, without waiting.
    pub(super) fn poll(&mut self) -> io::Result<Polled> {
        let mut buf = [0; 512];
        let polled = self.link.poll(&mut buf)?;
        if let Polled::Ready(len) = polled {
            self.make_room();
            let room = self.input.get_mut(self.end..).unwrap_or_default();
            room.iter_mut().zip(buf.iter().take(len)).for_each(|(to, &from)| *to = from);
            self.end += len;
            self.link.entry.tally.add_received(len);
        }
        Ok(polled)
    }

    fn give_back_input(&mut self) {
        self.input = Vec::new();
        (self.start, self.end) = (0, 0);
    }

    fn set_timeout(&mut self, timeout: Duration) -> io::Result<()> {
        let timeout = at_least_a_moment(timeout);
        if timeout != self.timeout {
            self.link.set_read_timeout(Some(timeout))?;
            self.timeout = timeout;
        }
        Ok(())
    }

    /// Sets other deadlines for this exchange.
    pub(super) fn change_timeouts(&mut self, timeouts: Timeouts) -> io::Result<()> {
        let Timeouts { read, write, min_rate, grace, .. } = timeouts;
        self.link.set_write_timeout(Some(at_least_a_moment(write)))?;
        self.reading = Patience::new(min_rate, grace, read);
        self.writing = Patience::new(min_rate, grace, write);
        self.timeouts = Timeouts { read, write, min_rate, grace, ..self.timeouts };
        self.has_own_timeouts = true;
        Ok(())
    }

    /// Sets the deadlines that every exchange begins with.
    pub(super) fn restore_timeouts(&mut self, timeouts: Timeouts) -> io::Result<()> {
        if self.has_own_timeouts {
            self.change_timeouts(timeouts)?;
            self.has_own_timeouts = false;
        }
        Ok(())
    }

    /// Sends an interim response at once, if the client knows such.
    pub(super) fn send_interim(&mut self, status: StatusCode, headers: &HeaderMap) -> Result<()> {
        match self.state.send_interim(status, headers, &mut self.out) {
            Err(error)
                if error.kind() == EncodeErrorKind::InterimVersion && status.is_informational() =>
            {
                Ok(())
            }
            Err(error) => Err(error.into()),
            Ok(()) => Ok(self.flush()?),
        }
    }

    /// Returns whether the client has closed its side, as far as that can be seen now.
    pub(super) fn is_closed(&mut self) -> bool {
        !self.has_input() && self.link.is_closed()
    }

    /// Lets reads wait for as long as it takes.
    pub(super) fn lift_timeout(&mut self) -> io::Result<()> {
        self.link.set_read_timeout(None)?;
        // No timeout that could be set later is zero.
        self.timeout = Duration::ZERO;
        Ok(())
    }

    /// Reads once into the free end of the input buffer.
    fn fill(&mut self) -> io::Result<Filled> {
        self.make_room();
        let room = self.input.get_mut(self.end..).unwrap_or_default();
        match read(&mut self.link, room)? {
            Got::Bytes(0) => Ok(Filled::End),
            Got::Bytes(len) => {
                self.end += len;
                self.link.entry.tally.add_received(len);
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

    /// Returns whether the client has sent more than was used.
    pub(super) const fn has_input(&self) -> bool {
        self.start < self.end
    }

    /// Takes what the client has sent beyond the last request.
    pub(super) fn take_input(&mut self) -> Vec<u8> {
        let mut input = mem::take(&mut self.input);
        input.truncate(self.end);
        input.drain(..self.start);
        (self.start, self.end) = (0, 0);
        input
    }
}

/// What reading into the buffer came to.
enum Filled {
    Some,
    /// The client has closed its side.
    End,
    /// The time is over.
    Late,
    /// The time that the thread has is over.
    Slice,
}

enum Got {
    Bytes(usize),
    Late,
}

/// Reads once; a timeout is no error.
fn read(link: &mut Link, buf: &mut [u8]) -> io::Result<Got> {
    loop {
        match link.read(buf) {
            Ok(len) => return Ok(Got::Bytes(len)),
            Err(error) => match error.kind() {
                io::ErrorKind::Interrupted => {}
                io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => return Ok(Got::Late),
                _ => return Err(error),
            },
        }
    }
}

//! What comes of a request's body.

use std::io;
use std::time::Instant;

use super::{Filled, Got, Wire, read};
use crate::h1::{ParseError, ParseErrorKind, ServerEvent};
use crate::header::HeaderMap;
use crate::server::clock::deadline;
use crate::status::StatusCode;

impl Wire {
    /// Reads from the request's body into the caller's buffer; zero is its end.
    pub(in crate::server) fn read_body(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.has_given_up {
            return Err(io::ErrorKind::TimedOut.into());
        }
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
            let (before, unused) = (Instant::now(), self.end - self.start);
            let filled = self.fill().inspect_err(|_| self.is_broken = true)?;
            self.body_arrived(&filled)?;
            self.came(before, self.end - self.start - unused)?;
        }
    }

    fn read_body_directly(&mut self, buf: &mut [u8], left: u64) -> io::Result<usize> {
        let left = usize::try_from(left).unwrap_or(usize::MAX);
        let room = match buf.split_at_mut_checked(left) {
            Some((room, _)) => room,
            None => buf,
        };
        let before = Instant::now();
        let got = read(&mut self.link, room).inspect_err(|_| self.is_broken = true)?;
        let filled = match got {
            Got::Bytes(0) => Filled::End,
            Got::Bytes(len) => {
                self.link.entry.tally.add_received(len);
                self.came(before, len)?;
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
        let mut wait = self.reading.next_wait(self.timeouts.read);
        if let Some(deadline) = self.drain_deadline {
            wait = wait.min(deadline.saturating_duration_since(Instant::now()));
            if wait.is_zero() {
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
        self.set_timeout(wait)
    }

    /// Takes note of what has come of a body since then, and checks the client's pace.
    fn came(&mut self, before: Instant, len: usize) -> io::Result<()> {
        if self.reading.spend(before.elapsed(), len) {
            return Ok(());
        }
        Err(self.body_is_late())
    }

    /// Counts it, unless nobody wants the body any more; nor is it waited for again.
    fn body_is_late(&mut self) -> io::Error {
        if self.drain_deadline.is_none() {
            self.counters.timeouts.add(1);
            // No other request comes on this connection.
            self.state.close_after();
            self.has_given_up = true;
        }
        io::ErrorKind::TimedOut.into()
    }

    fn body_arrived(&mut self, filled: &Filled) -> io::Result<()> {
        match filled {
            Filled::Some => Ok(()),
            Filled::Late | Filled::Slice => Err(self.body_is_late()),
            Filled::End => self.state.end_of_input().map(drop).map_err(into_io),
        }
    }

    /// Throws away what the handler has left of the body, so that the connection can be used again;
    /// returns whether all of it has come in time.
    pub(in crate::server) fn drain_body(&mut self) -> bool {
        self.drain_deadline = Some(deadline(self.timeouts.drain));
        let drained = self.read_to_end();
        self.drain_deadline = None;
        drained
    }

    fn read_to_end(&mut self) -> bool {
        let mut left = self.limits.drain;
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
}

/// An error of the protocol, as a reader has to report it.
fn into_io(error: ParseError) -> io::Error {
    let kind = match error.kind() {
        ParseErrorKind::Truncated => io::ErrorKind::UnexpectedEof,
        _ => io::ErrorKind::InvalidData,
    };
    io::Error::new(kind, error)
}

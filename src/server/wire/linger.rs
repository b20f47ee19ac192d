//! The end of a connection, which the client is to read before it is closed.

use std::io;
use std::time::{Duration, Instant};

use super::{Got, Wire, read};
use crate::server::clock::deadline;

impl Wire {
    /// Returns whether the client has said that it is done, and was heard to the end.
    pub(in crate::server) fn nothing_more_comes(&self) -> bool {
        self.client_closes && self.state.is_request_complete() && self.start == self.end
    }

    /// Half-closes, and throws away what still comes for a moment, so that the client can read what
    /// was sent: unread input would reset the connection under it.
    pub(in crate::server) fn linger(&mut self) {
        if self.begin_to_linger().is_err() {
            return;
        }
        let mut scratch = [0; 4 << 10];
        while self.linger_left > 0 {
            let wait = self
                .waits_until()
                .map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()));
            if wait.is_zero() || self.set_timeout(wait).is_err() {
                return;
            }
            match read(&mut self.link, &mut scratch) {
                Ok(Got::Bytes(len)) if len > 0 => self.throw_away(len),
                _ => return,
            }
        }
    }

    pub(in crate::server) fn begin_to_linger(&mut self) -> io::Result<()> {
        self.link.entry.set_answered();
        self.head_deadline = Some(deadline(self.timeouts.drain));
        self.linger_left = self.limits.drain;
        self.link.finish()
    }

    /// Throws away what has come on a socket that does not block; returns whether more may come.
    pub(in crate::server) fn poll_lingering(&mut self) -> bool {
        let mut scratch = [0; 4 << 10];
        while self.linger_left > 0 {
            match self.link.entry.handle.read(&mut scratch) {
                Ok(0) => return false,
                Ok(len) => self.throw_away(len),
                Err(error) => return error.kind() == io::ErrorKind::WouldBlock,
            }
        }
        false
    }

    fn throw_away(&mut self, len: usize) {
        self.linger_left = self.linger_left.saturating_sub(u64::try_from(len).unwrap_or(u64::MAX));
    }
}

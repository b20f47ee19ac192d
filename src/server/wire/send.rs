//! What goes out: batches of answers, bodies behind their heads, files.

use std::fs::File;
use std::io::{self, IoSlice, Write};
use std::mem;
use std::net::Shutdown;
use std::ops::Range;
use std::time::Instant;

use super::Wire;
use crate::server::splice::send_file;

/// Answers wait for each other up to this many bytes.
const BATCH: usize = 32 << 10;
/// At most so much is given to the system at once: between two pieces the client's pace is looked at.
const PIECE: usize = 256 << 10;

impl Wire {
    /// Sends what is waiting.
    pub(in crate::server) fn flush(&mut self) -> io::Result<()> {
        if !self.out.is_empty() {
            self.send(&[])?;
            self.out.shrink_to(BATCH * 2);
        }
        Ok(())
    }

    /// Sends what is waiting if it has become much.
    pub(in crate::server) fn flush_batch(&mut self) -> io::Result<()> {
        if self.out.len() >= BATCH { self.flush() } else { Ok(()) }
    }

    /// Sends what is waiting, and the data of a body behind it, without a copy. If that fails, the client may have a part
    /// of it, and nothing may follow, whoever still tries.
    pub(in crate::server) fn send(&mut self, data: &[u8]) -> io::Result<()> {
        let out = mem::take(&mut self.out);
        let written = match self.is_cut {
            false => self.write_both(&out, data),
            true => Err(io::ErrorKind::BrokenPipe.into()),
        };
        self.out = out;
        self.out.clear();
        written.inspect_err(|_| {
            self.is_cut = true;
            self.link.shutdown(Shutdown::Both);
        })
    }

    /// Writes two slices one behind the other, together as far as the system takes them.
    fn write_both(&mut self, mut first: &[u8], mut second: &[u8]) -> io::Result<()> {
        let mut before = Instant::now();
        while !(first.is_empty() && second.is_empty()) {
            let piece = second.get(..PIECE).unwrap_or(second);
            // For one slice alone, the plain call takes the system less.
            let written = match (first, piece) {
                (one, []) | ([], one) => self.link.write(one),
                _ => self.link.write_vectored(&[IoSlice::new(first), IoSlice::new(piece)]),
            };
            let len = match written {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(len) => len,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.too_slow(error)),
            };
            let of_second = len.saturating_sub(first.len());
            first = first.get(len..).unwrap_or_default();
            second = second.get(of_second..).unwrap_or_default();
            self.body_sent += u64::try_from(of_second).unwrap_or_default();
            before = self.sent(before, len)?;
        }
        self.link.flush().map_err(|error| self.too_slow(error))
    }

    /// Sends a part of a file by the shortest way, which only a bare socket of TCP knows.
    pub(in crate::server) fn send_file(&mut self, file: File, range: Range<u64>) -> io::Result<()> {
        let Self { link, writing, body_sent, .. } = self;
        let (mut before, mut counted) = (Instant::now(), 0);
        let mut check = |sent: u64| {
            let len = usize::try_from(sent.saturating_sub(counted)).unwrap_or(usize::MAX);
            let now = Instant::now();
            let is_in_time = writing.spend(now.saturating_duration_since(before), len);
            (before, counted) = (now, sent);
            if is_in_time { Ok(()) } else { Err(io::ErrorKind::TimedOut.into()) }
        };
        let mut sent = 0;
        let result = match link.bare_tcp() {
            Some(socket) => send_file(file, range, socket, &mut sent, &mut check),
            None => Err(io::ErrorKind::Unsupported.into()),
        };
        link.entry.tally.add_sent(sent);
        *body_sent += sent;
        result.map_err(|error| self.too_slow(error))
    }

    /// Takes note of what was sent since then, and checks the client's pace.
    pub(in crate::server) fn sent(&mut self, before: Instant, len: usize) -> io::Result<Instant> {
        self.link.entry.tally.add_sent(u64::try_from(len).unwrap_or_default());
        let now = Instant::now();
        if self.writing.spend(now.saturating_duration_since(before), len) {
            return Ok(now);
        }
        self.counters.timeouts.add(1);
        Err(io::ErrorKind::TimedOut.into())
    }

    /// Counts it if it is the client's fault.
    fn too_slow(&mut self, error: io::Error) -> io::Error {
        match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
                self.counters.timeouts.add(1);
                io::ErrorKind::TimedOut.into()
            }
            _ => error,
        }
    }
}

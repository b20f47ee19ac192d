//! A stream of bytes whose every step has a deadline.

use std::fmt;
use std::io::{self, IoSlice, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::failure::Failure;
use super::timeouts::{Deadline, Step};
use crate::error::Phase;

/// What a connection goes over: a socket, or what is put around one.
pub(super) trait Stream: Read + Write + Send {
    /// Limits how long a read blocks; `None` is for ever.
    fn set_read_timeout(&self, timeout: Option<Duration>) -> io::Result<()>;

    /// Limits how long a write blocks; `None` is for ever.
    fn set_write_timeout(&self, timeout: Option<Duration>) -> io::Result<()>;

    /// Returns whether nothing can be read at the moment: no byte, no end, no error.
    fn is_quiet(&self) -> bool;
}

impl Stream for TcpStream {
    fn set_read_timeout(&self, timeout: Option<Duration>) -> io::Result<()> {
        Self::set_read_timeout(self, timeout)
    }

    fn set_write_timeout(&self, timeout: Option<Duration>) -> io::Result<()> {
        Self::set_write_timeout(self, timeout)
    }

    /// A socket that cannot be made to block again is not quiet either: it must not be used.
    fn is_quiet(&self) -> bool {
        self.set_nonblocking(true).is_ok()
            && self.peek(&mut [0]).is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
            && self.set_nonblocking(false).is_ok()
    }
}

/// What a socket reports when its timeout is over. On Unix, `TimedOut` comes from the network: the peer
/// does not acknowledge.
const TIMEOUT: io::ErrorKind =
    if cfg!(windows) { io::ErrorKind::TimedOut } else { io::ErrorKind::WouldBlock };

/// A stream and the timeouts that are set on it.
pub(super) struct Wire {
    stream: Box<dyn Stream>,
    /// Setting a timeout is a system call, so it is not done twice.
    read_timeout: Option<Duration>,
    write_timeout: Option<Duration>,
    last_read: Instant,
}

impl Wire {
    /// Takes over a stream without timeouts.
    pub(super) fn new(stream: Box<dyn Stream>) -> Self {
        Self { stream, read_timeout: None, write_timeout: None, last_read: Instant::now() }
    }

    /// Returns when something was read last.
    pub(super) const fn last_read(&self) -> Instant {
        self.last_read
    }

    /// Returns whether nothing can be read at the moment, as it should be between two exchanges.
    pub(super) fn is_quiet(&self) -> bool {
        self.stream.is_quiet()
    }

    /// Reads what comes next, at most as much as the buffer takes; 0 is the end of the stream.
    pub(super) fn read(
        &mut self,
        buf: &mut [u8],
        phase: Phase,
        deadline: &Deadline,
    ) -> Result<usize, Failure> {
        let mut now = Instant::now();
        let step = deadline.step(phase, now);
        loop {
            let left = step.left(now)?;
            if self.read_timeout != left {
                self.stream.set_read_timeout(left).map_err(Failure::Io)?;
                self.read_timeout = left;
            }
            let outcome = self.stream.read(buf);
            now = Instant::now();
            if let Some(len) = passed(outcome, left)? {
                self.last_read = now;
                return Ok(len);
            }
        }
    }

    /// Writes the parts one after the other, as few writes as the system permits, none of them copied.
    pub(super) fn write(&mut self, parts: [&[u8]; 4], deadline: &Deadline) -> Result<(), Failure> {
        let count = parts.iter().rposition(|part| !part.is_empty()).map_or(0, |last| last + 1);
        let mut slices = parts.map(IoSlice::new);
        let mut rest = slices.get_mut(..count).unwrap_or_default();
        IoSlice::advance_slices(&mut rest, 0);
        while !rest.is_empty() {
            let now = Instant::now();
            let step = deadline.step(Phase::Send, now);
            let len = self.write_some(rest, &step, now)?;
            IoSlice::advance_slices(&mut rest, len);
        }
        Ok(())
    }

    fn write_some(
        &mut self,
        slices: &[IoSlice<'_>],
        step: &Step,
        mut now: Instant,
    ) -> Result<usize, Failure> {
        loop {
            let left = step.left(now)?;
            if self.write_timeout != left {
                self.stream.set_write_timeout(left).map_err(Failure::Io)?;
                self.write_timeout = left;
            }
            let outcome = match slices {
                [one] => self.stream.write(one),
                many => self.stream.write_vectored(many),
            };
            now = Instant::now();
            match passed(outcome, left)? {
                Some(0) => return Err(Failure::Io(io::ErrorKind::WriteZero.into())),
                Some(len) => return Ok(len),
                None => {}
            }
        }
    }
}

/// Tells an outcome from a reason to look at the clock and go on.
fn passed(outcome: io::Result<usize>, left: Option<Duration>) -> Result<Option<usize>, Failure> {
    match outcome {
        Ok(len) => Ok(Some(len)),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(None),
        Err(error) if error.kind() == TIMEOUT && left.is_some() => Ok(None),
        Err(error) => Err(Failure::Io(error)),
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::client::timeouts::Timeouts;

    /// A stream that does in each call what it was told.
    #[derive(Clone, Default)]
    struct Scripted(Arc<Mutex<State>>);

    #[derive(Default)]
    struct State {
        calls: VecDeque<io::Result<usize>>,
        written: Vec<u8>,
        timeouts_set: usize,
    }

    impl Scripted {
        fn new(calls: impl IntoIterator<Item = io::Result<usize>>) -> Self {
            let script = Self::default();
            script.0.lock().unwrap().calls.extend(calls);
            script
        }

        fn next(&self) -> io::Result<usize> {
            let next = self.0.lock().unwrap().calls.pop_front();
            next.unwrap_or_else(|| Err(io::ErrorKind::WouldBlock.into()))
        }

        fn written(&self) -> Vec<u8> {
            self.0.lock().unwrap().written.clone()
        }
    }

    impl Read for Scripted {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            self.next().map(|len| len.min(buf.len()))
        }
    }

    impl Write for Scripted {
        fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
            let len = self.next()?.min(buf.len());
            self.0.lock().unwrap().written.extend_from_slice(&buf[..len]);
            Ok(len)
        }

        fn write_vectored(&mut self, bufs: &[IoSlice<'_>]) -> io::Result<usize> {
            let all: Vec<u8> = bufs.iter().flat_map(|buf| buf.iter().copied()).collect();
            self.write(&all)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Stream for Scripted {
        fn set_read_timeout(&self, _: Option<Duration>) -> io::Result<()> {
            self.0.lock().unwrap().timeouts_set += 1;
            Ok(())
        }

        fn set_write_timeout(&self, _: Option<Duration>) -> io::Result<()> {
            Ok(())
        }

        fn is_quiet(&self) -> bool {
            true
        }
    }

    fn fail(kind: io::ErrorKind) -> io::Result<usize> {
        Err(kind.into())
    }

    fn deadline(timeouts: Timeouts) -> Deadline {
        Deadline::start(timeouts, Instant::now())
    }

    #[test]
    fn writes_everything_in_order_however_little_goes_at_once() {
        for step in 1..12 {
            let calls = [fail(io::ErrorKind::Interrupted)];
            let script = Scripted::new(calls.into_iter().chain((0..20).map(|_| Ok(step))));
            let mut wire = Wire::new(Box::new(script.clone()));
            wire.write([b"abc", b"", b"defgh", b"i"], &deadline(Timeouts::DEFAULT)).unwrap();
            assert_eq!(script.written(), b"abcdefghi");
        }
    }

    #[test]
    fn writes_nothing_of_nothing() {
        let script = Scripted::default();
        let mut wire = Wire::new(Box::new(script.clone()));
        wire.write([b"", b"", b"", b""], &deadline(Timeouts::DEFAULT)).unwrap();
        assert_eq!(script.written(), b"");
    }

    #[test]
    fn a_write_of_nothing_is_an_error() {
        let mut wire = Wire::new(Box::new(Scripted::new([Ok(0)])));
        let failure = wire.write([b"a", b"", b"", b""], &deadline(Timeouts::DEFAULT)).unwrap_err();
        assert!(matches!(failure, Failure::Io(error) if error.kind() == io::ErrorKind::WriteZero));
    }

    #[test]
    fn a_stream_that_would_block_too_early_is_asked_again_until_the_time_is_over() {
        let timeouts = Timeouts::DEFAULT.idle(Some(Duration::from_millis(5)));
        let mut wire = Wire::new(Box::new(Scripted::default()));
        let failure = wire.read(&mut [0; 8], Phase::Idle, &deadline(timeouts)).unwrap_err();
        assert!(matches!(failure, Failure::Timeout(Phase::Idle)));

        let script = Scripted::new([fail(TIMEOUT), fail(io::ErrorKind::Interrupted), Ok(3)]);
        let mut wire = Wire::new(Box::new(script));
        assert_eq!(wire.read(&mut [0; 8], Phase::Idle, &deadline(Timeouts::DEFAULT)).unwrap(), 3);
    }

    #[test]
    fn a_failure_is_none_of_the_clock() {
        let kind = io::ErrorKind::ConnectionReset;
        let mut wire = Wire::new(Box::new(Scripted::new([fail(kind)])));
        let failure =
            wire.read(&mut [0; 8], Phase::Idle, &deadline(Timeouts::DEFAULT)).unwrap_err();
        assert!(matches!(failure, Failure::Io(error) if error.kind() == kind));
        // Without a limit, a stream that would block is none that blocks.
        let mut wire = Wire::new(Box::new(Scripted::default()));
        let failure = wire
            .read(&mut [0; 8], Phase::Idle, &deadline(Timeouts::DEFAULT.idle(None)))
            .unwrap_err();
        assert!(matches!(failure, Failure::Io(_)));
    }

    #[test]
    fn the_same_timeout_is_set_once() {
        let script = Scripted::new((0..3).map(|_| Ok(1)));
        let mut wire = Wire::new(Box::new(script.clone()));
        for _ in 0..3 {
            wire.read(&mut [0; 8], Phase::Idle, &deadline(Timeouts::DEFAULT)).unwrap();
        }
        assert_eq!(script.0.lock().unwrap().timeouts_set, 1);
    }
}

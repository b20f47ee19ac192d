//! A socket whose reads and writes end at a deadline, however many of them whatever lies over it makes.

use std::fmt;
use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::stream::Control;

/// The system's end of a connection.
///
/// A deadline is a point in time, and the system takes a duration for each call. To set one is a call of its own,
/// so the last one stays as long as it is neither too long nor much too short: who comes back too early looks at
/// the clock and waits again.
pub(super) struct Socket {
    stream: TcpStream,
    clock: Mutex<Clock>,
}

#[derive(Default)]
struct Clock {
    until: Option<Instant>,
    read: Option<Duration>,
    write: Option<Duration>,
}

/// What a socket reports when its timeout is over. On Unix, `TimedOut` comes from the network: the peer
/// does not acknowledge.
const TIMEOUT: io::ErrorKind =
    if cfg!(windows) { io::ErrorKind::TimedOut } else { io::ErrorKind::WouldBlock };

impl Socket {
    /// Takes over a socket without timeouts.
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream, clock: Mutex::default() }
    }

    /// Reads until the deadline that was [set](Control::set_deadline).
    pub(super) fn read(&self, slices: &mut [IoSliceMut<'_>]) -> io::Result<usize> {
        self.read_limited(slices, self.lock(), Instant::now())
    }

    /// Reads until this deadline, which stays the socket's. Who knows what time it is need not ask the system.
    pub(super) fn read_until(
        &self,
        slices: &mut [IoSliceMut<'_>],
        until: Option<Instant>,
        now: Instant,
    ) -> io::Result<usize> {
        let mut clock = self.lock();
        clock.until = until;
        self.read_limited(slices, clock, now)
    }

    fn read_limited<'s>(
        &'s self,
        slices: &mut [IoSliceMut<'_>],
        mut clock: MutexGuard<'s, Clock>,
        mut now: Instant,
    ) -> io::Result<usize> {
        loop {
            let left = left(clock.until, now)?;
            if let Some(timeout) = correction(clock.read, left) {
                self.stream.set_read_timeout(timeout)?;
                clock.read = timeout;
            }
            drop(clock);
            match passed(self.receive(slices), left.is_some()) {
                Some(outcome) => return outcome,
                None => (clock, now) = (self.lock(), Instant::now()),
            }
        }
    }

    /// Reads for at most so long, without a look at the clock. Returns how long nothing has come if it has to be looked at: the
    /// timeout that the socket has is over, which may be shorter, or a signal came.
    #[inline]
    pub(super) fn read_within(
        &self,
        slices: &mut [IoSliceMut<'_>],
        limit: Option<Duration>,
    ) -> Result<io::Result<usize>, Duration> {
        let mut clock = self.lock();
        if let Some(timeout) = correction(clock.read, limit) {
            if let Err(error) = self.stream.set_read_timeout(timeout) {
                return Ok(Err(error));
            }
            clock.read = timeout;
        }
        let timeout = clock.read;
        drop(clock);
        match (self.receive(slices), timeout) {
            (Err(error), _) if error.kind() == io::ErrorKind::Interrupted => Err(Duration::ZERO),
            (Err(error), Some(timeout)) if error.kind() == TIMEOUT => Err(timeout),
            (outcome, _) => Ok(outcome),
        }
    }

    fn receive(&self, slices: &mut [IoSliceMut<'_>]) -> io::Result<usize> {
        match slices {
            [one] => (&self.stream).read(one),
            many => (&self.stream).read_vectored(many),
        }
    }

    /// Writes until the deadline that was [set](Control::set_deadline).
    pub(super) fn write(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.write_limited(slices, self.lock(), Instant::now())
    }

    /// Writes until this deadline, as [`read_until`](Self::read_until) reads.
    pub(super) fn write_until(
        &self,
        slices: &[IoSlice<'_>],
        until: Option<Instant>,
        now: Instant,
    ) -> io::Result<usize> {
        let mut clock = self.lock();
        clock.until = until;
        self.write_limited(slices, clock, now)
    }

    fn write_limited<'s>(
        &'s self,
        slices: &[IoSlice<'_>],
        mut clock: MutexGuard<'s, Clock>,
        mut now: Instant,
    ) -> io::Result<usize> {
        loop {
            let left = left(clock.until, now)?;
            if let Some(timeout) = correction(clock.write, left) {
                self.stream.set_write_timeout(timeout)?;
                clock.write = timeout;
            }
            drop(clock);
            let outcome = match slices {
                [one] => (&self.stream).write(one),
                many => (&self.stream).write_vectored(many),
            };
            match passed(outcome, left.is_some()) {
                Some(outcome) => return outcome,
                None => (clock, now) = (self.lock(), Instant::now()),
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Clock> {
        // Every change is whole, whoever panicked.
        self.clock.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Control for Socket {
    fn set_deadline(&self, until: Option<Instant>) {
        self.lock().until = until;
    }

    fn close(&self) {
        // It may be closed already.
        let _ = self.stream.shutdown(Shutdown::Both);
    }

    /// A socket that cannot be made to block again is not quiet either: it must not be used.
    fn is_quiet(&self) -> bool {
        if self.stream.set_nonblocking(true).is_err() {
            return false;
        }
        let peeked = self.stream.peek(&mut [0]);
        self.stream.set_nonblocking(false).is_ok()
            && peeked.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.stream.fmt(f)
    }
}

/// Tells an outcome from a reason to look at the clock and go on.
fn passed(outcome: io::Result<usize>, limited: bool) -> Option<io::Result<usize>> {
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::Interrupted => None,
        Err(error) if error.kind() == TIMEOUT && limited => None,
        outcome => Some(outcome),
    }
}

/// Returns how long may be waited, which is never nothing; `None` is for ever.
fn left(until: Option<Instant>, now: Instant) -> io::Result<Option<Duration>> {
    let Some(until) = until else {
        return Ok(None);
    };
    match until.checked_duration_since(now) {
        Some(left) if !left.is_zero() => Ok(Some(left)),
        _ => Err(io::ErrorKind::TimedOut.into()),
    }
}

/// Returns which timeout a socket must be given, if the one that it has will not do for what is left.
fn correction(has: Option<Duration>, left: Option<Duration>) -> Option<Option<Duration>> {
    /// Below this, one call more is better than to be late.
    const SHORT: Duration = Duration::from_millis(20);
    let Some(left) = left else {
        return has.map(|_| None);
    };
    if has.is_some_and(|has| has <= left && has >= left / 4) {
        return None;
    }
    // A little less than is left, so that it will do the next time too. Systems count in larger units than this.
    let fit = if left > SHORT { left - left / 8 } else { left.max(Duration::from_micros(1)) };
    Some(Some(fit))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    fn pair() -> (Socket, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let socket = Socket::new(TcpStream::connect(listener.local_addr().unwrap()).unwrap());
        (socket, listener.accept().unwrap().0)
    }

    const fn millis(millis: u64) -> Option<Duration> {
        Some(Duration::from_millis(millis))
    }

    #[test]
    fn a_timeout_is_set_only_if_the_last_one_will_not_do() {
        for (has, left, expected) in [
            (None, None, None),
            (millis(5), None, Some(None)),
            (None, millis(8000), Some(millis(7000))),
            (millis(7000), millis(8000), None),
            (millis(7000), millis(7000), None),
            (millis(7000), millis(6999), Some(millis(6999 - 874))),
            (millis(7000), millis(28000), None),
            (millis(7000), millis(29000), Some(millis(29000 - 3625))),
            (millis(7000), millis(10), Some(millis(10))),
            (millis(10), millis(10), None),
        ] {
            let near = |a: Option<Duration>, b: Option<Duration>| match (a, b) {
                (Some(a), Some(b)) => a.abs_diff(b) < Duration::from_millis(1),
                (a, b) => a == b,
            };
            match (correction(has, left), expected) {
                (Some(found), Some(expected)) => assert!(near(found, expected), "{has:?} {left:?}"),
                (found, expected) => assert_eq!(found, expected, "{has:?} {left:?}"),
            }
        }
    }

    #[test]
    fn ends_at_the_deadline_and_is_closed_from_elsewhere() {
        let (socket, peer) = pair();
        socket.set_deadline(Instant::now().checked_add(Duration::from_millis(30)));
        let error = socket.read(&mut [IoSliceMut::new(&mut [0])]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        let piece = vec![0; 1 << 20];
        let end = loop {
            if let Err(error) = socket.write(&[IoSlice::new(&piece)]) {
                break error;
            }
        };
        assert_eq!(end.kind(), io::ErrorKind::TimedOut);
        socket.set_deadline(None);
        assert!(socket.is_quiet());
        (&peer).write_all(b"ab").unwrap();
        let mut byte = [0];
        assert_eq!(socket.read(&mut [IoSliceMut::new(&mut byte)]).unwrap(), 1);
        assert!(!socket.is_quiet());
        std::thread::scope(|scope| {
            scope.spawn(|| socket.close());
            // What has come is read before the end.
            while socket.read(&mut [IoSliceMut::new(&mut byte)]).unwrap() > 0 {}
        });
        assert!(format!("{socket:?}").contains("127.0.0.1"));
    }
}

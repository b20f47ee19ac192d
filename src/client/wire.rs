//! A stream of bytes whose every step has a deadline.

use std::fmt;
use std::io::{self, IoSlice, IoSliceMut};
use std::thread;
use std::time::{Duration, Instant};

use super::failure::Failure;
use super::stream::Stream;
use super::timeouts::{Deadline, Step};
use crate::error::Phase;

/// A stream, each step over which has a deadline.
pub(super) struct Wire {
    stream: Stream,
    /// When something was read last, unless the clock was not looked at.
    last_read: Option<Instant>,
    /// Whether the last read took all that could be read.
    took_all: bool,
    /// When the request was begun.
    begun: Instant,
    /// When the last of it had gone, so far.
    sent: Option<Instant>,
    /// When the first byte of the response came.
    first_read: Option<Instant>,
    /// Whether anything of the request has gone.
    has_sent: bool,
}

/// What is being written, and since when nothing of it has gone.
pub(super) struct Writing<'a, 'b> {
    rest: &'a mut [IoSlice<'b>],
    step: Option<Step>,
}

impl<'a, 'b> Writing<'a, 'b> {
    pub(super) fn new(slices: &'a mut [IoSlice<'b>]) -> Self {
        let count = slices.iter().rposition(|part| !part.is_empty()).map_or(0, |last| last + 1);
        let mut rest = slices.get_mut(..count).unwrap_or_default();
        IoSlice::advance_slices(&mut rest, 0);
        Self { rest, step: None }
    }
}

/// For so long what was seen of a connection is taken to hold.
const A_MOMENT: Duration = Duration::from_millis(1);

/// How long the other side may take nothing before it is listened to.
const A_WHILE: Duration = Duration::from_millis(250);

/// Keeps a stream that does not wait by itself from being asked all the time.
struct Lull(Duration);

impl Lull {
    /// The first pause, which a byte over the loopback takes too, and the longest, which nobody feels who has waited for so long.
    const FIRST: Duration = Duration::from_micros(50);
    const LONGEST: Duration = Duration::from_millis(10);

    const fn new() -> Self {
        Self(Self::FIRST)
    }

    /// Waits for what is left of a pause that began with the last attempt, and not beyond the end of all attempts. Pauses double.
    /// Returns what time it is then.
    fn wait(&mut self, begun: Instant, now: Instant, until: Option<Instant>) -> Instant {
        let left = until.map_or(Duration::MAX, |until| until.saturating_duration_since(now));
        let wait = self.0.saturating_sub(now.saturating_duration_since(begun)).min(left);
        self.0 = self.0.saturating_mul(2).min(Self::LONGEST);
        if wait.is_zero() {
            return now;
        }
        thread::sleep(wait);
        Instant::now()
    }
}

impl Wire {
    pub(super) fn new(stream: Stream) -> Self {
        let now = Instant::now();
        Self {
            stream,
            last_read: Some(now),
            took_all: false,
            begun: now,
            sent: None,
            first_read: None,
            has_sent: false,
        }
    }

    /// Begins a request.
    pub(super) const fn begin_request(&mut self, now: Instant) {
        self.begun = now;
        (self.sent, self.first_read, self.has_sent) = (None, None, false);
    }

    /// Returns how long it took to send the request, and then until the first byte of the response came.
    pub(super) fn times(&self) -> (Option<Duration>, Option<Duration>) {
        let send = self.sent.map(|sent| sent.saturating_duration_since(self.begun));
        let first_byte = self.sent.zip(self.first_read);
        (send, first_byte.map(|(sent, first)| first.saturating_duration_since(sent)))
    }

    /// Returns whether anything of the request has gone.
    pub(super) const fn has_sent(&self) -> bool {
        self.has_sent
    }

    /// Returns when something was read last, or a little later: now, if the clock was not looked at.
    pub(super) fn last_read(&mut self) -> Instant {
        *self.last_read.get_or_insert_with(Instant::now)
    }

    pub(super) const fn stream(&self) -> &Stream {
        &self.stream
    }

    /// Returns whether nothing can be read at the moment, as it should be between two exchanges.
    pub(super) fn is_quiet(&mut self) -> bool {
        self.stream.is_quiet_now()
    }

    /// Returns whether nothing could be read a moment ago. A socket hands out all that has come, so that a read that has not
    /// filled its buffer has left nothing; of what lies over one that is not known.
    pub(super) fn was_quiet(&self, now: Instant) -> bool {
        let is_recent = |last: Instant| now.saturating_duration_since(last) < A_MOMENT;
        self.stream.is_bare() && self.took_all && self.last_read.is_some_and(is_recent)
    }

    /// Reads what comes next, at most as much as the buffer takes; 0 is the end of the stream.
    pub(super) fn read(
        &mut self,
        buf: &mut [u8],
        phase: Phase,
        deadline: &Deadline,
    ) -> Result<usize, Failure> {
        // The time for the first byte begins when the request is out.
        let last_read = self.last_read();
        let sent = self.sent.filter(|sent| phase == Phase::FirstByte && *sent >= last_read);
        let begun = sent.unwrap_or_else(Instant::now);
        let step = deadline.step(phase, begun);
        self.read_step(&mut [IoSliceMut::new(buf)], &step, begun)
    }

    /// Reads what comes next of a body into one buffer after the other. As long as it comes in time nobody looks at the clock,
    /// which in a long body would be felt.
    #[inline]
    pub(super) fn read_body(
        &mut self,
        slices: &mut [IoSliceMut<'_>],
        deadline: &Deadline,
    ) -> Result<usize, Failure> {
        let mut waited = Duration::ZERO;
        if let Some(limit) = deadline.pause() {
            match self.stream.read_within(slices, limit) {
                Ok(outcome) => {
                    let len = outcome.map_err(Failure::Receive)?;
                    (self.last_read, self.took_all) = (None, len < room(slices));
                    return Ok(len);
                }
                Err(time) => waited = time,
            }
        }
        let now = Instant::now();
        let step = deadline.step(Phase::Idle, now.checked_sub(waited).unwrap_or(now));
        self.read_step(slices, &step, now)
    }

    /// Reads until the step is over; it is now that late.
    fn read_step(
        &mut self,
        slices: &mut [IoSliceMut<'_>],
        step: &Step,
        mut now: Instant,
    ) -> Result<usize, Failure> {
        let mut lull = Lull::new();
        loop {
            let begun = now;
            let outcome = self.stream.read_until(slices, step.until(), begun);
            now = Instant::now();
            if let Some(len) = passed(outcome, step, now, Failure::Receive)? {
                (self.last_read, self.took_all) = (Some(now), len < room(slices));
                self.first_read.get_or_insert(now);
                return Ok(len);
            }
            now = lull.wait(begun, now, step.until());
        }
    }

    /// Writes the parts one after the other, as few writes as the system permits, none of them copied.
    pub(super) fn write(&mut self, parts: [&[u8]; 4], deadline: &Deadline) -> Result<(), Failure> {
        let mut slices = parts.map(IoSlice::new);
        let mut writing = Writing::new(&mut slices);
        while !self.write_until(&mut writing, Instant::now(), None, deadline)? {}
        Ok(())
    }

    /// Does so, but returns false when the other side has taken nothing for a while, to be called again. What lies over
    /// another stream is not cut short, since not everything of that kind can go on afterwards.
    pub(super) fn write_for_a_while(
        &mut self,
        writing: &mut Writing<'_, '_>,
        deadline: &Deadline,
    ) -> Result<bool, Failure> {
        let now = Instant::now();
        let pause = now.checked_add(A_WHILE).filter(|_| self.stream.is_lowest());
        self.write_until(writing, now, pause, deadline)
    }

    /// Writes until everything is written or it is time for a pause; it is now that late.
    fn write_until(
        &mut self,
        writing: &mut Writing<'_, '_>,
        mut now: Instant,
        pause: Option<Instant>,
        deadline: &Deadline,
    ) -> Result<bool, Failure> {
        self.sent = None;
        let mut lull = Lull::new();
        loop {
            let step = *writing.step.get_or_insert_with(|| deadline.step(Phase::Send, now));
            let until = [step.until(), pause].into_iter().flatten().min();
            let begun = now;
            let outcome = match writing.rest.is_empty() {
                true => self.stream.flush_until(until).map(|()| 0),
                false => self.stream.write_until(writing.rest, until, begun),
            };
            now = Instant::now();
            let paused = pause.is_some_and(|pause| pause <= now);
            match outcome {
                Err(error) if is_timeout(&error) && paused && step.left(now).is_ok() => {
                    return Ok(false);
                }
                outcome => match passed(outcome, &step, now, Failure::Send)? {
                    Some(_) if writing.rest.is_empty() => {
                        self.sent = Some(now);
                        return Ok(true);
                    }
                    Some(0) => return Err(Failure::Send(io::ErrorKind::WriteZero.into())),
                    Some(len) => {
                        IoSlice::advance_slices(&mut writing.rest, len);
                        (writing.step, lull) = (None, Lull::new());
                        self.has_sent = true;
                        if writing.rest.is_empty() && self.stream.is_bare() {
                            self.sent = Some(now);
                            return Ok(true);
                        }
                    }
                    None => now = lull.wait(begun, now, until),
                },
            }
        }
    }
}

/// Returns how much the buffers take.
fn room(slices: &[IoSliceMut<'_>]) -> usize {
    slices.iter().map(|slice| slice.len()).sum()
}

/// Tells an outcome from a reason to look at the clock and go on: what lies over a socket may have a clock of its own.
fn passed(
    outcome: io::Result<usize>,
    step: &Step,
    now: Instant,
    failed: fn(io::Error) -> Failure,
) -> Result<Option<usize>, Failure> {
    match outcome {
        Ok(len) => Ok(Some(len)),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => step.left(now).map(|_| None),
        // Without a limit, a stream that would block is none that blocks.
        Err(error) if is_timeout(&error) && step.left(now)?.is_some() => match error.kind() {
            io::ErrorKind::WouldBlock => Ok(None),
            _ => Err(failed(error)),
        },
        Err(error) => Err(failed(error)),
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.stream.finish();
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
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::client::socket::Socket;
    use crate::client::timeouts::Timeouts;

    /// A stream that does in each call what it was told.
    #[derive(Clone, Default)]
    struct Scripted(Arc<Mutex<State>>);

    #[derive(Default)]
    struct State {
        calls: VecDeque<io::Result<usize>>,
        count: usize,
        written: Vec<u8>,
    }

    impl Scripted {
        fn new(calls: impl IntoIterator<Item = io::Result<usize>>) -> Self {
            let script = Self::default();
            script.0.lock().unwrap().calls.extend(calls);
            script
        }

        fn next(&self) -> io::Result<usize> {
            let mut state = self.0.lock().unwrap();
            state.count += 1;
            state.calls.pop_front().unwrap_or_else(|| Err(io::ErrorKind::WouldBlock.into()))
        }

        fn count(&self) -> usize {
            self.0.lock().unwrap().count
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

    /// A stream that never gets to anything.
    struct Interrupted;

    impl Read for Interrupted {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::Interrupted.into())
        }
    }

    impl Write for Interrupted {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::Interrupted.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
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
            let mut wire = Wire::new(Stream::new(script.clone()));
            wire.write([b"abc", b"", b"defgh", b"i"], &deadline(Timeouts::DEFAULT)).unwrap();
            assert_eq!(script.written(), b"abcdefghi");
        }
    }

    #[test]
    fn writes_nothing_of_nothing() {
        let script = Scripted::default();
        let mut wire = Wire::new(Stream::new(script.clone()));
        wire.write([b"", b"", b"", b""], &deadline(Timeouts::DEFAULT)).unwrap();
        assert_eq!(script.written(), b"");
    }

    #[test]
    fn a_write_of_nothing_is_an_error() {
        let mut wire = Wire::new(Stream::new(Scripted::new([Ok(0)])));
        let failure = wire.write([b"a", b"", b"", b""], &deadline(Timeouts::DEFAULT)).unwrap_err();
        assert!(
            matches!(failure, Failure::Send(error) if error.kind() == io::ErrorKind::WriteZero)
        );
    }

    #[test]
    fn a_read_that_has_left_nothing_in_a_socket_is_a_look_for_a_moment() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let socket = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (mut server, _) = listener.accept().unwrap();
        server.write_all(b"abc").unwrap();
        let mut wire = Wire::new(Stream::socket(Socket::new(socket)));
        let was_quiet = |wire: &mut Wire, later: Duration| {
            let last = wire.last_read();
            wire.was_quiet(last + later)
        };
        assert!(!was_quiet(&mut wire, Duration::ZERO));
        for (len, expected) in [(2, false), (2, true)] {
            wire.read(&mut vec![0; len], Phase::Idle, &deadline(Timeouts::DEFAULT)).unwrap();
            assert_eq!(was_quiet(&mut wire, Duration::ZERO), expected);
        }
        assert!(!was_quiet(&mut wire, A_MOMENT));
        // Where the clock was not looked at, a look is a look from now on.
        server.write_all(b"defg").unwrap();
        for (len, expected) in [(2, false), (3, true)] {
            let (mut one, mut rest) = ([0], vec![0; len - 1]);
            let slices = &mut [IoSliceMut::new(&mut one), IoSliceMut::new(&mut rest)];
            wire.read_body(slices, &deadline(Timeouts::DEFAULT)).unwrap();
            assert_eq!(was_quiet(&mut wire, Duration::ZERO), expected);
        }

        let mut wire = Wire::new(Stream::new(Scripted::new([Ok(1)])));
        wire.read(&mut [0; 8], Phase::Idle, &deadline(Timeouts::DEFAULT)).unwrap();
        assert!(!was_quiet(&mut wire, Duration::ZERO), "what lies below may have more");
    }

    #[test]
    fn a_body_may_take_as_long_as_it_may_without_a_look_at_the_clock() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let socket = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (mut server, _) = listener.accept().unwrap();
        let mut wire = Wire::new(Stream::socket(Socket::new(socket)));
        let idle = |millis| Timeouts::DEFAULT.idle(Some(Duration::from_millis(millis)));
        let total = |millis| idle(5000).total(Some(Duration::from_millis(millis)));
        // The socket keeps the shorter timeout for the longer wait.
        for (timeouts, millis, phase) in [
            (idle(40), 40, Phase::Idle),
            (idle(120), 120, Phase::Idle),
            (total(40), 40, Phase::Total),
        ] {
            let begun = Instant::now();
            let deadline = deadline(timeouts);
            let failure = wire.read_body(&mut [IoSliceMut::new(&mut [0])], &deadline).unwrap_err();
            assert!(matches!(failure, Failure::Timeout(found) if found == phase), "{failure:?}");
            let took = begun.elapsed();
            assert!(took >= Duration::from_millis(millis - 1), "{took:?} of {millis} ms");
        }
        server.write_all(b"a").unwrap();
        drop(server);
        // No time is over at once, whatever has come.
        let failure = wire.read_body(&mut [IoSliceMut::new(&mut [0])], &deadline(idle(0)));
        assert!(matches!(failure, Err(Failure::Timeout(Phase::Idle))), "{failure:?}");
        for expected in [1, 0] {
            let mut buf = [0; 4];
            let slices = &mut [IoSliceMut::new(&mut buf)];
            assert_eq!(wire.read_body(slices, &deadline(idle(5000))).unwrap(), expected);
        }
    }

    #[test]
    fn a_stream_that_would_block_too_early_is_asked_again_until_the_time_is_over() {
        let timeouts = Timeouts::DEFAULT.idle(Some(Duration::from_millis(5)));
        let mut wire = Wire::new(Stream::new(Scripted::default()));
        let failure = wire.read(&mut [0; 8], Phase::Idle, &deadline(timeouts)).unwrap_err();
        assert!(matches!(failure, Failure::Timeout(Phase::Idle)));
        let mut wire = Wire::new(Stream::new(Interrupted));
        let failure = wire.read(&mut [0; 8], Phase::Idle, &deadline(timeouts)).unwrap_err();
        assert!(matches!(failure, Failure::Timeout(Phase::Idle)));

        let script = Scripted::new([
            fail(io::ErrorKind::WouldBlock),
            fail(io::ErrorKind::Interrupted),
            Ok(3),
        ]);
        let mut wire = Wire::new(Stream::new(script));
        assert_eq!(wire.read(&mut [0; 8], Phase::Idle, &deadline(Timeouts::DEFAULT)).unwrap(), 3);
    }

    #[test]
    fn a_stream_that_does_not_wait_is_asked_after_pauses() {
        /// Eight pauses until they are of 10 ms, eight more, and what is left.
        const MOST: usize = 20;
        let limit = Some(Duration::from_millis(100));
        let deadline = || deadline(Timeouts::DEFAULT.idle(limit).send(limit));
        let script = Scripted::default();
        let mut wire = Wire::new(Stream::new(script.clone()));
        let failure = wire.read(&mut [0; 8], Phase::Idle, &deadline()).unwrap_err();
        assert!(matches!(failure, Failure::Timeout(Phase::Idle)));
        assert!((2..=MOST).contains(&script.count()), "{}", script.count());

        let script = Scripted::new([Ok(1)]);
        let mut wire = Wire::new(Stream::new(script.clone()));
        let failure = wire.write([b"ab", b"", b"", b""], &deadline()).unwrap_err();
        assert!(matches!(failure, Failure::Timeout(Phase::Send)));
        assert!((2..=1 + MOST).contains(&script.count()), "{}", script.count());
    }

    #[test]
    fn a_stream_that_has_waited_is_asked_at_once() {
        let now = Instant::now();
        let mut lull = Lull::new();
        for _ in 0..20 {
            assert_eq!(lull.wait(now, now + Lull::LONGEST, None), now + Lull::LONGEST);
        }
        // Nor is there a pause when there is no time for one.
        assert_eq!(lull.wait(now, now, Some(now)), now);
        assert!(lull.wait(now, now, None) >= now + Lull::LONGEST);
    }

    #[test]
    fn a_failure_is_none_of_the_clock() {
        let kind = io::ErrorKind::ConnectionReset;
        let mut wire = Wire::new(Stream::new(Scripted::new([fail(kind)])));
        let failure =
            wire.read(&mut [0; 8], Phase::Idle, &deadline(Timeouts::DEFAULT)).unwrap_err();
        assert!(matches!(failure, Failure::Receive(error) if error.kind() == kind));
        // Without a limit, a stream that would block is none that blocks.
        let mut wire = Wire::new(Stream::new(Scripted::default()));
        let failure = wire
            .read(&mut [0; 8], Phase::Idle, &deadline(Timeouts::DEFAULT.idle(None)))
            .unwrap_err();
        assert!(matches!(failure, Failure::Receive(_)));
    }
}

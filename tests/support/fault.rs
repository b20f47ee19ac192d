//! Streams that go wrong on purpose.
//!
//! [`Faulty`] wraps any stream and lets a fault happen behind byte n of one direction; a test runs
//! over all n. [`Script`] is a peer in memory: it gives the bytes it was told to give, piece by piece,
//! and keeps what was written to it.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};
use std::sync::{Arc, Mutex};

/// What happens behind the last good byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Every call fails.
    Fail(ErrorKind),
    /// One call fails, the stream goes on behind it: what `Interrupted` does.
    FailOnce(ErrorKind),
    /// Every call would block: what a read timeout looks like.
    Stall,
    /// The stream is at its end: `Ok(0)`.
    End,
}

/// A stream with a fault behind byte `at` of its reading or its writing side.
#[derive(Debug)]
pub(crate) struct Faulty<S> {
    inner: S,
    reading: Side,
    writing: Side,
}

#[derive(Clone, Copy, Debug, Default)]
struct Side {
    done: usize,
    fault: Option<(usize, Fault)>,
}

impl<S> Faulty<S> {
    /// Wraps a stream whose reads go wrong behind byte `at`.
    pub(crate) fn reading(inner: S, at: usize, fault: Fault) -> Self {
        let writing = Side::default();
        Self { inner, reading: Side::faulty(at, fault), writing }
    }

    /// Wraps a stream whose writes go wrong behind byte `at`.
    pub(crate) fn writing(inner: S, at: usize, fault: Fault) -> Self {
        let reading = Side::default();
        Self { inner, reading, writing: Side::faulty(at, fault) }
    }

    /// Returns how many bytes went through, read and written.
    pub(crate) fn passed(&self) -> (usize, usize) {
        (self.reading.done, self.writing.done)
    }
}

impl Side {
    fn faulty(at: usize, fault: Fault) -> Self {
        Self { done: 0, fault: Some((at, fault)) }
    }

    /// Runs `transfer` on at most as many bytes as are good; behind them the fault happens.
    fn run(
        &mut self,
        len: usize,
        transfer: impl FnOnce(usize) -> io::Result<usize>,
    ) -> io::Result<usize> {
        let good = match self.fault {
            Some((at, fault)) if self.done >= at && len > 0 => match fault {
                Fault::Fail(kind) => return Err(kind.into()),
                Fault::Stall => return Err(ErrorKind::WouldBlock.into()),
                Fault::End => return Ok(0),
                Fault::FailOnce(kind) => {
                    self.fault = None;
                    return Err(kind.into());
                }
            },
            Some((at, _)) => at - self.done.min(at),
            None => usize::MAX,
        };
        let count = transfer(len.min(good))?;
        self.done += count;
        Ok(count)
    }
}

impl<S: Read> Read for Faulty<S> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let inner = &mut self.inner;
        self.reading.run(buf.len(), |good| inner.read(&mut buf[..good]))
    }
}

impl<S: Write> Write for Faulty<S> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let inner = &mut self.inner;
        self.writing.run(buf.len(), |good| inner.write(&buf[..good]))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// A scripted peer in memory; a clone is a second handle on the same peer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    steps: VecDeque<Step>,
    written: Vec<u8>,
}

#[derive(Debug)]
enum Step {
    Give(VecDeque<u8>),
    Fail(ErrorKind),
}

impl Script {
    /// Returns a peer that says nothing and then ends.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Lets the peer say `piece` next; one read never returns bytes of two pieces.
    pub(crate) fn give(self, piece: &[u8]) -> Self {
        if !piece.is_empty() {
            let bytes = piece.iter().copied().collect();
            self.0.lock().unwrap().steps.push_back(Step::Give(bytes));
        }
        self
    }

    /// Lets the next read fail.
    pub(crate) fn fail(self, kind: ErrorKind) -> Self {
        self.0.lock().unwrap().steps.push_back(Step::Fail(kind));
        self
    }

    /// Returns what was written to the peer so far.
    pub(crate) fn written(&self) -> Vec<u8> {
        self.0.lock().unwrap().written.clone()
    }

    /// Returns whether the peer has said everything.
    pub(crate) fn is_done(&self) -> bool {
        self.0.lock().unwrap().steps.is_empty()
    }
}

impl Read for Script {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let mut state = self.0.lock().unwrap();
        if buf.is_empty() {
            return Ok(0);
        }
        match state.steps.pop_front() {
            None => Ok(0),
            Some(Step::Fail(kind)) => Err(kind.into()),
            Some(Step::Give(mut bytes)) => {
                let count = bytes.read(buf)?;
                if !bytes.is_empty() {
                    state.steps.push_front(Step::Give(bytes));
                }
                Ok(count)
            }
        }
    }
}

impl Write for Script {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().written.extend_from_slice(buf);
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

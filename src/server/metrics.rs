//! What a server has done so far, in numbers.

use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::registry::Registry;

/// What a running server has done so far, and has at hand: see
/// [`ServerHandle::metrics`](super::ServerHandle::metrics) and [`Connection::metrics`](super::Connection::metrics).
///
/// Counts go up only. They are taken one after the other, so that a snapshot of a busy server need not add
/// up to the last one.
///
/// # Examples
///
/// ```
/// use nethttp::{Request, Server};
///
/// let handle = Server::bind("127.0.0.1:0")?.spawn(|_: &mut Request| "hello")?;
/// nethttp::get(format!("http://{}/", handle.addr())).send()?.text()?;
/// assert_eq!(handle.metrics().accepted, 1);
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metrics {
    /// Connections that were accepted and served, in all.
    pub accepted: u64,
    /// Connections that were closed at once because their address is not [let in](super::Server::filter).
    pub filtered: u64,
    /// Connections that were turned away because there were too many.
    pub turned_away: u64,
    /// Requests that were answered, those that were refused included.
    pub requests: u64,
    /// Requests that no handler has seen: malformed, too large, or too slow.
    pub refused: u64,
    /// Requests and responses that were given up because the other side was too slow.
    pub timeouts: u64,
    /// Panics in handlers, in bodies that write themselves, and in whatever else a server calls.
    pub panics: u64,
    /// Bytes that were received.
    pub bytes_received: u64,
    /// Bytes that were sent.
    pub bytes_sent: u64,
    /// Connections that are open now.
    pub connections: usize,
    /// Connections that wait for a request now.
    pub idle: usize,
    /// Connections that wait without a thread now.
    pub parked: usize,
    /// Threads there are now.
    pub threads: usize,
}

/// The counts, as the threads of a server share them.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) accepted: Count,
    pub(super) filtered: Count,
    pub(super) turned_away: Count,
    pub(super) requests: Count,
    pub(super) refused: Count,
    pub(super) timeouts: Count,
    pub(super) panics: Count,
    pub(super) bytes_received: Count,
    pub(super) bytes_sent: Count,
    /// Connections that wait without a thread.
    pub(super) parked: AtomicUsize,
    /// Threads there are.
    pub(super) threads: AtomicUsize,
}

/// A number that goes up.
#[derive(Debug, Default)]
pub(super) struct Count(AtomicU64);

impl Count {
    pub(super) fn add(&self, more: u64) {
        if more > 0 {
            self.0.fetch_add(more, Ordering::Relaxed);
        }
    }

    fn read(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Counters {
    pub(super) fn snapshot(&self, registry: &Registry) -> Metrics {
        Metrics {
            accepted: self.accepted.read(),
            filtered: self.filtered.read(),
            turned_away: self.turned_away.read(),
            requests: self.requests.read(),
            refused: self.refused.read(),
            timeouts: self.timeouts.read(),
            panics: self.panics.read(),
            bytes_received: self.bytes_received.read(),
            bytes_sent: self.bytes_sent.read(),
            connections: registry.len(),
            idle: registry.idle(),
            parked: self.parked.load(Ordering::SeqCst),
            threads: self.threads.load(Ordering::SeqCst),
        }
    }
}

/// What one connection adds to the counts, which it does whenever it waits, and at its end.
#[derive(Debug)]
pub(super) struct Tally {
    pub(super) counters: Arc<Counters>,
    pub(super) requests: u64,
    pub(super) received: u64,
    pub(super) sent: u64,
}

impl Tally {
    pub(super) fn new(counters: &Arc<Counters>) -> Self {
        Self { counters: Arc::clone(counters), requests: 0, received: 0, sent: 0 }
    }

    pub(super) fn timeout(&self) {
        self.counters.timeouts.add(1);
    }

    pub(super) fn settle(&mut self) {
        self.counters.requests.add(mem::take(&mut self.requests));
        self.counters.bytes_received.add(mem::take(&mut self.received));
        self.counters.bytes_sent.add(mem::take(&mut self.sent));
    }
}

impl Drop for Tally {
    fn drop(&mut self) {
        self.settle();
    }
}

//! What a server has done so far, in numbers.

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
    /// Requests whose head has come, those that were refused included.
    pub requests: u64,
    /// Requests that no handler has seen: malformed, too large, too slow, or CONNECT and TRACE where they are not allowed.
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
    pub(super) refused: Count,
    pub(super) timeouts: Count,
    pub(super) panics: Count,
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
        let Totals { requests, received, sent } = registry.totals();
        Metrics {
            accepted: self.accepted.read(),
            filtered: self.filtered.read(),
            turned_away: self.turned_away.read(),
            requests,
            refused: self.refused.read(),
            timeouts: self.timeouts.read(),
            panics: self.panics.read(),
            bytes_received: received,
            bytes_sent: sent,
            connections: registry.len(),
            idle: registry.idle(),
            parked: self.parked.load(Ordering::SeqCst),
            threads: self.threads.load(Ordering::SeqCst),
        }
    }
}

/// What has happened on one connection. Whoever serves it writes, alone, and others read now and then: a count for all of
/// them would go from one processor to the other with every request.
#[derive(Debug, Default)]
pub(super) struct Tally {
    requests: AtomicU64,
    received: AtomicU64,
    sent: AtomicU64,
}

impl Tally {
    pub(super) fn add_request(&self) {
        add_alone(&self.requests, 1);
    }

    pub(super) fn add_received(&self, bytes: usize) {
        add_alone(&self.received, u64::try_from(bytes).unwrap_or_default());
    }

    pub(super) fn add_sent(&self, bytes: u64) {
        add_alone(&self.sent, bytes);
    }
}

/// Adds to what nobody else changes.
fn add_alone(count: &AtomicU64, more: u64) {
    count.store(count.load(Ordering::Relaxed).wrapping_add(more), Ordering::Relaxed);
}

/// What has happened on several connections.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Totals {
    requests: u64,
    received: u64,
    sent: u64,
}

impl Totals {
    pub(super) fn add(&mut self, tally: &Tally) {
        self.requests += tally.requests.load(Ordering::Relaxed);
        self.received += tally.received.load(Ordering::Relaxed);
        self.sent += tally.sent.load(Ordering::Relaxed);
    }
}

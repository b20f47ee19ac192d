//! The connections that are open, for whoever has to end them.

use std::collections::BTreeMap;
use std::net::Shutdown;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::clock::deadline;
use super::metrics::{Tally, Totals};
use super::transport::{SocketHandle, Turn};

/// A connection as the registry knows it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) handle: SocketHandle,
    pub(super) tally: Tally,
    /// The read that a transport is in.
    turn: Mutex<Turn>,
    /// No request is being received or answered.
    idle: AtomicBool,
    /// It was idle when the server began to close.
    was_idle: AtomicBool,
    /// The last answer is sent, and the client is yet to read it.
    is_answered: AtomicBool,
    /// Exchanges whose handler has returned.
    handled: AtomicU64,
}

impl Entry {
    fn new(handle: SocketHandle, idle: bool) -> Self {
        let (was_idle, is_answered) = (AtomicBool::new(false), AtomicBool::new(false));
        let (idle, handled) = (AtomicBool::new(idle), AtomicU64::new(0));
        let (tally, turn) = (Tally::default(), Mutex::default());
        Self { handle, tally, turn, idle, was_idle, is_answered, handled }
    }

    pub(super) fn turn(&self) -> MutexGuard<'_, Turn> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that the last answer is sent.
    pub(super) fn set_answered(&self) {
        self.is_answered.store(true, Ordering::Relaxed);
    }

    /// Says that the handler has returned in the exchange before this one.
    pub(super) fn set_handled(&self, exchange: u64) {
        self.handled.store(exchange, Ordering::Release);
    }

    /// Returns whether the handler has returned in an exchange, also to those who cannot have the connection's lock.
    pub(super) fn is_handled(&self, exchange: u64) -> bool {
        self.handled.load(Ordering::Acquire) > exchange
    }
}

/// The connections that were broken off before they had answered.
#[derive(Debug, Default)]
pub(super) struct Aborted {
    /// Those that were idle when the server began to close.
    pub(super) idle: usize,
    /// Those that were busy.
    pub(super) busy: usize,
    /// Those that came since.
    pub(super) new: usize,
}

/// The open connections, and whether more may come.
#[derive(Debug, Default)]
pub(super) struct Registry {
    closing: AtomicBool,
    /// Connections are to end after their next answer, and new ones may still come.
    draining: AtomicBool,
    /// Whoever has been accepted gets an answer, even while the server closes.
    is_patient: bool,
    open: Mutex<Open>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    entries: BTreeMap<u64, Arc<Entry>>,
    /// What has happened on the connections that have ended.
    ended: Totals,
    /// What `next` was when the server began to close.
    at_closing: u64,
    /// Threads that wait for connections to end.
    waiting: usize,
}

/// A place in the registry, given up when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    registry: Arc<Registry>,
    id: u64,
    pub(super) entry: Arc<Entry>,
}

impl Registry {
    /// While it closes, a patient one lets in who comes, and lets a first request be waited for: on a
    /// listener that goes on without this server nobody is turned away.
    pub(super) fn new(is_patient: bool) -> Self {
        Self { is_patient, ..Self::default() }
    }

    /// The lock protects a map that is whole at every moment, so a panic elsewhere does no harm.
    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Enters a connection, unless there are too many; gives it back then.
    pub(super) fn enter(
        self: &Arc<Self>,
        handle: SocketHandle,
        most: usize,
    ) -> Result<Place, SocketHandle> {
        let mut open = self.lock();
        if open.entries.len() >= most || (self.is_closing() && !self.is_patient) {
            return Err(handle);
        }
        let entry = Arc::new(Entry::new(handle, !self.is_patient));
        let id = open.next;
        open.next += 1;
        open.entries.insert(id, Arc::clone(&entry));
        Ok(Place { registry: Arc::clone(self), id, entry })
    }

    pub(super) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }

    /// Returns whether connections may come from a listener that was inherited.
    pub(super) const fn is_patient(&self) -> bool {
        self.is_patient
    }

    pub(super) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::SeqCst)
    }

    pub(super) fn drain(&self) {
        self.draining.store(true, Ordering::SeqCst);
    }

    /// Returns the number of connections.
    pub(super) fn len(&self) -> usize {
        self.lock().entries.len()
    }

    /// Returns what has happened on all connections, those that have ended included.
    pub(super) fn totals(&self) -> Totals {
        let open = self.lock();
        let mut totals = open.ended;
        open.entries.values().for_each(|entry| totals.add(&entry.tally));
        totals
    }

    /// Returns the number of connections on which no request is under way.
    pub(super) fn idle(&self) -> usize {
        self.lock().entries.values().filter(|entry| entry.idle.load(Ordering::Relaxed)).count()
    }

    /// Lets no more connections in and ends those on which nothing happens; returns how many those were,
    /// and how many others there are.
    pub(super) fn close_idle(&self) -> (usize, usize) {
        self.drain();
        self.closing.store(true, Ordering::SeqCst);
        let mut open = self.lock();
        open.at_closing = open.next;
        self.changed.notify_all();
        let mut idle = 0;
        for entry in open.entries.values() {
            if entry.idle.load(Ordering::SeqCst) {
                idle += 1;
                entry.was_idle.store(true, Ordering::Relaxed);
                let _ = entry.handle.shutdown(Shutdown::Read);
            }
        }
        (idle, open.entries.len() - idle)
    }

    /// Waits until there are fewer connections, or something else has changed.
    pub(super) fn wait_below(&self, most: usize, timeout: Duration) {
        let open = self.lock();
        if open.entries.len() >= most && !self.is_closing() {
            drop(self.wait(open, timeout));
        }
    }

    /// Waits until no connection is left, and returns whether that came to pass.
    pub(super) fn wait_empty(&self, timeout: Duration) -> bool {
        let deadline = deadline(timeout);
        let mut open = self.lock();
        while !open.entries.is_empty() {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            open = self.wait(open, left);
        }
        true
    }

    fn wait<'a>(&self, mut open: MutexGuard<'a, Open>, timeout: Duration) -> MutexGuard<'a, Open> {
        open.waiting += 1;
        let woken = self.changed.wait_timeout(open, timeout);
        let mut open = woken.unwrap_or_else(PoisonError::into_inner).0;
        open.waiting -= 1;
        open
    }

    /// Breaks off the connections that are left.
    pub(super) fn abort(&self) -> Aborted {
        let open = self.lock();
        let mut aborted = Aborted::default();
        for (id, entry) in &open.entries {
            let _ = entry.handle.shutdown(Shutdown::Both);
            if entry.is_answered.load(Ordering::Relaxed) {
                continue;
            }
            if *id >= open.at_closing {
                aborted.new += 1;
            } else if entry.was_idle.load(Ordering::Relaxed) {
                aborted.idle += 1;
            } else {
                aborted.busy += 1;
            }
        }
        aborted
    }
}

impl Place {
    /// Says whether the connection waits for a request. Returns whether it may go on to wait.
    pub(super) fn set_idle(&self, idle: bool) -> bool {
        self.entry.idle.store(idle, Ordering::SeqCst);
        // In this order, one of the two sides always sees the other.
        !(idle && self.registry.is_closing())
    }

    /// Returns whether the connection waits for a request.
    pub(super) fn is_idle(&self) -> bool {
        self.entry.idle.load(Ordering::SeqCst)
    }

    /// Begins the wait for the first request. Returns whether the connection may go on to wait.
    pub(super) fn set_fresh(&self) -> bool {
        self.registry.is_patient || self.set_idle(true)
    }

    /// Returns whether the connection is to end after the next answer.
    pub(super) fn is_draining(&self) -> bool {
        self.registry.is_draining()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.registry.lock();
        open.entries.remove(&self.id);
        open.ended.add(&self.entry.tally);
        // Waking nobody costs a call of the system, too.
        if open.waiting > 0 {
            self.registry.changed.notify_all();
        }
    }
}

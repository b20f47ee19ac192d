//! Connections that wait without a thread: one thread looks after all of them.
//!
//! The standard library cannot wait for more than one socket at once, so they are asked in turn whether anything has
//! come, which takes less than a microsecond each. Those that were busy a moment ago are asked every millisecond
//! or so; the others less often the more there are, so that asking takes no more than a small part of one core, and
//! only if [anything has come](super::traffic) to this machine.

use std::mem;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::connection::Conn;
use super::pool;
use super::shared::Shared;
use super::traffic::Traffic;
use super::transport::Polled;

/// A connection that was parked this long ago has cooled down.
const HOT: Duration = Duration::from_secs(2);
/// Between two rounds over the hot ones, while something comes and when nothing does.
const HOT_PAUSE: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(16));
/// Between two rounds over the others, or two looks whether there is any reason for one.
const COLD_PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(1));
/// A round over the hot ones may take one part in so many of the time, while something comes and when nothing does.
const HOT_SHARE: (u32, u32) = (10, 100);
/// A round over the others may take one part in so many of the time.
const COLD_SHARE: u32 = 250;
/// After so many rounds without anything nothing is expected to come.
const QUIET: u32 = 5;

/// The door to the connections that wait without a thread.
#[derive(Debug, Default)]
pub(super) struct Parking {
    inbox: Mutex<Inbox>,
    arrived: Condvar,
}

#[derive(Debug, Default)]
struct Inbox {
    arrivals: Vec<Parked>,
    /// The thread runs.
    is_tended: bool,
    /// It would not look for a while.
    is_asleep: bool,
}

/// A connection without a thread.
struct Parked {
    conn: Conn,
    since: Instant,
    until: Option<Instant>,
    /// It waits for its end, and what comes is thrown away.
    lingers: bool,
}

impl std::fmt::Debug for Parked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parked").field("lingers", &self.lingers).finish_non_exhaustive()
    }
}

impl Parking {
    fn inbox(&self) -> MutexGuard<'_, Inbox> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the wait of the thread, so that it sees that the server is closing.
    pub(super) fn close(&self) {
        // Whoever holds the lock looks again before it sleeps.
        drop(self.inbox());
        self.arrived.notify_all();
    }

    /// Ends the thread's duty, unless something has arrived.
    fn leave(&self) -> bool {
        let mut inbox = self.inbox();
        inbox.is_tended = !inbox.arrivals.is_empty();
        !inbox.is_tended
    }

    /// Waits for connections, or until it is time to ask those that are there; if there are none, for as long as
    /// threads wait that have nothing to do.
    fn receive(&self, shared: &Shared, pause: Option<Duration>) -> Vec<Parked> {
        let mut inbox = self.inbox();
        // Whoever closes the server wakes this thread once.
        let (is_closing, soon) = (shared.registry.is_closing(), HOT_PAUSE.1);
        let pause = pause.map(|pause| if is_closing { pause.min(soon) } else { pause });
        if inbox.arrivals.is_empty() && !(is_closing && pause.is_none()) {
            let pause = pause.unwrap_or(shared.config.threads.linger);
            inbox.is_asleep = pause > HOT_PAUSE.1;
            let woken = self.arrived.wait_timeout(inbox, pause);
            inbox = woken.unwrap_or_else(PoisonError::into_inner).0;
            inbox.is_asleep = false;
        }
        mem::take(&mut inbox.arrivals)
    }
}

/// Takes over a connection, to hand it back when something comes.
pub(super) fn park(shared: &Arc<Shared>, conn: Conn, lingers: bool) {
    // What cannot be made to wait is closed.
    let Ok(until) = conn.park(lingers) else { return };
    let parking = &shared.parking;
    shared.counters.parked.fetch_add(1, Ordering::SeqCst);
    let mut inbox = parking.inbox();
    if shared.registry.is_closing() && !inbox.is_tended && !lingers && conn.is_idle() {
        // The thread has ended, or need not begin.
        drop(inbox);
        shared.counters.parked.fetch_sub(1, Ordering::SeqCst);
        return;
    }
    inbox.arrivals.push(Parked { conn, since: Instant::now(), until, lingers });
    if !mem::replace(&mut inbox.is_tended, true) && shared.spawn(tend).is_err() {
        // Without the thread they wait in the queue.
        inbox.is_tended = false;
        let arrivals = mem::take(&mut inbox.arrivals);
        drop(inbox);
        shared.counters.parked.fetch_sub(arrivals.len(), Ordering::SeqCst);
        shared.pool.run_short();
        for parked in arrivals {
            if !parked.lingers && parked.conn.unpark().is_ok() {
                pool::dispatch(shared, parked.conn);
            }
        }
        return;
    }
    if inbox.is_asleep {
        parking.arrived.notify_one();
    }
}

/// The life of the thread that looks after them.
fn tend(shared: &Arc<Shared>) {
    let parking = &shared.parking;
    let (mut hot, mut cold) = (Vec::new(), Vec::new());
    let (mut pause, mut quiet) = (HOT_PAUSE.0, 0_u32);
    let mut next_cold = Instant::now();
    let mut traffic = Traffic::new(!shared.registry.is_patient());
    // When the first of the cold ones is late, and whether something may come to one of them unseen: to go through all
    // of them for that takes longer than to look whether anything has come.
    let (mut until, mut has_unseen) = (None, false);
    loop {
        let nap = match (hot.is_empty(), cold.is_empty()) {
            (true, true) => None,
            (true, false) => Some(next_cold.saturating_duration_since(Instant::now())),
            (false, _) => Some(pause),
        };
        hot.append(&mut parking.receive(shared, nap));
        if shared.registry.is_closing() {
            hot.append(&mut cold);
            let is_over = |parked: &mut Parked| !parked.lingers && parked.conn.is_idle();
            for parked in hot.extract_if(.., is_over) {
                shared.counters.parked.fetch_sub(1, Ordering::SeqCst);
                // Its transport may panic.
                shared.survive(|| drop(parked));
            }
        }
        if hot.is_empty() && cold.is_empty() && parking.leave() {
            return;
        }

        let began = Instant::now();
        quiet = if ask(shared, &mut hot, began) { 0 } else { quiet.saturating_add(1) };
        pause = if quiet == 0 { HOT_PAUSE.0 } else { (pause * 2).min(HOT_PAUSE.1) };
        let share = if quiet < QUIET { HOT_SHARE.0 } else { HOT_SHARE.1 };
        pause = pause.max(began.elapsed() * share).min(COLD_PAUSE.1);
        let cooled = |parked: &mut Parked| began.saturating_duration_since(parked.since) > HOT;
        let before = cold.len();
        cold.extend(hot.extract_if(.., cooled));
        if cold.len() > before {
            // They have deadlines, too.
            until = Some(began);
            has_unseen = has_unseen || cold.iter().skip(before).any(Parked::is_unseen);
        }

        let began = Instant::now();
        if !cold.is_empty() && began >= next_cold {
            let is_late = until.is_some_and(|until| until <= began);
            if traffic.has_come() || is_late || has_unseen {
                ask(shared, &mut cold, began);
                until = cold.iter().filter_map(|parked| parked.until).min();
                has_unseen = cold.iter().any(Parked::is_unseen);
            }
            let rest = (began.elapsed() * COLD_SHARE).clamp(COLD_PAUSE.0, COLD_PAUSE.1);
            next_cold = Instant::now() + rest;
        }
    }
}

/// Asks each of them what has come, and hands back those that have something; returns whether there were any.
fn ask(shared: &Arc<Shared>, all: &mut Vec<Parked>, now: Instant) -> bool {
    let before = all.len();
    let mut has_hit = false;
    let mut at = 0;
    while let Some(parked) = all.get(at) {
        let fate = parked.ask(now);
        if matches!(fate, Asked::Waits) {
            at += 1;
            continue;
        }
        let parked = all.swap_remove(at);
        if matches!(fate, Asked::Ready) && parked.conn.unpark().is_ok() {
            has_hit = true;
            pool::dispatch(shared, parked.conn);
        } else {
            // Its transport may panic.
            shared.survive(|| drop(parked));
        }
    }
    shared.counters.parked.fetch_sub(before - all.len(), Ordering::SeqCst);
    has_hit
}

/// What a connection has to say.
enum Asked {
    Waits,
    /// A thread has to see to it.
    Ready,
    Over,
}

impl Parked {
    /// Returns whether what comes to it is not counted with what comes over TCP.
    fn is_unseen(&self) -> bool {
        self.conn.peer().is_none()
    }

    fn ask(&self, now: Instant) -> Asked {
        let is_late = self.until.is_some_and(|until| until <= now);
        if self.lingers {
            return if !is_late && self.conn.poll_lingering() { Asked::Waits } else { Asked::Over };
        }
        match self.conn.poll() {
            Ok(Polled::Ready(_)) => Asked::Ready,
            // Half a head that is late is answered.
            Ok(Polled::Nothing) if is_late => Asked::Ready,
            Ok(Polled::Nothing) => Asked::Waits,
            Ok(Polled::End) | Err(_) => Asked::Over,
        }
    }
}

//! The threads: each blocks in `accept` itself, and serves what it accepted.
//!
//! - A few threads are always in `accept` at each listener, and whoever leaves it to serve sees to it that another
//!   comes: a queue of newcomers that nobody takes is short (128 places) and, once full, makes them wait for
//!   seconds. The last thread at a listener does not leave when there can be no more threads: it lets
//!   newcomers in, and parks them.
//! - A thread that serves a connection also waits with it for the next request, as long as not too many threads do
//!   so: one in four is kept free. The others wait for a moment, and then have the connection parked, or, where
//!   that cannot be done, put at the end of the queue. There it goes, too, if its client has asked for more
//!   already while others wait for a thread.
//! - What the parking hands back goes to a thread that has nothing to do, to a new one, or into a queue for whoever
//!   comes free.
//! - There is always one more thread to be had, or about to look into the queue: those at listeners and those that hold
//!   connections are together fewer than there may be.
//! - Where the system has no more threads before there are as many, no thread begins to hold a connection, those that do
//!   let go of it at its next request, none ends, and one at each listener has to do. The others wait for the queue, to
//!   whose end every connection goes in turn, even if its client never pauses. Nobody waits at a listener while somebody
//!   is in the queue. Should all that are left be at listeners when somebody comes there, they look into it when they
//!   look up, which is as often as [`Timeouts::head`](super::Timeouts::head) says.

use std::collections::VecDeque;
use std::mem;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::accept::{Newcomer, Porter};
use super::config::Threads;
use super::connection::{Conn, Fate};
use super::parking;
use super::shared::{Gate, Shared};

/// How long a thread that may not wait with its connection does so anyway: as long as more threads can be had, and
/// when there are none left.
const SLICES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_millis(10));

/// How long ago a system must have had no thread to be thought to have enough again.
const SHORTAGE: Duration = Duration::from_secs(10);

/// The threads' numbers, and the connections that wait for one.
#[derive(Debug)]
pub(super) struct Pool {
    most: usize,
    /// Threads that may wait with a connection for as long as it takes.
    most_holding: usize,
    accepting: usize,
    /// Threads that may wait at each listener: beyond those that should, as many again, since not every connection
    /// is to cost a thread.
    most_accepting: usize,
    linger: Duration,
    threads: AtomicUsize,
    /// The system has had no other thread lately, and when that was.
    is_short: AtomicBool,
    short_since: Mutex<Option<Instant>>,
    holding: AtomicUsize,
    /// Connections in the queue, to be looked at without its lock.
    ready: AtomicUsize,
    queue: Mutex<Queue>,
    more: Condvar,
}

#[derive(Default)]
struct Queue {
    ready: VecDeque<Conn>,
    /// Threads that wait for it to fill.
    spare: usize,
    is_closed: bool,
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Queue").field("ready", &self.ready.len()).finish_non_exhaustive()
    }
}

impl Pool {
    /// At each of that many listeners one thread always waits, and at least one more is there to serve.
    pub(super) fn new(threads: Threads, listeners: usize) -> Self {
        let fewest = listeners.saturating_add(1);
        let most = threads.max.max(fewest);
        let free = (most / 4).max(fewest);
        let room = free.saturating_sub(1).checked_div(listeners).unwrap_or_default();
        let accepting = threads.accepting.min(room).max(1);
        Self {
            most,
            most_holding: most - free,
            accepting,
            most_accepting: accepting.saturating_mul(2).min(room),
            linger: threads.linger,
            threads: AtomicUsize::new(0),
            is_short: AtomicBool::new(false),
            short_since: Mutex::new(None),
            holding: AtomicUsize::new(0),
            ready: AtomicUsize::new(0),
            queue: Mutex::default(),
            more: Condvar::new(),
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has a connection wait for a thread; returns how many threads wait for one.
    fn enqueue(&self, conn: Conn) -> usize {
        let mut queue = self.queue();
        queue.ready.push_back(conn);
        self.ready.fetch_add(1, Ordering::SeqCst);
        queue.spare
    }

    /// Takes a connection that waits for a thread.
    fn take_ready(&self) -> Option<Conn> {
        if self.ready.load(Ordering::SeqCst) == 0 {
            return None;
        }
        let conn = self.queue().ready.pop_front()?;
        self.ready.fetch_sub(1, Ordering::SeqCst);
        Some(conn)
    }

    /// Waits for a connection that waits for a thread.
    fn wait_ready(&self) -> Option<Conn> {
        let mut queue = self.queue();
        queue.spare += 1;
        let (mut queue, _) = self
            .more
            .wait_timeout_while(queue, self.linger, |it| it.ready.is_empty() && !it.is_closed)
            .unwrap_or_else(PoisonError::into_inner);
        queue.spare -= 1;
        let conn = queue.ready.pop_front()?;
        self.ready.fetch_sub(1, Ordering::SeqCst);
        Some(conn)
    }

    fn hold(&self) -> bool {
        !self.is_short()
            && self.holding.load(Ordering::Relaxed) < self.most_holding
            && (self.holding.fetch_add(1, Ordering::SeqCst) < self.most_holding || {
                self.holding.fetch_sub(1, Ordering::SeqCst);
                false
            })
    }

    /// Takes note that the system had no other thread.
    pub(super) fn run_short(&self) {
        *self.short_since() = Some(Instant::now());
        self.is_short.store(true, Ordering::SeqCst);
    }

    /// Takes note that it had one. That it has enough again shows in time.
    fn got_thread(&self) {
        if self.is_short() && self.short_since().is_none_or(|since| since.elapsed() > SHORTAGE) {
            self.is_short.store(false, Ordering::SeqCst);
        }
    }

    fn short_since(&self) -> MutexGuard<'_, Option<Instant>> {
        self.short_since.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_short(&self) -> bool {
        self.is_short.load(Ordering::Relaxed)
    }

    /// Returns whether whoever waits at a listener may be missing elsewhere.
    pub(super) fn is_pressed(&self) -> bool {
        self.is_short() && self.ready.load(Ordering::SeqCst) > 0
    }

    /// Lets a thread that may wait with its connection do so no more.
    fn let_go(&self) {
        self.holding.fetch_sub(1, Ordering::SeqCst);
    }

    /// Returns how long a thread that does not hold its connection, and has had it since then, waits with it.
    fn slice(&self, since: Instant) -> Duration {
        if self.is_short() {
            // The thread that looks after parked connections may be what is missing, so each of them is waited for.
            // But threads are needed at the listeners, too, whoever else has something to ask here.
            if since.elapsed() < SLICES.1 { SLICES.1 } else { Duration::ZERO }
        } else if self.threads.load(Ordering::Relaxed) < self.most {
            SLICES.0
        } else if self.ready.load(Ordering::Relaxed) == 0 {
            SLICES.1
        } else {
            Duration::ZERO
        }
    }

    /// Lets no thread wait any longer for something to do.
    pub(super) fn close(&self) {
        self.queue().is_closed = true;
        self.more.notify_all();
    }

    /// Gives up the connections that wait for a thread.
    pub(super) fn take_all_ready(&self) -> VecDeque<Conn> {
        let waiting = mem::take(&mut self.queue().ready);
        self.ready.fetch_sub(waiting.len(), Ordering::SeqCst);
        waiting
    }
}

/// Starts the first threads; one at each listener is enough.
pub(super) fn start(shared: &Arc<Shared>) -> std::io::Result<()> {
    let gates = shared.gates();
    for (at, gate) in gates.iter().enumerate() {
        gate.accepting.fetch_add(1, Ordering::SeqCst);
        if let Err(error) = spawn(shared, &gates, Task::Accept(at)) {
            gate.accepting.fetch_sub(1, Ordering::SeqCst);
            return Err(error);
        }
        for _ in 1..shared.pool.accepting {
            recruit(shared, &gates, at);
        }
    }
    Ok(())
}

/// What a thread begins with.
enum Task {
    /// Waits at that listener, among whose threads it is counted.
    Accept(usize),
    Serve(Conn),
    /// Serves what is in the queue.
    Queue,
}

/// Sends another thread to a listener; returns whether there are enough now.
fn recruit(shared: &Arc<Shared>, gates: &Arc<[Gate]>, at: usize) -> bool {
    let Some(gate) = gates.get(at) else { return true };
    if !gate.join(shared.pool.accepting) {
        return true;
    }
    let spawned = spawn(shared, gates, Task::Accept(at)).is_ok();
    if !spawned {
        gate.accepting.fetch_sub(1, Ordering::SeqCst);
    }
    spawned
}

/// Starts a thread, which is given the listeners: the server may have none any more when it runs, and whoever is counted
/// among a listener's threads has to come there to be counted out.
fn spawn(shared: &Arc<Shared>, gates: &Arc<[Gate]>, task: Task) -> std::io::Result<()> {
    if shared.pool.threads.fetch_add(1, Ordering::SeqCst) >= shared.pool.most {
        shared.pool.threads.fetch_sub(1, Ordering::SeqCst);
        return Err(std::io::ErrorKind::QuotaExceeded.into());
    }
    let gates = Arc::clone(gates);
    let started = shared.spawn(move |shared| {
        run(shared, &gates, task);
        shared.pool.threads.fetch_sub(1, Ordering::SeqCst);
        // Whatever has come into the queue meanwhile may have found that no thread was to be had.
        if shared.pool.ready.load(Ordering::SeqCst) > 0 {
            let _ = spawn(shared, &gates, Task::Queue);
        }
    });
    if started.is_ok() {
        shared.pool.got_thread();
    } else {
        shared.pool.run_short();
        shared.pool.threads.fetch_sub(1, Ordering::SeqCst);
    }
    started
}

/// Hands a connection on which something has happened to a thread.
pub(super) fn dispatch(shared: &Arc<Shared>, conn: Conn) {
    let spare = shared.pool.enqueue(conn);
    shared.pool.more.notify_one();
    if spare < shared.pool.ready.load(Ordering::SeqCst) {
        let _ = spawn(shared, &shared.gates(), Task::Queue);
    }
}

/// A thread's life.
fn run(shared: &Arc<Shared>, gates: &Arc<[Gate]>, mut task: Task) {
    let pool = &shared.pool;
    let mut home = 0;
    loop {
        let mut next = match task {
            Task::Accept(at) => {
                home = at;
                accept(shared, gates, at)
            }
            Task::Serve(conn) => Some(conn),
            Task::Queue => pool.take_ready(),
        };
        let is_needed = next.is_some();
        while let Some(conn) = next {
            serve(shared, conn);
            // A listener may be without any thread when there are few.
            let may_accept = pool.is_short() && !shared.registry.is_closing();
            next = if may_accept { None } else { pool.take_ready() };
        }
        if shared.registry.is_closing() {
            return;
        }
        let may_accept = is_needed || pool.is_short();
        task = match may_accept.then(|| choose_gate(shared, gates, home)).flatten() {
            Some(at) => Task::Accept(at),
            None => {
                let is_short = pool.is_short() && !gates.iter().all(Gate::is_dead);
                let parked = shared.counters.parked.load(Ordering::SeqCst);
                match (parked > 0 || is_short).then(|| pool.wait_ready()).flatten() {
                    Some(conn) => Task::Serve(conn),
                    None if is_short => Task::Queue,
                    None => return,
                }
            }
        };
    }
}

/// Chooses a listener that lacks threads, or goes back to the same one unless enough wait there.
fn choose_gate(shared: &Shared, gates: &[Gate], home: usize) -> Option<usize> {
    let is_short = shared.pool.is_short();
    let enough = if is_short { 1 } else { shared.pool.accepting };
    if let Some(at) = gates.iter().position(|gate| gate.join(enough)) {
        return Some(at);
    }
    // Whoever waits for newcomers cannot be called to those that were parked.
    let is_free = !is_short && shared.counters.parked.load(Ordering::SeqCst) == 0;
    (is_free && gates.get(home)?.join(shared.pool.most_accepting)).then_some(home)
}

/// Waits at a listener until there is a connection to serve, or too little to do.
fn accept(shared: &Arc<Shared>, gates: &Arc<[Gate]>, at: usize) -> Option<Conn> {
    let pool = &shared.pool;
    let gate = gates.get(at)?;
    let mut porter = Porter::new();
    loop {
        match porter.wait(shared, gate) {
            Newcomer::Here(conn) => {
                gate.accepting.fetch_sub(1, Ordering::SeqCst);
                // Whoever leaves sees to it that enough are there, and the last one stays if there can be no other.
                let may_leave = shared.registry.is_closing() || recruit(shared, gates, at);
                if may_leave || !gate.join(1) {
                    return Some(conn);
                }
                porter.keep_spare();
                shared.survive(|| match conn.can_park() {
                    true => parking::park(shared, conn, false),
                    false => dispatch(shared, conn),
                });
            }
            Newcomer::Nobody => {
                if gate.leave(pool.accepting) {
                    return None;
                }
            }
            Newcomer::Closed => {
                gate.accepting.fetch_sub(1, Ordering::SeqCst);
                return None;
            }
        }
        // Whoever comes here may be the only one left.
        if pool.is_short()
            && let Some(conn) = pool.take_ready()
        {
            gate.accepting.fetch_sub(1, Ordering::SeqCst);
            return Some(conn);
        }
    }
}

/// Serves a connection until it ends or is parked, or its transport panics.
fn serve(shared: &Arc<Shared>, conn: Conn) {
    let pool = &shared.pool;
    let since = Instant::now();
    let mut holds = pool.hold();
    shared.survive(|| {
        let fate = conn.serve(shared, || {
            if pool.is_short() && mem::take(&mut holds) {
                pool.let_go();
            }
            holds = holds || pool.hold();
            (!holds).then(|| pool.slice(since))
        });
        match fate {
            Fate::Ended => {}
            Fate::Waiting(conn) if conn.can_park() => parking::park(shared, conn, false),
            Fate::Waiting(conn) | Fate::Yielding(conn) => {
                // This thread looks into the queue next, unless it is needed at a listener.
                if pool.enqueue(conn) > 0 && pool.is_short() {
                    pool.more.notify_one();
                }
            }
            Fate::Lingering(conn) if !holds && conn.can_park() => {
                parking::park(shared, conn, true);
            }
            Fate::Lingering(conn) => conn.linger(),
        }
    });
    if holds {
        pool.let_go();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Request;
    use crate::server::config::Config;
    use crate::server::shared::Hooks;
    use crate::server::transport::{Socket, Transport};
    use std::io::{self, Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::sync::mpsc;
    use std::thread;

    /// Cannot be parked.
    struct Plain(Socket);

    impl Read for Plain {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            self.0.read(buf)
        }
    }

    impl Write for Plain {
        fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
            self.0.write(buf)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Transport for Plain {}

    #[test]
    fn whoever_puts_a_connection_off_wakes_a_thread_if_it_may_not_look_itself() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let addr = listener.local_addr().expect("an address");
        let endless = Threads::DEFAULT.linger(Duration::from_secs(600));
        let config = Config { threads: endless, ..Config::default() };
        let make = |socket| -> io::Result<Box<dyn Transport>> { Ok(Box::new(Plain(socket))) };
        let hooks = Hooks { transport: Some(Box::new(make)), ..Hooks::default() };
        let handler = Arc::new(|_: &mut Request| "ok");
        let shared = Shared::new(vec![listener.into()], config, hooks, handler);
        let shared = shared.expect("descriptors");
        let _client = TcpStream::connect(addr).expect("a connection");
        let gates = shared.gates();
        let newcomer = Porter::new().wait(&shared, gates.first().expect("a listener"));
        let Newcomer::Here(conn) = newcomer else { panic!("nobody has come") };

        shared.pool.run_short();
        let (tell, woken) = mpsc::channel();
        let waiting = Arc::clone(&shared);
        thread::spawn(move || tell.send(waiting.pool.wait_ready().is_some()));
        while shared.pool.queue().spare == 0 {
            thread::sleep(Duration::from_millis(1));
        }
        serve(&shared, conn);
        assert_eq!(woken.recv_timeout(Duration::from_secs(20)), Ok(true));
    }
}

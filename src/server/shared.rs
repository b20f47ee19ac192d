//! What all threads of a server know.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::clock::deadline;
use super::config::Config;
use super::connection::Conn;
use super::executor::Executor;
use super::handler::Handler;
use super::listener::{Listener, Listening};
use super::metrics::{Counters, Metrics};
use super::parking::Parking;
use super::pool::Pool;
use super::refusal::Refusal;
use super::registry::Registry;
use super::transport::{Socket, Transport};

/// Makes a transport of a socket.
pub(super) type MakeTransport = Box<dyn Fn(Socket) -> io::Result<Box<dyn Transport>> + Send + Sync>;

type Filter = Box<dyn Fn(SocketAddr) -> bool + Send + Sync>;
type Report = Box<dyn Fn(&Refusal) + Send + Sync>;

/// What a server asks and tells others.
#[derive(Default)]
pub(super) struct Hooks {
    pub(super) transport: Option<MakeTransport>,
    pub(super) filter: Option<Filter>,
    pub(super) refused: Option<Report>,
    pub(super) executor: Option<Box<dyn Executor>>,
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks").finish_non_exhaustive()
    }
}

/// A listener, and how many threads wait on it or are on their way there.
#[derive(Debug)]
pub(super) struct Gate {
    pub(super) listening: Listening,
    pub(super) accepting: AtomicUsize,
    /// Nobody comes any more.
    is_dead: AtomicBool,
}

impl Gate {
    pub(super) fn new(listening: Listening) -> Self {
        Self { listening, accepting: AtomicUsize::new(0), is_dead: AtomicBool::new(false) }
    }

    /// Says that nobody comes any more.
    pub(super) fn die(&self) {
        self.is_dead.store(true, Ordering::SeqCst);
    }

    /// Returns whether nobody comes any more.
    pub(super) fn is_dead(&self) -> bool {
        self.is_dead.load(Ordering::SeqCst)
    }

    /// Counts another thread in, unless that many are there, or nobody comes any more.
    pub(super) fn join(&self, enough: usize) -> bool {
        !self.is_dead() && self.change(|waiting| (waiting < enough).then_some(waiting + 1))
    }

    /// Counts a thread out, if more than that many are there.
    pub(super) fn leave(&self, enough: usize) -> bool {
        self.change(|waiting| (waiting > enough).then_some(waiting - 1))
    }

    fn change(&self, change: impl FnMut(usize) -> Option<usize>) -> bool {
        self.accepting.fetch_update(Ordering::SeqCst, Ordering::SeqCst, change).is_ok()
    }
}

/// What all threads of a server know.
pub(super) struct Shared {
    /// Empty once the server accepts no more.
    gates: Mutex<Arc<[Gate]>>,
    pub(super) config: Config,
    pub(super) hooks: Hooks,
    pub(super) handler: Arc<dyn Handler>,
    pub(super) registry: Arc<Registry>,
    pub(super) counters: Arc<Counters>,
    pub(super) pool: Pool,
    pub(super) parking: Parking,
    life: Mutex<Life>,
    /// Why a listener accepts no more, if that is not the server's own doing.
    failure: Mutex<Option<io::Error>>,
    gone: Condvar,
}

/// What is left of a server.
#[derive(Debug, Default)]
struct Life {
    threads: usize,
    /// It was shut down, whatever is left.
    is_over: bool,
}

impl Shared {
    pub(super) fn new(
        listeners: Vec<Listener>,
        config: Config,
        hooks: Hooks,
        handler: Arc<dyn Handler>,
    ) -> io::Result<Arc<Self>> {
        let open = |listener| Listening::new(listener, &config.timeouts).map(Gate::new);
        let gates = listeners.into_iter().map(open).collect::<io::Result<Arc<[Gate]>>>()?;
        let registry = Registry::new(gates.iter().any(|gate| gate.listening.is_shared()));
        let pool = Pool::new(config.threads, gates.len());
        Ok(Arc::new(Self {
            gates: Mutex::new(gates),
            config,
            hooks,
            handler,
            registry: Arc::new(registry),
            counters: Arc::default(),
            pool,
            parking: Parking::default(),
            life: Mutex::default(),
            failure: Mutex::new(None),
            gone: Condvar::new(),
        }))
    }

    pub(super) fn gates(&self) -> Arc<[Gate]> {
        Arc::clone(&self.gates.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Closes the listeners and wakes the threads that wait on them.
    pub(super) fn stop_accepting(&self) {
        let none: Arc<[Gate]> = Arc::new([]);
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        let closed = std::mem::replace(&mut *gates, none);
        drop(gates);
        let deadline = Instant::now() + Duration::from_secs(1);
        let waits = |gate: &&Gate| gate.accepting.load(Ordering::SeqCst) > 0;
        while closed.iter().any(|gate| waits(&gate)) && Instant::now() < deadline {
            closed.iter().filter(waits).for_each(|gate| gate.listening.wake());
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Starts a thread with the server's size of stack; it is counted until it ends, however it ends.
    pub(super) fn spawn(
        self: &Arc<Self>,
        run: impl FnOnce(&Arc<Self>) + Send + 'static,
    ) -> io::Result<()> {
        self.count(1);
        let counted = Counted(Arc::clone(self));
        let builder = thread::Builder::new().name("nethttp".into());
        // If it cannot be started, the closure is dropped, and the count with it.
        builder.stack_size(self.config.threads.stack).spawn(move || run(&counted.0)).map(drop)
    }

    fn count(&self, step: isize) {
        let mut life = self.life();
        life.threads = life.threads.saturating_add_signed(step);
        self.counters.threads.store(life.threads, Ordering::SeqCst);
        if life.threads == 0 {
            self.gone.notify_all();
        }
    }

    fn life(&self) -> MutexGuard<'_, Life> {
        self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that a shutdown is through.
    pub(super) fn end(&self) {
        self.life().is_over = true;
        self.gone.notify_all();
    }

    /// Waits until the server has been shut down, or all its threads have ended without that.
    pub(super) fn wait_for_end(&self) {
        let mut life = self.life();
        while !life.is_over && (life.threads > 0 || self.registry.is_closing()) {
            life = self.gone.wait(life).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits until no thread is left, and returns whether that came to pass.
    pub(super) fn wait_for_threads(&self, timeout: Duration) -> bool {
        let until = deadline(timeout);
        let mut life = self.life();
        while life.threads > 0 {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let woken = self.gone.wait_timeout(life, left);
            life = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// Keeps the error that ended a listener.
    pub(super) fn fail(&self, error: io::Error) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }

    /// Takes the error that ended a listener.
    pub(super) fn take_failure(&self) -> Option<io::Error> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) fn metrics(&self) -> Metrics {
        self.counters.snapshot(&self.registry)
    }

    /// Calls what others have written, whose panic must not take down the thread that everybody needs.
    pub(super) fn survive<T>(&self, call: impl FnOnce() -> T) -> Option<T> {
        let result = panic::catch_unwind(AssertUnwindSafe(call));
        result.inspect_err(|_| self.counters.panics.add(1)).ok()
    }

    /// Tells whoever wants to know of what no handler has seen.
    pub(super) fn report(&self, refusal: &Refusal) {
        if let Some(report) = &self.hooks.refused {
            // Whoever watches must not take a connection down, and cannot do more than panic.
            let _ = self.survive(|| report(refusal));
        }
    }

    /// Closes the connections for which no thread has come.
    pub(super) fn give_up_waiting(&self) {
        for conn in self.pool.take_all_ready() {
            self.survive(|| drop(conn));
        }
    }

    /// Serves a connection to its end on this thread.
    pub(super) fn serve_here(&self, conn: Conn) {
        use super::connection::Fate;
        if let Fate::Lingering(conn) = conn.serve(self, || None) {
            conn.linger();
        }
    }
}

/// Counts a thread until it ends.
struct Counted(Arc<Shared>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.count(-1);
    }
}

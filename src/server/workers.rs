//! The threads: each blocks in `accept` itself, and serves what it accepted.
//!
//! No connection is handed from one thread to another. A few threads are always in `accept`, and
//! whoever leaves it to serve starts another first: a queue of newcomers that nobody takes is short
//! (128 places) and, once full, makes them wait for seconds. When every place is taken, the threads
//! that are left tell newcomers so. Threads that wait in vain for a while end.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::config::Config;
use super::connection;
use super::handler::Handler;
use super::listener::Listener;
use super::registry::Registry;
use crate::field::DateCache;

/// Virtual size of a thread's stack; only what is touched is memory.
const STACK: usize = 256 << 10;
/// Threads in `accept`.
const ACCEPTING: usize = 4;
/// Threads that return to `accept` end if as many are there: twice as many as are kept, so that not
/// every connection costs a thread.
const ENOUGH: usize = 2 * ACCEPTING;

/// What all threads of a server know.
pub(super) struct Shared {
    listener: Mutex<Option<Arc<Listener>>>,
    pub(super) config: Config,
    pub(super) handler: Arc<dyn Handler>,
    pub(super) registry: Registry,
    /// Threads in `accept`, or on their way there.
    accepting: AtomicUsize,
    workers: Mutex<usize>,
    /// Why the listener accepts no more, if that is not the server's own doing.
    failure: Mutex<Option<io::Error>>,
    gone: Condvar,
}

impl Shared {
    pub(super) fn new(
        listener: TcpListener,
        config: Config,
        handler: Arc<dyn Handler>,
    ) -> io::Result<Arc<Self>> {
        Ok(Arc::new(Self {
            listener: Mutex::new(Some(Arc::new(Listener::new(listener, &config.timeouts)?))),
            config,
            handler,
            registry: Registry::default(),
            accepting: AtomicUsize::new(0),
            workers: Mutex::new(0),
            failure: Mutex::new(None),
            gone: Condvar::new(),
        }))
    }

    fn listener(&self) -> Option<Arc<Listener>> {
        self.listener.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Closes the listener and wakes the threads that wait on it.
    pub(super) fn stop_accepting(&self) {
        let listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(listener) = listener {
            let deadline = Instant::now() + Duration::from_secs(1);
            while self.accepting.load(Ordering::SeqCst) > 0 && Instant::now() < deadline {
                listener.wake();
                thread::sleep(Duration::from_millis(1));
            }
        }
    }

    /// Waits until no thread is left, and returns whether that came to pass.
    pub(super) fn wait_for_workers(&self, timeout: Duration) -> bool {
        let workers = self.workers.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.gone.wait_timeout_while(workers, timeout, |workers| *workers > 0);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    /// Takes the error that ended the listener.
    pub(super) fn take_failure(&self) -> Option<io::Error> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn count(&self, step: isize) {
        let mut workers = self.workers.lock().unwrap_or_else(PoisonError::into_inner);
        *workers = workers.saturating_add_signed(step);
        if *workers == 0 {
            self.gone.notify_all();
        }
    }
}

/// Starts the first threads; one is enough.
pub(super) fn start(shared: &Arc<Shared>) -> io::Result<()> {
    shared.accepting.fetch_add(1, Ordering::SeqCst);
    spawn(shared)?;
    for _ in 1..ACCEPTING {
        shared.accepting.fetch_add(1, Ordering::SeqCst);
        let _ = spawn(shared);
    }
    Ok(())
}

/// Starts a thread, which the caller has counted among those in `accept`.
fn spawn(shared: &Arc<Shared>) -> io::Result<()> {
    shared.count(1);
    let its = Arc::clone(shared);
    let builder = thread::Builder::new().name("nethttp".into()).stack_size(STACK);
    let started = builder.spawn(move || {
        let counted = Counted(&its);
        match its.listener() {
            Some(listener) => work(&its, &listener),
            // The server has ended meanwhile.
            None => drop(its.accepting.fetch_sub(1, Ordering::SeqCst)),
        }
        drop(counted);
    });
    if started.is_err() {
        shared.accepting.fetch_sub(1, Ordering::SeqCst);
        shared.count(-1);
    }
    started.map(drop)
}

/// Counts a thread until it ends, however it ends.
struct Counted<'a>(&'a Shared);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.count(-1);
    }
}

fn work(shared: &Arc<Shared>, listener: &Listener) {
    let mut backoff = Duration::from_millis(10);
    loop {
        let accepted = listener.accept(&shared.config.timeouts);
        if shared.registry.is_closing() {
            shared.accepting.fetch_sub(1, Ordering::SeqCst);
            return;
        }
        match accepted {
            Ok((stream, peer)) => {
                backoff = Duration::from_millis(10);
                // Whoever leaves `accept` sees to it that enough are there.
                if shared.accepting.fetch_sub(1, Ordering::SeqCst) <= ACCEPTING {
                    shared.accepting.fetch_add(1, Ordering::SeqCst);
                    // If no more threads are to be had, this one serves, and comes back.
                    let _ = spawn(shared);
                }
                match shared.registry.enter(stream, shared.config.limits.connections) {
                    Ok(place) => connection::serve(shared, &place, peer),
                    Err(stream) => turn_away(&stream),
                }
                if shared.registry.is_closing() {
                    return;
                }
                // Enough others wait already.
                if shared.accepting.fetch_add(1, Ordering::SeqCst) >= ENOUGH {
                    shared.accepting.fetch_sub(1, Ordering::SeqCst);
                    return;
                }
            }
            Err(error) if is_passing(&error) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                // Nothing came for a while.
                if shared.accepting.fetch_sub(1, Ordering::SeqCst) > ACCEPTING {
                    return;
                }
                shared.accepting.fetch_add(1, Ordering::SeqCst);
            }
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
                // It listens no more: another process that has it, too, has shut it down.
                shared.accepting.fetch_sub(1, Ordering::SeqCst);
                *shared.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                return;
            }
            Err(_) => {
                // Out of descriptors or memory: what is open has to end first.
                thread::sleep(backoff);
                backoff = (backoff * 2).min(Duration::from_millis(500));
            }
        }
    }
}

/// Errors of one connection that never came to be.
fn is_passing(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    matches!(error.kind(), Kind::Interrupted | Kind::ConnectionAborted | Kind::ConnectionReset)
}

/// Says that every place is taken, without waiting for anything.
fn turn_away(stream: &TcpStream) {
    const BUSY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\n\
        Retry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\nDate: ";
    let answer = [BUSY, DateCache::new().now(), b"\r\n\r\n"].concat();
    let mut stream = stream;
    let _ = stream.set_nonblocking(true);
    let _ = stream.write(&answer);
    let _ = stream.shutdown(Shutdown::Write);
    // What has come already would reset the connection under the answer.
    let _ = stream.read(&mut [0; 4 << 10]);
}

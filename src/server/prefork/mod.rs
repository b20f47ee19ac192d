//! Several processes that serve from one listener: [`Prefork`] says how that is done and what it sees to.
//!
//! The first process is a supervisor, which starts workers and looks after them; a worker is connected to
//! it by a control.

mod control;
mod supervisor;
mod worker;

use std::fmt;
use std::io::{self, Read};
use std::net::{SocketAddr, ToSocketAddrs};
use std::panic;
use std::process::ExitStatus;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::until::wait_for_end;
use super::{Listener, Server};
use crate::error::{Error, ErrorKind, Result};
use control::Control;
use supervisor::{Event, Supervisor};
use worker::Launcher;

/// What a worker has beyond its grace before it is killed.
const MARGIN: Duration = Duration::from_secs(5);

/// Processes that serve from one listener.
///
/// [`run`](Self::run) is called in every process. The first one finds that it is nobody's worker: it binds
/// the listener, starts its own program again for every worker, with the same arguments, and looks after
/// them. In a worker the same call finds the listener as the standard input, and serves. Each has threads
/// of its own; the system gives a connection to one of all that wait.
///
/// A process more takes memory, and a worker knows nothing of what others have in theirs. In return, what
/// ends one worker ends the requests of that one, and a new version of the program takes over by itself.
///
/// # What it sees to
///
/// - A worker that ends is replaced: at once, and if that happens again and again, after a growing pause. If
///   the first ones end before they serve, it gives up, since the fault is in the program.
/// - A worker that is told to end finishes what it is doing. It has the [grace](Self::grace) for that, and
///   is killed five seconds later.
/// - If the first process dies, however it does, the workers notice, finish in the same way, and end; the
///   port is free half a second later. They are not in its process group, so that Ctrl-C in a terminal
///   reaches the first process alone, and the others finish. Under systemd that is `KillMode=process`.
/// - What the workers print goes to the first process, and is printed there, line by line. Their standard
///   error is that of the first process.
/// - [`PreforkHandle::restart`] replaces all workers, one after the other, and whoever connects meanwhile is
///   answered. It starts the program from where it was: if a new version is there, that is what serves then.
///
/// # What a program has to see to
///
/// - What `main` does before the call is done in every process.
/// - There is one such call in a program. Whatever should happen in one process only stands behind
///   [`Role::Parent`], of [`start`](Self::start).
/// - A program that a worker starts is given a standard input and output of its own: the worker's are the
///   listener and the connection to the first process.
/// - To print when the first process has died is a panic, as always when nobody reads. A log is better
///   written to the standard error.
///
/// # Examples
///
/// ```no_run
/// use nethttp::server::Prefork;
/// use nethttp::{Request, Server};
///
/// let workers = std::thread::available_parallelism()?.get();
/// Prefork::new(workers).run("127.0.0.1:8080", |server: Server| {
///     server.run(|_: &mut Request| format!("this is {}", std::process::id()))
/// })?;
/// # Ok::<(), nethttp::Error>(())
/// ```
pub struct Prefork {
    workers: usize,
    grace: Duration,
    until: Option<Box<dyn Read + Send>>,
    observer: Observer,
}

type Observer = Box<dyn FnMut(&WorkerEvent) + Send>;

/// What this process is: see [`Prefork::start`].
///
/// # Examples
///
/// ```no_run
/// use nethttp::Request;
/// use nethttp::server::{Prefork, Role};
///
/// match Prefork::new(2).start("127.0.0.1:8080")? {
///     Role::Worker(server) => server.run(|_: &mut Request| "hello"),
///     Role::Parent(handle) => {
///         println!("http://{}/", handle.addr());
///         handle.wait()
///     }
/// }
/// # ; Ok::<(), nethttp::Error>(())
/// ```
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "a process is the one or the other")]
#[expect(clippy::large_enum_variant, reason = "there is one of it, and it is taken apart at once")]
pub enum Role {
    /// A worker, with the server that it has to run.
    Worker(Server),
    /// The first process, whose workers have been started.
    Parent(PreforkHandle),
}

/// What happened to a worker: see [`Prefork::observe`].
///
/// It is displayed as a line of a log.
///
/// # Examples
///
/// ```
/// let event = nethttp::server::WorkerEvent::Ready(17);
/// assert_eq!(event.to_string(), "worker 17 serves");
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum WorkerEvent {
    /// A process has been started; this is its number.
    Started(u32),
    /// It serves.
    Ready(u32),
    /// It has ended, with this status if the system tells.
    Ended(u32, Option<ExitStatus>),
    /// A process could not be started. It is tried again.
    Failed(io::Error),
}

impl Prefork {
    /// Plans a number of worker processes; at least one.
    ///
    /// ```
    /// let four = nethttp::server::Prefork::new(4);
    /// ```
    #[must_use]
    pub fn new(workers: usize) -> Self {
        Self {
            workers: workers.max(1),
            grace: Duration::from_secs(30),
            until: None,
            observer: Box::new(|_| {}),
        }
    }

    /// Sets how long a worker that is told to end may take to finish its requests; 30 seconds unless set.
    ///
    /// ```
    /// use nethttp::server::Prefork;
    /// use std::time::Duration;
    ///
    /// let hasty = Prefork::new(4).grace(Duration::from_secs(2));
    /// ```
    #[must_use]
    pub const fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Shuts everything down when a reader has nothing more to yield, like
    /// [`Server::shutdown_at_end_of`]. It is read in the first process only.
    ///
    /// ```no_run
    /// use nethttp::server::Prefork;
    ///
    /// let prefork = Prefork::new(4).shutdown_at_end_of(std::io::stdin());
    /// ```
    #[must_use]
    pub fn shutdown_at_end_of(mut self, reader: impl Read + Send + 'static) -> Self {
        self.until = Some(Box::new(reader));
        self
    }

    /// Calls a function, in the first process, whenever something happens to a worker. No worker is looked
    /// after while it runs.
    ///
    /// ```
    /// use nethttp::server::Prefork;
    ///
    /// let noted = Prefork::new(4).observe(|event| eprintln!("{event}"));
    /// ```
    #[must_use]
    pub fn observe(mut self, observer: impl FnMut(&WorkerEvent) + Send + 'static) -> Self {
        self.observer = Box::new(observer);
        self
    }

    /// Starts the workers and looks after them, or, in a worker, calls a function with the server that it
    /// has to run.
    ///
    /// Returns in the first process when everything has been [shut down](Self::shutdown_at_end_of), and in a
    /// worker when the function does.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start) and [`PreforkHandle::wait`]; in a worker also what the function returns.
    ///
    /// ```no_run
    /// use nethttp::server::{Limits, Prefork};
    /// use nethttp::{Request, Server};
    ///
    /// Prefork::new(4).run("127.0.0.1:8080", |server: Server| {
    ///     server.limits(Limits::DEFAULT.connections(200)).run(|_: &mut Request| "hello")
    /// })?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn run(
        self,
        addr: impl ToSocketAddrs,
        serve: impl FnOnce(Server) -> Result<()>,
    ) -> Result<()> {
        match self.start(addr)? {
            Role::Worker(server) => serve(server),
            Role::Parent(handle) => handle.wait(),
        }
    }

    /// Starts the workers, or finds that this process is one of them.
    ///
    /// # Errors
    ///
    /// What the system says: to binding, or to starting the first process or thread. In a worker, that the
    /// process that has started it is gone already.
    ///
    /// ```no_run
    /// use nethttp::Request;
    /// use nethttp::server::{Prefork, Role};
    ///
    /// match Prefork::new(2).start("127.0.0.1:8080")? {
    ///     Role::Worker(server) => server.run(|_: &mut Request| "hello")?,
    ///     // New processes every hour.
    ///     Role::Parent(handle) => loop {
    ///         std::thread::sleep(std::time::Duration::from_secs(3600));
    ///         handle.restart()?;
    ///     },
    /// }
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn start(self, addr: impl ToSocketAddrs) -> Result<Role> {
        if let Some(control) = Control::of_worker(self.grace)? {
            let server = Server::from_stdin()?;
            return Ok(Role::Worker(server.shutdown_at_end_of(control, self.grace)));
        }
        let server = Server::bind(addr)?;
        let addr = server.local_addr()?;
        let (events, received) = mpsc::channel();
        // The first one includes the others.
        let listener = server.listeners.into_iter().find_map(Listener::into_tcp);
        let listener = listener.ok_or_else(|| io::Error::from(io::ErrorKind::NotConnected))?;
        let launcher = Launcher::new(listener, events.clone())?;
        let supervisor =
            Supervisor::start(launcher, self.workers, self.grace, received, self.observer)?;
        if let Some(reader) = self.until {
            let stop = events.clone();
            thread::Builder::new().name("nethttp-until".into()).spawn(move || {
                wait_for_end(reader);
                let _ = stop.send(Event::Stop);
            })?;
        }
        let running = thread::Builder::new().name("nethttp-prefork".into());
        let running = running.spawn(move || supervisor.run())?;
        let running = Arc::new(Mutex::new(Some(running)));
        Ok(Role::Parent(PreforkHandle { addr, events, running }))
    }
}

impl fmt::Debug for Prefork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prefork")
            .field("workers", &self.workers)
            .field("grace", &self.grace)
            .finish_non_exhaustive()
    }
}

/// The workers, from the process that has started them. They are looked after even if it is dropped. A clone
/// is a handle of the same workers.
///
/// # Examples
///
/// ```no_run
/// use nethttp::server::PreforkHandle;
///
/// /// Obeys commands on the standard input; to close it is to stop.
/// fn obey(handle: &PreforkHandle) -> nethttp::Result<()> {
///     for command in std::io::stdin().lines() {
///         if command? == "restart" {
///             handle.restart()?;
///         }
///     }
///     handle.shutdown().map(drop)
/// }
/// ```
#[derive(Clone)]
pub struct PreforkHandle {
    addr: SocketAddr,
    events: Sender<Event>,
    /// Until somebody has waited for it.
    running: Arc<Mutex<Option<JoinHandle<Result<usize>>>>>,
}

impl PreforkHandle {
    /// Returns the address that the listener is bound to.
    ///
    /// ```no_run
    /// # fn f(handle: nethttp::server::PreforkHandle) {
    /// println!("http://{}/", handle.addr());
    /// # }
    /// ```
    #[must_use]
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Replaces the workers, one after the other: a new one is started, and as soon as it serves, an old one
    /// is told to finish and waited for. Whoever connects meanwhile is answered.
    ///
    /// # Errors
    ///
    /// A new worker did not come to serve. The old ones that are left go on.
    ///
    /// ```no_run
    /// # fn f(handle: nethttp::server::PreforkHandle) -> nethttp::Result<()> {
    /// handle.restart()
    /// # }
    /// ```
    pub fn restart(&self) -> Result<()> {
        let (done, wait) = mpsc::channel();
        // If nobody receives it, nobody keeps the other end.
        let _ = self.events.send(Event::Restart(done));
        wait.recv().unwrap_or_else(|_| Err(failure("expected workers that have not been stopped")))
    }

    /// Stops everything: the workers finish their requests, and those that do not in time are killed. No
    /// connection is accepted any more after half a second.
    ///
    /// Returns when all have ended, how many had to be killed; of several who wait, the first is told.
    ///
    /// # Errors
    ///
    /// As [`wait`](Self::wait).
    ///
    /// ```no_run
    /// # fn f(handle: nethttp::server::PreforkHandle) -> nethttp::Result<()> {
    /// let killed = handle.shutdown()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn shutdown(&self) -> Result<usize> {
        let _ = self.events.send(Event::Stop);
        self.ended()
    }

    /// Waits until everything has been shut down.
    ///
    /// # Errors
    ///
    /// The first workers ended before they served. Of several who wait, the first is told.
    ///
    /// ```no_run
    /// # fn f(handle: nethttp::server::PreforkHandle) -> nethttp::Result<()> {
    /// handle.wait()
    /// # }
    /// ```
    pub fn wait(&self) -> Result<()> {
        self.ended().map(drop)
    }

    fn ended(&self) -> Result<usize> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        match running.take().map(JoinHandle::join) {
            None => Ok(0),
            Some(Ok(result)) => result,
            // The observer has panicked.
            Some(Err(payload)) => panic::resume_unwind(payload),
        }
    }
}

impl fmt::Debug for PreforkHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PreforkHandle").field("addr", &self.addr).finish_non_exhaustive()
    }
}

impl fmt::Display for WorkerEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Started(pid) => write!(f, "worker {pid} started"),
            Self::Ready(pid) => write!(f, "worker {pid} serves"),
            Self::Ended(pid, Some(status)) => write!(f, "worker {pid} ended, {status}"),
            Self::Ended(pid, None) => write!(f, "worker {pid} ended"),
            Self::Failed(error) => write!(f, "no worker could be started, {error}"),
        }
    }
}

fn failure(text: impl Into<String>) -> Error {
    Error::new(ErrorKind::Io).with_text(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;

    #[test]
    fn there_is_nothing_to_restart_when_all_have_ended() {
        let (events, _) = mpsc::channel();
        let addr = SocketAddr::from(([127, 0, 0, 1], 80));
        let handle = PreforkHandle { addr, events, running: Arc::default() };
        let error = handle.restart().expect_err("no workers");
        assert_eq!(error.to_string(), "expected workers that have not been stopped");
        assert_eq!(handle.shutdown().expect("nothing is left to be told"), 0);
    }

    #[test]
    fn events_are_lines_of_a_log() {
        for (event, expected) in [
            (WorkerEvent::Started(1), "worker 1 started"),
            (WorkerEvent::Ready(1), "worker 1 serves"),
            (WorkerEvent::Ended(1, None), "worker 1 ended"),
            (
                WorkerEvent::Ended(1, Some(ExitStatus::from_raw(3 << 8))),
                "worker 1 ended, exit status: 3",
            ),
            (WorkerEvent::Failed(io::Error::other("no")), "no worker could be started, no"),
        ] {
            assert_eq!(event.to_string(), expected);
        }
    }
}

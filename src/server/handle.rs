//! A running server, from outside.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::accept::{busy, enter};
use super::clock::deadline;
use super::connection::Conn;
use super::metrics::Metrics;
use super::registry::Aborted;
use super::shared::Shared;
use super::transport::{SocketHandle, Transport};
use crate::error::{Error, ErrorKind, Result};

/// A running server. Dropping the handle leaves it running.
///
/// # Examples
///
/// ```
/// use nethttp::{Request, Server};
/// use std::time::Duration;
///
/// let handle = Server::bind("127.0.0.1:0")?.spawn(|_: &mut Request| "hello")?;
/// let drained = handle.shutdown(Duration::from_secs(5));
/// assert_eq!(drained.aborted, 0);
/// # Ok::<(), nethttp::Error>(())
/// ```
pub struct ServerHandle {
    addrs: Vec<SocketAddr>,
    shared: Arc<Shared>,
}

/// What a shutdown found: every connection that was open is idle, finished or aborted.
///
/// # Examples
///
/// ```
/// # use nethttp::{Request, Server};
/// # use std::time::Duration;
/// let handle = Server::bind("127.0.0.1:0")?.spawn(|_: &mut Request| "hello")?;
/// let drained = handle.shutdown(Duration::from_secs(5));
/// assert_eq!(drained.open, 0);
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drained {
    /// Connections that were open when it began.
    pub open: usize,
    /// Those of them that waited for a request, and were closed at once.
    pub idle: usize,
    /// Those of them that were busy, and have sent their answer.
    pub finished: usize,
    /// Connections that had not sent their answer at the deadline, and were broken off; on a listener that other
    /// processes have, too, some of them may have come since.
    pub aborted: usize,
}

impl ServerHandle {
    pub(super) const fn new(addrs: Vec<SocketAddr>, shared: Arc<Shared>) -> Self {
        Self { addrs, shared }
    }

    /// Returns the address that the server is bound to; the first one, if there are more, and `0.0.0.0:0` if it listens on Unix
    /// sockets alone.
    ///
    /// ```
    /// # use nethttp::{Request, Server};
    /// let handle = Server::bind("127.0.0.1:0")?.spawn(|_: &mut Request| "hello")?;
    /// assert_eq!(nethttp::get(format!("http://{}/", handle.addr())).send()?.text()?, "hello");
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        let none = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
        self.addrs.first().copied().unwrap_or(none)
    }

    /// Returns all addresses that the server is bound to.
    ///
    /// ```
    /// # use nethttp::{Request, Server};
    /// use std::net::TcpListener;
    ///
    /// let server = Server::bind("127.0.0.1:0")?.listen(TcpListener::bind("127.0.0.1:0")?);
    /// let handle = server.spawn(|_: &mut Request| "hello")?;
    /// assert_eq!(handle.addrs().len(), 2);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn addrs(&self) -> &[SocketAddr] {
        &self.addrs
    }

    /// Returns the number of open connections.
    ///
    /// ```
    /// # use nethttp::{Request, Server};
    /// let handle = Server::bind("127.0.0.1:0")?.spawn(|_: &mut Request| "hello")?;
    /// assert_eq!(handle.connections(), 0);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.registry.len()
    }

    /// Stops the server: no connection is accepted any more, those that wait for a request are closed,
    /// and those that are answering one may finish until the time is over. A response without an end, such as a stream of
    /// events, takes all of that time, unless it asks [`is_draining`](crate::server::Connection::is_draining).
    ///
    /// Returns when the last connection is gone and the listener is closed, a second after the time at the latest, whatever a handler
    /// still does; on Linux it is closed for every process that shares it.
    ///
    /// ```
    /// # use nethttp::{Request, Server};
    /// # use std::time::Duration;
    /// let handle = Server::bind("127.0.0.1:0")?.spawn(|_: &mut Request| "hello")?;
    /// let addr = handle.addr();
    /// handle.shutdown(Duration::from_secs(5));
    /// assert!(std::net::TcpStream::connect(addr).is_err());
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[expect(clippy::must_use_candidate, reason = "what was open need not interest anybody")]
    pub fn shutdown(self, timeout: Duration) -> Drained {
        let deadline = deadline(timeout);
        let (idle, busy) = self.shared.registry.close_idle();
        self.shared.parking.close();
        self.shared.pool.close();
        self.shared.stop_accepting();
        let left = deadline.saturating_duration_since(Instant::now());
        let aborted = match self.shared.registry.wait_empty(left) {
            true => Aborted::default(),
            false => self.shared.registry.abort(),
        };
        self.shared.give_up_waiting();
        self.shared.wait_for_threads(Duration::from_secs(1));
        self.shared.end();
        Drained {
            open: idle + busy,
            idle: idle.saturating_sub(aborted.idle),
            finished: busy.saturating_sub(aborted.busy),
            aborted: aborted.idle + aborted.busy + aborted.new,
        }
    }

    /// Serves a connection that has not come through a listener, on this thread, until it ends: one over memory in a
    /// test, a serial line, a tunnel. What it has no deadlines for waits as long as it likes.
    ///
    /// # Errors
    ///
    /// There are [as many connections](super::Limits::connections) as there may be, and whoever is at the other end has been told
    /// `503`, unless it is to [wait](super::Overload::StopAccepting), which this call does in its place; or the server has been shut
    /// down.
    ///
    /// ```
    /// use nethttp::server::Transport;
    /// use nethttp::{Request, Server};
    /// use std::io::{Cursor, Read, Write};
    /// use std::sync::{Arc, Mutex};
    ///
    /// /// What the client sends, and where the answer goes.
    /// struct Memory(Cursor<&'static [u8]>, Arc<Mutex<Vec<u8>>>);
    ///
    /// impl Read for Memory {
    ///     fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
    ///         self.0.read(buf)
    ///     }
    /// }
    ///
    /// impl Write for Memory {
    ///     fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
    ///         self.1.lock().expect("no panic").write(buf)
    ///     }
    ///
    ///     fn flush(&mut self) -> std::io::Result<()> {
    ///         Ok(())
    ///     }
    /// }
    ///
    /// impl Transport for Memory {}
    ///
    /// let handle = Server::new().spawn(|_: &mut Request| "hello")?;
    /// let answer = Arc::new(Mutex::new(Vec::new()));
    /// let request = Cursor::new(&b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"[..]);
    /// handle.serve(Memory(request, Arc::clone(&answer)))?;
    /// assert!(answer.lock().expect("no panic").ends_with(b"\r\n\r\nhello"));
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn serve(&self, mut transport: impl Transport + 'static) -> Result<()> {
        let tell = |_: &_| {
            // Who does not take it learns by the end.
            let _ = transport.write_all(&busy()).and_then(|()| transport.finish());
        };
        let Some(place) = enter(&self.shared, SocketHandle::None, None, tell) else {
            let text = match self.shared.registry.is_closing() {
                true => "expected a server that has not been shut down",
                false => "expected a server with room for another connection",
            };
            return Err(Error::new(ErrorKind::Io).with_text(text));
        };
        self.shared.counters.accepted.add(1);
        self.shared.serve_here(Conn::over(&self.shared, place, Box::new(transport)));
        Ok(())
    }

    /// Has connections end after their next answer, which says so, while new ones are still accepted: the time in which
    /// a load balancer learns that this server is about to go. [`shutdown`](Self::shutdown) follows.
    ///
    /// ```
    /// # use nethttp::{Request, Server};
    /// # use std::time::Duration;
    /// let handle = Server::bind("127.0.0.1:0")?.spawn(|_: &mut Request| "hello")?;
    /// handle.drain();
    /// let response = nethttp::get(format!("http://{}/", handle.addr())).send()?;
    /// assert_eq!(response.header("Connection"), Some("close"));
    /// handle.shutdown(Duration::from_secs(5));
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn drain(&self) {
        self.shared.registry.drain();
    }

    /// Returns what the server has done so far.
    ///
    /// ```
    /// # use nethttp::{Request, Server};
    /// let handle = Server::bind("127.0.0.1:0")?.spawn(|_: &mut Request| "hello")?;
    /// assert_eq!(handle.metrics().requests, 0);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        self.shared.metrics()
    }

    /// Waits until the server ends: because its listener has failed for good, or [what was
    /// named](super::Server::shutdown_at_end_of) has.
    ///
    /// ```no_run
    /// # use nethttp::{Request, Server};
    /// Server::bind("127.0.0.1:8080")?.spawn(|_: &mut Request| "hello")?.wait();
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn wait(self) {
        let _ = self.ended();
    }

    /// Waits like [`wait`](Self::wait), and returns what ended the server.
    pub(super) fn ended(self) -> Result<()> {
        self.shared.wait_for_end();
        Ok(self.shared.take_failure().map_or(Ok(()), Err)?)
    }
}

impl fmt::Debug for ServerHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerHandle").field("addrs", &self.addrs).finish_non_exhaustive()
    }
}

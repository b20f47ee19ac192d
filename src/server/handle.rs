//! A running server, from outside.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::clock::deadline;
use super::workers::Shared;
use crate::error::Result;

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
    addr: SocketAddr,
    shared: Arc<Shared>,
}

/// What a shutdown found.
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
    /// Connections that were still busy at the deadline, and were broken off.
    pub aborted: usize,
}

impl ServerHandle {
    pub(super) const fn new(addr: SocketAddr, shared: Arc<Shared>) -> Self {
        Self { addr, shared }
    }

    /// Returns the address that the server is bound to.
    ///
    /// ```
    /// # use nethttp::{Request, Server};
    /// let handle = Server::bind("127.0.0.1:0")?.spawn(|_: &mut Request| "hello")?;
    /// assert_eq!(nethttp::get(format!("http://{}/", handle.addr())).send()?.text()?, "hello");
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn addr(&self) -> SocketAddr {
        self.addr
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
    /// and those that are answering one may finish until the time is over.
    ///
    /// Returns when the last connection is gone and the listener is closed; on Linux it is closed for
    /// every process that shares it.
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
        let open = self.shared.registry.len();
        let deadline = deadline(timeout);
        self.shared.registry.close_idle();
        self.shared.stop_accepting();
        let left = deadline.saturating_duration_since(Instant::now());
        let aborted = match self.shared.registry.wait_empty(left) {
            true => 0,
            false => self.shared.registry.abort(),
        };
        self.shared.wait_for_workers(Duration::from_secs(1));
        Drained { open, aborted }
    }

    /// Waits until the server ends, which it does only when its listener fails for good.
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
        while !self.shared.wait_for_workers(Duration::from_secs(3600)) {}
        Ok(self.shared.take_failure().map_or(Ok(()), Err)?)
    }
}

impl fmt::Debug for ServerHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerHandle").field("addr", &self.addr).finish_non_exhaustive()
    }
}

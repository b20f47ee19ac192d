//! A request's connection, for handlers that want to know of it.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};

use super::config::Timeouts;
use super::metrics::Metrics;
use super::registry::Registry;
use super::wire::Wire;
use crate::error::Result;
use crate::header::HeaderMap;
use crate::message::Request;
use crate::status::StatusCode;

/// The connection over which a request has come: for a handler that needs more time than others, or has
/// something to say before it can answer.
///
/// # Examples
///
/// ```
/// use nethttp::server::{Connection, Timeouts};
/// use nethttp::{Request, Server};
/// use std::time::Duration;
///
/// let upload = |request: &mut Request| -> nethttp::Result<String> {
///     if let Some(connection) = Connection::of(request) {
///         connection.set_timeouts(Timeouts::DEFAULT.read(Duration::from_secs(300)).min_rate(0))?;
///     }
///     let bytes = request.body_mut().read_all()?;
///     Ok(format!("{} bytes", bytes.len()))
/// };
/// let server = Server::bind("127.0.0.1:0")?.spawn(upload)?;
/// # server.shutdown(Duration::from_secs(1));
/// # Ok::<(), nethttp::Error>(())
/// ```
pub struct Connection {
    wire: Arc<Mutex<Wire>>,
    registry: Arc<Registry>,
    exchange: u64,
}

impl Connection {
    /// Returns the connection of a request, if a server has received it. While another thread reads the request's body there is
    /// none to be had, and what is asked of one that was had before fails: ask before the body is handed over, or when it is read.
    ///
    /// ```
    /// use nethttp::Request;
    /// use nethttp::server::Connection;
    ///
    /// assert!(Connection::of(&Request::default()).is_none());
    /// ```
    #[must_use]
    pub fn of(request: &Request) -> Option<Self> {
        let wire = Arc::clone(request.connection()?).downcast::<Mutex<Wire>>().ok()?;
        let locked = lock(&wire).ok()?;
        let (registry, exchange) = (Arc::clone(&locked.registry), locked.exchange);
        drop(locked);
        Some(Self { wire, registry, exchange })
    }

    /// Sets other deadlines for what is left of this exchange: [`read`](Timeouts::read), [`write`](Timeouts::write),
    /// [`min_rate`](Timeouts::min_rate) and [`grace`](Timeouts::grace). The next request has those of the server again.
    ///
    /// # Errors
    ///
    /// The exchange is over, its response is being sent, or the connection has failed.
    ///
    /// ```
    /// # use nethttp::Request;
    /// # use nethttp::server::{Connection, Timeouts};
    /// # use std::time::Duration;
    /// fn report(request: &mut Request) -> nethttp::Result<&'static str> {
    ///     if let Some(connection) = Connection::of(request) {
    ///         connection.set_timeouts(Timeouts::DEFAULT.write(Duration::from_secs(600)))?;
    ///     }
    ///     Ok("a long report")
    /// }
    /// ```
    pub fn set_timeouts(&self, timeouts: Timeouts) -> Result<()> {
        Ok(self.wire()?.change_timeouts(timeouts)?)
    }

    /// Sends an interim response at once: `103 Early Hints` with the links that the page will need, say. To a client of
    /// HTTP/1.0, which knows none, nothing is sent.
    ///
    /// # Errors
    ///
    /// A status that is not 1xx, or is 101; fields that cannot be sent; the exchange is over, its response is being
    /// sent, or the connection has failed.
    ///
    /// ```
    /// # use nethttp::{HeaderMap, Request, StatusCode};
    /// # use nethttp::server::Connection;
    /// fn page(request: &mut Request) -> nethttp::Result<&'static str> {
    ///     if let Some(connection) = Connection::of(request) {
    ///         let mut hints = HeaderMap::new();
    ///         hints.append("Link", "</style.css>; rel=preload; as=style")?;
    ///         connection.send_interim(StatusCode::EARLY_HINTS, &hints)?;
    ///     }
    ///     Ok("the page, which took a while")
    /// }
    /// ```
    pub fn send_interim(&self, status: StatusCode, headers: &HeaderMap) -> Result<()> {
        self.wire()?.send_interim(status, headers)
    }

    /// Returns whether the client has closed the connection, or given it up, while its request is being answered: then
    /// a long computation may as well end. A client that has closed only its sending side looks the same.
    /// A connection without a socket is never known to be closed, nor is one while another thread reads the body.
    ///
    /// ```
    /// # use nethttp::Request;
    /// # use nethttp::server::Connection;
    /// fn search(request: &mut Request) -> Vec<u8> {
    ///     let connection = Connection::of(request);
    ///     let is_gone = || connection.as_ref().is_some_and(Connection::is_closed);
    ///     (0..=255).take_while(|_| !is_gone()).collect()
    /// }
    /// ```
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.wire().is_ok_and(|mut wire| wire.is_closed())
    }

    /// Returns whether the server is about to go: see [`ServerHandle::drain`](super::ServerHandle::drain). A body that writes
    /// itself for as long as its client listens had better end then.
    ///
    /// ```
    /// # use nethttp::{Body, Request};
    /// # use nethttp::server::Connection;
    /// fn ticks(request: &mut Request) -> Body {
    ///     let connection = Connection::of(request);
    ///     let ends = move || connection.as_ref().is_some_and(Connection::is_draining);
    ///     Body::writer(move |out| {
    ///         while !ends() {
    ///             out.write_all(b"tick\n")?;
    ///             out.flush()?;
    ///             std::thread::sleep(std::time::Duration::from_secs(1));
    ///         }
    ///         Ok(())
    ///     })
    /// }
    /// ```
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.registry.is_draining()
    }

    /// Returns what the server has done so far, this request included.
    ///
    /// # Errors
    ///
    /// The exchange is over, or its response is being sent.
    ///
    /// ```
    /// # use nethttp::Request;
    /// # use nethttp::server::Connection;
    /// fn metrics(request: &mut Request) -> nethttp::Result<Option<String>> {
    ///     let Some(connection) = Connection::of(request) else { return Ok(None) };
    ///     let metrics = connection.metrics()?;
    ///     Ok(Some(format!("requests_total {}\nconnections {}\n", metrics.requests, metrics.connections)))
    /// }
    /// ```
    pub fn metrics(&self) -> Result<Metrics> {
        let wire = self.wire()?;
        Ok(wire.counters.snapshot(&self.registry))
    }

    fn wire(&self) -> io::Result<MutexGuard<'_, Wire>> {
        let wire = lock(&self.wire)?;
        if wire.exchange == self.exchange { Ok(wire) } else { Err(too_late()) }
    }
}

/// The server holds the lock when the handler has returned, and perhaps on this very thread.
fn lock(wire: &Mutex<Wire>) -> io::Result<MutexGuard<'_, Wire>> {
    match wire.try_lock() {
        Ok(wire) => Ok(wire),
        Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => Err(too_late()),
    }
}

fn too_late() -> io::Error {
    let text = "expected an exchange that is not over";
    io::Error::new(io::ErrorKind::NotConnected, text)
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").finish_non_exhaustive()
    }
}

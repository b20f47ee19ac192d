//! Where connections are served, if not by the server's own threads.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use super::connection::Conn;
use super::shared::Shared;

/// Decides where an accepted connection is served: on the thread that accepted it, on one of its own, in a pool
/// that is there already.
///
/// A server that is not told otherwise has threads of its own: they accept connections themselves, grow in number with
/// what there is to do, and [park](super::Threads) connections that wait. An executor in its place is given every
/// connection by one thread that accepts, and serves it to its end. Every function of an [`Accepted`] is
/// one.
///
/// # Examples
///
/// ```
/// use nethttp::Server;
/// use nethttp::server::Accepted;
/// use std::thread;
///
/// // A thread for each connection, named after who is at the other end.
/// let server = Server::bind("127.0.0.1:0")?.executor(|connection: Accepted| {
///     let name = format!("{:?}", connection.peer());
///     // A thread that cannot be had drops the connection, which closes it.
///     let _ = thread::Builder::new().name(name).spawn(move || connection.serve());
/// });
/// # let _ = server;
/// # Ok::<(), nethttp::Error>(())
/// ```
pub trait Executor: Send + Sync {
    /// Serves a connection, or has it served. No other connection is accepted before this returns.
    fn execute(&self, connection: Accepted);
}

impl<F: Fn(Accepted) + Send + Sync> Executor for F {
    fn execute(&self, connection: Accepted) {
        self(connection);
    }
}

/// A connection that was accepted and waits to be served. Dropping it closes it.
///
/// # Examples
///
/// One connection after the other, on a single thread:
///
/// ```
/// use nethttp::Server;
/// use nethttp::server::Accepted;
///
/// let server = Server::bind("127.0.0.1:0")?.executor(Accepted::serve);
/// # let _ = server;
/// # Ok::<(), nethttp::Error>(())
/// ```
pub struct Accepted {
    conn: Conn,
    shared: Arc<Shared>,
}

impl Accepted {
    pub(super) const fn new(conn: Conn, shared: Arc<Shared>) -> Self {
        Self { conn, shared }
    }

    /// Returns the other side's address, if it came over TCP.
    ///
    /// ```
    /// # use nethttp::Server;
    /// # use nethttp::server::Accepted;
    /// let server = Server::bind("127.0.0.1:0")?.executor(|connection: Accepted| {
    ///     println!("from {:?}", connection.peer());
    ///     connection.serve();
    /// });
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn peer(&self) -> Option<SocketAddr> {
        self.conn.peer()
    }

    /// Serves the connection on this thread, and returns when it has ended.
    ///
    /// ```
    /// # use nethttp::Server;
    /// # use nethttp::server::Accepted;
    /// let server = Server::bind("127.0.0.1:0")?.executor(|connection: Accepted| connection.serve());
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn serve(self) {
        self.shared.serve_here(self.conn);
    }
}

impl fmt::Debug for Accepted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Accepted").field("peer", &self.peer()).finish_non_exhaustive()
    }
}

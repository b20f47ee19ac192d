//! A blocking server: threads, deadlines and limits around the [state of a connection](crate::h1).
//!
//! A handler is a function from a request to anything that [becomes a
//! response](crate::message::IntoResponse):
//!
//! ```
//! use nethttp::{Request, Server};
//! use std::time::Duration;
//!
//! let server = Server::bind("127.0.0.1:0")?;
//! let url = format!("http://{}/", server.local_addr()?);
//! let handle = server.spawn(|request: &mut Request| format!("you want {}", request.path()))?;
//!
//! assert_eq!(nethttp::get(&url).send()?.text()?, "you want /");
//! handle.shutdown(Duration::from_secs(1));
//! # Ok::<(), nethttp::Error>(())
//! ```
//!
//! # What it sees to
//!
//! - No handler sees a request whose head is malformed, or that leaves doubt about where it ends.
//! - Every connection has a thread of its own while it lasts, up to
//!   [`Limits::connections`]; who comes then is told `503` and closed.
//! - Every wait has a deadline: see [`Timeouts`].
//! - `100 Continue` is sent when the handler first reads the body, if the client waits for it.
//! - What the handler leaves of the body is read and thrown away up to [`Limits::drain`]; beyond that
//!   the connection is closed.
//! - Whoever is refused can read why: the connection is half-closed, and what still comes is thrown
//!   away for a moment, before it is closed
//!   ([RFC 9112 §9.6](https://www.rfc-editor.org/rfc/rfc9112#section-9.6)).
//! - A handler that panics gives `500`, and the server goes on. (Not with `panic = "abort"`.)
//! - Answers to pipelined requests go out in one write.
//! - HEAD is answered like GET, without the body. `OPTIONS *` is answered by the server. CONNECT and
//!   TRACE are answered `501` unless they are [allowed](Server::allow_method).
//! - Content is compressed if the server is [told to](Server::compress): see [`Compression`].
//! - Names and passwords are asked for by a [`Guard`].
//!
//! Not here: TLS, routing, files.

mod body;
mod clock;
mod compress;
mod config;
mod connection;
mod guard;
mod handle;
mod handler;
mod listener;
mod registry;
mod respond;
mod wire;
mod workers;

use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::method::Method;

pub use compress::Compression;
pub use config::{Limits, Timeouts};
pub use guard::{Guard, User, Users};
pub use handle::{Drained, ServerHandle};
pub use handler::{Handler, Middleware, Wrapped};

/// A server that is bound to an address and not yet running.
///
/// # Examples
///
/// ```no_run
/// use nethttp::server::{Limits, Timeouts};
/// use nethttp::{Request, Server};
/// use std::time::Duration;
///
/// Server::bind("[::]:8080")?
///     .limits(Limits::DEFAULT.body(16 << 20).connections(4000))
///     .timeouts(Timeouts::DEFAULT.idle(Duration::from_secs(15)))
///     .run(|_: &mut Request| "hello")?;
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    config: config::Config,
}

impl Server {
    /// Binds to an address; port 0 lets the system choose one.
    ///
    /// # Errors
    ///
    /// What the system says: an address that is in use or not here, a port that is not permitted.
    ///
    /// ```
    /// let server = nethttp::Server::bind("127.0.0.1:0")?;
    /// assert_ne!(server.local_addr()?.port(), 0);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn bind(addr: impl ToSocketAddrs) -> Result<Self> {
        let listener = TcpListener::bind(addr).map_err(|error| {
            Error::new(ErrorKind::Io)
                .with_text("expected an address to listen on")
                .with_source(error)
        })?;
        Ok(Self::from_listener(listener))
    }

    /// Creates a server on a listener that is there already: one that was inherited, say, or has
    /// options that this crate knows nothing of.
    ///
    /// ```
    /// let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    /// let server = nethttp::Server::from_listener(listener);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn from_listener(listener: TcpListener) -> Self {
        Self { listener, config: config::Config::default() }
    }

    /// Returns the address that the server is bound to.
    ///
    /// # Errors
    ///
    /// What the system says.
    ///
    /// ```
    /// let server = nethttp::Server::bind("127.0.0.1:0")?;
    /// println!("http://{}/", server.local_addr()?);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn local_addr(&self) -> Result<SocketAddr> {
        Ok(self.listener.local_addr()?)
    }

    /// Sets how much clients may ask for.
    ///
    /// ```
    /// use nethttp::Server;
    /// use nethttp::server::Limits;
    ///
    /// let server = Server::bind("127.0.0.1:0")?.limits(Limits::DEFAULT.body(1 << 30));
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.config.limits = limits;
        self
    }

    /// Sets how long the server waits.
    ///
    /// ```
    /// use nethttp::Server;
    /// use nethttp::server::Timeouts;
    /// use std::time::Duration;
    ///
    /// let quick = Timeouts::DEFAULT.head(Duration::from_secs(2));
    /// let server = Server::bind("127.0.0.1:0")?.timeouts(quick);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.config.timeouts = timeouts;
        self
    }

    /// Compresses what the handler answers, for clients that want it. Without this call nothing is compressed;
    /// [`Compression`] says why, and what is compressed and what not.
    ///
    /// ```
    /// use nethttp::Server;
    /// use nethttp::server::Compression;
    ///
    /// let server = Server::bind("127.0.0.1:0")?.compress(Compression::DEFAULT);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn compress(mut self, compression: Compression) -> Self {
        self.config.compression = Some(compression);
        self
    }

    /// Lets the handler see CONNECT or TRACE, which the server otherwise answers with `501`.
    ///
    /// Both are dangerous in the hands of a handler that does not expect them: CONNECT asks for a
    /// tunnel, and TRACE for the request's own fields, secrets included
    /// ([RFC 9110 §9.3.6](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6) and
    /// [§9.3.8](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.8)).
    ///
    /// ```
    /// use nethttp::{Method, Server};
    ///
    /// let proxy = Server::bind("127.0.0.1:0")?.allow_method(Method::CONNECT);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn allow_method(mut self, method: Method) -> Self {
        self.config.allow_connect |= method == Method::CONNECT;
        self.config.allow_trace |= method == Method::TRACE;
        self
    }

    /// Serves until the process ends.
    ///
    /// # Errors
    ///
    /// What the system says when the threads cannot be started, or when the listener fails for good:
    /// another process that shares it has shut it down, say.
    ///
    /// ```no_run
    /// nethttp::Server::bind("127.0.0.1:8080")?.run(|_: &mut nethttp::Request| "hello")?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn run(self, handler: impl Handler + 'static) -> Result<()> {
        self.spawn(handler)?.ended()
    }

    /// Serves on threads of its own, and returns the handle that stops it.
    ///
    /// # Errors
    ///
    /// What the system says when the first thread cannot be started or the listener's options cannot
    /// be set.
    ///
    /// ```
    /// use nethttp::{Request, Server};
    /// use std::time::Duration;
    ///
    /// let handle = Server::bind("127.0.0.1:0")?.spawn(|_: &mut Request| "hello")?;
    /// println!("http://{}/", handle.addr());
    /// handle.shutdown(Duration::from_secs(5));
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn spawn(self, handler: impl Handler + 'static) -> Result<ServerHandle> {
        let addr = self.local_addr()?;
        let shared = workers::Shared::new(self.listener, self.config, Arc::new(handler))?;
        workers::start(&shared)?;
        Ok(ServerHandle::new(addr, shared))
    }
}

/// Serves on an address until the process ends: [`Server::bind`] and [`Server::run`].
///
/// # Errors
///
/// As for both.
///
/// # Examples
///
/// ```no_run
/// nethttp::serve("127.0.0.1:8080", |_: &mut nethttp::Request| "hello")?;
/// # Ok::<(), nethttp::Error>(())
/// ```
pub fn serve(addr: impl ToSocketAddrs, handler: impl Handler + 'static) -> Result<()> {
    Server::bind(addr)?.run(handler)
}

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
//! - A connection has a thread while something happens on it, and while it waits as long as there are [threads enough](Threads);
//!   beyond [`Limits::connections`] newcomers are told `503` and closed.
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
//!
//! What else there is to do for every request is done by a [`Middleware`] around the handler. Some are here:
//!
//! | middleware | what it does |
//! |---|---|
//! | [`AccessLog`] | writes a line about every request |
//! | [`TrustedProxies`](crate::field::forwarded::TrustedProxies) | finds out, behind proxies, who made a request |
//! | [`RequestIds`] | gives every request a name |
//! | [`Compression`] | compresses content for clients that want it |
//! | [`SecurityHeaders`] | tells browsers to be strict |
//! | [`Cors`] | lets pages of other origins read responses |
//! | [`ErrorPages`] | gives errors a page |
//! | [`CrossOriginProtection`] | keeps pages of other origins from sending what changes something |
//! | [`Guard`] | asks for names and passwords |
//! | [`BodyLimit`] | sets how much content a request may have |
//! | [`Timeout`] | sets how long a handler may take |
//!
//! Where several are wanted, this is their order from the outside in: the last line is put around first. What they are put around is a
//! handler of one's own, or one of these:
//!
//! | handler | what it does |
//! |---|---|
//! | [`Router`] | finds the handler for a request by method, host and path, in the patterns of Go |
//! | [`FileServer`] | serves the files below a directory |
//! | [`Health`] | tells a load balancer whether there is room for more |
//!
//! # What it does unless told otherwise
//!
//! Every wait has an end and every size a limit: the tables of [`Timeouts`] and [`Limits`] have them, that of
//! [`h1::Limits`](crate::h1::Limits) those of heads and framing, and that of [`Threads`] what it takes to serve.
//!
//! # Behind a balancer
//!
//! - **Who waits longer.** A balancer keeps connections to use them again. If the server closes one first, a request
//!   may be on its way to it, and fails: [`Timeouts::idle`] has to be longer than the balancer keeps a connection, with
//!   a few seconds to spare. Many keep it for 60 seconds, so the server waits for 75.
//! - **Who asks.** The peer is the balancer. [`TrustedProxies`](crate::field::forwarded::TrustedProxies), put around the
//!   handler, says on whose behalf it asks.
//! - **Who can take more.** [`Health`] answers what balancers ask. A server that is full says `503` at once, so that
//!   another replica may be tried; [`Overload::StopAccepting`] lets the balancer wait instead.
//! - **Who goes.** To stop a replica without a failed request: [`drain`](ServerHandle::drain), a pause in which the balancer
//!   asks and learns of it, [`shutdown`](ServerHandle::shutdown). What was not answered by its deadline is
//!   [counted](Drained::aborted).
//!
//! ```
//! use nethttp::field::forwarded::{Caller, TrustedProxies};
//! use nethttp::server::{Handler, Health, Timeouts};
//! use nethttp::{Request, Router, Server};
//! use std::time::Duration;
//!
//! let app = |request: &mut Request| {
//!     request.extensions().get::<Caller>().map(|caller| format!("hello, {}", caller.node()))
//! };
//! let app = Router::builder().get("/", app).get("/healthz", Health).build()?;
//! let server = Server::bind("127.0.0.1:0")?.timeouts(Timeouts::DEFAULT.idle(Duration::from_secs(130)));
//! let handle = server.spawn(app.wrap(TrustedProxies::networks(["127.0.0.1"])?))?;
//!
//! let url = format!("http://{}/", handle.addr());
//! let asked = nethttp::get(&url).header("Forwarded", "for=203.0.113.9").send()?;
//! assert_eq!(asked.text()?, "hello, 203.0.113.9");
//!
//! handle.drain();
//! // As long as the balancer needs: twice the time between two of its questions, say.
//! std::thread::sleep(Duration::from_millis(10));
//! let drained = handle.shutdown(Duration::from_secs(5));
//! assert_eq!(drained.aborted, 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Not here: TLS, which goes where [`Transport`] is; handlers learn of it by [`Request::is_secure`](crate::Request::is_secure).

mod accept;
mod body;
mod clock;
mod config;
mod connection;
mod control;
mod escape;
mod executor;
pub(crate) mod files;
mod handle;
mod handler;
mod health;
#[cfg(unix)]
mod inherit;
mod listener;
mod metrics;
mod middleware;
mod parking;
mod patience;
mod pool;
#[cfg(unix)]
mod prefork;
mod proxies;
mod refusal;
mod registry;
mod respond;
mod router;
mod scratch;
mod shared;
mod splice;
mod traffic;
mod transport;
mod until;
mod wire;

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use crate::error::{Error, ErrorKind, Result};
use crate::method::Method;

pub use config::{Limits, Overload, Threads, Timeouts};
pub use control::Connection;
pub use executor::{Accepted, Executor};
pub use files::{FileServer, Links, Uploads};
pub use handle::{Drained, ServerHandle};
pub use handler::{Handler, Middleware, Wrapped};
pub use health::Health;
pub use listener::Listener;
pub use metrics::Metrics;
pub use middleware::{
    AccessLog, AccessRecord, BodyLimit, Compression, Cors, CrossOriginProtection, Deadline,
    ErrorPages, Guard, RequestId, RequestIds, SecurityHeaders, Timeout, User, Users,
};
pub use refusal::Refusal;
pub use router::{
    Pattern, PatternError, PatternErrorKind, RouteError, RouteErrorKind, Router, RouterBuilder,
};
pub use transport::{Socket, Transport};

#[cfg(unix)]
pub use prefork::{Prefork, PreforkHandle, Role, WorkerEvent};
use shared::Shared;

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
#[derive(Debug, Default)]
pub struct Server {
    listeners: Vec<Listener>,
    config: config::Config,
    hooks: shared::Hooks,
    until: Vec<until::Until>,
}

impl Server {
    /// Creates a server that listens nowhere yet: for [`listen`](Self::listen), or for connections that come some other way
    /// ([`ServerHandle::serve`]).
    ///
    /// ```
    /// use nethttp::Server;
    /// use std::net::TcpListener;
    ///
    /// let server = Server::new().listen(TcpListener::bind("127.0.0.1:0")?);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn new() -> Self {
        let (config, hooks) = (config::Config::default(), shared::Hooks::default());
        Self { listeners: Vec::new(), config, hooks, until: Vec::new() }
    }

    /// Binds to an address; port 0 lets the system choose one. `[::]` is every address of the machine, those of IPv4
    /// included, whose clients have addresses of IPv4 as far as the server says.
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
        let listeners = Listener::bind(addr).map_err(|error| {
            Error::new(ErrorKind::Io)
                .with_text("expected an address to listen on")
                .with_source(error)
        })?;
        Ok(Self { listeners, ..Self::new() })
    }

    /// Creates a server on a listener that is there already: one that was inherited, say, one of Unix sockets, or one
    /// that has options which this crate knows nothing of.
    ///
    /// ```
    /// let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    /// let server = nethttp::Server::from_listener(listener);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn from_listener(listener: impl Into<Listener>) -> Self {
        Self::new().listen(listener)
    }

    /// Adds a listener: another port, or a Unix socket beside it.
    ///
    /// ```
    /// use std::net::TcpListener;
    ///
    /// let server = nethttp::Server::bind("127.0.0.1:0")?.listen(TcpListener::bind("127.0.0.1:0")?);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn listen(mut self, listener: impl Into<Listener>) -> Self {
        self.listeners.push(listener.into());
        self
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
        let local = self.listeners.first().map(Listener::local_addr);
        Ok(local.unwrap_or_else(|| Err(io::ErrorKind::NotConnected.into()))?)
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

    /// Sets how many threads there may be, and what they take.
    ///
    /// ```
    /// use nethttp::Server;
    /// use nethttp::server::Threads;
    ///
    /// let server = Server::bind("127.0.0.1:0")?.threads(Threads::DEFAULT.max(64));
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn threads(mut self, threads: Threads) -> Self {
        self.config.threads = threads;
        self
    }

    /// Sets what becomes of newcomers when there are too many connections.
    ///
    /// ```
    /// use nethttp::Server;
    /// use nethttp::server::Overload;
    ///
    /// let server = Server::bind("127.0.0.1:0")?.overload(Overload::StopAccepting);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn overload(mut self, overload: Overload) -> Self {
        self.config.overload = overload;
        self
    }

    /// Has connections served elsewhere than on the server's own threads: see [`Executor`].
    ///
    /// ```
    /// use nethttp::Server;
    /// use nethttp::server::Accepted;
    ///
    /// // One after the other.
    /// let server = Server::bind("127.0.0.1:0")?.executor(Accepted::serve);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn executor(mut self, executor: impl Executor + 'static) -> Self {
        self.hooks.executor = Some(Box::new(executor));
        self
    }

    /// Puts something between every connection's socket and the server: TLS, say. See [`Transport`].
    ///
    /// The function is called by a thread that accepts, so it must not wait for the client; what has to be said before the first
    /// byte is said when that is read.
    ///
    /// ```
    /// use nethttp::Server;
    ///
    /// // Nothing but the socket.
    /// let server = Server::bind("127.0.0.1:0")?.transport(|socket| Ok(socket));
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn transport<T: Transport + 'static>(
        mut self,
        make: impl Fn(Socket) -> io::Result<T> + Send + Sync + 'static,
    ) -> Self {
        self.hooks.transport = Some(Box::new(move |socket| {
            let over: Box<dyn Transport> = Box::new(make(socket)?);
            Ok(over)
        }));
        self
    }

    /// Lets only some addresses in; connections from others are closed without a word. Called for every
    /// connection over TCP, before anything is read from it.
    ///
    /// ```
    /// use nethttp::Server;
    ///
    /// let server = Server::bind("[::]:0")?.filter(|peer| peer.ip().is_loopback());
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn filter(mut self, lets_in: impl Fn(SocketAddr) -> bool + Send + Sync + 'static) -> Self {
        self.hooks.filter = Some(Box::new(lets_in));
        self
    }

    /// Has a function told of what no handler sees, because it was [refused](Refusal), when it has been answered. For an [`AccessLog`], that is [`refusals`](AccessLog::refusals).
    ///
    /// ```
    /// use nethttp::Server;
    ///
    /// let server = Server::bind("127.0.0.1:0")?.on_refused(|refusal| eprintln!("{refusal:?}"));
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn on_refused(mut self, report: impl Fn(&Refusal) + Send + Sync + 'static) -> Self {
        self.hooks.refused = Some(Box::new(report));
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

    /// Serves until the process ends, or [what was named](Self::shutdown_at_end_of).
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
        let addrs = self.listeners.iter().filter_map(|listener| listener.local_addr().ok());
        let addrs: Vec<SocketAddr> = addrs.collect();
        let Self { listeners, config, hooks, until } = self;
        let shared = Shared::new(listeners, config, hooks, Arc::new(handler))?;
        let handle = ServerHandle::new(addrs.clone(), Arc::clone(&shared));
        let started = match shared.hooks.executor {
            None => pool::start(&shared),
            Some(_) => accept::start_for_executor(&shared),
        };
        let watch = |until: until::Until| until.watch(addrs.clone(), &shared);
        if let Err(error) = started.and_then(|()| until.into_iter().try_for_each(watch)) {
            // Some of the threads may run.
            handle.shutdown(Duration::ZERO);
            return Err(error.into());
        }
        Ok(handle)
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

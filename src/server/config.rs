//! How much clients may ask for, and how long the server waits.

use std::time::Duration;

use crate::h1;
use crate::setters::setters;

/// How much clients may ask for.
///
/// | limit | default | exceeding it |
/// |---|---|---|
/// | [`h1`](Self::h1): heads and framing | [`h1::Limits::DEFAULT`] | 400, 414, 431, 501 |
/// | [`body`](Self::body): bytes of a request's body that a handler may read, unless it says otherwise ([`Body::set_limit`](crate::Body::set_limit)) | 2 MiB | an error for the handler, 413 for the client |
/// | [`drain`](Self::drain): bytes of an unread body that are thrown away to keep the connection | 256 KiB | the connection is closed |
/// | [`connections`](Self::connections): connections at once | 10,000 | [503, or not accepted](Overload) |
/// | [`requests`](Self::requests): requests on one connection | unlimited | the connection is closed |
/// | newcomers whom no thread has accepted yet, on each listener | 128, as the standard library has it | the client tries again after a second |
///
/// The last of these is no setting. Where more than that come within a moment, a listener that was made elsewhere has as many places as
/// it was made with, as with `Backlog=` in a socket of systemd ([`Server::from_stdin`](super::Server::from_stdin)), and each of
/// [several listeners](super::Server::listen) has its own.
///
/// # Examples
///
/// ```
/// use nethttp::server::Limits;
///
/// const UPLOADS: Limits = Limits::DEFAULT.body(1 << 30).connections(100);
/// assert_eq!(UPLOADS.body, 1 << 30);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// What a head and the framing of a body may take.
    pub h1: h1::Limits,
    /// Bytes of a request's body that a handler may read.
    pub body: u64,
    /// Bytes of an unread body that are thrown away to keep the connection.
    pub drain: u64,
    /// Connections at once; [`Threads::max`] of them can be answered at once.
    pub connections: usize,
    /// Requests on one connection.
    pub requests: u64,
}

/// How long the server waits.
///
/// | wait | default | when it ends |
/// |---|---|---|
/// | [`head`](Self::head): for a whole head, from the connection or from its first byte | 10 s | 408, or the connection is closed if nothing came |
/// | [`idle`](Self::idle): for the next request | 75 s | the connection is closed |
/// | [`read`](Self::read): for the next piece of a body | 30 s | an error for the handler, 408 for the client |
/// | [`write`](Self::write): for the client to take the next piece of a response | 30 s | the connection is closed |
/// | [`min_rate`](Self::min_rate): bytes per second, below which a body or a response is too slow | 256 | as for `read` and `write` |
/// | [`grace`](Self::grace): how long a client may be slower than that at the beginning of a body or a response | 10 s | |
/// | [`drain`](Self::drain): for what is thrown away before a connection is closed or used again | 1 s | the connection is closed |
///
/// What is slow is the client: only time that the server spends waiting for it counts. It has the grace, every
/// byte earns it the time that the byte may take at the lowest rate, and what it has left is never more than `read`
/// or `write`. So it may pause, but one byte now and then keeps nothing open. Connections that are idle between
/// requests, and heads, have deadlines of their own.
///
/// A handler can [change](super::Connection) what holds for its own request.
///
/// # Examples
///
/// ```
/// use nethttp::server::Timeouts;
/// use std::time::Duration;
///
/// const PATIENT: Timeouts = Timeouts::DEFAULT.read(Duration::from_secs(300));
/// assert_eq!(PATIENT.head, Duration::from_secs(10));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// For a whole head.
    pub head: Duration,
    /// For the next request.
    pub idle: Duration,
    /// For the next piece of a body.
    pub read: Duration,
    /// For the client to take the next piece of a response.
    pub write: Duration,
    /// For what is thrown away.
    pub drain: Duration,
    /// Bytes per second, below which a body or a response is too slow; zero is no such limit.
    pub min_rate: u64,
    /// How long a client may be slower than that.
    pub grace: Duration,
}

impl Limits {
    /// The defaults of the table above.
    pub const DEFAULT: Self = Self {
        h1: h1::Limits::DEFAULT,
        body: 2 << 20,
        drain: 256 << 10,
        connections: 10_000,
        requests: u64::MAX,
    };

    setters! { "nethttp::server::Limits":
        /// Sets what a head and the framing of a body may take.
        h1: h1::Limits = "nethttp::h1::Limits::DEFAULT.head(8 << 10)";
        /// Sets the bytes of a request's body that a handler may read.
        body: u64 = "1 << 30";
        /// Sets the bytes of an unread body that are thrown away to keep the connection.
        drain: u64 = "0";
        /// Sets the connections at once.
        connections: usize = "1000";
        /// Sets the requests on one connection; `u64::MAX` is unlimited.
        requests: u64 = "1000";
    }
}

impl Timeouts {
    /// The defaults of the table above.
    pub const DEFAULT: Self = Self {
        head: Duration::from_secs(10),
        // Balancers commonly keep a connection for 60 s, and had better be the first to close it.
        idle: Duration::from_secs(75),
        read: Duration::from_secs(30),
        write: Duration::from_secs(30),
        drain: Duration::from_secs(1),
        min_rate: 256,
        grace: Duration::from_secs(10),
    };

    setters! { "nethttp::server::Timeouts":
        /// Sets the wait for a whole head.
        head: Duration = "std::time::Duration::from_secs(5)";
        /// Sets the wait for the next request.
        idle: Duration = "std::time::Duration::from_secs(15)";
        /// Sets the wait for the next piece of a body.
        read: Duration = "std::time::Duration::from_secs(5)";
        /// Sets the wait for the client to take the next piece of a response.
        write: Duration = "std::time::Duration::from_secs(5)";
        /// Sets the wait for what is thrown away.
        drain: Duration = "std::time::Duration::from_millis(500)";
        /// Sets the bytes per second below which a body or a response is too slow; zero is no such limit.
        min_rate: u64 = "1024";
        /// Sets how long a client may be slower than that.
        grace: Duration = "std::time::Duration::from_secs(3)";
    }
}

/// How many threads a server may have, and what they take.
///
/// | setting | default | what it is |
/// |---|---|---|
/// | [`max`](Self::max) | 1,024 | threads at most, two at least: so many requests can be under way at once |
/// | [`accepting`](Self::accepting) | 4 | threads that wait for new connections on each listener |
/// | [`stack`](Self::stack) | 256 KiB | virtual size of a thread's stack: only what is touched is memory |
/// | [`linger`](Self::linger) | 5 s | how long a thread waits for more to do before it ends |
///
/// A thread serves a connection for as long as it is busy, and waits with it while it is idle, as long as there are
/// threads enough. When three quarters of them are taken, connections that wait are parked: one thread looks after
/// all of those, for which a connection is its state and no stack, and hands them back when something arrives. It
/// asks those that were busy lately every few milliseconds, less often the more there are, and the others within
/// about a second of anything that reaches the machine.
///
/// # What holds a thread
///
/// A head that is slow in coming holds none when threads are few: it is parked, too. But a handler that reads a body or sends a
/// response does so on its thread, at the pace of its client, which may be as slow as [`Timeouts::min_rate`]. At the defaults a body of
/// 2 MiB at 256 bytes a second takes two and a quarter hours, so that 1,024 clients who mean no good, with 2 Mbit/s together, keep
/// everybody else waiting for that long. [`Limits::body`] and [`Timeouts::min_rate`] bound it: with 64 KiB and 8 KiB a second it is
/// 18 seconds, the [grace](Timeouts::grace) included. Of a response, what the system's buffers take (some megabytes) costs no time. On the
/// open net, a proxy in front that takes whole requests in before it hands them on does it, too, as does a
/// [filter](super::Server::filter) that counts connections by address.
///
/// A [`Transport`](super::Transport) that does not say [what it has buffered](super::Transport::has_buffered) keeps its connection from
/// being parked. Where the system has no more threads before there are [as many](Self::max), the server does with those that there are.
///
/// # Examples
///
/// ```
/// use nethttp::server::Threads;
///
/// const SMALL: Threads = Threads::DEFAULT.max(32).stack(128 << 10);
/// assert_eq!(SMALL.accepting, 4);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Threads {
    /// Threads at most.
    pub max: usize,
    /// Threads that wait for new connections on each listener.
    pub accepting: usize,
    /// Bytes of a thread's stack.
    pub stack: usize,
    /// How long a thread waits for more to do.
    pub linger: Duration,
}

impl Threads {
    /// The defaults of the table above.
    pub const DEFAULT: Self =
        Self { max: 1024, accepting: 4, stack: 256 << 10, linger: Duration::from_secs(5) };

    setters! { "nethttp::server::Threads":
        /// Sets the threads at most.
        max: usize = "64";
        /// Sets the threads that wait for new connections on each listener.
        accepting: usize = "2";
        /// Sets the bytes of a thread's stack; a handler that recurses deeply needs more.
        stack: usize = "2 << 20";
        /// Sets how long a thread waits for more to do.
        linger: Duration = "std::time::Duration::from_secs(60)";
    }
}

/// What becomes of newcomers when there are [as many connections](Limits::connections) as there may be.
///
/// # Examples
///
/// ```
/// use nethttp::Server;
/// use nethttp::server::Overload;
///
/// let server = Server::bind("127.0.0.1:0")?.overload(Overload::StopAccepting);
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Overload {
    /// They are told `503 Service Unavailable` with `Retry-After: 1`, and closed.
    #[default]
    Refuse,
    /// They wait in the system's queue, which is short (128 places), until others have gone; a load balancer
    /// sees the difference.
    StopAccepting,
}

impl Default for Threads {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// All that a server was told.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Config {
    pub(super) limits: Limits,
    pub(super) timeouts: Timeouts,
    pub(super) threads: Threads,
    pub(super) overload: Overload,
    pub(super) allow_connect: bool,
    pub(super) allow_trace: bool,
}

impl Config {
    pub(super) const fn h1(&self) -> h1::Config {
        h1::Config::SERVER.limits(self.limits.h1)
    }
}

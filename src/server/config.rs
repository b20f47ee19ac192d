//! How much clients may ask for, and how long the server waits.

use std::time::Duration;

use super::compress::Compression;
use crate::h1;
use crate::setters::setters;

/// How much clients may ask for.
///
/// | limit | default | exceeding it |
/// |---|---|---|
/// | [`h1`](Self::h1): heads and framing | [`h1::Limits::DEFAULT`] | 400, 414, 431, 501 |
/// | [`body`](Self::body): bytes of a request's body that a handler may read, unless it says otherwise ([`Body::set_limit`](crate::Body::set_limit)) | 2 MiB | an error for the handler, 413 for the client |
/// | [`drain`](Self::drain): bytes of an unread body that are thrown away to keep the connection | 256 KiB | the connection is closed |
/// | [`connections`](Self::connections): connections at once | 1,024 | 503 |
/// | [`requests`](Self::requests): requests on one connection | unlimited | the connection is closed |
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
    /// Connections at once, each of which has a thread.
    pub connections: usize,
    /// Requests on one connection.
    pub requests: u64,
}

/// How long the server waits.
///
/// | wait | default | when it ends |
/// |---|---|---|
/// | [`head`](Self::head): for a whole head, from the connection or from its first byte | 10 s | 408, or the connection is closed if nothing came |
/// | [`idle`](Self::idle): for the next request | 60 s | the connection is closed |
/// | [`read`](Self::read): for the next piece of a body | 30 s | an error for the handler, 408 for the client |
/// | [`write`](Self::write): for the client to take the next piece of a response | 30 s | the connection is closed |
/// | [`drain`](Self::drain): for what is thrown away before a connection is closed or used again | 1 s | the connection is closed |
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
}

impl Limits {
    /// The defaults of the table above.
    pub const DEFAULT: Self = Self {
        h1: h1::Limits::DEFAULT,
        body: 2 << 20,
        drain: 256 << 10,
        connections: 1024,
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
        connections: usize = "10_000";
        /// Sets the requests on one connection; `u64::MAX` is unlimited.
        requests: u64 = "1000";
    }
}

impl Timeouts {
    /// The defaults of the table above.
    pub const DEFAULT: Self = Self {
        head: Duration::from_secs(10),
        idle: Duration::from_secs(60),
        read: Duration::from_secs(30),
        write: Duration::from_secs(30),
        drain: Duration::from_secs(1),
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
    pub(super) allow_connect: bool,
    pub(super) allow_trace: bool,
    pub(super) compression: Option<Compression>,
}

impl Config {
    pub(super) const fn h1(&self) -> h1::Config {
        h1::Config::SERVER.limits(self.limits.h1)
    }
}

//! What a server has refused before any handler saw it.

use std::net::SocketAddr;

use crate::h1::ParseError;
use crate::status::StatusCode;

/// A request that no handler has seen, because it is malformed, too large or too slow: see
/// [`Server::on_refused`](super::Server::on_refused).
///
/// # Examples
///
/// ```
/// use nethttp::Server;
/// use nethttp::server::Refusal;
///
/// let server = Server::bind("127.0.0.1:0")?.on_refused(|refusal: &Refusal| {
///     eprintln!("{:?} is told {}", refusal.peer, refusal.status);
/// });
/// # let _ = server;
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The other side's address, if it came over TCP.
    pub peer: Option<SocketAddr>,
    /// What it was told.
    pub status: StatusCode,
    /// The bytes of the content that it was told so with, without framing.
    pub body: u64,
    /// What was wrong with the bytes; nothing if there were too few of them in time.
    pub error: Option<ParseError>,
}

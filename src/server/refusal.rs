//! What a server has refused before any handler saw it.

use std::net::SocketAddr;

use crate::h1::ParseError;
use crate::status::StatusCode;

/// What was refused before any handler could see it: see [`Server::on_refused`](super::Server::on_refused).
///
/// | status | what |
/// |---|---|
/// | that of the [error](Self::error) | a head that is malformed, or beyond a limit |
/// | 408 | a head that took too long |
/// | 501 | CONNECT or TRACE, where they are not allowed |
/// | 503 | a connection for which there was no place |
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
    /// What was wrong with the bytes, if they were the reason.
    pub error: Option<ParseError>,
}

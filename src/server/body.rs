//! The request's body as the handler sees it: a reader that has the connection for one exchange.

use std::error::Error as StdError;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::Duration;

use super::registry::Entry;
use super::wire::Wire;
use crate::error::{Error, ErrorKind, Phase};
use crate::h1::ParseError;
use crate::message::{Body, Trailers};
use crate::status::StatusCode;

/// How long it takes to ask a connection something.
const MOMENT: Duration = Duration::from_micros(50);

/// Reads a request's body from the connection. A body that outlives its exchange, because the handler
/// has put it somewhere, finds itself cut off.
pub(super) struct Incoming {
    wire: Arc<Mutex<Wire>>,
    entry: Arc<Entry>,
    exchange: u64,
    trailers: Trailers,
}

impl Incoming {
    pub(super) fn new(wire: &Arc<Mutex<Wire>>, entry: &Arc<Entry>, exchange: u64) -> Self {
        Self { wire: Arc::clone(wire), entry: Arc::clone(entry), exchange, trailers: None }
    }

    /// Makes it the body that the handler sees. Only one of unknown length can have trailers.
    pub(super) fn into_body(mut self, len: Option<u64>, limit: u64) -> Body {
        if len.is_none() {
            self.trailers = Some(Arc::default());
        }
        let trailers = self.trailers.clone();
        let mut body = Body::reader(self, len).with_trailers(trailers);
        body.set_limit(Some(limit));
        body
    }

    /// The server holds the lock only when the handler has returned, and perhaps on this very thread: while it sends a
    /// response that is made of this body. Another thread that asks something of the connection is through at once.
    fn lock(&self) -> io::Result<MutexGuard<'_, Wire>> {
        loop {
            match self.wire.try_lock() {
                Ok(wire) => return Ok(wire),
                Err(TryLockError::Poisoned(poisoned)) => return Ok(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) if self.entry.is_handled(self.exchange) => {
                    return Err(too_late());
                }
                Err(TryLockError::WouldBlock) => thread::sleep(MOMENT),
            }
        }
    }
}

impl Read for Incoming {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let mut wire = self.lock()?;
        if wire.exchange != self.exchange {
            return Err(too_late());
        }
        if buf.is_empty() {
            return Ok(0);
        }
        let len = wire.read_body(buf).map_err(blame_client)?;
        if let (0, Some(trailers), received) = (len, &self.trailers, wire.state.trailers())
            && !received.is_empty()
        {
            // Whoever reads the end once more finds them there.
            let _ = trailers.set(received.clone());
        }
        Ok(len)
    }
}

/// What goes wrong while a request's body is read is the client's fault, unlike all else that a handler reads and that
/// takes too long or breaks off.
fn blame_client(error: io::Error) -> io::Error {
    let kind = error.kind();
    let outer = match kind {
        io::ErrorKind::TimedOut => {
            Error::new(ErrorKind::Timeout(Phase::Idle)).with_status(StatusCode::REQUEST_TIMEOUT)
        }
        // It says itself what is wrong with the bytes.
        _ if error.get_ref().is_some_and(<dyn StdError + Send + Sync>::is::<ParseError>) => {
            return error;
        }
        _ => Error::new(ErrorKind::Receive).with_status(StatusCode::BAD_REQUEST).with_source(error),
    };
    io::Error::new(kind, outer)
}

fn too_late() -> io::Error {
    let text = "expected to read the body before the request was answered";
    io::Error::new(io::ErrorKind::NotConnected, text)
}

/// A handler that panics while it reads leaves the connection in a state that is still whole: it is
/// answered and closed.
pub(super) fn lock(wire: &Mutex<Wire>) -> MutexGuard<'_, Wire> {
    wire.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_that_breaks_off_is_told_from_what_a_handler_reads_elsewhere() {
        let reset = || io::Error::from(io::ErrorKind::ConnectionReset);
        let error = Error::from(blame_client(reset()));
        assert_eq!((error.kind(), error.status().as_u16()), (ErrorKind::Receive, 400));
        assert!(error.is_connection_lost());
        let error = Error::from(reset());
        assert_eq!((error.kind(), error.status().as_u16()), (ErrorKind::Io, 500));
    }
}

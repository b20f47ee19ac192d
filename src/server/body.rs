//! The request's body as the handler sees it: a reader that has the connection for one exchange.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::Duration;

use super::registry::Entry;
use super::wire::Wire;

/// How long it takes to ask a connection something.
const MOMENT: Duration = Duration::from_micros(50);

/// Reads a request's body from the connection. A body that outlives its exchange, because the handler
/// has put it somewhere, finds itself cut off.
pub(super) struct Incoming {
    wire: Arc<Mutex<Wire>>,
    entry: Arc<Entry>,
    exchange: u64,
}

impl Incoming {
    pub(super) fn new(wire: &Arc<Mutex<Wire>>, entry: &Arc<Entry>, exchange: u64) -> Self {
        Self { wire: Arc::clone(wire), entry: Arc::clone(entry), exchange }
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
        wire.read_body(buf)
    }
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

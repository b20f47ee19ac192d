//! The request's body as the handler sees it: a reader that holds the connection by a thread of hair.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::wire::Wire;

/// Reads a request's body from the connection. A body that outlives its exchange, because the handler
/// has put it somewhere, finds itself cut off.
pub(super) struct Incoming {
    wire: Arc<Mutex<Wire>>,
    exchange: u64,
}

impl Incoming {
    pub(super) fn new(wire: &Arc<Mutex<Wire>>, exchange: u64) -> Self {
        Self { wire: Arc::clone(wire), exchange }
    }
}

impl Read for Incoming {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let mut wire = lock(&self.wire);
        if wire.exchange != self.exchange {
            let text = "expected to read the body before the request was answered";
            return Err(io::Error::new(io::ErrorKind::NotConnected, text));
        }
        if buf.is_empty() {
            return Ok(0);
        }
        wire.read_body(buf)
    }
}

/// A handler that panics while it reads leaves the connection in a state that is still whole: it is
/// answered and closed.
pub(super) fn lock(wire: &Mutex<Wire>) -> MutexGuard<'_, Wire> {
    wire.lock().unwrap_or_else(PoisonError::into_inner)
}

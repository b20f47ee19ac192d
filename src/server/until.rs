//! What a server is told by to end, since the standard library knows no signals.

use std::fmt;
use std::io::{self, Read};
use std::net::SocketAddr;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::Server;
use super::handle::ServerHandle;
use super::shared::Shared;

/// What a server serves until.
pub(super) struct Until {
    reader: Box<dyn Read + Send>,
    timeout: Duration,
}

impl Until {
    /// Shuts the server down when the reader has ended. One that never does keeps a thread, but nothing of a server
    /// that has ended otherwise.
    pub(super) fn watch(self, addrs: Vec<SocketAddr>, shared: &Arc<Shared>) -> io::Result<()> {
        let Self { reader, timeout } = self;
        let shared = Arc::downgrade(shared);
        let watching = thread::Builder::new().name("nethttp-until".into()).spawn(move || {
            wait_for_end(reader);
            if let Some(shared) = shared.upgrade() {
                ServerHandle::new(addrs, shared).shutdown(timeout);
            }
        });
        watching.map(drop)
    }
}

impl fmt::Debug for Until {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Until").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

/// Throws away what a reader yields; one that fails has ended, too, even by a panic.
pub(super) fn wait_for_end(mut reader: impl Read) {
    let _ = panic::catch_unwind(AssertUnwindSafe(move || io::copy(&mut reader, &mut io::sink())));
}

impl Server {
    /// Shuts the server down, as [`ServerHandle::shutdown`] does, when a reader has nothing more to yield:
    /// [`run`](Self::run) returns then. What it yields before is thrown away. Of several readers, the first that ends
    /// counts; a worker of `Prefork` has one already.
    ///
    /// The standard library knows no signals. Who starts a server can give it a pipe as its standard input
    /// instead, and close its end, or just die, for the server to finish what it is doing and end. (A
    /// standard input that is `/dev/null` ends the server at once.)
    ///
    /// ```
    /// use nethttp::{Request, Server};
    /// use std::time::Duration;
    ///
    /// let (stopped, stop) = std::io::pipe()?;
    /// let server = Server::bind("127.0.0.1:0")?;
    /// let server = server.shutdown_at_end_of(stopped, Duration::from_secs(10));
    /// let running = std::thread::spawn(|| server.run(|_: &mut Request| "hello"));
    /// drop(stop);
    /// assert!(running.join().is_ok_and(|result| result.is_ok()));
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn shutdown_at_end_of(
        mut self,
        reader: impl Read + Send + 'static,
        timeout: Duration,
    ) -> Self {
        self.until.push(Until { reader: Box::new(reader), timeout });
        self
    }
}

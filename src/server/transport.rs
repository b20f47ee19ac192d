//! What bytes come and go through: a socket, or something over or in place of one.

use std::fmt;
use std::io::{self, IoSlice, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::clock::deadline;
use super::listener::at_least_a_moment;
use super::registry::Entry;

/// Carries a connection's bytes in place of the bare socket: TLS over it, or memory in a test.
///
/// A server makes one of every connection if it is told [how](super::Server::transport). Timeouts are set on the
/// socket below, so that its `read` and `write` report [`TimedOut`](io::ErrorKind::TimedOut) when a deadline passes, which a
/// transport hands on. It need not be the end: on a busy server a thread looks up from an idle connection now and then, and `read` is
/// called again later, to go on where it was.
///
/// A `read` may read the socket as often as it takes to have a whole record: together these have the time that one would have.
/// Not so a `write`: a client that takes a little of what is written now and then is noticed when `write` returns, so that a
/// transport had better not hold back more than some ten thousand bytes at a time.
///
/// # Examples
///
/// A transport that counts what comes in:
///
/// ```
/// use nethttp::server::{Socket, Transport};
/// use nethttp::{Request, Server};
/// use std::io::{self, Read, Write};
///
/// struct Counting(Socket, u64);
///
/// impl Read for Counting {
///     fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
///         let len = self.0.read(buf)?;
///         self.1 += len as u64;
///         Ok(len)
///     }
/// }
///
/// impl Write for Counting {
///     fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
///         self.0.write(buf)
///     }
///
///     fn flush(&mut self) -> io::Result<()> {
///         Ok(())
///     }
/// }
///
/// impl Transport for Counting {}
///
/// let server = Server::bind("127.0.0.1:0")?.transport(|socket| Ok(Counting(socket, 0)));
/// # let _ = server;
/// # Ok::<(), nethttp::Error>(())
/// ```
pub trait Transport: Read + Write + Send {
    /// Says to the other side that nothing more will be sent, if the transport has a way to: TLS's `close_notify`. The socket
    /// is half-closed afterwards.
    ///
    /// # Errors
    ///
    /// What the transport reports; the connection is closed then.
    fn finish(&mut self) -> io::Result<()> {
        self.flush()
    }

    /// Returns whether there may be bytes in the transport that `read` would return without looking at the socket; yes, unless a
    /// transport knows better. As long as there may be, the connection cannot be [parked](super::Threads): it needs a thread while it
    /// is idle, and where threads are few it gets one for ten milliseconds at a time, in turn with all others like it. That is as
    /// slow as it sounds when there are thousands, so a transport that can tell had better do so.
    fn has_buffered(&self) -> bool {
        true
    }

    /// Returns whether nobody on the way can read or change what it carries, as with TLS: handlers are told by
    /// [`Request::is_secure`](crate::Request::is_secure). No, unless a transport says so.
    ///
    /// It is asked for every request, once its head has come: a handshake that is made when the transport is first read is over by
    /// then, and one that takes TLS and plain text on the same port knows which it was.
    fn is_secure(&self) -> bool {
        false
    }

    /// Sets how long `read` and `write` wait from now on, for as long as it takes if that is `None`: only for a transport that
    /// has no socket below it.
    ///
    /// # Errors
    ///
    /// What the transport reports; the connection is closed then.
    fn set_timeouts(&mut self, read: Option<Duration>, write: Option<Duration>) -> io::Result<()> {
        let _ = (read, write);
        Ok(())
    }
}

/// A connection's socket, as a [`Transport`] is given it. Reading and writing respect the server's deadlines, and report
/// [`TimedOut`](io::ErrorKind::TimedOut) on every system when one passes; the socket never says
/// [`WouldBlock`](io::ErrorKind::WouldBlock), since it waits for as long as it may.
///
/// # Examples
///
/// ```
/// use nethttp::Server;
/// use nethttp::server::Socket;
///
/// let server = Server::bind("127.0.0.1:0")?.transport(|socket: Socket| {
///     println!("from {:?}", socket.peer());
///     Ok(socket)
/// });
/// # let _ = server;
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Clone)]
pub struct Socket {
    entry: Arc<Entry>,
    peer: Option<SocketAddr>,
}

impl Socket {
    pub(super) const fn new(entry: Arc<Entry>, peer: Option<SocketAddr>) -> Self {
        Self { entry, peer }
    }

    /// Returns the other side's address, if it came over TCP.
    ///
    /// ```
    /// # use nethttp::server::Socket;
    /// fn is_local(socket: &Socket) -> bool {
    ///     socket.peer().is_none_or(|peer| peer.ip().is_loopback())
    /// }
    /// ```
    #[must_use]
    pub const fn peer(&self) -> Option<SocketAddr> {
        self.peer
    }
}

impl Read for Socket {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let wait = self.entry.turn().next_wait();
        match wait {
            None => {}
            Some(Duration::ZERO) => return Err(io::ErrorKind::TimedOut.into()),
            Some(wait) => self.entry.handle.set_read_timeout(Some(at_least_a_moment(wait)))?,
        }
        self.entry.handle.read(buf).map_err(timed_out)
    }
}

impl Write for Socket {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.entry.handle.write(buf).map_err(timed_out)
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.entry.handle.write_vectored(slices).map_err(timed_out)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Transport for Socket {
    fn has_buffered(&self) -> bool {
        false
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").field("peer", &self.peer).finish_non_exhaustive()
    }
}

/// One `read` of a transport: it has its timeout once, however often the transport reads the socket meanwhile. Otherwise a client
/// that sends a byte of a record now and then would begin the wait anew with each of them.
#[derive(Debug, Default)]
pub(super) struct Turn {
    until: Option<Instant>,
    /// The timeout that the socket has now.
    timeout: Duration,
    is_cut: bool,
}

impl Turn {
    fn begin(&mut self, timeout: Option<Duration>) {
        let until = timeout.map(deadline);
        *self = Self { until, timeout: timeout.unwrap_or_default(), is_cut: false };
    }

    /// Returns how long the socket may be waited for, unless its timeout will do.
    fn next_wait(&mut self) -> Option<Duration> {
        /// To be so much late is not worth a call of the system.
        const TOLERANCE: Duration = Duration::from_millis(1);
        let left = self.until?.saturating_duration_since(Instant::now());
        if !left.is_zero() && left.saturating_add(TOLERANCE) > self.timeout {
            return None;
        }
        self.is_cut |= !left.is_zero();
        self.timeout = left;
        Some(left)
    }

    /// Returns whether the socket has another timeout now.
    fn end(&mut self) -> bool {
        std::mem::take(self).is_cut
    }
}

/// Names a timeout what it is. On Unix a socket that has waited for as long as it may reports what one that never waits does, and
/// who is told so, tries again at once.
fn timed_out(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::WouldBlock => io::ErrorKind::TimedOut.into(),
        _ => error,
    }
}

/// The system's end of a connection, which other threads may shut down.
#[derive(Debug)]
pub(super) enum SocketHandle {
    Tcp(TcpStream),
    /// A Unix socket, looked at as one of TCP: a descriptor is one like the other, and the library can peek at no other.
    #[cfg(unix)]
    Unix(TcpStream),
    /// The transport has no socket.
    None,
}

/// Calls the same method of whatever socket there is.
macro_rules! on_socket {
    ($handle:expr, $none:expr, $socket:ident => $call:expr) => {
        match $handle {
            SocketHandle::Tcp($socket) => $call,
            #[cfg(unix)]
            SocketHandle::Unix($socket) => $call,
            SocketHandle::None => $none,
        }
    };
}

impl SocketHandle {
    pub(super) fn read(&self, buf: &mut [u8]) -> io::Result<usize> {
        on_socket!(self, Ok(0), socket => (&mut &*socket).read(buf))
    }

    fn peek(&self, buf: &mut [u8]) -> io::Result<usize> {
        on_socket!(self, Ok(0), socket => socket.peek(buf))
    }

    pub(super) fn write(&self, buf: &[u8]) -> io::Result<usize> {
        on_socket!(self, Ok(0), socket => (&mut &*socket).write(buf))
    }

    fn write_vectored(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        on_socket!(self, Ok(0), socket => (&mut &*socket).write_vectored(slices))
    }

    pub(super) fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        on_socket!(self, Ok(()), socket => socket.shutdown(how))
    }

    pub(super) fn set_nonblocking(&self, nonblocking: bool) -> io::Result<()> {
        on_socket!(self, Ok(()), socket => socket.set_nonblocking(nonblocking))
    }

    pub(super) fn set_read_timeout(&self, timeout: Option<Duration>) -> io::Result<()> {
        on_socket!(self, Ok(()), socket => socket.set_read_timeout(timeout))
    }

    pub(super) fn set_write_timeout(&self, timeout: Option<Duration>) -> io::Result<()> {
        on_socket!(self, Ok(()), socket => socket.set_write_timeout(timeout))
    }
}

/// A connection's socket and what may lie over it, as the thread that serves it has them.
pub(super) struct Link {
    pub(super) entry: Arc<Entry>,
    over: Option<Box<dyn Transport>>,
    /// The read timeout, if it has been set.
    timeout: Option<Duration>,
    /// The write timeout, for who has to be told both together.
    write_timeout: Option<Duration>,
    is_finished: bool,
}

impl Link {
    pub(super) fn new(entry: Arc<Entry>, over: Option<Box<dyn Transport>>) -> Self {
        Self { entry, over, timeout: None, write_timeout: None, is_finished: false }
    }

    /// Takes note of the write timeout that accepted sockets have. What has none is told when it is told of the first read.
    pub(super) const fn begin_with_write_timeout(&mut self, timeout: Duration) {
        self.write_timeout = Some(timeout);
    }

    /// Returns whether nothing lies over the socket.
    pub(super) const fn is_bare(&self) -> bool {
        self.over.is_none()
    }

    /// Returns whether what lies over the socket keeps others out.
    pub(super) fn is_secure(&self) -> bool {
        self.over.as_ref().is_some_and(|over| over.is_secure())
    }

    /// Returns the socket, if nothing lies over it.
    pub(super) fn bare_tcp(&self) -> Option<&TcpStream> {
        match (&self.over, &self.entry.handle) {
            (None, SocketHandle::Tcp(stream)) => Some(stream),
            _ => None,
        }
    }

    pub(super) fn shutdown(&self, how: Shutdown) {
        let _ = self.entry.handle.shutdown(how);
    }

    /// Says that nothing more will be sent.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.finish_over()?;
        self.entry.handle.shutdown(Shutdown::Write)
    }

    /// Has what lies over the socket say so, once.
    fn finish_over(&mut self) -> io::Result<()> {
        let over = self.over.as_mut().filter(|_| !self.is_finished);
        self.is_finished = true;
        over.map_or(Ok(()), |over| over.finish())
    }

    pub(super) fn set_read_timeout(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        self.timeout = timeout;
        if let (Some(over), SocketHandle::None) = (&mut self.over, &self.entry.handle) {
            return over.set_timeouts(timeout, self.write_timeout);
        }
        self.entry.handle.set_read_timeout(timeout)
    }

    pub(super) fn set_write_timeout(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        self.write_timeout = timeout;
        if let (Some(over), SocketHandle::None) = (&mut self.over, &self.entry.handle) {
            return over.set_timeouts(self.timeout, timeout);
        }
        self.entry.handle.set_write_timeout(timeout)
    }

    /// Returns whether all that comes is yet in the socket, so that the connection can do without a thread.
    pub(super) fn can_park(&self) -> bool {
        match (&self.over, &self.entry.handle) {
            (_, SocketHandle::None) => false,
            (None, _) => true,
            (Some(over), _) => !over.has_buffered(),
        }
    }

    /// Returns whether the other side has closed, as far as the system can tell without waiting or taking anything.
    pub(super) fn is_closed(&self) -> bool {
        let handle = &self.entry.handle;
        if matches!(handle, SocketHandle::None) {
            return false;
        }
        if handle.set_nonblocking(true).is_err() {
            return true;
        }
        let peeked = handle.peek(&mut [0]);
        let restored = handle.set_nonblocking(false);
        let is_closed = match peeked {
            Ok(len) => len == 0,
            Err(error) => error.kind() != io::ErrorKind::WouldBlock,
        };
        is_closed || restored.is_err()
    }

    /// Reads what is there, from a socket that does not block. What lies over it is not asked: its bytes stay where
    /// they are, and one is claimed to have come.
    pub(super) fn poll(&self, buf: &mut [u8]) -> io::Result<Polled> {
        let polled = match (&self.over, &self.entry.handle) {
            (Some(_), handle) => handle.peek(buf).map(|len| (len, 0)),
            (None, handle) => handle.read(buf).map(|len| (len, len)),
        };
        match polled {
            Ok((0, _)) => Ok(Polled::End),
            Ok((_, taken)) => Ok(Polled::Ready(taken)),
            Err(error) => match error.kind() {
                io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => Ok(Polled::Nothing),
                _ => Err(error),
            },
        }
    }
}

/// What a socket that does not block has to say.
pub(super) enum Polled {
    Nothing,
    /// Something has come, of which that many bytes were taken.
    Ready(usize),
    End,
}

impl Drop for Link {
    /// What is closed without waiting for the client takes its leave all the same: clients of TLS need it.
    fn drop(&mut self) {
        /// For a client that does not read, which must not keep whoever closes from closing others.
        const PATIENCE: Duration = Duration::from_millis(50);
        if self.over.is_some() && !self.is_finished {
            let _ = self.entry.handle.set_write_timeout(Some(PATIENCE));
            let _ = self.finish_over();
        }
    }
}

impl Read for Link {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match &mut self.over {
            None => self.entry.handle.read(buf).map_err(timed_out),
            Some(over) => {
                self.entry.turn().begin(self.timeout);
                let read = over.read(buf);
                if self.entry.turn().end() {
                    self.entry.handle.set_read_timeout(self.timeout)?;
                }
                read
            }
        }
    }
}

impl Write for Link {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        match &mut self.over {
            None => self.entry.handle.write(buf).map_err(timed_out),
            Some(over) => over.write(buf),
        }
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        match &mut self.over {
            None => self.entry.handle.write_vectored(slices).map_err(timed_out),
            Some(over) => over.write_vectored(slices),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.over.as_mut().map_or(Ok(()), Write::flush)
    }
}

//! Listening sockets, and what they can do beyond `accept` without `unsafe`.
//!
//! On Unix a listener can be looked at as a stream, since both are descriptors. Through that view it
//! takes options that accepted sockets inherit, and a `shutdown` that wakes every thread that is
//! blocked in `accept`. Elsewhere, and where the system does not do as Linux does, options are set on
//! every connection and blocked threads are woken by connecting to the listener.
//!
//! What is set on a listener, and its `shutdown` above all, holds for every process that has it. One that is
//! shared is therefore never shut down; its threads look up from `accept` a few times a second instead.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
#[cfg(unix)]
use std::os::fd::OwnedFd;
#[cfg(unix)]
use std::os::unix::net::UnixListener;
use std::time::Duration;

use super::config::Timeouts;
use super::transport::SocketHandle;

/// How often a thread that waits on a listener which is not its server's alone looks whether it is to stop.
const SHARED_WAIT: Duration = Duration::from_millis(250);

/// Where a server listens: made from a [`TcpListener`] or, on Unix, a [`UnixListener`].
///
/// # Examples
///
/// ```
/// use nethttp::Server;
/// use std::net::TcpListener;
///
/// let server = Server::from_listener(TcpListener::bind("127.0.0.1:0")?);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Listener {
    family: Family,
    is_shared: bool,
}

#[derive(Debug)]
enum Family {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(UnixListener),
}

impl From<TcpListener> for Listener {
    fn from(listener: TcpListener) -> Self {
        Self { family: Family::Tcp(listener), is_shared: false }
    }
}

#[cfg(unix)]
impl From<UnixListener> for Listener {
    fn from(listener: UnixListener) -> Self {
        Self { family: Family::Unix(listener), is_shared: false }
    }
}

impl Listener {
    /// Says that other processes have this listener as well and go on with it: a server that ends does not shut
    /// it down for them. It takes up to a quarter of a second longer to end.
    ///
    /// ```
    /// use nethttp::Server;
    /// use nethttp::server::Listener;
    /// use std::net::TcpListener;
    ///
    /// let inherited = TcpListener::bind("127.0.0.1:0")?;
    /// let server = Server::from_listener(Listener::from(inherited).shared());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub const fn shared(mut self) -> Self {
        self.is_shared = true;
        self
    }

    /// Binds to the addresses of the same name; where `[::]` does not include IPv4, to `0.0.0.0` as well.
    pub(super) fn bind(addr: impl ToSocketAddrs) -> io::Result<Vec<Self>> {
        let addrs: Vec<SocketAddr> = addr.to_socket_addrs()?.collect();
        let any_v4 = |port| SocketAddr::from((Ipv4Addr::UNSPECIFIED, port));
        let is_any_v6 = |addr: &SocketAddr| addr.ip() == Ipv6Addr::UNSPECIFIED;
        let listener = match (TcpListener::bind(&addrs[..]), addrs.first()) {
            // A system without IPv6 has no such address.
            (Err(error), Some(addr)) if is_any_v6(addr) && !is_in_use(&error) => {
                TcpListener::bind(any_v4(addr.port())).map_err(|_| error)?
            }
            (bound, _) => bound?,
        };
        let bound = listener.local_addr()?;
        let mut listeners = vec![Self::from(listener)];
        // Where it does include it, the address is in use.
        if let (true, Ok(v4)) = (is_any_v6(&bound), TcpListener::bind(any_v4(bound.port()))) {
            listeners.push(v4.into());
        }
        Ok(listeners)
    }

    /// Returns the socket, if it is one of TCP.
    #[cfg(unix)]
    pub(super) fn into_tcp(self) -> Option<TcpListener> {
        match self.family {
            Family::Tcp(listener) => Some(listener),
            Family::Unix(_) => None,
        }
    }

    /// Returns the address, if it is one of TCP.
    pub(super) fn local_addr(&self) -> io::Result<SocketAddr> {
        match &self.family {
            Family::Tcp(listener) => listener.local_addr(),
            #[cfg(unix)]
            Family::Unix(_) => {
                Err(io::Error::new(io::ErrorKind::Unsupported, "expected a listener of TCP"))
            }
        }
    }
}

fn is_in_use(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied)
}

/// A listener and its view as a stream.
#[derive(Debug)]
pub(super) struct Listening {
    listener: Listener,
    #[cfg(unix)]
    view: SocketHandle,
}

impl Listening {
    pub(super) fn new(listener: Listener, timeouts: &Timeouts) -> io::Result<Self> {
        match &listener.family {
            Family::Tcp(listener) => listener.set_nonblocking(false)?,
            #[cfg(unix)]
            Family::Unix(listener) => listener.set_nonblocking(false)?,
        }
        #[cfg(unix)]
        {
            let view = match &listener.family {
                Family::Tcp(tcp) => SocketHandle::Tcp(OwnedFd::from(tcp.try_clone()?).into()),
                Family::Unix(unix) => SocketHandle::Unix(OwnedFd::from(unix.try_clone()?).into()),
            };
            // `accept` wakes as often, so that idle threads can end and a lost wake-up is repaired.
            set_options(&view, timeouts)?;
            if listener.is_shared {
                view.set_read_timeout(Some(SHARED_WAIT))?;
            }
            Ok(Self { listener, view })
        }
        #[cfg(not(unix))]
        {
            let _ = timeouts;
            Ok(Self { listener })
        }
    }

    /// Returns whether other processes have it, too.
    pub(super) const fn is_shared(&self) -> bool {
        self.listener.is_shared
    }

    /// Waits for a connection. Its options are set.
    pub(super) fn accept(
        &self,
        timeouts: &Timeouts,
    ) -> io::Result<(SocketHandle, Option<SocketAddr>)> {
        let (handle, peer) = match &self.listener.family {
            Family::Tcp(listener) => {
                let (stream, mut peer) = listener.accept()?;
                if peer.is_ipv6() {
                    peer.set_ip(peer.ip().to_canonical());
                }
                (SocketHandle::Tcp(stream), Some(peer))
            }
            #[cfg(unix)]
            Family::Unix(listener) => {
                (SocketHandle::Unix(OwnedFd::from(listener.accept()?.0).into()), None)
            }
        };
        // Linux lets accepted sockets of TCP inherit them from the listener.
        let inherits = cfg!(target_os = "linux") && peer.is_some();
        if !inherits {
            handle.set_nonblocking(false)?;
            set_options(&handle, timeouts)?;
        } else if self.listener.is_shared {
            handle.set_read_timeout(Some(at_least_a_moment(timeouts.head)))?;
        }
        Ok((handle, peer))
    }

    /// Lets a connection in that is there already. Another thread that comes to the listener meanwhile may not wait
    /// either, which does no harm if nobody else has it.
    pub(super) fn accept_now(
        &self,
        timeouts: &Timeouts,
    ) -> io::Result<(SocketHandle, Option<SocketAddr>)> {
        if self.is_shared() {
            // A process that ended in between would leave the others with a listener at which nobody can wait. This one
            // does not wait for long.
            return self.accept(timeouts);
        }
        self.set_nonblocking(true)?;
        let accepted = self.accept(timeouts);
        self.set_nonblocking(false)?;
        accepted
    }

    fn set_nonblocking(&self, nonblocking: bool) -> io::Result<()> {
        match &self.listener.family {
            Family::Tcp(listener) => listener.set_nonblocking(nonblocking),
            #[cfg(unix)]
            Family::Unix(listener) => listener.set_nonblocking(nonblocking),
        }
    }

    /// Wakes the threads that are blocked in `accept`, as far as the system can; the caller repeats it
    /// while threads are left. Those on a listener that others have, too, wake by themselves.
    pub(super) fn wake(&self) {
        // Linux lets `accept` end by itself. Elsewhere somebody has to come, until it has met the right one.
        if self.listener.is_shared && cfg!(target_os = "linux") {
            return;
        }
        #[cfg(unix)]
        if !self.listener.is_shared && self.view.shutdown(std::net::Shutdown::Both).is_ok() {
            return;
        }
        if let Ok(mut addr) = self.listener.local_addr() {
            match addr {
                SocketAddr::V4(v4) if v4.ip().is_unspecified() => {
                    addr.set_ip(Ipv4Addr::LOCALHOST.into());
                }
                SocketAddr::V6(v6) if v6.ip().is_unspecified() => {
                    addr.set_ip(Ipv6Addr::LOCALHOST.into());
                }
                _ => {}
            }
            let _ = TcpStream::connect_timeout(&addr, Duration::from_millis(100));
        }
    }
}

/// What every connection starts with: no delay, and the first head's deadline.
fn set_options(socket: &SocketHandle, timeouts: &Timeouts) -> io::Result<()> {
    if let SocketHandle::Tcp(stream) = socket {
        stream.set_nodelay(true)?;
    }
    socket.set_read_timeout(Some(at_least_a_moment(timeouts.head)))?;
    socket.set_write_timeout(Some(at_least_a_moment(timeouts.write)))
}

/// The system takes no timeout of zero.
pub(super) fn at_least_a_moment(timeout: Duration) -> Duration {
    timeout.max(Duration::from_millis(1))
}

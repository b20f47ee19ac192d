//! What a listening socket can do beyond `accept`, without `unsafe`.
//!
//! On Unix a listener can be looked at as a stream, since both are descriptors. Through that view it
//! takes options that accepted sockets inherit, and a `shutdown` that wakes every thread that is
//! blocked in `accept`. Elsewhere, and where the system does not do as Linux does, options are set on
//! every connection and blocked threads are woken by connecting to the listener.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use super::config::Timeouts;

/// A listener and its view as a stream.
#[derive(Debug)]
pub(super) struct Listener {
    listener: TcpListener,
    #[cfg(unix)]
    view: TcpStream,
}

impl Listener {
    pub(super) fn new(listener: TcpListener, timeouts: &Timeouts) -> io::Result<Self> {
        listener.set_nonblocking(false)?;
        #[cfg(unix)]
        {
            let view = TcpStream::from(std::os::fd::OwnedFd::from(listener.try_clone()?));
            // `accept` wakes as often, so that idle threads can end and a lost wake-up is repaired.
            set_options(&view, timeouts)?;
            Ok(Self { listener, view })
        }
        #[cfg(not(unix))]
        {
            let _ = timeouts;
            Ok(Self { listener })
        }
    }

    /// Waits for a connection. Its options are set.
    pub(super) fn accept(&self, timeouts: &Timeouts) -> io::Result<(TcpStream, SocketAddr)> {
        let (stream, peer) = self.listener.accept()?;
        // Linux lets accepted sockets inherit them from the listener.
        if !cfg!(target_os = "linux") {
            stream.set_nonblocking(false)?;
            set_options(&stream, timeouts)?;
        }
        Ok((stream, peer))
    }

    /// Wakes the threads that are blocked in `accept`, as far as the system can; the caller repeats it
    /// while threads are left.
    pub(super) fn wake(&self) {
        #[cfg(unix)]
        if self.view.shutdown(std::net::Shutdown::Both).is_ok() {
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
fn set_options(stream: &TcpStream, timeouts: &Timeouts) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(at_least_a_moment(timeouts.head)))?;
    stream.set_write_timeout(Some(at_least_a_moment(timeouts.write)))
}

/// The system takes no timeout of zero.
pub(super) fn at_least_a_moment(timeout: Duration) -> Duration {
    timeout.max(Duration::from_millis(1))
}

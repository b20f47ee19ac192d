//! Connections from a chosen local address, without `unsafe`.
//!
//! The standard library connects a socket as soon as there is one; nothing can be said to it before. It does
//! bind listeners, though, and on Linux a listener can be made into a socket that is bound and nothing else:
//!
//! 1. A `TcpListener` is bound to the address, and a port of the system's choice.
//! 2. `shutdown` of its reading side ends the listening: Linux disconnects the socket, which keeps its address
//!    but gives back its port, since that was not asked for (`inet_shutdown`, `tcp_disconnect`). Whoever has come
//!    to that port in between is turned away.
//! 3. Looked at as a `UdpSocket`, which is a descriptor as well, it can be connected: that calls `connect` of the
//!    system and nothing else. A port is chosen with the peer in mind, so that one address can have more
//!    connections than there are ports. The timeout for writing is how long it may take.
//! 4. What has become of it is a `TcpStream`.
//!
//! Each step is documented behaviour of the system or an old habit of it; should it ever lose the habit, the
//! last step finds that the addresses are not those that were asked for, and that is an error.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::time::Duration;

/// Connects from a local address, which the machine must have, within a time that is not zero.
#[cfg(target_os = "linux")]
pub(super) fn connect_from(
    local: IpAddr,
    peer: SocketAddr,
    limit: Option<Duration>,
) -> io::Result<TcpStream> {
    use std::net::{Shutdown, TcpListener, UdpSocket};
    use std::os::fd::OwnedFd;
    use std::time::Instant;

    let start = Instant::now();
    let listener = TcpListener::bind((local, 0))?;
    let bound = TcpStream::from(OwnedFd::from(listener));
    bound.shutdown(Shutdown::Read)?;
    let connecting = UdpSocket::from(OwnedFd::from(bound));
    connecting.set_write_timeout(limit)?;
    connecting.connect(peer).map_err(|error| {
        // It is said to be in progress still; it ends with the socket.
        let is_over = limit.is_some_and(|limit| start.elapsed() >= limit);
        if is_over { io::ErrorKind::TimedOut.into() } else { error }
    })?;
    connecting.set_write_timeout(None)?;
    let stream = TcpStream::from(OwnedFd::from(connecting));
    let (from, to) = (stream.local_addr()?, stream.peer_addr()?);
    if from.ip() == local && (to.ip(), to.port()) == (peer.ip(), peer.port()) {
        Ok(stream)
    } else {
        let text = format!("expected a connection from {local} to {peer}, found {from} and {to}");
        Err(io::Error::other(text))
    }
}

/// Says that nothing can be said to a socket before it connects.
#[cfg(not(target_os = "linux"))]
pub(super) fn connect_from(
    local: IpAddr,
    _: SocketAddr,
    _: Option<Duration>,
) -> io::Result<TcpStream> {
    let text = format!("expected Linux, where connections can be made from {local}");
    Err(io::Error::new(io::ErrorKind::Unsupported, text))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::io::{Read, Write};
    use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};

    use super::*;

    const OTHER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
    const LIMIT: Option<Duration> = Some(Duration::from_secs(20));

    #[track_caller]
    fn talks(mut stream: &TcpStream, mut peer: &TcpStream) {
        let mut received = [0; 5];
        stream.write_all(b"hello").unwrap();
        peer.read_exact(&mut received).unwrap();
        assert_eq!(&received, b"hello");
        peer.write_all(b"world").unwrap();
        stream.read_exact(&mut received).unwrap();
        assert_eq!(&received, b"world");
    }

    #[test]
    fn the_peer_sees_the_address() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let peer = listener.local_addr().unwrap();
        // Several at once.
        let connections = [LIMIT, None, LIMIT].map(|limit| {
            let stream = connect_from(OTHER, peer, limit).unwrap();
            assert_eq!(stream.write_timeout().unwrap(), None);
            let (accepted, seen) = listener.accept().unwrap();
            assert_eq!((seen.ip(), seen), (OTHER, stream.local_addr().unwrap()));
            (stream, accepted)
        });
        for (stream, accepted) in &connections {
            talks(stream, accepted);
        }
    }

    #[test]
    fn the_address_may_be_one_of_ipv6() {
        // Not every machine has it.
        let Ok(listener) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)) else {
            return;
        };
        let local = Ipv6Addr::LOCALHOST.into();
        let stream = connect_from(local, listener.local_addr().unwrap(), LIMIT).unwrap();
        let (accepted, seen) = listener.accept().unwrap();
        assert_eq!(seen.ip(), local);
        talks(&stream, &accepted);
    }

    #[test]
    fn many_connections_at_once_come_through() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let peer = listener.local_addr().unwrap();
        std::thread::scope(|scope| {
            let connecting: Vec<_> = (0..8)
                .map(|_| scope.spawn(move || connect_from(OTHER, peer, LIMIT).unwrap()))
                .collect();
            for _ in 0..8 {
                assert_eq!(listener.accept().unwrap().1.ip(), OTHER);
            }
            for one in connecting {
                assert_eq!(one.join().unwrap().peer_addr().unwrap(), peer);
            }
        });
    }

    #[test]
    fn errors_are_those_of_the_system() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let peer = listener.local_addr().unwrap();
        // An address for documentation, which the machine does not have.
        let foreign = IpAddr::from([192, 0, 2, 7]);
        let error = connect_from(foreign, peer, LIMIT).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AddrNotAvailable);
        let closed = SocketAddr::new(peer.ip(), 1);
        let error = connect_from(OTHER, closed, LIMIT).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
        assert!(connect_from(Ipv6Addr::LOCALHOST.into(), peer, LIMIT).is_err());
    }
}

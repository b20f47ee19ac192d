//! A listener that whoever started this process has opened.
//!
//! Of the descriptors that a process inherits, the standard library hands out three. A supervisor that
//! passes a listener as the standard input needs nothing else: `StandardInput=socket` of systemd, `wait`
//! services of inetd, and [`Prefork`](super::Prefork). (The variable `LISTEN_FDS` speaks of descriptors that
//! cannot be reached without `unsafe`.)

use std::io;
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsFd, OwnedFd};

use super::{Listener, Server};
use crate::error::{Error, ErrorKind, Result};

impl Server {
    /// Creates a server on the listener that is this process's standard input.
    ///
    /// The listener is taken to be shared with whoever passed it on: it goes on to listen when this server
    /// is shut down, and those who connected before are answered. Threads notice a shutdown within a quarter
    /// of a second.
    ///
    /// # Errors
    ///
    /// The standard input is not a TCP socket, or one that is connected.
    ///
    /// # Examples
    ///
    /// Under systemd, with `Sockets=hello.socket` and `StandardInput=socket` in the service and
    /// `ListenStream=80` in the socket:
    ///
    /// ```no_run
    /// use nethttp::{Request, Server};
    ///
    /// Server::from_stdin()?.run(|_: &mut Request| "hello")?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn from_stdin() -> Result<Self> {
        let listener = inherited(io::stdin().as_fd().try_clone_to_owned()?).map_err(|error| {
            Error::new(ErrorKind::Io)
                .with_text("expected a listening TCP socket as standard input")
                .with_source(error)
        })?;
        Ok(Self::from_listener(Listener::from(listener).shared()))
    }
}

/// Looks whether a descriptor can be a listener, as far as that can be seen without a connection.
fn inherited(fd: OwnedFd) -> io::Result<TcpListener> {
    let socket = TcpStream::from(fd);
    // Neither what is no socket nor one of another family has such an address.
    socket.local_addr()?;
    // A socket for datagrams has no such option.
    socket.nodelay()?;
    if socket.peer_addr().is_ok() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a connection"));
    }
    Ok(TcpListener::from(OwnedFd::from(socket)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Request;
    use std::fs::File;
    use std::io::{Read, Write};
    use std::net::UdpSocket;
    use std::os::unix::net::UnixListener;
    use std::thread;
    use std::time::Duration;

    #[test]
    fn takes_a_listener_and_nothing_else() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let addr = listener.local_addr().expect("an address");
        let taken = inherited(listener.try_clone().expect("a descriptor").into());
        assert_eq!(taken.expect("a listener").local_addr().expect("an address"), addr);

        let stream = TcpStream::connect(addr).expect("a connection");
        let refused = inherited(stream.into()).expect_err("a connection");
        assert_eq!(refused.to_string(), "it is a connection");
        let datagrams = UdpSocket::bind("127.0.0.1:0").expect("a port");
        assert!(inherited(datagrams.into()).is_err());
        let file = File::open("/dev/null").expect("a file");
        assert!(inherited(file.into()).is_err());
        let path = std::env::temp_dir().join(format!("nethttp-inherit-{}", std::process::id()));
        let local = match UnixListener::bind(&path) {
            // Where temporary files go may be too deep for a socket.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => return,
            local => local.expect("a path"),
        };
        let _ = std::fs::remove_file(&path);
        assert!(inherited(local.into()).is_err());
    }

    #[test]
    fn a_shared_listener_goes_on_and_who_was_accepted_is_answered() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let addr = listener.local_addr().expect("an address");
        let shared = Listener::from(listener.try_clone().expect("a descriptor")).shared();
        let server = Server::from_listener(shared);
        let handle = server.spawn(|_: &mut Request| "hello").expect("a thread");
        let mut fresh = TcpStream::connect(addr).expect("a connection");
        let mut used = TcpStream::connect(addr).expect("a connection");
        used.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").expect("sent");
        assert_ne!(used.read(&mut [0; 1000]).expect("an answer"), 0);
        while handle.connections() < 2 {
            thread::sleep(Duration::from_millis(1));
        }
        let closing = thread::spawn(|| handle.shutdown(Duration::from_secs(20)));
        assert_eq!(used.read(&mut [0; 1000]).expect("the end"), 0);
        fresh.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").expect("sent");
        let mut answer = String::new();
        fresh.read_to_string(&mut answer).expect("an answer");
        assert!(answer.contains("Connection: close") && answer.ends_with("hello"), "{answer}");
        let drained = closing.join().expect("no panic");
        assert_eq!((drained.open, drained.aborted), (2, 0));
        let _waiting = TcpStream::connect(addr).expect("a connection");
        listener.accept().expect("the listener listens");
    }
}

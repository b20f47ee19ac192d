//! Connections through a socket of Unix, which a path names.

use std::io;
use std::net::TcpStream;
use std::path::Path;

/// Connects to a socket of Unix. It may block until the server accepts another connection, however long that is.
///
/// Both kinds of sockets are descriptors; what is set and read through the view of TCP is common to them, except for
/// addresses and what TCP alone has.
#[cfg(unix)]
pub(super) fn connect(path: &Path) -> io::Result<TcpStream> {
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixStream;

    match UnixStream::connect(path) {
        Ok(stream) => Ok(OwnedFd::from(stream).into()),
        Err(error) => Err(io::Error::new(error.kind(), format!("{}: {error}", path.display()))),
    }
}

/// Says that there are no such sockets.
#[cfg(not(unix))]
pub(super) fn connect(path: &Path) -> io::Result<TcpStream> {
    let text = format!("expected Unix, where {} could be a socket", path.display());
    Err(io::Error::new(io::ErrorKind::Unsupported, text))
}

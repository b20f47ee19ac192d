//! The server's side: an acceptor, and the transport that it makes.

use std::fmt;
use std::io::{self, IoSlice, Read, Write};
use std::sync::Arc;

use nethttp::server::{Socket, Transport};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{Error, ServerConfig, ServerConnection, StreamOwned};

/// At most so much is encrypted before it is sent: one record. Between two writes the server looks at the client's pace.
const PIECE: usize = 16 << 10;

/// Makes the connections of a server secure.
///
/// # Examples
///
/// ```no_run
/// use nethttp::{Request, Server};
/// use nethttp_tls::Acceptor;
/// use rustls::pki_types::pem::PemObject;
/// use rustls::pki_types::{CertificateDer, PrivateKeyDer};
///
/// let chain = CertificateDer::pem_file_iter("chain.pem")?.collect::<Result<_, _>>()?;
/// let key = PrivateKeyDer::from_pem_file("key.pem")?;
/// let acceptor = Acceptor::new(chain, key)?;
/// Server::bind("[::]:443")?
///     .transport(move |socket| acceptor.accept(socket))
///     .run(|_: &mut Request| "hello")?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Acceptor(Arc<ServerConfig>);

impl Acceptor {
    /// Shows this certificate to everybody: the server's own first, then those that lead to a root.
    ///
    /// # Errors
    ///
    /// What is wrong with the certificate or its key.
    pub fn new(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
    ) -> Result<Self, Error> {
        let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key)?;
        Ok(Self::with_config(config))
    }

    /// Takes what else rustls can do: a certificate for each name, certificates of clients.
    #[must_use]
    pub fn with_config(mut config: ServerConfig) -> Self {
        // What the server speaks, the dearest first. Who insists on another protocol is refused in the handshake.
        config.alpn_protocols = vec![b"http/1.1".to_vec(), b"http/1.0".to_vec()];
        Self(Arc::new(config))
    }

    /// Puts TLS over a socket: `Server::transport(move |socket| acceptor.accept(socket))`.
    ///
    /// Nothing is waited for here: the handshake is made when the server first reads, within the time that it has for a head.
    ///
    /// # Errors
    ///
    /// A configuration that rustls cannot work with.
    pub fn accept(&self, socket: Socket) -> io::Result<Accepted> {
        let mut session = ServerConnection::new(Arc::clone(&self.0)).map_err(io::Error::other)?;
        session.set_buffer_limit(Some(PIECE));
        Ok(Accepted(StreamOwned::new(session, socket)))
    }
}

/// A connection over which a client speaks TLS.
pub struct Accepted(StreamOwned<ServerConnection, Socket>);

impl Accepted {
    /// Sends the records that wait, and says at once if that fails, which rustls leaves to the next write.
    fn send(&mut self) -> io::Result<()> {
        while self.0.conn.wants_write() {
            if self.0.conn.write_tls(&mut self.0.sock)? == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
        }
        Ok(())
    }
}

impl Read for Accepted {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0.read(buf)
    }
}

impl Write for Accepted {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.write_vectored(&[IoSlice::new(buf)])
    }

    /// A head and the start of its body go out together.
    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let len = self.0.conn.writer().write_vectored(slices)?;
        // The server writes nothing after an error.
        self.send()?;
        Ok(len)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.send()
    }
}

impl Transport for Accepted {
    /// Says that nothing more comes: without it, a client cannot tell the end of a body from a cut.
    fn finish(&mut self) -> io::Result<()> {
        self.0.conn.send_close_notify();
        self.send()
    }

    /// What rustls has decrypted and nobody has read yet. A part of a record needs the rest from the socket, and so does not
    /// count.
    fn has_buffered(&self) -> bool {
        !self.0.conn.wants_read()
    }

    /// What handlers are told. They are asked nothing before the handshake, since there is no request before it.
    fn is_secure(&self) -> bool {
        true
    }
}

impl fmt::Debug for Accepted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Accepted").field(&self.0.sock).finish()
    }
}

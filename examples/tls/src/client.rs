//! The client's side: a connector that verifies certificates, and the stream that it makes.

use std::io::{self, IoSlice, Read, Write};
use std::sync::Arc;

use nethttp::client::{Connect, Dial, Overlay, Stream, Target};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// Makes secure connections: `Client::builder().tls(..)` takes it.
///
/// # Examples
///
/// ```
/// use nethttp::Client;
/// use nethttp_tls::Connector;
/// use rustls::RootCertStore;
///
/// // The roots that Mozilla trusts.
/// let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.into() };
/// let client = Client::builder().tls(Connector::new(roots)).build()?;
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Connector(Arc<ClientConfig>);

impl Connector {
    /// Trusts these roots, and shows no certificate of its own.
    #[must_use]
    pub fn new(roots: RootCertStore) -> Self {
        let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        Self::with_config(config)
    }

    /// Takes what else rustls can do: certificates of clients, a verifier of one's own, a log of keys.
    #[must_use]
    pub fn with_config(mut config: ClientConfig) -> Self {
        // A server that speaks HTTP/2 as well must not choose it.
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Self(Arc::new(config))
    }
}

impl Connect for Connector {
    fn connect(&self, target: &Target<'_>, dial: Dial<'_>) -> io::Result<Stream> {
        // Whom the certificate must be of. A name, unlike an address, is also told to the server (SNI).
        let name = ServerName::try_from(target.host().to_owned()).map_err(io::Error::other)?;
        let session = ClientConnection::new(Arc::clone(&self.0), name).map_err(io::Error::other)?;
        // The way there, a proxy's tunnel included. It keeps to the deadline, and ends when the exchange is cancelled.
        let mut stream = StreamOwned::new(session, dial.stream()?);
        // Has the handshake made now: what goes wrong later is no longer an error of the kind `Tls`.
        stream.flush()?;
        Ok(Stream::overlay(Secure(stream)))
    }
}

/// A stream that says when it ends.
struct Secure(StreamOwned<ClientConnection, Stream>);

impl Secure {
    /// Sends the records that wait.
    fn send(&mut self) -> io::Result<()> {
        while self.0.conn.wants_write() {
            if self.0.conn.write_tls(&mut self.0.sock)? == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
        }
        Ok(())
    }
}

impl Read for Secure {
    /// The end is one only after `close_notify`. Without, rustls reports `UnexpectedEof`, so that a body which nothing but
    /// the end of the connection ends cannot be cut short by whoever is on the way.
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0.read(buf)
    }
}

impl Write for Secure {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.write_vectored(&[IoSlice::new(buf)])
    }

    /// A head and the start of its body go out together.
    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        // What is left of the last write comes first, and fails here if that did.
        self.send()?;
        let len = self.0.conn.writer().write_vectored(slices)?;
        // These bytes are taken: to report an error now would have them written once more.
        let _ = self.send();
        Ok(len)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.send()?;
        self.0.sock.flush()
    }
}

impl Overlay for Secure {
    /// Between two exchanges there may be records that are none of a response's, tickets above all: they are taken in.
    fn is_quiet(&mut self) -> bool {
        while self.0.conn.wants_read() && !self.0.sock.is_quiet() {
            let read = self.0.conn.read_tls(&mut self.0.sock);
            if !read.is_ok_and(|len| len > 0) || self.0.conn.process_new_packets().is_err() {
                return false;
            }
        }
        // Neither data nor the end has come.
        self.0.conn.wants_read()
    }

    /// Clients must say that they close, [RFC 9112 §9.8](https://www.rfc-editor.org/rfc/rfc9112#section-9.8).
    fn finish(&mut self) -> io::Result<()> {
        self.0.conn.send_close_notify();
        self.send()
    }
}

//! The other side without nethttp: rustls over a socket, which does what a test tells it to.

use std::io::{self, BufRead, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rustls::pki_types::ServerName;
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, StreamOwned,
    SupportedProtocolVersion,
};

use super::PATIENCE;
use super::identity::Identity;

/// A server with a thread for each connection.
pub(crate) struct ByHand {
    pub(crate) port: u16,
    connections: Arc<AtomicUsize>,
}

/// A connection, as the server's side has it.
pub(crate) type Peer = StreamOwned<ServerConnection, TcpStream>;

/// Both versions that are still safe.
pub(crate) const VERSIONS: [&SupportedProtocolVersion; 2] =
    [&rustls::version::TLS12, &rustls::version::TLS13];

impl ByHand {
    /// Starts a server that lets `talk` have every connection, with its number.
    pub(crate) fn start(
        identity: &Identity,
        versions: &[&'static SupportedProtocolVersion],
        talk: impl Fn(usize, &mut Peer) + Send + Sync + 'static,
    ) -> Self {
        let mut config = ServerConfig::builder_with_protocol_versions(versions)
            .with_no_client_auth()
            .with_single_cert(identity.chain.clone(), identity.key())
            .unwrap();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let config = Arc::new(config);
        Self::plain(move |number, socket| {
            let session = ServerConnection::new(Arc::clone(&config)).unwrap();
            talk(number, &mut StreamOwned::new(session, socket));
        })
    }

    /// Starts a server that knows nothing of TLS.
    pub(crate) fn plain(talk: impl Fn(usize, TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let (talk, counted) = (Arc::new(talk), Arc::clone(&connections));
        thread::spawn(move || {
            for socket in listener.incoming() {
                let (talk, socket) = (Arc::clone(&talk), socket.unwrap());
                socket.set_read_timeout(Some(PATIENCE)).unwrap();
                socket.set_nodelay(true).unwrap();
                let number = counted.fetch_add(1, Ordering::SeqCst);
                thread::spawn(move || talk(number, socket));
            }
        });
        Self { port, connections }
    }

    /// Returns how many connections there have been so far.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn url(&self, host: &str, path: &str) -> String {
        format!("https://{host}:{}{path}", self.port)
    }
}

/// Reads a request with its body, which has a length if there is one; `None` is the end, however it came.
pub(crate) fn request(peer: &mut impl BufRead) -> Option<(String, Vec<u8>)> {
    let (mut head, mut len) = (String::new(), 0);
    while !head.ends_with("\r\n\r\n") {
        let start = head.len();
        if peer.read_line(&mut head).ok()? == 0 {
            return None;
        }
        if let Some(value) = head[start..].strip_prefix("Content-Length: ") {
            len = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; len];
    peer.read_exact(&mut body).ok()?;
    Some((head, body))
}

/// Sends bytes, all of them.
pub(crate) fn say(peer: &mut impl Write, bytes: &[u8]) {
    peer.write_all(bytes).and_then(|()| peer.flush()).unwrap();
}

/// Says that nothing more comes.
pub(crate) fn close(peer: &mut Peer) {
    peer.conn.send_close_notify();
    peer.flush().unwrap();
}

/// A client's side.
pub(crate) type Caller = StreamOwned<ClientConnection, TcpStream>;

/// Connects, and offers these protocols.
pub(crate) fn call(roots: RootCertStore, port: u16, protocols: &[&str]) -> Caller {
    let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    let name = ServerName::try_from("localhost").unwrap();
    let session = ClientConnection::new(Arc::new(config), name).unwrap();
    let socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    StreamOwned::new(session, socket)
}

/// Reads to the end; an error tells that the end was none.
pub(crate) fn rest(stream: &mut impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

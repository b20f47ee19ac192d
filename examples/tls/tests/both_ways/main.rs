//! The adapters against each other, against rustls by hand, and against curl and Python: all on the loopback, with
//! certificates made on the spot.

#[path = "../../../../tests/support/peers.rs"]
#[allow(dead_code, reason = "the tools of the crate's own tests, of which some are needed")]
mod peers;
#[path = "../../../../tests/support/program.rs"]
#[allow(dead_code, reason = "the tools of the crate's own tests, of which some are needed")]
mod program;
#[path = "../../../../tests/support/scratch.rs"]
#[allow(dead_code, reason = "the tools of the crate's own tests, of which some are needed")]
mod scratch;

mod client;
mod ends;
mod identity;
mod outside;
mod proxy;
mod rustls_by_hand;
mod server;

use std::time::Duration;

use nethttp::client::{ClientBuilder, Proxies, Timeouts};
use nethttp::server::Handler;
use nethttp::{Client, Error, Server, ServerHandle};
use nethttp_tls::{Acceptor, Connector};
use rustls::RootCertStore;

use identity::Identity;

/// No test waits longer for anything.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sets up a client that finds every name here, and goes there without a proxy.
fn builder(roots: RootCertStore) -> ClientBuilder {
    Client::builder()
        .tls(Connector::new(roots))
        .resolver(|_: &str, port: u16| Ok(vec![([127, 0, 0, 1], port).into()]))
        .proxies(Proxies::none())
        .timeouts(Timeouts::DEFAULT.total(Some(PATIENCE)))
}

fn client(roots: RootCertStore) -> Client {
    builder(roots).build().unwrap()
}

/// Returns an error's words, and those of what lies below it.
fn told(error: &Error) -> String {
    let mut text = error.to_string();
    let mut below = std::error::Error::source(error);
    while let Some(error) = below {
        text.push_str(&format!(" / {error}"));
        below = error.source();
    }
    text
}

/// A secure server of nethttp that ends with the test.
struct Running(Option<ServerHandle>);

impl Running {
    fn start(identity: &Identity, handler: impl Handler + 'static) -> Self {
        Self::with(Server::bind("127.0.0.1:0").unwrap(), identity, handler)
    }

    fn with(server: Server, identity: &Identity, handler: impl Handler + 'static) -> Self {
        let acceptor = Acceptor::new(identity.chain.clone(), identity.key()).unwrap();
        let server = server.transport(move |socket| acceptor.accept(socket));
        Self(Some(server.spawn(handler).unwrap()))
    }

    fn handle(&self) -> &ServerHandle {
        self.0.as_ref().unwrap()
    }

    fn port(&self) -> u16 {
        self.handle().addr().port()
    }

    fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.port())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(handle) = self.0.take() {
            handle.shutdown(PATIENCE);
        }
    }
}

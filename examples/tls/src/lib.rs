//! TLS for nethttp's client and server, over [rustls](https://docs.rs/rustls): the two adapters that a program copies, each complete in
//! its own file, with a reason for every line.
//!
//! - [`Connector`] is what a client is given with `Client::builder().tls(..)`.
//! - [`Acceptor`] is what a server is given with `Server::transport(..)`.
//!
//! What HTTP asks of TLS is [RFC 9110 §4.3.4](https://www.rfc-editor.org/rfc/rfc9110#section-4.3.4) (who a certificate must be of) and
//! [RFC 9112 §9.8](https://www.rfc-editor.org/rfc/rfc9112#section-9.8) (how a connection ends). Certificates of clients are not asked for:
//! that is a setting of rustls, which [`Acceptor::with_config`] takes.
//!
//! ```
//! use nethttp::{Client, Request, Server};
//! use nethttp_tls::{Acceptor, Connector};
//! use rcgen::{CertifiedKey, generate_simple_self_signed};
//! use rustls::RootCertStore;
//!
//! // A certificate that vouches for itself.
//! let CertifiedKey { cert, signing_key } = generate_simple_self_signed(vec!["127.0.0.1".to_owned()])?;
//! let acceptor = Acceptor::new(vec![cert.der().clone()], signing_key.into())?;
//! let server = Server::bind("127.0.0.1:0")?.transport(move |socket| acceptor.accept(socket));
//! let server = server.spawn(|request: &mut Request| format!("hello over {}", request.scheme()))?;
//!
//! let mut roots = RootCertStore::empty();
//! roots.add(cert.der().clone())?;
//! let client = Client::builder().tls(Connector::new(roots)).build()?;
//! let url = format!("https://{}/", server.addr());
//! assert_eq!(client.get(url).send()?.text()?, "hello over https");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod client;
mod server;

pub use client::Connector;
pub use server::{Accepted, Acceptor};

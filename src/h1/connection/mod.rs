//! A connection as each of its sides sees it, without I/O.
//!
//! The caller owns the buffers and moves the bytes; a connection says what they mean and whose turn it
//! is. [`ServerConnection`] reads requests and writes responses, [`ClientConnection`] the reverse; two of
//! them talk to each other through two byte buffers.
//!
//! ```
//! use nethttp::h1::{Config, ServerConnection, ServerEvent, ServerNext};
//! use nethttp::{HeaderMap, StatusCode};
//!
//! let mut connection = ServerConnection::new(&Config::SERVER);
//! let input = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
//! let (used, event) = connection.receive(input)?;
//! assert!(matches!(event, ServerEvent::Request(head) if head.target() == b"/"));
//! let (_, event) = connection.receive(&input[used..])?;
//! assert!(matches!(event, ServerEvent::End));
//!
//! let mut out = Vec::new();
//! connection.send_response(StatusCode::OK, None, &HeaderMap::new(), Some(2), None, &mut out)?;
//! connection.send_data(b"ok", &mut out)?;
//! connection.finish(&HeaderMap::new(), &mut out)?;
//! assert_eq!(connection.next(), ServerNext::Request);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it sees to
//!
//! - A request is not shown before its framing, its Host and its target are found valid.
//! - The next request is not read before the last one is answered ([`ServerEvent::Paused`]).
//! - Whoever said `close` is taken at their word; after an error nothing more is read or sent.
//! - `100 Continue` can be sent only while it makes sense, and an answer without it, to a client that
//!   waits for it, closes the connection, since nobody knows whether the body will come.

mod client;
mod server;
mod state;

pub use client::{ClientConnection, ClientEvent};
pub use server::{ServerConnection, ServerEvent, ServerNext};

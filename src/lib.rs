//! HTTP/1.1 on the standard library alone: a strict parser, a blocking client and a blocking server,
//! without a dependency and without `unsafe`.
//!
//! # A client
//!
//! ```no_run
//! let page = nethttp::get("http://example.org/").send()?;
//! println!("{} {:?}", page.status(), page.header("Content-Type"));
//! println!("{}", page.text()?);
//! # Ok::<(), nethttp::Error>(())
//! ```
//!
//! # A server
//!
//! ```no_run
//! use nethttp::message::IntoResponse;
//! use nethttp::{Request, StatusCode};
//!
//! nethttp::serve("127.0.0.1:8080", |request: &mut Request| match request.path() {
//!     "/" => "hello\n".into_response(),
//!     _ => StatusCode::NOT_FOUND.into_response(),
//! })?;
//! # Ok::<(), nethttp::Error>(())
//! ```
//!
//! # Without I/O
//!
//! Everything that can be decided without a socket is decided without a socket, in [`h1`]: under any
//! runtime, or none.
//!
//! ```
//! use nethttp::h1::{Config, ServerConnection, ServerEvent};
//!
//! let mut connection = ServerConnection::new(&Config::SERVER);
//! let (used, event) = connection.receive(b"GET /a HTTP/1.1\r\nHost: example.org\r\n\r\n")?;
//! assert!(matches!(event, ServerEvent::Request(head) if head.target() == b"/a"));
//! # Ok::<(), nethttp::h1::ParseError>(())
//! ```
//!
//! # The rooms
//!
//! | module | what it holds | needs |
//! |---|---|---|
//! | [`syntax`] | byte classes, lists, parameters, quoted strings, numbers, percent-encoding | `alloc` |
//! | [`coding`] | gzip, zlib and deflate, both ways, with limits | `alloc`, `std` for readers and writers |
//! | [`method`], [`status`], [`version`], [`header`], [`uri`], [`field`] | the vocabulary of HTTP, each with its parser | `alloc` |
//! | [`negotiate`] | what a client accepts, and which of the offers that is | `alloc` |
//! | [`cookie`] | `Cookie`, `Set-Cookie`, and the jar between them | `alloc`, `std` for files |
//! | [`form`] | forms, both ways: urlencoded and multipart | `alloc`, `std` for files and readers |
//! | [`h1`] | HTTP/1.1 on the wire: heads, framing, bodies, encoding, the connection | `alloc` |
//! | [`message`] | [`Request`], [`Response`], [`Body`] | `alloc`, `std` for files and readers |
//! | `error` | the one `Error` of client and server | `std` |
//! | `client`, `server` | threads and sockets, thin | the features of that name |
//! | `mock` | servers that are none, and scripted connections, for tests of programs that use the client | `client` |
//!
//! # Features
//!
//! `std`, `client` and `server` are on by default; the last two imply the first. Without any of them the
//! crate is its pure part, `no_std` with `alloc`. Features only add.
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::as_conversions,
        clippy::cast_possible_truncation
    )
)]

extern crate alloc;

#[cfg(feature = "client")]
pub mod client;
pub mod coding;
pub mod cookie;
#[cfg(feature = "std")]
pub mod error;
pub mod field;
pub mod form;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzz;
pub mod h1;
mod hash;
pub mod header;
pub mod message;
pub mod method;
#[cfg(feature = "client")]
pub mod mock;
pub mod negotiate;
#[cfg(feature = "std")]
mod random;
#[cfg(feature = "server")]
pub mod server;
mod setters;
#[cfg(feature = "std")]
mod staged;
pub mod status;
pub mod syntax;
pub mod uri;
pub mod version;

#[cfg(feature = "client")]
pub use client::{Client, delete, get, head, options, patch, post, put, request};
pub use cookie::{Cookie, CookieJar};
#[cfg(feature = "std")]
pub use error::{Error, Result};
pub use field::MediaType;
pub use header::{HeaderMap, HeaderName, HeaderValue};
pub use message::{Body, Request, Response};
pub use method::Method;
#[cfg(feature = "server")]
pub use server::{Router, Server, ServerHandle, serve};
pub use status::StatusCode;
pub use uri::Uri;
pub use version::Version;

//! A connection as each of its sides sees it, without I/O.
//!
//! The caller owns the buffers and moves the bytes; a connection says what they mean and whose turn it
//! is. [`ServerConnection`] reads requests and writes responses, [`ClientConnection`] the reverse; two of
//! them talk to each other through two byte buffers.

mod client;
mod server;
mod state;

pub use client::{ClientConnection, ClientEvent};
pub use server::{ServerConnection, ServerEvent, ServerNext};

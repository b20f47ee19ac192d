//! The blocking client against scripted servers on the loopback.
#![cfg(feature = "client")]

mod auth;
mod coding;
mod forms;
mod odd;
mod replies;
mod reuse;
mod server;
mod timeouts;
mod upload;
mod urls;

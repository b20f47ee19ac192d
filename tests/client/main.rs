//! The blocking client against scripted servers on the loopback, and against real ones.
#![cfg(feature = "client")]

#[path = "../support/mod.rs"]
mod support;

mod auth;
mod coding;
mod forms;
mod odd;
mod real;
mod replies;
mod reuse;
mod server;
mod timeouts;
mod upload;
mod urls;

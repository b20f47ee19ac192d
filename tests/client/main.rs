//! The blocking client against scripted servers on the loopback, and against real ones.
#![cfg(feature = "client")]

#[path = "../support/mod.rs"]
mod support;

mod auth;
mod cancel;
mod coding;
mod cookies;
mod download;
mod early;
mod faults;
mod forms;
mod hostile;
mod layers;
mod leniency;
mod long;
mod odd;
mod overlays;
mod readme;
mod real;
mod replies;
mod retries;
mod reuse;
mod secrets;
mod server;
mod settings;
mod timeouts;
mod upload;
mod urls;
mod ways;
mod wire_tables;

//! The examples, run as the programs that they are, against clients and servers that others wrote.
//!
//! `cargo test` builds the examples before it runs this; `cargo test --test examples` alone does not,
//! and then what was built last is tried.

#[path = "../support/mod.rs"]
mod support;

mod api;
mod bring_your_own_io;
mod echo;
mod fetch;
mod inspect;
mod peer_servers;
mod serve;

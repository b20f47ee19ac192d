//! The examples, run as the programs that they are, against clients and servers that others wrote.

#[path = "../support/mod.rs"]
mod support;

mod api;
mod bring_your_own_io;
#[cfg(unix)]
mod descriptors;
mod echo;
mod events;
mod fetch;
mod inspect;
mod peer_servers;
#[cfg(unix)]
mod prefork;
mod serve;

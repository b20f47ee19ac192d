//! From a host and a port to a socket, within deadlines, and not longer than somebody wants it.

mod addresses;
mod errands;
mod local;
mod race;

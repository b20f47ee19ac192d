//! The comparison of URI libraries: the inputs, this crate's half and the peers' half.
//!
//! `src/bin/uris.rs` runs it.

pub mod inputs;
pub mod ours;
pub mod theirs;

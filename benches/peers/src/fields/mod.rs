//! The comparison of field values and field maps: the inputs, this crate's half and the peers' half.
//!
//! `src/bin/fields.rs` runs it.

pub mod inputs;
pub mod ours;
pub mod theirs;

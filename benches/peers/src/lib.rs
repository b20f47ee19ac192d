//! What the comparisons share: the inputs, the peers' half, the clock and the arithmetic.

#[path = "../../heads/mod.rs"]
pub mod heads;
pub mod measure;
pub mod ours;
pub mod theirs;

/// How many field slots every parser gets.
pub const SLOTS: usize = 64;

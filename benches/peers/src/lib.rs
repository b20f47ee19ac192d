//! What the comparisons share: the inputs, the peers' half, the clock and the arithmetic.

pub mod clients;
pub mod codings;
pub mod cookies;
pub mod differential;
pub mod fields;
pub mod forms;
#[path = "../../heads/mod.rs"]
pub mod heads;
pub mod measure;
pub mod negotiation;
pub mod ours;
pub mod process;
#[path = "../../random/mod.rs"]
pub mod random;
pub mod run;
pub mod servers;
pub mod theirs;
pub mod turns;
pub mod uris;

/// How many field slots every parser gets.
pub const SLOTS: usize = 64;

//! The inputs and the two halves of the comparison of cookies.

#[path = "../../../cookies/mod.rs"]
pub mod inputs;
pub mod ours;
pub mod theirs;

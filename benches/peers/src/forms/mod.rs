//! The inputs and the two halves of the comparison of forms.

#[path = "../../../forms/mod.rs"]
pub mod inputs;
pub mod ours;
pub mod theirs;

//! The inputs and the libraries of the comparison of content codings.

pub mod corpora;
pub mod libraries;
pub mod ours;
pub mod theirs;

#[cfg(test)]
mod tests;

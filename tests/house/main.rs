//! The rules of the house, checked on the text of the repository.
//!
//! Each rule is a function over text that reports what it finds wrong. The rule is tried on texts
//! that break it, and then applied to the repository. See `DESIGN.md` for the reasons.

mod docs;
mod errors;
mod excuses;
mod layers;
mod manifest;
mod readme;
mod sizes;
mod source;

//! The differential test of negotiation: what is compared, how, and which differences are known.
//!
//! `src/bin/negotiate_differential.rs` runs it.

pub mod case;
pub mod compare;
pub mod exceptions;

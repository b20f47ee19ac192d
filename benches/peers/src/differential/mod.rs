//! The differential test of URIs: inputs, an oracle that follows the text of
//! [RFC 3986](https://www.rfc-editor.org/rfc/rfc3986), and the comparison of three libraries.
//!
//! `src/bin/uri_differential.rs` runs it.

pub mod compare;
pub mod components;
pub mod exceptions;
pub mod generate;
pub mod oracle;
pub mod targets;

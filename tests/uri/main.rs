//! URIs, references, hosts and request targets, from the outside.
//!
//! `oracle` says what RFC 3986 says, by the grammar as the RFC prints it (`abnf`). `bytes`, `strings`,
//! `addresses` and `members` hold the crate against it. `laws`, `forms`, `query`, `idna`, `target` and
//! `linear` hold it against itself.

/// In a module of this name, so that `cargo test uri` runs these as well as the room's own tests.
#[path = "."]
mod uri {
    mod abnf;
    mod addresses;
    mod bytes;
    mod forms;
    mod idna;
    mod laws;
    mod linear;
    mod members;
    mod oracle;
    mod query;
    mod strings;
    mod target;
}

//! URIs, references, hosts and request targets, from the outside.

/// In a module of this name, so that `cargo test uri` runs these as well as the room's own tests.
#[path = "."]
mod uri {
    mod laws;
    mod linear;
    mod target;
}

//! Content negotiation, from the outside: laws, and models that say the RFCs in other words.

/// In a module of this name, so that `cargo test negotiate` runs these as well as the room's own tests.
#[path = "."]
mod negotiate {
    mod accept;
    mod encoding;
    mod language;
    mod laws;
}

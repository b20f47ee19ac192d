//! Cookies, from the outside: tables by the sections of the two texts, every byte at every place, files and
//! other programs.
//!
//! The models that are slow and obviously right are in `src/fuzz/cookie`, with the laws that need them.

#[path = "../support/mod.rs"]
mod support;

/// In a module of this name, so that `cargo test cookie` runs these as well as the room's own tests.
#[path = "."]
mod cookie {
    mod builder;
    mod delta;
    mod eviction;
    mod files;
    mod hostile;
    mod jar;
    mod kit;
    mod laws;
    mod messages;
    #[cfg(all(feature = "client", feature = "server"))]
    mod peers;
    mod retrieval;
    mod security;
    mod set_cookie;
}

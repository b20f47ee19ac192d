//! Cookies, from the outside: tables by the sections of the two texts, every byte at every place, and a
//! model of the jar that is slow and obviously right.

/// In a module of this name, so that `cargo test cookie` runs these as well as the room's own tests.
#[path = "."]
mod cookie {
    mod builder;
    mod date;
    mod delta;
    mod eviction;
    mod files;
    mod hostile;
    mod jar;
    mod kit;
    mod laws;
    mod messages;
    mod model;
    mod retrieval;
    mod set_cookie;
}

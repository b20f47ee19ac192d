//! Content codings, from the outside: blocks that no encoder writes, and every way to break and to cut those
//! that one does.

extern crate alloc;

#[path = "../support/mod.rs"]
mod support;

/// In a module of this name, so that `cargo test coding` runs these as well as the room's own tests.
#[path = "."]
mod coding {
    use nethttp::coding::{CodingErrorKind, Format};

    mod checks;
    mod gzip;
    mod hostile;
    mod inflate;
    mod kit;
    mod laws;
    mod limits;
    /// The fuzzers' model, which they compile into the crate.
    #[path = "../../src/fuzz/coding/model.rs"]
    mod model;
    mod peers;
    #[cfg(feature = "std")]
    mod reading;
    mod refused;
    mod zlib;
}

//! Forms, from the outside: as the programs that people have really send them, as nobody should send them,
//! and cut at every byte.
//!
//! The model that is slow and obviously right is in `src/fuzz/multipart`, with the laws that need it.

extern crate alloc;

#[path = "../support/mod.rs"]
mod support;

/// In a module of this name, so that `cargo test form` runs these as well as the room's own tests.
#[path = "."]
mod form {
    use nethttp::field::{FieldErrorKind, MediaType};
    use nethttp::form::{
        FormError, FormErrorKind, MultipartEvent, MultipartLimits, MultipartParser, PartHead,
    };
    use nethttp::syntax::SyntaxErrorKind;

    /// The fuzzers' driver of a parser, and their model.
    #[path = "../../src/fuzz/multipart/drive.rs"]
    mod drive;
    mod hostile;
    mod kit;
    #[path = "../../src/fuzz/multipart/model.rs"]
    mod model;
    #[cfg(all(feature = "client", feature = "server"))]
    mod peers;
    #[cfg(feature = "std")]
    mod reading;
    mod real;
    mod refused;
}

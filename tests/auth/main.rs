//! Authentication, from the outside: a model that is slow and obviously right, laws, what servers really send,
//! and what they send to do harm.

extern crate alloc;

/// In a module of this name, so that `cargo test auth` runs these as well as the room's own tests.
#[path = "."]
mod auth {
    use nethttp::HeaderMap;
    use nethttp::field::FieldErrorKind;
    use nethttp::field::auth::{Challenge, Challenges};

    mod exhaustive;
    mod hostile;
    mod laws;
    /// The fuzzers' model, which they compile into the crate.
    #[path = "../../src/fuzz/auth/model.rs"]
    mod model;
    mod secrets;
    mod wild;
}

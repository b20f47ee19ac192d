//! Typed values of fields, from the outside: laws, and models that are slow and obviously right.

#[path = "../support/mod.rs"]
mod support;

/// In a module of this name, so that `cargo test field` runs these as well as the room's own tests.
#[path = "."]
mod field {
    mod allow;
    mod byteranges;
    mod cache_control;
    mod conditional;
    mod content_encoding;
    mod dates;
    mod disposition;
    mod etags;
    mod languages;
    mod limits;
    mod media_types;
    mod ranges;
    mod retry_after;
    mod user_agent;
    mod vary;
}

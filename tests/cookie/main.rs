//! Cookies, from the outside: laws, and models that are slow and obviously right.

/// In a module of this name, so that `cargo test cookie` runs these as well as the room's own tests.
#[path = "."]
mod cookie {
    mod date;
}

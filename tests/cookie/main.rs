//! Cookies, from the outside: laws, models that are slow and obviously right, and every byte at every place.

/// In a module of this name, so that `cargo test cookie` runs these as well as the room's own tests.
#[path = "."]
mod cookie {
    mod builder;
    mod date;
    mod delta;
    mod messages;
}

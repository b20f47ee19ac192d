//! Cookies: what a client and a server read, and the jar.

mod date;
mod field;
mod file;
mod header;
mod jar;
mod model;
mod set_cookie;

pub use file::cookie_file;
pub use header::cookie_header;
pub use jar::cookie_jar;
pub use set_cookie::set_cookie;

/// The parts of a text between separators.
fn split(text: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    text.split(move |&octet| octet == separator)
}

/// What stands before the first `=` and behind it, without the whitespace around.
fn at_equals(part: &[u8]) -> (&[u8], Option<&[u8]>) {
    let mut parts = part.splitn(2, |&octet| octet == b'=');
    (trimmed(parts.next().unwrap_or_default()), parts.next().map(trimmed))
}

/// Takes spaces and tabs from both ends, one after the other.
fn trimmed(text: &[u8]) -> &[u8] {
    let mut text = text;
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}

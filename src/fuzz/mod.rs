//! What the fuzzers run: one function for each target, with its invariant in one sentence.
//!
//! The targets in `fuzz/` call these and nothing else, so that `cargo test` can replay every seed, and
//! every input that was ever found to break one, through the same code. The bodies may assert and
//! nothing else.
//!
//! ```text
//! cargo +nightly fuzz run connection fuzz/corpus/connection fuzz/seeds/connection -- -dict=fuzz/http.dict
//! ```
//!
//! An input that breaks a target is made small with `cargo fuzz tmin` and goes to
//! `fuzz/crashes/<target>/` together with the fix.

mod auth;
mod body;
#[cfg(feature = "client")]
mod client;
mod coding;
mod connection;
mod cookie;
mod field;
#[cfg(feature = "server")]
mod file_path;
mod form;
mod head;
mod multipart;
mod negotiate;
#[cfg(feature = "server")]
mod router;
mod uri;

pub use auth::auth;
pub use body::body_chunked;
#[cfg(feature = "client")]
pub use client::{client_file, proxy, redirect};
pub use coding::{deflate_roundtrip, gzip, inflate};
pub use connection::connection;
pub use cookie::{cookie_file, cookie_header, cookie_jar, set_cookie};
pub use field::field_values;
#[cfg(feature = "server")]
pub use file_path::file_path;
pub use form::form;
pub use head::{head_request, head_response};
pub use multipart::multipart;
pub use negotiate::negotiate;
#[cfg(feature = "server")]
pub use router::router;
pub use uri::{uri_fix_up, uri_normalize, uri_parse, uri_resolve};

use crate::h1::{Config, Leniency};

/// Strict, as clients are read, and with every leniency there is.
const CONFIGS: [Config; 3] = [
    Config::SERVER,
    Config::CLIENT,
    Config::CLIENT.leniency(
        Leniency::CLIENT
            .request_spaces(true)
            .ctl_in_value(true)
            .raw_target_bytes(true)
            .skip_invalid_fields(true),
    ),
];

/// The three ways to cut an input: whole, in two pieces, byte by byte.
fn piece_sizes(len: usize) -> [usize; 3] {
    [len.max(1), len.div_ceil(2).max(1), 1]
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use alloc::format;
    use std::fs;
    use std::path::Path;

    /// Runs a target on every file in a folder; returns how many there were.
    fn replay(folder: &str, target: fn(&[u8])) -> usize {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let Ok(files) = fs::read_dir(&folder) else {
            return 0;
        };
        let inputs = files.map(|file| fs::read(file.unwrap().path()).unwrap());
        inputs.map(|input| target(&input)).count()
    }

    #[track_caller]
    fn holds(name: &str, target: fn(&[u8])) {
        // The published package has neither fuzzers nor seeds.
        if !Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").exists() {
            return;
        }
        assert!(replay(&format!("fuzz/seeds/{name}"), target) > 0, "{name} has no seeds");
        replay(&format!("fuzz/crashes/{name}"), target);
    }

    #[test]
    fn auth_holds_on_every_seed() {
        holds("auth", super::auth);
    }

    #[test]
    fn head_request_holds_on_every_seed() {
        holds("head_request", super::head_request);
    }

    #[test]
    fn head_response_holds_on_every_seed() {
        holds("head_response", super::head_response);
    }

    #[test]
    fn body_chunked_holds_on_every_seed() {
        holds("body_chunked", super::body_chunked);
    }

    #[test]
    fn connection_holds_on_every_seed() {
        holds("connection", super::connection);
    }

    #[test]
    fn field_values_holds_on_every_seed() {
        holds("field_values", super::field_values);
    }

    #[cfg(feature = "client")]
    #[test]
    fn redirect_holds_on_every_seed() {
        holds("redirect", super::redirect);
    }

    #[cfg(feature = "client")]
    #[test]
    fn proxy_holds_on_every_seed() {
        holds("proxy", super::proxy);
    }

    #[cfg(feature = "client")]
    #[test]
    fn client_file_holds_on_every_seed() {
        holds("client_file", super::client_file);
    }

    #[cfg(feature = "server")]
    #[test]
    fn file_path_holds_on_every_seed() {
        holds("file_path", super::file_path);
    }

    #[test]
    fn form_holds_on_every_seed() {
        holds("form", super::form);
    }

    #[test]
    fn multipart_holds_on_every_seed() {
        holds("multipart", super::multipart);
    }

    #[test]
    fn inflate_holds_on_every_seed() {
        holds("inflate", super::inflate);
    }

    #[test]
    fn gzip_holds_on_every_seed() {
        holds("gzip", super::gzip);
    }

    #[test]
    fn deflate_roundtrip_holds_on_every_seed() {
        holds("deflate_roundtrip", super::deflate_roundtrip);
    }

    #[test]
    fn negotiate_holds_on_every_seed() {
        holds("negotiate", super::negotiate);
    }

    #[cfg(feature = "server")]
    #[test]
    fn router_holds_on_every_seed() {
        holds("router", super::router);
    }

    #[test]
    fn cookie_header_holds_on_every_seed() {
        holds("cookie_header", super::cookie_header);
    }

    #[test]
    fn set_cookie_holds_on_every_seed() {
        holds("set_cookie", super::set_cookie);
    }

    #[test]
    fn cookie_file_holds_on_every_seed() {
        holds("cookie_file", super::cookie_file);
    }

    #[test]
    fn cookie_jar_holds_on_every_seed() {
        holds("cookie_jar", super::cookie_jar);
    }

    #[test]
    fn uri_parse_holds_on_every_seed() {
        holds("uri_parse", super::uri_parse);
    }

    #[test]
    fn uri_resolve_holds_on_every_seed() {
        holds("uri_resolve", super::uri_resolve);
    }

    #[test]
    fn uri_normalize_holds_on_every_seed() {
        holds("uri_normalize", super::uri_normalize);
    }

    #[test]
    fn uri_fix_up_holds_on_every_seed() {
        holds("uri_fix_up", super::uri_fix_up);
    }
}

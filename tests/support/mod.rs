//! Tools shared by the test binaries: each takes what it needs with `mod support;`.
//!
//! - [`feed`]: one input, every way it can arrive; all ways must give the same.
//! - [`pair`]: a client's and a server's connection that talk to each other.
//! - [`fault`]: streams that fail, stall or end at byte n, and a scripted one.
//! - [`peers`]: the programs that the examples are tried against.
//! - [`program`]: running programs, which never outlive the test.
//! - [`scratch`]: a directory for one test.
//! - [`json`]: a reader for the JSON lines of `tests/data/`.
//! - [`vectors`]: the request vectors, as bytes.
#![allow(dead_code, reason = "every test binary compiles all tools and uses some")]

pub(crate) mod fault;
pub(crate) mod feed;
pub(crate) mod json;
pub(crate) mod pair;
pub(crate) mod peers;
pub(crate) mod program;
pub(crate) mod scratch;
pub(crate) mod vectors;

//! Tests of the shared test tools.

#[path = "../support/mod.rs"]
mod support;

mod fault;
mod feed;
mod json;
mod peers;
mod vectors;

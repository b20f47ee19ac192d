//! HTTP/1.1 on the standard library alone.
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::as_conversions,
        clippy::cast_possible_truncation
    )
)]

extern crate alloc;

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "std")]
pub mod error;
pub mod field;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzz;
pub mod h1;
pub mod header;
pub mod message;
pub mod method;
#[cfg(feature = "server")]
pub mod server;
pub mod status;
pub mod syntax;
pub mod uri;
pub mod version;

#[cfg(feature = "client")]
pub use client::{Client, delete, get, head, options, patch, post, put, request};
#[cfg(feature = "std")]
pub use error::{Error, Result};
pub use header::{HeaderMap, HeaderName, HeaderValue};
pub use message::{Body, Request, Response};
pub use method::Method;
#[cfg(feature = "server")]
pub use server::{Server, ServerHandle, serve};
pub use status::StatusCode;
pub use uri::Uri;
pub use version::Version;

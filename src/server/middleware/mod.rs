//! What is put around a handler: see [`Handler::wrap`](super::Handler::wrap).
//!
//! Each of these is a value that says how, and turns a request or a response that is a value into another one. None
//! of them knows of sockets.

mod access_log;
mod compress;
mod guard;
mod request_id;

pub use access_log::{AccessLog, AccessRecord};
pub use compress::Compression;
pub use guard::{Guard, User, Users};
pub use request_id::{RequestId, RequestIds};

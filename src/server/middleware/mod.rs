//! What is put around a handler: see [`Handler::wrap`](super::Handler::wrap).
//!
//! Each of these is a value that says how, and turns a request or a response that is a value into another one. None
//! of them knows of sockets.

mod access_log;
mod body_limit;
mod compress;
mod cors;
mod cross_origin;
mod error_pages;
mod guard;
mod origin;
mod request_id;
mod security_headers;
mod timeout;

pub use access_log::{AccessLog, AccessRecord};
pub use body_limit::BodyLimit;
pub use compress::Compression;
pub use cors::Cors;
pub use cross_origin::CrossOriginProtection;
pub use error_pages::ErrorPages;
pub use guard::{Guard, User, Users};
pub use request_id::{RequestId, RequestIds};
pub use security_headers::SecurityHeaders;
pub use timeout::{Deadline, Timeout};

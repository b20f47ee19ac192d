//! Deflate and what stands around it: zlib and gzip, with their checksums.

mod error;
mod format;
mod level;
mod limits;

pub use error::{CodingError, CodingErrorKind};
pub use format::Format;
pub use level::Level;
pub use limits::Limits;

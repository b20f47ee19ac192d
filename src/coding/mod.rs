//! Deflate and what stands around it: zlib and gzip, with their checksums.

mod checksum;
mod deflate;
mod encoder;
mod error;
mod format;
mod level;
mod limits;
#[cfg(feature = "std")]
mod write;

pub use checksum::{Adler32, Crc32, adler32, crc32};
pub use encoder::{Encoder, encode};
pub use error::{CodingError, CodingErrorKind};
pub use format::Format;
pub use level::Level;
pub use limits::Limits;
#[cfg(feature = "std")]
pub use write::{DeflateEncoder, GzEncoder, ZlibEncoder};

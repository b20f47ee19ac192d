//! Deflate and what stands around it: zlib and gzip, with their checksums.

mod checksum;
#[cfg(feature = "std")]
mod decoded;
mod decoder;
mod deflate;
mod encoder;
mod error;
mod format;
mod gzip;
mod inflate;
mod level;
mod limits;
#[cfg(feature = "std")]
mod read;
#[cfg(feature = "std")]
mod write;

pub use checksum::{Adler32, Crc32, adler32, crc32};
#[cfg(feature = "std")]
pub use decoded::{Decoded, Decoders, UnsupportedCoding};
pub use decoder::{Decoder, decode};
pub use encoder::{Encoder, encode};
pub use error::{CodingError, CodingErrorKind};
pub use format::Format;
pub use level::Level;
pub use limits::Limits;
#[cfg(feature = "std")]
pub use read::{DeflateDecoder, GzDecoder, ZlibDecoder};
#[cfg(feature = "server")]
pub(crate) use write::Encoding;
#[cfg(feature = "std")]
pub use write::{DeflateEncoder, GzEncoder, ZlibEncoder};

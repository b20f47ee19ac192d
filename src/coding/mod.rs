//! Content codings: gzip, zlib and deflate, both ways, with their checksums
//! ([RFC 1950](https://www.rfc-editor.org/rfc/rfc1950), [RFC 1951](https://www.rfc-editor.org/rfc/rfc1951),
//! [RFC 1952](https://www.rfc-editor.org/rfc/rfc1952);
//! [RFC 9110 §8.4](https://www.rfc-editor.org/rfc/rfc9110#section-8.4)).
//!
//! ```
//! use nethttp::coding::{Format, Level, Limits, decode, encode};
//!
//! let encoded = encode(Format::Gzip, &b"hello ".repeat(100), Level::DEFAULT);
//! assert!(encoded.len() < 50);
//! assert_eq!(decode(Format::Gzip, &encoded, &Limits::DEFAULT)?, b"hello ".repeat(100));
//! # Ok::<(), nethttp::coding::CodingError>(())
//! ```
//!
//! # Which to take
//!
//! | at hand | decoding | encoding |
//! |---|---|---|
//! | all of it, in memory | [`decode`] | [`encode`] |
//! | pieces, without I/O | [`Decoder`] | [`Encoder`] |
//! | a reader or a writer | `GzDecoder`, `ZlibDecoder`, `DeflateDecoder` | `GzEncoder`, `ZlibEncoder`, `DeflateEncoder` |
//! | a list of codings, from Content-Encoding | `Decoders`, `Decoded` | |
//!
//! Readers and writers need the feature `std`. All of them go through the same code, and give the same
//! however the bytes are cut. The client of this crate decodes by itself, the server compresses when it
//! is told to: see their documentation.
//!
//! # What can be wrong
//!
//! A [`CodingError`] says what was wrong and at which byte of the compressed data. All data in front of that
//! comes out first, the same however the input was cut; then the error is the only answer. Input that
//! ends too early is an error, never shorter data, and so is anything behind the end: gzip members follow
//! each other and nothing else does, not even zeros.
//!
//! What comes out has limits, since a few bytes can stand for gigabytes: see [`Limits`] for the table, and
//! [`Limits::unlimited`] for none. Of these the ratio alone depends on the cuts. Whatever the input, a [`Decoder`]
//! takes less than 130 KB once it has grown, and a reader around it 32 KB more. Input that never becomes data, such as empty
//! members without end, is bounded by whoever bounds the input.
//!
//! # What it does not do
//!
//! There is no `br`, `zstd` or `compress`; `Decoders` is where they are plugged in. What a gzip header says of
//! a file is skipped and not written. There are no preset dictionaries, which HTTP could not agree on.

mod check;
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
mod symbols;
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

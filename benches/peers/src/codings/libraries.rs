//! One shape for all libraries: bytes in, a new `Vec` out.
//!
//! Each starts from nothing for every call, as a server does for every response; what a library could
//! keep from one call to the next, it makes anew. Those that write into a buffer of the caller get one of
//! the right size, which saves them the growing of a `Vec` of unknown length.

use nethttp::coding::Format;

use super::{ours, theirs};

/// A library that encodes and decodes.
pub struct Library {
    /// What the tables call it.
    pub name: &'static str,
    /// The formats that it knows.
    pub formats: &'static [Format],
    /// Decodes what is known to be so many bytes.
    pub decode: fn(Format, &[u8], usize) -> Vec<u8>,
    /// Encodes at a level from 1 to 9.
    pub encode: fn(Format, &[u8], u8) -> Vec<u8>,
}

/// The formats that everybody but miniz_oxide and flate2 knows.
const ALL_FORMATS: &[Format] = &[Format::Raw, Format::Zlib, Format::Gzip];

/// This crate.
pub const NETHTTP: Library = Library {
    name: "nethttp",
    formats: ALL_FORMATS,
    decode: |format, data, _| ours::decode(format, data),
    encode: ours::encode,
};

/// What most of the ecosystem uses, through flate2 or without it.
pub const MINIZ_OXIDE: Library = Library {
    name: "miniz_oxide",
    formats: &[Format::Raw, Format::Zlib],
    decode: |format, data, _| theirs::miniz_oxide::decode(format, data),
    encode: theirs::miniz_oxide::encode,
};

/// flate2 over miniz_oxide, as it comes: streams only.
pub const FLATE2: Library = Library {
    name: "flate2",
    formats: ALL_FORMATS,
    decode: |format, data, _| theirs::flate2::decode(format, data),
    encode: theirs::flate2::encode,
};

/// The port of zlib-ng to Rust, with `unsafe` and SIMD.
pub const ZLIB_RS: Library = Library {
    name: "zlib-rs",
    formats: ALL_FORMATS,
    decode: theirs::zlib_rs::decode,
    encode: theirs::zlib_rs::encode,
};

/// zlib itself, in C.
pub const ZLIB: Library = Library {
    name: "zlib",
    formats: ALL_FORMATS,
    decode: theirs::zlib::decode,
    encode: theirs::zlib::encode,
};

/// libdeflate, in C: no streams.
pub const LIBDEFLATE: Library = Library {
    name: "libdeflate",
    formats: ALL_FORMATS,
    decode: theirs::libdeflate::decode,
    encode: theirs::libdeflate::encode,
};

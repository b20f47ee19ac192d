//! The checksums behind the data: CRC-32 of gzip, [RFC 1952 §8](https://www.rfc-editor.org/rfc/rfc1952#section-8),
//! and Adler-32 of zlib, [RFC 1950 §8.2](https://www.rfc-editor.org/rfc/rfc1950#section-8.2).
//!
//! Both find accidents; neither keeps anybody from changing data on purpose.
//!
//! ```
//! use nethttp::coding::{Crc32, crc32};
//!
//! let mut crc = Crc32::new();
//! crc.update(b"1234");
//! crc.update(b"56789");
//! assert_eq!(crc.value(), crc32(b"123456789"));
//! ```

mod adler32;
mod crc32;

pub use adler32::{Adler32, adler32};
pub use crc32::{Crc32, crc32};

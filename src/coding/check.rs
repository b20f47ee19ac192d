//! What the end of a format says about the data.

use super::Format;
use super::checksum::{Adler32, Crc32};

/// What is known of the data so far, as far as the format asks for it.
pub(super) enum Check {
    None,
    Adler32(Adler32),
    /// And the length, modulo 2^32.
    Crc32(Crc32, u32),
}

impl Check {
    pub(super) const fn new(format: Format) -> Self {
        match format {
            Format::Raw => Self::None,
            Format::Zlib | Format::Deflate => Self::Adler32(Adler32::new()),
            Format::Gzip => Self::Crc32(Crc32::new(), 0),
        }
    }

    pub(super) fn update(&mut self, data: &[u8]) {
        match self {
            Self::None => {}
            Self::Adler32(adler) => adler.update(data),
            Self::Crc32(crc, len) => {
                crc.update(data);
                *len = len.wrapping_add(low(data.len()));
            }
        }
    }
}

/// Returns a length modulo 2^32.
fn low(len: usize) -> u32 {
    let [a, b, c, d, ..] = u64::try_from(len).unwrap_or(u64::MAX).to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_kept_modulo_two_to_the_32() {
        assert_eq!(low(0), 0);
        assert_eq!(low(0xffff_ffff), 0xffff_ffff);
        #[cfg(target_pointer_width = "64")]
        assert_eq!(low(0x1_0000_0005), 5);
    }
}

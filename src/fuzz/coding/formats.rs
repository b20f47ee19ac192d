//! What stands around deflated data.

use alloc::vec::Vec;

use super::{MOST, is_decoded, model};
use crate::coding::Format;

/// An input is the same, data and error, as by the letter of RFC 1950 and RFC 1952, however it is cut.
///
/// The first byte chooses the format, the length of the pieces, and whether the rest is deflated data that
/// gets a good frame first, since no fuzzer guesses a checksum.
pub fn gzip(data: &[u8]) {
    let Some((&choice, rest)) = data.get(..MOST).unwrap_or(data).split_first() else {
        return;
    };
    let format = match choice & 3 {
        0 | 1 => Format::Gzip,
        2 => Format::Zlib,
        _ => Format::Deflate,
    };
    let size = 1 + usize::from(choice >> 3);
    if choice & 4 == 0 {
        is_decoded(format, rest, &model::decode(format, rest), size);
    } else {
        let framed = framed(format, rest);
        is_decoded(format, &framed, &model::decode(format, &framed), size);
    }
}

/// Puts deflated data between a header and the checksum of its data. What stands behind its end comes behind
/// the checksum, too.
fn framed(format: Format, deflated: &[u8]) -> Vec<u8> {
    let (data, end) = model::decode(Format::Raw, deflated);
    let len = match end {
        Ok(()) => deflated.len(),
        Err((_, at)) => usize::try_from(at).unwrap_or(usize::MAX).min(deflated.len()),
    };
    let (deflated, behind) = deflated.split_at_checked(len).unwrap_or_default();
    if format == Format::Gzip {
        let len = u32::try_from(data.len()).unwrap_or_default().to_le_bytes();
        let crc = model::crc32(&data).to_le_bytes();
        [b"\x1f\x8b\x08\0\0\0\0\0\0\xff", deflated, &crc, &len, behind].concat()
    } else {
        [b"\x78\x9c", deflated, &model::adler32(&data).to_be_bytes(), behind].concat()
    }
}

//! Matches: data that was there before, [RFC 1951 §3.2.3](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.3).
//!
//! Copies go in pieces of a constant size, which are a load and a store; the last one may write beyond the
//! end of the match, into what the next data overwrites. A call of `memmove` would cost more than most
//! matches.

/// Copies `len` bytes from `distance` bytes before `at` to there; the two may overlap. Up to
/// [`SLACK`](super::window::SLACK) bytes behind the match are written to as well.
#[inline(always)]
pub(super) fn copy_match(buf: &mut [u8], at: usize, distance: usize, len: usize) {
    let from = at - distance;
    if distance >= 16 {
        copy::<16>(buf, from, at);
        if len > 16 {
            copy::<16>(buf, from + 16, at + 16);
            let mut done = 32;
            while done < len {
                copy::<16>(buf, from + done, at + done);
                done += 16;
            }
        }
    } else if distance >= 8 {
        let mut done = 0;
        while done < len {
            copy::<8>(buf, from + done, at + done);
            done += 8;
        }
    } else {
        repeat(buf, at, distance, len);
    }
}

/// Copies a piece that does not overlap its target.
#[inline(always)]
fn copy<const N: usize>(buf: &mut [u8], from: usize, to: usize) {
    let piece = buf.get(from..).and_then(<[u8]>::first_chunk::<N>).copied();
    let target = buf.get_mut(to..).and_then(<[u8]>::first_chunk_mut::<N>);
    if let (Some(piece), Some(target)) = (piece, target) {
        *target = piece;
    }
}

/// Writes a pattern of fewer than eight bytes again and again.
fn repeat(buf: &mut [u8], at: usize, distance: usize, len: usize) {
    let mut pattern = [0; 16];
    if let Some(source) = buf.get(at - distance..at) {
        for (byte, &from) in pattern.iter_mut().zip(source.iter().cycle()) {
            *byte = from;
        }
    }
    // As many whole patterns as fit.
    let step = 16 - 16 % distance;
    let mut done = 0;
    while done < len {
        if let Some(target) = buf.get_mut(at + done..).and_then(<[u8]>::first_chunk_mut) {
            *target = pattern;
        }
        done += step;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coding::inflate::window::SLACK;
    use alloc::vec::Vec;

    #[test]
    fn every_distance_and_length_copies_like_byte_by_byte() {
        for distance in 1..=80 {
            for len in 3..=258 {
                let mut buf: Vec<u8> = (0..100).collect();
                buf.resize(100 + len + SLACK, 0xee);
                copy_match(&mut buf, 100, distance, len);
                let mut naive: Vec<u8> = (0..100).collect();
                for _ in 0..len {
                    naive.push(naive[naive.len() - distance]);
                }
                assert_eq!(buf[..100 + len], naive, "distance {distance}, length {len}");
            }
        }
    }
}

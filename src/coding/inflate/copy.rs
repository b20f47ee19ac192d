//! Matches: data that was there before, [RFC 1951 §3.2.3](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.3).
//!
//! Copies go in pieces of a constant size, which are a load and a store; the last ones may write beyond the
//! end of the match, into what the next data overwrites. A call of `memmove` would cost more than most
//! matches. Most are short and far: for these no loop runs and nothing is called, which leaves the registers
//! to the loop around them.

/// Copies `len` bytes from `distance` bytes before `at` to there; the two may overlap. Up to
/// [`SLACK`](super::window::SLACK) bytes behind the match are written to as well.
///
/// Returns nothing if they are not there.
#[inline(always)]
pub(super) fn copy_match(buf: &mut [u8], at: usize, distance: usize, len: usize) -> Option<()> {
    let from = at - distance;
    if distance >= 16 {
        copy::<16>(buf, from, at)?;
        copy::<16>(buf, from + 16, at + 16)?;
        if len > 32 {
            copy_rest(buf, from, at, len)?;
        }
    } else {
        copy_near(buf, at, distance, len)?;
    }
    Some(())
}

/// Copies what is behind the first 32 bytes.
#[inline(never)]
fn copy_rest(buf: &mut [u8], from: usize, at: usize, len: usize) -> Option<()> {
    let mut done = 32;
    while done < len {
        copy::<16>(buf, from + done, at + done)?;
        copy::<16>(buf, from + done + 16, at + done + 16)?;
        copy::<16>(buf, from + done + 32, at + done + 32)?;
        copy::<16>(buf, from + done + 48, at + done + 48)?;
        done += 64;
    }
    Some(())
}

/// Copies where 16 bytes would overlap their target.
#[inline(never)]
fn copy_near(buf: &mut [u8], at: usize, distance: usize, len: usize) -> Option<()> {
    if distance < 8 {
        return repeat(buf, at, distance, len);
    }
    let from = at - distance;
    let mut done = 0;
    while done < len {
        copy::<8>(buf, from + done, at + done)?;
        copy::<8>(buf, from + done + 8, at + done + 8)?;
        done += 16;
    }
    Some(())
}

/// Copies a piece that does not overlap its target.
#[inline(always)]
fn copy<const N: usize>(buf: &mut [u8], from: usize, to: usize) -> Option<()> {
    let piece = *buf.get(from..)?.first_chunk::<N>()?;
    *buf.get_mut(to..)?.first_chunk_mut::<N>()? = piece;
    Some(())
}

/// Writes a pattern of fewer than eight bytes again and again.
fn repeat(buf: &mut [u8], at: usize, distance: usize, len: usize) -> Option<()> {
    let mut pattern = [0; 16];
    let source = buf.get(at - distance..at)?;
    for (byte, &from) in pattern.iter_mut().zip(source.iter().cycle()) {
        *byte = from;
    }
    // As many whole patterns as fit.
    let step = 16 - 16 % distance;
    let mut done = 0;
    while done < len {
        *buf.get_mut(at + done..)?.first_chunk_mut()? = pattern;
        done += step;
    }
    Some(())
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
                copy_match(&mut buf, 100, distance, len).unwrap();
                let mut naive: Vec<u8> = (0..100).collect();
                for _ in 0..len {
                    naive.push(naive[naive.len() - distance]);
                }
                assert_eq!(buf[..100 + len], naive, "distance {distance}, length {len}");
            }
        }
    }
}

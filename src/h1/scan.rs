//! The two leaf functions of the head parser: which bytes of a block end a run.
//!
//! Both are spelled as one loop over 16 lanes with no branch in it, which LLVM turns into vector
//! instructions on every target that has them. The spelling matters: the lanes are filled by `min`,
//! `saturating_sub` and selects of constants, never by a comparison that returns early. The plain
//! definitions stand in the tests as oracles.

/// Which bytes count as stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stops {
    /// Controls, DEL and what lies beyond ASCII: the cheapest test, and nearly always exact, since
    /// HTAB and obs-text are rare.
    Likely,
    /// What cannot stand inside a line: controls other than HTAB, and DEL.
    Exact,
}

/// Marks the stop bytes of a block: bit `i` speaks for byte `i`. `None` if there is none.
#[inline(always)]
pub(super) fn stops(block: &[u8; 64], which: Stops) -> Option<u64> {
    let raw = match which {
        Stops::Likely => rows(block, likely_stop),
        Stops::Exact => rows(block, exact_stop),
    };
    (raw != 0).then(|| transpose(raw))
}

/// Judges all bytes of a block: an 8x8 matrix of bits that [`transpose`] sets right.
#[inline(always)]
fn rows(block: &[u8; 64], stop: impl Fn(u8, u8) -> u8) -> u64 {
    let ([a, b, c, d], []) = block.as_chunks::<16>() else {
        return 0;
    };
    let mut lanes = [0u8; 16];
    for ((((lane, &a), &b), &c), &d) in lanes.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        *lane = stop(a, 1) | stop(b, 4) | stop(c, 16) | stop(d, 64);
    }
    let ([low, high], []) = lanes.as_chunks::<8>() else {
        return 0;
    };
    u64::from_le_bytes(*low) | u64::from_le_bytes(*high) << 1
}

/// One signed comparison: 0x7f and what lies beyond wrap to the negative.
#[inline(always)]
const fn likely_stop(octet: u8, bit: u8) -> u8 {
    if octet.wrapping_add(1).cast_signed() <= 0x20 { bit } else { 0 }
}

#[inline(always)]
const fn exact_stop(octet: u8, bit: u8) -> u8 {
    if ((octet < 0x20) & (octet != b'\t')) | (octet == 0x7f) { bit } else { 0 }
}

/// Transposes an 8x8 matrix of bits.
#[inline(always)]
const fn transpose(x: u64) -> u64 {
    const A: u64 = 0x00AA_00AA_00AA_00AA;
    const B: u64 = 0x0000_CCCC_0000_CCCC;
    const C: u64 = 0x0000_0000_F0F0_F0F0;
    let x = (x & !(A | A << 7)) | ((x >> 7) & A) | ((x & A) << 7);
    let x = (x & !(B | B << 14)) | ((x >> 14) & B) | ((x & B) << 14);
    (x & !(C | C << 28)) | ((x >> 28) & C) | ((x & C) << 28)
}

/// Returns how many leading bytes are letters, digits or `-`: 0 to 16.
#[inline(always)]
pub(super) fn name_len(block: &[u8; 16]) -> usize {
    let mut lanes = [0u8; 16];
    for (lane, &octet) in lanes.iter_mut().zip(block) {
        let letter = (octet | 0x20).wrapping_sub(b'a').saturating_sub(25);
        let digit = octet.wrapping_sub(b'0').saturating_sub(9);
        *lane = letter.min(digit).min(octet ^ b'-');
    }
    lane_index(u128::from_le_bytes(lanes))
}

/// The index of the first lane that is not zero, or 16.
#[inline(always)]
fn lane_index(lanes: u128) -> usize {
    usize::try_from(lanes.trailing_zeros() / 8).unwrap_or(16)
}

/// As [`stops`], exactly, for the bytes of a buffer from `base` on, of which there are fewer than 64.
#[inline(never)]
pub(super) fn stops_tail(buf: &[u8], base: usize) -> u64 {
    let rest = buf.get(base..).unwrap_or_default();
    if rest.is_empty() || rest.len() >= 64 {
        return 0;
    }
    if let Some(block) = buf.last_chunk::<64>() {
        return stops(block, Stops::Exact).unwrap_or(0) >> (64 - rest.len());
    }
    // A buffer shorter than a block, in words, the last of which overlaps the one before.
    let (words, last) = rest.as_chunks::<8>();
    let mask = words.iter().rev().fold(0, |mask, word| mask << 8 | word_stops(word));
    match (last.len(), rest.last_chunk::<8>()) {
        (0, _) => mask,
        (_, Some(word)) => mask | word_stops(word) << (rest.len() - 8),
        (_, None) => {
            let mut word = [b' '; 8];
            word.iter_mut().zip(last).for_each(|(to, &from)| *to = from);
            word_stops(&word)
        }
    }
}

/// As [`stops`], for eight bytes at once in one register.
#[inline(always)]
const fn word_stops(word: &[u8; 8]) -> u64 {
    const HIGH: u64 = repeat(0x80);
    let x = u64::from_le_bytes(*word);
    let low = x & repeat(0x7f);
    let tab = (x ^ repeat(b'\t')) & repeat(0x7f);
    // Sums of seven-bit values do not carry into the next byte, so every flag is exact.
    let control = !(low + repeat(0x60)) & (tab + repeat(0x7f));
    let delete = low + repeat(1);
    let flags = (control | delete) & !x & HIGH;
    (flags >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

const fn repeat(octet: u8) -> u64 {
    u64::from_le_bytes([octet; 8])
}

/// The length of the leading run of request-target bytes.
#[inline(always)]
pub(super) fn target_len(buf: &[u8]) -> usize {
    const HIGH: u64 = repeat(0x80);
    let mut rest = buf;
    while let Some((word, after)) = rest.split_first_chunk::<8>() {
        let x = u64::from_le_bytes(*word);
        let hash = x ^ repeat(b'#');
        // The lowest flag is exact: a borrow or carry can only spoil the flags above it.
        let flags = (x.wrapping_sub(repeat(0x21)) // below '!'
            | x.wrapping_add(repeat(1)) // DEL
            | hash.wrapping_sub(repeat(1)) & !hash // '#'
            | x)
            & HIGH;
        if flags != 0 {
            let index = usize::try_from(flags.trailing_zeros() / 8).unwrap_or_default();
            return buf.len() - rest.len() + index;
        }
        rest = after;
    }
    buf.len() - rest.len() + crate::syntax::Class::TARGET.prefix_len(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::Class;
    use alloc::vec::Vec;

    fn naive_stops(octets: &[u8]) -> u64 {
        octets
            .iter()
            .enumerate()
            .fold(0, |mask, (i, &c)| mask | u64::from((c < 0x20 && c != b'\t') || c == 0x7f) << i)
    }

    fn naive_likely_stops(octets: &[u8]) -> u64 {
        octets
            .iter()
            .enumerate()
            .fold(0, |mask, (i, &c)| mask | u64::from(!(0x20..0x7f).contains(&c)) << i)
    }

    #[test]
    fn every_octet_is_judged_alike_in_every_lane() {
        for lane in 0..64 {
            for octet in 0..=255 {
                for filler in [b'a', 0, 0xff, b'\t', b'!'] {
                    let mut block = [filler; 64];
                    block[lane] = octet;
                    let some = |mask| (mask != 0).then_some(mask);
                    assert_eq!(stops(&block, Stops::Exact), some(naive_stops(&block)));
                    assert_eq!(stops(&block, Stops::Likely), some(naive_likely_stops(&block)));
                    let short = &block[..=lane];
                    if short.len() < 64 {
                        assert_eq!(stops_tail(short, 0), naive_stops(short));
                        let mut long = b"x\r\ny".repeat(20);
                        let base = long.len();
                        long.extend_from_slice(short);
                        assert_eq!(stops_tail(&long, base), naive_stops(short));
                    }
                }
            }
        }
        assert_eq!(stops_tail(&[b'\r'; 64], 64), 0);
        assert_eq!(stops_tail(b"", 0), 0);
        assert_eq!(stops_tail(b"a", 9), 0);
    }

    #[test]
    fn names_end_at_the_first_octet_that_is_not_alphanumeric_or_dash() {
        for lane in 0..16 {
            for octet in 0..=255u8 {
                for filler in [b'Z', b'-', b'0'] {
                    let mut block = [filler; 16];
                    block[lane] = octet;
                    let expected =
                        if octet.is_ascii_alphanumeric() || octet == b'-' { 16 } else { lane };
                    assert_eq!(name_len(&block), expected, "{octet} in lane {lane}");
                }
            }
        }
    }

    #[test]
    fn targets_end_at_the_first_octet_outside_the_class() {
        for lane in 0..20 {
            for octet in 0..=255u8 {
                for filler in [b'a', b'!', b'~', b'"', b'$'] {
                    for after in [b' ', 0, 0x80, b'#'] {
                        let mut text = Vec::from([filler; 20]);
                        text[lane] = octet;
                        text.push(after);
                        assert_eq!(target_len(&text), Class::TARGET.prefix_len(&text));
                    }
                }
            }
        }
    }
}

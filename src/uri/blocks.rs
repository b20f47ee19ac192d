//! Runs of path and query characters, sixteen at a time.
//!
//! It is one loop over 16 lanes with no branch in it, which LLVM turns into vector instructions on every
//! target that has them. What the characters are is said by [`Class::PATH`](crate::syntax::Class::PATH)
//! and [`Class::QUERY`](crate::syntax::Class::QUERY); the tests hold this against them.

/// Returns what follows the leading blocks of path characters and, where `question` says so, `?`.
#[inline(always)]
pub(super) fn skip_blocks(octets: &[u8], question: bool) -> &[u8] {
    let also = if question { b'?' } else { b'/' };
    let mut rest = octets;
    while let Some((block, after)) = rest.split_first_chunk::<16>() {
        if !is_clean(block, also) {
            break;
        }
        rest = after;
    }
    rest
}

/// Whether all bytes are path characters, or `also`. A lane is zero where the byte is one.
#[inline(always)]
fn is_clean(block: &[u8; 16], also: u8) -> bool {
    let mut lanes = [0u8; 16];
    for (lane, &octet) in lanes.iter_mut().zip(block) {
        let letter = (octet | 0x20).wrapping_sub(b'a').saturating_sub(25);
        // All from & to ;
        let middle = octet.wrapping_sub(b'&').saturating_sub(b';' - b'&');
        let others = [b'!', b'$', b'=', b'@', b'_', b'~', also].map(|other| octet ^ other);
        *lane = others.into_iter().fold(letter.min(middle), u8::min);
    }
    u128::from_le_bytes(lanes) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::Class;

    #[test]
    fn agrees_with_the_classes_on_every_byte_in_every_lane() {
        for (question, class) in [(false, Class::PATH), (true, Class::QUERY)] {
            for octet in 0..=255u8 {
                for lane in 0..40 {
                    let mut text = [b'a'; 40];
                    text[lane] = octet;
                    let skipped = text.len() - skip_blocks(&text, question).len();
                    let expected = if class.contains(octet) { 32 } else { lane / 16 * 16 };
                    assert_eq!(skipped, expected.min(32), "{octet:#x} in lane {lane}");
                }
            }
        }
    }
}

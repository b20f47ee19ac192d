//! SHA-1, [RFC 3174](https://www.rfc-editor.org/rfc/rfc3174). It is broken where collisions matter; where it
//! is still spoken they do not.

use super::{Blocks, row};

/// The SHA-1 of a message that comes in pieces.
#[derive(Clone)]
pub(crate) struct Sha1 {
    state: [u32; 5],
    blocks: Blocks<64>,
}

impl Sha1 {
    pub(crate) const fn new() -> Self {
        let state = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
        Self { state, blocks: Blocks::new() }
    }

    /// Takes more of the message.
    pub(crate) fn update(&mut self, data: &[u8]) {
        self.blocks.update(data, |blocks| mix(&mut self.state, blocks));
    }

    /// Returns the digest of the message.
    pub(crate) fn finish(mut self) -> [u8; 20] {
        self.blocks.finish(u64::to_be_bytes, |blocks| mix(&mut self.state, blocks));
        row(&self.state.map(u32::to_be_bytes))
    }
}

fn mix(state: &mut [u32; 5], blocks: &[[u8; 64]]) {
    for block in blocks {
        let mut words = [0; 16];
        for (word, octets) in words.iter_mut().zip(block.as_chunks().0) {
            *word = u32::from_be_bytes(*octets);
        }
        let mut mixed = *state;
        round(&mut mixed, &mut words, 0x5a82_7999, |x, y, z| z ^ x & (y ^ z));
        round(&mut mixed, &mut words, 0x6ed9_eba1, |x, y, z| x ^ y ^ z);
        round(&mut mixed, &mut words, 0x8f1b_bcdc, |x, y, z| x & y | z & (x | y));
        round(&mut mixed, &mut words, 0xca62_c1d6, |x, y, z| x ^ y ^ z);
        for (word, mixed) in state.iter_mut().zip(mixed) {
            *word = word.wrapping_add(mixed);
        }
    }
}

/// One round: twenty steps, each of which takes the first of the words and appends another.
#[inline(always)]
fn round(
    state: &mut [u32; 5],
    words: &mut [u32; 16],
    constant: u32,
    choose: impl Fn(u32, u32, u32) -> u32,
) {
    for _ in 0..20 {
        let [a, b, c, d, e] = *state;
        let [w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15] = *words;
        let mixed = a.rotate_left(5).wrapping_add(choose(b, c, d));
        let mixed = mixed.wrapping_add(e).wrapping_add(w0).wrapping_add(constant);
        *state = [mixed, a, b.rotate_left(30), c, d];
        let w16 = (w0 ^ w2 ^ w8 ^ w13).rotate_left(1);
        *words = [w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15, w16];
    }
}

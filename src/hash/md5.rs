//! MD5, [RFC 1321](https://www.rfc-editor.org/rfc/rfc1321). It is broken ([RFC 6151]), and the only thing
//! that every client of Digest authentication speaks.
//!
//! [RFC 6151]: https://www.rfc-editor.org/rfc/rfc6151

use super::{Blocks, row};

/// The integer part of 2^32 times the sine of 1, 2, .. 64, without its sign.
const SINES: [u32; 64] = [
    0xd76a_a478,
    0xe8c7_b756,
    0x2420_70db,
    0xc1bd_ceee,
    0xf57c_0faf,
    0x4787_c62a,
    0xa830_4613,
    0xfd46_9501,
    0x6980_98d8,
    0x8b44_f7af,
    0xffff_5bb1,
    0x895c_d7be,
    0x6b90_1122,
    0xfd98_7193,
    0xa679_438e,
    0x49b4_0821,
    0xf61e_2562,
    0xc040_b340,
    0x265e_5a51,
    0xe9b6_c7aa,
    0xd62f_105d,
    0x0244_1453,
    0xd8a1_e681,
    0xe7d3_fbc8,
    0x21e1_cde6,
    0xc337_07d6,
    0xf4d5_0d87,
    0x455a_14ed,
    0xa9e3_e905,
    0xfcef_a3f8,
    0x676f_02d9,
    0x8d2a_4c8a,
    0xfffa_3942,
    0x8771_f681,
    0x6d9d_6122,
    0xfde5_380c,
    0xa4be_ea44,
    0x4bde_cfa9,
    0xf6bb_4b60,
    0xbebf_bc70,
    0x289b_7ec6,
    0xeaa1_27fa,
    0xd4ef_3085,
    0x0488_1d05,
    0xd9d4_d039,
    0xe6db_99e5,
    0x1fa2_7cf8,
    0xc4ac_5665,
    0xf429_2244,
    0x432a_ff97,
    0xab94_23a7,
    0xfc93_a039,
    0x655b_59c3,
    0x8f0c_cc92,
    0xffef_f47d,
    0x8584_5dd1,
    0x6fa8_7e4f,
    0xfe2c_e6e0,
    0xa301_4314,
    0x4e08_11a1,
    0xf753_7e82,
    0xbd3a_f235,
    0x2ad7_d2bb,
    0xeb86_d391,
];

/// The MD5 of a message that comes in pieces.
#[derive(Clone)]
pub(crate) struct Md5 {
    state: [u32; 4],
    blocks: Blocks<64>,
}

impl Md5 {
    pub(crate) const fn new() -> Self {
        let state = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
        Self { state, blocks: Blocks::new() }
    }

    /// Takes more of the message.
    pub(crate) fn update(&mut self, data: &[u8]) {
        self.blocks.update(data, |blocks| mix(&mut self.state, blocks));
    }

    /// Returns the digest of the message.
    pub(crate) fn finish(mut self) -> [u8; 16] {
        self.blocks.finish(u64::to_le_bytes, |blocks| mix(&mut self.state, blocks));
        row(&self.state.map(u32::to_le_bytes))
    }
}

fn mix(state: &mut [u32; 4], blocks: &[[u8; 64]]) {
    for block in blocks {
        let mut words = [0; 16];
        for (word, octets) in words.iter_mut().zip(block.as_chunks().0) {
            *word = u32::from_le_bytes(*octets);
        }
        let [w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15] = words;
        // In round r the words come in the order i, 5 i + 1, 3 i + 5 and 7 i.
        let second = [w1, w6, w11, w0, w5, w10, w15, w4, w9, w14, w3, w8, w13, w2, w7, w12];
        let third = [w5, w8, w11, w14, w1, w4, w7, w10, w13, w0, w3, w6, w9, w12, w15, w2];
        let fourth = [w0, w7, w14, w5, w12, w3, w10, w1, w8, w15, w6, w13, w4, w11, w2, w9];

        let (sines, _) = SINES.as_chunks();
        let [sines1, sines2, sines3, sines4] = sines else {
            return;
        };
        let mut mixed = *state;
        round::<7, 12, 17, 22>(&mut mixed, &words, sines1, |x, y, z| z ^ x & (y ^ z));
        round::<5, 9, 14, 20>(&mut mixed, &second, sines2, |x, y, z| (x & z) + (y & !z));
        round::<4, 11, 16, 23>(&mut mixed, &third, sines3, |x, y, z| x ^ y ^ z);
        round::<6, 10, 15, 21>(&mut mixed, &fourth, sines4, |x, y, z| y ^ (x | !z));
        for (word, mixed) in state.iter_mut().zip(mixed) {
            *word = word.wrapping_add(mixed);
        }
    }
}

/// One round: sixteen steps, which turn by `A`, `B`, `C` and `D` bits in turn.
#[inline(always)]
fn round<const A: u32, const B: u32, const C: u32, const D: u32>(
    state: &mut [u32; 4],
    words: &[u32; 16],
    sines: &[u32; 16],
    mix: impl Fn(u32, u32, u32) -> u32,
) {
    let [mut a, mut b, mut c, mut d] = *state;
    for ([w0, w1, w2, w3], [s0, s1, s2, s3]) in words.as_chunks().0.iter().zip(sines.as_chunks().0)
    {
        let step = |sum: u32, word: &u32, sine: &u32| sum.wrapping_add(*word).wrapping_add(*sine);
        a = step(a, w0, s0).wrapping_add(mix(b, c, d)).rotate_left(A).wrapping_add(b);
        d = step(d, w1, s1).wrapping_add(mix(a, b, c)).rotate_left(B).wrapping_add(a);
        c = step(c, w2, s2).wrapping_add(mix(d, a, b)).rotate_left(C).wrapping_add(d);
        b = step(b, w3, s3).wrapping_add(mix(c, d, a)).rotate_left(D).wrapping_add(c);
    }
    *state = [a, b, c, d];
}

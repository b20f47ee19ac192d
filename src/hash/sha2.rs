//! What SHA-256 and SHA-512 have in common: all but the size of a word, and the numbers.

/// Defines `mix`, which takes blocks into the state: for a type of word and a length of blocks in bytes, the roots
/// that are added, and by how much is rotated and shifted in the two sums of a step and in the two of the words to
/// come ([FIPS 180-4](https://doi.org/10.6028/NIST.FIPS.180-4), section 4.1).
macro_rules! sha2 {
    (
        $word:ident, $block:literal, $roots:ident,
        [$a0:literal, $a1:literal, $a2:literal], [$e0:literal, $e1:literal, $e2:literal],
        [$n0:literal, $n1:literal, $n2:literal], [$f0:literal, $f1:literal, $f2:literal]
    ) => {
        fn mix(state: &mut [$word; 8], blocks: &[[u8; $block]]) {
            for block in blocks {
                let mut words = [0; 16];
                for (word, octets) in words.iter_mut().zip(block.as_chunks().0) {
                    *word = $word::from_be_bytes(*octets);
                }
                let mut mixed = *state;
                for [k0, k1, k2, k3] in $roots.as_chunks::<4>().0.as_chunks::<4>().0 {
                    four_steps(&mut mixed, &mut words, k0);
                    four_steps(&mut mixed, &mut words, k1);
                    four_steps(&mut mixed, &mut words, k2);
                    four_steps(&mut mixed, &mut words, k3);
                }
                for (word, mixed) in state.iter_mut().zip(mixed) {
                    *word = word.wrapping_add(mixed);
                }
            }
        }

        /// Sixteen of these in a row leave every word in the register where it was.
        #[inline(always)]
        fn four_steps(
            state: &mut [$word; 8],
            words: &mut [$word; 16],
            [k0, k1, k2, k3]: &[$word; 4],
        ) {
            step(state, words, *k0);
            step(state, words, *k1);
            step(state, words, *k2);
            step(state, words, *k3);
        }

        /// One step: it takes the first of the words and appends another.
        #[inline(always)]
        fn step(state: &mut [$word; 8], words: &mut [$word; 16], root: $word) {
            let [a, b, c, d, e, f, g, h] = *state;
            let [w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15] = *words;
            let sum = e.rotate_right($e0) ^ e.rotate_right($e1) ^ e.rotate_right($e2);
            let first = h.wrapping_add(sum).wrapping_add(g ^ e & (f ^ g));
            let first = first.wrapping_add(root).wrapping_add(w0);
            let sum = a.rotate_right($a0) ^ a.rotate_right($a1) ^ a.rotate_right($a2);
            let second = sum.wrapping_add(a & b | c & (a | b));
            *state = [first.wrapping_add(second), a, b, c, d.wrapping_add(first), e, f, g];

            let near = w1.rotate_right($n0) ^ w1.rotate_right($n1) ^ w1 >> $n2;
            let far = w14.rotate_right($f0) ^ w14.rotate_right($f1) ^ w14 >> $f2;
            let w16 = w0.wrapping_add(near).wrapping_add(w9).wrapping_add(far);
            *words = [w1, w2, w3, w4, w5, w6, w7, w8, w9, w10, w11, w12, w13, w14, w15, w16];
        }
    };
}

pub(super) use sha2;

//! Huffman codes whose words are not too long.
//!
//! [RFC 1951 §3.2.2](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.2): a code is told by the lengths
//! of its words alone, and [§3.2.7](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.7) limits them to 15
//! bits, or 7 for the code of the lengths themselves.
//!
//! The lengths are those of Huffman's tree. Where it is too deep, which takes frequencies that grow like
//! Fibonacci's numbers, the deep leaves are raised to the limit and others lowered to make room for them;
//! that costs a fraction of a percent over the best code within the limit.
//!
//! A code is always complete and has at least two words, even if one symbol or none occurs: there are
//! decoders that insist on it.

use super::wrap::Wrap;

/// The longest word of the codes for literals, lengths and distances.
pub(super) const LIMIT: usize = 15;
/// The longest word of the code for the lengths of words.
pub(super) const LENGTHS_LIMIT: usize = 7;

/// A power of two above the number of symbols of any code.
const MOST: usize = 512;
/// The bits of a symbol.
const SYMBOL_BITS: u32 = MOST.trailing_zeros();

/// How many words there are of each length.
type Counts = [u16; 16];

/// Finds the lengths of the words of a code, at most `limit` bits, zero for symbols that do not occur.
pub(super) fn lengths(frequencies: &[u32], limit: usize, lengths: &mut [u8]) {
    lengths.fill(0);
    let mut leaves = [0; MOST];
    let mut used = 0;
    for (symbol, &frequency) in (0..).zip(frequencies) {
        if frequency > 0 {
            let weight = frequency.min(u32::MAX >> SYMBOL_BITS);
            leaves.put(used, weight << SYMBOL_BITS | symbol);
            used += 1;
        }
    }
    let leaves = leaves.get_mut(..used).unwrap_or_default();
    leaves.sort_unstable();
    if let [] | [_] = leaves {
        let other = leaves.first().map_or(0, |&leaf| symbol(leaf)).max(1);
        for (at, length) in lengths.iter_mut().enumerate() {
            *length = u8::from(at == 0 || at == other);
        }
        return;
    }
    let counts = within(limit, depths(leaves, limit));
    let mut leaves = leaves.iter();
    for (length, &count) in (0..16).zip(&counts).rev() {
        for &leaf in leaves.by_ref().take(count.into()) {
            if let Some(found) = lengths.get_mut(symbol(leaf)) {
                *found = length;
            }
        }
    }
}

fn symbol(leaf: u32) -> usize {
    usize::try_from(leaf).unwrap_or_default() % MOST
}

/// Counts the leaves of Huffman's tree at each depth, those below the limit as if they were there.
///
/// Leaves come from the lightest to the heaviest, and so do inner nodes as they are made: the two lightest
/// of all are always in front of the two queues.
fn depths(leaves: &[u32], limit: usize) -> Counts {
    let (mut weights, mut parents, mut children) = ([0_u32; MOST], [0_u16; MOST], [0_u16; MOST]);
    let mut queue = leaves.iter().map(|leaf| leaf >> SYMBOL_BITS).peekable();
    let mut first = 0;
    let inner = leaves.len() - 1;
    for (number, node) in (0..inner).zip(0_u16..) {
        let mut weight: u32 = 0;
        let mut own = 0;
        for _ in 0..2 {
            let lightest = if first < number { weights.at(first) } else { u32::MAX };
            if let Some(leaf) = queue.next_if(|&leaf| leaf <= lightest) {
                own += 1;
                weight = weight.saturating_add(leaf);
            } else {
                parents.put(first, node);
                first += 1;
                weight = weight.saturating_add(lightest);
            }
        }
        weights.put(number, weight);
        children.put(number, own);
    }
    // Parents are made after their children. The last node is the root, and what follows it is zero.
    let (mut counts, mut depths) = (Counts::default(), [0_u8; MOST]);
    for node in (0..inner).rev() {
        let above = if node + 1 == inner { 0 } else { depths.at(parents.at(node).into()) };
        let depth = above.saturating_add(1);
        depths.put(node, depth);
        let depth = limit.min(depth.into());
        counts.put(depth, counts.at(depth) + children.at(node));
    }
    counts
}

/// Lowers leaves until no more words are asked for than there are.
///
/// A leaf above the limit becomes a node with two leaves, itself and one from the limit: that frees one word
/// of the longest, as the rest of the tree is complete.
fn within(limit: usize, mut counts: Counts) -> Counts {
    let room = 1_usize << limit;
    let taken: usize = (0..=limit)
        .zip(&counts)
        .map(|(length, &count)| usize::from(count) << (limit - length))
        .sum();
    for _ in room..taken {
        let Some(above) = (1..limit).rev().find(|&length| counts.at(length) > 0) else {
            break;
        };
        counts.put(above, counts.at(above) - 1);
        counts.put(above + 1, counts.at(above + 1) + 2);
        counts.put(limit, counts.at(limit) - 1);
    }
    counts
}

/// A word of a code: its bits, the first of them lowest, and above them in the highest byte how many.
pub(super) type Word = u32;

/// Where the number of bits of a [`Word`] stands.
pub(super) const WORD_LENGTH: u32 = 24;

/// Finds the words that belong to lengths.
pub(super) fn words(lengths: &[u8], words: &mut [Word]) {
    let mut counts = Counts::default();
    for &length in lengths {
        counts.put(length.into(), counts.at(length.into()) + 1);
    }
    counts.put(0, 0);
    let (mut next, mut code) = (Counts::default(), 0_u16);
    for (length, &count) in counts.iter().enumerate() {
        code = code.wrapping_add(count);
        next.put(length + 1, code.wrapping_shl(1));
        code = code.wrapping_shl(1);
    }
    for (&length, word) in lengths.iter().zip(words) {
        let at = usize::from(length);
        let code = next.at(at);
        next.put(at, code.wrapping_add(1));
        let bits = code.reverse_bits() >> ((16 - u32::from(length)) & 15);
        *word = if length == 0 { 0 } else { u32::from(length) << WORD_LENGTH | u32::from(bits) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use alloc::vec::Vec;

    fn lengths_of(frequencies: &[u32], limit: usize) -> Vec<u8> {
        let mut found = vec![0; frequencies.len()];
        lengths(frequencies, limit, &mut found);
        found
    }

    /// Tells how much of the code is taken: 1 if it is complete.
    fn kraft(lengths: &[u8]) -> f64 {
        lengths
            .iter()
            .filter(|&&length| length > 0)
            .map(|&length| 0.5_f64.powi(length.into()))
            .sum()
    }

    #[test]
    fn lengths_are_those_of_the_tree() {
        for (frequencies, expected) in [
            (&[1, 1][..], &[1, 1][..]),
            (&[5, 1, 1], &[1, 2, 2]),
            (&[1, 0, 1, 2, 4], &[3, 0, 3, 2, 1]),
            (&[7, 7, 7, 7], &[2, 2, 2, 2]),
            (&[1, 1, 1, 1, 4], &[3, 3, 3, 3, 1]),
        ] {
            assert_eq!(lengths_of(frequencies, LIMIT), expected, "{frequencies:?}");
        }
    }

    #[test]
    fn a_code_has_two_words_even_for_fewer_symbols() {
        for (frequencies, expected) in [
            ([0, 0, 0], [1, 1, 0]),
            ([9, 0, 0], [1, 1, 0]),
            ([0, 9, 0], [1, 1, 0]),
            ([0, 0, 9], [1, 0, 1]),
        ] {
            assert_eq!(lengths_of(&frequencies, LIMIT), expected, "{frequencies:?}");
        }
    }

    #[test]
    fn codes_are_complete_within_their_limit() {
        let mut fibonacci = vec![1_u32, 1];
        while fibonacci.len() < 30 {
            fibonacci.push(fibonacci.iter().rev().take(2).sum());
        }
        let even = vec![1; 286];
        let steep: Vec<u32> = (0..286).map(|i| 1 << (i % 22)).collect();
        let one_heavy: Vec<u32> = (0..286).map(|i| if i == 7 { u32::MAX } else { 1 }).collect();
        for (frequencies, limit) in [
            (&fibonacci[..], LIMIT),
            (&fibonacci[..19], LENGTHS_LIMIT),
            (&even, LIMIT),
            (&steep, LIMIT),
            (&one_heavy, LIMIT),
        ] {
            let found = lengths_of(frequencies, limit);
            assert!(found.iter().all(|&length| (1..=limit).contains(&length.into())), "{found:?}");
            assert_eq!(kraft(&found), 1.0, "{found:?}");
            let mut pairs: Vec<_> = frequencies.iter().zip(&found).collect();
            pairs.sort();
            assert!(pairs.is_sorted_by(|a, b| a.0 == b.0 || a.1 >= b.1), "{pairs:?}");
        }
    }

    #[test]
    fn words_are_those_of_the_rfc() {
        // The example of RFC 1951, section 3.2.2.
        let mut found = [0; 8];
        words(&[3, 3, 3, 3, 3, 2, 4, 4], &mut found);
        let expected = ["010", "011", "100", "101", "110", "00", "1110", "1111"];
        for (word, expected) in found.into_iter().zip(expected) {
            let bits =
                (0..word >> WORD_LENGTH).map(|bit| if word >> bit & 1 == 1 { '1' } else { '0' });
            assert!(bits.eq(expected.chars()), "{word:#x} is not {expected}");
        }
    }

    #[test]
    fn symbols_that_do_not_occur_have_no_word() {
        let mut found = [7; 3];
        words(&[1, 0, 1], &mut found);
        assert_eq!(found, [0x0100_0000, 0, 0x0100_0001]);
    }
}

//! Deflated data as nobody writes it but everybody has to read it, RFC 1951.

use super::Format;
use super::checks::{decode, gives};
use super::kit::{
    Bits, Chance, Header, ORDER, Token, balanced, expand, literals, lopsided, staircase,
};

/// Asserts what deflated data stands for.
#[track_caller]
fn inflates(bits: Bits, data: &[u8]) {
    gives(Format::Raw, &bits.into_bytes(), data);
}

/// Asserts that tokens in a block are what they say, behind data that is there already.
#[track_caller]
fn means(bits: Bits, header: Option<&Header>, tokens: &[Token], before: &[u8]) {
    let mut data = before.to_vec();
    expand(tokens, &mut data);
    let bits = match header {
        Some(header) => bits.dynamic(header, tokens, true),
        None => bits.fixed(tokens, true),
    };
    inflates(bits, &data);
}

#[test]
fn stored_blocks_may_be_empty_and_full() {
    let full = Chance::new(1).octets(65535);
    inflates(Bits::new().stored(b"", true), b"");
    inflates(Bits::new().stored(&full, true), &full);
    inflates(Bits::new().stored(&full, false).stored(b"", true), &full);
    inflates(Bits::new().stored(&full, false).stored(&full, true), &full.repeat(2));
    let empty = (0..300).fold(Bits::new(), |bits, _| bits.stored(b"", false));
    inflates(empty.stored(b"a", true), b"a");
}

#[test]
fn what_stands_between_a_block_and_bytes_is_ignored() {
    for literals in 0..8 {
        // A literal of nine bits moves what follows by one.
        let tokens = [Token::Literal(0xff)].repeat(literals);
        let data = [0xff].repeat(literals);
        let bits = Bits::new().fixed(&tokens, false).block(0, true).pad();
        inflates(bits.number(0, 16).number(0xffff, 16), &data);
        inflates(Bits::new().fixed(&tokens, true).pad(), &data);
    }
}

#[test]
fn every_kind_of_block_follows_every_other() {
    let tokens = literals(b"abc");
    let header = Header::fitting(&tokens);
    for kinds in 0..27 {
        let mut bits = Bits::new();
        for (place, divisor) in [9, 3, 1].into_iter().enumerate() {
            bits = match kinds / divisor % 3 {
                0 => bits.stored(b"abc", place == 2),
                1 => bits.fixed(&tokens, place == 2),
                _ => bits.dynamic(&header, &tokens, place == 2),
            };
        }
        inflates(bits, b"abcabcabc");
    }
}

#[test]
fn blocks_may_be_empty() {
    let header = Header::fitting(&[]);
    let bits = (0..100).fold(Bits::new(), |bits, _| bits.fixed(&[], false));
    let bits = (0..10).fold(bits, |bits, _| bits.dynamic(&header, &[], false));
    inflates(bits.fixed(&[Token::Literal(b'a')], true), b"a");
}

#[test]
fn every_literal_has_a_code() {
    let all: Vec<u8> = (0..=255).chain((0..=255).rev()).collect();
    let tokens = literals(&all);
    means(Bits::new(), None, &tokens, b"");
    means(Bits::new(), Some(&Header::fitting(&tokens)), &tokens, b"");
}

#[test]
fn every_length_has_a_code() {
    let mut tokens = literals(b"abcdefg");
    tokens.extend((3..=258).map(|length| Token::Match(length, 7)));
    means(Bits::new(), None, &tokens, b"");
    means(Bits::new(), Some(&Header::fitting(&tokens)), &tokens, b"");
}

#[test]
fn length_258_has_two_codes() {
    for symbol in [Token::Symbol(285, 0, 0), Token::Symbol(284, 31, 5)] {
        let tokens = [Token::Literal(b'a'), symbol, Token::Distance(0, 0, 0)];
        let header = Header::fitting(&tokens);
        inflates(Bits::new().fixed(&tokens, true), &[b'a'; 259]);
        inflates(Bits::new().dynamic(&header, &tokens, true), &[b'a'; 259]);
    }
}

#[test]
fn every_distance_has_a_code() {
    let before = Chance::new(2).octets(32768);
    let mut least = 1;
    let mut tokens = Vec::new();
    for symbol in 0..30 {
        let extra = if symbol < 4 { 0 } else { symbol / 2 - 1 };
        let most = least + (1 << extra) - 1;
        tokens.extend([least, usize::midpoint(least, most), most].map(|it| Token::Match(5, it)));
        least = most + 1;
    }
    assert_eq!(least, 32769);
    let bits = || Bits::new().stored(&before, false);
    means(bits(), None, &tokens, &before);
    means(bits(), Some(&Header::fitting(&tokens)), &tokens, &before);
}

#[test]
fn distance_32768_reaches_the_first_of_as_many_bytes() {
    let before = Chance::new(3).octets(32768);
    for length in [3, 257, 258] {
        let tokens =
            [Token::Match(length, 32768), Token::Match(258, 32767), Token::Match(3, 32768)];
        means(Bits::new().stored(&before, false), None, &tokens, &before);
    }
}

#[test]
fn distances_reach_into_the_blocks_before() {
    let (mut bits, mut data) = (Bits::new(), Vec::new());
    let mut chance = Chance::new(4);
    for round in 0..40 {
        let tokens = chance.tokens(12, data.len());
        let before = data.len();
        expand(&tokens, &mut data);
        bits = match round % 4 {
            0 => bits.fixed(&tokens, false),
            1 => bits.stored(&data[before..], false),
            _ => bits.dynamic(&Header::fitting(&tokens), &tokens, false),
        };
    }
    inflates(bits.stored(b"", true), &data);
}

#[test]
fn the_window_goes_round() {
    let mut chance = Chance::new(5);
    let first = chance.octets(65535);
    let mut tokens = Vec::new();
    for step in 0..1200 {
        tokens.push(Token::Literal(chance.octet()));
        let distance = [32768, 32767, 32000, 1 + chance.below(32768)][step % 4];
        tokens.push(Token::Match(258 - step % 5, distance));
    }
    let header = Header::fitting(&tokens);
    means(Bits::new().stored(&first, false), Some(&header), &tokens, &first);
}

/// A copy may overlap itself: what it has written is what it reads.
#[test]
fn copies_repeat_what_they_write() {
    let mut chance = Chance::new(6);
    for distance in 1..=64 {
        let mut tokens = literals(&chance.octets(distance));
        for length in 3..=258 {
            // So that no copy goes on where the one before has ended.
            tokens.extend(literals(&chance.octets(1 + length % 5)));
            tokens.push(Token::Match(length, distance));
        }
        let mut data = Vec::new();
        expand(&tokens, &mut data);
        let input = Bits::new().fixed(&tokens, true).into_bytes();
        for size in [input.len(), 7] {
            let pieces: Vec<&[u8]> = input.chunks(size).collect();
            assert!(decode(Format::Raw, &pieces) == (data.clone(), Ok(())), "distance {distance}");
        }
    }
}

#[test]
fn codes_may_be_fifteen_bits_long() {
    // The shortest codes first and last among the symbols.
    for is_reversed in [false, true] {
        let mut lengths = staircase(15);
        if is_reversed {
            lengths.reverse();
        }
        // 256, lengths and some literals; and half of the distances.
        let symbols = [256, 257, 258, 284, 285, 264, 265, 270, 0, 1, 97, 98, 143, 144, 200, 255];
        let mut literal_lengths = vec![0; 286];
        for (symbol, length) in symbols.iter().zip(&lengths) {
            literal_lengths[*symbol] = *length;
        }
        let header = Header::new(&literal_lengths, &lengths);
        let mut tokens = literals(&[0, 1, 97, 98, 143, 144, 200, 255].repeat(40));
        for (index, length) in [3, 4, 10, 11, 12, 23, 24, 25, 26, 227, 257, 258].iter().enumerate()
        {
            for distance in [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 200] {
                tokens.push(Token::Match(*length, distance));
                tokens.push(Token::Literal([0, 1, 97, 98, 143][index % 5]));
            }
        }
        means(Bits::new(), Some(&header), &tokens, b"");
    }
}

#[test]
fn codes_may_be_as_lopsided_as_they_like() {
    let mut chance = Chance::new(7);
    for round in 0..15 {
        let tokens = chance.tokens(60, 0);
        let first: Vec<usize> = (0..286).filter(|it| (round + it) % 3 > 0 || *it > 90).collect();
        let second: Vec<usize> = (0..30).collect();
        let literals = lopsided(&first, 286, &mut chance);
        let distances = lopsided(&second, 30, &mut chance);
        means(Bits::new(), Some(&Header::new(&literals, &distances)), &tokens, b"");
    }
}

#[test]
fn all_286_and_30_codes_may_be_there() {
    let header = Header::new(&balanced(0..286, 286), &balanced(0..30, 30));
    let tokens = [Token::Literal(b'a'), Token::Match(258, 1), Token::Match(3, 200)];
    means(Bits::new(), Some(&header), &tokens, b"");
}

#[test]
fn the_end_may_be_all_there_is() {
    let mut lengths = vec![0; 257];
    lengths[256] = 1;
    inflates(Bits::new().dynamic(&Header::new(&lengths, &[0]), &[], true), b"");
    inflates(Bits::new().dynamic(&Header::new(&lengths, &[1]), &[], true), b"");
    inflates(Bits::new().dynamic(&Header::new(&lengths, &[1, 1]), &[], true), b"");
}

#[test]
fn there_may_be_one_distance_code_of_one_bit() {
    let literals = balanced([0, 1, 2, 256, 257], 258);
    let mut least = 1;
    for symbol in 0..30 {
        let mut distances = vec![0; symbol + 1];
        distances[symbol] = 1;
        let header = Header::new(&literals, &distances);
        let before = Chance::new(8).octets(least);
        let tokens = [Token::Match(3, least), Token::Literal(2), Token::Match(3, least)];
        means(Bits::new().stored(&before, false), Some(&header), &tokens, &before);
        least += 1 << (symbol / 2).saturating_sub(1);
    }
    assert_eq!(least, 32769);
}

#[test]
fn there_may_be_no_distance_code() {
    let tokens = literals(b"no copies here");
    let header = Header::fitting(&tokens);
    assert_eq!((header.distances, header.sequence.last()), (1, Some(&(0, 0))));
    means(Bits::new(), Some(&header), &tokens, b"");
    // Nor need there be one where there are lengths.
    let header = Header::new(&balanced((0..286).step_by(2), 286), &[0; 30]);
    means(Bits::new(), Some(&header), &literals(b"bdfh"), b"");
}

/// For each number of lengths in the code of code lengths the last one is used.
#[test]
fn lengths_come_in_their_order() {
    for count in 5..=19 {
        let last = ORDER[count - 1];
        let mut header = Header::new(&complete_with(last), &[0]);
        header.code = balanced(header.sequence.iter().map(|it| it.0), 19).try_into().unwrap();
        assert_ne!(header.code[last], 0);
        // What is left is zero, whether it is written down or not.
        for count in count..=19 {
            header.lengths = count;
            means(Bits::new(), Some(&header), &literals(b"\0\0"), b"");
        }
        header.code = balanced(0..19, 19).try_into().unwrap();
        means(Bits::new(), Some(&header), &literals(b"\0\0"), b"");
    }
}

/// Returns the lengths of a complete code: zeros, that length, and only such others as come before it in
/// the order.
fn complete_with(length: usize) -> Vec<u8> {
    let length = length as u8;
    let first = [length.min(8)].repeat((1 << length.min(8)) - 1);
    let mut lengths = [first, vec![0; 256]].concat();
    lengths.truncate(256);
    lengths.extend(9..=length);
    lengths.push(length);
    lengths
}

/// The lengths of both codes are one sequence, RFC 1951 §3.2.7.
#[test]
fn repeats_cross_from_one_code_into_the_other() {
    let zeros = |count: usize| (18, count - 11);
    // `a` and the end, or `a`, the end and the shortest length; then distances.
    for (sequence, literals, distances, tokens) in [
        // 96 zeros, 1, 138 and 20 zeros, 1 | 1, 0
        (vec![zeros(97), (1, 0), zeros(138), zeros(20), (1, 0), (1, 0), (0, 0)], 257, 2, false),
        // .. the end, and zeros for 28 lengths and two of three distances
        (vec![zeros(97), (1, 0), zeros(138), zeros(20), (1, 0), zeros(31), (1, 0)], 286, 3, false),
        // .. and so with the short repeat of zeros
        (vec![zeros(97), (1, 0), zeros(138), zeros(20), (1, 0), (17, 2), (1, 0)], 260, 3, false),
        // .. three times 2 for 256, 257 and a distance: a, 256, 257, 258 | 2, 2, 2, 2
        (vec![zeros(97), (2, 0), zeros(138), zeros(20), (2, 0), (16, 3)], 259, 4, true),
        // .. zeros repeated as the length before
        (
            vec![zeros(97), (1, 0), zeros(138), zeros(20), (1, 0), (0, 0), (16, 3), (1, 0)],
            262,
            3,
            false,
        ),
        // .. two repeats behind each other
        (vec![zeros(97), (2, 0), zeros(138), zeros(20), (2, 0), (16, 0), (16, 0)], 259, 4, true),
    ] {
        let header = Header { literals, distances, ..Header::of(&sequence) };
        let mut run = vec![Token::Literal(b'a'); 5];
        if tokens {
            run.extend([Token::Match(3, 4), Token::Match(4, 2)]);
        }
        means(Bits::new(), Some(&header), &run, b"");
    }
}

#[test]
fn repeats_have_least_and_most() {
    // 138 zeros and 118: all but the end.
    let sequence = [(18, 127), (18, 107), (1, 0), (0, 0)];
    means(Bits::new(), Some(&Header::of(&sequence)), &[], b"");
    // 3, 10 and 11 zeros; 6 and then 6 and 3 times more; 138 zeros; 53 times 6; 31 zeros, the end.
    let mut sequence = vec![(17, 0), (17, 7), (18, 0), (6, 0), (16, 3), (16, 0), (18, 127), (6, 0)];
    sequence.extend([(16, 3); 8]);
    sequence.extend([(16, 1), (18, 20), (6, 0), (0, 0)]);
    means(Bits::new(), Some(&Header::of(&sequence)), &literals(&[24, 33, 172, 224]), b"");
}

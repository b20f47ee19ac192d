//! Deflated data that is none: each way to be wrong, with the first bit of what is.

use super::CodingErrorKind as Kind;
use super::Format;
use super::checks::refuses;
use super::kit::{Bits, Chance, Header, ORDER, Token, balanced, literals, staircase};

/// Asserts that deflated data is refused, and that this came out before.
#[track_caller]
fn is_refused(bits: Bits, data: &[u8], kind: Kind, offset: usize) {
    refuses(Format::Raw, &bits.into_bytes(), data, kind, offset);
}

/// The header of a block of type 2 is refused at its first bit behind the type, wherever that is.
#[track_caller]
fn header_is_refused(header: &Header, kind: Kind) {
    for before in [0, 3, 5] {
        // An empty block of fixed codes has 10 bits, a literal of them 9.
        let tokens = [Token::Literal(0xff)].repeat(before);
        let bits = Bits::new().fixed(&tokens, false).block(2, true);
        let at = (10 + 9 * before + 3) / 8;
        // What comes behind it does not matter.
        is_refused(bits.header(header).number(0x5555, 16), &[0xff].repeat(before), kind, at);
    }
}

/// A header that is good; from here on things go wrong.
fn good() -> Header {
    Header::new(&balanced([97, 256, 257, 258], 259), &[2, 2, 2, 2])
}

/// A header with these lengths of lengths, and nothing behind them.
fn with_code(lengths: &[(usize, u8)]) -> Header {
    let mut code = [0; 19];
    for &(symbol, length) in lengths {
        code[symbol] = length;
    }
    Header { code, sequence: Vec::new(), ..good() }
}

#[test]
fn refuses_a_block_of_type_3() {
    for before in 0..8 {
        let tokens = [Token::Literal(0xff)].repeat(before);
        let bits = Bits::new().fixed(&tokens, false);
        let at = (10 + 9 * before + 1) / 8;
        is_refused(
            bits.block(3, before % 2 == 0).number(0, 9),
            &[0xff].repeat(before),
            Kind::BlockType,
            at,
        );
    }
}

#[test]
fn refuses_stored_lengths_that_differ() {
    for (len, complement) in
        [(0, 0), (1, 1), (0xffff, 0xffff), (5, 0xfffb), (5, 0x7ffa), (0, 0xfeff)]
    {
        let bits = Bits::new().block(0, true).pad().number(len, 16).number(complement, 16);
        is_refused(bits.number(0, 24), b"", Kind::StoredLength, 3);
    }
    let bits = Bits::new().fixed(&literals(b"ab"), false).block(0, true).pad();
    is_refused(bits.number(1, 16).number(0, 16), b"ab", Kind::StoredLength, 6);
}

#[test]
fn refuses_more_codes_than_there_can_be() {
    for (literals, distances) in [(287, 1), (288, 1), (257, 31), (257, 32), (288, 32)] {
        let lengths = vec![8; literals];
        let header = Header::new(&lengths, &vec![5; distances]);
        header_is_refused(&header, Kind::TooManyCodes);
        // Even if nothing else is right.
        header_is_refused(&Header { literals, distances, ..with_code(&[]) }, Kind::TooManyCodes);
    }
}

#[test]
fn refuses_code_lengths_of_code_lengths_that_are_no_code() {
    header_is_refused(&with_code(&[]), Kind::Incomplete);
    header_is_refused(&with_code(&[(0, 1)]), Kind::Incomplete);
    header_is_refused(&with_code(&[(1, 1)]), Kind::Incomplete);
    header_is_refused(&with_code(&[(0, 1), (1, 2)]), Kind::Incomplete);
    header_is_refused(&with_code(&[(0, 7), (1, 7)]), Kind::Incomplete);
    header_is_refused(&with_code(&[(0, 1), (1, 1), (2, 1)]), Kind::OverSubscribed);
    header_is_refused(&with_code(&[(0, 1), (1, 2), (2, 2), (18, 7)]), Kind::OverSubscribed);
    header_is_refused(&with_code(&ORDER.map(|symbol| (symbol, 7))), Kind::Incomplete);
    header_is_refused(&with_code(&ORDER.map(|symbol| (symbol, 4))), Kind::OverSubscribed);
}

/// The first bit of the repeat, behind lengths of two bits each.
#[track_caller]
fn repeat_is_refused(before: &[(usize, usize)], repeat: (usize, usize), literals: usize) {
    let mut header = Header { code: [0; 19], literals, distances: 1, ..good() };
    for symbol in [16, 17, 18, 1] {
        header.code[symbol] = 2;
    }
    let bits_of = |symbol| match symbol {
        16 => 4,
        17 => 5,
        18 => 9,
        _ => 2,
    };
    let at = 3 + 14 + 3 * 19 + before.iter().map(|it| bits_of(it.0)).sum::<usize>();
    header.sequence = before.iter().copied().chain([repeat]).collect();
    let bits = Bits::new().block(2, true).header(&header).number(0, 16);
    is_refused(bits, b"", Kind::RepeatedLength, at / 8);
}

#[test]
fn refuses_to_repeat_what_is_not_there() {
    for times in 0..4 {
        repeat_is_refused(&[], (16, times), 257);
    }
}

#[test]
fn refuses_to_repeat_beyond_the_last_code() {
    // 258 lengths in all; 276 are not enough for two times 138.
    repeat_is_refused(&[(18, 127)], (18, 127), 257);
    repeat_is_refused(&[(18, 127)], (18, 127), 274);
    repeat_is_refused(&[(18, 127), (18, 107)], (18, 0), 257);
    repeat_is_refused(&[(18, 127), (18, 107)], (17, 0), 257);
    repeat_is_refused(&[(18, 127), (18, 107)], (16, 0), 257);
    repeat_is_refused(&[(18, 127), (18, 108)], (16, 3), 257);
    repeat_is_refused(&[(18, 127), (18, 106), (1, 0), (1, 0)], (16, 0), 257);
    repeat_is_refused(&[(18, 127), (18, 100)], (17, 7), 257);
}

#[test]
fn refuses_a_block_without_an_end() {
    header_is_refused(&Header::new(&[0; 257], &[0]), Kind::NoEndOfBlock);
    header_is_refused(&Header::new(&balanced(0..256, 257), &[1]), Kind::NoEndOfBlock);
    // Before it is looked at whether the rest is a code.
    header_is_refused(
        &Header::new(&[[1; 256].as_slice(), &[0]].concat(), &[1; 30]),
        Kind::NoEndOfBlock,
    );
    header_is_refused(
        &Header::new(&[[0; 257].as_slice(), &[1, 1]].concat(), &[0]),
        Kind::NoEndOfBlock,
    );
}

/// Lengths of literals, of which the last is that of the end.
fn ending(lengths: &[u8]) -> Vec<u8> {
    let mut all = vec![0; 257 - lengths.len()];
    all.extend_from_slice(lengths);
    all
}

#[test]
fn refuses_literals_that_are_no_code() {
    for lengths in [&[2][..], &[15], &[1, 2], &[2, 2, 2], &[15; 256], &staircase(15)[1..]] {
        header_is_refused(&Header::new(&ending(lengths), &[1, 1]), Kind::Incomplete);
    }
    for lengths in [&[1, 1, 1][..], &[1, 1, 15], &[2, 2, 2, 2, 15], &[1; 257], &[7; 129]] {
        header_is_refused(&Header::new(&ending(lengths), &[1, 1]), Kind::OverSubscribed);
    }
    let longer = [staircase(15), vec![15]].concat();
    header_is_refused(&Header::new(&ending(&longer), &[1, 1]), Kind::OverSubscribed);
    // Before the distances are.
    header_is_refused(&Header::new(&ending(&[1, 2]), &[1, 1, 1]), Kind::Incomplete);
}

#[test]
fn refuses_distances_that_are_no_code() {
    let literals = ending(&[1, 1]);
    for lengths in [&[2][..], &[0, 15], &[1, 2], &[2, 2, 2], &[5; 30], &staircase(15)[1..]] {
        header_is_refused(&Header::new(&literals, lengths), Kind::Incomplete);
    }
    for lengths in [&[1, 1, 1][..], &[1, 1, 15], &[1; 30], &[4; 17]] {
        header_is_refused(&Header::new(&literals, lengths), Kind::OverSubscribed);
    }
}

#[test]
fn refuses_fixed_codes_that_mean_nothing() {
    for before in 0..8 {
        let tokens = [Token::Literal(0xff)].repeat(before);
        let data = [0xff].repeat(before);
        for symbol in [286, 287] {
            let tokens = [tokens.clone(), vec![Token::Symbol(symbol, 0, 0)]].concat();
            let at = (3 + 9 * before) / 8;
            is_refused(Bits::new().fixed(&tokens, true), &data, Kind::UnknownCode, at);
        }
        for symbol in [30, 31] {
            // The code of the distance is what is wrong, not that of the length before it.
            let pair = vec![Token::Symbol(284, 7, 5), Token::Distance(symbol, 0, 0)];
            let tokens = [tokens.clone(), pair].concat();
            let at = (3 + 9 * before + 8 + 5) / 8;
            is_refused(Bits::new().fixed(&tokens, true), &data, Kind::UnknownCode, at);
        }
    }
}

/// The bits of a block with this header in front of its tokens.
fn len_of(header: &Header) -> usize {
    let mut len = 0;
    let mut bits = Bits::new().block(2, true).header(header);
    // Whole octets, less what is free.
    while !bits.is_aligned() {
        bits = bits.number(0, 1);
        len += 1;
    }
    8 * bits.into_bytes().len() - len
}

#[test]
fn refuses_the_other_bit_of_a_code_of_one_bit() {
    let header = Header::new(&ending(&[1]), &[0]);
    let bits = Bits::new().dynamic(&header, &[Token::Bits("1")], true).number(0, 16);
    is_refused(bits, b"", Kind::UnknownCode, len_of(&header) / 8);

    let header = Header::new(&balanced([97, 256, 257, 258], 259), &[0, 1]);
    let start = len_of(&header);
    for before in 1..=8 {
        let mut tokens = [Token::Literal(b'a')].repeat(before);
        tokens.extend([Token::Symbol(258, 0, 0), Token::Bits("1")]);
        let bits = Bits::new().dynamic(&header, &tokens, true).number(0, 16);
        let at = (start + 2 * before + 2) / 8;
        is_refused(bits, &[b'a'].repeat(before), Kind::UnknownCode, at);
    }
}

/// Bits that mean nothing are refused when the longest code, of 15 bits, would have ended.
#[test]
fn refuses_bits_that_are_no_code_behind_the_longest_code() {
    let header = Header::new(&balanced([97, 256, 257, 258], 259), &[0; 3]);
    let at = len_of(&header) + 4;
    let tokens = [Token::Literal(b'a'), Token::Symbol(257, 0, 0), Token::Bits("1")];
    let more = Bits::new().dynamic(&header, &tokens, true).number(0, 32).into_bytes();
    for len in 1 + at / 8..more.len() {
        let (kind, offset) =
            if 8 * len < at + 15 { (Kind::Truncated, len) } else { (Kind::UnknownCode, at / 8) };
        refuses(Format::Raw, &more[..len], b"a", kind, offset);
    }
}

#[test]
fn refuses_a_distance_where_there_is_no_code_for_one() {
    let header = Header::new(&balanced([97, 256, 257, 258], 259), &[0; 3]);
    let start = len_of(&header);
    for bit in ["0", "1"] {
        let tokens = [Token::Literal(b'a'), Token::Symbol(257, 0, 0), Token::Bits(bit)];
        let bits = Bits::new().dynamic(&header, &tokens, true).number(0, 16);
        is_refused(bits, b"a", Kind::UnknownCode, (start + 4) / 8);
    }
}

#[test]
fn refuses_distances_before_the_start() {
    for before in 0..40 {
        let data = Chance::new(1).octets(before).iter().map(|it| it & 0x7f).collect::<Vec<_>>();
        for distance in [before + 1, before + 2, 2 * before + 7, 32768] {
            let tokens = [literals(&data), vec![Token::Match(10, distance)]].concat();
            // Behind the type, as many literals of 8 bits, and a length of 7.
            let bits = 3 + 8 * before + 7;
            is_refused(Bits::new().fixed(&tokens, true), &data, Kind::Distance, bits / 8);
        }
    }
}

#[test]
fn refuses_one_byte_more_than_there_is() {
    let before = Chance::new(2).octets(32767);
    let bits = Bits::new().stored(&before, false);
    let at = 5 + 32767 + 1;
    let refused = bits.fixed(&[Token::Match(3, 32768)], true);
    is_refused(refused, &before, Kind::Distance, at);
}

#[test]
fn refuses_what_stands_behind_the_end() {
    for behind in [&b"\0"[..], b"\xff", b"\x03\0", b"\0\0\0\0\0\0\0\0\0\0\0\0"] {
        let stored = [&Bits::new().stored(b"abc", true).into_bytes()[..], behind].concat();
        refuses(Format::Raw, &stored, b"abc", Kind::TrailingData, 8);
        let fixed = [&Bits::new().fixed(&literals(b"abc"), true).into_bytes()[..], behind].concat();
        refuses(Format::Raw, &fixed, b"abc", Kind::TrailingData, fixed.len() - behind.len());
    }
}

//! What the tests of codings are written with: blocks made by hand, bit by bit.

use std::collections::{BTreeMap, BTreeSet};

use super::Format;
use super::model;

/// Where the code lengths of the code of code lengths stand, RFC 1951 §3.2.7.
pub(super) const ORDER: [usize; 19] =
    [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// The least length of each length code from 257 on, without that of 285.
const LENGTHS: [usize; 28] = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227,
];

/// The least distance of each distance code.
const DISTANCES: [usize; 30] = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537,
    2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
];

/// What a block of codes is made of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Token {
    Literal(u8),
    /// A length and a distance, with the codes that stand for them.
    Match(usize, usize),
    /// A symbol of the first code, and its extra bits: their value and their number.
    Symbol(usize, usize, u32),
    /// A symbol of the second code, likewise.
    Distance(usize, usize, u32),
    /// Bits as they are, the first one first.
    Bits(&'static str),
}

/// Returns a token for each byte.
pub(super) fn literals(data: &[u8]) -> Vec<Token> {
    data.iter().copied().map(Token::Literal).collect()
}

/// Does what tokens say.
pub(super) fn expand(tokens: &[Token], data: &mut Vec<u8>) {
    for &token in tokens {
        match token {
            Token::Literal(octet) => data.push(octet),
            Token::Match(length, distance) => {
                for _ in 0..length {
                    data.push(data[data.len() - distance]);
                }
            }
            other => panic!("{other:?} is not for streams that can be read"),
        }
    }
}

/// Returns a length's symbol, the value of its extra bits and their number.
fn length_symbol(length: usize) -> (usize, usize, u32) {
    if length == 258 {
        return (285, 0, 0);
    }
    let index = LENGTHS.partition_point(|&least| least <= length) - 1;
    let extra = if index < 8 { 0 } else { index as u32 / 4 - 1 };
    (257 + index, length - LENGTHS[index], extra)
}

/// Returns a distance's symbol, the value of its extra bits and their number.
fn distance_symbol(distance: usize) -> (usize, usize, u32) {
    let index = DISTANCES.partition_point(|&least| least <= distance) - 1;
    let extra = if index < 4 { 0 } else { index as u32 / 2 - 1 };
    (index, distance - DISTANCES[index], extra)
}

/// The code lengths of a block and how they are written down.
#[derive(Clone, Debug)]
pub(super) struct Header {
    /// How many lengths the first code has: HLIT + 257.
    pub(super) literals: usize,
    /// How many lengths the second code has: HDIST + 1.
    pub(super) distances: usize,
    /// How many lengths the code of code lengths has: HCLEN + 4.
    pub(super) lengths: usize,
    /// The lengths of the code of code lengths.
    pub(super) code: [u8; 19],
    /// The lengths of both codes: symbols, and the values of their extra bits.
    pub(super) sequence: Vec<(usize, usize)>,
}

impl Header {
    /// Writes each length by itself.
    pub(super) fn new(literals: &[u8], distances: &[u8]) -> Self {
        let all = literals.iter().chain(distances);
        let sequence: Vec<_> = all.map(|&length| (usize::from(length), 0)).collect();
        let header = Self::of(&sequence);
        Self { literals: literals.len(), distances: distances.len(), ..header }
    }

    /// Takes the lengths as they are to be written, for one distance code.
    pub(super) fn of(sequence: &[(usize, usize)]) -> Self {
        let used = sequence.iter().map(|length| length.0).chain([16, 17]);
        let lengths = balanced(used, 19);
        let code: [u8; 19] = lengths.try_into().unwrap();
        let mut header =
            Self { literals: 0, distances: 1, lengths: 19, code, sequence: sequence.to_vec() };
        header.literals = header.expanded().len() - 1;
        header
    }

    /// Writes runs of a length as repeats.
    pub(super) fn packed(self) -> Self {
        let mut sequence = Vec::new();
        for run in self.expanded().chunk_by(|a, b| a == b) {
            let (length, mut left) = (usize::from(run[0]), run.len());
            if length > 0 {
                sequence.push((length, 0));
                left -= 1;
            }
            while left > 0 {
                let (symbol, least, most) = match (length, left) {
                    (_, ..3) => (length, 1, 1),
                    (1.., _) => (16, 3, 6),
                    (0, ..11) => (17, 3, 10),
                    (0, _) => (18, 11, 138),
                };
                let times = left.min(most);
                sequence.push((symbol, times - least));
                left -= times;
            }
        }
        let Self { literals, distances, .. } = self;
        Self { literals, distances, ..Self::of(&sequence) }
    }

    /// Makes codes for what tokens use, all about equally long.
    pub(super) fn fitting(tokens: &[Token]) -> Self {
        let (literals, distances) = used(tokens);
        let count = literals.iter().max().unwrap() + 1;
        let literals = balanced(literals, count);
        let count = distances.iter().max().map_or(1, |most| most + 1);
        Self::new(&literals, &balanced(distances, count))
    }

    /// The lengths of both codes, one behind the other.
    fn expanded(&self) -> Vec<u8> {
        let mut lengths = Vec::new();
        for &(symbol, extra) in &self.sequence {
            let (length, times) = match symbol {
                16 => (lengths.last().copied().unwrap_or(0), 3 + extra),
                17 => (0, 3 + extra),
                18 => (0, 11 + extra),
                length => (length as u8, 1),
            };
            lengths.extend(std::iter::repeat_n(length, times));
        }
        lengths
    }
}

/// Returns the symbols of both codes that tokens use.
fn used(tokens: &[Token]) -> (Vec<usize>, Vec<usize>) {
    let (mut literals, mut distances) = (vec![256], Vec::new());
    for &token in tokens {
        match token {
            Token::Literal(octet) => literals.push(usize::from(octet)),
            Token::Match(length, distance) => {
                literals.push(length_symbol(length).0);
                distances.push(distance_symbol(distance).0);
            }
            Token::Symbol(symbol, ..) => literals.push(symbol),
            Token::Distance(symbol, ..) => distances.push(symbol),
            Token::Bits(_) => {}
        }
    }
    (literals, distances)
}

/// Returns the lengths of a complete code for some of `count` symbols, or of one of one bit for one.
pub(super) fn balanced(symbols: impl IntoIterator<Item = usize>, count: usize) -> Vec<u8> {
    let mut lengths = vec![0; count];
    let symbols: BTreeSet<usize> = symbols.into_iter().collect();
    let longest = symbols.len().next_power_of_two().ilog2().max(1) as u8;
    let shorter = (1 << longest) - symbols.len();
    for (index, symbol) in symbols.iter().enumerate() {
        let is_short = index < shorter && symbols.len() > 1;
        lengths[*symbol] = longest - u8::from(is_short);
    }
    lengths
}

/// Returns the lengths of a complete code that is as lopsided as chance wants it.
pub(super) fn lopsided(symbols: &[usize], count: usize, chance: &mut Chance) -> Vec<u8> {
    let mut leaves = vec![0u8];
    while leaves.len() < symbols.len().max(2) {
        let at = chance.below(leaves.len());
        if leaves[at] < 15 {
            leaves[at] += 1;
            leaves.push(leaves[at]);
        }
    }
    let mut lengths = vec![0; count];
    for (symbol, leaf) in symbols.iter().zip(leaves) {
        lengths[*symbol] = leaf;
    }
    lengths
}

/// Returns 1, 2, 3, .., `longest`, `longest`: the most lopsided code.
pub(super) fn staircase(longest: u8) -> Vec<u8> {
    (1..=longest).chain([longest]).collect()
}

/// Returns the codes that lengths stand for, RFC 1951 §3.2.2, each with its length.
fn codes(lengths: &[u8]) -> BTreeMap<usize, (usize, u32)> {
    let mut codes = BTreeMap::new();
    let mut next = 0;
    for length in 1..=15 {
        next *= 2;
        for (symbol, _) in lengths.iter().enumerate().filter(|it| *it.1 == length) {
            codes.insert(symbol, (next, u32::from(length)));
            next += 1;
        }
    }
    codes
}

/// Deflated data, as it is written.
#[derive(Clone, Debug, Default)]
pub(super) struct Bits {
    octets: Vec<u8>,
    /// The bits that the last octet has no use for yet.
    free: u32,
}

impl Bits {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Writes a number from its least significant bit on.
    pub(super) fn number(mut self, number: usize, count: u32) -> Self {
        for place in 0..count {
            if self.free == 0 {
                self.octets.push(0);
                self.free = 8;
            }
            *self.octets.last_mut().unwrap() |= ((number >> place & 1) as u8) << (8 - self.free);
            self.free -= 1;
        }
        self
    }

    /// Writes zeros, many of them.
    pub(super) fn zeros(self, count: usize) -> Self {
        let free = count.min(self.free as usize);
        let mut bits = self.number(0, free as u32);
        let left = count - free;
        bits.octets.resize(bits.octets.len() + left / 8, 0);
        bits.number(0, left as u32 % 8)
    }

    /// Writes a code from its most significant bit on.
    fn code(mut self, (code, count): (usize, u32)) -> Self {
        for place in (0..count).rev() {
            self = self.number(code >> place, 1);
        }
        self
    }

    fn text(mut self, bits: &str) -> Self {
        for bit in bits.bytes() {
            self = self.number(usize::from(bit - b'0'), 1);
        }
        self
    }

    pub(super) fn is_aligned(&self) -> bool {
        self.free == 0
    }

    /// Sets the bits that are left of an octet.
    pub(super) fn pad(self) -> Self {
        let free = self.free;
        self.number(0xff, free)
    }

    /// Begins a block.
    pub(super) fn block(self, kind: usize, is_last: bool) -> Self {
        self.number(usize::from(is_last), 1).number(kind, 2)
    }

    pub(super) fn stored(self, data: &[u8], is_last: bool) -> Self {
        let mut bits = self.block(0, is_last);
        let len = u16::try_from(data.len()).unwrap();
        bits.octets.extend_from_slice(&len.to_le_bytes());
        bits.octets.extend_from_slice(&(!len).to_le_bytes());
        bits.octets.extend_from_slice(data);
        Self { free: 0, ..bits }
    }

    pub(super) fn fixed(self, tokens: &[Token], is_last: bool) -> Self {
        let lengths = [[8; 144].as_slice(), &[9; 112], &[7; 24], &[8; 8]].concat();
        self.block(1, is_last).tokens(tokens, &codes(&lengths), &codes(&[5; 32]))
    }

    pub(super) fn dynamic(self, header: &Header, tokens: &[Token], is_last: bool) -> Self {
        let lengths = header.expanded();
        let (literals, distances) = lengths.split_at(header.literals);
        self.block(2, is_last).header(header).tokens(tokens, &codes(literals), &codes(distances))
    }

    /// Writes what a block of type 2 begins with.
    pub(super) fn header(self, header: &Header) -> Self {
        let mut bits = self.number(header.literals - 257, 5).number(header.distances - 1, 5);
        bits = bits.number(header.lengths - 4, 4);
        for index in ORDER.into_iter().take(header.lengths) {
            bits = bits.number(usize::from(header.code[index]), 3);
        }
        let codes = codes(&header.code);
        for &(symbol, extra) in &header.sequence {
            let count = match symbol {
                16 => 2,
                17 => 3,
                18 => 7,
                _ => 0,
            };
            bits = bits.code(codes[&symbol]).number(extra, count);
        }
        bits
    }

    fn tokens(
        self,
        tokens: &[Token],
        literals: &BTreeMap<usize, (usize, u32)>,
        distances: &BTreeMap<usize, (usize, u32)>,
    ) -> Self {
        let mut bits = self;
        for &token in tokens {
            bits = match token {
                Token::Literal(octet) => bits.code(literals[&usize::from(octet)]),
                Token::Match(length, distance) => {
                    let (symbol, extra, count) = length_symbol(length);
                    bits = bits.code(literals[&symbol]).number(extra, count);
                    let (symbol, extra, count) = distance_symbol(distance);
                    bits.code(distances[&symbol]).number(extra, count)
                }
                Token::Symbol(symbol, extra, count) => {
                    bits.code(literals[&symbol]).number(extra, count)
                }
                Token::Distance(symbol, extra, count) => {
                    bits.code(distances[&symbol]).number(extra, count)
                }
                Token::Bits(text) => bits.text(text),
            };
        }
        // Where there is no code for the end, something is wrong before it.
        match literals.get(&256) {
            Some(&end) => bits.code(end),
            None => bits,
        }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.octets
    }
}

/// Puts around deflated data what a format has around it.
pub(super) fn framed(format: Format, deflated: &[u8], data: &[u8]) -> Vec<u8> {
    match format {
        Format::Gzip => {
            let len = u32::try_from(data.len()).unwrap().to_le_bytes();
            let crc = model::crc32(data).to_le_bytes();
            [b"\x1f\x8b\x08\0\0\0\0\0\0\xff", deflated, &crc, &len].concat()
        }
        Format::Raw => deflated.to_vec(),
        _ => [b"\x78\x9c", deflated, &model::adler32(data).to_be_bytes()].concat(),
    }
}

/// Numbers that are the same in every run.
#[derive(Clone, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    pub(super) fn one_of<T: Copy, const N: usize>(&mut self, choices: [T; N]) -> T {
        choices[self.below(N)]
    }

    pub(super) fn octet(&mut self) -> u8 {
        self.below(256) as u8
    }

    pub(super) fn octets(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.octet()).collect()
    }

    /// Some literals and matches, for data of which `before` bytes are there already.
    pub(super) fn tokens(&mut self, count: usize, before: usize) -> Vec<Token> {
        let mut len = before;
        let mut tokens = Vec::new();
        for _ in 0..count {
            if len == 0 || self.below(3) > 0 {
                tokens.push(Token::Literal(b'a' + self.below(12) as u8));
                len += 1;
            } else {
                let longest = self.one_of([6, 40, 256]);
                let length = 3 + self.below(longest);
                let farthest = self.one_of([4, 40, 32768]).min(len);
                tokens.push(Token::Match(length, 1 + self.below(farthest)));
                len += length;
            }
        }
        tokens
    }
}

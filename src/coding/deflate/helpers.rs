//! A slow inflater to test against, which panics at what is wrong.

use alloc::vec::Vec;

/// The kinds of blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Stored,
    Fixed,
    Dynamic,
}

struct Reader<'a> {
    input: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn is_at_end(&self) -> bool {
        self.at.div_ceil(8) >= self.input.len()
    }

    fn bits(&mut self, count: u32) -> usize {
        let bits = (0..count).map(|bit| {
            let value = self.input[self.at / 8] >> (self.at % 8) & 1;
            self.at += 1;
            usize::from(value) << bit
        });
        bits.sum()
    }

    fn symbol(&mut self, code: &Code) -> usize {
        let (mut word, mut first, mut shorter) = (0, 0, 0);
        for &count in &code.counts[1..] {
            word = word << 1 | self.bits(1);
            first <<= 1;
            if word < first + count {
                return code.symbols[shorter + word - first];
            }
            first += count;
            shorter += count;
        }
        panic!("no such word");
    }
}

/// How many words of each length there are, and their symbols from the shortest to the longest.
struct Code {
    counts: [usize; 16],
    symbols: Vec<usize>,
}

impl Code {
    fn new(lengths: &[u8]) -> Self {
        let mut counts = [0; 16];
        lengths.iter().for_each(|&length| counts[usize::from(length)] += 1);
        let mut symbols: Vec<_> = (0..lengths.len()).filter(|&at| lengths[at] > 0).collect();
        symbols.sort_by_key(|&symbol| lengths[symbol]);
        let taken: usize = (1..16).map(|length| counts[length] << (15 - length)).sum();
        assert_eq!(taken, 1 << 15, "a code is complete: {lengths:?}");
        Self { counts, symbols }
    }
}

fn codes(reader: &mut Reader<'_>) -> (Code, Code) {
    let (litlen, distances, count) = (reader.bits(5) + 257, reader.bits(5) + 1, reader.bits(4) + 4);
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
    let mut code = [0; 19];
    order.iter().take(count).for_each(|&symbol: &usize| code[symbol] = reader.bits(3) as u8);
    let (code, mut lengths) = (Code::new(&code), Vec::new());
    while lengths.len() < litlen + distances {
        let (length, count) = match reader.symbol(&code) {
            16 => (*lengths.last().unwrap(), 3 + reader.bits(2)),
            17 => (0, 3 + reader.bits(3)),
            18 => (0, 11 + reader.bits(7)),
            length => (length as u8, 1),
        };
        lengths.extend((0..count).map(|_| length));
    }
    assert_eq!(lengths.len(), litlen + distances);
    let distances = lengths.split_off(litlen);
    (Code::new(&lengths), Code::new(&distances))
}

fn tokens(reader: &mut Reader<'_>, litlen: &Code, distances: &Code, out: &mut Vec<u8>) {
    loop {
        let symbol = reader.symbol(litlen);
        let length = match symbol {
            0..256 => {
                out.push(symbol as u8);
                continue;
            }
            256 => return,
            257..265 => symbol - 254,
            285 => 258,
            _ => {
                let extra = (symbol - 261) / 4;
                ((4 + (symbol - 261) % 4) << extra) + 3 + reader.bits(extra as u32)
            }
        };
        let distance = match reader.symbol(distances) {
            symbol @ 0..4 => symbol + 1,
            symbol => {
                let extra = symbol / 2 - 1;
                ((2 + symbol % 2) << extra) + 1 + reader.bits(extra as u32)
            }
        };
        let start = out.len().checked_sub(distance).expect("a distance within the data");
        (start..start + length).for_each(|at| out.push(out[at]));
    }
}

/// Returns the data, and the kinds of the blocks that hold any. The input ends with the last block, or, if
/// there is none, with a block.
pub(super) fn inflate(input: &[u8]) -> (Vec<u8>, Vec<Kind>) {
    let (mut reader, mut out, mut kinds) = (Reader { input, at: 0 }, Vec::new(), Vec::new());
    let mut is_last = false;
    while !is_last && !reader.is_at_end() {
        is_last = reader.bits(1) == 1;
        let len = out.len();
        let kind = match reader.bits(2) {
            0 => {
                reader.at = reader.at.next_multiple_of(8);
                let (len, complement) = (reader.bits(16), reader.bits(16));
                assert_eq!(len ^ complement, 0xffff);
                out.extend_from_slice(&input[reader.at / 8..][..len]);
                reader.at += 8 * len;
                Kind::Stored
            }
            1 => {
                let mut litlen = [8; 288];
                litlen[144..256].fill(9);
                litlen[256..280].fill(7);
                tokens(&mut reader, &Code::new(&litlen), &Code::new(&[5; 32]), &mut out);
                Kind::Fixed
            }
            2 => {
                let (litlen, distances) = codes(&mut reader);
                tokens(&mut reader, &litlen, &distances, &mut out);
                Kind::Dynamic
            }
            _ => panic!("no such kind of block"),
        };
        kinds.extend((out.len() > len).then_some(kind));
    }
    assert!(reader.is_at_end(), "{} of {} bytes were read", reader.at.div_ceil(8), input.len());
    (out, kinds)
}

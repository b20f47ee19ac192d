//! What stands between two parts, and how it is found in their contents.
//!
//! ```abnf
//! dash-boundary = "--" boundary
//! delimiter     = CRLF dash-boundary
//! ```
//!
//! No boundary holds CR, so that CR is the first byte of a delimiter and none of its others. A match that fails
//! therefore begins again at the byte where it failed, and nothing but the number of bytes matched has to
//! be kept when the input ends inside a delimiter: the bytes are those of the delimiter itself.

use alloc::vec::Vec;

use crate::field::Boundary;

/// `CRLF "--" boundary`, [RFC 2046 §5.1.1](https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1).
#[derive(Clone, Debug)]
pub(super) struct Delimiter(Vec<u8>);

/// How far some bytes go along with the rest of the delimiter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Matched {
    /// The delimiter is complete after that many bytes.
    Whole(usize),
    /// All bytes are of the delimiter, and more are due.
    All,
    /// That many bytes are of the delimiter, and the next one is not.
    Not(usize),
}

impl Delimiter {
    pub(super) fn new(boundary: &Boundary) -> Self {
        let mut bytes = Vec::from(*b"\r\n--");
        bytes.extend_from_slice(boundary.as_str().as_bytes());
        Self(bytes)
    }

    /// Returns the bytes of a part of the delimiter, which some input turned out not to be.
    pub(super) fn get(&self, from: usize, to: usize) -> &[u8] {
        self.0.get(from..to).unwrap_or_default()
    }

    /// Returns how far the input goes along with the delimiter, of which that many bytes have been matched.
    pub(super) fn go_on(&self, matched: usize, input: &[u8]) -> Matched {
        let due = self.0.get(matched..).unwrap_or_default();
        let same = due.iter().zip(input).take_while(|(due, octet)| due == octet).count();
        if same == due.len() {
            Matched::Whole(same)
        } else if same == input.len() {
            Matched::All
        } else {
            Matched::Not(same)
        }
    }

    /// Returns where the delimiter begins, or what may become one as the input ends, or the length of the
    /// input. Every byte is looked at a bounded number of times, whatever it is: bytes are compared with
    /// those of the delimiter only up to the first that differs, which is at the latest the next CR.
    pub(super) fn find(&self, input: &[u8]) -> usize {
        const BLOCK: usize = 64;
        let (last, len) = self.0.split_last().map_or((b'-', 0), |(last, rest)| (*last, rest.len()));
        let ahead = |len: usize| input.get(len..).unwrap_or_default().as_chunks::<BLOCK>().0;
        let mut at = 0;
        for (block, (fourths, lasts)) in ahead(0).iter().zip(ahead(3).iter().zip(ahead(len))) {
            if may_stand(block, lasts, last) && may_begin(block, fourths) {
                for (offset, (&first, &fourth)) in block.iter().zip(fourths).enumerate() {
                    if first == b'\r' && fourth == b'-' && self.begins(input, at + offset) {
                        return at + offset;
                    }
                }
            }
            at += BLOCK;
        }
        let rest = input.get(at..).unwrap_or_default();
        let found = positions(rest, b'\r').find(|offset| self.begins(input, at + offset));
        found.map_or(input.len(), |offset| at + offset)
    }

    /// Returns whether the input has the delimiter at an offset, or so much of it as there is input.
    fn begins(&self, input: &[u8], at: usize) -> bool {
        let input = input.get(at..).unwrap_or_default();
        let len = input.len().min(self.0.len());
        input.get(..len) == self.0.get(..len)
    }
}

/// Returns whether CR stands in a block, and the last byte of the delimiter where it would. That is a handful of
/// vector operations, and seldom true, even of what was made of beginnings of delimiters.
#[inline]
fn may_stand<const N: usize>(block: &[u8; N], lasts: &[u8; N], last: u8) -> bool {
    let mut any = 0;
    for (&first, &end) in block.iter().zip(lasts) {
        any |= u8::from(first == b'\r') & u8::from(end == last);
    }
    any != 0
}

/// Returns whether CR stands in a block where `-` stands three bytes further on: hardly ever, where lines of text
/// are.
fn may_begin<const N: usize>(block: &[u8; N], fourths: &[u8; N]) -> bool {
    let mut any = 0;
    for (&first, &fourth) in block.iter().zip(fourths) {
        any |= u8::from(first == b'\r') & u8::from(fourth == b'-');
    }
    any != 0
}

fn positions(octets: &[u8], octet: u8) -> impl Iterator<Item = usize> {
    octets.iter().enumerate().filter(move |&(_, &one)| one == octet).map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn delimiter() -> Delimiter {
        Delimiter::new(&Boundary::parse(b"ab").unwrap())
    }

    #[test]
    fn is_found_at_every_place_of_a_block_and_across_blocks() {
        for len in 0..200 {
            for filler in [b'x', b'\r', b'-', b'\n'] {
                let mut input = vec![filler; len];
                input.extend_from_slice(b"\r\n--ab!");
                assert_eq!(delimiter().find(&input), len, "{len} {filler}");
                let cut = &input[..len + 3];
                assert_eq!(delimiter().find(cut), len, "{len} {filler}");
            }
        }
    }

    #[test]
    fn what_only_looks_like_it_is_not_found() {
        for input in ["\r\n--a", "\r\n--ac", "\r\n-ab", "\n--ab", "\r--ab", "\r\r\n--", "\r\n\r\n"]
        {
            let mut input = Vec::from(input);
            input.extend_from_slice(&[b'.'; 100]);
            assert_eq!(delimiter().find(&input), input.len());
        }
    }

    #[test]
    fn the_end_of_the_input_may_be_its_beginning() {
        for (input, place) in
            [("", 0), ("\r", 0), ("x\r", 1), ("x\r\r\n", 2), ("\r\nx", 3), ("\r\n--ab", 0)]
        {
            assert_eq!(delimiter().find(input.as_bytes()), place, "{input:?}");
        }
    }

    #[test]
    fn a_match_goes_on_where_it_stood() {
        let delimiter = delimiter();
        assert_eq!(delimiter.go_on(0, b"\r\n"), Matched::All);
        assert_eq!(delimiter.go_on(2, b"--a"), Matched::All);
        assert_eq!(delimiter.go_on(5, b"b--"), Matched::Whole(1));
        assert_eq!(delimiter.go_on(5, b"c"), Matched::Not(0));
        assert_eq!(delimiter.go_on(2, b"-\r\n"), Matched::Not(1));
        assert_eq!(delimiter.get(0, 3), b"\r\n-");
    }
}

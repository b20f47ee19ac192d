//! What stands between semicolons, and in each part what stands before and behind the first `=`: the
//! one lexer of the room.
//!
//! Quotes mean nothing to it: a user agent splits at every `;`, and a server that does not would read
//! two cookies as one ([6265bis §5.6], step 2).
//!
//! [6265bis §5.6]: https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.6

/// The parts of a text, empty ones included; at least one.
#[derive(Clone, Debug)]
pub(super) struct Segments<'a> {
    text: &'a [u8],
    stops: Stops<'a>,
    /// Where the next part begins; `None` behind the last.
    start: Option<usize>,
}

/// A part of a text, without whitespace around name and value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Segment<'a> {
    /// What stands before the first `=`, or everything if there is none.
    pub(super) name: Piece<'a>,
    /// What stands behind the first `=`.
    pub(super) value: Option<Piece<'a>>,
    /// Where the part ends: the place of a semicolon, or the end of the text.
    pub(super) end: usize,
}

/// A piece of a text, and where it begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    pub(super) text: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Piece<'a> {
    #[inline(always)]
    fn new(text: &'a [u8], start: usize, end: usize) -> Self {
        Self { text: text.get(start..end).unwrap_or_default(), at: start }
    }

    /// Returns the piece without whitespace at its ends.
    #[inline(always)]
    pub(super) fn trimmed(mut self) -> Self {
        while let [b' ' | b'\t', rest @ ..] = self.text {
            self.text = rest;
            self.at += 1;
        }
        while let [rest @ .., b' ' | b'\t'] = self.text {
            self.text = rest;
        }
        self
    }

    /// Returns where a byte first stands in the text that this is a piece of.
    pub(super) fn find(self, octet: u8) -> Option<usize> {
        let index = self.text.iter().position(|&it| it == octet)?;
        Some(self.at + index)
    }
}

/// Where a piece of a text stands, which is shorter than 4 GiB.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// Returns the place of a piece from `start` to `end`.
    #[inline]
    pub(super) fn new(start: usize, end: usize) -> Self {
        let narrow = |index| u32::try_from(index).unwrap_or(u32::MAX);
        Self { start: narrow(start), end: narrow(end) }
    }

    /// Returns the piece itself.
    #[inline]
    pub(super) fn of(self, text: &[u8]) -> &[u8] {
        match (usize::try_from(self.start), usize::try_from(self.end)) {
            (Ok(start), Ok(end)) => text.get(start..end).unwrap_or_default(),
            _ => &[],
        }
    }
}

impl From<Piece<'_>> for Span {
    #[inline]
    fn from(piece: Piece<'_>) -> Self {
        Self::new(piece.at, piece.at + piece.text.len())
    }
}

impl<'a> Segments<'a> {
    /// Begins with the first part.
    #[inline]
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, stops: Stops::new(text), start: Some(0) }
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Segment<'a>;

    #[inline(always)]
    fn next(&mut self) -> Option<Segment<'a>> {
        let start = self.start?;
        let mut equals = None;
        let end = loop {
            match self.stops.next() {
                Some((at, true)) => break at,
                Some((at, false)) => equals = equals.or(Some(at)),
                None => break self.text.len(),
            }
        };
        self.start = (end < self.text.len()).then_some(end + 1);
        Some(match equals {
            None => Segment { name: Piece::new(self.text, start, end).trimmed(), value: None, end },
            Some(equals) => Segment {
                name: Piece::new(self.text, start, equals).trimmed(),
                value: Some(Piece::new(self.text, equals + 1, end).trimmed()),
                end,
            },
        })
    }
}

/// The places of `;` and `=`, and whether it is the former, eight bytes at a time.
#[derive(Clone, Debug)]
struct Stops<'a> {
    words: core::slice::Iter<'a, [u8; 8]>,
    /// What follows the words, in the low bytes; none of it once it was looked at.
    tail: Option<u64>,
    /// The present word.
    word: u64,
    /// The top bits of the bytes of the present word that are stops.
    found: u64,
    /// Where the next word begins.
    next_base: usize,
}

const fn each(octet: u8) -> u64 {
    u64::from_le_bytes([octet; 8])
}

/// Brings up the top bit of each byte that is not zero. Sums of seven bits do not carry into the next
/// byte, so that every one is exact.
#[inline(always)]
const fn others(word: u64) -> u64 {
    ((word & each(0x7f)) + each(0x7f)) | word
}

/// Returns whether one of 32 bytes is a stop; the compiler makes vectors of this.
#[inline(always)]
fn has_stop(words: &[[u8; 8]; 4]) -> bool {
    words
        .as_flattened()
        .iter()
        .fold(false, |found, &octet| found | (octet == b';') | (octet == b'='))
}

impl<'a> Stops<'a> {
    #[inline]
    fn new(text: &'a [u8]) -> Self {
        let (words, rest) = text.as_chunks::<8>();
        let tail = match (rest.len(), text.last_chunk::<8>()) {
            (0, _) => None,
            (len, Some(last)) => Some(u64::from_le_bytes(*last) >> (8 * (8 - len))),
            (_, None) => {
                Some(rest.iter().rev().fold(0, |word, &octet| word << 8 | u64::from(octet)))
            }
        };
        Self { words: words.iter(), tail, word: 0, found: 0, next_base: 0 }
    }

    /// Goes on to the next word with a stop.
    #[inline(always)]
    fn advance(&mut self) -> Option<()> {
        let mut empty = 0;
        loop {
            self.word = match self.words.next() {
                Some(word) => u64::from_le_bytes(*word),
                None => self.tail.take()?,
            };
            self.next_base += 8;
            let [semicolons, equals] = [b';', b'='].map(|stop| others(self.word ^ each(stop)));
            self.found = !(semicolons & equals) & each(0x80);
            if self.found != 0 {
                return Some(());
            }
            empty += 1;
            if empty == 4 {
                let words = self.words.as_slice();
                let rest = skip(words);
                self.next_base += 8 * (words.len() - rest.len());
                self.words = rest.iter();
            }
        }
    }
}

/// Returns what follows the first words, as many as have no stop; four of them at a time.
#[inline(never)]
fn skip(words: &[[u8; 8]]) -> &[[u8; 8]] {
    let mut words = words;
    while let Some((four, rest)) = words.split_first_chunk()
        && !has_stop(four)
    {
        words = rest;
    }
    words
}

impl Iterator for Stops<'_> {
    type Item = (usize, bool);

    #[inline(always)]
    fn next(&mut self) -> Option<(usize, bool)> {
        if self.found == 0 {
            self.advance()?;
        }
        let lowest = self.found & self.found.wrapping_neg();
        self.found ^= lowest;
        let lane = usize::try_from(lowest.trailing_zeros() / 8).unwrap_or_default();
        // The two differ in the second bit: 0x3b and 0x3d.
        Some((self.next_base - 8 + lane, self.word & (lowest >> 6) != 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    type Part<'a> = (&'a [u8], Option<&'a [u8]>, usize);

    fn parts(text: &[u8]) -> Vec<Part<'_>> {
        Segments::new(text)
            .map(|it| (it.name.text, it.value.map(|value| value.text), it.end))
            .collect()
    }

    /// As the drafts have it, a byte after the other.
    fn naive(text: &[u8]) -> Vec<Part<'_>> {
        let mut end = 0;
        let mut parts = Vec::new();
        for part in text.split(|&octet| octet == b';') {
            end += part.len();
            let mut sides = part.splitn(2, |&octet| octet == b'=').map(crate::syntax::trim_ows);
            parts.push((sides.next().unwrap_or_default(), sides.next(), end));
            end += 1;
        }
        parts
    }

    #[test]
    fn splits_at_every_semicolon_and_the_first_equals_sign() {
        assert_eq!(parts(b""), [(&b""[..], None, 0)]);
        assert_eq!(parts(b";"), [(&b""[..], None, 0), (b"", None, 1)]);
        assert_eq!(
            parts(b" a = b=c ;\td\t; =\"e;f\""),
            [
                (&b"a"[..], Some(&b"b=c"[..]), 9),
                (b"d", None, 13),
                (b"", Some(b"\"e"), 18),
                (b"f\"", None, 21)
            ]
        );
    }

    #[test]
    fn agrees_with_a_naive_reader_on_every_byte_in_every_lane() {
        for octet in 0..=255 {
            for at in 0..20 {
                let mut text = *b"a=bcdef;ghijk=lmno;p";
                text[at] = octet;
                for len in 0..=text.len() {
                    assert_eq!(parts(&text[..len]), naive(&text[..len]), "{octet:#x} at {at}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn agrees_with_a_naive_reader(text in "[a=; \t\u{80}]{0,60}") {
            prop_assert_eq!(parts(text.as_bytes()), naive(text.as_bytes()));
        }
    }
}

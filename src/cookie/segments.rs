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
pub(super) struct Segment {
    /// What stands before the first `=`, or everything if there is none.
    pub(super) name: Span,
    /// What stands behind the first `=`.
    pub(super) value: Option<Span>,
    /// Where the part ends: the place of a semicolon, or the end of the text.
    pub(super) end: usize,
}

/// A piece of a text, which is shorter than 4 GiB.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// Returns the piece from `start` to `end`.
    #[inline]
    pub(super) fn new(start: usize, end: usize) -> Self {
        let narrow = |index| u32::try_from(index).unwrap_or(u32::MAX);
        Self { start: narrow(start), end: narrow(end) }
    }

    /// Returns the piece itself.
    #[inline]
    pub(super) fn of(self, text: &[u8]) -> &[u8] {
        let (start, end) = (usize::try_from(self.start), usize::try_from(self.end));
        match (start, end) {
            (Ok(start), Ok(end)) => text.get(start..end).unwrap_or_default(),
            _ => &[],
        }
    }

    /// Returns the number of bytes.
    #[inline]
    pub(super) fn len(self) -> usize {
        usize::try_from(self.end.saturating_sub(self.start)).unwrap_or(usize::MAX)
    }

    /// Returns where the piece begins.
    #[inline]
    pub(super) fn start(self) -> usize {
        usize::try_from(self.start).unwrap_or(usize::MAX)
    }

    /// Returns the piece without its first byte.
    #[inline]
    pub(super) fn after_first(self) -> Self {
        Self { start: self.start.saturating_add(1).min(self.end), end: self.end }
    }

    /// The piece from `start` to `end`, less whitespace at its ends.
    #[inline]
    fn trimmed(text: &[u8], start: usize, end: usize) -> Self {
        let mut part = text.get(start..end).unwrap_or_default();
        while let [b' ' | b'\t', rest @ ..] = part {
            part = rest;
        }
        let start = end - part.len();
        while let [rest @ .., b' ' | b'\t'] = part {
            part = rest;
        }
        Self::new(start, start + part.len())
    }
}

impl<'a> Segments<'a> {
    /// Begins with the first part.
    #[inline]
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, stops: Stops::new(text), start: Some(0) }
    }
}

impl Iterator for Segments<'_> {
    type Item = Segment;

    #[inline]
    fn next(&mut self) -> Option<Segment> {
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
            None => Segment { name: Span::trimmed(self.text, start, end), value: None, end },
            Some(equals) => Segment {
                name: Span::trimmed(self.text, start, equals),
                value: Some(Span::trimmed(self.text, equals + 1, end)),
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
    /// The bytes of the present word that are stops.
    both: u64,
    semicolons: u64,
    /// Where the present word begins.
    base: usize,
    next_base: usize,
}

const fn each(octet: u8) -> u64 {
    u64::from_le_bytes([octet; 8])
}

/// Brings up the top bit of each byte that is zero. Sums of seven bits do not carry into the next byte,
/// so that every one is exact.
#[inline]
const fn zeros(word: u64) -> u64 {
    !(((word & each(0x7f)) + each(0x7f)) | word) & each(0x80)
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
        Self { words: words.iter(), tail, both: 0, semicolons: 0, base: 0, next_base: 0 }
    }
}

impl Iterator for Stops<'_> {
    type Item = (usize, bool);

    #[inline]
    fn next(&mut self) -> Option<(usize, bool)> {
        while self.both == 0 {
            let word = match self.words.next() {
                Some(word) => u64::from_le_bytes(*word),
                None => self.tail.take()?,
            };
            self.semicolons = zeros(word ^ each(b';'));
            self.both = self.semicolons | zeros(word ^ each(b'='));
            self.base = self.next_base;
            self.next_base += 8;
        }
        let lowest = self.both & self.both.wrapping_neg();
        self.both ^= lowest;
        let lane = usize::try_from(lowest.trailing_zeros() / 8).unwrap_or_default();
        Some((self.base + lane, self.semicolons & lowest != 0))
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
            .map(|it| (it.name.of(text), it.value.map(|value| value.of(text)), it.end))
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

//! Compares names without regard to case, eight bytes at a time.
//!
//! A map is searched from its first field to its last. Most names differ in length; of those that
//! do not, most differ in their last eight bytes (`Accept-Encoding`, `Accept-Language`), which one
//! load and one comparison tell.

use super::span::FieldSpan;

/// A name that is looked for.
#[derive(Clone, Copy)]
pub(super) struct Wanted<N> {
    name: N,
    /// The last eight bytes; of a shorter name all of them, and zeros.
    tail: u64,
}

impl<N: AsRef<[u8]>> Wanted<N> {
    /// This is to be compiled with its caller: of a constant, it leaves constants.
    #[inline(always)]
    pub(super) fn new(name: N) -> Self {
        let octets = name.as_ref();
        let tail = octets.last_chunk().map_or_else(|| short_word(octets), word);
        Self { name, tail }
    }

    /// Returns the first field of that name.
    #[inline(always)]
    pub(super) fn find<'s>(&self, spans: &'s [FieldSpan], bytes: &[u8]) -> Option<&'s FieldSpan> {
        find(spans, bytes, self.name.as_ref(), self.tail)
    }

    /// Returns whether it is the name of a field.
    #[inline(always)]
    pub(super) fn is_name_of(&self, span: &FieldSpan, bytes: &[u8]) -> bool {
        is_named(span, bytes, self.name.as_ref(), self.tail)
    }
}

fn find<'s>(spans: &'s [FieldSpan], bytes: &[u8], name: &[u8], tail: u64) -> Option<&'s FieldSpan> {
    spans.iter().find(|span| is_named(span, bytes, name, tail))
}

#[inline(always)]
fn is_named(span: &FieldSpan, bytes: &[u8], name: &[u8], tail: u64) -> bool {
    if span.name_len() != name.len() {
        return false;
    }
    if name.len() < 8 {
        // What follows a short name is masked; nothing may follow it.
        let found = match span.octets_of_name(bytes, 0) {
            Some(octets) => word(octets) & !(u64::MAX << (8 * name.len())),
            None => short_word(span.name(bytes)),
        };
        return same_word(found, tail);
    }
    match span.octets_of_name(bytes, name.len() - 8) {
        Some(octets) => {
            same_word(word(octets), tail) && (name.len() == 8 || same_words(span.name(bytes), name))
        }
        None => false,
    }
}

#[inline]
const fn word(octets: &[u8; 8]) -> u64 {
    u64::from_le_bytes(*octets)
}

/// Returns fewer than eight bytes, and zeros; without a loop, which for a constant would stay one.
#[inline]
fn short_word(octets: &[u8]) -> u64 {
    match *octets {
        [] => 0,
        [a] => word(&[a, 0, 0, 0, 0, 0, 0, 0]),
        [a, b] => word(&[a, b, 0, 0, 0, 0, 0, 0]),
        [a, b, c] => word(&[a, b, c, 0, 0, 0, 0, 0]),
        [a, b, c, d] => word(&[a, b, c, d, 0, 0, 0, 0]),
        [a, b, c, d, e] => word(&[a, b, c, d, e, 0, 0, 0]),
        [a, b, c, d, e, f] => word(&[a, b, c, d, e, f, 0, 0]),
        [a, b, c, d, e, f, g, ..] => word(&[a, b, c, d, e, f, g, 0]),
    }
}

/// Returns whether two names are the same, the case of ASCII letters aside.
#[inline]
pub(super) fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let (Some(a_tail), Some(b_tail)) = (a.last_chunk(), b.last_chunk()) else {
        return a.eq_ignore_ascii_case(b);
    };
    same_word(word(a_tail), word(b_tail)) && same_words(a, b)
}

/// Compares all whole eights of bytes.
#[inline]
fn same_words(a: &[u8], b: &[u8]) -> bool {
    let (a, b) = (a.as_chunks().0, b.as_chunks().0);
    a.iter().zip(b).all(|(a, b)| same_word(word(a), word(b)))
}

/// Compares eight bytes: they may differ in the case bit, and there only where there are letters.
/// The top bit of each byte of `letters` says whether it is one of `a` to `z`: those reach 0x80 by
/// the first sum and not by the second.
#[inline]
const fn same_word(a: u64, b: u64) -> bool {
    let differs = a ^ b;
    if differs == 0 {
        return true;
    }
    if differs & each(!0x20) != 0 {
        return false;
    }
    let lower = (a | each(0x20)) & each(0x7f);
    let from_a = lower + each(0x80 - b'a');
    let after_z = lower + each(0x7f - b'z');
    let letters = from_a & !after_z & !a & each(0x80);
    differs & !(letters >> 2) == 0
}

/// Returns a word of one byte eight times.
pub(super) const fn each(octet: u8) -> u64 {
    u64::from_ne_bytes([octet; 8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_bytes_at_once_compare_as_one_at_a_time() {
        for octet in 0..=255_u8 {
            for other in [octet, octet ^ 0x20, octet.wrapping_add(1), octet ^ 0x80] {
                for place in [0, 3, 7, 8, 9, 10] {
                    let (mut a, mut b) = ([b'x'; 11], [b'X'; 11]);
                    (a[place], b[place]) = (octet, other);
                    assert_eq!(same(&a, &b), a.eq_ignore_ascii_case(&b), "{octet} {other}");
                }
            }
        }
        assert!(same(b"", b"") && same(b"tE", b"Te") && !same(b"tea", b"tee"));
    }

    #[test]
    fn a_name_is_found_wherever_it_stands_in_a_buffer() {
        for len in 0..=25 {
            let name = &b"Access-Control-Allow-Orig"[25 - len..];
            for (before, after) in [(0, 0), (3, 0), (0, 3), (9, 9), (0, 20)] {
                let buf =
                    [&b"xxxxxxxxx"[..before], name, &b"yyyyyyyyyyyyyyyyyyyy"[..after]].concat();
                let place = |end| u32::try_from(end).unwrap();
                let span = FieldSpan::new(place(before), place(before + len), 0, 0);
                for changed in 0..len {
                    for other in [0x20, 0x01, 0x80] {
                        let mut wanted = name.to_vec();
                        wanted[changed] ^= other;
                        let expected = wanted.eq_ignore_ascii_case(name);
                        assert_eq!(Wanted::new(&wanted).is_name_of(&span, &buf), expected);
                    }
                }
                assert!(Wanted::new(name).find(&[span], &buf).is_some());
                assert!(Wanted::new(&[name, b"z"].concat()).find(&[span], &buf).is_none());
            }
        }
    }

    #[test]
    fn a_span_outside_of_the_buffer_has_no_name() {
        for (start, end) in [(0, 20), (u32::MAX - 20, u32::MAX), (9, 3)] {
            let span = FieldSpan::new(start, end, 0, 0);
            assert!(!Wanted::new(&[b'x'; 20]).is_name_of(&span, b"xxxxxx"));
            assert!(!Wanted::new(b"xxx").is_name_of(&span, b"xxxxxx"));
        }
    }
}

//! The characters beyond ASCII that a host name may hold here.
//!
//! [UTS 46](https://www.unicode.org/reports/tr46/) maps a host name with a table of the whole of
//! Unicode: it folds case, replaces look-alikes of compatibility, composes. This list has the letters
//! for which that comes down to [`char::to_lowercase`]. For every character in it:
//!
//! - its mapping is its lower case, which is one character and in the list; one that is lower case
//!   already is valid as it is, without transitional processing;
//! - it is a letter, or a mark without which its script cannot be written, and has been since Unicode 10
//!   or longer, so that no version of the tables disagrees;
//! - NFC leaves it alone whatever stands before or behind it (NFC_Quick_Check is Yes, and
//!   Canonical_Combining_Class is 0 but where [`Role::Mark`] says otherwise);
//! - it needs no rule of context ([RFC 5892 Appendix
//!   A](https://www.rfc-editor.org/rfc/rfc5892#appendix-A)).
//!
//! `benches/peers/src/bin/idna.rs` compares the list with complete tables, character by character and
//! pair by pair.

/// What a character does in a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// `-`, which the list does not have: Bidi_Class ES.
    Hyphen,
    /// An ASCII digit, which the list does not have: Bidi_Class EN.
    Digit,
    /// A letter of a script that is written from left to right: Bidi_Class L.
    Letter,
    /// A letter of a script that is written from right to left: Bidi_Class R or AL.
    RightToLeft,
    /// A mark on the letter before it, with its Canonical_Combining_Class: Bidi_Class L or NSM.
    Mark(u8),
}

use Role::{Letter, Mark, RightToLeft};

/// First character, last character, what they are; in order.
///
/// `ß` and `ς` are in it: browsers have given up the transitional mapping of these to `ss` and `σ`, and
/// UTS 46 deprecates it. Capitals whose mapping has changed between versions are not (`ẞ`, `Ӏ`).
const RANGES: &[(char, char, Role)] = &[
    // Latin: Latin-1, Extended-A, Extended-B, IPA.
    ('\u{c0}', '\u{d6}', Letter),
    ('\u{d8}', '\u{f6}', Letter),
    ('\u{f8}', '\u{12f}', Letter),
    ('\u{131}', '\u{131}', Letter),
    ('\u{134}', '\u{13e}', Letter),
    ('\u{141}', '\u{148}', Letter),
    ('\u{14a}', '\u{17e}', Letter),
    ('\u{180}', '\u{1bf}', Letter),
    ('\u{1cd}', '\u{1f0}', Letter),
    ('\u{1f4}', '\u{2af}', Letter),
    // Greek, without the letters of several accents.
    ('\u{386}', '\u{386}', Letter),
    ('\u{388}', '\u{38a}', Letter),
    ('\u{38c}', '\u{38c}', Letter),
    ('\u{38e}', '\u{3a1}', Letter),
    ('\u{3a3}', '\u{3ce}', Letter),
    // Cyrillic.
    ('\u{400}', '\u{481}', Letter),
    ('\u{48a}', '\u{4bf}', Letter),
    ('\u{4c1}', '\u{52f}', Letter),
    // Armenian, without the ligature.
    ('\u{531}', '\u{556}', Letter),
    ('\u{561}', '\u{586}', Letter),
    // Hebrew, without points.
    ('\u{5d0}', '\u{5ea}', RightToLeft),
    // Arabic, without vowel marks, tatweel and digits.
    ('\u{620}', '\u{63f}', RightToLeft),
    ('\u{641}', '\u{64a}', RightToLeft),
    ('\u{66e}', '\u{66f}', RightToLeft),
    ('\u{671}', '\u{674}', RightToLeft),
    ('\u{679}', '\u{6d3}', RightToLeft),
    ('\u{6d5}', '\u{6d5}', RightToLeft),
    ('\u{6ee}', '\u{6ef}', RightToLeft),
    ('\u{6fa}', '\u{6fc}', RightToLeft),
    ('\u{6ff}', '\u{6ff}', RightToLeft),
    ('\u{750}', '\u{77f}', RightToLeft),
    // Devanagari, without the nukta, which composes.
    ('\u{901}', '\u{903}', Mark(0)),
    ('\u{904}', '\u{939}', Letter),
    ('\u{93d}', '\u{93d}', Letter),
    ('\u{93e}', '\u{94c}', Mark(0)),
    ('\u{94d}', '\u{94d}', Mark(9)),
    ('\u{950}', '\u{950}', Letter),
    ('\u{960}', '\u{961}', Letter),
    ('\u{962}', '\u{963}', Mark(0)),
    ('\u{972}', '\u{97f}', Letter),
    // Thai, without sara am, which decomposes.
    ('\u{e01}', '\u{e30}', Letter),
    ('\u{e31}', '\u{e31}', Mark(0)),
    ('\u{e32}', '\u{e32}', Letter),
    ('\u{e34}', '\u{e37}', Mark(0)),
    ('\u{e38}', '\u{e39}', Mark(103)),
    ('\u{e40}', '\u{e46}', Letter),
    ('\u{e47}', '\u{e47}', Mark(0)),
    ('\u{e48}', '\u{e4b}', Mark(107)),
    ('\u{e4c}', '\u{e4d}', Mark(0)),
    // Georgian, in its modern letters.
    ('\u{10d0}', '\u{10fa}', Letter),
    // Latin again: Extended Additional, with Vietnamese.
    ('\u{1e00}', '\u{1e99}', Letter),
    ('\u{1ea0}', '\u{1eff}', Letter),
    // Ideographic iteration, closing and zero; kana; bopomofo.
    ('\u{3005}', '\u{3007}', Letter),
    ('\u{3041}', '\u{3096}', Letter),
    ('\u{309d}', '\u{309e}', Letter),
    ('\u{30a1}', '\u{30fa}', Letter),
    ('\u{30fc}', '\u{30fe}', Letter),
    ('\u{3105}', '\u{312d}', Letter),
    // Unified ideographs: Extension A and the first block.
    ('\u{3400}', '\u{4db5}', Letter),
    ('\u{4e00}', '\u{9fea}', Letter),
    // Hangul syllables.
    ('\u{ac00}', '\u{d7a3}', Letter),
    // Unified ideographs: Extension B.
    ('\u{20000}', '\u{2a6d6}', Letter),
];

/// Returns the lower case of `letter` and its role; `None` where the list does not have it.
pub(super) fn lower_case(letter: char) -> Option<(char, Role)> {
    let role = role(letter)?;
    let mut lower = letter.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(lower), None) if self::role(lower) == Some(role) => Some((lower, role)),
        _ => None,
    }
}

fn role(letter: char) -> Option<Role> {
    let index = RANGES.partition_point(|&(_, last, _)| last < letter);
    RANGES.get(index).filter(|(first, ..)| *first <= letter).map(|&(.., role)| role)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;

    #[test]
    fn the_ranges_are_in_order_and_apart() {
        for &(first, last, _) in RANGES {
            assert!('\u{80}' <= first && first <= last, "{first}");
        }
        for pair in RANGES.windows(2) {
            assert!(pair[0].1 < pair[1].0, "{pair:?}");
        }
    }

    #[test]
    fn lower_case_is_a_fixed_point() {
        for &(first, last, _) in RANGES {
            for letter in first..=last {
                if let Some((lower, role)) = lower_case(letter) {
                    assert_eq!(lower_case(lower), Some((lower, role)), "{letter}");
                }
            }
        }
    }

    #[test]
    fn capitals_whose_small_letter_is_not_in_the_list_are_refused() {
        let mut refused = String::new();
        for &(first, last, _) in RANGES {
            refused.extend((first..=last).filter(|&letter| lower_case(letter).is_none()));
        }
        assert_eq!(refused, "ȺȾ");
    }

    #[test]
    fn every_letter_has_one_lower_case() {
        for (letter, expected) in [
            ('Ü', Some('ü')),
            ('Ÿ', Some('ÿ')),
            ('Σ', Some('σ')),
            ('ς', Some('ς')),
            ('ß', Some('ß')),
            ('Ɓ', Some('ɓ')),
            ('Ѐ', Some('ѐ')),
            ('Ա', Some('ա')),
            ('Ế', Some('ế')),
            // One that is two letters, and ones that the tables have seen differently.
            ('İ', None),
            ('ẞ', None),
            ('Ӏ', None),
            // Signs that are letters by compatibility.
            ('\u{212a}', None),
            ('\u{2126}', None),
            ('\u{212b}', None),
        ] {
            assert_eq!(lower_case(letter).map(|(lower, _)| lower), expected, "{letter}");
        }
    }
}

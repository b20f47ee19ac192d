//! One label: what it may hold, and how it is encoded and decoded.

use alloc::string::String;

use super::punycode;
use super::ranges::{Role, lower_case};
use crate::uri::UriErrorKind;

/// What a label in Punycode starts with ([RFC 5890
/// §2.3.2.5](https://www.rfc-editor.org/rfc/rfc5890#section-2.3.2.5)).
const PREFIX: &str = "xn--";

/// The most octets of a label ([RFC 1035
/// §2.3.4](https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4)).
const MAX_LABEL: usize = 63;

/// Returns whether a label starts with `xn--` in any case.
pub(super) fn has_prefix(label: &str) -> bool {
    label
        .as_bytes()
        .first_chunk()
        .is_some_and(|start: &[u8; 4]| start.eq_ignore_ascii_case(PREFIX.as_bytes()))
}

/// Why a label was refused, and at which of its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) kind: UriErrorKind,
    pub(super) offset: usize,
}

impl Refusal {
    pub(super) const fn invalid(offset: usize) -> Self {
        Self { kind: UriErrorKind::InvalidIdn, offset }
    }

    pub(super) const fn unsupported(offset: usize) -> Self {
        Self { kind: UriErrorKind::UnsupportedIdn, offset }
    }

    /// Returns the refusal for a label that starts at byte `start`.
    pub(super) const fn moved(self, start: usize) -> Self {
        Self { kind: self.kind, offset: self.offset + start }
    }
}

/// How a label may stand beside others ([RFC 5893
/// §2](https://www.rfc-editor.org/rfc/rfc5893#section-2)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// Keeps to the rules for a label from right to left.
    RightToLeft,
    /// Keeps to the rules for a label from left to right.
    LeftToRight,
    /// Breaks the rules, which matters only where a label from right to left is in the domain.
    Unfit,
}

/// A label that is not empty, in the form that is sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) ascii: String,
    pub(super) direction: Direction,
}

impl Label {
    /// Reads a label in any of its forms.
    ///
    /// `UnsupportedIdn` for one in ASCII means that it is Punycode for characters of which nothing is
    /// known here.
    pub(super) fn read(text: &str) -> Result<Self, Refusal> {
        if has_prefix(text) {
            let Decoded { direction, .. } = decode(text)?;
            Ok(Self { ascii: text.to_ascii_lowercase(), direction })
        } else if text.is_ascii() {
            Self::read_ascii(text)
        } else {
            let Decoded { text: decoded, direction } = Decoded::read(text)?;
            Ok(Self { ascii: encode(&decoded).ok_or(Refusal::invalid(0))?, direction })
        }
    }

    fn read_ascii(text: &str) -> Result<Self, Refusal> {
        let is_name = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_');
        if let Some(offset) = text.bytes().position(|octet| !is_name(octet)) {
            return Err(Refusal::invalid(offset));
        }
        if text.len() > MAX_LABEL {
            return Err(Refusal::invalid(0));
        }
        let fits = text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text.ends_with(|last: char| last.is_ascii_alphanumeric());
        let direction = if fits { Direction::LeftToRight } else { Direction::Unfit };
        Ok(Self { ascii: text.to_ascii_lowercase(), direction })
    }
}

/// A label beyond ASCII, in lower case.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) direction: Direction,
}

/// Decodes an `xn--` label. Every refusal is at its start.
pub(super) fn decode(label: &str) -> Result<Decoded, Refusal> {
    let invalid = Refusal::invalid(0);
    let is_name = |octet: u8| octet.is_ascii_alphanumeric() || octet == b'-';
    if label.len() > MAX_LABEL || !has_prefix(label) || !label.bytes().all(is_name) {
        return Err(invalid);
    }
    let lower = label.to_ascii_lowercase();
    let decoded =
        lower.strip_prefix(PREFIX).and_then(punycode::decode).filter(|text| !text.is_ascii());
    let text = decoded.ok_or(invalid)?;
    if encode(&text).is_none_or(|again| again != lower) {
        return Err(invalid);
    }
    match Decoded::read(&text) {
        // A capital, which no encoder leaves.
        Ok(decoded) if decoded.text != text => Err(invalid),
        Ok(decoded) => Ok(decoded),
        Err(refusal) => Err(Refusal { offset: 0, ..refusal }),
    }
}

/// Returns the `xn--` label for a text that is in its normal form; `None` where it is too long.
pub(crate) fn encode(text: &str) -> Option<String> {
    let mut label = String::from(PREFIX);
    label.push_str(&punycode::encode(text)?);
    (label.len() <= MAX_LABEL).then_some(label)
}

impl Decoded {
    /// Reads a label beyond ASCII as a person wrote it.
    fn read(label: &str) -> Result<Self, Refusal> {
        let mut text = String::with_capacity(label.len().min(4 * MAX_LABEL));
        let mut rules = Rules::default();
        for (count, (offset, char)) in label.char_indices().enumerate() {
            // A character takes an octet at least, and the prefix takes some.
            if count >= MAX_LABEL - PREFIX.len() {
                return Err(Refusal::invalid(offset));
            }
            let lower = rules.next(char).map_err(|kind| Refusal { kind, offset })?;
            text.push(lower);
        }
        if text.ends_with('-') {
            return Err(Refusal::invalid(label.len() - 1));
        }
        if let Some((offset, _)) = label.char_indices().nth(2)
            && label.get(offset..).is_some_and(|tail| tail.starts_with("--"))
        {
            return Err(Refusal::invalid(offset));
        }
        Ok(Self { text, direction: rules.direction() })
    }
}

/// The rules for the characters of a label beyond ASCII, one after the other.
#[derive(Default)]
struct Rules {
    first: Option<Role>,
    last: Option<Role>,
}

impl Rules {
    /// Returns the next character in lower case.
    fn next(&mut self, char: char) -> Result<char, UriErrorKind> {
        let (lower, role) = match char {
            '-' => (char, Role::Hyphen),
            '0'..='9' => (char, Role::Digit),
            'a'..='z' | 'A'..='Z' => (char.to_ascii_lowercase(), Role::Letter),
            '\0'..='\x7f' => return Err(UriErrorKind::InvalidIdn),
            _ => lower_case(char).ok_or(UriErrorKind::UnsupportedIdn)?,
        };
        match (self.first, self.last, role) {
            // A label starts with neither of them (RFC 5891 §4.2.3.1 and §4.2.3.2).
            (None, _, Role::Hyphen | Role::Mark(_)) => return Err(UriErrorKind::InvalidIdn),
            // RFC 5893 §2: what starts from right to left has no letter from left to right (rule 2)
            // and the other way round (rules 1 and 5).
            (Some(Role::RightToLeft), _, Role::Letter) => return Err(UriErrorKind::InvalidIdn),
            (Some(first), _, Role::RightToLeft) if first != Role::RightToLeft => {
                return Err(UriErrorKind::InvalidIdn);
            }
            // NFC sorts marks by class; class 0 is not sorted.
            (_, Some(Role::Mark(before)), Role::Mark(class)) if class != 0 && before > class => {
                return Err(UriErrorKind::UnsupportedIdn);
            }
            (_, Some(Role::Letter | Role::Mark(_)), Role::Mark(_)) => {}
            // A mark on a digit, a hyphen or a letter from right to left is none of its script.
            (_, _, Role::Mark(_)) => return Err(UriErrorKind::UnsupportedIdn),
            _ => {}
        }
        self.first = self.first.or(Some(role));
        self.last = Some(role);
        Ok(lower)
    }

    fn direction(&self) -> Direction {
        match self.first {
            Some(Role::RightToLeft) => Direction::RightToLeft,
            Some(Role::Letter) => Direction::LeftToRight,
            _ => Direction::Unfit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use UriErrorKind::{InvalidIdn, UnsupportedIdn};
    use alloc::format;

    #[track_caller]
    fn refuses(label: &str, kind: UriErrorKind, offset: usize) {
        assert_eq!(Label::read(label), Err(Refusal { kind, offset }), "{label}");
    }

    #[test]
    fn the_prefix_has_either_case() {
        for (label, expected) in
            [("xn--a", true), ("XN--", true), ("xN--ü", true), ("xn-", false), ("axn--", false)]
        {
            assert_eq!(has_prefix(label), expected, "{label}");
        }
    }

    #[test]
    fn a_hyphen_stands_only_inside_and_not_as_third_and_fourth() {
        for label in ["ü-a", "ü--a", "a-ü", "aü-b--c", "a--ü", "üa-b-c"] {
            assert!(Label::read(label).is_ok(), "{label}");
        }
        refuses("-ü", InvalidIdn, 0);
        refuses("ü-", InvalidIdn, 2);
        refuses("üb--a", InvalidIdn, 3);
        refuses("xn--ü", InvalidIdn, 0);
        // The same in what is Punycode already: "ü-", "-ü" and "üb--a".
        for label in ["xn----dha", "xn----eha", "xn--b--a-zra"] {
            refuses(label, InvalidIdn, 0);
        }
    }

    #[test]
    fn other_ascii_has_no_place_beside_letters_beyond_ascii() {
        for (label, offset) in [("ü_a", 2), ("a ü", 1), ("ü%41", 2), ("ü/", 2), ("\0ü", 0)] {
            refuses(label, InvalidIdn, offset);
        }
    }

    #[test]
    fn an_ascii_label_holds_letters_digits_hyphens_and_underscores() {
        for label in ["a", "-a-", "ab--c", "_dmarc", "0"] {
            assert_eq!(Label::read(label).unwrap().ascii, label);
        }
        refuses("a%41", InvalidIdn, 1);
        refuses("a:80", InvalidIdn, 1);
        refuses(&"a".repeat(64), InvalidIdn, 0);
    }

    #[test]
    fn a_mark_follows_a_letter_in_the_order_of_nfc() {
        for label in ["हिन्दी", "कं", "ก็", "ก่า", "ก\u{e38}\u{e48}", "बि्"]
        {
            assert!(Label::read(label).is_ok(), "{label}");
        }
        refuses("िक", InvalidIdn, 0);
        refuses("1ि", UnsupportedIdn, 1);
        refuses("क-ि", UnsupportedIdn, 4);
        // Sorted, the vowel (103) stands before the tone (107).
        refuses("ก\u{e48}\u{e38}", UnsupportedIdn, 6);
    }

    #[test]
    fn a_label_from_right_to_left_has_no_letters_from_left_to_right() {
        for label in ["עברית", "עב1-2", "א1", "مصر"] {
            assert_eq!(Label::read(label).unwrap().direction, Direction::RightToLeft, "{label}");
        }
        refuses("אa", InvalidIdn, 2);
        refuses("אü", InvalidIdn, 2);
        refuses("aא", InvalidIdn, 1);
        refuses("1א", InvalidIdn, 1);
        refuses("üא", InvalidIdn, 2);
        refuses("א١", UnsupportedIdn, 2);
    }

    #[test]
    fn only_a_label_that_starts_with_a_letter_stands_beside_one_from_right_to_left() {
        use Direction::*;
        for (label, direction) in [
            ("a", LeftToRight),
            ("a1", LeftToRight),
            ("a_b", LeftToRight),
            ("1a", Unfit),
            ("_a", Unfit),
            ("a-", Unfit),
            ("a_", Unfit),
            ("ü1", LeftToRight),
            ("1ü", Unfit),
            ("xn--bcher-kva", LeftToRight),
            ("xn--5dbqzzl", RightToLeft),
        ] {
            assert_eq!(Label::read(label).unwrap().direction, direction, "{label}");
        }
    }

    #[test]
    fn a_label_has_at_most_63_octets() {
        // 57 ASCII letters, "xn--", a hyphen and two digits are 64.
        let longest = format!("{}ü", "a".repeat(55));
        assert_eq!(Label::read(&longest).unwrap().ascii.len(), 63);
        refuses(&format!("a{longest}"), InvalidIdn, 0);
        refuses(&format!("xn--{}", "a".repeat(60)), InvalidIdn, 0);
        // The character that cannot fit any more, however it is encoded.
        refuses(&"ü".repeat(1 << 20), InvalidIdn, 118);
        refuses(&"日".repeat(1 << 20), InvalidIdn, 177);
    }

    #[test]
    fn an_xn_label_is_what_its_own_letters_are_encoded_to() {
        assert_eq!(Label::read("XN--Bcher-KVA").unwrap().ascii, "xn--bcher-kva");
        for label in [
            "xn--",
            "xn--b",         // no Punycode
            "xn--abc-",      // nothing beyond ASCII
            "xn--tda-",      // the same
            "xn---tda",      // a hyphen that no encoder writes
            "xn--a_b-tda",   // a byte that no label holds
            "xn--!",         // the same
            "xn--bcher-2pa", // a capital
            "xn--ib9b",      // beyond Unicode
        ] {
            refuses(label, InvalidIdn, 0);
        }
        // A ligature, a heart, a control: nothing is known of them.
        for label in ["xn--x-ty8h", "xn--i-7iq", "xn--a"] {
            refuses(label, UnsupportedIdn, 0);
        }
    }
}

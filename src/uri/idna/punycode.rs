//! Punycode ([RFC 3492](https://www.rfc-editor.org/rfc/rfc3492)): a string of any characters as
//! letters, digits and hyphens, and back.
//!
//! Both ways need time that grows with the square of the characters, so both stop at [`MAX_CHARS`].
//! What is a label, and which characters it may hold, is decided by the parent module.

use alloc::string::String;
use alloc::vec::Vec;

/// The most characters that are encoded or decoded: as many as a label of the DNS has octets.
pub(super) const MAX_CHARS: usize = 63;

// The parameters of RFC 3492 §5.
const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const INITIAL_BIAS: u32 = 72;
const INITIAL_N: u32 = 0x80;

/// Returns `text` encoded, its ASCII as it is written; `None` where it is too long.
pub(super) fn encode(text: &str) -> Option<String> {
    let chars: Vec<u32> = text.chars().take(MAX_CHARS + 1).map(u32::from).collect();
    if chars.len() > MAX_CHARS {
        return None;
    }
    let mut encoded: String = text.chars().filter(char::is_ascii).collect();
    let basic = u32::try_from(encoded.len()).ok()?;
    if basic > 0 {
        encoded.push('-');
    }
    let mut handled = basic;
    let mut n = INITIAL_N;
    let mut delta = 0u32;
    let mut bias = INITIAL_BIAS;
    while let Some(next) = chars.iter().copied().filter(|&code| code >= n).min() {
        delta = (next - n).checked_mul(handled + 1)?.checked_add(delta)?;
        n = next;
        for &code in &chars {
            if code < n {
                delta = delta.checked_add(1)?;
            } else if code == n {
                encode_delta(delta, bias, &mut encoded)?;
                bias = adapt(delta, handled + 1, handled == basic);
                delta = 0;
                handled += 1;
            }
        }
        delta = delta.checked_add(1)?;
        n += 1;
    }
    Some(encoded)
}

/// Appends `delta` as an integer of variable length (RFC 3492 §3.3).
fn encode_delta(delta: u32, bias: u32, encoded: &mut String) -> Option<()> {
    let mut rest = delta;
    let mut thresholds = thresholds(bias);
    loop {
        let threshold = thresholds.next()?;
        if rest < threshold {
            encoded.push(digit(rest)?);
            return Some(());
        }
        let span = BASE - threshold;
        encoded.push(digit(threshold + (rest - threshold) % span)?);
        rest = (rest - threshold) / span;
    }
}

/// Returns what `encoded` stands for; `None` where it is not Punycode, or too long.
///
/// Digits may have either case. The text need not be what [`encode`] makes of the result.
pub(super) fn decode(encoded: &str) -> Option<String> {
    let (basic, digits) = encoded.rsplit_once('-').unwrap_or(("", encoded));
    if basic.len() > MAX_CHARS || !basic.is_ascii() {
        return None;
    }
    let mut chars: Vec<char> = basic.chars().collect();
    let mut digits = digits.bytes();
    let mut n = INITIAL_N;
    let mut at = 0u32;
    let mut bias = INITIAL_BIAS;
    while digits.len() > 0 {
        let delta = decode_delta(&mut digits, bias)?;
        let count = u32::try_from(chars.len()).ok()? + 1;
        at = at.checked_add(delta)?;
        bias = adapt(delta, count, chars.len() == basic.len());
        n = n.checked_add(at / count)?;
        at %= count;
        if chars.len() == MAX_CHARS {
            return None;
        }
        chars.insert(usize::try_from(at).ok()?, char::from_u32(n)?);
        at += 1;
    }
    Some(chars.into_iter().collect())
}

/// Reads an integer of variable length (RFC 3492 §3.3).
fn decode_delta(digits: &mut impl Iterator<Item = u8>, bias: u32) -> Option<u32> {
    let mut delta = 0u32;
    let mut weight = 1u32;
    for threshold in thresholds(bias) {
        let digit = digit_value(digits.next()?)?;
        delta = digit.checked_mul(weight)?.checked_add(delta)?;
        if digit < threshold {
            break;
        }
        weight = weight.checked_mul(BASE - threshold)?;
    }
    Some(delta)
}

/// Returns the thresholds of the first digit, the second and so on, without end.
fn thresholds(bias: u32) -> impl Iterator<Item = u32> {
    (1u32..).map(move |k| k.saturating_mul(BASE).saturating_sub(bias).clamp(T_MIN, T_MAX))
}

/// Returns the bias for the next delta (RFC 3492 §6.1).
fn adapt(delta: u32, count: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / DAMP } else { delta / 2 };
    delta += delta / count;
    let mut k = 0;
    while delta > (BASE - T_MIN) * T_MAX / 2 {
        delta /= BASE - T_MIN;
        k += BASE;
    }
    k + (BASE - T_MIN + 1) * delta / (delta + SKEW)
}

fn digit(value: u32) -> Option<char> {
    char::from_digit(if value < 26 { value + 10 } else { value - 26 }, 36)
}

fn digit_value(digit: u8) -> Option<u32> {
    match digit {
        b'a'..=b'z' => Some(u32::from(digit - b'a')),
        b'A'..=b'Z' => Some(u32::from(digit - b'A')),
        b'0'..=b'9' => Some(u32::from(digit - b'0') + 26),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// RFC 3492 §7.1, (A) to (S).
    const VECTORS: [(&str, &str); 19] = [
        ("ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn"),
        ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"),
        ("他們爲什麽不說中文", "ihqwctvzc91f659drss3x8bo0yb"),
        ("Pročprostěnemluvíčesky", "Proprostnemluvesky-uyb24dma41a"),
        ("למההםפשוטלאמדבריםעברית", "4dbcagdahymbxekheh6e0a7fei0b"),
        ("यहलोगहिन्दीक्योंनहींबोलसकतेहैं", "i1baa7eci9glrd9b2ae1bj0hfcgg6iyaf8o0a1dig0cd"),
        ("なぜみんな日本語を話してくれないのか", "n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa"),
        (
            "세계의모든사람들이한국어를이해한다면얼마나좋을까",
            "989aomsvi5e83db1d2a355cv1e0vak1dwrv93d5xbh15a0dt30a5jpsd879ccm6fea98c",
        ),
        ("почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbaDotcwatmq2g4l"),
        (
            "PorquénopuedensimplementehablarenEspañol",
            "PorqunopuedensimplementehablarenEspaol-fmd56a",
        ),
        ("TạisaohọkhôngthểchỉnóitiếngViệt", "TisaohkhngthchnitingVit-kjcr8268qyxafd2f1b9g"),
        ("3年B組金八先生", "3B-ww4c5e180e575a65lsy2b"),
        ("安室奈美恵-with-SUPER-MONKEYS", "-with-SUPER-MONKEYS-pc58ag80a8qai00g7n9n"),
        ("Hello-Another-Way-それぞれの場所", "Hello-Another-Way--fc4qua05auwb3674vfr0b"),
        ("ひとつ屋根の下2", "2-u9tlzr9756bt3uc0v"),
        ("MajiでKoiする5秒前", "MajiKoi5-783gue6qz075azm5e"),
        ("パフィーdeルンバ", "de-jg4avhby1noc0d"),
        ("そのスピードで", "d9juau41awczczp"),
        ("-> $1.00 <-", "-> $1.00 <--"),
    ];

    #[test]
    fn the_vectors_of_the_rfc_hold_in_both_directions() {
        for (text, encoded) in VECTORS {
            assert_eq!(decode(encoded).as_deref(), Some(text), "{encoded}");
            // The capital D of (I) is an annotation of case, which is an option of the RFC.
            let ours = encode(text).unwrap();
            assert!(ours.eq_ignore_ascii_case(encoded), "{ours}");
        }
    }

    #[test]
    fn nothing_and_ascii_are_encoded() {
        for (text, encoded) in
            [("", ""), ("a", "a-"), ("-", "--"), ("ü", "tda"), ("\u{10ffff}", "dn32g")]
        {
            assert_eq!(encode(text).as_deref(), Some(encoded));
            assert_eq!(decode(encoded).as_deref(), Some(text));
        }
    }

    #[test]
    fn refuses_what_is_not_punycode() {
        for encoded in [
            "b",                // an integer without its last digit
            "a-b",              // the same behind ASCII
            "!",                // no digit
            "a-b!",             // the same behind ASCII
            "ü-tda",            // not ASCII
            "tdü",              // the same among the digits
            "99999999",         // beyond 32 bits
            "a-99999999999999", // the same behind ASCII
            "en32g",            // U+110000
            "ib9b",             // U+D800, a surrogate
        ] {
            assert_eq!(decode(encoded), None, "{encoded}");
        }
    }

    #[test]
    fn the_number_of_characters_is_bounded() {
        for char in ["a", "ü", "日", "\u{10ffff}"] {
            let longest = char.repeat(MAX_CHARS);
            let encoded = encode(&longest).unwrap();
            assert_eq!(decode(&encoded).as_deref(), Some(longest.as_str()));
            assert_eq!(encode(&char.repeat(MAX_CHARS + 1)), None);
        }
        assert_eq!(decode(&alloc::format!("{}-", "a".repeat(MAX_CHARS + 1))), None);
        assert_eq!(decode(&"a".repeat(1 << 20)), None);
        assert_eq!(decode(&"0".repeat(1 << 20)), None);
        assert_eq!(decode(&"-".repeat(1 << 20)), None);
        assert_eq!(encode(&"ü".repeat(1 << 20)), None);
    }

    proptest! {
        #[test]
        fn decoding_undoes_encoding(text in "\\PC{0,63}") {
            let encoded = encode(&text);
            prop_assert_eq!(encoded.and_then(|encoded| decode(&encoded)), Some(text));
        }

        #[test]
        fn no_text_panics(text in "(xn--)?[a-z0-9-]{0,80}|\\PC{0,80}") {
            if let Some(decoded) = decode(&text) {
                prop_assert!(encode(&decoded).is_some());
            }
        }
    }
}

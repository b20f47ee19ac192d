//! The one question this room asks about percent-escapes: are they well formed?

use crate::syntax::Class;

/// Returns how many leading bytes are members of `class` or part of a well-formed escape.
///
/// ```abnf
/// pct-encoded = "%" HEXDIG HEXDIG   ; RFC 3986 §2.1
/// ```
///
/// `class` itself does not hold `%`. What follows the prefix is a byte outside the class, a `%` that
/// is no escape, or nothing.
#[inline]
pub(super) const fn escaped_prefix_len(class: Class, octets: &[u8]) -> usize {
    let mut rest = octets;
    loop {
        if let [b'%', high, low, after @ ..] = rest
            && is_escape(*high, *low)
        {
            rest = after;
            continue;
        }
        if let Some(after) = class.skip_four(rest) {
            rest = after;
            continue;
        }
        rest = match rest {
            [octet, after @ ..] if class.contains(*octet) => after,
            _ => return octets.len() - rest.len(),
        }
    }
}

/// Returns whether two bytes after a `%` make it an escape.
#[inline]
const fn is_escape(high: u8, low: u8) -> bool {
    Class::HEXDIG.contains(high) && Class::HEXDIG.contains(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_ends_at_the_first_byte_that_is_neither_member_nor_escape() {
        for (text, expected) in [
            ("", 0),
            ("ab", 2),
            ("a%41b/", 5),
            ("%41%aF", 6),
            ("a%", 1),
            ("a%4", 1),
            ("a%4g", 1),
            ("%41%%41", 3),
            ("/", 0),
        ] {
            assert_eq!(escaped_prefix_len(Class::REG_NAME, text.as_bytes()), expected, "{text}");
        }
    }
}

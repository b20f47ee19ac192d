//! The one byte-class table.
//!
//! Every byte's memberships stand in one 32-bit word; a [`Class`] is a mask over them, so that a test
//! is one load and one `and`, and the union of two classes costs nothing.

use core::fmt;

/// A set of bytes, defined by an ABNF rule.
///
/// # Examples
///
/// ```
/// use nethttp::syntax::Class;
///
/// assert!(Class::TOKEN.contains(b'!'));
/// assert_eq!(Class::DIGIT.prefix_len(b"206 Partial"), 3);
/// assert!(Class::ALPHA.or(Class::DIGIT).matches(b"HTTP11"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Class(u32);

impl Class {
    /// `ALPHA = %x41-5A / %x61-7A`, [RFC 5234 §B.1](https://www.rfc-editor.org/rfc/rfc5234#appendix-B.1).
    pub const ALPHA: Self = Self(1 << 0);
    /// `DIGIT = %x30-39`, [RFC 5234 §B.1](https://www.rfc-editor.org/rfc/rfc5234#appendix-B.1).
    pub const DIGIT: Self = Self(1 << 1);
    /// `HEXDIG`, in either case, [RFC 5234 §B.1](https://www.rfc-editor.org/rfc/rfc5234#appendix-B.1).
    pub const HEXDIG: Self = Self(1 << 2);
    /// `tchar`, [RFC 9110 §5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2).
    pub const TOKEN: Self = Self(1 << 3);
    /// What a field value may hold: `field-vchar / SP / HTAB`,
    /// [RFC 9110 §5.5](https://www.rfc-editor.org/rfc/rfc9110#section-5.5).
    pub const FIELD: Self = Self(1 << 4);
    /// `qdtext`, [RFC 9110 §5.6.4](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.4).
    pub const QDTEXT: Self = Self(1 << 5);
    /// `OWS`: SP and HTAB, [RFC 9110 §5.6.3](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.3).
    pub const OWS: Self = Self(1 << 6);
    /// What a request target may hold on the wire: `VCHAR` without `#`. That is more than
    /// [RFC 9112 §3.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2) allows, because browsers
    /// send ``"<>\^`{|}`` unescaped.
    pub const TARGET: Self = Self(1 << 7);
    /// `unreserved`, [RFC 3986 §2.3](https://www.rfc-editor.org/rfc/rfc3986#section-2.3).
    pub const UNRESERVED: Self = Self(1 << 8);
    /// `sub-delims`, [RFC 3986 §2.2](https://www.rfc-editor.org/rfc/rfc3986#section-2.2).
    pub const SUB_DELIMS: Self = Self(1 << 9);
    /// What a scheme holds after its first letter,
    /// [RFC 3986 §3.1](https://www.rfc-editor.org/rfc/rfc3986#section-3.1).
    pub const SCHEME: Self = Self(1 << 10);
    /// A registered name, escapes aside: `unreserved / sub-delims`,
    /// [RFC 3986 §3.2.2](https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2).
    pub const REG_NAME: Self = Self::UNRESERVED.or(Self::SUB_DELIMS);
    /// User information, escapes aside: `unreserved / sub-delims / ":"`,
    /// [RFC 3986 §3.2.1](https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1).
    pub const USERINFO: Self = Self(1 << 11);
    /// `pchar`, escapes aside, [RFC 3986 §3.3](https://www.rfc-editor.org/rfc/rfc3986#section-3.3).
    pub const PCHAR: Self = Self(1 << 12);
    /// A query or a fragment, escapes aside: `pchar / "/" / "?"`,
    /// [RFC 3986 §3.4](https://www.rfc-editor.org/rfc/rfc3986#section-3.4).
    pub const QUERY: Self = Self(1 << 13);
    /// A fragment, escapes aside: the same as a query,
    /// [RFC 3986 §3.5](https://www.rfc-editor.org/rfc/rfc3986#section-3.5).
    pub const FRAGMENT: Self = Self::QUERY;
    /// A path, escapes aside: `pchar / "/"`,
    /// [RFC 3986 §3.3](https://www.rfc-editor.org/rfc/rfc3986#section-3.3).
    pub const PATH: Self = Self(1 << 14);
    /// What stands for itself in a form: `ALPHA / DIGIT / "*" / "-" / "." / "_"`, all but the
    /// [`application/x-www-form-urlencoded` percent-encode set][form].
    ///
    /// [form]: https://url.spec.whatwg.org/#application-x-www-form-urlencoded-percent-encode-set
    pub const FORM: Self = Self(1 << 15);
    /// `etagc`, what an entity tag holds between its quotes,
    /// [RFC 9110 §8.8.3](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3).
    pub const ETAG: Self = Self(1 << 16);
    /// What a language tag and a language range hold: `ALPHA / DIGIT / "-"`,
    /// [RFC 4647 §2](https://www.rfc-editor.org/rfc/rfc4647#section-2).
    pub const LANGUAGE: Self = Self(1 << 17);
    /// `bchars`, what the boundary of a multipart body holds,
    /// [RFC 2046 §5.1.1](https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1).
    pub const BOUNDARY: Self = Self(1 << 18);
    /// `delimiter`, what stands between the tokens of a cookie's date,
    /// [RFC 6265 §5.1.1](https://www.rfc-editor.org/rfc/rfc6265#section-5.1.1).
    pub const DATE_DELIMITER: Self = Self(1 << 19);
    /// `cookie-octet`, what the value of a cookie holds where it is set: `VCHAR` without `"`, `,`, `;`
    /// and `\`, [RFC 6265 §4.1.1](https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1).
    pub const COOKIE: Self = Self(1 << 20);
    /// What the value of a cookie's attribute holds: any `CHAR` but `CTL` and `;`,
    /// [RFC 6265 §4.1.1](https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1).
    pub const COOKIE_ATTRIBUTE: Self = Self(1 << 21);
    /// What a `token68` holds before the `=` at its end: `ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/"`,
    /// [RFC 9110 §11.2](https://www.rfc-editor.org/rfc/rfc9110#section-11.2).
    pub const TOKEN68: Self = Self(1 << 22);
    /// `attr-char`, what the text of an extended value holds, escapes aside: `tchar` without `*`, `'` and
    /// `%`, [RFC 8187 §3.2.1](https://www.rfc-editor.org/rfc/rfc8187#section-3.2.1).
    pub const ATTR_CHAR: Self = Self(1 << 23);

    /// Returns the union of two classes.
    ///
    /// ```
    /// use nethttp::syntax::Class;
    ///
    /// const PATH: Class = Class::PCHAR.or(Class::OWS);
    /// assert!(PATH.matches(b"a b"));
    /// ```
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns whether the byte is a member.
    ///
    /// ```
    /// use nethttp::syntax::Class;
    ///
    /// assert!(Class::HEXDIG.contains(b'f'));
    /// assert!(!Class::HEXDIG.contains(b'g'));
    /// ```
    #[must_use]
    #[inline(always)]
    #[expect(clippy::as_conversions, reason = "a u8 widens without loss; `From` is not const")]
    pub const fn contains(self, octet: u8) -> bool {
        TABLE[octet as usize] & self.0 != 0
    }

    /// Returns how many leading bytes are members.
    ///
    /// ```
    /// use nethttp::syntax::Class;
    ///
    /// assert_eq!(Class::TOKEN.prefix_len(b"gzip;q=1"), 4);
    /// ```
    #[must_use]
    #[inline]
    pub const fn prefix_len(self, octets: &[u8]) -> usize {
        octets.len() - self.skip(octets).len()
    }

    /// Returns what follows the leading bytes that are members.
    #[inline]
    pub(crate) const fn skip(self, octets: &[u8]) -> &[u8] {
        let mut rest = octets;
        while let [octet, after @ ..] = rest {
            if !self.contains(*octet) {
                break;
            }
            rest = after;
        }
        rest
    }

    /// Returns what follows the first four bytes, if these are members: one jump for four loads that do
    /// not wait for one another, where much of a text is expected to be members.
    #[inline(always)]
    pub(crate) const fn skip_four(self, octets: &[u8]) -> Option<&[u8]> {
        match octets {
            [a, b, c, d, after @ ..]
                if self.contains(*a)
                    & self.contains(*b)
                    & self.contains(*c)
                    & self.contains(*d) =>
            {
                Some(after)
            }
            _ => None,
        }
    }

    /// Returns whether every byte is a member; an empty slice matches.
    ///
    /// ```
    /// use nethttp::syntax::Class;
    ///
    /// assert!(Class::DIGIT.matches(b"304"));
    /// ```
    #[must_use]
    #[inline]
    pub const fn matches(self, octets: &[u8]) -> bool {
        self.skip(octets).is_empty()
    }
}

impl fmt::Debug for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Class({:#x})", self.0)
    }
}

static TABLE: [u32; 256] = table();

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let (mut index, mut octet) = (0, 0u8);
    loop {
        table[index] = memberships(octet);
        if octet == u8::MAX {
            return table;
        }
        index += 1;
        octet += 1;
    }
}

/// One line a rule; the rules are quoted above.
const fn memberships(c: u8) -> u32 {
    let alpha = c.is_ascii_alphabetic();
    let digit = c.is_ascii_digit();
    let ows = matches!(c, b' ' | b'\t');
    let vchar = matches!(c, 0x21..=0x7e);
    let obs_text = c >= 0x80;
    let unreserved = alpha || digit || matches!(c, b'-' | b'.' | b'_' | b'~');
    let sub_delims =
        matches!(c, b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=');
    let userinfo = unreserved || sub_delims || c == b':';
    let pchar = userinfo || c == b'@';
    let token = alpha
        || digit
        || matches!(c, b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+')
        || matches!(c, b'-' | b'.' | b'^' | b'_' | b'`' | b'|' | b'~');
    bit(alpha, Class::ALPHA)
        | bit(digit, Class::DIGIT)
        | bit(c.is_ascii_hexdigit(), Class::HEXDIG)
        | bit(token, Class::TOKEN)
        | bit(vchar || obs_text || ows, Class::FIELD)
        | bit((vchar && c != b'"' && c != b'\\') || obs_text || ows, Class::QDTEXT)
        | bit(ows, Class::OWS)
        | bit(vchar && c != b'#', Class::TARGET)
        | bit(unreserved, Class::UNRESERVED)
        | bit(sub_delims, Class::SUB_DELIMS)
        | bit(alpha || digit || matches!(c, b'+' | b'-' | b'.'), Class::SCHEME)
        | bit(userinfo, Class::USERINFO)
        | bit(pchar, Class::PCHAR)
        | bit(pchar || c == b'/' || c == b'?', Class::QUERY)
        | bit(pchar || c == b'/', Class::PATH)
        | bit(alpha || digit || matches!(c, b'*' | b'-' | b'.' | b'_'), Class::FORM)
        | bit((vchar && c != b'"') || obs_text, Class::ETAG)
        | bit(alpha || digit || c == b'-', Class::LANGUAGE)
        | bit(
            alpha
                || digit
                || matches!(
                    c,
                    b'\'' | b'(' | b')' | b'+'..=b'/' | b':' | b'=' | b'?' | b'_' | b' '
                ),
            Class::BOUNDARY,
        )
        | bit(ows || (vchar && !alpha && !digit && c != b':'), Class::DATE_DELIMITER)
        | bit(vchar && !matches!(c, b'"' | b',' | b';' | b'\\'), Class::COOKIE)
        | bit((vchar || c == b' ') && c != b';', Class::COOKIE_ATTRIBUTE)
        | bit(unreserved || c == b'+' || c == b'/', Class::TOKEN68)
        | bit(token && !matches!(c, b'*' | b'\'' | b'%'), Class::ATTR_CHAR)
}

const fn bit(member: bool, class: Class) -> u32 {
    if member { class.0 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[track_caller]
    fn members(class: Class, expected: &[u8]) {
        let found: Vec<u8> = (0..=255).filter(|&c| class.contains(c)).collect();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(found, expected);
    }

    const ALNUM: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    #[test]
    fn token_is_tchar() {
        members(Class::TOKEN, &[ALNUM, b"!#$%&'*+-.^_`|~"].concat());
    }

    #[test]
    fn field_is_everything_but_controls_with_tab() {
        let expected: Vec<u8> =
            (0..=255).filter(|&c| c == b'\t' || (c >= 0x20 && c != 0x7f)).collect();
        members(Class::FIELD, &expected);
    }

    #[test]
    fn qdtext_is_field_without_quote_and_backslash() {
        let expected: Vec<u8> =
            (0..=255).filter(|&c| Class::FIELD.contains(c) && c != b'"' && c != b'\\').collect();
        members(Class::QDTEXT, &expected);
    }

    #[test]
    fn target_is_vchar_without_number_sign() {
        let expected: Vec<u8> = (0x21..0x7f).filter(|&c| c != b'#').collect();
        members(Class::TARGET, &expected);
    }

    #[test]
    fn uri_classes_follow_the_abnf() {
        members(Class::UNRESERVED, &[ALNUM, b"-._~"].concat());
        members(Class::SUB_DELIMS, b"!$&'()*+,;=");
        members(Class::SCHEME, &[ALNUM, b"+-."].concat());
        members(Class::REG_NAME, &[ALNUM, b"-._~!$&'()*+,;="].concat());
        members(Class::USERINFO, &[ALNUM, b"-._~!$&'()*+,;=:"].concat());
        members(Class::PCHAR, &[ALNUM, b"-._~!$&'()*+,;=:@"].concat());
        members(Class::QUERY, &[ALNUM, b"-._~!$&'()*+,;=:@/?"].concat());
        members(Class::PATH, &[ALNUM, b"-._~!$&'()*+,;=:@/"].concat());
    }

    #[test]
    fn form_is_what_the_url_standard_leaves_alone() {
        members(Class::FORM, &[ALNUM, b"*-._"].concat());
    }

    #[test]
    fn field_value_classes_follow_the_abnf() {
        let etagc: Vec<u8> =
            (0..=255).filter(|&c| c == 0x21 || (0x23..=0x7e).contains(&c) || c >= 0x80).collect();
        members(Class::ETAG, &etagc);
        members(Class::LANGUAGE, &[ALNUM, b"-"].concat());
        members(Class::BOUNDARY, &[ALNUM, b"'()+_,-./:=? "].concat());
        members(Class::TOKEN68, &[ALNUM, b"-._~+/"].concat());
        members(Class::ATTR_CHAR, &[ALNUM, b"!#$&+-.^_`|~"].concat());
    }

    #[test]
    fn date_delimiter_is_the_ranges_of_its_rule() {
        let expected: Vec<u8> = [9..=9, 0x20..=0x2f, 0x3b..=0x40, 0x5b..=0x60, 0x7b..=0x7e]
            .into_iter()
            .flatten()
            .collect();
        members(Class::DATE_DELIMITER, &expected);
    }

    #[test]
    fn cookie_classes_follow_the_abnf() {
        // RFC 6265 writes them as ranges.
        let ranges = [0x21..=0x21, 0x23..=0x2b, 0x2d..=0x3a, 0x3c..=0x5b, 0x5d..=0x7e];
        members(Class::COOKIE, &ranges.into_iter().flatten().collect::<Vec<u8>>());
        let ranges = [0x20..=0x3a, 0x3c..=0x7e];
        members(Class::COOKIE_ATTRIBUTE, &ranges.into_iter().flatten().collect::<Vec<u8>>());
    }

    #[test]
    fn small_classes() {
        members(Class::DIGIT, b"0123456789");
        members(Class::HEXDIG, b"0123456789abcdefABCDEF");
        members(Class::OWS, b" \t");
        members(Class::ALPHA, &ALNUM[10..]);
    }
}

//! Internationalised host names (IDNA): from what a person types to what is sent, and back
//! ([RFC 5890], [RFC 5893], [RFC 3492], [UTS 46] as browsers apply it, without transitional
//! processing).
//!
//! The tables of UTS 46 are several hundred kilobytes and change every year. Here is a short list of
//! characters instead, for which `char::to_lowercase` says the same as the tables; a name with any
//! other character is refused. So a name is sent exactly as a browser would send it, or not at all,
//! and a caller with the tables at hand can pass the `xn--` form.
//!
//! A domain without a character beyond ASCII and without an `xn--` label is lower-cased and not judged.
//! In any other:
//!
//! - a label beyond ASCII is one of listed letters, ASCII letters, digits and hyphens, without a hyphen
//!   at its start, its end, or as its third and fourth character ([RFC 5891 §4.2.3.1]);
//! - an ASCII label holds letters, digits, `-` and `_`;
//! - an `xn--` label decodes to something that is encoded to the same label. Where the list lacks a
//!   character of it, nothing can be said: it stays as it is in a domain that is ASCII, and in another
//!   it is refused;
//! - with a label that is written from right to left, all labels keep to [RFC 5893 §2], of which this
//!   is the part without Arabic digits;
//! - a label has 1 to 63 octets, the domain at most 253, and a dot may follow;
//! - the last label is no number, since browsers would look for an address.
//!
//! Nothing here looks for letters that look alike: `аррӏе.com` in Cyrillic is a name like any other.
//!
//! ```
//! use nethttp::uri::{domain_to_ascii, domain_to_unicode};
//!
//! assert_eq!(domain_to_ascii("Bücher.example")?, "xn--bcher-kva.example");
//! assert_eq!(domain_to_unicode("xn--bcher-kva.example"), "bücher.example");
//! # Ok::<(), nethttp::uri::UriError>(())
//! ```
//!
//! [RFC 3492]: https://www.rfc-editor.org/rfc/rfc3492
//! [RFC 5890]: https://www.rfc-editor.org/rfc/rfc5890
//! [RFC 5891 §4.2.3.1]: https://www.rfc-editor.org/rfc/rfc5891#section-4.2.3.1
//! [RFC 5893]: https://www.rfc-editor.org/rfc/rfc5893
//! [RFC 5893 §2]: https://www.rfc-editor.org/rfc/rfc5893#section-2
//! [UTS 46]: https://www.unicode.org/reports/tr46/

mod label;
mod punycode;
mod ranges;

use alloc::borrow::Cow;
use alloc::string::String;

use super::{Host, UriError, UriErrorKind};
pub(crate) use label::encode as encode_label;
use label::{Direction, Label, Refusal, has_prefix};

/// The most octets of a domain, without a dot at its end (RFC 1035 §2.3.4, as text).
const MAX_DOMAIN: usize = 253;

/// Returns the host name in the form that is sent: lower case, labels beyond ASCII as `xn--` Punycode.
///
/// What is ASCII, without an `xn--` label, is only lower-cased: an address, an escape or a name of
/// any length passes.
///
/// Letters of most living scripts are encoded as browsers encode them. Refused is what takes the
/// tables of Unicode to map, such as full-width letters, ligatures, the ideographic full stop, and
/// accents that stand behind their letter as characters of their own.
///
/// # Errors
///
/// - [`UriErrorKind::UnsupportedIdn`] for a character that needs the tables. Its `xn--` form passes.
/// - [`UriErrorKind::InvalidIdn`] for a name that IDNA forbids: a label that is empty, too long, has
///   hyphens where none may be, mixes directions of writing, or is `xn--` with something else than
///   Punycode behind.
///
/// # Examples
///
/// ```
/// use nethttp::uri::{UriErrorKind, domain_to_ascii};
///
/// assert_eq!(domain_to_ascii("Example.ORG")?, "example.org");
/// assert_eq!(domain_to_ascii("ПРИМЕР.рф")?, "xn--e1afmkfd.xn--p1ai");
///
/// let full_width = domain_to_ascii("ｅxample.org").unwrap_err();
/// assert_eq!(full_width.kind(), UriErrorKind::UnsupportedIdn);
/// # Ok::<(), nethttp::uri::UriError>(())
/// ```
pub fn domain_to_ascii(domain: &str) -> Result<Cow<'_, str>, UriError> {
    if domain.is_ascii() && !domain.split('.').any(has_prefix) {
        return Ok(if domain.bytes().any(|octet| octet.is_ascii_uppercase()) {
            Cow::Owned(domain.to_ascii_lowercase())
        } else {
            Cow::Borrowed(domain)
        });
    }
    let ascii = encode_domain(domain)
        .map_err(|Refusal { kind, offset }| UriError::new(kind, domain.as_bytes(), offset))?;
    Ok(if ascii == domain { Cow::Borrowed(domain) } else { Cow::Owned(ascii) })
}

/// Returns the domain for people to read: `xn--` labels decoded where encoding them again gives the
/// same label.
///
/// A label that [`domain_to_ascii`] does not know how to encode stays as it is, and so does everything
/// that is not an `xn--` label, and a domain whose labels would run in directions that do not mix. The result is for the eye: names of different letters can look alike,
/// so that a decision about a host takes the form that is sent.
///
/// # Examples
///
/// ```
/// use nethttp::uri::domain_to_unicode;
///
/// assert_eq!(domain_to_unicode("www.xn--e1afmkfd.xn--p1ai"), "www.пример.рф");
/// assert_eq!(domain_to_unicode("xn--a.example"), "xn--a.example");
/// ```
#[must_use]
pub fn domain_to_unicode(domain: &str) -> Cow<'_, str> {
    if !domain.split('.').any(|label| has_prefix(label) && label::decode(label).is_ok()) {
        return Cow::Borrowed(domain);
    }
    let mut text = String::with_capacity(domain.len());
    let mut directions = Directions::default();
    for (index, label) in domain.split('.').enumerate() {
        if index > 0 {
            text.push('.');
        }
        match label::decode(label) {
            Ok(decoded) => {
                text.push_str(&decoded.text);
                directions.add(decoded.direction, 0);
            }
            Err(_) => {
                text.push_str(label);
                if let Ok(label) = Label::read(label)
                    && !label.ascii.is_empty()
                {
                    directions.add(label.direction, 0);
                }
            }
        }
    }
    // Labels that may not stand side by side would be shown in an order that is not theirs.
    if directions.check().is_ok() { Cow::Owned(text) } else { Cow::Borrowed(domain) }
}

/// Encodes a domain that has a label beyond ASCII or an `xn--` label.
fn encode_domain(domain: &str) -> Result<String, Refusal> {
    let mut ascii = String::new();
    let mut directions = Directions::default();
    // Where a label starts of which nothing can be said.
    let mut unknown = None;
    let mut start = 0;
    for text in domain.split('.') {
        let end = start + text.len();
        if start > 0 {
            ascii.push('.');
        }
        if text.is_empty() {
            // Nothing but the root may have no name, and it is not the whole domain.
            if start == 0 || end < domain.len() {
                return Err(Refusal::invalid(start));
            }
            break;
        }
        match Label::read(text) {
            Ok(label) => {
                ascii.push_str(&label.ascii);
                directions.add(label.direction, start);
            }
            Err(Refusal { kind: UriErrorKind::UnsupportedIdn, .. }) if text.is_ascii() => {
                ascii.push_str(&text.to_ascii_lowercase());
                unknown = unknown.or(Some(start));
            }
            Err(refusal) => return Err(refusal.moved(start)),
        }
        if ascii.len() > MAX_DOMAIN {
            return Err(Refusal::invalid(start));
        }
        start = end + 1;
    }
    if Host::Name(&ascii).ends_in_number() {
        let last = domain.strip_suffix('.').unwrap_or(domain).rfind('.').map_or(0, |dot| dot + 1);
        return Err(Refusal::invalid(last));
    }
    match unknown {
        Some(start) if !domain.is_ascii() => Err(Refusal::unsupported(start)),
        _ => directions.check().map(|()| ascii),
    }
}

/// The directions of the labels of a domain.
#[derive(Default)]
struct Directions {
    has_right_to_left: bool,
    /// Where the first label starts that may not stand beside one that is written from right to left.
    misfit: Option<usize>,
}

impl Directions {
    fn add(&mut self, direction: Direction, start: usize) {
        match direction {
            Direction::RightToLeft => self.has_right_to_left = true,
            Direction::LeftToRight => {}
            Direction::Unfit => self.misfit = self.misfit.or(Some(start)),
        }
    }

    fn check(&self) -> Result<(), Refusal> {
        match self.misfit {
            Some(start) if self.has_right_to_left => Err(Refusal::invalid(start)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use UriErrorKind::{InvalidIdn, UnsupportedIdn};
    use alloc::format;

    #[track_caller]
    fn refuses(domain: &str, kind: UriErrorKind, offset: usize) {
        let error = domain_to_ascii(domain).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, offset), "{domain}");
    }

    #[test]
    fn real_names_have_the_form_that_they_are_registered_with() {
        for (unicode, ascii) in [
            ("bücher.de", "xn--bcher-kva.de"),
            ("www.münchen.de", "www.xn--mnchen-3ya.de"),
            ("straße.de", "xn--strae-oqa.de"),
            ("faß.de", "xn--fa-hia.de"),
            ("español.es", "xn--espaol-zwa.es"),
            ("łódź.pl", "xn--d-uga0v4h.pl"),
            ("café.fr", "xn--caf-dma.fr"),
            ("diyarbakır.tr", "xn--diyarbakr-2pb.tr"),
            ("việtnam.vn", "xn--vitnam-jk8b.vn"),
            ("пример.рф", "xn--e1afmkfd.xn--p1ai"),
            ("испытание", "xn--80akhbyknj4f"),
            ("срб", "xn--90a3ac"),
            ("қаз", "xn--80ao21a"),
            ("ею", "xn--e1a4c"),
            ("ελλάδα", "xn--hxakic4aa"),
            ("παράδειγμα.δοκιμή", "xn--hxajbheg2az3al.xn--jxalpdlp"),
            ("βόλος.com", "xn--nxasmm1c.com"),
            ("հայ", "xn--y9a3aq"),
            ("გე", "xn--node"),
            ("עברית", "xn--5dbqzzl"),
            ("ישראל", "xn--4dbrk0ce"),
            ("טעסט", "xn--deba0ad"),
            ("إختبار", "xn--kgbechtv"),
            ("آزمایشی", "xn--hgbk6aj7f53bba"),
            ("السعودية", "xn--mgberp4a5d4ar"),
            ("مصر", "xn--wgbh1c"),
            ("परीक्षा", "xn--11b5bs3a9aj6g"),
            ("भारत", "xn--h2brj9c"),
            ("ไทย", "xn--o3cw4h"),
            ("日本語.jp", "xn--wgv71a119e.jp"),
            ("テスト", "xn--zckzah"),
            ("みんな", "xn--q9jyb4c"),
            ("中国", "xn--fiqs8s"),
            ("中國", "xn--fiqz9s"),
            ("香港", "xn--j6w193g"),
            ("测试", "xn--0zwm56d"),
            ("한국", "xn--3e0b707e"),
            ("테스트", "xn--9t4b11yi5a"),
        ] {
            assert_eq!(domain_to_ascii(unicode).as_deref(), Ok(ascii));
            assert_eq!(domain_to_ascii(ascii).as_deref(), Ok(ascii));
            assert_eq!(domain_to_unicode(ascii), unicode);
        }
    }

    #[test]
    fn capitals_are_lower_cased() {
        for (domain, ascii) in [
            ("BÜCHER.DE", "xn--bcher-kva.de"),
            ("ПРИМЕР.РФ", "xn--e1afmkfd.xn--p1ai"),
            // Every capital sigma is a sigma, at the end too.
            ("ΒΌΛΟΣ.com", "xn--nxasmq6b.com"),
            ("Ünlü.A_B", "xn--nl-wkac.a_b"),
            ("XN--BCHER-KVA.De", "xn--bcher-kva.de"),
        ] {
            assert_eq!(domain_to_ascii(domain).as_deref(), Ok(ascii));
        }
    }

    #[test]
    fn ascii_is_lower_cased_and_not_judged() {
        for domain in
            ["", ".", "..", "a_b.-c-", "127.0.0.1", "[::1]", "%41.b", "a b", "ab--c", "xn-"]
        {
            let ascii = domain_to_ascii(domain);
            assert!(matches!(ascii, Ok(Cow::Borrowed(same)) if same == domain), "{domain}");
        }
        let long = "A".repeat(1000);
        assert_eq!(domain_to_ascii(&long).unwrap(), long.to_ascii_lowercase());
        assert_eq!(domain_to_ascii("Ab.%4F").unwrap(), "ab.%4f");
    }

    #[test]
    fn what_takes_the_tables_is_refused() {
        for (domain, offset) in [
            ("ａbc", 0),             // full-width
            ("a.１", 2),             // full-width
            ("ﬁ", 0),                // a ligature
            ("և", 0),                // a ligature
            ("ij.ĳ", 3),             // a digraph
            ("ǆ", 0),                // a digraph
            ("ſ", 0),                // the long s
            ("𝐚", 0),                // mathematical
            ("ℌ", 0),                // mathematical
            ("①", 0),                // in a circle
            ("x²", 1),               // superscript
            ("u\u{308}", 1),         // an accent of its own
            ("ü\u{301}", 2),         // the same behind a letter beyond ASCII
            ("क\u{93c}", 3),         // a nukta
            ("\u{1112}\u{1161}", 0), // single jamo
            ("\u{f900}", 0),         // a compatibility ideograph
            ("か\u{3099}", 3),       // a voicing mark of its own
            ("a\u{200c}b", 1),       // a joiner
            ("a\u{200d}b", 1),       // a joiner
            ("a\u{ad}b", 1),         // the soft hyphen
            ("a\u{feff}", 1),        // the byte order mark
            ("l·l", 1),              // a middle dot
            ("カ・カ", 3),           // a middle dot
            ("א׳", 2),               // a geresh
            ("مصر٢", 6),             // an Arabic digit
            ("ー۲", 3),              // an Arabic digit
            ("İ", 0),                // the dotted capital
            ("STRAẞE", 4),           // the capital that versions see differently
            ("日本。jp", 6),         // the ideographic full stop
            ("日本．jp", 6),         // the full-width one
            ("日本｡jp", 6),          // the half-width one
            ("ำ", 0),                // decomposes
            ("♥", 0),                // a symbol
            ("😀", 0),               // a symbol
            ("Ꭰ", 0),                // the case of Cherokee goes the other way
            ("\u{e000}", 0),         // private
            ("\u{fffd}", 0),         // what stands for a fault
        ] {
            refuses(domain, UnsupportedIdn, offset);
        }
    }

    #[test]
    fn a_domain_whose_directions_do_not_mix_is_not_shown() {
        assert_eq!(domain_to_unicode("1.xn--5dbqzzl"), "1.xn--5dbqzzl");
        assert_eq!(domain_to_unicode("a.xn--5dbqzzl"), "a.עברית");
    }

    #[test]
    fn a_last_label_is_no_number() {
        refuses("ü.1", InvalidIdn, 3);
        refuses("ü.0x7f.", InvalidIdn, 3);
        refuses("ß127.0.0.1", InvalidIdn, 10);
        refuses("xn--tda.1", InvalidIdn, 8);
        assert!(domain_to_ascii("1.ü").is_ok());
    }

    #[test]
    fn labels_beside_one_from_right_to_left_keep_to_its_rules() {
        for domain in ["www.עברית", "a1.עברית.com", "a_b.xn--5dbqzzl", "bücher.עברית.", "עברית.مصر"]
        {
            assert!(domain_to_ascii(domain).is_ok(), "{domain}");
        }
        refuses("1a.עברית", InvalidIdn, 0);
        refuses("עברית.1a", InvalidIdn, 11);
        refuses("a.1.xn--5dbqzzl", InvalidIdn, 2);
        refuses("a-.עברית", InvalidIdn, 0);
        refuses("עברית.1ü", InvalidIdn, 11);
        assert!(domain_to_ascii("1a.bücher").is_ok());
    }

    #[test]
    fn labels_are_not_empty_but_for_the_root() {
        assert_eq!(domain_to_ascii("ü.").as_deref(), Ok("xn--tda."));
        for (domain, offset) in [(".ü", 0), ("a..ü", 2), ("ü..", 3), ("ü..a", 3)] {
            refuses(domain, InvalidIdn, offset);
        }
    }

    #[test]
    fn a_domain_has_at_most_253_octets() {
        let label = "a".repeat(60);
        let longest = format!("ü.{label}.{label}.{label}.{label}.a");
        assert_eq!(domain_to_ascii(&longest).unwrap().len(), 253);
        assert!(domain_to_ascii(&format!("{longest}.")).is_ok());
        refuses(&format!("{longest}a"), InvalidIdn, 247);
        refuses(&format!("{longest}.a"), InvalidIdn, 249);
    }

    #[test]
    fn an_xn_label_of_unknown_letters_passes_in_ascii_alone() {
        for domain in ["xn--i-7iq.example", "xn--ls8h.la", "1.xn--ls8h.xn--bcher-kva"] {
            assert_eq!(domain_to_ascii(domain).as_deref(), Ok(domain));
        }
        assert_eq!(domain_to_ascii("XN--LS8H.La").unwrap(), "xn--ls8h.la");
        assert_eq!(domain_to_unicode("xn--ls8h.xn--bcher-kva"), "xn--ls8h.bücher");
        refuses("bücher.xn--ls8h", UnsupportedIdn, 8);
    }

    #[test]
    fn what_cannot_be_encoded_again_is_not_decoded() {
        for domain in
            ["", ".", "Example.ORG", "bücher.de", "xn--", "xn--a", "xn--abc-", "xn--x-ty8h", "a b"]
        {
            assert!(matches!(domain_to_unicode(domain), Cow::Borrowed(same) if same == domain));
        }
        assert_eq!(domain_to_unicode("WWW.XN--Bcher-KVA.De"), "WWW.bücher.De");
    }
}

//! Public suffixes without data: a rule of thumb.

use super::{Name, PublicSuffix};

/// Labels by which a registry sorts those who ask for a name: companies, networks, schools, the state.
///
/// What they have in common: they say what kind of registrant stands below, and five or more countries
/// use them so (`ltd` and `plc` fewer, but the United Kingdom for its companies). A word that somebody
/// would register for its own sake is left out, however many countries reserve it: `web` (`web.de`),
/// `int` (`int.pl`), `art`, `id`, `in`, `med`, `pro`, `tv`.
const KINDS: [&str; 26] = [
    "ac", "asso", "biz", "co", "com", "coop", "ed", "edu", "firm", "go", "gob", "gouv", "gov",
    "ind", "info", "ltd", "me", "mil", "name", "ne", "net", "nom", "or", "org", "plc", "sch",
];

/// Public suffixes by a rule of thumb: what a jar uses if it is given nothing better.
///
/// A public suffix is
///
/// - a domain of one label: `com`, `museum`, `localhost`;
/// - a domain of two labels, of which the last is that of a country (two letters) and the first says what
///   kind of registrant stands below it: `ac`, `asso`, `biz`, `co`, `com`, `coop`, `ed`, `edu`, `firm`,
///   `go`, `gob`, `gouv`, `gov`, `ind`, `info`, `ltd`, `me`, `mil`, `name`, `ne`, `net`, `nom`, `or`,
///   `org`, `plc`, `sch`. So `co.uk`, `com.br`, `gouv.fr`.
///
/// A text with an empty label, or of more than 253 bytes, counts as one, so that no cookie is stored for
/// it.
///
/// # What it gets wrong
///
/// - It misses suffixes that look like any other name: places (`kobe.jp`, `oslo.no`), kinds that only one
///   country has (`police.uk`), countries whose domain is not ASCII, and companies whose customers have
///   names below theirs (`github.io`, `s3.amazonaws.com`). One such neighbour can set a cookie that the
///   others receive.
/// - It takes a name for a suffix that a country has sold to somebody, such as `com.de`. Its owner
///   cannot set a cookie for the whole of it; cookies of single hosts work.
///
/// It is the default all the same, because it has no data that goes stale, and stops the widest cookies:
/// those for all companies of a country. A program that opens pages of strangers, as a browser does,
/// should have a [`SuffixList`](super::SuffixList).
///
/// # Examples
///
/// ```
/// use nethttp::cookie::{DefaultSuffixes, PublicSuffix};
///
/// assert!(DefaultSuffixes.is_public_suffix("com.br"));
/// assert!(!DefaultSuffixes.is_public_suffix("example.br"));
/// assert_eq!(DefaultSuffixes.registrable_domain("www.example.org"), Some("example.org"));
/// // Only the list knows this one.
/// assert!(!DefaultSuffixes.is_public_suffix("github.io"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a rule of thumb has no settings")]
pub struct DefaultSuffixes;

impl PublicSuffix for DefaultSuffixes {
    fn is_public_suffix(&self, domain: &str) -> bool {
        match Name::of(domain) {
            Name::Address => return false,
            Name::Nothing => return true,
            Name::Domain => {}
        }
        match domain.split_once('.') {
            None => true,
            Some((kind, country)) => {
                matches!(country.as_bytes(), [b'a'..=b'z', b'a'..=b'z']) && KINDS.contains(&kind)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::borrow::ToOwned;

    #[track_caller]
    fn is_suffix(domains: &[&str], expected: bool) {
        for domain in domains {
            assert_eq!(DefaultSuffixes.is_public_suffix(domain), expected, "{domain}");
        }
    }

    #[test]
    fn one_label_is_a_suffix() {
        is_suffix(&["com", "uk", "museum", "xn--p1ai", "localhost", "a"], true);
    }

    #[test]
    fn a_kind_of_registrant_below_a_country_is_a_suffix() {
        is_suffix(
            &["co.uk", "com.br", "ac.jp", "gouv.fr", "gob.mx", "or.kr", "plc.uk", "ne.jp"],
            true,
        );
        for kind in KINDS {
            is_suffix(&[&(kind.to_owned() + ".zz")], true);
        }
    }

    #[test]
    fn another_name_is_none() {
        is_suffix(&["example.com", "example.uk", "a.co.uk", "co.example", "com.com"], false);
        is_suffix(
            &["com.xn--p1ai", "co.u1", "coo.uk", "c.uk", "co.ukk", "web.de", "int.pl"],
            false,
        );
    }

    #[test]
    fn what_is_misjudged_is_known() {
        is_suffix(&["github.io", "kobe.jp", "oslo.no", "police.uk"], false);
        is_suffix(&["com.de"], true);
    }

    #[test]
    fn an_address_is_none() {
        is_suffix(&["127.0.0.1", "2130706433", "0x7f.1", "::1", "[::1]", "[fe80::1]"], false);
    }

    #[test]
    fn no_cookie_is_for_what_is_no_domain() {
        is_suffix(&["", ".", ".com", "a..b", "example.com.", &"a".repeat(254)], true);
    }

    #[test]
    fn registrable_domains() {
        for (domain, expected) in [
            ("com", None),
            ("co.uk", None),
            ("a.co.uk", Some("a.co.uk")),
            ("c.b.a.co.uk", Some("a.co.uk")),
            ("www.example.com", Some("example.com")),
            ("a.github.io", Some("github.io")),
        ] {
            assert_eq!(DefaultSuffixes.registrable_domain(domain), expected, "{domain}");
        }
    }

    #[test]
    fn the_table_is_in_order() {
        assert!(KINDS.is_sorted());
    }
}

//! The public suffix list that browsers use, from a file of the user's.

use core::fmt;

use super::rule::Rule;
use super::tree::{Rules, Tree};
use super::{Name, PublicSuffix, SuffixListError, SuffixListErrorKind};

/// The most octets of a list: the list of publicsuffix.org has a third of a million.
const MAX_LEN: usize = 4 << 20;

/// Public suffixes of a list in the [format] of [publicsuffix.org](https://publicsuffix.org/list/).
///
/// The file is yours to fetch and to renew; a distribution may have it, Debian in
/// `/usr/share/publicsuffix/public_suffix_list.dat`. A program that is built often enough can carry it,
/// with `include_str!("public_suffix_list.dat")` in place of the reading here:
///
/// ```no_run
/// use nethttp::cookie::SuffixList;
///
/// let text = std::fs::read_to_string("/usr/share/publicsuffix/public_suffix_list.dat")?;
/// let list = SuffixList::parse(&text)?;
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// A list of 10,000 rules takes about 300 kilobytes of memory. Looking up a domain allocates nothing.
///
/// # The algorithm
///
/// A rule matches a domain that ends in its labels; `*` stands for any one label. If rules with `!` match,
/// the longest of them decides, and the suffix is the rule without its first label. Else the suffix is
/// what the longest of the rules takes that match, and of a domain that none matches the last label.
///
/// The rule `*.ck` says nothing of `ck`.
///
/// A text with an empty label, or of more than 253 bytes, counts as a public suffix, so that no cookie
/// is stored for it.
///
/// # Deviations
///
/// The format allows `*` as any label of a rule; here it is the first or none, as in all rules of the
/// list.
///
/// # Examples
///
/// ```
/// use nethttp::cookie::{PublicSuffix, SuffixList};
///
/// let list = SuffixList::parse(
///     "// ===BEGIN ICANN DOMAINS===
///     // Cook Islands
///     *.ck
///     !www.ck
///     // ===END ICANN DOMAINS===
///     // ===BEGIN PRIVATE DOMAINS===
///     github.io
///     // ===END PRIVATE DOMAINS===",
/// )?;
/// assert!(list.is_public_suffix("github.io"));
/// assert_eq!(list.registrable_domain("www.shop.co.ck"), Some("shop.co.ck"));
/// assert_eq!(list.registrable_domain("a.www.ck"), Some("www.ck"));
/// # Ok::<(), nethttp::cookie::SuffixListError>(())
/// ```
///
/// [format]: https://github.com/publicsuffix/list/wiki/Format
#[derive(Clone)]
pub struct SuffixList {
    tree: Tree,
}

impl SuffixList {
    /// Reads a list, both of its sections: domains that registries hand out, and those that companies
    /// hand out to their customers, such as `github.io`. Cookies want both, and browsers use both.
    ///
    /// A line holds a rule, up to the first white space. Lines that are empty or start with `//` are
    /// skipped, and so are a byte order mark and white space at the start of a line. Capitals are
    /// lower-cased, and labels beyond ASCII converted as [`domain_to_ascii`](crate::uri::domain_to_ascii)
    /// does; one with characters that it does not know is encoded as it is, since the list has them in
    /// their normal form. A rule that is there twice counts once.
    ///
    /// One rule that is wrong makes the list wrong: the suffix that it means would be open to cookies.
    ///
    /// # Errors
    ///
    /// A list without any rule, and one with a rule that has
    ///
    /// - an empty label, one of more than 63 octets, or more than 253 octets in all;
    /// - another ASCII character than letters, digits, `-` and `_`;
    /// - `*` elsewhere than as its first label;
    /// - `!` before one label, or before a `*`;
    /// - the form of an address, or of a number;
    /// - a label beyond ASCII that IDNA forbids, or that is not in its normal form.
    ///
    /// So a page of HTML or JSON is an error. A text of bare words is not: whoever fetches the list looks
    /// at the status of the response, and at [`len`](Self::len).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::{PublicSuffix, SuffixList, SuffixListErrorKind};
    ///
    /// let list = SuffixList::parse("\u{feff}// A comment\r\n\r\n个人.hk\r\n")?;
    /// assert!(list.is_public_suffix("xn--ciqpn.hk"));
    ///
    /// let error = SuffixList::parse("<html>").unwrap_err();
    /// assert_eq!(error.kind(), SuffixListErrorKind::Character);
    /// # Ok::<(), nethttp::cookie::SuffixListError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, SuffixListError> {
        Self::read(text, false)
    }

    /// Reads of a list the section of domains that registries hand out, between
    /// `===BEGIN ICANN DOMAINS===` and `===END ICANN DOMAINS===`.
    ///
    /// This is not for cookies. It answers which domain somebody pays for: that of `a.github.io` is
    /// `github.io`.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse), also for rules outside of the section, and if there is no rule inside.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::{PublicSuffix, SuffixList};
    ///
    /// let text = "// ===BEGIN ICANN DOMAINS===\nio\n// ===END ICANN DOMAINS===\ngithub.io";
    /// let list = SuffixList::parse_icann(text)?;
    /// assert_eq!(list.registrable_domain("a.github.io"), Some("github.io"));
    /// # Ok::<(), nethttp::cookie::SuffixListError>(())
    /// ```
    pub fn parse_icann(text: &str) -> Result<Self, SuffixListError> {
        Self::read(text, true)
    }

    fn read(text: &str, icann_only: bool) -> Result<Self, SuffixListError> {
        let mut rules = Rules::default();
        let mut is_icann = false;
        let mut lines = Lines::new(text);
        while let Some(line) = lines.next() {
            if lines.end > MAX_LEN {
                return Err(lines.error(SuffixListErrorKind::TextTooLong, MAX_LEN));
            }
            if let Some(comment) = line.strip_prefix("//") {
                is_icann = match comment.trim() {
                    "===BEGIN ICANN DOMAINS===" => true,
                    "===END ICANN DOMAINS===" => false,
                    _ => is_icann,
                };
                continue;
            }
            let Some(text) = line.split(is_blank).next().filter(|text| !text.is_empty()) else {
                continue;
            };
            let rule =
                Rule::parse(text).map_err(|(kind, at)| lines.error(kind, lines.start + at))?;
            if is_icann || !icann_only {
                rules.push(&rule);
            }
        }
        if rules.is_empty() {
            return Err(lines.error(SuffixListErrorKind::NoRules, text.len()));
        }
        Ok(Self { tree: Tree::new(&rules) })
    }

    /// Returns how many different rules the list has: at least one, and about 10,000 in the list of
    /// publicsuffix.org, with both of its sections.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::SuffixList;
    ///
    /// assert_eq!(SuffixList::parse("ck\n*.ck\n!www.ck\nck")?.len(), 3);
    /// # Ok::<(), nethttp::cookie::SuffixListError>(())
    /// ```
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a list is never empty")]
    pub const fn len(&self) -> usize {
        self.tree.rules()
    }
}

impl PublicSuffix for SuffixList {
    fn is_public_suffix(&self, domain: &str) -> bool {
        match Name::of(domain) {
            Name::Domain => self.tree.suffix_start(domain) == 0,
            Name::Address => false,
            Name::Nothing => true,
        }
    }

    fn registrable_domain<'d>(&self, domain: &'d str) -> Option<&'d str> {
        let Name::Domain = Name::of(domain) else {
            return None;
        };
        let in_front = domain.get(..self.tree.suffix_start(domain))?.strip_suffix('.')?;
        let label = in_front.rfind('.').map_or(0, |dot| dot + 1);
        domain.get(label..)
    }
}

/// Writes how many rules there are, not all of them.
impl fmt::Debug for SuffixList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SuffixList").field("len", &self.len()).finish_non_exhaustive()
    }
}

/// The lines of a list, without white space at their start.
struct Lines<'t> {
    text: &'t str,
    rest: Option<&'t str>,
    number: u32,
    /// Where the line that was given last starts, white space aside, and where it ends.
    start: usize,
    end: usize,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let rest = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self { text, rest: Some(rest), number: 0, start: 0, end: 0 }
    }

    /// An error in the line that was given last, at a position of the text.
    #[cold]
    fn error(&self, kind: SuffixListErrorKind, offset: usize) -> SuffixListError {
        let mut offset = offset;
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let found = self.text.get(offset..).and_then(|rest| rest.chars().next());
        let offset = u32::try_from(offset).unwrap_or(u32::MAX);
        SuffixListError { kind, line: self.number, offset, found }
    }
}

impl<'t> Iterator for Lines<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let rest = self.rest?;
        let line = match rest.split_once('\n') {
            Some((line, after)) => {
                self.rest = Some(after);
                line
            }
            None => {
                self.rest = None;
                rest
            }
        };
        self.number = self.number.saturating_add(1);
        let behind = self.rest.map_or(0, |after| after.len() + 1);
        self.end = self.text.len() - behind;
        let line = line.trim_start_matches(is_blank);
        self.start = self.end - line.len();
        Some(line.trim_end_matches('\r'))
    }
}

/// Returns whether a character ends a rule. What Unicode calls white space beyond ASCII is in no rule.
/// Neither is a carriage return within a line: with a file of lines that end so, all rules but the first
/// would be lost.
const fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\x0b' | '\x0c')
}

#[cfg(test)]
mod tests {
    use super::SuffixListErrorKind as Kind;
    use super::*;
    use alloc::string::{String, ToString};
    use alloc::vec::Vec;
    use proptest::prelude::*;

    const RULES: &str = "\
        // A comment, which is not a rule: com.example
        com
        uk
        co.uk
        *.ck
        !www.ck
        jp
        ac.jp
        kobe.example.jp
        *.kobe.jp
        !city.kobe.jp
        a.b.long.example
        *.zone.example
        own.zone.example
        deep.x.zone.example
        cn
        公司.cn
        xn--fiqs8s
        _tcp.example
    ";

    fn list() -> SuffixList {
        SuffixList::parse(RULES).unwrap()
    }

    #[track_caller]
    fn owns(list: &SuffixList, rows: &[(&str, Option<&str>)]) {
        for (domain, expected) in rows {
            assert_eq!(list.registrable_domain(domain), *expected, "{domain}");
            if expected.is_none() {
                continue;
            }
            assert!(!list.is_public_suffix(domain), "{domain}");
        }
    }

    #[track_caller]
    fn are_suffixes(list: &SuffixList, domains: &[&str], expected: bool) {
        for domain in domains {
            assert_eq!(list.is_public_suffix(domain), expected, "{domain}");
        }
    }

    #[track_caller]
    fn refuses(text: &str, kind: Kind, line: u32, offset: usize) {
        let error = SuffixList::parse(text).unwrap_err();
        let found = (error.kind(), error.line(), error.offset());
        let shown: String = text.chars().take(80).collect();
        assert_eq!(found, (kind, line, offset), "{shown:?}");
        assert_eq!(SuffixList::parse_icann(text).unwrap_err(), error);
    }

    #[test]
    fn a_rule_matches_what_ends_in_its_labels() {
        are_suffixes(&list(), &["com", "uk", "co.uk", "ac.jp", "_tcp.example"], true);
        are_suffixes(&list(), &["a.com", "o.uk", "xco.uk", "c.uk", "co.com"], false);
        owns(
            &list(),
            &[
                ("a.com", Some("a.com")),
                ("b.a.com", Some("a.com")),
                ("xco.uk", Some("xco.uk")),
                ("b.a.xco.uk", Some("xco.uk")),
            ],
        );
    }

    #[test]
    fn the_last_label_is_the_suffix_where_no_rule_matches() {
        are_suffixes(&list(), &["net", "localhost", "co", "example"], true);
        owns(&list(), &[("net", None), ("a.net", Some("a.net")), ("b.a.net", Some("a.net"))]);
        // The rule that starts like it has more labels.
        owns(&list(), &[("b.long.example", Some("long.example"))]);
        owns(&list(), &[("c.b.long.example", Some("long.example"))]);
    }

    #[test]
    fn the_longest_rule_prevails() {
        owns(
            &list(),
            &[
                ("uk", None),
                ("a.uk", Some("a.uk")),
                ("co.uk", None),
                ("a.co.uk", Some("a.co.uk")),
                ("c.b.a.co.uk", Some("a.co.uk")),
                ("c.b.a.b.long.example", Some("b.a.b.long.example")),
            ],
        );
        owns(&list(), &[("c.kobe.example.jp", Some("c.kobe.example.jp"))]);
        // A rule beyond a wildcard, and one that says the same as it.
        owns(
            &list(),
            &[
                ("x.zone.example", None),
                ("a.x.zone.example", Some("a.x.zone.example")),
                ("deep.x.zone.example", None),
                ("a.deep.x.zone.example", Some("a.deep.x.zone.example")),
                ("own.zone.example", None),
                ("a.own.zone.example", Some("a.own.zone.example")),
            ],
        );
    }

    #[test]
    fn a_wildcard_is_for_one_label_and_not_for_none() {
        are_suffixes(&list(), &["a.ck", "co.ck", "x.kobe.jp", "ck"], true);
        are_suffixes(&list(), &["b.a.ck", "kobe.jp", "zone.example"], false);
        owns(
            &list(),
            &[
                ("ck", None),
                ("a.ck", None),
                ("b.a.ck", Some("b.a.ck")),
                ("c.b.a.ck", Some("b.a.ck")),
                ("kobe.jp", Some("kobe.jp")),
                ("a.x.kobe.jp", Some("a.x.kobe.jp")),
                ("zone.example", Some("zone.example")),
            ],
        );
    }

    #[test]
    fn an_exception_wins_over_any_rule() {
        are_suffixes(&list(), &["www.ck", "city.kobe.jp", "a.www.ck"], false);
        owns(
            &list(),
            &[
                ("www.ck", Some("www.ck")),
                ("b.a.www.ck", Some("www.ck")),
                ("city.kobe.jp", Some("city.kobe.jp")),
                ("a.city.kobe.jp", Some("city.kobe.jp")),
            ],
        );
        let longer = SuffixList::parse("*.ck\n!www.ck\na.www.ck\n*.www.ck").unwrap();
        owns(&longer, &[("c.a.www.ck", Some("www.ck")), ("a.www.ck", Some("www.ck"))]);
        let two = SuffixList::parse("*.ck\n!www.ck\n*.www.ck\n!a.www.ck").unwrap();
        owns(&two, &[("c.a.www.ck", Some("a.www.ck")), ("b.www.ck", Some("www.ck"))]);
    }

    #[test]
    fn rules_beyond_ascii_are_converted() {
        are_suffixes(&list(), &["xn--55qx5d.cn", "xn--fiqs8s"], true);
        owns(&list(), &[("b.a.xn--55qx5d.cn", Some("a.xn--55qx5d.cn"))]);
        // Their characters are beyond what `domain_to_ascii` knows.
        let unknown = SuffixList::parse("বাংলা\n*.ලංකා.Org").unwrap();
        are_suffixes(&unknown, &["xn--54b7fta0cc", "a.xn--fzc2c9e2c.org"], true);
        let capitals = SuffixList::parse("CO.Uk\nЕЮ").unwrap();
        are_suffixes(&capitals, &["co.uk", "xn--e1a4c"], true);
    }

    #[test]
    fn what_is_no_domain_has_no_owner() {
        for nothing in ["", ".", ".com", "a..com", "com.", &"a".repeat(254)] {
            owns(&list(), &[(nothing, None)]);
            are_suffixes(&list(), &[nothing], true);
        }
        for address in ["127.0.0.1", "1", "0x7f.1", "::1", "[::1]"] {
            owns(&list(), &[(address, None)]);
            are_suffixes(&list(), &[address], false);
        }
        are_suffixes(&list(), &["a.1a", "\0.com", "\u{e9}.com", "a.\0com"], false);
    }

    #[test]
    fn lines_are_read_up_to_white_space() {
        let plain = "com\nuk\n// net\n\n*.ck\n!www.ck\n";
        for text in [
            plain.to_string(),
            plain.trim_end().to_string(),
            plain.replace('\n', "\r\n"),
            plain.replace('\n', " \n"),
            plain.replace('\n', "\t// net\n"),
            plain.replace("m\n", "m net\r\n"),
            plain.replace('\n', "\x0b\x0c\n\n \n"),
            plain.replace('\n', "\n  \t"),
            "\u{feff}".to_string() + plain,
            plain.to_uppercase(),
            plain.repeat(3),
        ] {
            let list = SuffixList::parse(&text).unwrap();
            assert_eq!(list.len(), 4, "{text:?}");
            are_suffixes(&list, &["com", "uk", "a.ck"], true);
            are_suffixes(&list, &["www.ck"], false);
        }
    }

    #[test]
    fn sections_are_both_read_or_one() {
        let text = "before\n\
            // ===BEGIN ICANN DOMAINS===\nio\nco.io\n//===END ICANN DOMAINS===\r\n\
            // ===BEGIN PRIVATE DOMAINS===\ngithub.io\n*\n// ===END PRIVATE DOMAINS===\n";
        let both = SuffixList::parse(text).unwrap();
        assert_eq!(both.len(), 5);
        are_suffixes(&both, &["io", "co.io", "github.io"], true);
        let icann = SuffixList::parse_icann(text).unwrap();
        assert_eq!(icann.len(), 2);
        are_suffixes(&icann, &["io", "co.io"], true);
        are_suffixes(&icann, &["github.io"], false);
        let none = SuffixList::parse_icann("com\nnet").unwrap_err();
        assert_eq!(none.kind(), Kind::NoRules);
    }

    #[test]
    fn a_list_of_the_default_rule_is_a_list() {
        let list = SuffixList::parse("*").unwrap();
        assert_eq!(list.len(), 1);
        owns(&list, &[("com", None), ("b.a.com", Some("a.com"))]);
    }

    #[test]
    fn refuses_a_list_without_rules() {
        refuses("", Kind::NoRules, 1, 0);
        refuses("// com\n \n", Kind::NoRules, 3, 9);
        refuses("\u{feff}", Kind::NoRules, 1, 3);
        let error = SuffixList::parse("\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "expected a rule in line 2 of the list, found the end at byte 1"
        );
    }

    #[test]
    fn refuses_a_rule_that_is_no_host_name() {
        refuses("<!DOCTYPE html>\n<html>", Kind::Character, 1, 0);
        refuses("com\n {\"error\": 1}", Kind::Character, 2, 5);
        refuses("com\r\nco/uk", Kind::Character, 2, 7);
        refuses("a\nhttp://a", Kind::Character, 2, 6);
        refuses("com\rnet", Kind::Character, 1, 3);
        refuses("404: Not Found", Kind::Character, 1, 3);
        refuses("\0", Kind::Character, 1, 0);
        refuses("\u{feff}\u{feff}com", Kind::Idn, 1, 3);
        refuses(".com", Kind::EmptyLabel, 1, 0);
        refuses("com.", Kind::EmptyLabel, 1, 4);
        refuses("a..com", Kind::EmptyLabel, 1, 2);
        refuses("*.", Kind::EmptyLabel, 1, 2);
        refuses("!", Kind::EmptyLabel, 1, 1);
        refuses("502 Bad Gateway", Kind::Address, 1, 0);
        refuses("com\n127.0.0.1 localhost", Kind::Address, 2, 12);
    }

    #[test]
    fn refuses_wildcards_and_exceptions_out_of_place() {
        refuses("a.*.com", Kind::Wildcard, 1, 2);
        refuses("*.*.com", Kind::Wildcard, 1, 2);
        refuses("*a.com", Kind::Wildcard, 1, 0);
        refuses("a*.com", Kind::Wildcard, 1, 1);
        refuses("**", Kind::Wildcard, 1, 0);
        refuses("com\n!com", Kind::Exception, 2, 8);
        refuses("!*.com", Kind::Exception, 1, 1);
        refuses("!*", Kind::Exception, 1, 1);
        refuses("!!a.com", Kind::Character, 1, 1);
        refuses("*.!a.com", Kind::Character, 1, 2);
    }

    #[test]
    fn refuses_labels_that_are_not_in_their_normal_form() {
        refuses("com\na.ｃｏｍ", Kind::Idn, 2, 6);
        refuses("*.ü-.com", Kind::Idn, 1, 4);
        refuses("!a.xn--ü.com", Kind::Idn, 1, 3);
        refuses("com\u{a0}net", Kind::Idn, 1, 3);
        refuses("বাংলা\u{3002}com", Kind::Idn, 1, 15);
        refuses("\u{fffd}.com", Kind::Idn, 1, 0);
    }

    #[test]
    fn refuses_what_is_too_long() {
        let (label, name) = ("a".repeat(63), "a.".repeat(126));
        SuffixList::parse(&label).unwrap();
        SuffixList::parse(&(name.clone() + "a")).unwrap();
        refuses(&(label + "a"), Kind::TooLong, 1, 63);
        refuses(&(name.clone() + "aa"), Kind::TooLong, 1, 253);
        refuses(&("*.".to_string() + &name + "aa"), Kind::TooLong, 1, 255);
        refuses(&"ü".repeat(507), Kind::TooLong, 1, 1012);
        let label = SuffixList::parse(&"ü".repeat(64)).unwrap_err();
        assert_eq!(label.kind(), Kind::Idn);
    }

    const MEGABYTES: usize = 10 << 20;

    #[test]
    fn ten_megabytes_of_anything_are_refused() {
        for octet in ["a", "a.", "*", "!", "*.", ".", "/", "//", "\0", "ü", "\r", " ", "\n", "a "]
        {
            let text = octet.repeat(MEGABYTES / octet.len());
            let error = SuffixList::parse(&text).unwrap_err();
            assert!(error.offset() <= MAX_LEN, "{octet:?}");
        }
        refuses(&"a\n".repeat(MEGABYTES), Kind::TextTooLong, 2_097_153, MAX_LEN);
        refuses(&"//\u{fffd}".repeat(MEGABYTES), Kind::TextTooLong, 1, MAX_LEN - 2);
        refuses(&("<\n".to_string() + &"a\n".repeat(MEGABYTES)), Kind::Character, 1, 0);
    }

    /// The algorithm step by step, over labels from the last to the first: how many of them are the
    /// public suffix.
    fn naive(rules: &[String], domain: &str) -> usize {
        let domain: Vec<&str> = domain.rsplit('.').collect();
        let mut prevailing: (bool, usize) = (false, 1);
        for rule in rules {
            let name = rule.strip_prefix('!');
            let is_exception = name.is_some();
            let labels: Vec<&str> = name.unwrap_or(rule).rsplit('.').collect();
            let pairs = labels.iter().zip(&domain);
            let matched = pairs.filter(|(rule, label)| **rule == "*" || rule == label).count();
            if matched == labels.len() {
                prevailing = prevailing.max((is_exception, labels.len()));
            }
        }
        prevailing.1 - usize::from(prevailing.0)
    }

    fn naive_owner<'d>(rules: &[String], domain: &'d str) -> Option<&'d str> {
        let above = domain.split('.').count().checked_sub(naive(rules, domain) + 1)?;
        domain.splitn(above + 1, '.').last()
    }

    proptest! {
        #[test]
        fn the_tree_and_the_algorithm_agree(
            rules in prop::collection::vec("(\\*\\.)?([abc]|aaaaa|aaaab)(\\.[abc]){0,3}|![abc](\\.[abc]){1,4}|\\*", 1..12),
            domains in prop::collection::vec("([abc]|aaaaa|aaaab)(\\.([abc]|aaaaa)){0,6}", 20),
        ) {
            let list = SuffixList::parse(&rules.join("\n")).unwrap();
            let mut different = rules.clone();
            different.sort();
            different.dedup();
            prop_assert_eq!(list.len(), different.len());
            for domain in &domains {
                let labels = domain.split('.').count();
                prop_assert_eq!(list.is_public_suffix(domain), naive(&rules, domain) == labels);
                prop_assert_eq!(list.registrable_domain(domain), naive_owner(&rules, domain));
            }
        }

        #[test]
        fn without_exceptions_both_ways_to_the_owner_agree(
            rules in prop::collection::vec("(\\*\\.)?[abc](\\.[abc]){0,3}", 1..12),
            domain in "[abc](\\.[abc]){0,6}",
        ) {
            let list = SuffixList::parse(&rules.join("\n")).unwrap();
            let provided = |domain: &str| list.is_public_suffix(domain);
            prop_assert_eq!(provided.registrable_domain(&domain), list.registrable_domain(&domain));
        }

        #[test]
        fn any_text_is_a_list_or_an_error(text in "([a-c*!./ \\n\\r<ü\\PC]){0,40}", domain in "\\PC{0,20}") {
            match SuffixList::parse(&text) {
                Ok(list) => {
                    prop_assert!(list.len() > 0);
                    if let Some(owner) = list.registrable_domain(&domain) {
                        prop_assert!(domain.ends_with(owner));
                        prop_assert!(!list.is_public_suffix(&domain));
                    }
                }
                Err(error) => prop_assert!(error.offset() <= text.len()),
            }
        }
    }
}

//! Language tags, [RFC 5646 §2.1](https://www.rfc-editor.org/rfc/rfc5646#section-2.1), and the ranges
//! that ask for them, [RFC 4647 §2.1](https://www.rfc-editor.org/rfc/rfc4647#section-2.1).
//!
//! A tag that is well-formed need not be valid: the registry of subtags is not here, and a variant or an
//! extension that stands twice is let through.
//!
//! ```
//! use nethttp::field::{LanguageRange, LanguageTag};
//!
//! let tag = LanguageTag::parse(b"zh-Hant-TW")?;
//! assert_eq!((tag.language(), tag.script(), tag.region()), (Some("zh"), Some("Hant"), Some("TW")));
//! assert!(LanguageRange::parse(b"zh-hant")?.matches(&tag));
//! # Ok::<(), nethttp::field::FieldError>(())
//! ```

use alloc::borrow::Cow;
use core::fmt;
use core::iter;

use super::{FieldError, FieldErrorKind};
use crate::syntax::Class;

/// A well-formed language tag, [RFC 5646 §2.1](https://www.rfc-editor.org/rfc/rfc5646#section-2.1).
///
/// The case of letters is kept and means nothing.
///
/// # Examples
///
/// ```
/// use nethttp::field::LanguageTag;
///
/// assert_eq!(LanguageTag::parse(b"en-us")?, LanguageTag::parse(b"en-US")?);
/// assert!(LanguageTag::parse(b"en_US").is_err());
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone)]
pub struct LanguageTag<'a>(Cow<'a, str>);

impl<'a> LanguageTag<'a> {
    /// Parses a tag that spans the whole input.
    ///
    /// ```abnf
    /// Language-Tag = langtag / privateuse / grandfathered
    /// langtag      = language ["-" script] ["-" region] *("-" variant)
    ///                *("-" extension) ["-" privateuse]
    /// language     = 2*3ALPHA ["-" extlang] / 4ALPHA / 5*8ALPHA
    /// extlang      = 3ALPHA *2("-" 3ALPHA)
    /// script       = 4ALPHA
    /// region       = 2ALPHA / 3DIGIT
    /// variant      = 5*8alphanum / (DIGIT 3alphanum)
    /// extension    = singleton 1*("-" (2*8alphanum))
    /// privateuse   = "x" 1*("-" (1*8alphanum))
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error at the first subtag that cannot stand where it does, or at the end where one is
    /// due.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::LanguageTag;
    ///
    /// assert!(LanguageTag::parse(b"sl-rozaj-biske-1994").is_ok());
    /// assert_eq!(LanguageTag::parse(b"de-419-DE").unwrap_err().offset(), 7);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn parse(text: &'a [u8]) -> Result<Self, FieldError> {
        let error = |offset| FieldError::new(FieldErrorKind::LanguageTag, offset);
        let tag = core::str::from_utf8(text).map_err(|utf8| error(utf8.valid_up_to()))?;
        if is_irregular(tag) {
            return Ok(Self(Cow::Borrowed(tag)));
        }
        let (mut part, mut offset) = (Part::Start, 0);
        for subtag in tag.split('-') {
            part = part.next(subtag.as_bytes()).ok_or(error(offset))?;
            offset += subtag.len() + 1;
        }
        match part {
            Part::Start | Part::Singleton | Part::PrivateSingleton => Err(error(text.len())),
            _ => Ok(Self(Cow::Borrowed(tag))),
        }
    }

    /// Returns the tag as it was written.
    ///
    /// ```
    /// use nethttp::field::LanguageTag;
    ///
    /// assert_eq!(LanguageTag::parse(b"de-ch")?.as_str(), "de-ch");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns what stands between the hyphens.
    ///
    /// ```
    /// use nethttp::field::LanguageTag;
    ///
    /// let tag = LanguageTag::parse(b"en-a-bbb-x-a")?;
    /// assert_eq!(tag.subtags().collect::<Vec<_>>(), ["en", "a", "bbb", "x", "a"]);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn subtags(&self) -> impl Iterator<Item = &str> {
        self.0.split('-')
    }

    /// Returns the language without its extension; `None` for a tag of private use, as `x-pig-latin` is,
    /// and for one that the grammar does not have, as `i-klingon`.
    ///
    /// ```
    /// use nethttp::field::LanguageTag;
    ///
    /// assert_eq!(LanguageTag::parse(b"gsw-CH")?.language(), Some("gsw"));
    /// assert_eq!(LanguageTag::parse(b"x-pig-latin")?.language(), None);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn language(&self) -> Option<&str> {
        self.find(|part| matches!(part, Part::Language(_)))
    }

    /// Returns the script.
    ///
    /// ```
    /// use nethttp::field::LanguageTag;
    ///
    /// assert_eq!(LanguageTag::parse(b"sr-Cyrl-RS")?.script(), Some("Cyrl"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn script(&self) -> Option<&str> {
        self.find(|part| part == Part::Script)
    }

    /// Returns the region, two letters or three digits.
    ///
    /// ```
    /// use nethttp::field::LanguageTag;
    ///
    /// assert_eq!(LanguageTag::parse(b"es-419")?.region(), Some("419"));
    /// assert_eq!(LanguageTag::parse(b"es")?.region(), None);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.find(|part| part == Part::Region)
    }

    /// Returns the variants.
    ///
    /// ```
    /// use nethttp::field::LanguageTag;
    ///
    /// let tag = LanguageTag::parse(b"sl-rozaj-1994")?;
    /// assert_eq!(tag.variants().collect::<Vec<_>>(), ["rozaj", "1994"]);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn variants(&self) -> impl Iterator<Item = &str> {
        self.parts().filter(|(part, _)| *part == Part::Variant).map(|(_, subtag)| subtag)
    }

    /// Returns the tag with a copy of what it borrows.
    ///
    /// ```
    /// use nethttp::field::LanguageTag;
    ///
    /// let tag: LanguageTag<'static> = LanguageTag::parse(String::from("en").as_bytes())?.into_owned();
    /// assert_eq!(tag.as_str(), "en");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> LanguageTag<'static> {
        LanguageTag(Cow::Owned(self.0.into_owned()))
    }

    fn find(&self, wanted: impl Fn(Part) -> bool) -> Option<&str> {
        self.parts().find(|(part, _)| wanted(*part)).map(|(_, subtag)| subtag)
    }

    /// Returns the subtags with their parts, none for a tag that the grammar does not have.
    fn parts(&self) -> impl Iterator<Item = (Part, &str)> {
        let subtags = (!is_irregular(&self.0)).then(|| self.subtags());
        subtags.into_iter().flatten().scan(Part::Start, |part, subtag| {
            *part = part.next(subtag.as_bytes())?;
            Some((*part, subtag))
        })
    }
}

/// The part of a tag that a subtag is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Start,
    /// How many extensions of the language may follow.
    Language(u8),
    /// How many more may follow.
    ExtendedLanguage(u8),
    Script,
    Region,
    Variant,
    Singleton,
    Extension,
    PrivateSingleton,
    Private,
}

impl Part {
    /// Returns the part that a subtag is behind this one.
    fn next(self, subtag: &[u8]) -> Option<Self> {
        use Part::{
            ExtendedLanguage, Extension, Language, Private, PrivateSingleton, Region, Script,
            Singleton, Start, Variant,
        };
        if !Class::ALPHA.or(Class::DIGIT).matches(subtag) || !(1..=8).contains(&subtag.len()) {
            return None;
        }
        let alpha = Class::ALPHA.matches(subtag);
        match (self, subtag.len()) {
            (PrivateSingleton | Private, _) => Some(Private),
            (
                Start | Language(_) | ExtendedLanguage(_) | Script | Region | Variant | Extension,
                1,
            ) if subtag.eq_ignore_ascii_case(b"x") => Some(PrivateSingleton),
            (Start, 2 | 3) if alpha => Some(Language(3)),
            (Start, 4..) if alpha => Some(Language(0)),
            (Start | Singleton, 1) | (Start, _) => None,
            (_, 1) => Some(Singleton),
            (Singleton | Extension, _) => Some(Extension),
            (Language(more @ 1..) | ExtendedLanguage(more @ 1..), 3) if alpha => {
                Some(ExtendedLanguage(more - 1))
            }
            (Language(_) | ExtendedLanguage(_), 4) if alpha => Some(Script),
            (Language(_) | ExtendedLanguage(_) | Script, 2) if alpha => Some(Region),
            (Language(_) | ExtendedLanguage(_) | Script, 3) if Class::DIGIT.matches(subtag) => {
                Some(Region)
            }
            (_, 5..) => Some(Variant),
            (_, 4) if subtag.first().is_some_and(u8::is_ascii_digit) => Some(Variant),
            _ => None,
        }
    }
}

/// `irregular`: the tags of old that the grammar of `langtag` does not have. The regular ones it has.
const IRREGULAR: [&str; 17] = [
    "en-GB-oed",
    "i-ami",
    "i-bnn",
    "i-default",
    "i-enochian",
    "i-hak",
    "i-klingon",
    "i-lux",
    "i-mingo",
    "i-navajo",
    "i-pwn",
    "i-tao",
    "i-tay",
    "i-tsu",
    "sgn-BE-FR",
    "sgn-BE-NL",
    "sgn-CH-DE",
];

fn is_irregular(tag: &str) -> bool {
    IRREGULAR.iter().any(|irregular| irregular.eq_ignore_ascii_case(tag))
}

/// A language range, [RFC 4647 §2.1](https://www.rfc-editor.org/rfc/rfc4647#section-2.1): what a user asks
/// for, in `Accept-Language` for one.
///
/// It looks like a tag or like the beginning of one, or is `*`. The case of letters means nothing.
///
/// # Examples
///
/// ```
/// use nethttp::field::{LanguageRange, LanguageTag};
///
/// let range = LanguageRange::parse(b"de")?;
/// assert!(range.matches(LanguageTag::parse(b"de-CH-1996")?));
/// assert!(!range.matches(LanguageTag::parse(b"den")?));
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone)]
pub struct LanguageRange<'a>(Cow<'a, str>);

impl<'a> LanguageRange<'a> {
    /// `*`, which any tag matches.
    ///
    /// ```
    /// use nethttp::field::LanguageRange;
    ///
    /// assert!(LanguageRange::ANY.is_any());
    /// ```
    pub const ANY: Self = Self(Cow::Borrowed("*"));

    /// Parses a basic range that spans the whole input.
    ///
    /// ```abnf
    /// language-range = (1*8ALPHA *("-" 1*8alphanum)) / "*"
    /// alphanum       = ALPHA / DIGIT
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error at the first byte that does not fit, and at a hyphen or the end where a subtag is
    /// empty.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::LanguageRange;
    ///
    /// assert!(LanguageRange::parse(b"i-default").is_ok());
    /// assert_eq!(LanguageRange::parse(b"de-*").unwrap_err().offset(), 3);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn parse(text: &'a [u8]) -> Result<Self, FieldError> {
        let (range, wrong) = split_range(text);
        match wrong {
            None if range.len() == text.len() => Ok(Self(Cow::Borrowed(range))),
            wrong => {
                let offset = wrong.unwrap_or(range.len());
                Err(FieldError::new(FieldErrorKind::LanguageRange, offset))
            }
        }
    }

    /// Returns the range as it was written.
    ///
    /// ```
    /// use nethttp::field::LanguageRange;
    ///
    /// assert_eq!(LanguageRange::parse(b"de-ch")?.as_str(), "de-ch");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether the range is `*`.
    ///
    /// ```
    /// use nethttp::field::LanguageRange;
    ///
    /// assert!(LanguageRange::parse(b"*")?.is_any());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.0 == "*"
    }

    /// Returns whether a tag matches by basic filtering: it equals the range, or begins with it and a
    /// hyphen, [RFC 4647 §3.3.1](https://www.rfc-editor.org/rfc/rfc4647#section-3.3.1).
    ///
    /// ```
    /// use nethttp::field::LanguageRange;
    ///
    /// let range = LanguageRange::parse(b"de-de")?;
    /// assert!(range.matches("de-DE") && range.matches("de-DE-1996"));
    /// assert!(!range.matches("de-Deva") && !range.matches("de-Latn-DE") && !range.matches("de"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn matches(&self, tag: impl AsRef<str>) -> bool {
        self.is_any() || is_prefix(&self.0, tag.as_ref())
    }

    /// Returns the tags that lookup tries in turn: the range, and what is left of it as subtags are removed
    /// from its end, a single letter or digit together with what follows it,
    /// [RFC 4647 §3.4](https://www.rfc-editor.org/rfc/rfc4647#section-3.4). There are none for `*`.
    ///
    /// ```
    /// use nethttp::field::LanguageRange;
    ///
    /// let range = LanguageRange::parse(b"zh-Hant-CN-x-private1-private2")?;
    /// let tried: Vec<_> = range.fallbacks().collect();
    /// assert_eq!(
    ///     tried,
    ///     ["zh-Hant-CN-x-private1-private2", "zh-Hant-CN-x-private1", "zh-Hant-CN", "zh-Hant", "zh"],
    /// );
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn fallbacks(&self) -> impl Iterator<Item = &str> {
        let first = (!self.is_any()).then_some(&*self.0);
        first.into_iter().flat_map(fallbacks)
    }

    /// Returns the range with a copy of what it borrows.
    ///
    /// ```
    /// use nethttp::field::LanguageRange;
    ///
    /// let range: LanguageRange<'static> =
    ///     LanguageRange::parse(String::from("en").as_bytes())?.into_owned();
    /// assert_eq!(range.as_str(), "en");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> LanguageRange<'static> {
        LanguageRange(Cow::Owned(self.0.into_owned()))
    }
}

/// Splits a language range from what follows it, and returns it with the offset of the first byte that does
/// not fit, if any.
pub(crate) fn split_range(text: &[u8]) -> (&str, Option<usize>) {
    if let [b'*', ..] = text {
        return ("*", None);
    }
    let (range, _) = text.split_at(Class::LANGUAGE.prefix_len(text));
    let (mut offset, mut class) = (0, Class::ALPHA);
    let mut wrong = None;
    for subtag in range.split(|&octet| octet == b'-') {
        let good = class.prefix_len(subtag).min(8);
        if good < subtag.len() || good == 0 {
            wrong = Some(offset + good);
            break;
        }
        class = Class::ALPHA.or(Class::DIGIT);
        offset += subtag.len() + 1;
    }
    // Letters, digits and hyphens are ASCII.
    (core::str::from_utf8(range).unwrap_or_default(), wrong)
}

/// Whether a tag is a text, or begins with it and a hyphen.
pub(crate) fn is_prefix(text: &str, tag: &str) -> bool {
    let (start, rest) = match tag.split_at_checked(text.len()) {
        Some((start, rest)) => (start, rest.as_bytes()),
        None => return false,
    };
    start.eq_ignore_ascii_case(text) && matches!(rest, [] | [b'-', ..])
}

/// A range and what lookup cuts it to, one after the other.
pub(crate) fn fallbacks(range: &str) -> impl Iterator<Item = &str> {
    iter::successors(Some(range), |range| {
        let mut range = *range;
        loop {
            (range, _) = range.rsplit_once('-')?;
            if !ends_in_singleton(range) {
                return Some(range);
            }
        }
    })
}

/// Whether lookup comes to a tag when it cuts a range: whether one of the later [`fallbacks`] is the tag.
pub(crate) fn falls_back_to(range: &str, tag: &str) -> bool {
    tag.len() < range.len() && is_prefix(tag, range) && !ends_in_singleton(tag)
}

/// A single letter or digit only introduces what follows it.
fn ends_in_singleton(range: &str) -> bool {
    range.len() < 2 || matches!(range.as_bytes(), [.., b'-', _])
}

macro_rules! text_without_case {
    ($($type:ident)*) => {$(
        impl AsRef<str> for $type<'_> {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq for $type<'_> {
            fn eq(&self, other: &Self) -> bool {
                self.0.eq_ignore_ascii_case(&other.0)
            }
        }

        impl Eq for $type<'_> {}

        impl fmt::Display for $type<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $type<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }
    )*};
}

text_without_case!(LanguageTag LanguageRange);

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec::Vec;

    #[test]
    fn falling_back_is_what_lookup_does() {
        for range in ["a", "a-b", "en-a-bc", "zh-Hant-CN-x-private1-private2", "x-a-b-cd", "i-x-y"]
        {
            for len in 0..=range.len() {
                let tag = &range[..len];
                let by_lookup = fallbacks(range).skip(1).any(|cut| cut == tag);
                assert_eq!(falls_back_to(range, tag), by_lookup, "{range} {tag}");
            }
        }
    }

    #[track_caller]
    fn parts(text: &str, language: &str, script: &str, region: &str, variants: &[&str]) {
        let tag = LanguageTag::parse(text.as_bytes()).unwrap();
        let or_empty = |part: Option<&str>| part.unwrap_or_default().to_string();
        assert_eq!(tag.to_string(), text);
        assert_eq!(or_empty(tag.language()), language);
        assert_eq!(or_empty(tag.script()), script);
        assert_eq!(or_empty(tag.region()), region);
        assert_eq!(tag.variants().collect::<Vec<_>>(), variants);
    }

    /// [RFC 5646 §A](https://www.rfc-editor.org/rfc/rfc5646#appendix-A).
    #[test]
    fn reads_the_examples_of_the_rfc() {
        parts("de", "de", "", "", &[]);
        parts("i-enochian", "", "", "", &[]);
        parts("zh-Hant", "zh", "Hant", "", &[]);
        parts("zh-cmn-Hans-CN", "zh", "Hans", "CN", &[]);
        parts("cmn-Hans-CN", "cmn", "Hans", "CN", &[]);
        parts("zh-yue-HK", "zh", "", "HK", &[]);
        parts("sr-Latn-RS", "sr", "Latn", "RS", &[]);
        parts("sl-rozaj-biske", "sl", "", "", &["rozaj", "biske"]);
        parts("de-CH-1901", "de", "", "CH", &["1901"]);
        parts("sl-IT-nedis", "sl", "", "IT", &["nedis"]);
        parts("hy-Latn-IT-arevela", "hy", "Latn", "IT", &["arevela"]);
        parts("es-419", "es", "", "419", &[]);
        parts("de-CH-x-phonebk", "de", "", "CH", &[]);
        parts("az-Arab-x-AZE-derbend", "az", "Arab", "", &[]);
        parts("x-whatever", "", "", "", &[]);
        parts("qaa-Qaaa-QM-x-southern", "qaa", "Qaaa", "QM", &[]);
        parts("en-US-u-islamcal", "en", "", "US", &[]);
        parts("zh-CN-a-myext-x-private", "zh", "", "CN", &[]);
        parts("en-a-myext-b-another", "en", "", "", &[]);
    }

    #[test]
    fn reads_every_part_at_its_bounds() {
        parts("zh-min-nan", "zh", "", "", &[]);
        parts("aa-aaa-bbb-ccc-Latn", "aa", "Latn", "", &[]);
        parts("abcd-Latn", "abcd", "Latn", "", &[]);
        parts("abcdefgh", "abcdefgh", "", "", &[]);
        parts("de-1a2b-abcde-12345678", "de", "", "", &["1a2b", "abcde", "12345678"]);
        parts("de-0-ab-1-abcdefgh", "de", "", "", &[]);
        parts("x-1-a-abcdefgh-x", "", "", "", &[]);
        parts("EN-gb-OED", "", "", "", &[]);
        // Well-formed, though not valid.
        parts("de-1901-1901-a-bb-a-bb", "de", "", "", &["1901", "1901"]);
        for tag in IRREGULAR {
            parts(tag, "", "", "", &[]);
        }
        for regular in ["art-lojban", "cel-gaulish", "no-bok", "zh-guoyu", "zh-xiang"] {
            assert!(LanguageTag::parse(regular.as_bytes()).is_ok(), "{regular}");
        }
    }

    #[track_caller]
    fn rejects(tag: &[u8], offset: usize) {
        let error = LanguageTag::parse(tag).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (FieldErrorKind::LanguageTag, offset));
    }

    #[test]
    fn rejects_a_subtag_that_cannot_stand_there() {
        rejects(b"", 0);
        rejects(b"a", 0);
        rejects(b"1a", 0);
        rejects(b"abcdefghi", 0);
        rejects(b"en_US", 0);
        rejects(b"*", 0);
        rejects(b"en-", 3);
        rejects(b"en--US", 3);
        rejects(b" en", 0);
        rejects(b"en ", 0);
        rejects(b"de-419-DE", 7);
        rejects(b"a-DE", 0);
        rejects(b"ar-a-aaa-b", 10);
        rejects(b"ar-a", 4);
        rejects(b"ar-a-b-cc", 5);
        rejects(b"x", 1);
        rejects(b"de-x", 4);
        rejects(b"de-x-abcdefghi", 5);
        rejects(b"abcd-abc", 5);
        rejects(b"aa-aaa-bbb-ccc-ddd", 15);
        rejects(b"de-Latn-Latn", 8);
        rejects(b"de-DE-Latn", 6);
        rejects(b"de-1901-DE", 8);
        rejects(b"de-abc1", 3);
        rejects(b"de-d\xc3\xa9", 3);
        rejects(b"de-\xff", 3);
        rejects(b"i-nothing", 0);
    }

    #[test]
    fn ranges_are_basic() {
        for good in ["*", "a", "de", "de-a", "zh-cmn-Hans-1", "i-klingon", "abcdefgh-12345678"] {
            assert_eq!(LanguageRange::parse(good.as_bytes()).unwrap().to_string(), good);
        }
        for (bad, offset) in [
            ("", 0),
            ("-", 0),
            ("1", 0),
            ("de-", 3),
            ("de-*", 3),
            ("*-DE", 1),
            ("a-abcdefghi", 10),
            ("de_DE", 2),
            ("e1", 1),
        ] {
            let error = LanguageRange::parse(bad.as_bytes()).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (FieldErrorKind::LanguageRange, offset));
        }
    }

    #[test]
    fn a_range_matches_whole_subtags_only() {
        for (range, tag, expected) in [
            ("*", "de", true),
            ("*", "x-a", true),
            ("de", "de", true),
            ("DE", "de-CH", true),
            ("de-ch", "de-CH-1996", true),
            ("de", "den", false),
            ("de-d", "de-DE", false),
            ("de-CH", "de", false),
            ("de-DE", "de-Latn-DE", false),
        ] {
            let range = LanguageRange::parse(range.as_bytes()).unwrap();
            assert_eq!(range.matches(tag), expected, "{range} {tag}");
        }
    }

    #[track_caller]
    fn tries(range: &str, expected: &[&str]) {
        let range = LanguageRange::parse(range.as_bytes()).unwrap();
        assert_eq!(range.fallbacks().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn lookup_removes_a_singleton_with_what_follows() {
        tries("*", &[]);
        tries("de", &["de"]);
        tries("de-CH", &["de-CH", "de"]);
        tries("de-x-a", &["de-x-a", "de"]);
        tries("de-a-b-c", &["de-a-b-c", "de"]);
        tries("x-a", &["x-a"]);
        tries("i-klingon", &["i-klingon"]);
    }
}

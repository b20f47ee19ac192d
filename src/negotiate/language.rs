//! Languages that are wanted.

use alloc::vec::Vec;
use core::cmp::Reverse;
use core::fmt;

use super::calls::calls;
use super::entries::{Entries, Entry, Fit, Order, Reading, Verdict, choose, read_parameters};
use super::preference::width;
use super::{Choice, NotAcceptable, Preference};
use crate::field::{FieldError, FieldErrorKind, fallbacks, falls_back_to, is_prefix, split_range};
use crate::header::{self, HeaderMap};
use crate::syntax::{Class, Cursor};

/// The value of an Accept-Language field,
/// [RFC 9110 §12.5.4](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4).
///
/// ```abnf
/// Accept-Language = [ ( language-range [ weight ] ) *( OWS "," OWS ( language-range [ weight ] ) ) ]
/// language-range  = ( 1*8ALPHA *( "-" 1*8( ALPHA / DIGIT ) ) ) / "*"   ; RFC 4647 §2.1
/// ```
///
/// The range that applies to a tag is the best of these: the tag itself; the longest range that is the
/// beginning of the tag (`en` for `en-GB`, the basic filtering of [RFC 4647 §3.3.1]); a range of which the
/// tag is the beginning (`en-GB` for `en`, the lookup of [RFC 4647 §3.4]), if that is no refusal; `*`. Its
/// weight is the quality.
/// So `en;q=1, en-US;q=0.8` prefers `en-GB` to `en-US`. Without a field, or with an empty one, every language
/// is wanted.
///
/// A page in a language that nobody asked for is better than none: where [`best`](Self::best) finds nothing,
/// send what the site is written in.
///
/// [RFC 4647 §3.3.1]: https://www.rfc-editor.org/rfc/rfc4647#section-3.3.1
/// [RFC 4647 §3.4]: https://www.rfc-editor.org/rfc/rfc4647#section-3.4
///
/// # Examples
///
/// ```
/// use nethttp::HeaderMap;
/// use nethttp::negotiate::AcceptLanguage;
///
/// let mut headers = HeaderMap::new();
/// headers.append("Accept-Language", "de-CH, fr;q=0.8, *;q=0.1")?;
/// let accept = AcceptLanguage::from_headers(&headers);
/// let offers = ["en", "fr-CA", "de"];
/// assert_eq!(accept.best(&offers).map_or("en", |choice| choice.offer()), "de");
/// # Ok::<(), nethttp::header::HeaderError>(())
/// ```
#[derive(Clone, Copy, Default)]
pub struct AcceptLanguage<'a>(Entries<'a>);

calls! {
    AcceptLanguage, "Accept-Language", header::ACCEPT_LANGUAGE, Preference, read_range, width,
    "sv", "en"
}

impl AcceptLanguage<'_> {
    /// Returns the tags that a range matches by basic filtering, the most wanted first,
    /// [RFC 4647 §3.3.1](https://www.rfc-editor.org/rfc/rfc4647#section-3.3.1). What a range refuses is not
    /// among them.
    ///
    /// ```
    /// use nethttp::negotiate::AcceptLanguage;
    ///
    /// let accept = AcceptLanguage::parse(b"de-de, en;q=0.5, en-GB;q=0")?;
    /// let tags = accept.filter(&["de", "en-US", "de-DE-1996", "en-GB", "de-Deva"]);
    /// assert_eq!(tags, ["de-DE-1996", "en-US"]);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn filter<'o>(&self, tags: &[&'o str]) -> Vec<&'o str> {
        let judge = |tag: &str| match self.0.as_slice() {
            [] => Some(Verdict::ANYTHING),
            entries => Verdict::of(entries, |entry| filter_fit(entry.text, tag)).map(by_kind),
        };
        let mut found: Vec<(Verdict, &str)> =
            tags.iter().filter_map(|tag| judge(tag).map(|verdict| (verdict, *tag))).collect();
        found.retain(|(verdict, _)| verdict.quality > 0);
        found.sort_by_key(|(verdict, _)| Reverse((verdict.quality, verdict.fit)));
        found.into_iter().map(|(_, tag)| tag).collect()
    }

    /// Returns the one tag that lookup finds: each range in turn, the most wanted first, is cut at its end
    /// subtag by subtag until there is a tag of that name,
    /// [RFC 4647 §3.4](https://www.rfc-editor.org/rfc/rfc4647#section-3.4). `*` finds nothing, and
    /// what a range refuses is not found.
    ///
    /// ```
    /// use nethttp::negotiate::AcceptLanguage;
    ///
    /// let accept = AcceptLanguage::parse(b"fr-FR, zh-Hant-TW;q=0.7")?;
    /// assert_eq!(accept.lookup(&["zh", "zh-Hant", "en"]), Some("zh-Hant"));
    /// assert_eq!(accept.lookup(&["zh-Hant-TW-x-old", "en"]), None);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn lookup<'o>(&self, tags: &[&'o str]) -> Option<&'o str> {
        let wanted = self.ranked().filter(|range| range.weight() > 0 && range.range() != "*");
        wanted.flat_map(|range| fallbacks(range.range())).find_map(|range| {
            let is_found = |tag: &&&str| tag.eq_ignore_ascii_case(range) && self.quality(tag) > 0;
            tags.iter().find(is_found).copied()
        })
    }

    fn judge(&self, tag: &str) -> Verdict {
        match self.0.as_slice() {
            [] => Verdict::ANYTHING,
            entries => {
                Verdict::of(entries, |entry| fit(entry, tag)).map(by_kind).unwrap_or_default()
            }
        }
    }
}

/// Reads a language range and its weight.
fn read_range<'a>(cursor: &mut Cursor<'a>, reading: Reading) -> Result<Entry<'a>, FieldError> {
    let error = |kind, at| FieldError::new(kind, cursor.offset() + at);
    let (text, wrong) = split_range(cursor.rest());
    let follows = cursor.rest().get(text.len()).filter(|octet| Class::TOKEN.contains(**octet));
    if let Some(at) = wrong.or(follows.map(|_| text.len())) {
        return Err(error(FieldErrorKind::LanguageRange, at));
    }
    let end = u32::try_from(text.len()).map_err(|_| error(FieldErrorKind::TooLong, 0))?;
    *cursor = cursor.skipped(text.len());
    let (weight, _) = read_parameters(cursor, reading, false)?;
    Ok(Entry { text, slash: 0, end, weight })
}

/// The length of a range decides which of two applies to a tag. It says nothing about which of two tags fits
/// better.
const fn by_kind(verdict: Verdict) -> Verdict {
    Verdict { fit: verdict.fit / CUT, ..verdict }
}

const EXACT: Fit = 3 << 30;
const BEGINS: Fit = 2 << 30;
const CUT: Fit = 1 << 30;

fn fit(entry: &Entry<'_>, tag: &str) -> Option<Fit> {
    let range = entry.text;
    // Who refuses British English does not refuse English.
    let is_cut = entry.weight > 0 && falls_back_to(range, tag);
    filter_fit(range, tag).or(is_cut.then_some(CUT))
}

/// Basic filtering: the range is the tag, or its beginning.
fn filter_fit(range: &str, tag: &str) -> Option<Fit> {
    match range {
        "*" => Some(0),
        range if !is_prefix(range, tag) => None,
        range if range.len() == tag.len() => Some(EXACT),
        range => Some(BEGINS + u32::try_from(range.len()).unwrap_or(CUT - 1).min(CUT - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::SyntaxErrorKind;
    use FieldErrorKind as Kind;

    #[track_caller]
    fn qualities(value: &str, expected: &[(&str, u16)]) {
        let accept = AcceptLanguage::parse(value.as_bytes()).unwrap();
        for (offer, quality) in expected {
            assert_eq!(accept.quality(offer), *quality, "{value:?}: {offer}");
        }
    }

    #[test]
    fn the_narrowest_range_decides() {
        // RFC 9110 §12.5.4.
        qualities("da, en-gb;q=0.8, en;q=0.7", &[("da", 1000), ("en-GB", 800), ("en-US", 700)]);
        qualities("en;q=1, en-US;q=0.8", &[("en-US", 800), ("en-GB", 1000), ("EN", 1000)]);
        qualities("en, en-US;q=0.8, en-US-x-a;q=0.2", &[("en-us-x-a-b", 200), ("en-us-x", 800)]);
        qualities("*;q=0.1, de", &[("de-AT", 1000), ("fr", 100)]);
        qualities("en", &[("eng", 0), ("e", 0), ("en_US", 0), ("", 0)]);
        qualities("", &[("en", 1000)]);
    }

    #[test]
    fn a_range_accepts_what_lookup_cuts_it_to() {
        qualities("en-US, fr;q=0.5", &[("en", 1000), ("en-GB", 0)]);
        qualities("en-US;q=0.3, en-GB;q=0.9", &[("en", 900)]);
        qualities("en-US, en;q=0", &[("en", 0)]);
        qualities("de-DE, *;q=0", &[("de", 1000), ("de-AT", 0)]);
        qualities("zh-Hant-CN-x-private1", &[("zh-Hant-CN", 1000), ("zh-Hant-CN-x", 0)]);
    }

    #[test]
    fn zero_refuses() {
        qualities("*, en;q=0", &[("en", 0), ("en-GB", 0), ("fr", 1000)]);
        qualities("en-GB;q=0, en", &[("en-GB", 0), ("en-GB-oed", 0), ("en-US", 1000)]);
        qualities("*;q=0", &[("en", 0)]);
        qualities("en-GB;q=0, *", &[("en-GB", 0), ("en", 1000)]);
        qualities("en-GB;q=0", &[("en", 0)]);
    }

    #[track_caller]
    fn chosen(value: &str, offers: &[&str], by_server: &str, by_client: &str) {
        let accept = AcceptLanguage::parse(value.as_bytes()).unwrap();
        assert_eq!(accept.best(offers).map_or("", |choice| choice.offer()), by_server);
        let choice = accept.best_in_client_order(offers);
        assert_eq!(choice.map_or("", |choice| choice.offer()), by_client);
    }

    #[test]
    fn chooses_the_closest_of_what_is_wanted_most() {
        chosen("en;q=1, en-US;q=0.8", &["en-US", "en-GB"], "en-GB", "en-GB");
        chosen("en-US", &["en", "en-US"], "en-US", "en-US");
        chosen("en", &["en-US", "en"], "en", "en");
        chosen("zh-Hant, en", &["en-US", "zh-Hant-TW"], "en-US", "zh-Hant-TW");
        chosen("en, zh-Hant", &["zh-Hant-TW", "en-US"], "zh-Hant-TW", "en-US");
        chosen("sv-SE,sv;q=0.9,en;q=0.5", &["en", "sv"], "sv", "sv");
        chosen("fr, en", &["en", "fr"], "en", "fr");
        chosen("ja", &["en", "fr"], "", "");
        chosen("ja, *;q=0.1", &["en", "fr"], "en", "en");
        chosen("", &["en", "fr"], "en", "en");
    }

    #[test]
    fn basic_filtering_is_rfc_4647_3_3_1() {
        let filter = |value: &str, tags: &[&'static str]| {
            AcceptLanguage::parse(value.as_bytes()).unwrap().filter(tags)
        };
        let tags = ["de", "de-DE", "de-DE-1996", "de-Deva", "de-Latn-DE", "en"];
        assert_eq!(filter("de-de", &tags), ["de-DE", "de-DE-1996"]);
        assert_eq!(filter("en, de-DE;q=0.5", &tags), ["en", "de-DE", "de-DE-1996"]);
        assert_eq!(filter("de-DE;q=0, de", &tags), ["de", "de-Deva", "de-Latn-DE"]);
        assert_eq!(filter("*", &tags), tags);
        assert_eq!(filter("", &tags), tags);
        assert_eq!(filter("ja", &tags), [""; 0]);
    }

    #[test]
    fn lookup_is_rfc_4647_3_4() {
        let lookup = |value: &str, tags: &[&'static str]| {
            AcceptLanguage::parse(value.as_bytes()).unwrap().lookup(tags).unwrap_or("none")
        };
        let range = "zh-Hant-CN-x-private1-private2";
        for tags in [
            &["zh", "zh-Hant-CN-x-private1-private2"][..],
            &["zh", "zh-Hant-CN-x-private1"],
            &["zh-Hant-CN-x", "zh", "zh-Hant-CN"],
            &["zh-Hant-CN-x", "zh", "zh-Hant"],
            &["zh-Hant-CN-x", "zh"],
        ] {
            assert_eq!(lookup(range, tags), tags[tags.len() - 1]);
        }
        assert_eq!(lookup(range, &["zh-Hant-CN-x", "en"]), "none");
        assert_eq!(lookup("fr-FR, en;q=0.5", &["en", "fr"]), "fr");
        assert_eq!(lookup("fr-FR;q=0.4, en;q=0.5", &["en", "fr"]), "en");
        // The longest range comes first, and each is cut before the next is looked at.
        assert_eq!(lookup("de-CH-1996, de-CH", &["de", "de-CH"]), "de-CH");
        assert_eq!(lookup("*, en;q=0.5", &["de", "en"]), "en");
        assert_eq!(lookup("*", &["de", "en"]), "none");
        assert_eq!(lookup("de-CH, de;q=0", &["de"]), "none");
        assert_eq!(lookup("x-private", &["x", "x-private"]), "x-private");
    }

    #[track_caller]
    fn refused(value: &[u8], kind: Kind, offset: usize) {
        let error = AcceptLanguage::parse(value).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, offset));
    }

    #[test]
    fn refuses_what_the_grammar_does_not_have() {
        refused(b"en_US", Kind::LanguageRange, 2);
        refused(b"e1", Kind::LanguageRange, 1);
        refused(b"abcdefghi", Kind::LanguageRange, 8);
        refused(b"en-abcdefghi", Kind::LanguageRange, 11);
        refused(b"en, -US", Kind::LanguageRange, 4);
        refused(b"en--US", Kind::LanguageRange, 3);
        refused(b"en-", Kind::LanguageRange, 3);
        refused(b"*-US", Kind::LanguageRange, 1);
        refused(b"en;level=1", Kind::Syntax(SyntaxErrorKind::ExpectedComma), 2);
        refused(b"en us", Kind::Syntax(SyntaxErrorKind::ExpectedComma), 3);
        refused(b"en;", Kind::Syntax(SyntaxErrorKind::ExpectedToken), 3);
        refused(b"en; ,sv", Kind::Syntax(SyntaxErrorKind::ExpectedToken), 4);
        refused(b"en;;q=1", Kind::Syntax(SyntaxErrorKind::ExpectedToken), 3);
        refused(b"en;q=1;", Kind::Syntax(SyntaxErrorKind::ExpectedToken), 7);
        refused(b"en;q=2", Kind::Syntax(SyntaxErrorKind::Weight), 5);
        refused(b"=", Kind::LanguageRange, 0);
    }
}

//! Files that stand beside a file and have the same in another form: compressed, or in another language.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use crate::field::LanguageTag;
use crate::field::conditional::Validators;
use crate::field::{ETag, MediaType};
use crate::negotiate::{AcceptEncoding, AcceptLanguage};

/// No coding: the file itself.
pub(super) const IDENTITY: &str = "identity";

/// The codings of sidecars, the one to prefer first, and what each adds to a name.
const CODINGS: [(&str, &str); 3] = [("br", ".br"), ("zstd", ".zst"), ("gzip", ".gz")];

/// Chooses the compressed form that the client wants most of those that `open` finds by their names, and the
/// name of its coding; none if that is the file itself, or if nothing is acceptable.
pub(super) fn coding<T>(
    accept: &AcceptEncoding<'_>,
    name: &OsStr,
    mut open: impl FnMut(OsString) -> Option<T>,
) -> Option<(&'static str, T)> {
    let mut offers: Vec<&'static str> = CODINGS.iter().map(|(coding, _)| *coding).collect();
    offers.push(IDENTITY);
    let best = |left: &[&'static str]| accept.best(left).ok().map(|choice| choice.offer());
    choose(offers, IDENTITY, best, |offer| {
        let (_, extension) = CODINGS.iter().find(|(coding, _)| *coding == offer)?;
        let mut name = name.to_owned();
        name.push(extension);
        open(name)
    })
}

/// Chooses the language that the client wants most of those that `open` finds by their names; none if that is
/// the first, which is that of the page itself, or if nothing is acceptable.
pub(super) fn language<'o, T>(
    accept: &AcceptLanguage<'_>,
    languages: &'o [LanguageTag<'_>],
    name: &OsStr,
    mut open: impl FnMut(OsString) -> Option<T>,
) -> Option<(&'o str, T)> {
    let offers: Vec<&'o str> = languages.iter().map(LanguageTag::as_str).collect();
    let own = *offers.first()?;
    let best = |left: &[&'o str]| accept.best(left).ok().map(|choice| choice.offer());
    choose(offers, own, best, |offer| open(name_in(offer, name)?))
}

/// Tries one offer after another, as the client wants them, until one is there.
fn choose<'o, T>(
    mut offers: Vec<&'o str>,
    own: &str,
    best: impl Fn(&[&'o str]) -> Option<&'o str>,
    mut open: impl FnMut(&str) -> Option<T>,
) -> Option<(&'o str, T)> {
    loop {
        let offer = best(&offers).filter(|offer| *offer != own)?;
        if let Some(found) = open(offer) {
            return Some((offer, found));
        }
        offers.retain(|other| *other != offer);
    }
}

/// Returns whether there may be such a page in several languages.
pub(super) fn is_page(media_type: &MediaType<'_>) -> bool {
    media_type.is("text/html") || media_type.is("application/xhtml+xml")
}

/// Puts a language into a name: `page.html` in `sv` is `page.sv.html`.
fn name_in(language: &str, name: &OsStr) -> Option<OsString> {
    let name = Path::new(name);
    let mut variant = name.file_stem()?.to_owned();
    for part in [OsStr::new(language), name.extension()?] {
        variant.push(".");
        variant.push(part);
    }
    Some(variant)
}

/// Returns which of the languages a name has in it, if any.
pub(super) fn language_of<'o>(languages: &'o [LanguageTag<'_>], name: &OsStr) -> Option<&'o str> {
    let inner = Path::new(Path::new(name).file_stem()?).extension()?;
    let mut tags = languages.iter().map(LanguageTag::as_str);
    tags.find(|tag| inner.eq_ignore_ascii_case(tag))
}

/// Makes of the validators of a file those of a form of what it holds.
///
/// The forms of one thing may well have the same length and date. The tag tells them apart by what is
/// appended to it. A date cannot, so only the thing itself has one: who has the beginning of one form
/// would else be sent the rest of another.
pub(super) fn of_variant(current: &Validators<'_>, form: &str) -> Validators<'static> {
    let tag = |etag: &ETag<'_>| {
        let text = [etag.tag(), b"-", form.as_bytes()].concat();
        if etag.is_weak() { ETag::weak(&text) } else { ETag::strong(&text) }
    };
    match current.etag().map(tag) {
        Some(Ok(etag)) => Validators::new().with_etag(etag.into_owned()),
        None | Some(Err(_)) => Validators::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::HttpDate;

    /// Which files are opened in vain, and which one in the end.
    #[track_caller]
    fn encodes(accept: &str, there: &[&str], tried: &[&str], expected: Option<(&str, &str)>) {
        let accept = AcceptEncoding::parse(accept.as_bytes()).unwrap();
        let mut asked = Vec::new();
        let found = coding(&accept, OsStr::new("a.js"), |name| {
            let name = name.into_string().unwrap();
            asked.push(name.clone());
            there.contains(&&*name).then_some(name)
        });
        assert_eq!(found.as_ref().map(|(coding, name)| (*coding, &**name)), expected);
        assert_eq!(asked, tried);
    }

    #[test]
    fn the_coding_that_is_wanted_most_and_there_is_chosen() {
        let all = &["a.js.br", "a.js.gz", "a.js.zst"];
        let gzip = Some(("gzip", "a.js.gz"));
        encodes("", all, &[], None);
        encodes("gzip", all, &["a.js.gz"], gzip);
        encodes("gzip, br, zstd", all, &["a.js.br"], Some(("br", "a.js.br")));
        encodes("gzip, br;q=0.5", all, &["a.js.gz"], gzip);
        encodes("gzip, br, zstd", &["a.js.gz"], &["a.js.br", "a.js.zst", "a.js.gz"], gzip);
        encodes("gzip, br", &[], &["a.js.br", "a.js.gz"], None);
        encodes("*", &["a.js.zst"], &["a.js.br", "a.js.zst"], Some(("zstd", "a.js.zst")));
        encodes("gzip;q=0.5, identity", all, &[], None);
        encodes("gzip;q=0", all, &[], None);
        encodes("deflate", all, &[], None);
        encodes("identity;q=0", all, &[], None);
        encodes("identity;q=0, gzip", &[], &["a.js.gz"], None);
    }

    fn tags() -> [LanguageTag<'static>; 3] {
        ["en", "sv", "pt-BR"].map(|tag| LanguageTag::parse(tag.as_bytes()).unwrap())
    }

    #[track_caller]
    fn speaks(accept: &str, there: &[&str], expected: Option<&str>) {
        let accept = AcceptLanguage::parse(accept.as_bytes()).unwrap();
        let tags = tags();
        let found = language(&accept, &tags, OsStr::new("a.b.html"), |name| {
            there.contains(&name.to_str().unwrap()).then_some(())
        });
        assert_eq!(found.map(|(language, ())| language), expected, "{accept}");
    }

    #[test]
    fn the_language_that_is_wanted_most_and_there_is_chosen() {
        let all = &["a.b.en.html", "a.b.sv.html", "a.b.pt-BR.html"];
        speaks("", all, None);
        speaks("en", all, None);
        speaks("sv", all, Some("sv"));
        speaks("sv-FI", all, Some("sv"));
        speaks("en, sv;q=0.9", all, None);
        speaks("sv, en;q=0.9", all, Some("sv"));
        speaks("sv, en;q=0.9", &[], None);
        speaks("fr, sv;q=0.2", all, Some("sv"));
        speaks("fr", all, None);
        speaks("*", all, None);
        speaks("sv, *;q=0.5", all, Some("sv"));
        speaks("sv, *;q=0.5", &["a.b.pt-BR.html"], None);
        speaks("sv, pt;q=0.5", &["a.b.pt-BR.html"], Some("pt-BR"));
        speaks("en;q=0, *", all, Some("sv"));
    }

    #[test]
    fn a_name_says_its_language() {
        let tags = tags();
        for (name, expected) in [
            ("a.html", None),
            ("a.sv.html", Some("sv")),
            ("a.SV.html", Some("sv")),
            ("a.pt-br.html", Some("pt-BR")),
            ("a.min.html", None),
            ("sv.html", None),
            (".sv.html", None),
            ("a.sv", None),
            ("", None),
        ] {
            assert_eq!(language_of(&tags, OsStr::new(name)), expected, "{name}");
        }
        assert_eq!(name_in("sv", OsStr::new("a.html")), Some("a.sv.html".into()));
        assert_eq!(name_in("sv", OsStr::new("a")), None);
    }

    #[test]
    fn a_form_has_a_tag_of_its_own_and_no_date() {
        let date = HttpDate::from_unix(1_700_000_000);
        for (tag, expected) in [(r#""v1""#, r#""v1-gzip""#), (r#"W/"v1""#, r#"W/"v1-gzip""#)] {
            let current = Validators::new()
                .with_etag(ETag::parse(tag.as_bytes()).unwrap())
                .with_last_modified(date, date);
            let form = of_variant(&current, "gzip");
            assert_eq!(form.etag().map(ETag::as_bytes), Some(expected.as_bytes()));
            assert_eq!(form.last_modified(), None);
        }
        assert_eq!(
            of_variant(&Validators::new().with_last_modified(date, date), "gzip").etag(),
            None
        );
    }
}

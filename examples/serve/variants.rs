//! Pages in several languages: `page.en.html` and `page.sv.html` beside `page.html`.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;

use nethttp::Request;
use nethttp::field::LanguageTag;
use nethttp::negotiate::AcceptLanguage;

/// A page in a language.
#[derive(Debug)]
pub(crate) struct Variant {
    /// The language tag, as the name has it.
    pub(crate) language: String,
    pub(crate) name: OsString,
}

/// Finds the pages beside a page that differ from it by a language, in the order of their languages.
///
/// Only HTML has them. A name such as `page.min.html` counts as a page in Minangkabau, which does no harm to
/// who does not ask for it.
pub(crate) fn find(page: &Path) -> Vec<Variant> {
    let is_page = page.extension().is_some_and(|it| it.eq_ignore_ascii_case("html"));
    let (Some(folder), Some(stem), Some(extension), true) =
        (page.parent(), page.file_stem(), page.extension(), is_page)
    else {
        return Vec::new();
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let variant = |name: OsString| {
        let language = language_of(&name, stem, extension)?.to_owned();
        Some(Variant { language, name })
    };
    let mut variants: Vec<_> = entries.filter_map(|entry| variant(entry.file_name())).collect();
    variants.sort_by(|a, b| a.language.cmp(&b.language));
    variants
}

/// Returns what stands between the stem and the extension, if it is a language tag.
fn language_of<'a>(name: &'a OsStr, stem: &OsStr, extension: &OsStr) -> Option<&'a str> {
    let language = name.to_str()?.strip_prefix(stem.to_str()?)?.strip_prefix('.')?;
    let language = language.strip_suffix(extension.to_str()?)?.strip_suffix('.')?;
    let tag = LanguageTag::parse(language.as_bytes()).ok()?;
    // A language is two or three letters and what refines it; longer words are parts of names.
    matches!(tag.language()?.len(), 2 | 3).then_some(language)
}

/// Returns the variant that the client wants, if it asks for the language of one. Else the page itself is
/// best: `*` says that any language will do.
pub(crate) fn choose<'a>(request: &Request, variants: &'a [Variant]) -> Option<&'a Variant> {
    let accept = AcceptLanguage::from_headers(request.headers());
    let languages: Vec<&str> = variants.iter().map(|it| it.language.as_str()).collect();
    let choice = accept.best(&languages).ok()?;
    let range = accept.deciding(choice.offer())?;
    variants.get(choice.index()).filter(|_| range.range() != "*")
}

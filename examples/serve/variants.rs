//! Pages in several languages: `page.en.html` and `page.sv.html` beside `page.html`.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use nethttp::Request;
use nethttp::field::LanguageTag;
use nethttp::negotiate::AcceptLanguage;

/// A page in a language.
#[derive(Clone, Debug)]
pub(crate) struct Variant {
    /// The language tag, as the name has it.
    pub(crate) language: String,
    pub(crate) name: OsString,
}

/// The names of a folder that end in a language and `.html`, and the time of the folder that has them.
type Names = (SystemTime, Arc<[OsString]>);

/// What is known of folders, so that a page beside a hundred thousand files does not read the names of
/// all of them for every request.
#[derive(Debug, Default)]
pub(crate) struct Variants {
    folders: Mutex<BTreeMap<PathBuf, Names>>,
}

/// A folder that changed this short a time ago may change again and keep its time.
const SETTLED: Duration = Duration::from_secs(2);

/// How many folders are remembered before all are forgotten.
const MOST_FOLDERS: usize = 256;

impl Variants {
    /// Finds the pages beside a page that differ from it by a language, in the order of their languages.
    ///
    /// Only HTML has them. A name such as `page.min.html` counts as a page in Minangkabau, which does no
    /// harm to who does not ask for it.
    pub(crate) fn of(&self, page: &Path) -> Vec<Variant> {
        let is_page = page.extension().is_some_and(is_html);
        let (Some(folder), Some(stem), true) = (page.parent(), page.file_stem(), is_page) else {
            return Vec::new();
        };
        let variant = |name: &OsString| {
            let (before, language) = split(name)?;
            let language = language.to_owned();
            (OsStr::new(before) == stem).then(|| Variant { language, name: name.clone() })
        };
        let mut variants: Vec<_> = self.names(folder).iter().filter_map(variant).collect();
        variants.sort_by(|a, b| a.language.cmp(&b.language));
        variants
    }

    fn names(&self, folder: &Path) -> Arc<[OsString]> {
        let changed = fs::metadata(folder).and_then(|data| data.modified()).ok();
        let lock = || self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some((then, names)), Some(changed)) = (lock().get(folder), changed)
            && *then == changed
        {
            return Arc::clone(names);
        }
        let names = read_names(folder);
        let is_settled = |changed: &SystemTime| changed.elapsed().is_ok_and(|age| age > SETTLED);
        if let Some(changed) = changed.filter(is_settled) {
            let mut folders = lock();
            if folders.len() >= MOST_FOLDERS {
                folders.clear();
            }
            folders.insert(folder.to_owned(), (changed, Arc::clone(&names)));
        }
        names
    }
}

fn read_names(folder: &Path) -> Arc<[OsString]> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.filter(|entry| !entry.file_type().is_ok_and(|kind| kind.is_dir()));
    files.map(|entry| entry.file_name()).filter(|name| split(name).is_some()).collect()
}

fn is_html(extension: &OsStr) -> bool {
    extension.eq_ignore_ascii_case("html")
}

/// Splits `page.sv.html` into `page` and `sv`.
fn split(name: &OsStr) -> Option<(&str, &str)> {
    let (rest, extension) = name.to_str()?.rsplit_once('.')?;
    let (stem, language) = rest.rsplit_once('.').filter(|_| is_html(OsStr::new(extension)))?;
    let tag = LanguageTag::parse(language.as_bytes()).ok()?;
    // A language is two or three letters and what refines it; longer words are parts of names.
    matches!(tag.language()?.len(), 2 | 3).then_some((stem, language))
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

//! Content types, by a file's name.

use std::ffi::OsStr;

use crate::field::MediaType;

/// What a server says of the extensions for which it knows better than the table of the crate.
#[derive(Clone, Debug, Default)]
pub(super) struct Types(Vec<(String, MediaType<'static>)>);

impl Types {
    pub(super) fn push(&mut self, extension: &str, media_type: MediaType<'static>) {
        self.0.push((extension.trim_start_matches('.').to_owned(), media_type));
    }

    /// Returns the type of a file of this name. What is not known is bytes, and what is text is UTF-8.
    pub(super) fn of(&self, name: &OsStr) -> MediaType<'static> {
        let known = || MediaType::from_path(name.as_encoded_bytes()).map(MediaType::with_utf8);
        self.own(name).or_else(known).unwrap_or(MediaType::APPLICATION_OCTET_STREAM)
    }

    /// The last that was said of an extension counts. That of a name without a dot is empty.
    fn own(&self, name: &OsStr) -> Option<MediaType<'static>> {
        let mut parts = name.as_encoded_bytes().rsplitn(2, |&octet| octet == b'.');
        let last = parts.next().unwrap_or_default();
        let has_stem = parts.next().is_some_and(|stem| !stem.is_empty());
        let extension = if has_stem { last } else { b"" };
        let is_own = |own: &str| own.as_bytes().eq_ignore_ascii_case(extension);
        self.0.iter().rev().find(|(own, _)| is_own(own)).map(|(_, media_type)| media_type.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_gives_the_type() {
        let mut types = Types::default();
        types.push(".RS", MediaType::TEXT_PLAIN_UTF_8);
        types.push("js", MediaType::TEXT_PLAIN);
        types.push("txt", MediaType::TEXT_CSS);
        types.push("txt", MediaType::TEXT_PLAIN);
        for (name, expected) in [
            ("a.html", "text/html; charset=utf-8"),
            ("a.png", "image/png"),
            ("a.tar.gz", "application/gzip"),
            ("a.unheard-of", "application/octet-stream"),
            ("Makefile", "application/octet-stream"),
            (".rs", "application/octet-stream"),
            ("a.rs", "text/plain; charset=utf-8"),
            ("a.Rs", "text/plain; charset=utf-8"),
            ("a.js", "text/plain"),
            ("a.txt", "text/plain"),
            ("a.js.", "application/octet-stream"),
        ] {
            assert_eq!(types.of(OsStr::new(name)).as_str(), expected, "{name}");
        }
        types.push("", MediaType::TEXT_PLAIN);
        assert_eq!(types.of(OsStr::new("Makefile")), MediaType::TEXT_PLAIN);
        assert_eq!(types.of(OsStr::new(".rs")), MediaType::TEXT_PLAIN);
    }
}

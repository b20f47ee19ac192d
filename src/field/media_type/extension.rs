//! Media types of files by the extension of their name, and extensions by media type.
//!
//! The data is in `table.rs`, one text for all rows: it takes 36 KB in a program that asks for a type,
//! without a pointer for the loader to adjust, and nothing in one that does not.

use core::cmp::Ordering;

use super::MediaType;
use super::table::{ALIASES, EXTENSIONS};

impl MediaType<'static> {
    /// Returns the media type of files with this extension, which is given without its dot and in any
    /// case.
    ///
    /// It is the bare type; [`with_utf8`](Self::with_utf8) adds a charset. The extensions of some 1,200
    /// formats are known. Those of programming languages mostly have no type, and some belong to
    /// something else: `ts` is an MPEG transport stream, `video/mp2t`.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::MediaType;
    ///
    /// assert_eq!(MediaType::from_extension("html"), Some(MediaType::TEXT_HTML));
    /// assert_eq!(MediaType::from_extension("JPG"), Some(MediaType::IMAGE_JPEG));
    /// assert_eq!(MediaType::from_extension("xyzzy"), None);
    /// ```
    #[must_use]
    pub fn from_extension(extension: impl AsRef<[u8]>) -> Option<Self> {
        let row = find(EXTENSIONS, extension.as_ref())?;
        MediaType::parse(row.essence.as_bytes()).ok()
    }

    /// Returns the media type of the file at this path, or of this name, by its last extension.
    ///
    /// `a.tar.gz` is `application/gzip`: the type is that of the outermost wrapping. A name that begins
    /// with its only dot, such as `.html`, has no extension, and neither has a path that ends with a
    /// slash. A [`Path`](https://doc.rust-lang.org/std/path/struct.Path.html) gives its bytes with
    /// `as_os_str().as_encoded_bytes()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::MediaType;
    /// use std::path::Path;
    ///
    /// assert_eq!(MediaType::from_path("/srv/www/index.html"), Some(MediaType::TEXT_HTML));
    /// assert_eq!(MediaType::from_path("Makefile"), None);
    ///
    /// let path = Path::new("photos").join("1.jpg");
    /// let media_type = MediaType::from_path(path.as_os_str().as_encoded_bytes());
    /// assert_eq!(media_type, Some(MediaType::IMAGE_JPEG));
    /// ```
    #[must_use]
    pub fn from_path(path: impl AsRef<[u8]>) -> Option<Self> {
        let is_separator = |octet: &u8| matches!(octet, b'/' | b'\\');
        let name = path.as_ref().rsplit(is_separator).next()?;
        let mut parts = name.rsplitn(2, |&octet| octet == b'.');
        let extension = parts.next()?;
        let has_stem = parts.next().is_some_and(|stem| !stem.is_empty());
        if has_stem { Self::from_extension(extension) } else { None }
    }
}

impl MediaType<'_> {
    /// Returns the extensions of files of this type, first the one to prefer, then the others in order.
    /// Parameters do not matter.
    ///
    /// It walks over the whole table, which takes some microseconds.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::MediaType;
    ///
    /// let media_type = MediaType::parse(b"text/html; charset=utf-8")?;
    /// let extensions: Vec<_> = media_type.extensions().collect();
    /// assert_eq!(extensions, ["html", "htm", "shtml"]);
    ///
    /// let old_name = MediaType::parse(b"application/javascript")?;
    /// assert_eq!(old_name.extensions().next(), Some("js"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn extensions(&self) -> impl Iterator<Item = &'static str> {
        let of_type = |preferred| {
            rows(EXTENSIONS)
                .chain(rows(ALIASES))
                .filter(move |row| row.preferred == preferred && self.is(row.essence))
                .map(|row| row.extension)
        };
        of_type(true).chain(of_type(false))
    }
}

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row {
    extension: &'static str,
    essence: &'static str,
    preferred: bool,
}

fn rows(table: &'static str) -> impl Iterator<Item = Row> {
    table.lines().filter_map(row)
}

fn row(line: &'static str) -> Option<Row> {
    let (extension, rest) = line.split_once(' ')?;
    let (essence, preferred) = match rest.strip_suffix(" *") {
        Some(essence) => (essence, true),
        None => (rest, false),
    };
    Some(Row { extension, essence, preferred })
}

/// Searches the line of an extension by halves: of bytes, each time cut at the start of a line.
fn find(table: &'static str, extension: &[u8]) -> Option<Row> {
    let mut lines = table.as_bytes();
    loop {
        let (before, _) = lines.split_at_checked(lines.len() / 2)?;
        let start = before.iter().rposition(|&octet| octet == b'\n').map_or(0, |end| end + 1);
        let (before, from_line) = lines.split_at_checked(start)?;
        let len = from_line.iter().position(|&octet| octet == b'\n').unwrap_or(from_line.len());
        let (line, behind) = from_line.split_at_checked(len)?;
        let known = line.iter().copied().take_while(|&octet| octet != b' ');
        lines = match known.cmp(extension.iter().map(u8::to_ascii_lowercase)) {
            Ordering::Equal => return core::str::from_utf8(line).ok().and_then(row),
            Ordering::Less => behind.split_first()?.1,
            Ordering::Greater => before,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::{BTreeMap, BTreeSet};
    use alloc::vec::Vec;

    #[test]
    fn the_table_is_in_order_and_complete() {
        let extensions: Vec<_> = rows(EXTENSIONS).map(|row| row.extension).collect();
        assert!(extensions.is_sorted_by(|a, b| a < b), "in order and without doubles");
        assert_eq!(extensions.len(), EXTENSIONS.lines().count(), "every line is a row");
        assert!((1_100..=1_400).contains(&extensions.len()), "{}", extensions.len());
        assert_eq!(rows(ALIASES).count(), ALIASES.lines().count());
    }

    #[test]
    fn every_row_is_found_and_every_type_is_one() {
        for row in rows(EXTENSIONS) {
            assert_eq!(find(EXTENSIONS, row.extension.as_bytes()), Some(row));
            assert_eq!(row.extension, row.extension.to_ascii_lowercase());
        }
        for row in rows(EXTENSIONS).chain(rows(ALIASES)) {
            let media_type = MediaType::parse(row.essence.as_bytes()).unwrap();
            assert_eq!(media_type.essence(), media_type.as_str());
            assert_eq!(row.essence, row.essence.to_ascii_lowercase());
        }
    }

    #[test]
    fn a_type_with_several_extensions_prefers_one() {
        let mut by_type: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for row in rows(EXTENSIONS).chain(rows(ALIASES)) {
            assert!(seen.insert((row.extension, row.essence)));
            let (all, preferred) = by_type.entry(row.essence).or_default();
            *all += 1;
            *preferred += usize::from(row.preferred);
        }
        for (essence, (all, preferred)) in by_type {
            assert_eq!(preferred, usize::from(all > 1), "{essence}");
        }
    }

    #[track_caller]
    fn is(extensions: &[&str], expected: &str) {
        for extension in extensions {
            let found = MediaType::from_extension(extension);
            let found = found.as_ref().map(MediaType::as_str);
            assert_eq!(found, Some(expected), "{extension}");
            let expected = MediaType::parse(expected.as_bytes()).unwrap();
            assert!(expected.extensions().any(|known| known == *extension), "{extension}");
        }
    }

    /// What the script decides, by whom the extension was claimed.
    #[test]
    fn decisions_hold() {
        is(&["js", "mjs"], "text/javascript");
        is(&["mp4", "mpg4", "m4v"], "video/mp4");
        is(&["mp3"], "audio/mpeg");
        is(&["m4a"], "audio/mp4");
        is(&["wav"], "audio/wav");
        is(&["ts", "mts", "m2ts"], "video/mp2t");
        is(&["3gp", "3gpp"], "video/3gpp");
        is(&["aac"], "audio/aac");
        is(&["flac"], "audio/flac");
        is(&["ogg", "opus"], "audio/ogg");
        is(&["mkv"], "video/matroska");
        is(&["mka"], "audio/matroska");
        is(&["mk3d"], "video/matroska-3d");
        is(&["ra"], "audio/x-pn-realaudio");
        is(&["sub"], "text/vnd.dvb.subtitle");
        is(&["bmp"], "image/bmp");
        is(&["emf"], "image/emf");
        is(&["wmf"], "image/wmf");
        is(&["wmz"], "application/x-msmetafile");
        is(&["ico"], "image/vnd.microsoft.icon");
        is(&["pcx"], "image/vnd.zbrush.pcx");
        is(&["jpm", "jpgm"], "image/jpm");
        is(&["avif"], "image/avif");
        is(&["heic"], "image/heic");
        is(&["jxl"], "image/jxl");
        is(&["svg"], "image/svg+xml");
        is(&["obj"], "model/obj");
        is(&["stl"], "model/stl");
        is(&["x3db"], "model/x3d+fastinfoset");
        is(&["x3dv"], "model/x3d-vrml");
    }

    #[test]
    fn decisions_about_documents_hold() {
        is(&["xml"], "application/xml");
        is(&["xsl", "xslt"], "application/xslt+xml");
        is(&["xlf"], "application/xliff+xml");
        is(&["rtf"], "application/rtf");
        is(&["yaml", "yml"], "application/yaml");
        is(&["json", "map"], "application/json");
        is(&["webmanifest"], "application/manifest+json");
        is(&["md", "markdown"], "text/markdown");
        is(&["vcf"], "text/vcard");
        is(&["org"], "text/x-org");
        is(&["sql"], "application/sql");
        is(&["sqlite", "sqlite3"], "application/vnd.sqlite3");
        is(&["parquet"], "application/vnd.apache.parquet");
        is(&["fdf"], "application/fdf");
        is(&["xfdf"], "application/xfdf");
        is(&["key"], "application/vnd.apple.keynote");
        is(&["numbers"], "application/vnd.apple.numbers");
        is(&["pages"], "application/vnd.apple.pages");
        is(&["mpp"], "application/vnd.ms-project");
        is(&["pdb"], "application/vnd.palm");
        is(&["prc"], "application/x-mobipocket-ebook");
        is(&["bdoc"], "application/x-bdoc");
        is(&["ac"], "application/pkix-attr-cert");
        is(&["asc"], "application/pgp-signature");
    }

    #[test]
    fn decisions_about_programs_and_archives_hold() {
        is(&["wasm"], "application/wasm");
        is(&["cjs"], "application/node");
        is(&["rs"], "application/rls-services+xml");
        is(&["exe", "dll"], "application/vnd.microsoft.portable-executable");
        is(&["msi"], "application/octet-stream");
        is(&["deb"], "application/vnd.debian.binary-package");
        is(&["dmg"], "application/x-apple-diskimage");
        is(&["iso"], "application/x-iso9660-image");
        is(&["zip"], "application/zip");
        is(&["rar"], "application/vnd.rar");
        is(&["gz", "tgz"], "application/gzip");
        is(&["zst"], "application/zstd");
        is(&["woff"], "font/woff");
        is(&["woff2"], "font/woff2");
    }

    #[test]
    fn extensions_have_no_case_and_no_dot() {
        is(&["tar"], "application/x-tar");
        let found = |extension: &str| MediaType::from_extension(extension);
        assert_eq!(found("HtMl"), Some(MediaType::TEXT_HTML));
        for extension in ["", ".html", "html ", "html\n", "text/html", "*", " ", "\u{e9}", "zzzzz"]
        {
            assert_eq!(found(extension), None, "{extension}");
        }
        assert_eq!(MediaType::from_extension(b"\xff"), None);
    }

    #[track_caller]
    fn at(path: &str, expected: Option<&str>) {
        let found = MediaType::from_path(path);
        assert_eq!(found.as_ref().map(MediaType::as_str), expected, "{path}");
    }

    #[test]
    fn a_path_has_the_last_extension_of_its_last_name() {
        at("a.html", Some("text/html"));
        at("/a/b.c/INDEX.HTM", Some("text/html"));
        at("C:\\a\\b.png", Some("image/png"));
        at("backup.tar.gz", Some("application/gzip"));
        at("a..txt", Some("text/plain"));
        at(".config.json", Some("application/json"));
        for path in ["", "/", "html", "a.", ".html", "/a/.html", "a.html/", "a.html/b", "a.html\\b"]
        {
            at(path, None);
        }
    }

    #[track_caller]
    fn prefers(essence: &str, expected: &[&str]) {
        let media_type = MediaType::parse(essence.as_bytes()).unwrap();
        assert_eq!(media_type.extensions().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_type_has_extensions() {
        prefers("image/jpeg", &["jpg", "jpe", "jpeg"]);
        prefers("Image/PNG;a=b", &["png"]);
        prefers("audio/ogg", &["ogg", "oga", "opus", "spx"]);
        prefers("application/json", &["json", "map"]);
        prefers("text/xml", &["xml"]);
        prefers("application/x-msdownload", &["exe", "bat", "com", "dll", "msi"]);
        prefers("text/vcard", &["vcard", "vcf"]);
        prefers("text/event-stream", &[]);
    }
}

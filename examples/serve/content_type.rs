//! Content types, by the last extension of a file's name.
//!
//! Text is said to be UTF-8. Types that carry their encoding inside, such as XML, and those that have
//! none but one, such as JSON, are left without. Source code is plain text, so that a browser shows it;
//! what is not known is a stream of bytes, which a browser saves.

use std::path::Path;

/// Text that is to be read, not run.
const PLAIN: &str = "text/plain; charset=utf-8";

/// What is not known.
const UNKNOWN: &str = "application/octet-stream";

/// Names without an extension that are text.
const TEXTS: [&str; 8] =
    ["authors", "changelog", "copying", "dockerfile", "license", "makefile", "notice", "readme"];

/// Extensions in lower case, in order.
#[rustfmt::skip]
const TYPES: [(&str, &str); 116] = [
    ("7z", "application/x-7z-compressed"),
    ("aac", "audio/aac"),
    ("atom", "application/atom+xml"),
    ("avi", "video/x-msvideo"),
    ("avif", "image/avif"),
    ("bash", PLAIN),
    ("bmp", "image/bmp"),
    ("bz2", "application/x-bzip2"),
    ("c", PLAIN),
    ("cc", PLAIN),
    ("cfg", PLAIN),
    ("conf", PLAIN),
    ("cpp", PLAIN),
    ("css", "text/css; charset=utf-8"),
    ("csv", "text/csv; charset=utf-8"),
    ("diff", PLAIN),
    ("doc", "application/msword"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("epub", "application/epub+zip"),
    ("flac", "audio/flac"),
    ("gif", "image/gif"),
    ("go", PLAIN),
    ("gz", "application/gzip"),
    ("h", PLAIN),
    ("heic", "image/heic"),
    ("hpp", PLAIN),
    ("htm", "text/html; charset=utf-8"),
    ("html", "text/html; charset=utf-8"),
    ("ico", "image/vnd.microsoft.icon"),
    ("ics", "text/calendar; charset=utf-8"),
    ("ini", PLAIN),
    ("jar", "application/java-archive"),
    ("java", PLAIN),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("js", "text/javascript; charset=utf-8"),
    ("json", "application/json"),
    ("jsx", PLAIN),
    ("jxl", "image/jxl"),
    ("kt", PLAIN),
    ("lock", PLAIN),
    ("log", PLAIN),
    ("lua", PLAIN),
    ("m3u8", "application/vnd.apple.mpegurl"),
    ("m4a", "audio/mp4"),
    ("m4v", "video/mp4"),
    ("map", "application/json"),
    ("md", "text/markdown; charset=utf-8"),
    ("mid", "audio/midi"),
    ("midi", "audio/midi"),
    ("mjs", "text/javascript; charset=utf-8"),
    ("mkv", "video/matroska"),
    ("mov", "video/quicktime"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("mpeg", "video/mpeg"),
    ("mpg", "video/mpeg"),
    ("nix", PLAIN),
    ("odp", "application/vnd.oasis.opendocument.presentation"),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("oga", "audio/ogg"),
    ("ogg", "audio/ogg"),
    ("ogv", "video/ogg"),
    ("opus", "audio/ogg"),
    ("otf", "font/otf"),
    ("patch", PLAIN),
    ("pdf", "application/pdf"),
    ("pl", PLAIN),
    ("png", "image/png"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("ps", "application/postscript"),
    ("py", PLAIN),
    ("rar", "application/vnd.rar"),
    ("rb", PLAIN),
    ("rs", PLAIN),
    ("rss", "application/rss+xml"),
    ("rtf", "application/rtf"),
    ("sh", PLAIN),
    ("sql", PLAIN),
    ("svg", "image/svg+xml"),
    ("swift", PLAIN),
    ("tar", "application/x-tar"),
    ("tex", PLAIN),
    ("text", PLAIN),
    ("tgz", "application/gzip"),
    ("tif", "image/tiff"),
    ("tiff", "image/tiff"),
    ("toml", PLAIN),
    ("ts", PLAIN),
    ("tsx", PLAIN),
    ("ttc", "font/collection"),
    ("ttf", "font/ttf"),
    ("txt", PLAIN),
    ("vcf", "text/vcard; charset=utf-8"),
    ("vtt", "text/vtt; charset=utf-8"),
    ("wasm", "application/wasm"),
    ("wav", "audio/wav"),
    ("weba", "audio/webm"),
    ("webm", "video/webm"),
    ("webmanifest", "application/manifest+json"),
    ("webp", "image/webp"),
    ("woff", "font/woff"),
    ("woff2", "font/woff2"),
    ("xhtml", "application/xhtml+xml"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("xml", "application/xml"),
    ("xz", "application/x-xz"),
    ("yaml", PLAIN),
    ("yml", PLAIN),
    ("zig", PLAIN),
    ("zip", "application/zip"),
    ("zsh", PLAIN),
    ("zst", "application/zstd"),
];

/// Returns the content type of a file.
pub(crate) fn content_type(path: &Path) -> &'static str {
    let lower = |text: Option<&std::ffi::OsStr>| {
        text.and_then(std::ffi::OsStr::to_str).map(str::to_ascii_lowercase)
    };
    let Some(extension) = lower(path.extension()) else {
        let name = lower(path.file_name()).unwrap_or_default();
        let is_text = TEXTS.contains(&&*name) || name.starts_with("license-");
        return if is_text { PLAIN } else { UNKNOWN };
    };
    let found = TYPES.binary_search_by(|(known, _)| (*known).cmp(&extension));
    found.ok().and_then(|at| TYPES.get(at)).map_or(UNKNOWN, |(_, content_type)| content_type)
}

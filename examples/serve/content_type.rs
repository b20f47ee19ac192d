//! Content types, by a file's name.
//!
//! The crate knows the types. What is different here is for who looks at files in a browser: source code
//! is plain text, which is shown, whatever type its extension has; and what is not known is a stream of
//! bytes, which is saved.

use std::path::Path;

use nethttp::MediaType;

/// Text that is to be read, not run.
const PLAIN: MediaType<'_> = MediaType::TEXT_PLAIN_UTF_8;

/// Names without an extension that are text.
const TEXTS: [&str; 8] =
    ["authors", "changelog", "copying", "dockerfile", "license", "makefile", "notice", "readme"];

/// Extensions of texts that have no type, or one that browsers do not show.
const SOURCES: [&str; 35] = [
    "bash", "c", "cc", "cfg", "conf", "cpp", "diff", "go", "h", "hpp", "ini", "java", "jsx", "kt",
    "lock", "log", "lua", "nix", "patch", "pl", "py", "rb", "rs", "sh", "sql", "swift", "tex",
    "toml", "ts", "tsx", "txt", "yaml", "yml", "zig", "zsh",
];

/// Returns the content type of a file.
pub(crate) fn content_type(path: &Path) -> MediaType<'static> {
    let lower = |text: Option<&std::ffi::OsStr>| {
        text.and_then(std::ffi::OsStr::to_str).unwrap_or_default().to_ascii_lowercase()
    };
    let (name, extension) = (lower(path.file_name()), lower(path.extension()));
    let is_text = match &*extension {
        "" => TEXTS.contains(&&*name) || name.starts_with("license-"),
        extension => SOURCES.contains(&extension),
    };
    if is_text {
        return PLAIN;
    }
    let known = MediaType::from_path(path.as_os_str().as_encoded_bytes());
    known.map_or(MediaType::APPLICATION_OCTET_STREAM, MediaType::with_utf8)
}

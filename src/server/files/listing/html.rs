//! The page that lists a folder.

use std::ffi::{OsStr, OsString};
use std::fmt::{self, Display, Write};
use std::iter;

use super::text::Timestamp;
use super::view::{Column, Shown, View};
use super::{Entry, Uploads};
use crate::field::{HttpDate, MediaType};
use crate::server::escape::HtmlText;

/// The icons, drawn by hand; a row refers to one by its name.
const ICONS: &str = include_str!("icons.svg");

const STYLE: &str = include_str!("page.css");

/// The page needs nothing but its own style: whatever the name of a file smuggles in can neither load nor
/// run.
pub(super) const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

/// From so many entries on there is a field to search them.
const MANY: usize = 10;

/// Writes to a string, which cannot fail.
macro_rules! put {
    ($out:expr, $($text:tt)*) => {
        let _ = write!($out, $($text)*);
    };
}

/// Returns the page of the directory of these names, from the root down. `path` is what they stand in.
pub(super) fn page(
    path: &str,
    names: &[OsString],
    view: &View,
    shown: &Shown,
    uploads: Option<&Uploads>,
) -> String {
    let here = names.last().map_or("Home".into(), |name| name.to_string_lossy());
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{ICONS}<main>\n<header>\n",
        HtmlText(&here)
    );
    let above = way_up(path);
    breadcrumbs(names, &above, &mut html);
    if shown.total >= MANY || !view.search.is_empty() {
        search(view, &mut html);
    }
    html.push_str("</header>\n<div class=\"card\">\n<table>\n<thead><tr>");
    Column::ALL.into_iter().for_each(|column| heading(view, column, &mut html));
    html.push_str("</tr></thead>\n<tbody>\n");
    if let Some(up) = above.last() {
        parent(up, &mut html);
    }
    shown.entries.iter().for_each(|entry| row(entry, &mut html));
    html.push_str("</tbody>\n</table>\n");
    match &*view.search {
        _ if shown.total > 0 => {}
        "" => html.push_str("<p class=\"empty\">This folder is empty.</p>\n"),
        search => {
            put!(html, "<p class=\"empty\">Nothing here is called “{}”.</p>\n", HtmlText(search));
        }
    }
    html.push_str("</div>\n");
    footer(view, shown, &mut html);
    if uploads.is_some() {
        html.push_str(UPLOAD);
    }
    html.push_str("</main>\n</body>\n</html>\n");
    html
}

/// What adds files and folders; the names of the fields are those that are read where uploads are.
const UPLOAD: &str = "<div class=\"add\">\n\
    <form method=\"post\" action=\"./\" enctype=\"multipart/form-data\">\
    <input type=\"file\" name=\"file\" multiple required aria-label=\"Files to upload\">\
    <button>Upload</button></form>\n\
    <form method=\"post\" action=\"./\" enctype=\"multipart/form-data\">\
    <input type=\"text\" name=\"folder\" required autocomplete=\"off\" placeholder=\"New folder\" \
    aria-label=\"Name of a new folder\"><button>Create</button></form>\n</div>\n";

/// Returns references to the directories above that of a path, from the root down.
///
/// Each takes away what is between: an empty segment, too, which names nothing, is one to go up from.
fn way_up(path: &str) -> Vec<String> {
    let is_dot = |segment: &str| matches!(segment, "." | "%2e" | "%2E");
    let path = path.strip_prefix('/').unwrap_or(path);
    // What is behind the last slash does not count.
    let (path, _) = path.rsplit_once('/').unwrap_or_default();
    let segments: Vec<&str> = path.split('/').filter(|it| !is_dot(it)).collect();
    let names = segments.iter().enumerate().filter(|(_, segment)| !segment.is_empty());
    let ends = names.map(|(index, _)| index + 1);
    let mut above: Vec<usize> = iter::once(0).chain(ends).collect();
    above.pop();
    above.into_iter().map(|end| "../".repeat(segments.len() - end)).collect()
}

/// Writes the way from the root to here, every part but the last a link.
fn breadcrumbs(names: &[OsString], above: &[String], html: &mut String) {
    let (Some((here, names)), [home, above @ ..]) = (names.split_last(), above) else {
        html.push_str("<h1>Home</h1>\n");
        return;
    };
    put!(html, "<h1><a href=\"{home}\">Home</a>");
    for (up, name) in above.iter().zip(names) {
        let name = name.to_string_lossy();
        put!(html, "<span class=\"slash\">/</span><a href=\"{up}\">{}</a>", Name(&name));
    }
    put!(html, "<span class=\"slash\">/</span>{}</h1>\n", Name(&here.to_string_lossy()));
}

/// Writes the link to the folder above.
fn parent(up: &str, html: &mut String) {
    put!(
        html,
        "<tr class=\"up\"><td class=\"name\"><a href=\"{up}\"><svg class=\"icon\" \
         aria-hidden=\"true\"><use href=\"#up\"/></svg>Parent folder</a></td>\
         <td class=\"date\"></td><td class=\"size\"></td></tr>\n"
    );
}

fn search(view: &View, html: &mut String) {
    put!(
        html,
        "<form class=\"search\" role=\"search\"><input type=\"search\" name=\"q\" value=\"{}\" \
         placeholder=\"Search\" aria-label=\"Search this folder\">",
        HtmlText(&view.search)
    );
    if !view.sort().is_empty() {
        put!(html, "<input type=\"hidden\" name=\"sort\" value=\"{}\">", view.sort());
    }
    html.push_str("</form>\n");
}

/// Writes the heading of a column: a link that sorts by it, or turns the order round.
fn heading(view: &View, column: Column, html: &mut String) {
    let (name, class) = match column {
        Column::Name => ("Name", "name"),
        Column::Modified => ("Modified <span>(UTC)</span>", "date"),
        Column::Size => ("Size", "size"),
    };
    let sorted = match (view.column == column, view.is_descending) {
        (false, _) => "",
        (true, false) => " aria-sort=\"ascending\"",
        (true, true) => " aria-sort=\"descending\"",
    };
    let href = view.sorted_by(column).href();
    put!(
        html,
        "<th scope=\"col\" class=\"{class}\"{sorted}><a href=\"{}\">{name}</a></th>",
        HtmlText(&href)
    );
}

fn row(entry: &Entry, html: &mut String) {
    let (class, slash, icon) = if entry.is_directory() {
        ("folder", "/", "folder")
    } else {
        ("file", "", icon(&entry.name))
    };
    put!(
        html,
        "<tr class=\"{class}\"><td class=\"name\"><a href=\"{}\"><svg class=\"icon\" \
         aria-hidden=\"true\"><use href=\"#{icon}\"/></svg><span>{}{slash}</span></a></td>",
        entry.href(),
        Name(&entry.name.to_string_lossy())
    );
    match entry.modified {
        Some(time) => {
            let date = HttpDate::from(time);
            let (short, long) = (Timestamp(date), Timestamp(date));
            put!(
                html,
                "<td class=\"date\"><time datetime=\"{long}\" title=\"{date}\">{short:#}</time></td>"
            );
        }
        None => html.push_str("<td class=\"date\"></td>"),
    }
    if entry.is_directory() {
        html.push_str("<td class=\"size\"></td></tr>\n");
    } else {
        let unit = if entry.len == 1 { "byte" } else { "bytes" };
        let size = human(entry.len);
        put!(html, "<td class=\"size\" title=\"{} {unit}\">{size}</td></tr>\n", grouped(entry.len));
    }
}

/// Says how many entries there are, and leads to those that are not shown.
fn footer(view: &View, shown: &Shown, html: &mut String) {
    let folders = shown.entries.iter().filter(|entry| entry.is_directory()).count();
    let files = shown.entries.len() - folders;
    let len = shown.entries.iter().map(Entry::file_len).fold(0, u64::saturating_add);
    html.push_str("<footer>");
    match (shown.previous(view), shown.next(view)) {
        (None, None) => html.push_str(&summary(folders, files, len)),
        (previous, next) => {
            let (first, last) = (shown.before + 1, shown.before + shown.entries.len());
            let [first, last, total] =
                [first, last, shown.total].map(|it| grouped(u64::try_from(it).unwrap_or(u64::MAX)));
            if shown.entries.is_empty() {
                put!(html, "0 of {total}");
            } else {
                put!(html, "{first} to {last} of {total}");
            }
            for (view, text) in [(previous, "Previous"), (next, "Next")] {
                if let Some(view) = view {
                    put!(html, " <a href=\"{}\">{text}</a>", HtmlText(&view.href()));
                }
            }
        }
    }
    html.push_str("</footer>\n");
}

/// Returns `1 folder, 2 files of 3 B in total`.
fn summary(folders: usize, files: usize, len: u64) -> String {
    let mut text = match folders {
        0 => String::new(),
        1 => "1 folder".to_owned(),
        _ => format!("{folders} folders"),
    };
    if folders > 0 && files > 0 {
        text.push_str(", ");
    }
    match files {
        0 => {}
        1 => text += &format!("1 file of {}", human(len)),
        _ => text += &format!("{files} files of {} in total", human(len)),
    }
    text
}

/// Returns the icon that goes with the type of a file.
fn icon(name: &OsStr) -> &'static str {
    let Some(media_type) = MediaType::from_path(name.as_encoded_bytes()) else {
        return "file";
    };
    match (media_type.type_(), media_type.subtype()) {
        ("image", _) => "image",
        ("audio", _) => "audio",
        ("video", _) => "video",
        ("text", "html") | (_, "xhtml+xml") => "page",
        ("text", _) | (_, "json" | "xml" | "pdf" | "epub+zip" | "toml" | "yaml" | "javascript") => {
            "text"
        }
        (
            _,
            "zip" | "gzip" | "x-tar" | "x-bzip2" | "x-xz" | "zstd" | "x-7z-compressed" | "vnd.rar"
            | "java-archive",
        ) => "archive",
        _ => "file",
    }
}

/// Returns a size in the largest unit that leaves at least 1, with one decimal below 10: `999 B`,
/// `1.5 kB`, `12 MB`.
fn human(len: u64) -> String {
    if len < 1000 {
        return format!("{len} B");
    }
    // In thousandths of the unit, rounded once, where it is shown.
    let (mut thousandths, mut unit) = (u128::from(len), "kB");
    for larger in ["MB", "GB", "TB", "PB", "EB"] {
        if thousandths < 999_500 {
            break;
        }
        (thousandths, unit) = (thousandths / 1000, larger);
    }
    match thousandths {
        ..9_950 => {
            format!("{}.{} {unit}", (thousandths + 50) / 1000, (thousandths + 50) / 100 % 10)
        }
        _ => format!("{} {unit}", (thousandths + 500) / 1000),
    }
}

/// Returns a number with a comma before every three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let places = (0..digits.len()).rev();
    digits.chars().zip(places).fold(String::new(), |mut text, (digit, place)| {
        text.push(digit);
        if place > 0 && place % 3 == 0 {
            text.push(',');
        }
        text
    })
}

/// A name of strangers, set apart so that it cannot turn the direction of the text around it, and without what
/// turns that of its parts: with U+202E in it, `photo_gpj.exe` would show as `photo_exe.jpg`.
struct Name<'a>(&'a str);

impl Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let turns = ['\u{61c}', '\u{200e}', '\u{200f}'];
        let turns = |c| {
            matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') || turns.contains(&c)
        };
        f.write_str("<bdi>")?;
        self.0.split(turns).try_for_each(|part| HtmlText(part).fmt(f))?;
        f.write_str("</bdi>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_two_digits_or_three() {
        for (len, expected) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (1049, "1.0 kB"),
            (1050, "1.1 kB"),
            (9949, "9.9 kB"),
            (9950, "10 kB"),
            (999_499, "999 kB"),
            (999_500, "1.0 MB"),
            (12_345_678, "12 MB"),
            (1_000_000_000, "1.0 GB"),
            (u64::MAX, "18 EB"),
        ] {
            assert_eq!(human(len), expected, "{len}");
        }
    }

    #[test]
    fn digits_stand_in_threes() {
        for (number, expected) in
            [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")]
        {
            assert_eq!(grouped(number), expected);
        }
    }

    #[test]
    fn files_are_counted() {
        for (folders, files, expected) in [
            (0, 0, ""),
            (1, 0, "1 folder"),
            (2, 0, "2 folders"),
            (0, 1, "1 file of 9 B"),
            (2, 3, "2 folders, 3 files of 9 B in total"),
        ] {
            assert_eq!(summary(folders, files, 9), expected);
        }
    }

    #[test]
    fn the_way_up_counts_every_slash() {
        for (path, expected) in [
            ("", &[][..]),
            ("/", &[]),
            ("//", &[]),
            ("/a/", &["../"]),
            ("a/", &["../"]),
            ("/a/b/", &["../../", "../"]),
            ("/a//", &["../../"]),
            ("//a/", &["../../"]),
            ("/a//b/", &["../../../", "../../"]),
            ("//a//b//", &["../../../../../", "../../../"]),
            // No client counts a dot.
            ("/./a/%2E/b/.", &["../../", "../"]),
        ] {
            assert_eq!(way_up(path), expected, "{path}");
        }
    }

    /// What a browser makes of the references is what they are for.
    #[test]
    fn the_way_up_leads_to_every_directory() {
        use crate::uri::{Uri, UriRef};
        for path in ["/a/", "/a//", "//a/", "/a//b/", "//a//b//c///"] {
            let base = Uri::parse(format!("http://x{path}")).unwrap();
            for (depth, up) in way_up(path).iter().enumerate() {
                let there = base.resolve(&UriRef::parse(up).unwrap()).unwrap();
                let names = there.path().split('/').filter(|it| !it.is_empty());
                let all = path.split('/').filter(|it| !it.is_empty());
                assert!(names.eq(all.take(depth)), "{path} {up} {there}");
            }
        }
    }

    #[test]
    fn a_name_shows_as_what_it_is() {
        for (name, expected) in [
            ("a<b>", "<bdi>a&lt;b&gt;</bdi>"),
            ("photo_\u{202e}gpj.exe", "<bdi>photo_gpj.exe</bdi>"),
            ("\u{2067}a\u{2069}\u{61c}\u{200f}b", "<bdi>ab</bdi>"),
            ("שלום.txt", "<bdi>שלום.txt</bdi>"),
        ] {
            assert_eq!(Name(name).to_string(), expected);
        }
    }

    #[test]
    fn an_icon_is_that_of_the_type() {
        for (name, expected) in [
            ("a.png", "image"),
            ("a.MP3", "audio"),
            ("a.mp4", "video"),
            ("a.html", "page"),
            ("a.md", "text"),
            ("a.json", "text"),
            ("a.zip", "archive"),
            ("a.exe", "file"),
            ("README", "file"),
        ] {
            assert_eq!(icon(OsStr::new(name)), expected, "{name}");
            assert!(ICONS.contains(&format!("id=\"{expected}\"")));
        }
    }
}

//! The page that lists a directory.

use std::cmp::{Ordering, Reverse};
use std::ffi::{OsStr, OsString};
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use nethttp::field::HttpDate;
use nethttp::header::HeaderError;
use nethttp::{Response, StatusCode};

use crate::content_type::content_type;
use crate::page::{escaped, page};
use crate::target::{Target, encode_name, is_public};

/// The icons, drawn by hand; a row refers to one by its name.
const ICONS: &str = include_str!("icons.svg");

/// What is in a directory, as far as it is served.
#[derive(Debug)]
pub(crate) struct Listing {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    name: OsString,
    is_folder: bool,
    len: u64,
    modified: Option<SystemTime>,
}

impl Listing {
    /// Reads a directory. It lists exactly what can be fetched: no hidden names, no special files, and
    /// no links that lead to where `is_inside` says no.
    ///
    /// # Errors
    ///
    /// The directory cannot be read. An entry that cannot, or that is gone by now, is left out.
    pub(crate) fn read(folder: &Path, is_inside: impl Fn(&Path) -> bool) -> io::Result<Self> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let (Ok(kind), true) = (entry.file_type(), is_public(&name)) else {
                continue;
            };
            let path = entry.path();
            if kind.is_symlink() && !fs::canonicalize(&path).is_ok_and(|path| is_inside(&path)) {
                continue;
            }
            let Ok(data) = fs::metadata(&path) else {
                continue;
            };
            if data.is_dir() || data.is_file() {
                entries.push(Entry {
                    name,
                    is_folder: data.is_dir(),
                    len: data.len(),
                    modified: data.modified().ok(),
                });
            }
        }
        Ok(Self { entries })
    }

    /// Makes the page of the listing. The query says how it is sorted.
    pub(crate) fn respond(
        mut self,
        target: &Target,
        query: Option<&str>,
    ) -> Result<Response, HeaderError> {
        let sort = Sort::parse(query);
        self.entries.sort_by(|a, b| sort.compare(a, b));
        let mut html = format!("{ICONS}<main>\n");
        breadcrumbs(target.names(), &mut html);
        html.push_str("<div class=\"card\">\n<table>\n<thead><tr>");
        for column in [Column::Name, Column::Modified, Column::Size] {
            sort.heading(column, &mut html);
        }
        html.push_str("</tr></thead>\n<tbody>\n");
        if !target.names().is_empty() {
            html.push_str(PARENT);
        }
        self.entries.iter().for_each(|entry| entry.row(&mut html));
        html.push_str("</tbody>\n</table>\n");
        if self.entries.is_empty() {
            html.push_str("<p class=\"empty\">This folder is empty.</p>\n");
        }
        let _ = writeln!(html, "</div>\n<footer>{}</footer>\n</main>", self.summary());
        let title = target.names().last().map_or("Home".into(), |name| name.to_string_lossy());
        Ok(page(StatusCode::OK, &title, &html))
    }

    fn summary(&self) -> String {
        let folders = self.entries.iter().filter(|entry| entry.is_folder).count();
        let files = self.entries.len() - folders;
        let mut parts = Vec::new();
        if folders > 0 {
            parts.push(format!("{folders} {}", if folders == 1 { "folder" } else { "folders" }));
        }
        if files > 0 {
            let len = self.entries.iter().filter(|it| !it.is_folder).map(|it| it.len).sum();
            let noun = if files == 1 { "file" } else { "files" };
            parts.push(format!("{files} {noun} of {} in total", human(len)));
        }
        parts.join(", ")
    }
}

/// The link to the directory above.
const PARENT: &str = "<tr class=\"up\"><td class=\"name\"><a href=\"../\"><svg class=\"icon\" \
    aria-hidden=\"true\"><use href=\"#up\"/></svg>Parent folder</a></td><td class=\"date\"></td>\
    <td class=\"size\"></td></tr>\n";

/// Writes the way from the root to here, every part but the last a link.
fn breadcrumbs(names: &[OsString], html: &mut String) {
    html.push_str("<h1>");
    match names.split_last() {
        None => html.push_str("Home"),
        Some((here, above)) => {
            let up = "../".repeat(names.len());
            let _ = write!(html, "<a href=\"{up}\">Home</a>");
            for (depth, name) in above.iter().enumerate() {
                let up = "../".repeat(above.len() - depth);
                let name = escaped(&name.to_string_lossy());
                let _ = write!(html, "<span class=\"slash\">/</span><a href=\"{up}\">{name}</a>");
            }
            let here = escaped(&here.to_string_lossy());
            let _ = write!(html, "<span class=\"slash\">/</span>{here}");
        }
    }
    html.push_str("</h1>\n");
}

impl Entry {
    fn row(&self, html: &mut String) {
        let slash = if self.is_folder { "/" } else { "" };
        let class = if self.is_folder { "folder" } else { "file" };
        let href = encode_name(&self.name);
        let name = escaped(&self.name.to_string_lossy());
        let icon = if self.is_folder { "folder" } else { icon(&self.name) };
        let size = if self.is_folder { String::new() } else { human(self.len) };
        let unit = if self.len == 1 { "byte" } else { "bytes" };
        let exact = format!(" title=\"{} {unit}\"", self.len);
        let exact = if self.is_folder { "" } else { &exact };
        let (date, full) = self.modified.map(dates).unwrap_or_default();
        // "./" keeps a name with a colon from being taken for a scheme.
        let _ = writeln!(
            html,
            "<tr class=\"{class}\"><td class=\"name\"><a href=\"./{href}{slash}\">\
             <svg class=\"icon\" aria-hidden=\"true\"><use href=\"#{icon}\"/></svg>\
             <span>{name}{slash}</span></a></td>\
             <td class=\"date\" title=\"{full}\">{date}</td><td class=\"size\"{exact}>{size}</td></tr>"
        );
    }
}

/// Returns the icon that goes with a file's content type.
fn icon(name: &OsStr) -> &'static str {
    let content_type = content_type(Path::new(name));
    match (content_type.type_(), content_type.subtype()) {
        ("image", _) => "image",
        ("audio", _) => "audio",
        ("video", _) => "video",
        ("text", "html") | (_, "xhtml+xml") => "page",
        ("text", _) | (_, "json" | "xml" | "pdf" | "epub+zip") => "text",
        (
            _,
            "zip" | "gzip" | "x-tar" | "x-bzip2" | "x-xz" | "zstd" | "x-7z-compressed" | "vnd.rar"
            | "java-archive",
        ) => "archive",
        _ => "file",
    }
}

/// Returns a time as `6 Nov 1994, 08:49` and in full.
fn dates(time: SystemTime) -> (String, String) {
    let full = HttpDate::from(time).to_string();
    let short = match full.split([' ', ':']).collect::<Vec<_>>()[..] {
        [_, day, month, year, hour, minute, _, _] => {
            format!("{} {month} {year}, {hour}:{minute}", day.trim_start_matches('0'))
        }
        _ => full.clone(),
    };
    (short, full)
}

/// Returns a size in the largest unit that leaves at least 1, with one decimal below 10: `999 B`,
/// `1.5 kB`, `12 MB`.
fn human(len: u64) -> String {
    const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
    if len < 1000 {
        return format!("{len} B");
    }
    // In thousandths of the unit, rounded once, where it is shown.
    let (mut thousandths, mut unit) = (u128::from(len), 0);
    while thousandths >= 999_500 && unit + 1 < UNITS.len() {
        thousandths /= 1000;
        unit += 1;
    }
    let name = UNITS[unit];
    match thousandths {
        ..9_950 => {
            format!("{}.{} {name}", (thousandths + 50) / 1000, (thousandths + 50) / 100 % 10)
        }
        _ => format!("{} {name}", (thousandths + 500) / 1000),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Name,
    Modified,
    Size,
}

/// How a listing is sorted: `?sort=size` from small to large, `?sort=-size` the other way.
#[derive(Clone, Copy, Debug)]
struct Sort {
    column: Column,
    descending: bool,
}

impl Sort {
    fn parse(query: Option<&str>) -> Self {
        let mut pairs = query.unwrap_or_default().split('&');
        let value = pairs.find_map(|pair| pair.strip_prefix("sort=")).unwrap_or("name");
        let column = match value.trim_start_matches('-') {
            "modified" => Column::Modified,
            "size" => Column::Size,
            _ => Column::Name,
        };
        Self { column, descending: value.starts_with('-') }
    }

    /// Directories come first, whatever the order; what is equal goes by name.
    fn compare(self, a: &Entry, b: &Entry) -> Ordering {
        let key = |entry: &Entry| (entry.name.to_string_lossy().to_lowercase(), entry.name.clone());
        let by_name = || key(a).cmp(&key(b));
        let order = match self.column {
            Column::Name => by_name(),
            Column::Modified => a.modified.cmp(&b.modified),
            Column::Size if a.is_folder && b.is_folder => Ordering::Equal,
            Column::Size => a.len.cmp(&b.len),
        };
        let order = if self.descending { order.reverse() } else { order };
        Reverse(a.is_folder).cmp(&Reverse(b.is_folder)).then(order).then_with(by_name)
    }

    /// Writes the heading of a column: a link that sorts by it, or turns the order round.
    fn heading(self, column: Column, html: &mut String) {
        let (name, class, key) = match column {
            Column::Name => ("Name", "name", "name"),
            Column::Modified => ("Modified (UTC)", "date", "modified"),
            Column::Size => ("Size", "size", "size"),
        };
        let current = self.column == column;
        let (sorted, minus) = match (current, self.descending) {
            (false, _) => ("", ""),
            (true, false) => (" aria-sort=\"ascending\"", "-"),
            (true, true) => (" aria-sort=\"descending\"", ""),
        };
        let _ = write!(
            html,
            "<th class=\"{class}\"{sorted}><a href=\"?sort={minus}{key}\">{name}</a></th>"
        );
    }
}

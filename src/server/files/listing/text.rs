//! Listings for programs.

use std::fmt::{self, Write};

use super::Entry;
use crate::field::HttpDate;
use crate::server::escape::JsonText;

/// Returns a name a line. No name that is served has a line break in it.
pub(super) fn plain(entries: &[Entry]) -> String {
    entries.iter().fold(String::new(), |mut text, entry| {
        let slash = if entry.is_directory() { "/" } else { "" };
        let _ = writeln!(text, "{}{slash}", entry.name.to_string_lossy());
        text
    })
}

/// Returns an array of objects with the members that nginx (`autoindex_format json`) and static-web-server
/// give them, `name`, `type`, `mtime` and `size`, and with `url`: a name need not be Unicode, and is not
/// ready to be asked for as it stands.
///
/// ```json
/// [
/// {"name":"docs","type":"directory","mtime":"1994-11-06T08:49:37Z","url":"./docs/"},
/// {"name":"a b.txt","type":"file","mtime":"1994-11-06T08:49:37Z","size":6,"url":"./a%20b.txt"}
/// ]
/// ```
pub(super) fn json(entries: &[Entry]) -> String {
    let mut text = "[".to_owned();
    for (index, entry) in entries.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let kind = if entry.is_directory() { "directory" } else { "file" };
        let name = entry.name.to_string_lossy();
        let _ = write!(text, "{comma}\n{{\"name\":{},\"type\":\"{kind}\"", JsonText(&name));
        if let Some(modified) = entry.modified {
            let _ = write!(text, ",\"mtime\":\"{}\"", Timestamp(modified.into()));
        }
        if !entry.is_directory() {
            let _ = write!(text, ",\"size\":{}", entry.len);
        }
        let _ = write!(text, ",\"url\":{}}}", JsonText(&entry.href()));
    }
    text + "\n]\n"
}

/// A date as `1994-11-06T08:49:37Z` ([RFC 3339](https://www.rfc-editor.org/rfc/rfc3339)); with `#`, as people
/// write it where they do not mind the second: `1994-11-06 08:49`.
pub(super) struct Timestamp(pub(super) HttpDate);

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MONTHS: [&str; 12] =
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        // `Sun, 06 Nov 1994 08:49:37 GMT`
        let text = self.0.to_string();
        let mut words = text.split(' ').skip(1);
        let mut word = || words.next().unwrap_or_default();
        let (day, month, year, time) = (word(), word(), word(), word());
        let month = MONTHS.iter().zip(1..).find(|(name, _)| **name == month).map_or(0, |it| it.1);
        if f.alternate() {
            let (minute, _) = time.rsplit_once(':').unwrap_or((time, ""));
            return write!(f, "{year}-{month:02}-{day} {minute}");
        }
        write!(f, "{year}-{month:02}-{day}T{time}Z")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_of_json_are_quoted() {
        for (text, expected) in [
            ("", r#""""#),
            ("a\"b\\c", r#""a\"b\\c""#),
            ("a\nb\u{7f}", r#""a\u000ab\u007f""#),
            ("é\u{1f600}", "\"é\u{1f600}\""),
        ] {
            assert_eq!(JsonText(text).to_string(), expected);
        }
    }
}

//! What is written down of a download that may be gone on with: a small text beside the file.
//!
//! ```text
//! nethttp partial download 1
//! url: http://example.org/big.iso
//! validator: "v1"
//! length: 4700372992
//! found: 65536
//! content: 9a0364b9e99bb480dd25e1f0284c8555
//! name: big.iso
//! check: 5f70bf18a086007016e948b04aed3b82...
//! ```
//!
//! The last line is the SHA-256 of those before it. A text that is torn, longer than any of these, or in any way not what
//! [`Note::encode`] writes is no note, and what it speaks of is not gone on with.

use std::str;

use super::name::{is_ours, is_tag};
use super::plan::Validator;
use crate::field::safe_file_name;
use crate::hash::{Sha256, hex};
use crate::syntax::parse_decimal;

/// How every note begins.
const FIRST: &str = "nethttp partial download 1\n";

/// No note is longer, for it would be none when it is read.
pub(super) const MAX_LEN: u64 = 64 << 10;

/// What is known of a file that is not complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) url: String,
    /// `None` if it cannot be gone on with, but only be removed.
    pub(crate) validator: Option<Validator>,
    pub(crate) complete_len: Option<u64>,
    /// So many of the first bytes of the file were there before any download.
    pub(crate) found: u64,
    /// What the name of the file with the content ends in; `None` if that has its own name already.
    pub(crate) content: Option<String>,
    /// The name that the file will have, if the server has chosen it.
    pub(crate) name: Option<String>,
}

impl Note {
    pub(crate) fn encode(&self) -> String {
        let Self { url, validator, complete_len, found, content, name } = self;
        let mut text = format!("{FIRST}url: {url}\n");
        let mut add = |label: &str, value: &str| text.extend([label, ": ", value, "\n"]);
        if let Some(validator) = validator {
            add("validator", validator.as_str());
        }
        if let Some(len) = complete_len {
            add("length", &len.to_string());
        }
        if *found > 0 {
            add("found", &found.to_string());
        }
        if let Some(content) = content {
            add("content", content);
        }
        if let Some(name) = name {
            add("name", name);
        }
        let check = digest(&text);
        text.extend(["check: ", &check, "\n"]);
        text
    }

    pub(crate) fn parse(octets: &[u8]) -> Option<Self> {
        let text = str::from_utf8(octets).ok()?;
        let mut lines = text.strip_prefix(FIRST)?.lines().peekable();
        let mut take = |label| lines.next_if(|line| line.starts_with(label))?.split_once(": ");
        let url = take("url: ")?.1.to_owned();
        let validator = match take("validator: ") {
            Some((_, validator)) => Some(Validator::parse(validator)?),
            None => None,
        };
        let complete_len = match take("length: ") {
            Some((_, len)) => Some(parse_decimal(len.as_bytes()).ok()?),
            None => None,
        };
        let found = match take("found: ") {
            Some((_, found)) => parse_decimal(found.as_bytes()).ok()?,
            None => 0,
        };
        let content = take("content: ").map(|(_, content)| content.to_owned());
        let name = take("name: ").map(|(_, name)| name.to_owned());
        let is_safe = |name: &str| safe_file_name(name).as_deref() == Some(name) && !is_ours(name);
        let leads_nowhere_else =
            content.as_deref().is_none_or(is_tag) && name.as_deref().is_none_or(is_safe);
        let note = Self { url, validator, complete_len, found, content, name };
        // The sum of the last line and the ends of all others are part of it.
        (leads_nowhere_else && note.encode() == text).then_some(note)
    }

    /// Returns whether a file that is no note any more was one, or is nobody's: it may be replaced. After a power cut some
    /// file systems know the length of a note alone, and its octets read as zeros.
    pub(crate) fn is_rest_of_one(octets: &[u8]) -> bool {
        let is_short = u64::try_from(octets.len()).is_ok_and(|len| len < MAX_LEN);
        octets.starts_with(FIRST.as_bytes()) || is_short && octets.iter().all(|&octet| octet == 0)
    }
}

fn digest(text: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(text.as_bytes());
    hex(&hash.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note() -> Note {
        Note {
            url: "http://example.org/big.iso?a: b".to_owned(),
            validator: Validator::parse("\"v:1\""),
            complete_len: Some(4_700_372_992),
            found: 65_536,
            content: Some("9a0364b9e99bb480dd25e1f0284c8555".to_owned()),
            name: Some("gr\u{f6}\u{df}e: 1.iso".replace(':', "_")),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let full = note();
        let date = Validator::parse("Tue, 14 Nov 2023 22:12:20 GMT");
        let dated = Note { complete_len: None, content: None, validator: date, ..note() };
        let least = Note { name: None, validator: None, found: 0, ..dated.clone() };
        for note in [full, dated, least] {
            let text = note.encode();
            assert_eq!(Note::parse(text.as_bytes()), Some(note));
            assert!(Note::is_rest_of_one(text.as_bytes()));
        }
    }

    #[test]
    fn what_is_torn_or_changed_is_no_note() {
        let text = note().encode();
        for len in 0..text.len() {
            assert_eq!(Note::parse(&text.as_bytes()[..len]), None, "{len}");
        }
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] ^= 1;
            assert_eq!(Note::parse(&changed), None, "{at}");
        }
        assert_eq!(Note::parse(&[text.as_bytes(), b"\n"].concat()), None);
        // The sum may be right: what is written has other ends of lines, and other numbers.
        let (before, _) = text.split_once("check: ").unwrap();
        for changed in [
            before.replace('\n', "\r\n").replace("1\r\n", "1\n"),
            before.replace("length: ", "length: 0"),
            before.replace("found: 65536", "found: 0"),
            before.trim_end().to_owned(),
        ] {
            let sealed = format!("{changed}check: {}\n", digest(&changed));
            assert_eq!(Note::parse(sealed.as_bytes()), None, "{sealed}");
        }
        for (octets, is_rest) in [
            (&b""[..], true),
            (&[0; 300], true),
            (&[0; 64 << 10], false),
            (b"\0\0a file of somebody else", false),
            (b"a file of somebody else", false),
        ] {
            assert_eq!(Note::is_rest_of_one(octets), is_rest, "{}", octets.len());
        }
    }

    #[test]
    fn what_leads_elsewhere_is_no_note() {
        for (content, name) in [
            (Some("../../../../../../etc/passwd____"), None),
            (Some("9a"), None),
            (None, Some("../a")),
            (None, Some("")),
            (None, Some("a.partial")),
        ] {
            let [content, name] = [content, name].map(|text| text.map(str::to_owned));
            let text = Note { content, name, ..note() }.encode();
            assert_eq!(Note::parse(text.as_bytes()), None, "{text}");
        }
    }
}

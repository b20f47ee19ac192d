//! What kind of content a media type stands for.

use super::MediaType;
use super::build::SCRIPTS;

impl MediaType<'_> {
    /// Returns whether content of this type is JSON: `application/json`, `text/json`, and subtypes with
    /// the suffix `+json`, as the [MIME Sniffing standard][json] has it.
    ///
    /// ```
    /// # use nethttp::field::MediaType;
    /// assert!(MediaType::APPLICATION_PROBLEM_JSON.is_json());
    /// ```
    ///
    /// [json]: https://mimesniff.spec.whatwg.org/#json-mime-type
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.is("application/json") || self.is("text/json") || self.has_suffix("json")
    }

    /// Returns whether content of this type is XML: `application/xml`, `text/xml`, and subtypes with the
    /// suffix `+xml`, [RFC 7303 §4.2](https://www.rfc-editor.org/rfc/rfc7303#section-4.2).
    ///
    /// ```
    /// # use nethttp::field::MediaType;
    /// assert!(MediaType::IMAGE_SVG.is_xml());
    /// ```
    #[must_use]
    pub fn is_xml(&self) -> bool {
        self.is("application/xml") || self.is("text/xml") || self.has_suffix("xml")
    }

    /// Returns whether content of this type is worth a content coding such as gzip.
    ///
    /// It is for text, for what a suffix says to be text, and for a few types that are known to be
    /// written without compression. It is not for what is unknown, and not for what is compressed
    /// already: that would grow.
    ///
    /// It is not for `text/event-stream` either. A coding collects bytes until it has enough to write a
    /// block, and an event is due now; compressors that hold events back are a bug report of every
    /// server that has tried.
    ///
    /// ```
    /// # use nethttp::field::MediaType;
    /// assert!(MediaType::TEXT_HTML_UTF_8.compressible());
    /// assert!(MediaType::IMAGE_SVG.compressible());
    /// assert!(!MediaType::IMAGE_PNG.compressible());
    /// assert!(!MediaType::TEXT_EVENT_STREAM.compressible());
    /// ```
    #[must_use]
    pub fn compressible(&self) -> bool {
        let is_one_of = |essences: &[&str]| essences.iter().any(|essence| self.is(essence));
        let is_text = self.type_().eq_ignore_ascii_case("text") && !self.is("text/event-stream");
        is_text
            || TEXT_SUFFIXES.iter().any(|suffix| self.has_suffix(suffix))
            || is_one_of(&SCRIPTS)
            || is_one_of(&PLAIN)
    }

    fn has_suffix(&self, suffix: &str) -> bool {
        self.suffix().is_some_and(|own| own.eq_ignore_ascii_case(suffix))
    }
}

/// The structured syntax suffixes of text.
const TEXT_SUFFIXES: [&str; 4] = ["json", "text", "xml", "yaml"];

/// Types that are written without compression and that neither their type nor a suffix gives away.
const PLAIN: [&str; 30] = [
    "application/graphql",
    "application/json",
    "application/jsonl",
    "application/postscript",
    "application/rtf",
    "application/sql",
    "application/tar",
    "application/toml",
    "application/vnd.ms-fontobject",
    "application/wasm",
    "application/x-httpd-php",
    "application/x-ndjson",
    "application/x-ns-proxy-autoconfig",
    "application/x-sh",
    "application/x-tar",
    "application/x-www-form-urlencoded",
    "application/xml",
    "application/xml-dtd",
    "application/yaml",
    "font/collection",
    "font/otf",
    "font/sfnt",
    "font/ttf",
    "image/bmp",
    "image/vnd.microsoft.icon",
    "image/x-icon",
    "image/x-ms-bmp",
    "message/rfc822",
    "model/gltf-binary",
    "model/obj",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::media_type::table::{COMPRESSIBLE, INCOMPRESSIBLE};
    use alloc::vec::Vec;

    fn media_type(text: &str) -> MediaType<'_> {
        MediaType::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn suffixes_tell_json_and_xml() {
        for text in ["application/json", "Text/JSON", "a/b+json;c=d", "application/LD+JSON"] {
            assert!(media_type(text).is_json() && !media_type(text).is_xml(), "{text}");
        }
        for text in ["application/xml", "Text/XML", "image/SVG+Xml", "a/b+json+xml"] {
            assert!(media_type(text).is_xml() && !media_type(text).is_json(), "{text}");
        }
        for text in ["application/jsonl", "image/json", "application/xml-dtd", "a/xml", "xml/a"] {
            assert!(!media_type(text).is_xml() && !media_type(text).is_json(), "{text}");
        }
    }

    #[test]
    fn text_is_compressible_and_a_stream_of_events_is_not() {
        for text in ["TEXT/html", "text/x-anything", "a/b+YAML", "a/b+text", "Font/TTF;a=b"] {
            assert!(media_type(text).compressible(), "{text}");
        }
        for text in ["text/event-stream", "Text/Event-Stream; charset=utf-8", "a/b", "a/text"] {
            assert!(!media_type(text).compressible(), "{text}");
        }
    }

    /// Where the rule says less than the database: it does not know (octet-stream may be anything), or
    /// the type is too rare to be named.
    const UNNAMED: [&str; 15] = [
        "application/dart",
        "application/octet-stream",
        "application/vnd.dart",
        "application/vnd.ms-opentype",
        "application/x-virtualbox-hdd",
        "application/x-virtualbox-ova",
        "application/x-virtualbox-ovf",
        "application/x-virtualbox-vbox",
        "application/x-virtualbox-vdi",
        "application/x-virtualbox-vhd",
        "application/x-virtualbox-vmdk",
        "image/vnd.adobe.photoshop",
        "image/vnd.ms-dds",
        "x-shader/x-fragment",
        "x-shader/x-vertex",
    ];

    #[test]
    fn the_rule_agrees_with_the_database() {
        let missed: Vec<_> =
            COMPRESSIBLE.lines().filter(|line| !media_type(line).compressible()).collect();
        assert_eq!(missed, UNNAMED);
        let wrong: Vec<_> =
            INCOMPRESSIBLE.lines().filter(|line| media_type(line).compressible()).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}

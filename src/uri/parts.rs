//! The one parser of [RFC 3986 §3] and [RFC 3986 §4.1]: bytes in, offsets out, in one pass.
//!
//! It reads what an authority is made of in [`authority`], and knows nothing of what schemes mean.
//!
//! [RFC 3986 §3]: https://www.rfc-editor.org/rfc/rfc3986#section-3
//! [RFC 3986 §4.1]: https://www.rfc-editor.org/rfc/rfc3986#section-4.1

use core::str;

use super::authority::{self, Authority};
use super::error::{UriError, UriErrorKind};
use super::percent::escaped_prefix_len;
use crate::syntax::Class;

/// Where the components of a URI reference lie.
///
/// ```text
/// http://user@example.org:80/path?query#fragment
///     |  |    |          |  |    |     |
///     |  |    |          |  |    |     query_end
///     |  |    |          |  |    path_end
///     |  |    |          |  path_start
///     |  |    |          host_end
///     |  |    host_start
///     |  authority_start
///     scheme_end
/// ```
///
/// A delimiter stands at `scheme_end`, before `host_start`, at `host_end`, at `path_end` and at
/// `query_end` exactly when the component next to it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    /// 0 without a scheme, which is never empty.
    pub(super) scheme_end: u32,
    /// 0 without an authority, before which `//` stands.
    pub(super) authority_start: u32,
    pub(super) host_start: u32,
    pub(super) host_end: u32,
    pub(super) path_start: u32,
    pub(super) path_end: u32,
    pub(super) query_end: u32,
}

impl Parts {
    /// Those of the empty reference.
    pub(super) const EMPTY: Self = Self {
        scheme_end: 0,
        authority_start: 0,
        host_start: 0,
        host_end: 0,
        path_start: 0,
        path_end: 0,
        query_end: 0,
    };
}

/// Which of the two start symbols of RFC 3986 is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// `URI = scheme ":" hier-part [ "?" query ] [ "#" fragment ]`
    Uri,
    /// `URI-reference = URI / relative-ref`
    Reference,
}

/// Reads a URI or a URI reference.
///
/// ```abnf
/// URI           = scheme ":" hier-part [ "?" query ] [ "#" fragment ]   ; RFC 3986 §3
/// hier-part     = "//" authority path-abempty / path-absolute / path-rootless / path-empty
/// relative-ref  = relative-part [ "?" query ] [ "#" fragment ]          ; RFC 3986 §4.2
/// relative-part = "//" authority path-abempty / path-absolute / path-noscheme / path-empty
/// query         = *( pchar / "/" / "?" )                                ; RFC 3986 §3.4
/// fragment      = *( pchar / "/" / "?" )                                ; RFC 3986 §3.5
/// ```
///
/// The kinds of path need no code of their own but for `path-noscheme`: two slashes at the start are
/// an authority, and what follows an authority is a slash or no path.
#[inline(always)]
pub(super) const fn parse(text: &[u8], rule: Rule) -> Result<Parts, UriError> {
    if text.len() > MAX_LEN {
        return Err(UriError::new(UriErrorKind::TooLong, text, MAX_LEN));
    }
    let (scheme_end, mut position) = match scheme(text) {
        Some(end) => (end, end + 1),
        None if matches!(rule, Rule::Uri) => return Err(missing_scheme(text)),
        None => (0, 0),
    };
    let (mut authority_start, mut host_start, mut host_end) = (0, 0, 0);
    if let [b'/', b'/', ..] = tail(text, position) {
        match authority::scan(text, position + 2) {
            Ok(spans) => {
                (authority_start, host_start) = (spans.start, spans.host_start);
                (host_end, position) = (spans.host_end, spans.end);
            }
            Err(error) => return Err(error),
        }
    }
    let path_start = position;
    let path_end = run(Class::PATH, text, path_start);
    if scheme_end == 0
        && authority_start == 0
        && let Some(error) = colon_in_first_segment(text, path_end)
    {
        return Err(error);
    }
    let mut component = UriErrorKind::InvalidPath;
    let mut query_end = path_end;
    if let [b'?', ..] = tail(text, path_end) {
        component = UriErrorKind::InvalidQuery;
        query_end = run(Class::QUERY, text, path_end + 1);
    }
    let mut end = query_end;
    if let [b'#', ..] = tail(text, query_end) {
        component = UriErrorKind::InvalidFragment;
        end = run(Class::QUERY, text, query_end + 1);
    }
    if end < text.len() {
        // A scheme without a host may be one that needs it.
        let is_path = scheme_end == 0 && authority_start == 0;
        let is_repairable = host_end > host_start || is_path && is_plain(tail(text, path_start));
        return Err(UriError::unexpected(component, text, end).hint_fix_up(is_repairable));
    }
    // Written all at once: a copy of what has just been written piece by piece would have to wait.
    Ok(Parts {
        scheme_end: offset(scheme_end),
        authority_start: offset(authority_start),
        host_start: offset(host_start),
        host_end: offset(host_end),
        path_start: offset(path_start),
        path_end: offset(path_end),
        query_end: offset(query_end),
    })
}

/// Whether a relative path holds nothing that browsers could take for a part of a scheme or of an
/// authority, nor what is trimmed from the front of one: then a repair is certain.
#[cold]
const fn is_plain(text: &[u8]) -> bool {
    if let [0..=b' ', ..] = text {
        return false;
    }
    let mut rest = text;
    while let [octet, after @ ..] = rest {
        if matches!(*octet, b'\\' | b'\t' | b'\r' | b'\n') {
            return false;
        }
        rest = after;
    }
    true
}

/// Returns where the `:` of a scheme stands.
///
/// `scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )`
#[inline]
pub(super) const fn scheme(text: &[u8]) -> Option<usize> {
    match text {
        [first, ..] if Class::ALPHA.contains(*first) => {}
        _ => return None,
    }
    let rest = Class::SCHEME.skip(text);
    if let [b':', ..] = rest { Some(text.len() - rest.len()) } else { None }
}

/// Returns where a run of members of `class` and escapes that starts at `start` ends.
#[inline]
const fn run(class: Class, text: &[u8], start: usize) -> usize {
    start + escaped_prefix_len(class, tail(text, start))
}

/// The error for a text without a scheme: is there none, or a bad one?
#[cold]
pub(super) const fn missing_scheme(text: &[u8]) -> UriError {
    let looks_like_host_port = looks_like_host_port(text);
    if looks_like_host_port || first_delimiter(text, b':').is_none() {
        let error = UriError::new(UriErrorKind::MissingScheme, text, 0);
        return error.hint_host_port(looks_like_host_port);
    }
    let bad = match text {
        [first, ..] if Class::ALPHA.contains(*first) => Class::SCHEME.prefix_len(text),
        _ => 0,
    };
    UriError::new(UriErrorKind::InvalidScheme, text, bad)
}

/// `segment-nz-nc`: the first segment of a path without a scheme and a slash before it holds no `:`.
const fn colon_in_first_segment(text: &[u8], path_end: usize) -> Option<UriError> {
    let path = match text.split_at_checked(path_end) {
        Some((path, _)) => path,
        None => text,
    };
    match first_delimiter(path, b':') {
        Some(colon) => {
            let error = UriError::new(UriErrorKind::ColonInFirstSegment, text, colon);
            Some(error.hint_host_port(looks_like_host_port(text)))
        }
        None => None,
    }
}

/// Returns where the first of `:`, `/`, `?` and `#` stands, if it is the one asked for.
const fn first_delimiter(text: &[u8], wanted: u8) -> Option<usize> {
    let mut rest = text;
    while let [octet, after @ ..] = rest {
        if matches!(*octet, b':' | b'/' | b'?' | b'#') {
            return if *octet == wanted { Some(text.len() - rest.len()) } else { None };
        }
        rest = after;
    }
    None
}

/// `[A-Za-z0-9.-]+:[0-9]+`, up to the end or a delimiter.
const fn looks_like_host_port(text: &[u8]) -> bool {
    let mut rest = text;
    while let [b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-', after @ ..] = rest {
        rest = after;
    }
    match rest {
        [b':', digits @ ..] if rest.len() < text.len() => {
            let rest = Class::DIGIT.skip(digits);
            rest.len() < digits.len() && matches!(rest, [] | [b'/' | b'?' | b'#', ..])
        }
        _ => false,
    }
}

/// A text and its parts: what the owned types and the views have in common.
#[derive(Clone, Copy)]
pub(super) struct Split<'a> {
    pub(super) text: &'a str,
    pub(super) parts: Parts,
}

impl<'a> Split<'a> {
    /// That of the empty reference.
    pub(super) const EMPTY: Self = Self { text: "", parts: Parts::EMPTY };

    #[inline(always)]
    pub(super) const fn parse(text: &'a str, rule: Rule) -> Result<Self, UriError> {
        match parse(text.as_bytes(), rule) {
            Ok(parts) => Ok(Self { text, parts }),
            Err(error) => Err(error),
        }
    }

    pub(super) const fn parse_bytes(text: &'a [u8], rule: Rule) -> Result<Self, UriError> {
        match parse(text, rule) {
            // What `parse` accepts is ASCII.
            Ok(parts) => Ok(Self { text: ascii(text), parts }),
            Err(error) => Err(error),
        }
    }

    pub(super) const fn scheme(self) -> Option<&'a str> {
        match self.parts.scheme_end {
            0 => None,
            end => Some(slice(self.text, 0, end)),
        }
    }

    pub(super) const fn authority(self) -> Option<Authority<'a>> {
        let Parts { authority_start: start, host_start, host_end, path_start, .. } = self.parts;
        if start == 0 {
            return None;
        }
        let text = slice(self.text, start, path_start);
        Some(Authority::new(text, host_start - start, host_end - start))
    }

    pub(super) const fn path(self) -> &'a str {
        slice(self.text, self.parts.path_start, self.parts.path_end)
    }

    pub(super) const fn query(self) -> Option<&'a str> {
        let Parts { path_end, query_end, .. } = self.parts;
        if path_end == query_end { None } else { Some(slice(self.text, path_end + 1, query_end)) }
    }

    pub(super) const fn fragment(self) -> Option<&'a str> {
        let (start, end) = (self.parts.query_end, offset(self.text.len()));
        if start == end { None } else { Some(slice(self.text, start + 1, end)) }
    }

    pub(super) const fn path_and_query(self) -> &'a str {
        slice(self.text, self.parts.path_start, self.parts.query_end)
    }

    /// What stands before the fragment.
    pub(super) const fn before_fragment(self) -> &'a str {
        slice(self.text, 0, self.parts.query_end)
    }

    /// What stands before the path: the scheme, the authority and their delimiters.
    pub(super) const fn before_path(self) -> &'a str {
        slice(self.text, 0, self.parts.path_start)
    }

    /// The query with its `?`.
    pub(super) const fn query_with_mark(self) -> &'a str {
        slice(self.text, self.parts.path_end, self.parts.query_end)
    }

    /// The fragment with its `#`.
    pub(super) const fn fragment_with_mark(self) -> &'a str {
        slice(self.text, self.parts.query_end, offset(self.text.len()))
    }
}

/// The longest text that offsets can point into.
pub(super) const MAX_LEN: usize = at(u32::MAX);

/// An offset as an index.
#[inline]
#[expect(clippy::as_conversions, reason = "an offset came from an index; `try_from` is not const")]
pub(super) const fn at(offset: u32) -> usize {
    offset as usize
}

/// An index as an offset; that the text is no longer than [`MAX_LEN`] has been checked before.
#[inline]
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "no index into a text that was accepted is above u32::MAX; `try_from` is not const"
)]
pub(super) const fn offset(index: usize) -> u32 {
    index as u32
}

/// The text between two offsets that the parser has put at characters.
#[inline]
pub(super) const fn slice(text: &str, start: u32, end: u32) -> &str {
    match text.split_at_checked(at(end)) {
        Some((head, _)) => match head.split_at_checked(at(start)) {
            Some((_, slice)) => slice,
            None => "",
        },
        None => "",
    }
}

/// The bytes from an index on that is not behind the end.
#[inline]
pub(super) const fn tail(text: &[u8], start: usize) -> &[u8] {
    match text.split_at_checked(start) {
        Some((_, tail)) => tail,
        None => &[],
    }
}

/// Bytes that a parser has accepted as text; they are ASCII.
#[inline]
pub(super) const fn ascii(text: &[u8]) -> &str {
    match str::from_utf8(text) {
        Ok(text) => text,
        Err(_) => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    type Components<'a> =
        (Option<&'a str>, Option<&'a str>, &'a str, Option<&'a str>, Option<&'a str>);

    fn components(text: &str, rule: Rule) -> Result<Components<'_>, UriError> {
        let split = Split::parse(text, rule)?;
        let authority = split.authority().map(|authority| authority.as_str());
        Ok((split.scheme(), authority, split.path(), split.query(), split.fragment()))
    }

    #[track_caller]
    fn splits(text: &str, expected: Components<'_>) {
        assert_eq!(components(text, Rule::Reference), Ok(expected), "{text}");
        let uri = components(text, Rule::Uri);
        if expected.0.is_some() {
            assert_eq!(uri, Ok(expected), "{text}");
        } else {
            let kind = uri.map_err(|error| error.kind());
            assert_eq!(kind, Err(UriErrorKind::MissingScheme), "{text}");
        }
    }

    /// RFC 3986 §1.1.2.
    #[test]
    fn splits_the_examples_of_the_rfc() {
        for (text, scheme, authority, path, query) in [
            (
                "ftp://ftp.is.co.za/rfc/rfc1808.txt",
                "ftp",
                Some("ftp.is.co.za"),
                "/rfc/rfc1808.txt",
                None,
            ),
            (
                "http://www.ietf.org/rfc/rfc2396.txt",
                "http",
                Some("www.ietf.org"),
                "/rfc/rfc2396.txt",
                None,
            ),
            (
                "ldap://[2001:db8::7]/c=GB?objectClass?one",
                "ldap",
                Some("[2001:db8::7]"),
                "/c=GB",
                Some("objectClass?one"),
            ),
            ("mailto:John.Doe@example.com", "mailto", None, "John.Doe@example.com", None),
            (
                "news:comp.infosystems.www.servers.unix",
                "news",
                None,
                "comp.infosystems.www.servers.unix",
                None,
            ),
            ("tel:+1-816-555-1212", "tel", None, "+1-816-555-1212", None),
            ("telnet://192.0.2.16:80/", "telnet", Some("192.0.2.16:80"), "/", None),
            (
                "urn:oasis:names:specification:docbook:dtd:xml:4.1.2",
                "urn",
                None,
                "oasis:names:specification:docbook:dtd:xml:4.1.2",
                None,
            ),
        ] {
            splits(text, (Some(scheme), authority, path, query, None));
        }
    }

    #[test]
    fn splits_every_kind_of_path() {
        splits("a:", (Some("a"), None, "", None, None));
        splits("a:b", (Some("a"), None, "b", None, None));
        splits("a:/b//c", (Some("a"), None, "/b//c", None, None));
        splits("a:b:c", (Some("a"), None, "b:c", None, None));
        splits("a:?", (Some("a"), None, "", Some(""), None));
        splits("a:#", (Some("a"), None, "", None, Some("")));
        splits("a:?b#c?d", (Some("a"), None, "", Some("b"), Some("c?d")));
        splits("a://", (Some("a"), Some(""), "", None, None));
        splits("a:///", (Some("a"), Some(""), "/", None, None));
        splits("a:////b", (Some("a"), Some(""), "//b", None, None));
        splits("a://b?c", (Some("a"), Some("b"), "", Some("c"), None));
        splits("a://b#c", (Some("a"), Some("b"), "", None, Some("c")));
        splits("a://u@b:1/c", (Some("a"), Some("u@b:1"), "/c", None, None));
        splits("a+1-.://b", (Some("a+1-."), Some("b"), "", None, None));
        splits("localhost:8080", (Some("localhost"), None, "8080", None, None));
    }

    #[test]
    fn splits_relative_references() {
        splits("", (None, None, "", None, None));
        splits("a", (None, None, "a", None, None));
        splits("/a:b", (None, None, "/a:b", None, None));
        splits("./a:b", (None, None, "./a:b", None, None));
        splits("a/b:c", (None, None, "a/b:c", None, None));
        splits("//a", (None, Some("a"), "", None, None));
        splits("//a:1", (None, Some("a:1"), "", None, None));
        splits("?a:b", (None, None, "", Some("a:b"), None));
        splits("#a:b", (None, None, "", None, Some("a:b")));
        splits("///a", (None, Some(""), "/a", None, None));
        splits("%41", (None, None, "%41", None, None));
    }

    #[track_caller]
    fn refuses(text: &str, rule: Rule, kind: UriErrorKind, offset: usize) {
        let error = components(text, rule).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, offset), "{text}");
    }

    #[test]
    fn a_relative_path_has_no_colon_in_its_first_segment() {
        for (text, offset) in
            [(":", 0), (":a", 0), ("1:a", 1), ("a_b:c/d", 3), ("%41:b", 3), ("::1", 0)]
        {
            refuses(text, Rule::Reference, UriErrorKind::ColonInFirstSegment, offset);
            assert!(components(text, Rule::Uri).is_err());
        }
    }

    #[test]
    fn tells_a_bad_scheme_from_none() {
        use UriErrorKind::*;
        refuses("1a:b", Rule::Uri, InvalidScheme, 0);
        refuses(":b", Rule::Uri, InvalidScheme, 0);
        refuses(" http://a", Rule::Uri, InvalidScheme, 0);
        refuses("ht tp://a", Rule::Uri, InvalidScheme, 2);
        refuses("h%74tp://a", Rule::Uri, InvalidScheme, 1);
        refuses("a/b:c", Rule::Uri, MissingScheme, 0);
        refuses("//a:1", Rule::Uri, MissingScheme, 0);
        refuses("1.2.3.4:80", Rule::Uri, MissingScheme, 0);
        refuses("example.org", Rule::Uri, MissingScheme, 0);
    }

    /// Every byte in every component: accepted exactly where the ABNF has it, refused at its place.
    #[test]
    fn every_byte_is_judged_in_every_component() {
        const UNRESERVED: &[u8] = b"-._~";
        const SUB_DELIMS: &[u8] = b"!$&'()*+,;=";
        for (before, more, after, delimiters) in [
            ("http://", ":", "@h/", "@/?#"),
            ("http://a", "", "/", "@:/?#"),
            ("http://h/", ":@/", "", "?#"),
            ("a:b", ":@/", "", "?#"),
            ("http://h?", ":@/?", "", "#"),
            ("http://h#", ":@/?", "", ""),
        ] {
            for octet in 0..=255u8 {
                let member = octet.is_ascii_alphanumeric()
                    || UNRESERVED.contains(&octet)
                    || SUB_DELIMS.contains(&octet)
                    || more.as_bytes().contains(&octet);
                if delimiters.as_bytes().contains(&octet) && !member {
                    continue;
                }
                let text: Vec<u8> = [before.as_bytes(), &[octet], after.as_bytes()].concat();
                let result = parse(&text, Rule::Uri);
                assert_eq!(result.is_ok(), member, "{}", text.escape_ascii());
                if let Err(error) = result {
                    assert_eq!(error.offset(), before.len(), "{}", text.escape_ascii());
                }
            }
        }
    }

    #[test]
    fn an_escape_is_two_hexadecimal_digits_in_every_component() {
        for (before, after) in [
            ("http://", "@h/"),
            ("http://", "/"),
            ("http://h/", ""),
            ("a:", ""),
            ("a:?", ""),
            ("a:#", ""),
        ] {
            for (escape, valid) in [
                ("%00", true),
                ("%fF", true),
                ("%41%5a", true),
                ("%", false),
                ("%4", false),
                ("%4g", false),
                ("%g4", false),
                ("%%41", false),
                ("%-1", false),
            ] {
                let text = alloc::format!("{before}{escape}{after}");
                let result = parse(text.as_bytes(), Rule::Uri);
                assert_eq!(result.is_ok(), valid, "{text}");
                if let Err(error) = result {
                    let expected = (UriErrorKind::InvalidPercent, before.len());
                    assert_eq!((error.kind(), error.offset()), expected, "{text}");
                }
            }
        }
    }
}

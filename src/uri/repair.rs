//! The repair of a text that is no URI, one pass from the left to the right.
//!
//! What decides where the text leads, its scheme and its authority, is read strictly, and so is what other
//! readers would take for an authority. What follows is made of whatever is there.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::str;

use super::authority;
use super::draft::check;
use super::error::{UriError, UriErrorKind};
use super::fixes::Fixes;
use super::http::needs_host;
use super::idna::domain_to_ascii;
use super::parts::{ascii, missing_scheme, scheme, tail};
use crate::syntax::{Class, percent_encode};

/// What the text is meant to be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind<'a> {
    Uri,
    /// A reference, and the scheme of its base.
    Reference {
        base: &'a str,
    },
}

/// What maps host names beyond ASCII.
pub(super) type ToAscii = Option<fn(&str) -> Option<String>>;

/// Repairs a text; what comes out is a URI or a reference.
pub(super) fn repair(
    text: &[u8],
    kind: Kind<'_>,
    to_ascii: ToAscii,
) -> Result<(String, Fixes), UriError> {
    let is_kept = |octet: &u8| *octet > b' ';
    let end = text.iter().rposition(is_kept).map_or(0, |last| last + 1);
    let (trimmed, _) = text.split_at_checked(end).unwrap_or_default();
    let position = trimmed.iter().position(is_kept).unwrap_or(end);
    let is_trimmed = position > 0 || end < text.len();
    let mut repair = Repair {
        text: trimmed,
        position,
        out: Vec::with_capacity(text.len() + 16),
        fixes: if is_trimmed { Fixes::TRIMMED } else { Fixes::NONE },
    };
    repair.run(kind, to_ascii)?;
    // All that was written is ASCII.
    Ok((String::from_utf8(repair.out).unwrap_or_default(), repair.fixes))
}

struct Repair<'a> {
    /// Without what is trimmed from its end, so that offsets are those of the caller.
    text: &'a [u8],
    /// Where what has not been read starts.
    position: usize,
    out: Vec<u8>,
    fixes: Fixes,
}

impl<'a> Repair<'a> {
    fn run(&mut self, kind: Kind<'_>, to_ascii: ToAscii) -> Result<(), UriError> {
        let scheme_end = scheme(self.rest());
        let slashes = match (scheme_end, kind) {
            (Some(end), _) => Slashes::of(ascii(self.copy(end))),
            (None, Kind::Reference { base }) => Slashes::of(base),
            (None, Kind::Uri) => return Err(missing_scheme(self.rest()).moved(self.position)),
        };
        if scheme_end.is_some() {
            self.copy(1);
        }
        self.forbid_other_authorities(scheme_end.is_some(), slashes)?;
        let has_authority = self.rest().starts_with(b"//");
        if has_authority {
            self.copy(2);
            self.authority(to_ascii)?;
        }
        let path = self.component(Class::PATH, b"?#", slashes);
        if scheme_end.is_none() && !has_authority {
            self.protect_first_segment(path)?;
        }
        if self.rest().starts_with(b"?") {
            self.copy(1);
            self.component(Class::QUERY, b"#", Slashes::Forward);
        }
        if self.rest().starts_with(b"#") {
            self.copy(1);
            self.component(Class::QUERY, b"", Slashes::Forward);
        }
        Ok(())
    }

    fn rest(&self) -> &'a [u8] {
        tail(self.text, self.position)
    }

    /// Copies so many bytes as they are.
    fn copy(&mut self, len: usize) -> &'a [u8] {
        let (copied, _) = self.rest().split_at_checked(len).unwrap_or_default();
        self.out.extend_from_slice(copied);
        self.position += copied.len();
        copied
    }

    /// Refuses what browsers take for the start of an authority and RFC 3986 does not.
    fn forbid_other_authorities(&self, has_scheme: bool, slashes: Slashes) -> Result<(), UriError> {
        let rest = self.rest();
        if rest.starts_with(b"//") {
            return Ok(());
        }
        let mut seen = rest.iter().filter(|octet| !is_dropped(**octet));
        let (first, second) = (seen.next(), seen.next());
        let two_slashes = slashes.hold(first) && slashes.hold(second);
        // Browsers need no slash at all behind the scheme; a `\\` there is a way to hide a host.
        let backslash = has_scheme && first == Some(&b'\\') && slashes.hold(first);
        if !two_slashes && !backslash {
            return Ok(());
        }
        let at = rest.iter().position(|&octet| octet != b'/').unwrap_or_default();
        Err(UriError::unexpected(UriErrorKind::InvalidPath, self.text, self.position + at))
    }

    /// Reads an authority, and maps a host name beyond ASCII; nothing else is done to it.
    fn authority(&mut self, to_ascii: ToAscii) -> Result<(), UriError> {
        let start = self.position;
        match authority::scan(self.text, start) {
            Ok(spans) => {
                self.copy(spans.end - start);
                Ok(())
            }
            Err(error) if error.kind() == UriErrorKind::NonAscii => {
                self.named_authority(to_ascii, error)
            }
            Err(error) => Err(error),
        }
    }

    /// Reads an authority that was refused for a byte beyond ASCII, which is right in a name.
    fn named_authority(&mut self, to_ascii: ToAscii, refused: UriError) -> Result<(), UriError> {
        let is_delimiter = |octet: &u8| matches!(octet, b'/' | b'?' | b'#');
        let len = self.rest().iter().position(is_delimiter).unwrap_or(self.rest().len());
        let (authority, _) = self.rest().split_at_checked(len).unwrap_or_default();
        if let Some(at) = authority.iter().position(|&octet| octet == b'\\') {
            return Err(UriError::new(UriErrorKind::Backslash, self.text, self.position + at));
        }
        let text = str::from_utf8(authority).map_err(|error| {
            UriError::new(UriErrorKind::NotUtf8, self.text, self.position + error.valid_up_to())
        })?;
        let (userinfo, host) =
            text.split_once('@').map_or((None, text), |(userinfo, host)| (Some(userinfo), host));
        if let Some(userinfo) = userinfo {
            check(userinfo, Class::USERINFO, UriErrorKind::InvalidUserinfo)
                .map_err(|error| error.moved(self.position))?;
            self.copy(userinfo.len() + 1);
        }
        let (host, port) =
            host.split_once(':').map_or((host, None), |(host, port)| (host, Some(port)));
        if host.is_ascii() || host.starts_with('[') {
            return Err(refused);
        }
        let mapped = map_host(host, to_ascii).map_err(|error| error.moved(self.position))?;
        self.out.extend_from_slice(mapped.as_bytes());
        self.fixes.add(Fixes::HOST);
        self.position += host.len();
        if let Some(port) = port {
            let digits = Class::DIGIT.prefix_len(port.as_bytes());
            if digits < port.len() {
                let at = self.position + 1 + digits;
                return Err(UriError::unexpected(UriErrorKind::InvalidPort, self.text, at));
            }
            self.copy(port.len() + 1);
        }
        Ok(())
    }

    /// Writes a component up to one of the delimiters, repaired; returns where it stands in the text.
    fn component(&mut self, class: Class, delimiters: &[u8], slashes: Slashes) -> Component {
        let component = Component { read: self.position, written: self.out.len() };
        loop {
            let run = class.prefix_len(self.rest());
            self.copy(run);
            let rest = self.rest();
            match rest {
                [] => break,
                [octet, ..] if delimiters.contains(octet) => break,
                [b'%', after @ ..] => match escape_in(after) {
                    Some((digits, len)) => {
                        self.out.push(b'%');
                        self.out.extend_from_slice(&digits);
                        self.position += 1 + len;
                        if len > digits.len() {
                            self.fixes.add(Fixes::WHITESPACE);
                        }
                    }
                    None => self.replace(b"%25", Fixes::PERCENT),
                },
                [octet, ..] if is_dropped(*octet) => self.replace(b"", Fixes::WHITESPACE),
                [b'\\', ..] if slashes == Slashes::Both => self.replace(b"/", Fixes::BACKSLASH),
                [octet, ..] => {
                    percent_encode(&[*octet], Class::UNRESERVED, &mut self.out);
                    self.replace(b"", Fixes::ESCAPED);
                }
            }
        }
        component
    }

    /// Writes something in the place of a byte.
    fn replace(&mut self, with: &[u8], fix: Fixes) {
        self.out.extend_from_slice(with);
        self.position += 1;
        self.fixes.add(fix);
    }

    /// Puts `./` before a relative path that would else read as a scheme.
    fn protect_first_segment(&mut self, path: Component) -> Result<(), UriError> {
        let is_delimiter = |octet: &&u8| matches!(octet, b':' | b'/');
        if tail(&self.out, path.written).iter().find(is_delimiter) != Some(&b':') {
            return Ok(());
        }
        // Browsers, which drop these before they read anything, may see a scheme.
        let mut segment = tail(self.text, path.read).iter().take_while(|octet| **octet != b':');
        if let Some(at) = segment.position(|&octet| is_dropped(octet)) {
            return Err(UriError::new(UriErrorKind::InvalidScheme, self.text, path.read + at));
        }
        self.out.splice(path.written..path.written, *b"./");
        self.fixes.add(Fixes::DOT_SLASH);
        Ok(())
    }
}

/// Where a component starts.
#[derive(Clone, Copy)]
struct Component {
    /// In the text.
    read: usize,
    /// In what was written.
    written: usize,
}

/// What separates the segments of a path for browsers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slashes {
    /// `/`.
    Forward,
    /// `/` and `\`.
    Both,
}

impl Slashes {
    fn of(scheme: &str) -> Self {
        if needs_host(scheme) || scheme.eq_ignore_ascii_case("file") {
            Self::Both
        } else {
            Self::Forward
        }
    }

    fn hold(self, octet: Option<&u8>) -> bool {
        matches!(octet, Some(b'/')) || matches!(octet, Some(b'\\')) && self == Self::Both
    }
}

/// Whether browsers drop the byte wherever it stands.
const fn is_dropped(octet: u8) -> bool {
    matches!(octet, b'\t' | b'\r' | b'\n')
}

/// The two digits of an escape, and how many bytes they and what is dropped before them take.
fn escape_in(after_percent: &[u8]) -> Option<([u8; 2], usize)> {
    let mut seen = after_percent.iter().enumerate().filter(|(_, octet)| !is_dropped(**octet));
    let (_, &high) = seen.next().filter(|(_, octet)| Class::HEXDIG.contains(**octet))?;
    let (at, &low) = seen.next().filter(|(_, octet)| Class::HEXDIG.contains(**octet))?;
    Some(([high, low], at + 1))
}

/// Maps a host name; what another function makes of it is checked.
fn map_host(host: &str, to_ascii: ToAscii) -> Result<Cow<'_, str>, UriError> {
    let Some(to_ascii) = to_ascii else {
        return domain_to_ascii(host);
    };
    // What has an escape means something else once it is decoded, and a literal is no name.
    let is_name = |mapped: &str| !mapped.is_empty() && Class::REG_NAME.matches(mapped.as_bytes());
    match Some(host).filter(|host| !host.contains('%')).and_then(to_ascii) {
        Some(mapped) if is_name(&mapped) => Ok(Cow::Owned(mapped)),
        _ => {
            let at = host.bytes().position(|octet| !octet.is_ascii()).unwrap_or_default();
            Err(UriError::new(UriErrorKind::UnsupportedIdn, host.as_bytes(), at))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uri::{FixUp, Uri};
    use alloc::borrow::ToOwned;

    #[track_caller]
    fn becomes(text: impl AsRef<[u8]>, expected: &str, fixes: Fixes) {
        assert_eq!(Uri::fix_up(text), Ok((Uri::parse(expected).unwrap(), fixes)));
        assert_eq!(Uri::fix_up(expected).unwrap().1, Fixes::NONE, "{expected} needs no repair");
    }

    #[track_caller]
    fn leads(base: &str, text: &str, expected: &str, fixes: Fixes) {
        let base = Uri::parse(base).unwrap();
        let uri = Uri::parse(expected).unwrap();
        assert_eq!(base.fix_up_ref(text), Ok((uri, fixes)), "{text} from {base}");
    }

    #[track_caller]
    fn refuses(text: impl AsRef<[u8]>, kind: UriErrorKind, offset: usize) {
        let text = text.as_ref();
        let error = Uri::fix_up(text).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, offset), "{}", text.escape_ascii());
    }

    #[track_caller]
    fn refuses_ref(base: &str, text: &str, kind: UriErrorKind, offset: usize) {
        let error = Uri::parse(base).unwrap().fix_up_ref(text).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, offset), "{text}");
    }

    #[test]
    fn what_is_right_stays_as_it_is() {
        for text in [
            "http://a/%7e?%2f#%c3",
            "HTTP://A.B:80/../a//b",
            "mailto:a@b",
            "file:///a",
            "x:///a",
            "urn:a:b",
            "http://xn--/",
            "http://b%C3%BCcher/",
        ] {
            becomes(text, text, Fixes::NONE);
        }
    }

    #[test]
    fn what_stands_around_it_is_taken_off() {
        becomes(" \t\0http://a/ \r\n", "http://a/", Fixes::TRIMMED);
        becomes("http://a ", "http://a", Fixes::TRIMMED);
        becomes("http://a/\u{a0}", "http://a/%C2%A0", Fixes::ESCAPED);
        refuses(" ", UriErrorKind::MissingScheme, 0);
        refuses("", UriErrorKind::MissingScheme, 0);
    }

    #[test]
    fn tabs_and_line_breaks_go_where_they_decide_nothing() {
        becomes("http://a/b\tc\r\nd?e\nf#g\th", "http://a/bcd?ef#gh", Fixes::WHITESPACE);
        becomes("http://a/\n/b", "http://a//b", Fixes::WHITESPACE);
        becomes("x:a\n:b", "x:a:b", Fixes::WHITESPACE);
        refuses("ht\ntp://a/", UriErrorKind::InvalidScheme, 2);
        refuses("http:\n//a/", UriErrorKind::InvalidPath, 5);
        refuses("http:/\t/a/", UriErrorKind::InvalidPath, 6);
        refuses("http://a\n.b/", UriErrorKind::InvalidHost, 8);
        refuses("http://a:8\t0/", UriErrorKind::InvalidPort, 10);
        refuses(" x:\n/\n/a", UriErrorKind::InvalidPath, 3);
    }

    #[test]
    fn a_backslash_is_a_slash_in_the_paths_of_the_web() {
        becomes(r"http://a/b\c\..\d", "http://a/b/c/../d", Fixes::BACKSLASH);
        becomes(r"FTP://a/\b", "FTP://a//b", Fixes::BACKSLASH);
        becomes(r"http://a/b?c\d#e\f", "http://a/b?c%5Cd#e%5Cf", Fixes::ESCAPED);
        becomes(r"x://a/b\c", "x://a/b%5Cc", Fixes::ESCAPED);
        becomes(r"x:\\a", "x:%5C%5Ca", Fixes::ESCAPED);
    }

    #[test]
    fn a_backslash_never_hides_a_host() {
        refuses(r"http://127.0.0.1\@a/", UriErrorKind::Backslash, 16);
        refuses(r"http://a\b", UriErrorKind::Backslash, 8);
        refuses(r"http:\\a\b", UriErrorKind::Backslash, 5);
        refuses(r"http:/\a", UriErrorKind::Backslash, 6);
        refuses(r"http:\/a", UriErrorKind::Backslash, 5);
        refuses(r"http:\a", UriErrorKind::Backslash, 5);
        refuses(r"x://a\b", UriErrorKind::Backslash, 5);
        refuses_ref("http://h/", r"\\a", UriErrorKind::Backslash, 0);
        refuses_ref("http://h/", r"/\a", UriErrorKind::Backslash, 1);
        refuses_ref("http://h/", r"\/a", UriErrorKind::Backslash, 0);
        refuses_ref("http://h/", "/\t\\a", UriErrorKind::InvalidPath, 1);
        refuses_ref("http://h/", "\\\t/a", UriErrorKind::Backslash, 0);
        refuses_ref("http://h/", r"//a\@b", UriErrorKind::Backslash, 3);
        for base in ["https://h/", "ws://h/", "wss://h/", "ftp://h/", "file:///a"] {
            refuses_ref(base, r"\\a\b", UriErrorKind::Backslash, 0);
        }
        refuses(r"file:\\a\b", UriErrorKind::Backslash, 5);
        refuses_ref("http://h/", r"file:/\a/b", UriErrorKind::Backslash, 6);
    }

    #[test]
    fn what_a_component_may_not_hold_is_escaped() {
        becomes(
            "http://a/ \"<>[]^`{|}",
            "http://a/%20%22%3C%3E%5B%5D%5E%60%7B%7C%7D",
            Fixes::ESCAPED,
        );
        becomes("http://a/?a[]=\u{e9}", "http://a/?a%5B%5D=%C3%A9", Fixes::ESCAPED);
        becomes("http://a/#b#c", "http://a/#b%23c", Fixes::ESCAPED);
        becomes(b"http://a/\xff\0a", "http://a/%FF%00a", Fixes::ESCAPED);
        becomes("http://a/%", "http://a/%25", Fixes::PERCENT);
        becomes("http://a/%4g%41%", "http://a/%254g%41%25", Fixes::PERCENT);
        becomes("http://a?b c", "http://a?b%20c", Fixes::ESCAPED);
    }

    #[test]
    fn the_authority_is_not_repaired() {
        refuses("http://a b/", UriErrorKind::InvalidHost, 8);
        refuses(" http://u@v@a/", UriErrorKind::InvalidHost, 11);
        refuses("http://a:x/ ", UriErrorKind::InvalidPort, 9);
        refuses("http://[::1/ ", UriErrorKind::InvalidIpLiteral, 11);
        refuses("http://a%4/", UriErrorKind::InvalidPercent, 8);
        refuses("http://a|b/", UriErrorKind::InvalidHost, 8);
        refuses("example.org/a b", UriErrorKind::MissingScheme, 0);
        refuses(" 1.2.3.4:80/a b", UriErrorKind::MissingScheme, 1);
    }

    #[test]
    fn a_host_beyond_ascii_is_mapped() {
        becomes("http://B\u{fc}cher.example:80/", "http://xn--bcher-kva.example:80/", Fixes::HOST);
        becomes("x://u@\u{e4}?\u{e4}", "x://u@xn--4ca?%C3%A4", Fixes::HOST | Fixes::ESCAPED);
        refuses("http://\u{ff41}/", UriErrorKind::UnsupportedIdn, 7);
        refuses(" http://u:p@a.\u{ff41}:80/", UriErrorKind::UnsupportedIdn, 14);
        refuses("http://\u{e4}:8x/", UriErrorKind::InvalidPort, 11);
        refuses("http://\u{e4}@a/", UriErrorKind::NonAscii, 7);
        refuses("http://a@\u{e4}@b/", UriErrorKind::InvalidIdn, 11);
        refuses("http://\u{e4}[/", UriErrorKind::InvalidIdn, 9);
        refuses("http://\u{e4}%41/", UriErrorKind::InvalidIdn, 9);
        refuses("http://\u{e4}.1/", UriErrorKind::InvalidIdn, 10);
        refuses("http://\u{df}127.0.0.1/", UriErrorKind::InvalidIdn, 17);
        refuses("http://\u{e4}:%2e", UriErrorKind::InvalidPercent, 10);
        refuses("http://\u{e4}:8%30/", UriErrorKind::InvalidPercent, 11);
        refuses("http://a:\u{ff18}/", UriErrorKind::NonAscii, 9);
        refuses("http://[::1]\u{e4}/", UriErrorKind::NonAscii, 12);
        refuses("http://[::1]:\u{ff18}/", UriErrorKind::NonAscii, 13);
        refuses("http://\u{e4}\\@b/", UriErrorKind::Backslash, 9);
        refuses("http://\u{e4}:80\\@b/", UriErrorKind::Backslash, 12);
        refuses(b"http://a\xff/", UriErrorKind::NotUtf8, 8);
    }

    #[test]
    fn another_function_can_map_hosts() {
        let mapping = FixUp::DEFAULT.to_ascii(|host| (host == "\u{ff41}").then(|| "a".to_owned()));
        let (uri, fixes) = mapping.uri("http://\u{ff41}:80/").unwrap();
        assert_eq!((uri.as_str(), fixes), ("http://a:80/", Fixes::HOST));
        let a_path: fn(&str) -> Option<String> = |_| Some("a/b".to_owned());
        let a_user: fn(&str) -> Option<String> = |_| Some("u@a".to_owned());
        let a_literal: fn(&str) -> Option<String> = |_| Some("[::1]".to_owned());
        let an_escape: fn(&str) -> Option<String> = |_| Some("127.0.0.%31".to_owned());
        let evils = [a_path, a_user, a_literal, an_escape, |_| Some(String::new()), |_| None];
        for evil in evils {
            let error = FixUp::DEFAULT.to_ascii(evil).uri("http://\u{ff41}/").unwrap_err();
            assert_eq!((error.kind(), error.offset()), (UriErrorKind::UnsupportedIdn, 7));
        }
    }

    #[test]
    fn the_web_has_hosts() {
        refuses("http:a", UriErrorKind::MissingHost, 5);
        refuses("http:/a", UriErrorKind::MissingHost, 5);
        refuses("http:///a", UriErrorKind::MissingHost, 7);
        refuses("WSS://:80/", UriErrorKind::MissingHost, 6);
        refuses(" ftp://u@/", UriErrorKind::MissingHost, 7);
        refuses(r"http:///\a", UriErrorKind::MissingHost, 7);
        refuses_ref("https://h/", "///a/", UriErrorKind::MissingHost, 2);
        refuses_ref("https://h/", "http:a b", UriErrorKind::MissingHost, 5);
        leads("x://h/", "///a", "x:///a", Fixes::NONE);
    }

    #[test]
    fn an_escape_that_a_line_break_cuts_is_one() {
        becomes("http://a/caf%C3%A\n9", "http://a/caf%C3%A9", Fixes::WHITESPACE);
        becomes("http://a/%\r\n4\t1", "http://a/%41", Fixes::WHITESPACE);
        becomes("http://a/%\n4\ng", "http://a/%254g", Fixes::WHITESPACE | Fixes::PERCENT);
        leads("http://h/a/b", "%2\ne%2\ne/x", "http://h/x", Fixes::WHITESPACE);
    }

    #[test]
    fn references_are_repaired_and_resolved() {
        let base = "http://h/a/b";
        leads(base, "c", "http://h/a/c", Fixes::NONE);
        leads(base, " c d ", "http://h/a/c%20d", Fixes::TRIMMED | Fixes::ESCAPED);
        leads(base, r"\c", "http://h/c", Fixes::BACKSLASH);
        leads(base, r"..\c", "http://h/c", Fixes::BACKSLASH);
        leads("x://h/a/b", r"..\c", "x://h/a/..%5Cc", Fixes::ESCAPED);
        leads(base, "//B\u{fc}cher/", "http://xn--bcher-kva/", Fixes::HOST);
        leads(base, "x:\\c", "x:%5Cc", Fixes::ESCAPED);
        leads(base, "", "http://h/a/b", Fixes::NONE);
        leads(base, "\n", "http://h/a/b", Fixes::TRIMMED);
        leads(base, "?q r", "http://h/a/b?q%20r", Fixes::ESCAPED);
        leads(base, "/caf\u{e9}", "http://h/caf%C3%A9", Fixes::ESCAPED);
    }

    #[test]
    fn a_colon_in_the_first_segment_does_not_make_a_scheme() {
        let base = "http://h/a/b";
        leads(base, ":c", "http://h/a/:c", Fixes::DOT_SLASH);
        leads(base, "1:2", "http://h/a/1:2", Fixes::DOT_SLASH);
        leads(base, "a b:c", "http://h/a/a%20b:c", Fixes::ESCAPED | Fixes::DOT_SLASH);
        leads(base, "a b/c:d", "http://h/a/a%20b/c:d", Fixes::ESCAPED);
        leads(base, r"1\:2", "http://h/a/1/:2", Fixes::BACKSLASH);
        refuses_ref(base, "ht\ntp://a/", UriErrorKind::InvalidScheme, 2);
        refuses_ref(base, " 1\t:2", UriErrorKind::InvalidScheme, 2);
    }
}

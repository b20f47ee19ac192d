//! The normal form of a URI, [RFC 3986 §6.2.2] and [RFC 3986 §6.2.3], with IPv6 addresses as in
//! [RFC 5952].
//!
//! [RFC 3986 §6.2.2]: https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2
//! [RFC 3986 §6.2.3]: https://www.rfc-editor.org/rfc/rfc3986#section-6.2.3
//! [RFC 5952]: https://www.rfc-editor.org/rfc/rfc5952

use alloc::string::String;
use core::fmt::Write;

use super::absolute::{Uri, UriView};
use super::authority::Authority;
use super::components::for_uris;
use super::compose::Composer;
use super::dots::Cleaner;
use super::error::UriError;
use super::host::Host;
use super::http::default_port;
use super::parts::{Parts, Split};
use super::reference::UriRef;
use crate::setters::setters;
use crate::syntax::{Class, escape};

for_uris! {
    /// Returns the normal form: what most URIs for the same resource have in common.
    ///
    /// - The scheme and the host are in lower case, escapes in upper case, and what need not be escaped
    ///   is not ([RFC 3986 §6.2.2](https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2)).
    /// - A path that starts with a slash has no dot segments.
    /// - An IPv6 address is as [RFC 5952](https://www.rfc-editor.org/rfc/rfc5952) wants it.
    /// - An empty port is left out, with its `:`
    ///   ([RFC 3986 §3.2.3](https://www.rfc-editor.org/rfc/rfc3986#section-3.2.3)).
    /// - So is one that is the scheme's default; one with leading zeros loses them, and an empty path
    ///   behind an authority is `/`
    ///   ([RFC 3986 §6.2.3](https://www.rfc-editor.org/rfc/rfc3986#section-6.2.3)). [`Normalizer`] can
    ///   leave these three as they are.
    ///
    /// Nothing else changes: query pairs keep their order, `//` in a path stays, and so do escaped
    /// delimiters. Normalising twice is normalising once. Where a signature covers the bytes of a URI,
    /// do not normalise it; where a filter looks at the host, look at that of the normal form, since
    /// `127.0.0.%31` is a name, and an address once it is normalised.
    ///
    /// What is resolved against a normal form is equivalent to what is resolved against the URI, unless
    /// the last segment of its path is `..`.
    ///
    /// # Deviations
    ///
    /// A path that does not start with a slash keeps its dot segments: to the letter of
    /// [RFC 3986 §6.2.2.3](https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2.3) `urn:a/../b` is
    /// `urn:/b`, which is a path of another kind, and nothing says that it means the same.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Uri;
    ///
    /// let uri = Uri::parse("HTTP://Example.ORG:80/a/./b/../%7euser/%e4?q")?;
    /// assert_eq!(uri.normalize(), "http://example.org/a/~user/%E4?q");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn normalize(&self) -> Uri {
        Normalizer::DEFAULT.normalize(UriView(self.split()))
    }

    /// Returns whether the normal forms are the same. `==` compares bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Uri;
    ///
    /// let uri = Uri::parse("http://example.org/%7Euser")?;
    /// assert!(uri.equivalent(&Uri::parse("HTTP://example.org:80/~user")?));
    /// assert!(!uri.equivalent(&Uri::parse("http://example.org/~user/")?));
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn equivalent<'u>(&self, other: impl Into<UriView<'u>>) -> bool {
        let other = other.into();
        self.as_str() == other.as_str() || self.normalize() == other.normalize()
    }
}

impl UriRef {
    /// Returns the normal form, as [`Uri::normalize`] does.
    ///
    /// The dots of a relative path stay, since what they mean is known only where the base is.
    /// What a base resolves the normal form to is equivalent to what it resolves this reference to.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::UriRef;
    ///
    /// assert_eq!(UriRef::parse("../%7euser")?.normalize(), "../~user");
    /// assert_eq!(UriRef::parse("/a/../%7euser")?.normalize(), "/~user");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn normalize(&self) -> Self {
        let written = Normalizer::DEFAULT.write(self.split());
        written.map_or_else(|_| self.clone(), |(text, parts)| Self { text, parts })
    }
}

/// What a normal form is made of; the default is what [`Uri::normalize`] does.
///
/// # Examples
///
/// ```
/// use nethttp::uri::{Normalizer, Uri};
///
/// let uri = Uri::parse("HTTP://a:80")?;
/// assert_eq!(Normalizer::DEFAULT.normalize(&uri), "http://a/");
/// assert_eq!(Normalizer::DEFAULT.scheme_based(false).normalize(&uri), "http://a:80");
/// # Ok::<(), nethttp::uri::UriError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Normalizer {
    /// Whether a port that is the default, the leading zeros of one and an empty path are normalised as
    /// [RFC 3986 §6.2.3](https://www.rfc-editor.org/rfc/rfc3986#section-6.2.3) says, or left as they
    /// are. `true` unless set.
    pub scheme_based: bool,
    /// Returns the default port of a scheme, which is in lower case. Unless set it knows `http`, `https`,
    /// `ws`, `wss` and `ftp`.
    pub default_port: fn(&str) -> Option<u16>,
}

impl Normalizer {
    /// What [`Uri::normalize`] does.
    pub const DEFAULT: Self = Self { scheme_based: true, default_port };

    setters! {
        "nethttp::uri::Normalizer":
        /// Sets whether a port that is the default and an empty path are normalised.
        scheme_based: bool = "false";
    }

    /// Sets what knows the default ports of schemes.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::{Normalizer, Uri};
    ///
    /// let ports = Normalizer::DEFAULT.default_port(|scheme| (scheme == "redis").then_some(6379));
    /// assert_eq!(ports.normalize(&Uri::parse("redis://a:6379/0")?), "redis://a/0");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub const fn default_port(mut self, default_port: fn(&str) -> Option<u16>) -> Self {
        self.default_port = default_port;
        self
    }

    /// Returns the normal form.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::{Normalizer, Uri};
    ///
    /// let uri = Uri::parse("http://a/%7Eb")?;
    /// assert_eq!(Normalizer::DEFAULT.normalize(&uri), "http://a/~b");
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub fn normalize<'u>(&self, uri: impl Into<UriView<'u>>) -> Uri {
        let uri = uri.into();
        let written = self.write(uri.split());
        written.map_or_else(|_| uri.into(), |(text, parts)| Uri { text, parts })
    }

    /// The error is that of a text that grows beyond the limit of offsets, by a `/` or by an IPv6 address
    /// that ends as an IPv4 address.
    fn write(&self, split: Split<'_>) -> Result<(String, Parts), UriError> {
        let mut composer = Composer::with_capacity(split.text.len());
        if let Some(scheme) = split.scheme() {
            push_lower_case(scheme, &mut composer.text);
            composer.end_scheme();
        }
        if let Some(authority) = split.authority() {
            let scheme = composer.text.strip_suffix(':');
            let default_port = scheme.and_then(self.default_port);
            self.write_authority(authority, default_port, &mut composer);
        }
        composer.start_path();
        self.write_path(split, &mut composer.text);
        composer.end_path();
        push_escaped(split.query_with_mark(), &mut composer.text);
        composer.end_query();
        push_escaped(split.fragment_with_mark(), &mut composer.text);
        composer.finish()
    }

    fn write_authority(
        &self,
        authority: Authority<'_>,
        default_port: Option<u16>,
        composer: &mut Composer,
    ) {
        composer.start_authority();
        if let Some(userinfo) = authority.userinfo() {
            push_escaped(userinfo, &mut composer.text);
            composer.text.push('@');
        }
        composer.start_host();
        push_host(authority, &mut composer.text);
        composer.end_host();
        let Some(port) = authority.port().filter(|port| !port.is_empty()) else {
            return;
        };
        if !self.scheme_based {
            composer.text.extend([":", port]);
            return;
        }
        if default_port.is_none() || port.parse().ok() != default_port {
            let digits = port.trim_start_matches('0');
            composer.text.extend([":", if digits.is_empty() { "0" } else { digits }]);
        }
    }

    fn write_path(&self, split: Split<'_>, text: &mut String) {
        let path = split.path();
        let has_authority = split.parts.authority_start > 0;
        if path.is_empty() && has_authority && self.scheme_based {
            text.push('/');
        } else if path.starts_with('/') {
            Cleaner::new(text).push(path, true, push_escaped);
        } else {
            push_escaped(path, text);
        }
    }
}

/// Writes a name in lower case, an address in its one form.
fn push_host(authority: Authority<'_>, text: &mut String) {
    let host = authority.host_str();
    match authority.host() {
        Host::Ipv6(address, zone) => {
            // A `String` takes everything.
            let _ = write!(text, "[{address}");
            if let Some(zone) = zone {
                text.push_str("%25");
                push_escaped(zone, text);
            }
            text.push(']');
        }
        Host::Name(name) if name.contains('%') => {
            push_with_escapes(name, text, |octet| octet.to_ascii_lowercase());
        }
        _ => push_lower_case(host, text),
    }
}

fn push_lower_case(from: &str, text: &mut String) {
    let start = text.len();
    text.push_str(from);
    if let Some(new) = text.get_mut(start..) {
        new.make_ascii_lowercase();
    }
}

/// Writes text with its escapes in upper case, and without those of unreserved characters.
fn push_escaped(from: &str, text: &mut String) {
    if from.contains('%') {
        push_with_escapes(from, text, |octet| octet);
    } else {
        text.push_str(from);
    }
}

/// As [`push_escaped`], with what is not escaped as `map` makes it.
fn push_with_escapes(from: &str, text: &mut String, map: impl Fn(u8) -> u8) {
    let mut rest = from;
    while let Some(percent) = rest.bytes().position(|octet| octet == b'%') {
        let (plain, tail) = rest.split_at_checked(percent).unwrap_or_default();
        push_mapped(plain, text, &map);
        let (octets, after) = tail.split_at_checked(3).unwrap_or((tail, ""));
        match escape(octets.as_bytes()) {
            Some((meant, _)) if Class::UNRESERVED.contains(meant) => {
                text.push(char::from(map(meant)));
            }
            _ => text.extend(octets.chars().map(|digit| digit.to_ascii_uppercase())),
        }
        rest = after;
    }
    push_mapped(rest, text, &map);
}

fn push_mapped(from: &str, text: &mut String, map: &impl Fn(u8) -> u8) {
    text.extend(from.bytes().map(|octet| char::from(map(octet))));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uri::parts::{Rule, parse};

    #[track_caller]
    fn becomes(uri: &str, expected: &str) {
        let normal = Uri::parse(uri).unwrap().normalize();
        assert_eq!(normal, expected, "{uri}");
        assert_eq!(
            parse(expected.as_bytes(), Rule::Uri),
            Ok(normal.parts),
            "offsets of {expected}"
        );
        assert_eq!(normal.normalize(), expected, "twice");
    }

    /// RFC 3986 §6.2.2 and its parts.
    #[test]
    fn normalizes_the_examples_of_the_rfc() {
        becomes("eXAMPLE://a/./b/../b/%63/%7bfoo%7d", "example://a/b/c/%7Bfoo%7D");
        becomes("example://a/b/c/%7Bfoo%7D", "example://a/b/c/%7Bfoo%7D");
        becomes("HTTP://www.EXAMPLE.com/", "http://www.example.com/");
        for uri in [
            "http://example.com",
            "http://example.com/",
            "http://example.com:/",
            "http://example.com:80/",
        ] {
            becomes(uri, "http://example.com/");
        }
        becomes("http://example.com/?", "http://example.com/?");
        becomes("mailto:Joe@Example.COM", "mailto:Joe@Example.COM");
    }

    #[test]
    fn lower_cases_what_has_no_case() {
        becomes("HTTP://A/B?C#D", "http://a/B?C#D");
        becomes("HTTP://U:P@A.B/", "http://U:P@a.b/");
        becomes("X://%41%c3%A4%2D/", "x://a%C3%A4-/");
        becomes("x://[V1F.ABC]/", "x://[v1f.abc]/");
    }

    #[test]
    fn decodes_escapes_of_unreserved_characters_only() {
        becomes("x:/%41%5a%61%7A%30%39%2d%2E%5f%7e", "x:/AZaz09-._~");
        becomes("x:/%2f%3f%23%5b%5D%40%21%24%26%27", "x:/%2F%3F%23%5B%5D%40%21%24%26%27");
        becomes("x:/%25%32%35?%00%7f%ff#%c3", "x:/%2525?%00%7F%FF#%C3");
        becomes("x://%75%3a%40@a/", "x://u%3A%40@a/");
        becomes("x:?%61=%26#%62", "x:?a=%26#b");
    }

    #[test]
    fn removes_dot_segments_of_paths_with_a_slash() {
        becomes("x:/a/../b/./c/", "x:/b/c/");
        becomes("x:/%2e%2E/a", "x:/a");
        becomes("x:/a/%2e", "x:/a/");
        becomes("http://a/..", "http://a/");
        becomes("http://a//../b", "http://a/b");
        becomes("http://a/b//c", "http://a/b//c");
        becomes("x:a/../b", "x:a/../b");
        becomes("x:%2e%2e/b", "x:../b");
        becomes("x:/.//a", "x:/.//a");
        becomes("x:/a/..//b", "x:/.//b");
        becomes("x:/..//b?q", "x:/.//b?q");
    }

    #[test]
    fn writes_addresses_in_their_one_form() {
        becomes("x://[2001:DB8:0:0:0:0:2:1]/", "x://[2001:db8::2:1]/");
        becomes("x://[2001:db8:0:1:1:1:1:1]/", "x://[2001:db8:0:1:1:1:1:1]/");
        becomes("x://[2001:0:0:1:0:0:0:1]/", "x://[2001:0:0:1::1]/");
        becomes("x://[2001:db8::0001]/", "x://[2001:db8::1]/");
        becomes("x://[::FFFF:1.2.3.4]/", "x://[::ffff:1.2.3.4]/");
        becomes("x://[::ffff:102:304]/", "x://[::ffff:1.2.3.4]/");
        becomes("x://[::1.2.3.4]/", "x://[::102:304]/");
        becomes("x://[FE80::1%25En%31]/", "x://[fe80::1%25En1]/");
        becomes("x://127.0.0.1/", "x://127.0.0.1/");
    }

    #[test]
    fn leaves_out_ports_that_say_nothing() {
        becomes("http://a:080/", "http://a/");
        becomes("https://a:443/", "https://a/");
        becomes("http://a:443/", "http://a:443/");
        becomes("ws://a:80/", "ws://a/");
        becomes("ftp://a:21/", "ftp://a/");
        becomes("x://a:/", "x://a/");
        becomes("x://a:0080/", "x://a:80/");
        becomes("x://a:000/", "x://a:0/");
        becomes("http://a:99999999/", "http://a:99999999/");
        becomes("x://a:99999999/", "x://a:99999999/");
        becomes("x://a:65536/", "x://a:65536/");
        becomes("file:///", "file:///");
        becomes("file://", "file:///");
    }

    #[test]
    fn a_reference_keeps_its_relative_dots() {
        for (reference, expected) in [
            ("../%7ea/./b", "../~a/./b"),
            ("%2e%2e/a", "../a"),
            ("/a/../b", "/b"),
            ("/..//b", "/.//b"),
            ("//A:/../b", "//a/b"),
            ("//A", "//a/"),
            ("//a:080", "//a:80/"),
            ("//a:65536", "//a:65536/"),
            ("?%61", "?a"),
            ("", ""),
            ("%3a/b", "%3A/b"),
            ("HTTP:a", "http:a"),
        ] {
            let normal = UriRef::parse(reference).unwrap().normalize();
            assert_eq!(normal, expected);
            assert_eq!(parse(expected.as_bytes(), Rule::Reference), Ok(normal.parts), "offsets");
            assert_eq!(normal.normalize(), expected);
        }
    }

    #[test]
    fn what_the_scheme_says_can_be_left_alone() {
        let syntax = Normalizer::DEFAULT.scheme_based(false);
        for (uri, expected) in [
            ("HTTP://A:080", "http://a:080"),
            ("http://a:/%7e", "http://a/~"),
            ("http://a:", "http://a"),
            ("http://a/../b", "http://a/b"),
        ] {
            assert_eq!(syntax.normalize(&Uri::parse(uri).unwrap()), expected);
        }
    }

    #[test]
    fn equivalent_uris_have_one_normal_form() {
        let uri = |text: &str| Uri::parse(text).unwrap();
        assert!(uri("http://a").equivalent(&uri("HTTP://a:80/")));
        assert!(uri("http://a/b").equivalent(uri("http://a/b").view()));
        assert!(!uri("http://a/b").equivalent(&uri("https://a/b")));
        assert!(!uri("http://a/?").equivalent(&uri("http://a/")));
    }
}

//! Resolution and normalisation as [RFC 3986 §5.2] and [RFC 3986 §6.2.2] write them down, slow and step
//! by step, with every known deviation as a switch.
//!
//! A library is right when it says what the oracle says with the switches of its [`Dialect`].
//!
//! On two points the oracle deviates from the RFC in every dialect, as all three libraries do. A path
//! that would read as an authority, which [RFC 3986 §3.3] forbids, gets `/.` in front. And `%2e` is a dot
//! in a dot segment, since [RFC 3986 §2.3] makes the two the same.
//!
//! [RFC 3986 §2.3]: https://www.rfc-editor.org/rfc/rfc3986#section-2.3
//! [RFC 3986 §3.3]: https://www.rfc-editor.org/rfc/rfc3986#section-3.3
//! [RFC 3986 §5.2]: https://www.rfc-editor.org/rfc/rfc3986#section-5.2
//! [RFC 3986 §6.2.2]: https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2

use std::net::Ipv6Addr;

use super::components::{AuthorityParts, Components, Kind};
use super::exceptions::Known;

/// In which ways a library deviates from the text of the RFC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect(&'static [Known]);

impl Dialect {
    /// The letter of the RFC, which this crate follows.
    pub const OURS: Self = Self(&[]);
    /// fluent-uri.
    pub const FLUENT: Self = Self(&[
        Known::OpaqueBase,
        Known::RootlessKept,
        Known::BaseCleaned,
        Known::BaseEndsInDots,
        Known::EmptyPath,
        Known::MorePorts,
        Known::PortZeros,
    ]);
    /// iri-string.
    pub const IRI: Self = Self(&[
        Known::EmptyPath,
        Known::NoPorts,
        Known::PortZeros,
        Known::RootlessCleaned,
        Known::Ipv6AsWritten,
        Known::NameCase,
    ]);
}

/// The switches of one resolution.
#[derive(Clone, Copy, Debug)]
struct Switches {
    dialect: Dialect,
    /// A switch that is turned over: to see whether it matters.
    turned: Option<Known>,
}

impl Switches {
    fn on(self, known: Known) -> bool {
        self.dialect.0.contains(&known) != (self.turned == Some(known))
    }
}

/// Something that dialects do each in its way; `None` where one refuses.
#[derive(Clone, Copy, Debug)]
pub enum Task<'a> {
    /// Resolve the second against the first.
    Resolve(&'a Components<'a>, &'a Components<'a>),
    /// Normalise a URI.
    Normalize(&'a Components<'a>),
}

impl Task<'_> {
    /// Returns what a dialect makes of it.
    pub fn result(self, dialect: Dialect) -> Option<String> {
        self.with(Switches { dialect, turned: None })
    }

    fn with(self, switches: Switches) -> Option<String> {
        match self {
            Self::Resolve(base, reference) => resolve(base, reference, switches),
            Self::Normalize(uri) => Some(normalize(uri, switches)),
        }
    }

    /// Returns the switches in which two dialects differ and on which the result hangs.
    pub fn reasons(self, theirs: Dialect, ours: Dialect) -> Vec<Known> {
        let differ = |known: &&Known| theirs.0.contains(known) != ours.0.contains(known);
        let matters = |dialect: Dialect| {
            let plain = self.result(dialect);
            let turned = |known| self.with(Switches { dialect, turned: Some(known) });
            let differences = theirs.0.iter().chain(ours.0).filter(differ).copied();
            differences.filter(|&known| turned(known) != plain).collect::<Vec<_>>()
        };
        let reasons = matters(theirs);
        // One reason may hide behind another.
        if reasons.is_empty() { matters(ours) } else { reasons }
    }
}

/// Returns whether the path of the reference has a `..` with nothing left to remove. What the base holds
/// of that kind is not judged.
pub fn climbs(base: &Components<'_>, r: &Components<'_>) -> bool {
    let switches = Switches { dialect: Dialect::OURS, turned: None };
    let own = r.scheme.is_some() || r.authority.is_some() || r.path.starts_with('/');
    if own {
        return remove_dot_segments(r.path).1;
    }
    let (directory, _) = remove_dot_segments(&merge(base, "", switches));
    !r.path.is_empty() && remove_dot_segments(&format!("{directory}{}", r.path)).1
}

/// RFC 3986 §5.2.2, in its order and with its names.
fn resolve(base: &Components<'_>, r: &Components<'_>, switches: Switches) -> Option<String> {
    let relative = r.scheme.is_none() && (r.authority, r.path, r.query) != (None, "", None);
    let opaque = base.authority.is_none() && !base.path.starts_with('/');
    if switches.on(Known::OpaqueBase) && opaque && relative {
        return None;
    }
    let cleaned = |path: &str| {
        let kept = switches.on(Known::RootlessKept) && !path.starts_with('/');
        if kept { path.to_owned() } else { remove_dot_segments(path).0 }
    };
    let path;
    let mut t = Components { path: "", ..*r };
    if r.scheme.is_some() {
        path = cleaned(r.path);
    } else {
        if r.authority.is_some() {
            path = cleaned(r.path);
        } else {
            if r.path.is_empty() {
                path = if switches.on(Known::BaseCleaned) {
                    cleaned(base.path)
                } else {
                    base.path.to_owned()
                };
                if r.query.is_none() {
                    t.query = base.query;
                }
            } else if r.path.starts_with('/') {
                path = cleaned(r.path);
            } else {
                path = cleaned(&merge(base, r.path, switches));
            }
            t.authority = base.authority;
        }
        t.scheme = base.scheme;
    }
    let path = guarded(path, t.authority.is_some());
    Some(Components { path: &path, ..t }.to_string())
}

fn guarded(path: String, has_authority: bool) -> String {
    if !has_authority && path.starts_with("//") { format!("/.{path}") } else { path }
}

/// RFC 3986 §5.2.3.
fn merge(base: &Components<'_>, path: &str, switches: Switches) -> String {
    if base.authority.is_some() && base.path.is_empty() {
        return format!("/{path}");
    }
    let last = base.path.rsplit('/').next().unwrap_or_default();
    if switches.on(Known::BaseEndsInDots) && Dots::of(last) == Dots::Two {
        return format!("{}/{path}", base.path);
    }
    let directory = base.path.rfind('/').map_or(0, |slash| slash + 1);
    format!("{}{path}", &base.path[..directory])
}

/// RFC 3986 §5.2.4, and whether a `..` had nothing to remove.
fn remove_dot_segments(path: &str) -> (String, bool) {
    let mut input = path;
    let mut output = String::new();
    let mut climbs = false;
    while !input.is_empty() {
        let slash = usize::from(input.starts_with('/'));
        let end = input[slash..].find('/').map_or(input.len(), |end| slash + end);
        let (segment, rest) = input.split_at(end);
        let dots = Dots::of(&segment[slash..]);
        climbs |= dots == Dots::Two && output.is_empty();
        if dots == Dots::None {
            // Step E.
            output.push_str(segment);
            input = rest;
        } else if slash == 0 {
            // Steps A and D.
            input = rest.strip_prefix('/').unwrap_or_default();
        } else {
            // Steps B and C.
            if dots == Dots::Two {
                output.truncate(output.rfind('/').unwrap_or(0));
            }
            input = if rest.is_empty() { "/" } else { rest };
        }
    }
    (output, climbs)
}

/// Whether a segment is a dot segment, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dots {
    None,
    One,
    Two,
}

impl Dots {
    fn of(segment: &str) -> Self {
        match segment.replace("%2e", ".").replace("%2E", ".").as_str() {
            "." => Self::One,
            ".." => Self::Two,
            _ => Self::None,
        }
    }
}

/// RFC 3986 §6.2.2 and §6.2.3.
fn normalize(uri: &Components<'_>, switches: Switches) -> String {
    let scheme = uri.scheme.map(str::to_ascii_lowercase);
    let authority = uri.authority.map(|it| normal_authority(&it, scheme.as_deref(), switches));
    let clean = uri.path.starts_with('/') || switches.on(Known::RootlessCleaned);
    let path = if clean { remove_dot_segments(uri.path).0 } else { uri.path.to_owned() };
    let mut path = guarded(normal_escapes(&path), authority.is_some());
    if path.is_empty() && authority.is_some() && !switches.on(Known::EmptyPath) {
        path.push('/');
    }
    let [query, fragment] = [uri.query, uri.fragment].map(|it| it.map(normal_escapes));
    let text = authority.unwrap_or_default();
    let parts = uri.authority.map(|it| AuthorityParts { text: &text, ..it });
    Components {
        scheme: scheme.as_deref(),
        authority: parts,
        path: &path,
        query: query.as_deref(),
        fragment: fragment.as_deref(),
    }
    .to_string()
}

fn normal_authority(it: &AuthorityParts<'_>, scheme: Option<&str>, switches: Switches) -> String {
    let userinfo = it.userinfo.map(|it| format!("{}@", normal_escapes(it)));
    let host = match it.kind {
        Kind::Ipv6 if !switches.on(Known::Ipv6AsWritten) => {
            let address: Ipv6Addr = it.host[1..it.host.len() - 1].parse().expect("it is one");
            format!("[{address}]")
        }
        Kind::Name => normal_name(it.host, switches),
        _ => it.host.to_ascii_lowercase(),
    };
    let port = it.port.filter(|port| !port.is_empty()).map_or(String::new(), |port| {
        let number = port.trim_start_matches('0');
        let is_default = scheme
            .and_then(|scheme| default_port(scheme, switches))
            .is_some_and(|default| default.to_string() == number);
        match (is_default, switches.on(Known::PortZeros)) {
            (true, _) => String::new(),
            (false, true) => format!(":{port}"),
            (false, false) => format!(":{}", if number.is_empty() { "0" } else { number }),
        }
    });
    format!("{}{host}{port}", userinfo.unwrap_or_default())
}

/// The escapes first, so that a letter is in lower case however it was written.
fn normal_name(name: &str, switches: Switches) -> String {
    let plain = normal_escapes(name);
    let beyond_ascii = plain.split('%').skip(1).any(|rest| rest > "8");
    if switches.on(Known::NameCase) && beyond_ascii {
        return plain;
    }
    let mut pieces = plain.split('%');
    let first = pieces.next().unwrap_or_default().to_ascii_lowercase();
    pieces.fold(first, |name, piece| {
        format!("{name}%{}{}", &piece[..2], piece[2..].to_ascii_lowercase())
    })
}

/// Escapes in upper case, and none of what needs none.
fn normal_escapes(text: &str) -> String {
    let mut pieces = text.split('%');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        let octet = u8::from_str_radix(&piece[..2], 16).expect("an escape");
        let rest = &piece[2..];
        if octet.is_ascii_alphanumeric() || b"-._~".contains(&octet) {
            format!("{text}{}{rest}", char::from(octet))
        } else {
            format!("{text}%{octet:02X}{rest}")
        }
    })
}

fn default_port(scheme: &str, switches: Switches) -> Option<u16> {
    if switches.on(Known::NoPorts) {
        return None;
    }
    if switches.on(Known::MorePorts) {
        return fluent_uri::component::Scheme::new(scheme).and_then(|scheme| scheme.default_port());
    }
    match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        "ftp" => Some(21),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nethttp::uri::UriRef;

    #[track_caller]
    fn resolves(base: &str, reference: &str, dialect: Dialect, expected: Option<&str>) {
        let (base, reference) = [base, reference].map(|text| UriRef::parse(text).unwrap()).into();
        let (base, reference) =
            (Components::of_reference(&base), Components::of_reference(&reference));
        let task = Task::Resolve(&base, &reference);
        assert_eq!(task.result(dialect).as_deref(), expected);
    }

    /// RFC 3986 §5.4.
    #[test]
    fn the_examples_of_the_rfc_come_out_in_every_dialect() {
        for (reference, expected) in [
            ("g:h", "g:h"),
            ("./g", "http://a/b/c/g"),
            ("/g", "http://a/g"),
            ("//g", "http://g"),
            ("?y", "http://a/b/c/d;p?y"),
            ("g?y#s", "http://a/b/c/g?y#s"),
            ("#s", "http://a/b/c/d;p?q#s"),
            ("", "http://a/b/c/d;p?q"),
            (".", "http://a/b/c/"),
            ("../..", "http://a/"),
            ("../../../g", "http://a/g"),
            ("/../g", "http://a/g"),
            ("g/../h", "http://a/b/c/h"),
            ("g;x=1/../y", "http://a/b/c/y"),
            ("g?y/../x", "http://a/b/c/g?y/../x"),
        ] {
            for dialect in [Dialect::OURS, Dialect::FLUENT, Dialect::IRI] {
                resolves("http://a/b/c/d;p?q", reference, dialect, Some(expected));
            }
        }
    }

    #[test]
    fn dialects_differ_where_their_switches_say_so() {
        resolves("urn:a", "b", Dialect::OURS, Some("urn:b"));
        resolves("urn:a", "b", Dialect::FLUENT, None);
        resolves("http://a/b/", "%2e%2E", Dialect::OURS, Some("http://a/"));
        resolves("a:/b", "foo:a/../b", Dialect::OURS, Some("foo:/b"));
        resolves("a:/b", "foo:a/../b", Dialect::FLUENT, Some("foo:a/../b"));
        resolves("a:/b/../c", "#d", Dialect::OURS, Some("a:/b/../c#d"));
        resolves("a:/b/../c", "#d", Dialect::FLUENT, Some("a:/c#d"));
        resolves("a:/b/c/..", "d", Dialect::OURS, Some("a:/b/c/d"));
        resolves("a:/b/c/..", "d", Dialect::FLUENT, Some("a:/b/d"));
    }

    #[test]
    fn normal_forms_differ_where_their_switches_say_so() {
        for (uri, ours, fluent, iri) in [
            ("HTTP://A/%7e/%e4", "http://a/~/%E4", "http://a/~/%E4", "http://a/~/%E4"),
            ("http://a/b/../%2e/c", "http://a/c", "http://a/c", "http://a/c"),
            ("foo:/..//a", "foo:/.//a", "foo:/.//a", "foo:/.//a"),
            ("http://a:80", "http://a/", "http://a", "http://a:80"),
            ("gopher://a:70/", "gopher://a:70/", "gopher://a/", "gopher://a:70/"),
            ("http://a:081/", "http://a:81/", "http://a:081/", "http://a:081/"),
            ("foo://a:99999/", "foo://a:99999/", "foo://a:99999/", "foo://a:99999/"),
            ("foo:a/../b", "foo:a/../b", "foo:a/../b", "foo:/b"),
            ("a://[0:0::A]/", "a://[::a]/", "a://[::a]/", "a://[0:0::a]/"),
            ("a://A%e4%41/", "a://a%E4a/", "a://a%E4a/", "a://A%E4A/"),
        ] {
            let parsed = UriRef::parse(uri).unwrap();
            let components = Components::of_reference(&parsed);
            let task = Task::Normalize(&components);
            for (dialect, expected) in
                [(Dialect::OURS, ours), (Dialect::FLUENT, fluent), (Dialect::IRI, iri)]
            {
                assert_eq!(task.result(dialect).as_deref(), Some(expected), "{uri}");
            }
        }
    }
}

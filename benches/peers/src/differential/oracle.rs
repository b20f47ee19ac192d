//! Reference resolution as [RFC 3986 §5.2](https://www.rfc-editor.org/rfc/rfc3986#section-5.2) writes
//! it down, slow and step by step, with every known deviation as a switch.
//!
//! A library is right when it says what the oracle says with the switches of its [`Dialect`].

use super::components::Components;
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
        Known::EscapedDots,
        Known::RootlessKept,
        Known::BaseCleaned,
        Known::BaseEndsInDots,
    ]);
    /// iri-string.
    pub const IRI: Self = Self(&[Known::EscapedDots]);
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

/// Returns the URI that a reference means against a base, or `None` where a dialect refuses to say.
///
/// On one point the oracle deviates from the RFC in every dialect, as all three libraries do: a path
/// that would read as an authority ([§3.3](https://www.rfc-editor.org/rfc/rfc3986#section-3.3) forbids
/// it) gets `/.` in front.
pub fn resolve(
    base: &Components<'_>,
    reference: &Components<'_>,
    dialect: Dialect,
) -> Option<String> {
    resolve_with(base, reference, Switches { dialect, turned: None })
}

/// Returns the switches in which two dialects differ and on which the result hangs.
pub fn reasons(
    base: &Components<'_>,
    reference: &Components<'_>,
    theirs: Dialect,
    ours: Dialect,
) -> Vec<Known> {
    let differ = |known: &&Known| theirs.0.contains(known) != ours.0.contains(known);
    let differences = || theirs.0.iter().chain(ours.0).filter(differ).copied();
    let matters = |dialect| {
        let plain = resolve(base, reference, dialect);
        differences()
            .filter(|&known| {
                let turned = Some(known);
                resolve_with(base, reference, Switches { dialect, turned }) != plain
            })
            .collect::<Vec<_>>()
    };
    let reasons = matters(theirs);
    // One reason may hide behind another.
    if reasons.is_empty() { matters(ours) } else { reasons }
}

/// RFC 3986 §5.2.2, in its order and with its names.
fn resolve_with(base: &Components<'_>, r: &Components<'_>, switches: Switches) -> Option<String> {
    let relative = r.scheme.is_none() && (r.authority, r.path, r.query) != (None, "", None);
    let opaque = base.authority.is_none() && !base.path.starts_with('/');
    if switches.on(Known::OpaqueBase) && opaque && relative {
        return None;
    }
    let path;
    let mut t = Components { path: "", ..*r };
    if r.scheme.is_some() {
        path = remove_dot_segments(r.path, switches);
    } else {
        if r.authority.is_some() {
            path = remove_dot_segments(r.path, switches);
        } else {
            if r.path.is_empty() {
                path = if switches.on(Known::BaseCleaned) {
                    remove_dot_segments(base.path, switches)
                } else {
                    base.path.to_owned()
                };
                if r.query.is_none() {
                    t.query = base.query;
                }
            } else if r.path.starts_with('/') {
                path = remove_dot_segments(r.path, switches);
            } else {
                path = remove_dot_segments(&merge(base, r.path, switches), switches);
            }
            t.authority = base.authority;
        }
        t.scheme = base.scheme;
    }
    let guard = if t.authority.is_none() && path.starts_with("//") { "/." } else { "" };
    let path = format!("{guard}{path}");
    Some(Components { path: &path, ..t }.to_string())
}

/// RFC 3986 §5.2.3.
fn merge(base: &Components<'_>, path: &str, switches: Switches) -> String {
    if base.authority.is_some() && base.path.is_empty() {
        return format!("/{path}");
    }
    let last = base.path.rsplit('/').next().unwrap_or_default();
    if switches.on(Known::BaseEndsInDots) && Dots::of(last, switches) == Dots::Two {
        return format!("{}/{path}", base.path);
    }
    let directory = base.path.rfind('/').map_or(0, |slash| slash + 1);
    format!("{}{path}", &base.path[..directory])
}

/// RFC 3986 §5.2.4.
fn remove_dot_segments(path: &str, switches: Switches) -> String {
    if switches.on(Known::RootlessKept) && !path.starts_with('/') {
        return path.to_owned();
    }
    let mut input = path;
    let mut output = String::new();
    while !input.is_empty() {
        let slash = usize::from(input.starts_with('/'));
        let end = input[slash..].find('/').map_or(input.len(), |end| slash + end);
        let (segment, rest) = input.split_at(end);
        let dots = Dots::of(&segment[slash..], switches);
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
    output
}

/// Whether a segment is a dot segment, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dots {
    None,
    One,
    Two,
}

impl Dots {
    fn of(segment: &str, switches: Switches) -> Self {
        let text = if switches.on(Known::EscapedDots) {
            segment.replace("%2e", ".").replace("%2E", ".")
        } else {
            segment.to_owned()
        };
        match text.as_str() {
            "." => Self::One,
            ".." => Self::Two,
            _ => Self::None,
        }
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
        assert_eq!(resolve(&base, &reference, dialect).as_deref(), expected);
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
        resolves("http://a/b/", "%2e%2E", Dialect::OURS, Some("http://a/b/%2e%2E"));
        resolves("http://a/b/", "%2e%2E", Dialect::IRI, Some("http://a/"));
        resolves("a:/b", "foo:a/../b", Dialect::OURS, Some("foo:/b"));
        resolves("a:/b", "foo:a/../b", Dialect::FLUENT, Some("foo:a/../b"));
        resolves("a:/b/../c", "#d", Dialect::OURS, Some("a:/b/../c#d"));
        resolves("a:/b/../c", "#d", Dialect::FLUENT, Some("a:/c#d"));
        resolves("a:/b/c/..", "d", Dialect::OURS, Some("a:/b/c/d"));
        resolves("a:/b/c/..", "d", Dialect::FLUENT, Some("a:/b/d"));
    }
}

//! The known differences between the libraries, each with the text that decides who is right.
//!
//! Whatever is not in this table fails the test.

/// A known difference.
#[derive(Clone, Copy, Debug)]
pub struct Exception {
    /// What it is called in the summary.
    pub name: &'static str,
    /// Which libraries differ from this one.
    pub who: &'static str,
    /// The section that decides.
    pub decided_by: &'static str,
    /// What they do, and what this crate does.
    pub what: &'static str,
}

/// The index of an exception in [`EXCEPTIONS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Known {
    /// An IPv6 address with a zone.
    Zone,
    /// A relative reference against a base without a directory to be relative to.
    OpaqueBase,
    /// Dot segments in a path that is neither absolute nor merged.
    RootlessKept,
    /// Dot segments in the path of the base where the reference has none.
    BaseCleaned,
    /// A base whose last segment is `..`.
    BaseEndsInDots,
    /// An empty path behind an authority, normalised.
    EmptyPath,
    /// Default ports of schemes that this crate does not know, normalised.
    MorePorts,
    /// Default ports, not normalised.
    NoPorts,
    /// Ports with leading zeros, normalised.
    PortZeros,
    /// Dot segments in a path that does not start with a slash, normalised.
    RootlessCleaned,
    /// IPv6 addresses, not normalised.
    Ipv6AsWritten,
    /// Letters in a name with escapes that are not ASCII, not normalised.
    NameCase,
}

/// All known differences, in the order of [`Known`].
pub const EXCEPTIONS: [Exception; 12] = [
    Exception {
        name: "IPv6 zone",
        who: "fluent-uri, iri-string",
        decided_by: "RFC 6874 §2",
        what: "`[fe80::1%25eth0]` is accepted here and refused by the others; without the zone all agree",
    },
    Exception {
        name: "opaque base",
        who: "fluent-uri",
        decided_by: "RFC 3986 §5.2.2",
        what: "`b` against `urn:a` is `urn:b`; fluent-uri refuses to resolve it",
    },
    Exception {
        name: "rootless path kept",
        who: "fluent-uri",
        decided_by: "RFC 3986 §5.2.2",
        what: "`foo:a/../b` as a reference loses its dot segments; fluent-uri leaves a path alone that \
               does not start with a slash",
    },
    Exception {
        name: "base path cleaned",
        who: "fluent-uri",
        decided_by: "RFC 3986 §5.2.2",
        what: "where the reference has no path, that of the base is taken as it is; fluent-uri removes \
               its dot segments",
    },
    Exception {
        name: "base ends in dots",
        who: "fluent-uri",
        decided_by: "RFC 3986 §5.2.3",
        what: "the last segment of the base goes, whatever it is; fluent-uri keeps `..` and obeys it",
    },
    Exception {
        name: "empty path",
        who: "fluent-uri, iri-string",
        decided_by: "RFC 3986 §6.2.3",
        what: "the normal form of `http://a` is `http://a/`; the others leave the path empty",
    },
    Exception {
        name: "more default ports",
        who: "fluent-uri",
        decided_by: "RFC 3986 §6.2.3",
        what: "what is a default port depends on the schemes that a library knows; fluent-uri knows more",
    },
    Exception {
        name: "no default ports",
        who: "iri-string",
        decided_by: "RFC 3986 §6.2.3",
        what: "`http://a:80/` is `http://a/`; iri-string knows no schemes",
    },
    Exception {
        name: "zeros before a port",
        who: "fluent-uri, iri-string",
        decided_by: "RFC 3986 §3.2.3",
        what: "a port is a decimal number, and `081` is 81; the others keep the zeros",
    },
    Exception {
        name: "rootless path cleaned",
        who: "iri-string",
        decided_by: "RFC 3986 §6.2.2.3",
        what: "`foo:a/../b` is in normal form: `/b`, to which the algorithm of §5.2.4 leads, is another \
               kind of path; iri-string takes it",
    },
    Exception {
        name: "IPv6 as written",
        who: "iri-string",
        decided_by: "RFC 5952 §4",
        what: "`[0:0::1]` is `[::1]`; iri-string knows lower case only",
    },
    Exception {
        name: "case of a name",
        who: "iri-string",
        decided_by: "RFC 3986 §6.2.2.1",
        what: "`A%C3%A9` as a host is `a%C3%A9`; iri-string leaves the letters alone where an escape is \
               not ASCII",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_its_indices() {
        for (known, name) in [
            (Known::Zone, "IPv6 zone"),
            (Known::OpaqueBase, "opaque base"),
            (Known::RootlessKept, "rootless path kept"),
            (Known::BaseCleaned, "base path cleaned"),
            (Known::BaseEndsInDots, "base ends in dots"),
            (Known::EmptyPath, "empty path"),
            (Known::MorePorts, "more default ports"),
            (Known::NoPorts, "no default ports"),
            (Known::PortZeros, "zeros before a port"),
            (Known::RootlessCleaned, "rootless path cleaned"),
            (Known::Ipv6AsWritten, "IPv6 as written"),
            (Known::NameCase, "case of a name"),
        ] {
            assert_eq!(EXCEPTIONS[known as usize].name, name);
        }
    }
}

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
    /// Escaped dots.
    EscapedDots,
    /// Dot segments in a path that is neither absolute nor merged.
    RootlessKept,
    /// Dot segments in the path of the base where the reference has none.
    BaseCleaned,
    /// A base whose last segment is `..`.
    BaseEndsInDots,
}

/// All known differences, in the order of [`Known`].
pub const EXCEPTIONS: [Exception; 6] = [
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
        name: "escaped dots",
        who: "fluent-uri, iri-string",
        decided_by: "RFC 3986 §2.3, §6.2.2.2",
        what: "`%2e` in the place of a dot: the others remove such a segment while they resolve",
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
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_its_indices() {
        for (known, name) in [
            (Known::Zone, "IPv6 zone"),
            (Known::OpaqueBase, "opaque base"),
            (Known::EscapedDots, "escaped dots"),
            (Known::RootlessKept, "rootless path kept"),
            (Known::BaseCleaned, "base path cleaned"),
            (Known::BaseEndsInDots, "base ends in dots"),
        ] {
            assert_eq!(EXCEPTIONS[known as usize].name, name);
        }
    }
}

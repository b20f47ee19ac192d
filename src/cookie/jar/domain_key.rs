//! The key under which a jar keeps the cookies of a domain: its letters from the last to the first.
//!
//! So the domains above a host are the beginnings of its key, and the hosts below a domain stand side by
//! side: `moc.elpmaxe`, `moc.elpmaxe.a`, `moc.elpmaxe.b`.

use alloc::boxed::Box;

use crate::cookie::request_uri::MAX_HOST_LEN;

/// A domain from its last letter to its first.
#[derive(Clone, Copy, Debug)]
pub(super) struct DomainKey {
    octets: [u8; MAX_HOST_LEN],
    len: usize,
}

impl DomainKey {
    /// Returns `None` for a domain that is longer than any host.
    #[inline]
    pub(super) fn new(domain: &str) -> Option<Self> {
        let mut octets = [0; MAX_HOST_LEN];
        let len = domain.len();
        let reversed = octets.get_mut(..len)?;
        for (to, from) in reversed.iter_mut().zip(domain.bytes().rev()) {
            *to = from;
        }
        Some(Self { octets, len })
    }

    /// Returns the key itself.
    #[inline]
    pub(super) fn as_bytes(&self) -> &[u8] {
        self.octets.get(..self.len).unwrap_or_default()
    }

    /// Returns the keys of the domain and of those above it, its own first.
    #[inline]
    pub(super) fn and_above(&self) -> impl Iterator<Item = &[u8]> {
        core::iter::successors(Some(self.as_bytes()), |key| {
            let dot = key.iter().rposition(|&octet| octet == b'.')?;
            key.get(..dot)
        })
    }

    /// Returns the keys between which those of the domains below stand: with a dot behind this one.
    pub(super) fn below(&self) -> (Box<[u8]>, Box<[u8]>) {
        let with = |octet| self.as_bytes().iter().copied().chain([octet]).collect();
        (with(b'.'), with(b'.' + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn the_domains_above_are_the_beginnings() {
        let key = DomainKey::new("www.example.org").unwrap();
        let keys: Vec<&[u8]> = key.and_above().collect();
        assert_eq!(keys, [&b"gro.elpmaxe.www"[..], b"gro.elpmaxe", b"gro"]);
        assert!(DomainKey::new(&"a".repeat(MAX_HOST_LEN)).is_some());
        assert!(DomainKey::new(&"a".repeat(MAX_HOST_LEN + 1)).is_none());
    }

    #[test]
    fn the_domains_below_stand_between() {
        let (from, to) = DomainKey::new("example.org").unwrap().below();
        let is_below = |domain| {
            let key = DomainKey::new(domain).unwrap();
            *from <= *key.as_bytes() && *key.as_bytes() < *to
        };
        assert!(is_below("a.example.org") && is_below("b.a.example.org"));
        assert!(!is_below("example.org") && !is_below("an-example.org") && !is_below("org"));
    }
}

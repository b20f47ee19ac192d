//! Which hosts a pattern is for.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::uri::{Host, check_host, domain_to_ascii};

/// A host, or all below one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HostPattern {
    /// The text by which it is looked up; of `*.example` what stands behind the first dot.
    name: Box<str>,
    is_below: bool,
}

impl HostPattern {
    /// Parses `example.org` or `*.example.org`.
    ///
    /// # Errors
    ///
    /// Where the text is no longer one.
    pub(super) fn parse(text: &str) -> Result<Self, usize> {
        let (host, is_below) = match text.strip_prefix("*.") {
            Some(host) => (host, true),
            None => (text, false),
        };
        let start = text.len() - host.len();
        let ascii = domain_to_ascii(host).map_err(|error| start + error.offset())?;
        // What has been mapped has no place in the text.
        let place = |at: usize| start + if *ascii == *host { at } else { 0 };
        let authority = check_host(ascii.as_bytes()).map_err(|error| place(error.offset()))?;
        if authority.port().is_some() {
            return Err(place(ascii.rfind(':').unwrap_or(0)));
        }
        if let Some(at) = ascii.find('*') {
            return Err(place(at));
        }
        let (name, is_name) = canonical(authority.host());
        if name.is_empty() || is_below && !is_name {
            return Err(start);
        }
        Ok(Self { name: name.into(), is_below })
    }
}

/// A value for each host, and one for all.
#[derive(Default)]
pub(super) struct Hosts<T> {
    exact: BTreeMap<Box<str>, T>,
    below: BTreeMap<Box<str>, T>,
    any: T,
}

impl<T: Default> Hosts<T> {
    /// Returns the value for a host, which there is from then on.
    pub(super) fn entry(&mut self, host: Option<&HostPattern>) -> &mut T {
        match host {
            None => &mut self.any,
            Some(host) if host.is_below => self.below.entry(host.name.clone()).or_default(),
            Some(host) => self.exact.entry(host.name.clone()).or_default(),
        }
    }
}

impl<T> Hosts<T> {
    /// Returns the value for all hosts.
    pub(super) const fn any(&self) -> &T {
        &self.any
    }

    /// Returns the values for the content of a Host field, the more specific before: that of the host itself, then those
    /// of the names that it is below, the longest first. Allocates only where there are some.
    pub(super) fn named(&self, host: Option<&str>) -> Vec<&T> {
        let mut found = Vec::new();
        if self.exact.is_empty() && self.below.is_empty() {
            return found;
        }
        if let Some(authority) = host.and_then(|host| check_host(host.as_bytes()).ok()) {
            let (host, is_name) = canonical(authority.host());
            found.extend(self.exact.get(&*host));
            let dots = host.match_indices('.').filter(|_| is_name);
            found.extend(dots.filter_map(|(dot, _)| self.below.get(host.get(dot + 1..)?)));
        }
        found
    }
}

/// Returns the text by which a host is looked up, and whether it is a name: names in lower case without the dot that
/// stands for the root, addresses in the form that they are written in.
fn canonical(host: Host<'_>) -> (Cow<'_, str>, bool) {
    let name = match host {
        Host::Name(name) => name.strip_suffix('.').unwrap_or(name),
        other => return (other.to_string().to_ascii_lowercase().into(), false),
    };
    if name.bytes().any(|octet| octet.is_ascii_uppercase()) {
        return (name.to_ascii_lowercase().into(), true);
    }
    (name.into(), true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(names: &[&'static str]) -> Hosts<&'static str> {
        let mut hosts = Hosts::default();
        *hosts.entry(None) = "any";
        for &name in names {
            *hosts.entry(Some(&HostPattern::parse(name).unwrap())) = name;
        }
        hosts
    }

    #[test]
    fn a_host_comes_before_the_names_that_it_is_below() {
        let hosts =
            hosts(&["example.org", "*.example.org", "*.b.example.org", "bücher.example", "*.org"]);
        for (host, expected) in [
            ("example.org", &["example.org", "*.org"][..]),
            ("EXAMPLE.org:8080", &["example.org", "*.org"]),
            ("example.org.", &["example.org", "*.org"]),
            ("a.example.org", &["*.example.org", "*.org"]),
            ("c.a.Example.org:", &["*.example.org", "*.org"]),
            ("b.example.org", &["*.example.org", "*.org"]),
            ("a.b.example.org", &["*.b.example.org", "*.example.org", "*.org"]),
            ("other.org", &["*.org"]),
            ("org", &[]),
            ("xn--bcher-kva.example", &["bücher.example"]),
            ("example.com", &[]),
            ("notexample.com", &[]),
            ("", &[]),
            ("a b", &[]),
            ("example.org, example.org", &[]),
        ] {
            let found: Vec<_> = hosts.named(Some(host)).into_iter().copied().collect();
            assert_eq!(found, expected, "{host}");
        }
        assert!(hosts.named(None).is_empty());
        assert_eq!(*hosts.any(), "any");
    }

    #[test]
    fn addresses_are_compared_as_such() {
        let hosts = hosts(&["127.0.0.1", "[::1]", "*.1"]);
        assert_eq!(hosts.named(Some("127.0.0.1:80")).len(), 1);
        assert_eq!(hosts.named(Some("[0:0::1]:80")).len(), 1);
        assert_eq!(hosts.named(Some("127.0.1.1")).len(), 0);
        assert_eq!(hosts.named(Some("[::2]")).len(), 0);
    }

    #[test]
    fn refuses_what_is_no_host() {
        for (host, at) in [
            ("", 0),
            ("*", 0),
            ("*.", 2),
            ("a:80", 1),
            ("a:", 1),
            ("u@a", 1),
            ("a{b}", 1),
            ("*.127.0.0.1", 2),
            ("*.[::1]", 2),
            ("[::1]:80", 5),
            (".", 0),
            ("a*b", 1),
            ("*.*.b", 2),
        ] {
            assert_eq!(HostPattern::parse(host), Err(at), "{host}");
        }
    }
}

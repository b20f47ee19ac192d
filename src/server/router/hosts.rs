//! Which handler answers for which host.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::error::RouteError;
use crate::server::Handler;
use crate::uri::{Host, check_host, domain_to_ascii};

/// Handlers by host.
#[derive(Default)]
pub(super) struct Hosts {
    exact: BTreeMap<String, Box<dyn Handler>>,
    /// By what stands behind the `*.`.
    below: BTreeMap<String, Box<dyn Handler>>,
}

impl Hosts {
    /// # Errors
    ///
    /// What is no host, or is there already.
    pub(super) fn insert(
        &mut self,
        text: &str,
        handler: Box<dyn Handler>,
    ) -> Result<(), RouteError> {
        let (hosts, host) = match text.strip_prefix("*.") {
            Some(host) => (&mut self.below, host),
            None => (&mut self.exact, text),
        };
        let ascii = domain_to_ascii(host).map_err(|error| RouteError::host(text, Some(error)))?;
        let authority = check_host(ascii.as_bytes());
        let authority = authority.map_err(|error| RouteError::host(text, Some(error)))?;
        let (name, is_name) = canonical(authority.host());
        let is_address_below = !is_name && text.starts_with('*');
        let is_one = !name.is_empty() && !name.contains('*');
        if !is_one || authority.port().is_some() || is_address_below {
            return Err(RouteError::host(text, None));
        }
        match hosts.insert(name.into_owned(), handler) {
            Some(_) => Err(RouteError::duplicate(text.to_owned())),
            None => Ok(()),
        }
    }

    /// Returns the handler for the value of a Host field, the exact one before the one for the longest part.
    pub(super) fn find(&self, host: Option<&str>) -> Option<&dyn Handler> {
        if self.exact.is_empty() && self.below.is_empty() {
            return None;
        }
        let authority = check_host(host?.as_bytes()).ok()?;
        let (host, is_name) = canonical(authority.host());
        let exact = self.exact.get(&*host);
        let below = || {
            let parents = host.match_indices('.').filter(|_| is_name);
            parents.filter_map(|(dot, _)| self.below.get(host.get(dot + 1..)?)).next()
        };
        exact.or_else(below).map(|handler| &**handler)
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
    use crate::message::Request;

    fn hosts(names: &[&'static str]) -> Hosts {
        let mut hosts = Hosts::default();
        for &name in names {
            hosts.insert(name, Box::new(move |_: &mut Request| name)).unwrap();
        }
        hosts
    }

    #[test]
    fn the_longest_name_wins() {
        let hosts =
            hosts(&["example.org", "*.example.org", "*.b.example.org", "bücher.example", "*.org"]);
        for (host, expected) in [
            ("example.org", Some("example.org")),
            ("EXAMPLE.org:8080", Some("example.org")),
            ("example.org.", Some("example.org")),
            ("a.example.org", Some("*.example.org")),
            ("c.a.Example.org:", Some("*.example.org")),
            ("b.example.org", Some("*.example.org")),
            ("a.b.example.org", Some("*.b.example.org")),
            ("other.org", Some("*.org")),
            ("org", None),
            ("xn--bcher-kva.example", Some("bücher.example")),
            ("example.com", None),
            ("notexample.com", None),
            ("", None),
            ("a b", None),
            ("example.org, example.org", None),
        ] {
            let found = hosts
                .find(Some(host))
                .map(|handler| handler.handle(&mut Request::default()).text().unwrap());
            assert_eq!(found.as_deref(), expected, "{host}");
        }
        assert!(hosts.find(None).is_none());
    }

    #[test]
    fn addresses_are_compared_as_such() {
        let hosts = hosts(&["127.0.0.1", "[::1]", "*.1"]);
        assert!(hosts.find(Some("127.0.0.1:80")).is_some());
        assert!(hosts.find(Some("[0:0::1]:80")).is_some());
        assert!(hosts.find(Some("127.0.1.1")).is_none());
        assert!(hosts.find(Some("[::2]")).is_none());
    }

    #[test]
    fn refuses_what_is_no_host() {
        for host in
            ["", "*", "*.", "a:80", "a/b", "u@a", "*.127.0.0.1", "*.[::1]", ".", "a*b", "*.*.b"]
        {
            let refused = hosts(&[]).insert(host, Box::new(|_: &mut Request| ()));
            assert!(refused.is_err(), "{host}");
        }
    }
}

//! Whom a proxy is to connect to.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use super::failed;
use crate::error::Error;
use crate::syntax::Class;
use crate::uri::Host;

/// A host and a port, in a form that can be said to a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Destination<'a> {
    host: Named<'a>,
    port: u16,
}

/// A host as a proxy takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named<'a> {
    /// At most 255 bytes, none of which ends a line or a name.
    Name(&'a str),
    Address(IpAddr),
}

impl<'a> Destination<'a> {
    /// Takes a host as the resolver would, without brackets.
    ///
    /// # Errors
    ///
    /// `Proxy`: a host that means something else to the proxy, or nothing; an IPv6 address with a zone among them,
    /// which names an interface of this machine.
    pub(crate) fn new(host: &'a str, port: u16) -> Result<Self, Error> {
        if let Ok(address) = host.parse() {
            return Ok(Self { host: Named::Address(address), port });
        }
        // What a DNS name has at most, and what SOCKS can say.
        let fits = (1..=usize::from(u8::MAX)).contains(&host.len());
        if fits && Class::REG_NAME.matches(host.as_bytes()) && !Host::Name(host).ends_in_number() {
            return Ok(Self { host: Named::Name(host), port });
        }
        let shown = host.escape_debug();
        Err(failed(format!("expected a host that a proxy can connect to, found {shown}")))
    }

    pub(super) const fn host(&self) -> Named<'a> {
        self.host
    }

    pub(super) const fn port(&self) -> u16 {
        self.port
    }
}

/// An address that was looked up here.
impl From<SocketAddr> for Destination<'_> {
    fn from(address: SocketAddr) -> Self {
        Self { host: Named::Address(address.ip()), port: address.port() }
    }
}

/// Writes `host:port`, an IPv6 address in brackets: the authority-form,
/// [RFC 9112 §3.2.3](https://www.rfc-editor.org/rfc/rfc9112#section-3.2.3).
impl fmt::Display for Destination<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host {
            Named::Name(name) => write!(f, "{name}:{}", self.port),
            Named::Address(address) => SocketAddr::new(address, self.port).fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn writes_the_authority_form() {
        for (host, shown) in [
            ("example.org", "example.org:443"),
            ("a_b.", "a_b.:443"),
            ("192.0.2.1", "192.0.2.1:443"),
            ("2001:DB8::1", "[2001:db8::1]:443"),
        ] {
            assert_eq!(Destination::new(host, 443).unwrap().to_string(), shown);
        }
        let address = SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], 80));
        assert_eq!(Destination::from(address).to_string(), "[::1]:80");
    }

    #[test]
    fn refuses_what_would_mean_something_else() {
        for host in [
            "",
            "a b",
            "a\r\nHost: b",
            "a:80",
            "a/b",
            "u@a",
            "a%00",
            "fe80::1%eth0",
            "[::1]",
            "127.1",
            "0x7f.0.0.1",
            "\u{e4}",
        ] {
            let error = Destination::new(host, 80).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Proxy);
            let shown = host.escape_debug();
            let text = format!("expected a host that a proxy can connect to, found {shown}");
            assert_eq!(error.to_string(), text);
        }
        assert!(Destination::new(&"a".repeat(255), 80).is_ok());
        assert!(Destination::new(&"a".repeat(256), 80).is_err());
    }
}

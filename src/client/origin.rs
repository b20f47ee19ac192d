//! Whom a URL leads to: which schemes and hosts the client takes, decided without a socket.
//!
//! A host that the URL's reader and the system's resolver could understand in two ways is refused:
//! a filter in front of the client would see a name where the resolver sees an address.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use crate::error::{Error, ErrorKind};
use crate::message::Request;
use crate::method::Method;
use crate::syntax::{Class, percent_decode_lossy};
use crate::uri::{Authority, Host, Uri};

/// The server that a URL names: what connections are kept for.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    /// The host as the resolver takes it: without brackets.
    host: Box<str>,
    port: u16,
    address: Option<IpAddr>,
    is_secure: bool,
}

impl Origin {
    /// Returns the server that an `http` or `https` URL names.
    ///
    /// # Errors
    ///
    /// `Url`: another scheme, no host, user information, a port that is none, and a host that could be
    /// misread.
    pub(super) fn of(uri: &Uri) -> Result<Self, Error> {
        let scheme = uri.scheme();
        let is_secure = scheme.eq_ignore_ascii_case("https");
        if !is_secure && !scheme.eq_ignore_ascii_case("http") {
            let is_port = Class::DIGIT.prefix_len(uri.path().as_bytes()) > 0;
            let hint = if uri.authority().is_none() && is_port {
                " (looks like host:port; add http://)"
            } else {
                ""
            };
            return refuse(format!("expected the scheme http or https, found {scheme}{hint}"));
        }
        let Some(authority) = uri.authority().filter(|authority| !authority.host_str().is_empty())
        else {
            return refuse(format!("expected a host after {scheme}://"));
        };
        if authority.userinfo().is_some() {
            return refuse("expected no user information in the URL; send it as Authorization");
        }
        let port = match authority.port_u16() {
            Ok(Some(0)) | Err(_) => {
                let port = authority.port().unwrap_or_default();
                return refuse(format!("expected a port from 1 to 65535, found {port}"));
            }
            Ok(port) => port.unwrap_or(if is_secure { 443 } else { 80 }),
        };
        let (host, address) = dialled(&authority)?;
        Ok(Self { host, port, address, is_secure })
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    /// Returns the host as an address, if it is one.
    pub(super) const fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// Returns whether it is spoken to over TLS.
    pub(super) const fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// Returns whether two origins share their connections: host names have no case, zones have.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (self.port, self.is_secure) == (other.port, other.is_secure)
            && (self.host == other.host || self.is_same_host(other))
    }

    fn is_same_host(&self, other: &Self) -> bool {
        let (name, zone) = self.split_zone();
        let (other_name, other_zone) = other.split_zone();
        name.eq_ignore_ascii_case(other_name) && zone == other_zone
    }

    /// The zone of an IPv6 address is behind a `%`, which no name holds.
    fn split_zone(&self) -> (&str, Option<&str>) {
        self.host.split_once('%').map_or((&*self.host, None), |(name, zone)| (name, Some(zone)))
    }
}

/// Writes `host:port`, an IPv6 address in brackets.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// Returns a request for what a URL names. Where that can be no target, what is wrong with the URL is said rather than with
/// the target.
///
/// # Errors
///
/// `Url`, as for [`Origin::of`].
pub(super) fn request_for(method: Method, url: &Uri) -> Result<Request, Error> {
    Request::absolute(method, url)
        .map_err(|error| Origin::of(url).err().unwrap_or_else(|| error.into()))
}

#[cold]
fn refuse<T>(text: impl Into<String>) -> Result<T, Error> {
    Err(Error::new(ErrorKind::Url).with_text(text))
}

/// The host as the resolver takes it, and as an address if it is one.
fn dialled(authority: &Authority<'_>) -> Result<(Box<str>, Option<IpAddr>), Error> {
    match authority.host() {
        // There is one way to write it.
        Host::Ipv4(address) => Ok((authority.host_str().into(), Some(address.into()))),
        Host::Ipv6(address, None) => Ok((address.to_string().into(), Some(address.into()))),
        Host::Ipv6(address, Some(zone)) => Ok((with_zone(address, zone)?.into(), None)),
        Host::Name(name) if name.contains('%') => {
            refuse(format!("expected a host without escapes, found {name}"))
        }
        host @ Host::Name(name) if host.ends_in_number() => {
            refuse(format!("expected a name or an IPv4 address as host, found {name}"))
        }
        Host::Name(name) => Ok((name.into(), None)),
        _ => {
            let host = authority.host_str();
            refuse(format!("expected a name or an address as host, found {host}"))
        }
    }
}

/// `address%zone`, as resolvers write it: only they know the number of an interface.
fn with_zone(address: Ipv6Addr, zone: &str) -> Result<String, Error> {
    let decoded = percent_decode_lossy(zone.as_bytes());
    match std::str::from_utf8(&decoded) {
        Ok(zone) if Class::UNRESERVED.matches(zone.as_bytes()) => Ok(format!("{address}%{zone}")),
        _ => refuse(format!("expected an interface as zone, found {zone}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(url: &str) -> Result<Origin, Error> {
        Origin::of(&Uri::parse(url).unwrap())
    }

    #[track_caller]
    fn leads_to(url: &str, host: &str, port: u16, shown: &str) {
        let origin = origin(url).unwrap();
        assert_eq!((origin.host(), origin.port()), (host, port));
        assert_eq!(origin.to_string(), shown);
        assert_eq!(origin.address(), host.parse().ok());
    }

    #[test]
    fn takes_names_and_addresses() {
        leads_to("http://a", "a", 80, "a:80");
        leads_to("HTTP://Example.org:8080/b?c#d", "Example.org", 8080, "Example.org:8080");
        leads_to("http://a./", "a.", 80, "a.:80");
        leads_to("http://a:/", "a", 80, "a:80");
        leads_to("http://1.2.3.4:5/", "1.2.3.4", 5, "1.2.3.4:5");
        leads_to("http://[::1]:5/", "::1", 5, "[::1]:5");
        leads_to("http://[FE80:0::1]/", "fe80::1", 80, "[fe80::1]:80");
        leads_to("http://[fe80::1%25eth0]/", "fe80::1%eth0", 80, "[fe80::1%eth0]:80");
        leads_to("https://a/", "a", 443, "a:443");
        leads_to("http://1a.b2/", "1a.b2", 80, "1a.b2:80");
        leads_to("http://0xyz/", "0xyz", 80, "0xyz:80");
        leads_to("http://a_b/", "a_b", 80, "a_b:80");
    }

    #[track_caller]
    fn refuses(url: &str, text: &str) {
        let error = origin(url).unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Url, text), "{url}");
    }

    #[test]
    fn refuses_what_it_cannot_speak_to() {
        refuses("htp://a/", "expected the scheme http or https, found htp");
        let hint = "(looks like host:port; add http://)";
        refuses(
            "localhost:8080",
            &format!("expected the scheme http or https, found localhost {hint}"),
        );
        refuses("mailto:a", "expected the scheme http or https, found mailto");
        refuses("http:a", "expected a host after http://");
        refuses("http:/a", "expected a host after http://");
        refuses("http://", "expected a host after http://");
        refuses("http://:80/", "expected a host after http://");
        refuses("http://a:0/", "expected a port from 1 to 65535, found 0");
        refuses("http://a:65536/", "expected a port from 1 to 65535, found 65536");
        let text = "expected no user information in the URL; send it as Authorization";
        refuses("http://user:secret@a/", text);
        refuses("http://@a/", text);
        refuses("http://[v1.a]/", "expected a name or an address as host, found [v1.a]");
        refuses("http://[fe80::1%25e%00]/", "expected an interface as zone, found e%00");
    }

    #[test]
    fn refuses_hosts_that_a_resolver_could_misread() {
        for host in [
            "2130706433",
            "0x7f.1",
            "0x7F000001",
            "127.1",
            "0177.0.0.01",
            "127.0.0.1.",
            "127.0.0.256",
            "1.2.3.4.5",
            "a.1",
            "0x",
            "a.0X",
        ] {
            let text = format!("expected a name or an IPv4 address as host, found {host}");
            refuses(&format!("http://{host}/"), &text);
        }
        refuses("http://127.0.0.%31/", "expected a host without escapes, found 127.0.0.%31");
        refuses("http://a%2Fb/", "expected a host without escapes, found a%2Fb");
    }

    #[test]
    fn names_have_no_case_and_ports_count() {
        let of = |url| origin(url).unwrap();
        assert!(of("http://a/").is_same(&of("http://A:80/b")));
        assert!(!of("http://a/").is_same(&of("http://a:81/")));
        assert!(!of("http://a/").is_same(&of("http://b/")));
        assert!(!of("http://a:443/").is_same(&of("https://a/")));
        let zone = |zone: &str| origin(&format!("http://[fe80::1%25{zone}]/")).unwrap();
        assert!(zone("lo").is_same(&zone("lo")));
        assert!(!zone("lo").is_same(&zone("LO")));
        assert!(!zone("lo").is_same(&of("http://[fe80::1]/")));
    }
}

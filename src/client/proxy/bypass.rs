//! `NO_PROXY`: who is reached without a proxy.

use std::net::IpAddr;

use crate::syntax::Class;
use crate::uri::{Host, domain_to_ascii};

/// A list of hosts that no proxy is used for.
#[derive(Clone, Debug, Default)]
pub(super) struct Bypass {
    /// There was a `*` in the list.
    everybody: bool,
    rules: Vec<Rule>,
}

/// One entry: whom it names, and on which port; on any, if it says none.
#[derive(Clone, Debug)]
struct Rule {
    pattern: Pattern,
    port: Option<u16>,
}

#[derive(Clone, Debug)]
enum Pattern {
    /// All names that end in `.name`, and the name itself unless the entry was `*.name`.
    Domain {
        name: Box<str>,
        itself: bool,
    },
    Address(IpAddr),
    /// The addresses whose first bits, as many as `prefix` says, are those of `base`.
    Network {
        base: IpAddr,
        prefix: u32,
    },
}

impl Bypass {
    /// Reads a list. What is no entry is passed over: the variable is shared by programs that understand it in
    /// different ways.
    ///
    /// ```abnf
    /// no-proxy = [ entry ] *( 1*( "," / WSP ) [ entry ] )   ; no RFC has it
    /// entry    = "*" / network / ( address / bracketed / domain ) [ ":" [ port ] ]
    /// network  = address "/" 1*DIGIT
    /// domain   = [ "." / "*." ] name [ "." ]
    /// ```
    pub(super) fn parse(list: &str) -> Self {
        let entries = || list.split(|c: char| c == ',' || c.is_ascii_whitespace());
        Self {
            everybody: entries().any(|entry| entry == "*"),
            rules: entries().filter_map(Rule::parse).collect(),
        }
    }

    /// Returns whether a host is in the list.
    pub(super) fn covers(&self, host: &Host<'_>, port: Option<u16>) -> bool {
        self.everybody || self.rules.iter().any(|rule| rule.covers(host, port))
    }
}

impl Rule {
    fn parse(entry: &str) -> Option<Self> {
        if let Some((base, prefix)) = entry.split_once('/') {
            let pattern = network(base.parse().ok()?, number(prefix)?)?;
            return Some(Self { pattern, port: None });
        }
        if let Ok(address) = entry.parse::<IpAddr>() {
            let pattern = Pattern::Address(address.to_canonical());
            return Some(Self { pattern, port: None });
        }
        if let Some((address, rest)) = entry.strip_prefix('[').and_then(|rest| rest.split_once(']'))
        {
            let address: IpAddr = address.parse().ok().filter(IpAddr::is_ipv6)?;
            let port = match rest.strip_prefix(':') {
                Some(port) => port_of(port)?,
                None if rest.is_empty() => None,
                None => return None,
            };
            return Some(Self { pattern: Pattern::Address(address.to_canonical()), port });
        }
        let (host, port) = match entry.split_once(':') {
            Some((host, port)) => (host, port_of(port)?),
            None => (entry, None),
        };
        let pattern = match host.parse() {
            Ok(address) => Pattern::Address(address),
            Err(_) => domain(host)?,
        };
        Some(Self { pattern, port })
    }

    fn covers(&self, host: &Host<'_>, port: Option<u16>) -> bool {
        let address = match *host {
            Host::Ipv4(address) => Some(IpAddr::from(address)),
            // The zone says through which interface an address is reached, not whose it is.
            Host::Ipv6(address, _) => Some(IpAddr::from(address).to_canonical()),
            _ => None,
        };
        let matches = match (&self.pattern, host, address) {
            (Pattern::Domain { name, itself }, Host::Name(host), _) => {
                is_in_domain(host, name, *itself)
            }
            (Pattern::Address(address), _, Some(host)) => *address == host,
            (Pattern::Network { base, prefix }, _, Some(host)) => {
                is_in_network(host, *base, *prefix)
            }
            _ => false,
        };
        matches && (self.port.is_none() || self.port == port)
    }
}

/// Returns whether a host is this machine: `localhost` and names below it ([RFC 6761 §6.3]), and the addresses
/// that never leave it.
///
/// [RFC 6761 §6.3]: https://www.rfc-editor.org/rfc/rfc6761#section-6.3
pub(super) fn is_loopback(host: &Host<'_>) -> bool {
    match host {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address, _) => address.to_canonical().is_loopback(),
        Host::Name(name) => is_in_domain(name, "localhost", true),
        _ => false,
    }
}

/// `name` has no dot at its end.
fn is_in_domain(host: &str, name: &str, itself: bool) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let border = host.len().checked_sub(name.len());
    match border.and_then(|border| host.split_at_checked(border)) {
        Some((front, end)) if end.eq_ignore_ascii_case(name) => match front {
            "" => itself,
            front => front.ends_with('.'),
        },
        _ => false,
    }
}

fn is_in_network(host: IpAddr, base: IpAddr, prefix: u32) -> bool {
    let ((host, width), (base, base_width)) = (bits(host), bits(base));
    // Shifted out altogether, everything is equal.
    let differing = width.checked_sub(prefix).map(|rest| (host ^ base).checked_shr(rest));
    width == base_width && differing.is_some_and(|bits| bits.is_none_or(|bits| bits == 0))
}

/// The bits of an address, and how many there are.
fn bits(address: IpAddr) -> (u128, u32) {
    match address {
        IpAddr::V4(address) => (address.to_bits().into(), u32::BITS),
        IpAddr::V6(address) => (address.to_bits(), u128::BITS),
    }
}

/// An IPv4 network may be written as IPv6 ([RFC 4291 §2.5.5.2]), as an address may.
///
/// [RFC 4291 §2.5.5.2]: https://www.rfc-editor.org/rfc/rfc4291#section-2.5.5.2
fn network(base: IpAddr, prefix: u16) -> Option<Pattern> {
    let (prefix, (_, width)) = (u32::from(prefix), bits(base));
    let canonical = base.to_canonical();
    let (_, canonical_width) = bits(canonical);
    match prefix.checked_sub(width - canonical_width) {
        Some(prefix) if prefix <= canonical_width => {
            Some(Pattern::Network { base: canonical, prefix })
        }
        None => Some(Pattern::Network { base, prefix }),
        Some(_) => None,
    }
}

fn domain(text: &str) -> Option<Pattern> {
    let (name, itself) = match text.strip_prefix("*.") {
        Some(name) => (name, false),
        None => (text.strip_prefix('.').unwrap_or(text), true),
    };
    let name = name.strip_suffix('.').unwrap_or(name);
    // A name that cannot be converted cannot be in a URL either.
    let name = domain_to_ascii(name).ok().filter(|name| !name.is_empty() && !name.contains(':'))?;
    Some(Pattern::Domain { name: name.into(), itself })
}

/// Returns none if the text is no port, and no port if there is no text.
fn port_of(text: &str) -> Option<Option<u16>> {
    if text.is_empty() { Some(None) } else { number(text).map(Some) }
}

fn number(text: &str) -> Option<u16> {
    let digits = Class::DIGIT.matches(text.as_bytes());
    text.parse().ok().filter(|_| digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uri::Uri;

    fn covers(list: &str, host: &str) -> bool {
        let uri = Uri::parse(format!("http://{host}/")).unwrap();
        let host = uri.authority().unwrap().host();
        Bypass::parse(list).covers(&host, uri.port_or_default())
    }

    #[track_caller]
    fn direct(list: &str, hosts: &[&str]) {
        for host in hosts {
            assert!(covers(list, host), "{list:?} is to cover {host}");
        }
    }

    #[track_caller]
    fn proxied(list: &str, hosts: &[&str]) {
        for host in hosts {
            assert!(!covers(list, host), "{list:?} is not to cover {host}");
        }
    }

    #[test]
    fn a_name_covers_itself_and_what_is_below_it() {
        let list = "example.org";
        direct(list, &["example.org", "EXAMPLE.Org", "www.example.org", "a.b.example.org"]);
        direct(list, &["example.org.", "www.example.org.", "example.org:8080"]);
        proxied(list, &["nonexample.org", "example.org.net", "example.or", "xample.org", "org"]);
        proxied(list, &["example.com", "example-org", "1.2.3.4", "[::1]", "example.org.."]);
        direct("Example.ORG.", &["example.org", "www.example.org."]);
        direct("intranet", &["intranet", "www.intranet"]);
    }

    #[test]
    fn a_dot_in_front_changes_nothing() {
        // As in curl, Requests and urllib; in Go, the domain itself is not covered.
        direct(".example.org", &["example.org", "www.example.org", "example.org."]);
        proxied(".example.org", &["nonexample.org", "example.org.net"]);
        direct(".example.org.", &["www.example.org", "example.org"]);
    }

    #[test]
    fn a_star_and_a_dot_cover_only_what_is_below() {
        // As in Go; curl does not know it.
        direct("*.example.org", &["www.example.org", "a.b.example.org."]);
        proxied("*.example.org", &["example.org", "wwwexample.org", "example.org."]);
    }

    #[test]
    fn a_star_covers_everybody_wherever_it_stands() {
        // In curl it must be alone, in Go not.
        for list in ["*", " * ", "example.org,*", "*,example.org", "example.org *"] {
            direct(list, &["a", "1.2.3.4:5", "[::1]"]);
        }
        for list in ["**", "*:80", "*a", "a*", "*example.org"] {
            proxied(list, &["b", "example.org", "www.example.org"]);
        }
    }

    #[test]
    fn an_entry_with_a_port_covers_that_port() {
        // As in Go and Requests; curl has no ports.
        direct("example.org:8080", &["example.org:8080", "www.example.org:8080"]);
        proxied("example.org:8080", &["example.org", "example.org:80", "example.org:8081"]);
        direct("example.org:80", &["example.org", "example.org:80"]);
        direct("example.org:", &["example.org:1", "example.org:2"]);
        direct("1.2.3.4:80", &["1.2.3.4"]);
        proxied("1.2.3.4:81", &["1.2.3.4"]);
        direct("[::2]:80", &["[::2]"]);
        proxied("[::2]:443", &["[::2]"]);
        direct(".example.org:80", &["www.example.org"]);
        proxied("*.example.org:80", &["www.example.org:81", "example.org"]);
    }

    #[test]
    fn addresses_are_compared_as_addresses() {
        direct("192.168.1.1", &["192.168.1.1", "192.168.1.1:8080"]);
        proxied("192.168.1.1", &["192.168.1.2", "192.168.1.11", "1.192.168.1.1"]);
        proxied("168.1.1", &["192.168.1.1"]);
        direct("2001:db8::52:0:1", &["[2001:db8::52:0:1]", "[2001:DB8:0:0:0:52:0:1]:8"]);
        direct("[2001:db8::1]", &["[2001:db8::1]", "[2001:db8::1]:8"]);
        proxied("2001:db8::52:0:1", &["[2001:db8::52:0:2]", "2001", "1.2.3.4"]);
        direct("::1", &["[::1]"]);
        direct("1.2.3.4", &["[::ffff:1.2.3.4]"]);
        direct("::ffff:1.2.3.4", &["1.2.3.4", "[::ffff:102:304]"]);
        direct("fe80::1", &["[fe80::1%25eth0]"]);
        proxied("example.org", &["[1000::%25.example.org]:123"]);
    }

    #[test]
    fn networks_cover_the_addresses_in_them() {
        direct("10.0.0.0/30", &["10.0.0.0", "10.0.0.2", "10.0.0.3:8080"]);
        proxied("10.0.0.0/30", &["10.0.0.4", "11.0.0.1", "[::a00:1]", "10.0.0.0.example.org"]);
        direct("192.168.77.1/16", &["192.168.0.1", "192.168.255.255"]);
        proxied("192.168.0.0/16", &["192.169.0.1"]);
        direct("192.168.0.1/32", &["192.168.0.1"]);
        proxied("192.168.0.0/32", &["192.168.0.1"]);
        // In curl, a prefix of no bits is one of all bits.
        direct("0.0.0.0/0", &["1.2.3.4", "255.255.255.255"]);
        proxied("0.0.0.0/0", &["a", "[::1]"]);
        direct("::/0", &["[::1]", "[ffff::]"]);
        proxied("::/0", &["1.2.3.4", "[::ffff:1.2.3.4]"]);
        direct("2002:db8:a::45/64", &["[2002:db8:a::123]", "[2002:db8:a::]"]);
        proxied("2002:db8:a::45/64", &["[2002:db8:a:1::]", "[2002:db8:b::123]"]);
        direct("fe80::/10", &["[febf::1]", "[fe80::1%25eth0]"]);
        proxied("fe80::/10", &["[fec0::1]"]);
        direct("::1/128", &["[::1]"]);
        proxied("::1/128", &["[::2]"]);
        direct("::ffff:10.0.0.0/104", &["10.1.2.3", "[::ffff:10.1.2.3]"]);
        proxied("::ffff:10.0.0.0/104", &["11.1.2.3", "[::1]"]);
    }

    #[test]
    fn entries_stand_between_commas_and_blanks() {
        for list in ["a,b,c", "a, b, c", " a , b , c ", "a b c", ",,a,,,  b\t,c,", "a,b\nc\r\n"] {
            direct(list, &["a", "b", "c", "x.a"]);
            proxied(list, &["d", "ab"]);
        }
        proxied("", &["a"]);
        proxied(" ,\t,", &["a"]);
        direct("foo, bar, 192.168.0.0/16, ::1/64", &["BAr", "192.168.1.1", "[::1]"]);
    }

    #[test]
    fn names_are_compared_as_they_are_sent() {
        direct("пример.рф", &["xn--e1afmkfd.xn--p1ai", "www.xn--e1afmkfd.xn--p1ai"]);
        direct("xn--e1afmkfd.xn--p1ai", &["xn--e1afmkfd.xn--p1ai"]);
    }

    #[test]
    fn passes_over_what_is_no_entry() {
        for entry in [
            ":1",
            ":",
            ".",
            "*.",
            "..",
            "a:b",
            "a:65536",
            "a:+1",
            "a:1:2",
            "[::2",
            "[::2]a",
            "[::2]:x",
            "[1.2.3.4]",
            "[a]",
            "1.2.3.4/33",
            "1.2.3.4/",
            "1.2.3.4/+8",
            "1.2.3.4/8:80",
            "1.2.3.4/8/8",
            "::2/129",
            "::ffff:1.2.3.4/129",
            "a/8",
            "/8",
            "http://a",
            "http://a/",
            "[::2]/128",
            "ｅa",
        ] {
            proxied(entry, &["a", "b:1", "1.2.3.4", "[::2]", "http"]);
            direct(&format!("{entry},b"), &["b"]);
        }
    }

    #[test]
    fn this_machine_has_names_and_addresses() {
        let is_loopback = |host: &str| {
            let uri = Uri::parse(format!("http://{host}/")).unwrap();
            is_loopback(&uri.authority().unwrap().host())
        };
        for host in ["localhost", "LocalHost.", "a.localhost", "127.0.0.1", "127.255.0.9", "[::1]"]
        {
            assert!(is_loopback(host), "{host}");
        }
        assert!(is_loopback("[::ffff:127.0.0.1]"));
        for host in ["localhost.org", "alocalhost", "128.0.0.1", "0.0.0.0", "[::2]", "[::]", "a"] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}

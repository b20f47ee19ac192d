//! Who is reached without a proxy.

use std::net::{IpAddr, Ipv6Addr};
use std::string::String;
use std::vec::Vec;

use crate::client::{Proxies, Proxy};
use crate::uri::{Uri, domain_to_ascii};

/// A list, an empty line, and URLs.
pub(super) fn covers_whom_it_names(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (list, urls) = text.split_once("\n\n").unwrap_or((&text, ""));
    let Ok(proxy) = Proxy::parse("p:1") else { return };
    let named = Proxies::all(proxy).no_proxy(list);
    let found = Proxies::from_vars(|name| match name {
        "http_proxy" | "HTTPS_PROXY" => Some("p:1".to_owned()),
        "no_proxy" => Some(list.to_owned()),
        _ => None,
    });
    for url in urls.lines().take(8).filter_map(|url| Uri::parse(url).ok()) {
        let goes = |proxies: &Proxies| match proxies.choose(&url) {
            Ok(proxy) => proxy.is_some(),
            Err(error) => panic!("{url}: {error}"),
        };
        let scheme = url.scheme().to_ascii_lowercase();
        let host = url.authority().map(|authority| host(authority.host_str()));
        let (true, Some(host)) = (["http", "https"].contains(&scheme.as_str()), host) else {
            assert!(!goes(&named) && !goes(&found));
            continue;
        };
        let port = url.port_or_default();
        let mut entries = list.split(|c: char| c == ',' || c.is_ascii_whitespace());
        let is_covered = entries.any(|entry| covers(entry, &host, port).unwrap_or(false));
        assert_eq!(goes(&named), !is_covered, "{list:?} {url}");
        assert_eq!(goes(&found), !is_covered && !is_this_machine(&host), "{list:?} {url}");
    }
}

/// The bits of an address, or the labels of a name from the last to the first.
#[derive(Debug, PartialEq)]
enum Host {
    Address(String),
    Name(Vec<String>),
    Other,
}

fn host(text: &str) -> Host {
    if let Some(literal) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        let address = literal.split_once("%25").map_or(literal, |(address, _)| address);
        return address
            .parse()
            .map_or(Host::Other, |address: Ipv6Addr| Host::Address(bits(IpAddr::V6(address))));
    }
    match text.parse() {
        Ok(address) => Host::Address(bits(IpAddr::V4(address))),
        Err(_) => Host::Name(labels(text)),
    }
}

/// One digit a bit; an IPv4 address in IPv6 is an IPv4 address.
fn bits(address: IpAddr) -> String {
    let octets = match address.to_canonical() {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    };
    octets.iter().map(|octet| format!("{octet:08b}")).collect()
}

fn labels(name: &str) -> Vec<String> {
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    name.rsplit('.').map(str::to_owned).collect()
}

/// Returns none for what is no entry.
fn covers(entry: &str, host: &Host, port: Option<u16>) -> Option<bool> {
    if entry == "*" {
        return Some(true);
    }
    if let Some((base, prefix)) = entry.split_once('/') {
        return is_in_network(base.parse().ok()?, decimal(prefix)?, host);
    }
    if let Ok(address) = entry.parse() {
        return Some(*host == Host::Address(bits(address)));
    }
    // A port stands behind the last colon, or behind the bracket.
    let (whom, wanted) = match entry.rsplit_once(':') {
        Some((whom, wanted)) if !wanted.ends_with(']') => (whom, wanted),
        _ => (entry, ""),
    };
    let is_port = wanted.is_empty() || Some(decimal(wanted)?) == port;
    if let Some(address) = whom.strip_prefix('[').and_then(|whom| whom.strip_suffix(']')) {
        let address: Ipv6Addr = address.parse().ok()?;
        return Some(is_port && *host == Host::Address(bits(IpAddr::V6(address))));
    }
    if whom.contains(':') {
        return None;
    }
    if let Ok(address) = whom.parse() {
        return Some(is_port && *host == Host::Address(bits(IpAddr::V4(address))));
    }
    let (below, is_below_only) = match whom.strip_prefix("*.") {
        Some(below) => (below, true),
        None => (whom.strip_prefix('.').unwrap_or(whom), false),
    };
    let below = below.strip_suffix('.').unwrap_or(below);
    let below = domain_to_ascii(below).ok().filter(|below| !below.is_empty())?;
    let Host::Name(labels) = host else {
        return Some(false);
    };
    let below: Vec<String> = below.rsplit('.').map(str::to_owned).collect();
    let is_itself = below.len() == labels.len();
    Some(is_port && labels.starts_with(&below) && !(is_itself && is_below_only))
}

fn is_in_network(base: IpAddr, prefix: u16, host: &Host) -> Option<bool> {
    let (base, prefix) = match base {
        IpAddr::V6(address) if prefix < 96 => {
            let octets = address.octets();
            (octets.iter().map(|octet| format!("{octet:08b}")).collect(), prefix)
        }
        IpAddr::V6(address) if address.to_ipv4_mapped().is_some() => (bits(base), prefix - 96),
        base => (bits(base), prefix),
    };
    let shared = base.get(..usize::from(prefix))?;
    Some(
        matches!(host, Host::Address(bits) if bits.len() == base.len() && bits.starts_with(shared)),
    )
}

fn decimal(text: &str) -> Option<u16> {
    let is_number = !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

fn is_this_machine(host: &Host) -> bool {
    match host {
        Host::Name(labels) => labels.first().is_some_and(|label| label == "localhost"),
        Host::Address(address) if address.len() == 32 => address.starts_with("01111111"),
        Host::Address(address) => address.trim_start_matches('0') == "1",
        Host::Other => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOST: &str = "(a|b|ba|a[.]b|b[.]a|A[.]B[.]|localhost|127[.]0[.]0[.]1|10[.]1[.]2[.]3|é)";
    const IPV6: &str = "(::1|::2|::ffff:10[.]1[.]2[.]3|fe80::1|::)";

    fn matching(pattern: &str) -> impl Strategy<Value = String> + use<> {
        prop::string::string_regex(pattern).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn holds_for_what_looks_like_a_list(
            list in matching(&format!(
                "((([.]|[*][.])?{HOST}(:(80|8080|x)?)?|{IPV6}|\\[{IPV6}\\](:(80|1)?)?|\
                 (10[.]0[.]0[.]0|{IPV6})/(0|7|8|95|96|99|104|128|129)|[*]|\\PC{{0,3}})[, ]){{0,6}}"
            )),
            url in matching(&format!("(http|https|ftp)://({HOST}|\\[{IPV6}(%25e)?\\])(:80|:8080|:1)?")),
        ) {
            covers_whom_it_names(format!("{list}\n\n{url}").as_bytes());
        }
    }
}

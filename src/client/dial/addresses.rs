//! Which addresses belong to the public network.
//!
//! A program that fetches what strangers name must not fetch from the machine it runs on, nor from those around
//! it. What counts is the address, after the name was looked up: a name can lead anywhere.
//!
//! The special-purpose registries of IANA ([RFC 6890](https://www.rfc-editor.org/rfc/rfc6890)) say what is not
//! public, for [IPv4](https://www.iana.org/assignments/iana-ipv4-special-registry) and
//! [IPv6](https://www.iana.org/assignments/iana-ipv6-special-registry); those few of their blocks that are meant
//! for everybody, but lie within a block that is not (`192.0.0.9`, `2001:20::/28` and the like), are left out as
//! well: no web server has such an address. Of IPv6 only the global unicast addresses are public at all,
//! [RFC 4291 §2.4](https://www.rfc-editor.org/rfc/rfc4291#section-2.4); one that stands for an address of
//! IPv4 is as public as that.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What is not public of IPv4: a block's first address, and the length of its prefix.
const SPECIAL_V4: [(Ipv4Addr, u32); 15] = [
    // This network, RFC 791 §3.2: Linux takes 0.0.0.0 for the machine itself.
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    // Private, RFC 1918.
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    // Between a provider and its customers, RFC 6598.
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    // Loopback, RFC 1122 §3.2.1.3.
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    // Link-local, RFC 3927: what clouds tell their machines about themselves.
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    // Private, RFC 1918.
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    // Protocols of the IETF, RFC 6890.
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    // Documentation, RFC 5737.
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    // Relays of 6to4, withdrawn by RFC 7526.
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    // Private, RFC 1918.
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    // Benchmarks, RFC 2544.
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    // Documentation, RFC 5737.
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    // Documentation, RFC 5737.
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    // Multicast, RFC 5771.
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    // Reserved, RFC 1112 §4, and broadcast, RFC 8190.
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Global unicast. Loopback, what was IPv4-compatible (`::/96`), discard-only (`100::/64`), NAT64 within a network
/// (`64:ff9b:1::/48`), segment routing (`5f00::/16`), unique local (`fc00::/7`), link-local (`fe80::/10`), what was
/// site-local (`fec0::/10`) and multicast (`ff00::/8`) lie outside.
const GLOBAL: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// What is not public of the global unicast addresses.
const SPECIAL_V6: [(Ipv6Addr, u32); 3] = [
    // Protocols of the IETF, RFC 2928: Teredo, ORCHID, benchmarks.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    // Documentation, RFC 3849.
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    // Documentation, RFC 9637.
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Returns whether an address belongs to the public network.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match embedded(address) {
            Some(embedded) => is_public_v4(embedded),
            None => {
                contains_v6(GLOBAL, address)
                    && !SPECIAL_V6.iter().any(|block| contains_v6(*block, address))
            }
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !SPECIAL_V4.iter().any(|(block, len)| {
        let differing = block.to_bits() ^ address.to_bits();
        differing.leading_zeros() >= *len
    })
}

fn contains_v6((block, len): (Ipv6Addr, u32), address: Ipv6Addr) -> bool {
    let differing = block.to_bits() ^ address.to_bits();
    differing.leading_zeros() >= len
}

/// Returns the address of IPv4 to which one of IPv6 leads.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [high, low] = match address.segments() {
        // IPv4-mapped, RFC 4291 §2.5.5.2, and NAT64, RFC 6052 §2.1.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => [high, low],
        // 6to4, RFC 3056 §2.
        [0x2002, high, low, ..] => [high, low],
        _ => return None,
    };
    Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn all_are(expected: bool, addresses: &[&str]) {
        for address in addresses {
            assert_eq!(is_public(address.parse().unwrap()), expected, "{address}");
        }
    }

    #[test]
    fn special_addresses_of_ipv4_are_not_public() {
        // First and last of every block.
        let blocks = [
            ["0.0.0.0", "0.255.255.255"],
            ["10.0.0.0", "10.255.255.255"],
            ["100.64.0.0", "100.127.255.255"],
            ["127.0.0.0", "127.255.255.255"],
            ["169.254.0.0", "169.254.255.255"],
            ["172.16.0.0", "172.31.255.255"],
            ["192.0.0.0", "192.0.0.255"],
            ["192.0.2.0", "192.0.2.255"],
            ["192.88.99.0", "192.88.99.255"],
            ["192.168.0.0", "192.168.255.255"],
            ["198.18.0.0", "198.19.255.255"],
            ["198.51.100.0", "198.51.100.255"],
            ["203.0.113.0", "203.0.113.255"],
            ["224.0.0.0", "239.255.255.255"],
            ["240.0.0.0", "255.255.255.255"],
        ];
        assert_eq!(blocks.len(), SPECIAL_V4.len());
        all_are(false, blocks.as_flattened());
        all_are(false, &["127.0.0.1", "169.254.169.254", "255.255.255.254"]);
    }

    #[test]
    fn neighbours_of_special_addresses_of_ipv4_are_public() {
        let neighbours = [
            ["1.0.0.0", "9.255.255.255"],
            ["11.0.0.0", "100.63.255.255"],
            ["100.128.0.0", "126.255.255.255"],
            ["128.0.0.0", "169.253.255.255"],
            ["169.255.0.0", "172.15.255.255"],
            ["172.32.0.0", "191.255.255.255"],
            ["192.0.1.0", "192.0.1.255"],
            ["192.0.3.0", "192.88.98.255"],
            ["192.88.100.0", "192.167.255.255"],
            ["192.169.0.0", "198.17.255.255"],
            ["198.20.0.0", "198.51.99.255"],
            ["198.51.101.0", "203.0.112.255"],
            ["203.0.114.0", "223.255.255.255"],
        ];
        all_are(true, neighbours.as_flattened());
    }

    #[test]
    fn special_addresses_of_ipv6_are_not_public() {
        let blocks = [
            ["::", "::1"],
            ["::8.8.8.8", "::ffff:ffff"],
            ["64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff"],
            ["64:ff9b:0:1::808:808", "64:ff9a::808:808"],
            ["100::", "100::ffff:ffff:ffff:ffff"],
            ["1fff:ffff::", "4000::"],
            ["2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"],
            ["2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"],
            ["3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"],
            ["5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
            ["fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
            ["fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
            ["fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
            ["ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
        ];
        all_are(false, blocks.as_flattened());
    }

    #[test]
    fn global_addresses_of_ipv6_are_public() {
        let blocks = [
            ["2000::", "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
            ["2001:200::", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff"],
            ["2001:db9::", "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
            ["2003::", "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
            ["3fff:1000::", "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
            ["2606:4700::1111", "2a00:1450:4001:80b::200e"],
        ];
        all_are(true, blocks.as_flattened());
    }

    #[test]
    fn an_embedded_address_of_ipv4_decides() {
        for (v4, expected) in [
            ([127_u8, 0, 0, 1], false),
            ([10, 1, 2, 3], false),
            ([169, 254, 169, 254], false),
            ([8, 8, 8, 8], true),
        ] {
            let [a, b, c, d] = v4.map(u16::from);
            let [high, low] = [a << 8 | b, c << 8 | d];
            for address in [
                Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, high, low),
                Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
                Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
            ] {
                assert_eq!(is_public(address.into()), expected, "{address}");
            }
        }
    }
}

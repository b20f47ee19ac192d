//! Addresses that have their first bits in common.

use core::net::IpAddr;

use crate::field::{FieldError, FieldErrorKind};
use crate::syntax::Class;

/// The addresses that begin with the first so many bits of one,
/// [RFC 4632 §3.1](https://www.rfc-editor.org/rfc/rfc4632#section-3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Network {
    address: IpAddr,
    prefix: u32,
}

impl Network {
    /// Reads `10.0.0.0/8`, `2001:db8::/32` or a single address.
    ///
    /// Bits behind the prefix have to be zero: of `10.1.0.0/8` one of the two is a mistake. So is a network
    /// of IPv4 addresses as IPv6 writes them, which no address is ever found in.
    pub(super) fn parse(text: &str) -> Result<Self, FieldError> {
        let error = |offset| Err(FieldError::new(FieldErrorKind::Network, offset));
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let Ok(address) = address.parse::<IpAddr>().map(|found| (found, address.len())) else {
            return error(0);
        };
        let (address, at) = address;
        if address != address.to_canonical() {
            return error(0);
        }
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            None => bits,
            Some(digits) => match digits.parse::<u32>() {
                Ok(prefix) if prefix <= bits && Class::DIGIT.matches(digits.as_bytes()) => prefix,
                _ => return error(at + 1),
            },
        };
        let beyond = match address {
            IpAddr::V4(address) => address.to_bits().checked_shl(prefix).unwrap_or(0) != 0,
            IpAddr::V6(address) => address.to_bits().checked_shl(prefix).unwrap_or(0) != 0,
        };
        if beyond { error(at + 1) } else { Ok(Self { address, prefix }) }
    }

    /// Returns whether an address is one of these.
    pub(super) fn contains(self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let differ = own.to_bits() ^ other.to_bits();
                differ.checked_shr(32 - self.prefix.min(32)).unwrap_or(0) == 0
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let differ = own.to_bits() ^ other.to_bits();
                differ.checked_shr(128 - self.prefix.min(128)).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn holds(network: &str, inside: &[&str], outside: &[&str]) {
        let network = Network::parse(network).expect("a network");
        for address in inside {
            assert!(network.contains(address.parse().expect("an address")), "{address}");
        }
        for address in outside {
            assert!(!network.contains(address.parse().expect("an address")), "{address}");
        }
    }

    #[test]
    fn a_network_holds_what_begins_like_it() {
        holds(
            "10.0.0.0/8",
            &["10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3"],
            &["11.0.0.0", "::a"],
        );
        holds("192.0.2.1", &["192.0.2.1"], &["192.0.2.0", "192.0.2.2"]);
        holds("192.0.2.128/25", &["192.0.2.128", "192.0.2.255"], &["192.0.2.127"]);
        holds("0.0.0.0/0", &["0.0.0.0", "255.255.255.255"], &["::", "::1"]);
        holds("::/0", &["::", "ffff::"], &["1.2.3.4", "::ffff:1.2.3.4"]);
        holds("2001:db8::/33", &["2001:db8:7fff::"], &["2001:db8:8000::"]);
        holds("::1", &["::1"], &["::2", "::", "0.0.0.1"]);
    }

    #[track_caller]
    fn refuses(text: &str, offset: usize) {
        let error = Network::parse(text).expect_err("no network");
        assert_eq!((error.kind(), error.offset()), (FieldErrorKind::Network, offset), "{text}");
    }

    #[test]
    fn refuses_what_is_no_network() {
        refuses("", 0);
        refuses("example.org", 0);
        refuses("[::1]", 0);
        refuses("10.0.0/8", 0);
        refuses(" 10.0.0.0/8", 0);
        refuses("::ffff:10.0.0.0/104", 0);
        refuses("10.0.0.0/", 9);
        refuses("10.0.0.0/33", 9);
        refuses("10.0.0.0/+8", 9);
        refuses("10.0.0.0/255.0.0.0", 9);
        refuses("10.1.0.0/8", 9);
        refuses("2001:db8::1/64", 12);
        refuses("::/129", 3);
    }
}

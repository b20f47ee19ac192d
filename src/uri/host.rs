//! The host of an authority, [RFC 3986 §3.2.2]: an address or a name.
//!
//! [RFC 3986 §3.2.2]: https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2

use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};

use super::pct_str::PctStr;
use crate::syntax::Class;

/// The host of an authority, by its kind.
///
/// ```abnf
/// host       = IP-literal / IPv4address / reg-name                        ; RFC 3986 §3.2.2
/// IP-literal = "[" ( IPv6address / IPv6addrz / IPvFuture ) "]"            ; RFC 6874 §2
/// ```
///
/// # Examples
///
/// ```
/// use nethttp::uri::{Host, Uri};
///
/// let uri = Uri::parse("http://[fe80::1%25eth0]/")?;
/// let Some(Host::Ipv6(address, zone)) = uri.authority().map(|authority| authority.host()) else {
///     return Err("not an IPv6 address".into());
/// };
/// assert!(address.is_unicast_link_local());
/// assert_eq!(zone, Some("eth0"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Host<'a> {
    /// Four decimal numbers from 0 to 255 without leading zeros.
    Ipv4(Ipv4Addr),
    /// A bracketed IPv6 address, and its zone as it stands after `%25`, escapes included.
    Ipv6(Ipv6Addr, Option<&'a str>),
    /// A bracketed address of a version to come, without the brackets: `v1.x`.
    IpvFuture(&'a str),
    /// A registered name, escapes included, perhaps empty. A name such as `0x7f.1` or `2130706433`
    /// is one too, although many resolvers read it as an IPv4 address.
    Name(&'a str),
}

impl<'a> Host<'a> {
    /// The kind of a host that the parser of authorities has accepted.
    pub(super) fn new(text: &'a str) -> Self {
        if let Some(literal) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let (address, zone) = match literal.split_once("%25") {
                Some((address, zone)) => (address, Some(zone)),
                None => (literal, None),
            };
            return address.parse().map_or(Self::IpvFuture(literal), |ip| Self::Ipv6(ip, zone));
        }
        if text.as_bytes().first().is_some_and(u8::is_ascii_digit)
            && let Ok(address) = text.parse()
        {
            return Self::Ipv4(address);
        }
        Self::Name(text)
    }

    /// Returns whether the host is a name that many resolvers read as an IPv4 address: its last label,
    /// a final dot aside, is a number, decimal or with `0x`.
    ///
    /// `127.1`, `2130706433` and `0x7f.0.0.1` are such names. RFC 3986 sees a name there and the C
    /// library an address, so that a filter in front of a client can be deceived; this crate's client
    /// refuses them. It is the [ends-in-a-number checker] of the URL Standard, and looks at what escapes
    /// stand for, as that does: `127.0.0.%31` is such a name.
    ///
    /// [ends-in-a-number checker]: https://url.spec.whatwg.org/#ends-in-a-number-checker
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Host;
    ///
    /// assert!(Host::Name("0x7f.1").ends_in_number());
    /// assert!(Host::Name("2130706433").ends_in_number());
    /// assert!(!Host::Name("1and1.example").ends_in_number());
    /// assert!(!Host::Ipv4([127, 0, 0, 1].into()).ends_in_number());
    /// ```
    #[must_use]
    pub fn ends_in_number(&self) -> bool {
        let Self::Name(name) = self else {
            return false;
        };
        let name = PctStr::new(name).decode_lossy();
        let name = name.strip_suffix('.').unwrap_or(&name);
        match name.rsplit('.').next().unwrap_or_default().as_bytes() {
            [b'0', b'x' | b'X', digits @ ..] => Class::HEXDIG.matches(digits),
            digits => !digits.is_empty() && Class::DIGIT.matches(digits),
        }
    }
}

/// Writes the host as it stands in a URI: IPv6 addresses in brackets and in the form of
/// [RFC 5952](https://www.rfc-editor.org/rfc/rfc5952), the rest as it was.
impl fmt::Display for Host<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ipv4(address) => address.fmt(f),
            Self::Ipv6(address, None) => write!(f, "[{address}]"),
            Self::Ipv6(address, Some(zone)) => write!(f, "[{address}%25{zone}]"),
            Self::IpvFuture(literal) => write!(f, "[{literal}]"),
            Self::Name(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_last_label_of_digits_ends_in_a_number() {
        for (name, expected) in [
            ("2130706433", true),
            ("0x7F000001", true),
            ("127.1", true),
            ("127.0.0.1.", true),
            ("0177.0.0.01", true),
            ("a.1", true),
            ("0x", true),
            ("a.0X", true),
            ("", false),
            (".", false),
            ("1a.b2", false),
            ("0xyz", false),
            ("1.a", false),
            ("a..", false),
            ("127.0.0.%31", true),
            ("127.0.0.1%2e", true),
            ("1%2Ea", false),
        ] {
            assert_eq!(Host::Name(name).ends_in_number(), expected, "{name}");
        }
        assert!(!Host::IpvFuture("v1.1").ends_in_number());
    }
}

//! Who took part: addresses, and names that stand for them.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;
use core::net::{IpAddr, Ipv6Addr, SocketAddr};

use crate::field::{FieldError, FieldErrorKind};
use crate::syntax::Class;

/// Somebody who took part in forwarding a request, [RFC 7239 §6](https://www.rfc-editor.org/rfc/rfc7239#section-6):
/// a name and perhaps a port.
///
/// # Examples
///
/// ```
/// use nethttp::field::forwarded::{Node, NodeName};
///
/// let node = Node::parse(b"[2001:db8:cafe::17]:4711")?;
/// assert_eq!(node.ip(), "2001:db8:cafe::17".parse().ok());
/// assert_eq!(node.port(), Some(4711));
///
/// let node = Node::parse(b"_gazonk")?;
/// assert_eq!(*node.name(), NodeName::Obfuscated("_gazonk".into()));
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Node<'a> {
    name: NodeName<'a>,
    port: Option<NodePort<'a>>,
}

/// The name of a [`Node`], [RFC 7239 §6](https://www.rfc-editor.org/rfc/rfc7239#section-6).
///
/// # Examples
///
/// ```
/// use nethttp::field::forwarded::{Node, NodeName};
///
/// assert_eq!(*Node::parse(b"Unknown")?.name(), NodeName::Unknown);
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the grammar has these three")]
pub enum NodeName<'a> {
    /// An address, [§6.1](https://www.rfc-editor.org/rfc/rfc7239#section-6.1).
    Ip(IpAddr),
    /// Not known to the proxy, [§6.2](https://www.rfc-editor.org/rfc/rfc7239#section-6.2).
    Unknown,
    /// A name of the proxy's making, underscore included,
    /// [§6.3](https://www.rfc-editor.org/rfc/rfc7239#section-6.3).
    Obfuscated(Cow<'a, str>),
}

/// The port of a node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum NodePort<'a> {
    Number(u16),
    Obfuscated(Cow<'a, str>),
}

impl<'a> Node<'a> {
    /// A node that nothing is known of.
    ///
    /// ```
    /// use nethttp::field::forwarded::Node;
    ///
    /// assert_eq!(Node::UNKNOWN.to_string(), "unknown");
    /// ```
    pub const UNKNOWN: Self = Self { name: NodeName::Unknown, port: None };

    /// Reads a node, which stands without quotes here.
    ///
    /// ```abnf
    /// node     = nodename [ ":" node-port ]
    /// nodename = IPv4address / "[" IPv6address "]" / "unknown" / obfnode
    /// obfnode  = "_" 1*( ALPHA / DIGIT / "." / "_" / "-" )
    ///
    /// node-port = port / obfport
    /// port      = 1*5DIGIT
    /// obfport   = "_" 1*( ALPHA / DIGIT / "." / "_" / "-" )
    /// ```
    ///
    /// # Errors
    ///
    /// [`Node`](FieldErrorKind::Node) where something else stands, or a port above 65535.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::forwarded::Node;
    ///
    /// assert_eq!(Node::parse(b"192.0.2.43:47011")?.port(), Some(47011));
    /// // An address of IPv6 stands in brackets, and a host name is no node.
    /// assert!(Node::parse(b"2001:db8::1").is_err());
    /// assert!(Node::parse(b"example.org").is_err());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn parse(value: &'a [u8]) -> Result<Self, FieldError> {
        let text = core::str::from_utf8(value).map_err(|error| malformed(error.valid_up_to()))?;
        let (name, after) = match text.strip_prefix('[').and_then(|text| text.split_once(']')) {
            Some((address, after)) => {
                let address: Ipv6Addr = address.parse().map_err(|_| malformed(0))?;
                (NodeName::Ip(address.into()), after)
            }
            None => {
                let (name, after) = text
                    .split_at(text.bytes().position(|octet| octet == b':').unwrap_or(text.len()));
                (Self::read_name(name)?, after)
            }
        };
        let at = text.len() - after.len();
        let port = match after.strip_prefix(':') {
            Some(port) => Some(NodePort::read(port).ok_or(malformed(at + 1))?),
            None if after.is_empty() => None,
            None => return Err(malformed(at)),
        };
        Ok(Self { name, port })
    }

    fn read_name(name: &'a str) -> Result<NodeName<'a>, FieldError> {
        if name.eq_ignore_ascii_case("unknown") {
            return Ok(NodeName::Unknown);
        }
        if is_obfuscated(name) {
            return Ok(NodeName::Obfuscated(Cow::Borrowed(name)));
        }
        match name.parse() {
            Ok(address) => Ok(NodeName::Ip(IpAddr::V4(address))),
            Err(_) => Err(malformed(0)),
        }
    }

    /// Reads what proxies write into X-Forwarded-For, where IPv6 may stand without brackets.
    pub(super) fn parse_bare(value: &'a [u8]) -> Result<Self, FieldError> {
        let address = core::str::from_utf8(value).ok().and_then(|text| text.parse::<IpAddr>().ok());
        address.map_or_else(|| Self::parse(value), |address| Ok(address.into()))
    }

    /// Returns the name.
    ///
    /// ```
    /// use nethttp::field::forwarded::{Node, NodeName};
    /// use std::net::Ipv4Addr;
    ///
    /// let node = Node::parse(b"127.0.0.1")?;
    /// assert_eq!(*node.name(), NodeName::Ip(Ipv4Addr::LOCALHOST.into()));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn name(&self) -> &NodeName<'a> {
        &self.name
    }

    /// Returns the address, if the name is one.
    ///
    /// ```
    /// use nethttp::field::forwarded::Node;
    ///
    /// assert_eq!(Node::parse(b"unknown")?.ip(), None);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn ip(&self) -> Option<IpAddr> {
        match self.name {
            NodeName::Ip(address) => Some(address),
            NodeName::Unknown | NodeName::Obfuscated(_) => None,
        }
    }

    /// Returns the port, if there is one that is a number.
    ///
    /// ```
    /// use nethttp::field::forwarded::Node;
    ///
    /// assert_eq!(Node::parse(b"192.0.2.1:80")?.port(), Some(80));
    /// assert_eq!(Node::parse(b"192.0.2.1:_web")?.port(), None);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn port(&self) -> Option<u16> {
        match self.port {
            Some(NodePort::Number(port)) => Some(port),
            Some(NodePort::Obfuscated(_)) | None => None,
        }
    }

    /// Returns the node with a copy of what it borrows.
    ///
    /// ```
    /// use nethttp::field::forwarded::Node;
    ///
    /// let text = String::from("_hidden");
    /// let node: Node<'static> = Node::parse(text.as_bytes())?.into_owned();
    /// drop(text);
    /// assert_eq!(node.to_string(), "_hidden");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> Node<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(String::from(text));
        Node {
            name: match self.name {
                NodeName::Ip(address) => NodeName::Ip(address),
                NodeName::Unknown => NodeName::Unknown,
                NodeName::Obfuscated(name) => NodeName::Obfuscated(owned(name)),
            },
            port: self.port.map(|port| match port {
                NodePort::Number(port) => NodePort::Number(port),
                NodePort::Obfuscated(port) => NodePort::Obfuscated(owned(port)),
            }),
        }
    }

    /// Returns the node with an address of IPv4 where IPv6 stands for one: `::ffff:192.0.2.1` is how a
    /// socket for both sees it.
    pub(super) fn canonical(mut self) -> Self {
        if let NodeName::Ip(address) = &mut self.name {
            *address = address.to_canonical();
        }
        self
    }
}

impl<'a> NodePort<'a> {
    fn read(text: &'a str) -> Option<Self> {
        if is_obfuscated(text) {
            return Some(Self::Obfuscated(Cow::Borrowed(text)));
        }
        let digits = matches!(text.len(), 1..=5) && Class::DIGIT.matches(text.as_bytes());
        text.parse().ok().filter(|_| digits).map(Self::Number)
    }
}

fn is_obfuscated(text: &str) -> bool {
    text.strip_prefix('_').is_some_and(|name| {
        let is_allowed = |octet| octet != b'~' && Class::UNRESERVED.contains(octet);
        !name.is_empty() && name.bytes().all(is_allowed)
    })
}

const fn malformed(offset: usize) -> FieldError {
    FieldError::new(FieldErrorKind::Node, offset)
}

impl From<IpAddr> for Node<'_> {
    fn from(address: IpAddr) -> Self {
        Self { name: NodeName::Ip(address), port: None }
    }
}

impl From<SocketAddr> for Node<'_> {
    fn from(address: SocketAddr) -> Self {
        let port = Some(NodePort::Number(address.port()));
        Self { name: NodeName::Ip(address.ip()), port }
    }
}

impl fmt::Display for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            NodeName::Ip(IpAddr::V4(address)) => write!(f, "{address}")?,
            NodeName::Ip(IpAddr::V6(address)) => write!(f, "[{address}]")?,
            NodeName::Unknown => f.write_str("unknown")?,
            NodeName::Obfuscated(name) => f.write_str(name)?,
        }
        match &self.port {
            Some(NodePort::Number(port)) => write!(f, ":{port}"),
            Some(NodePort::Obfuscated(port)) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[track_caller]
    fn reads(text: &str, written: &str, ip: Option<&str>, port: Option<u16>) {
        let node = Node::parse(text.as_bytes()).expect("a node");
        assert_eq!((node.ip(), node.port()), (ip.and_then(|ip| ip.parse().ok()), port));
        assert_eq!(node.to_string(), written);
        assert_eq!(node.clone().into_owned(), node);
    }

    #[test]
    fn reads_the_nodes_of_the_rfc() {
        reads("192.0.2.43", "192.0.2.43", Some("192.0.2.43"), None);
        reads("192.0.2.43:47011", "192.0.2.43:47011", Some("192.0.2.43"), Some(47011));
        reads("[2001:db8:cafe::17]", "[2001:db8:cafe::17]", Some("2001:db8:cafe::17"), None);
        reads("[2001:DB8::1]:1", "[2001:db8::1]:1", Some("2001:db8::1"), Some(1));
        reads("unknown", "unknown", None, None);
        reads("UNKNOWN:80", "unknown:80", None, Some(80));
        reads("_gazonk", "_gazonk", None, None);
        reads("_a.b-C_9:_x", "_a.b-C_9:_x", None, None);
        reads("192.0.2.1:00080", "192.0.2.1:80", Some("192.0.2.1"), Some(80));
        reads("192.0.2.1:65535", "192.0.2.1:65535", Some("192.0.2.1"), Some(65535));
    }

    #[track_caller]
    fn refuses(text: &[u8], offset: usize) {
        let error = Node::parse(text).expect_err("no node");
        assert_eq!((error.kind(), error.offset()), (FieldErrorKind::Node, offset), "{text:?}");
    }

    #[test]
    fn refuses_what_is_no_node() {
        refuses(b"", 0);
        refuses(b"example.org", 0);
        refuses(b"2001:db8::1", 0);
        refuses(b"[192.0.2.1]", 0);
        refuses(b"[::1", 0);
        refuses(b"[::1]x", 5);
        refuses(b"[fe80::1%eth0]", 0);
        refuses(b"192.0.2.01", 0);
        refuses(b"192.0.2.1 ", 0);
        refuses(b"192.0.2.1:", 10);
        refuses(b"192.0.2.1:+80", 10);
        refuses(b"192.0.2.1:65536", 10);
        refuses(b"192.0.2.1:000080", 10);
        refuses(b"192.0.2.1:80:80", 10);
        refuses(b"192.0.2.1:_", 10);
        refuses(b"_", 0);
        refuses(b"_a~", 0);
        refuses(b"_a*", 0);
        refuses(b"_a/b", 0);
        refuses(b"unknown\xff", 7);
    }

    #[test]
    fn x_forwarded_for_has_addresses_without_brackets() {
        for (text, written) in [
            ("2001:db8::1", "[2001:db8::1]"),
            ("[2001:db8::1]:80", "[2001:db8::1]:80"),
            ("192.0.2.1", "192.0.2.1"),
            ("192.0.2.1:80", "192.0.2.1:80"),
            ("unknown", "unknown"),
        ] {
            let node = Node::parse_bare(text.as_bytes()).expect("a node");
            assert_eq!(node.to_string(), written);
        }
        assert!(Node::parse_bare(b"example.org").is_err());
    }
}

//! Whom to believe.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use super::element::is_scheme;
use super::network::Network;
use super::{FromEnd, Node, read_element};
use crate::field::FieldError;
use crate::header::{self, HeaderMap, HeaderName};
use crate::uri::check_host;

/// The proxies in front of a server, and what they say of where a request comes from.
///
/// From the server outwards every proxy that is trusted is believed what it says of the one before it. The
/// first that is not trusted is the [`Caller`]: whatever that one says, in the same fields, counts for
/// nothing.
///
/// | proxies are trusted | when |
/// |---|---|
/// | [`networks`](Self::networks) | their addresses are known, and requests may come by other ways, too |
/// | [`hops`](Self::hops) | there are so many on every way to the server, at addresses that change |
///
/// # The fields
///
/// By default `Forwarded` is read, and nothing else: a proxy that writes one field does not remove the others,
/// in which anybody may have written what he likes. Where the proxies write X-Forwarded-For instead, say
/// [`x_forwarded_for`](Self::x_forwarded_for), and for each of the two other fields that they are known to
/// set or to remove, [`x_forwarded_proto`](Self::x_forwarded_proto) and
/// [`x_forwarded_host`](Self::x_forwarded_host).
///
/// # Examples
///
/// ```
/// use nethttp::HeaderMap;
/// use nethttp::field::forwarded::TrustedProxies;
/// use std::net::IpAddr;
///
/// let proxies = TrustedProxies::hops(1).x_forwarded_for().x_forwarded_proto();
/// let mut headers = HeaderMap::new();
/// headers.append("X-Forwarded-For", "127.0.0.1, 203.0.113.9")?;
/// headers.append("X-Forwarded-Proto", "https")?;
///
/// let caller = proxies.caller("10.0.0.1".parse::<IpAddr>()?, &headers);
/// assert_eq!(caller.ip(), "203.0.113.9".parse().ok());
/// assert!(caller.is_secure());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It is a middleware of the server, which puts the [`Caller`] beside each request:
///
/// ```
/// use nethttp::Request;
/// use nethttp::field::forwarded::{Caller, TrustedProxies};
/// use nethttp::server::Handler;
///
/// let app = |request: &mut Request| {
///     let caller = request.extensions().get::<Caller>().and_then(Caller::ip);
///     caller.map_or("who are you?\n".into(), |ip| format!("hello, {ip}\n"))
/// };
/// let app = app.wrap(TrustedProxies::hops(1));
///
/// let mut request = Request::default();
/// request.headers_mut().append("Forwarded", "for=203.0.113.9")?;
/// assert_eq!(app.handle(&mut request).text()?, "hello, 203.0.113.9\n");
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedProxies {
    trust: Trust,
    fields: Fields,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Trust {
    Networks(Vec<Network>),
    Hops(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fields {
    Forwarded,
    XForwarded { proto: bool, host: bool },
}

impl TrustedProxies {
    /// Trusts the proxies with these addresses: `10.0.0.0/8`, `2001:db8::/32`, or a single one.
    ///
    /// The server may be reached around them, since whoever has another address is not believed.
    ///
    /// # Errors
    ///
    /// [`Network`](crate::field::FieldErrorKind::Network) for a text that is none; the offset is in that text.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::forwarded::TrustedProxies;
    ///
    /// let proxies = TrustedProxies::networks(["127.0.0.1", "::1", "10.0.0.0/8"])?;
    /// let error = TrustedProxies::networks(["10.1.0.0/8"]).unwrap_err();
    /// assert_eq!(error.to_string(), "expected an address, or a network such as 10.0.0.0/8 at byte 9");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn networks(
        networks: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<Self, FieldError> {
        let networks = networks.into_iter().map(|network| Network::parse(network.as_ref()));
        let trust = Trust::Networks(networks.collect::<Result<_, _>>()?);
        Ok(Self { trust, fields: Fields::Forwarded })
    }

    /// Trusts so many proxies, counted from the server outwards, whatever their addresses.
    ///
    /// Every way to the server must lead through all of them: who gets around one is believed in its place.
    ///
    /// ```
    /// use nethttp::field::forwarded::TrustedProxies;
    ///
    /// // A load balancer, and a network of caches in front of it.
    /// let proxies = TrustedProxies::hops(2).x_forwarded_for();
    /// ```
    #[must_use]
    pub const fn hops(count: usize) -> Self {
        Self { trust: Trust::Hops(count), fields: Fields::Forwarded }
    }

    /// Reads X-Forwarded-For in the place of Forwarded.
    ///
    /// ```
    /// use nethttp::field::forwarded::TrustedProxies;
    ///
    /// let proxies = TrustedProxies::networks(["::1"])?.x_forwarded_for();
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn x_forwarded_for(self) -> Self {
        self.x_forwarded(false, false)
    }

    /// Reads X-Forwarded-For, and X-Forwarded-Proto, which the outermost trusted proxy must set or
    /// remove.
    ///
    /// ```
    /// use nethttp::field::forwarded::TrustedProxies;
    ///
    /// let proxies = TrustedProxies::hops(1).x_forwarded_proto();
    /// ```
    #[must_use]
    pub const fn x_forwarded_proto(self) -> Self {
        self.x_forwarded(true, false)
    }

    /// Reads X-Forwarded-For, and X-Forwarded-Host, which the outermost trusted proxy must set or
    /// remove.
    ///
    /// ```
    /// use nethttp::field::forwarded::TrustedProxies;
    ///
    /// let proxies = TrustedProxies::hops(1).x_forwarded_proto().x_forwarded_host();
    /// ```
    #[must_use]
    pub const fn x_forwarded_host(self) -> Self {
        self.x_forwarded(false, true)
    }

    const fn x_forwarded(mut self, more_proto: bool, more_host: bool) -> Self {
        let (proto, host) = match self.fields {
            Fields::Forwarded => (false, false),
            Fields::XForwarded { proto, host } => (proto, host),
        };
        self.fields = Fields::XForwarded { proto: proto || more_proto, host: host || more_host };
        self
    }

    /// Returns who made a request, given the peer of its connection and its fields.
    ///
    /// Where a trusted proxy says nothing, it has made the request itself. Where it says something that
    /// cannot be read, nobody knows.
    ///
    /// ```
    /// use nethttp::HeaderMap;
    /// use nethttp::field::forwarded::{Node, TrustedProxies};
    /// use std::net::IpAddr;
    ///
    /// let proxies = TrustedProxies::networks(["10.0.0.0/8"])?;
    /// let peer: IpAddr = "10.0.0.1".parse()?;
    /// let mut headers = HeaderMap::new();
    /// assert_eq!(proxies.caller(peer, &headers).ip(), Some(peer));
    /// headers.append("Forwarded", "for=localhost")?;
    /// assert_eq!(proxies.caller(peer, &headers).node(), &Node::UNKNOWN);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn caller(&self, peer: impl Into<Node<'static>>, headers: &HeaderMap) -> Caller {
        let peer = Caller::new(peer.into());
        match self.fields {
            Fields::Forwarded => {
                self.follow(peer, FromEnd::new(headers, &header::FORWARDED), |member| {
                    let element = read_element(member).ok()?;
                    let mut caller =
                        Caller::new(element.for_node().unwrap_or(Node::UNKNOWN).into_owned());
                    caller.proto = element.proto().map(String::from);
                    caller.host = element.host().map(String::from);
                    Some(caller)
                })
            }
            Fields::XForwarded { proto, host } => {
                let mut protos = proto.then(|| Beside::new(headers, &header::X_FORWARDED_PROTO));
                let mut hosts = host.then(|| Beside::new(headers, &header::X_FORWARDED_HOST));
                let members = FromEnd::new(headers, &header::X_FORWARDED_FOR);
                self.follow(peer, members, |member| {
                    let mut caller = Caller::new(Node::parse_bare(member).ok()?.into_owned());
                    caller.proto = protos.as_mut().and_then(|all| all.next(is_scheme));
                    caller.host = hosts.as_mut().and_then(|all| all.next(is_host));
                    Some(caller)
                })
            }
        }
    }

    /// Goes from the server outwards for as long as the one who speaks is trusted.
    fn follow<'a>(
        &self,
        mut caller: Caller,
        members: impl Iterator<Item = &'a [u8]>,
        mut read: impl FnMut(&'a [u8]) -> Option<Caller>,
    ) -> Caller {
        for (passed, member) in members.enumerate() {
            if !self.trusts(&caller, passed) {
                break;
            }
            match read(member) {
                Some(before) => caller = before,
                None => return Caller::new(Node::UNKNOWN),
            }
        }
        caller
    }

    fn trusts(&self, caller: &Caller, passed: usize) -> bool {
        match &self.trust {
            Trust::Hops(count) => passed < *count,
            Trust::Networks(networks) => caller
                .ip()
                .is_some_and(|address| networks.iter().any(|network| network.contains(address))),
        }
    }
}

/// A field beside X-Forwarded-For. Some proxies add a member for each hop, others leave the one that the
/// first of them has set, so that the first member stands for all that are missing.
struct Beside<'a> {
    members: FromEnd<'a>,
    last: Option<&'a [u8]>,
}

impl<'a> Beside<'a> {
    fn new(headers: &'a HeaderMap, name: &HeaderName) -> Self {
        Self { members: FromEnd::new(headers, name), last: None }
    }

    fn next(&mut self, is_right: fn(&str) -> bool) -> Option<String> {
        self.last = self.members.next().or(self.last);
        let text = core::str::from_utf8(self.last?).ok()?;
        is_right(text).then(|| String::from(text))
    }
}

fn is_host(text: &str) -> bool {
    !text.is_empty() && check_host(text.as_bytes()).is_ok()
}

/// Who made a request, as far as proxies that are trusted say: see [`TrustedProxies`].
///
/// # Examples
///
/// ```
/// use nethttp::HeaderMap;
/// use nethttp::field::forwarded::{Node, TrustedProxies};
///
/// // The peer of a connection over a Unix socket has no address.
/// let proxies = TrustedProxies::hops(1);
/// let mut headers = HeaderMap::new();
/// headers.append("Forwarded", "for=203.0.113.9;proto=https;host=example.org")?;
/// let caller = proxies.caller(Node::UNKNOWN, &headers);
/// assert_eq!((caller.proto(), caller.host()), (Some("https"), Some("example.org")));
/// # Ok::<(), nethttp::header::HeaderError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    node: Node<'static>,
    proto: Option<String>,
    host: Option<String>,
}

impl Caller {
    fn new(node: Node<'static>) -> Self {
        Self { node: node.canonical(), proto: None, host: None }
    }

    /// Returns the one who made the request. An address is always that of IPv4 where there is one.
    ///
    /// ```
    /// # use nethttp::HeaderMap;
    /// # use nethttp::field::forwarded::TrustedProxies;
    /// use std::net::SocketAddr;
    ///
    /// let peer: SocketAddr = "[::ffff:192.0.2.1]:4711".parse()?;
    /// let caller = TrustedProxies::hops(0).caller(peer, &HeaderMap::new());
    /// assert_eq!(caller.node().to_string(), "192.0.2.1:4711");
    /// # Ok::<(), std::net::AddrParseError>(())
    /// ```
    #[must_use]
    pub const fn node(&self) -> &Node<'static> {
        &self.node
    }

    /// Returns the address of the one who made the request, if it is known.
    ///
    /// ```
    /// # use nethttp::HeaderMap;
    /// # use nethttp::field::forwarded::TrustedProxies;
    /// use std::net::{IpAddr, Ipv4Addr};
    ///
    /// let peer: IpAddr = Ipv4Addr::LOCALHOST.into();
    /// assert_eq!(TrustedProxies::hops(0).caller(peer, &HeaderMap::new()).ip(), Some(peer));
    /// ```
    #[must_use]
    pub const fn ip(&self) -> Option<IpAddr> {
        self.node.ip()
    }

    /// Returns the scheme of the request as it was made, if a proxy says so.
    ///
    /// ```
    /// # use nethttp::HeaderMap;
    /// # use nethttp::field::forwarded::{Node, TrustedProxies};
    /// let caller = TrustedProxies::hops(1).caller(Node::UNKNOWN, &HeaderMap::new());
    /// assert_eq!(caller.proto(), None);
    /// ```
    #[must_use]
    pub fn proto(&self) -> Option<&str> {
        self.proto.as_deref()
    }

    /// Returns whether a proxy says that the request was made over TLS.
    ///
    /// ```
    /// # use nethttp::HeaderMap;
    /// # use nethttp::field::forwarded::{Node, TrustedProxies};
    /// let mut headers = HeaderMap::new();
    /// headers.append("Forwarded", "for=192.0.2.1;proto=HTTPS")?;
    /// assert!(TrustedProxies::hops(1).caller(Node::UNKNOWN, &headers).is_secure());
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    #[must_use]
    pub fn is_secure(&self) -> bool {
        let is = |scheme: &str| self.proto().is_some_and(|own| own.eq_ignore_ascii_case(scheme));
        is("https") || is("wss")
    }

    /// Returns the host that the request was made to, perhaps with a port, if a proxy says so.
    ///
    /// ```
    /// # use nethttp::HeaderMap;
    /// # use nethttp::field::forwarded::{Node, TrustedProxies};
    /// let caller = TrustedProxies::hops(1).caller(Node::UNKNOWN, &HeaderMap::new());
    /// assert_eq!(caller.host(), None);
    /// ```
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn headers(fields: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in fields.iter().filter_map(|field| field.split_once(": ")) {
            headers.append(name, value).expect("a field");
        }
        headers
    }

    /// Expects a node, a scheme and a host, with `-` for none.
    #[track_caller]
    fn calls(proxies: &TrustedProxies, peer: &str, fields: &[&str], expected: &str) {
        let peer: IpAddr = peer.parse().expect("an address");
        let caller = proxies.caller(peer, &headers(fields));
        let (proto, host) = (caller.proto().unwrap_or("-"), caller.host().unwrap_or("-"));
        assert_eq!(alloc::format!("{} {proto} {host}", caller.node()), expected, "{fields:?}");
    }

    #[test]
    fn networks_are_believed_until_somebody_else_speaks() {
        let networks = ["10.0.0.0/8", "198.51.100.2", "2001:db8::/32"];
        let proxies = TrustedProxies::networks(networks).expect("networks");
        let field = "Forwarded: for=6.6.6.6;proto=gopher, for=203.0.113.9;proto=https;host=a, for=10.0.0.2;proto=http";
        calls(&proxies, "10.0.0.1", &[field], "203.0.113.9 https a");
        calls(&proxies, "::ffff:10.0.0.1", &[field], "203.0.113.9 https a");
        calls(&proxies, "2001:db8::1", &[field], "203.0.113.9 https a");
        calls(&proxies, "192.0.2.1", &[field], "192.0.2.1 - -");
        calls(&proxies, "10.0.0.1", &[], "10.0.0.1 - -");
        calls(&proxies, "10.0.0.1", &["Forwarded: for=10.0.0.2;proto=http"], "10.0.0.2 http -");
        calls(&proxies, "10.0.0.1", &["Forwarded: for=unknown;host=a"], "unknown - a");
        calls(&proxies, "10.0.0.1", &["Forwarded: for=_x, for=_y"], "_y - -");
        calls(&proxies, "10.0.0.1", &["Forwarded: proto=https"], "unknown https -");
        calls(
            &proxies,
            "10.0.0.1",
            &["Forwarded: for=\"[2001:db8::2]:80\""],
            "[2001:db8::2]:80 - -",
        );
        calls(&proxies, "10.0.0.1", &["X-Forwarded-For: 6.6.6.6"], "10.0.0.1 - -");
    }

    #[test]
    fn hops_are_believed_whatever_their_address() {
        let field = "Forwarded: for=6.6.6.6, for=203.0.113.9;proto=https, for=198.51.100.2";
        calls(&TrustedProxies::hops(0), "192.0.2.1", &[field], "192.0.2.1 - -");
        calls(&TrustedProxies::hops(1), "192.0.2.1", &[field], "198.51.100.2 - -");
        calls(&TrustedProxies::hops(2), "192.0.2.1", &[field], "203.0.113.9 https -");
        calls(&TrustedProxies::hops(9), "192.0.2.1", &[field], "6.6.6.6 - -");
        calls(&TrustedProxies::hops(2), "192.0.2.1", &["Forwarded: for=_a, for=_b"], "_a - -");
    }

    #[test]
    fn what_a_client_sends_does_not_hide_what_a_proxy_adds() {
        let proxies = TrustedProxies::networks(["10.0.0.1"]).expect("networks");
        for sent in ["for=127.0.0.1", "\"", "for=\"", "for=\"\\", "for=", ";;", "for=10.0.0.1", "x"]
        {
            let field = alloc::format!("Forwarded: {sent}, for=203.0.113.9");
            calls(&proxies, "10.0.0.1", &[&field], "203.0.113.9 - -");
            let fields = [&*alloc::format!("Forwarded: {sent}"), "Forwarded: for=203.0.113.9"];
            calls(&proxies, "10.0.0.1", &fields, "203.0.113.9 - -");
        }
    }

    #[test]
    fn nobody_knows_what_cannot_be_read() {
        let proxies = TrustedProxies::networks(["10.0.0.0/8"]).expect("networks");
        for said in
            ["for=localhost", "for=10.0.0.2:80", "for", "\"", "for=_a;for=_b", "for=_a;proto=1"]
        {
            let field = alloc::format!("Forwarded: for=127.0.0.1, {said}");
            calls(&proxies, "10.0.0.1", &[&field], "unknown - -");
            let field = alloc::format!("Forwarded: {said}, for=10.0.0.2;proto=https");
            calls(&proxies, "10.0.0.1", &[&field], "unknown - -");
        }
        let field = "X-Forwarded-For: 127.0.0.1, localhost";
        calls(&proxies.x_forwarded_for(), "10.0.0.1", &[field], "unknown - -");
    }

    #[test]
    fn the_other_fields_are_read_when_asked_for() {
        let fields = [
            "Forwarded: for=6.6.6.6",
            "X-Forwarded-For: 6.6.6.6, 203.0.113.9:4711, 2001:db8::1",
            "X-Forwarded-Proto: https, http",
            "X-Forwarded-Host: a.example",
        ];
        let hops = |count| TrustedProxies::hops(count).x_forwarded_for();
        calls(&hops(1), "10.0.0.1", &fields, "[2001:db8::1] - -");
        calls(&hops(2), "10.0.0.1", &fields, "203.0.113.9:4711 - -");
        calls(&hops(2).x_forwarded_proto(), "10.0.0.1", &fields, "203.0.113.9:4711 https -");
        calls(&hops(1).x_forwarded_proto(), "10.0.0.1", &fields, "[2001:db8::1] http -");
        calls(&hops(2).x_forwarded_host(), "10.0.0.1", &fields, "203.0.113.9:4711 - a.example");
        let both = hops(3).x_forwarded_host().x_forwarded_proto();
        calls(&both, "10.0.0.1", &fields, "6.6.6.6 https a.example");
        let wrong = ["X-Forwarded-For: 192.0.2.1", "X-Forwarded-Proto: 1", "X-Forwarded-Host: a b"];
        calls(&both, "10.0.0.1", &wrong, "192.0.2.1 - -");
        calls(&both, "10.0.0.1", &["X-Forwarded-Proto: https"], "10.0.0.1 - -");
    }

    #[test]
    fn a_caller_is_secure_when_a_proxy_says_so() {
        for (proto, secure) in [("https", true), ("WSS", true), ("http", false), ("httpss", false)]
        {
            let field = alloc::format!("Forwarded: proto={proto}");
            let caller = TrustedProxies::hops(1).caller(Node::UNKNOWN, &headers(&[&field]));
            assert_eq!(caller.is_secure(), secure, "{proto}");
            assert_eq!(caller.node().to_string(), "unknown");
        }
    }
}

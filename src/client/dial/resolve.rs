//! From a name to addresses: what a program has fixed, and whom it asks for the rest.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};

/// Looks names up for a client, in the place of the system.
///
/// Closures do so, too. A lookup runs on a thread of its own, which is left behind when the time for it
/// ([`Timeouts::resolve`](crate::client::Timeouts::resolve)) is over or the exchange is cancelled.
///
/// # Examples
///
/// ```
/// use std::io;
/// use std::net::{Ipv4Addr, SocketAddr};
///
/// use nethttp::client::Resolve;
///
/// /// Knows the machines of a test, and no others.
/// let machines = |host: &str, port: u16| -> io::Result<Vec<SocketAddr>> {
///     match host {
///         "shop.test" => Ok(vec![(Ipv4Addr::LOCALHOST, port).into()]),
///         _ => Err(io::ErrorKind::NotFound.into()),
///     }
/// };
/// assert_eq!(machines.resolve("shop.test", 80)?, ["127.0.0.1:80".parse().unwrap()]);
/// assert!(machines.resolve("example.org", 80).is_err());
/// # Ok::<(), io::Error>(())
/// ```
pub trait Resolve: Send + Sync {
    /// Returns the addresses of a host, the best first.
    ///
    /// The host is a name, or an address of IPv6 with a zone (`fe80::1%eth0`); other addresses are not looked
    /// up. The ports of what is returned are those that are connected to. Sixteen addresses are tried at most.
    ///
    /// # Errors
    ///
    /// The host is not known, or cannot be looked up. No address is an error as well.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io;
    /// use std::net::{SocketAddr, ToSocketAddrs};
    ///
    /// use nethttp::client::Resolve;
    ///
    /// /// Asks the system, and takes no address of IPv6.
    /// struct OnlyV4;
    ///
    /// impl Resolve for OnlyV4 {
    ///     fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    ///         Ok((host, port).to_socket_addrs()?.filter(SocketAddr::is_ipv4).collect())
    ///     }
    /// }
    ///
    /// assert!(OnlyV4.resolve("localhost", 80)?.iter().all(SocketAddr::is_ipv4));
    /// # Ok::<(), io::Error>(())
    /// ```
    fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>>;
}

impl<F> Resolve for F
where
    F: Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync,
{
    fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        self(host, port)
    }
}

/// Asks the system.
pub(super) fn system(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    Ok((host, port).to_socket_addrs()?.collect())
}

/// Answers that are known beforehand, and for which nobody is asked.
#[derive(Clone, Debug, Default)]
pub(in crate::client) struct Fixed {
    rows: Vec<Row>,
}

#[derive(Clone, Debug)]
struct Row {
    /// `*` is every host.
    host: String,
    /// `None` is every port.
    port: Option<u16>,
    addresses: Vec<IpAddr>,
}

impl Fixed {
    /// Fixes the addresses of a host, for one port or for all; `*` is every host that has no row of its own,
    /// literal addresses included. The last row that fits counts. A row without addresses makes a host unknown.
    pub(in crate::client) fn add(
        &mut self,
        host: &str,
        port: Option<u16>,
        addresses: impl IntoIterator<Item = IpAddr>,
    ) {
        let addresses = addresses.into_iter().collect();
        self.rows.push(Row { host: host.to_owned(), port, addresses });
    }

    /// Returns the answer for a host, if it is fixed.
    pub(super) fn of(&self, host: &str, port: u16) -> Option<Vec<SocketAddr>> {
        let fits = |row: &&Row| row.port.is_none_or(|fixed| fixed == port);
        let mut rows = self.rows.iter().rev().filter(fits);
        let own = rows.clone().find(|row| is_same_name(&row.host, host));
        let row = own.or_else(|| rows.find(|row| row.host == "*"))?;
        Some(row.addresses.iter().map(|address| SocketAddr::new(*address, port)).collect())
    }
}

/// Names have no case, and may end in the dot of the root.
fn is_same_name(one: &str, other: &str) -> bool {
    let without_root = |name: &str| name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    without_root(one) == without_root(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_row_that_fits_counts_and_a_name_before_all() {
        let address = |last: u8| IpAddr::from([10, 0, 0, last]);
        let mut fixed = Fixed::default();
        assert_eq!(fixed.of("a.test", 80), None);
        fixed.add("a.test", Some(80), [address(1), address(2)]);
        fixed.add("a.test", None, [address(3)]);
        fixed.add("B.test.", Some(81), [address(4)]);
        fixed.add("b.test", Some(81), [address(5)]);
        fixed.add("gone.test", None, []);
        fixed.add("c.test", Some(1), [address(6)]);
        fixed.add("c.test", Some(2), [address(7), address(8)]);
        for (host, port, expected) in [
            ("a.test", 80, Some(&[3][..])),
            ("a.test", 81, Some(&[3])),
            ("A.TEST.", 80, Some(&[3])),
            ("b.test", 81, Some(&[5])),
            ("b.test", 80, None),
            ("gone.test", 80, Some(&[])),
            ("c.test", 1, Some(&[6])),
            ("c.test", 2, Some(&[7, 8])),
            ("x.a.test", 80, None),
            ("", 80, None),
        ] {
            let expected: Option<Vec<SocketAddr>> = expected.map(|last| {
                last.iter().map(|last| SocketAddr::new(address(*last), port)).collect()
            });
            assert_eq!(fixed.of(host, port), expected, "{host}:{port}");
        }
    }

    #[test]
    fn a_star_is_every_other_host() {
        let address = |last: u8| IpAddr::from([10, 0, 0, last]);
        let mut fixed = Fixed::default();
        fixed.add("a.test", None, [address(1)]);
        fixed.add("*", Some(80), [address(2)]);
        let answer = |host, port| fixed.of(host, port).map(|answer| answer[0].to_string());
        assert_eq!(answer("a.test", 80).as_deref(), Some("10.0.0.1:80"));
        assert_eq!(answer("b.test", 80).as_deref(), Some("10.0.0.2:80"));
        assert_eq!(answer("192.0.2.1", 80).as_deref(), Some("10.0.0.2:80"));
        assert_eq!(answer("b.test", 81), None);
    }
}

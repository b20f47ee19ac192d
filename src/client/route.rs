//! The way to a server: directly or through a proxy. Connections are kept for it.

use super::origin::Origin;
use super::proxy::{Proxy, ProxyKind};
use crate::error::Error;
use crate::header::{self, HeaderMap};

/// The way to a server.
#[derive(Clone, Debug)]
pub(super) struct Route {
    pub(super) origin: Origin,
    /// Boxed, since most ways go without one, and all are handed on.
    pub(super) proxy: Option<Box<Proxy>>,
}

impl Route {
    /// Returns whether two ways share their connections: what goes through a proxy that sends requests on
    /// can lead to any server.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.proxy == other.proxy
            && ((self.is_forwarded() && other.is_forwarded()) || self.origin.is_same(&other.origin))
    }

    /// Returns whether requests go to a proxy that sends them on.
    pub(super) fn is_forwarded(&self) -> bool {
        let proxy = self.proxy.as_ref().filter(|_| !self.origin.is_secure());
        proxy.is_some_and(|proxy| matches!(proxy.kind(), ProxyKind::Http | ProxyKind::Https))
    }

    /// Has the fields say who asks to a proxy that sends requests on, and to nobody else: whoever is at the end of a tunnel,
    /// or of no proxy, is the server, [RFC 9110 §11.7.2](https://www.rfc-editor.org/rfc/rfc9110#section-11.7.2).
    pub(super) fn authorize(&self, headers: &mut HeaderMap) -> Result<(), Error> {
        if !self.is_forwarded() {
            headers.remove(header::PROXY_AUTHORIZATION);
        } else if !headers.contains_key(header::PROXY_AUTHORIZATION)
            && let Some(credentials) = self.proxy.as_deref().and_then(Proxy::authorization)
        {
            headers.append(header::PROXY_AUTHORIZATION, credentials)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uri::Uri;

    fn route(url: &str, proxy: &str) -> Route {
        let origin = Origin::of(&Uri::parse(url).unwrap()).unwrap();
        Route { origin, proxy: (!proxy.is_empty()).then(|| Box::new(Proxy::parse(proxy).unwrap())) }
    }

    #[test]
    fn connections_lead_where_they_were_made_for() {
        const A: &str = "http://a/";
        for (one, other, expected) in [
            ((A, ""), ("http://A:80/b", ""), true),
            ((A, ""), ("http://a:81/", ""), false),
            ((A, ""), ("http://b/", ""), false),
            (("http://a:443/", ""), ("https://a/", ""), false),
            // A proxy that sends requests on leads everywhere, but with one login.
            ((A, "p"), ("http://b:81/", "p"), true),
            ((A, "p"), (A, ""), false),
            ((A, "p"), ("http://p/", ""), false),
            ((A, "p"), (A, "u:x@p"), false),
            ((A, "u:x@p"), (A, "u:y@p"), false),
            ((A, "p"), (A, "p:81"), false),
            ((A, "p:443"), (A, "https://p"), false),
            // A tunnel leads to one server.
            (("https://a/", "p"), ("https://a/b", "p"), true),
            (("https://a/", "p"), ("https://b/", "p"), false),
            (("https://a/", "p"), ("https://a:80/", "p"), false),
            (("https://a:80/", "p"), (A, "p"), false),
            (("https://a/", "p"), ("https://a/", "u:x@p"), false),
            ((A, "socks5h://p"), (A, "socks5h://p"), true),
            ((A, "socks5h://p"), ("http://b/", "socks5h://p"), false),
            ((A, "socks5h://p"), (A, "socks5://p"), false),
            (("http://a:443/", "socks5h://p"), ("https://a/", "socks5h://p"), false),
        ] {
            let (one, other) = (route(one.0, one.1), route(other.0, other.1));
            assert_eq!(one.is_same(&other), expected, "{one:?} {other:?}");
            assert_eq!(other.is_same(&one), expected, "{one:?} {other:?}");
        }
    }
}

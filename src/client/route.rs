//! The way to a server: directly or through a proxy. Connections are kept for it.

use super::origin::Origin;
use super::proxy::{Proxy, ProxyKind};
use crate::error::Error;
use crate::header::{self, HeaderMap};

/// The way to a server.
#[derive(Clone, Debug)]
pub(super) struct Route {
    pub(super) origin: Origin,
    pub(super) proxy: Option<Proxy>,
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

    /// Adds what a proxy that sends requests on wants to see.
    pub(super) fn authorize(&self, headers: &mut HeaderMap) -> Result<(), Error> {
        if self.is_forwarded()
            && !headers.contains_key(header::PROXY_AUTHORIZATION)
            && let Some(credentials) = self.proxy.as_ref().and_then(Proxy::authorization)
        {
            headers.append(header::PROXY_AUTHORIZATION, credentials)?;
        }
        Ok(())
    }
}

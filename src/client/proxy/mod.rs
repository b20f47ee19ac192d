//! Proxies: which of them a request goes through, and what is said to it.
//!
//! Which one is a pure decision ([`Proxies::choose`]) over settings and the variables of the environment; the
//! list of those who are reached without one is `NO_PROXY`'s. The conversations, CONNECT
//! ([RFC 9110 §9.3.6](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6)) and SOCKS 5
//! ([RFC 1928](https://www.rfc-editor.org/rfc/rfc1928),
//! [RFC 1929](https://www.rfc-editor.org/rfc/rfc1929)), run over any stream, which sees to its deadline. They read
//! no byte beyond their own: what comes then belongs to whoever uses the connection.
//!
//! Not here: connecting to the proxy, TLS to it and through it, and requests in absolute form. There are no
//! scripts that choose a proxy (PAC), no settings of an operating system but the environment, no SOCKS 4, and no
//! login to a proxy but Basic and SOCKS's own.
//!
//! ```
//! use nethttp::Uri;
//! use nethttp::client::{Proxies, Proxy};
//!
//! let proxies = Proxies::all(Proxy::parse("127.0.0.1:3128")?).no_proxy("example.org, 10.0.0.0/8");
//! assert!(proxies.choose(&Uri::parse("http://example.net/")?)?.is_some());
//! assert!(proxies.choose(&Uri::parse("http://www.example.org/")?)?.is_none());
//! assert!(proxies.choose(&Uri::parse("http://10.1.2.3/")?)?.is_none());
//! # Ok::<(), nethttp::Error>(())
//! ```

mod address;
mod bypass;
mod destination;
mod environment;
#[cfg(test)]
mod peer;
mod proxies;
mod socks;
mod tunnel;

pub use address::Proxy;
pub(in crate::client) use address::ProxyKind;
pub(crate) use destination::Destination;
pub use proxies::Proxies;
pub(crate) use socks::socks5;
pub(crate) use tunnel::tunnel;

use std::io;

use crate::error::{Error, ErrorKind};

fn failed(text: impl Into<String>) -> Error {
    Error::new(ErrorKind::Proxy).with_text(text)
}

/// The connection to a proxy has failed. An error of the client's own that the stream has wrapped, such as one of
/// time, comes out as it is.
fn lost(proxy: &Proxy, error: io::Error) -> Error {
    error.downcast::<Error>().unwrap_or_else(|error| {
        failed(format!("expected the connection to the proxy {proxy} to hold")).with_source(error)
    })
}

//! Proxies: which of them a request goes through, and what is said to it.
//!
//! Which one is a pure decision over settings and the variables of the environment; the
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
//! let proxy = nethttp::client::Proxy::parse("127.0.0.1:3128")?;
//! assert_eq!((proxy.scheme(), proxy.port()), ("http", 3128));
//! # Ok::<(), nethttp::Error>(())
//! ```

mod address;

pub use address::Proxy;
pub(in crate::client) use address::ProxyKind;

use crate::error::{Error, ErrorKind};

fn failed(text: impl Into<String>) -> Error {
    Error::new(ErrorKind::Proxy).with_text(text)
}

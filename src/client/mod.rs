//! A blocking client ([RFC 9110 §3.3], [RFC 9112 §9]).
//!
//! ```
//! # let server = std::net::TcpListener::bind("127.0.0.1:0")?;
//! # let url = format!("http://{}/", server.local_addr()?);
//! # let server = std::thread::spawn(move || {
//! #     use std::io::{Read, Write};
//! #     let (mut stream, _) = server.accept().unwrap();
//! #     assert!(stream.read(&mut [0; 4096]).unwrap() > 0);
//! #     stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello").unwrap();
//! # });
//! let text = nethttp::get(url).send()?.text()?;
//! assert_eq!(text, "hello");
//! # server.join().unwrap();
//! # Ok::<(), nethttp::Error>(())
//! ```
//!
//! The functions at the crate root share one [`Client`]; who needs other settings makes one. A client
//! keeps connections for the next request to the same server, and so should be kept itself.
//!
//! # What it sees to
//!
//! - A body that is cut off is an error, never a shorter body; bytes behind a response are nobody's, and cost the connection.
//! - Every step has a deadline, looking up a name included, and the error names the phase. Another thread can end an exchange
//!   at any point ([`CancelToken`]).
//! - Redirects are followed, up to ten ([`Redirects`]): POST becomes GET where browsers do that, content that can be sent again is,
//!   and credentials, cookies set by hand and Host go nowhere but to the server that they were meant for.
//! - The connection goes back to the pool as soon as the last byte of a body is read. A body that is
//!   dropped before that closes the connection, unless the rest of it has come already.
//! - A connection on which the server has said something since its last response is not used again,
//!   nor one that it has closed. A request that would be repeated (see below) is sent without a look at that
//!   within a millisecond after a read that has left nothing in the socket: that was a look.
//! - A request is repeated, on a new connection, if the one from the pool turns out to be closed before a byte of a response was
//!   read, and if nothing of it was sent, or it is idempotent (or has an Idempotency-Key) and its content can be sent again. Other
//!   POSTs are not repeated: nobody knows what the server has seen of them. A `408` on a connection from the pool is taken for such
//!   an end. What else is tried again is the caller's to say ([`Retry`]).
//! - A server that answers in the middle of an upload is heard, whether it hangs up, reads on or stops reading; one that refuses
//!   gets no more. Over TLS it is heard when it hangs up.
//! - A name that has many addresses leads to the first that answers; they are tried a quarter of a second apart, IPv6 and IPv4 in turn.
//! - Proxies of the environment are used ([`Proxies`]), but not for this machine.
//! - A URL is taken as people type it, with spaces, umlauts and all: [`Uri::fix_up`](crate::uri::Uri::fix_up) says what that
//!   means. A part of it that decides where it leads is never guessed. A name and a password in it are sent as Authorization.
//! - A host that a resolver would understand in another way than the URL's reader is refused. Where strangers choose the URL,
//!   [`public_only`](ClientBuilder::public_only) keeps them out of the own network.
//! - Compressed content is asked for (`Accept-Encoding: gzip, deflate`) and decoded while it is read;
//!   the response then has neither Content-Encoding nor Content-Length, which describe what nobody sees.
//!   Data that ends too early, or goes on behind its end, is an error. A coding that was not asked for is
//!   left as it is, with its field. Nothing is asked for with HEAD or Range, nor where the caller sets
//!   Accept-Encoding or says [`decode(false)`](RequestBuilder::decode): then the bytes are those that came.
//! - A server that asks for Digest gets an answer, if the request or the client has
//!   [one](RequestBuilder::digest_auth): the request is repeated, if its body can be.
//! - Responses are read with [`Leniency::CLIENT`](crate::h1::Leniency::CLIENT): what that does not name is an error, unless the
//!   client has [another](ClientBuilder::leniency). Content with a transfer coding but `chunked`, `identity` included, is an error,
//!   and in HTTP/1.0 with any ([RFC 9112 §6.1]): it would be something else than the server has meant.
//!
//! # How it is made
//!
//! A call is a session: redirects, cookies, logins and retries, each decided by a function that knows no socket. A session makes
//! exchanges; each goes through the client's layers ([`Exchange`]), and at the bottom of them over a connection. A connection
//! goes over whatever reads and writes ([`Connect`]): a socket, TLS, a tunnel. Tests of programs that use the client put
//! something of their own in the place of a layer or of the stream.
//!
//! # Limits
//!
//! | limit | default | set by |
//! |---|---|---|
//! | looking up a name | 10 s | [`Timeouts::resolve`] |
//! | connecting | 10 s | [`Timeouts::connect`] |
//! | each step of sending | 30 s | [`Timeouts::send`] |
//! | waiting for `100 Continue`, if the caller has set `Expect: 100-continue` or logs in with Digest and content that can be read once | 1 s | [`Timeouts::expect_continue`] |
//! | waiting for the first byte of the response | 60 s | [`Timeouts::first_byte`] |
//! | each step of receiving | 30 s | [`Timeouts::idle`] |
//! | the whole exchange | none | [`Timeouts::total`] |
//! | a head | 64 KiB, 100 fields | [`Limits`](crate::h1::Limits) |
//! | trailers | 16 KiB, 64 fields | [`Limits`](crate::h1::Limits) |
//! | framing of chunks beyond what their data is worth | 16 KiB | [`Limits`](crate::h1::Limits) |
//! | interim responses | 16 | [`Limits`](crate::h1::Limits) |
//! | a connection's idle time | 15 s, or a second less than the server announces | [`PoolLimits::idle`] |
//! | idle connections to a host, in all | 8, 64 | [`PoolLimits::per_host`], [`PoolLimits::total`] |
//! | content that is decoded | 200 times its compressed size, once it is 4 MiB | [`ClientBuilder::decoders`] |
//! | content codings of one body; more are not decoded | 3 | |
//! | redirects | 10 | [`ClientBuilder::redirects`] |
//! | a Location | 16 KiB | |
//! | addresses of one host that are tried | 16 | |
//! | retries, but for the one above | none | [`ClientBuilder::retry`] |
//! | requests of one login with Digest | 3 | |
//! | the body of a redirect, of a `401` that is answered, or of a response that is tried again; a longer or slower one costs the connection | 64 KiB, 500 ms, 250 ms of silence | |
//! | lookups of names, and connections to Unix sockets, that the system has not ended in time and that go on; the next one is refused | 64 | |
//! | a body that is collected ([`text`](crate::Response::text), [`bytes`](crate::Response::bytes)) | 64 MiB, decoded | [`ClientBuilder::body_limit`], [`RequestBuilder::body_limit`], [`Body::set_limit`](crate::Body::set_limit) |
//!
//! # What it does not do
//!
//! There is no TLS inside, but a place for it ([`ClientBuilder::tls`]), and no change of protocols. Content codings
//! but `gzip` and `deflate` are plugged in ([`ClientBuilder::decoders`]), and requests are not compressed. Nothing is cached.
//! There is no PAC and no Digest for proxies. There are no background threads; names are looked up, and several addresses
//! tried, on threads of their own, which the system may keep busy beyond the deadline.
//!
//! [RFC 9112 §6.1]: https://www.rfc-editor.org/rfc/rfc9112#section-6.1
//! [RFC 9110 §3.3]: https://www.rfc-editor.org/rfc/rfc9110#section-3.3
//! [RFC 9112 §9]: https://www.rfc-editor.org/rfc/rfc9112#section-9

mod auth;
mod body;
mod buffer;
mod builder;
mod cancel;
mod config;
mod connection;
mod cookies;
mod credentials;
mod decode;
mod dial;
pub(crate) mod download;
mod establish;
mod exchange;
mod failure;
mod fields;
mod forms;
mod idle;
mod layer;
mod netrc;
mod options;
mod origin;
mod pool;
pub(crate) mod proxy;
mod query;
pub(crate) mod redirect;
mod request;
mod retry;
mod route;
mod session;
mod socket;
mod stream;
mod timeouts;
mod upload;
mod wire;

pub use builder::ClientBuilder;
pub use cancel::CancelToken;
pub use config::Client;
pub use dial::Resolve;
pub use download::{Download, Downloaded, Progress};
pub use layer::{Exchange, Next};
pub use netrc::{Netrc, NetrcError, NetrcErrorKind, NetrcLogin};
pub use pool::PoolLimits;
pub use proxy::{Proxies, Proxy};
pub use redirect::{Hop, Redirects};
pub use request::RequestBuilder;
pub use retry::Retry;
pub use stream::{Connect, Control, Dial, Overlay, Stream, Target};
pub use timeouts::Timeouts;

use crate::method::Method;

/// Begins a request with the client that the whole process shares.
///
/// # Examples
///
/// ```no_run
/// let response = nethttp::request("REPORT".parse()?, "http://example.org/").send()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn request(method: Method, url: impl AsRef<str>) -> RequestBuilder {
    Client::of_process().request(method, url)
}

macro_rules! methods {
    ($($name:ident $method:ident $example:literal;)*) => {$(
        #[doc = concat!("Begins a ", stringify!($method), " request with the client that the whole process shares.")]
        ///
        /// # Examples
        ///
        /// ```no_run
        #[doc = concat!("let response = nethttp::", stringify!($name), "(\"http://example.org/\")", $example, ".send()?;")]
        /// println!("{}", response.status());
        /// # Ok::<(), nethttp::Error>(())
        /// ```
        pub fn $name(url: impl AsRef<str>) -> RequestBuilder {
            request(Method::$method, url)
        }
    )*};
}

methods! {
    get GET "";
    head HEAD "";
    post POST ".body(\"hello\")";
    put PUT ".body(\"hello\")";
    patch PATCH ".body(\"hello\")";
    delete DELETE "";
    options OPTIONS "";
}

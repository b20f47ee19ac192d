//! HTTP/1.1 on the wire, without I/O ([RFC 9112](https://www.rfc-editor.org/rfc/rfc9112)).
//!
//! | layer | items |
//! |---|---|
//! | heads, borrowed from a buffer | [`parse_request`], [`parse_response`], [`parse_fields`], [`HeadScanner`] |
//! | where a message ends | [`request_framing`], [`response_framing`], [`check_request`] |
//! | bodies off the wire | [`BodyDecoder`] |
//! | messages onto the wire | [`encode_request`], [`ResponseEncoder`], [`encode_interim`], [`BodyEncoder`] |
//! | whose turn it is | [`ServerConnection`], [`ClientConnection`] |
//! | how much, and what is tolerated | [`Limits`], [`Leniency`], [`Config`] |
//!
//! Each layer can be used alone. Nothing here reads or writes, waits or looks at a clock; every
//! decision is a function of bytes. Requests are read strictly and responses tolerantly, by default and
//! by name.
//!
//! Not here: HTTP/0.9, HTTP/2 and HTTP/3, and transfer codings other than `chunked`.
//!
//! # Limits
//!
//! See [`Limits`] and [`Leniency`]: one table each.
//!
//! # Deviations
//!
//! - A request with both Content-Length and Transfer-Encoding is refused, though [RFC 9112 §6.1] lets
//!   a server read it: proxies need that, and everybody else is only harmed by it.
//! - Empty list members in Transfer-Encoding are refused, though [RFC 9110 §5.6.1.2] has a recipient
//!   skip them: servers differ on them, which is how requests are smuggled.
//! - The bytes ``"<>\^`{|}`` are accepted in a request target, though [RFC 3986] has no place for
//!   them: browsers send them.
//!
//! [RFC 3986]: https://www.rfc-editor.org/rfc/rfc3986
//! [RFC 9110 §5.6.1.2]: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.2
//! [RFC 9112 §6.1]: https://www.rfc-editor.org/rfc/rfc9112#section-6.1

mod body;
mod chunked;
mod connection;
mod control;
mod encode;
mod error;
mod framing;
mod head;
mod limits;
mod scan;

pub use body::{BodyDecoder, BodyEvent};
pub use connection::{ClientConnection, ClientEvent, ServerConnection, ServerEvent, ServerNext};
pub use encode::{
    BodyEncoder, EncodeError, EncodeErrorKind, Frame, ResponseEncoder, encode_interim,
    encode_request,
};
pub use error::{ParseError, ParseErrorKind};
pub use framing::{
    CheckedRequest, Framing, MessageFraming, check_request, request_framing, response_framing,
};
pub use head::{
    Field, Fields, HeadScanner, Parse, RequestHead, ResponseHead, parse_fields, parse_request,
    parse_response,
};
pub use limits::{Config, Leniency, Limits};

//! Requests and responses as plain values: the one pair of types for client and server.
//!
//! They have no lifetime and name no socket. A [`Body`] is nothing, bytes, a file, a reader, or
//! something that writes itself when its turn comes; the streams that it may need while it is sent are
//! traits declared here (`BodyWriter`, `Upgraded`), so that a handler can be tested without a
//! connection.
//!
//! ```
//! use nethttp::message::IntoResponse;
//! use nethttp::{Method, Request, Response, StatusCode};
//!
//! fn handler(request: &mut Request) -> Response {
//!     match (request.method(), request.path()) {
//!         (Method::GET, "/") => "hello".into_response(),
//!         _ => StatusCode::NOT_FOUND.into_response(),
//!     }
//! }
//!
//! let mut request = Request::new(Method::GET, "/")?;
//! assert_eq!(handler(&mut request).status(), StatusCode::OK);
//! # Ok::<(), nethttp::uri::UriError>(())
//! ```
//!
//! [RFC 9110 §6](https://www.rfc-editor.org/rfc/rfc9110#section-6) describes messages in the abstract;
//! how they go over the wire is the business of [`h1`](crate::h1).

mod answer;
mod body;
mod charset;
mod convert;
mod event;
#[cfg(feature = "std")]
mod event_writer;
mod extensions;
#[cfg(feature = "std")]
mod form;
mod params;
mod redirect;
mod request;
mod response;
#[cfg(feature = "std")]
mod sent;

#[cfg(any(feature = "client", feature = "server"))]
pub(crate) use body::Content;
#[cfg(feature = "client")]
pub(crate) use body::Spare;
#[cfg(any(feature = "client", feature = "server"))]
pub(crate) use body::Trailers;
#[cfg(feature = "server")]
pub(crate) use body::read_at;
pub use body::{Body, BodyTooLarge};
#[cfg(feature = "std")]
pub use body::{BodyWriter, Upgraded};
pub use charset::{Charset, TextError, TextErrorKind, UnknownCharset};
pub use convert::IntoResponse;
pub use event::{Event, EventError, EventErrorKind};
#[cfg(feature = "std")]
pub use event_writer::EventWriter;
pub use extensions::Extensions;
pub use params::{ParameterError, ParameterErrorKind};
pub use redirect::Redirect;
pub use request::Request;
#[cfg(feature = "client")]
pub(crate) use response::file_name_in;
#[cfg(feature = "std")]
pub use response::{Lines, WriteError};
pub use response::{PreviousResponse, Response, Timings};
#[cfg(feature = "std")]
pub use sent::Sent;

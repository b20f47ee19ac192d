//! Content negotiation: what a client wants, and which of a server's offers that is,
//! [RFC 9110 §12](https://www.rfc-editor.org/rfc/rfc9110#section-12).
//!
//! | field | type | a range that is wider | without the field |
//! |---|---|---|---|
//! | Accept | [`Accept`] | `text/*`, `*/*` | everything |
//! | Accept-Encoding | [`AcceptEncoding`] | `*` | `identity` |
//! | Accept-Language | [`AcceptLanguage`] | `en` for `en-GB`, `*` | everything |
//! | Accept-Charset | [`AcceptCharset`] | `*` | everything |
//!
//! Each has the same calls. `from_headers` reads the field of a request and makes the best of it; `parse` reads
//! a value as the grammar has it. `best` chooses among offers: the one with the highest weight, of these the
//! one whose range is narrower, of these the first, so that ties go to the server;
//! `best_in_client_order` lets the order of the client's ranges decide ties. An offer of the weight 0
//! is never chosen. The [`Choice`] says which field belongs in Vary; where there is none,
//! [`NotAcceptable`] is what a 406 is made of.
//!
//! Weights are integers, in thousandths. Nothing here allocates but
//! [`AcceptLanguage::filter`], a refusal, and a parameter with a backslash in it; a value holds up to [`MAX_RANGES`] ranges and borrows their text, so that the
//! work for a request is bounded by the length of its fields.
//!
//! Nothing here knows what a representation is, or reads one.
//!
//! ```
//! use nethttp::header::HeaderError;
//! use nethttp::message::IntoResponse;
//! use nethttp::negotiate::Accept;
//! use nethttp::{Request, Response, StatusCode};
//!
//! fn weather(request: &Request) -> Result<Response, HeaderError> {
//!     let accept = Accept::from_headers(request.headers());
//!     let choice = match accept.best(&["text/plain", "application/json"]) {
//!         Ok(choice) => choice,
//!         Err(refused) => return Ok(refused.into_response()),
//!     };
//!     let text = match choice.offer() {
//!         "application/json" => "{\"sky\": \"blue\"}",
//!         _ => "The sky is blue.",
//!     };
//!     Response::new(StatusCode::OK)
//!         .with_body(text)
//!         .with_header("Content-Type", choice.offer())?
//!         .with_header("Vary", choice.vary())
//! }
//!
//! let mut request = Request::default();
//! request.headers_mut().insert("Accept", "application/json, */*;q=0.1")?;
//! let response = weather(&request)?;
//! assert_eq!(response.header("Content-Type"), Some("application/json"));
//!
//! request.headers_mut().insert("Accept", "image/*")?;
//! let response = weather(&request)?;
//! assert_eq!(response.status(), StatusCode::NOT_ACCEPTABLE);
//! assert_eq!(response.header("Vary"), Some("Accept"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod accept;
mod calls;
mod charset;
mod choice;
mod encoding;
mod entries;
mod language;
mod preference;

pub use accept::{Accept, MediaRange};
pub use charset::AcceptCharset;
pub use choice::{Choice, NotAcceptable};
pub use encoding::AcceptEncoding;
pub use language::AcceptLanguage;
pub use preference::Preference;

/// The most ranges of one field that are looked at. Browsers send up to eight.
///
/// ```
/// use nethttp::negotiate::{Accept, MAX_RANGES};
///
/// assert!(Accept::parse("a/b,".repeat(MAX_RANGES).as_bytes()).is_ok());
/// assert!(Accept::parse("a/b,".repeat(MAX_RANGES + 1).as_bytes()).is_err());
/// ```
pub const MAX_RANGES: usize = 32;

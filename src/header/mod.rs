//! Header fields: names, values and the map that holds a section of them, [RFC 9110 §5].
//!
//! A [`HeaderMap`] is one buffer of bytes and a list of [`FieldSpan`]s into it. It keeps the fields
//! in the order, the case and the number in which they came; a lookup compares names without regard
//! to case, first the lengths, then the bytes. Nothing is hashed, so no peer can choose names that
//! collide, and [`Limits`] bound what a lookup walks over.
//!
//! The field names of the IANA registry are constants of this module, such as [`CONTENT_TYPE`].
//!
//! What a field's value means is not known here: a value is bytes.
//!
//! ```
//! use nethttp::header::{self, HeaderMap};
//!
//! let mut headers = HeaderMap::new();
//! headers.append(header::CONTENT_TYPE, "text/plain")?;
//! headers.append("Vary", "Accept")?;
//! headers.append("Vary", "Cookie")?;
//!
//! assert_eq!(headers.text("content-type"), Some("text/plain"));
//! assert_eq!(headers.get_all(header::VARY).count(), 2);
//! # Ok::<(), nethttp::header::HeaderError>(())
//! ```
//!
//! [RFC 9110 §5]: https://www.rfc-editor.org/rfc/rfc9110#section-5

mod constants;
mod error;
mod limits;
mod lookup;
mod map;
mod name;
mod span;
mod value;

pub use constants::*;
pub use error::{HeaderError, HeaderErrorKind};
pub use limits::Limits;
pub use map::{HeaderMap, Iter};
pub use name::HeaderName;
pub use span::FieldSpan;
pub use value::HeaderValue;
pub(crate) use value::first_control;

//! URIs, URI references, hosts and request targets ([RFC 3986], [RFC 6874], [RFC 9110 §4],
//! [RFC 9112 §3.2]).
//!
//! [`Uri`] has a scheme, [`UriRef`] need not; both hold exactly what RFC 3986 allows, byte for byte
//! as it was written. [`RequestTarget`] is what stands on the request-line of a message, which is one
//! of four forms and on the open Web more than RFC 3986 allows. [`check_host`] reads the value of a
//! `Host` field.
//!
//! [`Pairs`] reads a query or a form as names and values, [`QueryBuilder`] writes and edits one, and
//! [`encode()`] puts any text into a URI.
//!
//! Nothing here repairs, decodes or normalises: `HTTP://A/%7e` and `http://a/~` are two URIs, and
//! equality is that of bytes. Names are not looked up, and schemes other than `http` and `https` have
//! no default port.
//!
//! ```
//! use nethttp::uri::{Uri, UriRef};
//!
//! let base = Uri::parse("http://example.org/shop/cart?item=1")?;
//! let location = UriRef::parse("../login#form")?;
//! assert_eq!(base.resolve(&location)?, "http://example.org/login#form");
//! # Ok::<(), nethttp::uri::UriError>(())
//! ```
//!
//! [RFC 3986]: https://www.rfc-editor.org/rfc/rfc3986
//! [RFC 6874]: https://www.rfc-editor.org/rfc/rfc6874
//! [RFC 9110 §4]: https://www.rfc-editor.org/rfc/rfc9110#section-4
//! [RFC 9112 §3.2]: https://www.rfc-editor.org/rfc/rfc9112#section-3.2

mod absolute;
mod authority;
mod builder;
mod components;
mod compose;
mod dots;
mod draft;
mod edit;
mod encode;
mod error;
mod host;
mod http;
mod idna;
mod ip;
mod normalize;
mod parts;
mod pct_str;
mod percent;
mod query;
mod reference;
mod relative;
mod resolve;
mod target;
mod target_uri;
mod text;

pub use absolute::{Uri, UriView};
pub use authority::{Authority, check_host};
pub use builder::UriBuilder;
pub use encode::encode;
pub use error::{UriError, UriErrorKind};
pub use host::Host;
pub use idna::{domain_to_ascii, domain_to_unicode};
pub use normalize::Normalizer;
pub use pct_str::{PctStr, Segments};
pub use query::{FormLimits, Pairs, PairsIter, QueryBuilder, RawPairs};
pub use reference::{UriRef, UriRefView};
pub use target::{RequestTarget, TargetForm};

//! The names and values of a query, or of a form in a body
//! ([`application/x-www-form-urlencoded`](https://url.spec.whatwg.org/#application/x-www-form-urlencoded)).
//!
//! ```abnf
//! form = [ piece ] *( "&" [ piece ] )
//! piece = name [ "=" value ]
//! name = *octet          ; without "&" and "="
//! value = *octet         ; without "&"
//! ```
//!
//! [`Pairs`] reads any text, as a browser does; [`Pairs::parse`] reads what a stranger sent, within
//! [`FormLimits`] and without a loss. [`QueryBuilder`] writes pairs, and edits a query without a change
//! to the bytes of the pairs that are not edited.
//!
//! Only `&` separates: a `;` is a byte like others
//! ([RFC 3986 §3.4](https://www.rfc-editor.org/rfc/rfc3986#section-3.4) gives it no meaning). Order and
//! duplicates stay. Which of two values of one name holds is the application's to decide, and so is what
//! `a[]` means.
//!
//! ```
//! use nethttp::uri::{Pairs, QueryBuilder};
//!
//! let query = QueryBuilder::new().append("q", "naïve & small").append("page", "1");
//! assert_eq!(query.as_str(), "q=na%C3%AFve+%26+small&page=1");
//! assert_eq!(Pairs::new(query.as_str()).get("q").as_deref(), Some("naïve & small"));
//! ```

mod builder;
mod limits;
mod pairs;

pub use builder::QueryBuilder;
pub use limits::FormLimits;
pub use pairs::{Pairs, PairsIter, RawPairs};

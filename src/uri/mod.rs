//! URIs: what they are made of, how they are compared, resolved, built and repaired ([RFC 3986],
//! [RFC 6874], [RFC 9110 §4], [RFC 9112 §3.2]).
//!
//! # A URI and its components
//!
//! ```text
//! https://user@example.org:8443/docs/a%20b?page=2&q=x#top
//! └─┬─┘   └─────────┬─────────┘└────┬────┘ └───┬────┘ └┬┘
//! scheme        authority         path       query fragment
//!         └┬─┘ └────┬────┘ └┬─┘
//!      userinfo   host    port
//! ```
//!
//! The scheme says how to read the rest. The authority says who is asked, the path and the query for
//! what. The fragment says where to look in the answer, and is never sent. All but the scheme and the
//! path may be absent, and to be absent is not to be empty: `http://a` and `http://a?` are two URIs.
//!
//! ```
//! use nethttp::uri::{Host, Uri};
//!
//! let uri = Uri::parse("https://user@example.org:8443/docs/a%20b?page=2&q=x#top")?;
//! assert_eq!(uri.host(), Some(Host::Name("example.org")));
//! assert_eq!(uri.port_or_default(), Some(8443));
//! assert_eq!(uri.path(), "/docs/a%20b");
//! assert_eq!(uri.query_pairs().get("page"), Some("2".into()));
//! # Ok::<(), nethttp::uri::UriError>(())
//! ```
//!
//! A URI has a scheme; `/b` is none, and `localhost:8080` is one whose scheme is `localhost`. A
//! *reference* is a URI or something relative to one, such as the `../b` of a link or of a `Location`
//! field. [`Uri::resolve`] makes a URI of it, and [`Uri::relative_to`] goes the other way.
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
//! # Four types
//!
//! | | owns its text | borrows it, `Copy`, works in `const` |
//! |---|---|---|
//! | a URI | [`Uri`] | [`UriView`] |
//! | a reference | [`UriRef`] | [`UriRefView`] |
//!
//! Keep the owned ones; take and parse the borrowed ones where a text is only looked at. `uri.view()`
//! lends a URI, `view.to_uri()` copies it, `From` makes a reference of a URI and `TryFrom` a URI of a
//! reference that has a scheme.
//!
//! All hold exactly what RFC 3986 allows, byte for byte as it was written: `HTTP://A/%7e` and
//! `http://a/~` are two values, and `==` is that of bytes. [`Uri::normalize`] gives the form that the two
//! have in common, and [`Uri::equivalent`] compares by it. Signed URLs survive, since nothing is decoded,
//! encoded or reordered before it is asked for.
//!
//! # Escapes
//!
//! A byte that a component cannot hold is written as `%` and two digits. What is decoded cannot be taken
//! apart any more (`a%2Fb` is one segment), so that components are given as they stand. [`PctStr`]
//! decodes one, [`Segments`] are those of a path, [`Pairs`] the names and values of a query or a form.
//! [`encode`] writes text into a component, and says which [`Class`](crate::syntax::Class) each takes.
//!
//! ```
//! use nethttp::syntax::Class;
//! use nethttp::uri::{Uri, encode};
//!
//! let uri = Uri::parse("http://example.org/files/a%2Fb%20c")?;
//! let file = uri.segments().next_back().ok_or("no segment")?;
//! assert_eq!(file.decode()?, "a/b c");
//! assert_eq!(format!("/files/{}", encode("a/b c", Class::PCHAR)), "/files/a%2Fb%20c");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Making one
//!
//! [`UriBuilder`] puts components together. The `with_` methods of [`Uri`] return it with one of them
//! changed; [`Uri::push_segment`] and [`Uri::append_path`] go down the path in place.
//! [`QueryBuilder`] writes pairs, and [`Uri::edit_query`] changes one without touching the bytes of the
//! others.
//!
//! ```
//! use nethttp::uri::Uri;
//!
//! let mut uri = Uri::parse("https://example.org/api?key=%7e1&page=1")?;
//! uri.append_path("users")?.push_segment("jürgen")?;
//! let uri = uri.edit_query(|query| query.set("page", "2"))?;
//! assert_eq!(uri, "https://example.org/api/users/j%C3%BCrgen?key=%7e1&page=2");
//! # Ok::<(), nethttp::uri::UriError>(())
//! ```
//!
//! # What people type
//!
//! `http://example.org/a b` is no URI, and [`Uri::parse`] says where it stops being one.
//! [`Uri::fix_up`] makes one of it, and says what it did; it repairs what is behind the authority, and
//! never guesses where a text leads. [`domain_to_ascii`] maps host names beyond ASCII.
//!
//! ```
//! use nethttp::uri::{Fixes, Uri};
//!
//! let error = Uri::parse("http://example.org/a b").unwrap_err();
//! assert_eq!(error.offset(), 20);
//! let (uri, fixes) = Uri::fix_up("http://bücher.example/a b")?;
//! assert_eq!(uri, "http://xn--bcher-kva.example/a%20b");
//! assert_eq!(fixes, Fixes::HOST | Fixes::ESCAPED);
//! # Ok::<(), nethttp::uri::UriError>(())
//! ```
//!
//! # On the wire
//!
//! A request-line holds a [`RequestTarget`], one of four forms and on the open Web more than RFC 3986
//! allows; [`RequestTarget::to_uri`] makes a URI of it and the `Host` field, which [`check_host`]
//! reads. [`Uri::origin_form`] and [`Uri::host_header`] are what a client sends.
//!
//! # Limits
//!
//! | what | at most | |
//! |---|---|---|
//! | a URI, a reference, a request target | [`u32::MAX`] bytes | fixed: offsets have 32 bits |
//! | a form that is read strictly | 1 MiB and 1,000 pairs | [`FormLimits`] |
//! | a label, a domain beyond ASCII | 63 and 253 octets | fixed by the DNS |
//!
//! Every call takes time in proportion to the length of the text, dots and escapes included. Text from
//! the network is limited before it gets here, by [`h1::Limits`](crate::h1::Limits).
//!
//! # Not here
//!
//! Names are not looked up. There is no IRI type (`fix_up` maps one), no URI template (RFC 6570), and
//! no scheme has rules of its own but for its default port. [RFC 9844] has withdrawn the zones of
//! RFC 6874 from URIs; they are read, since people write them, and never sent.
//!
//! [RFC 3986]: https://www.rfc-editor.org/rfc/rfc3986
//! [RFC 6874]: https://www.rfc-editor.org/rfc/rfc6874
//! [RFC 9844]: https://www.rfc-editor.org/rfc/rfc9844
//! [RFC 9110 §4]: https://www.rfc-editor.org/rfc/rfc9110#section-4
//! [RFC 9112 §3.2]: https://www.rfc-editor.org/rfc/rfc9112#section-3.2

mod absolute;
mod authority;
mod blocks;
mod builder;
mod components;
mod compose;
mod dots;
mod draft;
mod edit;
mod encode;
mod error;
mod fix_up;
mod fixes;
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
mod repair;
mod resolve;
mod target;
mod target_uri;
mod text;

pub use absolute::{Uri, UriView};
pub use authority::{Authority, check_host};
pub use builder::UriBuilder;
#[cfg(feature = "server")]
pub(crate) use dots::first_dot_segment;
#[cfg(feature = "server")]
pub(crate) use dots::remove_dot_segments;
pub use encode::encode;
pub use error::{UriError, UriErrorKind};
pub use fix_up::FixUp;
pub use fixes::Fixes;
pub use host::Host;
pub(crate) use idna::encode_label;
pub use idna::{domain_to_ascii, domain_to_unicode};
pub use normalize::Normalizer;
pub use pct_str::{PctStr, Segments};
pub use query::{FormLimits, Pairs, PairsIter, QueryBuilder, RawPairs};
pub use reference::{UriRef, UriRefView};
pub(crate) use target::TargetLayout;
pub use target::{RequestTarget, TargetForm};

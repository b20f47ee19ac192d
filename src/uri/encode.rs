//! Percent-encoding for users of URIs, [RFC 3986 §2.1].
//!
//! [RFC 3986 §2.1]: https://www.rfc-editor.org/rfc/rfc3986#section-2.1

use crate::syntax::{Class, PercentEncoded};

/// Returns the text, shown with every byte outside of `keep` percent-encoded: for `format!`.
///
/// [`Class::PCHAR`] makes one segment of a path of any text, [`Class::PATH`] keeps the slashes between
/// several; [`Class::QUERY`] is for a query that is not made of pairs, and a
/// [`QueryBuilder`](super::QueryBuilder) for one that is. `%` is always escaped, so text that is
/// encoded already is encoded again.
///
/// The segments `.` and `..` stay what they are, and no escape would change what they mean
/// ([RFC 3986 §6.2.2.3](https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2.3)): refuse them where a
/// segment comes from someone else.
///
/// # Examples
///
/// ```
/// use nethttp::syntax::Class;
/// use nethttp::uri;
///
/// let path = format!("/search/{}", uri::encode("a b/ü?", Class::PCHAR));
/// assert_eq!(path, "/search/a%20b%2F%C3%BC%3F");
/// ```
#[must_use]
pub fn encode<'a>(text: &'a (impl AsRef<[u8]> + ?Sized), keep: Class) -> PercentEncoded<'a> {
    PercentEncoded::new(text, keep)
}

//! Percent-encoding for users of URIs, [RFC 3986 §2.1].
//!
//! [RFC 3986 §2.1]: https://www.rfc-editor.org/rfc/rfc3986#section-2.1

use crate::syntax::{Class, PercentEncoded};

/// Returns the text, shown with every byte outside of `keep` percent-encoded: for `format!`.
///
/// | of the text becomes | `keep` |
/// |---|---|
/// | one segment of a path | [`Class::PCHAR`] |
/// | a path, its slashes being those of the text | [`Class::PATH`] |
/// | a query as a whole, its `&`, `=` and `+` being those of the text | [`Class::QUERY`] |
/// | a name or a value in a query | none: [`QueryBuilder`](super::QueryBuilder), or [`Class::UNRESERVED`] |
/// | a fragment | [`Class::FRAGMENT`] |
/// | a user name or a password | [`Class::REG_NAME`], which lacks the `:` between the two |
/// | a host name | none: [`domain_to_ascii`](super::domain_to_ascii), or [`Class::REG_NAME`] |
/// | what anything may hold | [`Class::UNRESERVED`] |
///
/// `%` is always escaped, so text that is encoded already is encoded again.
///
/// The segments `.` and `..` stay what they are, and no escape would change what they mean
/// ([RFC 3986 §2.3](https://www.rfc-editor.org/rfc/rfc3986#section-2.3)): refuse them where a segment
/// comes from someone else, as [`Uri::push_segment`](super::Uri::push_segment) does.
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

//! Writing pairs, and editing a query in its place: the
//! [URL standard's serializer](https://url.spec.whatwg.org/#urlencoded-serializing).

use alloc::string::String;
use core::fmt;

use super::Pairs;
use super::pairs::{is_named, split};
use crate::syntax::form_encode;

/// A query, or a form, that is being written.
///
/// What is written is encoded as browsers encode forms: all but [`Class::FORM`] escaped, a space as `+`.
/// It is a valid query ([RFC 3986 §3.4](https://www.rfc-editor.org/rfc/rfc3986#section-3.4)) and a valid
/// body of `application/x-www-form-urlencoded`.
///
/// What was there before stays as it is, byte for byte, unless it is edited: the signature of a signed
/// URL still holds. The methods take the builder and give it back, so that calls chain; for a loop
/// there is [`Extend`].
///
/// [`Class::FORM`]: crate::syntax::Class::FORM
///
/// # Examples
///
/// A query from nothing:
///
/// ```
/// use nethttp::uri::QueryBuilder;
///
/// let query = QueryBuilder::new().append("q", "naïve & small").append("page", "1");
/// assert_eq!(format!("/search?{query}"), "/search?q=na%C3%AFve+%26+small&page=1");
/// ```
///
/// The next page of a query that someone else wrote:
///
/// ```
/// # use nethttp::uri::QueryBuilder;
/// let next = QueryBuilder::from("sig=%7e%2B/&page=1&page=x&&debug").set("page", "2");
/// assert_eq!(next.as_str(), "sig=%7e%2B/&page=2&&debug");
/// ```
///
/// The body of a form:
///
/// ```
/// # use nethttp::uri::QueryBuilder;
/// let body = QueryBuilder::from_iter([("user", "ada"), ("password", "a=b")]).to_string();
/// assert_eq!(body, "user=ada&password=a%3Db");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[must_use = "the methods of a builder return it"]
pub struct QueryBuilder {
    text: String,
}

impl QueryBuilder {
    /// Returns an empty query.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(nethttp::uri::QueryBuilder::new().as_str(), "");
    /// ```
    pub const fn new() -> Self {
        Self { text: String::new() }
    }

    /// Appends a pair, whether or not there is one of this name.
    ///
    /// A `&` at the end of the query is used, not doubled.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::QueryBuilder;
    ///
    /// let query = QueryBuilder::from("a=1").append("a", "2 + 3").append("b", 4.to_string());
    /// assert_eq!(query.as_str(), "a=1&a=2+%2B+3&b=4");
    /// ```
    pub fn append(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.push(name.as_ref(), value.as_ref());
        self
    }

    /// Appends a name without `=`, which some services tell from an empty value; an empty name, which
    /// would be nothing at all, gets its `=`.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::QueryBuilder;
    ///
    /// let query = QueryBuilder::new().append_name("uploads").append("prefix", "a");
    /// assert_eq!(query.as_str(), "uploads&prefix=a");
    /// ```
    pub fn append_name(mut self, name: impl AsRef<str>) -> Self {
        match name.as_ref() {
            "" => self.push("", ""),
            name => {
                self.separate();
                form_encode(name, &mut self.text);
            }
        }
        self
    }

    /// Sets the value of the first pair of this name, in its place, and removes the others; appends a
    /// pair if there is none.
    ///
    /// Names are compared as they decode, and the one that stays keeps its spelling.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::QueryBuilder;
    ///
    /// let query = QueryBuilder::from("n%61me=a&x=%7e&name=b").set("name", "c").set("y", "1");
    /// assert_eq!(query.as_str(), "n%61me=c&x=%7e&y=1");
    /// ```
    pub fn set(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let (name, value) = (name.as_ref(), value.as_ref());
        if !self.replace(name, Some(value)) {
            self.push(name, value);
        }
        self
    }

    /// Removes all pairs of this name, each with one `&` beside it.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::QueryBuilder;
    ///
    /// let query = QueryBuilder::from("utm=1&a=%7e&utm&b=").remove("utm");
    /// assert_eq!(query.as_str(), "a=%7e&b=");
    /// ```
    pub fn remove(mut self, name: impl AsRef<str>) -> Self {
        self.replace(name.as_ref(), None);
        self
    }

    /// Returns the pairs as they are now.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::QueryBuilder;
    ///
    /// let query = QueryBuilder::new().append("a", "é");
    /// assert_eq!(query.pairs().get("a").as_deref(), Some("é"));
    /// ```
    #[must_use]
    pub fn pairs(&self) -> Pairs<'_> {
        Pairs::new(&self.text)
    }

    /// Returns the text as it is now.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::QueryBuilder;
    ///
    /// assert_eq!(QueryBuilder::new().append("a", "é").as_str(), "a=%C3%A9");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    fn push(&mut self, name: &str, value: &str) {
        self.text.reserve(name.len() + value.len() + 2);
        self.separate();
        form_encode(name, &mut self.text);
        self.text.push('=');
        form_encode(value, &mut self.text);
    }

    fn separate(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('&') {
            self.text.push('&');
        }
    }

    /// Gives the first pair of this name the value, if there is one, and leaves out all others; returns
    /// whether there was a pair of this name.
    fn replace(&mut self, name: &str, value: Option<&str>) -> bool {
        let names = |piece: &str| !piece.is_empty() && is_named(split(piece).0, name);
        if !self.text.split('&').any(names) {
            return false;
        }
        let mut value = value;
        let mut separator = "";
        let mut text = String::with_capacity(self.text.len() + value.map_or(0, str::len));
        for piece in self.text.split('&') {
            let is_named = names(piece);
            let new = if is_named { value.take() } else { None };
            if is_named && new.is_none() {
                continue;
            }
            text.push_str(separator);
            separator = "&";
            match new {
                Some(value) => {
                    text.push_str(split(piece).0);
                    text.push('=');
                    form_encode(value, &mut text);
                }
                None => text.push_str(piece),
            }
        }
        self.text = text;
        true
    }
}

/// Takes a query over as it is, without its `?`. It is not checked: what the builder writes is valid
/// when this is.
impl From<String> for QueryBuilder {
    fn from(text: String) -> Self {
        Self { text }
    }
}

/// Copies a query as it is, without its `?`. It is not checked: what the builder writes is valid when
/// this is.
impl From<&str> for QueryBuilder {
    fn from(text: &str) -> Self {
        Self { text: text.into() }
    }
}

/// Copies the text of the pairs as it is.
impl From<Pairs<'_>> for QueryBuilder {
    fn from(pairs: Pairs<'_>) -> Self {
        pairs.as_str().into()
    }
}

impl From<QueryBuilder> for String {
    fn from(builder: QueryBuilder) -> Self {
        builder.text
    }
}

impl AsRef<str> for QueryBuilder {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

/// Appends the pairs in their order.
impl<N: AsRef<str>, V: AsRef<str>> Extend<(N, V)> for QueryBuilder {
    fn extend<I: IntoIterator<Item = (N, V)>>(&mut self, pairs: I) {
        for (name, value) in pairs {
            self.push(name.as_ref(), value.as_ref());
        }
    }
}

impl<N: AsRef<str>, V: AsRef<str>> FromIterator<(N, V)> for QueryBuilder {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut builder = Self::new();
        builder.extend(pairs);
        builder
    }
}

/// Shows the text as it is.
impl fmt::Display for QueryBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[track_caller]
    fn is(builder: QueryBuilder, expected: &str) {
        assert_eq!(builder.as_str(), expected);
        assert_eq!(builder.to_string(), expected);
        assert_eq!(String::from(builder), expected);
    }

    #[test]
    fn writes_what_browsers_write() {
        is(QueryBuilder::new(), "");
        is(QueryBuilder::new().append("", ""), "=");
        is(QueryBuilder::new().append("a", ""), "a=");
        is(QueryBuilder::new().append("a b", "c&d=e+f"), "a+b=c%26d%3De%2Bf");
        is(QueryBuilder::new().append("*-._", "~!'()"), "*-._=%7E%21%27%28%29");
        is(QueryBuilder::new().append("é", "\0%/?"), "%C3%A9=%00%25%2F%3F");
        is(QueryBuilder::new().append("a", "1").append("a", "1"), "a=1&a=1");
    }

    #[test]
    fn a_name_without_a_value_has_no_equals_sign() {
        is(QueryBuilder::new().append_name("a=b").append_name("c"), "a%3Db&c");
        is(QueryBuilder::new().append_name(""), "=");
    }

    #[test]
    fn appends_behind_what_is_there() {
        is(QueryBuilder::from("a=%7e").append("b", "1"), "a=%7e&b=1");
        is(QueryBuilder::from("a&").append("b", "1"), "a&b=1");
        is(QueryBuilder::from("a&&").append_name("b"), "a&&b");
        is(QueryBuilder::from("&").append_name("b"), "&b");
        is(QueryBuilder::from(Pairs::new("|a")).append_name("b"), "|a&b");
    }

    #[test]
    fn collects_and_extends() {
        let mut builder = QueryBuilder::from_iter([("a", "b"), ("c", "d")]);
        builder.extend([("e".to_string(), 1.to_string())]);
        builder.extend(Pairs::new("f=%7e+"));
        is(builder, "a=b&c=d&e=1&f=%7E+");
    }

    #[track_caller]
    fn sets(text: &str, expected: &str) {
        is(QueryBuilder::from(text).set("a b", "1 2"), expected);
    }

    #[test]
    fn sets_the_first_pair_of_a_name_and_removes_the_others() {
        sets("", "a+b=1+2");
        sets("c=d", "c=d&a+b=1+2");
        sets("a+b=x", "a+b=1+2");
        sets("a%20b=x", "a%20b=1+2");
        sets("a+b", "a+b=1+2");
        sets("a%20b=x&c=%7e&a+b=y&%61+b", "a%20b=1+2&c=%7e");
        sets("c&a+b=&&d", "c&a+b=1+2&&d");
        sets("&a+b&", "&a+b=1+2&");
        is(QueryBuilder::from("&&a=1").set("", "x"), "&&a=1&=x");
        is(QueryBuilder::from("&=1").set("", "x"), "&=x");
    }

    #[track_caller]
    fn removes(text: &str, expected: &str) {
        is(QueryBuilder::from(text).remove("a"), expected);
    }

    #[test]
    fn removes_a_pair_with_one_separator() {
        removes("", "");
        removes("a", "");
        removes("a=1&b", "b");
        removes("b&a=1", "b");
        removes("b&a=1&c", "b&c");
        removes("b&&a=1&&c", "b&&&c");
        removes("a&b&%61=2&A&aa&a", "b&A&aa");
        removes("&b=a", "&b=a");
        is(QueryBuilder::from("&=1&b&").remove(""), "&b&");
    }
}

//! The query of a request.

use std::borrow::Borrow;
use std::fmt::{Display, Write};

use super::request::RequestBuilder;
use crate::error::{Error, ErrorKind};
use crate::syntax::Class;
use crate::uri::{Uri, encode};

impl RequestBuilder {
    /// Adds `name=value` to the query, behind what the URL has; everything in them but unreserved
    /// characters is percent-encoded. The value is whatever can be displayed.
    ///
    /// Bytes that are no text are written into the URL, by [`encode`](crate::uri::encode).
    ///
    /// ```
    /// let request = nethttp::get("http://example.org/search?lang=de")
    ///     .query("q", "naïve & small")
    ///     .query("page", 3)
    ///     .build()?;
    /// let query = "lang=de&q=na%C3%AFve%20%26%20small&page=3";
    /// assert_eq!(request.query(), Some(query));
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn query(mut self, name: impl AsRef<str>, value: impl Display) -> Self {
        self.push_query(name.as_ref(), &value);
        self
    }

    /// Adds many pairs of names and values to the query, each as [`query`](Self::query) does: those of an array, a `Vec` or a map, or
    /// of a reference to one.
    ///
    /// ```
    /// let filter = vec![("tag".to_owned(), "sea & sun".to_owned())];
    /// let request = nethttp::get("http://example.org/photos")
    ///     .queries(&filter)
    ///     .queries([("page", 3), ("size", 50)])
    ///     .build()?;
    /// assert_eq!(request.query(), Some("tag=sea%20%26%20sun&page=3&size=50"));
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn queries<N: AsRef<str>, V: Display>(
        mut self,
        pairs: impl IntoIterator<Item = impl Borrow<(N, V)>>,
    ) -> Self {
        for pair in pairs {
            let (name, value) = pair.borrow();
            self.push_query(name.as_ref(), value);
        }
        self
    }

    fn push_query(&mut self, name: &str, value: &impl Display) {
        let value = match text_of(value) {
            Ok(value) => value,
            Err(error) => return self.fail(error),
        };
        let separator = if self.query.is_empty() { "" } else { "&" };
        let (name, value) = (encode(name, Class::UNRESERVED), encode(&value, Class::UNRESERVED));
        // A `String` takes everything.
        let _ = write!(self.query, "{separator}{name}={value}");
    }
}

/// Displays a value. One that refuses, as times do whose format is none, makes `to_string` panic.
pub(super) fn text_of(value: &impl Display) -> Result<String, Error> {
    let mut text = String::new();
    let refused =
        |_| Error::new(ErrorKind::Encode).with_text("expected a value that can be displayed");
    write!(text, "{value}").map_err(refused).map(|()| text)
}

/// Adds an escaped query to that of the URL.
pub(super) fn with_query(url: Uri, query: &str) -> Result<Uri, Error> {
    match url.query() {
        _ if query.is_empty() => Ok(url),
        None | Some("") => Ok(url.with_query(query)?),
        Some(first) if first.ends_with('&') => Ok(url.with_query(format!("{first}{query}"))?),
        Some(first) => Ok(url.with_query(format!("{first}&{query}"))?),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap};
    use std::fmt;

    use super::*;
    use crate::client::Client;
    use crate::form::Form;

    #[test]
    fn a_query_goes_behind_the_one_of_the_url_and_before_the_fragment() {
        for (url, expected) in [
            ("http://a", "http://a?n=v"),
            ("http://a/b", "http://a/b?n=v"),
            ("http://a/?", "http://a/?n=v"),
            ("http://a/?b", "http://a/?b&n=v"),
            ("http://a/?b&", "http://a/?b&n=v"),
            ("http://a/#f?g", "http://a/?n=v#f?g"),
            ("http://a/?b#", "http://a/?b&n=v#"),
        ] {
            assert_eq!(with_query(Uri::parse(url).unwrap(), "n=v").unwrap(), expected);
            assert_eq!(with_query(Uri::parse(url).unwrap(), "").unwrap(), url);
        }
    }

    #[test]
    fn a_query_is_escaped() {
        let builder = Client::new().get("http://a").query("a b", "=&+#%").query("é", "");
        assert_eq!(builder.query, "a%20b=%3D%26%2B%23%25&%C3%A9=");
    }

    #[test]
    fn values_are_whatever_can_be_displayed() {
        let builder = Client::new().get("http://a").query("a", 3).query("b", -0.5);
        let builder = builder.query(String::from("c"), String::from("d")).query("e", true);
        let builder = builder.query("f", Uri::parse("http://a/?b").unwrap()).query("g", 'h');
        assert_eq!(builder.query, "a=3&b=-0.5&c=d&e=true&f=http%3A%2F%2Fa%2F%3Fb&g=h");
    }

    #[test]
    fn a_value_that_refuses_to_be_displayed_is_an_error() {
        struct Mute;
        impl Display for Mute {
            fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
                Err(fmt::Error)
            }
        }
        let get = || Client::new().get("http://a");
        for wrong in
            [get().query("a", Mute), get().queries([("a", Mute)]), get().form([("a", Mute)])]
        {
            let error = wrong.send().unwrap_err();
            let text = "expected a value that can be displayed";
            assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Encode, text));
        }
    }

    #[test]
    fn pairs_are_taken_from_whatever_has_some() {
        fn writes<N: AsRef<str>, V: Display>(
            pairs: impl IntoIterator<Item = impl Borrow<(N, V)>>,
            expected: &str,
        ) {
            let builder = Client::new().get("http://a").query("x", 0).queries(pairs);
            assert_eq!(builder.query, expected);
        }
        let owned = vec![("a b".to_owned(), "&".to_owned()), ("c".to_owned(), String::new())];
        writes(&owned, "x=0&a%20b=%26&c=");
        writes(owned.iter().filter(|pair| pair.1.is_empty()), "x=0&c=");
        writes(owned, "x=0&a%20b=%26&c=");
        writes([("a", "b"), ("a", "b")], "x=0&a=b&a=b");
        writes(&[("a", 1)][..], "x=0&a=1");
        writes([("a", &1 as &dyn Display), ("b", &"c")], "x=0&a=1&b=c");
        let map = BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)]);
        writes(&map, "x=0&a=1&b=2");
        writes(map, "x=0&a=1&b=2");
        let map = HashMap::from([("a", "b")]);
        writes(&map, "x=0&a=b");
        writes(map, "x=0&a=b");
        writes(&Form::from_iter([("a", "b")]), "x=0&a=b");
        writes([("", ""); 0], "x=0");
    }
}

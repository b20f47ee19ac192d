//! The query of a request.

use std::fmt::Write;

use super::request::RequestBuilder;
use crate::error::Error;
use crate::syntax::Class;
use crate::uri::{Uri, encode};

impl RequestBuilder {
    /// Adds `name=value` to the query, behind what the URL has; everything in them but unreserved
    /// characters is percent-encoded.
    ///
    /// ```no_run
    /// // http://example.org/search?lang=de&q=na%C3%AFve%20%26%20small
    /// let response =
    ///     nethttp::get("http://example.org/search?lang=de").query("q", "naïve & small").send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn query(mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Self {
        let separator = if self.query.is_empty() { "" } else { "&" };
        let name = encode(&name, Class::UNRESERVED);
        let value = encode(&value, Class::UNRESERVED);
        // A `String` takes everything.
        let _ = write!(self.query, "{separator}{name}={value}");
        self
    }
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
    use super::*;
    use crate::client::Client;

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
}

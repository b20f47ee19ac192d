//! Origins, [RFC 6454](https://www.rfc-editor.org/rfc/rfc6454): who made a page that sends a request.

use crate::error::{Error, ErrorKind};
use crate::uri::{Authority, Uri};

/// A list of origins, as browsers send them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Origins(Vec<String>);

impl Origins {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds an origin, spelled as a browser does: without a slash behind it, in lower case, and without the port that goes
    /// without saying. Browsers compare bytes, so another spelling would match nothing, and nobody would know why.
    ///
    /// ```abnf
    /// serialized-origin = scheme "://" host [ ":" port ]
    /// ```
    pub(super) fn add(&mut self, origin: &str) -> Result<(), Error> {
        let normal = Uri::parse(origin).ok().filter(|uri| {
            let has_host = |it: Authority<'_>| it.userinfo().is_none() && !it.host_str().is_empty();
            uri.authority().is_some_and(has_host) && uri.path().is_empty()
        });
        let is_serialized = normal.is_some_and(|uri| {
            let normal = uri.normalize();
            normal.as_str() == origin || normal.as_str().strip_suffix('/') == Some(origin)
        });
        if !is_serialized {
            let text = "expected an origin as browsers send it, such as https://example.org, found";
            return Err(Error::new(ErrorKind::Url).with_text(format!("{text} {origin:?}")));
        }
        self.0.push(origin.to_owned());
        Ok(())
    }

    pub(super) fn contains(&self, origin: &[u8]) -> bool {
        self.0.iter().any(|own| own.as_bytes() == origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_compared_as_they_are_sent() {
        let mut origins = Origins::new();
        for good in [
            "https://example.org",
            "http://localhost:8080",
            "http://127.0.0.1:3000",
            "http://[::1]:8080",
            "https://xn--bcher-kva.example",
            "moz-extension://4f9a1f2e-0000-4000-8000-123456789abc",
            "capacitor://localhost",
        ] {
            origins.add(good).unwrap();
            assert!(origins.contains(good.as_bytes()));
        }
        for other in
            ["https://example.or", "https://example.org/", "HTTPS://example.org", "null", ""]
        {
            assert!(!origins.contains(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn what_no_browser_sends_is_refused() {
        for bad in [
            "null",
            "*",
            "",
            "example.org",
            "https://example.org/",
            "https://example.org/a",
            "https://example.org?",
            "https://example.org#",
            "https://Example.org",
            "HTTPS://example.org",
            "https://example.org:443",
            "http://example.org:80",
            "https://example.org:",
            "https://a@b",
            "https://*.example.org ",
            "https://",
            "file:///",
            "mailto:a@b",
            "https://a b",
            "https://bücher.example",
        ] {
            assert!(Origins::new().add(bad).is_err(), "{bad}");
        }
        let error = Origins::new().add("https://example.org/").unwrap_err();
        assert_eq!(
            error.to_string(),
            "expected an origin as browsers send it, such as https://example.org, \
            found \"https://example.org/\""
        );
    }
}

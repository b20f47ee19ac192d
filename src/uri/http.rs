//! What HTTP makes of a URI: a port, a request-line, a `Host` field ([RFC 9110 §4.2],
//! [RFC 9112 §3.2]).
//!
//! [RFC 9110 §4.2]: https://www.rfc-editor.org/rfc/rfc9110#section-4.2
//! [RFC 9112 §3.2]: https://www.rfc-editor.org/rfc/rfc9112#section-3.2

use alloc::borrow::Cow;
use alloc::format;

use super::absolute::{Uri, UriView};
use super::parts::{offset, slice};

/// The schemes that browsers know to have a host, and their ports.
const WEB: [(&str, u16); 5] = [("http", 80), ("https", 443), ("ws", 80), ("wss", 443), ("ftp", 21)];

/// The port of a scheme, if it is one of those that browsers know.
pub(super) fn default_port(scheme: &str) -> Option<u16> {
    let known = WEB.iter().find(|(name, _)| scheme.eq_ignore_ascii_case(name));
    known.map(|(_, port)| *port)
}

/// Whether a URI of a scheme has a host, for browsers at least.
pub(super) fn needs_host(scheme: &str) -> bool {
    default_port(scheme).is_some()
}

/// Defines the methods for a type with a `split()`. `$lifetime` is that of the texts they return.
macro_rules! http_methods {
    ($lifetime:lifetime) => {
        /// Returns the port of the authority, or that of the scheme: 80 for `http` and `ws`, 443 for `https`
        /// and `wss`, 21 for `ftp`.
        ///
        /// `None` where there is neither, and for a port above 65535;
        /// [`Authority::port_u16`](super::Authority::port_u16) tells the two apart.
        ///
        /// # Examples
        ///
        /// ```
        /// use nethttp::uri::Uri;
        ///
        /// assert_eq!(Uri::parse("http://a:8080/")?.port_or_default(), Some(8080));
        /// assert_eq!(Uri::parse("https://a/")?.port_or_default(), Some(443));
        /// assert_eq!(Uri::parse("gopher://a/")?.port_or_default(), None);
        /// # Ok::<(), nethttp::uri::UriError>(())
        /// ```
        #[must_use]
        pub fn port_or_default(&self) -> Option<u16> {
            let port =
                self.split().authority().map_or(Ok(None), |authority| authority.port_u16()).ok()?;
            port.or_else(|| default_port(self.split().scheme().unwrap_or_default()))
        }

        /// Returns what a client writes on the request-line to the origin server: the path and the query,
        /// with a `/` in front of a path that does not start with one.
        ///
        /// `origin-form = absolute-path [ "?" query ]`,
        /// [RFC 9112 §3.2.1](https://www.rfc-editor.org/rfc/rfc9112#section-3.2.1)
        ///
        /// # Examples
        ///
        /// ```
        /// use nethttp::uri::Uri;
        ///
        /// assert_eq!(Uri::parse("http://a/b?c#d")?.origin_form(), "/b?c");
        /// assert_eq!(Uri::parse("http://a?c")?.origin_form(), "/?c");
        /// # Ok::<(), nethttp::uri::UriError>(())
        /// ```
        #[must_use]
        pub fn origin_form(&self) -> Cow<$lifetime, str> {
            match self.split().path_and_query() {
                "" => Cow::Borrowed("/"),
                text if text.starts_with('/') => Cow::Borrowed(text),
                text => Cow::Owned(format!("/{text}")),
            }
        }

        /// Returns the value of the `Host` field in a request for this URI: the host and the port, without
        /// user information, without the zone of an IPv6 address, and without a port that is empty or the
        /// scheme's default. Empty where the URI has no authority.
        ///
        /// [RFC 9110 §7.2](https://www.rfc-editor.org/rfc/rfc9110#section-7.2),
        /// [RFC 6874 §4](https://www.rfc-editor.org/rfc/rfc6874#section-4)
        ///
        /// # Examples
        ///
        /// ```
        /// use nethttp::uri::Uri;
        ///
        /// assert_eq!(Uri::parse("http://user@a:8080/")?.host_header(), "a:8080");
        /// assert_eq!(Uri::parse("http://a:80/")?.host_header(), "a");
        /// assert_eq!(Uri::parse("http://[fe80::1%25eth0]/")?.host_header(), "[fe80::1]");
        /// # Ok::<(), nethttp::uri::UriError>(())
        /// ```
        #[must_use]
        pub fn host_header(&self) -> Cow<$lifetime, str> {
            let split = self.split();
            let Some(authority) = split.authority() else {
                return Cow::Borrowed("");
            };
            let host = authority.host_str();
            let port = match (authority.port(), authority.port_u16()) {
                (None | Some(""), _) => "",
                (_, Ok(number))
                    if number == default_port(self.split().scheme().unwrap_or_default()) =>
                {
                    ""
                }
                // With the `:`.
                _ => slice(split.text, split.parts.host_end, split.parts.path_start),
            };
            let literal = Some(host).filter(|host| host.starts_with('['));
            match literal.and_then(|literal| literal.split_once("%25")) {
                Some((address, _)) => Cow::Owned(format!("{address}]{port}")),
                None => {
                    let start = split.parts.host_start;
                    let len = offset(host.len() + port.len());
                    Cow::Borrowed(slice(split.text, start, start + len))
                }
            }
        }
    };
}

impl Uri {
    http_methods!('_);

    /// Returns what a client writes on the request-line to a proxy: all but the fragment.
    ///
    /// `absolute-form = absolute-URI`, [RFC 9112 §3.2.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2)
    #[cfg(feature = "client")]
    pub(crate) fn absolute_form(&self) -> &str {
        self.split().before_fragment()
    }
}

impl<'a> UriView<'a> {
    http_methods!('a);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(text: &str) -> Uri {
        Uri::parse(text).unwrap()
    }

    #[test]
    fn host_header_leaves_out_what_the_wire_does_not_carry() {
        for (text, expected) in [
            ("http://a", "a"),
            ("http://u:p@a:8080/b", "a:8080"),
            ("http://a:80/", "a"),
            ("HTTP://a:0080/", "a"),
            ("https://a:443", "a"),
            ("https://a:80", "a:80"),
            ("http://a:443", "a:443"),
            ("http://a:/", "a"),
            ("ftp://a:21", "a"),
            ("http://a:99999/", "a:99999"),
            ("http://[::1]:80/", "[::1]"),
            ("http://u@[fe80::1%25e]:8080/", "[fe80::1]:8080"),
            ("http://[fe80::1%25e]:80/", "[fe80::1]"),
            ("http://a%25b/", "a%25b"),
            ("mailto:a", ""),
            ("file:///a", ""),
        ] {
            assert_eq!(uri(text).host_header(), expected, "{text}");
        }
    }

    #[test]
    fn origin_form_starts_with_a_slash() {
        for (text, expected) in [
            ("http://a", "/"),
            ("http://a#f", "/"),
            ("http://a?q#f", "/?q"),
            ("http://a?", "/?"),
            ("http://a/b/../c?d?e#f", "/b/../c?d?e"),
            ("http://a//b", "//b"),
            ("urn:a", "/a"),
        ] {
            assert_eq!(uri(text).origin_form(), expected, "{text}");
        }
    }

    #[test]
    fn port_comes_from_the_authority_or_the_scheme() {
        for (text, expected) in [
            ("http://a", Some(80)),
            ("HTTPS://a", Some(443)),
            ("https://a:", Some(443)),
            ("https://a:1", Some(1)),
            ("http://a:65536", None),
            ("ftp://a", Some(21)),
            ("gopher://a", None),
            ("gopher://a:70", Some(70)),
            ("wss://a", Some(443)),
        ] {
            assert_eq!(uri(text).port_or_default(), expected, "{text}");
        }
    }
}

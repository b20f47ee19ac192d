//! What the URI of a request says to a jar: host, path, and whether the connection is secure.
//!
//! Hosts are compared in their canonical form
//! ([6265bis §5.1.2](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.1.2)):
//! in small letters, A-labels, without a final dot.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::ToString;

use crate::syntax::percent_decode_lossy;
use crate::uri::{Host, Uri, domain_to_ascii};

/// A URI as a jar sees it.
#[derive(Clone, Debug)]
pub(super) struct RequestUri<'a> {
    host: Cow<'a, str>,
    is_name: bool,
    is_loopback: bool,
    is_tls: bool,
    path: &'a [u8],
}

/// A name in the DNS has no more bytes; what is longer has no cookies, so that walking up the domains of
/// a host stays cheap.
pub(super) const MAX_HOST_LEN: usize = 255;

impl<'a> RequestUri<'a> {
    /// Returns `None` for a URI whose host is not one that a cookie can belong to: none, an empty one, one
    /// that the DNS cannot have.
    pub(super) fn new(uri: &'a Uri) -> Option<Self> {
        let host = uri.authority()?.host();
        let (host, is_name, is_loopback) = match host {
            Host::Name(name) => {
                let host = canonical_name(name)?;
                let is_name = !ends_in_number(&host);
                let is_loopback = is_localhost(&host);
                (host, is_name, is_loopback)
            }
            Host::Ipv4(address) => (Cow::Owned(address.to_string()), false, address.is_loopback()),
            Host::Ipv6(address, None) => {
                (Cow::Owned(format!("[{address}]")), false, address.is_loopback())
            }
            Host::Ipv6(_, Some(_)) | Host::IpvFuture(_) => return None,
        };
        let is_tls = ["https", "wss"].iter().any(|it| uri.scheme().eq_ignore_ascii_case(it));
        Some(Self { host, is_name, is_loopback, is_tls, path: uri.path().as_bytes() })
    }

    /// Returns the host in its canonical form.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// Returns whether the host is a name, so that it has domains above it; an address has none.
    pub(super) const fn is_name(&self) -> bool {
        self.is_name
    }

    /// Returns whether nobody else can listen in: the scheme says so, or the request stays on this
    /// machine and that counts.
    pub(super) const fn is_secure(&self, trust_loopback: bool) -> bool {
        self.is_tls || trust_loopback && self.is_loopback
    }

    /// Returns the path; an empty one is `/`.
    pub(super) const fn path(&self) -> &'a [u8] {
        if self.path.is_empty() { b"/" } else { self.path }
    }
}

/// Whether a canonical host is an address in a form that is not that of RFC 3986. Only a label that begins
/// with a digit can be a number.
fn ends_in_number(host: &str) -> bool {
    let label = host.as_bytes().rsplit(|&octet| octet == b'.').next().unwrap_or_default();
    label.first().is_some_and(u8::is_ascii_digit) && Host::Name(host).ends_in_number()
}

fn canonical_name(name: &str) -> Option<Cow<'_, str>> {
    // What nearly all hosts are: in small letters, and without a final dot.
    if is_domain(name) && !name.bytes().any(|octet| octet.is_ascii_uppercase()) {
        return Some(Cow::Borrowed(name));
    }
    let mut host = if name.contains('%') {
        let decoded = percent_decode_lossy(name.as_bytes());
        let decoded = core::str::from_utf8(&decoded).ok()?;
        Cow::Owned(domain_to_ascii(decoded).ok()?.into_owned())
    } else if name.bytes().any(|octet| octet.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    };
    if host.ends_with('.') {
        match &mut host {
            Cow::Borrowed(host) => *host = host.strip_suffix('.').unwrap_or(host),
            Cow::Owned(host) => {
                host.pop();
            }
        }
    }
    is_domain(&host).then_some(host)
}

/// Whether a text can be a domain: labels that the DNS can have, none of them empty.
pub(super) fn is_domain(text: &str) -> bool {
    let is_of_domain = |is_so, octet: u8| {
        is_so & (octet.is_ascii_alphanumeric() | matches!(octet, b'-' | b'_' | b'.'))
    };
    text.len() <= MAX_HOST_LEN
        && text.bytes().fold(true, is_of_domain)
        && text.split('.').all(|label| !label.is_empty())
}

fn is_localhost(host: &str) -> bool {
    host.strip_suffix("localhost").is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Whether a host is in a domain, [6265bis §5.1.3]: it is the domain, or a name that ends in it behind a
/// dot.
///
/// [6265bis §5.1.3]: https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.1.3
pub(super) fn domain_matches(host: &str, is_name: bool, domain: &str) -> bool {
    match host.strip_suffix(domain) {
        Some("") => true,
        Some(rest) => is_name && rest.ends_with('.'),
        None => false,
    }
}

/// The path of a cookie that has none, [6265bis §5.1.4]: the folder of the request.
///
/// [6265bis §5.1.4]: https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.1.4
pub(super) fn default_path(path: &[u8]) -> &[u8] {
    match path.iter().rposition(|&octet| octet == b'/') {
        Some(last) if last > 0 && path.starts_with(b"/") => path.get(..last).unwrap_or(b"/"),
        _ => b"/",
    }
}

/// Whether a request's path is within a cookie's, [6265bis §5.1.4].
///
/// [6265bis §5.1.4]: https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.1.4
pub(super) fn path_matches(path: &[u8], of_cookie: &[u8]) -> bool {
    match path.strip_prefix(of_cookie) {
        Some([]) => true,
        Some([next, ..]) => *next == b'/' || of_cookie.ends_with(b"/"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn has_host(uri: &str, host: Option<(&str, bool)>) {
        let uri = Uri::parse(uri).unwrap();
        let request = RequestUri::new(&uri);
        assert_eq!(request.as_ref().map(|it| (it.host(), it.is_name())), host, "{uri}");
    }

    #[test]
    fn hosts_are_canonical() {
        has_host("http://Example.ORG:8080/", Some(("example.org", true)));
        has_host("http://user@example.org./", Some(("example.org", true)));
        has_host("http://EXAMPLE.org./", Some(("example.org", true)));
        has_host("http://xn--bcher-kva.example/", Some(("xn--bcher-kva.example", true)));
        has_host("http://b%C3%BCcher.example/", Some(("xn--bcher-kva.example", true)));
        has_host("http://a_b.example/", Some(("a_b.example", true)));
        has_host("http://127.0.0.1/", Some(("127.0.0.1", false)));
        has_host("http://[0::1]/", Some(("[::1]", false)));
    }

    #[test]
    fn a_name_that_resolvers_take_for_an_address_is_no_name() {
        has_host("http://127.1/", Some(("127.1", false)));
        has_host("http://a.0x7f/", Some(("a.0x7f", false)));
        has_host("http://127.0.0.1./", Some(("127.0.0.1", false)));
    }

    #[test]
    fn some_hosts_can_have_no_cookies() {
        for uri in [
            "mailto:a@example.org",
            "file:///a",
            "http://./",
            "http://a;b/",
            "http://a%3Bb/",
            "http://a%FF/",
            "http://a%00/",
            "http://[v1.a]/",
            "http://[fe80::1%25eth0]/",
        ] {
            has_host(uri, None);
        }
        let longest = "a".repeat(MAX_HOST_LEN);
        has_host(&format!("http://{longest}/"), Some((&longest, true)));
        has_host(&format!("http://{longest}a/"), None);
    }

    #[test]
    fn the_scheme_or_the_loopback_is_secure() {
        for (uri, plain, trusting) in [
            ("https://a/", true, true),
            ("WSS://a/", true, true),
            ("http://a/", false, false),
            ("http://localhost/", false, true),
            ("http://a.LOCALHOST:80/", false, true),
            ("http://alocalhost/", false, false),
            ("http://127.9.9.9/", false, true),
            ("http://[::1]/", false, true),
            ("http://128.0.0.1/", false, false),
        ] {
            let uri = Uri::parse(uri).unwrap();
            let request = RequestUri::new(&uri).unwrap();
            assert_eq!(
                (request.is_secure(false), request.is_secure(true)),
                (plain, trusting),
                "{uri}"
            );
        }
    }

    #[test]
    fn default_paths_are_folders() {
        for (path, expected) in [
            ("/", "/"),
            ("/a", "/"),
            ("/a/", "/a"),
            ("/a/b", "/a"),
            ("/a/b/", "/a/b"),
            ("//", "/"),
            ("a/b", "/"),
            ("", "/"),
        ] {
            let default = default_path(path.as_bytes());
            assert_eq!(default.escape_ascii().to_string(), expected, "{path}");
        }
    }

    #[test]
    fn paths_match_by_segments() {
        for (path, of_cookie, expected) in [
            ("/", "/", true),
            ("/a", "/", true),
            ("/a", "/a", true),
            ("/a/", "/a", true),
            ("/a/b", "/a", true),
            ("/a/b", "/a/", true),
            ("/ab", "/a", false),
            ("/a", "/a/", false),
            ("/A", "/a", false),
            ("/", "/a", false),
        ] {
            assert_eq!(path_matches(path.as_bytes(), of_cookie.as_bytes()), expected, "{path}");
        }
    }

    #[test]
    fn domains_match_by_labels() {
        for (host, is_name, domain, expected) in [
            ("a.example", true, "a.example", true),
            ("b.a.example", true, "a.example", true),
            ("c.b.a.example", true, "a.example", true),
            ("ba.example", true, "a.example", false),
            ("example", true, "a.example", false),
            ("1.2.3.4", false, "1.2.3.4", true),
            ("1.2.3.4", false, "3.4", false),
        ] {
            assert_eq!(domain_matches(host, is_name, domain), expected, "{host} in {domain}");
        }
    }
}

//! Which fields of a request go along to where it is redirected,
//! [RFC 9110 §15.4](https://www.rfc-editor.org/rfc/rfc9110#section-15.4).
//!
//! | fields | when they go |
//! |---|---|
//! | [`OF_CONTENT`] | the content goes |
//! | [`OF_SERVER`] | another server is asked |
//! | Origin, if it is not that of the URL that redirects | it becomes `null` when another server is asked, as in [Fetch] |
//! | Referer | https leads to http, [RFC 9110 §10.1.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.1.3) |
//!
//! Whatever else was set goes along; only the caller knows what an `X-Api-Key` is.
//!
//! [Fetch]: https://fetch.spec.whatwg.org/#http-redirect-fetch

use super::location::is_scheme;
use crate::header::{self, HeaderMap, HeaderName};
use crate::uri::{Host, Uri};

/// What describes content, and goes with it: the *request-body-header names* of
/// [Fetch](https://fetch.spec.whatwg.org/#request-body-header-name), what
/// [RFC 9110 §15.4](https://www.rfc-editor.org/rfc/rfc9110#section-15.4) adds to them, and those for which its list of
/// examples says that it is not complete.
static OF_CONTENT: [HeaderName; 15] = [
    // Both.
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_LOCATION,
    header::CONTENT_TYPE,
    // RFC 9110.
    header::CONTENT_LENGTH,
    HeaderName::from_static("Digest"),
    header::LAST_MODIFIED,
    // Other words for `Digest`.
    header::CONTENT_DIGEST,
    header::REPR_DIGEST,
    HeaderName::from_static("Content-MD5"),
    // What is said of the content of a PUT, RFC 9110 §14.5 and RFC 6266.
    header::CONTENT_RANGE,
    header::CONTENT_DISPOSITION,
    // How it is sent. RFC 9110 §10.1.1 forbids to expect `100 Continue` without content.
    header::TRANSFER_ENCODING,
    header::TRAILER,
    header::EXPECT,
];

/// What is meant for one server and no other: secrets, proofs, and the name it is called by. The questions for them have
/// no place in a request; Go takes them out too.
static OF_SERVER: [HeaderName; 8] = [
    header::AUTHORIZATION,
    header::PROXY_AUTHORIZATION,
    header::COOKIE,
    HeaderName::from_static("Cookie2"),
    header::DPOP,
    header::WWW_AUTHENTICATE,
    header::PROXY_AUTHENTICATE,
    header::HOST,
];

/// Removes what describes content that is no longer there.
pub(super) fn without_content(headers: &mut HeaderMap) {
    remove(headers, &OF_CONTENT);
}

/// Removes what the URL `to` must not see of a request to the URL `from`.
///
/// What is gone is gone: it does not come back when a later redirect leads to the first server again. Which of
/// its URLs is asked was then decided by another server, which must not act in the caller's name.
pub(super) fn for_another_url(headers: &mut HeaderMap, from: &Uri, to: &Uri) {
    if is_downgrade(from, to) {
        headers.remove(header::REFERER);
    }
    if is_same_server(from, to) {
        return;
    }
    remove(headers, &OF_SERVER);
    let tainted = headers
        .get_all(header::ORIGIN)
        .any(|origin| !Uri::parse_bytes(origin).is_ok_and(|origin| is_same_origin(&origin, from)));
    if tainted && headers.insert(header::ORIGIN, "null").is_err() {
        headers.remove(header::ORIGIN);
    }
}

/// Returns whether a field is meant for one server and no other.
pub(in crate::client) fn is_of_server(name: &str) -> bool {
    OF_SERVER.iter().any(|known| known.as_str().eq_ignore_ascii_case(name))
}

fn remove(headers: &mut HeaderMap, names: &[HeaderName]) {
    headers.retain(|name, _| !names.iter().any(|known| *known == *name));
}

/// Returns whether what is meant for the server of one URL may be sent to another one: they have the same origin, or
/// the second is the first with TLS, each at its default port.
pub(in crate::client) fn is_same_server(from: &Uri, to: &Uri) -> bool {
    let is_upgrade = (is_scheme(from, "http") && from.port_or_default() == Some(80))
        && (is_scheme(to, "https") && to.port_or_default() == Some(443));
    is_same_origin(from, to) || is_upgrade && is_same_host(from, to)
}

/// Returns whether a step from one URL to another gives up TLS.
pub(in crate::client) fn is_downgrade(from: &Uri, to: &Uri) -> bool {
    is_scheme(from, "https") && is_scheme(to, "http")
}

/// Scheme, host and port are the same, [RFC 6454 §5](https://www.rfc-editor.org/rfc/rfc6454#section-5).
fn is_same_origin(from: &Uri, to: &Uri) -> bool {
    // A port that is too large is none; it is equal to no other.
    let ports = (from.port_or_default(), to.port_or_default());
    is_scheme(from, to.scheme())
        && matches!(ports, (Some(from), Some(to)) if from == to)
        && is_same_host(from, to)
}

/// Names have no case, and a dot at the end makes another name; an address can be written in several ways. Escapes
/// are not decoded: what the client would refuse is not equal to anything.
fn is_same_host(from: &Uri, to: &Uri) -> bool {
    match (from.host(), to.host()) {
        (Some(Host::Name(from)), Some(Host::Name(to))) => from.eq_ignore_ascii_case(to),
        (Some(from), Some(to)) => from == to,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMON: [&str; 6] = ["Accept", "Range", "User-Agent", "X-Api-Key", "TE", "If-Match"];

    fn all() -> HeaderMap {
        let mut headers = HeaderMap::new();
        for name in &OF_CONTENT {
            headers.append(name.as_str().to_ascii_lowercase(), "1").unwrap();
        }
        for name in &OF_SERVER {
            headers.append(name.as_str().to_ascii_uppercase(), "1").unwrap();
            headers.append(name, "2").unwrap();
        }
        for name in COMMON {
            headers.append(name, "1").unwrap();
        }
        headers
    }

    fn uri(text: &str) -> Uri {
        Uri::parse(text).unwrap()
    }

    #[track_caller]
    fn same(from: &str, to: &str) {
        assert!(is_same_server(&uri(from), &uri(to)));
    }

    #[track_caller]
    fn differ(from: &str, to: &str) {
        assert!(!is_same_server(&uri(from), &uri(to)));
    }

    #[test]
    fn a_server_is_scheme_host_and_port() {
        same("http://a.example/", "http://a.example/b?c#d");
        same("http://a.example", "HTTP://A.EXAMPLE/");
        same("http://a.example:80/", "http://a.example/");
        same("http://a.example:/", "http://a.example:080/");
        same("https://a.example:443/", "https://a.example/");
        same("http://a.example:8080/", "http://a.example:8080/");
        same("http://127.0.0.1/", "http://127.0.0.1:80/");
        same("http://[::1]/", "http://[0:0:0:0:0:0:0:1]/");
        same("http://[FE80::1%25eth0]/", "http://[fe80::1%25eth0]/");
        same("http://user:secret@a.example/", "http://a.example/");
        differ("http://a.example/", "http://b.example/");
        differ("http://a.example/", "http://www.a.example/");
        differ("http://www.a.example/", "http://a.example/");
        differ("http://a.example/", "http://nota.example/");
        differ("http://a.example/", "http://a.example./");
        differ("http://a.example/", "http://a.example:8080/");
        differ("http://a.example:1234/", "http://a.example:4321/");
        differ("http://a.example:80/", "http://a.example:443/");
        differ("http://127.0.0.1/", "http://localhost/");
        differ("http://[::1]/", "http://[::2]/");
        differ("http://[fe80::1%25eth0]/", "http://[fe80::1%25ETH0]/");
        differ("http://[fe80::1%25eth0]/", "http://[fe80::1]/");
        differ("http://a.example/", "http://[::1%25.a.example]/");
        differ("http://a.example/", "http://%61.example/");
        differ("http://a.example:99999/", "http://a.example:99999/");
    }

    #[test]
    fn tls_may_be_added_at_the_default_ports_only() {
        same("http://a.example/", "https://a.example/");
        same("http://a.example:80/", "https://A.example:443/");
        differ("http://a.example/", "https://b.example/");
        differ("http://a.example/", "https://a.example:8443/");
        differ("http://a.example:8080/", "https://a.example/");
        differ("http://a.example:443/", "https://a.example/");
        differ("http://a.example/", "https://a.example:80/");
        differ("https://a.example/", "http://a.example/");
        differ("https://a.example/", "http://a.example:443/");
    }

    #[test]
    fn content_takes_along_what_describes_it() {
        let mut headers = all();
        without_content(&mut headers);
        assert_eq!(headers.len(), 2 * OF_SERVER.len() + COMMON.len());
        assert!(OF_CONTENT.iter().all(|name| !headers.contains_key(name)));
    }

    #[test]
    fn another_server_sees_no_secret() {
        let mut headers = all();
        for_another_url(&mut headers, &uri("http://a.example/"), &uri("http://b.example/"));
        assert_eq!(headers.len(), OF_CONTENT.len() + COMMON.len());
        assert!(OF_SERVER.iter().all(|name| !headers.contains_key(name)));
    }

    #[test]
    fn the_same_server_sees_all_of_it() {
        let mut headers = all();
        for_another_url(&mut headers, &uri("http://a.example/"), &uri("https://a.example/b"));
        assert_eq!(headers, all());
    }

    #[test]
    fn an_origin_that_was_led_astray_is_null() {
        for (origin, from, to, expected) in [
            ("http://a.example", "http://a.example/", "http://b.example/", "http://a.example"),
            ("http://a.example", "http://b.example/", "http://b.example/c", "http://a.example"),
            ("http://a.example", "http://b.example/", "http://c.example/", "null"),
            ("http://a.example", "http://b.example/", "http://a.example/", "null"),
            ("null", "http://a.example/", "http://b.example/", "null"),
            ("a.example", "http://a.example/", "http://b.example/", "null"),
        ] {
            let mut headers = HeaderMap::new();
            headers.append("origin", origin).unwrap();
            for_another_url(&mut headers, &uri(from), &uri(to));
            assert_eq!(headers.text("Origin"), Some(expected), "{origin} {from} {to}");
        }
        let mut none = HeaderMap::new();
        for_another_url(&mut none, &uri("http://a.example/"), &uri("http://b.example/"));
        assert!(none.is_empty());
    }

    #[test]
    fn a_referer_does_not_leave_tls() {
        for (from, to, expected) in [
            ("https://a.example/", "http://a.example/", false),
            ("https://a.example/", "http://b.example/", false),
            ("https://a.example/", "https://b.example/", true),
            ("http://a.example/", "http://b.example/", true),
            ("http://a.example/", "https://b.example/", true),
        ] {
            let mut headers = HeaderMap::new();
            headers.append("Referer", "https://a.example/c").unwrap();
            for_another_url(&mut headers, &uri(from), &uri(to));
            assert_eq!(headers.contains_key("Referer"), expected, "{from} {to}");
        }
    }
}

//! Against requests that a page of somebody else makes a browser send: "cross-site request forgery".

use super::origin::Origins;
use crate::error::Error;
use crate::field::forwarded::Caller;
use crate::header;
use crate::message::{IntoResponse, Request, Response};
use crate::server::{Handler, Middleware};
use crate::status::StatusCode;

/// Refuses what a page of another origin makes a browser send, with the cookies of its user: a [`Middleware`].
///
/// No tokens are needed: browsers say themselves whose page it is, in
/// [Sec-Fetch-Site](https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header) and Origin, and scripts cannot change
/// either. The first row that fits decides.
///
/// | request | |
/// |---|---|
/// | with a safe method ([RFC 9110 §9.2.1](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1)), and no Upgrade | goes on |
/// | from an origin that is [trusted](Self::trust) | goes on |
/// | with `Sec-Fetch-Site: same-origin`, or `none`: typed in, or from a bookmark | goes on |
/// | with another Sec-Fetch-Site | 403 |
/// | without Origin: not from a browser, or from one before 2020 | goes on |
/// | whose Origin is the one that the request is for | goes on |
/// | all others | 403 |
///
/// So safe methods must not change anything. A handshake of WebSocket is a GET that browsers send to everybody, with cookies, and
/// so it is looked at like a POST.
///
/// An origin that [`Cors`](super::Cors) lets use other methods than GET and HEAD, has to be [trusted](Self::trust) here as well: that
/// lets it read, and this lets it send.
///
/// Over plain HTTP, browsers leave Sec-Fetch-Site out except to their own machine, and Origin is looked at. It is compared
/// with the host that the client asked for, and with the scheme where that is known. Both are those of the [`Caller`]: a server
/// behind a proxy that ends TLS has [`TrustedProxies`](crate::field::forwarded::TrustedProxies) say them, which are to be put
/// *around* this. The host that they do not say is taken from [`Request::host`]. Without them, what came [over
/// TLS](Request::is_secure) is of `https://`; else the scheme is not known, and that leaves it to
/// [Strict-Transport-Security](super::SecurityHeaders) to keep somebody on the way from sending a page of
/// `http://` to `https://`.
///
/// # Examples
///
/// ```
/// use nethttp::server::{CrossOriginProtection, Handler};
/// use nethttp::{Method, Request};
///
/// let app = (|_: &mut Request| "transferred").wrap(CrossOriginProtection::new());
///
/// let mut request = Request::new(Method::POST, "/transfer")?;
/// request.headers_mut().append("Host", "bank.example")?;
/// request.headers_mut().append("Origin", "https://evil.example")?;
/// assert_eq!(app.handle(&mut request).status().as_u16(), 403);
///
/// request.headers_mut().insert("Origin", "https://bank.example")?;
/// assert_eq!(app.handle(&mut request).status().as_u16(), 200);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct CrossOriginProtection {
    trusted: Origins,
}

impl CrossOriginProtection {
    /// Creates one that trusts no origin but that of the server.
    ///
    /// ```
    /// use nethttp::server::CrossOriginProtection;
    ///
    /// assert!(CrossOriginProtection::new().allows(&nethttp::Request::default()));
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { trusted: Origins::new() }
    }

    /// Trusts the pages of another origin too: that of a login elsewhere that sends its users back with a form, say.
    ///
    /// # Errors
    ///
    /// What is not an origin as browsers send it: `https://example.org`, in lower case and with nothing behind it but a port
    /// that is not the scheme's own.
    ///
    /// ```
    /// use nethttp::server::CrossOriginProtection;
    ///
    /// let protection = CrossOriginProtection::new().trust("https://login.example")?;
    /// assert!(CrossOriginProtection::new().trust("https://login.example/").is_err());
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn trust(mut self, origin: &str) -> Result<Self, Error> {
        self.trusted.add(origin)?;
        Ok(self)
    }

    /// Returns whether a request goes on: for handlers that answer in their own way, or ask only here and there.
    ///
    /// ```
    /// use nethttp::server::CrossOriginProtection;
    /// use nethttp::{Method, Request};
    ///
    /// let mut request = Request::new(Method::POST, "/")?;
    /// request.headers_mut().append("Sec-Fetch-Site", "cross-site")?;
    /// assert!(!CrossOriginProtection::new().allows(&request));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn allows(&self, request: &Request) -> bool {
        let headers = request.headers();
        if request.method().is_safe() && !headers.contains_key(header::UPGRADE) {
            return true;
        }
        let mut origins = headers.get_all(header::ORIGIN);
        let (origin, others) = (origins.next(), origins.next());
        if others.is_none() && origin.is_some_and(|origin| self.trusted.contains(origin)) {
            return true;
        }
        if headers.contains_key(header::SEC_FETCH_SITE) {
            let mut sites = headers.get_all(header::SEC_FETCH_SITE);
            return sites.all(|site| matches!(site, b"same-origin" | b"none"));
        }
        match (origin, others) {
            (None, _) => true,
            (Some(origin), None) => is_own(origin, request),
            (Some(_), Some(_)) => false,
        }
    }
}

/// Returns whether an origin is the one that a request is for, as far as that is known.
fn is_own(origin: &[u8], request: &Request) -> bool {
    let caller = request.extensions().get::<Caller>();
    let host = caller.and_then(Caller::host).or_else(|| request.host());
    let origin = str::from_utf8(origin).ok().and_then(|origin| origin.split_once("://"));
    let (Some((scheme, own)), Some(host)) = (origin, host) else { return false };
    let known = match caller {
        Some(caller) => caller.proto(),
        None => request.is_secure().then_some("https"),
    };
    let is_of_scheme = known.is_none_or(|asked| {
        let is = |name: &str| asked.eq_ignore_ascii_case(name);
        // Pages open a WebSocket under another name of their scheme.
        is(scheme) || is("ws") && scheme == "http" || is("wss") && scheme == "https"
    });
    is_of_scheme && !own.is_empty() && bare(scheme, own).eq_ignore_ascii_case(bare(scheme, host))
}

/// Returns a host without the port that goes without saying, which browsers leave out and some proxies do not.
fn bare<'a>(scheme: &str, host: &'a str) -> &'a str {
    let port = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => "",
    };
    host.strip_suffix(port).unwrap_or(host)
}

impl Middleware for CrossOriginProtection {
    fn handle(&self, request: &mut Request, next: &dyn Handler) -> Response {
        if self.allows(request) {
            return next.handle(request);
        }
        StatusCode::FORBIDDEN.into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::method::Method;

    fn request(method: Method, fields: &str) -> Request {
        let mut request = Request::new(method, "/").unwrap();
        for line in fields.split("; ").filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once(": ").unwrap();
            request.headers_mut().append(name, value).unwrap();
        }
        request
    }

    #[track_caller]
    fn is(allowed: bool, fields: &str) {
        let protection = CrossOriginProtection::new().trust("https://login.example").unwrap();
        let request = request(Method::POST, fields);
        assert_eq!(protection.allows(&request), allowed, "{fields}");
    }

    #[test]
    fn sec_fetch_site_decides() {
        is(true, "Sec-Fetch-Site: same-origin");
        is(true, "Sec-Fetch-Site: none");
        is(false, "Sec-Fetch-Site: cross-site");
        is(false, "Sec-Fetch-Site: same-site");
        is(false, "Sec-Fetch-Site: ");
        is(false, "Sec-Fetch-Site: Same-Origin");
        is(false, "Sec-Fetch-Site: same-origin; Sec-Fetch-Site: cross-site");
        is(false, "Sec-Fetch-Site: same-origin, none");
        // Whatever Origin says: behind a proxy, Host may be another.
        is(true, "Sec-Fetch-Site: same-origin; Host: inner; Origin: https://outer");
        is(false, "Sec-Fetch-Site: cross-site; Host: a.example; Origin: https://a.example");
    }

    #[test]
    fn origin_decides_where_that_is_left_out() {
        is(true, "Host: a.example");
        is(true, "Host: a.example; Origin: https://a.example");
        is(true, "Host: a.example; Origin: http://a.example");
        is(true, "Host: A.example:8080; Origin: http://a.example:8080");
        is(true, "Host: a.example:80; Origin: http://a.example");
        is(true, "Host: a.example:443; Origin: https://a.example");
        is(true, "Host: a.example:443; Origin: https://a.example:443");
        is(false, "Host: a.example:443; Origin: http://a.example");
        is(false, "Host: a.example:80; Origin: https://a.example");
        is(false, "Host: a.example; Origin: https://b.example");
        is(false, "Host: a.example; Origin: http://a.example:8080");
        is(false, "Host: a.example; Origin: https://a.example.evil");
        is(false, "Host: a.example; Origin: null");
        is(false, "Host: a.example; Origin: ");
        is(false, "Host: a.example; Origin: \u{e9}");
        is(false, "Host: a.example; Origin: http://a.example; Origin: http://b.example");
        is(false, "Origin: http://a.example");
        is(false, "Host: ; Origin: http://");
        let mut latin = request(Method::POST, "Host: a.example");
        latin.headers_mut().append("Origin", b"http://a.example\xe9").unwrap();
        assert!(!CrossOriginProtection::new().allows(&latin));
    }

    /// Says what a proxy says, for `a.example` as the host of a request that came through it.
    #[track_caller]
    fn is_behind_proxy(allowed: bool, forwarded: &str, fields: &str) {
        use crate::field::forwarded::TrustedProxies;
        let app = (|_: &mut Request| ()).wrap(CrossOriginProtection::new());
        let app = app.wrap(TrustedProxies::hops(1));
        let mut request = request(Method::POST, &format!("Host: a.example; {fields}"));
        request.headers_mut().append("Forwarded", forwarded).unwrap();
        let response = app.handle(&mut request);
        assert_eq!(response.status().is_success(), allowed, "{forwarded} {fields}");
    }

    #[test]
    fn over_tls_the_scheme_is_known() {
        for (is_secure, origin, allowed) in [
            (true, "https://a.example", true),
            (true, "http://a.example", false),
            // It may have been secure up to a proxy that has said nothing of it.
            (false, "https://a.example", true),
            (false, "http://a.example", true),
        ] {
            let mut request = request(Method::POST, &format!("Host: a.example; Origin: {origin}"));
            request.set_secure(is_secure);
            assert_eq!(CrossOriginProtection::new().allows(&request), allowed, "{origin}");
        }
        // Behind a proxy, it is that between the proxy and the server.
        let app = (|_: &mut Request| ()).wrap(CrossOriginProtection::new());
        let app = app.wrap(crate::field::forwarded::TrustedProxies::hops(1));
        let mut request = request(Method::POST, "Host: a.example; Origin: http://a.example");
        request.headers_mut().append("Forwarded", "for=_a").unwrap();
        request.set_secure(true);
        assert!(app.handle(&mut request).status().is_success());
    }

    #[test]
    fn behind_a_proxy_the_origin_is_that_of_the_client() {
        // The proxy ends TLS and keeps Host.
        is_behind_proxy(true, "proto=https", "Origin: https://a.example");
        is_behind_proxy(true, "proto=HTTPS", "Origin: https://a.example");
        is_behind_proxy(false, "proto=https", "Origin: http://a.example");
        is_behind_proxy(true, "proto=http", "Origin: http://a.example");
        is_behind_proxy(false, "proto=http", "Origin: https://a.example");
        is_behind_proxy(true, "proto=wss", "Origin: https://a.example");
        is_behind_proxy(false, "proto=wss", "Origin: http://a.example");
        is_behind_proxy(true, "proto=ws", "Origin: http://a.example");
        is_behind_proxy(false, "proto=ws", "Origin: https://a.example");
        // It asks for a host of its own.
        is_behind_proxy(true, "proto=https;host=b.example", "Origin: https://b.example");
        is_behind_proxy(false, "proto=https;host=b.example", "Origin: http://b.example");
        is_behind_proxy(false, "proto=https;host=b.example", "Origin: https://a.example");
        is_behind_proxy(true, "host=B.example", "Origin: https://b.example");
        is_behind_proxy(true, "proto=https;host=\"b:8443\"", "Origin: https://b:8443");
        is_behind_proxy(false, "proto=https;host=\"b:8443\"", "Origin: https://b");
        // It says a port that goes without saying.
        is_behind_proxy(true, "proto=https;host=\"b:443\"", "Origin: https://b");
        is_behind_proxy(true, "proto=http;host=\"b:80\"", "Origin: http://b");
        is_behind_proxy(false, "proto=https;host=\"b:80\"", "Origin: https://b");
        is_behind_proxy(false, "proto=http;host=\"b:443\"", "Origin: http://b");
        is_behind_proxy(true, "proto=https;host=\"[::1]:443\"", "Origin: https://[::1]");
        // It says nothing of it, or nothing that can be read.
        is_behind_proxy(true, "for=192.0.2.1", "Origin: http://a.example");
        is_behind_proxy(true, "proto=1", "Origin: https://a.example");
        is_behind_proxy(false, "proto=1", "Origin: https://b.example");
        // Where the browser has said it, nothing else is asked.
        let lies = "Sec-Fetch-Site: same-origin; Origin: http://b.example";
        is_behind_proxy(true, "proto=https", lies);
        let honest = "Sec-Fetch-Site: cross-site; Origin: https://a.example";
        is_behind_proxy(false, "proto=https", honest);
    }

    #[test]
    fn a_proxy_that_is_not_trusted_is_not_asked() {
        is(true, "Forwarded: host=b.example; Host: a.example; Origin: http://a.example");
        is(false, "Forwarded: host=b.example; Host: a.example; Origin: http://b.example");
    }

    #[test]
    fn a_trusted_origin_is_let_in() {
        is(true, "Sec-Fetch-Site: cross-site; Origin: https://login.example");
        is(true, "Host: a.example; Origin: https://login.example");
        is(false, "Sec-Fetch-Site: cross-site; Origin: https://login.example:8443");
        is(false, "Origin: https://login.example; Origin: https://evil.example");
        assert!(CrossOriginProtection::new().trust("null").is_err());
    }

    #[test]
    fn only_what_changes_something_is_looked_at() {
        let foreign = "Sec-Fetch-Site: cross-site; Origin: https://evil.example";
        let app = (|_: &mut Request| ()).wrap(CrossOriginProtection::new());
        for (method, status) in [
            (Method::GET, 204),
            (Method::HEAD, 204),
            (Method::OPTIONS, 204),
            (Method::POST, 403),
            (Method::PUT, 403),
            (Method::PATCH, 403),
            (Method::DELETE, 403),
            (Method::parse(b"PURGE").unwrap(), 403),
        ] {
            let response = app.handle(&mut request(method, foreign));
            assert_eq!(response.status().as_u16(), status, "{method}");
        }
        let socket = format!("{foreign}; Connection: Upgrade; Upgrade: websocket");
        assert_eq!(app.handle(&mut request(Method::GET, &socket)).status().as_u16(), 403);
    }
}

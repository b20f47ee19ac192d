//! Fields that tell browsers to be stricter than they are by themselves.

use crate::header::{self, HeaderError, HeaderMap, HeaderName};
use crate::message::{Request, Response};
use crate::server::{Handler, Middleware};

/// What is safe for nearly every site.
const DEFAULTS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
    (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    (header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
    (header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
];

/// Adds fields that tell browsers to be strict: a [`Middleware`]. A field that the handler has set itself stays.
///
/// | field | value | what no longer works |
/// |---|---|---|
/// | [X-Content-Type-Options](https://fetch.spec.whatwg.org/#x-content-type-options-header) | `nosniff` | scripts and style sheets of the wrong Content-Type |
/// | [X-Frame-Options](https://html.spec.whatwg.org/multipage/document-lifecycle.html#the-x-frame-options-header) | `SAMEORIGIN` | showing a page inside one of another site |
/// | [Referrer-Policy](https://www.w3.org/TR/referrer-policy/) | `strict-origin-when-cross-origin` | other sites see where a visitor came from, but not from which page |
/// | [Cross-Origin-Opener-Policy](https://html.spec.whatwg.org/multipage/browsers.html#cross-origin-opener-policies) | `same-origin` | talking to a window of another site that was opened from here: some logins do |
/// | [Cross-Origin-Resource-Policy](https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header) | `same-origin` | images and scripts in the pages of others, unless by [`Cors`](super::Cors) |
///
/// Two that are worth more are not among them, since only the author of a site can say what they have to be:
///
/// - [Content-Security-Policy](https://www.w3.org/TR/CSP3/) says where scripts may come from.
/// - [Strict-Transport-Security](https://www.rfc-editor.org/rfc/rfc6797) keeps browsers from plain HTTP for as long as it
///   says, which nobody can take back. It is for a server that speaks TLS or whose proxy does, and browsers ignore it elsewhere.
///
/// # Examples
///
/// ```
/// use nethttp::Request;
/// use nethttp::server::{Handler, SecurityHeaders};
///
/// let fields = SecurityHeaders::new()
///     .with("Content-Security-Policy", "default-src 'self'; frame-ancestors 'self'")?
///     .with("Strict-Transport-Security", "max-age=63072000; includeSubDomains")?
///     .without("Cross-Origin-Resource-Policy");
///
/// let response = (|_: &mut Request| "hello").wrap(fields).handle(&mut Request::default());
/// assert_eq!(response.header("X-Content-Type-Options"), Some("nosniff"));
/// assert_eq!(response.header("Cross-Origin-Resource-Policy"), None);
/// # Ok::<(), nethttp::header::HeaderError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityHeaders {
    fields: HeaderMap,
}

impl SecurityHeaders {
    /// Creates the fields of the table above.
    ///
    /// ```
    /// use nethttp::Request;
    /// use nethttp::server::{Handler, SecurityHeaders};
    ///
    /// let app = (|_: &mut Request| "hello").wrap(SecurityHeaders::new());
    /// assert_eq!(app.handle(&mut Request::default()).header("X-Frame-Options"), Some("SAMEORIGIN"));
    /// ```
    #[must_use]
    pub fn new() -> Self {
        let mut fields = HeaderMap::new();
        for (name, value) in DEFAULTS {
            // All of them are good, and there is room.
            let _ = fields.append(name, value);
        }
        Self { fields }
    }

    /// Sets a field, in place of the default if there is one.
    ///
    /// # Errors
    ///
    /// A name that is no token, or a value that cannot stand on a field line.
    ///
    /// ```
    /// use nethttp::server::SecurityHeaders;
    ///
    /// let fields = SecurityHeaders::new().with("Referrer-Policy", "same-origin")?;
    /// assert!(SecurityHeaders::new().with("Referrer-Policy", "\n").is_err());
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    pub fn with(
        mut self,
        name: impl AsRef<[u8]>,
        value: impl AsRef<[u8]>,
    ) -> Result<Self, HeaderError> {
        self.fields.insert(name, value)?;
        Ok(self)
    }

    /// Leaves a field out.
    ///
    /// ```
    /// use nethttp::server::SecurityHeaders;
    ///
    /// let shown_by_others = SecurityHeaders::new().without("X-Frame-Options");
    /// ```
    #[must_use]
    pub fn without(mut self, name: impl AsRef<[u8]>) -> Self {
        self.fields.remove(name);
        self
    }
}

impl Default for SecurityHeaders {
    fn default() -> Self {
        Self::new()
    }
}

impl Middleware for SecurityHeaders {
    fn handle(&self, request: &mut Request, next: &dyn Handler) -> Response {
        let mut response = next.handle(request);
        let headers = response.headers_mut();
        for (name, value) in &self.fields {
            if !headers.contains_key(name) {
                // A map without room takes as many as it can.
                let _ = headers.append(name, value);
            }
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::StatusCode;

    fn fields(of: SecurityHeaders, handler: impl Handler) -> Vec<String> {
        let response = handler.wrap(of).handle(&mut Request::default());
        let fields = response.headers().iter();
        fields.map(|(name, value)| format!("{name}: {}", value.escape_ascii())).collect()
    }

    #[test]
    fn the_defaults_are_added_to_every_response() {
        let expected = [
            "X-Content-Type-Options: nosniff",
            "X-Frame-Options: SAMEORIGIN",
            "Referrer-Policy: strict-origin-when-cross-origin",
            "Cross-Origin-Opener-Policy: same-origin",
            "Cross-Origin-Resource-Policy: same-origin",
        ];
        assert_eq!(fields(SecurityHeaders::default(), |_: &mut Request| ()), expected);
        let failed = fields(SecurityHeaders::new(), |_: &mut Request| StatusCode::NOT_FOUND);
        assert_eq!(failed[1..], expected);
    }

    #[test]
    fn what_the_handler_has_set_stays() {
        let handler = |_: &mut Request| {
            Response::new(StatusCode::OK).with_header("x-frame-options", "DENY").unwrap()
        };
        let fields = fields(SecurityHeaders::new(), handler);
        assert_eq!((fields[0].as_str(), fields.len()), ("x-frame-options: DENY", 5));
    }

    #[test]
    fn fields_are_set_and_left_out() {
        let own = SecurityHeaders::new()
            .with("x-frame-options", "DENY")
            .unwrap()
            .with("X-Own", "1")
            .unwrap()
            .without("REFERRER-POLICY")
            .without("X-None");
        let fields = fields(own, |_: &mut Request| ());
        assert_eq!((fields[1].as_str(), fields.len()), ("X-Frame-Options: DENY", 5));
        assert_eq!(fields[4], "X-Own: 1");
    }
}

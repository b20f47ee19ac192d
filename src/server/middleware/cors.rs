//! Letting pages of other origins read what is served here, by the
//! [protocol of Fetch](https://fetch.spec.whatwg.org/#http-cors-protocol).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::origin::Origins;
use crate::error::Error;
use crate::field::Vary;
use crate::header::{self, HeaderError, HeaderMap, HeaderName};
use crate::message::{Request, Response};
use crate::method::Method;
use crate::server::{Handler, Middleware};
use crate::status::StatusCode;
use crate::syntax::{Class, members};

/// What the response to a request, and not to a preflight, says.
const ANSWERS: [HeaderName; 3] = [
    header::ACCESS_CONTROL_ALLOW_ORIGIN,
    header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
    header::ACCESS_CONTROL_EXPOSE_HEADERS,
];

/// Lets pages of other origins send requests and read the responses: a [`Middleware`].
///
/// A browser lets no page read what another origin answers, and sends nothing that a form could not send, unless that origin
/// allows it. Without this nothing is allowed; with it, what is said here:
///
/// | setting | default | what it is |
/// |---|---|---|
/// | [`any`](Self::any), [`origins`](Self::origins), [`matching`](Self::matching) | | whose pages |
/// | [`methods`](Self::methods) | GET, HEAD, POST | which methods they may use |
/// | [`headers`](Self::headers), [`any_header`](Self::any_header) | none | which fields they may set; to send JSON, Content-Type is one |
/// | [`expose`](Self::expose) | none | which fields of the response they may read, beyond [those that all may](https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name) |
/// | [`credentials`](Self::credentials) | no | whether cookies are sent along |
/// | [`max_age`](Self::max_age) | left out: 5 seconds | how long a browser remembers the answer |
///
/// A preflight, which is an OPTIONS with Origin and Access-Control-Request-Method, is answered here with 204, and the handler does
/// not see it. All other requests go on to the handler, whoever sends them: the browser decides who reads the response. To
/// keep the pages of others from *sending* something, there is [`CrossOriginProtection`](super::CrossOriginProtection).
///
/// What the handler says itself in fields of this kind is taken away, so there is one place that decides.
///
/// # Examples
///
/// ```
/// use nethttp::server::{Cors, Handler};
/// use nethttp::{Method, Request};
/// use std::time::Duration;
///
/// let cors = Cors::origins(["https://app.example", "http://localhost:5173"])?
///     .methods([Method::GET, Method::PUT, Method::DELETE])
///     .headers(["Content-Type", "Authorization"])?
///     .max_age(Duration::from_secs(3600));
/// let app = (|_: &mut Request| "hello").wrap(cors);
///
/// let mut request = Request::default();
/// request.headers_mut().append("Origin", "https://app.example")?;
/// let response = app.handle(&mut request);
/// assert_eq!(response.header("Access-Control-Allow-Origin"), Some("https://app.example"));
/// assert_eq!(response.header("Vary"), Some("Origin"));
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Clone)]
pub struct Cors {
    origins: Allowed,
    methods: String,
    /// `None` allows what is asked for.
    headers: Option<String>,
    expose: String,
    credentials: bool,
    max_age: Option<Duration>,
}

#[derive(Clone)]
enum Allowed {
    Any,
    Listed(Origins),
    Matching(Arc<dyn Fn(&str) -> bool + Send + Sync>),
}

impl Cors {
    /// Lets the pages of everybody read what is public anyhow: responses say `*`, with which browsers send no cookies, so
    /// [`credentials`](Self::credentials) has no effect.
    ///
    /// It is not for servers that are only to be reached from some places: the pages of everybody are read there too.
    ///
    /// ```
    /// use nethttp::Request;
    /// use nethttp::server::{Cors, Handler};
    ///
    /// let app = (|_: &mut Request| "hello").wrap(Cors::any());
    /// let response = app.handle(&mut Request::default());
    /// assert_eq!(response.header("Access-Control-Allow-Origin"), Some("*"));
    /// ```
    #[must_use]
    pub fn any() -> Self {
        Self::new(Allowed::Any)
    }

    /// Lets the pages of these origins in.
    ///
    /// # Errors
    ///
    /// What is not an origin as browsers send it: `https://example.org`, in lower case and with nothing behind it but a port
    /// that is not the scheme's own. `null` is none either: any page can have that.
    ///
    /// ```
    /// use nethttp::server::Cors;
    ///
    /// assert!(Cors::origins(["https://app.example", "http://localhost:5173"]).is_ok());
    /// assert!(Cors::origins(["https://app.example/"]).is_err());
    /// ```
    pub fn origins<'a>(origins: impl IntoIterator<Item = &'a str>) -> Result<Self, Error> {
        let mut listed = Origins::new();
        origins.into_iter().try_for_each(|origin| listed.add(origin))?;
        Ok(Self::new(Allowed::Listed(listed)))
    }

    /// Lets the pages of those origins in that a function says yes to. Of an origin it should look at the whole: behind
    /// `https://app.example` there may stand `.evil.example`, and before `app.example`, `evil-`.
    ///
    /// ```
    /// use nethttp::server::Cors;
    ///
    /// let cors = Cors::matching(|origin| {
    ///     origin.strip_prefix("https://").is_some_and(|host| host.ends_with(".app.example"))
    /// });
    /// ```
    #[must_use]
    pub fn matching(is_allowed: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        Self::new(Allowed::Matching(Arc::new(is_allowed)))
    }

    fn new(origins: Allowed) -> Self {
        Self {
            origins,
            methods: "GET, HEAD, POST".to_owned(),
            headers: Some(String::new()),
            expose: String::new(),
            credentials: false,
            max_age: None,
        }
    }

    /// Sets the methods that may be used. GET, HEAD and POST always may, as far as the browser is concerned.
    ///
    /// ```
    /// use nethttp::Method;
    /// use nethttp::server::Cors;
    ///
    /// let cors = Cors::any().methods([Method::GET, Method::PUT, Method::DELETE]);
    /// ```
    #[must_use]
    pub fn methods(mut self, methods: impl IntoIterator<Item = Method>) -> Self {
        let names: Vec<_> = methods.into_iter().collect();
        self.methods = names.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
        self
    }

    /// Sets the fields that requests may have beyond
    /// [those that all may](https://fetch.spec.whatwg.org/#cors-safelisted-request-header).
    ///
    /// # Errors
    ///
    /// A name that is no token.
    ///
    /// ```
    /// use nethttp::server::Cors;
    ///
    /// let cors = Cors::any().headers(["Content-Type", "Authorization"])?;
    /// assert!(Cors::any().headers(["Content Type"]).is_err());
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    pub fn headers<'a>(
        mut self,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, HeaderError> {
        self.headers = Some(joined(names)?);
        Ok(self)
    }

    /// Lets requests have all fields that they ask for.
    ///
    /// ```
    /// use nethttp::server::Cors;
    ///
    /// let cors = Cors::any().any_header();
    /// ```
    #[must_use]
    pub fn any_header(mut self) -> Self {
        self.headers = None;
        self
    }

    /// Sets the fields of responses that may be read.
    ///
    /// # Errors
    ///
    /// A name that is no token.
    ///
    /// ```
    /// use nethttp::server::Cors;
    ///
    /// let cors = Cors::any().expose(["ETag", "X-Request-Id"])?;
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    pub fn expose<'a>(
        mut self,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, HeaderError> {
        self.expose = joined(names)?;
        Ok(self)
    }

    /// Sets whether browsers send cookies, and the passwords that they know, along. Then a page of an allowed origin can do what
    /// its user can, which [any](Self::any) origin never may.
    ///
    /// ```
    /// use nethttp::server::Cors;
    ///
    /// let cors = Cors::origins(["https://app.example"])?.credentials(true);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn credentials(mut self, allow: bool) -> Self {
        self.credentials = allow;
        self
    }

    /// Sets how long a browser may remember the answer to a preflight, in whole seconds. Chromium remembers none for longer
    /// than two hours, Firefox than a day.
    ///
    /// ```
    /// use nethttp::server::Cors;
    /// use std::time::Duration;
    ///
    /// let cors = Cors::any().max_age(Duration::from_secs(7200));
    /// ```
    #[must_use]
    pub const fn max_age(mut self, max_age: Duration) -> Self {
        self.max_age = Some(max_age);
        self
    }

    /// Returns the origin that the response names, if the request's is allowed.
    fn allowed<'r>(&self, request: &'r Request) -> Option<&'r str> {
        let mut origins = request.headers().get_all(header::ORIGIN);
        let origin = match (origins.next(), origins.next()) {
            (Some(origin), None) => str::from_utf8(origin).ok()?,
            _ => "",
        };
        let is_allowed = match &self.origins {
            Allowed::Any => return Some("*"),
            Allowed::Listed(listed) => listed.contains(origin.as_bytes()),
            Allowed::Matching(matches) => {
                !matches!(origin, "" | "null")
                    && origin.bytes().all(|byte| byte.is_ascii_graphic())
                    && matches(origin)
            }
        };
        is_allowed.then_some(origin)
    }

    /// Says who may read a response. A cache must know that it is another for others, or what follows is not said.
    fn admit(&self, request: &Request, headers: &mut HeaderMap) -> Result<bool, HeaderError> {
        let allowed = self.allowed(request);
        if allowed != Some("*") {
            Vary::add(headers, header::ORIGIN)?;
        }
        let Some(origin) = allowed else { return Ok(false) };
        headers.append(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin)?;
        if self.credentials && origin != "*" {
            headers.append(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true")?;
        }
        Ok(true)
    }

    fn preflight(&self, request: &Request) -> Result<Response, HeaderError> {
        let mut response = Response::new(StatusCode::NO_CONTENT);
        let headers = response.headers_mut();
        if !self.admit(request, headers)? {
            return Ok(response);
        }
        if !self.methods.is_empty() {
            headers.append(header::ACCESS_CONTROL_ALLOW_METHODS, &self.methods)?;
        }
        let asked;
        let names = match &self.headers {
            Some(names) => names,
            None => {
                Vary::add(headers, header::ACCESS_CONTROL_REQUEST_HEADERS)?;
                asked = requested(request);
                &asked
            }
        };
        if !names.is_empty() {
            headers.append(header::ACCESS_CONTROL_ALLOW_HEADERS, names)?;
        }
        if let Some(max_age) = self.max_age {
            let seconds = max_age.as_secs().to_string();
            headers.append(header::ACCESS_CONTROL_MAX_AGE, seconds)?;
        }
        Ok(response)
    }
}

/// Writes names as a list.
fn joined<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<String, HeaderError> {
    let names: Vec<&str> = names.into_iter().collect();
    names.iter().try_for_each(|name| HeaderName::parse(name.as_bytes()).map(drop))?;
    Ok(names.join(", "))
}

/// Returns the names that a preflight asks for, without what are none.
fn requested(request: &Request) -> String {
    let lines = request.headers().get_all(header::ACCESS_CONTROL_REQUEST_HEADERS);
    let names = lines.flat_map(|line| members(line)).filter(|name| Class::TOKEN.matches(name));
    let names: Vec<_> = names.map(String::from_utf8_lossy).collect();
    names.join(", ")
}

fn is_preflight(request: &Request) -> bool {
    let headers = request.headers();
    request.method() == Method::OPTIONS
        && headers.contains_key(header::ORIGIN)
        && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

impl Middleware for Cors {
    fn handle(&self, request: &mut Request, next: &dyn Handler) -> Response {
        if is_preflight(request) {
            // What does not fit into a response is not allowed.
            let refused = |_| Response::new(StatusCode::NO_CONTENT);
            return self.preflight(request).unwrap_or_else(refused);
        }
        let mut response = next.handle(request);
        let headers = response.headers_mut();
        for name in ANSWERS {
            headers.remove(name);
        }
        // Nor is it here.
        if matches!(self.admit(request, headers), Ok(true)) && !self.expose.is_empty() {
            let _ = headers.append(header::ACCESS_CONTROL_EXPOSE_HEADERS, &self.expose);
        }
        response
    }
}

impl fmt::Debug for Cors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origins: &dyn fmt::Debug = match &self.origins {
            Allowed::Any => &"*",
            Allowed::Listed(origins) => origins,
            Allowed::Matching(_) => &"..",
        };
        f.debug_struct("Cors").field("origins", origins).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All fields of the answer to a request with these, one a line.
    fn answer(cors: Cors, method: Method, fields: &str) -> String {
        let mut request = Request::new(method, "/").unwrap();
        for line in fields.lines() {
            let (name, value) = line.split_once(": ").unwrap();
            request.headers_mut().append(name, value).unwrap();
        }
        let handler = |_: &mut Request| {
            // Which it should not say.
            Response::new(StatusCode::OK)
                .with_header("Access-Control-Allow-Origin", "https://handler.example")
                .unwrap()
                .with_header("Access-Control-Allow-Credentials", "true")
                .unwrap()
                .with_header("Access-Control-Expose-Headers", "X-Handler")
                .unwrap()
        };
        let response = handler.wrap(cors).handle(&mut request);
        let fields = response.headers().iter();
        let lines = fields.map(|(name, value)| {
            let name = name.strip_prefix("Access-Control-").unwrap_or(name);
            format!("{name}: {}\n", value.escape_ascii())
        });
        format!("{}\n{}", response.status().as_u16(), lines.collect::<String>())
    }

    fn app() -> Cors {
        Cors::origins(["https://app.example", "http://localhost:5173"]).unwrap()
    }

    #[test]
    fn a_listed_origin_may_read_the_response() {
        let ask = |origin| answer(app(), Method::GET, &format!("Origin: {origin}"));
        let allowed = "200\nVary: Origin\nAllow-Origin: https://app.example\n";
        assert_eq!(ask("https://app.example"), allowed);
        let allowed = "200\nVary: Origin\nAllow-Origin: http://localhost:5173\n";
        assert_eq!(ask("http://localhost:5173"), allowed);
        for other in [
            "null",
            "*",
            "",
            "https://app.example.evil",
            "https://evil-app.example",
            "http://app.example",
            "https://app.example:8443",
            "https://APP.example",
            "https://app.example/",
            "https://app.example https://evil.example",
            "https://app.example\nOrigin: https://evil.example",
        ] {
            assert_eq!(ask(other), "200\nVary: Origin\n", "{other}");
        }
        assert_eq!(answer(app(), Method::GET, ""), "200\nVary: Origin\n");
        assert!(Cors::origins(["null"]).is_err());
    }

    #[test]
    fn anybody_may_read_what_is_public_and_without_credentials() {
        for fields in ["", "Origin: https://b.example", "Origin: null"] {
            let cors = Cors::any().credentials(true);
            assert_eq!(answer(cors, Method::GET, fields), "200\nAllow-Origin: *\n");
        }
    }

    #[test]
    fn a_function_may_decide() {
        let ask = |origin: &str| {
            let cors = Cors::matching(|origin| {
                assert!(!origin.is_empty() && origin != "null");
                origin.ends_with(".app.example")
            });
            answer(cors.credentials(true), Method::POST, &format!("Origin: {origin}"))
        };
        let allowed = "200\nVary: Origin\nAllow-Origin: https://a.app.example\n\
            Allow-Credentials: true\n";
        assert_eq!(ask("https://a.app.example"), allowed);
        for other in ["https://b.example", "null", "", "https://x y.app.example"] {
            assert_eq!(ask(other), "200\nVary: Origin\n", "{other}");
        }
    }

    #[test]
    fn what_may_be_read_of_the_response_is_said() {
        let cors = app().expose(["ETag", "X-Own"]).unwrap();
        let said = answer(cors.clone(), Method::GET, "Origin: https://app.example");
        assert!(said.ends_with("Expose-Headers: ETag, X-Own\n"), "{said}");
        let said = answer(cors, Method::GET, "Origin: https://b.example");
        assert_eq!(said, "200\nVary: Origin\n");
        assert!(app().expose(["a b"]).is_err());
    }

    const PREFLIGHT: &str = "Access-Control-Request-Method: PUT\nOrigin: https://app.example";

    #[test]
    fn a_preflight_is_answered_here() {
        let said = answer(app(), Method::OPTIONS, PREFLIGHT);
        let origin = "204\nVary: Origin\nAllow-Origin: https://app.example\n";
        assert_eq!(said, format!("{origin}Allow-Methods: GET, HEAD, POST\n"));
        let cors = app()
            .methods([Method::PUT, Method::DELETE])
            .headers(["Content-Type", "X-Own"])
            .unwrap()
            .credentials(true)
            .max_age(Duration::from_millis(3_600_999));
        let said = answer(cors, Method::OPTIONS, PREFLIGHT);
        assert_eq!(
            said,
            format!(
                "{origin}Allow-Credentials: true\nAllow-Methods: PUT, DELETE\n\
                Allow-Headers: Content-Type, X-Own\nMax-Age: 3600\n"
            )
        );
        let others = PREFLIGHT.replace("app.", "b.");
        assert_eq!(answer(app(), Method::OPTIONS, &others), "204\nVary: Origin\n");
        let nothing = answer(app().methods([]), Method::OPTIONS, PREFLIGHT);
        assert_eq!(nothing, origin);
    }

    #[test]
    fn other_uses_of_options_go_on() {
        for line in PREFLIGHT.lines() {
            assert!(answer(app(), Method::OPTIONS, line).starts_with("200\n"));
        }
        assert!(answer(app(), Method::GET, PREFLIGHT).starts_with("200\n"));
    }

    #[test]
    fn all_fields_that_are_asked_for_may_be_allowed() {
        let cors = Cors::any().any_header();
        let fields = "Origin: https://a.example\nAccess-Control-Request-Method: GET\n\
            Access-Control-Request-Headers: authorization,x-own\n\
            Access-Control-Request-Headers: , no token, \"x\", *";
        let said = answer(cors.clone(), Method::OPTIONS, fields);
        let allowed = "204\nAllow-Origin: *\nAllow-Methods: GET, HEAD, POST\n\
            Vary: Access-Control-Request-Headers\nAllow-Headers: authorization, x-own, *\n";
        assert_eq!(said, allowed);
        let fields = "Origin: https://a.example\nAccess-Control-Request-Method: GET";
        assert!(!answer(cors, Method::OPTIONS, fields).contains("Allow-Headers"));
        assert!(Cors::any().headers(["a,b"]).is_err());
    }

    #[test]
    fn what_does_not_fit_is_not_allowed() {
        let full = |_: &mut Request| {
            let mut response = Response::new(StatusCode::OK);
            *response.headers_mut() = HeaderMap::with_limits(header::Limits::DEFAULT.fields(1));
            response.with_header("A", "1").unwrap()
        };
        let mut request = Request::default();
        request.headers_mut().append("Origin", "https://app.example").unwrap();
        let response = full.wrap(app()).handle(&mut request);
        assert_eq!(response.header("Access-Control-Allow-Origin"), None);

        let names = vec!["X-Own"; header::Limits::DEFAULT.bytes / 5];
        let preflight = answer(app().headers(names).unwrap(), Method::OPTIONS, PREFLIGHT);
        assert_eq!(preflight, "204\n");
    }
}

//! From a request to the handler that answers it, by method, path and host.
//!
//! ```
//! use nethttp::server::Handler;
//! use nethttp::{Method, Request, Router};
//!
//! let app = Router::builder()
//!     .get("/{$}", |_: &mut Request| "welcome")
//!     .get("/users/{id}", |request: &mut Request| -> nethttp::Result<String> {
//!         Ok(format!("user {}", request.param::<u32>("id")?))
//!     })
//!     .build()?;
//! let mut request = Request::new(Method::GET, "/users/7")?;
//! assert_eq!(app.handle(&mut request).text()?, "user 7");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A method that no route has is answered as [RFC 9110 §15.5.6] wants it, OPTIONS as [RFC 9110 §9.3.7].
//! Paths are compared by what their segments mean, [RFC 3986 §6.2.2]; none is rewritten, and clients that ask
//! for one that is not clean are redirected ([RFC 9110 §15.4.8]).
//!
//! [RFC 3986 §6.2.2]: https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2
//! [RFC 9110 §9.3.7]: https://www.rfc-editor.org/rfc/rfc9110#section-9.3.7
//! [RFC 9110 §15.4.8]: https://www.rfc-editor.org/rfc/rfc9110#section-15.4.8
//! [RFC 9110 §15.5.6]: https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6

mod builder;
mod error;
mod hosts;
mod layers;
mod lookup;
mod order;
mod parse;
mod pattern;
mod table;

use std::collections::BTreeSet;
use std::fmt;

use super::Handler;
use crate::error::{Error, ErrorKind};
use crate::field::Allow;
use crate::header;
use crate::message::{IntoResponse, Request, Response};
use crate::method::Method;
use crate::status::StatusCode;

use layers::Layers;
use lookup::Found;
use table::{Path, Route, Table};

pub use builder::RouterBuilder;
pub use error::{PatternError, PatternErrorKind, RouteError, RouteErrorKind};
pub use pattern::Pattern;

/// Finds the handler for a request, and is one itself.
///
/// Of the routes that take a request, its method included, the most specific one answers it, whatever the order in
/// which they were added:
///
/// | these both match | for | taken is |
/// |---|---|---|
/// | `/users/me`, `/users/{id}` | `/users/me` | `/users/me`: a literal before a parameter |
/// | `/users/{id}`, `/{path...}` | `/users/7` | `/users/{id}`: a segment before a rest |
/// | `/{$}`, `/` | `/` | `/{$}`: one path before all |
/// | `a.example/`, `/users/{id}` | `/users/7` of `a.example` | `a.example/`: a host before none |
/// | `GET /`, any method `/api/` | `GET /api/a` | `/api/`: the path before the method |
/// | a mount at `/users`, `/users/me` | `/users/me` | `/users/me`: a route before a mount of the same prefix |
/// | a mount at `/static`, `/{user}/about` | `/static/about` | the mount: its prefix comes first |
/// | `/{user}/new`, `/admin/{page}` | `/admin/new` | [neither](RouterBuilder::build): there is no such router |
///
/// A rest crosses other patterns where a mount does not: `/{id}/items` and `/files/{path...}` are refused, since both match
/// `/files/items`, while a mount at `/files` has all that is below it.
///
/// | request | answer |
/// |---|---|
/// | HEAD, where there is a route for GET | as for GET; the server leaves out the content |
/// | `/static`, where only `/static/`, `/static/{$}` or `/static/{path...}` is a route | 307 to `/static/` |
/// | a path with a segment `.` or `..` or an empty one, where there is a route for what is left without these | 307 to there |
/// | OPTIONS, where there are routes for other methods | 204 with Allow |
/// | another method, where there are routes for the path | 405 with Allow |
/// | a path that no pattern matches | 404, or the [fallback](RouterBuilder::fallback) |
///
/// A redirect keeps the method, the content and the query; it leads to no other host, whatever the path. Segments are
/// removed as [RFC 3986 §5.2.4](https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4) and browsers do it, and empty ones
/// then. A mount looks after its own paths, and has them as they were sent, but for those with dots: a handler that wants
/// that is mounted. CONNECT is never redirected.
///
/// A path that was looked up has no segment of dots, but what a handler decodes may have one: `/files/..%2Fa` has
/// two segments, of which the second means `../a`.
///
/// # Deviations
///
/// These are not as in Go. Where the path of one pattern is more specific and the method of the other, the path decides, and
/// there is no conflict: a page for every GET and an API go together. `%2e` is a dot, as it is for browsers. A redirect is made
/// only to where there is a route. A pattern with half an escape or half a brace is refused, not taken as it stands.
///
/// # Examples
///
/// ```
/// use nethttp::server::Handler;
/// use nethttp::{Method, Request, Router};
///
/// let api = Router::builder()
///     .get("/users/{id}", |request: &mut Request| request.param::<u32>("id").map(|id| format!("{id}")))
///     .build()?;
/// let app = Router::builder()
///     .get("/{$}", |_: &mut Request| "welcome")
///     .mount("/api", api)
///     .build()?;
///
/// let answer = |method, path| app.handle(&mut Request::new(method, path).unwrap());
/// assert_eq!(answer(Method::GET, "/api/users/7").text()?, "7");
/// assert_eq!(answer(Method::GET, "/api/users/x").status().as_u16(), 404);
/// assert_eq!(answer(Method::PUT, "/api/users/7").header("Allow"), Some("GET, HEAD, OPTIONS"));
/// # Ok::<(), nethttp::Error>(())
/// ```
pub struct Router {
    routes: Routes,
    layers: Layers,
}

/// What a router is without what stands around it.
struct Routes {
    table: Table<Endpoint>,
    /// By where they were nested.
    fallbacks: Table<Endpoint>,
    fallback: Box<dyn Handler>,
}

/// A handler, and what stands around it alone.
struct Endpoint {
    handler: Box<dyn Handler>,
    layers: Layers,
}

impl Router {
    /// Starts a router without routes.
    ///
    /// ```
    /// use nethttp::{Method, Router};
    ///
    /// assert_eq!(Router::builder().build()?.find(Method::GET, "/"), None);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn builder() -> RouterBuilder {
        RouterBuilder::new()
    }

    /// Returns the pattern of the route that takes a method and a path, of a mount its prefix; without its method. Before
    /// the path may stand a host. What stands behind a mount is not asked.
    ///
    /// ```
    /// use nethttp::{Method, Request, Router};
    ///
    /// let hello = |_: &mut Request| "hello";
    /// let app = Router::builder()
    ///     .get("/{name}", hello)
    ///     .get("/me", hello)
    ///     .get("api.example/", hello)
    ///     .build()?;
    /// assert_eq!(app.find(Method::GET, "/me"), Some("/me"));
    /// assert_eq!(app.find(Method::HEAD, "/ada"), Some("/{name}"));
    /// assert_eq!(app.find(Method::GET, "api.example/me"), Some("api.example/"));
    /// assert_eq!(app.find(Method::POST, "/me"), None);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn find(&self, method: Method, path: &str) -> Option<&str> {
        let (host, path) = path.split_at(path.find('/')?);
        let host = Some(host).filter(|host| !host.is_empty());
        let route = self.routes.table.at(host).find(method, Path::new(path)?)?;
        Some(route.pattern.target())
    }

    /// Returns the method, `None` for all, and the rest of the pattern of every route, in the order in which they were
    /// added: for a list of what there is.
    ///
    /// ```
    /// use nethttp::{Method, Request, Router};
    ///
    /// let hello = |_: &mut Request| "hello";
    /// let app = Router::builder().get("/a", hello).any("/b", hello).build()?;
    /// assert!(app.routes().eq([(Some(Method::GET), "/a"), (None, "/b")]));
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn routes(&self) -> impl Iterator<Item = (Option<Method>, &str)> {
        let routes = self.routes.table.routes().iter();
        routes.map(|route| (route.pattern.method(), route.pattern.target()))
    }
}

impl Handler for Router {
    fn handle(&self, request: &mut Request) -> Response {
        self.layers.handle(&self.routes, request)
    }
}

impl Handler for Routes {
    fn handle(&self, request: &mut Request) -> Response {
        request.subpath_and_params_mut().1.restart();
        let site = self.table.at(request.host());
        match lookup::find(&site, request.method(), own_path(request)) {
            Found::Route(route) => route.answer(request),
            Found::Elsewhere(path) => redirect(request, &path),
            Found::Nothing(methods) if methods.is_empty() => self.fall_back(request),
            Found::Nothing(methods) => refuse(request.method(), methods),
        }
    }
}

impl Routes {
    /// Answers where there is no route.
    fn fall_back(&self, request: &mut Request) -> Response {
        let site = self.fallbacks.at(request.host());
        let path = Path::new(own_path(request));
        match path.and_then(|path| site.find(request.method(), path)) {
            Some(nested) => nested.value.handle(request),
            None => self.fallback.handle(request),
        }
    }
}

/// Answers where the methods that there are lack the one that is wanted.
fn refuse(method: Method, methods: BTreeSet<Method>) -> Response {
    let status = match method {
        Method::OPTIONS => StatusCode::NO_CONTENT,
        _ => StatusCode::METHOD_NOT_ALLOWED,
    };
    let mut response = status.into_response();
    // Tokens and commas are a value.
    let allow = Allow::from_iter(methods).to_string();
    let _ = response.headers_mut().insert(header::ALLOW, allow);
    response
}

/// Sends the client to another path, with the same method and content.
fn redirect(request: &Request, path: &str) -> Response {
    let location = lookup::location(request.mount_path(), path, request.query());
    let redirect = StatusCode::TEMPORARY_REDIRECT.into_response();
    // A query that was read from a message is part of a value.
    redirect.with_header(header::LOCATION, location).unwrap_or_else(IntoResponse::into_response)
}

/// Returns the path that is looked up. Where a mount takes all of a path, that is its root.
fn own_path(request: &Request) -> &str {
    match request.subpath() {
        "" if !request.mount_path().is_empty() => "/",
        path => path,
    }
}

impl Endpoint {
    fn handle(&self, request: &mut Request) -> Response {
        self.layers.handle(&self.handler, request)
    }
}

impl Route<Endpoint> {
    fn answer(&self, request: &mut Request) -> Response {
        let pattern = &self.pattern;
        let (path, params) = request.subpath_and_params_mut();
        let end = pattern.capture(path, |name, value| params.push(name, value));
        if !params.has_pattern() {
            params.push_pattern(pattern.host().unwrap_or_default());
        }
        if !self.is_mount() {
            params.push_pattern(pattern.path());
            return self.value.handle(request);
        }
        // The root is all of the path, and what comes next has its slash.
        params.push_pattern(if pattern.path() == "/" { "" } else { pattern.path() });
        let before = params.enter(end);
        let response = self.value.handle(request);
        request.subpath_and_params_mut().1.leave(before);
        response
    }
}

impl fmt::Debug for Router {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let patterns = self.routes.table.routes().iter().map(|route| route.pattern.as_str());
        f.debug_tuple("Router").field(&patterns.collect::<Vec<_>>()).finish()
    }
}

impl From<RouteError> for Error {
    fn from(error: RouteError) -> Self {
        Self::new(ErrorKind::Routes).with_source(error)
    }
}

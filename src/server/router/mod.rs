//! From a request to the handler that answers it, by method, path and host.
//!
//! ```
//! use nethttp::server::Handler;
//! use nethttp::{Method, Request, Router};
//!
//! let app = Router::builder()
//!     .get("/", |_: &mut Request| "welcome")
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
//! Paths are compared by what their segments mean, [RFC 3986 §6.2.2]; nothing is redirected, and no path is
//! rewritten.
//!
//! [RFC 3986 §6.2.2]: https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2
//! [RFC 9110 §9.3.7]: https://www.rfc-editor.org/rfc/rfc9110#section-9.3.7
//! [RFC 9110 §15.5.6]: https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6

mod builder;
mod error;
mod hosts;
mod order;
mod pattern;
mod table;

use std::fmt;

use super::Handler;
use crate::error::{Error, ErrorKind};
use crate::field::Allow;
use crate::header;
use crate::message::{IntoResponse, Request, Response};
use crate::method::Method;
use crate::status::StatusCode;

use hosts::Hosts;
use pattern::End;
use table::{Route, Table};

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
/// | `GET /{path...}`, any method `/api/{path...}` | `GET /api/a` | `/api/{path...}`: the path before the method |
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
/// | OPTIONS, where there are routes for other methods | 204 with Allow |
/// | another method, where there are routes for the path | 405 with Allow |
/// | a path that no pattern matches | 404, or the [fallback](RouterBuilder::fallback) |
/// | a path with a segment `.` or `..` | the same: no pattern matches it |
///
/// A path that was looked up has no segment of dots, but what a handler decodes may have one: `/files/..%2Fa` has
/// two segments, of which the second means `../a`.
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
///     .get("/", |_: &mut Request| "welcome")
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
    table: Table<Box<dyn Handler>>,
    hosts: Hosts,
    fallback: Box<dyn Handler>,
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

    /// Returns the pattern of the route that takes a method and a path, of a mount its prefix. Hosts are not asked,
    /// nor is what stands behind a mount.
    ///
    /// ```
    /// use nethttp::{Method, Request, Router};
    ///
    /// let hello = |_: &mut Request| "hello";
    /// let app = Router::builder().get("/{name}", hello).get("/me", hello).build()?;
    /// assert_eq!(app.find(Method::GET, "/me"), Some("/me"));
    /// assert_eq!(app.find(Method::HEAD, "/ada"), Some("/{name}"));
    /// assert_eq!(app.find(Method::POST, "/me"), None);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn find(&self, method: Method, path: &str) -> Option<&str> {
        self.table.find(method, path).map(|route| route.pattern.as_str())
    }

    /// Returns the method, `None` for all, and the pattern of every route, in the order in which they were added: for a
    /// list of what there is.
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
        self.table.routes().iter().map(|route| (route.method, route.pattern.as_str()))
    }

    /// Answers a request that no route takes.
    fn refuse(&self, request: &mut Request) -> Response {
        let methods = self.table.methods(own_path(request));
        if methods.is_empty() {
            return self.fallback.handle(request);
        }
        let status = match request.method() {
            Method::OPTIONS => StatusCode::NO_CONTENT,
            _ => StatusCode::METHOD_NOT_ALLOWED,
        };
        let mut response = status.into_response();
        // Tokens and commas are a value.
        let allow = Allow::from_iter(methods).to_string();
        let _ = response.headers_mut().insert(header::ALLOW, allow);
        response
    }
}

impl Handler for Router {
    fn handle(&self, request: &mut Request) -> Response {
        request.subpath_and_params_mut().1.restart();
        if let Some(handler) = self.hosts.find(request.host()) {
            return handler.handle(request);
        }
        match self.table.find(request.method(), own_path(request)) {
            Some(route) => answer(route, request),
            None => self.refuse(request),
        }
    }
}

/// Returns the path that is looked up. Where a mount takes all of a path, that is its root.
fn own_path(request: &Request) -> &str {
    match request.subpath() {
        "" if !request.mount_path().is_empty() => "/",
        path => path,
    }
}

fn answer(route: &Route<Box<dyn Handler>>, request: &mut Request) -> Response {
    let (path, params) = request.subpath_and_params_mut();
    let end = route.pattern.capture(path, |name, value| params.push(name, value));
    let is_mount = route.pattern.end == End::Below;
    let pattern = route.pattern.as_str();
    if is_mount && pattern == "/" {
        return route.value.handle(request);
    }
    params.push_pattern(pattern);
    if !is_mount {
        return route.value.handle(request);
    }
    let before = params.enter(end);
    let response = route.value.handle(request);
    request.subpath_and_params_mut().1.leave(before);
    response
}

impl fmt::Debug for Router {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.routes().map(|(method, pattern)| table::name(method, pattern));
        f.debug_tuple("Router").field(&names.collect::<Vec<_>>()).finish()
    }
}

impl From<RouteError> for Error {
    fn from(error: RouteError) -> Self {
        Self::new(ErrorKind::Routes).with_source(error)
    }
}

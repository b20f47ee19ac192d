//! Routes on their way to a router.

use std::fmt;

use super::Router;
use super::error::RouteError;
use super::hosts::Hosts;
use super::pattern::Pattern;
use super::table::{Route, Table, name};
use crate::message::IntoResponse;
use crate::method::Method;
use crate::server::Handler;
use crate::status::StatusCode;

/// Takes the routes of a [`Router`]. Their order means nothing.
///
/// A pattern is written as [`Pattern`] says. What is wrong with one is said by [`build`](Self::build).
///
/// # Examples
///
/// ```
/// use nethttp::{Request, Router};
///
/// fn show(request: &mut Request) -> nethttp::Result<String> {
///     Ok(format!("user {}", request.param::<u32>("id")?))
/// }
///
/// let app = Router::builder()
///     .get("/", |_: &mut Request| "welcome")
///     .get("/users/{id}", show)
///     .delete("/users/{id}", |_: &mut Request| nethttp::StatusCode::NO_CONTENT)
///     .build()?;
/// # Ok::<(), nethttp::Error>(())
/// ```
#[must_use = "a builder does nothing until `build` is called"]
pub struct RouterBuilder {
    routes: Vec<Route<Box<dyn Handler>>>,
    hosts: Hosts,
    fallback: Box<dyn Handler>,
    /// The first one.
    error: Option<RouteError>,
}

/// Defines a method for each method named.
macro_rules! methods {
    ($($(#[doc = $doc:literal])* $name:ident: $method:ident;)*) => {$(
        $(#[doc = $doc])*
        ///
        /// ```
        /// use nethttp::server::Handler;
        /// use nethttp::{Method, Request, Router};
        ///
        #[doc = concat!("let app = Router::builder().", stringify!($name), "(\"/a\", |_: &mut Request| \"done\").build()?;")]
        #[doc = concat!("let mut request = Request::new(Method::", stringify!($method), ", \"/a\")?;")]
        /// assert_eq!(app.handle(&mut request).text()?, "done");
        /// # Ok::<(), Box<dyn std::error::Error>>(())
        /// ```
        pub fn $name(self, pattern: &str, handler: impl Handler + 'static) -> Self {
            self.route(Method::$method, pattern, handler)
        }
    )*};
}

impl RouterBuilder {
    pub(super) fn new() -> Self {
        Self {
            routes: Vec::new(),
            hosts: Hosts::default(),
            fallback: Box::new(|_: &mut _| StatusCode::NOT_FOUND.into_response()),
            error: None,
        }
    }

    methods! {
        /// Adds a route for GET, and for HEAD where no route for HEAD has the same pattern.
        get: GET;
        /// Adds a route for POST.
        post: POST;
        /// Adds a route for PUT.
        put: PUT;
        /// Adds a route for PATCH.
        patch: PATCH;
        /// Adds a route for DELETE.
        delete: DELETE;
    }

    /// Adds a route for a method.
    ///
    /// ```
    /// use nethttp::{Method, Request, Router, StatusCode};
    ///
    /// let locked = |_: &mut Request| StatusCode::LOCKED;
    /// let app = Router::builder().route("PROPFIND".parse()?, "/{path...}", locked).build()?;
    /// assert_eq!(app.find("PROPFIND".parse()?, "/a/b"), Some("/{path...}"));
    /// assert_eq!(app.find(Method::GET, "/a/b"), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn route(self, method: Method, pattern: &str, handler: impl Handler + 'static) -> Self {
        self.push(Some(method), pattern, Pattern::parse(pattern), Box::new(handler))
    }

    /// Adds a route for every method that no other route with the same pattern takes. The handler answers for all
    /// methods, so that the router says neither 405 nor what is allowed.
    ///
    /// ```
    /// use nethttp::server::Handler;
    /// use nethttp::{Method, Request, Router};
    ///
    /// let app = Router::builder()
    ///     .any("/echo", |request: &mut Request| request.method().to_string())
    ///     .build()?;
    /// let mut request = Request::new(Method::PUT, "/echo")?;
    /// assert_eq!(app.handle(&mut request).text()?, "PUT");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn any(self, pattern: &str, handler: impl Handler + 'static) -> Self {
        self.push(None, pattern, Pattern::parse(pattern), Box::new(handler))
    }

    /// Has a handler answer for a prefix and all below it, whatever the method: another router, or files.
    ///
    /// The prefix is a pattern without a slash at its end and without a rest, or `/` for everything. `/static` takes
    /// `/static`, `/static/` and `/static/a/b`, but not `/statical`. The handler finds what is its own in
    /// [`Request::subpath`](crate::Request::subpath), which is empty or begins with a slash; a router looks
    /// that up, and nothing as `/`. A route of this router that begins with the same prefix is more specific.
    ///
    /// ```
    /// use nethttp::server::Handler;
    /// use nethttp::{Method, Request, Router};
    ///
    /// let page = |request: &mut Request| request.subpath().to_owned();
    /// let app = Router::builder()
    ///     .mount("/docs/{language}", page)
    ///     .get("/docs/{language}/search", |_: &mut Request| "what?")
    ///     .build()?;
    /// let answer = |path| app.handle(&mut Request::new(Method::GET, path).unwrap()).text();
    /// assert_eq!(answer("/docs/sv/a/b")?, "/a/b");
    /// assert_eq!(answer("/docs/sv")?, "");
    /// assert_eq!(answer("/docs/sv/search")?, "what?");
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn mount(self, prefix: &str, handler: impl Handler + 'static) -> Self {
        self.push(None, prefix, Pattern::parse_prefix(prefix), Box::new(handler))
    }

    /// Has a handler answer all requests for a host, in the place of all other routes.
    ///
    /// `example.org` is that host on any port, in any case; `*.example.org` is every host below it that has no
    /// handler of its own, the longest such name first. Names beyond ASCII are mapped as
    /// [`domain_to_ascii`](crate::uri::domain_to_ascii) does. Requests for other hosts take the other
    /// routes.
    ///
    /// ```
    /// use nethttp::server::Handler;
    /// use nethttp::{Request, Router};
    ///
    /// let app = Router::builder()
    ///     .host("example.org", |_: &mut Request| "home")
    ///     .host("*.example.org", |request: &mut Request| request.host().map(str::to_owned))
    ///     .build()?;
    /// let mut request = Request::default();
    /// request.headers_mut().append("Host", "ada.example.org:8080")?;
    /// assert_eq!(app.handle(&mut request).text()?, "ada.example.org:8080");
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn host(mut self, host: &str, handler: impl Handler + 'static) -> Self {
        if let Err(error) = self.hosts.insert(host, Box::new(handler)) {
            self.error.get_or_insert(error);
        }
        self
    }

    /// Sets what answers requests whose path no pattern matches; without it the answer is 404.
    ///
    /// ```
    /// use nethttp::server::Handler;
    /// use nethttp::{Request, Router, StatusCode};
    ///
    /// let app = Router::builder()
    ///     .fallback(|_: &mut Request| (StatusCode::NOT_FOUND, "There is nothing by that name."))
    ///     .build()?;
    /// assert_eq!(app.handle(&mut Request::default()).text()?, "There is nothing by that name.");
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn fallback(mut self, handler: impl Handler + 'static) -> Self {
        self.fallback = Box::new(handler);
        self
    }

    fn push(
        mut self,
        method: Option<Method>,
        text: &str,
        pattern: Result<Pattern, super::PatternError>,
        value: Box<dyn Handler>,
    ) -> Self {
        match pattern {
            Ok(pattern) => self.routes.push(Route { method, pattern, value }),
            Err(error) => {
                self.error.get_or_insert_with(|| RouteError::pattern(name(method, text), error));
            }
        }
        self
    }

    /// Makes the router. Every route is compared with every other one, which takes time in proportion to the square of
    /// their number; a thousand take some milliseconds.
    ///
    /// # Errors
    ///
    /// A pattern or a host that is malformed, whichever was given first; two routes for the same requests; two
    /// routes that take the same request, neither of which is more specific.
    ///
    /// ```
    /// use nethttp::{Request, Router};
    ///
    /// let hello = |_: &mut Request| "hello";
    /// let error = Router::builder().get("/{id", hello).build().unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "expected a pattern, found 'GET /{id': \
    ///      expected '}' after the name of a parameter, found the end at byte 4",
    /// );
    /// ```
    pub fn build(self) -> Result<Router, RouteError> {
        match self.error {
            Some(error) => Err(error),
            None => Ok(Router {
                table: Table::new(self.routes)?,
                hosts: self.hosts,
                fallback: self.fallback,
            }),
        }
    }
}

impl fmt::Debug for RouterBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RouterBuilder").field("routes", &self.routes.len()).finish_non_exhaustive()
    }
}

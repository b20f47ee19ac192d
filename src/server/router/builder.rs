//! Routes on their way to a router.

use std::fmt;
use std::sync::Arc;

use super::error::{PatternError, PatternErrorKind, RouteError};
use super::layers::Layers;
use super::parse;
use super::pattern::Pattern;
use super::table::{Route, Table};
use super::{Endpoint, Router, Routes};
use crate::message::Request;
use crate::server::{Handler, Middleware};
use crate::status::StatusCode;

/// Takes the routes of a [`Router`]. Their order means nothing.
///
/// A pattern is written as [`Pattern`] says: **the page at the root is `/{$}`, and `/` is everything.** What is wrong with one
/// is said by [`build`](Self::build).
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
///     .get("/{$}", |_: &mut Request| "welcome")
///     .get("/users/{id}", show)
///     .delete("/users/{id}", |_: &mut Request| nethttp::StatusCode::NO_CONTENT)
///     .build()?;
/// # Ok::<(), nethttp::Error>(())
/// ```
#[must_use = "a builder does nothing until `build` is called"]
pub struct RouterBuilder {
    routes: Vec<Entry>,
    /// Those of the builders that were nested; each is like a mount.
    fallbacks: Vec<Entry>,
    fallback: Option<Box<dyn Handler>>,
    layers: Layers,
    /// The first one.
    error: Option<RouteError>,
}

/// A route that may yet come below a prefix.
struct Entry {
    form: Form,
    method: String,
    host: String,
    path: String,
    endpoint: Endpoint,
}

/// What else a pattern has to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Route,
    Any,
    Mount,
}

impl Entry {
    fn new(form: Form, text: &str, handler: Box<dyn Handler>) -> Self {
        let (method, target) = parse::split_method(text);
        let (host, path) = target.split_at(target.find('/').unwrap_or(target.len()));
        Self {
            form,
            method: method.map(|method| method.to_owned() + " ").unwrap_or_default(),
            host: host.to_owned(),
            path: path.to_owned(),
            endpoint: Endpoint { handler, layers: Layers::default() },
        }
    }

    fn text(&self) -> String {
        [&*self.method, &self.host, &self.path].concat()
    }

    /// Puts it below a prefix.
    fn nest(&mut self, prefix: &Pattern, layers: &Layers) -> Result<(), RouteError> {
        self.endpoint.layers.extend(layers);
        let root = if prefix.path() == "/" { "" } else { prefix.path() };
        if prefix.target() == "/" {
            return Ok(());
        }
        if !self.host.is_empty() {
            let kind = PatternErrorKind::NestedHost;
            let error = PatternError::new(kind, None, self.method.len());
            return Err(RouteError::pattern(self.text(), error));
        }
        prefix.host().unwrap_or_default().clone_into(&mut self.host);
        let is_root = self.form == Form::Mount && self.path == "/" && !root.is_empty();
        self.path.insert_str(0, root);
        if is_root {
            self.path.pop();
        }
        Ok(())
    }

    fn build(self) -> Result<Route<Endpoint>, RouteError> {
        let text = self.text();
        let pattern = match self.form {
            Form::Route => parse::pattern(&text),
            Form::Any => parse::any(&text),
            Form::Mount => parse::prefix(&text),
        };
        match pattern {
            Ok(pattern) => Ok(Route { pattern, value: self.endpoint }),
            Err(error) => Err(RouteError::pattern(text, error)),
        }
    }
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
            self.route(&[stringify!($method), " ", pattern].concat(), handler)
        }
    )*};
}

impl RouterBuilder {
    pub(super) const fn new() -> Self {
        Self {
            routes: Vec::new(),
            fallbacks: Vec::new(),
            fallback: None,
            layers: Layers::new(),
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

    /// Adds a route: `[METHOD ][HOST]/path`.
    ///
    /// ```
    /// use nethttp::{Method, Request, Router, StatusCode};
    ///
    /// let locked = |_: &mut Request| StatusCode::LOCKED;
    /// let app = Router::builder()
    ///     .route("PROPFIND /{path...}", locked)
    ///     .route("GET files.example/{path...}", locked)
    ///     .build()?;
    /// assert_eq!(app.find("PROPFIND".parse()?, "/a/b"), Some("/{path...}"));
    /// assert_eq!(app.find(Method::GET, "files.example/a/b"), Some("files.example/{path...}"));
    /// assert_eq!(app.find(Method::GET, "/a/b"), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn route(self, pattern: &str, handler: impl Handler + 'static) -> Self {
        self.push(Form::Route, pattern, Box::new(handler))
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
        self.push(Form::Any, pattern, Box::new(handler))
    }

    /// Has a handler answer for a prefix and all below it, whatever the method: another router, or files.
    ///
    /// The prefix is a pattern without a slash at its end and without a rest, or `/` for everything; with a host it is
    /// that host's alone, and `example.org/` is all of it. `/static` takes `/static`, `/static/` and `/static/a/b`, but not
    /// `/statical`. The handler finds what is its own in [`Request::subpath`](crate::Request::subpath), which is empty or
    /// begins with a slash; a router looks that up, and nothing as `/`. Whether to redirect is its business. A route of this
    /// router that begins with the same prefix is more specific.
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
        self.push(Form::Mount, prefix, Box::new(handler))
    }

    /// Adds all routes of another builder, below a prefix as for [`mount`](Self::mount): `/users` and `/{id}` make
    /// `/users/{id}`. The pattern `""` is the prefix itself.
    ///
    /// They are routes of this router like all others: which is the more specific, what contradicts, which methods there are
    /// does not depend on where they come from, and [`Request::subpath`](crate::Request::subpath) is the whole path. What is
    /// [around](Self::wrap) the other builder stays around each of its routes, and its [fallback](Self::fallback) answers
    /// below the prefix.
    ///
    /// ```
    /// use nethttp::server::Handler;
    /// use nethttp::{Method, Request, Router};
    ///
    /// let users = Router::builder()
    ///     .get("", |_: &mut Request| "everybody")
    ///     .get("/{id}", |request: &mut Request| request.param::<String>("id"));
    /// let app = Router::builder()
    ///     .nest("/users", users)
    ///     .get("/users/me", |_: &mut Request| "you")
    ///     .build()?;
    /// let answer = |path| app.handle(&mut Request::new(Method::GET, path).unwrap()).text();
    /// assert_eq!(answer("/users")?, "everybody");
    /// assert_eq!(answer("/users/7")?, "7");
    /// assert_eq!(answer("/users/me")?, "you");
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn nest(mut self, prefix: &str, mut routes: Self) -> Self {
        let pattern = match parse::prefix(prefix) {
            Ok(pattern) => pattern,
            Err(error) => {
                self.error.get_or_insert_with(|| RouteError::pattern(prefix.to_owned(), error));
                return self;
            }
        };
        let own = routes.fallback.take().map(|handler| Entry::new(Form::Mount, "/", handler));
        routes.fallbacks.extend(own);
        let mut error = routes.error;
        for entry in routes.routes.iter_mut().chain(&mut routes.fallbacks) {
            if let Err(wrong) = entry.nest(&pattern, &routes.layers) {
                error.get_or_insert(wrong);
            }
        }
        self.error = self.error.or(error);
        self.routes.append(&mut routes.routes);
        self.fallbacks.append(&mut routes.fallbacks);
        self
    }

    /// Puts a middleware around all that this builder has, what is added later included. The one that is put around last sees
    /// the request first.
    ///
    /// In a builder that is [nested](Self::nest) it is around each route, and runs when one was found; in the outermost one it
    /// is around the router, and sees what is answered with 404, 405 and redirects as well. There,
    /// [`Request::pattern`](crate::Request::pattern) is known only when the next handler has answered.
    ///
    /// ```
    /// use nethttp::server::{Guard, Handler, Users};
    /// use nethttp::{Method, Request, Router};
    ///
    /// let users: Users = [("ada", "secret")].into_iter().collect();
    /// let admin = Router::builder()
    ///     .get("/log", |_: &mut Request| "nothing has happened")
    ///     .wrap(Guard::basic("admin", users)?);
    /// let app = Router::builder().nest("/admin", admin).build()?;
    /// let mut request = Request::new(Method::GET, "/admin/log")?;
    /// assert_eq!(app.handle(&mut request).status().as_u16(), 401);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn wrap(mut self, middleware: impl Middleware + 'static) -> Self {
        self.layers.push(Arc::new(middleware));
        self
    }

    /// Sets what answers requests whose path no pattern matches; without it the answer is 404. Where builders are
    /// nested, the fallback of the longest prefix answers.
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
        self.fallback = Some(Box::new(handler));
        self
    }

    fn push(mut self, form: Form, text: &str, handler: Box<dyn Handler>) -> Self {
        self.routes.push(Entry::new(form, text, handler));
        self
    }

    /// Makes the router.
    ///
    /// # Errors
    ///
    /// A pattern that is malformed; two routes for the same requests; two routes that take the same request, neither of
    /// which is more specific.
    ///
    /// ```
    /// use nethttp::{Request, Router};
    ///
    /// let hello = |_: &mut Request| "hello";
    /// let error = Router::builder().get("/{id", hello).build().unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "expected a pattern, found 'GET /{id': \
    ///      expected '}' after the name of a parameter, found the end at byte 8",
    /// );
    /// ```
    pub fn build(self) -> Result<Router, RouteError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let table = |entries: Vec<Entry>| -> Result<_, RouteError> {
            Table::new(entries.into_iter().map(Entry::build).collect::<Result<_, _>>()?)
        };
        let not_found =
            || -> Box<dyn Handler> { Box::new(|_: &mut Request| StatusCode::NOT_FOUND) };
        let routes = Routes {
            table: table(self.routes)?,
            fallbacks: table(self.fallbacks)?,
            fallback: self.fallback.unwrap_or_else(not_found),
        };
        Ok(Router { routes, layers: self.layers })
    }
}

impl fmt::Debug for RouterBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RouterBuilder").field("routes", &self.routes.len()).finish_non_exhaustive()
    }
}

//! What answers requests.

use std::fmt;
use std::sync::Arc;

use crate::message::{IntoResponse, Request, Response};

/// Answers requests. Every function from `&mut Request` to something that becomes a response does.
///
/// It is called on many threads at once, each with a stack of 256 KiB: a deep recursion belongs on a thread
/// of its own. If it panics, the client gets `500`.
///
/// # Examples
///
/// ```
/// use nethttp::server::Handler;
/// use nethttp::{Request, Response, StatusCode};
///
/// struct Maintenance;
///
/// impl Handler for Maintenance {
///     fn handle(&self, _: &mut Request) -> Response {
///         Response::new(StatusCode::SERVICE_UNAVAILABLE).with_body("back soon\n")
///     }
/// }
///
/// let closure = |request: &mut Request| request.path().to_owned();
/// assert_eq!(closure.handle(&mut Request::default()).text()?, "/");
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// What several handlers share, such as a store or a pool of connections, is in an [`Arc`], of which each has its own:
///
/// ```
/// use nethttp::message::IntoResponse;
/// use nethttp::server::Handler;
/// use nethttp::{Request, Result, Router};
/// use std::sync::{Arc, Mutex};
///
/// type Store = Arc<Mutex<Vec<String>>>;
///
/// fn list(store: &Store, _: &mut Request) -> String {
///     store.lock().unwrap().join("\n")
/// }
///
/// fn add(store: &Store, request: &mut Request) -> Result<()> {
///     store.lock().unwrap().push(request.body_mut().text()?);
///     Ok(())
/// }
///
/// /// Makes a handler of a function that wants the store as well.
/// fn with<F, R>(store: &Store, answer: F) -> impl Handler + use<F, R>
/// where
///     F: Fn(&Store, &mut Request) -> R + Send + Sync,
///     R: IntoResponse,
/// {
///     let store = Arc::clone(store);
///     move |request: &mut Request| answer(&store, request)
/// }
///
/// let store = Store::default();
/// let app = Router::builder()
///     .get("/items", with(&store, list))
///     .post("/items", with(&store, add))
///     .build()?;
/// # Ok::<(), nethttp::Error>(())
/// ```
pub trait Handler: Send + Sync {
    /// Answers one request.
    fn handle(&self, request: &mut Request) -> Response;

    /// Puts a middleware around the handler. The one that is put around last sees the request first.
    ///
    /// ```
    /// use nethttp::Request;
    /// use nethttp::server::Handler;
    ///
    /// let app = (|_: &mut Request| "hello").wrap(|request: &mut Request, next: &dyn Handler| {
    ///     let response = next.handle(request);
    ///     response.with_header("X-Content-Type-Options", "nosniff").unwrap_or_else(|_| unreachable!())
    /// });
    /// assert_eq!(app.handle(&mut Request::default()).header("X-Content-Type-Options"), Some("nosniff"));
    /// ```
    fn wrap<M: Middleware>(self, middleware: M) -> Wrapped<Self, M>
    where
        Self: Sized,
    {
        Wrapped { handler: self, middleware }
    }
}

impl Handler for Box<dyn Handler> {
    fn handle(&self, request: &mut Request) -> Response {
        (**self).handle(request)
    }
}

impl<H: Handler + ?Sized> Handler for Arc<H> {
    fn handle(&self, request: &mut Request) -> Response {
        (**self).handle(request)
    }
}

impl<F, R> Handler for F
where
    F: Fn(&mut Request) -> R + Send + Sync,
    R: IntoResponse,
{
    fn handle(&self, request: &mut Request) -> Response {
        self(request).into_response()
    }
}

/// Stands before a [`Handler`]: looks at the request before it and at the response after it, or answers
/// in its place. Every function of the same two arguments is one, and so is an `Option` of one, of which `None` does nothing.
///
/// # Examples
///
/// ```
/// use nethttp::server::{Handler, Middleware};
/// use nethttp::{Request, Response, StatusCode};
///
/// struct ReadOnly;
///
/// impl Middleware for ReadOnly {
///     fn handle(&self, request: &mut Request, next: &dyn Handler) -> Response {
///         if request.method().is_safe() {
///             return next.handle(request);
///         }
///         Response::new(StatusCode::FORBIDDEN)
///     }
/// }
///
/// let is_locked = true;
/// let app = (|_: &mut Request| "hello").wrap(is_locked.then_some(ReadOnly));
/// assert_eq!(app.handle(&mut Request::default()).status(), StatusCode::OK);
/// ```
pub trait Middleware: Send + Sync {
    /// Answers one request, with the help of what stands behind.
    fn handle(&self, request: &mut Request, next: &dyn Handler) -> Response;
}

impl<F, R> Middleware for F
where
    F: Fn(&mut Request, &dyn Handler) -> R + Send + Sync,
    R: IntoResponse,
{
    fn handle(&self, request: &mut Request, next: &dyn Handler) -> Response {
        self(request, next).into_response()
    }
}

impl Middleware for Box<dyn Middleware> {
    fn handle(&self, request: &mut Request, next: &dyn Handler) -> Response {
        (**self).handle(request, next)
    }
}

impl<M: Middleware + ?Sized> Middleware for Arc<M> {
    fn handle(&self, request: &mut Request, next: &dyn Handler) -> Response {
        (**self).handle(request, next)
    }
}

/// `None` does nothing.
impl<M: Middleware> Middleware for Option<M> {
    fn handle(&self, request: &mut Request, next: &dyn Handler) -> Response {
        match self {
            Some(middleware) => middleware.handle(request, next),
            None => next.handle(request),
        }
    }
}

/// A handler with a middleware around it: see [`Handler::wrap`].
///
/// # Examples
///
/// ```
/// use nethttp::Request;
/// use nethttp::server::{Handler, Wrapped};
///
/// fn public(handler: impl Handler) -> Wrapped<impl Handler, impl nethttp::server::Middleware> {
///     handler.wrap(|request: &mut Request, next: &dyn Handler| next.handle(request))
/// }
/// # let _ = public(|_: &mut Request| "hello");
/// ```
pub struct Wrapped<H, M> {
    handler: H,
    middleware: M,
}

impl<H: Handler, M: Middleware> Handler for Wrapped<H, M> {
    fn handle(&self, request: &mut Request) -> Response {
        self.middleware.handle(request, &self.handler)
    }
}

impl<H, M> fmt::Debug for Wrapped<H, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wrapped").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::{ErrorPages, RequestIds, SecurityHeaders};

    fn named(app: &impl Handler) -> Vec<String> {
        let response = app.handle(&mut Request::default());
        let names = response.headers().iter().map(|(name, _)| name.to_owned());
        names.filter(|name| name.starts_with("X-R")).collect()
    }

    #[test]
    fn what_is_not_there_does_nothing() {
        let hello = |_: &mut Request| "hello";
        assert!(named(&hello.wrap(None::<RequestIds>)).is_empty());
        assert_eq!(named(&hello.wrap(Some(RequestIds::DEFAULT))), ["X-Request-Id"]);
    }

    #[test]
    fn what_is_shared_or_boxed_is_what_it_was() {
        let ids: Arc<RequestIds> = Arc::default();
        let boxed: Box<dyn Middleware> = Box::new(Arc::clone(&ids));
        let shared: Arc<dyn Middleware> = ids;
        let app = Arc::new((|_: &mut Request| "hello").wrap(boxed));
        assert_eq!(named(&Arc::clone(&app)), ["X-Request-Id"]);
        assert_eq!(named(&(|_: &mut Request| "hello").wrap(shared)), ["X-Request-Id"]);
        let as_handler: Arc<dyn Handler> = app;
        let chosen: Vec<Box<dyn Middleware>> =
            vec![Box::new(ErrorPages::new()), Box::new(SecurityHeaders::new())];
        let start: Box<dyn Handler> = Box::new(as_handler);
        let app = chosen.into_iter().fold(start, |app, one| Box::new(app.wrap(one)));
        assert_eq!(named(&app), ["X-Request-Id"]);
    }
}

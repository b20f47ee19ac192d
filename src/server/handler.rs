//! What answers requests.

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
pub trait Handler: Send + Sync {
    /// Answers one request.
    fn handle(&self, request: &mut Request) -> Response;
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

//! What load balancers ask.

use super::control::Connection;
use super::handler::Handler;
use crate::message::{IntoResponse, Request, Response};
use crate::status::StatusCode;

/// Answers the question of a load balancer whether this server can do with more: `200` as long as it runs, and `503` once it is
/// [about to go](super::ServerHandle::drain).
///
/// # Examples
///
/// ```
/// use nethttp::Request;
/// use nethttp::server::{Handler, Health};
///
/// assert_eq!(Health.handle(&mut Request::default()).text()?, "ok\n");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "it is its own constructor")]
pub struct Health;

impl Handler for Health {
    fn handle(&self, request: &mut Request) -> Response {
        let is_draining = Connection::of(request).is_some_and(|it| it.is_draining());
        let mut response = match is_draining {
            true => (StatusCode::SERVICE_UNAVAILABLE, "draining\n").into_response(),
            false => "ok\n".into_response(),
        };
        // The name and the value are good.
        let _ = response.headers_mut().insert("Cache-Control", "no-store");
        response
    }
}

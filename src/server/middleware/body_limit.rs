//! How much of a request's content a handler may read.

use crate::message::{IntoResponse, Request, Response};
use crate::server::{Handler, Middleware};
use crate::status::StatusCode;

/// Sets how many bytes of content a request may have, in place of [`Limits::body`](crate::server::Limits::body): a
/// [`Middleware`], for a part of a server that takes uploads, or for one that takes little.
///
/// A request that announces more is answered with 413 and its handler is not called; a client that waits to be told to go on
/// has then sent nothing. One that turns out to be longer gives the handler an error, which
/// [becomes](crate::Error) 413 as well. A handler can still set [another limit](crate::Body::set_limit) itself.
///
/// # Examples
///
/// ```
/// use nethttp::Request;
/// use nethttp::server::{BodyLimit, Handler};
///
/// let upload = |request: &mut Request| -> nethttp::Result<String> {
///     Ok(format!("{} bytes", request.body_mut().read_all()?.len()))
/// };
/// let app = upload.wrap(BodyLimit::new(4));
///
/// let mut request = Request::default();
/// *request.body_mut() = "hello".into();
/// assert_eq!(app.handle(&mut request).status().as_u16(), 413);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyLimit {
    most: u64,
}

impl BodyLimit {
    /// Creates a limit of so many bytes.
    ///
    /// ```
    /// use nethttp::Request;
    /// use nethttp::server::{BodyLimit, Handler};
    ///
    /// let app = (|_: &mut Request| "thanks").wrap(BodyLimit::new(1 << 30));
    /// assert_eq!(app.handle(&mut Request::default()).status().as_u16(), 200);
    /// ```
    #[must_use]
    pub const fn new(bytes: u64) -> Self {
        Self { most: bytes }
    }
}

impl Middleware for BodyLimit {
    fn handle(&self, request: &mut Request, next: &dyn Handler) -> Response {
        let body = request.body_mut();
        body.set_limit(Some(self.most));
        if body.len().is_some_and(|len| len > self.most) {
            return StatusCode::PAYLOAD_TOO_LARGE.into_response();
        }
        next.handle(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Body;
    use std::io;

    #[track_caller]
    fn gives(body: Body, status: u16, is_handled: bool) {
        let called = std::sync::atomic::AtomicBool::new(false);
        let handler = |request: &mut Request| -> crate::error::Result<Vec<u8>> {
            called.store(true, std::sync::atomic::Ordering::Relaxed);
            Ok(request.body_mut().read_all()?)
        };
        let mut request = Request::default();
        *request.body_mut() = body;
        request.body_mut().set_limit(Some(2));
        let response = handler.wrap(BodyLimit::new(4)).handle(&mut request);
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(called.into_inner(), is_handled);
    }

    #[test]
    fn content_may_be_as_long_as_the_limit() {
        gives("four".into(), 200, true);
        gives(Body::empty(), 200, true);
        gives(Body::reader(&b"four"[..], None), 200, true);
    }

    #[test]
    fn what_announces_more_never_gets_to_the_handler() {
        gives("fiver".into(), 413, false);
        gives(Body::reader(io::empty(), Some(5)), 413, false);
    }

    #[test]
    fn what_turns_out_to_be_more_is_cut_off() {
        gives(Body::reader(&b"fiver"[..], None), 413, true);
    }
}

//! The body of a response, read from the connection that it comes over.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use super::config::Shared;
use super::connection::Connection;
use super::failure::Failure;
use super::route::Route;
use super::session::Call;
use crate::error::{Error, ErrorKind};
use crate::h1::ParseErrorKind;
use crate::message::Trailers;
use crate::status::StatusCode;
use crate::uri::Uri;

/// The rest of a response.
///
/// The connection goes back to the pool at the end of the body, and is closed when that is not reached.
pub(super) struct Incoming {
    state: State,
    call: Arc<Call>,
    trailers: Trailers,
}

enum State {
    Reading(Open),
    Ended,
    /// Reading went wrong, and stays wrong.
    Failed(ErrorKind),
}

struct Open {
    connection: Box<Connection>,
    route: Route,
    url: Uri,
}

impl Incoming {
    pub(super) fn new(
        connection: Box<Connection>,
        route: Route,
        url: Uri,
        call: &Arc<Call>,
        trailers: Trailers,
    ) -> Self {
        let open = Open { connection, route, url };
        Self { state: State::Reading(open), call: Arc::clone(call), trailers }
    }

    fn release(&mut self) {
        if let State::Reading(open) = std::mem::replace(&mut self.state, State::Ended) {
            let received = open.connection.h1.trailers();
            if let Some(trailers) = self.trailers.as_ref().filter(|_| !received.is_empty()) {
                // The body ends once.
                let _ = trailers.set(received.clone());
            }
            release(&self.call.shared, open.connection, open.route);
        }
    }

    fn fail(&mut self, failure: Failure) -> io::Error {
        let State::Reading(open) = std::mem::replace(&mut self.state, State::Ended) else {
            return io_kind(&failure).into();
        };
        let failure = if open.connection.is_cancelled() { Failure::Cancelled } else { failure };
        let kind = io_kind(&failure);
        let origin = &open.route.origin;
        let error = failure.into_error(origin, self.call.deadline.timeouts()).with_url(&open.url);
        self.state = State::Failed(error.kind());
        io::Error::new(kind, error)
    }
}

/// Keeps a connection whose exchange is over, if it can be used again.
pub(super) fn release(shared: &Shared, mut connection: Box<Connection>, route: Route) {
    if let Some(until) = connection.next() {
        // It is idle since then. The pool looks at the clock when it is next asked for a connection.
        let since = connection.wire.last_read();
        shared.pool.put(route, connection, until, since);
    }
}

fn io_kind(failure: &Failure) -> io::ErrorKind {
    match failure {
        Failure::Timeout(_) => io::ErrorKind::TimedOut,
        Failure::Cancelled => io::ErrorKind::ConnectionAborted,
        Failure::Send(error) | Failure::Receive(error) | Failure::Body(error) => error.kind(),
        Failure::Unanswered(_) => io::ErrorKind::UnexpectedEof,
        Failure::Parse(error) if error.kind() == ParseErrorKind::Truncated => {
            io::ErrorKind::UnexpectedEof
        }
        Failure::Parse(_) | Failure::Response(_) | Failure::Refused => io::ErrorKind::InvalidData,
        Failure::Encode(_) => io::ErrorKind::InvalidInput,
    }
}

impl Read for Incoming {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let open = match &mut self.state {
            State::Reading(open) => open,
            State::Ended => return Ok(0),
            State::Failed(kind) => {
                // What has failed is a response, whoever asks a server in which this client is.
                let error = Error::new(*kind)
                    .with_text("expected no read after an error")
                    .with_status(StatusCode::INTERNAL_SERVER_ERROR);
                return Err(io::Error::other(error));
            }
        };
        if buf.is_empty() {
            return Ok(0);
        }
        let deadline = match self.call.drains.load(Ordering::Relaxed) {
            // Nobody will see the body: what is still to come must come soon.
            true => &self.call.deadline.for_draining(Instant::now()),
            false => &self.call.deadline,
        };
        match open.connection.read_body(buf, deadline) {
            Ok(taken) => {
                if taken.ended {
                    self.release();
                }
                Ok(taken.len)
            }
            Err(failure) => Err(self.fail(failure)),
        }
    }
}

impl Drop for Incoming {
    /// What has come already is taken, if that is all; nothing is waited for.
    fn drop(&mut self) {
        if let State::Reading(open) = &mut self.state
            && open.connection.skip_buffered()
        {
            self.release();
        }
    }
}

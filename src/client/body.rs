//! The body of a response, read from the connection that it comes over.

use std::io::{self, Read};
use std::sync::Arc;
use std::time::Instant;

use super::config::Shared;
use super::connection::Connection;
use super::failure::Failure;
use super::origin::Origin;
use super::timeouts::Deadline;
use crate::error::{Error, ErrorKind};
use crate::h1::ParseErrorKind;
use crate::status::StatusCode;
use crate::uri::Uri;

/// The rest of a response.
///
/// The connection goes back to the pool at the end of the body, and is closed when that is not reached.
pub(super) struct Incoming {
    state: State,
    shared: Arc<Shared>,
    deadline: Deadline,
}

enum State {
    Reading(Box<Open>),
    Ended,
    /// Reading went wrong, and stays wrong.
    Failed(ErrorKind),
}

struct Open {
    connection: Connection,
    origin: Origin,
    url: Uri,
}

impl Incoming {
    pub(super) fn new(
        connection: Connection,
        origin: Origin,
        url: Uri,
        shared: Arc<Shared>,
        deadline: Deadline,
    ) -> Self {
        let open = Box::new(Open { connection, origin, url });
        Self { state: State::Reading(open), shared, deadline }
    }

    fn release(&mut self) {
        if let State::Reading(open) = std::mem::replace(&mut self.state, State::Ended) {
            release(&self.shared, open.connection, open.origin);
        }
    }

    fn fail(&mut self, failure: Failure) -> io::Error {
        let kind = io_kind(&failure);
        let State::Reading(open) = std::mem::replace(&mut self.state, State::Ended) else {
            return kind.into();
        };
        let error = failure.into_error(&open.origin, self.deadline.timeouts()).with_url(&open.url);
        self.state = State::Failed(error.kind());
        io::Error::new(kind, error)
    }
}

/// Keeps a connection whose exchange is over, if it can be used again.
pub(super) fn release(shared: &Shared, mut connection: Connection, origin: Origin) {
    if let Some(until) = connection.next() {
        shared.pool.put(origin, connection, until, Instant::now());
    }
}

fn io_kind(failure: &Failure) -> io::ErrorKind {
    match failure {
        Failure::Timeout(_) => io::ErrorKind::TimedOut,
        Failure::Cancelled => io::ErrorKind::ConnectionAborted,
        Failure::Io(error) | Failure::Body(error) => error.kind(),
        Failure::Parse(error) if error.kind() == ParseErrorKind::Truncated => {
            io::ErrorKind::UnexpectedEof
        }
        Failure::Parse(_) | Failure::Response(_) => io::ErrorKind::InvalidData,
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
        match open.connection.read_body(buf, &self.deadline) {
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

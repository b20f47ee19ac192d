//! Why nothing is shown.

use std::io;

use crate::header;
use crate::message::{IntoResponse, Response};
use crate::status::StatusCode;

/// Why nothing is shown: the status, and behind one of the server's own what went wrong, for the operator.
#[derive(Debug)]
pub(crate) struct Denial {
    pub(crate) status: StatusCode,
    pub(crate) cause: Option<io::Error>,
}

impl Denial {
    pub(super) const NOT_FOUND: Self = Self { status: StatusCode::NOT_FOUND, cause: None };

    /// What an error on the way to something means: what may not be entered is as if it were not there.
    pub(super) fn on_the_way(error: io::Error) -> Self {
        match status_of(&error) {
            StatusCode::FORBIDDEN => Self::NOT_FOUND,
            _ => error.into(),
        }
    }

    pub(super) fn is_not_found(&self) -> bool {
        self.status == StatusCode::NOT_FOUND
    }
}

impl From<StatusCode> for Denial {
    fn from(status: StatusCode) -> Self {
        Self { status, cause: None }
    }
}

impl From<io::Error> for Denial {
    fn from(error: io::Error) -> Self {
        let status = status_of(&error);
        Self { status, cause: status.is_server_error().then_some(error) }
    }
}

/// The status alone, and when to come back.
impl IntoResponse for Denial {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            // The name and the value are good.
            let _ = response.headers_mut().insert(header::RETRY_AFTER, "1");
        }
        match self.cause {
            Some(cause) => response.with_cause(cause),
            None => response,
        }
    }
}

/// What an error of the file system means to a client.
pub(crate) fn status_of(error: &io::Error) -> StatusCode {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidFilename => {
            StatusCode::NOT_FOUND
        }
        io::ErrorKind::PermissionDenied => StatusCode::FORBIDDEN,
        // Another process has a lease on the file, and is asked to give it up; who waits for that is a thread.
        io::ErrorKind::WouldBlock => StatusCode::SERVICE_UNAVAILABLE,
        // Too many open files, say.
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_a_status_and_those_of_the_server_a_cause() {
        for (kind, expected) in [
            (io::ErrorKind::NotFound, 404),
            (io::ErrorKind::NotADirectory, 404),
            (io::ErrorKind::InvalidFilename, 404),
            (io::ErrorKind::PermissionDenied, 403),
            (io::ErrorKind::WouldBlock, 503),
            (io::ErrorKind::Other, 500),
        ] {
            let response = Denial::from(io::Error::from(kind)).into_response();
            assert_eq!(response.status().as_u16(), expected);
            assert_eq!(response.cause().is_some(), expected >= 500);
            assert_eq!(response.header("Retry-After"), (expected == 503).then_some("1"));
            let on_the_way = if expected == 403 { 404 } else { expected };
            assert_eq!(Denial::on_the_way(kind.into()).status.as_u16(), on_the_way);
        }
    }
}

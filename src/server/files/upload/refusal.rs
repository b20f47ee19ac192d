//! Why nothing was changed.

use std::error::Error as StdError;
use std::io::{self, ErrorKind};

use crate::error::Error;
use crate::message::{IntoResponse, Response};
use crate::server::files::denial::{Denial, status_of};
use crate::status::StatusCode;

/// Why nothing was changed: what the client is told, and what the operator.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    reason: String,
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        Self { status, reason: reason.into(), cause: None }
    }

    fn with_cause(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// There is something of that name.
    pub(super) fn taken(name: &str) -> Self {
        Self::new(StatusCode::CONFLICT, format!("expected a new name, found {name:?} there"))
    }

    pub(super) fn unsafe_name(name: &str) -> Self {
        let reason = format!("expected a name that is safe on every system, found {name:?}");
        Self::new(StatusCode::BAD_REQUEST, reason)
    }

    /// There may be more in a directory than is listed.
    pub(super) fn not_empty() -> Self {
        let reason = "expected an empty directory, found something in it";
        Self::new(StatusCode::CONFLICT, reason)
    }

    pub(super) fn precondition() -> Self {
        Self::from(StatusCode::PRECONDITION_FAILED)
    }

    /// More is announced than may be stored.
    pub(super) fn too_long(limit: u64) -> Self {
        let reason = format!("expected a body of at most {limit} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, reason)
    }

    pub(super) fn cross_origin() -> Self {
        Self::new(StatusCode::FORBIDDEN, "expected a page of this origin, found one of another")
    }

    /// What has come from the client cannot be read, or not to its end.
    pub(super) fn reading(error: io::Error) -> Self {
        Self::from(Error::from(error))
    }

    /// What has come cannot be stored. The text of the error is for the operator, and is not sent.
    pub(super) fn storing(error: io::Error) -> Self {
        let status = match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                StatusCode::INSUFFICIENT_STORAGE
            }
            ErrorKind::ReadOnlyFilesystem => StatusCode::FORBIDDEN,
            ErrorKind::AlreadyExists | ErrorKind::IsADirectory | ErrorKind::DirectoryNotEmpty => {
                StatusCode::CONFLICT
            }
            ErrorKind::InvalidFilename => StatusCode::BAD_REQUEST,
            _ => status_of(&error),
        };
        Self::from(status).with_cause(error)
    }
}

impl From<StatusCode> for Refusal {
    fn from(status: StatusCode) -> Self {
        Self::new(status, "")
    }
}

impl From<Denial> for Refusal {
    fn from(denial: Denial) -> Self {
        let refusal = Self::from(denial.status);
        match denial.cause {
            Some(cause) => refusal.with_cause(cause),
            None => refusal,
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let status = error.status();
        let told = if status.is_server_error() { String::new() } else { error.to_string() };
        Self::new(status, told).with_cause(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self { status, reason, cause } = self;
        let response = if reason.is_empty() {
            status.into_response()
        } else {
            let name = status.canonical_reason().unwrap_or_default();
            (status, format!("{status} {name}: {reason}\n")).into_response()
        };
        match cause {
            Some(cause) => response.with_cause(cause),
            None => response,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_is_full_is_not_a_broken_server() {
        for (kind, expected) in [
            (ErrorKind::StorageFull, 507),
            (ErrorKind::QuotaExceeded, 507),
            (ErrorKind::FileTooLarge, 507),
            (ErrorKind::ReadOnlyFilesystem, 403),
            (ErrorKind::PermissionDenied, 403),
            (ErrorKind::DirectoryNotEmpty, 409),
            (ErrorKind::InvalidFilename, 400),
            (ErrorKind::NotFound, 404),
            (ErrorKind::Other, 500),
        ] {
            let response = Refusal::storing(kind.into()).into_response();
            assert_eq!(response.status().as_u16(), expected, "{kind:?}");
        }
    }

    #[test]
    fn a_refusal_says_why() {
        let text = |refusal: Refusal| refusal.into_response().text().unwrap();
        for (refusal, expected) in [
            (Refusal::taken("a\nb"), "409 Conflict: expected a new name, found \"a\\nb\" there\n"),
            (
                Refusal::unsafe_name("-x"),
                "400 Bad Request: expected a name that is safe on every system, found \"-x\"\n",
            ),
            (
                Refusal::cross_origin(),
                "403 Forbidden: expected a page of this origin, found one of another\n",
            ),
            (Refusal::precondition(), "412 Precondition Failed\n"),
            (Refusal::reading(ErrorKind::ConnectionReset.into()), "500 Internal Server Error\n"),
        ] {
            assert_eq!(text(refusal), expected);
        }
    }
}

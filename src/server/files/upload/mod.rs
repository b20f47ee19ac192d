//! Changing what is in a directory.

use super::path::FilePath;
use super::root::Root;
use crate::message::{IntoResponse, Request, Response};
use crate::method::Method;
use crate::status::StatusCode;

/// What clients may change in a directory.
///
/// # Examples
///
/// ```
/// use nethttp::server::{FileServer, Uploads};
///
/// let files = FileServer::open("src")?.uploads(Uploads::DEFAULT);
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Uploads {}

impl Uploads {
    /// The defaults.
    pub const DEFAULT: Self = Self {};

    /// Returns the methods that [`respond`] answers, for Allow.
    pub(super) const fn methods(&self) -> &'static [Method] {
        &[]
    }
}

/// Answers one of the [methods](Uploads::methods). The path is decoded, and may be that of the root.
pub(super) fn respond(_: &Uploads, _: &mut Request, root: &Root, path: &FilePath) -> Response {
    root.place(path).map(|_| StatusCode::NOT_IMPLEMENTED).into_response()
}

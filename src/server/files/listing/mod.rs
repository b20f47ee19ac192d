//! The page that lists a directory.

use super::Uploads;
use super::entry::Entry;
use super::path::FilePath;
use crate::message::{IntoResponse, Request, Response};

/// Answers GET or HEAD with what is in a directory. The path is decoded and ends with a slash; the mount is in the
/// request. The entries come in no order.
pub(super) fn respond(
    _: &Request,
    path: &FilePath,
    mut entries: Vec<Entry>,
    _: Option<&Uploads>,
) -> Response {
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    format!("{:?}: {} entries", path.names(), entries.len()).into_response()
}

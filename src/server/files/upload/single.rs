//! PUT and DELETE: the one thing that the path names.

use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::path::Path;
use std::time::SystemTime;

use super::Uploads;
use super::receive::{receive, turn};
use super::refusal::Refusal;
use crate::field::conditional::{self, Outcome, Validators};
use crate::field::{ContentEncoding, safe_file_name};
use crate::header;
use crate::message::{Request, Response};
use crate::server::files::path::FilePath;
use crate::server::files::root::{Found, Root};
use crate::staged::{Staged, sync_folder};
use crate::status::StatusCode;

/// Stores the content under the name that the path ends in.
pub(super) fn put(
    uploads: &Uploads,
    request: &mut Request,
    root: &Root,
    path: &FilePath,
) -> Result<Response, Refusal> {
    if path.is_directory() {
        let reason = "expected the path of a file, found that of a directory";
        return Err(Refusal::new(StatusCode::CONFLICT, reason));
    }
    let is_safe = |name: &&str| safe_file_name(name).as_deref() == Some(*name);
    let Some(name) = path.name().to_str().filter(is_safe) else {
        return Err(Refusal::unsafe_name(&path.name().to_string_lossy()));
    };
    let (directory, _) = root.place(path)?;
    let place = directory.at(name);
    // RFC 9110 §14.5: a part that is taken for the whole destroys what is there.
    if request.headers().contains_key(header::CONTENT_RANGE) {
        let reason = "expected the whole file, found Content-Range";
        return Err(Refusal::new(StatusCode::BAD_REQUEST, reason));
    }
    if !ContentEncoding::from_headers(request.headers()).is_ok_and(|it| it.is_identity()) {
        let reason = "expected the file as it is, found Content-Encoding";
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, reason));
    }
    uploads.measure(request)?;
    may_store(uploads, request, &place, name)?;
    request.body_mut().set_limit(Some(uploads.bytes));
    let staged = receive(&place, request.body_mut())?;
    let turn = turn();
    // The content may have been long in coming.
    let is_there = may_store(uploads, request, &place, name)?;
    let status = settle(staged, is_there, name)?;
    drop(turn);
    sync_folder(directory.path());
    Ok(Response::new(status))
}

/// Gives a file its name, in the place of the one that is there or as a new one.
fn settle(staged: Staged, is_there: bool, name: &str) -> Result<StatusCode, Refusal> {
    let (settled, status) = match is_there {
        true => (staged.replace(), StatusCode::NO_CONTENT),
        false => (staged.place_new(), StatusCode::CREATED),
    };
    match settled {
        Ok(()) => Ok(status),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(Refusal::taken(name)),
        Err(error) => Err(Refusal::storing(error)),
    }
}

/// Returns whether a file is at a place, if what is there may be what the request makes of it.
fn may_store(
    uploads: &Uploads,
    request: &Request,
    place: &Path,
    name: &str,
) -> Result<bool, Refusal> {
    let there = look(place, name)?;
    // RFC 9110 §13.2.1: what is refused without conditions is refused whatever they are.
    if there.is_some() && !uploads.overwrite {
        return Err(Refusal::taken(name));
    }
    check(request, there.as_ref().map(validators).as_ref())?;
    Ok(there.is_some())
}

/// Returns the file that is at a place, if one is.
pub(super) fn look(place: &Path, name: &str) -> Result<Option<Metadata>, Refusal> {
    match fs::symlink_metadata(place) {
        Ok(there) if there.is_file() => Ok(Some(there)),
        // What it is, and where a link leads, is nobody's business.
        Ok(_) => Err(Refusal::taken(name)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Refusal::storing(error)),
    }
}

/// Removes what the path names, if that is a file or an empty directory that could be fetched.
pub(super) fn delete(request: &Request, root: &Root, path: &FilePath) -> Result<Response, Refusal> {
    let turn = turn();
    let found = root.find(path)?;
    let (directory, name) = root.place(path).map_err(|_| StatusCode::FORBIDDEN)?;
    let place = directory.at(name);
    let removed = match found {
        Found::File(..) if path.is_directory() => return Err(StatusCode::NOT_FOUND.into()),
        Found::File(there) => {
            check(request, Some(&validators(&there.data)))?;
            fs::remove_file(place)
        }
        // A link to a directory is none, and stays.
        Found::Directory(_) => {
            check(request, Some(&DIRECTORY))?;
            fs::remove_dir(place)
        }
    };
    removed.map_err(|error| match error.kind() {
        ErrorKind::DirectoryNotEmpty => Refusal::not_empty(),
        _ => Refusal::storing(error),
    })?;
    drop(turn);
    sync_folder(directory.path());
    Ok(Response::new(StatusCode::NO_CONTENT))
}

/// A directory is there, and has neither a tag nor a date: what is in it and shown for it has.
pub(super) static DIRECTORY: Validators<'static> = Validators::new();

/// Returns what tells the state of a file from others.
fn validators(there: &Metadata) -> Validators<'static> {
    Validators::from_metadata(there, SystemTime::now()).unwrap_or_default()
}

/// Evaluates the conditions of a request on what is there.
pub(super) fn check(request: &Request, current: Option<&Validators<'_>>) -> Result<(), Refusal> {
    match conditional::evaluate(request.method(), request.headers(), current) {
        Outcome::PreconditionFailed => Err(Refusal::precondition()),
        _ => Ok(()),
    }
}

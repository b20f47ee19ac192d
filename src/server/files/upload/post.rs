//! POST: the files of a form.

use std::fmt::Write;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Uploads;
use super::receive::{receive, turn};
use super::refusal::Refusal;
use super::single::{DIRECTORY, check, look};
use crate::error::Error;
use crate::field::safe_file_name;
use crate::form::{MultipartLimits, PartReader};
use crate::header;
use crate::message::{Body, IntoResponse, Request, Response};
use crate::server::files::path::FilePath;
use crate::server::files::resolved::Directory;
use crate::server::files::root::{Found, Root};
use crate::staged::{Staged, sync_folder};
use crate::status::StatusCode;

/// What a form asks for, before any of it is done.
#[derive(Debug, Default)]
struct Plan {
    files: Vec<Staged>,
    directories: Vec<PathBuf>,
}

/// Stores what is in a form in the directory of the path.
pub(super) fn post(
    uploads: &Uploads,
    request: &mut Request,
    root: &Root,
    path: &FilePath,
) -> Result<Response, Refusal> {
    let Found::Directory(directory) = root.find(path)? else {
        let reason = "expected the path of a directory, found that of a file";
        return Err(Refusal::new(StatusCode::CONFLICT, reason));
    };
    let measured = uploads.measure(request);
    let condition = check(request, Some(&DIRECTORY));
    let location = path.directory_url(request.mount_path());
    let limits = MultipartLimits::DEFAULT.total(uploads.bytes).file(uploads.bytes);
    let mut form = request.multipart(limits).map_err(Error::from)?;
    measured.and(condition)?;
    let mut plan = Plan::default();
    while let Some(part) = form.next_part().map_err(Refusal::reading)? {
        plan.add(part, &directory, uploads.overwrite)?;
    }
    let report = plan.carry_out(uploads.overwrite)?;
    sync_folder(directory.path());
    // A browser that goes back and forth does not send the form again.
    let response = (StatusCode::SEE_OTHER, report).into_response();
    response.with_header(header::LOCATION, location).map_err(|error| Error::from(error).into())
}

impl Plan {
    /// Receives a part. What can be refused is refused before its content is read.
    fn add(
        &mut self,
        mut part: PartReader<'_, &mut Body>,
        directory: &Directory,
        overwrite: bool,
    ) -> Result<(), Refusal> {
        // Where no file was chosen a browser sends one without a name.
        if part.file_name() == Some("") || !part.head().is_file() && part.name() != "folder" {
            return Ok(());
        }
        let is_file = part.head().is_file();
        let sent = if is_file {
            part.file_name().unwrap_or_default().to_owned()
        } else {
            part.text().map_err(Refusal::reading)?
        };
        let name = safe_file_name(&sent).ok_or_else(|| Refusal::unsafe_name(&sent))?;
        let place = directory.at(&*name);
        let there = look(&place, &name)?.is_some();
        let mut others =
            self.files.iter().map(Staged::target).chain(self.directories.iter().map(|it| &**it));
        if there && !(overwrite && is_file) || others.any(|it| it == place) {
            return Err(Refusal::taken(&name));
        }
        if is_file {
            self.files.push(receive(&place, &mut part)?);
        } else {
            self.directories.push(place);
        }
        Ok(())
    }

    /// Does what was asked for, and says what that was. If something else has taken a name in the meantime, what
    /// was done before stays.
    fn carry_out(self, overwrite: bool) -> Result<String, Refusal> {
        let mut report = String::new();
        let mut tell = |done: std::io::Result<()>, place: &Path| {
            let name = place.file_name().unwrap_or_default().to_string_lossy();
            match done {
                Ok(()) => {
                    let _ = writeln!(report, "{name}");
                    Ok(())
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    Err(Refusal::taken(&name))
                }
                Err(error) => Err(Refusal::storing(error)),
            }
        };
        if self.files.is_empty() && self.directories.is_empty() {
            let reason = "expected a file or a field named folder";
            return Err(Refusal::new(StatusCode::BAD_REQUEST, reason));
        }
        let _turn = turn();
        for directory in self.directories {
            tell(fs::create_dir(&directory), &directory)?;
        }
        for file in self.files {
            let place = file.target().to_owned();
            tell(if overwrite { file.replace() } else { file.place_new() }, &place)?;
        }
        Ok(report)
    }
}

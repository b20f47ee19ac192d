//! Where heads go with `-D`.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;

use crate::failure::{Failure, Status};
use crate::options::Options;

/// A file that the heads of all transfers are written to, or the standard output.
#[derive(Debug)]
pub(crate) struct Dump {
    path: PathBuf,
    file: Option<File>,
}

impl Dump {
    /// Opens what `-D` names. A file begins empty; a device, a pipe and a link stay what they are.
    pub(crate) fn open(options: &Options) -> Result<Option<Self>, Failure> {
        let Some(path) = options.dump_header.clone() else { return Ok(None) };
        let mut dump = Self { path, file: None };
        if dump.path.as_os_str() != "-" {
            let file = File::create(&dump.path).map_err(|error| dump.failure(&error))?;
            dump.file = Some(file);
        }
        Ok(Some(dump))
    }

    /// Writes heads behind those of the transfers before.
    pub(crate) fn write(&self, heads: &[u8]) -> Result<(), Failure> {
        let written = match &self.file {
            None => io::stdout().lock().write_all(heads),
            Some(file) => (&mut &*file).write_all(heads),
        };
        written.map_err(|error| self.failure(&error))
    }

    fn failure(&self, error: &io::Error) -> Failure {
        Failure::new(Status::Write, format!("cannot write {}: {error}", self.path.display()))
    }
}

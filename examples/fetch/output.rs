//! Where the response goes.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;

use nethttp::HeaderMap;

use crate::failure::{Failure, Status};

/// A file, which is made when there is something to put into it, or the standard output.
#[derive(Debug)]
pub(crate) struct Output {
    path: Option<PathBuf>,
    file: Option<File>,
}

impl Output {
    pub(crate) const fn new(path: Option<PathBuf>) -> Self {
        Self { path, file: None }
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let written = match &self.path {
            None => {
                let mut out = io::stdout().lock();
                out.write_all(bytes).and_then(|()| out.flush())
            }
            Some(path) => match &mut self.file {
                Some(file) => file.write_all(bytes),
                None => File::create(path).and_then(|mut file| {
                    file.write_all(bytes)?;
                    self.file = Some(file);
                    Ok(())
                }),
            },
        };
        written.map_err(|error| self.failure(&error))
    }

    /// Makes the file of a response that was empty.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        self.write(b"")
    }

    fn failure(&self, error: &io::Error) -> Failure {
        match &self.path {
            // Whoever read the output has seen enough.
            None if error.kind() == ErrorKind::BrokenPipe => Failure::quiet(Status::Write),
            None => Failure::new(Status::Write, format!("cannot write: {error}")),
            Some(path) => {
                Failure::new(Status::Write, format!("cannot write {}: {error}", path.display()))
            }
        }
    }
}

/// Prints a head to the standard error, every line behind a mark. Control characters, which a server
/// could fool a terminal with, are escaped.
pub(crate) fn print_head(mark: char, start_line: &[u8], headers: &HeaderMap) {
    let mut text = format!("{mark} {}\n", visible(start_line));
    for (name, value) in headers {
        text += &format!("{mark} {name}: {}\n", visible(value));
    }
    text.push(mark);
    text.push('\n');
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

fn visible(bytes: &[u8]) -> String {
    let mut text = String::new();
    for char in String::from_utf8_lossy(bytes).chars() {
        if char.is_control() {
            text.extend(char.escape_default());
        } else {
            text.push(char);
        }
    }
    text
}

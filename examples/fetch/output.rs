//! Where content goes.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, IsTerminal, Seek, Write};
use std::path::{Component, Path, PathBuf};

use nethttp::field::HttpDate;
use nethttp::{Response, Uri};

use crate::failure::{Failure, Status};
use crate::options::{Destination, Options};

/// What becomes of a file that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Replace,
    Append,
    /// It stays; its name came from a stranger.
    Keep,
}

/// A file, which is made when there is something to put into it, or the standard output.
#[derive(Debug)]
pub(crate) struct Output {
    path: Option<PathBuf>,
    file: Option<File>,
    mode: Mode,
    creates_dirs: bool,
    /// A terminal is to be spared what is no text.
    spares_terminal: bool,
}

/// Returns the file that content goes to, as far as that is known before there is an answer; none is the
/// standard output.
pub(crate) fn path(options: &Options, index: usize, url: &Uri) -> Result<Option<PathBuf>, Failure> {
    let name = match options.destination(index) {
        Destination::Stdout => return Ok(None),
        Destination::File(path) => path.clone(),
        Destination::RemoteName => match url.path().rsplit('/').next() {
            Some(name) if !matches!(name, "" | "." | "..") => PathBuf::from(name),
            _ if options.remote_header_name => PathBuf::new(),
            _ => return Err(Failure::new(Status::Write, "expected a URL with the name of a file")),
        },
    };
    Ok(Some(in_directory(options, name)))
}

/// Returns the file that the server proposes, with `-J`, if it does.
pub(crate) fn proposed(options: &Options, index: usize, response: &Response) -> Option<PathBuf> {
    let asks = options.remote_header_name && *options.destination(index) == Destination::RemoteName;
    let proposes = response.headers().contains_key("Content-Disposition");
    let name = response.safe_file_name().filter(|_| asks && proposes);
    name.map(|name| in_directory(options, PathBuf::from(name)))
}

fn in_directory(options: &Options, name: PathBuf) -> PathBuf {
    match &options.output_dir {
        // An absolute name leads there, too.
        Some(directory) => {
            let parts = name
                .components()
                .filter(|part| !matches!(part, Component::RootDir | Component::Prefix(_)));
            directory.join(parts.collect::<PathBuf>())
        }
        None => name,
    }
}

impl Output {
    pub(crate) fn new(path: Option<PathBuf>, mode: Mode, options: &Options) -> Self {
        // Who says -o - means it.
        let spares_terminal = path.is_none() && options.destinations.is_empty();
        let spares_terminal = spares_terminal && io::stdout().is_terminal();
        Self { path, file: None, mode, creates_dirs: options.create_dirs, spares_terminal }
    }

    pub(crate) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Has the rest go behind what there is, or in its place.
    pub(crate) fn reopen(&mut self, mode: Mode) {
        (self.file, self.mode) = (None, mode);
    }

    /// Returns whether there is a file, and it was made here.
    pub(crate) const fn has_begun(&self) -> bool {
        self.file.is_some()
    }

    /// Takes back what was written, as far as it can be, for another attempt.
    pub(crate) fn take_back(&mut self) -> Result<(), Failure> {
        let file = self.file.as_mut().filter(|_| self.mode != Mode::Append);
        let emptied = match file.filter(|file| file.metadata().is_ok_and(|it| it.is_file())) {
            Some(file) => file.set_len(0).and_then(|()| file.rewind()),
            None => Ok(()),
        };
        emptied.map_err(|error| self.failure(&error))
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if self.spares_terminal && bytes.contains(&0) {
            let text = "expected text for a terminal; -o - writes anything";
            return Err(Failure::new(Status::Write, text));
        }
        let written = match (&mut self.file, &self.path) {
            (Some(file), _) => file.write_all(bytes),
            (None, None) => {
                let mut out = io::stdout().lock();
                out.write_all(bytes).and_then(|()| out.flush())
            }
            (None, Some(path)) => self.open(path).and_then(|mut file| {
                file.write_all(bytes)?;
                self.file = Some(file);
                Ok(())
            }),
        };
        written.map_err(|error| self.failure(&error))
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        if let Some(directory) = path.parent().filter(|_| self.creates_dirs) {
            fs::create_dir_all(directory)?;
        }
        match self.mode {
            Mode::Replace => File::create(path),
            Mode::Append => OpenOptions::new().append(true).create(true).open(path),
            Mode::Keep => File::create_new(path),
        }
    }

    /// Makes the file of content that is empty.
    pub(crate) fn finish(&mut self) -> Result<(), Failure> {
        self.write(b"")
    }

    /// Makes the file as old as what it was made from; what is no file has no age.
    pub(crate) fn date(&self, response: &Response) {
        let date = response.header("Last-Modified");
        let date = date.and_then(|date| HttpDate::parse(date.as_bytes()).ok()?.to_system_time());
        let is_file = |it: &&File| it.metadata().is_ok_and(|it| it.is_file());
        if let (Some(date), Some(file)) = (date, self.file.as_ref().filter(is_file)) {
            // The content is there, which is what counts.
            let _ = file.set_modified(date);
        }
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

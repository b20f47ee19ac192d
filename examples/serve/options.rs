//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use nethttp::field::{FieldError, LanguageTag};

pub(crate) const USAGE: &str = "\
usage: serve [OPTIONS] [DIR]

Serves the files below DIR, the current directory if not given.

  -b, --bind ADDR        the address to listen on (127.0.0.1; :: is everyone)
  -p, --port N           the port to listen on (8000; 0 takes one that is free)
      --user NAME:PASS   ask for this name and password
      --public           with --user: ask only who uploads or deletes
  -u, --upload           take files, in the listing and with PUT
      --overwrite        with --upload: also in the place of others
      --delete           with --upload: let files be removed with DELETE
      --no-listing       do not list directories
      --single-page      answer with /index.html where there is nothing
      --languages TAGS   languages of pages, that of page.html first: with en,sv
                         page.sv.html is Swedish
      --cache SECONDS    let browsers keep files for so long (ask every time)
      --cors ORIGIN      let scripts of this origin read the files, such as
                         https://example.org (* is everyone)
      --hidden           serve names that begin with a dot
      --follow           follow links out of DIR
      --log FORMAT       common, combined or none, to standard error (common)
  -h, --help             print this text
";

/// How requests are logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Log {
    None,
    Common,
    Combined,
}

/// What the command line asks for.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) bind: String,
    pub(crate) port: u16,
    pub(crate) folder: PathBuf,
    /// A name and a password.
    pub(crate) user: Option<(String, String)>,
    pub(crate) public: bool,
    pub(crate) upload: bool,
    pub(crate) overwrite: bool,
    pub(crate) delete: bool,
    pub(crate) listing: bool,
    pub(crate) single_page: bool,
    pub(crate) cache: Option<Duration>,
    pub(crate) cors: Option<String>,
    pub(crate) hidden: bool,
    pub(crate) follow: bool,
    pub(crate) log: Log,
    languages: String,
}

impl Options {
    fn new() -> Self {
        Self {
            bind: "127.0.0.1".to_owned(),
            port: 8000,
            folder: PathBuf::from("."),
            user: None,
            public: false,
            upload: false,
            overwrite: false,
            delete: false,
            listing: true,
            single_page: false,
            cache: None,
            cors: None,
            hidden: false,
            follow: false,
            log: Log::Common,
            languages: String::new(),
        }
    }

    /// Reads the arguments; `Ok(None)` is a call for help.
    pub(crate) fn parse(
        mut arguments: impl Iterator<Item = OsString>,
    ) -> Result<Option<Self>, String> {
        let mut options = Self::new();
        let (mut folders, mut only_folders) = (0, false);
        while let Some(argument) = arguments.next() {
            let text = argument.to_string_lossy();
            if only_folders || !text.starts_with('-') {
                options.folder = PathBuf::from(&argument);
                folders += 1;
                continue;
            }
            let (name, inline) = match text.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (&*text, None),
            };
            match name {
                "-h" | "--help" => return Ok(None),
                "--" => only_folders = true,
                _ if options.switch(name) && inline.is_none() => {}
                _ => {
                    let next = || arguments.next().map(|it| it.to_string_lossy().into_owned());
                    options.set(name, || inline.or_else(next))?;
                }
            }
        }
        if folders > 1 {
            return Err("expected one directory, found several".to_owned());
        }
        options.check()
    }

    /// Takes an option without a value.
    fn switch(&mut self, name: &str) -> bool {
        let switch = match name {
            "--public" => &mut self.public,
            "-u" | "--upload" => &mut self.upload,
            "--overwrite" => &mut self.overwrite,
            "--delete" => &mut self.delete,
            "--single-page" => &mut self.single_page,
            "--hidden" => &mut self.hidden,
            "--follow" => &mut self.follow,
            "--no-listing" => {
                self.listing = false;
                return true;
            }
            _ => return false,
        };
        *switch = true;
        true
    }

    /// Takes an option with a value.
    fn set(&mut self, name: &str, value: impl FnOnce() -> Option<String>) -> Result<(), String> {
        let value = || value().ok_or_else(|| format!("expected a value after {name}"));
        match name {
            "-b" | "--bind" => self.bind = value()?,
            "-p" | "--port" => self.port = number(&value()?, "a port from 0 to 65535")?,
            "--cache" => {
                let seconds = number(&value()?, "a number of seconds")?;
                self.cache = Some(Duration::from_secs(seconds));
            }
            "--languages" => {
                self.languages = value()?;
                let wrong = |_| format!("expected languages, found {:?}", self.languages);
                self.languages().map_err(wrong)?;
            }
            "--cors" => self.cors = Some(value()?),
            "--log" => {
                self.log = match &*value()? {
                    "none" => Log::None,
                    "common" => Log::Common,
                    "combined" => Log::Combined,
                    other => {
                        return Err(format!("expected common, combined or none, found {other:?}"));
                    }
                }
            }
            "--user" => {
                let user = value()?;
                let (user, password) =
                    user.split_once(':').ok_or("expected NAME:PASS after --user")?;
                self.user = Some((user.to_owned(), password.to_owned()));
            }
            _ => return Err(format!("unknown option {name:?}")),
        }
        Ok(())
    }

    /// Refuses what would do nothing: whoever asks for it expects something.
    fn check(self) -> Result<Option<Self>, String> {
        if self.public && self.user.is_none() {
            return Err("expected --user with --public".to_owned());
        }
        if (self.overwrite || self.delete) && !self.upload {
            return Err("expected --upload with --overwrite and --delete".to_owned());
        }
        Ok(Some(self))
    }

    /// Returns the languages of pages.
    pub(crate) fn languages(&self) -> Result<Vec<LanguageTag<'_>>, FieldError> {
        let tags = self.languages.split(',').filter(|tag| !tag.is_empty());
        tags.map(|tag| LanguageTag::parse(tag.as_bytes())).collect()
    }
}

fn number<T: std::str::FromStr>(text: &str, expected: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("expected {expected}, found {text:?}"))
}

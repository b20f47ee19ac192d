//! The command line.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use nethttp::HeaderMap;
use nethttp::field::{FieldError, LanguageTag};
use nethttp::server::Links;

pub(crate) const USAGE: &str = "\
usage: serve [OPTIONS] [DIR]

Serves the files below DIR, the current directory if not given.

Where:
  -b, --bind ADDR         the address to listen on (127.0.0.1; :: is everyone)
  -p, --port N            the port to listen on (8000; 0 takes one that is free)
  -d, --directory DIR     the same as DIR alone
      --path-prefix PATH  serve DIR at /PATH/, for a proxy that passes this on

Who:
  -a, --auth NAME:PASS    ask for a name and password; once for each user
      --public            with --auth: ask only who uploads or deletes
      --cors ORIGIN       let scripts of this origin read the files, such as
                          https://example.org (* is everyone); once for each

What:
      --hidden            serve names that begin with a dot
      --symlinks WHICH    follow inside, all or none: by default those that do
                          not lead out of DIR (inside)
      --index NAME        the file that stands for its directory (index.html);
                          of several the first that is there
      --no-listing        do not list directories
      --spa               answer with the index of DIR where there is nothing
      --languages TAGS    languages of pages, that of page.html first: with
                          en,sv page.sv.html is Swedish
  -u, --upload            take files, in the listing and with PUT
      --max-upload MIB    with --upload: so many mebibytes at once (1024)
      --overwrite         with --upload: also in the place of others
      --delete            with --upload: let files be removed with DELETE

How:
      --cache SECONDS     let browsers keep files for so long (ask every time)
      --header LINE       send a field, such as 'X-Robots-Tag: noindex', in the
                          place of the server's own; once for each
      --no-compression    send everything as it is
      --log FORMAT        common, combined or none, to standard error (common)

  -h, --help              print this text
";

/// How requests are logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Log {
    None,
    #[default]
    Common,
    Combined,
}

/// What the command line asks for.
#[derive(Debug, Default)]
pub(crate) struct Options {
    pub(crate) bind: String,
    pub(crate) port: u16,
    pub(crate) directory: PathBuf,
    /// Begins with a slash and ends without one; empty for the root.
    pub(crate) path_prefix: String,
    /// Names and passwords.
    pub(crate) users: Vec<(String, String)>,
    pub(crate) public: bool,
    pub(crate) cors: Vec<String>,
    pub(crate) hidden: bool,
    pub(crate) symlinks: Links,
    pub(crate) index: Vec<String>,
    pub(crate) no_listing: bool,
    pub(crate) spa: bool,
    pub(crate) upload: bool,
    /// In bytes.
    pub(crate) max_upload: Option<u64>,
    pub(crate) overwrite: bool,
    pub(crate) delete: bool,
    pub(crate) cache: Option<Duration>,
    pub(crate) headers: HeaderMap,
    pub(crate) no_compression: bool,
    pub(crate) log: Log,
    languages: String,
}

/// Options that may come more than once.
const REPEATED: [&str; 4] = ["--auth", "--cors", "--header", "--index"];

/// Fields that say where a response ends, which nobody but the server knows.
const FRAMING: [&str; 2] = ["Content-Length", "Transfer-Encoding"];

impl Options {
    /// Reads the arguments; `Ok(None)` is a call for help.
    pub(crate) fn parse(
        mut arguments: impl Iterator<Item = OsString>,
    ) -> Result<Option<Self>, String> {
        let mut options = Self { bind: "127.0.0.1".to_owned(), port: 8000, ..Self::default() };
        let (mut directories, mut seen, mut only_directories) = (Vec::new(), Vec::new(), false);
        while let Some(argument) = arguments.next() {
            if only_directories || !argument.as_encoded_bytes().starts_with(b"-") {
                directories.push(argument);
                continue;
            }
            let argument = text(argument)?;
            let (name, inline) = match argument.split_once('=') {
                Some((name, value)) => (long(name), Some(OsString::from(value))),
                None => (long(&argument), None),
            };
            match name {
                "--help" => return Ok(None),
                "--" => only_directories = true,
                _ if options.switch(name) => {
                    if inline.is_some() {
                        return Err(format!("expected no value after {name}"));
                    }
                }
                _ if !REPEATED.contains(&name) && seen.iter().any(|it| it == name) => {
                    return Err(format!("expected {name} once"));
                }
                _ => {
                    let missing = || format!("expected a value after {name}");
                    let value = || inline.or_else(|| arguments.next()).ok_or_else(missing);
                    match name {
                        "--directory" => directories.push(value()?),
                        _ => options.set(name, || value().and_then(text))?,
                    }
                    seen.push(name.to_owned());
                }
            }
        }
        if directories.len() > 1 {
            return Err("expected one directory, found several".to_owned());
        }
        options.directory = directories.pop().map_or_else(|| ".".into(), PathBuf::from);
        options.check()
    }

    /// Takes an option without a value; returns whether it is one.
    fn switch(&mut self, name: &str) -> bool {
        let switch = match name {
            "--public" => &mut self.public,
            "--hidden" => &mut self.hidden,
            "--no-listing" => &mut self.no_listing,
            "--spa" => &mut self.spa,
            "--upload" => &mut self.upload,
            "--overwrite" => &mut self.overwrite,
            "--delete" => &mut self.delete,
            "--no-compression" => &mut self.no_compression,
            _ => return false,
        };
        *switch = true;
        true
    }

    /// Takes an option with a value.
    fn set(
        &mut self,
        name: &str,
        value: impl FnOnce() -> Result<String, String>,
    ) -> Result<(), String> {
        match name {
            "--bind" => self.bind = value()?,
            "--port" => self.port = number(&value()?, "a port from 0 to 65535")?,
            "--path-prefix" => self.path_prefix = path_prefix(&value()?)?,
            "--auth" => {
                let user = value()?;
                // A variable that is not set would let everybody in.
                let (user, password) = user
                    .split_once(':')
                    .filter(|(_, password)| !password.is_empty())
                    .ok_or("expected NAME:PASS after --auth")?;
                self.users.push((user.to_owned(), password.to_owned()));
            }
            "--cors" => self.cors.push(value()?),
            "--symlinks" => {
                let which =
                    [("inside", Links::Inside), ("all", Links::Follow), ("none", Links::Deny)];
                self.symlinks = choice(&value()?, which, "inside, all or none")?;
            }
            "--index" => self.index.push(file_name(value()?)?),
            "--languages" => {
                self.languages = value()?;
                let wrong = |_| format!("expected languages, found {:?}", self.languages);
                self.languages().map_err(wrong)?;
            }
            "--max-upload" => {
                let mebibytes: u32 = number(&value()?, "a number of mebibytes")?;
                self.max_upload = Some(u64::from(mebibytes) << 20);
            }
            "--cache" => {
                let seconds = number(&value()?, "a number of seconds")?;
                self.cache = Some(Duration::from_secs(seconds));
            }
            "--header" => self.header(&value()?)?,
            "--log" => {
                let formats =
                    [("common", Log::Common), ("combined", Log::Combined), ("none", Log::None)];
                self.log = choice(&value()?, formats, "common, combined or none")?;
            }
            _ => return Err(format!("unknown option {name:?}")),
        }
        Ok(())
    }

    /// Takes a field line.
    fn header(&mut self, line: &str) -> Result<(), String> {
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| format!("expected a field such as 'Name: value', found {line:?}"))?;
        if FRAMING.iter().any(|framing| framing.eq_ignore_ascii_case(name)) {
            return Err(format!("expected a field that the server leaves to you, found {line:?}"));
        }
        let added = self.headers.append(name, value.trim_matches([' ', '\t']));
        added.map_err(|error| format!("expected a field such as 'Name: value': {error}"))
    }

    /// Refuses what would do nothing: whoever asks for it expects something.
    fn check(self) -> Result<Option<Self>, String> {
        if self.public && (self.users.is_empty() || !self.upload) {
            return Err("expected --auth and --upload with --public".to_owned());
        }
        if (self.overwrite || self.delete || self.max_upload.is_some()) && !self.upload {
            let expected = "expected --upload with --max-upload, --overwrite and --delete";
            return Err(expected.to_owned());
        }
        Ok(Some(self))
    }

    /// Returns the languages of pages.
    pub(crate) fn languages(&self) -> Result<Vec<LanguageTag<'_>>, FieldError> {
        let tags = self.languages.split(',').filter(|tag| !tag.is_empty());
        tags.map(|tag| LanguageTag::parse(tag.as_bytes())).collect()
    }
}

/// Returns the long name of an option.
fn long(name: &str) -> &str {
    match name {
        "-a" => "--auth",
        "-b" => "--bind",
        "-d" => "--directory",
        "-h" => "--help",
        "-p" => "--port",
        "-u" => "--upload",
        _ => name,
    }
}

fn text(argument: OsString) -> Result<String, String> {
    argument.into_string().map_err(|argument| format!("expected UTF-8, found {argument:?}"))
}

fn number<T: FromStr>(text: &str, expected: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("expected {expected}, found {text:?}"))
}

fn choice<T, const N: usize>(
    text: &str,
    choices: [(&str, T); N],
    expected: &str,
) -> Result<T, String> {
    let chosen = choices.into_iter().find(|(name, _)| *name == text);
    chosen.map(|(_, choice)| choice).ok_or_else(|| format!("expected {expected}, found {text:?}"))
}

/// Takes the name of a file, which leads into no other directory.
fn file_name(text: String) -> Result<String, String> {
    match Path::new(&text).file_name() == Some(OsStr::new(&text)) {
        true => Ok(text),
        false => Err(format!("expected the name of a file, found {text:?}")),
    }
}

/// Takes a path with or without slashes around it, which needs no escape in a URL or a page.
fn path_prefix(text: &str) -> Result<String, String> {
    let path = text.trim_matches('/');
    let is_plain = |char: char| char.is_ascii_alphanumeric() || "-._~".contains(char);
    let is_name = |name: &str| !matches!(name, "" | "." | "..") && name.chars().all(is_plain);
    match path {
        "" => Ok(String::new()),
        _ if path.split('/').all(is_name) => Ok(format!("/{path}")),
        _ => Err(format!("expected a path of names in letters, digits and -._~, found {text:?}")),
    }
}

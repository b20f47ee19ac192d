//! The command line, read as curl reads it.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;
use std::time::Duration;

use nethttp::Method;

use crate::failure::{Failure, Status};

pub(crate) const USAGE: &str = "\
usage: fetch [OPTION]... URL

Writes what is at the URL to the standard output.

  -d, --data DATA       send DATA with POST; @FILE is what is in a file, @- the standard input;
                        several are joined with &
  -f, --fail            fail on a status of 400 or more
  -H, --header LINE     send a field: 'Name: value', or 'Name;' without a value;
                        'Content-Type:' leaves out that field
  -h, --help            print this text
  -I, --head            fetch the head alone
  -i, --include         write the head too
  -L, --location        follow redirects
  -m, --max-time N      give up after so many seconds; 0 is never
  -o, --output FILE     write to a file
  -S, --show-error      say what went wrong in spite of -s
  -s, --silent          do not say what went wrong
  -v, --verbose         write the heads of requests and responses to the standard error
  -X, --request METHOD  use this method
";

/// What the command line asks for.
#[derive(Debug, Default)]
pub(crate) struct Options {
    pub(crate) url: String,
    pub(crate) data: Option<Vec<u8>>,
    pub(crate) fail: bool,
    pub(crate) fields: Vec<OwnField>,
    pub(crate) head: bool,
    pub(crate) include: bool,
    pub(crate) location: bool,
    pub(crate) max_time: Option<Duration>,
    pub(crate) method: Option<Method>,
    pub(crate) output: Option<PathBuf>,
    pub(crate) show_error: bool,
    pub(crate) silent: bool,
    pub(crate) verbose: bool,
}

/// A field given with `-H`; without a value it takes a field of the same name away.
#[derive(Debug)]
pub(crate) struct OwnField {
    pub(crate) name: String,
    pub(crate) value: Option<String>,
}

/// The options by their long names, whether they take a value, and their letters.
const NAMES: [(&str, bool, char); 13] = [
    ("--data", true, 'd'),
    ("--fail", false, 'f'),
    ("--head", false, 'I'),
    ("--header", true, 'H'),
    ("--help", false, 'h'),
    ("--include", false, 'i'),
    ("--location", false, 'L'),
    ("--max-time", true, 'm'),
    ("--output", true, 'o'),
    ("--request", true, 'X'),
    ("--show-error", false, 'S'),
    ("--silent", false, 's'),
    ("--verbose", false, 'v'),
];

fn wrong(text: impl Into<String>) -> Failure {
    Failure::new(Status::Init, format!("{}; try --help", text.into()))
}

impl Options {
    /// Reads the arguments; `Ok(None)` is a call for help.
    pub(crate) fn parse(
        mut arguments: impl Iterator<Item = OsString>,
    ) -> Result<Option<Self>, Failure> {
        let mut options = Self::default();
        let mut urls = Vec::new();
        let mut only_urls = false;
        while let Some(argument) = arguments.next() {
            let text = argument.to_string_lossy().into_owned();
            if text == "--" && !only_urls {
                only_urls = true;
            } else if only_urls || !text.starts_with('-') || text == "-" {
                urls.push(text);
            } else if !options.take(&text, &mut arguments)? {
                return Ok(None);
            }
        }
        let [url] = &urls[..] else {
            return Err(wrong(format!("expected one URL, found {}", urls.len())));
        };
        if options.head && options.data.is_some() {
            return Err(wrong("expected either -I or -d, found both"));
        }
        options.url = if url.contains("://") { url.clone() } else { format!("http://{url}") };
        Ok(Some(options))
    }

    /// Takes a long option, or a cluster of letters of which the last may have its value behind it;
    /// returns false for help.
    fn take(
        &mut self,
        text: &str,
        rest: &mut impl Iterator<Item = OsString>,
    ) -> Result<bool, Failure> {
        let unknown = |name: &str| wrong(format!("unknown option {name}"));
        let mut next =
            |name: &str| rest.next().ok_or_else(|| wrong(format!("expected a value after {name}")));
        if text.starts_with("--") {
            let Some(&(_, has_value, letter)) = NAMES.iter().find(|(name, ..)| *name == text)
            else {
                return Err(unknown(text));
            };
            let value = if has_value { next(text)? } else { OsString::new() };
            return self.set(letter, value);
        }
        let mut letters = text.trim_start_matches('-').chars();
        while let Some(letter) = letters.next() {
            let name = format!("-{letter}");
            let known = NAMES.iter().find(|(.., known)| *known == letter);
            let &(_, has_value, _) = known.ok_or_else(|| unknown(&name))?;
            if has_value {
                let inline = letters.as_str();
                let value = if inline.is_empty() { next(&name)? } else { inline.into() };
                return self.set(letter, value);
            }
            if !self.set(letter, OsString::new())? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn set(&mut self, letter: char, value: OsString) -> Result<bool, Failure> {
        let text = || value.to_string_lossy();
        match letter {
            'd' => self.add_data(&text())?,
            'f' => self.fail = true,
            'H' => self.fields.push(OwnField::parse(&text())?),
            'h' => return Ok(false),
            'I' => self.head = true,
            'i' => self.include = true,
            'L' => self.location = true,
            'm' => {
                let limit = text().parse().ok().and_then(|it| Duration::try_from_secs_f64(it).ok());
                let limit = limit.ok_or_else(|| wrong("expected seconds after -m"))?;
                self.max_time = Some(limit).filter(|limit| !limit.is_zero());
            }
            'o' => {
                self.output = Some(value).filter(|path| path != "-").map(PathBuf::from);
            }
            'S' => self.show_error = true,
            's' => self.silent = true,
            'v' => self.verbose = true,
            _ => {
                let method = Method::parse(text().as_bytes());
                self.method = Some(method.map_err(|error| wrong(error.to_string()))?);
            }
        }
        Ok(true)
    }

    /// Data of a file go without their line ends and NULs, as a form has none.
    fn add_data(&mut self, text: &str) -> Result<(), Failure> {
        let more = match text.strip_prefix('@') {
            None => text.as_bytes().to_vec(),
            Some(name) => {
                let mut bytes = Vec::new();
                let read = match name {
                    "-" => io::stdin().read_to_end(&mut bytes).map(|_| bytes),
                    name => fs::read(name),
                };
                let mut bytes = read.map_err(|error| {
                    Failure::new(Status::Read, format!("cannot read {name}: {error}"))
                })?;
                bytes.retain(|byte| !matches!(byte, b'\r' | b'\n' | 0));
                bytes
            }
        };
        match &mut self.data {
            None => self.data = Some(more),
            Some(data) => {
                data.push(b'&');
                data.extend_from_slice(&more);
            }
        }
        Ok(())
    }
}

impl OwnField {
    fn parse(text: &str) -> Result<Self, Failure> {
        let field = |name: &str, value: Option<&str>| {
            let value = value.map(|value| value.trim_matches([' ', '\t']).to_owned());
            Self { name: name.to_owned(), value }
        };
        match (text.split_once(':'), text.strip_suffix(';')) {
            (Some((name, value)), _) if !value.trim().is_empty() => Ok(field(name, Some(value))),
            (Some((name, _)), _) if name.eq_ignore_ascii_case("Content-Type") => {
                Ok(field(name, None))
            }
            // The client sees to it that these are always there.
            (Some((name, _)), _) => Err(wrong(format!("cannot leave out {name}"))),
            (None, Some(name)) => Ok(field(name, Some(""))),
            (None, None) => Err(wrong(format!("expected 'Name: value' after -H, found {text:?}"))),
        }
    }
}
